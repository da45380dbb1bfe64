//! What differs between two timetables on two days.
//!
//! A trip is the same if it calls at the same stops at the same times, whatever it is called: feeds give trips, services and
//! even routes new ids from one release to the next. Stops are matched by their id, else by their name and place.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::restore::RouteName;
use crate::geometry::LonLat;
use crate::ids::{Idx, IdxVec, StopIdx};
use crate::network::calendar::{CalendarError, Clock};
use crate::routing::network::{Network, Service};
use crate::units::ServiceTime;

/// Stops with the same id are the same up to this distance, metres.
const SAME_ID_M: f64 = 500.0;
/// Stops with the same name are the same up to this distance, metres.
const SAME_NAME_M: f64 = 50.0;

/// What became of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It no longer runs.
    Withdrawn,
    /// It did not run before.
    New,
    /// It has fewer trips.
    Fewer,
    /// It has more trips.
    More,
    /// It has as many trips, but not at the same times and stops.
    Retimed,
    /// All of its trips run under another name.
    Renamed,
    /// Nothing, whatever ids it has.
    Same,
}

impl Fate {
    /// As outputs spell it.
    pub fn name(self) -> &'static str {
        match self {
            Fate::Withdrawn => "withdrawn",
            Fate::New => "new",
            Fate::Fewer => "fewer",
            Fate::More => "more",
            Fate::Retimed => "retimed",
            Fate::Renamed => "renamed",
            Fate::Same => "same",
        }
    }
}

/// A route on both days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteDiff {
    /// Operator and name.
    pub route: RouteName,
    /// Trips before.
    pub before: usize,
    /// Trips after.
    pub after: usize,
    /// Trips that are the same under this name.
    pub same: usize,
    /// Where trips of this name before run after, or those after ran before.
    pub renamed: BTreeSet<RouteName>,
    /// How many those are.
    pub moved: usize,
    /// What became of it.
    pub fate: Fate,
}

/// A stop with the vehicles that can be boarded there, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopDiff {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Departures before.
    pub before: usize,
    /// Departures after.
    pub after: usize,
}

/// Two days of two timetables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayDiff {
    /// The date before.
    pub before: jiff::civil::Date,
    /// The date after.
    pub after: jiff::civil::Date,
    /// By operator and name.
    pub routes: Vec<RouteDiff>,
    /// Trips by the hour in which they leave their first stop, 24 and more for the night: before and after.
    pub hours: BTreeMap<i32, (usize, usize)>,
    /// By id, those with any departure.
    pub stops: Vec<StopDiff>,
}

/// A timetable on a date.
pub struct Day<'a> {
    /// Streets, stops and feeds.
    pub network: &'a Network,
    /// The date.
    pub clock: &'a Clock,
}

/// A stop whichever side it is on, and a moment: when a vehicle arrives and when it leaves.
type Signature = Vec<(u32, i32, i32)>;

struct Trips {
    routes: Vec<(RouteName, Signature)>,
    hours: BTreeMap<i32, usize>,
    departures: BTreeMap<u32, usize>,
}

/// Compares two days.
///
/// # Errors
/// If a feed's timezone is unknown.
pub fn diff(before: &Day, after: &Day, service: &Service) -> Result<DayDiff, CalendarError> {
    let identity = identity(before.network, after.network);
    let as_is: IdxVec<StopIdx, u32> = before.network.stops.indices().map(|stop| stop.0).collect();
    let (old, new) = (trips(before, &as_is, service)?, trips(after, &identity, service)?);
    let mut hours: BTreeMap<i32, (usize, usize)> = BTreeMap::new();
    old.hours.iter().for_each(|(hour, n)| hours.entry(*hour).or_default().0 += n);
    new.hours.iter().for_each(|(hour, n)| hours.entry(*hour).or_default().1 += n);
    let mut departures: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    old.departures.iter().for_each(|(stop, n)| departures.entry(*stop).or_default().0 += n);
    new.departures.iter().for_each(|(stop, n)| departures.entry(*stop).or_default().1 += n);
    let mut names: FxHashMap<u32, (String, String)> = FxHashMap::default();
    for (network, numbers) in [(after.network, &identity), (before.network, &as_is)] {
        for (stop, number) in numbers.enumerate() {
            let row = network.stop(stop);
            names.insert(*number, (row.id.clone(), row.name.clone()));
        }
    }
    let mut stops: Vec<StopDiff> = departures
        .into_iter()
        .map(|(stop, (before, after))| {
            let (id, name) = names.get(&stop).cloned().unwrap_or_default();
            StopDiff { id, name, before, after }
        })
        .collect();
    stops.sort_by(|a, b| (&a.id, &a.name).cmp(&(&b.id, &b.name)));
    let (before, after) = (before.clock.date(), after.clock.date());
    Ok(DayDiff { before, after, routes: routes(&old, &new), hours, stops })
}

