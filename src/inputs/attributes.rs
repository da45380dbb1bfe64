//! Attributes of neighbourhoods: a column of any table, joined by code, such as a decile, a flag or an authority.

use std::path::Path;

use rustc_hash::FxHashMap;

use super::neighbourhoods::{Neighbourhoods, code_column};
use super::tables::{JoinReport, Row, Table, TableError};
use crate::finding::Findings;
use crate::ids::{IdxVec, ZoneIdx};

/// What a table says of each neighbourhood, as text; `None` where it says nothing.
pub type Attribute = IdxVec<ZoneIdx, Option<String>>;

/// Which column of which table.
#[derive(Clone, Copy, Debug)]
pub struct AttributeFrom<'a> {
    /// The table.
    pub file: &'a Path,
    /// Its column of codes; detected when absent.
    pub code: Option<&'a str>,
    /// The column.
    pub column: &'a str,
    /// Whether to go on when it knows fewer than 98 % of the neighbourhoods.
    pub allow_unmatched: bool,
}

impl AttributeFrom<'_> {
    /// Reads the column.
    ///
    /// # Errors
    /// When the table cannot be read, lacks a column, has a code twice with different values, or knows too few of the neighbourhoods.
    pub fn read(
        &self,
        zones: &Neighbourhoods,
        findings: &mut Findings,
    ) -> Result<(Attribute, JoinReport), TableError> {
        let mut table = Table::open(self.file)?;
        let code = match self.code {
            Some(_) => table.required("neighbourhood code", self.code, &[])?,
            None => code_column(&table, &zones.key_column)?,
        };
        let column = table.required("group", Some(self.column), &[])?;
        let mut known: FxHashMap<String, (Option<String>, u64)> = FxHashMap::default();
        let mut row = Row::default();
        while table.next(&mut row, findings)? {
            let Some(id) = row.text(code).map(|id| id.into_owned()) else { continue };
            let value = row.text(column).map(|text| text.into_owned());
            match known.get(&id) {
                Some((before, first)) if *before != value => {
                    let (file, first, second) = (table.file().to_owned(), *first, row.line());
                    return Err(TableError::DuplicateId { file, id, unit: "line", first, second });
                }
                Some(_) => {}
                None => {
                    known.insert(id, (value, row.line()));
                }
            }
        }
        let what = format!("neighbourhoods to {} ({})", table.header().name(column), table.file());
        let ids = zones.zones.iter().map(|zone| zone.id.as_str());
        let join = JoinReport::of(what, ids, known.keys().map(String::as_str));
        join.accept_and_tell(self.allow_unmatched, table.file(), findings)?;
        let value = |id: &str| known.get(id).and_then(|(value, _)| value.clone());
        Ok((zones.zones.iter().map(|zone| value(&zone.id)).collect(), join))
    }
}
