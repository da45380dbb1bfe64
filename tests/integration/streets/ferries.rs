//! Ferries of the map: their time, what walks they may stand in, and timetables that know better. A
//! second is a metre.

use crate::support::maps;

use std::path::Path;
use std::process::Command;

use crate::support::maps::{Map, Pairs};
use lastmile::finding::Findings;
use lastmile::inputs::osm::walk_rules::WayKind;
use lastmile::units::Seconds;
use tempfile::TempDir;

const STREET: Pairs<'_> = &[("highway", "residential")];
const FERRY: Pairs<'_> = &[("route", "ferry"), ("foot", "yes")];

/// A street of 100 m, a ferry of 20 minutes over 400 m, and a street of 100 m.
fn sound() -> Map {
    crossed(&[("route", "ferry"), ("duration", "PT20M")])
}

fn crossed(ferry: Pairs<'_>) -> Map {
    Map::drawn("A         B                                       C         D")
        .way("AB", STREET)
        .way("BC", ferry)
        .way("CD", STREET)
}

/// What the map's ferries take, by way.
fn times(map: &Map) -> Vec<(i64, Option<u32>)> {
    let data = map.read(&[], &mut Findings::new()).expect("a sound map");
    let time = |kind| match kind {
        WayKind::Ferry(time) => Some(time.map(Seconds::get)),
        _ => None,
    };
    data.ways.iter().filter_map(|way| Some((way.id, time(way.access.kind)?))).collect()
}

#[test]
fn a_route_shares_its_time_among_its_ways_by_length() {
    let route: Pairs<'_> = &[("type", "route"), ("route", "ferry"), ("duration", "PT20M")];
    let map = || Map::drawn("A    B    C              D    E").way("AB", STREET).way("DE", STREET);
    let two = map().way("BC", FERRY).way("CD", FERRY).relation(&[(1, 3, ""), (1, 4, "")], route);
    assert_eq!(times(&two), [(3, Some(300)), (4, Some(900))]);
    let one_says = map()
        .way("BC", &[("route", "ferry"), ("duration", "00:08")])
        .way("CD", FERRY)
        .relation(&[(1, 3, ""), (1, 4, "")], route);
    assert_eq!(times(&one_says), [(3, Some(480)), (4, Some(720))]);
    let untagged = map().way("BC", &[]).way("CD", FERRY).relation(&[(1, 3, ""), (1, 4, "")], route);
    assert_eq!(
        times(&untagged),
        [(3, Some(300)), (4, Some(900))],
        "a way without tags is its route's"
    );
    let cut = map().way("CD", FERRY).relation(&[(1, 99, ""), (1, 3, "")], route);
    assert_eq!(times(&cut), [(3, None)], "of a route that is not whole nothing is known");
    let pier = map().way("BD", FERRY).relation(&[(1, 99, "platform"), (1, 3, "")], route);
    assert_eq!(times(&pier), [(3, Some(1200))]);
    let shut =
        map().way("BD", &[("route", "ferry"), ("foot", "no")]).relation(&[(1, 3, "")], route);
    assert_eq!(times(&shut), [], "what the way says of itself holds");
}

/// A folder with a map and the points A and D, and commands run in it.
struct Town {
    folder: TempDir,
}

