//! `groups.csv` and `inequality.csv`.

use std::io::{self, Write};

use crate::results::cell_state::counts_people;
use crate::results::groups::{GroupComparisons, GroupRow, QUANTILES};
use crate::results::table::{Absence, Field, NeighbourhoodTable, Value};
use crate::sanitise::csv_text;

/// Writes `groups.csv`: a row for each grouping, group and field.
pub fn write_groups(
    out: impl Write,
    compared: &GroupComparisons,
    table: &NeighbourhoodTable,
) -> io::Result<()> {
    let mut csv =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out);
    csv.write_record(group_columns(&compared.cutoffs_min).iter().map(|(name, ..)| name))?;
    for grouping in &compared.groupings {
        for group in &grouping.groups {
            for row in &group.rows {
                let field = &table.fields[row.field];
                let mut cells = vec![
                    csv_text(&grouping.name).into_owned(),
                    csv_text(&group.name).into_owned(),
                    csv_text(&field.name).into_owned(),
                    field.unit.to_owned(),
                    group.neighbourhoods.to_string(),
                    row.known.to_string(),
                    people(row.people, table),
                ];
                cells.extend(numbers(row, field.decimals));
                csv.write_record(cells)?;
            }
        }
    }
    csv.flush()
}

fn numbers(row: &GroupRow, decimals: u8) -> Vec<String> {
    let mut cells = vec![number(row.mean, decimals.max(1))];
    cells.extend(row.quantiles.iter().map(|value| number(*value, decimals)));
    cells.extend(row.within.iter().map(|share| number(*share, 1)));
    cells.push(number(row.unreached, 1));
    cells
}

/// Empty where nobody's number is known: each neighbourhood counted alike.
fn people(people: f64, table: &NeighbourhoodTable) -> String {
    if counts_people(table) { format!("{people:.0}") } else { String::new() }
}

/// Empty where there is none; no number is minus nothing.
fn number(value: Option<f64>, decimals: u8) -> String {
    value.and_then(|n| Value::number(n).plain(decimals)).unwrap_or_default()
}

/// Writes `inequality.csv`: a row for each field.
pub fn write_inequality(
    out: impl Write,
    compared: &GroupComparisons,
    table: &NeighbourhoodTable,
) -> io::Result<()> {
    let mut csv =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out);
    csv.write_record(INEQUALITY.map(|(name, ..)| name))?;
    let inequalities = &compared.inequalities;
    let number = |value: Option<f64>| number(value, 4);
    for row in &inequalities.rows {
        let field = &table.fields[row.field];
        let poor = row.poverty.as_ref();
        csv.write_record([
            csv_text(&field.name).into_owned(),
            field.unit.to_owned(),
            people(row.people, table),
            number(row.gini),
            inequalities.ranked_by.unwrap_or_default().to_owned(),
            number(row.palma),
            number(row.concentration.map(|index| index.standard)),
            number(row.concentration.and_then(|index| index.erreygers)),
            inequalities.grouping.clone().unwrap_or_default(),
            number(row.theil.map(|theil| theil.total)),
            number(row.theil.map(|theil| theil.between)),
            number(row.theil.map(|theil| theil.within)),
            poor.map_or_else(String::new, |(line, _)| line.to_string()),
            number(poor.map(|(_, poverty)| poverty.extent)),
            number(poor.map(|(_, poverty)| poverty.gap)),
            number(poor.map(|(_, poverty)| poverty.severity)),
        ])?;
    }
    csv.flush()
}

