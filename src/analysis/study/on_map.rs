//! Whether a study and its map have anything to do with each other.

use super::Study;
use crate::analysis::AnalysisError;
use crate::analysis::feeds::base_name;
use crate::analysis::typed_points::map_bounds;
use crate::inputs::crs::Bounds;

impl Study {
    /// Whether any of the people live on the map. Where all live off it nothing is known of
    /// anybody.
    ///
    /// # Errors
    /// If none does.
    pub(crate) fn check_on_map(&self) -> Result<(), AnalysisError> {
        if self.residents.points_off_map() < self.origins.points.len() {
            return Ok(());
        }
        let files: Vec<String> = self.osm_files.iter().map(|file| base_name(&file.path)).collect();
        let (people, map) = (self.zones.bounds(), map_bounds(&self.network));
        let exchanged = people.zip(map).is_some_and(|(people, map)| overlap(turned(people), map));
        let advice = if exchanged {
            "longitude and latitude of the neighbourhoods look exchanged"
        } else {
            "name an extract of their area, from download.geofabrik.de or the like"
        };
        Err(AnalysisError::Usage(format!(
            "none of the {} neighbourhoods lies on the map: they lie {}, the streets of {} {}; {advice}",
            self.zones.zones.len(),
            between(people),
            files.join(", "),
            between(map)
        )))
    }
}

fn between(bounds: Option<Bounds>) -> String {
    bounds.map_or_else(
        || "nowhere".to_owned(),
        |b| {
            format!(
                "between {:.3},{:.3} and {:.3},{:.3} (lon,lat)",
                b.lon.0, b.lat.0, b.lon.1, b.lat.1
            )
        },
    )
}

fn turned(bounds: Bounds) -> Bounds {
    Bounds { lon: bounds.lat, lat: bounds.lon }
}

fn overlap(one: Bounds, other: Bounds) -> bool {
    let meet = |a: (f64, f64), b: (f64, f64)| a.0 <= b.1 && b.0 <= a.1;
    meet(one.lon, other.lon) && meet(one.lat, other.lat)
}
