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
//!    alighting here and walking, and staying aboard. A row takes what its run offers behind it.
//! 2. A row takes over what the next row of its stop has: who could board now can also wait.
//! 3. Round k: as round 1, but alighting leads over a transfer to a row of round k−1. Only rows that the round before
//!    has improved are looked at; when a round improves nothing, no later one does.
//!
//! Cost: rounds × events × (1 + transfers) × destinations / vector width, and for each origin the rows it can catch.
//! Memory: 2 tables × rows × block × 2 bytes for each thread, see [`Rides::block_bytes`].

use rayon::prelude::*;

use super::links::Link;
use super::percentile;
use super::rides::{NO_ROW, Rides};
use crate::ids::{Csr, Idx, OriginIdx, PlaceIdx, StopIdx};
use crate::units::Seconds;

/// Destinations of a block: vectors of a width the compiler knows.
pub(super) const WIDE: usize = 128;
pub(super) const NARROW: usize = 16;

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
        let mut sorter = percentile::Sorter::new(departures);
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
    /// As [`Rides::travel_times`], found backwards.
    pub(super) fn travel_times_backwards<R: Send>(
        &self,
        walks: &Walks,
        results: &mut [R],
        tick: &(dyn Fn(u64) + Sync),
        visit: impl Fn(OriginIdx, &mut R, &mut TravelTimes) + Sync,
    ) {
        if walks.egress.rows() <= NARROW {
            self.search::<NARROW, R>(walks, results, tick, &visit);
        } else {
            self.search::<WIDE, R>(walks, results, tick, &visit);
        }
    }

    /// The memory each thread takes for a block of destinations, in bytes.
    pub fn block_bytes(&self, destinations: usize) -> usize {
        let width = if destinations <= NARROW { NARROW } else { WIDE };
        2 * self.row_event.len() * width * size_of::<u16>()
    }

    fn search<const W: usize, R: Send>(
        &self,
        walks: &Walks,
        results: &mut [R],
        tick: &(dyn Fn(u64) + Sync),
        visit: &(impl Fn(OriginIdx, &mut R, &mut TravelTimes) + Sync),
    ) {
        let order = neighbours_together(walks.egress);
        let access: Csr<OriginIdx, Link> = Csr::from_rows(
            (0..walks.access.rows())
                .map(|n| self.lines.keep_useful(&self.to_all_sides(&walks.access[OriginIdx::new(n)]), None)),
        );
        let blocks: Vec<&[PlaceIdx]> = order.chunks(W).collect();
        for group in blocks.chunks(rayon::current_num_threads()) {
            let tables: Vec<Arrivals<W>> =
                group.par_iter().map(|places| Arrivals::find(self, walks.egress, places)).collect();
            results.par_iter_mut().enumerate().for_each_init(
                || vec![[NEVER; W]; usize::from(self.window.departures)],
                |lanes, (origin, result)| {
                    let origin = OriginIdx::new(origin);
                    for (table, places) in tables.iter().zip(group) {
                        table.look_up(self, &access[origin], lanes);
                        self.walk_instead(&walks.direct[origin], places, lanes);
                        visit(
                            origin,
                            result,
                            &mut TravelTimes { lanes: lanes.as_flattened_mut(), width: W, places },
                        );
                    }
                    tick(group.len() as u64);
                },
            );
        }
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
pub(super) fn neighbours_together(egress: &Csr<PlaceIdx, Link>) -> Vec<PlaceIdx> {
    let mut order: Vec<PlaceIdx> = (0..egress.rows()).map(PlaceIdx::new).collect();
    order.sort_by_key(|place| egress[*place].iter().min_by_key(|link| link.walk).map(|link| link.stop));
    order
}

/// The earliest arrival at each destination of a block for who boards at each row, seconds after the first departure.
struct Arrivals<const W: usize> {
    best: Vec<[u16; W]>,
    /// Rows from which any destination is reachable.
    reaches: Vec<bool>,
}

impl<const W: usize> Arrivals<W> {
    fn find(rides: &Rides, egress: &Csr<PlaceIdx, Link>, places: &[PlaceIdx]) -> Arrivals<W> {
        let search = Search::new(rides, egress, places).run(|_| ());
        Arrivals { best: search.best, reaches: search.reaches }
    }

    /// The travel times of an origin at each departure. A row serves all departures from which it can be caught; who leaves
    /// earlier can also wait for it, so each lane takes over what the next one has.
    fn look_up(&self, rides: &Rides, access: &[Link], lanes: &mut [[u16; W]]) {
        lanes.fill([NEVER; W]);
        let step = rides.window.step.0;
        let last = lanes.len() - 1;
        for link in access {
            let first_ready = link.walk.0 + rides.limits.board_slack.0;
            let span = rides.rows.span(link.stop);
            let departures = &rides.rows.items()[span.clone()];
            let skip = departures.partition_point(|departure| u32::from(*departure) < first_ready);
            let mut served = None;
            for (departure, row) in departures[skip..].iter().zip(span.start + skip..) {
                let lane = ((u32::from(*departure) - first_ready) / step) as usize;
                if served != Some(lane.min(last)) && self.reaches[row] {
                    least(&mut lanes[lane.min(last)], &self.best[row]);
                }
                served = Some(lane.min(last));
                if lane >= last {
                    break;
                }
            }
        }
        let max = u16::try_from(rides.limits.max_time.0).unwrap_or(NEVER - 1);
        for lane in (0..lanes.len()).rev() {
            if let [this, next, ..] = &mut lanes[lane..] {
                least(this, next);
            }
        }
        for (lane, times) in (0u32..).zip(lanes) {
            let departure = u16::try_from(lane * step).unwrap_or(NEVER);
            for time in times {
                // An arrival that is never stays far above the limit: the horizon lies below it by more than the span.
                let travel = time.saturating_sub(departure);
                *time = if travel > max { NEVER } else { travel };
            }
        }
    }
}

/// The labels of every round of a search towards one destination: for each row the earliest arrival with at most so many
/// rides, seconds after the first departure.
pub(super) struct Rounds(Vec<Vec<u16>>);

impl Rounds {
    pub fn towards(rides: &Rides, egress: &Csr<PlaceIdx, Link>, place: PlaceIdx) -> Rounds {
        let mut rounds = Vec::new();
        Search::<1>::new(rides, egress, &[place])
            .run(|search| rounds.push(search.best.iter().map(|[arrival]| *arrival).collect()));
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

/// The search of one block, round by round.
struct Search<'a, const W: usize> {
    rides: &'a Rides,
    /// The walk from each stop to each destination.
    egress: Vec<[u16; W]>,
    ends_at: Vec<bool>,
    best: Vec<[u16; W]>,
    reaches: Vec<bool>,
    /// What the rides of this round offer at each touched row.
    offer: Vec<[u16; W]>,
    touched: Bits,
    /// Rows that the last round improved.
    changed: Bits,
    /// What staying seated from the ride before offers: for each ride that one can stay seated for.
    seated: Vec<Option<Box<[u16; W]>>>,
}

/// What somebody aboard can reach, and whether that is anything.
struct Aboard<const W: usize> {
    arrival: [u16; W],
    any: bool,
}

impl<'a, const W: usize> Search<'a, W> {
    fn new(rides: &'a Rides, egress: &Csr<PlaceIdx, Link>, places: &[PlaceIdx]) -> Self {
        let stops = rides.rows.rows();
        let mut walks = vec![[NEVER; W]; stops];
        let mut ends_at = vec![false; stops];
        for (nth, place) in places.iter().enumerate() {
            for link in &egress[*place] {
                for side in rides.changes.sides(link.stop) {
                    let walk = &mut walks[side.at()][nth];
                    *walk = u16::try_from(link.walk.0).unwrap_or(NEVER).min(*walk);
                    ends_at[side.at()] = true;
                }
            }
        }
        let rows = rides.row_event.len();
        let mut seated: Vec<Option<Box<[u16; W]>>> = vec![None; rides.runs.len()];
        for then in rides.runs.iter().flat_map(|ride| &ride.then) {
            seated[*then as usize] = Some(Box::new([NEVER; W]));
        }
        Search {
            rides,
            egress: walks,
            ends_at,
            best: vec![[NEVER; W]; rows],
            reaches: vec![false; rows],
            offer: vec![[NEVER; W]; rows],
            touched: Bits::new(rows),
            changed: Bits::new(rows),
            seated,
        }
    }

    /// Runs all rounds; `each` sees the search after every one.
    fn run(mut self, mut each: impl FnMut(&Self)) -> Self {
        self.ride(|search, event, aboard| search.walk_to_destination(event, aboard));
        self.wait();
        each(&self);
        for _ in 1..self.rides.limits.max_rides {
            if !self.changed.any() {
                break;
            }
            self.ride(|search, event, aboard| search.change(event, aboard));
            self.wait();
            each(&self);
        }
        self
    }

    /// Rides every run from its end to its beginning; `alight` adds what getting off at an event offers.
    fn ride(&mut self, alight: impl Fn(&Self, usize, &mut Aboard<W>)) {
        for (number, ride) in self.rides.runs.iter().enumerate().rev() {
            let mut aboard = Aboard { arrival: [NEVER; W], any: false };
            for then in &ride.then {
                if let Some(seat) = &self.seated[*then as usize] {
                    aboard.take(seat);
                }
            }
            for event in (ride.events.start as usize..ride.events.end as usize).rev() {
                let row = self.rides.events[event].row;
                if row != NO_ROW && aboard.any {
                    self.offer[row as usize] = aboard.arrival;
                    self.touched.set(row);
                }
                if self.rides.events[event].alight {
                    alight(self, event, &mut aboard);
                }
            }
            if let Some(seat) = &mut self.seated[number] {
                **seat = aboard.arrival;
            }
        }
    }

    /// Round 1: off here, and on foot to the destinations.
    fn walk_to_destination(&self, event: usize, aboard: &mut Aboard<W>) {
        let event = &self.rides.events[event];
        if self.ends_at[event.stop.at()] {
            for (best, walk) in aboard.arrival.iter_mut().zip(&self.egress[event.stop.at()]) {
                *best = walk.saturating_add(event.arrival).min(*best);
            }
            aboard.any = true;
        }
    }

    /// Later rounds: off here, and on to rows that the last round improved.
    fn change(&self, event: usize, aboard: &mut Aboard<W>) {
        for row in
            &self.rides.transfers.items()[self.rides.transfers.span(super::rides::EventIdx(event as u32))]
        {
            if self.changed.get(*row) {
                aboard.take(&self.best[*row as usize]);
            }
        }
    }

    /// Ends a round: takes up what was offered, and lets each row take over what the next one of its stop has.
    fn wait(&mut self) {
        self.changed.clear();
        for stop in (0..self.rides.rows.rows()).map(StopIdx::new) {
            let mut next_changed = false;
            for row in self.rides.rows.span(stop).rev() {
                let number = row as u32;
                let mut change = false;
                if self.touched.get(number) {
                    change |= least(&mut self.best[row], &self.offer[row]);
                }
                if next_changed && let [this, next, ..] = &mut self.best[row..] {
                    change |= least(this, next);
                }
                if change {
                    self.changed.set(number);
                    self.reaches[row] = true;
                }
                next_changed = change;
            }
        }
        self.touched.clear();
    }
}

impl<const W: usize> Aboard<W> {
    fn take(&mut self, other: &[u16; W]) {
        least(&mut self.arrival, other);
        self.any = true;
    }
}

/// Lowers each time to the other's; tells whether any was lowered.
fn least<const W: usize>(times: &mut [u16; W], other: &[u16; W]) -> bool {
    let mut lowered = 0;
    for (time, other) in times.iter_mut().zip(other) {
        lowered |= time.saturating_sub(*other);
        *time = (*time).min(*other);
    }
    lowered != 0
}

/// A set of rows.
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
