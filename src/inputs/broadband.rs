//! Fixed broadband coverage by Ofcom (Connected Nations) or the Federal Communications Commission:
//! which premises can have what.
//!
//! Column names and meanings differ by year. A file is read only if it is one of the known
//! [layouts](layouts::LAYOUTS), each of which says which column means what; any other is refused.
//! Counts of premises are taken where a file has them: Ofcom rounds percentages to one place, and
//! in 2019 `SFBB availability (% premises)` left out what was faster still.

mod fcc;
mod files;
mod layouts;
mod lookup;
pub mod mobile;
mod rollup;

use std::path::Path;

use serde::Serialize;

use super::neighbourhoods::Neighbourhoods;
use super::project::BroadbandInput;
use super::tables::{
    self, BlankCodes, InputTable, JoinReport, TableColumn, TableError, TableRow, postcode_key,
};
use crate::finding::{Findings, Outcome, Severity};
use crate::ids::{IdxVec, NeighbourhoodIdx};
use crate::units::Share;

use files::{ReleaseReader, coverage_in, release_of};
use layouts::{CoverageColumns, Superfast};
pub use layouts::{CoverageKey, CoverageLayout};
pub(in crate::inputs) use layouts::{OFCOM, looks_like_coverage};
use lookup::Lookup;
use rollup::{CoverageSum, sum_up};

/// Percentages are rounded to one place, so that a part may seem to pass the whole by two
/// roundings.
const ROUNDING: f64 = 0.11;
/// The share of rows that contradict themselves from which on a layout is held to be misread.
const CONTRADICTIONS: f64 = 0.01;

/// What a file's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CoverageBasis {
    /// Numbers of premises.
    Counts,
    /// Percentages of premises.
    Percent,
}

/// The six measures, each of whatever `T` is: a count, a percentage, a share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct CoverageMeasures<T> {
    /// 30 Mbit/s or more.
    pub superfast: T,
    /// 100 Mbit/s or more.
    pub ultrafast100: T,
    /// 300 Mbit/s or more (what Ofcom calls ultrafast).
    pub ultrafast: T,
    /// 1 Gbit/s.
    pub gigabit: T,
    /// Fibre all the way to the premises, where it is published.
    pub full_fibre: T,
    /// Not even 10 Mbit/s down and 1 up (below the universal service obligation).
    pub below_decent: T,
}

impl<T: Copy> CoverageMeasures<T> {
    fn map<U>(self, f: impl Fn(T) -> U) -> CoverageMeasures<U> {
        CoverageMeasures {
            superfast: f(self.superfast),
            ultrafast100: f(self.ultrafast100),
            ultrafast: f(self.ultrafast),
            gigabit: f(self.gigabit),
            full_fibre: f(self.full_fibre),
            below_decent: f(self.below_decent),
        }
    }

    fn zip<U: Copy>(self, other: CoverageMeasures<U>) -> CoverageMeasures<(T, U)> {
        CoverageMeasures {
            superfast: (self.superfast, other.superfast),
            ultrafast100: (self.ultrafast100, other.ultrafast100),
            ultrafast: (self.ultrafast, other.ultrafast),
            gigabit: (self.gigabit, other.gigabit),
            full_fibre: (self.full_fibre, other.full_fibre),
            below_decent: (self.below_decent, other.below_decent),
        }
    }
}

/// Coverage of an output area, a postcode or a local authority.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaCoverage {
    /// The area's code; postcodes in capitals without blanks.
    pub code: String,
    /// All premises in it, where the file says.
    pub premises: Option<f64>,
    /// Counts or percentages, by the layout's basis; `None` where suppressed or not in this layout.
    pub values: CoverageMeasures<Option<f64>>,
}

/// Files of one release.
#[derive(Clone, Debug)]
pub struct CoverageRelease {
    /// Which layout they have.
    pub layout: &'static CoverageLayout,
    /// The month in the files' names, such as `202501`.
    pub release: Option<String>,
    /// The areas in the order of the files.
    pub areas: Vec<AreaCoverage>,
}

/// How areas were weighed within a neighbourhood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Weighting {
    /// By their premises or addresses.
    Premises,
    /// Each alike, since nobody says how many premises they have.
    Unweighted,
}

/// Coverage of a neighbourhood.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct NeighbourhoodBroadband {
    /// Shares of its premises; `None` where not known.
    pub shares: CoverageMeasures<Option<Share>>,
    /// Its premises, where known.
    pub premises: Option<f64>,
    /// How many areas of the file lie in it.
    pub areas: u32,
}

