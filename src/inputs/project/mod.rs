//! The project file `lastmile.toml`: what is read, when people travel, and how far they walk.
//!
//! A file of the user's own hand is held to its word: an unknown key or a value out of range is an
//! error that names file, line, key, value and what would do. Every key but the neighbourhoods' and
//! the streets' files has a default, so that a [`Project`] is complete and can be written into the
//! manifest as it was used.

mod attributes;
mod categories;
mod check;
mod defaults;
mod error;
mod measures;
mod raw;
mod record;
pub mod scenarios;
mod taxonomy;

use std::ops::Deref;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::hours::Nation;
use crate::units::{Metres, MetresPerSecond, Seconds, ServiceTime};

pub use attributes::AttributeInput;
pub use categories::{Category, CategoryGroup, JobsBand};
pub use defaults::built_in_windows;
pub use error::ProjectError;
pub(crate) use error::nearest;
pub use measures::{Catchment, Decay, DoublyCutOff, JOBS, Measures, NamedDecay};
pub use record::{
    DomainInput, GroupFrom, Grouping, IndexInput, IndicatorInput, Inequality, Preset, WorseValues,
};
pub use scenarios::{Modification, Scenario};
pub use taxonomy::{TAXONOMY, Taxonomy, built_in_categories};

/// A project as it will be run: every key resolved, every value checked.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Project {
    /// Title of the report; by default the name of the folder the file lies in.
    pub name: String,
    /// Whose data it is besides what the files tell, a line each: stands on every map.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attribution: Vec<String>,
    /// OSM extracts; at least one.
    pub osm: Vec<ProjectPath>,
    /// GTFS zips or folders; none means that only walking can be asked for.
    pub gtfs: Vec<ProjectPath>,
    /// The project's date: day types resolve to the ordinary date nearest to it.
    #[serde(serialize_with = "optional_date")]
    pub date: Option<Date>,
    /// IANA name of the analysis time zone; by default that of the first feed.
    pub timezone: Option<String>,
    /// Whose public holidays opening hours mean by `PH`; by default those of the nation in which a
    /// place lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_holidays: Option<Nation>,
    /// Seed of headway phases and sampled origins.
    pub seed: u64,
    /// Percentiles of the departures of a window, each 1 to 99, ascending, each once.
    pub percentiles: Vec<u8>,
    /// Cut-offs in minutes, ascending, each once.
    pub cutoffs_min: Vec<u32>,
    /// A file of postcodes with coordinates or area codes (ONSPD, or a table of the user's own).
    pub postcodes: Option<ProjectPath>,
    /// The polygons that numbers are given for.
    pub neighbourhoods: NeighbourhoodsInput,
    /// Where their people start from, when the user knows.
    pub origins: Option<OriginsInput>,
    /// How people walk.
    pub walk: ProjectWalk,
    /// How people ride.
    pub transit: TransitSettings,
    /// Departure windows in the order of the file.
    pub windows: Vec<Window>,
    /// Further kinds of places, which a category may be named after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taxonomy: Option<ProjectPath>,
    /// Kinds of places in the order of the file.
    pub categories: Vec<Category>,
    /// Tables of further facts about the neighbourhoods, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<AttributeInput>,
    /// Jobs, if they are to be counted.
    pub jobs: Option<JobsInput>,
    /// Broadband coverage, if it is to be counted.
    pub broadband: Option<BroadbandInput>,
    /// Which further measures are taken.
    pub measures: Measures,
    /// Named ways in which an opportunity counts for less the farther it is.
    pub decays: Vec<NamedDecay>,
    /// Supply that is shared with the neighbours: two-step floating catchment areas.
    pub catchments: Vec<Catchment>,
    /// Who is far from a door and from the network alike; where both are known.
    pub doubly_cut_off: Option<DoublyCutOff>,
    /// The index, if there is to be one.
    pub index: Option<IndexInput>,
    /// By what neighbourhoods are compared with each other.
    pub groups: Vec<Grouping>,
    /// Which fields' inequality is measured.
    pub inequality: Inequality,
    /// Another publisher's column names.
    pub preset: Option<Preset>,
    /// What would be otherwise, in the order of the file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<Scenario>,
}

