//! Ways and gates with hours: open in a window if they are open for all of it.
#![cfg(feature = "opening-hours")]

use crate::support::maps::{Map, Pairs, spot};
use jiff::civil::date;
use jiff::tz::TimeZone;
use lastmile::finding::Findings;
use lastmile::ids::OriginIdx;
use lastmile::inputs::hours::Opening;
use lastmile::network::streets::{ShutCount, Streets, WalkProfile};
use lastmile::routing::network::{Network, WalkSettings};
use lastmile::units::{Metres, MetresPerSecond, ServiceTime};

const STREET: Pairs<'_> = &[("highway", "residential")];

/// From A to B by G 100 m, by C and D 300 m.
fn park(gate: Pairs<'_>, path: Pairs<'_>) -> Map {
    Map::drawn("A    G    B\n\n\n\n\n\n\n\n\n\nC         D")
        .node('G', gate)
        .way("AGB", path)
        .way("ACDB", STREET)
}

fn network(map: &Map) -> (Network, Findings) {
    let mut findings = Findings::new();
    let data = map.read(&[], &mut findings).expect("a sound map");
    let streets = Streets::build(&data, &mut findings);
    let speed = MetresPerSecond::new(1.0);
    let profile = WalkProfile { name: "test".into(), speed, steps_speed: speed, step_free: false };
    let settings = WalkSettings { profile, max_snap: Metres::new(25.0), ..WalkSettings::default() };
    (Network::build(streets, Vec::new(), settings, &mut findings), findings)
}

fn seconds(network: &Network) -> Option<u32> {
    let [from, to] =
        [(0.0, 0.0), (100.0, 0.0)].map(|(x, y)| network.join([[spot(x, y)].as_slice()]));
    network.direct(&from, &to)[OriginIdx(0)].first().map(|(_, walk)| walk.get())
}

/// A window of a Tuesday in March or, with `sunday`, of the Sunday before.
fn window(sunday: bool, from: i32, to: i32) -> Opening {
    let date = if sunday { date(2026, 3, 8) } else { date(2026, 3, 10) };
    let zone = TimeZone::get("Europe/London").expect("a zone");
    let [from, to] = [from, to].map(|hour| ServiceTime::hms(hour, 0, 0));
    Opening { date, from, to, zone, nation: None }
}

/// Metres without a window, and in it.
fn usual_and_in(map: &Map, window: &Opening) -> (Option<u32>, Option<u32>) {
    let (network, _) = network(map);
    let inside = network.in_window(window);
    (seconds(&network), seconds(inside.as_ref().unwrap_or(&network)))
}

fn near(found: (Option<u32>, Option<u32>), wanted: (u32, u32)) -> bool {
    let near =
        |found: Option<u32>, wanted: u32| found.is_some_and(|found| found.abs_diff(wanted) <= 1);
    near(found.0, wanted.0) && near(found.1, wanted.1)
}

#[test]
fn a_park_gate_is_shut_at_night() {
    let park = park(&[("barrier", "gate"), ("opening_hours", "Mo-Su dawn-dusk")], STREET);
    assert!(near(usual_and_in(&park, &window(false, 10, 12)), (100, 100)));
    assert!(near(usual_and_in(&park, &window(false, 20, 22)), (100, 300)));
    assert!(
        near(usual_and_in(&park, &window(false, 17, 22)), (100, 300)),
        "open for a part of it alone"
    );
    let (network, findings) = network(&park);
    assert_eq!(findings.total("streets_with_hours"), 1);
    assert!(network.in_window(&window(false, 10, 12)).is_none(), "the same streets");
    let night = network.in_window(&window(false, 20, 22)).expect("other streets");
    assert_eq!(night.streets.shut_count(), ShutCount { ways: 0, gates: 1, all: 1 });
    assert!(night.in_window(&window(false, 10, 12)).is_some(), "and back");
}

#[test]
fn a_bus_lane_is_walked_on_sundays() {
    let tags =
        [("highway", "service"), ("access", "no"), ("foot:conditional", "yes @ (Su 00:00-24:00)")];
    let lane = park(&[], &tags);
    assert!(near(usual_and_in(&lane, &window(true, 8, 10)), (100, 100)));
    assert!(near(usual_and_in(&lane, &window(false, 8, 10)), (100, 300)));
}

#[test]
fn a_way_that_is_never_open_in_the_daytime_is_shut_without_a_window() {
    let night = park(&[], &[("highway", "footway"), ("access:conditional", "no @ (06:00-21:00)")]);
    assert!(near(usual_and_in(&night, &window(false, 22, 23)), (300, 100)));
    let shut = park(&[("barrier", "gate"), ("opening_hours", "closed")], STREET);
    assert!(near(usual_and_in(&shut, &window(false, 10, 12)), (300, 300)));
}

