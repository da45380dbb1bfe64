//! One layer: its table, its rows, and what the package says of it.

use rusqlite::types::Value as Cell;
use rusqlite::{Connection, params, params_from_iter};

use super::schema::{quoted, rtree};
use super::{GeometryKind, GpkgError, LayerDefinition, LayerFeature, MAX_FIELDS};
use crate::outputs::qgis::alias;
use crate::outputs::qgis::metadata::{self, described};
use crate::outputs::wkb::Wkb;
use crate::results::table::{Field, Value, ValueKind, names_differ};
use crate::sanitise::clean_text;

const WGS84: i32 = 4326;

pub(super) fn layer<'a>(
    sql: &Connection,
    (when, rights): (&str, &[String]),
    layer: &LayerDefinition,
    features: impl IntoIterator<Item = LayerFeature<'a>>,
) -> Result<(), GpkgError> {
    let fields = &layer.fields[..layer.fields.len().min(MAX_FIELDS)];
    names_differ(fields)
        .map_err(|source| GpkgError::Fields { layer: layer.name.to_owned(), source })?;
    let table = SqlTable {
        sql,
        when,
        rights,
        layer,
        fields,
        key: free("fid", fields),
        geometry: free("geom", fields),
    };
    let features: Vec<LayerFeature> = features.into_iter().collect();
    table.create(&features)?;
    let bbox = table.fill(&features)?;
    table.describe(bbox)
}

/// A name that no field has, whatever its case.
fn free(wanted: &str, fields: &[Field]) -> String {
    let taken = |name: &String| fields.iter().any(|field| field.name.eq_ignore_ascii_case(name));
    let names = std::iter::once(wanted.to_owned()).chain((2..).map(|n| format!("{wanted}_{n}")));
    names.into_iter().find(|name| !taken(name)).unwrap_or_default()
}

struct SqlTable<'a> {
    sql: &'a Connection,
    when: &'a str,
    rights: &'a [String],
    layer: &'a LayerDefinition<'a>,
    fields: &'a [Field],
    key: String,
    geometry: String,
}

impl SqlTable<'_> {
    fn create(&self, features: &[LayerFeature]) -> Result<(), GpkgError> {
        let mut columns =
            vec![format!("{} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", quoted(&self.key))];
        columns.extend(
            self.layer
                .geometry
                .type_name()
                .map(|kind| format!("{} {kind}", quoted(&self.geometry))),
        );
        for (nth, field) in self.fields.iter().enumerate() {
            let values = features.iter().filter_map(|feature| feature.values.get(nth));
            columns.push(format!(
                "{} {}",
                quoted(&clean_text(&field.name)),
                column_type(field, values)
            ));
        }
        let table = quoted(self.layer.name);
        Ok(self.sql.execute_batch(&format!("CREATE TABLE {table} ({})", columns.join(", ")))?)
    }

    /// Writes the rows and the R-tree, and gives the box round all of them.
    fn fill(&self, features: &[LayerFeature]) -> Result<Option<[f64; 4]>, GpkgError> {
        let places = self.layer.geometry != GeometryKind::Nothing;
        let marks = vec!["?"; 1 + usize::from(places) + self.fields.len()].join(",");
        let table = quoted(self.layer.name);
        let mut insert = self.sql.prepare(&format!("INSERT INTO {table} VALUES ({marks})"))?;
        let (create, triggers) = rtree(self.layer.name, &self.key, &self.geometry);
        let mut index = None;
        if places {
            self.sql.execute_batch(&create)?;
            let tree = quoted(&format!("rtree_{}_{}", self.layer.name, self.geometry));
            index = Some(self.sql.prepare(&format!("INSERT INTO {tree} VALUES (?,?,?,?,?)"))?);
        }
        let mut all: Option<[f64; 4]> = None;
        for (number, feature) in (1_i64..).zip(features) {
            let shape = Wkb::of(feature.shape)
                .map_err(|source| GpkgError::Shape { layer: self.layer.name.to_owned(), source })?;
            let mut row = vec![Cell::Integer(number)];
            row.extend(
                places.then(|| {
                    shape.as_ref().map_or(Cell::Null, |shape| Cell::Blob(geometry(shape)))
                }),
            );
            let values = feature.values.iter().map(Some).chain(std::iter::repeat(None));
            row.extend(self.fields.iter().zip(values).map(|(field, value)| cell(field, value)));
            insert.execute(params_from_iter(row))?;
            let Some((index, Wkb { bbox: [west, south, east, north], .. })) =
                index.as_mut().zip(shape)
            else {
                continue;
            };
            index.execute(params![number, west, east, south, north])?;
            let round = |all: [f64; 4]| {
                [all[0].min(west), all[1].min(south), all[2].max(east), all[3].max(north)]
            };
            all = Some(all.map_or([west, south, east, north], round));
        }
        drop(index);
        if places {
            // After the rows: these triggers call functions that SQLite itself does not have.
            self.sql.execute_batch(&triggers)?;
        }
        Ok(all)
    }

    fn describe(&self, bbox: Option<[f64; 4]>) -> Result<(), GpkgError> {
        let LayerDefinition { name, title, description, geometry, styles, .. } = self.layer;
        let (kind, srs) = if *geometry == GeometryKind::Nothing {
            ("attributes", None)
        } else {
            ("features", Some(WGS84))
        };
        let side = |n: usize| bbox.map(|bbox| bbox[n]);
        self.sql.execute(
            "INSERT INTO gpkg_contents VALUES (?,?,?,?,?,?,?,?,?,?)",
            params![
                name,
                kind,
                title,
                described(description, self.rights),
                self.when,
                side(0),
                side(1),
                side(2),
                side(3),
                srs
            ],
        )?;
        if let Some(type_name) = geometry.type_name() {
            self.sql.execute(
                "INSERT INTO gpkg_geometry_columns VALUES (?,?,?,?,0,0)",
                params![name, self.geometry, type_name, WGS84],
            )?;
            self.sql.execute(
                "INSERT INTO gpkg_extensions VALUES (?,?,'gpkg_rtree_index','http://www.geopackage.org/spec130/#extension_rtree','write-only')",
                params![name, self.geometry],
            )?;
        }
        let mut dictionary =
            self.sql.prepare("INSERT INTO gpkg_data_columns VALUES (?,?,NULL,?,?,NULL,NULL)")?;
        for field in self.fields {
            dictionary.execute(params![
                name,
                clean_text(&field.name),
                alias(field),
                meaning(field)
            ])?;
        }
        drop(dictionary);
        self.add_metadata()?;
        self.add_styles(styles)
    }

    /// What the layer is and whose data, in the extension `gpkg_metadata`, as QGIS reads it.
    fn add_metadata(&self) -> Result<(), GpkgError> {
        let LayerDefinition { name, title, description, .. } = self.layer;
        self.sql.execute(
            "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata) VALUES ('dataset',?,'text/xml',?)",
            params![metadata::STANDARD, metadata::document(title, description, self.rights)],
        )?;
        self.sql.execute(
            "INSERT INTO gpkg_metadata_reference VALUES ('table',?,NULL,NULL,?,last_insert_rowid(),NULL)",
            params![name, self.when],
        )?;
        Ok(())
    }

    fn add_styles(&self, styles: &[super::NamedStyle]) -> Result<(), GpkgError> {
        let listed: i64 = self.sql.query_row(
            "SELECT count(*) FROM gpkg_contents WHERE table_name = 'layer_styles'",
            [],
            |row| row.get(0),
        )?;
        if listed == 0 && !styles.is_empty() {
            self.sql.execute(
                "INSERT INTO gpkg_contents VALUES ('layer_styles','attributes','layer_styles','how QGIS draws the layers',?,NULL,NULL,NULL,NULL,NULL)",
                params![self.when],
            )?;
        }
        let mut insert = self.sql.prepare(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, ui, update_time) VALUES ('','',?,?,?,?,NULL,?,?,'',NULL,?)",
        )?;
        for (nth, style) in styles.iter().enumerate() {
            // The first brings the aliases of all columns; they stay when another style is chosen.
            let qml = style.style.to_qml(if nth == 0 { self.fields } else { &[] });
            insert.execute(params![
                self.layer.name,
                self.geometry,
                clean_text(&style.name),
                qml,
                nth == 0,
                clean_text(&style.description),
                self.when
            ])?;
        }
        Ok(())
    }
}

