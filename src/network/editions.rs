//! Feeds that may be two editions of one operator's timetable, whose vehicles would add up.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::vehicles::{Departing, counted_as};
use crate::inputs::gtfs::{Feed, Route};

/// A line calls in the same area in both feeds if it calls in one cell of this size in both,
/// degrees: some 500 m.
const CELL: f64 = 0.005;

/// An operator, the name that passengers know, and what runs.
type EditionLine = (String, String, &'static str);
type CoveredCells = BTreeSet<(i64, i64)>;

/// Two feeds with the same operators' lines in the same area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SameLines {
    feeds: (usize, usize),
    /// Whose they are.
    pub operators: BTreeSet<String>,
    /// How many lines each has.
    pub of: (usize, usize),
    shared: BTreeSet<EditionLine>,
}

impl SameLines {
    /// Of two of the feeds, by their positions, on a date or on all dates: if they share half of
    /// the lines or more of the one that has fewer.
    pub fn of(feeds: &[Feed], (one, other): (usize, usize), on: Option<Date>) -> Option<SameLines> {
        let (a, b) = (lines(&feeds[one], on), lines(&feeds[other], on));
        let meet = |line: &EditionLine, cells: &CoveredCells| {
            b.get(line).is_some_and(|theirs| !cells.is_disjoint(theirs))
        };
        let shared: BTreeSet<EditionLine> = a
            .iter()
            .filter(|(line, cells)| meet(line, cells))
            .map(|(line, _)| line.clone())
            .collect();
        let lines = (a.len(), b.len());
        if shared.is_empty() || shared.len() * 2 < lines.0.min(lines.1) {
            return None;
        }
        let names = feeds[one].routes.iter().filter(|route| shared.contains(&line_of(route)));
        let operators = names.map(|route| route.agency.clone()).collect();
        Some(SameLines { feeds: (one, other), operators, of: lines, shared })
    }

    /// How many lines both have.
    pub fn lines(&self) -> usize {
        self.shared.len()
    }

    /// Of the shared lines on a date: how many vehicles of the one feed and of the other, and how
    /// many are the same to the second.
    pub fn vehicles(&self, feeds: &[Feed], on: Date) -> SharedVehicles {
        let (one, other) = self.feeds;
        let departing = [one, other].into_iter().flat_map(|number| {
            let feed = &feeds[number];
            let is_shared = |trip: &u32| {
                self.shared
                    .contains(&line_of(&feed.routes[feed.trips[*trip as usize].route as usize]))
            };
            running(feed, Some(on)).filter(is_shared).map(move |trip| {
                let at = feed.calls[feed.trips[trip as usize].calls.start as usize].departure;
                Departing { feed: number, trip, date: on, at }
            })
        });
        let departing: Vec<Departing> = departing.collect();
        let mut found = SharedVehicles::default();
        let mut same: BTreeSet<usize> = BTreeSet::new();
        for ((number, run), vehicle) in
            departing.iter().enumerate().zip(counted_as(feeds, &departing))
        {
            match (run.feed == one, vehicle == number) {
                (true, true) => found.one += 1,
                (false, true) => found.other += 1,
                // Once, however many copies of it the other feed has.
                (false, false) if departing[vehicle].feed == one => drop(same.insert(vehicle)),
                _ => {}
            }
        }
        found.other += same.len();
        SharedVehicles { same: same.len(), ..found }
    }
}

/// Vehicles of lines that two feeds share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SharedVehicles {
    /// Of the one feed.
    pub one: usize,
    /// Of the other.
    pub other: usize,
    /// Of these: how many of the other are the one's to the second.
    pub same: usize,
}

fn running(feed: &Feed, on: Option<Date>) -> impl Iterator<Item = u32> + '_ {
    let runs: Vec<bool> = feed
        .services
        .iter()
        .map(|service| on.map_or(!service.dates.is_empty(), |date| service.runs_on(date)))
        .collect();
    (0u32..)
        .zip(&feed.trips)
        .filter(move |(_, trip)| runs[trip.service as usize])
        .map(|(trip, _)| trip)
}

/// Each line with the cells that it calls in.
fn lines(feed: &Feed, on: Option<Date>) -> BTreeMap<EditionLine, CoveredCells> {
    let mut stops: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for trip in running(feed, on) {
        let row = &feed.trips[trip as usize];
        let calls = &feed.calls[row.calls.start as usize..row.calls.end as usize];
        stops.entry(row.route).or_default().extend(calls.iter().map(|call| call.stop));
    }
    let mut lines: BTreeMap<EditionLine, CoveredCells> = BTreeMap::new();
    for (route, stops) in stops {
        let points = stops.iter().filter_map(|stop| feed.stops[*stop as usize].point);
        #[expect(clippy::cast_possible_truncation, reason = "degrees are in range")]
        let cell = |degrees: f64| (degrees / CELL).floor() as i64;
        let cells = points.map(|point| (cell(point.lon()), cell(point.lat())));
        lines.entry(line_of(&feed.routes[route as usize])).or_default().extend(cells);
    }
    lines
}

fn line_of(route: &Route) -> EditionLine {
    let plain = |text: &str| text.trim().to_lowercase();
    (plain(&route.agency), plain(route.known_as()), route.mode())
}
