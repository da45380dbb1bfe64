//! Areas along lines, as cells of a square grid: from lines of several classes to areas that do not
//! overlap.
//!
//! Cells have corners of whole numbers, so that outlines ([`outline`]) are shared by the areas on
//! both sides of them to the last bit, whatever the lines do. That is why the areas are cells
//! rather than unions of buffers: a difference of two unions has slivers, and rounded to the
//! decimals of a file it need not be valid any more.

mod outline;
mod pieces;

pub use outline::CellOutline;
pub use pieces::Pieces;

use super::Projected;
use crate::units::Metres;

/// Of no class.
pub const NONE: u8 = u8::MAX;

/// Distances that differ by less are the same, metres.
const ALIKE: f32 = 1e-3;

/// The most cells that a map may have; some 1.2 GB.
const MOST: f64 = 2e8;

/// A grid whose corners lie at multiples of its cells' side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Grid {
    pub side: f64,
    pub west: i32,
    pub south: i32,
    pub columns: usize,
    pub rows: usize,
}

/// Lines of several classes, drawn on a grid. A line of a lower class is better.
#[derive(Clone, Debug)]
pub struct Drawing {
    grid: Grid,
    margin: f64,
    /// How far the nearest line is from each cell's middle, and its class.
    near: Vec<(f32, u8)>,
    /// The lowest class of the lines that pass through each cell.
    through: Vec<u8>,
}

/// A class for each cell.
#[derive(Clone, Debug)]
pub struct CellClasses {
    pub(super) grid: Grid,
    pub(super) class: Vec<u8>,
    through: Vec<u8>,
}

impl Grid {
    /// The cell that a point is in.
    pub fn cell(&self, point: Projected) -> Option<usize> {
        let (column, row) = (self.column(point.x)?, self.row(point.y)?);
        Some(row * self.columns + column)
    }

    fn column(&self, x: f64) -> Option<usize> {
        within((x / self.side).floor() - f64::from(self.west), self.columns)
    }

    fn row(&self, y: f64) -> Option<usize> {
        within((y / self.side).floor() - f64::from(self.south), self.rows)
    }

    #[expect(clippy::cast_precision_loss, reason = "columns and rows are few")]
    fn low(&self, cell: usize) -> Projected {
        let (column, row) = ((cell % self.columns) as f64, (cell / self.columns) as f64);
        Projected {
            x: (column + f64::from(self.west)) * self.side,
            y: (row + f64::from(self.south)) * self.side,
        }
    }

    /// The cells beside a cell: east, north, west, south.
    pub fn beside(&self, cell: usize) -> [Option<usize>; 4] {
        let (column, row) = (cell % self.columns, cell / self.columns);
        [
            (column + 1 < self.columns).then_some(cell + 1),
            (row + 1 < self.rows).then_some(cell + self.columns),
            cell.checked_sub(1).filter(|_| column > 0),
            cell.checked_sub(self.columns),
        ]
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "just checked")]
fn within(n: f64, count: usize) -> Option<usize> {
    (n >= 0.0 && n < count as f64).then_some(n as usize)
}

