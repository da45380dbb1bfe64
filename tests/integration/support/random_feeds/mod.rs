//! Small whole feeds, a slow router that works from their model alone, and the engine run on their
//! text.
//!
//! - [`model`]: a world of feeds, walks and a query, in plain numbers
//! - [`draw`]: worlds by the roll of dice, with everything that trips a router
//! - [`text`]: a world's feeds as GTFS tables
//! - [`slow`]: the slow router: events, and who can be at them
//! - [`census`]: what of all that a world has
//! - [`engine`]: the same world through the real reader and the real search
//! - [`journeys`]: whether somebody could make a journey of the engine

#![allow(dead_code, reason = "each test uses its part")]

pub mod census;
pub mod draw;
pub mod engine;
pub mod journeys;
pub mod model;
pub mod seeded;
pub mod slow;
pub mod text;

use std::path::PathBuf;

/// How many cases to try: `LASTMILE_CASES`, else `few`; from `LASTMILE_FIRST_CASE`, else 0.
pub fn cases(few: u64) -> std::ops::Range<u64> {
    let number = |name| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let first = number("LASTMILE_FIRST_CASE").unwrap_or(0);
    first..first + number("LASTMILE_CASES").unwrap_or(few)
}

/// A folder for feeds, in memory where the system has such a place.
pub fn folder() -> tempfile::TempDir {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.expect("a folder")
}
