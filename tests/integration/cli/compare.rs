//! `lastmile compare`: on the town, whose cut is known by construction, and on the crossroads, by
//! hand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Row, contents, copy_of, edit, names, read, root, rows, runs, said};

/// The whole cut of the town (its README), as modifications.
const CUT: [[&str; 2]; 6] = [
    ["--cut", "route=1 after=19:00"],
    ["--cut", "route=1 days=sun"],
    ["--withdraw", "route=7"],
    ["--thin", "route=2 every=2 days=mon-fri before=19:25"],
    ["--shorten", "route=8 direction=0 to=W005"],
    ["--shorten", "route=8 direction=1 from=W066"],
];

/// Compares, with few words said, and gives the folder's files.
pub(super) fn compared(project: &Path, out: &Path, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let words = ["compare".as_ref(), project.as_os_str(), "--out".as_ref(), out.as_os_str()];
    runs(words.into_iter().chain(more.iter().map(|word| std::ffi::OsStr::new(*word))), 0);
    let mut files = BTreeMap::new();
    for name in names(out) {
        let path = out.join(&name);
        if path.is_dir() {
            files.extend(
                contents(&path).into_iter().map(|(file, bytes)| (format!("{name}/{file}"), bytes)),
            );
        } else {
            files.insert(name, read(&path));
        }
    }
    files
}

pub(super) fn by_id(csv: &[u8]) -> BTreeMap<String, Row> {
    rows(csv).into_iter().map(|row| (row["id"].clone(), row)).collect()
}

pub(super) fn town_with(scenario: &str) -> (tempfile::TempDir, PathBuf) {
    let (folder, town) = copy_of("town");
    let project = town.join("lastmile.toml");
    let text = String::from_utf8(read(&project)).expect("text");
    std::fs::write(&project, format!("{text}\n{scenario}\n")).expect("written");
    (folder, project)
}

#[test]
fn the_town_before_and_after_its_cut() {
    let (folder, town) = copy_of("town");
    let swapped = compared(&town.join("lastmile.toml"), &folder.path().join("swap"), &[]);
    the_timetables_differ_as_they_were_made(&swapped["feed_diff.csv"]);
    #[cfg(feature = "gpkg")]
    the_layers_hold_both_sides(
        &folder.path().join("swap/lastmile.gpkg"),
        &swapped["feed_diff.csv"],
    );
    let change = by_id(&swapped["change.csv"]);
    assert_eq!(change.len(), 27);
    // After has only rows that before has: nothing can be better, to anybody.
    for row in change.values() {
        for (name, cell) in row {
            let minutes = cell.parse::<f64>().unwrap_or(0.0);
            let less_is_worse = name.starts_with("last_") || name.contains("_last_home_");
            let worse = if less_is_worse { minutes <= 0.0 } else { minutes >= 0.0 };
            assert!(!name.ends_with("_change_min") || worse, "{name} of {}: {cell}", row["id"]);
            assert!(
                !name.ends_with("_state") || !["gained", "shorter"].contains(&cell.as_str()),
                "{name}"
            );
            assert!(!name.contains("people_gained") || minutes == 0.0, "{name}");
        }
    }
    // Northmoor, at the end of line 1, has no pub and no GP of its own: on Sundays there was
    // nothing but line 1.
    for id in ["E01990023", "E01990024"] {
        let row = &change[id];
        for what in ["pub", "gp"] {
            assert_eq!(row[&format!("{what}_transit_sunday_state")], "lost", "{id} {what}");
            assert_eq!(
                row[&format!("{what}_transit_sunday_people_lost")],
                row["population"],
                "{id} {what}"
            );
            assert_eq!(row[&format!("{what}_transit_sunday_p50_after_min")], "");
            assert_eq!(
                row[&format!("{what}_transit_sunday_p50_change_min")],
                "",
                "lost is no number"
            );
        }
        // By day line 1 still runs, each 15 minutes.
        assert_eq!(row["gp_transit_midday_state"], "same", "{id}");
    }
    // The village is on no line: whatever is cut, it stays as it is.
    assert!(
        change["E01990027"]
            .iter()
            .all(|(name, cell)| !name.ends_with("_state") || cell == "same" || cell == "never")
    );

    // The very same cut as modifications makes the very same numbers.
    let flags: Vec<&str> = CUT.into_iter().flatten().collect();
    let modified =
        compared(&root().join("fixtures/town/lastmile.toml"), &folder.path().join("cut"), &flags);
    assert_eq!(by_id(&modified["change.csv"]), change);
    for same in ["change.csv", "change.geojson", "change_groups.csv", "neighbourhoods.csv"] {
        assert!(modified[same] == swapped[same], "{same} differs");
    }
    // Its project file makes them again.
    std::fs::write(folder.path().join("town/again.toml"), &modified["scenario.toml"])
        .expect("written");
    let again = folder.path().join("town/again.toml");
    let again = compared(&again, &folder.path().join("again"), &["--scenario", "changes"]);
    assert!(again["change.csv"] == modified["change.csv"]);
    assert!(again["attribution.csv"] == modified["attribution.csv"]);
    the_page_quotes_and_asks_for_nothing(&modified["report.html"]);
}

