//! `lastmile run`: the whole analysis.

use std::io::Write;
use std::path::Path;

use crate::access::frequency::departures_per_hour;
use crate::access::survey::Survey;
use crate::cli::args::RunArgs;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::cli::study::{DatedWindow, Study, Walked, by_zone};
use crate::finding::{Findings, Outcome, Severity};
use crate::ids::{FeedIdx, Idx, OriginIdx};
use crate::inputs::places::HoursCount;
use crate::inputs::project::{Project, WalkProfile};
use crate::outputs::folder::OutputFolder;
use crate::outputs::indicators::{Indicators, Walker, WindowResults};
use crate::outputs::manifest::{Input, Join, Manifest, Window};
use crate::outputs::table::NeighbourhoodTable;
use crate::outputs::{geojson, qml, tables};
use crate::report::{Report, write_report};
use crate::routing::departures::Departures;
use crate::routing::network::{Joined, Network, Service};

mod summary;

/// Runs the command.
///
/// # Errors
/// If an input cannot be used or the output not be written.
pub fn run(args: &RunArgs, printer: &Printer, findings: &mut Findings) -> Result<(), Failure> {
    let inputs = input_paths(&Project::read(&args.project)?, &args.project);
    let paths: Vec<&Path> = inputs.iter().map(|(_, path)| path.as_path()).collect();
    let folder = OutputFolder::create(&args.out, args.force, &paths)?;
    let study = Study::read(&args.project, args.lenient, findings)?;
    let windows = study.windows(args.lenient)?;
    for window in &windows {
        printer.note(&format!("window {}: {}, {}", window.window.name, window.clock.date(), window.why));
    }
    let mut found = vec![Found::of_the_first(&study, &windows, printer, findings)?];
    for walked in &study.further {
        found.push(Found::of_another(&study, walked, &windows, printer, &mut Findings::new())?);
    }
    let by_zone = by_zone(&study.origins, study.zones.zones.len());
    let table = indicators(&study, &found, &by_zone);
    table.check()?;
    let manifest = manifest(&study, &windows, &inputs)?;
    manifest.warnings.iter().for_each(|warning| printer.warning(warning));
    write(&folder, &study, &table, &manifest, findings)?;
    let target = folder.target().to_owned();
    folder.publish(&manifest)?;
    printer.note(&format!("wrote {} neighbourhoods to {}", table.rows.len(), target.display()));
    printer.json(&manifest).map_err(Failure::Output)
}

/// What was found for one kind of walker.
struct Found<'a> {
    suffix: String,
    profile: WalkProfile,
    joined: &'a Joined,
    survey: Survey,
    windows: Vec<WindowResults>,
}

impl<'a> Found<'a> {
    /// For the project's first profile, whose fields have the plain names.
    fn of_the_first(
        study: &'a Study,
        windows: &[DatedWindow],
        printer: &Printer,
        findings: &mut Findings,
    ) -> Result<Found<'a>, Failure> {
        let jobs = study.jobs.as_ref().map(|(opportunities, joined)| (opportunities.clone(), joined));
        let (network, joined) = (&study.network, &study.origins_joined);
        let survey = Survey::new(network, joined, &study.categories_joined, jobs);
        let windows = in_windows(study, network, joined, &survey, windows, printer, findings)?;
        let profile = study.project.walk.profiles[0];
        Ok(Found { suffix: String::new(), profile, joined, survey, windows })
    }

    fn of_another(
        study: &'a Study,
        walked: &'a Walked,
        windows: &[DatedWindow],
        printer: &Printer,
        findings: &mut Findings,
    ) -> Result<Found<'a>, Failure> {
        let jobs = study.jobs.as_ref().zip(walked.jobs_joined.as_ref());
        let jobs = jobs.map(|((opportunities, _), joined)| (opportunities.clone(), joined));
        let (network, joined) = (&walked.network, &walked.origins_joined);
        let survey = Survey::new(network, joined, &walked.categories_joined, jobs);
        let windows = in_windows(study, network, joined, &survey, windows, printer, findings)?;
        let suffix = format!("_{}", walked.profile.name());
        Ok(Found { suffix, profile: walked.profile, joined, survey, windows })
    }

    fn as_walker(&self) -> Walker<'_> {
        let says = match self.profile {
            WalkProfile::Default => "",
            WalkProfile::StepFree => ", without steps",
        };
        let Found { suffix, joined, survey, windows, .. } = self;
        Walker { suffix, says, joined, survey, windows }
    }
}

