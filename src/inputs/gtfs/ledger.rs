//! The account of one file: its rows, what was wrong with them, and whether too much was.

use crate::finding::Findings;

use super::error::{FilePosition, GtfsError};
use super::policy::{self, Action, FaultRule};

/// Faults of one kind in one file that are each shown with their line; beyond these they are only
/// counted.
const SHOWN_SINGLY: u64 = 100_000;

/// The account of a whole feed.
pub struct Ledger<'a> {
    findings: &'a mut Findings,
    feed: &'a str,
    rows_read: Vec<(String, u64)>,
    first_loss: Option<String>,
}

impl<'a> Ledger<'a> {
    /// An empty account of the feed of this name.
    pub fn new(feed: &'a str, findings: &'a mut Findings) -> Self {
        Ledger { findings, feed, rows_read: Vec::new(), first_loss: None }
    }

    /// Opens the page of one file.
    pub fn page(&mut self, file: &str) -> FileAccount<'_, 'a> {
        let file = format!("{}/{file}", self.feed);
        FileAccount { ledger: self, file, rows: 0, dropped: 0, first: None, tally: Vec::new() }
    }

    /// A fault of the feed as a whole.
    pub fn note(&mut self, rule: &FaultRule, what: impl Into<String>) {
        let what = format!("{}; {}", what.into(), rule.why);
        self.findings.count(rule.severity, rule.code, rule.action.outcome(), self.feed, 1, what);
    }

    /// The error of a fault of the feed as a whole.
    pub fn refuse(&self, rule: &FaultRule, what: impl Into<String>) -> GtfsError {
        refuse(rule, self.feed.to_owned(), None, what.into())
    }

    /// The error that the feed cannot be read from the disk.
    pub fn unreadable(&self, source: std::io::Error) -> GtfsError {
        GtfsError::Io { file: self.feed.to_owned(), source }
    }

    /// The first thing that was left out, for the error that nothing is left.
    pub fn first_loss(&self) -> Option<&str> {
        self.first_loss.as_deref()
    }

    /// Closes the account.
    pub fn close(self) -> Account {
        Account { rows_read: self.rows_read, first_loss: self.first_loss }
    }

    /// Enters what another account of the same feed found.
    pub fn adopt(&mut self, account: Account, findings: Findings) {
        self.rows_read.extend(account.rows_read);
        self.first_loss = self.first_loss.take().or(account.first_loss);
        self.findings.append(findings);
    }
}

/// What remains of an account beside its findings.
pub struct Account {
    /// The rows of each file, in the order they were read.
    pub rows_read: Vec<(String, u64)>,
    first_loss: Option<String>,
}

/// The account of one file.
pub struct FileAccount<'l, 'a> {
    ledger: &'l mut Ledger<'a>,
    file: String,
    rows: u64,
    dropped: u64,
    first: Option<String>,
    tally: Vec<(&'static str, &'static str, u64)>,
}

impl FileAccount<'_, '_> {
    /// One more row was read.
    pub fn row(&mut self) {
        self.rows += 1;
    }

    /// A fault at a line.
    pub fn at(&mut self, rule: &FaultRule, line: u64, what: impl Into<String>) {
        let what = what.into();
        if rule.action == Action::DropRow {
            self.dropped += 1;
            self.first.get_or_insert_with(|| format!("line {line}: {what} ({})", rule.code));
        }
        if rule.action.outcome() == crate::finding::Outcome::Dropped
            && self.ledger.first_loss.is_none()
        {
            self.ledger.first_loss =
                Some(format!("{}, line {line}: {what} ({})", self.file, rule.code));
        }
        if self.seen(rule) <= SHOWN_SINGLY {
            let what = format!("{what}; {}", rule.why);
            self.ledger.findings.at(
                rule.severity,
                rule.code,
                rule.action.outcome(),
                &self.file,
                line,
                what,
            );
        }
    }

