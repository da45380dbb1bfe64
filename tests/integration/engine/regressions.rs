//! Faults that were found and mended, each named after what was wrong. The first were found by
//! whole random feeds (`reference_feeds`); each stands here by itself, with its numbers worked out
//! by hand. At the end stand rules of the search that random feeds hardly ever put to the test.

use std::collections::BTreeMap;

use crate::support::random_feeds::engine::Engine;
use crate::support::random_feeds::folder;
use crate::support::random_feeds::model::{
    Call, Feed, Query, Service, Stop, Transfer, Trip, World, Written, Zone,
};
use crate::support::random_feeds::seeded::Dice;
use lastmile::ids::{Idx, OriginIdx, PlaceIdx};
use lastmile::routing::query::journey::{Journeys, Leg, WalkEnd};

const HOUR: i64 = 3600;

/// A trip's id, its block, and its calls: stop and time.
type Row<'a> = (&'a str, Option<&'a str>, &'a [(usize, i64)]);

/// Four stops a kilometre apart, daily service, no walks; the origin is at the first stop, every
/// stop is a place. One departure at 10:00, no slack.
fn town(trips: &[Row]) -> World {
    let stop = |n: usize| {
        let x = 1000 * i64::try_from(n).expect("few");
        Stop { id: format!("stop{n}"), is_station: false, parent: None, x, y: 0 }
    };
    let call = |(stop, time): &(usize, i64)| Call {
        stop: *stop,
        arrival: *time,
        departure: *time,
        pickup: 0,
        drop_off: 0,
        along: None,
        written: Written::Both,
    };
    let trip = |(id, block, calls): &Row| Trip {
        id: (*id).to_owned(),
        route: 0,
        service: 0,
        block: block.map(str::to_owned),
        calls: calls.iter().map(call).collect(),
        withdrawn: false,
    };
    let feed = Feed {
        zone: Some(Zone::London),
        stops: (0..4).map(stop).collect(),
        routes: vec!["r".to_owned()],
        services: vec![Service {
            id: "daily".to_owned(),
            weekly: Some((60, 80, [true; 7])),
            ..Service::default()
        }],
        trips: trips.iter().map(trip).collect(),
        ..Feed::default()
    };
    let query = Query {
        day: 68,
        zone: Zone::London,
        first: 10 * HOUR,
        step: 60,
        departures: 1,
        max_rides: 1,
        max_time: 2 * HOUR,
        slack: 0,
        phone: false,
        seed: 1,
    };
    World {
        feeds: vec![feed],
        footpaths: BTreeMap::new(),
        access: vec![vec![((0, 0), 0)]],
        egress: (0..4).map(|stop| vec![((0, stop), 0)]).collect(),
        direct: vec![BTreeMap::new()],
        query,
    }
}

/// The travel time from the first stop to another.
fn time_to(world: &World, stop: usize) -> Option<i64> {
    let folder = folder();
    Engine::read(world, folder.path(), None).times()[0][0][stop]
}

#[test]
fn a_trip_that_runs_for_more_than_two_days_was_lost() {
    for days in 0..=9 {
        let start = 10 * HOUR + 600 + days * 24 * HOUR;
        let mut world = town(&[("far", None, &[(0, start), (1, start + 300)])]);
        // It sets out from the feed's point of view so many days before, and on that day alone.
        let service = &mut world.feeds[0].services[0];
        service.weekly = None;
        service.added = vec![68 - days];
        assert_eq!(time_to(&world, 1), Some(900), "{days} days on the way");
    }
}

#[test]
fn the_window_changed_for_whom_one_stays_seated() {
    // In one block: `a` until 11:00, `b` meanwhile, and `c` from where and when `a` ends. With `b`
    // between them the two were strangers; in a window that begins after `b` they were one.
    let trips: [Row; 3] = [
        ("a", Some("block"), &[(0, 10 * HOUR), (0, 10 * HOUR + 1800), (1, 11 * HOUR)]),
        ("b", Some("block"), &[(3, 10 * HOUR + 60), (3, 10 * HOUR + 120)]),
        ("c", Some("block"), &[(1, 11 * HOUR), (2, 11 * HOUR + 300)]),
    ];
    let mut world = town(&trips);
    assert_eq!(time_to(&world, 2), Some(HOUR + 300));
    world.query.first += 1800;
    assert_eq!(time_to(&world, 2), Some(1800 + 300));
}

