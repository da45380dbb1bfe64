//! Private grounds, walls, tunnels, squares and small obstacles, each on a small drawn map read
//! from real pbf bytes.

use crate::support::maps::{Map, Pairs, spot};
use lastmile::finding::Findings;
use lastmile::ids::OriginIdx;
use lastmile::inputs::osm::BarrierKind;
use lastmile::network::streets::{Snap, Streets, WalkProfile};
use lastmile::routing::street::{WalkGraph, WalkTargets, walk_table};
use lastmile::units::{Metres, MetresPerSecond, Seconds};

const STREET: Pairs<'_> = &[("highway", "residential")];
const PRIVATE: Pairs<'_> = &[("highway", "residential"), ("access", "private")];
const SQUARE: Pairs<'_> = &[("highway", "pedestrian"), ("area", "yes")];
const GROUND: Pairs<'_> = &[("type", "multipolygon"), ("highway", "pedestrian")];

/// A column and a row of the drawing.
type Place = (f64, f64);

fn walker() -> WalkProfile {
    let speed = MetresPerSecond::new(1.0);
    WalkProfile { name: "test".into(), speed, steps_speed: speed, step_free: false }
}

fn read(map: &Map) -> (Streets, Findings) {
    let mut findings = Findings::new();
    let data = map.read(&[], &mut findings).expect("a sound map");
    let streets = Streets::build(&data, &mut findings);
    (streets, findings)
}

fn snap(streets: &Streets, (column, row): Place) -> Option<Snap> {
    snap_within(streets, (column, row), 120.0)
}

fn snap_within(streets: &Streets, (column, row): Place, max: f64) -> Option<Snap> {
    streets.snap(streets.project(spot(column * 10.0, row * 10.0)), Metres::new(max), &walker())
}

/// Metres from place to place, each within 25 m of a way, searched forwards and backwards, and
/// walked.
#[track_caller]
fn walk(map: &Map, from: Place, to: Place) -> Option<u32> {
    let (streets, _) = read(map);
    let join = |place| -> Vec<Snap> { snap_within(&streets, place, 25.0).into_iter().collect() };
    let graph = WalkGraph::new(&streets, &walker());
    let limit = Seconds::new(100_000);
    let table = |from: Place, to: Place, reverse| {
        let targets = WalkTargets::new(&graph, &[join(to)]);
        let table = walk_table::<OriginIdx>(&graph, &[join(from)], &targets, limit, reverse);
        table[OriginIdx(0)].first().map(|(_, seconds)| seconds.get())
    };
    let found = table(from, to, false);
    assert_eq!(table(to, from, true), found, "searched from the other end");
    let path = graph.path(&streets, &join(from), &join(to), limit);
    assert_eq!(path.map(|path| path.time.get()), found, "as a path");
    found
}

#[track_caller]
fn assert_near(found: Option<u32>, wanted: u32) {
    assert!(found.is_some_and(|found| found.abs_diff(wanted) <= 2), "{found:?}, not {wanted}");
}

/// Two streets, one above the other, joined by a private road past P, and far to the right by an
/// open one.
fn estate(road: Pairs<'_>) -> Map {
    Map::drawn("A    B               C\n\n\n\n     P    Q\n\n\n\nD    E               F")
        .way("ABC", STREET)
        .way("DEF", STREET)
        .way("CF", STREET)
        .way("BPE", road)
        .way("PQ", road)
}

#[test]
fn a_private_estate_is_open_at_the_ends_of_a_journey_and_never_through() {
    let (top, bottom, home, other) = ((2.0, 0.0), (2.0, 8.0), (8.0, 4.1), (5.0, 6.0));
    assert_near(walk(&estate(STREET), top, bottom), 30 + 80 + 30);
    assert_near(walk(&estate(PRIVATE), top, bottom), 190 + 80 + 190);
    for (from, to) in [(home, top), (top, home)] {
        assert_near(walk(&estate(PRIVATE), from, to), 1 + 30 + 40 + 30);
    }
    assert_near(walk(&estate(PRIVATE), home, other), 1 + 30 + 20);
    // Out by one gate and in by the other would be longer.
    assert_near(walk(&estate(PRIVATE), home, bottom), 1 + 30 + 40 + 30);
}

#[test]
fn a_street_behind_a_private_gate_is_a_part_of_the_estate() {
    let map = |gate: Pairs<'_>, road: Pairs<'_>| {
        Map::drawn("A    B     C\n\n     G\n\n     H    I\n\n     K\n\nD    E     F")
            .node('G', gate)
            .node('K', gate)
            .way("ABC", STREET)
            .way("DEF", STREET)
            .way("CF", STREET)
            .way("BGHKE", road)
            .way("HI", road)
    };
    let gate: Pairs<'_> = &[("barrier", "gate"), ("access", "private")];
    let (top, bottom, home) = ((2.0, 0.0), (2.0, 8.0), (9.0, 4.0));
    let gated = map(gate, STREET);
    assert_near(walk(&gated, top, bottom), 90 + 80 + 90);
    assert_near(walk(&gated, home, top), 40 + 40 + 30);
    assert_near(walk(&gated, top, home), 40 + 40 + 30);
    let (_, findings) = read(&gated);
    assert_eq!(findings.total("streets_enclosed"), 3, "G to H, H to K and H to I");
    assert_near(
        walk(&map(gate, &[("highway", "path"), ("foot", "yes")]), top, bottom),
        30 + 80 + 30,
    );
    assert_near(walk(&map(&[("barrier", "gate")], STREET), top, bottom), 30 + 80 + 30);
}

