//! `lastmile run`: the whole analysis.

use crate::cli::args::RunArgs;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::outputs::run_files::FlatGeobuf;
use crate::report::run_folder::{RunRequest, write_run};
use crate::report::run_pages::Pictures;

/// Runs the command.
///
/// # Errors
/// If an input cannot be used or the output not be written.
pub fn run(args: &RunArgs, printer: &Printer, findings: &mut Findings) -> Result<(), Failure> {
    let asked = RunRequest {
        file: &args.project,
        out: &args.out,
        force: args.force,
        pictures: Pictures::asked(args.png)?,
        fgb: FlatGeobuf::asked(args.fgb)?,
        neighbourhoods: &args.neighbourhoods,
        lenient: args.lenient.into(),
    };
    let manifest = write_run(&asked, printer, findings)?;
    printer.json(&manifest).map_err(Failure::Output)
}
