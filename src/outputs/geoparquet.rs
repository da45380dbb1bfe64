//! `neighbourhoods.parquet`: GeoParquet 1.1, for GeoPandas, DuckDB, R's `sfarrow` and GDAL.
//!
//! All columns of the table under their names, text as strings, numbers as doubles or 64-bit
//! integers, flags as booleans, each null where the other files are empty; and `geometry`,
//! multipolygons as well-known binary in longitude and latitude (OGC:CRS84, which is what the
//! standard takes where no reference system is named). Snappy, one row group.

use std::io::{self, Write};
use std::sync::Arc;

use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::types::{Type, TypePtr};

use super::matrix::parquet::io_error;
use super::wkb::{LayerShape, Wkb};
use crate::results::table::{Field, NeighbourhoodTable, Value, ValueKind};
use crate::sanitise::clean_text;

const GEOMETRY: &str = "geometry";

/// Writes all neighbourhoods.
///
/// # Errors
/// If the table cannot be published, a position is not in degrees, or the stream refuses.
pub fn write_neighbourhoods(out: impl Write + Send, table: &NeighbourhoodTable) -> io::Result<()> {
    table.check().map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    let shapes = table.rows.iter().map(|row| Wkb::of(LayerShape::Areas(&row.polygon)));
    let shapes = shapes.collect::<io::Result<Vec<_>>>()?;
    let kinds: Vec<ValueKind> =
        table.fields.iter().enumerate().map(|(nth, field)| kind(table, nth, field)).collect();
    // The name of the standard, unless a column of the input has taken it.
    let taken = |name: &str| table.fields.iter().any(|field| field.name.eq_ignore_ascii_case(name));
    let geometry = if taken(GEOMETRY) { "lastmile_geometry" } else { GEOMETRY };
    let written = || -> Result<(), ParquetError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("lastmile ", env!("CARGO_PKG_VERSION")).into())
            .set_key_value_metadata(Some(vec![KeyValue::new(
                "geo".to_owned(),
                geo(geometry, &shapes),
            )]))
            .build();
        let mut file =
            SerializedFileWriter::new(out, schema(table, &kinds, geometry)?, Arc::new(properties))?;
        let mut group = file.next_row_group()?;
        for (nth, (field, kind)) in table.fields.iter().zip(&kinds).enumerate() {
            let values =
                table.rows.iter().map(|row| row.values.get(nth).unwrap_or(&Value::Missing));
            match kind {
                ValueKind::Text => {
                    column::<ByteArrayType, _>(&mut group, values.map(|value| text(value, field)))?
                }
                ValueKind::Flag => column::<BoolType, _>(&mut group, values.map(flag))?,
                ValueKind::Integer => column::<Int64Type, _>(&mut group, values.map(integer))?,
                ValueKind::Number => column::<DoubleType, _>(
                    &mut group,
                    values.map(|value| value.rounded(field.decimals)),
                )?,
            }
        }
        let bytes = shapes
            .iter()
            .map(|shape| shape.as_ref().map(|shape| ByteArray::from(shape.bytes.clone())));
        column::<ByteArrayType, _>(&mut group, bytes)?;
        group.close()?;
        file.close()?;
        Ok(())
    };
    written().map_err(io_error)
}

fn kind(table: &NeighbourhoodTable, nth: usize, field: &Field) -> ValueKind {
    ValueKind::of(field, table.rows.iter().filter_map(|row| row.values.get(nth)))
}

/// The metadata of the standard.
fn geo(column: &str, shapes: &[Option<Wkb>]) -> String {
    let join =
        |a: [f64; 4], b: [f64; 4]| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])];
    let bbox = shapes.iter().flatten().map(|shape| shape.bbox).reduce(join);
    let mut about = serde_json::json!({
        "encoding": "WKB",
        "geometry_types": ["MultiPolygon"],
        "orientation": "counterclockwise",
    });
    if let (Some(bbox), Some(about)) = (bbox, about.as_object_mut()) {
        about.insert("bbox".to_owned(), serde_json::json!(bbox));
    }
    serde_json::json!({ "version": "1.1.0", "primary_column": column, "columns": { column: about } })
        .to_string()
}

