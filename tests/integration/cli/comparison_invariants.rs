//! What must hold of any comparison, and further figures of it by hand.

use std::collections::BTreeMap;
use std::path::Path;

use super::compare::{by_id, compared, town_with};
use super::{Row, copy_of, edit, read, root, rows};

fn number(cell: &str) -> f64 {
    cell.parse().unwrap_or_else(|_| panic!("`{cell}` is no number"))
}

/// fixtures/crossroads/README.md, section 2, on Tuesday 2026-03-10 without E2405. Within 30 min'
/// walk of West lie P and Q, of East Q and R. Of what can be boarded the first leaves P at 08:09:00
/// and Q at 08:12:14 (W0837 leaves Q at 08:37), the last Q at 24:08:44, then 09:02:14. The last
/// arrives at Q at 24:08:30 and at R at 24:12:44, then 09:02:00 and 09:06:14. West has vehicles in
/// the hours of 08 (E0809), 09 (E0859 at Q) and 24 (E2405). Nothing runs from 17:00 on towards
/// West: from the library nobody gets home there, from the pub and the gp on foot.
#[test]
fn the_day_at_the_crossroads_without_its_night_bus() {
    let folder = tempfile::tempdir().expect("a folder");
    let project = root().join("fixtures/crossroads/lastmile.toml");
    let files = compared(&project, &folder.path().join("out"), &["--cut", "trip=E2405"]);
    let change = by_id(&files["change.csv"]);
    for (id, field, before, after, minutes) in [
        ("E01990901", "first_departure_am", "08:09", "08:09", "0.0"),
        ("E01990901", "last_departure_am", "24:08", "09:02", "-906.5"), // 24:08:44 to 09:02:14
        ("E01990901", "last_arrival_am", "24:08", "09:02", "-906.5"),   // 24:08:30 to 09:02:00
        ("E01990903", "first_departure_am", "08:12", "08:12", "0.0"),
        ("E01990903", "last_arrival_am", "24:12", "09:06", "-906.5"), // 24:12:44 to 09:06:14
        ("E01990901", "library_last_home_am", "", "", ""),
        ("E01990901", "pub_last_home_am", "on foot", "on foot", "0.0"),
        ("E01990901", "gp_last_home_am", "on foot", "on foot", "0.0"),
        ("E01990904", "last_departure_am", "", "", ""), // off the map: nothing is said
    ] {
        let cell = |what: &str| change[id][&format!("{field}_{what}")].as_str();
        assert_eq!(
            [cell("before"), cell("after"), cell("change_min")],
            [before, after, minutes],
            "{field} of {id}"
        );
    }
    let west = &change["E01990901"];
    assert_eq!([&west["service_hours_am_before"], &west["service_hours_am_after"]], ["3", "2"]);
    assert_eq!(west["service_hours_am_change"], "-1");
}

