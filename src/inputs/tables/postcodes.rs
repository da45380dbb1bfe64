//! Places of postcodes: the ONS Postcode Directory of any release, or a table of the user's own.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use super::located::POSTCODE;
use super::{Duplicates, PointsWanted, Row, Table, TableError, points};
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::LonLat;

/// Postcodes with the points they stand for.
#[derive(Clone, Debug, Default)]
pub struct Postcodes {
    points: FxHashMap<String, LonLat>,
}

impl Postcodes {
    /// Reads the places of those postcodes that are `wanted` (by their [`postcode_key`]), or of all.
    ///
    /// # Errors
    /// When the file has no postcodes or no coordinates.
    pub fn read(
        path: &Path,
        wanted: Option<&FxHashSet<String>>,
        findings: &mut Findings,
    ) -> Result<Postcodes, TableError> {
        let mut table = Table::open(path)?;
        table.required("postcode", None, &POSTCODE)?;
        let mut local = Findings::new();
        let asked = PointsWanted { id: &POSTCODE, duplicates: Duplicates::Number, ..PointsWanted::default() };
        let file = points::read_table(&mut table, &asked, &mut local)?;
        // A directory of two million postcodes has thousands without a grid reference: one line for all of them.
        for (first, count) in local.summary() {
            findings.count(
                first.severity.min(Severity::Warning),
                first.code,
                first.outcome,
                first.file,
                count,
                first.what,
            );
        }
        let mut known = FxHashMap::default();
        for row in file.points {
            let key = postcode_key(&row.id);
            if wanted.is_none_or(|w| w.contains(&key)) {
                known.entry(key).or_insert(row.point);
            }
        }
        if known.is_empty() {
            let what = "none of the postcodes asked for is in the postcode file";
            findings.count(Severity::Warning, "no_postcode", Outcome::Kept, table.file(), 1, what);
        }
        Ok(Postcodes { points: known })
    }

    /// The postcodes of a register, so that only these need be read from a directory.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn named_in(path: &Path) -> Result<FxHashSet<String>, TableError> {
        let mut table = Table::open(path)?;
        let mut found = FxHashSet::default();
        let Some(column) = table.column("postcode", None, &POSTCODE)? else { return Ok(found) };
        let (mut row, mut unused) = (Row::default(), Findings::new());
        while table.next(&mut row, &mut unused)? {
            found.extend(row.text(column).map(|code| postcode_key(&code)));
        }
        Ok(found)
    }

    /// Where a postcode lies, however it is written.
    pub fn point(&self, code: &str) -> Option<LonLat> {
        self.points.get(&postcode_key(code)).copied()
    }

    /// How many are known.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }
}

/// A postcode as it is compared: capitals without blanks.
pub fn postcode_key(code: &str) -> String {
    code.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect()
}
