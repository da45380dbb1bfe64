//! GeoPackages (OGC 12-128r18): feature layers in an SQLite database.

use std::path::Path;

use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Map, Number, Value};

use super::features::{FeatureFile, FeatureShape, TableFeature};
use super::{TableError, wkb};
use crate::inputs::crs::{Crs, CrsError};

/// No outline of an honest map takes more bytes; SQLite itself would make room for a thousand
/// million.
const LONGEST_VALUE: i32 = 256 * 1024 * 1024;

/// A layer of features.
struct GeoPackageLayer {
    table: String,
    geometry: String,
    srs: i64,
}

/// Reads a layer: the only one, or that of a name.
pub(super) fn read(path: &Path, wanted: Option<&str>) -> Result<FeatureFile, TableError> {
    let file = path.display().to_string();
    let format = |what: String| TableError::Format { file: file.clone(), what };
    let wal = path
        .with_file_name(format!("{}-wal", path.file_name().unwrap_or_default().to_string_lossy()));
    if std::fs::metadata(wal).is_ok_and(|meta| meta.len() > 0) {
        let what = "is open in another program, which has not written all of it yet (there is a file …-wal); close it there";
        return Err(format(what.to_owned()));
    }
    let read = || -> rusqlite::Result<Result<FeatureFile, TableError>> {
        let connection = open(path)?;
        let layers = layers(&connection)?;
        let names =
            || layers.iter().map(|layer| layer.table.as_str()).collect::<Vec<_>>().join(", ");
        let layer = match (wanted, layers.as_slice()) {
            (Some(name), all) => all.iter().find(|layer| layer.table == name),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        let Some(layer) = layer else {
            let what = match (wanted, layers.is_empty()) {
                (_, true) => "holds no layer of features".to_owned(),
                (Some(name), _) => format!("has no layer `{name}`; it has: {}", names()),
                (None, _) => {
                    format!("has several layers: name one by `layer = \"…\"` of: {}", names())
                }
            };
            return Ok(Err(format(what)));
        };
        let crs = match crs(&connection, layer.srs)? {
            Ok(crs) => crs,
            Err(source) => return Ok(Err(TableError::Crs { file: file.clone(), source })),
        };
        Ok(FeatureFile::of(&file, crs, features(&connection, layer)?))
    };
    read().map_err(|e| format(format!("cannot be read as a GeoPackage: {e}")))?
}

/// Opens the file for reading alone, as it is: no journal is looked at, and nothing in it is
/// trusted to be run.
fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let escaped: String = absolute.to_string_lossy().chars().fold(String::new(), |mut uri, c| {
        match c {
            '%' | '?' | '#' => uri.push_str(&format!("%{:02x}", u32::from(c))),
            c => uri.push(c),
        }
        uri
    });
    let connection = Connection::open_with_flags(format!("file:{escaped}?immutable=1"), flags)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE)?;
    connection.execute_batch(
        "PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA cell_size_check = ON;",
    )?;
    Ok(connection)
}

/// Layers that are tables; a view could be anything.
fn layers(connection: &Connection) -> rusqlite::Result<Vec<GeoPackageLayer>> {
    let mut query = connection.prepare(
        "SELECT g.table_name, g.column_name, g.srs_id FROM gpkg_geometry_columns g \
         JOIN gpkg_contents c ON c.table_name = g.table_name AND c.data_type = 'features' \
         JOIN sqlite_master m ON lower(m.name) = lower(g.table_name) AND m.type = 'table' \
         ORDER BY g.table_name",
    )?;
    let layers = query.query_map([], |row| {
        Ok(GeoPackageLayer { table: row.get(0)?, geometry: row.get(1)?, srs: row.get(2)? })
    })?;
    layers.collect()
}

/// The layer's reference system; none where it says that it has none (−1 and 0).
fn crs(connection: &Connection, srs: i64) -> rusqlite::Result<Result<Option<Crs>, CrsError>> {
    if srs <= 0 {
        return Ok(Ok(None));
    }
    let mut query = connection.prepare(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1",
    )?;
    let mut rows = query.query([srs])?;
    let Some(row) = rows.next()? else {
        return Ok(Err(CrsError::Unknown(format!("srs_id {srs}"))));
    };
    let (organisation, code): (String, i64) = (row.get(0)?, row.get(1)?);
    let by_code = u32::try_from(code).ok().filter(|_| organisation.eq_ignore_ascii_case("epsg"));
    if let Some(crs) = by_code.and_then(Crs::of_epsg) {
        return Ok(Ok(Some(crs)));
    }
    let wkt: String = row.get(2)?;
    Ok(Crs::of_wkt(&wkt).map(Some).map_err(|_| CrsError::Unknown(format!("{organisation}:{code}"))))
}

fn features(
    connection: &Connection,
    layer: &GeoPackageLayer,
) -> rusqlite::Result<Vec<TableFeature>> {
    let quoted = layer.table.replace('"', "\"\"");
    let mut query = connection.prepare(&format!("SELECT * FROM \"{quoted}\""))?;
    let names: Vec<String> = query.column_names().into_iter().map(str::to_owned).collect();
    let mut rows = query.query([])?;
    let (mut features, mut number) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        number += 1;
        let mut properties = Map::new();
        let mut shape = FeatureShape::None;
        for (n, name) in names.iter().enumerate() {
            let value = row.get_ref(n)?;
            if name.eq_ignore_ascii_case(&layer.geometry) {
                shape = match value {
                    ValueRef::Blob(bytes) => geometry(bytes).unwrap_or_else(FeatureShape::Broken),
                    ValueRef::Null => FeatureShape::None,
                    _ => FeatureShape::Broken("the geometry is no blob".to_owned()),
                };
            } else {
                properties.insert(name.clone(), plain(value));
            }
        }
        features.push(TableFeature { number, id: None, properties, shape });
    }
    Ok(features)
}

