//! What a run finds for each kind of walker.

use std::sync::Arc;

use super::clock;
use crate::access::decay::Weights;
use crate::access::frequency::departures_per_hour;
use crate::access::line_status::{on_lines, unsure_at_the_edge};
use crate::access::origin_accessibility::Survey;
use crate::access::per_place::{self, EachPlace, PlacesQuery};
use crate::cli::failure::Failure;
use crate::cli::load::report_shut;
use crate::cli::printer::Printer;
use crate::cli::study::{DatedWindow, Study, Walked, together};
use crate::finding::{Findings, Outcome, Severity};
use crate::ids::{FeedIdx, Idx, OriginIdx};
use crate::inputs::hours::OpenState;
use crate::inputs::places::{CategoryPlace, HoursCount};
use crate::inputs::project::{Category, ProfileName, Project};
use crate::outputs::indicators::{ProfileIndicators, WindowResults};
use crate::routing::network::{Joined, Network};
use crate::routing::query::departure_window::Departures;
use crate::units::Seconds;

/// What a kind of walker goes by.
pub(in crate::cli::commands) struct ProfileNetwork<'a, 'b> {
    /// Which kind: the study's first is 0.
    pub nth: usize,
    /// Streets, stops and feeds.
    pub network: &'b Network,
    /// The origins on the streets.
    pub joined: &'a Joined,
    /// Each category's places.
    pub places: &'b [Vec<CategoryPlace>],
    /// The walks.
    pub survey: Arc<Survey>,
}

/// What was found for one kind of walker.
pub(in crate::cli::commands) struct ProfileResults<'a> {
    pub(in crate::cli::commands) suffix: String,
    profile: ProfileName,
    joined: &'a Joined,
    pub(in crate::cli::commands) survey: Arc<Survey>,
    pub(in crate::cli::commands) windows: Vec<WindowResults>,
    /// By category: each place by itself, if it is asked about.
    pub(in crate::cli::commands) each_on_foot: Vec<Vec<each_place::ProfileResults>>,
}

impl<'a> ProfileResults<'a> {
    /// For the project's first profile, whose fields have the plain names.
    pub(in crate::cli::commands) fn of_the_first(
        study: &'a Study,
        windows: &[DatedWindow],
        printer: &Printer,
        findings: &mut Findings,
    ) -> Result<ProfileResults<'a>, Failure> {
        let jobs =
            study.jobs.as_ref().map(|(opportunities, joined)| (opportunities.clone(), joined));
        let (network, joined) = (&study.network, &study.origins_joined);
        let survey = Survey::new(network, joined, &study.categories_joined, jobs);
        let ground = ProfileNetwork {
            nth: 0,
            network,
            joined,
            places: &study.places,
            survey: Arc::new(survey),
        };
        ProfileResults::on(study, ground, windows, printer, findings)
    }

    pub(in crate::cli::commands) fn of_another(
        study: &'a Study,
        walked: &'a Walked,
        windows: &[DatedWindow],
        printer: &Printer,
        findings: &mut Findings,
    ) -> Result<ProfileResults<'a>, Failure> {
        let jobs = study.jobs.as_ref().zip(walked.jobs_joined.as_ref());
        let jobs = jobs.map(|((opportunities, _), joined)| (opportunities.clone(), joined));
        let (network, joined) = (&walked.network, &walked.origins_joined);
        let survey = Survey::new(network, joined, &walked.categories_joined, jobs);
        let nth = study
            .further
            .iter()
            .position(|other| std::ptr::eq(other, walked))
            .map_or(0, |at| at + 1);
        let ground = ProfileNetwork {
            nth,
            network,
            joined,
            places: &study.places,
            survey: Arc::new(survey),
        };
        ProfileResults::on(study, ground, windows, printer, findings)
    }

    /// For a kind of walker where the network, the places or the walks may be other than the
    /// study's.
    pub(in crate::cli::commands) fn on(
        study: &'a Study,
        ground: ProfileNetwork<'a, '_>,
        windows: &[DatedWindow],
        printer: &Printer,
        findings: &mut Findings,
    ) -> Result<ProfileResults<'a>, Failure> {
        let ProfileNetwork { nth, network, joined, places, survey } = ground;
        let further = nth.checked_sub(1).and_then(|nth| study.further.get(nth));
        let profile = further.map_or(study.project.walk.profiles[0], |walked| walked.profile);
        let each = each_places(study, network, joined, places);
        let windows = in_windows(
            study,
            (network, joined, places),
            (&survey, &each),
            windows,
            printer,
            findings,
        )?;
        let suffix =
            further.map_or_else(String::new, |walked| format!("_{}", walked.profile.name()));
        let each_on_foot = on_foot(study, &each);
        Ok(ProfileResults { suffix, profile, joined, survey, windows, each_on_foot })
    }

    /// What is special about this kind of walker, for the meaning of a field.
    pub(in crate::cli::commands) fn says(&self) -> &'static str {
        match self.profile {
            ProfileName::Default => "",
            ProfileName::StepFree => ", without steps",
        }
    }

    pub(in crate::cli::commands) fn as_walker(&self) -> ProfileIndicators<'_> {
        let says = self.says();
        let ProfileResults { suffix, joined, survey, windows, each_on_foot, .. } = self;
        ProfileIndicators { suffix, says, joined, survey, windows, each_on_foot }
    }
}

