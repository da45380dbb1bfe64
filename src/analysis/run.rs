//! A project measured: every kind of walker, in every window, and what is made of it.

pub mod dependency;
pub mod nearby;
pub mod profile_results;
pub mod service_day;
#[cfg(feature = "gpkg")]
pub mod transit;

pub use profile_results::{BaselineResults, ProfileNetwork, ProfileResults, WindowStreets};

use super::study::{DatedWindow, Study};
use super::world::World;
use super::{AnalysisError, Observer};
use crate::finding::Findings;
use crate::results::groups::{self, GroupComparisons};
use crate::results::index;
use crate::results::indicators::{Indicators, OriginDependency, ProfileIndicators};
use crate::results::table::NeighbourhoodTable;

/// What was found of a study in its windows.
pub struct RunResults<'a> {
    /// The study.
    pub study: &'a Study,
    /// Its windows with their dates.
    pub windows: &'a [DatedWindow],
    /// For each kind of walker, the project's first before the others.
    pub profiles: Vec<ProfileResults<'a>>,
}

impl<'a> RunResults<'a> {
    /// Searches for every kind of walker in every window.
    ///
    /// # Errors
    /// If a timetable cannot be laid out.
    pub fn of(
        study: &'a Study,
        windows: &'a [DatedWindow],
        observer: &dyn Observer,
        findings: &mut Findings,
    ) -> Result<RunResults<'a>, AnalysisError> {
        let mut profiles = Vec::new();
        for nth in 0..study.world.walkers.len() {
            // What the first kind of walker meets the others meet as well.
            let mut aside = Findings::new();
            let findings = if nth == 0 { &mut *findings } else { &mut aside };
            profiles.push(ProfileResults::of(study, nth, windows, observer, findings)?);
        }
        Ok(RunResults { study, windows, profiles })
    }

    /// Sums all of it up.
    ///
    /// # Errors
    /// If a field that the project names is not there.
    pub fn table(&self, observer: &dyn Observer) -> Result<RunTable, AnalysisError> {
        RunTable::of(self.study, self.windows, &self.profiles, observer)
    }
}

/// What is made of all that was found.
pub struct RunTable {
    /// Every field.
    pub table: NeighbourhoodTable,
    /// The groups of neighbourhoods, compared in them.
    pub compared: GroupComparisons,
    /// What a reader must know of both.
    pub notes: Vec<String>,
}

impl RunTable {
    /// Makes the table of what was found, the index and the groups.
    pub fn of(
        study: &Study,
        windows: &[DatedWindow],
        found: &[ProfileResults],
        observer: &dyn Observer,
    ) -> Result<RunTable, AnalysisError> {
        let depends = dependency::depends(study, &found[0], windows, observer)?;
        let mut table = indicators(study, &study.world, found, windows, &depends)?;
        let (compared, notes) = record(study, &mut table)?;
        table.check()?;
        Ok(RunTable { table, compared, notes })
    }
}

/// A time of the day as HH:MM; hours may pass 24.
pub fn clock(seconds: i32) -> String {
    format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60)
}

/// Every indicator of what was found, without what is made of whole columns. Where nothing was
/// looked for: what is known anyhow.
pub fn indicators(
    study: &Study,
    world: &World,
    found: &[ProfileResults],
    windows: &[DatedWindow],
    depends: &[OriginDependency],
) -> Result<NeighbourhoodTable, AnalysisError> {
    let project = &study.project;
    let walkers: Vec<ProfileIndicators> = found.iter().map(ProfileResults::as_walker).collect();
    let (nearby, capacities) =
        (nearby::nearby(study, &world.places), nearby::capacities(&world.places));
    let access_index = match found.first() {
        Some(first) => dependency::access_index(study, world.network(), &first.survey, windows)?,
        None => None,
    };
    let table = Indicators {
        zones: &study.zones,
        origins: &study.origins,
        residents: &study.residents,
        categories: &project.categories,
        percentiles: &project.percentiles,
        walkers: &walkers,
        broadband: world.broadband.as_deref(),
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
) -> Result<(GroupComparisons, Vec<String>), AnalysisError> {
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

/// What a map shows first: the median time to the first category in the first window, else its
/// walk.
pub fn main_field(study: &Study, table: &NeighbourhoodTable) -> Option<String> {
    let category = &study.project.categories.first()?.name;
    let window = study.project.windows.first().map_or("", |window| &window.name);
    let middle =
        study.project.percentiles.get(study.project.percentiles.len() / 2).copied().unwrap_or(50);
    let fields =
        [format!("{category}_transit_{window}_p{middle}_min"), format!("{category}_walk_min")];
    fields.into_iter().find(|field| table.position(field).is_some())
}
