//! The files of a feed, in a zip or a folder. A zip is read in place and never unpacked, so no name
//! in it is ever a path on the user's disk.

use std::fs::{self, File};
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::entries;
use super::error::GtfsError;
use super::foreign;
use super::ledger::{Ledger, shown};
use super::policy::{self, FaultRule};

/// A zip up to this size is held in memory while it is read; a larger one is read from the disk
/// twice.
const HELD_IN_MEMORY: u64 = 512 << 20;
/// The largest file in a feed, unpacked: several times Great Britain's stop_times.txt (5.8 GB in
/// 2026).
const LARGEST_FILE: u64 = 20_000_000_000;
/// All files together.
const LARGEST_FEED: u64 = 40_000_000_000;
/// A file that packs better than this is made to fill the memory, not to be read. Small ones are
/// let off.
const BEST_RATIO: u64 = 200;
const RATIO_FROM: u64 = 64 << 20;
/// No feed has so many files.
pub const MOST_ENTRIES: usize = 5000;
/// Of files that are none of GTFS so many are looked into for what they are.
const MOST_LOOKED_AT: usize = 20;

trait Bytes: Read + Seek {}
impl<T: Read + Seek> Bytes for T {}

/// A feed whose files have been listed and found safe to read.
pub struct Archive {
    store: FeedStore,
    tables: Vec<ArchiveTable>,
    sha256: String,
}

enum FeedStore {
    Zip(Box<ZipArchive<Box<dyn Bytes>>>),
    Folder,
}

/// Where one table stands.
struct ArchiveTable {
    /// Its name in the standard, in lower case.
    name: String,
    /// Its name as it is written.
    written: String,
    source: FeedSource,
}

enum FeedSource {
    Entry(usize),
    File(PathBuf),
}

/// A file of the feed before it is known whether it is used.
pub struct ListedFile {
    /// With its folders, divided by `/`.
    pub path: String,
    source: FeedSource,
}

impl Archive {
    /// Lists the files of a feed and hashes them.
    pub fn open(path: &Path, ledger: &mut Ledger<'_>) -> Result<Archive, GtfsError> {
        let is_folder = fs::metadata(path).map_err(|source| ledger.unreadable(source))?.is_dir();
        let (store, listed, sha256) = if is_folder {
            let (listed, sha256) = list_folder(path, ledger)?;
            (FeedStore::Folder, listed, sha256)
        } else {
            open_zip(path, ledger)?
        };
        let mut store = store;
        if !listed.iter().any(|file| entries::is_table(&file.path)) {
            return Err(no_table(&mut store, &listed, ledger));
        }
        let chosen = entries::choose(listed, ledger)?;
        let tables = chosen
            .into_iter()
            .map(|(name, file)| {
                let written = file.path.rsplit('/').next().unwrap_or_default().to_owned();
                ArchiveTable { name, written, source: file.source }
            })
            .collect();
        Ok(Archive { store, tables, sha256 })
    }

    /// Whether the feed has a table, however it writes its name.
    pub fn has(&self, table: &str) -> bool {
        self.tables.iter().any(|t| t.name == table)
    }

    /// The table's file name as the feed writes it.
    pub fn written<'n>(&'n self, table: &'n str) -> &'n str {
        self.tables.iter().find(|t| t.name == table).map_or(table, |t| &t.written)
    }

    /// The bytes of a table, if the feed has it.
    pub fn read(&mut self, table: &str) -> io::Result<Option<Box<dyn Read + '_>>> {
        let Some(table) = self.tables.iter().find(|t| t.name == table) else { return Ok(None) };
        self.store.read(&table.source)
    }

    /// The error that stands behind another: what a table says is not worth telling if its bytes
    /// are damaged.
    pub fn blame(&mut self, error: GtfsError, ledger: &mut Ledger<'_>) -> GtfsError {
        let GtfsError::Fault { place, .. } = &error else { return error };
        let file = place.file.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let damage = match self.read(&file) {
            Ok(Some(mut bytes)) => io::copy(&mut bytes, &mut io::sink()).err(),
            Ok(None) => None,
            Err(damage) => Some(damage),
        };
        damage.map_or(error, |damage| ledger.page(self.written(&file)).broken(damage))
    }

    /// SHA-256 of the zip, or of a folder's tables in the order of their names; hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

