//! Jobs within reach.

use super::columns::{ColumnMeaning, IndicatorColumns};
use super::{BOTH, Indicators, MAP, ProfileIndicators};
use crate::ids::{Idx, OriginIdx};
use crate::inputs::project::Decay;

impl Indicators<'_> {
    pub(super) fn jobs(&self, walker: &ProfileIndicators, columns: &mut IndicatorColumns) {
        let ProfileIndicators { suffix, says: special, survey, windows, .. } = walker;
        if survey.jobs().is_none() {
            return;
        }
        let jobs = |meaning: String, window| ColumnMeaning {
            unit: "jobs",
            decimals: 0,
            meaning,
            window,
            source: if window.is_some() { BOTH } else { MAP },
        };
        let half = "what half of its people can reach, or more";
        for (nth, cutoff) in self.project.cutoffs_on_foot().iter().enumerate() {
            let on_foot =
                |origin| survey.jobs_on_foot(origin).and_then(|counts| counts.get(nth).copied());
            columns.add(
                &format!("jobs_walk{suffix}_{cutoff}min"),
                jobs(format!("jobs within {cutoff} min' walk{special}; {half}"), None),
                self.half_reach(on_foot),
            );
        }
        for window in *windows {
            for (nth, cutoff) in self.project.cutoffs_ridden().iter().enumerate() {
                let counted = |origin: OriginIdx| window.origins[origin.at()].jobs.as_ref();
                let meaning = format!(
                    "jobs whose median travel time over the departures is within {cutoff} min{special}; {half}"
                );
                let of = self.half_reach(|origin| Some(counted(origin)?.of_median[nth]));
                columns.add(
                    &format!("jobs_transit{suffix}_{}_{cutoff}min_of_p50", window.name),
                    jobs(meaning, Some(&window.when)),
                    of,
                );
                let meaning = format!(
                    "median over the departures of the jobs within {cutoff} min{special}; {half}"
                );
                let of = self.half_reach(|origin| Some(counted(origin)?.median_of[nth]));
                columns.add(
                    &format!("p50_of_jobs_transit{suffix}_{}_{cutoff}min", window.name),
                    jobs(meaning, Some(&window.when)),
                    of,
                );
            }
        }
        self.gravity(walker, columns);
    }

    /// Jobs, each by the weight of its travel time.
    fn gravity(&self, walker: &ProfileIndicators, columns: &mut IndicatorColumns) {
        let ProfileIndicators { suffix, says: special, survey, windows, .. } = walker;
        for (nth, decay) in self.project.decays.iter().enumerate() {
            let name = &decay.name;
            let says = |what: &str, window| ColumnMeaning {
                unit: "jobs",
                decimals: 0,
                meaning: format!("{what}{special}; what half of its people have, or more"),
                window,
                source: if window.is_some() { BOTH } else { MAP },
            };
            let by = format!("each weighed by {}", in_words(&decay.decay));
            let on_foot =
                |origin| survey.gravity_on_foot(origin).and_then(|sums| sums.get(nth).copied());
            columns.add(
                &format!("jobs_walk{suffix}_gravity_{name}"),
                says(&format!("jobs within the longest walk, {by}"), None),
                self.half_reach(on_foot),
            );
            for window in *windows {
                let counted = |origin: OriginIdx| window.origins[origin.at()].jobs.as_ref();
                columns.add(
                    &format!("jobs_transit{suffix}_{}_gravity_{name}_of_p50", window.name),
                    says(
                        &format!("jobs, {by} of its median travel time over the departures"),
                        Some(&window.when),
                    ),
                    self.half_reach(|origin| Some(counted(origin)?.gravity_of_median[nth])),
                );
                columns.add(
                    &format!("p50_of_jobs_transit{suffix}_{}_gravity_{name}", window.name),
                    says(
                        &format!("median over the departures of the jobs, {by} of its travel time"),
                        Some(&window.when),
                    ),
                    self.half_reach(|origin| Some(counted(origin)?.median_of_gravity[nth])),
                );
            }
        }
    }
}

/// A decay as the dictionary tells it.
pub(super) fn in_words(decay: &Decay) -> String {
    match decay {
        Decay::Step { cutoff_min } => format!("1 up to {cutoff_min} min and 0 beyond"),
        Decay::Linear { cutoff_min } => format!("a line from 1 to 0 at {cutoff_min} min"),
        Decay::Exponential { half_life_min } => format!("a half for each {half_life_min} min"),
        Decay::Logistic { cutoff_min, sd_min } => {
            format!("a logistic curve about {cutoff_min} min (standard deviation {sd_min} min)")
        }
    }
}
