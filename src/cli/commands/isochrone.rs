//! `lastmile isochrone`: what is reached from points within each cut-off.

use std::path::Path;

use crate::analysis::isochrone::{
    IsochroneRequest, IsochroneResults, IsochroneStart, of_query, of_study,
};
use crate::analysis::network_query::{NetworkQuery, points};
use crate::analysis::study::Study;
use crate::analysis::typed_points::{check_axes, lonlat, no_point};
use crate::cli::args::{DepartureArgs, IsochroneArgs, TravelMode};
use crate::cli::failure::Failure;
use crate::cli::output::is_standard;
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::inputs::project::Project;
use crate::outputs::isochrone::IsochroneTarget;
use crate::outputs::new_output::NewOutput;
use crate::outputs::run_files::input_files;
use crate::routing::network::Network;
use crate::units::Metres;

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
    let asked = request(args)?;
    let points = starts(args, findings)?;
    let made = match &args.project {
        Some(path) => {
            let study = printer.during("reading", || Study::read(path, asked.lenient, findings))?;
            check_starts(args, study.world.network())?;
            of_study(&study, &asked, &points, printer, findings)?
        }
        None => {
            let inputs = args.network.inputs()?;
            let query = printer.during("reading", || NetworkQuery::read(&inputs, &[], findings))?;
            let query = query.at(&asked.departure, findings);
            query.warnings.iter().for_each(|warning| printer.warning(warning));
            check_starts(args, &query.network)?;
            of_query(&query, &asked, &points, printer, findings)?
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

fn request(args: &IsochroneArgs) -> Result<IsochroneRequest, Failure> {
    let (depart, window, step) = (args.depart, args.window, args.step);
    let departure =
        DepartureArgs { depart, window, step, percentiles: vec![50], arrive_by: None }.asked();
    let mut percentiles = args.percentiles.clone();
    percentiles.sort_unstable();
    percentiles.dedup();
    Ok(IsochroneRequest {
        cutoffs_min: cutoffs(args)?,
        percentiles,
        cumulative: args.cumulative,
        margin: Metres::new(args.margin),
        cell: Metres::new(args.cell),
        departure,
        window: args.project_window.clone(),
        on_foot: args.network.modes == Some(TravelMode::Walk),
        lenient: args.network.lenient.into(),
    })
}

/// Whether longitude and latitude of what was typed are exchanged.
fn check_starts(args: &IsochroneArgs, network: &Network) -> Result<(), Failure> {
    Ok(args.from.iter().try_for_each(|text| check_axes("--from", text, network))?)
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
