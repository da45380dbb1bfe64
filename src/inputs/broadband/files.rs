//! The files of a release, one after the other: as they are, or in zips within zips.

use std::path::Path;

use rustc_hash::FxHashMap;

use super::{CoverageRelease, fcc, layouts, read_areas};
use crate::finding::{Findings, Outcome, Severity};
use crate::inputs::tables::{InputTable, TableError, Unpacked, unpack};

/// The files of one release as they are read.
#[derive(Default)]
pub(super) struct ReleaseReader {
    pub all: Option<CoverageRelease>,
    /// Where each code stands: file and line, and its place among all areas.
    seen: FxHashMap<String, (usize, u64, usize)>,
    files: Vec<String>,
}

impl ReleaseReader {
    pub(super) fn add(
        &mut self,
        mut table: InputTable,
        release: Option<String>,
        findings: &mut Findings,
    ) -> Result<(), TableError> {
        let (layout, areas) = if fcc::is_fcc(&table) {
            (&fcc::LAYOUT, fcc::read_blocks(&mut table, findings)?)
        } else {
            let (layout, columns) = layouts::recognise(&table)?;
            (layout, read_areas(&mut table, layout, &columns, findings)?)
        };
        let into = self.all.get_or_insert_with(|| CoverageRelease {
            layout,
            release: release.clone(),
            areas: Vec::new(),
        });
        if into.layout != layout {
            let what = format!(
                "is of another layout ({}) than the file before it ({})",
                layout.name, into.layout.name
            );
            return Err(TableError::Format { file: table.file().to_owned(), what });
        }
        if into.release != release {
            let what = format!("is of {release:?}, the first file of {:?}", into.release);
            findings.count(
                Severity::Warning,
                "mixed_releases",
                Outcome::Kept,
                table.file(),
                1,
                what,
            );
        }
        self.files.push(table.file().to_owned());
        let number = self.files.len() - 1;
        for (area, line) in areas {
            match self.seen.get(&area.code).copied() {
                None => {
                    self.seen.insert(area.code.clone(), (number, line, into.areas.len()));
                    into.areas.push(area);
                }
                Some((file, first, at)) if file == number && into.areas.get(at) == Some(&area) => {
                    let what = format!("{} again, as on line {first}: row dropped", area.code);
                    let (severity, outcome) = (Severity::Warning, Outcome::Dropped);
                    findings.at(severity, "duplicate_id", outcome, table.file(), line, what);
                }
                Some((file, first, _)) => {
                    return Err(twice(&table, self.files.get(file), area.code, first, line));
                }
            }
        }
        Ok(())
    }
}

/// The tables of a zip, and of the zips within it, as Ofcom packs one for each postcode area. Where
/// those of all premises and of residential ones lie side by side, those of all are taken.
pub(super) fn coverage_in(
    path: &Path,
    findings: &mut Findings,
) -> Result<Vec<Unpacked>, TableError> {
    let mut files = unpack(path, &|name| name.ends_with(".csv") && !name.contains("performance"))?;
    let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_lowercase();
    let residential = |file: &Unpacked| {
        let name = last(&file.name);
        name.contains("_res_") || name.ends_with("_res.csv")
    };
    if files.iter().any(residential) && !files.iter().all(residential) {
        let count = files.iter().filter(|file| residential(file)).count() as u64;
        files.retain(|file| !residential(file));
        let what = "tables of residential premises, beside those of all premises: the latter count";
        let file = path.display().to_string();
        findings.count(
            Severity::Info,
            "residential_passed_over",
            Outcome::Dropped,
            file,
            count,
            what,
        );
    }
    if files.is_empty() {
        let what = "holds no coverage table (.csv); is it the right download?".to_owned();
        return Err(TableError::Format { file: path.display().to_string(), what });
    }
    Ok(files)
}

fn twice(
    table: &InputTable,
    file: Option<&String>,
    id: String,
    first: u64,
    second: u64,
) -> TableError {
    let other = file.cloned().unwrap_or_default();
    if other == table.file() {
        return TableError::DuplicateId { file: other, id, unit: "line", first, second };
    }
    let what = format!(
        "line {second}: {id} stands in {other} too (line {first}); give either the files of all premises or those of \
         residential premises, and each once"
    );
    TableError::Format { file: table.file().to_owned(), what }
}

/// The year and month that Ofcom puts first in its files' names.
pub(super) fn release_of(path: &Path) -> Option<String> {
    let name = path
        .file_name()?
        .to_string_lossy()
        .trim_start_matches("ofcom-")
        .trim_start_matches("cn")
        .to_owned();
    let month = name.get(..6)?;
    (month.starts_with("20") && month.bytes().all(|b| b.is_ascii_digit())).then(|| month.to_owned())
}
