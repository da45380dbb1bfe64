//! What all blocks of travellers share: the rides of a window, as one meets them going forward.

use crate::ids::{Csr, Idx, StopIdx};
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::window_timetable::{NO_ROW, Rides};
use crate::units::Seconds;

/// The rides of a window with what a search forward looks up in them.
pub(super) struct ForwardTimetable<'a> {
    pub rides: &'a Rides,
    /// The arrivals at which one may get off at each stop, in their order; numbered one after the
    /// other, stop by stop.
    pub arrivals: Csr<StopIdx, u16>,
    /// The number of each event's arrival; [`NO_ROW`] if one may not get off.
    pub arrival_of: Vec<u32>,
    /// From getting off at a stop to being ready at others: what can be of use.
    pub changes: Csr<StopIdx, StopWalk>,
}

impl<'a> ForwardTimetable<'a> {
    pub fn new(rides: &'a Rides) -> ForwardTimetable<'a> {
        let stops = rides.changes.len();
        let events = (0u32..).zip(&rides.events).filter(|(_, event)| event.alight);
        let pairs = events.map(|(number, event)| (event.stop, (event.arrival, number))).collect();
        let mut by_stop: Csr<StopIdx, (u16, u32)> = Csr::from_pairs(stops, pairs);
        for stop in (0..stops).map(StopIdx::new) {
            let span = by_stop.span(stop);
            by_stop.items_mut()[span].sort_unstable();
        }
        let mut arrival_of = vec![NO_ROW; rides.events.len()];
        for (number, (_, event)) in (0u32..).zip(by_stop.items()) {
            arrival_of[*event as usize] = number;
        }
        let each_stop = || (0..stops).map(StopIdx::new);
        let arrivals =
            Csr::from_rows(each_stop().map(|stop| by_stop[stop].iter().map(|(at, _)| *at)));
        let changes = Csr::from_rows(each_stop().map(|stop| match by_stop[stop] {
            [] => Vec::new(),
            _ => useful(rides, stop),
        }));
        ForwardTimetable { rides, arrivals, arrival_of, changes }
    }
}

/// The changes from a stop that no other makes needless.
fn useful(rides: &Rides, stop: StopIdx) -> Vec<StopWalk> {
    let links = rides.lines.changes_from(stop, &rides.changes);
    let at_once = links.iter().map(|link| link.walk).min().unwrap_or(Seconds::ZERO);
    let stays = links.iter().any(|link| link.stop == stop && link.walk == at_once);
    rides.lines.keep_useful(&links, stays.then_some((stop, at_once)))
}
