//! A whole run on a real town: Newport, Wales, on Tuesday 2024-03-05. The extract holds the town's
//! core only, so a quarter of the neighbourhoods lies off the map: the usual case of someone's own
//! area, and a trap.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::support::maps::real_data;
use assert_cmd::cargo::cargo_bin_cmd;

type Row = BTreeMap<String, String>;

const CATEGORIES: [&str; 9] = [
    "community_centre",
    "pub",
    "place_of_worship",
    "library",
    "park",
    "gp",
    "pharmacy",
    "school",
    "supermarket",
];

const WINDOWS: [&str; 2] = ["am", "evening"];

/// Where the extract has streets, in degrees: west, south, east, north (its README).
const STREETS: [f64; 4] = [-3.094, 51.517, -2.868, 51.599];

#[test]
fn newport_as_a_whole() {
    let Some(data) =
        real_data("newport/lsoa21.geojson").and_then(|file| file.parent().map(Path::to_owned))
    else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let feeds = ["bus-2024-03-05.gtfs.zip", "rail-2024-03-05.gtfs.zip"];
    let table = run(&data, folder.path(), "newport", &feeds.map(|feed| data.join(feed)));
    let night_bus = folder.path().join("night");
    one_bus_at_night(&night_bus);
    let walked = run(&data, folder.path(), "walked", &[night_bus]);
    assert_eq!(table.len(), 100);
    says_what_is_off_the_map(&table, &data.join("lsoa21.geojson"));
    every_category_has_its_times(&table);
    walking_is_an_alternative(&table, &walked);
    times_are_in_order(&table);
}

