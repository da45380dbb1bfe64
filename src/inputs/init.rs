//! What `lastmile init DIR` writes: a project file with everything found in a folder filled in, and
//! every default shown.

mod area;
mod editions;
mod missing_inputs;
mod proposal_fit;
mod recognise;
mod scenarios;

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::project::{Category, built_in_categories, built_in_windows};
use super::tables::TableError;
pub use editions::NewerEdition;
pub use missing_inputs::MissingInput;
pub use proposal_fit::RejectedFile;
use recognise::{Polygons, RecognisedFiles};

/// What is proposed for a folder.
#[derive(Debug)]
pub struct Proposal {
    dir: PathBuf,
    found: RecognisedFiles,
    editions: Vec<NewerEdition>,
}

impl Proposal {
    /// Looks at the files in a folder (not in folders below it).
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn of(dir: &Path) -> Result<Proposal, TableError> {
        Ok(Proposal { dir: dir.to_owned(), found: recognise::folder(dir)?, editions: Vec::new() })
    }

    /// Whether there is anything to make a project of.
    ///
    /// # Errors
    /// When there is nothing that is understood.
    pub fn check(&self) -> Result<(), TableError> {
        if self.found.any() {
            return Ok(());
        }
        let what = format!(
            "holds nothing to make a project of ({} files that are not understood): put an OpenStreetMap extract (.osm.pbf), a \
             GTFS zip and neighbourhoods (.geojson) there",
            self.found.unknown.len()
        );
        Err(TableError::Format { file: self.dir.display().to_string(), what })
    }

    /// The timetables, by their names in the folder.
    pub fn feeds(&self) -> &[String] {
        &self.found.gtfs
    }

    /// Makes scenarios of feeds that are newer editions of others.
    pub fn set_apart(&mut self, editions: Vec<NewerEdition>) {
        self.editions = editions;
    }

    /// Feeds that are newer editions of others.
    pub fn editions(&self) -> &[NewerEdition] {
        &self.editions
    }

    /// A commented `lastmile.toml`, which [`Project::read`](super::project::Project::read) accepts
    /// as soon as there are streets and neighbourhoods. `ordinary_date` is the date to propose,
    /// from the feeds' calendars, if the caller knows one. Files that are left out or not
    /// understood are named in comments.
    pub fn text(&self, ordinary_date: Option<Date>) -> String {
        let found = &self.found;
        let mut text = String::from(
            "# lastmile project. Paths are relative to this file; what is left out has the value shown.\n\
             # Written by `lastmile init`: check that each file was taken for what it is.\n\n",
        );
        let baseline = editions::baseline(&found.gtfs, &self.editions);
        head(&mut text, &self.dir, found, &baseline, ordinary_date);
        neighbourhoods(&mut text, found);
        origins(&mut text, found);
        text.push_str(SETTINGS);
        windows(&mut text);
        categories(&mut text, found);
        jobs(&mut text, found);
        broadband(&mut text, found);
        text.push_str(RECORD);
        editions::scenarios(&mut text, &found.gtfs, &self.editions);
        text.push_str(scenarios::EXAMPLES);
        if !found.left_out.is_empty() {
            text.push_str("# Left out, since it is doubtful whether they fit:\n");
            for RejectedFile { file, why } in &found.left_out {
                text.push_str(&format!(
                    "#   {}: {}\n",
                    quoted(file),
                    quoted(why).trim_matches('"')
                ));
            }
        }
        if !found.unknown.is_empty() {
            text.push_str("# Not used, since it is not clear what they are:\n");
            for name in &found.unknown {
                text.push_str(&format!("#   {}\n", quoted(name)));
            }
        }
        text
    }

    /// Files that were recognised, but do not fit the others.
    pub fn left_out(&self) -> &[RejectedFile] {
        &self.found.left_out
    }

    /// Files of which nobody can tell what they are.
    pub fn unknown(&self) -> &[String] {
        &self.found.unknown
    }

    /// What is not in the folder, the needed things first.
    pub fn missing(&self) -> Vec<MissingInput> {
        missing_inputs::missing(&self.found)
    }
}

