//! transfers.txt and pathways.txt: how one gets from vehicle to vehicle, where the feed says so.
//!
//! `gtfs-structures` does not read the columns that bind a transfer to routes and trips; without
//! them a ban between two routes would become one for the whole stop. So these two are read here.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::archive::Archive;
use super::error::GtfsError;
use super::ids::{KeyMatch, TableIds};
use super::ledger::{FileAccount, Ledger};
use super::policy;
use super::records::{Pathway, StairCount, StopKind, TransferKind, TransferRow};
use super::stops::FeedStops;
use super::table::{GtfsRow, GtfsTable, WantedColumns};
use super::trips::FeedTrips;
use crate::units::{Metres, Seconds};

const TRANSFERS: WantedColumns = WantedColumns {
    table: "transfers.txt",
    required: &[],
    optional: &[
        "from_stop_id",
        "to_stop_id",
        "from_route_id",
        "to_route_id",
        "from_trip_id",
        "to_trip_id",
        "transfer_type",
        "min_transfer_time",
    ],
    beside: &[],
};
const PATHWAYS: WantedColumns = WantedColumns {
    table: "pathways.txt",
    required: &["from_stop_id", "to_stop_id", "pathway_mode", "is_bidirectional"],
    optional: &["length", "traversal_time", "stair_count"],
    beside: &[],
};

/// No transfer or pathway takes longer than a day.
const LONGEST: u32 = 86_400;
/// No station has stairs of more steps.
const MOST_STAIRS: u32 = 5000;

/// What transfers refer to, and where the trips that are used have gone.
pub struct TransferReferences<'k> {
    /// The stops.
    pub stops: &'k FeedStops,
    /// The routes.
    pub routes: &'k TableIds,
    /// The trips as read.
    pub trips: &'k FeedTrips,
    /// For each trip as read its position among those that are used.
    pub moved: &'k [Option<u32>],
}

/// Reads the transfers. Of rows about the same thing the strictest is left.
pub fn read_transfers(
    archive: &mut Archive,
    referred: &TransferReferences<'_>,
    ledger: &mut Ledger<'_>,
) -> Result<Vec<TransferRow>, GtfsError> {
    let mut transfers = Vec::new();
    if !archive.has(TRANSFERS.table) {
        return Ok(transfers);
    }
    let mut page = ledger.page(archive.written(TRANSFERS.table));
    if let Some(mut table) = GtfsTable::open(archive, &TRANSFERS, &mut page)? {
        while let Some(row) = table.next(&mut page)? {
            transfers.extend(transfer(&row, referred, &mut page));
        }
    }
    let transfers = strictest(transfers, &mut page);
    page.close()?;
    Ok(transfers)
}

fn transfer(
    row: &GtfsRow<'_>,
    referred: &TransferReferences<'_>,
    page: &mut FileAccount<'_, '_>,
) -> Option<TransferRow> {
    let mut find = |column, keys| end(row, column, keys, page);
    let from_stop = find("from_stop_id", &referred.stops.keys)?;
    let to_stop = find("to_stop_id", &referred.stops.keys)?;
    let from_route = find("from_route_id", referred.routes)?;
    let to_route = find("to_route_id", referred.routes)?;
    let from_trip = find("from_trip_id", &referred.trips.keys)?;
    let to_trip = find("to_trip_id", &referred.trips.keys)?;
    let kind = kind(row, page)?;
    let lacks = match (kind.is_about_seats(), from_trip.zip(to_trip), from_stop.zip(to_stop)) {
        (true, None, _) => "trips",
        (false, _, None) => "stops",
        _ => "",
    };
    if !lacks.is_empty() {
        let what = format!("{} without its two {lacks}", row.show("transfer_type"));
        page.at(&policy::BAD_TRANSFER, row.line, what);
        return None;
    }
    for (stop, column) in [(from_stop, "from_stop_id"), (to_stop, "to_stop_id")] {
        if !kind.is_about_seats() && stop.is_some_and(|stop| nothing_calls_at(stop, referred.stops))
        {
            page.at(&policy::TRANSFER_AT_NO_STOP, row.line, row.show(column));
            return None;
        }
    }
    let from_route = route_beside(from_route, from_trip, "from_trip_id", row, referred.trips, page);
    let to_route = route_beside(to_route, to_trip, "to_trip_id", row, referred.trips, page);
    let (from_trip, to_trip) = (moved(from_trip, referred)?, moved(to_trip, referred)?);
    Some(TransferRow {
        from_stop,
        to_stop,
        from_route,
        to_route,
        from_trip,
        to_trip,
        kind,
        line: row.line,
    })
}

