//! Small stations beside one street, worked out by hand: walking 1 m/s, on steps 0.5 m/s. The
//! street runs along the equator from x = 0 to 1,000 m; all positions are in metres.

use crate::finding::Findings;
use crate::geometry::LonLat;
use crate::ids::{FeedIdx, OriginIdx, PlaceIdx, StopIdx};
use crate::inputs::gtfs::{
    Call, CallRule, Feed, Level, Pathway, StairCount, Stop, StopAccess, StopKind, TransferKind,
    TransferRow,
};
use crate::inputs::osm::walk_rules::WalkAccess;
use crate::inputs::osm::{OsmData, WalkWay};
use crate::network::streets::{Streets, WalkProfile};
use crate::routing::network::{Joined, Network, WalkSettings};
use crate::units::{Metres, MetresPerSecond, Seconds, ServiceTime};

const STATION: u32 = 0;
const PLATFORM: u32 = 1;
const OTHER: u32 = 2;
const WEST: u32 = 3;
const EAST: u32 = 4;
const NODE: u32 = 5;

fn at(x: f64, y: f64) -> LonLat {
    LonLat::new(x / 111_319.49, y / 110_574.28).expect("on the globe")
}

fn stop(kind: StopKind, parent: Option<u32>, place: Option<(f64, f64)>) -> Stop {
    let (id, name, platform) = (String::new(), String::new(), None);
    Stop {
        id,
        name,
        platform,
        kind,
        parent,
        point: place.map(|(x, y)| at(x, y)),
        wheelchair: None,
        access: None,
        level: None,
    }
}

/// A station with two platforms, which vehicles call at, two entrances and a node between.
fn station(places: [(f64, f64); 5]) -> Feed {
    let [station, platform, other, west, east] = places;
    let of = |kind, place| stop(kind, Some(STATION), Some(place));
    let call = |stop| Call {
        stop,
        arrival: ServiceTime::new(0),
        departure: ServiceTime::new(0),
        pickup: CallRule::Regular,
        drop_off: CallRule::Regular,
        interpolated: false,
    };
    Feed {
        name: "feed".into(),
        stops: vec![
            stop(StopKind::Station, None, Some(station)),
            of(StopKind::Platform, platform),
            of(StopKind::Platform, other),
            of(StopKind::Entrance, west),
            of(StopKind::Entrance, east),
            stop(StopKind::Node, Some(STATION), None),
        ]
        .into(),
        calls: vec![call(PLATFORM), call(OTHER)].into(),
        ..Feed::default()
    }
}

/// Platforms 50 m and 60 m from the street; its doors stand on the street at 300 m and 600 m.
fn usual() -> Feed {
    station([(400.0, 50.0), (400.0, 50.0), (400.0, 59.75), (300.0, 0.0), (600.0, 0.0)])
}

fn pathway(from: u32, to: u32, mode: u8, both_ways: bool, time: u32) -> Pathway {
    Pathway {
        from,
        to,
        mode,
        both_ways,
        length: None,
        time: Some(Seconds::new(time)),
        stairs: None,
    }
}

/// In at the west door through a gate (10 s) and along 40 m; out at the east door through a gate
/// (25 s); stairs (30 s) to the other platform.
fn gates() -> Feed {
    let walkway = Pathway {
        length: Some(Metres::new(40.0)),
        time: None,
        ..pathway(NODE, PLATFORM, 1, true, 0)
    };
    let pathways = vec![
        pathway(WEST, NODE, 6, false, 10),
        walkway,
        pathway(PLATFORM, EAST, 7, false, 25),
        pathway(PLATFORM, OTHER, 2, true, 30),
    ];
    Feed { pathways: pathways.into(), ..usual() }
}

