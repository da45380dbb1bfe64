//! What is kept: scenarios and evidence packs.

use serde::{Deserialize, Serialize};

use super::{ExplorerScenario, ExplorerScenarioName};

/// A scenario to be kept.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioToKeep {
    /// The key in the project file, and the folder's name.
    pub name: String,
    /// What people call it; may be empty.
    #[serde(default)]
    pub label: String,
    /// What it says.
    pub otherwise: ExplorerScenario,
}

/// A scenario that was kept, and where.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct KeptScenario {
    /// What happened, for people.
    pub says: String,
    /// The scenarios of the project file now.
    pub scenarios: Vec<ExplorerScenarioName>,
}

/// An evidence pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pack {
    /// Its number, to ask for its report by.
    pub number: usize,
    /// The scenario's name.
    pub name: String,
    /// How it stands.
    pub state: PackState,
    /// What is to be said of it, for people: where it is, or why there is none.
    pub says: String,
}

/// How an evidence pack stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PackState {
    /// It is being written.
    Writing,
    /// It is there.
    Written,
    /// It could not be written.
    Failed,
}
