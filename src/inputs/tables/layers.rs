//! Files of features, told by how they begin: GeoJSON, GeoPackage, Shapefile, GeoParquet,
//! FlatGeobuf, and a zip with one of the first three in it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::features::FeatureFile;
use super::packed::{self, Unpacked, unpack};
use super::shapefile::{self, ShapefileParts};
use super::{TableError, sniff};

const SQLITE: &[u8] = b"SQLite format 3\0";
const PARQUET: &[u8] = b"PAR1";
const FLATGEOBUF: &[u8] = b"fgb\x03fgb";
/// What a reference system is written in is never longer.
const LONGEST_PRJ: u64 = 64 * 1024;

/// Reads a file of features; `None` where the file is something else, such as a CSV.
pub(in crate::inputs) fn read_layer(
    path: &Path,
    layer: Option<&str>,
) -> Result<Option<FeatureFile>, TableError> {
    let file = path.display().to_string();
    let reading = |source| TableError::Read { file: file.clone(), source };
    let mut handle = File::open(path).map_err(reading)?;
    let mut head = Vec::new();
    handle.by_ref().take(sniff::HEAD as u64).read_to_end(&mut head).map_err(reading)?;
    if sniff::is_json(&head) {
        handle.read_to_end(&mut head).map_err(reading)?;
        return FeatureFile::read(&file, &head).map(Some);
    }
    if head.starts_with(SQLITE) {
        return geopackage(path, layer).map(Some);
    }
    if head.starts_with(PARQUET) {
        return geoparquet(path).map(Some);
    }
    if head.starts_with(FLATGEOBUF) {
        return flatgeobuf(path).map(Some);
    }
    if head.starts_with(&shapefile::MAGIC) {
        handle.read_to_end(&mut head).map_err(reading)?;
        return beside(path, &file, &head).map(Some);
    }
    if head.starts_with(packed::MAGIC) {
        return zipped(path, &file);
    }
    Ok(None)
}

#[cfg(feature = "gpkg")]
fn geopackage(path: &Path, layer: Option<&str>) -> Result<FeatureFile, TableError> {
    super::geopackage::read(path, layer)
}

#[cfg(not(feature = "gpkg"))]
fn geopackage(path: &Path, _: Option<&str>) -> Result<FeatureFile, TableError> {
    Err(not_built(path, "GeoPackage", "gpkg"))
}

#[cfg(feature = "parquet")]
fn geoparquet(path: &Path) -> Result<FeatureFile, TableError> {
    super::geoparquet::read(path)
}

#[cfg(not(feature = "parquet"))]
fn geoparquet(path: &Path) -> Result<FeatureFile, TableError> {
    Err(not_built(path, "GeoParquet", "parquet"))
}

#[cfg(feature = "flatgeobuf")]
fn flatgeobuf(path: &Path) -> Result<FeatureFile, TableError> {
    super::flatgeobuf::read(path)
}

#[cfg(not(feature = "flatgeobuf"))]
fn flatgeobuf(path: &Path) -> Result<FeatureFile, TableError> {
    Err(not_built(path, "FlatGeobuf", "flatgeobuf"))
}

#[cfg(not(all(feature = "gpkg", feature = "parquet", feature = "flatgeobuf")))]
fn not_built(path: &Path, format: &str, feature: &str) -> TableError {
    let what = format!(
        "is a {format}, which this build cannot read; use a build with the `{feature}` feature, or save it as GeoJSON"
    );
    TableError::Format { file: path.display().to_string(), what }
}

/// The other parts of a shapefile lie beside it.
fn beside(path: &Path, file: &str, shp: &[u8]) -> Result<FeatureFile, TableError> {
    let part =
        |endings: [&str; 2]| endings.iter().map(|e| path.with_extension(e)).find(|p| p.is_file());
    let reading = |source| TableError::Read { file: file.to_owned(), source };
    let dbf = part(["dbf", "DBF"]).map(std::fs::read).transpose().map_err(reading)?;
    let prj = part(["prj", "PRJ"]).map(|path| {
        let mut text = Vec::new();
        File::open(path).and_then(|f| f.take(LONGEST_PRJ).read_to_end(&mut text)).map(|_| text)
    });
    let prj =
        prj.transpose().map_err(reading)?.map(|text| String::from_utf8_lossy(&text).into_owned());
    shapefile::read(file, &ShapefileParts { shp, dbf: dbf.as_deref(), prj: prj.as_deref() })
}

