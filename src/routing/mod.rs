//! Network and query → travel times and the journeys behind them. No I/O, no clock, no strings.
//!
//! A travel time is the earliest arrival less the departure, over walking all the way and over
//! every journey of at most `max_rides` rides (see METHODOLOGY.md). All searches read one
//! structure, the [`Rides`](transit::window_timetable::Rides) of a window: the calls of the runs in play, a row for each
//! possible boarding, and for each alighting the first row it can catch at every stop worth walking
//! to.

mod joined;
pub mod network;
pub mod query;
#[cfg(test)]
mod reference;
pub mod street;
pub mod transit;

use crate::units::{Seconds, ServiceTime};

/// The departures that are asked about: `departures` of them from `first` on, `step` apart.
///
/// ```
/// use lastmile::prelude::*;
///
/// let (from, to) = (ServiceTime::hms(7, 0, 0), ServiceTime::hms(9, 0, 0));
/// let window = DepartureWindow::new(from, to, Seconds::minutes(1)).expect("is not empty");
/// assert_eq!(window.departures, 120);
/// assert_eq!(window.departure(119), ServiceTime::hms(8, 59, 0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DepartureWindow {
    /// The first departure.
    pub first: ServiceTime,
    /// The time between two departures.
    pub step: Seconds,
    /// How many departures there are.
    pub departures: u16,
}

impl DepartureWindow {
    /// The window `[from, to)`, sampled every `step`. `None` if it is empty, or holds more
    /// departures than 65,535.
    pub fn new(from: ServiceTime, to: ServiceTime, step: Seconds) -> Option<DepartureWindow> {
        let length = to.since(from).filter(|length| length.get() > 0 && step.get() > 0)?;
        let departures = u16::try_from(length.get().div_ceil(step.get())).ok()?;
        Some(DepartureWindow { first: from, step, departures })
    }

    /// A departure of the window.
    pub fn departure(&self, number: u16) -> ServiceTime {
        self.first + Seconds::new(u32::from(number) * self.step.get())
    }

    /// When it ends: a step after its last departure.
    pub fn end(&self) -> ServiceTime {
        self.departure(self.departures.saturating_sub(1)) + self.step
    }

    /// From the first departure to the last.
    pub fn length(&self) -> Seconds {
        Seconds::new(u32::from(self.departures.saturating_sub(1)) * self.step.get())
    }

    /// The last moment at which an arrival still counts.
    pub fn horizon(&self, limits: &JourneyLimits) -> ServiceTime {
        self.first + self.length() + limits.max_time
    }
}

/// What a journey may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JourneyLimits {
    /// At most this many rides; a change of vehicle while seated is none.
    pub max_rides: u8,
    /// At most this long, the wait included.
    pub max_time: Seconds,
    /// Needed before each boarding, the first one too.
    pub board_slack: Seconds,
}

impl Default for JourneyLimits {
    /// Four rides, two hours, a minute (semantics: travel time).
    fn default() -> JourneyLimits {
        JourneyLimits {
            max_rides: 4,
            max_time: Seconds::minutes(120),
            board_slack: Seconds::new(60),
        }
    }
}
