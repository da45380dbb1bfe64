//! What the files of a project hold where they cannot be read as a whole: each is read by itself.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::{describe_feeds, describe_files};
use crate::analysis::feeds::{read_feeds, services};
use crate::finding::Findings;
use crate::finding::base_name;
use crate::inputs::neighbourhoods::Neighbourhoods;
use crate::inputs::osm::read_osm;
use crate::inputs::project::Project;
use crate::outputs::run_files::input_paths;

/// Tells of each file that a project names what it is, and of maps, feeds and neighbourhoods what
/// they hold. What cannot be read says why.
pub fn of(project: &Project, file: &Path, text: &mut String) {
    let paths = input_paths(project, file);
    let role = paths.iter().map(|(role, _)| role.len()).max().unwrap_or_default();
    let _ = writeln!(text, "files of the project:");
    for (what, path) in &paths {
        let size = std::fs::metadata(path).map_or_else(
            |error| format!("cannot be read: {error}"),
            |meta| {
                if meta.is_dir() { "a folder".to_owned() } else { format!("{} bytes", meta.len()) }
            },
        );
        let _ = writeln!(text, "  {what:role$}  {}: {size}", base_name(path));
    }
    let own = |paths: &[crate::inputs::project::ProjectPath]| {
        paths.iter().map(|path| path.to_path_buf()).collect::<Vec<_>>()
    };
    of_maps(&own(&project.osm), text);
    of_feeds(&own(&project.gtfs), text);
    let name = base_name(&project.neighbourhoods.file);
    match Neighbourhoods::read(&project.neighbourhoods, &mut Findings::new()) {
        Ok(all) => {
            let _ = writeln!(
                text,
                "neighbourhoods: {} by {} in {name}",
                all.zones.len(),
                all.key_column
            );
        }
        Err(error) => {
            let _ = writeln!(text, "neighbourhoods: {name} cannot be used: {error}");
        }
    }
}

/// Each extract by itself.
pub fn of_maps(paths: &[PathBuf], text: &mut String) {
    for path in paths {
        match read_osm(std::slice::from_ref(path), &[], &mut Findings::new()) {
            Ok(osm) => describe_files(&osm.files, text),
            Err(error) => {
                let _ = writeln!(text, "{}: cannot be used: {error}", base_name(path));
            }
        }
    }
}

/// Each feed by itself.
pub fn of_feeds(paths: &[PathBuf], text: &mut String) {
    for path in paths {
        match read_feeds(std::slice::from_ref(path), &mut Findings::new()) {
            Ok(feeds) => describe_feeds(&feeds, &services(&feeds, &mut Findings::new()), text),
            Err(error) => {
                let _ = writeln!(text, "{}: cannot be used: {error}", base_name(path));
            }
        }
    }
}
