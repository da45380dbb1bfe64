//! Further measures of the neighbourhoods, each worked out by hand on fixtures/crossroads: its
//! README has the times.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Row, copy_of, edit, read, rows, run_words, runs};

/// A copy of the crossroads with more in its project file.
fn crossroads(more: &str) -> (tempfile::TempDir, PathBuf) {
    let (folder, copy) = copy_of("crossroads");
    let project = copy.join("lastmile.toml");
    let text = fs::read_to_string(&project).expect("text");
    fs::write(&project, format!("{text}\n{more}")).expect("written");
    (folder, copy)
}

fn result(copy: &Path) -> PathBuf {
    let out = copy.join("out");
    runs(run_words(&copy.join("lastmile.toml"), &out, &[]), 0);
    out
}

fn neighbourhoods(out: &Path) -> Vec<Row> {
    rows(&read(out.join("neighbourhoods.csv")))
}

/// A field's cells: West, North, East, Holm.
fn cells(rows: &[Row], field: &str) -> Vec<String> {
    rows.iter()
        .map(|row| row.get(field).unwrap_or_else(|| panic!("no field {field}")).clone())
        .collect()
}

/// Three shops, where the pub, the library and the surgery are: one open by day, one that closes
/// before the morning's window begins, one of unknown hours.
const SHOPS: &str = "id,name,lon,lat,capacity,opening_hours\n\
    a,Day Shop,-0.0001310,51.9981846,100,Mo-Fr 07:00-18:00\n\
    b,Late Shop,0.0233116,51.9999078,300,Mo-Fr 20:00-22:00\n\
    c,Some Shop,0.0058534,52.0001167,50,\n";

const SHOPPING: &str = r#"
[categories.corner_shop]
label = "Shops"
files = ["shops.csv"]
[measures]
nearest = [2]
counts = true
people = true
[decays.line30]
function = "linear"
cutoff_min = 30
categories = ["corner_shop"]
[catchments.am]
category = "corner_shop"
window = "am"
cutoff_min = 20
[catchments.walk]
category = "corner_shop"
cutoff_min = 20
"#;

fn shops(open: bool) -> (tempfile::TempDir, PathBuf) {
    let hours = if open { "opening_hours = true\n" } else { "" };
    let (folder, copy) = crossroads(&SHOPPING.replacen("label", &format!("{hours}label"), 1));
    fs::write(copy.join("shops.csv"), SHOPS).expect("written");
    let out = result(&copy);
    (folder, out)
}

/// W1 reaches the shops a, b and c at p50 in 866, 952 and 929 s; N1 in 545, 1,012, 698; N2 in 698,
/// 1,748, 851; E1 in 1,295, 98, 845.
#[test]
fn a_place_that_is_closed_counts_in_no_measure_of_its_window() {
    let (_folder, out) = shops(true);
    let open = neighbourhoods(&out);
    let (_folder, out_always) = shops(false);
    let always = neighbourhoods(&out_always);
    // The second nearest. W1 by departure: a and c in 989, 929 … 689 s and four times 1,223 (b is
    // nearer than c at no departure): 929.
    assert_eq!(cells(&always, "corner_shop_transit_am_2nd_p50_min"), ["15.5", "14.2", "14.1", ""]);
    assert_eq!(cells(&open, "corner_shop_transit_am_2nd_p50_min"), ["15.5", "14.2", "21.6", ""]);
    // At night the day shop is closed too: only one is left.
    assert_eq!(cells(&open, "corner_shop_transit_night_2nd_p50_min"), ["", "", "", ""]);
    assert_eq!(cells(&always, "corner_shop_transit_am_20min_places"), ["3", "2", "2", ""]);
    assert_eq!(cells(&open, "corner_shop_transit_am_20min_places"), ["2", "2", "1", ""]);
    assert_eq!(cells(&open, "corner_shop_transit_night_20min_places"), ["1", "1", "1", ""]);
    // A walk has no window: all places.
    assert_eq!(
        cells(&open, "corner_shop_walk_30min_places"),
        cells(&always, "corner_shop_walk_30min_places")
    );
    assert_eq!(cells(&open, "corner_shop_walk_30min_places"), ["2", "3", "3", ""]);
}

#[test]
fn capacity_that_is_closed_is_shared_by_nobody() {
    let (_folder, out) = shops(true);
    let found = neighbourhoods(&out);
    // Within 20 min: a of W1, N1, N2 (600 people), c of all (850). 100/600 + 50/850 = 0.225490; E1
    // has c alone.
    assert_eq!(cells(&found, "corner_shop_2sfca_am"), ["225.490", "225.490", "58.824", ""]);
    // On foot b is open: E1 (250 people) alone is near. a: W1, N1, N2. c: N1, N2, E1 (550; W1 walks
    // 1,223 s). W1 100/600; North 100/600 + 50/550; E1 300/250 + 50/550.
    assert_eq!(cells(&found, "corner_shop_2sfca_walk"), ["166.667", "257.576", "1290.909", ""]);
}

