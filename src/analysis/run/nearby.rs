//! Places near each neighbourhood, what they can hold, and who reaches them.

use std::sync::Arc;

use super::profile_results::ProfileResults;
use crate::access::residents::ResidentUnit;
use crate::access::{nearby, per_place};
use crate::analysis::study::{DatedWindow, Study};
use crate::geometry::LonLat;
use crate::inputs::hours::{Nation, OpenState};
use crate::inputs::places::CategoryPlace;
use crate::inputs::project::{CategoryGroup, JOBS, Project};
use crate::results::indicators::Nearby;
use crate::results::places::{self, PlaceRow, PlacesTable};
use crate::results::table::{Field, Value};
use crate::units::Seconds;

/// Of each category, and of all meeting places together. The study's own places are counted once.
pub(crate) fn nearby(study: &Study, places: &[Vec<CategoryPlace>]) -> Arc<Vec<Nearby>> {
    if !std::ptr::eq(places, study.world.places.as_slice()) {
        return Arc::new(counted(study, places));
    }
    study.nearby.get_or_init(|| Arc::new(counted(study, places))).clone()
}

fn counted(study: &Study, places: &[Vec<CategoryPlace>]) -> Vec<Nearby> {
    let within = study.project.measures.nearby;
    if within.get() <= 0.0 {
        return Vec::new();
    }
    let polygons: Vec<_> = study.zones.zones.iter().map(|zone| &zone.polygon).collect();
    let projection = study.world.network().streets.projection;
    let count = |name: &str, label: &str, places: Vec<&[LonLat]>| Nearby {
        name: name.to_owned(),
        label: label.to_owned(),
        places: nearby::count(projection, &polygons, places, within),
    };
    let categories = || study.project.categories.iter().zip(places);
    let mut meeting: Vec<&[LonLat]> = Vec::new();
    for place in categories()
        .filter(|(of, _)| of.group == CategoryGroup::Meeting)
        .flat_map(|(_, places)| places)
    {
        // One building may be both a church and a hall.
        if !place.points.is_empty() && !meeting.contains(&&*place.points) {
            meeting.push(&place.points);
        }
    }
    let mut all = vec![count("meeting", "places of any kind where people meet", meeting)];
    let each = categories().map(|(of, places)| {
        count(&of.name, &of.label, places.iter().map(|place| &*place.points).collect())
    });
    all.extend(each);
    all
}

/// By category: each place's capacity. Where no place of the category has one each counts 1; where
/// some have, those without count nothing.
pub(crate) fn capacities(places: &[Vec<CategoryPlace>]) -> Vec<Vec<f64>> {
    let of = |places: &Vec<CategoryPlace>| {
        let known = places.iter().any(|place| place.capacity.is_some());
        places.iter().map(|place| place.capacity.unwrap_or(if known { 0.0 } else { 1.0 })).collect()
    };
    places.iter().map(of).collect()
}

/// What was asked for and cannot be told, or not of all.
pub(crate) fn notes(study: &Study) -> Vec<String> {
    let project = &study.project;
    let mut notes = Vec::new();
    if project.measures.dependency.is_some() && project.gtfs.is_empty() {
        notes.push("measures.dependency: without a timetable nothing hangs on a line".to_owned());
    } else if project.measures.dependency.is_some()
        && project.measures.dependency_of.iter().any(|name| name == JOBS)
        && study.jobs.is_none()
    {
        notes.push(
            "measures.dependency_of: there are no jobs to lose: name a file of them in [jobs]"
                .to_owned(),
        );
    }
    if study.residents.counted() == ResidentUnit::Points {
        notes.push(
            "no number of people is known: shares and counts are of the points where people live, each counting alike"
                .to_owned(),
        );
    }
    notes.extend(beyond_what_was_searched(project));
    for catchment in &project.catchments {
        let at = project.categories.iter().position(|category| category.name == catchment.category);
        let places = at.and_then(|at| study.world.places.get(at)).map_or(&[][..], Vec::as_slice);
        let without = places.iter().filter(|place| place.capacity.is_none()).count();
        if 0 < without && without < places.len() {
            notes.push(format!(
                "catchments.{}: {without} of {} places have no capacity and count for nothing",
                catchment.name,
                places.len()
            ));
        }
        if catchment.window.is_some() && project.gtfs.is_empty() {
            notes.push(format!(
                "catchments.{}: without a timetable there is no such window",
                catchment.name
            ));
        }
    }
    notes
}

