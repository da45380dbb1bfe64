//! Points from a table: ids, names, a number each, and a place on the globe however it is written.

use rustc_hash::FxHashMap;

use super::header::Column;
use super::located::{Found, Located, POSTCODE, located, place_of};
use super::postcodes::Postcodes;
use super::{Row, Table, TableError, area_columns};
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

/// What to do about an id that stands for two different rows. Rows that are wholly alike count once in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// An error that names both.
    #[default]
    Refuse,
    /// The second is told apart by `#2`, with a finding.
    Number,
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
    /// Its number: `None` when the file has no such column, or the cell is blank or suppressed.
    pub number: Option<f64>,
    /// The line or feature it came from, from 1.
    pub line: u64,
    /// The texts of the further columns that were asked for, in that order.
    pub details: Vec<Option<String>>,
}

/// A row before it is known how its coordinates are to be read.
struct Draft {
    row: PointRow,
    pair: Option<(f64, f64)>,
}

/// Reads points. Rows without a usable place are dropped with a finding each.
///
/// # Errors
/// When there is no column of coordinates, when most coordinates cannot be what they are said to be (metres for degrees,
/// axes exchanged), or when an id stands for two different rows and that is not wanted.
pub fn read_points(
    path: &Path,
    wanted: &PointsWanted<'_>,
    findings: &mut Findings,
) -> Result<PointFile, TableError> {
    let mut table = Table::open(path)?;
    read_table(&mut table, wanted, findings)
}

