//! One file that a command writes: whole or not there, and never in place of an input.
//!
//! It grows under a hidden name of its own beside its target, is flushed to the disk and renamed.
//! Two processes with one target do not meet before the rename: the last one wins, or without
//! `--force` the first. What is no file on a disk (a pipe, a terminal, `/dev/null`) is written to
//! as it is.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use thiserror::Error;

use super::input_files::{InputFiles, resolved};
use super::unfinished::{Unfinished, clear_stale};

/// Bytes of a long name that its temporary one repeats: file systems end names at 255.
const NAME_BYTES: usize = 100;

/// Why a file cannot be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NewOutputError {
    /// A file of that name is there.
    #[error("{} exists already; give another name, or --force to replace it", .0.display())]
    Exists(PathBuf),
    /// The file is an input.
    #[error("{} is the input {}, and no input is ever replaced; give another name", .path.display(), .input.display())]
    Input {
        /// The target.
        path: PathBuf,
        /// The input, as it was named.
        input: PathBuf,
    },
    /// A folder of that name is there.
    #[error("{} is a folder; give the name of a file", .0.display())]
    Folder(PathBuf),
    /// The folder that it is to lie in is not there.
    #[error("cannot write {}: there is no folder {}; make it first, or give another name", .path.display(), .folder.display())]
    NoFolder {
        /// The target.
        path: PathBuf,
        /// What would hold it.
        folder: PathBuf,
    },
    /// A pipe cannot hold what is to be written.
    #[error("{} is no file on a disk, and a {what} cannot be written to a stream; give the name of a file", .path.display())]
    Stream {
        /// The target.
        path: PathBuf,
        /// What was to be written.
        what: &'static str,
    },
    /// The disk or the pipe refused.
    #[error("cannot write {}: {source}", .path.display())]
    Io {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A file being written, or a stream. Dropped without [`NewOutput::publish`], a file leaves nothing
/// behind.
pub struct NewOutput {
    /// As the user named it.
    name: PathBuf,
    place: OutputSink,
}

enum OutputSink {
    Stream(Box<dyn Write + Send>),
    File(Box<GrowingFile>),
}

/// A file under its temporary name.
struct GrowingFile {
    file: BufWriter<NamedTempFile>,
    target: PathBuf,
    force: bool,
    inputs: InputFiles,
    /// After the file: first it is removed, then it is no longer a signal's to remove.
    _unfinished: Unfinished,
}

impl NewOutput {
    /// An open stream, such as the standard output.
    pub fn stream(out: Box<dyn Write + Send>) -> NewOutput {
        NewOutput { name: PathBuf::from("the standard output"), place: OutputSink::Stream(out) }
    }

    /// Begins a file. A file that is there may be replaced with `force` alone, an input never.
    ///
    /// # Errors
    /// If it may not be replaced, or the system refuses.
    pub fn create(
        path: &Path,
        force: bool,
        inputs: &InputFiles,
    ) -> Result<NewOutput, NewOutputError> {
        let error = io_error(path);
        if let Some(stream) = open_stream(path).map_err(io_error(path))? {
            return Ok(NewOutput {
                name: path.to_owned(),
                place: OutputSink::Stream(Box::new(stream)),
            });
        }
        may_write(path, force, inputs)?;
        let target = resolved(path);
        let parent = target.parent().unwrap_or(Path::new("."));
        let prefix = temporary_prefix(&target);
        clear_stale(parent, |name| name.as_encoded_bytes().starts_with(prefix.as_encoded_bytes()));
        let begin = || {
            let mut builder = tempfile::Builder::new();
            builder.prefix(&prefix).suffix(".tmp");
            #[cfg(unix)]
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
            let file = builder.tempfile_in(parent)?;
            Ok((file.path().to_owned(), file))
        };
        let (unfinished, file) = Unfinished::make(begin).map_err(error)?;
        let growing = GrowingFile {
            file: BufWriter::with_capacity(1 << 16, file),
            target,
            force,
            inputs: inputs.clone(),
            _unfinished: unfinished,
        };
        Ok(NewOutput { name: path.to_owned(), place: OutputSink::File(Box::new(growing)) })
    }

    /// Whether it is a stream rather than a file on a disk.
    pub fn is_stream(&self) -> bool {
        matches!(self.place, OutputSink::Stream(_))
    }

    /// As [`create`](Self::create), for a `what` that is a database and needs a file on a disk.
    ///
    /// # Errors
    /// As [`create`](Self::create), and if it is a stream; that is not opened, as a pipe would wait
    /// for its reader.
    pub fn create_database(
        path: &Path,
        force: bool,
        inputs: &InputFiles,
        what: &'static str,
    ) -> Result<NewOutput, NewOutputError> {
        if is_stream(path) {
            return Err(NewOutputError::Stream { path: path.to_owned(), what });
        }
        NewOutput::create(path, force, inputs)
    }

    /// Where a database has to be written, in place of writing into this.
    ///
    /// # Errors
    /// If it is a stream, which cannot hold a `what`.
    pub fn temporary_path(&self, what: &'static str) -> Result<&Path, NewOutputError> {
        match &self.place {
            OutputSink::File(growing) => Ok(growing.file.get_ref().path()),
            OutputSink::Stream(_) => Err(NewOutputError::Stream { path: self.name.clone(), what }),
        }
    }

    /// Flushes all to the disk and gives the file its name.
    ///
    /// # Errors
    /// If the system refuses, or meanwhile a file came to that name which may not be replaced: it
    /// stays as it is.
    pub fn publish(self) -> Result<(), NewOutputError> {
        let NewOutput { name, place } = self;
        match place {
            OutputSink::Stream(mut out) => out.flush().map_err(io_error(&name)),
            OutputSink::File(growing) => growing.publish(&name),
        }
    }

    /// Makes the error of a write that the system refused.
    pub fn refused(&self) -> impl FnOnce(io::Error) -> NewOutputError + use<> {
        io_error(&self.name)
    }

    /// Writes all and publishes.
    ///
    /// # Errors
    /// As [`publish`](Self::publish), or if writing fails.
    pub fn write_whole(
        mut self,
        write: impl FnOnce(&mut NewOutput) -> io::Result<()>,
    ) -> Result<(), NewOutputError> {
        write(&mut self).map_err(self.refused())?;
        self.publish()
    }
}

impl Write for NewOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.place {
            OutputSink::Stream(out) => out.write(bytes),
            OutputSink::File(growing) => growing.file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.place {
            OutputSink::Stream(out) => out.flush(),
            OutputSink::File(growing) => growing.file.flush(),
        }
    }
}

