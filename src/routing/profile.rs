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

use super::boardings::{Boardings, Judge};
use super::links::Link;
use super::percentile;
use super::rides::{Event, EventIdx, Rides};
use crate::ids::{Csr, Idx, OriginIdx, PlaceIdx, StopIdx};
use crate::units::Seconds;

/// Destinations that stand side by side, in vectors of a width the compiler knows.
const STRIP: usize = percentile::COLUMNS;
type Strip = [u16; STRIP];
/// How many strips a block has: a search serves them all.
const WIDE: usize = 8;
const NARROW: usize = 1;

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
        if walks.egress.rows() <= NARROW * STRIP {
            self.search::<NARROW, R>(walks, results, tick, &visit);
        } else {
            self.search::<WIDE, R>(walks, results, tick, &visit);
        }
    }

    /// The memory each thread takes for a block of destinations, in bytes; what one round improves comes on top.
    pub fn block_bytes(&self, destinations: usize) -> usize {
        let strips = if destinations <= NARROW * STRIP { NARROW } else { WIDE };
        self.events.len() * strips * (size_of::<Strip>() + 3 * size_of::<u16>())
    }

    fn search<const N: usize, R: Send>(
        &self,
        walks: &Walks,
        results: &mut [R],
        tick: &(dyn Fn(u64) + Sync),
        visit: &(impl Fn(OriginIdx, &mut R, &mut TravelTimes) + Sync),
    ) {
        let order = self.neighbours_together(walks.egress);
        let blocks: Vec<&[PlaceIdx]> = order.chunks(N * STRIP).collect();
        let at_once = rayon::current_num_threads().min(blocks.len());
        let mut searches: Vec<Search<N>> = (0..at_once).map(|_| Search::new(self)).collect();
        let some = AT_ONCE / (usize::from(self.window.departures) + FIRST);
        for (part, results) in results.chunks_mut(some).enumerate() {
            let first = part * some;
            let boardings = self.boardings(walks.access, first..first + results.len());
            for group in blocks.chunks(at_once.max(1)) {
                searches
                    .par_iter_mut()
                    .zip(group)
                    .for_each(|(search, places)| search.run(walks.egress, places, |_| ()));
                results.par_iter_mut().zip(&boardings).enumerate().for_each_init(
                    || vec![[[NEVER; STRIP]; N]; usize::from(self.window.departures)],
                    |lanes, (nth, (result, boardings))| {
                        let origin = OriginIdx::new(first + nth);
                        for (search, places) in searches.iter().zip(group) {
                            search.look_up(boardings, lanes);
                            let lanes = lanes.as_flattened_mut().as_flattened_mut();
                            let mut times = TravelTimes { lanes, width: N * STRIP, places };
                            self.walk_instead(&walks.direct[origin], &mut times);
                            visit(origin, result, &mut times);
                        }
                        tick(group.len() as u64);
                    },
                );
            }
        }
    }

    /// The boardings worth it for some origins.
    fn boardings(&self, access: &Csr<OriginIdx, Link>, origins: std::ops::Range<usize>) -> Vec<Boardings> {
        let (window, max) = (&self.window, self.limits.max_time.0);
        let boardings = origins.into_par_iter().map_init(
            || Judge::of(self),
            |judge, origin| {
                let chances = self.chances(&access[OriginIdx::new(origin)]);
                judge.boardings(&chances, window.departures, window.step.0, max)
            },
        );
        boardings.collect()
    }

    /// Takes the walk all the way where it is quicker.
    fn walk_instead(&self, direct: &[(PlaceIdx, Seconds)], times: &mut TravelTimes) {
        for (nth, place) in times.places.iter().enumerate() {
            let Ok(found) = direct.binary_search_by_key(place, |(to, _)| *to) else { continue };
            let walk = direct[found].1;
            if walk <= self.limits.max_time {
                let walk = u16::try_from(walk.0).unwrap_or(NEVER);
                times.lanes[nth..].iter_mut().step_by(times.width).for_each(|time| *time = walk.min(*time));
            }
        }
    }

    /// Destinations in an order in which those near each other stand together, so that what leads to one of a strip
    /// leads to most of it: in the order in which a walk from stop to nearest stop comes past them.
    fn neighbours_together(&self, egress: &Csr<PlaceIdx, Link>) -> Vec<PlaceIdx> {
        let mut passed: Vec<Option<usize>> = vec![None; self.changes.len()];
        let mut count = 0;
        let mut ahead = Vec::new();
        for start in (0..self.changes.len()).map(StopIdx::new) {
            ahead.push(start);
            while let Some(stop) = ahead.pop() {
                if passed[stop.at()].is_some() {
                    continue;
                }
                passed[stop.at()] = Some(count);
                count += 1;
                let unseen =
                    self.changes.from[stop].iter().filter(|change| passed[change.stop.at()].is_none());
                let mut next: Vec<(Seconds, StopIdx)> =
                    unseen.map(|change| (change.walk, change.stop)).collect();
                next.sort_unstable();
                ahead.extend(next.iter().rev().map(|(_, stop)| *stop));
            }
        }
        let nearest = |place: &PlaceIdx| {
            let link = egress[*place].iter().min_by_key(|link| link.walk)?;
            Some((passed[link.stop.at()], link.walk))
        };
        let mut order: Vec<PlaceIdx> = (0..egress.rows()).map(PlaceIdx::new).collect();
        order.sort_by_cached_key(nearest);
        order
    }
}

