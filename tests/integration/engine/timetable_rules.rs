//! What GTFS says of staying seated and of changing, worked out by hand on small towns. The rows of
//! transfers.txt stand in either order, and the real reader reads them.

use std::collections::BTreeMap;

use crate::support::random_feeds::engine::Engine;
use crate::support::random_feeds::folder;
use crate::support::random_feeds::model::{
    Call, Feed, Query, Service, Stop, Transfer, Trip, World, Written, Zone,
};

const HOUR: i64 = 3600;
const MINUTE: i64 = 60;

/// A trip's block, and its calls: stop and time.
type Row<'a> = (Option<&'a str>, &'a [(usize, i64)]);

/// Four stops a kilometre apart, daily service, no walks. One leaves the first stop at `first`;
/// every stop is a place.
fn town(first: i64, trips: &[Row]) -> World {
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
    let trip = |(number, (block, calls)): (usize, &Row)| Trip {
        id: format!("trip{number}"),
        route: 0,
        service: 0,
        block: block.map(str::to_owned),
        calls: calls.iter().map(call).collect(),
        withdrawn: false,
    };
    let service =
        Service { id: "daily".to_owned(), weekly: Some((60, 80, [true; 7])), ..Service::default() };
    let feed = Feed {
        zone: Some(Zone::London),
        stops: (0..4).map(stop).collect(),
        routes: vec!["r".to_owned()],
        services: vec![service],
        trips: trips.iter().enumerate().map(trip).collect(),
        ..Feed::default()
    };
    let query = Query {
        day: 68,
        zone: Zone::London,
        first,
        step: 60,
        departures: 1,
        max_rides: 1,
        max_time: 2 * HOUR,
        slack: 60,
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

fn seat(from: usize, to: usize, kind: u8) -> Transfer {
    Transfer { from_trip: Some(from), to_trip: Some(to), kind, ..Transfer::default() }
}

/// The travel time from the first stop to another, whichever way round the rows stand.
fn time_to(world: &World, stop: usize) -> Option<i64> {
    let folder = folder();
    let time = |world: &World| Engine::read(world, folder.path(), None).times()[0][0][stop];
    let mut turned = world.clone();
    turned.feeds[0].transfers.reverse();
    let found = time(world);
    assert_eq!(found, time(&turned), "the order of rows decides nothing");
    found
}

/// Out at 23:50, at stop 1 at 24:10; on from there at 00:10:30 of the next service day, at stop 3
/// at 00:30.
fn over_midnight() -> World {
    let night = 23 * HOUR + 50 * MINUTE;
    town(
        night - 5 * MINUTE,
        &[
            (None, &[(0, night), (1, night + 20 * MINUTE)]),
            (None, &[(1, 10 * MINUTE + 30), (3, 30 * MINUTE)]),
        ],
    )
}

#[test]
fn one_stays_seated_for_a_trip_of_the_next_service_day() {
    let mut world = over_midnight();
    assert_eq!(time_to(&world, 3), None, "one ride, and nothing says the vehicle goes on");
    world.feeds[0].transfers.push(seat(0, 1, 4));
    assert_eq!(time_to(&world, 3), Some(45 * MINUTE));
    // The trip does not run on the next day.
    let mut idle = world.clone();
    idle.feeds[0].services[0].removed.push(69);
    assert_eq!(time_to(&idle, 3), None);
    // A trip that leaves half an hour before the other arrives is not met, on whichever day.
    for call in &mut world.feeds[0].trips[1].calls {
        call.arrival -= 10 * MINUTE;
        call.departure -= 10 * MINUTE;
    }
    assert_eq!(time_to(&world, 3), None);
}

#[test]
fn a_trip_that_leaves_later_on_its_own_clock_is_one_of_the_same_day() {
    // Half an hour after the arrival at 10:30 it is still the same service day, whatever runs on
    // the next.
    let calls: [(usize, i64); 2] = [(0, 10 * HOUR + 5 * MINUTE), (1, 10 * HOUR + 30 * MINUTE)];
    let mut world =
        town(10 * HOUR, &[(None, &calls), (None, &[(1, 11 * HOUR), (3, 11 * HOUR + 10 * MINUTE)])]);
    world.feeds[0].transfers.push(seat(0, 1, 4));
    assert_eq!(time_to(&world, 3), Some(70 * MINUTE));
}

#[test]
fn what_forbids_to_stay_seated_holds_wherever_it_stands() {
    let mut world = over_midnight();
    world.feeds[0].transfers.extend([seat(0, 1, 4), seat(0, 1, 5)]);
    assert_eq!(time_to(&world, 3), None);
}

#[test]
fn where_a_row_says_how_a_vehicle_goes_on_its_block_does_not() {
    // The block leads on to stop 2, the row to stop 3.
    let at = |minutes: i64| 10 * HOUR + minutes * MINUTE;
    let mut world = town(
        10 * HOUR,
        &[
            (Some("b"), &[(0, at(5)), (1, at(10))]),
            (Some("b"), &[(1, at(12)), (2, at(20))]),
            (None, &[(1, at(14)), (3, at(30))]),
        ],
    );
    assert_eq!((time_to(&world, 2), time_to(&world, 3)), (Some(20 * MINUTE), None));
    world.feeds[0].transfers.push(seat(0, 2, 4));
    assert_eq!((time_to(&world, 2), time_to(&world, 3)), (None, Some(30 * MINUTE)));
    // On a day on which that trip does not run nothing stands against the block.
    world.feeds[0].services.push(Service {
        id: "never".to_owned(),
        removed: vec![68],
        ..Service::default()
    });
    world.feeds[0].trips[2].service = 1;
    assert_eq!((time_to(&world, 2), time_to(&world, 3)), (Some(20 * MINUTE), None));
}

/// Two platforms of one station, 100 s apart, at which one changes from trip 0 to trip 1 with seven
/// minutes between.
fn station() -> World {
    let at = |minutes: i64| 10 * HOUR + minutes * MINUTE;
    let mut world =
        town(10 * HOUR, &[(None, &[(0, at(5)), (1, at(10))]), (None, &[(2, at(17)), (3, at(30))])]);
    world.query.max_rides = 2;
    let feed = &mut world.feeds[0];
    feed.stops.push(Stop {
        id: "station".to_owned(),
        is_station: true,
        parent: None,
        x: 1000,
        y: 500,
    });
    (feed.stops[1].parent, feed.stops[2].parent) = (Some(4), Some(4));
    world.footpaths.insert(((0, 1), (0, 2)), 100);
    world
}

fn change(from: usize, to: usize, kind: u8, least: Option<i64>) -> Transfer {
    Transfer { from_stop: Some(from), to_stop: Some(to), kind, least, ..Transfer::default() }
}

#[test]
fn a_platforms_row_holds_before_its_stations() {
    let with = |rows: &[Transfer]| {
        let mut world = station();
        world.feeds[0].transfers = rows.to_vec();
        time_to(&world, 3)
    };
    let half_an_hour = Some(30 * MINUTE);
    assert_eq!(with(&[]), half_an_hour);
    assert_eq!(with(&[change(1, 2, 3, None), change(4, 4, 0, None)]), None);
    assert_eq!(with(&[change(1, 2, 0, None), change(4, 4, 3, None)]), half_an_hour);
    assert_eq!(with(&[change(1, 4, 2, Some(8 * MINUTE)), change(4, 4, 0, None)]), None);
    assert_eq!(
        with(&[change(1, 4, 2, Some(8 * MINUTE)), change(1, 2, 2, Some(7 * MINUTE))]),
        half_an_hour
    );
    // A route's row about the station is more specific than any about stops alone.
    let by_route = Transfer { from_route: Some(0), ..change(4, 4, 0, None) };
    assert_eq!(with(&[change(1, 2, 3, None), by_route]), half_an_hour);
}

#[test]
fn a_time_beside_a_blank_type_makes_no_minimum() {
    let mut world = station();
    world.feeds[0].transfers = vec![change(1, 2, 0, Some(20 * MINUTE))];
    assert_eq!(time_to(&world, 3), Some(30 * MINUTE));
}
