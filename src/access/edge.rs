//! The edge of the data: who may look worse off than she is because the map ends.

use geo::{Contains, Distance, Euclidean};

use crate::geometry::{LonLat, Projected, Projection};
use crate::units::Metres;

/// The part of the world that the extract covers, as far as its walkable ways tell.
pub struct Coverage {
    projection: Projection,
    hull: geo::Polygon<f64>,
}

/// Where a point lies with respect to the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Everything within the radius is on the map.
    Inside,
    /// Something within the radius is off the map.
    AtTheEdge,
    /// The point itself is off the map.
    Outside,
}

impl Coverage {
    /// From the corners of the convex hull of the extract's streets.
    pub fn new(projection: Projection, hull: &[LonLat]) -> Coverage {
        let corners: Vec<(f64, f64)> =
            hull.iter().map(|p| projection.project(*p)).map(|p| (p.x, p.y)).collect();
        Coverage { projection, hull: geo::Polygon::new(corners.into(), Vec::new()) }
    }

    /// Where a point lies, for who looks `radius` far.
    pub fn place(&self, point: LonLat, radius: Metres) -> Place {
        let Projected { x, y } = self.projection.project(point);
        let point = geo::Point::new(x, y);
        if !self.hull.contains(&point) {
            Place::Outside
        } else if Euclidean.distance(&point, self.hull.exterior()) < radius.0 {
            Place::AtTheEdge
        } else {
            Place::Inside
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_the_hull_one_is_at_its_edge_and_beyond_it_outside() {
        let at = |lon, lat| LonLat::new(lon, lat).expect("in range");
        // A square of some 2.2 km about the origin of the map; a hundredth of a degree is 1.1 km there.
        let hull = [at(-0.01, -0.01), at(0.01, -0.01), at(0.01, 0.01), at(-0.01, 0.01)];
        let coverage = Coverage::new(Projection::about(at(0.0, 0.0)), &hull);
        assert_eq!(coverage.place(at(0.0, 0.0), Metres(1000.0)), Place::Inside);
        assert_eq!(coverage.place(at(0.0, 0.0), Metres(1200.0)), Place::AtTheEdge);
        assert_eq!(coverage.place(at(0.0, 0.02), Metres(10.0)), Place::Outside);
    }
}
