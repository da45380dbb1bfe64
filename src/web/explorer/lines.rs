//! The lines that can be ticked, and the cuts that ticks mean.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use crate::ids::{FeedIdx, Idx};
use crate::inputs::gtfs::{Feed, Trip};
use crate::inputs::project::Modification;
use crate::inputs::project::scenarios::{KeyValue, TripSelection};
use crate::network::stops::StopRef;
use crate::network::vehicles::{Departing, counted_as};
use crate::routing::network::Network;
use crate::scenario::fits_route;
use crate::scenario::route_names::LineNames;
use crate::web::{ExplorerCut, ExplorerLine, Refusal};

/// Hours of the service day that can be ticked.
const HOURS: std::ops::RangeInclusive<u8> = 4..=27;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A line with the words that mean it and nothing else.
pub(super) struct CutLine {
    /// As the page shows it.
    pub shown: ExplorerLine,
    /// Its routes.
    which: Which,
    /// What chooses its routes.
    by: RouteSelector,
    /// The operator, where that alone would mean other lines too.
    operator: Option<String>,
}

/// By what routes are chosen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum RouteSelector {
    /// Names.
    Names(Vec<String>),
    /// Ids in their feed.
    Ids(Vec<String>),
}

impl RouteSelector {
    /// Routes that are chosen so, by this operator.
    fn trips(&self, operator: Option<&String>) -> TripSelection {
        let operators = operator.into_iter().cloned().collect();
        match self.clone() {
            RouteSelector::Names(routes) => {
                TripSelection { routes, operators, ..TripSelection::default() }
            }
            RouteSelector::Ids(route_ids) => {
                TripSelection { route_ids, operators, ..TripSelection::default() }
            }
        }
    }

    fn words(&self) -> &[String] {
        match self {
            RouteSelector::Names(words) | RouteSelector::Ids(words) => words,
        }
    }
}

type Which = BTreeSet<(usize, usize)>;

/// The lines of a network by operator and name, with the vehicles that each has on a date. Left out
/// is one that cannot be ridden on the map, whose loss nobody there would feel, and one that no
/// words tell from others.
pub(super) fn lines(network: &Network, date: Option<Date>) -> Vec<CutLine> {
    let feeds = &*network.feeds;
    let names = LineNames::of(feeds);
    let vehicles = date.map_or_else(BTreeMap::new, |date| vehicles_by_route(feeds, date));
    let stops = network.stops.indices().filter(|stop| !network.board_snaps(*stop).is_empty());
    let on_map: FxHashSet<StopRef> = stops.map(|stop| network.stops.source(stop)).collect();
    let mut routes: BTreeMap<(&str, &str), Which> = BTreeMap::new();
    for (at, feed) in feeds.iter().enumerate() {
        for (number, route) in feed.routes.iter().enumerate() {
            routes.entry((&route.agency, &route.name)).or_default().insert((at, number));
        }
    }
    let mut lines: Vec<CutLine> = routes
        .into_iter()
        .filter_map(|(key, which)| line(feeds, &on_map, key, &which, &names))
        .collect();
    for line in &mut lines {
        let of = |at: &(usize, usize)| vehicles.get(at).copied().unwrap_or_default();
        line.shown.trips = line.which.iter().map(of).sum();
    }
    lines.sort_by_cached_key(|line| by_name(&line.shown));
    lines
}

/// `2` before `10`, and both before `A`.
fn by_name(line: &ExplorerLine) -> (u32, String, String) {
    let digits: String = line.name.chars().take_while(char::is_ascii_digit).collect();
    (digits.parse().unwrap_or(u32::MAX), line.name.clone(), line.operator.clone())
}

/// By feed and route: the vehicles of a date, by the routes that they are counted for.
fn vehicles_by_route(feeds: &[Feed], date: Date) -> BTreeMap<(usize, usize), usize> {
    let departing = feeds.iter().enumerate().flat_map(|(feed, of)| {
        let running = (0u32..)
            .zip(&of.trips)
            .filter(move |(_, row)| of.services[row.service as usize].runs_on(date));
        running.map(move |(trip, row)| {
            let at = of.calls[row.calls.start as usize].departure;
            Departing { feed, trip, date, at }
        })
    });
    let departing: Vec<Departing> = departing.collect();
    let mut vehicles = BTreeMap::new();
    let counted = counted_as(feeds, &departing);
    let mut by_headway: BTreeMap<(usize, u32), usize> = BTreeMap::new();
    for (feed, row) in feeds
        .iter()
        .enumerate()
        .flat_map(|(at, feed)| feed.frequencies.iter().map(move |row| (at, row)))
    {
        let span = row.end.since(row.start).map_or(0, |span| span.get());
        *by_headway.entry((feed, row.trip)).or_default() +=
            span.div_ceil(row.headway.get().max(1)) as usize;
    }
    for (_, one) in departing.iter().enumerate().filter(|(number, _)| counted[*number] == *number) {
        let feed = &feeds[one.feed];
        let route = feed.trips[one.trip as usize].route as usize;
        let departures = by_headway.get(&(one.feed, one.trip)).copied().unwrap_or(1);
        *vehicles.entry((one.feed, route)).or_default() += departures;
    }
    vehicles
}

