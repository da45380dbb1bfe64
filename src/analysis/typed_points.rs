//! Points that are typed as LON,LAT: read, and held against the map where both orders could be
//! meant.

use crate::analysis::AnalysisError;
use crate::geometry::LonLat;
use crate::inputs::crs::Bounds;
use crate::routing::network::Network;

/// How far beyond its streets a map is held to reach, degrees: some 2 km.
const MARGIN: f64 = 0.02;

/// Two numbers with a comma between them, whatever they are.
fn pair(text: &str) -> Option<(f64, f64)> {
    let (first, second) = text.split_once(',')?;
    Some((first.trim().parse().ok()?, second.trim().parse().ok()?))
}

/// A point on the globe.
pub fn lonlat(text: &str) -> Option<LonLat> {
    let (lon, lat) = pair(text)?;
    LonLat::new(lon, lat)
}

/// What is said of a text that is no point, and of nothing else that is wanted: `wanted` ends the
/// sentence.
pub fn no_point(flag: &str, text: &str, wanted: &str) -> AnalysisError {
    let exchanged = pair(text).and_then(|(lon, lat)| LonLat::new(lat, lon));
    AnalysisError::Usage(match exchanged {
        Some(point) => format!("{flag}: {}", exchange(text, point)),
        None => format!("{flag}: `{text}` is {wanted}"),
    })
}

/// Whether a typed point lies on the map as it stands.
///
/// # Errors
/// If it lies off the map, and on it with longitude and latitude exchanged.
pub fn check_axes(flag: &str, text: &str, network: &Network) -> Result<(), AnalysisError> {
    let (Some(point), Some(map)) = (lonlat(text), map_bounds(network)) else { return Ok(()) };
    let map = map.grown(MARGIN);
    let exchanged = LonLat::new(point.lat(), point.lon());
    match exchanged
        .filter(|other| !map.holds(point.lon(), point.lat()) && map.holds(other.lon(), other.lat()))
    {
        Some(other) => Err(AnalysisError::Usage(format!("{flag}: {}", exchange(text, other)))),
        None => Ok(()),
    }
}

fn exchange(text: &str, other: LonLat) -> String {
    format!(
        "`{text}` lies off the map: longitude and latitude look exchanged; longitude comes first: {},{}",
        other.lon(),
        other.lat()
    )
}

/// The box about the streets.
pub fn map_bounds(network: &Network) -> Option<Bounds> {
    let streets = &network.streets;
    Bounds::about(streets.nodes.iter().map(|node| streets.projection.unproject(*node)))
}
