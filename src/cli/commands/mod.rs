//! One file for each command.

mod check;
mod compare;
mod explain;
mod init;
mod isochrone;
mod matrix;
mod nearest;
mod run;
#[cfg(feature = "serve")]
mod serve;

use super::args::{Cli, Command};
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::finding::Findings;

/// Does what was asked; the findings are the caller's to show.
///
/// # Errors
/// If it could not be done.
pub fn dispatch(cli: &Cli, printer: &Printer, findings: &mut Findings) -> Result<(), Failure> {
    match &cli.command {
        Command::Run(args) => run::run(args, printer, findings),
        Command::Compare(args) => compare::compare(args, printer, findings),
        Command::Matrix(args) => matrix::matrix(args, printer, findings),
        Command::Check(args) => check::check(args, printer, findings),
        Command::Init(args) => init::init(args, printer, findings),
        Command::Isochrone(args) => isochrone::isochrone(args, printer, findings),
        Command::Explain(args) => explain::explain(args, printer, findings),
        Command::Nearest(args) => nearest::nearest(args, printer, findings),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::serve(args, printer, findings),
        Command::Completions { shell } => {
            let mut command = <Cli as clap::CommandFactory>::command();
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut command, "lastmile", &mut script);
            printer.result(String::from_utf8_lossy(&script).trim_end()).map_err(Failure::Output)
        }
    }
}
