//! What is written, opened by the programs that people open it with: GDAL and its GeoPackage
//! validator, QGIS, GeoPandas, PyArrow and DuckDB. Each check says aloud when its program is not on
//! this machine.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assert_cmd::cargo::cargo_bin_cmd;

/// What a script ends with when its program is not there.
const MISSING: i32 = 77;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn skip(why: &str) {
    #[expect(clippy::print_stderr, reason = "a skipped check must be seen")]
    {
        eprintln!("SKIPPED: {why}");
    }
}

/// A result of the town: `command` is `run` or `compare`.
fn result(command: &str, folder: &Path) -> PathBuf {
    let out = folder.join(command);
    let project = root().join("fixtures/town/lastmile.toml");
    cargo_bin_cmd!("lastmile").arg(command).arg(project).arg("--out").arg(&out).assert().success();
    out
}

/// Runs a program; `None` where it is not there.
fn said_by(program: &str, words: &[&std::ffi::OsStr]) -> Option<Output> {
    Command::new(program).args(words).env("QT_QPA_PLATFORM", "offscreen").output().ok()
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// The Pythons that may have the packages: that of the system has QGIS, another one GeoPandas.
fn pythons() -> Vec<String> {
    let named = std::env::var("LASTMILE_PYTHON").ok();
    named.into_iter().chain(["/usr/bin/python3", "python3"].map(str::to_owned)).collect()
}

/// Runs a script with the first Python that has what it needs, and holds it to success.
fn script(name: &str, words: &[&std::ffi::OsStr]) -> Option<String> {
    let path = root().join("scripts").join(name);
    for python in pythons() {
        let mut all = vec![path.as_os_str()];
        all.extend(words);
        let Some(output) = said_by(&python, &all) else { continue };
        if output.status.code() == Some(MISSING) {
            continue;
        }
        assert!(output.status.success(), "{name}, {python}: {}", text(&output));
        return Some(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    skip(&format!("scripts/{name}: no Python here has what it needs"));
    None
}

#[test]
#[cfg(feature = "gpkg")]
fn gdal_qgis_and_notebooks_open_a_run_and_a_comparison() {
    let folder = tempfile::tempdir().expect("a folder");
    let (run, compare) = (result("run", folder.path()), result("compare", folder.path()));
    again(&run, folder.path());
    gdal(&run, &["neighbourhoods", "routes", "stops", "origins", "unreached", "places"]);
    let layers = [
        "neighbourhoods",
        "change",
        "stops_change",
        "routes_change",
        "routes",
        "stops",
        "origins",
        "unreached",
        "places",
    ];
    gdal(&compare, &layers);
    for result in [&run, &compare] {
        validator(&result.join("lastmile.gpkg"));
    }
    qgis(&run, "neighbourhoods", &[("up to 15 min", 25), ("15 to 30 min", 2), ("not reached", 0)]);
    qgis(
        &compare,
        "change",
        &[("within 1 min", 21), ("1 to 5 min longer", 4), ("5 to 15 min longer", 1)],
    );
    #[cfg(feature = "parquet")]
    script("check_tables.py", &[run.as_os_str()]);
}

#[test]
#[cfg(all(feature = "gpkg", feature = "parquet"))]
fn the_python_of_the_notebooks_runs_as_it_stands() {
    let folder = tempfile::tempdir().expect("a folder");
    let binary = assert_cmd::cargo::cargo_bin!("lastmile");
    let Some(said) = script("check_notebook.py", &[binary.as_os_str(), folder.path().as_os_str()])
    else {
        return;
    };
    assert!(said.contains("people reach a library within 30 min"), "{said}");
}

#[test]
#[cfg(feature = "gpkg")]
fn the_r_of_the_notebooks_runs_as_it_stands() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = root().join("scripts/check_notebook.R");
    let binary = assert_cmd::cargo::cargo_bin!("lastmile");
    let words = [path.as_os_str(), binary.as_os_str(), folder.path().as_os_str()];
    let Some(output) = said_by("Rscript", &words) else {
        return skip("no Rscript (r-base-core) on this machine");
    };
    if output.status.code() == Some(MISSING) {
        return skip(&text(&output));
    }
    assert!(output.status.success(), "{}", text(&output));
    assert!(
        text(&output).contains("27 neighbourhoods with the jobs of the run"),
        "{}",
        text(&output)
    );
}

/// GDAL finds in the FlatGeobuf what the GeoJSON holds: as many neighbourhoods, the same values,
/// nothing where there is nothing.
#[test]
#[cfg(feature = "flatgeobuf")]
fn gdal_opens_the_flatgeobuf() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run");
    let project = root().join("fixtures/town/lastmile.toml");
    cargo_bin_cmd!("lastmile")
        .arg("run")
        .arg(project)
        .arg("--fgb")
        .arg("--out")
        .arg(&out)
        .assert()
        .success();
    let (fgb, back) = (out.join("neighbourhoods.fgb"), folder.path().join("back.geojson"));
    let Some(output) =
        said_by("ogrinfo", &["-ro".as_ref(), "-so".as_ref(), "-al".as_ref(), fgb.as_os_str()])
    else {
        return skip("no ogrinfo (gdal-bin) on this machine");
    };
    let said = text(&output);
    assert!(output.status.success() && output.stderr.is_empty(), "{said}");
    let extent = "Extent: (-2.000249, 52.172597) - (-1.843695, 52.238138)";
    for what in ["Feature Count: 27", "Geometry: Multi Polygon", "ID[\"EPSG\",4326]", extent] {
        assert!(said.contains(what), "no {what}: {said}");
    }
    let words = ["-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=7"].map(str::as_ref).into_iter();
    let words: Vec<&std::ffi::OsStr> = words.chain([back.as_os_str(), fgb.as_os_str()]).collect();
    let output = said_by("ogr2ogr", &words).expect("stands beside ogrinfo");
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output));
    let (ours, theirs) = (cells(&out.join("neighbourhoods.geojson")), cells(&back));
    assert!(ours == theirs, "GDAL reads something else than the GeoJSON holds");
    let of = |id: &str, field: &str| theirs.get(&(id.to_owned(), field.to_owned()));
    assert!(of("E01990001", "population").is_some_and(serde_json::Value::is_number));
    assert_eq!(of("E01990001", "index_unreached"), None);
}

