//! The last departure of a window from which each destination is reached, from a few origins, as
//! the last way home from the places of each category: one scan over the timetable, forwards.
//!
//! The scan of [`super`] asks from each row how early one arrives. This one asks at each event how
//! late one can have left:
//!
//! 1. What happens is looked at in time order. A row's label holds, for each number of rides so
//!    far, the latest departure from each origin with which one is there in time. Who can board a
//!    row can board every later row of its stop, so labels pass on from row to row.
//! 2. Who gets off is ready, over each walk, for the first row that departs late enough.
//! 3. Who gets off near a destination has reached it, if that is no later than the longest journey
//!    after that departure.
//!
//! Why the last departure is found. Let `n` be the last departure from which a destination is
//! reached, and `e` the event at which that journey gets off for the last time. The label of `e` is
//! the latest departure of all journeys to `e`, so it is no earlier than `n`. A later departure
//! with the same arrival is a shorter journey, so it is within the limit as well, and hence it is
//! `n`. Where the label is beyond the limit, every earlier departure to the same event is, too.
//!
//! Cost: the walks between stops, whatever the number of departures and of destinations. Searching
//! backwards from 511 homes in Newport over the 660 departures of a night took a hundred times as
//! long. Memory: for each row rides × origins × 2 bytes.

use super::Lanes;
use super::events::{ScanEvent, ScanOrder};
use crate::ids::{Csr, Idx, OriginIdx, PlaceIdx, StopIdx};
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::range::NARROW;
use crate::routing::transit::window_timetable::{Rides, StopEvent};

/// By origin and destination: the number of the last departure that gets there.
pub(in crate::routing) type LastDepartures = Vec<Vec<Option<u16>>>;

/// No departure. The others are counted from 1, so that a later one is the greater.
const NONE: u16 = 0;

impl Rides {
    /// The last departure from which each destination is reached by vehicle within the longest
    /// journey. `None` where the timetable has no order to be scanned in.
    pub(in crate::routing) fn last_departures_scanned(
        &self,
        access: &Csr<OriginIdx, StopWalk>,
        egress: &Csr<PlaceIdx, StopWalk>,
    ) -> Option<LastDepartures> {
        let order = ScanOrder::of(self).filter(|_| self.seats_are_in_turn())?;
        let ends = self.walks_by_stop(egress);
        let origins: Vec<OriginIdx> = (0..access.rows()).map(OriginIdx::new).collect();
        let mut found = Vec::with_capacity(origins.len());
        for origins in origins.chunks(NARROW) {
            let mut scan = LatestDepartureScan::new(self, access, origins, &ends, egress.rows());
            order.0.iter().rev().for_each(|event| scan.take(*event));
            found.extend((0..origins.len()).map(|lane| scan.last_from(lane)));
        }
        Some(found)
    }

    /// Whether nothing happens on a ride that one may stay seated for before the first has ended.
    fn seats_are_in_turn(&self) -> bool {
        let in_turn = |ends: u16, then: &u32| {
            let first = &self.events[self.runs[*then as usize].events.start as usize];
            ends <= if first.alight { first.arrival } else { first.departure }
        };
        self.runs.iter().all(|ride| {
            let ends = self.events[ride.events.end as usize - 1].arrival;
            ride.then.iter().all(|then| in_turn(ends, then))
        })
    }

    /// The walks from each stop to the destinations around it, seconds.
    fn walks_by_stop(&self, egress: &Csr<PlaceIdx, StopWalk>) -> Csr<StopIdx, (PlaceIdx, u32)> {
        let of_place = |place: PlaceIdx| {
            let links = self.to_all_sides(&egress[place]);
            links.into_iter().map(move |link| (link.stop, (place, link.walk.get())))
        };
        let pairs = (0..egress.rows()).map(PlaceIdx::new).flat_map(of_place).collect();
        Csr::from_pairs(self.rows.rows(), pairs)
    }
}

/// A scan for some origins, as far as it has come. A label is the latest departure from each
/// origin, for each number of rides up to the limit.
struct LatestDepartureScan<'a> {
    rides: &'a Rides,
    levels: usize,
    /// By stop: the origins that walk there, each with how soon it can board.
    access: Csr<StopIdx, (usize, u32)>,
    ends: &'a Csr<StopIdx, (PlaceIdx, u32)>,
    /// The rides at whose end one may stay seated for a ride.
    before: Vec<Vec<u32>>,
    begun: Vec<bool>,
    /// By ride, of who is aboard where the scan has come to: with at most one ride, with two, ...
    aboard: Vec<Lanes>,
    /// By row, of who changes to it and to no earlier one: after one ride, after two, ...
    changing: Vec<Lanes>,
    /// By stop, of who waits where the scan has come to: after no ride, after one, ...
    waiting: Vec<Lanes>,
    /// By stop, of who has got off there so far: after one ride, after two, ...
    been: Vec<Lanes>,
    /// By destination.
    found: Vec<Lanes>,
}