fn streets() -> Streets {
    let access = WalkAccess { step_free: true, ..Default::default() };
    let way = |id, nodes| WalkWay { id, nodes, access };
    let osm = OsmData {
        nodes: vec![at(0.0, 0.0), at(500.0, 0.0), at(1000.0, 0.0)],
        ways: vec![way(1, vec![0, 1, 2])],
        ..OsmData::default()
    };
    Streets::build(&osm, &mut Findings::new())
}

fn settings(step_free: bool) -> WalkSettings {
    let (speed, steps_speed) = (MetresPerSecond::new(1.0), MetresPerSecond::new(0.5));
    let profile = WalkProfile { name: String::new(), speed, steps_speed, step_free };
    WalkSettings { profile, ..WalkSettings::default() }
}

fn network(feed: Feed, step_free: bool) -> (Network, Findings) {
    let mut findings = Findings::new();
    (Network::build(streets(), vec![feed], settings(step_free), &mut findings), findings)
}

fn number(network: &Network, stop: u32) -> StopIdx {
    network.stops.find(FeedIdx(0), stop).expect("called at")
}

/// A home and a place on the street, 100.5 m along it.
fn home(network: &Network) -> Joined {
    network.join([&[at(100.5, 0.0)][..]])
}

/// From the home to a stop, and from the stop to the home.
fn there_and_back(network: &Network, stop: u32) -> [Option<u32>; 2] {
    let (stop, home) = (number(network, stop), home(network));
    let access = network.access(&home);
    let egress = network.egress(&home);
    let of = |links: &[crate::routing::transit::access_egress::StopWalk]| {
        links.iter().find(|link| link.stop == stop).map(|link| link.walk.get())
    };
    let walks = [of(&access[OriginIdx(0)]), of(&egress[PlaceIdx(0)])];
    // The course that stands behind each time takes that very time.
    let limit = Seconds::minutes(30);
    let path = |from, to| {
        network.graph.path(&network.streets, from, to, limit).map(|path| path.time.get())
    };
    assert_eq!(path(&home.snaps[0], network.board_snaps(stop)), walks[0]);
    assert_eq!(path(network.alight_snaps(stop), &home.snaps[0]), walks[1]);
    walks
}

/// The walk from one stop to the other between two rides.
fn change(network: &Network, from: u32, to: u32) -> Option<u32> {
    let (from, to) = (number(network, from), number(network, to));
    let changes = network.changes(Seconds::new(0));
    changes.from(from).into_iter().find(|change| change.stop == to).map(|change| change.walk.get())
}

