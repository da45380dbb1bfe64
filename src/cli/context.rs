//! How a command speaks.

use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressStyle};

use super::args::Global;
use crate::outputs::text::clean_text;

/// Where messages go and which are wanted.
pub struct Context {
    quiet: bool,
    json: bool,
}

impl Context {
    /// As the flags say.
    pub fn new(global: &Global) -> Context {
        Context { quiet: global.quiet, json: global.json }
    }

    /// Whether the summary is wanted as JSON.
    pub fn json(&self) -> bool {
        self.json
    }

    /// Says something on the standard error, unless quiet.
    pub fn note(&self, message: &str) {
        if !self.quiet {
            let _ = writeln!(
                std::io::stderr().lock(),
                "{}",
                message.lines().map(clean_text).collect::<Vec<_>>().join("\n")
            );
        }
    }

    /// Says why nothing came of it.
    pub fn error(&self, message: &str) {
        let _ = writeln!(std::io::stderr().lock(), "error: {}", clean_text(message));
    }

    /// Repeats warnings.
    pub fn warn_all(&self, warnings: &[String]) {
        warnings.iter().for_each(|warning| self.note(&format!("warning: {warning}")));
    }

    /// Writes to the standard output.
    pub fn data(&self, text: &str) {
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }

    /// A bar on the standard error for `total` steps of what is named; nothing when quiet or not on a terminal.
    pub fn progress(&self, what: &str, total: u64) -> Progress {
        if self.quiet || !std::io::stderr().is_terminal() {
            return Progress(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(total);
        let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {per_sec} {eta}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(what.to_owned());
        Progress(bar)
    }
}

/// A bar that is gone when it is dropped.
pub struct Progress(ProgressBar);

impl Progress {
    /// So many steps more are done.
    pub fn tick(&self, steps: u64) {
        self.0.inc(steps);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
