//! Squares that may be crossed anywhere.
//!
//! The shortest way across a square runs straight between its entries and the corners it bends at:
//! those where the square is hollow, and those of its holes. So straight ways are laid between
//! every two of these that see each other. A way to a mere corner is laid only where one can walk
//! on round that corner. Of squares with very many of these points each is joined to the nearest it
//! sees in each of many directions, which makes no way across longer by more than some 5 %.

use rayon::prelude::*;
use rstar::primitives::GeomWithData;
use rstar::{PointDistance, RTree};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::geometry::rings::{contains, middle_and_area};
use crate::geometry::{Projected, Segment, SegmentIndex};
use crate::inputs::osm::{OsmData, Square, WalkWay};
use crate::units::Metres;

/// Up to so many entries and corners, every two that see each other are joined.
const MOST_IN_FULL: usize = 256;
/// Directions that are told apart beyond that.
const DIRECTIONS: usize = 120;
/// And how many of the nearest others are looked at.
const NEAREST: usize = 2000;
/// Coordinates of the map are right to a centimetre.
const CLOSE: Metres = Metres::new(0.01);

/// Straight ways across the squares.
pub(super) fn lines_of_sight(data: &OsmData, at: &[Projected]) -> Vec<WalkWay> {
    let uses = SquareNodeUses::of(data);
    data.squares.iter().flat_map(|square| FlatSquare::of(square, at, &uses).lines(square)).collect()
}

/// Which ways and squares use the nodes of squares.
struct SquareNodeUses {
    ways: FxHashMap<u32, Vec<i64>>,
    squares: FxHashMap<u32, u32>,
}

impl SquareNodeUses {
    fn of(data: &OsmData) -> SquareNodeUses {
        let mut squares = FxHashMap::<u32, u32>::default();
        for square in &data.squares {
            let nodes: FxHashSet<u32> = square.rings.iter().flatten().copied().collect();
            nodes.into_iter().for_each(|node| *squares.entry(node).or_default() += 1);
        }
        let mut ways = FxHashMap::<u32, Vec<i64>>::default();
        for way in data.ways.iter().filter(|_| !squares.is_empty()) {
            for node in way.nodes.iter().filter(|node| squares.contains_key(node)) {
                ways.entry(*node).or_default().push(way.id);
            }
        }
        SquareNodeUses { ways, squares }
    }

    /// Whether a node of a square is come to by a way that is no outline of it, or is one of
    /// another square too.
    fn is_entry(&self, node: u32, square: &Square) -> bool {
        let other = |way: &i64| square.ways.binary_search(way).is_err();
        self.squares.get(&node).is_some_and(|count| *count > 1)
            || self.ways.get(&node).is_some_and(|ways| ways.iter().any(other))
    }
}

/// A corner of a square, with those before and behind it.
#[derive(Clone, Copy)]
struct SquareCorner {
    node: u32,
    at: Projected,
    before: Projected,
    behind: Projected,
    is_entry: bool,
}

/// What a straight piece of an outline joins.
type OutlineEnds = [u32; 2];

/// A square on the flat map.
struct FlatSquare {
    rings: Vec<Vec<Projected>>,
    outline: SegmentIndex<OutlineEnds>,
    /// Its entries, and the corners that ways bend at.
    corners: Vec<SquareCorner>,
    /// Pieces of its holes: their outlines are walked along.
    along_holes: Vec<OutlineEnds>,
}

