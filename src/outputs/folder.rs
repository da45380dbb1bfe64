//! A run's files, all at once or not at all.
//!
//! They are written into a hidden folder beside the target, each flushed to the disk, `run.json`
//! last; then the folder is renamed to its name. A run that fails or is stopped before leaves the
//! target as it was. To replace an earlier result the two folders change places in one step. Where
//! a file system cannot do that it takes two renames: a kill between them leaves the earlier result
//! whole under a hidden name, from where [`OutputFolder::create`] puts it back.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::input_files::InputFiles;
use super::manifest::{Manifest, OutputFile, checksum};
use super::new_output::sync_folder;
use super::unfinished::{Unfinished, clear_stale};

const MANIFEST: &str = "run.json";

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
    /// The staging folder; after it, from the lowest, the folders above the target that were not
    /// there.
    _unfinished: Vec<Unfinished>,
}

impl OutputFolder {
    /// Prepares to write `target`. With `force` an earlier result of this program, known by its
    /// `run.json` and holding no file of another's, may be replaced; without, `target` must not
    /// exist or be an empty folder. Never is a folder replaced that one of the `inputs` lies in.
    ///
    /// # Errors
    /// If the target may not be written, or the system refuses.
    pub fn create(
        target: &Path,
        force: bool,
        inputs: &InputFiles,
    ) -> Result<OutputFolder, FolderError> {
        let (target, mut made) = resolved(target)?;
        if let Some(input) = inputs.inside(&target) {
            return Err(FolderError::HoldsInput { folder: target, input: input.to_owned() });
        }
        clear_leftovers(&target)?;
        may_write(&target, &target, force)?;
        let new = || {
            new_beside(&target, "tmp", |path| fs::create_dir(path)).map(|path| (path.clone(), path))
        };
        let (unfinished, staging) = Unfinished::make(new)?;
        made.push(unfinished);
        made.reverse();
        Ok(OutputFolder { target, staging, force, _unfinished: made })
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
        let create = || {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            File::create_new(&path)
        };
        let written = || {
            let mut out = BufWriter::with_capacity(1 << 16, Unfinished::undisturbed(create)?);
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
            path.parent().map_or(Ok(()), |folder| sync_folder(folder).map_err(at(folder)))?;
        }
        sync_folder(&self.staging).map_err(at(&self.staging))?;
        Unfinished::undisturbed(|| self.put_in_place())?;
        let parent = self.target.parent().unwrap_or(Path::new("."));
        // What stood there before goes when this is dropped; one that cannot be removed now is
        // removed by a later run.
        sync_folder(parent).map_err(at(parent))
    }

    /// Gives the folder its name. What was there before is then at the hidden name.
    fn put_in_place(&self) -> Result<(), FolderError> {
        let mut refused = None;
        // Other processes may come and go between a look and a rename.
        for _ in 0..100 {
            match may_write(&self.target, &self.target, self.force).and_then(|()| self.put()) {
                Err(FolderError::Io { source, .. }) if is_of_another(&source) => {
                    refused = Some(source)
                }
                done => return done,
            }
        }
        let source = refused.unwrap_or_else(|| io::Error::from(io::ErrorKind::ResourceBusy));
        Err(at(&self.target)(source))
    }

    fn put(&self) -> Result<(), FolderError> {
        if is_filled(&self.target) {
            return self.change_places();
        }
        // Takes the place of an empty folder, too.
        fs::rename(&self.staging, &self.target).map_err(at(&self.target))
    }

    /// Exchanges the new folder and the earlier result.
    fn change_places(&self) -> Result<(), FolderError> {
        match exchange(&self.staging, &self.target) {
            Some(Ok(())) => {
                // Whatever came there since it was looked at.
                let checked = may_write(&self.staging, &self.target, self.force);
                if checked.is_err() {
                    let _ = exchange(&self.staging, &self.target);
                }
                checked
            }
            Some(Err(source)) => Err(at(&self.target)(source)),
            None => self.replace_in_two_steps(),
        }
    }