impl Project {
    /// The cut-offs that walks were searched up to: of what lies farther nothing can be said.
    pub fn cutoffs_on_foot(&self) -> &[u32] {
        self.cutoffs_up_to(self.walk.max_walk)
    }

    /// The same of journeys by public transport or on foot.
    pub fn cutoffs_ridden(&self) -> &[u32] {
        self.cutoffs_up_to(self.transit.max_time)
    }

    /// They are in ascending order.
    fn cutoffs_up_to(&self, longest: Seconds) -> &[u32] {
        let within =
            self.cutoffs_min.partition_point(|cutoff| Seconds::minutes(*cutoff) <= longest);
        &self.cutoffs_min[..within]
    }

    /// Reads and checks a project file. Paths in it are taken relative to the file.
    ///
    /// # Errors
    /// When the file cannot be read, is not TOML, holds an unknown key (with the nearest known one)
    /// or a value that is not allowed (with what is), or names no neighbourhoods or no streets.
    pub fn read(path: &Path) -> Result<Project, ProjectError> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|source| ProjectError::Read { file: file.clone(), source })?;
        let root = path.parent().unwrap_or(Path::new(""));
        Project::parse(&text, &file, root)
    }

    /// As [`read`](Self::read), from a text; `file` is what errors call it and `root` what its
    /// paths are relative to.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn parse(text: &str, file: &str, root: &Path) -> Result<Project, ProjectError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let raw = toml::from_str(text).map_err(|e| error::from_toml(&e, text, file))?;
        check::Checker { text, file, root }.project(raw)
    }
}

/// A path of the project file: kept as it was written there (which is how it is serialised), and
/// ready to open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProjectPath {
    given: String,
    resolved: PathBuf,
}

impl ProjectPath {
    /// A path as written, relative to `root`.
    pub fn new(given: &str, root: &Path) -> ProjectPath {
        ProjectPath { given: given.to_owned(), resolved: root.join(given) }
    }

    /// The path as the user wrote it.
    pub fn given(&self) -> &str {
        &self.given
    }
}

impl Deref for ProjectPath {
    type Target = Path;
    fn deref(&self) -> &Path {
        &self.resolved
    }
}

impl AsRef<Path> for ProjectPath {
    fn as_ref(&self) -> &Path {
        &self.resolved
    }
}

impl Serialize for ProjectPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.given)
    }
}

/// `[neighbourhoods]`: polygons and what is known of their people. Columns that are not named are
/// detected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NeighbourhoodsInput {
    /// Polygons (GeoJSON, GeoPackage, Shapefile) or points (these, or CSV).
    pub file: ProjectPath,
    /// The layer of a GeoPackage that has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// The property with the code.
    pub id: Option<String>,
    /// The property with the name.
    pub name: Option<String>,
    /// The property, or the column of `population_file`, with the number of people.
    pub population: Option<String>,
    /// CSV of code and number of people.
    pub population_file: Option<ProjectPath>,
    /// CSV of code, score, rank and decile of a deprivation index, carried through to the outputs.
    pub deprivation_file: Option<ProjectPath>,
    /// Whether to go on when these files know fewer than 98 % of the neighbourhoods.
    pub allow_unmatched: bool,
}

/// `[origins]`: points that people start from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OriginsInput {
    /// CSV or GeoJSON of points.
    pub file: ProjectPath,
    /// The column with the number of people at each; detected when absent, and 1 for each where
    /// there is none.
    pub weight: Option<String>,
}

