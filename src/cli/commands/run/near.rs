//! Places near each neighbourhood, what they can hold, and who reaches them.

use super::found::Found;
use crate::access::{each_place, nearby};
use crate::cli::study::Study;
use crate::geometry::LonLat;
use crate::inputs::places::CategoryPlace;
use crate::inputs::project::Group;
use crate::outputs::indicators::Nearby;
use crate::outputs::places::{PeopleWithin, PlacePeople};
use crate::units::Seconds;

/// Of each category, and of all meeting places together.
pub(super) fn nearby(study: &Study, places: &[Vec<CategoryPlace>]) -> Vec<Nearby> {
    let within = study.project.measures.nearby;
    if within.0 <= 0.0 {
        return Vec::new();
    }
    let polygons: Vec<_> = study.zones.zones.iter().map(|zone| &zone.polygon).collect();
    let projection = study.network.streets.projection;
    let count = |name: &str, label: &str, places: Vec<&[LonLat]>| Nearby {
        name: name.to_owned(),
        label: label.to_owned(),
        places: nearby::count(projection, &polygons, places, within),
    };
    let categories = || study.project.categories.iter().zip(places);
    let mut meeting: Vec<&[LonLat]> = Vec::new();
    for place in categories().filter(|(of, _)| of.group == Group::Meeting).flat_map(|(_, places)| places) {
        // One building may be both a church and a hall.
        if !place.points.is_empty() && !meeting.contains(&place.points.as_slice()) {
            meeting.push(&place.points);
        }
    }
    let mut all = vec![count("meeting", "places of any kind where people meet", meeting)];
    let each = categories().map(|(of, places)| {
        count(&of.name, &of.label, places.iter().map(|place| place.points.as_slice()).collect())
    });
    all.extend(each);
    all
}

/// By category: each place's capacity. Where no place of the category has one each counts 1; where some have, those
/// without count nothing.
pub(super) fn capacities(places: &[Vec<CategoryPlace>]) -> Vec<Vec<f64>> {
    let of = |places: &Vec<CategoryPlace>| {
        let known = places.iter().any(|place| place.capacity.is_some());
        places.iter().map(|place| place.capacity.unwrap_or(if known { 0.0 } else { 1.0 })).collect()
    };
    places.iter().map(of).collect()
}

/// What was asked for and cannot be told, or not of all.
pub(super) fn notes(study: &Study) -> Vec<String> {
    let project = &study.project;
    let mut notes = Vec::new();
    if project.measures.dependency.is_some() && (study.jobs.is_none() || project.gtfs.is_empty()) {
        notes.push("measures.dependency: it is told in jobs by public transport, and there are no jobs or no timetable".to_owned());
    }
    let counted = project.measures.people || !project.catchments.is_empty();
    if counted && project.origins.is_some() && study.origins.weight_column.is_none() {
        notes.push(
            "the origin points have no weights: each counts for one person in places.csv and in catchments"
                .to_owned(),
        );
    }
    for catchment in &project.catchments {
        let at = project.categories.iter().position(|category| category.name == catchment.category);
        let places = at.and_then(|at| study.places.get(at)).map_or(&[][..], Vec::as_slice);
        let without = places.iter().filter(|place| place.capacity.is_none()).count();
        if 0 < without && without < places.len() {
            notes.push(format!(
                "catchments.{}: {without} of {} places have no capacity and count for nothing",
                catchment.name,
                places.len()
            ));
        }
        if catchment.window.is_some() && project.gtfs.is_empty() {
            notes.push(format!("catchments.{}: without a timetable there is no such window", catchment.name));
        }
    }
    notes
}

/// How many people reach each place, on foot and in each window.
pub(super) fn people<'a>(study: &'a Study, found: &Found) -> Vec<PlacePeople<'a>> {
    let weights: Vec<f64> = study.origins.points.iter().map(|point| point.weight).collect();
    let max_walk = study.project.walk.max_walk;
    let mut all = Vec::new();
    for (nth, (category, places)) in study.project.categories.iter().zip(&study.places).enumerate() {
        let reached = |found: &[each_place::Found], cutoff| {
            each_place::reached_by(found, &weights, places.len(), cutoff)
        };
        let mut within: Vec<(String, Vec<f64>)> = Vec::new();
        for minutes in &study.project.cutoffs_min {
            let cutoff = Seconds::minutes(*minutes);
            if cutoff <= max_walk {
                within.push((format!("people_walk_{minutes}min"), reached(&found.each_on_foot[nth], cutoff)));
            }
            for window in &found.windows {
                let name = format!("people_transit_{}_{minutes}min", window.name);
                within.push((name, reached(&window.each[nth], cutoff)));
            }
        }
        for (at, place) in places.iter().enumerate() {
            let people =
                |(name, of): &(String, Vec<f64>)| PeopleWithin { name: name.clone(), people: of[at] };
            all.push(PlacePeople {
                category: &category.name,
                id: &place.id,
                name: &place.name,
                point: place.points.first().copied(),
                capacity: place.capacity,
                within: within.iter().map(people).collect(),
            });
        }
    }
    all
}
