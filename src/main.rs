//! The `lastmile` command: parse, run, exit.

use std::process::ExitCode;

use clap::Parser;
use lastmile::cli;

fn main() -> ExitCode {
    match cli::args::Cli::try_parse() {
        Ok(words) => cli::run(&words),
        Err(answer) => cli::answer(&answer),
    }
}
