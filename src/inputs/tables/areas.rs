//! Statistical areas: the columns that hold their codes, the census they were drawn for, and joins
//! between files.
//!
//! Output areas of 2011 and 2021 have codes that look alike and are mostly the same, so that a join
//! across vintages loses a few per cent of the people without a word. Every join by code is
//! therefore measured.

use std::fmt;

use rustc_hash::FxHashSet;
use serde::Serialize;

use super::header::{TableColumn, TableHeader};
use super::{TableError, key_of};
use crate::finding::{Finding, Findings, Outcome, Severity};
use crate::units::Share;

/// The share of codes below which two files are held to be of different vintages.
const WANTED_MATCH: Share = Share(0.98);

/// What a code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AreaKind {
    /// Output area.
    OutputArea,
    /// Lower layer super output area, Scottish data zone, Northern Irish super output area.
    Lsoa,
    /// Middle layer super output area.
    Msoa,
    /// Workplace zone.
    WorkplaceZone,
    /// Electoral ward.
    Ward,
    /// Local authority district.
    District,
    /// Something else; the column only says "code".
    Other,
}

/// The year an area's boundaries were drawn for, such as 2011 or 2021.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Vintage(pub u16);

/// What a column name says about the codes in it: `LSOA21CD` holds LSOAs of 2021. `None` when it
/// holds no codes.
pub fn area_column(name: &str) -> Option<(AreaKind, Option<Vintage>)> {
    let key = key_of(name);
    let without = |key: &str, suffix: &str| key.strip_suffix(suffix).map(str::to_owned);
    if matches!(
        key.as_str(),
        "mnemonic"
            | "geography_code"
            | "area_code"
            | "areacd"
            | "geogcode"
            | "code"
            | "geoid"
            | "geoid10"
            | "geoid20"
    ) {
        return Some((AreaKind::Other, None));
    }
    let said = ["_code", "_cd", "code", "cd"].iter().find_map(|s| without(&key, s));
    let bare = said.clone().unwrap_or_else(|| key.clone());
    let (stem, year) = split_year(&bare);
    let (stem, year) = match stem.strip_suffix("_code") {
        Some(stem) => (stem, year),
        None => (stem, year),
    };
    let kind = match stem {
        "oa" | "output_area" => AreaKind::OutputArea,
        "lsoa" | "dz" | "datazone" | "data_zone" | "soa" => AreaKind::Lsoa,
        "msoa" | "iz" | "intzone" => AreaKind::Msoa,
        "wz" | "wpz" | "workplace_zone" => AreaKind::WorkplaceZone,
        "wd" | "ward" | "osward" => AreaKind::Ward,
        "lad" | "laua" | "oslaua" | "la" | "ltla" | "utla" | "local_authority_district" => {
            AreaKind::District
        }
        _ => return None,
    };
    Some((kind, year))
}

/// All columns of a header that hold area codes, in its order.
pub fn area_columns(header: &TableHeader) -> Vec<(TableColumn, AreaKind, Option<Vintage>)> {
    let of = |c: TableColumn| area_column(header.name(c)).map(|(kind, year)| (c, kind, year));
    header.columns().filter_map(of).collect()
}

/// `lsoa21` → `lsoa` and 2021, `lsoa_code_2011` → `lsoa_code` and 2011.
fn split_year(text: &str) -> (&str, Option<Vintage>) {
    let stem = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = text.get(stem.len()..).unwrap_or_default();
    let year = match digits.len() {
        2 => digits.parse().ok().map(|y: u16| Vintage(2000 + y)),
        4 => digits.parse().ok().filter(|y| (1990..2100).contains(y)).map(Vintage),
        _ => None,
    };
    match year {
        Some(_) => (stem.trim_end_matches('_'), year),
        None => (text, None),
    }
}

/// How well the codes of one file are known to another; stands in the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JoinReport {
    /// What was joined to what.
    pub what: String,
    /// How many different codes were found on the other side.
    pub matched: u64,
    /// How many different codes were looked for.
    pub total: u64,
    /// Up to three codes that were not found.
    pub unmatched_examples: Vec<String>,
    /// Up to three codes of the other side, to compare.
    pub known_examples: Vec<String>,
    /// How many were not found that differ in capitals and signs alone from one of the other side.
    #[serde(skip)]
    pub nearly: u64,
}

/// Findings of rows that take no part in a join, whatever their codes.
const LOST: [&str; 6] = [
    "too_few_cells",
    "too_many_cells",
    "blank_code",
    "bad_code",
    "missing_coordinate",
    "bad_coordinate",
];

