//! What a file is, by its name and by what stands first in it.

use std::fs::File;
use std::path::Path;

use super::super::broadband::looks_like_coverage;
use super::super::neighbourhoods::{POPULATION, proposed_columns};
use super::super::tables::features::Shape;
use super::super::tables::{
    AreaKind, Header, Table, TableError, Vintage, area_column, area_columns, key_of, read_layer,
};

/// What a folder holds, each list in the order of the names.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub osm: Vec<String>,
    pub gtfs: Vec<String>,
    /// The likeliest neighbourhoods first.
    pub polygons: Vec<Polygons>,
    /// With their column of weights.
    pub origins: Vec<(String, Option<String>)>,
    /// Category and file.
    pub registers: Vec<(String, String)>,
    pub jobs: Vec<String>,
    /// By output area, and by anything else.
    pub broadband: [Vec<String>; 2],
    pub lookup: Vec<String>,
    pub population: Vec<String>,
    pub deprivation: Vec<String>,
    pub postcodes: Option<String>,
    pub unknown: Vec<String>,
}

/// A file of polygons.
#[derive(Debug)]
pub(super) struct Polygons {
    pub file: String,
    pub id: String,
    pub name: Option<String>,
    pub population: Option<String>,
    order: (u8, std::cmp::Reverse<Option<Vintage>>),
}

impl Found {
    /// Whether anything was recognised.
    pub(super) fn any(&self) -> bool {
        let lists = [&self.osm, &self.gtfs, &self.jobs, &self.lookup, &self.population, &self.deprivation];
        lists.iter().any(|list| !list.is_empty())
            || !(self.polygons.is_empty() && self.origins.is_empty() && self.registers.is_empty())
            || self.broadband.iter().any(|list| !list.is_empty())
            || self.postcodes.is_some()
    }

    /// The registers of a category.
    pub(super) fn registers_of(&self, category: &str) -> Vec<String> {
        self.registers.iter().filter(|(name, _)| name == category).map(|(_, file)| file.clone()).collect()
    }
}

/// Words in file names, and the category they tell.
const NAMES: [(&str, &str); 17] = [
    ("librar", "library"),
    ("general_pract", "gp"),
    ("gp_", "gp"),
    ("gps", "gp"),
    ("surger", "gp"),
    ("doctor", "gp"),
    ("pharmac", "pharmacy"),
    ("chemist", "pharmacy"),
    ("school", "school"),
    ("supermarket", "supermarket"),
    ("pubs", "pub"),
    ("worship", "place_of_worship"),
    ("church", "place_of_worship"),
    ("communit", "community_centre"),
    ("park", "park"),
    ("food_bank", "food_bank"),
    ("jobcentre", "jobcentre"),
];

