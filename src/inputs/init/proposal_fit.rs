//! Which of what was recognised belongs to one study: what is doubtful is left out, with the
//! reason.

use std::cmp::Reverse;
use std::path::Path;

use super::area::{
    CodeColumn, CodeColumns, CountOf, ProposedNeighbourhoods, extract, points, stops,
};
use super::recognise::RecognisedFiles;
use crate::inputs::crs::Bounds;
use crate::inputs::tables::AreaKind;

/// Why a long table is left out.
const LONG: &str =
    "an area's code stands in several of its rows; give a table with one row for each area";

/// A file that is not proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedFile {
    /// Its name.
    pub file: String,
    /// What it was taken for and why it is left out.
    pub why: String,
}

/// Takes out what does not fit the likeliest neighbourhoods on the map.
pub(super) fn keep_what_fits(found: &mut RecognisedFiles, dir: &Path) {
    let mut fit = ProposalFit { dir, left_out: Vec::new() };
    fit.editions(found);
    let zones = fit.neighbourhoods(found);
    if let Some(zones) = &zones {
        fit.maps(found, zones);
        fit.feeds(found, zones);
        fit.origins(found, zones);
        fit.registers(found, zones);
        fit.jobs(found, zones);
        fit.by_code(&mut found.population, "the number of people", zones);
        fit.by_code(&mut found.deprivation, "deprivation", zones);
        fit.postcodes(found, zones);
    }
    fit.broadband(found, zones.as_ref());
    fit.releases(found);
    found.left_out.append(&mut fit.left_out);
}

struct ProposalFit<'a> {
    dir: &'a Path,
    left_out: Vec<RejectedFile>,
}

