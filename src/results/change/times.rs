//! Times to the nearest place of each category, and for how many people they change.

use super::{ChangeColumns, ChangeTableInput, NamedChange};
use crate::inputs::project::Category;
use crate::results::table;
use crate::results::table::Value;
use crate::scenario::differences::{CategoryChange, THRESHOLDS_MIN, TimeShift};

/// How the names of a category's fields in a window begin.
pub(super) fn base(category: &Category, window: &NamedChange) -> String {
    format!("{}_transit{}_{}", category.name, window.suffix, window.name)
}

impl ChangeTableInput<'_> {
    pub(super) fn category(
        &self,
        category: &Category,
        window: &NamedChange,
        changes: &[Option<CategoryChange>],
        columns: &mut ChangeColumns,
    ) {
        let base = base(category, window);
        let label = &format!("{}{}", category.label, window.says);
        let each = |get: &dyn Fn(&CategoryChange) -> Value| -> std::vec::IntoIter<Value> {
            let value =
                |change: &Option<CategoryChange>| change.as_ref().map_or(Value::Missing, get);
            changes.iter().map(value).collect::<Vec<_>>().into_iter()
        };
        for (nth, percentile) in self.percentiles.iter().enumerate() {
            let about = format!(
                "time to the nearest of: {label}, that {percentile} % of the departures keep to; population-weighted median"
            );
            let name = |what: &str| format!("{base}_p{percentile}_{what}_min");
            let shift = |change: &CategoryChange| change.times[nth];
            columns.add(
                name("before"),
                "min",
                1,
                format!("before: {about}; empty: out of reach"),
                each(&|c| Value::minutes(shift(c).before)),
            );
            columns.add(
                name("after"),
                "min",
                1,
                format!("after: {about}; empty: out of reach"),
                each(&|c| Value::minutes(shift(c).after)),
            );
            let meaning = format!(
                "after less before, more is worse: {about}; empty: out of reach before or after, see {base}_state"
            );
            let change = each(&|c| minutes_of_change(shift(c)));
            columns.add_difference(name("change"), "min", 1, meaning, change);
        }
        let meaning = format!(
            "what became of the median time to the nearest of: {label}; lost: no longer in reach, longer, same, shorter, gained, never: in reach neither before nor after"
        );
        columns.add(format!("{base}_state"), "", 0, meaning, each(&|c| state(c)));
        let (counted_as, (who, unit)) = (self.counted_as(), self.who_is_counted());
        let mut people = |name: String, meaning: String, get: &dyn Fn(&CategoryChange) -> f64| {
            columns.add(
                name,
                unit,
                0,
                format!("{who} {meaning} the nearest of: {label}"),
                each(&|c| Value::number(get(c))),
            );
        };
        people(format!("{base}_{counted_as}_lost"), "who can no longer reach".into(), &|c| {
            c.tally.lost
        });
        people(format!("{base}_{counted_as}_gained"), "who can newly reach".into(), &|c| {
            c.tally.gained
        });
        for (nth, threshold) in THRESHOLDS_MIN.iter().enumerate() {
            let longer = format!(
                "who still reach, but whose median time is {threshold} min longer or more, to"
            );
            people(format!("{base}_{counted_as}_longer_{threshold}min"), longer, &|c| {
                c.tally.longer[nth]
            });
        }
        let shorter = format!("whose median time is {} min shorter or more to", THRESHOLDS_MIN[0]);
        people(format!("{base}_{counted_as}_shorter_{}min", THRESHOLDS_MIN[0]), shorter, &|c| {
            c.tally.shorter[0]
        });
        for (nth, cutoff) in self.cutoffs_min.iter().enumerate() {
            let no_longer = format!(
                "who were within {cutoff} min of and are no longer, counting those who cannot reach it at all:"
            );
            people(format!("{base}_{counted_as}_no_longer_{cutoff}min"), no_longer, &|c| {
                c.tally.no_longer_within[nth]
            });
            let newly = format!(
                "who were not within {cutoff} min of and are now, counting those who could not reach it at all:"
            );
            people(format!("{base}_{counted_as}_newly_{cutoff}min"), newly, &|c| {
                c.tally.newly_within[nth]
            });
        }
    }
}

/// After less before in tenths of a minute, rounded once, half away from nought.
pub fn minutes_of_change(shift: TimeShift) -> Value {
    let Some(seconds) = shift.seconds() else { return Value::Missing };
    let tenths = table::tenths_of_minutes(crate::units::Seconds::new(
        u32::try_from(seconds.unsigned_abs()).unwrap_or(u32::MAX),
    ));
    let minutes = f64::from(tenths) / 10.0;
    Value::number(if seconds < 0 { -minutes } else { minutes })
}

fn state(change: &CategoryChange) -> Value {
    Value::Text(change.median.state().name().to_owned())
}