fn trips(day: &Day, number: &IdxVec<StopIdx, u32>, service: &Service) -> Result<Trips, CalendarError> {
    let (from, until) = (ServiceTime::hms(-12, 0, 0), ServiceTime::hms(96, 0, 0));
    let timetable = day.network.runs_between(day.clock, from, until, service, 0)?;
    let mut all = Trips { routes: Vec::new(), hours: BTreeMap::new(), departures: BTreeMap::new() };
    for (run, row) in timetable.runs.enumerate().filter(|(_, row)| row.date == day.clock.date()) {
        let feed = &day.network.feeds[row.feed.at()];
        let route = &feed.routes[row.route as usize];
        let calls = timetable.calls_of(run);
        // What nobody can use is not there: a trip may pass stops it no longer serves.
        let open = calls.iter().filter(|call| call.board || call.alight);
        let signature: Signature = open.map(|c| (number[c.stop], c.arrival.0, c.departure.0)).collect();
        if let Some(first) = calls.iter().find(|call| call.board) {
            *all.hours.entry(first.departure.0.div_euclid(3600)).or_default() += 1;
        }
        for call in calls.iter().filter(|call| call.board) {
            *all.departures.entry(number[call.stop]).or_default() += 1;
        }
        all.routes.push(((route.agency.clone(), route.name.clone()), signature));
    }
    Ok(all)
}

/// For each stop after its number before, or one of its own.
fn identity(before: &Network, after: &Network) -> IdxVec<StopIdx, u32> {
    let mut by_id: FxHashMap<&str, Vec<StopIdx>> = FxHashMap::default();
    let mut by_name: FxHashMap<&str, Vec<StopIdx>> = FxHashMap::default();
    for stop in before.stops.indices() {
        let row = before.stop(stop);
        by_id.entry(&row.id).or_default().push(stop);
        by_name.entry(&row.name).or_default().push(stop);
    }
    let far = |a: Option<LonLat>, b: Option<LonLat>| {
        a.zip(b).map(|(a, b)| {
            let projection = before.streets.projection;
            projection.project(a).distance(projection.project(b)).0
        })
    };
    let own = |stop: StopIdx| u32::try_from(before.stops.len() + stop.at()).unwrap_or(u32::MAX);
    let find = |stop: StopIdx| {
        let row = after.stop(stop);
        let nearest = |known: Option<&Vec<StopIdx>>, within: f64| {
            let near = known.into_iter().flatten().filter_map(|other| {
                let metres = far(before.stop(*other).point, row.point);
                // Where neither is anywhere the id alone has to do.
                Some((metres.unwrap_or(0.0), *other)).filter(|(metres, _)| *metres <= within)
            });
            near.min_by(|(a, x), (b, y)| a.total_cmp(b).then(x.cmp(y))).map(|(_, other)| other)
        };
        let same = nearest(by_id.get(row.id.as_str()), SAME_ID_M);
        let same = same.or_else(|| nearest(by_name.get(row.name.as_str()), SAME_NAME_M));
        same.map_or_else(|| own(stop), |other| other.0)
    };
    after.stops.indices().map(find).collect()
}

fn routes(old: &Trips, new: &Trips) -> Vec<RouteDiff> {
    type Sides<'a> = (Vec<&'a RouteName>, Vec<&'a RouteName>);
    let mut alike: BTreeMap<&Signature, Sides> = BTreeMap::new();
    old.routes.iter().for_each(|(route, signature)| alike.entry(signature).or_default().0.push(route));
    new.routes.iter().for_each(|(route, signature)| alike.entry(signature).or_default().1.push(route));
    let mut found: BTreeMap<&RouteName, RouteDiff> = BTreeMap::new();
    let blank = |route: &RouteName| RouteDiff {
        route: route.clone(),
        before: 0,
        after: 0,
        same: 0,
        renamed: BTreeSet::new(),
        moved: 0,
        fate: Fate::Same,
    };
    for (mut before, mut after) in alike.into_values() {
        before.iter().for_each(|route| found.entry(route).or_insert_with(|| blank(route)).before += 1);
        after.iter().for_each(|route| found.entry(route).or_insert_with(|| blank(route)).after += 1);
        before.retain(|route| {
            let Some(at) = after.iter().position(|other| other == route) else { return true };
            after.swap_remove(at);
            found.entry(route).or_insert_with(|| blank(route)).same += 1;
            false
        });
        after.sort_unstable();
        before.sort_unstable();
        for (from, to) in before.into_iter().zip(after) {
            for (one, other) in [(from, to), (to, from)] {
                let one = found.entry(one).or_insert_with(|| blank(one));
                one.renamed.insert(other.clone());
                one.moved += 1;
            }
        }
    }
    found.into_values().map(|diff| RouteDiff { fate: fate(&diff), ..diff }).collect()
}

fn fate(diff: &RouteDiff) -> Fate {
    match (diff.before, diff.after) {
        (before, 0) if diff.moved == before => Fate::Renamed,
        (0, after) if diff.moved == after => Fate::Renamed,
        (_, 0) => Fate::Withdrawn,
        (0, _) => Fate::New,
        (before, after) if diff.same == before && before == after => Fate::Same,
        (before, after) if after < before => Fate::Fewer,
        (before, after) if after > before => Fate::More,
        _ => Fate::Retimed,
    }
}
