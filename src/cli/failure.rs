//! Why a command could not do what it was asked.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use super::causes::{causes, said_by_system};

/// Wrong input or usage: do not try again.
const WRONG: u8 = 2;
/// A disk or device failed while reading or writing (`EX_IOERR` of sysexits.h): try again.
const DEVICE: u8 = 74;

/// Everything that ends a command before it is done, with what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    #[error(transparent)]
    Analysis(Box<crate::analysis::AnalysisError>),
    #[error(transparent)]
    Files(Box<crate::outputs::OutputError>),
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
    NewOutput(#[from] crate::outputs::new_output::NewOutputError),
    #[error(transparent)]
    Folder(#[from] crate::outputs::folder::FolderError),
    #[error(transparent)]
    Result(#[from] crate::results::table::ResultTableError),
    #[cfg(feature = "gpkg")]
    #[error(transparent)]
    Gpkg(#[from] crate::outputs::gpkg::GpkgError),
    #[error(transparent)]
    Scenario(#[from] crate::scenario::ScenarioError),
    #[error(transparent)]
    Index(#[from] crate::results::index::IndexError),
    #[error(transparent)]
    Report(Box<crate::report::ReportError>),
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

impl From<crate::analysis::AnalysisError> for Failure {
    fn from(error: crate::analysis::AnalysisError) -> Failure {
        Failure::Analysis(Box::new(error))
    }
}

impl From<crate::outputs::OutputError> for Failure {
    fn from(error: crate::outputs::OutputError) -> Failure {
        Failure::Files(Box::new(error))
    }
}

impl From<crate::report::ReportError> for Failure {
    fn from(error: crate::report::ReportError) -> Failure {
        Failure::Report(Box::new(error))
    }
}

impl Failure {
    /// The code that the command ends with: whether to try again. What is missing or forbidden is
    /// wrong input.
    pub fn exit_code(&self) -> u8 {
        let failed = said_by_system(self).any(is_of_device) || causes(self).any(is_of_database);
        if failed { DEVICE } else { WRONG }
    }

    /// For `map_err` on what was done with a file.
    pub fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Failure + use<> {
        let path = path.to_owned();
        move |source| Failure::File { path, source }
    }
}

/// Whether the device failed, rather than what was asked of it.
fn is_of_device(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    let kinds = [
        Kind::StorageFull,
        Kind::QuotaExceeded,
        Kind::FileTooLarge,
        Kind::WriteZero,
        Kind::StaleNetworkFileHandle,
        Kind::ResourceBusy,
        Kind::TimedOut,
        Kind::HostUnreachable,
        Kind::NetworkUnreachable,
        Kind::NetworkDown,
    ];
    kinds.contains(&error.kind()) || is_input_output_error(error)
}

/// EIO and its like have no kind of their own.
#[cfg(unix)]
fn is_input_output_error(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let failed = [Errno::IO, Errno::NODEV, Errno::NXIO].map(|errno| Some(errno.raw_os_error()));
    failed.contains(&error.raw_os_error())
}

#[cfg(not(unix))]
fn is_input_output_error(_: &io::Error) -> bool {
    false
}

#[cfg(feature = "gpkg")]
fn is_of_database(error: &(dyn Error + 'static)) -> bool {
    use rusqlite::ErrorCode::{DiskFull, SystemIoFailure};
    let code = error.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code);
    matches!(code, Some(DiskFull | SystemIoFailure))
}

#[cfg(not(feature = "gpkg"))]
fn is_of_database(_: &(dyn Error + 'static)) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outputs::folder::FolderError;

    fn code(kind: io::ErrorKind) -> u8 {
        let folder =
            FolderError::Io { path: "out".into(), source: io::Error::new(kind, "it said") };
        Failure::from(folder).exit_code()
    }

    #[test]
    fn a_full_disk_is_to_be_tried_again_and_what_is_missing_or_forbidden_is_not() {
        assert_eq!([io::ErrorKind::StorageFull, io::ErrorKind::TimedOut].map(code), [74, 74]);
        let wrong = [
            io::ErrorKind::NotFound,
            io::ErrorKind::PermissionDenied,
            io::ErrorKind::ReadOnlyFilesystem,
        ];
        assert_eq!(wrong.map(code), [2, 2, 2]);
        assert_eq!(Failure::Usage("no".into()).exit_code(), 2);
    }

    #[test]
    #[cfg(unix)]
    fn a_device_that_fails_is_known_by_its_number() {
        let source = io::Error::from_raw_os_error(rustix::io::Errno::IO.raw_os_error());
        assert_eq!(Failure::File { path: "map".into(), source }.exit_code(), 74);
    }
}
