//! Travel times from all origins to all destinations, for every departure of a window, in one
//! search backwards.
//!
//! The search runs from the destinations: for each row (a possible boarding) it finds the earliest
//! arrival at each of a block of destinations, with at most so many rides. All origins share that
//! table. An origin then only looks up, for each departure, the rows its access walks can catch.
//!
//! This is range RAPTOR (Delling, Pajor, Werneck, "Round-based public transit routing",
//! Transportation Science 49, 2015, doi:10.1287/trsc.2014.0534) with two changes. It runs on
//! departures in falling order from the destinations, so that the table serves every origin; and
//! its label is not one time but a vector of them, one for each destination of the block, which the
//! compiler turns into vector code. A round adds a ride:
//!
//! 1. Round 1: for each run from its last call to its first, the earliest arrival of somebody
//!    aboard is the least of alighting here and walking, and staying aboard.
//! 2. Round k: as round 1, but alighting leads over a transfer to a ride as it was after round k−1.
//!    Only rides that the round before has improved are looked at; what improves nothing, or only
//!    times that nobody can use any more, is dropped; when a round improves nothing, no later one
//!    does.
//!
//! Only boardings that are worth it are looked at, from an event as from an origin (see
//! [`crate::routing::transit::transfer_reduction`]). In Porto Alegre (1,227 points, 2,486 runs with
//! 114,195 events in
//! 120 departures) that leaves 10.5 rides for an event where there were 25 stops, and 19 for an
//! origin and departure. What then costs time is to wait for labels from memory; so labels that can
//! lower nothing are left unread (see [`super::rounds`], [`super::block_bounds`]), and neighbours
//! follow each other (see [`super::locality_order`]).
//!
//! Cost: rounds × events × (1 + transfers) × destinations / vector width, and for each origin its
//! boardings. Memory: see [`Rides::block_bytes`].
//!
//! What lost, in CPU seconds of the whole command there, the like for the code of the day in
//! brackets; all on a busy machine:
//! - Transfers to the rows of stops, with waiting, and a second table of offers: 7.2 (5.1).
//! - Judging an origin's boardings at each departure in place of once for each ride: 5.8 to 6.6
//!   (4.7).
//! - Each 16 destinations of a row read or not by themselves, in an order that is no order on the
//!   map: 7.8 (4.7). Of the parts so read one in eight helped; the branches cost more than the
//!   reading.
//! - Whole rows of 128 destinations without strips: 7.1 (7.9, medians of five pairs), but 194 MiB
//!   (160 MiB) with two threads.
//! - Blocks of 32 destinations 6.6, of 128 11.3, where 64 took 5.3 to 6.6.
//! - Dropping boardings that another of the same event makes needless only later: a fifth fewer
//!   transfers, but the judging took what that gained, 5.7 (5.5), and a fifth more time than
//!   without in the made-up city with 16 times the trips.
//! - Events in falling time, whichever ride they belong to, so that those that read the same labels
//!   follow each other: 9.8 (7.9, medians of three pairs at opt-level 2). A ride's own events,
//!   labels and transfers then lie apart.
//! - The horizon (see [`super::arrival_bound`]) from a search forwards at the last departure,
//!   before all blocks: in that city 0.11 s in place of 0.08 with the base's trips, 1.5 in place of
//!   1.8 with 16 times as many.

use rayon::prelude::*;

use crate::ids::{Csr, Idx, OriginIdx, PlaceIdx};
use crate::routing::query::percentile;
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::arrival_bound::ArrivalBound;
use crate::routing::transit::raptor::block_bounds::{self, STRIPS, Strips};
pub(in crate::routing) use crate::routing::transit::raptor::locality_order::neighbours_together;
use crate::routing::transit::raptor::rounds::RaptorSearch;
pub(in crate::routing) use crate::routing::transit::raptor::rounds::{NEVER, Rounds};
use crate::routing::transit::transfer_reduction::{Boardings, TransferReduction};
use crate::routing::transit::window_timetable::Rides;
use crate::units::Seconds;

/// Destinations of a block: vectors of a width the compiler knows.
pub(in crate::routing) const WIDE: usize = 64;
pub(in crate::routing) const NARROW: usize = 16;

/// How many blocks so many destinations are searched in: how often each origin is visited.
pub fn blocks(destinations: usize) -> usize {
    destinations.div_ceil(if destinations <= NARROW { NARROW } else { WIDE })
}

/// Origins whose boardings are in memory at once, times departures: some 150 MB in a dense city.
/// The first departure looked at has as many boardings as [`FIRST`] others.
const AT_ONCE: usize = 1 << 21;
const FIRST: usize = 8;

