//! Another program asked: the RAPTOR of `vulture`, with its own reader of GTFS, on small feeds
//! where its model is ours.
//!
//! What the models share: one feed and one service day, trips that call at each stop once, pick-up
//! and drop-off allowed or not on all trips of a way, no slack, and walks between stops given as
//! rows of transfers.txt with a least time, a walk on from a walk among them. In `vulture` these
//! walks also lead to the first stop and from the last; here they are access and egress.

use crate::support::random_feeds;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::support::random_feeds::engine::{Engine, date};
use crate::support::random_feeds::model::{Call, Feed, Service, Transfer, World, Written, Zone};
use crate::support::random_feeds::seeded::Dice;
use crate::support::random_feeds::{cases, draw, folder};
use vulture::gtfs::GtfsTimetable;
use vulture::{SecondOfDay, Timetable, Transfers};
use vulture_gtfs::Gtfs;

#[test]
fn another_router_finds_the_same_arrivals() {
    let folder = folder();
    let cases = cases(1000);
    let (mut tried, mut ridden) = (0, 0);
    for seed in cases.clone() {
        let Some(world) = shared(draw::world(seed), &mut Dice::new(seed)) else { continue };
        let ours = Engine::read(&world, folder.path(), None).times();
        tried += 1;
        let theirs = Second::read(&world, &folder.path().join("feed0"));
        for (origin, times) in ours.iter().enumerate() {
            for (departure, times) in (0..).zip(times) {
                for (place, time) in times.iter().enumerate() {
                    let other = theirs.travel_time(origin, place, world.departure(departure));
                    ridden += u64::from(time.is_some());
                    assert_eq!(
                        *time,
                        other,
                        "seed {seed}: from {origin} to {place} at departure {departure}\n{}",
                        random_feeds::text::show(&world)
                    );
                }
            }
        }
    }
    let wanted = cases.end - cases.start;
    assert!(
        tried * 4 > wanted && ridden > wanted,
        "{tried} of {wanted} cases tried, {ridden} journeys"
    );
}

/// A world as far as both models have it; `None` if too little is left.
fn shared(mut world: World, dice: &mut Dice) -> Option<World> {
    world.feeds.truncate(1);
    let query = &mut world.query;
    (query.zone, query.slack, query.phone) = (Zone::London, 0, true);
    (query.day, query.first) = (query.day.min(70), query.first.max(0));
    query.departures = query.departures.min(4);
    let feed = world.feeds.first_mut()?;
    feed.zone = Some(Zone::London);
    feed.frequencies.clear();
    feed.services =
        vec![Service { id: "day".into(), added: vec![query.day], ..Service::default() }];
    feed.trips.retain(|trip| {
        let stops: BTreeSet<usize> = trip.calls.iter().map(|call| call.stop).collect();
        stops.len() == trip.calls.len()
    });
    for (number, trip) in (0..).zip(&mut feed.trips) {
        // What was taken out after reading does not stand in the feed, and the other program cannot
        // know of it.
        (trip.block, trip.service, trip.withdrawn) = (None, 0, false);
        for call in &mut trip.calls {
            call.written = Written::Both;
            call.arrival = own_second(call.arrival, number);
            call.departure = own_second(call.departure, number);
        }
    }
    one_rule_for_one_way(feed);
    let stops: Vec<usize> =
        (0..feed.stops.len()).filter(|stop| !feed.stops[*stop].is_station).collect();
    let mut walks = BTreeMap::new();
    for _ in 0..dice.at(2 * stops.len()) {
        let (from, to) = (dice.pick(&stops), dice.pick(&stops));
        if from != to {
            walks.insert((from, to), dice.roll(600));
        }
    }
    close(&mut walks, &stops);
    let row = |((from, to), walk): (&(usize, usize), &i64)| Transfer {
        from_stop: Some(*from),
        to_stop: Some(*to),
        kind: 2,
        least: Some(*walk),
        ..Transfer::default()
    };
    feed.transfers = walks.iter().map(row).collect();
    let walk =
        |from: usize, to: usize| if from == to { Some(0) } else { walks.get(&(from, to)).copied() };
    let links = |walk: &dyn Fn(usize) -> Option<i64>| {
        stops.iter().filter_map(|stop| Some(((0, *stop), walk(*stop)?))).collect::<Vec<_>>()
    };
    world.access = stops.iter().map(|origin| links(&|stop| walk(*origin, stop))).collect();
    world.egress = stops.iter().map(|place| links(&|stop| walk(stop, *place))).collect();
    let direct = |origin: &usize| {
        stops
            .iter()
            .enumerate()
            .filter_map(|(n, place)| Some((n, walk(*origin, *place)?)))
            .collect()
    };
    world.direct = stops.iter().map(direct).collect();
    world.footpaths.clear();
    (!world.feeds[0].trips.is_empty()).then_some(world)
}

