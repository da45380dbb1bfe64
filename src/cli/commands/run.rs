//! `lastmile run`: the whole analysis.

use crate::analysis::feeds::note_periods;
use crate::analysis::run::RunResults;
use crate::analysis::study::{Study, dates};
use crate::cli::args::RunArgs;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::inputs::codes::meant;
use crate::inputs::project::Project;
use crate::outputs::folder::OutputFolder;
use crate::outputs::run_files::{FlatGeobuf, RunFiles, input_files, input_paths, manifest};
use crate::report::run_pages::{Pages, Pictures};
use crate::report::{MapStreets, neighbourhood};

/// Runs the command.
///
/// # Errors
/// If an input cannot be used or the output not be written.
pub fn run(args: &RunArgs, printer: &Printer, findings: &mut Findings) -> Result<(), Failure> {
    let (pictures, fgb) = (Pictures::asked(args.png)?, FlatGeobuf::asked(args.fgb)?);
    let project = Project::read(&args.project)?;
    let inputs = input_paths(&project, &args.project);
    let folder =
        OutputFolder::create(&args.out, args.force, &input_files(&project, &args.project))?;
    let study =
        printer.during("reading", || Study::read(&args.project, args.lenient.into(), findings))?;
    known(&study, &args.neighbourhoods)?;
    let windows = study.windows(args.lenient.into())?;
    study.report_copies(&windows, findings);
    note_periods(&dates(&windows), &study.network.feeds, findings);
    for window in &windows {
        printer.note(&format!(
            "window {}: {}, {}",
            window.window.name,
            window.clock.date(),
            window.why
        ));
    }
    let results = RunResults::of(&study, &windows, printer, findings)?;
    let manifest = printer.during("reading sums", || manifest(&study, &windows, &inputs))?;
    let run = printer.during("summing up", || results.table(printer))?;
    let writing = printer.progress().stage("writing", None);
    let files = RunFiles { results: &results, table: &run, findings, fgb, changes: &[] };
    let manifest = files.write(&folder, manifest)?;
    manifest.warnings.iter().for_each(|warning| printer.warning(warning));
    let streets = MapStreets::of(&study.network);
    let pages = Pages {
        report: "report.html",
        streets: &streets,
        pictures,
        neighbourhoods: &args.neighbourhoods,
    };
    pages.write(&folder, &results, &run, &manifest, findings)?;
    let target = folder.target().to_owned();
    folder.publish(&manifest)?;
    drop(writing);
    printer.note(&format!(
        "wrote {} neighbourhoods to {}",
        study.zones.zones.len(),
        target.display()
    ));
    printer.json(&manifest).map_err(Failure::Output)
}

/// Whether the neighbourhoods that are to have a page are there, before anything is computed.
fn known(study: &Study, ids: &[String]) -> Result<(), Failure> {
    for id in ids {
        let usage = |why: String| Failure::Usage(format!("--neighbourhood {id}: {why}"));
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