/// Looks at each entry of a folder.
pub(super) fn folder(dir: &Path) -> Result<Found, TableError> {
    let read = |source| TableError::Read { file: dir.display().to_string(), source };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(read)? {
        names.push(entry.map_err(read)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let mut found = Found::default();
    for name in names {
        let path = dir.join(&name);
        let lower = name.to_lowercase();
        if path.is_dir() {
            if path.join("stop_times.txt").is_file() {
                found.gtfs.push(name);
            }
        } else if lower.ends_with(".pbf") {
            found.osm.push(name);
        } else if lower.ends_with(".zip") {
            if is_feed(&path) { found.gtfs.push(name) } else { found.unknown.push(name) }
        } else if [".geojson", ".json", ".gpkg", ".shp", ".parquet", ".fgb"]
            .iter()
            .any(|end| lower.ends_with(end))
        {
            layer(&mut found, name, &path);
        } else if [".csv", ".tsv", ".txt"].iter().any(|end| lower.ends_with(end)) {
            table(&mut found, name, &path);
        }
    }
    found.polygons.sort_by(|a, b| (a.order, &a.file).cmp(&(b.order, &b.file)));
    if found.postcodes.is_none() {
        let placeless = std::mem::take(&mut found.registers);
        let (kept, rest) = placeless.into_iter().partition(|(_, file)| located(&dir.join(file)));
        found.registers = kept;
        found.unknown.extend(rest.into_iter().map(|(_, file): (String, String)| file));
    }
    Ok(found)
}

fn is_feed(path: &Path) -> bool {
    let archive = File::open(path).ok().and_then(|file| zip::ZipArchive::new(file).ok());
    archive.is_some_and(|a| a.file_names().any(|n| n.rsplit('/').next() == Some("stop_times.txt")))
}

fn layer(found: &mut Found, name: String, path: &Path) {
    let Ok(Some(file)) = read_layer(path, None) else { return found.unknown.push(name) };
    if file.features.iter().any(|f| matches!(f.shape, Shape::Point(..) | Shape::Points(_))) {
        return match Table::open(path) {
            Ok(table) => points(found, name, table.header()),
            Err(_) => found.unknown.push(name),
        };
    }
    let Ok((id, label, population)) = proposed_columns(&name, &file.features) else {
        return found.unknown.push(name);
    };
    let (kind, vintage) = area_column(&id).map_or((None, None), |(kind, vintage)| (Some(kind), vintage));
    let place = match kind {
        Some(AreaKind::Lsoa) => 0,
        Some(AreaKind::OutputArea) => 1,
        None | Some(AreaKind::Other) => 2,
        Some(AreaKind::Msoa) => 3,
        Some(_) => 4,
    };
    let order = (place, std::cmp::Reverse(vintage));
    found.polygons.push(Polygons { file: name, id, name: label, population, order });
}

fn table(found: &mut Found, name: String, path: &Path) {
    let Ok(table) = Table::open(path) else { return found.unknown.push(name) };
    let header = table.header();
    let keys = header.keys();
    let has = |wanted: &[&str]| wanted.iter().any(|w| keys.iter().any(|k| k == w));
    let located = is_located(header);
    let areas = area_columns(header).len();
    let postcode = has(&["postcode", "pcds", "pcd", "pcd7", "pcd8", "postcode_space"]);
    if looks_like_coverage(keys) {
        // One layout to a project: output areas have counts, postcodes percentages alone.
        found.broadband[usize::from(!has(&["output_area"]))].push(name);
    } else if has(&["mnemonic", "obs_value", "jobs", "employment", "employees"]) {
        found.jobs.push(name);
    } else if let Some(category) = category_of(&name).filter(|_| located || postcode) {
        found.registers.push((category, name));
    } else if postcode && areas > 0 {
        found.lookup.push(name.clone());
        if located {
            found.postcodes.get_or_insert(name);
        }
    } else if located {
        points(found, name, header);
    } else if areas > 0 && (keys.iter().any(|k| is_deprivation(k)) || has(&["rank"]) && has(&["decile"])) {
        found.deprivation.push(name);
    } else if areas > 1 && !has(&["value", "measure"]) {
        found.lookup.push(name);
    } else if areas > 0 && has(&POPULATION) {
        found.population.push(name);
    } else {
        found.unknown.push(name);
    }
}

/// Points: a register if the name says so, origins if they have the codes of areas or a number of people.
fn points(found: &mut Found, name: String, header: &Header) {
    let weight = header.columns().map(|c| header.name(c)).find(|n| {
        let key = key_of(n);
        key == "weight"
            || key == "people"
            || (POPULATION.contains(&key.as_str()) && key != "total" && key != "obs_value")
    });
    let lower = name.to_lowercase();
    let homes = ["pwc", "centroid", "origin", "homes", "household", "grid"].iter().any(|w| lower.contains(w));
    if let Some(category) = category_of(&name) {
        found.registers.push((category, name));
    } else if homes || weight.is_some() {
        found.origins.push((name, weight.map(str::to_owned)));
    } else {
        found.unknown.push(name);
    }
}

fn category_of(name: &str) -> Option<String> {
    let key = key_of(name);
    NAMES.iter().find(|(word, _)| key.contains(word)).map(|(_, category)| (*category).to_owned())
}

fn is_deprivation(key: &str) -> bool {
    let telling = ["imd_score", "imd_rank", "imd_decile", "wimd", "simd", "index_of_multiple_deprivation"];
    telling.iter().any(|t| key.starts_with(t))
}

fn located(path: &Path) -> bool {
    Table::open(path).is_ok_and(|table| table.has_geometry() || is_located(table.header()))
}

fn is_located(header: &Header) -> bool {
    super::super::tables::has_coordinates(header)
}
