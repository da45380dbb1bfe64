//! The rows of one table, with the columns that are wanted and no others: what stands in the rest
//! can do no harm.

use std::borrow::Cow;
use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::io::{self, Read};
use std::rc::Rc;

use csv::{ByteRecord, StringRecord};
use rustc_hash::FxHasher;
use serde::Deserialize;

use super::archive::Archive;
use super::error::GtfsError;
use super::ledger::{FileAccount, shown};
use super::line_ends::with_line_feeds;
use super::policy;

/// The longest row. A quote that is never closed would otherwise swallow the whole file into
/// memory.
const LONGEST_ROW: usize = 1 << 20;
const BUFFER: usize = 1 << 16;

/// Which columns of which table are read.
pub struct WantedColumns {
    /// The table's name in the standard.
    pub table: &'static str,
    /// Columns without which the table is worthless.
    pub required: &'static [&'static str],
    /// Columns that may be missing; they then read as blank.
    pub optional: &'static [&'static str],
    /// Such columns that [`GtfsRow::record`] does not show to its type.
    pub beside: &'static [&'static str],
}

impl WantedColumns {
    fn columns(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.required.iter().chain(self.optional).chain(self.beside).copied()
    }
}

/// Where a wanted column stands; nowhere if the file lacks it.
#[derive(Clone, Copy, Debug, Default)]
pub struct GtfsColumn(Option<usize>);

impl GtfsColumn {
    /// Whether the file has it.
    pub fn is_there(self) -> bool {
        self.0.is_some()
    }
}

/// A table being read, row by row.
pub struct GtfsTable<'a> {
    reader: csv::Reader<BoundedRows<Box<dyn Read + 'a>>>,
    limits: Rc<RowBudget>,
    wanted: Vec<(&'static str, GtfsColumn)>,
    header: StringRecord,
    width: usize,
    record: ByteRecord,
    /// Whether a row has been read, or its lack been noted.
    has_rows: bool,
}

/// A row of a table.
pub struct GtfsRow<'t> {
    /// Its line in the file, from 1.
    pub line: u64,
    record: &'t ByteRecord,
    wanted: &'t [(&'static str, GtfsColumn)],
    header: &'t StringRecord,
}

/// A row that its type refuses.
#[derive(Debug)]
pub struct BadRow {
    /// What is wrong, for a message.
    pub what: String,
}

