//! The edge of the data: who may look worse off than she is because the map ends, and of whom
//! nothing can be known.

use geo::{Contains, Distance, Euclidean};

use crate::geometry::{LonLat, Projected};
use crate::network::streets::Streets;
use crate::units::Metres;

/// Where there is no walkable way within this, the map has nothing to say, though it may go on
/// beyond.
pub const NO_WAY_WITHIN: Metres = Metres(1000.0);
/// A point so near the hull is on it: a street at the edge of the map is a part of its hull, up to
/// rounding.
const ON_THE_HULL: Metres = Metres(1.0);

/// The part of the world that the extract covers, as far as its walkable ways tell.
pub struct MapCoverage<'a> {
    streets: &'a Streets,
    hull: geo::Polygon<f64>,
}

/// Where a point lies with respect to the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MapPosition {
    /// Everything within the radius is on the map.
    Inside,
    /// Something within the radius is off the map.
    AtTheEdge,
    /// The point itself is off the map: what can be reached from it is unknown.
    Outside,
}

impl MapPosition {
    /// Whether the point is on the map, so that something can be known of it.
    pub fn is_on_map(self) -> bool {
        self != MapPosition::Outside
    }
}

impl<'a> MapCoverage<'a> {
    /// Of streets, and the corners of the convex hull about them.
    pub fn new(streets: &'a Streets, hull: &[LonLat]) -> MapCoverage<'a> {
        let corners: Vec<(f64, f64)> =
            hull.iter().map(|p| streets.project(*p)).map(|p| (p.x, p.y)).collect();
        MapCoverage { streets, hull: geo::Polygon::new(corners.into(), Vec::new()) }
    }

    /// Where a point lies, for who looks `radius` far. It is off the map beyond the hull of the
    /// streets, and where none of them is within [`NO_WAY_WITHIN`].
    pub fn place(&self, point: LonLat, radius: Metres) -> MapPosition {
        let at = self.streets.project(point);
        let Projected { x, y } = at;
        let flat = geo::Point::new(x, y);
        let to_edge = Metres(Euclidean.distance(&flat, self.hull.exterior()));
        let within_hull = self.hull.contains(&flat) || to_edge <= ON_THE_HULL;
        if !within_hull || !self.streets.has_way_within(at, NO_WAY_WITHIN) {
            MapPosition::Outside
        } else if to_edge < radius {
            MapPosition::AtTheEdge
        } else {
            MapPosition::Inside
        }
    }

    /// Whether a point is on the map.
    pub fn holds(&self, point: LonLat) -> bool {
        self.place(point, Metres(0.0)).is_on_map()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Findings;
    use crate::inputs::osm::walk_rules::WalkAccess;
    use crate::inputs::osm::{OsmData, WalkWay};

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).expect("in range")
    }

    /// The outline of a square of some 4.4 km about the origin, as a street; a hundredth of a
    /// degree is 1.1 km there.
    fn square() -> OsmData {
        let hull = vec![at(-0.02, -0.02), at(0.02, -0.02), at(0.02, 0.02), at(-0.02, 0.02)];
        let access = WalkAccess::default();
        let way = WalkWay { id: 1, nodes: vec![0, 1, 2, 3, 0], access };
        OsmData { nodes: hull.clone(), ways: vec![way], hull, ..OsmData::default() }
    }

    #[test]
    fn near_the_hull_one_is_at_its_edge_and_beyond_it_outside() {
        let osm = square();
        let streets = Streets::build(&osm, &mut Findings::new());
        let coverage = MapCoverage::new(&streets, &osm.hull);
        // 550 m from the street to the east.
        let inside = at(0.015, 0.0);
        assert_eq!(coverage.place(inside, Metres(500.0)), MapPosition::Inside);
        assert_eq!(coverage.place(inside, Metres(600.0)), MapPosition::AtTheEdge);
        assert_eq!(coverage.place(at(0.0, 0.03), Metres(10.0)), MapPosition::Outside);
        assert_eq!(
            coverage.place(at(0.0201, 0.0), Metres(10.0)),
            MapPosition::Outside,
            "11 m beyond the hull"
        );
    }

    #[test]
    fn the_outermost_street_is_on_the_map() {
        let osm = square();
        let streets = Streets::build(&osm, &mut Findings::new());
        let coverage = MapCoverage::new(&streets, &osm.hull);
        assert_eq!(coverage.place(at(0.02, 0.001), Metres(10.0)), MapPosition::AtTheEdge);
        assert!(coverage.holds(at(-0.02, -0.02)), "its corner too");
    }

    #[test]
    fn where_no_way_is_within_a_kilometre_nothing_is_known() {
        let osm = square();
        let streets = Streets::build(&osm, &mut Findings::new());
        let coverage = MapCoverage::new(&streets, &osm.hull);
        // Within the hull; the street is 990 m and 1,050 m away.
        assert_eq!(coverage.place(at(0.0111, 0.0), Metres(10.0)), MapPosition::Inside);
        assert_eq!(coverage.place(at(0.0105, 0.0), Metres(10.0)), MapPosition::Outside);
    }
}
