//! Places of postcodes: the ONS Postcode Directory of any release, or a table of the user's own.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use super::located::POSTCODE;
use super::{Duplicates, PointsWanted, Row, Table, TableError, points};
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::LonLat;

/// Postcodes with the points they stand for.
#[derive(Clone, Debug, Default)]
pub struct Postcodes {
    points: FxHashMap<String, LonLat>,
}

impl Postcodes {
    /// Reads the places of those postcodes that are `wanted` (by their [`postcode_key`]), or of all.
    ///
    /// # Errors
    /// When the file has no postcodes or no coordinates.
    pub fn read(
        path: &Path,
        wanted: Option<&FxHashSet<String>>,
        findings: &mut Findings,
    ) -> Result<Postcodes, TableError> {
        let mut table = Table::open(path)?;
        table.required("postcode", None, &POSTCODE)?;
        let mut local = Findings::new();
        let asked = PointsWanted { id: &POSTCODE, duplicates: Duplicates::Number, ..PointsWanted::default() };
        let file = points::read_table(&mut table, &asked, &mut local)?;
        // A directory of two million postcodes has thousands without a grid reference: one line for all of them.
        for (first, count) in local.summary() {
            findings.count(
                first.severity.min(Severity::Warning),
                first.code,
                first.outcome,
                first.file,
                count,
                first.what,
            );
        }
        let mut known = FxHashMap::default();
        for row in file.points {
            let key = postcode_key(&row.id);
            if wanted.is_none_or(|w| w.contains(&key)) {
                known.entry(key).or_insert(row.point);
            }
        }
        if known.is_empty() {
            let what = "none of the postcodes asked for is in the postcode file";
            findings.count(Severity::Warning, "no_postcode", Outcome::Kept, table.file(), 1, what);
        }
        Ok(Postcodes { points: known })
    }

    /// The postcodes of a register, so that only these need be read from a directory.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn named_in(path: &Path) -> Result<FxHashSet<String>, TableError> {
        let mut table = Table::open(path)?;
        let mut found = FxHashSet::default();
        let Some(column) = table.column("postcode", None, &POSTCODE)? else { return Ok(found) };
        let (mut row, mut unused) = (Row::default(), Findings::new());
        while table.next(&mut row, &mut unused)? {
            found.extend(row.text(column).map(|code| postcode_key(&code)));
        }
        Ok(found)
    }

    /// Where a postcode lies, however it is written.
    pub fn point(&self, code: &str) -> Option<LonLat> {
        self.points.get(&postcode_key(code)).copied()
    }

    /// How many are known.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }
}

/// A postcode as it is compared: capitals without blanks.
pub fn postcode_key(code: &str) -> String {
    code.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::tables::{AreaKind, Vintage, area_columns};

    /// The National Statistics Postcode Lookup names its columns by year: the release of 2025, and that of August 2026.
    const NSPL: [(&str, &str); 2] = [
        (
            "pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,gridind,oa21cd,cty25cd,ced25cd,lad25cd,wd25cd,\
             lsoa21cd,msoa21cd,lat,long,imd20ind,icb23cd",
            "2025",
        ),
        (
            "pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,gridind,oa21cd,cty26cd,ced26cd,lad26cd,wd26cd,\
             lsoa21cd,msoa21cd,lat,long,imd25ind,icb26cd",
            "2026",
        ),
    ];
    const ROW: &str = "NP201AA,NP20 1AA,NP20 1AA,198001,,0,331170,188120,1,W00008773,W99999999,W99999999,W06000022,W05001651,\
                       W01001600,W02000347,51.587300,-2.995700,900,W11000028\n";

    fn read(text: &str) -> Result<Postcodes, TableError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("NSPL.csv");
        std::fs::write(&path, text).expect("written");
        Postcodes::read(&path, None, &mut Findings::new())
    }

    #[test]
    fn the_national_statistics_postcode_lookup_is_read_by_whichever_year_its_columns_name() {
        for (header, year) in NSPL {
            let whole = format!("{header}\n{ROW}");
            let table = Table::from_bytes("NSPL.csv", whole.clone().into_bytes()).expect(year);
            let year: u16 = year.parse().expect("a year");
            let areas: Vec<_> =
                area_columns(table.header()).into_iter().map(|(_, kind, year)| (kind, year)).collect();
            assert_eq!(
                areas,
                [
                    (AreaKind::OutputArea, Some(Vintage(2021))),
                    (AreaKind::District, Some(Vintage(year))),
                    (AreaKind::Ward, Some(Vintage(year))),
                    (AreaKind::Lsoa, Some(Vintage(2021))),
                    (AreaKind::Msoa, Some(Vintage(2021))),
                ],
            );
            let point = |text: &str| read(text).expect("readable").point("np201aa").expect("known");
            let by_degrees = point(&whole);
            assert!((by_degrees.lat() - 51.5873).abs() < 1e-9 && (by_degrees.lon() + 2.9957).abs() < 1e-9);
            if cfg!(feature = "bng") {
                let by_grid = point(&whole.replace("lat,long", "a,b"));
                assert!((by_grid.lat() - by_degrees.lat()).abs() < 0.01, "{by_grid:?}");
                assert!((by_grid.lon() - by_degrees.lon()).abs() < 0.01, "{by_grid:?}");
            }
            let e = read(&whole.replace("lat,long", "a,b").replace("east1m", "c"))
                .map(|_| ())
                .expect_err("nowhere");
            assert!(e.to_string().contains("no coordinates"), "{e}");
        }
    }
}
