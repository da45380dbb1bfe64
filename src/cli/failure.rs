//! Why a command could not do what it was asked.

use std::path::PathBuf;

/// Everything that ends a command with exit code 2: wrong input or usage, with what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    #[error(transparent)]
    Project(#[from] crate::inputs::project::ProjectError),
    #[error(transparent)]
    Table(#[from] crate::inputs::tables::TableError),
    #[error(transparent)]
    Gtfs(#[from] crate::inputs::gtfs::GtfsError),
    #[error(transparent)]
    Osm(#[from] crate::inputs::osm::OsmError),
    #[error(transparent)]
    Rule(#[from] crate::inputs::osm::TagRuleError),
    #[error(transparent)]
    Calendar(#[from] crate::network::calendar::CalendarError),
    #[error(transparent)]
    Network(#[from] crate::routing::network::NetworkError),
    #[error(transparent)]
    Matrix(#[from] crate::outputs::matrix::MatrixError),
    #[error(transparent)]
    Isochrone(#[from] crate::outputs::isochrone::IsochroneError),
    #[error(transparent)]
    Folder(#[from] crate::outputs::folder::FolderError),
    #[error(transparent)]
    Result(#[from] crate::outputs::table::TableError),
    #[cfg(feature = "gpkg")]
    #[error(transparent)]
    Gpkg(#[from] crate::outputs::gpkg::GpkgError),
    #[error(transparent)]
    Scenario(#[from] crate::scenario::ScenarioError),
    #[error(transparent)]
    Index(#[from] crate::outputs::index::IndexError),
    #[error(transparent)]
    Report(#[from] crate::report::ReportError),
    #[cfg(feature = "serve")]
    #[error(transparent)]
    Serve(#[from] crate::web::ServeError),
    /// The standard output.
    #[error("cannot write to the standard output: {0}")]
    Output(#[source] std::io::Error),
    /// A file or folder.
    #[error("cannot use {}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The words of the command.
    #[error("{0}")]
    Usage(String),
}

impl Failure {
    /// For `map_err` on what was done with a file.
    pub fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Failure + use<> {
        let path = path.to_owned();
        move |source| Failure::File { path, source }
    }
}
