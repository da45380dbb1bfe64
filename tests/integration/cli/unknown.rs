//! Points off the map, and points off the network, in every command that takes points.

use std::fs;
use std::path::Path;

use super::{CROSSROADS, runs, said};
use crate::support::maps::{Map, spot};

/// `matrix` among the crossroads' own origins, of which H1 is 2,000 m off the map.
fn among_origins<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let own =
        ["matrix", "--modes", "walk", "--max-walk", "120", "--osm", CROSSROADS[1], "--origins"];
    own.into_iter().chain([CROSSROADS[5]]).chain(more.iter().copied()).collect()
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    parts.iter().for_each(|part| assert!(text.contains(part), "no {part:?} in: {text}"));
}

fn written(folder: &Path, name: &str, text: &str) -> String {
    let file = folder.join(name);
    fs::write(&file, text).expect("written");
    file.to_str().expect("text").to_owned()
}

#[test]
fn a_point_off_the_map_has_no_number_in_a_matrix_and_is_named() {
    let output = runs(among_origins(&["--all-pairs"]), 0);
    let table = String::from_utf8_lossy(&output.stdout).into_owned();
    let of_h1: Vec<&str> = table.lines().filter(|line| line.contains("H1")).collect();
    assert_eq!(of_h1.len(), 9, "from it and to it: {table}");
    assert!(of_h1.iter().all(|line| line.ends_with(',')), "{of_h1:?}");
    has(&said(&output), &["1 of 5 origins lie off the map", "H1", "point_off_map"]);
    // A street within any distance that is allowed makes no map of what lies a kilometre from it.
    let far = runs(among_origins(&["--max-snap", "3000"]), 0);
    assert!(!String::from_utf8_lossy(&far.stdout).contains("H1"), "{}", said(&far));
}

#[test]
fn points_that_are_all_off_the_map_are_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let off = written(folder.path(), "off.csv", "id,lon,lat\na,0.0,51.9\nb,0.1,51.9\n");
    let told = ["none of the 2", "lies on the map", "crossroads.osm.pbf", "geofabrik"];
    let osm = ["--osm", CROSSROADS[1], "--modes", "walk"];
    has(&said(&runs(among_origins(&["--destinations", &off]), 2)), &told);
    let words = [&["matrix", "--origins", &off][..], &osm].concat();
    has(&said(&runs(&words, 2)), &told);
    let words =
        [&["nearest", "--place", "a=amenity=library", "--origins", &off][..], &osm].concat();
    has(&said(&runs(&words, 2)), &told);
    let words = [&["isochrone", "--points", &off][..], &osm].concat();
    has(&said(&runs(&words, 2)), &told);
    let words = [&["isochrone", "--from", "0.0,51.9"][..], &osm].concat();
    has(&said(&runs(&words, 2)), &["0.0,51.9, lies off the map"]);
}

#[test]
fn of_a_point_off_the_map_no_area_and_no_reason_is_told() {
    let osm = ["--osm", CROSSROADS[1], "--modes", "walk"];
    let words = [&["isochrone", "--cutoffs", "10", "--points", CROSSROADS[5]][..], &osm].concat();
    let output = runs(&words, 0);
    let areas: serde_json::Value = serde_json::from_slice(&output.stdout).expect("GeoJSON");
    let points: Vec<&str> = areas["features"]
        .as_array()
        .expect("features")
        .iter()
        .filter_map(|area| area["properties"]["point"].as_str())
        .collect();
    assert_eq!(points, ["W1", "N1", "N2", "E1"]);
    has(&said(&output), &["1 of 5 points lie off the map", "H1"]);
    for (from, to, end) in [("H1", "N1", "origin"), ("N1", "H1", "destination")] {
        let both = ["--origins", CROSSROADS[5], "--destinations", CROSSROADS[5]];
        let words = [&["explain", "--from", from, "--to", to][..], &both, &osm].concat();
        let text = String::from_utf8_lossy(&runs(&words, 0).stdout).into_owned();
        has(&text, &["Not known: ", end, "lies off the map"]);
        assert!(!text.contains("Not reachable"), "{text}");
        let json = runs(["--json"].iter().chain(&words), 0);
        let json: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
        assert!(json["not_known"].is_string() && json["not_reachable"].is_null(), "{json}");
    }
    let words = ["explain", "--project", "fixtures/crossroads/lastmile.toml", "--to", "library"];
    let text = String::from_utf8_lossy(&runs(words.iter().chain(&["--from", "H1"]), 0).stdout)
        .into_owned();
    has(&text, &["Not known: the origin lies off the map"]);
}

