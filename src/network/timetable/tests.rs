use jiff::civil::date;

use super::*;
use crate::inputs::gtfs::{Route, Service, Stop, StopKind, Trip};

/// A feed with one trip for each row of `trips`: its first departure in minutes. Each calls at the two stops and again
/// ten minutes later; the stops lie `north_m` north of where they are.
fn feed(name: &str, north_m: f64, route_type: u16, trips: &[(i32, Option<bool>)]) -> Feed {
    let stop = |id: &str, lat: f64, wheelchair| Stop {
        id: id.into(),
        name: id.into(),
        platform: None,
        kind: StopKind::Platform,
        parent: None,
        point: LonLat::new(0.0, lat + north_m / 111_320.0),
        wheelchair,
        access: None,
        level: None,
    };
    let call = |stop, minutes: i32| Call {
        stop,
        arrival: ServiceTime(minutes * 60),
        departure: ServiceTime(minutes * 60),
        pickup: CallRule::Regular,
        drop_off: CallRule::Regular,
        interpolated: false,
    };
    let mut feed = Feed {
        name: name.into(),
        timezone: "Europe/London".into(),
        stops: vec![stop("a", 50.0, None), stop("b", 50.1, Some(true)), stop("c", 50.2, Some(false))],
        services: vec![Service { id: "s".into(), dates: vec![date(2026, 3, 10)] }],
        routes: vec![Route {
            id: "r".into(),
            name: "1".into(),
            long_name: String::new(),
            agency: String::new(),
            route_type,
        }],
        ..Feed::default()
    };
    for (number, (minutes, wheelchair)) in (0_u32..).zip(trips) {
        feed.calls.extend([
            call(0, *minutes),
            call(1, minutes + 10),
            call(2, minutes + 20),
            call(1, minutes + 30),
        ]);
        feed.trips.push(Trip {
            id: number.to_string(),
            route: 0,
            service: 0,
            headsign: None,
            block: None,
            direction: None,
            shape: None,
            wheelchair: *wheelchair,
            withdrawn: false,
            calls: number * 4..number * 4 + 4,
        });
    }
    feed
}

fn timetable(feeds: &[Feed], step_free: bool) -> Timetable {
    let clock = Clock::new(date(2026, 3, 10), "Europe/London").expect("known");
    let (from, until) = (ServiceTime::hms(0, 0, 0), ServiceTime::hms(24, 0, 0));
    let query =
        TimetableQuery { clock: &clock, from, until, phone_pickups: false, step_free, seed: 1, draw: 0 };
    Timetable::build(feeds, &Stops::number(feeds), &query).expect("a timetable")
}

#[test]
fn wheels_use_no_trip_and_no_stop_that_says_no_but_all_that_say_nothing() {
    let feeds = [feed("a", 0.0, 3, &[(480, None), (490, Some(true)), (500, Some(false))])];
    let all = timetable(&feeds, false);
    assert_eq!(all.runs.len(), 3);
    let (boards, alights): (Vec<bool>, Vec<bool>) =
        all.calls_of(RunIdx(0)).iter().map(|call| (call.board, call.alight)).unzip();
    assert_eq!((boards, alights), (vec![true, true, true, false], vec![false, true, true, true]));
    let wheels = timetable(&feeds, true);
    let trips: Vec<u32> = wheels.runs.iter().map(|run| run.trip).collect();
    assert_eq!(trips, [0, 1]);
    let (boards, alights): (Vec<bool>, Vec<bool>) =
        wheels.calls_of(RunIdx(0)).iter().map(|call| (call.board, call.alight)).unzip();
    assert_eq!((boards, alights), (vec![true, true, false, false], vec![false, true, false, true]));
}

/// How many runs of two feeds are counted once.
fn shared(one: &Feed, other: &Feed) -> u64 {
    let feeds = [one.clone(), other.clone()];
    let timetable = timetable(&feeds, false);
    let counted_as = timetable.counted_as(&feeds);
    let pairs = timetable.duplicates(&counted_as);
    assert!(pairs.iter().all(|(pair, _)| *pair == (FeedIdx(0), FeedIdx(1))), "{pairs:?}");
    pairs.iter().map(|(_, count)| count).sum()
}

#[test]
fn the_same_trip_in_two_feeds_is_one_to_be_counted() {
    let (own, twin) = (&[(480, None), (500, None)][..], &[(480, None), (490, None)][..]);
    let one = feed("one", 0.0, 3, own);
    assert_eq!(shared(&one, &feed("two", 49.0, 3, twin)), 1);
    assert_eq!(shared(&one, &feed("two", 51.0, 3, twin)), 0, "other stops");
    assert_eq!(shared(&one, &feed("two", 0.0, 704, twin)), 1, "a local bus is a bus");
    assert_eq!(shared(&one, &feed("two", 0.0, 2, twin)), 0, "a train is no bus");
    let mut later = feed("two", 0.0, 3, twin);
    later.calls[1].departure = later.calls[1].departure + Seconds(60);
    assert_eq!(shared(&one, &later), 0, "another time in between");
    // Two vehicles of one feed at the same time are two.
    let twice = feed("one", 0.0, 3, &[(480, None), (480, None)]);
    assert_eq!(shared(&twice, &feed("two", 0.0, 3, &[])), 0);
}
