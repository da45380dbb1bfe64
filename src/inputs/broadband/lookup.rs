//! In which neighbourhood an output area or a postcode lies.
//!
//! Lookups name their columns anew with every release, and a postcode directory has output areas of three censuses side by
//! side. Which columns are meant is therefore told by the codes in them: those that know most of the broadband file's
//! codes and most of the neighbourhoods'.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::neighbourhoods::Neighbourhoods;
use super::super::tables::{
    AreaKind, Column, JoinReport, Row, Table, TableError, area_columns, postcode_key,
};
use super::{Coverage, Key};
use crate::finding::Findings;
use crate::ids::ZoneIdx;

/// What the join of the neighbourhoods' areas with the coverage is called.
pub(super) const COVERED: &str = "areas of the neighbourhoods to broadband";

const WEIGHT: [&str; 7] =
    ["premises", "all_premises", "addresses", "households", "delivery_points", "dwellings", "address_count"];
const POSTCODE: [&str; 6] = ["pcds", "postcode_space", "postcode", "pcd", "pcd7", "pcd8"];

/// The neighbourhoods of codes.
pub(super) struct Lookup {
    zones: FxHashMap<String, (ZoneIdx, Option<f64>)>,
    /// How well the codes matched.
    pub joins: Vec<JoinReport>,
}

impl Lookup {
    /// The neighbourhood of a code, and how many premises the lookup says the code has.
    pub(super) fn zone_of(&self, code: &str) -> Option<(ZoneIdx, Option<f64>)> {
        self.zones.get(code).copied()
    }

    /// No file: the codes must be the neighbourhoods' own.
    pub(super) fn direct(file: &str, coverage: &Coverage, neighbourhoods: &Neighbourhoods) -> Lookup {
        let zones =
            neighbourhoods.zones.enumerate().map(|(zone, n)| (own_code(coverage, &n.id), (zone, None)));
        let zones: FxHashMap<_, _> = zones.collect();
        let what = format!("neighbourhoods to broadband ({file}; no lookup given)");
        let known = coverage.areas.iter().map(|a| a.code.as_str());
        let join = JoinReport::of(what, zones.keys().map(String::as_str), known);
        Lookup { zones, joins: vec![join] }
    }

    /// Reads a lookup from the coverage's codes to the neighbourhoods'.
    pub(super) fn read(
        path: &Path,
        coverage: &Coverage,
        neighbourhoods: &Neighbourhoods,
        findings: &mut Findings,
    ) -> Result<Lookup, TableError> {
        let by_id = neighbourhoods.by_id();
        let (from, to) = columns(path, coverage, neighbourhoods)?;
        let mut table = Table::open(path)?;
        let weight = table.column("premises", None, &WEIGHT)?;
        let ended = table.column("end of a postcode", None, &["doterm"])?;
        let mut zones: FxHashMap<String, (ZoneIdx, Option<f64>)> = FxHashMap::default();
        let mut lines: FxHashMap<String, u64> = FxHashMap::default();
        let mut row = Row::default();
        while table.next(&mut row, findings)? {
            if ended.is_some_and(|c| row.text(c).is_some()) {
                continue;
            }
            let Some(zone) = row.text(to).and_then(|id| by_id.get(id.as_ref()).copied()) else { continue };
            let Some(code) = row.text(from).map(|code| own_code(coverage, &code)) else { continue };
            let weight = weight.and_then(|c| row.number(c).ok().flatten()).filter(|w| *w >= 0.0);
            let first = *lines.entry(code.clone()).or_insert(row.line());
            if zones.get(&code).is_some_and(|(before, _)| *before != zone) {
                let (file, second) = (table.file().to_owned(), row.line());
                return Err(TableError::DuplicateId { file, id: code, unit: table.unit(), first, second });
            }
            zones.entry(code).or_insert((zone, weight));
        }
        let known: FxHashSet<ZoneIdx> = zones.values().map(|(zone, _)| *zone).collect();
        let id = |zone: &ZoneIdx| neighbourhoods.zones[*zone].id.as_str();
        let what = format!("neighbourhoods to lookup ({}, column {})", table.file(), table.header().name(to));
        let neighbours = JoinReport::of(what, by_id.keys().copied(), known.iter().map(id));
        let covered = JoinReport::of(
            COVERED,
            zones.keys().map(String::as_str),
            coverage.areas.iter().map(|a| a.code.as_str()),
        );
        Ok(Lookup { zones, joins: vec![neighbours, covered] })
    }
}

fn own_code(coverage: &Coverage, code: &str) -> String {
    if coverage.layout.key == Key::Postcode { postcode_key(code) } else { code.to_owned() }
}

/// The columns of the coverage's codes and of the neighbourhoods'.
fn columns(
    path: &Path,
    coverage: &Coverage,
    neighbourhoods: &Neighbourhoods,
) -> Result<(Column, Column), TableError> {
    let mut table = Table::open(path)?;
    let codes: FxHashSet<&str> = coverage.areas.iter().map(|a| a.code.as_str()).collect();
    let ids: FxHashSet<&str> = neighbourhoods.zones.iter().map(|n| n.id.as_str()).collect();
    let areas: Vec<(Column, AreaKind)> =
        area_columns(table.header()).into_iter().map(|(column, kind, _)| (column, kind)).collect();
    let own = table.header().find(&neighbourhoods.key_column);
    let from: Vec<Column> = match coverage.layout.key {
        Key::Postcode => table.column("postcode", None, &POSTCODE)?.into_iter().collect(),
        Key::OutputArea | Key::LocalAuthority => areas.iter().map(|(column, _)| *column).collect(),
    };
    let to: Vec<Column> = own.into_iter().chain(areas.iter().map(|(column, _)| *column)).collect();
    let (mut from_hits, mut to_hits) = (hits(&from), hits(&to));
    let (mut row, mut unused) = (Row::default(), Findings::new());
    while table.next(&mut row, &mut unused)? {
        for (column, found) in &mut from_hits {
            let code = row.text(*column).map(|code| own_code(coverage, &code));
            found.extend(code.and_then(|code| codes.get(code.as_str()).copied()));
        }
        for (column, found) in &mut to_hits {
            found.extend(row.text(*column).and_then(|id| ids.get(id.as_ref()).copied()));
        }
    }
    let from = fullest(from_hits).ok_or_else(|| {
        let role = "the broadband file's codes";
        let wanted: &[&str] = match coverage.layout.key {
            Key::Postcode => &POSTCODE,
            Key::OutputArea => &["OA21CD, holding codes of the broadband file"],
            Key::LocalAuthority => &["LAD23CD, holding codes of the broadband file"],
        };
        table.no_column(role, wanted)
    })?;
    let to = fullest(to_hits).ok_or_else(|| {
        let wanted = format!("{}, holding codes of the neighbourhoods", neighbourhoods.key_column);
        table.no_column("the neighbourhoods' codes", &[&wanted])
    })?;
    Ok((from, to))
}

type Hits<'a> = Vec<(Column, FxHashSet<&'a str>)>;

fn hits<'a>(columns: &[Column]) -> Hits<'a> {
    columns.iter().map(|c| (*c, FxHashSet::default())).collect()
}

/// The column with the most codes found, the first of several; none if nothing was found.
fn fullest(hits: Hits<'_>) -> Option<Column> {
    let counted = hits.into_iter().map(|(column, found)| (found.len(), column)).filter(|(n, _)| *n > 0);
    counted.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, column)| column)
}
