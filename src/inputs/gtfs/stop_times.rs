//! stop_times.txt, the one large table: streamed, a trip at a time, without a string for any row.

use std::ops::Range;

use super::archive::Archive;
use super::calls::{self, CallCounts, RawCall};
use super::error::GtfsError;
use super::ids::KeyMatch;
use super::interpolate::StopPoints;
use super::ledger::{FileAccount, Ledger, shown};
use super::policy;
use super::records::{Call, Route, StopKind};
use super::stop_time_cells::{STOP_TIMES, StopTimeColumns, call_rule, distance, whole_number};
use super::stops::FeedStops;
use super::table::{GtfsColumn, GtfsRow, GtfsTable};
use super::time;
use super::trips::FeedTrips;
use crate::finding::Findings;
use crate::units::ServiceTime;

/// What stop_times.txt refers to.
pub struct KnownIds<'k> {
    /// The stops,
    pub stops: &'k FeedStops,
    /// the routes,
    pub routes: &'k [Route],
    /// and the trips.
    pub trips: &'k FeedTrips,
}

/// The calls of all trips.
#[derive(Default)]
pub struct StopTimes {
    /// In the order in which the file has their trips.
    pub calls: Vec<Call>,
    /// What became of each trip.
    pub fates: Vec<TripFate>,
}

/// What became of a trip.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TripFate {
    /// It has fewer than two calls.
    #[default]
    TooShort,
    /// Its calls, a run of [`StopTimes::calls`].
    Usable(Range<u32>),
    /// It was dropped, and a finding says why.
    Lost,
    /// It is served on demand.
    Flex,
}

/// Reads the calls.
///
/// Almost every feed has the rows of a trip together, and then each trip is finished as it goes by.
/// If a trip turns up again later, the file is read once more with all rows held until the end.
/// Measured on five million made-up rows (429 MB of text, one core of a shared EPYC): 2.1 s and 150
/// MB at most for the whole feed; with no trip's rows together 4.3 s and 540 MB.
pub fn read_stop_times(
    archive: &mut Archive,
    known: &KnownIds<'_>,
    feed: &str,
    ledger: &mut Ledger<'_>,
) -> Result<StopTimes, GtfsError> {
    let places = StopPoints::of(&known.stops.list);
    for order in [CallOrder::TripsTogether, CallOrder::Any] {
        let mut findings = Findings::new();
        let mut draft = Ledger::new(feed, &mut findings);
        let read = StopTimesReader::new(known, &places, order).read(archive, &mut draft);
        let account = draft.close();
        match read {
            Ok(None) => continue,
            Ok(Some(times)) => {
                ledger.adopt(account, findings);
                return Ok(times);
            }
            Err(error) => {
                ledger.adopt(account, findings);
                return Err(error);
            }
        }
    }
    Ok(StopTimes::default())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CallOrder {
    TripsTogether,
    Any,
}

struct StopTimesReader<'r> {
    known: &'r KnownIds<'r>,
    places: &'r StopPoints,
    order: CallOrder,
    is_begun: Vec<bool>,
    times: StopTimes,
    counts: CallCounts,
    continuous: u64,
    station_calls: Vec<bool>,
    fast: u64,
}

impl<'r> StopTimesReader<'r> {
    fn new(known: &'r KnownIds<'r>, places: &'r StopPoints, order: CallOrder) -> Self {
        let trips = known.trips.list.len();
        StopTimesReader {
            known,
            places,
            order,
            is_begun: vec![false; trips],
            times: StopTimes { calls: Vec::new(), fates: vec![TripFate::default(); trips] },
            counts: CallCounts::default(),
            continuous: 0,
            station_calls: vec![false; known.stops.list.len()],
            fast: 0,
        }
    }

