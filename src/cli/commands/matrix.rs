//! `lastmile matrix`: travel times from origins to destinations.

use crate::analysis::on_map::on_map;
use std::ops::Range;
use std::path::Path;

use crate::analysis::matrix::Matrix;
use crate::analysis::network_query::NetworkQuery;
use crate::cli::args::{MatrixArgs, Shard};
use crate::cli::failure::Failure;
use crate::cli::output::output;
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::inputs::tables::PointRow;
use crate::outputs::matrix::{MatrixFormat, MatrixMeasure, MatrixWriter, TimeUnit};
use crate::units::Seconds;

/// Runs the command.
///
/// # Errors
/// If an input cannot be used or the output not be written.
pub fn matrix(
    args: &MatrixArgs,
    printer: &Printer,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let writer = writer(args, printer)?;
    let (inputs, departure) = (args.network.inputs()?, args.departure.asked());
    let query = printer.during("reading", || NetworkQuery::read(&inputs, &[], findings))?;
    let query = query.at(&departure, findings);
    let origins = query.points(&args.origins, findings)?;
    let destinations =
        args.destinations.as_ref().map(|path| query.points(path, findings)).transpose()?;
    let departures = query.departures(&departure)?;
    query.warnings.iter().for_each(|warning| printer.warning(warning));
    let from = on_map(&query, "origins", &origins, printer, findings)?;
    let (to, places) = match destinations {
        Some(places) => (on_map(&query, "destinations", &places, printer, findings)?, places),
        None => (from.clone(), origins.clone()),
    };
    let mine = part(origins.len(), args.shard);
    let matrix = Matrix::new(&query.network, (&origins, &from), (places, to), mine);
    let mut writer = writer;
    matrix.rows(departures.as_ref(), &departure, printer, |origin, times| {
        write_row(&mut writer, origin, &matrix, times, args.all_pairs)
    })?;
    Ok(writer.finish()?)
}

/// Writes the pairs of an origin: all of them, or those that are within reach.
fn write_row(
    writer: &mut MatrixWriter,
    origin: &PointRow,
    matrix: &Matrix,
    times: &[Option<Seconds>],
    all_pairs: bool,
) -> Result<(), Failure> {
    let places = matrix.destinations();
    let measures = times.len() / places.len().max(1);
    let rows = places.iter().zip(times.chunks_exact(measures.max(1)));
    let rows = rows.filter(|(_, times)| all_pairs || times.iter().any(Option::is_some));
    Ok(writer.write_origin(&origin.id, rows.map(|(place, times)| (place.id.as_str(), times)))?)
}

/// The origins of a part by number: as many in each as can be, in the order of the file.
fn part(all: usize, shard: Option<Shard>) -> Range<usize> {
    let Some(Shard { k, n }) = shard else { return 0..all };
    let (k, n) = (k as usize, n as usize);
    all * (k - 1) / n..all * k / n
}

fn writer(args: &MatrixArgs, printer: &Printer) -> Result<MatrixWriter, Failure> {
    let points = [Some(&args.origins), args.destinations.as_ref()];
    let inputs = args.network.input_files(points.into_iter().flatten());
    let out = output(args.out.as_deref(), args.force, &inputs, printer)?;
    let name = args.out.as_deref().unwrap_or(Path::new("-"));
    let format = MatrixFormat::of(name, out.is_stream())?;
    Ok(MatrixWriter::create(out, format, &MatrixMeasure::of(&args.departure.asked()), unit(args))?)
}

fn unit(args: &MatrixArgs) -> TimeUnit {
    if args.seconds { TimeUnit::Seconds } else { TimeUnit::Minutes }
}
