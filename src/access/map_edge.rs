//! The edge of the data: who may look worse off than she is because the map ends, and of whom
//! nothing can be known.

use crate::geometry::{LonLat, MapExtent};
use crate::network::streets::Streets;
use crate::routing::network::Network;
use crate::units::Metres;

/// Where there is no walkable way within this, the map has nothing to say, though it may go on
/// beyond.
pub const NO_WAY_WITHIN: Metres = Metres::new(1000.0);

/// The part of the world that the extract covers, as far as its walkable ways tell.
pub struct MapCoverage<'a> {
    streets: &'a Streets,
    extent: &'a MapExtent,
    max_snap: Metres,
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
    /// Of streets, how far they reach, and how far from them points may lie.
    pub fn new(network: &'a Network, extent: &'a MapExtent) -> MapCoverage<'a> {
        MapCoverage { streets: &network.streets, extent, max_snap: network.settings().max_snap }
    }

    /// Where a point lies, for who looks `radius` far. It is off the map where no way is within
    /// [`NO_WAY_WITHIN`], and beyond the streets where none is near enough to be joined: whoever
    /// joins a street has her numbers, and whoever joins none between streets is off the network.
    pub fn place(&self, point: LonLat, radius: Metres) -> MapPosition {
        let at = self.streets.project(point);
        let to_edge = self.extent.to_edge(point);
        let has_way = |distance: Metres| self.streets.has_way_within(at, distance);
        let is_beyond = to_edge == Metres::new(0.0) && !has_way(self.max_snap);
        if is_beyond || !has_way(NO_WAY_WITHIN) {
            MapPosition::Outside
        } else if to_edge < radius {
            MapPosition::AtTheEdge
        } else {
            MapPosition::Inside
        }
    }

    /// Whether a point is on the map.
    pub fn holds(&self, point: LonLat) -> bool {
        self.place(point, Metres::new(0.0)).is_on_map()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Findings;
    use crate::inputs::osm::walk_rules::WalkAccess;
    use crate::inputs::osm::{OsmData, WalkWay};
    use crate::routing::network::WalkSettings;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).expect("in range")
    }

    /// The outline of a square of some 4.4 km about the origin, as a street; a hundredth of a
    /// degree is 1.1 km there.
    fn square() -> (Network, MapExtent) {
        let corners = vec![at(-0.02, -0.02), at(0.02, -0.02), at(0.02, 0.02), at(-0.02, 0.02)];
        let access = WalkAccess::default();
        let extent = MapExtent::of(&corners, &[&[0, 1, 2, 3, 0]]);
        let way = WalkWay { id: 1, nodes: vec![0, 1, 2, 3, 0], access };
        let osm = OsmData { nodes: corners, ways: vec![way], ..OsmData::default() };
        let mut findings = Findings::new();
        let streets = Streets::build(&osm, &mut findings);
        (Network::build(streets, Vec::new(), WalkSettings::default(), &mut findings), extent)
    }

    #[test]
    fn near_the_outermost_street_one_is_at_the_edge_and_beyond_reach_of_it_outside() {
        let (network, extent) = square();
        let coverage = MapCoverage::new(&network, &extent);
        // 550 m from the street to the east; the edge is right to a cell.
        let inside = at(0.015, 0.0);
        assert_eq!(coverage.place(inside, Metres::new(450.0)), MapPosition::Inside);
        assert_eq!(coverage.place(inside, Metres::new(660.0)), MapPosition::AtTheEdge);
        assert_eq!(coverage.place(at(0.0, 0.03), Metres::new(10.0)), MapPosition::Outside);
    }

    /// A house outside the last street walks out to it, as one inside does: 290 m and 310 m.
    #[test]
    fn whoever_joins_a_street_is_on_the_map() {
        let (network, extent) = square();
        let coverage = MapCoverage::new(&network, &extent);
        assert_eq!(coverage.place(at(0.0226, 0.0), Metres::new(10.0)), MapPosition::AtTheEdge);
        assert_eq!(coverage.place(at(0.0228, 0.0), Metres::new(10.0)), MapPosition::Outside);
        let off_network = at(0.0172, 0.0);
        assert_eq!(
            coverage.place(off_network, Metres::new(10.0)),
            MapPosition::Inside,
            "310 m, between streets"
        );
        assert!(coverage.holds(at(-0.02, -0.02)), "the corner of the outermost street");
    }

    #[test]
    fn where_no_way_is_within_a_kilometre_nothing_is_known() {
        let (network, extent) = square();
        let coverage = MapCoverage::new(&network, &extent);
        // Between streets; the nearest is 990 m and 1,050 m away.
        assert_eq!(coverage.place(at(0.0111, 0.0), Metres::new(10.0)), MapPosition::Inside);
        assert_eq!(coverage.place(at(0.0105, 0.0), Metres::new(10.0)), MapPosition::Outside);
    }
}
