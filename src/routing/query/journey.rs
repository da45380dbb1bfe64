//! The journey behind a travel time.
//!
//! Nothing is searched a second time in another way: the rounds of the very search that makes the
//! numbers are kept for one destination, and the journey is read off them. A row whose label is the
//! arrival leads to a run that offers it; somewhere along that run one gets off and walks to the
//! destination, or to a row whose label of the round before is the same arrival. (The numbers of a
//! few departures are found forwards, see [`crate::routing::query::algorithm_choice`]; tests hold the
//! two to each other.)
//!
//! Of all journeys with the earliest arrival it is the one that leaves last; of those, the one with
//! the fewest rides; of those, the one with the least walking; and where walking is equal too, the
//! one that boards first and gets off first.

mod equal_ways;

use crate::ids::{OriginIdx, PlaceIdx, RunIdx, StopIdx};
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::range::{NEVER, Rounds, Walks};
use crate::routing::transit::window_timetable::Rides;
use crate::units::{Seconds, ServiceTime};
use equal_ways::{Alighting, EqualWays};

/// A journey, leg by leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journey {
    /// When the traveller is ready to leave: the departure that was asked about.
    pub departure: ServiceTime,
    /// The earliest arrival.
    pub arrival: ServiceTime,
    /// In order; each begins when the one before ends.
    pub legs: Vec<Leg>,
}

/// Where a walk begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkEnd {
    /// At the origin.
    Origin,
    /// At a stop.
    Stop(StopIdx),
    /// At the destination.
    Destination,
}

/// A part of a journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    /// On foot.
    Walk {
        /// From here.
        from: WalkEnd,
        /// To there.
        to: WalkEnd,
        /// How long it takes.
        time: Seconds,
    },
    /// Waiting where one is; the slack before a boarding is in it.
    Wait {
        /// Here.
        at: WalkEnd,
        /// How long.
        time: Seconds,
    },
    /// In a vehicle.
    Ride {
        /// The run.
        run: RunIdx,
        /// The call where one gets on, from 0.
        from: u16,
        /// The call where one gets off.
        to: u16,
        /// From the departure to the arrival.
        time: Seconds,
        /// One has stayed seated from the ride before.
        seated: bool,
    },
}

impl Leg {
    /// How long the leg takes.
    pub fn time(&self) -> Seconds {
        match self {
            Leg::Walk { time, .. } | Leg::Wait { time, .. } | Leg::Ride { time, .. } => *time,
        }
    }
}

impl Journey {
    /// Arrival less departure. The legs add up to it.
    pub fn travel_time(&self) -> Seconds {
        self.legs.iter().fold(Seconds::ZERO, |sum, leg| sum + leg.time())
    }

    /// The travel time less the wait before the first walk or ride, for who knows the timetable and
    /// leaves just in time.
    pub fn planned_time(&self) -> Seconds {
        match self.legs.first() {
            Some(Leg::Wait { at: WalkEnd::Origin, time }) => {
                self.travel_time().saturating_sub(*time)
            }
            _ => self.travel_time(),
        }
    }

    /// How often a vehicle is boarded.
    pub fn boardings(&self) -> usize {
        self.legs.iter().filter(|leg| matches!(leg, Leg::Ride { seated: false, .. })).count()
    }

    /// Time on foot.
    pub fn walking(&self) -> Seconds {
        self.sum(|leg| matches!(leg, Leg::Walk { .. }))
    }

    /// Time waiting, the first wait included.
    pub fn waiting(&self) -> Seconds {
        self.sum(|leg| matches!(leg, Leg::Wait { .. }))
    }

    fn sum(&self, which: impl Fn(&Leg) -> bool) -> Seconds {
        self.legs.iter().filter(|leg| which(leg)).fold(Seconds::ZERO, |sum, leg| sum + leg.time())
    }
}

/// The search towards one destination with all its rounds kept: reads off journeys for any origin
/// and departure.
pub struct Journeys<'a> {
    pub(in crate::routing) rides: &'a Rides,
    pub(in crate::routing) walks: Walks<'a>,
    pub(in crate::routing) place: PlaceIdx,
    pub(in crate::routing) rounds: Rounds,
}

