//! What differs between two timetables on two days.
//!
//! A trip is the same if it calls at the same stops at the same times, whatever it is called: feeds
//! give trips, services and even routes new ids from one release to the next. Stops are matched by
//! their id, else by their name and place. Routes are the same by operator and name, else by the
//! way they take: see [`matching`].

mod matching;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use self::matching::RouteVehicle;
use super::restore::RouteName;
use crate::access::boarded::{Boarded, DateVehicles};
use crate::ids::{Idx, IdxVec, RunIdx, StopIdx};
use crate::inputs::gtfs::{Route, Stop};
use crate::network::timetable::RunCall;
use crate::routing::network::Network;

/// Stops with the same id are the same up to this distance, metres.
const SAME_ID_M: f64 = 500.0;
/// Stops with the same name are the same up to this distance, metres.
const SAME_NAME_M: f64 = 50.0;

/// What became of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RouteFate {
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
    /// Each of its trips runs under another name, at the same times.
    Renamed,
    /// Nothing, whatever ids it has.
    Same,
}

impl RouteFate {
    /// As outputs spell it.
    pub fn name(self) -> &'static str {
        match self {
            RouteFate::Withdrawn => "withdrawn",
            RouteFate::New => "new",
            RouteFate::Fewer => "fewer",
            RouteFate::More => "more",
            RouteFate::Retimed => "retimed",
            RouteFate::Renamed => "renamed",
            RouteFate::Same => "same",
        }
    }
}

/// A route on both days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteDiff {
    /// Operator and name; those before, where it had others.
    pub route: RouteName,
    /// Its operator and name after, where it runs on under others.
    pub now: Option<RouteName>,
    /// Trips before.
    pub before: usize,
    /// Trips after.
    pub after: usize,
    /// Trips that are the same under this name.
    pub same: usize,
    /// Other routes that run some of its very trips on the other side.
    pub shared: BTreeSet<RouteName>,
    /// How many those are.
    pub moved: usize,
    /// What became of it.
    pub fate: RouteFate,
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

/// Two days of two timetables. Each vehicle counts once, however many trips it is published as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayDiff {
    /// The date before.
    pub before: jiff::civil::Date,
    /// The date after.
    pub after: jiff::civil::Date,
    /// By operator and name.
    pub routes: Vec<RouteDiff>,
    /// Routes that are left out everywhere else: between two timetables those that call nowhere on
    /// the map, before or after.
    pub off_map: Vec<RouteDiff>,
    /// Trips by the hour in which they leave their first stop, 24 and more for the night: before
    /// and after.
    pub hours: BTreeMap<i32, (usize, usize)>,
    /// By id, those with any departure; without those at which routes call that are left out.
    pub stops: Vec<StopDiff>,
}

/// Which routes are told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListedRoutes {
    /// All: whoever changes a route means it, wherever it runs.
    All,
    /// Those that call on the map before or after: a timetable may be a country's.
    OnTheMap,
}

/// A timetable on a date, with the vehicles that run on it.
pub struct DayTimetable<'a> {
    network: &'a Network,
    date: jiff::civil::Date,
    /// Their stops by the network's own numbers.
    vehicles: Vec<DayVehicle>,
}

