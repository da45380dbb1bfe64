//! GeoJSON as features with plain properties and coordinates as they stand in the file.
//!
//! The `geojson` crate passes over the `crs` member and over positions with a single number; both
//! are looked at here.

use geo::{Coord, LineString, MultiPolygon, Polygon};
use geojson::feature::Id;
use geojson::{FeatureReader, GeometryValue, Position};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::sample::decimal_of_texts;
use super::{Decimal, TableError};
use crate::finding::{Findings, Outcome, Severity};
use crate::inputs::crs::Crs;

/// A GeoJSON file.
pub(in crate::inputs) struct FeatureFile {
    /// The system its coordinates are in, by its `crs` member and by their size.
    pub crs: Crs,
    /// What is to be told of it.
    pub notes: CrsNotes,
    /// Its features in order.
    pub features: Vec<TableFeature>,
}

/// A feature.
pub(in crate::inputs) struct TableFeature {
    /// Its number in the file, from 1.
    pub number: u64,
    /// The id beside its properties (RFC 7946, 3.2), where it has one.
    pub id: Option<String>,
    /// Its properties.
    pub properties: Map<String, Value>,
    /// Its geometry, in the coordinates of the file.
    pub shape: FeatureShape,
}

/// A geometry as far as it is used here.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::inputs) enum FeatureShape {
    /// None, or an empty one.
    None,
    /// x and y.
    Point(f64, f64),
    /// Several points, at least two.
    Points(Vec<(f64, f64)>),
    /// One polygon or several.
    Polygons(MultiPolygon<f64>),
    /// A kind that has no use here.
    Other(&'static str),
    /// One that cannot be read, and why.
    Broken(String),
}

impl FeatureShape {
    /// Of several points, of which one is a point and none is nothing.
    pub(super) fn of_points(list: Vec<(f64, f64)>) -> FeatureShape {
        match list.as_slice() {
            [] => FeatureShape::None,
            [(x, y)] => FeatureShape::Point(*x, *y),
            _ => FeatureShape::Points(list),
        }
    }
}

impl FeatureFile {
    /// Reads a feature collection.
    pub(in crate::inputs) fn read(file: &str, bytes: &[u8]) -> Result<FeatureFile, TableError> {
        #[derive(Deserialize)]
        struct ReferenceFrame {
            #[serde(rename = "type")]
            kind: Option<Value>,
            crs: Option<Value>,
            features: Option<Vec<IgnoredAny>>,
        }
        let format = |what: String| TableError::Format { file: file.to_owned(), what };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let frame: ReferenceFrame =
            serde_json::from_slice(bytes).map_err(|e| format(format!("is not GeoJSON: {e}")))?;
        if frame.kind.as_ref().and_then(Value::as_str) != Some("FeatureCollection") {
            let kind = frame.kind.unwrap_or_default();
            return Err(format(format!(
                "is a GeoJSON of type {kind}; a FeatureCollection is wanted"
            )));
        }
        if frame.features.is_none_or(|f| f.is_empty()) {
            return Err(format("holds no features".to_owned()));
        }
        let declared = Crs::of_member(frame.crs.as_ref())
            .map_err(|source| TableError::Crs { file: file.to_owned(), source })?;
        let read = FeatureReader::from_reader(bytes).features().map(|feature| feature.map(one));
        let features = match read.collect::<Result<Vec<_>, _>>() {
            Ok(all) => all
                .into_iter()
                .zip(1..)
                .map(|(feature, number)| TableFeature { number, ..feature })
                .collect(),
            Err(_) => one_by_one(bytes).map_err(format)?,
        };
        FeatureFile::of(file, Some(declared), features)
    }

    /// A file of these features in a system that it declares, if it does.
    pub(in crate::inputs) fn of(
        file: &str,
        declared: Option<Crs>,
        features: Vec<TableFeature>,
    ) -> Result<FeatureFile, TableError> {
        if features.is_empty() {
            let what = "holds no features".to_owned();
            return Err(TableError::Format { file: file.to_owned(), what });
        }
        let crs = crs_of(declared.unwrap_or(Crs::Wgs84), &features);
        let mismatch = match crs {
            crs if declared.is_none_or(|declared| declared == crs) => None,
            Crs::BritishGrid => Some(
                "coordinates are metres though the file does not say so: read as British National Grid",
            ),
            _ => Some("coordinates are degrees though the file says metres: read as WGS 84"),
        };
        let shifted = crs.is_shifted().then_some(
            "coordinates are of another datum, shifted by the parameters of EPSG's register: right to some metres",
        );
        Ok(FeatureFile { crs, notes: CrsNotes { mismatch, shifted }, features })
    }
}

