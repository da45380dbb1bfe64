//! Jobs by census block of the United States: Workplace Area Characteristics of LODES
//! (`…_wac_S000_JT00_2021.csv.gz`).
//!
//! A block's code of 15 digits begins with that of its block group (12), its tract (11) and its
//! county (5): jobs are summed up to whatever the neighbourhoods are.

use rustc_hash::FxHashMap;

use super::{Jobs, JobsPlace, JobsRecord};
use crate::finding::{Findings, Outcome, Severity};
use crate::ids::{IdxVec, NeighbourhoodIdx};
use crate::inputs::neighbourhoods::Neighbourhoods;
use crate::inputs::project::JobsInput;
use crate::inputs::tables::{BlankCodes, InputTable, JoinReport, TableError, TableRow};

/// Whether a table is such a file.
pub(super) fn is_lodes(table: &InputTable) -> bool {
    ["w_geocode", "C000"].iter().all(|name| table.header().find(name).is_some())
}

pub(super) fn read(
    mut table: InputTable,
    input: &JobsInput,
    neighbourhoods: &Neighbourhoods,
    findings: &mut Findings,
) -> Result<Jobs, TableError> {
    let block = table.required("block", input.code.as_deref(), &["w_geocode"])?;
    let count = table.required("number of jobs", input.count.as_deref(), &["C000"])?;
    let count_column = table.header().name(count).to_owned();
    let by_id = neighbourhoods.by_id();
    let mut sums: IdxVec<NeighbourhoodIdx, Option<f64>> =
        neighbourhoods.zones.iter().map(|_| None).collect();
    let mut lines: FxHashMap<String, u64> = FxHashMap::default();
    let (mut row, mut bad, mut elsewhere, mut blanks) =
        (TableRow::default(), 0, 0, BlankCodes::default());
    while table.next(&mut row, findings)? {
        let Some(code) = row.code(block).map(|t| t.into_owned()) else {
            blanks.add(&row, matches!(row.count(count), Ok(Some(_))));
            continue;
        };
        let whole = code.len() == 15 && code.bytes().all(|b| b.is_ascii_digit());
        let (true, Ok(Some(jobs))) = (whole, row.count(count)) else {
            bad += 1;
            continue;
        };
        if let Some(first) = lines.insert(code.clone(), row.line()) {
            let (file, second) = (table.file().to_owned(), row.line());
            return Err(TableError::DuplicateId { file, id: code, unit: "line", first, second });
        }
        match (2..=15).rev().find_map(|n| by_id.get(code.get(..n)?)) {
            Some(zone) => *sums[*zone].get_or_insert(0.0) += jobs,
            None => elsewhere += 1,
        }
    }
    blanks.tell(&table, "with a number of jobs", findings);
    let what = "blocks whose code is not of 15 digits (has a leading 0 been lost?) or that have no number of jobs";
    findings.count(Severity::Error, "bad_code", Outcome::Dropped, table.file(), bad, what);
    let what = "blocks in none of the neighbourhoods: left out";
    findings.count(
        Severity::Info,
        "block_elsewhere",
        Outcome::Dropped,
        table.file(),
        elsewhere,
        what,
    );
    let met = sums.enumerate().filter(|(_, jobs)| jobs.is_some());
    let met = met.map(|(zone, _)| neighbourhoods.zones[zone].id.as_str());
    let what = format!(
        "neighbourhoods to jobs ({}), by the beginnings of its blocks' codes",
        table.file()
    );
    let join = JoinReport::of(what, by_id.keys().copied(), met);
    join.accept_and_tell(input.allow_unmatched, table.file(), findings)?;
    let record = |(zone, jobs): (NeighbourhoodIdx, &Option<f64>)| {
        let id = neighbourhoods.zones[zone].id.clone();
        Some(JobsRecord { id, place: JobsPlace::Zone(zone), jobs: (*jobs)? })
    };
    let records = sums.enumerate().filter_map(record).collect();
    Ok(Jobs { records, count_column, join: Some(join), unplaced: 0.0 })
}
