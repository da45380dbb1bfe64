//! Two-step floating catchment areas: supply for each person, shared with all who reach the same
//! places.
//!
//! W. Luo and F. Wang, "Measures of spatial accessibility to health care in a GIS environment",
//! Environment and Planning B 30 (2003). First each place's capacity is divided by the people
//! within the catchment's reach of it; then each point adds up these ratios of the places within
//! its reach. Summed over all people this gives back the capacity of every place that anybody
//! reaches.
//!
//! People beyond the study area use the same places and are not counted: near its border the supply
//! comes out too high.

use super::per_place::{OriginPlaces, reached_by};
use crate::ids::Idx;
use crate::units::Seconds;

/// Capacity per person at each origin. A place that nobody reaches is nobody's.
pub fn two_step(
    found: &[OriginPlaces],
    people: &[f64],
    capacity: &[f64],
    cutoff: Seconds,
) -> Vec<f64> {
    let demand = reached_by(found, people, capacity.len(), cutoff);
    let ratio: Vec<f64> = capacity
        .iter()
        .zip(demand)
        .map(|(capacity, demand)| if demand > 0.0 { capacity / demand } else { 0.0 })
        .collect();
    let supply = |found: &OriginPlaces| {
        let within = found.near.iter().filter(|(_, time)| *time <= cutoff);
        within.map(|(place, _)| ratio[place.at()]).sum()
    };
    found.iter().map(supply).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PlaceIdx;

    #[test]
    fn supply_is_shared_and_adds_up() {
        let near = |places: &[(u32, u32)]| OriginPlaces {
            near: places
                .iter()
                .map(|(place, minutes)| (PlaceIdx(*place), Seconds::minutes(*minutes)))
                .collect(),
            ..OriginPlaces::default()
        };
        // 100 people reach surgery 0 alone, 300 both, 50 none; surgery 1 is too far for the first.
        let found = [near(&[(0, 10), (1, 31)]), near(&[(0, 30), (1, 5)]), near(&[])];
        let people = [100.0, 300.0, 50.0];
        let capacity = [800.0, 600.0];
        let supply = two_step(&found, &people, &capacity, Seconds::minutes(30));
        // Surgery 0: 800 / 400 = 2; surgery 1: 600 / 300 = 2.
        assert_eq!(supply, [2.0, 4.0, 0.0]);
        let all: f64 = supply.iter().zip(people).map(|(supply, people)| supply * people).sum();
        assert!((all - 1400.0).abs() < 1e-9, "all capacity is given out");
    }
}
