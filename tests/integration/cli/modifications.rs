//! Each kind of modification on fixtures/crossroads, by hand. Where a number comes from is said
//! beside it; the walks are those of the fixture's README, sections 1 to 3.

use std::collections::BTreeMap;
use std::path::Path;

use super::compare::{by_id, compared};
use super::{Row, copy_of, read, root, rows, runs, said};

/// West, North and East after some changes, and everything that was written.
fn crossroads(changes: &[&str]) -> (BTreeMap<String, Row>, BTreeMap<String, Vec<u8>>) {
    let folder = tempfile::tempdir().expect("a folder");
    let project = root().join("fixtures/crossroads/lastmile.toml");
    let files = compared(&project, &folder.path().join("out"), changes);
    (by_id(&files["change.csv"]), files)
}

const WEST: &str = "E01990901";
const NORTH: &str = "E01990902";
const EAST: &str = "E01990903";

#[track_caller]
fn assert_cells(row: &Row, cells: &[(&str, &str)]) {
    for (field, value) in cells {
        assert_eq!(row[*field], *value, "{field} of {}", row["id"]);
    }
}

fn refused(changes: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let project = root().join("fixtures/crossroads/lastmile.toml");
    let words = ["compare".as_ref(), project.as_os_str(), "--out".as_ref(), out.as_os_str()];
    said(&runs(words.into_iter().chain(changes.iter().map(|word| std::ffi::OsStr::new(*word))), 2))
}

/// E0809 goes straight from P to R in 5 min: at R 08:14:00, not 08:16:14, so W1 has the library 134
/// s earlier: p25 832 − 134 = 698 s, p50 952 − 134 = 818 s. It no longer calls at Q, so that W1
/// walks to the pub and the gp, and N1 to the library.
#[test]
fn a_bus_that_takes_the_bypass() {
    let (change, files) =
        crossroads(&["--reroute", "trip=E0809 from=Westend Green to=East Library minutes=5"]);
    assert_cells(
        &change[WEST],
        &[
            ("library_transit_am_p25_after_min", "11.6"),
            ("library_transit_am_p50_after_min", "13.6"),
            ("library_transit_am_p50_change_min", "-2.2"),
            ("library_transit_am_state", "shorter"),
            ("pub_transit_am_p50_after_min", "17.8"), // 1,070 s
            ("gp_transit_am_p50_after_min", "20.4"),  // 1,223 s
            ("library_transit_night_state", "same"),
            ("library_transit_saturday_state", "same"),
        ],
    );
    // N1's 100 people take 1,595 s for 1,012: 9.7 min longer.
    assert_eq!(change[NORTH]["library_transit_am_people_longer_5min"], "100");
    let page = String::from_utf8_lossy(&files["report.html"]).into_owned();
    assert!(page.contains(
        "1 of the 4 weekday buses of line 1 (Crossroads Bus) go from Westend Green to East Library"
    ));
}

/// … over Q and a new stop S at (402, 3), 3, 2 and 2 min from stop to stop: S at 08:14:00, R at
/// 08:16:00. From S to the gp it is 3 + 0 + 13 = 16 m, 12 s: from 08:00 to 08:05 in 852, 792 … 552
/// s, then the walk of 1,223: p25 672, p50 792, p75 1,223. Library 14 s earlier: 818 and 938.
#[test]
fn a_bus_that_goes_round_by_the_surgery() {
    let way = "trip=E0809 from=P to=R via=Q;0.0058531 52.000027 minutes=3,2,2";
    let (change, _) = crossroads(&["--reroute", way]);
    assert_cells(
        &change[WEST],
        &[
            ("gp_transit_am_p25_after_min", "11.2"),
            ("gp_transit_am_p50_after_min", "13.2"),
            ("gp_transit_am_p75_after_min", "20.4"),
            ("library_transit_am_p25_after_min", "13.6"),
            ("library_transit_am_p50_after_min", "15.6"),
            ("pub_transit_am_state", "same"),
        ],
    );
}

