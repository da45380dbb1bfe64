//! The neighbourhoods as paths of a small map: projected, simplified to what a screen can show, in
//! whole units.
//!
//! North is up; a unit is the same length in both directions. Outlines are simplified each for
//! itself (Douglas and Peucker), within less than a pixel of where they were; a neighbourhood too
//! small to be drawn becomes a dot rather than vanish.

use std::fmt::Write;

use geo::{BoundingRect, Coord, LineString, MultiPolygon, Rect, Simplify};
use serde::Serialize;

use super::streets::MapStreets;
use crate::geometry::{LonLat, Projected, Projection};
use crate::results::table::NeighbourhoodRow;

/// The width of the drawing in its own units: four or five to a pixel on the page.
const WIDTH: f64 = 2000.0;

/// How far a simplified outline may lie from the true one, in units.
const TOLERANCE: f64 = 2.0;

/// All outlines on one sheet; the maps of a page share it.
#[derive(Debug, Serialize)]
pub(super) struct MapSheet {
    pub width: i32,
    pub height: i32,
    /// For each row of the table the `d` of its path, with its index. Rows without an outline have
    /// none.
    pub paths: Vec<(usize, String)>,
    /// The streets, as one path.
    pub streets: Option<String>,
    pub scale: ScaleBar,
}

/// A bar of a round length.
#[derive(Debug, Serialize)]
pub(super) struct ScaleBar {
    pub length: i32,
    pub label: String,
}

impl MapSheet {
    /// `None` when no row has an outline.
    pub(super) fn of(rows: &[NeighbourhoodRow], streets: &MapStreets) -> Option<MapSheet> {
        let degrees = rows.iter().filter_map(|row| row.polygon.bounding_rect()).reduce(around)?;
        let centre = LonLat::new(degrees.center().x, degrees.center().y)?;
        let projection = Projection::about(centre);
        let flat: Vec<_> = rows.iter().map(|row| projected(&row.polygon, &projection)).collect();
        let extent = flat.iter().filter_map(|outline| outline.bounding_rect()).reduce(around)?;
        let frame = SheetFrame::of(centre, extent)?;
        let onto = |c: Coord<f64>| frame.onto(c);
        let paths = flat
            .iter()
            .enumerate()
            .filter_map(|(n, outline)| Some((n, path(outline, onto)?)))
            .collect();
        let (width, height) = (frame.width(), frame.height());
        let scale = scale_bar(frame.per_metre);
        Some(MapSheet { width, height, paths, streets: streets.on(&frame), scale })
    }
}

/// Which part of the world a sheet shows, and how large.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SheetFrame {
    centre: LonLat,
    projection: Projection,
    /// What is shown, metres about the centre.
    extent: Rect<f64>,
    per_metre: f64,
}

impl SheetFrame {
    /// `None` where nothing has an extent.
    fn of(centre: LonLat, extent: Rect<f64>) -> Option<SheetFrame> {
        // A tall area is drawn narrower, so that no map is taller than it is wide by more than a
        // third.
        let per_metre = (WIDTH / extent.width()).min(WIDTH * 1.3 / extent.height());
        let projection = Projection::about(centre);
        per_metre.is_finite().then_some(SheetFrame { centre, projection, extent, per_metre })
    }

    fn onto(&self, c: Coord<f64>) -> Coord<f64> {
        Coord {
            x: (c.x - self.extent.min().x) * self.per_metre,
            y: (self.extent.max().y - c.y) * self.per_metre,
        }
    }

    /// Where a point lies on the sheet.
    pub(super) fn place(&self, point: LonLat) -> Coord<f64> {
        let Projected { x, y } = self.projection.project(point);
        self.onto(Coord { x, y })
    }

    pub(super) fn width(&self) -> i32 {
        whole(self.extent.width() * self.per_metre)
    }

    pub(super) fn height(&self) -> i32 {
        whole(self.extent.height() * self.per_metre)
    }
}

fn around(a: Rect<f64>, b: Rect<f64>) -> Rect<f64> {
    let min = Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) };
    let max = Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) };
    Rect::new(min, max)
}

/// The outline on the flat map; points that are not on the globe are left out.
fn projected(outline: &MultiPolygon<f64>, projection: &Projection) -> MultiPolygon<f64> {
    let ring = |line: &LineString<f64>| -> LineString<f64> {
        let points = line.coords().filter_map(|c| LonLat::new(c.x, c.y));
        points
            .map(|point| projection.project(point))
            .map(|Projected { x, y }| Coord { x, y })
            .collect()
    };
    let part = |part: &geo::Polygon<f64>| {
        geo::Polygon::new(ring(part.exterior()), part.interiors().iter().map(ring).collect())
    };
    outline.0.iter().map(part).collect()
}

