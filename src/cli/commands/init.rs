//! `lastmile init`: a commented project file for the files of a folder.

use jiff::civil::{Date, Weekday};

use crate::cli::args::InitArgs;
use crate::cli::failure::Failure;
use crate::cli::load::services;
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::inputs::gtfs::read_feed;
use crate::inputs::init::{check_folder, propose};
use crate::inputs::project::Project;
use crate::network::calendar::resolve_day;

/// Runs the command.
///
/// # Errors
/// If the folder cannot be read or written, or has a project file already.
pub fn init(args: &InitArgs, printer: &Printer, findings: &mut Findings) -> Result<(), Failure> {
    let path = args.dir.join("lastmile.toml");
    if path.exists() && !args.force {
        return Err(Failure::Usage(format!("{} exists already; --force replaces it", path.display())));
    }
    check_folder(&args.dir)?;
    let first = propose(&args.dir, None)?;
    let text = match ordinary_date(&first, args, findings) {
        Some(date) => propose(&args.dir, Some(date))?,
        None => first,
    };
    std::fs::write(&path, text).map_err(Failure::file(&path))?;
    printer.note(&format!(
        "wrote {}: read it through, then `lastmile run {}`",
        path.display(),
        path.display()
    ));
    Ok(())
}

/// The ordinary weekday in the middle of the range that the proposed feeds share.
fn ordinary_date(proposal: &str, args: &InitArgs, findings: &mut Findings) -> Option<Date> {
    let project = Project::parse(proposal, "lastmile.toml", &args.dir).ok()?;
    let feeds: Vec<_> =
        project.gtfs.iter().filter_map(|path| read_feed(path, path.given(), findings).ok()).collect();
    let services = services(&feeds, findings);
    let first = services.iter().map(|(_, service)| service.first).max()?;
    let last = services.iter().map(|(_, service)| service.last).min()?;
    let middle = first.checked_add(jiff::Span::new().try_days((last - first).get_days() / 2).ok()?).ok()?;
    resolve_day("weekday", |day| !matches!(day, Weekday::Saturday | Weekday::Sunday), middle, &services).ok()
}