/// One stop more, S at (402, 3), behind Q: from 08:12:14 to 08:16:14 it drives 240 s and 60 more,
/// of which 342 of 1,504 m fall to the way to S: 68 s. S at 08:13:22, R 80 s later than before. The
/// gp is 12 s from S: 814 s from 08:00, so p25 634 and p50 754. The library 80 s later: 912 and
/// 1,032.
#[test]
fn a_bus_that_calls_once_more() {
    let more = "trip=E0809 stop=0.0058531 52.000027 behind=The Cross dwell=20 adds=1";
    let (change, _) = crossroads(&["--add-stop", more]);
    let cells = [
        ("gp_transit_am_p25_after_min", "10.6"),
        ("gp_transit_am_p50_after_min", "12.6"),
        ("library_transit_am_p25_after_min", "15.2"),
        ("library_transit_am_p50_after_min", "17.2"),
        ("pub_transit_am_state", "same"),
    ];
    assert_cells(&change[WEST], &cells);
    // Where nobody says behind which stop, it is where the way round is the least.
    let (same, _) =
        crossroads(&["--add-stop", "trip=E0809 stop=0.0058531 52.000027 dwell=20 adds=1"]);
    assert_eq!(same, change);
}

/// R moves to (1600, 3): 3 + 1 + 10 = 14 m from the library, 11 s for 38. Its three trips of the
/// week and that of Saturday.
#[test]
fn a_stop_at_the_library_s_door() {
    let (change, files) = crossroads(&["--move-stop", "stop=East Library to=0.0232971 52.0000247"]);
    let cells = [
        ("library_transit_am_p25_after_min", "13.4"),    // 805 s
        ("library_transit_am_p50_after_min", "15.4"),    // 925 s
        ("library_transit_night_p50_after_min", "15.9"), // 982 − 27 = 955 s
        ("library_transit_saturday_p50_after_min", "15.4"), // 925 s
        ("pub_transit_am_state", "same"),
    ];
    assert_cells(&change[WEST], &cells);
    // The same trips at the same times, but not at the same place.
    let diff = rows(&files["feed_diff.csv"]);
    assert!(diff.iter().any(|row| row["what"] == "route" && row["name"] == "1"));
    // By day alone, the night bus stays where it was.
    let (change, _) =
        crossroads(&["--move-stop", "stop=R to=0.0232971 52.0000247 before=12:00 days=mon-fri"]);
    assert_eq!(change[WEST]["library_transit_am_p50_after_min"], "15.4");
    assert_eq!(change[WEST]["library_transit_night_state"], "same");
    assert_eq!(change[WEST]["library_transit_saturday_state"], "same");
}

/// Along the street from P to R, 2,564 m at 48 km/h: 192.3 s, 193 s. At 08:00, 08:10 and 08:20 from
/// P. W1 has the library at 08:13:51 if it leaves by 08:06, else at 08:23:51: 831, 771 … 471, then
/// 1,011, 951, 891. Sorted, the 3rd is 591, the 5th 711, the 8th 891.
#[test]
fn a_new_line_along_its_course() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = r#"{"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[-0.0145607, 52.0], [0.0227729, 52.0]]}}"#;
    let (_folder, project) = copy_of("crossroads");
    std::fs::write(project.join("line.geojson"), line).expect("written");
    let project = project.join("lastmile.toml");
    let words = "name=X line=line.geojson stops=Westend Green;East Library speed=48 headway=10 between=08:00-08:30 one_way=yes";
    let files = compared(&project, &folder.path().join("out"), &["--add-route", words]);
    let change = by_id(&files["change.csv"]);
    let cells = [
        ("library_transit_am_p25_after_min", "9.9"),
        ("library_transit_am_p50_after_min", "11.9"),
        ("library_transit_am_p75_after_min", "14.9"),
        ("gp_transit_am_state", "same"),
    ];
    assert_cells(&change[WEST], &cells);
    let manifest: serde_json::Value = serde_json::from_slice(&files["run.json"]).expect("JSON");
    let inputs = manifest["inputs"].as_array().expect("a list");
    assert!(inputs.iter().any(|input| input["file"] == "line.geojson"), "the line is an input");
    // The project file that is written makes it again: the line lies beside it.
    std::fs::write(project.with_file_name("again.toml"), &files["scenario.toml"]).expect("written");
    let again = project.with_file_name("again.toml");
    let again = compared(&again, &folder.path().join("again"), &["--scenario", "changes"]);
    assert!(again["change.csv"] == files["change.csv"]);
    // Stops each 500 m: 2,564 / 500 is nearest to 5 legs, so 6 stops, the ends among them.
    let words =
        "name=X line=line.geojson spacing=500 speed=48 headway=10 between=08:00-08:30 one_way=yes";
    let spaced = compared(&project, &folder.path().join("spaced"), &["--add-route", words]);
    assert!(
        String::from_utf8_lossy(&spaced["report.html"])
            .contains("a new route X of 6 stops, 3 trips a day")
    );
}