#[test]
fn a_stop_is_no_part_of_private_grounds_where_a_street_is_near() {
    let map = Map::drawn("A         B\n\n\n   P      Q")
        .way("AB", STREET)
        .way("BQ", PRIVATE)
        .way("QP", PRIVATE);
    let (streets, _) = read(&map);
    let at = streets.project(spot(50.0, 25.0));
    let join =
        |max| streets.snap_stop(at, Metres::new(max), &walker()).expect("a street").gap.get();
    assert!((join(100.0) - 25.0).abs() < 0.2 && (join(10.0) - 5.0).abs() < 0.2);
    let point = streets.snap(at, Metres::new(100.0), &walker()).expect("a way");
    assert!((point.gap.get() - 5.0).abs() < 0.2, "{point:?}");
}

#[test]
fn a_wall_stops_people_unless_two_ways_share_it() {
    let wall: Pairs<'_> = &[("barrier", "wall")];
    let one = Map::drawn("A    W    B").node('W', wall).way("AWB", STREET);
    assert_eq!(walk(&one, (1.0, 0.0), (9.0, 0.0)), None);
    assert_eq!(read(&one).1.total("osm_wall_across_way"), 1);
    let two = Map::drawn("A    W    B").node('W', wall).way("AW", STREET).way("WB", STREET);
    assert_near(walk(&two, (1.0, 0.0), (9.0, 0.0)), 80);
    assert_eq!(read(&two).1.total("osm_wall_on_junction"), 1);
    for open in [("foot", "yes"), ("gate", "yes"), ("stile", "yes"), ("access", "yes;permissive")] {
        let tags = [("barrier", "fence"), open];
        let passed = Map::drawn("A    W    B").node('W', &tags).way("AWB", STREET);
        assert_near(walk(&passed, (1.0, 0.0), (9.0, 0.0)), 80);
    }
}

#[test]
fn values_of_other_modes_shut_and_odd_ones_are_counted() {
    let way = |access| {
        let tags = [("highway", "service"), ("access", access)];
        Map::drawn("A    B    C    D").way("AB", STREET).way("BC", &tags).way("CD", STREET)
    };
    assert_eq!(walk(&way("bus"), (1.0, 0.0), (14.0, 0.0)), None);
    assert_near(walk(&way("maybe"), (1.0, 0.0), (14.0, 0.0)), 130);
    assert_eq!(read(&way("maybe")).1.total("osm_access_unknown"), 1);
    assert_eq!(read(&way("bus")).1.total("osm_access_unknown"), 0);
    assert_near(walk(&way("private;yes"), (1.0, 0.0), (14.0, 0.0)), 130);
}

#[test]
fn a_home_joins_no_tunnel_below_it_nor_the_bridge_beside_it() {
    for tags in [("tunnel", "yes"), ("covered", "yes"), ("indoor", "yes"), ("bridge", "yes")] {
        let map = Map::drawn("A         B\n\n\n\nC         D")
            .way("AB", &[("highway", "footway"), tags])
            .way("CD", STREET)
            .way("AC", STREET);
        let (streets, _) = read(&map);
        let found = snap(&streets, (6.0, 1.0)).expect("the street");
        assert!(
            (found.gap.get() - 30.0).abs() < 0.5 && (found.nearest.get() - 10.0).abs() < 0.5,
            "{tags:?}: {found:?}"
        );
        let near = streets
            .snap(streets.project(spot(60.0, 10.0)), Metres::new(15.0), &walker())
            .expect("nothing else");
        assert!((near.gap.get() - 10.0).abs() < 0.5, "{near:?}");
    }
}

#[test]
fn a_part_of_a_street_in_a_tunnel_is_told_from_the_rest() {
    let map = Map::drawn("A    B         C    D")
        .way("AB", STREET)
        .way("BC", &[("highway", "residential"), ("tunnel", "yes")])
        .way("CD", STREET);
    let found = snap(&read(&map).0, (9.0, 2.0)).expect("the street before the tunnel");
    assert!((found.gap.get() - 44.7).abs() < 0.5, "{found:?}");
}

