//! Which cells hang together.

use super::{Grid, Projected};

const NO_PIECE: u32 = u32::MAX;

/// Cells in pieces: those of a piece hang together by their sides. Numbered from the south-west.
#[derive(Clone, Debug)]
pub struct Pieces {
    grid: Grid,
    of: Vec<u32>,
    count: u32,
}

impl Pieces {
    pub(super) fn of(grid: &Grid, inside: impl Fn(usize) -> bool) -> Pieces {
        let cells = grid.columns * grid.rows;
        let mut pieces = Pieces { grid: *grid, of: vec![NO_PIECE; cells], count: 0 };
        let mut left = Vec::new();
        for first in 0..cells {
            if pieces.of[first] != NO_PIECE || !inside(first) {
                continue;
            }
            pieces.of[first] = pieces.count;
            left.push(first);
            while let Some(cell) = left.pop() {
                for beside in grid.beside(cell).into_iter().flatten() {
                    if pieces.of[beside] == NO_PIECE && inside(beside) {
                        pieces.of[beside] = pieces.count;
                        left.push(beside);
                    }
                }
            }
            pieces.count += 1;
        }
        pieces
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count as usize
    }

    /// The piece that holds a point.
    pub fn at(&self, point: Projected) -> Option<usize> {
        self.grid.cell(point).and_then(|cell| self.of_cell(cell))
    }

    /// How many cells each has.
    pub fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; self.count()];
        (0..self.of.len())
            .filter_map(|cell| self.of_cell(cell))
            .for_each(|piece| sizes[piece] += 1);
        sizes
    }

    pub(super) fn of_cell(&self, cell: usize) -> Option<usize> {
        (self.of[cell] != NO_PIECE).then_some(self.of[cell] as usize)
    }
}
