//! Travel times from all origins to all destinations, for every departure of a window, in one search backwards.
//!
//! The search runs from the destinations: for each row (a possible boarding) it finds the earliest arrival at each of a
//! block of destinations, with at most so many rides. All origins share that table. An origin then only looks up, for
//! each departure, the rows its access walks can catch.
//!
//! This is range RAPTOR (Delling, Pajor, Werneck, "Round-based public transit routing", Transportation Science 49,
//! 2015, doi:10.1287/trsc.2014.0534) with two changes. It runs on departures in falling order from the destinations, so
//! that the table serves every origin; and its label is not one time but a vector of them, one for each destination of
//! the block, which the compiler turns into vector code. A round adds a ride:
//!
//! 1. Round 1: for each run from its last call to its first, the earliest arrival of somebody aboard is the least of
//!    alighting here and walking, and staying aboard.
//! 2. Round k: as round 1, but alighting leads over a transfer to a ride as it was after round k−1. Only rides that the
//!    round before has improved are looked at; what improves nothing, or only times that nobody can use any more, is
//!    dropped; when a round improves nothing, no later one does.
//!
//! Only boardings that are worth it are looked at, from an event as from an origin (see [`super::boardings`]). In
//! Porto Alegre (1,227 points, 2,486 runs with 114,195 events in 120 departures) that leaves 10.5 rides for an event where
//! there were 25 stops, and 19 for an origin and departure.
//!
//! Cost: rounds × events × (1 + transfers) × destinations / vector width, and for each origin its boardings. Memory: see
//! [`Rides::block_bytes`].
//!
//! What lost, in CPU seconds of the whole command there, the like for this code in brackets; all on a busy machine:
//! - Transfers to the rows of stops, with waiting, and a second table of offers: 5.8 (4.7), one departure 2.8 (1.4).
//! - Each 16 destinations of a row summed up by their earliest and latest time, so that only those that can help are
//!   read: 7.8 (4.7). Of the parts so read one in eight helped; the branches cost more than the reading.
//! - Blocks of 64 destinations 5.2, of 256 5.8 (4.7); one departure 1.4 and 1.9 (1.4).
//! - Judging an origin's boardings at each departure in place of once for each ride: 5.8 to 6.6.

use rayon::prelude::*;

use super::boardings::{Boardings, Judge};
use super::links::Link;
use super::percentile;
use super::rides::{Event, EventIdx, Rides};
use crate::ids::{Csr, Idx, OriginIdx, PlaceIdx, StopIdx};
use crate::units::Seconds;

/// Destinations of a block: vectors of a width the compiler knows.
const WIDE: usize = 128;
const NARROW: usize = 16;

/// Origins whose boardings are in memory at once, times departures: some 150 MB in a dense city. The first departure
/// looked at has as many boardings as [`FIRST`] others.
const AT_ONCE: usize = 1 << 21;
const FIRST: usize = 8;

/// Not reachable: sorts behind every time. Never leaves this room as a number.
pub(super) const NEVER: u16 = u16::MAX;

/// The walks that a search begins and ends with.
#[derive(Clone, Copy)]
pub struct Walks<'a> {
    /// From each origin to stops.
    pub access: &'a Csr<OriginIdx, Link>,
    /// From stops to each destination. A destination of several points (the libraries, say) has the walks of them all.
    pub egress: &'a Csr<PlaceIdx, Link>,
    /// All the way on foot.
    pub direct: &'a Csr<OriginIdx, (PlaceIdx, Seconds)>,
}

/// The travel times of one origin to some destinations, at each departure of the window.
pub struct TravelTimes<'a> {
    lanes: &'a mut [u16],
    width: usize,
    places: &'a [PlaceIdx],
}

