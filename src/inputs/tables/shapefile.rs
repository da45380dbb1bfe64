//! Shapefiles: `.shp` with the shapes, `.dbf` with their attributes, `.prj` with the reference
//! system (ESRI Shapefile Technical Description, 1998; dBASE III and IV tables).
//!
//! Read here rather than by a crate, since lengths in such files must not be believed: each is held
//! against the bytes there are before anything is made of it.

use geo::{Contains, Coord, LineString, MultiPolygon, Polygon};
use serde_json::{Map, Number, Value};

use super::features::{FeatureFile, FeatureShape, TableFeature};
use super::{TableError, text_of};
use crate::inputs::crs::Crs;

/// The first four bytes: 9994, the high byte first.
pub(super) const MAGIC: [u8; 4] = [0, 0, 0x27, 0x0a];
const HEADER: usize = 100;

/// The parts of a shapefile.
pub(super) struct ShapefileParts<'a> {
    pub shp: &'a [u8],
    pub dbf: Option<&'a [u8]>,
    pub prj: Option<&'a str>,
}

/// Reads a shapefile's features.
pub(super) fn read(file: &str, parts: &ShapefileParts<'_>) -> Result<FeatureFile, TableError> {
    let format = |what: String| TableError::Format { file: file.to_owned(), what };
    let shapes = shapes(parts.shp).map_err(format)?;
    let Some(dbf) = parts.dbf else {
        return Err(format(
            "has no .dbf file with codes and names beside it; a shapefile is at least .shp, .shx and .dbf"
                .to_owned(),
        ));
    };
    let rows = rows(dbf).map_err(|what| format(format!("its .dbf: {what}")))?;
    if rows.len() != shapes.len() {
        return Err(format(format!(
            "{} shapes, but {} rows in its .dbf: the parts are not of one file",
            shapes.len(),
            rows.len()
        )));
    }
    let declared = match parts.prj {
        Some(text) => {
            let crs = Crs::of_wkt(text);
            Some(crs.map_err(|source| TableError::Crs { file: file.to_owned(), source })?)
        }
        None => None,
    };
    let numbered = (1..).zip(shapes).zip(rows);
    let kept = numbered.filter_map(|((number, shape), row)| {
        Some(TableFeature { number, id: None, properties: row?, shape })
    });
    FeatureFile::of(file, declared, kept.collect())
}

fn word(bytes: &[u8], at: usize, little: bool) -> Option<u32> {
    let four = bytes.get(at..)?.first_chunk::<4>()?;
    Some(if little { u32::from_le_bytes(*four) } else { u32::from_be_bytes(*four) })
}

fn shapes(bytes: &[u8]) -> Result<Vec<FeatureShape>, String> {
    if !bytes.starts_with(&MAGIC) || bytes.len() < HEADER {
        return Err("is no shapefile: it does not begin as one".to_owned());
    }
    let mut rest = &bytes[HEADER..];
    let mut shapes = Vec::new();
    while rest.len() >= 8 {
        let words = word(rest, 4, false).unwrap_or_default() as usize;
        let end = words.checked_mul(2).and_then(|length| length.checked_add(8));
        let Some(content) = end.and_then(|end| rest.get(8..end)) else {
            return Err(format!(
                "shape {} goes past the end of the file: it is cut short",
                shapes.len() + 1
            ));
        };
        shapes.push(shape(content).unwrap_or_else(FeatureShape::Broken));
        rest = &rest[8 + content.len()..];
    }
    Ok(shapes)
}

fn shape(content: &[u8]) -> Result<FeatureShape, String> {
    let short = || "the shape is cut short".to_owned();
    match word(content, 0, true).ok_or_else(short)? {
        0 => Ok(FeatureShape::None),
        1 | 11 | 21 => {
            let at = coordinate(content, 4).ok_or_else(short)?;
            if at.x.is_finite() && at.y.is_finite() {
                Ok(FeatureShape::Point(at.x, at.y))
            } else {
                Ok(FeatureShape::None)
            }
        }
        5 | 15 | 25 => polygons(content).ok_or_else(short),
        3 | 13 | 23 => Ok(FeatureShape::Other("LineString")),
        8 | 18 | 28 => points(content).ok_or_else(short),
        other => Err(format!("shape type {other}")),
    }
}