type Says = (String, &'static str, String);

const INEQUALITY: [(&str, &str, &str); 16] = [
    ("field", "", "the field of neighbourhoods.csv"),
    ("unit", "", "its unit"),
    ("people", "people", "people of whom it is known"),
    ("gini", "", "Gini index: 0 if all have the same, near 1 if one has all"),
    ("ranked_by", "", "what tells who is better off, for the next three"),
    (
        "palma",
        "",
        "mean of the tenth who are best off by the mean of the four tenths who are worst off",
    ),
    ("concentration", "", "concentration index: above 0 if those better off have more"),
    ("erreygers", "", "the same, corrected after Erreygers for the bounds of the measure"),
    ("grouping", "", "the groups that Theil's T is parted by"),
    ("theil_t", "", "Theil's T: 0 if all have the same"),
    ("theil_between", "", "its part between the groups"),
    ("theil_within", "", "its part within them"),
    ("line", "", "the project's line, in the field's unit"),
    ("fgt0", "", "share of the people below the line"),
    ("fgt1", "", "mean gap to the line, as a share of it"),
    ("fgt2", "", "mean of the squared gap"),
];

fn group_columns(cutoffs_min: &[u32]) -> Vec<Says> {
    let say = |name: &str, unit, meaning: &str| (name.to_owned(), unit, meaning.to_owned());
    let mut columns = vec![
        say("grouping", "", "the way neighbourhoods are parted"),
        say("group", "", "the group; `all` are all neighbourhoods, in a group or not"),
        say("field", "", "the field of neighbourhoods.csv"),
        say("unit", "", "its unit, and that of mean and quantiles"),
        say("neighbourhoods", "count", "neighbourhoods of the group"),
        say("known", "count", "those of which the field is known; unreachable is known"),
        say("people", "people", "their people"),
        say("mean", "", "mean over the people; empty where it is unreachable for any"),
    ];
    let quantile = |percent: &f64| {
        say(
            &format!("p{percent:.0}"),
            "",
            &format!(
                "what {percent:.0} % of the people have, or less; unreachable sorts last and is empty"
            ),
        )
    };
    columns.extend(QUANTILES.iter().map(quantile));
    let within = |cutoff: &u32| {
        say(
            &format!("pct_within_{cutoff}min"),
            "%",
            "of a travel time at the median: share of the people within the cut-off, by their own origin points",
        )
    };
    columns.extend(cutoffs_min.iter().map(within));
    columns.push(say(
        "pct_unreached",
        "%",
        "of a travel time: share of the people in neighbourhoods where it is empty because unreachable",
    ));
    columns
}

/// Rows of the data dictionary for both files, each named by its file and column.
pub fn dictionary(compared: &GroupComparisons) -> Vec<Field> {
    let field = |file: &str, name: &str, unit, meaning: &str| Field {
        name: format!("{file}:{name}"),
        unit,
        meaning: meaning.to_owned(),
        window: None,
        source: "neighbourhoods.csv".into(),
        decimals: 0,
        absence: Absence::Unknown,
    };
    let mut fields: Vec<Field> = Vec::new();
    if !compared.groupings.is_empty() {
        let columns = group_columns(&compared.cutoffs_min);
        fields.extend(
            columns.iter().map(|(name, unit, meaning)| field("groups.csv", name, unit, meaning)),
        );
    }
    if !compared.inequalities.rows.is_empty() {
        fields.extend(
            INEQUALITY
                .iter()
                .map(|(name, unit, meaning)| field("inequality.csv", name, unit, meaning)),
        );
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::groups::tests::{GROUPS, project, table};
    use crate::results::groups::{compare, groupings};

    #[test]
    fn the_files_have_a_column_for_each_row_of_the_dictionary() {
        let (project, table) = (project(GROUPS), table());
        let compared = compare(&project, &table, &groupings(&project, &table));
        let (mut groups, mut inequality) = (Vec::new(), Vec::new());
        write_groups(&mut groups, &compared, &table).expect("writes");
        write_inequality(&mut inequality, &compared, &table).expect("writes");
        let (groups, inequality) =
            (String::from_utf8_lossy(&groups), String::from_utf8_lossy(&inequality));
        let header =
            |text: &str| text.lines().next().map(|line| line.split(',').count()).unwrap_or(0);
        assert_eq!(header(&groups) + header(&inequality), dictionary(&compared).len());
        assert!(
            groups.contains(
                "\nbehind,yes,library_walk_min,min,1,1,100,30.0,30.0,30.0,30.0,30.0,30.0,10.0,0.0\n"
            ),
            "{groups}"
        );
        assert!(
            groups.contains(
                "\nbehind,equally deprived,library_walk_min,min,2,2,500,,10.0,10.0,10.0,,,54.0,40.0\n"
            ),
            "{groups}"
        );
    }
}
