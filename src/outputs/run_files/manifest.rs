//! From what, and with which settings, the numbers were made.

use std::path::Path;

use crate::analysis::run::clock;
use crate::analysis::study::{DatedWindow, Study};
use crate::inputs::attribution::attribution;
use crate::inputs::hours::YEARS;
use crate::inputs::project::{GroupFrom, Project, Scenario};
use crate::outputs::error::OutputError;
use crate::outputs::input_files::InputFiles;
use crate::outputs::manifest::{Input, Manifest, ManifestWindow, TableJoin};

/// The manifest of a run.
///
/// # Errors
/// If an input cannot be read again to be hashed.
pub fn manifest(
    study: &Study,
    windows: &[DatedWindow],
    inputs: &[(&'static str, std::path::PathBuf)],
) -> Result<Manifest, OutputError> {
    let settings = serde_json::to_value(&study.project)
        .map_err(|error| OutputError::Unfit(error.to_string()))?;
    let mut manifest = Manifest::new(settings);
    manifest.seed = study.project.seed;
    manifest.attribution =
        attribution(&study.project, &study.zones, study.world.broadband.as_deref());
    for (role, path) in inputs {
        manifest.inputs.push(describe(study, role, path)?);
    }
    manifest.warnings.extend(study.editions(windows));
    for window in windows {
        manifest.windows.push(ManifestWindow {
            name: window.window.name.clone(),
            date: window.clock.date().to_string(),
            why: window.why.clone(),
            from: clock(window.window.from.get()),
            to: clock(window.window.to.get()),
            departures: window.departures.departures.into(),
        });
        let warnings = window
            .warnings
            .iter()
            .map(|warning| format!("window {}: {warning}", window.window.name));
        manifest.warnings.extend(warnings);
    }
    manifest.places_merge = study.merges.clone();
    manifest.opening_hours = windows
        .iter()
        .filter_map(|window| study.open_in(window))
        .flat_map(|(counts, _)| counts)
        .collect();
    manifest.public_holidays = study.holidays_used();
    if !manifest.public_holidays.is_empty() {
        let unknown = windows.iter().filter(|window| !YEARS.contains(&window.clock.date().year()));
        let unknown = unknown.map(|window| {
            let (name, year) = (&window.window.name, window.clock.date().year());
            format!("window {name}: the public holidays of {year} are not known: hours that depend on them are unknown")
        });
        manifest.warnings.extend(unknown);
    }
    let streets = &study.world.network().streets;
    let network = [
        ("nodes", streets.nodes.len()),
        ("edges", streets.edges.len()),
        ("stops", study.world.network().stops.len()),
    ];
    manifest.network = network.into_iter().map(|(name, n)| (name.to_owned(), n as u64)).collect();
    let joins = study.joins.iter().map(|join| TableJoin {
        what: join.what.clone(),
        rows: join.total,
        matched: join.matched,
        without: join.total - join.matched,
    });
    manifest.joins = joins.collect();
    let snapped = study.world.first().origins.counts();
    let stops = study.world.network().stop_counts();
    let residents = &study.residents;
    let edge_affected =
        study.zones.zones.indices().filter(|zone| residents.is_edge_affected(*zone)).count();
    let (outside, off_map) = (residents.zones_off_map(), residents.points_off_map());
    manifest.counts.insert("neighbourhoods".into(), study.zones.zones.len() as u64);
    manifest.counts.insert("neighbourhoods_edge_affected".into(), edge_affected as u64);
    manifest.counts.insert("neighbourhoods_outside_map".into(), outside as u64);
    manifest.counts.insert("origins_off_map".into(), off_map as u64);
    manifest.counts.insert("origins_snapped".into(), snapped.all - snapped.off);
    manifest.counts.insert("origins_unsnapped".into(), snapped.off);
    for (what, counts) in [("origins", snapped), ("stops", stops)] {
        manifest.counts.insert(format!("{what}_far_from_street"), counts.far);
        manifest.counts.insert(format!("{what}_snap_crosses"), counts.crossing);
        manifest.counts.insert(format!("{what}_snap_on_island"), counts.island);
        manifest.counts.insert(format!("{what}_snap_passed_over"), counts.passed_over);
    }
    for (category, places) in study.project.categories.iter().zip(&*study.world.places) {
        manifest.counts.insert(format!("places_{}", category.name), places.len() as u64);
        let with_hours = places.iter().filter(|place| place.opening_hours.is_some()).count();
        manifest.counts.insert(format!("places_{}_with_hours", category.name), with_hours as u64);
    }
    if edge_affected > 0 {
        let all = study.zones.zones.len();
        manifest.warnings.push(format!("{edge_affected} of {all} neighbourhoods lie within the longest walk of the edge of the map, or beyond it: their times may be too long"));
    }
    if off_map > 0 {
        let (points, zones) = (study.origins.points.len(), study.zones.zones.len());
        manifest.warnings.push(format!("{off_map} of {points} origin points lie off the map: what is reached from them is unknown, and they are in no number about travel. In {outside} of {zones} neighbourhoods that is half or more (pct_off_map): nothing is said of these"));
    }
    Ok(manifest)
}

/// An input as the manifest names it. Feeds and extracts were hashed when they were read.
fn describe(study: &Study, role: &str, path: &Path) -> Result<Input, OutputError> {
    let name = crate::finding::base_name(path);
    if role == "gtfs"
        && let Some(feed) = study.world.network().feeds.iter().find(|feed| feed.name == name)
    {
        let bytes = std::fs::metadata(path).map_err(OutputError::file(path))?.len();
        let bytes = if path.is_dir() { 0 } else { bytes };
        let input = Input {
            role: role.into(),
            file: name.clone(),
            bytes,
            sha256: feed.sha256.clone(),
            details: Default::default(),
        };
        let service = study.services.iter().find(|(of, _)| *of == name);
        let range = service.map(|(_, service)| format!("{} to {}", service.first, service.last));
        return Ok(input
            .with("feed_version", feed.version.clone())
            .with("service", range)
            .with("timezone", feed.timezone.clone()));
    }
    Input::describe(role, path).map_err(OutputError::file(path))
}

/// Every file the project names, with what it is.
pub fn input_paths(project: &Project, file: &Path) -> Vec<(&'static str, std::path::PathBuf)> {
    let mut paths = vec![("project", file.to_owned())];
    let mut add = |role, path: Option<&crate::inputs::project::ProjectPath>| {
        paths.extend(path.map(|path| (role, path.to_path_buf())))
    };
    project.osm.iter().for_each(|path| add("osm", Some(path)));
    project.gtfs.iter().for_each(|path| add("gtfs", Some(path)));
    add("neighbourhoods", Some(&project.neighbourhoods.file));
    add("population", project.neighbourhoods.population_file.as_ref());
    add("deprivation", project.neighbourhoods.deprivation_file.as_ref());
    add("postcodes", project.postcodes.as_ref());
    add("taxonomy", project.taxonomy.as_ref());
    add("origins", project.origins.as_ref().map(|origins| &origins.file));
    project
        .categories
        .iter()
        .flat_map(|category| &category.files)
        .for_each(|path| add("places", Some(path)));
    add("jobs", project.jobs.as_ref().map(|jobs| &jobs.file));
    add("jobs", project.jobs.as_ref().and_then(|jobs| jobs.points.as_ref()));
    project
        .broadband
        .iter()
        .flat_map(|broadband| &broadband.files)
        .for_each(|path| add("broadband", Some(path)));
    for grouping in &project.groups {
        if let GroupFrom::Table { file, .. } = &grouping.from {
            add("groups", Some(file));
        }
    }
    add("broadband", project.broadband.as_ref().and_then(|broadband| broadband.lookup.as_ref()));
    add("mobile", project.broadband.as_ref().and_then(|broadband| broadband.mobile.as_ref()));
    project.tables.iter().for_each(|table| add("table", Some(&table.file)));
    paths
}

/// Every file that a project and all its scenarios name: what no output may replace.
pub fn input_files(project: &Project, file: &Path) -> InputFiles {
    let of_project = input_paths(project, file).into_iter().map(|(_, path)| path);
    let feeds = project.scenarios.iter().flat_map(|scenario| scenario.gtfs.iter().flatten());
    let drawn = project.scenarios.iter().flat_map(Scenario::files);
    let more = feeds.map(|path| path.to_path_buf()).chain(drawn.map(Path::to_owned));
    InputFiles::of(of_project.chain(more))
}
