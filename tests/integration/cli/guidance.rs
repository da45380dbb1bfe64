//! Messages that lead on: what the data holds before what is wrong with it, what was meant, what is
//! missing.

use std::fs;
use std::path::Path;

use super::{copy_of, edit, names, read, root, run_words, runs, said};

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in: {text}");
    }
}

fn stdout(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// `check` of a project that is not right, which ends with 2.
fn checked(folder: &Path) -> (String, String) {
    let output = runs(["check".as_ref(), folder.join("lastmile.toml").as_os_str()], 2);
    (stdout(&output), said(&output))
}

#[test]
fn check_tells_what_the_data_holds_before_any_error() {
    let holds = ["4 ways", "service from 2026-01-05 to 2026-12-19", "neighbourhoods: 4"];
    for (file, from, to) in [
        ("jobs.csv", "lon", "lone"),
        ("oa-lookup.csv", "E0199", "E0299"),
        ("202501_fixed_oa_coverage_r01.csv", "All Premises", "Most Premises"),
        ("lastmile.toml", "file = \"jobs.csv\"", "file = \"no-jobs.csv\""),
        (
            "lastmile.toml",
            "day = \"weekday\"\nfrom = \"08:00\"",
            "date = \"2030-01-01\"\nfrom = \"08:00\"",
        ),
    ] {
        let (_keep, folder) = copy_of("crossroads");
        edit(&folder.join(file), from, to);
        let (text, error) = checked(&folder);
        has(&text, &holds);
        has(&error, &["error:"]);
    }
    for (file, gone, stays) in [
        ("gtfs/stop_times.txt", "gtfs: cannot be used", &["4 ways", "neighbourhoods: 4"]),
        (
            "neighbourhoods.geojson",
            "neighbourhoods.geojson cannot be used",
            &["4 ways", "service from"],
        ),
        (
            "crossroads.osm.pbf",
            "crossroads.osm.pbf: cannot be used",
            &["service from", "neighbourhoods: 4"],
        ),
    ] {
        let (_keep, folder) = copy_of("crossroads");
        fs::write(folder.join(file), "nothing of the kind").expect("written");
        let (text, _) = checked(&folder);
        has(&text, stays);
        has(&text, &[gone, "files of the project:"]);
    }
    let bare =
        ["check", "--osm", "fixtures/town/town.osm.pbf", "--gtfs", "fixtures/town/gtfs-before"];
    let output = runs(bare.iter().chain(&["nowhere.zip"]), 2);
    has(
        &stdout(&output),
        &["town.osm.pbf: ", "gtfs-before: ", "service from", "nowhere.zip: cannot be used"],
    );
}

#[test]
fn check_writes_its_findings_before_an_error_too() {
    let (_keep, folder) = copy_of("crossroads");
    edit(&folder.join("jobs.csv"), "lon", "lone");
    let list = folder.join("findings.csv");
    let words = ["check".as_ref(), "--findings".as_ref(), list.as_os_str()];
    let project = folder.join("lastmile.toml");
    runs(words.into_iter().chain([project.as_os_str()]), 2);
    assert!(read(&list).starts_with(b"severity,code"));
}

#[test]
fn a_study_wholly_off_the_map_is_an_error() {
    let (_keep, folder) = copy_of("crossroads");
    let text = String::from_utf8(read(folder.join("neighbourhoods.geojson"))).expect("text");
    let north = text.replace(",51.", ",54.").replace(",52.", ",55.");
    fs::write(folder.join("neighbourhoods.geojson"), north).expect("written");
    edit(
        &folder.join("lastmile.toml"),
        "[origins]\nfile = \"origins.csv\"\nweight = \"population\"\n",
        "",
    );
    let project = folder.join("lastmile.toml");
    let parts = ["none of the 4 neighbourhoods lies on the map", "crossroads.osm.pbf", "geofabrik"];
    has(&said(&runs(run_words(&project, &folder.join("out"), &[]), 2)), &parts);
    let (text, error) = checked(&folder);
    has(&text, &["4 ways", "neighbourhoods: 4"]);
    has(&error, &parts);
    let words = ["isochrone", project.to_str().expect("text"), "--from", "0.0,52.0"];
    has(&said(&runs(words, 2)), &parts);
}

#[test]
fn exchanged_longitude_and_latitude_are_told_with_the_right_pair() {
    let project = "fixtures/town/lastmile.toml";
    let osm = ["--osm", "fixtures/town/town.osm.pbf"];
    let told = ["--from", "52.2023,-1.8931", "exchanged", "-1.8931,52.2023"];
    has(&said(&runs(["isochrone", project, "--from", "52.2023,-1.8931"], 2)), &told);
    has(
        &said(&runs(["isochrone", "--from", "52.2023, -1.8931"].iter().chain(&osm), 2)),
        &["-1.8931,52.2023"],
    );
    let explain = ["explain", "--to", "amenity=library", "--from", "52.2023,-1.8931"];
    has(&said(&runs(explain.iter().chain(&osm), 2)), &told);
    let explain = ["explain", "--from", "-1.8931,52.2023", "--to", "52.2023,-1.8931"];
    has(&said(&runs(explain.iter().chain(&osm), 2)), &["--to", "-1.8931,52.2023"]);
    let explain = ["explain", "--project", project, "--to", "library", "--from", "52.2023,-1.8931"];
    has(&said(&runs(explain, 2)), &told);
    // No latitude at all: so it can only be the longitude.
    has(&said(&runs(["isochrone", "--from", "30.1,-97.7"].iter().chain(&osm), 2)), &["-97.7,30.1"]);
    runs(["isochrone", "--from", "-1.8931,52.2023"].iter().chain(&osm), 0);
}

#[test]
fn a_name_where_a_code_is_asked_for_is_told_the_code() {
    let project = "fixtures/crossroads/lastmile.toml";
    let explain = |from: &str, to: &str| {
        said(&runs(["explain", "--project", project, "--from", from, "--to", to], 2))
    };
    has(&explain("north", "library"), &["`North` is the name of E01990902", "give the code"]);
    has(&explain("E0199090", "library"), &["E01990901"]);
    has(&explain("westend", "library"), &["`Westend Green`, a stop, lies at"]);
    has(&explain("E01990901", "Library"), &["library"]);
    let out = tempfile::tempdir().expect("a folder");
    let words = run_words(Path::new(project), out.path(), &["--neighbourhood", "North"]);
    has(&said(&runs(words, 2)), &["--neighbourhood North", "`North` is the name of E01990902"]);
    let change = ["--add-broadband", "speed=gigabit code=North share=80"];
    let compare = ["compare", project, "--out", "nowhere-to-be"];
    has(&said(&runs(compare.iter().chain(&change), 2)), &["`North` is the name of E01990902"]);
    assert!(!root().join("nowhere-to-be").exists());
}

#[test]
fn points_in_a_table_are_neighbourhoods() {
    let (_keep, folder) = copy_of("crossroads");
    let csv = "LSOA21CD,LSOA21NM,lon,lat,population\n\
               E01990901,West,-0.0174874,52.0001245,300\nE01990902,North,0.0001747,52.0045206,300\n\
               E01990903,East,0.0218120,52.0001508,250\nE01990904,Holm,0.0,51.9766328,50\n";
    fs::write(folder.join("points.csv"), csv).expect("written");
    let project = folder.join("lastmile.toml");
    edit(&project, "file = \"neighbourhoods.geojson\"", "file = \"points.csv\"");
    let out = folder.join("out");
    // By whatever names the columns have, if the project says which.
    let renamed = csv.replace("LSOA21CD,LSOA21NM", "key,label");
    fs::write(folder.join("renamed.csv"), renamed).expect("written");
    let text = String::from_utf8(read(&project)).expect("text");
    let keys = text
        .replace("points.csv", "renamed.csv")
        .replace("LSOA21CD", "key")
        .replace("LSOA21NM", "label");
    let own = folder.join("own.toml");
    // The lookup of broadband finds the neighbourhoods by the name of their column.
    fs::write(&own, keys.split("[broadband]").next().expect("a beginning")).expect("written");
    runs(run_words(&own, &folder.join("own"), &[]), 0);
    let table = super::rows(&read(folder.join("own/neighbourhoods.csv")));
    assert_eq!((table[0]["id"].as_str(), table[0]["name"].as_str()), ("E01990901", "West"));
    edit(&own, "id = \"key\"", "id = \"no such column\"");
    has(
        &said(&runs(run_words(&own, &folder.join("none"), &[]), 2)),
        &["renamed.csv", "no such column"],
    );
    // With the project's own origins, of which none lies within a neighbourhood without an outline,
    // and without them.
    for origins in [true, false] {
        if !origins {
            edit(&project, "[origins]\nfile = \"origins.csv\"\nweight = \"population\"\n", "");
        }
        runs(["check".as_ref(), project.as_os_str()], 0);
        runs(run_words(&project, &out, &["--force"]), 0);
        let table = super::rows(&read(out.join("neighbourhoods.csv")));
        let row = |name: &str| table.iter().find(|row| row["name"] == name).expect("a row").clone();
        assert_eq!(table.len(), 4);
        assert_eq!(
            (row("West")["id"].as_str(), row("West")["population"].as_str()),
            ("E01990901", "300")
        );
        assert!(!row("West")["library_transit_am_p50_min"].is_empty(), "origins: {origins}");
    }
}

#[test]
fn init_says_what_is_missing_where_to_get_it_and_what_to_do_next() {
    let (_keep, folder) = copy_of("crossroads");
    for name in ["lastmile.toml", "neighbourhoods.geojson", "jobs.csv"] {
        fs::remove_file(folder.join(name)).expect("removed");
    }
    let text = said(&runs(["init".as_ref(), folder.as_os_str()], 0));
    has(&text, &["missing, and NEEDED:", "geoportal.statistics.gov.uk", "--force"]);
    has(&text, &["jobs: https://www.nomisweb.co.uk", "deprivation: https://"]);
    assert!(!text.contains("geofabrik"), "{text}");
    let (_keep, town) = copy_of("town");
    fs::remove_file(town.join("lastmile.toml")).expect("removed");
    let text = said(&runs(["init".as_ref(), town.as_os_str()], 0));
    has(&text, &["wrote", "lastmile check", "lastmile run"]);
    assert!(!text.contains("NEEDED"), "{text}");
    assert!(names(&town).contains(&"lastmile.toml".to_owned()));
}

#[test]
fn init_leaves_out_what_is_doubtful_and_says_so() {
    let (_keep, town) = copy_of("town");
    fs::remove_file(town.join("lastmile.toml")).expect("removed");
    let write = |name: &str, text: &str| fs::write(town.join(name), text).expect("written");
    // An index with a domain called so, of other areas; wards with their districts and scores;
    // homes of another town.
    write(
        "wimd.csv",
        "lsoa,LSOA Name,WIMD 2019,Income,Employment\nW01000240,Rhyl West 2,86.6,100,100\n",
    );
    write("employment.csv", "LSOA21CD,employment\nE00990001,0.412\nE00990002,0.377\n");
    write(
        "cni.csv",
        "ward17_code,ward17_name,lad19_code,Civic Assets score\nE05000026,Abbey,E09000002,16.27\n",
    );
    write("far_homes.csv", "id,lon,lat,people\n1,-5.5,50.1,10\n");
    write("far_surgeries.csv", "name,lon,lat\nA,-5.5,50.1\n");
    write("old_people.csv", "LSOA11CD,population\nE00000001,5\n");
    let text = said(&runs(["init".as_ref(), town.as_os_str()], 0));
    for (file, why) in [
        ("wimd.csv", "none of the neighbourhoods' codes"),
        ("employment.csv", "whole numbers"),
        ("cni.csv", "no lookup"),
        ("far_homes.csv", "0 of 27 neighbourhoods"),
        ("far_surgeries.csv", "lies near the neighbourhoods"),
        ("old_people.csv", "the number of people"),
    ] {
        let line = text
            .lines()
            .find(|line| line.contains(file))
            .unwrap_or_else(|| panic!("{file}: {text}"));
        has(line, &[why]);
    }
    let project = String::from_utf8(read(town.join("lastmile.toml"))).expect("text");
    has(
        &project,
        &[
            "# Left out, since it is doubtful",
            "[jobs]\nfile = \"jobs.csv\"",
            "lookup = \"oa-lookup.csv\"",
        ],
    );
    has(
        &project,
        &["population_file = \"population.csv\"", "deprivation_file = \"deprivation.csv\""],
    );
    has(&project, &["[origins]\nfile = \"origins.csv\""]);
    runs(["check".as_ref(), town.join("lastmile.toml").as_os_str()], 0);
}

/// A terminal of its own for the program, with what it shows.
#[cfg(unix)]
#[test]
fn a_terminal_sees_progress_after_a_second_and_a_file_does_not() {
    use std::process::{Command, Stdio};
    let script = Command::new("script").arg("--version").stdout(Stdio::null()).status();
    if !script.is_ok_and(|status| status.success()) {
        #[expect(clippy::print_stderr, reason = "a skipped check must be seen")]
        {
            eprintln!("SKIPPED: there is no `script` that lends a terminal");
        }
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let program = super::lastmile().get_program().to_string_lossy().into_owned();
    // Paused for longer than a second while it works, wherever it is then.
    let words = format!(
        "'{program}' compare fixtures/town/lastmile.toml --withdraw route=7 --out '{}' & \
         sleep 0.05; kill -STOP $!; sleep 1.2; kill -CONT $!; wait $!",
        folder.path().join("out").display()
    );
    let shown = Command::new("script")
        .args(["-qec", &words, "/dev/null"])
        .current_dir(root())
        .stdin(Stdio::null())
        .output()
        .expect("it starts");
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    let stages =
        ["reading", "changing the data", "comparing changes", "writing", "am", "attribution"];
    // As wide as a bar's name is.
    assert!(stages.iter().any(|stage| shown.contains(&format!("{stage:30}"))), "{shown:?}");
    has(&shown, &["wrote 1 scenarios"]);
}
