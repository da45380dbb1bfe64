//! What must follow for one world from another, whatever the numbers are: relations between
//! answers, over random whole feeds read by the real reader.
//!
//! `LASTMILE_CASES=10000` for the long run: so many cases of each relation.

use crate::support::random_feeds;

use crate::support::random_feeds::engine::{Engine, Times, length};
use crate::support::random_feeds::model::{Feed, Service, World, Written};
use crate::support::random_feeds::seeded::Dice;
use crate::support::random_feeds::{cases, draw, folder};
use lastmile::access::opportunities::{Opportunities, OpportunityCount, OpportunityTally};
use lastmile::ids::{IdxVec, PlaceIdx};

const DAY: i64 = 86_400;

/// The answers for one world must be `holds` against those for another; `change` tells the other,
/// or that the relation says nothing of this world. Unless they are always the same, they must
/// differ now and then: a change that changes nothing tests nothing.
fn relation(holds: Holds, change: impl Fn(&World, &mut Dice) -> Option<World>) {
    let (mut tried, mut differ) = (0, 0);
    let folder = folder();
    let cases = cases(250);
    let wanted = cases.end - cases.start;
    for seed in cases.start.. {
        if tried == wanted {
            break;
        }
        let world = plain(draw::world(seed));
        let Some(other) = change(&world, &mut Dice::new(seed)) else { continue };
        tried += 1;
        let before = Engine::read(&world, folder.path(), None).times();
        let after = Engine::read(&other, folder.path(), None).times();
        differ += u64::from(before != after);
        for (before, after) in pairs(&before, &after) {
            let good = match holds {
                Holds::Same => before == after,
                Holds::NeverEarlier => {
                    after.is_none_or(|after| before.is_some_and(|before| before <= after))
                }
            };
            assert!(
                good,
                "seed {seed}: {before:?} became {after:?}\n{}\n{}",
                show(&world),
                show(&other)
            );
        }
    }
    assert!(holds == Holds::Same || differ * 20 > tried, "{differ} of {tried} cases differ");
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Same,
    NeverEarlier,
}

fn pairs<'a>(a: &'a Times, b: &'a Times) -> impl Iterator<Item = (Option<i64>, Option<i64>)> + 'a {
    assert_eq!((a.len(), a[0].len(), a[0][0].len()), (b.len(), b[0].len(), b[0][0].len()));
    let flat = |times: &'a Times| times.iter().flatten().flatten().copied();
    flat(a).zip(flat(b))
}

fn show(world: &World) -> String {
    random_feeds::text::show(world)
}

/// Without drawn phases, whose draws follow ids and times.
fn plain(mut world: World) -> World {
    for frequency in world.feeds.iter_mut().flat_map(|feed| &mut feed.frequencies) {
        frequency.exact = true;
    }
    world
}

/// Whether no clock is put forward or back in the days a world looks at.
fn is_plain_day(world: &World) -> bool {
    world.query.day < 75
}

fn is_named(feed: &Feed, trip: usize) -> bool {
    feed.transfers.iter().any(|row| row.from_trip == Some(trip) || row.to_trip == Some(trip))
}

#[test]
fn without_a_trip_nobody_arrives_earlier() {
    let folder = folder();
    let (mut differ, cases) = (0, cases(250));
    for seed in cases.clone() {
        let world = plain(draw::world(seed));
        let mut dice = Dice::new(seed);
        let feed = dice.at(world.feeds.len());
        let gone = dice.at(world.feeds[feed].trips.len());
        let mut other = world.clone();
        other.feeds[feed].trips[gone].withdrawn = true;
        let with = Engine::read(&world, folder.path(), None).times();
        let without = Engine::read(&other, folder.path(), None).times();
        differ += u64::from(with != without);
        for (with, without) in pairs(&with, &without) {
            assert!(
                without.is_none_or(|without| with.is_some_and(|with| with <= without)),
                "seed {seed}, feed {feed} trip {gone}: {with:?} became {without:?}\n{}",
                show(&world)
            );
        }
    }
    assert!(differ * 20 > cases.end - cases.start, "{differ} cases differ");
}

#[test]
fn who_walks_slower_does_not_arrive_earlier() {
    relation(Holds::NeverEarlier, |world, dice| {
        let mut slower = world.clone();
        let walks = slower.footpaths.values_mut();
        let walks = walks.chain(slower.direct.iter_mut().flat_map(|row| row.values_mut()));
        let links = slower.access.iter_mut().chain(&mut slower.egress).flatten();
        for walk in walks.chain(links.map(|(_, walk)| walk)) {
            *walk += *walk * dice.roll(30) / 100;
        }
        Some(slower)
    });
}