/// The labels of every round of a search towards one destination: for each row the earliest arrival with at most so many
/// rides, seconds after the first departure.
pub(super) struct Rounds(Vec<Vec<u16>>);

impl Rounds {
    pub fn towards(rides: &Rides, egress: &Csr<PlaceIdx, Link>, place: PlaceIdx) -> Rounds {
        let mut rounds = Vec::new();
        Search::<NARROW>::new(rides).run(egress, &[place], |search| rounds.push(search.by_row()));
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
///
/// Rows of labels are long, and most of them are of no use where they are looked up. So each strip of each row is also
/// known by its earliest and its latest time: what is not earlier at its earliest than what is known is at its latest
/// need not be read.
struct Search<'a, const N: usize> {
    rides: &'a Rides,
    /// The walk from each stop to each destination.
    egress: Vec<[Strip; N]>,
    ends_at: Vec<bool>,
    /// For who is aboard when the ride comes to an event: the earliest arrival at each destination, seconds after the
    /// first departure.
    aboard: Vec<[Strip; N]>,
    earliest: Vec<[u16; N]>,
    latest: Vec<[u16; N]>,
    /// Events that the last round improved, and the earliest of the times that it has improved.
    changed: Bits,
    news: Vec<[u16; N]>,
    /// What this round improves. The others of the round must not see it yet.
    improved: Vec<(u32, u16, Strip)>,
    /// What staying seated from the ride before offers: for each ride that one can stay seated for.
    seated: Vec<Option<Box<Offer<N>>>>,
}

/// What somebody aboard can reach that is better than what is known; and the latest time of each strip.
#[derive(Clone, Copy)]
struct Offer<const N: usize> {
    arrival: [Strip; N],
    latest: [u16; N],
    any: bool,
}

impl<'a, const N: usize> Search<'a, N> {
    fn new(rides: &'a Rides) -> Self {
        let (stops, events) = (rides.rows.rows(), rides.events.len());
        let mut seated: Vec<Option<Box<Offer<N>>>> = vec![None; rides.runs.len()];
        for then in rides.runs.iter().flat_map(|ride| &ride.then) {
            seated[*then as usize] = Some(Box::new(Offer::NOTHING));
        }
        Search {
            rides,
            egress: vec![[[NEVER; STRIP]; N]; stops],
            ends_at: vec![false; stops],
            aboard: vec![[[NEVER; STRIP]; N]; events],
            earliest: vec![[NEVER; N]; events],
            latest: vec![[NEVER; N]; events],
            changed: Bits::new(events),
            news: vec![[NEVER; N]; events],
            improved: Vec::new(),
            seated,
        }
    }

    /// Runs all rounds; `each` sees the search after every one.
    fn run(&mut self, egress: &Csr<PlaceIdx, Link>, places: &[PlaceIdx], mut each: impl FnMut(&Self)) {
        self.begin(egress, places);
        self.ride(|search, event, _, offer| search.walk_to_destination(event, offer));
        each(self);
        for _ in 1..self.rides.limits.max_rides {
            if !self.changed.any() {
                break;
            }
            self.ride(|search, event, bound, offer| search.change(event, bound, offer));
            each(self);
        }
    }