/// The walks that a search begins and ends with.
#[derive(Clone, Copy)]
pub struct Walks<'a> {
    /// From each origin to stops.
    pub access: &'a Csr<OriginIdx, StopWalk>,
    /// From stops to each destination. A destination of several points (the libraries, say) has the
    /// walks of them all.
    pub egress: &'a Csr<PlaceIdx, StopWalk>,
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
    pub(in crate::routing) fn new(
        lanes: &'a mut [u16],
        width: usize,
        places: &'a [PlaceIdx],
    ) -> TravelTimes<'a> {
        TravelTimes { lanes, width, places }
    }

    #[cfg(test)]
    pub(crate) fn for_test(
        lanes: &'a mut [u16],
        width: usize,
        places: &'a [PlaceIdx],
    ) -> TravelTimes<'a> {
        TravelTimes::new(lanes, width, places)
    }

    pub(in crate::routing) fn raw(&self, departure: usize, nth: usize) -> u16 {
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

    /// The time at a departure to the `nth` destination of the block; `None` if it is not
    /// reachable.
    pub fn at(&self, departure: usize, nth: usize) -> Option<Seconds> {
        seconds(self.lanes[departure * self.width + nth])
    }

    /// The nearest-rank percentiles of each destination: `each` takes the destination and a time
    /// for each percentile. The order of the departures is lost.
    pub fn percentiles(
        &mut self,
        percents: &[u8],
        mut each: impl FnMut(PlaceIdx, &[Option<Seconds>]),
    ) {
        let departures = self.departures();
        let ranks: Vec<usize> = percents.iter().map(|p| percentile::rank(*p, departures)).collect();
        let mut times = vec![None; percents.len()];
        let mut sorter = percentile::PercentileSorter::of(departures, &ranks);
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
    (lane != NEVER).then_some(Seconds::new(u32::from(lane)))
}

impl Rides {
    /// As [`Rides::travel_times`], found backwards, with what is known of how late arrivals matter.
    pub(in crate::routing) fn travel_times_backwards<R: Send>(
        &self,
        horizon: &mut ArrivalBound,
        walks: &Walks,
        results: &mut [R],
        tick: &(dyn Fn(u64) + Sync),
        visit: impl Fn(OriginIdx, &mut R, &mut TravelTimes) + Sync,
    ) {
        if walks.egress.rows() <= NARROW {
            self.search::<NARROW, R>(horizon, walks, results, tick, &visit);
        } else {
            self.search::<WIDE, R>(horizon, walks, results, tick, &visit);
        }
    }

    /// The memory each thread takes for a block of destinations, in bytes.
    pub fn block_bytes(&self, destinations: usize) -> usize {
        if destinations <= NARROW {
            RaptorSearch::<NARROW>::bytes(self)
        } else {
            RaptorSearch::<WIDE>::bytes(self)
        }
    }

    fn search<const W: usize, R: Send>(
        &self,
        horizon: &mut ArrivalBound,
        walks: &Walks,
        results: &mut [R],
        tick: &(dyn Fn(u64) + Sync),
        visit: &(impl Fn(OriginIdx, &mut R, &mut TravelTimes) + Sync),
    ) {
        let order = neighbours_together(walks.egress);
        let blocks: Vec<Vec<PlaceIdx>> = order.chunks(W).map(block_bounds::deal).collect();
        let at_once = rayon::current_num_threads().min(blocks.len());
        let mut searches: Vec<RaptorSearch<W>> =
            (0..at_once).map(|_| RaptorSearch::new(self)).collect();
        let some = AT_ONCE / (usize::from(self.window.departures) + FIRST);
        for origins in in_order(results, &neighbours_together(walks.access)).chunks_mut(some) {
            let boardings = self.boardings(walks.access, origins, W > NARROW);
            let leaving: Vec<_> =
                origins.iter().map(|(origin, _)| *origin).zip(&boardings).collect();
            for group in blocks.chunks(at_once.max(1)) {
                self.search_group(&mut searches, group, horizon, walks, &leaving);
                origins.par_iter_mut().zip(&boardings).for_each_init(
                    || vec![[NEVER; W]; usize::from(self.window.departures)],
                    |lanes, ((origin, result), boardings)| {
                        for (search, places) in searches.iter().zip(group) {
                            look_up_all(search, self, boardings, lanes);
                            self.walk_instead(&walks.direct[*origin], places, lanes);
                            let lanes = lanes.as_flattened_mut();
                            visit(*origin, result, &mut TravelTimes { lanes, width: W, places });
                        }
                        tick(group.len() as u64);
                    },
                );
            }
        }
    }

    /// Searches some blocks, one with each search, for the arrivals that matter to these origins.
    fn search_group<const W: usize>(
        &self,
        searches: &mut [RaptorSearch<W>],
        group: &[Vec<PlaceIdx>],
        horizon: &mut ArrivalBound,
        walks: &Walks,
        origins: &[(OriginIdx, &Boardings)],
    ) {
        let mut until = horizon.guess();
        loop {
            let of_block = |(search, places): (&mut RaptorSearch<W>, &Vec<PlaceIdx>)| {
                search.run(walks.egress, places, until, |_| ());
            };
            searches.par_iter_mut().zip(group).for_each(of_block);
            if !horizon.may_be_nearer() {
                return;
            }
            let longest = |(origin, boardings): &(OriginIdx, &Boardings)| {
                let each = searches.iter().zip(group);
                each.map(|(search, places)| {
                    self.longest(search, boardings, &walks.direct[*origin], places)
                })
                .max()
            };
            let needed = horizon.after(origins.par_iter().filter_map(longest).max().unwrap_or(0));
            if needed <= until {
                return horizon.learn(needed);
            }
            until = horizon.full();
        }
    }

    /// The longest travel time to some destinations at the last departure; [`NEVER`] if one is not
    /// reached.
    fn longest<const W: usize>(
        &self,
        search: &RaptorSearch<W>,
        boardings: &Boardings,
        direct: &[(PlaceIdx, Seconds)],
        places: &[PlaceIdx],
    ) -> u16 {
        let last = self.window.departures.saturating_sub(1);
        let (mut arrival, mut latest, mut lane) = ([NEVER; W], [NEVER; STRIPS], [[NEVER; W]]);
        if let Some(boardings) = boardings.backwards().next() {
            look_up(search, self, last, boardings, (&mut arrival, &mut latest), &mut lane[0]);
        }
        self.walk_instead(direct, places, &mut lane);
        lane[0].iter().take(places.len()).copied().max().unwrap_or(0)
    }

    /// The boardings of some origins.
    fn boardings<R: Send>(
        &self,
        access: &Csr<OriginIdx, StopWalk>,
        origins: &mut [(OriginIdx, &mut R)],
        judged: bool,
    ) -> Vec<Boardings> {
        let boardings = origins.par_iter_mut().map_init(
            || TransferReduction::of(self),
            |judge, (origin, _)| {
                let chances = self.chances(&access[*origin]);
                judge.boardings(&chances, &self.window, self.limits.max_time.get(), judged)
            },
        );
        boardings.collect()
    }

    /// Takes the walk all the way where it is quicker.
    pub(in crate::routing) fn walk_instead<const W: usize>(
        &self,
        direct: &[(PlaceIdx, Seconds)],
        places: &[PlaceIdx],
        lanes: &mut [[u16; W]],
    ) {
        for (nth, place) in places.iter().enumerate() {
            let Ok(found) = direct.binary_search_by_key(place, |(to, _)| *to) else { continue };
            let walk = direct[found].1;
            if walk <= self.limits.max_time {
                let walk = u16::try_from(walk.get()).unwrap_or(NEVER);
                lanes.iter_mut().for_each(|lane| lane[nth] = lane[nth].min(walk));
            }
        }
    }
}

/// The results in an order, each with its origin.
fn in_order<'r, R>(results: &'r mut [R], order: &[OriginIdx]) -> Vec<(OriginIdx, &'r mut R)> {
    let mut slots: Vec<Option<&mut R>> = results.iter_mut().map(Some).collect();
    order.iter().filter_map(|origin| Some((*origin, slots[origin.at()].take()?))).collect()
}

