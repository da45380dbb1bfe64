//! Neighbourhoods: polygons with a code, a name, people, and a place in a deprivation index.

mod deprivation;
mod locator;

use std::path::Path;

use geo::{
    Area, BoundingRect, Centroid, Contains, InteriorPoint, MakeValid, MapCoords, MultiPolygon, Validation,
};
use rustc_hash::FxHashMap;

use super::crs::{Bounds, Crs, CrsError, look_swapped};
use super::project::NeighbourhoodsInput;
use super::tables::features::{Feature, FeatureFile, Shape, text_of};
use super::tables::{
    AreaKind, JoinReport, Row, Table, TableError, Vintage, area_column, area_columns, key_of,
};
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::LonLat;
use crate::ids::{IdxVec, ZoneIdx};

pub use deprivation::Deprivation;
pub use locator::ZoneLocator;

/// Spellings of a column of people, the plainest first.
pub(super) const POPULATION: [&str; 16] = [
    "population",
    "pop",
    "persons",
    "people",
    "residents",
    "usual_residents",
    "total_population",
    "population_total",
    "all_persons",
    "totpop",
    "totpop2011",
    "totpop2022",
    "respop2011",
    "all_usual_residents",
    "total",
    "obs_value",
];
const NAME: [&str; 5] = ["name", "area_name", "label", "areanm", "geography_name"];
/// A repair that changes a polygon's area by more than this share is worth more than a note.
const SMALL_REPAIR: f64 = 0.001;

/// A neighbourhood.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbourhood {
    /// Its code, as the file writes it.
    pub id: String,
    /// Its name; the code again when it has none.
    pub name: String,
    /// How many people live in it; `None` when nobody says.
    pub population: Option<f64>,
    /// Its outline in degrees (longitude, latitude), valid.
    pub polygon: MultiPolygon<f64>,
    /// Its place in a deprivation index, if one was given.
    pub deprivation: Option<Deprivation>,
}

impl Neighbourhood {
    /// A point inside: the centroid, unless that lies outside a bent neighbourhood. Every valid polygon has one.
    pub fn middle(&self) -> Option<LonLat> {
        let polygon = &self.polygon;
        let inside = polygon.centroid().filter(|c| polygon.contains(c)).or_else(|| polygon.interior_point());
        let corner = || polygon.iter().find_map(|p| p.exterior().points().next());
        inside.or_else(corner).and_then(|p| LonLat::new(p.x(), p.y()))
    }
}

/// All neighbourhoods of a project.
#[derive(Clone, Debug)]
pub struct Neighbourhoods {
    /// In the order of the file.
    pub zones: IdxVec<ZoneIdx, Neighbourhood>,
    /// The column their codes came from, such as `LSOA21CD`, kept in the outputs so that they can be joined again.
    pub key_column: String,
    /// What that column's name says the areas are.
    pub kind: Option<AreaKind>,
    /// The year of their boundaries, as far as that column's name tells.
    pub vintage: Option<Vintage>,
    /// How well the population and deprivation files matched.
    pub joins: Vec<JoinReport>,
}

