//! `lastmile compare`: before and after.

mod attribution;
pub(super) mod chosen;
mod evidence;
pub(super) mod side;
mod summary;
mod why;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::run::{self, Found};
use crate::access::edge::Place;
use crate::access::survey::InWindow;
use crate::cli::args::{CompareArgs, Lenient};
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::cli::study::{DatedWindow, Study, by_zone};
use crate::finding::Findings;
use crate::ids::{Idx, OriginIdx};
use crate::inputs::project::{Project, Scenario};
use crate::outputs::broadband_change;
use crate::outputs::change::{Changes, NamedChange, Story};
use crate::outputs::comparison;
use crate::outputs::folder::OutputFolder;
use crate::outputs::manifest::Manifest;
use crate::outputs::scenarios::{Named, write_scenarios};
use crate::outputs::{geojson, tables};
use crate::routing::departures::Departures;
use crate::routing::network::{Joined, Network, Service};
use crate::scenario::compare::{Group, People, WindowChange, groups};
use crate::scenario::feed_diff::{Day, DayDiff, diff};
use crate::scenario::guard::{About, as_it_may};
use attribution::{Attribution, attribute};
use side::Side;

/// Runs the command.
///
/// # Errors
/// If an input cannot be used, a scenario does not fit the data, or the output not be written.
pub fn compare(args: &CompareArgs, printer: &Printer, findings: &mut Findings) -> Result<(), Failure> {
    let project = Project::read(&args.project)?;
    let scenarios = chosen::scenarios(args, &project)?;
    let asked =
        Asked { file: &args.project, scenarios, out: &args.out, force: args.force, lenient: args.lenient };
    write_comparison(&asked, printer, findings)
}

/// What is compared, and where it is written.
pub(super) struct Asked<'a> {
    /// The project file.
    pub file: &'a Path,
    /// At least one.
    pub scenarios: Vec<Scenario>,
    /// The folder.
    pub out: &'a Path,
    /// Whether an earlier result may be replaced.
    pub force: bool,
    /// What is let pass.
    pub lenient: Lenient,
}

/// Compares a project with scenarios and writes the evidence.
///
/// # Errors
/// As [`compare`].
pub(super) fn write_comparison(
    asked: &Asked,
    printer: &Printer,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let Asked { file, scenarios, out, force, lenient } = asked;
    let project = Project::read(file)?;
    let text = std::fs::read_to_string(file).map_err(Failure::file(file))?;
    let inputs = input_paths(&project, file, scenarios);
    let paths: Vec<&Path> = inputs.iter().map(|(_, path)| path.as_path()).collect();
    let folder = OutputFolder::create(out, *force, &paths)?;
    let study = Study::read(file, *lenient, findings)?;
    let windows = study.windows(*lenient)?;
    if windows.is_empty() {
        let why = "there is no timetable or no window to compare: name `gtfs` in the project file";
        return Err(Failure::Usage(why.into()));
    }
    // What does not fit is said before anything long begins.
    let sides = scenarios.iter().map(|scenario| Side::of(&study, scenario, &windows, *lenient, findings));
    let sides = sides.collect::<Result<Vec<_>, _>>()?;
    let before = Found::of_the_first(&study, &windows, printer, findings)?;
    let by_zone = by_zone(&study.origins, study.zones.zones.len());
    let known = study.edges.iter().map(|(_, best)| *best != Place::Outside).collect();
    let comparison = Comparison {
        study: &study,
        windows: &windows,
        before: &before,
        people: People::of(&study.zones, &study.origins, &by_zone, known),
        groups: groups(&study.zones),
    };
    let mut compared = Vec::new();
    for side in &sides {
        compared.push(comparison.with(side, *lenient, printer)?);
    }
    let mut manifest = run::manifest(&study, &windows, &run::input_paths(&project, file))?;
    summary::into_manifest(&mut manifest, &comparison, &compared)?;
    let found = std::slice::from_ref(&before);
    let said = (&*findings, printer);
    let manifest = run::write_all(&folder, &study, &windows, found, manifest, said, "before.html")?;
    for one in &compared {
        let below = if compared.len() > 1 { format!("{}/", one.side.scenario.name) } else { String::new() };
        comparison.write(&folder, &below, one, &manifest, findings, &text)?;
        printer.note(&summary::in_words(&comparison, one));
    }
    if compared.len() > 1 {
        let named = compared.iter().map(|one| Named {
            name: &one.side.scenario.name,
            label: &one.side.scenario.label,
            changes: comparison.tables(one),
        });
        let named: Vec<Named> = named.collect();
        folder.write("scenarios.csv", |out| write_scenarios(out, &named))?;
    }
    let target = folder.target().to_owned();
    folder.publish(&manifest)?;
    printer.note(&format!("wrote {} scenarios to {}", compared.len(), target.display()));
    printer.json(&manifest).map_err(Failure::Output)
}

