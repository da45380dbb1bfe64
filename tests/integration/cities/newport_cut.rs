//! Newport without the evening of its own bus company: a dozen neighbourhoods worked out from the
//! feed's rows.
//!
//! Newport Bus has the most trips in the town (764 on the date, of them 89 that begin at 18:00 or
//! later). Each of the points below leaves for Market Square at 20:00:00 on Tuesday 2024-03-05,
//! once with all buses of bus-2024-03-05.gtfs.zip and once without those 89. What they catch was
//! looked up in stop_times.txt by a search written for this purpose alone, in another language,
//! over the raw rows of all trips of the date, forwards from the point, with four rides at most, a
//! minute's slack before each boarding, half an hour for each walk and 750 s for a change. Walks
//! are the program's own (they are held to R5's elsewhere).

use std::collections::BTreeMap;
use std::path::Path;

use crate::support::maps::real_data;
use assert_cmd::cargo::cargo_bin_cmd;

/// An output area, its neighbourhood, and the seconds to Market Square before and after.
type Known = (&'static str, [f64; 2], &'static str, Option<u32>, Option<u32>);

/// 72,000 s are 20:00:00.
const KNOWN: [Known; 14] = [
    // 333 s to Thompson Avenue, 9A at 20:10:06, Kingsway K12 20:47:00, 180 s.
    ("W00008373", [-2.948165, 51.584409], "W01001609", Some(3000), None),
    // 58 s to Eschol Close, 9C at 20:05:35, Kingsway K12 20:18:00, 180 s.
    ("W00008529", [-2.957069, 51.580634], "W01001648", Some(1260), None),
    // 235 s to Liscombe Street, the same 9C at 20:08:38. Without it the walk all the way, 1,601 s.
    ("W00008547", [-2.971631, 51.583184], "W01002030", Some(1260), Some(1601)),
    // 286 s to the same stop. Without it 1,731 s to Mariners Green (20:28:51, ready 20:29:51), X15
    // at 20:32:00, Market Square 18 at 20:36:00, 15 s.
    ("W00008554", [-2.967261, 51.580659], "W01001642", Some(1260), Some(2175)),
    // 430 s to Coach & Horses, 30 at 20:40:00, Market Square 23 at 21:00:00, 31 s.
    ("W00008602", [-3.076678, 51.541786], "W01001658", Some(3631), None),
    // 317 s to Mendalgief Retail Park, 36 at 20:12:00, Friars Walk 12 at 20:21:00, 152 s. The walk
    // takes 1,661 s.
    ("W00008608", [-2.990180, 51.571346], "W01001660", Some(1412), Some(1661)),
    // 358 s to Bantock Close, 9A at 20:25:00, Kingsway K12 20:47:00, 180 s.
    ("W00008629", [-2.932211, 51.589331], "W01001666", Some(3000), None),
    // 226 s to Partridge Way, 36 at 20:04:46, Friars Walk 12 at 20:21:00, 152 s. Then 706 s to
    // Tredegar Park Main Gates, X15 at 20:24:27, 20:36:00, 15 s.
    ("W00008750", [-3.015229, 51.564599], "W01002034", Some(1412), Some(2175)),
    // 1,613 s to Docks Way Middle, 35 at 20:32:00, Friars Walk 12 at 20:54:00, 152 s. Then 1,762 s
    // to Park Drive, X15 outwards at 20:51:00, Forge Lane 20:56:10, 649 s on foot, 50 at 21:16:44
    // from Bassaleg Post Office, Market Square 20 at 21:29:00, 14 s.
    ("W00009858", [-3.024468, 51.553551], "W01001912", Some(3392), Some(5354)),
    // 1,529 s to Christadelphian Hall, 29 at 20:27:13, Friars Walk 9 at 20:33:00, 161 s. Then 1,795
    // s to the Central Police Station, X15 at 20:43:09, Royal Gwent Hospital 20:44:18, 948 s.
    ("W00008377", [-2.964323, 51.585589], "W01001611", Some(2141), Some(3606)),
    // 1,355 s to Richmond Road, 29 at 20:26:00, Friars Walk 9 at 20:33:00, 161 s.
    ("W00008394", [-2.966383, 51.595586], "W01001615", Some(2141), None),
    // 683 s to Walmer Road, 74 at 20:13:00, Beechwood Park 20:15:00, 1,757 s on foot.
    ("W00008369", [-2.957660, 51.587524], "W01001607", Some(2657), None),
    // 181 s to Rhiwderin Inn, Stagecoach's 50 at 20:14:47, Market Square 20 at 20:29:00, 14 s: not
    // Newport Bus, nothing changes.
    ("W00008499", [-3.068394, 51.581161], "W01001638", Some(1754), Some(1754)),
    // 80 s to West Park Road, Stagecoach's 151 at 20:03:00, North Street Car Park 20:09:00, 294 s
    // on foot.
    ("W00008330", [-3.013442, 51.582452], "W01001605", Some(834), Some(834)),
];

