//! `lastmile init`: a commented project file for the files of a folder.

use crate::cli::args::InitArgs;
use crate::cli::failure::Failure;
use crate::cli::load::{ordinary_weekday, services};
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::inputs::gtfs::{Feed, read_feed};
use crate::inputs::init::{Edition, check_folder, feeds, propose};
use crate::inputs::project::TAXONOMY;
use crate::network::calendar::ServiceByDate;
use crate::network::editions::SameLines;

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
    if path.exists() && !args.force {
        return Err(Failure::Usage(format!("{} exists already; --force replaces it", path.display())));
    }
    check_folder(dir)?;
    let names = feeds(dir)?;
    let read = |name: &String| read_feed(&dir.join(name), name, findings).ok();
    let feeds: Vec<Feed> = names.iter().filter_map(read).collect();
    let editions = newer_editions(&feeds);
    let older: Vec<Feed> =
        feeds.into_iter().filter(|feed| editions.iter().all(|edition| edition.newer != feed.name)).collect();
    let text = propose(dir, ordinary_weekday(&services(&older, findings)), &editions)?;
    for Edition { older, newer } in &editions {
        printer.note(&format!(
            "{newer} is taken for a newer edition of {older}: it is not beside it, but a scenario for `lastmile compare`"
        ));
    }
    std::fs::write(&path, text).map_err(Failure::file(&path))?;
    printer.note(&format!(
        "wrote {}: read it through, then `lastmile run {}`",
        path.display(),
        path.display()
    ));
    Ok(())
}

/// Which feeds are newer editions of others: they have most of the same operators' lines in the same area, and where both run on one day most
/// vehicles are others. A part of a country's timetable that is in it to the second is no edition of it.
fn newer_editions(feeds: &[Feed]) -> Vec<Edition> {
    let mut dated: Vec<(usize, ServiceByDate)> =
        feeds.iter().enumerate().filter_map(|(at, feed)| Some((at, ServiceByDate::count(feed)?))).collect();
    dated.sort_by(|(a, by_a), (b, by_b)| {
        let (a, b) = (&feeds[*a], &feeds[*b]);
        (by_a.first, by_a.last, &a.version, &a.name).cmp(&(by_b.first, by_b.last, &b.version, &b.name))
    });
    let mut newer: Vec<(usize, usize)> = Vec::new();
    for (nth, one) in dated.iter().enumerate() {
        // The oldest of several stands for all of them.
        let mut before = dated[..nth].iter().filter(|(at, _)| newer.iter().all(|(_, known)| known != at));
        if let Some((older, _)) = before.find(|older| are_editions(feeds, older, one)) {
            newer.push((*older, one.0));
        }
    }
    let name = |at: usize| feeds[at].name.clone();
    newer.into_iter().map(|(older, newer)| Edition { older: name(older), newer: name(newer) }).collect()
}

fn are_editions(feeds: &[Feed], older: &(usize, ServiceByDate), newer: &(usize, ServiceByDate)) -> bool {
    let Some(shared) = SameLines::of(feeds, (older.0, newer.0), None) else { return false };
    let both = [older, newer].map(|(at, service)| (feeds[*at].name.clone(), service.clone()));
    let most_of_both = shared.lines() * 2 >= shared.of.0.max(shared.of.1);
    most_of_both
        || ordinary_weekday(&both).is_none_or(|date| {
            let vehicles = shared.vehicles(feeds, date);
            vehicles.same * 2 < vehicles.one.min(vehicles.other)
        })
}
