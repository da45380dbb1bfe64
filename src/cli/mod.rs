//! What was asked, the order it is done in, and everything that is printed.

pub mod args;
mod causes;
mod codes;
mod commands;
mod failure;
mod output;
mod printer;
mod progress;
mod stop;

use std::process::ExitCode;

use args::Cli;
use printer::{Printer, is_broken_pipe};

use crate::finding::{Findings, Severity};
use crate::outputs::unfinished::stay_if_abandoned;

/// Does what was asked and tells how it went: 0 done; 1 done, but a finding that `--deny` names
/// stands; 2 wrong input or usage; 74 a disk or device failed. A signal ends it with 129, 130 or
/// 143, and nothing is left behind.
pub fn run(cli: &Cli) -> ExitCode {
    let printer = Printer::new(cli.global.quiet, cli.global.json);
    if let Err(error) = stop::on_signals() {
        printer.warning(&format!("a signal would leave unfinished files behind: {error}"));
    }
    if let Some(threads) = cli.global.threads {
        // Fails only if a pool was made before: then its size stands.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    }
    let mut findings = Findings::new();
    let known = codes::check(&cli.global.deny);
    let done = known.and_then(|()| commands::dispatch(cli, &printer, &mut findings));
    // What a signal took away is no failure to speak of.
    stay_if_abandoned();
    debug_assert!(findings.iter().all(|f| codes::is_known(f.code)), "each code can be denied");
    printer.findings(&findings);
    match done {
        Err(failure) if is_broken_pipe(&failure) => ExitCode::SUCCESS,
        Err(failure) => {
            printer.error(&failure);
            ExitCode::from(failure.exit_code())
        }
        Ok(()) if findings.iter().any(|f| denied(&cli.global.deny, f.code, f.severity)) => {
            printer.note("a finding that --deny names stands");
            ExitCode::from(1)
        }
        Ok(()) => ExitCode::SUCCESS,
    }
}

/// Says what the words of a command ask for in its place: help or the version, or what is wrong
/// with them.
pub fn answer(answer: &clap::Error) -> ExitCode {
    match answer.print().map_err(failure::Failure::Output) {
        Err(failure) if !is_broken_pipe(&failure) => {
            Printer::new(true, false).error(&failure);
            ExitCode::from(failure.exit_code())
        }
        _ => ExitCode::from(u8::try_from(answer.exit_code()).unwrap_or(2)),
    }
}

fn denied(deny: &[String], code: &str, severity: Severity) -> bool {
    deny.iter().any(|name| {
        name == code
            || (name == "warnings" && severity >= Severity::Warning)
            || (name == "errors" && severity >= Severity::Error)
    })
}
