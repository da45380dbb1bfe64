//! The area that is reached from a point within a cut-off.
//!
//! What is reached are parts of streets ([`crate::routing::street::isochrone_edges`]). The area is
//! what lies along them, on a grid of square cells: the cells that a reached part passes through,
//! and those whose middle lies within a margin of a street, if the nearest place of any street is
//! reached. So a street out of reach beside one in reach keeps its own side. Blocks smaller than a
//! hectare that are enclosed by the area and hold no street join it; nothing else is added, and no
//! piece is without a street that is reached.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::geometry::Projected;
use crate::geometry::cells::{CellClasses, CellOutline, Drawing, Pieces};
use crate::geometry::rings::bounds;
use crate::ids::{EdgeIdx, PlaceIdx, StopIdx};
use crate::network::streets::{Snap, Streets};
use crate::routing::network::{Joined, Network};
use crate::routing::query::percentile::rank;
use crate::routing::street::isochrone_edges::{Arrivals, Reached, StreetPart};
use crate::units::{Metres, Seconds};

/// Enclosed blocks that are smaller than a square of this side are closed.
pub const GAP: Metres = Metres::new(100.0);

/// How far from a street an area goes where nothing else is asked, metres.
pub const MARGIN_M: f64 = 50.0;
/// The side of a cell, likewise.
pub const CELL_M: f64 = 20.0;

/// What is asked of each point.
#[derive(Clone, Debug)]
pub struct IsochroneQuery {
    /// The cut-offs, rising; at most 200.
    pub cutoffs: Vec<Seconds>,
    /// The percentiles of the departures.
    pub percentiles: Vec<u8>,
    /// How far from a street the area goes.
    pub margin: Metres,
    /// The side of a cell.
    pub cell: Metres,
}

/// People at points that join the streets.
#[derive(Clone, Copy, Debug)]
pub struct People<'a> {
    /// Where they are.
    pub at: &'a Joined,
    /// How many at each.
    pub weights: &'a [f64],
}

/// What is reached from a point at a percentile of the departures.
#[derive(Clone, Debug)]
pub struct Isochrone {
    /// The percentile.
    pub percentile: u8,
    /// For each cut-off, in their order.
    pub within: Vec<WithinCutoff>,
}

/// What is reached within a cut-off.
#[derive(Clone, Debug, Default)]
pub struct WithinCutoff {
    /// The whole area.
    pub whole: Vec<CellOutline>,
    /// What of it is not reached within the cut-off before. The bands of all cut-offs do not
    /// overlap, and make up the whole.
    pub band: Vec<CellOutline>,
    /// How many people live at points that are reached; `None` where nobody says.
    pub people: Option<f64>,
    /// How many stops one can get off at.
    pub stops: usize,
    /// Pieces of the whole area without the point itself, the largest first.
    pub islands: Vec<Island>,
}

/// A piece of an area that one does not come to on foot alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Island {
    /// The stop that one gets off at to be there; `None` only where a walk leads there over what is
    /// no street, such as a ferry.
    pub stop: Option<StopIdx>,
    /// How many cells it has.
    pub cells: usize,
}

/// The areas reached from a point that joins the streets here, a result for each percentile. `None`
/// if the map has too many cells.
pub fn isochrones(
    network: &Network,
    point: &[Snap],
    arrivals: &Arrivals,
    people: Option<People>,
    asked: &IsochroneQuery,
) -> Option<Vec<Isochrone>> {
    let mut found: Vec<CutoffPieces> =
        asked.percentiles.iter().map(|_| CutoffPieces::default()).collect();
    for cutoff in &asked.cutoffs {
        let reached = Reached::within(network, point, arrivals, *cutoff);
        for (found, percent) in found.iter_mut().zip(&asked.percentiles) {
            found.parts.push(reached.parts(*percent));
            found.people.push(people.map(|people| people.who_are_reached(&reached, *percent)));
        }
    }
    let each = asked.percentiles.iter().zip(found);
    each.map(|(percent, found)| found.isochrone(network, point, arrivals, *percent, asked))
        .collect()
}

impl People<'_> {
    fn who_are_reached(&self, reached: &Reached, percent: u8) -> f64 {
        let each: Vec<bool> =
            self.at.snaps.par_iter().map(|snaps| reached.holds(snaps, percent)).collect();
        each.iter()
            .zip(self.weights)
            .filter(|(reached, _)| **reached)
            .map(|(_, weight)| weight)
            .sum()
    }
}

/// By cut-off.
#[derive(Default)]
struct CutoffPieces {
    parts: Vec<Vec<StreetPart>>,
    people: Vec<Option<f64>>,
}

impl CutoffPieces {
    fn isochrone(
        self,
        network: &Network,
        point: &[Snap],
        arrivals: &Arrivals,
        percentile: u8,
        asked: &IsochroneQuery,
    ) -> Option<Isochrone> {
        let Some(cells) = draw(&network.streets, &self.parts, asked)? else {
            let nothing = |people| WithinCutoff { people, ..WithinCutoff::default() };
            return Some(Isochrone {
                percentile,
                within: self.people.into_iter().map(nothing).collect(),
            });
        };
        let need = rank(percentile, arrivals.departures()) + 1;
        let mut within = Vec::new();
        for (class, ((cutoff, parts), people)) in
            (0_u8..).zip(asked.cutoffs.iter().zip(&self.parts).zip(self.people))
        {
            let in_time = |stop: StopIdx, walk: Seconds| {
                let at =
                    |departure| arrivals.at(stop, departure).is_some_and(|at| at + walk <= *cutoff);
                (0..arrivals.departures()).filter(|departure| at(*departure)).count()
            };
            let times: Vec<usize> =
                arrivals.stops().map(|stop| in_time(stop, Seconds::ZERO)).collect();
            let pieces = cells.pieces(class);
            within.push(WithinCutoff {
                whole: cells.outlines(&pieces, false),
                band: cells.outlines(&cells.pieces_of_class(class), true),
                people,
                stops: arrivals
                    .stops()
                    .zip(&times)
                    .filter(|(stop, times)| {
                        **times >= need && !network.alight_snaps(*stop).is_empty()
                    })
                    .count(),
                islands: islands(network, point, &pieces, (&times, &in_time), parts),
            });
        }
        Some(Isochrone { percentile, within })
    }
}

