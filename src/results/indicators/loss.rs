//! What the evening and the Sunday take away from what a weekday morning gives.

use super::columns::{ColumnMeaning, IndicatorColumns, percent};
use super::counts::open_in_window;
use super::{BOTH, Indicators, ProfileIndicators, WindowResults};
use crate::access::service_loss::Loss;
use crate::ids::{Idx, OriginIdx};
use crate::results::table::Value;

impl Indicators<'_> {
    pub(super) fn losses(&self, walker: &ProfileIndicators, columns: &mut IndicatorColumns) {
        let find = |name: &String| walker.windows.iter().find(|window| window.name == *name);
        let Some(base) = self.project.measures.loss_base.as_ref().and_then(find) else { return };
        for window in self.project.measures.loss_windows.iter().filter_map(find) {
            if window.name != base.name {
                self.losses_of(walker, base, window, columns);
            }
        }
    }

    fn losses_of(
        &self,
        walker: &ProfileIndicators,
        base: &WindowResults,
        other: &WindowResults,
        columns: &mut IndicatorColumns,
    ) {
        let ProfileIndicators { suffix, says: special, .. } = walker;
        let (from, to) = (&base.name, &other.name);
        for (nth, category) in self.categories.iter().enumerate() {
            let label = format!("{}{special}{}", category.label, open_in_window(category));
            let name = format!("{}_transit{suffix}_{to}", category.name);
            let time =
                |window: &WindowResults, origin: OriginIdx| window.origins[origin.at()].median[nth];
            let losses = self.residents.by_zone().map(|zone| {
                let mut loss = Loss::default();
                zone.unwrap_or_default().iter().for_each(|origin| {
                    loss.add(
                        time(base, *origin),
                        time(other, *origin),
                        self.residents.weight(*origin),
                    )
                });
                loss
            });
            let losses: Vec<Loss> = losses.collect();
            let says = ColumnMeaning {
                unit: "min",
                decimals: 1,
                meaning: format!(
                    "how much longer than in {from} the median time to the nearest of: {label} is, for those who get there in both windows; population-weighted median of each point's own difference"
                ),
                window: Some(&other.when),
                source: BOTH,
            };
            #[expect(clippy::cast_precision_loss, reason = "seconds of a day")]
            let minutes = |loss: &Loss| {
                loss.median_s().map_or(Value::Missing, |s| Value::number(s as f64 / 60.0))
            };
            columns.add_difference(&format!("{name}_loss_min"), says, losses.iter().map(minutes));
            let share = |what: &str| {
                percent(
                    format!("share of its people who get to the nearest of: {label} {what}"),
                    Some(&other.when),
                    BOTH,
                )
            };
            columns.add(
                &format!("{name}_pct_lost"),
                share(&format!("in {from} and do not in this window")),
                losses.iter().map(|loss| Value::percent(loss.lost())),
            );
            columns.add(
                &format!("{name}_pct_gained"),
                share(&format!("in this window and do not in {from}")),
                losses.iter().map(|loss| Value::percent(loss.gained())),
            );
        }
        self.jobs_lost(walker, base, other, columns);
    }

    /// The share of the jobs that half of the people reach in the base window and do not in the
    /// other.
    fn jobs_lost(
        &self,
        walker: &ProfileIndicators,
        base: &WindowResults,
        other: &WindowResults,
        columns: &mut IndicatorColumns,
    ) {
        if walker.survey.jobs().is_none() {
            return;
        }
        let (from, to) = (&base.name, &other.name);
        for (nth, cutoff) in self.project.cutoffs_ridden().iter().enumerate() {
            let reach = |window: &WindowResults| {
                self.half_reach(|origin| {
                    Some(window.origins[origin.at()].jobs.as_ref()?.of_median[nth])
                })
            };
            let lost = |(base, other): (Value, Value)| match (base.as_number(), other.as_number()) {
                (Some(base), Some(other)) if base > 0.0 => {
                    Value::number((base - other) / base * 100.0)
                }
                _ => Value::Missing,
            };
            let says = percent(
                format!(
                    "by how much the jobs whose median travel time is within {cutoff} min{} are fewer than in {from}; below 0: more; empty: none in {from}",
                    walker.says
                ),
                Some(&other.when),
                BOTH,
            );
            let values = reach(base).into_iter().zip(reach(other)).map(lost);
            columns.add(
                &format!("jobs_transit{}_{to}_{cutoff}min_loss_pct", walker.suffix),
                says,
                values,
            );
        }
    }
}
