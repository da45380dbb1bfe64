//! Tables of the outside world: CSV in the dialects that councils and statistical offices write, and GeoJSON.
//!
//! A [`Table`] is read row by row, so that a national postcode directory needs no more memory than one row. Cells are
//! text until a column is asked for a number; ids are text always, so that no leading zero is lost.

mod areas;
mod error;
pub(in crate::inputs) mod features;
#[cfg(feature = "gpkg")]
mod geopackage;
mod header;
mod layers;
mod located;
mod numbers;
mod packed;
mod points;
mod postcodes;
mod shapefile;
mod sniff;
mod wkb;

use std::borrow::Cow;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use csv::ByteRecord;

use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::LonLat;

pub use areas::{AreaKind, JoinReport, Vintage, area_column, area_columns};
pub use error::TableError;
pub use header::{Column, Header, key_of};
pub(in crate::inputs) use layers::read_layer;
pub(in crate::inputs) use located::has_coordinates;
pub(in crate::inputs) use numbers::parse_number;
pub(in crate::inputs) use packed::{Unpacked, is_zip, unpack};
pub use points::{Duplicates, NumberColumn, PointFile, PointRow, PointsWanted, read_points};
pub use postcodes::{Postcodes, postcode_key};

use features::{FeatureFile, Shape};
use sniff::Dialect;

/// No cell of an honest table is longer; a longer one is an unclosed quotation mark.
const LONGEST_CELL: usize = 64 * 1024;

/// A table that is being read.
pub struct Table {
    file: String,
    header: Header,
    decimal_comma: bool,
    source: Source,
}

enum Source {
    Csv { reader: Box<csv::Reader<Box<dyn Read + Send>>>, lines_before: u64 },
    Features { rows: std::vec::IntoIter<Row>, mismatch: Option<&'static str> },
}

/// One row of a table.
#[derive(Clone, Debug, Default)]
pub struct Row {
    record: ByteRecord,
    line: u64,
    decimal_comma: bool,
    place: Place,
}

/// Where a row of a GeoJSON file lies; rows of a CSV have no geometry of their own.
#[derive(Clone, Debug, Default)]
pub(in crate::inputs) enum Place {
    #[default]
    None,
    Point(LonLat),
    Wrong(String),
}

impl Table {
    /// Opens a CSV (comma, semicolon, tab or bar; with or without a byte order mark; with Nomis's title lines), a file of
    /// points (GeoJSON, GeoPackage, Shapefile), or a zip or gzip with one of these in it.
    ///
    /// # Errors
    /// When the file cannot be read, has no header, or is something else altogether (a workbook, UTF-16).
    pub fn open(path: &Path) -> Result<Table, TableError> {
        let file = path.display().to_string();
        if let Some(features) = read_layer(path, None)? {
            return Table::from_features(&file, features, false);
        }
        let read = |source| TableError::Read { file: file.clone(), source };
        let mut handle = File::open(path).map_err(read)?;
        let mut head = Vec::new();
        handle.by_ref().take(sniff::HEAD as u64).read_to_end(&mut head).map_err(read)?;
        if head.starts_with(packed::MAGIC) {
            let only = only_table(path, &file)?;
            return Table::from_bytes(&only.name, only.bytes);
        }
        if head.starts_with(sniff::GZIP) {
            let whole = Cursor::new(head).chain(handle);
            let mut unpacked = packed::Bounded::new(flate2::read::MultiGzDecoder::new(whole));
            let mut head = Vec::new();
            unpacked.by_ref().take(sniff::HEAD as u64).read_to_end(&mut head).map_err(read)?;
            let dialect =
                Dialect::of(&head).map_err(|what| TableError::Format { file: file.clone(), what })?;
            return Table::from_csv(&file, &dialect, Box::new(Cursor::new(head).chain(unpacked)));
        }
        let dialect = Dialect::of(&head).map_err(|what| TableError::Format { file: file.clone(), what })?;
        Table::from_csv(&file, &dialect, Box::new(Cursor::new(head).chain(handle)))
    }

    /// As [`open`](Self::open), but for the attributes alone: the features may be of any shape, and have no place.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_attributes(path: &Path, layer: Option<&str>) -> Result<Table, TableError> {
        match read_layer(path, layer)? {
            Some(features) => Table::from_features(&path.display().to_string(), features, true),
            None => Table::open(path),
        }
    }

