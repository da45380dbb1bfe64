//! How far a map reaches, as its lines tell: what is left of the plane when a disc has been rolled
//! about them.
//!
//! A disc of [`DISC`] that holds no line is moved about, from outside all lines, wherever it gets.
//! What it sweeps is beyond the map. (The complement is the α-shape of the lines for that radius:
//! H. Edelsbrunner, D. G. Kirkpatrick and R. Seidel, "On the shape of a set of points in the
//! plane", IEEE Trans. Inf. Theory 29, 1983.) It follows the edge of an extract into its bays, as a
//! convex hull does not, and leaves empty ground inside a map alone. It is found on square cells,
//! and so right to two of them: [`FINEST`], and more where a map is wider than some 150 km.

mod cell_distances;

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use cell_distances::CellDistances;

use super::{LonLat, Projected, Projection};
use crate::units::Metres;

/// The radius of the disc.
pub const DISC: Metres = Metres::new(1000.0);
/// The side of the smallest cells.
pub const FINEST: Metres = Metres::new(50.0);
/// The most cells.
const MOST_CELLS: f64 = 8_388_608.0;
/// What lies farther from the middle of a map is no part of it: slips of mappers put nodes at the
/// other end of the world.
const FARTHEST: Metres = Metres::new(1_500_000.0);
/// Nodes that are looked at for the middle.
const SAMPLE: usize = 10_000;

/// The part of the world that a map covers.
#[derive(Clone, Debug, Default)]
pub struct MapExtent {
    covered: Option<Covered>,
}

#[derive(Clone, Debug)]
struct Covered {
    projection: Projection,
    cells: Cells,
    /// How far each cell is from those beyond the map; 0 for these.
    to_edge: CellDistances,
    corners: [LonLat; 2],
}

impl MapExtent {
    /// Of lines, each through some of the nodes by their numbers.
    pub fn of(nodes: &[LonLat], lines: &[&[u32]]) -> MapExtent {
        MapExtent { covered: Covered::by(nodes, lines) }
    }

    /// How far a point of the map is from what is beyond it; 0 beyond.
    pub fn to_edge(&self, point: LonLat) -> Metres {
        let Some(Covered { projection, cells, to_edge, .. }) = &self.covered else {
            return Metres::new(0.0);
        };
        let cell = cells.of(projection.project(point));
        cell.map_or(Metres::new(0.0), |cell| Metres::new(to_edge.at(cell) * cells.side))
    }

    /// Whether a point is on the map.
    pub fn holds(&self, point: LonLat) -> bool {
        self.to_edge(point) > Metres::new(0.0)
    }

    /// The south-west and north-east corners of the box about the map; `None` of an empty one.
    pub fn corners(&self) -> Option<[LonLat; 2]> {
        self.covered.as_ref().map(|covered| covered.corners)
    }
}

impl Covered {
    fn by(nodes: &[LonLat], lines: &[&[u32]]) -> Option<Covered> {
        let projection = Projection::about(middle(nodes)?);
        let node = |n: &u32| {
            let point = *nodes.get(*n as usize)?;
            let at = projection.project(point);
            // What cannot be projected is no number, and not within anything.
            (at.x.hypot(at.y) <= FARTHEST.get()).then_some((point, at))
        };
        let around =
            lines.par_iter().flat_map_iter(|line| line.iter().filter_map(node)).map(Around::one);
        let around = around.reduce_with(Around::and)?;
        let cells = Cells::about(&around);
        let met: Vec<AtomicBool> =
            (0..cells.columns * cells.rows).map(|_| AtomicBool::new(false)).collect();
        lines.par_iter().for_each(|line| {
            let mut last = None;
            for at in line.iter().map(|n| node(n).map(|(_, at)| at)) {
                if let (Some(from), Some(to)) = (last, at) {
                    cells.through(from, to, |cell| met[cell].store(true, Ordering::Relaxed));
                }
                last = at;
            }
        });
        let met: Vec<bool> = met.into_iter().map(AtomicBool::into_inner).collect();
        let to_edge = swept(&cells, &met);
        Some(Covered { projection, cells, to_edge, corners: around.corners })
    }
}

