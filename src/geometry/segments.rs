//! The nearest-segment index: straight pieces of lines on the flat map, each with what it belongs
//! to.

use std::sync::Arc;

use rstar::{AABB, PointDistance, RTree, RTreeObject};

use super::Projected;
use crate::units::Metres;

/// A straight piece of a line, and what it belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment<T> {
    /// Where it begins.
    pub from: Projected,
    /// Where it ends.
    pub to: Projected,
    /// What it is a piece of.
    pub of: T,
}

impl<T> Segment<T> {
    /// The point of this segment nearest to another.
    pub fn nearest_to(&self, point: Projected) -> Projected {
        self.from.towards(self.to, point.foot_on(self.from, self.to))
    }

    /// Where this segment crosses or touches the straight line from `a` to `b`.
    pub fn meets(&self, a: Projected, b: Projected) -> Option<Projected> {
        let (rx, ry) = (b.x - a.x, b.y - a.y);
        let (sx, sy) = (self.to.x - self.from.x, self.to.y - self.from.y);
        let cross = rx * sy - ry * sx;
        if cross == 0.0 {
            return None;
        }
        let (qx, qy) = (self.from.x - a.x, self.from.y - a.y);
        let (t, u) = ((qx * sy - qy * sx) / cross, (qx * ry - qy * rx) / cross);
        ((0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&u)).then(|| a.towards(b, t))
    }
}

impl<T> RTreeObject for Segment<T> {
    type Envelope = AABB<[f64; 2]>;
    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners([self.from.x, self.from.y], [self.to.x, self.to.y])
    }
}

impl<T> PointDistance for Segment<T> {
    fn distance_2(&self, point: &[f64; 2]) -> f64 {
        let point = Projected { x: point[0], y: point[1] };
        let nearest = self.nearest_to(point);
        (nearest.x - point.x).powi(2) + (nearest.y - point.y).powi(2)
    }
}

/// Segments, found by place. A clone shares them.
#[derive(Clone, Debug)]
pub struct SegmentIndex<T> {
    tree: Arc<RTree<Segment<T>>>,
}

impl<T: Copy + PartialEq> SegmentIndex<T> {
    /// An index of segments with finite coordinates.
    pub fn new(segments: Vec<Segment<T>>) -> SegmentIndex<T> {
        SegmentIndex { tree: Arc::new(RTree::bulk_load(segments)) }
    }

    /// Segments within a distance of a point, the nearest first, each with its distance. The order
    /// of equally distant ones is not told: break ties by what they belong to.
    pub fn near(
        &self,
        point: Projected,
        within: Metres,
    ) -> impl Iterator<Item = (&Segment<T>, Metres)> {
        self.tree
            .nearest_neighbor_iter_with_distance_2(&[point.x, point.y])
            .map(|(segment, square)| (segment, Metres::new(square.sqrt())))
            .take_while(move |(_, distance)| *distance <= within)
    }

    /// Segments whose bounding box meets that of the straight line from `a` to `b`, widened by
    /// `margin`.
    pub fn about(
        &self,
        a: Projected,
        b: Projected,
        margin: Metres,
    ) -> impl Iterator<Item = &Segment<T>> {
        let low = [a.x.min(b.x) - margin.get(), a.y.min(b.y) - margin.get()];
        let high = [a.x.max(b.x) + margin.get(), a.y.max(b.y) + margin.get()];
        self.tree.locate_in_envelope_intersecting(&AABB::from_corners(low, high))
    }

    /// How many segments there are.
    pub fn len(&self) -> usize {
        self.tree.size()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tree.size() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(x: f64, y: f64) -> Projected {
        Projected { x, y }
    }

    #[test]
    fn the_nearest_point_of_a_segment_is_the_foot_or_an_end() {
        let segment = Segment { from: at(0.0, 0.0), to: at(10.0, 0.0), of: () };
        assert_eq!(segment.nearest_to(at(3.0, 4.0)), at(3.0, 0.0));
        assert_eq!(segment.nearest_to(at(-3.0, 4.0)), at(0.0, 0.0));
        let point = Segment { from: at(1.0, 1.0), to: at(1.0, 1.0), of: () };
        assert_eq!(point.nearest_to(at(5.0, 5.0)), at(1.0, 1.0));
    }

    #[test]
    fn lines_meet_where_they_cross() {
        let segment = Segment { from: at(0.0, 0.0), to: at(10.0, 0.0), of: () };
        assert_eq!(segment.meets(at(4.0, -2.0), at(4.0, 2.0)), Some(at(4.0, 0.0)));
        assert_eq!(segment.meets(at(4.0, 1.0), at(4.0, 2.0)), None);
        assert_eq!(segment.meets(at(0.0, 1.0), at(10.0, 1.0)), None, "parallel");
    }

    proptest! {
        #[test]
        fn the_index_finds_what_looking_at_all_segments_finds(
            ends in prop::collection::vec([-100.0..100.0_f64, -100.0..100.0, -20.0..20.0, -20.0..20.0], 1..60),
            x in -120.0..120.0_f64,
            y in -120.0..120.0_f64,
            within in 0.0..80.0_f64,
        ) {
            let segments: Vec<_> = ends.iter().enumerate()
                .map(|(of, [x, y, dx, dy])| Segment { from: at(*x, *y), to: at(x + dx, y + dy), of })
                .collect();
            let distance = |s: &Segment<usize>| s.nearest_to(at(x, y)).distance(at(x, y)).get();
            let mut wanted: Vec<usize> = segments.iter().filter(|s| distance(s) <= within).map(|s| s.of).collect();
            let index = SegmentIndex::new(segments.clone());
            let found: Vec<_> = index.near(at(x, y), Metres::new(within)).map(|(s, d)| (s.of, d.get())).collect();
            prop_assert!(found.windows(2).all(|w| w[0].1 <= w[1].1));
            let mut found: Vec<usize> = found.into_iter().map(|(of, _)| of).collect();
            found.sort_unstable();
            wanted.sort_unstable();
            prop_assert_eq!(found, wanted);
        }
    }
}