#[test]
fn a_gate_that_opens_one_way_makes_the_way_in_another_than_the_way_out() {
    let (network, findings) = network(gates(), false);
    // In: 199.5 m to the west door, 10 s, 40 m. Out: 25 s, 499.5 m from the east door. The stairs
    // are 30 s more.
    assert_eq!(there_and_back(&network, PLATFORM), [Some(250), Some(525)]);
    assert_eq!(there_and_back(&network, OTHER), [Some(280), Some(555)]);
    assert_eq!(
        [change(&network, PLATFORM, OTHER), change(&network, OTHER, PLATFORM)],
        [Some(30); 2]
    );
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn who_cannot_use_stairs_does_not_get_to_a_platform_that_only_stairs_lead_to() {
    let (network, findings) = network(gates(), true);
    assert_eq!(there_and_back(&network, PLATFORM), [Some(250), Some(525)]);
    assert_eq!(there_and_back(&network, OTHER), [None, None]);
    assert_eq!([change(&network, PLATFORM, OTHER), change(&network, OTHER, PLATFORM)], [None; 2]);
    assert_eq!(findings.total("pathways_shut"), 1);
    assert_eq!(findings.total("straight_transfer"), 0);
}

#[test]
fn an_entrance_that_says_it_is_not_for_wheelchairs_is_not() {
    let mut feed = gates();
    feed.stops[WEST as usize].wheelchair = Some(false);
    let (wheels, _) = network(feed.clone(), true);
    assert_eq!(there_and_back(&wheels, PLATFORM), [None, Some(525)]);
    let (walkers, _) = network(feed, false);
    assert_eq!(there_and_back(&walkers, PLATFORM), [Some(250), Some(525)]);
}

#[test]
fn a_lift_lets_in_who_cannot_use_stairs() {
    let mut feed = gates();
    feed.pathways.push(pathway(OTHER, PLATFORM, 5, true, 90));
    let (network, _) = network(feed, true);
    assert_eq!(there_and_back(&network, OTHER), [Some(340), Some(615)]);
    assert_eq!(change(&network, OTHER, PLATFORM), Some(90));
}

#[test]
fn stairs_without_time_or_length_are_climbed_along_the_straight_line() {
    let mut feed = gates();
    feed.pathways[3].time = None;
    let (network, findings) = network(feed, false);
    // 9.75 m at half a metre a second.
    assert_eq!(change(&network, PLATFORM, OTHER), Some(20));
    assert_eq!(findings.total("pathway_time_assumed"), 1);
}

#[test]
fn a_way_out_of_the_station_and_in_again_is_taken_where_it_is_shorter() {
    let mut feed = gates();
    // The other platform has a door of its own at 600 m, 1 s away; over the stairs it is 2,000 s.
    feed.pathways[3].time = Some(Seconds::new(2000));
    feed.pathways.push(pathway(EAST, OTHER, 1, true, 1));
    let (network, _) = network(feed, false);
    assert_eq!(change(&network, PLATFORM, OTHER), Some(26), "through the exit gate");
    assert_eq!(
        change(&network, OTHER, PLATFORM),
        Some(351),
        "300 m along the street and in at the west door"
    );
}

#[test]
fn without_pathways_a_platform_is_reached_straight_from_its_stations_doors() {
    // 150 m from the street, the platforms themselves are off the network.
    let far =
        station([(400.0, 150.0), (400.0, 150.0), (409.5, 150.0), (300.0, 0.0), (300.0, 900.0)]);
    let (network, findings) = network(far, false);
    // 199.5 m to the door, then √(100² + 150²) = 180.3 m.
    assert_eq!(there_and_back(&network, PLATFORM), [Some(380), Some(380)]);
    assert_eq!(findings.total("stop_off_network"), 0);
    // Nobody walks out to the door and back to change platforms.
    assert_eq!(change(&network, PLATFORM, OTHER), Some(10));
    assert_eq!(findings.total("straight_transfer"), 2);
}

#[test]
fn a_platform_of_a_station_without_doors_is_reached_at_its_own_place_and_at_last_at_the_stations() {
    let mut feed =
        station([(400.0, 0.0), (400.0, 49.75), (400.0, 149.75), (0.0, 900.0), (0.0, 900.0)]);
    feed.stops[WEST as usize].kind = StopKind::Node;
    feed.stops[EAST as usize].kind = StopKind::Node;
    let (network, findings) = network(feed, false);
    assert_eq!(there_and_back(&network, PLATFORM), [Some(350), Some(350)]);
    assert_eq!(there_and_back(&network, OTHER), [Some(450), Some(450)]);
    assert_eq!(findings.total("stop_at_station"), 1);
    assert_eq!(findings.total("stop_off_network"), 0);
}

#[test]
fn platforms_of_one_station_off_the_streets_are_joined_by_the_straight_line_and_counted() {
    let far = station([(400.0, 200.0), (400.0, 200.0), (409.5, 200.0), (0.0, 900.0), (0.0, 900.0)]);
    let (walkers, findings) = network(far.clone(), false);
    assert_eq!(
        [change(&walkers, PLATFORM, OTHER), change(&walkers, OTHER, PLATFORM)],
        [Some(10); 2]
    );
    assert_eq!((findings.total("straight_transfer"), findings.total("stop_off_network")), (2, 2));
    let (wheels, _) = network(far, true);
    assert_eq!(change(&wheels, PLATFORM, OTHER), None, "nothing says that the line has no steps");
}

/// Two stops off the streets, 150 m from each other, and a row that says that vehicles wait for
/// each other there.
#[test]
fn a_timed_change_took_no_time_between_stops_that_no_walk_joins() {
    let timed = |metres: f64| {
        let mut feed = station([
            (0.0, 900.0),
            (400.0, 400.0),
            (400.0 + metres, 400.0),
            (0.0, 900.0),
            (0.0, 900.0),
        ]);
        feed.stops.iter_mut().for_each(|stop| stop.parent = None);
        let (from_stop, to_stop) = (Some(PLATFORM), Some(OTHER));
        let kind = TransferKind::Timed;
        let nobody = (None, None, None, None);
        let (from_route, to_route, from_trip, to_trip) = nobody;
        feed.transfers = vec![TransferRow {
            from_stop,
            to_stop,
            from_route,
            to_route,
            from_trip,
            to_trip,
            kind,
            line: 1,
        }]
        .into();
        feed
    };
    let (near, findings) = network(timed(149.5), false);
    assert_eq!([change(&near, PLATFORM, OTHER), change(&near, OTHER, PLATFORM)], [Some(150), None]);
    assert_eq!(
        (findings.total("straight_transfer"), findings.total("timed_transfer_too_far")),
        (1, 0)
    );
    let (far, findings) = network(timed(1001.0), false);
    assert_eq!(change(&far, PLATFORM, OTHER), None);
    assert_eq!(
        (findings.total("straight_transfer"), findings.total("timed_transfer_too_far")),
        (0, 1)
    );
}

#[test]
fn a_boarding_area_is_where_its_platform_is() {
    let mut feed = usual();
    feed.stops[NODE as usize] = stop(StopKind::BoardingArea, Some(PLATFORM), Some((400.0, 50.0)));
    feed.pathways = vec![pathway(WEST, NODE, 1, true, 70)].into();
    let (network, findings) = network(feed, false);
    assert_eq!(there_and_back(&network, PLATFORM), [Some(270), Some(270)]);
    // The other platform has no pathway of its own: straight from the nearer of both doors, √(100²
    // + 59.75²) = 116.5 m.
    assert_eq!(there_and_back(&network, OTHER), [Some(316), Some(316)]);
    assert_eq!(findings.total("platform_without_pathways"), 1);
}

#[test]
fn stops_without_a_station_join_the_streets_where_they_are() {
    let mut feed = gates();
    feed.pathways.clear();
    feed.stops.iter_mut().for_each(|stop| stop.parent = None);
    let (network, _) = network(feed, false);
    assert_eq!(there_and_back(&network, PLATFORM), [Some(350), Some(350)]);
    let stop = number(&network, PLATFORM);
    let own = network.streets.snap(
        network.streets.project(at(400.0, 50.0)),
        Metres::new(100.0),
        &network.settings().profile,
    );
    assert_eq!(network.board_snaps(stop), own.as_slice());
    assert_eq!(network.alight_snaps(stop), own.as_slice());
}

#[test]
fn a_platform_reached_from_the_street_is_so_whatever_entrances_its_station_has() {
    for mut feed in [usual(), gates()] {
        feed.stops[PLATFORM as usize].access = Some(StopAccess::FromStreet);
        let (network, _) = network(feed, false);
        // 50 m from the street at 400 m.
        assert_eq!(there_and_back(&network, PLATFORM), [Some(350), Some(350)]);
    }
    // Too far from any street to be so: as if it said nothing.
    let far =
        || station([(400.0, 150.0), (400.0, 150.0), (400.0, 150.0), (300.0, 0.0), (600.0, 0.0)]);
    let mut feed = far();
    feed.stops[PLATFORM as usize].access = Some(StopAccess::FromStreet);
    let (said, findings) = network(feed, false);
    assert_eq!(there_and_back(&said, PLATFORM), there_and_back(&network(far(), false).0, PLATFORM));
    assert_eq!(findings.total("stop_access_off_network"), 1);
}

#[test]
fn a_platform_not_reached_from_the_street_is_entered_through_its_station_or_not_at_all() {
    let without_doors = |station_at: (f64, f64), access| {
        let mut feed =
            station([station_at, (400.0, 50.0), (400.0, 59.75), (300.0, 0.0), (600.0, 0.0)]);
        for door in [WEST, EAST] {
            feed.stops[door as usize].parent = None;
        }
        feed.stops[PLATFORM as usize].access = access;
        feed
    };
    // The station's place is on the street at 700 m, √(300² + 50²) m from the platform.
    let through = Some(StopAccess::ThroughStation);
    let (shut_off, _) = network(without_doors((700.0, 0.0), through), false);
    assert_eq!(there_and_back(&shut_off, PLATFORM), [Some(904), Some(904)]);
    let (undefined, _) = network(without_doors((700.0, 0.0), None), false);
    assert_eq!(there_and_back(&undefined, PLATFORM), [Some(350), Some(350)]);
    // With the station off the map there is no way in, and it is said.
    let (shut, findings) = network(without_doors((700.0, 900.0), through), false);
    assert_eq!(there_and_back(&shut, PLATFORM), [None, None]);
    assert_eq!(findings.total("stop_access_shut"), 1);
    // Where there are entrances, they are used, as without a word.
    let mut feed = usual();
    feed.stops[PLATFORM as usize].access = through;
    assert_eq!(
        there_and_back(&network(feed, false).0, PLATFORM),
        there_and_back(&network(usual(), false).0, PLATFORM)
    );
}

#[test]
fn stairs_with_a_count_alone_take_their_length_by_steps() {
    let mut feed = gates();
    let stairs = |feed: &mut Feed, stairs, length| {
        feed.pathways[3] = Pathway { time: None, stairs, length, ..feed.pathways[3] };
    };
    stairs(&mut feed, Some(StairCount(120)), None);
    let (by_count, findings) = network(feed.clone(), false);
    // 120 steps of 0.3 m at half a metre a second.
    assert_eq!(change(&by_count, PLATFORM, OTHER), Some(72));
    assert_eq!(
        (findings.total("pathway_time_by_steps"), findings.total("pathway_time_assumed")),
        (1, 0)
    );
    stairs(&mut feed, Some(StairCount(120)), Some(Metres::new(0.0)));
    assert_eq!(
        change(&network(feed.clone(), false).0, PLATFORM, OTHER),
        Some(72),
        "no stairs are 0 m long"
    );
    stairs(&mut feed, Some(StairCount(120)), Some(Metres::new(10.0)));
    assert_eq!(
        change(&network(feed.clone(), false).0, PLATFORM, OTHER),
        Some(20),
        "a length is better than a count"
    );
    stairs(&mut feed, None, None);
    feed.stops[PLATFORM as usize].level = Some(Level(-1.0));
    feed.stops[OTHER as usize].level = Some(Level(1.0));
    assert_eq!(
        change(&network(feed, false).0, PLATFORM, OTHER),
        Some(18),
        "two floors of 15 steps"
    );
}

#[test]
fn a_lift_without_a_time_is_not_for_nothing() {
    let mut feed = gates();
    feed.pathways[3] = Pathway { mode: 5, time: None, ..feed.pathways[3] };
    let (one_floor, findings) = network(feed.clone(), false);
    assert_eq!(change(&one_floor, PLATFORM, OTHER), Some(110));
    assert_eq!(findings.total("lift_time_assumed"), 1);
    feed.stops[PLATFORM as usize].level = Some(Level(-2.0));
    feed.stops[OTHER as usize].level = Some(Level(1.0));
    assert_eq!(change(&network(feed, false).0, PLATFORM, OTHER), Some(150), "three floors");
}
