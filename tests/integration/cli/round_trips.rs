//! The questions of `nearest`, `matrix` and `explain` beside travel times, on fixtures/crossroads:
//! worked out by hand from the timetable's rows and the walks in its README.md.
//!
//! E0809 leaves P at 08:09:00, is at Q 08:12:00 to 08:12:14 and at R 08:16:14. W0837 leaves Q at
//! 08:37:00 and is at P 08:40:00. Walks: W1 to P 164 s; N1 to Q 434 s; N2 to Q 587 s; library to R
//! 38 s, to Q 1,166 s; pub to Q 206 s; all the way to the library N1 1,595 s, N2 1,748 s, E1 98 s;
//! W1 to the pub 1,070 s. Boarding takes 60 s.

use std::path::Path;

use super::{CROSSROADS, Row, copy_of, read, rows, runs, said};

const TUESDAY: [&str; 6] = ["--date", "2026-03-10", "--depart", "08:00", "--window", "10"];

/// `nearest --seconds` from the origins of a copy of crossroads, or of itself.
fn nearest(folder: &Path, more: &[&str]) -> Vec<Row> {
    let file = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let words = [
        "nearest",
        "--seconds",
        "--osm",
        &file("crossroads.osm.pbf"),
        "--gtfs",
        &file("gtfs"),
        "--origins",
    ];
    let origins = file("origins.csv");
    let words = words.into_iter().chain([origins.as_str()]).chain(more.iter().copied());
    rows(&runs(words, 0).stdout)
}

fn library_and(more: &[&str]) -> Vec<Row> {
    let words = [&["--place", "library=amenity=library"][..], &TUESDAY, more].concat();
    nearest(&super::root().join("fixtures/crossroads"), &words)
}

/// Some cells of each row, in order.
#[track_caller]
fn hold<const N: usize>(rows: &[Row], columns: [&str; N], wanted: &[(&str, [&str; N])]) {
    assert_eq!(rows.len(), wanted.len());
    for (row, (id, cells)) in rows.iter().zip(wanted) {
        assert_eq!(&row["id"], id);
        assert_eq!(columns.map(|column| row[column].as_str()), *cells, "{id}: {columns:?}");
    }
}

/// The median departures: W1 at 08:01 (952 s: leave at 08:05:16, so 256 s at home, 164 s on foot,
/// 60 s at P, 434 s in the bus, 38 s on foot), N1 at 08:00 (1,012 s: leave at 08:04:00, 240 + 434 +
/// 60 + 240 + 38). N2 and E1 walk.
#[test]
fn the_parts_of_the_median_journey_are_those_worked_out_by_hand() {
    let columns = [
        "travel_time_s_p50",
        "planned_time_s",
        "walking_time_s",
        "waiting_time_s",
        "boardings",
        "walk_time_s",
    ];
    hold(
        &library_and(&[]),
        columns,
        &[
            ("W1", ["952", "696", "202", "316", "1", ""]),
            ("N1", ["1012", "772", "472", "300", "1", "1595"]),
            ("N2", ["1748", "1748", "1748", "0", "0", "1748"]),
            ("E1", ["98", "98", "98", "0", "0", "98"]),
            ("H1", [""; 6]),
        ],
    );
}

/// A quarter of an hour at the library. W1 cannot come back: to be at Q for W0837 one leaves the
/// library by 08:16:34, and gets there at 08:16:52. N1: at 08:00 there at 08:16:52, free at
/// 08:31:52, sets out at 08:32:00 and walks 1,595 s: away 3,515 s; a minute less for each departure
/// until 08:04; from 08:05 on foot there too: 1,595 s, free 08:46:35, 08:47:00, home 09:13:35, away
/// 4,115 s. The fifth of ten is 3,515. N2: only 08:00 and 08:01 by bus (3,668 and 3,608), else
/// 08:31:08, 08:46:08, 08:47:00, 09:16:08: 4,448. E1: 08:01:38, 08:16:38, 08:17:00, 08:18:38:
/// 1,118.
#[test]
fn a_quarter_of_an_hour_at_the_library_and_back_is_as_worked_out_by_hand() {
    hold(
        &library_and(&["--stay", "15"]),
        ["round_trip_pct", "away_time_s_p50"],
        &[
            ("W1", ["0.0", ""]),
            ("N1", ["100.0", "3515"]),
            ("N2", ["100.0", "4448"]),
            ("E1", ["100.0", "1118"]),
            ("H1", ["0.0", ""]),
        ],
    );
}

