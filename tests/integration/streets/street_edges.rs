//! Who stands on a bridge, whose grounds are entered and not stood on, squares that are drawn
//! twice, and ferries of which their route knows more: small drawn maps, read from real pbf bytes.

use crate::support::maps::{Map, Pairs, spot};
use lastmile::finding::Findings;
use lastmile::geometry::Entries;
use lastmile::ids::OriginIdx;
use lastmile::inputs::osm::BarrierKind;
use lastmile::inputs::osm::walk_rules::WayKind;
use lastmile::network::streets::{Snap, Streets, WalkProfile};
use lastmile::routing::network::{Network, WalkSettings};
use lastmile::units::{Metres, MetresPerSecond, Seconds};

const STREET: Pairs<'_> = &[("highway", "residential")];
const BRIDGE: Pairs<'_> = &[("highway", "residential"), ("bridge", "yes")];
const RIVER: Pairs<'_> = &[("waterway", "river")];
const FERRY: Pairs<'_> = &[("route", "ferry")];

fn walker() -> WalkProfile {
    let speed = MetresPerSecond::new(1.0);
    WalkProfile { name: "test".into(), speed, steps_speed: speed, step_free: false }
}

fn streets(map: &Map) -> Streets {
    let data = map.read(&[], &mut Findings::new()).expect("a sound map");
    Streets::build(&data, &mut Findings::new())
}

/// Where a point and a stop at a column and row join.
fn joins(map: &Map, column: f64, row: f64) -> [Snap; 2] {
    let streets = streets(map);
    let at = streets.project(spot(column * 10.0, row * 10.0));
    [
        streets.snap(at, Metres::new(300.0), &walker()),
        streets.snap_stop(at, Metres::new(100.0), &walker()),
    ]
    .map(|snap| snap.expect("a street"))
}

#[track_caller]
fn assert_gap(snap: &Snap, wanted: f64) {
    assert!((snap.gap.get() - wanted).abs() < 0.2, "{snap:?}");
}

#[test]
fn the_river_under_a_bridge_is_not_between_it_and_who_stands_there() {
    // The stop stands 5 m off the bridge, and the river's own line runs on from there to it.
    let map = Map::drawn(
        "S                        T\n\n\n\n\n\n          R\n\nA    B    X    C    D\n\n           W",
    )
    .way("AB", STREET)
    .way("BXC", BRIDGE)
    .way("CD", STREET)
    .way("ST", STREET)
    .way("AS", STREET)
    .way("RW", RIVER);
    let [point, stop] = joins(&map, 10.4, 7.5);
    assert_gap(&stop, 5.0);
    assert_eq!(stop.crosses, None, "{stop:?}");
    // The approach on its side of the river is free: a point, which may lie under the bridge, joins
    // that.
    assert!(point.gap.get() > 45.0 && point.crosses.is_none(), "{point:?}");
}

#[test]
fn who_can_reach_no_street_but_across_the_water_stands_on_the_bridge() {
    // The banks are K L and M N.
    let on_water = Map::drawn(
        "     K              M\n\n\n\nA    P              Q    B\n\n\n\n     L              N",
    )
    .way("AP", STREET)
    .way("PQ", BRIDGE)
    .way("QB", STREET)
    .way("KL", RIVER)
    .way("MN", RIVER);
    let [point, _] = joins(&on_water, 12.5, 4.3);
    assert_gap(&point, 3.0);
    assert_eq!(point.crosses, None);
    // Farther from it nobody is on the bridge.
    let [point, _] = joins(&on_water, 12.5, 7.0);
    assert_eq!(point.crosses, Some(BarrierKind::Water));
}

#[test]
fn a_home_under_a_bridge_still_joins_its_street() {
    let map =
        Map::drawn("A         B    C    D").way("AB", STREET).way("BC", BRIDGE).way("CD", STREET);
    let [point, _] = joins(&map, 12.0, 0.2);
    assert!(
        point.gap.get() > 19.0 && point.gap.get() < 21.0 && point.crosses.is_none(),
        "{point:?}"
    );
}

/// Seconds from a column and row to the one place of a map, within a walk of an hour.
fn to_place(map: &Map, rule: &str, column: f64, row: f64) -> Option<u32> {
    let mut findings = Findings::new();
    let data = map.read(&[rule], &mut findings).expect("a sound map");
    let place: Entries = data.places.iter().map(|place| &place.points).collect();
    let streets = Streets::build(&data, &mut findings);
    let settings =
        WalkSettings { profile: walker(), max_walk: Seconds::new(3600), ..WalkSettings::default() };
    let network = Network::build(streets, Vec::new(), settings, &mut findings);
    let from = network.join([[spot(column * 10.0, row * 10.0)].as_slice()]);
    let to = network.join_places([&place]);
    network.direct(&from, &to)[OriginIdx(0)].first().map(|(_, walk)| walk.get())
}

