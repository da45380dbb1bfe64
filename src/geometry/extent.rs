//! How far a map reaches, as its lines tell: what is left of the plane when a disc has been rolled
//! about them.
//!
//! A disc of [`DISC`] that holds no line is moved about, from outside all lines, wherever it gets.
//! What it sweeps is beyond the map. (The complement is the α-shape of the lines for that radius:
//! H. Edelsbrunner, D. G. Kirkpatrick and R. Seidel, "On the shape of a set of points in the
//! plane", IEEE Trans. Inf. Theory 29, 1983.) It follows the edge of an extract into its bays, as a
//! convex hull does not, and leaves empty ground inside a map alone. It is found on square cells,
//! and so right to the side of a cell: [`FINEST`], and more where a map is wider than some 150 km.

mod cell_distances;

use cell_distances::CellDistances;

use super::{LonLat, Projected, Projection};
use crate::units::Metres;

/// The radius of the disc.
pub const DISC: Metres = Metres(1000.0);
/// The side of the smallest cells.
pub const FINEST: Metres = Metres(50.0);
/// The most cells.
const MOST_CELLS: f64 = 8_388_608.0;
/// The most columns or rows, so that a map that is long and thin has no more cells than others.
const MOST_ON_A_SIDE: f64 = 1_000_000.0;

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
    /// Of lines, each through the points that `ends` gives for its segments.
    pub fn of(segments: impl Iterator<Item = (LonLat, LonLat)> + Clone) -> MapExtent {
        let corners = segments.clone().flat_map(|(from, to)| [from, to]).fold(None, with_corner);
        let Some(corners) = corners else { return MapExtent::default() };
        let projection = Projection::about(middle(corners));
        let on_map = || {
            segments.clone().map(|(from, to)| (projection.project(from), projection.project(to)))
        };
        let Some(cells) = Cells::about(on_map().flat_map(|(from, to)| [from, to])) else {
            return MapExtent::default();
        };
        let to_edge = swept(&cells, on_map());
        MapExtent { covered: Some(Covered { projection, cells, to_edge, corners }) }
    }

    /// How far a point of the map is from what is beyond it; 0 beyond.
    pub fn to_edge(&self, point: LonLat) -> Metres {
        let Some(Covered { projection, cells, to_edge, .. }) = &self.covered else {
            return Metres(0.0);
        };
        let cell = cells.of(projection.project(point));
        cell.map_or(Metres(0.0), |cell| Metres(to_edge.at(cell) * cells.side))
    }

    /// Whether a point is on the map.
    pub fn holds(&self, point: LonLat) -> bool {
        self.to_edge(point) > Metres(0.0)
    }

    /// The south-west and north-east corners of the box about the map; `None` of an empty one.
    pub fn corners(&self) -> Option<[LonLat; 2]> {
        self.covered.as_ref().map(|covered| covered.corners)
    }
}

fn with_corner(corners: Option<[LonLat; 2]>, p: LonLat) -> Option<[LonLat; 2]> {
    let [low, high] = corners.unwrap_or([p, p]);
    let low = LonLat { lon: low.lon.min(p.lon), lat: low.lat.min(p.lat) };
    let high = LonLat { lon: high.lon.max(p.lon), lat: high.lat.max(p.lat) };
    Some([low, high])
}

fn middle([low, high]: [LonLat; 2]) -> LonLat {
    LonLat { lon: f64::midpoint(low.lon, high.lon), lat: f64::midpoint(low.lat, high.lat) }
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
    /// About points, with room for the disc around them; `None` without any.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive and at most the most cells"
    )]
    fn about(points: impl Iterator<Item = Projected>) -> Option<Cells> {
        let (low, high) = points.fold(None, |around: Option<(Projected, Projected)>, p| {
            let (low, high) = around.unwrap_or((p, p));
            Some((
                Projected { x: low.x.min(p.x), y: low.y.min(p.y) },
                Projected { x: high.x.max(p.x), y: high.y.max(p.y) },
            ))
        })?;
        let mut side = FINEST.0;
        let (columns, rows) = loop {
            let margin = DISC.0 + 3.0 * side;
            let along = |length: f64| ((length + 2.0 * margin) / side).ceil();
            let (columns, rows) = (along(high.x - low.x), along(high.y - low.y));
            if columns * rows <= MOST_CELLS && columns.max(rows) <= MOST_ON_A_SIDE {
                break (columns as usize, rows as usize);
            }
            side *= 1.25;
        };
        let margin = DISC.0 + 3.0 * side;
        let origin = Projected { x: low.x - margin, y: low.y - margin };
        Some(Cells { origin, side, columns, rows })
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

    /// The cells that lines run through.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "steps along a line of the map"
    )]
    fn along(&self, segments: impl Iterator<Item = (Projected, Projected)>) -> Vec<bool> {
        let mut met = vec![false; self.columns * self.rows];
        for (from, to) in segments {
            let steps = (from.distance(to).0 / (self.side / 2.0)).ceil().max(1.0) as u32;
            for step in 0..=steps {
                let at = from.towards(to, f64::from(step) / f64::from(steps));
                if let Some(cell) = self.of(at) {
                    met[cell] = true;
                }
            }
        }
        met
    }
}

/// How far each cell is from those that the disc sweeps.
fn swept(cells: &Cells, segments: impl Iterator<Item = (Projected, Projected)>) -> CellDistances {
    let (columns, rows) = (cells.columns, cells.rows);
    // Nobody rolls a disc that is smaller than a cell: then it is one.
    let disc = (DISC.0 / cells.side).max(1.0);
    let to_line = CellDistances::to(&cells.along(segments), columns, rows);
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
