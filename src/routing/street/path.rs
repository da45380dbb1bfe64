//! One walk with its course: what stands behind a number.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use super::ferries::from_landings;
use super::graph::{GraphArc, WalkGraph};
use super::search::{WalkSearch, millis};
use super::targets::WalkTargets;
use crate::geometry::Projected;
use crate::ids::{Csr, EdgeIdx, NodeIdx};
use crate::network::streets::{Snap, Streets};
use crate::units::{Metres, Millis, Seconds};

/// A walk from one point to another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WalkPath {
    /// How long it takes: the very time that a search gives for the same two points.
    pub time: Seconds,
    /// How far one walks, the gaps at both ends counted.
    pub length: Metres,
    /// Its course, from where the first point joins the streets to where the second does.
    pub course: Vec<Projected>,
    /// The streets and ferries it uses, in order.
    pub edges: Vec<EdgeIdx>,
    /// The same in parts, on foot and aboard by turns; their times add up to its time.
    pub parts: Vec<PathPart>,
}

/// A part of a walk.
#[derive(Clone, Debug, PartialEq)]
pub struct PathPart {
    /// Whether it is spent aboard a ferry.
    pub aboard: bool,
    /// How long it takes.
    pub time: Seconds,
    /// How far one walks; how far the ferry goes.
    pub length: Metres,
    /// Its course.
    pub course: Vec<Projected>,
}

/// A part of an edge that is walked, from one distance along it to another.
#[derive(Clone, Copy, Debug, PartialEq)]
struct EdgeStretch {
    edge: EdgeIdx,
    from: Metres,
    to: Metres,
}

/// A part of a walk as it is found.
#[derive(Clone, Debug, Default)]
struct SearchedPart {
    cost: u32,
    stretches: Vec<EdgeStretch>,
    /// What is walked beside the streets.
    gaps: Metres,
    aboard: bool,
}

/// One of the ways between a snap and an end of its edge, or a node itself.
#[derive(Clone, Copy)]
struct SnapExit {
    node: NodeIdx,
    cost: u32,
    gap: Metres,
    /// From the node, or to it if it is come to.
    stretch: Option<EdgeStretch>,
}

impl WalkGraph {
    /// The shortest walk from one point to another, each given by where it may join the streets;
    /// `None` if it takes longer than `limit`. No ferry is taken.
    pub fn path(
        &self,
        streets: &Streets,
        from: &[Snap],
        to: &[Snap],
        limit: Seconds,
    ) -> Option<WalkPath> {
        self.on_foot(from, to, limit).map(|found| walked(streets, vec![found]))
    }

    /// The quickest walk from one point to another, by ferry too; all that is walked together is
    /// within `limit`.
    pub fn path_by_ferry(
        &self,
        streets: &Streets,
        from: &[Snap],
        to: &[Snap],
        limit: Seconds,
    ) -> Option<WalkPath> {
        let on_foot = self.on_foot(from, to, limit);
        let by_ferry = self.by_ferry(from, to, millis(limit));
        let found = match (on_foot, by_ferry) {
            (Some(on_foot), Some((time, _))) if on_foot.cost <= time => vec![on_foot],
            (_, Some((_, parts))) => parts,
            (on_foot, None) => vec![on_foot?],
        };
        Some(walked(streets, found))
    }

    fn on_foot(&self, from: &[Snap], to: &[Snap], limit: Seconds) -> Option<SearchedPart> {
        let over_nodes =
            self.between(&doors(self, from, false), &doors(self, to, true), millis(limit));
        let ways = [self.along_one_edge(from, to), over_nodes];
        let best = ways.into_iter().flatten().min_by_key(|found| found.cost);
        best.filter(|found| Millis(found.cost).ceil() <= limit)
    }

    fn along_one_edge(&self, from: &[Snap], to: &[Snap]) -> Option<SearchedPart> {
        let pairs = from.iter().flat_map(|a| to.iter().map(move |b| (a, b)));
        let walks = pairs.filter_map(|(a, b)| Some((self.direct(a, b)?, a, b)));
        let (cost, a, b) = walks.min_by_key(|(cost, ..)| *cost)?;
        let stretches = vec![EdgeStretch { edge: a.edge, from: a.along, to: b.along }];
        Some(SearchedPart { cost, stretches, gaps: a.gap + b.gap, ..SearchedPart::default() })
    }

    fn between(
        &self,
        leaving: &[SnapExit],
        arriving: &[SnapExit],
        limit: u32,
    ) -> Option<SearchedPart> {
        let mut trace = PathTrace::new(self, limit);
        for (n, door) in leaving.iter().enumerate() {
            trace.reach(door.node, door.cost, PathStep::Start(n));
        }
        let mut best: Option<(u32, SnapExit)> = None;
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
        let mut stretches: Vec<EdgeStretch> = first.stretch.into_iter().collect();
        stretches.extend(between.into_iter().map(|step| self.whole(step)));
        stretches.extend(last.stretch.map(|EdgeStretch { edge, from, to }| EdgeStretch {
            edge,
            from: to,
            to: from,
        }));
        Some(SearchedPart {
            cost,
            stretches,
            gaps: first.gap + last.gap,
            ..SearchedPart::default()
        })
    }

