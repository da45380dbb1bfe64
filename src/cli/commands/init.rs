//! `lastmile init`: a commented project file for the files of a folder.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use crate::analysis::feeds::{ordinary_weekday, services};
use crate::cli::args::InitArgs;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::inputs::gtfs::{Feed, read_feed};
use crate::inputs::init::{MissingInput, NewerEdition, Proposal, RejectedFile};
use crate::inputs::project::TAXONOMY;
use crate::network::calendar::ServiceByDate;
use crate::network::editions::SameLines;
use crate::outputs::input_files::InputFiles;
use crate::outputs::new_output::NewOutput;

/// Runs the command.
///
/// # Errors
/// If the folder cannot be read or written, or has a project file already.
pub fn init(args: &InitArgs, printer: &Printer, findings: &mut Findings) -> Result<(), Failure> {
    let dir = match &args.dir {
        _ if args.categories => {
            return printer.result(TAXONOMY.trim_end()).map_err(Failure::Output);
        }
        Some(dir) => dir,
        None => return Err(Failure::Usage("name the folder with the files".into())),
    };
    let path = dir.join("lastmile.toml");
    let mut proposal = printer.during("looking at the files", || Proposal::of(dir))?;
    proposal.check()?;
    let file = NewOutput::create(&path, args.force, &others_in(dir, &path))?;
    let feeds: Vec<Feed> = printer.during("reading timetables", || {
        let read = |name: &String| read_feed(&dir.join(name), name, findings).ok();
        proposal.feeds().iter().filter_map(read).collect()
    });
    proposal.set_apart(newer_editions(&feeds));
    let is_newer =
        |feed: &Feed| proposal.editions().iter().any(|edition| edition.newer == feed.name);
    let older: Vec<Feed> = feeds.into_iter().filter(|feed| !is_newer(feed)).collect();
    let text = proposal.text(ordinary_weekday(&services(&older, findings)));
    file.write_whole(|out| out.write_all(text.as_bytes()))?;
    printer.note(&said(&proposal, &path));
    Ok(())
}

/// All that lies in the folder but the project file by its own name, which may be a link to any of
/// it.
fn others_in(dir: &Path, path: &Path) -> InputFiles {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    InputFiles::of(entries.map(|entry| entry.path()).filter(|other| other != path))
}

/// What was written, what was left out, what is missing and what to do next.
fn said(proposal: &Proposal, path: &Path) -> String {
    let mut text = format!("wrote {}", path.display());
    // Writing to a string cannot fail.
    for NewerEdition { older, newer } in proposal.editions() {
        let _ = write!(
            text,
            "\n{newer} is taken for a newer edition of {older}: it is not beside it, but a scenario for `lastmile compare`"
        );
    }
    if !proposal.left_out().is_empty() {
        let _ = write!(text, "\nleft out, since it is doubtful whether they fit:");
    }
    for RejectedFile { file, why } in proposal.left_out() {
        let _ = write!(text, "\n  {file}: {why}");
    }
    if !proposal.unknown().is_empty() {
        let names = proposal.unknown().join(", ");
        let _ = write!(text, "\nnot used, since it is not clear what they are: {names}");
    }
    let missing = proposal.missing();
    for (head, needed) in
        [("missing, and NEEDED:", true), ("not there, and where to get it:", false)]
    {
        let of_it: Vec<&MissingInput> =
            missing.iter().filter(|missing| missing.needed == needed).collect();
        if !of_it.is_empty() {
            let _ = write!(text, "\n{head}");
        }
        for MissingInput { what, from, .. } in of_it {
            let _ = write!(text, "\n  {what}: {from}");
        }
    }
    let path = path.display();
    let again = "put what is needed there and run `lastmile init` again with --force; or name it in the file, and then";
    let next = if missing.iter().any(|missing| missing.needed) {
        again
    } else {
        "next: read it through, then"
    };
    let _ = write!(text, "\n{next} `lastmile check {path}` and `lastmile run {path}`");
    text
}

/// Which feeds are newer editions of others: they have most of the same operators' lines in the
/// same area, and where both run on one day most vehicles are others. A part of a country's
/// timetable that is in it to the second is no edition of it.
fn newer_editions(feeds: &[Feed]) -> Vec<NewerEdition> {
    let mut dated: Vec<(usize, ServiceByDate)> = feeds
        .iter()
        .enumerate()
        .filter_map(|(at, feed)| Some((at, ServiceByDate::count(feed)?)))
        .collect();
    dated.sort_by(|(a, by_a), (b, by_b)| {
        let (a, b) = (&feeds[*a], &feeds[*b]);
        (by_a.first, by_a.last, &a.version, &a.name)
            .cmp(&(by_b.first, by_b.last, &b.version, &b.name))
    });
    let mut newer: Vec<(usize, usize)> = Vec::new();
    for (nth, one) in dated.iter().enumerate() {
        // The oldest of several stands for all of them.
        let mut before =
            dated[..nth].iter().filter(|(at, _)| newer.iter().all(|(_, known)| known != at));
        if let Some((older, _)) = before.find(|older| are_editions(feeds, older, one)) {
            newer.push((*older, one.0));
        }
    }
    let name = |at: usize| feeds[at].name.clone();
    newer
        .into_iter()
        .map(|(older, newer)| NewerEdition { older: name(older), newer: name(newer) })
        .collect()
}

fn are_editions(
    feeds: &[Feed],
    older: &(usize, ServiceByDate),
    newer: &(usize, ServiceByDate),
) -> bool {
    let Some(shared) = SameLines::of(feeds, (older.0, newer.0), None) else { return false };
    let both = [older, newer].map(|(at, service)| (feeds[*at].name.clone(), service.clone()));
    let most_of_both = shared.lines() * 2 >= shared.of.0.max(shared.of.1);
    most_of_both
        || ordinary_weekday(&both).is_none_or(|date| {
            let vehicles = shared.vehicles(feeds, date);
            vehicles.same * 2 < vehicles.one.min(vehicles.other)
        })
}
