//! A row of a table.

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;

use csv::ByteRecord;

use super::header::TableColumn;
use super::numbers::{Decimal, NoNumber, is_grouped, is_no_code, parse_count, parse_number};
use super::text_of;
use crate::geometry::LonLat;

/// One row of a table.
#[derive(Clone, Debug, Default)]
pub struct TableRow {
    pub(super) record: ByteRecord,
    pub(super) line: u64,
    pub(super) decimals: Arc<[Decimal]>,
    pub(super) place: RowGeometry,
    /// How many numbers were read of it that have signs between thousands.
    pub(super) grouped: Cell<u32>,
}

/// Where a row of a file of features lies; rows of a CSV have no geometry of their own.
#[derive(Clone, Debug, Default)]
pub(in crate::inputs) enum RowGeometry {
    #[default]
    None,
    Point(LonLat),
    /// Several points of one thing, at least two.
    Points(Vec<LonLat>),
    Wrong(String),
}

impl TableRow {
    /// The line of the file, or the number of the feature, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The text of a cell without the blanks around it; `None` when there is none. Bytes that are
    /// not UTF-8 are taken for Latin-1.
    pub fn text(&self, column: TableColumn) -> Option<Cow<'_, str>> {
        let cell = self.record.get(column.0)?.trim_ascii();
        let text = text_of(cell);
        (!text.is_empty()).then_some(text)
    }

    /// The code in a cell; `None` when it is blank or holds a sign for nothing, such as `*` or
    /// `N/A`.
    pub(in crate::inputs) fn code(&self, column: TableColumn) -> Option<Cow<'_, str>> {
        self.text(column).filter(|text| !is_no_code(text))
    }

    /// The number in a cell: `None` when it is blank, suppressed (`*`, `-`, `<5`, …) or said to be
    /// not available, which is never the same as 0.
    ///
    /// # Errors
    /// When it is neither a number nor one of the known ways to give none, or may be one of two
    /// numbers.
    pub(in crate::inputs) fn number(&self, column: TableColumn) -> Result<Option<f64>, NoNumber> {
        self.read(column, parse_number)
    }

    /// As [`number`](Self::number), for how many there are of something.
    ///
    /// # Errors
    /// Also below 0, beyond what there can be, and for a percentage.
    pub(in crate::inputs) fn count(&self, column: TableColumn) -> Result<Option<f64>, NoNumber> {
        self.read(column, parse_count)
    }

    fn read(
        &self,
        column: TableColumn,
        parse: fn(&str, Decimal) -> Result<Option<f64>, NoNumber>,
    ) -> Result<Option<f64>, NoNumber> {
        let Some(text) = self.text(column) else { return Ok(None) };
        let decimal = self.decimal(column);
        let number = parse(&text, decimal)?;
        self.grouped
            .set(self.grouped.get() + u32::from(number.is_some() && is_grouped(&text, decimal)));
        Ok(number)
    }

    /// The sign before decimals in a column.
    pub(in crate::inputs) fn decimal(&self, column: TableColumn) -> Decimal {
        self.decimals.get(column.0).copied().unwrap_or_default()
    }

    pub(in crate::inputs) fn place(&self) -> &RowGeometry {
        &self.place
    }
}
