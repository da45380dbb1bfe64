//! GeoPackages (OGC 12-128r18, version 1.3): layers of features in one SQLite database, each with
//! its style and its dictionary.
//!
//! [`GeoPackage::create`] makes the file, [`GeoPackage::add`] writes a [`LayerDefinition`] into it,
//! [`GeoPackage::finish`] closes it. Each layer has an R-tree (extension `gpkg_rtree_index`), the
//! meaning of its columns in `gpkg_data_columns` (extension `gpkg_schema`), and its styles in
//! `layer_styles`, which QGIS reads of itself when it opens the layer.
//!
//! Equal layers give equal bytes: rows are written in the order given, SQLite is the one compiled
//! in, and every moment that the format asks for is the date the caller gives, which is one of the
//! data.

mod schema;
mod write;

use std::path::Path;

use jiff::civil::Date;
use rusqlite::Connection;
use thiserror::Error;

use super::qgis::NamedStyle;
pub use super::wkb::LayerShape;
use crate::results::table::{Field, ResultTableError, Value};

/// Columns of an SQLite table at most, less the number and the shape of the feature. Whoever
/// compiles SQLite otherwise could write more, but not be read by others.
pub const MAX_FIELDS: usize = 1998;

/// Why a GeoPackage cannot be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GpkgError {
    /// SQLite refused.
    #[error("cannot write the GeoPackage: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A shape that is none.
    #[error("cannot write the layer `{layer}` of the GeoPackage: {source}")]
    Shape {
        /// The layer.
        layer: String,
        /// What is wrong with it.
        source: std::io::Error,
    },
    /// Fields that cannot stand in one table.
    #[error("cannot write the layer `{layer}` of the GeoPackage: {source}")]
    Fields {
        /// The layer.
        layer: String,
        /// What is wrong with them.
        source: ResultTableError,
    },
}

/// What the shapes of a layer are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeometryKind {
    /// Each a point.
    Point,
    /// Each any number of lines.
    Lines,
    /// Each any number of polygons.
    Areas,
    /// A table without shapes.
    Nothing,
}

/// What a layer is, but for its features.
#[derive(Clone, Debug)]
pub struct LayerDefinition<'a> {
    /// The name of its table: lower case, unique in the file.
    pub name: &'a str,
    /// What it is called where people choose among layers.
    pub title: &'a str,
    /// What it holds, in a sentence.
    pub description: &'a str,
    /// What its shapes are.
    pub geometry: GeometryKind,
    /// Its columns with their meanings. Those beyond [`MAX_FIELDS`] are not written.
    pub fields: &'a [Field],
    /// Its styles; the first is the one that it opens with.
    pub styles: &'a [NamedStyle],
}

/// A feature: where it lies and a value for each field of its layer.
#[derive(Clone, Debug)]
pub struct LayerFeature<'a> {
    /// Where it lies.
    pub shape: LayerShape<'a>,
    /// Its values.
    pub values: std::borrow::Cow<'a, [Value]>,
}

/// A GeoPackage being written. It is whole after [`GeoPackage::finish`] alone.
#[derive(Debug)]
pub struct GeoPackage {
    connection: Connection,
    when: String,
    rights: Vec<String>,
}

impl GeoPackage {
    /// Makes a file that must not exist yet. `date` stands for every moment that the format asks
    /// for: that of the analysis, so that equal inputs give equal bytes. `rights` says whose data
    /// it is, a line each: every layer carries it.
    ///
    /// # Errors
    /// If SQLite refuses.
    pub fn create(
        path: &Path,
        date: Option<Date>,
        rights: &[String],
    ) -> Result<GeoPackage, GpkgError> {
        let connection = schema::create(path)?;
        let date = date.unwrap_or(Date::constant(1970, 1, 1));
        Ok(GeoPackage {
            connection,
            when: format!("{date}T00:00:00.000Z"),
            rights: rights.to_vec(),
        })
    }

    /// Writes a layer with its features.
    ///
    /// # Errors
    /// If two fields share a name, a shape is not in degrees, or SQLite refuses.
    pub fn add<'a>(
        &mut self,
        layer: &LayerDefinition,
        features: impl IntoIterator<Item = LayerFeature<'a>>,
    ) -> Result<(), GpkgError> {
        let transaction = self.connection.transaction()?;
        write::layer(&transaction, (&self.when, &self.rights), layer, features)?;
        Ok(transaction.commit()?)
    }

    /// Closes the file.
    ///
    /// # Errors
    /// If SQLite refuses.
    pub fn finish(self) -> Result<(), GpkgError> {
        self.connection.close().map_err(|(_, error)| GpkgError::Sqlite(error))
    }
}

#[cfg(test)]
mod tests;