/// The places of each category one by one, where they are asked about.
fn each_places(
    study: &Study,
    network: &Network,
    origins: &Joined,
    places: &[Vec<CategoryPlace>],
) -> Vec<Option<EachPlace>> {
    let asked = asked_categories(&study.project).into_iter().zip(places);
    asked.map(|(asked, places)| asked.then(|| each_place(network, origins, places))).collect()
}

/// The places of a category one by one.
pub(super) fn each_place(
    network: &Network,
    origins: &Joined,
    places: &[CategoryPlace],
) -> EachPlace {
    EachPlace::new(network, origins, &network.join_places(places.iter().map(|place| &place.points)))
}

/// Which places count in a window: all but those known to be closed.
pub(super) fn counted(states: &[OpenState]) -> Vec<bool> {
    states.iter().map(|state| *state != OpenState::Closed).collect()
}

fn asked_categories(project: &Project) -> Vec<bool> {
    let measures = &project.measures;
    let all = measures.counts
        || measures.people
        || !measures.nearest.is_empty()
        || project.preset.is_some();
    let shared =
        |name: &String| project.catchments.iter().any(|catchment| catchment.category == *name);
    let weighed =
        |name: &String| project.decays.iter().any(|decay| decay.categories.contains(name));
    let asked = |of: &Category| all || shared(&of.name) || weighed(&of.name);
    project.categories.iter().map(asked).collect()
}

/// What is asked of the places of each category.
struct CategoryQueries<'a> {
    project: &'a Project,
    horizon: Seconds,
    /// By category.
    decays: Vec<Vec<Weights>>,
}

impl CategoryQueries<'_> {
    fn of(project: &Project) -> CategoryQueries<'_> {
        let cutoffs = project.cutoffs_min.iter().map(|minutes| Seconds::minutes(*minutes));
        let horizon =
            cutoffs.chain(project.catchments.iter().map(|catchment| catchment.cutoff)).max();
        let decays = |category: &Category| {
            let mine =
                project.decays.iter().filter(|decay| decay.categories.contains(&category.name));
            mine.map(|decay| Weights::up_to(&decay.decay, project.transit.max_time)).collect()
        };
        let decays = project.categories.iter().map(decays).collect();
        CategoryQueries { project, horizon: horizon.unwrap_or_default(), decays }
    }

    fn category(&self, category: usize) -> PlacesQuery<'_> {
        let (kth, percentiles) = (&self.project.measures.nearest, &self.project.percentiles);
        PlacesQuery { kth, percentiles, horizon: self.horizon, decays: &self.decays[category] }
    }
}