#[test]
fn a_stop_belongs_to_its_tunnel_or_bridge_unless_a_street_is_beside_it() {
    let at = |drawing: &str, tags: Pairs<'_>| {
        let map = Map::drawn(drawing).way("AB", tags).way("CD", STREET).way("AC", STREET);
        let (streets, _) = read(&map);
        let stop = streets.project(spot(50.0, 2.0));
        streets.snap_stop(stop, Metres::new(100.0), &walker()).expect("a street").gap.get()
    };
    let (far, near) = ("A         B\n\n\n\nC         D", "A         B\nC         D");
    let tunnel: Pairs<'_> = &[("highway", "footway"), ("tunnel", "yes")];
    let bridge: Pairs<'_> = &[("highway", "footway"), ("bridge", "yes")];
    assert!((at(far, tunnel) - 2.0).abs() < 0.1 && (at(near, tunnel) - 8.0).abs() < 0.1);
    assert!((at(near, bridge) - 2.0).abs() < 0.1);
}

#[test]
fn a_square_of_several_lines_with_a_hole_is_crossed_round_the_hole() {
    let drawing = "A         B\n\n\n\n    E F\n    H G\n\n\n\nD         C\n";
    let map = |tags: Pairs<'_>| {
        Map::drawn(&format!("{drawing}X         Y"))
            .way("ABC", &[])
            .way("CDA", &[])
            .way("EFGHE", &[("barrier", "fence")])
            .way("AX", STREET)
            .way("CY", STREET)
            .relation(&[(1, 1, "outer"), (1, 2, "outer"), (1, 3, "inner")], tags)
    };
    // From A (0, 0) to C (100, 90) by F (60, 40) or H (40, 50).
    let by_f = 60.0_f64.hypot(40.0) + 40.0_f64.hypot(50.0);
    let by_h = 40.0_f64.hypot(50.0) + 60.0_f64.hypot(40.0);
    let wanted = by_f.min(by_h).round() as u32;
    assert_near(walk(&map(GROUND), (0.0, 0.0), (10.0, 9.0)), wanted);
    let no_area: Pairs<'_> = &[("type", "multipolygon"), ("highway", "pedestrian"), ("area", "no")];
    assert_near(walk(&map(no_area), (0.0, 0.0), (10.0, 9.0)), 190);
}

#[test]
fn a_hollow_square_is_crossed_round_its_corner() {
    // An L whose inner corner is N: from A down to the end of the leg at E.
    let map = |tags: Pairs<'_>| {
        Map::drawn("A    B\n\n\n\n     N         M\n\n\nD         E    F\n          Y\nX")
            .way("ABNMFEDA", tags)
            .way("XB", STREET)
            .way("YE", STREET)
    };
    // From B (50, 0) to E (100, 70) by N (50, 40).
    let wanted = (40.0 + 50.0_f64.hypot(30.0)).round() as u32;
    assert_near(walk(&map(SQUARE), (5.0, 0.0), (10.0, 7.0)), wanted);
    assert_near(
        walk(&map(&[("highway", "pedestrian"), ("place", "square")]), (5.0, 0.0), (10.0, 7.0)),
        wanted,
    );
    let no_area: Pairs<'_> = &[("highway", "pedestrian"), ("place", "square"), ("area", "no")];
    assert_near(walk(&map(no_area), (5.0, 0.0), (10.0, 7.0)), 40 + 100 + 30 + 50);
}

#[test]
fn a_closed_platform_that_is_no_area_is_walked_round() {
    let map = |tags: Pairs<'_>| {
        Map::drawn("A    B\n\n\n\n\nD    C\nX    Y")
            .way("ABCDA", tags)
            .way("CY", STREET)
            .way("AX", STREET)
    };
    assert_near(walk(&map(&[("railway", "platform")]), (0.0, 0.0), (5.0, 5.0)), 71);
    assert_near(
        walk(&map(&[("railway", "platform"), ("area", "no")]), (0.0, 0.0), (5.0, 5.0)),
        100,
    );
}

#[test]
fn a_siding_and_a_pond_are_no_reason_for_a_long_way_round() {
    // The street lies 20 m below the point, across the line CD; another 80 m above it.
    let map = |tags: Pairs<'_>| {
        Map::drawn("E         F\n\n\n\n\n\n\n\n\nC         D\nA         B")
            .way("AB", STREET)
            .way("EF", STREET)
            .way("EA", STREET)
            .way("CD", tags)
    };
    let crosses = |tags: Pairs<'_>| snap(&read(&map(tags)).0, (8.0, 8.0)).expect("a street");
    for tags in [
        &[("railway", "rail"), ("service", "spur")][..],
        &[("railway", "rail"), ("service", "yard")],
        &[("natural", "water"), ("water", "pond")],
        &[("natural", "water")],
    ] {
        let found = crosses(tags);
        assert!(
            (found.gap.get() - 20.0).abs() < 0.5 && found.crosses.is_none(),
            "{tags:?}: {found:?}"
        );
    }
    for (tags, kind) in [
        (&[("railway", "rail"), ("usage", "main")][..], BarrierKind::Railway),
        (&[("waterway", "river")], BarrierKind::Water),
        (&[("natural", "water"), ("water", "river")], BarrierKind::Water),
        (&[("highway", "motorway")], BarrierKind::Motorway),
    ] {
        let found = crosses(tags);
        assert!(found.gap.get() > 60.0 && found.crosses.is_none(), "{kind:?}: {found:?}");
    }
}
