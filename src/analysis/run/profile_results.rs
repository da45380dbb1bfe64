//! What a run finds for each kind of walker.

use std::sync::Arc;

use super::clock;
use crate::access::decay::Weights;
use crate::access::frequency::departures_per_hour;
use crate::access::line_status::{on_lines, unsure_at_the_edge};
use crate::access::origin_accessibility::Survey;
use crate::access::per_place::{self, EachPlace, PlacesQuery};
use crate::analysis::AnalysisError;
use crate::analysis::Observer;
use crate::analysis::feeds::report_shut;
use crate::analysis::study::{DatedWindow, Study};
use crate::analysis::world::WalkerNetwork;
use crate::finding::{Findings, Outcome, Severity};
use crate::ids::{FeedIdx, Idx, OriginIdx};
use crate::inputs::hours::OpenState;
use crate::inputs::places::{CategoryPlace, HoursCount};
use crate::inputs::project::{Category, ProfileName, Project};
use crate::results::indicators::{ProfileIndicators, WindowResults};
use crate::routing::network::{Joined, Network};
use crate::routing::query::departure_window::Departures;
use crate::units::Seconds;

/// What a kind of walker is to be searched on.
pub struct ProfileNetwork<'a, 'b> {
    /// Which kind: the study's first is 0.
    pub nth: usize,
    /// Its network, with all that is joined to it.
    pub on: &'a WalkerNetwork,
    /// Each category's places.
    pub places: &'b [Vec<CategoryPlace>],
    /// The walks.
    pub survey: Arc<Survey>,
    /// The baseline, where the origins, the places and all walks are its own: what its timetables
    /// have in common with these holds here as well.
    pub baseline: Option<&'b BaselineResults<'a>>,
}

/// What was found on the baseline for one kind of walker, and where.
#[derive(Clone, Copy)]
pub struct BaselineResults<'a> {
    /// Its streets, stops and feeds.
    pub network: &'a Network,
    /// Its windows with their dates.
    pub windows: &'a [DatedWindow],
    /// What was found.
    pub results: &'a ProfileResults<'a>,
}

/// What was found for one kind of walker.
pub struct ProfileResults<'a> {
    /// What stands behind the names of its fields: nothing for the first.
    pub suffix: String,
    profile: ProfileName,
    joined: &'a Joined,
    /// The walks.
    pub survey: Arc<Survey>,
    /// What was found in each window.
    pub windows: Vec<Arc<WindowResults>>,
    /// By window: its streets, where they are others than those of no window.
    window_streets: Vec<Option<Arc<WindowStreets>>>,
    /// By category: each place by itself, if it is asked about.
    pub each_on_foot: Vec<Vec<per_place::OriginPlaces>>,
}

impl<'a> ProfileResults<'a> {
    /// For a profile of the project; the first is 0, and its fields have the plain names.
    ///
    /// # Errors
    /// If a timetable cannot be laid out.
    pub fn of(
        study: &'a Study,
        nth: usize,
        windows: &[DatedWindow],
        observer: &dyn Observer,
        findings: &mut Findings,
    ) -> Result<ProfileResults<'a>, AnalysisError> {
        let on = &study.world.walkers[nth];
        let survey = on.survey(study.jobs.as_ref()).clone();
        let places = &study.world.places;
        let searched = ProfileNetwork { nth, on, places, survey, baseline: None };
        ProfileResults::on(study, searched, windows, observer, findings)
    }

    /// For a kind of walker where the network, the places or the walks may be other than the
    /// study's.
    pub fn on(
        study: &'a Study,
        searched: ProfileNetwork<'a, '_>,
        windows: &[DatedWindow],
        observer: &dyn Observer,
        findings: &mut Findings,
    ) -> Result<ProfileResults<'a>, AnalysisError> {
        let ProfileNetwork { nth, on, places, survey, baseline } = searched;
        let each = each_places(study, &on.network, &on.origins, places);
        let search = WindowSearch { study, on, places, survey: &survey, each: &each };
        let (windows, window_streets) = search.in_windows(windows, baseline, observer, findings)?;
        let suffix = if nth == 0 { String::new() } else { format!("_{}", on.profile.name()) };
        let each_on_foot = on_foot(study, &each);
        Ok(ProfileResults {
            suffix,
            profile: on.profile,
            joined: &on.origins,
            survey,
            windows,
            window_streets,
            each_on_foot,
        })
    }

    /// The streets of a window, where they are others than those of no window.
    pub fn at_hours(&self, window: usize) -> Option<&WindowStreets> {
        self.window_streets.get(window)?.as_deref()
    }

    /// Forgets the timetables that a scenario touches, once nothing is to be searched any more.
    pub fn forget_timetables(&self) {
        self.window_streets.iter().flatten().for_each(|own| own.on.network.forget_changed());
    }

    /// What is special about this kind of walker, for the meaning of a field.
    pub fn says(&self) -> &'static str {
        match self.profile {
            ProfileName::Default => "",
            ProfileName::StepFree => ", without steps",
        }
    }

    /// The same as the table of indicators takes it.
    pub fn as_walker(&self) -> ProfileIndicators<'_> {
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
pub(crate) fn each_place(
    network: &Network,
    origins: &Joined,
    places: &[CategoryPlace],
) -> EachPlace {
    EachPlace::new(network, origins, &network.join_places(places.iter().map(|place| &place.points)))
}

