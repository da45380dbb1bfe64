//! Features as the rows of a table: their properties are its cells, their ids a column where no
//! property is one.

use std::sync::Arc;

use csv::ByteRecord;
use rustc_hash::FxHashSet;

use super::features::{FeatureFile, FeatureShape, TableFeature, decimal_of, text_of};
use super::row::RowGeometry;
use super::{Decimal, InputTable, TableError, TableHeader, TableRow, TableSource};
use crate::inputs::crs::Crs;

/// What the column of the features' own ids is called.
const ID: &str = "id";

impl InputTable {
    /// A table of features. Those of `any_shape` have no place, but their properties alone.
    pub(super) fn from_features(
        file: &str,
        features: FeatureFile,
        any_shape: bool,
    ) -> Result<InputTable, TableError> {
        let FeatureFile { crs, notes, features } = features;
        if !any_shape && features.iter().any(|f| matches!(f.shape, FeatureShape::Polygons(_))) {
            return Err(TableError::polygons_for_points(file));
        }
        let mut names: Vec<String> = Vec::new();
        let mut known = FxHashSet::default();
        for key in features.iter().flat_map(|f| f.properties.keys()) {
            if known.insert(key.as_str()) {
                names.push(key.clone());
            }
        }
        let mut header = TableHeader::new(names.clone());
        let has_ids = header.find(ID).is_none() && features.iter().any(|f| f.id.is_some());
        if has_ids {
            header = TableHeader::new(names.iter().cloned().chain([ID.to_owned()]).collect());
        }
        let decimals: Arc<[Decimal]> =
            names.iter().map(|name| decimal_of(&features, name)).collect();
        let row = |feature: &TableFeature| {
            let own = has_ids.then(|| feature.id.clone().unwrap_or_default());
            let cells = names.iter().map(|n| text_of(feature.properties.get(n))).chain(own);
            let record = ByteRecord::from(cells.collect::<Vec<String>>());
            let place = if any_shape { RowGeometry::None } else { place(crs, &feature.shape) };
            let decimals = Arc::clone(&decimals);
            TableRow { record, line: feature.number, place, decimals, ..TableRow::default() }
        };
        let rows: Vec<TableRow> = features.iter().map(row).collect();
        let ids = if has_ids { header.find(ID) } else { None };
        let source = TableSource::Features { rows: rows.into_iter(), notes, ids };
        Ok(InputTable { file: file.to_owned(), header, source, grouped: (0, 0) })
    }
}

fn place(crs: Crs, shape: &FeatureShape) -> RowGeometry {
    match shape {
        FeatureShape::None => RowGeometry::None,
        FeatureShape::Point(x, y) => match crs.point(*x, *y) {
            Ok(point) => RowGeometry::Point(point),
            Err(e) => RowGeometry::Wrong(e.to_string()),
        },
        FeatureShape::Points(list) => {
            let all: Result<Vec<_>, _> = list.iter().map(|&(x, y)| crs.point(x, y)).collect();
            all.map_or_else(|e| RowGeometry::Wrong(e.to_string()), RowGeometry::Points)
        }
        FeatureShape::Polygons(_) => {
            RowGeometry::Wrong("a Polygon where a Point is wanted".to_owned())
        }
        FeatureShape::Other(kind) => {
            RowGeometry::Wrong(format!("a {kind} where a Point is wanted"))
        }
        FeatureShape::Broken(what) => RowGeometry::Wrong(what.clone()),
    }
}
