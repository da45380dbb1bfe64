//! The project file as it is written, before its values are checked. Each value knows where it stands.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Spanned, Value};

/// A value that may be absent, with its place in the file.
pub(super) type Opt<T> = Option<Spanned<T>>;
/// Tables by name.
pub(super) type Named<T> = BTreeMap<Spanned<String>, T>;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Project {
    pub name: Opt<String>,
    pub osm: Vec<Spanned<String>>,
    pub gtfs: Vec<Spanned<String>>,
    pub date: Opt<Value>,
    pub timezone: Opt<String>,
    pub seed: Opt<u64>,
    pub percentiles: Option<Vec<Spanned<i64>>>,
    pub cutoffs_min: Option<Vec<Spanned<i64>>>,
    pub postcodes: Opt<String>,
    pub neighbourhoods: Option<Neighbourhoods>,
    pub origins: Option<Origins>,
    pub walk: Walk,
    pub transit: Transit,
    pub windows: Named<Window>,
    pub categories: Named<Category>,
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
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Neighbourhoods {
    pub file: Opt<String>,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Category {
    pub label: Opt<String>,
    pub group: Opt<String>,
    pub osm: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub files: Vec<Spanned<String>>,
    #[serde(default)]
    pub replace_osm: Opt<bool>,
    pub capacity: Opt<String>,
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
    pub dependency_cutoff_min: Opt<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decay {
    pub function: Spanned<String>,
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
