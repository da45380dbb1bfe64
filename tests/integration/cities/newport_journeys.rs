//! Journeys in Newport, worked out by hand from the feeds' rows:
//! tests/integration/golden/newport.md.

use crate::support::journeys::golden::answer;
use crate::support::journeys::golden::hold;
use crate::support::journeys::study::{Study, points};
use crate::support::maps::real_data;

#[test]
fn journeys_in_newport_are_those_worked_out_by_hand() {
    let file = |name: &str| real_data(&format!("newport/{name}"));
    let (Some(osm), Some(bus24), Some(rail), Some(bus23), Some(areas), Some(shops)) = (
        file("newport-2023-06-13.osm.pbf"),
        file("bus-2024-03-05.gtfs.zip"),
        file("rail-2024-03-05.gtfs.zip"),
        file("bus-2023-06-13.gtfs.zip"),
        file("oa_pwc_covered.csv"),
        file("supermarkets.csv"),
    ) else {
        return;
    };
    let of_2024 = Study::read(&osm, &[&bus24, &rail]);
    let of_2023 = Study::read(&osm, &[&bus23]);
    let points = points(&[&areas, &shops]);
    hold(include_str!("../golden/newport.md"), 30, |golden| {
        let study = match golden.timetable.as_str() {
            "bus-2024-03-05 and rail-2024-03-05" => &of_2024,
            "bus-2023-06-13" => &of_2023,
            other => panic!("{}: unknown timetable {other}", golden.title),
        };
        answer(golden, study, &points)
    });
}