#[test]
fn equal_times_in_a_block_left_the_seat_to_the_order_of_rows() {
    let a: Row = ("a", Some("block"), &[(0, 10 * HOUR), (1, 11 * HOUR)]);
    let b: Row = ("b", Some("block"), &[(3, 11 * HOUR), (0, 12 * HOUR)]);
    let c: Row = ("c", Some("block"), &[(1, 11 * HOUR), (2, 11 * HOUR + 300)]);
    for trips in [[a, b, c], [a, c, b], [c, b, a], [b, a, c]] {
        assert_eq!(time_to(&town(&trips), 2), Some(HOUR + 300));
    }
}

#[test]
fn staying_seated_was_allowed_by_a_row_beside_the_one_that_forbids_it() {
    let seat =
        |kind| Transfer { from_trip: Some(0), to_trip: Some(1), kind, ..Transfer::default() };
    let mut world = town(&[
        ("a", None, &[(0, 10 * HOUR), (1, 11 * HOUR)]),
        ("c", None, &[(1, 11 * HOUR), (2, 11 * HOUR + 300)]),
    ]);
    for (rows, time) in [
        (vec![seat(5), seat(4)], None),
        (vec![seat(4), seat(5)], None),
        (vec![seat(4)], Some(HOUR + 300)),
        (vec![], None),
    ] {
        world.feeds[0].transfers = rows;
        assert_eq!(time_to(&world, 2), time);
    }
}