/// Nobody gets from W1 at -1201 to anything when West Street is closed between it and P at -1000,
/// however that is said.
#[test]
fn a_street_that_is_closed() {
    let ways = [
        "area=-0.0168 51.999;-0.0153 51.999;-0.0153 52.001;-0.0168 52.001",
        "line=-0.0160 51.999;-0.0160 52.001",
    ];
    for way in ways {
        let (change, _) = crossroads(&["--close-street", way]);
        for category in ["library", "pub", "gp"] {
            let state = format!("{category}_transit_am_state");
            assert_eq!(change[WEST][&state], "lost", "{way}: {category}");
            assert_eq!(change[WEST][&format!("{category}_transit_am_people_lost")], "300");
            assert_eq!(change[NORTH][&state], "same", "{way}: {category}");
            assert_eq!(change[EAST][&state], "same", "{way}: {category}");
        }
    }
    // The whole of West Street is one way, which is the same by its name and by its id.
    let (by_name, _) = crossroads(&["--close-street", "name=west street near=-0.01 52"]);
    let (by_box, _) =
        crossroads(&["--close-street", "name=West Street box=-0.02 51.99 -0.01 52.01"]);
    let (by_id, _) = crossroads(&["--close-street", "way=1"]);
    assert_eq!(by_name[WEST]["library_transit_am_state"], "lost");
    assert!(by_name == by_id && by_name == by_box);
}

/// A path from North Street (0, 503) to the library's door on East Street (1601, 0): √(1601² +
/// 503²) = 1,678.2 m. N1 walks 12 + 1,678.2 + 10 m in 1,275.1 → 1,276 s, N2 16 + 200 + 1,678.2 + 10
/// m in 1,428.1 → 1,429 s. The people's median is N2's: 23.8 min for 29.1.
#[test]
fn a_new_footpath() {
    let (change, files) = crossroads(&["--add-path", "line=0 52.0045206;0.0233116 52.0"]);
    let cells = [
        ("library_transit_am_p25_after_min", "23.8"),
        ("library_transit_am_p50_after_min", "23.8"),
        ("library_transit_am_p75_after_min", "23.8"),
        ("library_transit_am_p50_change_min", "-5.3"), // 319 s
        ("pub_transit_am_state", "same"),
    ];
    assert_cells(&change[NORTH], &cells);
    assert_eq!(change[WEST]["library_transit_am_state"], "same");
    assert!(String::from_utf8_lossy(&files["report.html"]).contains("a new footpath of 1678 m"));
    // Closed again, everything is as it was, to the byte.
    let path = ["--change", "add_path line=0 52.0045206;0.0233116 52.0"];
    let closed = ["--change", "close_street line=0.01 52.0025 ; 0.0101 52.0025 within=200"];
    let (shut, _) = crossroads(&[path, closed].concat());
    assert!(
        shut[NORTH]
            .iter()
            .all(|(name, cell)| !name.ends_with("_state") || cell == "same" || cell == "never")
    );
}

/// The fixture's README, section 7: West has gigabit 25.0, ultrafast 30.0, superfast 75.0, 7.5
/// below decent; North 75, 80, 100 and 0.
#[test]
fn broadband_that_comes_and_goes() {
    let (change, _) = crossroads(&["--add-broadband", "speed=gigabit code=E01990901 share=80"]);
    let cells = [
        ("broadband_gigabit_pct_before", "25.0"),
        ("broadband_gigabit_pct_after", "80.0"),
        ("broadband_gigabit_pct_change", "55.0"),
        ("broadband_ultrafast_pct_after", "80.0"),
        ("broadband_superfast_pct_after", "80.0"), // who has gigabit has that
        ("broadband_superfast_pct_change", "5.0"),
        ("broadband_below_decent_pct_after", "7.5"), // 80 of the 92.5 that have decent broadband
        ("library_transit_am_state", "same"),
    ];
    assert_cells(&change[WEST], &cells);
    assert_eq!(change[EAST]["broadband_gigabit_pct_change"], "0.0");
    // A polygon about N1, where 100 of North's 300 people live: a third of the way from 75 to 100,
    // and from 80 to 100.
    let about = "speed=gigabit area=-0.01 52.004;0.01 52.004;0.01 52.005;-0.01 52.005";
    let (change, _) = crossroads(&["--add-broadband", about]);
    assert_eq!(change[NORTH]["broadband_gigabit_pct_after"], "83.3");
    assert_eq!(change[NORTH]["broadband_ultrafast_pct_after"], "86.7");
    assert_eq!(change[WEST]["broadband_gigabit_pct_change"], "0.0");
    let (change, _) = crossroads(&["--remove-broadband", "speed=superfast code=E01990902"]);
    let cells = [
        ("broadband_superfast_pct_change", "-100.0"),
        ("broadband_gigabit_pct_change", "-75.0"), // who cannot have 30 Mbit/s cannot have more
        ("broadband_below_decent_pct_change", "0.0"),
    ];
    assert_cells(&change[NORTH], &cells);
}

