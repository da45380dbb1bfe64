//! Points from a table: ids, names, a number each, and a place on the globe however it is written.

use super::header::TableColumn;
use super::once::{Once, each_id_once};
use super::postcodes::Postcodes;
use super::row_locations::{LocationColumns, POSTCODE, RowLocation, located, place_of};
use super::{InputTable, TableError, TableRow, area_columns};
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::LonLat;
use crate::inputs::crs::{Bounds, Crs, look_swapped};
use crate::inputs::stray::Stray;

use std::path::Path;

const NAME: [&str; 17] = [
    "name",
    "label",
    "title",
    "site_name",
    "establishment_name",
    "establishmentname",
    "organisation_name",
    "pharmacy_name",
    "practice_name",
    "school_name",
    "common_name",
    "stop_name",
    "charity_name",
    "group_name",
    "club_name",
    "organisation",
    "brand",
];

/// What is wanted of a file of points.
#[derive(Clone, Copy, Default)]
pub struct PointsWanted<'a> {
    /// Spellings of the id's column, in order of preference.
    pub id: &'a [&'a str],
    /// Whether a column of area codes or postcodes may serve as the id.
    pub id_by_area: bool,
    /// A number that each point bears, such as its people.
    pub number: Option<NumberColumn<'a>>,
    /// What an id that comes twice means.
    pub duplicates: Duplicates,
    /// Places of postcodes, for rows without coordinates.
    pub postcodes: Option<&'a Postcodes>,
    /// Where the points should lie, so that exchanged axes are seen.
    pub area: Option<Bounds>,
    /// Spellings of further columns, whose texts are kept as they stand.
    pub details: &'a [&'a [&'a str]],
    /// Whether a row without an id is of no use; else it is called by the file and its line.
    pub id_required: bool,
    /// Whether rows that say the same are one thing, though they have no id.
    pub once: bool,
    /// Whether a thing may have several points.
    pub several: bool,
}

/// The column of a number.
#[derive(Clone, Copy)]
pub struct NumberColumn<'a> {
    /// What it is, for messages.
    pub role: &'static str,
    /// The name the user gave it.
    pub named: Option<&'a str>,
    /// The spellings looked for otherwise.
    pub spellings: &'a [&'a str],
}

/// What to do about an id that stands for two different rows. Rows that are wholly alike count once
/// in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// An error that names both.
    #[default]
    Refuse,
    /// The second is told apart by `#2`, with a finding.
    Number,
    /// All are kept as they are.
    Keep,
}

/// A file of points.
#[derive(Clone, Debug)]
pub struct PointFile {
    /// The points in the order of the file.
    pub points: Vec<PointRow>,
    /// The column their ids came from; without one the id is the file's name and the line.
    pub id_column: Option<String>,
    /// The column their numbers came from.
    pub number_column: Option<String>,
}

/// A point of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct PointRow {
    /// Its id, as text.
    pub id: String,
    /// Its name; empty when it has none.
    pub name: String,
    /// Where it lies.
    pub point: LonLat,
    /// Where else it lies: further points of the same thing.
    pub more: Vec<LonLat>,
    /// Its number: `None` when the file has no such column, or the cell is blank or suppressed.
    pub number: Option<f64>,
    /// The line or feature it came from, from 1.
    pub line: u64,
    /// The texts of the further columns that were asked for, in that order.
    pub details: Vec<Option<String>>,
}

/// A row before it is known how its coordinates are to be read.
struct PointDraft {
    row: PointRow,
    /// Its coordinates, and their system where the row tells.
    pair: Option<((f64, f64), Option<Crs>)>,
}

/// Reads points. Rows without a usable place are dropped with a finding each.
///
/// # Errors
/// When there is no column of coordinates, when most coordinates cannot be what they are said to be
/// (metres for degrees, axes exchanged), or when an id stands for two different rows and that is
/// not wanted.
pub fn read_points(
    path: &Path,
    wanted: &PointsWanted<'_>,
    findings: &mut Findings,
) -> Result<PointFile, TableError> {
    let mut table = InputTable::open(path)?;
    read_table(&mut table, wanted, findings)
}

