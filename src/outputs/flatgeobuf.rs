//! `neighbourhoods.fgb`: FlatGeobuf, which is read piece by piece from a web server; with a spatial
//! index.
//!
//! All columns of the table under their names and with their meanings, of the same types as in
//! GeoParquet; a cell that is empty in other files is not there. Areas are multipolygons in
//! longitude and latitude (EPSG:4326). Neighbourhoods stand in the order of the index, so that
//! neighbours lie together, and not in that of the other files.

use std::io::{self, Write};

use ::flatgeobuf::geozero::error::Result as Told;
use ::flatgeobuf::geozero::{ColumnValue, GeomProcessor, PropertyProcessor};
use ::flatgeobuf::{
    ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType, GeozeroGeometry,
};

use super::polygon_rounding::{PER_DEGREE, RoundedOutline};
use crate::results::table::{Field, NeighbourhoodTable, Value, ValueKind};
use crate::sanitise::clean_text;

/// Writes all neighbourhoods; `rights` says whose data it is.
///
/// # Errors
/// If the table cannot be published, a position is not in degrees, or the stream refuses.
pub fn write_neighbourhoods(
    out: impl Write,
    table: &NeighbourhoodTable,
    rights: &[String],
) -> io::Result<()> {
    table.check().map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    let shapes = table.rows.iter().map(|row| RoundedOutline::of(&row.polygon));
    let shapes = shapes.collect::<io::Result<Vec<_>>>()?;
    let rights = rights.join(". ");
    let options = FgbWriterOptions {
        // What lies nowhere cannot stand in an index, nor can there be one of nothing.
        write_index: !shapes.is_empty() && shapes.iter().all(|shape| !shape.parts.is_empty()),
        detect_type: false,
        promote_to_multi: false,
        crs: FgbCrs { org: Some("EPSG"), code: 4326, ..FgbCrs::default() },
        title: Some("Each neighbourhood with all its indicators"),
        description: Some(&rights),
        ..FgbWriterOptions::default()
    };
    let mut file =
        FgbWriter::create_with_options("neighbourhoods", GeometryType::MultiPolygon, options)
            .map_err(io::Error::other)?;
    let kinds: Vec<ValueKind> =
        table.fields.iter().enumerate().map(|(nth, field)| kind(table, nth, field)).collect();
    for (field, kind) in table.fields.iter().zip(&kinds) {
        let meaning = clean_text(&field.meaning).into_owned();
        file.add_column(&clean_text(&field.name), column_type(*kind), |text, column| {
            column.description = Some(text.create_string(&meaning));
        });
    }
    for (row, shape) in table.rows.iter().zip(&shapes) {
        let mut written = Ok(());
        file.add_feature_geom(OutlineGeometry(shape), |feature| {
            let mut cells = table.fields.iter().zip(&kinds).zip(&row.values).enumerate();
            written =
                cells.try_for_each(|(nth, (column, value))| property(feature, nth, column, value));
        })
        .and(written)
        .map_err(io::Error::other)?;
    }
    file.write(out).map_err(|error| match error {
        ::flatgeobuf::Error::IO(said_by_system) => said_by_system,
        error => io::Error::other(error),
    })
}

fn kind(table: &NeighbourhoodTable, nth: usize, field: &Field) -> ValueKind {
    ValueKind::of(field, table.rows.iter().filter_map(|row| row.values.get(nth)))
}

fn column_type(kind: ValueKind) -> ColumnType {
    match kind {
        ValueKind::Text => ColumnType::String,
        ValueKind::Flag => ColumnType::Bool,
        ValueKind::Integer => ColumnType::Long,
        ValueKind::Number => ColumnType::Double,
    }
}

/// Writes a value as its column is typed, for readers take the type from there; nothing where there
/// is no value.
fn property(
    out: &mut impl PropertyProcessor,
    nth: usize,
    (field, kind): (&Field, &ValueKind),
    value: &Value,
) -> Told<()> {
    let mut put = |value: ColumnValue| out.property(nth, &field.name, &value).map(|_| ());
    match (kind, value) {
        (_, Value::Missing) => Ok(()),
        (ValueKind::Flag, Value::Flag(flag)) => put(ColumnValue::Bool(*flag)),
        (ValueKind::Integer, Value::Integer(number)) => put(ColumnValue::Long(*number)),
        (ValueKind::Number, _) => {
            value.rounded(field.decimals).map_or(Ok(()), |number| put(ColumnValue::Double(number)))
        }
        _ => value
            .plain(field.decimals)
            .map_or(Ok(()), |text| put(ColumnValue::String(&clean_text(&text)))),
    }
}

/// An outline, told ring by ring.
struct OutlineGeometry<'a>(&'a RoundedOutline);