    /// Reads the whole table; `None` if trips do not stand together though they were expected to.
    fn read(
        mut self,
        archive: &mut Archive,
        ledger: &mut Ledger<'_>,
    ) -> Result<Option<StopTimes>, GtfsError> {
        let mut page = ledger.page(archive.written(STOP_TIMES.table));
        let Some(mut table) = GtfsTable::open(archive, &STOP_TIMES, &mut page)? else {
            return Err(page.refuse(
                &policy::MISSING_FILE,
                None,
                "stop_times.txt is missing or empty",
            ));
        };
        let columns = StopTimeColumns::of(&table);
        let (mut trip, mut trip_id) = (KeyMatch::Nothing, Vec::new());
        let (mut rows, mut held) = (Vec::new(), Vec::new());
        while let Some(row) = table.next(&mut page)? {
            let id = row.cell(columns.trip);
            if id != trip_id.as_slice() {
                if let (KeyMatch::At(at), CallOrder::TripsTogether) = (trip, self.order) {
                    self.finish(at, &mut rows, &mut page);
                }
                trip_id.clear();
                trip_id.extend_from_slice(id);
                trip = self.known.trips.keys.find(id);
                if trip.used().is_some_and(|at| self.is_met_again(at)) {
                    return Ok(None);
                }
            }
            match trip {
                KeyMatch::At(at) => {
                    if let Some(call) = self.call(at, &row, &columns, &mut page) {
                        match self.order {
                            CallOrder::TripsTogether => rows.push(call),
                            CallOrder::Any => held.push((at, call)),
                        }
                    }
                }
                // Its row in trips.txt was dropped, and the finding stands there.
                KeyMatch::Dropped => {}
                KeyMatch::Nothing => {
                    page.at(&policy::UNKNOWN_REFERENCE, row.line, format!("trip_id={}", shown(id)));
                }
            }
        }
        drop(table);
        if let (KeyMatch::At(at), CallOrder::TripsTogether) = (trip, self.order) {
            self.finish(at, &mut rows, &mut page);
        }
        self.finish_held(held, &mut page);
        self.sum_up(&mut page);
        page.close()?;
        Ok(Some(self.times))
    }

    /// Marks a trip as begun; true if it was and trips were to stand together.
    fn is_met_again(&mut self, trip: u32) -> bool {
        let Some(begun) = self.is_begun.get_mut(trip as usize) else { return false };
        std::mem::replace(begun, true) && self.order == CallOrder::TripsTogether
    }

    fn set_fate(&mut self, trip: u32, fate: TripFate) {
        if let Some(of_trip) = self.times.fates.get_mut(trip as usize) {
            *of_trip = fate;
        }
    }

    fn finish_held(&mut self, mut held: Vec<(u32, RawCall)>, page: &mut FileAccount<'_, '_>) {
        held.sort_by_key(|(trip, call)| (*trip, call.sequence));
        for of_trip in held.chunk_by(|(a, _), (b, _)| a == b) {
            let Some((trip, _)) = of_trip.first() else { continue };
            let mut rows = of_trip.iter().map(|(_, call)| call.clone()).collect();
            self.finish(*trip, &mut rows, page);
        }
    }

    fn finish(&mut self, trip: u32, rows: &mut Vec<RawCall>, page: &mut FileAccount<'_, '_>) {
        let is_open = !matches!(self.times.fates.get(trip as usize), Some(TripFate::Lost));
        if let Some(record) =
            self.known.trips.list.get(trip as usize).filter(|_| is_open && rows.len() >= 2)
        {
            let from = self.times.calls.len();
            if calls::finish(
                &record.id,
                rows,
                self.places,
                &mut self.times.calls,
                &mut self.counts,
                page,
            ) {
                let kind = self
                    .known
                    .routes
                    .get(record.route as usize)
                    .map_or(3, |route| route.route_type);
                self.fast += calls::fast_legs(
                    self.times.calls.get(from..).unwrap_or_default(),
                    self.places,
                    kind,
                );
                let range =
                    u32::try_from(from).ok().zip(u32::try_from(self.times.calls.len()).ok());
                self.set_fate(
                    trip,
                    range.map_or(TripFate::Lost, |(from, to)| TripFate::Usable(from..to)),
                );
            } else {
                self.set_fate(trip, TripFate::Lost);
            }
        }
        rows.clear();
    }

