//! Further facts about the neighbourhoods, from tables that the user names: cars, rurality, another index, an authority.
//!
//! A table is joined by code, whatever its form: a row for each area and a column for each fact, or long, with a row for
//! each fact (`pivot` and `value` turn that). A layer of polygons may be joined by place instead: the neighbourhood's number
//! is then the mean over its origin points, by their people, of the number of the polygon that each lies in.

mod grouping;
mod place;

use rustc_hash::{FxHashMap, FxHashSet};

use super::neighbourhoods::{Neighbourhoods, code_column};
use super::origins::Origins;
use super::project::AttributeInput;
use super::tables::{
    Column, JoinReport, Row, Table, TableError, area_column, area_columns, key_of, parse_number,
};
use crate::finding::{Findings, Outcome, Severity};
use crate::ids::{IdxVec, ZoneIdx};

pub use grouping::{Attribute, AttributeFrom};

/// More columns than this of one table are a slip.
const MOST_COLUMNS: usize = 500;

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
    /// All that is said is numbers.
    Numbers(IdxVec<ZoneIdx, Option<f64>>),
    /// Something is not: classes, names, flags.
    Texts(IdxVec<ZoneIdx, Option<String>>),
}

impl AttributeTable {
    /// Reads a table and joins it to the neighbourhoods.
    ///
    /// # Errors
    /// When the file cannot be read or lacks a column; when a code stands twice; when less than 98 % of the neighbourhoods
    /// stand in it and that is not allowed.
    pub fn read(
        input: &AttributeInput,
        neighbourhoods: &Neighbourhoods,
        origins: &Origins,
        findings: &mut Findings,
    ) -> Result<AttributeTable, TableError> {
        if input.by_place {
            return place::read(input, neighbourhoods, origins, findings);
        }
        let mut table = Table::open_attributes(&input.file, input.layer.as_deref())?;
        let code = match &input.code {
            Some(name) => table.required("area code", Some(name), &[])?,
            None => match table.column("area code", None, &["mnemonic", "geography_code"])? {
                Some(column) => column,
                None => match code_column(&table, &neighbourhoods.key_column) {
                    Ok(column) => column,
                    Err(error) => column_of_codes(input, neighbourhoods)?.ok_or(error)?,
                },
            },
        };
        let rows = Rows::read(&mut table, input, code, findings)?;
        let by_id = neighbourhoods.by_id();
        let what = format!("neighbourhoods to tables.{} ({})", input.name, table.file());
        let join = JoinReport::of(what, by_id.keys().copied(), rows.by_code.keys().map(String::as_str));
        join.accept_and_tell(input.allow_unmatched, table.file(), findings)?;
        let column = |(n, label): (usize, &String)| {
            let cells = neighbourhoods.zones.iter().map(|zone| {
                let (cells, _) = rows.by_code.get(&zone.id)?;
                cells.get(n).cloned().flatten()
            });
            AttributeColumn { key: key_of(label), label: label.clone(), values: values(cells.collect()) }
        };
        let mut columns: Vec<AttributeColumn> = rows.labels.iter().enumerate().map(column).collect();
        tell_apart(&mut columns);
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
    pub fn number(&self, zone: ZoneIdx) -> Option<f64> {
        match &self.values {
            AttributeValues::Numbers(numbers) => numbers.get(zone).copied().flatten(),
            AttributeValues::Texts(_) => None,
        }
    }

    /// What the column says of a neighbourhood, as text.
    pub fn text(&self, zone: ZoneIdx) -> Option<String> {
        match &self.values {
            AttributeValues::Numbers(numbers) => numbers.get(zone).copied().flatten().map(|n| n.to_string()),
            AttributeValues::Texts(texts) => texts.get(zone).cloned().flatten(),
        }
    }
}

/// Of several columns of area codes, the one that holds most of the neighbourhoods' own; none where none holds any.
fn column_of_codes(
    input: &AttributeInput,
    neighbourhoods: &Neighbourhoods,
) -> Result<Option<Column>, TableError> {
    let mut table = Table::open_attributes(&input.file, input.layer.as_deref())?;
    let by_id = neighbourhoods.by_id();
    let areas = area_columns(table.header());
    let mut met: Vec<(FxHashSet<String>, Column)> =
        areas.into_iter().map(|(column, ..)| (FxHashSet::default(), column)).collect();
    let (mut row, mut unused) = (Row::default(), Findings::new());
    while table.next(&mut row, &mut unused)? {
        for (codes, column) in &mut met {
            codes.extend(
                row.text(*column).filter(|id| by_id.contains_key(id.as_ref())).map(|id| id.into_owned()),
            );
        }
    }
    let fullest = met.into_iter().filter(|(codes, _)| !codes.is_empty());
    let fullest = fullest.reduce(|best, next| if next.0.len() > best.0.len() { next } else { best });
    Ok(fullest.map(|(_, column)| column))
}

/// A cell as it stands; `None` when blank.
type Cell = Option<String>;

/// The rows that were asked for, by code, with the line they came from.
struct Rows {
    labels: Vec<String>,
    by_code: FxHashMap<String, (Vec<Cell>, u64)>,
}

impl Rows {
    fn read(
        table: &mut Table,
        input: &AttributeInput,
        code: Column,
        findings: &mut Findings,
    ) -> Result<Rows, TableError> {
        let mut only = Vec::new();
        for (name, value) in &input.only {
            only.push((table.required("`where`", Some(name), &[])?, value.as_str()));
        }
        let pivot = match (&input.pivot, &input.value) {
            (Some(pivot), Some(value)) => Some((
                table.required("`pivot`", Some(pivot), &[])?,
                table.required("`value`", Some(value), &[])?,
            )),
            _ => None,
        };
        let wanted = wanted(table, input, code, pivot.is_some())?;
        let mut rows = Rows {
            labels: wanted.iter().map(|c| table.header().name(*c).to_owned()).collect(),
            by_code: FxHashMap::default(),
        };
        let (mut row, mut seen) = (Row::default(), FxHashSet::default());
        while table.next(&mut row, findings)? {
            if only.iter().any(|(column, value)| row.text(*column).as_deref() != Some(*value)) {
                continue;
            }
            let Some(id) = row.text(code).map(|t| t.into_owned()) else { continue };
            match pivot {
                None => {
                    let cells = wanted.iter().map(|c| row.text(*c).map(|t| t.into_owned())).collect();
                    if let Some((_, first)) = rows.by_code.insert(id.clone(), (cells, row.line())) {
                        return Err(twice(table, input, id, first, row.line()));
                    }
                }
                Some((pivot, value)) => {
                    let label = row.text(pivot).map(|t| t.into_owned()).unwrap_or_default();
                    if !input.columns.is_empty() && !input.columns.contains(&label) {
                        continue;
                    }
                    let known = rows.labels.iter().position(|l| *l == label);
                    let at = known.unwrap_or(rows.labels.len());
                    if known.is_none() {
                        rows.labels.push(label);
                    }
                    let (cells, first) = rows.by_code.entry(id.clone()).or_insert((Vec::new(), row.line()));
                    if !seen.insert((id.clone(), at)) {
                        let first = *first;
                        return Err(twice(table, input, id, first, row.line()));
                    }
                    cells.resize(cells.len().max(at + 1), None);
                    if let Some(cell) = cells.get_mut(at) {
                        *cell = row.text(value).map(|t| t.into_owned());
                    }
                }
            }
            if rows.labels.len() > MOST_COLUMNS {
                let what =
                    format!("gives more than {MOST_COLUMNS} columns; name those that are meant by `columns`");
                return Err(TableError::Format { file: table.file().to_owned(), what });
            }
        }
        Ok(rows)
    }
}

/// A long table says the same of each area many times over.
fn twice(table: &Table, input: &AttributeInput, id: String, first: u64, second: u64) -> TableError {
    let unit = table.unit();
    let long = "in a long table, say `pivot` (the column whose values become columns) and `value`, and by `where` \
                which rows are meant";
    let advice = if input.pivot.is_some() { "say by `where` which rows are meant" } else { long };
    let what = format!("{unit}s {first} and {second} are both of {id}: give one row for each area; {advice}");
    TableError::Format { file: table.file().to_owned(), what }
}

/// The columns to carry: those named, else all but the codes and names of areas.
fn wanted(
    table: &Table,
    input: &AttributeInput,
    code: Column,
    pivoted: bool,
) -> Result<Vec<Column>, TableError> {
    if pivoted {
        return Ok(Vec::new());
    }
    if !input.columns.is_empty() {
        return input.columns.iter().map(|name| table.required("`columns`", Some(name), &[])).collect();
    }
    let header = table.header();
    let fact = |c: &Column| {
        let name = header.name(*c);
        *c != code && !key_of(name).is_empty() && area_column(name).is_none() && !is_name(&key_of(name))
    };
    let all: Vec<Column> = header.columns().filter(fact).collect();
    if all.is_empty() {
        return Err(table.no_column("facts about areas", &["columns beside codes and names"]));
    }
    Ok(all)
}

/// Whether a column names areas (`lsoa21nm`, `lsoa_name_2021`), or numbers rows.
fn is_name(key: &str) -> bool {
    let bare = key.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    let coded =
        |end: &str| bare.strip_suffix(end).is_some_and(|stem| stem.ends_with(|c: char| c.is_ascii_digit()));
    ["name", "geography", "date", "fid", "objectid", "globalid"].contains(&bare)
        || bare.ends_with("_name")
        || coded("nm")
        || coded("nmw")
}

/// Numbers if all that is said is numbers.
fn values(cells: Vec<Cell>) -> AttributeValues {
    let read: Vec<Result<Option<f64>, ()>> =
        cells.iter().map(|cell| cell.as_deref().map_or(Ok(None), |text| parse_number(text, false))).collect();
    if read.iter().all(Result::is_ok) && read.iter().any(|n| matches!(n, Ok(Some(_)))) {
        return AttributeValues::Numbers(read.into_iter().map(|n| n.ok().flatten()).collect());
    }
    AttributeValues::Texts(cells.into_iter().collect())
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
    let what =
        format!("neighbourhoods of whose people less than 98 % live on a polygon of tables.{}", input.name);
    let file = input.file.display().to_string();
    findings.count(Severity::Warning, "attribute_off_layer", Outcome::Kept, file, blanks, what);
}

#[cfg(test)]
mod tests;