#[test]
fn with_fewer_rides_nobody_arrives_earlier() {
    relation(Holds::NeverEarlier, |world, _| {
        let mut fewer = world.clone();
        fewer.query.max_rides = world.query.max_rides - 1;
        (fewer.query.max_rides > 0).then_some(fewer)
    });
}

#[test]
fn with_more_slack_nobody_arrives_earlier() {
    relation(Holds::NeverEarlier, |world, dice| {
        let mut more = world.clone();
        more.query.slack += dice.between(1, 200);
        Some(more)
    });
}

#[test]
fn with_less_time_only_what_took_longer_is_lost() {
    let folder = folder();
    let mut lost = 0;
    for seed in cases(250) {
        let world = plain(draw::world(seed));
        let mut less = world.clone();
        less.query.max_time = Dice::new(seed).between(300, world.query.max_time);
        let all = Engine::read(&world, folder.path(), None).times();
        let some = Engine::read(&less, folder.path(), None).times();
        for (all, some) in pairs(&all, &some) {
            let expected = all.filter(|time| *time <= less.query.max_time);
            assert_eq!(some, expected, "seed {seed}: {}", show(&world));
            lost += u64::from(some != all);
        }
    }
    assert!(lost > 0);
}

#[test]
fn who_leaves_later_does_not_arrive_earlier() {
    let folder = folder();
    for seed in cases(250) {
        let world = plain(draw::world(seed));
        let query = &world.query;
        for rows in Engine::read(&world, folder.path(), None).times() {
            for pair in rows.windows(2) {
                for (sooner, later) in pair[0].iter().zip(&pair[1]) {
                    let waits =
                        later.map(|time| time + query.step).filter(|time| *time <= query.max_time);
                    let good =
                        waits.is_none_or(|waits| sooner.is_some_and(|sooner| sooner <= waits));
                    assert!(good, "seed {seed}: {sooner:?}, then {later:?}: {}", show(&world));
                }
            }
        }
    }
}

#[test]
fn with_one_more_call_on_the_way_nobody_arrives_later() {
    relation(Holds::NeverEarlier, |world, dice| {
        // The other way round: `world` has the call, and the other does not.
        let feed = dice.at(world.feeds.len());
        let mut less = world.clone();
        let trips = &mut less.feeds[feed].trips;
        let long: Vec<usize> =
            (0..trips.len()).filter(|trip| trips[*trip].calls.len() > 2).collect();
        if long.is_empty() {
            return None;
        }
        let calls = &mut trips[dice.pick(&long)].calls;
        if calls.iter().any(|call| call.written == Written::Blank) {
            return None;
        }
        calls.remove(1 + dice.at(calls.len() - 2));
        Some(less)
    });
}

#[test]
fn when_feed_and_query_are_shifted_nothing_changes() {
    relation(Holds::Same, |world, dice| {
        let shift = dice.between(-7200, 7200);
        let mut other = world.clone();
        other.query.first += shift;
        for feed in &mut other.feeds {
            for frequency in &mut feed.frequencies {
                frequency.start += shift;
                frequency.end += shift;
            }
            for call in feed.trips.iter_mut().flat_map(|trip| &mut trip.calls) {
                call.arrival += shift;
                call.departure += shift;
            }
        }
        let calls = other.feeds.iter().flat_map(|feed| &feed.trips).flat_map(|trip| &trip.calls);
        let starts = other.feeds.iter().flat_map(|feed| &feed.frequencies).map(|f| f.start);
        let negative = calls.map(|call| call.arrival).chain(starts).any(|time| time < 0);
        (!negative).then_some(other)
    });
}

#[test]
fn a_week_later_everything_is_the_same() {
    relation(Holds::Same, |world, _| {
        let mut other = world.clone();
        other.query.day += 7;
        for service in other.feeds.iter_mut().flat_map(|feed| &mut feed.services) {
            if let Some((first, last, _)) = &mut service.weekly {
                (*first, *last) = (*first + 7, *last + 7);
            }
            service.added.iter_mut().chain(&mut service.removed).for_each(|day| *day += 7);
        }
        is_plain_day(world).then_some(other)
    });
}

#[test]
fn a_week_is_its_dates() {
    relation(Holds::Same, |world, _| {
        let mut other = world.clone();
        for service in other.feeds.iter_mut().flat_map(|feed| &mut feed.services) {
            let near = world.query.day - 13..=world.query.day + 4;
            let dates = near.filter(|day| service.runs_on(*day)).collect();
            // A service without any date has a row all the same, or its trips would belong to
            // nothing.
            *service =
                Service { id: service.id.clone(), weekly: None, added: dates, removed: vec![1] };
        }
        Some(other)
    });
}

