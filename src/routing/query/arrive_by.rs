//! Further questions to the same search: when to leave at the latest, and how long a journey takes
//! for who knows when to leave.
//!
//! **Arrive by.** Who leaves later never arrives earlier. So of the departures of each second
//! before a deadline those that are in time stand together at the beginning, and the last of them
//! is found by halving: from the same table of travel times that any window is read from.

use crate::ids::{Idx, OriginIdx, PlaceIdx};
use crate::network::timetable::Timetable;
use crate::routing::query::journey::Journeys;
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::range::TravelTimes;
use crate::units::{Seconds, ServiceTime};

/// When to leave and when one arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedJourney {
    /// The latest moment of leaving for that arrival.
    pub leave: ServiceTime,
    /// The arrival.
    pub arrive: ServiceTime,
}

impl PlannedJourney {
    /// From leaving to arriving: the planned travel time, without an initial wait.
    pub fn time(&self) -> Seconds {
        self.arrive.since(self.leave).unwrap_or(Seconds::ZERO)
    }
}

impl Journeys<'_> {
    /// Who is ready at a departure of the window and knows the timetable: the earliest arrival, and
    /// the latest leaving that still makes it. Not before the departure.
    pub fn plan(&self, origin: OriginIdx, departure: u16) -> Option<PlannedJourney> {
        let journey = self.from(origin, departure)?;
        let wait = journey.travel_time().saturating_sub(journey.planned_time());
        Some(PlannedJourney { leave: journey.departure + wait, arrive: journey.arrival })
    }

    /// The latest leaving, from the window's first departure on, that arrives by a deadline, within
    /// the longest journey; and the arrival it makes.
    pub fn arrive_by(&self, origin: OriginIdx, deadline: ServiceTime) -> Option<PlannedJourney> {
        let first = self.rides.window.first;
        let deadline = deadline.since(first)?.get();
        let longest = self.rides.limits.max_time.get();
        let labels = self.rounds.last();
        let by_vehicle =
            self.rides.to_all_sides(&self.walks.access[origin]).into_iter().filter_map(|link| {
                let rows = self.rides.rows.span(link.stop);
                // Labels never fall along a stop's rows: those that make the deadline come first.
                let in_time =
                    labels[rows.clone()].partition_point(|arrival| u32::from(*arrival) <= deadline);
                rows.take(in_time).rev().find_map(|row| {
                    let leave = self.leave(&link, row)?;
                    let arrival = u32::from(labels[row]);
                    (arrival - leave <= longest).then_some((leave, arrival))
                })
            });
        let direct = self.walks.direct[origin]
            .iter()
            .find(|(to, _)| *to == self.place)
            .map(|(_, walk)| walk.get());
        let on_foot = direct
            .filter(|walk| *walk <= longest.min(deadline))
            .map(|walk| (deadline - walk, deadline));
        let best = by_vehicle
            .chain(on_foot)
            .max_by_key(|(leave, arrival)| (*leave, std::cmp::Reverse(*arrival)));
        best.map(|(leave, arrival)| PlannedJourney {
            leave: first + Seconds::new(leave),
            arrive: first + Seconds::new(arrival),
        })
    }

    /// When to leave for a row at the latest, in seconds after the first departure; `None` if that
    /// is before it.
    fn leave(&self, link: &StopWalk, row: usize) -> Option<u32> {
        let departs = u32::from(self.rides.rows.items()[row]);
        departs.checked_sub(link.walk.get() + self.rides.limits.board_slack.get())
    }
}

/// How long before the deadline one has to leave for each destination, from the times of
/// [`Departures::before`](crate::routing::query::departure_window::Departures::before); `None` where no
/// departure is in time.
pub fn before_deadline<'a>(
    times: &'a TravelTimes,
) -> impl Iterator<Item = (PlaceIdx, Option<Seconds>)> + use<'a> {
    let last = times.departures().saturating_sub(1);
    let before = move |nth: usize| {
        let in_time = |departure: usize| {
            times.at(departure, nth).is_some_and(|time| departure + time.get() as usize <= last)
        };
        // The first departure that is too late.
        let (mut from, mut to) = (0, last + 1);
        while from < to {
            let middle = usize::midpoint(from, to);
            if in_time(middle) { from = middle + 1 } else { to = middle }
        }
        let latest = from.checked_sub(1)?;
        u32::try_from(last - latest).ok().map(Seconds::new)
    };
    times.places().iter().enumerate().map(move |(nth, place)| (*place, before(nth)))
}

/// The hours after `from` in which a vehicle can be boarded at each stop, a bit each; at most 64.
pub fn hours_with_service(
    timetable: &Timetable,
    from: ServiceTime,
    until: ServiceTime,
) -> Vec<u64> {
    let mut hours = vec![0u64; timetable.stops];
    for call in timetable.calls.iter().filter(|call| call.board && call.departure < until) {
        if let Some(hour @ 0..64) = call.departure.since(from).map(|after| after.get() / 3600) {
            hours[call.stop.at()] |= 1 << hour;
        }
    }
    hours
}

/// When the first vehicle leaves a stop and the last one does, and when the last one arrives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayAtStop {
    /// The first departure that can be boarded.
    pub first: Option<ServiceTime>,
    /// The last one.
    pub last: Option<ServiceTime>,
    /// The last arrival at which one can get off.
    pub last_arrival: Option<ServiceTime>,
}

impl DayAtStop {
    /// The same of two stops together.
    #[must_use]
    pub fn with(self, other: DayAtStop) -> DayAtStop {
        DayAtStop {
            first: self.first.into_iter().chain(other.first).min(),
            last: self.last.max(other.last),
            last_arrival: self.last_arrival.max(other.last_arrival),
        }
    }
}

/// The first and last vehicles at each stop, of those that leave or arrive there from `from` on and
/// before `until`.
pub fn day_at_stops(
    timetable: &Timetable,
    from: ServiceTime,
    until: ServiceTime,
) -> Vec<DayAtStop> {
    let mut days = vec![DayAtStop::default(); timetable.stops];
    let within = |time: ServiceTime| Some(time).filter(|time| from <= *time && *time < until);
    for call in &timetable.calls {
        let leaves = within(call.departure).filter(|_| call.board);
        let arrives = within(call.arrival).filter(|_| call.alight);
        let day = &mut days[call.stop.at()];
        *day = day.with(DayAtStop { first: leaves, last: leaves, last_arrival: arrives });
    }
    days
}
