//! There and back: get to a place, stay a while, get home the same evening.
//!
//! For each departure of the window: the arrival at the place, the stay, the next full step of the
//! way back, and the journey home by the same limits. The round trip is possible if both ways are.

use crate::ids::{Idx, OriginIdx};
use crate::routing::network::{Joined, Network, NetworkError};
use crate::routing::query::departure_window::Departures;
use crate::routing::query::percentile;
use crate::routing::transit::raptor::range::Walks;
use crate::units::{Seconds, Share};

/// What came of a window's round trips to one place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RoundTrips {
    /// The share of the departures from which one gets there and back.
    pub possible: Share,
    /// The median time away from home, the stay included; `None` if half of the departures or more
    /// never come home.
    pub away: Option<Seconds>,
}

/// Where the ways there and back begin and end.
pub struct RoundTripEnds<'a> {
    /// The homes.
    pub homes: &'a Joined,
    /// The places.
    pub places: &'a Joined,
    /// Each home's place, if it has one.
    pub place_of: &'a [Option<usize>],
    /// How long one stays.
    pub stay: Seconds,
}

/// The round trips of each home. `back` holds the departures of the way back: those after its last
/// are too late.
///
/// # Errors
/// As [`Departures::of`].
pub fn round_trips(
    network: &Network,
    there: &Departures,
    back: &Departures,
    errand: &RoundTripEnds,
) -> Result<Vec<RoundTrips>, NetworkError> {
    let out = lanes(network, there, errand.homes, errand.places, |home, place| {
        errand.place_of[home] == Some(place)
    })?;
    let home = lanes(network, back, errand.places, errand.homes, |place, home| {
        errand.place_of[home] == Some(place)
    })?;
    let of_home = |number: usize| {
        let Some(place) = errand.place_of[number] else { return RoundTrips::default() };
        let (Some(out), Some(home)) = (find(&out[number], place), find(&home[place], number))
        else {
            return RoundTrips::default();
        };
        one_home(there, back, errand.stay, out, home)
    };
    Ok((0..errand.homes.snaps.len()).map(of_home).collect())
}

/// The travel times at each departure, to one destination.
type Lane = (usize, Vec<Option<Seconds>>);

fn find(lanes: &[Lane], to: usize) -> Option<&[Option<Seconds>]> {
    lanes.iter().find(|(place, _)| *place == to).map(|(_, times)| times.as_slice())
}

/// Of each origin, the travel times to the destinations that are wanted of it.
fn lanes(
    network: &Network,
    departures: &Departures,
    from: &Joined,
    to: &Joined,
    wanted: impl Fn(usize, usize) -> bool + Sync,
) -> Result<Vec<Vec<Lane>>, NetworkError> {
    let (access, egress, direct) =
        (network.access(from), network.egress(to), network.direct(from, to));
    let walks = Walks { access: &access, egress: &egress, direct: &direct };
    let mut lanes: Vec<Vec<Lane>> = vec![Vec::new(); from.snaps.len()];
    departures.travel_times(&walks, &mut lanes, &|_| (), |origin: OriginIdx, lanes, times| {
        for (nth, place) in
            times.places().iter().enumerate().filter(|(_, place)| wanted(origin.at(), place.at()))
        {
            lanes.push((
                place.at(),
                (0..times.departures()).map(|departure| times.at(departure, nth)).collect(),
            ));
        }
    })?;
    Ok(lanes)
}

fn one_home(
    there: &Departures,
    back: &Departures,
    stay: Seconds,
    out: &[Option<Seconds>],
    home: &[Option<Seconds>],
) -> RoundTrips {
    let mut away: Vec<Option<Seconds>> = Vec::new();
    for (departure, time) in (0u16..).zip(out) {
        away.push(time.and_then(|time| {
            let leaves = there.window().departure(departure);
            let free = leaves + time + stay;
            let wait = free.since(back.window().first).unwrap_or(Seconds::ZERO).get();
            let number = wait.div_ceil(back.window().step.get());
            let way_home = (*home.get(number as usize)?)?;
            let starts = back.window().departure(u16::try_from(number).ok()?);
            (starts + way_home).since(leaves)
        }));
    }
    let possible = away.iter().filter(|time| time.is_some()).count();
    #[expect(clippy::cast_precision_loss, reason = "departures of a window")]
    let possible = Share::of(possible as f64, away.len() as f64).unwrap_or_default();
    away.sort_by_key(|time| (time.is_none(), *time));
    RoundTrips { possible, away: away.get(percentile::rank(50, away.len())).copied().flatten() }
}
