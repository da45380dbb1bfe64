//! Drawn areas: theory on simple ones, validity on any.

use geo::{
    Area, BooleanOps, Contains, Coord, LineString, MultiPolygon, Point, Polygon, Validation,
};
use proptest::prelude::*;

use super::*;

fn at(x: f64, y: f64) -> Projected {
    Projected { x, y }
}

fn drawing(side: f64, margin: f64) -> Drawing {
    Drawing::between(at(0.0, 0.0), at(1000.0, 1000.0), Metres::new(side), Metres::new(margin))
        .expect("few cells")
}

fn polygon(outline: &CellOutline) -> Polygon<f64> {
    let ring = |ring: &Vec<Projected>| {
        LineString::new(
            ring.iter()
                .map(|p| Coord { x: p.x, y: p.y })
                .chain([Coord { x: ring[0].x, y: ring[0].y }])
                .collect(),
        )
    };
    Polygon::new(ring(&outline.exterior), outline.holes.iter().map(ring).collect())
}

fn area(cells: &CellClasses, class: u8) -> MultiPolygon<f64> {
    let outlines = cells.outlines(&cells.pieces_of_class(class), true);
    MultiPolygon(outlines.iter().map(polygon).collect())
}

#[test]
fn a_line_has_its_length_times_twice_the_margin_and_its_round_ends() {
    let mut drawing = drawing(2.0, 50.0);
    drawing.draw(&[at(100.0, 500.0), at(900.0, 503.0)], 0);
    let cells = drawing.finish(1, Metres::new(0.0));
    let found = area(&cells, 0).unsigned_area();
    let expected = 800.0 * 100.0 + std::f64::consts::PI * 2500.0;
    assert!((found - expected).abs() < 0.01 * expected, "{found} for {expected}");
}

#[test]
fn a_cell_belongs_to_the_nearest_line_and_a_line_out_of_reach_takes_away_its_own() {
    let mut drawing = drawing(10.0, 50.0);
    drawing.draw(&[at(100.0, 500.0), at(900.0, 500.0)], 0);
    drawing.draw(&[at(100.0, 560.0), at(900.0, 560.0)], 1);
    drawing.draw(&[at(100.0, 440.0), at(900.0, 440.0)], 2);
    let cells = drawing.finish(2, Metres::new(0.0));
    assert!(cells.holds(at(500.0, 525.0), 0) && !cells.holds(at(500.0, 535.0), 0));
    assert!(cells.holds(at(500.0, 535.0), 1) && cells.holds(at(500.0, 475.0), 0));
    assert!(!cells.holds(at(500.0, 465.0), 1));
}

#[test]
fn small_blocks_are_closed_unless_a_line_out_of_reach_leads_into_them() {
    let square =
        [at(100.0, 100.0), at(300.0, 100.0), at(300.0, 300.0), at(100.0, 300.0), at(100.0, 100.0)];
    let holes = |gap: f64, inner: &[Projected]| {
        let mut drawing = drawing(10.0, 50.0);
        drawing.draw(&square, 0);
        drawing.draw(inner, 1);
        area(&drawing.finish(1, Metres::new(gap)), 0).0[0].interiors().len()
    };
    assert_eq!(holes(90.0, &[]), 1);
    assert_eq!(holes(100.0, &[]), 0);
    assert_eq!(holes(100.0, &[at(190.0, 200.0), at(210.0, 200.0)]), 1);
}

#[test]
fn too_large_a_map_is_refused() {
    assert!(
        Drawing::between(at(0.0, 0.0), at(1e6, 1e6), Metres::new(10.0), Metres::new(50.0))
            .is_none()
    );
    assert!(
        Drawing::between(at(0.0, 0.0), at(f64::NAN, 1.0), Metres::new(10.0), Metres::new(50.0))
            .is_none()
    );
}

/// Cells by lot, in classes 0 to 2 and none: what lines would hardly ever draw.
fn by_lot(classes: Vec<u8>) -> CellClasses {
    let (columns, rows) = (12, 12);
    let grid = Grid { side: 10.0, west: -3, south: 5, columns, rows };
    let inner = |cell: usize| {
        let (column, row) = (cell % columns, cell / columns);
        (1..columns - 1).contains(&column) && (1..rows - 1).contains(&row)
    };
    let class = classes
        .into_iter()
        .enumerate()
        .map(|(n, class)| if inner(n) && class < 3 { class } else { NONE });
    CellClasses { grid, class: class.collect(), through: vec![0; columns * rows] }
}

proptest! {
    #[test]
    fn areas_are_valid_apart_and_together_the_whole(classes in prop::collection::vec(0_u8..5, 144)) {
        let cells = by_lot(classes);
        let areas: Vec<_> = (0..3).map(|class| area(&cells, class)).collect();
        for area in &areas {
            prop_assert!(area.is_valid(), "{:?}", area.validation_errors());
            prop_assert!(area.0.iter().all(|part| part.exterior().0.len() > 3));
        }
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            prop_assert!(areas[a].intersection(&areas[b]).unsigned_area() < 1e-6);
        }
        // A cut corner takes an eighth of a cell at most from one area, and gives it to the other.
        let whole: Vec<_> = cells.outlines(&cells.pieces(2), false);
        let whole = MultiPolygon(whole.iter().map(polygon).collect::<Vec<_>>());
        prop_assert!(whole.is_valid());
        let count = cells.class.iter().filter(|class| **class != NONE).count() as f64;
        let sum: f64 = areas.iter().map(Area::unsigned_area).sum();
        prop_assert!((sum - 100.0 * count).abs() <= 50.0 * count, "{sum} for {count} cells");
        for (n, class) in cells.class.iter().enumerate() {
            let low = cells.grid.low(n);
            let middle = Point::new(low.x + 5.0, low.y + 5.0);
            for (k, area) in areas.iter().enumerate() {
                prop_assert_eq!(area.contains(&middle), usize::from(*class) == k);
            }
            prop_assert_eq!(whole.contains(&middle), *class != NONE);
        }
    }
}
