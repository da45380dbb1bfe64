//! What a project's people go to, places by category and jobs; and what else is known of their
//! neighbourhoods.

use crate::access::decay::Weights;
use crate::access::opportunities::Opportunities;
use crate::analysis::AnalysisError;
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::{Entries, LonLat};
use crate::ids::{IdxVec, NeighbourhoodIdx};
use crate::inputs::attributes::AttributeTable;
use crate::inputs::broadband::mobile;
use crate::inputs::hours::{OpenState, Opening};
use crate::inputs::jobs::{Jobs, JobsPlace, employment_centres};
use crate::inputs::neighbourhoods::Neighbourhoods;
use crate::inputs::origins::Origins;
use crate::inputs::osm::{OsmData, TagRule};
use crate::inputs::places::{CategoryPlace, HoursCount, PlacesMerge, RegisterContext, gather};
use crate::inputs::project::{Category, Project};
use crate::inputs::tables::Postcodes;
use crate::units::Seconds;

/// All categories' rules, and for each rule its category. Those of a category whose registers alone
/// count are there too: what they find is compared with the registers.
pub(crate) fn rules(categories: &[Category]) -> Result<(Vec<TagRule>, Vec<usize>), AnalysisError> {
    let mut rules = Vec::new();
    let mut of_category = Vec::new();
    for (number, category) in categories.iter().enumerate() {
        for text in &category.osm {
            let rule = text.parse().map_err(|error| {
                AnalysisError::Usage(format!("categories.{}.osm: {error}", category.name))
            })?;
            rules.push(rule);
            of_category.push(number);
        }
    }
    Ok((rules, of_category))
}

/// Each category's places, and how map and registers compare.
type StudyPlaces = (Vec<Vec<CategoryPlace>>, Vec<PlacesMerge>);

pub(crate) fn places(
    project: &Project,
    zones: &Neighbourhoods,
    osm: &mut OsmData,
    of_category: &[usize],
    postcodes: Option<&Postcodes>,
    jobs: Option<&Jobs>,
    findings: &mut Findings,
) -> Result<StudyPlaces, AnalysisError> {
    let area = zones.bounds().map(|bounds| bounds.grown(1.0));
    let all = std::mem::take(&mut osm.places);
    let around = RegisterContext { postcodes, area, map: &osm.extent };
    let (mut places, mut merges) = (Vec::new(), Vec::new());
    for (number, category) in project.categories.iter().enumerate() {
        let mine = |rules: &[usize]| rules.iter().any(|rule| of_category[*rule] == number);
        let of_map = all.iter().filter(|place| mine(&place.rules));
        let mut gathered = gather(category, of_map, &around, findings)?;
        if let Some(band) = category.jobs {
            let jobs = jobs.ok_or_else(|| no_jobs(category))?;
            gathered.places.extend(employment_centres(jobs, zones, band));
        }
        let none = u64::from(gathered.places.is_empty());
        let what = format!(
            "no place of the category `{}` was found: its times are all empty",
            category.name
        );
        findings.count(
            Severity::Warning,
            "category_without_places",
            Outcome::Kept,
            "places",
            none,
            what,
        );
        places.push(gathered.places);
        merges.extend(gathered.merge);
    }
    Ok((places, merges))
}

fn no_jobs(category: &Category) -> AnalysisError {
    AnalysisError::Usage(format!(
        "categories.{}: employment centres are made from jobs: name a file of them in [jobs]",
        category.name
    ))
}

/// The states of each place of the categories that look at opening hours; `None` for the others.
pub(crate) fn open_states(
    categories: &[Category],
    places: &[Vec<CategoryPlace>],
    opening: &Opening,
) -> Vec<Option<Vec<OpenState>>> {
    let state = |place: &CategoryPlace| match place.points.first() {
        Some(at) => opening.state(place.opening_hours.as_deref(), *at),
        None => OpenState::Unknown,
    };
    let of = |(category, places): (&Category, &Vec<CategoryPlace>)| {
        category.opening_hours.then(|| places.iter().map(state).collect())
    };
    categories.iter().zip(places).map(of).collect()
}

/// How many places of each category that asks for it are open, and the points of those that count;
/// `None` where no category asks.
pub(crate) fn open_in(
    categories: &[Category],
    places: &[Vec<CategoryPlace>],
    window: &str,
    opening: &Opening,
) -> Option<(Vec<HoursCount>, Vec<Entries>)> {
    if categories.iter().all(|category| !category.opening_hours) {
        return None;
    }
    let states = open_states(categories, places, opening);
    let counts = categories.iter().zip(&states).filter_map(|(category, states)| {
        let states = states.as_ref()?;
        let of = |wanted| states.iter().filter(|state| **state == wanted).count() as u64;
        Some(HoursCount {
            category: category.name.clone(),
            window: window.to_owned(),
            open: of(OpenState::Open),
            closed: of(OpenState::Closed),
            unknown: of(OpenState::Unknown),
        })
    });
    let counts = counts.collect();
    let points = |(places, states): (&Vec<CategoryPlace>, &Option<Vec<OpenState>>)| {
        let counts =
            |at: usize| states.as_ref().is_none_or(|states| states[at] != OpenState::Closed);
        let open = places.iter().enumerate().filter(|(at, _)| counts(*at));
        open.map(|(_, place)| &place.points).collect()
    };
    Some((counts, places.iter().zip(&states).map(points).collect()))
}

/// The project's tables, and mobile coverage.
pub(crate) fn tables(
    project: &Project,
    zones: &Neighbourhoods,
    origins: &Origins,
    findings: &mut Findings,
) -> Result<Vec<AttributeTable>, AnalysisError> {
    let mut tables = Vec::new();
    for input in &project.tables {
        tables.push(AttributeTable::read(input, zones, origins, findings)?);
    }
    if let Some(input) = &project.broadband
        && let Some(path) = &input.mobile
    {
        tables.push(mobile::read(path, input, zones, findings)?);
    }
    Ok(tables)
}

/// Jobs ready to be counted, and the point of each of them.
pub(crate) fn opportunities(
    project: &Project,
    jobs: Option<&Jobs>,
    origins: &Origins,
) -> Option<(Opportunities, Vec<LonLat>)> {
    let jobs = jobs?;
    let mut at = IdxVec::new();
    let mut points: Vec<LonLat> = Vec::new();
    for record in &jobs.records {
        match record.place {
            JobsPlace::Point(point) => {
                at.push(record.jobs);
                points.push(point);
            }
            JobsPlace::Zone(zone) => {
                for (point, share) in shares(origins, zone) {
                    at.push(record.jobs * share);
                    points.push(point);
                }
            }
        }
    }
    let cutoffs = project.cutoffs_min.iter().map(|minutes| Seconds::minutes(*minutes)).collect();
    let decays =
        project.decays.iter().map(|named| Weights::up_to(&named.decay, project.transit.max_time));
    Some((Opportunities { at, cutoffs, decays: decays.collect() }, points))
}

/// The jobs of a neighbourhood are spread over its origin points like its people.
fn shares(origins: &Origins, zone: NeighbourhoodIdx) -> Vec<(LonLat, f64)> {
    let inside: Vec<_> = origins.points.iter().filter(|origin| origin.zone == Some(zone)).collect();
    let all: f64 = inside.iter().map(|origin| origin.weight).sum();
    #[expect(clippy::cast_precision_loss, reason = "points of a neighbourhood")]
    let even = 1.0 / inside.len().max(1) as f64;
    inside
        .iter()
        .map(|origin| (origin.point, if all > 0.0 { origin.weight / all } else { even }))
        .collect()
}
