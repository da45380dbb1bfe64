//! Times to the nearest place of each category.

use super::columns::{IndicatorColumns, minutes, percent};
use super::counts::open_in_window;
use super::{BOTH, Indicators, MAP, ProfileIndicators};
use crate::access::rollup::WeightedTimes;
use crate::ids::{CategoryIdx, Idx};
use crate::inputs::project::Category;
use crate::results::table::Value;
use crate::units::Seconds;

impl Indicators<'_> {
    pub(super) fn category(
        &self,
        walker: &ProfileIndicators,
        category: CategoryIdx,
        about: &Category,
        columns: &mut IndicatorColumns,
    ) {
        let ProfileIndicators { suffix, says: special, survey, windows, .. } = walker;
        let (name, label) = (&about.name, &format!("{}{special}", about.label));
        let walks = self.weighed(|origin| survey.walk(origin, category));
        let says = minutes(
            format!(
                "walk to the nearest of: {label}; population-weighted median; empty: over {} min or none",
                self.max_walk_min()
            ),
            None,
            MAP,
        );
        columns.add(
            &format!("{name}_walk{suffix}_min"),
            says,
            walks.iter().map(|w| Value::minutes(w.median())),
        );
        self.within(
            &format!("{name}_walk{suffix}"),
            label,
            &walks,
            (None, self.project.cutoffs_on_foot()),
            columns,
        );
        let label = &format!("{label}{}", open_in_window(about));
        for window in *windows {
            let base = format!("{name}_transit{suffix}_{}", window.name);
            for (nth, percentile) in self.percentiles.iter().enumerate() {
                let times =
                    self.weighed(|origin| window.origins[origin.at()].nearest[category.at()][nth]);
                let meaning = format!(
                    "time to the nearest of: {label}, by public transport or on foot, first wait included, that {percentile} % of the departures keep to; \
                     population-weighted median; empty: not within {} min",
                    self.max_time_min()
                );
                columns.add(
                    &format!("{base}_p{percentile}_min"),
                    minutes(meaning, Some(&window.when), BOTH),
                    times.iter().map(|t| Value::minutes(t.median())),
                );
            }
            let medians = self.weighed(|origin| window.origins[origin.at()].median[category.at()]);
            let spread = |which: &str| {
                minutes(
                    format!(
                        "median time over the departures to the nearest of: {label}, from the {which} of its origin points"
                    ),
                    Some(&window.when),
                    BOTH,
                )
            };
            columns.add(
                &format!("{base}_best_min"),
                spread("best placed"),
                medians.iter().map(|t| Value::minutes(t.least())),
            );
            columns.add(
                &format!("{base}_worst_min"),
                spread("worst placed"),
                medians.iter().map(|t| Value::minutes(t.greatest())),
            );
            self.within(
                &base,
                label,
                &medians,
                (Some(&window.when), self.project.cutoffs_ridden()),
                columns,
            );
            let says = percent(
                format!(
                    "share of its people whose median time to the nearest of: {label} is over {} min, or who cannot get there at all",
                    self.max_time_min()
                ),
                Some(&window.when),
                BOTH,
            );
            columns.add(
                &format!("{base}_pct_unreached"),
                says,
                medians.iter().map(|t| Value::percent(t.unreached())),
            );
        }
    }

    pub(super) fn within(
        &self,
        base: &str,
        label: &str,
        times: &[WeightedTimes],
        (window, cutoffs_min): (Option<&str>, &[u32]),
        columns: &mut IndicatorColumns,
    ) {
        let source = if window.is_some() { BOTH } else { MAP };
        for cutoff in cutoffs_min {
            let within = match window {
                Some(_) => format!("within {cutoff} min (median over the departures)"),
                None => format!("within {cutoff} min' walk"),
            };
            let says = percent(
                format!("share of its people {within} of the nearest of: {label}"),
                window,
                source,
            );
            let shares = times.iter().map(|t| Value::percent(t.within(Seconds::minutes(*cutoff))));
            columns.add(&format!("{base}_pct_{cutoff}min"), says, shares);
        }
    }
}