/// From W1 to the pub: until 08:05 by E0809, there at 08:15:26, free at 08:30:26, out at 08:31:00
/// and at Q at 08:34:26, for W0837: P 08:40:00, home 08:42:44. Away 2,564 s at 08:00, 60 s less for
/// each minute: 2,264 at 08:05. From 08:06 on foot: 1,070 s there, and back from the next full
/// minute after the stay, W0837 being gone: 1,070 + 900 + 10 + 1,070 = 3,050. The fifth of ten is
/// 2,504.
#[test]
fn there_by_one_bus_and_back_by_another_is_as_worked_out_by_hand() {
    let words = [&["--place", "pub=amenity=pub", "--stay", "15"][..], &TUESDAY].concat();
    let rows = nearest(&super::root().join("fixtures/crossroads"), &words);
    assert_eq!((rows[0]["id"].as_str(), rows[0]["round_trip_pct"].as_str()), ("W1", "100.0"));
    assert_eq!(rows[0]["away_time_s_p50"], "2504");
}

/// At P and Q something can be boarded between 08:00 and 09:00 (E0809, W0837, at P E0859), between
/// 09:00 and 10:00 (E0859 at Q, 09:02:14), and between 24:00 and 25:00 (E2405). All four origins
/// have P or Q within half an hour's walk; from W1 both, so that 08:59 at P does not matter. On
/// Saturdays there is one bus.
#[test]
fn hours_with_service_are_those_of_the_timetable() {
    let hours =
        |rows: Vec<Row>| rows.iter().map(|row| row["service_hours"].clone()).collect::<Vec<_>>();
    assert_eq!(hours(library_and(&["--service-hours"])), ["3", "3", "3", "3", "0"]);
    let saturday =
        ["--place", "library=amenity=library", "--date", "2026-03-07", "--service-hours"];
    let rows = nearest(&super::root().join("fixtures/crossroads"), &saturday);
    assert_eq!(hours(rows), ["1", "1", "1", "1", "0"]);
}

/// Westward in the evening a bus leaves Q at 22:15:00, and in a second timetable another at
/// 24:30:00. To be there in time one leaves the library 1,226 s before: by 21:54:34 and by
/// 24:09:34; the last full minutes are 21:54 and, on the next day, 00:09.
#[test]
fn the_last_way_home_is_the_last_minute_for_the_last_bus() {
    let (_keep, folder) = copy_of("crossroads");
    let add = |file: &str, lines: &str| {
        let file = folder.join("gtfs").join(file);
        let text = String::from_utf8(read(&file)).expect("text");
        std::fs::write(&file, format!("{}\n{lines}", text.trim_end())).expect("written");
    };
    let words = [
        "--place",
        "library=amenity=library",
        "--date",
        "2026-03-10",
        "--depart",
        "08:00",
        "--window",
        "1",
    ];
    let last = |more: &[&str]| nearest(&folder, &[&words[..], &["--last-home"], more].concat());
    let on_foot = "on foot at any time";
    let wanted =
        |w1| [("W1", [w1]), ("N1", [on_foot]), ("N2", [on_foot]), ("E1", [on_foot]), ("H1", [""])];
    hold(&last(&[]), ["last_home"], &wanted(""));
    add("trips.txt", "1,WD,W2215,1\n");
    add("stop_times.txt", "W2215,22:15:00,22:15:00,Q,1\nW2215,22:18:00,22:18:00,P,2\n");
    hold(&last(&[]), ["last_home"], &wanted("21:54:00"));
    add("trips.txt", "1,WD,W2430,1\n");
    add("stop_times.txt", "W2430,24:30:00,24:30:00,Q,1\nW2430,24:33:00,24:33:00,P,2\n");
    hold(&last(&[]), ["last_home"], &wanted("2026-03-11 00:09:00"));
}

