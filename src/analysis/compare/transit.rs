//! What a scenario does to stops and routes, for the layers of the map. Which stop and which route
//! is the same on both sides is what `feed_diff.csv` says.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::service_span::first_of_dates;
use super::{Comparison, DateOfSide};
use crate::access::supply::{BANDS, DaySupply};
use crate::analysis::AnalysisError;
use crate::analysis::run::transit;
use crate::analysis::run::transit::{FeedShapes, RouteAt, RouteShapes};
use crate::analysis::study::Study;
use crate::analysis::world::ScenarioWorld;
use crate::geometry::LonLat;
use crate::ids::Idx;
use crate::results::transit_change::{RouteChange, StopChange, TransitChange};
use crate::routing::network::Network;
use crate::scenario::feed_diff::{DayDiff, RouteDiff, RouteFate, same_stops};
use crate::scenario::restore::RouteName;

/// A timetable with what runs on each date, and the routes that come near.
pub(crate) struct TimetableSide<'a> {
    network: &'a Network,
    supplies: Vec<DaySupply>,
    ways: BTreeMap<RouteAt, RouteShapes>,
    /// The shapes of those routes, by feed.
    shapes: Vec<FeedShapes>,
}

/// The half that every scenario is held against.
///
/// # Errors
/// If a timetable cannot be read again.
pub(crate) fn before<'a>(
    study: &'a Study,
    dates: &[DateOfSide],
) -> Result<TimetableSide<'a>, AnalysisError> {
    let supplies: Vec<DaySupply> = dates.iter().map(|date| date.supply.clone()).collect();
    let network = study.world.network();
    let (ways, shapes) = transit::ways(study, network, &study.project.gtfs, &supplies, &[])?;
    Ok(TimetableSide { network, supplies, ways, shapes })
}

/// All stops and routes near the neighbourhoods that run before or after.
///
/// # Errors
/// If a timetable cannot be read again.
pub(crate) fn changes(
    comparison: &Comparison,
    side: &ScenarioWorld,
    dates: &[DateOfSide],
    diffs: &[DayDiff],
) -> Result<TransitChange, AnalysisError> {
    let (study, before) = (comparison.study, &comparison.transit);
    let supplies: Vec<DaySupply> = dates.iter().map(|date| date.supply.clone()).collect();
    // Of the same feeds the shapes are known.
    let (files, known) = match &side.scenario.gtfs {
        Some(files) => (files, &[][..]),
        None => (&study.project.gtfs, before.shapes.as_slice()),
    };
    let (ways, shapes) = transit::ways(study, side.world.network(), files, &supplies, known)?;
    let after = TimetableSide { network: side.world.network(), supplies, ways, shapes };
    Ok(TransitChange {
        dates: named_dates(comparison, side),
        stops: stops(comparison, before, &after),
        routes: routes(before, &after, diffs),
    })
}

/// Each date once, under the name of its first window, and both sides' dates in words.
fn named_dates(comparison: &Comparison, side: &ScenarioWorld) -> Vec<(String, String)> {
    let named = first_of_dates(comparison.windows).into_iter().map(|nth| {
        let (old, new) = (comparison.windows[nth].clock.date(), side.windows[nth].clock.date());
        let when = if old == new { old.to_string() } else { format!("{old} before, {new} after") };
        (comparison.windows[nth].window.name.clone(), when)
    });
    named.collect()
}

