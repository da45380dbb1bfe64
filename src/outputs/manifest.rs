//! `run.json`: from which files, with which settings and for which dates the numbers were made.
//!
//! It holds what decides the numbers and nothing else: no time of writing, no thread count, no path
//! of the machine it was made on. Two runs that should agree have the same bytes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::finding::base_name;
use crate::inputs::places::{HolidaysUsed, HoursCount, PlacesMerge};

/// The version of this structure; raised when a reader of the last one would misread it.
pub const SCHEMA_VERSION: u32 = 1;

/// The whole manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// See [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What made it.
    pub tool: Tool,
    /// Whose data it is: what has to stand beside what is published from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attribution: Vec<String>,
    /// The files it was made from, in the order they were named.
    pub inputs: Vec<Input>,
    /// The project as it was resolved, defaults included.
    pub settings: Value,
    /// The departure windows, with the date taken for each.
    pub windows: Vec<ManifestWindow>,
    /// What random phases and draws were seeded with.
    pub seed: u64,
    /// Sizes of the network: `nodes`, `edges`, `stops`, `trips`, ….
    pub network: BTreeMap<String, u64>,
    /// How much of each table found its neighbourhood.
    pub joins: Vec<TableJoin>,
    /// How the map and the registers compare, by category that has both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places_merge: Vec<PlacesMerge>,
    /// How many places are open in each window, by category that asks for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opening_hours: Vec<HoursCount>,
    /// Whose public holidays the hours of how many places were held against; without any where no
    /// category asks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub public_holidays: Vec<HolidaysUsed>,
    /// How many of what: `origins_snapped`, `origins_unsnapped`, `reached`, `unreached`, ….
    pub counts: BTreeMap<String, u64>,
    /// What a reader has to know before she quotes a number.
    pub warnings: Vec<String>,
    /// The files written beside this one, by name; filled in when the folder is published.
    #[serde(default)]
    pub outputs: Vec<OutputFile>,
}

/// The program and its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `lastmile`.
    pub name: String,
    /// Such as `0.1.0`.
    pub version: String,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// What it was read as: `osm`, `gtfs`, `neighbourhoods`, ….
    pub role: String,
    /// Its name, without the folder.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// What it says of itself: a feed's version and date range, an extract's date.
    #[serde(default)]
    pub details: BTreeMap<String, Value>,
}

/// A departure window and the date it was computed for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestWindow {
    /// Its name in field names, such as `am`.
    pub name: String,
    /// The date taken, `YYYY-MM-DD`.
    pub date: String,
    /// Why this date: given by the user, or the ordinary Tuesday nearest the project's date.
    pub why: String,
    /// The first departure, `HH:MM`.
    pub from: String,
    /// The end, which is not in the window, `HH:MM`.
    pub to: String,
    /// How many departures were sampled.
    pub departures: u32,
}

/// How many rows of a table found their neighbourhood, and how many neighbourhoods found a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableJoin {
    /// What was joined, such as `jobs`.
    pub what: String,
    /// Rows of the table.
    pub rows: u64,
    /// Rows whose code is a neighbourhood's.
    pub matched: u64,
    /// Neighbourhoods without a row.
    pub without: u64,
}

/// A file of the output folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputFile {
    /// Its name in the folder.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// A manifest of this program with these settings and nothing else yet.
    pub fn new(settings: Value) -> Manifest {
        Manifest {
            schema_version: SCHEMA_VERSION,
            tool: Tool {
                name: env!("CARGO_PKG_NAME").into(),
                version: env!("CARGO_PKG_VERSION").into(),
            },
            attribution: Vec::new(),
            inputs: Vec::new(),
            settings,
            windows: Vec::new(),
            seed: 0,
            network: BTreeMap::new(),
            joins: Vec::new(),
            places_merge: Vec::new(),
            opening_hours: Vec::new(),
            public_holidays: Vec::new(),
            counts: BTreeMap::new(),
            warnings: Vec::new(),
            outputs: Vec::new(),
        }
    }

    /// The manifest as JSON with a line end, absolute paths in the settings cut to the file's name.
    pub fn to_json(&self) -> String {
        let mut published = self.clone();
        without_folders(&mut published.settings);
        for input in &mut published.inputs {
            input.details.values_mut().for_each(without_folders);
        }
        // A structure of strings, integers and JSON values under string keys always serialises.
        let json = serde_json::to_string_pretty(&published).unwrap_or_default();
        json + "\n"
    }
}

impl Input {
    /// Describes a file by its name, size and checksum.
    pub fn describe(role: impl Into<String>, path: &Path) -> io::Result<Input> {
        let (bytes, sha256) = checksum(path)?;
        Ok(Input {
            role: role.into(),
            file: base_name(path),
            bytes,
            sha256,
            details: BTreeMap::new(),
        })
    }

    /// Adds what the file says of itself.
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Input {
        self.details.insert(key.into(), value.into());
        self
    }
}

/// Size and SHA-256 of a file.
pub(crate) fn checksum(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => {
                hash.update(&buffer[..n]);
                bytes += n as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok((bytes, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}

fn without_folders(value: &mut Value) {
    match value {
        Value::String(text) if Path::new(text.as_str()).is_absolute() => {
            *text = base_name(Path::new(text.as_str()))
        }
        Value::Array(items) => items.iter_mut().for_each(without_folders),
        Value::Object(members) => members.values_mut().for_each(without_folders),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_file_is_known_by_name_size_and_checksum() -> io::Result<()> {
        let dir = tempfile::tempdir()?;
        let path = dir.path().join("feed.zip");
        std::fs::write(&path, b"abc")?;
        let input = Input::describe("gtfs", &path)?.with("feed_version", "7");
        // FIPS 180-2, appendix B.1: the digest of "abc".
        assert_eq!(
            input.sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!((input.file.as_str(), input.bytes), ("feed.zip", 3));
        Ok(())
    }

    #[test]
    fn no_folder_of_the_machine_is_published() {
        let mut manifest = Manifest::new(
            json!({"osm": "/home/someone/a.osm.pbf", "list": [{"file": "/x/b.zip"}], "speed": "4.8"}),
        );
        manifest.windows.push(ManifestWindow {
            name: "am".into(),
            date: "2024-03-05".into(),
            why: "given".into(),
            from: "07:00".into(),
            to: "09:00".into(),
            departures: 120,
        });
        let json = manifest.to_json();
        let back: Manifest = serde_json::from_str(&json).expect("reads its own writing");
        assert_eq!(
            back.settings,
            json!({"osm": "a.osm.pbf", "list": [{"file": "b.zip"}], "speed": "4.8"})
        );
        assert_eq!((back.schema_version, back.windows), (SCHEMA_VERSION, manifest.windows.clone()));
        assert_eq!(json, manifest.to_json());
    }
}
