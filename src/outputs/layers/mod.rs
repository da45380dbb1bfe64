//! The layers of `lastmile.gpkg`: each with its columns and their meanings, its features, and how
//! it is drawn.
//!
//! A file for each kind of thing makes a [`LayerContent`] of plain results; [`write_package`]
//! writes them all, and [`super::qgis::project`] makes the project that shows them.

mod areas;
mod origins;
mod places;
mod transit;
mod transit_change;

use std::path::Path;

use jiff::civil::Date;

pub use areas::{changed, neighbourhoods};
pub use origins::{OriginRow, origins, unreached};
pub use places::places;
pub use transit::{RouteRow, StopRow, routes, stops};
pub use transit_change::{route_change_fields, routes_change, stop_change_fields, stops_change};

use super::gpkg::{GeoPackage, GeometryKind, GpkgError, LayerDefinition, LayerFeature, MAX_FIELDS};
use super::qgis::NamedStyle;
use crate::results::table::{Absence, Field};

/// A layer and all that is in it.
#[derive(Clone, Debug)]
pub struct LayerContent<'a> {
    /// The name of its table.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it holds, in a sentence.
    pub description: String,
    /// What its shapes are.
    pub geometry: GeometryKind,
    /// Its columns.
    pub fields: Vec<Field>,
    /// Its features.
    pub features: Vec<LayerFeature<'a>>,
    /// Its styles, the first the one that it opens with.
    pub styles: Vec<NamedStyle>,
    /// Whether the project shows it at once.
    pub shown: bool,
}

impl LayerContent<'_> {
    /// How many of its columns have no room in a GeoPackage.
    pub fn left_out(&self) -> usize {
        self.fields.len().saturating_sub(MAX_FIELDS)
    }
}

/// Writes all layers into a new GeoPackage. `date` is that of the analysis, `rights` says whose
/// data it is.
///
/// # Errors
/// If one of them cannot be written.
pub fn write_package(
    path: &Path,
    date: Option<Date>,
    rights: &[String],
    contents: &[LayerContent],
) -> Result<(), GpkgError> {
    let mut package = GeoPackage::create(path, date, rights)?;
    for content in contents {
        let layer = LayerDefinition {
            name: &content.name,
            title: &content.title,
            description: &content.description,
            geometry: content.geometry,
            fields: &content.fields,
            styles: &content.styles,
        };
        package.add(&layer, content.features.iter().cloned())?;
    }
    package.finish()
}

/// A column. The source is that of everything on streets and in timetables where none is said.
struct LayerColumn<'a> {
    name: String,
    unit: &'static str,
    decimals: u8,
    meaning: String,
    window: Option<&'a str>,
    source: &'a str,
}

impl LayerColumn<'_> {
    fn new<'a>(
        name: impl Into<String>,
        unit: &'static str,
        meaning: impl Into<String>,
    ) -> LayerColumn<'a> {
        let decimals = u8::from(matches!(unit, "min" | "m"));
        LayerColumn {
            name: name.into(),
            unit,
            decimals,
            meaning: meaning.into(),
            window: None,
            source: "",
        }
    }

    fn of<'a>(self, source: &'a str) -> LayerColumn<'a>
    where
        Self: 'a,
    {
        LayerColumn { source, ..self }
    }

    fn field(self) -> Field {
        let LayerColumn { name, unit, decimals, meaning, window, source } = self;
        let absence = if unit == "min" { Absence::Unreached } else { Absence::Unknown };
        let (window, source) = (window.map(str::to_owned), source.to_owned());
        Field { name, unit, meaning, window, source, decimals, absence }
    }
}

#[cfg(test)]
mod tests;
