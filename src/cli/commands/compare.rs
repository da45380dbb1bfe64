//! `lastmile compare`: before and after.

mod chosen;
mod side;
mod summary;

use std::path::{Path, PathBuf};

use super::run::{self, Found};
use crate::access::edge::Place;
use crate::cli::args::CompareArgs;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::cli::study::{DatedWindow, Study, by_zone};
use crate::finding::Findings;
use crate::ids::{Idx, OriginIdx};
use crate::inputs::project::{Project, Scenario};
use crate::outputs::change::{Changes, NamedChange};
use crate::outputs::folder::OutputFolder;
use crate::outputs::indicators::WindowResults;
use crate::outputs::manifest::Manifest;
use crate::outputs::{geojson, tables};
use crate::scenario::compare::{Group, People, WindowChange, groups};
use crate::scenario::guard::{About, nothing_better};
use side::Side;

/// Runs the command.
///
/// # Errors
/// If an input cannot be used, a scenario does not fit the data, or the output not be written.
pub fn compare(args: &CompareArgs, printer: &Printer, findings: &mut Findings) -> Result<(), Failure> {
    let project = Project::read(&args.project)?;
    let scenarios = chosen::scenarios(args, &project)?;
    let inputs = input_paths(&project, &args.project, &scenarios);
    let paths: Vec<&Path> = inputs.iter().map(|(_, path)| path.as_path()).collect();
    let folder = OutputFolder::create(&args.out, args.force, &paths)?;
    let study = Study::read(&args.project, args.lenient, findings)?;
    let windows = study.windows(args.lenient)?;
    if windows.is_empty() {
        let why = "there is no timetable or no window to compare: name `gtfs` in the project file";
        return Err(Failure::Usage(why.into()));
    }
    // What does not fit is said before anything long begins.
    let sides = scenarios.iter().map(|scenario| Side::of(&study, scenario, &windows, args.lenient, findings));
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
        compared.push(comparison.with(side, printer)?);
    }
    let table = run::indicators(&study, std::slice::from_ref(&before), &by_zone);
    table.check()?;
    let mut manifest = run::manifest(&study, &windows, &inputs)?;
    summary::into_manifest(&mut manifest, &comparison, &compared);
    manifest.warnings.iter().for_each(|warning| printer.warning(warning));
    run::write(&folder, &study, &table, &manifest, findings)?;
    for one in &compared {
        let below = if compared.len() > 1 { format!("{}/", one.side.scenario.name) } else { String::new() };
        comparison.write(&folder, &below, one, &manifest)?;
        printer.note(&summary::in_words(&comparison, one));
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
    after: Vec<WindowResults>,
    changes: Vec<NamedChange>,
}

impl<'a> Comparison<'a> {
    fn with(&self, side: &'a Side<'a>, printer: &Printer) -> Result<Compared<'a>, Failure> {
        let study = self.study;
        let survey = side.survey.as_ref().unwrap_or(&self.before.survey);
        // What is wrong with the data has been said of the baseline.
        let mut aside = Findings::new();
        let search = |window| run::in_window(study, &side.network, survey, window, printer, &mut aside);
        let after = side.windows.iter().map(search).collect::<Result<Vec<_>, _>>()?;
        if side.only_removes {
            self.nothing_is_better(side, &after)?;
        }
        let pairs = self.windows.iter().zip(&side.windows).zip(self.before.windows.iter().zip(&after));
        let changes = pairs.map(|((before_at, after_at), (before, after))| NamedChange {
            name: before.name.clone(),
            when: when(before_at, after_at),
            change: WindowChange::of(
                &self.people,
                &before.origins,
                &after.origins,
                &study.project.cutoffs_min,
            ),
        });
        let changes = changes.collect();
        Ok(Compared { side, after, changes })
    }

    fn nothing_is_better(&self, side: &Side, after: &[WindowResults]) -> Result<(), Failure> {
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
            nothing_better(&about, &before.origins, &after.origins)?;
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
        _manifest: &Manifest,
    ) -> Result<(), Failure> {
        let changes = self.tables(compared);
        let table = changes.table();
        table.check()?;
        folder.write(&format!("{below}change.geojson"), |out| geojson::write_neighbourhoods(out, &table))?;
        folder.write(&format!("{below}change.csv"), |out| tables::write_neighbourhoods(out, &table))?;
        folder.write(&format!("{below}change_fields.csv"), |out| tables::write_fields(out, &table.fields))?;
        folder.write(&format!("{below}groups.csv"), |out| changes.write_groups(out, &self.groups))?;
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