#[test]
fn a_dozen_neighbourhoods_without_the_evening_of_newport_bus() {
    let file = |name: &str| real_data(&format!("newport/{name}"));
    let (Some(osm), Some(bus), Some(areas), Some(points)) = (
        file("newport-2023-06-13.osm.pbf"),
        file("bus-2024-03-05.gtfs.zip"),
        file("lsoa21.geojson"),
        file("oa_pwc_covered.csv"),
    ) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let (project, out) = (folder.path().join("newport.toml"), folder.path().join("out"));
    std::fs::write(folder.path().join("origins.csv"), origins(&points)).expect("written");
    let centre = "id,name,lon,lat\ncentre,Market Square,-2.995530,51.588985\n";
    std::fs::write(folder.path().join("centre.csv"), centre).expect("written");
    let text = format!(
        "name = 'Newport'\nosm = ['{}']\ngtfs = ['{}']\ntimezone = 'Europe/London'\n[neighbourhoods]\nfile = '{}'\n\
         [origins]\nfile = 'origins.csv'\n[categories.centre]\nlabel = 'Market Square'\nfiles = ['centre.csv']\n\
         [windows.eight]\ndate = '2024-03-05'\nfrom = '20:00'\nto = '20:01'\n\
         [windows.noon]\ndate = '2024-03-05'\nfrom = '12:00'\nto = '12:30'\n",
        osm.display(),
        bus.display(),
        areas.display()
    );
    std::fs::write(&project, text).expect("written");
    let words = ["--cut", "operator=Newport Bus after=18:00", "-q"];
    // That nothing is better anywhere in either window is held by the command itself: it would
    // fail.
    cargo_bin_cmd!("lastmile")
        .arg("compare")
        .arg(&project)
        .arg("--out")
        .arg(&out)
        .args(words)
        .assert()
        .success();
    let change = by_id(&out.join("change.csv"));
    for (point, _, zone, before, after) in KNOWN {
        let row = &change[zone];
        let cell = |what: &str| row[&format!("centre_transit_eight_p50_{what}_min")].as_str();
        assert_eq!(
            [cell("before"), cell("after")].map(str::to_owned),
            [minutes(before), minutes(after)],
            "{point} in {zone}"
        );
        let state = match (before, after) {
            (Some(before), Some(after)) if after > before => "longer",
            (Some(_), Some(_)) => "same",
            _ => "lost",
        };
        assert_eq!(row["centre_transit_eight_state"], state, "{point} in {zone}");
        assert_eq!(row["centre_transit_noon_state"], "same", "at noon all run: {point} in {zone}");
    }
    // Six of the fourteen points lose it.
    let lost = KNOWN
        .iter()
        .map(|(_, _, zone, ..)| change[*zone]["centre_transit_eight_origin_points_lost"].as_str());
    assert_eq!(lost.filter(|lost| *lost == "1").count(), 6);
}

/// The points by their output areas, as the register has them.
fn origins(points: &Path) -> String {
    let known = by_id(points);
    let mut text = "id,lon,lat\n".to_owned();
    for (id, [lon, lat], ..) in KNOWN {
        let row = &known[id];
        let is = |cell: &str, degrees: f64| {
            (cell.parse::<f64>().expect("degrees") - degrees).abs() < 2e-6
        };
        assert!(is(&row["lon"], lon) && is(&row["lat"], lat), "{id} lies elsewhere: {row:?}");
        text.push_str(&format!("{id},{},{}\n", row["lon"], row["lat"]));
    }
    text
}

fn by_id(path: &Path) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let rows = reader.deserialize().map(|row| row.expect("a row"));
    rows.map(|row: BTreeMap<String, String>| (row["id"].clone(), row)).collect()
}

/// As outputs have it: tenths, half up; empty where there is none.
fn minutes(seconds: Option<u32>) -> String {
    seconds.map_or_else(String::new, |seconds| {
        let tenths = (seconds * 10 + 30) / 60;
        format!("{}.{}", tenths / 10, tenths % 10)
    })
}