/// A code without what people write in several ways.
fn squeezed(code: &str) -> String {
    code.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

impl JoinReport {
    /// Looks each code of `wanted` up in `known`.
    pub fn of<'a>(
        what: impl Into<String>,
        wanted: impl IntoIterator<Item = &'a str>,
        known: impl IntoIterator<Item = &'a str>,
    ) -> JoinReport {
        let known: FxHashSet<&str> = known.into_iter().collect();
        let wanted: FxHashSet<&str> = wanted.into_iter().collect();
        let matched = wanted.iter().filter(|code| known.contains(*code)).count() as u64;
        let unmatched = || wanted.iter().filter(|code| !known.contains(*code)).copied();
        let nearly = if matched < wanted.len() as u64 {
            let like: FxHashSet<String> = known.iter().map(|code| squeezed(code)).collect();
            unmatched().filter(|code| like.contains(&squeezed(code))).count() as u64
        } else {
            0
        };
        JoinReport {
            what: what.into(),
            matched,
            total: wanted.len() as u64,
            unmatched_examples: first_three(unmatched()),
            known_examples: first_three(known.iter().copied()),
            nearly,
        }
    }

    /// The share of codes that matched; 0 when none were looked for.
    #[expect(clippy::cast_precision_loss, reason = "counts of areas are far below 2^52")]
    pub fn share(&self) -> Share {
        Share::of(self.matched as f64, self.total as f64).unwrap_or_default()
    }

    /// Whether enough codes matched: 98 %.
    pub fn is_enough(&self) -> bool {
        self.share() >= WANTED_MATCH
    }

    /// What to do where too few codes matched; `lost` are rows that were left out for another
    /// reason.
    fn advice(&self, lost: Option<(&Finding, u64)>) -> String {
        let go_on = "set `allow_unmatched = true` beside the file to go on with what matched";
        let unmatched = self.total - self.matched;
        match lost {
            Some((first, rows)) => format!(
                "{rows} rows of {} were left out (`{}`: {}), whose codes may be those that are missing: mend these rows, \
                 or {go_on}",
                first.file, first.code, first.what
            ),
            None if self.known_examples.is_empty() => {
                "the other side has no code at all: is it the right file, and has it any rows?"
                    .to_owned()
            }
            None if 2 * self.nearly > unmatched => {
                format!(
                    "the codes differ in capitals, blanks or signs: write them alike, or {go_on}"
                )
            }
            None => format!(
                "the files are likely of different years (2011 and 2021 codes look alike): take files of one year or give \
                 a lookup, or {go_on}"
            ),
        }
    }

    /// The first of the findings that rows of the two files were left out by, and how many rows.
    fn lost<'f>(&self, file: &str, findings: &'f Findings) -> Option<(&'f Finding, u64)> {
        let ours =
            |f: &&Finding| f.file == file || !f.file.is_empty() && self.what.contains(&f.file);
        let lost = || findings.iter().filter(ours).filter(|f| LOST.contains(&f.code));
        lost().next().map(|first| (first, lost().map(|f| f.count).sum()))
    }
}

impl JoinReport {
    /// Nothing, when enough codes matched. What did not becomes a finding of `file`.
    ///
    /// # Errors
    /// Below 98 %, unless the user allows it.
    pub fn accept_and_tell(
        &self,
        allow_unmatched: bool,
        file: &str,
        findings: &mut Findings,
    ) -> Result<(), TableError> {
        if !allow_unmatched && !self.is_enough() {
            let advice = self.advice(self.lost(file, findings));
            return Err(TableError::Unmatched { report: Box::new(self.clone()), advice });
        }
        let severity = if self.is_enough() { Severity::Info } else { Severity::Warning };
        let unmatched = self.total - self.matched;
        findings.count(
            severity,
            "unmatched_code",
            Outcome::Dropped,
            file,
            unmatched,
            self.to_string(),
        );
        Ok(())
    }
}

impl fmt::Display for JoinReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let JoinReport { what, matched, total, .. } = self;
        write!(f, "{what}: {matched} of {total} codes matched ({:.1} %)", self.share().percent())?;
        if !self.unmatched_examples.is_empty() {
            write!(f, "; not found: {}", self.unmatched_examples.join(", "))?;
            if !self.known_examples.is_empty() {
                write!(f, "; the other side has: {}", self.known_examples.join(", "))?;
            }
        }
        Ok(())
    }
}

/// The smallest three, so that the examples do not depend on the order of a set.
fn first_three<'a>(codes: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut codes: Vec<&str> = codes.collect();
    codes.sort_unstable();
    codes.into_iter().take(3).map(str::to_owned).collect()
}
