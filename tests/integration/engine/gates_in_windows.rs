//! What explains a number goes over the streets of its window: a gate that is shut then is shut
//! there too.
#![cfg(feature = "opening-hours")]

mod gate_world;
use crate::support::maps;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

type Row = BTreeMap<String, String>;

fn lastmile(folder: &Path, words: &[&str]) {
    let out = Command::new(env!("CARGO_BIN_EXE_lastmile")).current_dir(folder).args(words).output();
    let out = out.expect("runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

fn rows(file: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(file).expect("a table");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

/// Whoever leaves at 08:00 to 08:09 is at the stop 700 s later and ready after 60 s more, at
/// 08:12:40 to 08:21:40. The first three catch line 2 at 08:15 and arrive at 08:20, the others line
/// 1 at 08:25, 08:30: 18 to 27 minutes, the fifth of ten is 22. Without line 2 it is the fifth of
/// 21 to 30: 25.
#[test]
fn a_shut_gate_is_shut_in_what_explains_a_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let gate = [("barrier", "gate"), ("opening_hours", "10:00-18:00")];
    gate_world::write(folder.path(), &gate);
    lastmile(folder.path(), &["compare", "lastmile.toml", "--cut", "route=2", "--out", "out"]);
    let change = &rows(&folder.path().join("out/change.csv"))[0];
    assert_eq!(
        (
            change["library_transit_am_p50_before_min"].as_str(),
            change["library_transit_am_p50_after_min"].as_str()
        ),
        ("22.0", "25.0")
    );
    let journeys = rows(&folder.path().join("out/journeys.csv"));
    let told = journeys.iter().find(|row| row["id"] == "Z1").expect("told of");
    assert!(told["before"].starts_with("walk 12 min to Stop S, 2 at 08:15"), "{told:?}");
    assert!(told["after"].starts_with("walk 12 min to Stop S, 1 at 08:25"), "{told:?}");
    let effects = rows(&folder.path().join("out/attribution.csv"));
    let minutes = |by: &str| {
        let row = effects.iter().find(|row| row["by"] == by && row["category"] == "library");
        row.unwrap_or_else(|| panic!("{by}: {effects:?}"))["people_minutes"].clone()
    };
    assert_eq!((minutes("whole").as_str(), minutes("route").as_str()), ("300", "300"));
    assert_eq!(minutes("interaction of routes"), "0");
}

/// Hours with service are those of a day, which is no window: the gate is open then. The way round
/// it is longer than the longest walk.
#[test]
fn the_hours_of_a_day_are_those_of_no_window() {
    let found = |gate: &[(&str, &str)]| {
        let folder = tempfile::tempdir().expect("a folder");
        gate_world::write(folder.path(), gate);
        let project = folder.path().join("lastmile.toml");
        let text = std::fs::read_to_string(&project).expect("a project");
        let text = text.replace("max_walk_min = 30", "max_walk_min = 10");
        std::fs::write(&project, text).expect("written");
        lastmile(folder.path(), &["run", "lastmile.toml", "--out", "out"]);
        let row = rows(&folder.path().join("out/neighbourhoods.csv")).remove(0);
        ["service_hours_am", "library_transit_am_p50_min"].map(|field| row[field].clone())
    };
    let [hours, time] = found(&[("barrier", "gate")]);
    assert_eq!((hours.as_str(), time.is_empty()), ("1", false));
    let [hours, time] = found(&[("barrier", "gate"), ("opening_hours", "10:00-18:00")]);
    assert_eq!((hours.as_str(), time.as_str()), ("1", ""), "nobody gets to the stop in the window");
}