/// What is in each neighbourhood's cells that are not empty; numbers as doubles, for one file has
/// `7.0` where another has `7`.
#[cfg(feature = "flatgeobuf")]
fn cells(file: &Path) -> std::collections::BTreeMap<(String, String), serde_json::Value> {
    let text = std::fs::read_to_string(file).expect("reads");
    let all: serde_json::Value = serde_json::from_str(&text).expect("is JSON");
    let mut found = std::collections::BTreeMap::new();
    for feature in all["features"].as_array().expect("has features") {
        let id = feature["properties"]["id"].as_str().expect("has an id");
        for (name, value) in feature["properties"].as_object().expect("has properties") {
            let value = value.as_f64().map_or_else(|| value.clone(), serde_json::Value::from);
            if !value.is_null() {
                found.insert((id.to_owned(), name.clone()), value);
            }
        }
    }
    found
}

/// Equal inputs, equal bytes, whatever the threads.
fn again(run: &Path, folder: &Path) {
    let out = folder.join("again");
    let project = root().join("fixtures/town/lastmile.toml");
    let mut lastmile = cargo_bin_cmd!("lastmile");
    lastmile.args(["--threads", "1", "run"]).arg(project).arg("--out").arg(&out).assert().success();
    for name in [
        "lastmile.gpkg",
        "lastmile.qgz",
        "neighbourhoods.qml",
        "neighbourhoods.parquet",
        "run.json",
    ] {
        let read = |folder: &Path| std::fs::read(folder.join(name)).ok();
        assert!(read(run) == read(&out), "{name} differs between two runs");
    }
}

/// Each layer has features, its shapes are where they should be, and nothing is complained of.
fn gdal(result: &Path, layers: &[&str]) {
    let package = result.join("lastmile.gpkg");
    for layer in layers {
        let words = ["-ro".as_ref(), "-so".as_ref(), package.as_os_str(), layer.as_ref()];
        let Some(output) = said_by("ogrinfo", &words) else {
            return skip("no ogrinfo (gdal-bin) on this machine");
        };
        let said = text(&output);
        assert!(output.status.success() && output.stderr.is_empty(), "{layer}: {said}");
        assert!(said.contains("ID[\"EPSG\",4326]"), "{layer}: {said}");
        assert!(said.contains("© OpenStreetMap contributors, ODbL"), "{layer}: {said}");
        let count = said.lines().find_map(|line| line.strip_prefix("Feature Count: "));
        assert!(count.is_some_and(|count| count != "0"), "{layer}: {said}");
    }
}

/// GDAL's own validator, which says nothing of a file that keeps to the standard.
fn validator(package: &Path) {
    let words = ["-m".as_ref(), "osgeo_utils.samples.validate_gpkg".as_ref(), package.as_os_str()];
    for python in pythons() {
        let Some(output) = said_by(&python, &words) else { continue };
        if text(&output).contains("No module named") {
            continue;
        }
        assert!(output.status.success(), "{}: {}", package.display(), text(&output));
        return;
    }
    skip("no Python here has GDAL's validate_gpkg (python3-gdal)");
}

/// QGIS draws the layer with the classes that are in the file, each area in one.
fn qgis(result: &Path, layer: &str, classes: &[(&str, u64)]) {
    let Some(said) = script("check_qgis.py", &[result.as_os_str()]) else { return };
    let found: serde_json::Value = serde_json::from_str(&said).expect("is JSON");
    for (class, features) in classes {
        assert_eq!(
            found["layers"][layer]["classes"][class], *features,
            "{layer}: {class}: {found:#}"
        );
    }
    assert_eq!(found["layers"][layer]["invalid"], 0);
    assert!(found["project"]["shown"].as_array().is_some_and(|shown| shown.len() > 1), "{found:#}");
}
