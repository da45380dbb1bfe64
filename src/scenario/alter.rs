//! Trips that run otherwise: a part of their way, past some stops, slower or faster.
//!
//! The published trip is withdrawn, and another stands in for it. Calls that no longer happen stay
//! among the trip's calls with nobody let on or off: so the vehicle keeps its times, its headway
//! its phases, and only what is taken away is gone.

use std::sync::Arc;

use jiff::civil::Date;

use super::cut::withdraw;
use super::error::{ScenarioError, advice};
use super::patterns::{is_open, is_stop};
use super::trip_selection::{ChosenTrip, choose};
use crate::inputs::gtfs::{
    Call, CallRule, Feed, Frequency, StandIn, TransferRow, Trip, TripDepartures,
};
use crate::inputs::project::scenarios::TripSelection;
use crate::units::ServiceTime;

/// A trip's calls as they will be.
pub(super) struct Altered {
    pub calls: Vec<Call>,
    pub begins_alike: bool,
    pub ends_alike: bool,
}

/// Passes stops.
pub(super) fn skip(
    feeds: &mut [Feed],
    trips: &TripSelection,
    stops: &[String],
    modification: &str,
) -> Result<Vec<ChosenTrip>, ScenarioError> {
    let chosen = choose(feeds, trips, modification)?;
    stops.iter().try_for_each(|name| known(feeds, &chosen, name, modification))?;
    alter(
        feeds,
        chosen,
        modification,
        "none of the trips lets anybody on or off there",
        |_, feed, calls| {
            let skipped = |call: &Call| {
                stops.iter().any(|name| is_stop(feed, call.stop, name)) && is_open(call)
            };
            calls.iter().any(skipped).then(|| Altered {
                calls: calls
                    .iter()
                    .map(|call| if skipped(call) { closed(call) } else { *call })
                    .collect(),
                begins_alike: true,
                ends_alike: true,
            })
        },
    )
}

/// Ends trips at a stop, begins them at one, or both.
pub(super) fn shorten(
    feeds: &mut [Feed],
    trips: &TripSelection,
    (from, to): (Option<&str>, Option<&str>),
    modification: &str,
) -> Result<Vec<ChosenTrip>, ScenarioError> {
    let chosen = choose(feeds, trips, modification)?;
    from.into_iter().chain(to).try_for_each(|name| known(feeds, &chosen, name, modification))?;
    let why = "none of the trips goes on behind that stop, or comes from before it";
    alter(feeds, chosen, modification, why, |_, feed, calls| {
        let at = |name: &str, begin: usize| {
            (begin..calls.len()).find(|call| is_stop(feed, calls[*call].stop, name))
        };
        let begin = from.map_or(Some(0), |name| at(name, 0))?;
        let last = calls.len() - 1;
        let end = to.map_or(Some(last), |name| at(name, begin + 1))?;
        if (begin, end) == (0, last) {
            return None;
        }
        let call = |(position, call): (usize, &Call)| match position {
            p if p < begin || p > end => closed(call),
            p if p == begin && begin > 0 => Call { drop_off: CallRule::Never, ..*call },
            p if p == end && end < last => Call { pickup: CallRule::Never, ..*call },
            _ => *call,
        };
        let calls = calls.iter().enumerate().map(call).collect();
        Some(Altered { calls, begins_alike: begin == 0, ends_alike: end == last })
    })
}

/// Multiplies running and dwell times, counted from the first departure and rounded to the second.
pub(super) fn pace(
    feeds: &mut [Feed],
    trips: &TripSelection,
    factor: f64,
    modification: &str,
) -> Result<Vec<ChosenTrip>, ScenarioError> {
    let chosen = choose(feeds, trips, modification)?;
    alter(feeds, chosen, modification, "the trips take no time", |_, _, calls| {
        let first = calls[0].departure;
        #[expect(clippy::cast_possible_truncation, reason = "a trip takes days at most")]
        let scaled = |time: ServiceTime| {
            ServiceTime::new(
                first.get() + (f64::from(time.get() - first.get()) * factor).round() as i32,
            )
        };
        let scaled = |call: &Call| Call {
            arrival: scaled(call.arrival).min(scaled(call.departure)),
            departure: scaled(call.departure),
            ..*call
        };
        let calls: Vec<Call> = calls.iter().map(scaled).collect();
        Some(Altered { calls, begins_alike: true, ends_alike: true })
    })
}

fn closed(call: &Call) -> Call {
    Call { pickup: CallRule::Never, drop_off: CallRule::Never, ..*call }
}

