//! `neighbourhoods.geojson`: RFC 7946, as GIS programs read it.
//!
//! No `crs` member (section 4), exterior rings counter-clockwise and holes clockwise (3.1.6),
//! positions rounded to seven decimals (about a centimetre), `bbox` (5) and `id` (3.2) given,
//! properties flat scalars. Every geometry is a MultiPolygon, so that a GIS sees one kind of layer.
//! Outlines that cross the antimeridian are not cut.

use std::io::{self, Write};

use super::polygon_rounding::{Position, RoundedOutline, invalid, join};
use crate::results::table::{Field, NeighbourhoodRow, NeighbourhoodTable, Value};
use crate::sanitise::clean_text;

/// Writes all neighbourhoods as one feature collection, a line for each.
pub fn write_neighbourhoods(mut out: impl Write, table: &NeighbourhoodTable) -> io::Result<()> {
    table.check().map_err(invalid)?;
    let outlines = table
        .rows
        .iter()
        .map(|row| RoundedOutline::of(&row.polygon))
        .collect::<io::Result<Vec<_>>>()?;
    let id = table.position("id");
    write!(out, "{{\"type\":\"FeatureCollection\"")?;
    if let Some(bbox) = outlines.iter().filter_map(RoundedOutline::bbox).reduce(join) {
        write!(out, ",\"bbox\":[")?;
        for (n, degrees) in bbox.into_iter().enumerate() {
            separate(&mut out, n)?;
            write_degrees(&mut out, degrees)?;
        }
        write!(out, "]")?;
    }
    write!(out, ",\"features\":[")?;
    for (n, (row, outline)) in table.rows.iter().zip(&outlines).enumerate() {
        separate(&mut out, n)?;
        write!(out, "\n{{\"type\":\"Feature\"")?;
        if let Some(value) =
            id.and_then(|id| row.values.get(id)).filter(|value| **value != Value::Missing)
        {
            write!(out, ",\"id\":")?;
            write_value(&mut out, value, 0)?;
        }
        write!(out, ",\"properties\":{{")?;
        write_properties(&mut out, row, &table.fields)?;
        write!(out, "}},\"geometry\":")?;
        write_outline(&mut out, outline)?;
        write!(out, "}}")?;
    }
    writeln!(out, "\n]}}")?;
    out.flush()
}

fn write_properties(
    out: &mut impl Write,
    row: &NeighbourhoodRow,
    fields: &[Field],
) -> io::Result<()> {
    for (n, (value, field)) in row.values.iter().zip(fields).enumerate() {
        separate(out, n)?;
        write_string(out, &field.name)?;
        write!(out, ":")?;
        write_value(out, value, field.decimals)?;
    }
    Ok(())
}

fn write_value(out: &mut impl Write, value: &Value, decimals: u8) -> io::Result<()> {
    match value {
        Value::Text(text) => write_string(out, text),
        other => write!(out, "{}", other.plain(decimals).as_deref().unwrap_or("null")),
    }
}

fn write_string(out: &mut impl Write, text: &str) -> io::Result<()> {
    Ok(serde_json::to_writer(out, &clean_text(text))?)
}

fn separate(out: &mut impl Write, n: usize) -> io::Result<()> {
    if n > 0 { write!(out, ",") } else { Ok(()) }
}

fn write_outline(out: &mut impl Write, outline: &RoundedOutline) -> io::Result<()> {
    if outline.parts.is_empty() {
        return write!(out, "null");
    }
    write!(out, "{{\"type\":\"MultiPolygon\",\"coordinates\":[")?;
    for (n, rings) in outline.parts.iter().enumerate() {
        separate(out, n)?;
        write!(out, "[")?;
        for (n, ring) in rings.iter().enumerate() {
            separate(out, n)?;
            write_ring(out, ring)?;
        }
        write!(out, "]")?;
    }
    write!(out, "]}}")
}

fn write_ring(out: &mut impl Write, ring: &[Position]) -> io::Result<()> {
    write!(out, "[")?;
    for (n, &(x, y)) in ring.iter().enumerate() {
        separate(out, n)?;
        write!(out, "[")?;
        write_degrees(out, x)?;
        write!(out, ",")?;
        write_degrees(out, y)?;
        write!(out, "]")?;
    }
    write!(out, "]")
}

/// Ten-millionths as degrees, without trailing noughts and without any float between.
fn write_degrees(out: &mut impl Write, ten_millionths: i64) -> io::Result<()> {
    let sign = if ten_millionths < 0 { "-" } else { "" };
    let (mut rest, mut digits) = (ten_millionths.unsigned_abs() % 10_000_000, 7);
    write!(out, "{sign}{}", ten_millionths.unsigned_abs() / 10_000_000)?;
    if rest == 0 {
        return Ok(());
    }
    while rest.is_multiple_of(10) {
        (rest, digits) = (rest / 10, digits - 1);
    }
    write!(out, ".{rest:0digits$}")
}

#[cfg(test)]
mod tests {
    use ::geojson::{FeatureCollection, GeoJson};
    use geo::{MultiPolygon, polygon};

    use super::*;
    use crate::results::table::tests::{field, square};

