//! Jobs and places within reach: what is lost and what is gained.

use super::times::base;
use super::{ChangeColumns, ChangeTableInput, NamedChange};
use crate::results::table::Value;
use crate::scenario::counts::CountChange;

/// A count with the name of its field before, and what it counts.
pub(crate) struct ChangedCount<'a> {
    pub field: String,
    pub unit: &'static str,
    pub about: String,
    pub zones: &'a [Option<CountChange>],
}

impl ChangeTableInput<'_> {
    /// Everything that is counted in a window.
    pub(crate) fn counted<'a>(&self, window: &'a NamedChange) -> Vec<ChangedCount<'a>> {
        let mut all = Vec::new();
        for (cutoff, zones) in self.cutoffs_min.iter().zip(&window.change.jobs) {
            all.push(ChangedCount {
                field: format!("jobs_transit{}_{}_{cutoff}min_of_p50", window.suffix, window.name),
                unit: "jobs",
                about: format!(
                    "jobs whose median travel time is within {cutoff} min{}",
                    window.says
                ),
                zones,
            });
        }
        for (category, cutoffs) in self.categories.iter().zip(&window.change.places) {
            for (cutoff, zones) in self.cutoffs_min.iter().zip(cutoffs) {
                all.push(ChangedCount {
                    field: format!("{}_{cutoff}min_places", base(category, window)),
                    unit: "places",
                    about: format!(
                        "places whose median travel time is within {cutoff} min{}: {}",
                        window.says, category.label
                    ),
                    zones,
                });
            }
        }
        all
    }

    pub(super) fn counts(&self, window: &NamedChange, columns: &mut ChangeColumns) {
        for ChangedCount { field, unit, about, zones } in self.counted(window) {
            let each = |nth: usize| {
                zones.iter().map(move |zone| {
                    zone.and_then(|zone| zone.means())
                        .map_or(Value::Missing, |means| Value::number(means[nth]))
                })
            };
            let lost = format!(
                "what its people reach fewer of, mean over its people; those who reach more do not make up for it: {about}"
            );
            let gained = format!(
                "what its people reach more of, mean over its people; those who reach fewer take nothing away from it: {about}"
            );
            columns.add_difference(format!("{field}_lost"), unit, 1, lost, each(2));
            columns.add_difference(format!("{field}_gained"), unit, 1, gained, each(3));
        }
    }
}
