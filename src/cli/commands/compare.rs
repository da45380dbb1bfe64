//! `lastmile compare`: before and after.

pub(super) mod selection;
mod summary;

use std::path::Path;

use crate::analysis::Lenient;
use crate::analysis::compare::scenario_network::ScenarioNetwork;
use crate::analysis::compare::{ComparedScenario, Comparison};
use crate::analysis::run::RunResults;
use crate::analysis::study::Study;
use crate::cli::args::CompareArgs;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::inputs::project::{Project, Scenario};
use crate::outputs::comparison::change_style;
use crate::outputs::folder::OutputFolder;
use crate::outputs::run_files::{
    ChangeLayer, FlatGeobuf, RunFiles, input_files, input_paths, manifest,
};
use crate::outputs::scenario_files::{self, ScenarioFiles};
use crate::outputs::scenarios::{NamedScenario, write_scenarios};
use crate::report::run_pages::{Pages, Pictures};
use crate::report::{MapStreets, evidence_pack};

/// Runs the command.
///
/// # Errors
/// If an input cannot be used, a scenario does not fit the data, or the output not be written.
pub fn compare(
    args: &CompareArgs,
    printer: &Printer,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let project = Project::read(&args.project)?;
    let scenarios = selection::scenarios(args, &project)?;
    let asked = CompareRequest {
        file: &args.project,
        scenarios,
        out: &args.out,
        force: args.force,
        pictures: Pictures::asked(args.png)?,
        lenient: args.lenient.into(),
    };
    write_comparison(&asked, printer, findings)
}

/// What is compared, and where it is written.
pub(in crate::cli) struct CompareRequest<'a> {
    /// The project file.
    pub file: &'a Path,
    /// At least one.
    pub scenarios: Vec<Scenario>,
    /// The folder.
    pub out: &'a Path,
    /// Whether an earlier result may be replaced.
    pub force: bool,
    /// Whether the maps are written as pictures, too.
    pub pictures: Pictures,
    /// What is let pass.
    pub lenient: Lenient,
}

/// Compares a project with scenarios and writes the evidence.
///
/// # Errors
/// As [`compare`].
pub(in crate::cli) fn write_comparison(
    asked: &CompareRequest,
    printer: &Printer,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let CompareRequest { file, scenarios, out, force, pictures, lenient } = asked;
    let project = Project::read(file)?;
    let text = std::fs::read_to_string(file).map_err(Failure::file(file))?;
    let mut all = project.clone();
    all.scenarios.extend(scenarios.iter().cloned());
    let folder = OutputFolder::create(out, *force, &input_files(&all, file))?;
    let mut study = printer.during("reading", || Study::read(file, *lenient, findings))?;
    study.remember_timetables();
    let study = study;
    let windows = study.windows(*lenient)?;
    study.report_copies(&windows, findings);
    if windows.is_empty() {
        let why = "there is no timetable or no window to compare: name `gtfs` in the project file";
        return Err(Failure::Usage(why.into()));
    }
    // What does not fit is said before anything long begins.
    let sides = printer.during("changing the data", || {
        let side = |scenario| ScenarioNetwork::of(&study, scenario, &windows, *lenient, findings);
        scenarios.iter().map(side).collect::<Result<Vec<_>, _>>()
    })?;
    let results = RunResults::of(&study, &windows, printer, findings)?;
    let run = printer.during("summing up", || results.table(printer))?;
    let comparison = Comparison::of(&results, &run, printer)?;
    let compared = comparison.with_all(&sides, *lenient, printer)?;
    let sums = || manifest(&study, &windows, &input_paths(&project, file));
    let mut manifest = printer.during("reading sums", sums)?;
    scenario_files::add_scenarios(&mut manifest, &comparison, &compared)?;
    let changes = change_layers(&comparison, &compared);
    let streets = MapStreets::of(&study.network);
    let _writing = printer.progress().stage("writing", None);
    let files = RunFiles {
        results: &results,
        table: &run,
        findings,
        fgb: FlatGeobuf::No,
        changes: &changes,
    };
    let manifest = files.write(&folder, manifest)?;
    manifest.warnings.iter().for_each(|warning| printer.warning(warning));
    let pages = Pages {
        report: "before.html",
        streets: &streets,
        pictures: *pictures,
        neighbourhoods: &[],
    };
    pages.write(&folder, &results, &run, &manifest, findings)?;
    for one in &compared {
        let below =
            if compared.len() > 1 { format!("{}/", one.side.scenario.name) } else { String::new() };
        let main = evidence_pack::main_fields(&comparison, one);
        let project = selection::reproducing(&text, &study.project, one.side.scenario);
        let files = ScenarioFiles {
            folder: &folder,
            below: &below,
            project: &project,
            main: main.as_ref(),
        };
        let table = files.write(&comparison, one)?;
        let into = (&folder, &*below, *pictures);
        evidence_pack::write(into, &streets, &comparison, one, &table, &manifest, findings)?;
        printer.note(&summary::in_words(&comparison, one));
    }
    if compared.len() > 1 {
        let named = compared.iter().map(|one| NamedScenario {
            name: &one.side.scenario.name,
            label: &one.side.scenario.label,
            says: one.side.says_in_words(),
            changes: comparison.tables(one),
        });
        let named: Vec<NamedScenario> = named.collect();
        folder.write("scenarios.csv", |out| write_scenarios(out, &named))?;
    }
    let target = folder.target().to_owned();
    folder.publish(&manifest)?;
    printer.note(&format!("wrote {} scenarios to {}", compared.len(), target.display()));
    printer.json(&manifest).map_err(Failure::Output)
}

/// What changes as layers, under the scenario's name where it is one of several.
fn change_layers(comparison: &Comparison, compared: &[ComparedScenario]) -> Vec<ChangeLayer> {
    let layer = |one: &ComparedScenario| {
        let Scenario { name, label, .. } = one.side.scenario;
        let label = if label.is_empty() { name } else { label };
        let shown = evidence_pack::main_map(comparison, one);
        let about = shown
            .as_ref()
            .map_or_else(String::new, |(_, map)| format!(", minutes: {}", map.caption));
        ChangeLayer {
            label: label.clone(),
            #[cfg(feature = "gpkg")]
            transit: one.transit.clone(),
            name: if compared.len() > 1 { format!("change_{name}") } else { "change".to_owned() },
            title: format!("{label}{about}"),
            category: shown.as_ref().map(|(category, _)| category.name.clone()),
            table: comparison.tables(one).table(),
            style: shown.map(|(_, map)| change_style(&map.change, &map.state)),
        }
    };
    compared.iter().map(layer).collect()
}