fn the_timetables_differ_as_they_were_made(csv: &[u8]) {
    let rows = rows(csv);
    let route = |date: &str, name: &str| -> [String; 4] {
        let row = rows
            .iter()
            .find(|row| row["what"] == "route" && row["date_after"] == date && row["name"] == name);
        let row = row.unwrap_or_else(|| panic!("no route {name} on {date}"));
        ["became", "before", "after", "same"].map(|column| row[column].clone())
    };
    // Tuesday 2026-03-10: line 1 has 8 evening trips, line 2 runs each 30 minutes, not 15, line 7
    // not at all, line 8 turns early.
    let of = |became: &str, before: u32, after: u32, same: u32| {
        [became.to_owned(), before.to_string(), after.to_string(), same.to_string()]
    };
    assert_eq!(route("2026-03-10", "1"), of("fewer", 60, 52, 52));
    assert_eq!(route("2026-03-10", "2"), of("fewer", 112, 60, 60));
    assert_eq!(route("2026-03-10", "7"), of("withdrawn", 24, 0, 0));
    assert_eq!(route("2026-03-10", "8"), of("retimed", 26, 26, 0));
    assert_eq!(route("2026-03-08", "1"), of("withdrawn", 13, 0, 0));
    assert_eq!(route("2026-03-08", "3"), of("same", 16, 16, 16));
    for line in ["3", "4", "5", "6", "9", "99", "N1", "X"] {
        assert_eq!(route("2026-03-10", line)[0], "same", "line {line}");
    }
    // Line 1's evening departures: 19:15, 19:45 … 22:45, two in each hour.
    let hour = |hour: &str| {
        let row = rows.iter().find(|row| {
            row["what"] == "hour" && row["id"] == hour && row["date_after"] == "2026-03-10"
        });
        let row = row.unwrap_or_else(|| panic!("no hour {hour}"));
        row["before"].parse::<i32>().expect("a count")
            - row["after"].parse::<i32>().expect("a count")
    };
    assert_eq!([hour("20:00"), hour("21:00"), hour("22:00")], [2, 2, 2]);
}

/// What is before is the layer of the baseline, stop by stop; what is after agrees with the table
/// of what differs, which counts by itself.
#[cfg(feature = "gpkg")]
fn the_layers_hold_both_sides(package: &Path, feed_diff: &[u8]) {
    let sql = rusqlite::Connection::open(package).expect("opens");
    let number = |query: &str| -> i64 { sql.query_row(query, [], |row| row.get(0)).expect(query) };
    for (window, date) in
        [("am", "2026-03-10"), ("saturday", "2026-03-07"), ("sunday", "2026-03-08")]
    {
        let was = format!("departures_{window}");
        let apart = format!(
            "SELECT count(*) FROM stops FULL JOIN stops_change USING (id) \
             WHERE coalesce({was}, 0) != coalesce({was}_before, 0) OR {was}_change != {was}_after - {was}_before"
        );
        assert_eq!(number(&apart), 0, "{window}");
        let told = rows(feed_diff)
            .into_iter()
            .filter(|row| row["what"] == "stop" && row["date_after"] == date);
        let count = |row: &Row, side: &str| row[side].parse::<i64>().expect("a count");
        let told = told
            .fold((0, 0), |sum, row| (sum.0 + count(&row, "before"), sum.1 + count(&row, "after")));
        let sum = |column: String| number(&format!("SELECT sum({column}) FROM stops_change"));
        assert_eq!((sum(format!("{was}_before")), sum(format!("{was}_after"))), told, "{window}");
        assert!(told.0 > told.1 && told.1 > 0, "{window}: {told:?}");
        // A line of this town is one route of the feed.
        let trips = format!(
            "SELECT count(*) FROM routes FULL JOIN routes_change USING (operator, name) \
             WHERE trips_{window} IS NOT trips_{window}_before"
        );
        assert_eq!(number(&trips), 0, "{window}");
    }
    let route = |name: &str| {
        let query = "SELECT trips_am_before, trips_am_after, trips_am_change, state_am FROM routes_change WHERE name = ?1";
        let row = |row: &rusqlite::Row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, i64>(2)?,
                row.get::<_, String>(3)?,
            ))
        };
        sql.query_row(query, [name], row).expect("is there once")
    };
    let of = |before, after, state: &str| (before, after, after - before, state.to_owned());
    assert_eq!(route("1"), of(60, 52, "fewer"));
    assert_eq!(route("2"), of(112, 60, "fewer"));
    assert_eq!(route("7"), of(24, 0, "withdrawn"));
    assert_eq!(route("8"), of(26, 26, "retimed"));
    assert_eq!(route("3"), of(84, 84, "same"));
}

