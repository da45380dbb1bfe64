//! Trips that call elsewhere: another way between two stops, one stop more, or a stop that is
//! moved.

use std::collections::{BTreeMap, BTreeSet};

use super::alter::{Altered, alter, known};
use super::error::ScenarioError;
use super::patterns::{is_open, is_stop};
use super::stops::{far, in_feed, push, running_time};
use super::trip_selection::{ChosenTrip, choose};
use crate::geometry::LonLat;
use crate::inputs::gtfs::{Call, CallRule, Feed, Stop, StopKind};
use crate::inputs::project::scenarios::{NewWayPace, TripSelection};
use crate::units::{Seconds, ServiceTime};

/// Stops with one name that lie farther from each other, metres, are not moved to one place.
const ONE_PLACE_M: f64 = 250.0;

/// A new way.
pub(super) struct NewWay<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub via: &'a [String],
    pub pace: &'a NewWayPace,
}

/// Puts other stops between two stops of trips. What comes behind shifts by what the new way takes
/// longer or shorter.
pub(super) fn reroute(
    feeds: &mut [Feed],
    trips: &TripSelection,
    way: &NewWay,
    modification: &str,
) -> Result<Vec<ChosenTrip>, ScenarioError> {
    let chosen = choose(feeds, trips, modification)?;
    [way.from, way.to]
        .into_iter()
        .try_for_each(|name| known(feeds, &chosen, name, modification))?;
    let mut via: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for feed in feeds_of(&chosen) {
        let mut near = first_call(feeds, &chosen, feed, way.from);
        let mut stops = Vec::new();
        for name in way.via {
            let stop = in_feed(feeds, feed, name, near, modification)?;
            near = feeds[feed].stops[stop as usize].point.or(near);
            stops.push(stop);
        }
        via.insert(feed, stops);
    }
    let why = format!("none of the trips calls at {} and after that at {}", way.from, way.to);
    alter(feeds, chosen, modification, &why, |number, feed, calls| {
        let at = |name: &str, begin: usize| {
            (begin..calls.len())
                .find(|call| is_open(&calls[*call]) && is_stop(feed, calls[*call].stop, name))
        };
        let begin = at(way.from, 0)?;
        let end = at(way.to, begin + 1)?;
        let via = &via[&number];
        let mut new: Vec<Call> = calls[..=begin].to_vec();
        let mut time = calls[begin].departure;
        let mut before = calls[begin].stop;
        let place = |stop: u32| feed.stops[stop as usize].point;
        for (nth, stop) in via.iter().chain([&calls[end].stop]).enumerate() {
            let leg = match way.pace {
                NewWayPace::Legs(legs) => *legs.get(nth)?,
                NewWayPace::Speed(kmh) => {
                    Seconds::new(running_time(far(place(before), place(*stop)), *kmh))
                }
            };
            time = time + leg;
            before = *stop;
            if nth < via.len() {
                new.push(call_at(*stop, time, Seconds::ZERO));
            }
        }
        let shift = time.get() - calls[end].arrival.get();
        new.extend(calls[end..].iter().map(|call| shifted(call, shift)));
        (new != calls).then_some(Altered { calls: new, begins_alike: true, ends_alike: true })
    })
}

/// One more stop.
pub(super) struct ExtraStop<'a> {
    pub stop: &'a str,
    pub behind: Option<&'a str>,
    pub dwell: Seconds,
    pub adds: Seconds,
}

/// Lets trips call at one more stop. The time between its neighbours, and what is added to it, is
/// shared out by the straight line to each; what comes behind is later by the added time and the
/// dwell.
pub(super) fn add_stop(
    feeds: &mut [Feed],
    trips: &TripSelection,
    extra: &ExtraStop,
    modification: &str,
) -> Result<Vec<ChosenTrip>, ScenarioError> {
    let chosen = choose(feeds, trips, modification)?;
    if let Some(behind) = extra.behind {
        known(feeds, &chosen, behind, modification)?;
    }
    let mut stops: BTreeMap<usize, u32> = BTreeMap::new();
    for feed in feeds_of(&chosen) {
        let near = match extra.behind {
            Some(behind) => first_call(feeds, &chosen, feed, behind),
            None => any_call(feeds, &chosen, feed),
        };
        stops.insert(feed, in_feed(feeds, feed, extra.stop, near, modification)?);
    }
    let why = "each of the trips calls there already, or does not go on behind that stop";
    alter(feeds, chosen, modification, why, |number, feed, calls| {
        let stop = stops[&number];
        if calls.iter().any(|call| call.stop == stop && is_open(call)) {
            return None;
        }
        let metres =
            |a: u32, b: u32| far(feed.stops[a as usize].point, feed.stops[b as usize].point);
        let legs = |at: &usize| (metres(calls[*at].stop, stop), metres(stop, calls[*at + 1].stop));
        let last = calls.len() - 1;
        let at = match extra.behind {
            Some(name) => {
                (0..last).find(|at| is_open(&calls[*at]) && is_stop(feed, calls[*at].stop, name))?
            }
            None => (0..last).min_by(|a, b| {
                let round = |at: &usize| {
                    let (to, from) = legs(at);
                    to + from - metres(calls[*at].stop, calls[*at + 1].stop)
                };
                round(a).total_cmp(&round(b))
            })?,
        };
        let (to, from) = legs(&at);
        let share = if to + from > 0.0 { to / (to + from) } else { 0.5 };
        let driving = calls[at + 1].arrival.get() - calls[at].departure.get() + signed(extra.adds);
        #[expect(clippy::cast_possible_truncation, reason = "a part of a trip's time")]
        let arrival = ServiceTime::new(
            calls[at].departure.get() + (f64::from(driving) * share).round() as i32,
        );
        let mut new = calls[..=at].to_vec();
        new.push(call_at(stop, arrival, extra.dwell));
        let later = signed(extra.adds) + signed(extra.dwell);
        new.extend(calls[at + 1..].iter().map(|call| shifted(call, later)));
        Some(Altered { calls: new, begins_alike: true, ends_alike: true })
    })
}

