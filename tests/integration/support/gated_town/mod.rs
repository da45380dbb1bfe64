//! A town whose short way is shut by a gate in the evening, as a project.
//!
//! ```text
//! A h  G    B      A: Near Library, B: Far Library and the stop Q, G: the gate
//! |         |      h: the home of all, 24 m from A
//! C --------D      AB, AC, CD and BD are 100 m long
//! ```
//! From h to B it is 76 m (57 s at 4.8 km/h) through the gate, which is open from 09:30 to 18:00, and
//! 324 m (243 s) by A, C and D. To A it is 24 m (18 s). A bus leaves Q for S, at C, at 08:30, 10:30
//! and 20:30, which takes nobody to a library.

use std::fs;
use std::path::{Path, PathBuf};

use super::maps::{Map, Pairs, spot};

const STREET: Pairs<'_> = &[("highway", "residential")];

/// Writes the project into a folder; its file is what is given back. The scenario `closed` closes
/// Near Library and takes the bus away.
pub fn gated_town(folder: &Path) -> PathBuf {
    let library = |name: &'static str| [("amenity", "library"), ("name", name)];
    let map = Map::drawn("A    G    B\n\n\n\n\n\n\n\n\n\nC         D")
        .node('G', &[("barrier", "gate"), ("opening_hours", "Mo-Su 09:30-18:00")])
        .node('A', &library("Near Library"))
        .node('B', &library("Far Library"))
        .way("AGB", STREET)
        .way("ACDB", STREET);
    fs::write(folder.join("town.osm.pbf"), map.bytes()).expect("written");
    let home = spot(24.0, 0.0);
    let origins = format!("id,lon,lat,people\nh,{},{},100\n", home.lon(), home.lat());
    fs::write(folder.join("origins.csv"), origins).expect("written");
    let ring: Vec<[f64; 2]> =
        [(-50.0, -50.0), (150.0, -50.0), (150.0, 150.0), (-50.0, 150.0), (-50.0, -50.0)]
            .map(|(east, south)| spot(east, south))
            .map(|at| [at.lon(), at.lat()])
            .to_vec();
    let areas = serde_json::json!({ "type": "FeatureCollection", "features": [{
        "type": "Feature",
        "properties": { "code": "T", "name": "Town", "people": 100 },
        "geometry": { "type": "Polygon", "coordinates": [ring] },
    }]});
    fs::write(folder.join("areas.geojson"), areas.to_string()).expect("written");
    timetable(&folder.join("gtfs"));
    let project = folder.join("lastmile.toml");
    fs::write(&project, PROJECT).expect("written");
    project
}

const PROJECT: &str = r#"
name = "Gated town"
osm = ["town.osm.pbf"]
gtfs = ["gtfs"]
date = "2026-03-10"
timezone = "Europe/London"

[neighbourhoods]
file = "areas.geojson"
id = "code"
name = "name"
population = "people"

[origins]
file = "origins.csv"
weight = "people"

[walk]
speed_kmh = 4.8

[windows.day]
day = "weekday"
from = "10:00"
to = "10:10"

[windows.evening]
day = "weekday"
from = "20:00"
to = "20:10"

[measures]
ptal = true

[categories.library]
label = "Libraries"
osm = ["amenity=library"]

[scenarios.closed]
modifications = [
  { close = { category = "library", place = "Near Library" } },
  { cut = { route = "R" } },
]
"#;

fn timetable(folder: &Path) {
    let (q, s) = (spot(100.0, 0.0), spot(0.0, 100.0));
    let stops = format!(
        "stop_id,stop_name,stop_lat,stop_lon\nQ,Q,{},{}\nS,S,{},{}\n",
        q.lat(),
        q.lon(),
        s.lat(),
        s.lon()
    );
    let hours = ["08", "10", "20"];
    let trips: String = hours.map(|hour| format!("R,D,T{hour}\n")).concat();
    let times: String = hours
        .map(|hour| {
            format!(
                "T{hour},{hour}:30:00,{hour}:30:00,Q,1\nT{hour},{hour}:32:00,{hour}:32:00,S,2\n"
            )
        })
        .concat();
    let tables = [
        (
            "agency",
            "agency_id,agency_name,agency_url,agency_timezone\n\
             A,Op,http://example.org,Europe/London\n"
                .to_owned(),
        ),
        (
            "calendar",
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,\
             end_date\nD,1,1,1,1,1,1,1,20260105,20261219\n"
                .to_owned(),
        ),
        ("routes", "route_id,agency_id,route_short_name,route_type\nR,A,R,3\n".to_owned()),
        ("trips", format!("route_id,service_id,trip_id\n{trips}")),
        ("stops", stops),
        (
            "stop_times",
            format!("trip_id,arrival_time,departure_time,stop_id,stop_sequence\n{times}"),
        ),
    ];
    fs::create_dir(folder).expect("made");
    for (name, text) in tables {
        fs::write(folder.join(format!("{name}.txt")), text).expect("written");
    }
}
