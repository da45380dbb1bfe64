//! A comparison from its project file to its folder: the baseline's files and pages, and those of
//! each scenario.

use std::fmt::Write as _;
use std::path::Path;

use super::evidence_pack;
use super::run_pages::{Pages, Pictures};
use super::{MapStreets, ReportError};
use crate::analysis::compare::{ComparedScenario, Comparison};
use crate::analysis::run::RunResults;
use crate::analysis::study::Study;
use crate::analysis::world::ScenarioWorld;
use crate::analysis::{AnalysisError, Lenient, Observer};
use crate::finding::Findings;
use crate::inputs::project::scenarios::write::reproducing;
use crate::inputs::project::{Project, Scenario};
use crate::outputs::OutputError;
use crate::outputs::comparison::change_style;
use crate::outputs::folder::OutputFolder;
use crate::outputs::manifest::Manifest;
use crate::outputs::run_files::{
    ChangeLayer, FlatGeobuf, RunFiles, input_files, input_paths, manifest,
};
use crate::outputs::scenario_files::{self, ScenarioFiles};
use crate::outputs::scenarios::{NamedScenario, write_scenarios};
use crate::scenario::differences::PeopleTally;

/// What is compared, and where it is written.
pub struct CompareRequest<'a> {
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
/// If an input cannot be used, a scenario does not fit the data, or the folder not be written.
pub fn write_comparison(
    asked: &CompareRequest,
    observer: &dyn Observer,
    findings: &mut Findings,
) -> Result<Manifest, ReportError> {
    let CompareRequest { file, scenarios, out, force, pictures, lenient } = asked;
    let project = Project::read(file)?;
    let text = std::fs::read_to_string(file).map_err(OutputError::file(file))?;
    let mut all = project.clone();
    all.scenarios.extend(scenarios.iter().cloned());
    let folder = OutputFolder::create(out, *force, &input_files(&all, file))?;
    let mut study = observer.during("reading", || Study::read(file, *lenient, findings))?;
    study.world.remember_timetables();
    let study = study;
    let windows = study.windows(*lenient)?;
    study.report_copies(&windows, findings);
    if windows.is_empty() {
        let why = "there is no timetable or no window to compare: name `gtfs` in the project file";
        return Err(AnalysisError::Usage(why.into()).into());
    }
    // What does not fit is said before anything long begins.
    let sides = observer.during("changing the data", || {
        let side = |scenario| ScenarioWorld::of(&study, scenario, &windows, *lenient, findings);
        scenarios.iter().map(side).collect::<Result<Vec<_>, _>>()
    })?;
    let results = RunResults::of(&study, &windows, observer, findings)?;
    let run = observer.during("summing up", || results.table(observer))?;
    let comparison = Comparison::of(&results, &run, observer)?;
    let compared = comparison.with_all(&sides, *lenient, observer)?;
    let sums = || manifest(&study, &windows, &input_paths(&project, file));
    let mut manifest = observer.during("reading sums", sums)?;
    scenario_files::add_scenarios(&mut manifest, &comparison, &compared)?;
    let changes = change_layers(&comparison, &compared);
    let streets = MapStreets::of(study.world.network());
    let _writing = observer.stage("writing", None);
    let files = RunFiles {
        results: &results,
        table: &run,
        findings,
        fgb: FlatGeobuf::No,
        changes: &changes,
    };
    let manifest = files.write(&folder, manifest)?;
    manifest.warnings.iter().for_each(|warning| observer.warning(warning));
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
        let project = reproducing(&text, &study.project, one.side.scenario);
        let files = ScenarioFiles {
            folder: &folder,
            below: &below,
            project: &project,
            main: main.as_ref(),
        };
        let table = files.write(&comparison, one)?;
        let into = (&folder, &*below, *pictures);
        evidence_pack::write(into, &streets, &comparison, one, &table, &manifest, findings)?;
        observer.note(&in_words(&comparison, one));
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
    observer.note(&format!("wrote {} scenarios to {}", compared.len(), target.display()));
    Ok(manifest)
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

/// What a scenario does, for the terminal.
fn in_words(comparison: &Comparison, one: &ComparedScenario) -> String {
    let mut text = format!("{}: {}", one.side.scenario.name, one.side.says_in_words().join("; "));
    if let Some(off) = evidence_pack::off_map(one) {
        let _ = write!(text, "\n  {off}");
    }
    let who = comparison.residents.counted().name();
    let project = &comparison.study.project;
    for window in &one.changes {
        let mut parts = Vec::new();
        for (number, category) in project.categories.iter().enumerate() {
            let all = &comparison.groups[0].zones;
            let tally = window.change.sum(number, all, project.cutoffs_ridden().len());
            if let Some(says) = category_in_words(&tally) {
                parts.push(format!("{} {says}", category.name));
            }
        }
        let says = if parts.is_empty() { "nothing changes".to_owned() } else { parts.join("; ") };
        let _ = write!(text, "\n  {}{} ({who}): {says}", window.name, window.says);
    }
    text
}

fn category_in_words(tally: &PeopleTally) -> Option<String> {
    let counts = [
        (tally.lost, "lose it"),
        (tally.worse, "longer"),
        (tally.longer[0], "of these 5 min or more"),
        (tally.better, "shorter"),
        (tally.gained, "gain it"),
    ];
    let said: Vec<String> = counts
        .iter()
        .filter(|(people, _)| *people > 0.0)
        .map(|(people, what)| format!("{people:.0} {what}"))
        .collect();
    (!said.is_empty()).then(|| said.join(", "))
}