/// The median of longitudes and of latitudes, of a sample; `None` without nodes.
fn middle(nodes: &[LonLat]) -> Option<LonLat> {
    let sample: Vec<LonLat> =
        nodes.iter().step_by((nodes.len() / SAMPLE).max(1)).copied().collect();
    let median = |value: fn(LonLat) -> f64| {
        let mut values: Vec<f64> = sample.iter().map(|node| value(*node)).collect();
        values.sort_unstable_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    LonLat::new(median(LonLat::lon)?, median(LonLat::lat)?)
}

/// The boxes about points, on the flat map and on the globe.
#[derive(Clone, Copy)]
struct Around {
    low: Projected,
    high: Projected,
    corners: [LonLat; 2],
}

impl Around {
    fn one((point, at): (LonLat, Projected)) -> Around {
        Around { low: at, high: at, corners: [point, point] }
    }

    fn and(self, other: Around) -> Around {
        let ([a, b], [c, d]) = (self.corners, other.corners);
        Around {
            low: Projected { x: self.low.x.min(other.low.x), y: self.low.y.min(other.low.y) },
            high: Projected { x: self.high.x.max(other.high.x), y: self.high.y.max(other.high.y) },
            corners: [
                LonLat { lon: a.lon.min(c.lon), lat: a.lat.min(c.lat) },
                LonLat { lon: b.lon.max(d.lon), lat: b.lat.max(d.lat) },
            ],
        }
    }
}

/// A grid of square cells.
#[derive(Clone, Copy, Debug)]
struct Cells {
    /// The outer corner of the first cell.
    origin: Projected,
    side: f64,
    columns: usize,
    rows: usize,
}

impl Cells {
    /// About points, with room for the disc around them.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive and at most the most cells"
    )]
    fn about(Around { low, high, .. }: &Around) -> Cells {
        let mut side = FINEST.get();
        loop {
            let margin = DISC.get() + 3.0 * side;
            let along = |length: f64| ((length + 2.0 * margin) / side).ceil();
            let (columns, rows) = (along(high.x - low.x), along(high.y - low.y));
            if columns * rows <= MOST_CELLS {
                let origin = Projected { x: low.x - margin, y: low.y - margin };
                return Cells { origin, side, columns: columns as usize, rows: rows as usize };
            }
            side *= 1.25;
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "held to the grid before"
    )]
    fn of(&self, at: Projected) -> Option<usize> {
        let (x, y) = ((at.x - self.origin.x) / self.side, (at.y - self.origin.y) / self.side);
        #[expect(clippy::cast_precision_loss, reason = "cells on a side")]
        let inside = x >= 0.0 && y >= 0.0 && x < self.columns as f64 && y < self.rows as f64;
        inside.then(|| y as usize * self.columns + x as usize)
    }

    /// Tells of each cell that a segment runs through, but for corners that it cuts.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "steps along a line of the map"
    )]
    fn through(&self, from: Projected, to: Projected, mut tell: impl FnMut(usize)) {
        let steps = (from.distance(to).get() / (self.side / 2.0)).ceil().max(1.0) as u32;
        for step in 0..=steps {
            let at = from.towards(to, f64::from(step) / f64::from(steps));
            self.of(at).into_iter().for_each(&mut tell);
        }
    }
}

/// How far each cell is from those that the disc sweeps, which touches no cell that a line met.
fn swept(cells: &Cells, met: &[bool]) -> CellDistances {
    let (columns, rows) = (cells.columns, cells.rows);
    // Nobody rolls a disc that is smaller than a cell: then it is one.
    let disc = (DISC.get() / cells.side).max(1.0);
    let to_line = CellDistances::to(met, columns, rows);
    let free = |cell: usize| to_line.at(cell) >= disc;
    let centres = reached(columns, rows, free);
    let to_centre = CellDistances::to(&centres, columns, rows);
    let beyond: Vec<bool> = (0..columns * rows).map(|cell| to_centre.at(cell) < disc).collect();
    CellDistances::to(&beyond, columns, rows)
}

/// The free cells that one comes to from the first over free cells side by side.
fn reached(columns: usize, rows: usize, free: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut reached = vec![false; columns * rows];
    let mut open = vec![0];
    while let Some(cell) = open.pop() {
        if reached[cell] || !free(cell) {
            continue;
        }
        reached[cell] = true;
        let (x, y) = (cell % columns, cell / columns);
        open.extend((x > 0).then(|| cell - 1));
        open.extend((x + 1 < columns).then(|| cell + 1));
        open.extend((y > 0).then(|| cell - columns));
        open.extend((y + 1 < rows).then(|| cell + columns));
    }
    reached
}

#[cfg(test)]
mod tests;