/// Everybody reaches all 700 jobs within 45 min at the median: J2 by W0837 (2,609 s, README section
/// 3), J1 West by E0809 and the others on foot. Without E0809 West does not reach J1's 400
/// (tests/integration/cli/compare.rs), nothing changes for the other 550. Means over the 850
/// people: 700 before, (300 · 300 + 550 · 700) / 850 after; 300 · 400 / 850 are lost. E0809 is the
/// only vehicle that leaves P in the ten minutes.
#[test]
fn jobs_and_departures_at_the_crossroads_without_a_bus() {
    let folder = tempfile::tempdir().expect("a folder");
    let project = root().join("fixtures/crossroads/lastmile.toml");
    let files = compared(&project, &folder.path().join("out"), &["--cut", "trip=E0809"]);
    let change = by_id(&files["change.csv"]);
    let west = &change["E01990901"];
    assert_eq!(west["jobs_transit_am_45min_of_p50_lost"], "400.0");
    assert_eq!(west["jobs_transit_am_45min_of_p50_gained"], "0.0");
    assert_eq!(west["departures_per_hour_am_before"], "6.0");
    assert_eq!(west["departures_per_hour_am_change"], "-6.0");
    let measures = rows(&files["change_measures.csv"]);
    let of = |field: &str| {
        measures
            .iter()
            .find(|row| row["by"] == "all" && row["field"] == field)
            .unwrap_or_else(|| panic!("no {field}"))
    };
    let jobs = of("jobs_transit_am_45min_of_p50");
    let told = ["people", "mean_before", "mean_after", "mean_change", "mean_lost", "mean_gained"]
        .map(|c| jobs[c].as_str());
    // Before, both sites are within 2,700 s of all 850 on the map: J2 by W0837 at 08:48:29, 2,609 s
    // at the median from wherever Q or P is reached by 08:36; J1 955 s from West, 1,015 s from N1,
    // on foot 1,685 s from N2 and 35 s from E1. Without E0809, West (300) waits for E0859 and is at
    // J1 after 3,475 s at the least; N1 walks there, 1,532 s. (300 · 300 + 550 · 700) / 850 =
    // 558.824.
    assert_eq!(told, ["850", "700.000", "558.824", "-141.176", "141.176", "0.000"]);
    // Broadband is no part of a timetable: it is in the table, and stays.
    assert_eq!(of("broadband_gigabit_pct")["mean_change"], "0.000");
    the_dictionary_is_whole(&files);
}

/// Every column of the table is told of, in words, and once; behind them those of the layers of
/// stops and routes.
fn the_dictionary_is_whole(files: &BTreeMap<String, Vec<u8>>) {
    let header = String::from_utf8_lossy(&files["change.csv"]);
    let header: Vec<&str> = header.lines().next().expect("a header").split(',').collect();
    let fields = rows(&files["change_fields.csv"]);
    let names: Vec<&str> = fields.iter().map(|row| row["name"].as_str()).collect();
    let (of_table, of_layers) = names.split_at(header.len().min(names.len()));
    assert_eq!(header, of_table);
    let of_stops_or_routes = |name: &&str| {
        ["departures_", "band_", "trips_", "state_"].iter().any(|head| name.starts_with(head))
    };
    assert!(!of_layers.is_empty() && of_layers.iter().all(of_stops_or_routes), "{of_layers:?}");
    assert!(of_layers.iter().all(|name| !header.contains(name)), "{of_layers:?}");
    for row in &fields {
        assert!(row["meaning"].len() > 10 && !row["source"].is_empty(), "{row:?}");
        let of_window =
            ["_am_", "_night_", "_saturday_"].iter().any(|window| row["name"].contains(window));
        assert!(!of_window || !row["window"].is_empty(), "{row:?}");
    }
}

/// A second line with the very calls of E0809: either of the two would do. Without both West waits
/// for E0859.
#[test]
fn either_of_two_lines_would_do() {
    let (folder, crossroads) = copy_of("crossroads");
    let gtfs = crossroads.join("gtfs");
    append(&gtfs.join("routes.txt"), &route_2(&gtfs));
    append(&gtfs.join("trips.txt"), &doubled(&gtfs.join("trips.txt"), "E0809", "X0809", Some("2")));
    append(
        &gtfs.join("stop_times.txt"),
        &doubled(&gtfs.join("stop_times.txt"), "E0809", "X0809", None),
    );
    let cut = ["--cut", "trip=E0809", "--cut", "trip=X0809"];
    let project = crossroads.join("lastmile.toml");
    let files = compared(&project, &folder.path().join("out"), &cut);
    let effects = rows(&files["attribution.csv"]);
    let to_library = |by: &str| {
        effects
            .iter()
            .filter(|row| row["by"] == by && row["category"] == "library")
            .collect::<Vec<_>>()
    };
    // As in tests/integration/cli/compare.rs: 300 · 2,760 s + 100 · 583 s.
    let minutes = |row: &Row| row["people_minutes"].clone();
    assert_eq!(to_library("whole").into_iter().map(minutes).collect::<Vec<_>>(), ["14772"]);
    // Each of the two alone spares it all, so that together they spare it twice.
    assert_eq!(
        to_library("route").into_iter().map(minutes).collect::<Vec<_>>(),
        ["14772", "14772"]
    );
    assert_eq!(minutes(to_library("interaction of routes")[0]), "-14772");
    assert_eq!(
        to_library("modification").into_iter().map(minutes).collect::<Vec<_>>(),
        ["14772", "14772"]
    );
    assert_eq!(minutes(to_library("interaction of modifications")[0]), "-14772");
    // One of them alone changes nothing for anybody, and there is nothing to share out.
    let one = compared(&project, &folder.path().join("one"), &["--cut", "trip=X0809"]);
    assert!(rows(&one["attribution.csv"]).is_empty());
}

