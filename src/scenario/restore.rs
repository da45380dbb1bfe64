//! A scenario with the change of one route taken back: what is left out when it is asked which
//! route's change did what.

use std::sync::Arc;

use jiff::{Span, ToSpan};

use super::trip_selection::EVER;
use crate::inputs::gtfs::{Feed, Service, TripChange, TripDepartures};

/// A route by its operator and name, over all feeds.
pub type RouteName = (String, String);

/// The feeds of a scenario made by modifications with one route as it was. `before` are the feeds
/// as published.
pub fn with_route_as_before(after: &[Feed], before: &[Feed], route: &RouteName) -> Vec<Feed> {
    let mut feeds = after.to_vec();
    for (number, feed) in feeds.iter_mut().enumerate() {
        let published = before.get(number).map_or(0, |feed| feed.trips.len());
        for trip in trips_of(feed, route) {
            if (trip as usize) < published {
                feed.changes.remove(&trip);
            } else {
                withdraw_all(feed, trip);
            }
        }
    }
    feeds
}

/// The feeds after a swap with those before it behind them, all of whose trips are withdrawn. The
/// dates of the feeds before are shifted, so that they run on the date after what they ran on the
/// date before.
pub fn side_by_side(after: &[Feed], before: &[Feed], days: i32) -> Vec<Feed> {
    let mut feeds = after.to_vec();
    for feed in before {
        let mut feed = feed.clone();
        feed.services.iter_mut().for_each(|service| shift(service, days.days()));
        (0..u32::try_from(feed.trips.len()).unwrap_or(0))
            .for_each(|trip| withdraw_all(&mut feed, trip));
        feeds.push(feed);
    }
    feeds
}

/// Of [`side_by_side`] one route as it was before, which runs after under its own name and the
/// names of `now`.
pub fn with_route_of_before(
    both: &[Feed],
    after: usize,
    route: &RouteName,
    now: &[RouteName],
) -> Vec<Feed> {
    let mut feeds = both.to_vec();
    for (number, feed) in feeds.iter_mut().enumerate() {
        if number >= after {
            trips_of(feed, route).iter().for_each(|trip| drop(feed.changes.remove(trip)));
            continue;
        }
        for name in [route].into_iter().chain(now) {
            trips_of(feed, name).into_iter().for_each(|trip| withdraw_all(feed, trip));
        }
    }
    feeds
}

fn trips_of(feed: &Feed, (agency, name): &RouteName) -> Vec<u32> {
    let is = |route: u32| {
        let route = &feed.routes[route as usize];
        (&route.agency, &route.name) == (agency, name)
    };
    (0u32..).zip(&feed.trips).filter(|(_, trip)| is(trip.route)).map(|(number, _)| number).collect()
}

fn withdraw_all(feed: &mut Feed, trip: u32) {
    let dates: Arc<[_]> =
        feed.services[feed.trips[trip as usize].service as usize].dates.clone().into();
    let (from, until) = EVER;
    let withdrawn = vec![TripDepartures { dates, from, until }];
    feed.changes.insert(trip, TripChange { withdrawn, stands_in: None });
}

fn shift(service: &mut Service, by: Span) {
    service.dates = service.dates.iter().filter_map(|date| date.checked_add(by).ok()).collect();
}