fn line(
    feeds: &[Feed],
    on_map: &FxHashSet<StopRef>,
    (agency, name): (&str, &str),
    which: &Which,
    names: &LineNames,
) -> Option<CutLine> {
    let ours = feeds.iter().enumerate().flat_map(|(at, feed)| {
        let ours = feed.trips.iter().filter(move |trip| which.contains(&(at, trip.route as usize)));
        ours.map(move |trip| (at, feed, trip))
    });
    let rides = |(at, feed, trip): &(usize, &Feed, &Trip)| {
        let calls = &feed.calls[trip.calls.start as usize..trip.calls.end as usize];
        let stop = |stop| StopRef { feed: FeedIdx::new(*at), stop };
        calls.iter().filter(|call| on_map.contains(&stop(call.stop))).count() > 1
    };
    if !ours.clone().any(|trip| rides(&trip)) {
        return None;
    }
    let long_name = which.iter().map(|(at, number)| &feeds[*at].routes[*number].long_name);
    let long_name = long_name.filter(|long| *long != name).max().cloned().unwrap_or_default();
    let ids: Vec<String> =
        which.iter().map(|(at, number)| feeds[*at].routes[*number].id.clone()).collect();
    let first = which.iter().map(|(at, number)| &feeds[*at].routes[*number]).next()?;
    let shown = names.name(first);
    let names = [first.known_as(), name].map(|name| RouteSelector::Names(vec![name.to_owned()]));
    let operator = (!agency.trim().is_empty() && !agency.contains(';')).then(|| agency.to_owned());
    let choices = names.into_iter().chain([RouteSelector::Ids(ids)]);
    let choices = choices.flat_map(|by| [(by.clone(), None), (by, operator.clone())]);
    let (by, operator) = choices
        .into_iter()
        .find(|(by, operator)| means(feeds, by, operator) == Some(which.clone()))?;
    let shown =
        ExplorerLine { name: shown.to_owned(), operator: agency.to_owned(), long_name, trips: 0 };
    Some(CutLine { shown, which: which.clone(), by, operator })
}

/// The routes that these words mean; none if they cannot be written.
fn means(feeds: &[Feed], by: &RouteSelector, operator: &Option<String>) -> Option<Which> {
    if by.words().iter().any(|name| name.trim().is_empty() || name.contains([',', ';'])) {
        return None;
    }
    let wanted = by.trips(operator.as_ref());
    let of = |(at, feed): (usize, &Feed)| {
        let fits = feed.routes.iter().enumerate().filter(|(_, route)| fits_route(&wanted, route));
        fits.map(|(number, _)| (at, number)).collect::<Vec<_>>()
    };
    Some(feeds.iter().enumerate().flat_map(of).collect())
}

/// What the ticks mean: a cut for each operator that has to be named, and for each band of hours.
pub(super) fn modifications(
    lines: &[CutLine],
    cuts: &[ExplorerCut],
) -> Result<Vec<Modification>, Refusal> {
    let mut all = Vec::new();
    for cut in cuts {
        let bands = bands(&cut.hours)?;
        let days = days(&cut.days)?;
        for routes in routes(lines, &cut.lines)? {
            for band in &bands {
                let words: Vec<KeyValue> =
                    routes.iter().chain(band).chain(&days).cloned().collect();
                all.push(
                    Modification::new("cut", words)
                        .map_err(|bad| Refusal::Unfit(bad.to_string()))?,
                );
            }
        }
    }
    Ok(all)
}

fn pair(key: &str, values: Vec<String>) -> KeyValue {
    KeyValue { key: key.to_owned(), values }
}