impl Neighbourhoods {
    /// Reads what `[neighbourhoods]` names.
    ///
    /// # Errors
    /// When a file cannot be read, is in a system that is not read or has exchanged axes, has no column of codes, has a
    /// code twice, or when less than 98 % of the neighbourhoods stand in the population or deprivation file.
    pub fn read(input: &NeighbourhoodsInput, findings: &mut Findings) -> Result<Neighbourhoods, TableError> {
        let path: &Path = &input.file;
        let file = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|source| TableError::Read { file: file.clone(), source })?;
        let in_file = if input.population_file.is_none() { input.population.as_deref() } else { None };
        let named = Named { id: input.id.as_deref(), name: input.name.as_deref(), population: in_file };
        let mut all = Neighbourhoods::parse(&file, &bytes, &named, findings)?;
        if let Some(path) = &input.population_file {
            all.add_population(path, input, findings)?;
        }
        if let Some(path) = &input.deprivation_file {
            let join = deprivation::add(&mut all.zones, path, input.allow_unmatched, findings)?;
            all.joins.push(join);
        }
        let without = all.zones.iter().filter(|z| z.population.is_none()).count() as u64;
        let what = "neighbourhoods without a known number of people";
        findings.count(Severity::Warning, "no_population", Outcome::Kept, &file, without, what);
        Ok(all)
    }

    /// As [`read`](Self::read), for one GeoJSON file at hand and without further files.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn parse(
        file: &str,
        bytes: &[u8],
        named: &Named<'_>,
        findings: &mut Findings,
    ) -> Result<Neighbourhoods, TableError> {
        if bytes.trim_ascii_start().first().is_some_and(|&b| b != b'{' && b != 0xef) {
            let what = "is no GeoJSON; give the neighbourhoods' polygons as GeoJSON (in QGIS: Export > Save Features \
                        As > GeoJSON)";
            return Err(TableError::Format { file: file.to_owned(), what: what.to_owned() });
        }
        let FeatureFile { crs, mismatch, features } = FeatureFile::read(file, bytes)?;
        let what = mismatch.unwrap_or_default();
        findings.count(
            Severity::Warning,
            "crs_mismatch",
            Outcome::Repaired,
            file,
            mismatch.iter().count() as u64,
            what,
        );
        let columns = Columns::of(file, &features, named)?;
        let mut zones = IdxVec::new();
        let mut seen: FxHashMap<String, u64> = FxHashMap::default();
        for feature in &features {
            let Some(zone) = zone(file, crs, feature, &columns, findings)? else { continue };
            if let Some(&first) = seen.get(&zone.id) {
                return Err(TableError::DuplicateId {
                    file: file.to_owned(),
                    id: zone.id,
                    unit: "feature",
                    first,
                    second: feature.number,
                });
            }
            seen.insert(zone.id.clone(), feature.number);
            zones.push(zone);
        }
        if zones.is_empty() {
            let what = "holds no usable polygon; give the neighbourhoods as polygons".to_owned();
            return Err(TableError::Format { file: file.to_owned(), what });
        }
        check_axes(file, &zones)?;
        let (kind, vintage) =
            area_column(&columns.id).map_or((None, None), |(kind, year)| (Some(kind), year));
        Ok(Neighbourhoods { zones, key_column: columns.id, kind, vintage, joins: Vec::new() })
    }

    /// The neighbourhood of each code.
    pub fn by_id(&self) -> FxHashMap<&str, ZoneIdx> {
        self.zones.enumerate().map(|(zone, n)| (n.id.as_str(), zone)).collect()
    }

    /// The box about all of them.
    pub fn bounds(&self) -> Option<Bounds> {
        bounds(&self.zones)
    }

    fn add_population(
        &mut self,
        path: &Path,
        input: &NeighbourhoodsInput,
        findings: &mut Findings,
    ) -> Result<(), TableError> {
        let mut table = Table::open(path)?;
        let code = code_column(&table, &self.key_column)?;
        let count = table.required("population", input.population.as_deref(), &POPULATION)?;
        let mut people: FxHashMap<String, (Option<f64>, u64)> = FxHashMap::default();
        let mut row = Row::default();
        while table.next(&mut row, findings)? {
            let Some(id) = row.text(code).map(|t| t.into_owned()) else { continue };
            match row.number(count) {
                Ok(n) if n.is_none_or(|n| n >= 0.0) => {
                    if let Some((_, first)) = people.insert(id.clone(), (n, row.line())) {
                        let (file, second) = (table.file().to_owned(), row.line());
                        return Err(TableError::DuplicateId { file, id, unit: "line", first, second });
                    }
                }
                _ => {
                    let value = row.text(count).unwrap_or_default().into_owned();
                    let what = format!(
                        "{} = {value:?} is not a number of people: row dropped",
                        table.header().name(count)
                    );
                    findings.at(
                        Severity::Error,
                        "bad_number",
                        Outcome::Dropped,
                        table.file(),
                        row.line(),
                        what,
                    );
                }
            }
        }
        let ids = self.zones.iter().map(|z| z.id.as_str());
        let what = format!("neighbourhoods to population ({})", table.file());
        let join = JoinReport::of(what, ids, people.keys().map(String::as_str));
        join.accept_and_tell(input.allow_unmatched, table.file(), findings)?;
        for zone in self.zones.iter_mut() {
            zone.population = people.get(&zone.id).and_then(|&(n, _)| n);
        }
        self.joins.push(join);
        Ok(())
    }
}

/// Properties that the user named; the others are detected.
#[derive(Clone, Copy, Debug, Default)]
pub struct Named<'a> {
    /// The code.
    pub id: Option<&'a str>,
    /// The name.
    pub name: Option<&'a str>,
    /// The number of people.
    pub population: Option<&'a str>,
}

