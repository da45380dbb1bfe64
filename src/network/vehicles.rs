//! Which published trips are one vehicle.
//!
//! Publishers give one vehicle two trips, as when school days and holidays are lost in a
//! conversion. Trips of one feed are copies of one vehicle on a date where both run on it, have the
//! same route, and call at the same stops at the same times; whether one may get on or off plays no
//! part. A trip that only promises a headway is never a copy: when it leaves is drawn.
//!
//! So are trips of two feeds, as the regional and the national timetable often both have them, with
//! the same mode, the same times at as many stops, and each of these stops within 50 m; a vehicle
//! of one feed is one vehicle of another at most.
//!
//! Travel times do not ask, and each copy keeps its stay-seated links. Whatever counts vehicles
//! does: [`counted_as`] tells it of any departures,
//! [`Timetable::counted_as`](super::timetable::Timetable::counted_as) of a timetable's runs, and
//! [`Courses`] of the trips of a feed on all dates.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::timetable::metres_between;
use crate::inputs::gtfs::{Call, Feed, Trip};
use crate::units::ServiceTime;

/// The stops of two feeds are the same stop if they lie within this of each other.
const SAME_STOP_M: f64 = 50.0;

/// A trip on a date, which leaves its first stop at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departing {
    /// The feed's position.
    pub feed: usize,
    /// The position in that feed's trips.
    pub trip: u32,
    /// The service date.
    pub date: Date,
    /// By one clock for all of them.
    pub at: ServiceTime,
}

/// Which vehicle each of some departures is: itself, or the one before it, by its position, that it
/// is to be counted as.
pub fn counted_as(feeds: &[Feed], departing: &[Departing]) -> Vec<usize> {
    let by_headway: Vec<FxHashSet<u32>> = feeds
        .iter()
        .map(|feed| feed.frequencies.iter().filter(|row| !row.exact).map(|row| row.trip).collect())
        .collect();
    let mut counted_as: Vec<usize> = (0..departing.len()).collect();
    let scheduled =
        departing.iter().enumerate().filter(|(_, one)| !by_headway[one.feed].contains(&one.trip));
    let mut in_feed: FxHashMap<(usize, Date, u32, TripSpan), Vec<usize>> = FxHashMap::default();
    let mut of_mode: FxHashMap<(u16, TripSpan), Vec<usize>> = FxHashMap::default();
    let mut taken: FxHashSet<(usize, usize)> = FxHashSet::default();
    for (number, one) in scheduled {
        let feed = &feeds[one.feed];
        let (route, span) = (feed.trips[one.trip as usize].route, span(feed, one));
        let known = in_feed.entry((one.feed, one.date, route, span)).or_default();
        if let Some(other) =
            known.iter().find(|other| same_course(feed, departing[**other].trip, one.trip))
        {
            counted_as[number] = counted_as[*other];
            continue;
        }
        known.push(number);
        if feeds.len() < 2 {
            continue;
        }
        let known =
            of_mode.entry((mode(feed.routes[route as usize].route_type), span)).or_default();
        let same = |other: &&usize| {
            let at = &departing[**other];
            !taken.contains(&(**other, one.feed)) && same_in_two_feeds(feeds, at, one)
        };
        match known.iter().find(same) {
            Some(other) => {
                counted_as[number] = *other;
                taken.insert((*other, one.feed));
            }
            None => known.push(number),
        }
    }
    counted_as
}

/// The trips of a feed by their course: the route, the stops, and the times from the first
/// departure on.
pub struct Courses {
    /// By trip: the first trip of the feed with the same course.
    of: Vec<u32>,
    /// By trip: the first trip of the feed that is the same vehicle on each date on which both run;
    /// itself where there is none.
    first: Vec<u32>,
    /// Those trips, each with all that are the same vehicle, itself first; only where there are
    /// several.
    copies: FxHashMap<u32, Vec<u32>>,
}

impl Courses {
    /// Of all trips of a feed.
    pub fn of(feed: &Feed) -> Courses {
        Courses::among(feed, |_| true)
    }

    /// Of those trips of a feed whose route is of interest; the others are nobody's copies.
    pub fn among(feed: &Feed, is_asked: impl Fn(u32) -> bool) -> Courses {
        let mut known: FxHashMap<u64, u32> = FxHashMap::default();
        let mut of: Vec<u32> = (0u32..).zip(&feed.trips).map(|(trip, _)| trip).collect();
        for (trip, row) in (0u32..).zip(&feed.trips).filter(|(_, row)| is_asked(row.route)) {
            let mut key = hash(feed, row);
            of[trip as usize] = loop {
                let other = *known.entry(key).or_insert(trip);
                if other == trip || same_course(feed, other, trip) {
                    break other;
                }
                key = key.wrapping_add(1);
            };
        }
        let mut first: Vec<u32> = (0u32..).zip(&feed.trips).map(|(trip, _)| trip).collect();
        let mut copies: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        let by_frequency: FxHashSet<u32> = feed.frequencies.iter().map(|row| row.trip).collect();
        let mut leaving: FxHashMap<(u32, ServiceTime), u32> = FxHashMap::default();
        let scheduled =
            |trip: &u32, row: &Trip| !by_frequency.contains(trip) && is_asked(row.route);
        for (trip, row) in (0u32..).zip(&feed.trips).filter(|(trip, row)| scheduled(trip, row)) {
            let one = *leaving.entry((of[trip as usize], departure(feed, row))).or_insert(trip);
            if one != trip {
                first[trip as usize] = one;
                copies.entry(one).or_insert_with(|| vec![one]).push(trip);
            }
        }
        Courses { of, first, copies }
    }

