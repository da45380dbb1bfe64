//! Squares that may be crossed anywhere.

use rustc_hash::FxHashSet;

use crate::geometry::Projected;
use crate::geometry::rings::contains;
use crate::inputs::osm::{OsmData, WalkWay};

/// Above this many ways into a square, its outline alone is walked: lines of sight grow with the square of it.
const MOST_GATES: usize = 32;
/// And above this many corners, each of which every line of sight is held against.
const MOST_CORNERS: usize = 500;

/// Straight ways across the squares: from each point where another way meets the outline to every other such point that
/// is seen from there.
pub(super) fn lines_of_sight(data: &OsmData, at: &[Projected]) -> Vec<WalkWay> {
    let squares: Vec<&WalkWay> = data
        .ways
        .iter()
        .filter(|way| way.area && way.nodes.first() == way.nodes.last() && way.nodes.len() <= MOST_CORNERS)
        .collect();
    if squares.is_empty() {
        return Vec::new();
    }
    let on_squares: FxHashSet<u32> = squares.iter().flat_map(|way| &way.nodes).copied().collect();
    let mut uses = rustc_hash::FxHashMap::<u32, u32>::default();
    for way in &data.ways {
        let mut nodes: Vec<u32> = way.nodes.iter().copied().filter(|n| on_squares.contains(n)).collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes.into_iter().for_each(|node| *uses.entry(node).or_default() += 1);
    }
    squares.into_iter().flat_map(|square| cross(square, at, |node| uses[&node] > 1)).collect()
}

fn cross(square: &WalkWay, at: &[Projected], is_gate: impl Fn(u32) -> bool) -> Vec<WalkWay> {
    let ring = &square.nodes[1..];
    let outline: Vec<Projected> = ring.iter().map(|n| at[*n as usize]).collect();
    let gates: Vec<usize> = (0..ring.len()).filter(|n| is_gate(ring[*n])).collect();
    let mut ways = Vec::new();
    if gates.len() > MOST_GATES {
        return ways;
    }
    for (n, a) in gates.iter().enumerate() {
        for b in &gates[n + 1..] {
            let beside = b - a == 1 || b - a == ring.len() - 1;
            if !beside && sees(&outline, *a, *b) {
                ways.push(WalkWay { nodes: vec![ring[*a], ring[*b]], area: false, ..square.clone() });
            }
        }
    }
    ways
}

/// Whether the straight line between two corners stays within the outline.
fn sees(outline: &[Projected], a: usize, b: usize) -> bool {
    let (from, to) = (outline[a], outline[b]);
    if !contains(outline, from.towards(to, 0.5)) {
        return false;
    }
    (0..outline.len()).all(|n| {
        let next = (n + 1) % outline.len();
        let shares_end = [n, next].iter().any(|end| *end == a || *end == b);
        shares_end || !cross_each_other(from, to, outline[n], outline[next])
    })
}

fn cross_each_other(a: Projected, b: Projected, c: Projected, d: Projected) -> bool {
    let side =
        |p: Projected, q: Projected, r: Projected| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    side(a, b, c) * side(a, b, d) <= 0.0 && side(c, d, a) * side(c, d, b) <= 0.0
}
