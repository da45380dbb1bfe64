//! Every place of a category by itself: the k-th nearest, how many are within reach, and who
//! reaches each.

use super::decay::Weights;
use super::dependency::DependencyStake;
use super::nearest::LeastTimes;
use super::opportunities::{Opportunities, OpportunityTally, gravity_on_foot};
use crate::ids::{Csr, Idx, IdxVec, OriginIdx, PlaceIdx};
use crate::routing::network::{Joined, Network, NetworkError};
use crate::routing::query::departure_window::Departures;
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::range::Walks;
use crate::units::Seconds;

/// The places of a category, joined to the streets one by one.
#[derive(Clone)]
pub struct EachPlace {
    egress: Csr<PlaceIdx, StopWalk>,
    /// All the way on foot.
    direct: Csr<OriginIdx, (PlaceIdx, Seconds)>,
    /// What each counts for.
    worth: IdxVec<PlaceIdx, f64>,
}

/// What an origin finds of a category in a window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OriginPlaces {
    /// For each k asked for: the percentiles of the time to the k-th nearest, and last the median.
    pub kth: Vec<Vec<Option<Seconds>>>,
    /// The places whose median time is within the horizon, with that time.
    pub near: Vec<(PlaceIdx, Seconds)>,
    /// The places, each by the weight of its median time (on foot of its walk), for each decay.
    pub gravity_of_median: Vec<f64>,
    /// The median over departures of the places, each by the weight of its time, for each decay;
    /// nothing on foot.
    pub median_of_gravity: Vec<f64>,
}

/// An origin's times while they are found.
struct PlaceTimes {
    /// The least of each departure, if any k is asked for.
    least: Option<LeastTimes>,
    near: Vec<(PlaceIdx, Seconds)>,
    /// If any decay is asked for.
    gravity: Option<OpportunityTally>,
}

/// What is asked of the places.
#[derive(Clone, Copy, Debug)]
pub struct PlacesQuery<'a> {
    /// Which k, from 1.
    pub kth: &'a [u8],
    /// Percentiles of the times to them.
    pub percentiles: &'a [u8],
    /// How far [`OriginPlaces::near`] looks.
    pub horizon: Seconds,
    /// Ways in which a place counts for less the farther it is.
    pub decays: &'a [Weights],
}

impl EachPlace {
    /// Joins a category's places.
    pub fn new(network: &Network, origins: &Joined, places: &Joined) -> EachPlace {
        let (egress, direct) = network.egress_and_direct(origins, places);
        let worth = (0..egress.rows()).map(|_| 1.0).collect();
        EachPlace { egress, direct, worth }
    }

    /// The same places, of which only some can be reached, such as those that are open. Each keeps
    /// its number.
    pub fn among(&self, counts: &[bool]) -> EachPlace {
        let rows = (0..self.len()).map(PlaceIdx::new);
        let links = rows.map(|place| if counts[place.at()] { &self.egress[place] } else { &[] });
        let walks = (0..self.direct.rows()).map(|row| {
            let walks = self.direct[OriginIdx::new(row)].iter();
            walks.filter(|(place, _)| counts[place.at()]).copied()
        });
        EachPlace {
            egress: Csr::from_rows(links.map(|links| links.iter().copied())),
            direct: Csr::from_rows(walks),
            worth: self.worth.clone(),
        }
    }

