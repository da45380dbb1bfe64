//! trips.txt: which journeys there are, before their calls are known.

use rustc_hash::FxHashMap;

use super::archive::Archive;
use super::calendar::Services;
use super::error::GtfsError;
use super::ids::{KeyMatch, TableIds};
use super::ledger::{FileAccount, Ledger};
use super::policy;
use super::records::Trip;
use super::stops::wheelchair;
use super::table::{GtfsRow, GtfsTable, WantedColumns};

const TRIPS: WantedColumns = WantedColumns {
    table: "trips.txt",
    required: &["trip_id", "route_id", "service_id"],
    optional: &["trip_headsign", "block_id", "shape_id"],
    // Never worth losing a trip, as `gtfs_structures::RawTrip` would have it.
    beside: &["direction_id", "wheelchair_accessible"],
};

/// The trips in the order of the file, none with calls yet.
pub struct FeedTrips {
    /// Those whose route and service can be used.
    pub list: Vec<Trip>,
    /// Their ids, and those of the trips that were dropped.
    pub keys: TableIds,
    /// The line of each.
    pub lines: Vec<u64>,
}

/// Reads the trips.
pub fn read_trips(
    archive: &mut Archive,
    routes: &TableIds,
    services: &Services,
    ledger: &mut Ledger<'_>,
) -> Result<FeedTrips, GtfsError> {
    let mut page = ledger.page(archive.written(TRIPS.table));
    let Some(mut table) = GtfsTable::open(archive, &TRIPS, &mut page)? else {
        return Err(page.refuse(&policy::MISSING_FILE, None, "trips.txt is missing or empty"));
    };
    let mut trips = FeedTrips { list: Vec::new(), keys: TableIds::default(), lines: Vec::new() };
    let mut blocks = FxHashMap::default();
    while let Some(row) = table.next(&mut page)? {
        if !trips.keys.claim(&row, "trip_id", trips.list.len(), &mut page)? {
            continue;
        }
        match trip(&row, routes, services, &mut blocks, &mut page) {
            Some(trip) => {
                row.check_text(&mut page);
                trips.list.push(trip);
                trips.lines.push(row.line);
            }
            None => trips.keys.drop(row.named("trip_id")),
        }
    }
    page.close()?;
    Ok(trips)
}

fn trip(
    row: &GtfsRow<'_>,
    routes: &TableIds,
    services: &Services,
    blocks: &mut FxHashMap<String, u32>,
    page: &mut FileAccount<'_, '_>,
) -> Option<Trip> {
    let record: gtfs_structures::RawTrip =
        row.record().map_err(|bad| page.at(&policy::INVALID_FIELD, row.line, bad.what)).ok()?;
    let what = |column| format!("{}: {}", row.show("trip_id"), row.show(column));
    let KeyMatch::At(route) = routes.find(row.named("route_id")) else {
        page.at(&policy::UNKNOWN_REFERENCE, row.line, what("route_id"));
        return None;
    };
    let Some(service) = services.find(&record.service_id) else {
        let known = services.is_unreadable(&record.service_id);
        let rule = if known { &policy::TRIP_OF_BAD_ROW } else { &policy::UNKNOWN_REFERENCE };
        page.at(rule, row.line, what("service_id"));
        return None;
    };
    let next = u32::try_from(blocks.len()).unwrap_or(u32::MAX);
    Some(Trip {
        id: record.id,
        route,
        service,
        headsign: record.trip_headsign,
        block: record.block_id.map(|block| *blocks.entry(block).or_insert(next)),
        direction: direction(row, page),
        shape: record.shape_id,
        wheelchair: wheelchair(row, "wheelchair_accessible", page),
        withdrawn: false,
        calls: 0..0,
    })
}

fn direction(row: &GtfsRow<'_>, page: &mut FileAccount<'_, '_>) -> Option<bool> {
    match row.named("direction_id") {
        b"" => None,
        b"0" => Some(false),
        b"1" => Some(true),
        _ => {
            page.at(&policy::UNKNOWN_DIRECTION, row.line, row.show("direction_id"));
            None
        }
    }
}
