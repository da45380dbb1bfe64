//! Why the files of a result cannot be written.

use std::path::{Path, PathBuf};

use super::folder::FolderError;
use crate::analysis::AnalysisError;

/// Everything that keeps a result from being written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// What is to be written could not be put together.
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    /// The project file.
    #[error(transparent)]
    Project(#[from] crate::inputs::project::ProjectError),
    /// A file of its own.
    #[error(transparent)]
    NewOutput(#[from] super::new_output::NewOutputError),
    /// The folder of the result.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The GeoPackage.
    #[cfg(feature = "gpkg")]
    #[error(transparent)]
    Gpkg(#[from] super::gpkg::GpkgError),
    /// The table.
    #[error(transparent)]
    Result(#[from] crate::results::table::ResultTableError),
    /// A file that is read or written beside the folder.
    #[error("cannot use {}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// This build cannot do it, or the settings cannot be written.
    #[error("{0}")]
    Unfit(String),
}

impl OutputError {
    /// For `map_err` on what was done with a file.
    pub fn file(path: &Path) -> impl FnOnce(std::io::Error) -> OutputError + use<> {
        let path = path.to_owned();
        move |source| OutputError::File { path, source }
    }
}
