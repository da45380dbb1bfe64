//! Stops and routes before and after: what a scenario does to the timetable.

use std::sync::Arc;

use crate::access::supply::BANDS;
use crate::geometry::LonLat;
use crate::scenario::feed_diff::RouteFate;

/// What was and what is.
pub type Both = (u32, u32);

/// All that a scenario does to stops and routes.
#[derive(Clone, Debug, Default)]
pub struct TransitChange {
    /// For each date the name of its first window, and the dates before and after in words.
    pub dates: Vec<(String, String)>,
    /// The stops that something calls at before or after.
    pub stops: Vec<StopChange>,
    /// The routes that run before or after.
    pub routes: Vec<RouteChange>,
}

/// A stop on both sides.
#[derive(Clone, Debug)]
pub struct StopChange {
    /// Its id, before if it was there.
    pub id: String,
    /// Its name, likewise.
    pub name: String,
    /// Where it lies, likewise.
    pub point: Option<LonLat>,
    /// By date: vehicles that can be boarded.
    pub departures: Vec<Both>,
}

/// A route on both sides: all that has its operator and number.
#[derive(Clone, Debug)]
pub struct RouteChange {
    /// Who runs it, before if it ran.
    pub operator: String,
    /// What vehicles show, likewise.
    pub name: String,
    /// Operator and name after, where it runs on under others.
    pub now: Option<String>,
    /// `bus`, `rail` and so on.
    pub mode: String,
    /// Trips by [`BANDS`] on the first date.
    pub bands: [Both; BANDS.len()],
    /// By date: trips, and what became of them if they are as many as before.
    pub trips: Vec<(Both, RouteFate)>,
    /// Its ways on both sides, each once.
    pub ways: Vec<Arc<Vec<LonLat>>>,
    /// Whether these follow the roads, as far as the feed says.
    pub follows_roads: bool,
}
