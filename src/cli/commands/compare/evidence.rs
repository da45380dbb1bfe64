//! What the evidence pack says: which figures, maps, lists and journeys.

use std::io::Write;

use super::{Compared, Comparison};
use crate::cli::commands::run;
use crate::cli::failure::Failure;
use crate::finding::Findings;
use crate::outputs::change::minutes_of_change;
use crate::outputs::classes::thousands;
use crate::outputs::manifest::Manifest;
use crate::outputs::table::{NeighbourhoodTable, Value};
use crate::report::evidence::{ChangeMap, Evidence, Headline, JourneyPair, Listing, write_evidence};
use crate::scenario::attribution::Part;
use crate::scenario::change::{Change, State, Tally};
use crate::scenario::feed_diff::Fate;

/// Sentences to quote, at most.
const HEADLINES: usize = 8;
/// Pairs of window and category that are drawn.
const MAPS: usize = 3;
/// Rows of a list on the page; the files have all.
const ROWS: usize = 25;

/// A window and category with what became of all people.
struct Hit {
    window: usize,
    category: usize,
    tally: Tally,
}

impl Hit {
    /// Who lost it or takes 5 min longer or more.
    fn people(&self) -> f64 {
        self.tally.lost + self.tally.longer[0]
    }
}

/// All pairs, those that hit most people first.
fn hits(comparison: &Comparison, one: &Compared) -> Vec<Hit> {
    let cutoffs = comparison.study.project.cutoffs_min.len();
    let all = &comparison.groups[0].zones;
    let mut hits = Vec::new();
    for (window, changes) in one.changes.iter().enumerate() {
        for category in 0..changes.change.categories.len() {
            hits.push(Hit { window, category, tally: changes.change.sum(category, all, cutoffs) });
        }
    }
    hits.sort_by(|a, b| {
        let key = |hit: &Hit| {
            [hit.people(), hit.tally.worse, hit.tally.gained + hit.tally.shorter[0], hit.tally.better]
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
pub fn main_fields(comparison: &Comparison, one: &Compared) -> Option<(String, String)> {
    let hits = hits(comparison, one);
    let map = change_map(comparison, one, hits.first()?);
    Some((map.change, map.state))
}

fn change_map(comparison: &Comparison, one: &Compared, hit: &Hit) -> ChangeMap {
    let project = &comparison.study.project;
    let percentile = project.percentiles.get(project.percentiles.len() / 2).copied().unwrap_or(50);
    let category = &project.categories[hit.category];
    let window = &one.changes[hit.window];
    let base = format!("{}_transit_{}", category.name, window.name);
    let field = |what: &str| format!("{base}_p{percentile}_{what}_min");
    ChangeMap {
        caption: format!("{}, {}", category.label, window.when),
        before: field("before"),
        after: field("after"),
        change: field("change"),
        state: format!("{base}_state"),
    }
}

/// Writes the page of a scenario.
///
/// # Errors
/// If it cannot be put together.
pub fn write(
    out: impl Write,
    comparison: &Comparison,
    one: &Compared,
    table: &NeighbourhoodTable,
    manifest: &Manifest,
    findings: &Findings,
) -> Result<(), Failure> {
    let project = &comparison.study.project;
    let hits = hits(comparison, one);
    let drawable = |hit: &&Hit| hit.tally.lost + hit.tally.gained + hit.tally.worse + hit.tally.better > 0.0;
    let maps: Vec<ChangeMap> =
        hits.iter().filter(drawable).take(MAPS).map(|hit| change_map(comparison, one, hit)).collect();
    let drawn = |map: &ChangeMap| {
        [&map.before, &map.after]
            .iter()
            .all(|field| table.column(field).is_some_and(|mut c| c.any(|v| v.as_number().is_some())))
    };
    let name = &one.side.scenario.name;
    let mut manifest = manifest.clone();
    // A page tells of its own scenario alone.
    let others = one_of_others(&manifest.warnings, name);
    manifest.warnings.retain(|warning| !others.contains(warning));
    let evidence = Evidence {
        title: format!("{}: {}", project.name, one.side.scenario.label),
        says: says(comparison, one),
        headlines: headlines(comparison, one, &hits),
        maps: maps.into_iter().filter(drawn).collect(),
        table,
        tables: vec![
            worst(comparison, one),
            by_time(comparison, one),
            by_group(comparison, one, &hits),
            by_route(comparison, one),
            timetable(one),
        ],
        journeys: journeys(one),
        cannot_say: cannot_say(comparison, one),
        manifest: &manifest,
        findings,
    };
    Ok(write_evidence(out, &evidence)?)
}

fn one_of_others(warnings: &[String], name: &str) -> Vec<String> {
    let own = format!("scenario {name}: ");
    warnings
        .iter()
        .filter(|warning| warning.starts_with("scenario ") && !warning.starts_with(&own))
        .cloned()
        .collect()
}

fn says(comparison: &Comparison, one: &Compared) -> Vec<String> {
    let mut says = one.side.says_in_words();
    for (before, after) in comparison.windows.iter().zip(&one.side.windows) {
        let (name, times) =
            (&before.window.name, (run::clock(before.window.from.0), run::clock(before.window.to.0)));
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
    if percent > 0.0 && percent < 1.0 { format!("{percent:.1} %") } else { format!("{percent:.0} %") }
}

fn who(comparison: &Comparison) -> &'static str {
    if comparison.people.counted { "people" } else { "origin points" }
}

fn headlines(comparison: &Comparison, one: &Compared, hits: &[Hit]) -> Vec<Headline> {
    let project = &comparison.study.project;
    let who = who(comparison);
    let mut headlines = Vec::new();
    for hit in hits.iter().take(HEADLINES) {
        let tally = &hit.tally;
        let label = project.categories[hit.category].label.to_lowercase();
        let (window, at) = (&comparison.windows[hit.window], &one.side.windows[hit.window]);
        let when = format!(
            "leaving between {} and {} on {}",
            run::clock(window.window.from.0),
            run::clock(window.window.to.0),
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
                headlines.push(Headline { figure: number(count), quote });
            }
        };
        let limit = project.transit.max_time.0 / 60;
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
        headlines.push(Headline { figure: "0".into(), quote });
    }
    headlines
}

fn listing(title: &str, note: &str, columns: &[(&str, bool)], rows: Vec<Vec<String>>) -> Listing {
    let columns = columns.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect();
    Listing { title: title.into(), note: note.into(), columns, rows }
}

fn minutes(value: &Value) -> String {
    value.plain(1).map_or_else(|| "–".to_owned(), |text| text.replacen('-', "−", 1))
}

/// Neighbourhoods by what is worst there: what is lost first, then the longest change.
fn worst(comparison: &Comparison, one: &Compared) -> Listing {
    let project = &comparison.study.project;
    let mut rows: Vec<((i64, f64), Vec<String>)> = Vec::new();
    for (number_of_zone, zone) in comparison.study.zones.zones.iter().enumerate() {
        let each = one.changes.iter().enumerate().flat_map(|(window, changes)| {
            let categories = changes.change.categories.iter().enumerate();
            categories.filter_map(move |(category, zones)| {
                Some((window, category, zones[number_of_zone].as_ref()?))
            })
        });
        let weight = |change: &Change| match change.median.state() {
            State::Lost => i64::MAX,
            State::Longer => change.median.seconds().unwrap_or(0),
            _ => 0,
        };
        let key = |change: &Change| (weight(change), change.tally.lost + change.tally.longer[0]);
        let found = each.max_by(|a, b| {
            let (x, y) = (key(a.2), key(b.2));
            x.0.cmp(&y.0).then(x.1.total_cmp(&y.1)).then((b.0, b.1).cmp(&(a.0, a.1)))
        });
        let Some((window, category, change)) = found.filter(|(.., change)| key(change) > (0, 0.0)) else {
            continue;
        };
        let state = match change.median.state() {
            State::Lost => "lost".to_owned(),
            _ => minutes(&minutes_of_change(change.median)),
        };
        rows.push((
            key(change),
            vec![
                zone.name.clone(),
                zone.deprivation
                    .as_ref()
                    .and_then(|d| d.decile)
                    .map_or_else(|| "–".to_owned(), |d| d.to_string()),
                project.categories[category].label.clone(),
                one.changes[window].name.clone(),
                minutes(&Value::minutes(change.median.before)),
                minutes(&Value::minutes(change.median.after)),
                state,
                number(change.tally.lost),
                number(change.tally.longer[0]),
                number(change.tally.people),
            ],
        ));
    }
    rows.sort_by(|a, b| b.0.0.cmp(&a.0.0).then(b.0.1.total_cmp(&a.0.1)));
    let rows = rows.into_iter().take(ROWS).map(|(_, row)| row).collect();
    let note = "Each neighbourhood by the category and window that changes worst for it; medians in minutes. change.csv has all.";
    let columns = [
        ("Neighbourhood", false),
        ("Deprivation decile", true),
        ("To the nearest of", false),
        ("Window", false),
        ("Before", true),
        ("After", true),
        ("Change", true),
        ("People who lose it", true),
        ("5 min longer or more", true),
        ("Of", true),
    ];
    listing("The worst hit", note, &columns, rows)
}

fn by_time(comparison: &Comparison, one: &Compared) -> Listing {
    let project = &comparison.study.project;
    let (cutoffs, all) = (project.cutoffs_min.len(), &comparison.groups[0].zones);
    let mut rows = Vec::new();
    for window in &one.changes {
        for (nth, category) in project.categories.iter().enumerate() {
            let tally = window.change.sum(nth, all, cutoffs);
            if tally.lost + tally.gained + tally.worse + tally.better > 0.0 {
                let mean = tally.mean_minutes().map_or(Value::Missing, Value::number);
                rows.push(vec![
                    window.name.clone(),
                    category.label.clone(),
                    number(tally.lost),
                    number(tally.longer[0]),
                    number(tally.longer[1]),
                    number(tally.worse),
                    number(tally.better),
                    number(tally.gained),
                    minutes(&mean),
                ]);
            }
        }
    }
    let note = "People whose own time changes, counted where they live. What is not listed does not change for anybody. The mean is over those who can get there before and after.";
    let columns = [
        ("Window", false),
        ("To the nearest of", false),
        ("Lose it", true),
        ("5 min longer", true),
        ("15 min longer", true),
        ("Longer at all", true),
        ("Shorter at all", true),
        ("Gain it", true),
        ("Mean change, min", true),
    ];
    listing("By time of day", note, &columns, rows)
}

fn by_group(comparison: &Comparison, one: &Compared, hits: &[Hit]) -> Listing {
    let project = &comparison.study.project;
    let mut rows = Vec::new();
    for hit in hits.iter().filter(|hit| hit.people() > 0.0).take(MAPS) {
        let window = &one.changes[hit.window];
        for group in &comparison.groups {
            let tally = window.change.sum(hit.category, &group.zones, project.cutoffs_min.len());
            let people = tally.lost + tally.longer[0];
            rows.push(vec![
                project.categories[hit.category].label.clone(),
                window.name.clone(),
                group.name.clone(),
                number(tally.people),
                number(tally.lost),
                number(tally.longer[0]),
                percent(people, tally.people),
            ]);
        }
    }
    let note = if comparison.groups.len() > 1 {
        "By deprivation decile, for what hits most people; groups.csv has every category and window."
    } else {
        "No deprivation index is given in the project, so that there is one group alone."
    };
    let columns = [
        ("To the nearest of", false),
        ("Window", false),
        ("Group", false),
        ("People", true),
        ("Lose it", true),
        ("5 min longer", true),
        ("Either, of its people", true),
    ];
    listing("By group", note, &columns, rows)
}

fn by_route(comparison: &Comparison, one: &Compared) -> Listing {
    let project = &comparison.study.project;
    let mut effects: Vec<_> =
        one.attribution.effects.iter().filter(|effect| effect.of != Part::Whole).collect();
    let weight =
        |tally: &Tally| tally.lost * 120.0 + tally.people_seconds.abs() / 60.0 + tally.gained * 120.0;
    effects.sort_by(|a, b| weight(&b.tally).total_cmp(&weight(&a.tally)));
    let rows = effects.into_iter().take(ROWS).map(|effect| {
        let part = match &effect.of {
            Part::Route(operator, name) if operator.is_empty() => format!("route {name}"),
            Part::Route(operator, name) => format!("route {name} ({operator})"),
            Part::Modification(words) => words.clone(),
            Part::Whole => String::new(),
        };
        let tally = &effect.tally;
        vec![
            part,
            project.categories[effect.category].label.clone(),
            one.changes[effect.window].name.clone(),
            number(tally.lost),
            number(tally.longer[0]),
            number(tally.worse),
            number(tally.people_seconds / 60.0).replacen('-', "−", 1),
        ]
    });
    let mut note = "What would be spared if this change alone were left out: the scenario was searched again without it. These need not add up to the whole; attribution.csv has the difference as the interaction.".to_owned();
    if one.attribution.left_out > 0 {
        note.push_str(&format!(
            " {} more changed routes were not looked at by themselves.",
            one.attribution.left_out
        ));
    }
    for words in &one.attribution.inseparable {
        note.push_str(&format!(" The change `{words}` cannot be left out by itself: others build on it."));
    }
    let columns = [
        ("Change", false),
        ("To the nearest of", false),
        ("Window", false),
        ("Lose it", true),
        ("5 min longer", true),
        ("Longer at all", true),
        ("People-minutes a trip", true),
    ];
    listing("By route", &note, &columns, rows.collect())
}

fn timetable(one: &Compared) -> Listing {
    let mut rows = Vec::new();
    for diff in &one.diffs {
        let mut changed: Vec<_> = diff.routes.iter().filter(|route| route.fate != Fate::Same).collect();
        changed.sort_by_key(|route| {
            (route.fate, std::cmp::Reverse(route.before.abs_diff(route.after)), &route.route)
        });
        for route in changed.into_iter().take(ROWS) {
            let (operator, name) = &route.route;
            rows.push(vec![
                format!("{} → {}", diff.before, diff.after),
                name.clone(),
                operator.clone(),
                route.fate.name().to_owned(),
                route.before.to_string(),
                route.after.to_string(),
                route.same.to_string(),
            ]);
        }
    }
    let note = "Trips of each route on the days of the windows. A trip is the same if it calls at the same stops at the same times, whatever its id. feed_diff.csv has all, with departures by hour and by stop.";
    let columns = [
        ("Days", false),
        ("Route", false),
        ("Operator", false),
        ("Became", false),
        ("Trips before", true),
        ("After", true),
        ("The same", true),
    ];
    listing("What changed in the timetable", note, &columns, rows)
}

fn journeys(one: &Compared) -> Vec<JourneyPair> {
    let pair = |story: &crate::outputs::change::Story| JourneyPair {
        who: format!("{}, {}, to the nearest of: {}", story.neighbourhood, story.window, story.category),
        before: format!("{} {}", story.leave, story.before),
        after: story.after.clone(),
        later: story.later(),
    };
    one.stories.iter().map(pair).collect()
}

fn cannot_say(comparison: &Comparison, one: &Compared) -> Vec<String> {
    let known = comparison.people.known.iter();
    let off = known.filter(|known| !**known).count();
    let affected = comparison
        .study
        .edges
        .iter()
        .filter(|(worst, _)| *worst != crate::access::edge::Place::Inside)
        .count();
    let mut says = vec![
        "It compares timetables, not journeys made: nothing here is late, full or cancelled, before or after.".to_owned(),
        "It counts who lives where a change is felt, not who travels: nobody is asked whether they use the bus.".to_owned(),
        "Opening hours, fares and crowding are not looked at.".to_owned(),
        "Only the windows and categories of the project are looked at; at another hour or for another purpose the change may be otherwise.".to_owned(),
    ];
    if affected > 0 {
        says.push(format!("{affected} neighbourhoods lie near the edge of the map or beyond it: places and stops that are not on it cannot be reached there, before or after. Of {off} wholly off the map nothing is said, and their people are in no sum."));
    }
    if !comparison.people.counted {
        says.push(
            "No number of people is known: what is counted are the points where people live.".to_owned(),
        );
    }
    if one.side.other_feeds.is_some() {
        says.push("Two timetables may differ because a publisher left something out or put something in, not because it runs otherwise.".to_owned());
    }
    says
}