impl ProposalFit<'_> {
    /// The first reason is the one that is told.
    fn leave_out(&mut self, file: &str, why: impl Into<String>) {
        if self.left_out.iter().any(|left| left.file == file) {
            return;
        }
        self.left_out.push(RejectedFile { file: file.to_owned(), why: why.into() });
    }

    /// Of extracts of one area the newest.
    fn editions(&mut self, found: &mut RecognisedFiles) {
        let heads: Vec<_> = found.osm.iter().map(|file| extract(&self.dir.join(file))).collect();
        let mut kept: Vec<usize> = (0..heads.len()).collect();
        let age = |n: &usize| (heads[*n].and_then(|head| head.taken), *n);
        kept.sort_by_key(|n| Reverse(age(n)));
        let mut newest: Vec<usize> = Vec::new();
        for n in kept {
            let area = |n: usize| heads[n].and_then(|head| head.bounds);
            let twin = newest
                .iter()
                .find(|new| area(n).zip(area(**new)).is_some_and(|(a, b)| alike(a, b)));
            match twin {
                Some(new) => {
                    let why =
                        format!("streets: an older edition of the area of {}", found.osm[*new]);
                    self.leave_out(&found.osm[n].clone(), why);
                }
                None => newest.push(n),
            }
        }
        newest.sort_unstable();
        found.osm = newest.into_iter().map(|n| found.osm[n].clone()).collect();
    }

    /// The first of the likely neighbourhoods that lie on a map, if any map says where it lies.
    fn neighbourhoods(&mut self, found: &mut RecognisedFiles) -> Option<ProposedNeighbourhoods> {
        let maps: Vec<Bounds> =
            found.osm.iter().filter_map(|file| extract(&self.dir.join(file))?.bounds).collect();
        let on_map = |zones: &ProposedNeighbourhoods| {
            maps.is_empty() || maps.iter().any(|map| zones.meet(*map))
        };
        let mut chosen = None;
        let mut rest = Vec::new();
        for polygons in std::mem::take(&mut found.polygons) {
            let zones = ProposedNeighbourhoods::read(self.dir, &polygons);
            match zones {
                Some(zones) if !on_map(&zones) => {
                    self.leave_out(
                        &polygons.file,
                        "neighbourhoods: they lie off every map of the folder",
                    );
                }
                Some(zones) if chosen.is_none() => {
                    chosen = Some(zones);
                    rest.insert(0, polygons);
                }
                _ => rest.push(polygons),
            }
        }
        found.polygons = rest;
        chosen
    }

    fn maps(&mut self, found: &mut RecognisedFiles, zones: &ProposedNeighbourhoods) {
        let elsewhere = |file: &String| {
            extract(&self.dir.join(file))
                .and_then(|head| head.bounds)
                .is_some_and(|map| !zones.meet(map))
        };
        let (away, here): (Vec<_>, Vec<_>) =
            std::mem::take(&mut found.osm).into_iter().partition(elsewhere);
        found.osm = here;
        away.iter().for_each(|file| self.leave_out(file, "streets: far from the neighbourhoods"));
    }

    fn feeds(&mut self, found: &mut RecognisedFiles, zones: &ProposedNeighbourhoods) {
        let elsewhere =
            |file: &String| stops(&self.dir.join(file)).is_some_and(|stops| !zones.meet(stops));
        let (away, here): (Vec<_>, Vec<_>) =
            std::mem::take(&mut found.gtfs).into_iter().partition(elsewhere);
        found.gtfs = here;
        away.iter()
            .for_each(|file| self.leave_out(file, "timetables: no stop near the neighbourhoods"));
    }

    /// The points that most neighbourhoods have one of; of equal ones those with a number of
    /// people, then the most.
    fn origins(&mut self, found: &mut RecognisedFiles, zones: &ProposedNeighbourhoods) {
        let mut fitting = Vec::new();
        for (file, weight) in std::mem::take(&mut found.origins) {
            let Some(points) = points(&self.dir.join(&file)) else {
                self.leave_out(&file, "points where people live: no place can be read from it");
                continue;
            };
            let part = zones.with_a_point(&points);
            if 2 * part.of < part.all {
                let why = format!(
                    "points where people live: {} of {} neighbourhoods have one",
                    part.of, part.all
                );
                self.leave_out(&file, why);
                continue;
            }
            fitting.push((Reverse((part.of, weight.is_some(), points.len())), (file, weight)));
        }
        fitting.sort_by_key(|(rank, _)| *rank);
        found.origins = fitting.into_iter().map(|(_, origins)| origins).collect();
    }

    fn registers(&mut self, found: &mut RecognisedFiles, zones: &ProposedNeighbourhoods) {
        for (category, file) in std::mem::take(&mut found.registers) {
            // Those that have postcodes alone are placed later.
            match points(&self.dir.join(&file)).filter(|points| !points.is_empty()) {
                Some(points) if zones.near(&points).of == 0 => {
                    let why = format!(
                        "places of `{category}`: none of its {} lies near the neighbourhoods",
                        points.len()
                    );
                    self.leave_out(&file, why);
                }
                _ => found.registers.push((category, file)),
            }
        }
    }

    fn jobs(&mut self, found: &mut RecognisedFiles, zones: &ProposedNeighbourhoods) {
        for file in std::mem::take(&mut found.jobs) {
            let path = self.dir.join(&file);
            let near = points(&path).map(|points| zones.near(&points));
            let column = zones.columns_of(&path).and_then(|coded| best(&coded).cloned());
            let known = column.as_ref().map(|column| column.zones);
            match (near, known) {
                (Some(near), _) if near.of > 0 => found.jobs.push(file),
                (None, Some(known))
                    if known.is_nearly_all() && column.is_some_and(|c| c.repeated) =>
                {
                    self.leave_out(&file, format!("jobs: {LONG}"));
                }
                (_, Some(known)) if known.is_nearly_all() => found.jobs.push(file),
                (Some(_), _) => self.leave_out(&file, "jobs: none near the neighbourhoods"),
                (None, known) => self.leave_out(&file, format!("jobs: {}", few(known))),
            }
        }
    }

    /// Tables by the neighbourhoods' own codes.
    fn by_code(&mut self, files: &mut Vec<String>, what: &str, zones: &ProposedNeighbourhoods) {
        for file in std::mem::take(files) {
            let column =
                zones.columns_of(&self.dir.join(&file)).and_then(|coded| finest(&coded).cloned());
            match column {
                Some(column) if column.zones.is_nearly_all() && column.repeated => {
                    self.leave_out(&file, format!("{what}: {LONG}"));
                }
                Some(column) if column.zones.is_nearly_all() => files.push(file),
                column => {
                    self.leave_out(
                        &file,
                        format!("{what}: {}", few(column.map(|column| column.zones))),
                    );
                }
            }
        }
    }

    /// Of directories of postcodes the last by name that knows the neighbourhoods, as far as can be
    /// told.
    fn postcodes(&mut self, found: &mut RecognisedFiles, zones: &ProposedNeighbourhoods) {
        let knows = |file: &String| {
            let path = self.dir.join(file);
            let coded = zones.columns_of(&path);
            coded.map_or((false, 0), |coded| {
                // Without codes of areas, its places tell.
                if best(&coded).is_none() {
                    let near = points(&path).map_or(0, |points| zones.near(&points).of);
                    return (near > 0, near);
                }
                let of = best(&coded).map_or(0, |column| column.zones.of);
                (of > 0 || !coded.whole, of)
            })
        };
        let mut fitting: Vec<(usize, String)> = Vec::new();
        for file in std::mem::take(&mut found.postcodes) {
            match knows(&file) {
                (true, of) => fitting.push((of, file)),
                (false, _) => self.leave_out(&file, "postcodes: it has none of the neighbourhoods"),
            }
        }
        fitting.sort();
        found.postcodes = fitting.into_iter().rev().map(|(_, file)| file).collect();
    }

    /// Of coverage the last release: several would be one area's premises counted twice.
    fn releases(&mut self, found: &mut RecognisedFiles) {
        for files in &mut found.broadband {
            let last = files.iter().filter_map(|file| release(file)).max();
            let (old, new): (Vec<_>, Vec<_>) = std::mem::take(files)
                .into_iter()
                .partition(|file| release(file).is_some() && release(file) != last);
            *files = new;
            old.iter().for_each(|file| self.leave_out(file, "broadband: an older release"));
        }
    }

    /// Coverage that the neighbourhoods' codes, or a lookup, lead to.
    fn broadband(&mut self, found: &mut RecognisedFiles, zones: Option<&ProposedNeighbourhoods>) {
        let lookups = std::mem::take(&mut found.lookup);
        let files = std::mem::take(&mut found.broadband);
        let Some(zones) = zones else {
            (found.broadband, found.lookup) = (files, lookups);
            return;
        };
        let coded = |file: &String| zones.columns_of(&self.dir.join(file));
        let tables: Vec<(String, Option<CodeColumns>)> =
            lookups.into_iter().map(|file| (file.clone(), coded(&file))).collect();
        let mut used: Vec<String> = Vec::new();
        let mut unfit: Vec<(String, String)> = Vec::new();
        for (place, files) in files.into_iter().enumerate() {
            for file in files {
                let Some(own) = coded(&file).and_then(|coded| coded.columns.into_iter().next())
                else {
                    unfit.push((file, "broadband: it has no column of codes".to_owned()));
                    continue;
                };
                let lookup =
                    tables.iter().find(|(_, table)| table.as_ref().is_some_and(|t| leads(t, &own)));
                match lookup {
                    _ if own.zones.is_nearly_all() => found.broadband[place].push(file),
                    Some((lookup, _)) => {
                        found.broadband[place].push(file);
                        used.push(lookup.clone());
                    }
                    None => unfit.push((file, format!("broadband: {}", no_way(&own)))),
                }
            }
        }
        unfit.iter().for_each(|(file, why)| self.leave_out(file, why.as_str()));
        let any = found.broadband.iter().any(|files| !files.is_empty());
        for (file, _) in tables {
            if !used.contains(&file) && !found.postcodes.contains(&file) {
                let why = if any {
                    "it does not lead from the coverage to the neighbourhoods"
                } else {
                    "no broadband file needs it"
                };
                self.leave_out(&file, format!("a lookup between areas: {why}"));
            }
        }
        used.dedup();
        found.lookup = used;
    }
}

