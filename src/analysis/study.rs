//! A project file's data, read, checked and joined to the streets.

mod dates;
mod on_map;
mod places;
mod strays;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::access::map_edge::{MapCoverage, MapPosition};
use crate::access::opportunities::Opportunities;
use crate::access::residents::Residents;
use crate::analysis::AnalysisError;
use crate::analysis::Lenient;
use crate::analysis::feeds::{check_boarding, read_feeds, services};
use crate::analysis::world::{WalkerNetwork, World, WorldPoints};
use crate::finding::Findings;
use crate::geometry::{LonLat, MapExtent};
use crate::ids::{IdxVec, OriginIdx};
use crate::inputs::attributes::{Attribute, AttributeTable, read_groups};
use crate::inputs::broadband::Broadband;
use crate::inputs::jobs::Jobs;
use crate::inputs::neighbourhoods::Neighbourhoods;
use crate::inputs::origins::{Origins, OriginsFrom};
use crate::inputs::osm::{BarrierLine, OsmData, OsmFile, read_osm};
use crate::inputs::places::{CategoryPlace, PlacesMerge};
use crate::inputs::project::{self, Grouping, Project};
use crate::inputs::tables::{JoinReport, Postcodes};
use crate::network::calendar::ServiceByDate;
use crate::network::streets::{Streets, WalkProfile};
use crate::results::indicators::Nearby;
use crate::routing::JourneyLimits;
use crate::routing::network::{Network, ServiceQuery, WalkSettings};
use crate::routing::street::snap_report::SnapNames;
use crate::units::Metres;
pub use dates::{DatedWindow, dates};
use places::{opportunities, places, rules, tables};
pub(crate) use strays::notes as stray_notes;

/// Homes that stand for a neighbourhood without origin points of its own.
const HOMES_PER_ZONE: usize = 40;

/// Everything a project names.
pub struct Study {
    /// The project.
    pub project: Project,
    /// The neighbourhoods.
    pub zones: Neighbourhoods,
    /// Where their people are.
    pub origins: Origins,
    /// Networks, places and broadband.
    pub world: World,
    /// How many of them are in each neighbourhood or near it, once that has been asked for.
    pub nearby: OnceLock<Arc<Vec<Nearby>>>,
    /// How the map and the registers compare, by category that has both.
    pub merges: Vec<PlacesMerge>,
    /// Jobs.
    pub jobs: Option<Opportunities>,
    /// Where the jobs are, in the order in which they join the streets.
    pub job_points: Vec<LonLat>,
    /// Each feed's trips by date.
    pub services: Vec<(String, ServiceByDate)>,
    /// Lines that nobody walks across: rivers, railways, motorways.
    pub barriers: Vec<BarrierLine>,
    /// The extracts.
    pub osm_files: Vec<OsmFile>,
    /// Who lives at the origin points, and of whom anything can be known.
    pub residents: Residents,
    /// How far the extract's streets reach.
    extent: MapExtent,
    /// Of each grouping that comes from a table, the neighbourhoods' groups.
    pub attributes: Vec<Option<Attribute>>,
    /// Further facts about the neighbourhoods.
    pub tables: Vec<AttributeTable>,
    /// How well codes matched.
    pub joins: Vec<JoinReport>,
}

impl Study {
    /// The points that join the streets.
    pub fn points<'a>(&'a self, places: &'a [Vec<CategoryPlace>]) -> WorldPoints<'a> {
        let jobs = self.jobs.is_some().then_some(&*self.job_points);
        WorldPoints { origins: &self.origins, places, jobs }
    }

    /// Reads everything a project names.
    ///
    /// # Errors
    /// If a file cannot be used, or nobody lives on the map.
    pub fn read(
        path: &Path,
        lenient: Lenient,
        findings: &mut Findings,
    ) -> Result<Study, AnalysisError> {
        let study = Study::wherever(path, lenient, findings)?;
        study.check_on_map()?;
        Ok(study)
    }

