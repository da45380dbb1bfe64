//! Exit codes, and messages that tell what to do.

use std::path::Path;

use super::{CROSSROADS, copy_of, edit, lastmile, names, read, run_words, runs, said};

const PROJECT: &str = "fixtures/crossroads/lastmile.toml";

fn matrix_says(more: &[&str], code: i32) -> String {
    said(&runs(["matrix"].iter().chain(&CROSSROADS).chain(more), code))
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in: {text}");
    }
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_what_it_may_have_meant() {
    let (_keep, folder) = copy_of("crossroads");
    edit(&folder.join("lastmile.toml"), "seed = 1", "sede = 1");
    let before = names(&folder);
    let out = folder.join("out");
    let output = runs(run_words(&folder.join("lastmile.toml"), &out, &[]), 2);
    has(&said(&output), &["error:", "lastmile.toml, line 7", "`sede`", "`seed`"]);
    assert_eq!(names(&folder), before, "nothing is left behind");
}

#[test]
#[cfg(not(feature = "flatgeobuf"))]
fn a_build_without_flatgeobuf_says_how_to_build_one_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let project = super::root().join("fixtures/crossroads/lastmile.toml");
    let text = said(&runs(run_words(&project, &out, &["--fgb"]), 2));
    has(&text, &["--fgb", "cargo install --path . --features flatgeobuf", "ogr2ogr"]);
    assert!(!out.exists());
}

#[test]
fn a_date_outside_the_feed_is_refused_with_its_range_and_its_busiest_dates() {
    let text = matrix_says(&["--date", "2025-03-11"], 2);
    has(&text, &["2025-03-11", "2026-01-05", "2026-12-19", "(4 trips)", "--allow-unusual-date"]);
}

#[test]
fn an_unusual_date_is_refused_with_the_nearest_ordinary_one() {
    let (_keep, folder) = copy_of("crossroads");
    std::fs::write(
        folder.join("gtfs/calendar_dates.txt"),
        "service_id,date,exception_type\nWD,20260310,2\n",
    )
    .expect("written");
    let project = folder.join("lastmile.toml");
    let gtfs = folder.join("gtfs");
    let gtfs = gtfs.to_str().expect("a path of text");
    let words: Vec<&str> =
        CROSSROADS.iter().map(|word| if word.ends_with("/gtfs") { gtfs } else { word }).collect();
    let refused = runs(["matrix", "--date", "2026-03-10"].iter().chain(&words), 2);
    has(
        &said(&refused),
        &["2026-03-10", "Tuesday", "ordinary date is 2026-03-", "--allow-unusual-date"],
    );
    let allowed =
        runs(["matrix", "--date", "2026-03-10", "--allow-unusual-date"].iter().chain(&words), 0);
    has(&said(&allowed), &["warning: unusual date allowed"]);
    // A window that names a day type is moved to an ordinary day, one that names the date is
    // refused.
    edit(
        &project,
        "day = \"weekday\"\nfrom = \"08:00\"",
        "date = \"2026-03-10\"\nfrom = \"08:00\"",
    );
    let out = folder.join("out");
    has(&said(&runs(run_words(&project, &out, &[]), 2)), &["2026-03-10", "nearest ordinary date"]);
    assert!(!out.exists());
    runs(run_words(&project, &out, &["--allow-unusual-date"]), 0);
    for file in ["run.json", "report.html"] {
        let text = String::from_utf8(read(out.join(file))).expect("text");
        has(&text, &["unusual date allowed", "2026-03-10"]);
    }
}

#[test]
fn a_weekday_without_service_is_a_fact_and_is_said() {
    let text = matrix_says(&["--date", "2026-03-08"], 0);
    has(&text, &["no Sunday service", "every time is on foot"]);
}

#[test]
fn a_date_is_asked_for_and_the_feed_s_range_told() {
    has(&matrix_says(&[], 2), &["--date", "2026-01-05", "2026-12-19"]);
}