impl<'a> Journeys<'a> {
    /// Runs the search towards one destination.
    pub fn towards(rides: &'a Rides, walks: Walks<'a>, place: PlaceIdx) -> Journeys<'a> {
        Journeys { rides, walks, place, rounds: Rounds::towards(rides, walks.egress, place) }
    }

    /// The travel time of an origin at a departure of the window; `None` if the destination is not
    /// reachable.
    pub fn travel_time(&self, origin: OriginIdx, departure: u16) -> Option<Seconds> {
        let leave = u32::from(departure) * self.rides.window.step.get();
        let (_, by_vehicle) = self.by_vehicle(origin, leave);
        let by_vehicle = by_vehicle.map(|arrival| Seconds::new(u32::from(arrival) - leave));
        by_vehicle.into_iter().chain(self.on_foot(origin)).min()
    }

    /// The journey of an origin at a departure of the window; `None` if the destination is not
    /// reachable.
    pub fn from(&self, origin: OriginIdx, departure: u16) -> Option<Journey> {
        let leave = u32::from(departure) * self.rides.window.step.get();
        let (rows, arrival) = self.by_vehicle(origin, leave);
        let mut ways = EqualWays::to(self, arrival.unwrap_or(NEVER));
        let ride = arrival.and_then(|arrival| self.last_to_leave(&rows, arrival, &mut ways));
        let direct = self.on_foot(origin);
        let mut legs = Vec::new();
        let arrival = match (ride, direct) {
            (None, None) => return None,
            (ride, Some(walk)) if ride.as_ref().is_none_or(|ride| !ride.beats(leave, walk)) => {
                legs.push(Leg::Walk {
                    from: WalkEnd::Origin,
                    to: WalkEnd::Destination,
                    time: walk,
                });
                leave + walk.get()
            }
            (Some(first), _) => {
                self.ride(leave, &first, &mut ways, &mut legs);
                u32::from(first.arrival)
            }
            (None, Some(_)) => return None,
        };
        legs.iter_mut().for_each(|leg| self.name_stops(leg));
        legs.retain(|leg| match leg {
            Leg::Wait { time, .. } => *time > Seconds::ZERO,
            Leg::Walk { from, to, .. } => from != to,
            Leg::Ride { .. } => true,
        });
        let window = &self.rides.window;
        Some(Journey {
            departure: window.departure(departure),
            arrival: window.first + Seconds::new(arrival),
            legs,
        })
    }

    /// The walk all the way, if it is in time.
    fn on_foot(&self, origin: OriginIdx) -> Option<Seconds> {
        let direct = self.walks.direct[origin]
            .iter()
            .find(|(to, _)| *to == self.place)
            .map(|(_, walk)| *walk);
        direct.filter(|walk| *walk <= self.rides.limits.max_time)
    }

    /// The first row that can be caught over each access walk, and the earliest arrival that any of
    /// them leads to.
    fn by_vehicle(&self, origin: OriginIdx, leave: u32) -> (Vec<(StopWalk, u32)>, Option<u16>) {
        let rides = self.rides;
        let latest = leave + rides.limits.max_time.get();
        let labels = self.rounds.last();
        let ready = |link: &StopWalk| leave + link.walk.get() + rides.limits.board_slack.get();
        let links = rides.to_all_sides(&self.walks.access[origin]);
        let rows: Vec<(StopWalk, u32)> = links
            .iter()
            .filter_map(|link| rides.first_row(link.stop, ready(link)).map(|row| (*link, row)))
            .collect();
        let arrival = rows.iter().map(|(_, row)| labels[*row as usize]).min();
        (rows, arrival.filter(|arrival| u32::from(*arrival) <= latest))
    }

    /// Of the boardings that lead to an arrival, the one that leaves the origin last; then the one
    /// with the fewest rides, then the one with the least walking.
    fn last_to_leave(
        &self,
        rows: &[(StopWalk, u32)],
        arrival: u16,
        ways: &mut EqualWays,
    ) -> Option<FirstVehicle> {
        let rides = self.rides;
        let labels = self.rounds.last();
        let firsts =
            rows.iter().filter(|(_, row)| labels[*row as usize] == arrival).map(|(link, row)| {
                let span = *row as usize..rides.rows.span(link.stop).end;
                let same =
                    span.start + labels[span.clone()].partition_point(|label| *label <= arrival);
                let departs = rides.rows.items()[same - 1];
                // Those that depart together may lead there with more or fewer rides, and with more
                // or less walking.
                let row = span.start
                    + rides.rows.items()[span].partition_point(|departure| *departure < departs);
                #[expect(clippy::cast_possible_truncation, reason = "rows are numbered in u32")]
                let row = row as u32;
                let leaves = u32::from(departs) - link.walk.get() - rides.limits.board_slack.get();
                FirstVehicle {
                    link: *link,
                    row,
                    arrival,
                    leaves,
                    round: self.rounds.first_with(row, arrival),
                }
            });
        let mut firsts: Vec<FirstVehicle> = firsts.collect();
        let leaves = firsts.iter().map(|first| first.leaves).max()?;
        firsts.retain(|first| first.leaves == leaves);
        let round = firsts.iter().map(|first| first.round).min()?;
        firsts.retain(|first| first.round == round);
        firsts.into_iter().min_by_key(|first| {
            let after = ways.board(first.row, round).map(|boarding| boarding.walking);
            (
                after.is_none(),
                after.map(|after| after + first.link.walk),
                first.link.walk,
                first.link.stop,
            )
        })
    }

    /// Sides are inner numbers: a journey tells of stops.
    fn name_stops(&self, leg: &mut Leg) {
        let name = |end: &mut WalkEnd| {
            if let WalkEnd::Stop(stop) = end {
                *stop = self.rides.changes.stop(*stop);
            }
        };
        match leg {
            Leg::Walk { from, to, .. } => {
                name(from);
                name(to);
            }
            Leg::Wait { at, .. } => name(at),
            Leg::Ride { .. } => {}
        }
    }

    fn ride(&self, leave: u32, first: &FirstVehicle, ways: &mut EqualWays, legs: &mut Vec<Leg>) {
        let rides = self.rides;
        let mut round = first.round;
        let mut boarded = ways.board(first.row, round).map(|boarding| boarding.row);
        // The whole first wait but for the slack is spent at the origin: who waits there could also
        // have left later.
        legs.push(Leg::Wait { at: WalkEnd::Origin, time: Seconds::new(first.leaves - leave) });
        legs.push(Leg::Walk {
            from: WalkEnd::Origin,
            to: WalkEnd::Stop(first.link.stop),
            time: first.link.walk,
        });
        legs.push(Leg::Wait { at: WalkEnd::Stop(first.link.stop), time: rides.limits.board_slack });
        while let Some(row) = boarded {
            let mut event = rides.row_event[row as usize];
            let mut clock = u32::from(rides.departure(row));
            let mut exit = ways.exit_of_row(row, round);
            let mut seated = false;
            while let Some(Alighting::Stay { ride }) = exit.map(|exit| exit.off) {
                let last = rides.runs[ways.ride_of(event) as usize].events.end - 1;
                clock = self.push_ride(event, last, clock, seated, legs);
                event = rides.runs[ride as usize].events.start;
                exit = ways.exit_of_seat(ride, round);
                seated = true;
            }
            match exit.map(|exit| exit.off) {
                Some(Alighting::Arrive { event: last, walk }) => {
                    self.push_ride(event, last, clock, seated, legs);
                    let from = WalkEnd::Stop(rides.events[last as usize].stop);
                    legs.push(Leg::Walk { from, to: WalkEnd::Destination, time: walk });
                    return;
                }
                Some(Alighting::Change { event: last, walk, row }) => {
                    let alighted = self.push_ride(event, last, clock, seated, legs);
                    let from = WalkEnd::Stop(rides.events[last as usize].stop);
                    let to =
                        WalkEnd::Stop(rides.events[rides.row_event[row as usize] as usize].stop);
                    let wait =
                        u32::from(rides.departure(row)).saturating_sub(alighted + walk.get());
                    legs.push(Leg::Walk { from, to, time: walk });
                    legs.push(Leg::Wait { at: to, time: Seconds::new(wait) });
                    round -= 1;
                    boarded = Some(row);
                }
                Some(Alighting::Stay { .. }) | None => boarded = None,
            }
        }
        unreachable!("a label that no run offers");
    }

    /// A ride from one event to another of the same run. Gives the time at its end.
    fn push_ride(
        &self,
        first: u32,
        last: u32,
        departs: u32,
        seated: bool,
        legs: &mut Vec<Leg>,
    ) -> u32 {
        let rides = self.rides;
        let (from, to) = (&rides.events[first as usize], &rides.events[last as usize]);
        let arrives = u32::from(to.arrival);
        if arrives > departs || !seated || from.position != to.position {
            let ride = rides.runs.partition_point(|ride| ride.events.end <= first);
            legs.push(Leg::Ride {
                run: rides.runs[ride].run,
                from: from.position,
                to: to.position,
                time: Seconds::new(arrives.saturating_sub(departs)),
                seated,
            });
        }
        arrives
    }
}

/// The first vehicle of a journey.
struct FirstVehicle {
    link: StopWalk,
    /// The first row of those that depart with it.
    row: u32,
    arrival: u16,
    /// When one leaves the origin for it at the latest.
    leaves: u32,
    /// One less than the rides.
    round: usize,
}

impl FirstVehicle {
    /// Whether a vehicle arrives before a walk that begins now, or with it but lets one leave
    /// later.
    fn beats(&self, leave: u32, walk: Seconds) -> bool {
        let on_foot = leave + walk.get();
        u32::from(self.arrival) < on_foot
            || (u32::from(self.arrival) == on_foot && self.leaves > leave)
    }
}
