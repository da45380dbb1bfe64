//! Dependency: what would be lost if the one most important line went.
//!
//! For each line the search is made again without it, and the jobs or places whose median travel
//! time is then within the cut-off are counted. The dependency of an origin is the greatest share
//! of what it reaches that any one line takes away with it, whether it is the line at the door or
//! one that is boarded after a change.
//!
//! What is left unsearched could not have changed anything: lines that cannot be boarded between
//! the first departure and the cut-off after the last one, and origins that reach no more by public
//! transport than on foot.
//!
//! A line is all routes of one agency with one name, in whatever feeds, so that variants and
//! doubled entries go together. Its trips are taken out as a scenario takes them out: they leave a
//! gap in their blocks, and join no two others.

use std::collections::BTreeSet;

use crate::ids::{Csr, FeedIdx, Idx, IdxVec, OriginIdx, PlaceIdx};
use crate::inputs::gtfs::Feed;
use crate::network::timetable::Timetable;
use crate::routing::DepartureWindow;
use crate::routing::network::NetworkError;
use crate::routing::query::departure_window::Departures;
use crate::routing::transit::raptor::range::Walks;
use crate::units::Seconds;

/// A line: agency and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PassengerLine {
    /// Who runs it.
    pub agency: String,
    /// What is written on it.
    pub name: String,
}

/// What an origin loses with its most important line.
#[derive(Clone, Debug, PartialEq)]
pub struct Dependency {
    /// The share of what it reaches, of 1.
    pub share: f64,
    /// Which line; an index into the lines asked about. None if no line takes anything away.
    pub line: Option<usize>,
}

/// What can be lost: destinations, and what each counts for.
#[derive(Clone, Copy)]
pub struct DependencyStake<'a> {
    /// The walks to them.
    pub walks: Walks<'a>,
    /// Jobs, or 1 for a place.
    pub worth: &'a IdxVec<PlaceIdx, f64>,
}

impl DependencyStake<'_> {
    /// The sum over the destinations whose median travel time is within the cut-off, for some of
    /// the origins.
    ///
    /// # Errors
    /// As [`Departures::of`].
    pub fn within(
        &self,
        departures: &Departures,
        origins: &[OriginIdx],
        cutoff: Seconds,
    ) -> Result<Vec<f64>, NetworkError> {
        let Walks { access, egress, direct } = self.walks;
        let access = Csr::from_rows(origins.iter().map(|origin| access[*origin].iter().copied()));
        let direct = Csr::from_rows(origins.iter().map(|origin| direct[*origin].iter().copied()));
        let walks = Walks { access: &access, egress, direct: &direct };
        let mut sums = vec![0.0; origins.len()];
        departures.travel_times(&walks, &mut sums, &|_| (), |_, sum, times| {
            times.percentiles(&[50], |place, median| {
                if median[0].is_some_and(|time| time <= cutoff) {
                    *sum += self.worth[place];
                }
            });
        })?;
        Ok(sums)
    }

    /// The sum over the destinations within the cut-off on foot, which no line takes away.
    pub fn on_foot(&self, origin: OriginIdx, cutoff: Seconds) -> f64 {
        let within = self.walks.direct[origin].iter().filter(|(_, walk)| *walk <= cutoff);
        within.map(|(place, _)| self.worth[*place]).sum()
    }

    /// The origins that could lose something of `before`, what each reaches with all lines.
    pub fn at_stake(&self, before: &[f64], cutoff: Seconds) -> Vec<OriginIdx> {
        let origins = (0..before.len()).map(OriginIdx::new);
        origins.filter(|origin| before[origin.at()] > self.on_foot(*origin, cutoff)).collect()
    }
}

/// The lines that can be boarded from the first departure of a window until a cut-off after the
/// last, in the order of their names.
pub fn lines_boarded(
    timetable: &Timetable,
    feeds: &[Feed],
    window: &DepartureWindow,
    cutoff: Seconds,
) -> Vec<PassengerLine> {
    let until = window.departure(window.departures.saturating_sub(1)) + cutoff;
    let mut routes: BTreeSet<(FeedIdx, u32)> = BTreeSet::new();
    for (run, row) in timetable.runs.enumerate() {
        let mut calls = timetable.calls_of(run).iter();
        if calls.any(|call| call.board && window.first <= call.departure && call.departure <= until)
        {
            routes.insert((row.feed, row.route));
        }
    }
    let lines =
        routes.into_iter().map(|(feed, route)| line_of(&feeds[feed.at()].routes[route as usize]));
    lines.collect::<BTreeSet<PassengerLine>>().into_iter().collect()
}

