//! Inequality of what is within reach.

use super::parts::GroupingParts;
use crate::access::index::IndexReading;
use crate::access::inequality::{
    Access, Concentration, Poverty, Theil, concentration, gini, palma, poverty, theil,
};
use crate::inputs::project::{Grouping, Project};
use crate::results::cell_state::{people, readings};
use crate::results::table::NeighbourhoodTable;

/// Units of fields that count what is within reach, of which more is better.
const AMOUNTS: [&str; 4] = ["jobs", "places", "departures/h", "per 1,000"];

/// Inequality of one field.
#[derive(Clone, Debug, PartialEq)]
pub struct InequalityRow {
    /// Which field of the table.
    pub field: usize,
    /// The people of whom it is known.
    pub people: f64,
    /// The Gini index.
    pub gini: Option<f64>,
    /// The Palma ratio, least by most deprived.
    pub palma: Option<f64>,
    /// The concentration index, by deprivation.
    pub concentration: Option<Concentration>,
    /// Theil's T, with the first grouping's groups.
    pub theil: Option<Theil>,
    /// The line of the project, and who is below it.
    pub poverty: Option<(f64, Poverty)>,
}

/// Inequality of all fields that count what is within reach.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inequalities {
    /// The fields.
    pub rows: Vec<InequalityRow>,
    /// By what people were ranked from worse to better off.
    pub ranked_by: Option<&'static str>,
    /// The grouping that Theil's T was parted by.
    pub grouping: Option<String>,
    /// Fields that the project names but that cannot be measured, with the reason.
    pub left_out: Vec<String>,
}

impl Inequalities {
    pub(super) fn of(
        project: &Project,
        table: &NeighbourhoodTable,
        groupings: &[Grouping],
        parts: &[GroupingParts],
    ) -> Inequalities {
        let input = &project.inequality;
        let mut left_out = Vec::new();
        let named = input.fields.iter().chain(input.lines.keys());
        let mut fields: Vec<usize> = Vec::new();
        for name in named {
            match table.position(name) {
                Some(at) if table.fields[at].unit == "min" => left_out.push(format!(
                    "inequality: {name} is a travel time, of which less is better: give a field that counts what is within reach"
                )),
                Some(at) => fields.push(at),
                None => left_out.push(format!("inequality: `{name}` is no field of the result")),
            }
        }
        if input.fields.is_empty() {
            let amounts =
                |(_, field): &(usize, &crate::results::table::Field)| AMOUNTS.contains(&field.unit);
            fields.extend(table.fields.iter().enumerate().filter(amounts).map(|(at, _)| at));
        }
        fields.sort_unstable();
        fields.dedup();
        let wealth = wealth(table);
        let row = |at: usize| {
            let name = &table.fields[at].name;
            row(
                at,
                &readings(table, name)?,
                &people(table, at),
                wealth.as_ref().map(|(_, wealth)| wealth.as_slice()),
                parts.first(),
                input.lines.get(name),
            )
        };
        Inequalities {
            rows: fields.into_iter().filter_map(row).collect(),
            ranked_by: wealth.as_ref().map(|(by, _)| *by),
            grouping: groupings.first().map(|grouping| grouping.name.clone()),
            left_out,
        }
    }
}

fn row(
    field: usize,
    readings: &[IndexReading],
    weights: &[Option<f64>],
    wealth: Option<&[Option<f64>]>,
    part: Option<&GroupingParts>,
    line: Option<&f64>,
) -> Option<InequalityRow> {
    let known: Vec<(usize, Access)> = readings
        .iter()
        .enumerate()
        .filter_map(|(row, reading)| match reading {
            IndexReading::Measured(amount) if *amount >= 0.0 => {
                Some((row, Access { amount: *amount, people: weights[row]? }))
            }
            _ => None,
        })
        .collect();
    let plain: Vec<Access> = known.iter().map(|(_, access)| *access).collect();
    let ranked: Vec<(Access, f64)> =
        known.iter().filter_map(|(row, access)| Some((*access, (*wealth?.get(*row)?)?))).collect();
    let parted: Option<Vec<(Access, &str)>> = part.map(|part| {
        known
            .iter()
            .filter_map(|(row, access)| Some((*access, part.of[*row].as_deref()?)))
            .collect()
    });
    let theil = match &parted {
        Some(parted) => theil(parted),
        None => theil(&plain.iter().map(|access| (*access, ())).collect::<Vec<_>>()),
    };
    (!known.is_empty()).then(|| InequalityRow {
        field,
        people: plain.iter().map(|access| access.people).sum(),
        gini: gini(&plain),
        palma: palma(&ranked),
        concentration: concentration(&ranked),
        theil,
        poverty: line.and_then(|line| Some((*line, poverty(&plain, *line)?))),
    })
}

/// How well off each neighbourhood is, as far as the deprivation index tells: by its rank, else its
/// score, else its decile.
fn wealth(table: &NeighbourhoodTable) -> Option<(&'static str, Vec<Option<f64>>)> {
    let fields =
        [("deprivation_rank", 1.0), ("deprivation_score", -1.0), ("deprivation_decile", 1.0)];
    fields.into_iter().find_map(|(field, sign)| {
        let numbers: Vec<Option<f64>> =
            table.column(field)?.map(|value| value.as_number().map(|n| n * sign)).collect();
        numbers.iter().any(Option::is_some).then_some((field, numbers))
    })
}
