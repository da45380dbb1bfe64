//! Why a destination is not reachable: the first reason that holds, in the order of a journey.

use crate::ids::{Csr, OriginIdx, PlaceIdx};
use crate::routing::JourneyLimits;
use crate::routing::network::{Joined, NetworkError};
use crate::routing::query::departure_window::Departures;
use crate::routing::query::journey::Journeys;
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::range::Walks;
use crate::routing::transit::window_timetable::LONGEST_SPAN;
use crate::units::Seconds;

/// Rides beyond which nobody looks.
pub const MANY_RIDES: u8 = 16;

/// Why there is no journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The origin joins no street.
    OriginOffNetwork,
    /// The destination joins no street.
    DestinationOffNetwork,
    /// It is too far to walk, and no stop is within a walk of the origin.
    NoStopNearOrigin,
    /// It is too far to walk, and no stop is within a walk of the destination.
    NoStopNearDestination,
    /// No vehicle can be caught from the origin in time.
    NoService,
    /// There is a journey, but it takes this long.
    OverTheLimit(Seconds),
    /// There is a journey, but it has this many rides.
    TooManyRides(usize),
    /// There is a journey, but it takes this long and has this many rides, and each is too much.
    OverBothLimits(Seconds, usize),
    /// Whatever one boards, nothing leads there within [`LONGEST_SPAN`] and [`MANY_RIDES`] rides.
    NoConnection,
}

/// Why the only destination cannot be reached from the only origin at a departure.
///
/// # Errors
/// As [`Departures::of`].
pub fn why(
    departures: &Departures,
    departure: u16,
    from: &Joined,
    to: &Joined,
    walks: &Walks,
) -> Result<Reason, NetworkError> {
    let joined = |things: &Joined| things.snaps.iter().any(|snaps| !snaps.is_empty());
    let access: &[StopWalk] = &walks.access[OriginIdx(0)];
    if !joined(from) {
        return Ok(Reason::OriginOffNetwork);
    }
    if !joined(to) {
        return Ok(Reason::DestinationOffNetwork);
    }
    if access.is_empty() {
        return Ok(Reason::NoStopNearOrigin);
    }
    if walks.egress[PlaceIdx(0)].is_empty() {
        return Ok(Reason::NoStopNearDestination);
    }
    if !departures.look(departure, |at| at.rides.any_to_catch(access))? {
        return Ok(Reason::NoService);
    }
    let limits = departures.limits();
    let without = Csr::from_rows([[]; 1]);
    let walks = Walks { direct: &without, ..*walks };
    let patient = JourneyLimits { max_time: LONGEST_SPAN, ..limits };
    if let Some(journey) = journey(departures, departure, patient, &walks)? {
        return Ok(Reason::OverTheLimit(journey.travel_time()));
    }
    let many = JourneyLimits { max_rides: MANY_RIDES, ..limits };
    if let Some(journey) = journey(departures, departure, many, &walks)? {
        return Ok(Reason::TooManyRides(journey.boardings()));
    }
    let both = JourneyLimits { max_time: LONGEST_SPAN, max_rides: MANY_RIDES, ..limits };
    let longest = journey(departures, departure, both, &walks)?;
    Ok(longest
        .map_or(Reason::NoConnection, |j| Reason::OverBothLimits(j.travel_time(), j.boardings())))
}

fn journey(
    departures: &Departures,
    departure: u16,
    limits: JourneyLimits,
    walks: &Walks,
) -> Result<Option<crate::routing::query::journey::Journey>, NetworkError> {
    departures
        .alone(departure, limits)?
        .look(0, |at| Journeys::towards(at.rides, *walks, PlaceIdx(0)).from(OriginIdx(0), 0))
}