impl<'a> TravelTimes<'a> {
    pub(super) fn new(lanes: &'a mut [u16], width: usize, places: &'a [PlaceIdx]) -> TravelTimes<'a> {
        TravelTimes { lanes, width, places }
    }

    #[cfg(test)]
    pub(crate) fn for_test(lanes: &'a mut [u16], width: usize, places: &'a [PlaceIdx]) -> TravelTimes<'a> {
        TravelTimes::new(lanes, width, places)
    }

    pub(super) fn raw(&self, departure: usize, nth: usize) -> u16 {
        self.lanes[departure * self.width + nth]
    }

    /// The destinations, in the order of this block.
    pub fn places(&self) -> &[PlaceIdx] {
        self.places
    }

    /// How many departures there are.
    pub fn departures(&self) -> usize {
        self.lanes.len() / self.width
    }

    /// The time at a departure to the `nth` destination of the block; `None` if it is not reachable.
    pub fn at(&self, departure: usize, nth: usize) -> Option<Seconds> {
        seconds(self.lanes[departure * self.width + nth])
    }

    /// The nearest-rank percentiles of each destination: `each` takes the destination and a time for each percentile.
    /// The order of the departures is lost.
    pub fn percentiles(&mut self, percents: &[u8], mut each: impl FnMut(PlaceIdx, &[Option<Seconds>])) {
        let departures = self.departures();
        let ranks: Vec<usize> = percents.iter().map(|p| percentile::rank(*p, departures)).collect();
        let mut times = vec![None; percents.len()];
        let mut sorter = percentile::Sorter::of(departures, &ranks);
        for (part, places) in self.places.chunks(percentile::COLUMNS).enumerate() {
            let sorted = sorter.sort(self.lanes, self.width, part * percentile::COLUMNS);
            for (column, place) in places.iter().enumerate() {
                for (time, rank) in times.iter_mut().zip(&ranks) {
                    *time = seconds(sorted[*rank][column]);
                }
                each(*place, &times);
            }
        }
    }
}

fn seconds(lane: u16) -> Option<Seconds> {
    (lane != NEVER).then_some(Seconds(u32::from(lane)))
}

impl Rides {
    /// Finds all travel times and hands them to `visit`, with the origin's own entry of `results`.
    ///
    /// Each origin is visited once for each block of destinations, in the same order on every run and with any number of
    /// threads; different origins at the same time.
    pub fn travel_times<R: Send>(
        &self,
        walks: &Walks,
        results: &mut [R],
        tick: &(dyn Fn(u64) + Sync),
        visit: impl Fn(OriginIdx, &mut R, &mut TravelTimes) + Sync,
    ) {
        assert_eq!(results.len(), walks.access.rows(), "a result for each origin");
        if walks.egress.rows() <= NARROW {
            self.search::<NARROW, R>(walks, results, tick, &visit);
        } else {
            self.search::<WIDE, R>(walks, results, tick, &visit);
        }
    }

    /// The memory each thread takes for a block of destinations, in bytes.
    pub fn block_bytes(&self, destinations: usize) -> usize {
        let width = if destinations <= NARROW { NARROW } else { WIDE };
        2 * self.events.len() * width * size_of::<u16>()
    }

    fn search<const W: usize, R: Send>(
        &self,
        walks: &Walks,
        results: &mut [R],
        tick: &(dyn Fn(u64) + Sync),
        visit: &(impl Fn(OriginIdx, &mut R, &mut TravelTimes) + Sync),
    ) {
        let order = neighbours_together(walks.egress);
        let blocks: Vec<&[PlaceIdx]> = order.chunks(W).collect();
        let at_once = rayon::current_num_threads().min(blocks.len());
        let mut searches: Vec<Search<W>> = (0..at_once).map(|_| Search::new(self)).collect();
        let some = AT_ONCE / (usize::from(self.window.departures) + FIRST);
        for (part, results) in results.chunks_mut(some).enumerate() {
            let first = part * some;
            let boardings = self.boardings(walks.access, first..first + results.len(), W > NARROW);
            for group in blocks.chunks(at_once.max(1)) {
                searches
                    .par_iter_mut()
                    .zip(group)
                    .for_each(|(search, places)| search.run(walks.egress, places, |_| ()));
                results.par_iter_mut().zip(&boardings).enumerate().for_each_init(
                    || vec![[NEVER; W]; usize::from(self.window.departures)],
                    |lanes, (nth, (result, boardings))| {
                        let origin = OriginIdx::new(first + nth);
                        for (search, places) in searches.iter().zip(group) {
                            search.look_up(boardings, lanes);
                            self.walk_instead(&walks.direct[origin], places, lanes);
                            let lanes = lanes.as_flattened_mut();
                            visit(origin, result, &mut TravelTimes { lanes, width: W, places });
                        }
                        tick(group.len() as u64);
                    },
                );
            }
        }
    }

