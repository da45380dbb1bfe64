//! The rows of a table, joined to the neighbourhoods by code: the one way in which facts and groups
//! are read.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::Findings;
use crate::inputs::neighbourhoods::{Neighbourhoods, code_column};
use crate::inputs::project::AttributeInput;
use crate::inputs::tables::{
    BlankCodes, Decimal, InputTable, JoinReport, TableColumn, TableError, TableRow, area_column,
    area_columns, key_of,
};

/// More columns than this of one table are a slip.
const MOST_COLUMNS: usize = 500;

/// A cell as it stands; `None` when blank.
pub(super) type AttributeCell = Option<String>;

/// The rows that were asked for, by code, with the line they came from.
pub(super) struct RowsByCode {
    /// The columns' names.
    pub labels: Vec<String>,
    /// The sign before decimals in each column.
    pub decimals: Vec<Decimal>,
    by_code: FxHashMap<String, (Vec<AttributeCell>, u64)>,
}

impl RowsByCode {
    /// Reads a table's rows, and holds their codes against the neighbourhoods'. `of` is what the
    /// project file calls it.
    pub(super) fn joined(
        input: &AttributeInput,
        of: &str,
        neighbourhoods: &Neighbourhoods,
        findings: &mut Findings,
    ) -> Result<(RowsByCode, JoinReport), TableError> {
        let mut table = InputTable::open_attributes(&input.file, input.layer.as_deref())?;
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
        let rows = RowsByCode::read(&mut table, input, code, findings)?;
        let by_id = neighbourhoods.by_id();
        let what = format!("neighbourhoods to {of} ({})", table.file());
        let join =
            JoinReport::of(what, by_id.keys().copied(), rows.by_code.keys().map(String::as_str));
        join.accept_and_tell(input.allow_unmatched, table.file(), findings)?;
        Ok((rows, join))
    }

    /// What stands in a column for a neighbourhood.
    pub(super) fn cell(&self, id: &str, column: usize) -> AttributeCell {
        let (cells, _) = self.by_code.get(id)?;
        cells.get(column).cloned().flatten()
    }

    /// The line that a neighbourhood's cells stand on, the first of several.
    pub(super) fn line(&self, id: &str) -> Option<u64> {
        self.by_code.get(id).map(|(_, line)| *line)
    }

    /// What stands in a column for any area of the file.
    pub(super) fn column(&self, column: usize) -> impl Iterator<Item = &str> {
        self.by_code.values().filter_map(move |(cells, _)| cells.get(column)?.as_deref())
    }

