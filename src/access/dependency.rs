//! Dependency: what would be lost if the one most important line went.
//!
//! For each line that can be boarded within [`BOARDED_WITHIN`] of an origin in the window, the search is made again without that line, and
//! the jobs whose median travel time is then within the cut-off are counted. The dependency of the origin is the
//! greatest share of its jobs that any one line takes away with it. Lines that are first boarded after a change do not
//! come into question: they are not the line that people there wait for.
//!
//! A line is all routes of one agency with one name, in whatever feeds, so that variants and doubled entries go together.

use std::collections::BTreeMap;

use crate::ids::{Csr, FeedIdx, Idx, OriginIdx, StopIdx};
use crate::inputs::gtfs::{Feed, Service};
use crate::network::timetable::Timetable;
use crate::routing::Window;
use crate::routing::links::Link;
use crate::units::Seconds;

/// How far people walk to their line: 10 min.
pub const BOARDED_WITHIN: Seconds = Seconds::minutes(10);

/// A line: agency and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// Who runs it.
    pub agency: String,
    /// What is written on it.
    pub name: String,
}

/// What an origin loses with its most important line.
#[derive(Clone, Debug, PartialEq)]
pub struct Dependency {
    /// The share of its jobs, of 1.
    pub share: f64,
    /// Which line; an index into the lines asked about. None if no line takes anything away.
    pub line: Option<usize>,
}

/// The lines that can be boarded near each origin in the window, with those origins; in the order of their names.
pub fn lines_near(
    timetable: &Timetable,
    feeds: &[Feed],
    window: &Window,
    access: &Csr<OriginIdx, Link>,
) -> Vec<(Line, Vec<OriginIdx>)> {
    let end = window.departure(window.departures.saturating_sub(1)) + window.step;
    let names: Vec<Vec<Line>> = feeds.iter().map(|feed| feed.routes.iter().map(line_of).collect()).collect();
    let mut lines: BTreeMap<&Line, usize> = names.iter().flatten().map(|line| (line, 0)).collect();
    lines.values_mut().zip(0..).for_each(|(number, n)| *number = n);
    let mut boarded: Vec<(StopIdx, usize)> = Vec::new();
    for (run, row) in timetable.runs.enumerate() {
        let line = lines[&names[row.feed.at()][row.route as usize]];
        let calls = timetable.calls_of(run).iter();
        let calls = calls.filter(|call| call.board && window.first <= call.departure && call.departure < end);
        boarded.extend(calls.map(|call| (call.stop, line)));
    }
    boarded.sort_unstable();
    boarded.dedup();
    let at_stop: Csr<StopIdx, usize> = Csr::from_pairs(timetable.stops, boarded);
    let mut origins = vec![Vec::new(); lines.len()];
    for origin in (0..access.rows()).map(OriginIdx::new) {
        let near = access[origin].iter().filter(|link| link.walk <= BOARDED_WITHIN);
        let mut here: Vec<usize> = near.flat_map(|link| &at_stop[link.stop]).copied().collect();
        here.sort_unstable();
        here.dedup();
        here.into_iter().for_each(|line| origins[line].push(origin));
    }
    let all = lines.into_keys().cloned().zip(origins);
    all.filter(|(_, origins)| !origins.is_empty()).collect()
}

fn line_of(route: &crate::inputs::gtfs::Route) -> Line {
    let name = if route.name.is_empty() { &route.id } else { &route.name };
    Line { agency: route.agency.clone(), name: name.clone() }
}

/// Leaves out one line of some feeds at a time.
#[derive(Clone, Debug, Default)]
pub struct LeftOut {
    /// What was changed: feed, trip, and its service.
    changed: Vec<(FeedIdx, u32, u32)>,
}

impl LeftOut {
    /// Gives each feed a service that never runs; to be done once, before any line is left out.
    pub fn prepare(feeds: &mut [Feed]) -> LeftOut {
        feeds
            .iter_mut()
            .for_each(|feed| feed.services.push(Service { id: String::new(), dates: Vec::new() }));
        LeftOut::default()
    }

