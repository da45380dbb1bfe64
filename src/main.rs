//! The `lastmile` command: parse, run, exit.

use std::process::ExitCode;

use clap::Parser;
use lastmile::cli;

fn main() -> ExitCode {
    cli::run(&cli::args::Cli::parse())
}
