//! The bounded search itself.

use super::graph::{Arcs, WalkGraph, node};
use super::targets::WalkTargets;
use crate::ids::{Csr, NodeIdx};
use crate::network::streets::Snap;
use crate::units::{Millis, Seconds};

/// The width of a bucket is 2^12 thousandths of a second.
const BUCKET_BITS: u32 = 12;
const FAR: u32 = u32::MAX;

/// Scratch memory of searches, one per thread: sized by the first search, allocated no more after
/// that.
///
/// Dijkstra's algorithm with buckets some four seconds wide. Within a bucket nodes come in any
/// order and may be looked at again when a shorter way turns up; the result is exact.
#[derive(Clone, Debug, Default)]
pub struct WalkSearch {
    pub(super) distance: Vec<u32>,
    pub(super) reached: Vec<u32>,
    buckets: Vec<Vec<(u32, u32)>>,
    best: Vec<u32>,
    found: Vec<u32>,
}

/// A limit in thousandths of a second, below what stands for "not reached".
pub(super) fn millis(limit: Seconds) -> u32 {
    limit.get().saturating_mul(1000).min(FAR - 1)
}

impl WalkSearch {
    /// Scratch memory for searches on any graph.
    pub fn new() -> WalkSearch {
        WalkSearch::default()
    }

    /// Walking times from a point, given where it joins the streets, to each target within `limit`,
    /// inclusive, by target number. `out` is cleared first.
    pub fn from_point(
        &mut self,
        graph: &WalkGraph,
        start: &[Snap],
        limit: Seconds,
        targets: &WalkTargets,
        out: &mut Vec<(u32, Seconds)>,
    ) {
        self.in_seconds(out, |search, out| {
            search.run(graph, &graph.out, start, millis(limit), targets, false, out);
        });
    }

    /// Walking times from each target within `limit` to a point.
    pub fn to_point(
        &mut self,
        graph: &WalkGraph,
        end: &[Snap],
        limit: Seconds,
        targets: &WalkTargets,
        out: &mut Vec<(u32, Seconds)>,
    ) {
        self.in_seconds(out, |search, out| {
            search.run(graph, &graph.into, end, millis(limit), targets, true, out);
        });
    }

    fn in_seconds(
        &mut self,
        out: &mut Vec<(u32, Seconds)>,
        search: impl FnOnce(&mut WalkSearch, &mut Vec<(u32, u32)>),
    ) {
        let mut walks = Vec::new();
        search(self, &mut walks);
        out.clear();
        out.extend(walks.into_iter().map(|(target, walk)| (target, Millis(walk).ceil())));
    }

    /// The search, forwards or backwards, over arcs of the graph that make no distance to a target
    /// longer or shorter. `limit` and what is found are in thousandths of a second.
    #[expect(clippy::too_many_arguments, reason = "one search, whose two public faces take six")]
    pub(super) fn run(
        &mut self,
        graph: &WalkGraph,
        arcs: &Arcs,
        start: &[Snap],
        limit: u32,
        targets: &WalkTargets,
        reverse: bool,
        out: &mut Vec<(u32, u32)>,
    ) {
        self.reset(graph.nodes(), targets.len(), limit);
        for snap in start {
            for (node, cost, _) in graph.doors(snap, reverse) {
                self.reach(node.0, cost.0, limit);
            }
            self.along_the_edge(graph, snap, targets, reverse, limit);
        }
        self.finish(arcs, targets, reverse, limit, out);
    }

    /// The targets from which one can walk, within `limit`, to any of some nodes.
    pub(super) fn who_come_to(
        &mut self,
        graph: &WalkGraph,
        nodes: impl Iterator<Item = NodeIdx>,
        limit: u32,
        targets: &WalkTargets,
    ) -> Vec<u32> {
        self.reset(graph.nodes(), targets.len(), limit);
        nodes.for_each(|node| self.reach(node.0, 0, limit));
        self.spread(&graph.into, &targets.to_node, limit);
        std::mem::take(&mut self.found)
    }

    /// The same from a node.
    #[expect(clippy::too_many_arguments, reason = "as the search from a point")]
    pub(super) fn run_from_node(
        &mut self,
        graph: &WalkGraph,
        arcs: &Arcs,
        start: NodeIdx,
        limit: u32,
        targets: &WalkTargets,
        reverse: bool,
        out: &mut Vec<(u32, u32)>,
    ) {
        self.reset(graph.nodes(), targets.len(), limit);
        self.reach(start.0, 0, limit);
        self.finish(arcs, targets, reverse, limit, out);
    }

    fn finish(
        &mut self,
        arcs: &Arcs,
        targets: &WalkTargets,
        reverse: bool,
        limit: u32,
        out: &mut Vec<(u32, u32)>,
    ) {
        self.spread(arcs, if reverse { &targets.to_node } else { &targets.from_node }, limit);
        self.found.sort_unstable();
        out.clear();
        out.extend(self.found.iter().map(|target| (*target, self.best[*target as usize])));
    }

    pub(super) fn reset(&mut self, nodes: usize, targets: usize, limit: u32) {
        self.reached.drain(..).for_each(|node| self.distance[node as usize] = FAR);
        self.found.drain(..).for_each(|target| self.best[target as usize] = FAR);
        self.distance.resize(nodes.max(self.distance.len()), FAR);
        self.best.resize(targets.max(self.best.len()), FAR);
        let buckets = (limit >> BUCKET_BITS) as usize + 1;
        if self.buckets.len() < buckets {
            self.buckets.resize_with(buckets, Vec::new);
        }
    }

    /// Targets on the very edge the point is on, without a detour over its ends.
    fn along_the_edge(
        &mut self,
        graph: &WalkGraph,
        snap: &Snap,
        targets: &WalkTargets,
        reverse: bool,
        limit: u32,
    ) {
        let (edge, here, gap) = (&graph.edges[snap.edge], graph.split(snap).0.0, graph.gap(snap).0);
        for there in &targets.on_edge[snap.edge] {
            let open = if reverse {
                edge.allows(there.along, here)
            } else {
                edge.allows(here, there.along)
            };
            if open {
                let cost = gap.saturating_add(there.gap).saturating_add(here.abs_diff(there.along));
                self.meet(there.target, cost, limit);
            }
        }
    }

    pub(super) fn spread(&mut self, arcs: &Arcs, at_node: &Csr<NodeIdx, (u32, u32)>, limit: u32) {
        for bucket in 0..=(limit >> BUCKET_BITS) as usize {
            while let Some((from, distance)) = self.buckets[bucket].pop() {
                if self.distance[from as usize] != distance {
                    continue;
                }
                for arc in arcs.of(from) {
                    self.reach(arc.to, distance.saturating_add(arc.cost), limit);
                }
                for (target, rest) in &at_node[node(from)] {
                    self.meet(*target, distance.saturating_add(*rest), limit);
                }
            }
        }
    }

    #[inline]
    pub(super) fn reach(&mut self, node: u32, distance: u32, limit: u32) {
        let known = &mut self.distance[node as usize];
        if distance <= limit && distance < *known {
            if *known == FAR {
                self.reached.push(node);
            }
            *known = distance;
            self.buckets[(distance >> BUCKET_BITS) as usize].push((node, distance));
        }
    }

    #[inline]
    fn meet(&mut self, target: u32, cost: u32, limit: u32) {
        let known = &mut self.best[target as usize];
        if cost <= limit && cost < *known {
            if *known == FAR {
                self.found.push(target);
            }
            *known = cost;
        }
    }
}