fn coordinate(bytes: &[u8], at: usize) -> Option<Coord<f64>> {
    let double = |at: usize| bytes.get(at..)?.first_chunk::<8>().map(|b| f64::from_le_bytes(*b));
    Some(Coord { x: double(at)?, y: double(at + 8)? })
}

/// Four doubles of bounds, the number of points, and the points.
fn points(content: &[u8]) -> Option<FeatureShape> {
    let count = word(content, 36, true)? as usize;
    if content.len() < count.checked_mul(16)?.checked_add(40)? {
        return None;
    }
    let list = (0..count).map(|n| coordinate(content, 40 + 16 * n).map(|c| (c.x, c.y)));
    let list: Vec<(f64, f64)> = list.collect::<Option<_>>()?;
    let read = list.iter().all(|(x, y)| x.is_finite() && y.is_finite());
    Some(if read {
        FeatureShape::of_points(list)
    } else {
        FeatureShape::Broken("a position that is not a number".to_owned())
    })
}

/// Four doubles of bounds, the numbers of parts and points, where each part begins, and the points.
fn polygons(content: &[u8]) -> Option<FeatureShape> {
    let parts = word(content, 36, true)? as usize;
    let points = word(content, 40, true)? as usize;
    let starts_end = parts.checked_mul(4)?.checked_add(44)?;
    if content.len() < starts_end.checked_add(points.checked_mul(16)?)? {
        return None;
    }
    let starts: Vec<usize> = (0..parts)
        .map(|n| word(content, 44 + 4 * n, true).map(|s| s as usize))
        .collect::<Option<_>>()?;
    let mut rings = Vec::new();
    for (n, start) in starts.iter().enumerate() {
        let end = starts.get(n + 1).copied().unwrap_or(points);
        if *start > end || end > points {
            return None;
        }
        let ring: Vec<Coord<f64>> = (*start..end)
            .map(|p| coordinate(content, starts_end + 16 * p))
            .collect::<Option<_>>()?;
        if ring.iter().any(|c| !(c.x.is_finite() && c.y.is_finite())) {
            return Some(FeatureShape::Broken("a position that is not a number".to_owned()));
        }
        if ring.len() > 3 {
            rings.push(LineString(ring));
        }
    }
    Some(joined(rings))
}

/// Outlines run clockwise, holes the other way; a hole belongs to the smallest outline about it.
fn joined(rings: Vec<LineString<f64>>) -> FeatureShape {
    let (outer, holes): (Vec<_>, Vec<_>) =
        rings.into_iter().partition(|ring| twice_area(ring) <= 0.0);
    // A writer that turned all rings the wrong way meant outlines.
    let (outer, holes) = if outer.is_empty() { (holes, outer) } else { (outer, holes) };
    let mut polygons: Vec<(f64, Polygon<f64>)> = outer
        .into_iter()
        .map(|ring| (twice_area(&ring).abs(), Polygon::new(ring, Vec::new())))
        .collect();
    for hole in holes {
        let Some(corner) = hole.0.first().copied() else { continue };
        let about = polygons.iter_mut().filter(|(_, p)| {
            let solid = Polygon::new(p.exterior().clone(), Vec::new());
            solid.contains(&geo::Point(corner)) || p.exterior().0.contains(&corner)
        });
        match about.min_by(|a, b| a.0.total_cmp(&b.0)) {
            Some((_, polygon)) => polygon.interiors_push(hole),
            None => polygons.push((twice_area(&hole).abs(), Polygon::new(hole, Vec::new()))),
        }
    }
    let list: Vec<_> = polygons.into_iter().map(|(_, polygon)| polygon).collect();
    if list.is_empty() { FeatureShape::None } else { FeatureShape::Polygons(MultiPolygon(list)) }
}

