//! Rides that never overtake each other.
//!
//! Of the runs of one line, who can catch the first has no use for a later one, as long as the
//! later one is nowhere earlier. A *series* is a set of rides of one line for which that holds at
//! every call, so that of a whole series only the first ride that can be caught is ever boarded. A
//! line whose vehicles overtake falls into several series. Where one may stay seated at the end, a
//! ride stands before another only if that leads on as well.

use crate::ids::{Csr, PatternIdx};
use crate::network::timetable::Timetable;
use crate::routing::transit::window_timetable::{Ride, StopEvent};

/// Stands for a departure before the window among the departures of a series, which are one second
/// more than they are.
const GONE: u16 = 0;
/// Stands for a departure after the horizon.
pub(in crate::routing) const TOO_LATE: u16 = u16::MAX;

/// The rides of a window in their series.
pub(in crate::routing) struct FifoPatterns {
    /// The rides of each series in order.
    pub rides: Vec<Vec<u32>>,
    /// By ride: its series, and its place in it.
    pub of_ride: Vec<(u32, u32)>,
    /// The series of each line.
    pub of_line: Csr<PatternIdx, u32>,
    /// One second more than the departures, series after series, call after call, ride after ride.
    departures: Vec<u16>,
    /// Where each series begins among the departures.
    starts: Vec<u32>,
}

impl FifoPatterns {
    /// Sorts rides into series; `line` tells the line of each.
    pub fn of(
        timetable: &Timetable,
        rides: &[Ride],
        events: &[StopEvent],
        line: &[u32],
        latest: u32,
    ) -> FifoPatterns {
        let lines = line.iter().max().map_or(0, |line| *line as usize + 1);
        let mut of_line: Vec<Vec<u32>> = vec![Vec::new(); lines];
        // Rides are put in from the last on, so that those one may stay seated for have their place
        // already.
        let mut backwards: Vec<Vec<u32>> = Vec::new();
        let mut place = vec![(0, 0); rides.len()];
        for (number, ride) in rides.iter().enumerate().rev() {
            let known = &mut of_line[line[number] as usize];
            let fits = known.iter().copied().find(|series| {
                let next = backwards[*series as usize].last().map(|next| &rides[*next as usize]);
                next.is_some_and(|next| goes_before(timetable, ride, next, &place))
            });
            let series = fits.unwrap_or_else(|| {
                backwards.push(Vec::new());
                known.push(number_of(backwards.len() - 1));
                number_of(backwards.len() - 1)
            });
            let rides_of = &mut backwards[series as usize];
            place[number] = (series, number_of(rides_of.len()));
            rides_of.push(number_of(number));
        }
        for (series, rank) in &mut place {
            *rank = number_of(backwards[*series as usize].len()) - 1 - *rank;
        }
        backwards.iter_mut().for_each(|rides| rides.reverse());
        let mut series = FifoPatterns {
            rides: backwards,
            of_ride: place,
            of_line: Csr::from_rows(of_line),
            departures: Vec::new(),
            starts: Vec::new(),
        };
        series.list_departures(timetable, rides, events, latest);
        series
    }

    /// How many rides a series has.
    pub fn len(&self, series: u32) -> u32 {
        number_of(self.rides[series as usize].len())
    }

    /// Where the departures of a call stand, to be read with [`Series::departures`].
    pub fn departures_at(&self, series: u32, position: u32) -> u32 {
        self.starts[series as usize] + position * self.len(series)
    }

    /// One second more than the departures of `rides` rides at the call that stands at `at`.
    pub fn departures(&self, at: u32, rides: u32) -> &[u16] {
        &self.departures[at as usize..(at + rides) as usize]
    }

    fn list_departures(
        &mut self,
        timetable: &Timetable,
        rides: &[Ride],
        events: &[StopEvent],
        latest: u32,
    ) {
        for of_series in &self.rides {
            self.starts.push(number_of(self.departures.len()));
            let calls = of_series
                .first()
                .map_or(0, |first| timetable.calls_of(rides[*first as usize].run).len());
            for position in 0..calls {
                for ride in of_series {
                    let ride = &rides[*ride as usize];
                    let first = usize::from(events[ride.events.start as usize].position);
                    let behind =
                        position.checked_sub(first).map(|n| ride.events.start + number_of(n) + 1);
                    self.departures.push(match behind {
                        None => GONE,
                        Some(behind) if behind >= ride.events.end => TOO_LATE,
                        Some(behind) => {
                            one_more(u32::from(events[behind as usize - 1].departure), latest)
                        }
                    });
                }
            }
        }
    }
}

fn one_more(departure: u32, latest: u32) -> u16 {
    if departure > latest { TOO_LATE } else { u16::try_from(departure + 1).unwrap_or(TOO_LATE) }
}

/// Whether a ride is nowhere later than the next, and leads on wherever that one does.
fn goes_before(timetable: &Timetable, ride: &Ride, next: &Ride, place: &[(u32, u32)]) -> bool {
    let leads_on = next.then.iter().all(|after| {
        let (series, back) = place[*after as usize];
        ride.then
            .iter()
            .any(|own| place[*own as usize].0 == series && place[*own as usize].1 >= back)
    });
    let calls = timetable.calls_of(ride.run).iter().zip(timetable.calls_of(next.run));
    leads_on && calls.into_iter().all(|(a, b)| a.arrival <= b.arrival && a.departure <= b.departure)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "rides and calls of a window are far fewer than 2^32"
)]
pub(in crate::routing) fn number_of(n: usize) -> u32 {
    n as u32
}