fn plain(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
        ValueRef::Integer(n) => Value::Number(n.into()),
        ValueRef::Real(n) => Number::from_f64(n).map_or(Value::Null, Value::Number),
        ValueRef::Text(text) => Value::String(super::text_of(text).into_owned()),
    }
}

/// A blob: `GP`, version, flags, reference system, an envelope of a size that the flags tell, and
/// the geometry.
fn geometry(bytes: &[u8]) -> Result<FeatureShape, String> {
    let [b'G', b'P', _, flags, _, _, _, _, rest @ ..] = bytes else {
        return Err("the blob does not begin as a geometry".to_owned());
    };
    if flags & 0b0001_0000 != 0 {
        return Ok(FeatureShape::None);
    }
    let envelope = match (flags >> 1) & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        other => return Err(format!("an envelope of kind {other}")),
    };
    wkb::shape(rest.get(envelope..).ok_or("the geometry is cut short")?)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Writes a GeoPackage with a layer for each name, all with the same squares.
    pub(in crate::inputs::tables) fn write(
        path: &Path,
        layers: &[&str],
        epsg: i64,
        squares: &[(&str, f64, f64, f64)],
    ) {
        let connection = Connection::open(path).expect("created");
        connection
            .execute_batch(
                "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT, \
                 organization_coordsys_id INTEGER, definition TEXT);
                 CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
                 CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);",
            )
            .expect("made");
        connection
            .execute(
                "INSERT INTO gpkg_spatial_ref_sys VALUES ('x', ?1, 'EPSG', ?1, 'undefined')",
                [epsg],
            )
            .expect("made");
        for layer in layers {
            let (layer, quoted) = (layer.replace('\'', "''"), layer.replace('"', "\"\""));
            connection
                .execute_batch(&format!(
                    "CREATE TABLE \"{quoted}\" (fid INTEGER PRIMARY KEY, geom POLYGON, LSOA21CD TEXT, pop REAL);
                     INSERT INTO gpkg_contents VALUES ('{layer}', 'features');
                     INSERT INTO gpkg_geometry_columns VALUES ('{layer}', 'geom', {epsg});"
                ))
                .expect("made");
            for (code, x, y, side) in squares {
                let mut blob = b"GP\0\x01".to_vec();
                blob.extend(i32::try_from(epsg).expect("small").to_le_bytes());
                blob.extend([1, 3, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0]);
                for (x, y) in
                    [(*x, *y), (x + side, *y), (x + side, y + side), (*x, y + side), (*x, *y)]
                {
                    blob.extend(x.to_le_bytes());
                    blob.extend(y.to_le_bytes());
                }
                connection
                    .execute(
                        &format!(
                            "INSERT INTO \"{quoted}\" (geom, LSOA21CD, pop) VALUES (?1, ?2, 1500.0)"
                        ),
                        rusqlite::params![blob, code],
                    )
                    .expect("made");
            }
        }
    }

    #[test]
    fn a_layer_is_read_with_its_system_and_attributes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("odd name #1?.gpkg");
        write(
            &path,
            &["lsoa"],
            27700,
            &[("W01", 330_000.0, 188_000.0, 100.0), ("W02", 331_000.0, 188_000.0, 100.0)],
        );
        let file = read(&path, None).expect("read");
        assert_eq!((file.crs, file.features.len()), (Crs::BritishGrid, 2));
        assert_eq!(file.features[1].properties["LSOA21CD"], "W02");
        assert!(
            matches!(&file.features[0].shape, FeatureShape::Polygons(p) if p.0[0].exterior().0.len() == 5)
        );
        assert_eq!(
            std::fs::read_dir(folder.path()).expect("listed").count(),
            1,
            "nothing is left beside it"
        );
    }

    #[test]
    fn one_of_several_layers_must_be_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("n.gpkg");
        write(&path, &["lsoa", "my \"ward"], 4326, &[("W01", -3.0, 51.6, 0.01)]);
        let e = read(&path, None).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(e.contains("lsoa, my \"ward") && e.contains("layer = "), "{e}");
        assert_eq!(read(&path, Some("my \"ward")).expect("read").crs, Crs::Wgs84);
        assert!(read(&path, Some("no")).is_err());
        std::fs::write(folder.path().join("n.gpkg-wal"), "x").expect("written");
        let e = read(&path, Some("lsoa")).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(e.contains("close it there"), "{e}");
    }

    #[test]
    fn damage_is_told_and_nothing_falls_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("n.gpkg");
        write(&path, &["lsoa"], 4267, &[("W01", 1.0, 1.0, 0.01)]);
        let e = read(&path, None).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(e.contains("EPSG:4267"), "{e}");
        std::fs::remove_file(&path).expect("gone");
        write(&path, &["lsoa"], 4326, &[("W01", 1.0, 1.0, 0.01)]);
        let whole = std::fs::read(&path).expect("read");
        for n in 0..200 {
            let mut bytes = whole.clone();
            bytes.truncate(whole.len() - n * 37 % whole.len());
            let at = n * 7919 % bytes.len().max(1);
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 0x55;
            }
            std::fs::write(&path, &bytes).expect("written");
            let _ = read(&path, None);
        }
        for blob in [&b"GP"[..], b"GP\0\x0e....", b"GP\0\x03....0123", b"XX\0\0....\x01"] {
            assert!(geometry(blob).is_err(), "{blob:?}");
        }
    }
}
