//! Which trips a modification is about.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::error::{ScenarioError, advice};
use super::patterns::{Calls, Ends, is_stop};
use crate::inputs::gtfs::{Departures, Feed, Frequency, Route};
use crate::inputs::project::scenarios::{Band, Trips};
use crate::units::ServiceTime;

/// Before everything that leaves, and behind it.
pub(super) const EVER: (ServiceTime, ServiceTime) = (ServiceTime(-86_400), ServiceTime(10 * 86_400));

/// A trip with those of its departures that are chosen.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chosen {
    pub feed: usize,
    pub trip: u32,
    pub when: Departures,
}

/// The trips that fit every word and have at least one departure that runs; some, or an error that says which word fits
/// nothing.
pub(super) fn choose(
    feeds: &[Feed],
    wanted: &Trips,
    modification: &str,
) -> Result<Vec<Chosen>, ScenarioError> {
    known(feeds, wanted, modification)?;
    let mut chosen = Vec::new();
    let mut ends = Ends::default();
    let mut in_band = false;
    let (mut fits, mut first, mut last) = (0_usize, EVER.1, EVER.0);
    for (number, feed) in feeds
        .iter()
        .enumerate()
        .filter(|(_, feed)| wanted.feed.as_ref().is_none_or(|name| *name == feed.name))
    {
        let frequencies = by_trip(feed);
        let by_calls = Calls::of(wanted, feed);
        let mut dates_of: BTreeMap<u32, Arc<[Date]>> = BTreeMap::new();
        for (trip, row) in (0u32..).zip(&feed.trips) {
            let route = &feed.routes[row.route as usize];
            if !fits_route(wanted, route)
                || !any_of(&wanted.trips, |id| *id == row.id)
                || wanted.direction.is_some_and(|wanted| row.direction != Some(wanted))
                || !any_of(&wanted.headsigns, |sign| row.headsign.as_ref().is_some_and(|own| same(sign, own)))
            {
                continue;
            }
            let calls = &feed.calls[row.calls.start as usize..row.calls.end as usize];
            if !by_calls.fit(calls) {
                ends.add(feed, calls);
                continue;
            }
            fits += 1;
            let departs = departures(feed, trip, frequencies.get(&trip).map_or(&[], Vec::as_slice));
            (first, last) = (first.min(departs.0), last.max(departs.1));
            if !overlap(departs, wanted.band) {
                continue;
            }
            in_band = true;
            let dates = dates_of.entry(row.service).or_insert_with(|| {
                let dates = feed.services[row.service as usize].dates.iter().copied();
                dates.filter(|date| wanted.days.holds(*date)).collect()
            });
            let when = within(wanted.band, dates.clone());
            if still_runs(feed, trip, departs, &when) {
                chosen.push(Chosen { feed: number, trip, when });
            }
        }
    }
    if !chosen.is_empty() {
        return Ok(chosen);
    }
    let why = match (fits, in_band) {
        (0, _) if !wanted.pattern.is_empty() => {
            format!(
                "no trip runs on the pattern {}; {}",
                wanted.pattern.join(" > "),
                ends.advice(&wanted.pattern)
            )
        }
        (0, _) => "no trip fits all of its words".to_owned(),
        (_, false) => format!(
            "none of the {fits} trips leaves then: the first departure is at {first}, the last at {last}"
        ),
        (_, true) => "none of the trips that fit runs on these days, or each is taken out already".to_owned(),
    };
    Err(ScenarioError::NothingChanged { modification: modification.to_owned(), why })
}

/// A band as departures on some dates.
pub(super) fn within(band: Band, dates: Arc<[Date]>) -> Departures {
    Departures { dates, from: band.from.unwrap_or(EVER.0), until: band.until.unwrap_or(EVER.1) }
}

/// frequencies.txt by trip.
pub(super) fn by_trip(feed: &Feed) -> BTreeMap<u32, Vec<Frequency>> {
    let mut rows: BTreeMap<u32, Vec<Frequency>> = BTreeMap::new();
    feed.frequencies.iter().for_each(|row| rows.entry(row.trip).or_default().push(*row));
    rows
}