    fn call(
        &mut self,
        trip: u32,
        row: &GtfsRow<'_>,
        columns: &StopTimeColumns,
        page: &mut FileAccount<'_, '_>,
    ) -> Option<RawCall> {
        if columns.is_flex(row) {
            if self.times.fates.get(trip as usize) == Some(&TripFate::TooShort) {
                self.set_fate(trip, TripFate::Flex);
            }
            page.at(&policy::FLEX_ROW, row.line, row.show("trip_id"));
            return None;
        }
        let stop_id = row.cell(columns.stop);
        let KeyMatch::At(stop) = self.known.stops.keys.find(stop_id) else {
            let rule = if stop_id.is_empty() {
                &policy::MISSING_FIELD
            } else {
                &policy::UNKNOWN_REFERENCE
            };
            page.at(rule, row.line, format!("{}: stop_id={}", row.show("trip_id"), shown(stop_id)));
            return None;
        };
        self.continuous += u64::from(columns.is_continuous(row));
        self.note_station(stop, row, page);
        let Some(sequence) = whole_number(row.cell(columns.sequence)) else {
            page.at(
                &policy::INVALID_SEQUENCE,
                row.line,
                format!("{}: {}", row.show("trip_id"), row.show("stop_sequence")),
            );
            self.set_fate(trip, TripFate::Lost);
            return None;
        };
        let arrival = self.time(trip, row, columns.arrival, "arrival_time", page)?;
        let departure = self.time(trip, row, columns.departure, "departure_time", page)?;
        Some(RawCall {
            line: row.line,
            sequence,
            stop,
            arrival,
            departure,
            along: distance(row.cell(columns.along)),
            pickup: call_rule(row, columns.pickup, "pickup_type", page),
            drop_off: call_rule(row, columns.drop_off, "drop_off_type", page),
            is_timepoint: row.cell(columns.timepoint) == b"1",
        })
    }

    /// A time or a blank; `None` if it is neither, and then the trip is lost.
    fn time(
        &mut self,
        trip: u32,
        row: &GtfsRow<'_>,
        column: GtfsColumn,
        name: &str,
        page: &mut FileAccount<'_, '_>,
    ) -> Option<Option<ServiceTime>> {
        let cell = row.cell(column);
        if cell.is_empty() {
            return Some(None);
        }
        match time::parse(cell) {
            Ok(time) => Some(Some(time)),
            Err(why) => {
                let what = format!("{}: {name}={} {why}", row.show("trip_id"), shown(cell));
                page.at(&policy::INVALID_TIME, row.line, what);
                self.set_fate(trip, TripFate::Lost);
                None
            }
        }
    }

    fn note_station(&mut self, stop: u32, row: &GtfsRow<'_>, page: &mut FileAccount<'_, '_>) {
        let at = stop as usize;
        let (Some(record), Some(noted)) =
            (self.known.stops.list.get(at), self.station_calls.get_mut(at))
        else {
            return;
        };
        if record.kind != StopKind::Platform && !std::mem::replace(noted, true) {
            let what = format!(
                "stop {} is called at, but its kind is {:?}",
                shown(record.id.as_bytes()),
                record.kind
            );
            page.at(&policy::STATION_CALL, row.line, what);
        }
    }

    /// Notes what is only counted.
    fn sum_up(&mut self, page: &mut FileAccount<'_, '_>) {
        let counts = &self.counts;
        page.count(&policy::UNSORTED, counts.unsorted, "trips whose rows are not in order");
        page.count(&policy::ONE_TIME, counts.one_time, "calls with one of the two times");
        page.count(&policy::TIMEPOINT_BLANK, counts.blank_timepoints, "timepoints without times");
        page.count(&policy::INTERPOLATED_BY_SHAPE, counts.filled.shape, "calls with blank times");
        page.count(&policy::INTERPOLATED_BY_LINE, counts.filled.line, "calls with blank times");
        page.count(&policy::INTERPOLATED_EVENLY, counts.filled.even, "calls with blank times");
        page.count(
            &policy::CONTINUOUS,
            self.continuous,
            "continuous_pickup or continuous_drop_off of calls",
        );
        page.count(&policy::FAST, self.fast, "calls reached faster than such a vehicle goes");
    }
}