#[test]
fn files_that_are_not_there_or_something_else_are_named() {
    let words = |osm, origins| ["matrix", "--osm", osm, "--origins", origins];
    let good = ["fixtures/crossroads/crossroads.osm.pbf", "fixtures/crossroads/origins.csv"];
    has(&said(&runs(words("nowhere.osm.pbf", good[1]), 2)), &["nowhere.osm.pbf"]);
    has(
        &said(&runs(words(good[1], good[1]), 2)),
        &["origins.csv", "not an OpenStreetMap pbf file"],
    );
    has(
        &said(&runs(words(good[0], "fixtures/crossroads/oa-lookup.csv"), 2)),
        &["oa-lookup.csv", "lon", "OA21CD"],
    );
    has(&said(&runs(["run", "nowhere.toml"], 2)), &["nowhere.toml", "lastmile init"]);
}

#[test]
fn words_that_are_not_understood_are_wrong_usage() {
    for words in
        [&["rum"][..], &["run"], &["matrix", "--percentiles", "0"], &["run", PROJECT, "--fast"]]
    {
        runs(words, 2);
    }
    let at = |time| matrix_says(&["--date", "2026-03-10", "--depart", time], 2);
    has(&at("8am"), &["8am", "HH:MM"]);
    has(&matrix_says(&["--shard", "4/3"], 2), &["4/3", "2/8"]);
}

#[test]
fn findings_are_shown_and_deny_makes_them_count() {
    let words = |deny| ["matrix", "--date", "2026-03-10", "--deny", deny];
    // H1 is 2,000 m from the last street: nothing is known of it.
    for (deny, code) in
        [("point_off_map", 1), ("warnings", 1), ("errors", 0), ("stop_off_network", 0)]
    {
        let output = runs(words(deny).iter().chain(&CROSSROADS), code);
        has(&said(&output), &["point_off_map", "1 of 5 points"]);
        assert!(output.stdout.starts_with(b"from_id,to_id,"), "done all the same");
    }
}

#[test]
fn quiet_leaves_warnings_only_and_nothing_but_data_is_on_the_standard_output() {
    let output = runs(["matrix", "--quiet", "--date", "2026-03-10"].iter().chain(&CROSSROADS), 0);
    let off_map = "warning: 1 of 5 origins lie off the map: what is reached from or to them is \
                   unknown, and they have no number: H1\n";
    assert_eq!(said(&output), off_map);
    let output = runs(["matrix", "--quiet", "--date", "2026-03-08"].iter().chain(&CROSSROADS), 0);
    assert!(said(&output).lines().all(|line| line.starts_with("warning:")), "{}", said(&output));
    let lines = String::from_utf8(output.stdout).expect("text");
    assert!(lines.lines().all(|line| line.split(',').count() == 5));
}

#[test]
fn the_summary_is_json_when_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let output = runs(run_words(Path::new(PROJECT), &out, &["--json"]), 0);
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON alone");
    assert_eq!(summary["windows"][2]["date"], "2026-03-07");
    assert_eq!(summary["counts"]["neighbourhoods_outside_map"], 1);
}

#[test]
fn check_tells_what_is_in_the_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let findings = folder.path().join("findings.csv");
    let words = ["check", "--findings", findings.to_str().expect("text"), PROJECT];
    let text = String::from_utf8(runs(words, 0).stdout).expect("text");
    has(&text, &["4 ways", "service from 2026-01-05 to 2026-12-19", "Tu 01-06 4", "Su 01-11 0"]);
    has(&text, &["neighbourhoods: 4; origin points: 5, 4 joined", "library: 1 places"]);
    has(&text, &["window saturday: 2026-03-07 Saturday"]);
    has(&String::from_utf8(read(&findings)).expect("text"), &["point_off_map"]);
    let bare =
        ["check", "--gtfs", "fixtures/town/gtfs-before", "--osm", "fixtures/town/town.osm.pbf"];
    let text = String::from_utf8(runs(bare, 0).stdout).expect("text");
    has(&text, &["gtfs-before", "174 of them joined to the streets", "Aldminster"]);
}

