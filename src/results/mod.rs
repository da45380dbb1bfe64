//! Measures → tables, each column with its row in the data dictionary.
//!
//! What comes in was measured by [`access`](crate::access) and compared by
//! [`scenario`](crate::scenario). What comes out are plain values, which `outputs` writes and
//! `report` shows: neither computes anything of its own.
//!
//! - [`table`]: neighbourhoods with fields; each value is there, unreachable or unknown
//! - [`indicators`]: every measure of a run as fields of that table
//! - [`index`], [`groups`]: an index over fields, and groups of neighbourhoods compared in them
//! - [`change`], [`transit_change`]: fields, stops and routes before and after a scenario
//! - [`nearest`], [`isochrone`]: the nearest places of an origin, and the areas it reaches
//! - [`journey`], [`service_day`]: the legs of a journey, and what runs on a day
//! - [`places`]: each place with the people who reach it

pub(crate) mod cell_state;
pub mod change;
pub mod groups;
pub mod index;
pub mod indicators;
pub mod isochrone;
pub mod journey;
pub mod nearest;
pub mod places;
pub mod service_day;
pub mod table;
pub mod transit_change;
