//! A page about one neighbourhood: where it is, and each of its values beside those of the others.

use std::io::{self, Write};

use minijinja::value::{Serde, Value};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::map::MapSheet;
use super::page::{count, name, told, with_unit};
use super::{Report, ReportError, STYLE, base64, environment};
use crate::access::index::IndexReading;
use crate::results::cell_state::readings;
use crate::results::table::{Field, NeighbourhoodTable};

const PAGE: &str = include_str!("templates/neighbourhood.html");

#[derive(Debug, Serialize)]
struct NeighbourhoodPage {
    title: String,
    of: String,
    id: String,
    tool: String,
    warnings: Vec<String>,
    attribution: Vec<String>,
    sheet: Option<MapSheet>,
    row: usize,
    sections: Vec<WindowFields>,
}

/// The fields of one departure window.
#[derive(Debug, Serialize)]
struct WindowFields {
    window: Option<String>,
    rows: Vec<Fact>,
}

#[derive(Debug, Serialize)]
struct Fact {
    meaning: String,
    field: String,
    value: String,
    /// The value in the middle of all neighbourhoods that have one.
    middle: String,
    /// How many neighbourhoods have less, and how many more.
    place: String,
}

/// The row of the neighbourhood with this id.
pub fn find(table: &NeighbourhoodTable, id: &str) -> Option<usize> {
    let at = table.position("id")?;
    table.rows.iter().position(|row| row.values[at].plain(0).as_deref() == Some(id))
}

/// Writes the page of a row.
///
/// # Errors
/// If the page cannot be put together or written.
pub fn write_neighbourhood(
    mut out: impl Write,
    report: &Report,
    row: usize,
) -> Result<(), ReportError> {
    let mut templates = environment()?;
    templates.add_template("neighbourhood.html", PAGE)?;
    let context = minijinja::context! {
        page => Value::from(Serde(&NeighbourhoodPage::of(report, row))),
        style => Value::from_safe_string(STYLE.into()),
        style_hash => Value::from_safe_string(base64(&Sha256::digest(STYLE.as_bytes()))),
    };
    let html = templates.get_template("neighbourhood.html")?.render(context)?;
    out.write_all(html.as_bytes())?;
    Ok(out.flush()?)
}

/// The name of a neighbourhood's file: of its id letters, digits, `-` and `_` alone, which cannot
/// lead anywhere else.
pub fn file_name(id: &str) -> io::Result<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if id.is_empty() || id.len() > 100 || !id.chars().all(plain) {
        let what = "an id that is to name a page may hold letters, digits, `-` and `_` only";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    }
    Ok(format!("neighbourhoods/{id}.html"))
}

impl NeighbourhoodPage {
    fn of(report: &Report, row: usize) -> NeighbourhoodPage {
        let table = report.table;
        let id = table.position("id").and_then(|at| table.rows[row].values[at].plain(0));
        let mut sections: Vec<WindowFields> = Vec::new();
        for (at, field) in table.fields.iter().enumerate().filter(|(_, field)| field.name != "id") {
            let fact = fact(table, at, field, row);
            match sections.iter_mut().find(|section| section.window == field.window) {
                Some(section) => section.rows.push(fact),
                None => {
                    sections.push(WindowFields { window: field.window.clone(), rows: vec![fact] })
                }
            }
        }
        NeighbourhoodPage {
            title: name(table, &table.rows[row]),
            of: report.title.to_owned(),
            id: id.unwrap_or_default(),
            tool: format!("{} {}", report.manifest.tool.name, report.manifest.tool.version),
            warnings: report.manifest.warnings.clone(),
            attribution: report.manifest.attribution.clone(),
            sheet: MapSheet::of(&table.rows, report.streets),
            row,
            sections,
        }
    }
}

fn fact(table: &NeighbourhoodTable, at: usize, field: &Field, row: usize) -> Fact {
    let value = &table.rows[row].values[at];
    let reading = readings(table, &field.name).and_then(|readings| readings.get(row).copied());
    let mut numbers: Vec<(f64, usize)> = (0..)
        .zip(&table.rows)
        .filter_map(|(n, row)| Some((row.values[at].as_number()?, n)))
        .collect();
    numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
    let middle =
        numbers.get(numbers.len().saturating_sub(1) / 2).map(|(_, n)| &table.rows[*n].values[at]);
    let place = value.as_number().map(|value| {
        let less = numbers.iter().filter(|(other, _)| *other < value).count();
        let more = numbers.iter().filter(|(other, _)| *other > value).count();
        format!("{} have less, {} more", count(less), count(more))
    });
    Fact {
        meaning: field.meaning.clone(),
        field: field.name.clone(),
        value: told(reading.unwrap_or(IndexReading::Unknown), value, field),
        middle: middle.map_or_else(String::new, |middle| with_unit(middle, field)),
        place: place.unwrap_or_default(),
    }
}
