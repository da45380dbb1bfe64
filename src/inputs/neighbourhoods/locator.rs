//! In which neighbourhood a point lies.

use geo::coordinate_position::{CoordPos, CoordinatePosition};
use geo::{BoundingRect, Coord};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::{Neighbourhood, Neighbourhoods};
use crate::geometry::LonLat;
use crate::ids::{IdxVec, ZoneIdx};

type Boxed = GeomWithData<Rectangle<[f64; 2]>, ZoneIdx>;

/// Finds the neighbourhood of a point.
pub struct ZoneLocator<'a> {
    zones: &'a IdxVec<ZoneIdx, Neighbourhood>,
    boxes: RTree<Boxed>,
}

impl<'a> ZoneLocator<'a> {
    /// A locator for these neighbourhoods.
    pub fn new(neighbourhoods: &'a Neighbourhoods) -> ZoneLocator<'a> {
        let zones = &neighbourhoods.zones;
        let boxed = |(zone, n): (ZoneIdx, &Neighbourhood)| {
            let r = n.polygon.bounding_rect()?;
            Some(Boxed::new(Rectangle::from_corners([r.min().x, r.min().y], [r.max().x, r.max().y]), zone))
        };
        ZoneLocator { zones, boxes: RTree::bulk_load(zones.enumerate().filter_map(boxed).collect()) }
    }

    /// The neighbourhood whose inside holds the point, else the first of the file whose edge it lies on; where
    /// neighbourhoods overlap, the first of the file.
    pub fn zone_of(&self, point: LonLat) -> Option<ZoneIdx> {
        let at = Coord { x: point.lon(), y: point.lat() };
        let near = self.boxes.locate_in_envelope_intersecting(&AABB::from_point([at.x, at.y]));
        let touching = near.filter_map(|b| match self.zones[b.data].polygon.coordinate_position(&at) {
            CoordPos::Inside => Some((0, b.data)),
            CoordPos::OnBoundary => Some((1, b.data)),
            CoordPos::Outside => None,
        });
        touching.min().map(|(_, zone)| zone)
    }
}
