//! Neighbourhoods: polygons with a code, a name, people, and a place in a deprivation index.

mod columns;
mod deprivation;
mod locator;
pub(in crate::inputs) mod overlaps;
mod shape;

use std::path::Path;

use geo::{BoundingRect, Centroid, Contains, InteriorPoint, MultiPolygon};
use rustc_hash::FxHashMap;

use super::crs::{Bounds, look_swapped};
use super::project::NeighbourhoodsInput;
use super::tables::features::FeatureFile;
use super::tables::{
    AreaKind, BlankCodes, InputTable, JoinReport, NumberColumn, PointRow, PointsWanted, TableError,
    TableRow, Vintage, area_column, read_layer, read_points,
};
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::LonLat;
use crate::ids::{IdxVec, NeighbourhoodIdx};

pub use columns::NamedProperties;
use columns::NeighbourhoodColumns;
pub(in crate::inputs) use columns::{POPULATION, code_column, proposed_columns};
pub use deprivation::Deprivation;
pub use locator::NeighbourhoodLocator;

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
    /// The point that is all the file has of it; its outline is then a small circle, to be seen on
    /// a map.
    pub point: Option<LonLat>,
}

impl Neighbourhood {
    /// A point inside: the centroid, unless that lies outside a bent neighbourhood. Every valid
    /// polygon has one.
    pub fn middle(&self) -> Option<LonLat> {
        if self.point.is_some() {
            return self.point;
        }
        let polygon = &self.polygon;
        let inside =
            polygon.centroid().filter(|c| polygon.contains(c)).or_else(|| polygon.interior_point());
        let corner = || polygon.iter().find_map(|p| p.exterior().points().next());
        inside.or_else(corner).and_then(|p| LonLat::new(p.x(), p.y()))
    }
}

/// All neighbourhoods of a project.
#[derive(Clone, Debug)]
pub struct Neighbourhoods {
    /// In the order of the file.
    pub zones: IdxVec<NeighbourhoodIdx, Neighbourhood>,
    /// The column their codes came from, such as `LSOA21CD`, kept in the outputs so that they can
    /// be joined again.
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
    /// When a file cannot be read, is in a system that is not read or has exchanged axes, has no
    /// column of codes, has a code twice, or when less than 98 % of the neighbourhoods stand in the
    /// population or deprivation file.
    pub fn read(
        input: &NeighbourhoodsInput,
        findings: &mut Findings,
    ) -> Result<Neighbourhoods, TableError> {
        let path: &Path = &input.file;
        let file = path.display().to_string();
        let in_file =
            if input.population_file.is_none() { input.population.as_deref() } else { None };
        let named = NamedProperties {
            id: input.id.as_deref(),
            name: input.name.as_deref(),
            population: in_file,
        };
        let mut all = match read_layer(path, input.layer.as_deref())? {
            Some(features) => Neighbourhoods::of(&file, features, &named, findings)?,
            None => Neighbourhoods::of_table(path, &named, findings)?,
        };
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
        named: &NamedProperties<'_>,
        findings: &mut Findings,
    ) -> Result<Neighbourhoods, TableError> {
        if bytes.trim_ascii_start().first().is_some_and(|&b| b != b'{' && b != 0xef) {
            let what = "is no GeoJSON".to_owned();
            return Err(TableError::Format { file: file.to_owned(), what });
        }
        Neighbourhoods::of(file, FeatureFile::read(file, bytes)?, named, findings)
    }

    /// Points with codes, from a CSV.
    fn of_table(
        path: &Path,
        named: &NamedProperties<'_>,
        findings: &mut Findings,
    ) -> Result<Neighbourhoods, TableError> {
        let (key_column, label) = columns::of_points(&InputTable::open(path)?, named)?;
        let number = NumberColumn {
            role: "population",
            named: named.population,
            spellings: &columns::POPULATION,
        };
        let (id, label) = ([key_column.as_str()], [label.as_deref().unwrap_or_default()]);
        let wanted = PointsWanted {
            id_required: true,
            id: &id,
            number: Some(number),
            details: &[&label],
            ..PointsWanted::default()
        };
        let file = path.display().to_string();
        let read = read_points(path, &wanted, findings)?;
        if read.points.is_empty() {
            let what =
                "holds no usable point; give the neighbourhoods as polygons or points".to_owned();
            return Err(TableError::Format { file, what });
        }
        let called = |row: &PointRow| {
            let label = row.details.first().cloned().flatten();
            label
                .or_else(|| (!row.name.is_empty()).then(|| row.name.clone()))
                .unwrap_or_else(|| row.id.clone())
        };
        let zone = |row: PointRow| Neighbourhood {
            name: called(&row),
            population: row.number,
            polygon: shape::circle(row.point),
            deprivation: None,
            point: Some(row.point),
            id: row.id,
        };
        let zones: IdxVec<NeighbourhoodIdx, Neighbourhood> =
            read.points.into_iter().map(zone).collect();
        tell_of_points(&file, zones.len() as u64, findings);
        let (kind, vintage) =
            area_column(&key_column).map_or((None, None), |(kind, year)| (Some(kind), year));
        Ok(Neighbourhoods { zones, key_column, kind, vintage, joins: Vec::new() })
    }