pub(super) fn read_table(
    table: &mut InputTable,
    wanted: &PointsWanted<'_>,
    findings: &mut Findings,
) -> Result<PointFile, TableError> {
    let located = located(table, wanted.postcodes.is_some())?;
    let id = id_column(table, wanted)?;
    let name = table.column("name", None, &NAME)?;
    let number = match wanted.number {
        Some(n) => table.column(n.role, n.named, n.spellings)?,
        None => None,
    };
    let postcode = table.column("postcode", None, &POSTCODE)?;
    let details: Vec<Option<TableColumn>> = wanted
        .details
        .iter()
        .map(|spellings| spellings.iter().find_map(|s| table.header().find(s)))
        .collect();
    let file = table.file().to_owned();
    let stem = Path::new(&file)
        .file_stem()
        .map_or_else(|| file.clone(), |s| s.to_string_lossy().into_owned());
    let mut once = Once::new(table, wanted, id.is_some());
    let (mut drafts, mut by_postcode, mut by_grid, mut nameless) = (Vec::new(), 0, 0, 0);
    let mut row = TableRow::default();
    while table.next(&mut row, findings)? {
        let line = row.line();
        let text = |c: TableColumn| row.text(c).map(|t| t.into_owned());
        let called = id.and_then(|c| row.code(c)).map(|t| t.into_owned());
        if wanted.id_required && id.is_some() && called.is_none() {
            report(findings, table, "no_code", line, "no id: row dropped".to_owned());
            continue;
        }
        let at_postcode = || {
            wanted.postcodes.zip(postcode.and_then(text)).and_then(|(all, code)| all.point(&code))
        };
        let (places, pair) = match place_of(&row, located) {
            Ok(RowLocation::Point(point)) => (vec![point], None),
            Ok(RowLocation::Points(points)) if wanted.several => (points, None),
            Ok(RowLocation::Points(points)) => {
                let what = format!(
                    "a MultiPoint of {} points where one is wanted: row dropped; make single points of it",
                    points.len()
                );
                report(findings, table, "bad_geometry", line, what);
                continue;
            }
            Ok(RowLocation::Pair(x, y)) => (Vec::new(), Some(((x, y), None))),
            Ok(RowLocation::Metres(crs, x, y)) => {
                by_grid += u64::from(matches!(located, LocationColumns::Degrees(..)));
                (Vec::new(), Some(((x, y), Some(crs))))
            }
            Ok(RowLocation::Nothing) => match at_postcode() {
                Some(point) => {
                    by_postcode += u64::from(!matches!(located, LocationColumns::Postcode));
                    (vec![point], None)
                }
                None => {
                    let what = match postcode.and_then(text).filter(|_| wanted.postcodes.is_some())
                    {
                        Some(code) => {
                            format!(
                                "no coordinates, and postcode {code:?} is not known: row dropped"
                            )
                        }
                        None => {
                            let name = name.and_then(text).or_else(|| id.and_then(text));
                            let whose = name.map_or_else(String::new, |name| format!(": {name}"));
                            format!("no coordinates (blank, or 0 and 0), row dropped{whose}")
                        }
                    };
                    report(findings, table, "missing_coordinate", line, what);
                    continue;
                }
            },
            Err(what) => {
                report(findings, table, "bad_coordinate", line, format!("{what}: row dropped"));
                continue;
            }
        };
        let number = number.and_then(|c| {
            row.count(c).unwrap_or_else(|e| {
                let what = format!("{} = {e}: taken as missing", table.header().name(c));
                report_as(
                    findings,
                    table,
                    Severity::Warning,
                    Outcome::Kept,
                    "bad_number",
                    line,
                    what,
                );
                None
            })
        });
        nameless += u64::from(id.is_some() && called.is_none());
        once.heard(&row);
        let id = called.unwrap_or_else(|| format!("{stem}:{line}"));
        let name = name.and_then(text).unwrap_or_default();
        let mut places = places.into_iter();
        // The place of a pair is found once all are known; until then it stands at the origin.
        let Some(point) = places.next().or_else(|| LonLat::new(0.0, 0.0)) else { continue };
        let details = details.iter().map(|column| column.and_then(text)).collect();
        let row = PointRow { id, name, point, more: places.collect(), number, line, details };
        drafts.push(PointDraft { row, pair });
    }
    let mut told = |severity, code, outcome, count, what| {
        findings.count(severity, code, outcome, &file, count, what);
    };
    let what = "rows without coordinates set at the middle of their postcode";
    told(Severity::Info, "placed_by_postcode", Outcome::Repaired, by_postcode, what);
    let what = "rows without longitude and latitude set by their easting and northing";
    told(Severity::Info, "placed_by_grid", Outcome::Repaired, by_grid, what);
    let what = "rows whose id is blank: called by the name of the file and their line";
    told(Severity::Info, "blank_id", Outcome::Repaired, nameless, what);
    let points = settle(table, located, drafts, wanted.area, findings)?;
    let points = once.rows(table, points, findings);
    Ok(PointFile {
        points: each_id_once(table, points, wanted.duplicates, findings)?,
        id_column: id.map(|c| table.header().name(c).to_owned()),
        number_column: number.map(|c| table.header().name(c).to_owned()),
    })
}

fn id_column(
    table: &InputTable,
    wanted: &PointsWanted<'_>,
) -> Result<Option<TableColumn>, TableError> {
    // Programs number features by themselves, so that any other id says more than a feature's own.
    let own = table.feature_ids();
    let said: Vec<&str> = wanted
        .id
        .iter()
        .copied()
        .filter(|s| own.is_none() || table.header().find(s) != own)
        .collect();
    if let Some(column) = table.column("id", None, &said)? {
        return Ok(Some(column));
    }
    if !wanted.id_by_area {
        return Ok(own);
    }
    // The finest areas come first: a postcode directory names its output area, district and region
    // in one row.
    if let Some(column) = table.column("id", None, &POSTCODE)? {
        return Ok(Some(column));
    }
    let finest = area_columns(table.header()).into_iter().min_by_key(|&(_, kind, _)| kind);
    Ok(finest.map(|(column, _, _)| column).or(own))
}

