use std::sync::Arc;

use std::borrow::Cow;

use geo::{MultiPolygon, polygon};

use super::super::qgis::{DrawingRule, Shade, Style, Symbol};
use super::*;
use crate::geometry::LonLat;
use crate::results::table::tests::{field, square};

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).expect("in range")
}

fn fields() -> Vec<Field> {
    vec![
        field("id", "", 0),
        field("gp_walk_min", "min", 1),
        field("FID", "count", 0),
        field("odd\"name", "", 0),
    ]
}

fn styles() -> Vec<NamedStyle> {
    let symbol = Symbol::Fill { colour: Shade("#ffffcc", 255), outline: Shade("#5a5a5a", 255) };
    let style =
        Style { rules: vec![DrawingRule::new("all", "", symbol)], label: None, layered: false };
    vec![NamedStyle { name: "plain".into(), description: "a test".into(), style }]
}

fn write(path: &Path) {
    let holed: MultiPolygon<f64> = MultiPolygon(vec![polygon!(
        exterior: [(x: -3.0, y: 51.0), (x: -3.0, y: 52.0), (x: -2.0, y: 52.0), (x: -2.0, y: 51.0)],
        interiors: [[(x: -2.6, y: 51.4), (x: -2.4, y: 51.4), (x: -2.4, y: 51.6), (x: -2.6, y: 51.6)]],
    )]);
    let noisy = square(-3.100_000_01, 51.123_456_789, 0.1);
    let nothing = square(0.0, 0.0, 1e-9);
    let row = |id: &str, time, whole, flag| {
        Cow::Owned(vec![Value::Text(id.into()), time, Value::Integer(whole), flag])
    };
    let areas = [
        LayerFeature {
            shape: LayerShape::Areas(&holed),
            values: row("007", Value::Number(12.04), 3, Value::Flag(true)),
        },
        LayerFeature {
            shape: LayerShape::Areas(&noisy),
            values: row("a\u{1b}'; --", Value::Missing, -1, Value::Missing),
        },
        LayerFeature {
            shape: LayerShape::Areas(&nothing),
            values: row("", Value::Missing, 0, Value::Flag(false)),
        },
    ];
    let (fields, styles) = (fields(), styles());
    let layer = |name, geometry, styles| LayerDefinition {
        name,
        title: name,
        description: "a test's",
        geometry,
        fields: &fields,
        styles,
    };
    let mut package =
        GeoPackage::create(path, Some(Date::constant(2026, 3, 10)), &["© <b> & c".into()])
            .expect("makes a file");
    package.add(&layer("areas", GeometryKind::Areas, &styles), areas).expect("writes areas");
    let lines = [vec![at(-3.0, 51.0), at(-3.0, 51.0), at(-2.9, 51.0)], vec![at(0.0, 0.0)]];
    let lines = lines.map(Arc::new);
    let line = LayerFeature {
        shape: LayerShape::Lines(&lines),
        values: row("l", Value::Number(1.0), 1, Value::Missing),
    };
    package.add(&layer("lines", GeometryKind::Lines, &[]), [line]).expect("writes lines");
    let point =
        |shape| LayerFeature { shape, values: row("p", Value::Number(2.0), 2, Value::Flag(true)) };
    let points = [point(LayerShape::Point(at(-3.123_456_78, 51.5))), point(LayerShape::None)];
    package.add(&layer("points", GeometryKind::Point, &styles), points).expect("writes points");
    package
        .add(&layer("table", GeometryKind::Nothing, &[]), [point(LayerShape::None)])
        .expect("writes a table");
    package.finish().expect("ends");
}

#[test]
fn equal_layers_give_equal_bytes() {
    let dir = tempfile::tempdir().expect("a folder");
    let [one, other] = ["a.gpkg", "b.gpkg"].map(|name| {
        write(&dir.path().join(name));
        std::fs::read(dir.path().join(name)).expect("is there")
    });
    assert!(one == other, "the files differ");
    assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 2, "no journal is left");
}