fn in_windows(
    study: &Study,
    network: &Network,
    origins: &Joined,
    survey: &Survey,
    windows: &[DatedWindow],
    printer: &Printer,
    findings: &mut Findings,
) -> Result<Vec<WindowResults>, Failure> {
    let mut results = Vec::new();
    for window in windows {
        let Some((counts, points)) = study.open_in(window) else {
            results.push(in_window(study, network, survey, window, printer, findings)?);
            continue;
        };
        counts.iter().for_each(|count| report_hours(count, findings));
        let open = network.join(points.iter().map(Vec::as_slice));
        let survey = survey.among(network, origins, &open);
        results.push(in_window(study, network, &survey, window, printer, findings)?);
    }
    Ok(results)
}

/// Places of unknown hours count, which a reader has to know where those that are known are closed.
fn report_hours(count: &HoursCount, findings: &mut Findings) {
    let HoursCount { category, window, open, closed, unknown } = count;
    let severity = if *open == 0 && *closed > 0 { Severity::Warning } else { Severity::Info };
    let what = format!(
        "`{category}`, window {window}: {open} known to be open, {closed} closed and left out; {unknown} of unknown hours count as open"
    );
    findings.count(severity, "hours_unknown", Outcome::Kept, "places", *unknown, what);
}

fn in_window(
    study: &Study,
    network: &Network,
    survey: &Survey,
    window: &DatedWindow,
    printer: &Printer,
    findings: &mut Findings,
) -> Result<WindowResults, Failure> {
    let service = Service { phone_pickups: study.project.transit.phone_pickups, seed: study.project.seed };
    let departures = Departures::of(network, &window.clock, window.departures, study.limits(), service)?;
    let progress = printer.progress().stage(window.window.name.clone(), Some(survey.ticks()));
    let origins = survey.in_window(&departures, &study.project.percentiles, &|n| progress.tick(n))?;
    let has_service = departures.look(0, |departure| {
        let origins = (0..survey.access.rows()).map(crate::ids::Idx::new);
        origins.map(|origin: OriginIdx| departure.rides.any_to_catch(&survey.access[origin])).collect()
    })?;
    let timetable = network.timetable(&window.clock, &window.departures, &study.limits(), &service, 0)?;
    let counted_as = timetable.counted_as(&network.feeds);
    report_duplicates(network, &window.window.name, &timetable.duplicates(&counted_as), findings);
    let departures_per_hour =
        departures_per_hour(&timetable, &counted_as, &window.departures, &survey.access);
    let date = window.clock.date();
    let when = format!(
        "{} {date}, {} to {}",
        window.window.name,
        clock(window.window.from.0),
        clock(window.window.to.0)
    );
    Ok(WindowResults { name: window.window.name.clone(), when, origins, has_service, departures_per_hour })
}

/// A vehicle in two feeds changes no travel time, but what counts vehicles must know of it.
fn report_duplicates(
    network: &Network,
    window: &str,
    pairs: &[((FeedIdx, FeedIdx), u64)],
    findings: &mut Findings,
) {
    for ((a, b), count) in pairs {
        let [a, b] = [a, b].map(|feed| &network.feeds[feed.at()].name);
        let what = format!(
            "window {window}: {count} trips are in both feeds, with the same times at the same stops: each counts once among departures"
        );
        findings.count(Severity::Info, "duplicate_trip", Outcome::Kept, format!("{a} and {b}"), *count, what);
    }
}

fn clock(seconds: i32) -> String {
    format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60)
}

