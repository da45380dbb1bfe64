//! Tables of the outside world: CSV in the dialects that councils and statistical offices write,
//! and GeoJSON.
//!
//! An [`InputTable`] is read row by row, so that a national postcode directory needs no more memory
//! than one row. Cells are text until a column is asked for a number; ids are text always, so that
//! no leading zero is lost.

mod areas;
mod blanks;
mod error;
mod feature_rows;
pub(in crate::inputs) mod features;
#[cfg(feature = "flatgeobuf")]
mod flatgeobuf;
#[cfg(feature = "gpkg")]
mod geopackage;
#[cfg(feature = "parquet")]
mod geoparquet;
mod header;
mod layers;
mod numbers;
mod once;
mod packed;
mod points;
mod postcodes;
mod quotes;
mod row;
mod row_locations;
mod sample;
mod shapefile;
mod sniff;
mod wkb;

use std::borrow::Cow;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use csv::ByteRecord;

use crate::finding::{Findings, Outcome, Severity};

pub use areas::{AreaKind, JoinReport, Vintage, area_column, area_columns};
pub(in crate::inputs) use blanks::BlankCodes;
pub use error::TableError;
pub use header::{TableColumn, TableHeader, key_of};
pub(in crate::inputs) use layers::read_layer;
pub(in crate::inputs) use numbers::{
    Decimal, NoNumber, is_grouped, is_no_code, is_percentage, parse_count, parse_number,
};
pub(in crate::inputs) use packed::{Unpacked, is_zip, unpack};
pub use points::{Duplicates, NumberColumn, PointFile, PointRow, PointsWanted, read_points};
pub use postcodes::{Postcodes, postcode_key};
pub(in crate::inputs) use row::RowGeometry;
pub use row::TableRow;
pub(in crate::inputs) use row_locations::has_coordinates;

use features::{CrsNotes, FeatureFile};
use quotes::Quotes;
use sample::TableSample;
use sniff::Dialect;

/// No cell of an honest table is longer; a longer one is an unclosed quotation mark.
const LONGEST_CELL: usize = 64 * 1024;

/// A table that is being read.
pub struct InputTable {
    file: String,
    header: TableHeader,
    source: TableSource,
    /// Numbers with signs between thousands, and the line of the first.
    grouped: (u64, u64),
}

enum TableSource {
    Csv(CsvLines),
    Features { rows: std::vec::IntoIter<TableRow>, notes: CrsNotes, ids: Option<TableColumn> },
}

/// A CSV that is being read.
struct CsvLines {
    reader: Box<csv::Reader<Quotes>>,
    before: u64,
    /// How many records were read, where these are all that tells lines.
    records: Option<u64>,
    sample: TableSample,
    /// Whether notes below the rows are to be expected, as Nomis writes them.
    notes: bool,
}

impl InputTable {
    /// Opens a CSV (comma, semicolon, tab or bar; with or without a byte order mark; with Nomis's
    /// title lines), a file of points (GeoJSON, GeoPackage, Shapefile, GeoParquet, FlatGeobuf), or
    /// a zip or gzip with one of these in it.
    ///
    /// # Errors
    /// When the file cannot be read, has no header, or is something else altogether (a workbook,
    /// UTF-16).
    pub fn open(path: &Path) -> Result<InputTable, TableError> {
        let file = path.display().to_string();
        if let Some(features) = read_layer(path, None)? {
            return InputTable::from_features(&file, features, false);
        }
        let read = |source| TableError::Read { file: file.clone(), source };
        let mut handle = File::open(path).map_err(read)?;
        let mut head = Vec::new();
        handle.by_ref().take(sniff::HEAD as u64).read_to_end(&mut head).map_err(read)?;
        if head.starts_with(packed::MAGIC) {
            let only = packed::only_table(path, &file)?;
            return InputTable::from_bytes(&only.name, only.bytes);
        }
        if head.starts_with(sniff::GZIP) {
            let whole = Cursor::new(head).chain(handle);
            let mut unpacked = packed::Bounded::new(flate2::read::MultiGzDecoder::new(whole));
            let mut head = Vec::new();
            unpacked.by_ref().take(sniff::HEAD as u64).read_to_end(&mut head).map_err(read)?;
            let dialect = Dialect::of(&head)
                .map_err(|what| TableError::Format { file: file.clone(), what })?;
            return InputTable::from_csv(
                &file,
                &dialect,
                Box::new(Cursor::new(head).chain(unpacked)),
            );
        }
        let dialect =
            Dialect::of(&head).map_err(|what| TableError::Format { file: file.clone(), what })?;
        InputTable::from_csv(&file, &dialect, Box::new(Cursor::new(head).chain(handle)))
    }

