//! The questions that are asked, as a library: what a command, a notebook or a server builds on.
//!
//! A [`study::Study`] is a project's data, read and joined to the streets. [`run`] measures it,
//! [`compare`] holds scenarios against it, [`explain`] tells one journey. Nothing here prints or
//! writes: what is done and what must be known is told to an [`Observer`], faults in data are
//! findings, and what cannot be done is an [`AnalysisError`].

pub mod compare;
mod editions;
mod error;
pub mod explain;
pub mod feeds;
pub mod isochrone;
pub mod matrix;
pub mod nearest;
pub mod network_query;
mod observer;
pub mod on_map;
pub mod run;
pub mod scenarios;
pub mod study;
pub mod typed_points;
pub mod world;

pub use editions::editions;
pub use error::AnalysisError;
pub use observer::{Observer, Silent, Stage};

/// Errors that are let pass as warnings, which every output then repeats.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lenient {
    /// A date outside a feed's range, or one with unusually little service.
    pub allow_unusual_date: bool,
    /// A table of which fewer than 98 % of the area codes match.
    pub allow_unmatched: bool,
}
