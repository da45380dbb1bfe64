//! Points and places that nobody can get to, or of which nothing can be known: each is said by its
//! name.

use std::path::Path;

use crate::access::map_edge::{MapCoverage, MapPosition};
use crate::finding::{Finding, Findings, Outcome, Severity};
use crate::geometry::LonLat;
use crate::ids::{Idx, IdxVec, OriginIdx};
use crate::inputs::crs::Bounds;
use crate::inputs::neighbourhoods::Neighbourhoods;
use crate::inputs::origins::Origins;
use crate::inputs::places::CategoryPlace;
use crate::inputs::project::{Category, Project};
use crate::inputs::stray::Stray;
use crate::routing::network::{Joined, Network};
use crate::routing::street::snap_report::SnapNames;

/// Faults of each kind that page one names; `findings.csv` has the rest.
const NAMED: usize = 5;
/// What page one tells of one by one.
const TOLD: [&str; 8] = [
    "coordinates_exchanged",
    "coordinates_nought",
    "coordinates_far_away",
    "bad_coordinate",
    "missing_coordinate",
    "zone_exchanged",
    "place_off_network",
    "place_off_map",
];

/// Tells of the origin points that are off the map, and how the others join the streets.
pub(crate) fn origins(
    origins: &Origins,
    joined: &Joined,
    places: &IdxVec<OriginIdx, MapPosition>,
    findings: &mut Findings,
) {
    let each =
        || origins.points.enumerate().map(|(number, origin)| (number, &origin.id, places[number]));
    let on_map = each().filter(|(.., place)| place.is_on_map());
    let snaps: Vec<_> =
        on_map.map(|(number, id, _)| (id.clone(), joined.snaps[number.at()].first())).collect();
    SnapNames::points("origins").report(&snaps, findings);
    let off: Vec<&String> =
        each().filter(|(.., place)| !place.is_on_map()).map(|(_, id, _)| id).collect();
    for id in &off {
        let what = format!(
            "{} of {} points lie off the map: what they reach is unknown, and they are in no sum: {id}",
            off.len(),
            origins.points.len()
        );
        findings.count(Severity::Warning, "point_off_map", Outcome::Kept, "origins", 1, what);
    }
}

/// Tells of the neighbourhoods off the map that would lie on it with their axes exchanged.
pub(crate) fn zones(zones: &Neighbourhoods, coverage: &MapCoverage, findings: &mut Findings) {
    for zone in zones.zones.iter() {
        let Some(middle) = zone.middle().filter(|middle| !coverage.holds(*middle)) else {
            continue;
        };
        let exchanged = LonLat::new(middle.lat(), middle.lon());
        if exchanged.is_some_and(|point| coverage.holds(point)) {
            let what = format!("{} ({}): {}", zone.name, zone.id, Stray::Exchanged.says(middle));
            findings.count(
                Severity::Error,
                "zone_exchanged",
                Outcome::Kept,
                "neighbourhoods",
                1,
                what,
            );
        }
    }
}

/// Tells of the places that nobody can get to: those on the map that join no street, and those off
/// it.
pub(crate) fn places(
    categories: &[Category],
    places: &[Vec<CategoryPlace>],
    network: &Network,
    (coverage, area): (&MapCoverage, Option<Bounds>),
    findings: &mut Findings,
) {
    for (category, places) in categories.iter().zip(places) {
        let joined = network.join_places(places.iter().map(|place| &place.points));
        let lost = places.iter().zip(&joined.snaps).filter(|(_, snaps)| snaps.is_empty());
        let is_on_map =
            |place: &CategoryPlace| place.points.iter().any(|point| coverage.holds(*point));
        let (off_network, off_map): (Vec<&CategoryPlace>, Vec<&CategoryPlace>) =
            lost.map(|(place, _)| place).partition(|place| is_on_map(place));
        for place in off_network {
            let within = network.settings().max_snap;
            let what = format!("joins no street, for none is within {within}: nobody gets there");
            tell(category, place, "place_off_network", what, findings);
        }
        // What cannot lie where it says was told of, with its line, when it was read.
        let is_stray = |point: &LonLat| area.is_some_and(|area| Stray::of(*point, area).is_some());
        let off_map: Vec<_> =
            off_map.into_iter().filter(|place| !place.points.iter().any(is_stray)).collect();
        tell_off_map(category, &off_map, places.len(), findings);
    }
}

/// Of a register of a wider area most places lie off the map, which is no fault of theirs: it is
/// said of all together.
fn tell_off_map(category: &Category, off: &[&CategoryPlace], all: usize, findings: &mut Findings) {
    if 2 * off.len() <= all {
        let what = "lies off the map: nobody gets there";
        off.iter()
            .for_each(|place| tell(category, place, "place_off_map", what.to_owned(), findings));
        return;
    }
    let what = format!(
        "`{}`: {} of {all} places lie off the map: nobody gets there; the first: {}",
        category.name,
        off.len(),
        off.first().map_or_else(String::new, |place| named(place))
    );
    let count = off.len() as u64;
    findings.count(Severity::Info, "place_off_map", Outcome::Kept, "places", count, what);
}

fn tell(
    category: &Category,
    place: &CategoryPlace,
    code: &'static str,
    what: String,
    findings: &mut Findings,
) {
    let what = format!("`{}`: {} {what}", category.name, named(place));
    findings.count(Severity::Warning, code, Outcome::Kept, "places", 1, what);
}

/// What a place is called, and where it is to be found in the data.
fn named(place: &CategoryPlace) -> String {
    if place.name.is_empty() { place.id.clone() } else { format!("{} ({})", place.name, place.id) }
}

/// What a reader has to know of these before she quotes a number: the first of each kind by name.
pub fn notes(project: &Project, findings: &Findings) -> Vec<String> {
    let files = points_files(project);
    let is_told = |finding: &&Finding| {
        let of_points = matches!(finding.code, "bad_coordinate" | "missing_coordinate");
        finding.severity >= Severity::Warning && (!of_points || files.contains(&finding.file))
    };
    let mut notes = Vec::new();
    for code in TOLD {
        let told: Vec<&Finding> =
            findings.iter().filter(|finding| finding.code == code).filter(is_told).collect();
        notes.extend(told.iter().take(NAMED).map(|finding| note(finding)));
        if told.len() > NAMED {
            notes.push(format!(
                "… and {} more of these: `{code}` in findings.csv",
                told.len() - NAMED
            ));
        }
    }
    notes
}

fn note(finding: &Finding) -> String {
    let file = crate::finding::base_name(Path::new(&finding.file));
    match finding.line {
        Some(line) => format!("{file}, line {line}: {}", finding.what),
        None => format!("{file}: {}", finding.what),
    }
}

/// The files that hold places, jobs and origin points, as findings name them.
fn points_files(project: &Project) -> Vec<String> {
    let mut files: Vec<&Path> = Vec::new();
    files.extend(
        project
            .categories
            .iter()
            .flat_map(|category| &category.files)
            .map(|file| -> &Path { file }),
    );
    files.extend(project.origins.iter().map(|origins| -> &Path { &origins.file }));
    if let Some(jobs) = &project.jobs {
        files.push(&jobs.file);
        files.extend(jobs.points.iter().map(|file| -> &Path { file }));
    }
    files.into_iter().map(|file| file.display().to_string()).collect()
}