    /// The same wherever its people live.
    ///
    /// # Errors
    /// If a file cannot be used.
    pub fn wherever(
        path: &Path,
        lenient: Lenient,
        findings: &mut Findings,
    ) -> Result<Study, AnalysisError> {
        let mut project = Project::read(path)?;
        if let Some(broadband) = &mut project.broadband {
            broadband.allow_unmatched |= lenient.allow_unmatched;
        }
        let (rules, of_category) = rules(&project.categories)?;
        let osm_paths: Vec<PathBuf> = project.osm.iter().map(|path| path.to_path_buf()).collect();
        let gtfs_paths: Vec<PathBuf> = project.gtfs.iter().map(|path| path.to_path_buf()).collect();
        let mut osm_findings = Findings::new();
        let (osm, feeds) = rayon::join(
            || read_osm(&osm_paths, &rules, &mut osm_findings),
            || {
                let mut findings = Findings::new();
                read_feeds(&gtfs_paths, &mut findings).map(|feeds| (feeds, findings))
            },
        );
        let (mut osm, (feeds, feed_findings)) = (osm?, feeds?);
        findings.append(osm_findings);
        findings.append(feed_findings);
        let services = services(&feeds, findings);
        let zones = Neighbourhoods::read(&project.neighbourhoods, findings)?;
        let postcodes = project
            .postcodes
            .as_ref()
            .map(|path| Postcodes::read(path, None, findings))
            .transpose()?;
        let origins = origins(&project, &zones, &osm, postcodes.as_ref(), findings)?;
        let jobs =
            project.jobs.as_ref().map(|input| Jobs::read(input, &zones, findings)).transpose()?;
        let (places, merges) = places(
            &project,
            &zones,
            &mut osm,
            &of_category,
            postcodes.as_ref(),
            jobs.as_ref(),
            findings,
        )?;
        let mut joins = zones.joins.clone();
        joins.extend(jobs.iter().filter_map(|jobs| jobs.join.clone()));
        let broadband = project
            .broadband
            .as_ref()
            .map(|input| Broadband::read(input, &zones, findings))
            .transpose()?;
        joins.extend(broadband.iter().flat_map(|broadband| broadband.joins.clone()));
        let attributes = attributes(&project, &zones, lenient, &mut joins, findings)?;
        let tables = tables(&project, &zones, &origins, findings)?;
        joins.extend(tables.iter().filter_map(|table| table.join.clone()));
        let streets = Streets::build(&osm, findings);
        let network = Network::build(
            streets,
            feeds,
            walk_settings(&project, project.walk.profiles[0]),
            findings,
        );
        check_boarding(&network)?;
        let jobs = opportunities(&project, jobs.as_ref(), &origins);
        let points = WorldPoints {
            origins: &origins,
            places: &places,
            jobs: jobs.as_ref().map(|(_, at)| &**at),
        };
        let first = WalkerNetwork::join(project.walk.profiles[0], network, &points);
        let coverage = MapCoverage::new(&first.network, &osm.extent);
        let where_origins_are = places_of(&project, &origins, &coverage);
        strays::zones(&zones, &coverage, findings);
        strays::origins(&origins, &first.origins, &where_origins_are, findings);
        let around = (&coverage, zones.bounds().map(|bounds| bounds.grown(1.0)));
        strays::places(&project.categories, &places, &first.network, around, findings);
        let further = project.walk.profiles.iter().skip(1).map(|profile| {
            let mut own = Findings::new();
            let network = first.network.walked_by(walk_settings(&project, *profile), &mut own);
            let walker = WalkerNetwork::join(*profile, network, &points);
            strays::origins(&origins, &walker.origins, &where_origins_are, &mut own);
            report_jobs(&walker, &mut own);
            findings.append_of(profile.name(), own);
            walker
        });
        let further: Vec<WalkerNetwork> = further.collect();
        let residents = Residents::new(&zones, &origins, where_origins_are.clone());
        report_jobs(&first, findings);
        let walkers = std::iter::once(first).chain(further).collect();
        let world = World { walkers, places: Arc::new(places), broadband: broadband.map(Arc::new) };
        let (jobs, job_points) = jobs.map_or((None, Vec::new()), |(jobs, at)| (Some(jobs), at));
        let (osm_files, barriers) = (osm.files, osm.barriers);
        Ok(Study {
            project,
            zones,
            origins,
            world,
            nearby: OnceLock::new(),
            merges,
            jobs,
            job_points,
            services,
            barriers,
            osm_files,
            residents,
            extent: osm.extent,
            attributes,
            tables,
            joins,
        })
    }

