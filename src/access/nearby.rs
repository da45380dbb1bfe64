//! Places inside a neighbourhood or close to its boundary, whether or not a street leads there.
//!
//! The Community Needs Index counts civic assets so: "inside or within 1 km of the community
//! boundary, per 1,000 population" (OCSI, Community Needs Index domains, 2019). The distance is
//! straight, on the study area's map.

use geo::{BoundingRect, Distance, Euclidean, MapCoords, MultiPolygon, Point};
use rayon::prelude::*;
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use crate::geometry::{LonLat, Projection};
use crate::units::Metres;

/// How many places, each of one or more points, lie in each polygon or within a distance of it. A
/// place that the boundary cuts through or touches counts, once.
pub fn count<'a>(
    projection: Projection,
    polygons: &[&MultiPolygon<f64>],
    places: impl IntoIterator<Item = &'a [LonLat]>,
    within: Metres,
) -> Vec<u32> {
    let points = places
        .into_iter()
        .enumerate()
        .flat_map(|(place, points)| points.iter().map(move |p| (place, *p)));
    let points = points.map(|(place, point)| {
        let at = projection.project(point);
        GeomWithData::new([at.x, at.y], place)
    });
    let tree = RTree::bulk_load(points.collect());
    polygons.par_iter().map(|polygon| of_polygon(projection, polygon, &tree, within)).collect()
}

fn of_polygon(
    projection: Projection,
    polygon: &MultiPolygon<f64>,
    places: &RTree<GeomWithData<[f64; 2], usize>>,
    within: Metres,
) -> u32 {
    let flat = polygon.map_coords(|corner| match LonLat::new(corner.x, corner.y) {
        Some(point) => {
            let at = projection.project(point);
            (at.x, at.y).into()
        }
        None => corner,
    });
    let Some(rect) = flat.bounding_rect() else { return 0 };
    let (low, high) = (rect.min(), rect.max());
    let reach = within.get();
    let envelope =
        AABB::from_corners([low.x - reach, low.y - reach], [high.x + reach, high.y + reach]);
    let near = places.locate_in_envelope(&envelope).filter(|place| {
        let [x, y] = *place.geom();
        Euclidean.distance(&Point::new(x, y), &flat) <= reach
    });
    let mut found: Vec<usize> = near.map(|place| place.data).collect();
    found.sort_unstable();
    found.dedup();
    u32::try_from(found.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;

    #[test]
    fn a_place_counts_once_inside_or_within_the_distance_of_the_boundary() {
        // A square of 0.01 degrees at the equator, 1,113 by 1,106 m; 0.001 degrees are 111 m.
        let square = MultiPolygon(vec![polygon![
            (x: 0.0, y: 0.0), (x: 0.01, y: 0.0), (x: 0.01, y: 0.01), (x: 0.0, y: 0.01)
        ]]);
        let far =
            MultiPolygon(vec![polygon![(x: 1.0, y: 1.0), (x: 1.01, y: 1.0), (x: 1.0, y: 1.01)]]);
        let at = |lon, lat| LonLat::new(lon, lat).expect("in range");
        let inside = [at(0.005, 0.005), at(0.006, 0.005)];
        let beside = [at(0.018, 0.005)]; // 890 m east
        let corner = [at(0.0165, 0.0165)]; // 723 m east and north: 1,022 m
        let places: [&[LonLat]; 3] = [&inside, &beside, &corner];
        let count = |metres| {
            count(Projection::about(at(0.0, 0.0)), &[&square, &far], places, Metres::new(metres))
        };
        assert_eq!(count(0.0), [1, 0]);
        assert_eq!(count(880.0), [1, 0]);
        assert_eq!(count(900.0), [2, 0]);
        assert_eq!(count(1000.0), [2, 0]);
        assert_eq!(count(1030.0), [3, 0]);
    }
}
