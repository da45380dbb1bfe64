//! Coordinates that cannot be what they say: exchanged, nought, or of another country. Tested point
//! by point, for one such row among many is the usual case, and a place that is elsewhere vanishes
//! without a trace.

use crate::geometry::LonLat;
use crate::inputs::crs::{BRITISH_ISLES, Bounds};

/// Degrees from 0, 0 within which nothing lies but the sea, and what databases make of blanks.
const NOWHERE: f64 = 0.01;
/// Without a country to go by: so many degrees beyond the study's surroundings is another one.
const FAR: f64 = 10.0;

/// What is wrong with where a point lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stray {
    /// With longitude and latitude exchanged it would lie in the study's surroundings.
    Exchanged,
    /// It is 0, 0.
    Nowhere,
    /// It is in another country.
    FarAway,
}

impl Stray {
    /// What is wrong with a point of a study whose surroundings are `area`; `None` if it may be
    /// right.
    pub fn of(point: LonLat, area: Bounds) -> Option<Stray> {
        let (lon, lat) = (point.lon(), point.lat());
        if area.holds(lon, lat) {
            None
        } else if area.holds(lat, lon) {
            Some(Stray::Exchanged)
        } else if lon.abs() < NOWHERE && lat.abs() < NOWHERE {
            Some(Stray::Nowhere)
        } else {
            let british = BRITISH_ISLES.meets(area);
            let country = if british { BRITISH_ISLES } else { area.grown(FAR) };
            (!country.holds(lon, lat)).then_some(Stray::FarAway)
        }
    }

    /// The code of its finding.
    pub fn code(self) -> &'static str {
        match self {
            Stray::Exchanged => "coordinates_exchanged",
            Stray::Nowhere => "coordinates_nought",
            Stray::FarAway => "coordinates_far_away",
        }
    }

    /// What is wrong with a point, in words.
    pub fn says(self, point: LonLat) -> String {
        let (lon, lat) = (point.lon(), point.lat());
        match self {
            Stray::Exchanged => format!(
                "longitude and latitude look exchanged (longitude {lon}, latitude {lat}): \
                 left as they stand, so that nobody gets there; exchange them in the file"
            ),
            Stray::Nowhere => format!(
                "longitude {lon}, latitude {lat} is in the sea off Africa, where blanks end up: nobody gets there"
            ),
            Stray::FarAway => format!(
                "longitude {lon}, latitude {lat} is in another country than the study: nobody gets there"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stray(lon: f64, lat: f64, area: Bounds) -> Option<Stray> {
        Stray::of(LonLat::new(lon, lat).expect("on the globe"), area)
    }

    #[test]
    fn each_point_is_judged_by_itself() {
        let newport = Bounds { lon: (-3.1, -2.8), lat: (51.5, 51.6) }.grown(1.0);
        assert_eq!(stray(-3.0, 51.55, newport), None);
        assert_eq!(stray(51.55, -3.0, newport), Some(Stray::Exchanged));
        assert_eq!(stray(0.0, 0.0, newport), Some(Stray::Nowhere));
        assert_eq!(stray(-1.5, 54.9, newport), None, "a national register knows other towns");
        assert_eq!(stray(-58.4, -34.6, newport), Some(Stray::FarAway));
        assert_eq!(stray(3.0, 51.55, newport), Some(Stray::FarAway), "a lost sign");
    }

    #[test]
    fn elsewhere_the_study_s_own_surroundings_tell() {
        let porto_alegre = Bounds { lon: (-51.3, -51.0), lat: (-30.3, -29.9) }.grown(1.0);
        assert_eq!(stray(-30.0, -51.1, porto_alegre), Some(Stray::Exchanged));
        assert_eq!(stray(-46.6, -23.5, porto_alegre), None, "another town of the country");
        assert_eq!(stray(-3.0, 51.5, porto_alegre), Some(Stray::FarAway));
        let greenwich = Bounds { lon: (-0.1, 0.1), lat: (-0.1, 0.1) };
        assert_eq!(stray(0.0, 0.0, greenwich), None, "a study on the equator");
    }
}
