//! How a block of travellers spreads over the rides, round by round.

use super::forward_timetable::ForwardTimetable;
use super::traveller_set::TravellerSet;
use crate::ids::{Idx, StopIdx};
use crate::routing::transit::window_timetable::{NO_ROW, StopEvent};

/// Where the travellers of a block can be: scratch memory, one per thread.
///
/// A round is a ride more. Sets only grow, and all that is done in a round is done for those who
/// are new somewhere.
pub(super) struct ForwardRounds<'a> {
    ground: &'a ForwardTimetable<'a>,
    /// By row, who can board it with the rides so far. Who is at a row is at all later ones of its
    /// stop.
    ready: Vec<TravellerSet>,
    /// By row, who could not board it a round ago.
    fresh: Vec<TravellerSet>,
    is_fresh: Vec<bool>,
    /// Stops with rows that somebody comes to in this round.
    come_to: Vec<bool>,
    /// By event, who is aboard when the vehicle comes there.
    aboard: Vec<TravellerSet>,
    /// By arrival, who can have got off at the stop by then.
    been: Vec<TravellerSet>,
    /// By arrival, who gets off and could not a round ago.
    off: Vec<TravellerSet>,
    is_off: Vec<bool>,
    /// Stops with arrivals at which somebody gets off in this round.
    left_at: Vec<bool>,
    /// By ride, who stays seated from the ride before.
    seated: Vec<Option<Box<TravellerSet>>>,
    /// Those who change at one stop: when they get off, and who.
    changing: Vec<(u16, TravellerSet)>,
}

