//! Groups of neighbourhoods side by side.

use serde::Serialize;

use super::page::{count, shown};
use crate::outputs::classes::thousands;
use crate::outputs::groups::{Compared, Group};
use crate::outputs::readings::counts_people;
use crate::outputs::table::{Field, NeighbourhoodTable, Value};

/// One way to part the neighbourhoods.
#[derive(Debug, Serialize)]
pub(super) struct Comparison {
    label: String,
    columns: Vec<Heading>,
    groups: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Heading {
    name: String,
    unit: &'static str,
    meaning: String,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    neighbourhoods: String,
    cells: Vec<Cell>,
}

/// What the people in the middle have, and how the rest are spread.
#[derive(Debug, Serialize)]
struct Cell {
    median: String,
    spread: String,
}

/// How unequal what is within reach is.
#[derive(Debug, Serialize)]
pub(super) struct Inequality {
    who: &'static str,
    ranked_by: Option<&'static str>,
    grouping: Option<String>,
    rows: Vec<Unequal>,
}

#[derive(Debug, Serialize)]
struct Unequal {
    field: String,
    numbers: Vec<String>,
}

/// Each grouping in the fields at `shown`.
pub(super) fn comparisons(
    compared: &Compared,
    table: &NeighbourhoodTable,
    shown: &[usize],
) -> Vec<Comparison> {
    let of = |grouping: &crate::outputs::groups::Groups| {
        let measured =
            |at: &&usize| grouping.groups.iter().any(|group| group.rows.iter().any(|row| row.field == **at));
        let fields: Vec<usize> = shown.iter().filter(measured).copied().collect();
        let heading = |at: &usize| {
            let field = &table.fields[*at];
            Heading { name: field.name.clone(), unit: field.unit, meaning: field.meaning.clone() }
        };
        Comparison {
            label: grouping.label.clone(),
            columns: fields.iter().map(heading).collect(),
            groups: grouping.groups.iter().map(|group| row(group, table, &fields)).collect(),
        }
    };
    compared.groupings.iter().map(of).collect()
}

fn row(group: &Group, table: &NeighbourhoodTable, fields: &[usize]) -> Row {
    let cell = |at: &usize| {
        let row = group.rows.iter().find(|row| row.field == *at);
        let field = &table.fields[*at];
        let text = |value: Option<f64>| number(value, field);
        match row.filter(|row| row.people > 0.0) {
            None => Cell { median: "–".into(), spread: String::new() },
            Some(row) => Cell {
                median: text(row.quantiles[2]),
                spread: format!("{} to {}", text(row.quantiles[0]), text(row.quantiles[4])),
            },
        }
    };
    Row {
        name: group.name.clone(),
        neighbourhoods: count(group.neighbourhoods),
        cells: fields.iter().map(cell).collect(),
    }
}

fn number(value: Option<f64>, field: &Field) -> String {
    value.map_or_else(|| "unreached".into(), |number| shown(&Value::Number(number), field))
}

/// The inequality of each field that was measured; nothing without any.
pub(super) fn inequality(compared: &Compared, table: &NeighbourhoodTable) -> Option<Inequality> {
    let inequalities = &compared.inequalities;
    let text = |value: Option<f64>| {
        value.map_or_else(
            || "–".to_owned(),
            |n| Value::number(n).plain(3).unwrap_or_default().replace('-', "−"),
        )
    };
    let row = |row: &crate::outputs::groups::InequalityRow| Unequal {
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
    let rows: Vec<Unequal> = inequalities.rows.iter().map(row).collect();
    let who = if counts_people(table) { "People" } else { "Neighbourhoods" };
    (!rows.is_empty()).then(|| Inequality {
        who,
        ranked_by: inequalities.ranked_by,
        grouping: inequalities.grouping.clone(),
        rows,
    })
}