    /// The boardings of some origins.
    fn boardings(
        &self,
        access: &Csr<OriginIdx, Link>,
        origins: std::ops::Range<usize>,
        judged: bool,
    ) -> Vec<Boardings> {
        let boardings = origins.into_par_iter().map_init(
            || Judge::of(self),
            |judge, origin| {
                let chances = self.chances(&access[OriginIdx::new(origin)]);
                judge.boardings(&chances, &self.window, self.limits.max_time.0, judged)
            },
        );
        boardings.collect()
    }

    /// Takes the walk all the way where it is quicker.
    fn walk_instead<const W: usize>(
        &self,
        direct: &[(PlaceIdx, Seconds)],
        places: &[PlaceIdx],
        lanes: &mut [[u16; W]],
    ) {
        for (nth, place) in places.iter().enumerate() {
            let Ok(found) = direct.binary_search_by_key(place, |(to, _)| *to) else { continue };
            let walk = direct[found].1;
            if walk <= self.limits.max_time {
                let walk = u16::try_from(walk.0).unwrap_or(NEVER);
                lanes.iter_mut().for_each(|lane| lane[nth] = lane[nth].min(walk));
            }
        }
    }
}

/// Destinations in an order in which those near each other stand together, so that a block is reached by few stops.
fn neighbours_together(egress: &Csr<PlaceIdx, Link>) -> Vec<PlaceIdx> {
    let mut order: Vec<PlaceIdx> = (0..egress.rows()).map(PlaceIdx::new).collect();
    order.sort_by_key(|place| egress[*place].iter().min_by_key(|link| link.walk).map(|link| link.stop));
    order
}

/// The labels of every round of a search towards one destination: for each row the earliest arrival with at most so many
/// rides, seconds after the first departure.
pub(super) struct Rounds(Vec<Vec<u16>>);

impl Rounds {
    pub fn towards(rides: &Rides, egress: &Csr<PlaceIdx, Link>, place: PlaceIdx) -> Rounds {
        let mut rounds = Vec::new();
        Search::<1>::new(rides).run(egress, &[place], |search| rounds.push(search.by_row()));
        Rounds(rounds)
    }

    /// The labels of round `round`, from 0: with at most one ride more. Rounds after the last change nothing.
    pub fn get(&self, round: usize) -> Option<&[u16]> {
        self.0.get(round).map(Vec::as_slice)
    }

    /// The labels of the last round.
    pub fn last(&self) -> &[u16] {
        self.0.last().map_or(&[], Vec::as_slice)
    }

    /// The first round in which a row has an arrival that it has in the last.
    pub fn first_with(&self, row: u32, arrival: u16) -> usize {
        self.0.iter().position(|labels| labels[row as usize] == arrival).unwrap_or(self.0.len())
    }
}

/// The search of one block, round by round, and what it has found.
struct Search<'a, const W: usize> {
    rides: &'a Rides,
    /// The walk from each stop to each destination.
    egress: Vec<[u16; W]>,
    ends_at: Vec<bool>,
    /// For who is aboard when the ride comes to an event: the earliest arrival.
    aboard: Vec<[u16; W]>,
    /// Events from which any destination is reachable.
    reaches: Bits,
    /// What this round improves. The others of the round must not see it yet.
    improved: Vec<(u32, [u16; W])>,
    /// Events that the last round improved.
    changed: Bits,
    /// What staying seated from the ride before offers: for each ride that one can stay seated for.
    seated: Vec<Option<Box<Offer<W>>>>,
}

