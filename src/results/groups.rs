//! Compared with whom? Each measure in each group of neighbourhoods, and how unequal it is among
//! all.
//!
//! A group's people are those of its neighbourhoods, each with its neighbourhood's value: the
//! quantiles are over people, and of a travel time the unreached sort last. The mean of a
//! `…_pct_30min` field is the share of the group's people within 30 minutes.

mod inequality;
mod parts;

use rayon::prelude::*;

use crate::access::distribution::Distribution;
use crate::access::index::IndexReading;
use crate::inputs::attributes::Attribute;
use crate::inputs::project::{GroupFrom, Grouping, Project};
use parts::GroupingParts;

use super::cell_state::{people, readings};
use super::table::{Absence, Field, NeighbourhoodTable, Value};

pub use inequality::{Inequalities, InequalityRow};

/// The percentages of people at which a distribution is shown.
pub const QUANTILES: [f64; 5] = [10.0, 25.0, 50.0, 75.0, 90.0];

/// One measure in one group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupRow {
    /// Which field of the table.
    pub field: usize,
    /// Neighbourhoods of which it is known.
    pub known: usize,
    /// Their people.
    pub people: f64,
    /// The mean over them; none if it is unreached for any.
    pub mean: Option<f64>,
    /// The quantiles over them.
    pub quantiles: [Option<f64>; 5],
    /// Of a travel time, the percentage of them within each cut-off, by their own origin points.
    pub within: Vec<Option<f64>>,
    /// Of a travel time, the percentage in neighbourhoods that do not get there.
    pub unreached: Option<f64>,
}

/// A group of neighbourhoods.
#[derive(Clone, Debug, PartialEq)]
pub struct NeighbourhoodGroup {
    /// What it is called.
    pub name: String,
    /// How many neighbourhoods it has.
    pub neighbourhoods: usize,
    /// Its measures.
    pub rows: Vec<GroupRow>,
}

/// One way to part the neighbourhoods.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    /// The grouping's key.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// The groups, and last all neighbourhoods together.
    pub groups: Vec<NeighbourhoodGroup>,
}

/// All comparisons of a project.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupComparisons {
    /// The groupings.
    pub groupings: Vec<Groups>,
    /// Inequality among all.
    pub inequalities: Inequalities,
    /// Cut-offs of [`GroupRow::within`], minutes.
    pub cutoffs_min: Vec<u32>,
}

/// The groupings that a project has: its own, or else the deciles of deprivation where the table
/// has them.
pub fn groupings(project: &Project, table: &NeighbourhoodTable) -> Vec<Grouping> {
    let decile = "deprivation_decile";
    let known =
        table.column(decile).is_some_and(|mut column| column.any(|value| *value != Value::Missing));
    match project.groups.as_slice() {
        [] if known => vec![Grouping {
            name: "deprivation".into(),
            label: "Deciles of deprivation, 1 is the most deprived".into(),
            from: GroupFrom::Field(decile.into()),
            equally_deprived_by: None,
            allow_unmatched: true,
        }],
        given => given.to_vec(),
    }
}

/// A group's name, and the rows of its neighbourhoods.
pub type NamedRows = (String, Vec<usize>);

/// The groups of each grouping with their neighbourhoods, as rows of the table.
pub fn members(project: &Project, table: &NeighbourhoodTable) -> Vec<(Grouping, Vec<NamedRows>)> {
    let groupings = groupings(project, table);
    let parts: Vec<GroupingParts> =
        groupings.iter().map(|grouping| GroupingParts::of(grouping, table)).collect();
    let of_part =
        |(part, grouping): (&GroupingParts, &Grouping)| part.groups(grouping, &groupings, &parts);
    let groups: Vec<_> = parts.iter().zip(&groupings).map(of_part).collect();
    groupings.into_iter().zip(groups).collect()
}

/// Adds a field for each grouping that comes from a table: the group each neighbourhood is in.
/// `attributes` has those tables' columns, in the order of the groupings.
pub fn add_fields(
    table: &mut NeighbourhoodTable,
    groupings: &[Grouping],
    attributes: &[Option<Attribute>],
) {
    for (grouping, attribute) in groupings.iter().zip(attributes) {
        let (Some(attribute), GroupFrom::Table { file, column, .. }) = (attribute, &grouping.from)
        else {
            continue;
        };
        table.fields.push(Field {
            name: format!("group_{}", grouping.name),
            unit: "",
            meaning: format!("{}: the column {column} of a table", grouping.label),
            window: None,
            source: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            decimals: 0,
            absence: Absence::Unknown,
        });
        for (row, value) in table.rows.iter_mut().zip(attribute.iter()) {
            row.values.push(Value::text(value.clone()));
        }
    }
}