#[test]
fn whoever_stands_on_the_grounds_of_a_school_walks_to_its_gate() {
    let grounds = |tags: Pairs<'_>| {
        Map::drawn(
            "A              B\n\n     P    G    Q\n\n\n\n\n          X\n\n\n     S         R",
        )
        .way("AB", STREET)
        .way("PGQRSP", tags)
        .way("GX", &[("highway", "footway")])
        .way("BQ", STREET)
        .way("BG", STREET)
    };
    for (key, value) in [("amenity", "school"), ("amenity", "hospital"), ("amenity", "university")]
    {
        let found = to_place(&grounds(&[(key, value)]), &format!("{key}={value}"), 10.0, 7.0);
        assert!(found.is_some_and(|found| found.abs_diff(50) <= 1), "{key}={value}: {found:?}");
    }
    assert_eq!(to_place(&grounds(&[("leisure", "park")]), "leisure=park", 10.0, 7.0), Some(0));
}

#[test]
fn a_square_that_its_outline_repeats_keeps_its_hole() {
    let drawing = "A         B\n\n\n    E F\n    H G\n\n\nD         C";
    let square: Pairs<'_> = &[("highway", "pedestrian"), ("area", "yes")];
    let map = |outline: Pairs<'_>| {
        Map::drawn(drawing).way("ABCDA", outline).way("EFGHE", &[]).relation(
            &[(1, 1, "outer"), (1, 2, "inner")],
            &[("type", "multipolygon"), ("highway", "pedestrian")],
        )
    };
    let lines = |map: &Map| {
        let data = map.read(&[], &mut Findings::new()).expect("a sound map");
        data.squares.len()
    };
    assert_eq!((lines(&map(&[])), lines(&map(square))), (1, 1));
}

/// What the map's ferries take, by way.
fn ferries(map: &Map) -> Vec<(i64, Option<u32>)> {
    let data = map.read(&[], &mut Findings::new()).expect("a sound map");
    let time = |kind| match kind {
        WayKind::Ferry(time) => Some(time.map(Seconds::get)),
        _ => None,
    };
    data.ways.iter().filter_map(|way| Some((way.id, time(way.access.kind)?))).collect()
}

const ROUTE: [(&str, &str); 3] = [("type", "route"), ("route", "ferry"), ("duration", "30")];

fn waters() -> Map {
    Map::drawn("A    B    X    C    D\n\n     Y         Z").way("AB", STREET).way("CD", STREET)
}

#[test]
fn a_ferry_out_and_another_way_back_take_the_whole_time_each() {
    let told = waters()
        .way("BXC", FERRY)
        .way("CZYB", FERRY)
        .relation(&[(1, 3, "forward"), (1, 4, "backward")], &ROUTE);
    assert_eq!(ferries(&told), [(3, Some(1800)), (4, Some(1800))]);
    let untold =
        waters().way("BXC", FERRY).way("CZYB", FERRY).relation(&[(1, 3, ""), (1, 4, "")], &ROUTE);
    assert_eq!(ferries(&untold), [(3, Some(1800)), (4, Some(1800))]);
    let shared = waters()
        .way("BX", FERRY)
        .way("XC", FERRY)
        .way("CZYX", FERRY)
        .relation(&[(1, 3, ""), (1, 4, "forward"), (1, 5, "backward")], &ROUTE);
    assert_eq!(ferries(&shared), [(3, Some(900)), (4, Some(900)), (5, Some(900))]);
}

#[test]
fn a_route_that_branches_does_not_say_how_long_each_way_takes() {
    let map = waters()
        .way("BX", FERRY)
        .way("XC", FERRY)
        .way("XY", FERRY)
        .relation(&[(1, 3, ""), (1, 4, ""), (1, 5, "")], &ROUTE);
    assert_eq!(ferries(&map), [(3, None), (4, None), (5, None)]);
}

#[test]
fn a_route_that_takes_nobody_on_foot_bars_ferries_that_say_nothing() {
    let of = |way: Pairs<'_>, route: &[(&str, &str)]| {
        let route: Vec<(&str, &str)> = ROUTE.into_iter().chain(route.iter().copied()).collect();
        ferries(&waters().way("BXC", way).relation(&[(1, 3, "")], &route)).len()
    };
    assert_eq!(of(FERRY, &[]), 1);
    assert_eq!(of(FERRY, &[("foot", "no")]), 0);
    assert_eq!(of(FERRY, &[("access", "private")]), 0);
    assert_eq!(
        of(&[("route", "ferry"), ("foot", "yes")], &[("foot", "no")]),
        1,
        "what the way says holds"
    );
    // Another route of the same ferry takes them.
    let freight = [("type", "route"), ("route", "ferry"), ("foot", "no")];
    let both = waters()
        .way("BXC", FERRY)
        .relation(&[(1, 3, "")], &freight)
        .relation(&[(1, 3, "")], &ROUTE);
    assert_eq!(ferries(&both), [(3, Some(1800))]);
}