/// The year and month in the name of one of Ofcom's files, as in
/// `202501_fixed_oa_coverage_r01.csv`.
fn release(file: &str) -> Option<u32> {
    let words = file.split(|c: char| !c.is_ascii_digit()).filter(|word| word.len() == 6);
    words.filter_map(|word| word.parse().ok()).find(|release| (200_001..=209_912).contains(release))
}

/// Whether two boxes cover nearly the same.
fn alike(a: Bounds, b: Bounds) -> bool {
    let size = |b: Bounds| (b.lon.1 - b.lon.0) * (b.lat.1 - b.lat.0);
    let side = |a: (f64, f64), b: (f64, f64)| (a.1.min(b.1) - a.0.max(b.0)).max(0.0);
    let both = side(a.lon, b.lon) * side(a.lat, b.lat);
    both >= 0.9 * size(a).max(size(b))
}

/// The column that knows most neighbourhoods.
fn best(coded: &CodeColumns) -> Option<&CodeColumn> {
    coded.columns.iter().filter(|column| column.kind.is_some()).max_by_key(|column| column.zones.of)
}

/// What the column of the finest areas knows: it is the one that is read.
fn finest(coded: &CodeColumns) -> Option<&CodeColumn> {
    let kinds = coded.columns.iter().filter(|column| column.kind.is_some());
    kinds.min_by_key(|column| column.kind)
}

/// Whether a table has the neighbourhoods' codes and those of the coverage side by side.
fn leads(table: &CodeColumns, coverage: &CodeColumn) -> bool {
    let to_zones = table.columns.iter().any(|column| column.zones.is_nearly_all());
    let met = |column: &CodeColumn| column.codes.iter().any(|code| coverage.codes.contains(code));
    let from = table.columns.iter().any(|column| column.kind == coverage.kind && met(column));
    // A file without rows contradicts nothing, and neither do rows that were not looked at.
    let unknown = coverage.codes.is_empty() || !table.whole;
    let same_kind = table.columns.iter().any(|column| column.kind == coverage.kind);
    (to_zones || !table.whole) && (from || unknown && same_kind)
}

fn few(known: Option<CountOf>) -> String {
    match known {
        None => "it has no column of area codes".to_owned(),
        Some(CountOf { of: 0, .. }) => "none of the neighbourhoods' codes stands in it".to_owned(),
        Some(CountOf { of, all }) => {
            format!(
                "only {of} of the {all} neighbourhoods' codes stand in it: is it of another census?"
            )
        }
    }
}

fn no_way(coverage: &CodeColumn) -> String {
    let of = match coverage.kind {
        Some(AreaKind::District) => {
            return "its figures are of local authorities, which are coarser than the neighbourhoods"
                .to_owned();
        }
        Some(AreaKind::OutputArea) => "output areas",
        None => "postcodes",
        Some(_) => "other areas",
    };
    format!(
        "its codes are of {of}, and no lookup of the folder leads from them to the neighbourhoods"
    )
}
