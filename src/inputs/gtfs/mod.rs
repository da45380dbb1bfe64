//! GTFS feeds → plain records, with ids resolved within the feed.
//!
//! Every table is read row by row, and a faulty row costs only itself: what is done about each kind
//! of fault stands in one table, [`policy`]. The small tables are deserialised into the types of
//! `gtfs-structures`, which see only the columns that are wanted; stop_times.txt, a hundred times
//! larger than the rest, is streamed.

mod agency;
mod archive;
mod calendar;
mod calls;
mod entries;
mod error;
mod foreign;
mod frequencies;
mod ids;
mod interpolate;
mod ledger;
mod levels;
mod line_ends;
pub mod policy;
mod records;
mod shapes;
mod shared_table;
mod stop_time_cells;
mod stop_times;
mod stops;
mod table;
#[cfg(test)]
mod tests;
mod time;
mod transfers;
mod trips;

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;

use crate::finding::Findings;
use archive::Archive;
pub use archive::MOST_ENTRIES;
pub use entries::is_part;
pub use error::{FilePosition, GtfsError};
use frequencies::Frequencies;
use ledger::{Ledger, shown};
pub use records::*;
pub use shapes::read_shapes;
pub use shared_table::SharedTable;
use stop_times::{KnownIds, StopTimes, TripFate};
use transfers::TransferReferences;
use trips::FeedTrips;

/// Reads a feed, a zip or a folder. `name` is what the user called it, and stands in every finding
/// and error.
///
/// shapes.txt is not read: see [`read_shapes`].
///
/// ```
/// use lastmile::prelude::*;
///
/// let mut findings = Findings::new();
/// let feed = read_feed("fixtures/town/gtfs-before".as_ref(), "before", &mut findings)?;
/// assert_eq!(feed.timezone, "Europe/London");
/// // What is wrong with a feed, or was filled in, is counted.
/// assert_eq!(findings.total("interpolated_stop_times"), 853);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the file cannot be read, or has a fault that [`policy`] calls fatal.
pub fn read_feed(path: &Path, name: &str, findings: &mut Findings) -> Result<Feed, GtfsError> {
    let mut ledger = Ledger::new(name, findings);
    let mut archive = Archive::open(path, &mut ledger)?;
    match read_tables(&mut archive, name, &mut ledger) {
        Ok(feed) => Ok(Feed { rows_read: ledger.close().rows_read, ..feed }),
        Err(error) => Err(archive.blame(error, &mut ledger)),
    }
}

fn read_tables(
    archive: &mut Archive,
    name: &str,
    ledger: &mut Ledger<'_>,
) -> Result<Feed, GtfsError> {
    let info = agency::read_feed_info(archive, ledger)?;
    let agencies = agency::read_agencies(archive, ledger)?;
    let stops = stops::read_stops(archive, ledger)?;
    let (routes, route_keys) = agency::read_routes(archive, &agencies, ledger)?;
    let services = calendar::read_services(archive, ledger)?;
    let trips = trips::read_trips(archive, &route_keys, &services, ledger)?;
    calendar::note_never_running(&services, &trips, archive, ledger);
    let frequencies = frequencies::read_frequencies(archive, &trips, ledger)?;
    let known = KnownIds { stops: &stops, routes: &routes, trips: &trips };
    let mut times = stop_times::read_stop_times(archive, &known, name, ledger)?;
    stops::note_unplaced(&stops, &times.calls, archive, ledger);
    drop_unusable(&mut times, &trips, &frequencies, archive, ledger);
    let moved = positions(&times.fates);
    let referred =
        TransferReferences { stops: &stops, routes: &route_keys, trips: &trips, moved: &moved };
    let transfers = transfers::read_transfers(archive, &referred, ledger)?;
    let pathways = transfers::read_pathways(archive, &stops.keys, ledger)?;
    refuse_without_trips(&times, ledger)?;
    Ok(Feed {
        name: name.to_owned(),
        sha256: archive.sha256().to_owned(),
        version: info.version,
        period: info.period,
        timezone: agencies.timezone,
        stops: stops.list.into(),
        routes: routes.into(),
        services: services.list.into(),
        trips: with_calls(trips, &times.fates).into(),
        calls: times.calls.into(),
        frequencies: with_moved_trips(frequencies, &moved).into(),
        transfers: transfers.into(),
        pathways: pathways.into(),
        rows_read: Vec::new(),
        changes: BTreeMap::new(),
    })
}

