//! What a file is, by its name and by what stands first in it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::proposal_fit::{self, RejectedFile};

use super::super::broadband::looks_like_coverage;
use super::super::neighbourhoods::{POPULATION, proposed_columns};
use super::super::tables::features::{FeatureShape, text_of};
use super::super::tables::{
    AreaKind, InputTable, TableColumn, TableError, TableHeader, TableRow, Vintage, area_column,
    area_columns, key_of, read_layer,
};
use crate::finding::Findings;

/// Rows that are enough to tell numbers of jobs from scores.
const ROWS_LOOKED_AT: usize = 200;

/// What a folder holds, each list in the order of the names.
#[derive(Debug, Default)]
pub(super) struct RecognisedFiles {
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
    /// The likeliest first.
    pub postcodes: Vec<String>,
    pub unknown: Vec<String>,
    pub left_out: Vec<RejectedFile>,
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

impl RecognisedFiles {
    /// Whether anything was recognised.
    pub(super) fn any(&self) -> bool {
        let lists =
            [&self.osm, &self.gtfs, &self.jobs, &self.lookup, &self.population, &self.deprivation];
        lists.iter().any(|list| !list.is_empty())
            || !(self.polygons.is_empty() && self.origins.is_empty() && self.registers.is_empty())
            || self.broadband.iter().any(|list| !list.is_empty())
            || !self.postcodes.is_empty()
            || !self.left_out.is_empty()
    }

