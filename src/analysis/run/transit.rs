//! What runs on the dates of the windows, and where it goes: for the layers of stops and routes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::access::boarded::DateVehicles;
use crate::access::supply::{self, DaySupply};
use crate::analysis::AnalysisError;
use crate::analysis::study::{DatedWindow, Study};
use crate::finding::Findings;
use crate::geometry::LonLat;
use crate::ids::{FeedIdx, Idx};
use crate::inputs::gtfs::{Trip, read_shapes};
use crate::inputs::project::ProjectPath;
use crate::routing::network::Network;

/// Stops and routes that come no nearer to the neighbourhoods than this are not drawn: a national
/// feed has half a million. In degrees; some 10 km.
const AROUND: f64 = 0.1;

/// A route by its feed and its position there.
pub type RouteAt = (FeedIdx, u32);

/// The ways that a route takes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RouteShapes {
    /// Each once.
    pub lines: Vec<Arc<Vec<LonLat>>>,
    /// Whether they follow the roads, as far as the feed says; else they go straight from stop to
    /// stop.
    pub follow_roads: bool,
}

/// All that runs on a window's date.
///
/// # Errors
/// If a feed's timezone is unknown.
pub fn supply(
    study: &Study,
    network: &Network,
    window: &DatedWindow,
) -> Result<DaySupply, AnalysisError> {
    let of_date = DateVehicles::of(network, &window.clock, &study.service())?;
    Ok(supply_of(network, &of_date))
}

/// All that runs on a date.
pub fn supply_of(network: &Network, of_date: &DateVehicles) -> DaySupply {
    supply::of_date(of_date, |run| {
        let row = &of_date.timetable.runs[run];
        let shape = network.feeds[row.feed.at()].trips[row.trip as usize].shape.as_deref();
        // A trip without a shape goes where its stops are.
        let stops = if shape.is_none() { Some(row.pattern) } else { None };
        (row.feed, row.route, shape, stops)
    })
}

/// Whether a point is near enough to the neighbourhoods to be drawn.
pub fn near(study: &Study) -> impl Fn(Option<LonLat>) -> bool {
    let area = study.zones.bounds().map(|bounds| bounds.grown(AROUND));
    move |point| area.zip(point).is_some_and(|(area, point)| area.holds(point.lon(), point.lat()))
}

/// The shapes of a feed that have been read, by their ids.
pub type FeedShapes = BTreeMap<String, Arc<Vec<LonLat>>>;

/// The routes that come near on any of the dates, with their ways, and the shapes that these take.
/// `files` are those of the network's first feeds; what a scenario adds has none, and no shapes.
/// What is `known` of them is not read again.
///
/// # Errors
/// If a timetable cannot be read again.
pub fn ways(
    study: &Study,
    network: &Network,
    files: &[ProjectPath],
    supplies: &[DaySupply],
    known: &[FeedShapes],
) -> Result<(BTreeMap<RouteAt, RouteShapes>, Vec<FeedShapes>), AnalysisError> {
    let near = near(study);
    let feeds = &network.feeds;
    let points = |feed: FeedIdx, trip: &Trip| -> Vec<LonLat> {
        let feed = &feeds[feed.at()];
        let calls = &feed.calls[trip.calls.start as usize..trip.calls.end as usize];
        calls.iter().filter_map(|call| feed.stops[call.stop as usize].point).collect()
    };
    // By feed and route: the trips that stand for its ways, those that come near.
    let mut trips: BTreeMap<RouteAt, BTreeSet<u32>> = BTreeMap::new();
    for ((feed, route), day) in supplies.iter().flat_map(|day| &day.routes) {
        let comes_near = |trip: &&u32| {
            let trip = &feeds[feed.at()].trips[**trip as usize];
            points(*feed, trip).into_iter().any(|point| near(Some(point)))
        };
        let come_near: Vec<u32> = day.ways.iter().filter(comes_near).copied().collect();
        if !come_near.is_empty() {
            trips.entry((*feed, *route)).or_default().extend(come_near);
        }
    }
    let shapes = shapes(network, files, &trips, known)?;
    let ways = |(at, trips): (&RouteAt, &BTreeSet<u32>)| {
        let mut ways = RouteShapes { lines: Vec::new(), follow_roads: true };
        for trip in trips {
            let trip = &feeds[at.0.at()].trips[*trip as usize];
            let shape = trip.shape.as_ref().zip(shapes.get(at.0.at()));
            let shape = shape.and_then(|(shape, of)| of.get(shape));
            ways.follow_roads &= shape.is_some();
            let way = shape.cloned().unwrap_or_else(|| Arc::new(points(at.0, trip)));
            if !ways.lines.contains(&way) {
                ways.lines.push(way);
            }
        }
        (*at, ways)
    };
    let ways = trips.iter().map(ways).collect();
    Ok((ways, shapes))
}

/// By feed: the shapes of these trips, where the feed has them.
fn shapes(
    network: &Network,
    files: &[ProjectPath],
    trips: &BTreeMap<RouteAt, BTreeSet<u32>>,
    known: &[FeedShapes],
) -> Result<Vec<FeedShapes>, AnalysisError> {
    let feeds = network.feeds.iter().enumerate().zip(files);
    feeds
        .map(|((nth, feed), path)| {
            let trips =
                trips.iter().filter(|((of, _), _)| of.at() == nth).flat_map(|(_, trips)| trips);
            let wanted: FxHashSet<String> =
                trips.filter_map(|trip| feed.trips[*trip as usize].shape.clone()).collect();
            let known = known.get(nth);
            if let Some(known) =
                known.filter(|known| wanted.iter().all(|shape| known.contains_key(shape)))
            {
                return Ok(known.clone());
            }
            // Points that cannot be read bend a drawn line, and no number.
            let read = read_shapes(path, &feed.name, &wanted, &mut Findings::new())?;
            Ok(read.into_iter().map(|(shape, points)| (shape, Arc::new(points))).collect())
        })
        .collect()
}
