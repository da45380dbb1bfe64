//! The ids of one table → positions, with the rule for ids that stand twice.

use rustc_hash::FxHashMap;

use super::error::GtfsError;
use super::ledger::{Page, shown};
use super::policy;
use super::table::Row;

/// The ids of one table.
#[derive(Default)]
pub struct Keys {
    map: FxHashMap<Box<[u8]>, Key>,
}

struct Key {
    at: Option<u32>,
    line: u64,
    content: u64,
}

/// What an id refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A row that is used, by its position.
    At(u32),
    /// A row that was dropped.
    Dropped,
    /// Nothing.
    Nothing,
}

impl Found {
    /// The position, if the row is used.
    pub fn used(self) -> Option<u32> {
        match self {
            Found::At(at) => Some(at),
            Found::Dropped | Found::Nothing => None,
        }
    }
}

impl Keys {
    /// Claims the id that stands in a row's column for a position. False if the row is to be passed over: its id is
    /// blank, or it is the same row again. Two different rows of one id are an error.
    pub fn claim(
        &mut self,
        row: &Row<'_>,
        column: &str,
        at: usize,
        page: &mut Page<'_, '_>,
    ) -> Result<bool, GtfsError> {
        let id = row.named(column);
        if id.is_empty() {
            page.at(&policy::MISSING_FIELD, row.line, format!("{column} is blank"));
            return Ok(false);
        }
        let key = Key { at: u32::try_from(at).ok(), line: row.line, content: row.content() };
        match self.map.get(id) {
            None => {
                self.map.insert(id.into(), key);
                Ok(true)
            }
            Some(first) if first.content == key.content => {
                let what = format!("{column} {} stands at line {} too", shown(id), first.line);
                page.at(&policy::SAME_ROW_AGAIN, row.line, what);
                Ok(false)
            }
            Some(first) => {
                let what =
                    format!("{column} {} stands at line {} too, in a different row", shown(id), first.line);
                Err(page.refuse(&policy::DUPLICATE_KEY, Some(row.line), what))
            }
        }
    }

    /// The row of an id turned out to be unusable; things that refer to it are known to be lost with it.
    pub fn drop(&mut self, id: &[u8]) {
        if let Some(key) = self.map.get_mut(id) {
            key.at = None;
        }
    }

    /// What an id refers to.
    pub fn find(&self, id: &[u8]) -> Found {
        match self.map.get(id) {
            Some(Key { at: Some(at), .. }) => Found::At(*at),
            Some(_) => Found::Dropped,
            None => Found::Nothing,
        }
    }
}