/// The town's broadband, whose counts are by output area: Wenbury's E01990027 has four with 213
/// premises, of which 19 have gigabit, 23 ultrafast, 106 superfast, and 32 are below decent;
/// E01990001 has five with 1,141, of which 858, 1,069 superfast, 17 below.
#[test]
fn broadband_of_neighbourhoods_that_are_made_of_output_areas() {
    let (_folder, town) = copy_of("town");
    let project = town.join("broadband.toml");
    let words = "osm = [\"town.osm.pbf\"]\ngtfs = [\"gtfs-before\"]\ndate = \"2026-03-10\"\n\
        [neighbourhoods]\nfile = \"neighbourhoods.geojson\"\n[origins]\nfile = \"origins.csv\"\nweight = \"population\"\n\
        [windows.am]\nday = \"weekday\"\nfrom = \"08:00\"\nto = \"08:02\"\n\
        [categories.gp]\nosm = [\"amenity=doctors\"]\n\
        [broadband]\nfiles = [\"202501_fixed_oa_coverage_r01.csv\"]\nlookup = \"oa-lookup.csv\"\n";
    std::fs::write(&project, words).expect("written");
    let more = ["--add-broadband", "speed=gigabit code=E01990027 share=60"];
    let less = ["--remove-broadband", "speed=superfast code=E01990001"];
    let files = compared(&project, &town.join("out"), &[more, less].concat());
    let change = by_id(&files["change.csv"]);
    let cells = [
        ("broadband_gigabit_pct_before", "8.9"),
        ("broadband_gigabit_pct_after", "60.0"),
        ("broadband_gigabit_pct_change", "51.1"),
        ("broadband_ultrafast_pct_before", "10.8"),
        ("broadband_ultrafast_pct_after", "60.0"),
        ("broadband_superfast_pct_before", "49.8"),
        ("broadband_superfast_pct_after", "60.0"), // who has gigabit has that
        ("broadband_below_decent_pct_before", "15.0"),
        ("broadband_below_decent_pct_after", "15.0"), // 60 of the 85 that have decent broadband
    ];
    assert_cells(&change["E01990027"], &cells);
    let cells = [
        ("broadband_superfast_pct_before", "93.7"),
        ("broadband_superfast_pct_after", "0.0"),
        ("broadband_gigabit_pct_change", "-75.2"), // who cannot have 30 Mbit/s cannot have more
        ("broadband_below_decent_pct_after", "1.5"),
        ("gp_transit_am_state", "same"),
    ];
    assert_cells(&change["E01990001"], &cells);
    let others = change.iter().filter(|(id, _)| !["E01990001", "E01990027"].contains(&id.as_str()));
    assert!(
        others.clone().count() == 25
            && others.clone().all(|(_, row)| row["broadband_gigabit_pct_change"] == "0.0")
    );
    // With one more than those that have decent broadband, somebody below it gets some: 100 less
    // 90.
    let files = compared(
        &project,
        &town.join("most"),
        &["--add-broadband", "speed=gigabit code=E01990027 share=90"],
    );
    assert_cells(
        &by_id(&files["change.csv"])["E01990027"],
        &[("broadband_below_decent_pct_after", "10.0")],
    );
}

/// The trips by their pattern, by a stop and by their operator are those that their ids name.
#[test]
fn trips_by_where_they_run() {
    let (by_ids, _) = crossroads(&["--cut", "trip=E0809,E0859,E2405,E1008"]);
    for words in [
        "pattern=Westend Green > East Library",
        "pattern=P > Q > R",
        "stop=East Library",
        "operator=Crossroads Bus direction=0",
    ] {
        let (change, _) = crossroads(&["--cut", words]);
        assert!(change == by_ids, "{words}");
    }
    let (before, _) = crossroads(&["--cut", "stop=East Library before=08:30 days=mon-fri"]);
    let (between, _) = crossroads(&["--cut", "pattern=P > R between=08:00-08:30 days=mon-fri"]);
    let (by_id, _) = crossroads(&["--cut", "trip=E0809"]);
    assert!(before == by_id && between == by_id);
}

