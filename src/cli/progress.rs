//! Progress bars on the standard error: only on a terminal, and only once the program has run for a
//! second.
//!
//! Lower rooms know nothing of this: they take a `&(dyn Fn(u64) + Sync)` and call it with how many
//! things they have done since the last call, from any thread. A closure over [`Stage::tick`] is
//! what they are given. What cannot be counted has a clock in place of a bar. Stages within stages
//! stand below each other.

use std::borrow::Cow;
use std::io::{self, IsTerminal};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::analysis::Stage;
use crate::sanitise::clean_text;

/// A program that is done sooner shows nothing.
const WORTH_SHOWING: Duration = Duration::from_secs(1);

/// How often a clock is drawn anew.
const BEAT: Duration = Duration::from_millis(100);

/// The bars of all stages.
static BARS: OnceLock<MultiProgress> = OnceLock::new();

/// Makes the bars of a command, one stage after the other.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    wanted: bool,
}

/// One piece of work. Dropped, its bar is gone from the screen.
#[derive(Debug)]
pub struct ProgressStage {
    bar: ProgressBar,
}

impl Progress {
    /// Bars if they are wanted and the standard error is a terminal.
    pub fn new(wanted: bool) -> Progress {
        Progress { wanted: wanted && io::stderr().is_terminal() }
    }

    /// Begins a piece of work of so many things; none where their number is not known.
    pub fn stage(&self, name: impl Into<Cow<'static, str>>, total: Option<u64>) -> ProgressStage {
        let name = clean_text(&name.into()).into_owned();
        let bar =
            ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden()).with_message(name);
        let template = match total {
            Some(_) => "{msg:30} {bar:30} {human_pos}/{human_len}  {per_sec}, {eta} left",
            None => "{msg:30} {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸─"));
        }
        if !self.wanted {
            return ProgressStage { bar };
        }
        let bar = BARS.get_or_init(bars_after_a_while).add(bar);
        bar.enable_steady_tick(BEAT);
        ProgressStage { bar }
    }
}

impl ProgressStage {
    /// So many more are done.
    pub fn tick(&self, done: u64) {
        self.bar.inc(done);
    }

    /// How many are done.
    #[cfg(test)]
    fn done(&self) -> u64 {
        self.bar.position()
    }
}

impl Stage for ProgressStage {
    fn tick(&self, done: u64) {
        ProgressStage::tick(self, done);
    }
}

impl Drop for ProgressStage {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        if let Some(bars) = BARS.get() {
            bars.remove(&self.bar);
        }
    }
}

/// Writes something to the terminal that the bars must not be drawn through.
pub fn beside_bars<T>(write: impl FnOnce() -> T) -> T {
    match BARS.get() {
        Some(bars) => bars.suspend(write),
        None => write(),
    }
}

/// Takes the bars from the screen.
pub fn clear() {
    if let Some(bars) = BARS.get() {
        let _ = bars.clear();
        bars.set_draw_target(ProgressDrawTarget::hidden());
    }
}

/// Bars that are not seen before it is worth it.
fn bars_after_a_while() -> MultiProgress {
    let bars = MultiProgress::with_draw_target(ProgressDrawTarget::hidden());
    let shown = bars.clone();
    thread::spawn(move || {
        thread::sleep(WORTH_SHOWING);
        shown.set_draw_target(ProgressDrawTarget::stderr());
    });
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(tick: &(dyn Fn(u64) + Sync)) {
        std::thread::scope(|threads| {
            for _ in 0..4 {
                threads.spawn(|| (0..1000).for_each(|_| tick(3)));
            }
        });
    }

    #[test]
    fn threads_tick_one_bar() {
        let stage = Progress { wanted: false }.stage("walking", Some(12_000));
        work(&|done| stage.tick(done));
        assert_eq!(stage.done(), 12_000);
        assert!(stage.bar.is_hidden());
    }

    #[test]
    fn bars_come_after_a_while_and_go_with_their_work() {
        let outer = Progress { wanted: true }.stage("comparing", None);
        let inner = Progress { wanted: true }.stage("walking", Some(3));
        inner.tick(1);
        drop(inner);
        outer.tick(1);
        assert_eq!(outer.done(), 1);
        assert_eq!(beside_bars(|| 7), 7);
    }
}
