//! The journey behind one number, or why there is none.

pub mod legs;
pub mod project;

use super::AnalysisError;
use super::network_query::NetworkQuery;
use super::on_map::is_on_map;
use crate::access::map_edge::MapCoverage;
use crate::ids::{OriginIdx, PlaceIdx};
use crate::network::timetable::Timetable;
use crate::results::journey::ShownLeg;
use crate::routing::JourneyLimits;
use crate::routing::network::{Joined, Network};
use crate::routing::query::departure_window::Departures;
use crate::routing::query::journey::{Journey, Journeys, Leg, WalkEnd};
use crate::routing::query::percentile;
use crate::routing::query::unreachable::{MANY_RIDES, Reason, why};
use crate::routing::transit::raptor::range::Walks;
use crate::routing::transit::window_timetable::LONGEST_SPAN;
use crate::units::{Seconds, ServiceTime};
use legs::{JourneyContext, JourneyEnds, NamedPlace};

/// What is said about a number.
pub struct Explained {
    /// The departure it is about, by the clock.
    pub departure: String,
    /// Which departure of how many.
    pub of: (u16, u16),
    /// The journey with its legs ready to be shown.
    pub journey: Option<(Journey, Vec<ShownLeg>)>,
    /// Why there is none.
    pub reason: Option<String>,
    /// Whether anything can be known of it.
    pub known: bool,
}

/// That nothing is known, where either end lies off the map.
pub fn off_map(
    coverage: &MapCoverage,
    from: &[NamedPlace],
    to: &[NamedPlace],
) -> Option<Explained> {
    let off =
        |things: &[NamedPlace]| !things.iter().any(|thing| is_on_map(coverage, &thing.points));
    let end = match (off(from), off(to)) {
        (false, false) => return None,
        (true, _) => "the origin lies off the map: what is reached from it",
        (_, true) => "the destination lies off the map: what it is reached from",
    };
    let reason = Some(format!("{end} is unknown; take an extract that holds it"));
    Some(Explained {
        departure: "any time".into(),
        of: (1, 1),
        journey: None,
        reason,
        known: false,
    })
}

/// The journey of the departure whose time is a percentile.
///
/// # Errors
/// If the timetable cannot be laid out.
pub fn by_transit(
    ground: &JourneyContext,
    departures: &Departures,
    ends: &JourneyEnds,
    percent: u8,
) -> Result<Explained, AnalysisError> {
    let network = ground.network;
    let (from, to) = (ends.origin(), ends.destination());
    let (access, egress, direct) =
        (network.access(from), network.egress(to), network.direct(from, to));
    let walks = Walks { access: &access, egress: &egress, direct: &direct };
    let all = departures.window().departures;
    let (number, explained) = nth_journey(departures, &walks, percent, |timetable, journey| {
        let shown = legs::show(ground, timetable, ends, &journey);
        (journey, shown)
    })?;
    let reason = match explained {
        Some(_) => None,
        None => {
            Some(say(why(departures, number, from, to, &walks)?, ground, departures.limits(), ends))
        }
    };
    let departure = ground
        .clock
        .map_or_else(String::new, |clock| clock.on_the_wall(departures.window().departure(number)));
    Ok(Explained { departure, of: (number + 1, all), journey: explained, reason, known: true })
}

/// The latest journey that arrives by a time: found backwards from it, then told like any other.
///
/// # Errors
/// If there is no timetable, or it cannot be laid out.
pub fn arriving_by(
    query: &NetworkQuery,
    ends: &JourneyEnds,
    deadline: ServiceTime,
) -> Result<Explained, AnalysisError> {
    let network = &query.network;
    let (from, to) = (ends.origin(), ends.destination());
    let (access, egress, direct) =
        (network.access(from), network.egress(to), network.direct(from, to));
    let walks = Walks { access: &access, egress: &egress, direct: &direct };
    let Some((before, deadline)) = query.before(deadline)? else {
        return Err(AnalysisError::Usage(
            "--arrive-by needs a timetable: name one with --gtfs and a --date".into(),
        ));
    };
    let plan = before.look(0, |at| {
        Journeys::towards(at.rides, walks, PlaceIdx(0)).arrive_by(OriginIdx(0), deadline)
    })?;
    match plan {
        Some(plan) => by_transit(&ground(query), &before.leaving_at(plan.leave)?, ends, 50),
        None => by_transit(&ground(query), &before, ends, 50),
    }
}

/// The departure whose travel time is the percentile, the first of those with that time, and what
/// is told of its journey: read off the search that found the times.
fn nth_journey<T>(
    departures: &Departures,
    walks: &Walks,
    percent: u8,
    tell: impl Fn(&Timetable, Journey) -> T,
) -> Result<(u16, Option<T>), AnalysisError> {
    let all = departures.window().departures;
    if departures.drawn() {
        let mut times = Vec::new();
        for number in 0..all {
            times.push(departures.look(number, |at| {
                Journeys::towards(at.rides, *walks, PlaceIdx(0))
                    .travel_time(OriginIdx(0), at.number)
            })?);
        }
        let number = nth_departure(&times, percent);
        let journey = departures.look(number, |at| {
            let journeys = Journeys::towards(at.rides, *walks, PlaceIdx(0));
            let journey = journeys.from(OriginIdx(0), at.number);
            journey.map(|journey| tell(at.timetable, journey))
        })?;
        return Ok((number, journey));
    }
    Ok(departures.look(0, |at| {
        let journeys = Journeys::towards(at.rides, *walks, PlaceIdx(0));
        let times: Vec<_> = (0..all).map(|n| journeys.travel_time(OriginIdx(0), n)).collect();
        let number = nth_departure(&times, percent);
        let journey = journeys.from(OriginIdx(0), number);
        (number, journey.map(|journey| tell(at.timetable, journey)))
    })?)
}

