//! What goes to the standard output, what to the standard error, and in which colours: decided
//! once.
//!
//! Data and `--json` summaries go to the standard output, everything said to a person to the
//! standard error, so that a pipe holds data alone. Text that came from data is cleaned before a
//! terminal sees it. When the reader of the output has gone (`lastmile … | head`), writing fails
//! with a broken pipe: [`is_broken_pipe`] tells, and the program ends quietly.

use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use crate::analysis::{Observer, Stage};
use crate::finding::{Finding, Findings, Severity};
use crate::outputs::tables::outcome_name;
use crate::sanitise::clean_text;

use super::causes::{causes, said_by_system};
use super::progress::{Progress, beside_bars};

/// How many kinds of findings a summary shows before it refers to `findings.csv`.
const KINDS_SHOWN: usize = 25;

/// How much of a finding's text fits a line.
const EXAMPLE_CHARS: usize = 110;

/// Speaks for the program.
#[derive(Clone, Copy, Debug)]
pub struct Printer {
    quiet: bool,
    json: bool,
    colour: bool,
}

impl Observer for Printer {
    fn stage(&self, name: &str, total: Option<u64>) -> Box<dyn Stage> {
        Box::new(self.progress().stage(name.to_owned(), total))
    }

    fn note(&self, text: &str) {
        Printer::note(self, text);
    }

    fn warning(&self, text: &str) {
        Printer::warning(self, text);
    }
}

impl Printer {
    /// A printer for this terminal. `quiet` leaves warnings and errors; `json` turns the summary
    /// into JSON. Colour is for terminals only, and not where `NO_COLOR` is set (no-color.org) or
    /// the terminal is `dumb`.
    pub fn new(quiet: bool, json: bool) -> Printer {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Printer { quiet, json, colour: io::stderr().is_terminal() && !set("NO_COLOR") && !dumb }
    }

    /// The same without JSON, for a part of a command that has a summary of its own.
    #[cfg(feature = "serve")]
    pub fn for_people(&self) -> Printer {
        Printer { json: false, ..*self }
    }

    /// Whether the summary is asked for as JSON.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Progress bars, where they can be seen and are wanted.
    pub fn progress(&self) -> Progress {
        Progress::new(!self.quiet)
    }

    /// Does a piece of work that cannot be counted, and says how it is called if it takes long.
    pub fn during<T>(
        &self,
        name: impl Into<std::borrow::Cow<'static, str>>,
        work: impl FnOnce() -> T,
    ) -> T {
        let _stage = self.progress().stage(name, None);
        work()
    }

    /// The standard output, for those who write data in bulk; they buffer for themselves.
    pub fn data(&self) -> Box<dyn Write + Send> {
        Box::new(io::stdout())
    }

    /// Writes lines of result to the standard output.
    pub fn result(&self, text: &str) -> io::Result<()> {
        beside_bars(|| self.write_result(text))
    }

    fn write_result(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "{}", clean_lines(text))?;
        out.flush()
    }

    /// Writes a summary as JSON to the standard output, if it is asked for.
    pub fn json(&self, summary: &impl Serialize) -> io::Result<()> {
        if !self.json {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        serde_json::to_writer_pretty(&mut out, summary)?;
        writeln!(out)?;
        out.flush()
    }

    /// Says something that is good to know.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            say(&clean_lines(text));
        }
    }

    /// Says something that has to be known before a number is used; `--quiet` does not silence it.
    pub fn warning(&self, text: &str) {
        say(&format!("{} {}", self.paint(Severity::Warning, "warning:"), clean_lines(text)));
    }

    /// Says why the program stops, with the causes that the message itself does not name.
    pub fn error(&self, error: &(dyn Error + 'static)) {
        say(&format!("{} {}", self.paint(Severity::Error, "error:"), explained(error)));
    }

    /// Says which faults the data has, counted by kind, with the first of each.
    pub fn findings(&self, findings: &Findings) {
        if !self.quiet && !findings.is_empty() {
            say(&self.findings_table(findings));
        }
    }

    fn findings_table(&self, findings: &Findings) -> String {
        let kinds = findings.summary();
        let total: u64 = kinds.iter().map(|(_, count)| count).sum();
        let shown = &kinds[..kinds.len().min(KINDS_SHOWN)];
        let widest =
            |width: &dyn Fn(&(Finding, u64)) -> usize| shown.iter().map(width).max().unwrap_or(0);
        let code = widest(&|(first, _)| first.code.len());
        let count = widest(&|(_, count)| count.to_string().len());
        let mut text = format!("{total} findings of {} kinds", kinds.len());
        for (first, n) in shown {
            let severity = self.paint(first.severity, &format!("{:7}", first.severity.to_string()));
            let outcome = outcome_name(first.outcome);
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "\n  {severity}  {n:>count$}  {:code$}  {outcome:8}  {}",
                first.code,
                example(first)
            );
        }
        if kinds.len() > shown.len() {
            let _ = write!(text, "\n  … and {} more kinds", kinds.len() - shown.len());
        }
        text
    }

    fn paint(&self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Info => "36",
            Severity::Warning => "33",
            Severity::Error => "31;1",
        };
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Whether an error comes from a reader that has gone: the end of a pipe such as `| head`.
pub fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    said_by_system(error).any(|said| said.kind() == io::ErrorKind::BrokenPipe)
}