    /// As [`open`](Self::open), from bytes at hand.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_bytes(file: &str, bytes: Vec<u8>) -> Result<Table, TableError> {
        if sniff::is_json(&bytes) {
            return Table::from_features(file, FeatureFile::read(file, &bytes)?, false);
        }
        let head = bytes.get(..sniff::HEAD).unwrap_or(&bytes);
        let dialect = Dialect::of(head).map_err(|what| TableError::Format { file: file.to_owned(), what })?;
        Table::from_csv(file, &dialect, Box::new(Cursor::new(bytes)))
    }

    fn from_csv(file: &str, dialect: &Dialect, mut bytes: Box<dyn Read + Send>) -> Result<Table, TableError> {
        let mut skipped = vec![0; dialect.skip_bytes];
        bytes
            .read_exact(&mut skipped)
            .map_err(|source| TableError::Read { file: file.to_owned(), source })?;
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(dialect.delimiter)
            .from_reader(bytes);
        let mut record = ByteRecord::new();
        let empty = || TableError::Format { file: file.to_owned(), what: "the file is empty".to_owned() };
        if !reader.read_byte_record(&mut record).map_err(|e| csv_error(file, 0, &e))? {
            return Err(empty());
        }
        let header = Header::new(record.iter().map(|cell| text_of(cell).trim().to_owned()).collect());
        Ok(Table {
            file: file.to_owned(),
            header,
            decimal_comma: dialect.delimiter == b';',
            source: Source::Csv { reader: Box::new(reader), lines_before: dialect.skip_lines },
        })
    }

    fn from_features(file: &str, features: FeatureFile, any_shape: bool) -> Result<Table, TableError> {
        let FeatureFile { crs, mismatch, features } = features;
        let mut names: Vec<String> = Vec::new();
        let mut known = rustc_hash::FxHashSet::default();
        for key in features.iter().flat_map(|f| f.properties.keys()) {
            if known.insert(key.as_str()) {
                names.push(key.clone());
            }
        }
        let mut rows = Vec::with_capacity(features.len());
        for feature in &features {
            let cells = names.iter().map(|n| features::text_of(feature.properties.get(n)));
            let place = match &feature.shape {
                _ if any_shape => Place::None,
                Shape::None => Place::None,
                Shape::Point(x, y) => match crs.point(*x, *y) {
                    Ok(point) => Place::Point(point),
                    Err(e) => Place::Wrong(e.to_string()),
                },
                Shape::Polygons(_) => return Err(TableError::polygons_for_points(file)),
                Shape::Other(kind) => Place::Wrong(format!("a {kind} where a Point is wanted")),
                Shape::Broken(what) => Place::Wrong(what.clone()),
            };
            let record = ByteRecord::from(cells.collect::<Vec<String>>());
            rows.push(Row { record, line: feature.number, decimal_comma: false, place });
        }
        let header = Header::new(names);
        Ok(Table {
            file: file.to_owned(),
            header,
            decimal_comma: false,
            source: Source::Features { rows: rows.into_iter(), mismatch },
        })
    }

    /// The file, as errors and findings call it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The columns.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Whether rows have a geometry of their own.
    pub fn has_geometry(&self) -> bool {
        matches!(self.source, Source::Features { .. })
    }

    /// What the number of a row counts: lines of a CSV, features of a GeoJSON file.
    pub fn unit(&self) -> &'static str {
        if self.has_geometry() { "feature" } else { "line" }
    }

    /// Reads the next row with anything in it; false at the end. Rows with more cells than the header has names are
    /// dropped with a finding: their values stand under the wrong names.
    ///
    /// # Errors
    /// When the file cannot be read on, or a cell shows that a quotation mark was never closed.
    pub fn next(&mut self, row: &mut Row, findings: &mut Findings) -> Result<bool, TableError> {
        loop {
            match &mut self.source {
                Source::Features { rows, mismatch } => {
                    if let Some(what) = mismatch.take() {
                        findings.count(
                            Severity::Warning,
                            "crs_mismatch",
                            Outcome::Repaired,
                            &self.file,
                            1,
                            what,
                        );
                    }
                    match rows.next() {
                        Some(next) => *row = next,
                        None => return Ok(false),
                    }
                }
                Source::Csv { reader, lines_before } => {
                    let lines = *lines_before;
                    if !reader
                        .read_byte_record(&mut row.record)
                        .map_err(|e| csv_error(&self.file, lines, &e))?
                    {
                        return Ok(false);
                    }
                    row.line = row.record.position().map_or(0, csv::Position::line) + lines;
                    row.decimal_comma = self.decimal_comma;
                }
            }
            if row.record.iter().any(|cell| cell.len() > LONGEST_CELL) {
                let what =
                    format!("{} {}: a quotation mark is never closed; close it", self.unit(), row.line);
                return Err(TableError::Format { file: self.file.clone(), what });
            }
            if row.record.iter().all(|cell| cell.trim_ascii().is_empty()) && !self.has_geometry() {
                continue;
            }
            if row.record.iter().skip(self.header.len()).any(|cell| !cell.trim_ascii().is_empty()) {
                let what = format!(
                    "{} cells under {} column names: row dropped",
                    row.record.len(),
                    self.header.len()
                );
                findings.at(Severity::Error, "too_many_cells", Outcome::Dropped, &self.file, row.line, what);
                continue;
            }
            return Ok(true);
        }
    }

    /// The column that the user named, or else the first of the known spellings that the file has.
    ///
    /// # Errors
    /// When a column that was named is not there, or the header has it twice.
    pub fn column(
        &self,
        role: &'static str,
        named: Option<&str>,
        spellings: &[&str],
    ) -> Result<Option<Column>, TableError> {
        let found = match named {
            Some(name) => Some(self.header.find(name).ok_or_else(|| self.no_column(role, &[name]))?),
            None => spellings.iter().find_map(|s| self.header.find(s)),
        };
        if let Some(column) = found
            && self.header.stands_twice(column)
        {
            let name = self.header.name(column).to_owned();
            return Err(TableError::ColumnTwice { file: self.file.clone(), name });
        }
        Ok(found)
    }

    /// As [`column`](Self::column), and it must be there.
    ///
    /// # Errors
    /// Also when none of the spellings is there.
    pub fn required(
        &self,
        role: &'static str,
        named: Option<&str>,
        spellings: &[&str],
    ) -> Result<Column, TableError> {
        self.column(role, named, spellings)?.ok_or_else(|| self.no_column(role, spellings))
    }

    /// The error that a column is not there.
    pub fn no_column(&self, role: &'static str, wanted: &[&str]) -> TableError {
        TableError::no_column(&self.file, role, wanted, self.header.names())
    }
}