impl<'a> GtfsTable<'a> {
    /// Opens a table and reads its header. `None` if the file is not there or is empty.
    pub fn open(
        archive: &'a mut Archive,
        wanted: &WantedColumns,
        page: &mut FileAccount<'_, '_>,
    ) -> Result<Option<GtfsTable<'a>>, GtfsError> {
        let Some(bytes) = archive.read(wanted.table).map_err(|error| page.broken(error))? else {
            return Ok(None);
        };
        let bytes = with_line_feeds(bytes).map_err(|error| page.broken(error))?;
        let limits = Rc::new(RowBudget::default());
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            // Only a line feed ends a row, so that the count of lines is exact.
            .terminator(csv::Terminator::Any(b'\n'))
            .buffer_capacity(BUFFER)
            .from_reader(BoundedRows { inner: bytes, limits: limits.clone() });
        limits.renew();
        let mut record = ByteRecord::new();
        loop {
            if !reader.read_byte_record(&mut record).map_err(|error| unreadable(error, 1, page))? {
                page.at(&policy::EMPTY_FILE, 1, "the file is empty");
                return Ok(None);
            }
            if !is_blank(&record) {
                break;
            }
        }
        let names = header_names(&record, page)?;
        let columns = find_columns(&names, wanted, page)?;
        let is_beside = |name: &str| wanted.beside.contains(&name);
        let header =
            columns.iter().map(|(name, _)| if is_beside(name) { "" } else { name }).collect();
        let width = names.len();
        Ok(Some(GtfsTable {
            reader,
            limits,
            wanted: columns,
            header,
            width,
            record,
            has_rows: false,
        }))
    }

    /// Where a wanted column stands.
    pub fn column(&self, name: &str) -> GtfsColumn {
        self.wanted
            .iter()
            .find(|(wanted, _)| *wanted == name)
            .map(|(_, column)| *column)
            .unwrap_or_default()
    }

    /// The next row that can be read, or `None` at the end. Rows of a wrong length are dropped on
    /// the way.
    pub fn next(
        &mut self,
        page: &mut FileAccount<'_, '_>,
    ) -> Result<Option<GtfsRow<'_>>, GtfsError> {
        self.next_or(page, |_, _| {})
    }

    /// The same; `lost` is shown the line and the cells of each row that is dropped on the way.
    pub fn next_or(
        &mut self,
        page: &mut FileAccount<'_, '_>,
        mut lost: impl FnMut(u64, &ByteRecord),
    ) -> Result<Option<GtfsRow<'_>>, GtfsError> {
        loop {
            self.limits.renew();
            let began = self.reader.position().line();
            let more = self.reader.read_byte_record(&mut self.record);
            if !more.map_err(|error| unreadable(error, began, page))? {
                if !std::mem::replace(&mut self.has_rows, true) {
                    // A feed that needs the table is refused for what it then lacks.
                    page.at(&policy::HEADER_ALONE, 1, "the header stands alone");
                }
                return Ok(None);
            }
            let line = self.line(began);
            if self.record.len() == 1 && is_blank(&self.record) {
                continue;
            }
            page.row();
            self.has_rows = true;
            if self.is_usable(began, line, page)? {
                break;
            }
            lost(line, &self.record);
        }
        let line = self.line_of_record();
        Ok(Some(GtfsRow { line, record: &self.record, wanted: &self.wanted, header: &self.header }))
    }

    fn line_of_record(&self) -> u64 {
        self.line(self.record.position().map_or(1, csv::Position::line))
    }

    /// The line the record begins on: blank lines before it and line feeds within it are told
    /// apart.
    fn line(&self, began: u64) -> u64 {
        let ended = self.reader.position().line();
        if ended <= began + 1 {
            return began;
        }
        let last = if self.limits.ended.get() { ended } else { ended - 1 };
        last.saturating_sub(line_feeds(&self.record)).max(began)
    }

    fn is_usable(
        &self,
        began: u64,
        line: u64,
        page: &mut FileAccount<'_, '_>,
    ) -> Result<bool, GtfsError> {
        let cells = self.record.len();
        let spans_lines = self.reader.position().line() > began + 1 && line_feeds(&self.record) > 0;
        if spans_lines && (cells != self.width || self.limits.ended.get()) {
            let what = "a quote is opened and not closed in this row";
            return Err(page.refuse(&policy::PARSING_FAILED, Some(line), what));
        }
        if spans_lines {
            page.at(&policy::NEW_LINE_IN_VALUE, line, "a value holds a line feed");
        }
        if cells == self.width {
            return Ok(true);
        }
        let what = format!("{cells} cells under {} columns", self.width);
        if is_blank(&self.record) {
            page.at(&policy::EMPTY_ROW, line, "all its cells are blank");
            return Ok(false);
        }
        let beyond_is_blank =
            self.record.iter().skip(self.width).all(|cell| cell.trim_ascii().is_empty());
        let keep = cells > self.width && beyond_is_blank;
        page.at(if keep { &policy::ROW_LENGTH_BLANK } else { &policy::ROW_LENGTH }, line, what);
        Ok(keep)
    }
}

impl<'t> GtfsRow<'t> {
    /// A cell without the blanks around it; empty if the column is not there.
    pub fn cell(&self, column: GtfsColumn) -> &'t [u8] {
        column.0.and_then(|at| self.record.get(at)).unwrap_or_default().trim_ascii()
    }

    /// A cell by its column's name, for tables that are small.
    pub fn named(&self, name: &str) -> &'t [u8] {
        let column = self.wanted.iter().find(|(wanted, _)| *wanted == name);
        column.map_or(&[][..], |(_, column)| self.cell(*column))
    }

    /// A cell as text, with what is not UTF-8 as U+FFFD.
    pub fn text(&self, name: &str) -> Cow<'t, str> {
        String::from_utf8_lossy(self.named(name))
    }

    /// Column and value, for a message.
    pub fn show(&self, name: &str) -> String {
        format!("{name}={}", shown(self.named(name)))
    }

    /// Notes text that is not UTF-8 or would move a terminal's cursor.
    pub fn check_text(&self, page: &mut FileAccount<'_, '_>) {
        for (name, column) in self.wanted {
            let cell = self.cell(*column);
            if std::str::from_utf8(cell).is_err() {
                page.at(&policy::INVALID_CHARACTER, self.line, self.show(name));
            } else if cell.iter().any(u8::is_ascii_control) {
                page.at(&policy::CONTROL_CHARACTER, self.line, self.show(name));
            }
        }
    }

    /// The row as one of the types of `gtfs-structures`, which sees the wanted columns alone.
    pub fn record<T: for<'de> Deserialize<'de>>(&self) -> Result<T, BadRow> {
        let cells: StringRecord = self
            .wanted
            .iter()
            .map(|(_, column)| String::from_utf8_lossy(self.cell(*column)))
            .collect();
        cells.deserialize(Some(self.header)).map_err(|error| BadRow { what: error.to_string() })
    }

    /// A hash of all the cells, to tell whether two rows are the same.
    pub fn content(&self) -> u64 {
        let mut hasher = FxHasher::default();
        self.record.iter().for_each(|cell| cell.hash(&mut hasher));
        hasher.finish()
    }
}

