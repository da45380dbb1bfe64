//! Access rules, junctions, barriers and snapping, each on a small drawn map read from real pbf
//! bytes.

use crate::support::maps::{Map, Pairs, spot};
use lastmile::finding::Findings;
use lastmile::geometry::LonLat;
use lastmile::ids::{ComponentIdx, OriginIdx};
use lastmile::inputs::osm::{BarrierKind, OsmError, read_osm};
use lastmile::network::streets::{Snap, Streets, WalkProfile};
use lastmile::routing::street::{WalkGraph, WalkTargets, walk_table_by_ferry};
use lastmile::units::{Metres, MetresPerSecond, Seconds};

const STREET: Pairs<'_> = &[("highway", "residential")];
const RIVER: Pairs<'_> = &[("waterway", "river")];

/// One metre a second, half of it on steps, so that times read as distances.
fn walker(step_free: bool) -> WalkProfile {
    WalkProfile {
        name: "test".into(),
        speed: MetresPerSecond::new(1.0),
        steps_speed: MetresPerSecond::new(0.5),
        step_free,
    }
}

fn streets(map: &Map) -> Streets {
    let data = map.read(&[], &mut Findings::new()).expect("a sound map");
    Streets::build(&data, &mut Findings::new())
}

/// Seconds between two points, each joining the nearest street within 25 m.
fn seconds(streets: &Streets, from: LonLat, to: LonLat, profile: &WalkProfile) -> Option<u32> {
    let snap = |at| -> Vec<Snap> {
        streets.snap(streets.project(at), Metres::new(25.0), profile).into_iter().collect()
    };
    let graph = WalkGraph::new(streets, profile);
    let targets = WalkTargets::new(&graph, &[snap(to)]);
    let table = walk_table_by_ferry::<OriginIdx>(
        &graph,
        &[snap(from)],
        &targets,
        Seconds::new(100_000),
        false,
    );
    table[OriginIdx(0)].first().map(|(_, seconds)| seconds.get())
}

/// Seconds from one point of the drawing (column, row) to another.
fn walk(map: &Map, from: (f64, f64), to: (f64, f64), step_free: bool) -> Option<u32> {
    let at = |(column, row): (f64, f64)| spot(column * 10.0, row * 10.0);
    seconds(&streets(map), at(from), at(to), &walker(step_free))
}

#[track_caller]
fn assert_near(found: Option<u32>, wanted: u32) {
    assert!(found.is_some_and(|found| found.abs_diff(wanted) <= 1), "{found:?}, not {wanted}");
}

/// A direct way AB of 100 m with the tags given, and a way round of 300 m.
fn way_or_way_round(tags: Pairs<'_>) -> Map {
    Map::drawn("A         B\n\n\n\n\n\n\n\n\n\nC         D").way("AB", tags).way("ACDB", STREET)
}

fn ab(map: &Map) -> Option<u32> {
    walk(map, (0.0, 0.0), (10.0, 0.0), false)
}

