//! frequencies.txt: trips that run by headway.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use csv::ByteRecord;

use super::archive::Archive;
use super::error::GtfsError;
use super::ids::KeyMatch;
use super::ledger::{FileAccount, Ledger, shown};
use super::policy;
use super::records::Frequency;
use super::table::{GtfsRow, GtfsTable, WantedColumns};
use super::time;
use super::trips::FeedTrips;
use crate::units::Seconds;

const FREQUENCIES: WantedColumns = WantedColumns {
    table: "frequencies.txt",
    required: &["trip_id", "start_time", "end_time", "headway_secs"],
    optional: &["exact_times"],
    beside: &[],
};

/// A headway longer than this is no headway.
const LONGEST_HEADWAY: u32 = 7 * 86_400;

/// The frequencies, and the trips that run by none although they should.
#[derive(Default)]
pub struct Frequencies {
    /// In the order of the file.
    pub list: Vec<Frequency>,
    /// Trips whose every row was dropped, with the line of the last: as scheduled trips they would
    /// run once, wrongly.
    pub without: BTreeMap<u32, u64>,
}

/// Reads the frequencies. Their trips are positions in the trips as read.
///
/// The cells are read one by one: the times of `gtfs_structures::RawFrequency` overflow on
/// `9999999:00:00`.
pub fn read_frequencies(
    archive: &mut Archive,
    trips: &FeedTrips,
    ledger: &mut Ledger<'_>,
) -> Result<Frequencies, GtfsError> {
    let mut frequencies = Frequencies::default();
    if !archive.has(FREQUENCIES.table) {
        return Ok(frequencies);
    }
    let mut page = ledger.page(archive.written(FREQUENCIES.table));
    let mut read: Vec<(Frequency, u64)> = Vec::new();
    let mut unusable = BTreeMap::new();
    if let Some(mut table) = GtfsTable::open(archive, &FREQUENCIES, &mut page)? {
        let mut lost = |line: u64, cells: &ByteRecord| {
            // Its cells may have moved: any of them may be the trip's id.
            if let Some(trip) =
                cells.iter().find_map(|cell| trips.keys.find(cell.trim_ascii()).used())
            {
                frequencies.without.insert(trip, line);
            }
        };
        while let Some(row) = table.next_or(&mut page, &mut lost)? {
            match trips.keys.find(row.named("trip_id")) {
                KeyMatch::At(trip) => match frequency(trip, &row, &mut page) {
                    Some(frequency) => read.push((frequency, row.line)),
                    None => drop(unusable.insert(trip, row.line)),
                },
                KeyMatch::Dropped => {}
                KeyMatch::Nothing => {
                    page.at(&policy::UNKNOWN_REFERENCE, row.line, row.show("trip_id"))
                }
            }
        }
    }
    frequencies.without.append(&mut unusable);
    frequencies.list = without_overlaps(read, trips, &mut page);
    let running: BTreeSet<u32> = frequencies.list.iter().map(|frequency| frequency.trip).collect();
    frequencies.without.retain(|trip, _| !running.contains(trip));
    page.close()?;
    Ok(frequencies)
}

fn frequency(trip: u32, row: &GtfsRow<'_>, page: &mut FileAccount<'_, '_>) -> Option<Frequency> {
    let what = |column| format!("{}: {}", row.show("trip_id"), row.show(column));
    let time = |column, page: &mut FileAccount<'_, '_>| {
        let refuse =
            |why| page.at(&policy::BAD_FREQUENCY, row.line, format!("{} {why}", what(column)));
        time::parse(row.named(column)).map_err(refuse).ok()
    };
    let start = time("start_time", page)?;
    let end = time("end_time", page)?;
    if end <= start {
        page.at(
            &policy::FREQUENCY_REVERSED,
            row.line,
            format!("{}, {}", what("start_time"), row.show("end_time")),
        );
        return None;
    }
    let headway = row
        .text("headway_secs")
        .parse()
        .ok()
        .filter(|headway| (1..=LONGEST_HEADWAY).contains(headway));
    let Some(headway) = headway else {
        page.at(&policy::ZERO_HEADWAY, row.line, what("headway_secs"));
        return None;
    };
    let exact = match row.named("exact_times") {
        b"" | b"0" => false,
        b"1" => true,
        _ => {
            page.at(&policy::UNKNOWN_EXACT, row.line, what("exact_times"));
            false
        }
    };
    Some(Frequency { trip, start, end, headway: Seconds::new(headway), exact })
}

/// Ends a row where the next of its trip begins, and drops rows that lie within another: of two
/// rows that overlap both would send a vehicle. A row that begins within another and goes on behind
/// it is where the headway changes, so the new one holds from its start; its departures keep their
/// times.
fn without_overlaps(
    mut read: Vec<(Frequency, u64)>,
    trips: &FeedTrips,
    page: &mut FileAccount<'_, '_>,
) -> Vec<Frequency> {
    read.sort_by_key(|(row, line)| (row.trip, row.start, Reverse(row.end), *line));
    let id = |trip: u32| {
        trips.list.get(trip as usize).map_or("\"\"".to_owned(), |trip| shown(trip.id.as_bytes()))
    };
    let mut kept: Vec<(Frequency, u64)> = Vec::new();
    for (row, line) in read {
        if let Some((earlier, at)) =
            kept.last_mut().filter(|(e, _)| e.trip == row.trip && row.start < e.end)
        {
            let what = format!("trip {}: {} to {}", id(row.trip), row.start, row.end);
            if row.end <= earlier.end {
                page.at(&policy::OVERLAPPING, line, format!("{what} lies within line {at}"));
                continue;
            }
            page.at(&policy::CLIPPED, line, format!("{what}, but line {at} ends {}", earlier.end));
            earlier.end = row.start;
        }
        kept.push((row, line));
    }
    kept.into_iter().map(|(row, _)| row).collect()
}
