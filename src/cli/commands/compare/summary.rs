//! The comparison in a few lines.

use std::fmt::Write as _;

use crate::analysis::compare::{ComparedScenario, Comparison};
use crate::scenario::differences::PeopleTally;

/// What a scenario does, for the terminal.
pub fn in_words(comparison: &Comparison, one: &ComparedScenario) -> String {
    let mut text = format!("{}: {}", one.side.scenario.name, one.side.says_in_words().join("; "));
    if let Some(off) = crate::report::evidence_pack::off_map(one) {
        let _ = write!(text, "\n  {off}");
    }
    let who = comparison.residents.counted().name();
    let project = &comparison.study.project;
    for window in &one.changes {
        let mut parts = Vec::new();
        for (number, category) in project.categories.iter().enumerate() {
            let all = &comparison.groups[0].zones;
            let tally = window.change.sum(number, all, project.cutoffs_ridden().len());
            if let Some(says) = category_in_words(&tally) {
                parts.push(format!("{} {says}", category.name));
            }
        }
        let says = if parts.is_empty() { "nothing changes".to_owned() } else { parts.join("; ") };
        let _ = write!(text, "\n  {}{} ({who}): {says}", window.name, window.says);
    }
    text
}

fn category_in_words(tally: &PeopleTally) -> Option<String> {
    let counts = [
        (tally.lost, "lose it"),
        (tally.worse, "longer"),
        (tally.longer[0], "of these 5 min or more"),
        (tally.better, "shorter"),
        (tally.gained, "gain it"),
    ];
    let said: Vec<String> = counts
        .iter()
        .filter(|(people, _)| *people > 0.0)
        .map(|(people, what)| format!("{people:.0} {what}"))
        .collect();
    (!said.is_empty()).then(|| said.join(", "))
}
