//! Names from data do nothing to a page, a spreadsheet or a terminal.

use std::fs;

use super::{copy_of, edit, names, read, run_words, runs};

const SCRIPT: &str = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";
const ESCAPE: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}";

/// Puts such names wherever a name may stand.
fn hostile_project() -> (tempfile::TempDir, std::path::PathBuf) {
    let (keep, folder) = copy_of("crossroads");
    let json = |text: &str| serde_json::to_string(text).expect("text");
    let evil = format!("{SCRIPT}{ESCAPE}");
    edit(&folder.join("neighbourhoods.geojson"), "\"West\"", &json(&evil));
    edit(
        &folder.join("neighbourhoods.geojson"),
        "\"North\"",
        &json("=HYPERLINK(\"http://example.org\")"),
    );
    let toml = |text: &str| json(text).replace("\\u001b", "\\u001B");
    edit(
        &folder.join("lastmile.toml"),
        "name = \"Crossroads\"",
        &format!("name = {}", toml(&evil)),
    );
    edit(&folder.join("lastmile.toml"), "label = \"Pubs\"", &format!("label = {}", toml(&evil)));
    let gtfs = folder.join("gtfs");
    edit(&gtfs.join("stops.txt"), "Westend Green", &evil);
    edit(&gtfs.join("routes.txt"), "West to East", &evil);
    edit(&gtfs.join("agency.txt"), "Crossroads Bus", &evil);
    // A stop with service far from every street, so that a finding names it.
    append(&gtfs.join("stops.txt"), &format!("{evil},{evil},52.5,1.0\n"));
    append(&gtfs.join("stop_times.txt"), &format!("E0859,10:30:00,10:30:00,{evil},9\n"));
    // A row that is dropped, so that a finding quotes it.
    append(&gtfs.join("stop_times.txt"), &format!("{evil},{evil},,P,1\n"));
    (keep, folder)
}

fn append(file: &std::path::Path, line: &str) {
    let mut text = read(file);
    text.extend(line.as_bytes());
    fs::write(file, text).expect("written");
}

#[test]
fn names_do_nothing_in_any_output() {
    let (_keep, folder) = hostile_project();
    let out = folder.join("out");
    let output = runs(run_words(&folder.join("lastmile.toml"), &out, &[]), 0);
    let check = runs(["check".as_ref(), folder.join("lastmile.toml").as_os_str()], 0);
    for (what, bytes) in [
        ("stderr", &output.stderr),
        ("stdout", &output.stdout),
        ("check", &check.stdout),
        ("check", &check.stderr),
    ] {
        let text = String::from_utf8_lossy(bytes);
        assert!(
            !text.contains('\u{1b}') && !text.contains('\u{202e}') && !text.contains('\u{7}'),
            "{what}: {text}"
        );
    }
    for name in names(&out) {
        let text = match name.rsplit_once('.').map(|(_, ending)| ending) {
            #[cfg(feature = "gpkg")]
            Some("gpkg") => cells(&out.join(&name)),
            Some("qgz") => inside(&out.join(&name)),
            // Cleaned as the GeoPackage is: `outputs::geoparquet` holds it to that.
            Some("parquet") => continue,
            _ => String::from_utf8(read(out.join(&name))).expect("text"),
        };
        assert!(!text.contains('\u{1b}'), "{name} holds a control character");
        // The manifest keeps the project's own words as they were.
        assert!(
            name == "run.json" || !text.contains('\u{202e}'),
            "{name} holds a bidirectional override"
        );
    }
    let page = String::from_utf8(read(out.join("report.html"))).expect("text");
    for live in ["<script>alert", "</script><script", "<img"] {
        assert!(!page.contains(live), "report.html: {live}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)"), "the name is shown as text");
    let findings = String::from_utf8(read(out.join("findings.csv"))).expect("text");
    assert!(findings.contains("alert(1)"), "the stop is named: {findings}");
    for file in ["neighbourhoods.csv", "findings.csv", "fields.csv"] {
        let bytes = read(out.join(file));
        for record in csv::Reader::from_reader(&bytes[..]).records() {
            let record = record.expect("a row");
            assert!(
                record.iter().all(|cell| !cell.starts_with(['=', '+', '@', '\t', '\r'])),
                "{file}: a spreadsheet would run {record:?}"
            );
        }
    }
}

/// All text in a database.
#[cfg(feature = "gpkg")]
fn cells(path: &std::path::Path) -> String {
    let sql = rusqlite::Connection::open(path).expect("opens");
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'rtree%'";
    let mut tables = sql.prepare(tables).expect("is SQL");
    let tables: Vec<String> =
        tables.query_map([], |row| row.get(0)).expect("runs").map(|t| t.expect("text")).collect();
    assert!(tables.iter().any(|table| table == "stops"), "{tables:?}");
    let mut text = String::new();
    for table in tables {
        let mut all = sql.prepare(&format!("SELECT * FROM \"{table}\"")).expect("is SQL");
        let columns = all.column_count();
        let mut rows = all.query([]).expect("runs");
        while let Some(row) = rows.next().expect("a row") {
            for column in 0..columns {
                if let Ok(rusqlite::types::ValueRef::Text(bytes)) = row.get_ref(column) {
                    text.push_str(&String::from_utf8_lossy(bytes));
                    text.push('\n');
                }
            }
        }
    }
    text
}

/// The text in a zip.
fn inside(path: &std::path::Path) -> String {
    let mut zip = zip::ZipArchive::new(fs::File::open(path).expect("opens")).expect("is a zip");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut zip.by_index(0).expect("has a file"), &mut text)
        .expect("text");
    text
}