const SETTINGS: &str = "\
[walk]
speed_kmh = 4.8
steps_speed_kmh = 2.4
max_walk_min = 30        # for the direct walk, and for each walk to and from a stop
max_snap_m = 300         # from a point to the nearest street
max_snap_stop_m = 100
profiles = [\"default\"]   # [\"default\", \"step_free\"] gives all times for people who cannot use steps, too

[transit]
max_rides = 4
max_transfer_m = 1000
board_slack_s = 60
max_time_min = 120
phone_pickups = false    # true: count services one must phone for

";

const RECORD: &str = "\
# More to measure; every key is off, or has the value shown, until it is set.
# [measures]
# nearest = [2, 3]       # the second and third nearest place of each category
# counts = true          # places within each cut-off
# people = true          # places.csv: how many people reach each place
# nearby_m = 1000        # places within this distance for each 1,000 people
# dependency = \"am\"    # what is lost if the one most important line goes (slow: a search for each line)
# dependency_of = [\"jobs\", \"gp\"]   # of jobs, and of places of these categories
# ptal = true            # public transport accessibility levels
# [decays.half20]        # jobs that count for less the farther they are
# function = \"exponential\"   # or step, linear (cutoff_min), logistic (cutoff_min, sd_min)
# half_life_min = 20
# categories = [\"supermarket\"]   # and places of these categories
# [catchments.am]        # capacity shared by all who reach it within the cut-off
# category = \"gp\"
# window = \"am\"
# cutoff_min = 30
# [index]                # an index of need; with its built-in domains, or domains of your own
# [index.domains.civic]
# indicators = [{ field = \"library_walk_min\", worse = \"high\", weight = 1 }]
# [groups.left_behind]   # compared with whom? a column of any table joined by code, or a field
# file = \"flags.csv\"
# column = \"left behind\"
# [outputs]
# preset = \"jts\"         # also jts.csv, with the Journey Time Statistics' columns

";

/// `gtfs` are the timetables of the project as it is.
fn head(
    text: &mut String,
    dir: &Path,
    found: &RecognisedFiles,
    gtfs: &[String],
    date: Option<Date>,
) {
    let folder = std::path::absolute(dir).ok();
    let name =
        folder.as_deref().and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned());
    line(
        text,
        &format!("name = {}", quoted(&name.unwrap_or_else(|| "My town".to_owned()))),
        "title of the report",
    );
    match found.osm.is_empty() {
        true => line(
            text,
            "# osm = [\"town.osm.pbf\"]",
            "NEEDED: an OSM extract, from download.geofabrik.de or the like",
        ),
        false => line(text, &format!("osm = {}", list(&found.osm)), "streets and places"),
    }
    match gtfs.is_empty() {
        true => line(
            text,
            "# gtfs = [\"gtfs.zip\"]",
            "timetables; without any, only walking is computed",
        ),
        false => line(text, &format!("gtfs = {}", list(gtfs)), "timetables"),
    }
    match date {
        Some(date) => line(
            text,
            &format!("date = \"{date}\""),
            "day types are the ordinary days nearest to it",
        ),
        None => {
            line(text, "# date = \"2026-03-10\"", "day types are the ordinary days nearest to it")
        }
    }
    text.push_str("# timezone = \"Europe/London\"   # by default the first feed's\n");
    text.push_str("seed = 1\npercentiles = [25, 50, 75]\ncutoffs_min = [15, 30, 45, 60]\n");
    if let Some(postcodes) = found.postcodes.first() {
        line(
            text,
            &format!("postcodes = {}", quoted(postcodes)),
            "places registers that have no coordinates",
        );
    }
    text.push('\n');
}

fn neighbourhoods(text: &mut String, found: &RecognisedFiles) {
    text.push_str("[neighbourhoods]\n");
    match found.polygons.first() {
        None => line(
            text,
            "# file = \"neighbourhoods.geojson\"",
            "NEEDED: polygons, such as LSOAs from geoportal.statistics.gov.uk",
        ),
        Some(Polygons { file, id, name, population, .. }) => {
            line(text, &format!("file = {}", quoted(file)), "");
            line(text, &format!("id = {}", quoted(id)), "");
            for (key, column) in [("name", name), ("population", population)] {
                if let Some(column) = column {
                    line(text, &format!("{key} = {}", quoted(column)), "");
                }
            }
        }
    }
    for other in found.polygons.iter().skip(1) {
        text.push_str(&format!("# file = {}\n", quoted(&other.file)));
    }
    for (key, files) in
        [("population_file", &found.population), ("deprivation_file", &found.deprivation)]
    {
        for (number, file) in files.iter().enumerate() {
            let mark = if number == 0 { "" } else { "# " };
            line(text, &format!("{mark}{key} = {}", quoted(file)), "");
        }
    }
    text.push('\n');
}

