//! The network at the hours of a window.
//!
//! A few gates are open at other hours than usual, and all else is as it was. So stops keep the
//! streets that they join unless one of the others is near, and a walk between two rides is
//! searched anew only from where one comes to a street that is another now. The result is that of
//! a network built from these streets, to the last walk.

use std::sync::Arc;

use super::{Network, StopJoins, WalkedStreets};
use crate::finding::Findings;
use crate::geometry::{Segment, SegmentIndex};
use crate::ids::{Csr, EdgeIdx, Idx, StopIdx};
use crate::inputs::hours::Opening;
use crate::network::streets::{Edge, Streets};
use crate::routing::street::straight_walks::{StraightEnds, with_straight_walks};
use crate::routing::street::{WalkTargets, walk_table};
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::remembered_timetables::RememberedTimetables;
use crate::routing::transit::stop_access::timed;
use crate::units::Metres;

impl Network {
    /// Whether other ways and gates are open throughout a window.
    pub fn is_other_in(&self, window: &Opening) -> bool {
        self.streets.is_other_in(window)
    }

    /// The network as it is throughout a window, where some ways or gates are then open that are
    /// not otherwise, or shut; `None` where it is this very one.
    pub fn in_window(&self, window: &Opening) -> Option<Network> {
        let streets = self.streets.in_window(window)?;
        let (sailings, settings) = (self.sailings.clone(), self.settings.clone());
        let mut told = Findings::new();
        let graph = Arc::new(sailings.graph(&streets, &settings.profile, &mut told));
        let walked = WalkedStreets { streets: Arc::new(streets), graph, sailings, settings };
        let network = self.at_other_hours(walked, &mut told);
        let remembered = self.remembered.as_ref().map(RememberedTimetables::with_other_walks);
        Some(Network { remembered, ..network })
    }

    fn at_other_hours(&self, walked: WalkedStreets, told: &mut Findings) -> Network {
        let (feeds, stops) = (self.feeds.clone(), self.stops.clone());
        let others = others(&self.streets, &walked.streets);
        if !self.joins_alike(&walked.streets, &others) {
            return Network::of(walked, feeds, stops, told);
        }
        let at_stops = Arc::new(self.walked_anew(&walked, &others, told));
        let WalkedStreets { streets, graph, sailings, settings } = walked;
        let rules = self.rules.clone();
        let remembered = None;
        Network { streets, feeds, stops, graph, settings, sailings, at_stops, rules, remembered }
    }

    /// Whether every stop, entrance and station joins both streets alike. A place looks no further
    /// than a stop may lie from a street.
    fn joins_alike(&self, streets: &Streets, others: &[EdgeIdx]) -> bool {
        let (max, profile) = (self.settings.max_snap_stop, &self.settings.profile);
        let near = pieces(streets, others);
        let joins = |streets: &Streets, at| streets.snap_stop(at, max, profile);
        let points = self.feeds.iter().flat_map(|feed| feed.stops.iter()).filter_map(|s| s.point);
        let at = points.map(|point| streets.project(point));
        let mut looked_at = at.filter(|at| near.near(*at, max + Metres::new(1.0)).next().is_some());
        looked_at.all(|at| joins(&self.streets, at) == joins(streets, at))
    }

    /// How the same stops join other streets, of which the others are other edges.
    fn walked_anew(
        &self,
        walked: &WalkedStreets,
        others: &[EdgeIdx],
        told: &mut Findings,
    ) -> StopJoins {
        let WalkedStreets { streets, graph, settings, .. } = walked;
        let StopJoins { doors, footpaths: known, .. } = &*self.at_stops;
        let to_stops = WalkTargets::new(graph, doors.board());
        let from_stops = doors.differ().then(|| WalkTargets::new(graph, doors.alight()));
        let longest = settings.longest_transfer();
        let anew = self.graph.who_come_to(others, doors.alight(), longest);
        let from = |stop: &usize| doors.alight()[*stop].clone();
        let numbers: Vec<usize> = (0..anew.len()).filter(|stop| anew[*stop]).collect();
        let from: Vec<_> = numbers.iter().map(from).collect();
        let found: Csr<StopIdx, _> = walk_table(graph, &from, &to_stops, longest, false);
        let row = |stop: usize| {
            let at = numbers.binary_search(&stop).ok();
            at.map_or(&[][..], |at| &found[StopIdx::new(at)]).iter().copied()
        };
        let on_streets = Csr::from_rows((0..anew.len()).map(row));
        let (from, to) = (StraightEnds::at(doors.alight()), StraightEnds::at(doors.board()));
        let on_streets = with_straight_walks(on_streets, (streets, graph), longest, from, to);
        let (feeds, stops) = (&self.feeds, &self.stops);
        let made = doors.footpaths(&on_streets, feeds, stops, told);
        let made = timed::with_straight_walks(&made, feeds, stops, streets, settings, told);
        let row = |stop: StopIdx| if anew[stop.at()] { &made[stop] } else { &known[stop] };
        let footpaths: Csr<StopIdx, StopWalk> =
            Csr::from_rows(stops.indices().map(|stop| row(stop).iter().copied()));
        StopJoins { doors: doors.clone(), to_stops, from_stops, footpaths: Arc::new(footpaths) }
    }
}