fn nothing_calls_at(stop: u32, stops: &FeedStops) -> bool {
    let kind = stops.list.get(stop as usize).map(|stop| stop.kind);
    matches!(kind, Some(StopKind::Entrance | StopKind::Node))
}

/// A row's route, where it says no trip: the trip is more specific, and it is one of the route's
/// (GTFS reference).
fn route_beside(
    route: Option<u32>,
    trip: Option<u32>,
    column: &str,
    row: &GtfsRow<'_>,
    trips: &FeedTrips,
    page: &mut FileAccount<'_, '_>,
) -> Option<u32> {
    let Some(trip) = trip else { return route };
    let of_trip = trips.list.get(trip as usize).map(|trip| trip.route);
    if route.is_some() && route != of_trip {
        page.at(&policy::TRIP_OF_OTHER_ROUTE, row.line, row.show(column));
    }
    None
}

/// Of the rows with one primary key the strictest, in the order of the file; those beside it are
/// noted.
fn strictest(mut rows: Vec<TransferRow>, page: &mut FileAccount<'_, '_>) -> Vec<TransferRow> {
    let mut first: FxHashMap<_, usize> = FxHashMap::default();
    let mut kept: Vec<TransferRow> = Vec::with_capacity(rows.len());
    for row in rows.drain(..) {
        match first.entry(key(&row)) {
            Entry::Vacant(entry) => {
                entry.insert(kept.len());
                kept.push(row);
            }
            Entry::Occupied(entry) => {
                let Some(known) = kept.get_mut(*entry.get()) else { continue };
                let alike = known.kind == row.kind;
                let rule = if alike {
                    &policy::SAME_TRANSFER_AGAIN
                } else {
                    &policy::CONFLICTING_TRANSFERS
                };
                page.at(rule, row.line, format!("line {} is about the same change", known.line));
                if row.kind.strictness() > known.kind.strictness() {
                    *known = row;
                }
            }
        }
    }
    kept
}

/// What a row is about. Where riders stay seated the stops are those of the trips.
fn key(row: &TransferRow) -> (bool, [Option<u32>; 6]) {
    let seats = row.kind.is_about_seats();
    let stop = |stop: Option<u32>| stop.filter(|_| !seats);
    let ends = [
        stop(row.from_stop),
        stop(row.to_stop),
        row.from_route,
        row.to_route,
        row.from_trip,
        row.to_trip,
    ];
    (seats, ends)
}

/// What a cell refers to: `Some(None)` for a blank, `None` if the row is to be skipped.
fn end(
    row: &GtfsRow<'_>,
    column: &str,
    keys: &TableIds,
    page: &mut FileAccount<'_, '_>,
) -> Option<Option<u32>> {
    let id = row.named(column);
    if id.is_empty() {
        return Some(None);
    }
    match keys.find(id) {
        KeyMatch::At(at) => Some(Some(at)),
        // What it refers to was dropped, and the finding stands there.
        KeyMatch::Dropped => None,
        KeyMatch::Nothing => {
            page.at(&policy::UNKNOWN_TRANSFER_REFERENCE, row.line, row.show(column));
            None
        }
    }
}

fn moved(trip: Option<u32>, referred: &TransferReferences<'_>) -> Option<Option<u32>> {
    match trip {
        None => Some(None),
        Some(trip) => referred.moved.get(trip as usize).copied().flatten().map(Some),
    }
}