    /// Leaves a line's trips out; the line that was left out before is back.
    pub fn leave_out(&mut self, feeds: &mut [Feed], line: &Line) {
        for (feed, trip, service) in self.changed.drain(..) {
            feeds[feed.at()].trips[trip as usize].service = service;
        }
        for (number, feed) in feeds.iter_mut().enumerate() {
            let never = u32::try_from(feed.services.len()).unwrap_or(u32::MAX) - 1;
            let of_line: Vec<bool> = feed.routes.iter().map(|route| line_of(route) == *line).collect();
            for (nth, trip) in (0u32..).zip(&mut feed.trips) {
                if of_line[trip.route as usize] {
                    self.changed.push((FeedIdx::new(number), nth, trip.service));
                    trip.service = never;
                }
            }
        }
    }
}

/// The dependency of each origin: `before` are its jobs with all lines, and `without` has for each line the origins it was left
/// out for, with the jobs they keep. `None` where there are no jobs to lose.
pub fn dependencies(before: &[f64], without: &[Vec<(OriginIdx, f64)>]) -> Vec<Option<Dependency>> {
    let none = |jobs: &f64| (*jobs > 0.0).then_some(Dependency { share: 0.0, line: None });
    let mut worst: Vec<Option<Dependency>> = before.iter().map(none).collect();
    for (line, kept) in without.iter().enumerate() {
        for (origin, kept) in kept {
            let jobs = before[origin.at()];
            if let Some(worst) = &mut worst[origin.at()] {
                let share = (jobs - kept) / jobs;
                if share > worst.share {
                    *worst = Dependency { share, line: Some(line) };
                }
            }
        }
    }
    worst
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_loss_counts_and_names_its_line() {
        let origin = OriginIdx;
        let without = [vec![(origin(0), 60.0), (origin(1), 10.0)], vec![(origin(0), 30.0), (origin(2), 0.0)]];
        let found = dependencies(&[100.0, 10.0, 0.0, 5.0], &without);
        assert_eq!(found[0], Some(Dependency { share: 0.7, line: Some(1) }));
        assert_eq!(found[1], Some(Dependency { share: 0.0, line: None }), "it keeps all");
        assert_eq!(found[2], None, "nothing to lose");
        assert_eq!(found[3], Some(Dependency { share: 0.0, line: None }), "no line near");
    }

    #[test]
    fn a_line_left_out_runs_on_no_date_and_comes_back() {
        use crate::inputs::gtfs::{Route, Trip};
        let route = |name: &str, agency: &str| Route {
            id: "r".into(),
            name: name.into(),
            long_name: String::new(),
            agency: agency.into(),
            route_type: 3,
        };
        let trip = |route| Trip {
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
        let date = jiff::civil::date(2026, 3, 10);
        let daily = Service { id: "daily".into(), dates: vec![date] };
        let routes = vec![route("1", "Blue"), route("2", "Blue"), route("1", "Red"), route("1", "Blue")];
        let trips = (0..4).map(trip).collect();
        let mut feeds = [Feed { routes, trips, services: vec![daily], ..Feed::default() }];
        let runs = |feeds: &[Feed]| -> Vec<bool> {
            let feed = &feeds[0];
            feed.trips.iter().map(|trip| feed.services[trip.service as usize].runs_on(date)).collect()
        };
        let line = |agency: &str, name: &str| Line { agency: agency.into(), name: name.into() };
        let mut left_out = LeftOut::prepare(&mut feeds);
        assert_eq!(runs(&feeds), [true; 4]);
        left_out.leave_out(&mut feeds, &line("Blue", "1"));
        assert_eq!(runs(&feeds), [false, true, true, false], "both routes of the line, not its namesake");
        left_out.leave_out(&mut feeds, &line("Red", "1"));
        assert_eq!(runs(&feeds), [true, true, false, true]);
    }
}