/// The edges that other people may walk in the one streets than in the other, ascending.
fn others(usual: &Streets, now: &Streets) -> Vec<EdgeIdx> {
    let lets_in = |edge: &Edge| (edge.traits.private, edge.traits.shut);
    let differs = |edge: &EdgeIdx| lets_in(&usual.edges[*edge]) != lets_in(&now.edges[*edge]);
    usual.edges.indices().filter(differs).collect()
}

/// The pieces of some edges that points can join.
fn pieces(streets: &Streets, edges: &[EdgeIdx]) -> SegmentIndex<()> {
    let joined = edges.iter().filter(|edge| streets.edges[**edge].can_be_joined());
    let pieces = joined.flat_map(|edge| streets.courses[*edge].windows(2));
    SegmentIndex::new(pieces.map(|p| Segment { from: p[0], to: p[1], of: () }).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::geometry::LonLat;
    use crate::ids::FeedIdx;
    use crate::inputs::gtfs::{Call, CallRule, Feed, Stop, StopKind};
    use crate::inputs::osm::walk_rules::{WalkAccess, WayKind};
    use crate::inputs::osm::{OsmData, WalkWay};
    use crate::network::streets::WalkProfile;
    use crate::routing::network::{Joined, WalkSettings};
    use crate::units::{MetresPerSecond, Seconds, ServiceTime};

    type Spot = (u32, u32);

    fn lonlat((x, y): Spot) -> LonLat {
        LonLat::new(f64::from(x) / 111_000.0, f64::from(y) / 111_000.0).expect("in range")
    }

    /// Streets from spot to spot, some private, one of them a ferry.
    fn map(spots: &[Spot], ways: &[(usize, usize, bool)]) -> OsmData {
        let way = |(id, (from, to, private)): (i64, &(usize, usize, bool))| {
            let nodes = [from % spots.len(), to % spots.len()];
            let kind = if id == 3 { WayKind::Ferry(None) } else { WayKind::Street };
            let private = *private && id != 3;
            let access = WalkAccess { kind, private, step_free: true, ..WalkAccess::default() };
            let nodes = nodes.map(|n| u32::try_from(n).expect("few")).to_vec();
            (nodes[0] != nodes[1]).then_some(WalkWay { id, nodes, access })
        };
        OsmData {
            nodes: spots.iter().map(|spot| lonlat(*spot)).collect(),
            ways: (1..).zip(ways).filter_map(way).collect(),
            ..OsmData::default()
        }
    }

    /// A vehicle calls at each of these.
    fn feed(stops: &[Spot]) -> Feed {
        let stop = |spot: &Spot| Stop {
            id: String::new(),
            name: String::new(),
            platform: None,
            kind: StopKind::Platform,
            parent: None,
            point: Some(lonlat(*spot)),
            wheelchair: None,
            access: None,
            level: None,
        };
        let call = |stop: usize| Call {
            stop: u32::try_from(stop).expect("few"),
            arrival: ServiceTime::new(0),
            departure: ServiceTime::new(0),
            pickup: CallRule::Regular,
            drop_off: CallRule::Regular,
            interpolated: false,
        };
        Feed {
            stops: stops.iter().map(stop).collect::<Vec<_>>().into(),
            calls: (0..stops.len()).map(call).collect::<Vec<_>>().into(),
            ..Feed::default()
        }
    }

    fn settings() -> WalkSettings {
        let (speed, steps_speed) = (MetresPerSecond::new(1.0), MetresPerSecond::new(0.5));
        WalkSettings {
            profile: WalkProfile { speed, steps_speed, ..WalkProfile::walk() },
            max_transfer: Metres::new(250.0),
            max_snap_stop: Metres::new(60.0),
            ..WalkSettings::default()
        }
    }

    /// The same streets, where each edge that is told lets in others.
    fn at_other_hours(network: &Network, told: &[(usize, bool)]) -> WalkedStreets {
        let mut streets = Streets::clone(&network.streets);
        let edges: Vec<EdgeIdx> = streets.edges.indices().collect();
        for (edge, shuts) in told.iter().filter(|_| !edges.is_empty()) {
            let traits = &mut streets.edges[edges[edge % edges.len()]].traits;
            if *shuts {
                traits.shut = !traits.shut;
            } else if !matches!(traits.kind, WayKind::Ferry(_)) {
                traits.private = !traits.private;
            }
        }
        let (sailings, settings) = (network.sailings.clone(), network.settings.clone());
        let graph = sailings.graph(&streets, &settings.profile, &mut Findings::new());
        let (streets, graph) = (Arc::new(streets), Arc::new(graph));
        WalkedStreets { streets, graph, sailings, settings }
    }

    fn rows<I: Idx, T: Copy>(table: &Csr<I, T>) -> Vec<Vec<T>> {
        (0..table.rows()).map(|row| table[I::new(row)].to_vec()).collect()
    }

    fn spots(most: u32, count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Spot>> {
        prop::collection::vec((0..most, 0..most), count)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_kept_is_what_would_be_found_anew(
            nodes in spots(900, 4..16),
            ways in prop::collection::vec((0..16_usize, 0..16_usize, prop::bool::weighted(0.3)), 4..24),
            stops in spots(900, 3..12),
            told in prop::collection::vec((0..24_usize, any::<bool>()), 1..4),
        ) {
            let mut findings = Findings::new();
            let streets = Streets::build(&map(&nodes, &ways), &mut findings);
            let usual = Network::build(streets, vec![feed(&stops)], settings(), &mut findings);
            let kept = usual.at_other_hours(at_other_hours(&usual, &told), &mut findings);
            let (feeds, stops) = (usual.feeds.clone(), usual.stops.clone());
            let anew = Network::of(at_other_hours(&usual, &told), feeds, stops, &mut findings);
            let (here, there) = (&kept.at_stops, &anew.at_stops);
            prop_assert_eq!(here.doors.board(), there.doors.board());
            prop_assert_eq!(rows(&here.footpaths), rows(&there.footpaths));
            let home = kept.join([&[lonlat(nodes[0])][..], &[lonlat(nodes[1])][..]]);
            prop_assert_eq!(rows(&kept.access(&home)), rows(&anew.access(&home)));
        }

        #[test]
        fn places_are_searched_from_once_for_stops_and_origins(
            nodes in spots(900, 4..16),
            ways in prop::collection::vec((0..16_usize, 0..16_usize, prop::bool::weighted(0.3)), 4..24),
            stops in spots(900, 3..12),
            points in spots(900, 1..10),
        ) {
            let mut findings = Findings::new();
            let streets = Streets::build(&map(&nodes, &ways), &mut findings);
            let network = Network::build(streets, vec![feed(&stops)], settings(), &mut findings);
            let places: Joined = network.join(nodes[..3].iter().map(|spot| [lonlat(*spot)]).collect::<Vec<_>>().iter().map(|place| &place[..]));
            let origins = network.join(points.iter().map(|spot| [lonlat(*spot)]).collect::<Vec<_>>().iter().map(|point| &point[..]));
            let (egress, direct) = network.egress_and_direct(&origins, &places);
            prop_assert_eq!(rows(&egress), rows(&network.egress(&places)));
            prop_assert_eq!(rows(&direct), rows(&network.direct(&origins, &places)));
        }
    }

    #[test]
    fn a_gate_far_away_leaves_the_walks_between_stops_alone() {
        // A street of 800 m with stops at 0, 100 and 700 m; beyond 800 m another begins, which
        // shuts.
        let nodes = [(0, 0), (800, 0), (800, 100)];
        let streets =
            Streets::build(&map(&nodes, &[(0, 1, false), (1, 2, true)]), &mut Findings::new());
        let feeds = vec![feed(&[(0, 0), (100, 0), (700, 0)])];
        let usual = Network::build(streets, feeds, settings(), &mut Findings::new());
        let shut = usual.streets.edges.enumerate().find(|(_, edge)| edge.traits.private);
        let (shut, _) = shut.expect("the second street");
        let later = at_other_hours(&usual, &[(shut.at(), true)]);
        assert_eq!(others(&usual.streets, &later.streets), [shut]);
        let anew =
            usual.graph.who_come_to(&[shut], usual.at_stops.doors.alight(), Seconds::new(250));
        assert_eq!(anew, [false, false, true], "100 m from it, of 250 at most");
        assert_eq!(usual.stops.find(FeedIdx(0), 2).map(StopIdx::at), Some(2));
    }
}
