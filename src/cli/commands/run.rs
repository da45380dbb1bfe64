//! `lastmile run`: the whole analysis.

use std::io::Write;
use std::path::Path;

use crate::cli::args::RunArgs;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::cli::study::{DatedWindow, Study, by_zone};
use crate::finding::Findings;
use crate::ids::OriginIdx;
use crate::inputs::project::{Preset, Project};
use crate::outputs::folder::OutputFolder;
use crate::outputs::groups::{self, Compared};
use crate::outputs::indicators::{Depends, Indicators, Walker};
use crate::outputs::manifest::Manifest;
use crate::outputs::table::{Field, NeighbourhoodTable};
use crate::outputs::{geojson, index, jts, places, qml, tables};
use crate::report::{Report, write_report};

mod dependency;
mod found;
mod manifest;
mod near;
mod summary;

pub(super) use found::Found;
pub(super) use manifest::{input_paths, manifest};

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
    let manifest = manifest(&study, &windows, &inputs)?;
    let manifest =
        write_all(&folder, &study, &windows, &found, manifest, (findings, printer), "report.html")?;
    let target = folder.target().to_owned();
    folder.publish(&manifest)?;
    printer.note(&format!("wrote {} neighbourhoods to {}", study.zones.zones.len(), target.display()));
    printer.json(&manifest).map_err(Failure::Output)
}

/// Makes of what was found the table and every file but the manifest, which is given back with what was learnt on the way.
pub(super) fn write_all(
    folder: &OutputFolder,
    study: &Study,
    windows: &[DatedWindow],
    found: &[Found],
    mut manifest: Manifest,
    (findings, printer): (&Findings, &Printer),
    page_name: &str,
) -> Result<Manifest, Failure> {
    let by_zone = by_zone(&study.origins, study.zones.zones.len());
    let depends = dependency::depends(study, &found[0], windows, printer)?;
    let access_index = dependency::access_index(study, &found[0].survey, windows)?;
    let mut table = indicators(study, found, &by_zone, (&depends, access_index.as_ref()));
    let (compared, notes) = record(study, &mut table)?;
    table.check()?;
    manifest.warnings.extend(near::notes(study));
    manifest.warnings.extend(notes);
    if study.project.preset == Some(Preset::Jts) {
        manifest.warnings.extend(jts::notes(&study.project));
    }
    manifest.warnings.iter().for_each(|warning| printer.warning(warning));
    let mut dictionary = groups::dictionary(&compared);
    if study.project.measures.people {
        let people = near::people(study, &found[0], windows);
        dictionary.extend(places::dictionary(&people));
        folder.write("places.csv", |out| places::write_places(out, &people))?;
    }
    if study.project.preset == Some(Preset::Jts) {
        dictionary.extend(jts::dictionary(&study.project, &table));
        folder.write("jts.csv", |out| jts::write_jts(out, &study.project, &table))?;
    }
    let dictionary: Vec<Field> = table.fields.iter().cloned().chain(dictionary).collect();
    folder.write("fields.csv", |out| tables::write_fields(out, &dictionary))?;
    write(folder, study, &table, &compared, &manifest, findings, page_name)?;
    Ok(manifest)
}

pub(super) fn clock(seconds: i32) -> String {
    format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60)
}

fn indicators(
    study: &Study,
    found: &[Found],
    by_zone: &[Vec<OriginIdx>],
    (depends, access_index): (&[Depends], Option<&(String, Vec<f64>)>),
) -> NeighbourhoodTable {
    let project = &study.project;
    let walkers: Vec<Walker> = found.iter().map(Found::as_walker).collect();
    let (nearby, capacities) = (near::nearby(study), near::capacities(study));
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
        tables: &study.tables,
        project,
        nearby: &nearby,
        capacities: &capacities,
        depends,
        access_index: access_index.map(|(when, indices)| (when.as_str(), indices.as_slice())),
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
    notes.extend(groups::notes(table, &groupings));
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
    page_name: &str,
) -> Result<(), Failure> {
    folder.write("neighbourhoods.geojson", |out| geojson::write_neighbourhoods(out, table))?;
    if let Some(field) = main_field(study, table) {
        folder.write("neighbourhoods.qml", |out| qml::write_style(out, table, &field))?;
    }
    folder.write("neighbourhoods.csv", |out| tables::write_neighbourhoods(out, table))?;
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
    folder.write(page_name, |out| out.write_all(&page))?;
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