fn stops(
    comparison: &Comparison,
    before: &TimetableSide,
    after: &TimetableSide,
) -> Vec<StopChange> {
    let near = transit::near(comparison.study);
    let known = same_stops(before.network, after.network);
    let mut rows: BTreeMap<u32, StopChange> = BTreeMap::new();
    let (old, new) = (before.network.stops.indices(), after.network.stops.indices());
    let both =
        old.map(|stop| (stop.0, before, stop)).chain(new.map(|stop| (known[stop], after, stop)));
    for (number, half, stop) in both {
        let of = half.network.stop(stop);
        if !near(of.point) {
            continue;
        }
        let row = rows.entry(number).or_insert_with(|| StopChange {
            id: of.id.clone(),
            name: of.name.clone(),
            point: of.point,
            departures: vec![(0, 0); before.supplies.len()],
        });
        for (both, day) in row.departures.iter_mut().zip(&half.supplies) {
            let side = if std::ptr::eq(half, before) { &mut both.0 } else { &mut both.1 };
            *side += day.at(stop);
        }
    }
    let mut stops: Vec<StopChange> = rows.into_values().collect();
    stops.retain(|stop| stop.departures.iter().any(|both| *both != (0, 0)));
    stops.sort_by(|a, b| (&a.id, &a.name).cmp(&(&b.id, &b.name)));
    stops
}

fn routes(before: &TimetableSide, after: &TimetableSide, diffs: &[DayDiff]) -> Vec<RouteChange> {
    let mut rows: BTreeMap<RouteName, RouteChange> = BTreeMap::new();
    for half in [before, after] {
        let is_before = std::ptr::eq(half, before);
        for (nth, (day, diff)) in half.supplies.iter().zip(diffs).enumerate() {
            for (at, of) in day.routes.iter().filter(|(at, _)| half.ways.contains_key(at)) {
                let (own, mode) = named(half.network, *at);
                let diff = matching(diff, &own, is_before);
                let name = diff.map_or(&own, |diff| &diff.route).clone();
                let dates = diffs.len();
                let row = rows.entry(name.clone()).or_insert_with(|| empty(name, mode, dates));
                row.now = row.now.take().or_else(|| diff?.now.as_ref().map(in_words));
                let add = |both: &mut (u32, u32), n: u32| {
                    *(if is_before { &mut both.0 } else { &mut both.1 }) += n
                };
                add(&mut row.trips[nth].0, of.all());
                if let Some(diff) = diff {
                    row.trips[nth].1 = as_many(diff);
                }
                if nth == 0 {
                    row.bands.iter_mut().zip(of.trips).for_each(|(both, n)| add(both, n));
                }
                draw(row, &half.ways[at]);
            }
        }
    }
    rows.into_values().collect()
}

fn draw(row: &mut RouteChange, ways: &RouteShapes) {
    row.follows_roads &= ways.follow_roads;
    for way in &ways.lines {
        let same = |known: &Arc<Vec<LonLat>>| Arc::ptr_eq(known, way) || known == way;
        if !row.ways.iter().any(same) {
            row.ways.push(way.clone());
        }
    }
}

fn named(network: &Network, (feed, route): RouteAt) -> (RouteName, &str) {
    let route = &network.feeds[feed.at()].routes[route as usize];
    ((route.agency.clone(), route.name.clone()), route.mode())
}

/// What is known of a route of one side.
fn matching<'a>(diff: &'a DayDiff, name: &RouteName, is_before: bool) -> Option<&'a RouteDiff> {
    let after = |of: &&RouteDiff| of.now.as_ref().unwrap_or(&of.route) == name;
    // What is near is drawn, whether or not it calls on the map.
    let mut routes = diff.routes.iter().chain(&diff.off_map);
    if is_before {
        return routes.find(|of| of.route == *name && of.before > 0);
    }
    routes.filter(|of| of.after > 0).find(after)
}

/// What became of a route that has as many trips as before: the fates that say so.
fn as_many(diff: &RouteDiff) -> RouteFate {
    match diff.fate {
        RouteFate::Retimed | RouteFate::Renamed => diff.fate,
        _ => RouteFate::Same,
    }
}

fn in_words((operator, name): &RouteName) -> String {
    if operator.is_empty() { name.clone() } else { format!("{name} ({operator})") }
}

fn empty((operator, name): RouteName, mode: &str, dates: usize) -> RouteChange {
    RouteChange {
        operator,
        name,
        now: None,
        mode: mode.to_owned(),
        bands: [(0, 0); BANDS.len()],
        trips: vec![((0, 0), RouteFate::Same); dates],
        ways: Vec::new(),
        follows_roads: true,
    }
}
