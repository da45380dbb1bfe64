//! The neighbourhoods with their indicators, and with what a scenario changes.

use std::borrow::Cow;

use super::LayerContent;
use crate::outputs::gpkg::{GeometryKind, LayerFeature, LayerShape};
use crate::outputs::qgis::{NamedStyle, areas};
use crate::results::table::{NeighbourhoodRow, NeighbourhoodTable, ResultTableError};

/// The neighbourhoods with all their columns, drawn by `main` at first; the title says what that
/// is.
///
/// # Errors
/// If a column that should be drawn holds no numbers.
pub fn neighbourhoods<'a>(
    table: &'a NeighbourhoodTable,
    main: Option<&str>,
    title: String,
) -> Result<LayerContent<'a>, ResultTableError> {
    Ok(LayerContent {
        name: "neighbourhoods".to_owned(),
        title,
        description: "Each neighbourhood with all its indicators".to_owned(),
        geometry: GeometryKind::Areas,
        fields: table.fields.clone(),
        features: features(table),
        styles: areas::all(table, main)?,
        shown: true,
    })
}

/// The neighbourhoods with what a scenario changes, under a name of the scenario's own where there
/// are several.
pub fn changed<'a>(
    table: &'a NeighbourhoodTable,
    (name, title): (String, String),
    style: Option<NamedStyle>,
    shown: bool,
) -> LayerContent<'a> {
    LayerContent {
        name,
        title,
        description:
            "Each neighbourhood with what becomes of it: before, after, and the difference"
                .to_owned(),
        geometry: GeometryKind::Areas,
        fields: table.fields.clone(),
        features: features(table),
        styles: style.into_iter().collect(),
        shown,
    }
}

fn features(table: &NeighbourhoodTable) -> Vec<LayerFeature<'_>> {
    table.rows.iter().map(feature).collect()
}

fn feature(row: &NeighbourhoodRow) -> LayerFeature<'_> {
    LayerFeature { shape: LayerShape::Areas(&row.polygon), values: Cow::Borrowed(&row.values) }
}
