//! From a timetable to the services near each point.

use rustc_hash::FxHashMap;

use super::{Mode, ServiceNear, access_index};
use crate::ids::{Csr, FeedIdx, Idx, IdxVec, OriginIdx, RunIdx, StopIdx};
use crate::inputs::gtfs::Feed;
use crate::network::stops::Stops;
use crate::network::timetable::Timetable;
use crate::routing::links::Link;
use crate::units::{MetresPerSecond, ServiceTime};

/// An hour's vehicles.
pub struct Hour<'a> {
    /// Its runs.
    pub timetable: &'a Timetable,
    /// Runs that two feeds have count once: see [`Timetable::counted_as`].
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
type Way = (FeedIdx, u32, Option<bool>);

/// The access index of each origin. `speed` is the one that `access` was walked at.
pub fn access_indices(hour: &Hour, access: &Csr<OriginIdx, Link>, speed: MetresPerSecond) -> Vec<f64> {
    let departures = hour.departures();
    let of = |origin: usize| {
        let mut nearest: FxHashMap<AccessPoint, f64> = FxHashMap::default();
        for link in &access[OriginIdx::new(origin)] {
            let metres = f64::from(link.walk.0) * speed.0;
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

    /// How many vehicles of each way can be boarded at each access point, ordered by way.
    fn departures(&self) -> FxHashMap<AccessPoint, Vec<(Way, Mode, f64)>> {
        let mut runs: FxHashMap<(AccessPoint, Way), Vec<RunIdx>> = FxHashMap::default();
        for (run, row) in self.timetable.runs.enumerate() {
            let direction = self.feeds[row.feed.at()].trips[row.trip as usize].direction;
            for call in self.timetable.calls_of(run) {
                if call.board && self.from <= call.departure && call.departure < self.until {
                    let at = self.access_point(call.stop);
                    runs.entry((at, (row.feed, row.route, direction)))
                        .or_default()
                        .push(self.counted_as[run]);
                }
            }
        }
        let mut departures: FxHashMap<AccessPoint, Vec<(Way, Mode, f64)>> = FxHashMap::default();
        for ((at, way), mut runs) in runs {
            runs.sort_unstable();
            runs.dedup();
            // A run counted as another feed's belongs to that feed's route.
            runs.retain(|run| self.timetable.runs[*run].feed == way.0);
            let route_type = self.feeds[way.0.at()].routes[way.1 as usize].route_type;
            if let (Some(mode), false) = (Mode::of(route_type), runs.is_empty()) {
                #[expect(clippy::cast_precision_loss, reason = "vehicles of an hour")]
                departures.entry(at).or_default().push((way, mode, runs.len() as f64));
            }
        }
        departures.values_mut().for_each(|ways| ways.sort_by_key(|(way, ..)| *way));
        departures
    }

    /// Each route at the access point nearest in each direction; of the two the one that runs more often.
    fn services(
        &self,
        near: &FxHashMap<AccessPoint, f64>,
        departures: &FxHashMap<AccessPoint, Vec<(Way, Mode, f64)>>,
    ) -> Vec<ServiceNear> {
        let mut ways: Vec<(Way, ServiceNear)> = Vec::new();
        for (point, walk_m) in near {
            let all = departures.get(point).map_or(&[][..], Vec::as_slice);
            let within = all.iter().filter(|(_, mode, _)| *walk_m <= mode.reach_m());
            ways.extend(within.map(|(way, mode, per_hour)| {
                (*way, ServiceNear { mode: *mode, walk_m: *walk_m, per_hour: *per_hour })
            }));
        }
        ways.sort_by(|(a, one), (b, other)| {
            a.cmp(b).then(one.walk_m.total_cmp(&other.walk_m)).then(other.per_hour.total_cmp(&one.per_hour))
        });
        ways.dedup_by_key(|(way, _)| *way);
        let of_route = |ways: &[(Way, ServiceNear)]| {
            let all = ways.iter().map(|(_, service)| *service);
            all.max_by(|a, b| a.per_hour.total_cmp(&b.per_hour).then(b.walk_m.total_cmp(&a.walk_m)))
        };
        ways.chunk_by(|((a, b, _), _), ((c, d, _), _)| (a, b) == (c, d)).filter_map(of_route).collect()
    }
}
