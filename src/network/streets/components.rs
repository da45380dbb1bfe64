//! The islands of a network.

use crate::ids::{ComponentIdx, Idx, IdxVec, NodeIdx};

/// The component of each node, 0 being the one with the most nodes; ties go to the lower node.
pub(super) fn components(
    nodes: usize,
    links: impl Iterator<Item = (NodeIdx, NodeIdx)>,
) -> IdxVec<NodeIdx, ComponentIdx> {
    let mut parent: Vec<u32> = (0..u32::try_from(nodes).expect("fewer than 2^32 nodes")).collect();
    for (a, b) in links {
        let (a, b) = (root(&mut parent, a.0), root(&mut parent, b.0));
        parent[a.max(b) as usize] = a.min(b);
    }
    let roots: Vec<u32> = (0..parent.len()).map(|n| root(&mut parent, NodeIdx::new(n).0)).collect();
    let mut size = vec![0_u32; nodes];
    roots.iter().for_each(|root| size[*root as usize] += 1);
    let mut order: Vec<u32> =
        (0_u32..).zip(&size).filter(|(_, size)| **size > 0).map(|(n, _)| n).collect();
    order.sort_by_key(|root| (std::cmp::Reverse(size[*root as usize]), *root));
    let mut number = vec![0; nodes];
    (0_u32..).zip(&order).for_each(|(n, root)| number[*root as usize] = n);
    roots.into_iter().map(|root| ComponentIdx(number[root as usize])).collect()
}

fn root(parent: &mut [u32], mut node: u32) -> u32 {
    while parent[node as usize] != node {
        parent[node as usize] = parent[parent[node as usize] as usize];
        node = parent[node as usize];
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_component_is_number_zero() {
        let links = [(1, 2), (2, 3), (5, 4)].map(|(a, b)| (NodeIdx(a), NodeIdx(b)));
        let found: Vec<u32> = components(7, links.into_iter()).iter().map(|c| c.0).collect();
        assert_eq!(found, [2, 0, 0, 0, 1, 1, 3]);
    }
}
