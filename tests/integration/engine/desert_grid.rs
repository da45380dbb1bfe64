//! Lines in an empty plane with a known headway: what theory says, to the second. (The idea of
//! tests against theory, not against a snapshot, and of weighing each destination by a power of
//! two, is Conveyal R5's.)
//!
//! Every scheduled result is exact. A wait is what is left until the next departure that can be
//! caught: its part of the formula is `(departure − ready) mod headway`.

use std::collections::BTreeMap;

use crate::support::random_feeds::engine::{Engine, length};
use crate::support::random_feeds::folder;
use crate::support::random_feeds::model::{
    At, Call, Feed, Frequency, Query, Service, Stop, Transfer, Trip, World, Written, Zone,
};
use lastmile::access::opportunities::{Opportunities, OpportunityTally};
use lastmile::ids::{IdxVec, PlaceIdx};
use lastmile::routing::query::percentile;

const HOUR: i64 = 3600;
const SLACK: i64 = 60;
/// The window is 07:00 to 09:00, a departure each minute.
const FIRST: i64 = 7 * HOUR;
const DEPARTURES: i64 = 120;

/// A plane with stops and nothing else; every stop is a place, and the one origin is near the first
/// stop.
fn desert(stops: usize, access: i64) -> World {
    let stop = |n: usize| {
        let x = 1000 * i64::try_from(n).expect("few");
        Stop { id: format!("stop{n}"), is_station: false, parent: None, x, y: 0 }
    };
    let daily =
        Service { id: "daily".into(), weekly: Some((60, 80, [true; 7])), ..Service::default() };
    let feed = Feed {
        zone: Some(Zone::London),
        stops: (0..stops).map(stop).collect(),
        services: vec![daily],
        ..Feed::default()
    };
    let query = Query {
        day: 68,
        zone: Zone::London,
        first: FIRST,
        step: 60,
        departures: DEPARTURES,
        max_rides: 4,
        max_time: 2 * HOUR,
        slack: SLACK,
        phone: false,
        seed: 1,
    };
    World {
        feeds: vec![feed],
        footpaths: BTreeMap::new(),
        access: vec![vec![((0, 0), access)]],
        egress: (0..stops).map(|stop| vec![((0, stop), 0)]).collect(),
        direct: vec![BTreeMap::new()],
        query,
    }
}

/// A line from stop to stop: trips from 05:00 to 13:00.
struct Line<'a> {
    /// The first departure after 05:00.
    offset: i64,
    headway: i64,
    stops: &'a [usize],
    /// From one stop to the next.
    hop: i64,
}

impl Line<'_> {
    fn run_on(&self, world: &mut World) {
        let mut departure = 5 * HOUR + self.offset;
        while departure < 13 * HOUR {
            self.add_trip(world, departure);
            departure += self.headway;
        }
    }

    fn add_trip(&self, world: &mut World, departure: i64) -> usize {
        let feed = &mut world.feeds[0];
        let route = format!("from{}every{}", self.offset, self.headway);
        let route = feed.routes.iter().position(|id| *id == route).unwrap_or_else(|| {
            feed.routes.push(route);
            feed.routes.len() - 1
        });
        let call = |(time, stop): (i64, &usize)| Call {
            stop: *stop,
            arrival: time,
            departure: time,
            pickup: 0,
            drop_off: 0,
            along: None,
            written: Written::Both,
        };
        let times = (0..).map(|n| departure + n * self.hop);
        let calls = times.zip(self.stops).map(call).collect();
        let id = format!("trip{}", feed.trips.len());
        feed.trips.push(Trip { id, route, service: 0, block: None, calls, withdrawn: false });
        feed.trips.len() - 1
    }

    /// The wait of who is ready to board where the line begins.
    fn wait(&self, ready: i64) -> i64 {
        (5 * HOUR + self.offset - ready).rem_euclid(self.headway)
    }
}

/// The travel times to a place at each departure.
fn times(world: &World, place: usize) -> Vec<Option<i64>> {
    let folder = folder();
    let times = Engine::read(world, folder.path(), None).times();
    times[0].iter().map(|row| row[place]).collect()
}