/// A feature whose number is yet to be told.
fn one(feature: geojson::Feature) -> TableFeature {
    let id = feature.id.map(|id| match id {
        Id::String(text) => text,
        Id::Number(number) => number.to_string(),
    });
    let properties = feature.properties.unwrap_or_default();
    TableFeature { number: 0, id, properties, shape: shape_of(feature.geometry) }
}

/// Reads features of which some have a geometry that the crate refuses: the others are none the
/// worse for it. One without any coordinates, such as `[[]]`, is an empty one.
fn one_by_one(bytes: &[u8]) -> Result<Vec<TableFeature>, String> {
    #[derive(Deserialize)]
    struct Whole {
        features: Vec<Map<String, Value>>,
    }
    let whole: Whole = serde_json::from_slice(bytes).map_err(|e| format!("is not GeoJSON: {e}"))?;
    let read = |(number, mut members): (u64, Map<String, Value>)| {
        let geometry = members.remove("geometry").filter(|geometry| !geometry.is_null());
        members.insert("geometry".to_owned(), Value::Null);
        let bare = serde_json::from_value::<geojson::Feature>(Value::Object(members))
            .map_err(|e| format!("feature {number}: {e}; mend it in the source"))?;
        let shape = geometry.map_or(FeatureShape::None, |geometry| {
            let empty = !has_numbers(&geometry);
            match serde_json::from_value::<geojson::Geometry>(geometry) {
                Ok(geometry) => shape_of(Some(geometry)),
                Err(_) if empty => FeatureShape::None,
                Err(e) => FeatureShape::Broken(e.to_string()),
            }
        });
        Ok(TableFeature { number, shape, ..one(bare) })
    };
    (1..).zip(whole.features).map(read).collect()
}

/// Whether any coordinate stands in a geometry, as a number or as a text.
fn has_numbers(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(key, value)| {
            ["coordinates", "geometries"].contains(&key.as_str()) && has_numbers(value)
        }),
        Value::Array(list) => list.iter().any(has_numbers),
        Value::Number(_) | Value::String(_) => true,
        _ => false,
    }
}

/// What is to be told of a file's reference system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::inputs) struct CrsNotes {
    /// That the size of the coordinates was believed rather than what the file says.
    mismatch: Option<&'static str>,
    /// That places are right to some metres.
    shifted: Option<&'static str>,
}

impl CrsNotes {
    /// Tells.
    pub(in crate::inputs) fn tell(self, file: &str, findings: &mut Findings) {
        let mut told = |severity, code, outcome, what: Option<&str>| {
            findings.count(
                severity,
                code,
                outcome,
                file,
                u64::from(what.is_some()),
                what.unwrap_or_default(),
            );
        };
        told(Severity::Warning, "crs_mismatch", Outcome::Repaired, self.mismatch);
        told(Severity::Info, "shifted_datum", Outcome::Kept, self.shifted);
    }
}

