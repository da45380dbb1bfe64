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
            Err(format!(
                "its rows have {most} cells under {named} column names, so that values stand under wrong names; \
                 mend the header, or save the table again"
            ))
        }
    }
}

fn decimals(columns: usize, rows: &[ByteRecord], delimiter: u8) -> Arc<[Decimal]> {
    let mut shown = vec![DecimalSigns::default(); columns];
    // A comma that parts cells does not stand before decimals.
    let told = if delimiter == b',' { &[] } else { rows };
    for row in told {
        for (cell, shown) in row.iter().zip(&mut shown) {
            match shown_by(&text_of(cell)) {
                Some(Decimal::Point) => shown.point = true,
                Some(Decimal::Comma) => shown.comma = true,
                _ => {}
            }
        }
    }
    let anywhere =
        DecimalSigns { point: shown.iter().any(|s| s.point), comma: shown.iter().any(|s| s.comma) };
    let otherwise = if delimiter == b';' { Decimal::Unsaid } else { Decimal::Point };
    let of = |column: DecimalSigns| match (column, anywhere) {
        (DecimalSigns { point: true, comma: false }, _) => Decimal::Point,
        (DecimalSigns { point: false, comma: true }, _) => Decimal::Comma,
        (
            DecimalSigns { point: false, comma: false },
            DecimalSigns { point: false, comma: true },
        ) => Decimal::Comma,
        _ => otherwise,
    };
    shown.into_iter().map(of).collect()
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
