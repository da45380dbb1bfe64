//! Private ways are walked at the two ends of a journey, never through.
//!
//! So a walk goes over private ways, then over open ones, then over private ones again, each of
//! these as long as it likes or not at all. The nodes at private ways therefore stand thrice in the
//! graph: once for those who set out over private ways, once for those on open ones, once for those
//! who arrive over private ways. From each of the three a step without length leads to the next,
//! and none leads back. Any search on this graph keeps the rule, and any that is exact stays so.

use super::graph::WalkEdge;
use crate::ids::{EdgeIdx, Idx, IdxVec, NodeIdx};

/// The nodes of a graph whose nodes at private ways stand thrice.
#[derive(Clone, Debug, Default)]
pub(super) struct PrivateLayers {
    /// By street node, its number among those at private ways; [`NONE`] for the others.
    numbers: Vec<u32>,
    /// The nodes at private ways, ascending.
    private: Vec<NodeIdx>,
}

const NONE: u32 = u32::MAX;

impl PrivateLayers {
    pub(super) fn over(nodes: usize, edges: &IdxVec<EdgeIdx, WalkEdge>) -> PrivateLayers {
        let at_private =
            edges.iter().filter(|edge| edge.private && (edge.forward || edge.backward));
        let mut private: Vec<NodeIdx> = at_private.flat_map(|edge| [edge.from, edge.to]).collect();
        private.sort_unstable();
        private.dedup();
        let mut numbers = vec![NONE; nodes];
        (0_u32..).zip(&private).for_each(|(number, node)| numbers[node.at()] = number);
        PrivateLayers { numbers, private }
    }

    /// How many nodes there are, each copy counted.
    pub(super) fn count(&self) -> usize {
        self.numbers.len() + 2 * self.private.len()
    }

    /// A node as those see it who set out over private ways.
    pub(super) fn setting_out(&self, node: NodeIdx) -> NodeIdx {
        self.copy(node, 0)
    }

    /// A node as those see it who arrive over private ways.
    pub(super) fn arriving(&self, node: NodeIdx) -> NodeIdx {
        self.copy(node, 1)
    }

    /// The junction of the streets that a node stands for.
    pub(super) fn junction(&self, node: NodeIdx) -> NodeIdx {
        let copy = node.at().checked_sub(self.numbers.len());
        copy.map_or(node, |copy| self.private[copy / 2])
    }

    /// The steps without length from layer to layer.
    pub(super) fn steps(&self) -> impl Iterator<Item = (NodeIdx, NodeIdx)> + '_ {
        let of = |node: &NodeIdx| {
            let (first, last) = (self.setting_out(*node), self.arriving(*node));
            [(first, *node), (*node, last)]
        };
        self.private.iter().flat_map(of)
    }

    fn copy(&self, node: NodeIdx, layer: u32) -> NodeIdx {
        match self.numbers[node.at()] {
            NONE => node,
            number => NodeIdx::new(self.numbers.len() + (2 * number + layer) as usize),
        }
    }
}
