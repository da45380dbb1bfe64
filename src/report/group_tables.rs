//! Groups of neighbourhoods side by side.

use serde::Serialize;

use super::page::{count, shown};
use crate::outputs::class_breaks::thousands;
use crate::results::cell_state::counts_people;
use crate::results::groups::{GroupComparisons, NeighbourhoodGroup};
use crate::results::table::{Field, NeighbourhoodTable, Value};

/// One way to part the neighbourhoods.
#[derive(Debug, Serialize)]
pub(super) struct GroupingTable {
    label: String,
    columns: Vec<Heading>,
    groups: Vec<GroupTableRow>,
}

#[derive(Debug, Serialize)]
struct Heading {
    name: String,
    unit: &'static str,
    meaning: String,
}

#[derive(Debug, Serialize)]
struct GroupTableRow {
    name: String,
    neighbourhoods: String,
    cells: Vec<GroupCell>,
}

/// What the people in the middle have, and how the rest are spread.
#[derive(Debug, Serialize)]
struct GroupCell {
    median: String,
    spread: String,
}

/// How unequal what is within reach is.
#[derive(Debug, Serialize)]
pub(super) struct InequalityTable {
    who: &'static str,
    ranked_by: Option<&'static str>,
    grouping: Option<String>,
    rows: Vec<InequalityFigures>,
}

#[derive(Debug, Serialize)]
struct InequalityFigures {
    field: String,
    numbers: Vec<String>,
}

/// Each grouping in the fields at `shown`.
pub(super) fn comparisons(
    compared: &GroupComparisons,
    table: &NeighbourhoodTable,
    shown: &[usize],
) -> Vec<GroupingTable> {
    let of = |grouping: &crate::results::groups::Groups| {
        let measured = |at: &&usize| {
            grouping.groups.iter().any(|group| group.rows.iter().any(|row| row.field == **at))
        };
        let fields: Vec<usize> = shown.iter().filter(measured).copied().collect();
        let heading = |at: &usize| {
            let field = &table.fields[*at];
            Heading { name: field.name.clone(), unit: field.unit, meaning: field.meaning.clone() }
        };
        GroupingTable {
            label: grouping.label.clone(),
            columns: fields.iter().map(heading).collect(),
            groups: grouping.groups.iter().map(|group| row(group, table, &fields)).collect(),
        }
    };
    compared.groupings.iter().map(of).collect()
}

fn row(group: &NeighbourhoodGroup, table: &NeighbourhoodTable, fields: &[usize]) -> GroupTableRow {
    let cell = |at: &usize| {
        let row = group.rows.iter().find(|row| row.field == *at);
        let field = &table.fields[*at];
        let text = |value: Option<f64>| number(value, field);
        match row.filter(|row| row.people > 0.0) {
            None => GroupCell { median: "–".into(), spread: String::new() },
            Some(row) => GroupCell {
                median: text(row.quantiles[2]),
                spread: format!("{} to {}", text(row.quantiles[0]), text(row.quantiles[4])),
            },
        }
    };
    GroupTableRow {
        name: group.name.clone(),
        neighbourhoods: count(group.neighbourhoods),
        cells: fields.iter().map(cell).collect(),
    }
}

fn number(value: Option<f64>, field: &Field) -> String {
    value.map_or_else(|| "unreached".into(), |number| shown(&Value::Number(number), field))
}

/// The inequality of each field that was measured; nothing without any.
pub(super) fn inequality(
    compared: &GroupComparisons,
    table: &NeighbourhoodTable,
) -> Option<InequalityTable> {
    let inequalities = &compared.inequalities;
    let text = |value: Option<f64>| {
        value.map_or_else(
            || "–".to_owned(),
            |n| Value::number(n).plain(3).unwrap_or_default().replace('-', "−"),
        )
    };
    let row = |row: &crate::results::groups::InequalityRow| InequalityFigures {
        field: table.fields[row.field].name.clone(),
        numbers: vec![
            thousands(&format!("{:.0}", row.people)),
            text(row.gini),
            text(row.palma),
            text(row.concentration.map(|index| index.standard)),
            text(row.concentration.and_then(|index| index.erreygers)),
            text(row.theil.map(|theil| theil.total)),
            text(row.theil.map(|theil| theil.between)),
        ],
    };
    let rows: Vec<InequalityFigures> = inequalities.rows.iter().map(row).collect();
    let who = if counts_people(table) { "People" } else { "Neighbourhoods" };
    (!rows.is_empty()).then(|| InequalityTable {
        who,
        ranked_by: inequalities.ranked_by,
        grouping: inequalities.grouping.clone(),
        rows,
    })
}
