//! An order in which points that are near each other stand together.
//!
//! Points come in the order of somebody's file, which may be that of a random code. Where
//! neighbours follow each other, the destinations of a strip (see [`crate::routing::strips`]) have
//! much the same times, and an origin reads labels that the one before it has just read. How near
//! two points are is told by the walks they share a stop over, so no map is needed.

use crate::ids::{Csr, Idx, StopIdx};
use crate::routing::transit::access_egress::StopWalk;
use crate::units::Seconds;

/// From each point on to the nearest one left, over any stop near both; where there is none, to the
/// first one left.
pub(in crate::routing) fn neighbours_together<I: Idx>(walks: &Csr<I, StopWalk>) -> Vec<I> {
    let points = walks.rows();
    let stops = walks.items().iter().map(|link| link.stop.at() + 1).max().unwrap_or(0);
    let pairs = (0..points)
        .flat_map(|n| walks[I::new(n)].iter().map(move |link| (link.stop, (link.walk, n))));
    let mut around: Csr<StopIdx, (Seconds, usize)> = Csr::from_pairs(stops, pairs.collect());
    for stop in (0..stops).map(StopIdx::new) {
        let span = around.span(stop);
        around.items_mut()[span].sort_unstable();
    }
    let mut tour = LocalityOrder { around, passed: vec![0; stops], taken: vec![false; points] };
    let mut order = Vec::with_capacity(points);
    for first in 0..points {
        let mut here = Some(first).filter(|n| !tour.taken[*n]);
        while let Some(point) = here {
            tour.taken[point] = true;
            order.push(I::new(point));
            here = tour.nearest_left(&walks[I::new(point)]);
        }
    }
    order
}

struct LocalityOrder {
    /// The points around each stop, the nearest first.
    around: Csr<StopIdx, (Seconds, usize)>,
    /// How many of them, from the nearest on, are known to be taken.
    passed: Vec<usize>,
    taken: Vec<bool>,
}

impl LocalityOrder {
    fn nearest_left(&mut self, links: &[StopWalk]) -> Option<usize> {
        let mut nearest: Option<(Seconds, usize)> = None;
        for link in links {
            let (around, passed) = (&self.around[link.stop], &mut self.passed[link.stop.at()]);
            *passed += around[*passed..].iter().take_while(|(_, point)| self.taken[*point]).count();
            if let Some((walk, point)) = around.get(*passed) {
                let there = (link.walk + *walk, *point);
                nearest = Some(nearest.map_or(there, |known| known.min(there)));
            }
        }
        nearest.map(|(_, point)| point)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PlaceIdx;

    #[test]
    fn points_along_a_street_are_passed_one_after_the_other_and_those_without_a_stop_at_last() {
        // A stop every 500 s, points every 100 s but in another order; each walks to the stops up
        // to 600 s away.
        let at = [900, 100, 2000, 500, 0, 1400, 300, 5000, 1700, 1200];
        let links = |point: u32| {
            let stops = (0..5u32).map(move |stop| (stop, (stop * 500).abs_diff(point)));
            stops
                .filter(|(_, walk)| *walk <= 600)
                .map(|(stop, walk)| StopWalk { stop: StopIdx(stop), walk: Seconds::new(walk) })
        };
        let walks: Csr<PlaceIdx, StopWalk> =
            Csr::from_rows(at.iter().map(|point| links(*point).collect::<Vec<_>>()));
        let order: Vec<u32> =
            neighbours_together(&walks).iter().map(|place| at[place.at()]).collect();
        let mut sorted = order.clone();
        sorted.sort_unstable();
        let mut all = at.to_vec();
        all.sort_unstable();
        assert_eq!(sorted, all, "each once");
        let length: u32 = order[..9].windows(2).map(|pair| pair[0].abs_diff(pair[1])).sum();
        assert!(order[9] == 5000 && length <= 4000, "{order:?}");
    }
}