/// The pieces without the point, each with the stop that explains it: one inside that can be got
/// off at most often, else the one that its street is walked from most often.
fn islands(
    network: &Network,
    point: &[Snap],
    pieces: &Pieces,
    (times, in_time): (&[usize], &impl Fn(StopIdx, Seconds) -> usize),
    parts: &[StreetPart],
) -> Vec<Island> {
    let home: Vec<usize> = point.iter().filter_map(|snap| pieces.at(snap.at)).collect();
    let sizes = pieces.sizes();
    let mut best: Vec<Option<(usize, StopIdx)>> = vec![None; pieces.count()];
    let mut better = |piece: usize, times: usize, stop: StopIdx| {
        if times > best[piece].map_or(0, |(most, _)| most) {
            best[piece] = Some((times, stop));
        }
    };
    for (stop, times) in (0_u32..).map(StopIdx).zip(times).filter(|(_, times)| **times > 0) {
        let inside = network.alight_snaps(stop).iter().filter_map(|snap| pieces.at(snap.at));
        inside.for_each(|piece| better(piece, *times, stop));
    }
    let mut first_part: Vec<Option<&StreetPart>> = vec![None; pieces.count()];
    for part in parts {
        let piece = on(&network.streets, part).and_then(|at| pieces.at(at));
        if let Some(piece) = piece.filter(|piece| first_part[*piece].is_none()) {
            first_part[piece] = Some(part);
        }
    }
    let mut islands = Vec::new();
    for (piece, cells) in sizes.into_iter().enumerate().filter(|(piece, _)| !home.contains(piece)) {
        let stop = best[piece].map(|(_, stop)| stop);
        let stop = stop.or_else(|| walked_from(network, first_part[piece]?, in_time));
        islands.push(Island { stop, cells });
    }
    islands.sort_by_key(|island| std::cmp::Reverse(island.cells));
    islands
}

/// The stop from which the middle of a part is walked to at most departures.
fn walked_from(
    network: &Network,
    part: &StreetPart,
    in_time: &impl Fn(StopIdx, Seconds) -> usize,
) -> Option<StopIdx> {
    let (at, along) = (on(&network.streets, part)?, (part.from + part.to) * 0.5);
    let (gap, edge) = (Metres::new(0.0), part.edge);
    let snap = Snap { edge, along, gap, at, point: at, crosses: None, island: false, nearest: gap };
    let egress = network.egress(&Joined::at(vec![vec![snap]]));
    let each = egress[PlaceIdx(0)].iter().map(|link| (in_time(link.stop, link.walk), link.stop));
    let best = each.max_by_key(|(times, stop)| (*times, std::cmp::Reverse(*stop)));
    best.filter(|(times, _)| *times > 0).map(|(_, stop)| stop)
}

/// The middle of a part.
fn on(streets: &Streets, part: &StreetPart) -> Option<Projected> {
    let middle = (part.from + part.to) * 0.5;
    streets.course_between(part.edge, middle, middle).first().copied()
}

/// Draws the streets by the first cut-off that reaches them. The inner `None` is an empty area.
fn draw(
    streets: &Streets,
    parts: &[Vec<StreetPart>],
    asked: &IsochroneQuery,
) -> Option<Option<CellClasses>> {
    let mut by_edge: FxHashMap<EdgeIdx, Vec<(u8, StreetPart)>> = FxHashMap::default();
    let mut corners = Vec::new();
    for (class, parts) in (0_u8..).zip(parts) {
        for part in parts.iter().filter(|part| streets.edges[part.edge].can_be_joined()) {
            by_edge.entry(part.edge).or_default().push((class, *part));
            corners.extend_from_slice(&streets.courses[part.edge]);
        }
    }
    if corners.is_empty() {
        return Some(None);
    }
    let (low, high) = bounds(&corners);
    let mut drawing = Drawing::between(low, high, asked.cell, asked.margin)?;
    let classes = u8::try_from(parts.len()).ok()?;
    for (number, edge) in streets.edges.enumerate().filter(|(_, edge)| edge.can_be_joined()) {
        let course = &streets.courses[number];
        let mut whole = false;
        for (class, part) in by_edge.get(&number).into_iter().flatten() {
            // What a shorter cut-off reaches of this street is reached by this one too.
            whole = part.from.get() <= 0.0 && part.to.get() >= edge.length.get();
            if whole {
                drawing.draw(course, *class);
                break;
            }
            drawing.draw(&streets.course_between(number, part.from, part.to), *class);
        }
        if !whole && drawing.shows(course) {
            drawing.draw(course, classes);
        }
    }
    Some(Some(drawing.finish(classes, GAP)))
}