impl<'a> DayTimetable<'a> {
    /// Of all that runs about a date.
    pub fn of(network: &'a Network, of_date: &DateVehicles) -> DayTimetable<'a> {
        DayTimetable { network, date: of_date.date, vehicles: vehicles(network, of_date) }
    }

    /// The vehicles with their stops by other numbers; none where the numbers are the same.
    fn renumbered(&self, number: &IdxVec<StopIdx, u32>) -> Option<Vec<DayVehicle>> {
        let same = number.enumerate().all(|(stop, number)| stop.0 == *number);
        let other = |stop: u32| number[StopIdx(stop)];
        let vehicle = |vehicle: &DayVehicle| DayVehicle {
            signature: vehicle.signature.iter().map(|at| (other(at.0), at.1, at.2)).collect(),
            boarded: vehicle.boarded.iter().map(|stop| other(*stop)).collect(),
            ..vehicle.clone()
        };
        (!same).then(|| self.vehicles.iter().map(vehicle).collect())
    }
}

/// A stop whichever side it is on, and a moment: when a vehicle arrives and when it leaves.
type Signature = Vec<(u32, i32, i32)>;

/// A vehicle of a day.
#[derive(Clone)]
struct DayVehicle {
    route: Arc<RouteName>,
    signature: Signature,
    /// The hour in which it first lets people on.
    hour: Option<i32>,
    /// Where it does, once for each time.
    boarded: Vec<u32>,
    /// Whether it lets anybody on or off on the map.
    on_map: bool,
}

/// Compares two days.
pub fn diff(before: &DayTimetable, after: &DayTimetable, told: ListedRoutes) -> DayDiff {
    let identity = same_stops(before.network, after.network);
    let as_is: IdxVec<StopIdx, u32> = before.network.stops.indices().map(|stop| stop.0).collect();
    let renumbered = after.renumbered(&identity);
    let sides = [&before.vehicles, renumbered.as_ref().unwrap_or(&after.vehicles)];
    let [old, new] = sides.map(|side| by_route(side));
    let on_map = sides.map(|side| {
        let told = side.iter().filter(|vehicle| told == ListedRoutes::All || vehicle.on_map);
        let mut seen = FxHashSet::default();
        let first = told.filter(|vehicle| seen.insert(Arc::as_ptr(&vehicle.route)));
        first.map(|vehicle| &*vehicle.route).collect::<BTreeSet<&RouteName>>()
    });
    let is_told = |route: &RouteDiff| {
        on_map[0].contains(&route.route)
            || on_map[1].contains(route.now.as_ref().unwrap_or(&route.route))
    };
    let (routes, off_map): (Vec<_>, Vec<_>) =
        matching::routes(&old, &new).into_iter().partition(is_told);
    let names = |now: bool| -> BTreeSet<RouteName> {
        let name = |route: &RouteDiff| {
            route.now.clone().filter(|_| now).unwrap_or_else(|| route.route.clone())
        };
        routes.iter().map(name).collect()
    };
    // Where a line calls that is left out, what the others do is half of the truth.
    let listed = [vehicles_of(sides[0], &names(false)), vehicles_of(sides[1], &names(true))];
    let left_out: FxHashSet<u32> = listed
        .iter()
        .flat_map(|(_, others)| others)
        .flat_map(|vehicle| vehicle.boarded.iter().copied())
        .collect();
    let mut hours: BTreeMap<i32, (usize, usize)> = BTreeMap::new();
    let mut departures: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for ((vehicles, _), after) in listed.iter().zip([false, true]) {
        let add = |both: &mut (usize, usize)| *(if after { &mut both.1 } else { &mut both.0 }) += 1;
        for vehicle in vehicles {
            vehicle.hour.iter().for_each(|hour| add(hours.entry(*hour).or_default()));
            let boarded = vehicle.boarded.iter().filter(|stop| !left_out.contains(stop));
            boarded.for_each(|stop| add(departures.entry(*stop).or_default()));
        }
    }
    let stops = named([(after.network, &identity), (before.network, &as_is)], departures);
    let (before, after) = (before.date, after.date);
    DayDiff { before, after, routes, off_map, hours, stops }
}

/// The vehicles of these routes, and all others. A name that vehicles share is looked up once.
fn vehicles_of<'v>(
    vehicles: &'v [DayVehicle],
    names: &BTreeSet<RouteName>,
) -> (Vec<&'v DayVehicle>, Vec<&'v DayVehicle>) {
    let mut known: FxHashMap<*const RouteName, bool> = FxHashMap::default();
    vehicles.iter().partition(|vehicle| {
        let name = &vehicle.route;
        *known.entry(Arc::as_ptr(name)).or_insert_with(|| names.contains(&**name))
    })
}

fn by_route(vehicles: &[DayVehicle]) -> Vec<RouteVehicle<'_>> {
    vehicles.iter().map(|vehicle| (&*vehicle.route, &vehicle.signature)).collect()
}

/// Of a stop that both sides have the names are those before.
fn named(
    sides: [(&Network, &IdxVec<StopIdx, u32>); 2],
    departures: BTreeMap<u32, (usize, usize)>,
) -> Vec<StopDiff> {
    let mut names: FxHashMap<u32, (String, String)> = FxHashMap::default();
    for (network, numbers) in sides {
        for (stop, number) in numbers.enumerate() {
            let row = network.stop(stop);
            names.insert(*number, (row.id.clone(), row.name.clone()));
        }
    }
    let stop = |(stop, (before, after))| {
        let (id, name) = names.get(&stop).cloned().unwrap_or_default();
        StopDiff { id, name, before, after }
    };
    let mut stops: Vec<StopDiff> = departures.into_iter().map(stop).collect();
    stops.sort_by(|a, b| (&a.id, &a.name).cmp(&(&b.id, &b.name)));
    stops
}

