//! Every other indicator, before and after.
//!
//! Any field of the result that measures something and is there on both sides is compared, so that
//! what is added to the result is compared too. Left out are those that the times and people of a
//! category tell already.

use super::times::base;
use super::{ChangeColumns, ChangeTableInput};
use crate::access::residents::ResidentUnit;
use crate::ids::NeighbourhoodIdx;
use crate::inputs::project::Category;
use crate::results::cell_state::{comes_from_the_map, counts_people, people};
use crate::results::table::{Absence, Field, Value};

/// A field that is on both sides, by its positions.
pub(crate) struct FieldPair<'a> {
    pub before: usize,
    pub after: usize,
    pub field: &'a Field,
    /// When it is, on both sides.
    pub window: Option<String>,
}

impl ChangeTableInput<'_> {
    /// The fields that are compared.
    pub(crate) fn pairs(&self) -> Vec<FieldPair<'_>> {
        let told: Vec<String> = self
            .windows
            .iter()
            .flat_map(|window| {
                let each = move |category: &Category| {
                    [
                        format!("{}_", base(category, window)),
                        format!("{}_walk{}_", category.name, window.suffix),
                    ]
                };
                self.categories.iter().flat_map(each)
            })
            .collect();
        let fields = self.before.fields.iter().enumerate().filter(|(_, field)| is_measure(field));
        let fields =
            fields.filter(|(_, field)| !told.iter().any(|base| told_already(&field.name, base)));
        let pair = |(before, field): (usize, &'_ Field)| {
            let after = self.after.position(&field.name)?;
            let window = match (&field.window, &self.after.fields[after].window) {
                (Some(before), Some(after)) if before != after => {
                    Some(format!("{before} before; {after} after"))
                }
                (window, _) => window.clone(),
            };
            Some((before, after, window))
        };
        fields
            .filter_map(|(at, field)| {
                let (before, after, window) = pair((at, field))?;
                Some(FieldPair { before, after, field, window })
            })
            .collect()
    }

    /// How many people each neighbourhood counts for in a field of the table before. Where no
    /// population is known these are its people by the weights of its points, or its points.
    pub(crate) fn counts_for(&self, field: usize) -> Vec<Option<f64>> {
        if counts_people(self.before) {
            return people(self.before, field);
        }
        let of_map = comes_from_the_map(&self.before.fields[field]);
        self.zones.zones.indices().map(|zone| self.counted_in(zone, of_map)).collect()
    }

    #[expect(clippy::cast_precision_loss, reason = "points of a neighbourhood")]
    fn counted_in(&self, zone: NeighbourhoodIdx, of_map: bool) -> Option<f64> {
        let residents = self.residents;
        let on_map: f64 =
            residents.on_map(zone).iter().map(|origin| residents.counts()[*origin]).sum();
        match (of_map, residents.counted()) {
            (true, _) => Some(on_map),
            (false, ResidentUnit::Points) => Some(residents.points(zone) as f64),
            (false, ResidentUnit::People) => {
                let share = 1.0 - residents.off_map(zone)?.0;
                (share > 0.0).then(|| on_map / share)
            }
        }
    }

    pub(super) fn measures(&self, columns: &mut ChangeColumns) {
        for FieldPair { before, after, field, window } in self.pairs() {
            let rows = || self.before.rows.iter().zip(&self.after.rows);
            let mut add = |what: &str, unit, meaning: String, absence, values: Vec<Value>| {
                let name = named(&field.name, what);
                let (window, source) = (window.clone(), field.source.clone());
                let decimals = field.decimals;
                columns.fields.push(Field {
                    name,
                    unit,
                    meaning,
                    window,
                    source,
                    decimals,
                    absence,
                });
                columns.values.push(values);
            };
            let meaning = &field.meaning;
            let values = rows().map(|(b, _)| b.values[before].clone()).collect();
            add("before", field.unit, format!("before: {meaning}"), field.absence, values);
            let values = rows().map(|(_, a)| a.values[after].clone()).collect();
            add("after", field.unit, format!("after: {meaning}"), field.absence, values);
            let values =
                rows().map(|(b, a)| difference(&b.values[before], &a.values[after])).collect();
            let meaning = format!(
                "after less before; empty: not known, or not reached, before or after: {meaning}"
            );
            let unit = if field.unit == "%" { "percentage points" } else { field.unit };
            add("change", unit, meaning, Absence::Unknown, values);
        }
    }
}

/// Whether a field says how well off people are: not who they are, nor how they rank, nor how one
/// window differs from another, which both windows tell.
fn is_measure(field: &Field) -> bool {
    let of_two_windows = ["_loss_min", "_loss_pct"].iter().any(|end| field.name.ends_with(end));
    !of_two_windows
        && !matches!(field.unit, "" | "people" | "m" | "rank")
        && !["origin_points", "pct_off_map"].contains(&field.name.as_str())
}

/// The percentiles and the spread of the times themselves, and shares within cut-offs.
fn told_already(name: &str, base: &str) -> bool {
    let Some(rest) = name.strip_prefix(base) else { return false };
    let percentile = |rest: &str| rest.strip_prefix('p')?.strip_suffix("_min")?.parse::<u8>().ok();
    rest.starts_with("pct_")
        || ["best_min", "worst_min"].contains(&rest)
        || percentile(rest).is_some()
}

/// `gp_walk_min` becomes `gp_walk_before_min`, anything else `…_before`.
fn named(field: &str, what: &str) -> String {
    match field.strip_suffix("_min") {
        Some(stem) => format!("{stem}_{what}_min"),
        None => format!("{field}_{what}"),
    }
}

fn difference(before: &Value, after: &Value) -> Value {
    match (before.as_number(), after.as_number()) {
        (Some(before), Some(after)) => Value::number(after - before),
        _ => Value::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_times_tell_is_told_once() {
        let base = "gp_transit_am_";
        for (name, told) in [
            ("gp_transit_am_p50_min", true),
            ("gp_transit_am_pct_30min", true),
            ("gp_transit_am_worst_min", true),
            ("gp_transit_am_2nd_p50_min", false),
            ("gp_transit_am_30min_places", false),
            ("gp_transit_amber_p50_min", false),
            ("gp_walk_min", false),
        ] {
            assert_eq!(told_already(name, base), told, "{name}");
        }
        assert!(told_already("gp_walk_pct_15min", "gp_walk_"));
        assert_eq!(named("gp_walk_min", "change"), "gp_walk_change_min");
        assert_eq!(named("jobs_am_45min_of_p50", "after"), "jobs_am_45min_of_p50_after");
    }
}
