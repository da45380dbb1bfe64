//! How many opportunities, such as jobs, lie within a cut-off; in both senses of "median".
//!
//! - *Of the median*: the opportunities whose median travel time over the departures is within the cut-off.
//! - *Median of*: the median over the departures of the opportunities that each departure reaches.
//!
//! They differ: two places that are each reached by half of the departures, but never by the same, both count for the
//! first and hardly for the second. (Conveyal R5 gives the first.) They are named apart everywhere.

use crate::ids::{Idx, IdxVec, PlaceIdx};
use crate::routing::percentile;
use crate::routing::profile::TravelTimes;
use crate::units::Seconds;

/// What is counted, and within which times.
#[derive(Clone, Debug)]
pub struct Opportunities {
    /// How many there are at each destination.
    pub at: IdxVec<PlaceIdx, f64>,
    /// Inclusive: reached iff the time is at most the cut-off.
    pub cutoffs: Vec<Seconds>,
}

/// An origin's count while its travel times are found.
#[derive(Clone, Debug)]
pub struct Tally {
    of_median: Vec<f64>,
    /// By cut-off, then departure.
    in_departure: Vec<f64>,
    departures: usize,
}

/// An origin's count, for each cut-off.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counted {
    /// Opportunities whose median travel time is within the cut-off.
    pub of_median: Vec<f64>,
    /// The median over departures of the opportunities reached.
    pub median_of: Vec<f64>,
}

impl Tally {
    /// Nothing yet.
    pub fn new(opportunities: &Opportunities, departures: usize) -> Tally {
        let cutoffs = opportunities.cutoffs.len();
        Tally { of_median: vec![0.0; cutoffs], in_departure: vec![0.0; cutoffs * departures], departures }
    }

    /// Adds the destinations of a block. The order of its departures is lost.
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
            }
        }
        times.percentiles(&[50], |place, median| {
            let reached = opportunities.cutoffs.iter().zip(&mut self.of_median);
            reached
                .filter(|(cutoff, _)| median[0].is_some_and(|time| time <= **cutoff))
                .for_each(|(_, sum)| *sum += opportunities.at[place]);
        });
    }

    /// The count.
    pub fn finish(mut self) -> Counted {
        let departures = self.departures;
        let median_of = self.in_departure.chunks_mut(departures.max(1)).map(|row| {
            row.sort_by(f64::total_cmp);
            row[percentile::rank(50, departures)]
        });
        Counted { median_of: median_of.collect(), of_median: self.of_median }
    }
}

/// Opportunities within reach on foot, for each cut-off.
pub fn on_foot(opportunities: &Opportunities, walks: &[(PlaceIdx, Seconds)]) -> Vec<f64> {
    let within = |cutoff: &Seconds| {
        walks.iter().filter(|(_, walk)| walk <= cutoff).map(|(place, _)| opportunities.at[*place]).sum()
    };
    opportunities.cutoffs.iter().map(within).collect()
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
