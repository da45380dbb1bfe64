//! Points that need no street: a point and itself, points beside each other far from any street,
//! and who stands in a park.

use std::process::Command;

use crate::support::maps::{Map, Pairs, spot};
use lastmile::finding::Findings;

const STREET: Pairs<'_> = &[("highway", "residential")];
const PARK: Pairs<'_> = &[("leisure", "park")];

/// Points in metres from the upper left corner, as a table.
fn points(rows: &[(&str, f64, f64)]) -> String {
    let row = |(name, east, south): &(&str, f64, f64)| {
        let at = spot(*east, *south);
        format!("{name},{},{}\n", at.lon(), at.lat())
    };
    format!("id,lon,lat\n{}", rows.iter().map(row).collect::<String>())
}

/// What a command says whose `{map}`, `{o}` and `{d}` are files of these.
fn said(map: &Map, origins: &str, destinations: &str, words: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.path().join(name), bytes).expect("written")
    };
    write("map.osm.pbf", &map.bytes());
    write("o.csv", origins.as_bytes());
    write("d.csv", destinations.as_bytes());
    let out = Command::new(env!("CARGO_BIN_EXE_lastmile"))
        .current_dir(folder.path())
        .args(words)
        .output();
    let out = out.expect("runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("text")
}

/// Seconds between points, a metre each: rows of `from,to`.
fn seconds(map: &Map, origins: &str, destinations: &str, pair: &str) -> Option<u32> {
    let files = ["matrix", "--osm", "map.osm.pbf", "--origins", "o.csv", "--destinations", "d.csv"];
    let how = ["--walk-speed", "3.6", "--seconds", "--all-pairs", "--modes", "walk"];
    let table = said(map, origins, destinations, &[&files[..], &how].concat());
    let row = table.lines().find(|line| line.starts_with(&format!("{pair},"))).expect("the pair");
    row.rsplit(',').next().and_then(|cell| cell.parse().ok())
}

fn street() -> Map {
    Map::drawn("A                   B").way("AB", STREET)
}

#[test]
fn a_point_is_0_from_itself_and_near_what_is_beside_it() {
    let here =
        points(&[("p", 100.0, 150.0), ("q", 103.0, 150.0), ("r", 100.0, 2.0), ("s", 106.0, 2.0)]);
    let time = |pair| seconds(&street(), &here, &here, pair);
    assert_eq!((time("p,p"), time("q,q"), time("r,r")), (Some(0), Some(0), Some(0)));
    assert!(time("p,q").is_some_and(|time| time <= 4), "{:?}", time("p,q"));
    assert_eq!(time("p,q"), time("q,p"));
    // The gaps of r and s do not exceed the line between them: over the street, and back.
    assert!(time("r,s").is_some_and(|time| (9..=11).contains(&time)), "{:?}", time("r,s"));
    // Nor does that of r the line to p.
    assert!(time("p,r").is_some_and(|time| (151..=154).contains(&time)), "{:?}", time("p,r"));
}

#[test]
fn no_straight_line_crosses_a_river() {
    let map = Map::drawn("A                   B\n\n\n\n\n\n\n\n\n\n          R\n          S")
        .way("AB", STREET)
        .way("RS", &[("waterway", "river")]);
    let beside =
        points(&[("p", 98.0, 105.0), ("q", 102.0, 105.0), ("r", 98.0, 80.0), ("s", 102.0, 80.0)]);
    let time = |pair| seconds(&map, &beside, &beside, pair);
    assert!(time("p,q").is_some_and(|time| time > 200), "{:?}", time("p,q"));
    assert!(time("r,s").is_some_and(|time| time <= 5), "{:?}", time("r,s"));
}

/// A park of 400 m by 200 m with a hole of 100 m by 100 m, crossed by a path; a street to its west.
fn park() -> Map {
    let row = |letters: &[(char, usize)]| {
        let mut line = vec![' '; 60];
        letters.iter().for_each(|(letter, column)| line[*column] = *letter);
        line.into_iter().collect::<String>() + "\n"
    };
    let blank = "\n".repeat(4);
    let drawing = [
        row(&[('A', 10), ('B', 50)]),
        blank.clone(),
        row(&[('E', 25), ('F', 35)]),
        blank.clone(),
        row(&[('P', 0), ('Q', 59)]),
        blank.clone(),
        row(&[('H', 25), ('G', 35)]),
        blank,
        row(&[('D', 10), ('C', 50)]),
    ];
    Map::drawn(&drawing.concat())
        .way("PQ", &[("highway", "footway")])
        .way("ABCDA", &[])
        .way("EFGHE", &[])
        .relation(
            &[(1, 2, "outer"), (1, 3, "inner")],
            &[("type", "multipolygon"), ("leisure", "park")],
        )
}

