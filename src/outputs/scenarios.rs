//! `scenarios.csv`: what each of several scenarios does to all people, a row for each window, kind
//! of walker and category. Where no number of people is known what is counted are origin points,
//! and the columns are called so.

use std::io::{self, Write};

use crate::results::change::ChangeTableInput;
use crate::results::table::Value;
use crate::sanitise::csv_text;
use crate::scenario::differences::THRESHOLDS_MIN;

/// A scenario by its name and label, with its changes.
pub struct NamedScenario<'a> {
    /// Its key.
    pub name: &'a str,
    /// What people call it.
    pub label: &'a str,
    /// What it changes, a sentence each.
    pub says: Vec<String>,
    /// Its changes.
    pub changes: ChangeTableInput<'a>,
}

/// Writes the table.
pub fn write_scenarios(out: impl Write, scenarios: &[NamedScenario]) -> io::Result<()> {
    let mut csv =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out);
    let who = scenarios.first().map_or("people", |one| one.changes.counted_as());
    let mut header =
        ["scenario", "label", "window", "walker", "category", who].map(str::to_owned).to_vec();
    header.extend(["lost", "gained", "longer"].map(|what| format!("{who}_{what}")));
    header.extend(THRESHOLDS_MIN.iter().map(|min| format!("{who}_longer_{min}min")));
    header.extend([
        format!("{who}_shorter"),
        "mean_change_min".to_owned(),
        "what_changes".to_owned(),
    ]);
    csv.write_record(&header)?;
    for NamedScenario { name, label, says, changes } in scenarios {
        let says = csv_text(&says.join("; ")).into_owned();
        let all: Vec<usize> = (0..changes.zones.zones.len()).collect();
        for window in changes.windows {
            for (number, category) in changes.categories.iter().enumerate() {
                let tally = window.change.sum(number, &all, changes.cutoffs_min.len());
                let texts =
                    [name, label, window.name.as_str(), window.walker, category.name.as_str()];
                let mut row = texts.map(|text| csv_text(text).into_owned()).to_vec();
                let counts = [tally.people, tally.lost, tally.gained, tally.worse].into_iter();
                let counts = counts.chain(tally.longer).chain([tally.better]);
                row.extend(counts.map(|count| format!("{count:.0}")));
                let mean = tally.mean_minutes().and_then(|mean| Value::number(mean).plain(2));
                row.extend([mean.unwrap_or_default(), says.clone()]);
                csv.write_record(&row)?;
            }
        }
    }
    csv.flush()
}
