//! `lastmile explain`: the journey behind one number, or why there is none.

mod project;

use std::fmt::Write as _;

use serde_json::json;

use crate::analysis::explain::legs::{JourneyEnds, NamedPlace};
use crate::analysis::explain::{
    Explained, arriving_by, by_transit, ground, named, off_map, on_foot,
};
use crate::analysis::network_query::{NetworkQuery, points};
use crate::analysis::typed_points::{check_axes, lonlat, no_point};
use crate::cli::args::{DepartureArgs, ExplainArgs};
use crate::cli::failure::Failure;
use crate::cli::output::output;
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::inputs::codes::meant;
use crate::inputs::osm::TagRule;
use crate::inputs::project::Project;
use crate::outputs::journey::write_journey;
use crate::outputs::new_output::NewOutput;
use crate::outputs::run_files::input_files;
use crate::results::journey::ShownLeg;
use crate::units::Seconds;

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
    let inputs = args.network.inputs()?;
    let departure = DepartureArgs {
        depart: args.depart,
        window: args.window,
        step: 1,
        percentiles: vec![args.percentile],
        arrive_by: args.arrive_by,
    };
    let departure = departure.asked();
    let query =
        printer.during("reading", || NetworkQuery::read(&inputs, rule.as_slice(), findings))?;
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
    if let Some(unknown) = off_map(&query.coverage(), &from, &to) {
        return show(&unknown, drawn, printer);
    }
    let ends = JourneyEnds::join(&query.network, from, to);
    if let Some(deadline) = departure.arrive_by {
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
            Seconds::new(leg.seconds).to_string(),
            leg.in_words()
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
        total.get(),
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
    ferries.fold(Seconds::ZERO, |sum, leg| sum + Seconds::new(leg.seconds))
}

fn as_json(explained: &Explained) -> serde_json::Value {
    let journey = explained.journey.as_ref().map(|(journey, legs)| {
        json!({
            "travel_time_s": journey.travel_time().get(),
            "planned_time_s": journey.planned_time().get(),
            "walking_s": journey.walking().saturating_sub(aboard(legs)).get(),
            "ferry_s": aboard(legs).get(),
            "waiting_s": journey.waiting().get(),
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