/// The feeds of 2023-06-13 and 2024-03-05 told apart. Every count was made by a script of its own
/// from trips.txt, stop_times.txt and calendar.txt: trips by operator and number, by the hour in
/// which they leave their first stop, and departures by stop, of the services of each Tuesday. The
/// publisher put a number behind every route number that two routes share: 13 is 13-57665 in 2024.
#[test]
fn the_feeds_of_two_years_told_apart() {
    let file = |name: &str| real_data(&format!("newport/{name}"));
    let (Some(osm), Some(bus23), Some(bus24), Some(areas)) = (
        file("newport-2023-06-13.osm.pbf"),
        file("bus-2023-06-13.gtfs.zip"),
        file("bus-2024-03-05.gtfs.zip"),
        file("lsoa21.geojson"),
    ) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let (project, out) = (folder.path().join("newport.toml"), folder.path().join("out"));
    std::fs::write(folder.path().join("origins.csv"), "id,lon,lat\none,-2.995530,51.588985\n")
        .expect("written");
    let text = format!(
        "name = 'Newport'\nosm = ['{}']\ngtfs = ['{}']\ntimezone = 'Europe/London'\ndate = '2023-06-13'\n[neighbourhoods]\nfile = '{}'\n\
         [origins]\nfile = 'origins.csv'\n[categories.library]\nlabel = 'Libraries'\nosm = ['amenity=library']\n\
         [windows.eight]\nday = 'weekday'\nfrom = '20:00'\nto = '20:01'\n[scenarios.year]\ngtfs = ['{}']\ndate = '2024-03-05'\n",
        osm.display(),
        bus23.display(),
        areas.display(),
        bus24.display()
    );
    std::fs::write(&project, text).expect("written");
    cargo_bin_cmd!("lastmile")
        .arg("compare")
        .arg(&project)
        .arg("--out")
        .arg(&out)
        .arg("-q")
        .assert()
        .success();
    let mut reader = csv::Reader::from_path(out.join("feed_diff.csv")).expect("a table");
    let rows: Vec<BTreeMap<String, String>> =
        reader.deserialize().map(|row| row.expect("a row")).collect();
    // A Tuesday for a Tuesday.
    assert!(
        rows.iter()
            .all(|row| row["date_before"] == "2023-06-13" && row["date_after"] == "2024-03-05")
    );
    for (what, key, operator, told) in [
        ("route", "13", "Newport Bus", ["retimed", "8", "8", "1", "13-57665 (Newport Bus)"]),
        ("route", "12", "Newport Bus", ["renamed", "24", "24", "24", "12-70656 (Newport Bus)"]),
        ("route", "30", "Cardiff Bus", ["fewer", "28", "26", "0", "30-46673 (Cardiff Bus)"]),
        ("route", "30", "Newport Bus", ["fewer", "28", "26", "0", "30-46674 (Newport Bus)"]),
        ("route", "27", "Newport Bus", ["more", "23", "52", "0", "27-6135 (Newport Bus)"]),
        ("route", "50A", "Stagecoach South Wales", ["same", "23", "23", "23", ""]),
        ("route", "X24", "Stagecoach South Wales", ["more", "109", "148", "0", ""]),
        // Of all that came less than half is over their way.
        ("route", "2A", "Newport Bus", ["withdrawn", "6", "0", "0", ""]),
        (
            "route",
            "23",
            "Stagecoach South Wales",
            ["more", "51", "88", "21", "23-77727 (Stagecoach South Wales)"],
        ),
        // Off the map: of the 5,044 vehicles of the day.
        ("off_map", "", "", ["new", "0", "3619", "", ""]),
        ("stop", "5310WDB18077", "", ["fewer", "9", "8", "", ""]),
    ] {
        let is = |row: &&BTreeMap<String, String>| {
            row["what"] == what
                && row["operator"] == operator
                && [&row["id"], &row["name"]].iter().any(|name| *name == key)
        };
        let row = rows.iter().find(is).unwrap_or_else(|| panic!("no {what} {key} of {operator}"));
        assert_eq!(
            ["became", "before", "after", "same", "runs_as"].map(|column| row[column].as_str()),
            told,
            "{what} {key}"
        );
    }
    // Off the map as well, and so not told: its lines there are left out.
    assert!(rows.iter().all(|row| row["id"] != "5340AWB30847" && row["name"] != "T7"));
    let trips = |side: &str| {
        rows.iter()
            .filter(|row| row["what"] == "hour")
            .map(|row| row[side].parse::<u32>().expect("a count"))
            .sum::<u32>()
    };
    assert_eq!(trips("before"), TRIPS[0]);
    assert_eq!(trips("after"), TRIPS[1]);
}

/// Vehicles of which some call can be boarded, of lines that call on the map: of the trips 1,343
/// and 5,426 some are copies of others (109 and 382), and 3,619 vehicles of the later year never
/// come to the map.
const TRIPS: [u32; 2] = [1343 - 109, 5426 - 382 - 3619];
