//! What was asked, the order it is done in, and everything that is printed.

pub mod args;
mod commands;
mod context;
mod failure;
mod load;
mod study;

use std::process::ExitCode;

use args::Cli;
use context::Context;

use crate::finding::{Findings, Severity};

/// Does what was asked and tells how it went: 0 done; 1 done, but a finding that `--deny` names stands; 2 wrong input or
/// usage.
pub fn run(cli: &Cli) -> ExitCode {
    let context = Context::new(&cli.global);
    if let Some(threads) = cli.global.threads {
        // Fails only if a pool was made before: then its size stands.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    }
    let mut findings = Findings::new();
    let done = commands::dispatch(cli, &context, &mut findings);
    show(&findings, &context);
    if let Err(failure) = done {
        context.error(&failure.to_string());
        return ExitCode::from(2);
    }
    if findings.iter().any(|finding| denied(&cli.global.deny, finding.code, finding.severity)) {
        context.error("a finding that --deny names stands");
        return ExitCode::from(1);
    }
    ExitCode::SUCCESS
}

fn denied(deny: &[String], code: &str, severity: Severity) -> bool {
    deny.iter().any(|name| {
        name == code
            || (name == "warnings" && severity >= Severity::Warning)
            || (name == "errors" && severity >= Severity::Error)
    })
}

fn show(findings: &Findings, context: &Context) {
    for (first, count) in findings.summary() {
        let line = first.line.map_or_else(String::new, |line| format!(", line {line}"));
        context.note(&format!(
            "{}: {} ×{count} in {}{line}: {}",
            first.severity, first.code, first.file, first.what
        ));
    }
}
