//! Travel times to a few destinations, as to the nearest place of each of a dozen categories: one
//! scan over the timetable.
//!
//! Everything that happens in the window, somebody getting off or on, is looked at once, the latest
//! first. This is the connection scan in its profile form (Dibbelt, Pajor, Strasser, Wagner,
//! "Connection Scan Algorithm", Journal of Experimental Algorithmics 23, 2018,
//! doi:10.1145/3274661), with the limit on rides in the label: for each number of rides up to the
//! limit the earliest arrival at each destination, all of them side by side. What follows an
//! alighting lies behind it in time, so that it is known already; no rounds are needed, and no
//! transfer is judged beforehand, which takes the search by rounds half its time where there are
//! few destinations (see [`crate::routing::boardings`]).
//!
//! Why it finds what the rounds find: the label of an event is the least over the same ways on,
//! namely to get off here and walk to the destination, to get off and board a row that can be
//! caught, to stay aboard. The order of the scan makes each of these known before it is asked for
//! ([`events`]); where a timetable has no such order, since one may change in no time or stay
//! seated for a ride that begins before the last one ends, the rounds are used.
//!
//! Cost: the walks between stops × the rows that become catchable over them, whatever the number of
//! departures; for an origin, the rows of the stops it walks to. Memory: for each row rides ×
//! destinations × 2 bytes.

mod events;
mod labels;
mod last_departure;

use rayon::prelude::*;

use self::events::ScanOrder;
use self::labels::{Labels, ScanBoarding};
use crate::ids::{Csr, Idx, OriginIdx, PlaceIdx, StopIdx};
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::range::{NARROW, NEVER, TravelTimes, Walks};
use crate::routing::transit::window_timetable::Rides;

/// As wide as a label for one number of rides can be.
type Lanes = [u16; NARROW];

impl Rides {
    /// As [`Rides::travel_times`], found in one scan for every [`NARROW`] destinations; tells
    /// whether that can be done.
    pub(in crate::routing) fn travel_times_scanned<R: Send>(
        &self,
        walks: &Walks,
        results: &mut [R],
        tick: &(dyn Fn(u64) + Sync),
        visit: &(impl Fn(OriginIdx, &mut R, &mut TravelTimes) + Sync),
    ) -> bool {
        let Some(order) = self.order_of_scan(walks.egress.rows()) else { return false };
        let all: Vec<PlaceIdx> = (0..walks.egress.rows()).map(PlaceIdx::new).collect();
        for places in all.chunks(NARROW) {
            let labels = Labels::find(self, &order, walks.egress, places);
            let boardings = labels.into_boardings();
            results.par_iter_mut().enumerate().for_each_init(
                || vec![[NEVER; NARROW]; usize::from(self.window.departures)],
                |lanes, (origin, result)| {
                    let origin = OriginIdx::new(origin);
                    self.leave(&boardings, &walks.access[origin], lanes);
                    self.walk_instead(&walks.direct[origin], places, lanes);
                    visit(
                        origin,
                        result,
                        &mut TravelTimes::new(lanes.as_flattened_mut(), NARROW, places),
                    );
                    tick(1);
                },
            );
        }
        true
    }

    /// Whether a search towards so many destinations can be a scan.
    #[cfg(test)]
    pub(in crate::routing) fn can_be_scanned(&self, destinations: usize) -> bool {
        self.order_of_scan(destinations).is_some()
    }

    fn order_of_scan(&self, destinations: usize) -> Option<ScanOrder> {
        let width = labels::over(destinations.min(NARROW), usize::from(self.limits.max_rides));
        (width <= labels::WIDEST).then(|| ScanOrder::of(self))?
    }

    /// The travel times of an origin at each departure. A row is noted at the last departure that
    /// catches it; who leaves earlier can wait.
    fn leave(
        &self,
        boardings: &Csr<StopIdx, ScanBoarding>,
        access: &[StopWalk],
        lanes: &mut [Lanes],
    ) {
        lanes.fill([NEVER; NARROW]);
        let (step, max, slack) =
            (self.window.step.get(), self.limits.max_time.get(), self.limits.board_slack.get());
        let last = lanes.len().saturating_sub(1);
        for link in access {
            let ready = link.walk.get() + slack;
            for stop in self.changes.sides(link.stop) {
                let rows = &boardings[stop];
                let first = rows.partition_point(|row| u32::from(row.departure) < ready);
                let mut before = usize::MAX;
                for row in &rows[first..] {
                    let departure = ((u32::from(row.departure) - ready) / step) as usize;
                    if departure != before {
                        note(&mut lanes[departure.min(last)], &row.arrival);
                    }
                    before = departure;
                    if departure >= last {
                        break;
                    }
                }
            }
        }
        let mut arrival = [NEVER; NARROW];
        for (number, lane) in lanes.iter_mut().enumerate().rev() {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a window has at most 65,535 departures"
            )]
            let departure = number as u32 * step;
            note(&mut arrival, lane);
            for (time, arrival) in lane.iter_mut().zip(&arrival) {
                let travel = u32::from(*arrival).saturating_sub(departure);
                *time = if *arrival == NEVER || travel > max {
                    NEVER
                } else {
                    u16::try_from(travel).unwrap_or(NEVER)
                };
            }
        }
    }
}

/// Lowers each time to the other's.
#[inline]
fn note(times: &mut Lanes, other: &Lanes) {
    for (time, other) in times.iter_mut().zip(other) {
        *time = (*time).min(*other);
    }
}
