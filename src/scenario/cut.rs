//! Trips that no longer run.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::choose::{Chosen, by_trip, choose};
use super::error::ScenarioError;
use crate::inputs::gtfs::{Departures, Feed};
use crate::inputs::project::scenarios::Trips;
use crate::units::ServiceTime;

/// Takes trips out.
pub(super) fn cut(
    feeds: &mut [Feed],
    trips: &Trips,
    modification: &str,
) -> Result<Vec<Chosen>, ScenarioError> {
    let chosen = choose(feeds, trips, modification)?;
    chosen.iter().for_each(|one| withdraw(&mut feeds[one.feed], one.trip, one.when.clone()));
    Ok(chosen)
}

/// Takes some departures of a trip out.
pub(super) fn withdraw(feed: &mut Feed, trip: u32, when: Departures) {
    feed.changes.entry(trip).or_default().withdrawn.push(when);
}

/// Of the trips of a route that have the same first and last stop, and on each date by itself, keeps the first and each
/// `every`th behind it by the time they leave.
pub(super) fn thin(
    feeds: &mut [Feed],
    trips: &Trips,
    every: u32,
    modification: &str,
) -> Result<Vec<Chosen>, ScenarioError> {
    let chosen = choose(feeds, trips, modification)?;
    type Line = (usize, u32, (u32, u32), Date);
    let mut lines: BTreeMap<Line, Vec<(ServiceTime, u32)>> = BTreeMap::new();
    for one in &chosen {
        let feed = &feeds[one.feed];
        if by_trip(feed).contains_key(&one.trip) {
            let trip = feed.trips[one.trip as usize].id.clone();
            let why = format!(
                "trip `{trip}` stands in frequencies.txt: give its route a headway instead (kind headway)"
            );
            return Err(ScenarioError::Unfit { modification: modification.to_owned(), why });
        }
        let row = &feed.trips[one.trip as usize];
        let calls = &feed.calls[row.calls.start as usize..row.calls.end as usize];
        let ends = (calls[0].stop, calls[calls.len() - 1].stop);
        for date in one.when.dates.iter() {
            let runs =
                feed.changes.get(&one.trip).is_none_or(|change| change.runs(*date, calls[0].departure));
            if runs {
                lines
                    .entry((one.feed, row.route, ends, *date))
                    .or_default()
                    .push((calls[0].departure, one.trip));
            }
        }
    }
    let mut out: BTreeMap<(usize, u32), Vec<Date>> = BTreeMap::new();
    for ((feed, _, _, date), mut trips) in lines {
        trips.sort_unstable();
        for (nth, (_, trip)) in (0u32..).zip(trips) {
            if nth % every > 0 {
                out.entry((feed, trip)).or_default().push(date);
            }
        }
    }
    if out.is_empty() {
        let why = "no line has more than one of these trips on a day".to_owned();
        return Err(ScenarioError::NothingChanged { modification: modification.to_owned(), why });
    }
    let mut taken = Vec::new();
    for ((feed, trip), mut dates) in out {
        dates.sort_unstable();
        let first = feeds[feed].calls[feeds[feed].trips[trip as usize].calls.start as usize].departure;
        let when = Departures { dates: Arc::from(dates), from: first, until: ServiceTime(first.0 + 1) };
        withdraw(&mut feeds[feed], trip, when.clone());
        taken.push(Chosen { feed, trip, when });
    }
    Ok(taken)
}