fn header_names(record: &ByteRecord, page: &FileAccount<'_, '_>) -> Result<Vec<String>, GtfsError> {
    let first = record.get(0).unwrap_or_default();
    if first.starts_with(&[0xFF, 0xFE]) || first.starts_with(&[0xFE, 0xFF]) {
        return Err(page.refuse(&policy::PARSING_FAILED, Some(1), "the file is UTF-16"));
    }
    let name = |cell: &[u8]| {
        String::from_utf8_lossy(cell.trim_ascii()).trim_start_matches('\u{feff}').to_owned()
    };
    Ok(record.iter().map(name).collect())
}

fn find_columns(
    names: &[String],
    wanted: &WantedColumns,
    page: &mut FileAccount<'_, '_>,
) -> Result<Vec<(&'static str, GtfsColumn)>, GtfsError> {
    let mut found = Vec::new();
    for column in wanted.columns() {
        let places: Vec<usize> = (0..)
            .zip(names)
            .filter(|(_, n)| n.eq_ignore_ascii_case(column))
            .map(|(at, _)| at)
            .collect();
        if places.len() > 1 {
            let what = format!("the column {column} stands there {} times", places.len());
            return Err(page.refuse(&policy::DUPLICATED_COLUMN, Some(1), what));
        }
        let at = places.first().copied();
        match at.and_then(|at| names.get(at)) {
            None if wanted.required.contains(&column) => {
                let there: Vec<String> =
                    names.iter().take(12).map(|name| shown(name.as_bytes())).collect();
                let what = format!("there is no column {column}; there are {}", there.join(", "));
                return Err(page.refuse(&policy::MISSING_COLUMN, Some(1), what));
            }
            Some(name) if name != column => {
                page.at(
                    &policy::WRONG_CASE,
                    1,
                    format!("the column {} is read as {column}", shown(name.as_bytes())),
                );
            }
            _ => {}
        }
        found.push((column, GtfsColumn(at)));
    }
    Ok(found)
}

fn unreadable(error: csv::Error, line: u64, page: &FileAccount<'_, '_>) -> GtfsError {
    let text = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(source) if source.kind() == io::ErrorKind::FileTooLarge => {
            page.refuse(&policy::PARSING_FAILED, Some(line), source.to_string())
        }
        csv::ErrorKind::Io(source) => page.broken(source),
        _ => page.refuse(&policy::PARSING_FAILED, Some(line), text),
    }
}

fn is_blank(record: &ByteRecord) -> bool {
    record.iter().all(|cell| cell.trim_ascii().is_empty())
}

fn line_feeds(record: &ByteRecord) -> u64 {
    record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64
}

/// What a reader has given since the last row, and whether it has come to its end.
#[derive(Default)]
struct RowBudget {
    left: Cell<usize>,
    ended: Cell<bool>,
}

impl RowBudget {
    fn renew(&self) {
        self.left.set(LONGEST_ROW + BUFFER);
    }
}

/// A reader that stops within a row that is longer than any row can be.
struct BoundedRows<R> {
    inner: R,
    limits: Rc<RowBudget>,
}

impl<R: Read> Read for BoundedRows<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.limits.left.get() == 0 {
            let what = "a row is longer than 1 MiB: a quote is opened and not closed";
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
        }
        let n = self.inner.read(buffer)?;
        self.limits.left.set(self.limits.left.get().saturating_sub(n));
        self.limits.ended.set(n == 0 && !buffer.is_empty());
        Ok(n)
    }
}