fn the_page_quotes_and_asks_for_nothing(html: &[u8]) {
    let html = String::from_utf8_lossy(html);
    assert!(html.contains(
        "can no longer reach the nearest of these within 120 minutes at half of the departures"
    ));
    assert!(html.contains(
        "all 24 weekday buses and all 10 Saturday buses of line 7 (Wenbury Buses) withdrawn"
    ));
    // One script, that of the buttons that save a map; the page's policy names it by its hash.
    assert_eq!(html.matches("<script").count(), 1);
    assert!(html.contains("script-src 'sha256-"), "no other script runs");
    assert!(!html.contains("src=") && !html.contains("https://"));
}

#[test]
fn the_same_timetable_changes_nothing() {
    let (folder, project) = town_with("[scenarios.same]\ngtfs = ['gtfs-before']");
    let files = compared(&project, &folder.path().join("out"), &["--scenario", "same"]);
    for row in by_id(&files["change.csv"]).values() {
        for (name, cell) in row {
            let nought = cell.parse::<f64>().is_ok_and(|n| n == 0.0) || cell.is_empty();
            assert!(!name.contains("_change") || nought, "{name}: {cell}");
            assert!(!name.contains("_people_") || nought, "{name}: {cell}");
            assert!(
                !name.ends_with("_state") || cell == "same" || cell == "never",
                "{name}: {cell}"
            );
            if let Some(base) = name.strip_suffix("_before_min") {
                assert_eq!(*cell, row[&format!("{base}_after_min")], "{name}");
            }
        }
    }
    assert!(rows(&files["attribution.csv"]).is_empty());
    assert!(rows(&files["journeys.csv"]).is_empty());
    assert!(
        rows(&files["feed_diff.csv"])
            .iter()
            .all(|row| ["same", "as_many"].contains(&row["became"].as_str()))
    );
}

