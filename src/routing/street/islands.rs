//! Whether there is any way at all from one point to another, however long.

use super::graph::{Arcs, WalkGraph};
use crate::ids::{Idx, NodeIdx};
use crate::network::streets::Snap;

/// How little can be walked to from one point, and from how little another can be walked to:
/// nothing is in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Islands {
    /// Junctions that can be come to from the first.
    pub from: usize,
    /// Junctions from which one comes to the second.
    pub to: usize,
}

impl WalkGraph {
    /// The islands that two points lie on; `None` if there is a way from the one to the other, on
    /// foot or by ferry.
    pub fn islands(&self, from: &[Snap], to: &[Snap]) -> Option<Islands> {
        let along_an_edge = from.iter().any(|a| to.iter().any(|b| self.direct(a, b).is_some()));
        let (reached, reaching) = (self.flooded(from, false), self.flooded(to, true));
        let meet = reached.iter().zip(&reaching).any(|(a, b)| *a && *b);
        // A junction at private ways stands several times.
        let count = |nodes: &[bool]| {
            let flooded = (0..nodes.len()).filter(|node| nodes[*node]);
            let mut junctions: Vec<NodeIdx> =
                flooded.map(|node| self.layers.junction(NodeIdx::new(node))).collect();
            junctions.sort_unstable();
            junctions.dedup();
            junctions.len()
        };
        (!along_an_edge && !meet).then(|| Islands { from: count(&reached), to: count(&reaching) })
    }

    /// The nodes that can be come to from snaps; with `reverse`, from which one comes to them.
    fn flooded(&self, snaps: &[Snap], reverse: bool) -> Vec<bool> {
        let arcs: &Arcs = if reverse { &self.into } else { &self.out };
        let mut flooded = vec![false; self.nodes()];
        let mut open: Vec<u32> = Vec::new();
        let begin =
            snaps.iter().flat_map(|snap| self.doors(snap, reverse)).map(|(node, ..)| node.0);
        open.extend(begin);
        while let Some(node) = open.pop() {
            if std::mem::replace(&mut flooded[node as usize], true) {
                continue;
            }
            open.extend(arcs.of(node).iter().map(|arc| arc.to));
            for crossing in &self.ferries.crossings {
                let ends =
                    [crossing.from, crossing.to].map(|end| self.ferries.landings[end as usize].0);
                let [here, there] = if reverse { [ends[1], ends[0]] } else { ends };
                open.extend((here == node).then_some(there));
            }
        }
        flooded
    }
}
