//! Deprivation indices: score, rank and decile, carried through to the outputs so that the reader sees who is affected.

use std::path::Path;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::Neighbourhood;
use crate::finding::{Findings, Outcome, Severity};
use crate::ids::{IdxVec, ZoneIdx};
use crate::inputs::tables::{Column, JoinReport, Row, Table, TableError, area_columns};

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

/// Endings of the whole index's columns as the English (IMD), Welsh (WIMD) and Scottish (SIMD) files spell them. A
/// domain's column (`Income_score`) ends likewise, so that names are compared whole.
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
    zones: &mut IdxVec<ZoneIdx, Neighbourhood>,
    path: &Path,
    allow_unmatched: bool,
    findings: &mut Findings,
) -> Result<JoinReport, TableError> {
    let mut table = Table::open(path)?;
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
    let mut known: FxHashMap<String, Deprivation> = FxHashMap::default();
    let mut row = Row::default();
    while table.next(&mut row, findings)? {
        let Some(id) = row.text(code).map(|t| t.into_owned()) else { continue };
        let mut number = |column: Option<Column>, low: f64, high: f64| {
            let column = column?;
            let n = row.number(column).unwrap_or(Some(f64::NAN))?;
            if (low..=high).contains(&n) {
                return Some(n);
            }
            let what = format!(
                "{} = {:?} left out",
                table.header().name(column),
                row.text(column).unwrap_or_default()
            );
            findings.at(Severity::Warning, "bad_number", Outcome::Dropped, table.file(), row.line(), what);
            None
        };
        let deprivation = Deprivation {
            score: number(score, f64::MIN, f64::MAX),
            rank: number(rank, 1.0, 1e6).and_then(whole),
            decile: number(decile, 1.0, 10.0).and_then(whole).and_then(|n| u8::try_from(n).ok()),
        };
        if known.insert(id.clone(), deprivation).is_some_and(|before| before != deprivation) {
            let what = format!("code {id:?} again with other values: the last one counts");
            findings.at(Severity::Error, "duplicate_id", Outcome::Repaired, table.file(), row.line(), what);
        }
    }
    let what = format!("neighbourhoods to deprivation ({})", table.file());
    let join = JoinReport::of(what, zones.iter().map(|z| z.id.as_str()), known.keys().map(String::as_str));
    join.accept_and_tell(allow_unmatched, table.file(), findings)?;
    for zone in zones.iter_mut() {
        zone.deprivation = known.get(&zone.id).copied();
    }
    Ok(join)
}

/// A whole number; ranks and deciles come as `14918.0` at times.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and a million")]
fn whole(n: f64) -> Option<u32> {
    (n.fract() == 0.0).then_some(n as u32)
}