    fn begin(&mut self, egress: &Csr<PlaceIdx, Link>, places: &[PlaceIdx]) {
        self.aboard.fill([[NEVER; STRIP]; N]);
        self.earliest.fill([NEVER; N]);
        self.latest.fill([NEVER; N]);
        self.egress.fill([[NEVER; STRIP]; N]);
        self.ends_at.fill(false);
        for (nth, place) in places.iter().enumerate() {
            for link in &egress[*place] {
                for side in self.rides.changes.sides(link.stop) {
                    let walk = &mut self.egress[side.at()][nth / STRIP][nth % STRIP];
                    *walk = u16::try_from(link.walk.0).unwrap_or(NEVER).min(*walk);
                    self.ends_at[side.at()] = true;
                }
            }
        }
    }

    /// Rides every run from its end to its beginning; `alight` adds what getting off at an event offers. An offer that is
    /// no better than what the ride had is dropped: it was no better at any call before either.
    fn ride(&mut self, alight: impl Fn(&Self, u32, &[u16; N], &mut Offer<N>)) {
        let mut improved = std::mem::take(&mut self.improved);
        for (number, ride) in self.rides.runs.iter().enumerate().rev() {
            let mut offer = Offer::NOTHING;
            for then in &ride.then {
                if let Some(seat) = self.seated[*then as usize].as_ref().filter(|seat| seat.any) {
                    offer.take(&seat.arrival, &[0; N], &[NEVER; N]);
                }
            }
            for number in ride.events.clone().rev() {
                let event = &self.rides.events[number as usize];
                let too_late = self.too_late(event);
                if event.alight {
                    let bound = self.latest[number as usize].map(|latest| latest.min(too_late));
                    alight(self, number, &bound, &mut offer);
                }
                if offer.any {
                    let known = &self.aboard[number as usize];
                    offer.keep_better(known, too_late, |strip, times| improved.push((number, strip, *times)));
                }
            }
            if let Some(seat) = &mut self.seated[number] {
                **seat = offer;
            }
        }
        self.take_up(&mut improved);
        self.improved = improved;
    }

    /// Ends a round.
    fn take_up(&mut self, improved: &mut Vec<(u32, u16, Strip)>) {
        self.changed.clear();
        for (event, strip, times) in improved.drain(..) {
            let (at, strip) = (event as usize, usize::from(strip));
            if !self.changed.get(event) {
                self.changed.set(event);
                self.news[at] = [NEVER; N];
            }
            let known = &mut self.aboard[at][strip];
            let better = |(new, old): (&u16, &u16)| if new < old { *new } else { NEVER };
            let news = times.iter().zip(&*known).map(better).fold(NEVER, u16::min);
            least(known, &times);
            self.news[at][strip] = news;
            self.earliest[at][strip] = news.min(self.earliest[at][strip]);
            self.latest[at][strip] = most(known);
        }
    }

    /// From when on an arrival is of use to nobody aboard at an event: who is aboard, or stays seated, had left by then.
    fn too_late(&self, event: &Event) -> u16 {
        let (rides, now) = (self.rides, event.arrival.max(event.departure));
        let last = u32::from(rides.window.departures.saturating_sub(1)) * rides.window.step.0;
        let latest = u32::from(now).min(last) + rides.limits.max_time.0;
        u16::try_from(latest + 1).unwrap_or(NEVER)
    }

    /// Round 1: off here, and on foot to the destinations.
    fn walk_to_destination(&self, event: u32, offer: &mut Offer<N>) {
        let event = &self.rides.events[event as usize];
        if self.ends_at[event.stop.at()] {
            let walks = &self.egress[event.stop.at()];
            for ((best, walk), latest) in offer.arrival.iter_mut().zip(walks).zip(&mut offer.latest) {
                for (best, walk) in best.iter_mut().zip(walk) {
                    *best = walk.saturating_add(event.arrival).min(*best);
                }
                *latest = most(best);
            }
            offer.any = true;
        }
    }

    /// Later rounds: off here, and on to rides that the last round improved.
    fn change(&self, event: u32, bound: &[u16; N], offer: &mut Offer<N>) {
        for target in &self.rides.transfers[EventIdx(event)] {
            if self.changed.get(*target) {
                offer.take(&self.aboard[*target as usize], &self.news[*target as usize], bound);
            }
        }
    }

