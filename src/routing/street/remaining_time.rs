//! How much of a walk is left where it comes by: from several points at once, each with a walk of
//! its own length.

use super::graph::WalkGraph;
use super::search::WalkSearch;
use super::targets::WalkTargets;
use crate::ids::NodeIdx;
use crate::network::streets::Snap;
use crate::units::Millis;

/// The end of a walk on the streets: a place on an edge, as the search sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnStreet {
    /// From the start of the edge, walking.
    pub along: Millis,
    /// Over the gap.
    pub gap: Millis,
}

/// Where a walk begins.
#[derive(Clone, Copy, Debug)]
pub enum WalkStart<'a> {
    /// At a point, by where it joins the streets.
    Snap(&'a Snap),
    /// Where a ferry lands.
    Landing(NodeIdx),
}

/// What an edge allows and costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EdgePassage {
    /// Its first node.
    pub from: NodeIdx,
    /// Its last node.
    pub to: NodeIdx,
    /// From end to end.
    pub cost: Millis,
    /// Whether it may be walked from its first node to its last.
    pub forward: bool,
    /// Whether it may be walked from its last node to its first.
    pub backward: bool,
}

impl WalkGraph {
    /// Where a snap lies in walking time.
    pub fn on_street(&self, snap: &Snap) -> OnStreet {
        OnStreet { along: self.split(snap).0, gap: self.gap(snap) }
    }

    /// What an edge allows and costs. Who walks a private one arrives there.
    pub fn passage(&self, edge: crate::ids::EdgeIdx) -> EdgePassage {
        let edge = &self.edges[edge];
        let (forward, backward) = (edge.forward, edge.backward);
        let node = |node| if edge.private { self.layers.arriving(node) } else { node };
        EdgePassage { from: node(edge.from), to: node(edge.to), cost: edge.cost, forward, backward }
    }
}

impl WalkSearch {
    /// What is left of the longest walk at each node that one comes to, nodes ascending. A walk
    /// begins somewhere and is so long; of several to a node the one with most left counts, so that
    /// a walk from a near stop is not lost to one that came earlier from afar. `nowhere` are no
    /// targets on the same graph.
    pub fn leftovers<'a>(
        &mut self,
        graph: &WalkGraph,
        walks: impl Iterator<Item = (WalkStart<'a>, Millis)> + Clone,
        nowhere: &WalkTargets,
        out: &mut Vec<(NodeIdx, Millis)>,
    ) {
        let most = walks.clone().map(|(_, length)| length.0).max().unwrap_or(0);
        self.reset(graph.nodes(), 0, most);
        for (start, length) in walks {
            // The longest walk begins now, a shorter one has as good as walked the difference
            // already.
            let walked = most - length.0;
            match start {
                WalkStart::Snap(snap) => graph.doors(snap, false).for_each(|(node, cost, _)| {
                    self.reach(node.0, walked.saturating_add(cost.0), most)
                }),
                WalkStart::Landing(node) => self.reach(node.0, walked, most),
            }
        }
        self.spread(&graph.out, &nowhere.from_node, most);
        self.reached.sort_unstable();
        out.clear();
        let left =
            |node: &u32| (super::graph::node(*node), Millis(most - self.distance[*node as usize]));
        out.extend(self.reached.iter().map(left));
    }
}
