//! What is reached from points within each cut-off.

use super::network_query::{DepartureQuery, NetworkQuery};
use super::on_map::StudyMap;
use super::run::clock;
use super::study::{DatedWindow, Study};
use super::{AnalysisError, Lenient, Observer};
use crate::access::isochrone::{Island, Isochrone, IsochroneQuery, People, isochrones};
use crate::access::residents::ResidentUnit;
use crate::finding::Findings;
use crate::geometry::LonLat;
use crate::geometry::cells::CellOutline;
use crate::inputs::attribution;
use crate::results::isochrone::{IsochroneArea, IsochroneMetadata, in_degrees};
use crate::routing::JourneyLimits;
use crate::routing::network::{Joined, Network};
use crate::routing::query::departure_window::Departures;
use crate::routing::street::isochrone_edges::Arrivals;
use crate::sanitise::clean_text;
use crate::units::{Metres, Seconds};

/// Points whose arrivals at all stops are held at a time.
const AT_ONCE: usize = 64;

/// Which areas are asked for.
#[derive(Clone, Debug)]
pub struct IsochroneRequest {
    /// Cut-offs in minutes, rising.
    pub cutoffs_min: Vec<u32>,
    /// Percentiles of the travel time, rising.
    pub percentiles: Vec<u8>,
    /// Whether areas are whole and not bands.
    pub cumulative: bool,
    /// How far beside a street one still is within reach.
    pub margin: Metres,
    /// The side of a cell.
    pub cell: Metres,
    /// The departures, without a project.
    pub departure: DepartureQuery,
    /// The project's window by its name; none for the first.
    pub window: Option<String>,
    /// Whether a project's timetable is left out.
    pub on_foot: bool,
    /// What is let pass.
    pub lenient: Lenient,
}

/// What is to be written.
pub struct IsochroneResults {
    /// What all areas share.
    pub about: IsochroneMetadata,
    /// The areas.
    pub areas: Vec<IsochroneArea>,
}

/// A point to set out from.
pub struct IsochroneStart {
    /// What it is called.
    pub id: String,
    /// Where it lies.
    pub point: LonLat,
}

/// How large some outlines are together.
pub fn km2(outlines: &[CellOutline]) -> f64 {
    outlines.iter().map(CellOutline::area_m2).sum::<f64>() / 1e6
}

/// For each piece without the point the stop that one gets off at.
pub fn island_names(network: &Network, islands: &[Island]) -> impl Iterator<Item = String> {
    islands.iter().map(|island| match island.stop {
        Some(stop) => clean_text(&network.stop(stop).name).into_owned(),
        None => "on foot".to_owned(),
    })
}

/// Where, when and for whom.
struct IsochroneTask<'a> {
    network: &'a Network,
    map: StudyMap<'a>,
    departures: Option<Departures<'a>>,
    people: Option<People<'a>>,
    about: IsochroneMetadata,
}

/// Areas on a network without a project.
///
/// # Errors
/// If a cut-off is longer than the longest journey, or what is reached too large for its cells.
pub fn of_query(
    query: &NetworkQuery,
    asked: &IsochroneRequest,
    points: &[IsochroneStart],
    observer: &dyn Observer,
    findings: &mut Findings,
) -> Result<IsochroneResults, AnalysisError> {
    within_longest(&asked.cutoffs_min, query.limits())?;
    let departures = query.departures(&asked.departure)?;
    let DepartureQuery { first, window, step, .. } = &asked.departure;
    let window =
        format!("{}, {} departures", clock(first.get()), window.get().div_ceil(step.get()));
    let date = query.clock.as_ref().map(|clock| clock.date());
    let about = about(asked, departures.is_some().then_some(window), date);
    let coverage = query.coverage();
    let task = IsochroneTask {
        network: &query.network,
        map: query.map(&coverage),
        departures,
        people: None,
        about,
    };
    task.run(asked, points, observer, findings)
}

