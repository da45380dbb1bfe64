//! Features as the rows of a table: their properties are its cells, their ids a column where no property is one.

use csv::ByteRecord;
use rustc_hash::FxHashSet;

use super::features::{Feature, FeatureFile, Shape, text_of};
use super::row::Place;
use super::{Header, Row, Source, Table, TableError};
use crate::inputs::crs::Crs;

/// What the column of the features' own ids is called.
const ID: &str = "id";

impl Table {
    /// A table of features. Those of `any_shape` have no place, but their properties alone.
    pub(super) fn from_features(
        file: &str,
        features: FeatureFile,
        any_shape: bool,
    ) -> Result<Table, TableError> {
        let FeatureFile { crs, notes, features } = features;
        if !any_shape && features.iter().any(|f| matches!(f.shape, Shape::Polygons(_))) {
            return Err(TableError::polygons_for_points(file));
        }
        let mut names: Vec<String> = Vec::new();
        let mut known = FxHashSet::default();
        for key in features.iter().flat_map(|f| f.properties.keys()) {
            if known.insert(key.as_str()) {
                names.push(key.clone());
            }
        }
        let mut header = Header::new(names.clone());
        let has_ids = header.find(ID).is_none() && features.iter().any(|f| f.id.is_some());
        if has_ids {
            header = Header::new(names.iter().cloned().chain([ID.to_owned()]).collect());
        }
        let row = |feature: &Feature| {
            let own = has_ids.then(|| feature.id.clone().unwrap_or_default());
            let cells = names.iter().map(|n| text_of(feature.properties.get(n))).chain(own);
            let record = ByteRecord::from(cells.collect::<Vec<String>>());
            let place = if any_shape { Place::None } else { place(crs, &feature.shape) };
            Row { record, line: feature.number, place, ..Row::default() }
        };
        let rows: Vec<Row> = features.iter().map(row).collect();
        let ids = if has_ids { header.find(ID) } else { None };
        let source = Source::Features { rows: rows.into_iter(), notes, ids };
        Ok(Table { file: file.to_owned(), header, source, grouped: (0, 0) })
    }
}

fn place(crs: Crs, shape: &Shape) -> Place {
    match shape {
        Shape::None => Place::None,
        Shape::Point(x, y) => match crs.point(*x, *y) {
            Ok(point) => Place::Point(point),
            Err(e) => Place::Wrong(e.to_string()),
        },
        Shape::Points(list) => {
            let all: Result<Vec<_>, _> = list.iter().map(|&(x, y)| crs.point(x, y)).collect();
            all.map_or_else(|e| Place::Wrong(e.to_string()), Place::Points)
        }
        Shape::Polygons(_) => Place::Wrong("a Polygon where a Point is wanted".to_owned()),
        Shape::Other(kind) => Place::Wrong(format!("a {kind} where a Point is wanted")),
        Shape::Broken(what) => Place::Wrong(what.clone()),
    }
}