/// E0809 as two lines: the first to Q, the second, two minutes behind it, from Q to R. West needs
/// both to get to the library, and walking from Q (1,166 s) it would be there no sooner than
/// 08:31:26 in place of 08:18:52. Leaving out the change of the first alone lets it walk from Q;
/// leaving out that of the second alone spares West nothing, but N1, who boards at Q, all.
#[test]
fn both_of_two_lines_are_needed() {
    let (folder, crossroads) = copy_of("crossroads");
    let gtfs = crossroads.join("gtfs");
    append(&gtfs.join("routes.txt"), &route_2(&gtfs));
    append(&gtfs.join("trips.txt"), &doubled(&gtfs.join("trips.txt"), "E0809", "X0809", Some("2")));
    let times = gtfs.join("stop_times.txt");
    let text = String::from_utf8(read(&times)).expect("text");
    let calls: Vec<&str> = text.lines().filter(|line| line.starts_with("E0809,")).collect();
    assert_eq!(calls.len(), 3, "P, Q, R");
    let on = |line: &str| {
        line.replace("E0809", "X0809")
            .replace("08:12:00", "08:14:14")
            .replace("08:12:14", "08:14:14")
            .replace("08:16:14", "08:18:14")
    };
    let rest: Vec<&str> = text.lines().filter(|line| *line != calls[2]).collect();
    let second = [on(calls[1]), on(calls[2])];
    std::fs::write(&times, format!("{}\n{}\n", rest.join("\n"), second.join("\n")))
        .expect("written");
    let project = crossroads.join("lastmile.toml");
    let files = compared(
        &project,
        &folder.path().join("out"),
        &["--cut", "trip=E0809", "--cut", "trip=X0809"],
    );
    let effects = rows(&files["attribution.csv"]);
    let minutes = |by: &str, what: &str| -> f64 {
        let here =
            effects.iter().filter(|row| row["category"] == "library" && row["window"] == "am");
        let found = here
            .filter(|row| row["by"] == by && (what.is_empty() || row["what"] == what))
            .map(|row| number(&row["people_minutes"]));
        found.sum()
    };
    let (whole, first, second) =
        (minutes("whole", ""), minutes("route", "1"), minutes("route", "2"));
    // West at the median: 08:18:52 in place of 08:16:52, so 120 s more than 952 s; 3,712 s without.
    // N1 boards the second at Q: 1,012 + 120 = 1,132 s at 08:00 … against a walk of 1,595 s. W1 ·
    // 2,640 s + N1 · (1,595 − its median) s, in minutes.
    assert!(
        whole > 300.0 * 2640.0 / 60.0 && whole < 300.0 * 2640.0 / 60.0 + 100.0 * 595.0 / 60.0,
        "{whole}"
    );
    // From Q on foot: 08:12:00 + 1,166 s = 08:31:26, which is 1,826 s after 08:01: 1,886 s are
    // spared of W1's 2,640.
    assert!((first - 300.0 * 1886.0 / 60.0).abs() < 0.6, "{first}");
    assert!((second - (whole - 300.0 * 2640.0 / 60.0)).abs() < 1.1, "N1 alone: {second}");
    let rest = minutes("interaction of routes", "");
    assert!((rest - (whole - first - second)).abs() < 2.0 && rest > 3000.0, "{rest}");
}

