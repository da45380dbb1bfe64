//! A smaller graph for a table of many searches to the same targets.
//!
//! Nodes at which no target can be met are taken out, those with the fewest neighbours first, and
//! what led through them is kept as a direct arc: a dead end falls away, a bend becomes one arc, a
//! fork of three a triangle. None of this changes a distance between the nodes that stay. A node
//! taken out keeps its own arcs outwards, so that a search may begin there; none leads back to it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::graph::{Arcs, WalkGraph};
use super::targets::WalkTargets;
use crate::ids::NodeIdx;

const NONE: u32 = u32::MAX;
/// Taking out a node of three neighbours adds no more arcs than it removes; of four, it does.
const MOST_NEIGHBOURS: usize = 3;

/// A neighbour, and what it costs to get there and back; `NONE` where there is no way.
#[derive(Clone, Copy)]
struct CoreArc {
    node: u32,
    there: u32,
    back: u32,
}

/// The arcs that searches towards these targets need, bounded by `limit` thousandths of a second:
/// forwards, or with `reverse` backwards.
pub(super) fn core(graph: &WalkGraph, targets: &WalkTargets, limit: u32, reverse: bool) -> Arcs {
    let at_node = if reverse { &targets.to_node } else { &targets.from_node };
    let (out, into) = if reverse { (&graph.into, &graph.out) } else { (&graph.out, &graph.into) };
    let stays = |node: u32| !at_node[NodeIdx(node)].is_empty();
    let nodes = u32::try_from(graph.nodes()).expect("nodes are numbered in 32 bits");
    let mut links: Vec<Vec<CoreArc>> = (0..nodes).map(|node| neighbours(out, into, node)).collect();
    let open =
        (0..nodes).filter(|node| !stays(*node) && links[*node as usize].len() <= MOST_NEIGHBOURS);
    let mut queue: BinaryHeap<_> =
        open.map(|node| Reverse((links[node as usize].len(), node))).collect();
    let mut gone = vec![false; graph.nodes()];
    while let Some(Reverse((degree, node))) = queue.pop() {
        if gone[node as usize] || degree != links[node as usize].len() {
            continue;
        }
        gone[node as usize] = true;
        take_out(&mut links, node, limit);
        for n in 0..links[node as usize].len() {
            let near = links[node as usize][n].node;
            let degree = links[near as usize].len();
            if degree <= MOST_NEIGHBOURS && !stays(near) {
                queue.push(Reverse((degree, near)));
            }
        }
    }
    Arcs::from_rows(links.iter().map(|row| row.iter().map(|link| (link.node, link.there))))
}

fn neighbours(out: &Arcs, into: &Arcs, node: u32) -> Vec<CoreArc> {
    let mut links: Vec<CoreArc> = out
        .of(node)
        .iter()
        .map(|arc| CoreArc { node: arc.to, there: arc.cost, back: NONE })
        .collect();
    for arc in into.of(node) {
        match links.iter_mut().find(|link| link.node == arc.to) {
            Some(link) => link.back = arc.cost,
            None => links.push(CoreArc { node: arc.to, there: NONE, back: arc.cost }),
        }
    }
    links
}

fn take_out(links: &mut [Vec<CoreArc>], node: u32, limit: u32) {
    let around = std::mem::take(&mut links[node as usize]);
    for a in &around {
        links[a.node as usize].retain(|link| link.node != node);
        for b in around.iter().filter(|b| b.node != a.node) {
            let sum = |x: u32, y: u32| x.checked_add(y).filter(|sum| *sum <= limit).unwrap_or(NONE);
            let (there, back) = (sum(a.back, b.there), sum(b.back, a.there));
            if there.min(back) == NONE {
                continue;
            }
            let row = &mut links[a.node as usize];
            match row.iter_mut().find(|link| link.node == b.node) {
                Some(link) => {
                    link.there = link.there.min(there);
                    link.back = link.back.min(back);
                }
                None => row.push(CoreArc { node: b.node, there, back }),
            }
        }
    }
    links[node as usize] = around;
}
