//! A scenario ready to be searched: its network, its places, its dates.

use std::path::PathBuf;

use jiff::civil::Weekday;

use crate::access::survey::Survey;
use crate::cli::args::Lenient;
use crate::cli::failure::Failure;
use crate::cli::load::{accept_date, check_boarding, read_feeds, services};
use crate::cli::study::{DatedWindow, Study, together};
use crate::finding::Findings;
use crate::geometry::LonLat;
use crate::inputs::broadband::Broadband;
use crate::inputs::gtfs::Feed;
use crate::inputs::places::CategoryPlace;
use crate::inputs::project::scenarios::Acts;
use crate::inputs::project::{ProjectPath, Scenario};
use crate::network::calendar::{Clock, ServiceByDate, resolve_day, weekday_name};
use crate::routing::Window;
use crate::routing::network::{Joined, Network};
use crate::scenario::apply::apply;
use crate::scenario::places::{self, Site};
use crate::scenario::{broadband, streets};
use crate::units::Seconds;

/// A scenario made ready.
pub struct Side<'a> {
    /// What it says.
    pub scenario: &'a Scenario,
    /// Its streets, stops and feeds.
    pub network: Network,
    /// Its feeds before modifications; none where they are the project's.
    pub other_feeds: Option<Vec<Feed>>,
    /// Its origins on the streets, where those are not the baseline's.
    pub origins: Option<Joined>,
    /// Its places on the streets, where they or the streets are not the baseline's.
    pub categories: Option<Joined>,
    /// Its broadband, where it is not the baseline's.
    pub broadband: Option<Broadband>,
    /// Its walks, where they are not the baseline's.
    pub survey: Option<Survey>,
    /// Its windows with their dates, in the order of the baseline's.
    pub windows: Vec<DatedWindow>,
    /// What each modification came to, in words, with its place among them.
    pub says: Vec<(usize, String)>,
    /// What a reader has to know before she quotes a number.
    pub warnings: Vec<String>,
    /// Which way it may act on travel times.
    pub acts: Acts,
}

impl<'a> Side<'a> {
    /// Applies a scenario to the data.
    ///
    /// # Errors
    /// If it does not fit the data.
    pub fn of(
        study: &Study,
        scenario: &'a Scenario,
        windows: &[DatedWindow],
        lenient: Lenient,
        findings: &mut Findings,
    ) -> Result<Side<'a>, Failure> {
        let mut aside = Findings::new();
        let other_feeds = scenario.gtfs.as_ref().map(|paths| other_feeds(paths, &mut aside)).transpose()?;
        let windows = match &other_feeds {
            None => windows.to_vec(),
            Some(feeds) => {
                let services = services(feeds, &mut aside);
                let again = windows.iter().map(|window| again(window, scenario, &services, lenient));
                again.collect::<Result<_, _>>()?
            }
        };
        let applied = apply(other_feeds.as_deref().unwrap_or(&study.network.feeds), &scenario.modifications)?;
        let mut says = applied.says;
        let other_streets = streets::apply(&study.network.streets, &scenario.modifications)?;
        let rejoin = other_streets.is_some();
        let network = match other_streets {
            None => study.network.with_feeds(applied.feeds, &mut aside),
            Some((streets, changes)) => {
                says.extend(changes);
                study.network.with_streets(streets, applied.feeds, &mut aside)
            }
        };
        let rejoined = rejoin.then(|| Rejoined::of(study, &network));
        check_boarding(&network)?;
        findings.append_of(&format!("scenario {}", scenario.name), aside);
        let names: Vec<&str> =
            study.project.categories.iter().map(|category| category.name.as_str()).collect();
        let sites: Vec<Vec<Site>> =
            study.places.iter().map(|places| places.iter().map(site).collect()).collect();
        let changed = places::apply(&scenario.modifications, &names, &sites)?;
        if changed.is_some() && study.project.categories.iter().any(|category| category.opening_hours) {
            let why = "places cannot be closed or opened where a category looks at opening hours: leave out `opening_hours`";
            return Err(Failure::Usage(format!("scenarios.{}: {why}", scenario.name)));
        }
        let changed = changed.map(|(sites, changes)| {
            says.extend(changes);
            let together = |sites: &Vec<Site>| -> Vec<LonLat> {
                sites.iter().flat_map(|site| site.points.iter().copied()).collect()
            };
            let together: Vec<Vec<LonLat>> = sites.iter().map(together).collect();
            network.join(together.iter().map(Vec::as_slice))
        });
        let (origins, unchanged, jobs) = match rejoined {
            None => (None, None, None),
            Some(Rejoined { origins, categories, jobs }) => (Some(origins), Some(categories), jobs),
        };
        let categories = changed.or(unchanged);
        let alike = categories.is_none() && study.network.has_stops_of(&network.feeds);
        let survey = (!alike).then(|| {
            let joined = study.jobs.as_ref();
            let jobs = joined
                .map(|(opportunities, before)| (opportunities.clone(), jobs.as_ref().unwrap_or(before)));
            let categories = categories.as_ref().unwrap_or(&study.categories_joined);
            Survey::new(&network, origins.as_ref().unwrap_or(&study.origins_joined), categories, jobs)
        });
        let before = study.broadband.as_ref();
        let broadband = broadband::apply(before, &study.zones, &study.origins, &scenario.modifications)?;
        let broadband = broadband.map(|(broadband, changes)| {
            says.extend(changes);
            broadband
        });
        says.sort();
        let mut warnings = applied.warnings;
        for window in &windows {
            let name = &window.window.name;
            warnings.extend(window.warnings.iter().map(|warning| format!("window {name}: {warning}")));
        }
        let acts = scenario.acts();
        Ok(Side {
            scenario,
            network,
            other_feeds,
            origins,
            categories,
            broadband,
            survey,
            windows,
            says,
            warnings,
            acts,
        })
    }

    /// What it changes, a sentence each.
    pub fn says_in_words(&self) -> Vec<String> {
        let feeds = self.scenario.gtfs.iter().flatten().map(|path| crate::cli::load::base_name(path));
        let feeds: Vec<String> = feeds.collect();
        let swap = (!feeds.is_empty()).then(|| format!("the timetable of {}", feeds.join(", ")));
        swap.into_iter().chain(self.says.iter().map(|(_, says)| says.clone())).collect()
    }
}