fn line_of(route: &crate::inputs::gtfs::Route) -> PassengerLine {
    let name = if route.name.is_empty() { &route.id } else { &route.name };
    PassengerLine { agency: route.agency.clone(), name: name.clone() }
}

/// Leaves out one line of some feeds at a time.
#[derive(Clone, Debug, Default)]
pub struct LineLeftOut {
    /// The trips that were taken out.
    trips: Vec<(FeedIdx, u32)>,
}

impl LineLeftOut {
    /// Leaves a line's trips out; the line that was left out before is back.
    pub fn leave_out(&mut self, feeds: &mut [Feed], line: &PassengerLine) {
        for (feed, trip) in self.trips.drain(..) {
            feeds[feed.at()].trips[trip as usize].withdrawn = false;
        }
        for (number, feed) in feeds.iter_mut().enumerate() {
            let of_line: Vec<bool> =
                feed.routes.iter().map(|route| line_of(route) == *line).collect();
            for (nth, trip) in (0u32..).zip(&mut feed.trips) {
                if of_line[trip.route as usize] && !trip.withdrawn {
                    self.trips.push((FeedIdx::new(number), nth));
                    trip.withdrawn = true;
                }
            }
        }
    }
}

/// The dependency of each origin: `before` is what it reaches with all lines, and `without` has for
/// each line the origins that it was left out for, with what they keep. `None` where there is
/// nothing to lose.
pub fn dependencies(before: &[f64], without: &[Vec<(OriginIdx, f64)>]) -> Vec<Option<Dependency>> {
    let none = |before: &f64| (*before > 0.0).then_some(Dependency { share: 0.0, line: None });
    let mut worst: Vec<Option<Dependency>> = before.iter().map(none).collect();
    for (line, kept) in without.iter().enumerate() {
        for (origin, kept) in kept {
            let before = before[origin.at()];
            if let Some(worst) = &mut worst[origin.at()] {
                let share = (before - kept) / before;
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
        let without =
            [vec![(origin(0), 60.0), (origin(1), 10.0)], vec![(origin(0), 30.0), (origin(2), 0.0)]];
        let found = dependencies(&[100.0, 10.0, 0.0, 5.0], &without);
        assert_eq!(found[0], Some(Dependency { share: 0.7, line: Some(1) }));
        assert_eq!(found[1], Some(Dependency { share: 0.0, line: None }), "it keeps all");
        assert_eq!(found[2], None, "nothing to lose");
        assert_eq!(found[3], Some(Dependency { share: 0.0, line: None }), "no line near");
    }

    #[test]
    fn a_line_left_out_is_withdrawn_and_comes_back() {
        use crate::inputs::gtfs::{Route, Service, Trip};
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
        let daily = Service { id: "daily".into(), dates: vec![jiff::civil::date(2026, 3, 10)] };
        let routes =
            vec![route("1", "Blue"), route("2", "Blue"), route("1", "Red"), route("1", "Blue")];
        let mut trips: Vec<Trip> = (0..4).map(trip).collect();
        trips.push(Trip { withdrawn: true, ..trip(2) });
        let mut feeds = [Feed { routes, trips, services: vec![daily], ..Feed::default() }];
        let runs =
            |feeds: &[Feed]| feeds[0].trips.iter().map(|trip| !trip.withdrawn).collect::<Vec<_>>();
        let line =
            |agency: &str, name: &str| PassengerLine { agency: agency.into(), name: name.into() };
        let mut left_out = LineLeftOut::default();
        assert_eq!(runs(&feeds), [true, true, true, true, false]);
        left_out.leave_out(&mut feeds, &line("Blue", "1"));
        assert_eq!(
            runs(&feeds),
            [false, true, true, false, false],
            "both routes of the line, not its namesake"
        );
        left_out.leave_out(&mut feeds, &line("Red", "1"));
        assert_eq!(runs(&feeds), [true, true, false, true, false]);
        left_out.leave_out(&mut feeds, &line("Blue", "2"));
        assert_eq!(
            runs(&feeds),
            [true, false, true, true, false],
            "what never ran does not come back"
        );
    }
}
