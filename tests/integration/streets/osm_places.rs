//! Where places are reached, and which elements are one place, on small drawn maps.

use crate::support::maps::{Map, Pairs, spot};
use lastmile::finding::Findings;
use lastmile::geometry::{LonLat, Projection};
use lastmile::inputs::osm::{HomeSource, OsmData, OsmPlace};

const STREET: Pairs<'_> = &[("highway", "residential")];
const PATH: Pairs<'_> = &[("highway", "footway")];
const PARK: Pairs<'_> = &[("leisure", "park"), ("name", "The Green")];
const RULES: &[&str] = &["amenity=library", "leisure=park & !access=private|no"];

fn read(map: &Map) -> (OsmData, Findings) {
    let mut findings = Findings::new();
    let data = map.read(RULES, &mut findings).expect("a sound map");
    (data, findings)
}

/// Points as columns and rows of the drawing, to a tenth.
fn spots(place: &OsmPlace) -> Vec<(f64, f64)> {
    let map = Projection::about(spot(0.0, 0.0));
    let tenths = |metres: f64| (metres).round() / 10.0;
    let at = |point: &LonLat| map.project(*point);
    let mut spots: Vec<_> =
        place.points.iter().map(|p| (tenths(at(p).x), tenths(-at(p).y))).collect();
    spots.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    spots
}

#[test]
fn a_park_is_reached_wherever_a_way_meets_its_edge() {
    // A path enters over the shared node B; another crosses the southern edge without one; a street
    // passes by.
    let map = Map::drawn(
        "S                   T\n\n\n   A    B    C\n\n      X\n\n   E         D\n\n      Y",
    )
    .way("ABCDEA", PARK)
    .way("ST", STREET)
    .way("SB", PATH)
    .way("XY", PATH);
    let (data, _) = read(&map);
    let park = &data.places[0];
    assert_eq!(
        (park.id.as_str(), park.name.as_str(), &park.rules[..]),
        ("w1", "The Green", &[1][..])
    );
    assert_eq!(spots(park), [(6.0, 7.0), (8.0, 3.0)]);
    assert!(park.area_m2.is_some_and(|area| (area - 4000.0).abs() < 20.0), "{park:?}");
}

#[test]
fn a_park_that_no_way_enters_is_reached_at_its_nearest_edge() {
    let map = Map::drawn("S              T\n\n   A    B\n\n\n   D    C")
        .way("ABCDA", PARK)
        .way("ST", STREET);
    let (data, _) = read(&map);
    assert_eq!(data.places[0].points.len(), 1);
    assert!((spots(&data.places[0])[0].1 - 2.0).abs() < 0.05, "{:?}", spots(&data.places[0]));
}

#[test]
fn a_building_is_reached_at_its_public_doors() {
    let library: Pairs<'_> = &[("amenity", "library"), ("building", "yes")];
    let drawing = "S              T\n\n   A    M    B\n\n\n   D    G    C";
    let map = Map::drawn(drawing)
        .node('M', &[("entrance", "service")])
        .node('G', &[("entrance", "main")])
        .way("AMBCGDA", library)
        .way("ST", STREET);
    assert_eq!(spots(&read(&map).0.places[0]), [(8.0, 5.0)]);
    let map = Map::drawn(drawing)
        .node('M', &[("entrance", "emergency")])
        .way("AMBCGDA", library)
        .way("ST", STREET);
    let reached = spots(&read(&map).0.places[0]);
    assert!(
        reached.len() == 1 && (reached[0].1 - 2.0).abs() < 0.05,
        "the wall next to the street: {reached:?}"
    );
}

#[test]
fn a_long_wall_is_reached_where_the_street_ends_not_at_a_corner() {
    // The street's end Z points at the middle of the wall AB.
    let map = Map::drawn("Y\n\n\n          Z\nA                   B\n\nD                   C")
        .way("ABCDA", &[("amenity", "library")])
        .way("YZ", STREET);
    assert_eq!(spots(&read(&map).0.places[0]), [(10.0, 4.0)]);
}

