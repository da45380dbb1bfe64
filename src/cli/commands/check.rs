//! `lastmile check`: what is in the data and what is wrong with it.

mod inventory;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::analysis::editions;
use crate::analysis::feeds::{note_periods, ordinary_weekday, read_feeds, report_copies, services};
use crate::analysis::study::{Study, dates, stray_notes};
use crate::cli::args::CheckArgs;
use crate::cli::failure::Failure;
use crate::cli::output::output;
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::finding::base_name;
use crate::inputs::gtfs::Feed;
use crate::inputs::osm::{OsmFile, read_osm};
use crate::inputs::project::Project;
use crate::network::calendar::{ServiceByDate, weekday_name};
use crate::network::streets::Streets;
use crate::outputs::new_output::NewOutput;
use crate::outputs::run_files::input_files;
use crate::outputs::tables::write_findings;
use crate::routing::network::{Network, WalkSettings};
use crate::routing::street::snap_report::{FAR, SnapCounts};

/// Weeks that are shown of a feed's service.
const WEEKS: usize = 5;

/// Runs the command. What the data holds is told in any case, and what is wrong with it behind
/// that.
///
/// # Errors
/// If a file cannot be used, or something would keep `run` from a result.
pub fn check(args: &CheckArgs, printer: &Printer, findings: &mut Findings) -> Result<(), Failure> {
    let project = args.project.as_ref().map(|path| Project::read(path)).transpose()?;
    let list = list(args, project.as_ref(), printer)?;
    let mut text = String::new();
    let done = match args.project.as_ref().zip(project.as_ref()) {
        Some((path, project)) => of_project(path, project, args, printer, findings, &mut text),
        None => {
            printer.during("reading", || bare(&args.osm, &args.gtfs, printer, findings, &mut text))
        }
    };
    printer.result(text.trim_end()).map_err(Failure::Output)?;
    if let Some(file) = list {
        file.write_whole(|out| write_findings(out, findings))?;
    }
    done
}

/// Begins the list of findings, if it is asked for.
fn list(
    args: &CheckArgs,
    project: Option<&Project>,
    printer: &Printer,
) -> Result<Option<NewOutput>, Failure> {
    let Some(path) = &args.findings else { return Ok(None) };
    let of_project =
        args.project.as_ref().zip(project).map(|(file, project)| input_files(project, file));
    let inputs = of_project.unwrap_or_default().and(args.osm.iter().chain(&args.gtfs));
    output(Some(path), args.force, &inputs, printer).map(Some)
}

fn of_project(
    path: &Path,
    project: &Project,
    args: &CheckArgs,
    printer: &Printer,
    findings: &mut Findings,
    text: &mut String,
) -> Result<(), Failure> {
    let study = match printer
        .during("reading", || Study::wherever(path, args.lenient.into(), findings))
    {
        Ok(study) => study,
        Err(failure) => {
            printer.during("reading each file by itself", || inventory::of(project, path, text));
            return Err(failure.into());
        }
    };
    describe(&study.osm_files, study.world.network(), &study.services, text);
    describe_study(&study, text);
    for note in stray_notes(&study.project, findings) {
        let _ = writeln!(text, "not where anybody gets to: {note}");
    }
    let mut done = study.check_on_map().map_err(Failure::from);
    let mut dated = Vec::new();
    for (name, window) in study.each_window(args.lenient.into()) {
        match window {
            Ok(window) => {
                let date = window.clock.date();
                let day = weekday_name(date.weekday());
                let _ = writeln!(text, "window {name}: {date} {day}, {}", window.why);
                window.warnings.iter().for_each(|warning| printer.warning(warning));
                dated.push(window);
            }
            Err(failure) => {
                let _ = writeln!(text, "window {name}: no date: {failure}");
                done = done.and(Err(failure.into()));
            }
        }
    }
    study.report_copies(&dated, findings);
    study.editions(&dated).iter().for_each(|warning| printer.warning(warning));
    note_periods(&dates(&dated), &study.world.network().feeds, findings);
    done
}

/// What bare files hold: all that can be read of them, then the first that cannot.
fn bare(
    osm: &[PathBuf],
    gtfs: &[PathBuf],
    printer: &Printer,
    findings: &mut Findings,
    text: &mut String,
) -> Result<(), Failure> {
    let feeds = match read_feeds(gtfs, findings) {
        Ok(feeds) => feeds,
        Err(failure) => {
            inventory::of_maps(osm, text);
            inventory::of_feeds(gtfs, text);
            return Err(failure.into());
        }
    };
    let services = services(&feeds, findings);
    // No date is asked about: those of each feed that are worst.
    for feed in &services {
        report_copies(std::slice::from_ref(feed), feed.1.most_copies(), findings);
    }
    editions(&feeds, ordinary_weekday(&services))
        .iter()
        .for_each(|warning| printer.warning(warning));
    if osm.is_empty() {
        describe_feeds(&feeds, &services, text);
        return Ok(());
    }
    let read = match read_osm(osm, &[], findings) {
        Ok(read) => read,
        Err(error) => {
            inventory::of_maps(osm, text);
            describe_feeds(&feeds, &services, text);
            return Err(error.into());
        }
    };
    let streets = Streets::build(&read, findings);
    let network = Network::build(streets, feeds, WalkSettings::default(), findings);
    describe(&read.files, &network, &services, text);
    Ok(())
}

