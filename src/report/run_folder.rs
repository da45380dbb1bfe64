//! A run from its project file to its folder: files and pages.

use std::path::Path;

use super::run_pages::{Pages, Pictures};
use super::{MapStreets, ReportError, neighbourhood};
use crate::analysis::feeds::note_periods;
use crate::analysis::run::RunResults;
use crate::analysis::study::{Study, dates};
use crate::analysis::{AnalysisError, Lenient, Observer};
use crate::finding::Findings;
use crate::inputs::codes::meant;
use crate::inputs::project::Project;
use crate::outputs::folder::OutputFolder;
use crate::outputs::manifest::Manifest;
use crate::outputs::run_files::{FlatGeobuf, RunFiles, input_files, input_paths, manifest};

/// What is run, and where it is written.
pub struct RunRequest<'a> {
    /// The project file.
    pub file: &'a Path,
    /// The folder.
    pub out: &'a Path,
    /// Whether an earlier result may be replaced.
    pub force: bool,
    /// Whether the maps are written as pictures, too.
    pub pictures: Pictures,
    /// Whether the neighbourhoods are written as FlatGeobuf, too.
    pub fgb: FlatGeobuf,
    /// The ids of the neighbourhoods that have a page of their own.
    pub neighbourhoods: &'a [String],
    /// What is let pass.
    pub lenient: Lenient,
}

/// Runs a project and writes the whole result.
///
/// # Errors
/// If an input cannot be used or the folder not be written.
pub fn write_run(
    asked: &RunRequest,
    observer: &dyn Observer,
    findings: &mut Findings,
) -> Result<Manifest, ReportError> {
    let project = Project::read(asked.file)?;
    let inputs = input_paths(&project, asked.file);
    let folder = OutputFolder::create(asked.out, asked.force, &input_files(&project, asked.file))?;
    let study = observer.during("reading", || Study::read(asked.file, asked.lenient, findings))?;
    known(&study, asked.neighbourhoods)?;
    let windows = study.windows(asked.lenient)?;
    study.report_copies(&windows, findings);
    note_periods(&dates(&windows), &study.world.network().feeds, findings);
    for window in &windows {
        observer.note(&format!(
            "window {}: {}, {}",
            window.window.name,
            window.clock.date(),
            window.why
        ));
    }
    let results = RunResults::of(&study, &windows, observer, findings)?;
    let manifest = observer.during("reading sums", || manifest(&study, &windows, &inputs))?;
    let run = observer.during("summing up", || results.table(observer))?;
    let writing = observer.stage("writing", None);
    let files = RunFiles { results: &results, table: &run, findings, fgb: asked.fgb, changes: &[] };
    let manifest = files.write(&folder, manifest)?;
    manifest.warnings.iter().for_each(|warning| observer.warning(warning));
    let streets = MapStreets::of(study.world.network());
    let pages = Pages {
        report: "report.html",
        streets: &streets,
        pictures: asked.pictures,
        neighbourhoods: asked.neighbourhoods,
    };
    pages.write(&folder, &results, &run, &manifest, findings)?;
    let target = folder.target().to_owned();
    folder.publish(&manifest)?;
    drop(writing);
    observer.note(&format!(
        "wrote {} neighbourhoods to {}",
        study.zones.zones.len(),
        target.display()
    ));
    Ok(manifest)
}

/// Whether the neighbourhoods that are to have a page are there, before anything is computed.
fn known(study: &Study, ids: &[String]) -> Result<(), AnalysisError> {
    for id in ids {
        let usage = |why: String| AnalysisError::Usage(format!("--neighbourhood {id}: {why}"));
        if !study.zones.zones.iter().any(|zone| zone.id == *id) {
            let names = study.zones.zones.iter().map(|zone| (zone.id.as_str(), zone.name.as_str()));
            let advice =
                meant(id, names).unwrap_or_else(|| "neighbourhoods.csv lists them all".to_owned());
            return Err(usage(format!("no neighbourhood has this id; {advice}")));
        }
        neighbourhood::file_name(id).map_err(|error| usage(error.to_string()))?;
    }
    Ok(())
}
