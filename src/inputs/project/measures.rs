//! Which measures are taken besides times to the nearest place.

use serde::Serialize;

use crate::units::{Metres, Seconds};

/// `[measures]`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Measures {
    /// Places within this distance of a neighbourhood are counted per 1,000 people. 1,000 m.
    #[serde(rename = "nearby_m")]
    pub nearby: Metres,
    /// The second, third … nearest place, each of which is a field.
    pub nearest: Vec<u8>,
    /// Whether places of each category are counted within each cut-off.
    pub counts: bool,
    /// Whether it is said how many people reach each neighbourhood.
    pub people: bool,
    /// The window that others are measured against.
    pub loss_base: Option<String>,
    /// The windows in which less runs.
    pub loss_windows: Vec<String>,
    /// Whether the public transport accessibility level is found.
    pub ptal: bool,
    /// The window for which it is asked what hangs on one line.
    pub dependency: Option<String>,
    /// What may be lost with it: `jobs`, and names of categories.
    pub dependency_of: Vec<String>,
    /// Within what time.
    #[serde(rename = "dependency_cutoff_s")]
    pub dependency_cutoff: Seconds,
}

/// What stands for jobs where destinations are named.
pub const JOBS: &str = "jobs";

/// `[decays.NAME]`: how much an opportunity counts at a travel time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NamedDecay {
    /// The key, which is part of field names.
    pub name: String,
    /// The categories whose places are weighed by it, besides jobs.
    pub categories: Vec<String>,
    /// The function.
    pub decay: Decay,
}

/// How much an opportunity counts at a travel time: 1 at no distance, and less or as much farther
/// away.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase", tag = "function")]
pub enum Decay {
    /// 1 up to the cut-off, itself included, and 0 beyond.
    Step {
        /// The cut-off, minutes.
        cutoff_min: f64,
    },
    /// Falls evenly to 0 at the cut-off.
    Linear {
        /// The cut-off, minutes.
        cutoff_min: f64,
    },
    /// Halves with each half-life.
    Exponential {
        /// The half-life, minutes.
        half_life_min: f64,
    },
    /// Falls in an S about the cut-off.
    Logistic {
        /// Where it is about a half, minutes.
        cutoff_min: f64,
        /// How wide the S is: the standard deviation of the logistic distribution, minutes.
        sd_min: f64,
    },
}

/// `[catchments.NAME]`: how much supply there is for each person, shared with all who reach the
/// same places.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Catchment {
    /// The key, which is part of field names.
    pub name: String,
    /// The category of places that supply.
    pub category: String,
    /// The window; on foot when absent.
    pub window: Option<String>,
    /// How far a place's catchment goes.
    #[serde(rename = "cutoff_s")]
    pub cutoff: Seconds,
}

/// `[doubly_cut_off]`: far from help at a counter, and without the broadband to do without it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DoublyCutOff {
    /// Categories, any of which is help.
    pub categories: Vec<String>,
    /// The window; on foot when absent.
    pub window: Option<String>,
    /// Farther than this is far.
    #[serde(rename = "beyond_s")]
    pub beyond: Seconds,
    /// From this percentage of premises below decent broadband on, the neighbourhood is called
    /// badly connected.
    pub premises_pct: f64,
}
