//! Reference systems by their codes in EPSG's register, turned by `proj4rs` with the definitions of
//! `crs-definitions`.
//!
//! Systems on WGS 84, ETRS89 or NAD 83 and their like are taken to share one datum, which is right
//! to a metre or two; others are shifted by the three or seven parameters of the register, mostly
//! right to a few metres. What has no such parameters, or needs a file of them, is not read: it
//! would lie a hundred metres off without a word.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use proj4rs::Proj;
use proj4rs::transform::transform;

use crate::geometry::LonLat;

/// Turned back, a place must lie where it was, in metres.
const SLACK: f64 = 1.0;

/// A reference system of the register.
#[derive(Clone, Copy)]
pub struct Registered {
    code: u16,
    shifted: bool,
    proj: &'static Proj,
    globe: &'static Proj,
}

impl Registered {
    /// The system of a code; `None` where it is not read.
    pub(super) fn of(code: u16) -> Option<Registered> {
        /// Made once for a code, and kept as long as the program runs.
        static KNOWN: Mutex<BTreeMap<u16, Option<Registered>>> = Mutex::new(BTreeMap::new());
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        *known.entry(code).or_insert_with(|| Registered::made(code))
    }

    fn made(code: u16) -> Option<Registered> {
        let text = crs_definitions::from_code(code)?.proj4;
        let said = |key: &str| text.split_whitespace().find_map(|word| word.strip_prefix(key));
        let grids = said("+nadgrids=").is_some_and(|grids| grids != "@null");
        let modern = matches!(said("+datum="), Some("WGS84" | "NAD83"))
            || said("+towgs84=")
                .is_some_and(|shift| shift.split(',').all(|n| n.parse() == Ok(0.0)))
            || said("+towgs84=").is_none() && matches!(said("+ellps="), Some("GRS80" | "WGS84"));
        let known =
            modern || said("+towgs84=").is_some() || said("+datum=").is_some() || grids_none(text);
        if grids || !known || said("+axis=").is_some() || said("+proj=") == Some("geocent") {
            return None;
        }
        let proj: &'static Proj = Box::leak(Box::new(Proj::from_proj_string(text).ok()?));
        let globe = Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs").ok()?;
        let usable = proj.has_inverse() && proj.has_forward();
        let shifted = !modern && !grids_none(text);
        usable.then(|| Registered { code, shifted, proj, globe: Box::leak(Box::new(globe)) })
    }

    /// Whether its datum is shifted by parameters, so that places are right to some metres.
    pub(super) fn is_shifted(self) -> bool {
        self.shifted
    }

    /// Whether its numbers are metres or the like, and not degrees.
    pub(super) fn is_plane(self) -> bool {
        !self.proj.is_latlong()
    }

    /// The place of a pair of coordinates, x first, if there is one.
    pub(super) fn point(self, x: f64, y: f64) -> Option<LonLat> {
        let given = self.units(x, y).filter(|_| x.abs() < 1e8 && y.abs() < 1e8)?;
        let mut turned = given;
        transform(self.proj, self.globe, &mut turned).ok()?;
        let point = LonLat::new(turned.0.to_degrees(), turned.1.to_degrees())?;
        let mut back = turned;
        transform(self.globe, self.proj, &mut back).ok()?;
        let slack = if self.is_plane() { SLACK } else { 1e-5 };
        let near = (back.0 - given.0).abs() < slack && (back.1 - given.1).abs() < slack;
        near.then_some(point)
    }

    fn units(self, x: f64, y: f64) -> Option<(f64, f64, f64)> {
        if !(x.is_finite() && y.is_finite()) {
            return None;
        }
        if self.is_plane() {
            return Some((x, y, 0.0));
        }
        (x.abs() <= 180.0 && y.abs() <= 90.0).then(|| (x.to_radians(), y.to_radians(), 0.0))
    }
}

fn grids_none(text: &str) -> bool {
    text.contains("+nadgrids=@null")
}

impl fmt::Debug for Registered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EPSG:{}", self.code)
    }
}