    /// What is lost of it with a line.
    pub fn stake<'a>(&'a self, access: &'a Csr<OriginIdx, StopWalk>) -> DependencyStake<'a> {
        let walks = Walks { access, egress: &self.egress, direct: &self.direct };
        DependencyStake { walks, worth: &self.worth }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.egress.rows()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What each origin finds on foot.
    pub fn on_foot(&self, asked: &PlacesQuery) -> Vec<OriginPlaces> {
        let opportunities = self.opportunities(asked);
        let of = |row: usize| {
            let mut near = self.direct[OriginIdx::new(row)].to_vec();
            near.sort_unstable_by_key(|(place, walk)| (*walk, place.at()));
            let kth = |k: &u8| near.get(usize::from(*k).max(1) - 1).map(|(_, walk)| *walk);
            let kth = asked.kth.iter().map(|k| vec![kth(k)]).collect();
            let gravity_of_median = gravity_on_foot(&opportunities, &near);
            near.retain(|(_, walk)| *walk <= asked.horizon);
            OriginPlaces { kth, near, gravity_of_median, median_of_gravity: Vec::new() }
        };
        (0..self.direct.rows()).map(of).collect()
    }

    /// What each origin finds in a window.
    ///
    /// # Errors
    /// As [`Departures::of`].
    pub fn in_window(
        &self,
        departures: &Departures,
        access: &Csr<OriginIdx, StopWalk>,
        asked: &PlacesQuery,
        tick: &(dyn Fn(u64) + Sync),
    ) -> Result<Vec<OriginPlaces>, NetworkError> {
        let lanes = usize::from(departures.window().departures);
        let walks = Walks { access, egress: &self.egress, direct: &self.direct };
        let opportunities = self.opportunities(asked);
        let most = asked.kth.iter().copied().max().map(usize::from);
        let empty = || PlaceTimes {
            least: most.map(|k| LeastTimes::new(k.max(1), lanes)),
            near: Vec::new(),
            gravity: (!asked.decays.is_empty())
                .then(|| OpportunityTally::new(&opportunities, lanes)),
        };
        let mut found: Vec<PlaceTimes> = (0..access.rows()).map(|_| empty()).collect();
        departures.travel_times(&walks, &mut found, tick, |_, finding, times| {
            let PlaceTimes { least, near, gravity } = finding;
            if let Some(least) = least {
                least.add(times);
            }
            if let Some(gravity) = gravity {
                gravity.add(&opportunities, times);
            }
            times.percentiles(&[50], |place, median| {
                near.extend(
                    median[0].filter(|time| *time <= asked.horizon).map(|time| (place, time)),
                );
            });
        })?;
        let mut percents = asked.percentiles.to_vec();
        percents.push(50);
        let of = |PlaceTimes { least, near, gravity }: PlaceTimes| {
            let counted = gravity.map(OpportunityTally::finish).unwrap_or_default();
            let kth = |k: &u8| Some(least.as_ref()?.percentiles_of(usize::from(*k), &percents));
            OriginPlaces {
                kth: asked.kth.iter().filter_map(kth).collect(),
                near,
                gravity_of_median: counted.gravity_of_median,
                median_of_gravity: counted.median_of_gravity,
            }
        };
        Ok(found.into_iter().map(of).collect())
    }

    fn opportunities(&self, asked: &PlacesQuery) -> Opportunities {
        Opportunities { at: self.worth.clone(), cutoffs: Vec::new(), decays: asked.decays.to_vec() }
    }
}

impl OriginPlaces {
    /// How many places are within a cut-off, itself included.
    #[expect(clippy::cast_precision_loss, reason = "far fewer places than 2^52")]
    pub fn within(&self, cutoff: Seconds) -> f64 {
        self.near.iter().filter(|(_, time)| *time <= cutoff).count() as f64
    }
}

/// How many people reach each of `places` places within a cut-off: access the other way round, as
/// the place has it. `people` are those of each origin.
pub fn reached_by(
    found: &[OriginPlaces],
    people: &[f64],
    places: usize,
    cutoff: Seconds,
) -> Vec<f64> {
    let mut reached = vec![0.0; places];
    for (found, people) in found.iter().zip(people) {
        let within = found.near.iter().filter(|(_, time)| *time <= cutoff);
        within.for_each(|(place, _)| reached[place.at()] += people);
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(pairs: &[(u32, u32)]) -> OriginPlaces {
        let near =
            pairs.iter().map(|(place, minutes)| (PlaceIdx(*place), Seconds::minutes(*minutes)));
        OriginPlaces { near: near.collect(), ..OriginPlaces::default() }
    }

    #[test]
    fn what_is_reached_from_here_is_reached_by_those_here() {
        let found = [near(&[(0, 10), (1, 30)]), near(&[(1, 15)]), near(&[])];
        assert_eq!(found[0].within(Seconds::minutes(30)), 2.0);
        assert_eq!(found[0].within(Seconds::new(1799)), 1.0);
        let reached = reached_by(&found, &[100.0, 40.0, 7.0], 3, Seconds::minutes(30));
        assert_eq!(reached, [100.0, 140.0, 0.0]);
        // Both ways round the same pairs are counted.
        let active: f64 = found
            .iter()
            .zip([100.0, 40.0, 7.0])
            .map(|(f, p)| f.within(Seconds::minutes(30)) * p)
            .sum();
        assert!((active - reached.iter().sum::<f64>()).abs() < 1e-9);
    }
}
