//! How late an arrival can be and still matter.
//!
//! Who leaves earlier can as well wait for the last departure of the window. So nobody is at a
//! destination later than when leaving last; and an arrival after the latest of those, over all
//! origins, changes no travel time. Where everybody is everywhere within the hour, a search for
//! journeys of up to two hours need not look at the second hour, whose rides are more than those of
//! the window itself.
//!
//! How late that is, a search tells when it is done; so the next block of destinations takes it
//! from the ones before, with something to spare. Whether that was enough is seen in the times at
//! the last departure: if all are no later, nothing that matters was left out; otherwise the block
//! is searched again without it. Where somebody cannot be somewhere at all, as in Porto Alegre,
//! where a dozen points have no stop, nothing is left out.

use crate::routing::transit::window_timetable::Rides;

/// How late arrivals are looked for, block after block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::routing) struct ArrivalBound {
    last_departure: u16,
    full: u16,
    /// The latest arrival that has mattered.
    needed: Option<u16>,
}

impl ArrivalBound {
    pub fn of(rides: &Rides) -> ArrivalBound {
        let last = rides.window.length().get();
        let seconds = |time: u32| u16::try_from(time).unwrap_or(u16::MAX - 1).min(u16::MAX - 1);
        ArrivalBound {
            last_departure: seconds(last),
            full: seconds(last + rides.limits.max_time.get()),
            needed: None,
        }
    }

    /// The latest arrival that any limit allows.
    pub fn full(&self) -> u16 {
        self.full
    }

    /// When somebody arrives who leaves last and travels so long; who never arrives could do so up
    /// to the last.
    pub fn after(&self, longest: u16) -> u16 {
        self.last_departure.saturating_add(longest).min(self.full)
    }

    /// What will most likely do for the next block: an eighth more time than any needed so far.
    pub fn guess(&self) -> u16 {
        let Some(needed) = self.needed else { return self.full };
        let time = needed.saturating_sub(self.last_departure);
        needed.saturating_add(time / 8).min(self.full)
    }

    /// Whether less than everything may do for a block to come.
    pub fn may_be_nearer(&self) -> bool {
        self.needed.is_none_or(|needed| needed < self.full)
    }

    /// Takes note of a block.
    pub fn learn(&mut self, needed: u16) {
        self.needed = self.needed.max(Some(needed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_block_gets_an_eighth_more_than_any_has_needed_but_never_more_than_all() {
        let mut horizon = ArrivalBound { last_departure: 3600, full: 3600 + 7200, needed: None };
        assert_eq!((horizon.guess(), horizon.may_be_nearer()), (10_800, true), "nothing is known");
        horizon.learn(3600 + 2400);
        horizon.learn(3600 + 1200);
        assert_eq!((horizon.guess(), horizon.may_be_nearer()), (3600 + 2700, true));
        horizon.learn(3600 + 6600);
        assert_eq!((horizon.guess(), horizon.may_be_nearer()), (10_800, true));
        assert_eq!(horizon.after(7200), 10_800);
        horizon.learn(horizon.after(u16::MAX));
        assert!(!horizon.may_be_nearer(), "somebody never arrives");
    }
}
