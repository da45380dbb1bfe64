//! A project file's data, read, checked and joined to the streets.

use std::path::{Path, PathBuf};

use jiff::civil::Weekday;

use super::args::Lenient;
use super::failure::Failure;
use super::load::{accept_date, check_boarding, read_feeds, report_snaps, services};
use crate::access::edge::{self, Coverage};
use crate::access::opportunities::Opportunities;
use crate::finding::Findings;
use crate::geometry::LonLat;
use crate::ids::{IdxVec, OriginIdx, ZoneIdx};
use crate::inputs::attributes::AttributeTable;
use crate::inputs::broadband::Broadband;
use crate::inputs::jobs::Jobs;
use crate::inputs::neighbourhoods::Neighbourhoods;
use crate::inputs::origins::{Origins, OriginsFrom};
use crate::inputs::osm::{OsmData, OsmFile, read_osm};
use crate::inputs::places::{CategoryPlace, HoursCount, Opening, PlacesMerge};
use crate::inputs::project::{self, Day, Project};
use crate::inputs::tables::{JoinReport, Postcodes};
use crate::network::calendar::{Clock, ServiceByDate, resolve_day, weekday_name};
use crate::network::streets::{Streets, WalkProfile};
use crate::routing::network::{Joined, Network, WalkSettings};
use crate::routing::snaps::Things;
use crate::routing::{Limits, Window};
use crate::units::{Metres, Seconds};

mod places;

use places::{attributes, open_in, opportunities, places, rules, together};

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
    /// Streets, stops and feeds.
    pub network: Network,
    /// The origins on the streets.
    pub origins_joined: Joined,
    /// Each category's places.
    pub places: Vec<Vec<CategoryPlace>>,
    /// How the map and the registers compare, by category that has both.
    pub merges: Vec<PlacesMerge>,
    /// Each category's places together on the streets.
    pub categories_joined: Joined,
    /// Jobs and where they are on the streets.
    pub jobs: Option<(Opportunities, Joined)>,
    /// The same for further kinds of walkers.
    pub further: Vec<Walked>,
    /// Broadband.
    pub broadband: Option<Broadband>,
    /// Further facts about the neighbourhoods.
    pub attributes: Vec<AttributeTable>,
    /// Each feed's trips by date.
    pub services: Vec<(String, ServiceByDate)>,
    /// The extracts.
    pub osm_files: Vec<OsmFile>,
    /// Where each neighbourhood lies with respect to the edge of the map: its least lucky and its luckiest point.
    pub edges: IdxVec<ZoneIdx, (edge::Place, edge::Place)>,
    /// How well codes matched.
    pub joins: Vec<JoinReport>,
}

/// The network as a further kind of walker sees it, with all that is joined to it.
pub struct Walked {
    /// Which kind.
    pub profile: project::WalkProfile,
    /// Streets, stops and feeds.
    pub network: Network,
    /// The origins on the streets.
    pub origins_joined: Joined,
    /// Each category's places together on the streets.
    pub categories_joined: Joined,
    /// The jobs on the streets.
    pub jobs_joined: Option<Joined>,
}

/// A window with the date that was taken for it.
pub struct DatedWindow {
    /// As the project names it.
    pub window: project::Window,
    /// The date and timezone its times count in.
    pub clock: Clock,
    /// Its departures.
    pub departures: Window,
    /// Why this date.
    pub why: String,
    /// What is unusual about the date.
    pub warnings: Vec<String>,
}

impl DatedWindow {
    /// The window, to ask opening hours about.
    pub fn opening(&self, timezone: &str) -> Opening {
        let british = ["Europe/London", "Europe/Belfast", "GB"].contains(&timezone);
        Opening { date: self.clock.date(), from: self.window.from, to: self.window.to, british }
    }
}