/// Every file the project and the scenarios name.
fn input_paths(project: &Project, file: &Path, scenarios: &[Scenario]) -> Vec<(&'static str, PathBuf)> {
    let mut paths = run::input_paths(project, file);
    for feed in scenarios.iter().flat_map(|scenario| scenario.gtfs.iter().flatten()) {
        let feed = ("gtfs of a scenario", feed.to_path_buf());
        if !paths.contains(&feed) {
            paths.push(feed);
        }
    }
    for drawn in scenarios.iter().flat_map(Scenario::files) {
        let drawn = ("geometry of a scenario", drawn.to_path_buf());
        if !paths.contains(&drawn) {
            paths.push(drawn);
        }
    }
    paths
}

/// The baseline, with what every scenario is held against.
struct Comparison<'a> {
    study: &'a Study,
    windows: &'a [DatedWindow],
    before: &'a Found<'a>,
    people: People<'a>,
    groups: Vec<Group>,
}

/// A scenario with what was found.
struct Compared<'a> {
    side: &'a Side<'a>,
    /// By window and origin.
    after: Vec<Vec<InWindow>>,
    changes: Vec<NamedChange>,
    /// What differs between the timetables, once for each pair of dates.
    diffs: Vec<DayDiff>,
    attribution: Attribution,
    stories: Vec<Story>,
}