#[test]
fn a_node_that_repeats_its_area_counts_once() {
    let map = |name: &str, kind: &str| {
        Map::drawn("S       T\n\nA    B\n  L\nD    C")
            .way("ABCDA", &[("amenity", "library"), ("name", "Central")])
            .way("ST", STREET)
            .node('L', &[("amenity", kind), ("name", name)])
    };
    for (name, kind, count) in
        [("Central", "library", 1), ("", "library", 1), ("Archive", "library", 2)]
    {
        let (data, findings) = read(&map(name, kind));
        assert_eq!(data.places.len(), count, "{name}");
        assert_eq!(findings.total("osm_place_twice"), 2 - count as u64);
    }
}

#[test]
fn a_house_on_the_grounds_of_the_same_place_counts_once() {
    let map = |name: &str| {
        Map::drawn("S       T\n\nA       B\n E  F\n H  G\nD       C")
            .way("ABCDA", &[("amenity", "library"), ("name", "Central")])
            .way("EFGHE", &[("amenity", "library"), ("building", "yes"), ("name", name)])
            .way("ST", STREET)
    };
    assert_eq!(read(&map("")).0.places.iter().map(|place| &place.id).collect::<Vec<_>>(), ["w1"]);
    assert_eq!(read(&map("Archive")).0.places.len(), 2);
}

#[test]
fn a_multipolygon_is_joined_from_its_ways_and_a_broken_one_is_told() {
    let drawing = "S                T\n\n   A    B    C\n\n   F    E    D";
    let park: Pairs<'_> = &[("type", "multipolygon"), ("leisure", "park")];
    let map = Map::drawn(drawing)
        .way("ABC", &[])
        .way("AFEDC", &[])
        .way("ST", STREET)
        .way("SB", PATH)
        .relation(&[(1, 1, "outer"), (1, 2, "outer")], park);
    let (data, findings) = read(&map);
    assert_eq!((data.places[0].id.as_str(), spots(&data.places[0])), ("r1", vec![(8.0, 2.0)]));
    assert!(data.places[0].area_m2.is_some_and(|area| (area - 2000.0).abs() < 10.0));
    assert!(findings.is_empty() || findings.total("osm_broken_multipolygon") == 0);
    let broken = Map::drawn(drawing)
        .way("ABC", &[])
        .way("ST", STREET)
        .way("SB", PATH)
        .relation(&[(1, 1, "outer"), (1, 99, "outer"), (2, 1, "outer")], park);
    let (data, findings) = read(&broken);
    assert_eq!(findings.total("osm_broken_multipolygon"), 1);
    assert_eq!((spots(&data.places[0]), data.places[0].area_m2), (vec![(8.0, 2.0)], None));
    let empty = Map::drawn(drawing).way("ST", STREET).relation(&[(2, 1, "outer")], park);
    let (data, findings) = read(&empty);
    assert!(data.places.is_empty());
    assert_eq!(findings.total("osm_place_without_outline"), 1);
}

#[test]
fn homes_are_weighed_by_what_the_map_says() {
    // Each building is 20 m by 10 m.
    let map = Map::drawn("S        T\n\nA B  E F  I J\nD C  H G  L K")
        .way("ST", STREET)
        .way("ABCDA", &[("building", "house")])
        .way("EFGHE", &[("building", "apartments"), ("building:levels", "4")])
        .way("IJKLI", &[("building", "apartments"), ("building:flats", "30")]);
    let weights: Vec<f64> = read(&map).0.homes.iter().map(|home| home.weight).collect();
    assert_eq!(weights, [1.0, 8.0, 30.0], "200 m² on four storeys, 100 m² each");
    assert!(read(&map).0.homes.iter().all(|home| home.source == HomeSource::Building));
    let office =
        Map::drawn("S T\nA B\nD C").way("ST", STREET).way("ABCDA", &[("building", "office")]);
    assert!(read(&office).0.homes.is_empty());
}

#[test]
fn residential_land_is_a_point_for_each_hectare() {
    let map = Map::drawn(&format!("S{0}T\nA{0}B\n{1}D{0}C", " ".repeat(49), "\n".repeat(39)))
        .way("ST", STREET)
        .way("ABCDA", &[("landuse", "residential")]);
    let homes = read(&map).0.homes;
    let hectares: f64 = homes.iter().map(|home| home.weight).sum();
    assert!((hectares - 20.0).abs() < 0.1, "500 m by 400 m: {hectares}");
    assert!(
        (15..=25).contains(&homes.len()) && homes.iter().all(|h| h.source == HomeSource::Landuse),
        "{homes:?}"
    );
}
