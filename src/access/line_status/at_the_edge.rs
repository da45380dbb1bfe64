//! Who is at the edge of the map may be on a line all the same: the way to its stop is on streets
//! that the extract lacks.

use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::{LineStatus, NEAR};
use crate::access::map_edge::{MapCoverage, MapPosition};
use crate::geometry::{LonLat, Projected};
use crate::ids::{Idx, OriginIdx};
use crate::network::timetable::Timetable;
use crate::routing::DepartureWindow;
use crate::routing::network::Network;
use crate::units::Metres;

/// Takes back that a point is on no line where that is not known: the map ends near it, and a
/// vehicle can be boarded as near to it as the crow flies. `at` tells where each point lies.
pub fn unsure_at_the_edge(
    found: &mut [LineStatus],
    (network, timetable, window): (&Network, &Timetable, &DepartureWindow),
    coverage: &MapCoverage,
    at: impl Fn(OriginIdx) -> LonLat,
) {
    let near = Metres::new(network.settings().profile.speed.get() * f64::from(NEAR.get()));
    let stops = boarded_in(network, timetable, window);
    for (number, on_line) in
        found.iter_mut().enumerate().filter(|(_, found)| **found == LineStatus::None)
    {
        let point = at(OriginIdx::new(number));
        if coverage.place(point, near) == MapPosition::Inside {
            continue;
        }
        let Projected { x, y } = network.streets.project(point);
        if stops.locate_within_distance([x, y], near.get() * near.get()).next().is_some() {
            *on_line = LineStatus::Unknown;
        }
    }
}

/// Where vehicles can be boarded in a window.
fn boarded_in(
    network: &Network,
    timetable: &Timetable,
    window: &DepartureWindow,
) -> RTree<GeomWithData<[f64; 2], ()>> {
    let during = window.first..window.end();
    let mut boarded = vec![false; timetable.stops];
    for call in timetable.calls.iter().filter(|call| call.board && during.contains(&call.departure))
    {
        boarded[call.stop.at()] = true;
    }
    let stops = network
        .stops
        .indices()
        .filter(|stop| boarded.get(stop.at()).is_some_and(|boarded| *boarded));
    let at = stops
        .filter_map(|stop| network.stop(stop).point)
        .map(|point| network.streets.project(point));
    RTree::bulk_load(at.map(|Projected { x, y }| GeomWithData::new([x, y], ())).collect())
}
