//! Trips by the stops that they call at: the pattern, or a stop on the way.

use std::collections::BTreeMap;

use super::error::advice;
use crate::inputs::gtfs::{Call, CallRule, Feed};
use crate::inputs::project::scenarios::TripSelection;

/// Which stops of a feed each wanted name means.
pub(super) struct Calls {
    /// The stops of the pattern, one after the other.
    pattern: Vec<Vec<bool>>,
    /// Stops of which one has to be called at.
    any: Option<Vec<bool>>,
}

impl Calls {
    /// What the words mean in a feed.
    pub(super) fn of(wanted: &TripSelection, feed: &Feed) -> Calls {
        let means = |name: &String| -> Vec<bool> {
            (0u32..).zip(&feed.stops).map(|(stop, _)| is_stop(feed, stop, name)).collect()
        };
        let any = wanted
            .stops
            .iter()
            .map(means)
            .reduce(|a, b| a.iter().zip(b).map(|(a, b)| *a || b).collect());
        Calls { pattern: wanted.pattern.iter().map(means).collect(), any }
    }

    /// Whether a trip calls as it is wanted. Calls at which nobody gets on or off are none.
    pub(super) fn fit(&self, calls: &[Call]) -> bool {
        let open = || calls.iter().filter(|call| is_open(call)).map(|call| call.stop as usize);
        if self.any.as_ref().is_some_and(|any| !open().any(|stop| any[stop])) {
            return false;
        }
        let [first, between @ .., last] = self.pattern.as_slice() else { return true };
        let stops: Vec<usize> = open().collect();
        let [begin, inner @ .., end] = stops.as_slice() else { return false };
        let mut inner = inner.iter();
        first[*begin] && last[*end] && between.iter().all(|wanted| inner.any(|stop| wanted[*stop]))
    }
}

/// Whether anybody gets on or off.
pub(super) fn is_open(call: &Call) -> bool {
    call.pickup != CallRule::Never || call.drop_off != CallRule::Never
}

/// Whether a stop, or the station it belongs to, has this id or name.
pub(super) fn is_stop(feed: &Feed, stop: u32, name: &str) -> bool {
    let row = &feed.stops[stop as usize];
    let station = row.parent.map(|parent| &feed.stops[parent as usize]);
    [Some(row), station]
        .into_iter()
        .flatten()
        .any(|row| row.id == name || super::trip_selection::same(&row.name, name))
}

/// How trips run from end to end: what might have been meant.
#[derive(Default)]
pub(super) struct PatternEnds(BTreeMap<String, usize>);

impl PatternEnds {
    /// Counts a trip.
    pub(super) fn add(&mut self, feed: &Feed, calls: &[Call]) {
        let mut open = calls.iter().filter(|call| is_open(call)).map(|call| call.stop);
        if let (Some(first), Some(last)) = (open.next(), open.next_back()) {
            let name = |stop: u32| &feed.stops[stop as usize].name;
            *self.0.entry(format!("{} > {}", name(first), name(last))).or_default() += 1;
        }
    }

    /// The nearest to what was wanted, or those that most trips run on.
    pub(super) fn advice(&self, wanted: &[String]) -> String {
        let ends = format!(
            "{} > {}",
            wanted.first().map_or("", String::as_str),
            wanted.last().map_or("", String::as_str)
        );
        advice(&ends, self.0.keys().cloned())
    }
}
