//! Why a feed cannot be used.

use std::fmt;
use std::io;

/// A feed that cannot be used, with the place, what is there and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GtfsError {
    /// The file or folder could not be read.
    #[error("cannot read {file}: {source}")]
    Io {
        /// As the user named it.
        file: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A fault so grave that no number from this feed could be trusted.
    #[error("{place}: {what} ({code}); {help}")]
    Fault {
        /// The rule in [`RULES`](super::policy::RULES) that it breaks.
        code: &'static str,
        /// Where.
        place: FilePosition,
        /// What is there: the field and its value.
        what: String,
        /// What to do about it.
        help: &'static str,
    },
}

impl GtfsError {
    /// The rule that was broken, if it is a fault in the data.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            GtfsError::Io { .. } => None,
            GtfsError::Fault { code, .. } => Some(code),
        }
    }
}

/// A file and, where there is one, a line in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePosition {
    /// As the user named it, with the entry of a zip behind a `/`.
    pub file: String,
    /// From 1.
    pub line: Option<u64>,
}

impl fmt::Display for FilePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}", self.file),
            None => f.write_str(&self.file),
        }
    }
}
