use super::*;
use crate::ids::{FeedIdx, Idx};
use crate::inputs::gtfs::{Call, CallRule, Stop, StopKind, TransferRow, Trip};
use crate::units::ServiceTime;

const STATION: u32 = 2;

/// Two platforms of one station, at both of which so many trips call, each of a route of its own.
fn feed(trips: u32, transfers: Vec<TransferRow>) -> Feed {
    let stop = |kind, parent| Stop {
        id: String::new(),
        name: String::new(),
        platform: None,
        kind,
        parent,
        point: None,
        wheelchair: None,
        access: None,
        level: None,
    };
    let call = |stop| Call {
        stop,
        arrival: ServiceTime::new(0),
        departure: ServiceTime::new(0),
        pickup: CallRule::Regular,
        drop_off: CallRule::Regular,
        interpolated: false,
    };
    let trip = |route: u32| Trip {
        id: String::new(),
        route,
        service: 0,
        headsign: None,
        block: None,
        direction: None,
        shape: None,
        wheelchair: None,
        withdrawn: false,
        calls: 0..2,
    };
    let platform = || stop(StopKind::Platform, Some(STATION));
    Feed {
        stops: vec![platform(), platform(), stop(StopKind::Station, None)].into(),
        trips: (0..trips).map(trip).collect(),
        calls: vec![call(0), call(1)].into(),
        transfers: transfers.into(),
        ..Feed::default()
    }
}

fn row(from: u32, to: u32, kind: TransferKind) -> TransferRow {
    TransferRow {
        from_stop: Some(from),
        to_stop: Some(to),
        from_route: None,
        to_route: None,
        from_trip: None,
        to_trip: None,
        kind,
        line: 0,
    }
}

/// The changes with a walk of 100 s from the first platform to the second.
fn changes(feed: Feed) -> (Transfers, StopIdx, StopIdx) {
    let feeds = [feed];
    let stops = Stops::number(&feeds);
    let at = |stop| stops.find(FeedIdx::new(0), stop).expect("called at");
    let link = (at(0), StopWalk { stop: at(1), walk: Seconds::new(100) });
    let footpaths = Csr::from_pairs(stops.len(), vec![link]);
    (Transfers::build(&feeds, &stops, &footpaths, Seconds::new(60)), at(0), at(1))
}

fn ready(feed: Feed) -> Option<u32> {
    let (changes, from, to) = changes(feed);
    let change = changes.from(from).into_iter().find(|change| change.stop == to);
    assert_eq!(change, changes.between(from, to));
    change.map(|change| change.ready.get())
}

#[test]
fn a_platforms_row_holds_before_its_stations_and_the_strictest_of_two_alike_in_any_order() {
    use TransferKind::{Forbidden, MinimumTime, Recommended, Timed};
    let both_ways = |a: TransferRow, b: TransferRow| {
        let one = ready(feed(1, vec![a.clone(), b.clone()]));
        assert_eq!(one, ready(feed(1, vec![b.clone(), a.clone()])), "{a:?} {b:?}");
        one
    };
    assert_eq!(both_ways(row(0, 1, Forbidden), row(STATION, STATION, Recommended)), None);
    assert_eq!(both_ways(row(0, 1, Recommended), row(STATION, STATION, Forbidden)), Some(160));
    assert_eq!(both_ways(row(0, STATION, Timed), row(STATION, STATION, Forbidden)), Some(100));
    // Each names one platform: neither is more specific.
    let five_minutes = MinimumTime(Seconds::new(300));
    assert_eq!(both_ways(row(0, STATION, five_minutes), row(STATION, 1, Recommended)), Some(300));
    assert_eq!(both_ways(row(0, STATION, five_minutes), row(STATION, 1, Forbidden)), None);
}

#[test]
fn trips_and_routes_hold_before_platforms() {
    let about_trip =
        |kind| TransferRow { from_trip: Some(0), to_trip: Some(1), ..row(STATION, STATION, kind) };
    let about_route = |kind| TransferRow { from_route: Some(0), ..row(STATION, STATION, kind) };
    let rows = vec![
        row(0, 1, TransferKind::Forbidden),
        about_route(TransferKind::MinimumTime(Seconds::new(500))),
        about_trip(TransferKind::Timed),
    ];
    let (changes, from, to) = changes(feed(2, rows));
    let between = |of: u32, onto: u32| {
        let side = |stop, number: u32| changes.rules.side_of(stop, number, number);
        changes.between(side(from, of), side(to, onto)).map(|change| change.ready.get())
    };
    assert_eq!(between(0, 1), Some(100), "both trips");
    assert_eq!(between(0, 0), Some(500), "the route of the first");
    assert_eq!(between(1, 0), None, "the stops alone");
}

/// All sides held against all, each against each row about their stops, would be 10¹⁴ comparisons.
#[test]
fn a_hundred_thousand_rows_about_pairs_of_trips_are_no_trouble() {
    let trips = 10_000;
    let about = |n: u32| TransferRow {
        from_trip: Some(n % trips),
        to_trip: Some((n * 7 + n / trips) % trips),
        ..row(0, 1, TransferKind::MinimumTime(Seconds::new(200 + n % 7)))
    };
    let (changes, from, to) = changes(feed(trips, (0..100_000).map(about).collect()));
    assert_eq!(changes.len(), 2 + 2 * 10_000);
    let side = |stop, number| changes.rules.side_of(stop, number, number);
    let from_first = changes.from(side(from, 0));
    let told = from_first
        .iter()
        .filter(|change| changes.stop(change.stop) == to && change.ready.get() != 160);
    assert_eq!(told.count(), 10, "one for each row about the first trip");
}
