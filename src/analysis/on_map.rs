//! Points held against the map: of those off it nothing is known, and that is said.

use super::network_query::NetworkQuery;
use super::typed_points::map_bounds;
use super::{AnalysisError, Observer};
use crate::access::map_edge::MapCoverage;
use crate::finding::base_name;
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::{Entries, LonLat};
use crate::inputs::crs::Bounds;
use crate::inputs::osm::OsmFile;
use crate::inputs::tables::PointRow;
use crate::routing::network::{Joined, Network};
use crate::routing::street::snap_report::SnapNames;
use crate::sanitise::clean_text;

/// Points that a warning names.
const NAMED: usize = 5;

/// A map that points are held against.
#[derive(Clone, Copy)]
pub struct StudyMap<'a> {
    /// The streets.
    pub network: &'a Network,
    /// How far they reach.
    pub coverage: &'a MapCoverage<'a>,
    /// The extracts.
    pub files: &'a [OsmFile],
}

/// Rows of a table joined to the streets of a query, as [`StudyMap::join`] does.
///
/// # Errors
/// If all of them lie off the map.
pub fn on_map(
    query: &NetworkQuery,
    what: &str,
    rows: &[PointRow],
    observer: &dyn Observer,
    findings: &mut Findings,
) -> Result<Joined, AnalysisError> {
    let points: Vec<(&str, LonLat)> = rows.iter().map(|row| (row.id.as_str(), row.point)).collect();
    query.map(&query.coverage()).join(what, &points, observer, findings)
}

impl StudyMap<'_> {
    /// Points joined to the streets. Those off the map join none, and are told of; so is how the
    /// others join.
    ///
    /// # Errors
    /// If all of them lie off the map.
    pub fn join(
        &self,
        what: &str,
        points: &[(&str, LonLat)],
        observer: &dyn Observer,
        findings: &mut Findings,
    ) -> Result<Joined, AnalysisError> {
        let on_map: Vec<bool> =
            points.iter().map(|(_, point)| self.coverage.holds(*point)).collect();
        if !on_map.contains(&true) {
            return Err(self.none_of(what, points));
        }
        let joined = self.network.join(points.iter().map(|(_, point)| std::slice::from_ref(point)));
        let joined = joined.keep(&on_map);
        let each = points.iter().zip(&joined.snaps).zip(&on_map);
        let snaps: Vec<_> = each
            .filter(|(_, on_map)| **on_map)
            .map(|(((id, _), snaps), _)| ((*id).to_owned(), snaps.first()))
            .collect();
        SnapNames::points(what).report(&snaps, findings);
        let off: Vec<&str> =
            points.iter().zip(&on_map).filter(|(_, on)| !**on).map(|((id, _), _)| *id).collect();
        tell(what, &off, points.len(), observer, findings);
        Ok(joined)
    }

    fn none_of(&self, what: &str, points: &[(&str, LonLat)]) -> AnalysisError {
        let around = Bounds::about(points.iter().map(|(_, point)| *point));
        let who = match points {
            [(id, _)] => {
                format!("the only one of the {what}, {}, lies off the map", clean_text(id))
            }
            _ => format!("none of the {} {what} lies on the map", points.len()),
        };
        apart(&who, what, around, map_bounds(self.network), self.files)
    }
}

/// That points and a map have nothing to do with each other, and what to do about it.
pub fn apart(
    who: &str,
    what: &str,
    around: Option<Bounds>,
    map: Option<Bounds>,
    files: &[OsmFile],
) -> AnalysisError {
    let names: Vec<String> = files.iter().map(|file| base_name(&file.path)).collect();
    let exchanged = around.zip(map).is_some_and(|(around, map)| turned(around).meets(map));
    let advice = if exchanged {
        format!("longitude and latitude of the {what} look exchanged")
    } else {
        "name an extract of their area, from download.geofabrik.de or the like".to_owned()
    };
    AnalysisError::Usage(format!(
        "{who}: they lie {}, the streets of {} {}; {advice}",
        between(around),
        names.join(", "),
        between(map)
    ))
}

/// Whether any point of a place lies on the map.
pub fn is_on_map(coverage: &MapCoverage, points: &Entries) -> bool {
    points.iter().any(|point| coverage.holds(*point))
}

/// Says which points are off the map: all of them in the findings, how many and the first on the
/// standard error.
fn tell(what: &str, off: &[&str], all: usize, observer: &dyn Observer, findings: &mut Findings) {
    let Some((first, count)) = off.first().map(|_| (&off[..off.len().min(NAMED)], off.len()))
    else {
        return;
    };
    for id in off {
        let what_of =
            format!("{count} of {all} points lie off the map: what they reach is unknown: {id}");
        findings.count(Severity::Warning, "point_off_map", Outcome::Kept, what, 1, what_of);
    }
    let more = if count > NAMED { format!(" and {} more", count - NAMED) } else { String::new() };
    let names: Vec<_> = first.iter().map(|id| clean_text(id)).collect();
    observer.warning(&format!(
        "{count} of {all} {what} lie off the map: what is reached from or to them is unknown, and they have no number: {}{more}",
        names.join(", ")
    ));
}

fn between(bounds: Option<Bounds>) -> String {
    bounds.map_or_else(
        || "nowhere".to_owned(),
        |b| {
            format!(
                "between {:.3},{:.3} and {:.3},{:.3} (lon,lat)",
                b.lon.0, b.lat.0, b.lon.1, b.lat.1
            )
        },
    )
}

fn turned(bounds: Bounds) -> Bounds {
    Bounds { lon: bounds.lat, lat: bounds.lon }
}

impl NetworkQuery {
    /// What the map covers.
    pub fn coverage(&self) -> MapCoverage<'_> {
        MapCoverage::new(&self.network, &self.osm.extent)
    }

    /// The map that points are held against.
    pub fn map<'a>(&'a self, coverage: &'a MapCoverage<'a>) -> StudyMap<'a> {
        StudyMap { network: &self.network, coverage, files: &self.osm.files }
    }
}
