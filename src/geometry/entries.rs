//! Where a place is reached: at points, and on its ground.

use std::ops::Deref;
use std::sync::Arc;

use super::rings::{bounds, contains};
use super::{LonLat, Projected, Projection};

/// Where a place, or several together, are reached: any of these points will do, and whoever stands
/// on the open ground of one is there. It reads as the points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entries {
    points: Vec<LonLat>,
    grounds: Vec<OpenGround>,
}

/// An area that one is at as soon as one stands within: its outlines and holes, in any order.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenGround(Arc<[Vec<LonLat>]>);

/// Open ground on the flat map.
#[derive(Clone, Debug)]
pub struct GroundOnMap {
    rings: Vec<Vec<Projected>>,
    low: Projected,
    high: Projected,
}

impl Entries {
    /// A place that is reached at these points, and by who stands on its ground if it has any.
    pub fn new(points: Vec<LonLat>, ground: Option<OpenGround>) -> Entries {
        Entries { points, grounds: ground.into_iter().collect() }
    }

    /// The open grounds.
    pub fn grounds(&self) -> &[OpenGround] {
        &self.grounds
    }
}

impl Deref for Entries {
    type Target = [LonLat];
    fn deref(&self) -> &[LonLat] {
        &self.points
    }
}

impl From<Vec<LonLat>> for Entries {
    fn from(points: Vec<LonLat>) -> Entries {
        Entries::new(points, None)
    }
}

impl<'a> FromIterator<&'a Entries> for Entries {
    /// Places taken together: reaching any of them is arriving.
    fn from_iter<I: IntoIterator<Item = &'a Entries>>(each: I) -> Entries {
        let mut all = Entries::default();
        for entries in each {
            all.points.extend_from_slice(&entries.points);
            all.grounds.extend_from_slice(&entries.grounds);
        }
        all
    }
}

impl OpenGround {
    /// Ground within these rings, their first point not repeated; what an even number of them
    /// encloses is outside. `None` without a ring.
    pub fn new(rings: Vec<Vec<LonLat>>) -> Option<OpenGround> {
        let rings: Vec<Vec<LonLat>> = rings.into_iter().filter(|ring| ring.len() > 2).collect();
        (!rings.is_empty()).then(|| OpenGround(rings.into()))
    }

    /// The same on a flat map.
    pub fn on(&self, projection: &Projection) -> GroundOnMap {
        let ring =
            |ring: &Vec<LonLat>| ring.iter().map(|point| projection.project(*point)).collect();
        let rings: Vec<Vec<Projected>> = self.0.iter().map(ring).collect();
        let (low, high) = bounds(&rings.concat());
        GroundOnMap { rings, low, high }
    }
}

impl GroundOnMap {
    /// Whether a point lies within.
    pub fn contains(&self, point: Projected) -> bool {
        let in_box = (self.low.x..=self.high.x).contains(&point.x)
            && (self.low.y..=self.high.y).contains(&point.y);
        in_box && self.rings.iter().filter(|ring| contains(ring, point)).count() % 2 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_stands_in_a_hole_is_not_on_the_ground() {
        let at = |lon, lat| LonLat::new(lon, lat).expect("on the globe");
        let square =
            |low: f64, high: f64| vec![at(low, low), at(high, low), at(high, high), at(low, high)];
        let ground =
            OpenGround::new(vec![square(0.0, 0.04), square(0.01, 0.02)]).expect("two rings");
        let map = Projection::about(at(0.0, 0.0));
        let on = |lon, lat| ground.on(&map).contains(map.project(at(lon, lat)));
        assert!(on(0.03, 0.03) && on(0.005, 0.015));
        assert!(!on(0.015, 0.015) && !on(0.05, 0.01));
        assert_eq!(OpenGround::new(vec![vec![at(0.0, 0.0), at(1.0, 1.0)]]), None);
    }

    #[test]
    fn places_together_have_the_points_and_grounds_of_all() {
        let at = |lon| LonLat::new(lon, 0.0).expect("on the globe");
        let ground =
            OpenGround::new(vec![vec![at(0.0), at(1.0), LonLat::new(0.0, 1.0).expect("valid")]]);
        let (park, shop) = (Entries::new(vec![at(1.0)], ground), Entries::from(vec![at(2.0)]));
        let all: Entries = [&park, &shop].into_iter().collect();
        assert_eq!((&all[..], all.grounds().len()), (&[at(1.0), at(2.0)][..], 1));
    }
}
