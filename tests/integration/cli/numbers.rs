//! The numbers of fixtures/crossroads, worked out by hand in its README.md, and what must hold of
//! any numbers.

use std::path::Path;

use super::{CROSSROADS, Row, contents, lastmile, read, root, rows, run_words, runs, said};

fn crossroads(file: &str) -> Vec<u8> {
    read(root().join("fixtures/crossroads").join(file))
}

fn matrix(more: &[&str]) -> Vec<u8> {
    let words = ["matrix"].iter().chain(&CROSSROADS).chain(more);
    runs(words, 0).stdout
}

#[track_caller]
fn same_table(ours: &[u8], expected: &[u8]) {
    let (ours, expected) = (String::from_utf8_lossy(ours), String::from_utf8_lossy(expected));
    for (number, (ours, expected)) in ours.lines().zip(expected.lines()).enumerate() {
        assert_eq!(ours, expected, "line {}", number + 1);
    }
    assert_eq!(ours.lines().count(), expected.lines().count());
}

fn crossroads_run() -> (Vec<Row>, serde_json::Value) {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    runs(run_words(Path::new("fixtures/crossroads/lastmile.toml"), &out, &[]), 0);
    let map = serde_json::from_slice(&read(out.join("neighbourhoods.geojson"))).expect("GeoJSON");
    (rows(&read(out.join("neighbourhoods.csv"))), map)
}

#[test]
fn the_neighbourhoods_of_crossroads_are_those_worked_out_by_hand() {
    let (ours, _) = crossroads_run();
    let expected = rows(&crossroads("expected-neighbourhoods.csv"));
    assert_eq!((ours.len(), expected.len()), (4, 4));
    let mut cells = 0;
    for (ours, expected) in ours.iter().zip(&expected) {
        for (field, value) in expected {
            assert_eq!(ours.get(field), Some(value), "{field} of {}", expected["name"]);
            cells += 1;
        }
    }
    assert_eq!(cells, 4 * 84, "every column of the expected file");
}

#[test]
fn nothing_is_said_of_a_neighbourhood_off_the_map() {
    let (ours, _) = crossroads_run();
    let outside: Vec<&str> = ours
        .iter()
        .filter(|row| row["outside_map"] == "true")
        .map(|row| row["name"].as_str())
        .collect();
    assert_eq!(outside, ["Holm"]);
    let holm = ours.iter().find(|row| row["name"] == "Holm").expect("Holm");
    for (field, value) in
        holm.iter().filter(|(field, _)| field.contains("_walk_") || field.contains("_transit_"))
    {
        assert_eq!(value, "", "{field}");
    }
}

#[test]
fn the_matrix_of_the_morning_is_that_worked_out_by_hand() {
    let ours = matrix(&[
        "--date",
        "2026-03-10",
        "--depart",
        "08:00",
        "--window",
        "10",
        "--seconds",
        "--all-pairs",
    ]);
    same_table(&ours, &crossroads("expected-matrix.csv"));
}

#[test]
fn the_matrix_through_midnight_is_that_worked_out_by_hand() {
    let ours = matrix(&[
        "--date",
        "2026-03-10",
        "--depart",
        "23:55",
        "--window",
        "10",
        "--seconds",
        "--all-pairs",
    ]);
    same_table(&ours, &crossroads("expected-matrix-night.csv"));
}

#[test]
fn the_matrix_of_the_saturday_is_that_worked_out_by_hand() {
    let ours = matrix(&[
        "--date",
        "2026-03-07",
        "--depart",
        "10:00",
        "--window",
        "10",
        "--seconds",
        "--all-pairs",
    ]);
    same_table(&ours, &crossroads("expected-matrix-saturday.csv"));
}

#[test]
fn the_walks_are_those_worked_out_by_hand() {
    let ours = runs(
        ["matrix", "--modes", "walk", "--seconds", "--all-pairs"].iter().chain(&CROSSROADS[..8]),
        0,
    );
    same_table(&ours.stdout, &crossroads("expected-matrix-walk.csv"));
}

#[test]
fn minutes_are_the_seconds_to_one_decimal_and_pairs_that_are_not_reached_are_left_out() {
    let when = ["--date", "2026-03-10", "--depart", "23:55", "--window", "10"];
    let minutes = rows(&matrix(&when));
    let seconds = rows(&matrix(&[&when[..], &["--seconds", "--all-pairs"]].concat()));
    let mut reached = seconds.iter().filter(|row| !row["travel_time_s_p25"].is_empty());
    for row in &minutes {
        let seconds = reached.next().expect("as many");
        assert_eq!((&row["from_id"], &row["to_id"]), (&seconds["from_id"], &seconds["to_id"]));
        for percentile in ["p25", "p50", "p75"] {
            let (text, seconds) = (
                &row[&format!("travel_time_{percentile}")],
                &seconds[&format!("travel_time_s_{percentile}")],
            );
            let expected = seconds
                .parse::<f64>()
                .map_or(String::new(), |seconds| format!("{:.1}", seconds / 60.0));
            assert_eq!(text, &expected);
        }
    }
    assert!(reached.next().is_none());
    assert_eq!(minutes.len(), 16, "four origins to four places; none to jobs_west, none from H1");
}

