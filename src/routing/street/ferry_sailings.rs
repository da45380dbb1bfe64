//! Which ferries of the map a timetable sails.
//!
//! A line of the map tells neither when a ferry sails nor how long one waits for it; a timetable
//! does. So between two landings near both of which one ferry of a timetable calls, the map's is
//! not taken, whether or not the timetable's sails on the day: a time without a sailing is what
//! people are to be told.

use std::collections::BTreeSet;

use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::{Projected, Projection};
use crate::inputs::gtfs::Feed;
use crate::network::streets::{Streets, WalkProfile};
use crate::routing::street::WalkGraph;
use crate::units::Metres;

/// A stop within this of a landing is at it: a ferry's line ends at its berth, its stop is at the
/// terminal.
const AT_THE_LANDING: Metres = Metres::new(1000.0);

/// Pairs of stops that one ferry of a timetable calls at.
pub(in crate::routing) struct Sailings {
    pairs: Vec<[Projected; 2]>,
}

impl Sailings {
    /// Those of all published trips.
    pub(in crate::routing) fn of(feeds: &[Feed], projection: &Projection) -> Sailings {
        let mut pairs = Vec::new();
        for feed in feeds {
            let ferries =
                feed.trips.iter().filter(|trip| feed.routes[trip.route as usize].mode() == "ferry");
            let mut stops: BTreeSet<[u32; 2]> = BTreeSet::new();
            for trip in ferries {
                let calls = &feed.calls[trip.calls.start as usize..trip.calls.end as usize];
                for (n, call) in calls.iter().enumerate() {
                    stops.extend(calls[n + 1..].iter().map(|later| [call.stop, later.stop]));
                }
            }
            let at =
                |stop: u32| feed.stops[stop as usize].point.map(|point| projection.project(point));
            pairs.extend(stops.into_iter().filter_map(|[from, to]| Some([at(from)?, at(to)?])));
        }
        Sailings { pairs }
    }

    /// The streets as one walks them, without the ferries of the map that a timetable sails; and
    /// what is to be said of both.
    pub(in crate::routing) fn graph(
        &self,
        streets: &Streets,
        profile: &WalkProfile,
        findings: &mut Findings,
    ) -> WalkGraph {
        let graph = WalkGraph::new(streets, profile);
        let all = graph.ferries_between().len() as u64;
        if all == 0 {
            return graph;
        }
        let graph =
            graph.without_ferries(|from, to| self.sails(streets.nodes[from], streets.nodes[to]));
        let taken = graph.ferries_between().len() as u64;
        let what =
            "a ferry of the map is not taken: one of a timetable calls near both of its landings";
        let (code, left) = ("osm_ferry_in_timetable", all - taken);
        findings.count(Severity::Info, code, Outcome::Dropped, "streets", left, what);
        let what = "a ferry of the map is taken as soon as one is at its landing: how long one waits for it is not known, and \
                    not counted";
        let code = "osm_ferry_wait_unknown";
        findings.count(Severity::Warning, code, Outcome::Kept, "streets", taken, what);
        graph
    }

    /// Whether one ferry calls near both of two landings: at a stop nearer to the one, and at one
    /// nearer to the other.
    fn sails(&self, from: Projected, to: Projected) -> bool {
        let at = |stop: Projected, here: Projected, there: Projected| {
            stop.distance(here) <= AT_THE_LANDING && stop.distance(here) < stop.distance(there)
        };
        self.pairs.iter().any(|[a, b]| {
            at(*a, from, to) && at(*b, to, from) || at(*b, from, to) && at(*a, to, from)
        })
    }
}
