//! What a scenario leaves of a timetable.
//!
//! It is taken out after the runs of the feed as published were linked. So a run that is taken out
//! leaves a gap: its riders have to get off, and no two of its neighbours become one vehicle that
//! was none before. (Else taking a trip out could make a journey shorter.) A run that stands in for
//! another takes over that one's links, as far as it begins and ends alike.

use rustc_hash::FxHashMap;

use super::{Run, Timetable};
use crate::ids::{FeedIdx, Idx, IdxVec, RunIdx};
use crate::inputs::gtfs::{Feed, StandIn, TripChange};
use crate::network::calendar::{CalendarError, Clock};
use crate::units::ServiceTime;

impl Timetable {
    /// Takes out what the feeds' changes take out.
    pub(super) fn apply_changes(
        &mut self,
        feeds: &[Feed],
        clock: &Clock,
    ) -> Result<(), CalendarError> {
        if feeds.iter().all(|feed| feed.changes.is_empty()) {
            return Ok(());
        }
        let stays = self.stays(feeds, clock)?;
        self.hand_over_links(feeds, &stays);
        self.keep(&stays);
        Ok(())
    }

    fn stays(&self, feeds: &[Feed], clock: &Clock) -> Result<IdxVec<RunIdx, bool>, CalendarError> {
        let mut day_begins = FxHashMap::default();
        let mut stays = IdxVec::new();
        for (run, row) in self.runs.enumerate() {
            let feed = &feeds[row.feed.at()];
            let Some(change) = feed.changes.get(&row.trip) else {
                stays.push(true);
                continue;
            };
            let begins = match day_begins.get(&(row.feed, row.date)) {
                Some(begins) => *begins,
                None => {
                    let begins = clock.day_begins(row.date, &feed.timezone)?;
                    day_begins.insert((row.feed, row.date), begins);
                    begins
                }
            };
            let first = self.calls_of(run).first().map_or(begins, |call| call.departure);
            stays.push(change.runs(row.date, ServiceTime(first.0 - begins.0)));
        }
        Ok(stays)
    }

    /// A run that stands in for another is linked as that one was.
    fn hand_over_links(&mut self, feeds: &[Feed], stays: &IdxVec<RunIdx, bool>) {
        let mut stand_in: FxHashMap<RunIdx, (RunIdx, &StandIn)> = FxHashMap::default();
        let published: FxHashMap<_, RunIdx> = self
            .runs
            .enumerate()
            .map(|(run, row)| (self.departure_of(run, row, row.trip), run))
            .collect();
        for (run, row) in self.runs.enumerate().filter(|(run, _)| stays[*run]) {
            let change = feeds[row.feed.at()].changes.get(&row.trip);
            let Some(of) = change.and_then(|change: &TripChange| change.stands_in.as_ref()) else {
                continue;
            };
            if let Some(other) = published.get(&self.departure_of(run, row, of.of)) {
                stand_in.insert(*other, (run, of));
            }
        }
        let mut links: Vec<(RunIdx, RunIdx)> = Vec::new();
        for (run, row) in self.runs.enumerate() {
            let from = match (stays[run], stand_in.get(&run)) {
                (true, _) => run,
                (false, Some((other, how))) if how.ends_alike => *other,
                (false, _) => continue,
            };
            for to in &row.then {
                let to = match (stays[*to], stand_in.get(to)) {
                    (true, _) => *to,
                    (false, Some((other, how))) if how.begins_alike => *other,
                    (false, _) => continue,
                };
                links.push((from, to));
            }
        }
        self.runs.iter_mut().for_each(|run| run.then.clear());
        links.sort_unstable();
        links.dedup();
        for (from, to) in links {
            let ends = self.calls_of(from).last().map(|call| call.arrival);
            let begins = self.calls_of(to).first().map(|call| call.departure);
            if to > from && ends.zip(begins).is_some_and(|(ends, begins)| begins >= ends) {
                self.runs[from].then.push(to);
            }
        }
    }

    /// What tells a departure of a trip from its others. A run that stands in leaves when the other
    /// would.
    fn departure_of(
        &self,
        run: RunIdx,
        row: &Run,
        trip: u32,
    ) -> (FeedIdx, u32, jiff::civil::Date, ServiceTime) {
        let first = self.calls_of(run).first().map_or(ServiceTime(0), |call| call.departure);
        (row.feed, trip, row.date, first)
    }

    fn keep(&mut self, stays: &IdxVec<RunIdx, bool>) {
        let mut number = IdxVec::<RunIdx, Option<RunIdx>>::new();
        let mut next = 0;
        for stays in stays.iter() {
            number.push(stays.then(|| RunIdx::new(next)));
            next += usize::from(*stays);
        }
        let mut calls = Vec::with_capacity(self.calls.len());
        let mut runs = IdxVec::new();
        for (run, row) in self.runs.enumerate().filter(|(run, _)| stays[*run]) {
            #[expect(clippy::cast_possible_truncation, reason = "fewer than 2^32 calls are loaded")]
            let begin = calls.len() as u32;
            calls.extend_from_slice(self.calls_of(run));
            #[expect(clippy::cast_possible_truncation, reason = "fewer than 2^32 calls are loaded")]
            let end = calls.len() as u32;
            let then = row.then.iter().filter_map(|then| number[*then]).collect();
            runs.push(Run { calls: begin..end, then, ..row.clone() });
        }
        (self.runs, self.calls) = (runs, calls);
    }
}

#[cfg(test)]
mod tests;
