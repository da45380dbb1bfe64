//! More of what must follow for one question from another: arriving by a time from departing, the
//! whole from its parts, and one feed from the same cut in two. Random whole feeds, read by the
//! real reader.
//!
//! `LASTMILE_CASES=10000` for the long run: so many cases of each relation.

use crate::support::random_feeds;

use std::collections::BTreeMap;

use crate::support::random_feeds::engine::{Engine, Times, time};
use crate::support::random_feeds::model::{At, Feed, World};
use crate::support::random_feeds::seeded::Dice;
use crate::support::random_feeds::{cases, draw, folder};
use lastmile::ids::{Idx, OriginIdx, PlaceIdx};
use lastmile::routing::query::arrive_by::before_deadline;
use lastmile::routing::query::journey::Journeys;

/// Without drawn phases, whose draws follow ids and times.
fn plain(mut world: World) -> World {
    for frequency in world.feeds.iter_mut().flat_map(|feed| &mut feed.frequencies) {
        frequency.exact = true;
    }
    world
}

fn times(world: &World) -> Times {
    let folder = folder();
    Engine::read(world, folder.path(), None).times()
}

fn show(world: &World) -> String {
    random_feeds::text::show(world)
}

/// The world with a departure every second before a deadline, as far back as a journey may take.
fn every_second_before(world: &World, deadline: i64) -> World {
    let mut other = world.clone();
    other.query.first = deadline - world.query.max_time;
    (other.query.step, other.query.departures) = (1, world.query.max_time + 1);
    other
}

/// Who leaves at a departure arrives at some time. Who asks for that time leaves then or later,
/// arrives no later, and could not leave a second later. Asked in both ways: by the rounds kept for
/// one place, and by the table of all places.
#[test]
fn arriving_by_the_arrival_is_leaving_no_earlier() {
    let folder = folder();
    let mut later = 0;
    for seed in cases(250) {
        let mut world = plain(draw::world(seed));
        world.query.max_time = world.query.max_time.min(4000);
        let Some((origin, place, leave, arrival)) = some_arrival(&world, seed) else { continue };
        let seconds = every_second_before(&world, arrival);
        let engine = Engine::read(&seconds, folder.path(), None);
        let (_, rides) = engine.rides(0..seconds.query.departures, 0);
        let mut found = vec![None; world.access.len()];
        rides.travel_times(&engine.walks(), &mut found, &|_| (), |_, found, times| {
            let before = before_deadline(times).find(|(to, _)| to.at() == place);
            if let Some((_, before)) = before {
                *found = before;
            }
        });
        let latest = found[origin].map(|before| arrival - i64::from(before.get()));
        let latest =
            latest.unwrap_or_else(|| panic!("seed {seed}: nobody arrives: {}", show(&world)));
        assert!(latest >= leave, "seed {seed}: {latest} is before {leave}: {}", show(&world));
        later += u64::from(latest > leave);
        let (_, rides) = engine.rides(0..1, 0);
        let journeys = Journeys::towards(&rides, engine.walks(), PlaceIdx::new(place));
        let plan = journeys.arrive_by(OriginIdx::new(origin), time(arrival)).expect("a plan");
        assert_eq!(i64::from(plan.leave.get()), latest, "seed {seed}: {}", show(&world));
        assert!(i64::from(plan.arrive.get()) <= arrival);
        // By the plain question: in time when leaving then, too late a second later.
        let mut one = world.clone();
        (one.query.first, one.query.step, one.query.departures) = (latest, 1, 2);
        let times = times(&one);
        let arrives = |n: i64, at: usize| times[origin][at][place].map(|time| latest + n + time);
        assert_eq!(
            arrives(0, 0),
            Some(i64::from(plan.arrive.get())),
            "seed {seed}: {}",
            show(&world)
        );
        assert!(arrives(1, 1).is_none_or(|next| next > arrival), "seed {seed}: {}", show(&world));
    }
    assert!(later > 20, "{later}");
}

/// An origin, a place, a departure and the arrival it makes.
fn some_arrival(world: &World, seed: u64) -> Option<(usize, usize, i64, i64)> {
    let mut dice = Dice::new(seed);
    let times = times(world);
    let (origin, departure) = (dice.at(times.len()), dice.at(times[0].len()));
    let row = &times[origin][departure];
    let reached: Vec<usize> = (0..row.len()).filter(|place| row[*place].is_some()).collect();
    if reached.is_empty() {
        return None;
    }
    let place = dice.pick(&reached);
    let leave = world.departure(i64::try_from(departure).expect("few"));
    Some((origin, place, leave, leave + row[place]?))
}

/// What somebody reaches is what is reached from the stops within a walk, that much later, or on
/// foot: no more and no less.
#[test]
fn a_walk_and_a_ride_are_the_walk_and_the_ride() {
    let (mut reached, folder) = (0, folder());
    for seed in cases(250) {
        let mut world = plain(draw::world(seed));
        world.query.departures = 1;
        world.access.truncate(1);
        world.direct.truncate(1);
        let whole = Engine::read(&world, folder.path(), None).times().remove(0).remove(0);
        let mut parts: Vec<Option<i64>> =
            (0..world.egress.len()).map(|place| world.direct[0].get(&place).copied()).collect();
        for (stop, walk) in &world.access[0] {
            let mut at_stop = world.clone();
            at_stop.access = vec![vec![(*stop, 0)]];
            at_stop.direct = vec![BTreeMap::new()];
            at_stop.query.first += walk;
            let after = Engine::read(&at_stop, folder.path(), None).times().remove(0).remove(0);
            for (part, after) in parts.iter_mut().zip(after) {
                *part = [*part, after.map(|time| time + walk)].into_iter().flatten().min();
            }
        }
        let in_time = |time: &i64| *time <= world.query.max_time;
        let parts: Vec<Option<i64>> = parts.into_iter().map(|part| part.filter(in_time)).collect();
        assert_eq!(whole, parts, "seed {seed}: {}", show(&world));
        reached += whole.iter().flatten().count();
    }
    assert!(reached > 200, "{reached}");
}