    /// The first trip of the feed that is the same vehicle on each date on which both run; the trip
    /// itself where there is none.
    pub fn first(&self, trip: u32) -> u32 {
        self.first[trip as usize]
    }

    /// All trips that are the same vehicle on each date on which they run, but for the trip itself.
    pub fn others(&self, trip: u32) -> impl Iterator<Item = u32> + '_ {
        let all = self.copies.get(&self.first(trip)).map_or(&[][..], Vec::as_slice);
        all.iter().copied().filter(move |other| *other != trip)
    }

    /// How many trips of each date are copies of another that runs on it; dates without any are not
    /// there. A trip of frequencies.txt with exact times is one for each of its departures.
    pub fn copies_by_date(&self, feed: &Feed) -> BTreeMap<Date, u32> {
        let mut departures: Vec<(u32, ServiceTime, u32)> = Vec::new();
        let mut by_frequency = vec![false; feed.trips.len()];
        for row in &feed.frequencies {
            by_frequency[row.trip as usize] = true;
            let mut at = row.start;
            while row.exact && at < row.end {
                departures.push((
                    self.of[row.trip as usize],
                    at,
                    feed.trips[row.trip as usize].service,
                ));
                at = at + row.headway;
            }
        }
        for ((trip, row), by_frequency) in feed.trips.iter().enumerate().zip(by_frequency) {
            if !by_frequency {
                departures.push((self.of[trip], departure(feed, row), row.service));
            }
        }
        departures.sort_unstable();
        // Vehicles whose trips are of the same services run on the same dates.
        let mut alike: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
        for trips in
            departures.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|trips| trips.len() > 1)
        {
            *alike.entry(trips.iter().map(|(.., service)| *service).collect()).or_default() += 1;
        }
        let mut copies: BTreeMap<Date, u32> = BTreeMap::new();
        for (services, vehicles) in alike {
            let mut running: BTreeMap<Date, u32> = BTreeMap::new();
            for date in services.iter().flat_map(|service| &feed.services[*service as usize].dates)
            {
                *running.entry(*date).or_default() += 1;
            }
            for (date, trips) in running.into_iter().filter(|(_, trips)| *trips > 1) {
                *copies.entry(date).or_default() += (trips - 1) * vehicles;
            }
        }
        copies
    }
}

/// When it leaves and arrives at the end, and how many calls there are.
type TripSpan = (ServiceTime, i32, usize);

fn span(feed: &Feed, one: &Departing) -> TripSpan {
    let calls = calls(feed, &feed.trips[one.trip as usize]);
    let takes = calls.last().map_or(0, |last| last.arrival.get())
        - calls.first().map_or(0, |first| first.departure.get());
    (one.at, takes, calls.len())
}

/// Whether two trips of a feed have the same route, and the same stops at the same times from the
/// first departure on.
fn same_course(feed: &Feed, a: u32, b: u32) -> bool {
    let [a, b] = [a, b].map(|trip| &feed.trips[trip as usize]);
    let same_stops = || calls(feed, a).iter().zip(calls(feed, b)).all(|(a, b)| a.stop == b.stop);
    a.route == b.route && same_times((feed, a), (feed, b)) && same_stops()
}

fn same_in_two_feeds(feeds: &[Feed], a: &Departing, b: &Departing) -> bool {
    let [one, other] = [a, b].map(|at| (&feeds[at.feed], &feeds[at.feed].trips[at.trip as usize]));
    let point = |feed: &Feed, call: &Call| feed.stops[call.stop as usize].point;
    let near = |(a, b): (&Call, &Call)| {
        let points = point(one.0, a).zip(point(other.0, b));
        points.is_some_and(|(a, b)| metres_between(a, b) <= SAME_STOP_M)
    };
    let both = || calls(one.0, one.1).iter().zip(calls(other.0, other.1));
    a.feed != b.feed && same_times(one, other) && both().all(near)
}

/// Whether two trips have as many calls at the same times from the first departure on.
fn same_times((of_a, a): (&Feed, &Trip), (of_b, b): (&Feed, &Trip)) -> bool {
    let (from_a, from_b) = (departure(of_a, a), departure(of_b, b));
    let at = |call: &Call, from: ServiceTime| {
        (call.arrival.get() - from.get(), call.departure.get() - from.get())
    };
    let (calls_a, calls_b) = (calls(of_a, a), calls(of_b, b));
    let mut both = calls_a.iter().zip(calls_b);
    calls_a.len() == calls_b.len() && both.all(|(a, b)| at(a, from_a) == at(b, from_b))
}

/// The basic kind of vehicle; the extended route types (Google, "Extended GTFS Route Types") fall
/// into these.
fn mode(route_type: u16) -> u16 {
    match route_type {
        100..=199 | 300..=399 => 2,
        400..=699 => 1,
        200..=299 | 700..=799 => 3,
        800..=899 => 11,
        900..=999 => 0,
        1000..=1099 | 1200..=1299 => 4,
        other => other,
    }
}

fn calls<'a>(feed: &'a Feed, trip: &Trip) -> &'a [Call] {
    &feed.calls[trip.calls.start as usize..trip.calls.end as usize]
}

fn departure(feed: &Feed, trip: &Trip) -> ServiceTime {
    feed.calls[trip.calls.start as usize].departure
}

/// The same for trips of the same course.
fn hash(feed: &Feed, trip: &Trip) -> u64 {
    let mut hasher = FxHasher::default();
    let from = departure(feed, trip);
    trip.route.hash(&mut hasher);
    for call in calls(feed, trip) {
        (call.stop, call.arrival.get() - from.get(), call.departure.get() - from.get())
            .hash(&mut hasher);
    }
    hasher.finish()
}
