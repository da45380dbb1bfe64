//! Which stops after are which before.

use super::same_stops;
use crate::finding::Findings;
use crate::geometry::LonLat;
use crate::ids::{FeedIdx, StopIdx};
use crate::inputs::gtfs::{Call, CallRule, Feed, Stop, StopKind};
use crate::inputs::osm::OsmData;
use crate::network::streets::Streets;
use crate::routing::network::{Network, WalkSettings};
use crate::units::ServiceTime;

/// A feed whose stops, each at a latitude, are all called at. Streets play no part.
fn feed(stops: &[(&str, f64)]) -> Feed {
    let stop = |(id, lat): &(&str, f64)| Stop {
        id: (*id).to_owned(),
        name: format!("stop {id}"),
        platform: None,
        kind: StopKind::Platform,
        parent: None,
        point: Some(LonLat::new(0.0, *lat).expect("on the globe")),
        wheelchair: None,
        access: None,
        level: None,
    };
    let call = |stop| Call {
        stop,
        arrival: ServiceTime::new(0),
        departure: ServiceTime::new(0),
        pickup: CallRule::Regular,
        drop_off: CallRule::Regular,
        interpolated: false,
    };
    let calls = (0u32..).zip(stops).map(|(nth, _)| call(nth)).collect();
    Feed { stops: stops.iter().map(stop).collect(), calls, ..Feed::default() }
}

fn network(feeds: Vec<Feed>) -> Network {
    let mut findings = Findings::new();
    let streets = Streets::build(&OsmData::default(), &mut findings);
    Network::build(streets, feeds, WalkSettings::default(), &mut findings)
}

fn number(network: &Network, feed: u32, stop: u32) -> StopIdx {
    network.stops.find(FeedIdx(feed), stop).expect("called at")
}

#[test]
fn of_two_feeds_that_share_an_id_each_stop_is_that_of_its_own_feed() {
    let both = || vec![feed(&[("1", 52.0)]), feed(&[("1", 52.0)])];
    let (before, after) = (network(both()), network(both()));
    let same = same_stops(&before, &after);
    for of in [0, 1] {
        assert_eq!(same[number(&after, of, 0)], number(&before, of, 0).0, "feed {of}");
    }
}

/// 0.001 degrees are 111 m. That a stop moved is not told by its feed: the ids of one feed may be
/// given out anew.
#[test]
fn the_nearer_of_two_stops_with_the_id_is_it_whichever_feed_it_is_of() {
    let before = network(vec![feed(&[("1", 52.001)]), feed(&[("1", 52.0)])]);
    let after = network(vec![feed(&[("1", 52.0)])]);
    assert_eq!(same_stops(&before, &after)[number(&after, 0, 0)], number(&before, 1, 0).0);
}
