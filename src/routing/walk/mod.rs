//! Walking: bounded one-to-many searches on the streets.
//!
//! The time of a walk is the sum, in thousandths of a second, of the straight gap to the street, the part of that
//! street, the streets between, the part of the last street and the gap to the target; rounded up to whole seconds
//! once, at the end.

mod graph;
mod path;
mod search;
mod targets;

pub use graph::WalkGraph;
pub use path::WalkPath;
pub use search::WalkSearch;
pub use targets::WalkTargets;

use rayon::prelude::*;

use crate::ids::{Csr, Idx};
use crate::network::streets::Snap;
use crate::units::Seconds;

/// Walking times from each of `from` (each joining the streets at one or more points) to all targets within `limit`,
/// inclusive; with `reverse`, from the targets to each of them. A row holds target numbers, ascending, with the time.
/// A row without a target is one that reaches none.
pub fn walk_table<I: Idx>(
    graph: &WalkGraph,
    from: &[Vec<Snap>],
    targets: &WalkTargets,
    limit: Seconds,
    reverse: bool,
) -> Csr<I, (u32, Seconds)> {
    let rows: Vec<Vec<(u32, Seconds)>> = from
        .par_iter()
        .map_init(WalkSearch::new, |search, start| {
            let mut row = Vec::new();
            if reverse {
                search.to_point(graph, start, limit, targets, &mut row);
            } else {
                search.from_point(graph, start, limit, targets, &mut row);
            }
            row
        })
        .collect();
    Csr::from_rows(rows)
}

#[cfg(test)]
mod tests;
