//! Where one can change: from which stop to which, and how long it takes between getting off and getting on.
//!
//! A change takes its walk on the streets and the boarding slack. transfers.txt alters that: a minimum time is a floor, a
//! timed transfer needs no slack, and a transfer that is not possible is not there. Of several rows that fit, the most
//! specific holds: both trips, a trip and a route, one trip, both routes, one route, the stops alone. A row about a
//! station is about all its platforms.
//!
//! A row may hold for some routes or trips only. A stop that such a row names is split into *sides*, one for each set of
//! vehicles that the rows tell apart. Everything else sees sides as stops, so that no search has to know of rules.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::links::Link;
use crate::ids::{Csr, FeedIdx, Idx, StopIdx};
use crate::inputs::gtfs::{Feed, Transfer, TransferKind};
use crate::network::stops::Stops;
use crate::network::timetable::Run;
use crate::units::Seconds;

/// A change to a stop, or to a side of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where to.
    pub stop: StopIdx,
    /// On foot.
    pub walk: Seconds,
    /// From getting off to getting on, at the least.
    pub ready: Seconds,
}

/// All changes of a network.
#[derive(Clone, Debug)]
pub struct Changes {
    /// From each stop or side; the stop itself is among them.
    pub from: Csr<StopIdx, Change>,
    sides: Sides,
}

/// The stops and their sides. Side 0 of a stop is the stop's own number; the others are numbered after all stops.
#[derive(Clone, Debug, Default)]
struct Sides {
    stops: usize,
    /// The stop of each further side.
    of: Vec<StopIdx>,
    /// The side that a route's or a trip's vehicles use at a stop.
    side: FxHashMap<(StopIdx, FeedIdx, u32), StopIdx>,
}

/// The rows that speak of a pair of stops.
type Rules<'a> = BTreeMap<(StopIdx, StopIdx), Vec<(FeedIdx, &'a Transfer)>>;

impl Changes {
    /// The changes of a network: walks between stops (without a stop's own) and what the feeds say about them.
    pub fn build(feeds: &[Feed], stops: &Stops, footpaths: &Csr<StopIdx, Link>, slack: Seconds) -> Changes {
        let rules = rules(feeds, stops);
        let sides = Sides::tell_apart(feeds, &rules, footpaths.rows());
        let vehicles = sides.vehicles();
        let from = Csr::from_rows((0..sides.len()).map(StopIdx::new).map(|side| {
            let stop = sides.stop(side);
            let mut walks: Vec<(StopIdx, Option<Seconds>)> = vec![(stop, Some(Seconds::ZERO))];
            walks.extend(footpaths[stop].iter().map(|link| (link.stop, Some(link.walk))));
            let ruled = rules.range((stop, StopIdx(0))..=(stop, StopIdx(u32::MAX))).map(|((_, to), _)| *to);
            let unlinked: Vec<StopIdx> =
                ruled.filter(|to| walks.iter().all(|(known, _)| known != to)).collect();
            walks.extend(unlinked.into_iter().map(|to| (to, None)));
            let mut row = Vec::new();
            for (to, walk) in walks {
                for to_side in sides.of_stop(to) {
                    let said = rules.get(&(stop, to)).map_or(&[][..], Vec::as_slice);
                    row.extend(change(
                        to_side,
                        walk,
                        slack,
                        said,
                        &vehicles[side.at()],
                        &vehicles[to_side.at()],
                        feeds,
                    ));
                }
            }
            row
        }));
        Changes { from, sides }
    }

    /// The changes of walks alone.
    pub fn on_foot(footpaths: &Csr<StopIdx, Link>, slack: Seconds) -> Changes {
        Changes::build(&[], &Stops::default(), footpaths, slack)
    }

    /// How many stops and further sides there are.
    pub fn len(&self) -> usize {
        self.sides.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether any stop has further sides.
    pub fn has_sides(&self) -> bool {
        !self.sides.of.is_empty()
    }

    /// The stop that a side is of.
    pub fn stop(&self, side: StopIdx) -> StopIdx {
        self.sides.stop(side)
    }

    /// The side of a stop that a run uses.
    pub fn side(&self, stop: StopIdx, run: &Run) -> StopIdx {
        if self.sides.of.is_empty() {
            return stop;
        }
        let at = |vehicle| self.sides.side.get(&(stop, run.feed, vehicle)).copied();
        at(trip_number(run.trip)).or_else(|| at(route_number(run.route))).unwrap_or(stop)
    }

    /// A stop and its further sides.
    pub fn sides(&self, stop: StopIdx) -> impl Iterator<Item = StopIdx> + '_ {
        self.sides.of_stop(stop)
    }
}

/// Trips and routes of a feed in one numbering, for the key of a side.
const fn trip_number(trip: u32) -> u32 {
    trip * 2
}
const fn route_number(route: u32) -> u32 {
    route * 2 + 1
}

/// The vehicles of a side: a trip with its route, or the trips of a route without a side of their own, or all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Vehicles {
    Others,
    Route(FeedIdx, u32),
    Trip(FeedIdx, u32),
}

impl Vehicles {
    fn fits(self, feed: FeedIdx, route: Option<u32>, trip: Option<u32>, feeds: &[Feed]) -> bool {
        match self {
            Vehicles::Others => route.is_none() && trip.is_none(),
            Vehicles::Route(of, number) => {
                trip.is_none() && route.is_none_or(|route| of == feed && number == route)
            }
            Vehicles::Trip(of, number) => {
                let own_route = feeds[of.at()].trips[number as usize].route;
                trip.is_none_or(|trip| of == feed && number == trip)
                    && route.is_none_or(|route| of == feed && own_route == route)
            }
        }
    }
}

