//! The project file as it is written, before its values are checked. Each value knows where it stands.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::{Spanned, Value};

/// A value that may be absent, with its place in the file.
pub(super) type Opt<T> = Option<Spanned<T>>;
/// Tables by name.
pub(super) type Named<T> = BTreeMap<Spanned<String>, T>;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Project {
    pub name: Opt<String>,
    pub attribution: Vec<Spanned<String>>,
    pub osm: Vec<Spanned<String>>,
    pub gtfs: Vec<Spanned<String>>,
    pub date: Opt<Value>,
    pub timezone: Opt<String>,
    pub public_holidays: Opt<String>,
    pub seed: Opt<u64>,
    pub percentiles: Option<Vec<Spanned<i64>>>,
    pub cutoffs_min: Option<Vec<Spanned<i64>>>,
    pub postcodes: Opt<String>,
    pub neighbourhoods: Option<Neighbourhoods>,
    pub origins: Option<Origins>,
    pub walk: Walk,
    pub transit: Transit,
    pub windows: Named<Window>,
    pub taxonomy: Opt<String>,
    pub opening_hours: bool,
    pub categories: Categories,
    pub tables: Named<AttributeTable>,
    pub jobs: Option<Jobs>,
    pub broadband: Option<Broadband>,
    pub measures: Measures,
    pub decays: Named<Decay>,
    pub catchments: Named<Catchment>,
    pub doubly_cut_off: Option<DoublyCutOff>,
    pub index: Option<Index>,
    pub groups: Named<Grouping>,
    pub inequality: Option<Inequality>,
    pub outputs: Option<Outputs>,
    pub scenarios: Named<Scenario>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Neighbourhoods {
    pub file: Opt<String>,
    pub layer: Opt<String>,
    pub id: Opt<String>,
    pub name: Opt<String>,
    pub population: Opt<String>,
    pub population_file: Opt<String>,
    pub deprivation_file: Opt<String>,
    pub allow_unmatched: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Origins {
    pub file: Spanned<String>,
    pub weight: Opt<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Walk {
    pub speed_kmh: Opt<f64>,
    pub steps_speed_kmh: Opt<f64>,
    pub max_walk_min: Opt<f64>,
    pub max_snap_m: Opt<f64>,
    pub max_snap_stop_m: Opt<f64>,
    pub profile: Opt<String>,
    pub profiles: Opt<Vec<Spanned<String>>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Transit {
    pub max_rides: Opt<i64>,
    pub max_transfer_m: Opt<f64>,
    pub board_slack_s: Opt<f64>,
    pub max_time_min: Opt<f64>,
    pub phone_pickups: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Window {
    pub day: Opt<String>,
    pub date: Opt<Value>,
    pub from: Spanned<Value>,
    pub to: Spanned<Value>,
}

/// Categories by name, or names alone: `categories = ["pub", "library"]`.
pub(super) enum Categories {
    Tables(Named<Category>),
    Names(Vec<Spanned<String>>),
}

impl Default for Categories {
    fn default() -> Categories {
        Categories::Tables(BTreeMap::new())
    }
}

impl<'de> Deserialize<'de> for Categories {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Categories, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Categories;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("tables [categories.NAME], or a list of names")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Categories, A::Error> {
                Named::deserialize(MapAccessDeserializer::new(map)).map(Categories::Tables)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Categories, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Categories::Names)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Category {
    pub label: Opt<String>,
    pub group: Opt<String>,
    pub osm: Option<Vec<Spanned<String>>>,
    pub files: Vec<Spanned<String>>,
    pub replace_osm: Opt<bool>,
    pub capacity: Opt<String>,
    pub min_area_m2: Option<u32>,
    pub brands: Option<Vec<String>>,
    pub opening_hours: Option<bool>,
    pub jobs: Opt<JobsBand>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JobsBand {
    pub from: u32,
    pub to: Option<u32>,
}

/// A file of categories beside the project's own.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Taxonomy {
    pub defaults: Option<Vec<Spanned<String>>>,
    pub categories: Named<Category>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AttributeTable {
    pub file: Spanned<String>,
    pub code: Opt<String>,
    pub columns: Option<Vec<Spanned<String>>>,
    #[serde(rename = "where", default)]
    pub only: BTreeMap<String, String>,
    pub pivot: Opt<String>,
    pub value: Opt<String>,
    #[serde(default)]
    pub by_place: bool,
    pub layer: Opt<String>,
    #[serde(default)]
    pub allow_unmatched: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Jobs {
    pub file: Spanned<String>,
    pub code: Opt<String>,
    pub count: Opt<String>,
    pub points: Opt<String>,
    #[serde(default)]
    pub allow_unmatched: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Broadband {
    pub files: Spanned<Vec<Spanned<String>>>,
    pub lookup: Opt<String>,
    pub mobile: Opt<String>,
    #[serde(default)]
    pub allow_unmatched: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Measures {
    pub nearby_m: Opt<f64>,
    pub nearest: Option<Vec<Spanned<i64>>>,
    pub counts: bool,
    pub people: bool,
    pub loss_base: Opt<String>,
    pub loss_windows: Option<Vec<Spanned<String>>>,
    pub ptal: bool,
    pub dependency: Opt<String>,
    pub dependency_of: Option<Vec<Spanned<String>>>,
    pub dependency_cutoff_min: Opt<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decay {
    pub function: Spanned<String>,
    pub categories: Option<Vec<Spanned<String>>>,
    pub cutoff_min: Opt<f64>,
    pub half_life_min: Opt<f64>,
    pub sd_min: Opt<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Catchment {
    pub category: Spanned<String>,
    pub window: Opt<String>,
    pub cutoff_min: Opt<f64>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct DoublyCutOff {
    pub categories: Option<Vec<Spanned<String>>>,
    pub window: Opt<String>,
    pub minutes: Opt<f64>,
    pub premises_pct: Opt<f64>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Index {
    pub vary_pct: Opt<f64>,
    pub draws: Opt<i64>,
    pub domains: Named<Domain>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Domain {
    pub label: Opt<String>,
    pub weight: Opt<f64>,
    pub indicators: Spanned<Vec<Indicator>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Indicator {
    pub field: Spanned<String>,
    pub worse: Spanned<String>,
    pub weight: Opt<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Grouping {
    pub label: Opt<String>,
    pub field: Opt<String>,
    pub file: Opt<String>,
    pub code: Opt<String>,
    pub column: Opt<String>,
    pub equally_deprived_by: Opt<String>,
    #[serde(default)]
    pub allow_unmatched: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Inequality {
    pub fields: Option<Vec<Spanned<String>>>,
    pub lines: BTreeMap<Spanned<String>, Spanned<f64>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Outputs {
    pub preset: Opt<String>,
}

/// A kind and its words.
pub(super) type Modification = Named<Named<Spanned<Value>>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenario {
    pub label: Opt<String>,
    pub gtfs: Option<Vec<Spanned<String>>>,
    pub date: Opt<Value>,
    #[serde(default)]
    pub modifications: Vec<Spanned<Modification>>,
}
