//! Other projections by their EPSG codes: UTM zones on WGS 84 or ETRS89, Irish Transverse Mercator, Irish Grid, Web Mercator.
//!
//! All but Irish Grid lie on ellipsoids that are WGS 84's to within a tenth of a millimetre, so that no shift of datum is needed. Irish Grid
//! has its own (see [`super::shift`]), good to a metre or so. The
//! transverse Mercator projection is inverted by Krüger's series to the third order in n (C. F. F. Karney, "Transverse
//! Mercator with an accuracy of a few nanometers", J. Geodesy 85, 2011, gives them), good to a millimetre within a zone.

use super::shift;
use crate::geometry::LonLat;

/// A projection of the globe on a plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plane {
    /// Universal Transverse Mercator: the zone, 1 to 60, and whether it is south of the equator.
    Utm(u8, bool),
    /// Irish Transverse Mercator (EPSG:2157).
    Irish,
    /// Irish Grid of 1965 and 1975 (EPSG:29902, EPSG:29903): Northern Ireland's, too.
    IrishGrid,
    /// What web maps use (EPSG:3857).
    WebMercator,
}

/// The shape of the earth that a projection takes for granted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ellipsoid {
    /// Half its greatest width, metres.
    pub a: f64,
    /// Flattening.
    pub f: f64,
}

pub(super) const WGS84: Ellipsoid = Ellipsoid { a: 6_378_137.0, f: 1.0 / 298.257_223_563 };

impl Plane {
    /// The projection of an EPSG code.
    pub(super) fn of_epsg(code: u32) -> Option<Plane> {
        let zone = |base: u32| u8::try_from(code - base).ok();
        match code {
            32_601..=32_660 => Some(Plane::Utm(zone(32_600)?, false)),
            32_701..=32_760 => Some(Plane::Utm(zone(32_700)?, true)),
            25_828..=25_838 => Some(Plane::Utm(zone(25_800)?, false)),
            2_157 => Some(Plane::Irish),
            29_902 | 29_903 => Some(Plane::IrishGrid),
            3_857 | 900_913 | 102_100 => Some(Plane::WebMercator),
            _ => None,
        }
    }

    /// The place of a pair of metres, if there is one.
    pub(super) fn point(self, x: f64, y: f64) -> Option<LonLat> {
        if !(x.abs() < 3e7 && y.abs() < 3e7) {
            return None;
        }
        let (lon, lat) = match self {
            Plane::WebMercator => (x / WGS84.a, (y / WGS84.a).sinh().atan()),
            Plane::Irish => transverse(WGS84, x - 600_000.0, y - 750_000.0, -8.0, 53.5, 0.999_82)?,
            Plane::IrishGrid => {
                let (east, north) = (x - 200_000.0, y - 250_000.0);
                shift::from_ireland(transverse(shift::IRELAND, east, north, -8.0, 53.5, 1.000_035)?)
            }
            Plane::Utm(zone, south) => {
                let north = if south { 10_000_000.0 } else { 0.0 };
                transverse(WGS84, x - 500_000.0, y - north, f64::from(zone) * 6.0 - 183.0, 0.0, 0.9996)?
            }
        };
        LonLat::new(lon.to_degrees(), lat.to_degrees())
    }
}