/// The groupings that compare nothing, or not what they were meant to, in words.
pub fn notes(table: &NeighbourhoodTable, groupings: &[Grouping]) -> Vec<String> {
    let parts: Vec<GroupingParts> =
        groupings.iter().map(|grouping| GroupingParts::of(grouping, table)).collect();
    let says = |(grouping, part): (&Grouping, &GroupingParts)| {
        let name = &grouping.name;
        let of_field = match &grouping.from {
            GroupFrom::Field(field) => Some(field),
            GroupFrom::Table { .. } => None,
        };
        if let Some(field) = of_field.filter(|field| table.position(field).is_none()) {
            return Some(format!(
                "groups.{name}: `{field}` is no field of the result: nothing is compared by it"
            ));
        }
        if part.of.iter().all(Option::is_none) {
            let field = of_field.map_or("its column", |field| field);
            return Some(format!(
                "groups.{name}: `{field}` is empty for every neighbourhood: nothing is compared by it"
            ));
        }
        let by = grouping.equally_deprived_by.as_ref()?;
        let groups = part.groups(grouping, groupings, &parts);
        let nobody = groups.iter().all(|(group, rows)| group != parts::EQUALLY || rows.is_empty());
        nobody.then(|| {
            format!("groups.{name}: no neighbourhood without the flag is in a group of `{by}` with one that has it: there are no equally deprived to compare with")
        })
    };
    groupings.iter().zip(&parts).filter_map(says).collect()
}

/// Compares the groups of each grouping, in each field that is a measure.
pub fn compare(
    project: &Project,
    table: &NeighbourhoodTable,
    groupings: &[Grouping],
) -> GroupComparisons {
    let parts: Vec<GroupingParts> =
        groupings.iter().map(|grouping| GroupingParts::of(grouping, table)).collect();
    let columns: Vec<GroupColumn> =
        measures(table).filter_map(|at| GroupColumn::of(table, at, &project.cutoffs_min)).collect();
    let of_part = |(part, grouping): (&GroupingParts, &Grouping)| {
        let mut groups: Vec<NeighbourhoodGroup> = part
            .groups(grouping, groupings, &parts)
            .into_iter()
            .map(|(name, rows)| group(name, &rows, &columns))
            .collect();
        let all: Vec<usize> = (0..table.rows.len()).collect();
        groups.push(group("all".into(), &all, &columns));
        Groups { name: grouping.name.clone(), label: grouping.label.clone(), groups }
    };
    GroupComparisons {
        groupings: parts.iter().zip(groupings).map(of_part).collect(),
        inequalities: Inequalities::of(project, table, groupings, &parts),
        cutoffs_min: project.cutoffs_min.clone(),
    }
}

/// The fields that say how well off people are, and not who they are or what was looked at.
fn measures(table: &NeighbourhoodTable) -> impl Iterator<Item = usize> + '_ {
    let is = |field: &Field| {
        !matches!(field.unit, "" | "people" | "m" | "rank")
            && !["origin_points", "pct_off_map"].contains(&field.name.as_str())
    };
    table.fields.iter().enumerate().filter(move |(_, field)| is(field)).map(|(at, _)| at)
}

/// A measure of all neighbourhoods.
struct GroupColumn {
    field: usize,
    time: bool,
    readings: Vec<IndexReading>,
    /// The people of each neighbourhood of whom it can be known.
    weights: Vec<Option<f64>>,
    /// The shares within each cut-off, of a travel time.
    within: Vec<Option<Vec<IndexReading>>>,
}

impl GroupColumn {
    fn of(table: &NeighbourhoodTable, at: usize, cutoffs_min: &[u32]) -> Option<GroupColumn> {
        let field = &table.fields[at];
        let time = field.absence == Absence::Unreached;
        let stem = field.name.strip_suffix("_p50_min").or_else(|| {
            field.name.strip_suffix("_walk_min").map(|_| field.name.trim_end_matches("_min"))
        });
        let share = |cutoff: &u32| readings(table, &format!("{}_pct_{cutoff}min", stem?));
        let within =
            cutoffs_min.iter().map(|cutoff| if time { share(cutoff) } else { None }).collect();
        let (readings, weights) = (readings(table, &field.name)?, people(table, at));
        Some(GroupColumn { field: at, time, readings, weights, within })
    }
}

fn group(name: String, rows: &[usize], columns: &[GroupColumn]) -> NeighbourhoodGroup {
    let row = |column: &GroupColumn| {
        let weights = &column.weights;
        let all = spread(&column.readings, rows, weights);
        let known = rows.iter().filter(|row| column.readings[**row] != IndexReading::Unknown);
        let within =
            column.within.iter().map(|shares| spread(shares.as_deref()?, rows, weights).mean());
        GroupRow {
            field: column.field,
            known: known.count(),
            people: all.people(),
            mean: all.mean(),
            quantiles: QUANTILES.map(|percent| all.quantile(percent)),
            within: within.collect(),
            unreached: if column.time { all.unreached().map(|share| share * 100.0) } else { None },
        }
    };
    NeighbourhoodGroup {
        name,
        neighbourhoods: rows.len(),
        rows: columns.par_iter().map(row).collect(),
    }
}

fn spread(readings: &[IndexReading], rows: &[usize], weights: &[Option<f64>]) -> Distribution {
    Distribution::of(rows.iter().filter_map(|row| match readings[*row] {
        IndexReading::Unknown => None,
        IndexReading::Unreached => Some((None, weights[*row]?)),
        IndexReading::Measured(number) => Some((Some(number), weights[*row]?)),
    }))
}

#[cfg(test)]
pub(crate) mod tests;
