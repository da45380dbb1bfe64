//! The files of a scenario, beside those of the baseline.

use std::io::Write as _;

use super::error::OutputError;
use super::folder::OutputFolder;
use super::manifest::{Input, Manifest};
use super::{comparison as changes_csv, geojson, tables};
use crate::analysis::compare::{ComparedScenario, Comparison};
use crate::inputs::gtfs::Feed;
use crate::inputs::project::ProjectPath;
use crate::network::calendar::ServiceByDate;
use crate::results::table::NeighbourhoodTable;

/// Where the files of a scenario go, and what they hold besides what was found.
#[derive(Clone, Copy)]
pub struct ScenarioFiles<'a> {
    /// The folder of the result.
    pub folder: &'a OutputFolder,
    /// What stands before each name: nothing, or the scenario's name and `/`.
    pub below: &'a str,
    /// The project file that reproduces the scenario alone.
    pub project: &'a str,
    /// The fields of change and state that a map shows first.
    pub main: Option<&'a (String, String)>,
}

impl ScenarioFiles<'_> {
    /// Writes them all but the page, and gives the table of changes back.
    ///
    /// # Errors
    /// If one cannot be written.
    pub fn write(
        &self,
        comparison: &Comparison,
        one: &ComparedScenario,
    ) -> Result<NeighbourhoodTable, OutputError> {
        let ScenarioFiles { folder, below, .. } = self;
        let changes = comparison.tables(one);
        let table = changes.table();
        table.check()?;
        folder.write(&format!("{below}change.geojson"), |out| {
            geojson::write_neighbourhoods(out, &table)
        })?;
        folder.write(&format!("{below}change.csv"), |out| {
            tables::write_neighbourhoods(out, &table)
        })?;
        let fields = table.fields.clone();
        #[cfg(feature = "gpkg")]
        let fields = {
            use super::layers::{route_change_fields, stop_change_fields};
            let dates = &one.transit.dates;
            [fields, stop_change_fields(dates), route_change_fields(dates)].concat()
        };
        folder.write(&format!("{below}change_fields.csv"), |out| {
            tables::write_fields(out, &fields)
        })?;
        folder.write(&format!("{below}change_groups.csv"), |out| {
            changes.write_groups(out, &comparison.groups)
        })?;
        folder.write(&format!("{below}change_measures.csv"), |out| {
            changes.write_measures(out, &comparison.groups)
        })?;
        folder.write(&format!("{below}feed_diff.csv"), |out| {
            changes_csv::write_feed_diff(out, &one.diffs)
        })?;
        let names =
            |of: &mut dyn Iterator<Item = &String>| of.map(String::clone).collect::<Vec<_>>();
        let windows = names(&mut comparison.windows.iter().map(|window| &window.window.name));
        let categories =
            names(&mut comparison.study.project.categories.iter().map(|category| &category.name));
        let windows: Vec<&str> = windows.iter().map(String::as_str).collect();
        let categories: Vec<&str> = categories.iter().map(String::as_str).collect();
        let effects = &one.attribution.effects;
        folder.write(&format!("{below}attribution.csv"), |out| {
            changes_csv::write_attribution(
                out,
                effects,
                one.attribution.looked_at,
                &windows,
                &categories,
            )
        })?;
        folder.write(&format!("{below}journeys.csv"), |out| {
            changes_csv::write_journeys(out, &one.stories)
        })?;
        if let Some((change, state)) = self.main {
            folder.write(&format!("{below}change.qml"), |out| {
                changes_csv::change_style(change, state).write_qml(out, &table.fields)
            })?;
        }
        folder.write(&format!("{below}scenario.toml"), |out| {
            out.write_all(self.project.as_bytes())
        })?;
        Ok(table)
    }
}

/// Adds what the scenarios are to the manifest.
///
/// # Errors
/// If a file that a scenario names can no longer be read.
pub fn add_scenarios(
    manifest: &mut Manifest,
    comparison: &Comparison,
    compared: &[ComparedScenario],
) -> Result<(), OutputError> {
    let all: Vec<serde_json::Value> = compared
        .iter()
        .map(|one| {
            let side = one.side;
            let windows = comparison.windows.iter().zip(&side.windows).map(|(before, after)| {
                serde_json::json!({
                    "name": before.window.name,
                    "date_before": before.clock.date().to_string(),
                    "date_after": after.clock.date().to_string(),
                    "why_after": after.why,
                })
            });
            serde_json::json!({
                "name": side.scenario.name,
                "label": side.scenario.label,
                "modifications": side.scenario.modifications,
                "means": side.says_in_words(),
                "only_removes": !side.acts.shorter,
                "only_adds": !side.acts.longer,
                "windows": windows.collect::<Vec<_>>(),
            })
        })
        .collect();
    if let Some(settings) = manifest.settings.as_object_mut() {
        settings.insert("compared".to_owned(), all.into());
    }
    for one in compared {
        let name = &one.side.scenario.name;
        manifest.inputs.extend(inputs(one));
        let whose = one.side.world.broadband.as_ref().map(|broadband| broadband.whose.to_owned());
        manifest.attribution.extend(whose.filter(|line| !manifest.attribution.contains(line)));
        for file in one.side.scenario.files() {
            let role = format!("geometry of scenario {name}");
            manifest.inputs.push(Input::describe(&role, file).map_err(OutputError::file(file))?);
        }
        manifest
            .warnings
            .extend(one.side.warnings.iter().map(|warning| format!("scenario {name}: {warning}")));
        if one.changes.iter().all(|window| !window.change.changed()) {
            let warning =
                format!("scenario {name}: no time and no count of jobs differs in any window");
            manifest.warnings.push(warning);
        }
    }
    Ok(())
}

/// The feeds that a scenario puts in the place of the project's. They were hashed when they were
/// read.
fn inputs(one: &ComparedScenario) -> Vec<Input> {
    let paths = one.side.scenario.gtfs.iter().flatten();
    let describe = |(feed, path): (&Feed, &ProjectPath)| {
        let path: &std::path::Path = path;
        let bytes =
            std::fs::metadata(path).ok().filter(|meta| meta.is_file()).map_or(0, |meta| meta.len());
        let (role, sha256) =
            (format!("gtfs of scenario {}", one.side.scenario.name), feed.sha256.clone());
        let input =
            Input { role, file: feed.name.clone(), bytes, sha256, details: Default::default() };
        let range = ServiceByDate::count(feed)
            .map(|service| format!("{} to {}", service.first, service.last));
        input
            .with("feed_version", feed.version.clone())
            .with("service", range)
            .with("timezone", feed.timezone.clone())
    };
    one.side.other_feeds.iter().flatten().zip(paths).map(describe).collect()
}