impl FeedStore {
    fn read(&mut self, source: &FeedSource) -> io::Result<Option<Box<dyn Read + '_>>> {
        Ok(Some(match (source, self) {
            (FeedSource::File(path), _) => Box::new(File::open(path)?),
            (FeedSource::Entry(index), FeedStore::Zip(zip)) => {
                let entry = zip.by_index(*index).map_err(io::Error::other)?;
                let promised = entry.size();
                Box::new(BoundedEntry { inner: entry, left: promised })
            }
            (FeedSource::Entry(_), FeedStore::Folder) => return Ok(None),
        }))
    }
}

/// The error that there is no table, which says what there is instead.
fn no_table(store: &mut FeedStore, listed: &[ListedFile], ledger: &Ledger<'_>) -> GtfsError {
    let start = |file: &ListedFile| {
        let mut start = Vec::new();
        let bytes = store.read(&file.source).ok().flatten()?;
        bytes.take(foreign::TELLING).read_to_end(&mut start).ok()?;
        Some(start)
    };
    let worth_it = listed.iter().filter(|file| foreign::may_be(&file.path)).take(MOST_LOOKED_AT);
    match worth_it.filter_map(start).find_map(|start| foreign::told_by(&start)) {
        Some(found) => ledger.refuse(found.rule, format!("it holds {}", found.what)),
        None => ledger.refuse(&policy::NOT_A_FEED, "it holds no table of GTFS, such as stops.txt"),
    }
}

/// The error that a file is no zip, which says what it is instead.
fn no_zip(path: &Path, why: &str, ledger: &Ledger<'_>) -> GtfsError {
    let mut start = Vec::new();
    let looked_at =
        File::open(path).and_then(|file| file.take(foreign::TELLING).read_to_end(&mut start));
    match looked_at
        .ok()
        .and_then(|_| foreign::told_by(&start))
        .filter(|found| found.rule != &policy::FEEDS_IN_FEED)
    {
        Some(found) => ledger.refuse(found.rule, format!("it is {}", found.what)),
        None => ledger.refuse(&policy::NOT_A_FEED, format!("it cannot be read as a zip: {why}")),
    }
}

/// Refuses to give more bytes than the zip's directory promised, so that the limits above hold.
struct BoundedEntry<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for BoundedEntry<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.left = (self.left.checked_sub(n as u64))
            .ok_or_else(|| io::Error::other("holds more bytes than the zip's directory says"))?;
        Ok(n)
    }
}

fn open_zip(
    path: &Path,
    ledger: &Ledger<'_>,
) -> Result<(FeedStore, Vec<ListedFile>, String), GtfsError> {
    let unreadable = |source| ledger.unreadable(source);
    let not_a_zip = |why: String| ledger.refuse(&policy::NOT_A_FEED, why);
    let (mut bytes, sha256) = hold(path).map_err(unreadable)?;
    let mut zip = match ZipArchive::new(bytes) {
        Ok(zip) => zip,
        Err(zip::result::ZipError::Io(source)) => return Err(unreadable(source)),
        Err(error) => return Err(no_zip(path, &error.to_string(), ledger)),
    };
    if zip.len() > MOST_ENTRIES {
        return Err(ledger.refuse(&policy::TOO_MANY_ENTRIES, format!("it has {} files", zip.len())));
    }
    let listed = list_zip(&mut zip, ledger)?;
    let directory = zip.central_directory_start();
    bytes = zip.into_inner();
    if let Some(name) = entries::repeated_name(&mut bytes, directory).map_err(unreadable)? {
        return Err(ledger.refuse(
            &policy::DUPLICATE_ENTRY,
            format!("it holds {} more than once", shown(name.as_bytes())),
        ));
    }
    let zip = ZipArchive::new(bytes).map_err(|error| not_a_zip(error.to_string()))?;
    Ok((FeedStore::Zip(Box::new(zip)), listed, sha256))
}

