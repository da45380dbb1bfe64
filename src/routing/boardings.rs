//! Which boardings are worth it.
//!
//! Somebody who gets off can walk to dozens of stops and board the next vehicle of each line there; nearly all of that
//! gains nothing. A boarding is worth it only if the ride leads to some stop earlier than what is at hand anyway: riding
//! on, or another boarding, with no more rides. This is the reduction of transfers of trip-based routing (Witt,
//! "Trip-based public transit routing", ESA 2015, doi:10.1007/978-3-662-48350-3_85), held to arrivals *by vehicle* alone:
//! a stop that one may walk to in time is not the same as one where one gets off, for the walk that follows is limited by
//! itself. So it changes no travel time.
//!
//! The same serves an origin: leaving at each departure of the window, from the last on.

use rayon::prelude::*;

use super::links::{Lines, Link};
use super::rides::{Event, EventIdx, Ride, Rides};
use super::series::{Series, TOO_LATE};
use crate::ids::{Csr, Idx, StopIdx};
use crate::units::Seconds;

/// A call at which a series can be boarded after a walk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chance {
    series: u32,
    position: u32,
    /// Where the departures of the call stand.
    departures: u32,
    /// From here to being ready there.
    ready: u32,
}

/// The chances of walks, those dropped that another makes needless whatever the time is.
pub(super) fn chances(
    lines: &Lines,
    series: &Series,
    links: &[Link],
    alighted_at: Option<(StopIdx, Seconds)>,
) -> Vec<Chance> {
    let mut chances = Vec::new();
    for choice in lines.useful(links, alighted_at) {
        if choice.line.at() >= series.of_line.rows() {
            continue;
        }
        for series_of_line in &series.of_line[choice.line] {
            chances.push(Chance {
                series: *series_of_line,
                position: choice.position,
                departures: series.departures_at(*series_of_line, choice.position),
                ready: choice.walk.0,
            });
        }
    }
    chances.sort_by_key(|chance| chance.ready);
    chances
}

/// For each event, the rides worth boarding after getting off: the event that follows the boarding.
pub(super) fn transfers(
    rides: &[Ride],
    events: &[Event],
    series: &Series,
    chances: &Csr<StopIdx, Chance>,
) -> Csr<EventIdx, u32> {
    let found: Vec<(Vec<u32>, Vec<u32>)> = rides
        .par_iter()
        .enumerate()
        .map_init(
            || Judge::new(rides, events, series, chances.rows()),
            |judge, (number, _)| judge.transfers(number, chances),
        )
        .collect();
    Csr::from_rows(found.iter().flat_map(|(ends, targets)| {
        let starts = std::iter::once(0).chain(ends.iter().copied());
        starts.zip(ends).map(|(start, end)| targets[start as usize..*end as usize].iter().copied())
    }))
}

/// A boarding of an origin: at this departure, of the ride that follows with this event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Boarding {
    pub departure: u16,
    pub event: u32,
}

/// What is known of who may be where and when: scratch memory, one per thread.
pub(super) struct Judge<'a> {
    rides: &'a [Ride],
    events: &'a [Event],
    series: &'a Series,
    /// By stop, the earliest arrival by vehicle.
    arrival: Vec<u16>,
    /// By series, a ride that has been boarded, by its place, and the call.
    boarded: Vec<(u32, u32)>,
}

const NONE: (u32, u32) = (u32::MAX, u32::MAX);