/// A property as text: strings as they are, numbers as written, nothing for null.
pub(in crate::inputs) fn text_of(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// The sign before decimals in a property that is written as text; numbers that are no texts have a
/// point.
pub(in crate::inputs) fn decimal_of(features: &[TableFeature], name: &str) -> Decimal {
    let values = || features.iter().filter_map(|feature| feature.properties.get(name));
    if values().any(Value::is_f64) {
        return Decimal::Point;
    }
    let whole = values().any(Value::is_number).then_some("0");
    decimal_of_texts(values().filter_map(Value::as_str).map(str::trim).chain(whole))
}

/// A file that claims degrees but holds metres was exported without being turned; its size gives it
/// away.
fn crs_of(declared: Crs, features: &[TableFeature]) -> Crs {
    let metres = |f: &&TableFeature| {
        some_coordinate(&f.shape).is_some_and(|(x, y)| Crs::of_magnitude(x, y) == Crs::BritishGrid)
    };
    let placed = features.iter().filter(|f| some_coordinate(&f.shape).is_some()).count();
    let in_metres = features.iter().filter(metres).count();
    match declared {
        Crs::Wgs84 if 2 * in_metres > placed => Crs::BritishGrid,
        plane if plane.is_plane() && placed > 0 && in_metres == 0 => Crs::Wgs84,
        declared => declared,
    }
}

fn some_coordinate(shape: &FeatureShape) -> Option<(f64, f64)> {
    match shape {
        FeatureShape::Point(x, y) => Some((*x, *y)),
        FeatureShape::Points(list) => list.first().copied(),
        FeatureShape::Polygons(polygons) => {
            polygons.iter().find_map(|p| p.exterior().0.first()).map(|c| (c.x, c.y))
        }
        _ => None,
    }
}

fn shape_of(geometry: Option<geojson::Geometry>) -> FeatureShape {
    let Some(geometry) = geometry else { return FeatureShape::None };
    match geometry.value {
        GeometryValue::Point { coordinates } => points(&[coordinates]),
        GeometryValue::MultiPoint { coordinates } => points(&coordinates),
        GeometryValue::Polygon { coordinates } => polygons(&[coordinates]),
        GeometryValue::MultiPolygon { coordinates } => polygons(&coordinates),
        GeometryValue::LineString { .. } => FeatureShape::Other("LineString"),
        GeometryValue::MultiLineString { .. } => FeatureShape::Other("MultiLineString"),
        GeometryValue::GeometryCollection { geometries } => together(geometries),
    }
}

/// A collection of polygons is one of several parts, and one of points several points. Of a mixture
/// nobody can tell which is meant.
fn together(geometries: Vec<geojson::Geometry>) -> FeatureShape {
    let (mut polygons, mut points) = (Vec::new(), Vec::new());
    for geometry in geometries {
        match shape_of(Some(geometry)) {
            FeatureShape::None => {}
            FeatureShape::Point(x, y) => points.push((x, y)),
            FeatureShape::Points(list) => points.extend(list),
            FeatureShape::Polygons(parts) => polygons.extend(parts.0),
            FeatureShape::Other(_) => return FeatureShape::Other("GeometryCollection"),
            FeatureShape::Broken(what) => return FeatureShape::Broken(what),
        }
    }
    match (polygons.is_empty(), points.is_empty()) {
        (true, _) => FeatureShape::of_points(points),
        (false, true) => FeatureShape::Polygons(MultiPolygon(polygons)),
        (false, false) => FeatureShape::Other("GeometryCollection"),
    }
}

fn points(positions: &[Position]) -> FeatureShape {
    let some = positions.iter().filter(|position| !position.as_slice().is_empty());
    let read = some.map(|position| coord(position).map(|c| (c.x, c.y)));
    read.collect::<Result<Vec<_>, String>>()
        .map_or_else(FeatureShape::Broken, FeatureShape::of_points)
}

fn polygons(coordinates: &[Vec<Vec<Position>>]) -> FeatureShape {
    let drawn =
        coordinates.iter().filter(|rings| rings.first().is_some_and(|outer| !outer.is_empty()));
    let read = drawn.map(|rings| polygon(rings));
    match read.collect::<Result<Vec<_>, String>>() {
        Ok(list) if list.is_empty() => FeatureShape::None,
        Ok(list) => FeatureShape::Polygons(MultiPolygon(list)),
        Err(what) => FeatureShape::Broken(what),
    }
}

fn polygon(rings: &[Vec<Position>]) -> Result<Polygon<f64>, String> {
    let drawn = rings.iter().filter(|ring| !ring.is_empty());
    let mut lines =
        drawn.map(|ring| ring.iter().map(coord).collect::<Result<LineString<f64>, String>>());
    let exterior = lines.next().unwrap_or_else(|| Ok(LineString(Vec::new())))?;
    Ok(Polygon::new(exterior, lines.collect::<Result<Vec<_>, String>>()?))
}

fn coord(position: &Position) -> Result<Coord<f64>, String> {
    match position.as_slice() {
        [x, y, ..] if x.is_finite() && y.is_finite() => Ok(Coord { x: *x, y: *y }),
        other => Err(format!("a position of {} numbers, {other:?}", other.len())),
    }
}
