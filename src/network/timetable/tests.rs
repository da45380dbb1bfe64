use jiff::civil::date;

use super::*;
use crate::inputs::gtfs::{Route, Service, Stop, StopKind, Trip};

/// A feed with one trip for each row of `trips`: its first departure in minutes. Each calls at the
/// two stops and again ten minutes later; the stops lie `north_m` north of where they are.
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
        arrival: ServiceTime::new(minutes * 60),
        departure: ServiceTime::new(minutes * 60),
        pickup: CallRule::Regular,
        drop_off: CallRule::Regular,
        interpolated: false,
    };
    let mut feed = Feed {
        name: name.into(),
        timezone: "Europe/London".into(),
        stops: vec![
            stop("a", 50.0, None),
            stop("b", 50.1, Some(true)),
            stop("c", 50.2, Some(false)),
        ]
        .into(),
        services: vec![Service { id: "s".into(), dates: vec![date(2026, 3, 10)] }].into(),
        routes: vec![Route {
            id: "r".into(),
            name: "1".into(),
            long_name: String::new(),
            agency: String::new(),
            route_type,
        }]
        .into(),
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
    let query = TimetableQuery {
        clock: &clock,
        from,
        until,
        phone_pickups: false,
        step_free,
        seed: 1,
        draw: 0,
    };
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
    later.calls[1].departure = later.calls[1].departure + Seconds::new(60);
    assert_eq!(shared(&one, &later), 0, "another time in between");
    // What one feed has twice is one vehicle of it, and of the other feed too.
    let twice = feed("one", 0.0, 3, &[(480, None), (480, None)]);
    assert_eq!(vehicles(std::slice::from_ref(&twice)), 1);
    assert_eq!(vehicles(&[twice.clone(), one.clone()]), 2);
    assert_eq!(vehicles(&[one, twice]), 2);
    // Two lines at the same times are two vehicles, and the other feed's one vehicle is one of
    // them.
    let mut two_lines = feed("one", 0.0, 3, &[(480, None), (480, None)]);
    let second = two_lines.routes[0].clone();
    two_lines.routes.push(second);
    two_lines.trips[1].route = 1;
    let other = feed("two", 0.0, 3, &[(480, None)]);
    assert_eq!(vehicles(&[two_lines.clone()]), 2);
    assert_eq!(vehicles(&[two_lines.clone(), other.clone()]), 2);
    assert_eq!(vehicles(&[other, two_lines]), 2, "one of the two is the other feed's");
}

/// How many vehicles there are.
fn vehicles(feeds: &[Feed]) -> usize {
    let timetable = timetable(feeds, false);
    let counted_as = timetable.counted_as(feeds);
    counted_as.enumerate().filter(|(run, vehicle)| run == *vehicle).count()
}

#[test]
fn copies_have_the_same_route_stops_and_times_on_a_date() {
    let twice = || feed("one", 0.0, 3, &[(480, None), (480, None)]);
    assert_eq!(vehicles(&[twice()]), 1);
    // Whether one may get on or off plays no part.
    let mut other_rules = twice();
    other_rules.calls[4].pickup = CallRule::Never;
    other_rules.calls[5].drop_off = CallRule::Phone;
    assert_eq!(vehicles(&[other_rules]), 1);
    let mut other_time = twice();
    other_time.calls[5].departure = other_time.calls[5].departure + Seconds::new(1);
    assert_eq!(vehicles(&[other_time]), 2);
    let mut other_stop = twice();
    other_stop.calls[5].stop = 2;
    assert_eq!(vehicles(&[other_stop]), 2);
    // Two services, both of which run on the date, and then one of them on another.
    let mut services = twice();
    services.services.push(Service { id: "t".into(), dates: vec![date(2026, 3, 10)] });
    services.trips[1].service = 1;
    assert_eq!(vehicles(&[services.clone()]), 1);
    services.services[1].dates = vec![date(2026, 3, 9)];
    assert_eq!(vehicles(&[services]), 1, "the other does not run");
    // A headway is drawn for each of them.
    let mut headways = twice();
    let row = |trip, exact| {
        let (start, end) = (ServiceTime::hms(8, 0, 0), ServiceTime::hms(9, 0, 0));
        Frequency { trip, start, end, headway: Seconds::new(1800), exact }
    };
    headways.frequencies = vec![row(0, false), row(1, false)].into();
    assert_eq!(vehicles(&[headways.clone()]), 4);
    headways.frequencies = vec![row(0, true), row(1, true)].into();
    assert_eq!(vehicles(&[headways]), 2, "by the clock, each departure is published twice");
}

#[test]
fn a_copy_keeps_its_seat() {
    let mut blocks = feed("one", 0.0, 3, &[(480, None), (480, None), (520, None)]);
    // The third begins where the first two end; it is in the block of the second.
    blocks.calls[8].stop = 1;
    (blocks.trips[1].block, blocks.trips[2].block) = (Some(0), Some(0));
    let feeds = [blocks];
    let timetable = timetable(&feeds, false);
    assert_eq!(timetable.counted_as(&feeds).as_slice(), [RunIdx(0), RunIdx(0), RunIdx(2)]);
    let then: Vec<&[RunIdx]> = timetable.runs.iter().map(|run| run.then.as_slice()).collect();
    assert_eq!(then, [&[][..], &[RunIdx(2)], &[]]);
}