/// `[walk]`: how people walk.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ProjectWalk {
    /// On level ways. 4.8 km/h.
    #[serde(rename = "speed_m_per_s")]
    pub speed: MetresPerSecond,
    /// On steps. 2.4 km/h.
    #[serde(rename = "steps_speed_m_per_s")]
    pub steps_speed: MetresPerSecond,
    /// Limit of the direct walk, the access leg and the egress leg, each by itself. 30 min.
    #[serde(rename = "max_walk_s")]
    pub max_walk: Seconds,
    /// Limit of the straight line from a point to the nearest street. 300 m.
    #[serde(rename = "max_snap_m")]
    pub max_snap: Metres,
    /// The same for stops. 100 m.
    #[serde(rename = "max_snap_stop_m")]
    pub max_snap_stop: Metres,
    /// Which ways can be used: times are given for each, and the first one's fields have the plain
    /// names. At least one.
    pub profiles: Vec<ProfileName>,
}

/// Which ways a person can use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileName {
    /// Every way that is open to people on foot.
    #[default]
    Default,
    /// No steps.
    StepFree,
}

impl ProfileName {
    /// As project files and field names spell it.
    pub fn name(self) -> &'static str {
        match self {
            ProfileName::Default => "default",
            ProfileName::StepFree => "step_free",
        }
    }
}

/// `[transit]`: how people ride.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TransitSettings {
    /// The most vehicles in one journey. 4.
    pub max_rides: u8,
    /// Limit of the walk between two stops. 1,000 m.
    #[serde(rename = "max_transfer_m")]
    pub max_transfer: Metres,
    /// Time between reaching a stop and boarding there. 60 s.
    #[serde(rename = "board_slack_s")]
    pub board_slack: Seconds,
    /// The longest journey looked for. 120 min.
    #[serde(rename = "max_time_s")]
    pub max_time: Seconds,
    /// Whether stops where one must phone first count (`pickup_type`/`drop_off_type` 2).
    pub phone_pickups: bool,
}

/// `[windows.NAME]`: when people set out, from `from` until just before `to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Window {
    /// The key, which is part of field names: `[a-z][a-z0-9_]*`.
    pub name: String,
    /// On which day.
    pub day: WindowDay,
    /// The first departure.
    #[serde(rename = "from_s")]
    pub from: ServiceTime,
    /// The end, later than `from`; past 24:00 for a window through midnight, which belongs to the
    /// day it begins on.
    #[serde(rename = "to_s")]
    pub to: ServiceTime,
}

/// The day of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowDay {
    /// This very date.
    #[serde(serialize_with = "date")]
    Date(Date),
    /// The ordinary Monday to Friday nearest the project's date.
    Weekday,
    /// The ordinary Saturday nearest the project's date.
    Saturday,
    /// The ordinary Sunday nearest the project's date.
    Sunday,
}

/// `[jobs]`: where jobs are, by area code or by point. Columns that are not named are detected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct JobsInput {
    /// CSV, also as Nomis gives it.
    pub file: ProjectPath,
    /// The column with the area code.
    pub code: Option<String>,
    /// The column with the number of jobs.
    pub count: Option<String>,
    /// CSV of code and point, when the codes are not the neighbourhoods' own.
    pub points: Option<ProjectPath>,
    /// Whether to go on when fewer than 98 % of the codes match.
    pub allow_unmatched: bool,
}

/// `[broadband]`: Ofcom's coverage files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BroadbandInput {
    /// Output-area, postcode or local-authority files of one release.
    pub files: Vec<ProjectPath>,
    /// CSV of output area or postcode and neighbourhood code.
    pub lookup: Option<ProjectPath>,
    /// Ofcom's mobile coverage by local authority; the lookup names each neighbourhood's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile: Option<ProjectPath>,
    /// Whether to go on when fewer than 98 % of the codes match.
    pub allow_unmatched: bool,
}

fn date<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

fn optional_date<S: Serializer>(date: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    match date {
        Some(date) => serializer.collect_str(date),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests;
