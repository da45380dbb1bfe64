//! Whether a study and its map have anything to do with each other.

use super::Study;
use crate::access::map_edge::MapCoverage;
use crate::analysis::AnalysisError;
use crate::analysis::on_map::{StudyMap, apart};
use crate::analysis::typed_points::map_bounds;

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
        let who = format!("none of the {} neighbourhoods lies on the map", self.zones.zones.len());
        let (people, map) = (self.zones.bounds(), map_bounds(self.world.network()));
        Err(apart(&who, "neighbourhoods", people, map, &self.osm_files))
    }

    /// The map that points are held against.
    pub fn map<'a>(&'a self, coverage: &'a MapCoverage<'a>) -> StudyMap<'a> {
        StudyMap { network: self.world.network(), coverage, files: &self.osm_files }
    }
}