fn origins(text: &mut String, found: &RecognisedFiles) {
    match found.origins.first() {
        None => text.push_str(
            "# [origins]              # without: homes from OSM, else one point for each neighbourhood\n\
             # file = \"homes.csv\"     # id, lon, lat, weight\n\n",
        ),
        Some((file, weight)) => {
            text.push_str(&format!("[origins]\nfile = {}\n", quoted(file)));
            match weight {
                Some(weight) => line(text, &format!("weight = {}", quoted(weight)), "people at each point"),
                None => {
                    line(text, "# weight = \"population\"", "no such column was found: each point weighs 1")
                }
            }
            for (other, _) in found.origins.iter().skip(1) {
                text.push_str(&format!("# file = {}\n", quoted(other)));
            }
            text.push('\n');
        }
    }
}

fn windows(text: &mut String) {
    text.push_str("# When people set out. The names become part of field names.\n");
    for window in built_in_windows() {
        let day = match window.day {
            super::project::WindowDay::Saturday => "saturday",
            super::project::WindowDay::Sunday => "sunday",
            _ => "weekday",
        };
        let (from, to) = (window.from.get() / 3600, window.to.get() / 3600);
        text.push_str(&format!(
            "[windows.{}]\nday = \"{day}\"\nfrom = \"{from:02}:00\"\nto = \"{to:02}:00\"\n\n",
            window.name
        ));
    }
}

fn categories(text: &mut String, found: &RecognisedFiles) {
    text.push_str("# Where people go. A place is one of its kind by any of the OSM rules, or by a register in `files`.\n");
    let built_in = built_in_categories();
    let more = found
        .registers
        .iter()
        .map(|(name, _)| name)
        .filter(|n| built_in.iter().all(|c| c.name != **n));
    let more: std::collections::BTreeSet<&String> = more.collect();
    for category in &built_in {
        let group = category.group.name();
        text.push_str(&format!(
            "[categories.{}]\nlabel = {}\ngroup = \"{group}\"\n",
            category.name,
            quoted(&category.label)
        ));
        text.push_str(&format!("osm = {}\n", list(&category.osm)));
        registers(text, found, category);
        text.push('\n');
    }
    for name in more {
        text.push_str(&format!("[categories.{name}]\ngroup = \"service\"\n"));
        text.push_str(&format!("files = {}\n\n", list(&found.registers_of(name))));
    }
}

fn registers(text: &mut String, found: &RecognisedFiles, category: &Category) {
    let files = found.registers_of(&category.name);
    if !files.is_empty() {
        text.push_str(&format!("files = {}\n", list(&files)));
        line(text, "replace_osm = false", "true: the register alone counts");
    }
}

fn jobs(text: &mut String, found: &RecognisedFiles) {
    match found.jobs.first() {
        None => text.push_str(
            "# [jobs]\n# file = \"jobs.csv\"      # area code and number of jobs, or points\n\n",
        ),
        Some(file) => {
            text.push_str(&format!("[jobs]\nfile = {}\n", quoted(file)));
            for other in found.jobs.iter().skip(1) {
                text.push_str(&format!("# file = {}\n", quoted(other)));
            }
            text.push('\n');
        }
    }
}

fn broadband(text: &mut String, found: &RecognisedFiles) {
    let Some((files, others)) = first_kind(&found.broadband) else {
        text.push_str("# [broadband]             # Ofcom, Connected Nations\n# files = [\"202501_fixed_oa_coverage_r01.csv\"]\n");
        text.push_str("# lookup = \"oa-lookup.csv\"\n\n");
        return;
    };
    text.push_str(&format!("[broadband]\nfiles = {}\n", list(files)));
    if !others.is_empty() {
        line(text, &format!("# files = {}", list(others)), "in place of the above, not beside it");
    }
    match found.lookup.first() {
        Some(lookup) => line(
            text,
            &format!("lookup = {}", quoted(lookup)),
            "which area lies in which neighbourhood",
        ),
        None => line(
            text,
            "# lookup = \"oa-lookup.csv\"",
            "needed unless the codes are the neighbourhoods' own",
        ),
    }
    text.push('\n');
}

/// The files of the better kind, and those of the other.
fn first_kind([better, other]: &[Vec<String>; 2]) -> Option<(&[String], &[String])> {
    match (better.is_empty(), other.is_empty()) {
        (false, _) => Some((better, other)),
        (true, false) => Some((other, better)),
        (true, true) => None,
    }
}

fn line(text: &mut String, key: &str, comment: &str) {
    text.push_str(key);
    if !comment.is_empty() {
        text.push_str(&format!("   # {comment}"));
    }
    text.push('\n');
}

/// A TOML string; also in comments, so that no file name can begin a new line.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|t| quoted(t)).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests;