    /// Faults of the file as a whole. None, and nothing is noted.
    pub fn count(&mut self, rule: &FaultRule, count: u64, what: impl Into<String>) {
        let what = format!("{}; {}", what.into(), rule.why);
        self.ledger.findings.count(
            rule.severity,
            rule.code,
            rule.action.outcome(),
            &self.file,
            count,
            what,
        );
    }

    /// The error of a fatal fault.
    pub fn refuse(
        &self,
        rule: &FaultRule,
        line: Option<u64>,
        what: impl Into<String>,
    ) -> GtfsError {
        refuse(rule, self.file.clone(), line, what.into())
    }

    /// The file could not be read to its end: the disk failed, or what stands in it is damaged.
    pub fn broken(&self, source: std::io::Error) -> GtfsError {
        if source.raw_os_error().is_some() {
            return GtfsError::Io { file: self.file.clone(), source };
        }
        self.refuse(&policy::UNREADABLE_ENTRY, None, source.to_string())
    }

    /// Closes the page: the rows are entered, and too many dropped ones are an error.
    pub fn close(self) -> Result<(), GtfsError> {
        for &(code, why, count) in self.tally.iter().filter(|(.., count)| *count > SHOWN_SINGLY) {
            let rule = policy::RULES.iter().find(|rule| (rule.code, rule.why) == (code, why));
            if let Some(rule) = rule {
                let what = format!("further faults of this kind, not shown singly; {why}");
                let more = count - SHOWN_SINGLY;
                self.ledger.findings.count(
                    rule.severity,
                    code,
                    rule.action.outcome(),
                    &self.file,
                    more,
                    what,
                );
            }
        }
        if policy::too_many(self.dropped, self.rows) {
            let first = self.first.as_deref().unwrap_or_default();
            let what = format!(
                "{} of {} rows cannot be used, the first in {first}",
                self.dropped, self.rows
            );
            return Err(self.refuse(&policy::TOO_MANY_DROPPED, None, what));
        }
        let file = self.file.rsplit('/').next().unwrap_or_default().to_owned();
        self.ledger.rows_read.push((file, self.rows));
        Ok(())
    }

    /// How many faults of a rule there have been, this one included.
    fn seen(&mut self, rule: &FaultRule) -> u64 {
        match self.tally.iter_mut().find(|(code, why, _)| (*code, *why) == (rule.code, rule.why)) {
            Some((.., count)) => {
                *count += 1;
                *count
            }
            None => {
                self.tally.push((rule.code, rule.why, 1));
                1
            }
        }
    }
}

fn refuse(rule: &FaultRule, file: String, line: Option<u64>, what: String) -> GtfsError {
    GtfsError::Fault { code: rule.code, place: FilePosition { file, line }, what, help: rule.why }
}

/// A cell as it is shown in a message: quoted, without control characters, cut after 60 characters.
pub fn shown(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell.get(..240).unwrap_or(cell));
    let mut short: String = text.chars().take(60).collect();
    if short.len() < cell.len() && text.chars().count() > 60 {
        short.push('…');
    }
    format!("{short:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_a_limit_faults_are_counted_and_none_is_lost() {
        let mut findings = Findings::new();
        let mut ledger = Ledger::new("feed", &mut findings);
        let mut page = ledger.page("transfers.txt");
        for line in 1..=SHOWN_SINGLY + 5 {
            page.at(&policy::BAD_TRANSFER, line, "");
        }
        page.close().expect("skipped rows are never too many");
        assert_eq!(findings.iter().count() as u64, SHOWN_SINGLY + 1);
        assert_eq!(findings.total(policy::BAD_TRANSFER.code), SHOWN_SINGLY + 5);
    }

    #[test]
    fn a_cell_is_shown_short_and_without_control_characters() {
        assert_eq!(shown(b"S1"), "\"S1\"");
        assert_eq!(
            shown("a\u{1b}[31m\u{202e}\u{e9}".as_bytes()),
            "\"a\\u{1b}[31m\\u{202e}\u{e9}\""
        );
        let long = shown("\u{e9}".repeat(1 << 16).as_bytes());
        assert_eq!(long.chars().count(), 63, "{long}");
    }
}
