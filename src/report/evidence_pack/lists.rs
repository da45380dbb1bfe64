//! The tables of the evidence pack.

use std::collections::{BTreeMap, BTreeSet};

use super::{EvidenceChange, MAPS, number, percent};
use crate::analysis::compare::{ComparedScenario, Comparison};
use crate::report::evidence::EvidenceTable;
use crate::results::change::minutes_of_change;
use crate::results::table::Value;
use crate::scenario::attribution::{ChangeEffect, ScenarioPart};
use crate::scenario::differences::{CategoryChange, ChangeState, PeopleTally};
use crate::scenario::feed_diff::RouteFate;

/// Rows of a list on the page; the files have all.
const ROWS: usize = 25;

pub(super) fn listing(
    title: &str,
    note: &str,
    columns: &[(&str, bool)],
    rows: Vec<Vec<String>>,
) -> EvidenceTable {
    let columns = columns.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect();
    EvidenceTable { title: title.into(), note: note.into(), columns, rows }
}

pub(super) fn minutes(value: &Value) -> String {
    value.plain(1).map_or_else(|| "–".to_owned(), |text| text.replacen('-', "−", 1))
}

/// Neighbourhoods by what is worst there: what is lost first, then the longest change.
pub(super) fn worst(comparison: &Comparison, one: &ComparedScenario) -> EvidenceTable {
    let mut rows: Vec<((i64, f64), Vec<String>)> = Vec::new();
    for (number_of_zone, zone) in comparison.study.zones.zones.iter().enumerate() {
        let each = one.changes.iter().enumerate().flat_map(|(window, changes)| {
            let categories = changes.change.categories.iter().enumerate();
            categories.filter_map(move |(category, zones)| {
                Some((window, category, zones[number_of_zone].as_ref()?))
            })
        });
        let weight = |change: &CategoryChange| match change.median.state() {
            ChangeState::Lost => i64::MAX,
            ChangeState::Longer => change.median.seconds().unwrap_or(0),
            _ => 0,
        };
        let key =
            |change: &CategoryChange| (weight(change), change.tally.lost + change.tally.longer[0]);
        let found = each.max_by(|a, b| {
            let (x, y) = (key(a.2), key(b.2));
            x.0.cmp(&y.0).then(x.1.total_cmp(&y.1)).then((b.0, b.1).cmp(&(a.0, a.1)))
        });
        // Less than half a minute is nothing that could be told of.
        let telling = |change: &CategoryChange| weight(change) >= 30 || key(change).1 > 0.0;
        let Some((window, category, change)) = found.filter(|(.., change)| telling(change)) else {
            continue;
        };
        let state = match change.median.state() {
            ChangeState::Lost => "lost".to_owned(),
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
                one.label(comparison, window, category),
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

pub(super) fn by_time(comparison: &Comparison, one: &ComparedScenario) -> EvidenceTable {
    let project = &comparison.study.project;
    let (cutoffs, all) = (project.cutoffs_ridden().len(), &comparison.groups[0].zones);
    let mut rows = Vec::new();
    for (at, window) in one.changes.iter().enumerate() {
        for nth in 0..project.categories.len() {
            let tally = window.change.sum(nth, all, cutoffs);
            if tally.lost + tally.gained + tally.worse + tally.better > 0.0 {
                let mean = tally.mean_minutes().map_or(Value::Missing, Value::number);
                rows.push(vec![
                    window.name.clone(),
                    one.label(comparison, at, nth),
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

/// Where those live who are hit, by each of the project's groupings.
pub(super) fn by_group(
    comparison: &Comparison,
    one: &ComparedScenario,
    hits: &[EvidenceChange],
) -> Vec<EvidenceTable> {
    let cutoffs = comparison.study.project.cutoffs_ridden().len();
    let hits: Vec<&EvidenceChange> =
        hits.iter().filter(|hit| hit.people() > 0.0).take(MAPS).collect();
    let columns = [
        ("To the nearest of", false),
        ("Window", false),
        ("Group", false),
        ("People", true),
        ("Of all", true),
        ("Lose it", true),
        ("5 min longer", true),
        ("Of those hit", true),
        ("Hit, of its people", true),
    ];
    let note = "For what hits most people: who loses it or takes 5 min longer or more. A group is hit harder than others where its share of those hit is greater than its share of all people. change_groups.csv has every category and window.";
    let mut listings = Vec::new();
    for groups in comparison.groups[1..].chunk_by(|a, b| a.by == b.by) {
        let mut rows = Vec::new();
        for hit in &hits {
            let window = &one.changes[hit.window];
            for group in groups.iter().chain(&comparison.groups[..1]) {
                let tally = window.change.sum(hit.category, &group.zones, cutoffs);
                let people = tally.lost + tally.longer[0];
                rows.push(vec![
                    one.label(comparison, hit.window, hit.category),
                    window.name.clone(),
                    group.name.clone(),
                    number(tally.people),
                    percent(tally.people, hit.tally.people),
                    number(tally.lost),
                    number(tally.longer[0]),
                    percent(people, hit.people()),
                    percent(people, tally.people),
                ]);
            }
        }
        let label = groups.first().map_or("", |group| group.label.as_str());
        listings.push(listing(&format!("By group: {label}"), note, &columns, rows));
    }
    if listings.is_empty() {
        let note = "No groups of neighbourhoods and no deprivation index are given in the project.";
        listings.push(listing("By group", note, &[], Vec::new()));
    }
    listings
}

/// Each change once, by the category and window in which it does most.
pub(super) fn by_route(comparison: &Comparison, one: &ComparedScenario) -> EvidenceTable {
    let project = &comparison.study.project;
    let weight = |tally: &PeopleTally| {
        tally.lost * 120.0 + tally.people_seconds.abs() / 60.0 + tally.gained * 120.0
    };
    let mut most: BTreeMap<&ScenarioPart, &ChangeEffect> = BTreeMap::new();
    for effect in one.attribution.effects.iter().filter(|effect| is_listed(one, &effect.of)) {
        let known = most.entry(&effect.of).or_insert(effect);
        if weight(&effect.tally) > weight(&known.tally) {
            *known = effect;
        }
    }
    let mut effects: Vec<&ChangeEffect> = most.into_values().collect();
    effects.sort_by(|a, b| weight(&b.tally).total_cmp(&weight(&a.tally)));
    let more = effects.len().saturating_sub(ROWS);
    let rows = effects.into_iter().take(ROWS).map(|effect| {
        let part = match &effect.of {
            ScenarioPart::Route(operator, name) if operator.is_empty() => format!("route {name}"),
            ScenarioPart::Route(operator, name) => format!("route {name} ({operator})"),
            ScenarioPart::Modification(words) => words.clone(),
            ScenarioPart::Whole => String::new(),
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
    let mut note = "What would be spared if this change alone were left out: the scenario was searched again without it. These need not add up to the whole; attribution.csv has the difference as the interaction. Each change stands here once, with the category and window in which it does most; attribution.csv has all.".to_owned();
    if more > 0 {
        note.push_str(&format!(" {more} more changes do less."));
    }
    if one.attribution.left_out > 0 {
        note.push_str(&format!(
            " {} more changed routes were not looked at by themselves.",
            one.attribution.left_out
        ));
    }
    for words in &one.attribution.inseparable {
        note.push_str(&format!(
            " The change `{words}` cannot be left out by itself: others build on it."
        ));
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

/// How many lines are left out between two timetables, for they call nowhere on the map.
pub fn off_map(one: &ComparedScenario) -> Option<String> {
    let lines: BTreeSet<_> =
        one.diffs.iter().flat_map(|diff| &diff.off_map).map(|line| &line.route).collect();
    let changed =
        one.diffs.iter().flat_map(|diff| &diff.off_map).filter(|line| line.fate != RouteFate::Same);
    let changed: BTreeSet<_> = changed.map(|line| &line.route).collect();
    (!lines.is_empty()).then(|| {
        format!(
            "Left out: {} lines that call nowhere on the map, before or after ({} of them differ).",
            lines.len(),
            changed.len()
        )
    })
}

/// What is told of trips is told by their routes, once.
fn is_listed(one: &ComparedScenario, part: &ScenarioPart) -> bool {
    match part {
        ScenarioPart::Whole => false,
        ScenarioPart::Route(..) => true,
        ScenarioPart::Modification(words) => {
            let modifications = &one.side.scenario.modifications;
            let own = modifications.iter().find(|own| own.to_string() == *words);
            !one.attribution.looked_at.routes || own.is_none_or(|own| !own.is_about_timetable())
        }
    }
}

pub(super) fn timetable(one: &ComparedScenario) -> EvidenceTable {
    let mut rows = Vec::new();
    for diff in &one.diffs {
        let mut changed: Vec<_> =
            diff.routes.iter().filter(|route| route.fate != RouteFate::Same).collect();
        changed.sort_by_key(|route| {
            (route.fate, std::cmp::Reverse(route.before.abs_diff(route.after)), &route.route)
        });
        for route in changed.into_iter().take(ROWS) {
            let (operator, name) = &route.route;
            rows.push(vec![
                format!("{} → {}", diff.before, diff.after),
                route
                    .now
                    .as_ref()
                    .map_or_else(|| name.clone(), |(_, now)| format!("{name}, now {now}")),
                operator.clone(),
                route.fate.name().to_owned(),
                route.before.to_string(),
                route.after.to_string(),
                route.same.to_string(),
            ]);
        }
    }
    let mut note = "Vehicles of each route on the days of the windows, each once however many trips it is published as. A trip is the same if it calls at the same stops at the same times, whatever its id; a route is the same if it has the same operator and name, or takes the same way. feed_diff.csv has all, with departures by hour and by stop.".to_owned();
    if let Some(off) = off_map(one) {
        note.push(' ');
        note.push_str(&off);
    }
    let columns = [
        ("Days", false),
        ("Route", false),
        ("Operator", false),
        ("Became", false),
        ("Vehicles before", true),
        ("After", true),
        ("The same", true),
    ];
    listing("What changed in the timetable", &note, &columns, rows)
}
