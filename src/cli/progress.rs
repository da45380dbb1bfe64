//! Progress bars on the standard error: only on a terminal, and only for work that takes longer than a second.
//!
//! Lower rooms know nothing of this: they take a `&(dyn Fn(u64) + Sync)` and call it with how many things they have done
//! since the last call, from any thread. A closure over [`Stage::tick`] is what they are given.

use std::borrow::Cow;
use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that is done sooner has no bar.
const WORTH_SHOWING: Duration = Duration::from_secs(1);

/// Makes the bars of a run, one stage after the other.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    wanted: bool,
}

/// One piece of work. Dropped, its bar is gone from the screen.
#[derive(Debug)]
pub struct Stage {
    bar: ProgressBar,
    started: Instant,
    /// Whether the bar is still to appear.
    waiting: AtomicBool,
}

impl Progress {
    /// Bars if they are wanted and the standard error is a terminal.
    pub fn new(wanted: bool) -> Progress {
        Progress { wanted: wanted && io::stderr().is_terminal() }
    }

    /// Begins a piece of work of so many things; none where their number is not known.
    pub fn stage(&self, name: impl Into<Cow<'static, str>>, total: Option<u64>) -> Stage {
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden()).with_message(name);
        let template = match total {
            Some(_) => "{msg:30} {bar:30} {human_pos}/{human_len}  {per_sec}, {eta} left",
            None => "{msg:30} {human_pos}  {per_sec}, {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸─"));
        }
        Stage { bar, started: Instant::now(), waiting: AtomicBool::new(self.wanted) }
    }
}

impl Stage {
    /// So many more are done.
    pub fn tick(&self, done: u64) {
        self.bar.inc(done);
        // One thread alone finds it waiting, and shows it.
        if self.waiting.load(Ordering::Relaxed)
            && self.started.elapsed() > WORTH_SHOWING
            && self.waiting.swap(false, Ordering::Relaxed)
        {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// How many are done.
    #[cfg(test)]
    fn done(&self) -> u64 {
        self.bar.position()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
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
    fn a_bar_appears_only_once_the_work_has_taken_its_time() {
        let mut stage = Progress { wanted: true }.stage("walking", None);
        stage.tick(1);
        assert!(stage.waiting.load(Ordering::Relaxed), "too soon");
        if let Some(earlier) = Instant::now().checked_sub(2 * WORTH_SHOWING) {
            stage.started = earlier;
            stage.tick(1);
            assert!(!stage.waiting.load(Ordering::Relaxed), "shown");
        }
    }
}
