//! From a feature to a neighbourhood with a valid outline in degrees.

use geo::orient::Direction;
use geo::{
    Area, Coord, LineString, MakeValid, MapCoords, MultiPolygon, Orient, Polygon, Validation,
    unary_union,
};

use super::Neighbourhood;
use super::columns::NeighbourhoodColumns;
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::{LonLat, Projected, Projection};
use crate::inputs::crs::{Crs, CrsError};
use crate::inputs::tables::features::{FeatureShape, TableFeature, text_of};
use crate::inputs::tables::{TableError, is_grouped, is_no_code, parse_count};

/// A repair that changes a polygon's area by more than this share is worth more than a note.
const SMALL_REPAIR: f64 = 0.001;

/// How large a neighbourhood that is only known as a point is drawn, in metres from its middle.
const RADIUS: f64 = 25.0;

pub(super) fn zone(
    file: &str,
    crs: Crs,
    feature: &TableFeature,
    columns: &NeighbourhoodColumns,
    findings: &mut Findings,
) -> Result<Option<Neighbourhood>, TableError> {
    let text = |name: &str| text_of(feature.properties.get(name)).trim().to_owned();
    let own = || feature.id.as_deref().unwrap_or_default().trim().to_owned();
    let id = if columns.own_ids { own() } else { text(&columns.id) };
    let mut dropped = |code, what: String| {
        let what = format!("feature {} ({id}): {what}: dropped", feature.number);
        findings.count(Severity::Error, code, Outcome::Dropped, file, 1, what);
        Ok(None)
    };
    if is_no_code(&id) {
        return dropped("no_code", format!("{} is blank or a sign for nothing", columns.id));
    }
    let (degrees, point) = match &feature.shape {
        FeatureShape::Polygons(polygons) => (in_degrees(crs, polygons), None),
        FeatureShape::Point(x, y) if columns.points => {
            let point = crs.point(*x, *y);
            (point.clone().map(circle), point.ok())
        }
        FeatureShape::None => return dropped("no_geometry", "no geometry".to_owned()),
        FeatureShape::Broken(what) => return dropped("bad_geometry", what.clone()),
        FeatureShape::Point(..) => {
            return dropped("bad_geometry", "a Point where a polygon is wanted".to_owned());
        }
        FeatureShape::Points(list) => {
            let wanted = if columns.points { "one" } else { "a polygon" };
            let what = format!("a MultiPoint of {} points where {wanted} is wanted", list.len());
            return dropped("bad_geometry", what);
        }
        FeatureShape::Other(kind) => {
            return dropped("bad_geometry", format!("a {kind} where a polygon is wanted"));
        }
    };
    let degrees = match degrees {
        Ok(degrees) => degrees,
        Err(source @ CrsError::NoGrid(..)) => {
            return Err(TableError::Crs { file: file.to_owned(), source });
        }
        Err(e) => return dropped("bad_coordinate", e.to_string()),
    };
    let polygon = match valid(degrees) {
        ValidShape::AsGiven(polygon) => polygon,
        ValidShape::Repaired(polygon, why, change) => {
            let severity =
                if change.abs() > SMALL_REPAIR { Severity::Warning } else { Severity::Info };
            let what = format!(
                "feature {} ({id}): {why}: repaired, which changed its area by {:.2} %",
                feature.number,
                change * 100.0
            );
            findings.count(severity, "invalid_polygon", Outcome::Repaired, file, 1, what);
            polygon
        }
        ValidShape::Hopeless(why) => return dropped("invalid_polygon", why),
    };
    let people = columns.population.as_deref().map(text).unwrap_or_default();
    let population = parse_count(&people, columns.decimal);
    if matches!(population, Ok(Some(_))) && is_grouped(&people, columns.decimal) {
        let what = format!("feature {} ({id}): {people:?} read as one number", feature.number);
        findings.count(Severity::Info, "grouped_number", Outcome::Repaired, file, 1, what);
    }
    let population = population.unwrap_or_else(|e| {
        let what =
            format!("feature {} ({id}): population = {e}: taken as not known", feature.number);
        findings.count(Severity::Warning, "bad_number", Outcome::Dropped, file, 1, what);
        None
    });
    let name =
        columns.name.as_deref().map(text).filter(|n| !n.is_empty()).unwrap_or_else(|| id.clone());
    Ok(Some(Neighbourhood { id, name, population, polygon, deprivation: None, point }))
}

fn in_degrees(crs: Crs, raw: &MultiPolygon<f64>) -> Result<MultiPolygon<f64>, CrsError> {
    raw.try_map_coords(|c| crs.point(c.x, c.y).map(|p| geo::Coord { x: p.lon(), y: p.lat() }))
}

enum ValidShape {
    AsGiven(MultiPolygon<f64>),
    /// Why it was not valid, and by what share its area changed.
    Repaired(MultiPolygon<f64>, String, f64),
    Hopeless(String),
}

fn valid(polygon: MultiPolygon<f64>) -> ValidShape {
    let Err(why) = polygon.check_validation() else { return ValidShape::AsGiven(polygon) };
    let why = why.to_string();
    match repaired(&polygon)
        .filter(|repaired| repaired.unsigned_area() > 0.0 && repaired.is_valid())
    {
        Some(repaired) => {
            let (before, after) = (polygon.unsigned_area(), repaired.unsigned_area());
            let change = if before > 0.0 { after / before - 1.0 } else { 1.0 };
            ValidShape::Repaired(repaired, why, change)
        }
        None => ValidShape::Hopeless(format!("{why}, and it cannot be repaired")),
    }
}

/// The ground of all parts, each made valid by itself: where two lie on each other both hold it.
fn repaired(polygon: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    let part = |part: &Polygon<f64>| {
        let valid = if part.is_valid() {
            MultiPolygon(vec![part.clone()])
        } else {
            part.make_valid().ok()?
        };
        Some(valid.orient(Direction::Default))
    };
    let parts: Vec<MultiPolygon<f64>> = polygon.iter().map(part).collect::<Option<_>>()?;
    match parts.as_slice() {
        [part] => Some(part.clone()),
        parts => Some(unary_union(parts)),
    }
}

/// The outline that a point is drawn with: of sixteen corners, anticlockwise.
pub(super) fn circle(point: LonLat) -> MultiPolygon<f64> {
    let map = Projection::about(point);
    let corner = |n: i32| {
        let turn = f64::from(n) * std::f64::consts::TAU / 16.0;
        let at = map.unproject(Projected { x: RADIUS * turn.cos(), y: RADIUS * turn.sin() });
        Coord { x: at.lon(), y: at.lat() }
    };
    MultiPolygon(vec![Polygon::new(
        LineString((0..=15).chain([0]).map(corner).collect()),
        Vec::new(),
    )])
}