/// The departure whose travel time is the percentile: the first of those with that time.
fn nth_departure(times: &[Option<Seconds>], percent: u8) -> u16 {
    let mut sorted = times.to_vec();
    sorted.sort_by_key(|time| (time.is_none(), *time));
    let wanted = sorted.get(percentile::rank(percent, sorted.len())).copied().flatten();
    let first = times.iter().position(|time| *time == wanted);
    first.and_then(|first| u16::try_from(first).ok()).unwrap_or_default()
}

/// The walk all the way.
pub fn on_foot(ground: &JourneyContext, limits: JourneyLimits, ends: &JourneyEnds) -> Explained {
    let direct = ground.network.direct(ends.origin(), ends.destination());
    let walk = direct[OriginIdx(0)].first().map(|(_, walk)| *walk);
    let journey = walk.map(|time| {
        let legs = vec![Leg::Walk { from: WalkEnd::Origin, to: WalkEnd::Destination, time }];
        let journey =
            Journey { departure: ServiceTime::new(0), arrival: ServiceTime::new(0) + time, legs };
        let shown = legs::show(ground, &Default::default(), ends, &journey);
        (journey, shown)
    });
    let off = |joined: &Joined| joined.snaps.iter().all(Vec::is_empty);
    let reason = match (&journey, off(ends.origin()), off(ends.destination())) {
        (Some(_), ..) => None,
        (None, true, _) => Some(say(Reason::OriginOffNetwork, ground, limits, ends)),
        (None, _, true) => Some(say(Reason::DestinationOffNetwork, ground, limits, ends)),
        (None, ..) => Some(no_way(ground.network, ends).unwrap_or_else(|| {
            format!(
                "the walk takes longer than {} min",
                ground.network.settings().max_walk.get() / 60
            )
        })),
    };
    Explained { departure: "any time".into(), of: (1, 1), journey, reason, known: true }
}

/// That there is no way on foot at all, if there is none: a walk however long would not do.
fn no_way(network: &Network, ends: &JourneyEnds) -> Option<String> {
    let snaps = |joined: &Joined| joined.snaps.first().cloned().unwrap_or_default();
    let islands = network.graph.islands(&snaps(ends.origin()), &snaps(ends.destination()))?;
    let junctions = |count: usize| {
        if count == 1 { "1 junction".to_owned() } else { format!("{count} junctions") }
    };
    Some(if islands.from <= islands.to {
        let count = junctions(islands.from);
        format!(
            "there is no way on foot at all: the origin is on an island of the streets, of {count}"
        )
    } else {
        let count = junctions(islands.to);
        format!(
            "there is no way on foot at all: the destination is on an island of the streets, of {count}"
        )
    })
}

fn say(
    reason: Reason,
    ground: &JourneyContext,
    limits: JourneyLimits,
    ends: &JourneyEnds,
) -> String {
    let walk = ground.network.settings().max_walk.get() / 60;
    let flag = |flag: &str| if ground.flags { format!(" (--{flag})") } else { String::new() };
    let (snap, max_time, max_rides) = (flag("max-snap"), flag("max-time"), flag("max-rides"));
    let too_far =
        || no_way(ground.network, ends).unwrap_or_else(|| "it is too far to walk".to_owned());
    match reason {
        Reason::OriginOffNetwork => format!("the origin lies too far from any street{snap}"),
        Reason::DestinationOffNetwork => {
            format!("the destination lies too far from any street{snap}")
        }
        Reason::NoStopNearOrigin => {
            format!(
                "{}, and no stop with service lies within {walk} min' walk of the origin",
                too_far()
            )
        }
        Reason::NoStopNearDestination => {
            format!(
                "{}, and no stop with service lies within {walk} min' walk of the destination",
                too_far()
            )
        }
        Reason::NoService => {
            "no vehicle can be caught from any stop near the origin in time".into()
        }
        Reason::OverTheLimit(time) => {
            format!(
                "the quickest journey takes {time} min, over the limit of {}{max_time}",
                limits.max_time
            )
        }
        Reason::TooManyRides(rides) => {
            format!("it takes {rides} rides, over the limit of {}{max_rides}", limits.max_rides)
        }
        Reason::OverBothLimits(time, rides) => format!(
            "the quickest journey takes {time} min and {rides} rides, over the limits of {}{max_time} and {}{max_rides}",
            limits.max_time, limits.max_rides
        ),
        Reason::NoConnection => format!(
            "nothing that can be boarded leads there within {} h and {MANY_RIDES} rides",
            LONGEST_SPAN.get() / 3600
        ),
    }
}

/// What a journey of a query is told on.
pub fn ground(query: &NetworkQuery) -> JourneyContext<'_> {
    JourneyContext {
        network: &query.network,
        clock: query.clock.as_ref(),
        gtfs: &query.gtfs,
        flags: true,
    }
}

/// A name with its id, or the id alone.
pub fn named(name: &str, id: &str) -> String {
    if name.is_empty() { id.to_owned() } else { format!("{name} ({id})") }
}
