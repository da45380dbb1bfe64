//! Whole feeds, written as text and read by the real reader, held to a slow router that knows only
//! their model: every travel time of every departure to every place, to the second.
//!
//! `LASTMILE_CASES=100000` for the long run, `LASTMILE_FIRST_CASE` to begin elsewhere.

use crate::support::random_feeds;

use std::collections::BTreeMap;

use crate::support::random_feeds::engine::{Engine, Times};
use crate::support::random_feeds::model::World;
use crate::support::random_feeds::slow::Slow;
use crate::support::random_feeds::{cases, census, draw, folder, journeys};
use lastmile::routing::query::algorithm_choice::SearchDirection;

fn slow_times(world: &World) -> Times {
    let departures = world.query.departures;
    let draws: Vec<Slow> = if world.has_headways() {
        (0..departures).map(|n| Slow::new(world, u32::try_from(n).expect("few"))).collect()
    } else {
        vec![Slow::new(world, 0)]
    };
    let at = |origin: usize, n: i64| {
        let slow = &draws[usize::try_from(n).expect("few") % draws.len()];
        slow.travel_times(origin, world.departure(n))
    };
    (0..world.access.len()).map(|origin| (0..departures).map(|n| at(origin, n)).collect()).collect()
}

#[test]
fn every_travel_time_of_a_whole_feed_is_the_slow_routers() {
    let folder = folder();
    let cases = cases(3000);
    let (mut reached, mut ridden) = (0, 0);
    for seed in cases.clone() {
        let world = draw::world(seed);
        let shuffle = (seed % 3 == 0).then(|| random_feeds::seeded::Dice::new(seed));
        let engine = Engine::read(&world, folder.path(), shuffle);
        let (fast, slow) = (engine.times(), slow_times(&world));
        assert!(fast == slow, "seed {seed}: {}", difference(&world, &fast, &slow));
        for direction in [SearchDirection::Forwards, SearchDirection::Scanned] {
            let found = engine.times_found(direction);
            assert!(
                found == slow,
                "seed {seed}, {direction:?}: {}",
                difference(&world, &found, &slow)
            );
        }
        if seed % 5 == 0 {
            journeys::check(&engine, &fast);
        }
        for (origin, times) in slow.iter().enumerate() {
            let on_foot = |place: usize| world.direct[origin].get(&place).copied();
            for (place, time) in times.iter().flat_map(|row| row.iter().enumerate()) {
                reached += u64::from(time.is_some());
                ridden += u64::from(time.is_some() && *time != on_foot(place));
            }
        }
    }
    assert!(
        ridden > 5 * (cases.end - cases.start),
        "cases must lead somewhere: {ridden} of {reached} ridden"
    );
}

fn difference(world: &World, fast: &Times, slow: &Times) -> String {
    let mut lines = vec![random_feeds::text::show(world)];
    for (origin, (fast, slow)) in fast.iter().zip(slow).enumerate() {
        for (departure, (fast, slow)) in fast.iter().zip(slow).enumerate() {
            for (place, (fast, slow)) in
                fast.iter().zip(slow).enumerate().filter(|(_, (a, b))| a != b)
            {
                lines.push(format!(
                    "origin {origin} departure {departure} place {place}: {fast:?}, not {slow:?}"
                ));
            }
        }
    }
    lines.join("\n")
}

#[test]
fn the_worlds_have_everything_that_trips_a_router() {
    let worlds = 2000;
    let mut counts: BTreeMap<&str, u32> = census::CLASSES.iter().map(|class| (*class, 0)).collect();
    for seed in 0..worlds {
        for class in census::classes(&draw::world(seed)) {
            *counts.get_mut(class).expect("a class of the list") += 1;
        }
    }
    let rare: Vec<_> = counts.iter().filter(|(_, count)| **count < 20).collect();
    assert!(rare.is_empty(), "rare in {worlds} worlds: {rare:?} of {counts:?}");
}
