//! What the evidence pack says: which figures, maps, lists and journeys.

mod lists;
mod measures;

pub use lists::off_map;

use std::io::Write;

use crate::access::residents::ResidentUnit;
use crate::analysis::compare::service_span::first_of_dates;
use crate::analysis::compare::{ComparedScenario, Comparison};
use crate::analysis::run::{clock, service_day};
use crate::finding::Findings;
use crate::inputs::project::Category;
use crate::outputs::class_breaks::thousands;
use crate::outputs::folder::OutputFolder;
use crate::outputs::manifest::Manifest;
use crate::report::ReportError;
use crate::report::evidence::{
    ChangeMap, Evidence, EvidenceTable, JourneyPair, QuotableFigure, write_evidence,
};
use crate::report::run_pages::Pictures;
use crate::report::{CurveChart, CurveLine, MapStreets};
use crate::results::service_day::ServiceDay;
use crate::results::table::NeighbourhoodTable;
use crate::scenario::differences::PeopleTally;

/// Sentences to quote, at most.
const HEADLINES: usize = 8;
/// Pairs of window and category that are drawn.
const MAPS: usize = 3;
/// Pairs of window and category whose shares by minutes are drawn.
const CURVES: usize = 24;

/// A window and category with what became of all people.
struct EvidenceChange {
    window: usize,
    category: usize,
    tally: PeopleTally,
}

impl EvidenceChange {
    /// Who lost it or takes 5 min longer or more.
    fn people(&self) -> f64 {
        self.tally.lost + self.tally.longer[0]
    }
}

