//! The page's content as plain structures: everything counted and sorted here, so that the
//! templates only place it.

use serde::Serialize;

use crate::access::index::IndexReading;
use crate::finding::Findings;
use crate::inputs::hours::Nation;
use crate::inputs::places::{HolidaysUsed, HoursCount};
use crate::outputs::class_breaks::{Classes, NOT_KNOWN, NOT_REACHED, thousands};
use crate::outputs::manifest::{Input, ManifestWindow, TableJoin};
use crate::outputs::tables::outcome_name;
use crate::results::cell_state::{counts_people, readings};
use crate::results::table::{Absence, Field, NeighbourhoodRow, NeighbourhoodTable, Value};

use super::curve;
use super::group_tables::{self, GroupingTable, InequalityTable};
use super::histogram::FieldHistogram;
use super::map::MapSheet;
use super::vehicle_hours::HourlyVehicles;
use super::{CurveChart, ListEnd, Report, ReportError};

/// The page's table stops here; the files beside it have every row.
const ROWS_SHOWN: usize = 1000;

/// The colour of neighbourhoods of which nothing is known.
pub(super) const UNKNOWN_COLOUR: &str = "#ececec";

/// With more neighbourhoods than this a map's areas carry no label of their own, or the page grows
/// too heavy.
pub(super) const LABELLED: usize = 5000;

