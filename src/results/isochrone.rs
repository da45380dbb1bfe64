//! Areas within reach of points.

use geo::{
    BooleanOps, BoundingRect, Coord, LineString, MapCoords, MultiPolygon, Polygon, Rect, Translate,
};
use jiff::civil::Date;

use crate::geometry::cells::CellOutline;
use crate::geometry::{Projected, Projection};

/// One feature.
#[derive(Clone, Debug)]
pub struct IsochroneArea {
    /// The point's id.
    pub point: String,
    /// The percentile of the departures; none on foot.
    pub percentile: Option<u8>,
    /// Where the band begins, minutes; 0 for a whole area.
    pub from_min: u32,
    /// The cut-off, minutes.
    pub cutoff_min: u32,
    /// The area in degrees.
    pub shape: MultiPolygon<f64>,
    /// How large it is.
    pub area_km2: f64,
    /// How large all is that is reached within the cut-off.
    pub within_km2: f64,
    /// The people in the area and within the cut-off, where somebody says.
    pub people: Option<(f64, f64)>,
    /// Stops one can get off at within the cut-off.
    pub stops: usize,
    /// Pieces of what is reached within the cut-off without the point.
    pub islands: usize,
    /// For each of them the name of the stop one gets off at; the largest first.
    pub island_stops: Vec<String>,
}

/// What all areas of a file share.
#[derive(Clone, Debug)]
pub struct IsochroneMetadata {
    /// `walk` or `transit`.
    pub mode: &'static str,
    /// The departures, in words; none on foot.
    pub window: Option<String>,
    /// The date of travel, if any.
    pub date: Option<Date>,
    /// The cut-offs in minutes, rising.
    pub cutoffs_min: Vec<u32>,
    /// Whether features are whole areas and not bands.
    pub cumulative: bool,
    /// Whose data it is, a line each.
    pub attribution: Vec<String>,
}

/// Outlines of a flat map as one shape in degrees.
pub fn in_degrees(outlines: &[CellOutline], projection: &Projection) -> MultiPolygon<f64> {
    let ring = |ring: &Vec<Projected>| {
        let degrees = |at: &Projected| {
            let (x, y) = projection.unproject_unbounded(*at);
            Coord { x, y }
        };
        let mut line: Vec<Coord<f64>> = ring.iter().map(degrees).collect();
        line.extend(line.first().copied());
        LineString::new(line)
    };
    let part = |outline: &CellOutline| {
        Polygon::new(ring(&outline.exterior), outline.holes.iter().map(ring).collect())
    };
    on_the_globe(MultiPolygon(outlines.iter().map(part).collect()))
}

/// Cuts areas that reach over 180° of longitude there, as RFC 7946, section 3.1.9, asks.
fn on_the_globe(area: MultiPolygon<f64>) -> MultiPolygon<f64> {
    let Some(bounds) = area.bounding_rect() else { return area };
    if bounds.min().x >= -180.0 && bounds.max().x <= 180.0 {
        return area;
    }
    let of_turn = |turn: f64| {
        let (west, east) = (360.0 * turn - 180.0, 360.0 * turn + 180.0);
        let band = Rect::new(Coord { x: west, y: -90.0 }, Coord { x: east, y: 90.0 }).to_polygon();
        area.intersection(&band).translate(-360.0 * turn, 0.0)
    };
    // Only the rounding of the shift could leave the globe by a hair.
    let within = |c: Coord<f64>| Coord { x: c.x.clamp(-180.0, 180.0), y: c.y };
    MultiPolygon(
        [-1.0, 0.0, 1.0].into_iter().flat_map(|turn| of_turn(turn).map_coords(within).0).collect(),
    )
}

#[cfg(test)]
mod tests {
    use geo::{Area, GeodesicArea};

    use super::*;
    use crate::geometry::LonLat;

    fn square(side: f64) -> CellOutline {
        let at = |x: f64, y: f64| Projected { x, y };
        let half = side / 2.0;
        let hole = vec![at(10.0, 10.0), at(10.0, 20.0), at(20.0, 20.0), at(20.0, 10.0)];
        CellOutline {
            exterior: vec![at(-half, -half), at(half, -half), at(half, half), at(-half, half)],
            holes: vec![hole],
        }
    }

    #[test]
    fn an_area_over_180_degrees_is_cut_there() {
        let middle = |lon| Projection::about(LonLat::new(lon, -16.8).expect("on the globe"));
        for lon in [180.0, -180.0, 179.999, -179.999] {
            let shape = in_degrees(&[square(1000.0)], &middle(lon));
            assert_eq!(shape.0.len(), 2, "{lon}");
            let all: Vec<f64> =
                shape.0.iter().flat_map(|part| part.exterior().points()).map(|p| p.x()).collect();
            assert!(all.iter().all(|x| (179.99..=180.0).contains(&x.abs())), "{all:?}");
            let size = shape.geodesic_area_unsigned();
            assert!((size - (1_000_000.0 - 100.0)).abs() < 20.0, "{lon}: {size}");
        }
        let shape = in_degrees(&[square(1000.0)], &middle(0.0));
        assert!(shape.0.len() == 1 && shape.unsigned_area() > 0.0);
    }
}
