//! `jts.csv`: the result under the column names of the Department for Transport's Journey Time
//! Statistics, so that what reads those tables (JTS0501 to 0508) reads this.
//!
//! `<Svc>PTt` is the average minimum travel time in minutes by public transport or on foot,
//! `<Svc>Walkt` on foot alone; `…15n` how many places are within 15 minutes, **counted up to 10**;
//! `…15pct` the percentage of people with one within 15 minutes; `<Svc>_pop` the people. *Svc* is
//! 100Emp, 500Emp, 5000Emp, PS, SS, FE, GP, Hosp, Food or Town. What differs: the department's
//! average is over output areas and its users are those of each service (such as children of school
//! age); here it is the population-weighted median, the count is what half of the people reach, and
//! all people are users.
//!
//! `Avg8PTt` and `Avg8Walkt` are the mean over the eight key services of the department's headline
//! (medium employment centres, primary and secondary schools, further education, GPs, hospitals,
//! food stores, town centres). It publishes that figure for districts and larger areas, without a
//! column name in the tables of small areas: the name is ours.

use std::io::{self, Write};

use crate::inputs::project::Project;
use crate::results::table::{Absence, Field, NeighbourhoodTable, Value};
use crate::sanitise::csv_text;

/// More places than this are no better.
const COUNTED_UP_TO: f64 = 10.0;

/// The department's cut-offs, minutes.
const CUTOFFS_MIN: [u32; 4] = [15, 30, 45, 60];

/// One of the department's services.
struct JtsService {
    name: &'static str,
    /// The categories that stand for it.
    categories: &'static [&'static str],
    /// Whether it is one of the eight key services.
    key: bool,
}

const fn service(name: &'static str, key: bool, categories: &'static [&'static str]) -> JtsService {
    JtsService { name, categories, key }
}

const SERVICES: [JtsService; 10] = [
    service("100Emp", false, &["employment_small", "employment_100"]),
    service("500Emp", true, &["employment_medium", "employment_500"]),
    service("5000Emp", false, &["employment_large", "employment_5000"]),
    service("PS", true, &["primary_school", "primary"]),
    service("SS", true, &["secondary_school", "secondary"]),
    service("FE", true, &["college", "further_education"]),
    service("GP", true, &["gp", "gps", "gp_surgery"]),
    service("Hosp", true, &["hospital", "hospitals"]),
    service("Food", true, &["supermarket", "supermarkets", "food_store"]),
    service("Town", true, &["town_centre", "town_centres"]),
];

/// What a column is made of.
enum JtsSource {
    Field(usize),
    /// Counted up to 10.
    Count(usize),
    /// The mean of several.
    Mean(Vec<usize>),
}

/// A column with the fields it comes from.
struct JtsColumn {
    name: String,
    from: JtsSource,
}

/// Writes the file. The times are those of the project's first window.
pub fn write_jts(out: impl Write, project: &Project, table: &NeighbourhoodTable) -> io::Result<()> {
    let columns = columns(project, table);
    let mut csv =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out);
    let ids = [("LSOA_code", "id"), ("LSOA_name", "name")];
    csv.write_record(
        ids.iter().map(|(name, _)| *name).chain(columns.iter().map(|column| column.name.as_str())),
    )?;
    for row in &table.rows {
        let text = |field: &str| {
            table.position(field).and_then(|at| row.values.get(at)?.plain(0)).unwrap_or_default()
        };
        let id = ids.iter().map(|(_, field)| csv_text(&text(field)).into_owned());
        let cells = columns.iter().map(|column| cell(&row.values, column, table));
        csv.write_record(id.chain(cells))?;
    }
    csv.flush()
}

fn cell(values: &[Value], column: &JtsColumn, table: &NeighbourhoodTable) -> String {
    let plain =
        |value: &Value, at: usize| value.plain(table.fields[at].decimals).unwrap_or_default();
    match &column.from {
        JtsSource::Field(at) => plain(&values[*at], *at),
        JtsSource::Count(at) => {
            let counted =
                values[*at].as_number().map(|number| Value::Number(number.min(COUNTED_UP_TO)));
            counted.map_or_else(String::new, |value| plain(&value, *at))
        }
        JtsSource::Mean(of) => {
            mean(values, of).and_then(|mean| Value::Number(mean).plain(1)).unwrap_or_default()
        }
    }
}

/// None where any of them is not reached: there is no mean over what is not there.
fn mean(values: &[Value], of: &[usize]) -> Option<f64> {
    let numbers: Vec<f64> = of.iter().map(|at| values[*at].as_number()).collect::<Option<_>>()?;
    #[expect(clippy::cast_precision_loss, reason = "eight services")]
    Some(numbers.iter().sum::<f64>() / numbers.len() as f64)
}

