//! Which of the files in a feed are its tables.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom};

use rustc_hash::FxHashSet;

use super::archive::ListedFile;
use super::error::GtfsError;
use super::ledger::{Ledger, shown};
use super::policy;

/// The tables that are read.
const TABLES: [&str; 13] = [
    "agency.txt",
    "calendar.txt",
    "calendar_dates.txt",
    "feed_info.txt",
    "frequencies.txt",
    "levels.txt",
    "pathways.txt",
    "routes.txt",
    "shapes.txt",
    "stop_times.txt",
    "stops.txt",
    "transfers.txt",
    "trips.txt",
];
/// Files that change what runs, but are not modelled.
const UNSUPPORTED: [&str; 4] =
    ["booking_rules.txt", "location_groups.txt", "location_group_stops.txt", "locations.geojson"];

/// Whether a path's file name is that of a table, in any case.
pub fn is_table(path: &str) -> bool {
    TABLES.contains(&file_name(path).to_ascii_lowercase().as_str())
}

/// Whether a file of this name in the folder of a feed is a part of the feed, read or not.
pub fn is_part(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".txt")
        || TABLES.contains(&name.as_str())
        || UNSUPPORTED.contains(&name.as_str())
}

/// Whether a path is what file managers leave behind.
pub fn is_litter(path: &str) -> bool {
    path.split('/').any(|part| part == "__MACOSX" || part.starts_with('.'))
}

/// The tables by their names in the standard: those at the top, else those of the one folder that
/// has any.
pub fn choose(
    listed: Vec<ListedFile>,
    ledger: &mut Ledger<'_>,
) -> Result<BTreeMap<String, ListedFile>, GtfsError> {
    let mut folders: BTreeMap<String, Vec<ListedFile>> = BTreeMap::new();
    for file in listed {
        let lower = file_name(&file.path).to_ascii_lowercase();
        if UNSUPPORTED.contains(&lower.as_str()) {
            ledger.note(
                &policy::UNSUPPORTED_FILE,
                format!("{} is not read", shown(file.path.as_bytes())),
            );
        } else if is_table(&file.path) {
            folders.entry(folder(&file.path).to_owned()).or_default().push(file);
        }
    }
    let files = match folders.remove("") {
        Some(files) => {
            for stray in folders.into_values().flatten() {
                ledger.note(
                    &policy::STRAY_TABLE,
                    format!("{} is not read", shown(stray.path.as_bytes())),
                );
            }
            files
        }
        None => only_folder(folders, ledger)?,
    };
    let mut chosen: BTreeMap<String, ListedFile> = BTreeMap::new();
    for file in files {
        let (name, lower) = (file_name(&file.path), file_name(&file.path).to_ascii_lowercase());
        if name != lower {
            ledger.note(
                &policy::WRONG_CASE,
                format!("{} is read as {lower}", shown(file.path.as_bytes())),
            );
        }
        if let Some(other) = chosen.insert(lower, file) {
            let what = format!(
                "{} in it differs from another only in its case",
                shown(other.path.as_bytes())
            );
            return Err(ledger.refuse(&policy::DUPLICATE_ENTRY, what));
        }
    }
    Ok(chosen)
}

fn only_folder(
    mut folders: BTreeMap<String, Vec<ListedFile>>,
    ledger: &mut Ledger<'_>,
) -> Result<Vec<ListedFile>, GtfsError> {
    if folders.len() > 1 {
        let names: Vec<String> =
            folders.keys().map(|name| shown(name.as_bytes())).take(5).collect();
        let what = format!("it has tables in the folders {}", names.join(", "));
        return Err(ledger.refuse(&policy::SEVERAL_FEEDS, what));
    }
    let Some((folder, files)) = folders.pop_first() else {
        return Err(
            ledger.refuse(&policy::NOT_A_FEED, "it holds no table of GTFS, such as stops.txt")
        );
    };
    ledger.note(
        &policy::IN_SUBFOLDER,
        format!("the tables stand in the folder {}", shown(folder.as_bytes())),
    );
    Ok(files)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A name that the directory of a zip lists twice. The zip reader itself lets the last one win.
pub fn repeated_name(bytes: &mut (impl Read + Seek), directory: u64) -> io::Result<Option<String>> {
    bytes.seek(SeekFrom::Start(directory))?;
    let mut names = FxHashSet::default();
    loop {
        // PKWARE APPNOTE 4.3.12: the lengths of name, extra field and comment stand at bytes 28, 30
        // and 32 of 46.
        let mut header = [0; 46];
        match bytes.read_exact(&mut header) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            other => other?,
        }
        if !header.starts_with(b"PK\x01\x02") {
            return Ok(None);
        }
        let length = |at: usize| -> usize {
            let low = header.get(at).copied().map_or(0, usize::from);
            low + header.get(at + 1).copied().map_or(0, usize::from) * 256
        };
        let mut name = vec![0; length(28)];
        bytes.read_exact(&mut name)?;
        bytes.seek_relative(length(30) as i64 + length(32) as i64)?;
        if !names.insert(name.clone()) {
            return Ok(Some(String::from_utf8_lossy(&name).into_owned()));
        }
    }
}