    fn read(
        table: &mut InputTable,
        input: &AttributeInput,
        code: TableColumn,
        findings: &mut Findings,
    ) -> Result<RowsByCode, TableError> {
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
        let mut blanks = BlankCodes::default();
        let mut rows = RowsByCode {
            decimals: Vec::new(),
            labels: wanted.iter().map(|c| table.header().name(*c).to_owned()).collect(),
            by_code: FxHashMap::default(),
        };
        let (mut row, mut seen) = (TableRow::default(), FxHashSet::default());
        while table.next(&mut row, findings)? {
            if only.iter().any(|(column, value)| row.text(*column).as_deref() != Some(*value)) {
                continue;
            }
            let Some(id) = row.code(code).map(|t| t.into_owned()) else {
                let mut facts = wanted.iter().copied().chain(pivot.map(|(_, value)| value));
                blanks.add(&row, facts.any(|c| row.text(c).is_some()));
                continue;
            };
            match pivot {
                None => {
                    if rows.decimals.is_empty() {
                        rows.decimals = wanted.iter().map(|c| row.decimal(*c)).collect();
                    }
                    let cells: Vec<AttributeCell> =
                        wanted.iter().map(|c| row.text(*c).map(|t| t.into_owned())).collect();
                    // A lookup from smaller areas says the same of a neighbourhood many times over.
                    match rows.by_code.get(&id) {
                        Some((before, first)) if *before != cells => {
                            return Err(twice(table, input, id, *first, row.line()));
                        }
                        Some(_) => {}
                        None => drop(rows.by_code.insert(id, (cells, row.line()))),
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
                        rows.decimals.push(row.decimal(value));
                    }
                    let (cells, first) =
                        rows.by_code.entry(id.clone()).or_insert((Vec::new(), row.line()));
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
                let what = format!(
                    "gives more than {MOST_COLUMNS} columns; name those that are meant by `columns`"
                );
                return Err(TableError::Format { file: table.file().to_owned(), what });
            }
        }
        blanks.tell(table, "with facts about an area", findings);
        Ok(rows)
    }
}

/// A long table says the same of each area many times over.
fn twice(
    table: &InputTable,
    input: &AttributeInput,
    id: String,
    first: u64,
    second: u64,
) -> TableError {
    let unit = table.unit();
    let long = "in a long table, say `pivot` (the column whose values become columns) and `value`, and by `where` \
                which rows are meant";
    let advice = if input.pivot.is_some() { "say by `where` which rows are meant" } else { long };
    let what = format!(
        "{unit}s {first} and {second} are both of {id}: give one row for each area; {advice}"
    );
    TableError::Format { file: table.file().to_owned(), what }
}

/// The columns to carry: those named, else all but the codes and names of areas.
fn wanted(
    table: &InputTable,
    input: &AttributeInput,
    code: TableColumn,
    pivoted: bool,
) -> Result<Vec<TableColumn>, TableError> {
    if pivoted {
        return Ok(Vec::new());
    }
    if !input.columns.is_empty() {
        return input
            .columns
            .iter()
            .map(|name| table.required("`columns`", Some(name), &[]))
            .collect();
    }
    let header = table.header();
    let fact = |c: &TableColumn| {
        let name = header.name(*c);
        let own_ids = table.feature_ids() == Some(*c);
        *c != code
            && !own_ids
            && !key_of(name).is_empty()
            && area_column(name).is_none()
            && !is_name(&key_of(name))
    };
    let all: Vec<TableColumn> = header.columns().filter(fact).collect();
    if all.is_empty() {
        return Err(table.no_column("facts about areas", &["columns beside codes and names"]));
    }
    Ok(all)
}

/// Whether a column names areas (`lsoa21nm`, `lsoa_name_2021`), or numbers rows.
fn is_name(key: &str) -> bool {
    let bare = key.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    let coded = |end: &str| {
        bare.strip_suffix(end).is_some_and(|stem| stem.ends_with(|c: char| c.is_ascii_digit()))
    };
    ["name", "geography", "date", "fid", "objectid", "globalid"].contains(&bare)
        || bare.ends_with("_name")
        || coded("nm")
        || coded("nmw")
}

/// Of several columns of area codes, the one that holds most of the neighbourhoods' own; none where
/// none holds any.
fn column_of_codes(
    input: &AttributeInput,
    neighbourhoods: &Neighbourhoods,
) -> Result<Option<TableColumn>, TableError> {
    let mut table = InputTable::open_attributes(&input.file, input.layer.as_deref())?;
    let by_id = neighbourhoods.by_id();
    let areas = area_columns(table.header());
    let mut met: Vec<(FxHashSet<String>, TableColumn)> =
        areas.into_iter().map(|(column, ..)| (FxHashSet::default(), column)).collect();
    let (mut row, mut unused) = (TableRow::default(), Findings::new());
    while table.next(&mut row, &mut unused)? {
        for (codes, column) in &mut met {
            codes.extend(
                row.text(*column)
                    .filter(|id| by_id.contains_key(id.as_ref()))
                    .map(|id| id.into_owned()),
            );
        }
    }
    let fullest = met.into_iter().filter(|(codes, _)| !codes.is_empty());
    let fullest =
        fullest.reduce(|best, next| if next.0.len() > best.0.len() { next } else { best });
    Ok(fullest.map(|(_, column)| column))
}