impl Drawing {
    /// A map of what lies between two corners and the margin about it. `None` if it would have too
    /// many cells.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked against the most there may be"
    )]
    pub fn between(
        low: Projected,
        high: Projected,
        side: Metres,
        margin: Metres,
    ) -> Option<Drawing> {
        let cell = |value: f64| (value / side.get()).floor();
        let (west, south) = (cell(low.x - margin.get()) - 2.0, cell(low.y - margin.get()) - 2.0);
        let (columns, rows) =
            (cell(high.x + margin.get()) + 3.0 - west, cell(high.y + margin.get()) + 3.0 - south);
        let fits =
            columns * rows <= MOST && [west, south, columns, rows].iter().all(|n| n.abs() < 1e8);
        if !fits {
            return None;
        }
        let (west, south, columns, rows) =
            (west as i32, south as i32, columns as usize, rows as usize);
        let grid = Grid { side: side.get(), west, south, columns, rows };
        let cells = columns * rows;
        let near = vec![(f32::INFINITY, NONE); cells];
        Some(Drawing { grid, margin: margin.get(), near, through: vec![NONE; cells] })
    }

    /// Whether anything of a line can lie on the map.
    pub fn shows(&self, line: &[Projected]) -> bool {
        let (low, high) = super::rings::bounds(line);
        let Grid { west, south, columns, rows, .. } = self.grid;
        !self.span(low.x, high.x, west, columns).is_empty()
            && !self.span(low.y, high.y, south, rows).is_empty()
    }

    /// Draws a line: the cells it passes through, and those with their middle within the margin
    /// that lie nearer to it than to any other line.
    pub fn draw(&mut self, line: &[Projected], class: u8) {
        for pair in line.windows(2) {
            // Of a long slanting line in parts, so that few cells are looked at.
            let parts = (pair[0].distance(pair[1]).get() / (4.0 * self.margin.max(self.grid.side)))
                .ceil()
                .max(1.0);
            let mut from = 0.0;
            while from < parts {
                let ends = [from, from + 1.0].map(|end| pair[0].towards(pair[1], end / parts));
                self.draw_segment(ends, class);
                from += 1.0;
            }
        }
    }

    fn draw_segment(&mut self, [a, b]: [Projected; 2], class: u8) {
        let (low, high) = super::rings::bounds(&[a, b]);
        let (west, south, columns) = (self.grid.west, self.grid.south, self.grid.columns);
        let across = self.span(low.x, high.x, west, columns);
        for row in self.span(low.y, high.y, south, self.grid.rows) {
            across.clone().for_each(|column| self.see(row * columns + column, [a, b], class));
        }
    }

    /// The columns, or rows, that lie between two coordinates and the margin about them.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to what there is"
    )]
    #[expect(clippy::cast_precision_loss, reason = "columns and rows are few")]
    fn span(&self, low: f64, high: f64, first: i32, count: usize) -> std::ops::Range<usize> {
        let at = |value: f64| (value / self.grid.side).floor() - f64::from(first);
        let (low, high) = (at(low - self.margin).max(0.0), at(high + self.margin) + 1.0);
        low as usize..high.clamp(low.min(count as f64), count as f64) as usize
    }

    #[expect(clippy::cast_possible_truncation, reason = "a distance in metres")]
    fn see(&mut self, cell: usize, [a, b]: [Projected; 2], class: u8) {
        let (low, side) = (self.grid.low(cell), self.grid.side);
        let middle = Projected { x: low.x + side / 2.0, y: low.y + side / 2.0 };
        let distance = middle.distance(a.towards(b, middle.foot_on(a, b))).get();
        if distance <= self.margin {
            let (known, of) = &mut self.near[cell];
            let distance = distance as f32;
            if distance < *known - ALIKE || distance < *known + ALIKE && class < *of {
                (*known, *of) = (distance, class);
            }
        }
        // Half the diagonal of a cell is 0.71 of its side.
        if distance <= 0.71 * side && passes(a, b, low, side) {
            self.through[cell] = self.through[cell].min(class);
        }
    }

    /// The cells of the classes below `classes`; lines of that class and above only take away what
    /// is theirs. Cells without a line of their own that are enclosed and together smaller than
    /// `gap` join what is around them; areas without any line in them go.
    pub fn finish(self, classes: u8, gap: Metres) -> CellClasses {
        let each = self.near.iter().zip(&self.through);
        let class = each
            .map(|((_, near), through)| *near.min(through))
            .map(|class| if class < classes { class } else { NONE });
        let mut cells =
            CellClasses { grid: self.grid, class: class.collect(), through: self.through };
        cells.close(gap);
        (0..classes).for_each(|class| cells.drop_without_line(class, classes));
        cells
    }
}

impl CellClasses {
    /// Whether an area holds a point: one of the classes up to `class`.
    pub fn holds(&self, point: Projected, class: u8) -> bool {
        self.grid.cell(point).is_some_and(|cell| self.class[cell] <= class)
    }

    fn close(&mut self, gap: Metres) {
        let empty = Pieces::of(&self.grid, |cell| self.class[cell] == NONE);
        let mut known = vec![(0_usize, false, 0_u8); empty.count()];
        for cell in 0..self.class.len() {
            let Some(piece) = empty.of_cell(cell) else { continue };
            let (size, open, around) = &mut known[piece];
            *size += 1;
            *open |= self.through[cell] != NONE;
            for beside in self.grid.beside(cell) {
                match beside.map(|beside| self.class[beside]) {
                    None => *open = true,
                    Some(class) if class != NONE => *around = (*around).max(class),
                    _ => (),
                }
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "cells are fewer than 2^53")]
        let small =
            |size: usize| size as f64 * self.grid.side * self.grid.side <= gap.get() * gap.get();
        for cell in 0..self.class.len() {
            if let Some((size, false, around)) = empty.of_cell(cell).map(|piece| known[piece])
                && small(size)
            {
                self.class[cell] = around;
            }
        }
    }

    fn drop_without_line(&mut self, class: u8, classes: u8) {
        let pieces = self.pieces(class);
        let mut has_line = vec![false; pieces.count()];
        for cell in 0..self.class.len() {
            if let Some(piece) = pieces.of_cell(cell) {
                has_line[piece] |= self.through[cell] <= class;
            }
        }
        let next = if class + 1 < classes { class + 1 } else { NONE };
        for cell in 0..self.class.len() {
            if pieces.of_cell(cell).is_some_and(|piece| !has_line[piece]) {
                self.class[cell] = next;
            }
        }
    }

    /// The pieces of the area of all classes up to `class`.
    pub fn pieces(&self, class: u8) -> Pieces {
        Pieces::of(&self.grid, |cell| self.class[cell] <= class)
    }

    /// The pieces of the area of one class alone.
    pub fn pieces_of_class(&self, class: u8) -> Pieces {
        Pieces::of(&self.grid, |cell| self.class[cell] == class)
    }
}

/// Whether a line meets a square, its edges included (Liang and Barsky's clipping).
fn passes(a: Projected, b: Projected, low: Projected, side: f64) -> bool {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
    for (step, room) in
        [(-dx, a.x - low.x), (dx, low.x + side - a.x), (-dy, a.y - low.y), (dy, low.y + side - a.y)]
    {
        if step == 0.0 {
            if room < 0.0 {
                return false;
            }
        } else if step < 0.0 {
            enters = enters.max(room / step);
        } else {
            leaves = leaves.min(room / step);
        }
    }
    enters <= leaves
}

#[cfg(test)]
mod tests;
