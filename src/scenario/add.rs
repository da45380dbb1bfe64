//! Trips that are not in the feed as published: another headway, a new line.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::alter::add_trip;
use super::choose::{Chosen, choose, same};
use super::cut::withdraw;
use super::error::{ScenarioError, advice};
use crate::geometry::{LonLat, Projection};
use crate::inputs::gtfs::{Call, CallRule, Feed, Route, Service, Stop, StopKind, Trip};
use crate::inputs::project::scenarios::{NewRoute, Trips, point};
use crate::units::{Seconds, ServiceTime};

/// The feed that holds new lines.
const ADDED: &str = "added by the scenario";

/// Gives routes another headway in a band. What leaves in the band is withdrawn; from its beginning on one vehicle leaves
/// each so many seconds in each direction. It calls where most of the withdrawn ones called and takes the time that the
/// nearest of them took.
pub(super) fn headway(
    feeds: &mut [Feed],
    trips: &Trips,
    headway: Seconds,
    modification: &str,
) -> Result<(Vec<Chosen>, usize), ScenarioError> {
    let chosen = choose(feeds, trips, modification)?;
    let (Some(from), Some(until)) = (trips.band.from, trips.band.until) else { return Ok((chosen, 0)) };
    let mut added = 0;
    for (line, mut dates) in lines(feeds, &chosen) {
        dates.sort_unstable();
        let feed = &mut feeds[line.feed];
        let templates = commonest(feed, &line.trips);
        #[expect(clippy::cast_possible_truncation, reason = "fewer than 2^32 services")]
        let service = feed.services.len() as u32;
        feed.services.push(Service { id: format!("headway-{service}"), dates });
        let mut departure = from;
        while departure < until {
            let nearest = templates.iter().min_by_key(|trip| {
                let first = first_departure(feed, **trip);
                (first.0.abs_diff(departure.0), **trip)
            });
            let Some(template) = nearest.copied() else { break };
            let shift = departure.0 - first_departure(feed, template).0;
            let row = feed.trips[template as usize].clone();
            let calls = &feed.calls[row.calls.start as usize..row.calls.end as usize];
            let calls: Vec<Call> = calls.iter().map(|call| shifted(call, shift)).collect();
            let id = format!("{}-every-{}-{departure}", row.id, headway.0 / 60);
            add_trip(feed, Trip { id, service, block: None, ..row }, &calls);
            added += 1;
            departure = departure + headway;
        }
    }
    chosen.iter().for_each(|one| withdraw(&mut feeds[one.feed], one.trip, one.when.clone()));
    Ok((chosen, added))
}

/// The trips of a route and direction that run on the same dates.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    feed: usize,
    trips: Vec<u32>,
}

fn lines(feeds: &[Feed], chosen: &[Chosen]) -> Vec<(Line, Vec<Date>)> {
    type Direction = (usize, u32, Option<bool>, Option<(u32, u32)>);
    let mut running: BTreeMap<(Direction, Date), Vec<u32>> = BTreeMap::new();
    for one in chosen {
        let feed = &feeds[one.feed];
        let row = &feed.trips[one.trip as usize];
        let calls = &feed.calls[row.calls.start as usize..row.calls.end as usize];
        // Where the feed does not say in which direction a trip goes, its ends do.
        let ends = row.direction.is_none().then(|| (calls[0].stop, calls[calls.len() - 1].stop));
        for date in one.when.dates.iter() {
            let change = feed.changes.get(&one.trip);
            if change.is_none_or(|change| change.runs(*date, calls[0].departure.max(one.when.from))) {
                running
                    .entry(((one.feed, row.route, row.direction, ends), *date))
                    .or_default()
                    .push(one.trip);
            }
        }
    }
    let mut lines: BTreeMap<Line, Vec<Date>> = BTreeMap::new();
    for (((feed, ..), date), trips) in running {
        lines.entry(Line { feed, trips }).or_default().push(date);
    }
    lines.into_iter().collect()
}

/// Of some trips those that call at the stops where most of them call.
fn commonest(feed: &Feed, trips: &[u32]) -> Vec<u32> {
    let mut patterns: BTreeMap<Vec<u32>, Vec<u32>> = BTreeMap::new();
    for trip in trips {
        let calls = feed.trips[*trip as usize].calls.clone();
        let stops =
            feed.calls[calls.start as usize..calls.end as usize].iter().map(|call| call.stop).collect();
        patterns.entry(stops).or_default().push(*trip);
    }
    let most = patterns.into_values().max_by_key(|trips| (trips.len(), std::cmp::Reverse(trips.clone())));
    most.unwrap_or_default()
}

fn first_departure(feed: &Feed, trip: u32) -> ServiceTime {
    feed.calls[feed.trips[trip as usize].calls.start as usize].departure
}

fn shifted(call: &Call, by: i32) -> Call {
    Call { arrival: ServiceTime(call.arrival.0 + by), departure: ServiceTime(call.departure.0 + by), ..*call }
}

