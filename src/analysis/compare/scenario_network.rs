//! A scenario ready to be searched: its network, its places, its dates.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Weekday;

use crate::access::origin_accessibility::Survey;
use crate::analysis::AnalysisError;
use crate::analysis::Lenient;
use crate::analysis::editions::editions;
use crate::analysis::feeds::{accept_date, check_boarding, read_feeds, report_copies, services};
use crate::analysis::study::{DatedWindow, Study, Walked, together};
use crate::finding::Findings;
use crate::inputs::broadband::Broadband;
use crate::inputs::gtfs::Feed;
use crate::inputs::places::{CategoryPlace, PlaceSource};
use crate::inputs::project::scenarios::Acts;
use crate::inputs::project::{ProjectPath, Scenario};
use crate::network::calendar::{Clock, ServiceByDate, resolve_day, weekday_name};
use crate::routing::DepartureWindow;
use crate::routing::network::{Joined, Network};
use crate::scenario::apply::apply;
use crate::scenario::places::{self, ScenarioSite};
use crate::scenario::summary::{ToldBy, ToldWindow};
use crate::scenario::{broadband, streets};
use crate::units::Seconds;

/// A scenario made ready.
pub struct ScenarioNetwork<'a> {
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
    pub survey: Option<Arc<Survey>>,
    /// The same for further kinds of walkers, in the order of the study's.
    pub further: Vec<ScenarioProfile>,
    /// Its places, where they are not the baseline's.
    pub places: Option<Vec<Vec<CategoryPlace>>>,
    /// Its windows with their dates, in the order of the baseline's.
    pub windows: Vec<DatedWindow>,
    /// What each modification came to, in words, with its place among them.
    pub says: Vec<(usize, String)>,
    /// What a reader has to know before she quotes a number.
    pub warnings: Vec<String>,
    /// Which way it may act on travel times.
    pub acts: Acts,
}

/// A scenario as a further kind of walker finds it.
pub struct ScenarioProfile {
    /// Its streets, stops and feeds.
    pub network: Network,
    /// Its origins on the streets, where those are not the baseline's.
    pub origins: Option<Joined>,
    /// Its places on the streets, where they are not the baseline's.
    pub categories: Option<Joined>,
    /// Its walks, where they are not the baseline's.
    pub survey: Option<Arc<Survey>>,
}

/// What a kind of walker goes by, whether it is the scenario's own or the baseline's.
pub struct ProfileSource<'b> {
    /// Streets, stops and feeds.
    pub network: &'b Network,
    /// The origins on the streets.
    pub origins: &'b Joined,
    /// The places on the streets.
    pub categories: &'b Joined,
    /// The walks, where they are not the baseline's.
    pub survey: Option<&'b Arc<Survey>>,
}

