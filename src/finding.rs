//! A fault in the data is a finding: shown, counted, and never silently swallowed.
//!
//! A promise that cannot be kept is an error of its room; a finding is everything milder. Each
//! carries a code (where there is one, the notice name of MobilityData's canonical GTFS validator),
//! the file and line, what was wrong and what was done about it.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use serde::Serialize;

/// How much a finding matters to the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; no number changes.
    Info,
    /// Something was repaired, assumed, or stands at the edge of the data: a number may be
    /// affected.
    Warning,
    /// Rows were dropped or a promise is weaker than usual: a number is affected.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

/// What was done with the faulty thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Used as it stands.
    Kept,
    /// Used after a stated repair.
    Repaired,
    /// Left out and counted.
    Dropped,
}

/// One fault, or several of the same kind at one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// A stable name for the kind of fault, such as `foreign_key_violation`.
    pub code: &'static str,
    /// The file it stands in, as the user named it (with the entry of a zip behind a `/`), or a
    /// thing such as `streets`.
    pub file: String,
    /// The line in that file, from 1, where there is one.
    pub line: Option<u64>,
    /// What was wrong, with the field and the value, and what was done.
    pub what: String,
    /// What was done with it.
    pub outcome: Outcome,
    /// How many faults this row stands for.
    pub count: u64,
}

/// All findings of a run, in the order they were made. Each is kept whole: `findings.csv` has a row
/// for every drop.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    all: Vec<Finding>,
}

impl Findings {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one fault at a line.
    pub fn at(
        &mut self,
        severity: Severity,
        code: &'static str,
        outcome: Outcome,
        file: impl Into<String>,
        line: u64,
        what: impl Into<String>,
    ) {
        let (file, what) = (file.into(), what.into());
        self.all.push(Finding { severity, code, file, line: Some(line), what, outcome, count: 1 });
    }

    /// Adds `count` faults of a file or thing as a whole. None, and nothing is added.
    pub fn count(
        &mut self,
        severity: Severity,
        code: &'static str,
        outcome: Outcome,
        file: impl Into<String>,
        count: u64,
        what: impl Into<String>,
    ) {
        if count > 0 {
            let (file, what) = (file.into(), what.into());
            self.all.push(Finding { severity, code, file, line: None, what, outcome, count });
        }
    }

    /// Adds all findings of another list behind these.
    pub fn append(&mut self, other: Findings) {
        self.all.extend(other.all);
    }

    /// Adds what a further look at the same data found, each marked with what was special about
    /// that look. What is there already is not said again.
    pub fn append_of(&mut self, special: &str, other: Findings) {
        let known: BTreeSet<&Finding> = self.all.iter().collect();
        let news: Vec<Finding> =
            other.all.into_iter().filter(|finding| !known.contains(finding)).collect();
        self.all.extend(
            news.into_iter().map(|f| Finding { what: format!("{special}: {}", f.what), ..f }),
        );
    }

    /// The findings in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.all.iter()
    }

    /// How many faults of a code there are.
    pub fn total(&self, code: &str) -> u64 {
        self.all.iter().filter(|f| f.code == code).map(|f| f.count).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Counts by severity, code, outcome and file, the gravest first: what a summary shows. With
    /// each, its first finding.
    pub fn summary(&self) -> Vec<(Finding, u64)> {
        let mut groups: Vec<(&Finding, u64)> = Vec::new();
        for finding in &self.all {
            let same = |f: &Finding| {
                (f.severity, f.code, f.outcome, &f.file)
                    == (finding.severity, finding.code, finding.outcome, &finding.file)
            };
            match groups.iter_mut().find(|(first, _)| same(first)) {
                Some((_, count)) => *count += finding.count,
                None => groups.push((finding, finding.count)),
            }
        }
        groups.sort_by(|(a, _), (b, _)| {
            (b.severity, &a.file, a.code).cmp(&(a.severity, &b.file, b.code))
        });
        groups.into_iter().map(|(first, count)| (first.clone(), count)).collect()
    }
}

/// The name of a file without its folders, as findings and messages show it.
pub fn base_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_further_look_says_only_what_is_new_and_what_was_special_about_it() {
        let add = |findings: &mut Findings, what| {
            findings.count(Severity::Info, "snap_far", Outcome::Kept, "origins", 1, what);
        };
        let (mut first, mut further) = (Findings::new(), Findings::new());
        add(&mut first, "known");
        add(&mut further, "known");
        add(&mut further, "new");
        first.append_of("step_free", further);
        let said: Vec<&str> = first.iter().map(|finding| finding.what.as_str()).collect();
        assert_eq!(said, ["known", "step_free: new"]);
    }
}
