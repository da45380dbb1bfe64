//! The journey behind a number of a project's results, and what a scenario makes of it.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::{Explained, as_json, as_text, show};
use crate::analysis::explain::project::{ExplainRequest, NumberQuery};
use crate::analysis::scenarios::by_name;
use crate::analysis::study::Study;
use crate::analysis::world::ScenarioWorld;
use crate::cli::args::ExplainArgs;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::outputs::new_output::NewOutput;
use crate::sanitise::clean_text;
use crate::scenario::differences::TimeShift;
use crate::units::Seconds;

/// Explains a number of a project, before and after a scenario if one is named.
///
/// # Errors
/// If an input cannot be used, or what is named is not in the project.
pub fn explain(
    args: &ExplainArgs,
    file: &Path,
    drawn: Option<NewOutput>,
    printer: &Printer,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let lenient = args.network.lenient.into();
    let number = NumberQuery {
        from: args.from.clone(),
        to: args.to.clone(),
        window: args.in_window.clone(),
        percentile: args.percentile,
    };
    let study = printer.during("reading", || Study::read(file, lenient, findings))?;
    let windows = study.windows(lenient)?;
    let asked = ExplainRequest::of(&study, &number, &windows)?;
    let scenario = match &args.scenario {
        Some(name) => Some(by_name(name, &study.project)?),
        None => None,
    };
    let side = scenario
        .map(|scenario| ScenarioWorld::of(&study, scenario, &windows, lenient, findings))
        .transpose()?;
    let before = asked.before(&windows)?;
    let Some(side) = &side else {
        printer.note(&before.who);
        return show(&before.explained, drawn, printer);
    };
    let after = asked.after(side, &before)?;
    if printer.is_json() {
        let (before, after) = (as_json(&before.explained), as_json(&after));
        let whole = json!({ "schema_version": 1, "scenario": side.scenario.name, "before": before, "after": after });
        return printer.json(&whole).map_err(Failure::Output);
    }
    let mut text = format!("{}\n\nBefore\n{}", before.who, as_text(&before.explained));
    let label = clean_text(&side.scenario.label);
    let _ = write!(text, "\nAfter: {label}\n{}", as_text(&after));
    let time = |explained: &Explained| {
        explained.journey.as_ref().map(|(journey, _)| journey.travel_time())
    };
    let shift = TimeShift { before: time(&before.explained), after: time(&after) };
    let _ = write!(text, "\nChange: {}", in_words(shift));
    printer.result(&text).map_err(Failure::Output)
}

fn in_words(shift: TimeShift) -> String {
    match shift.seconds() {
        Some(seconds) => {
            let size = Seconds::new(u32::try_from(seconds.unsigned_abs()).unwrap_or(u32::MAX));
            match seconds {
                0 => "none".to_owned(),
                s if s > 0 => format!("{size} min longer (+{s} s)"),
                s => format!("{size} min shorter ({s} s)"),
            }
        }
        None => format!("{} (no number)", shift.state().name()),
    }
}
