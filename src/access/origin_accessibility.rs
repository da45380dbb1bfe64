//! What is found out about each origin point: walks, and travel times in a window, to the nearest
//! place of each category; and the jobs within reach.

use super::dependency::DependencyStake;
use super::opportunities::{
    Opportunities, OpportunityCount, OpportunityTally, gravity_on_foot, on_foot,
};
use crate::ids::{CategoryIdx, Csr, Idx, OriginIdx, PlaceIdx};
use crate::routing::network::{Joined, Network, NetworkError};
use crate::routing::query::departure_window::Departures;
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::range::{self, TravelTimes, Walks};
use crate::units::Seconds;

/// Where people start and what they want to reach, joined to the streets.
pub struct Survey {
    /// From each origin to stops.
    pub access: Csr<OriginIdx, StopWalk>,
    /// To the nearest place of each category, a destination each.
    categories: DestinationWalks,
    /// To where the jobs are, if they are counted.
    jobs: Option<(Opportunities, DestinationWalks)>,
}

/// The walks that end at some destinations.
#[derive(Clone)]
struct DestinationWalks {
    egress: Csr<PlaceIdx, StopWalk>,
    direct: Csr<OriginIdx, (PlaceIdx, Seconds)>,
}

impl DestinationWalks {
    fn of(network: &Network, origins: &Joined, places: &Joined) -> DestinationWalks {
        let (egress, direct) = network.egress_and_direct(origins, places);
        DestinationWalks { egress, direct }
    }
}

/// An origin's results in one window.
#[derive(Clone, Debug, Default)]
pub struct OriginWindow {
    /// By category: the percentiles, in the order asked for, of the time to its nearest place.
    pub nearest: Vec<Vec<Option<Seconds>>>,
    /// The median of the same, whichever percentiles were asked for.
    pub median: Vec<Option<Seconds>>,
    /// Jobs.
    pub jobs: Option<OpportunityCount>,
}

impl Survey {
    /// Joins a study's origins and destinations. `categories` has the points of each category's
    /// places together: the nearest place is then the destination itself.
    pub fn new(
        network: &Network,
        origins: &Joined,
        categories: &Joined,
        jobs: Option<(Opportunities, &Joined)>,
    ) -> Survey {
        let reach = |places: &Joined| DestinationWalks::of(network, origins, places);
        Survey {
            access: network.access(origins),
            categories: reach(categories),
            jobs: jobs.map(|(opportunities, places)| (opportunities, reach(places))),
        }
    }

    /// The same with other places of the categories, such as those that are open.
    pub fn among(&self, network: &Network, origins: &Joined, categories: &Joined) -> Survey {
        let categories = DestinationWalks::of(network, origins, categories);
        Survey { access: self.access.clone(), categories, jobs: self.jobs.clone() }
    }

    /// The same without jobs.
    pub fn without_jobs(&self) -> Survey {
        Survey { access: self.access.clone(), categories: self.categories.clone(), jobs: None }
    }

    /// The same places for other origins; without jobs.
    pub fn of_origins(&self, network: &Network, origins: &Joined, categories: &Joined) -> Survey {
        let (egress, direct) =
            (self.categories.egress.clone(), network.direct(origins, categories));
        Survey {
            access: network.access(origins),
            categories: DestinationWalks { egress, direct },
            jobs: None,
        }
    }

    /// The walk to the nearest place of a category; `None` if it is longer than the longest walk.
    pub fn walk(&self, origin: OriginIdx, category: CategoryIdx) -> Option<Seconds> {
        let row = &self.categories.direct[origin];
        row.iter().find(|(place, _)| place.at() == category.at()).map(|(_, walk)| *walk)
    }

    /// Jobs within each cut-off on foot.
    pub fn jobs_on_foot(&self, origin: OriginIdx) -> Option<Vec<f64>> {
        self.jobs.as_ref().map(|(jobs, reach)| on_foot(jobs, &reach.direct[origin]))
    }

    /// Jobs on foot by the weight of the walk, for each decay.
    pub fn gravity_on_foot(&self, origin: OriginIdx) -> Option<Vec<f64>> {
        self.jobs.as_ref().map(|(jobs, reach)| gravity_on_foot(jobs, &reach.direct[origin]))
    }

    /// All jobs, within reach or not.
    pub fn jobs(&self) -> Option<f64> {
        self.jobs.as_ref().map(|(jobs, _)| jobs.total())
    }

    /// How many searches [`Survey::in_window`] ticks for.
    pub fn ticks(&self) -> u64 {
        let blocks = range::blocks(self.categories.egress.rows())
            + self.jobs.as_ref().map_or(0, |(_, r)| range::blocks(r.egress.rows()));
        (blocks * self.access.rows()) as u64
    }

    /// The results of every origin in a window.
    ///
    /// # Errors
    /// If a headway service's timetable cannot be drawn, for the reasons of [`Departures::of`].
    pub fn in_window(
        &self,
        departures: &Departures,
        percentiles: &[u8],
        tick: &(dyn Fn(u64) + Sync),
    ) -> Result<Vec<OriginWindow>, NetworkError> {
        let categories = self.categories.egress.rows();
        let empty = OriginWindow {
            nearest: vec![Vec::new(); categories],
            median: vec![None; categories],
            jobs: None,
        };
        let mut results = vec![empty; self.access.rows()];
        let mut asked = percentiles.to_vec();
        asked.push(50);
        departures.travel_times(
            &self.walks(&self.categories),
            &mut results,
            tick,
            |_, result, times| {
                times.percentiles(&asked, |place, found| {
                    if let Some((median, found)) = found.split_last() {
                        result.nearest[place.at()] = found.to_vec();
                        result.median[place.at()] = *median;
                    }
                });
            },
        )?;
        if let Some((jobs, reach)) = &self.jobs {
            let lanes = usize::from(departures.window().departures);
            let mut tallies = vec![OpportunityTally::new(jobs, lanes); self.access.rows()];
            let add =
                |_, tally: &mut OpportunityTally, times: &mut TravelTimes| tally.add(jobs, times);
            departures.travel_times(&self.walks(reach), &mut tallies, tick, add)?;
            for (result, tally) in results.iter_mut().zip(tallies) {
                result.jobs = Some(tally.finish());
            }
        }
        Ok(results)
    }

    /// What is lost of the jobs with a line. None without jobs.
    pub fn jobs_stake(&self) -> Option<DependencyStake<'_>> {
        self.jobs
            .as_ref()
            .map(|(jobs, reach)| DependencyStake { walks: self.walks(reach), worth: &jobs.at })
    }

    fn walks<'a>(&'a self, reach: &'a DestinationWalks) -> Walks<'a> {
        Walks { access: &self.access, egress: &reach.egress, direct: &reach.direct }
    }
}
