//! `jts.csv`: the result under the column names of the Department for Transport's Journey Time Statistics, so that what reads those
//! tables (JTS0501 to 0508) reads this.
//!
//! `<Svc>PTt` is the average minimum travel time in minutes by public transport or on foot, `<Svc>Walkt` on foot alone; `…15n` how many places are
//! within 15 minutes, **counted up to 10**; `…15pct` the percentage of people with one within 15 minutes; `<Svc>_pop` the people. *Svc* is
//! 100Emp, 500Emp, 5000Emp, PS, SS, FE, GP, Hosp, Food or Town. What differs: the department's average is over output areas and its users are those of each
//! service (such as children of school age); here it is the population-weighted median, the count is what half of the people reach,
//! and all people are users.

use std::io::{self, Write};

use super::table::{NeighbourhoodTable, Value};
use super::text::csv_text;
use crate::inputs::project::Project;

/// More places than this are no better.
const COUNTED_UP_TO: f64 = 10.0;

/// The department's services with the categories that stand for them.
const SERVICES: [(&str, &[&str]); 10] = [
    ("100Emp", &["employment_small", "employment_100"]),
    ("500Emp", &["employment_medium", "employment_500"]),
    ("5000Emp", &["employment_large", "employment_5000"]),
    ("PS", &["primary_school", "primary"]),
    ("SS", &["secondary_school", "secondary"]),
    ("FE", &["college", "further_education"]),
    ("GP", &["gp", "gps", "gp_surgery"]),
    ("Hosp", &["hospital", "hospitals"]),
    ("Food", &["supermarket", "supermarkets", "food_store"]),
    ("Town", &["town_centre", "town_centres"]),
];

/// A column with the field it comes from.
struct Column {
    name: String,
    field: usize,
    counted: bool,
}

/// Writes the file. The times are those of the project's first window.
pub fn write_jts(out: impl Write, project: &Project, table: &NeighbourhoodTable) -> io::Result<()> {
    let columns = columns(project, table);
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out);
    let ids = [("LSOA_code", "id"), ("LSOA_name", "name")];
    csv.write_record(
        ids.iter().map(|(name, _)| *name).chain(columns.iter().map(|column| column.name.as_str())),
    )?;
    for row in &table.rows {
        let text = |field: &str| {
            table.position(field).and_then(|at| row.values.get(at)?.plain(0)).unwrap_or_default()
        };
        let id = ids.iter().map(|(_, field)| csv_text(&text(field)).into_owned());
        let cells = columns.iter().map(|column| cell(&row.values[column.field], column, table));
        csv.write_record(id.chain(cells))?;
    }
    csv.flush()
}

fn cell(value: &Value, column: &Column, table: &NeighbourhoodTable) -> String {
    let decimals = table.fields[column.field].decimals;
    let value = match value.as_number() {
        Some(number) if column.counted => &Value::Number(number.min(COUNTED_UP_TO)),
        _ => value,
    };
    value.plain(decimals).unwrap_or_default()
}

fn columns(project: &Project, table: &NeighbourhoodTable) -> Vec<Column> {
    let window = project.windows.first().map_or("", |window| &window.name);
    let mut columns = Vec::new();
    let mut add = |name: String, field: String, counted: bool| {
        columns.extend(table.position(&field).map(|field| Column { name, field, counted }));
    };
    for (service, names) in SERVICES {
        let category = project.categories.iter().find(|category| names.contains(&category.name.as_str()));
        let Some(category) = category.map(|category| &category.name) else { continue };
        if table.position(&format!("{category}_walk_min")).is_some() {
            add(format!("{service}_pop"), "population".into(), false);
        }
        for (mode, base, time) in [
            ("PT", format!("{category}_transit_{window}"), "_p50_min"),
            ("Walk", format!("{category}_walk"), "_min"),
        ] {
            add(format!("{service}{mode}t"), format!("{base}{time}"), false);
            for cutoff in &project.cutoffs_min {
                add(format!("{service}{mode}{cutoff}n"), format!("{base}_{cutoff}min_places"), true);
                add(format!("{service}{mode}{cutoff}pct"), format!("{base}_pct_{cutoff}min"), false);
            }
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::table::NeighbourhoodRow;
    use super::super::table::tests::{field, square};
    use super::*;

    #[test]
    fn the_columns_have_the_departments_names_and_places_count_up_to_ten() {
        let names = [
            ("id", "", 0),
            ("name", "", 0),
            ("population", "people", 0),
            ("gp_transit_am_p50_min", "min", 1),
            ("gp_transit_am_15min_places", "places", 0),
            ("gp_transit_am_pct_15min", "%", 1),
            ("gp_walk_min", "min", 1),
        ];
        let values = vec![
            Value::Text("E1".into()),
            Value::Text("One".into()),
            Value::Number(1500.0),
            Value::Number(12.34),
            Value::Number(17.0),
            Value::Number(80.0),
            Value::Missing,
        ];
        let table = NeighbourhoodTable {
            fields: names.iter().map(|(name, unit, decimals)| field(name, unit, *decimals)).collect(),
            rows: vec![NeighbourhoodRow { values, polygon: square(0.0, 0.0, 1.0) }],
        };
        let text = "osm = [\"a.pbf\"]\n[neighbourhoods]\nfile = \"n.geojson\"\n";
        let project = Project::parse(text, "lastmile.toml", Path::new("")).expect("valid");
        let mut bytes = Vec::new();
        write_jts(&mut bytes, &project, &table).expect("writes");
        let wanted =
            "LSOA_code,LSOA_name,GP_pop,GPPTt,GPPT15n,GPPT15pct,GPWalkt\nE1,One,1500,12.3,10,80.0,\n";
        assert_eq!(String::from_utf8_lossy(&bytes), wanted);
    }
}