fn by_theory(at: impl Fn(i64) -> i64) -> Vec<Option<i64>> {
    (0..DEPARTURES).map(|n| Some(at(FIRST + 60 * n))).collect()
}

#[test]
fn one_line_is_walk_slack_wait_and_ride() {
    for (access, headway, offset) in
        [(0, 600, 0), (200, 600, 0), (200, 900, 37), (0, 1500, 59), (719, 3600, 1)]
    {
        let mut world = desert(3, access);
        let line = Line { offset, headway, stops: &[0, 1, 2], hop: 421 };
        line.run_on(&mut world);
        let leave_to = |hops: i64| {
            by_theory(|t| {
                let ready = access + SLACK;
                ready + line.wait(t + ready) + hops * line.hop
            })
        };
        assert_eq!(times(&world, 1), leave_to(1));
        assert_eq!(times(&world, 2), leave_to(2));
        // Nobody rides to where one gets on.
        assert_eq!(times(&world, 0), vec![None; 120]);
    }
}

/// Sampled each minute, with a headway of whole minutes that divides the window, every wait of 0,
/// 1, … minutes less than the headway comes equally often: with h minutes of headway the p-th
/// percentile is the ⌈p/100·120⌉-th smallest of 120/h times each.
#[test]
fn the_percentiles_of_one_line_are_those_of_an_even_wait() {
    for (headway, access) in [(10, 240), (15, 240), (20, 0), (30, 1740), (60, 60), (120, 0)] {
        let mut world = desert(2, access);
        world.query.max_time = 3 * HOUR;
        let line = Line { offset: 0, headway: headway * 60, stops: &[0, 1], hop: 300 };
        line.run_on(&mut world);
        let mut found = times(&world, 1);
        found.sort_unstable();
        for percent in [1_u8, 5, 10, 25, 50, 75, 90, 95, 99, 100] {
            let rank = (i64::from(percent) * 120 + 99) / 100;
            let wait = 60 * ((rank - 1) / (120 / headway));
            let theory = access + SLACK + wait + 300;
            let nearest = found[percentile::rank(percent, 120)];
            assert_eq!(nearest, Some(theory), "every {headway} min, percentile {percent}");
            assert_eq!(engine_percentile(&world, percent), Some(theory));
        }
    }
}

fn engine_percentile(world: &World, percent: u8) -> Option<i64> {
    let folder = folder();
    let engine = Engine::read(world, folder.path(), None);
    let (_, rides) = engine.rides(0..DEPARTURES, 0);
    let mut found = vec![None];
    rides.travel_times(&engine.walks(), &mut found, &|_| (), |_, found, times| {
        times.percentiles(&[percent], |place, times| {
            if place == PlaceIdx(1) {
                *found = times[0].map(|time| i64::from(time.get()));
            }
        });
    });
    found[0]
}

/// Where a line comes so seldom that some departures are left out, they sort last and the
/// percentile is no number.
#[test]
fn a_percentile_that_falls_on_the_unreachable_is_none() {
    let mut world = desert(2, 0);
    Line { offset: 0, headway: 3600, stops: &[0, 1], hop: 300 }.run_on(&mut world);
    // Within 300 s of ride, 60 s of slack and a wait of at most 29 min: half of all departures.
    world.query.max_time = 300 + SLACK + 29 * 60;
    assert_eq!(engine_percentile(&world, 50), Some(300 + SLACK + 29 * 60));
    assert_eq!(engine_percentile(&world, 51), None);
}

#[test]
fn of_two_lines_one_takes_the_sooner_to_arrive() {
    let mut world = desert(3, 120);
    let slow = Line { offset: 60, headway: 420, stops: &[0, 1], hop: 900 };
    let fast = Line { offset: 200, headway: 1100, stops: &[0, 1], hop: 500 };
    slow.run_on(&mut world);
    fast.run_on(&mut world);
    let theory = by_theory(|t| {
        let ready = 120 + SLACK;
        let by = |line: &Line| ready + line.wait(t + ready) + line.hop;
        by(&slow).min(by(&fast))
    });
    assert_eq!(times(&world, 1), theory);
    // Both are of use: the slow one when the fast one has just gone.
    let fast_alone = by_theory(|t| 120 + SLACK + fast.wait(t + 120 + SLACK) + 500);
    let slow_alone = by_theory(|t| 120 + SLACK + slow.wait(t + 120 + SLACK) + 900);
    assert!(theory != fast_alone && theory != slow_alone);
}

