//! Points on the globe, points on a flat map in metres, and the way from one to the other.
//!
//! A [`LonLat`] has no distance: only a [`Projected`] point has, so that nobody measures in
//! degrees.

pub mod cells;
mod entries;
mod extent;
mod projection;
pub mod rings;
mod segments;

use serde::{Deserialize, Serialize};

use crate::units::Metres;
pub use entries::{Entries, GroundOnMap, OpenGround};
pub use extent::MapExtent;
pub use projection::Projection;
pub use segments::{Segment, SegmentIndex};

/// A point in degrees of WGS 84, known to be finite and in range.
///
/// ```
/// use lastmile::geometry::LonLat;
///
/// let station = LonLat::new(-1.8931, 52.2023).expect("is on the globe");
/// assert_eq!(station.lat(), 52.2023);
/// assert_eq!(LonLat::new(-1.8931, 152.2023), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LonLat {
    lon: f64,
    lat: f64,
}

impl LonLat {
    /// A point; `None` unless -180 ≤ lon ≤ 180 and -90 ≤ lat ≤ 90.
    pub fn new(lon: f64, lat: f64) -> Option<LonLat> {
        ((-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat))
            .then_some(LonLat { lon, lat })
    }

    /// Degrees east of Greenwich.
    pub fn lon(self) -> f64 {
        self.lon
    }

    /// Degrees north of the equator.
    pub fn lat(self) -> f64 {
        self.lat
    }
}

/// A point on the study area's flat map, in metres east and north of its centre.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Projected {
    /// Metres east.
    pub x: f64,
    /// Metres north.
    pub y: f64,
}

impl Projected {
    /// The straight distance to another point.
    pub fn distance(self, other: Projected) -> Metres {
        Metres::new((self.x - other.x).hypot(self.y - other.y))
    }

    /// The point at `share` (0 to 1) of the way to another.
    pub fn towards(self, other: Projected, share: f64) -> Projected {
        Projected { x: self.x + (other.x - self.x) * share, y: self.y + (other.y - self.y) * share }
    }

    /// The share of the way from `a` to `b` at which the straight line between them passes nearest
    /// to this point.
    pub fn foot_on(self, a: Projected, b: Projected) -> f64 {
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let square = dx * dx + dy * dy;
        if square > 0.0 {
            (((self.x - a.x) * dx + (self.y - a.y) * dy) / square).clamp(0.0, 1.0)
        } else {
            0.0
        }
    }
}