/// Areas on a project's network, with the people in them where they are known.
///
/// # Errors
/// As [`of_query`]; or if the project has no such window.
pub fn of_study(
    study: &Study,
    asked: &IsochroneRequest,
    points: &[IsochroneStart],
    observer: &dyn Observer,
    findings: &mut Findings,
) -> Result<IsochroneResults, AnalysisError> {
    within_longest(&asked.cutoffs_min, study.limits())?;
    let windows = if asked.on_foot { Vec::new() } else { study.windows(asked.lenient)? };
    let window = chosen(&windows, asked.window.as_deref())?;
    let service = study.service();
    let opening = |window: &DatedWindow| window.opening(study.project.public_holidays);
    let at_hours = window.and_then(|window| study.world.network().in_window(&opening(window)));
    let points_of = |network: &Network| {
        network.join(study.origins.points.iter().map(|origin| std::slice::from_ref(&origin.point)))
    };
    let joined = at_hours.as_ref().map(points_of);
    let network = at_hours.as_ref().unwrap_or(study.world.network());
    let departures = window
        .map(|window| {
            observer.note(&format!(
                "window {}: {}, {}",
                window.window.name,
                window.clock.date(),
                window.why
            ));
            window.warnings.iter().for_each(|warning| observer.warning(warning));
            Departures::of(network, &window.clock, window.departures, study.limits(), service)
        })
        .transpose()?;
    let weights = study.residents.counts().as_slice();
    let counted = study.residents.counted() == ResidentUnit::People;
    let people = counted
        .then_some(People { at: joined.as_ref().unwrap_or(&study.world.first().origins), weights });
    let words = window.map(|window| window.window.name.clone());
    let about = IsochroneMetadata {
        attribution: attribution::attribution(
            &study.project,
            &study.zones,
            study.world.broadband.as_deref(),
        ),
        ..about(asked, words, window.map(|window| window.clock.date()))
    };
    let coverage = study.coverage();
    let task = IsochroneTask {
        network,
        map: StudyMap { network, ..study.map(&coverage) },
        departures,
        people,
        about,
    };
    task.run(asked, points, observer, findings)
}

/// The window that is named, else the first.
fn chosen<'a>(
    windows: &'a [DatedWindow],
    name: Option<&str>,
) -> Result<Option<&'a DatedWindow>, AnalysisError> {
    let Some(name) = name else { return Ok(windows.first()) };
    let found = windows.iter().find(|window| window.window.name == name);
    found.map(Some).ok_or_else(|| {
        let names: Vec<&str> = windows.iter().map(|window| window.window.name.as_str()).collect();
        let known = if names.is_empty() { "no window".to_owned() } else { names.join(", ") };
        AnalysisError::Usage(format!(
            "--project-window: the project has no window `{name}`; it has {known}"
        ))
    })
}

