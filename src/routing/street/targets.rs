//! What is searched for, prepared so that a search meets it on its way.

use super::graph::WalkGraph;
use crate::ids::{Csr, EdgeIdx, Idx, NodeIdx};
use crate::network::streets::Snap;

/// A set of targets, numbered from 0, on one graph. A target may join the streets at several points
/// (the gates of a park): the cheapest counts.
#[derive(Clone, Debug)]
pub struct WalkTargets {
    pub(super) count: usize,
    /// By node: which targets can be walked to from there, and what is left to walk.
    pub(super) from_node: Csr<NodeIdx, (u32, u32)>,
    /// By node: which targets can be left for there, and what that takes.
    pub(super) to_node: Csr<NodeIdx, (u32, u32)>,
    /// By edge: the targets on it, with their snap's cost from the start of the edge and over the
    /// gap.
    pub(super) on_edge: Csr<EdgeIdx, OnEdge>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct OnEdge {
    pub target: u32,
    pub along: u32,
    pub gap: u32,
}

impl WalkTargets {
    /// Targets by where each joins the streets; one that joins nowhere is never reached.
    pub fn new(graph: &WalkGraph, targets: &[Vec<Snap>]) -> WalkTargets {
        WalkTargets::of(graph, targets.iter())
    }

    /// The targets of one list, and behind them those of another.
    pub(in crate::routing) fn of_both(
        graph: &WalkGraph,
        [first, second]: [&[Vec<Snap>]; 2],
    ) -> WalkTargets {
        WalkTargets::of(graph, first.iter().chain(second))
    }

    fn of<'a>(
        graph: &WalkGraph,
        targets: impl Iterator<Item = &'a Vec<Snap>> + Clone,
    ) -> WalkTargets {
        let (mut from_node, mut to_node, mut on_edge) = (Vec::new(), Vec::new(), Vec::new());
        for (target, snaps) in (0_u32..).zip(targets.clone()) {
            for snap in snaps {
                // Walking from a node to the target is the target's way to that node, reversed.
                from_node.extend(
                    graph.doors(snap, true).map(|(node, cost, _)| (node, (target, cost.0))),
                );
                to_node.extend(
                    graph.doors(snap, false).map(|(node, cost, _)| (node, (target, cost.0))),
                );
                let (along, gap) = (graph.split(snap).0.0, graph.gap(snap).0);
                on_edge.push((snap.edge, OnEdge { target, along, gap }));
            }
        }
        WalkTargets {
            count: targets.count(),
            from_node: Csr::from_pairs(graph.nodes(), from_node),
            to_node: Csr::from_pairs(graph.nodes(), to_node),
            on_edge: Csr::from_pairs(graph.edges.len(), on_edge),
        }
    }

    /// The same with nodes as further targets, numbered from [`WalkTargets::len`] on.
    pub(super) fn with_nodes(&self, nodes: &[NodeIdx]) -> WalkTargets {
        let further = || (0_u32..).zip(nodes).map(|(n, node)| (*node, (n + count(self.count), 0)));
        let with = |known: &Csr<NodeIdx, (u32, u32)>| {
            let rows = (0..known.rows()).map(NodeIdx::new);
            let pairs =
                rows.flat_map(|node| known[node].iter().map(move |meeting| (node, *meeting)));
            Csr::from_pairs(known.rows(), pairs.chain(further()).collect())
        };
        WalkTargets {
            count: self.count + nodes.len(),
            from_node: with(&self.from_node),
            to_node: with(&self.to_node),
            on_edge: self.on_edge.clone(),
        }
    }

    /// How many targets there are, reachable or not.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

fn count(targets: usize) -> u32 {
    u32::try_from(targets).expect("targets are numbered in 32 bits")
}
