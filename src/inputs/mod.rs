//! Files → plain records and findings.
//!
//! Only this room knows the field names of OpenStreetMap, GTFS, Ofcom and ONS files. Everything it
//! reads is untrusted: a faulty row becomes a [`Finding`](crate::finding::Finding), a file that
//! cannot be used becomes an error that names file, line, field, value and what to do. Records
//! leave this room with checked coordinates and typed times.

pub mod attributes;
pub mod attribution;
pub mod broadband;
pub mod codes;
pub mod crs;
pub mod gtfs;
pub mod hours;
pub mod init;
pub mod jobs;
pub mod neighbourhoods;
pub mod origins;
pub mod osm;
pub mod places;
pub mod project;
pub mod stray;
pub mod tables;

/// A file's name without its folder, for the dictionary.
fn file_name(path: &std::path::Path) -> String {
    path.file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