    fn whole(&self, (edge, ahead): (EdgeIdx, bool)) -> EdgeStretch {
        let length = self.edges[edge].length;
        let (from, to) =
            if ahead { (Metres::new(0.0), length) } else { (length, Metres::new(0.0)) };
        EdgeStretch { edge, from, to }
    }

    /// The quickest walk that takes a ferry, in parts, with its time.
    fn by_ferry(&self, from: &[Snap], to: &[Snap], limit: u32) -> Option<(u32, Vec<SearchedPart>)> {
        let ferries = &self.ferries;
        if ferries.is_empty() {
            return None;
        }
        let targets = WalkTargets::new(self, &[to.to_vec()]).with_nodes(&ferries.landings);
        let mut walks = Vec::new();
        WalkSearch::new().run(self, &self.out, from, limit, &targets, false, &mut walks);
        let boarded =
            walks.iter().filter_map(|(target, walk)| Some((target.checked_sub(1)?, *walk)));
        let beyond = from_landings(self, &self.out, &targets, limit, false);
        let mut best: Option<(u32, usize)> = None;
        let labels = ferries.sail(boarded, &beyond, 1, limit, false, |_, time, label| {
            if best.is_none_or(|(least, _)| time < least) {
                best = Some((time, label));
            }
        });
        let (time, last) = best?;
        let mut chain = vec![labels[last]];
        while let Some(before) = chain[chain.len() - 1].before {
            chain.push(labels[before]);
        }
        let at = |landing: u32| {
            let node = ferries.landings[landing as usize];
            vec![SnapExit { node, cost: 0, gap: Metres::new(0.0), stretch: None }]
        };
        let (mut parts, mut here) = (Vec::new(), doors(self, from, false));
        for label in chain.into_iter().rev() {
            let crossing = &ferries.crossings[label.crossing];
            parts.push(self.between(&here, &at(crossing.from), limit)?);
            let stretches = crossing.edges.iter().map(|step| self.whole(*step)).collect();
            parts.push(SearchedPart {
                cost: crossing.aboard,
                stretches,
                aboard: true,
                ..SearchedPart::default()
            });
            here = at(label.landing);
        }
        parts.push(self.between(&here, &doors(self, to, true), limit)?);
        Some((time, parts))
    }
}

/// The ways from snaps to nodes; with `reverse`, from nodes to snaps, each stretch still seen from
/// the snap.
fn doors(graph: &WalkGraph, snaps: &[Snap], reverse: bool) -> Vec<SnapExit> {
    let doors = snaps.iter().flat_map(|at| {
        let length = graph.edges[at.edge].length;
        graph.doors(at, reverse).map(move |(node, cost, at_end)| {
            let to = if at_end { length } else { Metres::new(0.0) };
            let stretch = Some(EdgeStretch { edge: at.edge, from: at.along, to });
            SnapExit { node, cost: cost.0, gap: at.gap, stretch }
        })
    });
    doors.collect()
}

fn walked(streets: &Streets, found: Vec<SearchedPart>) -> WalkPath {
    let mut path = WalkPath::default();
    let mut spent = Millis(0);
    for part in found {
        let before = spent.ceil();
        spent = Millis(spent.0.saturating_add(part.cost));
        let mut shown = PathPart {
            aboard: part.aboard,
            time: spent.ceil().saturating_sub(before),
            length: part.gaps,
            course: Vec::new(),
        };
        for EdgeStretch { edge, from, to } in part.stretches {
            shown.length = shown.length + Metres::new((to.get() - from.get()).abs());
            shown.course.extend(streets.course_between(edge, from, to));
            path.edges.push(edge);
        }
        shown.course.dedup();
        if !shown.aboard {
            path.length = path.length + shown.length;
        }
        path.course.extend_from_slice(&shown.course);
        if part.cost > 0 || shown.aboard {
            path.parts.push(shown);
        }
    }
    path.time = spent.ceil();
    path.course.dedup();
    path.edges.dedup();
    path
}

/// How a node was come to.
#[derive(Clone, Copy)]
enum PathStep {
    /// From one of the doors of the start.
    Start(usize),
    /// From another node.
    Stride(GraphArc),
}

/// A search that remembers its steps.
struct PathTrace {
    limit: u32,
    at_node: Csr<NodeIdx, GraphArc>,
    reached: FxHashMap<NodeIdx, (u32, PathStep)>,
    queue: BinaryHeap<Reverse<(u32, NodeIdx)>>,
}

impl PathTrace {
    fn new(graph: &WalkGraph, limit: u32) -> PathTrace {
        let strides = graph.strides().map(|stride| (stride.from, stride));
        let at_node = Csr::from_pairs(graph.nodes(), strides.collect());
        PathTrace { limit, at_node, reached: FxHashMap::default(), queue: BinaryHeap::new() }
    }

    fn reach(&mut self, node: NodeIdx, distance: u32, step: PathStep) {
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
            self.reach(stride.to, distance.saturating_add(stride.cost), PathStep::Stride(stride));
        }
    }

    /// The start and the edges, in order, that lead to a node.
    fn back_from(&self, mut node: NodeIdx) -> (usize, Vec<(EdgeIdx, bool)>) {
        let mut edges = Vec::new();
        loop {
            match self.reached[&node].1 {
                PathStep::Start(n) => {
                    edges.reverse();
                    return (n, edges);
                }
                PathStep::Stride(stride) => {
                    edges.extend(stride.along);
                    node = stride.from;
                }
            }
        }
    }
}
