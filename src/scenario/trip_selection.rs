//! Which trips a modification is about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::error::{ScenarioError, advice};
use super::patterns::{Calls, PatternEnds, is_stop};
use super::route_names::{is_route, no_such_route, one_operator};
use crate::inputs::gtfs::{Feed, Frequency, Route, TripDepartures};
use crate::inputs::project::scenarios::{Band, TripSelection};
use crate::network::vehicles::{Courses, Departing, counted_as};
use crate::units::ServiceTime;

/// Before everything that leaves, and behind it.
pub(super) const EVER: (ServiceTime, ServiceTime) =
    (ServiceTime::new(-86_400), ServiceTime::new(10 * 86_400));

/// A trip with those of its departures that are chosen.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ChosenTrip {
    pub feed: usize,
    pub trip: u32,
    pub when: TripDepartures,
}

/// The trips that fit every word and have at least one departure that runs; some, or an error that
/// says which word fits nothing.
pub(super) fn choose(
    feeds: &[Feed],
    wanted: &TripSelection,
    modification: &str,
) -> Result<Vec<ChosenTrip>, ScenarioError> {
    known(feeds, wanted, modification)?;
    one_operator(feeds, wanted, modification)?;
    let mut chosen = Vec::new();
    let mut ends = PatternEnds::default();
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
                || !any_of(&wanted.headsigns, |sign| {
                    row.headsign.as_ref().is_some_and(|own| same(sign, own))
                })
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
                chosen.push(ChosenTrip { feed: number, trip, when });
            }
        }
    }
    if !chosen.is_empty() {
        with_copies(feeds, &mut chosen);
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
        (_, true) => {
            "none of the trips that fit runs on these days, or each is taken out already".to_owned()
        }
    };
    Err(ScenarioError::NothingChanged { modification: modification.to_owned(), why })
}

/// A vehicle that is published as several trips is chosen where one of them is: on the dates of
/// that one, the others are too.
fn with_copies(feeds: &[Feed], chosen: &mut Vec<ChosenTrip>) {
    let mut courses: BTreeMap<usize, Courses> = BTreeMap::new();
    let mut routes: BTreeMap<usize, BTreeSet<u32>> = BTreeMap::new();
    for one in chosen.iter() {
        routes.entry(one.feed).or_default().insert(feeds[one.feed].trips[one.trip as usize].route);
    }
    let by_words: BTreeSet<(usize, u32)> = chosen.iter().map(|one| (one.feed, one.trip)).collect();
    let mut copies: BTreeMap<(usize, u32), (BTreeSet<Date>, TripDepartures)> = BTreeMap::new();
    for one in chosen.iter() {
        let feed = &feeds[one.feed];
        let routes = &routes[&one.feed];
        let courses = courses
            .entry(one.feed)
            .or_insert_with(|| Courses::among(feed, |route| routes.contains(&route)));
        for other in
            courses.others(one.trip).filter(|other| !by_words.contains(&(one.feed, *other)))
        {
            let service = &feed.services[feed.trips[other as usize].service as usize];
            let dates = one.when.dates.iter().copied().filter(|date| service.runs_on(*date));
            copies
                .entry((one.feed, other))
                .or_insert_with(|| (BTreeSet::new(), one.when.clone()))
                .0
                .extend(dates);
        }
    }
    for ((feed, trip), (dates, when)) in
        copies.into_iter().filter(|(_, (dates, _))| !dates.is_empty())
    {
        let when = TripDepartures { dates: dates.into_iter().collect(), ..when };
        chosen.push(ChosenTrip { feed, trip, when });
    }
    chosen.sort_by_key(|one| (one.feed, one.trip));
}

/// The vehicles that the chosen trips are on each date on which they run as things stand: each with
/// its trips, the one it is counted as first. Of a trip in frequencies.txt its own times stand for
/// all its departures.
pub(super) fn vehicles_by_date(
    feeds: &[Feed],
    chosen: &[ChosenTrip],
) -> BTreeMap<Date, Vec<Vec<Departing>>> {
    let mut by_date: BTreeMap<Date, Vec<Departing>> = BTreeMap::new();
    for one in chosen {
        let feed = &feeds[one.feed];
        let at = feed.calls[feed.trips[one.trip as usize].calls.start as usize].departure;
        let change = feed.changes.get(&one.trip);
        for date in one.when.dates.iter() {
            if change.is_none_or(|change| change.runs(*date, at.max(one.when.from))) {
                let departing = Departing { feed: one.feed, trip: one.trip, date: *date, at };
                by_date.entry(*date).or_default().push(departing);
            }
        }
    }
    by_date.into_iter().map(|(date, departing)| (date, vehicles(feeds, &departing))).collect()
}

