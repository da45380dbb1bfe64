//! From a timetable to the services near each point.

use rustc_hash::FxHashMap;

use super::{PtalMode, ServiceNear, access_index};
use crate::ids::{Csr, FeedIdx, Idx, IdxVec, OriginIdx, RunIdx, StopIdx};
use crate::inputs::gtfs::Feed;
use crate::network::stops::Stops;
use crate::network::timetable::Timetable;
use crate::routing::transit::access_egress::StopWalk;
use crate::units::{MetresPerSecond, ServiceTime};

/// An hour's vehicles.
pub struct Hour<'a> {
    /// Its runs.
    pub timetable: &'a Timetable,
    /// A vehicle that is published more than once counts once: see [`Timetable::counted_as`].
    pub counted_as: &'a IdxVec<RunIdx, RunIdx>,
    /// The feeds, for the routes' modes and the stops' stations.
    pub feeds: &'a [Feed],
    /// The stops.
    pub stops: &'a Stops,
    /// Departures from here on …
    pub from: ServiceTime,
    /// … and before this count.
    pub until: ServiceTime,
}

/// A station, or a stop that belongs to none.
type AccessPoint = (FeedIdx, u32);
/// A route in a direction.
type RouteDirection = (FeedIdx, u32, Option<bool>);

/// The access index of each origin. `speed` is the one that `access` was walked at.
pub fn access_indices(
    hour: &Hour,
    access: &Csr<OriginIdx, StopWalk>,
    speed: MetresPerSecond,
) -> Vec<f64> {
    let departures = hour.departures();
    let of = |origin: usize| {
        let mut nearest: FxHashMap<AccessPoint, f64> = FxHashMap::default();
        for link in &access[OriginIdx::new(origin)] {
            let metres = f64::from(link.walk.get()) * speed.get();
            let walk = nearest.entry(hour.access_point(link.stop)).or_insert(f64::INFINITY);
            *walk = walk.min(metres);
        }
        access_index(&hour.services(&nearest, &departures))
    };
    (0..access.rows()).map(of).collect()
}