fn routes(lines: &[CutLine], ticked: &[usize]) -> Result<Vec<Vec<KeyValue>>, Refusal> {
    let mut by_operator: BTreeMap<(Option<&String>, &'static str), Vec<String>> = BTreeMap::new();
    let ticked: BTreeSet<usize> = ticked.iter().copied().collect();
    for number in ticked {
        let no_such = || Refusal::Unfit("there is no such line".to_owned());
        let line = lines.get(number).ok_or_else(no_such)?;
        let key = if matches!(line.by, RouteSelector::Names(_)) { "route" } else { "route_id" };
        let words = by_operator.entry((line.operator.as_ref(), key)).or_default();
        words.extend(line.by.words().iter().cloned());
    }
    if by_operator.is_empty() {
        return Ok(vec![Vec::new()]);
    }
    let words = by_operator.into_iter().map(|((operator, key), routes)| {
        let operator = operator.map(|operator| pair("operator", vec![operator.clone()]));
        std::iter::once(pair(key, routes)).chain(operator).collect()
    });
    Ok(words.collect())
}

/// Hours that follow each other are one band; all of them, or none, are no restriction.
fn bands(hours: &[u8]) -> Result<Vec<Vec<KeyValue>>, Refusal> {
    let hours: BTreeSet<u8> = hours.iter().copied().collect();
    if hours.iter().any(|hour| !HOURS.contains(hour)) {
        return Err(Refusal::Unfit("hours are those of the service day, 4 to 27".to_owned()));
    }
    if hours.is_empty() || hours.len() == HOURS.count() {
        return Ok(vec![Vec::new()]);
    }
    let mut spans: Vec<(u8, u8)> = Vec::new();
    for hour in hours {
        match spans.last_mut() {
            Some((_, until)) if *until == hour => *until = hour + 1,
            _ => spans.push((hour, hour + 1)),
        }
    }
    let clock = |hour: u8| format!("{hour:02}:00");
    let words = |(from, until): (u8, u8)| match (from > *HOURS.start(), until <= *HOURS.end()) {
        // The ends are open: what leaves before the first hour or after the last one belongs to it.
        (true, true) => pair("between", vec![format!("{}-{}", clock(from), clock(until))]),
        (true, false) => pair("after", vec![clock(from)]),
        (false, _) => pair("before", vec![clock(until)]),
    };
    Ok(spans.into_iter().map(|span| vec![words(span)]).collect())
}

fn days(ticked: &[u8]) -> Result<Vec<KeyValue>, Refusal> {
    let ticked: BTreeSet<u8> = ticked.iter().copied().collect();
    let names: Option<Vec<String>> =
        ticked.iter().map(|day| DAYS.get(usize::from(*day)).map(|&name| name.to_owned())).collect();
    match names {
        None => Err(Refusal::Unfit("days are numbered from 0, Monday, to 6".to_owned())),
        Some(names) if names.is_empty() || names.len() == DAYS.len() => Ok(Vec::new()),
        Some(names) => Ok(vec![pair("days", names)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cut: ExplorerCut) -> Vec<String> {
        let line = |name: &str, operator: Option<&str>| CutLine {
            shown: ExplorerLine {
                name: name.into(),
                operator: "x".into(),
                long_name: String::new(),
                trips: 1,
            },
            which: Which::new(),
            by: RouteSelector::Names(vec![name.to_owned()]),
            operator: operator.map(str::to_owned),
        };
        let lines = [line("1", None), line("2", None), line("2", Some("Bloggs = Sons"))];
        let cuts = modifications(&lines, &[cut]).expect("can be written");
        cuts.iter().map(Modification::to_string).collect()
    }

    #[test]
    fn ticks_become_the_words_of_a_project_file() {
        let (lines, hours, days) = (vec![0, 1], vec![19, 20, 23], vec![5, 6]);
        let both = [
            "cut route=1;2 between=19:00-21:00 days=sat;sun",
            "cut route=1;2 between=23:00-24:00 days=sat;sun",
        ];
        assert_eq!(written(ExplorerCut { lines, hours, days }), both);
        let named = ExplorerCut { lines: vec![2, 0], ..ExplorerCut::default() };
        assert_eq!(written(named), ["cut route=1", "cut route=2 operator=Bloggs = Sons"]);
    }

    #[test]
    fn the_first_and_the_last_hour_are_open_ended_and_all_hours_are_none() {
        let hours = |hours: Vec<u8>| {
            written(ExplorerCut { lines: vec![0], hours, ..ExplorerCut::default() })
        };
        assert_eq!(hours(vec![4, 5]), ["cut route=1 before=06:00"]);
        assert_eq!(hours((19..28).collect()), ["cut route=1 after=19:00"]);
        assert_eq!(hours((4..28).collect()), ["cut route=1"]);
        let bad = ExplorerCut { hours: vec![3], ..ExplorerCut::default() };
        assert!(modifications(&[], &[bad]).is_err());
        let bad = ExplorerCut { lines: vec![0], ..ExplorerCut::default() };
        assert!(modifications(&[], &[bad]).is_err(), "no such line");
        assert!(
            modifications(&[], &[ExplorerCut::default()]).is_err(),
            "a cut of everything is no cut"
        );
    }
}
