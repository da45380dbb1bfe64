//! Where one can change: from which stop to which, and how long it takes between getting off and
//! getting on.
//!
//! A change takes its walk on the streets and the boarding slack. transfers.txt alters that: a
//! minimum time is a floor, a timed transfer needs no slack, and a transfer that is not possible is
//! not there. Of several rows that fit, the most specific holds (see [`rules`]).
//!
//! A row may hold for some routes or trips only. A stop that such a row names is split into
//! *sides*, one for each set of vehicles that the rows tell apart. Everything else sees sides as
//! stops, so that no search has to know of rules.

mod rules;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::ids::{Csr, StopIdx};
use crate::inputs::gtfs::{Feed, TransferKind};
use crate::network::stops::Stops;
use crate::network::timetable::Run;
use crate::routing::transit::access_egress::StopWalk;
use crate::units::Seconds;
pub use rules::Rules;

/// A change to a stop, or to a side of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Where to.
    pub stop: StopIdx,
    /// On foot.
    pub walk: Seconds,
    /// From getting off to getting on, at the least.
    pub ready: Seconds,
}

/// All changes of a network. Those from a stop are found when they are asked for: a stop with a
/// hundred sides has changes to each from each, and a window needs few of them.
///
/// A `matrix` of one departure took 0.89 CPU s with 16,000 rows about pairs of trips and 2.51 with
/// 64,000, while all changes were made beforehand and each was held against each row about its two
/// stops. It takes 0.03 and 0.06, and 0.56 with 640,000 rows (all built with opt-level 1); most of
/// that is the reading of the rows.
#[derive(Clone, Debug)]
pub struct Transfers {
    rules: Arc<Rules>,
    footpaths: Arc<Csr<StopIdx, StopWalk>>,
    slack: Seconds,
}

impl Transfers {
    /// The changes of a network: walks between stops (without a stop's own) and what the feeds say
    /// about them.
    pub fn build(
        feeds: &[Feed],
        stops: &Stops,
        footpaths: &Csr<StopIdx, StopWalk>,
        slack: Seconds,
    ) -> Transfers {
        let rules = Rules::of(feeds, stops, footpaths.rows());
        Transfers::of(Arc::new(rules), Arc::new(footpaths.clone()), slack)
    }

    /// The same, with what needs to be made but once.
    pub fn of(
        rules: Arc<Rules>,
        footpaths: Arc<Csr<StopIdx, StopWalk>>,
        slack: Seconds,
    ) -> Transfers {
        Transfers { rules, footpaths, slack }
    }

    /// The changes of walks alone.
    pub fn on_foot(footpaths: &Csr<StopIdx, StopWalk>, slack: Seconds) -> Transfers {
        Transfers::build(&[], &Stops::default(), footpaths, slack)
    }

    /// How many stops and further sides there are.
    pub fn len(&self) -> usize {
        self.rules.sides()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether any stop has further sides.
    pub fn has_sides(&self) -> bool {
        self.rules.has_sides()
    }

    /// The stop that a side is of.
    pub fn stop(&self, side: StopIdx) -> StopIdx {
        self.rules.stop(side)
    }

    /// The side of a stop that a run uses.
    pub fn side(&self, stop: StopIdx, run: &Run) -> StopIdx {
        self.rules.side(stop, run)
    }

    /// A stop and its further sides.
    pub fn sides(&self, stop: StopIdx) -> impl Iterator<Item = StopIdx> + '_ {
        self.rules.sides_of(stop)
    }

    /// All changes from a stop or side; getting on again there is among them.
    pub fn from(&self, side: StopIdx) -> Vec<Transfer> {
        self.towards(side, |_| true)
    }

    /// The changes from a stop or side to those that are worth it.
    pub fn towards(&self, side: StopIdx, worth_it: impl Fn(StopIdx) -> bool) -> Vec<Transfer> {
        let stop = self.stop(side);
        let walks = std::iter::once(StopWalk { stop, walk: Seconds::ZERO });
        let walks = || walks.clone().chain(self.footpaths[stop].iter().copied());
        let mut found = Vec::new();
        for StopWalk { stop: to, walk } in walks() {
            let sides = self.sides(to).filter(|to| worth_it(*to));
            found.extend(sides.filter_map(|to| self.change(side, to, Some(walk))));
        }
        if self.rules.speak_of(stop) {
            let walked: FxHashSet<StopIdx> = walks().map(|link| link.stop).collect();
            let named = self.rules.named_from(side, |to| !walked.contains(&to));
            let named = named.into_iter().filter(|to| worth_it(*to));
            found.extend(named.filter_map(|to| self.change(side, to, None)));
        }
        found
    }

    /// The change from one side to another: if several walks lead there, that after which one is
    /// ready first.
    pub fn between(&self, from: StopIdx, to: StopIdx) -> Option<Transfer> {
        let (stop, onto) = (self.stop(from), self.stop(to));
        let walks =
            self.footpaths[stop].iter().filter(|link| link.stop == onto).map(|link| link.walk);
        let here = (stop == onto).then_some(Seconds::ZERO);
        let shortest = here.into_iter().chain(walks).min();
        self.change(from, to, shortest)
    }

    /// The change from side to side, as the most specific row has it, or the walk alone.
    fn change(&self, from: StopIdx, to: StopIdx, walk: Option<Seconds>) -> Option<Transfer> {
        let (stop, slack) = (to, self.slack);
        match (self.rules.between(from, to), walk) {
            (Some(TransferKind::Forbidden), _) => None,
            (Some(TransferKind::MinimumTime(least)), walk) => {
                let on_foot = walk.map_or(Seconds::ZERO, |walk| walk + slack);
                Some(Transfer { stop, walk: walk.unwrap_or(least), ready: on_foot.max(least) })
            }
            (Some(TransferKind::Timed), walk) => {
                let walk = walk.unwrap_or(Seconds::ZERO);
                Some(Transfer { stop, walk, ready: walk })
            }
            (_, walk) => walk.map(|walk| Transfer { stop, walk, ready: walk + slack }),
        }
    }
}