/// Adds a line, both ways unless it is told not to.
pub(super) fn route(
    feeds: &mut Vec<Feed>,
    new: &NewRoute,
    modification: &str,
) -> Result<usize, ScenarioError> {
    let stops = resolve(feeds, &new.stops, modification)?;
    let dates = dates(feeds, new);
    if dates.is_empty() {
        let why = "the feeds have no date on these days".to_owned();
        return Err(ScenarioError::NothingChanged { modification: modification.to_owned(), why });
    }
    if feeds.last().is_none_or(|feed| feed.name != ADDED) {
        let timezone = feeds.first().map_or_else(|| "Europe/London".to_owned(), |feed| feed.timezone.clone());
        feeds.push(Feed { name: ADDED.into(), timezone, ..Feed::default() });
    }
    let Some(feed) = feeds.last_mut() else { return Ok(0) };
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let (route, service, first) =
        (number(feed.routes.len()), number(feed.services.len()), number(feed.stops.len()));
    let legs: Vec<u32> =
        stops.windows(2).map(|pair| running_time(&pair[0], &pair[1], new.speed_kmh)).collect();
    feed.services.push(Service { id: format!("added-{service}"), dates });
    feed.routes.push(Route {
        id: format!("added-{route}"),
        name: new.name.clone(),
        long_name: String::new(),
        agency: String::new(),
        route_type: 3,
    });
    let count = number(stops.len());
    feed.stops.extend(stops);
    let there: Vec<u32> = (first..first + count).collect();
    let back: Vec<u32> = there.iter().rev().copied().collect();
    let legs_back: Vec<u32> = legs.iter().rev().copied().collect();
    let ways = [(false, &there, &legs), (true, &back, &legs_back)];
    let mut added = 0;
    for (direction, stops, legs) in ways.into_iter().take(if new.one_way { 1 } else { 2 }) {
        let mut departure = new.band.0;
        while departure < new.band.1 {
            let id = format!("added-{route}-{}-{departure}", u8::from(direction));
            let trip = Trip {
                id,
                route,
                service,
                headsign: None,
                block: None,
                direction: Some(direction),
                shape: None,
                wheelchair: None,
                withdrawn: false,
                calls: 0..0,
            };
            add_trip(feed, trip, &calls(stops, legs, departure));
            added += 1;
            departure = departure + new.headway;
        }
    }
    Ok(added)
}

fn calls(stops: &[u32], legs: &[u32], departure: ServiceTime) -> Vec<Call> {
    let mut time = departure;
    let mut calls = Vec::with_capacity(stops.len());
    for (nth, stop) in stops.iter().enumerate() {
        if let Some(leg) = nth.checked_sub(1).and_then(|before| legs.get(before)) {
            time = time + Seconds(*leg);
        }
        let (pickup, drop_off) = (CallRule::Regular, CallRule::Regular);
        calls.push(Call {
            stop: *stop,
            arrival: time,
            departure: time,
            pickup,
            drop_off,
            interpolated: false,
        });
    }
    calls
}

/// Every date of the feeds' range that is on one of the line's days.
fn dates(feeds: &[Feed], new: &NewRoute) -> Vec<Date> {
    let all = || feeds.iter().flat_map(|feed| &feed.services).flat_map(|service| &service.dates);
    let (Some(first), Some(last)) = (all().min(), all().max()) else { return Vec::new() };
    first.series(1.day()).take_while(|date| date <= last).filter(|date| new.days.holds(*date)).collect()
}

/// Copies of the stops that are named; of several with a name the one that is nearest to the stop before.
fn resolve(feeds: &[Feed], names: &[String], modification: &str) -> Result<Vec<Stop>, ScenarioError> {
    let mut stops: Vec<Stop> = Vec::new();
    for name in names {
        let stop = match point(name) {
            Some(at) => new_stop(name, at),
            None => {
                let all = feeds.iter().flat_map(|feed| &feed.stops).filter(|stop| stop.point.is_some());
                let fits = all.clone().filter(|stop| stop.id == *name || same(&stop.name, name));
                let before = stops.last().and_then(|stop| stop.point);
                let nearest = fits.min_by(|a, b| far(before, a.point).total_cmp(&far(before, b.point)));
                let found = nearest.ok_or_else(|| ScenarioError::NoSuch {
                    modification: modification.to_owned(),
                    what: "stop",
                    name: name.clone(),
                    place: "the feeds".to_owned(),
                    advice: advice(name, all.map(|stop| stop.name.clone())),
                })?;
                Stop { kind: StopKind::Platform, parent: None, ..found.clone() }
            }
        };
        stops.push(stop);
    }
    Ok(stops)
}

fn new_stop(name: &str, at: LonLat) -> Stop {
    Stop {
        id: format!("at {name}"),
        name: format!("new stop at {name}"),
        platform: None,
        kind: StopKind::Platform,
        parent: None,
        point: Some(at),
        wheelchair: None,
    }
}

fn far(from: Option<LonLat>, to: Option<LonLat>) -> f64 {
    from.zip(to).map_or(0.0, |(from, to)| {
        let projection = Projection::about(from);
        projection.project(from).distance(projection.project(to)).0
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a distance at a speed, both above 0"
)]
fn running_time(from: &Stop, to: &Stop, speed_kmh: f64) -> u32 {
    (far(from.point, to.point) / (speed_kmh / 3.6)).ceil().max(1.0) as u32
}
