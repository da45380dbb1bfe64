//! Ways → raw edges: cut at junctions and at barriers, then joined again where there is no choice.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use crate::geometry::Projected;
use crate::inputs::osm::walk_rules::{NodeBarrier, WalkDirection, WayKind};
use crate::inputs::osm::{OsmData, WalkWay};
use crate::units::Seconds;

use super::EdgeTraits;

/// An edge over numbered points: the nodes of the data, and behind them the copies that barriers
/// made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawEdge {
    pub way: i64,
    pub traits: EdgeTraits,
    /// At least two points; the inner ones are no junctions.
    pub points: Vec<u32>,
    /// Where its course goes on along another way: from which of its points, and along which.
    pub more: Vec<(u32, i64)>,
}

/// Raw edges, and which node of the data each copy stands for.
pub(super) struct CutWays {
    pub edges: Vec<RawEdge>,
    /// The node of the data for each number from `data.nodes.len()` on.
    pub copies: Vec<u32>,
    pub walls: Walls,
}

/// Walls, fences and ditches that are mapped as nodes of ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Walls {
    /// Those that stop people.
    pub across: u64,
    /// Those at which two ways meet, and which are passed.
    pub at_junctions: u64,
}

/// Cuts ways at junctions and barriers. A closed barrier gives each way that ends at it a copy of
/// the node of its own, so that none leads on; a stile links these copies to the node by edges
/// without length that are not step-free, a private gate by edges that are private.
pub(super) fn cut(data: &OsmData, at: &[Projected], crossings: &[WalkWay]) -> CutWays {
    let mut uses = vec![0_u8; data.nodes.len()];
    for way in data.ways.iter().chain(crossings) {
        let last = way.nodes.len() - 1;
        for (n, node) in way.nodes.iter().enumerate() {
            let ends = if n == 0 || n == last { 1 } else { 2 };
            uses[*node as usize] = uses[*node as usize].saturating_add(ends);
        }
    }
    let (barriers, walls) = barriers(data);
    let mut cut = CutWays { edges: Vec::new(), copies: Vec::new(), walls };
    for way in data.ways.iter().chain(crossings) {
        let mut start = 0;
        for n in 1..way.nodes.len() {
            let node = way.nodes[n] as usize;
            if n == way.nodes.len() - 1 || uses[node] > 2 || barriers[node] != NodeBarrier::None {
                cut.add(way, start..=n, at, &barriers);
                start = n;
            }
        }
    }
    cut.edges = join(std::mem::take(&mut cut.edges), data.nodes.len() + cut.copies.len());
    cut
}

/// What stops people at each node. Of a wall at which two ways meet somebody is mistaken, and not
/// two: it is passed.
fn barriers(data: &OsmData) -> (Vec<NodeBarrier>, Walls) {
    let mut barriers = vec![NodeBarrier::None; data.nodes.len()];
    for (node, barrier) in &data.node_barriers {
        barriers[*node as usize] = *barrier;
    }
    let mut met: BTreeMap<u32, BTreeSet<i64>> = BTreeMap::new();
    for way in &data.ways {
        for node in way.nodes.iter().filter(|node| barriers[**node as usize] == NodeBarrier::Wall) {
            met.entry(*node).or_default().insert(way.id);
        }
    }
    let mut walls = Walls::default();
    for (node, ways) in met {
        if ways.len() > 1 {
            barriers[node as usize] = NodeBarrier::None;
            walls.at_junctions += 1;
        } else {
            walls.across += 1;
        }
    }
    (barriers, walls)
}

impl CutWays {
    fn add(
        &mut self,
        way: &WalkWay,
        part: RangeInclusive<usize>,
        at: &[Projected],
        barriers: &[NodeBarrier],
    ) {
        let access = way.access;
        let mut points = way.nodes[part].to_vec();
        let kind = match access.kind {
            WayKind::Ferry(Some(duration)) => {
                WayKind::Ferry(Some(share(duration, &points, &way.nodes, at)))
            }
            kind => kind,
        };
        let (direction, step_free, hours) = (access.direction, access.step_free, access.hours);
        let private = access.private;
        let traits =
            EdgeTraits { kind, direction, step_free, private, enclosed: false, hours, shut: false };
        let last = points.len() - 1;
        for end in [0, last] {
            let node = points[end];
            match barriers[node as usize] {
                NodeBarrier::None => {}
                NodeBarrier::Closed | NodeBarrier::Private { step_free: true }
                    if access.foot_named => {}
                NodeBarrier::Closed | NodeBarrier::Locked | NodeBarrier::Wall => {
                    points[end] = self.copy(node, barriers.len());
                }
                NodeBarrier::Step => {
                    points[end] = self.passage(node, barriers.len(), EdgeTraits::default())
                }
                NodeBarrier::Private { step_free } => {
                    let private = !access.foot_named;
                    let traits = EdgeTraits { step_free, private, ..EdgeTraits::default() };
                    points[end] = self.passage(node, barriers.len(), traits);
                }
                NodeBarrier::Timed { hours, step_free } => {
                    let traits =
                        EdgeTraits { step_free, hours: Some(hours), ..EdgeTraits::default() };
                    points[end] = self.passage(node, barriers.len(), traits);
                }
            }
        }
        self.edges.push(RawEdge { way: way.id, traits, points, more: Vec::new() });
    }

