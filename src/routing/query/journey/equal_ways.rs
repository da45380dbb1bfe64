//! Which of the journeys with one arrival and as many rides is told: the one with the least
//! walking.
//!
//! Who sits in a vehicle can get off at any call from which the arrival still holds, or stay seated
//! for the next run; who stands at a stop can board any vehicle with which it holds. Each such
//! choice is weighed once and remembered, by round and row or by round and ride. So the work is
//! bounded by the rounds times the calls, however many ways there are: runs that one may stay
//! seated for may part and meet again, which makes twice as many ways each time.

use rustc_hash::FxHashMap;

use super::Journeys;
use crate::ids::PlaceIdx;
use crate::routing::transit::raptor::range::Rounds;
use crate::routing::transit::window_timetable::Rides;
use crate::units::Seconds;

/// The ways to one arrival.
pub(super) struct EqualWays<'a> {
    journeys: &'a Journeys<'a>,
    arrival: u16,
    /// Where to get off who has boarded a row.
    of_row: FxHashMap<(usize, u32), Option<RideExit>>,
    /// Where to get off who has stayed seated for a ride.
    of_seat: FxHashMap<(usize, u32), Option<RideExit>>,
}

/// A vehicle to board.
#[derive(Clone, Copy)]
pub(super) struct VehicleBoarding {
    /// Its row.
    pub row: u32,
    /// All the walking after it.
    pub walking: Seconds,
}

/// How one goes on from a ride.
#[derive(Clone, Copy)]
pub(super) struct RideExit {
    walking: Seconds,
    pub off: Alighting,
}

/// Off the vehicle, or not.
#[derive(Clone, Copy)]
pub(super) enum Alighting {
    /// At an event, and to the destination on foot.
    Arrive { event: u32, walk: Seconds },
    /// At an event, and to a row of the round before.
    Change { event: u32, walk: Seconds, row: u32 },
    /// Not at all: the vehicle goes on as another ride.
    Stay { ride: u32 },
}

impl<'a> EqualWays<'a> {
    pub fn to(journeys: &'a Journeys<'a>, arrival: u16) -> EqualWays<'a> {
        EqualWays { journeys, arrival, of_row: FxHashMap::default(), of_seat: FxHashMap::default() }
    }

    /// Of the vehicles that can be boarded at a stop from `row` on, the one with the least walking;
    /// of several the first.
    pub fn board(&mut self, row: u32, round: usize) -> Option<VehicleBoarding> {
        let rides = self.rides();
        let stop = rides.events[rides.row_event[row as usize] as usize].stop;
        let labels = self.rounds().get(round)?;
        let mut best: Option<VehicleBoarding> = None;
        // Labels never fall along a stop's rows: those with the arrival stand together.
        let same = &labels[row as usize..rides.rows.span(stop).end];
        let arrival = self.arrival;
        for (row, _) in (row..).zip(same.iter().take_while(|label| **label == arrival)) {
            if let Some(exit) = self.exit_of_row(row, round)
                && best.is_none_or(|best| exit.walking < best.walking)
            {
                best = Some(VehicleBoarding { row, walking: exit.walking });
            }
        }
        best
    }

    /// Where to get off who has boarded a row.
    pub fn exit_of_row(&mut self, row: u32, round: usize) -> Option<RideExit> {
        if let Some(known) = self.of_row.get(&(round, row)) {
            return *known;
        }
        let event = self.rides().row_event[row as usize];
        let ride = self.ride_of(event);
        let exit = self.exit(ride, event + 1, round);
        self.of_row.insert((round, row), exit);
        exit
    }

    /// Where to get off who has stayed seated for a ride.
    pub fn exit_of_seat(&mut self, ride: u32, round: usize) -> Option<RideExit> {
        if let Some(known) = self.of_seat.get(&(round, ride)) {
            return *known;
        }
        let begin = self.rides().runs[ride as usize].events.start;
        let exit = self.exit(ride, begin, round);
        self.of_seat.insert((round, ride), exit);
        exit
    }

    /// The ride an event is of.
    pub fn ride_of(&self, event: u32) -> u32 {
        let ride = self.rides().runs.partition_point(|ride| ride.events.end <= event);
        #[expect(clippy::cast_possible_truncation, reason = "rides are numbered in u32")]
        let ride = ride as u32;
        ride
    }

    /// The exit with the least walking from an event on; of several the first, and staying seated
    /// last.
    fn exit(&mut self, ride: u32, begin: u32, round: usize) -> Option<RideExit> {
        let rides = self.rides();
        let ride = &rides.runs[ride as usize];
        let mut best: Option<RideExit> = None;
        let mut take = |exit: RideExit| {
            if best.is_none_or(|best| exit.walking < best.walking) {
                best = Some(exit);
            }
        };
        for event in (begin..ride.events.end).filter(|event| rides.events[*event as usize].alight) {
            if let Some(walk) = self.egress(event) {
                take(RideExit { walking: walk, off: Alighting::Arrive { event, walk } });
            }
            for row in self.rows_from(event, round) {
                let from = rides.events[event as usize].stop;
                let to = rides.events[rides.row_event[row as usize] as usize].stop;
                let walk = rides.walk_of_change(from, to);
                if let Some(then) = self.board(row, round - 1) {
                    let walking = walk + then.walking;
                    take(RideExit {
                        walking,
                        off: Alighting::Change { event, walk, row: then.row },
                    });
                }
            }
        }
        for then in &ride.then {
            if let Some(exit) = self.exit_of_seat(*then, round) {
                take(RideExit { walking: exit.walking, off: Alighting::Stay { ride: *then } });
            }
        }
        best
    }

    /// The walk from an event to the destination, if it makes the arrival.
    fn egress(&self, event: u32) -> Option<Seconds> {
        let at = &self.rides().events[event as usize];
        let stop = self.rides().changes.stop(at.stop);
        let place: PlaceIdx = self.journeys.place;
        let links = self.journeys.walks.egress[place].iter().filter(|link| link.stop == stop);
        let walk = links.map(|link| link.walk).min()?;
        (u32::from(at.arrival) + walk.get() == u32::from(self.arrival)).then_some(walk)
    }

    /// The rows to change to at an event whose label of the round before is the arrival.
    fn rows_from(&self, event: u32, round: usize) -> impl Iterator<Item = u32> + use<'a> {
        let rides = self.rides();
        let labels = round.checked_sub(1).and_then(|before| self.rounds().get(before));
        let arrival = self.arrival;
        let holds = move |row: &u32| labels.is_some_and(|l| l[*row as usize] == arrival);
        rides.rows_after(event).filter(holds)
    }

    fn rides(&self) -> &'a Rides {
        self.journeys.rides
    }

    fn rounds(&self) -> &'a Rounds {
        &self.journeys.rounds
    }
}
