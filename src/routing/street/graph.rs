//! Streets and one way of walking → costs.

use super::ferries::Ferries;
use super::private_layers::PrivateLayers;
use super::search::{WalkSearch, millis};
use super::targets::WalkTargets;
use crate::ids::{EdgeIdx, Idx, IdxVec, NodeIdx};
use crate::inputs::osm::walk_rules::WayKind;
use crate::network::streets::{Edge, Snap, Streets, WalkProfile};
use crate::units::{Metres, Millis, Seconds};

/// The streets as one kind of walker sees them: what each edge costs, and which lead on from each
/// node. Ferries stand beside them: nobody walks along one.
#[derive(Clone, Debug)]
pub struct WalkGraph {
    pub(super) profile: WalkProfile,
    pub(super) edges: IdxVec<EdgeIdx, WalkEdge>,
    pub(super) layers: PrivateLayers,
    pub(super) out: Arcs,
    /// The same backwards: who can come to each node.
    pub(super) into: Arcs,
    pub(super) ferries: Ferries,
}

/// An edge's cost, and the ways it may be walked.
#[derive(Clone, Copy, Debug)]
pub(super) struct WalkEdge {
    pub from: NodeIdx,
    pub to: NodeIdx,
    pub cost: Millis,
    pub length: Metres,
    pub begins: Metres,
    pub kind: WayKind,
    pub forward: bool,
    pub backward: bool,
    pub private: bool,
}

/// A way along an edge, or from one layer to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct GraphArc {
    pub from: NodeIdx,
    pub to: NodeIdx,
    pub cost: u32,
    /// The edge, and whether it is walked along its course.
    pub along: Option<(EdgeIdx, bool)>,
}

/// Arcs by the node they leave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Arcs {
    pub starts: Vec<u32>,
    pub arcs: Vec<Arc>,
}

/// One way along an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arc {
    pub to: u32,
    pub cost: u32,
}

impl WalkGraph {
    /// The graph of a walker.
    pub fn new(streets: &Streets, profile: &WalkProfile) -> WalkGraph {
        let edges: IdxVec<EdgeIdx, WalkEdge> = streets
            .edges
            .iter()
            .map(|edge| {
                let takes =
                    profile.takes(edge.traits) && !matches!(edge.traits.kind, WayKind::Ferry(_));
                WalkEdge {
                    from: edge.from,
                    to: edge.to,
                    cost: between(profile, edge, edge.length),
                    length: edge.length,
                    begins: edge.begins,
                    kind: edge.traits.kind,
                    forward: takes && edge.traits.forward(),
                    backward: takes && edge.traits.backward(),
                    private: edge.traits.private,
                }
            })
            .collect();
        let layers = PrivateLayers::over(streets.nodes.len(), &edges);
        let (out, into) = (Arcs::default(), Arcs::default());
        let ferries = Ferries::of(streets, profile, |edge| edges[edge].cost);
        let mut graph = WalkGraph { profile: profile.clone(), edges, layers, out, into, ferries };
        let arcs = |stride: GraphArc| (stride.from.0, stride.to.0, stride.cost);
        graph.out = Arcs::new(graph.layers.count(), graph.strides().map(arcs));
        let back = |stride: GraphArc| (stride.to.0, stride.from.0, stride.cost);
        graph.into = Arcs::new(graph.layers.count(), graph.strides().map(back));
        graph
    }