    /// As [`open`](Self::open), but for the attributes alone: the features may be of any shape, and
    /// have no place.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_attributes(path: &Path, layer: Option<&str>) -> Result<InputTable, TableError> {
        match read_layer(path, layer)? {
            Some(features) => {
                InputTable::from_features(&path.display().to_string(), features, true)
            }
            None => InputTable::open(path),
        }
    }

    /// As [`open`](Self::open), from bytes at hand.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_bytes(file: &str, bytes: Vec<u8>) -> Result<InputTable, TableError> {
        if sniff::is_json(&bytes) {
            return InputTable::from_features(file, FeatureFile::read(file, &bytes)?, false);
        }
        let head = bytes.get(..sniff::HEAD).unwrap_or(&bytes);
        let dialect =
            Dialect::of(head).map_err(|what| TableError::Format { file: file.to_owned(), what })?;
        InputTable::from_csv(file, &dialect, Box::new(Cursor::new(bytes)))
    }

    fn from_csv(
        file: &str,
        dialect: &Dialect,
        mut bytes: Box<dyn Read + Send>,
    ) -> Result<InputTable, TableError> {
        let mut skipped = vec![0; dialect.skip_bytes];
        bytes
            .read_exact(&mut skipped)
            .map_err(|source| TableError::Read { file: file.to_owned(), source })?;
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(dialect.delimiter)
            .from_reader(Quotes::new(bytes));
        let mut record = ByteRecord::new();
        let empty =
            || TableError::Format { file: file.to_owned(), what: "the file is empty".to_owned() };
        if !reader.read_byte_record(&mut record).map_err(|e| csv_error(file, 0, &e))? {
            return Err(empty());
        }
        let header =
            TableHeader::new(record.iter().map(|cell| text_of(cell).trim().to_owned()).collect());
        let lines = CsvLines {
            reader: Box::new(reader),
            before: dialect.skip_lines,
            records: dialect.returns_alone.then_some(1),
            sample: dialect.sample.clone(),
            notes: header.find("mnemonic").is_some(),
        };
        Ok(InputTable {
            file: file.to_owned(),
            header,
            source: TableSource::Csv(lines),
            grouped: (0, 0),
        })
    }

    /// The file, as errors and findings call it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The columns.
    pub fn header(&self) -> &TableHeader {
        &self.header
    }

    /// Whether rows have a geometry of their own.
    pub fn has_geometry(&self) -> bool {
        matches!(self.source, TableSource::Features { .. })
    }

    /// What the number of a row counts: lines of a CSV, features of a GeoJSON file.
    pub fn unit(&self) -> &'static str {
        if self.has_geometry() { "feature" } else { "line" }
    }

    /// The column that holds the ids of GeoJSON features (RFC 7946, 3.2), which are beside their
    /// properties.
    pub(in crate::inputs) fn feature_ids(&self) -> Option<TableColumn> {
        match &self.source {
            TableSource::Features { ids, .. } => *ids,
            TableSource::Csv(_) => None,
        }
    }

    /// Reads the next row with anything in it; false at the end. Rows with more or fewer cells than
    /// the others are dropped with a finding: their values stand under wrong names.
    ///
    /// # Errors
    /// When the file cannot be read on, or a cell shows that a quotation mark was never closed.
    pub fn next(
        &mut self,
        row: &mut TableRow,
        findings: &mut Findings,
    ) -> Result<bool, TableError> {
        self.take_note(row);
        loop {
            let fits = match &mut self.source {
                TableSource::Features { rows, notes, .. } => {
                    std::mem::take(notes).tell(&self.file, findings);
                    match rows.next() {
                        Some(next) => *row = next,
                        None => return Ok(self.ended(findings)),
                    }
                    true
                }
                TableSource::Csv(lines) => {
                    if !lines.next(row).map_err(|e| csv_error(&self.file, lines.before, &e))? {
                        return Ok(self.ended(findings));
                    }
                    if row.record.iter().all(|cell| cell.trim_ascii().is_empty()) {
                        continue;
                    }
                    if lines.runs_on(row) {
                        let what = format!(
                            "line {}: a quotation mark is never closed; close it",
                            row.line
                        );
                        return Err(TableError::Format { file: self.file.clone(), what });
                    }
                    lines.holds(row)
                }
            };
            if fits {
                return Ok(true);
            }
            self.tell_of_width(row, findings);
        }
    }

    /// Notes what was read of the row before.
    fn take_note(&mut self, row: &TableRow) {
        let (count, first) = self.grouped;
        let more = u64::from(row.grouped.take());
        if more > 0 {
            self.grouped = (count + more, if count == 0 { row.line } else { first });
        }
    }

    /// Tells what was read of all rows; there are no more.
    fn ended(&mut self, findings: &mut Findings) -> bool {
        let (count, first) = std::mem::take(&mut self.grouped);
        let what = format!(
            "numbers with signs between thousands, read as one each; the first is {} {first}",
            self.unit()
        );
        findings.count(
            Severity::Info,
            "grouped_number",
            Outcome::Repaired,
            &self.file,
            count,
            what,
        );
        false
    }

    fn tell_of_width(&self, row: &TableRow, findings: &mut Findings) {
        let (cells, names) = (row.record.len(), self.header.len());
        let code = if cells > names { "too_many_cells" } else { "too_few_cells" };
        let what = format!(
            "{cells} cells under {names} column names, so that values stand under wrong names: row dropped"
        );
        findings.at(Severity::Error, code, Outcome::Dropped, &self.file, row.line, what);
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
    ) -> Result<Option<TableColumn>, TableError> {
        let found = match named {
            Some(name) => {
                Some(self.header.find(name).ok_or_else(|| self.no_column(role, &[name]))?)
            }
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
    ) -> Result<TableColumn, TableError> {
        self.column(role, named, spellings)?.ok_or_else(|| self.no_column(role, spellings))
    }

    /// The error that a column is not there.
    pub fn no_column(&self, role: &'static str, wanted: &[&str]) -> TableError {
        TableError::no_column(&self.file, role, wanted, self.header.names())
    }
}

