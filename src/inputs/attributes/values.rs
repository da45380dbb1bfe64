//! Whether a column holds numbers or texts, and what its cells are then.

use super::AttributeValues;
use super::rows::RowsByCode;
use crate::finding::{Findings, Outcome, Severity};
use crate::ids::{IdxVec, NeighbourhoodIdx};
use crate::inputs::neighbourhoods::{Neighbourhood, Neighbourhoods};
use crate::inputs::tables::{Decimal, NoNumber, is_grouped, is_percentage, key_of, parse_number};

/// What all cells of a column are, as far as they say anything.
#[derive(Clone, Copy, Debug, Default)]
struct ColumnKinds {
    numbers: usize,
    /// Those of the numbers that are written with `%`.
    percentages: usize,
    /// Those of the numbers that are below 0.
    negatives: usize,
    texts: usize,
}

impl ColumnKinds {
    fn of<'a>(cells: impl Iterator<Item = &'a str>, decimal: Decimal) -> ColumnKinds {
        let mut kinds = ColumnKinds::default();
        for cell in cells {
            match parse_number(cell, decimal) {
                Ok(None) => continue,
                Ok(Some(n)) => kinds.negatives += usize::from(n < 0.0),
                Err(NoNumber::Ambiguous { .. } | NoNumber::TooLarge(_)) => {}
                Err(_) => {
                    kinds.texts += 1;
                    continue;
                }
            }
            kinds.numbers += 1;
            kinds.percentages += usize::from(is_percentage(cell));
        }
        kinds
    }

    /// A few cells that are none do not make words of a column of numbers.
    fn are_numbers(self) -> bool {
        self.numbers > self.texts
    }

    /// One of several numbers that is below 0 alone is more likely a slip than a fact.
    fn has_lone_negative(self) -> bool {
        self.negatives == 1 && self.numbers > 2
    }

    fn are_percentages(self) -> bool {
        2 * self.percentages > self.numbers
    }
}

/// The values of the neighbourhoods in a column of a table, and how many of its cells are blank or
/// suppressed among numbers. Cells that are no number among numbers are not known, and told.
pub(super) fn of(
    rows: &RowsByCode,
    column: usize,
    neighbourhoods: &Neighbourhoods,
    file: &str,
    findings: &mut Findings,
) -> (AttributeValues, u64) {
    let decimal = rows.decimals.get(column).copied().unwrap_or_default();
    let kinds = ColumnKinds::of(rows.column(column), decimal);
    let zones = &neighbourhoods.zones;
    if !kinds.are_numbers() {
        let texts = zones.iter().map(|zone| rows.cell(&zone.id, column)).collect();
        return (AttributeValues::Texts(texts), 0);
    }
    let label = rows.labels.get(column).map_or("", String::as_str);
    let says_so = ["pct", "percent", "per_cent"].iter().any(|word| key_of(label).contains(word));
    let mut blank = 0;
    let mut number = |zone: &Neighbourhood| {
        let line = rows.line(&zone.id)?;
        let cell = rows.cell(&zone.id, column).unwrap_or_default();
        let grouped = is_grouped(&cell, decimal);
        let read = match parse_number(&cell, decimal) {
            Ok(Some(_)) if !says_so && is_percentage(&cell) != kinds.are_percentages() => {
                Err(odd_one(&cell, kinds))
            }
            Ok(None) => {
                blank += 1;
                Ok(None)
            }
            Ok(Some(n)) if n < 0.0 && kinds.has_lone_negative() => {
                let what =
                    format!("{label} of {} = {n}, which alone of its column is below 0", zone.id);
                findings.at(Severity::Warning, "lone_negative", Outcome::Kept, file, line, what);
                Ok(Some(n))
            }
            Ok(Some(n)) if grouped => {
                let what = format!("{label} of {} = {cell:?}, read as {n}", zone.id);
                findings.at(Severity::Info, "grouped_number", Outcome::Repaired, file, line, what);
                Ok(Some(n))
            }
            other => other.map_err(|e| e.to_string()),
        };
        read.unwrap_or_else(|why| {
            let what = format!("{label} of {} = {why}: taken as not known", zone.id);
            findings.at(Severity::Warning, "bad_number", Outcome::Dropped, file, line, what);
            None
        })
    };
    let numbers: IdxVec<NeighbourhoodIdx, Option<f64>> = zones.iter().map(&mut number).collect();
    (AttributeValues::Numbers(numbers), blank)
}

fn odd_one(cell: &str, kinds: ColumnKinds) -> String {
    match kinds.are_percentages() {
        true => format!("{cell:?}, which has no % though most of its column have"),
        false => format!("{cell:?}, which is a percentage though most of its column are not"),
    }
}