/// All pairs, those that hit most people first.
fn hits(comparison: &Comparison, one: &ComparedScenario) -> Vec<EvidenceChange> {
    let cutoffs = comparison.study.project.cutoffs_ridden().len();
    let all = &comparison.groups[0].zones;
    let mut hits = Vec::new();
    for (window, changes) in one.changes.iter().enumerate() {
        for category in 0..changes.change.categories.len() {
            hits.push(EvidenceChange {
                window,
                category,
                tally: changes.change.sum(category, all, cutoffs),
            });
        }
    }
    hits.sort_by(|a, b| {
        let key = |hit: &EvidenceChange| {
            [
                hit.people(),
                hit.tally.worse,
                hit.tally.gained + hit.tally.shorter[0],
                hit.tally.better,
            ]
        };
        let (a, b) = (key(a), key(b));
        b.iter()
            .zip(&a)
            .map(|(b, a)| b.total_cmp(a))
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    hits
}

/// The fields that a map of the change shows first: the minutes and the state.
pub fn main_fields(comparison: &Comparison, one: &ComparedScenario) -> Option<(String, String)> {
    main_map(comparison, one).map(|(_, map)| (map.change, map.state))
}

/// What the first map of a scenario shows, with the category it is about.
pub fn main_map<'a>(
    comparison: &Comparison<'a>,
    one: &ComparedScenario,
) -> Option<(&'a Category, ChangeMap)> {
    let hits = hits(comparison, one);
    let hit = hits.first()?;
    Some((&comparison.study.project.categories[hit.category], change_map(comparison, one, hit)))
}

fn change_map(comparison: &Comparison, one: &ComparedScenario, hit: &EvidenceChange) -> ChangeMap {
    let project = &comparison.study.project;
    let percentile = project.percentiles.get(project.percentiles.len() / 2).copied().unwrap_or(50);
    let category = &project.categories[hit.category];
    let window = &one.changes[hit.window];
    let base = format!("{}_transit{}_{}", category.name, window.suffix, window.name);
    let field = |what: &str| format!("{base}_p{percentile}_{what}_min");
    ChangeMap {
        caption: format!("{}{}, {}", category.label, window.says, window.when),
        before: field("before"),
        after: field("after"),
        change: field("change"),
        state: format!("{base}_state"),
    }
}

/// Writes the page of a scenario, and its maps as pictures where that was asked.
///
/// # Errors
/// If it cannot be put together.
pub fn write(
    (folder, below, pictures): (&OutputFolder, &str, Pictures),
    streets: &MapStreets,
    comparison: &Comparison,
    one: &ComparedScenario,
    table: &NeighbourhoodTable,
    manifest: &Manifest,
    findings: &Findings,
) -> Result<(), ReportError> {
    let project = &comparison.study.project;
    let hits = hits(comparison, one);
    let drawable = |hit: &&EvidenceChange| {
        hit.tally.lost + hit.tally.gained + hit.tally.worse + hit.tally.better > 0.0
    };
    let changed: Vec<&EvidenceChange> = hits.iter().filter(drawable).take(CURVES).collect();
    let curves = curves(comparison, one, &changed);
    let maps: Vec<ChangeMap> =
        changed.iter().take(MAPS).map(|hit| change_map(comparison, one, hit)).collect();
    let drawn = |map: &ChangeMap| {
        [&map.before, &map.after].iter().all(|field| {
            table.column(field).is_some_and(|mut c| c.any(|v| v.as_number().is_some()))
        })
    };
    let name = &one.side.scenario.name;
    let mut manifest = manifest.clone();
    // A page tells of its own scenario alone.
    let others = one_of_others(&manifest.warnings, name);
    manifest.warnings.retain(|warning| !others.contains(warning));
    let days = service_days(comparison, one)?;
    let evidence = Evidence {
        title: format!("{}: {}", project.name, one.side.scenario.label),
        says: says(comparison, one),
        headlines: headlines(comparison, one, &hits),
        maps: maps.into_iter().filter(drawn).collect(),
        curves,
        table,
        streets,
        days: &days,
        tables: tables(comparison, one, &hits),
        journeys: journeys(one),
        counted: comparison.residents.counted(),
        cannot_say: cannot_say(comparison, one),
        manifest: &manifest,
        findings,
    };
    let mut page = Vec::new();
    write_evidence(&mut page, &evidence)?;
    folder.write(&format!("{below}report.html"), |out| out.write_all(&page))?;
    pictures.of_evidence(folder, below, &evidence)
}

/// Shares of people by minutes before and after, for each window and category that changes.
fn curves(
    comparison: &Comparison,
    one: &ComparedScenario,
    changed: &[&EvidenceChange],
) -> Vec<CurveChart> {
    let of = |hit: &&EvidenceChange| {
        let ChangeMap { caption, before, after, state, .. } = change_map(comparison, one, hit);
        let line = |label: &str, field, was| CurveLine {
            label: label.to_owned(),
            field,
            state: Some(state.clone()),
            was,
            searched_min: comparison.study.project.transit.max_time.get() / 60,
        };
        CurveChart {
            title: caption,
            lines: vec![line("before", before, true), line("after", after, false)],
        }
    };
    changed.iter().map(of).collect()
}

/// The vehicles of each hour before and after, for each pair of dates.
fn service_days(
    comparison: &Comparison,
    one: &ComparedScenario,
) -> Result<Vec<ServiceDay>, ReportError> {
    let mut days = Vec::new();
    for (window, before) in
        first_of_dates(comparison.windows).into_iter().zip(&comparison.service_days)
    {
        let window = std::slice::from_ref(&one.side.windows[window]);
        let after = service_day::days(comparison.study, one.side.world.network(), window)?;
        days.extend(after.into_iter().map(|after| ServiceDay {
            day: if before.day == after.day {
                after.day
            } else {
                format!("{} before, {} after", before.day, after.day)
            },
            hours: after.hours,
            before: Some(before.hours.clone()),
        }));
    }
    Ok(days)
}

fn tables(
    comparison: &Comparison,
    one: &ComparedScenario,
    hits: &[EvidenceChange],
) -> Vec<EvidenceTable> {
    let mut tables = vec![lists::worst(comparison, one), lists::by_time(comparison, one)];
    tables.extend(lists::by_group(comparison, one, hits));
    tables.push(lists::by_route(comparison, one));
    tables.push(measures::within_reach(comparison, one));
    tables.push(measures::day(comparison, one));
    tables.push(lists::timetable(one));
    if comparison.residents.counted() == ResidentUnit::Points {
        tables.iter_mut().for_each(of_points);
    }
    tables
}

/// A listing speaks of people only where somebody counted them.
fn of_points(listing: &mut EvidenceTable) {
    let points = |said: &str| {
        said.replace("people", "origin points")
            .replace("People", "Origin points")
            .replace("a person", "a point")
    };
    listing.note = points(&listing.note);
    listing.columns.iter_mut().for_each(|(heading, _)| *heading = points(heading));
}

fn one_of_others(warnings: &[String], name: &str) -> Vec<String> {
    let own = format!("scenario {name}: ");
    warnings
        .iter()
        .filter(|warning| warning.starts_with("scenario ") && !warning.starts_with(&own))
        .cloned()
        .collect()
}

fn says(comparison: &Comparison, one: &ComparedScenario) -> Vec<String> {
    let mut says = one.side.says_in_words();
    for (before, after) in comparison.windows.iter().zip(&one.side.windows) {
        let (name, times) =
            (&before.window.name, (clock(before.window.from.get()), clock(before.window.to.get())));
        let dates = match (before.clock.date(), after.clock.date()) {
            (a, b) if a == b => format!("{a} before and after: {}", before.why),
            (a, b) => format!("{a} before ({}) and {b} after ({})", before.why, after.why),
        };
        says.push(format!("Window {name}: leaving from {} to {}, {dates}", times.0, times.1));
    }
    says
}

fn number(count: f64) -> String {
    thousands(&format!("{count:.0}"))
}

fn percent(part: f64, whole: f64) -> String {
    if whole <= 0.0 {
        return "–".to_owned();
    }
    let percent = part / whole * 100.0;
    if percent > 0.0 && percent < 1.0 {
        format!("{percent:.1} %")
    } else {
        format!("{percent:.0} %")
    }
}

fn who(comparison: &Comparison) -> &'static str {
    comparison.residents.counted().name()
}

