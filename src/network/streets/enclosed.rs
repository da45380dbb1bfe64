//! Streets behind private ways: nobody but who lives or has business there can be on them.

use super::Edge;
use super::components::components;
use crate::ids::{ComponentIdx, EdgeIdx, Idx, IdxVec, NodeIdx};
use crate::inputs::osm::walk_rules::WayKind;

/// Makes private what is reached over private ways alone: of each island the streets that hang
/// together without them stay open where they are the most, by their junctions. The streets of an
/// estate whose gate is private are a part of the estate, whatever is said of them. Tells how many
/// edges that are.
pub(super) fn enclose(edges: &mut IdxVec<EdgeIdx, Edge>, nodes: usize) -> u64 {
    if !edges.iter().any(|edge| edge.traits.private) {
        return 0;
    }
    let ends = |edge: &Edge| (edge.from, edge.to);
    let walked = || edges.iter().filter(|edge| !edge.traits.shut);
    let islands = components(nodes, walked().map(ends));
    let open = components(nodes, walked().filter(|edge| !edge.traits.private).map(ends));
    // Open parts are numbered by their size, so that the first one met on an island is the largest.
    let mut largest: Vec<Option<ComponentIdx>> = vec![None; nodes];
    let mut has_street = vec![false; nodes];
    let public = walked().filter(|edge| !edge.traits.private).flat_map(|edge| [edge.from, edge.to]);
    public.for_each(|node: NodeIdx| has_street[node.at()] = true);
    for node in islands.indices().filter(|node| has_street[node.at()]) {
        let known = &mut largest[islands[node].at()];
        *known = Some(known.map_or(open[node], |known| known.min(open[node])));
    }
    let mut enclosed = 0;
    for edge in edges.iter_mut().filter(|edge| !edge.traits.private && !edge.traits.shut) {
        // A ferry sails from one walk to another: it is no ground of anybody's.
        let on_ground = !matches!(edge.traits.kind, WayKind::Ferry(_));
        if on_ground && largest[islands[edge.from].at()] != Some(open[edge.from]) {
            edge.traits.private = true;
            edge.traits.enclosed = true;
            enclosed += u64::from(edge.can_be_joined());
        }
    }
    enclosed
}

/// Opens what only lay behind private ways, to see again what does so at other hours.
pub(super) fn release(edges: &mut IdxVec<EdgeIdx, Edge>) {
    for edge in edges.iter_mut().filter(|edge| edge.traits.enclosed) {
        edge.traits.private = false;
        edge.traits.enclosed = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::streets::EdgeTraits;
    use crate::units::Metres;

    #[test]
    fn what_lies_behind_private_ways_is_private() {
        let edge = |(from, to, private): (u32, u32, bool)| Edge {
            from: NodeIdx(from),
            to: NodeIdx(to),
            length: Metres::new(1.0),
            begins: Metres::new(0.0),
            traits: EdgeTraits { private, ..EdgeTraits::default() },
            way: 1,
        };
        // A street 0 to 2, a private way from 2 to 3, the street behind it 3 to 4; an island 5 to
        // 6, open as it is.
        let made =
            [(0, 1, false), (1, 2, false), (2, 3, true), (3, 4, false), (5, 6, false)].map(edge);
        let mut edges: IdxVec<EdgeIdx, Edge> = made.to_vec().into();
        assert_eq!(enclose(&mut edges, 7), 1);
        let private: Vec<bool> = edges.iter().map(|edge| edge.traits.private).collect();
        assert_eq!(private, [false, false, true, true, false]);
        release(&mut edges);
        let private: Vec<bool> = edges.iter().map(|edge| edge.traits.private).collect();
        assert_eq!(private, [false, false, true, false, false]);
    }
}
