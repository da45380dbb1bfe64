//! `lastmile matrix`: travel times from origins to destinations.

use std::num::NonZeroU16;
use std::ops::Range;
use std::path::Path;

use crate::cli::args::{DepartureArgs, MatrixArgs, Shard};
use crate::cli::failure::Failure;
use crate::cli::load::FlagQuery;
use crate::cli::on_map::on_map;
use crate::cli::output::output;
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::ids::{Csr, Idx, OriginIdx, PlaceIdx};
use crate::inputs::tables::PointRow;
use crate::outputs::matrix::{MatrixFormat, MatrixMeasure, MatrixWriter, TimeUnit};
use crate::routing::network::{Joined, Network};
use crate::routing::query::arrive_by::before_deadline;
use crate::routing::query::departure_window::Departures;
use crate::routing::transit::raptor::range::{self, TravelTimes, Walks};
use crate::units::Seconds;

/// Memory for the travel times of the origins that are under way, bytes.
const CELL_BYTES: usize = 256 << 20;

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
    let query = printer.during("reading", || FlagQuery::read(&args.network, &[], findings))?;
    let query = query.at(&args.departure, findings);
    let origins = query.points(&args.origins, findings)?;
    let destinations =
        args.destinations.as_ref().map(|path| query.points(path, findings)).transpose()?;
    let departures = query.departures(&args.departure)?;
    query.warnings.iter().for_each(|warning| printer.warning(warning));
    let from = on_map(&query, "origins", &origins, printer, findings)?;
    let (to, places) = match destinations {
        Some(places) => (on_map(&query, "destinations", &places, printer, findings)?, places),
        None => (from.clone(), origins.clone()),
    };
    let mine = part(origins.len(), args.shard);
    let (from, origins) = (from.only(mine.clone()), origins[mine].to_vec());
    let matrix = Matrix { network: &query.network, origins, places, from, to };
    matrix.write(departures.as_ref(), args, printer, writer)
}

/// Origins and destinations joined to the streets, with the walks between them that do not depend
/// on the origin.
struct Matrix<'a> {
    network: &'a Network,
    origins: Vec<PointRow>,
    places: Vec<PointRow>,
    from: Joined,
    to: Joined,
}

impl Matrix<'_> {
    fn write(
        self,
        departures: Option<&Departures>,
        args: &MatrixArgs,
        printer: &Printer,
        mut writer: MatrixWriter,
    ) -> Result<(), Failure> {
        let columns = measures(&args.departure).len();
        let egress =
            departures.map(|_| printer.during("walks to stops", || self.network.egress(&self.to)));
        let at_once = (CELL_BYTES / (2 * columns * self.places.len().max(1))).max(1);
        let progress = printer
            .progress()
            .stage("origins", Some((self.origins.len() * range::blocks(self.places.len())) as u64));
        for (number, chunk) in self.origins.chunks(at_once).enumerate() {
            let from = self.from.only((number * at_once..).take(chunk.len()));
            let direct = self.network.direct(&from, &self.to);
            let mut cells = vec![vec![None; self.places.len() * columns]; chunk.len()];
            match (departures, &egress) {
                (Some(departures), Some(egress)) => {
                    let walks =
                        Walks { access: &self.network.access(&from), egress, direct: &direct };
                    departures.travel_times(
                        &walks,
                        &mut cells,
                        &|n| progress.tick(n),
                        |_, cells, times| fill(cells, times, &args.departure),
                    )?;
                }
                _ => walk_only(&direct, columns, &mut cells),
            }
            for (origin, cells) in chunk.iter().zip(&cells) {
                self.write_origin(origin, cells, columns, args.all_pairs, &mut writer)?;
            }
        }
        writer.finish()?;
        Ok(())
    }

    fn write_origin(
        &self,
        origin: &PointRow,
        cells: &[PackedTime],
        percents: usize,
        all_pairs: bool,
        writer: &mut MatrixWriter,
    ) -> Result<(), Failure> {
        let times: Vec<Option<Seconds>> = cells.iter().map(|cell| unpack(*cell)).collect();
        let rows = self.places.iter().zip(times.chunks_exact(percents));
        let reached = rows.filter(|(_, times)| all_pairs || times.iter().any(Option::is_some));
        writer
            .write_origin(&origin.id, reached.map(|(place, times)| (place.id.as_str(), times)))?;
        Ok(())
    }
}

/// What is told of each pair.
pub(super) fn measures(departure: &DepartureArgs) -> Vec<MatrixMeasure> {
    match departure.arrive_by {
        Some(_) => vec![MatrixMeasure::ArriveBy],
        None => departure.percentiles.iter().copied().map(MatrixMeasure::Percentile).collect(),
    }
}

/// Puts an origin's times to a block of destinations in its cells.
fn fill(cells: &mut [PackedTime], times: &mut TravelTimes, departure: &DepartureArgs) {
    if departure.arrive_by.is_some() {
        before_deadline(times).for_each(|(place, before)| cells[place.at()] = pack(before));
        return;
    }
    let percents = &departure.percentiles;
    times.percentiles(percents, |place, found| {
        let row = &mut cells[place.at() * percents.len()..][..percents.len()];
        row.iter_mut().zip(found).for_each(|(cell, time)| *cell = pack(*time));
    });
}

/// A travel time in two bytes: seconds and one.
type PackedTime = Option<NonZeroU16>;

fn pack(time: Option<Seconds>) -> PackedTime {
    time.and_then(|time| NonZeroU16::new(u16::try_from(time.0 + 1).ok()?))
}

fn unpack(cell: PackedTime) -> Option<Seconds> {
    cell.map(|cell| Seconds(u32::from(cell.get()) - 1))
}

fn walk_only(
    direct: &Csr<OriginIdx, (PlaceIdx, Seconds)>,
    percents: usize,
    cells: &mut [Vec<PackedTime>],
) {
    for (origin, cells) in cells.iter_mut().enumerate() {
        for (place, walk) in &direct[OriginIdx::new(origin)] {
            cells[place.at() * percents..][..percents].fill(pack(Some(*walk)));
        }
    }
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
    Ok(MatrixWriter::create(out, format, &measures(&args.departure), unit(args))?)
}

fn unit(args: &MatrixArgs) -> TimeUnit {
    if args.seconds { TimeUnit::Seconds } else { TimeUnit::Minutes }
}
