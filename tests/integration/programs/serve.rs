//! `lastmile serve` as a browser uses it: real requests to the real program, on a copy of the
//! crossroads.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::support::fixture_copy::copied;
use assert_cmd::cargo::{cargo_bin, cargo_bin_cmd};
use serde_json::{Value, json};

/// A server with a project of its own; it ends with the test.
struct Served {
    child: Child,
    address: String,
    folder: tempfile::TempDir,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    fn crossroads() -> Served {
        let folder = tempfile::tempdir().expect("a folder");
        copied(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/crossroads"), folder.path());
        Served::of(folder)
    }

    /// A server of the project in a folder.
    fn of(folder: tempfile::TempDir) -> Served {
        let mut child = Command::new(cargo_bin!("lastmile"))
            .arg("serve")
            .arg(folder.path().join("lastmile.toml"))
            .arg("--out")
            .arg(folder.path().join("packs"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut address = String::new();
        let out = child.stdout.take().expect("an output");
        BufReader::new(out).read_line(&mut address).expect("an address");
        Served { child, address: address.trim().to_owned(), folder }
    }

    fn project(&self) -> PathBuf {
        self.folder.path().join("lastmile.toml")
    }

    /// Status and body.
    fn sent(&self, method: &str, name: &str, body: &str) -> (u16, String) {
        let rest = self.address.strip_prefix("http://").expect("an address");
        let (host, path) = rest.split_once('/').expect("a path");
        let mut stream = TcpStream::connect(host).expect("it listens");
        let length = body.len();
        write!(
            stream,
            "{method} /{path}{name} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .expect("sent");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("an answer");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        let status =
            head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, body.to_owned())
    }

    /// The newest pack once it is no longer being written.
    fn finished(&self) -> Value {
        loop {
            let pack = self.got("pack");
            if pack["state"] != "writing" {
                return pack;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    /// The project is read anew for a pack. Here it is a pipe, so that the pack is not over before
    /// the test lets it be.
    fn goes_on_while_a_pack_is_written(&self, study: &Value, wanted: &Value) {
        let (project, aside) = (self.project(), self.folder.path().join("aside.toml"));
        std::fs::rename(&project, &aside).expect("moved");
        let made = Command::new("mkfifo").arg(&project).status().expect("mkfifo runs");
        assert!(made.success());
        let pack = self.asked("evidence", wanted);
        assert_eq!((&pack["state"], &pack["number"]), (&json!("writing"), &json!(0)));
        let (home, cuts) = (&study["zones"][0]["home"], json!({ "cuts": [{ "lines": [0] }] }));
        self.asked("here", &json!({ "lon": home[0], "lat": home[1], "asked": {} }));
        self.asked("change", &json!({ "window": "am", "otherwise": cuts }));
        let again = self.asked("evidence", wanted);
        assert_eq!(again["number"], 0, "a second click begins no second pack");
        let other = json!({ "name": "other", "otherwise": cuts }).to_string();
        let (status, body) = self.sent("POST", "api/evidence", &other);
        assert!(status == 422 && body.contains("`no_bus` is being written"), "{status} {body}");
        assert_eq!(self.got("pack")["state"], "writing");
        assert_eq!(self.sent("GET", "api/report-0", "").0, 422, "there is no report yet");
        let bytes = std::fs::read(&aside).expect("a project");
        let mut pipe =
            std::fs::OpenOptions::new().write(true).open(&project).expect("it is being read");
        std::fs::rename(&aside, &project).expect("moved back");
        pipe.write_all(&bytes).expect("written");
    }

    fn got(&self, name: &str) -> Value {
        let (status, body) = self.sent("GET", &format!("api/{name}"), "");
        assert_eq!(status, 200, "{name}: {body}");
        serde_json::from_str(&body).expect("json")
    }

    fn asked(&self, name: &str, question: &Value) -> Value {
        let (status, body) = self.sent("POST", &format!("api/{name}"), &question.to_string());
        assert_eq!(status, 200, "{name}: {body}");
        serde_json::from_str(&body).expect("json")
    }
}

/// The number of a line of this name.
fn line(study: &Value, name: &str) -> usize {
    let lines = study["lines"].as_array().expect("lines");
    lines.iter().position(|line| line["name"] == name).expect("the line")
}

fn windows(study: &Value) -> Vec<Value> {
    study["windows"]
        .as_array()
        .expect("windows")
        .iter()
        .map(|window| window["name"].clone())
        .collect()
}

fn study(served: &Served) -> Value {
    served.got("study")
}

/// What the page shows is what `compare` writes for the same cut.
#[test]
fn a_cut_shows_what_compare_writes_and_is_kept_beside_every_other_byte() {
    let served = Served::crossroads();
    let before = std::fs::read(served.project()).expect("a project");
    let study = study(&served);
    let name = study["lines"][0]["name"].as_str().expect("a name").to_owned();
    let cuts = json!({ "cuts": [{ "lines": [line(&study, &name)] }] });

    let named = json!({ "name": "no_bus", "label": "\"Quoted\" <b>\n[name]", "otherwise": cuts });
    let kept = served.asked("save", &named);
    assert_eq!(kept["scenarios"].as_array().map(Vec::len), Some(1));
    let after = std::fs::read(served.project()).expect("a project");
    assert!(after.starts_with(&before), "what was there stays as it was");
    let added = String::from_utf8_lossy(&after[before.len()..]).into_owned();
    assert!(added.contains("[scenarios.no_bus]"), "{added}");
    let (status, body) = served.sent("POST", "api/save", &named.to_string());
    assert_eq!(status, 422, "a name is taken once: {body}");
    assert_eq!(std::fs::read(served.project()).expect("a project"), after);

    let wanted = json!({ "name": "no_bus", "otherwise": { "scenario": "no_bus" } });
    served.goes_on_while_a_pack_is_written(&study, &wanted);
    let pack = served.finished();
    assert_eq!((&pack["state"], &pack["number"]), (&json!("written"), &json!(0)), "{pack}");
    let own = served.folder.path().join("by-hand");
    let mut compare = cargo_bin_cmd!("lastmile");
    compare.arg("compare").arg(served.project()).args(["--scenario", "no_bus", "--out"]).arg(&own);
    compare.assert().success();
    let packed = served.folder.path().join("packs/no_bus");
    let mut files = 0;
    for entry in std::fs::read_dir(&own).expect("a folder") {
        let path = entry.expect("an entry").path();
        let theirs =
            std::fs::read(packed.join(path.file_name().expect("a name"))).expect("the same file");
        assert_eq!(theirs, std::fs::read(&path).expect("a file"), "{}", path.display());
        files += 1;
    }
    assert!(files > 8, "{files}");
    let (status, report) = served.sent("GET", "api/report-0", "");
    assert_eq!(status, 200);
    assert!(report.contains("<html"));
    assert_eq!(
        served.sent("POST", "api/evidence", &wanted.to_string()).0,
        422,
        "never over another pack"
    );
    assert_eq!(served.finished()["number"], 0, "two clicks, one pack");

    shows_what_is_written(&served, &study, &cuts, &own.join("change.csv"));
    measures_what_is_written(&served, &study, &cuts, &own.join("change.csv"));
    // The page can show the scenario by its name too.
    let window = &windows(&study)[0];
    let by_name =
        served.asked("change", &json!({ "window": window, "otherwise": { "scenario": "no_bus" } }));
    let by_ticks = served.asked("change", &json!({ "window": window, "otherwise": cuts }));
    assert_eq!(by_name["categories"], by_ticks["categories"]);
}

fn shows_what_is_written(served: &Served, study: &Value, cuts: &Value, table: &Path) {
    let mut reader = csv::Reader::from_path(table).expect("a table");
    let head = reader.headers().expect("a head").clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let column = |name: &str| head.iter().position(|field| field == name).expect("the column");
    let (mut cells, mut worse) = (0, 0);
    for window in windows(study).iter().filter(|window| !window.is_null()) {
        let shown = served.asked("change", &json!({ "window": window, "otherwise": cuts }));
        for (number, category) in
            study["categories"].as_array().expect("categories").iter().enumerate()
        {
            let shown = &shown["categories"][number];
            let base = format!(
                "{}_transit_{}",
                category["name"].as_str().expect("a name"),
                window.as_str().expect("a name")
            );
            for (zone, row) in rows.iter().enumerate() {
                for side in ["before", "after", "change"] {
                    let written = &row[column(&format!("{base}_p50_{side}_min"))];
                    let said = shown[side][zone].as_f64();
                    assert_eq!(written.parse::<f64>().ok(), said, "{base} {side} {zone}");
                    cells += 1;
                }
                let state = shown["state"][zone].as_str().unwrap_or_default();
                assert_eq!(&row[column(&format!("{base}_state"))], state);
                worse += usize::from(state == "longer" || state == "lost");
            }
        }
    }
    assert!(cells > 10 && worse > 0, "{cells} {worse}");
}

/// Every number that the map can show is that of `change.csv`, where that has it: jobs, counts,
/// broadband.
fn measures_what_is_written(served: &Served, study: &Value, cuts: &Value, table: &Path) {
    let mut reader = csv::Reader::from_path(table).expect("a table");
    let head = reader.headers().expect("a head").clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let column = |name: &str| head.iter().position(|field| field == name);
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    for window in windows(study) {
        let found = served.asked("measures", &json!({ "window": window, "otherwise": cuts }));
        for measure in found["list"].as_array().expect("measures") {
            let field = measure["field"].as_str().expect("a name");
            let (stem, end) = field.strip_suffix("_min").map_or((field, ""), |stem| (stem, "_min"));
            for (zone, row) in rows.iter().enumerate() {
                for side in ["before", "after", "change"] {
                    let Some(at) = column(&format!("{stem}_{side}{end}")) else { continue };
                    assert_eq!(
                        row[at].parse::<f64>().ok(),
                        measure[side][zone].as_f64(),
                        "{field} {side}"
                    );
                    let words = [None, Some("unreached"), Some("unknown")];
                    assert!(
                        words.contains(&measure[side][zone].as_str()),
                        "{field}: a number or a word"
                    );
                    *seen
                        .entry(measure["group"].as_str().expect("a group").to_owned())
                        .or_default() += 1;
                }
            }
        }
    }
    for group in ["Jobs", "Buses and trains", "Broadband and mobile"] {
        assert!(seen.get(group).is_some_and(|cells| *cells > 8), "{group}: {seen:?}");
    }
}

/// The number of a point, its journey, and what `explain` says of it are one.
#[test]
fn a_click_tells_the_journey_behind_its_number() {
    let served = Served::crossroads();
    let study = study(&served);
    let home = &study["zones"][0]["home"];
    let window = &windows(&study)[0];
    let from = json!({ "lon": home[0], "lat": home[1], "asked": { "window": window } });
    let here = served.asked("here", &from);
    assert_eq!(here["on_street"], true);
    let mut told = 0;
    for category in 0..study["categories"].as_array().map_or(0, Vec::len) {
        let journeys = served.asked("journey", &json!({ "from": from, "category": category }));
        assert_eq!(journeys["before"]["minutes"], here["nearest"][category]["before"]);
        assert!(journeys["after"].is_null(), "nothing is otherwise");
        told += journeys["before"]["legs"].as_array().map_or(0, Vec::len);
    }
    assert!(told > 0);
    reach_is_the_matrix(&served, &from);
    areas_are_the_isochrones(&served, &from);
    let off =
        served.asked("here", &json!({ "lon": 0.0, "lat": 80.0, "asked": { "window": window } }));
    assert_eq!(off["on_street"], false);
    let (status, _) = served.sent("POST", "api/here", "{\"lon\":500,\"lat\":0,\"asked\":{}}");
    assert_eq!(status, 422);
}

/// Of a gate that is shut in the evening the page knows it too: in the map, of a point, and in the
/// journey (18 s, then 57 s by day and 243 s in the evening).
#[cfg(feature = "opening-hours")]
#[test]
fn a_window_goes_by_the_gates_as_they_are_in_it() {
    let folder = tempfile::tempdir().expect("a folder");
    crate::support::gated_town::gated_town(folder.path());
    let served = Served::of(folder);
    let home = crate::support::maps::spot(24.0, 0.0);
    for (window, minutes) in [("day", 1.0), ("evening", 4.1)] {
        let asked = json!({ "window": window, "otherwise": { "scenario": "closed" } });
        let from = json!({ "lon": home.lon(), "lat": home.lat(), "asked": asked });
        let map = served.asked("change", &asked);
        assert_eq!(map["categories"][0]["before"][0], 0.3, "{window}");
        assert_eq!(map["categories"][0]["after"][0], minutes, "{window}");
        let here = served.asked("here", &from);
        assert_eq!(here["nearest"][0]["before"], 0.3, "{window}");
        assert_eq!(here["nearest"][0]["after"], minutes, "{window}");
        assert_eq!(here["nearest"][0]["walk"], 1.0, "without a window the gate is open");
        let journeys = served.asked("journey", &json!({ "from": from, "category": 0 }));
        assert_eq!(journeys["before"]["minutes"], 0.3, "{window}");
        assert_eq!(journeys["after"]["minutes"], minutes, "{window}");
    }
}

/// The areas of a home are those of `isochrone`, in a window and on foot.
fn areas_are_the_isochrones(served: &Served, from: &Value) {
    let areas = served.asked("areas", from);
    assert!(areas["after"].is_null(), "nothing is otherwise");
    let mut people = Vec::new();
    for (side, mode) in [("before", "transit"), ("on_foot", "walk")] {
        let mut isochrone = cargo_bin_cmd!("lastmile");
        isochrone.arg("isochrone").arg(served.project()).args(["--modes", mode, "--cumulative"]);
        isochrone.arg("--from").arg(format!("{},{}", from["lon"], from["lat"]));
        let out = isochrone.args(["--cutoffs", "15,20,30,45"]).output().expect("it runs");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let written: Value = serde_json::from_slice(&out.stdout).expect("json");
        for feature in written["features"].as_array().expect("features") {
            let told = &feature["properties"];
            let cutoffs = areas["cutoffs_min"].as_array().expect("cut-offs");
            let nth = cutoffs
                .iter()
                .position(|cutoff| *cutoff == told["cutoff_min"])
                .expect("the cut-off");
            let area = &areas[side][nth];
            for (ours, theirs) in
                [("km2", "within_km2"), ("people", "people_within"), ("stops", "stops")]
            {
                assert_eq!(area[ours].as_f64(), told[theirs].as_f64(), "{side} {ours} {nth}");
            }
            assert_eq!(
                area["islands"].as_array().map(Vec::len),
                told["islands"].as_u64().and_then(|n| usize::try_from(n).ok())
            );
            people.push(told["people_within"].as_f64().expect("people"));
            if side == "before" {
                let parts = feature["geometry"]["coordinates"].as_array().map(Vec::len);
                assert_eq!(area["shape"].as_array().map(Vec::len), parts, "{nth}");
            }
        }
    }
    assert!(people.len() == 7 && people[0] > people[4], "the bus takes one farther: {people:?}");
}

/// How far one gets from a home is what `matrix` finds from it.
fn reach_is_the_matrix(served: &Served, from: &Value) {
    let file = |name: &str| served.folder.path().join(name);
    let mut matrix = cargo_bin_cmd!("lastmile");
    matrix
        .arg("matrix")
        .arg("--osm")
        .arg(file("crossroads.osm.pbf"))
        .arg("--gtfs")
        .arg(file("gtfs"));
    matrix.args(["--date", "2026-03-10", "--depart", "08:00", "--window", "10", "--all-pairs"]);
    let out = matrix.arg("--origins").arg(file("origins.csv")).output().expect("it runs").stdout;
    let homes = std::fs::read_to_string(file("origins.csv")).expect("origins");
    let mut homes = csv::Reader::from_reader(homes.as_bytes());
    let head = homes.headers().expect("a head").clone();
    let column = |name: &str| head.iter().position(|field| field == name).expect("the column");
    let is_here = |row: &csv::StringRecord| {
        ["lon", "lat"]
            .iter()
            .all(|name| row[column(name)].parse::<f64>().ok() == from[name].as_f64())
    };
    let here = homes.records().map(|row| row.expect("a row")).find(is_here).expect("the home")
        [column("id")]
    .to_owned();
    let mut rows = csv::Reader::from_reader(out.as_slice());
    let rows = rows.records().map(|row| row.expect("a row")).filter(|row| row[0] == here);
    let expected: Vec<Option<f64>> = rows.map(|row| row[2].parse().ok()).collect();
    let reach = served.asked("reach", from);
    let found: Vec<Option<f64>> =
        reach["before"].as_array().expect("times").iter().map(Value::as_f64).collect();
    assert_eq!(found, expected);
    assert!(
        found.len() > 2 && found.iter().any(|time| time.is_some_and(|time| time > 5.0)),
        "{found:?}"
    );
}

#[test]
fn names_and_cuts_that_cannot_be_kept_are_refused_and_nothing_is_written() {
    let served = Served::crossroads();
    let before = std::fs::read(served.project()).expect("a project");
    let cuts = json!({ "cuts": [{ "lines": [0] }] });
    for name in
        ["", "Evening", "1st", "../x", "a/b", "a b", "x\"]\n[name", "a.b", "ä", &"x".repeat(61)]
    {
        for question in ["save", "evidence"] {
            let named = json!({ "name": name, "otherwise": cuts }).to_string();
            let (status, body) = served.sent("POST", &format!("api/{question}"), &named);
            assert_eq!(status, 422, "{name}: {body}");
        }
    }
    for (cuts, says) in [
        (json!({}), "which trips"),
        (json!({ "cuts": [{}] }), "which trips"),
        (json!({ "cuts": [{ "lines": [99] }] }), "no such line"),
        (json!({ "cuts": [{ "lines": [0], "hours": [28] }] }), "hours"),
        (json!({ "scenario": "none" }), "keeps its name"),
        (json!({ "scenario": "x" }), "no such scenario"),
    ] {
        let named = json!({ "name": "x", "otherwise": cuts }).to_string();
        let (status, body) = served.sent("POST", "api/save", &named);
        assert!(status == 422 && body.contains(says), "{cuts}: {status} {body}");
    }
    assert_eq!(std::fs::read(served.project()).expect("a project"), before);
    assert!(!served.folder.path().join("packs").exists());
}
