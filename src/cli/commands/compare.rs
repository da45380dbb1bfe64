//! `lastmile compare`: before and after.

mod selection;

use crate::cli::args::CompareArgs;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::inputs::project::Project;
use crate::report::comparison_folder::{CompareRequest, write_comparison};
use crate::report::run_pages::Pictures;

/// Runs the command.
///
/// # Errors
/// If an input cannot be used, a scenario does not fit the data, or the output not be written.
pub fn compare(
    args: &CompareArgs,
    printer: &Printer,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let project = Project::read(&args.project)?;
    let scenarios = selection::scenarios(args, &project)?;
    let asked = CompareRequest {
        file: &args.project,
        scenarios,
        out: &args.out,
        force: args.force,
        pictures: Pictures::asked(args.png)?,
        lenient: args.lenient.into(),
    };
    let manifest = write_comparison(&asked, printer, findings)?;
    printer.json(&manifest).map_err(Failure::Output)
}
