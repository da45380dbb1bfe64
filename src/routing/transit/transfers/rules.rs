//! What transfers.txt says about changing on foot, laid out so that the one row that holds is found
//! at once.
//!
//! Of the rows that fit, the most specific holds: both trips, a trip and a route, one trip, both
//! routes, one route, the stops alone (GTFS reference, transfers.txt); of those as specific, the
//! one that names the platforms themselves and not their station, which stands for all its
//! platforms; of those, the strictest. The order of rows decides nothing.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::ids::{Csr, FeedIdx, Idx, StopIdx};
use crate::inputs::gtfs::{Feed, TransferKind};
use crate::network::stops::Stops;
use crate::network::timetable::Run;

/// From a boarding area over its platform to the station: no chain of parents is longer.
const LONGEST_CHAIN: u8 = 4;

/// The rows about changing on foot, and the sides of stops that they tell apart.
#[derive(Clone, Debug)]
pub struct Rules {
    /// From each stop; in the order of the vehicles left, the stop gone to, and the vehicles taken
    /// there. One for each.
    from: Csr<StopIdx, TransferRule>,
    stops: usize,
    /// The stop and the vehicles of each further side. Side 0 of a stop is the stop's own number;
    /// the others are numbered after all stops, in the order of their stops.
    further: Vec<(StopIdx, Vehicles)>,
    /// The side that a trip's or a route's vehicles use at a stop.
    side: FxHashMap<(StopIdx, Vehicles), StopIdx>,
    /// The sides of a stop that vehicles of a route use: its own, and those of single trips.
    of_route: FxHashMap<(StopIdx, u32), Vec<StopIdx>>,
    /// The route of each trip that has a side of its own, by feed and trip.
    route: FxHashMap<(FeedIdx, u32), u32>,
    /// The feed of each stop.
    feed: Vec<FeedIdx>,
}

/// The vehicles at one end of a change, by their positions in the feed of the stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Vehicles {
    /// In a row: all. Of a side: those that have no other.
    All,
    Route(u32),
    Trip(u32),
}

/// A row about two stops. A row about a station makes one for each of its platforms.
#[derive(Clone, Copy, Debug)]
struct TransferRule {
    of: Vehicles,
    to: StopIdx,
    onto: Vehicles,
    /// How far above the two stops the row's are: 0 for a row that names both.
    above: u8,
    kind: TransferKind,
}

impl TransferRule {
    fn key(&self) -> (Vehicles, StopIdx, Vehicles) {
        (self.of, self.to, self.onto)
    }

    /// The greatest holds.
    fn rank(&self) -> impl Ord + use<> {
        (specificity(self.of, self.onto), Reverse(self.above), self.kind.strictness())
    }
}

/// How specific a row is, in GTFS's order.
fn specificity(of: Vehicles, onto: Vehicles) -> u8 {
    use Vehicles::{All, Route, Trip};
    match (of, onto) {
        (Trip(_), Trip(_)) => 5,
        (Trip(_), Route(_)) | (Route(_), Trip(_)) => 4,
        (Trip(_), All) | (All, Trip(_)) => 3,
        (Route(_), Route(_)) => 2,
        (Route(_), All) | (All, Route(_)) => 1,
        (All, All) => 0,
    }
}

impl Rules {
    /// Reads the feeds' rows.
    pub fn of(feeds: &[Feed], stops: &Stops, number_of_stops: usize) -> Rules {
        let mut pairs: Vec<(StopIdx, TransferRule)> = Vec::new();
        for (number, feed) in feeds.iter().enumerate() {
            let platforms = platforms(FeedIdx::new(number), feed, stops);
            let named = |stop: Option<u32>| {
                stop.and_then(|stop| platforms.get(&stop)).map_or(&[][..], Vec::as_slice)
            };
            for row in feed.transfers.iter().filter(|row| !row.kind.is_about_seats()) {
                let of = vehicles(row.from_route, row.from_trip);
                let onto = vehicles(row.to_route, row.to_trip);
                for (from, above_from) in named(row.from_stop) {
                    for (to, above_to) in named(row.to_stop) {
                        let above = above_from + above_to;
                        pairs.push((
                            *from,
                            TransferRule { of, to: *to, onto, above, kind: row.kind },
                        ));
                    }
                }
            }
        }
        let mut rules = Rules {
            stops: number_of_stops,
            feed: stops.indices().map(|stop| stops.source(stop).feed).collect(),
            further: further_sides(&pairs),
            from: one_for_each(Csr::from_pairs(number_of_stops, pairs)),
            side: FxHashMap::default(),
            of_route: FxHashMap::default(),
            route: FxHashMap::default(),
        };
        rules.number_sides(feeds);
        rules
    }

    /// How many stops and further sides there are.
    pub(super) fn sides(&self) -> usize {
        self.stops + self.further.len()
    }

    pub(super) fn has_sides(&self) -> bool {
        !self.further.is_empty()
    }

    /// Whether any row is about changes from a stop.
    pub(super) fn speak_of(&self, stop: StopIdx) -> bool {
        !self.from[stop].is_empty()
    }

    pub(super) fn stop(&self, side: StopIdx) -> StopIdx {
        side.at().checked_sub(self.stops).map_or(side, |further| self.further[further].0)
    }

    /// The further sides of a stop follow each other, for they were numbered in the order of their
    /// stops.
    pub(super) fn sides_of(&self, stop: StopIdx) -> impl Iterator<Item = StopIdx> + use<> {
        let first = self.further.partition_point(|(of, _)| *of < stop);
        let end = first + self.further[first..].partition_point(|(of, _)| *of <= stop);
        let stops = self.stops;
        std::iter::once(stop).chain((first..end).map(move |n| StopIdx::new(stops + n)))
    }