#[test]
fn a_walk_of_no_time_between_two_stops_was_not_told() {
    let mut world = town(&[
        ("a", None, &[(0, 10 * HOUR), (1, 11 * HOUR)]),
        ("c", None, &[(2, 11 * HOUR), (3, 11 * HOUR + 300)]),
    ]);
    world.footpaths.insert(((0, 1), (0, 2)), 0);
    world.query.max_rides = 2;
    let folder = folder();
    let engine = Engine::read(&world, folder.path(), Some(Dice::new(1)));
    let (_, rides) = engine.rides(0..1, 0);
    let journeys = Journeys::towards(&rides, engine.walks(), PlaceIdx::new(3));
    let journey = journeys.from(OriginIdx::new(0), 0).expect("a journey");
    assert_eq!(i64::from(journey.travel_time().get()), HOUR + 300);
    let walks: Vec<_> = journey
        .legs
        .iter()
        .filter_map(|leg| match leg {
            Leg::Walk { from: WalkEnd::Stop(from), to: WalkEnd::Stop(to), time } => {
                Some((engine.at(*from), engine.at(*to), time.get()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(walks, [((0, 1), (0, 2), 0)]);
}

/// Ten minutes between two departures and at most five on the way: the first vehicle leaves nine
/// minutes after the first departure, which is too long a wait, and the second ninety seconds after
/// the next one.
#[test]
fn a_wait_too_long_for_one_departure_ended_the_rides_of_later_ones() {
    let mut world = town(&[
        ("early", None, &[(0, 10 * HOUR + 540), (1, 10 * HOUR + 660)]),
        ("late", None, &[(0, 10 * HOUR + 690), (1, 10 * HOUR + 810)]),
    ]);
    world.query = Query { step: 600, departures: 3, max_time: 300, slack: 60, ..world.query };
    let folder = folder();
    let times = Engine::read(&world, folder.path(), None).times();
    let to_the_next_stop: Vec<Option<i64>> = times[0].iter().map(|places| places[1]).collect();
    assert_eq!(to_the_next_stop, [None, Some(210), None]);
}

/// Walking back to the stop before one's own, to ride through one's own again, is of no use, unless
/// changing there takes longer than the walk.
#[test]
fn riding_on_through_ones_own_stop_is_of_use_where_changing_there_takes_long() {
    let mut world = town(&[
        ("there", None, &[(0, 10 * HOUR), (1, 10 * HOUR + 600)]),
        ("on", None, &[(2, 10 * HOUR + 900), (1, 10 * HOUR + 960), (3, 10 * HOUR + 1200)]),
    ]);
    world.query.max_rides = 2;
    world.footpaths.insert(((0, 1), (0, 0)), 10);
    world.footpaths.insert(((0, 1), (0, 2)), 100);
    assert_eq!(time_to(&world, 3), Some(1200));
    let long = Transfer {
        from_stop: Some(1),
        to_stop: Some(1),
        kind: 2,
        least: Some(900),
        ..Transfer::default()
    };
    world.feeds[0].transfers.push(long);
    assert_eq!(time_to(&world, 3), Some(1200));
    world.footpaths.insert(((0, 1), (0, 2)), 301);
    assert_eq!(time_to(&world, 3), None);
}

#[test]
fn removing_the_middle_trip_of_a_block_joined_its_neighbours() {
    // One vehicle: `a` to the second stop, `b` from there to the third and back, `c` from the
    // second stop to the fourth. Who stays seated through all three is at the fourth stop at 11:00.
    // Without `b` nothing says that one vehicle makes `a` and `c`: with one ride nobody gets there,
    // and least of all does anybody get anywhere earlier.
    let trips: [Row; 3] = [
        ("a", Some("block"), &[(0, 10 * HOUR), (1, 10 * HOUR + 600)]),
        ("b", Some("block"), &[(1, 10 * HOUR + 600), (2, 10 * HOUR + 900), (1, 10 * HOUR + 1200)]),
        ("c", Some("block"), &[(1, 10 * HOUR + 1200), (3, 11 * HOUR)]),
    ];
    let mut world = town(&trips);
    assert_eq!((time_to(&world, 2), time_to(&world, 3)), (Some(900), Some(HOUR)));
    world.feeds[0].trips[1].withdrawn = true;
    assert_eq!(
        (time_to(&world, 1), time_to(&world, 2), time_to(&world, 3)),
        (Some(600), None, None)
    );
    world.query.max_rides = 2;
    assert_eq!(time_to(&world, 3), Some(HOUR), "boarded anew");
    // A feed that does not publish `b` at all has `a` and `c` follow each other.
    world.query.max_rides = 1;
    world.feeds[0].trips.remove(1);
    assert_eq!(time_to(&world, 3), Some(HOUR));
}

/// Where one gets off at each change, and on: by stops.
fn changes_of(world: &World, to: usize) -> Vec<(usize, usize, u32)> {
    let folder = folder();
    let engine = Engine::read(world, folder.path(), None);
    let (_, rides) = engine.rides(0..1, 0);
    let journey =
        Journeys::towards(&rides, engine.walks(), PlaceIdx::new(to)).from(OriginIdx::new(0), 0);
    let journey = journey.expect("a journey");
    let walk = |leg: &Leg| match leg {
        Leg::Walk { from: WalkEnd::Stop(from), to: WalkEnd::Stop(to), time } => {
            Some((engine.at(*from).1, engine.at(*to).1, time.get()))
        }
        _ => None,
    };
    journey.legs.iter().filter_map(walk).collect()
}

#[test]
fn one_got_off_at_the_first_call_that_would_do_and_walked() {
    // The same vehicle `on` calls at stop 2 and leads to stop 3. It can be met from the second call
    // of `out`, 300 s on foot, or from its third, 100 s on foot. Both are in time.
    let mut world = town(&[
        ("out", None, &[(0, 10 * HOUR), (1, 10 * HOUR + 300), (0, 10 * HOUR + 600)]),
        ("on", None, &[(2, 10 * HOUR + 900), (3, 10 * HOUR + 1200)]),
    ]);
    world.query.max_rides = 2;
    world.footpaths.insert(((0, 1), (0, 2)), 300);
    world.footpaths.insert(((0, 0), (0, 2)), 100);
    assert_eq!(time_to(&world, 3), Some(1200));
    assert_eq!(changes_of(&world, 3), [(0, 2, 100)]);
    // As far from both: the earlier exit.
    world.footpaths.insert(((0, 0), (0, 2)), 300);
    assert_eq!(changes_of(&world, 3), [(1, 2, 300)]);
}

#[test]
fn runs_that_part_and_meet_again_took_twice_as_long_for_each_parting() {
    // 60 pairs of trips one after the other, each of which one may stay seated for from both of the
    // pair before, and from none of which the destination can be reached but the last: 2^60 ways.
    let id = |pair: i64, twin: i64| format!("{pair}-{twin}");
    let ids: Vec<String> = (0..60).flat_map(|pair| [id(pair, 0), id(pair, 1)]).collect();
    let calls: Vec<[(usize, i64); 2]> = (0..60)
        .flat_map(|pair| {
            let at = 10 * HOUR + 20 * pair;
            let from = if pair == 0 { 0 } else { 2 };
            [[(from, at), (1, at + 10)], [(from, at), (1, at + 10)]]
        })
        .collect();
    let rows: Vec<Row> =
        ids.iter().zip(&calls).map(|(id, calls)| (id.as_str(), None, &calls[..])).collect();
    let mut world = town(&rows);
    for trip in &mut world.feeds[0].trips {
        trip.calls[1].drop_off = 1;
    }
    let last = world.feeds[0].trips.len() - 1;
    world.feeds[0].trips[last].calls[1].stop = 3;
    world.feeds[0].trips[last].calls[1].drop_off = 0;
    for (from, to) in (0..118).flat_map(|from| [(from, from / 2 * 2 + 2), (from, from / 2 * 2 + 3)])
    {
        let seat =
            Transfer { from_trip: Some(from), to_trip: Some(to), kind: 4, ..Transfer::default() };
        world.feeds[0].transfers.push(seat);
    }
    let time = 59 * 20 + 10;
    assert_eq!(time_to(&world, 3), Some(time));
    let folder = folder();
    let engine = Engine::read(&world, folder.path(), None);
    let (_, rides) = engine.rides(0..1, 0);
    let journey =
        Journeys::towards(&rides, engine.walks(), PlaceIdx::new(3)).from(OriginIdx::new(0), 0);
    let journey = journey.expect("a journey");
    assert_eq!((i64::from(journey.travel_time().get()), journey.boardings()), (time, 1));
}

/// A service day's times count from noon less 12 h. On 29 March 2026 that is 23:00 GMT of the day
/// before, 00:00 by the summer time that holds from 01:00 GMT on; on 25 October it is 00:00 GMT, an
/// hour after midnight by the summer time that ends at 01:00 GMT. In the evening both mean what the
/// clock shows. What the day before wrote as 25:10 is 01:10 GMT on 29 March, ten past two by the
/// new time; and 00:10 GMT on 25 October, ten past one by the old.
#[test]
fn on_the_days_the_clocks_change_evenings_are_evenings_and_nights_are_an_hour_off() {
    use crate::support::random_feeds::model::{BACK, FORWARD};
    let asked = |day: i64, first: i64, runs_on: i64, departs: i64| {
        let mut world = town(&[("late", None, &[(0, departs), (1, departs + 300)])]);
        let service = &mut world.feeds[0].services[0];
        (service.weekly, service.added) = (None, vec![runs_on]);
        (world.query.day, world.query.first) = (day, first);
        time_to(&world, 1)
    };
    let ten_past = |hour: i64| hour * HOUR + 600;
    for day in [FORWARD, BACK] {
        assert_eq!(
            asked(day, 20 * HOUR + 300, day, ten_past(20)),
            Some(600),
            "the evening of day {day}"
        );
        assert_eq!(
            asked(day - 1, 24 * HOUR + 300, day - 1, ten_past(24)),
            Some(600),
            "the night before day {day}"
        );
    }
    // 01:05 GMT is 02:05 after noon less 12 h of 29 March; 00:05 GMT is 00:05 after that of 25
    // October.
    assert_eq!(asked(FORWARD, 2 * HOUR + 300, FORWARD - 1, ten_past(25)), Some(600));
    assert_eq!(asked(BACK, 300, BACK - 1, ten_past(25)), Some(600));
}