#[test]
fn lines_on_a_common_trunk_are_one_line_with_a_shorter_headway() {
    for lines in [1, 2, 3, 4, 6, 10, 12, 15, 20] {
        let mut world = desert(4, 0);
        let headway = 3600;
        for line in 0..lines {
            let offset = line * headway / lines;
            let stops: &[usize] = if line % 2 == 0 { &[0, 1, 2] } else { &[0, 1, 3] };
            Line { offset, headway, stops, hop: 240 }.run_on(&mut world);
        }
        let trunk = Line { offset: 0, headway: headway / lines, stops: &[0, 1], hop: 240 };
        assert_eq!(
            times(&world, 1),
            by_theory(|t| SLACK + trunk.wait(t + SLACK) + 240),
            "{lines} lines"
        );
    }
}

/// The second wait begins when the first line has arrived, the walk is done and the slack is over.
#[test]
fn a_change_is_walk_slack_and_a_wait_of_its_own() {
    for (walk, second_headway, least) in [
        (0, 600, None),
        (180, 600, None),
        (180, 700, None),
        (0, 900, Some(500)),
        (180, 900, Some(500)),
        (180, 900, Some(10)),
    ] {
        let mut world = desert(4, 300);
        let first = Line { offset: 17, headway: 600, stops: &[0, 1], hop: 333 };
        let from = if walk == 0 { 1 } else { 2 };
        let stops = [from, 3];
        let second = Line { offset: 80, headway: second_headway, stops: &stops, hop: 777 };
        first.run_on(&mut world);
        second.run_on(&mut world);
        if walk > 0 {
            world.footpaths.insert(((0, 1), (0, 2)), walk);
        }
        if least.is_some() {
            let row = Transfer {
                from_stop: Some(1),
                to_stop: Some(from),
                kind: 2,
                least,
                ..Transfer::default()
            };
            world.feeds[0].transfers.push(row);
        }
        let theory = by_theory(|t| {
            let at_first = 300 + SLACK + first.wait(t + 300 + SLACK) + first.hop;
            let ready = at_first + (walk + SLACK).max(least.unwrap_or(0));
            ready + second.wait(t + ready) + second.hop
        });
        assert_eq!(
            times(&world, 3),
            theory,
            "walk {walk}, every {second_headway}, at least {least:?}"
        );
    }
}

/// Place n weighs 2ⁿ, so that a sum tells exactly which places are in it. Place n is n + 1 hops
/// away.
#[test]
fn sums_of_powers_of_two_tell_who_is_reached() {
    let places = 30;
    let mut world = desert(places + 1, 40);
    let stops: Vec<usize> = (0..=places).collect();
    let line = Line { offset: 0, headway: 1200, stops: &stops, hop: 100 };
    line.run_on(&mut world);
    world.egress.remove(0);
    let cutoffs = [5, 10, 15, 20, 30, 45, 60].map(|minutes| minutes * 60);
    let opportunities = Opportunities {
        at: (0..places).map(|n| f64::from(1_u32 << n)).collect::<IdxVec<PlaceIdx, f64>>(),
        cutoffs: cutoffs.map(length).into(),
        decays: Vec::new(),
    };
    // Places within a time, for who waits so long.
    let mask = |wait: i64, cutoff: i64| -> f64 {
        let hops = ((cutoff - 40 - SLACK - wait).div_euclid(100)).clamp(0, 30);
        ((1_u64 << hops) - 1) as f64
    };
    let folder = folder();
    let engine = Engine::read(&world, folder.path(), None);
    for departure in 0..40 {
        let (_, rides) = engine.rides(departure..departure + 1, 0);
        let mut tally = vec![OpportunityTally::new(&opportunities, 1)];
        rides.travel_times(&engine.walks(), &mut tally, &|_| (), |_, tally, times| {
            tally.add(&opportunities, times);
        });
        let counted = tally.remove(0).finish();
        let wait = line.wait(FIRST + 60 * departure + 40 + SLACK);
        let theory: Vec<f64> = cutoffs.iter().map(|cutoff| mask(wait, *cutoff)).collect();
        assert_eq!(counted.of_median, theory, "departure {departure}");
        assert_eq!(counted.median_of, theory, "departure {departure}");
    }
    // Over the window each wait of 20, 80, … s comes equally often; the 60th smallest of 120 is the
    // 10th of these 20.
    let (_, rides) = engine.rides(0..DEPARTURES, 0);
    let mut tally = vec![OpportunityTally::new(&opportunities, 120)];
    rides.travel_times(&engine.walks(), &mut tally, &|_| (), |_, tally, times| {
        tally.add(&opportunities, times)
    });
    let counted = tally.remove(0).finish();
    let waits = |nth: i64| line.wait(FIRST + 40 + SLACK) % 60 + 60 * nth;
    let of_median: Vec<f64> = cutoffs.iter().map(|cutoff| mask(waits(9), *cutoff)).collect();
    // Long waits reach less: the 60th smallest sum belongs to the 10th longest wait.
    let median_of: Vec<f64> = cutoffs.iter().map(|cutoff| mask(waits(10), *cutoff)).collect();
    assert_eq!(counted.of_median, of_median);
    assert_eq!(counted.median_of, median_of);
}