/// Lets trips call elsewhere in the place of a stop; their times stay.
pub(super) fn move_stop(
    feeds: &mut [Feed],
    trips: &TripSelection,
    (stop, to): (&str, LonLat),
    modification: &str,
) -> Result<Vec<ChosenTrip>, ScenarioError> {
    let chosen = choose(feeds, trips, modification)?;
    let mut moved: BTreeMap<(usize, u32), u32> = BTreeMap::new();
    for (feed, old) in called(feeds, &chosen, stop) {
        let row = feeds[feed].stops[old as usize].clone();
        if far(row.point, Some(to)) < 1.0 && row.point.is_some() {
            let why = format!("{} is there already", row.name);
            return Err(ScenarioError::NothingChanged {
                modification: modification.to_owned(),
                why,
            });
        }
        one_place(feeds, &moved, (feed, &row), modification)?;
        // It belongs to its station no more, and is walked to where it is.
        let new =
            Stop { point: Some(to), parent: None, access: None, kind: StopKind::Platform, ..row };
        let new = push(&mut feeds[feed], new);
        moved.insert((feed, old), new);
    }
    alter(feeds, chosen, modification, "none of the trips calls there", |number, _, calls| {
        let elsewhere = |call: &Call| moved.get(&(number, call.stop)).filter(|_| is_open(call));
        calls.iter().any(|call| elsewhere(call).is_some()).then(|| Altered {
            calls: calls
                .iter()
                .map(|call| elsewhere(call).map_or(*call, |stop| Call { stop: *stop, ..*call }))
                .collect(),
            begins_alike: true,
            ends_alike: true,
        })
    })
}

/// A name may mean several stops, such as those on both sides of a road, but not in several towns.
fn one_place(
    feeds: &[Feed],
    moved: &BTreeMap<(usize, u32), u32>,
    (feed, row): (usize, &Stop),
    modification: &str,
) -> Result<(), ScenarioError> {
    let apart = moved.keys().map(|(feed, stop)| (*feed, &feeds[*feed].stops[*stop as usize]));
    let apart = apart.filter(|(_, other)| far(other.point, row.point) > ONE_PLACE_M);
    let Some((other_feed, other)) = apart.into_iter().next() else { return Ok(()) };
    let metres = far(other.point, row.point);
    let why = format!(
        "stops {metres:.0} m apart have this name: `{}` in {} and `{}` in {}; name one by its id, or say which trips with route=",
        other.id, feeds[other_feed].name, row.id, feeds[feed].name
    );
    Err(ScenarioError::Unfit { modification: modification.to_owned(), why })
}

fn feeds_of(chosen: &[ChosenTrip]) -> BTreeSet<usize> {
    chosen.iter().map(|one| one.feed).collect()
}

/// The stops with a name that the trips call at.
fn called(feeds: &[Feed], chosen: &[ChosenTrip], name: &str) -> BTreeSet<(usize, u32)> {
    let calls = chosen.iter().flat_map(|one| {
        let feed = &feeds[one.feed];
        let calls = &feed.trips[one.trip as usize].calls;
        let calls = feed.calls[calls.start as usize..calls.end as usize].iter();
        calls.filter(|call| is_open(call)).map(|call| (one.feed, call.stop))
    });
    let all: BTreeSet<(usize, u32)> = calls.collect();
    all.into_iter().filter(|(feed, stop)| is_stop(&feeds[*feed], *stop, name)).collect()
}

fn first_call(feeds: &[Feed], chosen: &[ChosenTrip], feed: usize, name: &str) -> Option<LonLat> {
    let (_, stop) = called(feeds, chosen, name).into_iter().find(|(at, _)| *at == feed)?;
    feeds[feed].stops[stop as usize].point
}

fn any_call(feeds: &[Feed], chosen: &[ChosenTrip], feed: usize) -> Option<LonLat> {
    let one = chosen.iter().find(|one| one.feed == feed)?;
    let feed = &feeds[feed];
    let call = &feed.calls[feed.trips[one.trip as usize].calls.start as usize];
    feed.stops[call.stop as usize].point
}

fn call_at(stop: u32, arrival: ServiceTime, dwell: Seconds) -> Call {
    let (pickup, drop_off) = (CallRule::Regular, CallRule::Regular);
    Call { stop, arrival, departure: arrival + dwell, pickup, drop_off, interpolated: false }
}

fn shifted(call: &Call, by: i32) -> Call {
    Call {
        arrival: ServiceTime::new(call.arrival.get() + by),
        departure: ServiceTime::new(call.departure.get() + by),
        ..*call
    }
}

fn signed(seconds: Seconds) -> i32 {
    i32::try_from(seconds.get()).unwrap_or(i32::MAX)
}