/// The column of a table that holds neighbourhood codes: that of the neighbourhoods' own name, else the only one of
/// area codes, else the one that says it is the code.
pub(super) fn code_column(table: &Table, key_column: &str) -> Result<super::tables::Column, TableError> {
    if let Some(column) = table.column("neighbourhood code", None, &[key_column])? {
        return Ok(column);
    }
    let wanted_kind = area_column(key_column).map(|(kind, _)| kind);
    let areas = area_columns(table.header());
    let same: Vec<_> = areas.iter().filter(|(_, kind, _)| Some(*kind) == wanted_kind).collect();
    let general: Vec<_> = areas.iter().filter(|(_, kind, _)| *kind == AreaKind::Other).collect();
    match (same.as_slice(), general.as_slice(), areas.as_slice()) {
        ([(column, ..)], ..) | ([], [(column, ..)], _) | ([], [], [(column, ..)]) => Ok(*column),
        _ => match table.column("neighbourhood code", None, &["id"])? {
            Some(column) => Ok(column),
            None => Err(table.no_column("neighbourhood code", &[key_column])),
        },
    }
}

/// The properties of code, name and people that would be used of a file.
pub(super) fn proposed_columns(
    file: &str,
    features: &[Feature],
) -> Result<(String, Option<String>, Option<String>), TableError> {
    Columns::of(file, features, &Named::default()).map(|c| (c.id, c.name, c.population))
}

/// The properties that are used, by the names they have in the file.
struct Columns {
    id: String,
    name: Option<String>,
    population: Option<String>,
}

impl Columns {
    fn of(file: &str, features: &[Feature], named: &Named<'_>) -> Result<Columns, TableError> {
        let mut names: Vec<&String> = Vec::new();
        let first = features.iter().map(|f| &f.properties).find(|p| !p.is_empty());
        names.extend(first.into_iter().flat_map(|p| p.keys()));
        let like = |wanted: &str| names.iter().find(|n| key_of(n) == key_of(wanted)).map(|n| (*n).clone());
        let must = |role, wanted: Option<&str>| match wanted {
            None => Ok(None),
            Some(w) => like(w).map(Some).ok_or_else(|| TableError::no_column(file, role, &[w], &names)),
        };
        let id =
            must("neighbourhood code", named.id)?.or_else(|| code_property(&names)).or_else(|| like("id"));
        let id = id.ok_or_else(|| {
            TableError::no_column(
                file,
                "neighbourhood code",
                &["LSOA21CD or the like", "area_code", "id"],
                &names,
            )
        })?;
        let name = must("neighbourhood name", named.name)?
            .or_else(|| name_beside(&id).iter().find_map(|n| like(n)))
            .or_else(|| NAME.iter().find_map(|n| like(n)));
        let population = must("population", named.population)?
            .or_else(|| POPULATION.iter().filter(|p| **p != "total").find_map(|n| like(n)));
        Ok(Columns { id, name, population })
    }
}

/// The code of the finest areas among the properties; files of wards also name the district.
fn code_property(names: &[&String]) -> Option<String> {
    let coded = names.iter().filter_map(|n| area_column(n).map(|(kind, _)| (kind, *n)));
    coded.min_by_key(|(kind, _)| *kind).map(|(_, n)| n.clone())
}

/// `LSOA21CD` goes with `LSOA21NM`, `area_code` with `area_name`.
fn name_beside(id: &str) -> Vec<String> {
    let key = key_of(id);
    let exchange = |from: &str, to: &str| key.contains(from).then(|| key.replacen(from, to, 1));
    [("code", "name"), ("cd", "nm"), ("cd", "name")].iter().filter_map(|(a, b)| exchange(a, b)).collect()
}

