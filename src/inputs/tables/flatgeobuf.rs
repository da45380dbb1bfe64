//! FlatGeobuf: features one after the other, their geometries as flat lists of coordinates.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use ::flatgeobuf::{
    ColumnType, Crs as Declared, FallibleStreamingIterator, FgbReader, Geometry, GeometryType,
};
use geo::{Coord, LineString, MultiPolygon, Polygon};
use serde_json::{Map, Number, Value};

use super::TableError;
use super::features::{FeatureFile, FeatureShape, TableFeature};
use crate::inputs::crs::{Crs, CrsError};

/// Reads a file's features.
pub(super) fn read(path: &Path) -> Result<FeatureFile, TableError> {
    let file = path.display().to_string();
    let broken = |e: &dyn std::fmt::Display| {
        let what = format!("cannot be read as FlatGeobuf: {e}");
        TableError::Format { file: file.clone(), what }
    };
    let reading = |source| TableError::Read { file: file.clone(), source };
    let handle = File::open(path).map_err(reading)?;
    let length = handle.metadata().map_err(reading)?.len();
    let reader = FgbReader::open(BufReader::new(handle)).map_err(|e| broken(&e))?;
    let (kind, promised) = (reader.header().geometry_type(), reader.header().features_count());
    // The crate reckons with these before it looks at anything else.
    if promised > length || reader.header().index_node_size() == 1 {
        return Err(broken(&format!(
            "its head says that it has {promised} features in {length} bytes"
        )));
    }
    let declared = match reader.header().crs() {
        Some(crs) => {
            system(&crs).map_err(|source| TableError::Crs { file: file.clone(), source })?
        }
        None => None,
    };
    let columns: Vec<(String, ColumnType)> = reader
        .header()
        .columns()
        .into_iter()
        .flatten()
        .map(|column| (column.name().to_owned(), column.type_()))
        .collect();
    let mut all = reader.select_all_seq().map_err(|e| broken(&e))?;
    let mut features = Vec::new();
    while let Some(feature) = all.next().map_err(|e| broken(&e))? {
        let bytes =
            feature.fbs_feature().properties().map(|bytes| bytes.bytes()).unwrap_or_default();
        let properties = properties(bytes, &columns).map_err(|e| broken(&e))?;
        let shape = feature
            .geometry()
            .map_or(FeatureShape::None, |g| shape(&g, kind).unwrap_or_else(FeatureShape::Broken));
        let number = features.len() as u64 + 1;
        features.push(TableFeature { number, id: None, properties, shape });
    }
    if (features.len() as u64) < promised {
        return Err(broken(&format!(
            "it has {} of {promised} features: it is cut short",
            features.len()
        )));
    }
    FeatureFile::of(&file, declared, features)
}

/// The system that the header declares, by its code, or else by its text.
fn system(crs: &Declared<'_>) -> Result<Option<Crs>, CrsError> {
    let (code, organisation) = (crs.code(), crs.org().unwrap_or("EPSG"));
    let text = crs.wkt().unwrap_or_default();
    if code == 0 && text.is_empty() {
        return Ok(None);
    }
    let by_code = u32::try_from(code).ok().filter(|_| organisation.eq_ignore_ascii_case("epsg"));
    if let Some(crs) = by_code.and_then(Crs::of_epsg) {
        return Ok(Some(crs));
    }
    Crs::of_wkt(text).map(Some).map_err(|_| CrsError::Unknown(format!("{organisation}:{code}")))
}