impl<'a> ScenarioNetwork<'a> {
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
    ) -> Result<ScenarioNetwork<'a>, AnalysisError> {
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
        let applied =
            apply(other_feeds.as_deref().unwrap_or(&study.network.feeds), &scenario.modifications)?;
        let told = applied.told(&told_by(
            study,
            other_services.as_ref().unwrap_or(&study.services),
            &windows,
        ))?;
        let mut says = told.says;
        let other_streets = streets::apply(&study.network.streets, &scenario.modifications)?;
        let other_streets = other_streets.map(|(streets, changes)| {
            says.extend(changes);
            streets
        });
        let network = match &other_streets {
            None => study.network.with_feeds(applied.feeds, &mut aside),
            Some(streets) => study.network.with_streets(streets.clone(), applied.feeds, &mut aside),
        };
        check_boarding(&network)?;
        findings.append_of(&format!("scenario {}", scenario.name), aside);
        let names: Vec<&str> =
            study.project.categories.iter().map(|category| category.name.as_str()).collect();
        let sites: Vec<Vec<ScenarioSite>> =
            study.places.iter().map(|places| places.iter().map(site).collect()).collect();
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
            sites.into_iter().zip(&study.places).map(category).collect::<Vec<Vec<CategoryPlace>>>()
        });
        let walked = |walked: &Walked| {
            let network = match &other_streets {
                None => walked.network.with_feeds(network.feeds.to_vec(), &mut Findings::new()),
                Some(streets) => walked.network.with_streets(
                    streets.clone(),
                    network.feeds.to_vec(),
                    &mut Findings::new(),
                ),
            };
            let of = BaselineProfile {
                network: &walked.network,
                origins: &walked.origins_joined,
                categories: &walked.categories_joined,
                jobs: walked.jobs_joined.as_ref(),
            };
            of.on(study, network, other_streets.is_some(), places.as_deref())
        };
        let further = study.further.iter().map(walked).collect();
        let of = BaselineProfile {
            network: &study.network,
            origins: &study.origins_joined,
            categories: &study.categories_joined,
            jobs: study.jobs.as_ref().map(|(_, joined)| joined),
        };
        let ScenarioProfile { network, origins, categories, survey } =
            of.on(study, network, other_streets.is_some(), places.as_deref());
        let before = study.broadband.as_ref();
        let broadband =
            broadband::apply(before, &study.zones, &study.origins, &scenario.modifications)?;
        let broadband = broadband.map(|(broadband, changes)| {
            says.extend(changes);
            broadband
        });
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
        Ok(ScenarioNetwork {
            scenario,
            network,
            other_feeds,
            origins,
            categories,
            broadband,
            survey,
            further,
            places,
            windows,
            says,
            warnings,
            acts,
        })
    }

    /// What one of the study's kinds of walkers goes by, from the first, 0.
    pub fn walker<'b>(&'b self, study: &'b Study, nth: usize) -> ProfileSource<'b> {
        let further = nth
            .checked_sub(1)
            .and_then(|nth| Some((self.further.get(nth)?, study.further.get(nth)?)));
        match further {
            None => ProfileSource {
                network: &self.network,
                origins: self.origins.as_ref().unwrap_or(&study.origins_joined),
                categories: self.categories.as_ref().unwrap_or(&study.categories_joined),
                survey: self.survey.as_ref(),
            },
            Some((walker, walked)) => ProfileSource {
                network: &walker.network,
                origins: walker.origins.as_ref().unwrap_or(&walked.origins_joined),
                categories: walker.categories.as_ref().unwrap_or(&walked.categories_joined),
                survey: walker.survey.as_ref(),
            },
        }
    }

    /// Forgets the timetables that it touches, once nothing is to be searched any more.
    pub fn forget_timetables(&self) {
        self.network.forget_changed();
        self.further.iter().for_each(|walker| walker.network.forget_changed());
    }

    /// What it changes, a sentence each.
    pub fn says_in_words(&self) -> Vec<String> {
        let feeds =
            self.scenario.gtfs.iter().flatten().map(|path| crate::analysis::feeds::base_name(path));
        let feeds: Vec<String> = feeds.collect();
        let swap = (!feeds.is_empty()).then(|| format!("the timetable of {}", feeds.join(", ")));
        swap.into_iter().chain(self.says.iter().map(|(_, says)| says.clone())).collect()
    }
}

/// A kind of walker on the baseline.
struct BaselineProfile<'a> {
    network: &'a Network,
    origins: &'a Joined,
    categories: &'a Joined,
    jobs: Option<&'a Joined>,
}

impl BaselineProfile<'_> {
    /// The same on a scenario's network: where the streets are others everything joins them anew,
    /// and where the places are others they do.
    fn on(
        &self,
        study: &Study,
        network: Network,
        rejoin: bool,
        places: Option<&[Vec<CategoryPlace>]>,
    ) -> ScenarioProfile {
        let points = study.origins.points.iter().map(|origin| std::slice::from_ref(&origin.point));
        let origins = rejoin.then(|| network.join(points));
        let categories = (rejoin || places.is_some()).then(|| {
            let together = together(places.unwrap_or(&study.places));
            network.join_places(&together)
        });
        let jobs = (rejoin && self.jobs.is_some())
            .then(|| network.join(study.job_points.iter().map(std::slice::from_ref)));
        let alike = categories.is_none() && self.network.has_stops_of(&network.feeds);
        let survey = (!alike).then(|| {
            let at = jobs.as_ref().or(self.jobs);
            let jobs = study.jobs.as_ref().zip(at).map(|((jobs, _), at)| (jobs.clone(), at));
            let categories = categories.as_ref().unwrap_or(self.categories);
            Arc::new(Survey::new(
                &network,
                origins.as_ref().unwrap_or(self.origins),
                categories,
                jobs,
            ))
        });
        ScenarioProfile { network, origins, categories, survey }
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
    let departures = DepartureWindow::new(from, to, Seconds(60)).unwrap_or(before.departures);
    let day = weekday_name(date.weekday());
    let why = format!(
        "the ordinary {day} nearest {near} inside the range of the scenario's feeds, as {name} before"
    );
    Ok(DatedWindow { window: before.window.clone(), clock, departures, why, warnings })
}
