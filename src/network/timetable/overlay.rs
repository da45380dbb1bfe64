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
    /// This published timetable without what the feeds' changes take out. `None` where they touch
    /// none of its runs: then it holds as it is, and so does whatever was found with it.
    ///
    /// # Errors
    /// If a feed's timezone is unknown.
    pub fn changed(
        &self,
        feeds: &[Feed],
        clock: &Clock,
    ) -> Result<Option<Timetable>, CalendarError> {
        let changed = |row: &Run| feeds[row.feed.at()].changes.contains_key(&row.trip);
        if !self.runs.iter().any(changed) {
            return Ok(None);
        }
        let stays = self.stays(feeds, clock)?;
        if stays.iter().all(|stays| *stays) && !self.has_stand_in(feeds) {
            return Ok(None);
        }
        Ok(Some(self.kept(&stays, &self.links_handed_over(feeds, &stays))))
    }

    fn has_stand_in(&self, feeds: &[Feed]) -> bool {
        let change = |row: &Run| feeds[row.feed.at()].changes.get(&row.trip);
        self.runs.iter().any(|row| change(row).is_some_and(|change| change.stands_in.is_some()))
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
            stays.push(change.runs(row.date, ServiceTime::new(first.get() - begins.get())));
        }
        Ok(stays)
    }

    /// A run that stands in for another is linked as that one was.
    fn links_handed_over(
        &self,
        feeds: &[Feed],
        stays: &IdxVec<RunIdx, bool>,
    ) -> Vec<(RunIdx, RunIdx)> {
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
        links.sort_unstable();
        links.dedup();
        links.retain(|(from, to)| {
            let ends = self.calls_of(*from).last().map(|call| call.arrival);
            let begins = self.calls_of(*to).first().map(|call| call.departure);
            to > from && ends.zip(begins).is_some_and(|(ends, begins)| begins >= ends)
        });
        links
    }

    /// What tells a departure of a trip from its others. A run that stands in leaves when the other
    /// would.
    fn departure_of(
        &self,
        run: RunIdx,
        row: &Run,
        trip: u32,
    ) -> (FeedIdx, u32, jiff::civil::Date, ServiceTime) {
        let first = self.calls_of(run).first().map_or(ServiceTime::new(0), |call| call.departure);
        (row.feed, trip, row.date, first)
    }

    /// The runs that stay, with these links.
    fn kept(&self, stays: &IdxVec<RunIdx, bool>, links: &[(RunIdx, RunIdx)]) -> Timetable {
        let mut number = IdxVec::<RunIdx, Option<RunIdx>>::new();
        let mut next = 0;
        for stays in stays.iter() {
            number.push(stays.then(|| RunIdx::new(next)));
            next += usize::from(*stays);
        }
        let mut calls = Vec::with_capacity(self.calls.len());
        let mut runs: IdxVec<RunIdx, Run> = IdxVec::new();
        for (run, row) in self.runs.enumerate().filter(|(run, _)| stays[*run]) {
            #[expect(clippy::cast_possible_truncation, reason = "fewer than 2^32 calls are loaded")]
            let begin = calls.len() as u32;
            calls.extend_from_slice(self.calls_of(run));
            #[expect(clippy::cast_possible_truncation, reason = "fewer than 2^32 calls are loaded")]
            let end = calls.len() as u32;
            let Run { feed, trip, route, date, pattern, .. } = *row;
            runs.push(Run { feed, trip, route, date, pattern, calls: begin..end, then: vec![] });
        }
        for (from, to) in links {
            if let (Some(from), Some(to)) = (number[*from], number[*to]) {
                runs[from].then.push(to);
            }
        }
        let Timetable { patterns, stops, has_headways, .. } = *self;
        Timetable { runs, calls, patterns, stops, has_headways }
    }
}

#[cfg(test)]
mod tests;
