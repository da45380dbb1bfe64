//! Runs that are one vehicle: trips that one feed publishes twice, and those that two feeds both have, as the regional and the national timetable
//! often do.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Run, Timetable, metres_between};
use crate::ids::{FeedIdx, Idx, IdxVec, RunIdx};
use crate::inputs::gtfs::Feed;
use crate::network::vehicles::same_course;
use crate::units::ServiceTime;

/// The stops of two feeds are the same stop if they lie within this of each other.
const SAME_STOP_M: f64 = 50.0;

/// The first departure, the last arrival, and how many calls there are.
type Span = (ServiceTime, ServiceTime, usize);

impl Timetable {
    /// Which vehicle each run is: itself, or the earlier run that it is to be counted as. Whatever counts vehicles asks here;
    /// travel times do not.
    ///
    /// In one feed that is a trip of the same date with the same route and calls (see [`vehicles`](crate::network::vehicles)). Of another feed it
    /// is one with the same mode, the same times at as many stops, and each of these stops within 50 m; a vehicle of one feed is one vehicle of
    /// another at most.
    pub fn counted_as(&self, feeds: &[Feed]) -> IdxVec<RunIdx, RunIdx> {
        let by_headway = by_headway(feeds);
        let mut counted_as = self.in_one_feed(feeds, &by_headway);
        if feeds.len() < 2 {
            return counted_as;
        }
        let mut alike: FxHashMap<(u16, Span), Vec<RunIdx>> = FxHashMap::default();
        let mut taken: FxHashSet<(RunIdx, FeedIdx)> = FxHashSet::default();
        for (run, row) in self.runs.enumerate() {
            let Some(span) = self.span(run) else { continue };
            if by_headway[row.feed.at()].contains(&row.trip) {
                continue;
            }
            if counted_as[run] != run {
                // A copy is whatever the run before it is that it is a copy of.
                counted_as[run] = counted_as[counted_as[run]];
                continue;
            }
            let known = alike.entry((mode(row, feeds), span)).or_default();
            let same = known
                .iter()
                .find(|other| !taken.contains(&(**other, row.feed)) && self.is_same(**other, run, feeds));
            match same {
                Some(other) => {
                    taken.insert((*other, row.feed));
                    counted_as[run] = *other;
                }
                None => known.push(run),
            }
        }
        counted_as
    }

    /// How many runs are counted as others: of one feed, or of a feed as those of another, by the pair of both.
    pub fn duplicates(&self, counted_as: &IdxVec<RunIdx, RunIdx>) -> Vec<((FeedIdx, FeedIdx), u64)> {
        let mut pairs = BTreeMap::new();
        for (run, other) in counted_as.enumerate().filter(|(run, other)| run != *other) {
            let (a, b) = (self.runs[*other].feed, self.runs[run].feed);
            *pairs.entry((a.min(b), a.max(b))).or_insert(0) += 1;
        }
        pairs.into_iter().collect()
    }

    /// The copies that a feed has of its own trips.
    fn in_one_feed(&self, feeds: &[Feed], by_headway: &[FxHashSet<u32>]) -> IdxVec<RunIdx, RunIdx> {
        let mut counted_as: IdxVec<RunIdx, RunIdx> = self.runs.indices().collect();
        let mut alike: FxHashMap<(FeedIdx, Date, u32, Span), Vec<RunIdx>> = FxHashMap::default();
        for (run, row) in self.runs.enumerate() {
            let Some(span) = self.span(run) else { continue };
            if by_headway[row.feed.at()].contains(&row.trip) {
                continue;
            }
            let known = alike.entry((row.feed, row.date, row.route, span)).or_default();
            let feed = &feeds[row.feed.at()];
            match known.iter().find(|other| same_course(feed, self.runs[**other].trip, row.trip)) {
                Some(other) => counted_as[run] = *other,
                None => known.push(run),
            }
        }
        counted_as
    }

    fn span(&self, run: RunIdx) -> Option<Span> {
        let calls = self.calls_of(run);
        Some((calls.first()?.departure, calls.last()?.arrival, calls.len()))
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

/// By feed: the trips of headway services. They are nobody's copies, whenever they happen to leave.
fn by_headway(feeds: &[Feed]) -> Vec<FxHashSet<u32>> {
    let of = |feed: &Feed| feed.frequencies.iter().filter(|row| !row.exact).map(|row| row.trip).collect();
    feeds.iter().map(of).collect()
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