impl<'a> Comparison<'a> {
    fn with(&self, side: &'a Side<'a>, lenient: Lenient, printer: &Printer) -> Result<Compared<'a>, Failure> {
        let study = self.study;
        let survey = side.survey.as_ref().unwrap_or(&self.before.survey);
        let percentiles = &study.project.percentiles;
        let mut after = Vec::new();
        for window in &side.windows {
            let name = format!("{} {}", side.scenario.name, window.window.name);
            let progress = printer.progress().stage(name, Some(survey.ticks()));
            let departures = self.departures(&side.network, window)?;
            let open = self.open_in(&side.network, window);
            let open = open.map(|open| survey.among(&side.network, self.origins(side), &open));
            let survey = open.as_ref().unwrap_or(survey);
            after.push(survey.in_window(&departures, percentiles, &|n| progress.tick(n))?);
        }
        self.moved_as_it_may(side, &after)?;
        let pairs = self.windows.iter().zip(&side.windows).zip(self.before.windows.iter().zip(&after));
        let changes = pairs.map(|((before_at, after_at), (before, after))| NamedChange {
            name: before.name.clone(),
            when: when(before_at, after_at),
            change: WindowChange::of(&self.people, &before.origins, after, &study.project.cutoffs_min),
        });
        let changes = changes.collect();
        let diffs = self.diffs(side)?;
        let nothing_yet = Attribution::default();
        let mut one = Compared { side, after, changes, diffs, attribution: nothing_yet, stories: Vec::new() };
        one.attribution = attribute(self, &one, &one.diffs, lenient, printer)?;
        one.stories = why::stories(self, &one)?;
        Ok(one)
    }

    fn service(&self) -> Service {
        let project = &self.study.project;
        Service { phone_pickups: project.transit.phone_pickups, seed: project.seed }
    }

    /// The departures of a window on a network, with the limits that hold on both sides.
    fn departures<'b>(
        &self,
        network: &'b Network,
        window: &'b DatedWindow,
    ) -> Result<Departures<'b>, Failure> {
        let limits = self.study.limits();
        Ok(Departures::of(network, &window.clock, window.departures, limits, self.service())?)
    }

    /// The places that are open in a window, where hours are looked at.
    fn open_in(&self, network: &Network, window: &DatedWindow) -> Option<Joined> {
        let (_, points) = self.study.open_in(window)?;
        Some(network.join(points.iter().map(Vec::as_slice)))
    }

    /// The origins on the streets of a scenario.
    fn origins<'b>(&'b self, side: &'b Side) -> &'b Joined {
        side.origins.as_ref().unwrap_or(&self.study.origins_joined)
    }

    /// Whether anything is known of where an origin lies.
    fn is_known(&self, origin: OriginIdx) -> bool {
        self.study.origins.points[origin].zone.is_some_and(|zone| self.people.known[zone])
    }

    fn diffs(&self, side: &Side) -> Result<Vec<DayDiff>, Failure> {
        let service = self.service();
        let mut diffs: Vec<DayDiff> = Vec::new();
        for (before, after) in self.windows.iter().zip(&side.windows) {
            let (before, after) = (&before.clock, &after.clock);
            if diffs.iter().any(|diff| (diff.before, diff.after) == (before.date(), after.date())) {
                continue;
            }
            let before = Day { network: &self.study.network, clock: before };
            diffs.push(diff(&before, &Day { network: &side.network, clock: after }, &service)?);
        }
        Ok(diffs)
    }

    fn moved_as_it_may(&self, side: &Side, after: &[Vec<InWindow>]) -> Result<(), Failure> {
        let study = self.study;
        let categories: Vec<&str> = study.project.categories.iter().map(|c| c.name.as_str()).collect();
        let origin = |number: usize| {
            let origin = &study.origins.points[OriginIdx::new(number)];
            let zone = origin.zone.map(|zone| study.zones.zones[zone].name.clone());
            (origin.id.clone(), zone.unwrap_or_else(|| "no neighbourhood".to_owned()))
        };
        for (before, after) in self.before.windows.iter().zip(after) {
            let about = About {
                scenario: &side.scenario.name,
                window: &before.name,
                categories: &categories,
                percentiles: &study.project.percentiles,
                origin: &origin,
            };
            as_it_may(&about, side.acts, &before.origins, after)?;
        }
        Ok(())
    }

    fn tables<'b>(&'b self, compared: &'b Compared) -> Changes<'b> {
        let project = &self.study.project;
        Changes {
            zones: &self.study.zones,
            categories: &project.categories,
            percentiles: &project.percentiles,
            cutoffs_min: &project.cutoffs_min,
            people_known: self.people.counted,
            windows: &compared.changes,
        }
    }

    fn write(
        &self,
        folder: &OutputFolder,
        below: &str,
        compared: &Compared,
        manifest: &Manifest,
        findings: &Findings,
        project_text: &str,
    ) -> Result<(), Failure> {
        let changes = self.tables(compared);
        let mut table = changes.table();
        let (before, after) = (self.study.broadband.as_ref(), compared.side.broadband.as_ref());
        if let Some((before, after)) = before.zip(after) {
            broadband_change::add_to(&mut table, before, after);
        }
        table.check()?;
        folder.write(&format!("{below}change.geojson"), |out| geojson::write_neighbourhoods(out, &table))?;
        folder.write(&format!("{below}change.csv"), |out| tables::write_neighbourhoods(out, &table))?;
        folder.write(&format!("{below}change_fields.csv"), |out| tables::write_fields(out, &table.fields))?;
        folder.write(&format!("{below}change_groups.csv"), |out| changes.write_groups(out, &self.groups))?;
        folder.write(&format!("{below}feed_diff.csv"), |out| {
            comparison::write_feed_diff(out, &compared.diffs)
        })?;
        let names = |of: &mut dyn Iterator<Item = &String>| of.map(String::clone).collect::<Vec<_>>();
        let windows = names(&mut compared.changes.iter().map(|window| &window.name));
        let categories = names(&mut self.study.project.categories.iter().map(|category| &category.name));
        let windows: Vec<&str> = windows.iter().map(String::as_str).collect();
        let categories: Vec<&str> = categories.iter().map(String::as_str).collect();
        let effects = &compared.attribution.effects;
        folder.write(&format!("{below}attribution.csv"), |out| {
            comparison::write_attribution(out, effects, &windows, &categories)
        })?;
        folder.write(&format!("{below}journeys.csv"), |out| {
            comparison::write_journeys(out, &compared.stories)
        })?;
        if let Some((change, state)) = evidence::main_fields(self, compared) {
            folder.write(&format!("{below}change.qml"), |out| {
                comparison::write_change_style(out, &change, &state)
            })?;
        }
        let project = chosen::reproducing(project_text, &self.study.project, compared.side.scenario);
        folder.write(&format!("{below}scenario.toml"), |out| out.write_all(project.as_bytes()))?;
        let mut page = Vec::new();
        evidence::write(&mut page, self, compared, &table, manifest, findings)?;
        folder.write(&format!("{below}report.html"), |out| out.write_all(&page))?;
        Ok(())
    }
}

/// A window's dates and times on both sides.
fn when(before: &DatedWindow, after: &DatedWindow) -> String {
    let (from, to) = (run::clock(before.window.from.0), run::clock(before.window.to.0));
    let name = &before.window.name;
    match (before.clock.date(), after.clock.date()) {
        (a, b) if a == b => format!("{name} {a}, {from} to {to}"),
        (a, b) => format!("{name} {a} before and {b} after, {from} to {to}"),
    }
}
