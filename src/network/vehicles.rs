//! Which published trips are one vehicle.
//!
//! Publishers give one vehicle two trips, as when school days and holidays are lost in a conversion. Trips of one feed are copies of one vehicle on
//! a date where both run on it, have the same route, and call at the same stops at the same times; whether one may get on or off plays no part. A trip
//! that only promises a headway is never a copy: when it leaves is drawn.
//!
//! Travel times do not ask, and each copy keeps its stay-seated links. Whatever counts vehicles does: of a timetable's runs by
//! [`Timetable::counted_as`](super::timetable::Timetable::counted_as), which knows of two feeds too, and of a feed's dates and trips by [`Courses`].

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHasher};

use crate::inputs::gtfs::{Call, Feed, Trip};
use crate::units::ServiceTime;

/// The trips of a feed by their course: the route, the stops, and the times from the first departure on.
pub struct Courses {
    /// By trip: the first trip of the feed with the same course.
    of: Vec<u32>,
    /// By trip: the first trip of the feed that is the same vehicle on each date on which both run; itself where there is none.
    first: Vec<u32>,
    /// Those trips, each with all that are the same vehicle, itself first; only where there are several.
    copies: FxHashMap<u32, Vec<u32>>,
}

impl Courses {
    /// Of all trips of a feed.
    pub fn of(feed: &Feed) -> Courses {
        let mut known: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        let mut of = Vec::with_capacity(feed.trips.len());
        for (trip, row) in (0u32..).zip(&feed.trips) {
            let alike = known.entry(hash(feed, row)).or_default();
            let same = alike.iter().find(|other| same_course(feed, **other, trip));
            of.push(*same.unwrap_or(&trip));
            if same.is_none() {
                alike.push(trip);
            }
        }
        let mut first: Vec<u32> = (0u32..).zip(&feed.trips).map(|(trip, _)| trip).collect();
        let mut copies: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        let by_headway: std::collections::BTreeSet<u32> =
            feed.frequencies.iter().map(|row| row.trip).collect();
        let mut leaving: FxHashMap<(u32, ServiceTime), u32> = FxHashMap::default();
        for (trip, row) in (0u32..).zip(&feed.trips).filter(|(trip, _)| !by_headway.contains(trip)) {
            let one = *leaving.entry((of[trip as usize], departure(feed, row))).or_insert(trip);
            if one != trip {
                first[trip as usize] = one;
                copies.entry(one).or_insert_with(|| vec![one]).push(trip);
            }
        }
        Courses { of, first, copies }
    }

    /// The first trip of the feed that is the same vehicle on each date on which both run; the trip itself where there is none.
    pub fn first(&self, trip: u32) -> u32 {
        self.first[trip as usize]
    }

    /// All trips that are the same vehicle on each date on which they run, but for the trip itself.
    pub fn others(&self, trip: u32) -> impl Iterator<Item = u32> + '_ {
        let all = self.copies.get(&self.first(trip)).map_or(&[][..], Vec::as_slice);
        all.iter().copied().filter(move |other| *other != trip)
    }

    /// How many trips of each date are copies of another that runs on it; dates without any are not there. A trip of
    /// frequencies.txt with exact times is one for each of its departures.
    pub fn copies_by_date(&self, feed: &Feed) -> BTreeMap<Date, u32> {
        let mut departures: Vec<(u32, ServiceTime, u32)> = Vec::new();
        let mut by_frequency = vec![false; feed.trips.len()];
        for row in &feed.frequencies {
            by_frequency[row.trip as usize] = true;
            let mut at = row.start;
            while row.exact && at < row.end {
                departures.push((self.of[row.trip as usize], at, feed.trips[row.trip as usize].service));
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
        for trips in departures.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|trips| trips.len() > 1) {
            *alike.entry(trips.iter().map(|(.., service)| *service).collect()).or_default() += 1;
        }
        let mut copies: BTreeMap<Date, u32> = BTreeMap::new();
        for (services, vehicles) in alike {
            let mut running: BTreeMap<Date, u32> = BTreeMap::new();
            for date in services.iter().flat_map(|service| &feed.services[*service as usize].dates) {
                *running.entry(*date).or_default() += 1;
            }
            for (date, trips) in running.into_iter().filter(|(_, trips)| *trips > 1) {
                *copies.entry(date).or_default() += (trips - 1) * vehicles;
            }
        }
        copies
    }
}

/// Whether two trips of a feed have the same route, and the same stops at the same times from the first departure on.
pub(super) fn same_course(feed: &Feed, a: u32, b: u32) -> bool {
    let [a, b] = [a, b].map(|trip| &feed.trips[trip as usize]);
    let (from_a, from_b) = (departure(feed, a), departure(feed, b));
    let at = |call: &Call, from: ServiceTime| (call.stop, call.arrival.0 - from.0, call.departure.0 - from.0);
    let (calls_a, calls_b) = (calls(feed, a), calls(feed, b));
    let mut both = calls_a.iter().zip(calls_b);
    a.route == b.route && calls_a.len() == calls_b.len() && both.all(|(a, b)| at(a, from_a) == at(b, from_b))
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
        (call.stop, call.arrival.0 - from.0, call.departure.0 - from.0).hash(&mut hasher);
    }
    hasher.finish()
}
