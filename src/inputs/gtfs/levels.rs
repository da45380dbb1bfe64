//! levels.txt: how high the floors of stations lie, which tells how far a lift or stairs go that do
//! not say so.

use std::collections::BTreeMap;

use super::archive::Archive;
use super::error::GtfsError;
use super::ledger::Ledger;
use super::policy;
use super::records::Level;
use super::table::{GtfsTable, WantedColumns};

const LEVELS: WantedColumns = WantedColumns {
    table: "levels.txt",
    required: &["level_id", "level_index"],
    optional: &[],
    beside: &[],
};

/// Reads the levels by their ids.
pub fn read_levels(
    archive: &mut Archive,
    ledger: &mut Ledger<'_>,
) -> Result<BTreeMap<Vec<u8>, Level>, GtfsError> {
    let mut levels = BTreeMap::new();
    if !archive.has(LEVELS.table) {
        return Ok(levels);
    }
    let mut page = ledger.page(archive.written(LEVELS.table));
    if let Some(mut table) = GtfsTable::open(archive, &LEVELS, &mut page)? {
        while let Some(row) = table.next(&mut page)? {
            let index =
                row.text("level_index").parse().ok().filter(|index: &f64| index.is_finite());
            let id = row.named("level_id");
            match index.filter(|_| !id.is_empty() && !levels.contains_key(id)) {
                Some(index) => drop(levels.insert(id.to_vec(), Level(index))),
                None => {
                    let what = format!("{}, {}", row.show("level_id"), row.show("level_index"));
                    page.at(&policy::BAD_LEVEL, row.line, what);
                }
            }
        }
    }
    page.close()?;
    Ok(levels)
}
