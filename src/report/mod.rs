//! What a person reads: one HTML page that needs nothing else and no network.
//!
//! What comes in is the same table, manifest and findings that the files are written from; what
//! goes out is a page with the warnings first, then the key figures, a map for each main field with
//! its spread over people, shares of people by minutes, the vehicles of each hour, the farthest
//! neighbourhoods, and where every number comes from. The page forbids itself everything but its
//! own style sheet and one script, which sorts and searches a table, by a content security policy
//! with the hashes of both; without the script all is there. All text passes one formatter that
//! cleans and escapes it, so no template can forget; none ever stands in the script.

pub mod comparison_folder;
mod curve;
pub mod evidence;
pub mod evidence_pack;
mod group_tables;
mod histogram;
mod map;
pub mod neighbourhood;
mod page;
mod people_shares;
#[cfg(feature = "png")]
pub mod picture;
pub mod run_folder;
pub mod run_pages;
mod streets;
mod vehicle_hours;

use std::io::{self, Write};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, escape_formatter};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::analysis::AnalysisError;
use crate::finding::Findings;
use crate::inputs::project::ProjectError;
use crate::outputs::OutputError;
use crate::outputs::folder::FolderError;
use crate::outputs::manifest::Manifest;
use crate::results::groups::GroupComparisons;
use crate::results::service_day::ServiceDay;
use crate::results::table::{NeighbourhoodTable, ResultTableError};
use crate::sanitise::clean_text;
pub use curve::{CurveChart, CurveLine};
pub use streets::MapStreets;

const PAGE: &str = include_str!("templates/report.html");
const MAP: &str = include_str!("templates/map.html");
const SPREAD: &str = include_str!("templates/spread.html");
const CURVE: &str = include_str!("templates/curve.html");
const CURVES: &str = include_str!("templates/curves.html");
const CLOCK: &str = include_str!("templates/clock.html");
const ATTRIBUTION: &str = include_str!("templates/attribution.html");
const SHEET: &str = include_str!("templates/sheet.html");
const STYLE: &str = include_str!("templates/report.css");
const SCRIPT: &str =
    concat!(include_str!("templates/report.js"), include_str!("templates/picture.js"));
const PICTURE_SCRIPT: &str = concat!("\"use strict\";\n", include_str!("templates/picture.js"));

/// What the page is made from.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The heading, such as the study area's name.
    pub title: &'a str,
    /// All neighbourhoods and fields.
    pub table: &'a NeighbourhoodTable,
    /// Dates, inputs, settings; its warnings open the page.
    pub manifest: &'a Manifest,
    /// Faults in the data.
    pub findings: &'a Findings,
    /// The figures to quote, in order.
    pub key_figures: &'a [KeyFigure],
    /// The fields to draw as maps, in order; they are also the columns of the page's table.
    pub maps: &'a [String],
    /// The fields to list the worst ten neighbourhoods of.
    pub extremes: &'a [ExtremeNeighbourhoods],
    /// Groups of neighbourhoods, compared in the fields that are drawn.
    pub compared: &'a GroupComparisons,
    /// The streets, to be drawn on the maps.
    pub streets: &'a MapStreets,
    /// Which share of people get there within how many minutes, a figure each.
    pub curves: &'a [CurveChart],
    /// The days of the windows, hour by hour.
    pub days: &'a [ServiceDay],
}

/// A figure with the sentence it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFigure {
    /// The number with its unit, such as `23 %`.
    pub figure: String,
    /// What it says, such as `of people live more than 30 minutes from a library`.
    pub says: String,
    /// The departure window, where there is one.
    pub window: Option<String>,
}

/// A list of ten neighbourhoods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtremeNeighbourhoods {
    /// The field they are sorted by.
    pub field: String,
    /// Which end is listed.
    pub end: ListEnd,
}

/// An end of a sorted list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListEnd {
    /// The largest values: the longest times.
    Highest,
    /// The smallest values: the fewest jobs.
    Lowest,
}

/// Why there is no page.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The table cannot be published, or a field to draw holds no numbers.
    #[error(transparent)]
    Table(#[from] ResultTableError),
    /// A field to show is not in the table.
    #[error("the report should show the field `{0}`, which the result does not have")]
    NoField(String),
    /// The page could not be put together.
    #[error("cannot put the report together: {0}")]
    Template(#[from] minijinja::Error),
    /// A map could not be drawn as a picture.
    #[error("cannot draw a map as a picture: {0}")]
    Picture(String),
    /// The page could not be written.
    #[error("cannot write the report: {0}")]
    Io(#[from] io::Error),
    /// What it shows could not be put together.
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    /// The folder of the result.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The files beside the pages.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The project file.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// This build cannot do it.
    #[error("{0}")]
    Unfit(String),
}

/// Writes the page.
pub fn write_report(mut out: impl Write, report: &Report) -> Result<(), ReportError> {
    report.table.check()?;
    let page = page::ReportPage::of(report)?;
    let mut templates = environment()?;
    templates.add_template("report.html", PAGE)?;
    let context = minijinja::context! {
        page => Value::from(Serde(&page)),
        style => Value::from_safe_string(STYLE.into()),
        style_hash => Value::from_safe_string(base64(&Sha256::digest(STYLE.as_bytes()))),
        script => Value::from_safe_string(SCRIPT.into()),
        script_hash => Value::from_safe_string(base64(&Sha256::digest(SCRIPT.as_bytes()))),
    };
    let html = templates.get_template("report.html")?.render(context)?;
    out.write_all(html.as_bytes())?;
    Ok(out.flush()?)
}

/// Templates whose every text is cleaned and escaped, with the partial ones that pages share.
fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut templates = Environment::new();
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    templates.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    templates.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if !value.is_safe() => {
            escape_formatter(out, state, &Value::from(clean_text(text).as_ref()))
        }
        _ => escape_formatter(out, state, value),
    });
    templates.add_template("map.html", MAP)?;
    templates.add_template("spread.html", SPREAD)?;
    templates.add_template("clock.html", CLOCK)?;
    templates.add_template("curve.html", CURVE)?;
    templates.add_template("curves.html", CURVES)?;
    templates.add_template("sheet.html", SHEET)?;
    templates.add_template("attribution.html", ATTRIBUTION)?;
    Ok(templates)
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for n in 0..4 {
            let six = (bits >> (18 - 6 * n)) as usize & 63;
            text.push(if n <= three.len() { char::from(ALPHABET[six]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests;
