//! Trips that no longer run.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::error::ScenarioError;
use super::trip_selection::{ChosenTrip, choose, vehicles_by_date};
use crate::inputs::gtfs::{Feed, TripDepartures};
use crate::inputs::project::scenarios::TripSelection;
use crate::network::vehicles::Departing;
use crate::units::ServiceTime;

/// Takes trips out.
pub(super) fn cut(
    feeds: &mut [Feed],
    trips: &TripSelection,
    modification: &str,
) -> Result<Vec<ChosenTrip>, ScenarioError> {
    let chosen = choose(feeds, trips, modification)?;
    chosen.iter().for_each(|one| withdraw(&mut feeds[one.feed], one.trip, one.when.clone()));
    Ok(chosen)
}

/// Takes some departures of a trip out.
pub(super) fn withdraw(feed: &mut Feed, trip: u32, when: TripDepartures) {
    feed.changes.entry(trip).or_default().withdrawn.push(when);
}

/// Of the vehicles of a route that have the same first and last stop, and on each date by itself,
/// keeps the first and each `every`th behind it by the time they leave. A vehicle that is published
/// as several trips is kept or taken out with all of them.
pub(super) fn thin(
    feeds: &mut [Feed],
    trips: &TripSelection,
    every: u32,
    modification: &str,
) -> Result<Vec<ChosenTrip>, ScenarioError> {
    let chosen = choose(feeds, trips, modification)?;
    for one in &chosen {
        let feed = &feeds[one.feed];
        if feed.frequencies.iter().any(|row| row.trip == one.trip) {
            let trip = feed.trips[one.trip as usize].id.clone();
            let why = format!(
                "trip `{trip}` stands in frequencies.txt: give its route a headway instead (kind headway)"
            );
            return Err(ScenarioError::Unfit { modification: modification.to_owned(), why });
        }
    }
    let mut out: BTreeMap<(usize, u32), Vec<Date>> = BTreeMap::new();
    for (date, vehicles) in vehicles_by_date(feeds, &chosen) {
        type Line = (usize, u32, (u32, u32));
        let mut lines: BTreeMap<Line, Vec<(ServiceTime, Vec<Departing>)>> = BTreeMap::new();
        for trips in vehicles {
            let feed = &feeds[trips[0].feed];
            let row = &feed.trips[trips[0].trip as usize];
            let calls = &feed.calls[row.calls.start as usize..row.calls.end as usize];
            let ends = (calls[0].stop, calls[calls.len() - 1].stop);
            lines.entry((trips[0].feed, row.route, ends)).or_default().push((trips[0].at, trips));
        }
        for mut vehicles in lines.into_values() {
            vehicles.sort_by_key(|(at, trips)| (*at, trips[0].trip));
            let out_of_line = (0u32..).zip(vehicles).filter(|(nth, _)| nth % every > 0);
            for trip in out_of_line.flat_map(|(_, (_, trips))| trips) {
                out.entry((trip.feed, trip.trip)).or_default().push(date);
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
        let first =
            feeds[feed].calls[feeds[feed].trips[trip as usize].calls.start as usize].departure;
        let when = TripDepartures {
            dates: Arc::from(dates),
            from: first,
            until: ServiceTime::new(first.get() + 1),
        };
        withdraw(&mut feeds[feed], trip, when.clone());
        taken.push(ChosenTrip { feed, trip, when });
    }
    Ok(taken)
}