fn indicators(study: &Study, found: &[Found], by_zone: &[Vec<OriginIdx>]) -> NeighbourhoodTable {
    let project = &study.project;
    let walkers: Vec<Walker> = found.iter().map(Found::as_walker).collect();
    Indicators {
        zones: &study.zones,
        origins: &study.origins,
        by_zone,
        edges: &study.edges,
        categories: &project.categories,
        percentiles: &project.percentiles,
        cutoffs_min: &project.cutoffs_min,
        max_walk_min: project.walk.max_walk.0 / 60,
        max_time_min: project.transit.max_time.0 / 60,
        walkers: &walkers,
        broadband: study.broadband.as_ref(),
        attributes: &study.attributes,
    }
    .table()
}

fn write(
    folder: &OutputFolder,
    study: &Study,
    table: &NeighbourhoodTable,
    manifest: &Manifest,
    findings: &Findings,
) -> Result<(), Failure> {
    folder.write("neighbourhoods.geojson", |out| geojson::write_neighbourhoods(out, table))?;
    if let Some(field) = main_field(study, table) {
        folder.write("neighbourhoods.qml", |out| qml::write_style(out, table, &field))?;
    }
    folder.write("neighbourhoods.csv", |out| tables::write_neighbourhoods(out, table))?;
    folder.write("fields.csv", |out| tables::write_fields(out, &table.fields))?;
    folder.write("findings.csv", |out| tables::write_findings(out, findings))?;
    let (key_figures, maps, extremes) = summary::summary(&study.project, table);
    let mut page = Vec::new();
    let (key_figures, maps, extremes) = (&key_figures[..], &maps[..], &extremes[..]);
    let report =
        Report { title: &study.project.name, table, manifest, findings, key_figures, maps, extremes };
    write_report(&mut page, &report)?;
    folder.write("report.html", |out| out.write_all(&page))?;
    Ok(())
}

/// What a map shows first: the median time to the first category in the first window, else its walk.
fn main_field(study: &Study, table: &NeighbourhoodTable) -> Option<String> {
    let category = &study.project.categories.first()?.name;
    let window = study.project.windows.first().map_or("", |window| &window.name);
    let middle = study.project.percentiles.get(study.project.percentiles.len() / 2).copied().unwrap_or(50);
    let fields = [format!("{category}_transit_{window}_p{middle}_min"), format!("{category}_walk_min")];
    fields.into_iter().find(|field| table.position(field).is_some())
}