impl<'a> ForwardRounds<'a> {
    pub fn new(ground: &'a ForwardTimetable<'a>) -> ForwardRounds<'a> {
        let rides = ground.rides;
        let (rows, stops, arrivals) =
            (rides.row_event.len(), rides.rows.rows(), ground.arrivals.items().len());
        let mut seated: Vec<Option<Box<TravellerSet>>> = vec![None; rides.runs.len()];
        for then in rides.runs.iter().flat_map(|ride| &ride.then) {
            seated[*then as usize] = Some(Box::new(TravellerSet::NONE));
        }
        ForwardRounds {
            ground,
            ready: vec![TravellerSet::NONE; rows],
            fresh: vec![TravellerSet::NONE; rows],
            is_fresh: vec![false; rows],
            come_to: vec![false; stops],
            aboard: vec![TravellerSet::NONE; rides.events.len()],
            been: vec![TravellerSet::NONE; arrivals],
            off: vec![TravellerSet::NONE; arrivals],
            is_off: vec![false; arrivals],
            left_at: vec![false; stops],
            seated,
            changing: Vec::new(),
        }
    }

    /// Forgets all travellers.
    pub fn clear(&mut self) {
        self.ready.fill(TravellerSet::NONE);
        self.aboard.fill(TravellerSet::NONE);
        self.been.fill(TravellerSet::NONE);
        self.is_fresh.fill(false);
    }

    /// A traveller can be ready for a row without any ride.
    pub fn start(&mut self, traveller: usize, stop: StopIdx, row: u32) {
        let mut who = TravellerSet::NONE;
        who.add(traveller);
        self.come(stop, row as usize, who);
    }

    /// What a row held a round ago is left standing until somebody comes to it.
    fn come(&mut self, stop: StopIdx, row: usize, who: TravellerSet) {
        let known = if self.is_fresh[row] { self.fresh[row] } else { TravellerSet::NONE };
        self.fresh[row] = known | who;
        self.is_fresh[row] = true;
        self.come_to[stop.at()] = true;
    }

    /// Rides as often as may be.
    pub fn run(&mut self) {
        let rounds = self.ground.rides.limits.max_rides;
        let mut any = self.wait();
        for round in 1..=rounds {
            if !any {
                break;
            }
            self.ride();
            self.get_off(round < rounds);
            any = self.wait();
        }
    }

    /// Who can have got off at the stop by each arrival, in the order of [`Ground::arrivals`].
    pub fn been(&self) -> &[TravellerSet] {
        &self.been
    }

    /// Those who are new at a row board its run and can get off at each of its later calls.
    fn ride(&mut self) {
        let rides = self.ground.rides;
        for (number, ride) in rides.runs.iter().enumerate() {
            let mut aboard =
                self.seated[number].as_mut().map_or(TravellerSet::NONE, |seat| seat.take());
            let mut any = aboard.any();
            for event in ride.events.start as usize..ride.events.end as usize {
                let StopEvent { stop, row, .. } = rides.events[event];
                if any {
                    aboard &= !self.aboard[event];
                    self.aboard[event] |= aboard;
                    any = aboard.any();
                }
                let arrival = self.ground.arrival_of[event];
                if any && arrival != NO_ROW {
                    self.off[arrival as usize] = aboard;
                    self.is_off[arrival as usize] = true;
                    self.left_at[stop.at()] = true;
                }
                if row != NO_ROW && std::mem::take(&mut self.is_fresh[row as usize]) {
                    aboard |= self.fresh[row as usize];
                    any = true;
                }
            }
            for then in ride.then.iter().filter(|_| any) {
                if let Some(seat) = &mut self.seated[*then as usize] {
                    **seat |= aboard;
                }
            }
        }
    }

    /// Takes up who got off. Those whom no earlier vehicle brought to the stop change, if they may
    /// ride on.
    fn get_off(&mut self, ride_on: bool) {
        let ground = self.ground;
        for stop in (0..self.left_at.len()).map(StopIdx::new) {
            if !std::mem::take(&mut self.left_at[stop.at()]) {
                continue;
            }
            let mut new = TravellerSet::NONE;
            self.changing.clear();
            let span = ground.arrivals.span(stop);
            for (number, arrival) in span.clone().zip(&ground.arrivals.items()[span]) {
                let mut first = TravellerSet::NONE;
                if std::mem::take(&mut self.is_off[number]) {
                    first = self.off[number] & !(new | self.been[number]);
                } else if !new.any() {
                    continue;
                }
                // Who had been at the stop by this arrival before had been by all later ones.
                new = (new & !self.been[number]) | first;
                self.been[number] |= new;
                if ride_on && first.any() {
                    self.changing.push((*arrival, first));
                }
            }
            self.change(stop);
        }
    }

    /// Leads those who change at a stop to the first row they can catch at each other.
    fn change(&mut self, stop: StopIdx) {
        let rides = self.ground.rides;
        let changing = std::mem::take(&mut self.changing);
        for link in &self.ground.changes[stop] {
            let span = rides.rows.span(link.stop);
            let departures = &rides.rows.items()[span.clone()];
            let mut skip = 0;
            for (arrival, who) in &changing {
                let ready = u32::from(*arrival) + link.walk.get();
                let wait = |departures: &[u16]| {
                    departures.iter().take_while(|d| u32::from(**d) < ready).count()
                };
                skip += wait(&departures[skip..]);
                if skip == departures.len() {
                    break;
                }
                let row = span.start + skip;
                let new = *who & !self.ready[row];
                if new.any() {
                    self.come(link.stop, row, new);
                }
            }
        }
        self.changing = changing;
    }

    /// Ends a round: who comes to a row can also wait for the later ones of its stop. Tells whether
    /// anybody is new anywhere.
    fn wait(&mut self) -> bool {
        let mut any = false;
        for stop in (0..self.come_to.len()).map(StopIdx::new) {
            if !std::mem::take(&mut self.come_to[stop.at()]) {
                continue;
            }
            let mut waiting = TravellerSet::NONE;
            for row in self.ground.rides.rows.span(stop) {
                if self.is_fresh[row] {
                    waiting |= self.fresh[row];
                } else if !waiting.any() {
                    continue;
                }
                // Who could be at this row before could be at all later ones.
                waiting &= !self.ready[row];
                self.is_fresh[row] = waiting.any();
                if self.is_fresh[row] {
                    self.fresh[row] = waiting;
                    self.ready[row] |= waiting;
                    any = true;
                }
            }
        }
        any
    }
}