impl GeozeroGeometry for OutlineGeometry<'_> {
    fn process_geom<P: GeomProcessor>(&self, out: &mut P) -> Told<()> {
        #[expect(clippy::cast_precision_loss, reason = "at most 1.8e9")]
        let degrees = |units: i64| units as f64 / PER_DEGREE;
        out.multipolygon_begin(self.0.parts.len(), 0)?;
        for (part, rings) in self.0.parts.iter().enumerate() {
            out.polygon_begin(false, rings.len(), part)?;
            for (nth, ring) in rings.iter().enumerate() {
                out.linestring_begin(false, ring.len(), nth)?;
                for (at, (x, y)) in ring.iter().enumerate() {
                    out.xy(degrees(*x), degrees(*y), at)?;
                }
                out.linestring_end(false, nth)?;
            }
            out.polygon_end(false, part)?;
        }
        out.multipolygon_end(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::table::NeighbourhoodRow;
    use crate::results::table::tests::{field, square};
    use ::flatgeobuf::{FallibleStreamingIterator, FeatureProperties, FgbReader};

    fn table() -> NeighbourhoodTable {
        let fields = vec![
            field("id", "", 0),
            field("gp_walk_min", "min", 1),
            field("people", "people", 0),
            field("edge_affected", "", 0),
            field("mixed", "", 0),
        ];
        let row = |values: [Value; 5], lon| NeighbourhoodRow {
            values: values.to_vec(),
            polygon: square(lon, 51.0, 0.1),
        };
        let text = |text: &str| Value::Text(text.into());
        let rows = vec![
            row(
                [
                    text("a\u{1b}"),
                    Value::Number(12.04),
                    Value::Integer(3),
                    Value::Flag(true),
                    text("x"),
                ],
                -3.1,
            ),
            row([text("b"), Value::Missing, Value::Missing, Value::Missing, Value::Missing], -3.0),
            // A whole number among others, and a number among texts.
            row(
                [
                    text("c"),
                    Value::Integer(7),
                    Value::Integer(4),
                    Value::Flag(false),
                    Value::Integer(5),
                ],
                -2.9,
            ),
        ];
        NeighbourhoodTable { fields, rows }
    }

    fn written(table: &NeighbourhoodTable) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_neighbourhoods(&mut bytes, table, &["© <b>".into(), "other".into()])
            .expect("writes to memory");
        bytes
    }

    /// Each neighbourhood's values, `-` where there is none, by id.
    fn read(bytes: &[u8], names: &[&str]) -> Vec<Vec<String>> {
        let reader = FgbReader::open(io::Cursor::new(bytes)).expect("is FlatGeobuf");
        let mut features = reader.select_all().expect("rows");
        let mut found = Vec::new();
        while let Some(feature) = features.next().expect("a feature") {
            let cells = feature.properties().expect("has properties");
            let cell = |name: &&str| cells.get(*name).cloned().unwrap_or_else(|| "-".to_owned());
            found.push(names.iter().map(cell).collect());
        }
        found.sort();
        found
    }

    #[test]
    fn values_come_back_with_the_type_of_their_column_and_what_is_missing_does_not() {
        let bytes = written(&table());
        assert_eq!(bytes, written(&table()));
        let names = ["id", "gp_walk_min", "people", "edge_affected", "mixed"];
        assert_eq!(
            read(&bytes, &names),
            [
                ["a\u{fffd}", "12", "3", "true", "x"],
                ["b", "-", "-", "-", "-"],
                ["c", "7", "4", "false", "5"]
            ]
        );
    }

    #[test]
    fn the_header_says_what_the_file_and_its_columns_are() {
        let bytes = written(&table());
        let reader = FgbReader::open(io::Cursor::new(&bytes)).expect("is FlatGeobuf");
        let header = reader.header();
        assert_eq!(header.description(), Some("© <b>. other"));
        assert_eq!(header.crs().map(|crs| (crs.org(), crs.code())), Some((Some("EPSG"), 4326)));
        assert_eq!(
            (header.features_count(), header.geometry_type()),
            (3, GeometryType::MultiPolygon)
        );
        assert!(header.index_node_size() > 0);
        let columns = header.columns().expect("has columns");
        let told: Vec<_> = columns.iter().map(|column| (column.name(), column.type_())).collect();
        assert_eq!(
            told,
            [
                ("id", ColumnType::String),
                ("gp_walk_min", ColumnType::Double),
                ("people", ColumnType::Long),
                ("edge_affected", ColumnType::Bool),
                ("mixed", ColumnType::String)
            ]
        );
        assert_eq!(columns.get(1).description(), Some("what gp_walk_min says"));
    }

    #[test]
    fn what_lies_nowhere_is_there_without_an_index() {
        let mut table = table();
        table.rows[1].polygon = square(0.0, 0.0, 1e-9);
        let bytes = written(&table);
        let reader = FgbReader::open(io::Cursor::new(&bytes)).expect("is FlatGeobuf");
        assert_eq!((reader.header().features_count(), reader.header().index_node_size()), (3, 0));
        assert_eq!(read(&bytes, &["id"]).len(), 3);
    }
}
