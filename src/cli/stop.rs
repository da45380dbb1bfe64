//! What a signal does: everything unfinished is removed, and the exit code says which signal it
//! was.

use std::io;

/// Waits on a thread of its own for the signals that ask a program to end: SIGHUP (129), SIGINT
/// (130) and SIGTERM (143). One that was ignored when the program began, as `nohup` does, stays
/// ignored.
///
/// # Errors
/// If the system has no thread or no signal to give.
#[cfg(unix)]
pub fn on_signals() -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::Signals;

    let ignored = ignored();
    let heard = |signal: &&i32| ignored & (1 << (**signal - 1)) == 0;
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM].iter().filter(heard))?;
    // A file that would grow over the limit of the user's is an error of that write, as on a full
    // disk.
    signal_hook::flag::register(SIGXFSZ, std::sync::Arc::default())?;
    let stop = move || {
        if let Some(signal) = signals.forever().next() {
            let _nothing_new = crate::outputs::unfinished::abandon_all();
            super::progress::clear();
            std::process::exit(128 + signal);
        }
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(stop)?;
    Ok(())
}

/// Elsewhere the system ends the program as it likes.
#[cfg(not(unix))]
pub fn on_signals() -> io::Result<()> {
    Ok(())
}

/// The signals that are ignored, a bit each, as far as the system tells: only asking it for one by
/// one is not safe code.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok()).unwrap_or_default()
}