/// Gives the pairs their places, once it is clear what they are.
fn settle(
    table: &InputTable,
    located: LocationColumns,
    drafts: Vec<PointDraft>,
    area: Option<Bounds>,
    findings: &mut Findings,
) -> Result<Vec<PointRow>, TableError> {
    let own = |draft: &PointDraft| draft.pair.is_some_and(|(_, crs)| crs.is_some());
    let of_grid = matches!(located, LocationColumns::Grid(_));
    let asked = drafts.iter().filter(|draft| own(draft) == of_grid);
    let pairs: Vec<(f64, f64)> = asked.filter_map(|d| d.pair.map(|(pair, _)| pair)).collect();
    let most = |test: &dyn Fn(f64, f64) -> bool| {
        2 * pairs.iter().filter(|(x, y)| test(*x, *y)).count() > pairs.len()
    };
    let metres = most(&|x, y| Crs::of_magnitude(x, y) == Crs::BritishGrid);
    let crs = if matches!(located, LocationColumns::Unsaid(..)) && metres {
        Crs::BritishGrid
    } else {
        Crs::Wgs84
    };
    let refuse = |what: String| {
        let first = pairs.first().map_or(String::new(), |(x, y)| format!(" (first: {x}, {y})"));
        Err(TableError::Format {
            file: table.file().to_owned(),
            what: what.replace("{first}", &first),
        })
    };
    match located {
        LocationColumns::Degrees(x, y, _) if metres => {
            let (x, y) = (table.header().name(x), table.header().name(y));
            return refuse(format!(
                "columns `{x}` and `{y}` hold metres, not degrees{{first}}; call them easting and northing if they are \
                 British National Grid, else save the file in WGS 84"
            ));
        }
        LocationColumns::Grid(grid) if !pairs.is_empty() && !metres => {
            let (x, y) = (table.header().name(grid.easting), table.header().name(grid.northing));
            return refuse(format!(
                "columns `{x}` and `{y}` hold degrees, not metres{{first}}; call them lon and lat"
            ));
        }
        _ => {}
    }
    if crs == Crs::Wgs84 && !of_grid && most(&|x, y| y.abs() > 90.0 && x.abs() <= 90.0) {
        return refuse(
            "longitude and latitude look exchanged{first}; exchange the names of the two columns"
                .to_owned(),
        );
    }
    let (mut points, mut bad) = (Vec::with_capacity(drafts.len()), Vec::new());
    for PointDraft { mut row, pair } in drafts {
        match pair.map(|((x, y), own)| own.unwrap_or(crs).point(x, y)) {
            None => points.push(row),
            Some(Ok(point)) => {
                row.point = point;
                points.push(row);
            }
            Some(Err(e)) => bad.push((row.line, e)),
        }
    }
    if let Some((line, e)) = bad.first().filter(|_| bad.len() > points.len()) {
        let what = format!("most coordinates cannot be used; {} {line}: {e}", table.unit());
        return Err(TableError::Format { file: table.file().to_owned(), what });
    }
    for (line, e) in bad {
        report(findings, table, "bad_coordinate", line, format!("{e}: row dropped"));
    }
    let places: Vec<LonLat> = points.iter().map(|p| p.point).collect();
    if look_swapped(&places, area) {
        let first = places
            .first()
            .map_or(String::new(), |p| format!(" (first: lon {}, lat {})", p.lon(), p.lat()));
        let what =
            format!("longitude and latitude look exchanged{first}; exchange them in the file");
        return Err(TableError::Format { file: table.file().to_owned(), what });
    }
    tell_strays(table, &points, area, findings);
    Ok(points)
}

/// Tells of each point by itself that cannot lie where it says. None is moved: whose coordinates
/// they are should mend them.
fn tell_strays(
    table: &InputTable,
    points: &[PointRow],
    area: Option<Bounds>,
    findings: &mut Findings,
) {
    let Some(area) = area else { return };
    for row in points {
        if let Some(stray) = Stray::of(row.point, area) {
            let name = if row.name.is_empty() { &row.id } else { &row.name };
            let what = format!("{name}: {}", stray.says(row.point));
            report_as(
                findings,
                table,
                Severity::Error,
                Outcome::Kept,
                stray.code(),
                row.line,
                what,
            );
        }
    }
}

fn report(
    findings: &mut Findings,
    table: &InputTable,
    code: &'static str,
    line: u64,
    what: String,
) {
    report_as(findings, table, Severity::Error, Outcome::Dropped, code, line, what);
}

pub(super) fn report_as(
    findings: &mut Findings,
    table: &InputTable,
    severity: Severity,
    outcome: Outcome,
    code: &'static str,
    line: u64,
    what: String,
) {
    if table.has_geometry() {
        findings.count(severity, code, outcome, table.file(), 1, format!("feature {line}: {what}"));
    } else {
        findings.at(severity, code, outcome, table.file(), line, what);
    }
}
