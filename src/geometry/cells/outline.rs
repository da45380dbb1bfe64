//! The outlines of pieces: closed rings that never touch themselves.
//!
//! Rings run along the sides of cells with the piece to their left. A corner at which only two
//! areas meet is cut, from the middle of one side to the middle of the next, for both areas alike;
//! one at which more meet stays, so that no gap opens.

use rustc_hash::FxHashMap;

use super::{CellClasses, Grid, NONE, Pieces, Projected};

/// A corner of the grid, or with twice these numbers the middle of a side.
type GridCorner = (i32, i32);

/// The outline of a piece.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CellOutline {
    /// Counter-clockwise; its first point is not repeated.
    pub exterior: Vec<Projected>,
    /// Clockwise, each.
    pub holes: Vec<Vec<Projected>>,
}

impl CellOutline {
    /// Its area in square metres.
    pub fn area_m2(&self) -> f64 {
        let area = |ring: &[Projected]| {
            crate::geometry::rings::middle_and_area(ring).map_or(0.0, |(_, a)| a)
        };
        area(&self.exterior) - self.holes.iter().map(|hole| area(hole)).sum::<f64>()
    }
}

impl CellClasses {
    /// The outlines of pieces of this map. With `apart` corners are cut with regard to every class,
    /// so that areas of different classes fit each other; else only the pieces' own edge counts.
    pub fn outlines(&self, pieces: &Pieces, apart: bool) -> Vec<CellOutline> {
        let kind = |cell: usize| {
            if apart { self.class[cell] } else { u8::from(pieces.of_cell(cell).is_some()) }
        };
        let mut outlines = vec![CellOutline::default(); pieces.count()];
        for (piece, ring) in rings(&self.grid, pieces) {
            for ring in without_touching(ring) {
                let exterior = twice_the_area(&ring) > 0;
                let points = cut_corners(&ring, |corner| areas_meeting(&self.grid, corner, &kind));
                let half = self.grid.side / 2.0;
                let points: Vec<Projected> = points
                    .into_iter()
                    .map(|(x, y)| Projected { x: f64::from(x) * half, y: f64::from(y) * half })
                    .collect();
                if exterior {
                    outlines[piece].exterior = points
                } else {
                    outlines[piece].holes.push(points)
                }
            }
        }
        outlines
    }
}

/// All rings, each with its piece.
fn rings(grid: &Grid, pieces: &Pieces) -> Vec<(usize, Vec<GridCorner>)> {
    let inside = |cell: Option<usize>| cell.filter(|cell| pieces.of_cell(*cell).is_some());
    let mut seen = vec![0_u8; grid.columns * grid.rows];
    let mut rings = Vec::new();
    // The side of a cell that is walked in direction 0 is its south side: what lies beyond it is to
    // the south.
    let beyond = |cell: usize, way: usize| grid.beside(cell)[(way + 3) % 4];
    for first in 0..grid.columns * grid.rows {
        let Some(piece) = pieces.of_cell(first) else { continue };
        for first_way in 0..4 {
            if seen[first] & 1 << first_way != 0 || inside(beyond(first, first_way)).is_some() {
                continue;
            }
            let (mut cell, mut way, mut ring) = (first, first_way, Vec::new());
            while seen[cell] & 1 << way == 0 {
                seen[cell] |= 1 << way;
                ring.push(start(grid, cell, way));
                let ahead = inside(grid.beside(cell)[way]);
                let right = ahead.and_then(|ahead| inside(beyond(ahead, way)));
                (cell, way) = match (ahead, right) {
                    // Where two cells touch at a corner alone, the ring stays with its own.
                    (None, _) => (cell, (way + 1) % 4),
                    (Some(ahead), None) => (ahead, way),
                    (Some(_), Some(right)) => (right, (way + 3) % 4),
                };
            }
            rings.push((piece, ring));
        }
    }
    rings
}

/// Where the walk along a side begins.
fn start(grid: &Grid, cell: usize, way: usize) -> GridCorner {
    let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let (x, y) =
        (number(cell % grid.columns) + grid.west, number(cell / grid.columns) + grid.south);
    [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)][way]
}

/// A ring that comes by a corner twice, as several that touch there.
fn without_touching(ring: Vec<GridCorner>) -> Vec<Vec<GridCorner>> {
    let mut place: FxHashMap<GridCorner, usize> = FxHashMap::default();
    let (mut rings, mut open): (Vec<Vec<GridCorner>>, Vec<GridCorner>) = (Vec::new(), Vec::new());
    for corner in ring {
        if let Some(from) = place.get(&corner).copied() {
            let closed: Vec<GridCorner> = open.drain(from..).collect();
            closed.iter().for_each(|corner| {
                place.remove(corner);
            });
            rings.push(closed);
        }
        place.insert(corner, open.len());
        open.push(corner);
    }
    rings.push(open);
    rings
}

fn twice_the_area(ring: &[GridCorner]) -> i64 {
    let wide = |(x, y): GridCorner| (i64::from(x), i64::from(y));
    let next = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(next)
        .map(|(a, b)| (wide(*a), wide(*b)))
        .map(|(a, b)| a.0 * b.1 - b.0 * a.1)
        .sum()
}

/// How many sides between different areas end at a corner.
fn areas_meeting(grid: &Grid, (x, y): GridCorner, kind: &impl Fn(usize) -> u8) -> usize {
    let at = |x: i32, y: i32| {
        let column = usize::try_from(x - grid.west).ok().filter(|column| *column < grid.columns);
        let row = usize::try_from(y - grid.south).ok().filter(|row| *row < grid.rows);
        column.zip(row).map_or(NONE, |(column, row)| kind(row * grid.columns + column))
    };
    let around = [at(x - 1, y - 1), at(x, y - 1), at(x, y), at(x - 1, y)];
    (0..4).filter(|n| around[*n] != around[(n + 1) % 4]).count()
}

/// The ring in half sides, with corners cut where two areas meet, and no point on a straight line
/// but where more meet.
fn cut_corners(ring: &[GridCorner], meeting: impl Fn(GridCorner) -> usize) -> Vec<GridCorner> {
    let count = ring.len();
    let mut points: Vec<(GridCorner, bool)> = Vec::with_capacity(count);
    for (n, (x, y)) in ring.iter().copied().enumerate() {
        let (before, after) = (ring[(n + count - 1) % count], ring[(n + 1) % count]);
        if meeting((x, y)) > 2 {
            points.push(((2 * x, 2 * y), true));
        } else if (x - before.0, y - before.1) != (after.0 - x, after.1 - y) {
            points.push(((x + before.0, y + before.1), false));
            points.push(((x + after.0, y + after.1), false));
        }
    }
    points.dedup_by_key(|(point, _)| *point);
    if points.len() > 1 && points.first().map(|p| p.0) == points.last().map(|p| p.0) {
        points.pop();
    }
    let count = points.len();
    let straight = |n: usize| {
        let (a, (b, kept), c) =
            (points[(n + count - 1) % count].0, points[n], points[(n + 1) % count].0);
        !kept && (b.0 - a.0) * (c.1 - b.1) == (b.1 - a.1) * (c.0 - b.0)
    };
    (0..count).filter(|n| !straight(*n)).map(|n| points[n].0).collect()
}
