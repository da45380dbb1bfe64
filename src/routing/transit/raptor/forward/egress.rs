//! From the stops to the destinations.

use super::TravellerBlock;
use super::forward_timetable::ForwardTimetable;
use super::traveller_set::TravellerSet;
use crate::ids::{Csr, Idx, PlaceIdx, StopIdx};
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::range::NEVER;

/// A time for each traveller of a block, seconds after the traveller's own departure.
pub(super) type TravellerTimes = [u16; TravellerSet::MOST];

/// The earliest arrivals of a block at the stops that destinations are walked to from: scratch
/// memory, one per thread.
pub(super) struct EgressArrivals {
    /// By stop, its place among `times`.
    slot: Vec<Option<u32>>,
    times: Vec<TravellerTimes>,
    reached: Vec<bool>,
}

impl EgressArrivals {
    pub fn new(ground: &ForwardTimetable, egress: &Csr<PlaceIdx, StopWalk>) -> EgressArrivals {
        let mut slot = vec![None; ground.arrivals.rows()];
        let mut slots = 0;
        for link in egress.items() {
            let known = &mut slot[link.stop.at()];
            let served = |side: StopIdx| !ground.arrivals.span(side).is_empty();
            if known.is_none() && ground.rides.changes.sides(link.stop).any(served) {
                *known = Some(slots);
                slots += 1;
            }
        }
        EgressArrivals {
            slot,
            times: vec![[NEVER; TravellerSet::MOST]; slots as usize],
            reached: vec![false; slots as usize],
        }
    }

    /// Takes the first arrival of each traveller at each stop.
    pub fn arrive(
        &mut self,
        ground: &ForwardTimetable,
        been: &[TravellerSet],
        block: &TravellerBlock,
    ) {
        for stop in (0..self.slot.len()).map(StopIdx::new) {
            let Some(slot) = self.slot[stop.at()] else { continue };
            let times = &mut self.times[slot as usize];
            times.fill(NEVER);
            let mut reached = TravellerSet::NONE;
            for side in ground.rides.changes.sides(stop) {
                let span = ground.arrivals.span(side);
                let mut known = TravellerSet::NONE;
                for (been, arrival) in been[span.clone()].iter().zip(&ground.arrivals.items()[span])
                {
                    (*been & !known).each(|traveller| {
                        let time = arrival.saturating_sub(block.leaves(traveller));
                        times[traveller] = times[traveller].min(time);
                    });
                    known = *been;
                }
                reached |= known;
            }
            self.reached[slot as usize] = reached.any();
        }
    }

    /// The earliest arrivals at a destination by vehicle.
    pub fn walk_on(&self, egress: &[StopWalk], times: &mut TravellerTimes) {
        times.fill(NEVER);
        for link in egress {
            let (Some(slot), Ok(walk)) =
                (self.slot[link.stop.at()], u16::try_from(link.walk.get()))
            else {
                continue;
            };
            if self.reached[slot as usize] {
                for (time, arrival) in times.iter_mut().zip(&self.times[slot as usize]) {
                    *time = arrival.saturating_add(walk).min(*time);
                }
            }
        }
    }
}