fn path(outline: &MultiPolygon<f64>, onto: impl Fn(Coord<f64>) -> Coord<f64>) -> Option<String> {
    let mut path = String::new();
    for part in outline {
        for ring in std::iter::once(part.exterior()).chain(part.interiors()) {
            let drawn: LineString<f64> = ring.coords().map(|c| onto(*c)).collect();
            push_ring(&mut path, &drawn.simplify(TOLERANCE));
        }
    }
    if path.is_empty() {
        let middle = onto(outline.bounding_rect()?.center());
        path = format!("M{} {}h6v6h-6z", whole(middle.x) - 3, whole(middle.y) - 3);
    }
    Some(path)
}

/// Adds a ring as a move and relative lines; nothing if it has no area in whole units.
fn push_ring(path: &mut String, ring: &LineString<f64>) {
    let mut points: Vec<(i32, i32)> = ring.coords().map(|c| (whole(c.x), whole(c.y))).collect();
    points.dedup();
    if points.first() == points.last() {
        points.pop();
    }
    let [(x, y), rest @ ..] = points.as_slice() else { return };
    if rest.len() < 2 {
        return;
    }
    // Writing to a string cannot fail.
    let _ = write!(path, "M{x} {y}l");
    let mut at = (*x, *y);
    for (n, &(x, y)) in rest.iter().enumerate() {
        let (dx, dy) = (x - at.0, y - at.1);
        let _ = write!(path, "{}{dx}{}{dy}", gap(n > 0 && dx >= 0), gap(dy >= 0));
        at = (x, y);
    }
    path.push('z');
}

/// What stands before a number: a minus sign is gap enough.
fn gap(needed: bool) -> &'static str {
    if needed { " " } else { "" }
}

#[expect(clippy::cast_possible_truncation, reason = "a drawing is a few thousand units wide")]
fn whole(units: f64) -> i32 {
    units.round() as i32
}

/// The longest round length of at most a quarter of the sheet.
fn scale_bar(per_metre: f64) -> ScaleBar {
    let longest = WIDTH / 4.0 / per_metre;
    let power = 10_f64.powf(longest.log10().floor());
    let metres =
        [5.0, 2.0, 1.0].map(|n| n * power).into_iter().find(|m| *m <= longest).unwrap_or(power);
    let label =
        if metres >= 1000.0 { format!("{} km", metres / 1000.0) } else { format!("{metres} m") };
    ScaleBar { length: whole(metres * per_metre), label }
}

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;

    fn row(lon: f64, lat: f64, side: f64) -> NeighbourhoodRow {
        let square = polygon![
            (x: lon, y: lat), (x: lon + side, y: lat), (x: lon + side, y: lat + side), (x: lon, y: lat + side)
        ];
        NeighbourhoodRow { values: vec![], polygon: MultiPolygon(vec![square]) }
    }

    #[test]
    fn two_squares_side_by_side_at_the_equator_lie_side_by_side() {
        let sheet =
            MapSheet::of(&[row(0.0, 0.0, 0.01), row(0.01, 0.0, 0.01)], &MapStreets::default())
                .expect("has outlines");
        // A degree of latitude at the equator is 110.574 km, of longitude 111.320 km: a 0.6633 :
        // 0.6679 sheet.
        assert_eq!((sheet.width, sheet.height), (2000, 993));
        assert_eq!(sheet.paths[0].1, "M0 993l1000 0 0-993-1000 0z");
        assert_eq!(sheet.paths[1].1, "M1000 993l1000 0 0-993-1000 0z");
        assert_eq!(sheet.scale.label, "500 m");
        assert_eq!(sheet.scale.length, 449);
    }

    #[test]
    fn the_smallest_neighbourhood_is_still_a_dot() {
        let sheet =
            MapSheet::of(&[row(0.0, 0.0, 1.0), row(0.5, 0.5, 1e-6)], &MapStreets::default())
                .expect("has outlines");
        assert!(sheet.paths[1].1.ends_with("h6v6h-6z"), "{:?}", sheet.paths[1]);
    }

    #[test]
    fn no_outline_no_sheet() {
        assert!(MapSheet::of(&[], &MapStreets::default()).is_none());
        assert!(
            MapSheet::of(
                &[NeighbourhoodRow { values: vec![], polygon: MultiPolygon(vec![]) }],
                &MapStreets::default()
            )
            .is_none()
        );
    }
}
