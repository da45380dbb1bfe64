//! What is told of a window is found on the streets as they are in it: of a gate that is shut then
//! nothing knows the way through.
#![cfg(feature = "opening-hours")]

use super::compare::{by_id, compared};
use super::rows;
use crate::support::gated_town::gated_town;

#[test]
fn the_journey_and_its_causes_go_by_the_gates_of_their_window() {
    let folder = tempfile::tempdir().expect("a folder");
    let project = gated_town(folder.path());
    let files = compared(&project, &folder.path().join("out"), &["--scenario", "closed"]);
    let change = &by_id(&files["change.csv"])["T"];
    // 18 s, then 57 s by day and 243 s in the evening.
    for (field, minutes) in [
        ("library_transit_day_p50_before_min", "0.3"),
        ("library_transit_day_p50_after_min", "1.0"),
        ("library_transit_evening_p50_before_min", "0.3"),
        ("library_transit_evening_p50_after_min", "4.1"),
    ] {
        assert_eq!(change[field], minutes, "{field}");
    }
    let told = rows(&files["journeys.csv"]);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["window"], "evening", "the worst");
    assert_eq!(told[0]["before"], "walk 1 min, library 20:00");
    assert_eq!(told[0]["after"], "walk 5 min, library 20:04");
    // All of it is the library's closing: 100 people, 39 s and 225 s each. The bus took nobody.
    let causes = rows(&files["attribution.csv"]);
    for (window, minutes) in [("day", "65"), ("evening", "375")] {
        let of_closing = causes.iter().find(|row| {
            row["window"] == window && row["by"] == "modification" && row["what"].contains("Near")
        });
        assert_eq!(of_closing.expect("a row")["people_minutes"], minutes, "{window}");
        let of_bus = causes.iter().filter(|row| {
            row["window"] == window && ["route", "modification"].contains(&row["by"].as_str())
        });
        for row in of_bus.filter(|row| !row["what"].contains("Near")) {
            assert_eq!(row["people_minutes"], "0", "{row:?}");
        }
    }
}

/// The access index is that of 08:15 to 09:15, when the gate is shut: 243 s to the stop and half an
/// hour and two minutes of waiting for the only bus, 30 / (4.05 + 32) = 0.83. Through the gate it
/// would be 30 / (0.95 + 32) = 0.91.
#[test]
fn the_access_index_goes_by_the_gates_of_its_hour() {
    let folder = tempfile::tempdir().expect("a folder");
    let project = gated_town(folder.path());
    let out = folder.path().join("out");
    super::runs(super::run_words(&project, &out, &[]), 0);
    let table = super::read(out.join("neighbourhoods.csv"));
    assert_eq!(by_id(&table)["T"]["ptal_index"], "0.83");
}