/// Which places count in a window: all but those known to be closed.
pub(crate) fn counted(states: &[OpenState]) -> Vec<bool> {
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

fn on_foot(study: &Study, each: &[Option<EachPlace>]) -> Vec<Vec<per_place::OriginPlaces>> {
    let asking = CategoryQueries::of(&study.project);
    let of = |(nth, each): (usize, &Option<EachPlace>)| {
        each.as_ref().map_or_else(Vec::new, |each| each.on_foot(&asking.category(nth)))
    };
    each.iter().enumerate().map(of).collect()
}

/// What every window is searched on, where no hours of ways make it another.
struct WindowSearch<'b> {
    study: &'b Study,
    on: &'b WalkerNetwork,
    places: &'b [Vec<CategoryPlace>],
    survey: &'b Survey,
    each: &'b [Option<EachPlace>],
}

/// What was found in each window, and on which streets, where those are the window's own.
type FoundInWindows = (Vec<Arc<WindowResults>>, Vec<Option<Arc<WindowStreets>>>);

impl WindowSearch<'_> {
    fn in_windows(
        &self,
        windows: &[DatedWindow],
        baseline: Option<&BaselineResults>,
        observer: &dyn Observer,
        findings: &mut Findings,
    ) -> Result<FoundInWindows, AnalysisError> {
        let mut results: Vec<Arc<WindowResults>> = Vec::new();
        let mut all_streets: Vec<Option<Arc<WindowStreets>>> = Vec::new();
        for (nth, window) in windows.iter().enumerate() {
            let date = window.clock.date();
            let first_of_date = windows[..nth].iter().all(|earlier| earlier.clock.date() != date);
            let baseline = baseline.filter(|at| at.windows[nth].clock.date() == date);
            let last = all_streets.last().cloned().flatten();
            let streets = self.streets(nth, window, baseline, last);
            let own = streets.as_deref();
            if let Some(own) = own {
                let name = format!("window {}", window.window.name);
                report_shut(&own.on.network, &name, findings);
            }
            let network = own.map_or(&self.on.network, |own| &own.on.network);
            let found = baseline
                .map(|baseline| self.of_baseline(network, nth, (window, first_of_date), baseline))
                .transpose()?
                .flatten();
            let found = match found {
                Some(found) => found,
                None => {
                    let timing = (window, first_of_date);
                    Arc::new(self.in_window(own, timing, observer, findings)?)
                }
            };
            results.push(found);
            all_streets.push(streets);
        }
        Ok((results, all_streets))
    }

    /// The streets of a window: where other ways are open than usual, every walk is another.
    fn streets(
        &self,
        nth: usize,
        window: &DatedWindow,
        baseline: Option<&BaselineResults>,
        last: Option<Arc<WindowStreets>>,
    ) -> Option<Arc<WindowStreets>> {
        if let Some(baseline) = baseline {
            let streets = baseline.results.window_streets[nth].as_ref()?;
            return Some(Arc::new(streets.with_feeds(&self.on.network)));
        }
        let jobs = self.survey.jobs().is_some();
        WindowStreets::of(self.study, self.on, self.places, jobs, window, last)
    }

    /// The baseline's results, where they hold here: the walks are its own (see
    /// [`ProfileNetwork::baseline`]), so that a window with its very timetable has its results.
    fn of_baseline(
        &self,
        network: &Network,
        nth: usize,
        (window, first_of_date): (&DatedWindow, bool),
        baseline: &BaselineResults,
    ) -> Result<Option<Arc<WindowResults>>, AnalysisError> {
        let before = baseline.results.window_streets[nth].as_deref();
        let network_before = before.map_or(baseline.network, |streets| &streets.on.network);
        let (old, new) = (
            departures(self.study, network_before, &baseline.windows[nth])?,
            departures(self.study, network, window)?,
        );
        if !new.has_timetable_of(&old) {
            return Ok(None);
        }
        let found = &baseline.results.windows[nth];
        if !first_of_date || new.has_date_of(&old)? {
            return Ok(Some(found.clone()));
        }
        let survey = before.map_or(self.survey, |streets| &streets.survey);
        let service_hours = Some(new.service_hours(&survey.access)?);
        Ok(Some(Arc::new(WindowResults { service_hours, ..WindowResults::clone(found) })))
    }

    fn in_window(
        &self,
        streets: Option<&WindowStreets>,
        timing: (&DatedWindow, bool),
        observer: &dyn Observer,
        findings: &mut Findings,
    ) -> Result<WindowResults, AnalysisError> {
        let (on, to) = match streets {
            Some(at) => (&at.on, (&*at.survey, at.each.as_slice())),
            None => (self.on, (self.survey, self.each)),
        };
        let Some((counts, points)) = self.study.open_in(timing.0) else {
            return in_window(self.study, &on.network, to, timing, observer, findings);
        };
        counts.iter().for_each(|count| report_hours(count, findings));
        let open = on.network.join_places(&points);
        let survey = to.0.among(&on.network, &on.origins, &open);
        let states = self.study.open_states(timing.0);
        let each: Vec<Option<EachPlace>> =
            to.1.iter().zip(states).map(|(each, states)| among(each, states)).collect();
        in_window(self.study, &on.network, (&survey, &each), timing, observer, findings)
    }
}

