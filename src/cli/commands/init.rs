//! `lastmile init`: a commented project file for the files of a folder.

use std::io::Write as _;
use std::path::Path;

use jiff::civil::{Date, Weekday};

use crate::cli::args::InitArgs;
use crate::cli::failure::Failure;
use crate::cli::load::services;
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::inputs::gtfs::read_feed;
use crate::inputs::init::{check_folder, propose};
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
    check_folder(dir)?;
    let file = NewOutput::create(&path, args.force, &InputFiles::default())?;
    let first = propose(dir, None)?;
    let text = match ordinary_date(&first, dir, findings) {
        Some(date) => propose(dir, Some(date))?,
        None => first,
    };
    file.write_whole(|out| out.write_all(text.as_bytes()))?;
    printer.note(&format!(
        "wrote {}: read it through, then `lastmile run {}`",
        path.display(),
        path.display()
    ));
    Ok(())
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