/// Where everything joins streets that are not the baseline's.
struct Rejoined {
    origins: Joined,
    categories: Joined,
    jobs: Option<Joined>,
}

impl Rejoined {
    fn of(study: &Study, network: &Network) -> Rejoined {
        let points = study.origins.points.iter().map(|origin| std::slice::from_ref(&origin.point));
        let together = together(&study.places);
        let jobs = || network.join(study.job_points.iter().map(std::slice::from_ref));
        Rejoined {
            origins: network.join(points),
            categories: network.join(together.iter().map(Vec::as_slice)),
            jobs: study.jobs.is_some().then(jobs),
        }
    }
}

fn site(place: &CategoryPlace) -> Site {
    Site { id: place.id.clone(), name: place.name.clone(), points: place.points.clone() }
}

fn other_feeds(paths: &[ProjectPath], findings: &mut Findings) -> Result<Vec<Feed>, Failure> {
    let paths: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
    read_feeds(&paths, findings)
}

/// A window of the baseline on a date of other feeds: the ordinary one of the same weekday that is nearest to the date
/// before, or to the scenario's own; without any, of the same kind of day.
fn again(
    before: &DatedWindow,
    scenario: &Scenario,
    services: &[(String, ServiceByDate)],
    lenient: Lenient,
) -> Result<DatedWindow, Failure> {
    let near = scenario.date.unwrap_or_else(|| before.clock.date());
    let weekday = before.clock.date().weekday();
    let name = weekday_name(weekday);
    let kind = |day: Weekday| match day {
        Weekday::Saturday | Weekday::Sunday => day,
        _ => Weekday::Monday,
    };
    let same = resolve_day(name, |day| day == weekday, near, services);
    let date = match same {
        Ok(date) => date,
        Err(_) => resolve_day(name, |day| kind(day) == kind(weekday), near, services)?,
    };
    let warnings = accept_date(date, services, lenient)?;
    let clock = Clock::new(date, before.clock.timezone())?;
    let (from, to) = (clock.wall(before.window.from)?, clock.wall(before.window.to)?);
    let departures = Window::new(from, to, Seconds(60)).unwrap_or(before.departures);
    let day = weekday_name(date.weekday());
    let why = format!(
        "the ordinary {day} nearest {near} inside the range of the scenario's feeds, as {name} before"
    );
    Ok(DatedWindow { window: before.window.clone(), clock, departures, why, warnings })
}