impl Row {
    /// The line of the file, or the number of the feature, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The text of a cell without the blanks around it; `None` when there is none. Bytes that are not UTF-8 are taken
    /// for Latin-1.
    pub fn text(&self, column: Column) -> Option<Cow<'_, str>> {
        let cell = self.record.get(column.0)?.trim_ascii();
        if cell.is_empty() {
            return None;
        }
        Some(text_of(cell))
    }

    /// The number in a cell: `None` when it is blank, suppressed (`*`, `-`, `<5`, …) or said to be not available, which
    /// is never the same as 0.
    ///
    /// # Errors
    /// The text, when it is neither a number nor one of the known ways to give none.
    pub fn number(&self, column: Column) -> Result<Option<f64>, String> {
        match self.text(column) {
            None => Ok(None),
            Some(text) => parse_number(&text, self.decimal_comma).map_err(|()| text.into_owned()),
        }
    }

    pub(in crate::inputs) fn place(&self) -> &Place {
        &self.place
    }
}

/// The one table of a zip.
fn only_table(path: &Path, file: &str) -> Result<Unpacked, TableError> {
    let format = |what: String| TableError::Format { file: file.to_owned(), what };
    let names = packed::names(path)?;
    if names.iter().any(|name| name.ends_with("workbook.xml")) {
        return Err(format("is an Excel workbook, not a CSV; save the sheet as CSV (UTF-8)".to_owned()));
    }
    let is_table = |name: &str| name.to_lowercase().ends_with(".csv");
    let tables: Vec<&String> = names.iter().filter(|name| is_table(name)).collect();
    if tables.len() > 1 {
        let some: Vec<&str> = tables.iter().take(5).map(|name| name.as_str()).collect();
        let what = format!(
            "holds {} tables ({} …); unpack it and name the one that is meant",
            tables.len(),
            some.join(", ")
        );
        return Err(format(what));
    }
    let mut found = unpack(path, &is_table)?;
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => {
            Err(format("holds several tables; unpack it and name the one that is meant".to_owned()))
        }
        (None, _) => {
            Err(format("is a zip without any table (.csv) or layer; unpack it and name the file".to_owned()))
        }
    }
}

/// UTF-8, or else Latin-1, in which every byte is a letter.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text.trim()),
        Err(_) => Cow::Owned(bytes.iter().map(|&b| char::from(b)).collect::<String>().trim().to_owned()),
    }
}

fn csv_error(file: &str, lines_before: u64, error: &csv::Error) -> TableError {
    if let csv::ErrorKind::Io(source) = error.kind()
        && let Some(code) = source.raw_os_error()
    {
        // The disk failed, not the table.
        let source = std::io::Error::from_raw_os_error(code);
        return TableError::Read { file: file.to_owned(), source };
    }
    let line = error.position().map_or(0, csv::Position::line) + lines_before;
    TableError::Format { file: file.to_owned(), what: format!("line {line}: {error}") }
}

#[cfg(test)]
mod tests;