/// The bytes of a zip with their hash.
fn hold(path: &Path) -> io::Result<(Box<dyn Bytes>, String)> {
    if fs::metadata(path)?.len() <= HELD_IN_MEMORY {
        let bytes = fs::read(path)?;
        let sha256 = hex(&Sha256::digest(&bytes));
        return Ok((Box::new(Cursor::new(bytes)), sha256));
    }
    let mut hasher = Sha256::new();
    feed_hash(&mut hasher, path)?;
    Ok((Box::new(BufReader::with_capacity(1 << 20, File::open(path)?)), hex(&hasher.finalize())))
}

fn list_zip(
    zip: &mut ZipArchive<Box<dyn Bytes>>,
    ledger: &Ledger<'_>,
) -> Result<Vec<ListedFile>, GtfsError> {
    let mut listed = Vec::new();
    let mut total = 0_u64;
    for index in 0..zip.len() {
        let entry = (zip.by_index_raw(index))
            .map_err(|error| ledger.refuse(&policy::UNREADABLE_ENTRY, error.to_string()))?;
        let path = entry.name().replace('\\', "/");
        if entry.is_dir() || entries::is_litter(&path) {
            continue;
        }
        let refuse = |rule: &FaultRule, what: String| {
            ledger.refuse(rule, format!("{} in it {what}", shown(path.as_bytes())))
        };
        if entry.encrypted() {
            return Err(refuse(&policy::ENCRYPTED_ENTRY, "is encrypted".into()));
        }
        if entry.is_symlink() {
            return Err(refuse(&policy::SYMLINK_ENTRY, "is a symbolic link".into()));
        }
        let (size, packed) = (entry.size(), entry.compressed_size());
        total = total.saturating_add(size);
        if size > LARGEST_FILE || total > LARGEST_FEED {
            return Err(refuse(&policy::ENTRY_TOO_LARGE, format!("unpacks to {size} bytes")));
        }
        if size > RATIO_FROM && size / BEST_RATIO > packed {
            let what =
                format!("unpacks from {packed} to {size} bytes, more than {BEST_RATIO} times");
            return Err(refuse(&policy::ENTRY_TOO_LARGE, what));
        }
        listed.push(ListedFile { path, source: FeedSource::Entry(index) });
    }
    Ok(listed)
}

fn list_folder(folder: &Path, ledger: &Ledger<'_>) -> Result<(Vec<ListedFile>, String), GtfsError> {
    let mut listed = Vec::new();
    let unreadable = |source| ledger.unreadable(source);
    for (path, inside) in walk(folder, true).map_err(unreadable)? {
        let kind = fs::symlink_metadata(&path).map_err(unreadable)?;
        if kind.is_symlink() && entries::is_table(&inside) {
            return Err(ledger.refuse(
                &policy::SYMLINK_ENTRY,
                format!("{} in it is a symbolic link", shown(inside.as_bytes())),
            ));
        }
        if kind.len() > LARGEST_FILE {
            let what = format!("{} in it has {} bytes", shown(inside.as_bytes()), kind.len());
            return Err(ledger.refuse(&policy::ENTRY_TOO_LARGE, what));
        }
        if kind.is_file() && !entries::is_litter(&inside) {
            listed.push(ListedFile { path: inside, source: FeedSource::File(path) });
        }
    }
    let mut hasher = Sha256::new();
    for file in listed.iter().filter(|file| entries::is_table(&file.path)) {
        hasher.update(file.path.as_bytes());
        hasher.update([0]);
        if let FeedSource::File(path) = &file.source {
            feed_hash(&mut hasher, path).map_err(unreadable)?;
        }
    }
    Ok((listed, hex(&hasher.finalize())))
}

/// The files of a folder and of the folders right below it, in the order of their names.
fn walk(folder: &Path, deeper: bool) -> io::Result<Vec<(PathBuf, String)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)?.take(MOST_ENTRIES) {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !entry.file_type()?.is_dir() {
            files.push((entry.path(), name));
        } else if deeper {
            files.extend(
                walk(&entry.path(), false)?.into_iter().map(|(p, n)| (p, format!("{name}/{n}"))),
            );
        }
    }
    files.sort_by(|(_, a), (_, b)| a.cmp(b));
    Ok(files)
}

fn feed_hash(hasher: &mut Sha256, path: &Path) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(()),
            n => hasher.update(buffer.get(..n).unwrap_or_default()),
        }
    }
}

fn hex(digest: &[u8]) -> String {
    use std::fmt::Write;
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
