//! One vehicle counts once, however many trips it is published as; and a line is cut by the name
//! that passengers know.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::compare::compared;
use super::{contents, copy_folder, copy_of, edit, read, rows, run_words, runs, said};

/// fixtures/crossroads with each trip of the week published again, by a service that runs on the
/// same days; `rule` is the copies' pickup_type at their first stops.
fn published_twice(rule: &str) -> (tempfile::TempDir, PathBuf) {
    let (folder, crossroads) = copy_of("crossroads");
    let gtfs = crossroads.join("gtfs");
    let text = |name: &str| String::from_utf8(read(gtfs.join(name))).expect("text");
    let write = |name: &str, text: String| fs::write(gtfs.join(name), text).expect("written");
    let calendar = text("calendar.txt");
    let again: String = calendar
        .lines()
        .filter(|line| line.starts_with("WD,"))
        .map(|line| line.replace("WD,", "SCHOOL,"))
        .collect();
    write("calendar.txt", format!("{}\n{again}\n", calendar.trim_end()));
    let trips = text("trips.txt");
    let copies = trips.lines().filter(|line| line.contains(",WD,")).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        format!("{},SCHOOL,{}-again,{}\n", cells[0], cells[2], cells[3])
    });
    write("trips.txt", format!("{}\n{}", trips.trim_end(), copies.collect::<String>()));
    let times = text("stop_times.txt");
    let copies = times.lines().skip(1).filter(|line| !line.starts_with("E1008")).map(|line| {
        let (trip, rest) = line.split_once(',').expect("cells");
        let rule = if rest.ends_with(",1") { rule } else { "" };
        format!("{trip}-again,{rest},{rule}\n")
    });
    let own = times.lines().skip(1).map(|line| format!("{line},\n")).collect::<String>();
    let header = times.lines().next().expect("a header");
    write("stop_times.txt", format!("{header},pickup_type\n{own}{}", copies.collect::<String>()));
    let project = crossroads.join("lastmile.toml");
    let measures = "\n[measures]\nptal = true\ncounts = true\n";
    let project_text = String::from_utf8(read(&project)).expect("text");
    fs::write(&project, format!("{project_text}{measures}")).expect("written");
    (folder, project)
}

/// The crossroads as they are, with the same measures.
fn published_once() -> (tempfile::TempDir, PathBuf) {
    let (folder, crossroads) = copy_of("crossroads");
    let project = crossroads.join("lastmile.toml");
    let text = String::from_utf8(read(&project)).expect("text");
    fs::write(&project, format!("{text}\n[measures]\nptal = true\ncounts = true\n"))
        .expect("written");
    (folder, project)
}

fn result(project: &Path, folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let out = folder.join("result");
    runs(run_words(project, &out, &["--force"]), 0);
    contents(&out)
}

/// The drawings of the vehicles of each hour, which are there.
fn clocks(page: &[u8]) -> Vec<String> {
    let page = String::from_utf8_lossy(page).into_owned();
    let drawn = page.split("Vehicles in each hour of").skip(1);
    let clocks: Vec<String> =
        drawn.map(|text| text.split("</svg>").next().unwrap_or_default().to_owned()).collect();
    assert!(!clocks.is_empty());
    clocks
}

#[test]
fn a_vehicle_that_is_published_twice_counted_twice() {
    let (once_in, once) = published_once();
    let once = result(&once, once_in.path());
    for rule in ["", "1"] {
        let (twice_in, twice) = published_twice(rule);
        let twice = result(&twice, twice_in.path());
        assert!(twice["neighbourhoods.csv"] == once["neighbourhoods.csv"], "pickup_type `{rule}`");
        assert_eq!(clocks(&twice["report.html"]), clocks(&once["report.html"]));
        let found = rows(&twice["findings.csv"]);
        let copies: Vec<_> = found.iter().filter(|row| row["code"] == "duplicate_trip").collect();
        // The weekday's four; on the Saturday there is none.
        assert_eq!(copies.len(), 1);
        assert_eq!((copies[0]["count"].as_str(), copies[0]["file"].as_str()), ("4", "gtfs"));
        assert!(
            copies[0]["what"].starts_with("2026-03-10: 4 of 8 trips are copies"),
            "{}",
            copies[0]["what"]
        );
    }
    assert!(rows(&once["findings.csv"]).iter().all(|row| row["code"] != "duplicate_trip"));
}