fn zone(
    file: &str,
    crs: Crs,
    feature: &Feature,
    columns: &Columns,
    findings: &mut Findings,
) -> Result<Option<Neighbourhood>, TableError> {
    let text = |name: &str| text_of(feature.properties.get(name)).trim().to_owned();
    let id = text(&columns.id);
    let mut dropped = |code, what: String| {
        let what = format!("feature {} ({id}): {what}: dropped", feature.number);
        findings.count(Severity::Error, code, Outcome::Dropped, file, 1, what);
        Ok(None)
    };
    if id.is_empty() {
        return dropped("no_code", format!("{} is empty", columns.id));
    }
    let raw = match &feature.shape {
        Shape::Polygons(polygons) => polygons,
        Shape::None => return dropped("no_geometry", "no geometry".to_owned()),
        Shape::Broken(what) => return dropped("bad_geometry", what.clone()),
        Shape::Point(..) => return dropped("bad_geometry", "a Point where a polygon is wanted".to_owned()),
        Shape::Other(kind) => return dropped("bad_geometry", format!("a {kind} where a polygon is wanted")),
    };
    let degrees = match in_degrees(crs, raw) {
        Ok(degrees) => degrees,
        Err(source @ CrsError::NoGrid(..)) => return Err(TableError::Crs { file: file.to_owned(), source }),
        Err(e) => return dropped("bad_coordinate", e.to_string()),
    };
    let polygon = match valid(degrees) {
        Valid::AsGiven(polygon) => polygon,
        Valid::Repaired(polygon, why, change) => {
            let severity = if change.abs() > SMALL_REPAIR { Severity::Warning } else { Severity::Info };
            let what = format!(
                "feature {} ({id}): {why}: repaired, which changed its area by {:.2} %",
                feature.number,
                change * 100.0
            );
            findings.count(severity, "invalid_polygon", Outcome::Repaired, file, 1, what);
            polygon
        }
        Valid::Hopeless(why) => return dropped("invalid_polygon", why),
    };
    let population = columns.population.as_deref().map(|n| number_of(&text(n)));
    let population = match population {
        Some(Err(value)) => {
            let what = format!("feature {} ({id}): {value:?} is no number of people", feature.number);
            findings.count(Severity::Warning, "bad_number", Outcome::Kept, file, 1, what);
            None
        }
        Some(Ok(n)) => n,
        None => None,
    };
    let name = columns.name.as_deref().map(text).filter(|n| !n.is_empty()).unwrap_or_else(|| id.clone());
    Ok(Some(Neighbourhood { id, name, population, polygon, deprivation: None }))
}

fn number_of(text: &str) -> Result<Option<f64>, String> {
    match super::tables::parse_number(text, false) {
        Ok(Some(n)) if n < 0.0 => Err(text.to_owned()),
        Ok(n) => Ok(n),
        Err(()) => Err(text.to_owned()),
    }
}

fn in_degrees(crs: Crs, raw: &MultiPolygon<f64>) -> Result<MultiPolygon<f64>, CrsError> {
    raw.try_map_coords(|c| crs.point(c.x, c.y).map(|p| geo::Coord { x: p.lon(), y: p.lat() }))
}

enum Valid {
    AsGiven(MultiPolygon<f64>),
    /// Why it was not valid, and by what share its area changed.
    Repaired(MultiPolygon<f64>, String, f64),
    Hopeless(String),
}

fn valid(polygon: MultiPolygon<f64>) -> Valid {
    let Err(why) = polygon.check_validation() else { return Valid::AsGiven(polygon) };
    let why = why.to_string();
    match polygon.make_valid() {
        Ok(repaired) if repaired.unsigned_area() > 0.0 && repaired.is_valid() => {
            let (before, after) = (polygon.unsigned_area(), repaired.unsigned_area());
            let change = if before > 0.0 { after / before - 1.0 } else { 1.0 };
            Valid::Repaired(repaired, why, change)
        }
        _ => Valid::Hopeless(format!("{why}, and it cannot be repaired")),
    }
}

fn check_axes(file: &str, zones: &IdxVec<ZoneIdx, Neighbourhood>) -> Result<(), TableError> {
    let first = |z: &Neighbourhood| z.polygon.iter().find_map(|p| p.exterior().0.first().copied());
    let corners: Vec<LonLat> = zones.iter().filter_map(first).filter_map(|c| LonLat::new(c.x, c.y)).collect();
    if look_swapped(&corners, None) {
        let what = "latitude and longitude look exchanged; GeoJSON has longitude first: exchange the axes (in QGIS: \
                    Processing > Swap X and Y coordinates)";
        return Err(TableError::Format { file: file.to_owned(), what: what.to_owned() });
    }
    Ok(())
}

fn bounds(zones: &IdxVec<ZoneIdx, Neighbourhood>) -> Option<Bounds> {
    let boxes = zones.iter().filter_map(|z| z.polygon.bounding_rect());
    let corners = boxes.flat_map(|r| [(r.min().x, r.min().y), (r.max().x, r.max().y)]);
    Bounds::about(corners.filter_map(|(lon, lat)| LonLat::new(lon, lat)))
}

#[cfg(test)]
mod tests;