/// The travel times of an origin at each departure, for one block. Who leaves earlier can also
/// wait, so each departure takes over what the next one has.
fn look_up_all<const W: usize>(
    search: &RaptorSearch<W>,
    rides: &Rides,
    boardings: &Boardings,
    lanes: &mut [[u16; W]],
) {
    let (mut arrival, mut latest) = ([NEVER; W], [NEVER; STRIPS]);
    let departures = (0..rides.window.departures).rev();
    for ((departure, lane), boardings) in
        departures.zip(lanes.iter_mut().rev()).zip(boardings.backwards())
    {
        look_up(search, rides, departure, boardings, (&mut arrival, &mut latest), lane);
    }
}

/// The travel times at a departure, after those of all later ones. An arrival later than the
/// longest journey allows is of no use at this departure nor at those before it.
fn look_up<const W: usize>(
    search: &RaptorSearch<W>,
    rides: &Rides,
    departure: u16,
    boardings: &[u32],
    (arrival, latest): (&mut [u16; W], &mut Strips),
    times: &mut [u16; W],
) {
    let max = u16::try_from(rides.limits.max_time.get()).unwrap_or(NEVER - 1);
    let leaves = u16::try_from(u32::from(departure) * rides.window.step.get()).unwrap_or(NEVER);
    search.board(boardings, arrival, latest, leaves.saturating_add(max).saturating_add(1));
    for (time, arrival) in times.iter_mut().zip(arrival) {
        // An arrival that is never stays far above the limit: the horizon lies below it by more
        // than the span.
        let travel = arrival.saturating_sub(leaves);
        *time = if travel > max { NEVER } else { travel };
    }
}
