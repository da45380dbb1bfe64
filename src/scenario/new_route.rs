//! A new line.

use jiff::ToSpan;
use jiff::civil::Date;

use super::alter::add_trip;
use super::error::ScenarioError;
use super::stops::{copies, far, new_stop, running_time};
use crate::geometry::{Projected, Projection};
use crate::inputs::gtfs::{Call, CallRule, Feed, Route, Service, Stop, Trip};
use crate::inputs::project::scenarios::{DrawnCourse, NewRoute};
use crate::units::{Seconds, ServiceTime};

/// The feed that holds new lines.
const ADDED: &str = "added by the scenario";
/// How far from its course a stop of a line may lie, metres.
const OFF_COURSE_M: f64 = 250.0;

/// How much there is of a new line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct AddedService {
    /// Stops.
    pub stops: usize,
    /// Trips on a day that it runs.
    pub trips: usize,
}

/// Stops in order, and the seconds from each to the next.
struct TimedStops {
    stops: Vec<Stop>,
    legs: Vec<u32>,
}

/// Adds a line, both ways unless it is told not to.
pub(super) fn route(
    feeds: &mut Vec<Feed>,
    new: &NewRoute,
    modification: &str,
) -> Result<AddedService, ScenarioError> {
    let TimedStops { stops, legs } = plan(feeds, new, modification)?;
    let dates = dates(feeds, new);
    if dates.is_empty() {
        let why = "the feeds have no date on these days".to_owned();
        return Err(ScenarioError::NothingChanged { modification: modification.to_owned(), why });
    }
    if feeds.last().is_none_or(|feed| feed.name != ADDED) {
        let timezone =
            feeds.first().map_or_else(|| "Europe/London".to_owned(), |feed| feed.timezone.clone());
        feeds.push(Feed { name: ADDED.into(), timezone, ..Feed::default() });
    }
    let Some(feed) = feeds.last_mut() else { return Ok(AddedService::default()) };
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let (route, service, first) =
        (number(feed.routes.len()), number(feed.services.len()), number(feed.stops.len()));
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
    Ok(AddedService { stops: there.len(), trips: added })
}

fn calls(stops: &[u32], legs: &[u32], departure: ServiceTime) -> Vec<Call> {
    let mut time = departure;
    let mut calls = Vec::with_capacity(stops.len());
    for (nth, stop) in stops.iter().enumerate() {
        if let Some(leg) = nth.checked_sub(1).and_then(|before| legs.get(before)) {
            time = time + Seconds::new(*leg);
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
    first
        .series(1.day())
        .take_while(|date| date <= last)
        .filter(|date| new.days.holds(*date))
        .collect()
}

fn plan(feeds: &[Feed], new: &NewRoute, modification: &str) -> Result<TimedStops, ScenarioError> {
    let legs = |metres: &mut dyn Iterator<Item = f64>| -> Vec<u32> {
        metres.map(|metres| running_time(metres, new.speed_kmh)).collect()
    };
    let mut stops = copies(feeds, &new.stops, modification)?;
    let Some(line) = &new.course else {
        let legs = legs(&mut stops.windows(2).map(|pair| far(pair[0].point, pair[1].point)));
        return Ok(TimedStops { stops, legs });
    };
    let course = RouteCourse::of(line);
    let along = match new.spacing {
        Some(spacing) if stops.is_empty() => {
            let along = course.evenly(spacing);
            let stop = |(nth, metres): (usize, &f64)| Stop {
                id: format!("{} {}", new.name, nth + 1),
                name: format!("{} stop {}", new.name, nth + 1),
                ..new_stop(&new.name, course.projection.unproject(course.at(*metres)))
            };
            stops = along.iter().enumerate().map(stop).collect();
            along
        }
        _ => course
            .along(&stops)
            .map_err(|why| ScenarioError::Unfit { modification: modification.to_owned(), why })?,
    };
    let legs = legs(&mut along.windows(2).map(|pair| pair[1] - pair[0]));
    Ok(TimedStops { stops, legs })
}

/// The way a line takes.
struct RouteCourse {
    projection: Projection,
    points: Vec<Projected>,
}

impl RouteCourse {
    fn of(line: &DrawnCourse) -> RouteCourse {
        let projection = Projection::about(line.0[line.0.len() / 2]);
        RouteCourse { projection, points: line.on(&projection) }
    }

    fn length(&self) -> f64 {
        self.points.windows(2).map(|pair| pair[0].distance(pair[1]).get()).sum()
    }

    fn at(&self, metres: f64) -> Projected {
        let mut before = 0.0;
        for pair in self.points.windows(2) {
            let length = pair[0].distance(pair[1]).get();
            if length > 0.0 && before + length >= metres {
                return pair[0].towards(pair[1], (metres - before) / length);
            }
            before += length;
        }
        self.points[self.points.len() - 1]
    }

    /// Stops from end to end, as far apart as they can be evenly next to a spacing.
    fn evenly(&self, spacing: f64) -> Vec<f64> {
        let length = self.length();
        let legs = (length / spacing).round().max(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small number above 0"
        )]
        let count = legs as u32;
        (0..=count).map(|nth| length * f64::from(nth) / legs).collect()
    }

    /// How far along it each stop lies, every one behind the one before.
    fn along(&self, stops: &[Stop]) -> Result<Vec<f64>, String> {
        let mut along: Vec<f64> = Vec::new();
        for stop in stops {
            let Some(point) = stop.point else { return Err(format!("{} has no place", stop.name)) };
            let at = self.projection.project(point);
            let begin = along.last().copied().unwrap_or(f64::NEG_INFINITY);
            let (metres, off) = self.nearest(at, begin);
            if off > OFF_COURSE_M {
                return Err(format!(
                    "{} lies {off:.0} m from the line behind the stop before it",
                    stop.name
                ));
            }
            along.push(metres);
        }
        Ok(along)
    }

    /// The nearest place on the course behind `begin`, and how far away it is.
    fn nearest(&self, at: Projected, begin: f64) -> (f64, f64) {
        let (mut best, mut before) = ((0.0, f64::INFINITY), 0.0);
        for pair in self.points.windows(2) {
            let length = pair[0].distance(pair[1]).get();
            let metres = (before + length * at.foot_on(pair[0], pair[1])).max(begin);
            before += length;
            let off = self.at(metres).distance(at).get();
            if metres <= before && off < best.1 {
                best = (metres, off);
            }
        }
        best
    }
}