    /// The registers of a category.
    pub(super) fn registers_of(&self, category: &str) -> Vec<String> {
        self.registers
            .iter()
            .filter(|(name, _)| name == category)
            .map(|(_, file)| file.clone())
            .collect()
    }
}

/// Beginnings of words in file names, and the category they tell.
const NAMES: [(&str, &str); 24] = [
    ("librar", "library"),
    ("general_pract", "gp"),
    ("gp", "gp"),
    ("gps", "gp"),
    ("surger", "gp"),
    ("doctor", "gp"),
    ("pharmac", "pharmacy"),
    ("chemist", "pharmacy"),
    ("school", "school"),
    ("supermarket", "supermarket"),
    ("pub", "pub"),
    ("pubs", "pub"),
    ("place_of_worship", "place_of_worship"),
    ("places_of_worship", "place_of_worship"),
    ("worship", "place_of_worship"),
    ("church", "place_of_worship"),
    ("community_cent", "community_centre"),
    ("community_hall", "community_centre"),
    ("community_venue", "community_centre"),
    ("communities", "community_centre"),
    ("park", "park"),
    ("parks", "park"),
    ("food_bank", "food_bank"),
    ("jobcentre", "jobcentre"),
];

/// What of these is a whole word: `park` begins `parking` too.
const WHOLE: [&str; 6] = ["gp", "gps", "pub", "pubs", "park", "parks"];

/// Words that tell of something else about such places, or of places that are no more.
const OTHERWISE: [&str; 24] = [
    "car_park",
    "retail_park",
    "business_park",
    "science_park",
    "industrial_park",
    "holiday_park",
    "caravan_park",
    "trailer_park",
    "park_and_ride",
    "park_ride",
    "closed",
    "closure",
    "former",
    "proposed",
    "track",
    "tracks",
    "index",
    "catchment",
    "catchments",
    "loans",
    "visits",
    "score",
    "scores",
    "rank",
];

/// Looks at each entry of a folder.
pub(super) fn folder(dir: &Path) -> Result<RecognisedFiles, TableError> {
    let read = |source| TableError::Read { file: dir.display().to_string(), source };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(read)? {
        names.push(entry.map_err(read)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let mut found = RecognisedFiles::default();
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
    proposal_fit::keep_what_fits(&mut found, dir);
    if found.postcodes.is_empty() {
        let placeless = std::mem::take(&mut found.registers);
        let (kept, rest) = placeless.into_iter().partition(|(_, file)| located(&dir.join(file)));
        found.registers = kept;
        let why = "places by postcode: no directory of postcodes says where those are".to_owned();
        found
            .left_out
            .extend(rest.into_iter().map(|(_, file)| RejectedFile { file, why: why.clone() }));
    }
    Ok(found)
}

fn is_feed(path: &Path) -> bool {
    let archive = File::open(path).ok().and_then(|file| zip::ZipArchive::new(file).ok());
    archive.is_some_and(|a| a.file_names().any(|n| n.rsplit('/').next() == Some("stop_times.txt")))
}

fn layer(found: &mut RecognisedFiles, name: String, path: &Path) {
    let Ok(Some(file)) = read_layer(path, None) else { return found.unknown.push(name) };
    if file
        .features
        .iter()
        .any(|f| matches!(f.shape, FeatureShape::Point(..) | FeatureShape::Points(_)))
    {
        return match InputTable::open(path) {
            Ok(table) => points(found, name, table.header()),
            Err(_) => found.unknown.push(name),
        };
    }
    let Ok((id, label, population)) = proposed_columns(&name, &file.features) else {
        return found.unknown.push(name);
    };
    let (kind, vintage) = match area_column(&id) {
        // The column says that it is a code, and the codes say of what.
        Some((AreaKind::Other, None)) | None => {
            let code = file
                .features
                .iter()
                .find_map(|f| f.properties.get(&id))
                .map(|code| text_of(Some(code)));
            (code.and_then(|code| kind_of_code(&code)), vintage_of_name(&name))
        }
        Some((kind, vintage)) => (Some(kind), vintage),
    };
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

/// What a code of the Government Statistical Service is of: England's, Wales' and Scotland's begin
/// alike.
fn kind_of_code(code: &str) -> Option<AreaKind> {
    match code.get(1..3)? {
        _ if code.len() != 9 || !code.starts_with(['E', 'W', 'S']) => None,
        "00" => Some(AreaKind::OutputArea),
        "01" => Some(AreaKind::Lsoa),
        "02" => Some(AreaKind::Msoa),
        "05" | "13" => Some(AreaKind::Ward),
        _ => None,
    }
}

/// The year in a file's name, as in `lsoa_2021_town.geojson`.
fn vintage_of_name(name: &str) -> Option<Vintage> {
    let mut years =
        name.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse::<u16>().ok());
    years.rfind(|year| (2001..2100).contains(year)).map(Vintage)
}

fn table(found: &mut RecognisedFiles, name: String, path: &Path) {
    let Ok(table) = InputTable::open(path) else { return found.unknown.push(name) };
    let header = table.header();
    let keys = header.keys();
    let has = |wanted: &[&str]| wanted.iter().any(|w| keys.iter().any(|k| k == w));
    let located = is_located(header);
    let areas = area_columns(header).len();
    let postcode = has(&["postcode", "pcds", "pcd", "pcd7", "pcd8", "postcode_space"]);
    let index =
        areas > 0 && (keys.iter().any(|k| is_deprivation(k)) || has(&["rank"]) && has(&["decile"]));
    if looks_like_coverage(keys) {
        // One layout to a project: output areas have counts, postcodes percentages alone.
        found.broadband[usize::from(!has(&["output_area"]))].push(name);
    } else if index {
        found.deprivation.push(name);
    } else if let Some(count) = jobs_column(header) {
        counted(found, name, path, count);
    } else if let Some(category) = category_of(&name).filter(|_| located || postcode) {
        found.registers.push((category, name));
    } else if postcode && areas > 0 {
        found.lookup.push(name.clone());
        if located {
            found.postcodes.push(name);
        }
    } else if located && !(postcode && is_directory(header)) {
        points(found, name, header);
    } else if areas > 1 && !has(&["value", "measure"]) && !has(&POPULATION) {
        lookup(found, name, path);
    } else if let (true, Some(count)) = (areas > 0, people_column(header)) {
        people(found, name, path, count);
    } else if postcode && located {
        found.postcodes.push(name);
    } else {
        found.unknown.push(name);
    }
}

/// The column of jobs, where a header names one: a table of Nomis says only that there is a number.
fn jobs_column(header: &TableHeader) -> Option<TableColumn> {
    ["jobs", "employees", "employment", "obs_value", "mnemonic"]
        .iter()
        .find_map(|key| header.find(key))
}

/// Whether a table says of a postcode where it lies, and little else.
fn is_directory(header: &TableHeader) -> bool {
    let of_people = people_column(header).is_some() || header.find("weight").is_some();
    header.len() <= 4 && header.find("name").is_none() && !of_people
}

/// The column of people, the plainest first: `total` and Nomis's `obs_value` may be of anything.
fn people_column(header: &TableHeader) -> Option<TableColumn> {
    POPULATION.iter().find_map(|key| header.find(key))
}

/// People, if the column says so or else the rest of the table does.
fn people(found: &mut RecognisedFiles, name: String, path: &Path, column: TableColumn) {
    let look = SampledCounts::at(path, column);
    let plain =
        look.as_ref().is_some_and(|look| !["total", "obs_value"].contains(&look.key.as_str()));
    match look {
        Some(look) if plain || look.counts && look.about_people => found.population.push(name),
        Some(look) if look.counts => {
            let why = "it does not say what its totals are of; if they are people, name it as population_file";
            found.left_out.push(RejectedFile { file: name, why: why.to_owned() });
        }
        _ => found.unknown.push(name),
    }
}

/// Jobs, if what stands in the column are numbers of them; people, if a table of Nomis says so.
fn counted(found: &mut RecognisedFiles, name: String, path: &Path, column: TableColumn) {
    let look = SampledCounts::at(path, column);
    let leave = |found: &mut RecognisedFiles, file, why: &str| {
        found.left_out.push(RejectedFile { file, why: why.to_owned() });
    };
    match look {
        Some(look) if look.nomis && look.about_people => found.population.push(name),
        Some(look) if look.nomis && !look.about_jobs => {
            let why = "a table of Nomis: it does not say whether it counts jobs or people; name it in [jobs], \
                       or as population_file";
            leave(found, name, why);
        }
        Some(look) if look.are_shares => {
            leave(
                found,
                name,
                "jobs: its numbers may be shares of a hundred; if they are jobs, name it in [jobs]",
            );
        }
        Some(look) if look.nomis || look.counts => found.jobs.push(name),
        _ => leave(found, name, "jobs: its column of them does not hold whole numbers"),
    }
}

/// What the first rows of a table of counts tell.
struct SampledCounts {
    /// Whether the header is that of Nomis.
    nomis: bool,
    about_jobs: bool,
    about_people: bool,
    /// Whether the numbers are whole, and none below zero.
    counts: bool,
    /// Whether the table speaks of rates, and no number is beyond a hundred.
    are_shares: bool,
    /// The column's name.
    key: String,
}

impl SampledCounts {
    fn at(path: &Path, column: TableColumn) -> Option<SampledCounts> {
        let mut table = InputTable::open(path).ok()?;
        let key = key_of(table.header().name(column));
        let nomis = key == "obs_value" || key == "mnemonic";
        let mut words = path.file_name()?.to_string_lossy().to_lowercase();
        // The title lines, which are no part of the table.
        let mut head = Vec::new();
        File::open(path).ok()?.take(4096).read_to_end(&mut head).ok()?;
        words.push_str(&String::from_utf8_lossy(&head).to_lowercase());
        words.push_str(&table.header().names().join(" ").to_lowercase());
        let columns: Vec<TableColumn> = table.header().columns().collect();
        let (mut row, mut counts, mut most) = (TableRow::default(), true, 0.0_f64);
        for _ in 0..ROWS_LOOKED_AT {
            if !table.next(&mut row, &mut Findings::new()).ok()? {
                break;
            }
            most = row.number(column).ok().flatten().map_or(most, |n| most.max(n));
            counts &=
                row.number(column).is_ok_and(|n| n.is_none_or(|n| n >= 0.0 && n.fract() == 0.0));
            columns
                .iter()
                .filter_map(|c| row.text(*c))
                .for_each(|text| words.push_str(&text.to_lowercase()));
        }
        let says = |about: &[&str]| about.iter().any(|word| words.contains(word));
        let about_jobs = says(&["employ", "jobs", "bres", "industr", "workplace"]);
        let about_others =
            says(&["household", "price", "dwelling", "vehicle", "benefit", "claimant"]);
        let about_people = !about_jobs
            && !about_others
            && says(&["usual resident", "population", "persons", "people"]);
        let are_shares = most <= 100.0 && says(&["rate", "percent", "pct", "%"]);
        Some(SampledCounts { nomis, about_jobs, about_people, counts, are_shares, key })
    }
}

/// A lookup leads from areas to areas, and holds little else: an index of wards names their
/// districts too.
fn lookup(found: &mut RecognisedFiles, name: String, path: &Path) {
    let measures = || {
        let mut table = InputTable::open(path).ok()?;
        let codes: Vec<TableColumn> =
            area_columns(table.header()).into_iter().map(|(column, ..)| column).collect();
        let others: Vec<TableColumn> =
            table.header().columns().filter(|c| !codes.contains(c)).collect();
        let mut row = TableRow::default();
        table.next(&mut row, &mut Findings::new()).ok()?.then_some(())?;
        let numbers = others
            .iter()
            .filter(|c| row.number(**c).is_ok_and(|n| n.is_some_and(|n| n.fract() != 0.0)));
        Some(numbers.count())
    };
    if measures().unwrap_or_default() > 0 {
        let why = "it has codes of several areas, and measures beside them: no lookup; a column of it \
                   can be named in [groups] or [tables]";
        found.left_out.push(RejectedFile { file: name, why: why.to_owned() });
    } else {
        found.lookup.push(name);
    }
}

/// Points: a register if the name says so, origins if they have the codes of areas or a number of
/// people.
fn points(found: &mut RecognisedFiles, name: String, header: &TableHeader) {
    let weight = header.columns().map(|c| header.name(c)).find(|n| {
        let key = key_of(n);
        key == "weight"
            || key == "people"
            || (POPULATION.contains(&key.as_str()) && key != "total" && key != "obs_value")
    });
    let lower = name.to_lowercase();
    let homes = ["pwc", "centroid", "origin", "homes", "household", "grid"]
        .iter()
        .any(|w| lower.contains(w));
    if let Some(category) = category_of(&name) {
        found.registers.push((category, name));
    } else if homes || weight.is_some() {
        found.origins.push((name, weight.map(str::to_owned)));
    } else {
        found.unknown.push(name);
    }
}

fn category_of(name: &str) -> Option<String> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let key = format!("_{}_", key_of(stem));
    if OTHERWISE
        .iter()
        .any(|words| key.contains(&format!("_{words}_")) || key.contains(&format!("_{words}s_")))
    {
        return None;
    }
    let begins = |word: &str| {
        let whole = if WHOLE.contains(&word) { "_" } else { "" };
        key.contains(&format!("_{word}{whole}"))
    };
    NAMES.iter().find(|(word, _)| begins(word)).map(|(_, category)| (*category).to_owned())
}

fn is_deprivation(key: &str) -> bool {
    let telling =
        ["imd_score", "imd_rank", "imd_decile", "wimd", "simd", "index_of_multiple_deprivation"];
    telling.iter().any(|t| key.starts_with(t))
}

fn located(path: &Path) -> bool {
    InputTable::open(path).is_ok_and(|table| table.has_geometry() || is_located(table.header()))
}

fn is_located(header: &TableHeader) -> bool {
    super::super::tables::has_coordinates(header)
}
