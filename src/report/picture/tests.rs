use std::path::Path;

use resvg::tiny_skia::Pixmap;
use sha2::{Digest, Sha256};

use super::*;
use crate::report::MapStreets;
use crate::results::table::tests::{field, square};
use crate::results::table::{NeighbourhoodRow, NeighbourhoodTable, Value as Cell};

fn drawn(title: &str) -> (MapSheet, PictureMap) {
    let row =
        |value, lon| NeighbourhoodRow { values: vec![value], polygon: square(lon, 52.0, 0.01) };
    let rows =
        vec![row(Cell::Number(10.0), 0.0), row(Cell::Missing, 0.01), row(Cell::Number(50.0), 0.02)];
    let table = NeighbourhoodTable { fields: vec![field("x_min", "min", 1)], rows };
    let sheet = MapSheet::of(&table.rows, &MapStreets::default()).expect("has outlines");
    let map = PageMap { meaning: title.to_owned(), ..page::map(&table, 0, None) };
    (sheet, PictureMap { about: "Wenbury".into(), map })
}

fn picture(title: &str) -> Pixmap {
    let (sheet, drawn) = drawn(title);
    let mut all =
        all(&sheet, &[drawn], &["© OpenStreetMap contributors".into()]).expect("is drawn");
    assert_eq!(all[0].name, "x_min.png");
    Pixmap::decode_png(&all.remove(0).bytes).expect("is a PNG")
}

/// The colour of a pixel, of three numbers.
fn at(picture: &Pixmap, x: u32, y: u32) -> (u8, u8, u8) {
    let pixel = picture.pixel(x, y).expect("lies on the picture").demultiply();
    (pixel.red(), pixel.green(), pixel.blue())
}

/// How many pixels of an area are dark: those of letters.
fn dark(picture: &Pixmap, x: std::ops::Range<u32>, y: std::ops::Range<u32>) -> usize {
    let is_dark = |(red, green, blue): (u8, u8, u8)| {
        u32::from(red) + u32::from(green) + u32::from(blue) < 450
    };
    y.flat_map(|y| x.clone().map(move |x| (x, y)))
        .filter(|(x, y)| is_dark(at(picture, *x, *y)))
        .count()
}

#[test]
fn areas_have_the_colours_of_their_classes_and_what_has_no_value_is_hatched() {
    let picture = picture("Minutes to a library");
    assert_eq!(picture.width(), 1600);
    // Three squares side by side take 540 units from 24; the map begins below title, subtitle and
    // field.
    let middle = 2 * (24 - 6 + 22 + 17 + 17 + 16) + 100;
    assert_eq!(at(&picture, 2 * (24 + 90), middle), (0xff, 0xff, 0xcc), "10 min");
    assert_eq!(at(&picture, 2 * (24 + 450), middle), (0x2c, 0x7f, 0xb8), "50 min");
    let hatched: Vec<_> = (0..80).map(|x| at(&picture, 2 * (24 + 250) + x, middle)).collect();
    assert!(
        hatched.contains(&(255, 255, 255)) && hatched.contains(&(0x5c, 0x65, 0x70)),
        "{hatched:?}"
    );
}

#[test]
fn title_legend_and_whose_data_it_is_are_written_on_it() {
    let (with, without) = (picture("Minutes to a library"), picture("."));
    let title = |picture: &Pixmap| dark(picture, 48..1000, 24..80);
    assert!(title(&with) > 500 && title(&without) < 50, "{} and {}", title(&with), title(&without));
    let legend = dark(&with, 2 * (588 + 34)..1600, 180..460);
    assert!(legend > 500, "{legend}");
    let foot = with.height() - 80..with.height() - 20;
    assert!(dark(&with, 48..500, foot) > 200);
}

#[test]
fn equal_maps_give_equal_bytes_and_a_hostile_name_is_only_text() {
    let hostile = "<script>&\"'\u{1b}\u{202e}\u{fffe}\u{0}]]>";
    let (sheet, one) = drawn(hostile);
    let text = svg(&templates().expect("compile"), &sheet, &one, &[]).expect("is put together");
    assert!(
        text.contains("&lt;script&gt;") && !text.contains("<script") && !text.contains('\u{fffe}')
    );
    let bytes = |drawn: &[PictureMap]| all(&sheet, drawn, &[]).expect("is drawn").remove(0).bytes;
    assert_eq!(bytes(&[one]), bytes(&[drawn(hostile).1]));
}

#[test]
fn lines_are_broken_between_words_and_never_lose_one() {
    let text = "People who are not within thirty minutes of the nearest of: general practices";
    let lines = broken(text, 12.0);
    assert!(
        lines.len() > 3 && lines.iter().all(|line| line.chars().map(breadth).sum::<f64>() <= 12.0)
    );
    assert_eq!(lines.join(" "), text);
    assert_eq!(
        broken("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch a", 5.0).len(),
        2
    );
    assert!(broken("", 5.0).is_empty());
}

#[test]
fn a_field_cannot_name_a_file_elsewhere() {
    assert_eq!(file_name("library_walk_min"), "library_walk_min.png");
    assert_eq!(file_name("../a/b.c"), "___a_b_c.png");
}

#[test]
fn the_fonts_are_those_that_their_page_names() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/fonts");
    let page = std::fs::read_to_string(folder.join("README.md")).expect("is there");
    for name in ["NotoSans-Regular.ttf", "NotoSans-Bold.ttf"] {
        let sum = Sha256::digest(std::fs::read(folder.join(name)).expect("is there"));
        let sum: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(page.contains(&format!("| `{name}` | `{sum}` |")), "{name}: {sum}");
    }
}