impl FlatSquare {
    fn of(square: &Square, at: &[Projected], uses: &SquareNodeUses) -> FlatSquare {
        let place = |node: &u32| at[*node as usize];
        let rings: Vec<Vec<Projected>> =
            square.rings.iter().map(|ring| ring.iter().map(place).collect()).collect();
        let (mut pieces, mut corners, mut along_holes) = (Vec::new(), Vec::new(), Vec::new());
        for (number, ring) in square.rings.iter().enumerate() {
            let is_hole = is_hole(number, &rings);
            // Seen along the ring, ground lies to the left of an outline that runs anticlockwise
            // and of a hole that does not.
            let ground_to_the_left = is_anticlockwise(&rings[number]) != is_hole;
            for n in 0..ring.len() {
                let (last, next) = ((n + ring.len() - 1) % ring.len(), (n + 1) % ring.len());
                let ends = [ring[n], ring[next]];
                pieces.push(Segment { from: place(&ring[n]), to: place(&ring[next]), of: ends });
                if is_hole {
                    along_holes.push(ends);
                }
                let (before, here, behind) =
                    (place(&ring[last]), place(&ring[n]), place(&ring[next]));
                let turn = side(before, here, behind);
                let bends = if ground_to_the_left { turn < 0.0 } else { turn > 0.0 };
                let is_entry = uses.is_entry(ring[n], square);
                if bends || is_entry {
                    corners.push(SquareCorner {
                        node: ring[n],
                        at: here,
                        before,
                        behind,
                        is_entry,
                    });
                }
            }
        }
        FlatSquare { rings, outline: SegmentIndex::new(pieces), corners, along_holes }
    }

    fn lines(&self, square: &Square) -> Vec<WalkWay> {
        let pairs = if self.corners.len() <= MOST_IN_FULL {
            self.all_pairs()
        } else {
            self.nearest_pairs()
        };
        let way = |nodes: OutlineEnds| WalkWay {
            id: square.ways[0],
            nodes: nodes.to_vec(),
            access: square.access,
        };
        pairs.into_iter().chain(self.along_holes.iter().copied()).map(way).collect()
    }

    fn all_pairs(&self) -> Vec<OutlineEnds> {
        let mut pairs = Vec::new();
        for (n, a) in self.corners.iter().enumerate() {
            let others = self.corners[n + 1..].iter().filter(|b| self.joins(a, b));
            pairs.extend(others.map(|b| [a.node, b.node]));
        }
        pairs
    }