/// Coverage of all neighbourhoods.
#[derive(Clone, Debug)]
pub struct Broadband {
    /// By neighbourhood; `None` where no area of the file lies in it.
    pub zones: IdxVec<NeighbourhoodIdx, Option<NeighbourhoodBroadband>>,
    /// The layout of the files, such as `output areas, 2024–2025`.
    pub layout: &'static str,
    /// Whose they are, as has to stand beside whatever is published from them.
    pub whose: &'static str,
    /// What their values are.
    pub basis: CoverageBasis,
    /// How areas were weighed.
    pub weighting: Weighting,
    /// The month in the files' names.
    pub release: Option<String>,
    /// How well the codes matched.
    pub joins: Vec<JoinReport>,
}

impl Broadband {
    /// Reads what `[broadband]` names and sums it up for each neighbourhood.
    ///
    /// # Errors
    /// When a file is of no known layout, files are of different layouts or share a code, the
    /// lookup lacks a column, or codes do not match and `allow_unmatched` is not set.
    pub fn read(
        input: &BroadbandInput,
        neighbourhoods: &Neighbourhoods,
        findings: &mut Findings,
    ) -> Result<Broadband, TableError> {
        let paths: Vec<&Path> = input.files.iter().map(AsRef::as_ref).collect();
        let coverage = CoverageRelease::read(&paths, findings)?;
        let name = paths.first().map_or_else(String::new, |p| p.display().to_string());
        let lookup = match &input.lookup {
            Some(path) => Lookup::read(path, &coverage, neighbourhoods, findings)?,
            None => Lookup::direct(&name, &coverage, neighbourhoods),
        };
        for join in &lookup.joins {
            join.accept_and_tell(input.allow_unmatched, &name, findings)?;
        }
        let CoverageSum { zones, weighting, unweighed, unknown } =
            sum_up(&coverage, &lookup, neighbourhoods.zones.len());
        let what = "areas without a number of premises among others that have one: left out";
        findings.count(Severity::Warning, "no_premises", Outcome::Dropped, &name, unweighed, what);
        let what = "values that are blank or suppressed: left out of both sides of their share";
        findings.count(Severity::Info, "missing_coverage", Outcome::Dropped, &name, unknown, what);
        let without = zones.iter().filter(|z| z.is_none()).count() as u64;
        let what = "neighbourhoods without any broadband data";
        findings.count(Severity::Warning, "no_broadband", Outcome::Kept, &name, without, what);
        if weighting == Weighting::Unweighted {
            let what = "percentages of postcodes without numbers of premises: each postcode counts alike, so that the \
                        shares are approximate; give the output-area files, or a lookup with a column `premises`";
            findings.count(
                Severity::Warning,
                "unweighted_broadband",
                Outcome::Kept,
                &name,
                1,
                what,
            );
        }
        let CoverageRelease { layout, release, .. } = coverage;
        Ok(Broadband {
            zones,
            layout: layout.name,
            whose: layout.whose(),
            basis: layout.basis,
            weighting,
            release,
            joins: lookup.joins,
        })
    }
}

impl CoverageRelease {
    /// Reads files of one layout.
    ///
    /// # Errors
    /// When one is of no known layout, or of another than the first; when a code stands twice; when
    /// the values of more than 1 % of the rows contradict what the layout says they mean.
    pub fn read(paths: &[&Path], findings: &mut Findings) -> Result<CoverageRelease, TableError> {
        let mut reading = ReleaseReader::default();
        for path in paths {
            if tables::is_zip(path)? {
                for file in coverage_in(path, findings)? {
                    let release = release_of(Path::new(&file.name)).or_else(|| release_of(path));
                    let table = InputTable::from_bytes(&file.name, file.bytes)?;
                    reading.add(table, release, findings)?;
                }
            } else {
                reading.add(InputTable::open(path)?, release_of(path), findings)?;
            }
        }
        reading.all.ok_or_else(|| TableError::Format {
            file: "broadband.files".to_owned(),
            what: "names no file".to_owned(),
        })
    }
}

