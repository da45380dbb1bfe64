//! The order in which a scan looks at what happens.
//!
//! Later first; at the same second the ride with the higher number first, and of a ride what comes
//! later on its way. That serves what a label is made of:
//!
//! - A row is boarded at its departure: the rest of its ride lies behind it on its way and is no
//!   earlier.
//! - Who gets off can be ready a second later at the soonest, so that each row that can be caught
//!   departs later.
//! - A ride that one may stay seated for has a higher number, and nobody gets off it before the
//!   first ride has ended.
//!
//! The last two are not so in every timetable; then there is no order.

use crate::ids::{Idx, StopIdx};
use crate::routing::transit::window_timetable::{NO_ROW, Ride, Rides, StopEvent};

/// Everything that happens, in the order of the scan.
pub(super) struct ScanOrder(pub Vec<ScanEvent>);

/// Somebody gets off or on.
#[derive(Clone, Copy)]
pub(super) struct ScanEvent {
    /// The ride, by its number among [`Rides::runs`].
    pub ride: u32,
    /// The event, and whether it is about getting on: the last bit.
    event: u32,
}

impl ScanEvent {
    pub fn event(self) -> u32 {
        self.event >> 1
    }
    pub fn gets_on(self) -> bool {
        self.event & 1 == 1
    }
}

impl ScanOrder {
    /// The order for these rides, if there is one.
    pub fn of(rides: &Rides) -> Option<ScanOrder> {
        let stops = (0..rides.rows.rows()).map(StopIdx::new);
        let at_once = stops.flat_map(|stop| rides.walks_on(stop)).any(|link| link.walk.get() == 0);
        let ends = |ride: &Ride| rides.events[ride.events.end as usize - 1].arrival;
        let in_turn = |ride: &Ride, then: &Ride| {
            let first = &rides.events[then.events.start as usize];
            !first.alight || first.arrival >= ends(ride)
        };
        let seated =
            || rides.runs.iter().flat_map(|ride| ride.then.iter().map(move |then| (ride, *then)));
        if at_once || !seated().all(|(ride, then)| in_turn(ride, &rides.runs[then as usize])) {
            return None;
        }
        (rides.events.len() < 1 << 31).then(|| ScanOrder(by_time(rides)))
    }
}

/// Sorted by counting: what happens at each second, the latest first, keeps the order in which it
/// is listed.
fn by_time(rides: &Rides) -> Vec<ScanEvent> {
    let mut after = vec![0u32; usize::from(u16::MAX) + 2];
    each_backwards(rides, |time, _| after[usize::from(time)] += 1);
    let mut sum = 0;
    for count in after.iter_mut().rev() {
        sum += std::mem::replace(count, sum);
    }
    let mut order = vec![ScanEvent { ride: 0, event: 0 }; sum as usize];
    each_backwards(rides, |time, happening| {
        let place = &mut after[usize::from(time)];
        order[*place as usize] = happening;
        *place += 1;
    });
    order
}

fn each_backwards(rides: &Rides, mut each: impl FnMut(u16, ScanEvent)) {
    let number = u32::try_from(rides.runs.len()).unwrap_or(u32::MAX);
    for (ride, row) in (0..number).zip(&rides.runs).rev() {
        for number in row.events.clone().rev() {
            let event: &StopEvent = &rides.events[number as usize];
            if event.row != NO_ROW {
                each(event.departure, ScanEvent { ride, event: number << 1 | 1 });
            }
            if event.alight {
                each(event.arrival, ScanEvent { ride, event: number << 1 });
            }
        }
    }
}
