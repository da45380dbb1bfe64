//! The project file as it is written, before its values are checked. Each value knows where it
//! stands.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::{Spanned, Value};

/// A value that may be absent, with its place in the file.
pub(super) type RawOpt<T> = Option<Spanned<T>>;
/// Tables by name.
pub(super) type RawNamed<T> = BTreeMap<Spanned<String>, T>;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawProject {
    pub name: RawOpt<String>,
    pub attribution: Vec<Spanned<String>>,
    pub osm: Vec<Spanned<String>>,
    pub gtfs: Vec<Spanned<String>>,
    pub date: RawOpt<Value>,
    pub timezone: RawOpt<String>,
    pub public_holidays: RawOpt<String>,
    pub seed: RawOpt<u64>,
    pub percentiles: Option<Vec<Spanned<i64>>>,
    pub cutoffs_min: Option<Vec<Spanned<i64>>>,
    pub postcodes: RawOpt<String>,
    pub neighbourhoods: Option<RawNeighbourhoods>,
    pub origins: Option<RawOrigins>,
    pub walk: RawWalk,
    pub transit: RawTransit,
    pub windows: RawNamed<RawWindow>,
    pub taxonomy: RawOpt<String>,
    pub opening_hours: bool,
    pub categories: RawCategories,
    pub tables: RawNamed<RawAttributeTable>,
    pub jobs: Option<RawJobs>,
    pub broadband: Option<RawBroadband>,
    pub measures: RawMeasures,
    pub decays: RawNamed<RawDecay>,
    pub catchments: RawNamed<RawCatchment>,
    pub doubly_cut_off: Option<RawDoublyCutOff>,
    pub index: Option<RawIndex>,
    pub groups: RawNamed<RawGrouping>,
    pub inequality: Option<RawInequality>,
    pub outputs: Option<RawOutputs>,
    pub scenarios: RawNamed<RawScenario>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawNeighbourhoods {
    pub file: RawOpt<String>,
    pub layer: RawOpt<String>,
    pub id: RawOpt<String>,
    pub name: RawOpt<String>,
    pub population: RawOpt<String>,
    pub population_file: RawOpt<String>,
    pub deprivation_file: RawOpt<String>,
    pub allow_unmatched: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOrigins {
    pub file: Spanned<String>,
    pub weight: RawOpt<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawWalk {
    pub speed_kmh: RawOpt<f64>,
    pub steps_speed_kmh: RawOpt<f64>,
    pub max_walk_min: RawOpt<f64>,
    pub max_snap_m: RawOpt<f64>,
    pub max_snap_stop_m: RawOpt<f64>,
    pub profile: RawOpt<String>,
    pub profiles: RawOpt<Vec<Spanned<String>>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawTransit {
    pub max_rides: RawOpt<i64>,
    pub max_transfer_m: RawOpt<f64>,
    pub board_slack_s: RawOpt<f64>,
    pub max_time_min: RawOpt<f64>,
    pub phone_pickups: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWindow {
    pub day: RawOpt<String>,
    pub date: RawOpt<Value>,
    pub from: Spanned<Value>,
    pub to: Spanned<Value>,
}

/// Categories by name, or names alone: `categories = ["pub", "library"]`.
pub(super) enum RawCategories {
    Tables(RawNamed<RawCategory>),
    Names(Vec<Spanned<String>>),
}

impl Default for RawCategories {
    fn default() -> RawCategories {
        RawCategories::Tables(BTreeMap::new())
    }
}

impl<'de> Deserialize<'de> for RawCategories {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RawCategories, D::Error> {
        struct CategoriesVisitor;
        impl<'de> Visitor<'de> for CategoriesVisitor {
            type Value = RawCategories;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("tables [categories.NAME], or a list of names")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawCategories, A::Error> {
                RawNamed::deserialize(MapAccessDeserializer::new(map)).map(RawCategories::Tables)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<RawCategories, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(RawCategories::Names)
            }
        }
        deserializer.deserialize_any(CategoriesVisitor)
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawCategory {
    pub label: RawOpt<String>,
    pub group: RawOpt<String>,
    pub osm: Option<Vec<Spanned<String>>>,
    pub files: Vec<Spanned<String>>,
    pub replace_osm: RawOpt<bool>,
    pub capacity: RawOpt<String>,
    pub min_area_m2: Option<u32>,
    pub brands: Option<Vec<String>>,
    pub opening_hours: Option<bool>,
    pub jobs: RawOpt<RawJobsBand>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawJobsBand {
    pub from: u32,
    pub to: Option<u32>,
}

/// A file of categories beside the project's own.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawTaxonomy {
    pub defaults: Option<Vec<Spanned<String>>>,
    pub categories: RawNamed<RawCategory>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAttributeTable {
    pub file: Spanned<String>,
    pub code: RawOpt<String>,
    pub columns: Option<Vec<Spanned<String>>>,
    #[serde(rename = "where", default)]
    pub only: BTreeMap<String, String>,
    pub pivot: RawOpt<String>,
    pub value: RawOpt<String>,
    #[serde(default)]
    pub by_place: bool,
    pub layer: RawOpt<String>,
    #[serde(default)]
    pub allow_unmatched: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawJobs {
    pub file: Spanned<String>,
    pub code: RawOpt<String>,
    pub count: RawOpt<String>,
    pub points: RawOpt<String>,
    #[serde(default)]
    pub allow_unmatched: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBroadband {
    pub files: Spanned<Vec<Spanned<String>>>,
    pub lookup: RawOpt<String>,
    pub mobile: RawOpt<String>,
    #[serde(default)]
    pub allow_unmatched: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawMeasures {
    pub nearby_m: RawOpt<f64>,
    pub nearest: Option<Vec<Spanned<i64>>>,
    pub counts: bool,
    pub people: bool,
    pub loss_base: RawOpt<String>,
    pub loss_windows: Option<Vec<Spanned<String>>>,
    pub ptal: bool,
    pub dependency: RawOpt<String>,
    pub dependency_of: Option<Vec<Spanned<String>>>,
    pub dependency_cutoff_min: RawOpt<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDecay {
    pub function: Spanned<String>,
    pub categories: Option<Vec<Spanned<String>>>,
    pub cutoff_min: RawOpt<f64>,
    pub half_life_min: RawOpt<f64>,
    pub sd_min: RawOpt<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCatchment {
    pub category: Spanned<String>,
    pub window: RawOpt<String>,
    pub cutoff_min: RawOpt<f64>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawDoublyCutOff {
    pub categories: Option<Vec<Spanned<String>>>,
    pub window: RawOpt<String>,
    pub minutes: RawOpt<f64>,
    pub premises_pct: RawOpt<f64>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawIndex {
    pub vary_pct: RawOpt<f64>,
    pub draws: RawOpt<i64>,
    pub domains: RawNamed<RawDomain>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDomain {
    pub label: RawOpt<String>,
    pub weight: RawOpt<f64>,
    pub indicators: Spanned<Vec<RawIndicator>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawIndicator {
    pub field: Spanned<String>,
    pub worse: Spanned<String>,
    pub weight: RawOpt<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawGrouping {
    pub label: RawOpt<String>,
    pub field: RawOpt<String>,
    pub file: RawOpt<String>,
    pub code: RawOpt<String>,
    pub column: RawOpt<String>,
    pub equally_deprived_by: RawOpt<String>,
    #[serde(default)]
    pub allow_unmatched: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawInequality {
    pub fields: Option<Vec<Spanned<String>>>,
    pub lines: BTreeMap<Spanned<String>, Spanned<f64>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawOutputs {
    pub preset: RawOpt<String>,
}

/// A kind and its words.
pub(super) type RawModification = RawNamed<RawNamed<Spanned<Value>>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScenario {
    pub label: RawOpt<String>,
    pub gtfs: Option<Vec<Spanned<String>>>,
    pub date: RawOpt<Value>,
    #[serde(default)]
    pub modifications: Vec<Spanned<RawModification>>,
}