fn read_areas(
    table: &mut InputTable,
    layout: &CoverageLayout,
    columns: &CoverageColumns,
    findings: &mut Findings,
) -> Result<Vec<(AreaCoverage, u64)>, TableError> {
    let (mut areas, mut row) = (Vec::new(), TableRow::default());
    let (mut contradictions, mut first, mut blanks) = (0_usize, None, BlankCodes::default());
    let mut malformed = (0, 0);
    while table.next(&mut row, findings)? {
        let Some(code) = row.code(columns.key).map(|t| t.into_owned()) else {
            let says = |column: Option<TableColumn>| column.is_some_and(|c| row.text(c).is_some());
            blanks.add(
                &row,
                says(columns.premises) || says(columns.superfast) || says(columns.ultrafast),
            );
            continue;
        };
        let code = if layout.key == CoverageKey::Postcode { postcode_key(&code) } else { code };
        if !layout.key.is_written(&code) {
            malformed = (malformed.0 + 1, if malformed.0 == 0 { row.line() } else { malformed.1 });
        }
        let premises =
            number(table, &row, columns.premises, CoverageBasis::Counts, f64::MAX, findings);
        let most = match layout.basis {
            CoverageBasis::Counts => premises.unwrap_or(f64::MAX),
            CoverageBasis::Percent => 100.0 + ROUNDING,
        };
        let mut of = |column| number(table, &row, column, layout.basis, most, findings);
        let superfast = match layout.superfast {
            Superfast::Column(_) => of(columns.superfast),
            Superfast::WhatIsNotSlower => {
                let matched = of_all(&row, columns.matched, premises);
                of(columns.superfast).map(|slower| (matched - slower).max(0.0))
            }
        };
        let values = CoverageMeasures {
            superfast,
            ultrafast100: of(columns.ultrafast100),
            ultrafast: of(columns.ultrafast),
            gigabit: of(columns.gigabit),
            full_fibre: of(columns.full_fibre),
            below_decent: of(columns.below_decent),
        };
        if contradicts(&values, layout.basis) {
            contradictions += 1;
            first.get_or_insert(row.line());
        }
        areas.push((AreaCoverage { code, premises, values }, row.line()));
    }
    blanks.tell(table, "of coverage", findings);
    let (count, line) = malformed;
    let what = format!("codes that are not written as such codes are; the first is on line {line}");
    findings.count(Severity::Warning, "bad_code", Outcome::Kept, table.file(), count, what);
    #[expect(clippy::cast_precision_loss, reason = "rows of a file")]
    let too_many = contradictions as f64 > CONTRADICTIONS * areas.len() as f64;
    if let (true, Some(line)) = (too_many, first) {
        let what = format!(
            "{contradictions} rows have fewer premises with superfast than with ultrafast broadband (first: line {line}), \
             so that the columns do not mean what they mean in the layout `{}`; take another release",
            layout.name
        );
        return Err(TableError::Format { file: table.file().to_owned(), what });
    }
    let what = "rows with fewer premises with superfast than with ultrafast broadband";
    findings.count(
        Severity::Warning,
        "odd_coverage",
        Outcome::Kept,
        table.file(),
        contradictions as u64,
        what,
    );
    Ok(areas)
}

/// A cell; `None` where it is blank, suppressed, or (with a finding) no number from 0 to `most`.
fn number(
    table: &InputTable,
    row: &TableRow,
    column: Option<TableColumn>,
    basis: CoverageBasis,
    most: f64,
    findings: &mut Findings,
) -> Option<f64> {
    let column = column?;
    let read = match basis {
        CoverageBasis::Counts => row.count(column),
        CoverageBasis::Percent => row.number(column),
    };
    let why = match read {
        Ok(None) => return None,
        Ok(Some(n)) if (0.0..=most).contains(&n) => return Some(n),
        Ok(Some(n)) => format!("{n}, which is not from 0 to {most}"),
        Err(e) => e.to_string(),
    };
    let what = format!("{} = {why}: taken as missing", table.header().name(column));
    findings.at(Severity::Warning, "bad_number", Outcome::Dropped, table.file(), row.line(), what);
    None
}

/// The percentage of premises that Ofcom could match at all; 100 where it does not say.
fn of_all(row: &TableRow, matched: Option<TableColumn>, premises: Option<f64>) -> f64 {
    let matched = matched.and_then(|c| row.number(c).ok().flatten());
    matched
        .zip(premises)
        .filter(|(m, all)| *all > 0.0 && m <= all)
        .map_or(100.0, |(m, all)| m / all * 100.0)
}

/// What can have 300 Mbit/s can have 100, and what can have 100 can have 30.
fn contradicts(values: &CoverageMeasures<Option<f64>>, basis: CoverageBasis) -> bool {
    let slack = if basis == CoverageBasis::Percent { ROUNDING } else { 0.0 };
    let more = |a: Option<f64>, b: Option<f64>| a.zip(b).is_some_and(|(a, b)| a > b + slack);
    more(values.ultrafast, values.superfast)
        || more(values.ultrafast100, values.superfast)
        || more(values.ultrafast, values.ultrafast100)
}

#[cfg(test)]
mod tests;
