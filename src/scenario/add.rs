//! Trips that are not in the feed as published: another headway.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::alter::add_trip;
use super::cut::withdraw;
use super::error::ScenarioError;
use super::trip_selection::{ChosenTrip, choose, vehicles_by_date};
use crate::inputs::gtfs::{Call, Feed, Service, Trip};
use crate::inputs::project::scenarios::TripSelection;
use crate::network::vehicles::Departing;
use crate::units::{Seconds, ServiceTime};

/// Gives routes another headway in a band. What leaves in the band is withdrawn; from its beginning
/// on one vehicle leaves each so many seconds in each direction. It calls where most of the
/// withdrawn ones called and takes the time that the nearest of them took.
pub(super) fn headway(
    feeds: &mut [Feed],
    trips: &TripSelection,
    headway: Seconds,
    modification: &str,
) -> Result<Vec<ChosenTrip>, ScenarioError> {
    let chosen = choose(feeds, trips, modification)?;
    let (Some(from), Some(until)) = (trips.band.from, trips.band.until) else { return Ok(chosen) };
    for (line, mut dates) in lines(feeds, &chosen) {
        dates.sort_unstable();
        let feed = &mut feeds[line.feed];
        let templates = commonest(feed, &line.trips);
        #[expect(clippy::cast_possible_truncation, reason = "fewer than 2^32 services")]
        let service = feed.services.len() as u32;
        feed.services.push(Service { id: format!("headway-{service}"), dates });
        let mut departure = from;
        while departure < until {
            let nearest = templates.iter().min_by_key(|trip| {
                let first = first_departure(feed, **trip);
                (first.get().abs_diff(departure.get()), **trip)
            });
            let Some(template) = nearest.copied() else { break };
            let shift = departure.get() - first_departure(feed, template).get();
            let row = feed.trips[template as usize].clone();
            let calls = &feed.calls[row.calls.start as usize..row.calls.end as usize];
            let calls: Vec<Call> = calls.iter().map(|call| shifted(call, shift)).collect();
            let id = format!("{}-every-{}-{departure}", row.id, headway.get() / 60);
            add_trip(feed, Trip { id, service, block: None, ..row }, &calls);
            departure = departure + headway;
        }
    }
    chosen.iter().for_each(|one| withdraw(&mut feeds[one.feed], one.trip, one.when.clone()));
    Ok(chosen)
}

/// The vehicles of a route and direction that run on the same dates.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct HeadwayLine {
    feed: usize,
    trips: Vec<u32>,
}

fn lines(feeds: &[Feed], chosen: &[ChosenTrip]) -> Vec<(HeadwayLine, Vec<Date>)> {
    type Direction = (usize, u32, Option<bool>, Option<(u32, u32)>);
    let mut lines: BTreeMap<HeadwayLine, Vec<Date>> = BTreeMap::new();
    for (date, vehicles) in vehicles_by_date(feeds, chosen) {
        let mut running: BTreeMap<Direction, Vec<u32>> = BTreeMap::new();
        // One of the trips stands for the vehicle.
        for Departing { feed, trip, .. } in vehicles.iter().filter_map(|trips| trips.first()) {
            let row = &feeds[*feed].trips[*trip as usize];
            let calls = &feeds[*feed].calls[row.calls.start as usize..row.calls.end as usize];
            // Where the feed does not say in which direction a trip goes, its ends do.
            let ends =
                row.direction.is_none().then(|| (calls[0].stop, calls[calls.len() - 1].stop));
            running.entry((*feed, row.route, row.direction, ends)).or_default().push(*trip);
        }
        for ((feed, ..), trips) in running {
            lines.entry(HeadwayLine { feed, trips }).or_default().push(date);
        }
    }
    lines.into_iter().collect()
}

/// Of some trips those that call at the stops where most of them call.
fn commonest(feed: &Feed, trips: &[u32]) -> Vec<u32> {
    let mut patterns: BTreeMap<Vec<u32>, Vec<u32>> = BTreeMap::new();
    for trip in trips {
        let calls = feed.trips[*trip as usize].calls.clone();
        let stops = feed.calls[calls.start as usize..calls.end as usize]
            .iter()
            .map(|call| call.stop)
            .collect();
        patterns.entry(stops).or_default().push(*trip);
    }
    let most =
        patterns.into_values().max_by_key(|trips| (trips.len(), std::cmp::Reverse(trips.clone())));
    most.unwrap_or_default()
}

fn first_departure(feed: &Feed, trip: u32) -> ServiceTime {
    feed.calls[feed.trips[trip as usize].calls.start as usize].departure
}

fn shifted(call: &Call, by: i32) -> Call {
    Call {
        arrival: ServiceTime::new(call.arrival.get() + by),
        departure: ServiceTime::new(call.departure.get() + by),
        ..*call
    }
}
