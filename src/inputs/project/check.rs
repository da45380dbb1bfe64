//! From the file as written to a [`Project`]: defaults filled in, every value in range.

mod measures;
mod record;
mod travel;
pub(super) mod values;

use std::path::Path;

use toml::Spanned;

use super::raw::{self, RawOpt};
use super::{BroadbandInput, JobsInput, NeighbourhoodsInput, OriginsInput, Project, ProjectError};

pub(super) use values::{in_file_order, plain, quoted, service_time};

/// The file that is being checked.
pub(super) struct Checker<'a> {
    pub text: &'a str,
    pub file: &'a str,
    pub root: &'a Path,
}

impl Checker<'_> {
    pub(super) fn project(&self, raw: raw::RawProject) -> Result<Project, ProjectError> {
        if raw.osm.is_empty() {
            return Err(
                self.missing("osm", "one OSM extract or more, such as osm = [\"town.osm.pbf\"]")
            );
        }
        let windows = self.windows(raw.windows)?;
        let taxonomy = self.optional_path("taxonomy", raw.taxonomy)?;
        let categories = self.categories(raw.categories, taxonomy.as_ref(), raw.opening_hours)?;
        let groups = self.groups(raw.groups)?;
        let preset = self.preset(raw.outputs)?;
        let mut measures =
            self.measures(raw.measures, &categories, &windows, raw.jobs.is_some())?;
        // The Journey Time Statistics have counts.
        measures.counts |= preset.is_some();
        Ok(Project {
            name: self.name(raw.name)?,
            attribution: self.lines("attribution", raw.attribution)?,
            osm: self.paths("osm", &raw.osm)?,
            gtfs: self.paths("gtfs", &raw.gtfs)?,
            date: raw.date.map(|d| self.date("date", &d)).transpose()?,
            timezone: raw.timezone.map(|t| self.timezone(&t)).transpose()?,
            public_holidays: raw.public_holidays.map(|n| self.nation(&n)).transpose()?,
            seed: raw.seed.map_or(1, Spanned::into_inner),
            percentiles: self.percentiles(raw.percentiles)?,
            cutoffs_min: self.cutoffs(raw.cutoffs_min)?,
            postcodes: self.optional_path("postcodes", raw.postcodes)?,
            neighbourhoods: self.neighbourhoods(raw.neighbourhoods.unwrap_or_default())?,
            origins: raw.origins.map(|o| self.origins(o)).transpose()?,
            walk: self.walk(&raw.walk)?,
            transit: self.transit(&raw.transit)?,
            measures,
            decays: self.decays(raw.decays, &categories)?,
            catchments: self.catchments(raw.catchments, &categories, &windows)?,
            doubly_cut_off: self.doubly_cut_off(raw.doubly_cut_off, &categories, &windows)?,
            index: raw.index.map(|index| self.index(index)).transpose()?,
            inequality: self.inequality(raw.inequality.unwrap_or_default())?,
            groups,
            preset,
            windows,
            taxonomy,
            categories,
            tables: self.tables(raw.tables)?,
            jobs: raw.jobs.map(|j| self.jobs(j)).transpose()?,
            broadband: raw.broadband.map(|b| self.broadband(b)).transpose()?,
            scenarios: self.scenarios(raw.scenarios)?,
        })
    }

    fn name(&self, given: RawOpt<String>) -> Result<String, ProjectError> {
        if let Some(name) = self.text_of("name", given)? {
            return Ok(name);
        }
        let folder = std::path::absolute(self.root).ok();
        let name =
            folder.as_deref().and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned());
        Ok(name.unwrap_or_else(|| "lastmile".to_owned()))
    }

    fn neighbourhoods(
        &self,
        raw: raw::RawNeighbourhoods,
    ) -> Result<NeighbourhoodsInput, ProjectError> {
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
            population_file: self
                .optional_path("neighbourhoods.population_file", raw.population_file)?,
            deprivation_file: self
                .optional_path("neighbourhoods.deprivation_file", raw.deprivation_file)?,
            allow_unmatched: raw.allow_unmatched,
        })
    }

    fn origins(&self, raw: raw::RawOrigins) -> Result<OriginsInput, ProjectError> {
        let weight = self.text_of("origins.weight", raw.weight)?;
        Ok(OriginsInput { file: self.path("origins.file", &raw.file)?, weight })
    }

    fn jobs(&self, raw: raw::RawJobs) -> Result<JobsInput, ProjectError> {
        Ok(JobsInput {
            file: self.path("jobs.file", &raw.file)?,
            code: self.text_of("jobs.code", raw.code)?,
            count: self.text_of("jobs.count", raw.count)?,
            points: self.optional_path("jobs.points", raw.points)?,
            allow_unmatched: raw.allow_unmatched,
        })
    }

    fn broadband(&self, raw: raw::RawBroadband) -> Result<BroadbandInput, ProjectError> {
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
}