/// `vulture` boards the first trip of a way, even if that lets nobody off where another does: here
/// trips with the same stops have the same rules.
fn one_rule_for_one_way(feed: &mut Feed) {
    let way = |calls: &[Call]| calls.iter().map(|call| call.stop).collect::<Vec<_>>();
    for number in 1..feed.trips.len() {
        let (before, trips) = feed.trips.split_at_mut(number);
        let trip = &mut trips[0];
        if let Some(first) = before.iter().find(|first| way(&first.calls) == way(&trip.calls)) {
            for (call, first) in trip.calls.iter_mut().zip(&first.calls) {
                (call.pickup, call.drop_off) = (first.pickup, first.drop_off);
            }
        }
    }
}

/// Of trips that leave a stop at the same second `vulture` may miss the one that arrives first, if
/// it is already in the other: here each trip keeps to seconds of its own.
fn own_second(time: i64, trip: i64) -> i64 {
    time / 16 * 16 + trip
}

/// Makes every walk on from a walk a walk of its own (Floyd and Warshall): `vulture` asks for that.
fn close(walks: &mut BTreeMap<(usize, usize), i64>, stops: &[usize]) {
    for via in stops {
        for from in stops {
            for to in stops.iter().filter(|to| *to != from) {
                let Some((first, second)) = walks.get(&(*from, *via)).zip(walks.get(&(*via, *to)))
                else {
                    continue;
                };
                let sum = first + second;
                let walk = walks.entry((*from, *to)).or_insert(sum);
                *walk = sum.min(*walk);
            }
        }
    }
}

struct Second<'w> {
    world: &'w World,
    timetable: GtfsTimetable,
    /// The ids of origins and places: the stops in order.
    stops: Vec<&'w str>,
}

impl<'w> Second<'w> {
    fn read(world: &'w World, feed: &Path) -> Second<'w> {
        let gtfs = Gtfs::from_path(feed).expect("a feed");
        let timetable = GtfsTimetable::new(&gtfs, date(world.query.day)).expect("a timetable");
        let stops = world.feeds[0].stops.iter().filter(|stop| !stop.is_station);
        let timetable = timetable.assert_footpaths_closed();
        Second { world, timetable, stops: stops.map(|stop| stop.id.as_str()).collect() }
    }

    fn travel_time(&self, origin: usize, place: usize, departure: i64) -> Option<i64> {
        let find = |stop: usize| self.timetable.stop_idx(self.stops[stop]).expect("the stop");
        let query = &self.world.query;
        let journeys = self
            .timetable
            .query()
            .from(find(origin))
            .to(find(place))
            // Its bound counts rides: with 0 it finds none.
            .max_transfers(Transfers(u8::try_from(query.max_rides).expect("few")))
            .depart_at(SecondOfDay(u32::try_from(departure).expect("after midnight")))
            .run();
        let ridden =
            journeys.iter().map(|journey| i64::from(journey.arrival().as_secs()) - departure);
        let on_foot = self.world.direct[origin].get(&place).copied();
        ridden.chain(on_foot).min().filter(|time| *time <= query.max_time)
    }
}
