//! The last departures that a scan forwards finds are those that the slow router finds.

use super::{Case, case, slow, with_walks};
use crate::routing::transit::raptor::range::Walks;
use crate::routing::transit::window_timetable::Rides;

/// By origin and destination.
type Numbers = Vec<Vec<Option<u16>>>;

/// The last departure of the window at which the slow router gets there by vehicle.
fn slow_last(case: &Case) -> Numbers {
    let last = |times: &Vec<Vec<Option<i64>>>, place: usize| {
        let found = times.iter().rposition(|departure| departure[place].is_some());
        found.and_then(|n| u16::try_from(n).ok())
    };
    let of_origin = |times: &Vec<Vec<Option<i64>>>| {
        (0..case.world.destinations).map(|place| last(times, place)).collect()
    };
    slow(case).iter().map(of_origin).collect()
}

fn scanned_last(rides: &Rides, walks: &Walks) -> Option<Numbers> {
    rides.last_departures_scanned(walks.access, walks.egress)
}

#[test]
fn every_last_departure_is_the_reference_routers() {
    let cases = std::env::var("LASTMILE_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(8_000);
    let (mut scanned, mut reached) = (0, 0);
    for seed in 0..cases {
        let mut case = case(seed);
        case.direct.iter_mut().for_each(Vec::clear);
        let Some(found) = with_walks(&case, scanned_last) else { continue };
        scanned += 1;
        let slow = slow_last(&case);
        reached += slow.iter().flatten().flatten().count() as u64;
        assert_eq!(
            found, slow,
            "seed {seed}: {:#?} {:?} access {:?}",
            case.world, case.window, case.access
        );
    }
    assert!(scanned > cases / 3, "of {cases} cases {scanned} have an order to be scanned in");
    assert!(reached > scanned, "many destinations must be reached: {reached}");
}
