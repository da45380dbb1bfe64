//! In which neighbourhood a point lies.

use geo::coordinate_position::{CoordPos, CoordinatePosition};
use geo::{Area, BoundingRect, Coord};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::{Neighbourhood, Neighbourhoods};
use crate::geometry::LonLat;
use crate::ids::{IdxVec, NeighbourhoodIdx};

type IndexedPolygon = GeomWithData<Rectangle<[f64; 2]>, NeighbourhoodIdx>;

/// Finds the neighbourhood of a point.
pub struct NeighbourhoodLocator<'a> {
    zones: &'a IdxVec<NeighbourhoodIdx, Neighbourhood>,
    boxes: RTree<IndexedPolygon>,
    /// The rank of each neighbourhood among all: the smaller comes first, and of equal ones the
    /// lesser code.
    ranks: IdxVec<NeighbourhoodIdx, usize>,
}

impl<'a> NeighbourhoodLocator<'a> {
    /// A locator for these neighbourhoods.
    pub fn new(neighbourhoods: &'a Neighbourhoods) -> NeighbourhoodLocator<'a> {
        let zones = &neighbourhoods.zones;
        let boxed = |(zone, n): (NeighbourhoodIdx, &Neighbourhood)| {
            let r = n.polygon.bounding_rect()?;
            Some(IndexedPolygon::new(
                Rectangle::from_corners([r.min().x, r.min().y], [r.max().x, r.max().y]),
                zone,
            ))
        };
        let boxes = RTree::bulk_load(zones.enumerate().filter_map(boxed).collect());
        NeighbourhoodLocator { zones, boxes, ranks: ranks(zones) }
    }

    /// The neighbourhood whose inside holds the point, else one whose edge it lies on. Where
    /// several do, the smallest of them, and of equal ones that with the lesser code: the order of
    /// the file decides nothing.
    pub fn zone_of(&self, point: LonLat) -> Option<NeighbourhoodIdx> {
        self.touching(point).min().map(|(_, _, zone)| zone)
    }

    /// All neighbourhoods whose inside holds the point, the one that it counts for in front.
    pub fn zones_of(&self, point: LonLat) -> Vec<NeighbourhoodIdx> {
        let mut inside: Vec<_> = self.touching(point).filter(|(on_edge, ..)| !on_edge).collect();
        inside.sort_unstable();
        inside.into_iter().map(|(_, _, zone)| zone).collect()
    }

    /// Whether the point lies on its edge, its rank, and the neighbourhood.
    fn touching(&self, point: LonLat) -> impl Iterator<Item = (bool, usize, NeighbourhoodIdx)> {
        let at = Coord { x: point.lon(), y: point.lat() };
        let near = self.boxes.locate_in_envelope_intersecting(&AABB::from_point([at.x, at.y]));
        near.filter_map(move |b| {
            let on_edge = match self.zones[b.data].polygon.coordinate_position(&at) {
                CoordPos::Inside => false,
                CoordPos::OnBoundary => true,
                CoordPos::Outside => return None,
            };
            Some((on_edge, self.ranks[b.data], b.data))
        })
    }
}

fn ranks(zones: &IdxVec<NeighbourhoodIdx, Neighbourhood>) -> IdxVec<NeighbourhoodIdx, usize> {
    // Of one outline drawn from another corner the area differs in its last places.
    #[expect(clippy::cast_possible_truncation, reason = "seven places tell neighbourhoods apart")]
    let areas: IdxVec<NeighbourhoodIdx, f32> =
        zones.iter().map(|n| n.polygon.unsigned_area() as f32).collect();
    let mut order: Vec<NeighbourhoodIdx> = zones.indices().collect();
    order.sort_by(|a, b| {
        areas[*a].total_cmp(&areas[*b]).then_with(|| zones[*a].id.cmp(&zones[*b].id))
    });
    let mut ranks: IdxVec<NeighbourhoodIdx, usize> = zones.iter().map(|_| 0).collect();
    for (rank, zone) in order.into_iter().enumerate() {
        ranks[zone] = rank;
    }
    ranks
}
