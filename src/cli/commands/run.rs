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
use crate::inputs::project::{Project, WalkProfile};
use crate::outputs::folder::OutputFolder;
use crate::outputs::groups::{self, Compared};
use crate::outputs::indicators::{Indicators, Walker, WindowResults};
use crate::outputs::manifest::Manifest;
use crate::outputs::table::NeighbourhoodTable;
use crate::outputs::{geojson, index, qml, tables};
use crate::report::{Report, write_report};
use crate::routing::departures::Departures;
use crate::routing::network::{Joined, Network, Service};

mod manifest;
mod summary;

use manifest::{input_paths, manifest};

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
    let mut table = indicators(&study, &found, &by_zone);
    let (compared, notes) = record(&study, &mut table)?;
    table.check()?;
    let mut manifest = manifest(&study, &windows, &inputs)?;
    manifest.warnings.extend(notes);
    manifest.warnings.iter().for_each(|warning| printer.warning(warning));
    write(&folder, &study, &table, &compared, &manifest, findings)?;
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
        let windows = in_windows(study, network, &survey, windows, printer, findings)?;
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
        let windows = in_windows(study, network, &survey, windows, printer, findings)?;
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
    survey: &Survey,
    windows: &[DatedWindow],
    printer: &Printer,
    findings: &mut Findings,
) -> Result<Vec<WindowResults>, Failure> {
    windows.iter().map(|window| in_window(study, network, survey, window, printer, findings)).collect()
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
    }
    .table()
}

/// What is made of the fields: the index, and the groups of neighbourhoods compared in them. Also says what a reader must
/// know of both.
fn record(study: &Study, table: &mut NeighbourhoodTable) -> Result<(Compared, Vec<String>), Failure> {
    let project = &study.project;
    groups::add_fields(table, &project.groups, &study.attributes);
    let mut notes = match &project.index {
        Some(index) => index::add(table, index, project)?,
        None => Vec::new(),
    };
    let groupings = groups::groupings(project, table);
    notes.extend(groups::without_field(table, &groupings));
    let compared = groups::compare(project, table, &groupings);
    notes.extend(compared.inequalities.left_out.iter().cloned());
    Ok((compared, notes))
}

fn write(
    folder: &OutputFolder,
    study: &Study,
    table: &NeighbourhoodTable,
    compared: &Compared,
    manifest: &Manifest,
    findings: &Findings,
) -> Result<(), Failure> {
    folder.write("neighbourhoods.geojson", |out| geojson::write_neighbourhoods(out, table))?;
    if let Some(field) = main_field(study, table) {
        folder.write("neighbourhoods.qml", |out| qml::write_style(out, table, &field))?;
    }
    folder.write("neighbourhoods.csv", |out| tables::write_neighbourhoods(out, table))?;
    let mut dictionary = table.fields.clone();
    dictionary.extend(groups::dictionary(compared));
    folder.write("fields.csv", |out| tables::write_fields(out, &dictionary))?;
    if !compared.groupings.is_empty() {
        folder.write("groups.csv", |out| groups::write_groups(out, compared, table))?;
    }
    if !compared.inequalities.rows.is_empty() {
        folder.write("inequality.csv", |out| groups::write_inequality(out, compared, table))?;
    }
    folder.write("findings.csv", |out| tables::write_findings(out, findings))?;
    let (key_figures, maps, extremes) = summary::summary(&study.project, table);
    let mut page = Vec::new();
    let (key_figures, maps, extremes) = (&key_figures[..], &maps[..], &extremes[..]);
    let report = Report {
        title: &study.project.name,
        table,
        manifest,
        findings,
        key_figures,
        maps,
        extremes,
        compared,
    };
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