impl GrowingFile {
    fn publish(self, name: &Path) -> Result<(), NewOutputError> {
        let GrowingFile { file, target, force, inputs, _unfinished } = self;
        let error = io_error(name);
        let file = file.into_inner().map_err(|error| io_error(name)(error.into_error()))?;
        may_write(name, force, &inputs)?;
        if let Ok(old) = fs::metadata(&target) {
            file.as_file().set_permissions(old.permissions()).map_err(io_error(name))?;
        }
        file.as_file().sync_all().map_err(io_error(name))?;
        let put = || {
            if force { file.persist(&target).map_err(|e| e.error) } else { put_new(file, &target) }
        };
        match Unfinished::undisturbed(put) {
            Err(found) if found.kind() == io::ErrorKind::AlreadyExists => {
                Err(NewOutputError::Exists(name.to_owned()))
            }
            Err(found) => Err(error(found)),
            Ok(_) => sync_folder(target.parent().unwrap_or(Path::new("."))).map_err(error),
        }
    }
}

/// Gives a file its name unless there is a file of that name.
fn put_new(file: NamedTempFile, target: &Path) -> io::Result<File> {
    match file.persist_noclobber(target) {
        // A file system without hard links and without a rename that looks: then looking first is
        // all there is.
        Err(refused)
            if refused.error.kind() != io::ErrorKind::AlreadyExists && !target.exists() =>
        {
            refused.file.persist(target).map_err(|refused| refused.error)
        }
        done => done.map_err(|refused| refused.error),
    }
}

/// Whether a file may be written under a name.
fn may_write(path: &Path, force: bool, inputs: &InputFiles) -> Result<(), NewOutputError> {
    if let Some(input) = inputs.replaced_by(path) {
        return Err(NewOutputError::Input { path: path.to_owned(), input: input.to_owned() });
    }
    if path.is_dir() || path.file_name().is_none() {
        return Err(NewOutputError::Folder(path.to_owned()));
    }
    if !force && path.exists() {
        return Err(NewOutputError::Exists(path.to_owned()));
    }
    match resolved(path).parent() {
        Some(folder) if !folder.is_dir() => {
            let folder = path.parent().unwrap_or(folder).to_owned();
            Err(NewOutputError::NoFolder { path: path.to_owned(), folder })
        }
        _ => Ok(()),
    }
}

/// Opens what is there and is neither a file nor a folder.
fn open_stream(path: &Path) -> io::Result<Option<File>> {
    if !is_stream(path) {
        return Ok(None);
    }
    OpenOptions::new().write(true).open(path).map(Some)
}

/// Whether a name is that of a pipe, a terminal or a device.
fn is_stream(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
}

/// How the temporary names of a file begin.
fn temporary_prefix(target: &Path) -> OsString {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let mut end = name.len().min(NAME_BYTES);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!(".{}.lastmile-", &name[..end]).into()
}

/// Flushes the names in a folder to the disk.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Only Unix can open a folder to flush its names; what cannot be flushed there is not for a
    // program to mend.
    if !cfg!(unix) {
        return Ok(());
    }
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        // A folder in which one may write but not look.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        done => done,
    }
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> NewOutputError + use<> {
    let path = path.to_path_buf();
    move |source| NewOutputError::Io { path, source }
}

#[cfg(test)]
mod tests;