/// How many people reach each place, on foot and in each window.
pub(crate) fn people<'a>(
    study: &'a Study,
    found: &ProfileResults,
    windows: &[DatedWindow],
) -> PlacesTable<'a> {
    let weights = study.residents.counts().as_slice();
    let states: Vec<_> = windows.iter().map(|window| study.open_states(window)).collect();
    let mut all = PlacesTable { columns: columns(study, found), rows: Vec::new() };
    for (nth, (category, places)) in
        study.project.categories.iter().zip(&*study.world.places).enumerate()
    {
        let people = |found: &[per_place::OriginPlaces], cutoff| -> Vec<Value> {
            let reached = per_place::reached_by(found, weights, places.len(), cutoff);
            reached.into_iter().map(Value::number).collect()
        };
        let mut values: Vec<Vec<Value>> = Vec::new();
        if looks_at_hours(study) {
            let nations = study.nations(nth);
            values.push((0..places.len()).map(|at| nation(nations.as_deref(), at)).collect());
        }
        for cutoff in study.project.cutoffs_on_foot() {
            values.push(people(&found.each_on_foot[nth], Seconds::minutes(*cutoff)));
        }
        for (window, states) in found.windows.iter().zip(&states) {
            let states = states[nth].as_deref();
            if looks_at_hours(study) {
                values.push((0..places.len()).map(|at| state(states, at)).collect());
            }
            for minutes in study.project.cutoffs_ridden() {
                let reached =
                    people(&window.each[nth], Seconds::minutes(*minutes)).into_iter().enumerate();
                let closed =
                    |at: usize| states.is_some_and(|states| states[at] == OpenState::Closed);
                let reached = reached.map(|(at, n)| if closed(at) { Value::Missing } else { n });
                values.push(reached.collect());
            }
        }
        all.rows.extend(places.iter().enumerate().map(|(at, place)| PlaceRow {
            category: &category.name,
            id: &place.id,
            name: &place.name,
            point: place.points.first().copied(),
            capacity: place.capacity,
            found: values.iter().map(|column| column[at].clone()).collect(),
        }));
    }
    all
}

/// The columns of [`people`], in its order.
fn columns(study: &Study, found: &ProfileResults) -> Vec<Field> {
    let counted = study.residents.counted();
    let on_foot = study.project.cutoffs_on_foot().iter();
    let mut columns: Vec<Field> =
        looks_at_hours(study).then(places::holidays_column).into_iter().collect();
    columns.extend(on_foot.map(|minutes| places::people_column(*minutes, None, counted)));
    for window in &found.windows {
        if looks_at_hours(study) {
            columns.push(places::open_column(&window.name, &window.when));
        }
        let when = Some((window.name.as_str(), window.when.as_str()));
        let ridden = study.project.cutoffs_ridden().iter();
        columns.extend(ridden.map(|minutes| places::people_column(*minutes, when, counted)));
    }
    columns
}

/// What was asked for and is left out, for it would say something of what lies farther than was
/// searched.
fn beyond_what_was_searched(project: &Project) -> Vec<String> {
    let mut notes = Vec::new();
    let mut hold = |what: String, asked: Seconds, on_foot: bool| {
        let (walk, transit) = (project.walk.max_walk, project.transit.max_time);
        let (longest, key) =
            if on_foot { (walk, "walk.max_walk_min") } else { (transit, "transit.max_time_min") };
        if asked > longest {
            let (asked, longest) = (asked.as_minutes(), longest.as_minutes());
            notes.push(format!("{what} asks about {asked} min, but nothing was searched beyond {longest} min ({key}): it is left out"));
        }
    };
    if !project.gtfs.is_empty() {
        for minutes in &project.cutoffs_min {
            let what = format!("cutoffs_min: the share within {minutes} min by public transport");
            hold(what, Seconds::minutes(*minutes), false);
        }
    }
    for catchment in &project.catchments {
        hold(
            format!("catchments.{}", catchment.name),
            catchment.cutoff,
            catchment.window.is_none(),
        );
    }
    if let Some(doubly) = &project.doubly_cut_off {
        let on_foot = project.gtfs.is_empty() || doubly.window.is_none();
        hold("doubly_cut_off".to_owned(), doubly.beyond, on_foot);
    }
    if project.measures.dependency.is_some() {
        hold("measures.dependency".to_owned(), project.measures.dependency_cutoff, false);
    }
    notes
}

fn looks_at_hours(study: &Study) -> bool {
    study.project.categories.iter().any(|category| category.opening_hours)
}

fn nation(nations: Option<&[Option<Nation>]>, at: usize) -> Value {
    let name = |nation: Option<Nation>| nation.map_or("not known", Nation::name).to_owned();
    Value::text(nations.map(|nations| name(nations[at])))
}

fn state(states: Option<&[OpenState]>, at: usize) -> Value {
    let word = |state| match state {
        OpenState::Open => "open",
        OpenState::Closed => "closed",
        OpenState::Unknown => "unknown",
    };
    Value::text(states.map(|states| word(states[at]).to_owned()))
}
