//! A run's files, all at once or not at all.
//!
//! They are written into a hidden folder beside the target, each flushed to the disk, `run.json` last; then the folder is
//! renamed to its name. A run that fails or is killed before leaves the target as it was. Replacing an earlier result takes
//! two renames (no portable call swaps two folders): a kill between them leaves the earlier result whole under a hidden
//! name, from where [`OutputFolder::create`] puts it back.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use thiserror::Error;

use super::manifest::{Manifest, OutputFile, checksum};

const MANIFEST: &str = "run.json";

/// How long a staging folder may lie untouched before it counts as left behind: far longer than any run.
const STALE: Duration = Duration::from_secs(7 * 24 * 3600);

/// Why the outputs cannot be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FolderError {
    /// Something is there and may not be touched.
    #[error("{} exists already; give another --out, or --force to replace it", .0.display())]
    Exists(PathBuf),
    /// Something is there that this program did not write.
    #[error("{} is not an earlier result of lastmile ({why}) and is not replaced; give another --out", .folder.display())]
    NotOurs {
        /// The target.
        folder: PathBuf,
        /// What told so.
        why: String,
    },
    /// The outputs would replace the inputs.
    #[error("{} holds the input {}; give another --out", .folder.display(), .input.display())]
    HoldsInput {
        /// The target.
        folder: PathBuf,
        /// The input inside it.
        input: PathBuf,
    },
    /// The disk refused.
    #[error("cannot write {}: {source}", .path.display())]
    Io {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A result being written. Dropped without [`OutputFolder::publish`], it leaves nothing behind.
#[derive(Debug)]
pub struct OutputFolder {
    target: PathBuf,
    staging: PathBuf,
    force: bool,
}

impl OutputFolder {
    /// Prepares to write `target`. With `force` an earlier result of this program, known by its `run.json` and holding no
    /// file of another's, may be replaced; without, `target` must not exist or be an empty folder. Never is a folder
    /// replaced that one of the `inputs` lies in.
    pub fn create(target: &Path, force: bool, inputs: &[&Path]) -> Result<OutputFolder, FolderError> {
        let target = resolved(target)?;
        for input in inputs {
            let input = fs::canonicalize(input).unwrap_or_else(|_| input.to_path_buf());
            if input.starts_with(&target) {
                return Err(FolderError::HoldsInput { folder: target, input });
            }
        }
        let parent = target.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(at(parent))?;
        clear_leftovers(&target)?;
        may_write(&target, force)?;
        let staging = new_beside(&target, "tmp", |path| fs::create_dir(path))?;
        Ok(OutputFolder { target, staging, force })
    }

    /// Where the files will be.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Where a file of this name has to be written by those who need a path (a database, say).
    pub fn path(&self, name: &str) -> PathBuf {
        self.staging.join(name)
    }

    /// Writes one file; a name may have a folder before it, as in `evening/change.csv`.
    pub fn write(
        &self,
        name: &str,
        content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), FolderError> {
        let path = self.path(name);
        let written = || {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            let mut out = BufWriter::with_capacity(1 << 16, File::create_new(&path)?);
            content(&mut out)?;
            out.flush()
        };
        written().map_err(at(&self.target.join(name)))
    }

    /// Writes the manifest, with the list of all files, and puts everything in place.
    pub fn publish(self, manifest: &Manifest) -> Result<(), FolderError> {
        let manifest = Manifest { outputs: self.written()?, ..manifest.clone() };
        self.write(MANIFEST, |out| out.write_all(manifest.to_json().as_bytes()))?;
        for name in files(&self.staging)? {
            let path = self.staging.join(name);
            File::open(&path).and_then(|file| file.sync_all()).map_err(at(&path))?;
            path.parent().map_or(Ok(()), sync_folder)?;
        }
        sync_folder(&self.staging)?;
        may_write(&self.target, self.force)?;
        let old = self.set_aside()?;
        if let Err(error) = fs::rename(&self.staging, &self.target) {
            if let Some(old) = &old {
                fs::rename(old, &self.target).map_err(at(&self.target))?;
            }
            return Err(at(&self.target)(error));
        }
        sync_folder(self.target.parent().unwrap_or(Path::new(".")))?;
        // The new result stands; an old one that cannot be removed now is removed by the next run.
        old.map_or(Ok(()), |old| fs::remove_dir_all(&old).or(Ok(())))
    }

    /// The files written so far, by name.
    fn written(&self) -> Result<Vec<OutputFile>, FolderError> {
        let describe = |file: String| {
            let path = self.staging.join(&file);
            let (bytes, sha256) = checksum(&path).map_err(at(&path))?;
            Ok(OutputFile { file, bytes, sha256 })
        };
        files(&self.staging)?.into_iter().map(describe).collect()
    }

    /// Moves what is at the target out of the way, if anything is.
    fn set_aside(&self) -> Result<Option<PathBuf>, FolderError> {
        if !self.target.exists() {
            return Ok(None);
        }
        if names(&self.target)?.is_empty() {
            fs::remove_dir(&self.target).map_err(at(&self.target))?;
            return Ok(None);
        }
        new_beside(&self.target, "old", |path| fs::rename(&self.target, path)).map(Some)
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        // After publishing there is nothing under this name.
        let _ = fs::remove_dir_all(&self.staging);
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    let path = path.to_path_buf();
    move |source| FolderError::Io { path, source }
}

/// The target without `..` and links, though it need not exist yet.
fn resolved(target: &Path) -> Result<PathBuf, FolderError> {
    if target.exists() {
        return fs::canonicalize(target).map_err(at(target));
    }
    let name = target.file_name().ok_or_else(|| {
        let source = io::Error::new(io::ErrorKind::InvalidInput, "it does not end in the name of a folder");
        FolderError::Io { path: target.to_path_buf(), source }
    })?;
    let parent = match target.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(at(parent))?;
    Ok(fs::canonicalize(parent).map_err(at(parent))?.join(name))
}

fn may_write(target: &Path, force: bool) -> Result<(), FolderError> {
    if !target.exists() {
        return Ok(());
    }
    let not_ours = |why: String| Err(FolderError::NotOurs { folder: target.to_path_buf(), why });
    if !target.is_dir() {
        return not_ours("it is a file".into());
    }
    if names(target)?.is_empty() {
        return Ok(());
    }
    if !force {
        return Err(FolderError::Exists(target.to_path_buf()));
    }
    let json = fs::read(target.join(MANIFEST)).unwrap_or_default();
    let Ok(manifest) = serde_json::from_slice::<Manifest>(&json) else {
        return not_ours(format!("it has no readable {MANIFEST}"));
    };
    if manifest.tool.name != env!("CARGO_PKG_NAME") {
        return not_ours(format!("its {MANIFEST} is of another program"));
    }
    let ours = |name: &String| name == MANIFEST || manifest.outputs.iter().any(|output| output.file == *name);
    match files(target)?.iter().find(|name| !ours(name)) {
        Some(other) => not_ours(format!("{other} in it is someone's own; move it out first")),
        None => Ok(()),
    }
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Result<Vec<OsString>, FolderError> {
    let entries = fs::read_dir(folder).map_err(at(folder))?;
    let mut names = entries
        .map(|entry| entry.map(|entry| entry.file_name()))
        .collect::<io::Result<Vec<_>>>()
        .map_err(at(folder))?;
    names.sort_unstable();
    Ok(names)
}

/// All files in a folder and in its folders, sorted, each by its path below it with `/`. An empty folder stands for itself: it
/// is nobody's file, but somebody made it.
fn files(folder: &Path) -> Result<Vec<String>, FolderError> {
    let mut files = Vec::new();
    for name in names(folder)? {
        let path = folder.join(&name);
        let name = name.to_string_lossy().into_owned();
        // A link is a thing by itself, wherever it leads.
        let kind = fs::symlink_metadata(&path).map_err(at(&path))?;
        let inside = if kind.is_dir() { self::files(&path)? } else { Vec::new() };
        if inside.is_empty() {
            files.push(name);
        } else {
            files.extend(inside.into_iter().map(|below| format!("{name}/{below}")));
        }
    }
    Ok(files)
}

fn hidden_prefix(target: &Path, kind: &str) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(target.file_name().unwrap_or_default());
    prefix.push(format!(".lastmile-{kind}-"));
    prefix
}

/// Makes a thing under the first hidden name beside the target that is free.
fn new_beside(
    target: &Path,
    kind: &str,
    make: impl Fn(&Path) -> io::Result<()>,
) -> Result<PathBuf, FolderError> {
    let mut n = 0;
    loop {
        let mut name = hidden_prefix(target, kind);
        name.push(format!("{}-{n}", std::process::id()));
        let path = target.with_file_name(name);
        match make(&path) {
            Ok(()) => return Ok(path),
            Err(e) if n < 1000 && path.exists() && e.kind() != io::ErrorKind::PermissionDenied => n += 1,
            Err(e) => return Err(at(&path)(e)),
        }
    }
}

/// Puts back a result whose replacement was interrupted, and removes what killed runs left long ago.
fn clear_leftovers(target: &Path) -> Result<(), FolderError> {
    let parent = target.parent().unwrap_or(Path::new("."));
    let starts = |name: &OsString, kind| {
        name.as_encoded_bytes().starts_with(hidden_prefix(target, kind).as_encoded_bytes())
    };
    for name in names(parent)? {
        let path = parent.join(&name);
        if starts(&name, "old") && !target.exists() {
            fs::rename(&path, target).map_err(at(target))?;
        } else if starts(&name, "old") || starts(&name, "tmp") && is_stale(&path) {
            let _ = fs::remove_dir_all(&path);
        }
    }
    Ok(())
}

fn is_stale(path: &Path) -> bool {
    let touched = fs::metadata(path).and_then(|meta| meta.modified());
    touched.is_ok_and(|then| SystemTime::now().duration_since(then).is_ok_and(|age| age > STALE))
}

fn sync_folder(folder: &Path) -> Result<(), FolderError> {
    // Only Unix can open a folder to flush its names.
    if cfg!(unix) { File::open(folder).and_then(|dir| dir.sync_all()).map_err(at(folder)) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
