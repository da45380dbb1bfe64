//! What the first rows of a CSV show of the others: how many cells a row has, and which sign stands
//! before decimals.

use std::collections::BTreeMap;
use std::sync::Arc;

use csv::ByteRecord;

use super::numbers::{Decimal, shown_by};
use super::text_of;

/// What the first rows show.
#[derive(Clone, Debug, Default)]
pub(super) struct TableSample {
    /// How many cells a row has.
    pub cells: usize,
    /// The sign before decimals, column by column.
    pub decimals: Arc<[Decimal]>,
}

/// Which signs stand before decimals, in cells that can be read in one way only.
#[derive(Clone, Copy, Debug, Default)]
struct DecimalSigns {
    point: bool,
    comma: bool,
    /// Cells with a point that may stand before decimals or between thousands.
    either: bool,
    /// Numbers without a sign.
    whole: bool,
}

impl DecimalSigns {
    fn by(&mut self, cell: &str) {
        match shown_by(cell) {
            Some(Decimal::Point) => self.point = true,
            Some(Decimal::Comma) => self.comma = true,
            Some(_) => self.either |= cell.contains('.'),
            None => self.whole |= !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_digit()),
        }
    }
}

impl TableSample {
    /// Looks at the first bytes of a CSV, from its header on. `whole` says that these are all bytes
    /// of the file.
    ///
    /// # Errors
    /// When no row has as many cells as the header has names, which values then do not belong to.
    pub(super) fn of(head: &[u8], whole: bool, delimiter: u8) -> Result<TableSample, String> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(head);
        let mut records = reader.byte_records().map_while(Result::ok);
        let names = records.next().unwrap_or_default();
        let mut rows: Vec<ByteRecord> = records.filter(|row| width(row) > 0).collect();
        if !whole {
            rows.pop();
        }
        Ok(TableSample {
            cells: cells(&names, &rows)?,
            decimals: decimals(names.len(), &rows, delimiter),
        })
    }
}

/// How many cells have anything in them, or one behind them has.
fn width(row: &ByteRecord) -> usize {
    row.iter().rposition(|cell| !cell.trim_ascii().is_empty()).map_or(0, |last| last + 1)
}

/// As many as most rows have, where that goes with the header: some programs end each row, or the
/// header alone, with a delimiter. In a row with another number of cells the values stand under
/// wrong names.
fn cells(names: &ByteRecord, rows: &[ByteRecord]) -> Result<usize, String> {
    let (named, all) = (width(names), names.len());
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for row in rows {
        *counts.entry(row.len()).or_default() += 1;
    }
    let fits =
        |cells: usize| cells >= named && rows.iter().any(|r| r.len() == cells && width(r) <= all);
    let fitting = counts.iter().filter(|(cells, _)| fits(**cells));
    match fitting.max_by_key(|(cells, count)| (**count, **cells == all)) {
        Some((cells, _)) => Ok(*cells),
        None if rows.len() < 2 => Ok(all),
        None => {
            let most =
                counts.iter().max_by_key(|(_, count)| **count).map_or(0, |(cells, _)| *cells);
            if 2 * named <= most {
                return Err(format!(
                    "its first line has {named} cells and its rows have {most}: the first line looks like a title; take \
                     out the lines above the column names"
                ));
            }
            Err(format!(
                "its rows have {most} cells under {named} column names, so that values stand under wrong names; \
                 mend the header, or save the table again"
            ))
        }
    }
}

fn decimals(columns: usize, rows: &[ByteRecord], delimiter: u8) -> Arc<[Decimal]> {
    let mut shown = vec![DecimalSigns::default(); columns];
    for row in rows {
        for (cell, shown) in row.iter().zip(&mut shown) {
            shown.by(&text_of(cell));
        }
    }
    // A comma that parts cells does not stand before decimals.
    let commas = delimiter != b',';
    let point = shown.iter().any(|s| s.point);
    let comma = commas && shown.iter().any(|s| s.comma);
    let of = |column: DecimalSigns| match (column.point, commas && column.comma) {
        (true, false) => Decimal::Point,
        (false, true) => Decimal::Comma,
        (false, false) if comma && !point => Decimal::Comma,
        _ if delimiter == b';' => Decimal::Unsaid,
        _ => of_threes(column),
    };
    shown.into_iter().map(of).collect()
}

