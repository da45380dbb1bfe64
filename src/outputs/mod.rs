//! Indicators → files that others read. Only this room (and `report`) knows JSON, CSV and Parquet.
//!
//! What comes in is a [`NeighbourhoodTable`](crate::results::table::NeighbourhoodTable) (plain values with a data dictionary), the
//! findings and a [`manifest::Manifest`]; what goes out are files that GIS, spreadsheets and
//! notebooks open without help:
//!
//! - [`geojson`] — RFC 7946, with a QGIS style beside it ([`qgis`])
//! - `gpkg` with `layers` — `lastmile.gpkg`, and [`qgis`] — its styles and the project that shows
//!   it
//! - `geoparquet` — `neighbourhoods.parquet`
//! - `flatgeobuf` — `neighbourhoods.fgb`
//! - [`tables`] — `neighbourhoods.csv`, `fields.csv`, `findings.csv`
//! - [`manifest`] — `run.json`: from what, with which settings, the numbers were made
//! - [`groups`]: groups of neighbourhoods compared in fields, and inequality
//! - [`run_files`], [`scenario_files`]: all files of a run, and of a scenario
//! - [`isochrone`] — areas reached from points, as GeoJSON or GeoPackage
//! - [`matrix`] — origins × destinations, as CSV or Parquet
//! - [`folder`] — all of a run's files at once or not at all
//! - [`new_output`] — one file, whole or not at all; [`input_files`] — what neither ever replaces;
//!   [`unfinished`] — what a signal removes
//! - [`class_breaks`] — the class breaks that style and report share, so that two maps can be laid side
//!   by side
//!
//! Equal inputs give equal bytes: nothing here reads a clock. Text from data is hostile and passes
//! through [`sanitise`](crate::sanitise) on its way out; what could not be reached is [`Value::Missing`](crate::results::table::Value::Missing) and
//! never becomes a number.

mod change_groups;
pub mod class_breaks;
pub mod comparison;
mod error;
#[cfg(feature = "flatgeobuf")]
pub mod flatgeobuf;
pub mod folder;
pub mod geojson;
#[cfg(feature = "parquet")]
pub mod geoparquet;
#[cfg(feature = "gpkg")]
pub mod gpkg;
pub mod groups;
pub mod input_files;
pub mod isochrone;
pub mod journey;
pub mod jts;
#[cfg(feature = "gpkg")]
pub mod layers;
pub mod manifest;
pub mod matrix;
pub mod nearest;
pub mod new_output;
pub mod places;
mod polygon_rounding;
pub mod qgis;
pub mod run_files;
pub mod scenario_files;
pub mod scenarios;
pub mod tables;
pub mod unfinished;
pub mod wkb;

pub use error::OutputError;
