use jiff::civil::date;

use super::*;
use crate::geometry::LonLat;
use crate::inputs::gtfs::{Call, CallRule, Service, Stop, StopKind, Trip};

/// A number from 0 below `below`, the same for the same state (D. H. Lehmer's generator with the
/// multiplier of Park and Miller, 1988).
fn roll(state: &mut u64, below: i32) -> i32 {
    *state = *state * 48_271 % 2_147_483_647;
    i32::try_from(*state % u64::from(below.unsigned_abs())).expect("small")
}

/// A feed of one block: trips between two stops, by where they begin, and when they begin and end.
fn block(trips: &[(u32, i32, i32)]) -> (Feed, Vec<TripInstance>) {
    let stop = |id: &str, lat| Stop {
        id: id.into(),
        name: String::new(),
        platform: None,
        kind: StopKind::Platform,
        parent: None,
        point: LonLat::new(0.0, lat),
        wheelchair: None,
        access: None,
        level: None,
    };
    let call = |stop, time| Call {
        stop,
        arrival: ServiceTime::new(time),
        departure: ServiceTime::new(time),
        pickup: CallRule::Regular,
        drop_off: CallRule::Regular,
        interpolated: false,
    };
    let day = date(2026, 3, 10);
    let mut feed = Feed {
        stops: vec![stop("a", 50.0), stop("b", 50.1)].into(),
        services: vec![Service { id: "s".into(), dates: vec![day] }].into(),
        ..Feed::default()
    };
    let mut instances = Vec::new();
    for (number, (from, first, last)) in (0u32..).zip(trips) {
        feed.calls.extend([call(*from, *first), call(1 - from, *last)]);
        feed.trips.push(Trip {
            id: number.to_string(),
            route: 0,
            service: 0,
            headsign: None,
            block: Some(0),
            direction: None,
            shape: None,
            wheelchair: None,
            withdrawn: false,
            calls: 2 * number..2 * number + 2,
        });
        instances.push(TripInstance {
            feed: FeedIdx::new(0),
            date: day,
            trip: number,
            day_begins: 0,
            begins: 0,
            first: ServiceTime::new(*first),
            last: ServiceTime::new(*last),
            left_out: false,
        });
    }
    instances.sort_by_key(|i| (i.first, i.trip));
    (feed, instances)
}

/// As it is said, each held against each: b is the next to depart when a has arrived, and a the
/// last to arrive before.
fn links_as_said(feed: &Feed, instances: &[TripInstance]) -> Vec<SeatLink> {
    let follows = |a: usize, b: usize| b > a && instances[b].first >= instances[a].last;
    let all = || 0..instances.len();
    let mut links = Vec::new();
    for (a, b) in all().flat_map(|a| all().map(move |b| (a, b))).filter(|(a, b)| follows(*a, *b)) {
        let next = all().filter(|b| follows(a, *b)).map(|b| instances[b].first).min();
        let last = all().filter(|a| follows(*a, b)).map(|a| instances[a].last).max();
        let is_next = next == Some(instances[b].first) && last == Some(instances[a].last);
        if is_next && same_place(std::slice::from_ref(feed), &instances[a], &instances[b]) {
            links.push((a, b));
        }
    }
    links
}

#[test]
fn a_block_is_linked_as_if_each_of_its_trips_were_held_against_each() {
    let mut state = 7;
    let mut linked = 0;
    for case in 0..600 {
        let (trips, span) = (2 + case % 17, 5 + case % 60);
        let each: Vec<(u32, i32, i32)> = (0..trips)
            .map(|_| {
                let first = roll(&mut state, span);
                (roll(&mut state, 2).unsigned_abs(), first, first + roll(&mut state, 12))
            })
            .collect();
        let (feed, instances) = block(&each);
        let said = links_as_said(&feed, &instances);
        linked += said.len();
        assert_eq!(links(std::slice::from_ref(&feed), &instances), said, "{each:?}");
    }
    assert!(linked > 600, "{linked}");
}

/// Each trip held against each other of its block would be 4 × 10¹⁰ comparisons: nobody would wait
/// for this test.
#[test]
fn a_block_of_two_hundred_thousand_trips_is_no_trouble() {
    let trips: Vec<(u32, i32, i32)> =
        (0..200_000).map(|n: i32| (n.unsigned_abs() % 2, 10 * n, 10 * n + 10)).collect();
    let (feed, instances) = block(&trips);
    assert_eq!(links(std::slice::from_ref(&feed), &instances).len(), 199_999);
}