fn manifest(
    study: &Study,
    windows: &[DatedWindow],
    inputs: &[(&'static str, std::path::PathBuf)],
) -> Result<Manifest, Failure> {
    let settings = serde_json::to_value(&study.project).map_err(|error| Failure::Usage(error.to_string()))?;
    let mut manifest = Manifest::new(settings);
    manifest.seed = study.project.seed;
    for (role, path) in inputs {
        manifest.inputs.push(describe(study, role, path)?);
    }
    for window in windows {
        manifest.windows.push(Window {
            name: window.window.name.clone(),
            date: window.clock.date().to_string(),
            why: window.why.clone(),
            from: clock(window.window.from.0),
            to: clock(window.window.to.0),
            departures: window.departures.departures.into(),
        });
        let warnings =
            window.warnings.iter().map(|warning| format!("window {}: {warning}", window.window.name));
        manifest.warnings.extend(warnings);
    }
    manifest.places_merge = study.merges.clone();
    manifest.opening_hours =
        windows.iter().filter_map(|window| study.open_in(window)).flat_map(|(counts, _)| counts).collect();
    let streets = &study.network.streets;
    let network = [
        ("nodes", streets.nodes.len()),
        ("edges", streets.edges.len()),
        ("stops", study.network.stops.len()),
    ];
    manifest.network = network.into_iter().map(|(name, n)| (name.to_owned(), n as u64)).collect();
    let joins = study.joins.iter().map(|join| Join {
        what: join.what.clone(),
        rows: join.total,
        matched: join.matched,
        without: join.total - join.matched,
    });
    manifest.joins = joins.collect();
    let snapped = study.origins_joined.counts();
    let stops = study.network.stop_counts();
    let edge_affected =
        study.edges.iter().filter(|(worst, _)| *worst != crate::access::edge::Place::Inside).count();
    let outside = study.edges.iter().filter(|(_, best)| *best == crate::access::edge::Place::Outside).count();
    manifest.counts.insert("neighbourhoods".into(), study.zones.zones.len() as u64);
    manifest.counts.insert("neighbourhoods_edge_affected".into(), edge_affected as u64);
    manifest.counts.insert("neighbourhoods_outside_map".into(), outside as u64);
    manifest.counts.insert("origins_snapped".into(), snapped.all - snapped.off);
    manifest.counts.insert("origins_unsnapped".into(), snapped.off);
    for (what, counts) in [("origins", snapped), ("stops", stops)] {
        manifest.counts.insert(format!("{what}_far_from_street"), counts.far);
        manifest.counts.insert(format!("{what}_snap_crosses"), counts.crossing);
        manifest.counts.insert(format!("{what}_snap_on_island"), counts.island);
        manifest.counts.insert(format!("{what}_snap_passed_over"), counts.passed_over);
    }
    for (category, places) in study.project.categories.iter().zip(&study.places) {
        manifest.counts.insert(format!("places_{}", category.name), places.len() as u64);
    }
    if edge_affected > 0 {
        let all = study.zones.zones.len();
        manifest.warnings.push(format!("{edge_affected} of {all} neighbourhoods lie within the longest walk of the edge of the map, or beyond it ({outside} wholly off it): their times may be too long, and nothing is said of those off it"));
    }
    Ok(manifest)
}

/// An input as the manifest names it. Feeds and extracts were hashed when they were read.
fn describe(study: &Study, role: &str, path: &Path) -> Result<Input, Failure> {
    let name = crate::cli::load::base_name(path);
    if role == "gtfs"
        && let Some(feed) = study.network.feeds.iter().find(|feed| feed.name == name)
    {
        let bytes = std::fs::metadata(path).map_err(Failure::file(path))?.len();
        let bytes = if path.is_dir() { 0 } else { bytes };
        let input = Input {
            role: role.into(),
            file: name.clone(),
            bytes,
            sha256: feed.sha256.clone(),
            details: Default::default(),
        };
        let service = study.services.iter().find(|(of, _)| *of == name);
        let range = service.map(|(_, service)| format!("{} to {}", service.first, service.last));
        return Ok(input
            .with("feed_version", feed.version.clone())
            .with("service", range)
            .with("timezone", feed.timezone.clone()));
    }
    Input::describe(role, path).map_err(Failure::file(path))
}

/// Every file the project names, with what it is.
fn input_paths(project: &Project, file: &Path) -> Vec<(&'static str, std::path::PathBuf)> {
    let mut paths = vec![("project", file.to_owned())];
    let mut add = |role, path: Option<&crate::inputs::project::ProjectPath>| {
        paths.extend(path.map(|path| (role, path.to_path_buf())))
    };
    project.osm.iter().for_each(|path| add("osm", Some(path)));
    project.gtfs.iter().for_each(|path| add("gtfs", Some(path)));
    add("neighbourhoods", Some(&project.neighbourhoods.file));
    add("population", project.neighbourhoods.population_file.as_ref());
    add("deprivation", project.neighbourhoods.deprivation_file.as_ref());
    add("postcodes", project.postcodes.as_ref());
    add("origins", project.origins.as_ref().map(|origins| &origins.file));
    project.categories.iter().flat_map(|category| &category.files).for_each(|path| add("places", Some(path)));
    add("jobs", project.jobs.as_ref().map(|jobs| &jobs.file));
    add("jobs", project.jobs.as_ref().and_then(|jobs| jobs.points.as_ref()));
    project
        .broadband
        .iter()
        .flat_map(|broadband| &broadband.files)
        .for_each(|path| add("broadband", Some(path)));
    add("broadband", project.broadband.as_ref().and_then(|broadband| broadband.lookup.as_ref()));
    add("mobile", project.broadband.as_ref().and_then(|broadband| broadband.mobile.as_ref()));
    project.tables.iter().for_each(|table| add("table", Some(&table.file)));
    paths
}
