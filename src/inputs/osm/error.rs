use std::path::PathBuf;

use thiserror::Error;

/// Why an OpenStreetMap extract cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OsmError {
    /// The file cannot be read at all.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is something else than an OSM extract in pbf format.
    #[error("{} is not an OpenStreetMap pbf file: {what}", path.display())]
    NotPbf {
        /// The file.
        path: PathBuf,
        /// What it is, and what to do.
        what: String,
    },
    /// The file is damaged.
    #[error("{} is damaged near byte {offset}: {what}", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// Where the damaged blob begins.
        offset: u64,
        /// What is wrong.
        what: String,
    },
    /// The file's blobs are packed in a way that this reader cannot undo.
    #[error(
        "{}: its compression, {method}, is not supported; rewrite it with `osmium cat in.osm.pbf -o out.osm.pbf`",
        path.display()
    )]
    Compression {
        /// The file.
        path: PathBuf,
        /// How it is packed, such as `lz4`.
        method: String,
    },
    /// The file asks for something that this reader does not know, such as history.
    #[error(
        "{} needs the feature `{feature}`, which is not supported; a history file can be cut to one day with `osmium time-filter`",
        path.display()
    )]
    Feature {
        /// The file.
        path: PathBuf,
        /// The required feature.
        feature: String,
    },
    /// One element stands in the file twice: two versions of it, or two extracts glued together.
    #[error("{} holds {element} twice; join extracts with `osmium merge`, or cut a history file with `osmium time-filter`", path.display())]
    Twice {
        /// The file.
        path: PathBuf,
        /// The element, such as `node 5`.
        element: String,
    },
    /// No street that can be walked is in any of the files.
    #[error(
        "no walkable street in {files}: is it the whole extract, and not one filtered to something else or cut short?"
    )]
    NoStreets {
        /// The files.
        files: String,
    },
}