impl IsochroneTask<'_> {
    fn run(
        self,
        asked: &IsochroneRequest,
        points: &[IsochroneStart],
        observer: &dyn Observer,
        findings: &mut Findings,
    ) -> Result<IsochroneResults, AnalysisError> {
        let IsochroneTask { network, map, departures, people, mut about } = self;
        let longest = network.settings().max_walk.get() / 60;
        if departures.is_none() && about.cutoffs_min.iter().any(|cutoff| *cutoff > longest) {
            observer.warning(&format!(
                "no walk is longer than {longest} min (--max-walk, or max_walk_min of the project): longer cut-offs are left out"
            ));
            about.cutoffs_min.retain(|cutoff| *cutoff <= longest);
            if about.cutoffs_min.is_empty() {
                let why = format!(
                    "--cutoffs: each is longer than the longest walk, {longest} min (--max-walk)"
                );
                return Err(AnalysisError::Usage(why));
            }
        }
        let each: Vec<(&str, LonLat)> =
            points.iter().map(|start| (&*start.id, start.point)).collect();
        let joined = map.join("points", &each, observer, findings)?;
        let seconds = about.cutoffs_min.iter().map(|minutes| Seconds::minutes(*minutes)).collect();
        let percentiles = if departures.is_some() { asked.percentiles.clone() } else { vec![50] };
        let (margin, cell) = (asked.margin, asked.cell);
        let query = IsochroneQuery { cutoffs: seconds, percentiles, margin, cell };
        let progress = observer.stage("points", Some(points.len() as u64));
        let mut areas = Vec::new();
        for (starts, snaps) in points.chunks(AT_ONCE).zip(joined.snaps.chunks(AT_ONCE)) {
            let arrivals = match &departures {
                Some(departures) => Arrivals::of(network, departures, &Joined::at(snaps.to_vec()))?,
                None => vec![Arrivals::on_foot(); starts.len()],
            };
            for ((start, snaps), arrivals) in starts.iter().zip(snaps).zip(&arrivals) {
                progress.tick(1);
                // Of a point off the map nothing is known, and an empty area would say that nothing
                // is reached.
                if !map.coverage.holds(start.point) {
                    continue;
                }
                let found = isochrones(network, snaps, arrivals, people, &query)
                    .ok_or_else(|| too_large(asked))?;
                for isochrone in found {
                    areas.extend(self::areas(
                        network,
                        start,
                        isochrone,
                        &about,
                        departures.is_some(),
                    ));
                }
            }
        }
        Ok(IsochroneResults { about, areas })
    }
}

fn areas(
    network: &Network,
    start: &IsochroneStart,
    isochrone: Isochrone,
    about: &IsochroneMetadata,
    transit: bool,
) -> Vec<IsochroneArea> {
    let mut areas = Vec::new();
    let (mut lower, mut lower_people, mut within_km2) = (0, 0.0, 0.0);
    for (within, cutoff) in isochrone.within.into_iter().zip(&about.cutoffs_min) {
        let outlines = if about.cumulative { &within.whole } else { &within.band };
        // The whole is the sum of its bands, so that a table's columns add up.
        within_km2 += km2(&within.band);
        let people = within
            .people
            .map(|people| (if about.cumulative { people } else { people - lower_people }, people));
        areas.push(IsochroneArea {
            point: start.id.clone(),
            percentile: transit.then_some(isochrone.percentile),
            from_min: if about.cumulative { 0 } else { lower },
            cutoff_min: *cutoff,
            shape: in_degrees(outlines, &network.streets.projection),
            area_km2: if about.cumulative { within_km2 } else { km2(&within.band) },
            within_km2,
            people,
            stops: within.stops,
            islands: within.islands.len(),
            island_stops: island_names(network, &within.islands).collect(),
        });
        (lower, lower_people) = (*cutoff, within.people.unwrap_or_default());
    }
    areas
}

fn about(
    asked: &IsochroneRequest,
    window: Option<String>,
    date: Option<jiff::civil::Date>,
) -> IsochroneMetadata {
    let mode = if window.is_some() { "transit" } else { "walk" };
    let attribution = vec![attribution::OSM.to_owned()];
    IsochroneMetadata {
        mode,
        window,
        date,
        cutoffs_min: asked.cutoffs_min.clone(),
        cumulative: asked.cumulative,
        attribution,
    }
}

fn within_longest(cutoffs: &[u32], limits: JourneyLimits) -> Result<(), AnalysisError> {
    let longest = limits.max_time.get() / 60;
    match cutoffs.iter().find(|cutoff| **cutoff > longest) {
        Some(cutoff) => Err(AnalysisError::Usage(format!(
            "--cutoffs: {cutoff} min is longer than the longest journey that counts, {longest} min (--max-time, or max_time_min of the project)"
        ))),
        None => Ok(()),
    }
}

fn too_large(asked: &IsochroneRequest) -> AnalysisError {
    AnalysisError::Usage(format!(
        "what is reached is too large for cells of {} m: give a larger --cell, such as {}",
        asked.cell.get(),
        (asked.cell.get() * 4.0).min(500.0)
    ))
}
