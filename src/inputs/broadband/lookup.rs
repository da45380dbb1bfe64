//! In which neighbourhood an output area or a postcode lies.
//!
//! Lookups name their columns anew with every release, and a postcode directory has output areas of
//! three censuses side by side. Which columns are meant is therefore told by the codes in them:
//! those that know most of the broadband file's codes and most of the neighbourhoods'.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::neighbourhoods::Neighbourhoods;
use super::super::tables::{
    AreaKind, InputTable, JoinReport, TableColumn, TableError, TableRow, area_columns, postcode_key,
};
use super::{AreaCoverage, CoverageKey, CoverageRelease};
use crate::finding::{Findings, Outcome, Severity};
use crate::ids::NeighbourhoodIdx;

/// What the join of the neighbourhoods' areas with the coverage is called.
pub(super) const COVERED: &str = "areas of the neighbourhoods to broadband";

const WEIGHT: [&str; 7] = [
    "premises",
    "all_premises",
    "addresses",
    "households",
    "delivery_points",
    "dwellings",
    "address_count",
];
const POSTCODE: [&str; 6] = ["pcds", "postcode_space", "postcode", "pcd", "pcd7", "pcd8"];

/// The neighbourhoods of codes.
pub(super) struct Lookup {
    zones: FxHashMap<String, (NeighbourhoodIdx, Option<f64>)>,
    /// How well the codes matched.
    pub joins: Vec<JoinReport>,
}

impl Lookup {
    /// The neighbourhood of a code, and how many premises the lookup says the code has.
    pub(super) fn zone_of(&self, code: &str) -> Option<(NeighbourhoodIdx, Option<f64>)> {
        self.zones.get(code).copied()
    }

    /// No file: the codes must be the neighbourhoods' own.
    pub(super) fn direct(
        file: &str,
        coverage: &CoverageRelease,
        neighbourhoods: &Neighbourhoods,
    ) -> Lookup {
        let what = format!("neighbourhoods to broadband ({file}; no lookup given)");
        if coverage.layout.key == CoverageKey::Block {
            return Lookup::by_prefix(what, coverage, neighbourhoods);
        }
        let zones = neighbourhoods
            .zones
            .enumerate()
            .map(|(zone, n)| (own_code(coverage, &n.id), (zone, None)));
        let zones: FxHashMap<_, _> = zones.collect();
        let known = coverage.areas.iter().map(|a| a.code.as_str());
        let join = JoinReport::of(what, zones.keys().map(String::as_str), known);
        Lookup { zones, joins: vec![join] }
    }

    /// A block's code begins with that of its block group, which begins with that of its tract and
    /// county.
    fn by_prefix(
        what: String,
        coverage: &CoverageRelease,
        neighbourhoods: &Neighbourhoods,
    ) -> Lookup {
        let by_id = neighbourhoods.by_id();
        let mut zones = FxHashMap::default();
        let mut met: FxHashSet<&str> = FxHashSet::default();
        for area in &coverage.areas {
            let code = area.code.as_str();
            let within = (2..=code.len()).rev().find_map(|n| by_id.get_key_value(code.get(..n)?));
            if let Some((id, zone)) = within {
                met.insert(id);
                zones.insert(area.code.clone(), (*zone, None));
            }
        }
        let join = JoinReport::of(what, by_id.keys().copied(), met);
        Lookup { zones, joins: vec![join] }
    }