fn on_foot(study: &Study, each: &[Option<EachPlace>]) -> Vec<Vec<each_place::ProfileResults>> {
    let asking = CategoryQueries::of(&study.project);
    let of = |(nth, each): (usize, &Option<EachPlace>)| {
        each.as_ref().map_or_else(Vec::new, |each| each.on_foot(&asking.category(nth)))
    };
    each.iter().enumerate().map(of).collect()
}

fn in_windows(
    study: &Study,
    (network, origins, places): (&Network, &Joined, &[Vec<CategoryPlace>]),
    to: (&Survey, &[Option<EachPlace>]),
    windows: &[DatedWindow],
    printer: &Printer,
    findings: &mut Findings,
) -> Result<Vec<WindowResults>, Failure> {
    let mut results: Vec<WindowResults> = Vec::new();
    let mut last: Option<WindowStreets> = None;
    for (nth, window) in windows.iter().enumerate() {
        let date = window.clock.date();
        let first_of_date = windows[..nth].iter().all(|earlier| earlier.clock.date() != date);
        // Where other ways are open than usual, every walk of the window is another.
        last = WindowStreets::of(study, network, places, to.0.jobs().is_some(), window, last);
        let (network, origins, to) = match &last {
            Some(at) => {
                report_shut(&at.network, &format!("window {}", window.window.name), findings);
                (&at.network, &at.origins, (&at.survey, at.each.as_slice()))
            }
            None => (network, origins, to),
        };
        let Some((counts, points)) = study.open_in(window) else {
            results.push(in_window(
                study,
                network,
                to,
                (window, first_of_date),
                printer,
                findings,
            )?);
            continue;
        };
        counts.iter().for_each(|count| report_hours(count, findings));
        let open = network.join_places(&points);
        let survey = to.0.among(network, origins, &open);
        let each: Vec<Option<EachPlace>> =
            to.1.iter()
                .zip(study.open_states(window))
                .map(|(each, states)| among(each, states))
                .collect();
        let to = (&survey, each.as_slice());
        results.push(in_window(study, network, to, (window, first_of_date), printer, findings)?);
    }
    Ok(results)
}

/// Streets at the hours of a window, with all that is joined to them.
pub(super) struct WindowStreets {
    pub network: Network,
    pub origins: Joined,
    pub survey: Survey,
    each: Vec<Option<EachPlace>>,
}

impl WindowStreets {
    /// `None` where the streets are those of no window. Those of the window before are taken again
    /// if they are the same.
    pub(super) fn of(
        study: &Study,
        usual: &Network,
        places: &[Vec<CategoryPlace>],
        jobs: bool,
        window: &DatedWindow,
        last: Option<WindowStreets>,
    ) -> Option<WindowStreets> {
        let opening = window.opening(study.project.public_holidays);
        if !usual.is_other_in(&opening) {
            return None;
        }
        if let Some(last) = last.filter(|last| !last.network.is_other_in(&opening)) {
            return Some(last);
        }
        let network = usual.in_window(&opening)?;
        let origins = network
            .join(study.origins.points.iter().map(|origin| std::slice::from_ref(&origin.point)));
        let categories = network.join_places(&together(places));
        let at_jobs = network.join(study.job_points.iter().map(std::slice::from_ref));
        let jobs = study
            .jobs
            .as_ref()
            .filter(|_| jobs)
            .map(|(opportunities, _)| (opportunities.clone(), &at_jobs));
        let survey = Survey::new(&network, &origins, &categories, jobs);
        let each = each_places(study, &network, &origins, places);
        Some(WindowStreets { network, origins, survey, each })
    }
}