#[test]
fn what_does_not_fit_is_said_with_what_is_near() {
    for (changes, what) in [
        (
            ["--cut", "pattern=Westend Green > East Librry"],
            "stop `East Librry` is not in gtfs; did you mean `East Library`?",
        ),
        (
            ["--cut", "pattern=The Cross > East Library"],
            "no trip runs on the pattern The Cross > East Library; did you mean `The Cross > Mill`?",
        ),
        (["--cut", "stop=Mil"], "did you mean `Mill`?"),
        (
            ["--reroute", "route=1 from=Mill to=The Cross"],
            "none of the trips calls at Mill and after that at The Cross",
        ),
        (["--reroute", "route=1 from=P to=Q via=Nowhere"], "stop `Nowhere` is not in the feeds"),
        (
            ["--reroute", "route=1 from=P to=R via=Q minutes=3"],
            "minutes=3 is not allowed; give minutes from each stop to the next, with commas between them: 2 for 1 stops between",
        ),
        (["--reroute", "trip=E0809 from=P to=Q minutes=3"], "changes nothing"),
        (["--add-stop", "route=1 stop=The Cross"], "each of the trips calls there already"),
        (["--move-stop", "stop=Mill"], "to is missing"),
        (["--move-stop", "stop=V to=-0.0611550 52.0000111"], "Mill is there already"),
        (
            ["--add-route", "line=nowhere.geojson spacing=400 headway=10"],
            "nowhere.geojson is not allowed; give a GeoJSON file of lines",
        ),
        (
            ["--add-route", "line=0 52;0.02 52 stops=Mill;The Cross headway=10"],
            "Mill lies 4200 m from the line",
        ),
        (
            ["--close-street", "name=Wst Street near=-0.01 52"],
            "street `Wst Street` is not in that place; did you mean `West Street`?",
        ),
        (["--close-street", "name=West Street"], "near is missing; give where"),
        (["--close-street", "way=4711"], "way `4711` is not in the streets that can be walked"),
        (
            ["--close-street", "line=0.01 52.01;0.02 52.01"],
            "changes nothing: no street that can be walked lies there",
        ),
        (
            ["--add-path", "line=0.003 52.0045206;0.0233116 52.0"],
            "the nearest street is 206.0 m away",
        ),
        (["--add-broadband", "speed=gigabit code=E0199902"], "did you mean `E01990902` (North)?"),
        (
            ["--add-broadband", "speed=decent code=E01990902"],
            "changes nothing: the shares are so already",
        ),
        (["--add-broadband", "speed=fast code=E01990902"], "give one of: decent, superfast"),
    ] {
        let said = refused(&changes);
        assert!(said.contains(what), "{changes:?}: {said}");
    }
}

/// Changes that take each other back leave every byte of the comparison as it is without a change;
/// a second pub on the spot of the first leaves every time, though there are more pubs.
#[test]
fn there_and_back_again_is_nothing() {
    let (folder, project) = copy_of("crossroads");
    let project: &Path = &project.join("lastmile.toml");
    let text = String::from_utf8(read(project)).expect("text");
    let scenarios = "[scenarios.same]\ngtfs = ['gtfs']\n\
        [scenarios.again]\nmodifications = [{ move_stop = { stop = 'East Library', to = '0.0232971 52.0000247' } }, { move_stop = { stop = 'East Library', to = '0.0227729 52.0000248' } }]\n\
        [scenarios.pub]\nmodifications = [{ open = { category = 'pub', at = '-0.0001310 51.9981846' } }]\n";
    std::fs::write(project, format!("{text}\n{scenarios}")).expect("written");
    let files = compared(project, &folder.path().join("out"), &[]);
    let same = &files["same/change.csv"];
    assert!(files["again/change.csv"] == *same, "a stop moved there and back");
    let (same, pubs) = (by_id(same), by_id(&files["pub/change.csv"]));
    for (id, row) in &same {
        let times =
            row.iter().filter(|(name, _)| name.ends_with("_min") || name.ends_with("_state"));
        for (name, cell) in times {
            assert_eq!(pubs[id][name], *cell, "{name} of {id}");
        }
    }
}
