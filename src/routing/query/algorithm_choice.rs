//! Which way to search: forwards from the origins, or backwards from the destinations, in rounds or
//! by one scan.
//!
//! All find the same numbers. Backwards costs the same for one departure as for a hundred, and
//! grows with the destinations; forwards grows with origins × departures. So a few departures are
//! searched forwards and a window backwards; and towards few destinations, as the nearest place of
//! each category, the timetable is scanned.

use crate::ids::OriginIdx;
use crate::routing::transit::raptor::arrival_bound::ArrivalBound;
use crate::routing::transit::raptor::forward::TRAVELLERS;
use crate::routing::transit::raptor::range::{NARROW, TravelTimes, Walks};
use crate::routing::transit::window_timetable::Rides;

/// Destinations that are weighed together against a block of travellers.
const TOGETHER: usize = 128;

/// A way to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SearchDirection {
    /// From the origins: [`crate::routing::transit::raptor::forward`].
    Forwards,
    /// From the destinations: [`crate::routing::transit::raptor::range`].
    Backwards,
    /// From few destinations: `transit::connection_scan`. Where a timetable has
    /// no order for that: backwards.
    Scanned,
}

impl SearchDirection {
    /// The way that takes less time for a query; it depends on nothing else.
    ///
    /// Forwards if two thirds of 128 destinations stand against each block of 512 travellers, who
    /// are the origins at each departure: as many origins as destinations are searched forwards for
    /// up to five or six departures. In Porto Alegre (1,227 points, two hours, eight rides) a block
    /// of destinations took 0.22 s backwards and a block of travellers 0.08 s forwards, so that the
    /// rule is a cautious one; Newport (380 points) breaks even at about ten departures.
    pub fn of(departures: u16, origins: usize, destinations: usize) -> SearchDirection {
        let at_once = TRAVELLERS.checked_div(usize::from(departures)).unwrap_or(0);
        if destinations <= NARROW {
            return SearchDirection::Scanned;
        }
        if at_once == 0 {
            return SearchDirection::Backwards;
        }
        let pays = 2 * origins.div_ceil(at_once) <= 3 * destinations.div_ceil(TOGETHER);
        if pays { SearchDirection::Forwards } else { SearchDirection::Backwards }
    }
}

impl Rides {
    /// Finds all travel times and hands them to `visit`, with the origin's own entry of `results`.
    ///
    /// Each origin is visited once for each block of destinations, in the same order on every run
    /// and with any number of threads; different origins at the same time.
    pub fn travel_times<R: Send>(
        &self,
        walks: &Walks,
        results: &mut [R],
        tick: &(dyn Fn(u64) + Sync),
        visit: impl Fn(OriginIdx, &mut R, &mut TravelTimes) + Sync,
    ) {
        let direction =
            SearchDirection::of(self.window.departures, results.len(), walks.egress.rows());
        self.travel_times_found(direction, walks, results, tick, visit);
    }

    /// The same, searched one way or the other; only backwards if there are more departures than a
    /// block of travellers has room for.
    pub fn travel_times_found<R: Send>(
        &self,
        direction: SearchDirection,
        walks: &Walks,
        results: &mut [R],
        tick: &(dyn Fn(u64) + Sync),
        visit: impl Fn(OriginIdx, &mut R, &mut TravelTimes) + Sync,
    ) {
        assert_eq!(results.len(), walks.access.rows(), "a result for each origin");
        match direction {
            SearchDirection::Forwards if usize::from(self.window.departures) <= TRAVELLERS => {
                self.travel_times_forwards(walks, results, tick, &visit);
            }
            SearchDirection::Scanned if self.travel_times_scanned(walks, results, tick, &visit) => {
            }
            _ => self.travel_times_backwards(
                &mut ArrivalBound::of(self),
                walks,
                results,
                tick,
                visit,
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SearchDirection::{Backwards, Forwards, Scanned};

    #[test]
    fn few_departures_are_searched_forwards_and_a_window_backwards() {
        assert_eq!(
            [1, 6, 7, 120].map(|n| SearchDirection::of(n, 1227, 1227)),
            [Forwards, Forwards, Backwards, Backwards]
        );
        assert_eq!(
            [1, 5, 6].map(|n| SearchDirection::of(n, 380, 380)),
            [Forwards, Forwards, Backwards]
        );
    }

    #[test]
    fn few_destinations_are_scanned_and_what_cannot_be_one_block_is_searched_backwards() {
        assert_eq!([1, 120].map(|n| SearchDirection::of(n, 400, 16)), [Scanned, Scanned]);
        assert_eq!(SearchDirection::of(1, 400, 17), Forwards);
        assert_eq!(SearchDirection::of(1, 4000, 17), Backwards);
        assert_eq!([512, 513].map(|n| SearchDirection::of(n, 1, 1000)), [Forwards, Backwards]);
        assert_eq!(SearchDirection::of(0, 1, 1000), Backwards);
    }
}
