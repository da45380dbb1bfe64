//! Origins × destinations: travel times as CSV or Parquet, streamed origin by origin.
//!
//! Columns `from_id,to_id`, then one for each time: `travel_time_p50` in minutes, rounded half up
//! to a tenth (r5r's column name), or `travel_time_s_p50` in whole seconds. Unreachable is an empty
//! cell, or null. Rows stand in the order they are given. A file has its name only when it is
//! complete ([`NewOutput`]).
//!
//! Ids are keys that others join on: they are written as they were read. No `'` is put before an
//! `=`, `+`, `-` or `@`, as it is in tables that are made for a spreadsheet; only controls are
//! taken out, in CSV.

mod csv;
#[cfg(feature = "parquet")]
pub(in crate::outputs) mod parquet;

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::new_output::{NewOutput, NewOutputError};
use crate::analysis::network_query::DepartureQuery;
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
pub enum MatrixMeasure {
    /// A percentile over the departures of a window.
    Percentile(u8),
    /// From the latest departure that arrives by a deadline to that deadline.
    ArriveBy,
}

impl MatrixMeasure {
    /// What is told of each pair.
    pub fn of(asked: &DepartureQuery) -> Vec<MatrixMeasure> {
        match asked.arrive_by {
            Some(_) => vec![MatrixMeasure::ArriveBy],
            None => asked.percentiles.iter().copied().map(MatrixMeasure::Percentile).collect(),
        }
    }
}

impl TimeUnit {
    /// The name of a time's column.
    pub fn column(self, measure: MatrixMeasure) -> String {
        let unit = if self == TimeUnit::Seconds { "_s" } else { "" };
        match measure {
            MatrixMeasure::Percentile(percentile) => format!("travel_time{unit}_p{percentile}"),
            MatrixMeasure::ArriveBy => format!("travel_time{unit}_arrive_by"),
        }
    }
}

/// What a matrix is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatrixFormat {
    /// Text.
    Csv,
    /// Columns.
    Parquet,
}

impl MatrixFormat {
    /// Parquet if a file's name ends in `.parquet`, CSV if in `.csv`; CSV for a stream of any other
    /// name.
    ///
    /// # Errors
    /// If nobody can tell what it is to be, or this build cannot write it.
    pub fn of(path: &Path, stream: bool) -> Result<MatrixFormat, MatrixError> {
        let is = |wanted| path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case(wanted));
        match (is("parquet"), is("csv") || stream) {
            (true, _) if cfg!(feature = "parquet") => Ok(MatrixFormat::Parquet),
            (true, _) => Err(MatrixError::NoParquet(path.to_owned())),
            (false, true) => Ok(MatrixFormat::Csv),
            (false, false) => Err(MatrixError::Extension(path.to_owned())),
        }
    }
}

/// Why a matrix cannot be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MatrixError {
    /// Nobody can tell what it is to be.
    #[error("{} cannot be written: name the file .csv or .parquet", .0.display())]
    Extension(PathBuf),
    /// Built without Parquet.
    #[error("{} cannot be written: this build has no Parquet; name the file .csv", .0.display())]
    NoParquet(PathBuf),
    /// The file may not be written, or the disk or the pipe refused.
    #[error(transparent)]
    Output(#[from] NewOutputError),
}

/// Writes a matrix, one origin after the other.
pub enum MatrixWriter {
    /// As text.
    Csv(csv::CsvMatrix),
    /// In columns.
    #[cfg(feature = "parquet")]
    Parquet(Box<parquet::ParquetMatrix>),
}

impl MatrixWriter {
    /// Writes the header.
    ///
    /// # Errors
    /// If the disk or the pipe refuses.
    pub fn create(
        out: NewOutput,
        format: MatrixFormat,
        measures: &[MatrixMeasure],
        unit: TimeUnit,
    ) -> Result<MatrixWriter, MatrixError> {
        let refused = out.refused();
        #[cfg(feature = "parquet")]
        if format == MatrixFormat::Parquet {
            let parquet = parquet::ParquetMatrix::new(out, measures, unit).map_err(refused)?;
            return Ok(MatrixWriter::Parquet(Box::new(parquet)));
        }
        let _ = format;
        Ok(csv::CsvMatrix::new(out, measures, unit).map(MatrixWriter::Csv).map_err(refused)?)
    }

    /// Writes the rows of one origin: for each destination a time for each measure, in the order of
    /// the header.
    ///
    /// # Errors
    /// If the disk or the pipe refuses.
    pub fn write_origin<'a>(
        &mut self,
        from_id: &str,
        rows: impl Iterator<Item = (&'a str, &'a [Option<Seconds>])>,
    ) -> Result<(), MatrixError> {
        match self {
            MatrixWriter::Csv(csv) => {
                csv.write_origin(from_id, rows).map_err(|source| csv.out().refused()(source))?;
            }
            #[cfg(feature = "parquet")]
            MatrixWriter::Parquet(parquet) => {
                parquet
                    .write_origin(from_id, rows)
                    .map_err(|source| parquet.out().refused()(source))?;
            }
        }
        Ok(())
    }

    /// Writes what is left and gives the file its name.
    ///
    /// # Errors
    /// If the disk or the pipe refuses.
    pub fn finish(self) -> Result<(), MatrixError> {
        let refused = match &self {
            MatrixWriter::Csv(csv) => csv.out().refused(),
            #[cfg(feature = "parquet")]
            MatrixWriter::Parquet(parquet) => parquet.out().refused(),
        };
        let out = match self {
            MatrixWriter::Csv(csv) => csv.finish(),
            #[cfg(feature = "parquet")]
            MatrixWriter::Parquet(parquet) => parquet.finish(),
        };
        Ok(out.map_err(refused)?.publish()?)
    }
}

#[cfg(test)]
mod tests;
