use std::sync::Arc;

use jiff::civil::{Date, date};

use super::super::{RunIdx, Timetable, TimetableQuery};
use crate::geometry::LonLat;
use crate::inputs::gtfs::{
    Call, CallRule, Feed, Route, Service, StandIn, Stop, StopKind, Trip, TripChange, TripDepartures,
};
use crate::network::calendar::Clock;
use crate::network::stops::Stops;
use crate::units::ServiceTime;

const DAY: Date = date(2026, 3, 10);

/// One vehicle to and fro: trips 0, 2 … from a to b, trips 1, 3 … back, each of ten minutes, from
/// 08:00.
fn shuttle(trips: u32) -> Feed {
    let stop = |id: &str, lat: f64| Stop {
        id: id.into(),
        name: id.into(),
        platform: None,
        kind: StopKind::Platform,
        parent: None,
        point: LonLat::new(0.0, lat),
        wheelchair: None,
        access: None,
        level: None,
    };
    let call = |stop, minutes| Call {
        stop,
        arrival: ServiceTime::new(minutes * 60),
        departure: ServiceTime::new(minutes * 60),
        pickup: CallRule::Regular,
        drop_off: CallRule::Regular,
        interpolated: false,
    };
    let route = Route {
        id: "r".into(),
        name: "1".into(),
        long_name: String::new(),
        agency: "A".into(),
        route_type: 3,
    };
    let mut feed = Feed {
        timezone: "Europe/London".into(),
        stops: vec![stop("a", 50.0), stop("b", 50.1)].into(),
        services: vec![Service { id: "s".into(), dates: vec![DAY] }].into(),
        routes: vec![route].into(),
        ..Feed::default()
    };
    for (number, minutes) in (0..trips).zip((480..).step_by(10)) {
        let (from, to) = (number % 2, 1 - number % 2);
        feed.calls.extend([call(from, minutes), call(to, minutes + 10)]);
        feed.trips.push(Trip {
            id: number.to_string(),
            route: 0,
            service: 0,
            headsign: None,
            block: Some(1),
            direction: None,
            shape: None,
            wheelchair: None,
            withdrawn: false,
            calls: number * 2..number * 2 + 2,
        });
    }
    feed
}

fn on(dates: &[Date]) -> TripDepartures {
    TripDepartures {
        dates: Arc::from(dates),
        from: ServiceTime::new(0),
        until: ServiceTime::hms(48, 0, 0),
    }
}

/// The trips that run, each with the trips one may stay seated for.
fn seats(feed: Feed) -> Vec<(u32, Vec<u32>)> {
    let clock = Clock::new(DAY, "Europe/London").expect("known");
    let (from, until) = (ServiceTime::new(0), ServiceTime::hms(24, 0, 0));
    let query = TimetableQuery {
        clock: &clock,
        from,
        until,
        phone_pickups: false,
        step_free: false,
        seed: 1,
        draw: 0,
    };
    let feeds = [feed];
    let timetable = Timetable::build(&feeds, &Stops::number(&feeds), &query).expect("a timetable");
    for run in timetable.runs.indices() {
        let first = timetable.calls_of(run)[0].departure;
        assert_eq!(
            first,
            feeds[0].calls[feeds[0].trips[timetable.runs[run].trip as usize].calls.start as usize]
                .departure
        );
    }
    let trip = |run: &RunIdx| timetable.runs[*run].trip;
    timetable.runs.iter().map(|run| (run.trip, run.then.iter().map(trip).collect())).collect()
}

#[test]
fn a_trip_that_is_taken_out_leaves_a_gap() {
    assert_eq!(seats(shuttle(4)), [(0, vec![1]), (1, vec![2]), (2, vec![3]), (3, vec![])]);
    let mut feed = shuttle(4);
    for trip in [1, 2] {
        feed.changes.insert(trip, TripChange { withdrawn: vec![on(&[DAY])], stands_in: None });
    }
    // Trip 0 ends where trip 3 begins, and nothing of the block lies between any more: still nobody
    // can ride on.
    assert_eq!(seats(feed), [(0, vec![]), (3, vec![])]);
}

#[test]
fn what_is_withdrawn_on_another_day_or_at_another_time_runs() {
    let mut feed = shuttle(2);
    let late = TripDepartures { from: ServiceTime::hms(8, 10, 0), ..on(&[DAY]) };
    let other_day = on(&[date(2026, 3, 11)]);
    feed.changes
        .insert(0, TripChange { withdrawn: vec![late.clone(), other_day], stands_in: None });
    assert_eq!(seats(feed.clone()), [(0, vec![1]), (1, vec![])]);
    feed.changes.insert(1, TripChange { withdrawn: vec![late], stands_in: None });
    assert_eq!(seats(feed), [(0, vec![])]);
}

#[test]
fn a_trip_in_the_place_of_another_has_its_links_where_it_begins_and_ends_alike() {
    for (begins_alike, ends_alike) in [(true, true), (true, false), (false, true)] {
        let mut feed = shuttle(3);
        feed.changes.insert(1, TripChange { withdrawn: vec![on(&[DAY])], stands_in: None });
        let number = u32::try_from(feed.trips.len()).expect("few");
        let second = Trip { id: "1".into(), block: None, ..feed.trips[1].clone() };
        feed.trips.push(second);
        let stands_in = StandIn { of: 1, when: on(&[DAY]), begins_alike, ends_alike };
        feed.changes.insert(number, TripChange { withdrawn: vec![], stands_in: Some(stands_in) });
        let [to, from] = [begins_alike, ends_alike].map(usize::from);
        assert_eq!(seats(feed), [(0, vec![3; to]), (3, vec![2; from]), (2, vec![])]);
    }
}
