//! `lastmile explain`: the journey behind one number, or why there is none.

pub(super) mod legs;
mod project;

use std::fmt::Write as _;

use serde_json::json;

use super::run::input_files;
use crate::access::map_edge::MapCoverage;
use crate::cli::args::{ClockTime, DepartureArgs, ExplainArgs};
use crate::cli::failure::Failure;
use crate::cli::load::{FlagQuery, points};
use crate::cli::on_map::is_on_map;
use crate::cli::output::output;
use crate::cli::printer::Printer;
use crate::cli::typed_points::{check_axes, lonlat, no_point};
use crate::finding::Findings;
use crate::ids::{OriginIdx, PlaceIdx};
use crate::inputs::codes::meant;
use crate::inputs::osm::TagRule;
use crate::inputs::project::Project;
use crate::network::calendar::Clock;
use crate::outputs::journey::{ShownLeg, write_journey};
use crate::outputs::new_output::NewOutput;
use crate::outputs::sanitise::clean_text;
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

/// Runs the command.
///
/// # Errors
/// If an input cannot be used or the output not be written.
pub fn explain(
    args: &ExplainArgs,
    printer: &Printer,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let drawn = drawn(args, printer)?;
    if let Some(file) = &args.project {
        return project::explain(args, file, drawn, printer, findings);
    }
    let rule = as_rule(&args.to);
    let departure = DepartureArgs {
        depart: args.depart,
        window: args.window,
        step: 1,
        percentiles: vec![args.percentile],
        arrive_by: args.arrive_by,
    };
    let query =
        printer.during("reading", || FlagQuery::read(&args.network, rule.as_slice(), findings))?;
    let query = query.at(&departure, findings);
    query.warnings.iter().for_each(|warning| printer.warning(warning));
    let from = vec![one(&args.from, args.origins.as_deref(), "--from", "--origins", findings)?];
    let to = match &rule {
        Some(_) => query
            .osm
            .places
            .iter()
            .map(|p| NamedPlace { name: named(&p.name, &p.id), points: p.points.clone() })
            .collect(),
        None => {
            vec![one(&args.to, args.destinations.as_deref(), "--to", "--destinations", findings)?]
        }
    };
    if to.is_empty() {
        return Err(Failure::Usage(format!("no place of the map fits `{}`", args.to)));
    }
    check_axes("--from", &args.from, &query.network)?;
    check_axes("--to", &args.to, &query.network)?;
    if let Some(unknown) = off_map(&query.coverage(), &from, &to) {
        return show(&unknown, drawn, printer);
    }
    let ends = JourneyEnds::join(&query.network, from, to);
    if let Some(deadline) = args.arrive_by {
        return show(&arriving_by(&query, &ends, deadline)?, drawn, printer);
    }
    let explained = match query.departures(&departure)? {
        Some(departures) => by_transit(&ground(&query), &departures, &ends, args.percentile)?,
        None => on_foot(&ground(&query), query.limits(), &ends),
    };
    show(&explained, drawn, printer)
}

/// The file for the legs, begun before anything is read.
fn drawn(args: &ExplainArgs, printer: &Printer) -> Result<Option<NewOutput>, Failure> {
    let Some(path) = &args.geojson else { return Ok(None) };
    let inputs = match &args.project {
        Some(file) => input_files(&Project::read(file)?, file),
        None => args.network.input_files(args.origins.iter().chain(&args.destinations)),
    };
    output(Some(path), args.force, &inputs, printer).map(Some)
}

/// That nothing is known, where either end lies off the map.
pub(super) fn off_map(
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

fn ground(query: &FlagQuery) -> JourneyContext<'_> {
    JourneyContext {
        network: &query.network,
        clock: query.clock.as_ref(),
        gtfs: &query.gtfs,
        flags: true,
    }
}

