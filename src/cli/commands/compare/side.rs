//! A scenario ready to be searched: its network, its places, its dates.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Weekday;

use crate::access::opportunities::Opportunities;
use crate::access::survey::Survey;
use crate::cli::args::Lenient;
use crate::cli::failure::Failure;
use crate::cli::load::{accept_date, check_boarding, read_feeds, services};
use crate::cli::study::{DatedWindow, Study};
use crate::finding::Findings;
use crate::geometry::LonLat;
use crate::inputs::gtfs::Feed;
use crate::inputs::places::{CategoryPlace, PlaceSource};
use crate::inputs::project::{ProjectPath, Scenario};
use crate::network::calendar::{Clock, ServiceByDate, resolve_day, weekday_name};
use crate::routing::Window;
use crate::routing::network::{Joined, Network};
use crate::scenario::apply::apply;
use crate::scenario::places::{self, Site};
use crate::units::Seconds;

/// A scenario made ready.
pub struct Side<'a> {
    /// What it says.
    pub scenario: &'a Scenario,
    /// Its streets, stops and feeds.
    pub network: Network,
    /// Its feeds before modifications; none where they are the project's.
    pub other_feeds: Option<Vec<Feed>>,
    /// Its places on the streets, where they are not the baseline's.
    pub categories: Option<Joined>,
    /// Its walks, where they are not the baseline's.
    pub survey: Option<Arc<Survey>>,
    /// The same for further kinds of walkers, in the order of the study's.
    pub further: Vec<Walker>,
    /// Its places, where they are not the baseline's.
    pub places: Option<Vec<Vec<CategoryPlace>>>,
    /// Its windows with their dates, in the order of the baseline's.
    pub windows: Vec<DatedWindow>,
    /// What each modification came to, in words, with its place among them.
    pub says: Vec<(usize, String)>,
    /// What a reader has to know before she quotes a number.
    pub warnings: Vec<String>,
    /// Whether it only takes away.
    pub only_removes: bool,
}

/// A scenario as a further kind of walker finds it.
pub struct Walker {
    /// Its streets, stops and feeds.
    pub network: Network,
    /// Its places on the streets, where they are not the baseline's.
    pub categories: Option<Joined>,
    /// Its walks, where they are not the baseline's.
    pub survey: Option<Arc<Survey>>,
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
        let network = study.network.with_feeds(applied.feeds, &mut aside);
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
        let mut says = applied.says;
        let places = changed.map(|(sites, changes)| {
            says.extend(changes);
            let category = |(sites, known): (Vec<Site>, &Vec<CategoryPlace>)| {
                sites.into_iter().map(|site| place(site, known)).collect()
            };
            sites.into_iter().zip(&study.places).map(category).collect::<Vec<Vec<CategoryPlace>>>()
        });
        says.sort();
        let further = study.further.iter().map(|walked| {
            let network = walked.network.with_feeds(network.feeds.to_vec(), &mut Findings::new());
            let jobs = study.jobs.as_ref().zip(walked.jobs_joined.as_ref());
            let jobs = jobs.map(|((opportunities, _), joined)| (opportunities.clone(), joined));
            let before = (&walked.network, &walked.origins_joined, &walked.categories_joined);
            let (categories, survey) = joined(before, &network, places.as_deref(), jobs);
            Walker { network, categories, survey }
        });
        let further = further.collect();
        let jobs = study.jobs.as_ref().map(|(opportunities, joined)| (opportunities.clone(), joined));
        let before = (&study.network, &study.origins_joined, &study.categories_joined);
        let (categories, survey) = joined(before, &network, places.as_deref(), jobs);
        let only_removes = scenario.gtfs.is_none() && scenario.modifications.iter().all(|m| m.only_removes());
        let mut warnings = applied.warnings;
        for window in &windows {
            let name = &window.window.name;
            warnings.extend(window.warnings.iter().map(|warning| format!("window {name}: {warning}")));
        }
        Ok(Side {
            scenario,
            network,
            other_feeds,
            categories,
            survey,
            further,
            places,
            windows,
            says,
            warnings,
            only_removes,
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

/// What is otherwise than before for a kind of walker: where the places join the streets, and the walks.
fn joined(
    (network, origins, categories): (&Network, &Joined, &Joined),
    after: &Network,
    places: Option<&[Vec<CategoryPlace>]>,
    jobs: Option<(Opportunities, &Joined)>,
) -> (Option<Joined>, Option<Arc<Survey>>) {
    let others = places.map(|places| {
        let points = |places: &Vec<CategoryPlace>| -> Vec<LonLat> {
            places.iter().flat_map(|place| place.points.iter().copied()).collect()
        };
        let together: Vec<Vec<LonLat>> = places.iter().map(points).collect();
        after.join(together.iter().map(Vec::as_slice))
    });
    let alike = others.is_none() && network.has_stops_of(&after.feeds);
    let survey =
        (!alike).then(|| Arc::new(Survey::new(after, origins, others.as_ref().unwrap_or(categories), jobs)));
    (others, survey)
}

/// A place of a scenario: as it was known before, or one that is new and of which nothing else is known.
fn place(site: Site, known: &[CategoryPlace]) -> CategoryPlace {
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