fn columns(project: &Project, table: &NeighbourhoodTable) -> Vec<JtsColumn> {
    let window = project.windows.first().map_or("", |window| &window.name);
    let mut columns = Vec::new();
    let mut add = |name: String, field: String, from: fn(usize) -> JtsSource| {
        columns.extend(table.position(&field).map(|at| JtsColumn { name, from: from(at) }));
    };
    for service in &SERVICES {
        let Some(category) = category(project, service) else { continue };
        let name = service.name;
        if table.position(&format!("{category}_walk_min")).is_some() {
            add(format!("{name}_pop"), "population".into(), JtsSource::Field);
        }
        for (mode, base, time) in modes(category, window) {
            add(format!("{name}{mode}t"), format!("{base}{time}"), JtsSource::Field);
            for cutoff in &project.cutoffs_min {
                add(
                    format!("{name}{mode}{cutoff}n"),
                    format!("{base}_{cutoff}min_places"),
                    JtsSource::Count,
                );
                add(
                    format!("{name}{mode}{cutoff}pct"),
                    format!("{base}_pct_{cutoff}min"),
                    JtsSource::Field,
                );
            }
        }
    }
    for nth in 0..2 {
        let time = |service: &JtsService| {
            let (mode, base, time) = &modes(category(project, service)?, window)[nth];
            Some((*mode, table.position(&format!("{base}{time}"))?))
        };
        let all = SERVICES.iter().filter(|service| service.key).map(time);
        if let Some(all) = all.collect::<Option<Vec<(&str, usize)>>>()
            && let Some((mode, _)) = all.first()
        {
            let name = format!("Avg8{mode}t");
            columns.push(JtsColumn {
                name,
                from: JtsSource::Mean(all.into_iter().map(|(_, at)| at).collect()),
            });
        }
    }
    columns
}

/// The department's two modes that are here, with how our fields of them begin, and end for times.
fn modes(category: &str, window: &str) -> [(&'static str, String, &'static str); 2] {
    [
        ("PT", format!("{category}_transit_{window}"), "_p50_min"),
        ("Walk", format!("{category}_walk"), "_min"),
    ]
}

fn category<'a>(project: &'a Project, service: &JtsService) -> Option<&'a str> {
    let stands = |name: &str| service.categories.contains(&name);
    project.categories.iter().map(|category| category.name.as_str()).find(|name| stands(name))
}

/// Rows of the data dictionary, each named by the file and its column.
pub fn dictionary(project: &Project, table: &NeighbourhoodTable) -> Vec<Field> {
    let of_file = |name: &str| format!("jts.csv:{name}");
    let id = |name: &str, field: &str| {
        let at = table.position(field)?;
        Some(Field { name: of_file(name), ..table.fields[at].clone() })
    };
    let column = |column: JtsColumn| {
        let name = of_file(&column.name);
        let like = |at: usize, meaning: String| Field {
            name: name.clone(),
            meaning,
            ..table.fields[at].clone()
        };
        let said = |at: usize| format!("{}: {}", table.fields[at].name, table.fields[at].meaning);
        match column.from {
            JtsSource::Field(at) => like(at, said(at)),
            JtsSource::Count(at) => {
                like(at, format!("counted up to {COUNTED_UP_TO}: {}", said(at)))
            }
            JtsSource::Mean(of) => {
                let names: Vec<&str> =
                    of.iter().map(|at| table.fields[*at].name.as_str()).collect();
                let meaning = format!(
                    "mean of the times to the eight key services: {}; empty where any is not reached",
                    names.join(", ")
                );
                Field { absence: Absence::Unknown, ..like(of[0], meaning) }
            }
        }
    };
    let ids = [id("LSOA_code", "id"), id("LSOA_name", "name")].into_iter().flatten();
    ids.chain(columns(project, table).into_iter().map(column)).collect()
}

