//! The last way home: until when one can leave the places of a category and still get to each home.

use crate::ids::{Idx, OriginIdx};
use crate::routing::network::NetworkError;
use crate::routing::query::departure_window::Departures;
use crate::routing::transit::raptor::range::Walks;
use crate::units::ServiceTime;

/// The last way to a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastHome {
    /// One can walk, at any time.
    OnFoot,
    /// The last departure of those that were looked at from which one gets there.
    Departure(ServiceTime),
    /// None of the departures leads there.
    Never,
}

/// The last way from each origin of `walks` to each home; homes are its destinations, and
/// `departures` those of the night.
///
/// # Errors
/// As [`Departures::of`].
pub fn last_home(
    departures: &Departures,
    walks: &Walks,
) -> Result<Vec<Vec<LastHome>>, NetworkError> {
    let window = departures.window();
    let by_number = |number: Option<u16>| {
        number.map_or(LastHome::Never, |n| LastHome::Departure(window.departure(n)))
    };
    let found = departures.last_departures(walks)?.into_iter();
    let mut all: Vec<Vec<LastHome>> =
        found.map(|last| last.into_iter().map(by_number).collect()).collect();
    for (from, last) in all.iter_mut().enumerate() {
        walks.direct[OriginIdx::new(from)]
            .iter()
            .for_each(|(home, _)| last[home.at()] = LastHome::OnFoot);
    }
    Ok(all)
}
