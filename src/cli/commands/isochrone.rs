//! `lastmile isochrone`: what is reached from points within each cut-off.

use std::path::Path;

use super::run::input_files;
use crate::access::isochrone::{Island, Isochrone, IsochroneQuery, People, isochrones};
use crate::access::residents::ResidentUnit;
use crate::cli::args::{DepartureArgs, IsochroneArgs, TravelMode};
use crate::cli::failure::Failure;
use crate::cli::load::{FlagQuery, points};
use crate::cli::on_map::StudyMap;
use crate::cli::output::is_standard;
use crate::cli::printer::Printer;
use crate::cli::study::{DatedWindow, Study};
use crate::cli::typed_points::{check_axes, lonlat, no_point};
use crate::finding::Findings;
use crate::geometry::LonLat;
use crate::geometry::cells::CellOutline;
use crate::inputs::attribution;
use crate::inputs::project::Project;
use crate::outputs::isochrone::{IsochroneArea, IsochroneMetadata, IsochroneTarget, in_degrees};
use crate::outputs::new_output::NewOutput;
use crate::outputs::sanitise::clean_text;
use crate::routing::JourneyLimits;
use crate::routing::network::{Joined, Network};
use crate::routing::query::departure_window::Departures;
use crate::routing::street::isochrone_edges::Arrivals;
use crate::units::{Metres, Seconds};

/// Points whose arrivals at all stops are held at a time.
const AT_ONCE: usize = 64;

/// Runs the command.
///
/// # Errors
/// If an input cannot be used or the output not be written.
pub fn isochrone(
    args: &IsochroneArgs,
    printer: &Printer,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let target = target(args, printer)?;
    let cutoffs = cutoffs(args)?;
    let points = starts(args, findings)?;
    let made = match &args.project {
        Some(path) => {
            let study =
                printer.during("reading", || Study::read(path, args.network.lenient, findings))?;
            of_study(&study, args, &cutoffs, &points, printer, findings)?
        }
        None => {
            let query =
                printer.during("reading", || FlagQuery::read(&args.network, &[], findings))?;
            let query = query.at(&departure(args), findings);
            query.warnings.iter().for_each(|warning| printer.warning(warning));
            of_query(&query, args, &cutoffs, &points, printer, findings)?
        }
    };
    let IsochroneResults { about, areas } = made;
    let count = areas.len();
    target.write(&about, areas)?;
    if let Some(path) = named(args) {
        printer.note(&format!("wrote {count} areas to {}", path.display()));
    }
    Ok(())
}

/// The file to write; none for the standard output.
fn named(args: &IsochroneArgs) -> Option<&Path> {
    args.out.as_deref().filter(|path| !is_standard(path))
}

/// Begins the output before anything is read.
fn target(args: &IsochroneArgs, printer: &Printer) -> Result<IsochroneTarget, Failure> {
    let Some(path) = named(args) else {
        return Ok(IsochroneTarget::stream(NewOutput::stream(printer.data())));
    };
    let inputs = match &args.project {
        Some(file) => input_files(&Project::read(file)?, file),
        None => args.network.input_files([]),
    };
    let inputs = inputs.and(args.points.as_ref());
    Ok(IsochroneTarget::file(path, args.force, &inputs)?)
}

/// What is to be written.
struct IsochroneResults {
    about: IsochroneMetadata,
    areas: Vec<IsochroneArea>,
}

/// A point to set out from.
struct IsochroneStart {
    id: String,
    point: LonLat,
}

/// How large some outlines are together.
pub(super) fn km2(outlines: &[CellOutline]) -> f64 {
    outlines.iter().map(CellOutline::area_m2).sum::<f64>() / 1e6
}