    /// What the map covers.
    pub fn coverage(&self) -> MapCoverage<'_> {
        MapCoverage::new(self.world.network(), &self.extent)
    }

    /// What a journey may be.
    pub fn limits(&self) -> JourneyLimits {
        let transit = &self.project.transit;
        JourneyLimits {
            max_rides: transit.max_rides,
            max_time: transit.max_time,
            board_slack: transit.board_slack,
        }
    }

    /// How the timetable is looked at.
    pub fn service(&self) -> ServiceQuery {
        ServiceQuery { phone_pickups: self.project.transit.phone_pickups, seed: self.project.seed }
    }
}

/// Tells how many jobs join no street.
fn report_jobs(walker: &WalkerNetwork, findings: &mut Findings) {
    if let Some(jobs) = &walker.jobs {
        SnapNames::points("jobs").report_off(jobs.counts(), findings);
    }
}

fn walk_settings(project: &Project, profile: project::ProfileName) -> WalkSettings {
    let walk = &project.walk;
    let base = match profile {
        project::ProfileName::Default => WalkProfile::walk(),
        project::ProfileName::StepFree => WalkProfile::step_free(),
    };
    WalkSettings {
        profile: WalkProfile { speed: walk.speed, steps_speed: walk.steps_speed, ..base },
        max_walk: walk.max_walk,
        max_transfer: project.transit.max_transfer,
        max_snap: walk.max_snap,
        max_snap_stop: walk.max_snap_stop,
    }
}

fn origins(
    project: &Project,
    zones: &Neighbourhoods,
    osm: &OsmData,
    postcodes: Option<&Postcodes>,
    findings: &mut Findings,
) -> Result<Origins, AnalysisError> {
    let homes: Vec<(LonLat, f64)> =
        osm.homes.iter().map(|home| (home.point, home.weight)).collect();
    let file = project
        .origins
        .as_ref()
        .map(|input| -> (&Path, Option<&str>) { (&input.file, input.weight.as_deref()) });
    let from = OriginsFrom {
        file,
        postcodes,
        homes: &homes,
        seed: project.seed,
        per_zone: HOMES_PER_ZONE,
    };
    Ok(Origins::of(&from, zones, findings)?)
}

/// The groups that tables put the neighbourhoods in.
fn attributes(
    project: &Project,
    zones: &Neighbourhoods,
    lenient: Lenient,
    joins: &mut Vec<JoinReport>,
    findings: &mut Findings,
) -> Result<Vec<Option<Attribute>>, AnalysisError> {
    let mut read = |grouping: &Grouping| {
        let allow_unmatched = grouping.allow_unmatched || lenient.allow_unmatched;
        let grouping = Grouping { allow_unmatched, ..grouping.clone() };
        let (attribute, join) = read_groups(&grouping, zones, findings)?.unzip();
        joins.extend(join);
        Ok(attribute)
    };
    project.groups.iter().map(&mut read).collect()
}

/// Where each origin lies, for who looks as far as the longest walk goes.
fn places_of(
    project: &Project,
    origins: &Origins,
    coverage: &MapCoverage,
) -> IdxVec<OriginIdx, MapPosition> {
    let radius = Metres::new(project.walk.speed.get() * f64::from(project.walk.max_walk.get()));
    origins.points.iter().map(|origin| coverage.place(origin.point, radius)).collect()
}