#[test]
fn the_parts_of_a_matrix_make_the_whole() {
    let when = ["--date", "2026-03-10", "--window", "10"];
    let part = |part: &str| matrix(&[&when[..], &["--shard", part]].concat());
    let parts: Vec<Vec<u8>> = ["1/3", "2/3", "3/3"].map(part).into();
    let header = parts[0].iter().position(|byte| *byte == b'\n').expect("a header") + 1;
    let joined = parts.iter().skip(1).fold(parts[0].clone(), |mut all, part| {
        all.extend(&part[header..]);
        all
    });
    assert_eq!(String::from_utf8_lossy(&joined), String::from_utf8_lossy(&matrix(&when)));
    assert!(parts.iter().all(|part| part.len() > header), "each part has a share");
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let results = ["1", "2", "5"].map(|threads| {
        let out = folder.path().join(threads);
        runs(run_words(Path::new("fixtures/town/lastmile.toml"), &out, &["--threads", threads]), 0);
        contents(&out)
    });
    assert!(results[0].len() >= 7, "{:?}", results[0].keys());
    for other in &results[1..] {
        assert_eq!(other.keys().collect::<Vec<_>>(), results[0].keys().collect::<Vec<_>>());
        for (name, bytes) in other {
            assert!(*bytes == results[0][name], "{name} differs");
        }
    }
}

/// The town's table: a median is empty exactly where more than half of the people are not reached,
/// and never a stand-in.
#[test]
fn unreachable_is_never_a_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    // With 30 minutes at most, much of the town is out of reach.
    let (_keep, town) = super::copy_of("town");
    super::edit(&town.join("lastmile.toml"), "max_time_min = 120", "max_time_min = 30");
    super::edit(
        &town.join("lastmile.toml"),
        "cutoffs_min = [15, 30, 45, 60]",
        "cutoffs_min = [15, 30]",
    );
    runs(run_words(&town.join("lastmile.toml"), &out, &[]), 0);
    let table = rows(&read(out.join("neighbourhoods.csv")));
    let map: serde_json::Value =
        serde_json::from_slice(&read(out.join("neighbourhoods.geojson"))).expect("GeoJSON");
    let (mut empty, mut full) = (0, 0);
    for (number, row) in table.iter().enumerate() {
        let properties = &map["features"][number]["properties"];
        assert_eq!(properties["id"].as_str(), Some(row["id"].as_str()));
        for (field, value) in row {
            let property = &properties[field];
            assert_eq!(value.is_empty(), property.is_null(), "{field}: {value:?}, {property}");
            if field.ends_with("_min") && !value.is_empty() {
                let minutes: f64 = value.parse().expect("a number");
                assert!((0.0..=30.0).contains(&minutes), "{field}: {minutes}");
            }
            let Some(base) = field.strip_suffix("_pct_unreached") else { continue };
            let unreached: f64 = value.parse().expect("a share");
            let median = &row[&format!("{base}_p50_min")];
            if (unreached - 50.0).abs() > 0.05 {
                assert_eq!(
                    median.is_empty(),
                    unreached > 50.0,
                    "{base}: {median:?}, {unreached} % unreached"
                );
                *(if median.is_empty() { &mut empty } else { &mut full }) += 1;
            }
            if unreached > 0.0 {
                assert_eq!(row[&format!("{base}_worst_min")], "", "{base}: there is no worst time");
            }
        }
    }
    assert!(empty > 20 && full > 200, "both must be seen: {empty} empty, {full} not");
}

#[test]
fn every_column_stands_in_the_dictionary() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    runs(run_words(Path::new("fixtures/crossroads/lastmile.toml"), &out, &[]), 0);
    let columns = |file: &str, prefix: &str| -> Vec<String> {
        let Ok(table) = std::fs::read(out.join(file)) else { return Vec::new() };
        let mut reader = csv::Reader::from_reader(&table[..]);
        let header = reader.headers().expect("a header");
        header.iter().map(|name| format!("{prefix}{name}")).collect()
    };
    let mut all = columns("neighbourhoods.csv", "");
    assert!(!all.is_empty());
    all.extend(columns("groups.csv", "groups.csv:"));
    all.extend(columns("inequality.csv", "inequality.csv:"));
    let dictionary = rows(&read(out.join("fields.csv")));
    assert_eq!(all, dictionary.iter().map(|row| row["name"].as_str()).collect::<Vec<_>>());
    assert!(dictionary.iter().all(|row| !row["meaning"].is_empty()));
}

/// A reader that has seen enough, such as `head`, is no fault.
#[cfg(unix)]
#[test]
fn a_pipe_that_is_closed_early_ends_the_program_quietly() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    let mut command = std::process::Command::new(lastmile().get_program());
    let town = "fixtures/town/";
    let origins = format!("{town}origins.csv");
    let osm = format!("{town}town.osm.pbf");
    // 133 × 133 pairs are far more than a pipe holds.
    let words = ["matrix", "--all-pairs", "--osm", &osm, "--origins", &origins];
    let command =
        command.args(words).current_dir(root()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut line = String::new();
    let mut pipe = BufReader::new(child.stdout.take().expect("piped"));
    pipe.read_line(&mut line).expect("a line");
    drop(pipe);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(line, "from_id,to_id,travel_time_p50\n");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(
        !said(&output).contains("error") && !said(&output).contains("panicked"),
        "{}",
        said(&output)
    );
}