    /// Reads a lookup from the coverage's codes to the neighbourhoods'.
    pub(super) fn read(
        path: &Path,
        coverage: &CoverageRelease,
        neighbourhoods: &Neighbourhoods,
        findings: &mut Findings,
    ) -> Result<Lookup, TableError> {
        let by_id = neighbourhoods.by_id();
        let (from, to) = columns(path, coverage, neighbourhoods)?;
        let mut table = InputTable::open(path)?;
        let weight = table.column("premises", None, &WEIGHT)?;
        let ended = table.column("end of a postcode", None, &["doterm"])?;
        let mut zones: FxHashMap<String, (NeighbourhoodIdx, Option<f64>)> = FxHashMap::default();
        let mut lines: FxHashMap<String, u64> = FxHashMap::default();
        let covered: FxHashSet<&str> = coverage.areas.iter().map(|a| a.code.as_str()).collect();
        let forms: FxHashSet<String> = by_id.keys().map(|id| form(id)).collect();
        let (mut row, mut malformed) = (TableRow::default(), LostLookupRows::default());
        let (mut homeless, mut codeless) = (LostLookupRows::default(), LostLookupRows::default());
        while table.next(&mut row, findings)? {
            if ended.is_some_and(|c| row.text(c).is_some()) {
                continue;
            }
            let code = row
                .code(from)
                .map(|code| own_code(coverage, &code))
                .filter(|code| !code.is_empty());
            let Some(id) = row.code(to) else {
                homeless.add(&row, code.is_some_and(|code| covered.contains(code.as_str())));
                continue;
            };
            let Some(zone) = by_id.get(id.as_ref()).copied() else {
                let counts = || code.is_some_and(|code| covered.contains(code.as_str()));
                malformed.add(&row, !forms.contains(&form(&id)) && counts());
                continue;
            };
            let Some(code) = code else {
                codeless.add(&row, true);
                continue;
            };
            let weight = weight.and_then(|c| {
                row.count(c).unwrap_or_else(|e| {
                    let what = format!("{} = {e}: taken as not known", table.header().name(c));
                    let (severity, file) = (Severity::Warning, table.file());
                    findings.at(severity, "bad_number", Outcome::Dropped, file, row.line(), what);
                    None
                })
            });
            let first = *lines.entry(code.clone()).or_insert(row.line());
            if zones.get(&code).is_some_and(|before| *before != (zone, weight)) {
                let another = zones.get(&code).is_some_and(|(before, _)| *before != zone);
                if another && coverage.layout.key == CoverageKey::LocalAuthority {
                    let what = format!(
                        "line {}: {code} holds several neighbourhoods, and a local authority's figures do not tell them \
                         apart; give the output-area files",
                        row.line()
                    );
                    return Err(TableError::Format { file: table.file().to_owned(), what });
                }
                let (file, second) = (table.file().to_owned(), row.line());
                return Err(TableError::DuplicateId {
                    file,
                    id: code,
                    unit: table.unit(),
                    first,
                    second,
                });
            }
            zones.entry(code).or_insert((zone, weight));
        }
        let what = "areas of the broadband file whose neighbourhood is blank or a sign for nothing";
        homeless.tell(&table, "blank_code", what, findings);
        let what = "rows of a neighbourhood whose area is blank or a sign for nothing";
        codeless.tell(&table, "blank_code", what, findings);
        let what = "areas of the broadband file whose neighbourhood has a code that is written like none of the \
                    neighbourhoods'";
        malformed.tell(&table, "bad_code", what, findings);
        let known: FxHashSet<NeighbourhoodIdx> = zones.values().map(|(zone, _)| *zone).collect();
        let id = |zone: &NeighbourhoodIdx| neighbourhoods.zones[*zone].id.as_str();
        let what = format!(
            "neighbourhoods to lookup ({}, column {})",
            table.file(),
            table.header().name(to)
        );
        let neighbours = JoinReport::of(what, by_id.keys().copied(), known.iter().map(id));
        let covered = JoinReport::of(
            COVERED,
            zones.keys().map(String::as_str),
            coverage.areas.iter().map(|a| a.code.as_str()),
        );
        Ok(Lookup { zones, joins: vec![neighbours, covered] })
    }
}

/// Rows of a lookup that join nothing, as one of their two codes cannot be right.
#[derive(Clone, Copy, Default)]
struct LostLookupRows {
    count: u64,
    first: u64,
}

impl LostLookupRows {
    fn add(&mut self, row: &TableRow, counts: bool) {
        if counts && self.count == 0 {
            self.first = row.line();
        }
        self.count += u64::from(counts);
    }

    fn tell(self, table: &InputTable, code: &'static str, which: &str, findings: &mut Findings) {
        let what = format!(
            "{which}: their premises are in no neighbourhood's shares; the first is {} {}",
            table.unit(),
            self.first
        );
        findings.count(Severity::Error, code, Outcome::Dropped, table.file(), self.count, what);
    }
}

/// How a code is written: its letters and digits by their kind, other signs as they are.
fn form(code: &str) -> String {
    let kind = |c: char| {
        if c.is_ascii_digit() {
            '9'
        } else if c.is_alphabetic() {
            'A'
        } else {
            c
        }
    };
    code.chars().map(kind).collect()
}

fn own_code(coverage: &CoverageRelease, code: &str) -> String {
    if coverage.layout.key == CoverageKey::Postcode { postcode_key(code) } else { code.to_owned() }
}