#[test]
fn a_way_is_walked_where_the_rules_allow_and_gone_round_where_not() {
    let table: &[(Pairs<'_>, u32)] = &[
        (&[("highway", "footway")], 100),
        (&[("highway", "footway"), ("foot", "no")], 300),
        (&[("highway", "path"), ("access", "private")], 300),
        (&[("highway", "path"), ("access", "private"), ("foot", "permissive")], 100),
        (&[("highway", "path"), ("access", "private"), ("designation", "public_footpath")], 100),
        (&[("highway", "motorway")], 300),
        (&[("highway", "motorway"), ("foot", "yes")], 100),
        (&[("highway", "trunk")], 100),
        (&[("highway", "construction")], 300),
        (&[("highway", "residential"), ("oneway", "yes")], 100),
        (&[("highway", "footway"), ("oneway:foot", "yes")], 100),
        (&[("highway", "footway"), ("oneway:foot", "-1")], 300),
        (&[("highway", "steps")], 200),
        (&[("highway", "steps"), ("conveying", "backward")], 300),
        (&[("railway", "platform")], 100),
        (&[("route", "ferry"), ("duration", "00:02")], 120),
        (&[("route", "ferry"), ("duration", "00:10")], 300),
        (&[("route", "ferry"), ("foot", "no")], 300),
        (&[("route", "ferry")], 36), // 100 m at 10 km/h
    ];
    for (tags, wanted) in table {
        let found = ab(&way_or_way_round(tags));
        assert!(
            found.is_some_and(|found| found.abs_diff(*wanted) <= 1),
            "{tags:?}: {found:?}, not {wanted}"
        );
    }
}

#[test]
fn wheels_go_round_steps_and_stiles() {
    let steps = way_or_way_round(&[("highway", "steps")]);
    assert_near(walk(&steps, (0.0, 0.0), (10.0, 0.0), true), 300);
    let stile = Map::drawn("A    S    B\n\n\n\n\n\n\n\n\n\nC         D")
        .node('S', &[("barrier", "stile")])
        .way("ASB", STREET)
        .way("ACDB", STREET);
    assert_near(walk(&stile, (0.0, 0.0), (10.0, 0.0), false), 100);
    assert_near(walk(&stile, (0.0, 0.0), (10.0, 0.0), true), 300);
    assert_near(walk(&stile, (0.0, 0.0), (4.9, 0.0), true), 49);
}

#[test]
fn a_locked_gate_stops_everyone_a_private_one_those_not_named() {
    let gate = |gate: Pairs<'_>, way: Pairs<'_>| {
        Map::drawn("A    G    B\n\n\n\n\n\n\n\n\n\nC         D")
            .node('G', gate)
            .way("AGB", way)
            .way("ACDB", STREET)
    };
    let footpath: Pairs<'_> = &[("highway", "footway"), ("foot", "designated")];
    assert_near(ab(&gate(&[("barrier", "gate")], STREET)), 100);
    assert_near(ab(&gate(&[("barrier", "bollard")], STREET)), 100);
    assert_near(ab(&gate(&[("barrier", "gate"), ("locked", "yes")], STREET)), 300);
    assert_near(ab(&gate(&[("barrier", "gate"), ("access", "private")], STREET)), 300);
    assert_near(ab(&gate(&[("barrier", "gate"), ("access", "private")], footpath)), 100);
    assert_near(ab(&gate(&[("barrier", "gate"), ("foot", "no")], footpath)), 300);
}

#[test]
fn a_bridge_is_no_junction() {
    // C to D runs over A to B without a common node; E joins their ends the long way round.
    let map = Map::drawn("     C\n\n\nA         B\n\n\n     D")
        .way("AB", STREET)
        .way("CD", &[("highway", "footway"), ("bridge", "yes"), ("layer", "1")]);
    assert_eq!(walk(&map, (0.0, 3.0), (5.0, 0.0), false), None);
    let joined =
        Map::drawn("     C\n\n\nA    X    B\n\n\n     D").way("AXB", STREET).way("CXD", STREET);
    assert_near(walk(&joined, (0.0, 3.0), (5.0, 0.0), false), 80);
}

#[test]
fn a_missing_node_cuts_the_way_and_is_counted() {
    let map = Map::drawn("A    B    C    D    E").way("ABCDE", STREET).without('C');
    let mut findings = Findings::new();
    let data = map.read(&[], &mut findings).expect("a sound map");
    assert_eq!(findings.total("osm_missing_nodes"), 1);
    let streets = Streets::build(&data, &mut findings);
    assert_eq!((streets.nodes.len(), streets.edges.len()), (4, 2));
    assert_eq!(walk(&map, (0.0, 0.0), (20.0, 0.0), false), None);
}

#[test]
fn a_square_is_crossed_straight() {
    let drawing = "  E\nA    B\n\n\n\n\nD    C\n     F";
    let square = |tags| Map::drawn(drawing).way("ABCDA", tags).way("EA", STREET).way("CF", STREET);
    let area: Pairs<'_> = &[("highway", "pedestrian"), ("area", "yes")];
    // From A to C: 70.7 m straight, 100 m along the sides.
    assert_near(walk(&square(area), (0.0, 1.0), (5.0, 6.0), false), 71);
    assert_near(walk(&square(&[("highway", "pedestrian")]), (0.0, 1.0), (5.0, 6.0), false), 100);
    // A notch in the square hides C from A.
    let notched = Map::drawn("  E\nA    B\n   X\n Y\n\n\nD    C\n     F")
        .way("AYXBCDA", area)
        .way("EA", STREET)
        .way("CF", STREET);
    let around = walk(&notched, (0.0, 1.0), (5.0, 6.0), false);
    assert!(around.is_some_and(|seconds| seconds > 71), "{around:?}");
}

#[test]
fn chains_become_one_edge_and_islands_are_kept_and_counted() {
    let map = Map::drawn("A B C D E\n      F\n\nX   Y")
        .way("AB", STREET)
        .way("BC", STREET)
        .way("CDE", STREET)
        .way("DF", STREET)
        .way("XY", STREET);
    let mut findings = Findings::new();
    let streets =
        Streets::build(&map.read(&[], &mut findings).expect("a sound map"), &mut findings);
    assert_eq!(
        (streets.nodes.len(), streets.edges.len()),
        (6, 4),
        "A, D, E, F and the island X, Y"
    );
    assert_eq!(streets.components.iter().filter(|c| **c == ComponentIdx(0)).count(), 4);
    assert_eq!(findings.total("streets_islands"), 1);
    let longest = streets.edges.iter().map(|edge| edge.length.get()).fold(0.0, f64::max);
    assert!((longest - 60.0).abs() < 0.2, "{longest}");
}

fn snap(map: &Map, (column, row): (f64, f64), max: f64) -> Option<Snap> {
    let streets = streets(map);
    streets.snap(streets.project(spot(column * 10.0, row * 10.0)), Metres::new(max), &walker(false))
}

#[test]
fn a_point_joins_the_nearest_street_at_the_foot_of_the_perpendicular() {
    // The nearest node is C, 20 m off; the nearest street passes at 10 m.
    let map = Map::drawn("A                   B\n\n         C    D")
        .way("AB", STREET)
        .way("CD", STREET)
        .way("DB", STREET);
    let found = snap(&map, (9.0, 0.9), 100.0).expect("within reach");
    assert!(
        (found.gap.get() - 9.0).abs() < 0.1 && (found.along.get() - 90.0).abs() < 0.5
            || (found.along.get() - 110.0).abs() < 0.5,
        "{found:?}"
    );
    assert!(!found.island && found.crosses.is_none());
    assert_eq!(snap(&map, (9.0, -20.0), 100.0), None, "200 m off");
}

#[test]
fn an_island_is_joined_only_where_the_main_network_is_out_of_reach() {
    // 20 m from the main street, 10 m from the island.
    let far = Map::drawn("A    B    C\n     D\n\nX    Y")
        .way("AB", STREET)
        .way("BC", STREET)
        .way("BD", STREET)
        .way("XY", STREET);
    assert!(!snap(&far, (2.0, 2.0), 100.0).expect("within reach").island);
    assert!(snap(&far, (2.0, 2.0), 15.0).expect("within reach").island);
}

#[test]
fn a_river_is_not_bridged_unseen() {
    // South of the river a street at 15 m, north of it one at 35 m.
    let map = Map::drawn("A         B\n\n\n\n\n\nC         D\nE         F")
        .way("AB", STREET)
        .way("EF", STREET)
        .way("CD", RIVER)
        .way("AE", STREET);
    let found = snap(&map, (5.0, 5.5), 100.0).expect("within reach");
    assert!(
        (found.gap.get() - 50.0).abs() < 0.5 && found.crosses.is_none(),
        "the side street at 50 m: {found:?}"
    );
    let forced = snap(&map, (5.0, 5.5), 20.0).expect("within reach");
    assert_eq!(forced.crosses, Some(BarrierKind::Water));
    assert!(
        (found.nearest.get() - 15.0).abs() < 0.5,
        "the street beyond the river, passed over: {found:?}"
    );
    assert!((forced.gap.get() - 15.0).abs() < 0.5, "{forced:?}");
}

#[test]
fn two_extracts_with_a_common_part_make_one_map() {
    let drawing = "A    B    C    D";
    let west = Map::drawn(drawing).way_numbered(1, "AB", STREET).way_numbered(2, "BC", STREET);
    let east = Map::drawn(drawing).way_numbered(2, "BC", STREET).way_numbered(3, "CD", STREET);
    let (west, east) = (west.file(), east.file());
    let paths = [west.path().to_owned(), east.path().to_owned()];
    let data = read_osm(&paths, &[], &mut Findings::new()).expect("two sound maps");
    assert_eq!(data.ways.iter().map(|way| way.id).collect::<Vec<_>>(), [1, 2, 3]);
    let streets = Streets::build(&data, &mut Findings::new());
    assert_eq!((streets.nodes.len(), streets.edges.len()), (2, 1));
}

#[test]
fn an_element_that_stands_twice_in_a_file_is_refused() {
    let map = Map::drawn("A B").way_numbered(7, "AB", STREET).way_numbered(7, "BA", STREET);
    let error = map.read(&[], &mut Findings::new()).expect_err("way 7 twice");
    assert!(matches!(&error, OsmError::Twice { element, .. } if element == "way 7"), "{error}");
}

#[test]
fn the_order_of_ways_in_the_file_changes_nothing() {
    let drawing = "A  B  C\n\nD  E  F";
    let one = Map::drawn(drawing)
        .way_numbered(1, "ABC", STREET)
        .way_numbered(2, "DEF", STREET)
        .way_numbered(3, "BE", STREET);
    let other = Map::drawn(drawing)
        .way_numbered(3, "BE", STREET)
        .way_numbered(1, "ABC", STREET)
        .way_numbered(2, "DEF", STREET);
    let (one, other) = (streets(&one), streets(&other));
    assert_eq!(one.edges, other.edges);
    assert_eq!(one.nodes, other.nodes);
    assert_eq!(one.courses, other.courses);
}