/// By 08:17 at the library: E0809 is there at 08:16:52. For it W1 leaves at 08:05:16, N1 at
/// 08:04:00, N2 at 08:01:27: 704, 780 and 933 s before 08:17:00. E1 walks 98 s. To the pub and the
/// surgery W1 takes the same bus (08:15:26, 08:16:29), the others walk. Nobody is at the jobs in
/// the west before 08:48.
#[test]
fn arriving_by_a_time_is_as_worked_out_by_hand() {
    let words =
        ["matrix", "--date", "2026-03-10", "--arrive-by", "08:17", "--seconds", "--all-pairs"];
    let output = runs(words.iter().chain(&CROSSROADS[..8]), 0).stdout;
    let wanted = "from_id,to_id,travel_time_s_arrive_by\n\
        W1,library,704\nW1,pub,704\nW1,gp,704\nW1,jobs_east,704\nW1,jobs_west,\n\
        N1,library,780\nN1,pub,545\nN1,gp,698\nN1,jobs_east,780\nN1,jobs_west,\n\
        N2,library,933\nN2,pub,698\nN2,gp,851\nN2,jobs_east,933\nN2,jobs_west,\n\
        E1,library,98\nE1,pub,1295\nE1,gp,845\nE1,jobs_east,35\nE1,jobs_west,\n\
        H1,library,\nH1,pub,\nH1,gp,\nH1,jobs_east,\nH1,jobs_west,\n";
    assert_eq!(String::from_utf8_lossy(&output), wanted);
    // In minutes, and reached pairs alone: 704 s are 11.7 min.
    let words = ["matrix", "--date", "2026-03-10", "--arrive-by", "08:17"];
    let output = runs(words.iter().chain(&CROSSROADS[..8]), 0).stdout;
    let text = String::from_utf8_lossy(&output);
    assert!(text.starts_with("from_id,to_id,travel_time_arrive_by\nW1,library,11.7\n"), "{text}");
    assert_eq!(text.lines().count(), 1 + 16);
    // W0837 is at V at 08:48:00, 29 s from the jobs in the west. For it W1 leaves at 08:36:16, N1
    // at 08:28:46, N2 at 08:26:13, E1 at 08:17:46.
    let words = ["matrix", "--date", "2026-03-10", "--arrive-by", "08:49", "--seconds"];
    let west: Vec<String> = rows(&runs(words.iter().chain(&CROSSROADS[..8]), 0).stdout)
        .iter()
        .filter(|row| row["to_id"] == "jobs_west")
        .map(|row| row["travel_time_s_arrive_by"].clone())
        .collect();
    assert_eq!(west, ["764", "1214", "1367", "1874"]);
}

/// The same in `nearest`, with the journey's parts: from leaving to arriving 696, 772 and 925 s, of
/// which 60 s of waiting; and `explain` tells the same journey.
#[test]
fn the_nearest_by_a_time_and_its_journey_are_as_worked_out_by_hand() {
    let words =
        ["--place", "library=amenity=library", "--date", "2026-03-10", "--arrive-by", "08:17"];
    let found = nearest(&super::root().join("fixtures/crossroads"), &words);
    hold(
        &found,
        [
            "travel_time_s_arrive_by",
            "planned_time_s",
            "walking_time_s",
            "waiting_time_s",
            "boardings",
        ],
        &[
            ("W1", ["704", "696", "202", "60", "1"]),
            ("N1", ["780", "772", "472", "60", "1"]),
            ("N2", ["933", "925", "625", "60", "1"]),
            ("E1", ["98", "98", "98", "0", "0"]),
            ("H1", [""; 5]),
        ],
    );
    let words = [
        "explain",
        "--json",
        "--date",
        "2026-03-10",
        "--arrive-by",
        "08:17",
        "--from",
        "N2",
        "--to",
        "library",
    ];
    let output = runs(words.iter().chain(&CROSSROADS[..8]), 0).stdout;
    let told: serde_json::Value = serde_json::from_slice(&output).expect("JSON");
    assert_eq!(told["ready_to_leave"], "08:01:27");
    assert_eq!(
        (&told["journey"]["travel_time_s"], &told["journey"]["walking_s"]),
        (&925.into(), &625.into())
    );
}

