//! The files that a command reads: no output ever takes the place of one.

use std::fs;
use std::path::{Path, PathBuf};

use crate::inputs::gtfs;

/// What a shapefile consists of besides the `.shp` that is named.
const BESIDE_SHP: [&str; 5] = ["dbf", "shx", "prj", "cpg", "qix"];

/// The inputs of a command, each known by its place and by what the file system says it is.
#[derive(Clone, Debug, Default)]
pub struct InputFiles {
    files: Vec<InputPath>,
}

#[derive(Clone, Debug)]
struct InputPath {
    /// As the user named it.
    given: PathBuf,
    /// Without links and `..`.
    resolved: PathBuf,
    /// The same for a hard link by another name.
    identity: Option<Identity>,
    /// Whether it is a feed in a folder, which has any table for a part.
    folder: bool,
}

/// Device and number of a file.
type Identity = (u64, u64);

impl InputFiles {
    /// The inputs by their paths; a folder stands for the tables in it and right below it.
    pub fn of<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> InputFiles {
        let mut files = Vec::new();
        for path in paths {
            let path = path.as_ref();
            let folder = path.is_dir();
            if folder {
                files.extend(tables(path).iter().map(|table| InputPath::of(table, false)));
            } else if path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("shp")) {
                let beside = BESIDE_SHP.iter().map(|ext| path.with_extension(ext));
                files.extend(
                    beside.filter(|path| path.exists()).map(|path| InputPath::of(&path, false)),
                );
            }
            files.push(InputPath::of(path, folder));
        }
        InputFiles { files }
    }

    /// These and more.
    #[must_use]
    pub fn and<P: AsRef<Path>>(mut self, paths: impl IntoIterator<Item = P>) -> InputFiles {
        self.files.extend(InputFiles::of(paths).files);
        self
    }

    /// The input whose place a file of this name would take, by whatever spelling or link, or whose
    /// part it would be.
    pub fn replaced_by(&self, target: &Path) -> Option<&Path> {
        let found = identity(target);
        let resolved = resolved(target);
        let same = |input: &&InputPath| {
            input.resolved == resolved
                || found.is_some() && input.identity == found
                || input.folder && is_part_of(&input.resolved, &resolved)
        };
        self.files.iter().find(same).map(|input| input.given.as_path())
    }

    /// An input that lies in a folder, or is that folder.
    pub fn inside(&self, folder: &Path) -> Option<&Path> {
        let folder = resolved(folder);
        let inside = |input: &&InputPath| input.resolved.starts_with(&folder);
        self.files.iter().find(inside).map(|input| input.given.as_path())
    }
}

impl InputPath {
    fn of(path: &Path, folder: bool) -> InputPath {
        InputPath {
            given: path.to_owned(),
            resolved: resolved(path),
            identity: identity(path),
            folder,
        }
    }
}

/// Where a path leads in the end, whether or not there is anything: links followed, one that leads
/// nowhere too.
pub(super) fn resolved(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    // As many links as systems follow.
    for _ in 0..40 {
        if let Ok(there) = fs::canonicalize(&path) {
            return there;
        }
        match fs::read_link(&path) {
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => break,
        }
    }
    let parent = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    match (fs::canonicalize(parent), path.file_name()) {
        (Ok(parent), Some(name)) => parent.join(name),
        _ => std::path::absolute(&path).unwrap_or(path),
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    let meta = fs::metadata(path).ok().filter(|meta| !meta.is_dir())?;
    Some((meta.dev(), meta.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Path) -> Option<Identity> {
    None
}

fn is_part_of(folder: &Path, file: &Path) -> bool {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    file.parent() == Some(folder) && gtfs::is_part(&name)
}

/// The tables of a feed in a folder.
fn tables(folder: &Path) -> Vec<PathBuf> {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().take(gtfs::MOST_ENTRIES);
        entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
    };
    let below = |path: PathBuf| if path.is_dir() { entries(&path) } else { vec![path] };
    let is_part = |path: &PathBuf| {
        path.file_name().is_some_and(|name| gtfs::is_part(&name.to_string_lossy()))
            && path.is_file()
    };
    entries(folder).into_iter().flat_map(below).filter(is_part).collect()
}
