//! The rides of a window: what every search reads, laid out once for the departures and limits of a
//! query.
//!
//! - An *event* is a call of a run that lies between the first departure and the horizon.
//! - A *row* is a possible boarding, numbered so that a stop's rows follow each other in the order
//!   of departure. Who can board a row can board every later one of its stop.
//! - A *transfer* leads from an event to a ride that is worth boarding after getting off (see
//!   [`crate::routing::transit::transfer_reduction`]), by the event that follows the boarding: walk and slack are in
//!   it already.
//!
//! Times are `u16` seconds after the window's first departure, so that a window and its longest
//! journey span at most [`LONGEST_SPAN`].

use std::sync::OnceLock;

use crate::ids::{Csr, Idx, RunIdx, StopIdx};
use crate::network::timetable::Timetable;
use crate::routing::transit::access_egress::{SearchPatterns, StopWalk};
use crate::routing::transit::fifo_patterns::FifoPatterns;
use crate::routing::transit::transfer_reduction::{self, CatchableCall};
use crate::routing::transit::transfers::Transfers;
use crate::routing::{DepartureWindow, JourneyLimits};
use crate::units::{Seconds, ServiceTime};

/// From the first departure of a window to its horizon: what fits the `u16` times of the searches,
/// with room to add.
pub const LONGEST_SPAN: Seconds = Seconds::new(65_000);

/// No row: one cannot board here.
pub(in crate::routing) const NO_ROW: u32 = u32::MAX;

/// The rides of a window.
pub struct Rides {
    pub(in crate::routing) window: DepartureWindow,
    pub(in crate::routing) limits: JourneyLimits,
    /// A stop's rows: where they begin, and after the last stop where they end.
    pub(in crate::routing) rows: Csr<StopIdx, u16>,
    /// The event of each row.
    pub(in crate::routing) row_event: Vec<u32>,
    pub(in crate::routing) runs: Vec<Ride>,
    pub(in crate::routing) events: Vec<StopEvent>,
    /// See [`Rides::transfers`].
    transfers: OnceLock<Csr<EventIdx, u32>>,
    /// From each stop, the walks that can lead to a useful boarding, slack included.
    useful: Csr<StopIdx, StopWalk>,
    /// How soon one can get on again at each stop, if at once.
    again: Vec<Option<(StopIdx, Seconds)>>,
    pub(in crate::routing) series: FifoPatterns,
    pub(in crate::routing) lines: SearchPatterns,
    pub(in crate::routing) changes: Transfers,
}

/// A run, as far as it lies in the window.
pub(in crate::routing) struct Ride {
    pub run: RunIdx,
    pub events: std::ops::Range<u32>,
    /// The rides one may stay seated for at its end: positions in [`Rides::runs`], all behind this
    /// one.
    pub then: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
pub(in crate::routing) struct StopEvent {
    pub stop: StopIdx,
    /// Arrival, in seconds after the first departure; may one get off is in `alight`.
    pub arrival: u16,
    /// Departure, likewise; past what fits it stands still.
    pub departure: u16,
    pub alight: bool,
    pub row: u32,
    /// The position among the run's calls.
    pub position: u16,
}

/// An event's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::routing) struct EventIdx(pub u32);

impl Idx for EventIdx {
    fn new(n: usize) -> Self {
        EventIdx(u32::try_from(n).expect("fewer than 2^32 events"))
    }
    fn at(self) -> usize {
        self.0 as usize
    }
}

/// Why a window cannot be searched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WindowError {
    /// It is too long.
    #[error("a window of {window} min with journeys of up to {journey} min is too long: both together may be {} min; split the window", LONGEST_SPAN.get() / 60)]
    TooLong {
        /// From the first to the last departure, minutes.
        window: u32,
        /// The longest journey, minutes.
        journey: u32,
    },
}

impl Rides {
    /// Lays out the rides of a window.
    ///
    /// # Errors
    /// If the window and its longest journey span more than [`LONGEST_SPAN`].
    pub fn lay_out(
        timetable: &Timetable,
        changes: Transfers,
        window: DepartureWindow,
        limits: JourneyLimits,
    ) -> Result<Rides, WindowError> {
        let span = window.horizon(&limits).since(window.first).unwrap_or(Seconds::ZERO);
        if span > LONGEST_SPAN {
            let journey = limits.max_time.get() / 60;
            return Err(WindowError::TooLong {
                window: (span.get() - limits.max_time.get()) / 60,
                journey,
            });
        }
        let (runs, mut events) = trim(timetable, &changes, &window, span);
        let lines = SearchPatterns::of(timetable, &changes);
        let (rows, row_event) = number_rows(timetable, changes.len(), &runs, &mut events, &window);
        let line: Vec<u32> = runs.iter().map(|ride| lines.of_run[ride.run.at()]).collect();
        let series = FifoPatterns::of(timetable, &runs, &events, &line, span.get());
        let useful = useful_changes(&changes, &lines, &events);
        let again = useful.iter().map(|(_, again)| *again).collect();
        let useful = Csr::from_rows(useful.into_iter().map(|(links, _)| links));
        let transfers = OnceLock::new();
        Ok(Rides {
            window,
            limits,
            rows,
            row_event,
            runs,
            events,
            transfers,
            useful,
            again,
            series,
            lines,
            changes,
        })
    }

