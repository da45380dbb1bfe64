//! Where jobs are: by area code (BRES and the census from Nomis, in both of its layouts) or by
//! point.

mod blocks;

use std::path::Path;

use rustc_hash::FxHashMap;

use super::crs::Bounds;
use super::neighbourhoods::{Neighbourhoods, code_column};
use super::places::{CategoryPlace, PlaceSource};
use super::project::{JobsBand, JobsInput};
use super::tables::{
    BlankCodes, InputTable, JoinReport, NumberColumn, PointsWanted, TableColumn, TableError,
    TableRow, area_columns, has_coordinates, key_of, read_points,
};
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::LonLat;
use crate::ids::NeighbourhoodIdx;

const COUNT: [&str; 13] = [
    "jobs",
    "count",
    "employment",
    "employees",
    "obs_value",
    "total",
    "total_employment",
    "workplace_population",
    "workers",
    "all_usual_residents_in_employment",
    "number",
    "value",
    "c000",
];
/// Words in the names of columns that count nothing.
const NO_COUNTS: [&str; 11] = [
    "pct",
    "percent",
    "per_cent",
    "proportion",
    "share",
    "rate",
    "score",
    "rank",
    "decile",
    "density",
    "index",
];

/// Jobs at one place.
#[derive(Clone, Debug, PartialEq)]
pub struct JobsRecord {
    /// The area's code or the point's id.
    pub id: String,
    /// Where they are.
    pub place: JobsPlace,
    /// How many.
    pub jobs: f64,
}

/// Where jobs are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum JobsPlace {
    /// Somewhere in a neighbourhood.
    Zone(NeighbourhoodIdx),
    /// At a point.
    Point(LonLat),
}

/// The jobs of a project.
#[derive(Clone, Debug)]
pub struct Jobs {
    /// The records with a place, in the order of the file.
    pub records: Vec<JobsRecord>,
    /// The column the counts came from.
    pub count_column: String,
    /// How well the codes matched; `None` for jobs by point.
    pub join: Option<JoinReport>,
    /// Jobs whose code has no place.
    pub unplaced: f64,
}

impl Jobs {
    /// Reads what `[jobs]` names. Counts that are blank or suppressed are left out and told; 0 is a
    /// count.
    ///
    /// # Errors
    /// When a file cannot be read or lacks a column; when a code stands twice; or when fewer than
    /// 98 % of the neighbourhoods (of the file's own codes, if `points` places them) are known to
    /// the other file.
    pub fn read(
        input: &JobsInput,
        neighbourhoods: &Neighbourhoods,
        findings: &mut Findings,
    ) -> Result<Jobs, TableError> {
        let table = InputTable::open(&input.file)?;
        let by_point = input.code.is_none()
            && input.points.is_none()
            && (table.has_geometry() || has_coordinates(table.header()));
        if by_point {
            return by_points(input, neighbourhoods, findings)?.some(input);
        }
        if blocks::is_lodes(&table) && input.points.is_none() {
            return blocks::read(table, input, neighbourhoods, findings)?.some(input);
        }
        let counts = counts(table, input, &neighbourhoods.key_column, findings)?;
        let jobs = match &input.points {
            Some(path) => {
                let area = neighbourhoods.bounds().map(|b| b.grown(1.0));
                at_points(path, counts, area, input.allow_unmatched, findings)
            }
            None => in_zones(counts, neighbourhoods, input.allow_unmatched, findings),
        }?;
        jobs.some(input)
    }

    /// These, if there are any. No jobs at all are nobody's finding but a file that says nothing.
    fn some(self, input: &JobsInput) -> Result<Jobs, TableError> {
        if !self.records.is_empty() {
            return Ok(self);
        }
        let what = "holds no row with a place and a number of jobs, so that jobs are not known (which is not 0): \
                    give a file with rows, or leave out `[jobs]`";
        Err(TableError::Format { file: input.file.display().to_string(), what: what.to_owned() })
    }
}

/// The records that are employment centres of a size, as places. Jobs of an area without a point of
/// its own are reached at a point in its middle.
pub fn employment_centres(
    jobs: &Jobs,
    zones: &Neighbourhoods,
    band: JobsBand,
) -> Vec<CategoryPlace> {
    let centres = jobs.records.iter().filter(|record| band.holds(record.jobs));
    let place = |record: &JobsRecord| {
        let point = match record.place {
            JobsPlace::Point(point) => point,
            JobsPlace::Zone(zone) => zones.zones.get(zone)?.middle()?,
        };
        Some(CategoryPlace {
            id: record.id.clone(),
            name: String::new(),
            points: vec![point].into(),
            capacity: Some(record.jobs),
            opening_hours: None,
            source: PlaceSource::Jobs,
        })
    };
    centres.filter_map(place).collect()
}

/// Jobs by code, as the file gives them.
struct JobCounts {
    file: String,
    column: String,
    /// Each code, with its count unless that is blank or suppressed.
    rows: Vec<(String, Option<f64>)>,
}

