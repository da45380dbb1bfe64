//! Walking: bounded one-to-many searches on the streets.
//!
//! The time of a walk is the sum, in thousandths of a second, of the straight gap to the street,
//! the part of that street, the streets between, the part of the last street and the gap to the
//! target; rounded up to whole seconds once, at the end.

mod contraction;
mod ferries;
pub(in crate::routing) mod ferry_sailings;
mod graph;
mod islands;
pub mod isochrone_edges;
mod path;
mod private_layers;
mod remaining_time;
mod search;
pub mod snap_report;
pub(in crate::routing) mod straight_walks;
mod targets;

pub use ferries::{FerryLanding, walk_table_by_ferry};
pub use graph::WalkGraph;
pub use islands::Islands;
pub use path::{PathPart, WalkPath};
pub use remaining_time::{EdgePassage, OnStreet, WalkStart};
pub use search::WalkSearch;
pub use targets::WalkTargets;

use rayon::prelude::*;

use crate::ids::{Csr, Idx};
use crate::network::streets::Snap;
use crate::units::{Millis, Seconds};

/// From this many searches on, a smaller graph is made first.
const WORTH_A_CORE: usize = if cfg!(test) { 3 } else { 100 };

/// Walking times from each of `from` (each joining the streets at one or more points) to all
/// targets within `limit`, inclusive; with `reverse`, from the targets to each of them. A row holds
/// target numbers, ascending, with the time. A row without a target is one that reaches none. No
/// ferry is taken: see [`walk_table_by_ferry`].
pub fn walk_table<I: Idx>(
    graph: &WalkGraph,
    from: &[Vec<Snap>],
    targets: &WalkTargets,
    limit: Seconds,
    reverse: bool,
) -> Csr<I, (u32, Seconds)> {
    let whole = if reverse { &graph.into } else { &graph.out };
    let core = (from.len() >= WORTH_A_CORE)
        .then(|| contraction::core(graph, targets, search::millis(limit), reverse));
    let arcs = core.as_ref().unwrap_or(whole);
    let rows: Vec<Vec<(u32, Seconds)>> = from
        .par_iter()
        .map_init(WalkSearch::new, |search, start| {
            let mut row = Vec::new();
            search.run(graph, arcs, start, search::millis(limit), targets, reverse, &mut row);
            row.iter().map(|(target, walk)| (*target, Millis(*walk).ceil())).collect()
        })
        .collect();
    Csr::from_rows(rows)
}

#[cfg(test)]
mod tests;