/// fixtures/crossroads/README.md, section 3, without E0809: W1 waits for E0859 at each departure.
/// It reaches the library at 09:06:52: from 08:00 to 08:09 in 4,012 3,952 … 3,472 s. Sorted, the
/// 3rd is 3,592, the 5th 3,712, the 8th 3,892. To the gp and the pub it walks at each: 1,223 and
/// 1,070 s. N1 walks to the library at each: 1,595 s; N2 does before already.
#[test]
fn the_crossroads_without_a_bus() {
    let folder = tempfile::tempdir().expect("a folder");
    let project = root().join("fixtures/crossroads/lastmile.toml");
    let files = compared(&project, &folder.path().join("out"), &["--cut", "trip=E0809"]);
    let change = by_id(&files["change.csv"]);
    let (west, north, east) = (&change["E01990901"], &change["E01990902"], &change["E01990903"]);
    for (field, value) in [
        ("library_transit_am_p25_before_min", "13.9"), // 832 s
        ("library_transit_am_p25_after_min", "59.9"),  // 3,592 s
        ("library_transit_am_p25_change_min", "46.0"), // 2,760 s
        ("library_transit_am_p50_before_min", "15.9"), // 952 s
        ("library_transit_am_p50_after_min", "61.9"),  // 3,712 s
        ("library_transit_am_p50_change_min", "46.0"),
        ("library_transit_am_p75_change_min", "6.0"), // 3,892 − 3,532 = 360 s
        ("library_transit_am_state", "longer"),
        ("library_transit_am_people_longer_30min", "300"),
        ("library_transit_am_people_no_longer_20min", "300"),
        ("library_transit_am_people_lost", "0"),
        ("gp_transit_am_p50_change_min", "4.9"), // 1,223 − 929 = 294 s
        ("pub_transit_am_p50_change_min", "3.4"), // 1,070 − 866 = 204 s
        ("gp_transit_am_people_longer_5min", "0"),
        ("library_transit_night_state", "same"),
        ("library_transit_saturday_state", "same"),
        // J1 is reached after 3,715 s at the median, over 2,700; J2 as before: 300 of 700 jobs are
        // left.
        ("jobs_transit_am_45min_of_p50_before", "700"),
        ("jobs_transit_am_45min_of_p50_after", "300"),
        ("jobs_transit_am_45min_of_p50_change", "-400"),
    ] {
        assert_eq!(west[field], value, "{field}");
    }
    // The median of North's people is N2's, who walk. N1's 100 people take 1,595 s, not 1,012: 9.7
    // min longer.
    assert_eq!(north["library_transit_am_state"], "same");
    assert_eq!(north["library_transit_am_people_longer_5min"], "100");
    assert_eq!(north["library_transit_am_people_longer_15min"], "0");
    assert_eq!(north["library_transit_am_people_no_longer_20min"], "100");
    assert_eq!(east["library_transit_am_state"], "same");
    // Of Holm, off the map, nothing is said, nor does it count among all.
    assert_eq!(change["E01990904"]["library_transit_am_state"], "");
    let all = rows(&files["change_groups.csv"]);
    let all = all
        .iter()
        .find(|row| row["window"] == "am" && row["category"] == "library")
        .expect("a row");
    assert_eq!((all["people"].as_str(), all["people_longer_5min"].as_str()), ("850", "400"));
    // The journey of the departure that was the median: 08:01, 952 s. E0809 has Q at 08:12:14 and
    // the library at 08:16:52.
    let why = rows(&files["journeys.csv"]);
    let why = why.iter().find(|row| row["id"] == "E01990901").expect("West is told of");
    assert_eq!(why["leave"], "08:01");
    assert_eq!(
        why["before"],
        "walk 3 min to Westend Green, 1 at 08:09 to East Library, walk 1 min, library 08:16"
    );
    assert_eq!(
        why["after"],
        "walk 3 min to Westend Green, 1 at 08:59 to East Library, walk 1 min, library 09:06"
    );
    assert_eq!(why["what_changed"], "50 min later");
    // There is one route, so all of it is that route's.
    let effects = rows(&files["attribution.csv"]);
    let of = |by: &str| {
        let row = effects
            .iter()
            .find(|row| row["by"] == by && row["category"] == "library")
            .expect("a row");
        (row["people_longer_5min"].clone(), row["people_minutes"].clone())
    };
    assert_eq!(of("whole"), of("route"));
    // 300 · 2,760 s + 100 · 583 s = 886,300 s = 14,772 min
    assert_eq!(of("whole"), ("400".to_owned(), "14772".to_owned()));
    assert_eq!(of("interaction of routes"), ("0".to_owned(), "0".to_owned()));
}

/// Section 4 without E2405: nothing goes. W1 walks to pub and gp, to the library nobody from there
/// can walk.
#[test]
fn the_crossroads_without_its_night_bus() {
    let folder = tempfile::tempdir().expect("a folder");
    let project = root().join("fixtures/crossroads/lastmile.toml");
    let out = folder.path().join("out");
    let files = compared(&project, &out, &["--cut", "route=1 after=24:00", "--threads", "2"]);
    let change = by_id(&files["change.csv"]);
    let west = &change["E01990901"];
    assert_eq!(west["library_transit_night_state"], "lost");
    assert_eq!(west["library_transit_night_p50_change_min"], "");
    assert_eq!(west["library_transit_night_people_lost"], "300");
    assert_eq!(west["library_transit_night_people_longer_5min"], "0", "lost is not longer");
    assert_eq!(west["pub_transit_night_p50_change_min"], "2.9"); // 1,070 − 896 = 174 s
    assert_eq!(west["library_transit_am_state"], "same");
    // Equal inputs, equal bytes, on any number of threads.
    let again = folder.path().join("again");
    assert!(
        compared(&project, &again, &["--cut", "route=1 after=24:00", "--threads", "1"]) == files
    );
}