fn headlines(
    comparison: &Comparison,
    one: &ComparedScenario,
    hits: &[EvidenceChange],
) -> Vec<QuotableFigure> {
    let project = &comparison.study.project;
    let who = who(comparison);
    let mut headlines = Vec::new();
    for hit in hits.iter().take(HEADLINES) {
        let tally = &hit.tally;
        let label = one.label(comparison, hit.window, hit.category);
        let nth = hit.window % comparison.windows.len();
        let (window, at) = (&comparison.windows[nth], &one.side.windows[nth]);
        let when = format!(
            "leaving between {} and {} on {}",
            clock(window.window.from.get()),
            clock(window.window.to.get()),
            at.clock.date()
        );
        let mut push = |count: f64, what: String| {
            if count > 0.0 {
                let quote = format!(
                    "{} of {} {who} ({}) {what}, {when}, by public transport or on foot.",
                    number(count),
                    number(tally.people),
                    percent(count, tally.people)
                );
                headlines.push(QuotableFigure { figure: number(count), quote });
            }
        };
        let limit = project.transit.max_time.get() / 60;
        push(
            tally.lost,
            format!(
                "can no longer reach the nearest of these within {limit} minutes at half of the departures: {label}"
            ),
        );
        push(
            tally.longer[0],
            format!(
                "need at least 5 minutes longer, in the median over the departures, to the nearest of these: {label}"
            ),
        );
        push(
            tally.gained,
            format!(
                "can newly reach the nearest of these within {limit} minutes at half of the departures: {label}"
            ),
        );
        push(
            tally.shorter[0],
            format!(
                "need at least 5 minutes less, in the median over the departures, to the nearest of these: {label}"
            ),
        );
    }
    headlines.truncate(HEADLINES);
    if headlines.is_empty() {
        let quote = format!(
            "For none of the {who} does the median time to any of the categories change by 5 minutes or more in any of the windows."
        );
        headlines.push(QuotableFigure { figure: "0".into(), quote });
    }
    headlines
}

fn journeys(one: &ComparedScenario) -> Vec<JourneyPair> {
    let pair = |story: &crate::results::change::Story| JourneyPair {
        who: format!(
            "{}, {}, to the nearest of: {}",
            story.neighbourhood, story.window, story.category
        ),
        before: format!("{} {}", story.leave, story.before),
        after: story.after.clone(),
        later: story.later(),
    };
    one.stories.iter().map(pair).collect()
}

fn cannot_say(comparison: &Comparison, one: &ComparedScenario) -> Vec<String> {
    let (residents, zones) = (comparison.residents, &comparison.study.zones.zones);
    let affected = zones.indices().filter(|zone| residents.is_edge_affected(*zone)).count();
    let (points, off) = (residents.points_off_map(), residents.zones_off_map());
    let mut says = vec![
        "It compares timetables, not journeys made: nothing here is late, full or cancelled, before or after.".to_owned(),
        "It counts who lives where a change is felt, not who travels: nobody is asked whether they use the bus.".to_owned(),
        "Fares and crowding are not looked at.".to_owned(),
        "Only the windows and categories of the project are looked at; at another hour or for another purpose the change may be otherwise.".to_owned(),
    ];
    if affected > 0 {
        says.push(format!("{affected} neighbourhoods lie near the edge of the map or beyond it: places and stops that are not on it cannot be reached there, before or after."));
    }
    if points > 0 {
        says.push(format!("{points} origin points lie off the map: what is reached from them is unknown, and they are in no sum. Of {off} neighbourhoods where that is half or more nothing is said."));
    }
    if residents.counted() == ResidentUnit::Points {
        says.push(
            "No number of people is known: what is counted are the points where people live."
                .to_owned(),
        );
    }
    if comparison.study.project.categories.iter().any(|category| category.opening_hours) {
        says.push(
            "Places of unknown opening hours count as open, and so do all places for the last way home."
                .to_owned(),
        );
    } else {
        says.push("Opening hours are not looked at: a place counts at any hour.".to_owned());
    }
    if comparison.before.len() > 1 {
        says.push("Journeys in words, and what would be spared without a change, are told of the first kind of walker alone.".to_owned());
    }
    if one.side.other_feeds.is_some() {
        says.push("Two timetables may differ because a publisher left something out or put something in, not because it runs otherwise.".to_owned());
    }
    says
}
