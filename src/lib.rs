//! lastmile: who is at the end of the line?
//!
//! The data flows one way through the rooms, and each may use only those before it:
//!
//! 1. [`units`], [`ids`], [`finding`] — the ground: quantities, indices, faults in data
//! 2. [`geometry`] — points, projections, the nearest-edge index
//! 3. [`inputs`] — files → plain records and findings
//! 4. [`network`] — records → one compact, immutable network of streets and timetable
//! 5. [`routing`] — network and query → travel times and journeys
//! 6. [`access`] — travel times and opportunities → indicators of neighbourhoods
//! 7. [`scenario`] — a network changed, and what the change does to people
//! 8. [`outputs`] — indicators → files that others read
//! 9. [`report`] — the page a person reads
//! 10. `web` — the page that asks (feature `serve`)
//! 11. [`cli`] — what was asked, in which order it is done, and everything that is printed

// Some of what several features share is idle where one of them is off.
#![cfg_attr(
    not(all(feature = "gpkg", feature = "parquet", feature = "serve")),
    allow(dead_code, unused_imports)
)]

pub mod access;
pub mod cli;
pub mod finding;
pub mod geometry;
pub mod ids;
pub mod inputs;
pub mod network;
pub mod outputs;
pub mod report;
pub mod routing;
pub mod scenario;
pub mod units;
#[cfg(feature = "serve")]
pub mod web;
