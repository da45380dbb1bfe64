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
        let mut looked_at = at.filter(|at| near.near(*at, max + Metres(1.0)).next().is_some());
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
