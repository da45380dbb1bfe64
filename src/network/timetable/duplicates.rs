//! Runs that are one vehicle, published more than once.

use std::collections::BTreeMap;

use super::Timetable;
use crate::ids::{FeedIdx, Idx, IdxVec, RunIdx};
use crate::inputs::gtfs::Feed;
use crate::network::vehicles::{Departing, counted_as};

impl Timetable {
    /// Which vehicle each run is: itself, or the earlier run that it is to be counted as (see
    /// [`vehicles`](crate::network::vehicles)). Whatever counts vehicles asks here; travel times do
    /// not.
    pub fn counted_as(&self, feeds: &[Feed]) -> IdxVec<RunIdx, RunIdx> {
        let departing = self.runs.enumerate().map(|(run, row)| Departing {
            feed: row.feed.at(),
            trip: row.trip,
            date: row.date,
            at: self.calls_of(run).first().map(|call| call.departure).unwrap_or_default(),
        });
        let departing: Vec<Departing> = departing.collect();
        counted_as(feeds, &departing).into_iter().map(RunIdx::new).collect()
    }

    /// How many runs are counted as others: of one feed, or of a feed as those of another, by the
    /// pair of both.
    pub fn duplicates(
        &self,
        counted_as: &IdxVec<RunIdx, RunIdx>,
    ) -> Vec<((FeedIdx, FeedIdx), u64)> {
        let mut pairs = BTreeMap::new();
        for (run, other) in counted_as.enumerate().filter(|(run, other)| run != *other) {
            let (a, b) = (self.runs[*other].feed, self.runs[run].feed);
            *pairs.entry((a.min(b), a.max(b))).or_insert(0) += 1;
        }
        pairs.into_iter().collect()
    }
}