fn append(path: &Path, lines: &str) {
    let text = String::from_utf8(read(path)).expect("text");
    std::fs::write(path, format!("{}\n{lines}\n", text.trim_end())).expect("written");
}

/// The rows of a trip for another one, of another route if one is given.
fn doubled(path: &Path, trip: &str, other: &str, route: Option<&str>) -> String {
    let text = String::from_utf8(read(path)).expect("text");
    let mut lines = text.lines();
    let columns: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let (id, of) = (
        columns.iter().position(|c| *c == "trip_id"),
        columns.iter().position(|c| *c == "route_id"),
    );
    let rows = lines.map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let mine = rows.filter(|row| row[id.expect("trip_id")] == trip).map(|mut row| {
        row[id.expect("trip_id")] = other.to_owned();
        if let (Some(of), Some(route)) = (of, route) {
            row[of] = route.to_owned();
        }
        row.join(",")
    });
    mine.collect::<Vec<_>>().join("\n")
}

/// The first route's row for a route 2.
fn route_2(gtfs: &Path) -> String {
    let text = String::from_utf8(read(gtfs.join("routes.txt"))).expect("text");
    let mut lines = text.lines();
    let columns: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let mut row: Vec<&str> = lines.next().expect("a route").split(',').collect();
    for (column, cell) in columns.iter().zip(&mut row) {
        if ["route_id", "route_short_name"].contains(column) {
            *cell = "2";
        }
    }
    row.join(",")
}

/// What one way is lost is gained the other way; sums are the sums of their parts.
#[test]
fn the_way_back_is_the_way_there_with_the_sign_turned() {
    let (folder, project) = town_with("");
    edit(&project, "profile = \"default\"", "profiles = [\"default\", \"step_free\"]");
    edit(&project, "# counts = true", "counts = true");
    let there = compared(&project, &folder.path().join("there"), &[]);
    edit(&project, "gtfs = [\"gtfs-before\"]", "gtfs = [\"gtfs-after-\"]");
    edit(&project, "gtfs = [\"gtfs-after\"]", "gtfs = [\"gtfs-before\"]");
    edit(&project, "gtfs-after-", "gtfs-after");
    let back = compared(&project, &folder.path().join("back"), &[]);
    let (a, b) = (by_id(&there["change.csv"]), by_id(&back["change.csv"]));
    let mut differ = 0;
    for (id, row) in &a {
        for (name, cell) in row {
            let Some(turned) = turned(name) else { continue };
            let other = b[id][&turned].as_str();
            let same = if name.ends_with("_change") || name.ends_with("_change_min") {
                differ += usize::from(!cell.is_empty() && number(cell) != 0.0);
                cell.is_empty() == other.is_empty()
                    && (cell.is_empty() || number(cell) == -number(other))
            } else if name.ends_with("_state") {
                turned_state(cell) == other
            } else {
                cell == other
            };
            assert!(same, "{name} of {id}: {cell} and {other}");
        }
    }
    assert!(differ > 500, "{differ} cells differ");
    assert!(a.values().next().expect("a row").contains_key("gp_transit_step_free_sunday_state"));
    sums_are_those_of_their_parts(&there, &a);
}

