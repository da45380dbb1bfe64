//! Rows that say something of an area and do not say of which.

use super::{InputTable, TableRow};
use crate::finding::{Findings, Outcome, Severity};

/// Rows without a code, while they are counted.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::inputs) struct BlankCodes {
    count: u64,
    first: u64,
    notes: u64,
}

impl BlankCodes {
    /// Counts a row: one that `says` something is lost with its code; another is a note, or a
    /// heading.
    pub(in crate::inputs) fn add(&mut self, row: &TableRow, says: bool) {
        if !says {
            self.notes += 1;
            return;
        }
        if self.count == 0 {
            self.first = row.line();
        }
        self.count += 1;
    }

    /// Tells how many there were, and what is lost with them.
    pub(in crate::inputs) fn tell(self, table: &InputTable, says: &str, findings: &mut Findings) {
        let BlankCodes { count, first, notes } = self;
        let unit = table.unit();
        let what = format!(
            "rows {says} whose code is blank or a sign for nothing: left out; the first is {unit} {first}"
        );
        findings.count(Severity::Error, "blank_code", Outcome::Dropped, table.file(), count, what);
        let what = "lines without a code, such as the notes under a table: passed over";
        findings.count(Severity::Info, "no_code", Outcome::Dropped, table.file(), notes, what);
    }
}
