//! `lastmile run`: the whole analysis.

use std::io::Write;

use crate::cli::args::RunArgs;
use crate::cli::failure::Failure;
use crate::cli::load::note_periods;
use crate::cli::printer::Printer;
use crate::cli::study::{DatedWindow, Study, dates, stray_notes};
use crate::finding::Findings;
use crate::inputs::broadband::Broadband;
use crate::inputs::codes::meant;
use crate::inputs::places::CategoryPlace;
use crate::inputs::project::{Preset, Project};
use crate::outputs::folder::OutputFolder;
#[cfg(feature = "parquet")]
use crate::outputs::geoparquet;
use crate::outputs::groups::{self, GroupComparisons};
use crate::outputs::indicators::{Indicators, OriginDependency, ProfileIndicators};
use crate::outputs::manifest::Manifest;
use crate::outputs::qgis::{Style, areas};
use crate::outputs::table::{Field, NeighbourhoodTable};
use crate::outputs::{geojson, index, jts, places, tables};
use crate::report::{MapStreets, Report, ServiceDay, neighbourhood, write_report};
use crate::routing::network::Network;

mod dependency;
mod fgb;
#[cfg(feature = "gpkg")]
mod layers;
mod manifest;
mod nearby;
mod pictures;
mod profile_results;
pub(super) mod service_day;
mod summary;
#[cfg(feature = "gpkg")]
pub(super) mod transit;

pub(super) use fgb::FlatGeobuf;
pub(in crate::cli) use manifest::input_files;
pub(super) use manifest::{input_paths, manifest};
pub(super) use pictures::Pictures;
pub(in crate::cli::commands) use profile_results::{
    BaselineResults, ProfileNetwork, ProfileResults, WindowStreets,
};

/// Runs the command.
///
/// # Errors
/// If an input cannot be used or the output not be written.
pub fn run(args: &RunArgs, printer: &Printer, findings: &mut Findings) -> Result<(), Failure> {
    let (pictures, fgb) = (Pictures::asked(args.png)?, FlatGeobuf::asked(args.fgb)?);
    let project = Project::read(&args.project)?;
    let inputs = input_paths(&project, &args.project);
    let folder =
        OutputFolder::create(&args.out, args.force, &input_files(&project, &args.project))?;
    let study = printer.during("reading", || Study::read(&args.project, args.lenient, findings))?;
    known(&study, &args.neighbourhoods)?;
    let windows = study.windows(args.lenient)?;
    study.report_copies(&windows, findings);
    note_periods(&dates(&windows), &study.network.feeds, findings);
    for window in &windows {
        printer.note(&format!(
            "window {}: {}, {}",
            window.window.name,
            window.clock.date(),
            window.why
        ));
    }
    let mut found = vec![ProfileResults::of_the_first(&study, &windows, printer, findings)?];
    for walked in &study.further {
        found.push(ProfileResults::of_another(
            &study,
            walked,
            &windows,
            printer,
            &mut Findings::new(),
        )?);
    }
    let manifest = printer.during("reading sums", || manifest(&study, &windows, &inputs))?;
    let pages = Pages {
        report: "report.html",
        streets: &service_day::map_streets(&study),
        pictures,
        fgb,
        neighbourhoods: &args.neighbourhoods,
    };
    let whole =
        printer.during("summing up", || WholeColumns::of(&study, &windows, &found, printer))?;
    let told = (&*findings, printer);
    let manifest = printer.during("writing", || {
        write_all(&folder, &study, &windows, (&found, &whole), manifest, told, (pages, &[]))
    })?;
    let target = folder.target().to_owned();
    printer.during("writing", || folder.publish(&manifest))?;
    printer.note(&format!(
        "wrote {} neighbourhoods to {}",
        study.zones.zones.len(),
        target.display()
    ));
    printer.json(&manifest).map_err(Failure::Output)
}

/// What a scenario changes, as a layer of the map beside the others.
pub(super) struct ChangeLayer {
    /// The name of its layer.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What people call the scenario.
    pub label: String,
    /// What becomes of stops and routes.
    #[cfg(feature = "gpkg")]
    pub transit: crate::outputs::layers::TransitChange,
    /// The category of places that it is about, by its key.
    pub category: Option<String>,
    /// What becomes of each neighbourhood.
    pub table: NeighbourhoodTable,
    /// How it is drawn, where anything changes.
    pub style: Option<Style>,
}

