//! What else the map can show: every number of a run.

use serde::Serialize;

use super::Classed;

/// The measures of a window, before and after.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ExplorerMeasures {
    /// When it is.
    pub when: String,
    /// In the order of the tables.
    pub list: Vec<ExplorerMeasure>,
}

/// A number of each neighbourhood: a field of `neighbourhoods.csv`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExplorerMeasure {
    /// The field's name.
    pub field: String,
    /// The same for all windows.
    pub key: String,
    /// What it is one of.
    pub group: String,
    /// What it says, in a few words.
    pub label: String,
    /// What it says.
    pub meaning: String,
    /// Its unit.
    pub unit: &'static str,
    /// Digits behind the decimal point.
    pub decimals: u8,
    /// Whether 1 is yes and 0 is no.
    pub is_flag: bool,
    /// How values are classed, before and after alike.
    pub classes: Classed,
    /// How changes are classed: after less before.
    pub changes: Classed,
    /// By neighbourhood.
    pub before: Vec<ShownValue>,
    /// By neighbourhood.
    pub after: Vec<ShownValue>,
    /// After less before, where both are numbers.
    pub change: Vec<Option<f64>>,
}

/// A cell: a number, out of reach, or not known. What is no number is never shown as one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ShownValue {
    /// A number.
    Number(f64),
    /// `unreached` or `unknown`.
    None(&'static str),
}