/// The local authority of each neighbourhood, by a lookup that has both, or as its own code.
pub(super) fn authorities(
    path: Option<&Path>,
    codes: &FxHashSet<String>,
    neighbourhoods: &Neighbourhoods,
    findings: &mut Findings,
) -> Result<FxHashMap<NeighbourhoodIdx, String>, TableError> {
    let by_id = neighbourhoods.by_id();
    let Some(path) = path else {
        let own = by_id.iter().filter(|(id, _)| codes.contains(**id));
        return Ok(own.map(|(id, zone)| (*zone, (*id).to_owned())).collect());
    };
    let areas = codes.iter().map(|code| AreaCoverage {
        code: code.clone(),
        premises: None,
        values: Default::default(),
    });
    let layout = super::layouts::of_authorities();
    let coverage = CoverageRelease { layout, release: None, areas: areas.collect() };
    let (from, to) = columns(path, &coverage, neighbourhoods)?;
    let mut table = InputTable::open(path)?;
    let (mut found, mut row) = (FxHashMap::default(), TableRow::default());
    while table.next(&mut row, findings)? {
        let zone = row.text(to).and_then(|id| by_id.get(id.as_ref()).copied());
        let code = row.text(from).map(|code| code.into_owned()).filter(|code| codes.contains(code));
        if let (Some(zone), Some(code)) = (zone, code)
            && let Some(before) = found.insert(zone, code.clone())
            && before != code
        {
            let id = neighbourhoods.zones[zone].id.clone();
            let what = format!(
                "line {}: {id} lies in {before} and in {code}; give a lookup with one of them",
                row.line()
            );
            return Err(TableError::Format { file: table.file().to_owned(), what });
        }
    }
    Ok(found)
}

/// The columns of the coverage's codes and of the neighbourhoods'.
fn columns(
    path: &Path,
    coverage: &CoverageRelease,
    neighbourhoods: &Neighbourhoods,
) -> Result<(TableColumn, TableColumn), TableError> {
    let mut table = InputTable::open(path)?;
    let codes: FxHashSet<&str> = coverage.areas.iter().map(|a| a.code.as_str()).collect();
    let ids: FxHashSet<&str> = neighbourhoods.zones.iter().map(|n| n.id.as_str()).collect();
    let areas: Vec<(TableColumn, AreaKind)> =
        area_columns(table.header()).into_iter().map(|(column, kind, _)| (column, kind)).collect();
    let own = table.header().find(&neighbourhoods.key_column);
    let from: Vec<TableColumn> = match coverage.layout.key {
        CoverageKey::Postcode => table.column("postcode", None, &POSTCODE)?.into_iter().collect(),
        CoverageKey::OutputArea | CoverageKey::LocalAuthority | CoverageKey::Block => {
            areas.iter().map(|(column, _)| *column).collect()
        }
    };
    let to: Vec<TableColumn> =
        own.into_iter().chain(areas.iter().map(|(column, _)| *column)).collect();
    let (mut from_hits, mut to_hits) = (hits(&from), hits(&to));
    let (mut row, mut unused) = (TableRow::default(), Findings::new());
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
            CoverageKey::Postcode => &POSTCODE,
            CoverageKey::OutputArea => &["OA21CD, holding codes of the broadband file"],
            CoverageKey::Block => &["GEOID, holding codes of the broadband file"],
            CoverageKey::LocalAuthority => &["LAD23CD, holding codes of the broadband file"],
        };
        table.no_column(role, wanted)
    })?;
    let to = fullest(to_hits).ok_or_else(|| {
        let wanted = format!("{}, holding codes of the neighbourhoods", neighbourhoods.key_column);
        table.no_column("the neighbourhoods' codes", &[&wanted])
    })?;
    Ok((from, to))
}

type Hits<'a> = Vec<(TableColumn, FxHashSet<&'a str>)>;

fn hits<'a>(columns: &[TableColumn]) -> Hits<'a> {
    columns.iter().map(|c| (*c, FxHashSet::default())).collect()
}

/// The column with the most codes found, the first of several; none if nothing was found.
fn fullest(hits: Hits<'_>) -> Option<TableColumn> {
    let counted =
        hits.into_iter().map(|(column, found)| (found.len(), column)).filter(|(n, _)| *n > 0);
    counted.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, column)| column)
}
