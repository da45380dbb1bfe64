//! What hangs on one line, and the public transport accessibility level.

use std::collections::BTreeMap;

use super::columns::{ColumnMeaning, IndicatorColumns, percent, text};
use super::{BOTH, Indicators};
use crate::access::dependency::Dependency;
use crate::access::ptal;
use crate::ids::{Idx, OriginIdx};
use crate::results::table::Value;
use crate::units::Seconds;

/// The dependency of each origin on one line, in what it names.
pub struct OriginDependency {
    /// How the fields' names begin: `jobs`, or a category.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// In which window.
    pub window: String,
    /// Within what time.
    pub cutoff: Seconds,
    /// By origin.
    pub origins: Vec<Option<Dependency>>,
    /// By origin: what it reaches with all lines.
    pub before: Vec<f64>,
    /// What the lines are called.
    pub lines: Vec<String>,
}

impl Indicators<'_> {
    pub(super) fn dependencies(&self, columns: &mut IndicatorColumns) {
        let searched =
            self.depends.iter().filter(|depends| depends.cutoff <= self.project.transit.max_time);
        searched.for_each(|depends| self.dependency(depends, columns));
    }

    fn dependency(&self, depends: &OriginDependency, columns: &mut IndicatorColumns) {
        let OriginDependency { name, label, window, cutoff, .. } = depends;
        let windows = self.walkers.first().map_or(&[][..], |walker| walker.windows);
        let when = windows.iter().find(|of| of.name == *window).map(|window| window.when.as_str());
        let cutoff = cutoff.as_minutes();
        let meaning = format!(
            "share of {label} whose median travel time is within {cutoff} min that is lost if the one most important line goes; what half of its people lose, or more, of those who reach any; empty: nobody does"
        );
        let share =
            |origin: OriginIdx| depends.origins[origin.at()].as_ref().map(|of| of.share * 100.0);
        columns.add(
            &format!("{name}_dependency_{window}_pct"),
            percent(meaning, when, BOTH),
            self.half_reach(share),
        );
        let mut says = text(
            &format!("the line that takes most away from its people together, of {label}"),
            BOTH,
        );
        says.window = when;
        let line = |zone: Option<&[OriginIdx]>| {
            Value::text(self.worst_line(depends, zone.unwrap_or_default()))
        };
        let lines: Vec<Value> = self.residents.by_zone().map(line).collect();
        columns.add(&format!("{name}_dependency_{window}_line"), says, lines);
    }

    fn worst_line(&self, depends: &OriginDependency, zone: &[OriginIdx]) -> Option<String> {
        let mut lost: BTreeMap<usize, f64> = BTreeMap::new();
        for origin in zone {
            if let Some(Dependency { share, line: Some(line) }) = &depends.origins[origin.at()] {
                let people = self.residents.weight(*origin);
                *lost.entry(*line).or_default() += share * depends.before[origin.at()] * people;
            }
        }
        let worst = lost
            .into_iter()
            .filter(|(_, lost)| *lost > 0.0)
            .max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        depends.lines.get(worst.0).cloned()
    }

    pub(super) fn ptal(&self, columns: &mut IndicatorColumns) {
        let Some((when, indices)) = self.access_index else { return };
        let index = self.mean(|origin| indices[origin.at()]);
        let says = |unit, meaning: &str| ColumnMeaning {
            unit,
            decimals: 2,
            meaning: meaning.to_owned(),
            window: Some(when),
            source: BOTH,
        };
        let level = |index: &Value| Value::text(index.as_number().map(ptal::level));
        let levels: Vec<Value> = index.iter().map(level).collect();
        columns.add("ptal_index", says("points", "public transport access index as Transport for London defines it, mean over its people; a walk's length is its time at the project's speed"), index);
        columns.add("ptal_level", says("", "public transport accessibility level of that index: 0, 1a, 1b, 2 to 5, 6a, 6b; higher is better"), levels);
    }
}
