//! Ofcom's mobile coverage by local authority: the share of premises (or of the ground) that
//! exactly 0, 1, 2, 3 or all 4 operators serve.
//!
//! The files hold shares by number of operators, `4G_prem_out_0` to `4G_prem_out_4`; a blank is 0.
//! They say nothing below a local authority, so that every neighbourhood of one has the same
//! figures.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use super::lookup::authorities;
use crate::finding::{Findings, Outcome, Severity};
use crate::ids::{IdxVec, NeighbourhoodIdx};
use crate::inputs::attributes::{AttributeColumn, AttributeTable, AttributeValues};
use crate::inputs::neighbourhoods::Neighbourhoods;
use crate::inputs::project::BroadbandInput;
use crate::inputs::tables::{
    BlankCodes, InputTable, JoinReport, TableColumn, TableError, TableRow, key_of,
};

/// Shares are rounded to a place or two, five of them.
const ROUNDING: f64 = 0.6;

/// What is served and where: the beginnings of the columns' names, and what they say.
const FAMILIES: [(&str, &str); 11] = [
    ("4G_prem_out", "4G outdoors at premises"),
    ("4G_prem_in", "4G indoors at premises"),
    ("4G_geo_out", "4G outdoors, share of the ground"),
    ("Voice_prem_out", "calls outdoors at premises"),
    ("Voice_prem_in", "calls indoors at premises"),
    ("Voice_geo_out", "calls outdoors, share of the ground"),
    ("Text_prem_out", "texts outdoors at premises"),
    ("5G_high_confidence_prem_out", "5G outdoors at premises, high confidence"),
    ("5G_very_high_confidence_prem_out", "5G outdoors at premises, very high confidence"),
    ("5G_high_confidence_geo_out", "5G outdoors, share of the ground, high confidence"),
    ("5G_very_high_confidence_geo_out", "5G outdoors, share of the ground, very high confidence"),
];

/// Shares by the number of operators, 0 to 4, in per cent.
type OperatorShares = [f64; 5];

/// Reads the file, and gives each neighbourhood the figures of its local authority. For each kind
/// there are two columns: the share that any operator serves, and the share that all do.
///
/// # Errors
/// When the file has none of the columns, a local authority stands twice, or less than 98 % of the
/// neighbourhoods find theirs.
pub fn read(
    path: &Path,
    input: &BroadbandInput,
    neighbourhoods: &Neighbourhoods,
    findings: &mut Findings,
) -> Result<AttributeTable, TableError> {
    let mut table = InputTable::open(path)?;
    let code = table.required("local authority", None, &["laua", "lad_code", "laua_code"])?;
    let families = families(&table)?;
    let mut by_code: FxHashMap<String, (Vec<Option<OperatorShares>>, u64)> = FxHashMap::default();
    let (mut row, mut odd, mut blanks) = (TableRow::default(), 0, BlankCodes::default());
    while table.next(&mut row, findings)? {
        let Some(id) = row.code(code).map(|t| t.into_owned()) else {
            blanks
                .add(&row, families.iter().any(|(_, c)| c.iter().any(|c| row.text(*c).is_some())));
            continue;
        };
        let mut shares: Vec<Option<OperatorShares>> = Vec::new();
        for (_, columns) in &families {
            shares.push(shares_of(&table, &row, columns, findings));
        }
        let known = shares.iter().flatten();
        odd += known.filter(|s| (s.iter().sum::<f64>() - 100.0).abs() > ROUNDING).count() as u64;
        if let Some((_, first)) = by_code.insert(id.clone(), (shares, row.line())) {
            let (file, second) = (table.file().to_owned(), row.line());
            return Err(TableError::DuplicateId { file, id, unit: "line", first, second });
        }
    }
    blanks.tell(&table, "of mobile coverage", findings);
    let what = "shares by number of operators that do not add up to 100 %";
    findings.count(Severity::Warning, "odd_coverage", Outcome::Kept, table.file(), odd, what);
    let codes: FxHashSet<String> = by_code.keys().cloned().collect();
    let of_zone = authorities(input.lookup.as_deref(), &codes, neighbourhoods, findings)?;
    let found = of_zone.keys().map(|zone| neighbourhoods.zones[*zone].id.as_str());
    let what = format!("neighbourhoods to mobile coverage ({}), by local authority", table.file());
    let join = JoinReport::of(what, neighbourhoods.zones.iter().map(|n| n.id.as_str()), found);
    join.accept_and_tell(input.allow_unmatched, table.file(), findings)?;
    let values = |family: usize, share: fn(&[f64; 5]) -> f64| {
        let of = |zone: NeighbourhoodIdx| {
            let (shares, _) = by_code.get(of_zone.get(&zone)?)?;
            shares.get(family)?.as_ref().map(share)
        };
        AttributeValues::Numbers(
            neighbourhoods.zones.indices().map(of).collect::<IdxVec<NeighbourhoodIdx, _>>(),
        )
    };
    let mut columns = Vec::new();
    for (n, (family, _)) in families.iter().enumerate() {
        let (name, says) = FAMILIES[*family];
        let mut add = |which: &str, meaning: &str, share: fn(&[f64; 5]) -> f64| {
            columns.push(AttributeColumn {
                key: format!("{}_{which}_pct", key_of(name)),
                label: format!("{says}: share that {meaning}, of the whole local authority"),
                values: values(n, share),
            });
        };
        add("any", "at least one operator serves", |s| round(100.0 - s[0]));
        add("all", "all four operators serve", |s| s[4]);
    }
    let source = crate::inputs::file_name(path);
    Ok(AttributeTable { name: "mobile".to_owned(), source, columns, join: Some(join) })
}

/// A blank is 0, but a text that is no share is not: nothing is then known of this kind.
fn shares_of(
    table: &InputTable,
    row: &TableRow,
    columns: &[TableColumn; 5],
    findings: &mut Findings,
) -> Option<OperatorShares> {
    let mut shares = [0.0; 5];
    for (share, column) in shares.iter_mut().zip(columns) {
        let Some(text) = row.text(*column) else { continue };
        match row.number(*column) {
            Ok(Some(number)) if (0.0..=100.0 + ROUNDING).contains(&number) => *share = number,
            _ => {
                let name = table.header().name(*column);
                let what = format!("{name} = {text:?} is not from 0 to 100: taken as not known");
                findings.at(
                    Severity::Warning,
                    "bad_number",
                    Outcome::Dropped,
                    table.file(),
                    row.line(),
                    what,
                );
                return None;
            }
        }
    }
    Some(shares)
}

/// Without the dust that taking off leaves.
fn round(share: f64) -> f64 {
    (share * 1e6).round() / 1e6
}

/// Which kinds the file has, each with its five columns.
fn families(table: &InputTable) -> Result<Vec<(usize, [TableColumn; 5])>, TableError> {
    let mut found = Vec::new();
    for (n, (name, _)) in FAMILIES.iter().enumerate() {
        let columns: Vec<TableColumn> = (0..5)
            .filter_map(|operators| table.header().find(&format!("{name}_{operators}")))
            .collect();
        match <[TableColumn; 5]>::try_from(columns) {
            Ok(columns) => found.push((n, columns)),
            Err(some) if some.is_empty() => {}
            Err(_) => {
                let wanted: Vec<String> =
                    (0..5).map(|operators| format!("{name}_{operators}")).collect();
                let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
                return Err(table.no_column("shares by number of operators", &wanted));
            }
        }
    }
    if found.is_empty() {
        return Err(
            table.no_column("mobile coverage", &["4G_prem_out_0", "4G_prem_in_0", "… to _4"])
        );
    }
    Ok(found)
}
