//! Where the people of a neighbourhood start from: points the user gives, else homes, else a point
//! inside.
//!
//! The choice is made per neighbourhood and stands in the outputs, since a number from one point in
//! the middle says less than one from a hundred doors.

mod sample;

use std::path::Path;

use serde::Serialize;

use super::neighbourhoods::{Neighbourhood, NeighbourhoodLocator, Neighbourhoods, overlaps};
use super::tables::{NumberColumn, PointsWanted, Postcodes, TableError, read_points};
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::LonLat;
use crate::ids::{Idx, IdxVec, NeighbourhoodIdx, OriginIdx};

pub use sample::sample_homes;

const WEIGHT: [&str; 6] = ["weight", "people", "population", "pop", "persons", "residents"];
const ID: [&str; 7] = ["id", "origin_id", "uid", "uprn", "ref", "reference", "code"];

/// A point that people start from.
#[derive(Clone, Debug, PartialEq)]
pub struct OriginPoint {
    /// Its id, as text.
    pub id: String,
    /// Where it lies.
    pub point: LonLat,
    /// How many people it stands for, at least 0; or 1, where nobody says.
    pub weight: f64,
    /// The neighbourhood it lies in.
    pub zone: Option<NeighbourhoodIdx>,
}

/// What a neighbourhood's origin points are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OriginSource {
    /// Points the user gave.
    Given,
    /// Homes sampled from OSM.
    Homes,
    /// One point: the centroid, or a point inside where the centroid lies outside.
    Centroid,
}

/// The origin points of a project.
#[derive(Clone, Debug)]
pub struct Origins {
    /// All points: those given in the order of their file, then those made for the neighbourhoods
    /// without any.
    pub points: IdxVec<OriginIdx, OriginPoint>,
    /// Which kind each neighbourhood has.
    pub sources: IdxVec<NeighbourhoodIdx, OriginSource>,
    /// The column the weights of given points came from; without one each weighs 1.
    pub weight_column: Option<String>,
}

/// What origin points are made from. Leave out what there is not.
#[derive(Clone, Copy, Default)]
pub struct OriginsFrom<'a> {
    /// A file of points, and its column of weights if the user named one.
    pub file: Option<(&'a Path, Option<&'a str>)>,
    /// Places of postcodes, for a file of postcodes without coordinates.
    pub postcodes: Option<&'a Postcodes>,
    /// Homes from OSM, each with a weight (dwellings, or floor area) that is more than 0.
    pub homes: &'a [(LonLat, f64)],
    /// Chooses which homes are taken.
    pub seed: u64,
    /// How many homes stand for a neighbourhood.
    pub per_zone: usize,
}

impl Origins {
    /// Finds origin points for every neighbourhood. Points made here share the neighbourhood's
    /// population equally, or weigh 1 together where it is unknown.
    ///
    /// # Errors
    /// When the file of points cannot be used, or lies wholly outside the neighbourhoods.
    pub fn of(
        from: &OriginsFrom<'_>,
        neighbourhoods: &Neighbourhoods,
        findings: &mut Findings,
    ) -> Result<Origins, TableError> {
        let locator = NeighbourhoodLocator::new(neighbourhoods);
        let (mut points, weight_column) = match from.file {
            Some((path, weight)) => read(path, weight, from, neighbourhoods, &locator, findings)?,
            None => (IdxVec::new(), None),
        };
        let mut given = vec![false; neighbourhoods.zones.len()];
        for zone in points.iter().filter_map(|p| p.zone) {
            given[zone.at()] = true;
        }
        let has_points = |(zone, neighbourhood): (NeighbourhoodIdx, &Neighbourhood)| {
            given[zone.at()] || neighbourhood.point.is_some()
        };
        // Most projects give the points of all neighbourhoods: then no home is looked at.
        let homes = if neighbourhoods.zones.enumerate().all(has_points) { &[] } else { from.homes };
        let sampled = sample_homes(homes, neighbourhoods, &locator, from.seed, from.per_zone);
        let mut sources = IdxVec::new();
        for ((zone, neighbourhood), homes) in neighbourhoods.zones.enumerate().zip(sampled) {
            if given[zone.at()] {
                sources.push(OriginSource::Given);
            } else if homes.is_empty() || neighbourhood.point.is_some() {
                if let Some(origin) = centre(zone, neighbourhood) {
                    points.push(origin);
                }
                sources.push(OriginSource::Centroid);
            } else {
                for origin in homes {
                    points.push(origin);
                }
                sources.push(OriginSource::Homes);
            }
        }
        report(from, neighbourhoods, &points, &sources, findings);
        overlaps::tell("neighbourhoods", neighbourhoods, &locator, &points, findings);
        Ok(Origins { points, sources, weight_column })
    }
}