impl<'a> Judge<'a> {
    pub fn of(rides: &'a Rides) -> Judge<'a> {
        Judge::new(&rides.runs, &rides.events, &rides.series, rides.rows.rows())
    }

    fn new(rides: &'a [Ride], events: &'a [Event], series: &'a Series, stops: usize) -> Judge<'a> {
        let (arrival, boarded) = (vec![u16::MAX; stops], vec![NONE; series.rides.len()]);
        Judge { rides, events, series, arrival, boarded }
    }

    /// The boardings worth it for an origin with these chances, the last departure first.
    pub fn boardings(&mut self, chances: &[Chance], departures: u16, step: u32, max: u32) -> Vec<Boarding> {
        self.reset();
        let mut found = Vec::new();
        for departure in (0..departures).rev() {
            let now = u32::from(departure) * step;
            for chance in chances {
                if let Some(event) = self.board(chance, now, now + max) {
                    found.push(Boarding { departure, event });
                }
            }
        }
        found
    }

    /// The transfers of a ride: where those of each event end, and the targets.
    fn transfers(&mut self, number: usize, chances: &Csr<StopIdx, Chance>) -> (Vec<u32>, Vec<u32>) {
        let rides = self.rides;
        let ride = &rides[number];
        self.reset();
        ride.then.iter().for_each(|then| {
            self.arrive(*then, rides[*then as usize].events.clone());
        });
        let (series, rank) = self.series.of_ride[number];
        let (mut starts, mut targets) = (Vec::with_capacity(ride.events.len()), Vec::new());
        for number in ride.events.clone().rev() {
            starts.push(targets.len());
            let event = self.events[number as usize];
            if !event.alight {
                continue;
            }
            self.improve(&event);
            let own = &mut self.boarded[series as usize];
            if rank <= own.0 {
                *own = (rank, u32::from(event.position));
            }
            for chance in &chances[event.stop] {
                targets.extend(self.board(chance, u32::from(event.arrival), u32::MAX));
            }
        }
        // Found from the last event to the first; handed over from the first to the last.
        targets.reverse();
        let all = targets.len();
        let ends = starts.iter().rev().map(|start| u32::try_from(all - start).unwrap_or(u32::MAX));
        (ends.collect(), targets)
    }

    fn reset(&mut self) {
        self.arrival.fill(u16::MAX);
        self.boarded.fill(NONE);
    }

    /// Boards the first ride of a series that can be caught, if that is worth it: the event behind the boarding.
    fn board(&mut self, chance: &Chance, now: u32, latest: u32) -> Option<u32> {
        let ready = now + chance.ready;
        let departures = self.series.departures(chance.series, chance.departures);
        let (known, known_at) = self.boarded[chance.series as usize];
        let before = (known != u32::MAX && known > 0).then(|| departures[known as usize - 1]);
        if known_at <= chance.position && before.is_none_or(|before| u32::from(before) <= ready) {
            return None;
        }
        let rank = departures.partition_point(|one_more| u32::from(*one_more) <= ready);
        let departure = *departures.get(rank).filter(|one_more| **one_more != TOO_LATE)?;
        if u32::from(departure) - 1 > latest {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "places of rides are numbered in u32")]
        let rank = rank as u32;
        if rank >= known && known_at <= chance.position {
            return None;
        }
        let number = self.series.rides[chance.series as usize][rank as usize];
        let events = self.rides[number as usize].events.clone();
        let first = u32::from(self.events[events.start as usize].position);
        let behind = events.start + chance.position + 1 - first;
        let worth_it = if rank == known {
            self.ride(behind..events.start + known_at + 1 - first)
        } else {
            self.arrive(number, behind..events.end)
        };
        if rank <= known {
            self.boarded[chance.series as usize] = (rank, chance.position);
        }
        worth_it.then_some(behind)
    }

    /// Rides to the end, and on where one may stay seated; tells whether any stop is reached earlier.
    fn arrive(&mut self, number: u32, events: std::ops::Range<u32>) -> bool {
        let rides = self.rides;
        let mut earlier = self.ride(events);
        for then in &rides[number as usize].then {
            earlier |= self.arrive(*then, rides[*then as usize].events.clone());
        }
        earlier
    }

    fn ride(&mut self, events: std::ops::Range<u32>) -> bool {
        let all = self.events;
        let events = &all[events.start as usize..events.end as usize];
        events.iter().fold(false, |earlier, event| self.improve(event) | earlier)
    }

    fn improve(&mut self, event: &Event) -> bool {
        let known = &mut self.arrival[event.stop.at()];
        let earlier = event.alight && event.arrival < *known;
        if earlier {
            *known = event.arrival;
        }
        earlier
    }
}
