//! When places are open, in a whole run: whose holidays hold, and what is said of them.

use std::fs;
use std::path::{Path, PathBuf};

use super::{copy_of, read, rows, run_words, runs};

/// Four shops of the crossroads, which lie in England.
const SHOPS: &str = "id,name,lon,lat,opening_hours\n\
    a,Shut on Holidays,-0.0001310,51.9981846,Mo-Fr 07:00-18:00; PH off\n\
    b,Open on Holidays,0.0233116,51.9999078,PH 07:00-12:00\n\
    c,By Appointment,0.0058534,52.0001167,\"\"\"by appointment\"\"\"\n\
    d,In School Holidays,0.0233116,51.9999078,SH 07:00-18:00\n";

/// A Tuesday, Easter Monday (no holiday in Scotland) and the first Monday of August (one in
/// Scotland alone).
const WINDOWS: [(&str, &str); 3] =
    [("ordinary", "2026-05-26"), ("easter", "2026-04-06"), ("august", "2026-08-03")];

fn result(keys: &str) -> (tempfile::TempDir, PathBuf) {
    let (folder, copy) = copy_of("crossroads");
    let project = copy.join("lastmile.toml");
    let text = fs::read_to_string(&project).expect("text");
    let window = |(name, date)| {
        format!("[windows.{name}]\ndate = \"{date}\"\nfrom = \"08:00\"\nto = \"08:10\"\n")
    };
    let shops = "[categories.corner_shop]\nlabel = \"Shops\"\nfiles = [\"shops.csv\"]\nopening_hours = true\n\
        [measures]\npeople = true\n";
    let windows = WINDOWS.map(window).concat();
    fs::write(&project, format!("{keys}\n{text}\n{shops}{windows}")).expect("written");
    fs::write(copy.join("shops.csv"), SHOPS).expect("written");
    let out = copy.join("out");
    runs(run_words(&project, &out, &["--allow-unusual-date"]), 0);
    (folder, out)
}

fn page(out: &Path) -> String {
    fs::read_to_string(out.join("report.html")).expect("text")
}

/// The states of the shops a, b, c and d in each window.
fn states(out: &Path) -> [String; 3] {
    let places = rows(&read(out.join("places.csv")));
    WINDOWS.map(|(window, _)| {
        let column = format!("open_{window}");
        let state = |id: &str| {
            places.iter().find(|row| row["id"] == id).expect("the shop")[&column].clone()
        };
        ["a", "b", "c", "d"].map(state).join(" ")
    })
}

#[test]
fn holidays_are_those_of_the_nation_the_places_lie_in() {
    let (_folder, out) = result("");
    let ordinary = "open closed unknown unknown";
    assert_eq!(states(&out), [ordinary, "closed open unknown unknown", ordinary]);
    let places = rows(&read(out.join("places.csv")));
    let whose = |id: &str| {
        places.iter().find(|row| row["id"] == id).expect("the shop")["public_holidays"].clone()
    };
    assert_eq!(whose("a"), "England and Wales");
    assert!(
        places
            .iter()
            .filter(|row| row["category"] != "corner_shop")
            .all(|row| row["public_holidays"].is_empty())
    );
    let manifest: serde_json::Value =
        serde_json::from_slice(&read(out.join("run.json"))).expect("JSON");
    let used = serde_json::json!([
        {"nation": "england_and_wales", "first_year": 2010, "last_year": 2028, "places": 4}
    ]);
    assert_eq!(manifest["public_holidays"], used);
    let easter = serde_json::json!(
        {"category": "corner_shop", "window": "easter", "open": 1, "closed": 1, "unknown": 2}
    );
    assert!(manifest["opening_hours"].as_array().expect("a list").contains(&easter), "{manifest}");
    assert!(page(&out).contains("England and Wales, 2010 to 2028 (4 places)"));
}

#[test]
fn the_project_may_name_another_nation() {
    let (_folder, out) = result("public_holidays = \"scotland\"");
    let ordinary = "open closed unknown unknown";
    assert_eq!(states(&out), [ordinary, ordinary, "closed open unknown unknown"]);
    assert!(page(&out).contains("Scotland, 2010 to 2028 (4 places)"));
}