/// What somebody aboard can reach, and whether that is anything.
#[derive(Clone, Copy)]
struct Offer<const W: usize> {
    arrival: [u16; W],
    any: bool,
}

impl<'a, const W: usize> Search<'a, W> {
    fn new(rides: &'a Rides) -> Self {
        let (stops, events) = (rides.rows.rows(), rides.events.len());
        let mut seated: Vec<Option<Box<Offer<W>>>> = vec![None; rides.runs.len()];
        for then in rides.runs.iter().flat_map(|ride| &ride.then) {
            seated[*then as usize] = Some(Box::new(Offer::NOTHING));
        }
        Search {
            rides,
            egress: vec![[NEVER; W]; stops],
            ends_at: vec![false; stops],
            aboard: vec![[NEVER; W]; events],
            reaches: Bits::new(events),
            improved: Vec::new(),
            changed: Bits::new(events),
            seated,
        }
    }

    /// Runs all rounds; `each` sees the search after every one.
    fn run(&mut self, egress: &Csr<PlaceIdx, Link>, places: &[PlaceIdx], mut each: impl FnMut(&Self)) {
        self.begin(egress, places);
        self.ride(|search, event, offer| search.walk_to_destination(event, offer));
        each(self);
        for _ in 1..self.rides.limits.max_rides {
            if !self.changed.any() {
                break;
            }
            self.ride(|search, event, offer| search.change(event, offer));
            each(self);
        }
    }

    fn begin(&mut self, egress: &Csr<PlaceIdx, Link>, places: &[PlaceIdx]) {
        self.aboard.fill([NEVER; W]);
        self.reaches.clear();
        self.egress.fill([NEVER; W]);
        self.ends_at.fill(false);
        for (nth, place) in places.iter().enumerate() {
            for link in &egress[*place] {
                for side in self.rides.changes.sides(link.stop) {
                    let walk = &mut self.egress[side.at()][nth];
                    *walk = u16::try_from(link.walk.0).unwrap_or(NEVER).min(*walk);
                    self.ends_at[side.at()] = true;
                }
            }
        }
    }

    /// Rides every run from its end to its beginning; `alight` adds what getting off at an event offers. An offer that is
    /// no better than what the ride had is dropped: it was no better at any call before either.
    fn ride(&mut self, alight: impl Fn(&Self, usize, &mut Offer<W>)) {
        let mut improved = std::mem::take(&mut self.improved);
        for (number, ride) in self.rides.runs.iter().enumerate().rev() {
            let mut offer = Offer::NOTHING;
            for then in &ride.then {
                if let Some(seat) = self.seated[*then as usize].as_ref().filter(|seat| seat.any) {
                    offer.take(&seat.arrival);
                }
            }
            for number in ride.events.clone().rev() {
                let event = &self.rides.events[number as usize];
                if event.alight {
                    alight(self, number as usize, &mut offer);
                }
                if offer.any {
                    if offer.improves(&self.aboard[number as usize], self.latest(event)) {
                        improved.push((number, offer.arrival));
                    } else {
                        offer = Offer::NOTHING;
                    }
                }
            }
            if let Some(seat) = &mut self.seated[number] {
                **seat = offer;
            }
        }
        self.changed.clear();
        for (event, arrival) in improved.drain(..) {
            least(&mut self.aboard[event as usize], &arrival);
            self.changed.set(event);
            self.reaches.set(event);
        }
        self.improved = improved;
    }

    /// The latest arrival that is of use to anybody aboard at an event: who is aboard, or stays seated, had left by then.
    fn latest(&self, event: &Event) -> u16 {
        let (rides, now) = (self.rides, event.arrival.max(event.departure));
        let last = u32::from(rides.window.departures.saturating_sub(1)) * rides.window.step.0;
        let latest = u32::from(now).min(last) + rides.limits.max_time.0;
        u16::try_from(latest).unwrap_or(NEVER - 1)
    }