/// The pages to write, and what else only some ask for.
#[derive(Clone, Copy)]
pub(super) struct Pages<'a> {
    /// The name of the page about all.
    pub report: &'a str,
    /// The streets of its maps.
    pub streets: &'a MapStreets,
    /// Whether its maps are written as pictures, too.
    pub pictures: Pictures,
    /// Whether the neighbourhoods are written as FlatGeobuf, too.
    pub fgb: FlatGeobuf,
    /// The ids of the neighbourhoods that have a page of their own.
    pub neighbourhoods: &'a [String],
}

/// Whether the neighbourhoods that are to have a page are there, before anything is computed.
fn known(study: &Study, ids: &[String]) -> Result<(), Failure> {
    for id in ids {
        let usage = |why: String| Failure::Usage(format!("--neighbourhood {id}: {why}"));
        if !study.zones.zones.iter().any(|zone| zone.id == *id) {
            let names = study.zones.zones.iter().map(|zone| (zone.id.as_str(), zone.name.as_str()));
            let advice =
                meant(id, names).unwrap_or_else(|| "neighbourhoods.csv lists them all".to_owned());
            return Err(usage(format!("no neighbourhood has this id; {advice}")));
        }
        neighbourhood::file_name(id).map_err(|error| usage(error.to_string()))?;
    }
    Ok(())
}

/// What is made of all that was found.
pub(super) struct WholeColumns {
    /// Every field.
    pub table: NeighbourhoodTable,
    /// The groups of neighbourhoods, compared in them.
    compared: GroupComparisons,
    /// What a reader must know of both.
    notes: Vec<String>,
}

impl WholeColumns {
    /// Makes the table of what was found, the index and the groups.
    pub fn of(
        study: &Study,
        windows: &[DatedWindow],
        found: &[ProfileResults],
        printer: &Printer,
    ) -> Result<WholeColumns, Failure> {
        let depends = dependency::depends(study, &found[0], windows, printer)?;
        let facts = TableFacts {
            network: &study.network,
            places: &study.places,
            broadband: study.broadband.as_ref(),
        };
        let mut table = indicators(study, &facts, found, windows, &depends)?;
        let (compared, notes) = record(study, &mut table)?;
        table.check()?;
        Ok(WholeColumns { table, compared, notes })
    }
}

/// Writes every file but the manifest, which is given back with what was learnt on the way.
pub(super) fn write_all(
    folder: &OutputFolder,
    study: &Study,
    windows: &[DatedWindow],
    (found, whole): (&[ProfileResults], &WholeColumns),
    mut manifest: Manifest,
    (findings, printer): (&Findings, &Printer),
    (pages, changes): (Pages, &[ChangeLayer]),
) -> Result<Manifest, Failure> {
    let WholeColumns { table, compared, notes } = whole;
    manifest.warnings.extend(stray_notes(&study.project, findings));
    manifest.warnings.extend(nearby::notes(study));
    manifest.warnings.extend(notes.iter().cloned());
    let people = study.project.measures.people.then(|| nearby::people(study, &found[0], windows));
    #[cfg(feature = "gpkg")]
    {
        let main = main_field(study, table);
        let (main, people) = (main.as_deref(), people.as_ref());
        let rights = &manifest.attribution;
        let layers = layers::LayerSources { table, main, people, rights, changes };
        let notes = layers::write(folder, study, windows, &found[0], layers)?;
        manifest.warnings.extend(notes);
    }
    #[cfg(not(feature = "gpkg"))]
    let _ = changes;
    if study.project.preset == Some(Preset::Jts) {
        manifest.warnings.extend(jts::notes(&study.project));
    }
    manifest.warnings.iter().for_each(|warning| printer.warning(warning));
    let mut dictionary = groups::dictionary(compared);
    if let Some(people) = &people {
        dictionary.extend(places::dictionary(people));
        folder.write("places.csv", |out| places::write_places(out, people))?;
    }
    if study.project.preset == Some(Preset::Jts) {
        dictionary.extend(jts::dictionary(&study.project, table));
        folder.write("jts.csv", |out| jts::write_jts(out, &study.project, table))?;
    }
    let dictionary: Vec<Field> = table.fields.iter().cloned().chain(dictionary).collect();
    folder.write("fields.csv", |out| tables::write_fields(out, &dictionary))?;
    let days = service_day::days(study, &study.network, windows)?;
    write(folder, study, (table, compared), &manifest, findings, (pages, &days))?;
    Ok(manifest)
}

pub(super) fn clock(seconds: i32) -> String {
    format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60)
}

/// What a table is made from besides what was found: the study's own, or a scenario's.
pub(super) struct TableFacts<'a> {
    pub network: &'a Network,
    pub places: &'a [Vec<CategoryPlace>],
    pub broadband: Option<&'a Broadband>,
}