#[test]
fn hours_that_nobody_can_read_count_as_open() {
    let gate = park(&[("barrier", "gate"), ("opening_hours", "when the warden comes")], STREET);
    assert!(near(usual_and_in(&gate, &window(false, 10, 12)), (100, 100)));
    let snow = park(&[], &[("highway", "path"), ("access:conditional", "no @ snow")]);
    assert!(near(usual_and_in(&snow, &window(false, 10, 12)), (100, 100)));
    let permit = park(
        &[],
        &[("highway", "path"), ("access", "no"), ("access:conditional", "yes @ permit-holders")],
    );
    assert!(near(usual_and_in(&permit, &window(false, 10, 12)), (300, 300)));
}

/// A to B along a street; behind the gates G and K the street H to I, 100 m to its north. At night
/// the gates are for those who live there.
#[test]
fn behind_a_gate_that_is_private_at_night_live_people_who_come_and_go() {
    let gate: Pairs<'_> = &[("barrier", "gate"), ("access:conditional", "private @ (22:00-06:00)")];
    let map = Map::drawn("H         I\n\n\n\n\nG         K\n\n\n\n\nA         B")
        .node('G', gate)
        .node('K', gate)
        .way("AB", STREET)
        .way("AGH", STREET)
        .way("HI", STREET)
        .way("BKI", STREET);
    let (usual, _) = network(&map);
    let night = usual.in_window(&window(false, 22, 24)).expect("other gates");
    let day = usual.in_window(&window(false, 8, 9));
    assert!(day.is_none(), "by day they are open, as without a window");
    let walk = |network: &Network, from: (f64, f64), to: (f64, f64)| {
        let [from, to] = [from, to].map(|(x, y)| network.join([[spot(x, y)].as_slice()]));
        network.direct(&from, &to)[OriginIdx(0)].first().map(|(_, walk)| walk.get())
    };
    let (home, town) = ((20.0, 0.0), (20.0, 100.0));
    for network in [&usual, &night] {
        for (from, to) in [(home, town), (town, home)] {
            assert!(walk(network, from, to).is_some_and(|found| found.abs_diff(140) <= 1));
        }
    }
}

#[test]
fn conditions_that_follow_each_other_open_a_way_together() {
    let tags = [
        ("highway", "footway"),
        ("access", "no"),
        ("foot:conditional", "yes @ (Mo-Fr 07:00-09:00); yes @ (Mo-Fr 09:00-18:00)"),
    ];
    let path = park(&[], &tags);
    assert!(near(usual_and_in(&path, &window(false, 8, 10)), (100, 100)));
    assert!(near(usual_and_in(&path, &window(false, 17, 19)), (100, 300)));
}

/// Who lives behind a gate that is private in the evening gets home then: the estate is private
/// with its gate.
#[test]
fn what_lies_behind_a_gate_is_private_at_the_hours_at_which_the_gate_is() {
    let gate = [
        ("barrier", "gate"),
        ("access", "private"),
        ("access:conditional", "yes @ (Mo-Fr 09:00-17:00)"),
    ];
    let estate = Map::drawn("A    G    B\n\n\n\n\n\n\n\n\n\nC         D")
        .node('G', &gate)
        .way("AGB", STREET)
        .way("ACD", STREET);
    assert!(near(usual_and_in(&estate, &window(false, 10, 12)), (100, 100)));
    assert!(near(usual_and_in(&estate, &window(false, 18, 20)), (100, 100)));
}

#[test]
fn a_ferry_with_hours_sails_at_these_alone_and_a_private_one_takes_nobody() {
    let river = |key: &'static str, value: &'static str| {
        let tags = [("route", "ferry"), ("duration", "00:01"), (key, value)];
        Map::drawn("A         B\n\n\n\n\n\n\n\n\n\nC         D")
            .way("AC", STREET)
            .way("BD", STREET)
            .way("AB", &tags)
    };
    let sails = |found: (Option<u32>, Option<u32>)| (found.0.is_some(), found.1.is_some());
    for (key, value) in [
        ("opening_hours", "Mo-Fr 09:00-17:00"),
        ("access:conditional", "private @ (Mo-Fr 17:00-09:00)"),
    ] {
        let river = river(key, value);
        assert_eq!(sails(usual_and_in(&river, &window(false, 10, 12))), (true, true), "{key}");
        assert_eq!(sails(usual_and_in(&river, &window(false, 18, 20))), (true, false), "{key}");
    }
}