/// The sign in a column where it is a point, unless all decimals are three. A program that writes
/// some numbers without decimals writes others with one or two.
fn of_threes(column: DecimalSigns) -> Decimal {
    match column {
        DecimalSigns { either: true, point: false, whole: true, .. } => Decimal::Unsaid,
        DecimalSigns { either: true, point: false, .. } => Decimal::Threes,
        _ => Decimal::Point,
    }
}

/// The sign in a column of texts that stand in no CSV.
pub(super) fn decimal_of_texts<'a>(cells: impl Iterator<Item = &'a str>) -> Decimal {
    let mut shown = DecimalSigns::default();
    cells.for_each(|cell| shown.by(cell));
    if shown.comma && !shown.point { Decimal::Comma } else { of_threes(shown) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimals(text: &str) -> Vec<Decimal> {
        TableSample::of(text.as_bytes(), true, b';').expect("fits").decimals.to_vec()
    }

    fn cells(text: &str) -> Result<usize, String> {
        TableSample::of(text.as_bytes(), true, b',').map(|s| s.cells)
    }

    #[test]
    fn one_reading_of_a_cell_tells_how_the_others_are_read() {
        use Decimal::{Comma, Point, Unsaid};
        assert_eq!(decimals("a;b\n1.300;7\n"), [Unsaid, Unsaid]);
        assert_eq!(decimals("a;b\n1.300;12,5\n"), [Comma, Comma]);
        assert_eq!(decimals("a;b\n1.300.000;7\n"), [Comma, Comma]);
        // Coordinates that a machine wrote say nothing of the numbers that people typed beside
        // them.
        assert_eq!(decimals("a;lat\n1.300;51.58\n"), [Unsaid, Point]);
        assert_eq!(decimals("a;b\n1.300;7\n0.950;7\n"), [Point, Unsaid]);
        assert_eq!(decimals("a;b\n12,5;12.5\n1.300;7\n"), [Comma, Point]);
    }

    #[test]
    fn three_decimals_beside_whole_numbers_may_be_thousands_whatever_parts_the_cells() {
        use Decimal::{Point, Threes, Unsaid};
        for delimiter in [b',', b'\t', b'|'] {
            let read = |text: &str| {
                let text = text.replace(';', &char::from(delimiter).to_string());
                TableSample::of(text.as_bytes(), true, delimiter).expect("fits").decimals.to_vec()
            };
            assert_eq!(read("a;b\n1.200;7\n300;8\n"), [Unsaid, Point]);
            assert_eq!(read("a;b\n1.200;7\n3.450;8\n"), [Threes, Point]);
            assert_eq!(read("a;b\n1.200;7\n0.450;8\n"), [Point, Point]);
            assert_eq!(read("a;b\n1.200;7\n3.45;8\n"), [Point, Point]);
            assert_eq!(read("a;b\n1200.5;7\n3;8\n"), [Point, Point]);
        }
        let quoted = TableSample::of(b"a,b\n\"1,200\",7\n300,8\n", true, b',').expect("fits");
        assert_eq!(
            quoted.decimals.to_vec(),
            [Point, Point],
            "a comma that parts cells parts thousands"
        );
    }

    #[test]
    fn a_row_has_as_many_cells_as_most_rows_where_that_goes_with_the_header() {
        assert_eq!(cells("a,b,c\n1,2,3\n1,2\n"), Ok(3));
        assert_eq!(cells("a,b,c\n1,2,3,\n1,2,3,\n1,3,\n"), Ok(4));
        assert_eq!(cells("a,b,c,\n1,2,3\n1,2,3\n1,2\n"), Ok(3));
        assert_eq!(cells("a,b,c,\n1,2,3,\n1,2,\n"), Ok(4));
        assert_eq!(cells("a,b,c\n"), Ok(3));
        assert_eq!(cells("a,b,c\n1,2\n"), Ok(3), "the one row is dropped");
        assert!(cells("a,b\n1,2,3\n1,2,3\n").is_err(), "a column without a name");
    }
}
