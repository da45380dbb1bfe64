//! One walk with its course: what stands behind a number.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use super::graph::WalkGraph;
use crate::geometry::Projected;
use crate::ids::{Csr, EdgeIdx, NodeIdx};
use crate::network::streets::{Snap, Streets};
use crate::units::{Metres, Millis, Seconds};

/// A walk from one point to another.
#[derive(Clone, Debug, PartialEq)]
pub struct WalkPath {
    /// How long it takes: the very time that a search gives for the same two points.
    pub time: Seconds,
    /// How far it is, the gaps at both ends counted.
    pub length: Metres,
    /// Its course along the streets, from where the first point joins them to where the second does.
    pub course: Vec<Projected>,
    /// The streets it uses, in order.
    pub edges: Vec<EdgeIdx>,
}

impl WalkGraph {
    /// The shortest walk from one point to another, each given by where it may join the streets; `None` if it takes
    /// longer than `limit`.
    pub fn path(&self, streets: &Streets, from: &[Snap], to: &[Snap], limit: Seconds) -> Option<WalkPath> {
        let limit = limit.0.saturating_mul(1000);
        let direct = self.direct(from, to);
        let mut trace = Trace::new(self);
        for (n, snap) in from.iter().enumerate() {
            for (node, cost) in self.doors(snap, false) {
                trace.reach(node, cost.0, Step::Start(n));
            }
        }
        let mut best: Option<(u32, NodeIdx, usize)> = None;
        while let Some((distance, node)) = trace.settle() {
            let bound = best.map_or(limit, |(cost, ..)| cost).min(direct.map_or(limit, |(cost, ..)| cost));
            if distance > bound {
                break;
            }
            for (n, snap) in to.iter().enumerate() {
                for (end, rest) in self.doors(snap, true).filter(|(end, _)| *end == node) {
                    let cost = distance.saturating_add(rest.0);
                    if best.is_none_or(|(other, ..)| cost < other) {
                        best = Some((cost, end, n));
                    }
                }
            }
            trace.leave(node, distance);
        }
        match (direct, best) {
            (Some((cost, a, b)), other) if cost <= limit && other.is_none_or(|(via, ..)| cost <= via) => {
                Some(self.assemble(streets, cost, &from[a], &[], &to[b]))
            }
            (_, Some((cost, node, b))) if cost <= limit => {
                let (a, edges) = trace.back_from(node);
                Some(self.assemble(streets, cost, &from[a], &edges, &to[b]))
            }
            _ => None,
        }
    }

    /// The cheapest walk along one edge.
    fn direct(&self, from: &[Snap], to: &[Snap]) -> Option<(u32, usize, usize)> {
        let pairs = from.iter().enumerate().flat_map(|a| to.iter().enumerate().map(move |b| (a, b)));
        let costs = pairs.filter(|((_, a), (_, b))| a.edge == b.edge).filter_map(|((n, a), (m, b))| {
            let (edge, here, there) = (&self.edges[a.edge], self.split(a).0.0, self.split(b).0.0);
            let open = if there > here { edge.forward } else { edge.backward };
            let still = there == here && (edge.forward || edge.backward);
            let cost = self.gap(a).0.saturating_add(self.gap(b).0).saturating_add(here.abs_diff(there));
            (open || still).then_some((cost, n, m))
        });
        costs.min()
    }

    fn assemble(
        &self,
        streets: &Streets,
        cost: u32,
        from: &Snap,
        between: &[(EdgeIdx, bool)],
        to: &Snap,
    ) -> WalkPath {
        let mut course = Vec::new();
        let mut edges = vec![from.edge];
        let mut length = from.gap + to.gap;
        let mut add = |edge: EdgeIdx, a: Metres, b: Metres| {
            course.extend(streets.course_between(edge, a, b));
            length = length + Metres((a.0 - b.0).abs());
        };
        let whole = |edge: EdgeIdx| streets.edges[edge].length;
        match (between.first(), between.last()) {
            _ if between.is_empty() && from.edge == to.edge && cost == self.straight(from, to) => {
                add(from.edge, from.along, to.along);
            }
            (first, last) => {
                let leaves = first.map(|(edge, ahead)| self.begin(*edge, *ahead));
                let arrives = last.map(|(edge, ahead)| self.begin(*edge, !*ahead));
                let (leaves, arrives) = match (leaves, arrives) {
                    (Some(a), Some(b)) => (a, b),
                    _ => {
                        let meeting = self.meeting(from, to, cost);
                        (meeting, meeting)
                    }
                };
                let end_of =
                    |snap: &Snap, node: NodeIdx, out: bool| self.end_of(snap, node, out, whole(snap.edge));
                add(from.edge, from.along, end_of(from, leaves, true));
                for (edge, ahead) in between {
                    let (a, b) =
                        if *ahead { (Metres(0.0), whole(*edge)) } else { (whole(*edge), Metres(0.0)) };
                    add(*edge, a, b);
                }
                add(to.edge, end_of(to, arrives, false), to.along);
            }
        }
        edges.extend(between.iter().map(|(edge, _)| *edge));
        edges.push(to.edge);
        edges.dedup();
        course.dedup();
        WalkPath { time: Millis(cost).ceil(), length, course, edges }
    }

