//! From the coordinates of a file to points on the globe.
//!
//! British files come in degrees of WGS 84 or in metres of the National Grid (EPSG:27700), and do
//! not always say which. The grid is turned by OSTN15 (exact to the millimetre against Ordnance
//! Survey's own transformation, see `lonlat_bng`), not by a seven-parameter shift, whose 3 to 5 m
//! would set a stop on the wrong side of a road. ETRS89 is taken for WGS 84: the two differ by less
//! than a metre. Systems of other countries are read by their EPSG codes.

mod register;
mod wkt;

use serde_json::Value;

use crate::geometry::LonLat;

pub use register::Registered;

/// The coordinate reference systems that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crs {
    /// Degrees, longitude first.
    Wgs84,
    /// Metres of the British National Grid (EPSG:27700), easting first.
    BritishGrid,
    /// Metres of the Irish Grid of 1965 and 1975 (EPSG:29902 and 29903), which is Northern
    /// Ireland's too.
    IrishGrid,
    /// Another system of EPSG's register.
    Registered(Registered),
}

/// Coordinates that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CrsError {
    /// A reference system that is not read.
    #[error("coordinate reference system {0} is not read; save the file in WGS 84 (EPSG:4326)")]
    Unknown(String),
    /// Degrees past the poles or the date line, or not numbers.
    #[error("longitude {0}, latitude {1} is not on the globe")]
    OffGlobe(f64, f64),
    /// Metres that no place has.
    #[error("{0}, {1} is no place of the reference system that the file names")]
    OffPlane(f64, f64),
    /// Metres outside Great Britain.
    #[error("easting {0}, northing {1} is outside the British National Grid")]
    OffGrid(f64, f64),
    /// Built without the grid.
    #[error(
        "easting {0}, northing {1}: this build cannot turn British National Grid into degrees; use a build with the \
         `bng` feature, or save the file in WGS 84 (EPSG:4326)"
    )]
    NoGrid(f64, f64),
}

impl Crs {
    /// The system that the `crs` member of a GeoJSON file names; without one it is WGS 84 (RFC
    /// 7946).
    ///
    /// # Errors
    /// [`CrsError::Unknown`] for a system that is not read.
    pub fn of_member(member: Option<&Value>) -> Result<Crs, CrsError> {
        let Some(member) = member.filter(|m| !m.is_null()) else { return Ok(Crs::Wgs84) };
        let properties = member.get("properties");
        let name = properties.and_then(|p| p.get("name").or_else(|| p.get("code")));
        let name = match name {
            Some(Value::String(name)) => name.clone(),
            Some(Value::Number(code)) => code.to_string(),
            _ => member.to_string(),
        };
        match name.trim().rsplit([':', '/']).next().unwrap_or_default() {
            "CRS84" | "WGS84" | "CRS84h" => Ok(Crs::Wgs84),
            code => {
                let by_code = code.trim().parse().ok().and_then(Crs::of_epsg);
                by_code.or_else(|| wkt::named(&name)).ok_or(CrsError::Unknown(name))
            }
        }
    }

    /// The system of an EPSG code, if it is one of those that are read.
    pub fn of_epsg(code: u32) -> Option<Crs> {
        match code {
            4326 | 4258 | 4979 | 4937 => Some(Crs::Wgs84),
            // With heights above the sea: 7405.
            27700 | 7405 => Some(Crs::BritishGrid),
            29_902 | 29_903 => Some(Crs::IrishGrid),
            900_913 | 102_100 => Crs::of_epsg(3857),
            _ => Registered::of(u16::try_from(code).ok()?).map(Crs::Registered),
        }
    }

    /// The system that a text in the Well-known Text form of a `.prj` file or a GeoPackage names.
    ///
    /// # Errors
    /// [`CrsError::Unknown`] with its name for one that is not read.
    pub fn of_wkt(text: &str) -> Result<Crs, CrsError> {
        wkt::read(text)
    }

    /// Whether its numbers are metres or the like, and not degrees.
    pub fn is_plane(self) -> bool {
        match self {
            Crs::Wgs84 => false,
            Crs::BritishGrid | Crs::IrishGrid => true,
            Crs::Registered(registered) => registered.is_plane(),
        }
    }

    /// Whether its datum is shifted by parameters, so that places are right to some metres only.
    pub fn is_shifted(self) -> bool {
        match self {
            Crs::Wgs84 | Crs::BritishGrid => false,
            Crs::IrishGrid => true,
            Crs::Registered(registered) => registered.is_shifted(),
        }
    }

    /// The system that numbers without a name must be in: degrees never pass 180.
    pub fn of_magnitude(x: f64, y: f64) -> Crs {
        if x.abs() > 180.0 || y.abs() > 180.0 { Crs::BritishGrid } else { Crs::Wgs84 }
    }

    /// The point of a pair of coordinates, x first.
    ///
    /// # Errors
    /// When the pair is no place in this system.
    pub fn point(self, x: f64, y: f64) -> Result<LonLat, CrsError> {
        match self {
            Crs::Wgs84 => LonLat::new(x, y).ok_or(CrsError::OffGlobe(x, y)),
            Crs::BritishGrid => from_grid(x, y),
            Crs::IrishGrid => {
                let irish = Registered::of(29_903).and_then(|irish| irish.point(x, y));
                irish.ok_or(CrsError::OffPlane(x, y))
            }
            Crs::Registered(registered) => registered.point(x, y).ok_or(CrsError::OffPlane(x, y)),
        }
    }
}

#[cfg(feature = "bng")]
fn from_grid(easting: f64, northing: f64) -> Result<LonLat, CrsError> {
    let off = CrsError::OffGrid(easting, northing);
    if !(easting.is_finite() && northing.is_finite()) {
        return Err(off);
    }
    let (lon, lat) =
        lonlat_bng::convert_osgb36_to_ll(easting, northing).map_err(|_| off.clone())?;
    LonLat::new(lon, lat).ok_or(off)
}

