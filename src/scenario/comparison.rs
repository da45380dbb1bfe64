//! Before and after, neighbourhood by neighbourhood and group by group.

use super::counts::CountChange;
use super::differences::{CategoryChange, OriginTimes, PeopleTally};
use crate::access::origin_accessibility::OriginWindow;
use crate::access::per_place;
use crate::access::residents::Residents;
use crate::ids::{Idx, OriginIdx};
use crate::units::Seconds;

/// Something of the points of each neighbourhood of which anything is known.
fn by_known_zone<T>(residents: &Residents, of: impl Fn(&[OriginIdx]) -> T) -> Vec<Option<T>> {
    residents.by_zone().map(|origins| origins.map(&of)).collect()
}

fn counts(
    residents: &Residents,
    count: impl Fn(OriginIdx) -> Option<(f64, f64)>,
) -> Vec<Option<CountChange>> {
    let (weights, people) = (residents.weights(), residents.counts());
    by_known_zone(residents, |origins| CountChange::of(origins, weights, people, &count))
}

/// The changes of a window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WindowChange {
    /// By category and neighbourhood; `None` where nothing is known.
    pub categories: Vec<Vec<Option<CategoryChange>>>,
    /// By cut-off and neighbourhood: jobs whose median time is within it. Nothing without jobs.
    pub jobs: Vec<Vec<Option<CountChange>>>,
    /// By category, cut-off and neighbourhood: places whose median time is within it. Nothing for a
    /// category whose places are not looked at one by one.
    pub places: Vec<Vec<Vec<Option<CountChange>>>>,
}

/// What was found of one side in a window: by origin, and by category, then origin, each place
/// near.
#[derive(Clone, Copy)]
pub struct SideResults<'a> {
    /// Times and jobs.
    pub origins: &'a [OriginWindow],
    /// Places.
    pub each: &'a [Vec<per_place::OriginPlaces>],
}

impl WindowChange {
    /// Of what was found about each origin before and after.
    pub fn of(
        residents: &Residents,
        before: SideResults,
        after: SideResults,
        cutoffs_min: &[u32],
    ) -> WindowChange {
        let (old, new) = (before.origins, after.origins);
        let category = |category: usize| {
            by_known_zone(residents, |origins| {
                CategoryChange::of(
                    origins,
                    residents.weights(),
                    residents.counts(),
                    cutoffs_min,
                    |origin| times(&old[origin.at()], category),
                    |origin| times(&new[origin.at()], category),
                )
            })
        };
        let jobs = |cutoff: usize| {
            let of = |found: &OriginWindow| found.jobs.as_ref()?.of_median.get(cutoff).copied();
            counts(residents, |origin| of(&old[origin.at()]).zip(of(&new[origin.at()])))
        };
        let places =
            |(old, new): (&Vec<per_place::OriginPlaces>, &Vec<per_place::OriginPlaces>)| {
                let within = |cutoff: &u32| {
                    let cutoff = Seconds::minutes(*cutoff);
                    counts(residents, |origin| {
                        Some((
                            old.get(origin.at())?.within(cutoff),
                            new.get(origin.at())?.within(cutoff),
                        ))
                    })
                };
                let looked_at = !old.is_empty() && !new.is_empty();
                if looked_at { cutoffs_min.iter().map(within).collect() } else { Vec::new() }
            };
        let categories = old.first().map_or(0, |found| found.nearest.len());
        let has_jobs = old.first().is_some_and(|found| found.jobs.is_some());
        WindowChange {
            categories: (0..categories).map(category).collect(),
            jobs: if has_jobs { (0..cutoffs_min.len()).map(jobs).collect() } else { Vec::new() },
            places: before.each.iter().zip(after.each).map(places).collect(),
        }
    }

    /// A category's people, over some neighbourhoods.
    pub fn sum(&self, category: usize, zones: &[usize], cutoffs: usize) -> PeopleTally {
        let mut sum = PeopleTally::new(cutoffs);
        for zone in zones {
            if let Some(change) = &self.categories[category][*zone] {
                sum.join(&change.tally);
            }
        }
        sum
    }

    /// Whether anything at all changed.
    pub fn changed(&self) -> bool {
        let times = self.categories.iter().flatten().flatten();
        let mut jobs = self.jobs.iter().flatten().flatten();
        times.into_iter().any(|change| {
            change.median.changed()
                || change.times.iter().any(|shift| shift.changed())
                || change.tally.lost + change.tally.gained + change.tally.people_seconds.abs() > 0.0
        }) || jobs.any(CountChange::changed)
    }
}

/// Neighbourhoods that are compared as a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedGroup {
    /// `all`, or the key of the grouping.
    pub by: String,
    /// What people call the grouping.
    pub label: String,
    /// Which of its groups.
    pub name: String,
    /// Its neighbourhoods, as positions.
    pub zones: Vec<usize>,
}

fn times(found: &OriginWindow, category: usize) -> OriginTimes<'_> {
    OriginTimes { percentiles: &found.nearest[category], median: found.median[category] }
}