/// A street about a square of 900 m, with a park in its middle whose edges are 350 m from the
/// street.
fn square_with_a_park() -> tempfile::NamedTempFile {
    let row = |left: char, right: char, at: usize, width: usize| {
        format!("{}{left}{}{right}\n", " ".repeat(at), " ".repeat(width - 1))
    };
    let drawing = [
        row('A', 'B', 0, 90),
        "\n".repeat(34),
        row('E', 'F', 35, 20),
        "\n".repeat(19),
        row('H', 'G', 35, 20),
        "\n".repeat(34),
        row('D', 'C', 0, 90),
    ]
    .concat();
    let map = Map::drawn(&drawing).way("ABCDA", &[("highway", "residential")]);
    map.way("EFGHE", &[("leisure", "park"), ("name", "Middle Park")]).file()
}

/// Nobody gets to a point that joins no street, but who is there.
#[test]
fn a_point_off_the_network_is_nought_from_itself_and_from_the_ground_it_lies_on() {
    let map = square_with_a_park();
    let osm = map.path().to_str().expect("text");
    let folder = tempfile::tempdir().expect("a folder");
    let point = |id: &str, east: f64, south: f64| {
        let at = spot(east, south);
        format!("{id},{},{}\n", at.lon(), at.lat())
    };
    // `again` lies where `middle` does, `beside` ten metres off; `street` is at the street.
    let points = [
        "id,lon,lat\n".to_owned(),
        point("middle", 450.0, 450.0),
        point("again", 450.0, 450.0),
        point("beside", 460.0, 450.0),
        point("street", 0.0, 450.0),
    ];
    let file = written(folder.path(), "points.csv", &points.concat());
    let bare = ["--osm", osm, "--modes", "walk", "--origins", &file];
    let matrix = runs([&["matrix", "--all-pairs", "--seconds"][..], &bare].concat(), 0);
    let table = String::from_utf8_lossy(&matrix.stdout).into_owned();
    for line in ["middle,middle,0", "middle,again,0", "beside,beside,0", "street,street,0"] {
        assert!(table.lines().any(|found| found == line), "no {line} in {table}");
    }
    for line in ["middle,beside,", "middle,street,", "street,middle,"] {
        assert!(table.lines().any(|found| found == line), "no {line} in {table}");
    }
    has(&said(&matrix), &["point_off_network"]);
    assert!(!said(&matrix).contains("off the map"), "it lies between streets");
    let nearest = runs([&["nearest", "--place", "park=leisure=park"][..], &bare].concat(), 0);
    let table = String::from_utf8_lossy(&nearest.stdout).into_owned();
    let of_middle = table.lines().find(|line| line.starts_with("middle,")).expect("a row");
    assert!(of_middle.ends_with("Middle Park,0.0"), "{of_middle}");
    let both = ["--osm", osm, "--modes", "walk", "--origins", &file, "--from", "middle"];
    let explain = runs([&["explain", "--to", "leisure=park"][..], &both].concat(), 0);
    has(&String::from_utf8_lossy(&explain.stdout), &["Middle Park", "Travel time 0:00 min (0 s)"]);
    let itself = ["--destinations", &file, "--to", "again"];
    let explain = runs([&["explain"][..], &both, &itself].concat(), 0);
    has(&String::from_utf8_lossy(&explain.stdout), &["again", "Travel time 0:00 min (0 s)"]);
}

#[test]
fn nearest_tells_of_places_that_nobody_gets_to_and_of_kinds_without_any() {
    let folder = tempfile::tempdir().expect("a folder");
    let halls = written(folder.path(), "halls.csv", "id,name,lon,lat\nh1,Far Hall,0.0,51.9766\n");
    let place = format!("hall={halls}");
    let own = ["nearest", "--modes", "walk", "--osm", CROSSROADS[1], "--origins", CROSSROADS[5]];
    let output = runs(own.iter().chain(&["--place", &place, "--place", "x=amenity=nonesuch"]), 0);
    let parts =
        ["`hall`: Far Hall (h1) lies off the map", "none of its 1 places", "x: there is no place"];
    has(&said(&output), &parts);
}
