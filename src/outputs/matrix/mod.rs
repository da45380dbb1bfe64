//! Origins × destinations: travel times as CSV or Parquet, streamed origin by origin.
//!
//! Columns `from_id,to_id`, then one for each time: `travel_time_p50` in minutes, rounded half up to a tenth (r5r's
//! column name), or `travel_time_s_p50` in whole seconds. Unreachable is an empty cell, or null. Rows stand in the order
//! they are given. A file is written as `NAME.tmp` and renamed when it is complete.
//!
//! Ids are keys that others join on: they are written as they were read. No `'` is put before an `=`, `+`, `-` or `@`, as it is
//! in tables that are made for a spreadsheet; only controls are taken out, in CSV.

mod csv;
#[cfg(feature = "parquet")]
mod parquet;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::units::Seconds;

/// What a travel time is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Minutes to one decimal, for people and for r5r's readers.
    Minutes,
    /// Whole seconds, for machines.
    Seconds,
}

/// Which travel time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A percentile over the departures of a window.
    Percentile(u8),
    /// From the latest departure that arrives by a deadline to that deadline.
    ArriveBy,
}

impl TimeUnit {
    /// The name of a time's column.
    pub fn column(self, measure: Measure) -> String {
        let unit = if self == TimeUnit::Seconds { "_s" } else { "" };
        match measure {
            Measure::Percentile(percentile) => format!("travel_time{unit}_p{percentile}"),
            Measure::ArriveBy => format!("travel_time{unit}_arrive_by"),
        }
    }
}

/// Where a matrix goes.
pub enum MatrixTarget {
    /// CSV into an open stream, such as the standard output.
    Stream(Box<dyn Write + Send>),
    /// A file: Parquet if its name ends in `.parquet`, CSV if in `.csv`.
    File {
        /// Its path.
        path: PathBuf,
        /// Whether a file of that name may be replaced.
        force: bool,
    },
}

/// Why a matrix cannot be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MatrixError {
    /// A file of that name is there.
    #[error("{} exists already; give another --out, or --force to replace it", .0.display())]
    Exists(PathBuf),
    /// Nobody can tell what it is to be.
    #[error("{} cannot be written: name the file .csv or .parquet", .0.display())]
    Extension(PathBuf),
    /// Built without Parquet.
    #[error("{} cannot be written: this build has no Parquet; name the file .csv", .0.display())]
    NoParquet(PathBuf),
    /// The disk or the pipe refused.
    #[error("cannot write {}: {source}", .path.display())]
    Io {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Writes a matrix, one origin after the other.
pub struct MatrixWriter {
    sink: Sink,
    place: Option<Place>,
}

enum Sink {
    Csv(csv::CsvMatrix),
    #[cfg(feature = "parquet")]
    Parquet(Box<parquet::ParquetMatrix>),
}

/// The file's final name and the one it has while it grows; dropped before it is finished, it is removed.
struct Place {
    path: PathBuf,
    growing: PathBuf,
}

impl MatrixWriter {
    /// Opens the target and writes the header.
    pub fn create(
        target: MatrixTarget,
        measures: &[Measure],
        unit: TimeUnit,
    ) -> Result<MatrixWriter, MatrixError> {
        let (path, force) = match target {
            MatrixTarget::Stream(out) => {
                let csv = csv::CsvMatrix::new(out, measures, unit).map_err(to_stream)?;
                return Ok(MatrixWriter { sink: Sink::Csv(csv), place: None });
            }
            MatrixTarget::File { path, force } => (path, force),
        };
        if !force && path.exists() {
            return Err(MatrixError::Exists(path));
        }
        let is = |wanted| path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case(wanted));
        let parquet = is("parquet");
        if !parquet && !is("csv") {
            return Err(MatrixError::Extension(path));
        }
        if parquet && !cfg!(feature = "parquet") {
            return Err(MatrixError::NoParquet(path));
        }
        let place = Place::beside(path);
        let open = || {
            let file = File::create(&place.growing)?;
            sink(file, parquet, measures, unit)
        };
        let sink = open().map_err(|source| place.error(source))?;
        Ok(MatrixWriter { sink, place: Some(place) })
    }

    /// Writes the rows of one origin: for each destination a time for each measure, in the order of the header.
    pub fn write_origin<'a>(
        &mut self,
        from_id: &str,
        rows: impl Iterator<Item = (&'a str, &'a [Option<Seconds>])>,
    ) -> Result<(), MatrixError> {
        let written = match &mut self.sink {
            Sink::Csv(csv) => csv.write_origin(from_id, rows),
            #[cfg(feature = "parquet")]
            Sink::Parquet(parquet) => parquet.write_origin(from_id, rows),
        };
        written.map_err(|source| self.error(source))
    }

    /// Writes what is left and gives the file its name.
    pub fn finish(mut self) -> Result<(), MatrixError> {
        let place = self.place.take();
        let done = match self.sink {
            Sink::Csv(csv) => csv.finish(),
            #[cfg(feature = "parquet")]
            Sink::Parquet(parquet) => parquet.finish(),
        };
        match place {
            None => done.map_err(to_stream),
            Some(place) => done.and_then(|()| place.settle()).map_err(|source| place.error(source)),
        }
    }

    fn error(&self, source: io::Error) -> MatrixError {
        match &self.place {
            Some(place) => place.error(source),
            None => to_stream(source),
        }
    }
}

impl Place {
    fn beside(path: PathBuf) -> Place {
        let mut growing = path.clone().into_os_string();
        growing.push(".tmp");
        Place { path, growing: growing.into() }
    }

    fn settle(&self) -> io::Result<()> {
        File::open(&self.growing)?.sync_all()?;
        fs::rename(&self.growing, &self.path)
    }

    fn error(&self, source: io::Error) -> MatrixError {
        MatrixError::Io { path: self.path.clone(), source }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Once settled there is nothing under this name.
        let _ = fs::remove_file(&self.growing);
    }
}

fn sink(file: File, parquet: bool, measures: &[Measure], unit: TimeUnit) -> io::Result<Sink> {
    #[cfg(feature = "parquet")]
    if parquet {
        return Ok(Sink::Parquet(Box::new(parquet::ParquetMatrix::new(file, measures, unit)?)));
    }
    let _ = parquet;
    csv::CsvMatrix::new(Box::new(file), measures, unit).map(Sink::Csv)
}

fn to_stream(source: io::Error) -> MatrixError {
    MatrixError::Io { path: Path::new("the output stream").into(), source }
}

#[cfg(test)]
mod tests;