/// For each piece without the point the stop that one gets off at.
pub(super) fn island_names(network: &Network, islands: &[Island]) -> impl Iterator<Item = String> {
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

fn departure(args: &IsochroneArgs) -> DepartureArgs {
    let (depart, window, step) = (args.depart, args.window, args.step);
    DepartureArgs { depart, window, step, percentiles: vec![50], arrive_by: None }
}

fn of_query(
    query: &FlagQuery,
    args: &IsochroneArgs,
    cutoffs: &[u32],
    points: &[IsochroneStart],
    printer: &Printer,
    findings: &mut Findings,
) -> Result<IsochroneResults, Failure> {
    within_longest(cutoffs, query.limits())?;
    let (step, window) = (args.step, args.window);
    let departures = query.departures(&departure(args))?;
    let minutes = args.depart.0;
    let window =
        format!("{:02}:{:02}, {} departures", minutes / 60, minutes % 60, window.div_ceil(step));
    let date = query.clock.as_ref().map(|clock| clock.date());
    let about = about(args, cutoffs, departures.is_some().then_some(window), date);
    let coverage = query.coverage();
    let job = IsochroneTask {
        network: &query.network,
        map: query.map(&coverage),
        departures,
        people: None,
        about,
    };
    job.run(args, points, printer, findings)
}

fn of_study(
    study: &Study,
    args: &IsochroneArgs,
    cutoffs: &[u32],
    points: &[IsochroneStart],
    printer: &Printer,
    findings: &mut Findings,
) -> Result<IsochroneResults, Failure> {
    within_longest(cutoffs, study.limits())?;
    let windows = if args.network.modes == Some(TravelMode::Walk) {
        Vec::new()
    } else {
        study.windows(args.network.lenient)?
    };
    let window = chosen(&windows, args)?;
    let service = study.service();
    let opening = |window: &DatedWindow| window.opening(study.project.public_holidays);
    let at_hours = window.and_then(|window| study.network.in_window(&opening(window)));
    let points_of = |network: &Network| {
        network.join(study.origins.points.iter().map(|origin| std::slice::from_ref(&origin.point)))
    };
    let joined = at_hours.as_ref().map(points_of);
    let network = at_hours.as_ref().unwrap_or(&study.network);
    let departures = window
        .map(|window| {
            printer.note(&format!(
                "window {}: {}, {}",
                window.window.name,
                window.clock.date(),
                window.why
            ));
            window.warnings.iter().for_each(|warning| printer.warning(warning));
            Departures::of(network, &window.clock, window.departures, study.limits(), service)
        })
        .transpose()?;
    let weights = study.residents.counts().as_slice();
    let counted = study.residents.counted() == ResidentUnit::People;
    let people =
        counted.then_some(People { at: joined.as_ref().unwrap_or(&study.origins_joined), weights });
    let words = window.map(|window| window.window.name.clone());
    let about = IsochroneMetadata {
        attribution: attribution::attribution(
            &study.project,
            &study.zones,
            study.broadband.as_ref(),
        ),
        ..about(args, cutoffs, words, window.map(|window| window.clock.date()))
    };
    let coverage = study.coverage();
    let job = IsochroneTask {
        network,
        map: StudyMap { network, ..study.map(&coverage) },
        departures,
        people,
        about,
    };
    job.run(args, points, printer, findings)
}

/// The window that is named, else the first.
fn chosen<'a>(
    windows: &'a [DatedWindow],
    args: &IsochroneArgs,
) -> Result<Option<&'a DatedWindow>, Failure> {
    let Some(name) = &args.project_window else { return Ok(windows.first()) };
    let found = windows.iter().find(|window| window.window.name == *name);
    found.map(Some).ok_or_else(|| {
        let names: Vec<&str> = windows.iter().map(|window| window.window.name.as_str()).collect();
        let known = if names.is_empty() { "no window".to_owned() } else { names.join(", ") };
        Failure::Usage(format!(
            "--project-window: the project has no window `{name}`; it has {known}"
        ))
    })
}

