//! Journeys in the example town, worked out by hand from the rows of its feeds:
//! tests/integration/golden/town.md.

use std::path::Path;

use crate::support::journeys::golden::{answer, hold};
use crate::support::journeys::study::{Study, points};

#[test]
fn journeys_in_the_town_are_those_worked_out_by_hand() {
    let town = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/town");
    let study = |feed: &str| Study::read(&town.join("town.osm.pbf"), &[&town.join(feed)]);
    let (before, after) = (study("gtfs-before"), study("gtfs-after"));
    let points = points(&[&town.join("origins.csv"), &town.join("libraries.csv")]);
    hold(include_str!("../golden/town.md"), 12, |golden| {
        let study = match golden.timetable.as_str() {
            "gtfs-before" => &before,
            "gtfs-after" => &after,
            other => panic!("{}: unknown timetable {other}", golden.title),
        };
        answer(golden, study, &points)
    });
}