/// What a column is called that tells the same of the way back, if there is one.
fn turned(name: &str) -> Option<String> {
    let pairs = [("_before", "_after"), ("_lost", "_gained"), ("_no_longer_", "_newly_")];
    for (one, other) in pairs {
        if name.contains(one) {
            return Some(name.replace(one, other));
        }
        if name.contains(other) {
            return Some(name.replace(other, one));
        }
    }
    // Of those for whom it takes longer there are more thresholds than of those for whom it is
    // shorter.
    match name {
        name if name.contains("_people_longer_5min") => Some(name.replace("_longer_", "_shorter_")),
        name if name.contains("_people_shorter_5min") => {
            Some(name.replace("_shorter_", "_longer_"))
        }
        name if name.contains("_people_longer_") => None,
        name => Some(name.to_owned()),
    }
}

fn turned_state(state: &str) -> &str {
    match state {
        "lost" => "gained",
        "gained" => "lost",
        "longer" => "shorter",
        "shorter" => "longer",
        other => other,
    }
}

fn sums_are_those_of_their_parts(
    files: &BTreeMap<String, Vec<u8>>,
    change: &BTreeMap<String, Row>,
) {
    let groups = rows(&files["change_groups.csv"]);
    let key = |row: &Row| [&row["window"], &row["walker"], &row["category"]].map(String::clone);
    let mut deciles: BTreeMap<[String; 3], BTreeMap<&str, (f64, f64)>> = BTreeMap::new();
    let counted = |name: &str| name == "neighbourhoods" || name.starts_with("people");
    for row in groups.iter().filter(|row| row["by"] == "deprivation") {
        for (name, cell) in row.iter().filter(|(name, _)| counted(name)) {
            let sum = deciles.entry(key(row)).or_default().entry(name).or_default();
            *sum = (sum.0 + number(cell), sum.1 + 0.5);
        }
    }
    let all: Vec<&Row> = groups.iter().filter(|row| row["by"] == "all").collect();
    assert_eq!(all.len(), 6 * 2 * 10, "windows, kinds of walkers, categories");
    for row in all {
        // Each is rounded to a whole person.
        for (name, (sum, off)) in &deciles[&key(row)] {
            assert!((sum - number(&row[*name])).abs() <= off + 0.5, "{name} of {row:?}: {sum}");
        }
        let suffix = if row["walker"] == "default" { "" } else { "_step_free" };
        let base = format!("{}_transit{suffix}_{}", row["category"], row["window"]);
        for what in [
            "people_lost",
            "people_gained",
            "people_longer_5min",
            "people_no_longer_30min",
            "people_newly_30min",
        ] {
            let zones: f64 =
                change.values().map(|zone| number(&zone[&format!("{base}_{what}")])).sum();
            assert!(
                (zones - number(&row[what])).abs() <= 27.0 * 0.5,
                "{base} {what}: {zones} and {}",
                row[what]
            );
        }
    }
}

/// Where nobody says how many live at a point, points are counted, and called so.
#[test]
fn points_are_not_called_people() {
    let (folder, crossroads) = copy_of("crossroads");
    let project = crossroads.join("lastmile.toml");
    edit(&project, "population = \"population\"\n", "");
    edit(&project, "weight = \"population\"\n", "");
    for file in ["origins.csv", "neighbourhoods.geojson"] {
        edit(&crossroads.join(file), "population", "storeys");
    }
    let text = String::from_utf8(read(&project)).expect("text");
    let scenarios = "[scenarios.a]\nmodifications = [{ cut = { route = '1' } }]\n[scenarios.b]\nmodifications = [{ cut = { trip = 'E0809' } }]\n";
    std::fs::write(&project, format!("{text}\n{scenarios}")).expect("written");
    let files = compared(&project, &folder.path().join("out"), &[]);
    for file in ["scenarios.csv", "a/change_groups.csv", "a/change.csv"] {
        let text = String::from_utf8_lossy(&files[file]);
        let header = text.lines().next().expect("a header");
        assert!(
            header.contains("origin_points_lost") && !header.contains("people"),
            "{file}: {header}"
        );
    }
    assert!(String::from_utf8_lossy(&files["a/report.html"]).contains("origin points"));
}