impl Hour<'_> {
    fn access_point(&self, stop: StopIdx) -> AccessPoint {
        let at = self.stops.source(stop);
        let row = &self.feeds[at.feed.at()].stops[at.stop as usize];
        (at.feed, row.parent.unwrap_or(at.stop))
    }

    fn way(&self, vehicle: RunIdx) -> RouteDirection {
        let row = &self.timetable.runs[vehicle];
        (row.feed, row.route, self.feeds[row.feed.at()].trips[row.trip as usize].direction)
    }

    /// How many vehicles of each way can be boarded at each access point, ordered by way.
    fn departures(&self) -> FxHashMap<AccessPoint, Vec<(RouteDirection, PtalMode, f64)>> {
        let mut runs: FxHashMap<(AccessPoint, RouteDirection), Vec<RunIdx>> = FxHashMap::default();
        for (run, row) in self.timetable.runs.enumerate() {
            let vehicle = self.counted_as[run];
            let way = self.way(vehicle);
            // A vehicle counted as another feed's belongs to that feed's route.
            if way.0 != row.feed {
                continue;
            }
            for call in self.timetable.calls_of(run) {
                if call.board && self.from <= call.departure && call.departure < self.until {
                    runs.entry((self.access_point(call.stop), way)).or_default().push(vehicle);
                }
            }
        }
        let mut departures: FxHashMap<AccessPoint, Vec<(RouteDirection, PtalMode, f64)>> =
            FxHashMap::default();
        for ((at, way), mut runs) in runs {
            runs.sort_unstable();
            runs.dedup();
            let route_type = self.feeds[way.0.at()].routes[way.1 as usize].route_type;
            if let Some(mode) = PtalMode::of(route_type) {
                #[expect(clippy::cast_precision_loss, reason = "vehicles of an hour")]
                departures.entry(at).or_default().push((way, mode, runs.len() as f64));
            }
        }
        departures.values_mut().for_each(|ways| ways.sort_by_key(|(way, ..)| *way));
        departures
    }

    /// Each route at the access point nearest in each direction; of the two the one that runs more
    /// often.
    fn services(
        &self,
        near: &FxHashMap<AccessPoint, f64>,
        departures: &FxHashMap<AccessPoint, Vec<(RouteDirection, PtalMode, f64)>>,
    ) -> Vec<ServiceNear> {
        let mut ways: Vec<(RouteDirection, ServiceNear)> = Vec::new();
        for (point, walk_m) in near {
            let all = departures.get(point).map_or(&[][..], Vec::as_slice);
            let within = all.iter().filter(|(_, mode, _)| *walk_m <= mode.reach_m());
            ways.extend(within.map(|(way, mode, per_hour)| {
                (*way, ServiceNear { mode: *mode, walk_m: *walk_m, per_hour: *per_hour })
            }));
        }
        ways.sort_by(|(a, one), (b, other)| {
            a.cmp(b)
                .then(one.walk_m.total_cmp(&other.walk_m))
                .then(other.per_hour.total_cmp(&one.per_hour))
        });
        ways.dedup_by_key(|(way, _)| *way);
        let of_route = |ways: &[(RouteDirection, ServiceNear)]| {
            let all = ways.iter().map(|(_, service)| *service);
            all.max_by(|a, b| a.per_hour.total_cmp(&b.per_hour).then(b.walk_m.total_cmp(&a.walk_m)))
        };
        ways.chunk_by(|((a, b, _), _), ((c, d, _), _)| (a, b) == (c, d))
            .filter_map(of_route)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::ServiceNear;
    use super::*;
    use crate::ids::PatternIdx;
    use crate::inputs::gtfs::{Call, CallRule, Route, Stop, StopKind, Trip};
    use crate::network::timetable::{Run, RunCall};
    use crate::units::Seconds;

    /// A world of two-call trips: route, direction, the stop they leave from, and the minute.
    fn world(trips: &[(u32, bool, u32, i32)]) -> (Vec<Feed>, Timetable, Stops) {
        let stop = |n: u32, parent| Stop {
            id: n.to_string(),
            name: String::new(),
            platform: None,
            kind: StopKind::Platform,
            parent,
            point: None,
            wheelchair: None,
            access: None,
            level: None,
        };
        // Stops 0 and 1 stand by themselves, 2 and 3 are platforms of station 4; 5 is the end of
        // every trip.
        let stops = [None, None, Some(4), Some(4), None, None]
            .into_iter()
            .zip(0..)
            .map(|(parent, n)| stop(n, parent));
        let route = |route_type| Route {
            id: String::new(),
            name: String::new(),
            long_name: String::new(),
            agency: String::new(),
            route_type,
        };
        let mut feed = Feed {
            stops: stops.collect(),
            routes: vec![route(3), route(2)].into(),
            ..Feed::default()
        };
        let mut timetable = Timetable { stops: 5, ..Timetable::default() };
        let call = |stop| Call {
            stop,
            arrival: ServiceTime::new(0),
            departure: ServiceTime::new(0),
            pickup: CallRule::Regular,
            drop_off: CallRule::Regular,
            interpolated: false,
        };
        for n in [0, 1, 2, 3, 5] {
            feed.calls.push(call(n));
        }
        let numbered = Stops::number(std::slice::from_ref(&feed));
        for (n, (route, direction, from, minute)) in (0u32..).zip(trips) {
            feed.trips.push(Trip {
                id: n.to_string(),
                route: *route,
                service: 0,
                headsign: None,
                block: None,
                direction: Some(*direction),
                shape: None,
                wheelchair: None,
                withdrawn: false,
                calls: 0..2,
            });
            for (stop, minute, board) in [(*from, *minute, true), (5, minute + 9, false)] {
                let (stop, time) = (
                    numbered.find(FeedIdx(0), stop).expect("called at"),
                    ServiceTime::new(minute * 60),
                );
                timetable.calls.push(RunCall {
                    stop,
                    arrival: time,
                    departure: time,
                    board,
                    alight: !board,
                });
            }
            let (feed, pattern, date) = (FeedIdx(0), PatternIdx(0), jiff::civil::date(2026, 3, 10));
            timetable.runs.push(Run {
                feed,
                trip: n,
                route: *route,
                date,
                pattern,
                calls: 2 * n..2 * n + 2,
                then: vec![],
            });
        }
        (vec![feed], timetable, numbered)
    }

    #[test]
    fn a_route_counts_once_where_it_is_nearest_in_its_busier_direction() {
        // Bus: at stop 0 twice one way within the hour and once after it, at stop 1 three times the
        // other way and once the first way. Rail: at the station, three times from one platform and
        // once from the other, the same way.
        let bus = [
            (0, true, 0, 0),
            (0, true, 0, 59),
            (0, true, 0, 60),
            (0, false, 1, 5),
            (0, false, 1, 25),
            (0, false, 1, 45),
            (0, true, 1, 1),
        ];
        let rail = [(1, true, 2, 10), (1, true, 2, 20), (1, true, 2, 40), (1, true, 3, 50)];
        let trips: Vec<_> = bus.into_iter().chain(rail).collect();
        let (feeds, timetable, stops) = world(&trips);
        let counted_as: IdxVec<RunIdx, RunIdx> = timetable.runs.indices().collect();
        let (from, until) = (ServiceTime::new(0), ServiceTime::new(3600));
        let hour = Hour {
            timetable: &timetable,
            counted_as: &counted_as,
            feeds: &feeds,
            stops: &stops,
            from,
            until,
        };
        let link = |stop, metres: u32| StopWalk {
            stop: stops.find(FeedIdx(0), stop).expect("called at"),
            walk: Seconds::new(metres),
        };
        // A metre a second. The nearer platform is 700 m away: too far for a bus, not for a train.
        let near = vec![link(0, 100), link(1, 320), link(2, 900), link(3, 700)];
        let far = vec![link(1, 641), link(2, 961)];
        let access: Csr<OriginIdx, StopWalk> = Csr::from_rows([near, far]);
        let found = access_indices(&hour, &access, MetresPerSecond::new(1.0));
        // The bus's busier direction is the one at stop 1, 320 m away.
        let bus = ServiceNear { mode: PtalMode::Bus, walk_m: 320.0, per_hour: 3.0 };
        let train = ServiceNear { mode: PtalMode::Rail, walk_m: 700.0, per_hour: 4.0 };
        assert!((found[0] - access_index(&[bus, train])).abs() < 1e-12, "{found:?}");
        assert!(found[1].abs() < 1e-12, "a metre too far for both");
    }
}