/// A line by frequencies alone, from 05:00 to 13:00.
fn by_headway(world: &mut World, headway: i64, stops: &[usize], hop: i64) {
    let trip = Line { offset: headway, headway, stops, hop }.add_trip(world, 5 * HOUR);
    let (start, end) = (5 * HOUR, 13 * HOUR);
    world.feeds[0].frequencies.push(Frequency { trip, start, end, headway, exact: false });
}

/// The travel times to a place of who leaves at 07:00, in so many draws.
fn drawn(world: &World, place: usize, draws: u32) -> Vec<i64> {
    let folder = folder();
    let engine = Engine::read(world, folder.path(), None);
    let time = |draw| {
        let (_, rides) = engine.rides(0..1, draw);
        let mut found = vec![None];
        rides.travel_times(&engine.walks(), &mut found, &|_| (), |_, found, times| {
            let nth =
                times.places().iter().position(|at| at.0 as usize == place).expect("the place");
            *found = times.at(0, nth);
        });
        i64::from(found[0].expect("reachable").get())
    };
    (0..draws).map(time).collect()
}

/// The greatest distance between the share of draws and the share that theory has at or below a
/// time, times √n (Kolmogorov). By chance it is above 1.95 once in a thousand; for whole seconds
/// less often.
fn kolmogorov(draws: &[i64], theory: impl Fn(i64) -> f64) -> f64 {
    let mut sorted = draws.to_vec();
    sorted.sort_unstable();
    let n = sorted.len() as f64;
    let distance = |time: &i64| {
        let share = sorted.partition_point(|drawn| drawn <= time) as f64 / n;
        (share - theory(*time)).abs()
    };
    sorted.iter().map(distance).fold(0.0, f64::max) * n.sqrt()
}

const DRAWS: u32 = 4000;
const ONCE_IN_A_THOUSAND: f64 = 1.95;

#[test]
fn the_wait_for_a_headway_is_even() {
    for headway in [300, 600, 1800] {
        let mut world = desert(2, 100);
        by_headway(&mut world, headway, &[0, 1], 400);
        let draws = drawn(&world, 1, DRAWS);
        let least = 100 + SLACK + 400;
        assert!(
            draws.iter().all(|time| (least..least + headway).contains(time)),
            "every {headway}"
        );
        let even = |time: i64| (time - least + 1) as f64 / headway as f64;
        let distance = kolmogorov(&draws, even);
        assert!(distance < ONCE_IN_A_THOUSAND, "every {headway} s: {distance}");
        // The mean of n draws from 0..h has a standard deviation of h/√(12n).
        let mean = draws.iter().sum::<i64>() as f64 / draws.len() as f64 - least as f64;
        let deviation = headway as f64 / (12.0 * draws.len() as f64).sqrt();
        assert!(
            (mean - (headway - 1) as f64 / 2.0).abs() < 3.5 * deviation,
            "every {headway} s: {mean}"
        );
    }
}