    /// The rides worth boarding from each event, by the event that follows the boarding. Found when
    /// first asked for: a search forwards does without.
    pub(in crate::routing) fn transfers(&self) -> &Csr<EventIdx, u32> {
        if let Some(known) = self.transfers.get() {
            return known;
        }
        // Found before the lock is taken: a thread that waits for its share of this work may be
        // lent to a search that asks for the same, and must not wait for itself.
        let of_stop = |(stop, again): (usize, &Option<_>)| {
            transfer_reduction::chances(
                &self.lines,
                &self.series,
                &self.useful[StopIdx::new(stop)],
                *again,
            )
        };
        let chances = Csr::from_rows(self.again.iter().enumerate().map(of_stop));
        let found = transfer_reduction::transfers(&self.runs, &self.events, &self.series, &chances);
        self.transfers.get_or_init(|| found)
    }

    /// How many rides are worth boarding after a call, on average: what a round of the search
    /// backwards looks at.
    pub fn boarded_of_each_call(&self) -> f64 {
        self.transfers().items().len() as f64 / self.events.len().max(1) as f64
    }

    /// Whether any vehicle can be caught over one of these walks, leaving at the first departure or
    /// later.
    pub fn any_to_catch(&self, access: &[StopWalk]) -> bool {
        let slack = self.limits.board_slack.get();
        let last = self.window.length().get();
        self.to_all_sides(access).iter().any(|link| {
            let first = self.first_row(link.stop, link.walk.get() + slack);
            first.is_some_and(|row| {
                u32::from(self.departure(row)) <= last + self.limits.max_time.get()
            })
        })
    }

    /// The first row of a stop that departs at `ready` or later.
    pub(in crate::routing) fn first_row(&self, stop: StopIdx, ready: u32) -> Option<u32> {
        let span = self.rows.span(stop);
        let departures = &self.rows.items()[span.clone()];
        let skip = departures.partition_point(|departure| u32::from(*departure) < ready);
        #[expect(clippy::cast_possible_truncation, reason = "rows are numbered in u32")]
        (skip < departures.len()).then_some((span.start + skip) as u32)
    }

    /// The departure of a row, in seconds after the window's first.
    pub(in crate::routing) fn departure(&self, row: u32) -> u16 {
        self.rows.items()[row as usize]
    }

    /// Walks to or from stops as walks to or from all their sides.
    pub(in crate::routing) fn to_all_sides(&self, links: &[StopWalk]) -> Vec<StopWalk> {
        links
            .iter()
            .flat_map(|link| self.changes.sides(link.stop).map(|stop| StopWalk { stop, ..*link }))
            .collect()
    }

    /// The walk of a change, as the search takes it.
    pub(in crate::routing) fn walk_of_change(&self, from: StopIdx, to: StopIdx) -> Seconds {
        self.changes.between(from, to).map_or(Seconds::ZERO, |change| change.walk)
    }

    /// The first row at each stop worth walking to that can be caught after getting off at an
    /// event.
    pub(in crate::routing) fn rows_after(&self, event: u32) -> impl Iterator<Item = u32> + '_ {
        let event = self.events[event as usize];
        let links = if event.alight { &self.useful[event.stop] } else { &[][..] };
        links.iter().filter_map(move |link| {
            self.first_row(link.stop, u32::from(event.arrival) + link.walk.get())
        })
    }

    /// The walks from a stop that can lead to a useful boarding, each as long as it takes to be
    /// ready to board.
    pub(in crate::routing) fn walks_on(&self, stop: StopIdx) -> &[StopWalk] {
        &self.useful[stop]
    }

    /// The chances of an origin to board, given its walks.
    pub(in crate::routing) fn chances(&self, access: &[StopWalk]) -> Vec<CatchableCall> {
        let slack = self.limits.board_slack;
        let links: Vec<StopWalk> = self
            .to_all_sides(access)
            .into_iter()
            .map(|link| StopWalk { walk: link.walk + slack, ..link })
            .collect();
        transfer_reduction::chances(&self.lines, &self.series, &links, None)
    }
}