    /// The travel times of an origin at each departure. Who leaves earlier can also wait, so each lane takes over what
    /// the next one has.
    fn look_up(&self, boardings: &Boardings, lanes: &mut [[Strip; N]]) {
        let max = u16::try_from(self.rides.limits.max_time.0).unwrap_or(NEVER - 1);
        let mut best = Offer::NOTHING;
        for ((number, lane), boardings) in lanes.iter_mut().enumerate().rev().zip(boardings.backwards()) {
            #[expect(clippy::cast_possible_truncation, reason = "a window has at most 65,535 departures")]
            let departure = u16::try_from(number as u32 * self.rides.window.step.0).unwrap_or(NEVER);
            let too_late = [departure.saturating_add(max).saturating_add(1); N];
            for event in boardings {
                let event = *event as usize;
                best.take(&self.aboard[event], &self.earliest[event], &too_late);
            }
            for (time, arrival) in lane.as_flattened_mut().iter_mut().zip(best.arrival.as_flattened()) {
                // An arrival that is never stays far above the limit: the horizon lies below it by more than the span.
                let travel = arrival.saturating_sub(departure);
                *time = if travel > max { NEVER } else { travel };
            }
        }
    }
}

impl Search<'_, NARROW> {
    /// The label of each row towards the first destination: for who can board it, or wait for a later one of its stop.
    fn by_row(&self) -> Vec<u16> {
        let mut labels: Vec<u16> = vec![NEVER; self.rides.row_event.len()];
        for stop in (0..self.rides.rows.rows()).map(StopIdx::new) {
            let mut waiting = NEVER;
            for row in self.rides.rows.span(stop).rev() {
                let behind = self.rides.row_event[row] as usize + 1;
                waiting = waiting.min(self.aboard.get(behind).map_or(NEVER, |[strip]| strip[0]));
                labels[row] = waiting;
            }
        }
        labels
    }
}

impl<const N: usize> Offer<N> {
    const NOTHING: Offer<N> = Offer { arrival: [[NEVER; STRIP]; N], latest: [NEVER; N], any: false };

    /// Takes the earlier times of another row, whose times of interest are `earliest` or later; times at which a strip is
    /// at its `bound` or later are of no interest.
    #[inline]
    fn take(&mut self, other: &[Strip; N], earliest: &[u16; N], bound: &[u16; N]) {
        let mut gain = 0;
        for ((latest, bound), earliest) in self.latest.iter().zip(bound).zip(earliest) {
            gain |= (*latest).min(*bound).saturating_sub(*earliest);
        }
        if gain == 0 {
            return;
        }
        self.any = true;
        for strip in 0..N {
            if earliest[strip] < self.latest[strip].min(bound[strip])
                && least(&mut self.arrival[strip], &other[strip])
            {
                self.latest[strip] = most(&self.arrival[strip]);
            }
        }
    }

    /// Drops the strips in which no arrival before `too_late` is earlier than the known one; tells of the others.
    fn keep_better(&mut self, known: &[Strip; N], too_late: u16, mut each: impl FnMut(u16, &Strip)) {
        self.any = false;
        for (number, ((times, known), latest)) in
            (0u16..).zip(self.arrival.iter_mut().zip(known).zip(&mut self.latest))
        {
            let mut gain = 0;
            for (new, known) in times.iter().zip(known) {
                gain |= (*known).min(too_late).saturating_sub(*new);
            }
            if gain != 0 {
                self.any = true;
                each(number, times);
            } else {
                (*times, *latest) = ([NEVER; STRIP], NEVER);
            }
        }
    }
}

/// Lowers each time to the other's; tells whether any was lowered. Mostly none is.
#[inline]
fn least(times: &mut Strip, other: &Strip) -> bool {
    let mut gain = 0;
    for (time, other) in times.iter().zip(other) {
        gain |= time.saturating_sub(*other);
    }
    if gain != 0 {
        for (time, other) in times.iter_mut().zip(other) {
            *time = (*time).min(*other);
        }
    }
    gain != 0
}

#[inline]
fn most(times: &Strip) -> u16 {
    times.iter().fold(0, |most, time| most.max(*time))
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
