//! The k-th nearest place of a category.
//!
//! Per departure, the k-th smallest travel time over the category's places; then the percentile
//! over the departures. The place behind it may differ from one departure to the next.

use rayon::prelude::*;

use crate::ids::{Csr, Idx, OriginIdx, PlaceIdx};
use crate::routing::network::NetworkError;
use crate::routing::query::arrive_by::before_deadline;
use crate::routing::query::departure_window::Departures;
use crate::routing::query::percentile;
use crate::routing::transit::raptor::range::{TravelTimes, Walks};
use crate::units::Seconds;

/// The k least times of each departure, ascending; `None` sorts last.
pub(super) struct LeastTimes {
    k: usize,
    /// By departure, then rank.
    times: Vec<Option<Seconds>>,
}

impl LeastTimes {
    pub(super) fn new(k: usize, departures: usize) -> LeastTimes {
        LeastTimes { k, times: vec![None; k * departures] }
    }

    pub(super) fn add(&mut self, times: &TravelTimes) {
        for (departure, row) in self.times.chunks_mut(self.k).enumerate() {
            for nth in 0..times.places().len() {
                let Some(time) = times.at(departure, nth) else { continue };
                let place = row.partition_point(|least| least.is_some_and(|least| least <= time));
                if place < row.len() {
                    row[place..].rotate_right(1);
                    row[place] = Some(time);
                }
            }
        }
    }

    /// The first of the departures whose time to the nearest is the median.
    fn median_departure(&self) -> u16 {
        let nearest = || self.times.chunks(self.k).map(|row| row[0]);
        let mut times: Vec<Option<Seconds>> = nearest().collect();
        times.sort_by_key(|time| (time.is_none(), *time));
        let median = times.get(percentile::rank(50, times.len())).copied().flatten();
        let first = nearest().position(|time| time == median);
        first.and_then(|first| u16::try_from(first).ok()).unwrap_or_default()
    }

    /// Of the k-th nearest, from 1 and at most as many as are kept.
    pub(super) fn percentiles_of(&self, k: usize, percents: &[u8]) -> Vec<Option<Seconds>> {
        let at = k.clamp(1, self.k) - 1;
        let mut kth: Vec<Option<Seconds>> = self.times.chunks(self.k).map(|row| row[at]).collect();
        kth.sort_by_key(|time| (time.is_none(), *time));
        percents.iter().map(|percent| kth[percentile::rank(*percent, kth.len())]).collect()
    }
}

/// What was found of an origin's nearest destinations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearestTimes {
    /// Of the nearest, the second nearest and so on: the percentiles of the time to it, in the
    /// order asked for.
    pub percentiles: Vec<Vec<Option<Seconds>>>,
    /// The first of the departures whose time to the very nearest is the median.
    pub median_departure: u16,
}

/// The percentiles of the times to the `k` nearest of the destinations, for each origin, found in
/// one search.
///
/// # Errors
/// As [`Departures::of`].
pub fn nearest_times(
    departures: &Departures,
    walks: &Walks,
    k: usize,
    percents: &[u8],
    tick: &(dyn Fn(u64) + Sync),
) -> Result<Vec<NearestTimes>, NetworkError> {
    let lanes = usize::from(departures.window().departures);
    let mut least: Vec<LeastTimes> =
        (0..walks.access.rows()).map(|_| LeastTimes::new(k.max(1), lanes)).collect();
    departures.travel_times(walks, &mut least, tick, |_, least, times| least.add(times))?;
    let found = |least: &LeastTimes| NearestTimes {
        percentiles: (1..=least.k).map(|k| least.percentiles_of(k, percents)).collect(),
        median_departure: least.median_departure(),
    };
    Ok(least.par_iter().map(found).collect())
}

/// How long before a deadline each origin has to be left at the latest for the nearest of the
/// destinations, the second nearest and so on; `departures` are those
/// [`before`](Departures::before) it.
///
/// # Errors
/// As [`Departures::of`].
pub fn nearest_by_deadline(
    departures: &Departures,
    walks: &Walks,
    k: usize,
    tick: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Vec<Option<Seconds>>>, NetworkError> {
    let mut all: Vec<Vec<Seconds>> = vec![Vec::new(); walks.access.rows()];
    departures.travel_times(walks, &mut all, tick, |_, all, times| {
        all.extend(before_deadline(times).filter_map(|(_, before)| before));
    })?;
    let nearest = |mut all: Vec<Seconds>| {
        all.sort_unstable();
        (0..k).map(|nth| all.get(nth).copied()).collect()
    };
    Ok(all.into_iter().map(nearest).collect())
}

/// The walk to the k-th nearest of the destinations; `None` if fewer lie within the longest walk.
pub fn kth_walk(
    direct: &Csr<OriginIdx, (PlaceIdx, Seconds)>,
    origin: OriginIdx,
    k: usize,
) -> Option<(PlaceIdx, Seconds)> {
    let mut walks = direct[origin].to_vec();
    walks.sort_by_key(|(place, walk)| (*walk, place.at()));
    walks.get(k.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_are_kept_in_order_and_the_kth_is_missing_when_there_are_fewer() {
        let mut least = LeastTimes::new(2, 2);
        // Two places, one departure after the other; the second departure reaches only one.
        let mut lanes = [300u16, 100, 200, u16::MAX];
        let places = [PlaceIdx(0), PlaceIdx(1)];
        least.add(&TravelTimes::for_test(&mut lanes, 2, &places));
        assert_eq!(
            least.times,
            [Some(Seconds::new(100)), Some(Seconds::new(300)), Some(Seconds::new(200)), None]
        );
        assert_eq!(least.percentiles_of(2, &[50, 75]), [Some(Seconds::new(300)), None]);
    }
}
