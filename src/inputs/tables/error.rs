//! What can be wrong with a table as a whole.

use super::areas::JoinReport;
use crate::inputs::crs::CrsError;

/// A table that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The file could not be opened or read.
    #[error("{file}: cannot be read: {source}")]
    Read {
        /// The file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("{file}: {what}")]
    Format {
        /// The file.
        file: String,
        /// What is wrong and what to do.
        what: String,
    },
    /// The file's coordinate reference system is not read.
    #[error("{file}: {source}")]
    Crs {
        /// The file.
        file: String,
        /// What is wrong and what to do.
        source: CrsError,
    },
    /// A column that is needed is not there.
    #[error("{file}: no column for {role}: wanted {wanted}; found {found}{hint}")]
    Column {
        /// The file.
        file: String,
        /// What the column is for.
        role: &'static str,
        /// The names looked for.
        wanted: String,
        /// The names there are.
        found: String,
        /// The nearest name, as a sentence of its own, or nothing.
        hint: String,
    },
    /// A column that is needed stands in the header twice.
    #[error("{file}: the column `{name}` stands in the header twice; rename one of them")]
    ColumnTwice {
        /// The file.
        file: String,
        /// The name.
        name: String,
    },
    /// The same id for two different things.
    #[error(
        "{file}: id `{id}` stands for two different rows, {unit}s {first} and {second}; give each an id of its own"
    )]
    DuplicateId {
        /// The file.
        file: String,
        /// The id.
        id: String,
        /// What the numbers count: line or feature.
        unit: &'static str,
        /// Where it stands first.
        first: u64,
        /// Where it stands again.
        second: u64,
    },
    /// Most codes of one file are unknown to the other.
    #[error("{report}; {advice}")]
    Unmatched {
        /// What was joined and how much matched.
        report: Box<JoinReport>,
        /// What to do.
        advice: String,
    },
}

impl TableError {
    pub(in crate::inputs) fn no_column<S: AsRef<str>>(
        file: &str,
        role: &'static str,
        wanted: &[&str],
        found: &[S],
    ) -> TableError {
        let names = || found.iter().map(AsRef::as_ref).filter(|n| !n.is_empty());
        let near = wanted.first().filter(|_| wanted.len() == 1);
        let near = near.and_then(|w| crate::inputs::project::nearest(w, names()));
        TableError::Column {
            file: file.to_owned(),
            role,
            wanted: wanted.join(", "),
            found: names().collect::<Vec<_>>().join(", "),
            hint: near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default(),
        }
    }

    pub(in crate::inputs) fn polygons_for_points(file: &str) -> TableError {
        let what =
            "holds polygons where points are wanted; save their centroids or entrances as points (in QGIS: \
                    Vector > Geometry Tools > Centroids), or give the polygons as neighbourhoods"
                .to_owned();
        TableError::Format { file: file.to_owned(), what }
    }
}
