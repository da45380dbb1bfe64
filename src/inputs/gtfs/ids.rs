//! The ids of one table → positions, with the rule for ids that stand twice.

use rustc_hash::FxHashMap;

use super::error::GtfsError;
use super::ledger::{FileAccount, shown};
use super::policy;
use super::table::GtfsRow;

/// The ids of one table.
#[derive(Default)]
pub struct TableIds {
    map: FxHashMap<Box<[u8]>, IdKey>,
}

struct IdKey {
    at: Option<u32>,
    line: u64,
    content: u64,
}

/// What an id refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyMatch {
    /// A row that is used, by its position.
    At(u32),
    /// A row that was dropped.
    Dropped,
    /// Nothing.
    Nothing,
}

impl KeyMatch {
    /// The position, if the row is used.
    pub fn used(self) -> Option<u32> {
        match self {
            KeyMatch::At(at) => Some(at),
            KeyMatch::Dropped | KeyMatch::Nothing => None,
        }
    }
}

impl TableIds {
    /// Claims the id that stands in a row's column for a position. False if the row is to be passed
    /// over: its id is blank, or it is the same row again. Two different rows of one id are an
    /// error.
    pub fn claim(
        &mut self,
        row: &GtfsRow<'_>,
        column: &str,
        at: usize,
        page: &mut FileAccount<'_, '_>,
    ) -> Result<bool, GtfsError> {
        let id = row.named(column);
        if id.is_empty() {
            page.at(&policy::MISSING_FIELD, row.line, format!("{column} is blank"));
            return Ok(false);
        }
        let key = IdKey { at: u32::try_from(at).ok(), line: row.line, content: row.content() };
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
                let what = format!(
                    "{column} {} stands at line {} too, in a different row",
                    shown(id),
                    first.line
                );
                Err(page.refuse(&policy::DUPLICATE_KEY, Some(row.line), what))
            }
        }
    }

    /// The row of an id turned out to be unusable; things that refer to it are known to be lost
    /// with it.
    pub fn drop(&mut self, id: &[u8]) {
        if let Some(key) = self.map.get_mut(id) {
            key.at = None;
        }
    }

    /// What an id refers to.
    pub fn find(&self, id: &[u8]) -> KeyMatch {
        match self.map.get(id) {
            Some(IdKey { at: Some(at), .. }) => KeyMatch::At(*at),
            Some(_) => KeyMatch::Dropped,
            None => KeyMatch::Nothing,
        }
    }
}