#[test]
#[cfg(feature = "gpkg")]
fn the_layers_counted_copies() {
    let day = |project: &Path, folder: &Path| {
        let package = folder.join("result/lastmile.gpkg");
        result(project, folder);
        let open = rusqlite::Connection::open(package).expect("a package");
        let number =
            |sql: &str| open.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a number");
        [
            number("select sum(departures_am) from stops"),
            number("select sum(trips_am) from routes"),
            number("select sum(departures_saturday) from stops"),
        ]
    };
    let ((once_in, once), (twice_in, twice)) = (published_once(), published_twice("1"));
    let counts = day(&once, once_in.path());
    // Three buses stop twice to take people on, and W0837 too; on Saturdays one.
    assert_eq!(counts, [8, 4, 2]);
    assert_eq!(day(&twice, twice_in.path()), counts);
}

/// Whatever is done to the line is done to its vehicles, not to their trips.
#[test]
fn changes_saw_two_buses_where_one_runs() {
    let ((_a, once), (_b, twice)) = (published_once(), published_twice(""));
    let changes = [
        ["--thin", "route=1 direction=0 every=2"],
        ["--headway", "route=1 direction=0 minutes=30 between=08:00-10:00"],
        ["--cut", "route=1 after=08:30"],
        ["--cut", "trip=E0809"],
        ["--skip", "trip=E0809 stops=The Cross"],
        ["--shorten", "route=1 direction=0 to=The Cross"],
        ["--slow", "route=1 factor=1.2"],
    ];
    for change in changes {
        let of = |project: &Path| {
            let folder = tempfile::tempdir().expect("a folder");
            let mut files = compared(project, &folder.path().join("out"), &change);
            files.retain(|name, _| name.ends_with(".csv") && name != "findings.csv");
            files
        };
        let (once, twice) = (of(&once), of(&twice));
        for (name, bytes) in once {
            assert!(twice[&name] == bytes, "{change:?}: {name}");
        }
    }
}

#[test]
fn a_feed_that_is_named_twice_has_no_more_vehicles() {
    let (once_in, once) = published_once();
    let alone = result(&once, once_in.path());
    let folder = once.parent().expect("a folder");
    copy_folder(&folder.join("gtfs"), &folder.join("national"));
    edit(&once, "gtfs = [\"gtfs\"]", "gtfs = [\"gtfs\", \"national\"]");
    let both = result(&once, once_in.path());
    assert!(both["neighbourhoods.csv"] == alone["neighbourhoods.csv"]);
    let page = String::from_utf8_lossy(&both["report.html"]).into_owned();
    assert!(!page.contains("newer edition"), "nothing of it adds up");
}

/// The timetable of next year, all of it a minute later: its vehicles are others, and beside those
/// of this year they would double the service.
fn two_editions() -> (tempfile::TempDir, PathBuf) {
    let (folder, crossroads) = copy_of("crossroads");
    copy_folder(&crossroads.join("gtfs"), &crossroads.join("gtfs-2027"));
    let times = crossroads.join("gtfs-2027/stop_times.txt");
    edit(&times, ":09:00", ":10:00");
    edit(&times, ":59:00", ":58:00");
    edit(&times, ":05:30", ":06:30");
    edit(&times, ":37:00", ":38:00");
    edit(&times, ":08:00", ":09:00");
    edit(&crossroads.join("gtfs-2027/calendar.txt"), "20260105", "20260302");
    (folder, crossroads)
}