    fn replace_in_two_steps(&self) -> Result<(), FolderError> {
        let old = new_beside(&self.target, "old", |path| fs::rename(&self.target, path))?;
        if let Err(error) = fs::rename(&self.staging, &self.target) {
            fs::rename(&old, &self.target).map_err(at(&self.target))?;
            return Err(at(&self.target)(error));
        }
        // The new result stands; an old one that cannot be removed now is removed by the next run.
        let _ = fs::remove_dir_all(&old);
        Ok(())
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
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        // After publishing there is nothing under this name, or the earlier result.
        let _ = fs::remove_dir_all(&self.staging);
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    let path = path.to_path_buf();
    move |source| FolderError::Io { path, source }
}

/// Exchanges two folders in one step; `None` where the file system cannot.
#[cfg(unix)]
fn exchange(one: &Path, other: &Path) -> Option<io::Result<()>> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    return match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP | Errno::XDEV | Errno::PERM) => None,
        done => Some(done.map_err(io::Error::from)),
    };
    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    None
}

#[cfg(not(unix))]
fn exchange(_: &Path, _: &Path) -> Option<io::Result<()>> {
    None
}

/// Whether a rename was refused since another process was faster: it is worth another look.
fn is_of_another(error: &io::Error) -> bool {
    use io::ErrorKind::{AlreadyExists, DirectoryNotEmpty, NotFound};
    matches!(error.kind(), AlreadyExists | DirectoryNotEmpty | NotFound)
}

fn is_filled(folder: &Path) -> bool {
    names(folder).is_ok_and(|names| !names.is_empty())
}

/// The target without `..` and links, though it need not exist yet; with the folders above it that
/// had to be made.
fn resolved(target: &Path) -> Result<(PathBuf, Vec<Unfinished>), FolderError> {
    if target.exists() {
        return Ok((fs::canonicalize(target).map_err(at(target))?, Vec::new()));
    }
    let name = target.file_name().ok_or_else(|| {
        let source =
            io::Error::new(io::ErrorKind::InvalidInput, "it does not end in the name of a folder");
        FolderError::Io { path: target.to_path_buf(), source }
    })?;
    let parent = match target.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let made = Unfinished::make_folders(parent).map_err(at(parent))?;
    Ok((fs::canonicalize(parent).map_err(at(parent))?.join(name), made))
}

/// Whether what is in a `folder` may go, which the user calls `target`.
fn may_write(folder: &Path, target: &Path, force: bool) -> Result<(), FolderError> {
    if !folder.exists() {
        return Ok(());
    }
    let not_ours = |why: String| Err(FolderError::NotOurs { folder: target.to_path_buf(), why });
    if !folder.is_dir() {
        return not_ours("it is a file".into());
    }
    if names(folder)?.is_empty() {
        return Ok(());
    }
    if !force {
        return Err(FolderError::Exists(target.to_path_buf()));
    }
    let json = fs::read(folder.join(MANIFEST)).unwrap_or_default();
    let Ok(manifest) = serde_json::from_slice::<Manifest>(&json) else {
        return not_ours(format!("it has no readable {MANIFEST}"));
    };
    if manifest.tool.name != env!("CARGO_PKG_NAME") {
        return not_ours(format!("its {MANIFEST} is of another program"));
    }
    let ours = |name: &String| {
        name == MANIFEST || manifest.outputs.iter().any(|output| output.file == *name)
    };
    match files(folder)?.iter().find(|name| !ours(name)) {
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

/// All files in a folder and in its folders, sorted, each by its path below it with `/`. An empty
/// folder stands for itself: it is nobody's file, but somebody made it.
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
            Err(e) if n < 1000 && path.exists() && e.kind() != io::ErrorKind::PermissionDenied => {
                n += 1
            }
            Err(e) => return Err(at(&path)(e)),
        }
    }
}

/// Puts back a result whose replacement was interrupted, and removes what killed runs left long
/// ago.
fn clear_leftovers(target: &Path) -> Result<(), FolderError> {
    let parent = target.parent().unwrap_or(Path::new("."));
    let starts = |name: &OsStr, kind| {
        name.as_encoded_bytes().starts_with(hidden_prefix(target, kind).as_encoded_bytes())
    };
    for name in names(parent)?.into_iter().filter(|name| starts(name, "old")) {
        let path = parent.join(&name);
        if target.exists() {
            let _ = fs::remove_dir_all(&path);
        } else {
            fs::rename(&path, target).map_err(at(target))?;
        }
    }
    clear_stale(parent, |name| starts(name, "tmp"));
    Ok(())
}

#[cfg(test)]
mod tests;
