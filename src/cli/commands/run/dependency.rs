//! What hangs on one line, and how near often served stops are: questions that are asked of the first kind of walker alone.

use std::sync::Arc;

use jiff::civil::Weekday;

use crate::access::dependency::{self, LeftOut, Line};
use crate::access::ptal::{Hour, access_indices};
use crate::access::survey::Survey;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::cli::study::{DatedWindow, Study};
use crate::finding::Findings;
use crate::ids::{Idx, OriginIdx};
use crate::outputs::indicators::Depends;
use crate::routing::departures::Departures;
use crate::routing::network::{Network, Service};
use crate::units::ServiceTime;

/// The dependency of each origin on one line, in the window that the project names for it.
pub(super) fn depends(
    study: &Study,
    survey: &Survey,
    windows: &[DatedWindow],
    printer: &Printer,
) -> Result<Option<Depends>, Failure> {
    let measures = &study.project.measures;
    let named = measures.dependency.as_ref();
    let window = named.and_then(|name| windows.iter().find(|window| window.window.name == *name));
    let (Some(window), true) = (window, survey.jobs().is_some()) else { return Ok(None) };
    let (network, limits, service) = (&study.network, study.limits(), service(study));
    let timetable = network.timetable(&window.clock, &window.departures, &limits, &service, 0)?;
    let lines = dependency::lines_near(&timetable, &network.feeds, &window.departures, &survey.access);
    let all: Vec<OriginIdx> = (0..survey.access.rows()).map(OriginIdx::new).collect();
    let departures = Departures::of(network, &window.clock, window.departures, limits, service)?;
    let cutoff = measures.dependency_cutoff;
    let before = survey.jobs_within(&departures, &all, cutoff)?.unwrap_or_default();
    drop(departures);
    let mut changed = network.walked_by(network.settings().clone(), &mut Findings::new());
    changed.feeds = network.feeds.to_vec().into();
    let mut left_out = Arc::get_mut(&mut changed.feeds).map(LeftOut::prepare).unwrap_or_default();
    let stage = printer.progress().stage("one line less".to_owned(), Some(lines.len() as u64));
    let mut without: Vec<Vec<(OriginIdx, f64)>> = Vec::new();
    for (line, origins) in &lines {
        if let Some(feeds) = Arc::get_mut(&mut changed.feeds) {
            left_out.leave_out(feeds, line);
        }
        let departures = Departures::of(&changed, &window.clock, window.departures, limits, service)?;
        let kept = survey.jobs_within(&departures, origins, cutoff)?.unwrap_or_default();
        without.push(origins.iter().copied().zip(kept).collect());
        stage.tick(1);
    }
    let origins = dependency::dependencies(&before, &without);
    let called = |line: &Line| format!("{} ({})", line.name, line.agency);
    let lines = lines.iter().map(|(line, _)| called(line)).collect();
    Ok(Some(Depends { window: window.window.name.clone(), cutoff, origins, before, lines }))
}

/// The access index of each origin between 08:15 and 09:15 on the first window's date that is no weekend, if asked for.
pub(super) fn access_index(
    study: &Study,
    network: &Network,
    survey: &Survey,
    windows: &[DatedWindow],
) -> Result<Option<(String, Vec<f64>)>, Failure> {
    let weekend =
        |window: &DatedWindow| matches!(window.clock.date().weekday(), Weekday::Saturday | Weekday::Sunday);
    let window = windows.iter().find(|window| !weekend(window)).filter(|_| study.project.measures.ptal);
    let Some(window) = window else { return Ok(None) };
    let from = window.clock.wall(ServiceTime::hms(8, 15, 0))?;
    let until = window.clock.wall(ServiceTime::hms(9, 15, 0))?;
    let timetable = &network.runs_between(&window.clock, from, until, &service(study), 0)?;
    let counted_as = &timetable.counted_as(&network.feeds);
    let hour = Hour { timetable, counted_as, feeds: &network.feeds, stops: &network.stops, from, until };
    let indices = access_indices(&hour, &survey.access, study.project.walk.speed);
    Ok(Some((format!("{}, 08:15 to 09:15", window.clock.date()), indices)))
}

fn service(study: &Study) -> Service {
    Service { phone_pickups: study.project.transit.phone_pickups, seed: study.project.seed }
}