/// Whether a route is one of those that are named, by an operator that is named.
pub fn fits_route(wanted: &Trips, route: &Route) -> bool {
    any_of(&wanted.routes, |name| is_route(route, name))
        && any_of(&wanted.operators, |name| same(name, &route.agency))
}

fn is_route(route: &Route, name: &str) -> bool {
    same(name, &route.name) || same(name, &route.long_name) || route.id == name
}

fn any_of(names: &[String], fits: impl Fn(&String) -> bool) -> bool {
    names.is_empty() || names.iter().any(fits)
}

pub(super) fn same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// The first and the last departure of a trip from its first stop.
fn departures(feed: &Feed, trip: u32, frequencies: &[Frequency]) -> (ServiceTime, ServiceTime) {
    let own = feed.calls[feed.trips[trip as usize].calls.start as usize].departure;
    let first = frequencies.iter().map(|row| row.start).min();
    // The last is before the end.
    let last = frequencies.iter().map(|row| ServiceTime(row.end.0 - 1)).max();
    first.zip(last).unwrap_or((own, own))
}

fn overlap((first, last): (ServiceTime, ServiceTime), band: Band) -> bool {
    band.from.is_none_or(|from| last >= from) && band.until.is_none_or(|until| first < until)
}

/// Whether any of the departures runs as things stand. Of a headway service it is the first and last that are looked at.
fn still_runs(feed: &Feed, trip: u32, (first, last): (ServiceTime, ServiceTime), when: &Departures) -> bool {
    let Some(change) = feed.changes.get(&trip) else { return !when.dates.is_empty() };
    let last = if when.until == EVER.1 { last } else { last.min(ServiceTime(when.until.0 - 1)) };
    when.dates.iter().any(|date| change.runs(*date, first.max(when.from)) || change.runs(*date, last))
}

/// Every name that is given has to be there, each by itself.
fn known(feeds: &[Feed], wanted: &Trips, modification: &str) -> Result<(), ScenarioError> {
    let no_such = |what, name: &str, place: String, known: Vec<String>| ScenarioError::NoSuch {
        modification: modification.to_owned(),
        what,
        name: name.to_owned(),
        place,
        advice: advice(name, known),
    };
    let all: Vec<&str> = feeds.iter().map(|feed| feed.name.as_str()).collect();
    if let Some(name) = wanted.feed.as_ref().filter(|name| !all.contains(&name.as_str())) {
        let known = all.iter().map(|&name| name.to_owned()).collect();
        return Err(no_such("feed", name, "the project".into(), known));
    }
    let feeds = || feeds.iter().filter(|feed| wanted.feed.as_ref().is_none_or(|name| *name == feed.name));
    let place = || feeds().map(|feed| feed.name.as_str()).collect::<Vec<_>>().join(", ");
    let routes = || feeds().flat_map(|feed| &feed.routes);
    for name in &wanted.operators {
        if !routes().any(|route| same(name, &route.agency)) {
            return Err(no_such(
                "operator",
                name,
                place(),
                routes().map(|route| route.agency.clone()).collect(),
            ));
        }
    }
    for name in &wanted.routes {
        if !routes().any(|route| is_route(route, name)) {
            return Err(no_such("route", name, place(), routes().map(|route| route.name.clone()).collect()));
        }
    }
    for name in &wanted.headsigns {
        let signs = || feeds().flat_map(|feed| &feed.trips).filter_map(|trip| trip.headsign.clone());
        if !signs().any(|sign| same(name, &sign)) {
            return Err(no_such("headsign", name, place(), signs().collect()));
        }
    }
    for name in wanted.stops.iter().chain(&wanted.pattern) {
        let there = |feed: &Feed| (0u32..).zip(&feed.stops).any(|(stop, _)| is_stop(feed, stop, name));
        if !feeds().any(there) {
            let stops = feeds().flat_map(|feed| &feed.stops).map(|stop| stop.name.clone());
            return Err(no_such("stop", name, place(), stops.collect()));
        }
    }
    for name in &wanted.trips {
        let trips = || feeds().flat_map(|feed| &feed.trips);
        if !trips().any(|trip| trip.id == *name) {
            return Err(no_such("trip", name, place(), trips().map(|trip| trip.id.clone()).collect()));
        }
    }
    Ok(())
}