/// How many trips set out on each date of the feed, the earliest first; dates without any are not
/// there. A trip of frequencies.txt counts once for each of its departures.
pub fn service_by_date(feed: &Feed) -> BTreeMap<Date, u64> {
    let mut departures = vec![None::<u64>; feed.trips.len()];
    for frequency in &feed.frequencies {
        let span = frequency.end.since(frequency.start).map_or(0, |span| span.get());
        if let Some(of_trip) = departures.get_mut(frequency.trip as usize) {
            *of_trip.get_or_insert(0) += u64::from(span.div_ceil(frequency.headway.get().max(1)));
        }
    }
    let mut of_service = vec![0_u64; feed.services.len()];
    for (trip, departures) in feed.trips.iter().zip(departures) {
        if let Some(count) = of_service.get_mut(trip.service as usize) {
            *count += departures.unwrap_or(1);
        }
    }
    let mut by_date = BTreeMap::new();
    for (service, count) in feed.services.iter().zip(of_service).filter(|(_, count)| *count > 0) {
        for date in &service.dates {
            *by_date.entry(*date).or_insert(0) += count;
        }
    }
    by_date
}

/// Notes the trips that nobody can ride, each with its line.
fn drop_unusable(
    times: &mut StopTimes,
    trips: &FeedTrips,
    frequencies: &Frequencies,
    archive: &Archive,
    ledger: &mut Ledger<'_>,
) {
    let mut page = ledger.page(archive.written("frequencies.txt"));
    for (trip, line) in &frequencies.without {
        if let (Some(fate), Some(record)) =
            (times.fates.get_mut(*trip as usize), trips.list.get(*trip as usize))
        {
            page.at(
                &policy::NO_FREQUENCY_LEFT,
                *line,
                format!("trip {}", shown(record.id.as_bytes())),
            );
            *fate = TripFate::Lost;
        }
    }
    let mut page = ledger.page(archive.written("trips.txt"));
    for ((fate, trip), line) in times.fates.iter().zip(&trips.list).zip(&trips.lines) {
        match fate {
            TripFate::TooShort => page.at(
                &policy::UNUSABLE_TRIP,
                *line,
                format!("trip {}", shown(trip.id.as_bytes())),
            ),
            TripFate::Flex => {
                page.at(&policy::FLEX_TRIP, *line, format!("trip {}", shown(trip.id.as_bytes())))
            }
            TripFate::Usable(_) | TripFate::Lost => {}
        }
    }
}

/// A feed all of whose trips were lost would make every journey one on foot. One that is served on
/// demand alone is what it is.
fn refuse_without_trips(times: &StopTimes, ledger: &Ledger<'_>) -> Result<(), GtfsError> {
    if times.fates.iter().any(|fate| matches!(fate, TripFate::Usable(_) | TripFate::Flex)) {
        return Ok(());
    }
    let why = ledger
        .first_loss()
        .map_or(String::new(), |loss| format!("; the first thing left out: {loss}"));
    Err(ledger.refuse(
        &policy::NO_TRIP,
        format!("none of its {} trips can be used{why}", times.fates.len()),
    ))
}

/// For each trip as read its position among those that are used.
fn positions(fates: &[TripFate]) -> Vec<Option<u32>> {
    let mut next = 0;
    let mut position = |fate: &TripFate| {
        matches!(fate, TripFate::Usable(_)).then(|| {
            next += 1;
            next - 1
        })
    };
    fates.iter().map(&mut position).collect()
}

fn with_calls(trips: FeedTrips, fates: &[TripFate]) -> Vec<Trip> {
    let usable = trips.list.into_iter().zip(fates).filter_map(|(mut trip, fate)| match fate {
        TripFate::Usable(calls) => {
            trip.calls = calls.clone();
            Some(trip)
        }
        _ => None,
    });
    usable.collect()
}

fn with_moved_trips(frequencies: Frequencies, moved: &[Option<u32>]) -> Vec<Frequency> {
    let here = |frequency: Frequency| {
        let trip = moved.get(frequency.trip as usize).copied().flatten()?;
        Some(Frequency { trip, ..frequency })
    };
    frequencies.list.into_iter().filter_map(here).collect()
}