fn run(data: &Path, folder: &Path, name: &str, feeds: &[PathBuf]) -> Vec<Row> {
    let path = |name: &str| data.join(name).display().to_string();
    let osm = path("newport-2023-06-13.osm.pbf");
    let feeds: Vec<String> = feeds.iter().map(|feed| format!("'{}'", feed.display())).collect();
    let gtfs = feeds.join(", ");
    let (neighbourhoods, origins) = (path("lsoa21.geojson"), path("oa21_pwc.geojson"));
    let text = format!(
        "name = 'Newport'\nosm = ['{osm}']\ngtfs = [{gtfs}]\ntimezone = 'Europe/London'\n\
         [neighbourhoods]\nfile = '{neighbourhoods}'\n[origins]\nfile = '{origins}'\n\
         [windows.am]\ndate = '2024-03-05'\nfrom = '07:00'\nto = '09:00'\n\
         [windows.evening]\ndate = '2024-03-05'\nfrom = '18:00'\nto = '20:00'\n"
    );
    let (project, out): (PathBuf, PathBuf) =
        (folder.join(format!("{name}.toml")), folder.join(name));
    std::fs::write(&project, text).expect("written");
    cargo_bin_cmd!("lastmile").arg("run").arg(&project).arg("--out").arg(&out).assert().success();
    let mut reader = csv::Reader::from_path(out.join("neighbourhoods.csv")).expect("a table");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

/// A timetable in which nothing runs by day: what is reached in a window is walked, over the
/// streets at its hours.
fn one_bus_at_night(folder: &Path) {
    let tables = [
        (
            "agency",
            "agency_id,agency_name,agency_url,agency_timezone\nA,Op,http://example.org,Europe/London\n",
        ),
        (
            "calendar",
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nS,1,1,1,1,1,1,1,20240101,20241231\n",
        ),
        ("routes", "route_id,route_short_name,route_type\nR,N,3\n"),
        ("trips", "route_id,service_id,trip_id\nR,S,T\n"),
        (
            "stops",
            "stop_id,stop_name,stop_lat,stop_lon\nP,P,51.5877,-2.9977\nQ,Q,51.5840,-2.9950\n",
        ),
        (
            "stop_times",
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT,03:00:00,03:00:00,P,1\nT,03:05:00,03:05:00,Q,2\n",
        ),
    ];
    std::fs::create_dir(folder).expect("made");
    for (name, text) in tables {
        std::fs::write(folder.join(format!("{name}.txt")), text).expect("written");
    }
}

/// Judged by the polygons' own extents: those beyond the streets are off the map, those well within
/// are on it.
fn says_what_is_off_the_map(table: &[Row], polygons: &Path) {
    let outside = |row: &Row| row["outside_map"] == "true";
    let extents = extents(polygons);
    let [west, south, east, north] = STREETS;
    let (mut beyond, mut within) = (0, 0);
    for row in table {
        let [w, s, e, n] = extents[&row["id"]];
        if e < west || w > east || n < south || s > north {
            assert!(outside(row), "{} lies beyond the streets", row["name"]);
            beyond += 1;
        }
        if w > -3.03 && e < -2.95 && s > 51.55 && n < 51.59 {
            assert!(!outside(row), "{} lies in the town", row["name"]);
            within += 1;
        }
    }
    assert!(beyond >= 5 && within >= 20, "{beyond} beyond, {within} within");
    assert_eq!(
        table.iter().filter(|row| outside(row)).count(),
        31,
        "half of their people or more are off it"
    );
    for row in table.iter().filter(|row| outside(row)) {
        assert_eq!(row["edge_affected"], "true");
        for (field, value) in row.iter().filter(|(field, _)| about_travel(field)) {
            assert_eq!(value, "", "{field} of {}, which is off the map", row["name"]);
        }
    }
}

fn about_travel(field: &str) -> bool {
    CATEGORIES
        .iter()
        .any(|category| field.strip_prefix(category).is_some_and(|rest| rest.starts_with('_')))
}

fn every_category_has_its_times(table: &[Row]) {
    let on_map: Vec<&Row> = table.iter().filter(|row| row["outside_map"] == "false").collect();
    // How many of ten have a time: some at the edge have most of their people off it, some are too
    // far to walk.
    let known = |field: &str, tenths: usize| {
        let known = on_map
            .iter()
            .filter(|row| row.get(field).is_some_and(|value| !value.is_empty()))
            .count();
        assert!(known * 10 >= on_map.len() * tenths, "{field}: {known} of {}", on_map.len());
    };
    for category in CATEGORIES {
        known(&format!("{category}_walk_min"), 7);
        for window in WINDOWS {
            known(&format!("{category}_transit_{window}_p50_min"), 9);
            known(&format!("{category}_transit_{window}_pct_30min"), 10);
        }
    }
    let times: BTreeSet<&str> =
        on_map.iter().map(|row| row["library_transit_am_p50_min"].as_str()).collect();
    assert!(times.len() > 40, "times differ between neighbourhoods");
}

/// Who walks all the way needs no bus: public transport is never slower than walking at the same
/// hours, at any percentile, and no fewer people are within a cut-off. Walking at any hour may be
/// faster than both: through gates that are shut then.
fn walking_is_an_alternative(table: &[Row], walked: &[Row]) {
    let (mut compared, mut helped, mut gates) = (0, 0, 0);
    for ((row, category, window), (on_foot, ..)) in each(table).zip(each(walked)) {
        assert_eq!(row["id"], on_foot["id"]);
        let cell = |row: &Row, field: &str| number(&row[&format!("{category}_{field}")]);
        let time = |row: &Row, field: &str| cell(row, field).unwrap_or(f64::INFINITY);
        for measure in ["best", "p25", "p50", "p75", "worst"] {
            let field = format!("transit_{window}_{measure}_min");
            assert!(time(row, &field) <= time(on_foot, &field), "{field} of {category}: {row:?}");
            compared += usize::from(time(on_foot, &field).is_finite());
            helped += usize::from(time(row, &field) < time(on_foot, &field));
        }
        for cutoff in [15, 30, 45, 60] {
            let field = format!("transit_{window}_pct_{cutoff}min");
            assert!(cell(row, &field) >= cell(on_foot, &field), "{field} of {category}: {row:?}");
        }
        // Where nothing runs the times of the window are those of walking then, and no gate opens
        // for one.
        let (then, any_hour) =
            (time(on_foot, &format!("transit_{window}_p50_min")), time(row, "walk_min"));
        assert!(
            then >= any_hour,
            "{category} {window}: {then} on foot in the window, {any_hour} at any hour"
        );
        gates += usize::from(then > any_hour);
    }
    assert!(compared > 1000 && helped > 100, "{compared} compared, buses help {helped}");
    assert!(gates > 0, "some gate is shut in the window");
}

fn times_are_in_order(table: &[Row]) {
    for (row, category, window) in each(table) {
        let time =
            |measure: &str| number(&row[&format!("{category}_transit_{window}_{measure}_min")]);
        // Unreachable sorts last.
        let rank = |measure: &str| time(measure).unwrap_or(f64::INFINITY);
        assert!(
            rank("p25") <= rank("p50") && rank("p50") <= rank("p75"),
            "{category} {window}: {row:?}"
        );
        if time("best").is_some() {
            assert!(
                rank("best") <= rank("p50") && rank("p50") <= rank("worst"),
                "{category} {window}: {row:?}"
            );
        }
        let shares = [15, 30, 45, 60]
            .map(|t| number(&row[&format!("{category}_transit_{window}_pct_{t}min")]));
        assert!(shares.is_sorted(), "{category} {window}: {shares:?}");
    }
}

fn each(table: &[Row]) -> impl Iterator<Item = (&Row, &'static str, &'static str)> {
    table.iter().flat_map(|row| {
        CATEGORIES
            .iter()
            .flat_map(move |category| WINDOWS.iter().map(move |window| (row, *category, *window)))
    })
}

fn number(cell: &str) -> Option<f64> {
    (!cell.is_empty()).then(|| cell.parse().expect("a number"))
}

/// West, south, east, north of each polygon.
fn extents(file: &Path) -> BTreeMap<String, [f64; 4]> {
    let text = std::fs::read_to_string(file).expect("polygons");
    let json: serde_json::Value = serde_json::from_str(&text).expect("GeoJSON");
    let features = json["features"].as_array().expect("features");
    let of = |feature: &serde_json::Value| {
        let mut extent = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        grow(&feature["geometry"]["coordinates"], &mut extent);
        (feature["properties"]["LSOA21CD"].as_str().expect("a code").to_owned(), extent)
    };
    features.iter().map(of).collect()
}

fn grow(value: &serde_json::Value, extent: &mut [f64; 4]) {
    let Some(parts) = value.as_array() else { return };
    if let (Some(x), Some(y)) =
        (parts.first().and_then(|x| x.as_f64()), parts.get(1).and_then(|y| y.as_f64()))
    {
        *extent = [extent[0].min(x), extent[1].min(y), extent[2].max(x), extent[3].max(y)];
    } else {
        parts.iter().for_each(|part| grow(part, extent));
    }
}
