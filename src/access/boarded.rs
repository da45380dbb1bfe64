//! Where and when vehicles can be boarded, each once, however many trips it is published as.

use rustc_hash::FxHashSet;

use crate::ids::{IdxVec, RunIdx, StopIdx};
use crate::network::timetable::{RunCall, Timetable};
use crate::units::ServiceTime;

/// The boardings of a timetable. Of a vehicle that is published more than once one may board where
/// any of its trips says so.
pub struct Boarded<'a> {
    timetable: &'a Timetable,
    /// Calls, by their run and position, that an earlier run of the same vehicle has.
    again: FxHashSet<(RunIdx, usize)>,
}

impl<'a> Boarded<'a> {
    /// Of runs that are counted as these.
    pub fn of(timetable: &'a Timetable, counted_as: &IdxVec<RunIdx, RunIdx>) -> Boarded<'a> {
        let copies = || counted_as.enumerate().filter(|(run, vehicle)| run != *vehicle);
        let several: FxHashSet<RunIdx> =
            copies().flat_map(|(run, vehicle)| [run, *vehicle]).collect();
        let mut seen: FxHashSet<(RunIdx, StopIdx, ServiceTime)> = FxHashSet::default();
        let mut again = FxHashSet::default();
        for run in timetable.runs.indices().filter(|run| several.contains(run)) {
            for (position, call) in
                timetable.calls_of(run).iter().enumerate().filter(|(_, call)| call.board)
            {
                if !seen.insert((counted_as[run], call.stop, call.departure)) {
                    again.insert((run, position));
                }
            }
        }
        Boarded { timetable, again }
    }

    /// The calls at which a run can be boarded, but for those that an earlier run of the same
    /// vehicle has.
    pub fn calls(&self, run: RunIdx) -> impl Iterator<Item = &'a RunCall> {
        let calls = self.timetable.calls_of(run).iter().enumerate();
        calls
            .filter(move |(position, call)| call.board && !self.again.contains(&(run, *position)))
            .map(|(_, call)| call)
    }
}

/// By run that counts: when the first of the runs that are counted as it can be boarded, at a stop
/// where that is of interest.
pub fn first_boardings(
    timetable: &Timetable,
    counted_as: &IdxVec<RunIdx, RunIdx>,
    at: impl Fn(StopIdx) -> bool,
) -> IdxVec<RunIdx, Option<ServiceTime>> {
    let mut first: IdxVec<RunIdx, Option<ServiceTime>> =
        timetable.runs.indices().map(|_| None).collect();
    for run in timetable.runs.indices() {
        let boarded = timetable.calls_of(run).iter().find(|call| call.board && at(call.stop));
        if let Some(call) = boarded {
            let known = &mut first[counted_as[run]];
            *known = Some(known.map_or(call.departure, |known| known.min(call.departure)));
        }
    }
    first
}
