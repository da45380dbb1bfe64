//! A home, a gate that is shut in the morning, and two lines from the stop behind it: a project
//! whose numbers are worked out by hand. A second is a metre.

use std::fs;
use std::path::Path;

use super::osm_support::{MergedExtracts, Pairs, spot};

const STREET: Pairs<'_> = &[("highway", "residential")];

/// Writes the project; `gate` are the tags of the gate G between the home A and the stop B, 100 m
/// by G and 700 m round by C and D. The library stands 1,900 m behind the stop.
pub fn write(folder: &Path, gate: Pairs<'_>) {
    let put = |name: &str, text: &str| fs::write(folder.join(name), text).expect("written");
    let (between, beyond) = (" ".repeat(189), "\n".repeat(30));
    let map = MergedExtracts::drawn(&format!("A    G    B{between}F{beyond}C         D"))
        .node('G', gate)
        .node('F', &[("amenity", "library"), ("name", "Library")])
        .way("AGB", STREET)
        .way("ACDB", STREET)
        .way("BF", STREET);
    fs::write(folder.join("map.osm.pbf"), map.bytes()).expect("written");
    let home = spot(0.0, 0.0);
    put("homes.csv", &format!("id,lon,lat,people\nhome,{},{},100\n", home.lon(), home.lat()));
    let corner = |east, south| [spot(east, south).lon(), spot(east, south).lat()];
    let ring = [(-20.0, -20.0), (-20.0, 350.0), (50.0, 350.0), (50.0, -20.0), (-20.0, -20.0)];
    let ring = ring.map(|(east, south)| corner(east, south));
    let zone = serde_json::json!({ "type": "FeatureCollection", "features": [{ "type": "Feature",
        "properties": { "code": "Z1", "name": "ReachedFromPoint", "people": 100 },
        "geometry": { "type": "Polygon", "coordinates": [ring] } }] });
    put("zones.geojson", &zone.to_string());
    timetable(&folder.join("gtfs"));
    put("lastmile.toml", PROJECT);
}

/// Line 1 leaves B at 5 and 25 minutes past, line 2 at 15 and 35; both take 5 minutes.
fn timetable(folder: &Path) {
    fs::create_dir(folder).expect("made");
    let put = |name: &str, text: &str| fs::write(folder.join(name), text).expect("written");
    put(
        "agency.txt",
        "agency_id,agency_name,agency_url,agency_timezone\nA,Op,http://example.org,Europe/London\n",
    );
    put(
        "calendar.txt",
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nS,1,1,1,1,1,1,1,20260101,20261231\n",
    );
    put("routes.txt", "route_id,agency_id,route_short_name,route_type\nR1,A,1,3\nR2,A,2,3\n");
    let (from, to) = (spot(100.0, 0.0), spot(2000.0, 0.0));
    let rows = [("S", from), ("T", to)]
        .map(|(id, at)| format!("{id},Stop {id},{},{}\n", at.lat(), at.lon()));
    put("stops.txt", &format!("stop_id,stop_name,stop_lat,stop_lon\n{}", rows.concat()));
    let (mut trips, mut calls) = (String::new(), String::new());
    for minute in (5..60).step_by(10) {
        let route = if minute % 20 == 5 { "R1" } else { "R2" };
        trips += &format!("{route},S,t{minute}\n");
        calls += &format!("t{minute},08:{minute:02}:00,08:{minute:02}:00,S,1\n");
        let (hour, end) = (8 + (minute + 5) / 60, (minute + 5) % 60);
        calls += &format!("t{minute},{hour:02}:{end:02}:00,{hour:02}:{end:02}:00,T,2\n");
    }
    put("trips.txt", &format!("route_id,service_id,trip_id\n{trips}"));
    put(
        "stop_times.txt",
        &format!("trip_id,arrival_time,departure_time,stop_id,stop_sequence\n{calls}"),
    );
}

const PROJECT: &str = r#"name = "Gate"
osm = ["map.osm.pbf"]
gtfs = ["gtfs"]
date = "2026-03-10"
timezone = "Europe/London"
seed = 1
percentiles = [50]
cutoffs_min = [15, 30]

[neighbourhoods]
file = "zones.geojson"
id = "code"
name = "name"
population = "people"

[origins]
file = "homes.csv"
weight = "people"

[walk]
speed_kmh = 3.6
max_walk_min = 30

# Ten departures, one a minute.
[windows.am]
day = "weekday"
from = "08:00"
to = "08:10"

[categories.library]
label = "Libraries"
osm = ["amenity=library"]
"#;
