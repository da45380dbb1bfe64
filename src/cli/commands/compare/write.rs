//! The files of a scenario.

use std::io::Write as _;

#[cfg(feature = "gpkg")]
use super::transit;
use super::{ComparedScenario, Comparison, evidence, selection};
use crate::cli::commands::run::Pictures;
use crate::cli::failure::Failure;
use crate::finding::Findings;
use crate::outputs::folder::OutputFolder;
use crate::outputs::manifest::Manifest;
use crate::outputs::{comparison, geojson, tables};
use crate::results::change::ChangeTableInput;

impl Comparison<'_> {
    /// What its tables are made from.
    pub(super) fn tables<'b>(&'b self, compared: &'b ComparedScenario) -> ChangeTableInput<'b> {
        let project = &self.study.project;
        ChangeTableInput {
            zones: &self.study.zones,
            categories: &project.categories,
            percentiles: &project.percentiles,
            cutoffs_min: project.cutoffs_ridden(),
            residents: self.residents,
            windows: &compared.changes,
            days: &compared.days,
            before: &self.table,
            after: &compared.table,
        }
    }

    /// Writes them all below a folder.
    ///
    /// # Errors
    /// If one cannot be written.
    pub(super) fn write(
        &self,
        (folder, below, pictures): (&OutputFolder, &str, Pictures),
        compared: &ComparedScenario,
        manifest: &Manifest,
        findings: &Findings,
        project_text: &str,
    ) -> Result<(), Failure> {
        let changes = self.tables(compared);
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
        let fields = [fields, transit::fields(self, compared.side)].concat();
        folder.write(&format!("{below}change_fields.csv"), |out| {
            tables::write_fields(out, &fields)
        })?;
        folder.write(&format!("{below}change_groups.csv"), |out| {
            changes.write_groups(out, &self.groups)
        })?;
        folder.write(&format!("{below}change_measures.csv"), |out| {
            changes.write_measures(out, &self.groups)
        })?;
        folder.write(&format!("{below}feed_diff.csv"), |out| {
            comparison::write_feed_diff(out, &compared.diffs)
        })?;
        let names =
            |of: &mut dyn Iterator<Item = &String>| of.map(String::clone).collect::<Vec<_>>();
        let windows = names(&mut self.windows.iter().map(|window| &window.window.name));
        let categories =
            names(&mut self.study.project.categories.iter().map(|category| &category.name));
        let windows: Vec<&str> = windows.iter().map(String::as_str).collect();
        let categories: Vec<&str> = categories.iter().map(String::as_str).collect();
        let effects = &compared.attribution.effects;
        folder.write(&format!("{below}attribution.csv"), |out| {
            comparison::write_attribution(
                out,
                effects,
                compared.attribution.looked_at,
                &windows,
                &categories,
            )
        })?;
        folder.write(&format!("{below}journeys.csv"), |out| {
            comparison::write_journeys(out, &compared.stories)
        })?;
        if let Some((change, state)) = evidence::main_fields(self, compared) {
            folder.write(&format!("{below}change.qml"), |out| {
                comparison::change_style(&change, &state).write_qml(out, &table.fields)
            })?;
        }
        let project =
            selection::reproducing(project_text, &self.study.project, compared.side.scenario);
        folder.write(&format!("{below}scenario.toml"), |out| out.write_all(project.as_bytes()))?;
        let into = (folder, below, pictures);
        evidence::write(into, self, compared, &table, manifest, findings)
    }
}
