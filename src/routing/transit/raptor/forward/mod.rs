//! Travel times from all origins to all destinations at one departure, or at a few, in a search
//! forwards.
//!
//! Backwards ([`crate::routing::profile`]) a label is a vector of times, for the table serves all
//! departures of a window. At one departure the question "can somebody from here be at that vehicle
//! with so many rides?" is a yes or a no, so that 512 travellers fit a cache line where 32 times
//! would. A *traveller* is an origin at one departure.
//!
//! 1. Each traveller is ready for the first row that each access walk can catch, and for all later
//!    rows of its stop.
//! 2. Round k: those who are new at a row board its run, and can get off at each call behind it.
//!    Those whom no earlier vehicle brought to the stop change: they are ready for the first row
//!    that they can catch at each stop worth walking to, and for all later ones there. When nobody
//!    is new anywhere, no later round brings anything.
//! 3. The first arrival at which a traveller can get off is the earliest arrival at the stop. To
//!    each destination it is the least of those with the walks behind them.
//!
//! These are the rounds of RAPTOR (Delling, Pajor, Werneck, "Round-based public transit routing",
//! Transportation Science 49, 2015, doi:10.1287/trsc.2014.0534) with sets of sources in place of
//! one, each run by itself as in the connection scan (Dibbelt, Pajor, Strasser, Wagner, "Connection
//! scan algorithm", ACM JEA 23, 2018, doi:10.1145/3274661).
//!
//! Cost: blocks of 512 travellers × rounds × what is new in each; then origins × destinations × the
//! stops around each destination / vector width. Porto Alegre, 1,227 × 1,227 points, two hours,
//! eight rides, one departure, the whole command with one thread: 1.05 s of processor time and 83
//! MB, of which loading takes 0.3 s; backwards 3.3 s and 92 MB. Newport, 380 × 380: 0.6 s, of which
//! loading takes 0.5 s, and 57 MB.
//!
//! Memory of each thread: 64 bytes × (2 × rows + events + 2 × alightings), and 1 KiB for each stop
//! near a destination. It does not grow with the departures, for they are travellers too.
//!
//! The rules of changing are those of [`Rides`], and so the numbers are those of the search
//! backwards, to the second.

mod egress;
mod forward_timetable;
mod rounds;
mod traveller_set;

use rayon::prelude::*;

use crate::ids::{Idx, OriginIdx, PlaceIdx};
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::range::{NEVER, TravelTimes, Walks, neighbours_together};
use crate::routing::transit::window_timetable::Rides;
use crate::units::Seconds;
use egress::{EgressArrivals, TravellerTimes};
use forward_timetable::ForwardTimetable;
use rounds::ForwardRounds;
use traveller_set::TravellerSet;

/// How many travellers a block has.
pub(in crate::routing) const TRAVELLERS: usize = TravellerSet::MOST;

/// Destinations that are finished together; a multiple of what [`crate::routing::profile`] counts
/// its ticks in.
const TOGETHER: usize = 128;

/// The travellers of a block: origins from `first` on, each at all departures of the window.
pub(in crate::routing) struct TravellerBlock {
    first: usize,
    origins: usize,
    departures: usize,
    step: u32,
}

impl TravellerBlock {
    /// A traveller's departure, seconds after the first.
    fn leaves(&self, traveller: usize) -> u16 {
        let departure = (traveller % self.departures) as u32;
        u16::try_from(departure * self.step).unwrap_or(NEVER)
    }
}

impl Rides {
    /// As [`Rides::travel_times`], found forwards.
    pub(in crate::routing) fn travel_times_forwards<R: Send>(
        &self,
        walks: &Walks,
        results: &mut [R],
        tick: &(dyn Fn(u64) + Sync),
        visit: &(impl Fn(OriginIdx, &mut R, &mut TravelTimes) + Sync),
    ) {
        let ground = ForwardTimetable::new(self);
        let departures = usize::from(self.window.departures);
        let order = neighbours_together(walks.egress);
        let mut position = vec![0; order.len()];
        order.iter().enumerate().for_each(|(nth, place)| position[place.at()] = nth);
        let query = ForwardQuery { ground: &ground, walks, order: &order, position: &position };
        let each = TravellerSet::MOST / departures;
        results.par_chunks_mut(each).enumerate().for_each_init(
            || ForwardSearch::new(&query),
            |search, (number, results)| {
                let block = TravellerBlock {
                    first: number * each,
                    origins: results.len(),
                    departures,
                    step: self.window.step.get(),
                };
                search.find(&block);
                for places in 0..order.len().div_ceil(TOGETHER) {
                    search.finish(&block, places * TOGETHER, results, visit);
                    tick(block.origins as u64);
                }
            },
        );
    }
}