#[derive(Debug, Serialize)]
pub(super) struct ReportPage {
    title: String,
    tool: String,
    /// Whose shares and medians these are.
    who: &'static str,
    neighbourhoods: String,
    warnings: Vec<String>,
    attribution: Vec<String>,
    windows: Vec<ManifestWindow>,
    figures: Vec<Figure>,
    sheet: Option<MapSheet>,
    sections: Vec<WindowMaps>,
    curves: Vec<curve::CurveFigure>,
    clocks: Vec<HourlyVehicles>,
    extremes: Vec<PageTable>,
    compared: Vec<GroupingTable>,
    inequality: Option<InequalityTable>,
    columns: Vec<PageColumn>,
    rows: Vec<Vec<String>>,
    rows_left_out: usize,
    fields: Vec<FieldRow>,
    findings: Vec<FindingRow>,
    inputs: Vec<Input>,
    joins: Vec<TableJoin>,
    hours: Vec<Hours>,
    holidays: Vec<String>,
    counts: Vec<(String, String)>,
    seed: u64,
    settings: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Figure {
    figure: String,
    says: String,
    window: Option<String>,
}

/// The maps of one departure window, or those the timetable plays no part in.
#[derive(Debug, Serialize)]
struct WindowMaps {
    window: Option<String>,
    detail: Option<ManifestWindow>,
    maps: Vec<PageMap>,
}

#[derive(Debug, Serialize)]
pub(super) struct PageMap {
    pub field: String,
    pub meaning: String,
    pub legend: Vec<Legend>,
    pub labelled: bool,
    /// How the field is spread over people.
    pub spread: Option<FieldHistogram>,
}

/// A class with its areas.
#[derive(Debug, Serialize)]
pub(super) struct Legend {
    pub label: String,
    /// None for what is not reached, which is hatched.
    pub colour: Option<&'static str>,
    pub neighbourhoods: String,
    /// Row and label of each area.
    pub areas: Vec<(usize, String)>,
}

#[derive(Debug, Serialize)]
struct PageTable {
    field: String,
    meaning: String,
    window: Option<String>,
    end: &'static str,
    rows: Vec<(String, String)>,
    /// Those without a value: who does not get there, and of whom nothing is known.
    without: Vec<WithoutValue>,
}

/// Neighbourhoods without a value for the same reason: how many, and the first of them by name.
#[derive(Debug, Serialize)]
struct WithoutValue {
    why: &'static str,
    count: String,
    names: Vec<String>,
    more: bool,
}

/// How much is known of when the places of a category are open.
#[derive(Debug, Serialize)]
struct Hours {
    category: String,
    window: String,
    open: String,
    closed: String,
    known: String,
}

#[derive(Debug, Serialize)]
struct PageColumn {
    name: String,
    unit: &'static str,
    number: bool,
}

#[derive(Debug, Serialize)]
struct FieldRow {
    name: String,
    unit: &'static str,
    meaning: String,
    window: String,
    source: String,
}

#[derive(Debug, Serialize)]
pub(super) struct FindingRow {
    severity: String,
    code: &'static str,
    outcome: &'static str,
    file: String,
    count: String,
    first: String,
}

impl ReportPage {
    pub(super) fn of(report: &Report) -> Result<ReportPage, ReportError> {
        let (table, manifest) = (report.table, report.manifest);
        let shown =
            report.maps.iter().map(|name| index(table, name)).collect::<Result<Vec<_>, _>>()?;
        let columns: Vec<usize> = ["id", "name"]
            .iter()
            .filter_map(|name| table.position(name))
            .chain(shown.iter().copied())
            .collect();
        let cells: Vec<Vec<IndexReading>> =
            columns.iter().map(|at| cells(table, *at, None)).collect();
        let counts = manifest.network.iter().chain(&manifest.counts);
        let settings = serde_json::to_string_pretty(&manifest.settings).unwrap_or_default();
        Ok(ReportPage {
            title: report.title.into(),
            tool: format!("{} {}", manifest.tool.name, manifest.tool.version),
            who: if counts_people(table) { "people" } else { "neighbourhoods" },
            neighbourhoods: count(table.rows.len()),
            warnings: manifest.warnings.clone(),
            attribution: manifest.attribution.clone(),
            windows: manifest.windows.clone(),
            figures: report.key_figures.iter().map(figure).collect(),
            sheet: MapSheet::of(&table.rows, report.streets),
            curves: curves(report.curves, table)?,
            clocks: HourlyVehicles::all(report.days),
            sections: sections(report, &shown),
            extremes: report
                .extremes
                .iter()
                .map(|e| listing(table, &e.field, e.end))
                .collect::<Result<_, _>>()?,
            compared: group_tables::comparisons(report.compared, table, &shown),
            inequality: group_tables::inequality(report.compared, table),
            rows: table
                .rows
                .iter()
                .take(ROWS_SHOWN)
                .enumerate()
                .map(|(nth, row)| shown_row(row, &columns, &table.fields, |at| cells[at][nth]))
                .collect(),
            rows_left_out: table.rows.len().saturating_sub(ROWS_SHOWN),
            columns: columns.iter().map(|at| column(&table.fields[*at])).collect(),
            fields: table.fields.iter().map(field_row).collect(),
            findings: finding_rows(report.findings),
            inputs: manifest.inputs.clone(),
            joins: manifest.joins.clone(),
            hours: manifest.opening_hours.iter().map(hours).collect(),
            holidays: manifest.public_holidays.iter().map(holidays).collect(),
            counts: counts
                .map(|(name, n)| (name.replace('_', " "), thousands(&n.to_string())))
                .collect(),
            seed: manifest.seed,
            settings: settings.lines().map(String::from).collect(),
        })
    }
}

/// The figures of which something is known.
pub(super) fn curves(
    all: &[CurveChart],
    table: &NeighbourhoodTable,
) -> Result<Vec<curve::CurveFigure>, ReportError> {
    all.iter().filter_map(|one| curve::drawn(one, table).transpose()).collect()
}

/// Where a field to draw or to sort by stands.
pub(super) fn index(table: &NeighbourhoodTable, name: &str) -> Result<usize, ReportError> {
    table.numeric(name)?.ok_or_else(|| ReportError::NoField(name.into()))
}

fn figure(key: &super::KeyFigure) -> Figure {
    Figure { figure: key.figure.clone(), says: key.says.clone(), window: key.window.clone() }
}

fn hours(of: &HoursCount) -> Hours {
    let (known, all) = (of.open + of.closed, of.open + of.closed + of.unknown);
    let thousands = |n: u64| thousands(&n.to_string());
    Hours {
        category: of.category.clone(),
        window: of.window.clone(),
        open: thousands(of.open),
        closed: thousands(of.closed),
        known: format!("hours of {} of {} are known", thousands(known), thousands(all)),
    }
}

/// `England and Wales, 2010 to 2028 (131 places)`.
fn holidays(used: &HolidaysUsed) -> String {
    let places = thousands(&used.places.to_string());
    let nation = used.nation.map_or("not known", Nation::name);
    match (used.first_year, used.last_year) {
        (Some(first), Some(last)) => format!("{nation}, {first} to {last} ({places} places)"),
        _ => format!("{nation} ({places} places)"),
    }
}

fn sections(report: &Report, shown: &[usize]) -> Vec<WindowMaps> {
    let mut sections: Vec<WindowMaps> = Vec::new();
    for at in shown {
        let window = &report.table.fields[*at].window;
        let map = map(report.table, *at, None);
        match sections.iter_mut().find(|section| section.window == *window) {
            Some(section) => section.maps.push(map),
            None => {
                let named = |w: &&ManifestWindow| Some(&w.name) == window.as_ref();
                let detail = report.manifest.windows.iter().find(named).cloned();
                sections.push(WindowMaps { window: window.clone(), detail, maps: vec![map] });
            }
        }
    }
    sections
}

/// The map of a field. `state` is the field that says what became of each neighbourhood, where
/// there is one.
pub(super) fn map(table: &NeighbourhoodTable, at: usize, state: Option<usize>) -> PageMap {
    let field = &table.fields[at];
    let classes = Classes::of(field.unit, table.rows.iter().map(|row| &row.values[at]));
    let labelled = table.rows.len() <= LABELLED;
    let (unreached, unknown) = (classes.len(), classes.len() + 1);
    let mut areas = vec![Vec::new(); classes.len() + 2];
    for ((n, row), reading) in table.rows.iter().enumerate().zip(cells(table, at, state)) {
        let class = match reading {
            IndexReading::Measured(number) => classes.class(number),
            IndexReading::Unreached => unreached,
            IndexReading::Unknown => unknown,
        };
        let label = || format!("{}: {}", name(table, row), told(reading, &row.values[at], field));
        areas[class].push((n, if labelled { label() } else { String::new() }));
    }
    let legend = |(class, areas): (usize, Vec<_>)| {
        let (label, colour) = match class {
            class if class == unreached => (NOT_REACHED.into(), None),
            class if class == unknown => (NOT_KNOWN.into(), Some(UNKNOWN_COLOUR)),
            class => (classes.label(class), Some(classes.colour(class))),
        };
        Legend { label, colour, neighbourhoods: count(areas.len()), areas }
    };
    let can_be_unreached = field.absence == Absence::Unreached;
    let legend = areas.into_iter().enumerate().map(legend);
    let legend = legend.filter(|class| class.colour.is_some() || can_be_unreached).collect();
    let spread = FieldHistogram::of(table, at, &classes, state);
    PageMap { field: field.name.clone(), meaning: field.meaning.clone(), legend, labelled, spread }
}

/// A field's cells. Where a field `state` says what became of each neighbourhood, nothing is known
/// of those of which it says nothing.
fn cells(table: &NeighbourhoodTable, at: usize, state: Option<usize>) -> Vec<IndexReading> {
    let mut cells = readings(table, &table.fields[at].name).unwrap_or_default();
    for (cell, row) in cells.iter_mut().zip(&table.rows) {
        let silent = state.is_some_and(|state| row.values[state] == Value::Missing);
        if silent && *cell == IndexReading::Unreached {
            *cell = IndexReading::Unknown;
        }
    }
    cells
}

/// The neighbourhoods whose cells are so; `None` where there are none.
fn without(
    table: &NeighbourhoodTable,
    cells: &[IndexReading],
    which: IndexReading,
    why: &'static str,
) -> Option<WithoutValue> {
    let rows = table.rows.iter().zip(cells).filter(|(_, cell)| **cell == which);
    let mut names: Vec<String> = rows.map(|(row, _)| name(table, row)).collect();
    let (count, more) = (count(names.len()), names.len() > 10);
    names.truncate(10);
    (!names.is_empty()).then_some(WithoutValue { why, count, names, more })
}

fn listing(
    table: &NeighbourhoodTable,
    field: &str,
    end: ListEnd,
) -> Result<PageTable, ReportError> {
    let at = index(table, field)?;
    let field = &table.fields[at];
    let mut numbers: Vec<(f64, &NeighbourhoodRow)> =
        table.rows.iter().filter_map(|row| Some((row.values[at].as_number()?, row))).collect();
    // A stable sort: equal values stay in the table's order.
    match end {
        ListEnd::Highest => numbers.sort_by(|(a, _), (b, _)| b.total_cmp(a)),
        ListEnd::Lowest => numbers.sort_by(|(a, _), (b, _)| a.total_cmp(b)),
    }
    let cells = cells(table, at, None);
    let without = [(IndexReading::Unreached, NOT_REACHED), (IndexReading::Unknown, NOT_KNOWN)];
    let without =
        without.into_iter().filter_map(|(which, why)| self::without(table, &cells, which, why));
    let row =
        |(_, row): &(f64, &NeighbourhoodRow)| (name(table, row), with_unit(&row.values[at], field));
    Ok(PageTable {
        field: field.name.clone(),
        meaning: field.meaning.clone(),
        window: field.window.clone(),
        end: match (end, field.unit) {
            (ListEnd::Highest, "min") => "farthest",
            (ListEnd::Highest, _) => "highest",
            (ListEnd::Lowest, _) => "lowest",
        },
        rows: numbers.iter().take(10).map(row).collect(),
        without: without.collect(),
    })
}

/// What a neighbourhood is called: its name, else its id.
pub(super) fn name(table: &NeighbourhoodTable, row: &NeighbourhoodRow) -> String {
    let text =
        |field| row.values.get(table.position(field)?)?.plain(0).filter(|text| !text.is_empty());
    text("name").or_else(|| text("id")).unwrap_or_else(|| "(no name)".into())
}

fn column(field: &Field) -> PageColumn {
    PageColumn { name: field.name.clone(), unit: field.unit, number: !field.unit.is_empty() }
}

/// A row of the page's table; `reading` tells of its n-th cell.
fn shown_row(
    row: &NeighbourhoodRow,
    columns: &[usize],
    fields: &[Field],
    reading: impl Fn(usize) -> IndexReading,
) -> Vec<String> {
    let cell = |(nth, at): (usize, &usize)| match reading(nth) {
        IndexReading::Unreached => NOT_REACHED.to_owned(),
        _ => shown(&row.values[*at], &fields[*at]),
    };
    columns.iter().enumerate().map(cell).collect()
}

/// A value as people read it; a dash where there is none.
pub(super) fn shown(value: &Value, field: &Field) -> String {
    let Some(text) = value.plain(field.decimals) else { return "–".into() };
    match value {
        Value::Flag(flag) => if *flag { "yes" } else { "no" }.into(),
        Value::Text(_) => text,
        _ => {
            let (sign, digits) =
                text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("−", rest));
            let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
            let point = if fraction.is_empty() { "" } else { "." };
            format!("{sign}{}{point}{fraction}", thousands(whole))
        }
    }
}