#[test]
fn values_shapes_and_the_dictionary_come_back() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.gpkg");
    write(&path);
    let sql = Connection::open(&path).expect("opens");
    let text = |query: &str| -> String { sql.query_row(query, [], |row| row.get(0)).expect(query) };
    let columns = "SELECT group_concat(name || ' ' || type) FROM pragma_table_info('areas')";
    assert_eq!(
        text(columns),
        "fid_2 INTEGER,geom MULTIPOLYGON,id TEXT,gp_walk_min REAL,FID INTEGER,odd\"name BOOLEAN"
    );
    assert_eq!(text("SELECT id || gp_walk_min FROM areas WHERE fid_2 = 1"), "00712.0");
    assert_eq!(
        text("SELECT id || (gp_walk_min IS NULL) FROM areas WHERE fid_2 = 2"),
        "a\u{fffd}'; --1"
    );
    assert_eq!(text("SELECT count(*) || '' FROM areas WHERE geom IS NULL"), "1");
    assert_eq!(
        text(
            "SELECT title || '|' || description FROM gpkg_data_columns WHERE column_name = 'gp_walk_min' AND table_name = 'areas'"
        ),
        "Gp walk (min)|what gp_walk_min says; source: a test"
    );
    assert_eq!(
        text("SELECT count(DISTINCT last_change) || max(last_change) FROM gpkg_contents"),
        "12026-03-10T00:00:00.000Z"
    );
    assert_eq!(
        text("SELECT min_x || ' ' || max_y FROM gpkg_contents WHERE table_name = 'areas'"),
        "-3.1 52.0"
    );
    assert_eq!(text("SELECT count(*) || '' FROM rtree_areas_geom"), "2");
    assert_eq!(
        text("SELECT description FROM gpkg_contents WHERE table_name = 'areas'"),
        "a test's. © <b> & c"
    );
    let says = text(
        "SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON id = md_file_id WHERE table_name = 'areas'",
    );
    assert!(says.contains("<rights>© &lt;b&gt; &amp; c</rights>"), "{says}");
    assert_eq!(
        text("SELECT count(*) || min(timestamp) || max(timestamp) FROM gpkg_metadata_reference"),
        "42026-03-10T00:00:00.000Z2026-03-10T00:00:00.000Z"
    );
    assert_eq!(text("SELECT hex(geom) FROM lines").len(), 2 * (8 + 32 + 9 + 9 + 2 * 16));
}

#[test]
fn what_cannot_be_told_apart_or_is_not_on_the_globe_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut package =
        GeoPackage::create(&dir.path().join("a.gpkg"), None, &[]).expect("makes a file");
    let mut layer = LayerDefinition {
        name: "areas",
        title: "areas",
        description: "",
        geometry: GeometryKind::Areas,
        fields: &[field("id", "", 0), field("ID", "", 0)],
        styles: &[],
    };
    assert!(matches!(package.add(&layer, []), Err(GpkgError::Fields { .. })));
    layer.fields = &[];
    let metres = square(331_000.0, 51.0, 1.0);
    let feature =
        LayerFeature { shape: LayerShape::Areas(&metres), values: Cow::Owned(Vec::new()) };
    assert!(matches!(package.add(&layer, [feature]), Err(GpkgError::Shape { .. })));
}

#[test]
fn columns_beyond_what_sqlite_holds_are_not_written() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.gpkg");
    let fields: Vec<Field> = (0..2500).map(|n| field(&format!("f{n}"), "", 0)).collect();
    let mut package = GeoPackage::create(&path, None, &[]).expect("makes a file");
    let (name, geometry) = ("wide", GeometryKind::Point);
    let layer = LayerDefinition {
        name,
        title: name,
        description: "",
        geometry,
        fields: &fields,
        styles: &[],
    };
    let values = Cow::Owned(vec![Value::Integer(1); 2500]);
    package
        .add(&layer, [LayerFeature { shape: LayerShape::Point(at(0.0, 0.0)), values }])
        .expect("writes what there is room for");
    package.finish().expect("ends");
}
