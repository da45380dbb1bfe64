//! The files of a run: every measure as tables, layers and a manifest; the pages are
//! those of `report`.

mod fgb;
#[cfg(feature = "gpkg")]
mod layers;
mod manifest;

pub use fgb::FlatGeobuf;
pub use manifest::{input_files, input_paths, manifest};

use super::error::OutputError;
use super::folder::OutputFolder;
#[cfg(feature = "parquet")]
use super::geoparquet;
use super::groups::{dictionary as groups_dictionary, write_groups, write_inequality};
use super::manifest::Manifest;
use super::qgis::{Style, areas};
use super::{geojson, jts, places, tables};
use crate::analysis::run::{RunResults, RunTable, main_field, nearby};
use crate::analysis::study::stray_notes;
use crate::finding::Findings;
use crate::inputs::project::Preset;
use crate::results::table::{Field, NeighbourhoodTable};

/// A run to be written.
#[derive(Clone, Copy)]
pub struct RunFiles<'a> {
    /// What was found.
    pub results: &'a RunResults<'a>,
    /// What was made of it.
    pub table: &'a RunTable,
    /// The faults of the data.
    pub findings: &'a Findings,
    /// Whether the neighbourhoods are written as FlatGeobuf, too.
    pub fgb: FlatGeobuf,
    /// What scenarios change, where any were compared.
    pub changes: &'a [ChangeLayer],
}

/// What a scenario changes, as a layer of the map beside the others.
pub struct ChangeLayer {
    /// The name of its layer.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What people call the scenario.
    pub label: String,
    /// What becomes of stops and routes.
    #[cfg(feature = "gpkg")]
    pub transit: crate::results::transit_change::TransitChange,
    /// The category of places that it is about, by its key.
    pub category: Option<String>,
    /// What becomes of each neighbourhood.
    pub table: NeighbourhoodTable,
    /// How it is drawn, where anything changes.
    pub style: Option<Style>,
}

impl RunFiles<'_> {
    /// Writes every file but the manifest, which is given back with what was learnt on the way.
    ///
    /// # Errors
    /// If one cannot be written.
    pub fn write(
        &self,
        folder: &OutputFolder,
        mut manifest: Manifest,
    ) -> Result<Manifest, OutputError> {
        let RunFiles { results, table: run, findings, fgb, changes } = *self;
        let (study, windows) = (results.study, results.windows);
        let RunTable { table, compared, notes } = run;
        manifest.warnings.extend(stray_notes(&study.project, findings));
        manifest.warnings.extend(nearby::notes(study));
        manifest.warnings.extend(notes.iter().cloned());
        let people = study
            .project
            .measures
            .people
            .then(|| nearby::people(study, &results.profiles[0], windows));
        #[cfg(feature = "gpkg")]
        {
            let main = main_field(study, table);
            let (main, people) = (main.as_deref(), people.as_ref());
            let rights = &manifest.attribution;
            let layers = layers::LayerSources { table, main, people, rights, changes };
            let notes = layers::write(folder, study, windows, &results.profiles[0], layers)?;
            manifest.warnings.extend(notes);
        }
        #[cfg(not(feature = "gpkg"))]
        let _ = changes;
        if study.project.preset == Some(Preset::Jts) {
            manifest.warnings.extend(jts::notes(&study.project));
        }
        let mut dictionary = groups_dictionary(compared);
        if let Some(people) = &people {
            dictionary.extend(crate::results::places::dictionary(people));
            folder.write("places.csv", |out| places::write_places(out, people))?;
        }
        if study.project.preset == Some(Preset::Jts) {
            dictionary.extend(jts::dictionary(&study.project, table));
            folder.write("jts.csv", |out| jts::write_jts(out, &study.project, table))?;
        }
        let dictionary: Vec<Field> = table.fields.iter().cloned().chain(dictionary).collect();
        folder.write("fields.csv", |out| tables::write_fields(out, &dictionary))?;
        folder.write("neighbourhoods.geojson", |out| geojson::write_neighbourhoods(out, table))?;
        let main = main_field(study, table);
        if let Some(style) = main.map(|field| areas::by_field(table, &field)).transpose()?.flatten()
        {
            folder.write("neighbourhoods.qml", |out| style.write_qml(out, &table.fields))?;
        }
        #[cfg(feature = "parquet")]
        folder
            .write("neighbourhoods.parquet", |out| geoparquet::write_neighbourhoods(out, table))?;
        fgb.of_table(folder, table, &manifest.attribution)?;
        folder.write("neighbourhoods.csv", |out| tables::write_neighbourhoods(out, table))?;
        if !compared.groupings.is_empty() {
            folder.write("groups.csv", |out| write_groups(out, compared, table))?;
        }
        if !compared.inequalities.rows.is_empty() {
            folder.write("inequality.csv", |out| write_inequality(out, compared, table))?;
        }
        folder.write("findings.csv", |out| tables::write_findings(out, findings))?;
        Ok(manifest)
    }
}