/// The places that count in a window, if the category looks at opening hours.
fn among(each: &Option<EachPlace>, states: Option<Vec<OpenState>>) -> Option<EachPlace> {
    let each = each.as_ref()?;
    Some(states.map_or_else(|| each.clone(), |states| each.among(&counted(&states))))
}

/// Places of unknown hours count, which a reader has to know where those that are known are closed.
fn report_hours(count: &HoursCount, findings: &mut Findings) {
    let HoursCount { category, window, open, closed, unknown } = count;
    let severity = if *open == 0 && *closed > 0 { Severity::Warning } else { Severity::Info };
    let what = format!(
        "`{category}`, window {window}: {open} known to be open, {closed} closed and left out; {unknown} of unknown hours count as open"
    );
    findings.count(severity, "hours_unknown", Outcome::Kept, "places", *unknown, what);
}

fn in_window(
    study: &Study,
    network: &Network,
    (survey, each): (&Survey, &[Option<EachPlace>]),
    (window, first_of_date): (&DatedWindow, bool),
    printer: &Printer,
    findings: &mut Findings,
) -> Result<WindowResults, Failure> {
    let service = study.service();
    let departures =
        Departures::of(network, &window.clock, window.departures, study.limits(), service)?;
    let progress = printer.progress().stage(window.window.name.clone(), Some(survey.ticks()));
    let origins =
        survey.in_window(&departures, &study.project.percentiles, &|n| progress.tick(n))?;
    let asking = CategoryQueries::of(&study.project);
    let mut found = Vec::new();
    for (nth, each) in each.iter().enumerate() {
        found.push(match each {
            Some(each) => {
                each.in_window(&departures, &survey.access, &asking.category(nth), &|_| ())?
            }
            None => Vec::new(),
        });
    }
    let service_hours =
        first_of_date.then(|| departures.service_hours(&survey.access)).transpose()?;
    let has_service = departures.look(0, |departure| {
        let origins = (0..survey.access.rows()).map(crate::ids::Idx::new);
        origins
            .map(|origin: OriginIdx| departure.rides.any_to_catch(&survey.access[origin]))
            .collect()
    })?;
    let timetable =
        network.timetable(&window.clock, &window.departures, &study.limits(), &service, 0)?;
    let counted_as = timetable.counted_as(&network.feeds);
    report_duplicates(network, &window.window.name, &timetable.duplicates(&counted_as), findings);
    let departures_per_hour =
        departures_per_hour(&timetable, &counted_as, &window.departures, &survey.access);
    let mut on_lines = on_lines(&timetable, &window.departures, &survey.access);
    let at = |origin| study.origins.points[origin].point;
    unsure_at_the_edge(
        &mut on_lines,
        (network, &timetable, &window.departures),
        &study.coverage(),
        at,
    );
    let date = window.clock.date();
    let when = format!(
        "{} {date}, {} to {}",
        window.window.name,
        clock(window.window.from.0),
        clock(window.window.to.0)
    );
    let name = window.window.name.clone();
    Ok(WindowResults {
        name,
        when,
        origins,
        has_service,
        departures_per_hour,
        on_lines,
        service_hours,
        each: found,
    })
}

/// A vehicle in two feeds changes no travel time, but what counts vehicles must know of it. What
/// one feed has twice is told by date.
fn report_duplicates(
    network: &Network,
    window: &str,
    pairs: &[((FeedIdx, FeedIdx), u64)],
    findings: &mut Findings,
) {
    for ((a, b), count) in pairs.iter().filter(|((a, b), _)| a != b) {
        let [a, b] = [a, b].map(|feed| &network.feeds[feed.at()].name);
        let what = format!(
            "window {window}: {count} trips are in both feeds, with the same times at the same stops: each counts once among departures"
        );
        findings.count(
            Severity::Info,
            "duplicate_trip",
            Outcome::Kept,
            format!("{a} and {b}"),
            *count,
            what,
        );
    }
}