#[test]
fn exact_frequencies_are_their_trips() {
    relation(Holds::Same, |world, _| {
        let mut other = world.clone();
        let mut written = 0;
        for feed in &mut other.feeds {
            let templates = feed.trips.clone();
            for frequency in std::mem::take(&mut feed.frequencies) {
                let template = &templates[frequency.trip];
                if is_named(feed, frequency.trip) {
                    feed.frequencies.push(frequency);
                    continue;
                }
                let mut departure = frequency.start;
                while departure < frequency.end {
                    let mut trip = template.clone();
                    trip.id = format!("{}-{departure}", trip.id);
                    let shift = departure - template.calls[0].departure;
                    for call in &mut trip.calls {
                        (call.arrival, call.departure) =
                            (call.arrival + shift, call.departure + shift);
                    }
                    if trip.calls[0].arrival < 0 {
                        return None;
                    }
                    feed.trips.push(trip);
                    departure += frequency.headway;
                    written += 1;
                }
                // The template itself does not run.
                if feed.services.iter().all(|service| service.id != "never") {
                    feed.services.push(Service {
                        id: "never".into(),
                        removed: vec![1],
                        ..Service::default()
                    });
                }
                feed.trips[frequency.trip].service = feed.services.len() - 1;
            }
        }
        (written > 0).then_some(other)
    });
}

#[test]
fn ten_past_25_is_ten_past_one_on_the_next_day() {
    relation(Holds::Same, |world, _| {
        let mut other = world.clone();
        let mut moved = 0;
        for feed in &mut other.feeds {
            for number in 0..feed.trips.len() {
                let by_frequency = feed.frequencies.iter().any(|f| f.trip == number);
                let trip = &feed.trips[number];
                // Staying seated is for trips of one service day.
                let is_late = trip.calls[0].arrival >= DAY
                    && trip.block.is_none()
                    && !is_seated(feed, number);
                if !is_late || by_frequency {
                    continue;
                }
                let next_days = day_later(&feed.services[trip.service]);
                feed.services.push(Service { id: format!("next{number}"), ..next_days });
                let service = feed.services.len() - 1;
                let trip = &mut feed.trips[number];
                trip.service = service;
                for call in &mut trip.calls {
                    (call.arrival, call.departure) = (call.arrival - DAY, call.departure - DAY);
                }
                moved += 1;
            }
        }
        (moved > 0 && is_plain_day(world)).then_some(other)
    });
}

fn is_seated(feed: &Feed, trip: usize) -> bool {
    let about = |row: &random_feeds::model::Transfer| {
        row.from_trip == Some(trip) || row.to_trip == Some(trip)
    };
    feed.transfers.iter().any(|row| row.kind > 3 && about(row))
}

fn day_later(service: &Service) -> Service {
    let mut later = service.clone();
    if let Some((first, last, days)) = &mut later.weekly {
        (*first, *last) = (*first + 1, *last + 1);
        days.rotate_right(1);
    }
    later.added.iter_mut().chain(&mut later.removed).for_each(|day| *day += 1);
    later
}

#[test]
fn renamed_ids_change_nothing() {
    relation(Holds::Same, |world, dice| {
        let mut other = world.clone();
        for feed in &mut other.feeds {
            let mut prefixes = ["z", "é", "0", "A B"];
            dice.shuffle(&mut prefixes);
            let mut rename = |id: &mut String| *id = format!("{}{id}", dice.pick(&prefixes));
            feed.stops.iter_mut().for_each(|stop| rename(&mut stop.id));
            feed.routes.iter_mut().for_each(&mut rename);
            feed.services.iter_mut().for_each(|service| rename(&mut service.id));
            feed.trips.iter_mut().for_each(|trip| rename(&mut trip.id));
        }
        Some(other)
    });
}

#[test]
fn a_feed_merged_with_itself_is_itself() {
    relation(Holds::Same, |world, dice| {
        // Rules of changing bind one feed alone, so feeds with them stay apart; others are joined
        // by walks of no time.
        let joined = dice.one_in(2);
        if joined && world.feeds.iter().any(|feed| feed.transfers.iter().any(|row| row.kind <= 3)) {
            return None;
        }
        let count = world.feeds.len();
        let twin = |at: &(usize, usize)| (at.0 + count, at.1);
        let mut other = world.clone();
        other.feeds.extend(world.feeds.clone());
        for ((from, to), walk) in &world.footpaths {
            other.footpaths.insert((twin(from), twin(to)), *walk);
            if joined {
                other.footpaths.insert((*from, twin(to)), *walk);
                other.footpaths.insert((twin(from), *to), *walk);
            }
        }
        for (feed, stops) in world.feeds.iter().map(|feed| feed.stops.len()).enumerate() {
            for at in (0..stops).map(|stop| (feed, stop)).filter(|_| joined) {
                other.footpaths.insert((at, twin(&at)), 0);
                other.footpaths.insert((twin(&at), at), 0);
            }
        }
        for links in other.access.iter_mut().chain(&mut other.egress) {
            let twins: Vec<_> = links.iter().map(|(at, walk)| (twin(at), *walk)).collect();
            links.extend(twins);
        }
        Some(other)
    });
}

