//! Places of postcodes: the ONS Postcode Directory of any release, or a table of the user's own.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use super::row_locations::POSTCODE;
use super::{Duplicates, InputTable, PointsWanted, TableError, TableRow, points};
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::{LonLat, Projection};
use crate::units::Metres;

/// Addresses of one postcode do not lie further than this from their middle.
const SPREAD: Metres = Metres::new(1_000.0);

/// Postcodes with the points they stand for.
#[derive(Clone, Debug, Default)]
pub struct Postcodes {
    points: FxHashMap<String, LonLat>,
}

impl Postcodes {
    /// Reads the places of those postcodes that are `wanted` (by their [`postcode_key`]), or of
    /// all.
    ///
    /// # Errors
    /// When the file has no postcodes or no coordinates.
    pub fn read(
        path: &Path,
        wanted: Option<&FxHashSet<String>>,
        findings: &mut Findings,
    ) -> Result<Postcodes, TableError> {
        let mut table = InputTable::open(path)?;
        table.required("postcode", None, &POSTCODE)?;
        let mut local = Findings::new();
        let asked =
            PointsWanted { id: &POSTCODE, duplicates: Duplicates::Keep, ..PointsWanted::default() };
        let file = points::read_table(&mut table, &asked, &mut local)?;
        // A directory of two million postcodes has thousands without a grid reference: one line for
        // all of them.
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
        let mut places: FxHashMap<String, Vec<LonLat>> = FxHashMap::default();
        for row in file.points {
            let key = postcode_key(&row.id);
            if wanted.is_none_or(|w| w.contains(&key)) {
                places.entry(key).or_default().push(row.point);
            }
        }
        let known = each_once(places, table.file(), findings);
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
        let mut table = InputTable::open(path)?;
        let mut found = FxHashSet::default();
        let Some(column) = table.column("postcode", None, &POSTCODE)? else { return Ok(found) };
        let (mut row, mut unused) = (TableRow::default(), Findings::new());
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

/// The one point of each postcode. Where a table of addresses has several for one, their middle is
/// it, unless they lie too far apart to be of one postcode.
#[expect(clippy::cast_precision_loss, reason = "addresses of a postcode")]
fn each_once(
    places: FxHashMap<String, Vec<LonLat>>,
    file: &str,
    findings: &mut Findings,
) -> FxHashMap<String, LonLat> {
    let (mut several, mut apart) = (0, 0);
    let mut known = FxHashMap::default();
    for (code, mut points) in places {
        let by_place =
            |a: &LonLat, b: &LonLat| a.lon().total_cmp(&b.lon()).then(a.lat().total_cmp(&b.lat()));
        points.sort_by(by_place);
        points.dedup();
        let n = points.len() as f64;
        let mean = |of: fn(LonLat) -> f64| points.iter().map(|p| of(*p)).sum::<f64>() / n;
        let Some(middle) = LonLat::new(mean(LonLat::lon), mean(LonLat::lat)) else { continue };
        let map = Projection::about(middle);
        let far = |p: &LonLat| map.project(*p).distance(map.project(middle)) > SPREAD;
        if points.len() > 1 && points.iter().any(far) {
            apart += 1;
            continue;
        }
        several += u64::from(points.len() > 1);
        known
            .insert(code, if n > 1.0 { middle } else { points.first().copied().unwrap_or(middle) });
    }
    let what = "postcodes with several places near each other: the middle of these counts";
    findings.count(Severity::Info, "postcode_twice", Outcome::Repaired, file, several, what);
    let what = "postcodes with places more than a kilometre from their middle: not known";
    findings.count(Severity::Warning, "postcode_twice", Outcome::Dropped, file, apart, what);
    known
}

/// A postcode as it is compared: capitals without blanks.
pub fn postcode_key(code: &str) -> String {
    code.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::tables::{AreaKind, Vintage, area_columns};

    /// The National Statistics Postcode Lookup names its columns by year: the release of 2025, and
    /// that of August 2026.
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
            let table = InputTable::from_bytes("NSPL.csv", whole.clone().into_bytes()).expect(year);
            let year: u16 = year.parse().expect("a year");
            let areas: Vec<_> = area_columns(table.header())
                .into_iter()
                .map(|(_, kind, year)| (kind, year))
                .collect();
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
            assert!(
                (by_degrees.lat() - 51.5873).abs() < 1e-9
                    && (by_degrees.lon() + 2.9957).abs() < 1e-9
            );
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
