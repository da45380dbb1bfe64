//! GeoParquet (1.0 and 1.1): Parquet with a column of well-known binary, and an entry `geo` that
//! says which.

use std::fs::File;
use std::path::Path;

use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::Field;
use serde_json::{Map, Number, Value};

use super::features::{FeatureFile, FeatureShape, TableFeature};
use super::{TableError, wkb};
use crate::inputs::crs::{Crs, CrsError};

/// The column of geometries, and the system of its coordinates as far as the file declares one.
struct Geometries {
    column: String,
    declared: Option<Crs>,
}

/// Reads a file's features.
pub(super) fn read(path: &Path) -> Result<FeatureFile, TableError> {
    let file = path.display().to_string();
    let format = |what: String| TableError::Format { file: file.clone(), what };
    let handle =
        File::open(path).map_err(|source| TableError::Read { file: file.clone(), source })?;
    let broken = |e: ParquetError| format(format!("cannot be read as Parquet: {e}"));
    let reader = SerializedFileReader::new(handle).map_err(broken)?;
    let entries = reader.metadata().file_metadata().key_value_metadata();
    let geo =
        entries.into_iter().flatten().find(|e| e.key == "geo").and_then(|e| e.value.as_deref());
    let Some(geo) = geo else {
        let what = "is Parquet without the entry `geo` of GeoParquet, so that nothing says where its rows lie; save it as \
                    GeoParquet";
        return Err(format(what.to_owned()));
    };
    let geo: Value =
        serde_json::from_str(geo).map_err(|e| format(format!("its entry `geo`: {e}")))?;
    let Geometries { column, declared } = geometries(&file, &geo)?;
    let mut features = Vec::new();
    for (number, row) in (1..).zip(reader.get_row_iter(None).map_err(broken)?) {
        let (mut properties, mut shape) = (Map::new(), FeatureShape::None);
        for (name, field) in row.map_err(broken)?.into_columns() {
            match field {
                Field::Bytes(bytes) if name == column => {
                    shape = wkb::shape(bytes.data()).unwrap_or_else(FeatureShape::Broken);
                }
                _ if name == column => {}
                field => drop(properties.insert(name, plain(&field))),
            }
        }
        features.push(TableFeature { number, id: None, properties, shape });
    }
    FeatureFile::of(&file, declared, features)
}

fn geometries(file: &str, geo: &Value) -> Result<Geometries, TableError> {
    let format = |what: String| TableError::Format { file: file.to_owned(), what };
    let column = geo.get("primary_column").and_then(Value::as_str).unwrap_or("geometry").to_owned();
    let Some(about) = geo.get("columns").and_then(|columns| columns.get(&column)) else {
        return Err(format(format!(
            "its entry `geo` says nothing of the column `{column}` that it names"
        )));
    };
    let encoding = about.get("encoding").and_then(Value::as_str).unwrap_or_default();
    if !encoding.eq_ignore_ascii_case("wkb") {
        return Err(format(format!(
            "its geometries are encoded as `{encoding}`; save them as WKB"
        )));
    }
    let declared = match about.get("crs") {
        // The standard's own default.
        None => Some(Crs::Wgs84),
        Some(Value::Null) => None,
        Some(said) => Some(
            of_projjson(said)
                .map_err(|source| TableError::Crs { file: file.to_owned(), source })?,
        ),
    };
    Ok(Geometries { column, declared })
}

/// The system that a PROJJSON names, by its code, or else by its name.
fn of_projjson(said: &Value) -> Result<Crs, CrsError> {
    let id = said.get("id");
    let part = |key: &str| id.and_then(|id| id.get(key));
    let authority = part("authority").and_then(Value::as_str).unwrap_or_default();
    let code =
        part("code").map(|code| code.as_str().map_or_else(|| code.to_string(), str::to_owned));
    let name = said.get("name").and_then(Value::as_str).unwrap_or("without a name");
    let unknown = || match &code {
        Some(code) => CrsError::Unknown(format!("{authority}:{code} ({name})")),
        None => CrsError::Unknown(name.to_owned()),
    };
    let read = match (authority, code.as_deref()) {
        ("OGC", Some(code)) => code.starts_with("CRS84").then_some(Crs::Wgs84),
        ("EPSG", Some(code)) => code.parse().ok().and_then(Crs::of_epsg),
        _ => Crs::of_wkt(&format!("[\"{name}\"]")).ok(),
    };
    read.ok_or_else(unknown)
}