/// Riding to a stop, and from there on as if one had set out there: never quicker than the journey
/// all the way.
#[test]
fn by_way_of_a_stop_it_is_never_quicker() {
    let (mut compared, mut equal, folder) = (0, 0, folder());
    for seed in cases(250) {
        let mut world = plain(draw::world(seed));
        // Changing is then as long as boarding anew; and whoever is at the stop has come by a
        // vehicle.
        world.feeds.iter_mut().for_each(|feed| feed.transfers.retain(|row| row.kind > 3));
        let stop =
            Dice::new(seed).pick(&world.egress.iter().map(|row| row[0].0).collect::<Vec<At>>());
        world.query.departures = 1;
        world.access.truncate(1);
        world.direct = vec![BTreeMap::new()];
        world.query.max_rides = 2 + world.query.max_rides % 3;
        let mut there = world.clone();
        there.egress = vec![vec![(stop, 0)]];
        there.query.max_rides =
            1 + i64::try_from(seed % 2).expect("0 or 1") * (world.query.max_rides - 2);
        let whole = Engine::read(&world, folder.path(), None).times().remove(0).remove(0);
        let Some(first) = Engine::read(&there, folder.path(), None).times()[0][0][0] else {
            continue;
        };
        let mut on = world.clone();
        on.access = vec![vec![(stop, 0)]];
        on.query.first += first;
        on.query.max_rides -= there.query.max_rides;
        let second = Engine::read(&on, folder.path(), None).times().remove(0).remove(0);
        for (whole, second) in whole.iter().zip(second) {
            let by_way =
                second.map(|second| first + second).filter(|time| *time <= world.query.max_time);
            let Some(by_way) = by_way else { continue };
            assert!(
                whole.is_some_and(|whole| whole <= by_way),
                "seed {seed}: {whole:?}, {by_way}: {}",
                show(&world)
            );
            compared += 1;
            equal += u64::from(*whole == Some(by_way));
        }
    }
    assert!(compared > 100 && equal > 10, "{compared}, {equal}");
}

/// The same trips in two feeds, each with all the stops, joined where they are the same stop by
/// walks of no time.
#[test]
fn a_feed_cut_in_two_is_one() {
    let (mut cut_any, folder) = (0, folder());
    let wanted = cases(250);
    let mut tried = 0;
    for seed in wanted.start.. {
        if tried == wanted.end - wanted.start {
            break;
        }
        let world = plain(draw::world(seed));
        // Rules of changing bind one feed alone.
        if world.feeds.len() > 1 || world.feeds[0].transfers.iter().any(|row| row.kind <= 3) {
            continue;
        }
        tried += 1;
        let (cut, moved) = in_two(&world, &mut Dice::new(seed));
        cut_any += u64::from(moved > 0);
        let one = Engine::read(&world, folder.path(), None).times();
        let two = Engine::read(&cut, folder.path(), None).times();
        assert!(one == two, "seed {seed}:\n{}\n{}", show(&world), show(&cut));
    }
    assert!(cut_any * 2 > tried, "{cut_any} of {tried}");
}

/// The world with some trips in a feed of their own, and how many. What stays seated stays
/// together.
fn in_two(world: &World, dice: &mut Dice) -> (World, usize) {
    let feed = &world.feeds[0];
    let together = |trip: usize| {
        feed.trips[trip].block.is_some()
            || feed
                .transfers
                .iter()
                .any(|row| row.from_trip == Some(trip) || row.to_trip == Some(trip))
    };
    let goes: Vec<bool> =
        (0..feed.trips.len()).map(|trip| !together(trip) && dice.one_in(2)).collect();
    let mut other = world.clone();
    let stays: Vec<bool> = goes.iter().map(|goes| !goes).collect();
    let mut second = only(feed, &goes);
    second.transfers.clear();
    if second.trips.is_empty() || goes.iter().all(|goes| *goes) {
        return (other, 0);
    }
    let moved = second.trips.len();
    other.feeds = vec![only(feed, &stays), second];
    let twin = |at: At| (1 - at.0, at.1);
    for ((from, to), walk) in &world.footpaths {
        for (from, to) in [(twin(*from), *to), (*from, twin(*to)), (twin(*from), twin(*to))] {
            other.footpaths.insert((from, to), *walk);
        }
    }
    for at in (0..feed.stops.len()).map(|stop| (0, stop)) {
        other.footpaths.insert((at, twin(at)), 0);
        other.footpaths.insert((twin(at), at), 0);
    }
    for links in other.access.iter_mut().chain(&mut other.egress) {
        let twins: Vec<_> = links.iter().map(|(at, walk)| (twin(*at), *walk)).collect();
        links.extend(twins);
    }
    (other, moved)
}

/// A feed with some of its trips, numbered anew.
fn only(feed: &Feed, kept: &[bool]) -> Feed {
    let number = |trip: usize| kept[..trip].iter().filter(|kept| **kept).count();
    let mut part = feed.clone();
    part.trips = feed
        .trips
        .iter()
        .zip(kept)
        .filter(|(_, kept)| **kept)
        .map(|(trip, _)| trip.clone())
        .collect();
    part.frequencies.retain(|frequency| kept[frequency.trip]);
    part.frequencies.iter_mut().for_each(|frequency| frequency.trip = number(frequency.trip));
    for row in &mut part.transfers {
        row.from_trip = row.from_trip.map(number);
        row.to_trip = row.to_trip.map(number);
    }
    part
}
