//! How many vehicles leave from near somebody's door.

use super::boarded::first_boardings;
use crate::ids::{Csr, Idx, IdxVec, OriginIdx, RunIdx, StopIdx};
use crate::network::timetable::Timetable;
use crate::routing::DepartureWindow;
use crate::routing::transit::access_egress::StopWalk;
use crate::units::{Seconds, ServiceTime};

/// What is near: a walk of 5 min, which is 400 m at 4.8 km/h.
pub const NEAR: Seconds = Seconds::minutes(5);

/// For each origin, how many vehicles an hour can be boarded at stops within [`NEAR`] of it. A
/// vehicle that calls at several of them counts once, as does one that is published more than once
/// (see [`Timetable::counted_as`]).
pub fn departures_per_hour(
    timetable: &Timetable,
    counted_as: &IdxVec<RunIdx, RunIdx>,
    window: &DepartureWindow,
    access: &Csr<OriginIdx, StopWalk>,
) -> Vec<f64> {
    let end = window.end();
    let mut boardings: Vec<(StopIdx, RunIdx)> = Vec::new();
    for run in timetable.runs.indices() {
        let calls = timetable.calls_of(run).iter();
        let calls = calls
            .filter(|call| call.board && window.first <= call.departure && call.departure < end);
        boardings.extend(calls.map(|call| (call.stop, counted_as[run])));
    }
    let at_stop: Csr<StopIdx, RunIdx> = Csr::from_pairs(timetable.stops, boardings);
    let hours = f64::from(window.step.get()) * f64::from(window.departures) / 3600.0;
    let of_origin = |origin: OriginIdx| {
        let near = access[origin].iter().filter(|link| link.walk <= NEAR);
        let mut runs: Vec<RunIdx> = near.flat_map(|link| &at_stop[link.stop]).copied().collect();
        runs.sort_unstable();
        runs.dedup();
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 vehicles")]
        let count = runs.len() as f64;
        count / hours
    };
    (0..access.rows()).map(OriginIdx::new).map(of_origin).collect()
}

/// Vehicles by the hour in which each first lets people on at a stop of the map: from each of these
/// times to the next. One that is published more than once counts once.
pub fn by_hour(
    timetable: &Timetable,
    counted_as: &IdxVec<RunIdx, RunIdx>,
    on_map: impl Fn(StopIdx) -> bool,
    hours: &[ServiceTime],
) -> Vec<u32> {
    let mut counts = vec![0; hours.len().saturating_sub(1)];
    for first in first_boardings(timetable, counted_as, on_map).iter().flatten() {
        let hour = hours.partition_point(|hour| hour <= first).checked_sub(1);
        if let Some(count) = hour.and_then(|hour| counts.get_mut(hour)) {
            *count += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{FeedIdx, PatternIdx};
    use crate::network::timetable::{Run, RunCall};

    #[test]
    fn a_vehicle_counts_once_wherever_it_can_be_boarded_nearby_in_the_window() {
        let mut timetable = Timetable { stops: 3, ..Timetable::default() };
        // First departures in minutes; each calls at stop 0, a minute later at 1 and another later
        // at 2, the last.
        for minutes in [-1, 0, 10, 10, 29, 30] {
            let begin = u32::try_from(timetable.calls.len()).expect("few");
            for stop in 0..3_u32 {
                #[expect(clippy::cast_possible_wrap, reason = "0 to 2")]
                let time = ServiceTime::new((minutes + stop as i32) * 60);
                let (board, alight) = (stop < 2, stop > 0);
                timetable.calls.push(RunCall {
                    stop: StopIdx(stop),
                    arrival: time,
                    departure: time,
                    board,
                    alight,
                });
            }
            let (date, calls) = (jiff::civil::date(2026, 3, 10), begin..begin + 3);
            let (feed, pattern) = (FeedIdx(0), PatternIdx(0));
            timetable.runs.push(Run {
                feed,
                trip: 0,
                route: 0,
                date,
                pattern,
                calls,
                then: Vec::new(),
            });
        }
        let window =
            DepartureWindow { first: ServiceTime::new(0), step: Seconds::new(60), departures: 30 };
        let link = |stop, walk| StopWalk { stop: StopIdx(stop), walk: Seconds::new(walk) };
        let access: Csr<OriginIdx, StopWalk> = Csr::from_rows([
            vec![link(0, 300), link(1, 300)],
            vec![link(0, 300), link(1, 301)],
            vec![link(2, 10)],
            vec![],
        ]);
        let alone: IdxVec<RunIdx, RunIdx> = timetable.runs.indices().collect();
        let rates = departures_per_hour(&timetable, &alone, &window, &access);
        // Half an hour. At stop 0: 0, 10, 10, 29; at stop 1 also the one that left stop 0 before
        // the window.
        assert_eq!(rates, [10.0, 8.0, 0.0, 0.0]);
        let mut counted_as = alone;
        counted_as[RunIdx(3)] = RunIdx(2);
        let rates = departures_per_hour(&timetable, &counted_as, &window, &access);
        assert_eq!(rates, [8.0, 6.0, 0.0, 0.0]);
    }

    #[test]
    fn a_vehicle_counts_in_the_hour_of_its_first_call_on_the_map() {
        let mut timetable = Timetable { stops: 2, ..Timetable::default() };
        for minutes in [-10, 0, 55, 59, 60, 130] {
            let begin = u32::try_from(timetable.calls.len()).expect("few");
            for stop in 0..2 {
                #[expect(clippy::cast_possible_wrap, reason = "0 or 1")]
                let time = ServiceTime::new((minutes + 5 * stop as i32) * 60);
                let (stop, arrival, departure) = (StopIdx(stop), time, time);
                timetable.calls.push(RunCall {
                    stop,
                    arrival,
                    departure,
                    board: true,
                    alight: true,
                });
            }
            let (date, calls) = (jiff::civil::date(2026, 3, 10), begin..begin + 2);
            let (feed, pattern) = (FeedIdx(0), PatternIdx(0));
            timetable.runs.push(Run {
                feed,
                trip: 0,
                route: 0,
                date,
                pattern,
                calls,
                then: Vec::new(),
            });
        }
        let mut counted_as: IdxVec<RunIdx, RunIdx> = timetable.runs.indices().collect();
        let hours = [0, 60, 120].map(|minutes| ServiceTime::new(minutes * 60));
        let all = |_: StopIdx| true;
        assert_eq!(by_hour(&timetable, &counted_as, all, &hours), [3, 1]);
        assert_eq!(by_hour(&timetable, &counted_as, |stop| stop == StopIdx(1), &hours), [1, 3]);
        counted_as[RunIdx(4)] = RunIdx(3);
        assert_eq!(by_hour(&timetable, &counted_as, all, &hours), [3, 0]);
    }
}
