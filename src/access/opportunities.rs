//! How many opportunities, such as jobs, lie within a cut-off; in both senses of "median".
//!
//! - *Of the median*: the opportunities whose median travel time over the departures is within the
//!   cut-off.
//! - *Median of*: the median over the departures of the opportunities that each departure reaches.
//!
//! They differ: two places that are each reached by half of the departures, but never by the same,
//! both count for the first and hardly for the second. (Conveyal R5 gives the first.) They are
//! named apart everywhere.

use super::decay::Weights;
use crate::ids::{Idx, IdxVec, PlaceIdx};
use crate::routing::query::percentile;
use crate::routing::transit::raptor::range::TravelTimes;
use crate::units::Seconds;

/// What is counted, and within which times.
#[derive(Clone, Debug, Default)]
pub struct Opportunities {
    /// How many there are at each destination.
    pub at: IdxVec<PlaceIdx, f64>,
    /// Inclusive: reached iff the time is at most the cut-off.
    pub cutoffs: Vec<Seconds>,
    /// Ways in which each counts for less the farther it is.
    pub decays: Vec<Weights>,
}

/// An origin's count while its travel times are found.
#[derive(Clone, Debug)]
pub struct OpportunityTally {
    of_median: Vec<f64>,
    /// By cut-off, then departure.
    in_departure: Vec<f64>,
    gravity_of_median: Vec<f64>,
    /// By decay, then departure.
    gravity_in_departure: Vec<f64>,
    departures: usize,
}

/// An origin's count, for each cut-off and decay.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OpportunityCount {
    /// Opportunities whose median travel time is within the cut-off.
    pub of_median: Vec<f64>,
    /// The median over departures of the opportunities reached.
    pub median_of: Vec<f64>,
    /// Opportunities, each by the weight of its median travel time, for each decay.
    pub gravity_of_median: Vec<f64>,
    /// The median over departures of the opportunities, each by the weight of its travel time, for
    /// each decay.
    pub median_of_gravity: Vec<f64>,
}

impl OpportunityTally {
    /// Nothing yet.
    pub fn new(opportunities: &Opportunities, departures: usize) -> OpportunityTally {
        let (cutoffs, decays) = (opportunities.cutoffs.len(), opportunities.decays.len());
        OpportunityTally {
            of_median: vec![0.0; cutoffs],
            in_departure: vec![0.0; cutoffs * departures],
            gravity_of_median: vec![0.0; decays],
            gravity_in_departure: vec![0.0; decays * departures],
            departures,
        }
    }

    /// Adds the destinations of a block.
    pub fn add(&mut self, opportunities: &Opportunities, times: &mut TravelTimes) {
        for departure in 0..self.departures {
            for (nth, place) in times.places().iter().enumerate() {
                let Some(time) = times.at(departure, nth) else { continue };
                for (cutoff, row) in
                    opportunities.cutoffs.iter().zip(self.in_departure.chunks_mut(self.departures))
                {
                    if time <= *cutoff {
                        row[departure] += opportunities.at[*place];
                    }
                }
                let rows = self.gravity_in_departure.chunks_mut(self.departures);
                for (decay, row) in opportunities.decays.iter().zip(rows) {
                    row[departure] += opportunities.at[*place] * decay.at(time);
                }
            }
        }
        times.percentiles(&[50], |place, median| {
            let reached = opportunities.cutoffs.iter().zip(&mut self.of_median);
            reached
                .filter(|(cutoff, _)| median[0].is_some_and(|time| time <= **cutoff))
                .for_each(|(_, sum)| *sum += opportunities.at[place]);
            if let Some(time) = median[0] {
                let decays = opportunities.decays.iter().zip(&mut self.gravity_of_median);
                decays.for_each(|(decay, sum)| *sum += opportunities.at[place] * decay.at(time));
            }
        });
    }

    /// The count.
    pub fn finish(self) -> OpportunityCount {
        OpportunityCount {
            median_of: medians(self.in_departure, self.departures),
            of_median: self.of_median,
            gravity_of_median: self.gravity_of_median,
            median_of_gravity: medians(self.gravity_in_departure, self.departures),
        }
    }
}

/// The median of each row of as many departures.
fn medians(mut rows: Vec<f64>, departures: usize) -> Vec<f64> {
    let median = |row: &mut [f64]| {
        row.sort_by(f64::total_cmp);
        row[percentile::rank(50, departures)]
    };
    rows.chunks_mut(departures.max(1)).map(median).collect()
}

/// Opportunities within reach on foot, for each cut-off.
pub fn on_foot(opportunities: &Opportunities, walks: &[(PlaceIdx, Seconds)]) -> Vec<f64> {
    let within = |cutoff: &Seconds| {
        walks
            .iter()
            .filter(|(_, walk)| walk <= cutoff)
            .map(|(place, _)| opportunities.at[*place])
            .sum()
    };
    opportunities.cutoffs.iter().map(within).collect()
}

/// Opportunities on foot by the weight of the walk, for each decay.
pub fn gravity_on_foot(opportunities: &Opportunities, walks: &[(PlaceIdx, Seconds)]) -> Vec<f64> {
    let sum = |decay: &Weights| {
        walks.iter().map(|(place, walk)| opportunities.at[*place] * decay.at(*walk)).sum()
    };
    opportunities.decays.iter().map(sum).collect()
}

impl Opportunities {
    /// The sum of all opportunities, reachable or not.
    pub fn total(&self) -> f64 {
        self.at.iter().sum()
    }

    /// The destination of each entry.
    pub fn places(&self) -> impl Iterator<Item = PlaceIdx> + use<> {
        (0..self.at.len()).map(PlaceIdx::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::project::Decay;

    #[test]
    fn gravity_weighs_the_median_and_each_departure() {
        let half =
            Weights::up_to(&Decay::Exponential { half_life_min: 10.0 }, Seconds::minutes(60));
        let opportunities = Opportunities {
            at: [80.0, 40.0].into_iter().collect(),
            cutoffs: vec![Seconds::minutes(15)],
            decays: vec![half],
        };
        let mut tally = OpportunityTally::new(&opportunities, 3);
        // Three departures, to both places: 10 and 20 min, 20 min and never, 30 and 10 min. Sixteen
        // lanes are sorted at once.
        let mut lanes = vec![u16::MAX; 48];
        for (departure, times) in
            [[600, 1200], [1200, u16::MAX], [1800, 600]].into_iter().enumerate()
        {
            lanes[departure * 16..departure * 16 + 2].copy_from_slice(&times);
        }
        let places = [PlaceIdx(0), PlaceIdx(1)];
        tally.add(&opportunities, &mut TravelTimes::for_test(&mut lanes, 16, &places));
        let counted = tally.finish();
        // Medians 20 min and 20 min: a quarter of each.
        assert_eq!(counted.gravity_of_median, [30.0]);
        // By departure 40 + 10, 20, 10 + 20: the median is 30.
        assert_eq!(counted.median_of_gravity, [30.0]);
        assert_eq!((counted.of_median, counted.median_of), (vec![0.0], vec![40.0]));
        let walks = [(PlaceIdx(0), Seconds::minutes(10)), (PlaceIdx(1), Seconds::minutes(61))];
        assert_eq!(
            gravity_on_foot(&opportunities, &walks),
            [40.0],
            "beyond the longest time nothing counts"
        );
    }
}