impl PartialEq for Registered {
    fn eq(&self, other: &Registered) -> bool {
        self.code == other.code
    }
}

impl Eq for Registered {}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(code: u16, x: f64, y: f64, lon: f64, lat: f64, slack: f64) {
        let p = Registered::of(code).expect("read").point(x, y).expect("on the globe");
        assert!((p.lon() - lon).abs() < slack && (p.lat() - lat).abs() < slack, "{code}: {p:?}");
    }

    #[test]
    fn known_points_are_met() {
        // The CN Tower, as commonly given: 17 N 630084 E 4833438 N, 43° 38′ 33.24″ N 79° 23′ 13.7″
        // W (whole metres).
        near(32_617, 630_084.0, 4_833_438.0, -79.387_139, 43.642_567, 2e-5);
        // On a central meridian: from the equator to 45° are 4,984,944.378 m.
        near(32_631, 500_000.0, 0.9996 * 4_984_944.378, 3.0, 45.0, 1e-8);
        near(32_731, 500_000.0, 10_000_000.0, 3.0, 0.0, 1e-12);
        near(2_157, 600_000.0, 750_000.0, -8.0, 53.5, 1e-8);
        // By PROJ (EPSG:29902 to 4326): Belfast, Dublin, Connemara. 1e-7 degrees are a centimetre.
        near(29_903, 338_000.0, 374_000.0, -5.865_644_309_4, 54.595_393_826_5, 1e-7);
        near(29_903, 315_904.0, 234_671.0, -6.260_248_518_1, 53.349_796_022_8, 1e-7);
        near(29_903, 100_000.0, 200_000.0, -9.491_648_829_9, 53.041_609_767_3, 1e-7);
        // Half the world's side is 20,037,508.342789 m; it is met a little within.
        near(3_857, 20_037_508.0, 20_037_508.342_789, 179.999_996_9, 85.051_128_779_8, 1e-7);
    }

    #[test]
    fn systems_of_other_countries_are_met() {
        // By definition: the centre of Europe's equal-area projection is 10° E 52° N.
        near(3_035, 4_321_000.0, 3_210_000.0, 10.0, 52.0, 1e-9);
        // Lambert 93's is 3° E 46° 30′ N; New Zealand's lies on the equator at 173° E.
        near(2_154, 700_000.0, 6_600_000.0, 3.0, 46.5, 1e-9);
        near(2_193, 1_600_000.0, 10_000_000.0, 173.0, 0.0, 1e-9);
        // swisstopo: Bern, 2,600,000 E 1,200,000 N, is 46° 57′ 03.898″ N 7° 26′ 19.077″ E.
        near(2_056, 2_600_000.0, 1_200_000.0, 7.438_632_5, 46.951_082_8, 1e-5);
        // Kadaster: Amersfoort, 155,000 463,000, is 52° 9′ 18.628″ N 5° 23′ 13.942″ E on ETRS89.
        near(28_992, 155_000.0, 463_000.0, 5.387_206, 52.155_174, 1e-5);
    }

    #[test]
    fn what_has_no_shift_or_needs_a_file_of_it_is_not_read() {
        // NAD 27 takes a grid; 4024 (Krassowsky's ellipsoid alone) has no datum; 4978 is
        // geocentric; 1 is nothing.
        for code in [4_267, 26_710, 4_024, 4_978, 1] {
            assert_eq!(Registered::of(code), None, "{code}");
        }
        let shifted = |code| Registered::of(code).map(Registered::is_shifted);
        assert_eq!(
            [3_035, 29_903, 3_857, 25_832].map(shifted),
            [Some(false), Some(true), Some(false), Some(false)]
        );
    }

    #[test]
    fn nonsense_is_nowhere() {
        let utm = Registered::of(32_630).expect("read");
        for (x, y) in
            [(f64::NAN, 0.0), (1e9, 0.0), (f64::INFINITY, f64::NEG_INFINITY), (2.9e7, 1.0)]
        {
            assert_eq!(utm.point(x, y), None, "{x}, {y}");
        }
        assert_eq!(Registered::of(4_269).expect("read").point(200.0, 10.0), None);
    }
}
