//! Which neighbourhood is in which group.

use std::collections::{BTreeMap, BTreeSet};

use crate::inputs::project::{GroupFrom, Grouping};
use crate::results::table::{NeighbourhoodTable, Value};

/// The name of the group of those who are equally deprived.
pub(super) const EQUALLY: &str = "equally deprived";

/// The groups of one grouping, by neighbourhood.
pub(super) struct GroupingParts {
    /// `None` where nothing is said.
    pub of: Vec<Option<String>>,
    /// Whether it only says yes or no.
    flag: bool,
}

impl GroupingParts {
    pub fn of(grouping: &Grouping, table: &NeighbourhoodTable) -> GroupingParts {
        let field = match &grouping.from {
            GroupFrom::Field(field) => field.clone(),
            GroupFrom::Table { .. } => format!("group_{}", grouping.name),
        };
        let cells: Vec<&Value> = table.column(&field).map(Iterator::collect).unwrap_or_default();
        let mut of: Vec<Option<String>> =
            cells.iter().map(|value| value.plain(0).map(|text| plain(&text))).collect();
        of.resize(table.rows.len(), None);
        let said: Option<Vec<bool>> = of.iter().flatten().map(|text| yes_or_no(text)).collect();
        let flag = said.is_some_and(|said| !said.is_empty());
        if flag {
            let word = |text: &String| if yes_or_no(text) == Some(true) { "yes" } else { "no" };
            of.iter_mut().flatten().for_each(|text| *text = word(text).to_owned());
        }
        GroupingParts { of, flag }
    }

    /// The groups with their neighbourhoods: numbers in their order, all else by name, yes before
    /// no.
    pub fn groups(
        &self,
        grouping: &Grouping,
        groupings: &[Grouping],
        parts: &[GroupingParts],
    ) -> Vec<(String, Vec<usize>)> {
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (row, group) in self.of.iter().enumerate() {
            if let Some(group) = group {
                groups.entry(group).or_default().push(row);
            }
        }
        let mut groups: Vec<(String, Vec<usize>)> =
            groups.into_iter().map(|(name, rows)| (name.to_owned(), rows)).collect();
        if groups.iter().all(|(name, _)| name.parse::<f64>().is_ok()) {
            let number = |name: &str| name.parse::<f64>().unwrap_or_default();
            groups.sort_by(|(a, _), (b, _)| number(a).total_cmp(&number(b)));
        }
        if self.flag {
            groups.reverse();
            let by = grouping.equally_deprived_by.as_ref();
            let by = by.and_then(|by| groupings.iter().position(|other| other.name == *by));
            if let Some(equally) = by.and_then(|by| parts.get(by)).map(|by| self.equally(by)) {
                groups.insert(1.min(groups.len()), (EQUALLY.to_owned(), equally));
            }
        }
        groups
    }

    /// Of those without the flag, those that share a group of `by` with one that has it.
    fn equally(&self, by: &GroupingParts) -> Vec<usize> {
        let is = |row: usize, word: &str| self.of[row].as_deref() == Some(word);
        let rows = || 0..self.of.len();
        let shared: BTreeSet<&str> =
            rows().filter(|row| is(*row, "yes")).filter_map(|row| by.of[row].as_deref()).collect();
        rows()
            .filter(|row| {
                is(*row, "no") && by.of[*row].as_deref().is_some_and(|of| shared.contains(of))
            })
            .collect()
    }
}

/// Deciles come as `5.0` at times.
fn plain(text: &str) -> String {
    let whole = text
        .strip_suffix(".0")
        .filter(|whole| whole.bytes().all(|b| b.is_ascii_digit()) && !whole.is_empty());
    whole.unwrap_or(text).to_owned()
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" => Some(true),
        "false" | "no" | "n" => Some(false),
        _ => None,
    }
}
