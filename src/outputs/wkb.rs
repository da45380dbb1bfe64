//! Shapes as well-known binary (OGC 06-103r4, section 8), the form that GeoPackage and GeoParquet
//! share.

use std::io;

use geo::MultiPolygon;

use super::polygon_rounding::{PER_DEGREE, Position, RoundedOutline, join, position};
use crate::geometry::LonLat;

/// What a feature of a layer looks like, in degrees of WGS 84.
#[derive(Clone, Copy, Debug)]
pub enum LayerShape<'a> {
    /// A point.
    Point(LonLat),
    /// Lines that are one feature; those of fewer than two points are left out.
    Lines(&'a [Vec<LonLat>]),
    /// Areas that are one feature.
    Areas(&'a MultiPolygon<f64>),
    /// Nowhere.
    None,
}

/// A shape as bytes, and the box round it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wkb {
    /// Little-endian well-known binary.
    pub(super) bytes: Vec<u8>,
    /// West, south, east, north, in degrees.
    pub(super) bbox: [f64; 4],
}

const POINT: u32 = 1;
const LINE: u32 = 2;
const POLYGON: u32 = 3;
const LINES: u32 = 5;
const POLYGONS: u32 = 6;

impl Wkb {
    /// `None` for what is nowhere, or too small to be anywhere.
    pub(super) fn of(shape: LayerShape) -> io::Result<Option<Wkb>> {
        let mut bytes = Vec::new();
        let bbox = match shape {
            LayerShape::None => None,
            LayerShape::Point(point) => {
                let at = position(point.lon(), point.lat())?;
                head(&mut bytes, POINT);
                push(&mut bytes, at);
                Some([at.0, at.1, at.0, at.1])
            }
            LayerShape::Lines(lines) => {
                let lines =
                    lines.iter().map(|line| rounded(line)).collect::<io::Result<Vec<_>>>()?;
                let lines: Vec<_> = lines.into_iter().filter(|line| line.len() > 1).collect();
                head(&mut bytes, LINES);
                count(&mut bytes, lines.len());
                for line in &lines {
                    head(&mut bytes, LINE);
                    positions(&mut bytes, line);
                }
                lines.iter().flatten().map(|&(x, y)| [x, y, x, y]).reduce(join)
            }
            LayerShape::Areas(polygon) => {
                let outline = RoundedOutline::of(polygon)?;
                head(&mut bytes, POLYGONS);
                count(&mut bytes, outline.parts.len());
                for rings in &outline.parts {
                    head(&mut bytes, POLYGON);
                    count(&mut bytes, rings.len());
                    rings.iter().for_each(|ring| positions(&mut bytes, ring));
                }
                outline.bbox()
            }
        };
        Ok(bbox.map(|bbox| Wkb { bytes, bbox: bbox.map(degrees) }))
    }
}

fn rounded(line: &[LonLat]) -> io::Result<Vec<Position>> {
    let mut line =
        line.iter().map(|p| position(p.lon(), p.lat())).collect::<io::Result<Vec<Position>>>()?;
    line.dedup();
    Ok(line)
}

fn head(bytes: &mut Vec<u8>, kind: u32) {
    bytes.push(1); // little-endian
    bytes.extend(kind.to_le_bytes());
}

fn count(bytes: &mut Vec<u8>, n: usize) {
    bytes.extend(u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes());
}

fn positions(bytes: &mut Vec<u8>, line: &[Position]) {
    count(bytes, line.len());
    line.iter().for_each(|at| push(bytes, *at));
}

fn push(bytes: &mut Vec<u8>, (x, y): Position) {
    bytes.extend(degrees(x).to_le_bytes());
    bytes.extend(degrees(y).to_le_bytes());
}

#[expect(clippy::cast_precision_loss, reason = "at most 1.8e9")]
fn degrees(ten_millionths: i64) -> f64 {
    ten_millionths as f64 / PER_DEGREE
}