impl Town {
    fn of(map: &Map) -> Town {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("map.osm.pbf"), map.bytes()).expect("written");
        let town = Town { folder };
        town.point("o.csv", "o", 0.0);
        town.point("d.csv", "d", 60.0);
        town
    }

    /// Writes a file with one point, at a column of the drawing.
    fn point(&self, file: &str, name: &str, column: f64) {
        let at = maps::spot(column * 10.0, 0.0);
        let text = format!("id,lon,lat\n{name},{},{}\n", at.lon(), at.lat());
        std::fs::write(self.path().join(file), text).expect("written");
    }

    /// Adds a timetable with one line.
    fn with_trips(self, route_type: u16, departures: &[&str], columns: [f64; 2]) -> Town {
        self.with_lines(&[(route_type, departures, columns)])
    }

    /// Adds a timetable: lines with a route type and the full hours at which they leave, 25 minutes
    /// each from one column of the drawing to another.
    fn with_lines(self, lines: &[(u16, &[&str], [f64; 2])]) -> Town {
        let gtfs = self.folder.path().join("gtfs");
        std::fs::create_dir(&gtfs).expect("made");
        let write =
            |name: &str, text: String| std::fs::write(gtfs.join(name), text).expect("written");
        write(
            "agency.txt",
            "agency_id,agency_name,agency_url,agency_timezone\nA,Op,http://example.org,Europe/London\n"
                .into(),
        );
        write("calendar.txt", "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nS,1,1,1,1,1,1,1,20260101,20261231\n".into());
        let mut routes = String::from("route_id,agency_id,route_short_name,route_type\n");
        let mut stops = String::from("stop_id,stop_name,stop_lat,stop_lon\n");
        let mut trips = String::from("route_id,service_id,trip_id\n");
        let mut calls = String::from("trip_id,arrival_time,departure_time,stop_id,stop_sequence\n");
        for (line, (route_type, departures, columns)) in lines.iter().enumerate() {
            routes += &format!("R{line},A,Line {line},{route_type}\n");
            for (stop, column) in ["P", "Q"].iter().zip(columns) {
                let at = maps::spot(column * 10.0, 0.0);
                stops += &format!("{stop}{line},Stop {stop}{line},{},{}\n", at.lat(), at.lon());
            }
            for hour in *departures {
                trips += &format!("R{line},S,t{line}-{hour}\n");
                calls += &format!("t{line}-{hour},{hour}:00:00,{hour}:00:00,P{line},1\n");
                calls += &format!("t{line}-{hour},{hour}:25:00,{hour}:25:00,Q{line},2\n");
            }
        }
        write("routes.txt", routes);
        write("stops.txt", stops);
        write("trips.txt", trips);
        write("stop_times.txt", calls);
        self
    }

    fn run(&self, words: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lastmile"));
        command.current_dir(self.path()).args(words);
        let out = command.output().expect("runs");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).expect("text")
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Seconds from o to d.
    fn seconds(&self, more: &[&str]) -> Option<u32> {
        let words =
            ["matrix", "--osm", "map.osm.pbf", "--origins", "o.csv", "--destinations", "d.csv"];
        let how = ["--walk-speed", "3.6", "--seconds", "--all-pairs"];
        let table = self.run(&[&words[..], &how, more].concat());
        let row = table.lines().nth(1).expect("a row");
        row.rsplit(',').next().and_then(|cell| cell.parse().ok())
    }
}

const ON_FOOT: [&str; 2] = ["--modes", "walk"];

