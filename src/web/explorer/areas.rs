//! How far one gets from a point: the areas within each cut-off, as `lastmile isochrone` has them.

use super::from_point::ExplorerSide;
use super::{ExplorerState, failed};
use crate::access::isochrone::{CELL_M, Isochrone, IsochroneQuery, MARGIN_M, People, isochrones};
use crate::analysis::isochrone::{island_names, km2};
use crate::analysis::study::DatedWindow;
use crate::geometry::cells::CellOutline;
use crate::geometry::{LonLat, Projected};
use crate::routing::network::Network;
use crate::routing::street::isochrone_edges::Arrivals;
use crate::units::{Metres, Seconds};
use crate::web::{FromPoint, ReachedArea, ReachedAreas, Refusal};

/// The sides of cells, the next one where an area has too many of the one before.
const CELLS_M: [f64; 3] = [CELL_M, 80.0, 320.0];

impl ExplorerState<'_> {
    /// The areas that are reached from a point, on foot, before and after.
    pub(super) fn areas(&mut self, from: &FromPoint) -> Result<ReachedAreas, Refusal> {
        let (point, window) = self.on_map(from)?;
        let cutoffs_min = self.cutoffs_min();
        let sides = self.sides(from, window);
        let mut areas = ReachedAreas {
            max_walk_min: self.study.world.network().settings().max_walk.get() / 60,
            cutoffs_min,
            ..ReachedAreas::default()
        };
        for (nth, side) in sides.iter().enumerate() {
            let found = self.within(side, point, side.window, &mut areas)?;
            if nth == 0 {
                areas.before = found;
            } else {
                areas.after = Some(found);
            }
        }
        if window.is_some() {
            // Walks alone are of no window.
            let usual = self.sides(from, None);
            areas.on_foot = self.within(&usual[0], point, None, &mut areas)?;
            areas.on_foot.iter_mut().for_each(|area| area.shape.clear());
        }
        Ok(areas)
    }

    /// The project's cut-offs that a journey can last.
    fn cutoffs_min(&self) -> Vec<u32> {
        let project = &self.study.project;
        let longest = project.transit.max_time.get() / 60;
        let mut cutoffs = project.cutoffs_min.clone();
        cutoffs.retain(|cutoff| *cutoff <= longest);
        cutoffs.sort_unstable();
        cutoffs.dedup();
        cutoffs
    }

    fn within(
        &self,
        side: &ExplorerSide,
        point: LonLat,
        window: Option<&DatedWindow>,
        areas: &mut ReachedAreas,
    ) -> Result<Vec<ReachedArea>, Refusal> {
        let network = &side.on.network;
        let joined = network.join([[point].as_slice()]);
        let Some(snaps) = joined.snaps.first().filter(|snaps| !snaps.is_empty()) else {
            return Ok(vec![ReachedArea::default(); areas.cutoffs_min.len()]);
        };
        let arrivals = match window {
            None => Arrivals::on_foot(),
            Some(window) => {
                let departures = self.departures(network, window)?;
                let mut arrivals = Arrivals::of(network, &departures, &joined).map_err(failed)?;
                arrivals.pop().unwrap_or_else(Arrivals::on_foot)
            }
        };
        let weights = self.study.residents.counts().as_slice();
        let people = Some(People { at: &side.on.origins, weights });
        let cutoffs: Vec<Seconds> =
            areas.cutoffs_min.iter().map(|minutes| Seconds::minutes(*minutes)).collect();
        for cell in CELLS_M {
            let (cutoffs, percentiles) = (cutoffs.clone(), vec![50]);
            let asked = IsochroneQuery {
                cutoffs,
                percentiles,
                margin: Metres::new(MARGIN_M),
                cell: Metres::new(cell),
            };
            if let Some(found) = isochrones(network, snaps, &arrivals, people, &asked) {
                areas.cell_m = areas.cell_m.max(cell);
                return Ok(found
                    .into_iter()
                    .flat_map(|isochrone| each(network, isochrone))
                    .collect());
            }
        }
        Err(Refusal::Unfit("what is reached from here is too large to be drawn".to_owned()))
    }
}

fn each(network: &Network, isochrone: Isochrone) -> Vec<ReachedArea> {
    let mut all_km2 = 0.0;
    let area = |within: crate::access::isochrone::WithinCutoff| {
        // The whole is the sum of its bands, as in every file.
        all_km2 += km2(&within.band);
        ReachedArea {
            km2: (all_km2 * 1e3).round() / 1e3,
            people: within.people.unwrap_or_default(),
            stops: within.stops,
            islands: island_names(network, &within.islands).collect(),
            shape: within.whole.iter().map(|outline| rings(network, outline)).collect(),
        }
    };
    isochrone.within.into_iter().map(area).collect()
}

fn rings(network: &Network, outline: &CellOutline) -> Vec<Vec<[f64; 2]>> {
    let ring = |ring: &Vec<Projected>| {
        let position = |at: &Projected| {
            // Over 180° the page's map goes on as this one does.
            let (lon, lat) = network.streets.projection.unproject_unbounded(*at);
            [lon, lat].map(|degrees| (degrees * 1e5).round() / 1e5)
        };
        ring.iter().chain(ring.first()).map(position).collect()
    };
    std::iter::once(&outline.exterior).chain(&outline.holes).map(ring).collect()
}
