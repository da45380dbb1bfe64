//! The examples of the crate give the numbers of the program.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::process::Command;

use super::root;

#[path = "../../../examples/compare.rs"]
#[expect(dead_code, reason = "the example's `main` is not called")]
mod compare;
#[path = "../../../examples/isochrone.rs"]
#[expect(dead_code, reason = "the example's `main` is not called")]
mod isochrone;
#[path = "../../../examples/matrix.rs"]
#[expect(dead_code, reason = "the example's `main` is not called")]
mod matrix;

fn town() -> PathBuf {
    root().join("fixtures/town")
}

/// What the program writes on the standard output, run in the town.
fn lastmile(words: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lastmile"));
    let output =
        command.args(words.split_whitespace()).current_dir(town()).output().expect("it runs");
    assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

const POINTS: &str =
    "--osm town.osm.pbf --date 2026-03-10 --origins origins.csv --destinations libraries.csv";

#[test]
fn the_example_matrix_writes_what_the_command_writes() -> Result<(), Box<dyn Error>> {
    let mut written = Vec::new();
    matrix::write_matrix(&town(), &mut written)?;
    let written = String::from_utf8(written)?;
    assert!(written.lines().count() > 300, "{written}");
    let command = lastmile(&format!(
        "matrix {POINTS} --gtfs gtfs-before --depart 07:00 --window 120 --seconds"
    ));
    assert_eq!(written, command);
    Ok(())
}

#[test]
fn the_example_compare_counts_what_two_matrices_differ_by() -> Result<(), Box<dyn Error>> {
    let mut written = Vec::new();
    compare::write_changes(&town(), &mut written)?;
    let written = String::from_utf8(written)?;

    let evening = |feed: &str| {
        let words = format!(
            "matrix {POINTS} --gtfs {feed} --depart 19:00 --window 180 --seconds --all-pairs"
        );
        let rows = lastmile(&words);
        let times =
            rows.lines().skip(1).map(|row| row.rsplit(',').next().and_then(|t| t.parse().ok()));
        times.collect::<Vec<Option<u32>>>()
    };
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for pair in evening("gtfs-before").into_iter().zip(evening("gtfs-after")) {
        let state = match pair {
            (None, None) => "never",
            (Some(_), None) => "lost",
            (None, Some(_)) => "gained",
            (Some(before), Some(after)) if after > before => "longer",
            (Some(before), Some(after)) if after < before => "shorter",
            _ => "same",
        };
        *counted.entry(state).or_default() += 1;
    }
    assert!(counted["longer"] > 0, "the cut is felt: {counted:?}");
    for line in written.lines() {
        let (state, count) = line.split_once(": ").ok_or("a state and a number")?;
        assert_eq!(count.parse::<usize>()?, counted.get(state).copied().unwrap_or(0), "{state}");
    }
    assert_eq!(written.lines().count(), 6);
    Ok(())
}

#[test]
fn the_example_isochrone_measures_what_the_command_draws() -> Result<(), Box<dyn Error>> {
    let mut written = Vec::new();
    isochrone::write_areas(&town(), &mut written)?;
    let written = String::from_utf8(written)?;
    let words = "isochrone --osm town.osm.pbf --gtfs gtfs-before --date 2026-03-10 --depart 08:00 --window 60 \
                 --from -1.8931,52.202267 --cutoffs 15,30,45 --cumulative";
    let drawn: serde_json::Value = serde_json::from_str(&lastmile(words))?;
    let features = drawn["features"].as_array().ok_or("features")?;
    let mut lines: Vec<String> = Vec::new();
    for feature in features {
        let of = &feature["properties"];
        lines.push(format!(
            "{} min: {:.3} km²",
            of["cutoff_min"],
            of["within_km2"].as_f64().ok_or("km²")?
        ));
    }
    let mut written: Vec<&str> = written.lines().collect();
    written.sort_unstable();
    lines.sort_unstable();
    assert_eq!(written, lines);
    Ok(())
}