    fn of(
        file: &str,
        features: FeatureFile,
        named: &NamedProperties<'_>,
        findings: &mut Findings,
    ) -> Result<Neighbourhoods, TableError> {
        let FeatureFile { crs, notes, features } = features;
        notes.tell(file, findings);
        let columns = NeighbourhoodColumns::of(file, &features, named)?;
        let mut zones = IdxVec::new();
        let mut seen: FxHashMap<String, u64> = FxHashMap::default();
        for feature in &features {
            let Some(zone) = shape::zone(file, crs, feature, &columns, findings)? else { continue };
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
        let points =
            zones.iter().filter(|zone: &&Neighbourhood| zone.point.is_some()).count() as u64;
        tell_of_points(file, points, findings);
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
    pub fn by_id(&self) -> FxHashMap<&str, NeighbourhoodIdx> {
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
        let mut table = InputTable::open(path)?;
        let code = code_column(&table, &self.key_column)?;
        let count =
            table.required("population", input.population.as_deref(), &columns::POPULATION)?;
        let mut people: FxHashMap<String, (Option<f64>, u64)> = FxHashMap::default();
        let (mut row, mut blanks) = (TableRow::default(), BlankCodes::default());
        while table.next(&mut row, findings)? {
            let number = row.count(count).unwrap_or_else(|e| {
                let what = format!("{} = {e}: taken as not known", table.header().name(count));
                findings.at(
                    Severity::Error,
                    "bad_number",
                    Outcome::Dropped,
                    table.file(),
                    row.line(),
                    what,
                );
                None
            });
            let Some(id) = row.code(code).map(|t| t.into_owned()) else {
                blanks.add(&row, number.is_some());
                continue;
            };
            match people.get(&id) {
                None => drop(people.insert(id, (number, row.line()))),
                Some((before, first)) if *before == number => {
                    let what = format!("{id:?} again, as on line {first}: row dropped");
                    let (severity, outcome) = (Severity::Warning, Outcome::Dropped);
                    findings.at(severity, "duplicate_id", outcome, table.file(), row.line(), what);
                }
                Some((_, first)) => {
                    let (file, first, second) = (table.file().to_owned(), *first, row.line());
                    return Err(TableError::DuplicateId {
                        file,
                        id,
                        unit: table.unit(),
                        first,
                        second,
                    });
                }
            }
        }
        blanks.tell(&table, "with a number of people", findings);
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

fn tell_of_points(file: &str, points: u64, findings: &mut Findings) {
    let what = "neighbourhoods that are given as a point alone: their people start from it, and maps show a small circle";
    findings.count(Severity::Info, "point_neighbourhood", Outcome::Kept, file, points, what);
}

fn check_axes(
    file: &str,
    zones: &IdxVec<NeighbourhoodIdx, Neighbourhood>,
) -> Result<(), TableError> {
    let first = |z: &Neighbourhood| z.polygon.iter().find_map(|p| p.exterior().0.first().copied());
    let corners: Vec<LonLat> =
        zones.iter().filter_map(first).filter_map(|c| LonLat::new(c.x, c.y)).collect();
    if look_swapped(&corners, None) {
        let what = "latitude and longitude look exchanged; GeoJSON has longitude first: exchange the axes (in QGIS: \
                    Processing > Swap X and Y coordinates)";
        return Err(TableError::Format { file: file.to_owned(), what: what.to_owned() });
    }
    Ok(())
}

fn bounds(zones: &IdxVec<NeighbourhoodIdx, Neighbourhood>) -> Option<Bounds> {
    let boxes = zones.iter().filter_map(|z| z.polygon.bounding_rect());
    let corners = boxes.flat_map(|r| [(r.min().x, r.min().y), (r.max().x, r.max().y)]);
    Bounds::about(corners.filter_map(|(lon, lat)| LonLat::new(lon, lat)))
}

#[cfg(test)]
mod tests;
