//! `lastmile init`: a commented project file for the files of a folder.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use jiff::civil::{Date, Weekday};

use crate::cli::args::InitArgs;
use crate::cli::failure::Failure;
use crate::cli::load::services;
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::inputs::gtfs::read_feed;
use crate::inputs::init::{LeftOut, Missing, Proposal};
use crate::inputs::project::{Project, TAXONOMY};
use crate::network::calendar::resolve_day;
use crate::outputs::input_files::InputFiles;
use crate::outputs::new_output::NewOutput;

/// Runs the command.
///
/// # Errors
/// If the folder cannot be read or written, or has a project file already.
pub fn init(args: &InitArgs, printer: &Printer, findings: &mut Findings) -> Result<(), Failure> {
    let dir = match &args.dir {
        _ if args.categories => return printer.result(TAXONOMY.trim_end()).map_err(Failure::Output),
        Some(dir) => dir,
        None => return Err(Failure::Usage("name the folder with the files".into())),
    };
    let path = dir.join("lastmile.toml");
    let proposal = printer.during("looking at the files", || Proposal::of(dir))?;
    proposal.check()?;
    let file = NewOutput::create(&path, args.force, &InputFiles::default())?;
    let text = proposal.text(None);
    let date = printer.during("reading timetables", || ordinary_date(&text, dir, findings));
    let text = date.map_or(text, |date| proposal.text(Some(date)));
    file.write_whole(|out| out.write_all(text.as_bytes()))?;
    printer.note(&said(&proposal, &path));
    Ok(())
}

/// What was written, what was left out, what is missing and what to do next.
fn said(proposal: &Proposal, path: &Path) -> String {
    let mut text = format!("wrote {}", path.display());
    // Writing to a string cannot fail.
    if !proposal.left_out().is_empty() {
        let _ = write!(text, "\nleft out, since it is doubtful whether they fit:");
    }
    for LeftOut { file, why } in proposal.left_out() {
        let _ = write!(text, "\n  {file}: {why}");
    }
    if !proposal.unknown().is_empty() {
        let names = proposal.unknown().join(", ");
        let _ = write!(text, "\nnot used, since it is not clear what they are: {names}");
    }
    let missing = proposal.missing();
    for (head, needed) in [("missing, and NEEDED:", true), ("not there, and where to get it:", false)] {
        let of_it: Vec<&Missing> = missing.iter().filter(|missing| missing.needed == needed).collect();
        if !of_it.is_empty() {
            let _ = write!(text, "\n{head}");
        }
        for Missing { what, from, .. } in of_it {
            let _ = write!(text, "\n  {what}: {from}");
        }
    }
    let path = path.display();
    let again = "put what is needed there and run `lastmile init` again with --force; or name it in the file, and then";
    let next =
        if missing.iter().any(|missing| missing.needed) { again } else { "next: read it through, then" };
    let _ = write!(text, "\n{next} `lastmile check {path}` and `lastmile run {path}`");
    text
}

/// The ordinary weekday in the middle of the range that the proposed feeds share.
fn ordinary_date(proposal: &str, dir: &Path, findings: &mut Findings) -> Option<Date> {
    let project = Project::parse(proposal, "lastmile.toml", dir).ok()?;
    let feeds: Vec<_> =
        project.gtfs.iter().filter_map(|path| read_feed(path, path.given(), findings).ok()).collect();
    let services = services(&feeds, findings);
    let first = services.iter().map(|(_, service)| service.first).max()?;
    let last = services.iter().map(|(_, service)| service.last).min()?;
    let middle = first.checked_add(jiff::Span::new().try_days((last - first).get_days() / 2).ok()?).ok()?;
    resolve_day("weekday", |day| !matches!(day, Weekday::Saturday | Weekday::Sunday), middle, &services).ok()
}