fn kind(row: &GtfsRow<'_>, page: &mut FileAccount<'_, '_>) -> Option<TransferKind> {
    let kind = match row.named("transfer_type") {
        b"" | b"0" => TransferKind::Recommended,
        b"1" => TransferKind::Timed,
        b"2" if row.named("min_transfer_time").is_empty() => {
            page.at(&policy::NO_TRANSFER_TIME, row.line, row.show("transfer_type"));
            return Some(TransferKind::Recommended);
        }
        b"2" => {
            let least = seconds(row, "min_transfer_time", &policy::BAD_TRANSFER, page)?;
            return Some(TransferKind::MinimumTime(least));
        }
        b"3" => TransferKind::Forbidden,
        b"4" => TransferKind::StaySeated,
        b"5" => TransferKind::GetOff,
        _ => {
            page.at(&policy::BAD_TRANSFER, row.line, row.show("transfer_type"));
            return None;
        }
    };
    if !row.named("min_transfer_time").is_empty() {
        let what = format!("{}, {}", row.show("transfer_type"), row.show("min_transfer_time"));
        page.at(&policy::TIME_OF_OTHER_TRANSFER, row.line, what);
    }
    Some(kind)
}

fn seconds(
    row: &GtfsRow<'_>,
    column: &str,
    rule: &policy::FaultRule,
    page: &mut FileAccount<'_, '_>,
) -> Option<Seconds> {
    let seconds = row.text(column).parse().ok().filter(|seconds| *seconds <= LONGEST);
    if seconds.is_none() {
        page.at(rule, row.line, row.show(column));
    }
    seconds.map(Seconds::new)
}

/// Reads the pathways.
pub fn read_pathways(
    archive: &mut Archive,
    stops: &TableIds,
    ledger: &mut Ledger<'_>,
) -> Result<Vec<Pathway>, GtfsError> {
    let mut pathways = Vec::new();
    if !archive.has(PATHWAYS.table) {
        return Ok(pathways);
    }
    let mut page = ledger.page(archive.written(PATHWAYS.table));
    if let Some(mut table) = GtfsTable::open(archive, &PATHWAYS, &mut page)? {
        while let Some(row) = table.next(&mut page)? {
            pathways.extend(pathway(&row, stops, &mut page));
        }
    }
    page.close()?;
    Ok(pathways)
}

fn pathway(row: &GtfsRow<'_>, stops: &TableIds, page: &mut FileAccount<'_, '_>) -> Option<Pathway> {
    let from = end(row, "from_stop_id", stops, page)?;
    let to = end(row, "to_stop_id", stops, page)?;
    let mode = row.text("pathway_mode").parse().ok().filter(|mode| (1..=7).contains(mode));
    let both_ways = match row.named("is_bidirectional") {
        b"0" => Some(false),
        b"1" => Some(true),
        _ => None,
    };
    let (Some(((from, to), mode)), Some(both_ways)) = (from.zip(to).zip(mode), both_ways) else {
        let columns = ["from_stop_id", "to_stop_id", "pathway_mode", "is_bidirectional"];
        page.at(&policy::BAD_PATHWAY, row.line, columns.map(|column| row.show(column)).join(", "));
        return None;
    };
    let time = match row.named("traversal_time") {
        b"" => None,
        // It is a positive number (GTFS reference); 0 is what publishers write who know none.
        _ => match seconds(row, "traversal_time", &policy::BAD_PATHWAY, page)? {
            Seconds::ZERO => {
                page.at(&policy::BAD_TRAVERSAL, row.line, row.show("traversal_time"));
                None
            }
            time => Some(time),
        },
    };
    let length = match row.text("length").as_ref() {
        "" => None,
        text => match text.parse().ok().filter(|metres: &f64| (0.0..100_000.0).contains(metres)) {
            Some(metres) => Some(Metres::new(metres)),
            None => {
                page.at(&policy::BAD_PATHWAY, row.line, row.show("length"));
                return None;
            }
        },
    };
    Some(Pathway { from, to, mode, both_ways, length, time, stairs: stairs(row, page) })
}

fn stairs(row: &GtfsRow<'_>, page: &mut FileAccount<'_, '_>) -> Option<StairCount> {
    let count = row.text("stair_count");
    if count.is_empty() {
        return None;
    }
    let stairs = count
        .parse()
        .ok()
        .map(i32::unsigned_abs)
        .filter(|stairs| (1..=MOST_STAIRS).contains(stairs));
    if stairs.is_none() {
        page.at(&policy::BAD_TRAVERSAL, row.line, row.show("stair_count"));
    }
    stairs.map(StairCount)
}