/// The message and each cause that it does not already hold.
fn explained(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    for cause in causes(error) {
        let cause = cause.to_string();
        let cause = clean_lines(&cause);
        if text.is_empty() {
            text.push_str(&cause);
        } else if !text.contains(&cause) {
            text.push_str("\n  because ");
            text.push_str(&cause);
        }
    }
    text
}

fn example(first: &Finding) -> String {
    let file = clean_text(&first.file);
    let what = clean_text(&first.what);
    let line = first.line.map(|line| format!(":{line}")).unwrap_or_default();
    let mut short: String = what.chars().take(EXAMPLE_CHARS).collect();
    if short.len() < what.len() {
        short.push('…');
    }
    format!("{file}{line}: {short}")
}

/// Cleans a text of ours that holds text of the data's, and keeps its line ends.
fn clean_lines(text: &str) -> String {
    text.split('\n').map(clean_text).collect::<Vec<_>>().join("\n")
}

/// Writes to the standard error. That nobody reads it is no reason to stop.
fn say(text: &str) {
    let _ = beside_bars(|| writeln!(io::stderr().lock(), "{text}"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Outcome;
    use crate::outputs::new_output::NewOutputError;

    const PLAIN: Printer = Printer { quiet: false, json: false, colour: false };

    fn findings() -> Findings {
        let mut findings = Findings::new();
        let file = "feed.zip/stop_times.txt";
        for line in [7, 9] {
            let what = format!("stop_id `\u{1b}[31m{line}` is not in stops.txt");
            findings.at(
                Severity::Error,
                "foreign_key_violation",
                Outcome::Dropped,
                file,
                line,
                what,
            );
        }
        findings.count(Severity::Info, "walk", Outcome::Kept, "streets", 1200, "x".repeat(300));
        findings
    }

    #[test]
    fn kinds_are_counted_and_the_first_of_each_is_shown() {
        let table = PLAIN.findings_table(&findings());
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[0], "1202 findings of 2 kinds");
        let first = "feed.zip/stop_times.txt:7: stop_id `\u{fffd}[31m7` is not in stops.txt";
        assert_eq!(lines[1], format!("  error       2  foreign_key_violation  dropped   {first}"));
        let second = format!("streets: {}…", "x".repeat(EXAMPLE_CHARS));
        assert_eq!(lines[2], format!("  info     1200  walk                   kept      {second}"));
    }

    #[test]
    fn the_only_escapes_are_our_own_colours() {
        let coloured = Printer { colour: true, ..PLAIN }.findings_table(&findings());
        assert_eq!(coloured.matches('\u{1b}').count(), 4);
        assert!(coloured.contains("\u{1b}[31;1merror  \u{1b}[0m"));
        assert!(!PLAIN.findings_table(&findings()).contains('\u{1b}'));
    }

    #[test]
    fn a_cause_is_said_once() {
        let source = io::Error::other("disk full");
        let error = NewOutputError::Io { path: "m.csv".into(), source };
        assert_eq!(explained(&error), "cannot write m.csv: disk full");
        #[derive(Debug, thiserror::Error)]
        #[error("the feed \u{202e} cannot be read")]
        struct OuterProgress(#[source] io::Error);
        let error = OuterProgress(io::Error::other("not a zip file"));
        assert_eq!(explained(&error), "the feed \u{fffd} cannot be read\n  because not a zip file");
    }

    #[test]
    fn a_reader_that_has_gone_is_known_through_every_wrapping() {
        let broken =
            |kind| NewOutputError::Io { path: "x".into(), source: io::Error::new(kind, "gone") };
        assert!(is_broken_pipe(&broken(io::ErrorKind::BrokenPipe)));
        assert!(!is_broken_pipe(&broken(io::ErrorKind::StorageFull)));
        let wrapped = anyhow::Error::new(broken(io::ErrorKind::BrokenPipe)).context("writing");
        assert!(is_broken_pipe(wrapped.as_ref()));
    }
}
