//! Jobs within reach.

use super::columns::{Columns, Says};
use super::{BOTH, Indicators, MAP, Walker};
use crate::ids::{Idx, OriginIdx};

impl Indicators<'_> {
    pub(super) fn jobs(&self, walker: &Walker, columns: &mut Columns) {
        let Walker { suffix, says: special, survey, windows, .. } = walker;
        if survey.jobs().is_none() {
            return;
        }
        let jobs = |meaning: String, window| Says {
            unit: "jobs",
            decimals: 0,
            meaning,
            window,
            source: if window.is_some() { BOTH } else { MAP },
        };
        let half = "what half of its people can reach, or more";
        for (nth, cutoff) in self.cutoffs_min.iter().enumerate() {
            if *cutoff <= self.max_walk_min {
                let on_foot =
                    |origin| survey.jobs_on_foot(origin).and_then(|counts| counts.get(nth).copied());
                columns.add(
                    &format!("jobs_walk{suffix}_{cutoff}min"),
                    jobs(format!("jobs within {cutoff} min' walk{special}; {half}"), None),
                    self.half_reach(on_foot),
                );
            }
        }
        for window in *windows {
            for (nth, cutoff) in self.cutoffs_min.iter().enumerate() {
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
                let meaning =
                    format!("median over the departures of the jobs within {cutoff} min{special}; {half}");
                let of = self.half_reach(|origin| Some(counted(origin)?.median_of[nth]));
                columns.add(
                    &format!("p50_of_jobs_transit{suffix}_{}_{cutoff}min", window.name),
                    jobs(meaning, Some(&window.when)),
                    of,
                );
            }
        }
    }
}