/// What a reader of the department's tables would look for in vain.
pub fn notes(project: &Project) -> Vec<String> {
    let mut notes = Vec::new();
    let missing = SERVICES.iter().filter(|service| category(project, service).is_none());
    let missing: Vec<String> = missing
        .map(|service| format!("{} (category `{}`)", service.name, service.categories[0]))
        .collect();
    if !missing.is_empty() {
        let all: &str =
            if SERVICES.iter().any(|service| service.key && category(project, service).is_none()) {
                "; without all eight key services there is no mean over them (Avg8PTt, Avg8Walkt)"
            } else {
                ""
            };
        notes.push(format!(
            "outputs.preset = \"jts\": jts.csv lacks the services {}{all}",
            missing.join(", ")
        ));
    }
    let walked = project.cutoffs_on_foot();
    let beyond = CUTOFFS_MIN
        .iter()
        .filter(|cutoff| project.cutoffs_min.contains(cutoff) && !walked.contains(cutoff));
    let beyond: Vec<String> = beyond.map(u32::to_string).collect();
    if !beyond.is_empty() {
        notes.push(format!(
            "outputs.preset = \"jts\": jts.csv has no columns of {} minutes on foot, for no walk was searched so far: see walk.max_walk_min",
            beyond.join(", ")
        ));
    }
    let cutoffs = CUTOFFS_MIN.iter().filter(|cutoff| !project.cutoffs_min.contains(cutoff));
    let cutoffs: Vec<String> = cutoffs.map(u32::to_string).collect();
    if !cutoffs.is_empty() {
        notes.push(format!(
            "outputs.preset = \"jts\": the department's cut-offs of {} minutes are not in `cutoffs_min`",
            cutoffs.join(", ")
        ));
    }
    if !project.percentiles.contains(&50) {
        notes.push("outputs.preset = \"jts\": the times by public transport are medians over the window: put 50 among the `percentiles`".to_owned());
    }
    notes
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::results::table::NeighbourhoodRow;
    use crate::results::table::tests::{field, square};

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
            fields: names
                .iter()
                .map(|(name, unit, decimals)| field(name, unit, *decimals))
                .collect(),
            rows: vec![NeighbourhoodRow { values, polygon: square(0.0, 0.0, 1.0) }],
        };
        let text = "osm = [\"a.pbf\"]\n[neighbourhoods]\nfile = \"n.geojson\"\n";
        let project = Project::parse(text, "lastmile.toml", Path::new("")).expect("valid");
        let mut bytes = Vec::new();
        write_jts(&mut bytes, &project, &table).expect("writes");
        let wanted = "LSOA_code,LSOA_name,GP_pop,GPPTt,GPPT15n,GPPT15pct,GPWalkt\nE1,One,1500,12.3,10,80.0,\n";
        assert_eq!(String::from_utf8_lossy(&bytes), wanted);
    }

    /// A table with a time on foot to each of the eight, and their public transport times.
    fn eight(third: Value) -> NeighbourhoodTable {
        let key = [
            "employment_medium",
            "primary_school",
            "secondary_school",
            "college",
            "gp",
            "hospital",
        ];
        let names = key.iter().chain(&["supermarket", "town_centre"]);
        let mut fields = Vec::new();
        let mut values = Vec::new();
        for (nth, name) in (1..).zip(names) {
            fields.push(field(&format!("{name}_walk_min"), "min", 1));
            values.push(if nth == 3 {
                third.clone()
            } else {
                Value::Number(f64::from(nth) * 10.0)
            });
            fields.push(field(&format!("{name}_walk_15min_places"), "places", 0));
            values.push(Value::Number(f64::from(nth) * 4.0));
        }
        NeighbourhoodTable {
            fields,
            rows: vec![NeighbourhoodRow { values, polygon: square(0.0, 0.0, 1.0) }],
        }
    }

    #[test]
    fn the_mean_over_the_eight_key_services_needs_all_of_them() {
        let text = "osm = [\"a.pbf\"]\ncategories = [\"employment_medium\", \"primary_school\", \"secondary_school\", \"college\", \"gp\", \"hospital\", \"supermarket\"]\n[neighbourhoods]\nfile = \"n.geojson\"\n";
        let without = Project::parse(text, "lastmile.toml", Path::new("")).expect("valid");
        let with =
            text.replace("categories = [", "[categories.town_centre]\nfiles = [\"t.csv\"]\n#");
        let tables = [
            "employment_medium",
            "primary_school",
            "secondary_school",
            "college",
            "gp",
            "hospital",
            "supermarket",
        ]
        .map(|name| format!("[categories.{name}]\n"))
        .concat();
        let with = Project::parse(&format!("{with}{tables}"), "lastmile.toml", Path::new(""))
            .expect("valid");
        let last = |project: &Project, table: &NeighbourhoodTable| {
            let mut bytes = Vec::new();
            write_jts(&mut bytes, project, table).expect("writes");
            let text = String::from_utf8(bytes).expect("text");
            let last = |line: &str| line.rsplit(',').next().unwrap_or_default().to_owned();
            text.lines().map(last).collect::<Vec<_>>()
        };
        // 10, 20, … 80 minutes: their mean is 45.
        assert_eq!(last(&with, &eight(Value::Number(30.0))), ["Avg8Walkt", "45.0"]);
        assert_eq!(
            last(&with, &eight(Value::Missing)),
            ["Avg8Walkt", ""],
            "one is not reached: there is no mean"
        );
        assert_eq!(
            last(&without, &eight(Value::Number(30.0)))[0],
            "FoodWalk15n",
            "without town centres"
        );
        let lacks = |project: &Project| notes(project).join("\n");
        assert!(
            lacks(&without).contains("Town (category `town_centre`)")
                && lacks(&without).contains("Avg8PTt")
        );
        assert!(
            lacks(&with).contains("100Emp") && !lacks(&with).contains("Avg8PTt"),
            "{}",
            lacks(&with)
        );
        let names: Vec<String> =
            dictionary(&with, &eight(Value::Number(30.0))).into_iter().map(|f| f.name).collect();
        assert!(
            names.contains(&"jts.csv:Avg8Walkt".to_owned())
                && names.contains(&"jts.csv:GPWalk15n".to_owned())
        );
    }
}