#[test]
fn several_scenarios_have_a_folder_each() {
    let (folder, crossroads) = copy_of("crossroads");
    let project = crossroads.join("lastmile.toml");
    let text = String::from_utf8(read(&project)).expect("text");
    let scenarios = "[scenarios.bus]\nmodifications = [{ cut = { route = '1' } }]\n\
        [scenarios.hourly]\nlabel = 'Each hour'\nmodifications = [{ headway = { route = '1', direction = 0, minutes = 60, between = '08:00-10:00', days = 'mon-fri' } }]\n\
        [scenarios.library]\nmodifications = [{ close = { category = 'library', all = true } }, { open = { category = 'pub', at = '-0.0175 52.0' } }]\n";
    std::fs::write(&project, format!("{text}\n{scenarios}")).expect("written");
    let files = compared(&project, &folder.path().join("out"), &[]);
    for name in ["bus", "hourly", "library"] {
        for file in
            ["change.csv", "change.geojson", "report.html", "scenario.toml", "feed_diff.csv"]
        {
            assert!(files.contains_key(&format!("{name}/{file}")), "{name}/{file}");
        }
    }
    assert!(files.contains_key("scenarios.csv") && files.contains_key("run.json"));
    assert_eq!(
        rows(&files["scenarios.csv"]).iter().filter(|row| row["scenario"] == "bus").count(),
        9
    );
    // Each hour from 08:00: W1 catches 09:00 from P at each departure, library 1 min later than
    // with E0859 (08:59).
    let hourly = by_id(&files["hourly/change.csv"]);
    assert_eq!(hourly["E01990901"]["library_transit_am_p50_after_min"], "62.9"); // 3,712 + 60 s
    let library = by_id(&files["library/change.csv"]);
    assert_eq!(library["E01990903"]["library_transit_am_state"], "lost");
    assert_eq!(library["E01990901"]["pub_transit_am_state"], "shorter");
    // A result can be replaced, its folders too, but not with what is someone's own in one of them.
    let out = folder.path().join("out");
    let words = |more: &[&str]| -> Vec<std::ffi::OsString> {
        let words = ["compare".into(), project.clone().into(), "--out".into(), out.clone().into()];
        words.into_iter().chain(more.iter().map(std::ffi::OsString::from)).collect()
    };
    runs(words(&["--force", "--scenario", "bus"]), 0);
    assert!(!out.join("bus").exists() && out.join("change.csv").exists());
    std::fs::create_dir(out.join("mine")).expect("made");
    std::fs::write(out.join("mine/notes.txt"), "x").expect("written");
    assert!(said(&runs(words(&["--force"]), 2)).contains("mine/notes.txt"));
}

#[test]
fn what_does_not_fit_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let project = root().join("fixtures/town/lastmile.toml");
    let refused = |more: &[&str]| {
        let words = ["compare".as_ref(), project.as_os_str(), "--out".as_ref(), out.as_os_str()];
        let said =
            said(&runs(words.into_iter().chain(more.iter().map(|w| std::ffi::OsStr::new(*w))), 2));
        assert!(!out.exists());
        said
    };
    let crossroads = root().join("fixtures/crossroads/lastmile.toml");
    assert!(
        said(&runs(["compare".as_ref(), crossroads.as_os_str()], 2))
            .contains("no [scenarios.NAME]")
    );
    assert!(
        refused(&["--scenario", "evening"])
            .contains("--scenario evening is not in the project file")
    );
    assert!(
        refused(&["--cut", "route=77"])
            .contains("route `77` is not in gtfs-before; did you mean `7`?")
    );
    assert!(
        refused(&["--cut", "operator=Wenbury Busses"]).contains("did you mean `Wenbury Buses`?")
    );
    let said = refused(&["--cut", "route=7 after=20:00"]);
    assert!(said.contains("changes nothing: none of the 34 trips leaves then: the first departure is at 07:10:00, the last at 18:40:00"), "{said}");
    assert!(refused(&["--cut", "route=7 days=sun"]).contains("runs on these days"));
    assert!(refused(&["--cut", "route=7", "--cut", "route=7"]).contains("taken out already"));
    assert!(
        refused(&["--skip", "route=7 stops=Nowhere Lane"])
            .contains("stop `Nowhere Lane` is not in the trips")
    );
    assert!(refused(&["--close", "category=libary all=yes"]).contains("did you mean `library`?"));
    assert!(refused(&["--cut", "route=7 afer=19:00"]).contains("did you mean `after`?"));
}

#[test]
fn a_scenario_of_the_project_file_is_checked_with_it() {
    let (_folder, project) = town_with("[scenarios.x]\nmodifications = [{ cut = { rout = '1' } }]");
    let words = ["compare".as_ref(), project.as_os_str()];
    assert!(said(&runs(words, 2)).contains("unknown key `rout`; did you mean `route`?"));
    edit(&project, "rout =", "route =");
    assert!(said(&runs(["check".as_ref(), project.as_os_str()], 0)).contains("findings"));
}
