//! Further facts about the neighbourhoods, from tables that the user names: cars, rurality, another
//! index, an authority.
//!
//! A table is joined by code, whatever its form: a row for each area and a column for each fact, or
//! long, with a row for each fact (`pivot` and `value` turn that). A layer of polygons may be
//! joined by place instead: the neighbourhood's number is then the mean over its origin points, by
//! their people, of the number of the polygon that each lies in.

mod grouping;
mod place;
mod rows;
mod values;

use rustc_hash::FxHashMap;

use super::neighbourhoods::Neighbourhoods;
use super::origins::Origins;
use super::project::AttributeInput;
use super::tables::{JoinReport, TableError, key_of};
use crate::finding::{Findings, Outcome, Severity};
use crate::ids::{IdxVec, NeighbourhoodIdx};

pub use grouping::{Attribute, read_groups};
use rows::RowsByCode;

/// A table of facts about the neighbourhoods.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeTable {
    /// Its name in the project, which heads the names of its fields.
    pub name: String,
    /// Its file, for the dictionary.
    pub source: String,
    /// Its columns in the order of the file.
    pub columns: Vec<AttributeColumn>,
    /// How well the codes matched; `None` where joined by place.
    pub join: Option<JoinReport>,
}

/// One fact about each neighbourhood.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeColumn {
    /// Its name as field names have it: small letters, digits and `_`.
    pub key: String,
    /// Its name in the file.
    pub label: String,
    /// What it says of each neighbourhood.
    pub values: AttributeValues,
}

/// The values of a column. What is blank, suppressed or not joined is `None`.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeValues {
    /// What is said is numbers; a cell that is none is not known, and told.
    Numbers(IdxVec<NeighbourhoodIdx, Option<f64>>),
    /// Most of what is said is no number: classes, names, flags.
    Texts(IdxVec<NeighbourhoodIdx, Option<String>>),
}

impl AttributeTable {
    /// Reads a table and joins it to the neighbourhoods.
    ///
    /// # Errors
    /// When the file cannot be read or lacks a column; when a code stands twice; when less than 98
    /// % of the neighbourhoods stand in it and that is not allowed.
    pub fn read(
        input: &AttributeInput,
        neighbourhoods: &Neighbourhoods,
        origins: &Origins,
        findings: &mut Findings,
    ) -> Result<AttributeTable, TableError> {
        if input.by_place {
            return place::read(input, neighbourhoods, origins, findings);
        }
        let (rows, join) =
            RowsByCode::joined(input, &format!("tables.{}", input.name), neighbourhoods, findings)?;
        let file = input.file.display().to_string();
        let mut blanks = 0;
        let column = |(n, label): (usize, &String)| {
            let (values, blank) = values::of(&rows, n, neighbourhoods, &file, findings);
            blanks += blank;
            AttributeColumn { key: key_of(label), label: label.clone(), values }
        };
        let mut columns: Vec<AttributeColumn> =
            rows.labels.iter().enumerate().map(column).collect();
        tell_apart(&mut columns);
        let what =
            format!("cells of tables.{} that are blank or suppressed: not known", input.name);
        findings.count(Severity::Info, "no_value", Outcome::Kept, file, blanks, what);
        let source = super::file_name(&input.file);
        Ok(AttributeTable { name: input.name.clone(), source, columns, join: Some(join) })
    }

    /// A column by its name, as the field or as the file has it.
    pub fn column(&self, name: &str) -> Option<&AttributeColumn> {
        self.columns
            .iter()
            .find(|c| c.label == name)
            .or_else(|| self.columns.iter().find(|c| c.key == key_of(name)))
    }
}

impl AttributeColumn {
    /// The number of a neighbourhood, where the column has one.
    pub fn number(&self, zone: NeighbourhoodIdx) -> Option<f64> {
        match &self.values {
            AttributeValues::Numbers(numbers) => numbers.get(zone).copied().flatten(),
            AttributeValues::Texts(_) => None,
        }
    }

    /// What the column says of a neighbourhood, as text.
    pub fn text(&self, zone: NeighbourhoodIdx) -> Option<String> {
        match &self.values {
            AttributeValues::Numbers(numbers) => {
                numbers.get(zone).copied().flatten().map(|n| n.to_string())
            }
            AttributeValues::Texts(texts) => texts.get(zone).cloned().flatten(),
        }
    }
}

/// Names that differ in signs alone would be one field: the second is told apart by its number.
fn tell_apart(columns: &mut [AttributeColumn]) {
    let mut seen: FxHashMap<String, u32> = FxHashMap::default();
    for column in columns {
        if column.key.is_empty() {
            column.key = "value".to_owned();
        }
        let count = seen.entry(column.key.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            column.key = format!("{}_{count}", column.key);
        }
    }
}

/// Tells of neighbourhoods about which a joined table says nothing.
fn tell_of_blanks(input: &AttributeInput, blanks: u64, findings: &mut Findings) {
    let what = format!(
        "neighbourhoods of whose people less than 98 % live on a polygon of tables.{}",
        input.name
    );
    let file = input.file.display().to_string();
    findings.count(Severity::Warning, "attribute_off_layer", Outcome::Kept, file, blanks, what);
}

#[cfg(test)]
mod tests;
