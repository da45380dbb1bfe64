//! Which change did what: the scenario once more, each time with one change left out.
//!
//! A route's effect is what would be spared if it alone were left as it was. Effects need not add
//! up to the whole: where two routes could each have replaced the other, leaving one of them alone
//! spares all, and where both are needed, nothing. What is missing or too much is reported as the
//! interaction.

use super::differences::{PeopleTally, TimeShift};
use crate::ids::{Idx, OriginIdx};
use crate::units::Seconds;

/// What one change did to the way to one category in one window.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeEffect {
    /// What was left out.
    pub of: ScenarioPart,
    /// The window, by its position.
    pub window: usize,
    /// The category, by its position.
    pub category: usize,
    /// From the scenario without it to the whole.
    pub tally: PeopleTally,
}

/// Which parts were left out one by one, whether or not that spared anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AttributionScope {
    /// Routes.
    pub routes: bool,
    /// Modifications.
    pub modifications: bool,
}

/// A part of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScenarioPart {
    /// All of it.
    Whole,
    /// The changes of a route: its operator and name.
    Route(String, String),
    /// A modification, in words.
    Modification(String),
}

/// The median times of some origins to each category.
pub type Medians = Vec<Vec<Option<Seconds>>>;

/// The effect on each category, where there is any.
pub fn effects(
    of: &ScenarioPart,
    window: usize,
    people: &[f64],
    without: &Medians,
    whole: &Medians,
    cutoffs_min: &[u32],
) -> Vec<ChangeEffect> {
    let categories = whole.first().map_or(0, Vec::len);
    let one = |category: usize| {
        let mut tally = PeopleTally::new(cutoffs_min.len());
        for ((people, before), after) in people.iter().zip(without).zip(whole) {
            let shift = TimeShift { before: before[category], after: after[category] };
            if shift.changed() {
                tally.add(shift, *people, cutoffs_min);
            }
        }
        (tally.people > 0.0).then(|| ChangeEffect { of: of.clone(), window, category, tally })
    };
    (0..categories).filter_map(one).collect()
}

/// The origins of which anything differs.
pub fn changed_origins<T: PartialEq>(before: &[Vec<T>], after: &[Vec<T>]) -> Vec<OriginIdx> {
    let origins = before.first().map_or(0, Vec::len);
    let differs = |origin: &usize| before.iter().zip(after).any(|(b, a)| b[*origin] != a[*origin]);
    (0..origins).filter(differs).map(OriginIdx::new).collect()
}