/// Every indicator of what was found, without what is made of whole columns. Where nothing was
/// looked for: what is known anyhow.
pub(super) fn indicators(
    study: &Study,
    facts: &TableFacts,
    found: &[ProfileResults],
    windows: &[DatedWindow],
    depends: &[OriginDependency],
) -> Result<NeighbourhoodTable, Failure> {
    let project = &study.project;
    let walkers: Vec<ProfileIndicators> = found.iter().map(ProfileResults::as_walker).collect();
    let (nearby, capacities) =
        (nearby::nearby(study, facts.places), nearby::capacities(facts.places));
    let access_index = match found.first() {
        Some(first) => dependency::access_index(study, facts.network, &first.survey, windows)?,
        None => None,
    };
    let table = Indicators {
        zones: &study.zones,
        origins: &study.origins,
        residents: &study.residents,
        categories: &project.categories,
        percentiles: &project.percentiles,
        walkers: &walkers,
        broadband: facts.broadband,
        tables: &study.tables,
        project,
        nearby: &nearby,
        capacities: &capacities,
        depends,
        access_index: access_index
            .as_ref()
            .map(|(when, indices)| (when.as_str(), indices.as_slice())),
    };
    Ok(table.table())
}

/// What is made of the fields: the index, and the groups of neighbourhoods compared in them. Also
/// says what a reader must know of both.
fn record(
    study: &Study,
    table: &mut NeighbourhoodTable,
) -> Result<(GroupComparisons, Vec<String>), Failure> {
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
    (table, compared): (&NeighbourhoodTable, &GroupComparisons),
    manifest: &Manifest,
    findings: &Findings,
    (pages, days): (Pages, &[ServiceDay]),
) -> Result<(), Failure> {
    folder.write("neighbourhoods.geojson", |out| geojson::write_neighbourhoods(out, table))?;
    let main = main_field(study, table);
    if let Some(style) = main.map(|field| areas::by_field(table, &field)).transpose()?.flatten() {
        folder.write("neighbourhoods.qml", |out| style.write_qml(out, &table.fields))?;
    }
    #[cfg(feature = "parquet")]
    folder.write("neighbourhoods.parquet", |out| geoparquet::write_neighbourhoods(out, table))?;
    pages.fgb.of_table(folder, table, &manifest.attribution)?;
    folder.write("neighbourhoods.csv", |out| tables::write_neighbourhoods(out, table))?;
    if !compared.groupings.is_empty() {
        folder.write("groups.csv", |out| groups::write_groups(out, compared, table))?;
    }
    if !compared.inequalities.rows.is_empty() {
        folder.write("inequality.csv", |out| groups::write_inequality(out, compared, table))?;
    }
    folder.write("findings.csv", |out| tables::write_findings(out, findings))?;
    let (key_figures, maps, extremes) = summary::summary(&study.project, &study.residents, table);
    let mut page = Vec::new();
    let (key_figures, maps, extremes) = (&key_figures[..], &maps[..], &extremes[..]);
    let (streets, curves) = (pages.streets, &summary::curves(&study.project, table)[..]);
    let report = Report {
        title: &study.project.name,
        table,
        manifest,
        findings,
        key_figures,
        maps,
        extremes,
        compared,
        streets,
        curves,
        days,
    };
    write_report(&mut page, &report)?;
    folder.write(pages.report, |out| out.write_all(&page))?;
    pages.pictures.of_report(folder, &report)?;
    for id in pages.neighbourhoods {
        let Some(row) = neighbourhood::find(table, id) else { continue };
        let mut page = Vec::new();
        neighbourhood::write_neighbourhood(&mut page, &report, row)?;
        let name =
            neighbourhood::file_name(id).map_err(|error| Failure::Usage(error.to_string()))?;
        folder.write(&name, |out| out.write_all(&page))?;
    }
    Ok(())
}

/// What a map shows first: the median time to the first category in the first window, else its
/// walk.
fn main_field(study: &Study, table: &NeighbourhoodTable) -> Option<String> {
    let category = &study.project.categories.first()?.name;
    let window = study.project.windows.first().map_or("", |window| &window.name);
    let middle =
        study.project.percentiles.get(study.project.percentiles.len() / 2).copied().unwrap_or(50);
    let fields =
        [format!("{category}_transit_{window}_p{middle}_min"), format!("{category}_walk_min")];
    fields.into_iter().find(|field| table.position(field).is_some())
}