fn by_points(
    input: &JobsInput,
    neighbourhoods: &Neighbourhoods,
    findings: &mut Findings,
) -> Result<Jobs, TableError> {
    let number =
        NumberColumn { role: "number of jobs", named: input.count.as_deref(), spellings: &COUNT };
    let wanted = PointsWanted {
        id: &["id", "code"],
        id_by_area: true,
        number: Some(number),
        area: neighbourhoods.bounds().map(|b| b.grown(1.0)),
        ..PointsWanted::default()
    };
    let file = read_points(&input.file, &wanted, findings)?;
    let Some(count_column) = file.number_column else {
        return Err(InputTable::open(&input.file)?.no_column("number of jobs", &COUNT));
    };
    let missing = file.points.iter().filter(|p| p.number.is_none()).count() as u64;
    let what = "points whose number of jobs is blank or suppressed: left out";
    let name = input.file.display().to_string();
    findings.count(Severity::Warning, "no_count", Outcome::Dropped, name.as_str(), missing, what);
    let not_whole = |p: &&super::tables::PointRow| p.number.is_some_and(|jobs| jobs.fract() != 0.0);
    tell_of_fractions(&name, file.points.iter().filter(not_whole).count() as u64, findings);
    let record = |p: super::tables::PointRow| {
        Some(JobsRecord { place: JobsPlace::Point(p.point), jobs: p.number?, id: p.id })
    };
    let records = file.points.into_iter().filter_map(record).collect();
    Ok(Jobs { records, count_column, join: None, unplaced: 0.0 })
}

fn counts(
    mut table: InputTable,
    input: &JobsInput,
    key_column: &str,
    findings: &mut Findings,
) -> Result<JobCounts, TableError> {
    let code = code_of(&table, input.code.as_deref(), key_column, input.points.is_some())?;
    let count = match table.column("number of jobs", input.count.as_deref(), &COUNT)? {
        Some(column) => column,
        None => {
            only_number(&table, code).ok_or_else(|| table.no_column("number of jobs", &COUNT))?
        }
    };
    let column = table.header().name(count).to_owned();
    // Where a table says more of an area than its jobs, rows that have as many are not the same
    // row.
    let alone = table.header().len() == 2;
    let mut seen: FxHashMap<String, (Option<f64>, u64)> = FxHashMap::default();
    let (mut rows, mut missing, mut blanks, mut fractions) =
        (Vec::new(), 0, BlankCodes::default(), 0);
    let all = table.column("number of rows", None, &["record_count"])?;
    let (mut read, mut promised) = (0_u64, None);
    let mut row = TableRow::default();
    while table.next(&mut row, findings)? {
        read += 1;
        promised = promised.or_else(|| all.and_then(|c| row.number(c).ok().flatten()));
        let id = row.code(code).map(|t| t.into_owned());
        let Some(id) = id else {
            blanks.add(&row, matches!(row.count(count), Ok(Some(_))));
            continue;
        };
        if key_of(&id) == key_of(table.header().name(code)) {
            let what = format!(
                "line {}: a second table begins; save one table (one date) to a file",
                row.line()
            );
            return Err(TableError::Format { file: table.file().to_owned(), what });
        }
        let jobs = row.count(count).unwrap_or_else(|e| {
            let what = format!("{column} = {e}: taken as not known");
            findings.at(
                Severity::Error,
                "bad_number",
                Outcome::Dropped,
                table.file(),
                row.line(),
                what,
            );
            None
        });
        match seen.get(&id) {
            None => drop(seen.insert(id.clone(), (jobs, row.line()))),
            Some((before, first)) if *before == jobs && alone => {
                let what = format!("{id:?} again, as on line {first}: row dropped");
                findings.at(
                    Severity::Warning,
                    "duplicate_id",
                    Outcome::Dropped,
                    table.file(),
                    row.line(),
                    what,
                );
                continue;
            }
            Some((_, first)) => {
                let (file, first, second) = (table.file().to_owned(), *first, row.line());
                return Err(TableError::DuplicateId {
                    file,
                    id,
                    unit: table.unit(),
                    first,
                    second,
                });
            }
        }
        missing += u64::from(jobs.is_none());
        fractions += u64::from(jobs.is_some_and(|jobs| jobs.fract() != 0.0));
        rows.push((id, jobs));
    }
    cut_short(&table, read, promised)?;
    let what = "areas whose number of jobs is blank or suppressed: left out";
    findings.count(Severity::Warning, "no_count", Outcome::Dropped, table.file(), missing, what);
    blanks.tell(&table, "with a number of jobs", findings);
    tell_of_fractions(table.file(), fractions, findings);
    Ok(JobCounts { file: table.file().to_owned(), column, rows })
}