#[test]
fn arriving_by_a_time_goes_with_no_window_and_on_foot_without_a_timetable() {
    let with = |more: &[&str], code| {
        let words = ["matrix", "--date", "2026-03-10", "--arrive-by", "08:17"];
        runs(words.iter().chain(&CROSSROADS[..8]).chain(more), code)
    };
    assert!(said(&with(&["--window", "10"], 2)).contains("--window"));
    assert!(said(&with(&["--percentiles", "50"], 2)).contains("--percentiles"));
    assert!(said(&with(&["--max-time", "600"], 2)).contains("--max-time"));
    let walks = rows(&with(&["--modes", "walk", "--seconds"], 0).stdout);
    let walk = walks
        .iter()
        .find(|row| row["from_id"] == "N1" && row["to_id"] == "library")
        .expect("a walk");
    assert_eq!(walk["travel_time_s_arrive_by"], "1595");
}

/// The earliest arrival from one departure is a window of one minute.
#[test]
fn a_single_departure_is_the_earliest_arrival() {
    let words =
        ["matrix", "--date", "2026-03-10", "--depart", "08:01", "--window", "1", "--seconds"];
    let found = rows(&runs(words.iter().chain(&CROSSROADS[..8]), 0).stdout);
    assert_eq!(
        (found[0]["to_id"].as_str(), found[0]["travel_time_s_p50"].as_str()),
        ("library", "952")
    );
}

/// A headway service in place of E0809: the same seed draws the same, another draws otherwise; and
/// what `explain` tells is the number in the matrix.
#[test]
fn a_headway_service_is_drawn_by_the_seed_and_explained_as_it_was_drawn() {
    let (_keep, folder) = copy_of("crossroads");
    let rows_of =
        "trip_id,start_time,end_time,headway_secs,exact_times\nE0809,06:00:00,12:00:00,900,0\n";
    std::fs::write(folder.join("gtfs/frequencies.txt"), rows_of).expect("written");
    let file = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (osm, gtfs) = (file("crossroads.osm.pbf"), file("gtfs"));
    let (from, to) = (file("origins.csv"), file("destinations.csv"));
    let data = [
        "--osm",
        &osm,
        "--gtfs",
        &gtfs,
        "--origins",
        &from,
        "--destinations",
        &to,
        "--date",
        "2026-03-10",
    ];
    let allow = ["--allow-unusual-date", "--window", "10"];
    let matrix = |seed| {
        let words = ["matrix", "--seconds", "--seed", seed];
        runs(words.iter().chain(&data).chain(&allow), 0).stdout
    };
    assert_eq!(matrix("7"), matrix("7"));
    assert_ne!(matrix("7"), matrix("8"));
    let number = rows(&matrix("7"))[0]["travel_time_s_p50"].clone();
    let words = ["explain", "--json", "--seed", "7", "--from", "W1", "--to", "library"];
    let output = runs(words.iter().chain(&data).chain(&allow), 0).stdout;
    let told: serde_json::Value = serde_json::from_slice(&output).expect("JSON");
    assert_eq!(told["journey"]["travel_time_s"].to_string(), number);
}