    fn table() -> NeighbourhoodTable {
        let fields = vec![
            field("id", "", 0),
            field("name", "", 0),
            field("gp_walk_min", "min", 1),
            field("people", "people", 0),
        ];
        let row = |id: &str, name: &str, time, people, polygon| NeighbourhoodRow {
            values: vec![
                Value::Text(id.into()),
                Value::Text(name.into()),
                time,
                Value::Integer(people),
            ],
            polygon,
        };
        let holed = polygon!(
            exterior: [(x: -3.0, y: 51.0), (x: -3.0, y: 52.0), (x: -2.0, y: 52.0), (x: -2.0, y: 51.0)],
            interiors: [[(x: -2.6, y: 51.4), (x: -2.4, y: 51.4), (x: -2.4, y: 51.6), (x: -2.6, y: 51.6)]],
        );
        let noisy = square(-3.100_000_01, 51.123_456_789, 0.1);
        let hostile = "<script>\"\u{1b}[31m\u{202e}=cmd()";
        let rows = vec![
            row("007", hostile, Value::Number(12.0), 3, MultiPolygon(vec![holed])),
            row("W2", "Ynys Môn", Value::Missing, 0, noisy),
        ];
        NeighbourhoodTable { fields, rows }
    }

    fn written(table: &NeighbourhoodTable) -> String {
        let mut bytes = Vec::new();
        write_neighbourhoods(&mut bytes, table).expect("writes to memory");
        String::from_utf8(bytes).expect("is UTF-8")
    }

    fn read_back(text: &str) -> FeatureCollection {
        match text.parse::<GeoJson>().expect("is GeoJSON") {
            GeoJson::FeatureCollection(collection) => collection,
            other => panic!("not a collection: {other}"),
        }
    }

    #[test]
    fn rings_are_closed_and_wound_as_the_standard_says() {
        let text = written(&table());
        let outer = "[[-3,51],[-2,51],[-2,52],[-3,52],[-3,51]]";
        let hole = "[[-2.6,51.4],[-2.6,51.6],[-2.4,51.6],[-2.4,51.4],[-2.6,51.4]]";
        assert!(text.contains(&format!("\"coordinates\":[[{outer},{hole}]]")), "{text}");
        assert!(!text.contains("\"crs\""));
    }

    #[test]
    fn positions_have_at_most_seven_decimals() {
        let text = written(&table());
        assert!(
            text.contains("[-3.1,51.1234568],[-3,51.1234568],[-3,51.2234568],[-3.1,51.2234568]"),
            "{text}"
        );
        assert!(text.contains("\"bbox\":[-3.1,51,-2,52]"), "{text}");
        for (degrees, expected) in [
            (0, "0"),
            (-1, "-0.0000001"),
            (-30_000_000, "-3"),
            (10_500_000, "1.05"),
            (1_800_000_000, "180"),
        ] {
            let mut bytes = Vec::new();
            write_degrees(&mut bytes, degrees).expect("writes to memory");
            assert_eq!(String::from_utf8_lossy(&bytes), expected);
        }
    }

    #[test]
    fn values_come_back_with_their_types() {
        let features = read_back(&written(&table())).features;
        assert_eq!(features[0].id, Some(::geojson::feature::Id::String("007".into())));
        let property = |n: usize, name| features[n].property(name).expect("is there").clone();
        assert_eq!(property(0, "name"), "<script>\"\u{fffd}[31m\u{fffd}=cmd()");
        assert_eq!(property(0, "gp_walk_min"), 12.0);
        assert!(property(0, "people").is_i64());
        assert!(property(1, "gp_walk_min").is_null());
        assert_eq!(property(1, "people"), 0);
    }

    #[test]
    fn what_has_no_area_has_no_geometry_and_what_is_not_in_degrees_is_refused() {
        let mut table = table();
        table.rows[0].polygon = square(0.0, 0.0, 1e-9);
        assert!(read_back(&written(&table)).features[0].geometry.is_none());
        for metres in [f64::NAN, f64::INFINITY, 331_000.0] {
            table.rows[0].polygon = square(metres, 51.0, 1.0);
            let error = write_neighbourhoods(Vec::new(), &table).expect_err("not degrees");
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        }
    }

    #[test]
    fn gdal_opens_layer_and_dictionary() -> io::Result<()> {
        let dir = tempfile::tempdir()?;
        let path = dir.path().join("neighbourhoods.geojson");
        write_neighbourhoods(std::fs::File::create(&path)?, &table())?;
        let Ok(ogrinfo) =
            std::process::Command::new("ogrinfo").args(["-so", "-al"]).arg(&path).output()
        else {
            #[expect(clippy::print_stderr, reason = "a skipped check must be seen")]
            {
                eprintln!("SKIPPED: no ogrinfo (gdal-bin) on this machine");
            }
            return Ok(());
        };
        let said = String::from_utf8_lossy(&ogrinfo.stdout);
        assert!(ogrinfo.stderr.is_empty(), "{}", String::from_utf8_lossy(&ogrinfo.stderr));
        for line in [
            "Geometry: Multi Polygon",
            "Feature Count: 2",
            "WGS 84",
            "gp_walk_min: Real",
            "people: Integer",
            "id: String",
        ] {
            assert!(said.contains(line), "{line} is not in {said}");
        }
        Ok(())
    }
}