/// The values of a feature: one after the other, each behind the number of its column. The crate's
/// own reader takes their lengths at their word, and falls over those of a damaged file.
fn properties(
    bytes: &[u8],
    columns: &[(String, ColumnType)],
) -> Result<Map<String, Value>, String> {
    let float = |n: f64| Number::from_f64(n).map_or(Value::Null, Value::Number);
    let (mut found, mut rest) = (Map::new(), bytes);
    // A column of bytes may end with one too many.
    while rest.len() > 1 {
        let number = u16::from_le_bytes(taken(&mut rest)?);
        let (name, kind) =
            columns.get(usize::from(number)).ok_or("a value of a column that there is not")?;
        let value = match *kind {
            ColumnType::Byte => Value::from(i8::from_le_bytes(taken(&mut rest)?)),
            ColumnType::UByte => Value::from(u8::from_le_bytes(taken(&mut rest)?)),
            ColumnType::Bool => Value::Bool(taken::<1>(&mut rest)? != [0]),
            ColumnType::Short => Value::from(i16::from_le_bytes(taken(&mut rest)?)),
            ColumnType::UShort => Value::from(u16::from_le_bytes(taken(&mut rest)?)),
            ColumnType::Int => Value::from(i32::from_le_bytes(taken(&mut rest)?)),
            ColumnType::UInt => Value::from(u32::from_le_bytes(taken(&mut rest)?)),
            ColumnType::Long => Value::from(i64::from_le_bytes(taken(&mut rest)?)),
            ColumnType::ULong => Value::from(u64::from_le_bytes(taken(&mut rest)?)),
            // By its shortest text, so that 0.1 stays 0.1.
            ColumnType::Float => {
                f32::from_le_bytes(taken(&mut rest)?).to_string().parse().map_or(Value::Null, float)
            }
            ColumnType::Double => float(f64::from_le_bytes(taken(&mut rest)?)),
            ColumnType::String | ColumnType::Json | ColumnType::DateTime => {
                let text =
                    std::str::from_utf8(taken_long(&mut rest)?).map_err(|e| e.to_string())?;
                Value::String(text.to_owned())
            }
            ColumnType::Binary => {
                taken_long(&mut rest)?;
                Value::Null
            }
            _ => return Err(format!("a column (`{name}`) of an unknown kind")),
        };
        found.insert(name.clone(), value);
    }
    Ok(found)
}

fn taken<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], String> {
    let (first, others) = rest.split_first_chunk::<N>().ok_or("a value that is cut short")?;
    *rest = others;
    Ok(*first)
}

/// As many bytes as the number in front of them says.
fn taken_long<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], String> {
    let length = usize::try_from(u32::from_le_bytes(taken(rest)?)).map_err(|e| e.to_string())?;
    let (first, others) = rest.split_at_checked(length).ok_or("a text that is cut short")?;
    *rest = others;
    Ok(first)
}

fn shape(geometry: &Geometry<'_>, of_file: GeometryType) -> Result<FeatureShape, String> {
    let kind = if of_file == GeometryType::Unknown { geometry.type_() } else { of_file };
    Ok(match kind {
        GeometryType::Point | GeometryType::MultiPoint => {
            let points =
                positions(geometry)?.into_iter().filter(|c| !(c.x.is_nan() && c.y.is_nan()));
            FeatureShape::of_points(
                points.map(|c| finite(c).map(|c| (c.x, c.y))).collect::<Result<_, _>>()?,
            )
        }
        GeometryType::Polygon => polygons(polygon(geometry)?.into_iter().collect()),
        GeometryType::MultiPolygon => {
            let mut all = Vec::new();
            for part in geometry.parts().into_iter().flatten() {
                all.extend(polygon(&part)?);
            }
            polygons(all)
        }
        other => FeatureShape::Other(other.variant_name().unwrap_or("geometry of an unknown kind")),
    })
}

fn polygons(list: Vec<Polygon<f64>>) -> FeatureShape {
    if list.is_empty() { FeatureShape::None } else { FeatureShape::Polygons(MultiPolygon(list)) }
}

/// A list of positions, cut into rings where `ends` says.
fn polygon(geometry: &Geometry<'_>) -> Result<Option<Polygon<f64>>, String> {
    let all = positions(geometry)?.into_iter().map(finite).collect::<Result<Vec<_>, _>>()?;
    let ends: Vec<usize> = match geometry.ends() {
        Some(ends) => ends.iter().map(|end| end as usize).collect(),
        None => vec![all.len()],
    };
    let (mut rings, mut from) = (Vec::new(), 0);
    for end in ends {
        let ring = all.get(from..end).ok_or("a ring that goes past the positions there are")?;
        rings.push(LineString(ring.to_vec()));
        from = end;
    }
    let mut rings = rings.into_iter();
    let outer = rings.next().filter(|ring| !ring.0.is_empty());
    Ok(outer.map(|outer| Polygon::new(outer, rings.filter(|ring| !ring.0.is_empty()).collect())))
}