#[test]
fn two_editions_of_a_timetable_added_up_in_silence() {
    let (folder, crossroads) = two_editions();
    let project = crossroads.join("lastmile.toml");
    edit(&project, "gtfs = [\"gtfs\"]", "gtfs = [\"gtfs\", \"gtfs-2027\"]");
    let warned = "gtfs and gtfs-2027 both run one line of the same operators (Crossroads Bus)";
    let files = result(&project, folder.path());
    assert!(String::from_utf8_lossy(&files["report.html"]).contains(warned));
    assert!(said(&runs(["check".as_ref(), project.as_os_str()], 0)).contains(warned));
    let feeds = [crossroads.join("gtfs"), crossroads.join("gtfs-2027")];
    let bare = [
        "check".as_ref(),
        "--gtfs".as_ref(),
        feeds[0].as_os_str(),
        "--gtfs".as_ref(),
        feeds[1].as_os_str(),
    ];
    assert!(said(&runs(bare, 0)).contains(warned));
}

/// Where the editions share no date there is none to run on, and that is why.
#[test]
fn two_editions_without_a_common_date_were_a_riddle() {
    let (folder, crossroads) = two_editions();
    let project = crossroads.join("lastmile.toml");
    edit(&project, "gtfs = [\"gtfs\"]", "gtfs = [\"gtfs\", \"gtfs-2027\"]");
    edit(&crossroads.join("gtfs-2027/calendar.txt"), "20260302,20261220", "20270104,20271219");
    let out = folder.path().join("out");
    let refused = said(&runs(run_words(&project, &out, &[]), 2));
    assert!(
        refused.contains(
            "gtfs and gtfs-2027 have one line of the same operators: if one is a newer edition"
        ),
        "{refused}"
    );
}

#[test]
fn init_put_two_editions_beside_each_other() {
    let (_folder, crossroads) = two_editions();
    let words = ["init".as_ref(), crossroads.as_os_str(), "--force".as_ref()];
    assert!(said(&runs(words, 0)).contains("gtfs-2027 is taken for a newer edition of gtfs"));
    let text = String::from_utf8(read(crossroads.join("lastmile.toml"))).expect("text");
    assert!(text.contains("gtfs = [\"gtfs\"]"), "{text}");
    assert!(
        text.contains("[scenarios.newer]\nlabel = \"gtfs-2027\"\ngtfs = [\"gtfs-2027\"]"),
        "{text}"
    );
}

/// Three operators' lines at the crossroads: 2 of Newport Bus (`2-63708`, E0809 and E1008), 2 of
/// Cardiff Bus (`2-29`, E0859), 13 of Newport Bus (`13-57665`, W0837), and 40 of Newport Bus, whose
/// id is 13 (E2405).
fn namesakes() -> (tempfile::TempDir, PathBuf) {
    let (folder, crossroads) = copy_of("crossroads");
    let gtfs = crossroads.join("gtfs");
    let write = |name: &str, text: &str| fs::write(gtfs.join(name), text).expect("written");
    write(
        "agency.txt",
        "agency_id,agency_name,agency_url,agency_timezone\nN,Newport Bus,https://example.org,Europe/London\nC,Cardiff Bus,https://example.org,Europe/London\n",
    );
    write(
        "routes.txt",
        "route_id,agency_id,route_short_name,route_long_name,route_type\n63708,N,2-63708,,3\n29,C,2-29,,3\n57665,N,13-57665,,3\n13,N,40,,3\n50,N,50-51,,3\n",
    );
    write(
        "trips.txt",
        "route_id,service_id,trip_id,direction_id\n63708,WD,E0809,0\n29,WD,E0859,0\n13,WD,E2405,0\n57665,WD,W0837,1\n63708,SA,E1008,0\n",
    );
    (folder, crossroads.join("lastmile.toml"))
}

/// Which routes are withdrawn on the weekday.
fn withdrawn(project: &Path, words: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let files = compared(project, &folder.path().join("out"), &["--cut", words]);
    let rows = rows(&files["feed_diff.csv"]).into_iter();
    let gone = rows.filter(|row| {
        row["what"] == "route" && row["became"] == "withdrawn" && row["date_before"] == "2026-03-10"
    });
    gone.map(|row| row["name"].clone()).collect()
}

#[track_caller]
fn refused(project: &Path, words: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let words = [
        "compare".as_ref(),
        project.as_os_str(),
        "--out".as_ref(),
        out.as_os_str(),
        "--cut".as_ref(),
        words.as_ref(),
    ];
    said(&runs(words, 2))
}

