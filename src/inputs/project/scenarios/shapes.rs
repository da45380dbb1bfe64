//! Lines and areas of a modification: a GeoJSON file beside the project file, or points written
//! out.

use std::path::Path;

use geo::{Coord, LineString, MultiPolygon, Polygon};
use geojson::{GeoJson, GeometryValue, Position};

use super::words::point;
use crate::geometry::{LonLat, Projected, Projection};

/// A course over the map, of at least two points.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnCourse(pub Vec<LonLat>);

/// One polygon or several, in degrees.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnArea(pub MultiPolygon<f64>);

/// What a modification draws on the map.
#[derive(Clone, Debug, PartialEq)]
pub enum ScenarioDrawing {
    /// Lines.
    Lines(Vec<DrawnCourse>),
    /// Polygons.
    Area(DrawnArea),
}

impl DrawnCourse {
    /// Its points on a flat map.
    pub fn on(&self, projection: &Projection) -> Vec<Projected> {
        self.0.iter().map(|point| projection.project(*point)).collect()
    }
}

impl DrawnArea {
    /// Each polygon as its rings on a flat map, the outer one first; no first point is repeated.
    pub fn on(&self, projection: &Projection) -> Vec<Vec<Vec<Projected>>> {
        let ring = |line: &LineString<f64>| {
            let points = line.0.iter().filter_map(|at| LonLat::new(at.x, at.y));
            let mut ring: Vec<Projected> = points.map(|point| projection.project(point)).collect();
            if ring.len() > 1 && ring.first() == ring.last() {
                ring.pop();
            }
            ring
        };
        let rings = |polygon: &Polygon<f64>| {
            std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect()
        };
        self.0.iter().map(rings).collect()
    }
}

/// Points written out, `LON LAT; LON LAT; …`.
pub(super) fn written(text: &str) -> Option<Vec<LonLat>> {
    text.split(';').map(str::trim).filter(|part| !part.is_empty()).map(point).collect()
}

/// Points written out as a ring.
pub(super) fn ring(points: &[LonLat]) -> ScenarioDrawing {
    let mut line: Vec<Coord<f64>> =
        points.iter().map(|point| Coord { x: point.lon(), y: point.lat() }).collect();
    if let Some(first) = line.first().copied() {
        line.push(first);
    }
    ScenarioDrawing::Area(DrawnArea(MultiPolygon(vec![Polygon::new(LineString(line), Vec::new())])))
}

/// Reads a GeoJSON file of lines, or of polygons.
pub(super) fn read(path: &Path) -> Result<ScenarioDrawing, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("it cannot be read: {error}"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let json: GeoJson = text.parse().map_err(|error| format!("it is not GeoJSON: {error}"))?;
    let mut found = ReadShapes::default();
    match json {
        GeoJson::Geometry(geometry) => found.add(&geometry.value)?,
        GeoJson::Feature(feature) => {
            feature.geometry.iter().try_for_each(|geometry| found.add(&geometry.value))?;
        }
        GeoJson::FeatureCollection(collection) => {
            let geometries =
                collection.features.iter().filter_map(|feature| feature.geometry.as_ref());
            geometries.map(|geometry| &geometry.value).try_for_each(|value| found.add(value))?;
        }
    }
    match (found.lines.is_empty(), found.polygons.is_empty()) {
        (false, true) => Ok(ScenarioDrawing::Lines(found.lines)),
        (true, false) => Ok(ScenarioDrawing::Area(DrawnArea(MultiPolygon(found.polygons)))),
        (true, true) => Err("it holds no line and no polygon".to_owned()),
        (false, false) => Err("it holds lines and polygons: give one kind".to_owned()),
    }
}

#[derive(Default)]
struct ReadShapes {
    lines: Vec<DrawnCourse>,
    polygons: Vec<Polygon<f64>>,
}

impl ReadShapes {
    fn add(&mut self, value: &GeometryValue) -> Result<(), String> {
        match value {
            GeometryValue::LineString { coordinates } => self.line(coordinates),
            GeometryValue::MultiLineString { coordinates } => {
                coordinates.iter().try_for_each(|line| self.line(line))
            }
            GeometryValue::Polygon { coordinates } => self.polygon(coordinates),
            GeometryValue::MultiPolygon { coordinates } => {
                coordinates.iter().try_for_each(|rings| self.polygon(rings))
            }
            _ => Err("it holds something that is neither a line nor a polygon".to_owned()),
        }
    }

    fn line(&mut self, positions: &[Position]) -> Result<(), String> {
        let points = positions.iter().map(lonlat).collect::<Result<Vec<_>, _>>()?;
        if points.len() < 2 {
            return Err("a line has fewer than two points".to_owned());
        }
        self.lines.push(DrawnCourse(points));
        Ok(())
    }

    fn polygon(&mut self, rings: &[Vec<Position>]) -> Result<(), String> {
        let ring = |positions: &Vec<Position>| {
            let points = positions.iter().map(lonlat).collect::<Result<Vec<_>, _>>()?;
            Ok(LineString(points.iter().map(|at| Coord { x: at.lon(), y: at.lat() }).collect()))
        };
        let mut rings =
            rings.iter().map(ring).collect::<Result<Vec<LineString<f64>>, String>>()?.into_iter();
        let outer = rings.next().filter(|ring| ring.0.len() >= 4);
        let outer = outer.ok_or_else(|| "a polygon has fewer than four points".to_owned())?;
        self.polygons.push(Polygon::new(outer, rings.collect()));
        Ok(())
    }
}

fn lonlat(position: &Position) -> Result<LonLat, String> {
    let point = match position.as_slice() {
        [lon, lat, ..] => LonLat::new(*lon, *lat),
        _ => None,
    };
    point.ok_or_else(|| format!("{:?} is no point in degrees (WGS 84)", position.as_slice()))
}
