//! Nearest-rank percentiles of a window's travel times.
//!
//! Sixteen destinations are sorted at once, a lane of the vector each, by Batcher's merge-exchange
//! network (Knuth, The Art of Computer Programming 3, 5.2.2, Algorithm M), which compares and
//! exchanges the same pairs whatever the times are and so becomes vector code without a branch.

use std::cell::RefCell;
use std::rc::Rc;

/// Destinations that are sorted together.
pub(in crate::routing) const COLUMNS: usize = 16;

/// The position, from 0, of the nearest-rank percentile among `n` sorted values: the
/// ⌈percent/100·n⌉-th smallest.
pub fn rank(percent: u8, n: usize) -> usize {
    (usize::from(percent) * n).div_ceil(100).clamp(1, n.max(1)) - 1
}

/// Sorts the departures of sixteen destinations, as far as it takes to know some ranks.
pub(in crate::routing) struct PercentileSorter {
    exchanges: Rc<[(u32, u32)]>,
    columns: Vec<[u16; COLUMNS]>,
}

thread_local! {
    /// The exchanges that were needed last: a job asks for the same ranks again and again.
    static LAST: RefCell<Option<KnownExchanges>> = const { RefCell::new(None) };
}

struct KnownExchanges {
    departures: usize,
    ranks: Vec<usize>,
    exchanges: Rc<[(u32, u32)]>,
}

impl PercentileSorter {
    /// A sorter that puts the values of these ranks, from 0, into their places, and the others
    /// anywhere.
    pub fn of(departures: usize, ranks: &[usize]) -> PercentileSorter {
        let exchanges = LAST.with_borrow_mut(|last| {
            if !last
                .as_ref()
                .is_some_and(|known| known.departures == departures && known.ranks == ranks)
            {
                let exchanges = needed(merge_exchange(departures), departures, ranks).into();
                *last = Some(KnownExchanges { departures, ranks: ranks.to_vec(), exchanges });
            }
            last.as_ref().map_or_else(|| Rc::from([]), |known| Rc::clone(&known.exchanges))
        });
        PercentileSorter { exchanges, columns: vec![[0; COLUMNS]; departures] }
    }

    /// Copies sixteen columns of `lanes` (rows `width` long) from column `first` on, and sorts each
    /// downwards.
    pub fn sort(&mut self, lanes: &[u16], width: usize, first: usize) -> &[[u16; COLUMNS]] {
        for (column, lane) in self.columns.iter_mut().zip(lanes.chunks_exact(width)) {
            column.copy_from_slice(&lane[first..first + COLUMNS]);
        }
        for (a, b) in self.exchanges.iter() {
            let (upper, lower) = self.columns.split_at_mut(*b as usize);
            let (a, b) = (&mut upper[*a as usize], &mut lower[0]);
            for (a, b) in a.iter_mut().zip(b) {
                (*a, *b) = ((*a).min(*b), (*a).max(*b));
            }
        }
        &self.columns
    }
}

/// The exchanges that the values of these ranks depend on.
fn needed(exchanges: Vec<(u32, u32)>, n: usize, ranks: &[usize]) -> Vec<(u32, u32)> {
    let mut asked = vec![false; n];
    ranks.iter().for_each(|rank| asked[*rank] = true);
    let mut needed = exchanges;
    let mut keep: Vec<bool> = Vec::with_capacity(needed.len());
    for (a, b) in needed.iter().rev() {
        let used = asked[*a as usize] || asked[*b as usize];
        keep.push(used);
        if used {
            (asked[*a as usize], asked[*b as usize]) = (true, true);
        }
    }
    needed.retain(|_| keep.pop() == Some(true));
    needed
}

/// The pairs that the network compares, in order; of each pair the first stands before the second.
fn merge_exchange(n: usize) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    if n < 2 {
        return pairs;
    }
    let top = n.next_power_of_two() / 2;
    let mut p = top;
    while p > 0 {
        let (mut q, mut r, mut d) = (top, 0, p);
        loop {
            for i in (0..n.saturating_sub(d)).filter(|i| i & p == r) {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "a window has at most 65,535 departures"
                )]
                pairs.push((i as u32, (i + d) as u32));
            }
            if q == p {
                break;
            }
            (d, q, r) = (q - p, q / 2, p);
        }
        p /= 2;
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rank_is_the_ceiling_of_the_share() {
        assert_eq!([25, 50, 75].map(|p| rank(p, 10) + 1), [3, 5, 8]);
        assert_eq!([1, 50, 99].map(|p| rank(p, 1) + 1), [1, 1, 1]);
        assert_eq!([5, 25, 50, 75, 95].map(|p| rank(p, 120) + 1), [6, 30, 60, 90, 114]);
    }

    #[test]
    fn the_network_sorts_every_pattern_of_zeros_and_ones() {
        // By the zero-one principle a network that sorts all of these sorts everything.
        for n in 1..=14usize {
            let pairs = merge_exchange(n);
            for bits in 0..1u32 << n {
                let mut values: Vec<u32> = (0..n).map(|i| bits >> i & 1).collect();
                for (a, b) in &pairs {
                    if values[*a as usize] > values[*b as usize] {
                        values.swap(*a as usize, *b as usize);
                    }
                }
                assert!(values.is_sorted(), "{n} values, bits {bits:b}");
            }
        }
    }

    #[test]
    fn each_column_is_sorted_by_itself() {
        let (departures, width) = (120, 32);
        let lanes: Vec<u16> = (0..departures * width).map(|n| (n * 7919 % 4001) as u16).collect();
        let every: Vec<usize> = (0..departures).collect();
        let mut sorter = PercentileSorter::of(departures, &every);
        let sorted = sorter.sort(&lanes, width, 16).to_vec();
        for column in 0..COLUMNS {
            let mut expected: Vec<u16> =
                lanes.chunks(width).map(|lane| lane[16 + column]).collect();
            expected.sort_unstable();
            assert_eq!(sorted.iter().map(|row| row[column]).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn the_exchanges_left_out_change_no_rank_that_is_asked_for() {
        for departures in [1, 2, 13, 61, 120] {
            let lanes: Vec<u16> =
                (0..departures * COLUMNS).map(|n| (n * 7919 % 4001) as u16).collect();
            let every: Vec<usize> = (0..departures).collect();
            let all = PercentileSorter::of(departures, &every).sort(&lanes, COLUMNS, 0).to_vec();
            for rank in every {
                assert_eq!(
                    PercentileSorter::of(departures, &[rank]).sort(&lanes, COLUMNS, 0)[rank],
                    all[rank]
                );
            }
        }
    }
}
