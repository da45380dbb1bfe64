//! The k-th nearest place, and how many places are within reach.

use super::columns::{ColumnMeaning, IndicatorColumns, minutes};
use super::jobs::in_words;
use super::{BOTH, Indicators, MAP, ProfileIndicators};
use crate::access::per_place::OriginPlaces;
use crate::ids::{CategoryIdx, Idx, OriginIdx};
use crate::inputs::project::Category;
use crate::results::table::Value;
use crate::units::Seconds;

impl Indicators<'_> {
    pub(super) fn counts(
        &self,
        walker: &ProfileIndicators,
        category: CategoryIdx,
        about: &Category,
        columns: &mut IndicatorColumns,
    ) {
        let on_foot = walker.each_on_foot.get(category.at()).filter(|found| !found.is_empty());
        let Some(on_foot) = on_foot else { return };
        let measures = &self.project.measures;
        for (nth, k) in measures.nearest.iter().enumerate() {
            self.kth_nearest(walker, category, about, (nth, *k), columns);
        }
        if measures.counts {
            let (walks, rides) = (self.project.cutoffs_on_foot(), self.project.cutoffs_ridden());
            let (name, suffix) = (&about.name, walker.suffix);
            let label = format!("{}{}", about.label, walker.says);
            self.within_reach(
                &format!("{name}_walk{suffix}"),
                &label,
                on_foot,
                walks,
                None,
                columns,
            );
            for window in walker.windows {
                let base = format!("{name}_transit{suffix}_{}", window.name);
                let found = &window.each[category.at()];
                let label = format!("{label}{}", open_in_window(about));
                self.within_reach(&base, &label, found, rides, Some(&window.when), columns);
            }
        }
    }

    /// The places, each by the weight of its travel time, for each decay that names the category.
    pub(super) fn gravity_of_places(
        &self,
        walker: &ProfileIndicators,
        category: CategoryIdx,
        about: &Category,
        columns: &mut IndicatorColumns,
    ) {
        let Category { name, label, .. } = about;
        let (suffix, special, open) = (walker.suffix, walker.says, open_in_window(about));
        let mine = self.project.decays.iter().filter(|decay| decay.categories.contains(name));
        for (nth, decay) in mine.enumerate() {
            let by = format!("each weighed by {}", in_words(&decay.decay));
            let says = |meaning: String, window| ColumnMeaning {
                unit: "places",
                decimals: 3,
                meaning: format!("{meaning}; what half of its people have, or more"),
                window,
                source: if window.is_some() { BOTH } else { MAP },
            };
            let decay = &decay.name;
            let on_foot = &walker.each_on_foot[category.at()];
            columns.add(
                &format!("{name}_walk{suffix}_gravity_{decay}"),
                says(format!("places within the longest walk, {by}: {label}{special}"), None),
                self.half_reach(|origin| on_foot[origin.at()].gravity_of_median.get(nth).copied()),
            );
            for window in walker.windows {
                let (found, when) = (&window.each[category.at()], Some(window.when.as_str()));
                let of = format!("{label}{special}{open}");
                columns.add(
                    &format!("{name}_transit{suffix}_{}_gravity_{decay}_of_p50", window.name),
                    says(
                        format!("places, {by} of its median travel time over the departures: {of}"),
                        when,
                    ),
                    self.half_reach(|origin| {
                        found[origin.at()].gravity_of_median.get(nth).copied()
                    }),
                );
                columns.add(
                    &format!("p50_of_{name}_transit{suffix}_{}_gravity_{decay}", window.name),
                    says(
                        format!("median over the departures of the places, {by} of its travel time: {of}"),
                        when,
                    ),
                    self.half_reach(|origin| found[origin.at()].median_of_gravity.get(nth).copied()),
                );
            }
        }
    }

    fn kth_nearest(
        &self,
        walker: &ProfileIndicators,
        category: CategoryIdx,
        about: &Category,
        (nth, k): (usize, u8),
        columns: &mut IndicatorColumns,
    ) {
        let label = format!("{}{}", about.label, walker.says);
        let open = open_in_window(about);
        let (name, suffix, which) = (&about.name, walker.suffix, ordinal(k));
        let of = |found: &[OriginPlaces], percentile: usize| {
            let times = self.weighed(|origin| {
                found[origin.at()].kth.get(nth)?.get(percentile).copied().flatten()
            });
            times.iter().map(|times| Value::minutes(times.median())).collect::<Vec<_>>()
        };
        let says = minutes(
            format!("walk to the {which} nearest of: {label}; population-weighted median"),
            None,
            MAP,
        );
        columns.add(
            &format!("{name}_walk{suffix}_{which}_min"),
            says,
            of(&walker.each_on_foot[category.at()], 0),
        );
        for window in walker.windows {
            for (at, percentile) in self.percentiles.iter().enumerate() {
                let meaning = format!(
                    "time to the {which} nearest of: {label}{open}, by public transport or on foot, that {percentile} % of the departures keep to; which place that is may differ from one departure to the next; population-weighted median"
                );
                let field =
                    format!("{name}_transit{suffix}_{}_{which}_p{percentile}_min", window.name);
                columns.add(
                    &field,
                    minutes(meaning, Some(&window.when), BOTH),
                    of(&window.each[category.at()], at),
                );
            }
        }
    }

    fn within_reach(
        &self,
        base: &str,
        label: &str,
        found: &[OriginPlaces],
        cutoffs_min: &[u32],
        window: Option<&str>,
        columns: &mut IndicatorColumns,
    ) {
        for cutoff in cutoffs_min {
            let count = |origin: OriginIdx| {
                found.get(origin.at()).map(|found| found.within(Seconds::minutes(*cutoff)))
            };
            let median = if window.is_some() {
                "whose median time over the departures is"
            } else {
                "whose walk is"
            };
            let says = ColumnMeaning {
                unit: "places",
                decimals: 0,
                meaning: format!(
                    "places {median} within {cutoff} min: {label}; what half of its people can reach, or more"
                ),
                window,
                source: if window.is_some() { BOTH } else { MAP },
            };
            columns.add(&format!("{base}_{cutoff}min_places"), says, self.half_reach(count));
        }
    }
}

/// What is said of the places that count in a window, where opening hours are looked at.
pub(super) fn open_in_window(about: &Category) -> &'static str {
    if about.opening_hours { ", open in the window or of unknown hours" } else { "" }
}

/// `2nd`, `3rd`, `11th`.
fn ordinal(k: u8) -> String {
    let ending = match (k % 100, k % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{k}{ending}")
}
