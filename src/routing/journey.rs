//! The journey behind a travel time.
//!
//! Nothing is searched a second time in another way: the rounds of the very search that makes the numbers are kept for
//! one destination, and the journey is read off them. A row whose label is the arrival leads to a run that offers it;
//! somewhere along that run one gets off and walks to the destination, or to a row whose label of the round before is the
//! same arrival.
//!
//! Of all journeys with the earliest arrival it is the one that leaves last, then the one with the fewest rides; at each
//! change it takes the first vehicle that will do.

use super::links::Link;
use super::profile::Walks;
use super::rides::Rides;
use super::rounds::Rounds;
use crate::ids::{OriginIdx, PlaceIdx, RunIdx, StopIdx};
use crate::units::{Seconds, ServiceTime};

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
pub enum End {
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
        from: End,
        /// To there.
        to: End,
        /// How long it takes.
        time: Seconds,
    },
    /// Waiting where one is; the slack before a boarding is in it.
    Wait {
        /// Here.
        at: End,
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

    /// The travel time less the wait before the first walk or ride, for who knows the timetable and leaves just in time.
    pub fn planned_time(&self) -> Seconds {
        match self.legs.first() {
            Some(Leg::Wait { at: End::Origin, time }) => self.travel_time().saturating_sub(*time),
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

/// The search towards one destination with all its rounds kept: reads off journeys for any origin and departure.
pub struct Journeys<'a> {
    pub(super) rides: &'a Rides,
    pub(super) walks: Walks<'a>,
    pub(super) place: PlaceIdx,
    pub(super) rounds: Rounds,
}

/// Where a ride can be left so that the arrival holds.
struct Exit {
    /// The rides from the boarding to here: (ride, first event, last event).
    seats: Vec<(usize, u32, u32)>,
    onward: Onward,
}

enum Onward {
    /// On foot to the destination.
    Arrive(Seconds),
    /// To a row whose label of the round before is the arrival.
    Change { row: u32 },
}

impl<'a> Journeys<'a> {
    /// Runs the search towards one destination.
    pub fn towards(rides: &'a Rides, walks: Walks<'a>, place: PlaceIdx) -> Journeys<'a> {
        Journeys { rides, walks, place, rounds: Rounds::towards(rides, walks.egress, place) }
    }

    /// The journey of an origin at a departure of the window; `None` if the destination is not reachable.
    pub fn from(&self, origin: OriginIdx, departure: u16) -> Option<Journey> {
        let leave = u32::from(departure) * self.rides.window.step.0;
        let ride = self.first_boarding(origin, leave);
        let direct =
            self.walks.direct[origin].iter().find(|(to, _)| *to == self.place).map(|(_, walk)| *walk);
        let direct = direct.filter(|walk| *walk <= self.rides.limits.max_time);
        let mut legs = Vec::new();
        let arrival = match (ride, direct) {
            (None, None) => return None,
            (ride, Some(walk)) if ride.is_none_or(|ride| !self.beats(ride, leave, walk)) => {
                self.on_foot(leave, walk, &mut legs)
            }
            (Some((arrival, link, row)), _) => {
                self.by_vehicle(leave, arrival, link, row, &mut legs);
                u32::from(arrival)
            }
            (None, Some(walk)) => self.on_foot(leave, walk, &mut legs),
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
            arrival: window.first + Seconds(arrival),
            legs,
        })
    }

    /// Whether a vehicle arrives before a walk that begins now, or with it but lets one leave later.
    fn beats(&self, (arrival, link, row): (u16, Link, u32), leave: u32, walk: Seconds) -> bool {
        let on_foot = leave + walk.0;
        u32::from(arrival) < on_foot || (u32::from(arrival) == on_foot && self.leaves(&link, row) > leave)
    }

    /// When to leave for a row at the latest.
    fn leaves(&self, link: &Link, row: u32) -> u32 {
        u32::from(self.rides.departure(row)) - link.walk.0 - self.rides.limits.board_slack.0
    }

    /// Sides are inner numbers: a journey tells of stops.
    fn name_stops(&self, leg: &mut Leg) {
        let name = |end: &mut End| {
            if let End::Stop(stop) = end {
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

    fn on_foot(&self, leave: u32, walk: Seconds, legs: &mut Vec<Leg>) -> u32 {
        legs.push(Leg::Walk { from: End::Origin, to: End::Destination, time: walk });
        leave + walk.0
    }

    /// The earliest arrival by vehicle and, of the boardings that lead to it, the one that leaves the origin last.
    fn first_boarding(&self, origin: OriginIdx, leave: u32) -> Option<(u16, Link, u32)> {
        let rides = self.rides;
        let latest = leave + rides.limits.max_time.0;
        let labels = self.rounds.last();
        let ready = |link: &Link| leave + link.walk.0 + rides.limits.board_slack.0;
        let links = rides.to_all_sides(&self.walks.access[origin]);
        let rows =
            links.iter().filter_map(|link| rides.first_row(link.stop, ready(link)).map(|row| (*link, row)));
        let rows: Vec<(Link, u32)> = rows.collect();
        let arrival =
            rows.iter().map(|(_, row)| labels[*row as usize]).min().filter(|a| u32::from(*a) <= latest)?;
        let same = rows.into_iter().filter(|(_, row)| labels[*row as usize] == arrival).map(|(link, row)| {
            let end = rides.rows.span(link.stop).end;
            let more = labels[row as usize..end].partition_point(|label| *label <= arrival);
            #[expect(clippy::cast_possible_truncation, reason = "rows are numbered in u32")]
            (link, row + more as u32 - 1)
        });
        let best = same.max_by_key(|(link, row)| {
            let leaves = self.leaves(link, *row);
            let fewest = std::cmp::Reverse(self.rounds.first_with(*row, arrival));
            (leaves, fewest, std::cmp::Reverse((link.walk, link.stop)))
        });
        best.map(|(link, row)| (arrival, link, row))
    }

    fn by_vehicle(&self, leave: u32, arrival: u16, link: Link, row: u32, legs: &mut Vec<Leg>) {
        let rides = self.rides;
        let slack = rides.limits.board_slack.0;
        let mut round = self.rounds.first_with(row, arrival);
        let mut exit = self.exit(rides.row_event[row as usize], round, arrival);
        // The whole first wait but for the slack is spent at the origin: who waits there could also have left later.
        let at_home = self.leaves(&link, row) - leave;
        legs.push(Leg::Wait { at: End::Origin, time: Seconds(at_home) });
        legs.push(Leg::Walk { from: End::Origin, to: End::Stop(link.stop), time: link.walk });
        legs.push(Leg::Wait { at: End::Stop(link.stop), time: Seconds(slack) });
        while let Some(Exit { seats, onward }) = exit {
            let (stop, alighted) = self.push_rides(&seats, legs);
            match onward {
                Onward::Arrive(walk) => {
                    legs.push(Leg::Walk { from: End::Stop(stop), to: End::Destination, time: walk });
                    return;
                }
                Onward::Change { row } => {
                    round -= 1;
                    let (boarded, next) = self.first_that_will_do(row, round, arrival);
                    let to = rides.events[rides.row_event[boarded as usize] as usize].stop;
                    let walk = rides.walk_of_change(stop, to);
                    let wait = u32::from(rides.departure(boarded)).saturating_sub(alighted + walk.0);
                    legs.push(Leg::Walk { from: End::Stop(stop), to: End::Stop(to), time: walk });
                    legs.push(Leg::Wait { at: End::Stop(to), time: Seconds(wait) });
                    exit = next;
                }
            }
        }
        unreachable!("a label that no run offers");
    }

    /// The first row of a stop, from `row` on, whose own run offers the arrival within so many rides.
    fn first_that_will_do(&self, row: u32, round: usize, arrival: u16) -> (u32, Option<Exit>) {
        let stop = self.rides.events[self.rides.row_event[row as usize] as usize].stop;
        #[expect(clippy::cast_possible_truncation, reason = "rows are numbered in u32")]
        let end = self.rides.rows.span(stop).end as u32;
        let will_do = (row..end).find_map(|row| {
            let exit = self.exit(self.rides.row_event[row as usize], round, arrival)?;
            Some((row, Some(exit)))
        });
        will_do.unwrap_or((row, None))
    }

    fn push_rides(&self, seats: &[(usize, u32, u32)], legs: &mut Vec<Leg>) -> (StopIdx, u32) {
        let rides = self.rides;
        let mut end = (StopIdx(0), 0);
        for (nth, (ride, first, last)) in seats.iter().enumerate() {
            let (from, to) = (&rides.events[*first as usize], &rides.events[*last as usize]);
            let departs = if nth == 0 { u32::from(rides.departure(from.row)) } else { end.1 };
            let arrives = u32::from(to.arrival);
            if arrives > departs || nth == 0 || from.position != to.position {
                let time = Seconds(arrives.saturating_sub(departs));
                legs.push(Leg::Ride {
                    run: rides.runs[*ride].run,
                    from: from.position,
                    to: to.position,
                    time,
                    seated: nth > 0,
                });
            }
            end = (to.stop, arrives);
        }
        end
    }

    /// Where to get off who has boarded at an event, so that the arrival holds within `round` rides.
    fn exit(&self, boarded: u32, round: usize, arrival: u16) -> Option<Exit> {
        let ride = self.rides.runs.partition_point(|ride| ride.events.end <= boarded);
        self.exit_of(ride, boarded, boarded + 1, round, arrival, &mut Vec::new())
    }

    fn exit_of(
        &self,
        ride: usize,
        boarded: u32,
        begin: u32,
        round: usize,
        arrival: u16,
        before: &mut Vec<(usize, u32, u32)>,
    ) -> Option<Exit> {
        let rides = self.rides;
        let end = rides.runs[ride].events.end;
        let found = (begin..end).filter(|event| rides.events[*event as usize].alight).find_map(|event| {
            let onward = self.onward(event, round, arrival)?;
            Some((event, onward))
        });
        if let Some((event, onward)) = found {
            before.push((ride, boarded, event));
            return Some(Exit { seats: std::mem::take(before), onward });
        }
        before.push((ride, boarded, end - 1));
        for then in &rides.runs[ride].then {
            let first = rides.runs[*then as usize].events.start;
            let exit = self.exit_of(*then as usize, first, first, round, arrival, before);
            if exit.is_some() {
                return exit;
            }
        }
        before.pop();
        None
    }

    fn onward(&self, event: u32, round: usize, arrival: u16) -> Option<Onward> {
        let at = &self.rides.events[event as usize];
        let egress = self.walks.egress[self.place]
            .iter()
            .filter(|link| link.stop == self.rides.changes.stop(at.stop))
            .map(|link| link.walk)
            .min();
        if let Some(walk) = egress.filter(|walk| u32::from(at.arrival) + walk.0 == u32::from(arrival)) {
            return Some(Onward::Arrive(walk));
        }
        let labels = self.rounds.get(round.checked_sub(1)?)?;
        let row = self.rides.rows_after(event).find(|row| labels[*row as usize] == arrival);
        row.map(|row| Onward::Change { row })
    }
}