fn plain(field: &Field) -> Value {
    let float = |n: f64| Number::from_f64(n).map_or(Value::Null, Value::Number);
    match field {
        Field::Null
        | Field::Bytes(_)
        | Field::Group(_)
        | Field::ListInternal(_)
        | Field::MapInternal(_) => Value::Null,
        Field::Bool(flag) => Value::Bool(*flag),
        Field::Byte(n) => Value::from(*n),
        Field::Short(n) => Value::from(*n),
        Field::Int(n) => Value::from(*n),
        Field::Long(n) => Value::from(*n),
        Field::UByte(n) => Value::from(*n),
        Field::UShort(n) => Value::from(*n),
        Field::UInt(n) => Value::from(*n),
        Field::ULong(n) => Value::from(*n),
        // By its shortest text, so that 0.1 stays 0.1.
        Field::Float(n) => n.to_string().parse().map_or(Value::Null, float),
        Field::Double(n) => float(*n),
        Field::Str(text) => Value::String(text.clone()),
        other => Value::String(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ::parquet::basic::{LogicalType, Repetition, Type as Physical};
    use ::parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
    use ::parquet::file::metadata::KeyValue;
    use ::parquet::file::properties::WriterProperties;
    use ::parquet::file::writer::SerializedFileWriter;
    use ::parquet::schema::types::Type;

    use super::*;

    /// A file of two points: one with a number of people, one without.
    fn written(path: &Path, geo: Option<&str>) {
        let column = |name: &str, physical, logical| {
            let builder =
                Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
            Arc::new(builder.with_logical_type(logical).build().expect("a type"))
        };
        let fields = vec![
            column("LSOA21CD", Physical::BYTE_ARRAY, Some(LogicalType::String)),
            column("population", Physical::DOUBLE, None),
            column("geometry", Physical::BYTE_ARRAY, None),
        ];
        let schema = Type::group_type_builder("s").with_fields(fields).build().expect("a schema");
        let entries = geo.map(|geo| vec![KeyValue::new("geo".to_owned(), geo.to_owned())]);
        let properties = WriterProperties::builder().set_key_value_metadata(entries).build();
        let out = File::create(path).expect("created");
        let mut file =
            SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties)).expect("begun");
        let mut group = file.next_row_group().expect("a group");
        let bytes = |text: &str| ByteArray::from(text.as_bytes().to_vec());
        let point = |x: f64, y: f64| {
            let mut wkb = vec![1, 1, 0, 0, 0];
            wkb.extend(x.to_le_bytes());
            wkb.extend(y.to_le_bytes());
            ByteArray::from(wkb)
        };
        let mut next = group.next_column().expect("a column").expect("the first");
        next.typed::<ByteArrayType>()
            .write_batch(&[bytes("W01"), bytes("W02")], Some(&[1, 1]), None)
            .expect("codes");
        next.close().expect("closed");
        let mut next = group.next_column().expect("a column").expect("the second");
        next.typed::<DoubleType>().write_batch(&[1500.0], Some(&[1, 0]), None).expect("people");
        next.close().expect("closed");
        let mut next = group.next_column().expect("a column").expect("the third");
        next.typed::<ByteArrayType>()
            .write_batch(&[point(-3.0, 51.6), point(-3.1, 51.6)], Some(&[1, 1]), None)
            .expect("points");
        next.close().expect("closed");
        group.close().expect("closed");
        file.close().expect("closed");
    }

    fn geo(crs: &str) -> String {
        format!(
            "{{\"version\":\"1.1.0\",\"primary_column\":\"geometry\",\
             \"columns\":{{\"geometry\":{{\"encoding\":\"WKB\",\"geometry_types\":[\"Point\"]{crs}}}}}}}"
        )
    }

    #[test]
    fn features_are_read_with_what_the_file_says_of_their_system() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("n.parquet");
        for (crs, read) in [
            ("", Crs::Wgs84),
            (",\"crs\":null", Crs::Wgs84),
            (
                ",\"crs\":{\"name\":\"ETRS89\",\"id\":{\"authority\":\"EPSG\",\"code\":4258}}",
                Crs::Wgs84,
            ),
            (
                ",\"crs\":{\"name\":\"WGS 84\",\"id\":{\"authority\":\"OGC\",\"code\":\"CRS84\"}}",
                Crs::Wgs84,
            ),
            (",\"crs\":{\"name\":\"NAD83\"}", Crs::of_epsg(4_269).expect("read")),
        ] {
            written(&path, Some(&geo(crs)));
            let file = super::read(&path).expect(crs);
            assert_eq!(file.crs, read, "{crs}");
            assert_eq!(file.features[0].shape, FeatureShape::Point(-3.0, 51.6));
            assert_eq!(file.features[0].properties["LSOA21CD"], "W01");
            assert_eq!(file.features[0].properties["population"], 1500.0);
            assert_eq!(file.features[1].properties["population"], Value::Null);
        }
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("n.parquet");
        let told = |path: &Path| read(path).err().map(|e| e.to_string()).unwrap_or_default();
        written(&path, None);
        assert!(told(&path).contains("entry `geo`"), "{}", told(&path));
        written(&path, Some(&geo("").replace("WKB", "point")));
        assert!(told(&path).contains("encoded as `point`"), "{}", told(&path));
        let nad27 = ",\"crs\":{\"name\":\"NAD27\",\"id\":{\"authority\":\"EPSG\",\"code\":4267}}";
        written(&path, Some(&geo(nad27)));
        assert!(told(&path).contains("EPSG:4267 (NAD27) is not read"), "{}", told(&path));
        written(&path, Some(&geo("")));
        let whole = std::fs::read(&path).expect("read");
        for n in 0..200 {
            let mut bytes = whole.clone();
            let at = n * 7919 % bytes.len();
            bytes[at] ^= 0x55;
            if n % 3 == 0 {
                bytes.truncate(n * 37 % whole.len());
            }
            std::fs::write(&path, &bytes).expect("written");
            drop(read(&path));
        }
    }
}
