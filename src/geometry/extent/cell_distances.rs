//! How far each cell of a grid is from the nearest of some cells, exactly.
//!
//! Two passes, each over lines of cells, with the lower envelope of parabolas: P. Felzenszwalb and
//! D. Huttenlocher, "Distance Transforms of Sampled Functions", Theory of Computing 8, 2012.

use rayon::prelude::*;

/// Distances between middles of cells, in sides of a cell.
#[derive(Clone, Debug)]
pub(super) struct CellDistances {
    squares: Vec<f32>,
}

/// Farther than any cell of a grid is from another.
const NOWHERE: f32 = 1e20;

impl CellDistances {
    /// To the nearest cell that is marked.
    pub(super) fn to(marked: &[bool], columns: usize, rows: usize) -> CellDistances {
        let mut squares: Vec<f32> =
            marked.iter().map(|marked| if *marked { 0.0 } else { NOWHERE }).collect();
        squares.par_chunks_mut(columns).for_each(envelope);
        let mut turned = turned(&squares, columns, rows);
        turned.par_chunks_mut(rows).for_each(envelope);
        CellDistances { squares: self::turned(&turned, rows, columns) }
    }

    pub(super) fn at(&self, cell: usize) -> f64 {
        f64::from(self.squares[cell]).sqrt()
    }
}

/// Rows as columns.
fn turned(cells: &[f32], columns: usize, rows: usize) -> Vec<f32> {
    let mut turned = vec![0.0; cells.len()];
    turned.par_chunks_mut(rows).enumerate().for_each(|(column, to)| {
        to.iter_mut().enumerate().for_each(|(row, to)| *to = cells[row * columns + column]);
    });
    turned
}

/// Each value of a line becomes the least over all of value and square of the distance.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "cells on a side")]
fn envelope(line: &mut [f32]) {
    let value = |n: usize| f64::from(line[n]);
    // Parabolas of the envelope, each with where it begins.
    let mut parts: Vec<(usize, f64)> = Vec::new();
    for n in (0..line.len()).filter(|n| line[*n] < NOWHERE) {
        let mut begins = f64::NEG_INFINITY;
        while let Some((other, since)) = parts.last().copied() {
            let (here, there) = (n as f64, other as f64);
            begins = ((value(n) + here * here) - (value(other) + there * there))
                / (2.0 * (here - there));
            if begins > since {
                break;
            }
            parts.pop();
            begins = f64::NEG_INFINITY;
        }
        parts.push((n, begins));
    }
    if parts.is_empty() {
        return;
    }
    let mut part = 0;
    let found: Vec<f32> = (0..line.len())
        .map(|at| {
            while parts.get(part + 1).is_some_and(|(_, begins)| *begins < at as f64) {
                part += 1;
            }
            let (from, _) = parts[part];
            let apart = at as f64 - from as f64;
            (apart * apart + value(from)) as f32
        })
        .collect();
    line.copy_from_slice(&found);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_to_the_nearest_of_all_marked_cells() {
        let (columns, rows) = (17, 11);
        let marked: Vec<bool> =
            (0..columns * rows).map(|cell| [20, 21, 90, 150].contains(&cell)).collect();
        let found = CellDistances::to(&marked, columns, rows);
        for cell in 0..columns * rows {
            let apart = |other: usize| {
                let across = (cell % columns).abs_diff(other % columns);
                let down = (cell / columns).abs_diff(other / columns);
                ((across * across + down * down) as f64).sqrt()
            };
            let nearest = [20, 21, 90, 150].map(apart).into_iter().fold(f64::INFINITY, f64::min);
            assert!(
                (found.at(cell) - nearest).abs() < 1e-3,
                "cell {cell}: {} for {nearest}",
                found.at(cell)
            );
        }
    }

    #[test]
    fn where_nothing_is_marked_all_is_far() {
        let found = CellDistances::to(&[false; 12], 4, 3);
        assert!(found.at(5) > 1e6);
    }
}