fn positions(geometry: &Geometry<'_>) -> Result<Vec<Coord<f64>>, String> {
    let numbers: Vec<f64> = geometry.xy().into_iter().flatten().collect();
    if numbers.len() % 2 == 1 {
        return Err("an odd number of coordinates".to_owned());
    }
    Ok(numbers
        .chunks_exact(2)
        .filter_map(|pair| Some(Coord { x: *pair.first()?, y: *pair.last()? }))
        .collect())
}

fn finite(at: Coord<f64>) -> Result<Coord<f64>, String> {
    if at.x.is_finite() && at.y.is_finite() {
        Ok(at)
    } else {
        Err(format!("a position of {}, {}", at.x, at.y))
    }
}

#[cfg(test)]
mod tests {
    use ::flatgeobuf::geozero::error::Result as Told;
    use ::flatgeobuf::geozero::{ColumnValue, GeomProcessor, PropertyProcessor};
    use ::flatgeobuf::{FgbCrs, FgbWriter, FgbWriterOptions, GeozeroGeometry};

    use super::*;

    struct Square(f64, f64, f64);

    impl GeozeroGeometry for Square {
        fn process_geom<P: GeomProcessor>(&self, to: &mut P) -> Told<()> {
            let Square(x, y, side) = *self;
            to.polygon_begin(true, 1, 0)?;
            to.linestring_begin(false, 5, 0)?;
            for (n, (dx, dy)) in
                [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side), (0.0, 0.0)].iter().enumerate()
            {
                to.xy(x + dx, y + dy, n)?;
            }
            to.linestring_end(false, 0)?;
            to.polygon_end(true, 0)
        }
    }

    fn written(code: i32) -> Vec<u8> {
        let options = FgbWriterOptions {
            crs: FgbCrs { code, ..FgbCrs::default() },
            ..FgbWriterOptions::default()
        };
        let mut file =
            FgbWriter::create_with_options("n", GeometryType::Polygon, options).expect("begun");
        file.add_column("LSOA21CD", ColumnType::String, |_, _| {});
        file.add_column("population", ColumnType::Double, |_, _| {});
        for (code, x) in [("W01", 330_000.0), ("W02", 331_000.0)] {
            file.add_feature_geom(Square(x, 188_000.0, 500.0), |feature| {
                feature.property(0, "LSOA21CD", &ColumnValue::String(code)).expect("a code");
                if code == "W01" {
                    feature
                        .property(1, "population", &ColumnValue::Double(1500.0))
                        .expect("people");
                }
            })
            .expect("a feature");
        }
        let mut bytes = Vec::new();
        file.write(&mut bytes).expect("written");
        bytes
    }

    #[test]
    fn polygons_are_read_with_their_system_and_attributes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("n.fgb");
        std::fs::write(&path, written(27_700)).expect("written");
        let mut file = read(&path).expect("read");
        file.features.sort_by_key(|f| f.properties["LSOA21CD"].to_string());
        assert_eq!((file.crs, file.features.len()), (Crs::BritishGrid, 2));
        assert_eq!(file.features[0].properties["population"], 1500.0);
        assert!(!file.features[1].properties.contains_key("population"));
        assert!(
            matches!(&file.features[0].shape, FeatureShape::Polygons(p) if p.0[0].exterior().0.len() == 5)
        );
        std::fs::write(&path, written(4_267)).expect("written");
        let e = read(&path).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(e.contains("EPSG:4267 is not read"), "{e}");
    }

    #[test]
    fn damage_is_told_and_nothing_falls_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("n.fgb");
        let whole = written(27_700);
        for cut in [whole.len() - 1, whole.len() / 2, 9] {
            std::fs::write(&path, &whole[..cut]).expect("written");
            assert!(read(&path).is_err(), "cut at {cut}");
        }
        for n in 0..300 {
            let mut bytes = whole.clone();
            let at = n * 7919 % bytes.len();
            bytes[at] ^= 0x55;
            std::fs::write(&path, &bytes).expect("written");
            drop(read(&path));
        }
    }
}
