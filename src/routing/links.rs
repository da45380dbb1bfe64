//! Walks between stops and points, and which of them can matter.
//!
//! From one point hundreds of stops lie within a walk, and most of them are served by the same lines: walking on to the
//! next stop of a line that already passed is never of use. [`Lines::keep_useful`] drops such walks before any search.
//! The rule is exact, not a heuristic: a walk to position `q` of a pattern is dropped only if the same vehicle can, in
//! all its runs, be boarded at an earlier position by a walk that leaves at least as much time.

use super::Seconds;
use crate::ids::{Csr, Idx, PatternIdx, StopIdx};
use crate::network::timetable::Timetable;

/// A walk to or from a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The stop.
    pub stop: StopIdx,
    /// How long the walk takes.
    pub walk: Seconds,
}

/// The patterns of a timetable, as far as it takes to tell which walks are useful.
pub struct Lines {
    /// Where each stop can be boarded: a pattern, the position in it, and the slowest ride there from its first stop.
    at_stop: Csr<StopIdx, Boarding>,
}

#[derive(Clone, Copy)]
struct Boarding {
    pattern: PatternIdx,
    position: u32,
    /// The sum over the hops before it of each hop's longest time, departure to departure, in any run.
    reached_s: i64,
    /// The stop at the next position if one may board there too.
    next: Option<StopIdx>,
}

/// A boarding that some walk leads to, while choosing among walks.
struct Choice {
    boarding: Boarding,
    walk_s: i64,
    link: usize,
}

impl Lines {
    /// Reads the patterns of a timetable.
    pub fn of(timetable: &Timetable) -> Lines {
        let mut hops: Vec<Option<(crate::ids::RunIdx, Vec<i64>)>> = vec![None; timetable.patterns];
        for (run, row) in timetable.runs.enumerate() {
            let calls = timetable.calls_of(run);
            let times = calls.windows(2).map(|pair| i64::from(pair[1].departure.0 - pair[0].departure.0));
            match &mut hops[row.pattern.at()] {
                Some((_, longest)) => longest.iter_mut().zip(times).for_each(|(l, t)| *l = t.max(*l)),
                none => *none = Some((run, times.collect())),
            }
        }
        let mut pairs = Vec::new();
        for (pattern, entry) in hops.iter().enumerate() {
            let Some((run, longest)) = entry else { continue };
            let calls = timetable.calls_of(*run);
            let mut reached_s = 0;
            for (position, call) in (0u32..).zip(calls) {
                let next = calls.get(position as usize + 1).filter(|next| next.board).map(|next| next.stop);
                if call.board {
                    pairs.push((
                        call.stop,
                        Boarding { pattern: PatternIdx::new(pattern), position, reached_s, next },
                    ));
                }
                reached_s += longest.get(position as usize).copied().unwrap_or(0);
            }
        }
        Lines { at_stop: Csr::from_pairs(timetable.stops, pairs) }
    }

    /// Of the walks from one point, those that lead to a boarding no other walk makes needless, in the given order.
    ///
    /// `alighted_at` is the stop one has just got off at, if any: riding up to that very stop from the one before it
    /// gains nothing.
    pub fn keep_useful(&self, links: &[Link], alighted_at: Option<StopIdx>) -> Vec<Link> {
        let mut choices: Vec<Choice> = Vec::new();
        for (number, link) in links.iter().enumerate() {
            let walk_s = i64::from(link.walk.0);
            for boarding in &self.at_stop[link.stop] {
                let back_again = walk_s > 0 && alighted_at.is_some() && boarding.next == alighted_at;
                if !back_again {
                    choices.push(Choice { boarding: *boarding, walk_s, link: number });
                }
            }
        }
        choices.sort_unstable_by_key(|c| (c.boarding.pattern, c.boarding.position, c.walk_s));
        let mut useful = vec![false; links.len()];
        for line in choices.chunk_by(|a, b| a.boarding.pattern == b.boarding.pattern) {
            let mut best_s = i64::MAX;
            for choice in line {
                let start_s = choice.walk_s - choice.boarding.reached_s;
                if start_s < best_s {
                    best_s = start_s;
                    useful[choice.link] = true;
                }
            }
        }
        links.iter().zip(useful).filter(|(_, useful)| *useful).map(|(link, _)| *link).collect()
    }
}