    pub(super) fn side(&self, stop: StopIdx, run: &Run) -> StopIdx {
        if self.further.is_empty() { stop } else { self.side_of(stop, run.trip, run.route) }
    }

    /// The side of a stop that a trip of a route uses.
    pub(super) fn side_of(&self, stop: StopIdx, trip: u32, route: u32) -> StopIdx {
        let at = |vehicles| self.side.get(&(stop, vehicles)).copied();
        at(Vehicles::Trip(trip)).or_else(|| at(Vehicles::Route(route))).unwrap_or(stop)
    }

    /// What the most specific row says about a change from side to side.
    pub(super) fn between(&self, from: StopIdx, to: StopIdx) -> Option<TransferKind> {
        let rows = &self.from[self.stop(from)];
        if rows.is_empty() {
            return None;
        }
        let (to_stop, ends) = (self.stop(to), self.rows_fitting(to));
        let fitting = self.rows_fitting(from).flat_map(|of| {
            ends.clone().filter_map(move |onto| {
                let at = rows.binary_search_by_key(&(of, to_stop, onto), TransferRule::key).ok()?;
                rows.get(at)
            })
        });
        fitting.max_by_key(|rule| rule.rank()).map(|rule| rule.kind)
    }

    /// The sides that rows about a side name, of the stops that are wanted; in their order.
    pub(super) fn named_from(
        &self,
        from: StopIdx,
        wanted: impl Fn(StopIdx) -> bool,
    ) -> Vec<StopIdx> {
        let rows = &self.from[self.stop(from)];
        let mut named = Vec::new();
        for of in self.rows_fitting(from) {
            let begin = rows.partition_point(|rule| rule.of < of);
            let fitting = rows[begin..].iter().take_while(|rule| rule.of == of);
            for rule in fitting.filter(|rule| wanted(rule.to)) {
                match rule.onto {
                    Vehicles::All => named.extend(self.sides_of(rule.to)),
                    Vehicles::Route(route) => {
                        named.extend(self.of_route.get(&(rule.to, route)).into_iter().flatten())
                    }
                    Vehicles::Trip(_) => named.extend(self.side.get(&(rule.to, rule.onto))),
                }
            }
        }
        named.sort_unstable();
        named.dedup();
        named
    }

    /// The vehicles that a row may be about at one end to be about a side.
    fn rows_fitting(&self, side: StopIdx) -> impl Iterator<Item = Vehicles> + Clone + use<> {
        let own = side.at().checked_sub(self.stops).map(|further| self.further[further]);
        let route = own.and_then(|(stop, vehicles)| match vehicles {
            Vehicles::Trip(trip) => self.route.get(&(self.feed[stop.at()], trip)).copied(),
            _ => None,
        });
        let own = own.map(|(_, vehicles)| vehicles);
        std::iter::once(Vehicles::All).chain(route.map(Vehicles::Route)).chain(own)
    }

    fn number_sides(&mut self, feeds: &[Feed]) {
        for (number, (stop, vehicles)) in self.further.iter().enumerate() {
            let (side, feed) = (StopIdx::new(self.stops + number), self.feed[stop.at()]);
            self.side.insert((*stop, *vehicles), side);
            let route = match vehicles {
                Vehicles::Trip(trip) => {
                    let route = feeds[feed.at()].trips[*trip as usize].route;
                    self.route.insert((feed, *trip), route);
                    route
                }
                Vehicles::Route(route) => *route,
                Vehicles::All => continue,
            };
            self.of_route.entry((*stop, route)).or_default().push(side);
        }
    }
}

/// Each trip and route that a row singles out has a side of its own at the row's stops.
fn further_sides(rules: &[(StopIdx, TransferRule)]) -> Vec<(StopIdx, Vehicles)> {
    let ends = rules.iter().flat_map(|(from, rule)| [(*from, rule.of), (rule.to, rule.onto)]);
    let mut further: Vec<_> = ends.filter(|(_, vehicles)| *vehicles != Vehicles::All).collect();
    further.sort_unstable();
    further.dedup();
    further
}

/// Whom a row is about at one end: a trip is one of its route.
fn vehicles(route: Option<u32>, trip: Option<u32>) -> Vehicles {
    trip.map(Vehicles::Trip).or(route.map(Vehicles::Route)).unwrap_or(Vehicles::All)
}

/// The stops that a row names with each position of a feed's stops, with how far above them that
/// is.
fn platforms(number: FeedIdx, feed: &Feed, stops: &Stops) -> FxHashMap<u32, Vec<(StopIdx, u8)>> {
    let mut platforms: FxHashMap<u32, Vec<(StopIdx, u8)>> = FxHashMap::default();
    for (position, _) in (0u32..).zip(&feed.stops) {
        let Some(called) = stops.find(number, position) else { continue };
        let mut at = Some(position);
        for above in 0..LONGEST_CHAIN {
            let Some(here) = at else { break };
            platforms.entry(here).or_default().push((called, above));
            at = feed.stops[here as usize].parent;
        }
    }
    platforms
}

/// Sorts the rows from each stop, and of those with one key leaves the one that holds.
fn one_for_each(from: Csr<StopIdx, TransferRule>) -> Csr<StopIdx, TransferRule> {
    let one_for_each = |stop: usize| {
        let mut rows = from[StopIdx::new(stop)].to_vec();
        rows.sort_by(|a, b| a.key().cmp(&b.key()).then_with(|| b.rank().cmp(&a.rank())));
        rows.dedup_by_key(|rule| rule.key());
        rows
    };
    Csr::from_rows((0..from.rows()).map(one_for_each))
}
