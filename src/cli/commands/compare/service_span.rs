//! The first and last vehicles of each date, and the last way home.

use super::scenario_network::ScenarioNetwork;
use crate::access::last_home::last_home;
use crate::access::origin_accessibility::Survey;
use crate::cli::failure::Failure;
use crate::cli::study::{DatedWindow, Study};
use crate::routing::network::{Joined, Network};
use crate::routing::query::departure_window::Departures;
use crate::routing::transit::raptor::range::Walks;
use crate::scenario::service_day::OriginDays;
use crate::units::ServiceTime;

/// From when the last way home is looked for.
const EVENING_BEGINS: ServiceTime = ServiceTime::hms(17, 0, 0);
/// Until when: 04:00 of the night after.
const NIGHT_ENDS: ServiceTime = ServiceTime::hms(28, 0, 0);

/// The windows that are the first on their date, by their positions.
pub fn first_of_dates(windows: &[DatedWindow]) -> Vec<usize> {
    let date = |nth: usize| windows[nth].clock.date();
    (0..windows.len()).filter(|nth| (0..*nth).all(|earlier| date(earlier) != date(*nth))).collect()
}

/// How one kind of walker finds the date of a window.
///
/// # Errors
/// If a timetable cannot be laid out.
pub fn found(
    study: &Study,
    network: &Network,
    (origins, categories): (&Joined, &Joined),
    survey: &Survey,
    window: &DatedWindow,
) -> Result<OriginDays, Failure> {
    let service = study.service();
    let departures =
        Departures::of(network, &window.clock, window.departures, study.limits(), service)?;
    let at_stops = departures.service_day(&survey.access)?;
    let night = departures.over(EVENING_BEGINS, NIGHT_ENDS)?;
    let (access, egress) = (network.access(categories), network.egress(origins));
    let direct = network.direct(categories, origins);
    let home = last_home(&night, &Walks { access: &access, egress: &egress, direct: &direct })?;
    Ok(OriginDays { at_stops, home })
}

/// What a kind of walker finds of each date of the baseline.
///
/// # Errors
/// If a timetable cannot be laid out.
pub fn before(
    study: &Study,
    windows: &[DatedWindow],
    nth: usize,
    survey: &Survey,
) -> Result<Vec<OriginDays>, Failure> {
    let further = nth.checked_sub(1).map(|nth| &study.further[nth]);
    let network = further.map_or(&study.network, |walked| &walked.network);
    let each = first_of_dates(windows).into_iter();
    each.map(|at| found(study, network, joined(study, nth), survey, &windows[at])).collect()
}

/// What it finds of a date of a scenario.
///
/// # Errors
/// If a timetable cannot be laid out.
pub fn after(
    study: &Study,
    side: &ScenarioNetwork,
    nth: usize,
    survey: &Survey,
    window: &DatedWindow,
) -> Result<OriginDays, Failure> {
    let on = side.walker(study, nth);
    found(study, on.network, (on.origins, on.categories), survey, window)
}

/// The dates on both sides.
pub fn when(before: &DatedWindow, after: &DatedWindow) -> String {
    match (before.clock.date(), after.clock.date()) {
        (a, b) if a == b => a.to_string(),
        (a, b) => format!("{a} before and {b} after"),
    }
}

fn joined(study: &Study, nth: usize) -> (&Joined, &Joined) {
    match nth.checked_sub(1).and_then(|nth| study.further.get(nth)) {
        None => (&study.origins_joined, &study.categories_joined),
        Some(walked) => (&walked.origins_joined, &walked.categories_joined),
    }
}