impl CsvLines {
    fn next(&mut self, row: &mut TableRow) -> Result<bool, csv::Error> {
        if !self.reader.read_byte_record(&mut row.record)? {
            return Ok(false);
        }
        let line = match &mut self.records {
            Some(records) => {
                *records += 1;
                *records
            }
            None => row.record.position().map_or(0, csv::Position::line),
        };
        row.line = line + self.before;
        if !Arc::ptr_eq(&row.decimals, &self.sample.decimals) {
            row.decimals = Arc::clone(&self.sample.decimals);
        }
        Ok(true)
    }

    /// Whether a row has as many cells as the others, or is a note.
    fn holds(&self, row: &TableRow) -> bool {
        row.record.len() == self.sample.cells || self.notes && row.record.len() == 1
    }

    /// Whether a cell is what follows a quotation mark that is never closed: it is longer than any,
    /// or goes over several lines to the very end of a file whose quotation marks make no pairs.
    fn runs_on(&self, row: &TableRow) -> bool {
        let long = row.record.iter().any(|cell| cell.len() > LONGEST_CELL);
        let over_lines =
            || row.record.iter().any(|cell| cell.contains(&b'\n') || cell.contains(&b'\r'));
        long || self.reader.get_ref().end_odd() && over_lines()
    }
}

/// UTF-8, or else Latin-1, in which every byte is a letter.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text.trim()),
        Err(_) => {
            Cow::Owned(bytes.iter().map(|&b| char::from(b)).collect::<String>().trim().to_owned())
        }
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