type Read = (IdxVec<OriginIdx, OriginPoint>, Option<String>);

fn read(
    path: &Path,
    weight: Option<&str>,
    from: &OriginsFrom<'_>,
    neighbourhoods: &Neighbourhoods,
    locator: &NeighbourhoodLocator<'_>,
    findings: &mut Findings,
) -> Result<Read, TableError> {
    let wanted = PointsWanted {
        id: &ID,
        id_by_area: true,
        number: Some(NumberColumn { role: "weight", named: weight, spellings: &WEIGHT }),
        postcodes: from.postcodes,
        area: neighbourhoods.bounds().map(|b| b.grown(1.0)),
        ..PointsWanted::default()
    };
    let file = read_points(path, &wanted, findings)?;
    let name = path.display().to_string();
    let mut points = IdxVec::new();
    let mut unweighed = 0;
    for row in file.points {
        let weight = match (&file.number_column, row.number) {
            (None, _) => 1.0,
            (Some(_), Some(n)) => n,
            (Some(_), None) => {
                unweighed += 1;
                continue;
            }
        };
        points.push(OriginPoint {
            id: row.id,
            point: row.point,
            weight,
            zone: locator.zone_of(row.point),
        });
    }
    let what = "points whose weight is blank or suppressed: left out, their people are not counted";
    findings.count(Severity::Error, "no_weight", Outcome::Dropped, &name, unweighed, what);
    let outside = points.iter().filter(|p| p.zone.is_none()).count();
    if outside == points.len() {
        let what = "no point lies in any neighbourhood; are these the right files?".to_owned();
        return Err(TableError::Format { file: name, what });
    }
    let what = "points in no neighbourhood: kept as origins, but in no neighbourhood's numbers";
    findings.count(Severity::Warning, "origin_outside", Outcome::Kept, &name, outside as u64, what);
    Ok((points, file.number_column))
}

fn centre(zone: NeighbourhoodIdx, neighbourhood: &Neighbourhood) -> Option<OriginPoint> {
    let weight = neighbourhood.population.unwrap_or(1.0);
    let point = neighbourhood.middle()?;
    Some(OriginPoint { id: neighbourhood.id.clone(), point, weight, zone: Some(zone) })
}

fn report(
    from: &OriginsFrom<'_>,
    neighbourhoods: &Neighbourhoods,
    points: &IdxVec<OriginIdx, OriginPoint>,
    sources: &IdxVec<NeighbourhoodIdx, OriginSource>,
    findings: &mut Findings,
) {
    let file =
        from.file.map_or_else(|| "origins".to_owned(), |(path, _)| path.display().to_string());
    let mut total = vec![0.0; sources.len()];
    for point in points.iter() {
        if let Some(zone) = point.zone {
            total[zone.at()] += point.weight;
        }
    }
    for (zone, source) in sources.enumerate() {
        let id = &neighbourhoods.zones[zone].id;
        if from.file.is_some() && *source != OriginSource::Given {
            let kind = if *source == OriginSource::Homes {
                "homes from OSM"
            } else {
                "one point inside it"
            };
            let what = format!("neighbourhood {id} has no point in the file: {kind} instead");
            findings.count(Severity::Warning, "no_origin_given", Outcome::Repaired, &file, 1, what);
        }
        if total[zone.at()] == 0.0 {
            let what = format!(
                "neighbourhood {id}: the weights of its points add up to 0, so that it counts for nobody"
            );
            findings.count(Severity::Warning, "zero_weight", Outcome::Kept, &file, 1, what);
        }
    }
    let centroids = sources.iter().filter(|s| **s == OriginSource::Centroid).count() as u64;
    let what = "neighbourhoods whose people all start from one point inside it";
    findings.count(Severity::Info, "centroid_origin", Outcome::Kept, &file, centroids, what);
}

#[cfg(test)]
mod tests;