    /// All ways along edges, private ones in both layers where they may be walked, and those from
    /// layer to layer.
    pub(super) fn strides(&self) -> impl Iterator<Item = GraphArc> + '_ {
        let layers = &self.layers;
        let walked = self.edges.enumerate().flat_map(move |(number, edge)| {
            let there = edge.forward.then_some((edge.from, edge.to, true));
            let back = edge.backward.then_some((edge.to, edge.from, false));
            there.into_iter().chain(back).flat_map(move |(from, to, ahead)| {
                let stride = |from, to| GraphArc {
                    from,
                    to,
                    cost: edge.cost.0,
                    along: Some((number, ahead)),
                };
                let (first, second) = if edge.private {
                    let setting_out = stride(layers.setting_out(from), layers.setting_out(to));
                    (setting_out, Some(stride(layers.arriving(from), layers.arriving(to))))
                } else {
                    (stride(from, to), None)
                };
                std::iter::once(first).chain(second)
            })
        });
        let steps = layers.steps().map(|(from, to)| GraphArc { from, to, cost: 0, along: None });
        walked.chain(steps)
    }

    /// The starts of walks from which one can come to any of some edges within `limit`, or which lie
    /// on one: all others walk as they do whatever becomes of these edges. For of a walk that takes
    /// one of them, the part up to the first does not, and so leads to its end in this graph.
    pub(in crate::routing) fn who_come_to(
        &self,
        edges: &[EdgeIdx],
        starts: &[Vec<Snap>],
        limit: Seconds,
    ) -> Vec<bool> {
        let ends = edges.iter().flat_map(|edge| [self.edges[*edge].from, self.edges[*edge].to]);
        let copies = |node| [node, self.layers.setting_out(node), self.layers.arriving(node)];
        let (nodes, targets) = (ends.flat_map(copies), WalkTargets::new(self, starts));
        let found = WalkSearch::new().who_come_to(self, nodes, millis(limit), &targets);
        let on_them = |snap: &Snap| edges.binary_search(&snap.edge).is_ok();
        let mut come: Vec<bool> = starts.iter().map(|snaps| snaps.iter().any(on_them)).collect();
        found.iter().for_each(|start| come[*start as usize] = true);
        come
    }

    /// Whose graph it is.
    pub fn profile(&self) -> &WalkProfile {
        &self.profile
    }

    /// How many nodes it has: more than the streets, for those at private ways stand several times.
    pub fn nodes(&self) -> usize {
        self.out.starts.len() - 1
    }

    /// What it costs from a snap to the start and to the end of its edge, the gap not counted.
    pub(super) fn split(&self, snap: &Snap) -> (Millis, Millis) {
        let edge = &self.edges[snap.edge];
        let cost = |along| self.profile.cost(edge.kind, along, edge.length);
        let back = cost(edge.begins + snap.along).0.saturating_sub(cost(edge.begins).0);
        let back = Millis(back.min(edge.cost.0));
        (back, Millis(edge.cost.0 - back.0))
    }

    /// What the gap of a snap costs.
    pub(super) fn gap(&self, snap: &Snap) -> Millis {
        snap.gap / self.profile.speed
    }

    /// The nodes that can be walked to from a snap, with the cost, its gap counted, and whether the
    /// node is at the end of the edge. With `reverse`, the nodes it can be walked to from. On a
    /// private way these are the nodes of those who set out, or arrive, over private ways.
    pub(super) fn doors(
        &self,
        snap: &Snap,
        reverse: bool,
    ) -> impl Iterator<Item = (NodeIdx, Millis, bool)> + use<> {
        let edge = self.edges[snap.edge];
        let ((back, ahead), gap) = (self.split(snap), self.gap(snap));
        let (over_end, over_start) =
            if reverse { (edge.backward, edge.forward) } else { (edge.forward, edge.backward) };
        let node = |node| match (edge.private, reverse) {
            (false, _) => node,
            (true, false) => self.layers.setting_out(node),
            (true, true) => self.layers.arriving(node),
        };
        let end = over_end.then_some((node(edge.to), Millis(ahead.0.saturating_add(gap.0)), true));
        let start =
            over_start.then_some((node(edge.from), Millis(back.0.saturating_add(gap.0)), false));
        end.into_iter().chain(start)
    }

    /// What it costs to walk from one snap to another along the edge that both are on, if they are
    /// and it may be walked that way.
    pub(super) fn direct(&self, from: &Snap, to: &Snap) -> Option<u32> {
        let (edge, here, there) =
            (&self.edges[from.edge], self.split(from).0.0, self.split(to).0.0);
        if from.edge != to.edge || !edge.allows(here, there) {
            return None;
        }
        Some(self.gap(from).0.saturating_add(self.gap(to).0).saturating_add(here.abs_diff(there)))
    }
}

/// The cost from an edge's beginning to a place on it. A part of a longer edge costs what it did
/// there, to the rounding.
fn between(profile: &WalkProfile, edge: &Edge, along: Metres) -> Millis {
    let cost = |along| profile.cost(edge.traits.kind, along, edge.length);
    Millis(cost(edge.begins + along).0.saturating_sub(cost(edge.begins).0))
}

impl WalkEdge {
    /// Whether one may walk along it from one cost-distance of its start to another.
    pub(super) fn allows(&self, here: u32, there: u32) -> bool {
        self.forward && here <= there || self.backward && here >= there
    }
}

impl Arcs {
    /// Arcs of `(from, to, cost)`. Loops are left out, and of several between two nodes all but the
    /// cheapest: no shortest way uses them.
    pub(super) fn new(nodes: usize, arcs: impl Iterator<Item = (u32, u32, u32)>) -> Arcs {
        let mut all: Vec<(u32, u32, u32)> = arcs.filter(|(from, to, _)| from != to).collect();
        all.sort_unstable();
        all.dedup_by_key(|(from, to, _)| (*from, *to));
        let mut starts = vec![0; nodes + 1];
        all.iter().for_each(|(from, ..)| starts[*from as usize + 1] += 1);
        (0..nodes).for_each(|n| starts[n + 1] += starts[n]);
        Arcs { starts, arcs: all.into_iter().map(|(_, to, cost)| Arc { to, cost }).collect() }
    }

    /// Arcs as rows of `(to, cost)`, one for each node; a cost of `u32::MAX` is no arc.
    pub(super) fn from_rows<R: Iterator<Item = (u32, u32)>>(rows: impl Iterator<Item = R>) -> Arcs {
        let mut all = Arcs { starts: vec![0], arcs: Vec::new() };
        for row in rows {
            all.arcs.extend(
                row.filter(|(_, cost)| *cost != u32::MAX).map(|(to, cost)| Arc { to, cost }),
            );
            all.starts.push(u32::try_from(all.arcs.len()).expect("fewer than 2^32 arcs"));
        }
        all
    }

    #[inline]
    pub(super) fn of(&self, node: u32) -> &[Arc] {
        &self.arcs[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }
}

/// The node numbered `n`.
pub(super) fn node(n: u32) -> NodeIdx {
    NodeIdx::new(n as usize)
}
