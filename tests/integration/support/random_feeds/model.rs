//! A world of feeds, walks and a query, in plain numbers. Times are seconds, days count from 1
//! January 2026.

use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub struct World {
    pub feeds: Vec<Feed>,
    /// One-way walks between stops, never from a stop to itself.
    pub footpaths: BTreeMap<(At, At), i64>,
    /// From each origin.
    pub access: Vec<Vec<(At, i64)>>,
    /// To each place.
    pub egress: Vec<Vec<(At, i64)>>,
    /// From each origin to places, on foot all the way.
    pub direct: Vec<BTreeMap<usize, i64>>,
    pub query: Query,
}

/// A feed and a stop of it.
pub type At = (usize, usize);

#[derive(Clone, Debug)]
pub struct Query {
    pub day: i64,
    pub zone: Zone,
    /// The first departure, seconds after noon minus 12 h.
    pub first: i64,
    pub step: i64,
    pub departures: i64,
    pub max_rides: i64,
    pub max_time: i64,
    pub slack: i64,
    pub phone: bool,
    pub seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    London,
    Paris,
}

#[derive(Clone, Debug, Default)]
pub struct Feed {
    pub zone: Option<Zone>,
    pub stops: Vec<Stop>,
    pub routes: Vec<String>,
    pub services: Vec<Service>,
    pub trips: Vec<Trip>,
    pub frequencies: Vec<Frequency>,
    pub transfers: Vec<Transfer>,
}

#[derive(Clone, Debug)]
pub struct Stop {
    pub id: String,
    pub is_station: bool,
    pub parent: Option<usize>,
    /// Metres on a grid. Two stops lie either within 50 m of each other or more than 200 m apart.
    pub x: i64,
    pub y: i64,
}

#[derive(Clone, Debug, Default)]
pub struct Service {
    pub id: String,
    /// First day, last day, Monday to Sunday.
    pub weekly: Option<(i64, i64, [bool; 7])>,
    pub added: Vec<i64>,
    /// A date both added and removed does not run.
    pub removed: Vec<i64>,
}

#[derive(Clone, Debug)]
pub struct Trip {
    pub id: String,
    pub route: usize,
    pub service: usize,
    pub block: Option<String>,
    pub calls: Vec<Call>,
    /// Taken out after the feed was read.
    pub withdrawn: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Call {
    pub stop: usize,
    pub arrival: i64,
    pub departure: i64,
    /// 0 to 3, as GTFS has them.
    pub pickup: u8,
    pub drop_off: u8,
    /// `shape_dist_traveled`.
    pub along: Option<i64>,
    /// What stands in the table; the times above hold all the same.
    pub written: Written,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Both,
    ArrivalAlone,
    DepartureAlone,
    Blank,
}

#[derive(Clone, Debug)]
pub struct Frequency {
    pub trip: usize,
    pub start: i64,
    pub end: i64,
    pub headway: i64,
    pub exact: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Transfer {
    pub from_stop: Option<usize>,
    pub to_stop: Option<usize>,
    pub from_route: Option<usize>,
    pub to_route: Option<usize>,
    pub from_trip: Option<usize>,
    pub to_trip: Option<usize>,
    /// 0 to 5, as GTFS has them.
    pub kind: u8,
    pub least: Option<i64>,
}

impl Transfer {
    /// What it is about: stops, routes and trips, or the two trips between which one stays seated
    /// or not. A trip is more specific than the route beside it.
    pub fn about(&self) -> (bool, [Option<usize>; 6]) {
        let seats = self.kind > 3;
        let stop = |stop: Option<usize>| stop.filter(|_| !seats);
        let route = |route: Option<usize>, trip: Option<usize>| route.filter(|_| trip.is_none());
        let stops = (stop(self.from_stop), stop(self.to_stop));
        let routes = (route(self.from_route, self.from_trip), route(self.to_route, self.to_trip));
        (seats, [stops.0, stops.1, routes.0, routes.1, self.from_trip, self.to_trip])
    }
}

impl Zone {
    pub fn name(self) -> &'static str {
        match self {
            Zone::London => "Europe/London",
            Zone::Paris => "Europe/Paris",
        }
    }

    /// When a service day begins, in seconds of UTC after 1 January 2026: noon less 12 h. Both
    /// zones put their clocks forward on 29 March 2026 and back on 25 October, before noon.
    pub fn day_begins(self, day: i64) -> i64 {
        let winter = match self {
            Zone::London => 0,
            Zone::Paris => 3600,
        };
        let summer = if (FORWARD..BACK).contains(&day) { 3600 } else { 0 };
        day * 86_400 - winter - summer
    }
}

/// 29 March 2026.
pub const FORWARD: i64 = 31 + 28 + 28;
/// 25 October 2026.
pub const BACK: i64 = 31 + 28 + 31 + 30 + 31 + 30 + 31 + 31 + 30 + 24;

/// The month and the day of the month.
pub fn month_and_day(day: i64) -> (i64, i64) {
    let mut left = day;
    for (month, length) in (1..).zip([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
        if left < length {
            return (month, left + 1);
        }
        left -= length;
    }
    unreachable!("days of 2026 alone");
}

/// From 0 for Monday; 1 January 2026 is a Thursday.
pub fn weekday(day: i64) -> usize {
    usize::try_from((day + 3) % 7).expect("not negative")
}

impl Service {
    pub fn runs_on(&self, day: i64) -> bool {
        let weekly = self
            .weekly
            .is_some_and(|(first, last, days)| (first..=last).contains(&day) && days[weekday(day)]);
        (weekly || self.added.contains(&day)) && !self.removed.contains(&day)
    }
}

impl World {
    pub fn departure(&self, number: i64) -> i64 {
        self.query.first + number * self.query.step
    }

    pub fn has_headways(&self) -> bool {
        self.feeds.iter().any(|feed| feed.frequencies.iter().any(|f| !f.exact))
    }

    pub fn stop_id(&self, (feed, stop): At) -> &str {
        &self.feeds[feed].stops[stop].id
    }
}