#[cfg(not(feature = "bng"))]
fn from_grid(easting: f64, northing: f64) -> Result<LonLat, CrsError> {
    Err(CrsError::NoGrid(easting, northing))
}

/// A box of degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Smallest and largest longitude.
    pub lon: (f64, f64),
    /// Smallest and largest latitude.
    pub lat: (f64, f64),
}

/// Great Britain and Ireland with their islands.
pub(super) const BRITISH_ISLES: Bounds = Bounds { lon: (-11.0, 2.5), lat: (49.0, 61.5) };

impl Bounds {
    /// The box about points; `None` without any.
    pub fn about(points: impl IntoIterator<Item = LonLat>) -> Option<Bounds> {
        points.into_iter().fold(None, |bounds, p| {
            let b = bounds.unwrap_or(Bounds { lon: (p.lon(), p.lon()), lat: (p.lat(), p.lat()) });
            Some(Bounds {
                lon: (b.lon.0.min(p.lon()), b.lon.1.max(p.lon())),
                lat: (b.lat.0.min(p.lat()), b.lat.1.max(p.lat())),
            })
        })
    }

    /// The box grown by some degrees on each side.
    pub fn grown(self, degrees: f64) -> Bounds {
        Bounds {
            lon: (self.lon.0 - degrees, self.lon.1 + degrees),
            lat: (self.lat.0 - degrees, self.lat.1 + degrees),
        }
    }

    /// Whether two boxes have anything in common.
    pub fn meets(self, other: Bounds) -> bool {
        let meet = |a: (f64, f64), b: (f64, f64)| a.0 <= b.1 && b.0 <= a.1;
        meet(self.lon, other.lon) && meet(self.lat, other.lat)
    }

    /// Whether a position lies in it.
    pub fn holds(self, lon: f64, lat: f64) -> bool {
        (self.lon.0..=self.lon.1).contains(&lon) && (self.lat.0..=self.lat.1).contains(&lat)
    }
}

/// Whether most points lie outside the study area as they stand, and inside it with longitude and
/// latitude exchanged. Without a study area, it is asked of the British Isles, whose mirror image
/// is the sea between Somalia and the Seychelles.
pub fn look_swapped(points: &[LonLat], area: Option<Bounds>) -> bool {
    let area = area.unwrap_or(BRITISH_ISLES);
    let swapped =
        points.iter().filter(|p| !area.holds(p.lon(), p.lat()) && area.holds(p.lat(), p.lon()));
    2 * swapped.count() > points.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_member_is_read_in_all_its_spellings() {
        let named = |name: &str| {
            Crs::of_member(Some(&json!({"type": "name", "properties": {"name": name}})))
        };
        assert_eq!(named("urn:ogc:def:crs:OGC:1.3:CRS84"), Ok(Crs::Wgs84));
        assert_eq!(named("EPSG:4326"), Ok(Crs::Wgs84));
        assert_eq!(named("urn:ogc:def:crs:EPSG::27700"), Ok(Crs::BritishGrid));
        assert_eq!(named("http://www.opengis.net/def/crs/EPSG/0/27700"), Ok(Crs::BritishGrid));
        assert_eq!(
            named("EPSG:4267"),
            Err(CrsError::Unknown("EPSG:4267".to_owned())),
            "NAD 27 takes a grid"
        );
        assert_eq!(
            Crs::of_member(Some(&json!({"properties": {"code": 27700}}))),
            Ok(Crs::BritishGrid)
        );
        assert_eq!(Crs::of_member(None), Ok(Crs::Wgs84));
        assert!(Crs::of_member(Some(&json!(17))).is_err());
    }

    #[test]
    #[cfg(feature = "bng")]
    fn the_grid_lands_where_ordnance_survey_says() {
        // OS's published test point of OSTN15, TP01 St Mary's: E 91492.146, N 11318.804 is
        // 49.92226394 N, 6.29977753 W.
        let p = Crs::BritishGrid.point(91_492.146, 11_318.804).expect("on the grid");
        assert!(
            (p.lon() + 6.299_777_53).abs() < 1e-7 && (p.lat() - 49.922_263_94).abs() < 1e-7,
            "{p:?}"
        );
        assert!(Crs::BritishGrid.point(-3.0, 51.0).is_err());
        assert!(Crs::BritishGrid.point(f64::NAN, 1.0).is_err());
        assert!(Crs::BritishGrid.point(530_000.0, 5_700_000.0).is_err());
    }

    #[test]
    fn degrees_off_the_globe_are_refused() {
        assert!(Crs::Wgs84.point(-3.0, 99.999_999).is_err());
        assert!(Crs::Wgs84.point(f64::NAN, 51.0).is_err());
        assert_eq!(Crs::of_magnitude(332_206.1, 187_827.8), Crs::BritishGrid);
        assert_eq!(Crs::of_magnitude(-2.98, 51.58), Crs::Wgs84);
    }

    #[test]
    fn exchanged_axes_are_seen() {
        let at = |lon, lat| LonLat::new(lon, lat).expect("in range");
        assert!(look_swapped(&[at(51.58, -2.98), at(51.6, -3.0)], None));
        assert!(!look_swapped(&[at(-2.98, 51.58)], None));
        let area = Bounds::about([at(-51.3, -30.3), at(-51.0, -29.9)]).map(|b| b.grown(1.0));
        assert!(look_swapped(&[at(-30.0, -51.1)], area));
        assert!(!look_swapped(&[at(-51.1, -30.0)], area));
        assert!(!look_swapped(&[], None));
    }
}
