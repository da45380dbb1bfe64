//! From the file as written to a [`Project`]: defaults filled in, every value in range.

use std::fmt::Display;
use std::ops::Range;
use std::path::Path;

use jiff::civil::Date;
use toml::{Spanned, Value};

use super::defaults::built_in_windows;
use super::error::{line_of, nearest};
use super::raw::{self, Opt};
use super::words::{in_file_order, plain, quoted, service_time, whole_seconds};
use super::{
    BroadbandInput, Day, JobsInput, NeighbourhoodsInput, OriginsInput, Project, ProjectError, ProjectPath,
    TransitSettings, WalkProfile, WalkSettings, Window,
};
use crate::units::{Metres, MetresPerSecond, ServiceTime};

/// The file that is being checked.
pub(super) struct Checker<'a> {
    pub text: &'a str,
    pub file: &'a str,
    pub root: &'a Path,
}

impl Checker<'_> {
    pub(super) fn project(&self, raw: raw::Project) -> Result<Project, ProjectError> {
        if raw.osm.is_empty() {
            return Err(self.missing("osm", "one OSM extract or more, such as osm = [\"town.osm.pbf\"]"));
        }
        Ok(Project {
            name: self.name(raw.name)?,
            osm: self.paths("osm", &raw.osm)?,
            gtfs: self.paths("gtfs", &raw.gtfs)?,
            date: raw.date.map(|d| self.date("date", &d)).transpose()?,
            timezone: raw.timezone.map(|t| self.timezone(&t)).transpose()?,
            seed: raw.seed.map_or(1, Spanned::into_inner),
            percentiles: self.percentiles(raw.percentiles)?,
            cutoffs_min: self.cutoffs(raw.cutoffs_min)?,
            postcodes: self.optional_path("postcodes", raw.postcodes)?,
            neighbourhoods: self.neighbourhoods(raw.neighbourhoods.unwrap_or_default())?,
            origins: raw.origins.map(|o| self.origins(o)).transpose()?,
            walk: self.walk(&raw.walk)?,
            transit: self.transit(&raw.transit)?,
            windows: self.windows(raw.windows)?,
            categories: self.categories(raw.categories, raw.taxonomy, raw.opening_hours)?,
            tables: self.tables(raw.tables)?,
            jobs: raw.jobs.map(|j| self.jobs(j)).transpose()?,
            broadband: raw.broadband.map(|b| self.broadband(b)).transpose()?,
        })
    }

    fn name(&self, given: Opt<String>) -> Result<String, ProjectError> {
        if let Some(name) = self.text_of("name", given)? {
            return Ok(name);
        }
        let folder = std::path::absolute(self.root).ok();
        let name = folder.as_deref().and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned());
        Ok(name.unwrap_or_else(|| "lastmile".to_owned()))
    }

    fn neighbourhoods(&self, raw: raw::Neighbourhoods) -> Result<NeighbourhoodsInput, ProjectError> {
        let file = raw.file.ok_or_else(|| {
            self.missing(
                "neighbourhoods.file",
                "a file of polygons, such as file = \"lsoa21.geojson\" (GeoJSON, GeoPackage or Shapefile)",
            )
        })?;
        Ok(NeighbourhoodsInput {
            file: self.path("neighbourhoods.file", &file)?,
            layer: self.text_of("neighbourhoods.layer", raw.layer)?,
            id: self.text_of("neighbourhoods.id", raw.id)?,
            name: self.text_of("neighbourhoods.name", raw.name)?,
            population: self.text_of("neighbourhoods.population", raw.population)?,
            population_file: self.optional_path("neighbourhoods.population_file", raw.population_file)?,
            deprivation_file: self.optional_path("neighbourhoods.deprivation_file", raw.deprivation_file)?,
            allow_unmatched: raw.allow_unmatched,
        })
    }

    fn origins(&self, raw: raw::Origins) -> Result<OriginsInput, ProjectError> {
        let weight = self.text_of("origins.weight", raw.weight)?;
        Ok(OriginsInput { file: self.path("origins.file", &raw.file)?, weight })
    }

    fn jobs(&self, raw: raw::Jobs) -> Result<JobsInput, ProjectError> {
        Ok(JobsInput {
            file: self.path("jobs.file", &raw.file)?,
            code: self.text_of("jobs.code", raw.code)?,
            count: self.text_of("jobs.count", raw.count)?,
            points: self.optional_path("jobs.points", raw.points)?,
            allow_unmatched: raw.allow_unmatched,
        })
    }

    fn broadband(&self, raw: raw::Broadband) -> Result<BroadbandInput, ProjectError> {
        if raw.files.get_ref().is_empty() {
            return Err(self.bad(
                &raw.files.span(),
                "broadband.files",
                "[]",
                "one of Ofcom's coverage files or more",
            ));
        }
        Ok(BroadbandInput {
            files: self.paths("broadband.files", raw.files.get_ref())?,
            lookup: self.optional_path("broadband.lookup", raw.lookup)?,
            mobile: self.optional_path("broadband.mobile", raw.mobile)?,
            allow_unmatched: raw.allow_unmatched,
        })
    }

    fn walk(&self, raw: &raw::Walk) -> Result<WalkSettings, ProjectError> {
        let minutes = self.number("walk.max_walk_min", &raw.max_walk_min, 30.0, 0.0..=600.0, "minutes")?;
        let speed = self.number("walk.speed_kmh", &raw.speed_kmh, 4.8, 0.5..=20.0, "km/h")?;
        let steps = self.number("walk.steps_speed_kmh", &raw.steps_speed_kmh, 2.4, 0.1..=20.0, "km/h")?;
        Ok(WalkSettings {
            speed: MetresPerSecond::kmh(speed),
            steps_speed: MetresPerSecond::kmh(steps),
            max_walk: whole_seconds(minutes * 60.0),
            max_snap: Metres(self.number(
                "walk.max_snap_m",
                &raw.max_snap_m,
                300.0,
                0.0..=10_000.0,
                "metres",
            )?),
            max_snap_stop: Metres(self.number(
                "walk.max_snap_stop_m",
                &raw.max_snap_stop_m,
                100.0,
                0.0..=10_000.0,
                "metres",
            )?),
            profiles: self.profiles(raw)?,
        })
    }

    fn profiles(&self, raw: &raw::Walk) -> Result<Vec<WalkProfile>, ProjectError> {
        let known = [WalkProfile::Default, WalkProfile::StepFree].map(|profile| (profile.name(), profile));
        let given = match (&raw.profile, &raw.profiles) {
            (None, None) => return Ok(vec![WalkProfile::Default]),
            (Some(profile), None) => return Ok(vec![self.choice("walk.profile", profile, &known)?]),
            (Some(profile), Some(_)) => {
                let wanted = "either `profile` or `profiles`, not both";
                return Err(self.bad(&profile.span(), "walk.profile", quoted(profile.get_ref()), wanted));
            }
            (None, Some(given)) => given,
        };
        if given.get_ref().is_empty() {
            let wanted = "one profile or more, such as [\"default\", \"step_free\"]";
            return Err(self.bad(&given.span(), "walk.profiles", "[]".to_owned(), wanted));
        }
        let mut profiles = Vec::new();
        for name in given.get_ref() {
            let profile = self.choice("walk.profiles", name, &known)?;
            if profiles.contains(&profile) {
                let (value, wanted) = (quoted(name.get_ref()), "each profile once");
                return Err(self.bad(&name.span(), "walk.profiles", value, wanted));
            }
            profiles.push(profile);
        }
        Ok(profiles)
    }

    fn transit(&self, raw: &raw::Transit) -> Result<TransitSettings, ProjectError> {
        let max_rides = match &raw.max_rides {
            None => 4,
            Some(n) => u8::try_from(*n.get_ref()).ok().filter(|n| (1..=10).contains(n)).ok_or_else(|| {
                self.bad(
                    &n.span(),
                    "transit.max_rides",
                    n.get_ref(),
                    "a whole number of vehicles from 1 to 10",
                )
            })?,
        };
        let minutes =
            self.number("transit.max_time_min", &raw.max_time_min, 120.0, 1.0..=1_080.0, "minutes")?;
        let slack =
            self.number("transit.board_slack_s", &raw.board_slack_s, 60.0, 0.0..=3_600.0, "seconds")?;
        let transfer =
            self.number("transit.max_transfer_m", &raw.max_transfer_m, 1_000.0, 0.0..=10_000.0, "metres")?;
        Ok(TransitSettings {
            max_rides,
            max_transfer: Metres(transfer),
            board_slack: whole_seconds(slack),
            max_time: whole_seconds(minutes * 60.0),
            phone_pickups: raw.phone_pickups,
        })
    }

    fn windows(&self, raw: raw::Named<raw::Window>) -> Result<Vec<Window>, ProjectError> {
        if raw.is_empty() {
            return Ok(built_in_windows());
        }
        in_file_order(raw).into_iter().map(|(name, window)| self.window(&name, &window)).collect()
    }

    fn window(&self, name: &Spanned<String>, raw: &raw::Window) -> Result<Window, ProjectError> {
        let spelt = self.key_name("windows", name)?;
        let profile = [WalkProfile::Default, WalkProfile::StepFree].map(WalkProfile::name);
        if let Some(profile) = profile.into_iter().find(|profile| spelt.starts_with(profile)) {
            let wanted = format!("a name that does not begin like a walking profile, {profile}");
            return Err(self.bad(&name.span(), "windows", quoted(&spelt), wanted));
        }
        let name = spelt;
        let key = |k: &str| format!("windows.{name}.{k}");
        let day = match (&raw.day, &raw.date) {
            (Some(day), None) => {
                let known = [("weekday", Day::Weekday), ("saturday", Day::Saturday), ("sunday", Day::Sunday)];
                self.choice(&key("day"), day, &known)?
            }
            (None, Some(date)) => Day::Date(self.date(&key("date"), date)?),
            (Some(day), Some(_)) => {
                return Err(self.bad(
                    &day.span(),
                    &key("day"),
                    quoted(day.get_ref()),
                    "either `day` or `date`, not both",
                ));
            }
            (None, None) => Day::Weekday,
        };
        let from = self.time(&key("from"), &raw.from)?;
        let to = self.time(&key("to"), &raw.to)?;
        if to <= from {
            let wanted = format!("a time after `from` ({from}); through midnight count on, as in \"26:00\"");
            return Err(self.bad(&raw.to.span(), &key("to"), plain(raw.to.get_ref()), wanted));
        }
        Ok(Window { name, day, from, to })
    }

    fn percentiles(&self, given: Option<Vec<Spanned<i64>>>) -> Result<Vec<u8>, ProjectError> {
        let allowed = |n: &i64| u8::try_from(*n).ok().filter(|p| (1..=99).contains(p));
        let wanted = "whole numbers from 1 to 99 (percent of the departures)";
        self.list("percentiles", given, &[25, 50, 75], allowed, wanted)
    }

    fn cutoffs(&self, given: Option<Vec<Spanned<i64>>>) -> Result<Vec<u32>, ProjectError> {
        let allowed = |n: &i64| u32::try_from(*n).ok().filter(|c| (1..=1_080).contains(c));
        self.list("cutoffs_min", given, &[15, 30, 45, 60], allowed, "whole numbers from 1 to 1080 (minutes)")
    }

    /// A list of numbers, ascending and each once. An empty list is not a way to ask for nothing.
    fn list<T: Ord + Copy>(
        &self,
        key: &str,
        given: Option<Vec<Spanned<i64>>>,
        default: &[T],
        allowed: impl Fn(&i64) -> Option<T>,
        wanted: &str,
    ) -> Result<Vec<T>, ProjectError> {
        let Some(given) = given else { return Ok(default.to_vec()) };
        if given.is_empty() {
            return Err(self.missing(key, wanted));
        }
        let one = |n: &Spanned<i64>| {
            allowed(n.get_ref()).ok_or_else(|| self.bad(&n.span(), key, n.get_ref(), wanted))
        };
        let mut list = given.iter().map(one).collect::<Result<Vec<T>, _>>()?;
        list.sort_unstable();
        list.dedup();
        Ok(list)
    }

    fn number(
        &self,
        key: &str,
        given: &Opt<f64>,
        default: f64,
        range: std::ops::RangeInclusive<f64>,
        unit: &str,
    ) -> Result<f64, ProjectError> {
        match given {
            None => Ok(default),
            Some(n) if range.contains(n.get_ref()) => Ok(*n.get_ref()),
            Some(n) => {
                let wanted = format!("a number from {} to {} ({unit})", range.start(), range.end());
                Err(self.bad(&n.span(), key, n.get_ref(), wanted))
            }
        }
    }

    pub(super) fn choice<T: Copy>(
        &self,
        key: &str,
        given: &Spanned<String>,
        known: &[(&str, T)],
    ) -> Result<T, ProjectError> {
        let word = given.get_ref();
        known.iter().find(|(name, _)| name == word).map(|(_, value)| *value).ok_or_else(|| {
            let all: Vec<String> = known.iter().map(|(name, _)| quoted(name)).collect();
            let mut wanted = all.join(" or ");
            if let Some(near) = nearest(word, known.iter().map(|(name, _)| *name)) {
                wanted = format!("{wanted} (did you mean \"{near}\"?)");
            }
            self.bad(&given.span(), key, quoted(word), wanted)
        })
    }

    fn date(&self, key: &str, given: &Spanned<Value>) -> Result<Date, ProjectError> {
        let text = plain(given.get_ref());
        let shape = text.len() == 10 && text.bytes().filter(|&b| b == b'-').count() == 2;
        let date = shape.then(|| text.parse().ok()).flatten();
        date.ok_or_else(|| self.bad(&given.span(), key, quoted(&text), "a date as \"YYYY-MM-DD\""))
    }

    fn time(&self, key: &str, given: &Spanned<Value>) -> Result<ServiceTime, ProjectError> {
        let text = plain(given.get_ref());
        service_time(&text).ok_or_else(|| {
            self.bad(
                &given.span(),
                key,
                quoted(&text),
                "a time of the service day as \"HH:MM\", from 00:00 to 47:59",
            )
        })
    }

    fn timezone(&self, given: &Spanned<String>) -> Result<String, ProjectError> {
        let name = given.get_ref();
        match jiff::tz::TimeZone::get(name) {
            Ok(_) => Ok(name.clone()),
            Err(_) => {
                let wanted = "an IANA time zone, such as \"Europe/London\"";
                Err(self.bad(&given.span(), "timezone", quoted(name), wanted))
            }
        }
    }

    pub(super) fn key_name(&self, table: &str, name: &Spanned<String>) -> Result<String, ProjectError> {
        let word = name.get_ref();
        let letters = word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if letters && word.bytes().next().is_some_and(|b| b.is_ascii_lowercase()) {
            return Ok(word.clone());
        }
        let wanted = "a name of small letters, digits and `_` that begins with a letter: it becomes part of field names";
        Err(self.bad(&name.span(), table, quoted(word), wanted))
    }

    pub(super) fn text_of(&self, key: &str, given: Opt<String>) -> Result<Option<String>, ProjectError> {
        match given {
            Some(text) if text.get_ref().trim().is_empty() => {
                Err(self.bad(&text.span(), key, "\"\"", "some text, or leave the key out"))
            }
            other => Ok(other.map(Spanned::into_inner)),
        }
    }

    pub(super) fn path(&self, key: &str, given: &Spanned<String>) -> Result<ProjectPath, ProjectError> {
        if given.get_ref().trim().is_empty() {
            return Err(self.bad(&given.span(), key, "\"\"", "a file name, relative to this file"));
        }
        Ok(ProjectPath::new(given.get_ref(), self.root))
    }

    pub(super) fn optional_path(
        &self,
        key: &str,
        given: Opt<String>,
    ) -> Result<Option<ProjectPath>, ProjectError> {
        given.map(|p| self.path(key, &p)).transpose()
    }

    pub(super) fn paths(
        &self,
        key: &str,
        given: &[Spanned<String>],
    ) -> Result<Vec<ProjectPath>, ProjectError> {
        given.iter().map(|p| self.path(key, p)).collect()
    }

    pub(super) fn bad(
        &self,
        span: &Range<usize>,
        key: &str,
        value: impl Display,
        wanted: impl Display,
    ) -> ProjectError {
        ProjectError::Value {
            file: self.file.to_owned(),
            line: line_of(self.text, span),
            key: key.to_owned(),
            value: value.to_string(),
            wanted: wanted.to_string(),
        }
    }

    pub(super) fn missing(&self, key: &str, wanted: &str) -> ProjectError {
        ProjectError::Missing { file: self.file.to_owned(), key: key.to_owned(), wanted: wanted.to_owned() }
    }
}