    fn nearest_pairs(&self) -> Vec<OutlineEnds> {
        let points = self
            .corners
            .iter()
            .enumerate()
            .map(|(n, corner)| GeomWithData::new([corner.at.x, corner.at.y], n));
        let tree: RTree<GeomWithData<[f64; 2], usize>> = RTree::bulk_load(points.collect());
        let from = |a: &SquareCorner| {
            let (mut settled, mut pairs) = ([false; DIRECTIONS], Vec::new());
            for near in tree.nearest_neighbor_iter(&[a.at.x, a.at.y]).take(NEAREST) {
                let b = &self.corners[near.data];
                let direction = direction(a.at, b.at);
                if !settled[direction]
                    && near.distance_2(&[a.at.x, a.at.y]) > 0.0
                    && self.joins(a, b)
                {
                    settled[direction] = true;
                    pairs.push([a.node.min(b.node), a.node.max(b.node)]);
                }
            }
            pairs
        };
        let mut pairs: Vec<OutlineEnds> = self.corners.par_iter().flat_map_iter(from).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// Whether a straight way between two corners is of use: they see each other, and one can go on
    /// from either.
    fn joins(&self, a: &SquareCorner, b: &SquareCorner) -> bool {
        a.node != b.node && a.leads_on(b.at) && b.leads_on(a.at) && self.sees(a, b)
    }

    /// Whether the straight line between two corners stays on the ground and touches no other
    /// corner. What runs along an outline is walked there.
    fn sees(&self, a: &SquareCorner, b: &SquareCorner) -> bool {
        let ends = [a.node, b.node];
        let touches = |node: u32, at: Projected| {
            let foot = a.at.towards(b.at, at.foot_on(a.at, b.at));
            !ends.contains(&node) && foot.distance(at) < CLOSE
        };
        let clear = self.outline.about(a.at, b.at, CLOSE).all(|piece| {
            let [from, to] = piece.of;
            let shared = [from, to].map(|end| ends.contains(&end));
            let crossed =
                shared == [false; 2] && cross_each_other(a.at, b.at, piece.from, piece.to);
            let blocked = touches(from, piece.from)
                || touches(to, piece.to)
                || crossed
                || shared == [true; 2];
            !blocked
        });
        clear && self.holds(a.at.towards(b.at, 0.5))
    }

    /// Whether a point lies within an odd number of outlines.
    fn holds(&self, point: Projected) -> bool {
        self.rings.iter().filter(|ring| contains(ring, point)).count() % 2 == 1
    }
}

impl SquareCorner {
    /// Whether one who comes from a point can go on here: an entry leads out, a corner is walked
    /// round if neither of its sides lies in the way.
    fn leads_on(&self, from: Projected) -> bool {
        let length = from.distance(self.at).get().max(CLOSE.get());
        let off = |point| side(from, self.at, point) / length;
        let (before, behind) = (off(self.before), off(self.behind));
        let slack = 2.0 * CLOSE.get();
        self.is_entry || before.min(behind) > -slack || before.max(behind) < slack
    }
}

/// Whether a ring is a hole: its first point lies within an odd number of others.
fn is_hole(number: usize, rings: &[Vec<Projected>]) -> bool {
    let Some((first, second)) = rings[number].first().zip(rings[number].get(1)) else {
        return false;
    };
    let middle = first.towards(*second, 0.5);
    let others =
        rings.iter().enumerate().filter(|(other, ring)| *other != number && contains(ring, middle));
    others.count() % 2 == 1
}

fn is_anticlockwise(ring: &[Projected]) -> bool {
    let Some((middle, _)) = middle_and_area(ring) else { return false };
    let turns = (0..ring.len()).map(|n| side(middle, ring[n], ring[(n + 1) % ring.len()]));
    turns.sum::<f64>() > 0.0
}

/// Twice the area of a triangle; positive where its third corner lies to the left of the way from
/// the first to the second.
fn side(a: Projected, b: Projected, c: Projected) -> f64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

fn cross_each_other(a: Projected, b: Projected, c: Projected, d: Projected) -> bool {
    side(a, b, c) * side(a, b, d) <= 0.0 && side(c, d, a) * side(c, d, b) <= 0.0
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a full turn"
)]
fn direction(from: Projected, to: Projected) -> usize {
    let turn = (to.y - from.y).atan2(to.x - from.x) / std::f64::consts::TAU + 0.5;
    ((turn * DIRECTIONS as f64) as usize).min(DIRECTIONS - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::geometry::LonLat;
    use crate::inputs::osm::walk_rules::WalkAccess;

    /// A star-shaped square with a star-shaped hole, every corner of the outline an entry of its
    /// own way or not.
    fn made(outer: &[f64], inner: &[f64], entries: &[bool]) -> (OsmData, Vec<Projected>) {
        let round = |radii: &[f64]| -> Vec<Projected> {
            let at = |(n, radius): (usize, &f64)| {
                let angle = std::f64::consts::TAU * n as f64 / radii.len() as f64;
                Projected { x: radius * angle.cos(), y: radius * angle.sin() }
            };
            radii.iter().enumerate().map(at).collect()
        };
        let at = [round(outer), round(inner)].concat();
        let count = u32::try_from(at.len()).expect("few");
        let split = u32::try_from(outer.len()).expect("few");
        let rings = vec![(0..split).collect(), (split..count).collect::<Vec<u32>>()];
        let rings = rings.into_iter().filter(|ring| !ring.is_empty()).collect();
        let square = Square { ways: vec![1], access: WalkAccess::default(), rings };
        let way = |node: u32| WalkWay {
            id: 10 + i64::from(node),
            nodes: vec![node, count],
            access: square.access,
        };
        let ways = (0..split)
            .zip(entries)
            .filter(|(_, entry)| **entry)
            .map(|(node, _)| way(node))
            .collect();
        let nodes = vec![LonLat::new(0.0, 0.0).expect("on the globe"); at.len() + 1];
        (OsmData { nodes, ways, squares: vec![square], ..OsmData::default() }, at)
    }

    /// Distances over straight lines and the outlines, each to each.
    fn distances(at: &[Projected], lines: &[OutlineEnds]) -> Vec<Vec<f64>> {
        let mut table = vec![vec![f64::INFINITY; at.len()]; at.len()];
        for [a, b] in lines {
            let (a, b) = (*a as usize, *b as usize);
            let length = at[a].distance(at[b]).get();
            (table[a][b], table[b][a]) = (table[a][b].min(length), table[b][a].min(length));
        }
        (0..at.len()).for_each(|n| table[n][n] = 0.0);
        for via in 0..at.len() {
            for a in 0..at.len() {
                for b in 0..at.len() {
                    table[a][b] = table[a][b].min(table[a][via] + table[via][b]);
                }
            }
        }
        table
    }

    fn outlines(square: &Square) -> Vec<OutlineEnds> {
        let of = |ring: &Vec<u32>| -> Vec<OutlineEnds> {
            (0..ring.len()).map(|n| [ring[n], ring[(n + 1) % ring.len()]]).collect()
        };
        square.rings.iter().flat_map(of).collect()
    }

    /// Every two corners that see each other, by walking the line in small steps.
    fn seen_in_steps(rings: &[Vec<Projected>], at: &[Projected]) -> Vec<OutlineEnds> {
        let inside = |point| rings.iter().filter(|ring| contains(ring, point)).count() % 2 == 1;
        let sees = |a: usize, b: usize| {
            (1..400).all(|n| inside(at[a].towards(at[b], f64::from(n) / 400.0)))
        };
        let count = u32::try_from(at.len()).expect("few");
        let pairs = (0..count).flat_map(|a| (a + 1..count).map(move |b| [a, b]));
        pairs.filter(|[a, b]| sees(*a as usize, *b as usize)).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn ways_across_are_as_short_as_any(
            outer in prop::collection::vec(40.0..100.0_f64, 4..10),
            inner in prop::collection::vec(5.0..25.0_f64, 0..7),
            entries in prop::collection::vec(any::<bool>(), 10),
        ) {
            let inner = if inner.len() < 3 { vec![] } else { inner };
            let (data, at) = made(&outer, &inner, &entries);
            let square = &data.squares[0];
            let made: Vec<OutlineEnds> =
                lines_of_sight(&data, &at).iter().map(|way| [way.nodes[0], way.nodes[1]]).collect();
            let found = distances(&at, &[made, outlines(square)].concat());
            let rings: Vec<Vec<Projected>> = square.rings.iter()
                .map(|ring| ring.iter().map(|n| at[*n as usize]).collect()).collect();
            let wanted = distances(&at, &[seen_in_steps(&rings, &at), outlines(square)].concat());
            let entries: Vec<usize> =
                (0..outer.len()).filter(|n| entries[*n]).collect();
            for a in &entries {
                for b in &entries {
                    // Steps of a four hundredth of the way overlook the corner they just cut.
                    let (found, wanted) = (found[*a][*b], wanted[*a][*b]);
                    prop_assert!(found <= wanted + 0.05 * wanted.max(1.0) && found + 1e-6 >= wanted * 0.999,
                        "{} to {}: {} not {}", a, b, found, wanted);
                }
            }
        }
    }

    #[test]
    fn a_square_with_very_many_entries_is_crossed_nearly_straight() {
        let sides = vec![100.0; 2 * MOST_IN_FULL];
        let (data, at) = made(&sides, &[], &vec![true; sides.len()]);
        let lines = lines_of_sight(&data, &at);
        assert!(lines.len() <= sides.len() * DIRECTIONS, "{}", lines.len());
        let made: Vec<OutlineEnds> = lines.iter().map(|way| [way.nodes[0], way.nodes[1]]).collect();
        let found = distances(&at[..sides.len()], &[made, outlines(&data.squares[0])].concat());
        for (n, row) in found.iter().enumerate() {
            for (m, found) in row.iter().enumerate() {
                let straight = at[n].distance(at[m]).get();
                assert!(*found <= straight * 1.055 + 1e-9, "{n} to {m}: {found}, not {straight}");
            }
        }
    }
}