impl<'a> LatestDepartureScan<'a> {
    fn new(
        rides: &'a Rides,
        access: &Csr<OriginIdx, StopWalk>,
        origins: &[OriginIdx],
        ends: &'a Csr<StopIdx, (PlaceIdx, u32)>,
        places: usize,
    ) -> Self {
        let (stops, levels) = (rides.rows.rows(), usize::from(rides.limits.max_rides).max(1));
        let slack = rides.limits.board_slack.get();
        let of_origin = |(lane, origin): (usize, &OriginIdx)| {
            let links = rides.to_all_sides(&access[*origin]);
            links.into_iter().map(move |link| (link.stop, (lane, link.walk.get() + slack)))
        };
        let walks = origins.iter().enumerate().flat_map(of_origin).collect();
        let mut before = vec![Vec::new(); rides.runs.len()];
        for (ride, row) in (0u32..).zip(&rides.runs) {
            row.then.iter().for_each(|then| before[*then as usize].push(ride));
        }
        LatestDepartureScan {
            rides,
            levels,
            access: Csr::from_pairs(stops, walks),
            ends,
            before,
            begun: vec![false; rides.runs.len()],
            aboard: vec![[NONE; NARROW]; rides.runs.len() * levels],
            changing: vec![[NONE; NARROW]; rides.row_event.len() * (levels - 1)],
            waiting: vec![[NONE; NARROW]; stops * levels],
            been: vec![[NONE; NARROW]; stops * levels],
            found: vec![[NONE; NARROW]; places],
        }
    }

    fn take(&mut self, happening: ScanEvent) {
        self.begin(happening.ride);
        let event = self.rides.events[happening.event() as usize];
        if happening.gets_on() {
            self.get_on(happening.ride, &event);
        } else {
            self.get_off(happening.ride, &event);
        }
    }

    /// Of each destination the last departure of one of the origins.
    fn last_from(&self, lane: usize) -> Vec<Option<u16>> {
        self.found.iter().map(|last| last[lane].checked_sub(1)).collect()
    }

    /// Who was aboard to the end of a ride before may have stayed seated.
    fn begin(&mut self, ride: u32) {
        if std::mem::replace(&mut self.begun[ride as usize], true) {
            return;
        }
        for nth in 0..self.before[ride as usize].len() {
            let before = self.before[ride as usize][nth];
            self.begin(before);
            for level in 0..self.levels {
                let seated = self.aboard[before as usize * self.levels + level];
                raise(&mut self.aboard[ride as usize * self.levels + level], &seated);
            }
        }
    }

    /// On here: who changes to this row or to an earlier one of the stop, and who comes on foot.
    fn get_on(&mut self, ride: u32, event: &StopEvent) {
        let (levels, stop) = (self.levels, event.stop);
        let waiting = &mut self.waiting[stop.at() * levels..][..levels];
        let changing = &self.changing[event.row as usize * (levels - 1)..][..levels - 1];
        waiting[1..].iter_mut().zip(changing).for_each(|(all, new)| raise(all, new));
        let (window, now) = (&self.rides.window, u32::from(event.departure));
        for (lane, ready) in &self.access[stop] {
            if let Some(spare) = now.checked_sub(*ready) {
                let number = (spare / window.step.get().max(1)).saturating_add(1);
                let last = u16::try_from(number).unwrap_or(u16::MAX).min(window.departures);
                waiting[0][*lane] = waiting[0][*lane].max(last);
            }
        }
        let aboard = &mut self.aboard[ride as usize * levels..][..levels];
        let mut best = [NONE; NARROW];
        for (aboard, waiting) in aboard.iter_mut().zip(waiting) {
            raise(&mut best, waiting);
            raise(aboard, &best);
        }
    }

    /// Off here: on foot to the destinations, or to what can be caught. Whoever left later and got
    /// off here earlier has done all that already.
    fn get_off(&mut self, ride: u32, event: &StopEvent) {
        let (levels, stop) = (self.levels, event.stop);
        let aboard = &self.aboard[ride as usize * levels..][..levels];
        let been = &mut self.been[stop.at() * levels..][..levels];
        if !been.iter().zip(aboard).any(|(been, aboard)| rises(been, aboard)) {
            return;
        }
        been.iter_mut().zip(aboard).for_each(|(been, aboard)| raise(been, aboard));
        for (place, walk) in &self.ends[stop] {
            let first = self.rides.first_within(u32::from(event.arrival) + walk);
            raise_from(&mut self.found[place.at()], &aboard[levels - 1], first);
        }
        if levels == 1 {
            return;
        }
        for link in self.rides.walks_on(stop) {
            let ready = u32::from(event.arrival) + link.walk.get();
            let Some(row) = self.rides.first_row(link.stop, ready) else { continue };
            let changing = &mut self.changing[row as usize * (levels - 1)..][..levels - 1];
            changing.iter_mut().zip(aboard).for_each(|(all, new)| raise(all, new));
        }
    }
}

impl Rides {
    /// The first departure from which an arrival is within the longest journey, counted from 1.
    fn first_within(&self, arrival: u32) -> u32 {
        arrival.saturating_sub(self.limits.max_time.get()).div_ceil(self.window.step.get().max(1))
            + 1
    }
}

/// Raises each departure to the other.
#[inline]
fn raise(departures: &mut Lanes, other: &Lanes) {
    for (departure, other) in departures.iter_mut().zip(other) {
        *departure = (*departure).max(*other);
    }
}

/// The same of those others that are not before `first`.
#[inline]
fn raise_from(departures: &mut Lanes, other: &Lanes, first: u32) {
    let Ok(first) = u16::try_from(first) else { return };
    for (departure, other) in departures.iter_mut().zip(other) {
        let counts = if *other >= first { *other } else { NONE };
        *departure = (*departure).max(counts);
    }
}

/// Whether any other departure is later.
#[inline]
fn rises(departures: &Lanes, other: &Lanes) -> bool {
    departures.iter().zip(other).fold(0, |gain, (was, now)| gain | now.saturating_sub(*was)) != 0
}