#[test]
fn a_folder_s_files_become_a_project_that_runs() {
    let (_keep, town) = copy_of("town");
    std::fs::remove_file(town.join("lastmile.toml")).expect("removed");
    std::fs::remove_dir_all(town.join("gtfs-after")).expect("removed");
    runs(["init".as_ref(), town.as_os_str()], 0);
    let project = town.join("lastmile.toml");
    let out = town.join("out");
    has(&said(&runs(["init".as_ref(), town.as_os_str()], 2)), &["exists already", "--force"]);
    runs(["check".as_ref(), project.as_os_str()], 0);
    runs(run_words(&project, &out, &[]), 0);
    let table = super::rows(&read(out.join("neighbourhoods.csv")));
    assert_eq!(table.len(), 27);
    let field = |row: &super::Row, name: &str| row.get(name).is_some_and(|value| !value.is_empty());
    for name in [
        "population",
        "deprivation_rank",
        "broadband_below_decent_pct",
        "jobs_transit_am_45min_of_p50",
    ] {
        assert!(table.iter().all(|row| field(row, name)), "{name}");
    }
    assert!(table.iter().filter(|row| field(row, "library_transit_sunday_p50_min")).count() > 20);
    assert!(table.iter().all(|row| row["origin_source"] == "given"));
}

#[test]
fn a_code_to_deny_that_no_finding_has_is_wrong_usage() {
    let text = matrix_says(&["--date", "2026-03-10", "--deny", "point_off_netwrok"], 2);
    has(&text, &["--deny", "`point_off_netwrok`", "did you mean `point_off_network`?"]);
    has(
        &matrix_says(&["--date", "2026-03-10", "--deny", "warning"], 2),
        &["did you mean `warnings`?"],
    );
}

#[test]
fn a_date_where_a_kind_of_day_is_wanted_is_told_its_key() {
    let (_keep, folder) = copy_of("crossroads");
    edit(&folder.join("lastmile.toml"), "day = \"saturday\"", "day = \"2026-12-25\"");
    let text = said(&runs(run_words(&folder.join("lastmile.toml"), &folder.join("out"), &[]), 2));
    has(&text, &["windows.saturday.day", "2026-12-25", "`date = \"2026-12-25\"`"]);
}

#[test]
fn a_folder_without_anything_to_use_makes_no_project() {
    let folder = tempfile::tempdir().expect("a folder");
    let words = ["init".as_ref(), folder.path().as_os_str()];
    has(&said(&runs(words, 2)), &["holds nothing", ".osm.pbf", "GTFS"]);
    std::fs::write(folder.path().join("letter.txt"), "Dear Sir,\n").expect("written");
    has(&said(&runs(words, 2)), &["holds nothing", "1 files that are not understood"]);
    assert_eq!(names(folder.path()), ["letter.txt"]);
}

#[test]
fn a_file_that_nobody_can_tell_what_it_is_to_be_is_not_written() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["times.txt", "times", "times.csv.gz"] {
        let out = folder.path().join(name);
        let text = matrix_says(&["--date", "2026-03-10", "--out", out.to_str().expect("text")], 2);
        has(&text, &[name, ".csv", ".parquet"]);
    }
    let out = folder.path().join("near.txt");
    let words = ["nearest", "--date", "2026-03-10", "--out", out.to_str().expect("text")];
    has(&said(&runs(words.iter().chain(&CROSSROADS[..6]), 2)), &["near.txt", ".csv"]);
    assert!(names(folder.path()).is_empty());
}

#[test]
fn completions_and_help_are_there() {
    has(
        &String::from_utf8_lossy(&runs(["completions", "bash"], 0).stdout),
        &["_lastmile()", "matrix"],
    );
    has(&String::from_utf8_lossy(&runs(["--help"], 0).stdout), &["run", "matrix", "check", "init"]);
    lastmile().arg("--version").assert().success();
}