/// The useful walks from a stop, and the stop itself with how soon one can get on there again, if
/// at once.
type FromStop = (Vec<StopWalk>, Option<(StopIdx, Seconds)>);

/// From each stop where anybody gets off, the walks that can lead to a useful boarding, and how
/// soon one can get on there again.
fn useful_changes(
    changes: &Transfers,
    lines: &SearchPatterns,
    events: &[StopEvent],
) -> Vec<FromStop> {
    let mut called = vec![false; changes.len()];
    events.iter().filter(|e| e.alight).for_each(|e| called[e.stop.at()] = true);
    let of_stop = |stop: StopIdx| {
        if !called[stop.at()] {
            return (Vec::new(), None);
        }
        let links = lines.changes_from(stop, changes);
        let at_once = links.iter().map(|link| link.walk).min().unwrap_or(Seconds::ZERO);
        let stays = links.iter().any(|link| link.stop == stop && link.walk == at_once);
        let at_once = stays.then_some((stop, at_once));
        (lines.keep_useful(&links, at_once), at_once)
    };
    (0..changes.len()).map(StopIdx::new).map(of_stop).collect()
}

/// The calls of each run between the first departure and the horizon.
fn trim(
    timetable: &Timetable,
    changes: &Transfers,
    window: &DepartureWindow,
    span: Seconds,
) -> (Vec<Ride>, Vec<StopEvent>) {
    let (mut runs, mut events) = (Vec::new(), Vec::new());
    let mut place = vec![NO_ROW; timetable.runs.len()];
    for run in timetable.runs.indices() {
        let calls = timetable.calls_of(run);
        let skip = calls.partition_point(|call| call.departure < window.first);
        let start = next_number(&events);
        for (position, call) in calls.iter().enumerate().skip(skip) {
            // A vehicle that stood here before the window began lets nobody of the window off at
            // this call.
            let arrival = call.arrival.since(window.first);
            let (Ok(at), Ok(position)) =
                (u16::try_from(arrival.unwrap_or(Seconds::ZERO).get()), u16::try_from(position))
            else {
                break;
            };
            if arrival.is_some_and(|arrival| arrival > span) {
                break;
            }
            events.push(StopEvent {
                stop: changes.side(call.stop, &timetable.runs[run]),
                arrival: at,
                departure: seconds_after(call.departure, window.first),
                alight: call.alight && arrival.is_some(),
                row: NO_ROW,
                position,
            });
        }
        if next_number(&events) > start {
            place[run.at()] = next_number(&runs);
            runs.push(Ride { run, events: start..next_number(&events), then: Vec::new() });
        }
    }
    for ride in &mut runs {
        let links = timetable.runs[ride.run].then.iter().map(|then| place[then.at()]);
        let complete = events[ride.events.end as usize - 1].position as usize + 1
            == timetable.calls_of(ride.run).len();
        ride.then = links.filter(|then| complete && *then != NO_ROW).collect();
    }
    (runs, events)
}

fn seconds_after(time: ServiceTime, first: ServiceTime) -> u16 {
    u16::try_from(time.since(first).unwrap_or(Seconds::ZERO).get()).unwrap_or(u16::MAX)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "events and runs of a window are far fewer than 2^32"
)]
fn next_number<T>(list: &[T]) -> u32 {
    list.len() as u32
}

/// Gives each event at which one can board its row, and the rows' departures by stop.
fn number_rows(
    timetable: &Timetable,
    stops: usize,
    runs: &[Ride],
    events: &mut [StopEvent],
    window: &DepartureWindow,
) -> (Csr<StopIdx, u16>, Vec<u32>) {
    let mut boardings: Vec<(StopIdx, (u16, u32))> = Vec::new();
    for ride in runs {
        let calls = timetable.calls_of(ride.run);
        let last = ride.events.end - 1;
        for number in ride.events.clone() {
            let event = &events[number as usize];
            let call = &calls[usize::from(event.position)];
            let departure =
                call.departure.since(window.first).and_then(|d| u16::try_from(d.get()).ok());
            if let (true, true, Some(departure)) = (call.board, number < last, departure) {
                boardings.push((event.stop, (departure, number)));
            }
        }
    }
    let mut by_stop = Csr::from_pairs(stops, boardings);
    for stop in (0..stops).map(StopIdx::new) {
        let span = by_stop.span(stop);
        by_stop.items_mut()[span].sort_unstable();
    }
    for (row, (_, event)) in (0u32..).zip(by_stop.items()) {
        events[*event as usize].row = row;
    }
    let row_event = by_stop.items().iter().map(|(_, event)| *event).collect();
    let starts = (0..stops)
        .map(StopIdx::new)
        .map(|stop| by_stop[stop].iter().map(|(departure, _)| *departure));
    (Csr::from_rows(starts), row_event)
}