/// Two waits that know nothing of each other add up to a triangle; here the shares are counted out,
/// second by second.
#[test]
fn two_headways_after_each_other_are_a_triangle() {
    let (h1, h2) = (300_i64, 420_i64);
    let mut world = desert(3, 0);
    by_headway(&mut world, h1, &[0, 1], 100);
    by_headway(&mut world, h2, &[1, 2], 100);
    let draws = drawn(&world, 2, DRAWS);
    let least = 2 * (SLACK + 100);
    let at_most = |sum: i64| -> f64 {
        let pairs: i64 = (0..h1).map(|first| (sum - first + 1).clamp(0, h2)).sum();
        pairs as f64 / (h1 * h2) as f64
    };
    let distance = kolmogorov(&draws, |time| at_most(time - least));
    assert!(distance < ONCE_IN_A_THOUSAND, "{distance}");
    assert!(draws.iter().all(|time| (least..=least + h1 + h2 - 2).contains(time)));
}

/// Of k lines, each with its own phase, the first to come is the least of k even waits: more than x
/// with (1 − x/h)^k.
#[test]
fn of_k_headways_the_first_to_come_is_the_least_of_k_even_waits() {
    for lines in [2_i32, 3, 5] {
        let mut world = desert(2, 0);
        for _ in 0..lines {
            by_headway(&mut world, 900, &[0, 1], 300);
        }
        let draws = drawn(&world, 1, DRAWS);
        let theory = |time: i64| 1.0 - (1.0 - (time - SLACK - 300 + 1) as f64 / 900.0).powi(lines);
        let distance = kolmogorov(&draws, theory);
        assert!(distance < ONCE_IN_A_THOUSAND, "{lines} lines: {distance}");
    }
}

/// A change to one route moves no other's phase: a second line, added in front, leaves each draw of
/// the first as it was.
#[test]
fn another_line_moves_no_phase() {
    let mut alone = desert(4, 0);
    by_headway(&mut alone, 700, &[0, 1], 300);
    let mut beside = alone.clone();
    by_headway(&mut beside, 500, &[2, 3], 300);
    beside.feeds[0].trips.swap(0, 1);
    for frequency in &mut beside.feeds[0].frequencies {
        frequency.trip = 1 - frequency.trip;
    }
    assert_eq!(drawn(&alone, 1, 200), drawn(&beside, 1, 200));
    let mut other_seed = alone.clone();
    other_seed.query.seed = 2;
    assert_ne!(drawn(&alone, 1, 200), drawn(&other_seed, 1, 200));
}

/// Each departure of a window has a draw of its own, but within a draw the line keeps its headway:
/// with two seeds the same departures wait differently, and none longer than a headway.
#[test]
fn each_departure_of_a_window_draws_for_itself() {
    let mut world = desert(2, 0);
    by_headway(&mut world, 600, &[0, 1], 300);
    let found: Vec<i64> =
        times(&world, 1).into_iter().map(|time| time.expect("reachable")).collect();
    assert!(found.iter().all(|time| (SLACK + 300..SLACK + 300 + 600).contains(time)));
    // With one draw for all, who leaves a minute later would arrive with the same vehicle, a minute
    // less on the way.
    let same_vehicle = found.windows(2).filter(|pair| pair[0] - 60 == pair[1]).count();
    assert!(same_vehicle < 10, "{same_vehicle} of 119");
}

/// The stop that stands for an origin's surroundings is not the origin: see [`At`].
#[test]
fn who_can_walk_to_two_stops_takes_the_better() {
    let mut world = desert(3, 600);
    let line = Line { offset: 0, headway: 900, stops: &[0, 1, 2], hop: 200 };
    line.run_on(&mut world);
    let second: At = (0, 1);
    for walk in [0, 500, 799, 800, 801, 1200] {
        world.access[0] = vec![((0, 0), 600), (second, walk)];
        let theory = by_theory(|t| {
            let by_first = 600 + SLACK + line.wait(t + 600 + SLACK) + 400;
            let by_second = walk + SLACK + line.wait(t + walk + SLACK - 200) + 200;
            by_first.min(by_second)
        });
        assert_eq!(times(&world, 2), theory, "walk {walk}");
    }
}
