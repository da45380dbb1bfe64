//! The pages of a run: the report about all, and a page for each neighbourhood that was asked for.

mod pictures;
mod summary;

use std::io::Write as _;

pub use pictures::Pictures;

use super::{MapStreets, Report, ReportError, neighbourhood, write_report};
use crate::analysis::run::{RunResults, RunTable, service_day};
use crate::finding::Findings;
use crate::outputs::folder::OutputFolder;
use crate::outputs::manifest::Manifest;

/// The pages to write.
#[derive(Clone, Copy)]
pub struct Pages<'a> {
    /// The name of the page about all.
    pub report: &'a str,
    /// The streets of its maps.
    pub streets: &'a MapStreets,
    /// Whether its maps are written as pictures, too.
    pub pictures: Pictures,
    /// The ids of the neighbourhoods that have a page of their own.
    pub neighbourhoods: &'a [String],
}

impl Pages<'_> {
    /// Writes them.
    ///
    /// # Errors
    /// If one cannot be drawn or written.
    pub fn write(
        &self,
        folder: &OutputFolder,
        results: &RunResults,
        run: &RunTable,
        manifest: &Manifest,
        findings: &Findings,
    ) -> Result<(), ReportError> {
        let study = results.study;
        let days = service_day::days(study, study.world.network(), results.windows)?;
        let RunTable { table, compared, .. } = run;
        let (key_figures, maps, extremes) =
            summary::summary(&study.project, &study.residents, table);
        let report = Report {
            title: &study.project.name,
            table,
            manifest,
            findings,
            key_figures: &key_figures,
            maps: &maps,
            extremes: &extremes,
            compared,
            streets: self.streets,
            curves: &summary::curves(&study.project, table),
            days: &days,
        };
        let mut page = Vec::new();
        write_report(&mut page, &report)?;
        folder.write(self.report, |out| out.write_all(&page))?;
        self.pictures.of_report(folder, &report)?;
        for id in self.neighbourhoods {
            let Some(row) = neighbourhood::find(table, id) else { continue };
            let mut page = Vec::new();
            neighbourhood::write_neighbourhood(&mut page, &report, row)?;
            let name = neighbourhood::file_name(id)?;
            folder.write(&name, |out| out.write_all(&page))?;
        }
        Ok(())
    }
}