#[test]
fn who_stands_in_a_park_is_there_and_who_stands_in_its_hole_walks_to_its_edge() {
    // The path runs 100 m south of the park's northern edge; the hole is from 250 m to 350 m.
    let here = points(&[
        ("inside", 180.0, 100.0),
        ("off the path", 180.0, 30.0),
        ("hole 20 m from its edge", 270.0, 100.0),
        ("outside", 0.0, 100.0),
    ]);
    let words =
        ["nearest", "--osm", "map.osm.pbf", "--origins", "o.csv", "--place", "park=leisure=park"];
    let how = ["--modes", "walk", "--walk-speed", "3.6", "--seconds"];
    let table = said(&park(), &here, "", &[&words[..], &how].concat());
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let column =
        reader.headers().expect("a head").iter().position(|name| name.starts_with("walk_time"));
    let times: Vec<u32> = reader
        .records()
        .map(|row| row.expect("a row")[column.expect("times")].parse().expect("a number"))
        .collect();
    assert_eq!(times[..2], [0, 0], "{table}");
    assert!(times[2].abs_diff(20) <= 1 && times[3].abs_diff(100) <= 1, "{times:?}");
}

#[test]
fn the_area_of_a_park_is_without_its_hole() {
    let data = park().read(&["leisure=park"], &mut Findings::new()).expect("a sound map");
    let area = data.places[0].area_m2.expect("an area");
    assert!((area - 70_000.0).abs() < 700.0, "{area}");
    assert_eq!(data.places[0].points.len(), 4, "two edges, each met twice");
}

#[test]
fn a_relation_and_its_own_outer_way_are_one_place() {
    let multipolygon = |more: Pairs<'static>| [&[("type", "multipolygon")], more].concat();
    let drawing = "A    B    C\n\nD    E    F";
    let places = |way: Pairs<'_>, relation: Pairs<'static>| {
        let map = Map::drawn(drawing)
            .way("ABEDA", way)
            .way("CF", STREET)
            .relation(&[(1, 1, "outer")], &multipolygon(relation));
        let data =
            map.read(&["leisure=park", "leisure=garden"], &mut Findings::new()).expect("sound");
        data.places.iter().map(|place| (place.id.clone(), place.name.clone())).collect::<Vec<_>>()
    };
    let one = |name: &str| vec![("r1".to_owned(), name.to_owned())];
    assert_eq!(places(PARK, PARK), one(""));
    let named: Pairs<'_> = &[("leisure", "park"), ("name", "Green")];
    assert_eq!(places(named, named), one("Green"));
    assert_eq!(places(named, PARK), one("Green"), "the one that has a name gives it");
    assert_eq!(places(&[("leisure", "park"), ("name", "Other")], named).len(), 2);
    assert_eq!(places(&[("leisure", "garden")], PARK).len(), 2, "a garden and a park");
}

#[test]
fn explain_says_that_there_is_no_way_from_an_island() {
    let map = Map::drawn("A    B\n\n\nC    D    E\n          F")
        .way("AB", STREET)
        .way("CDE", STREET)
        .way("DF", STREET);
    let here = points(&[("o", 25.0, 0.0)]);
    let there = points(&[("d", 80.0, 30.0)]);
    let words =
        ["explain", "--osm", "map.osm.pbf", "--modes", "walk", "--origins", "o.csv", "--from", "o"];
    let to = ["--destinations", "d.csv", "--to", "d", "--max-snap", "10"];
    let text = said(&map, &here, &there, &[&words[..], &to].concat());
    assert!(text.contains("no way on foot at all"), "{text}");
    assert!(text.contains("the origin is on an island of the streets, of 2 junctions"), "{text}");
    let far = points(&[("d", 50.0, 0.0)]);
    let text = said(&map, &here, &far, &[&words[..], &to, &["--max-walk", "0"]].concat());
    assert!(!text.contains("no way on foot"), "{text}");
}