    /// A copy of a node, and the passage from the node to it.
    fn passage(&mut self, node: u32, nodes: usize, traits: EdgeTraits) -> u32 {
        let copy = self.copy(node, nodes);
        self.edges.push(RawEdge { way: 0, traits, points: vec![node, copy], more: vec![] });
        copy
    }

    fn copy(&mut self, node: u32, nodes: usize) -> u32 {
        self.copies.push(node);
        u32::try_from(nodes + self.copies.len() - 1).expect("fewer than 2^32 nodes")
    }
}

/// The share of a ferry's duration that falls to a part of its course.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a duration"
)]
fn share(duration: Seconds, part: &[u32], whole: &[u32], at: &[Projected]) -> Seconds {
    let length = |nodes: &[u32]| -> f64 {
        nodes.windows(2).map(|pair| at[pair[0] as usize].distance(at[pair[1] as usize]).get()).sum()
    };
    let share = length(part) / length(whole);
    if share.is_finite() {
        Seconds::new((f64::from(duration.get()) * share.min(1.0)).ceil() as u32)
    } else {
        duration
    }
}

/// Joins edges that meet, two and no more, at a point and are alike.
fn join(edges: Vec<RawEdge>, points: usize) -> Vec<RawEdge> {
    let mut ends = vec![[u32::MAX; 2]; points];
    let mut degree = vec![0_u32; points];
    for (n, edge) in (0_u32..).zip(&edges) {
        for point in edge.ends() {
            let seen = &mut degree[point as usize];
            if *seen < 2 {
                ends[point as usize][*seen as usize] = n;
            }
            *seen += 1;
        }
    }
    let next = |at: u32, from: u32| -> Option<u32> {
        let [a, b] = ends[at as usize];
        let other = if a == from { b } else { a };
        let alike = |a: &RawEdge, b: &RawEdge| {
            a.seen_through(at, true) == b.seen_through(at, false)
                && !matches!(a.traits.kind, WayKind::Ferry(_))
        };
        (degree[at as usize] == 2 && a != b && alike(&edges[from as usize], &edges[other as usize]))
            .then_some(other)
    };
    let mut used = vec![false; edges.len()];
    let mut joined = Vec::new();
    // Chains are begun at their ends; what is left after that are rings without a junction.
    for rings in [false, true] {
        for (n, edge) in (0_u32..).zip(&edges) {
            let starts = if rings { vec![edge.ends()[0]] } else { edge.ends().to_vec() };
            for start in starts {
                if !used[n as usize] && (rings || next(start, n).is_none()) {
                    joined.push(chain(&edges, n, start, &mut used, next));
                }
            }
        }
    }
    joined
}

/// The chain that begins with edge `n` at the point `start`.
fn chain(
    edges: &[RawEdge],
    n: u32,
    start: u32,
    used: &mut [bool],
    next: impl Fn(u32, u32) -> Option<u32>,
) -> RawEdge {
    let mut chain = edges[n as usize].beginning_at(start);
    used[n as usize] = true;
    let mut at = n;
    while let Some(end) = chain.points.last().copied() {
        let Some(more) = next(end, at).filter(|more| !used[*more as usize]) else { break };
        used[more as usize] = true;
        let next = edges[more as usize].beginning_at(end);
        chain.go_on(&next);
        at = more;
    }
    chain
}

impl RawEdge {
    fn ends(&self) -> [u32; 2] {
        [self.points[0], self.points[self.points.len() - 1]]
    }

    /// This edge, turned so that it begins at one of its ends.
    fn beginning_at(&self, start: u32) -> RawEdge {
        let mut edge = self.clone();
        if edge.points[0] != start {
            edge.turn();
        }
        edge
    }

    fn turn(&mut self) {
        self.points.reverse();
        self.traits.direction = turned(self.traits.direction);
        let last = self.last();
        let mut ways = vec![(0, self.way)];
        ways.append(&mut self.more);
        // Where a way ends is where it begins seen from the other end.
        let ends: Vec<u32> = ways[1..].iter().map(|(begin, _)| *begin).chain([last]).collect();
        let mut turned: Vec<(u32, i64)> =
            ends.iter().zip(&ways).map(|(end, (_, way))| (last - end, *way)).collect();
        turned.reverse();
        self.way = turned.remove(0).1;
        self.more = turned;
    }

    /// Puts another edge behind this one, which begins where this one ends.
    fn go_on(&mut self, next: &RawEdge) {
        let end = self.last();
        let way = self.more.last().map_or(self.way, |(_, way)| *way);
        if next.way != way {
            self.more.push((end, next.way));
        }
        self.more.extend(next.more.iter().map(|(begin, way)| (begin + end, *way)));
        self.points.extend(&next.points[1..]);
    }

    fn last(&self) -> u32 {
        u32::try_from(self.points.len() - 1).expect("fewer than 2^32 points")
    }

    /// What it is to those who come along it to a point (`towards`) or leave along it from there.
    fn seen_through(&self, at: u32, towards: bool) -> (EdgeTraits, bool) {
        let mut traits = self.traits;
        if (self.points[0] == at) == towards {
            traits.direction = turned(traits.direction);
        }
        (traits, self.way == 0)
    }
}

fn turned(direction: WalkDirection) -> WalkDirection {
    match direction {
        WalkDirection::Both => WalkDirection::Both,
        WalkDirection::Along => WalkDirection::Against,
        WalkDirection::Against => WalkDirection::Along,
    }
}