/// Positive anticlockwise; taken from the first corner, since grid coordinates are large.
fn twice_area(ring: &LineString<f64>) -> f64 {
    let Some(from) = ring.0.first().copied() else { return 0.0 };
    let cross = |pair: &[Coord<f64>]| match pair {
        [a, b] => (a.x - from.x) * (b.y - from.y) - (b.x - from.x) * (a.y - from.y),
        _ => 0.0,
    };
    ring.0.windows(2).map(cross).sum()
}

/// The rows of a dBASE table; `None` for one that is marked as deleted.
fn rows(bytes: &[u8]) -> Result<Vec<Option<Map<String, Value>>>, String> {
    let short = || "is cut short".to_owned();
    let half = |at: usize| {
        let two = bytes.get(at..).and_then(|b| b.first_chunk::<2>()).ok_or_else(short)?;
        Ok::<_, String>(usize::from(u16::from_le_bytes(*two)))
    };
    let (header, record) = (half(8)?, half(10)?);
    let fields = fields(bytes.get(32..header).ok_or_else(short)?);
    let body = bytes.get(header..).ok_or_else(short)?;
    let count = word(bytes, 4, true).ok_or_else(short)? as usize;
    if record == 0 || count > body.len() / record {
        return Err(format!(
            "{count} rows of {record} bytes, but {} bytes: it is cut short",
            body.len()
        ));
    }
    let row = |record: &[u8]| {
        if record.first() == Some(&b'*') {
            return None;
        }
        let mut at = 1;
        let mut row = Map::new();
        for (name, kind, length) in &fields {
            let cell = record.get(at..at + length).unwrap_or_default();
            row.insert(name.clone(), value(*kind, cell));
            at += length;
        }
        Some(row)
    };
    Ok(body.chunks_exact(record).take(count).map(row).collect())
}

/// Name, kind and length of each field.
fn fields(descriptors: &[u8]) -> Vec<(String, u8, usize)> {
    let whole = descriptors.chunks_exact(32).take_while(|d| d.first() != Some(&0x0d));
    let field = |d: &[u8]| {
        let name: Vec<u8> = d.iter().take(11).copied().take_while(|b| *b != 0).collect();
        Some((text_of(&name).into_owned(), *d.get(11)?, usize::from(*d.get(16)?)))
    };
    whole.filter_map(field).collect()
}

