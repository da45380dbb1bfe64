//! transfers.txt and pathways.txt: how one gets from vehicle to vehicle, where the feed says so.
//!
//! `gtfs-structures` does not read the columns that bind a transfer to routes and trips; without them a ban between two
//! routes would become one for the whole stop. So these two are read here.

use super::archive::Archive;
use super::error::GtfsError;
use super::keys::{Found, Keys};
use super::ledger::{Ledger, Page};
use super::policy;
use super::records::{Pathway, Transfer, TransferKind};
use super::table::{Row, Table, Wanted};
use crate::units::{Metres, Seconds};

const TRANSFERS: Wanted = Wanted {
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
const PATHWAYS: Wanted = Wanted {
    table: "pathways.txt",
    required: &["from_stop_id", "to_stop_id", "pathway_mode", "is_bidirectional"],
    optional: &["length", "traversal_time"],
    beside: &[],
};

/// No transfer or pathway takes longer than a day.
const LONGEST: u32 = 86_400;

/// The ids that transfers refer to, and where the trips that are used have gone.
pub struct Referred<'k> {
    /// The stops.
    pub stops: &'k Keys,
    /// The routes.
    pub routes: &'k Keys,
    /// The trips as read.
    pub trips: &'k Keys,
    /// For each trip as read its position among those that are used.
    pub moved: &'k [Option<u32>],
}

/// Reads the transfers.
pub fn read_transfers(
    archive: &mut Archive,
    referred: &Referred<'_>,
    ledger: &mut Ledger<'_>,
) -> Result<Vec<Transfer>, GtfsError> {
    let mut transfers = Vec::new();
    if !archive.has(TRANSFERS.table) {
        return Ok(transfers);
    }
    let mut page = ledger.page(archive.written(TRANSFERS.table));
    if let Some(mut table) = Table::open(archive, &TRANSFERS, &mut page)? {
        while let Some(row) = table.next(&mut page)? {
            transfers.extend(transfer(&row, referred, &mut page));
        }
    }
    page.close()?;
    Ok(transfers)
}

fn transfer(row: &Row<'_>, referred: &Referred<'_>, page: &mut Page<'_, '_>) -> Option<Transfer> {
    let mut find = |column, keys| end(row, column, keys, page);
    let from_stop = find("from_stop_id", referred.stops)?;
    let to_stop = find("to_stop_id", referred.stops)?;
    let from_route = find("from_route_id", referred.routes)?;
    let to_route = find("to_route_id", referred.routes)?;
    let from_trip = moved(find("from_trip_id", referred.trips)?, referred)?;
    let to_trip = moved(find("to_trip_id", referred.trips)?, referred)?;
    let kind = kind(row, page)?;
    let lacks = match kind {
        TransferKind::StaySeated | TransferKind::GetOff if from_trip.is_none() || to_trip.is_none() => {
            "trips"
        }
        TransferKind::StaySeated | TransferKind::GetOff => "",
        _ if from_stop.is_none() || to_stop.is_none() => "stops",
        _ => "",
    };
    if !lacks.is_empty() {
        let what = format!("{} without its two {lacks}", row.show("transfer_type"));
        page.at(&policy::BAD_TRANSFER, row.line, what);
        return None;
    }
    Some(Transfer { from_stop, to_stop, from_route, to_route, from_trip, to_trip, kind, line: row.line })
}

/// What a cell refers to: `Some(None)` for a blank, `None` if the row is to be skipped.
fn end(row: &Row<'_>, column: &str, keys: &Keys, page: &mut Page<'_, '_>) -> Option<Option<u32>> {
    let id = row.named(column);
    if id.is_empty() {
        return Some(None);
    }
    match keys.find(id) {
        Found::At(at) => Some(Some(at)),
        // What it refers to was dropped, and the finding stands there.
        Found::Dropped => None,
        Found::Nothing => {
            page.at(&policy::UNKNOWN_TRANSFER_REFERENCE, row.line, row.show(column));
            None
        }
    }
}

fn moved(trip: Option<u32>, referred: &Referred<'_>) -> Option<Option<u32>> {
    match trip {
        None => Some(None),
        Some(trip) => referred.moved.get(trip as usize).copied().flatten().map(Some),
    }
}

fn kind(row: &Row<'_>, page: &mut Page<'_, '_>) -> Option<TransferKind> {
    Some(match row.named("transfer_type") {
        b"" | b"0" => TransferKind::Recommended,
        b"1" => TransferKind::Timed,
        b"2" if row.named("min_transfer_time").is_empty() => {
            page.at(&policy::NO_TRANSFER_TIME, row.line, row.show("transfer_type"));
            TransferKind::Recommended
        }
        b"2" => TransferKind::MinimumTime(seconds(row, "min_transfer_time", &policy::BAD_TRANSFER, page)?),
        b"3" => TransferKind::Forbidden,
        b"4" => TransferKind::StaySeated,
        b"5" => TransferKind::GetOff,
        _ => {
            page.at(&policy::BAD_TRANSFER, row.line, row.show("transfer_type"));
            return None;
        }
    })
}

fn seconds(row: &Row<'_>, column: &str, rule: &policy::Rule, page: &mut Page<'_, '_>) -> Option<Seconds> {
    let seconds = row.text(column).parse().ok().filter(|seconds| *seconds <= LONGEST);
    if seconds.is_none() {
        page.at(rule, row.line, row.show(column));
    }
    seconds.map(Seconds)
}

/// Reads the pathways.
pub fn read_pathways(
    archive: &mut Archive,
    stops: &Keys,
    ledger: &mut Ledger<'_>,
) -> Result<Vec<Pathway>, GtfsError> {
    let mut pathways = Vec::new();
    if !archive.has(PATHWAYS.table) {
        return Ok(pathways);
    }
    let mut page = ledger.page(archive.written(PATHWAYS.table));
    if let Some(mut table) = Table::open(archive, &PATHWAYS, &mut page)? {
        while let Some(row) = table.next(&mut page)? {
            pathways.extend(pathway(&row, stops, &mut page));
        }
    }
    page.close()?;
    Ok(pathways)
}

fn pathway(row: &Row<'_>, stops: &Keys, page: &mut Page<'_, '_>) -> Option<Pathway> {
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
        _ => Some(seconds(row, "traversal_time", &policy::BAD_PATHWAY, page)?),
    };
    let length = match row.text("length").as_ref() {
        "" => None,
        text => match text.parse().ok().filter(|metres: &f64| (0.0..100_000.0).contains(metres)) {
            Some(metres) => Some(Metres(metres)),
            None => {
                page.at(&policy::BAD_PATHWAY, row.line, row.show("length"));
                return None;
            }
        },
    };
    Some(Pathway { from, to, mode, both_ways, length, time })
}
