//! `lastmile check`: what is in the data and what is wrong with it.

use std::fmt::Write;
use std::path::PathBuf;

use crate::cli::args::CheckArgs;
use crate::cli::failure::Failure;
use crate::cli::load::{base_name, read_feeds, report_copies, services};
use crate::cli::printer::Printer;
use crate::cli::study::Study;
use crate::finding::Findings;
use crate::inputs::gtfs::Feed;
use crate::inputs::osm::{OsmFile, read_osm};
use crate::network::calendar::{ServiceByDate, weekday_name};
use crate::network::streets::Streets;
use crate::outputs::tables::write_findings;
use crate::routing::network::{Network, WalkSettings};
use crate::routing::snaps::{FAR, SnapCounts};

/// Weeks that are shown of a feed's service.
const WEEKS: usize = 5;

/// Runs the command.
///
/// # Errors
/// If a file cannot be used at all.
pub fn check(args: &CheckArgs, printer: &Printer, findings: &mut Findings) -> Result<(), Failure> {
    let mut text = String::new();
    match &args.project {
        Some(path) => {
            let study = Study::read(path, args.lenient, findings)?;
            describe(&study.osm_files, &study.network, &study.services, &mut text);
            describe_study(&study, &mut text);
            let windows = study.windows(args.lenient)?;
            study.report_copies(&windows, findings);
            for window in windows {
                let _ = writeln!(
                    text,
                    "window {}: {} {}, {}",
                    window.window.name,
                    window.clock.date(),
                    weekday_name(window.clock.date().weekday()),
                    window.why
                );
                window.warnings.iter().for_each(|warning| printer.warning(warning));
            }
        }
        None => bare(&args.osm, &args.gtfs, findings, &mut text)?,
    }
    printer.result(text.trim_end()).map_err(Failure::Output)?;
    if let Some(path) = &args.findings {
        let file = std::fs::File::create(path).map_err(Failure::file(path))?;
        write_findings(file, findings).map_err(Failure::file(path))?;
    }
    Ok(())
}

fn bare(
    osm: &[PathBuf],
    gtfs: &[PathBuf],
    findings: &mut Findings,
    text: &mut String,
) -> Result<(), Failure> {
    let feeds = read_feeds(gtfs, findings)?;
    let services = services(&feeds, findings);
    // No date is asked about: those of each feed that are worst.
    for feed in &services {
        report_copies(std::slice::from_ref(feed), feed.1.most_copies(), findings);
    }
    if osm.is_empty() {
        describe_feeds(&feeds, &services, text);
        return Ok(());
    }
    let osm = read_osm(osm, &[], findings)?;
    let streets = Streets::build(&osm, findings);
    let network = Network::build(streets, feeds, WalkSettings::default(), findings);
    describe(&osm.files, &network, &services, text);
    Ok(())
}

fn describe(files: &[OsmFile], network: &Network, services: &[(String, ServiceByDate)], text: &mut String) {
    for file in files {
        let [nodes, ways, relations] = file.counts;
        let _ =
            writeln!(text, "{}: {nodes} nodes, {ways} ways, {relations} relations", base_name(&file.path));
    }
    let streets = &network.streets;
    let islands = streets.components.iter().max().map_or(0, |last| last.0);
    let _ = writeln!(
        text,
        "streets: {} junctions, {} edges, {islands} islands beside the main network",
        streets.nodes.len(),
        streets.edges.len()
    );
    describe_feeds(&network.feeds, services, text);
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

/// How those that joined the streets did: whoever is named here stands in the findings, but for places.
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
        let rows: Vec<String> = feed.rows_read.iter().map(|(file, rows)| format!("{file} {rows}")).collect();
        let _ = writeln!(text, "{}: {} ({})", feed.name, rows.join(", "), feed.timezone);
        let Some((_, service)) = services.iter().find(|(name, _)| *name == feed.name) else { continue };
        let _ = writeln!(text, "  service from {} to {}; trips by date:", service.first, service.last);
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
    let counts = study.origins_joined.counts();
    let joined = counts.all - counts.off;
    let _ = writeln!(
        text,
        "neighbourhoods: {}; origin points: {}, {joined} joined to the streets",
        study.zones.zones.len(),
        origins.len()
    );
    describe_snaps(counts, text);
    for ((category, places), joined) in
        study.project.categories.iter().zip(&study.places).zip(&study.categories_joined.snaps)
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
        let recall =
            merge.osm_recall_pct.map_or_else(String::new, |pct| format!(", {pct} % of what lies on it"));
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