fn column_type<'a>(field: &Field, values: impl Iterator<Item = &'a Value>) -> &'static str {
    match ValueKind::of(field, values) {
        ValueKind::Text => "TEXT",
        ValueKind::Integer => "INTEGER",
        ValueKind::Number => "REAL",
        ValueKind::Flag => "BOOLEAN",
    }
}

/// A value as SQLite keeps it: numbers with the decimals that every other file has.
fn cell(field: &Field, value: Option<&Value>) -> Cell {
    match value {
        None | Some(Value::Missing) => Cell::Null,
        Some(Value::Integer(number)) => Cell::Integer(*number),
        Some(Value::Flag(flag)) => Cell::Integer(i64::from(*flag)),
        Some(Value::Text(text)) => Cell::Text(clean_text(text).into_owned()),
        Some(number @ Value::Number(_)) => {
            number.rounded(field.decimals).map_or(Cell::Null, Cell::Real)
        }
    }
}

/// What a column says, when, and from what.
fn meaning(field: &Field) -> String {
    let mut text = clean_text(&field.meaning).into_owned();
    let more = [field.window.as_deref().map(|window| format!("window: {window}"))];
    let source = (!field.source.is_empty()).then(|| format!("source: {}", field.source));
    for part in more.into_iter().flatten().chain(source) {
        text.push_str("; ");
        text.push_str(&clean_text(&part));
    }
    text
}

/// The header of the standard (2.1.3): magic, version, flags for little-endian with an envelope of
/// four, the reference system, the envelope; then the shape. A point needs no envelope.
fn geometry(shape: &Wkb) -> Vec<u8> {
    let [west, south, east, north] = shape.bbox;
    let is_point = shape.bytes.get(1) == Some(&1);
    let mut bytes = vec![b'G', b'P', 0, if is_point { 1 } else { 3 }];
    bytes.extend(WGS84.to_le_bytes());
    if !is_point {
        [west, east, south, north].iter().for_each(|side| bytes.extend(side.to_le_bytes()));
    }
    bytes.extend_from_slice(&shape.bytes);
    bytes
}