/// Departures by the vehicle that they are.
pub(super) fn vehicles(feeds: &[Feed], departing: &[Departing]) -> Vec<Vec<Departing>> {
    let mut vehicles: BTreeMap<usize, Vec<Departing>> = BTreeMap::new();
    for (one, vehicle) in departing.iter().zip(counted_as(feeds, departing)) {
        vehicles.entry(vehicle).or_default().push(*one);
    }
    vehicles.into_values().collect()
}

/// A band as departures on some dates.
pub(super) fn within(band: Band, dates: Arc<[Date]>) -> TripDepartures {
    TripDepartures { dates, from: band.from.unwrap_or(EVER.0), until: band.until.unwrap_or(EVER.1) }
}

/// frequencies.txt by trip.
pub(super) fn by_trip(feed: &Feed) -> BTreeMap<u32, Vec<Frequency>> {
    let mut rows: BTreeMap<u32, Vec<Frequency>> = BTreeMap::new();
    feed.frequencies.iter().for_each(|row| rows.entry(row.trip).or_default().push(*row));
    rows
}

/// Whether a route is one of those that are named, by an operator that is named.
pub fn fits_route(wanted: &TripSelection, route: &Route) -> bool {
    any_of(&wanted.routes, |name| is_route(route, name))
        && any_of(&wanted.route_ids, |id| route.id == *id)
        && any_of(&wanted.operators, |name| same(name, &route.agency))
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
    let last = frequencies.iter().map(|row| ServiceTime::new(row.end.get() - 1)).max();
    first.zip(last).unwrap_or((own, own))
}

fn overlap((first, last): (ServiceTime, ServiceTime), band: Band) -> bool {
    band.from.is_none_or(|from| last >= from) && band.until.is_none_or(|until| first < until)
}

/// Whether any of the departures runs as things stand. Of a headway service it is the first and
/// last that are looked at.
fn still_runs(
    feed: &Feed,
    trip: u32,
    (first, last): (ServiceTime, ServiceTime),
    when: &TripDepartures,
) -> bool {
    let Some(change) = feed.changes.get(&trip) else { return !when.dates.is_empty() };
    let last =
        if when.until == EVER.1 { last } else { last.min(ServiceTime::new(when.until.get() - 1)) };
    when.dates
        .iter()
        .any(|date| change.runs(*date, first.max(when.from)) || change.runs(*date, last))
}

/// Every name that is given has to be there, each by itself.
fn known(feeds: &[Feed], wanted: &TripSelection, modification: &str) -> Result<(), ScenarioError> {
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
    let feeds =
        || feeds.iter().filter(|feed| wanted.feed.as_ref().is_none_or(|name| *name == feed.name));
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
    let by = |route: &&Route| any_of(&wanted.operators, |name| same(name, &route.agency));
    for name in &wanted.routes {
        if !routes().filter(by).any(|route| is_route(route, name)) {
            return Err(no_such_route(feeds(), wanted, name, modification));
        }
    }
    for id in &wanted.route_ids {
        if !routes().filter(by).any(|route| route.id == *id) {
            let ids = routes().filter(by).map(|route| route.id.clone()).collect();
            return Err(no_such("route with the id", id, place(), ids));
        }
    }
    for name in &wanted.headsigns {
        let signs =
            || feeds().flat_map(|feed| &feed.trips).filter_map(|trip| trip.headsign.clone());
        if !signs().any(|sign| same(name, &sign)) {
            return Err(no_such("headsign", name, place(), signs().collect()));
        }
    }
    for name in wanted.stops.iter().chain(&wanted.pattern) {
        let there =
            |feed: &Feed| (0u32..).zip(&feed.stops).any(|(stop, _)| is_stop(feed, stop, name));
        if !feeds().any(there) {
            let stops = feeds().flat_map(|feed| &feed.stops).map(|stop| stop.name.clone());
            return Err(no_such("stop", name, place(), stops.collect()));
        }
    }
    for name in &wanted.trips {
        let trips = || feeds().flat_map(|feed| &feed.trips);
        if !trips().any(|trip| trip.id == *name) {
            return Err(no_such(
                "trip",
                name,
                place(),
                trips().map(|trip| trip.id.clone()).collect(),
            ));
        }
    }
    Ok(())
}
