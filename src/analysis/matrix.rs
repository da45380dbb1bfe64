//! Travel times from origins to destinations.

use std::num::NonZeroU16;
use std::ops::Range;

use super::network_query::DepartureQuery;
use super::{AnalysisError, Observer};
use crate::ids::{Csr, Idx, OriginIdx, PlaceIdx};
use crate::inputs::tables::PointRow;
use crate::routing::network::{Joined, Network};
use crate::routing::query::arrive_by::before_deadline;
use crate::routing::query::departure_window::Departures;
use crate::routing::transit::raptor::range::{self, TravelTimes, Walks};
use crate::units::Seconds;

/// Memory for the travel times of the origins that are under way, bytes.
const CELL_BYTES: usize = 256 << 20;

/// Origins and destinations joined to the streets, with the walks between them that do not depend
/// on the origin.
pub struct Matrix<'a> {
    network: &'a Network,
    origins: Vec<PointRow>,
    places: Vec<PointRow>,
    from: Joined,
    to: Joined,
}

impl<'a> Matrix<'a> {
    /// The travel times from some origins, by their numbers, to destinations that have joined the
    /// streets.
    pub fn new(
        network: &'a Network,
        (origins, from): (&[PointRow], &Joined),
        (places, to): (Vec<PointRow>, Joined),
        mine: Range<usize>,
    ) -> Self {
        let (origins, from) = (origins[mine.clone()].to_vec(), from.only(mine));
        Matrix { network, origins, places, from, to }
    }

    /// The travel times, origin by origin in their order: `row` gets each origin with a time for
    /// each destination and measure, one measure after the other for each destination; `None` is
    /// unreachable within the limits.
    ///
    /// # Errors
    /// If the timetable cannot be laid out, or `row` gives up.
    pub fn rows<E: From<AnalysisError>>(
        &self,
        departures: Option<&Departures>,
        asked: &DepartureQuery,
        observer: &dyn Observer,
        mut row: impl FnMut(&PointRow, &[Option<Seconds>]) -> Result<(), E>,
    ) -> Result<(), E> {
        let columns = if asked.arrive_by.is_some() { 1 } else { asked.percentiles.len() };
        let egress =
            departures.map(|_| observer.during("walks to stops", || self.network.egress(&self.to)));
        let at_once = (CELL_BYTES / (2 * columns * self.places.len().max(1))).max(1);
        let progress = observer
            .stage("origins", Some((self.origins.len() * range::blocks(self.places.len())) as u64));
        for (number, chunk) in self.origins.chunks(at_once).enumerate() {
            let from = self.from.only((number * at_once..).take(chunk.len()));
            let direct = self.network.direct(&from, &self.to);
            let mut cells = vec![vec![None; self.places.len() * columns]; chunk.len()];
            match (departures, &egress) {
                (Some(departures), Some(egress)) => {
                    let walks =
                        Walks { access: &self.network.access(&from), egress, direct: &direct };
                    departures
                        .travel_times(
                            &walks,
                            &mut cells,
                            &|n| progress.tick(n),
                            |_, cells, times| fill(cells, times, asked),
                        )
                        .map_err(AnalysisError::from)?;
                }
                _ => walk_only(&direct, columns, &mut cells),
            }
            for (origin, cells) in chunk.iter().zip(&cells) {
                let times: Vec<Option<Seconds>> = cells.iter().map(|cell| unpack(*cell)).collect();
                row(origin, &times)?;
            }
        }
        Ok(())
    }

    /// The destinations, in the order of each row.
    pub fn destinations(&self) -> &[PointRow] {
        &self.places
    }
}

/// Puts an origin's times to a block of destinations in its cells.
fn fill(cells: &mut [PackedTime], times: &mut TravelTimes, asked: &DepartureQuery) {
    if asked.arrive_by.is_some() {
        before_deadline(times).for_each(|(place, before)| cells[place.at()] = pack(before));
        return;
    }
    let percents = &asked.percentiles;
    times.percentiles(percents, |place, found| {
        let row = &mut cells[place.at() * percents.len()..][..percents.len()];
        row.iter_mut().zip(found).for_each(|(cell, time)| *cell = pack(*time));
    });
}

/// A travel time in two bytes: seconds and one.
type PackedTime = Option<NonZeroU16>;

fn pack(time: Option<Seconds>) -> PackedTime {
    time.and_then(|time| NonZeroU16::new(u16::try_from(time.get() + 1).ok()?))
}

fn unpack(cell: PackedTime) -> Option<Seconds> {
    cell.map(|cell| Seconds::new(u32::from(cell.get()) - 1))
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