pub(super) fn with_unit(value: &Value, field: &Field) -> String {
    match (value, field.unit) {
        (Value::Missing, _) => NOT_KNOWN.into(),
        (_, "" | "count") => shown(value, field),
        (_, unit) => format!("{} {unit}", shown(value, field)),
    }
}

/// A cell as people read it: what is out of reach is said, and so is what is not known.
pub(super) fn told(reading: IndexReading, value: &Value, field: &Field) -> String {
    if reading == IndexReading::Unreached { NOT_REACHED.into() } else { with_unit(value, field) }
}

pub(super) fn count(n: usize) -> String {
    thousands(&n.to_string())
}

fn field_row(field: &Field) -> FieldRow {
    FieldRow {
        name: field.name.clone(),
        unit: field.unit,
        meaning: field.meaning.clone(),
        window: field.window.clone().unwrap_or_default(),
        source: field.source.clone(),
    }
}

pub(super) fn finding_rows(findings: &Findings) -> Vec<FindingRow> {
    let row = |(first, count): (crate::finding::Finding, u64)| FindingRow {
        severity: first.severity.to_string(),
        code: first.code,
        outcome: outcome_name(first.outcome),
        count: thousands(&count.to_string()),
        first: match first.line {
            Some(line) => format!("line {line}: {}", first.what),
            None => first.what,
        },
        file: first.file,
    };
    findings.summary().into_iter().map(row).collect()
}
