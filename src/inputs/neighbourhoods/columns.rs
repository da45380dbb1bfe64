//! Which columns of a file of neighbourhoods hold their codes, names and people.

use rustc_hash::FxHashSet;

use crate::inputs::tables::features::{FeatureShape, TableFeature, decimal_of, text_of};
use crate::inputs::tables::{
    AreaKind, Decimal, InputTable, TableColumn, TableError, area_column, area_columns, key_of,
};

/// Spellings of a column of people, the plainest first.
pub(in crate::inputs) const POPULATION: [&str; 16] = [
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

/// What the ids that features have beside their properties are called.
const OWN_ID: &str = "id";

/// Properties that the user named; the others are detected.
#[derive(Clone, Copy, Debug, Default)]
pub struct NamedProperties<'a> {
    /// The code.
    pub id: Option<&'a str>,
    /// The name.
    pub name: Option<&'a str>,
    /// The number of people.
    pub population: Option<&'a str>,
}

/// The column of a table that holds neighbourhood codes: that of the neighbourhoods' own name, else
/// the only one of area codes, else the one that says it is the code.
pub(in crate::inputs) fn code_column(
    table: &InputTable,
    key_column: &str,
) -> Result<TableColumn, TableError> {
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
pub(in crate::inputs) fn proposed_columns(
    file: &str,
    features: &[TableFeature],
) -> Result<(String, Option<String>, Option<String>), TableError> {
    NeighbourhoodColumns::of(file, features, &NamedProperties::default())
        .map(|c| (c.id, c.name, c.population))
}

/// The columns of codes and names of a table of points: those that are named, else the finest areas
/// and what goes with them, else `id`.
pub(super) fn of_points(
    table: &InputTable,
    named: &NamedProperties<'_>,
) -> Result<(String, Option<String>), TableError> {
    let name = |column: TableColumn| table.header().name(column).to_owned();
    let areas = area_columns(table.header()).into_iter().min_by_key(|(_, kind, _)| *kind);
    let key = match (named.id, areas) {
        (Some(id), _) => table.required("neighbourhood code", Some(id), &[])?,
        (None, Some((column, ..))) => column,
        (None, None) => table.column("neighbourhood code", None, &["id"])?.ok_or_else(|| {
            table.no_column("neighbourhood code", &["LSOA21CD or the like", "area_code", "id"])
        })?,
    };
    let label = match named.name {
        Some(label) => Some(table.required("neighbourhood name", Some(label), &[])?),
        None => name_beside(&name(key)).iter().find_map(|beside| table.header().find(beside)),
    };
    Ok((name(key), label.map(name)))
}

/// The properties that are used, by the names they have in the file.
pub(super) struct NeighbourhoodColumns {
    pub id: String,
    /// Whether the codes are the features' own ids, beside their properties.
    pub own_ids: bool,
    pub name: Option<String>,
    pub population: Option<String>,
    /// The sign before decimals in the numbers of people.
    pub decimal: Decimal,
    /// Whether the features are points, all of them that have a place.
    pub points: bool,
}

impl NeighbourhoodColumns {
    pub(super) fn of(
        file: &str,
        features: &[TableFeature],
        named: &NamedProperties<'_>,
    ) -> Result<NeighbourhoodColumns, TableError> {
        let mut names: Vec<&String> = Vec::new();
        let first = features.iter().map(|f| &f.properties).find(|p| !p.is_empty());
        names.extend(first.into_iter().flat_map(|p| p.keys()));
        let like =
            |wanted: &str| names.iter().find(|n| key_of(n) == key_of(wanted)).map(|n| (*n).clone());
        let must = |role, wanted: Option<&str>| match wanted {
            None => Ok(None),
            Some(w) => {
                like(w).map(Some).ok_or_else(|| TableError::no_column(file, role, &[w], &names))
            }
        };
        let own = features.iter().any(|f| f.id.is_some()).then(|| OWN_ID.to_owned());
        let asks_own = named.id.is_some_and(|id| key_of(id) == OWN_ID) && like(OWN_ID).is_none();
        let said =
            if asks_own && own.is_some() { None } else { must("neighbourhood code", named.id)? };
        let property = said.or_else(|| code_property(&names, features).filter(|_| !asks_own));
        let property = property.or_else(|| like(OWN_ID));
        let own_ids = property.is_none();
        let id = property.or(own).ok_or_else(|| {
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
        let point = |f: &TableFeature| matches!(f.shape, FeatureShape::Point(..));
        let points = features.iter().any(point)
            && features
                .iter()
                .all(|f| !matches!(f.shape, FeatureShape::Polygons(_) | FeatureShape::Other(_)));
        let decimal =
            population.as_deref().map(|name| decimal_of(features, name)).unwrap_or_default();
        Ok(NeighbourhoodColumns { id, own_ids, name, population, decimal, points })
    }
}

/// The code of the finest areas among the properties: files of wards also name the district. A
/// property that has the same code twice is not that of these areas, where another is.
fn code_property(names: &[&String], features: &[TableFeature]) -> Option<String> {
    let coded = names.iter().filter_map(|n| area_column(n).map(|(kind, _)| (kind, *n)));
    let mut coded: Vec<_> = coded.collect();
    coded.sort_by_key(|(kind, _)| *kind);
    let each_once = |name: &str| {
        let mut seen = FxHashSet::default();
        features.iter().all(|f| seen.insert(text_of(f.properties.get(name))))
    };
    let own = coded.iter().find(|(_, name)| each_once(name)).or(coded.first());
    own.map(|(_, name)| (*name).clone())
}

/// `LSOA21CD` goes with `LSOA21NM`, `area_code` with `area_name`.
fn name_beside(id: &str) -> Vec<String> {
    let key = key_of(id);
    let exchange = |from: &str, to: &str| key.contains(from).then(|| key.replacen(from, to, 1));
    [("code", "name"), ("cd", "nm"), ("cd", "name")]
        .iter()
        .filter_map(|(a, b)| exchange(a, b))
        .collect()
}
