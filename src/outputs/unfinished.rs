//! What is being written and has no name of its own yet: files and folders that a signal has to
//! remove.
//!
//! Each stands in one list while it is under way. Whoever makes one, and whoever puts one in its
//! place, holds the list for that moment. [`abandon_all`] takes the list for good, so that nothing
//! is begun behind it and nothing is half in place.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// How long something unfinished may lie untouched before it counts as left behind: far longer than
/// any run.
const STALE: Duration = Duration::from_secs(7 * 24 * 3600);

static UNFINISHED: Mutex<Vec<UnfinishedPaths>> = Mutex::new(Vec::new());

/// What would be left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
struct UnfinishedPaths {
    path: PathBuf,
    /// Whether it goes only if nothing is in it: a folder that others may use as well.
    if_empty: bool,
}

/// A file or folder under a temporary name. Its owner removes it; if a signal comes first, the
/// signal does.
#[derive(Debug)]
pub struct Unfinished {
    left: UnfinishedPaths,
}

impl Unfinished {
    /// Makes something that goes when the program is stopped, and says where it is.
    ///
    /// # Errors
    /// As `make`.
    pub fn make<T, E>(
        make: impl FnOnce() -> Result<(PathBuf, T), E>,
    ) -> Result<(Unfinished, T), E> {
        let mut list = list();
        let (path, made) = make()?;
        let left = UnfinishedPaths { path, if_empty: false };
        list.push(left.clone());
        Ok((Unfinished { left }, made))
    }

    /// Makes the folders above a path that are missing, the highest first; they go again if nothing
    /// comes into them.
    ///
    /// # Errors
    /// If one cannot be made.
    pub fn make_folders(folder: &Path) -> io::Result<Vec<Unfinished>> {
        let mut list = list();
        let missing: Vec<&Path> = folder
            .ancestors()
            .take_while(|path| *path != Path::new("") && !path.exists())
            .collect();
        let mut made = Vec::new();
        for path in missing.into_iter().rev() {
            match fs::create_dir(path) {
                Ok(()) => {
                    let left = UnfinishedPaths { path: path.to_owned(), if_empty: true };
                    list.push(left.clone());
                    made.push(Unfinished { left });
                }
                // Another process was faster: then it is that one's.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(made)
    }

    /// Does what a signal must not come between.
    pub fn undisturbed<T>(act: impl FnOnce() -> T) -> T {
        let _list = list();
        act()
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let mut list = list();
        if self.left.if_empty {
            let _ = fs::remove_dir(&self.left.path);
        }
        list.retain(|left| *left != self.left);
    }
}

/// Removes all that is unfinished, the newest first. As long as the guard is held nothing is made
/// or put in its place: it is to be held until the program has ended.
pub fn abandon_all() -> impl Sized {
    let list = list();
    for left in list.iter().rev() {
        let _ = if left.if_empty { fs::remove_dir(&left.path) } else { remove(&left.path) };
    }
    list
}

/// Waits for ever if [`abandon_all`] has been called: whoever is about to say why it failed might
/// only see what a signal took away.
pub fn stay_if_abandoned() {
    drop(list());
}

/// Removes from a folder what processes that were killed left in it long ago.
pub(super) fn clear_stale(folder: &Path, is_temporary: impl Fn(&OsStr) -> bool) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if is_temporary(&entry.file_name()) && is_stale(&entry.path()) {
            let _ = remove(&entry.path());
        }
    }
}

fn is_stale(path: &Path) -> bool {
    let touched = fs::symlink_metadata(path).and_then(|meta| meta.modified());
    touched.is_ok_and(|then| SystemTime::now().duration_since(then).is_ok_and(|age| age > STALE))
}

fn remove(path: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(path)?.is_dir() {
        return fs::remove_file(path);
    }
    // A database may still make files by this name: under another one the folder is left alone.
    let mut aside = path.as_os_str().to_owned();
    aside.push("-gone");
    let path = fs::rename(path, &aside).map_or(path, |()| Path::new(&aside));
    fs::remove_dir_all(path)
}

fn list() -> MutexGuard<'static, Vec<UnfinishedPaths>> {
    // Each change is a single push or removal: what a thread that panicked left is whole.
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_that_were_made_on_the_way_go_again_if_nothing_comes_into_them() {
        let dir = tempfile::tempdir().expect("a folder");
        let deep = dir.path().join("a/b/c");
        let mut made = Unfinished::make_folders(&deep).expect("made");
        assert_eq!((made.len(), deep.is_dir()), (3, true));
        made.reverse();
        fs::write(dir.path().join("a/kept"), "").expect("written");
        drop(made);
        assert!(!dir.path().join("a/b").exists() && dir.path().join("a/kept").exists());
        assert!(Unfinished::make_folders(dir.path()).expect("nothing to make").is_empty());
    }

    #[test]
    fn what_lies_untouched_for_long_is_cleared_and_nothing_else() {
        let dir = tempfile::tempdir().expect("a folder");
        let long_ago = SystemTime::now() - 2 * STALE;
        for (name, old) in [(".a.tmp", true), (".b.tmp", false), ("c", true)] {
            let file = fs::File::create(dir.path().join(name)).expect("made");
            if old {
                file.set_modified(long_ago).expect("set");
            }
        }
        clear_stale(dir.path(), |name| name.as_encoded_bytes().ends_with(b".tmp"));
        let left = |name: &str| dir.path().join(name).exists();
        assert_eq!([".a.tmp", ".b.tmp", "c"].map(left), [false, true, true]);
    }
}