    fn straight(&self, from: &Snap, to: &Snap) -> u32 {
        let along = self.split(from).0.0.abs_diff(self.split(to).0.0);
        self.gap(from).0.saturating_add(self.gap(to).0).saturating_add(along)
    }

    fn begin(&self, edge: EdgeIdx, ahead: bool) -> NodeIdx {
        let edge = &self.edges[edge];
        if ahead { edge.from } else { edge.to }
    }

    /// The node at which two streets that follow each other meet, for a walk of this cost.
    fn meeting(&self, from: &Snap, to: &Snap, cost: u32) -> NodeIdx {
        let pairs = self.doors(from, false).flat_map(|a| self.doors(to, true).map(move |b| (a, b)));
        let same = pairs.filter(|(a, b)| a.0 == b.0 && a.1.0.saturating_add(b.1.0) == cost);
        same.map(|(a, _)| a.0).min().unwrap_or(self.edges[from.edge].from)
    }

    /// How far along its edge a snap's walk ends (or begins) when it goes over a node: the cheaper end of a loop.
    fn end_of(&self, snap: &Snap, node: NodeIdx, out: bool, whole: Metres) -> Metres {
        let edge = &self.edges[snap.edge];
        let (back, ahead) = self.split(snap);
        let (at_end, at_start) =
            if out { (edge.forward, edge.backward) } else { (edge.backward, edge.forward) };
        let end = (edge.to == node && at_end).then_some((ahead, whole));
        let start = (edge.from == node && at_start).then_some((back, Metres(0.0)));
        match (end, start) {
            (Some(end), Some(start)) => {
                if end.0 < start.0 {
                    end.1
                } else {
                    start.1
                }
            }
            (Some(end), None) => end.1,
            _ => Metres(0.0),
        }
    }
}

/// How a node was come to.
#[derive(Clone, Copy)]
enum Step {
    Start(usize),
    Along(EdgeIdx, bool),
}

/// A search that remembers its steps.
struct Trace<'g> {
    graph: &'g WalkGraph,
    at_node: Csr<NodeIdx, (EdgeIdx, bool)>,
    reached: FxHashMap<NodeIdx, (u32, Step)>,
    queue: BinaryHeap<Reverse<(u32, NodeIdx)>>,
}

impl Trace<'_> {
    fn new(graph: &WalkGraph) -> Trace<'_> {
        let ways = graph.edges.enumerate().flat_map(|(n, edge)| {
            let there = edge.forward.then_some((edge.from, (n, true)));
            there.into_iter().chain(edge.backward.then_some((edge.to, (n, false))))
        });
        let at_node = Csr::from_pairs(graph.nodes(), ways.collect());
        Trace { graph, at_node, reached: FxHashMap::default(), queue: BinaryHeap::new() }
    }

    fn reach(&mut self, node: NodeIdx, distance: u32, step: Step) {
        if self.reached.get(&node).is_none_or(|(known, _)| distance < *known) {
            self.reached.insert(node, (distance, step));
            self.queue.push(Reverse((distance, node)));
        }
    }

    fn settle(&mut self) -> Option<(u32, NodeIdx)> {
        while let Some(Reverse((distance, node))) = self.queue.pop() {
            if self.reached[&node].0 == distance {
                return Some((distance, node));
            }
        }
        None
    }

    fn leave(&mut self, node: NodeIdx, distance: u32) {
        for n in self.at_node.span(node) {
            let (edge, ahead) = self.at_node.items()[n];
            let walked = &self.graph.edges[edge];
            let to = if ahead { walked.to } else { walked.from };
            self.reach(to, distance.saturating_add(walked.cost.0), Step::Along(edge, ahead));
        }
    }

    /// The start and the edges, in order, that lead to a node.
    fn back_from(&self, mut node: NodeIdx) -> (usize, Vec<(EdgeIdx, bool)>) {
        let mut edges = Vec::new();
        loop {
            match self.reached[&node].1 {
                Step::Start(n) => {
                    edges.reverse();
                    return (n, edges);
                }
                Step::Along(edge, ahead) => {
                    edges.push((edge, ahead));
                    node = self.graph.begin(edge, ahead);
                }
            }
        }
    }
}