/// Longitude and latitude, in radians, of a point east and north of the origin; `None` far outside any zone.
fn transverse(on: Ellipsoid, east: f64, north: f64, lon0: f64, lat0: f64, scale: f64) -> Option<(f64, f64)> {
    let n = on.f / (2.0 - on.f);
    let (n2, n3) = (n * n, n * n * n);
    let radius = on.a / (1.0 + n) * (1.0 + n2 / 4.0 + n2 * n2 / 64.0);
    let from_equator = {
        let alpha = [
            n / 2.0 - 2.0 * n2 / 3.0 + 5.0 * n3 / 16.0,
            13.0 * n2 / 48.0 - 3.0 * n3 / 5.0,
            61.0 * n3 / 240.0,
        ];
        let sin = lat0.to_radians().sin();
        let e = 2.0 * n.sqrt() / (1.0 + n);
        let conformal = (sin.atanh() - e * (e * sin).atanh()).sinh().atan();
        conformal + series(&alpha, |k| (k * conformal).sin())
    };
    let beta = [n / 2.0 - 2.0 * n2 / 3.0 + 37.0 * n3 / 96.0, n2 / 48.0 + n3 / 15.0, 17.0 * n3 / 480.0];
    let delta = [2.0 * n - 2.0 * n2 / 3.0 - 2.0 * n3, 7.0 * n2 / 3.0 - 8.0 * n3 / 5.0, 56.0 * n3 / 15.0];
    let xi = north / (scale * radius) + from_equator;
    let eta = east / (scale * radius);
    if eta.abs() > 0.5 {
        return None;
    }
    let xi1 = xi - series(&beta, |k| (k * xi).sin() * (k * eta).cosh());
    let eta1 = eta - series(&beta, |k| (k * xi).cos() * (k * eta).sinh());
    let chi = (xi1.sin() / eta1.cosh()).asin();
    let lat = chi + series(&delta, |k| (k * chi).sin());
    Some((lon0.to_radians() + (eta1.sinh() / xi1.cos()).atan(), lat))
}

/// Σ of a coefficient and a function of 2, 4, 6.
fn series(coefficients: &[f64; 3], of: impl Fn(f64) -> f64) -> f64 {
    coefficients.iter().zip([2.0, 4.0, 6.0]).map(|(c, k)| c * of(k)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(plane: Plane, x: f64, y: f64, lon: f64, lat: f64, slack: f64) {
        let p = plane.point(x, y).expect("on the globe");
        assert!((p.lon() - lon).abs() < slack && (p.lat() - lat).abs() < slack, "{plane:?}: {p:?}");
    }

    #[test]
    fn known_points_are_met() {
        // The CN Tower, as commonly given: 17 N 630084 E 4833438 N, 43° 38′ 33.24″ N 79° 23′ 13.7″ W (whole metres).
        near(Plane::Utm(17, false), 630_084.0, 4_833_438.0, -79.387_139, 43.642_567, 2e-5);
        // On a central meridian: from the equator to 45° are 4,984,944.378 m.
        near(Plane::Utm(31, false), 500_000.0, 0.9996 * 4_984_944.378, 3.0, 45.0, 1e-8);
        near(Plane::Utm(31, true), 500_000.0, 10_000_000.0, 3.0, 0.0, 1e-12);
        near(Plane::Irish, 600_000.0, 750_000.0, -8.0, 53.5, 1e-8);
        // By PROJ (EPSG:29902 to 4326): Belfast, Dublin, Connemara. 1e-7 degrees are a centimetre.
        near(Plane::IrishGrid, 338_000.0, 374_000.0, -5.865_644_309_4, 54.595_393_826_5, 1e-7);
        near(Plane::IrishGrid, 315_904.0, 234_671.0, -6.260_248_518_1, 53.349_796_022_8, 1e-7);
        near(Plane::IrishGrid, 100_000.0, 200_000.0, -9.491_648_829_9, 53.041_609_767_3, 1e-7);
        assert_eq!(Plane::of_epsg(29_903), Some(Plane::IrishGrid));
        // Half the world's side is 20,037,508.342789 m.
        near(Plane::WebMercator, 20_037_508.342_789, 20_037_508.342_789, 180.0, 85.051_128_779_8, 1e-9);
    }

    #[test]
    fn nonsense_is_nowhere() {
        for (x, y) in [(f64::NAN, 0.0), (1e9, 0.0), (f64::INFINITY, f64::NEG_INFINITY), (2.9e7, 1.0)] {
            assert_eq!(Plane::Utm(30, false).point(x, y), None, "{x}, {y}");
        }
    }
}