#[test]
fn rows_in_another_order_say_the_same() {
    let folder = folder();
    for seed in cases(250) {
        let world = draw::world(seed);
        let in_order = Engine::read(&world, folder.path(), None).times();
        let shuffled = Engine::read(&world, folder.path(), Some(Dice::new(seed))).times();
        assert!(in_order == shuffled, "seed {seed}: {}", show(&world));
    }
}

#[test]
fn a_wider_window_holds_the_narrow_ones_times() {
    let folder = folder();
    for seed in cases(250) {
        let world = plain(draw::world(seed));
        let (before, after) = (seed.cast_signed() % 3, seed.cast_signed() / 3 % 4);
        let mut wider = world.clone();
        wider.query.first -= before * world.query.step;
        wider.query.departures += before + after;
        let narrow = Engine::read(&world, folder.path(), None).times();
        let wide = Engine::read(&wider, folder.path(), None).times();
        let from = usize::try_from(before).expect("few");
        for (narrow, wide) in narrow.iter().zip(&wide) {
            assert!(narrow[..] == wide[from..from + narrow.len()], "seed {seed}: {}", show(&world));
            for place in 0..world.egress.len() {
                let of = |rows: &[Vec<Option<i64>>]| -> Vec<i64> {
                    rows.iter().map(|row| row[place].unwrap_or(i64::MAX)).collect()
                };
                assert!(of(wide).iter().min() <= of(narrow).iter().min());
                assert!(of(wide).iter().max() >= of(narrow).iter().max());
            }
        }
    }
}

#[test]
fn any_number_of_threads_finds_the_same() {
    let folder = folder();
    let pool =
        |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    let (one, five) = (pool(1), pool(5));
    for seed in cases(250) {
        let world = draw::world(seed);
        let engine = Engine::read(&world, folder.path(), None);
        assert!(one.install(|| engine.times()) == five.install(|| engine.times()), "seed {seed}");
    }
}

#[test]
fn opportunities_scale_and_add_and_grow_with_the_cut_off() {
    let folder = folder();
    let mut counted_any = 0;
    for seed in cases(250) {
        let world = plain(draw::world(seed));
        let engine = Engine::read(&world, folder.path(), None);
        let mut dice = Dice::new(seed);
        // Whole numbers, so that sums are exact.
        let mut some = || -> Vec<i64> { world.egress.iter().map(|_| dice.roll(1000)).collect() };
        let (mine, yours) = (some(), some());
        let both: Vec<i64> = mine.iter().zip(&yours).map(|(a, b)| a + b).collect();
        let sevenfold: Vec<i64> = mine.iter().map(|n| 7 * n).collect();
        let [mine, yours, both, sevenfold] =
            [mine, yours, both, sevenfold].map(|at| count(&engine, &at));
        for (origin, mine) in mine.iter().enumerate() {
            assert_eq!(
                mine.of_median.iter().map(|n| 7.0 * n).collect::<Vec<_>>(),
                sevenfold[origin].of_median
            );
            assert_eq!(
                mine.median_of.iter().map(|n| 7.0 * n).collect::<Vec<_>>(),
                sevenfold[origin].median_of
            );
            // A median of sums is no sum of medians; only this one adds.
            let sum: Vec<f64> =
                mine.of_median.iter().zip(&yours[origin].of_median).map(|(a, b)| a + b).collect();
            assert_eq!(sum, both[origin].of_median);
            assert!(mine.of_median.is_sorted() && mine.median_of.is_sorted());
            counted_any += u64::from(mine.of_median.iter().any(|n| *n > 0.0));
        }
    }
    assert!(counted_any > 0);
}

fn count(engine: &Engine, at: &[i64]) -> Vec<OpportunityCount> {
    #[expect(clippy::cast_precision_loss, reason = "small")]
    let at: IdxVec<PlaceIdx, f64> = at.iter().map(|n| *n as f64).collect();
    let opportunities = Opportunities {
        at,
        cutoffs: [5, 15, 30, 60, 120].map(|m| length(60 * m)).into(),
        decays: Vec::new(),
    };
    let departures = engine.world.query.departures;
    let (_, rides) = engine.rides(0..departures, 0);
    let departures = usize::try_from(departures).expect("few");
    let mut tallies =
        vec![OpportunityTally::new(&opportunities, departures); engine.world.access.len()];
    rides.travel_times(&engine.walks(), &mut tallies, &|_| (), |_, tally, times| {
        tally.add(&opportunities, times);
    });
    tallies.into_iter().map(OpportunityTally::finish).collect()
}
