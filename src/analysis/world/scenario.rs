//! A scenario made ready to be searched: its world, and its dates.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Weekday;

use super::{WalkerNetwork, World};
use crate::analysis::AnalysisError;
use crate::analysis::Lenient;
use crate::analysis::editions::editions;
use crate::analysis::feeds::{accept_date, check_boarding, read_feeds, report_copies, services};
use crate::analysis::study::{DatedWindow, Study};
use crate::finding::Findings;
use crate::inputs::gtfs::Feed;
use crate::inputs::places::{CategoryPlace, PlaceSource};
use crate::inputs::project::scenarios::Acts;
use crate::inputs::project::{ProjectPath, Scenario};
use crate::network::calendar::{Clock, ServiceByDate, resolve_day, weekday_name};
use crate::routing::DepartureWindow;
use crate::scenario::apply::apply;
use crate::scenario::places::{self, ScenarioSite};
use crate::scenario::summary::{ToldBy, ToldWindow};
use crate::scenario::{broadband, streets};
use crate::units::Seconds;

/// A scenario made ready.
pub struct ScenarioWorld<'a> {
    /// What it says.
    pub scenario: &'a Scenario,
    /// Its networks, places and broadband.
    pub world: World,
    /// Its feeds before modifications; none where they are the project's.
    pub other_feeds: Option<Vec<Feed>>,
    /// Its windows with their dates, in the order of the baseline's.
    pub windows: Vec<DatedWindow>,
    /// What each modification came to, in words, with its place among them.
    pub says: Vec<(usize, String)>,
    /// What a reader has to know before she quotes a number.
    pub warnings: Vec<String>,
    /// Which way it may act on travel times.
    pub acts: Acts,
}

impl<'a> ScenarioWorld<'a> {
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
    ) -> Result<ScenarioWorld<'a>, AnalysisError> {
        let baseline = &study.world;
        let mut aside = Findings::new();
        let other_feeds =
            scenario.gtfs.as_ref().map(|paths| other_feeds(paths, &mut aside)).transpose()?;
        let mut other_services = None;
        let windows = match &other_feeds {
            None => windows.to_vec(),
            Some(feeds) => {
                let services = services(feeds, &mut aside);
                let again = windows
                    .iter()
                    .map(|window| again(window, scenario, (feeds, &services), lenient));
                let again = again.collect::<Result<Vec<_>, _>>()?;
                report_copies(
                    &services,
                    again.iter().map(|window| window.clock.date()),
                    &mut aside,
                );
                other_services = Some(services);
                again
            }
        };
        let applied = apply(
            other_feeds.as_deref().unwrap_or(&baseline.network().feeds),
            &scenario.modifications,
        )?;
        let told = applied.told(&told_by(
            study,
            other_services.as_ref().unwrap_or(&study.services),
            &windows,
        ))?;
        let mut says = told.says;
        let other_streets = streets::apply(&baseline.network().streets, &scenario.modifications)?;
        let other_streets = other_streets.map(|(streets, changes)| {
            says.extend(changes);
            streets
        });
        let network = match &other_streets {
            None => baseline.network().with_feeds(applied.feeds, &mut aside),
            Some(streets) => {
                baseline.network().with_streets(streets.clone(), applied.feeds, &mut aside)
            }
        };
        check_boarding(&network)?;
        findings.append_of(&format!("scenario {}", scenario.name), aside);
        let names: Vec<&str> =
            study.project.categories.iter().map(|category| category.name.as_str()).collect();
        let sites: Vec<Vec<ScenarioSite>> =
            baseline.places.iter().map(|places| places.iter().map(site).collect()).collect();
        let changed = places::apply(&scenario.modifications, &names, &sites)?;
        if changed.is_some()
            && study.project.categories.iter().any(|category| category.opening_hours)
        {
            let why = "places cannot be closed or opened where a category looks at opening hours: leave out `opening_hours`";
            return Err(AnalysisError::Usage(format!("scenarios.{}: {why}", scenario.name)));
        }
        let places = changed.map(|(sites, changes)| {
            says.extend(changes);
            let category = |(sites, known): (Vec<ScenarioSite>, &Vec<CategoryPlace>)| {
                sites.into_iter().map(|site| place(site, known)).collect()
            };
            sites
                .into_iter()
                .zip(&*baseline.places)
                .map(category)
                .collect::<Vec<Vec<CategoryPlace>>>()
        });
        let points = study.points(places.as_deref().unwrap_or(&baseline.places));
        let on = |walker: &WalkerNetwork| {
            let aside = &mut Findings::new();
            let feeds = network.feeds.to_vec();
            let network = match &other_streets {
                None => walker.network.with_feeds(feeds, aside),
                Some(streets) => walker.network.with_streets(streets.clone(), feeds, aside),
            };
            walker.on(network, &points, other_streets.is_some(), places.is_some())
        };
        let further: Vec<WalkerNetwork> = baseline.walkers[1..].iter().map(on).collect();
        let rejoin = other_streets.is_some();
        let first = baseline.first().on(network, &points, rejoin, places.is_some());
        let walkers = std::iter::once(first).chain(further).collect();
        let before = baseline.broadband.as_deref();
        let broadband =
            broadband::apply(before, &study.zones, &study.origins, &scenario.modifications)?;
        let broadband = broadband.map(|(broadband, changes)| {
            says.extend(changes);
            Arc::new(broadband)
        });
        let world = World {
            walkers,
            places: places.map_or_else(|| baseline.places.clone(), Arc::new),
            broadband: broadband.or_else(|| baseline.broadband.clone()),
        };
        says.sort();
        let mut warnings = told.warnings;
        if let Some(feeds) = &other_feeds {
            warnings.extend(editions(feeds, windows.iter().map(|window| window.clock.date())));
        }
        for window in &windows {
            let name = &window.window.name;
            warnings
                .extend(window.warnings.iter().map(|warning| format!("window {name}: {warning}")));
        }
        let acts = scenario.acts();
        Ok(ScenarioWorld { scenario, world, other_feeds, windows, says, warnings, acts })
    }

    /// What it changes, a sentence each.
    pub fn says_in_words(&self) -> Vec<String> {
        let feeds = self.scenario.gtfs.iter().flatten().map(|path| crate::finding::base_name(path));
        let feeds: Vec<String> = feeds.collect();
        let swap = (!feeds.is_empty()).then(|| format!("the timetable of {}", feeds.join(", ")));
        swap.into_iter().chain(self.says.iter().map(|(_, says)| says.clone())).collect()
    }
}