#[test]
fn who_reaches_a_place_is_told_where_it_is_open() {
    let (_folder, out) = shops(true);
    let places = rows(&read(out.join("places.csv")));
    let shop = |id: &str| places.iter().find(|row| row["id"] == id).expect("the shop");
    let say = |id: &str, column: &str| shop(id)[column].clone();
    assert_eq!(["a", "b", "c"].map(|id| say(id, "open_am")), ["open", "closed", "unknown"]);
    assert_eq!(["a", "b", "c"].map(|id| say(id, "open_night")), ["closed", "closed", "unknown"]);
    assert_eq!(["a", "b", "c"].map(|id| say(id, "people_transit_am_20min")), ["600", "", "850"]);
    assert_eq!(["a", "b", "c"].map(|id| say(id, "people_walk_20min")), ["600", "250", "550"]);
    let pub_here = places.iter().find(|row| row["category"] == "pub").expect("a pub");
    assert_eq!(
        (pub_here["open_am"].as_str(), pub_here["people_transit_am_20min"].as_str()),
        ("", "600")
    );
    let page = String::from_utf8(read(out.join("report.html"))).expect("text");
    assert!(page.contains("hours of 2 of 3 are known"), "the page tells how much is known");
}

/// Linear to 30 min: a place at *t* seconds counts 1 − *t*/1,800.
#[test]
fn places_are_weighed_by_their_distance() {
    let (_folder, out) = shops(true);
    let found = neighbourhoods(&out);
    // W1: medians 866 and 929 s: 0.51889 + 0.48389. North: half of its people are N2's: 698 and 851
    // s, 0.61222 + 0.52722; N1's 545 and 698 come to more. E1: 1,295 and 845 s, 0.28056 + 0.53056.
    let of_p50 = cells(&found, "corner_shop_transit_am_gravity_line30_of_p50");
    assert_eq!(of_p50, ["1.003", "1.139", "0.811", ""]);
    // W1 by departure: 0.936, 1.003 … 1.269, and four times 0.726 (the walks of 1,070 and 1,223 s):
    // the 5th is 0.936.
    let p50_of = cells(&found, "p50_of_corner_shop_transit_am_gravity_line30");
    assert_eq!(p50_of, ["0.936", "1.139", "0.811", ""]);
    // On foot with b: N2's 1,748 s are 0.02889 more, E1's 98 s 0.94556.
    assert_eq!(cells(&found, "corner_shop_walk_gravity_line30"), ["0.726", "1.168", "1.757", ""]);
    assert!(!found[0].contains_key("pub_walk_gravity_line30"), "it names shops alone");
}

const DEPENDENCY: &str =
    "[measures]\ndependency = \"am\"\ndependency_of = [\"jobs\", \"library\"]\n";

#[test]
fn jobs_and_places_that_hang_on_the_one_bus() {
    let (_folder, copy) = crossroads(DEPENDENCY);
    let found = neighbourhoods(&result(&copy));
    // Within 45 min: W1 has both job sites and the library by the bus alone. North and East keep J1
    // and the library on foot: 300 of 700 jobs are lost.
    assert_eq!(cells(&found, "jobs_dependency_am_pct"), ["100.0", "42.9", "42.9", ""]);
    assert_eq!(cells(&found, "library_dependency_am_pct"), ["100.0", "0.0", "0.0", ""]);
    assert_eq!(cells(&found, "library_dependency_am_line"), ["1 (Crossroads Bus)", "", "", ""]);
}

/// To The Cross runs a second line beside the first, and east of it a line of its own, which nobody
/// in West lives near.
#[test]
fn a_line_that_is_boarded_after_a_change_can_be_the_one_that_matters() {
    let (_folder, copy) = crossroads(&format!("{DEPENDENCY}dependency_cutoff_min = 25\n"));
    let gtfs = copy.join("gtfs");
    edit(
        &gtfs.join("routes.txt"),
        "West to East,3\n",
        "West to East,3\n2,X,2,East,3\n3,X,3,West,3\n",
    );
    edit(&gtfs.join("trips.txt"), "1,WD,E0859,0\n", "1,WD,E0859,0\n2,WD,F0813,0\n3,WD,N0809,0\n");
    edit(
        &gtfs.join("stop_times.txt"),
        "E0809,08:16:14,08:16:14,R,3\n",
        "N0809,08:09:00,08:09:00,P,1\nN0809,08:12:00,08:12:00,Q,2\nF0813,08:13:30,08:13:30,Q,1\nF0813,08:17:30,08:17:30,R,2\n",
    );
    let found = neighbourhoods(&result(&copy));
    // W1 reaches J1 at the median in 1,031 s: line 1 or 3 to The Cross, then line 2. Either of the
    // first two can go.
    assert_eq!(cells(&found, "jobs_dependency_am_pct")[0], "100.0");
    assert_eq!(cells(&found, "jobs_dependency_am_line")[0], "2 (Crossroads Bus)");
    // E1 walks to J1: nothing hangs on a bus.
    assert_eq!(cells(&found, "jobs_dependency_am_pct")[2], "0.0");
}

#[test]
fn every_column_of_every_file_has_a_row_in_the_dictionary() {
    let (_folder, copy) = crossroads(&format!("[outputs]\npreset = \"jts\"\n{SHOPPING}"));
    fs::write(copy.join("shops.csv"), SHOPS).expect("written");
    let out = result(&copy);
    let fields: Vec<String> =
        rows(&read(out.join("fields.csv"))).into_iter().map(|row| row["name"].clone()).collect();
    let mut seen = 0;
    for file in ["neighbourhoods.csv", "places.csv", "jts.csv", "inequality.csv"] {
        let table = read(out.join(file));
        let mut reader = csv::Reader::from_reader(&table[..]);
        for column in reader.headers().expect("a header") {
            let name = if file == "neighbourhoods.csv" {
                column.into()
            } else {
                format!("{file}:{column}")
            };
            assert!(fields.contains(&name), "{name}");
            seen += 1;
        }
    }
    assert_eq!(seen, fields.len(), "and no row is without a column");
}