fn value(kind: u8, cell: &[u8]) -> Value {
    let end = cell.iter().position(|b| *b == 0).unwrap_or(cell.len());
    let text = text_of(cell.get(..end).unwrap_or_default().trim_ascii()).into_owned();
    let number = || {
        text.parse::<i64>().map(Number::from).ok().or_else(|| Number::from_f64(text.parse().ok()?))
    };
    match kind {
        _ if text.is_empty() => Value::Null,
        // A number that did not fit is written as asterisks.
        b'N' | b'F' => number().map_or(Value::Null, Value::Number),
        _ => Value::String(text),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A shapefile of polygons, each of rings, and its table with one column.
    pub(in crate::inputs::tables) fn written(
        shapes: &[Vec<Vec<(f64, f64)>>],
        codes: &[&str],
    ) -> (Vec<u8>, Vec<u8>) {
        let mut shp = MAGIC.to_vec();
        shp.resize(HEADER, 0);
        for (n, rings) in (1_u32..).zip(shapes) {
            let points: usize = rings.iter().map(Vec::len).sum();
            let mut content = 5_u32.to_le_bytes().to_vec();
            content.resize(36, 0);
            content.extend((rings.len() as u32).to_le_bytes());
            content.extend((points as u32).to_le_bytes());
            let mut start = 0_u32;
            for ring in rings {
                content.extend(start.to_le_bytes());
                start += ring.len() as u32;
            }
            for (x, y) in rings.iter().flatten() {
                content.extend(x.to_le_bytes());
                content.extend(y.to_le_bytes());
            }
            shp.extend(n.to_be_bytes());
            shp.extend((content.len() as u32 / 2).to_be_bytes());
            shp.extend(content);
        }
        let mut dbf = vec![3, 0, 0, 0];
        dbf.extend((codes.len() as u32).to_le_bytes());
        dbf.extend(97_u16.to_le_bytes());
        dbf.extend(16_u16.to_le_bytes());
        dbf.resize(32, 0);
        for (name, kind, length) in [("LSOA21CD", b'C', 9_u8), ("pop", b'N', 6)] {
            let mut field = name.as_bytes().to_vec();
            field.resize(11, 0);
            field.push(kind);
            field.resize(16, 0);
            field.push(length);
            field.resize(32, 0);
            dbf.extend(field);
        }
        dbf.push(0x0d);
        for code in codes {
            dbf.extend(format!(" {code:<9}{:>6}", 1500).bytes());
        }
        (shp, dbf)
    }

    fn ring(from: f64, to: f64, clockwise: bool) -> Vec<(f64, f64)> {
        let mut ring = vec![(from, from), (from, to), (to, to), (to, from), (from, from)];
        if !clockwise {
            ring.reverse();
        }
        ring
    }

    #[test]
    fn outlines_holes_islands_and_attributes() {
        // A square with a hole, an island in the hole, and the next shape empty.
        let first = vec![ring(0.0, 9.0, true), ring(1.0, 8.0, false), ring(3.0, 4.0, true)];
        let (shp, dbf) = written(&[first, vec![]], &["E01000001", "E01000002"]);
        let parts = ShapefileParts { shp: &shp, dbf: Some(&dbf), prj: None };
        let file = read("n.shp", &parts).expect("read");
        assert_eq!((file.crs, file.features.len()), (Crs::Wgs84, 2));
        let FeatureShape::Polygons(polygons) = &file.features[0].shape else {
            panic!("{:?}", file.features[0].shape)
        };
        let holes: Vec<usize> = polygons.iter().map(|p| p.interiors().len()).collect();
        assert_eq!(holes, [1, 0]);
        assert_eq!(file.features[1].shape, FeatureShape::None);
        assert_eq!(file.features[0].properties["LSOA21CD"], "E01000001");
        assert_eq!(file.features[1].properties["pop"], 1500);
    }

    #[test]
    fn the_system_is_told_by_the_prj_or_by_size() {
        let (shp, dbf) = written(&[vec![ring(300_000.0, 300_100.0, true)]], &["E01000001"]);
        let read =
            |prj| read("n.shp", &ShapefileParts { shp: &shp, dbf: Some(&dbf), prj }).map(|f| f.crs);
        assert_eq!(read(None).expect("read"), Crs::BritishGrid);
        assert_eq!(
            read(Some("PROJCS[\"British_National_Grid\",")).expect("read"),
            Crs::BritishGrid
        );
        let e = read(Some("PROJCS[\"NAD_1927_BLM_Zone_14N\",")).expect_err("unknown").to_string();
        assert!(e.contains("NAD_1927_BLM_Zone_14N"), "{e}");
    }

    #[test]
    fn lengths_are_held_against_the_bytes() {
        let (shp, dbf) = written(&[vec![ring(0.0, 1.0, true)]], &["E01000001"]);
        let read = |shp: &[u8], dbf: &[u8]| {
            read("n.shp", &ShapefileParts { shp, dbf: Some(dbf), prj: None })
        };
        for cut in 0..shp.len() {
            // Whatever is said, nothing falls over and nothing is made up.
            let polygons = read(&shp[..cut], &dbf).map(|f| f.features.len());
            assert!(polygons.is_err(), "cut at {cut}");
        }
        for cut in 0..dbf.len() {
            assert!(read(&shp, &dbf[..cut]).is_err(), "cut at {cut}");
        }
        let mut bold = shp.clone();
        bold[HEADER + 8 + 36..HEADER + 8 + 44].fill(0xff);
        let file = read(&bold, &dbf).expect("the file is whole");
        assert!(matches!(file.features[0].shape, FeatureShape::Broken(_)));
        let mut many = dbf.clone();
        many[4..8].fill(0xff);
        assert!(read(&shp, &many).is_err());
    }
}