    /// Round 1: off here, and on foot to the destinations.
    fn walk_to_destination(&self, event: usize, offer: &mut Offer<W>) {
        let event = &self.rides.events[event];
        if self.ends_at[event.stop.at()] {
            for (best, walk) in offer.arrival.iter_mut().zip(&self.egress[event.stop.at()]) {
                *best = walk.saturating_add(event.arrival).min(*best);
            }
            offer.any = true;
        }
    }

    /// Later rounds: off here, and on to rides that the last round improved.
    fn change(&self, event: usize, offer: &mut Offer<W>) {
        #[expect(clippy::cast_possible_truncation, reason = "events are numbered in u32")]
        for target in &self.rides.transfers[EventIdx(event as u32)] {
            if self.changed.get(*target) {
                offer.take(&self.aboard[*target as usize]);
            }
        }
    }

    /// The travel times of an origin at each departure. Who leaves earlier can also wait, so each departure takes over
    /// what the next one has.
    fn look_up(&self, boardings: &Boardings, lanes: &mut [[u16; W]]) {
        let max = u16::try_from(self.rides.limits.max_time.0).unwrap_or(NEVER - 1);
        let mut arrival = [NEVER; W];
        for ((number, lane), boardings) in lanes.iter_mut().enumerate().rev().zip(boardings.backwards()) {
            for event in boardings {
                if self.reaches.get(*event) {
                    least(&mut arrival, &self.aboard[*event as usize]);
                }
            }
            #[expect(clippy::cast_possible_truncation, reason = "a window has at most 65,535 departures")]
            let departure = u16::try_from(number as u32 * self.rides.window.step.0).unwrap_or(NEVER);
            for (time, arrival) in lane.iter_mut().zip(&arrival) {
                // An arrival that is never stays far above the limit: the horizon lies below it by more than the span.
                let travel = arrival.saturating_sub(departure);
                *time = if travel > max { NEVER } else { travel };
            }
        }
    }
}

impl Search<'_, 1> {
    /// The label of each row: for who can board it, or wait for a later one of its stop.
    fn by_row(&self) -> Vec<u16> {
        let mut labels: Vec<u16> = vec![NEVER; self.rides.row_event.len()];
        for stop in (0..self.rides.rows.rows()).map(StopIdx::new) {
            let mut waiting = NEVER;
            for row in self.rides.rows.span(stop).rev() {
                let behind = self.rides.row_event[row] as usize + 1;
                waiting = waiting.min(self.aboard.get(behind).map_or(NEVER, |[arrival]| *arrival));
                labels[row] = waiting;
            }
        }
        labels
    }
}

impl<const W: usize> Offer<W> {
    const NOTHING: Offer<W> = Offer { arrival: [NEVER; W], any: false };

    fn take(&mut self, other: &[u16; W]) {
        least(&mut self.arrival, other);
        self.any = true;
    }

    /// Whether any arrival up to `latest` is earlier than the known one.
    fn improves(&self, known: &[u16; W], latest: u16) -> bool {
        let mut gain = 0;
        for (new, known) in self.arrival.iter().zip(known) {
            gain |= (*known).min(latest + 1).saturating_sub(*new);
        }
        gain != 0
    }
}

/// Lowers each time to the other's.
fn least<const W: usize>(times: &mut [u16; W], other: &[u16; W]) {
    for (time, other) in times.iter_mut().zip(other) {
        *time = (*time).min(*other);
    }
}

/// A set of events.
struct Bits(Vec<u64>);

impl Bits {
    fn new(len: usize) -> Bits {
        Bits(vec![0; len.div_ceil(64)])
    }
    fn set(&mut self, n: u32) {
        self.0[n as usize / 64] |= 1 << (n % 64);
    }
    fn get(&self, n: u32) -> bool {
        self.0[n as usize / 64] & 1 << (n % 64) != 0
    }
    fn clear(&mut self) {
        self.0.fill(0);
    }
    fn any(&self) -> bool {
        self.0.iter().any(|word| *word != 0)
    }
}