impl Study {
    /// Reads everything a project names.
    ///
    /// # Errors
    /// If a file cannot be used.
    pub fn read(path: &Path, lenient: Lenient, findings: &mut Findings) -> Result<Study, Failure> {
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
        let postcodes =
            project.postcodes.as_ref().map(|path| Postcodes::read(path, None, findings)).transpose()?;
        let origins = origins(&project, &zones, &osm, postcodes.as_ref(), findings)?;
        let jobs = project.jobs.as_ref().map(|input| Jobs::read(input, &zones, findings)).transpose()?;
        let (places, merges) =
            places(&project, &zones, &mut osm, &of_category, postcodes.as_ref(), jobs.as_ref(), findings)?;
        let mut joins = zones.joins.clone();
        joins.extend(jobs.iter().filter_map(|jobs| jobs.join.clone()));
        let broadband =
            project.broadband.as_ref().map(|input| Broadband::read(input, &zones, findings)).transpose()?;
        joins.extend(broadband.iter().flat_map(|broadband| broadband.joins.clone()));
        let attributes = attributes(&project, &zones, &origins, findings)?;
        joins.extend(attributes.iter().filter_map(|table| table.join.clone()));
        let streets = Streets::build(&osm, findings);
        let coverage = Coverage::new(streets.projection, &osm.hull);
        let network =
            Network::build(streets, feeds, walk_settings(&project, project.walk.profiles[0]), findings);
        check_boarding(&network)?;
        let origins_joined =
            network.join(origins.points.iter().map(|origin| std::slice::from_ref(&origin.point)));
        let ids = origins.points.iter().map(|origin| origin.id.as_str());
        report_snaps("origins", ids, &origins_joined, findings);
        let together = together(&places, |_, _| true);
        let categories_joined = network.join(together.iter().map(Vec::as_slice));
        let jobs = opportunities(&project, jobs.as_ref(), &origins);
        let join_jobs = |network: &Network, findings: &mut Findings| {
            let joined = network.join(jobs.iter().flat_map(|(_, at)| at).map(std::slice::from_ref));
            Things::points("jobs").report_off(joined.counts(), findings);
            joined
        };
        let further = project.walk.profiles.iter().skip(1).map(|profile| {
            let mut own = Findings::new();
            let network = network.walked_by(walk_settings(&project, *profile), &mut own);
            let points = origins.points.iter().map(|origin| std::slice::from_ref(&origin.point));
            let origins_joined = network.join(points);
            let ids = origins.points.iter().map(|origin| origin.id.as_str());
            report_snaps("origins", ids, &origins_joined, &mut own);
            let jobs_joined = jobs.is_some().then(|| join_jobs(&network, &mut own));
            findings.append_of(profile.name(), own);
            let categories_joined = network.join(together.iter().map(Vec::as_slice));
            Walked { profile: *profile, network, origins_joined, categories_joined, jobs_joined }
        });
        let further = further.collect();
        let jobs_joined = jobs.is_some().then(|| join_jobs(&network, findings));
        let jobs = jobs.zip(jobs_joined).map(|((opportunities, _), joined)| (opportunities, joined));
        let edges = edges(&project, &zones, &origins, &coverage);
        let osm_files = osm.files;
        Ok(Study {
            project,
            zones,
            origins,
            network,
            origins_joined,
            places,
            merges,
            categories_joined,
            jobs,
            further,
            broadband,
            attributes,
            services,
            osm_files,
            edges,
            joins,
        })
    }

    /// What a journey may be.
    pub fn limits(&self) -> Limits {
        let transit = &self.project.transit;
        Limits { max_rides: transit.max_rides, max_time: transit.max_time, board_slack: transit.board_slack }
    }

    /// The project's windows, each on its date. None without a timetable.
    ///
    /// # Errors
    /// If a date is unusual, or none suits a day type.
    pub fn windows(&self, lenient: Lenient) -> Result<Vec<DatedWindow>, Failure> {
        if self.network.feeds.is_empty() {
            return Ok(Vec::new());
        }
        self.project.windows.iter().map(|window| self.dated(window, lenient)).collect()
    }

    /// How many places are open in a window, and the points of those that count; `None` where no category asks.
    pub fn open_in(&self, window: &DatedWindow) -> Option<(Vec<HoursCount>, Vec<Vec<LonLat>>)> {
        let opening = window.opening(self.timezone());
        open_in(&self.project.categories, &self.places, &window.window.name, &opening)
    }