/// Streets at the hours of a window, with all that is joined to them.
pub struct WindowStreets {
    /// The network at these hours, with the origins and places on its streets.
    pub on: WalkerNetwork,
    /// The walks.
    pub survey: Arc<Survey>,
    each: Arc<Vec<Option<EachPlace>>>,
}

impl WindowStreets {
    /// `None` where the streets are those of no window. Those of the window before are taken again
    /// if they are the same.
    pub fn of(
        study: &Study,
        usual: &WalkerNetwork,
        places: &[Vec<CategoryPlace>],
        jobs: bool,
        window: &DatedWindow,
        last: Option<Arc<WindowStreets>>,
    ) -> Option<Arc<WindowStreets>> {
        let opening = window.opening(study.project.public_holidays);
        if !usual.network.is_other_in(&opening) {
            return None;
        }
        if let Some(last) = last.filter(|last| !last.on.network.is_other_in(&opening)) {
            return Some(last);
        }
        let network = usual.network.in_window(&opening)?;
        let mut points = study.points(places);
        points.jobs = points.jobs.filter(|_| jobs);
        let on = WalkerNetwork::join(usual.profile, network, &points);
        let survey = on.survey(study.jobs.as_ref()).clone();
        let each = Arc::new(each_places(study, &on.network, &on.origins, places));
        Some(Arc::new(WindowStreets { on, survey, each }))
    }

    /// The same streets and walks with the feeds of a scenario that has the same stops.
    fn with_feeds(&self, scenario: &Network) -> WindowStreets {
        WindowStreets {
            on: self.on.with_feeds_of(scenario),
            survey: self.survey.clone(),
            each: self.each.clone(),
        }
    }
}

/// A window's departures, ready to be searched.
fn departures<'b>(
    study: &Study,
    network: &'b Network,
    window: &'b DatedWindow,
) -> Result<Departures<'b>, AnalysisError> {
    let (limits, service) = (study.limits(), study.service());
    Ok(Departures::of(network, &window.clock, window.departures, limits, service)?)
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
    observer: &dyn Observer,
    findings: &mut Findings,
) -> Result<WindowResults, AnalysisError> {
    let departures = departures(study, network, window)?;
    let progress = observer.stage(&window.window.name, Some(survey.ticks()));
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
    let timetable = departures.timetable()?;
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
        clock(window.window.from.get()),
        clock(window.window.to.get())
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