fn tell_of_fractions(file: &str, count: u64, findings: &mut Findings) {
    let what = "numbers of jobs that are not whole: counted as they stand; are they shares?";
    findings.count(Severity::Warning, "fractional_jobs", Outcome::Kept, file, count, what);
}

/// Nomis gives 25,000 rows at a time and says in each how many there are in all.
#[expect(clippy::cast_precision_loss, reason = "rows of a file")]
fn cut_short(table: &InputTable, read: u64, promised: Option<f64>) -> Result<(), TableError> {
    match promised {
        Some(all) if (read as f64) < all => {
            let what = format!(
                "holds {read} of {all} rows, as Nomis gives at most 25,000 at a time: get the others too \
                 (`RecordOffset=25000` …) and put them below these"
            );
            Err(TableError::Format { file: table.file().to_owned(), what })
        }
        _ => Ok(()),
    }
}

/// The column of codes. Nomis's is `mnemonic`; where a points file places the codes, they are not
/// the neighbourhoods'.
fn code_of(
    table: &InputTable,
    named: Option<&str>,
    key_column: &str,
    elsewhere: bool,
) -> Result<TableColumn, TableError> {
    if let Some(column) =
        table.column("area code", named, &["mnemonic", "geography_code", "w_geocode"])?
    {
        return Ok(column);
    }
    if elsewhere
        && let Some((column, ..)) =
            area_columns(table.header()).into_iter().min_by_key(|(_, kind, _)| *kind)
    {
        return Ok(column);
    }
    code_column(table, key_column)
}

/// Where only one column is left beside the code and the names, it must be the count.
fn only_number(table: &InputTable, code: TableColumn) -> Option<TableColumn> {
    let header = table.header();
    let other = |c: &TableColumn| {
        let key = key_of(header.name(*c));
        let word = |w: &&str| key.contains(*w);
        let named = key.is_empty()
            || ["name", "nm", "area", "date", "year"].iter().any(word)
            || NO_COUNTS.iter().any(word);
        *c != code && !named && super::tables::area_column(header.name(*c)).is_none()
    };
    let mut left = header.columns().filter(other);
    // Nomis's first column is the area's name under a header such as "2011 output area".
    let first = left.next()?;
    match (left.next(), left.next()) {
        (None, _) => Some(first),
        (Some(second), None) if first < code => Some(second),
        _ => None,
    }
}

fn in_zones(
    counts: JobCounts,
    neighbourhoods: &Neighbourhoods,
    allow_unmatched: bool,
    findings: &mut Findings,
) -> Result<Jobs, TableError> {
    let by_id = neighbourhoods.by_id();
    // A national file knows many more areas: it is the neighbourhoods that should be found in it.
    let what = format!("neighbourhoods to jobs ({})", counts.file);
    let join =
        JoinReport::of(what, by_id.keys().copied(), counts.rows.iter().map(|(id, _)| id.as_str()));
    join.accept_and_tell(allow_unmatched, &counts.file, findings)?;
    let record = |(id, jobs): (String, Option<f64>)| {
        let (zone, jobs) = (*by_id.get(id.as_str())?, jobs?);
        Some(JobsRecord { id, place: JobsPlace::Zone(zone), jobs })
    };
    let records = counts.rows.into_iter().filter_map(record).collect();
    // Jobs of areas beyond the neighbourhoods have no place on the map, which says nothing against
    // the join.
    Ok(Jobs { records, count_column: counts.column, join: Some(join), unplaced: 0.0 })
}

fn at_points(
    path: &Path,
    counts: JobCounts,
    area: Option<Bounds>,
    allow_unmatched: bool,
    findings: &mut Findings,
) -> Result<Jobs, TableError> {
    let wanted =
        PointsWanted { id: &["id", "code"], id_by_area: true, area, ..PointsWanted::default() };
    let points = read_points(path, &wanted, findings)?.points;
    let places: FxHashMap<&str, LonLat> = points.iter().map(|p| (p.id.as_str(), p.point)).collect();
    let what = format!("jobs ({}) to points ({})", counts.file, path.display());
    let join =
        JoinReport::of(what, counts.rows.iter().map(|(id, _)| id.as_str()), places.keys().copied());
    join.accept_and_tell(allow_unmatched, &counts.file, findings)?;
    let (mut records, mut unplaced, mut lost) = (Vec::new(), 0.0, 0);
    for (id, jobs) in counts.rows {
        let Some(jobs) = jobs else { continue };
        match places.get(id.as_str()) {
            Some(&point) => records.push(JobsRecord { id, place: JobsPlace::Point(point), jobs }),
            None => {
                unplaced += jobs;
                lost += 1;
            }
        }
    }
    let what = format!("areas with {unplaced} jobs whose code has no point: left out");
    findings.count(Severity::Error, "no_point", Outcome::Dropped, &counts.file, lost, what);
    Ok(Jobs { records, count_column: counts.column, join: Some(join), unplaced })
}

#[cfg(test)]
mod tests;
