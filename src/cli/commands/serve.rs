//! `lastmile serve`: the explorer in the browser.

use std::sync::Arc;

use crate::analysis::study::Study;
use crate::cli::args::ServeArgs;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::web::{ExplorerInputs, Server, Tiles, explorer};

/// Runs the command.
///
/// # Errors
/// If an input cannot be used, or the port is taken.
pub fn serve(args: &ServeArgs, printer: &Printer, findings: &mut Findings) -> Result<(), Failure> {
    let mut server = Server::bind(args.port, args.tiles.as_ref())?;
    let lenient = args.lenient.into();
    let study = printer.during("reading", || Study::read(&args.project, lenient, findings))?;
    let windows = study.windows(lenient)?;
    study.report_copies(&windows, findings);
    printer.findings(&std::mem::take(findings));
    let inputs = ExplorerInputs {
        file: &args.project,
        out: &args.out,
        lenient,
        tiles: args.tiles.as_ref().map(Tiles::source),
        observer: Arc::new(printer.for_people()),
        study: &study,
        windows: &windows,
    };
    let mut explorer = explorer(&mut server, inputs)?;
    printer.note("open this address in a browser; Ctrl-C ends it");
    printer.result(&server.address()).map_err(Failure::Output)?;
    Ok(server.run(&mut explorer)?)
}
