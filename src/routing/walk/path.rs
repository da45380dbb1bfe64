//! One walk with its course: what stands behind a number.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use super::graph::{Stride, WalkGraph};
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

/// A part of an edge that is walked, from one distance along it to another.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stretch {
    edge: EdgeIdx,
    from: Metres,
    to: Metres,
}

/// One of the ways between a snap and an end of its edge.
#[derive(Clone, Copy)]
struct Door {
    node: NodeIdx,
    cost: u32,
    /// Which of the snaps.
    snap: usize,
    /// Where on the edge the node is.
    end: Metres,
}

impl WalkGraph {
    /// The shortest walk from one point to another, each given by where it may join the streets; `None` if it takes
    /// longer than `limit`.
    pub fn path(&self, streets: &Streets, from: &[Snap], to: &[Snap], limit: Seconds) -> Option<WalkPath> {
        let over_nodes = self.over_nodes(from, to, limit.0.saturating_mul(1000));
        let (cost, stretches, gaps) = match (self.along_one_edge(from, to), over_nodes) {
            (Some(direct), Some(other)) => {
                if direct.0 <= other.0 {
                    direct
                } else {
                    other
                }
            }
            (direct, other) => direct.or(other)?,
        };
        if Millis(cost).ceil() > limit {
            return None;
        }
        let mut path =
            WalkPath { time: Millis(cost).ceil(), length: gaps, course: Vec::new(), edges: Vec::new() };
        for Stretch { edge, from, to } in stretches {
            path.length = path.length + Metres((to.0 - from.0).abs());
            path.course.extend(streets.course_between(edge, from, to));
            path.edges.push(edge);
        }
        path.course.dedup();
        path.edges.dedup();
        Some(path)
    }

    fn along_one_edge(&self, from: &[Snap], to: &[Snap]) -> Option<(u32, Vec<Stretch>, Metres)> {
        let pairs = from.iter().flat_map(|a| to.iter().map(move |b| (a, b)));
        let walks = pairs.filter_map(|(a, b)| Some((self.direct(a, b)?, a, b)));
        let (cost, a, b) = walks.min_by_key(|(cost, ..)| *cost)?;
        Some((cost, vec![Stretch { edge: a.edge, from: a.along, to: b.along }], a.gap + b.gap))
    }

    fn over_nodes(&self, from: &[Snap], to: &[Snap], limit: u32) -> Option<(u32, Vec<Stretch>, Metres)> {
        let (leaving, arriving) = (self.doors_with_ends(from, false), self.doors_with_ends(to, true));
        let mut trace = Trace::new(self, limit);
        for (n, door) in leaving.iter().enumerate() {
            trace.reach(door.node, door.cost, Step::Start(n));
        }
        let mut best: Option<(u32, Door)> = None;
        while let Some((distance, node)) = trace.settle() {
            if best.is_some_and(|(cost, _)| cost <= distance) {
                break;
            }
            for door in arriving.iter().filter(|door| door.node == node) {
                let cost = distance.saturating_add(door.cost);
                if best.is_none_or(|(other, _)| cost < other) {
                    best = Some((cost, *door));
                }
            }
            trace.leave(node, distance);
        }
        let (cost, last) = best?;
        let (start, between) = trace.back_from(last.node);
        let first = leaving[start];
        let (a, b) = (&from[first.snap], &to[last.snap]);
        let whole = |(edge, ahead): (EdgeIdx, bool)| {
            let length = self.edges[edge].length;
            let (from, to) = if ahead { (Metres(0.0), length) } else { (length, Metres(0.0)) };
            Stretch { edge, from, to }
        };
        let mut stretches = vec![Stretch { edge: a.edge, from: a.along, to: first.end }];
        stretches.extend(between.into_iter().map(whole));
        stretches.push(Stretch { edge: b.edge, from: last.end, to: b.along });
        Some((cost, stretches, a.gap + b.gap))
    }

    fn doors_with_ends(&self, snaps: &[Snap], reverse: bool) -> Vec<Door> {
        let doors = snaps.iter().enumerate().flat_map(|(snap, at)| {
            let length = self.edges[at.edge].length;
            self.doors(at, reverse).map(move |(node, cost, at_end)| Door {
                node,
                cost: cost.0,
                snap,
                end: if at_end { length } else { Metres(0.0) },
            })
        });
        doors.collect()
    }
}

/// How a node was come to.
#[derive(Clone, Copy)]
enum Step {
    /// From one of the doors of the start.
    Start(usize),
    /// From another node.
    Stride(Stride),
}

/// A search that remembers its steps.
struct Trace {
    limit: u32,
    at_node: Csr<NodeIdx, Stride>,
    reached: FxHashMap<NodeIdx, (u32, Step)>,
    queue: BinaryHeap<Reverse<(u32, NodeIdx)>>,
}

impl Trace {
    fn new(graph: &WalkGraph, limit: u32) -> Trace {
        let strides = graph.strides().map(|stride| (stride.from, stride));
        let at_node = Csr::from_pairs(graph.nodes(), strides.collect());
        Trace { limit, at_node, reached: FxHashMap::default(), queue: BinaryHeap::new() }
    }

    fn reach(&mut self, node: NodeIdx, distance: u32, step: Step) {
        let nearer = self.reached.get(&node).is_none_or(|(known, _)| distance < *known);
        if distance <= self.limit && nearer {
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
            let stride = self.at_node.items()[n];
            self.reach(stride.to, distance.saturating_add(stride.cost), Step::Stride(stride));
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
                Step::Stride(stride) => {
                    edges.extend(stride.along);
                    node = stride.from;
                }
            }
        }
    }
}