    /// The timezone of the windows, and of the places' opening hours.
    pub fn timezone(&self) -> &str {
        let of_feed = || self.network.feeds.first().map_or("", |feed| &feed.timezone);
        self.project.timezone.as_deref().unwrap_or_else(of_feed)
    }

    fn dated(&self, window: &project::Window, lenient: Lenient) -> Result<DatedWindow, Failure> {
        let near = self.project.date.or_else(|| middle_of(&self.services)).ok_or_else(|| {
            Failure::Usage("no trip of any feed ever runs: check the feeds with `lastmile check`".into())
        })?;
        let resolve = |day, suits: fn(Weekday) -> bool| resolve_day(day, suits, near, &self.services);
        let (date, why) = match window.day {
            Day::Date(date) => (date, "given in the project file".to_owned()),
            Day::Weekday => {
                let date = resolve("weekday", |d| !matches!(d, Weekday::Saturday | Weekday::Sunday))?;
                (date, nearest_why("weekday", near))
            }
            Day::Saturday => {
                (resolve("saturday", |d| d == Weekday::Saturday)?, nearest_why("Saturday", near))
            }
            Day::Sunday => (resolve("sunday", |d| d == Weekday::Sunday)?, nearest_why("Sunday", near)),
        };
        let warnings = accept_date(date, &self.services, lenient)?;
        let clock = Clock::new(date, self.timezone())?;
        let (from, to) = (clock.wall(window.from)?, clock.wall(window.to)?);
        let departures = Window::new(from, to, Seconds(60))
            .ok_or_else(|| Failure::Usage(format!("windows.{}: it holds no departure", window.name)))?;
        let why = format!("{why} ({})", weekday_name(date.weekday()));
        Ok(DatedWindow { window: window.clone(), clock, departures, why, warnings })
    }
}

fn nearest_why(day: &str, near: jiff::civil::Date) -> String {
    format!("the ordinary {day} nearest {near} inside every feed's range")
}

/// Where nobody names a date: the middle of the range that all feeds share.
fn middle_of(services: &[(String, ServiceByDate)]) -> Option<jiff::civil::Date> {
    let first = services.iter().map(|(_, service)| service.first).max()?;
    let last = services.iter().map(|(_, service)| service.last).min()?;
    let days = (last - first).get_days() / 2;
    first.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

fn walk_settings(project: &Project, profile: project::WalkProfile) -> WalkSettings {
    let walk = &project.walk;
    let base = match profile {
        project::WalkProfile::Default => WalkProfile::walk(),
        project::WalkProfile::StepFree => WalkProfile::step_free(),
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
) -> Result<Origins, Failure> {
    let homes: Vec<(LonLat, f64)> = osm.homes.iter().map(|home| (home.point, home.weight)).collect();
    let file = project
        .origins
        .as_ref()
        .map(|input| -> (&Path, Option<&str>) { (&input.file, input.weight.as_deref()) });
    let from = OriginsFrom { file, postcodes, homes: &homes, seed: project.seed, per_zone: HOMES_PER_ZONE };
    Ok(Origins::of(&from, zones, findings)?)
}

/// Looks as far as the longest walk goes.
fn edges(
    project: &Project,
    zones: &Neighbourhoods,
    origins: &Origins,
    coverage: &Coverage,
) -> IdxVec<ZoneIdx, (edge::Place, edge::Place)> {
    let radius = Metres(project.walk.speed.0 * f64::from(project.walk.max_walk.0));
    let mut edges: IdxVec<ZoneIdx, (edge::Place, edge::Place)> =
        zones.zones.iter().map(|_| (edge::Place::Inside, edge::Place::Outside)).collect();
    for origin in origins.points.iter() {
        if let Some(zone) = origin.zone {
            let place = coverage.place(origin.point, radius);
            edges[zone] = (edges[zone].0.max(place), edges[zone].1.min(place));
        }
    }
    edges
}

/// The origins of each neighbourhood.
pub fn by_zone(origins: &Origins, zones: usize) -> Vec<Vec<OriginIdx>> {
    let mut by_zone = vec![Vec::new(); zones];
    for (number, origin) in origins.points.enumerate() {
        if let Some(zone) = origin.zone {
            by_zone[crate::ids::Idx::at(zone)].push(number);
        }
    }
    by_zone
}
