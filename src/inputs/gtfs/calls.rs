//! The calls of one trip: put in order, checked, and their blank times filled.

use super::interpolate::{self, FilledCalls, StopPoints};
use super::ledger::{FileAccount, shown};
use super::policy;
use super::records::{Call, CallRule};
use crate::units::ServiceTime;

/// A row of stop_times.txt as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct RawCall {
    /// Its line.
    pub line: u64,
    /// `stop_sequence`.
    pub sequence: u64,
    /// A position in the feed's stops.
    pub stop: u32,
    /// `arrival_time`.
    pub arrival: Option<ServiceTime>,
    /// `departure_time`.
    pub departure: Option<ServiceTime>,
    /// `shape_dist_traveled`, in whatever unit.
    pub along: Option<f64>,
    /// `pickup_type`.
    pub pickup: CallRule,
    /// `drop_off_type`.
    pub drop_off: CallRule,
    /// `timepoint=1`.
    pub is_timepoint: bool,
}

/// What was found in all trips together.
#[derive(Debug, Default)]
pub struct CallCounts {
    /// Trips whose rows did not stand in order.
    pub unsorted: u64,
    /// Calls with one of their two times.
    pub one_time: u64,
    /// Blank timepoints.
    pub blank_timepoints: u64,
    /// Calls that were filled, by how.
    pub filled: FilledCalls,
}

/// Turns the rows of one trip into calls behind those of the others. False if the trip cannot be
/// used; what was wrong is then on the page.
pub fn finish(
    trip: &str,
    rows: &mut Vec<RawCall>,
    places: &StopPoints,
    calls: &mut Vec<Call>,
    counts: &mut CallCounts,
    page: &mut FileAccount<'_, '_>,
) -> bool {
    if !rows.is_sorted_by_key(|row| row.sequence) {
        counts.unsorted += 1;
        rows.sort_by_key(|row| row.sequence);
    }
    if !drop_repeats(trip, rows, page) || !complete(trip, rows, counts, page) {
        return false;
    }
    interpolate::fill(rows, places, calls, &mut counts.filled);
    true
}

/// Of two equal rows one goes. False if two different rows claim one place.
fn drop_repeats(trip: &str, rows: &mut Vec<RawCall>, page: &mut FileAccount<'_, '_>) -> bool {
    let mut is_clear = true;
    rows.dedup_by(|row, before| {
        if row.sequence != before.sequence {
            return false;
        }
        let what = format!(
            "trip {}: stop_sequence {} stands at line {} too",
            shown(trip.as_bytes()),
            row.sequence,
            before.line
        );
        let is_same = RawCall { line: before.line, ..row.clone() } == *before;
        if is_same {
            page.at(&policy::SAME_ROW_AGAIN, row.line, what);
        } else if is_clear {
            page.at(&policy::SAME_SEQUENCE, row.line, what);
            is_clear = false;
        }
        is_same
    });
    is_clear
}

/// Copies the one time to the other, and refuses trips without ends or that run back in time.
fn complete(
    trip: &str,
    rows: &mut [RawCall],
    counts: &mut CallCounts,
    page: &mut FileAccount<'_, '_>,
) -> bool {
    let mut before: Option<(ServiceTime, u64)> = None;
    for row in rows.iter_mut() {
        counts.one_time += u64::from(row.arrival.is_some() != row.departure.is_some());
        row.arrival = row.arrival.or(row.departure);
        row.departure = row.departure.or(row.arrival);
        let Some((arrival, departure)) = row.arrival.zip(row.departure) else {
            counts.blank_timepoints += u64::from(row.is_timepoint);
            continue;
        };
        if departure < arrival {
            let what =
                format!("trip {}: departs {departure}, arrives {arrival}", shown(trip.as_bytes()));
            page.at(&policy::DEPARTS_BEFORE_ARRIVAL, row.line, what);
            row.departure = Some(arrival);
        }
        if let Some((left, line)) = before.filter(|(left, _)| arrival < *left) {
            let what = format!(
                "trip {}: arrives {arrival}, but left at {left} (line {line})",
                shown(trip.as_bytes())
            );
            page.at(&policy::TIME_TRAVEL, row.line, what);
            return false;
        }
        before = row.departure.map(|departure| (departure, row.line));
    }
    for end in [rows.first(), rows.last()].into_iter().flatten() {
        if end.arrival.is_none() {
            page.at(&policy::MISSING_EDGE, end.line, format!("trip {}", shown(trip.as_bytes())));
            return false;
        }
    }
    true
}

/// Calls that are reached faster than a vehicle of this kind goes: the limits of MobilityData's
/// validator, with a minute granted for times that are rounded.
pub fn fast_legs(calls: &[Call], places: &StopPoints, route_type: u16) -> u64 {
    let kmh = match route_type {
        0 | 900..=999 => 100.0,
        2 | 100..=199 => 500.0,
        4 | 1000..=1099 | 1200..=1299 => 80.0,
        _ => 150.0,
    };
    let is_fast = |from: &Call, to: &Call| {
        let metres = places.metres(from.stop, to.stop)?;
        let seconds = f64::from(to.arrival.since(from.departure)?.get()) + 60.0;
        Some(metres / seconds * 3.6 > kmh)
    };
    calls.iter().zip(calls.iter().skip(1)).filter(|(a, b)| is_fast(a, b) == Some(true)).count()
        as u64
}
