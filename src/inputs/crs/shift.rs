//! From the datum of Irish Grid to WGS 84.
//!
//! The seven parameters are those that EPSG gives for TM65 and TM75 (transformation 1641: 482.5, −130.6, 564.6 m; −1.042, −0.214,
//! −0.631 arc seconds; 8.15 parts per million, by position vector), exact to about a metre.

use super::planes::{Ellipsoid, WGS84};

/// Airy's ellipsoid as modified for Ireland in 1849.
pub(super) const IRELAND: Ellipsoid = Ellipsoid { a: 6_377_340.189, f: 1.0 / 299.324_964_6 };

const MOVED: [f64; 3] = [482.5, -130.6, 564.6];
const TURNED_ARC_SECONDS: [f64; 3] = [-1.042, -0.214, -0.631];
const SCALED: f64 = 8.15e-6;

/// Longitude and latitude on WGS 84, radians, of a place on Ireland's ellipsoid.
pub(super) fn from_ireland((lon, lat): (f64, f64)) -> (f64, f64) {
    let [x, y, z] = from_centre(IRELAND, lon, lat);
    let [rx, ry, rz] = TURNED_ARC_SECONDS.map(|seconds| (seconds / 3600.0).to_radians());
    let turned = [x - rz * y + ry * z, rz * x + y - rx * z, -ry * x + rx * y + z];
    let mut moved = MOVED;
    moved.iter_mut().zip(turned).for_each(|(to, from)| *to += from * (1.0 + SCALED));
    on_surface(WGS84, moved)
}

/// Metres from the middle of the earth, of a place on the ellipsoid.
fn from_centre(on: Ellipsoid, lon: f64, lat: f64) -> [f64; 3] {
    let e2 = on.f * (2.0 - on.f);
    let radius = on.a / (1.0 - e2 * lat.sin().powi(2)).sqrt();
    [radius * lat.cos() * lon.cos(), radius * lat.cos() * lon.sin(), radius * (1.0 - e2) * lat.sin()]
}

/// Longitude and latitude of a place near the surface. Each turn brings the latitude three digits nearer.
fn on_surface(on: Ellipsoid, [x, y, z]: [f64; 3]) -> (f64, f64) {
    let e2 = on.f * (2.0 - on.f);
    let across = x.hypot(y);
    let mut lat = z.atan2(across * (1.0 - e2));
    for _ in 0..5 {
        let radius = on.a / (1.0 - e2 * lat.sin().powi(2)).sqrt();
        lat = (z + e2 * radius * lat.sin()).atan2(across);
    }
    (y.atan2(x), lat)
}