/// The vehicles of a date.
fn vehicles(network: &Network, of_date: &DateVehicles) -> Vec<DayVehicle> {
    let DateVehicles { date, timetable, counted_as, first } = of_date;
    let boarded = Boarded::of(timetable, counted_as);
    let name = |route: &Route| Arc::new((route.agency.clone(), route.name.clone()));
    let names: Vec<Vec<Arc<RouteName>>> =
        network.feeds.iter().map(|feed| feed.routes.iter().map(name).collect()).collect();
    let mut runs: IdxVec<RunIdx, Vec<RunIdx>> =
        timetable.runs.indices().map(|_| Vec::new()).collect();
    counted_as.enumerate().for_each(|(run, vehicle)| runs[*vehicle].push(run));
    let on_map = |call: &RunCall| {
        call.board && !network.board_snaps(call.stop).is_empty()
            || call.alight && !network.alight_snaps(call.stop).is_empty()
    };
    let of_date = timetable.runs.enumerate().filter(|(_, row)| row.date == *date);
    let vehicles = of_date.filter(|(run, _)| counted_as[*run] == *run).map(|(vehicle, row)| {
        let calls = || runs[vehicle].iter().map(|run| timetable.calls_of(*run));
        // What nobody can use is not there: a trip may pass stops it no longer serves. Copies in
        // one feed may let people on at other stops.
        let own = || runs[vehicle].iter().filter(|run| timetable.runs[**run].feed == row.feed);
        let is_open = |position: &usize| {
            own().any(|run| {
                timetable.calls_of(*run).get(*position).is_some_and(|c| c.board || c.alight)
            })
        };
        let open = timetable
            .calls_of(vehicle)
            .iter()
            .enumerate()
            .filter(|(position, _)| is_open(position));
        DayVehicle {
            route: names[row.feed.at()][row.route as usize].clone(),
            signature: open.map(|(_, c)| (c.stop.0, c.arrival.get(), c.departure.get())).collect(),
            hour: first[vehicle].map(|first| first.get().div_euclid(3600)),
            boarded: runs[vehicle]
                .iter()
                .flat_map(|run| boarded.calls(*run))
                .map(|c| c.stop.0)
                .collect(),
            on_map: calls().flatten().any(on_map),
        }
    });
    vehicles.collect()
}

/// For each stop after its number before, or one of its own. Several after are one before only by
/// its id, as where another feed comes to call there; by name no two are: two sides of a road often
/// share one.
pub fn same_stops(before: &Network, after: &Network) -> IdxVec<StopIdx, u32> {
    // Each is its own: it lies where it lay, and no other stop of its feed has its id.
    if after.has_stop_rows_of(before) {
        return after.stops.indices().map(|stop| stop.0).collect();
    }
    let by_id = by(before, |stop| &stop.id);
    let metres = |old: StopIdx, new: StopIdx| {
        let (a, b) = (before.stop(old).point?, after.stop(new).point?);
        let projection = before.streets.projection;
        Some(projection.project(a).distance(projection.project(b)).get())
    };
    // Where neither is anywhere the id alone has to do.
    let near =
        |old: &&StopIdx, new: StopIdx| metres(**old, new).is_none_or(|metres| metres <= SAME_ID_M);
    let same_id = |new: StopIdx| {
        let known = by_id.get(after.stop(new).id.as_str()).into_iter().flatten();
        let apart = |old: &StopIdx| metres(*old, new).unwrap_or(0.0);
        // Two feeds of one place may share their ids: of them the stop of the same feed.
        let other_feed =
            |old: &StopIdx| before.stops.source(*old).feed != after.stops.source(new).feed;
        known.filter(|old| near(old, new)).copied().min_by(|a, b| {
            let same = other_feed(a).cmp(&other_feed(b));
            apart(a).total_cmp(&apart(b)).then(same).then(a.cmp(b))
        })
    };
    let mut found: IdxVec<StopIdx, Option<StopIdx>> = after.stops.indices().map(same_id).collect();
    let mut taken: FxHashSet<StopIdx> = found.iter().flatten().copied().collect();
    let by_name = by(before, |stop| &stop.name);
    let mut pairs: Vec<(f64, StopIdx, StopIdx)> = Vec::new();
    for new in after.stops.indices().filter(|new| found[*new].is_none()) {
        let known = by_name.get(after.stop(new).name.as_str()).into_iter().flatten();
        let known = known.filter(|old| !taken.contains(old));
        pairs.extend(
            known.filter_map(|old| {
                Some((metres(*old, new).filter(|m| *m <= SAME_NAME_M)?, *old, new))
            }),
        );
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    for (_, old, new) in pairs {
        if found[new].is_none() && taken.insert(old) {
            found[new] = Some(old);
        }
    }
    let own = |stop: StopIdx| u32::try_from(before.stops.len() + stop.at()).unwrap_or(u32::MAX);
    after.stops.indices().map(|stop| found[stop].map_or_else(|| own(stop), |old| old.0)).collect()
}

fn by<'a>(
    network: &'a Network,
    key: fn(&'a Stop) -> &'a String,
) -> FxHashMap<&'a str, Vec<StopIdx>> {
    let mut found: FxHashMap<&str, Vec<StopIdx>> = FxHashMap::default();
    for stop in network.stops.indices() {
        found.entry(key(network.stop(stop))).or_default().push(stop);
    }
    found
}