/// What is said about a number.
pub(super) struct Explained {
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

/// The journey of the departure whose time is a percentile.
pub(super) fn by_transit(
    ground: &JourneyContext,
    departures: &Departures,
    ends: &JourneyEnds,
    percent: u8,
) -> Result<Explained, Failure> {
    let network = ground.network;
    let (from, to) = (ends.origin(), ends.destination());
    let (access, egress, direct) =
        (network.access(from), network.egress(to), network.direct(from, to));
    let walks = Walks { access: &access, egress: &egress, direct: &direct };
    let all = departures.window().departures;
    let number = nth_departure(departures, &walks, percent)?;
    let explained = departures.look(number, |at| {
        let journey = Journeys::towards(at.rides, walks, PlaceIdx(0)).from(OriginIdx(0), at.number);
        journey.map(|journey| {
            let shown = legs::show(ground, at.timetable, ends, &journey);
            (journey, shown)
        })
    })?;
    let reason = match explained {
        Some(_) => None,
        None => {
            Some(say(why(departures, number, from, to, &walks)?, ground, departures.limits(), ends))
        }
    };
    let departure = ground.clock.map_or_else(String::new, |clock| {
        by_the_clock(clock, departures.window().departure(number))
    });
    Ok(Explained { departure, of: (number + 1, all), journey: explained, reason, known: true })
}

/// The latest journey that arrives by a time: found backwards from it, then told like any other.
fn arriving_by(
    query: &FlagQuery,
    ends: &JourneyEnds,
    deadline: ClockTime,
) -> Result<Explained, Failure> {
    let network = &query.network;
    let (from, to) = (ends.origin(), ends.destination());
    let (access, egress, direct) =
        (network.access(from), network.egress(to), network.direct(from, to));
    let walks = Walks { access: &access, egress: &egress, direct: &direct };
    let Some((before, deadline)) = query.before(deadline)? else {
        return Err(Failure::Usage(
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

/// The departure whose travel time is the percentile: the first of those with that time.
fn nth_departure(departures: &Departures, walks: &Walks, percent: u8) -> Result<u16, Failure> {
    let all = departures.window().departures;
    let mut times: Vec<(Option<Seconds>, u16)> = Vec::new();
    if departures.drawn() {
        for number in 0..all {
            let time = departures.look(number, |at| {
                Journeys::towards(at.rides, *walks, PlaceIdx(0))
                    .travel_time(OriginIdx(0), at.number)
            })?;
            times.push((time, number));
        }
    } else {
        departures.look(0, |at| {
            let journeys = Journeys::towards(at.rides, *walks, PlaceIdx(0));
            times.extend((0..all).map(|n| (journeys.travel_time(OriginIdx(0), n), n)));
        })?;
    }
    times.sort_by_key(|(time, number)| (time.is_none(), *time, *number));
    let rank = percentile::rank(percent, times.len());
    let same = times.iter().find(|(time, _)| *time == times[rank].0);
    Ok(same.map_or(0, |(_, number)| *number))
}

/// The walk all the way.
pub(super) fn on_foot(
    ground: &JourneyContext,
    limits: JourneyLimits,
    ends: &JourneyEnds,
) -> Explained {
    let direct = ground.network.direct(ends.origin(), ends.destination());
    let walk = direct[OriginIdx(0)].first().map(|(_, walk)| *walk);
    let journey = walk.map(|time| {
        let legs = vec![Leg::Walk { from: WalkEnd::Origin, to: WalkEnd::Destination, time }];
        let journey = Journey { departure: ServiceTime(0), arrival: ServiceTime(0) + time, legs };
        let shown = legs::show(ground, &Default::default(), ends, &journey);
        (journey, shown)
    });
    let off = |joined: &Joined| joined.snaps.iter().all(Vec::is_empty);
    let reason = match (&journey, off(ends.origin()), off(ends.destination())) {
        (Some(_), ..) => None,
        (None, true, _) => Some(say(Reason::OriginOffNetwork, ground, limits, ends)),
        (None, _, true) => Some(say(Reason::DestinationOffNetwork, ground, limits, ends)),
        (None, ..) => Some(no_way(ground.network, ends).unwrap_or_else(|| {
            format!("the walk takes longer than {} min", ground.network.settings().max_walk.0 / 60)
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
    let walk = ground.network.settings().max_walk.0 / 60;
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
            LONGEST_SPAN.0 / 3600
        ),
    }
}

fn show(explained: &Explained, drawn: Option<NewOutput>, printer: &Printer) -> Result<(), Failure> {
    if printer.is_json() {
        printer.json(&as_json(explained)).map_err(Failure::Output)?;
    } else {
        printer.result(as_text(explained).trim_end()).map_err(Failure::Output)?;
    }
    if let (Some(file), Some((_, legs))) = (drawn, &explained.journey) {
        file.write_whole(|out| write_journey(out, legs))?;
    }
    Ok(())
}

fn as_text(explained: &Explained) -> String {
    let mut text = String::new();
    let (number, all) = explained.of;
    let which = if all > 1 { format!(" (departure {number} of {all})") } else { String::new() };
    let _ = writeln!(text, "Ready to leave: {}{which}", explained.departure);
    let Some((journey, legs)) = &explained.journey else {
        let answer = if explained.known { "Not reachable" } else { "Not known" };
        let _ = writeln!(text, "{answer}: {}", explained.reason.as_deref().unwrap_or("no journey"));
        return text;
    };
    for leg in legs {
        let _ = writeln!(
            text,
            "{}  {:>6}  {}",
            leg.begins,
            Seconds(leg.seconds).to_string(),
            line(leg)
        );
    }
    let total = journey.travel_time();
    let aboard = aboard(legs);
    let walking = journey.walking().saturating_sub(aboard);
    let by_ferry =
        if aboard > Seconds::ZERO { format!("{aboard} by ferry, ") } else { String::new() };
    let _ = writeln!(text, "{}  arrive", legs.last().map_or("", |leg| &leg.ends));
    let _ = writeln!(
        text,
        "Travel time {total} min ({} s): {walking} on foot, {by_ferry}{} waiting, {} riding; boardings: {}; without the first wait: {}",
        total.0,
        journey.waiting(),
        total.saturating_sub(journey.walking() + journey.waiting()),
        journey.boardings(),
        journey.planned_time(),
    );
    text
}

/// Time aboard ferries of the map.
fn aboard(legs: &[ShownLeg]) -> Seconds {
    let ferries = legs.iter().filter(|leg| leg.kind == "ferry");
    ferries.fold(Seconds::ZERO, |sum, leg| sum + Seconds(leg.seconds))
}

/// A leg in words.
pub(super) fn line(leg: &ShownLeg) -> String {
    let text = |text: &str| clean_text(text).into_owned();
    match leg.kind {
        "walk" => {
            // Not known inside a station, where a time is all that is said.
            let metres = leg.metres.map_or_else(String::new, |metres| format!(" {metres:.0} m"));
            format!("walk{metres} from {} to {}", text(&leg.from), text(&leg.to))
        }
        "ferry" => format!(
            "ferry from {} to {} (of the map: how long one waits for it is not known and not counted)",
            text(&leg.from),
            text(&leg.to)
        ),
        "wait" => format!("wait at {}", text(&leg.from)),
        _ => {
            let seated = if leg.seated { "stay seated, " } else { "" };
            let towards =
                leg.headsign.as_ref().map_or_else(String::new, |h| format!(" towards {}", text(h)));
            let trip = leg.trip.as_ref().map_or_else(String::new, |(feed, trip)| {
                format!(" [{} trip {}]", text(feed), text(trip))
            });
            let route = text(leg.route.as_deref().unwrap_or("?"));
            let agency = text(leg.agency.as_deref().unwrap_or(""));
            format!(
                "{seated}ride {route} ({agency}){towards} from {} to {}{trip}",
                text(&leg.from),
                text(&leg.to)
            )
        }
    }
}

fn as_json(explained: &Explained) -> serde_json::Value {
    let journey = explained.journey.as_ref().map(|(journey, legs)| {
        json!({
            "travel_time_s": journey.travel_time().0,
            "planned_time_s": journey.planned_time().0,
            "walking_s": journey.walking().saturating_sub(aboard(legs)).0,
            "ferry_s": aboard(legs).0,
            "waiting_s": journey.waiting().0,
            "boardings": journey.boardings(),
            "legs": legs.iter().map(ShownLeg::to_json).collect::<Vec<_>>(),
        })
    });
    json!({
        "schema_version": 1,
        "ready_to_leave": explained.departure,
        "departure": explained.of.0,
        "departures": explained.of.1,
        "journey": journey,
        "not_reachable": explained.reason.as_ref().filter(|_| explained.known),
        "not_known": explained.reason.as_ref().filter(|_| !explained.known),
    })
}

/// A time of the query by the clock on the wall.
pub(super) fn by_the_clock(clock: &Clock, time: ServiceTime) -> String {
    clock.on_the_wall(time)
}

/// A rule rather than a point or an id: it has an equals sign.
fn as_rule(text: &str) -> Option<TagRule> {
    if text.contains('=') { text.parse().ok() } else { None }
}

fn one(
    text: &str,
    file: Option<&std::path::Path>,
    flag: &str,
    file_flag: &str,
    findings: &mut Findings,
) -> Result<NamedPlace, Failure> {
    if let Some(file) = file {
        let rows = points(file, findings)?;
        let row = rows.iter().find(|row| row.id == text).ok_or_else(|| {
            let names = rows.iter().map(|row| (row.id.as_str(), row.name.as_str()));
            let advice =
                meant(text, names).map_or_else(String::new, |advice| format!("; {advice}"));
            Failure::Usage(format!(
                "{flag}: {} has no point with the id `{text}`{advice}",
                file.display()
            ))
        })?;
        return Ok(NamedPlace { name: named(&row.name, &row.id), points: vec![row.point].into() });
    }
    let wanted = format!("no LON,LAT; for an id name its file with {file_flag}");
    let point = lonlat(text).ok_or_else(|| no_point(flag, text, &wanted))?;
    Ok(NamedPlace { name: text.to_owned(), points: vec![point].into() })
}

fn named(name: &str, id: &str) -> String {
    if name.is_empty() { id.to_owned() } else { format!("{name} ({id})") }
}
