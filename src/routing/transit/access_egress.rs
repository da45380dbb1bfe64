//! Walks between stops and points, and which of them can matter.
//!
//! From one point hundreds of stops lie within a walk, and most of them are served by the same
//! lines: walking on to the next stop of a line that already passed is never of use.
//! [`SearchPatterns::keep_useful`] drops such walks before any search. The rule is exact, not a heuristic: a
//! walk to position `q` of a pattern is dropped only if the same vehicle can, in all its runs, be
//! boarded at an earlier position by a walk that leaves at least as much time.

use rustc_hash::FxHashMap;

use crate::ids::{Csr, Idx, PatternIdx, RunIdx, StopIdx};
use crate::network::timetable::Timetable;
use crate::routing::Seconds;
use crate::routing::transit::transfers::Transfers;

/// A walk to or from a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StopWalk {
    /// The stop.
    pub stop: StopIdx,
    /// How long the walk takes.
    pub walk: Seconds,
}

/// The patterns of a timetable, as far as it takes to tell which walks are useful.
pub struct SearchPatterns {
    /// Where each stop can be boarded: a pattern, the position in it, and the slowest ride there
    /// from its first stop.
    at_stop: Csr<StopIdx, PatternBoarding>,
    /// The line of each run.
    pub(in crate::routing) of_run: Vec<u32>,
}

/// A walk to where a line can be boarded.
pub(in crate::routing) struct UsefulWalk {
    pub line: PatternIdx,
    pub position: u32,
    pub walk: Seconds,
    /// The walk's number among those given.
    link: usize,
}

#[derive(Clone, Copy)]
struct PatternBoarding {
    line: PatternIdx,
    position: u32,
    /// The sum over the hops before it of each hop's longest time, departure to departure, in any
    /// run.
    reached_s: i64,
    /// The stop at the next position if one may board there too.
    next: Option<StopIdx>,
}

/// Runs of one pattern that use the same sides of their stops.
struct SearchPattern {
    example: RunIdx,
    /// The longest time of each hop, departure to departure, in any run.
    longest_s: Vec<i64>,
}

/// A boarding that some walk leads to, while choosing among walks.
struct WalkChoice {
    boarding: PatternBoarding,
    walk_s: i64,
    link: usize,
}

impl SearchPatterns {
    /// Reads the patterns of a timetable.
    pub fn of(timetable: &Timetable, changes: &Transfers) -> SearchPatterns {
        let mut lines: Vec<SearchPattern> = Vec::new();
        let mut by_sides: FxHashMap<(PatternIdx, Vec<StopIdx>), usize> = FxHashMap::default();
        let mut by_pattern: Vec<Option<usize>> = vec![None; timetable.patterns];
        let mut of_run = Vec::with_capacity(timetable.runs.len());
        for (run, row) in timetable.runs.enumerate() {
            let calls = timetable.calls_of(run);
            let known = if changes.has_sides() {
                let sides = calls.iter().map(|call| changes.side(call.stop, row)).collect();
                *by_sides.entry((row.pattern, sides)).or_insert(lines.len())
            } else {
                *by_pattern[row.pattern.at()].get_or_insert(lines.len())
            };
            of_run.push(PatternIdx::new(known).0);
            let times = calls
                .windows(2)
                .map(|pair| i64::from(pair[1].departure.get() - pair[0].departure.get()));
            match lines.get_mut(known) {
                Some(line) => {
                    line.longest_s.iter_mut().zip(times).for_each(|(l, t)| *l = t.max(*l))
                }
                None => lines.push(SearchPattern { example: run, longest_s: times.collect() }),
            }
        }
        let mut pairs = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            let (calls, row) = (timetable.calls_of(line.example), &timetable.runs[line.example]);
            let mut reached_s = 0;
            for (position, call) in (0u32..).zip(calls) {
                let next = calls.get(position as usize + 1).filter(|next| next.board);
                let next = next.map(|next| changes.side(next.stop, row));
                if call.board {
                    let boarding = PatternBoarding {
                        line: PatternIdx::new(number),
                        position,
                        reached_s,
                        next,
                    };
                    pairs.push((changes.side(call.stop, row), boarding));
                }
                reached_s += line.longest_s.get(position as usize).copied().unwrap_or(0);
            }
        }
        SearchPatterns { at_stop: Csr::from_pairs(changes.len(), pairs), of_run }
    }

    /// The changes from a stop as walks, each as long as it takes to be ready to board. Sides that
    /// nobody can board at in this timetable are left out.
    pub(in crate::routing) fn changes_from(
        &self,
        stop: StopIdx,
        changes: &Transfers,
    ) -> Vec<StopWalk> {
        let worth_it =
            |to: StopIdx| to == stop || changes.stop(to) == to || !self.at_stop[to].is_empty();
        let changes = changes.towards(stop, worth_it).into_iter();
        changes.map(|change| StopWalk { stop: change.stop, walk: change.ready }).collect()
    }

    /// Of the walks from one point, those that lead to a boarding no other walk makes needless, in
    /// the given order.
    ///
    /// `alighted_at` is the stop one has just got off at, if any, and how long it takes to get on
    /// there again: riding up to that very stop from the one before it gains nothing.
    pub fn keep_useful(
        &self,
        links: &[StopWalk],
        alighted_at: Option<(StopIdx, Seconds)>,
    ) -> Vec<StopWalk> {
        let mut useful = vec![false; links.len()];
        self.useful(links, alighted_at).iter().for_each(|found| useful[found.link] = true);
        links.iter().zip(useful).filter(|(_, useful)| *useful).map(|(link, _)| *link).collect()
    }

    /// The same, walk by walk and line by line.
    pub(in crate::routing) fn useful(
        &self,
        links: &[StopWalk],
        alighted_at: Option<(StopIdx, Seconds)>,
    ) -> Vec<UsefulWalk> {
        let mut choices: Vec<WalkChoice> = Vec::new();
        for (number, link) in links.iter().enumerate() {
            let walk_s = i64::from(link.walk.get());
            for boarding in &self.at_stop[link.stop] {
                let back_again = alighted_at.is_some_and(|(stop, at_once)| {
                    boarding.next == Some(stop) && link.walk > at_once
                });
                if !back_again {
                    choices.push(WalkChoice { boarding: *boarding, walk_s, link: number });
                }
            }
        }
        choices.sort_unstable_by_key(|c| (c.boarding.line, c.boarding.position, c.walk_s));
        let mut useful = Vec::new();
        for line in choices.chunk_by(|a, b| a.boarding.line == b.boarding.line) {
            let mut best_s = i64::MAX;
            for choice in line {
                let start_s = choice.walk_s - choice.boarding.reached_s;
                if start_s < best_s {
                    best_s = start_s;
                    let (line, position) = (choice.boarding.line, choice.boarding.position);
                    useful.push(UsefulWalk {
                        line,
                        position,
                        walk: links[choice.link].walk,
                        link: choice.link,
                    });
                }
            }
        }
        useful
    }
}
