//! What hangs on one line, and how near often served stops are: questions that are asked of the
//! first kind of walker alone.

use std::sync::Arc;

use jiff::civil::Weekday;

use super::profile_results::{self, ProfileResults, WindowStreets};
use crate::access::dependency::{self, DependencyStake, LineLeftOut, PassengerLine};
use crate::access::origin_accessibility::Survey;
use crate::access::per_place::EachPlace;
use crate::access::ptal::{Hour, access_indices};
use crate::analysis::AnalysisError;
use crate::analysis::Observer;
use crate::analysis::study::{DatedWindow, Study};
use crate::analysis::world::join_origins;
use crate::finding::Findings;
use crate::ids::{Idx, OriginIdx};
use crate::inputs::hours::Opening;
use crate::inputs::project::JOBS;
use crate::results::indicators::OriginDependency;
use crate::routing::network::{Joined, Network};
use crate::routing::query::departure_window::Departures;
use crate::units::ServiceTime;

/// The dependency of each origin on one line, in the window that the project names for it: of jobs,
/// and of places by category.
pub(crate) fn depends(
    study: &Study,
    found: &ProfileResults,
    windows: &[DatedWindow],
    observer: &dyn Observer,
) -> Result<Vec<OriginDependency>, AnalysisError> {
    let measures = &study.project.measures;
    let named = measures.dependency.as_ref();
    let Some(window) =
        named.and_then(|name| windows.iter().find(|window| window.window.name == *name))
    else {
        return Ok(Vec::new());
    };
    let jobs = found.survey.jobs().is_some();
    let at = WindowStreets::of(study, study.world.first(), &study.world.places, jobs, window, None);
    let (network, origins, survey) = match at.as_deref() {
        Some(at) => (&at.on.network, &*at.on.origins, &*at.survey),
        None => (study.world.network(), &*study.world.first().origins, &*found.survey),
    };
    let each = open_places(study, network, origins, window);
    let stakes = stakes(study, survey, &each);
    if stakes.is_empty() {
        return Ok(Vec::new());
    }
    let (limits, service) = (study.limits(), study.service());
    let cutoff = measures.dependency_cutoff;
    let departures = Departures::of(network, &window.clock, window.departures, limits, service)?;
    let timetable = departures.timetable()?;
    let lines = dependency::lines_boarded(&timetable, &network.feeds, &window.departures, cutoff);
    let all: Vec<OriginIdx> = (0..survey.access.rows()).map(OriginIdx::new).collect();
    let before =
        |(_, _, stake): &(String, String, DependencyStake)| stake.within(&departures, &all, cutoff);
    let before: Vec<Vec<f64>> = stakes.iter().map(before).collect::<Result<_, _>>()?;
    drop(departures);
    let at_stake: Vec<Vec<OriginIdx>> = stakes
        .iter()
        .zip(&before)
        .map(|((.., stake), before)| stake.at_stake(before, cutoff))
        .collect();
    let mut changed = network.walked_by(network.settings().clone(), &mut Findings::new());
    changed.feeds = network.feeds.to_vec().into();
    let mut left_out = LineLeftOut::default();
    let stage = observer.stage("one line less", Some(lines.len() as u64));
    let mut without: Vec<Vec<Vec<(OriginIdx, f64)>>> = vec![Vec::new(); stakes.len()];
    for line in &lines {
        if let Some(feeds) = Arc::get_mut(&mut changed.feeds) {
            left_out.leave_out(feeds, line);
        }
        let departures =
            Departures::of(&changed, &window.clock, window.departures, limits, service)?;
        for (nth, (.., stake)) in stakes.iter().enumerate() {
            let kept = stake.within(&departures, &at_stake[nth], cutoff)?;
            without[nth].push(at_stake[nth].iter().copied().zip(kept).collect());
        }
        stage.tick(1);
    }
    let called = |line: &PassengerLine| format!("{} ({})", line.name, line.agency);
    let lines: Vec<String> = lines.iter().map(called).collect();
    let found = stakes.into_iter().zip(before).zip(without);
    let depends = found.map(|(((name, label, _), before), without)| OriginDependency {
        name,
        label,
        window: window.window.name.clone(),
        cutoff,
        origins: dependency::dependencies(&before, &without),
        before,
        lines: lines.clone(),
    });
    Ok(depends.collect())
}

/// The places of each category that is asked about; in a window those that are open.
fn open_places(
    study: &Study,
    network: &Network,
    origins: &Joined,
    window: &DatedWindow,
) -> Vec<(usize, EachPlace)> {
    let open = study.open_states(window);
    let categories = study.project.categories.iter().enumerate();
    let asked =
        categories.filter(|(_, of)| study.project.measures.dependency_of.contains(&of.name));
    let each = asked.map(|(nth, _)| {
        let each = profile_results::each_place(network, origins, &study.world.places[nth]);
        match &open[nth] {
            Some(states) => (nth, each.among(&profile_results::counted(states))),
            None => (nth, each),
        }
    });
    each.collect()
}

/// What can be lost, with its key and what people call it.
fn stakes<'a>(
    study: &Study,
    survey: &'a Survey,
    each: &'a [(usize, EachPlace)],
) -> Vec<(String, String, DependencyStake<'a>)> {
    let jobs = study.project.measures.dependency_of.iter().any(|name| name == JOBS);
    let jobs = survey.jobs_stake().filter(|_| jobs);
    let jobs = jobs.map(|stake| (JOBS.to_owned(), "the jobs".to_owned(), stake));
    let places = each.iter().map(|(nth, each)| {
        let category = &study.project.categories[*nth];
        let open =
            if category.opening_hours { ", open in the window or of unknown hours," } else { "" };
        let label = format!("the places ({}){open}", category.label);
        (category.name.clone(), label, each.stake(&survey.access))
    });
    jobs.into_iter().chain(places).collect()
}

/// The access index of each origin between 08:15 and 09:15 on the first window's date that is no
/// weekend, if asked for. Walks are those of that hour.
pub(crate) fn access_index(
    study: &Study,
    network: &Network,
    survey: &Survey,
    windows: &[DatedWindow],
) -> Result<Option<(String, Vec<f64>)>, AnalysisError> {
    let weekend = |window: &DatedWindow| {
        matches!(window.clock.date().weekday(), Weekday::Saturday | Weekday::Sunday)
    };
    let window =
        windows.iter().find(|window| !weekend(window)).filter(|_| study.project.measures.ptal);
    let Some(window) = window else { return Ok(None) };
    let from = window.clock.wall(ServiceTime::hms(8, 15, 0))?;
    let until = window.clock.wall(ServiceTime::hms(9, 15, 0))?;
    let hour = Opening {
        from: ServiceTime::hms(8, 15, 0),
        to: ServiceTime::hms(9, 15, 0),
        ..window.opening(study.project.public_holidays)
    };
    let own = network.in_window(&hour).map(|network| {
        let origins = join_origins(&network, &study.origins);
        let access = network.access(&origins);
        (network, access)
    });
    let (network, access) = own.as_ref().map_or((network, &survey.access), |own| (&own.0, &own.1));
    let timetable = &network.runs_between(&window.clock, from, until, &study.service(), 0)?;
    let counted_as = &timetable.counted_as(&network.feeds);
    let hour =
        Hour { timetable, counted_as, feeds: &network.feeds, stops: &network.stops, from, until };
    let indices = access_indices(&hour, access, study.project.walk.speed);
    Ok(Some((format!("{}, 08:15 to 09:15", window.clock.date()), indices)))
}
