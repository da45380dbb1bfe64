//! Why a question cannot be answered.

use std::path::{Path, PathBuf};

/// Everything that ends an analysis before it is done, with what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnalysisError {
    /// The project file.
    #[error(transparent)]
    Project(#[from] crate::inputs::project::ProjectError),
    /// A table of places, people or areas.
    #[error(transparent)]
    Table(#[from] crate::inputs::tables::TableError),
    /// A timetable.
    #[error(transparent)]
    Gtfs(#[from] crate::inputs::gtfs::GtfsError),
    /// A map.
    #[error(transparent)]
    Osm(#[from] crate::inputs::osm::OsmError),
    /// A rule that picks places of the map.
    #[error(transparent)]
    Rule(#[from] crate::inputs::osm::TagRuleError),
    /// A date.
    #[error(transparent)]
    Calendar(#[from] crate::network::calendar::CalendarError),
    /// The network, or a search on it.
    #[error(transparent)]
    Network(#[from] crate::routing::network::NetworkError),
    /// A scenario that does not fit the data.
    #[error(transparent)]
    Scenario(#[from] crate::scenario::ScenarioError),
    /// An index over fields.
    #[error(transparent)]
    Index(#[from] crate::results::index::IndexError),
    /// The table of results.
    #[error(transparent)]
    Result(#[from] crate::results::table::ResultTableError),
    /// A file or folder.
    #[error("cannot use {}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What was asked does not fit the data, or itself.
    #[error("{0}")]
    Usage(String),
}

impl AnalysisError {
    /// For `map_err` on what was done with a file.
    pub fn file(path: &Path) -> impl FnOnce(std::io::Error) -> AnalysisError + use<> {
        let path = path.to_owned();
        move |source| AnalysisError::File { path, source }
    }
}
