//! The same trip in two feeds: the regional and the national timetable often both have it.

use rustc_hash::FxHashMap;

use super::{Run, Timetable, metres_between};
use crate::ids::{FeedIdx, Idx, IdxVec, RunIdx};
use crate::inputs::gtfs::Feed;
use crate::units::ServiceTime;

/// The stops of two feeds are the same stop if they lie within this of each other.
const SAME_STOP_M: f64 = 50.0;

impl Timetable {
    /// For each run the one that it is to be counted as: itself, or an earlier run of another feed with the same mode,
    /// the same times at as many stops, and each of these stops within 50 m. Travel times do not ask for it.
    pub fn counted_as(&self, feeds: &[Feed]) -> IdxVec<RunIdx, RunIdx> {
        let mut counted_as: IdxVec<RunIdx, RunIdx> = self.runs.indices().collect();
        if feeds.len() < 2 {
            return counted_as;
        }
        let mut alike: FxHashMap<(u16, ServiceTime, ServiceTime, usize), Vec<RunIdx>> = FxHashMap::default();
        for (run, row) in self.runs.enumerate() {
            let calls = self.calls_of(run);
            let (Some(first), Some(last)) = (calls.first(), calls.last()) else { continue };
            let key = (mode(row, feeds), first.departure, last.arrival, calls.len());
            let known = alike.entry(key).or_default();
            match known.iter().find(|other| self.is_same(**other, run, feeds)) {
                Some(other) => counted_as[run] = *other,
                None => known.push(run),
            }
        }
        counted_as
    }

    /// How many runs of a feed are counted as runs of another, by the pair of both.
    pub fn duplicates(&self, counted_as: &IdxVec<RunIdx, RunIdx>) -> Vec<((FeedIdx, FeedIdx), u64)> {
        let mut pairs = std::collections::BTreeMap::new();
        for (run, other) in counted_as.enumerate().filter(|(run, other)| run != *other) {
            let (a, b) = (self.runs[*other].feed, self.runs[run].feed);
            *pairs.entry((a.min(b), a.max(b))).or_insert(0) += 1;
        }
        pairs.into_iter().collect()
    }

    fn is_same(&self, a: RunIdx, b: RunIdx, feeds: &[Feed]) -> bool {
        let (one, other) = (&self.runs[a], &self.runs[b]);
        let calls = self.calls_of(a).iter().zip(self.calls_of(b));
        let mut times = calls.map(|(a, b)| (a.arrival, a.departure) == (b.arrival, b.departure));
        one.feed != other.feed && times.all(|same| same) && self.same_places(one, other, feeds)
    }

    fn same_places(&self, a: &Run, b: &Run, feeds: &[Feed]) -> bool {
        let stops = |run: &Run| {
            let feed = &feeds[run.feed.at()];
            let calls = &feed.trips[run.trip as usize].calls;
            let calls = &feed.calls[calls.start as usize..calls.end as usize];
            calls.iter().map(|call| feed.stops[call.stop as usize].point)
        };
        stops(a)
            .zip(stops(b))
            .all(|(a, b)| a.zip(b).is_some_and(|(a, b)| metres_between(a, b) <= SAME_STOP_M))
    }
}

/// The basic kind of vehicle; the extended route types (Google, "Extended GTFS Route Types") fall into these.
fn mode(run: &Run, feeds: &[Feed]) -> u16 {
    match feeds[run.feed.at()].routes[run.route as usize].route_type {
        100..=199 | 300..=399 => 2,
        400..=699 => 1,
        200..=299 | 700..=799 => 3,
        800..=899 => 11,
        900..=999 => 0,
        1000..=1099 | 1200..=1299 => 4,
        other => other,
    }
}