/// R is a platform of a station now: in by a gate at R's own place, out by another 84 m to the
/// west, 40 s from the platform. From there it is 3 + 121 + 10 = 134 m, 100.5 s, to the library:
/// 140.5 s, rounded up once. W1 at 08:01 so takes 952 − 38 + 141 = 1,055 s. If the way out is a
/// stair, who needs a way without steps rides to Q only and walks 1,166 s: 08:12:00 + 19:26 =
/// 08:31:26, 1,826 s.
#[test]
fn who_leaves_a_station_leaves_by_the_gate_that_opens_outwards() {
    let (_keep, folder) = copy_of("crossroads");
    let stops = String::from_utf8(read(folder.join("gtfs/stops.txt"))).expect("text");
    let mut station =
        String::from("stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n");
    for line in stops.lines().skip(1).filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.trim().split(',').collect();
        if cells[0] != "R" {
            station += &format!("{line},0,\n");
            continue;
        }
        let (lat, lon) = (cells[2], cells[3].parse::<f64>().expect("degrees"));
        let west = lon / 1564.0 * 1480.0;
        station +=
            &format!("{line},0,S\nS,East Library,{lat},{lon},1,\nIn,Way in,{lat},{lon},2,S\n");
        station += &format!("Out,Way out,{lat},{west:.7},2,S\n");
    }
    std::fs::write(folder.join("gtfs/stops.txt"), station).expect("written");
    let pathways = |mode: &str| {
        let text = format!(
            "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,traversal_time\n\
             in,In,R,6,0,30\nout,R,Out,{mode},0,40\n"
        );
        std::fs::write(folder.join("gtfs/pathways.txt"), text).expect("written");
    };
    let explain = |more: &[&str]| -> serde_json::Value {
        let file = |name: &str| folder.join(name).to_string_lossy().into_owned();
        let (osm, gtfs) = (file("crossroads.osm.pbf"), file("gtfs"));
        let (from, to) = (file("origins.csv"), file("destinations.csv"));
        let data = ["--osm", &osm, "--gtfs", &gtfs, "--origins", &from, "--destinations", &to];
        let words = [
            "explain",
            "--json",
            "--date",
            "2026-03-10",
            "--depart",
            "08:01",
            "--from",
            "W1",
            "--to",
            "library",
        ];
        let output = runs(words.iter().chain(&data).chain(more), 0).stdout;
        serde_json::from_slice(&output).expect("JSON")
    };
    pathways("7");
    let through_the_gate = explain(&[]);
    assert_eq!(through_the_gate["journey"]["travel_time_s"], 1055, "{through_the_gate:#}");
    assert_eq!(explain(&["--step-free"])["journey"]["travel_time_s"], 1055);
    pathways("2");
    assert_eq!(explain(&[])["journey"]["travel_time_s"], 1055);
    let without_steps = explain(&["--step-free"]);
    assert_eq!(without_steps["journey"]["travel_time_s"], 1826, "{without_steps:#}");
}

#[test]
fn a_matrix_keeps_ids_as_they_are() {
    let (_keep, folder) = copy_of("crossroads");
    let ids = [("W1", "-17"), ("N1", "+44"), ("E1", "=A1"), ("N2", "@home")];
    let mut text = String::from_utf8(read(folder.join("origins.csv"))).expect("text");
    for (old, new) in ids {
        text = text.replace(&format!("{old},"), &format!("{new},"));
    }
    std::fs::write(folder.join("origins.csv"), text).expect("written");
    let (osm, origins) = (folder.join("crossroads.osm.pbf"), folder.join("origins.csv"));
    let words = [
        "matrix".as_ref(),
        "--osm".as_ref(),
        osm.as_os_str(),
        "--origins".as_ref(),
        origins.as_os_str(),
    ];
    let found = rows(&runs(words, 0).stdout);
    for (_, id) in ids {
        assert!(found.iter().any(|row| row["from_id"] == id && row["to_id"] == id), "{id}");
    }
    assert!(found.iter().all(|row| !row["from_id"].starts_with('\'')));
    let near = nearest(
        &folder,
        &["--place", "library=amenity=library", "--date", "2026-03-10", "--window", "1"],
    );
    assert_eq!(near[0]["id"], "-17");
}