fn at(hour: &'static str) -> Vec<&'static str> {
    vec!["--gtfs", "gtfs", "--date", "2026-03-10", "--depart", hour, "--window", "1"]
}

#[track_caller]
fn assert_near(found: Option<u32>, wanted: u32) {
    assert!(found.is_some_and(|found| found.abs_diff(wanted) <= 3), "{found:?}, not {wanted}");
}

#[test]
fn what_is_walked_on_both_sides_shares_the_longest_walk_and_time_aboard_is_not_in_it() {
    let town = Town::of(&sound());
    let walk =
        |longest: &'static str| town.seconds(&[&ON_FOOT[..], &["--max-walk", longest]].concat());
    assert_near(walk("4"), 100 + 1200 + 100);
    assert_eq!(walk("3"), None, "200 s are walked, 180 may be");
}

#[test]
fn a_ferry_of_the_timetable_takes_the_place_of_the_maps() {
    for route_type in [4, 1000, 1020, 1200] {
        let town = Town::of(&sound()).with_trips(route_type, &["09", "17"], [10.0, 50.0]);
        // From 08:00 to 09:25, and 100 m from there.
        assert_near(town.seconds(&at("08:00")), 3600 + 1500 + 100);
        assert_eq!(town.seconds(&at("02:00")), None, "no sailing in time");
        assert_near(town.seconds(&ON_FOOT), 1400);
    }
    let bus = Town::of(&sound()).with_trips(3, &["09"], [10.0, 50.0]);
    assert_near(bus.seconds(&at("08:00")), 1400);
    let elsewhere = Town::of(&sound()).with_trips(4, &["09"], [10.0, 10.5]);
    assert_near(elsewhere.seconds(&at("08:00")), 1400);
}

/// Three pieces of land: a home on the first; a ferry of 20 minutes on the second; a place on the
/// third. Buses join them.
fn three_lands() -> Town {
    let mut line = vec![' '; 320];
    for (letter, column) in "HIABCDEF".chars().zip([0, 10, 100, 110, 150, 160, 300, 310]) {
        line[column] = letter;
    }
    let map = Map::drawn(&line.into_iter().collect::<String>())
        .way("HI", STREET)
        .way("AB", STREET)
        .way("BC", &[("route", "ferry"), ("duration", "20")])
        .way("CD", STREET)
        .way("EF", STREET);
    Town::of(&map).with_lines(&[(3, &["09"], [5.0, 105.0]), (3, &["11"], [155.0, 305.0])])
}

#[test]
fn the_ways_to_the_first_stop_and_from_the_last_may_be_by_ferry() {
    let town = three_lands();
    town.point("d.csv", "d", 155.0);
    // The bus of 09:00, and from 09:25 on 50 m, the ferry, 50 m.
    assert_near(town.seconds(&at("08:00")), 3600 + 1500 + 50 + 1200 + 50);
    town.point("o.csv", "o", 105.0);
    town.point("d.csv", "d", 305.0);
    // The bus of 11:00 is caught over the ferry if one leaves by 10:37.
    assert_near(
        town.seconds(&[&at("08:00")[..], &["--max-time", "300"]].concat()),
        3 * 3600 + 1500,
    );
    assert_near(town.seconds(&at("10:36")), 24 * 60 + 1500);
    assert_eq!(town.seconds(&at("10:40")), None);
}

#[test]
fn no_ferry_stands_between_two_rides() {
    let town = three_lands();
    town.point("d.csv", "d", 305.0);
    assert_eq!(town.seconds(&[&at("08:00")[..], &["--max-time", "300"]].concat()), None);
}

#[test]
fn explain_names_the_ferry_and_says_that_its_wait_is_not_known() {
    let town = Town::of(&sound());
    let words = ["explain", "--osm", "map.osm.pbf", "--walk-speed", "3.6", "--modes", "walk"];
    let ends = ["--origins", "o.csv", "--from", "o", "--destinations", "d.csv", "--to", "d"];
    let text = town.run(&[&words[..], &ends].concat());
    assert!(text.contains("walk 100 m from o to the landing"), "{text}");
    assert!(
        text.contains("ferry from the landing to the landing (of the map: how long one waits"),
        "{text}"
    );
    assert!(text.contains("walk 100 m from the landing to d"), "{text}");
    assert!(text.contains(" by ferry, "), "{text}");
    let json = town.run(&[&words[..], &ends, &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let legs = json["journey"]["legs"].as_array().expect("legs");
    let sum: u64 = legs.iter().filter_map(|leg| leg["seconds"].as_u64()).sum();
    assert_eq!(Some(sum), json["journey"]["travel_time_s"].as_u64());
    assert_eq!(json["journey"]["ferry_s"], 1200);
}

#[test]
fn that_the_wait_is_not_known_is_a_finding() {
    let town = Town::of(&sound());
    let out = town.path().join("findings.csv");
    let out = out.to_str().expect("a name");
    town.run(&["check", "--osm", "map.osm.pbf", "--findings", out]);
    let found = std::fs::read_to_string(out).expect("written");
    assert!(found.contains("osm_ferry_wait_unknown"), "{found}");
}

#[test]
fn an_isochrone_goes_on_where_a_ferry_lands() {
    let town = Town::of(&sound());
    let area = |cutoffs: &str| {
        let words = ["isochrone", "--osm", "map.osm.pbf", "--modes", "walk", "--walk-speed", "3.6"];
        let from = ["--points", "o.csv", "--cutoffs", cutoffs, "--out", "-"];
        let json: serde_json::Value =
            serde_json::from_str(&town.run(&[&words[..], &from].concat())).expect("JSON");
        json["features"][0]["geometry"]["coordinates"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(area("10"), 1, "this side alone");
    assert_eq!(area("25"), 2, "both sides, and no land between them");
}
