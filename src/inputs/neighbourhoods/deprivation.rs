//! Deprivation indices: score, rank and decile, carried through to the outputs so that the reader
//! sees who is affected.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::Neighbourhood;
use crate::finding::{Findings, Outcome, Severity};
use crate::ids::{IdxVec, NeighbourhoodIdx};
use crate::inputs::tables::{
    BlankCodes, InputTable, JoinReport, TableColumn, TableError, TableRow, area_columns,
    is_percentage,
};

/// A neighbourhood's place in a deprivation index. Rank 1 and decile 1 are the most deprived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Deprivation {
    /// The score, in the index's own scale: higher is more deprived.
    pub score: Option<f64>,
    /// The rank, 1 for the most deprived.
    pub rank: Option<u32>,
    /// The decile, 1 to 10, 1 for the most deprived tenth.
    pub decile: Option<u8>,
}

/// No index has scores beyond this.
const MOST_SCORE: f64 = 1e9;

/// Endings of the whole index's columns as the English (IMD), Welsh (WIMD) and Scottish (SIMD)
/// files spell them. A domain's column (`Income_score`) ends likewise, so that names are compared
/// whole.
const SCORE: [&str; 8] = [
    "score",
    "imd_score",
    "index_of_multiple_deprivation_imd_score",
    "wimd_2019",
    "wimd_2019_score",
    "wimd_score",
    "imd2019_score",
    "imd2025_score",
];
const RANK: [&str; 12] = [
    "rank",
    "imd_rank",
    "index_of_multiple_deprivation_imd_rank_where_1_is_most_deprived",
    "index_of_multiple_deprivation_imd_rank",
    "wimd_rank",
    "wimd_2019_rank",
    "wimd_2019_overall_rank",
    "simd2020v2_rank",
    "simd2020_rank",
    "simd_rank",
    "imd2019_rank",
    "imd2025_rank",
];
const DECILE: [&str; 10] = [
    "decile",
    "imd_decile",
    "index_of_multiple_deprivation_imd_decile_where_1_is_most_deprived_10_of_lsoas",
    "index_of_multiple_deprivation_imd_decile_where_1_is_most_deprived_10pct_of_lsoas",
    "index_of_multiple_deprivation_imd_decile_where_1_is_most_deprived_10_pct_of_lsoas",
    "index_of_multiple_deprivation_imd_decile",
    "wimd_decile",
    "wimd_2019_decile",
    "simd2020v2_decile",
    "simd2020_decile",
];

/// Reads a deprivation file into the neighbourhoods; tells how many it knew.
pub(super) fn add(
    zones: &mut IdxVec<NeighbourhoodIdx, Neighbourhood>,
    path: &Path,
    allow_unmatched: bool,
    findings: &mut Findings,
) -> Result<JoinReport, TableError> {
    let mut table = InputTable::open(path)?;
    let areas = area_columns(table.header());
    let code = match areas.iter().min_by_key(|(_, kind, _)| *kind) {
        Some((column, ..)) => *column,
        None => table.required("neighbourhood code", None, &["LSOA21CD", "code", "id"])?,
    };
    let column = |names: &[&str]| table.column("deprivation", None, names);
    let (score, rank, decile) = (column(&SCORE)?, column(&RANK)?, column(&DECILE)?);
    if score.is_none() && rank.is_none() && decile.is_none() {
        return Err(table.no_column("deprivation", &["score", "rank", "decile"]));
    }
    let mut known: FxHashMap<String, (Deprivation, u64)> = FxHashMap::default();
    let mut twice: FxHashSet<String> = FxHashSet::default();
    let (mut row, mut blanks) = (TableRow::default(), BlankCodes::default());
    while table.next(&mut row, findings)? {
        let mut number = |column: Option<TableColumn>, low: f64, high: f64| {
            let column = column?;
            let why = match row.number(column) {
                Ok(None) => return None,
                Ok(Some(_)) if row.text(column).is_some_and(|text| is_percentage(&text)) => {
                    "a percentage, which is no place in an index".to_owned()
                }
                Ok(Some(n)) if (low..=high).contains(&n) => return Some(n),
                Ok(Some(n)) => format!("{n}, which is not from {low} to {high}"),
                Err(e) => e.to_string(),
            };
            let what = format!("{} = {why}: left out", table.header().name(column));
            findings.at(
                Severity::Warning,
                "bad_number",
                Outcome::Dropped,
                table.file(),
                row.line(),
                what,
            );
            None
        };
        let deprivation = Deprivation {
            score: number(score, -MOST_SCORE, MOST_SCORE),
            rank: number(rank, 1.0, 1e6).and_then(whole),
            decile: number(decile, 1.0, 10.0).and_then(whole).and_then(|n| u8::try_from(n).ok()),
        };
        let Some(id) = row.code(code).map(|t| t.into_owned()) else {
            blanks.add(&row, deprivation != Deprivation::default());
            continue;
        };
        let (before, first) = *known.entry(id.clone()).or_insert((deprivation, row.line()));
        if before != deprivation {
            let what =
                format!("code {id:?} with other values than on line {first}: neither counts");
            findings.at(
                Severity::Error,
                "duplicate_id",
                Outcome::Dropped,
                table.file(),
                row.line(),
                what,
            );
            twice.insert(id);
        }
    }
    blanks.tell(&table, "of a deprivation index", findings);
    tell_of_lone_negative(&table, &known, findings);
    let what = format!("neighbourhoods to deprivation ({})", table.file());
    let join =
        JoinReport::of(what, zones.iter().map(|z| z.id.as_str()), known.keys().map(String::as_str));
    join.accept_and_tell(allow_unmatched, table.file(), findings)?;
    let lacks = |d: Deprivation| {
        score.is_some() && d.score.is_none()
            || rank.is_some() && d.rank.is_none()
            || decile.is_some() && d.decile.is_none()
    };
    let mut without = 0;
    for zone in zones.iter_mut() {
        let found = known.get(&zone.id).filter(|_| !twice.contains(&zone.id)).map(|(d, _)| *d);
        zone.deprivation = found.filter(|d| *d != Deprivation::default());
        without += u64::from(lacks(zone.deprivation.unwrap_or_default()));
    }
    let what =
        "neighbourhoods of which the deprivation index does not say all that it says of others";
    findings.count(Severity::Warning, "no_deprivation", Outcome::Kept, table.file(), without, what);
    Ok(join)
}

/// Scores of some indices are deviations from a mean, so that many are below 0. One alone is more
/// likely a slip.
fn tell_of_lone_negative(
    table: &InputTable,
    known: &FxHashMap<String, (Deprivation, u64)>,
    findings: &mut Findings,
) {
    let scores = || known.iter().filter_map(|(id, (d, line))| Some((id, d.score?, *line)));
    let mut negative = scores().filter(|(_, score, _)| *score < 0.0);
    if let (Some((id, score, line)), None) = (negative.next(), negative.next())
        && scores().count() > 2
    {
        let what = format!("score of {id} = {score}, which alone of its column is below 0");
        findings.at(Severity::Warning, "lone_negative", Outcome::Kept, table.file(), line, what);
    }
}

/// A whole number; ranks and deciles come as `14918.0` at times.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 1 and a million"
)]
fn whole(n: f64) -> Option<u32> {
    (n.fract() == 0.0).then_some(n as u32)
}