fn describe(
    files: &[OsmFile],
    network: &Network,
    services: &[(String, ServiceByDate)],
    text: &mut String,
) {
    describe_files(files, text);
    let streets = &network.streets;
    let islands = streets.components.iter().max().map_or(0, |last| last.0);
    let _ = writeln!(
        text,
        "streets: {} junctions, {} edges, {islands} islands beside the main network",
        streets.nodes.len(),
        streets.edges.len()
    );
    describe_feeds(&network.feeds, services, text);
    if network.feeds.is_empty() {
        return;
    }
    let counts = network.stop_counts();
    let (all, joined) = (counts.all, counts.all - counts.off);
    let _ = writeln!(text, "stops: {all} with service, {joined} of them joined to the streets");
    let off: Vec<_> =
        network.stops.indices().filter(|stop| network.nearest_street(*stop).is_none()).collect();
    for stop in off.iter().take(5) {
        let stop = network.stop(*stop);
        let _ = writeln!(text, "  not joined: {} ({})", stop.name, stop.id);
    }
    if off.len() > 5 {
        let _ = writeln!(text, "  … and {} more", off.len() - 5);
    }
    describe_snaps(counts, text);
}

fn describe_files(files: &[OsmFile], text: &mut String) {
    for file in files {
        let [nodes, ways, relations] = file.counts;
        let name = base_name(&file.path);
        let _ = writeln!(text, "{name}: {nodes} nodes, {ways} ways, {relations} relations");
    }
}

/// How those that joined the streets did: whoever is named here stands in the findings, but for
/// places.
fn describe_snaps(counts: SnapCounts, text: &mut String) {
    let SnapCounts { far, crossing, island, passed_over, .. } = counts;
    let said = [
        (far, format!("more than {FAR} from their street")),
        (crossing, "over water, a railway or a motorway from it".to_owned()),
        (island, "on an island of the network".to_owned()),
        (passed_over, "with a nearer street that was passed over".to_owned()),
    ];
    let said: Vec<String> =
        said.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    if !said.is_empty() {
        let _ = writeln!(text, "  {}", said.join(", "));
    }
}

fn describe_feeds(feeds: &[Feed], services: &[(String, ServiceByDate)], text: &mut String) {
    for feed in feeds {
        let rows: Vec<String> =
            feed.rows_read.iter().map(|(file, rows)| format!("{file} {rows}")).collect();
        let _ = writeln!(text, "{}: {} ({})", feed.name, rows.join(", "), feed.timezone);
        let Some((_, service)) = services.iter().find(|(name, _)| *name == feed.name) else {
            continue;
        };
        let _ =
            writeln!(text, "  service from {} to {}; trips by date:", service.first, service.last);
        if let Some(date) = service.most_copies() {
            let (copies, trips) = (service.copies_on(date), service.on(date));
            let _ = writeln!(
                text,
                "    each vehicle once: on {date} {copies} of {} trips are copies of another (same route, stops and times)",
                trips + copies
            );
        }
        let mut dates = service.dates().take(WEEKS * 7).peekable();
        while dates.peek().is_some() {
            let week: Vec<String> = dates
                .by_ref()
                .take(7)
                .map(|(date, trips)| {
                    let unusual = if service.is_ordinary(date) { "" } else { "!" };
                    format!(
                        "{} {} {trips}{unusual}",
                        &weekday_name(date.weekday())[..2],
                        date.strftime("%m-%d")
                    )
                })
                .collect();
            let _ = writeln!(text, "    {}", week.join("  "));
        }
        let rest = service.trips.len().saturating_sub(WEEKS * 7);
        if rest > 0 {
            let _ = writeln!(
                text,
                "    … and {rest} days more; ! marks days far below what is usual on the weekday"
            );
        }
    }
}

fn describe_study(study: &Study, text: &mut String) {
    let origins = &study.origins.points;
    let counts = study.world.first().origins.counts();
    let joined = counts.all - counts.off;
    let _ = writeln!(
        text,
        "neighbourhoods: {}; origin points: {}, {joined} joined to the streets",
        study.zones.zones.len(),
        origins.len()
    );
    let (points, zones) = (study.residents.points_off_map(), study.residents.zones_off_map());
    if points > 0 {
        let _ = writeln!(
            text,
            "  {points} origin points off the map, of which nothing is known; in {zones} neighbourhoods half or more"
        );
    }
    describe_snaps(counts, text);
    for ((category, places), joined) in study
        .project
        .categories
        .iter()
        .zip(&*study.world.places)
        .zip(&study.world.first().categories.snaps)
    {
        let points: usize = places.iter().map(|place| place.points.len()).sum();
        let _ = writeln!(
            text,
            "{}: {} places, {} of their {points} points joined to the streets",
            category.name,
            places.len(),
            joined.len()
        );
        describe_snaps(SnapCounts::of(joined.iter().map(Some)), text);
    }
    for merge in &study.merges {
        let recall = merge
            .osm_recall_pct
            .map_or_else(String::new, |pct| format!(", {pct} % of what lies on it"));
        let _ = writeln!(
            text,
            "{}: {} in the register, {} on the map, {} in both{recall}",
            merge.category, merge.register, merge.osm, merge.matched
        );
    }
    for join in &study.joins {
        let _ = writeln!(text, "{}: {} of {} codes matched", join.what, join.matched, join.total);
    }
}