fn zipped(path: &Path, file: &str) -> Result<Option<FeatureFile>, TableError> {
    let format = |what: &str| TableError::Format { file: file.to_owned(), what: what.to_owned() };
    if packed::names(path)?.iter().any(|name| name.to_lowercase().ends_with(".gpkg")) {
        return Err(format("holds a GeoPackage; unpack it and name the .gpkg"));
    }
    let of_map = [".shp", ".dbf", ".prj", ".geojson"];
    let files = unpack(path, &|name| of_map.iter().any(|ending| name.ends_with(ending)))?;
    let ending = |wanted: &str| -> Vec<&Unpacked> {
        files.iter().filter(|f| f.name.to_lowercase().ends_with(wanted)).collect()
    };
    match (ending(".shp").as_slice(), ending(".geojson").as_slice()) {
        ([], []) => Ok(None),
        ([shp], []) => {
            let stem =
                |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
            let part = |wanted: &str| {
                ending(wanted).into_iter().find(|f| stem(&f.name) == stem(&shp.name))
            };
            let prj = part(".prj").map(|f| String::from_utf8_lossy(&f.bytes).into_owned());
            let dbf = part(".dbf").map(|f| f.bytes.as_slice());
            let parts = ShapefileParts { shp: &shp.bytes, dbf, prj: prj.as_deref() };
            shapefile::read(&shp.name, &parts).map(Some)
        }
        ([], [geojson]) => FeatureFile::read(&geojson.name, &geojson.bytes).map(Some),
        _ => Err(format("holds several layers; unpack it and name the one that is meant")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::features::CrsNotes;
    use super::super::packed::tests::zipped as zip_of;
    use super::super::shapefile::tests::written;
    use super::*;
    use crate::inputs::crs::Crs;

    #[test]
    fn a_shapefile_is_read_in_parts_or_in_a_zip() {
        let folder = tempfile::tempdir().expect("a folder");
        let ring = vec![
            (300_000.0, 300_000.0),
            (300_000.0, 300_100.0),
            (300_100.0, 300_100.0),
            (300_000.0, 300_000.0),
        ];
        let (shp, dbf) = written(&[vec![ring]], &["E01000001"]);
        let prj = b"PROJCS[\"British_National_Grid\",".as_slice();
        for (name, bytes) in [("n.shp", &shp[..]), ("n.dbf", &dbf[..]), ("n.prj", prj)] {
            std::fs::write(folder.path().join(name), bytes).expect("written");
        }
        let read = |name: &str| read_layer(&folder.path().join(name), None);
        let file = read("n.shp").expect("read").expect("features");
        assert_eq!(
            (file.crs, file.features.len(), file.notes),
            (Crs::BritishGrid, 1, CrsNotes::default())
        );
        let zip =
            zip_of(&[("d/N.shp", &shp), ("d/N.dbf", &dbf), ("d/N.prj", prj), ("d/N.shx", b"-")]);
        std::fs::write(folder.path().join("n.zip"), zip).expect("written");
        assert_eq!(read("n.zip").expect("read").expect("features").features.len(), 1);
        std::fs::write(folder.path().join("two.zip"), zip_of(&[("a.shp", &shp), ("b.shp", &shp)]))
            .expect("written");
        assert!(read("two.zip").is_err());
        std::fs::write(folder.path().join("t.csv"), "a,b\n1,2\n").expect("written");
        assert!(read("t.csv").expect("read").is_none());
        std::fs::remove_file(folder.path().join("n.dbf")).expect("gone");
        let e = read("n.shp").err().map(|e| e.to_string()).unwrap_or_default();
        assert!(e.contains("no .dbf"), "{e}");
    }
}