/// The change to a side, as the most specific row has it, or the walk alone.
fn change(
    stop: StopIdx,
    walk: Option<Seconds>,
    slack: Seconds,
    said: &[(FeedIdx, &Transfer)],
    from: &Vehicles,
    to: &Vehicles,
    feeds: &[Feed],
) -> Option<Change> {
    let fits = |(feed, row): &&(FeedIdx, &Transfer)| {
        from.fits(*feed, row.from_route, row.from_trip, feeds)
            && to.fits(*feed, row.to_route, row.to_trip, feeds)
    };
    // Of rows as specific as each other the first in the file holds.
    let row = said.iter().filter(fits).rev().max_by_key(|(_, row)| specificity(row));
    match (row.map(|(_, row)| row.kind), walk) {
        (Some(TransferKind::Forbidden), _) => None,
        (Some(TransferKind::MinimumTime(least)), walk) => {
            let on_foot = walk.map_or(Seconds::ZERO, |walk| walk + slack);
            Some(Change { stop, walk: walk.unwrap_or(least), ready: on_foot.max(least) })
        }
        (Some(TransferKind::Timed), walk) => {
            let walk = walk.unwrap_or(Seconds::ZERO);
            Some(Change { stop, walk, ready: walk })
        }
        (_, walk) => walk.map(|walk| Change { stop, walk, ready: walk + slack }),
    }
}

/// How specific a row is, in GTFS's order.
fn specificity(row: &Transfer) -> u8 {
    let trips = u8::from(row.from_trip.is_some()) + u8::from(row.to_trip.is_some());
    let routes = u8::from(row.from_route.is_some() && row.from_trip.is_none())
        + u8::from(row.to_route.is_some() && row.to_trip.is_none());
    match (trips, routes) {
        (2, _) => 5,
        (1, 1..) => 4,
        (1, 0) => 3,
        (_, 2) => 2,
        (_, 1) => 1,
        _ => 0,
    }
}

/// The rows about changing on foot, by pair of stops; a station stands for its platforms.
fn rules<'a>(feeds: &'a [Feed], stops: &Stops) -> Rules<'a> {
    let mut rules = Rules::new();
    for (number, feed) in feeds.iter().enumerate() {
        let number = FeedIdx::new(number);
        let mut platforms: FxHashMap<u32, Vec<StopIdx>> = FxHashMap::default();
        for (position, stop) in (0u32..).zip(&feed.stops) {
            if let Some(called) = stops.find(number, position) {
                platforms.entry(position).or_default().push(called);
                stop.parent.into_iter().for_each(|parent| platforms.entry(parent).or_default().push(called));
            }
        }
        let named =
            |stop: Option<u32>| stop.and_then(|stop| platforms.get(&stop)).map_or(&[][..], Vec::as_slice);
        let on_foot = |t: &&Transfer| !matches!(t.kind, TransferKind::StaySeated | TransferKind::GetOff);
        for row in feed.transfers.iter().filter(on_foot) {
            for from in named(row.from_stop) {
                for to in named(row.to_stop) {
                    rules.entry((*from, *to)).or_default().push((number, row));
                }
            }
        }
    }
    rules
}

impl Sides {
    /// Gives each trip and route that a row singles out a side of its own at the row's stops.
    fn tell_apart(feeds: &[Feed], rules: &Rules, stops: usize) -> Sides {
        let mut singled_out: Vec<(StopIdx, FeedIdx, u32)> = Vec::new();
        for ((from, to), rows) in rules {
            for (feed, row) in rows {
                let ends = [(*from, row.from_route, row.from_trip), (*to, row.to_route, row.to_trip)];
                for (stop, route, trip) in ends {
                    singled_out.extend(route.map(|route| (stop, *feed, route_number(route))));
                    singled_out.extend(trip.map(|trip| (stop, *feed, trip_number(trip))));
                }
            }
        }
        singled_out.sort_unstable();
        singled_out.dedup();
        singled_out.retain(|(_, feed, _)| feed.at() < feeds.len());
        let mut sides = Sides { stops, ..Sides::default() };
        for key in singled_out {
            sides.of.push(key.0);
            sides.side.insert(key, StopIdx::new(stops + sides.of.len() - 1));
        }
        sides
    }

    fn vehicles(&self) -> Vec<Vehicles> {
        let mut vehicles = vec![Vehicles::Others; self.len()];
        for ((_, feed, number), side) in &self.side {
            vehicles[side.at()] = if number % 2 == 0 {
                Vehicles::Trip(*feed, number / 2)
            } else {
                Vehicles::Route(*feed, number / 2)
            };
        }
        vehicles
    }

    fn len(&self) -> usize {
        self.stops + self.of.len()
    }

    fn stop(&self, side: StopIdx) -> StopIdx {
        side.at().checked_sub(self.stops).map_or(side, |further| self.of[further])
    }

    /// The further sides of a stop follow each other, for they were numbered in the order of their stops.
    fn of_stop(&self, stop: StopIdx) -> impl Iterator<Item = StopIdx> + '_ {
        let first = self.of.partition_point(|of| *of < stop);
        let end = self.of.partition_point(|of| *of <= stop);
        std::iter::once(stop).chain((first..end).map(|n| StopIdx::new(self.stops + n)))
    }
}
