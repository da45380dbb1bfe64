//! Before and after, neighbourhood by neighbourhood and group by group.

use std::collections::BTreeMap;

use super::change::{Change, OriginTimes, Tally};
use crate::access::rollup::half_reach;
use crate::access::survey::InWindow;
use crate::ids::{Idx, IdxVec, OriginIdx, ZoneIdx};
use crate::inputs::neighbourhoods::Neighbourhoods;
use crate::inputs::origins::Origins;

/// Where the people are whose changes are counted.
pub struct People<'a> {
    /// The origins of each neighbourhood.
    pub by_zone: &'a [Vec<OriginIdx>],
    /// What each origin weighs among its neighbourhood's.
    pub weights: IdxVec<OriginIdx, f64>,
    /// How many people it stands for.
    pub people: IdxVec<OriginIdx, f64>,
    /// Whether these are people; else nobody said how many there are, and they are points.
    pub counted: bool,
    /// Whether anything is known of a neighbourhood: not of those wholly off the map.
    pub known: IdxVec<ZoneIdx, bool>,
}

impl<'a> People<'a> {
    /// The people of each neighbourhood shared out over its origins by their weights; where a neighbourhood's number is not
    /// known, the weights themselves.
    pub fn of(
        zones: &Neighbourhoods,
        origins: &Origins,
        by_zone: &'a [Vec<OriginIdx>],
        known: IdxVec<ZoneIdx, bool>,
    ) -> People<'a> {
        let weights: IdxVec<OriginIdx, f64> = origins.points.iter().map(|origin| origin.weight).collect();
        let mut people = weights.clone();
        for (zone, inside) in zones.zones.iter().zip(by_zone) {
            let all: f64 = inside.iter().map(|origin| weights[*origin]).sum();
            if let Some(population) = zone.population.filter(|_| all > 0.0) {
                inside.iter().for_each(|origin| people[*origin] = population * weights[*origin] / all);
            }
        }
        let counted =
            origins.weight_column.is_some() || zones.zones.iter().any(|zone| zone.population.is_some());
        People { by_zone, weights, people, counted, known }
    }
}

/// The changes of a window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WindowChange {
    /// By category and neighbourhood; `None` where nothing is known.
    pub categories: Vec<Vec<Option<Change>>>,
    /// By cut-off and neighbourhood: what half of its people reach, or more, before and after.
    pub jobs: Vec<Vec<Option<(f64, f64)>>>,
}

impl WindowChange {
    /// Of what was found about each origin before and after.
    pub fn of(people: &People, before: &[InWindow], after: &[InWindow], cutoffs_min: &[u32]) -> WindowChange {
        let zones = || people.by_zone.iter().zip(people.known.iter());
        let categories = before.first().map_or(0, |found| found.nearest.len());
        let category = |category: usize| {
            let one = |(origins, known): (&Vec<OriginIdx>, &bool)| {
                known.then(|| {
                    Change::of(
                        origins,
                        &people.weights,
                        &people.people,
                        cutoffs_min,
                        |origin| times(&before[origin.at()], category),
                        |origin| times(&after[origin.at()], category),
                    )
                })
            };
            zones().map(one).collect()
        };
        let has_jobs = before.first().is_some_and(|found| found.jobs.is_some());
        let cutoff = |nth: usize| {
            let side = |found: &[InWindow], origins: &[OriginIdx]| {
                let counts = origins.iter().filter_map(|origin| {
                    let jobs = found[origin.at()].jobs.as_ref()?.of_median.get(nth)?;
                    Some((*jobs, people.weights[*origin]))
                });
                half_reach(counts)
            };
            let one = |(origins, known): (&Vec<OriginIdx>, &bool)| {
                known.then(|| side(before, origins).zip(side(after, origins))).flatten()
            };
            zones().map(one).collect()
        };
        WindowChange {
            categories: (0..categories).map(category).collect(),
            jobs: if has_jobs { (0..cutoffs_min.len()).map(cutoff).collect() } else { Vec::new() },
        }
    }

    /// A category's people, over some neighbourhoods.
    pub fn sum(&self, category: usize, zones: &[usize], cutoffs: usize) -> Tally {
        let mut sum = Tally::new(cutoffs);
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
        let jobs = self.jobs.iter().flatten().flatten();
        times.into_iter().any(|change| {
            change.median.changed()
                || change.times.iter().any(|shift| shift.changed())
                || change.tally.lost + change.tally.gained + change.tally.people_seconds.abs() > 0.0
        }) || jobs.into_iter().any(|(before, after)| before != after)
    }
}

/// Neighbourhoods that are compared as a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// `all`, or what the groups are formed by.
    pub by: &'static str,
    /// Which of these, in words.
    pub name: String,
    /// Its neighbourhoods, as positions.
    pub zones: Vec<usize>,
}

/// All neighbourhoods, and where a deprivation index is given its tenths, the most deprived first.
pub fn groups(zones: &Neighbourhoods) -> Vec<Group> {
    let all = (0..zones.zones.len()).collect();
    let mut groups = vec![Group { by: "all", name: "all neighbourhoods".into(), zones: all }];
    let mut deciles: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
    for (number, zone) in zones.zones.iter().enumerate() {
        if let Some(decile) = zone.deprivation.as_ref().and_then(|deprivation| deprivation.decile) {
            deciles.entry(decile).or_default().push(number);
        }
    }
    for (decile, zones) in deciles {
        let name = match decile {
            1 => "1 (most deprived tenth)".to_owned(),
            10 => "10 (least deprived tenth)".to_owned(),
            other => other.to_string(),
        };
        groups.push(Group { by: "deprivation decile", name, zones });
    }
    groups
}

fn times(found: &InWindow, category: usize) -> OriginTimes<'_> {
    OriginTimes { percentiles: &found.nearest[category], median: found.median[category] }
}