/// What is asked.
struct ForwardQuery<'a> {
    ground: &'a ForwardTimetable<'a>,
    walks: &'a Walks<'a>,
    order: &'a [PlaceIdx],
    /// Where a destination stands in `order`.
    position: &'a [usize],
}

/// A thread's search.
struct ForwardSearch<'a> {
    query: &'a ForwardQuery<'a>,
    spread: ForwardRounds<'a>,
    stops: EgressArrivals,
    times: Vec<TravellerTimes>,
    lanes: Vec<u16>,
}

impl<'a> ForwardSearch<'a> {
    fn new(query: &'a ForwardQuery<'a>) -> ForwardSearch<'a> {
        let width = query.order.len().min(TOGETHER);
        let departures = usize::from(query.ground.rides.window.departures);
        ForwardSearch {
            query,
            spread: ForwardRounds::new(query.ground),
            stops: EgressArrivals::new(query.ground, query.walks.egress),
            times: vec![[NEVER; TravellerSet::MOST]; width],
            lanes: vec![
                NEVER;
                departures
                    * width.next_multiple_of(crate::routing::query::percentile::COLUMNS)
            ],
        }
    }

    /// Finds the block's arrivals at all stops.
    fn find(&mut self, block: &TravellerBlock) {
        let rides = self.query.ground.rides;
        self.spread.clear();
        for nth in 0..block.origins {
            let access = &self.query.walks.access[OriginIdx::new(block.first + nth)];
            let access: Vec<StopWalk> = rides.lines.keep_useful(&rides.to_all_sides(access), None);
            for traveller in nth * block.departures..(nth + 1) * block.departures {
                let leaves = u32::from(block.leaves(traveller)) + rides.limits.board_slack.get();
                for link in &access {
                    if let Some(row) = rides.first_row(link.stop, leaves + link.walk.get()) {
                        self.spread.start(traveller, link.stop, row);
                    }
                }
            }
        }
        self.spread.run();
        self.stops.arrive(self.query.ground, self.spread.been(), block);
    }

    /// Hands over the block's travel times to some destinations, from the `begin`th of the order
    /// on.
    fn finish<R>(
        &mut self,
        block: &TravellerBlock,
        begin: usize,
        results: &mut [R],
        visit: &impl Fn(OriginIdx, &mut R, &mut TravelTimes),
    ) {
        let end = self.query.order.len().min(begin + TOGETHER);
        let places = &self.query.order[begin..end];
        for (place, times) in places.iter().zip(&mut self.times) {
            self.stops.walk_on(&self.query.walks.egress[*place], times);
        }
        let width = places.len().next_multiple_of(crate::routing::query::percentile::COLUMNS);
        let max = self.query.ground.rides.limits.max_time;
        let longest = u16::try_from(max.get()).unwrap_or(NEVER - 1);
        let lanes = &mut self.lanes[..width * block.departures];
        for (nth, result) in results.iter_mut().enumerate() {
            let origin = OriginIdx::new(block.first + nth);
            for (departure, lane) in lanes.chunks_mut(width).enumerate() {
                lane.fill(NEVER);
                for (time, times) in lane.iter_mut().zip(&self.times[..places.len()]) {
                    let by_vehicle = times[nth * block.departures + departure];
                    *time = if by_vehicle > longest { NEVER } else { by_vehicle };
                }
            }
            self.query.walk_instead(origin, begin..end, max, width, lanes);
            visit(origin, result, &mut TravelTimes::new(lanes, width, places));
        }
    }
}

impl ForwardQuery<'_> {
    /// Takes the walk all the way where it is quicker.
    fn walk_instead(
        &self,
        origin: OriginIdx,
        places: std::ops::Range<usize>,
        max: Seconds,
        width: usize,
        lanes: &mut [u16],
    ) {
        for (place, walk) in &self.walks.direct[origin] {
            let position = self.position[place.at()];
            let (true, Ok(time)) =
                (places.contains(&position) && *walk <= max, u16::try_from(walk.get()))
            else {
                continue;
            };
            for lane in lanes.chunks_mut(width) {
                lane[position - places.start] = lane[position - places.start].min(time);
            }
        }
    }
}