impl IsochroneTask<'_> {
    fn run(
        self,
        args: &IsochroneArgs,
        points: &[IsochroneStart],
        printer: &Printer,
        findings: &mut Findings,
    ) -> Result<IsochroneResults, Failure> {
        let IsochroneTask { network, map, departures, people, mut about } = self;
        let longest = network.settings().max_walk.0 / 60;
        if departures.is_none() && about.cutoffs_min.iter().any(|cutoff| *cutoff > longest) {
            printer.warning(&format!(
                "no walk is longer than {longest} min (--max-walk, or max_walk_min of the project): longer cut-offs are left out"
            ));
            about.cutoffs_min.retain(|cutoff| *cutoff <= longest);
            if about.cutoffs_min.is_empty() {
                let why = format!(
                    "--cutoffs: each is longer than the longest walk, {longest} min (--max-walk)"
                );
                return Err(Failure::Usage(why));
            }
        }
        args.from.iter().try_for_each(|text| check_axes("--from", text, network))?;
        let each: Vec<(&str, LonLat)> =
            points.iter().map(|start| (&*start.id, start.point)).collect();
        let joined = map.join("points", &each, printer, findings)?;
        let seconds = about.cutoffs_min.iter().map(|minutes| Seconds::minutes(*minutes)).collect();
        let percentiles = if departures.is_some() { percentiles(args) } else { vec![50] };
        let (margin, cell) = (Metres(args.margin), Metres(args.cell));
        let asked = IsochroneQuery { cutoffs: seconds, percentiles, margin, cell };
        let progress = printer.progress().stage("points", Some(points.len() as u64));
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
                let found = isochrones(network, snaps, arrivals, people, &asked)
                    .ok_or_else(|| too_large(args))?;
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
    args: &IsochroneArgs,
    cutoffs: &[u32],
    window: Option<String>,
    date: Option<jiff::civil::Date>,
) -> IsochroneMetadata {
    let mode = if window.is_some() { "transit" } else { "walk" };
    let attribution = vec![attribution::OSM.to_owned()];
    IsochroneMetadata {
        mode,
        window,
        date,
        cutoffs_min: cutoffs.to_vec(),
        cumulative: args.cumulative,
        attribution,
    }
}

/// Rising, each once.
fn cutoffs(args: &IsochroneArgs) -> Result<Vec<u32>, Failure> {
    let mut cutoffs = args.cutoffs.clone();
    cutoffs.sort_unstable();
    cutoffs.dedup();
    if cutoffs.len() > 60 {
        return Err(Failure::Usage("--cutoffs: name at most 60 of them".into()));
    }
    Ok(cutoffs)
}

fn percentiles(args: &IsochroneArgs) -> Vec<u8> {
    let mut percentiles = args.percentiles.clone();
    percentiles.sort_unstable();
    percentiles.dedup();
    percentiles
}

fn within_longest(cutoffs: &[u32], limits: JourneyLimits) -> Result<(), Failure> {
    let longest = limits.max_time.0 / 60;
    match cutoffs.iter().find(|cutoff| **cutoff > longest) {
        Some(cutoff) => Err(Failure::Usage(format!(
            "--cutoffs: {cutoff} min is longer than the longest journey that counts, {longest} min (--max-time, or max_time_min of the project)"
        ))),
        None => Ok(()),
    }
}

fn too_large(args: &IsochroneArgs) -> Failure {
    Failure::Usage(format!(
        "what is reached is too large for cells of {} m: give a larger --cell, such as {}",
        args.cell,
        (args.cell * 4.0).min(500.0)
    ))
}

/// The points, those of the command line first.
fn starts(args: &IsochroneArgs, findings: &mut Findings) -> Result<Vec<IsochroneStart>, Failure> {
    let mut starts = Vec::new();
    for text in &args.from {
        let point = lonlat(text).ok_or_else(|| {
            no_point("--from", text, "no LON,LAT in degrees, such as -2.99,51.58")
        })?;
        starts.push(IsochroneStart { id: text.clone(), point });
    }
    if let Some(file) = &args.points {
        let rows = points(file, findings)?.into_iter();
        starts.extend(rows.map(|row| IsochroneStart { id: row.id, point: row.point }));
    }
    Ok(starts)
}