fn schema(
    table: &NeighbourhoodTable,
    kinds: &[ValueKind],
    geometry: &str,
) -> Result<TypePtr, ParquetError> {
    let optional = |name: &str, physical, logical| {
        let builder =
            Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        builder.with_logical_type(logical).build().map(Arc::new)
    };
    let mut fields = Vec::new();
    for (field, kind) in table.fields.iter().zip(kinds) {
        let (physical, logical) = match kind {
            ValueKind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            ValueKind::Flag => (Physical::BOOLEAN, None),
            ValueKind::Integer => (Physical::INT64, None),
            ValueKind::Number => (Physical::DOUBLE, None),
        };
        fields.push(optional(&clean_text(&field.name), physical, logical)?);
    }
    fields.push(optional(geometry, Physical::BYTE_ARRAY, None)?);
    Ok(Arc::new(Type::group_type_builder("neighbourhoods").with_fields(fields).build()?))
}

fn column<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: impl Iterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let mut present = Vec::new();
    let mut there = Vec::new();
    for value in values {
        present.push(i16::from(value.is_some()));
        there.extend(value);
    }
    let missing = || ParquetError::General("more columns than the schema has".into());
    let mut column = group.next_column()?.ok_or_else(missing)?;
    column.typed::<T>().write_batch(&there, Some(&present), None)?;
    column.close()
}

fn text(value: &Value, field: &Field) -> Option<ByteArray> {
    value.plain(field.decimals).map(|text| ByteArray::from(&*clean_text(&text)))
}

fn flag(value: &Value) -> Option<bool> {
    if let Value::Flag(flag) = value { Some(*flag) } else { None }
}

fn integer(value: &Value) -> Option<i64> {
    if let Value::Integer(number) = value { Some(*number) } else { None }
}

#[cfg(test)]
mod tests {
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    use ::parquet::record::RowAccessor;

    use super::*;
    use crate::results::table::NeighbourhoodRow;
    use crate::results::table::tests::{field, square};

    #[test]
    fn values_come_back_with_their_types_and_the_file_says_where_it_lies() {
        let fields = vec![
            field("id", "", 0),
            field("gp_walk_min", "min", 1),
            field("people", "people", 0),
            field("edge_affected", "", 0),
            field("never_known", "min", 1),
        ];
        let row = |id: &str, time, people, edge, polygon| NeighbourhoodRow {
            values: vec![Value::Text(id.into()), time, people, edge, Value::Missing],
            polygon,
        };
        let rows = vec![
            row(
                "007",
                Value::Number(12.04),
                Value::Integer(3),
                Value::Flag(true),
                square(-3.1, 51.0, 0.1),
            ),
            row("\u{1b}x", Value::Missing, Value::Missing, Value::Missing, square(0.0, 0.0, 1e-9)),
        ];
        let table = NeighbourhoodTable { fields, rows };
        let written = || {
            let mut bytes = Vec::new();
            write_neighbourhoods(&mut bytes, &table).expect("writes to memory");
            bytes
        };
        assert_eq!(written(), written());
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), written()).expect("writes");
        let reader = SerializedFileReader::new(std::fs::File::open(file.path()).expect("opens"))
            .expect("is Parquet");
        let keys = reader.metadata().file_metadata().key_value_metadata().expect("has keys");
        let geo = keys
            .iter()
            .find(|key| key.key == "geo")
            .and_then(|key| key.value.as_deref())
            .expect("geo");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(geo).expect("is JSON"),
            serde_json::json!({"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {
                "encoding": "WKB", "geometry_types": ["MultiPolygon"], "orientation": "counterclockwise",
                "bbox": [-3.1, 51.0, -3.0, 51.1]}}})
        );
        let rows: Vec<_> =
            reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row")).collect();
        assert_eq!(rows[0].get_string(0).expect("id"), "007");
        assert_eq!(rows[0].get_double(1).expect("time"), 12.0);
        assert_eq!(
            (rows[0].get_long(2).expect("people"), rows[0].get_bool(3).expect("edge")),
            (3, true)
        );
        assert_eq!(rows[0].get_bytes(5).expect("shape").data()[..5], [1, 6, 0, 0, 0]);
        assert_eq!(rows[1].get_string(0).expect("id"), "\u{fffd}x");
        for nth in 1..6 {
            assert!(
                rows[1]
                    .get_column_iter()
                    .nth(nth)
                    .is_some_and(|(_, cell)| cell.to_string() == "null")
            );
        }
    }
}
