//! Rows that stand in a table twice: by what they say, or by their ids.

use std::hash::{DefaultHasher, Hash, Hasher};

use rustc_hash::FxHashMap;

use super::points::report_as;
use super::{
    Decimal, Duplicates, InputTable, PointRow, PointsWanted, RowGeometry, TableColumn, TableError,
    TableRow, parse_number,
};
use crate::finding::{Findings, Outcome, Severity};

/// Columns that number rows, and so differ between rows that say the same.
const NUMBERS: [&str; 8] =
    ["", "fid", "objectid", "globalid", "index", "row", "row_number", "unnamed_0"];

/// What the rows of a table say, so that those that say the same are seen.
pub(super) struct Once {
    /// Whether such rows are one thing; else they are only told.
    one_thing: bool,
    /// The columns that say something; none where ids tell rows apart.
    columns: Option<Vec<TableColumn>>,
    /// By line: a digest of the row.
    heard: FxHashMap<u64, u64>,
}

impl Once {
    pub(super) fn new(table: &InputTable, wanted: &PointsWanted<'_>, has_ids: bool) -> Once {
        let header = table.header();
        let says = |c: &TableColumn| {
            let key = super::key_of(header.name(*c));
            !NUMBERS.contains(&key.as_str()) && table.feature_ids() != Some(*c)
        };
        let columns = (wanted.once || !has_ids).then(|| header.columns().filter(says).collect());
        Once { one_thing: wanted.once, columns, heard: FxHashMap::default() }
    }

    /// Takes note of a row.
    pub(super) fn heard(&mut self, row: &TableRow) {
        let Some(columns) = &self.columns else { return };
        let mut digest = DefaultHasher::new();
        for column in columns {
            row.text(*column).map(|text| plain(&text, row.decimal(*column))).hash(&mut digest);
        }
        if let RowGeometry::Point(_) | RowGeometry::Points(_) = row.place() {
            format!("{:?}", row.place()).hash(&mut digest);
        }
        self.heard.insert(row.line(), digest.finish());
    }

    /// The rows without those that say the same as an earlier one, which are told.
    pub(super) fn rows(
        self,
        table: &InputTable,
        points: Vec<PointRow>,
        findings: &mut Findings,
    ) -> Vec<PointRow> {
        if self.columns.is_none() {
            return points;
        }
        let mut first: FxHashMap<u64, usize> = FxHashMap::default();
        let mut kept: Vec<PointRow> = Vec::with_capacity(points.len());
        let mut twice = 0;
        for row in points {
            let before = self.heard.get(&row.line).and_then(|digest| {
                let at = *first.entry(*digest).or_insert(kept.len());
                kept.get(at).filter(|a| a.point == row.point && a.more == row.more)
            });
            let Some(before) = before else {
                kept.push(row);
                continue;
            };
            if self.one_thing {
                let what = format!(
                    "says the same as {} {}: counts once, row dropped",
                    table.unit(),
                    before.line
                );
                let (severity, outcome) = (Severity::Warning, Outcome::Dropped);
                report_as(findings, table, severity, outcome, "duplicate_row", row.line, what);
            } else {
                twice += 1;
                kept.push(row);
            }
        }
        let what = "rows that say the same as an earlier one and have no id: each counts";
        findings.count(Severity::Info, "duplicate_row", Outcome::Kept, table.file(), twice, what);
        kept
    }
}

/// A text without what people write in several ways: capitals, runs of blanks, noughts behind
/// decimals.
fn plain(text: &str, decimal: Decimal) -> String {
    match parse_number(text, decimal) {
        Ok(Some(number)) => number.to_string(),
        _ => text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

/// Rows that share an id: those that say the same count once, others are refused or told apart.
pub(super) fn each_id_once(
    table: &InputTable,
    points: Vec<PointRow>,
    duplicates: Duplicates,
    findings: &mut Findings,
) -> Result<Vec<PointRow>, TableError> {
    if duplicates == Duplicates::Keep {
        return Ok(points);
    }
    let mut seen: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    let mut kept: Vec<PointRow> = Vec::with_capacity(points.len());
    for mut row in points {
        let before = seen.entry(row.id.clone()).or_default();
        let alike =
            |a: &PointRow| a.point == row.point && a.number == row.number && a.name == row.name;
        let earlier = before.iter().filter_map(|&i| kept.get(i));
        if let Some(same) = earlier.clone().find(|a| alike(a)) {
            let what =
                format!("id {:?} again, as on {} {}: row dropped", row.id, table.unit(), same.line);
            report_as(
                findings,
                table,
                Severity::Warning,
                Outcome::Dropped,
                "duplicate_id",
                row.line,
                what,
            );
            continue;
        }
        if let Some(first) = earlier.clone().next() {
            if duplicates == Duplicates::Refuse {
                return Err(TableError::DuplicateId {
                    file: table.file().to_owned(),
                    id: row.id,
                    unit: table.unit(),
                    first: first.line,
                    second: row.line,
                });
            }
            let id = format!("{}#{}", row.id, before.len() + 1);
            let what =
                format!("id {:?} also on {} {}: called {id:?}", row.id, table.unit(), first.line);
            report_as(
                findings,
                table,
                Severity::Warning,
                Outcome::Repaired,
                "duplicate_id",
                row.line,
                what,
            );
            before.push(kept.len());
            row.id = id;
        } else {
            before.push(kept.len());
        }
        kept.push(row);
    }
    Ok(kept)
}