/// A place of a scenario: as it was known before, or one that is new and of which nothing else is
/// known.
fn place(site: ScenarioSite, known: &[CategoryPlace]) -> CategoryPlace {
    let was = known.iter().find(|place| place.id == site.id && place.points == site.points);
    was.cloned().unwrap_or(CategoryPlace {
        id: site.id,
        name: site.name,
        points: site.points,
        capacity: None,
        opening_hours: None,
        source: PlaceSource::Register,
    })
}

fn site(place: &CategoryPlace) -> ScenarioSite {
    ScenarioSite { id: place.id.clone(), name: place.name.clone(), points: place.points.clone() }
}

fn other_feeds(paths: &[ProjectPath], findings: &mut Findings) -> Result<Vec<Feed>, AnalysisError> {
    let paths: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
    read_feeds(&paths, findings)
}

/// The days by which it is told what is changed.
fn told_by<'b>(
    study: &Study,
    services: &'b [(String, ServiceByDate)],
    windows: &'b [DatedWindow],
) -> ToldBy<'b> {
    let limits = study.limits();
    let window = |window: &'b DatedWindow| ToldWindow {
        name: &window.window.name,
        clock: &window.clock,
        from: window.departures.first,
        until: window.departures.end(),
        horizon: window.departures.horizon(&limits),
    };
    ToldBy { services, windows: windows.iter().map(window).collect() }
}

/// A window of the baseline on a date of other feeds: the ordinary one of the same weekday that is
/// nearest to the date before, or to the scenario's own; without any, of the same kind of day.
fn again(
    before: &DatedWindow,
    scenario: &Scenario,
    (feeds, services): (&[Feed], &[(String, ServiceByDate)]),
    lenient: Lenient,
) -> Result<DatedWindow, AnalysisError> {
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
    let warnings = accept_date(date, feeds, services, lenient)?;
    let clock = Clock::new(date, before.clock.timezone())?;
    let (from, to) = (clock.wall(before.window.from)?, clock.wall(before.window.to)?);
    let departures = DepartureWindow::new(from, to, Seconds::new(60)).unwrap_or(before.departures);
    let day = weekday_name(date.weekday());
    let why = format!(
        "the ordinary {day} nearest {near} inside the range of the scenario's feeds, as {name} before"
    );
    Ok(DatedWindow { window: before.window.clone(), clock, departures, why, warnings })
}
