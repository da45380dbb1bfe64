//! On no line, or at the end of one.
//!
//! *Near* is [`NEAR`], 8 minutes' walk: 640 m at 4.8 km/h, as far as PTAL looks for buses. A point
//! is *on no line* if no vehicle can be boarded near it in the window, and at a *terminus* if some
//! can, but each vehicle that calls near it begins or ends its trip there: none passes through. A
//! vehicle passes through if it calls elsewhere before the first and after the last of its calls
//! near the point; so a line that turns in a loop through an estate passes through it.

mod at_the_edge;

use rustc_hash::FxHashSet;

use crate::ids::{Csr, Idx, OriginIdx, RunIdx, StopIdx};
use crate::network::timetable::Timetable;
use crate::routing::DepartureWindow;
use crate::routing::transit::access_egress::StopWalk;
use crate::units::Seconds;
pub use at_the_edge::unsure_at_the_edge;

/// What is near: a walk of 8 min.
pub const NEAR: Seconds = Seconds::minutes(8);

/// How a point lies to the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineStatus {
    /// No vehicle can be boarded near by.
    None,
    /// All that call near by begin or end there.
    Terminus,
    /// Some vehicle passes through.
    Through,
    /// Not known: the map ends here.
    Unknown,
}

/// How each origin lies to the lines of a window: vehicles that call near it from its first
/// departure to its end.
pub fn on_lines(
    timetable: &Timetable,
    window: &DepartureWindow,
    access: &Csr<OriginIdx, StopWalk>,
) -> Vec<LineStatus> {
    let end = window.end();
    let mut calls: Vec<(StopIdx, (RunIdx, u32, bool))> = Vec::new();
    for run in timetable.runs.indices() {
        for (position, call) in (0u32..).zip(timetable.calls_of(run)) {
            if window.first <= call.departure && call.departure < end {
                calls.push((call.stop, (run, position, call.board)));
            }
        }
    }
    let at_stop: Csr<StopIdx, (RunIdx, u32, bool)> = Csr::from_pairs(timetable.stops, calls);
    let of = |origin: usize| {
        let near = access[OriginIdx::new(origin)].iter().filter(|link| link.walk <= NEAR);
        let stops: FxHashSet<StopIdx> = near.map(|link| link.stop).collect();
        let mut here: Vec<(RunIdx, u32, bool)> =
            stops.iter().flat_map(|stop| &at_stop[*stop]).copied().collect();
        if !here.iter().any(|(_, _, board)| *board) {
            return LineStatus::None;
        }
        here.sort_unstable();
        let through = here.chunk_by(|(a, ..), (b, ..)| a == b).any(|calls| {
            let (Some((run, first, _)), Some((_, last, _))) = (calls.first(), calls.last()) else {
                return false;
            };
            let all = timetable.calls_of(*run);
            let elsewhere = |span: &[crate::network::timetable::RunCall]| {
                span.iter().any(|call| !stops.contains(&call.stop))
            };
            elsewhere(&all[..*first as usize]) && elsewhere(&all[*last as usize + 1..])
        });
        if through { LineStatus::Through } else { LineStatus::Terminus }
    };
    (0..access.rows()).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{FeedIdx, PatternIdx};
    use crate::network::timetable::{Run, RunCall};
    use crate::units::ServiceTime;

    /// A vehicle that calls at the stops a minute after each other, from a minute on; the last call
    /// is for getting off.
    fn run(timetable: &mut Timetable, minute: i32, stops: &[u32]) {
        let begin = u32::try_from(timetable.calls.len()).expect("few");
        let last = stops.len() - 1;
        for (n, (stop, minute)) in stops.iter().zip(minute..).enumerate() {
            let time = ServiceTime::new(minute * 60);
            timetable.calls.push(RunCall {
                stop: StopIdx(*stop),
                arrival: time,
                departure: time,
                board: n < last,
                alight: n > 0,
            });
        }
        let end = u32::try_from(timetable.calls.len()).expect("few");
        let (date, feed, pattern) = (jiff::civil::date(2026, 3, 10), FeedIdx(0), PatternIdx(0));
        timetable.runs.push(Run {
            feed,
            trip: 0,
            route: 0,
            date,
            pattern,
            calls: begin..end,
            then: Vec::new(),
        });
    }

    #[test]
    fn at_the_end_of_the_line_nothing_passes_through() {
        let mut timetable = Timetable { stops: 6, ..Timetable::default() };
        run(&mut timetable, 0, &[0, 1, 2]);
        run(&mut timetable, 10, &[2, 1, 0]);
        // Another line goes on from 2, but only after the window.
        run(&mut timetable, 60, &[1, 2, 3]);
        run(&mut timetable, 5, &[4, 5]);
        let window =
            DepartureWindow { first: ServiceTime::new(0), step: Seconds::new(60), departures: 30 };
        let link = |stop, walk| StopWalk { stop: StopIdx(stop), walk: Seconds::new(walk) };
        let access: Csr<OriginIdx, StopWalk> = Csr::from_rows([
            vec![link(1, 100)],
            vec![link(2, 480)],
            vec![link(2, 481)],
            vec![link(1, 10), link(2, 10)],
            vec![link(5, 10)],
            vec![link(0, 20), link(1, 10), link(2, 10)],
        ]);
        use LineStatus::{None, Terminus, Through};
        let found = on_lines(&timetable, &window, &access);
        // The last: all its calls are near, it begins and ends there. The fifth: at 5 one can only
        // get off.
        assert_eq!(found, [Through, Terminus, None, Terminus, None, Terminus]);
    }
}