pub(super) fn known(
    feeds: &[Feed],
    chosen: &[ChosenTrip],
    name: &str,
    modification: &str,
) -> Result<(), ScenarioError> {
    let calls = || {
        chosen.iter().flat_map(|one| {
            let feed = &feeds[one.feed];
            let calls = &feed.trips[one.trip as usize].calls;
            feed.calls[calls.start as usize..calls.end as usize]
                .iter()
                .map(move |call| (feed, call.stop))
        })
    };
    if calls().any(|(feed, stop)| is_stop(feed, stop, name)) {
        return Ok(());
    }
    let names = calls().map(|(feed, stop)| feed.stops[stop as usize].name.clone());
    Err(ScenarioError::NoSuch {
        modification: modification.to_owned(),
        what: "stop",
        name: name.to_owned(),
        place: "the trips that it is about".to_owned(),
        advice: advice(name, names),
    })
}

/// Puts an altered trip in the place of each of the chosen ones that can be altered; of one at
/// least.
pub(super) fn alter(
    feeds: &mut [Feed],
    chosen: Vec<ChosenTrip>,
    modification: &str,
    otherwise: &str,
    how: impl Fn(usize, &Feed, &[Call]) -> Option<Altered>,
) -> Result<Vec<ChosenTrip>, ScenarioError> {
    let mut done = Vec::new();
    for one in chosen {
        let feed = &mut feeds[one.feed];
        let calls = feed.trips[one.trip as usize].calls.clone();
        if let Some(altered) =
            how(one.feed, feed, &feed.calls[calls.start as usize..calls.end as usize])
        {
            stand_in(feed, &one, altered);
            done.push(one);
        }
    }
    if done.is_empty() {
        let (modification, why) = (modification.to_owned(), otherwise.to_owned());
        return Err(ScenarioError::NothingChanged { modification, why });
    }
    Ok(done)
}

fn stand_in(feed: &mut Feed, one: &ChosenTrip, altered: Altered) {
    let old = feed.trips[one.trip as usize].clone();
    let number = add_trip(feed, Trip { block: None, ..old }, &altered.calls);
    let rows =
        feed.frequencies.iter().filter(|row| row.trip == one.trip).copied().collect::<Vec<_>>();
    feed.frequencies.extend(rows.into_iter().map(|row| Frequency { trip: number, ..row }));
    rules_alike(feed, one.trip, number);
    let mut change = feed.changes.get(&one.trip).cloned().unwrap_or_default();
    let Altered { mut begins_alike, mut ends_alike, .. } = altered;
    let (mut of, mut when) = (one.trip, one.when.clone());
    if let Some(earlier) = change.stands_in.take() {
        of = earlier.of;
        begins_alike &= earlier.begins_alike;
        ends_alike &= earlier.ends_alike;
        when = both(&when, &earlier.when);
    }
    change.stands_in = Some(StandIn { of, when, begins_alike, ends_alike });
    feed.changes.insert(number, change);
    withdraw(feed, one.trip, one.when.clone());
}

/// Adds a trip with its calls, and tells its number.
#[expect(clippy::cast_possible_truncation, reason = "fewer than 2^32 calls are loaded")]
pub(super) fn add_trip(feed: &mut Feed, trip: Trip, calls: &[Call]) -> u32 {
    let begin = feed.calls.len() as u32;
    feed.calls.extend_from_slice(calls);
    feed.trips.push(Trip { calls: begin..feed.calls.len() as u32, ..trip });
    feed.trips.len() as u32 - 1
}

/// What transfers.txt says of changing from or to a trip holds for the one in its place.
fn rules_alike(feed: &mut Feed, old: u32, new: u32) {
    let about = |trip: Option<u32>| trip == Some(old);
    let rows = feed
        .transfers
        .iter()
        .filter(|row| !row.kind.is_about_seats() && (about(row.from_trip) || about(row.to_trip)));
    let put = |trip: Option<u32>| if about(trip) { Some(new) } else { trip };
    let rows = rows.map(|row| TransferRow {
        from_trip: put(row.from_trip),
        to_trip: put(row.to_trip),
        ..row.clone()
    });
    let rows: Vec<_> = rows.collect();
    feed.transfers.extend(rows);
}

fn both(a: &TripDepartures, b: &TripDepartures) -> TripDepartures {
    let dates: Arc<[Date]> =
        a.dates.iter().filter(|date| b.dates.binary_search(date).is_ok()).copied().collect();
    TripDepartures { dates, from: a.from.max(b.from), until: a.until.min(b.until) }
}