#[test]
fn the_wrong_bus_was_cut() {
    let (_folder, project) = namesakes();
    assert_eq!(withdrawn(&project, "route=13"), ["13-57665"], "not 40, whose id is 13");
    assert_eq!(withdrawn(&project, "route=13-57665"), ["13-57665"]);
    assert_eq!(withdrawn(&project, "route_id=13"), ["40"]);
    assert_eq!(withdrawn(&project, "route=2 operator=newport bus"), ["2-63708"]);
    assert_eq!(withdrawn(&project, "route=2 operator=Cardiff Bus"), ["2-29"]);
    assert_eq!(
        withdrawn(&project, "route=2 operator=Cardiff Bus;Newport Bus"),
        ["2-29", "2-63708"]
    );
    assert_eq!(withdrawn(&project, "route=2-63708"), ["2-63708"]);
    assert_eq!(withdrawn(&project, "route=13,40"), ["13-57665", "40"]);
    assert_eq!(withdrawn(&project, "route=2 route_id=29"), ["2-29"], "both words have to fit");
}

#[test]
fn a_name_of_several_operators_was_cut_for_all_of_them() {
    let (_folder, project) = namesakes();
    let several = refused(&project, "route=2 after=06:00");
    assert!(
        several.contains(
            "several operators have route `2`: Cardiff Bus (2-29); Newport Bus (2-63708)"
        ),
        "{several}"
    );
    assert!(refused(&project, "route=13,2").contains("several operators have route `2`"));
    let id = refused(&project, "route=63708");
    assert!(
        id.contains(
            "route `63708` is not in gtfs; it is the id of route 2 (Newport Bus): route_id=63708"
        ),
        "{id}"
    );
    // 51 is no publisher's number: the line is called 50-51.
    assert!(refused(&project, "route=50").contains("it is the id of route 50-51"));
    let other = refused(&project, "route=13 operator=Cardiff Bus");
    assert!(
        other.contains("route `13` is not in gtfs by Cardiff Bus; it is run by: Newport Bus"),
        "{other}"
    );
    assert!(refused(&project, "route_id=2").contains("route with the id `2` is not in gtfs"));
}

/// What is cut is told in vehicles of an ordinary day, and how many of them run inside the windows:
/// 08:00 to 08:10, 23:55 to 24:05, and 10:00 to 10:10 on Saturdays.
#[test]
fn a_cut_was_told_in_trips_of_all_days() {
    let (folder, project) = published_twice("");
    let told = |words: &str| {
        let out = folder.path().join("told");
        let output = runs(
            [
                "compare".as_ref(),
                project.as_os_str(),
                "--out".as_ref(),
                out.as_os_str(),
                "--force".as_ref(),
                "--cut".as_ref(),
                std::ffi::OsStr::new(words),
            ],
            0,
        );
        said(&output)
    };
    let morning = told("route=1 before=08:30");
    let wanted = "1 of the 4 weekday buses of line 1 (Crossroads Bus) withdrawn: those before 08:30; of these run inside the windows: 1 in am, 0 in night, 0 in saturday (counted on Tuesday 2026-03-10)";
    assert!(morning.contains(wanted), "{morning}");
    let all = told("route=1");
    assert!(
        all.contains(
            "all 4 weekday buses and the only Saturday bus of line 1 (Crossroads Bus) withdrawn; of these"
        ),
        "{all}"
    );
    assert!(!all.contains("none of the vehicles"), "{all}");
    // The night's bus leaves behind the window, but within a journey of it.
    let night = told("route=1 after=24:00");
    assert!(
        night.contains("inside the windows: 0 in am, 0 in night, 0 in saturday")
            && !night.contains("none of the vehicles"),
        "{night}"
    );
    // E0859 and W0837 are under way before 10:10, and journeys may take 120 min: make them half an
    // hour.
    edit(&project, "max_time_min = 120", "max_time_min = 30");
    let unseen = told("route=1 between=08:50-09:30");
    assert!(
        unseen.contains("none of the vehicles that it is about runs inside a window"),
        "{unseen}"
    );
}