pub(super) fn read_table(
    table: &mut Table,
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
    let details: Vec<Option<Column>> = wanted
        .details
        .iter()
        .map(|spellings| spellings.iter().find_map(|s| table.header().find(s)))
        .collect();
    let file = table.file().to_owned();
    let stem =
        Path::new(&file).file_stem().map_or_else(|| file.clone(), |s| s.to_string_lossy().into_owned());
    let (mut drafts, mut by_postcode) = (Vec::new(), 0);
    let mut row = Row::default();
    while table.next(&mut row, findings)? {
        let line = row.line();
        let text = |c: Column| row.text(c).map(|t| t.into_owned());
        let at_postcode =
            || wanted.postcodes.zip(postcode.and_then(text)).and_then(|(all, code)| all.point(&code));
        let (place, pair) = match place_of(&row, located) {
            Ok(Found::Point(point)) => (Some(point), None),
            Ok(Found::Pair(x, y)) => (None, Some((x, y))),
            Ok(Found::Nothing) => match at_postcode() {
                Some(point) => {
                    by_postcode += u64::from(!matches!(located, Located::Postcode));
                    (Some(point), None)
                }
                None => {
                    let what = match postcode.and_then(text).filter(|_| wanted.postcodes.is_some()) {
                        Some(code) => {
                            format!("no coordinates, and postcode {code:?} is not known: row dropped")
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
            match row.number(c) {
                Ok(Some(n)) if n < 0.0 => Err(n.to_string()),
                other => other,
            }
            .unwrap_or_else(|value| {
                let what = format!(
                    "{} = {value:?} is not a number of at least 0: taken as missing",
                    table.header().name(c)
                );
                let unit = table.unit();
                report_kept(findings, &file, unit, "bad_number", line, what);
                None
            })
        });
        let id = id.and_then(text).unwrap_or_else(|| format!("{stem}:{line}"));
        let name = name.and_then(text).unwrap_or_default();
        // The place of a pair is found once all are known; until then it stands at the origin.
        let point = place.or_else(|| LonLat::new(0.0, 0.0));
        let Some(point) = point else { continue };
        let details = details.iter().map(|column| column.and_then(text)).collect();
        drafts.push(Draft { row: PointRow { id, name, point, number, line, details }, pair });
    }
    findings.count(
        Severity::Info,
        "placed_by_postcode",
        Outcome::Repaired,
        &file,
        by_postcode,
        "rows without coordinates set at the middle of their postcode",
    );
    let points = settle(table, located, drafts, wanted.area, findings)?;
    Ok(PointFile {
        points: each_id_once(table, points, wanted.duplicates, findings)?,
        id_column: id.map(|c| table.header().name(c).to_owned()),
        number_column: number.map(|c| table.header().name(c).to_owned()),
    })
}

fn id_column(table: &Table, wanted: &PointsWanted<'_>) -> Result<Option<Column>, TableError> {
    if let Some(column) = table.column("id", None, wanted.id)? {
        return Ok(Some(column));
    }
    if !wanted.id_by_area {
        return Ok(None);
    }
    // The finest areas come first: a postcode directory names its output area, district and region in one row.
    if let Some(column) = table.column("id", None, &POSTCODE)? {
        return Ok(Some(column));
    }
    Ok(area_columns(table.header()).into_iter().min_by_key(|&(_, kind, _)| kind).map(|(column, _, _)| column))
}

/// Gives the pairs their places, once it is clear what they are.
fn settle(
    table: &Table,
    located: Located,
    drafts: Vec<Draft>,
    area: Option<Bounds>,
    findings: &mut Findings,
) -> Result<Vec<PointRow>, TableError> {
    let pairs: Vec<(f64, f64)> = drafts.iter().filter_map(|d| d.pair).collect();
    let most = |test: &dyn Fn(f64, f64) -> bool| {
        2 * pairs.iter().filter(|(x, y)| test(*x, *y)).count() > pairs.len()
    };
    let metres = most(&|x, y| Crs::of_magnitude(x, y) == Crs::BritishGrid);
    let crs = match located {
        Located::Grid(..) => Crs::BritishGrid,
        Located::Unsaid(..) if metres => Crs::BritishGrid,
        _ => Crs::Wgs84,
    };
    let refuse = |what: String| {
        let first = pairs.first().map_or(String::new(), |(x, y)| format!(" (first: {x}, {y})"));
        Err(TableError::Format { file: table.file().to_owned(), what: what.replace("{first}", &first) })
    };
    match located {
        Located::Degrees(x, y) if metres => {
            let (x, y) = (table.header().name(x), table.header().name(y));
            return refuse(format!(
                "columns `{x}` and `{y}` hold metres, not degrees{{first}}; call them easting and northing if they are \
                 British National Grid, else save the file in WGS 84"
            ));
        }
        Located::Grid(x, y) if !pairs.is_empty() && !metres => {
            let (x, y) = (table.header().name(x), table.header().name(y));
            return refuse(format!(
                "columns `{x}` and `{y}` hold degrees, not metres{{first}}; call them lon and lat"
            ));
        }
        _ => {}
    }
    if crs == Crs::Wgs84 && most(&|x, y| y.abs() > 90.0 && x.abs() <= 90.0) {
        return refuse(
            "longitude and latitude look exchanged{first}; exchange the names of the two columns".to_owned(),
        );
    }
    let (mut points, mut bad) = (Vec::with_capacity(drafts.len()), Vec::new());
    for Draft { mut row, pair } in drafts {
        match pair.map(|(x, y)| crs.point(x, y)) {
            None => points.push(row),
            Some(Ok(point)) => {
                row.point = point;
                points.push(row);
            }
            Some(Err(e)) => bad.push((row.line, e)),
        }
    }
    if let Some((line, e)) = bad.first().filter(|_| 2 * bad.len() > pairs.len()) {
        let what = format!("most coordinates cannot be used; {} {line}: {e}", table.unit());
        return Err(TableError::Format { file: table.file().to_owned(), what });
    }
    for (line, e) in bad {
        report(findings, table, "bad_coordinate", line, format!("{e}: row dropped"));
    }
    let places: Vec<LonLat> = points.iter().map(|p| p.point).collect();
    if look_swapped(&places, area) {
        let first =
            places.first().map_or(String::new(), |p| format!(" (first: lon {}, lat {})", p.lon(), p.lat()));
        let what = format!("longitude and latitude look exchanged{first}; exchange them in the file");
        return Err(TableError::Format { file: table.file().to_owned(), what });
    }
    tell_strays(table, &points, area, findings);
    Ok(points)
}

/// Tells of each point by itself that cannot lie where it says. None is moved: whose coordinates they are should mend them.
fn tell_strays(table: &Table, points: &[PointRow], area: Option<Bounds>, findings: &mut Findings) {
    let Some(area) = area else { return };
    for row in points {
        if let Some(stray) = Stray::of(row.point, area) {
            let name = if row.name.is_empty() { &row.id } else { &row.name };
            let what = format!("{name}: {}", stray.says(row.point));
            report_as(findings, table, Severity::Error, Outcome::Kept, stray.code(), row.line, what);
        }
    }
}

fn each_id_once(
    table: &Table,
    points: Vec<PointRow>,
    duplicates: Duplicates,
    findings: &mut Findings,
) -> Result<Vec<PointRow>, TableError> {
    let mut seen: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    let mut kept: Vec<PointRow> = Vec::with_capacity(points.len());
    for mut row in points {
        let before = seen.entry(row.id.clone()).or_default();
        let alike = |a: &PointRow| a.point == row.point && a.number == row.number && a.name == row.name;
        let earlier = before.iter().filter_map(|&i| kept.get(i));
        if let Some(same) = earlier.clone().find(|a| alike(a)) {
            let what = format!("id {:?} again, as on {} {}: row dropped", row.id, table.unit(), same.line);
            report_as(findings, table, Severity::Warning, Outcome::Dropped, "duplicate_id", row.line, what);
            continue;
        }
        if let Some(first) = earlier.clone().next() {
            if duplicates == Duplicates::Refuse {
                return Err(TableError::DuplicateId {
                    file: table.file().to_owned(),
                    id: row.id,
                    unit: table.unit(),
                    first: first.line,
                    second: row.line,
                });
            }
            let id = format!("{}#{}", row.id, before.len() + 1);
            let what = format!("id {:?} also on {} {}: called {id:?}", row.id, table.unit(), first.line);
            report_as(findings, table, Severity::Warning, Outcome::Repaired, "duplicate_id", row.line, what);
            before.push(kept.len());
            row.id = id;
        } else {
            before.push(kept.len());
        }
        kept.push(row);
    }
    Ok(kept)
}

fn report(findings: &mut Findings, table: &Table, code: &'static str, line: u64, what: String) {
    report_as(findings, table, Severity::Error, Outcome::Dropped, code, line, what);
}

fn report_as(
    findings: &mut Findings,
    table: &Table,
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

fn report_kept(findings: &mut Findings, file: &str, unit: &str, code: &'static str, line: u64, what: String) {
    if unit == "line" {
        findings.at(Severity::Warning, code, Outcome::Kept, file, line, what);
    } else {
        findings.count(Severity::Warning, code, Outcome::Kept, file, 1, format!("{unit} {line}: {what}"));
    }
}
