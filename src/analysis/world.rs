//! All that a search goes by: networks with what is joined to their streets, places and broadband.
//!
//! [`Study::read`](super::study::Study::read) makes the baseline's. [`ScenarioWorld::of`] makes that
//! of a scenario, which shares with the baseline whatever the scenario leaves alone: then both hold
//! the very same thing, and what was found with it on one side holds on the other.

mod scenario;

use std::sync::{Arc, OnceLock};

use crate::access::opportunities::Opportunities;
use crate::access::origin_accessibility::Survey;
use crate::geometry::{Entries, LonLat};
use crate::inputs::broadband::Broadband;
use crate::inputs::origins::Origins;
use crate::inputs::places::CategoryPlace;
use crate::inputs::project::ProfileName;
use crate::routing::network::{Joined, Network};

pub use scenario::ScenarioWorld;

/// Networks, places and broadband together.
pub struct World {
    /// For each kind of walker, the project's first before the others; never empty.
    pub walkers: Vec<WalkerNetwork>,
    /// Each category's places.
    pub places: Arc<Vec<Vec<CategoryPlace>>>,
    /// Broadband.
    pub broadband: Option<Arc<Broadband>>,
}

impl World {
    /// What the project's first kind of walker goes by.
    pub fn first(&self) -> &WalkerNetwork {
        &self.walkers[0]
    }

    /// Its streets, stops and feeds.
    pub fn network(&self) -> &Network {
        &self.first().network
    }

    /// From now on each timetable is laid out once and kept: worth it where scenarios are compared.
    pub fn remember_timetables(&mut self) {
        self.walkers.iter_mut().for_each(|walker| walker.network.remember_timetables());
    }

    /// Forgets the timetables that a scenario touches, once nothing is to be searched any more.
    pub fn forget_timetables(&self) {
        self.walkers.iter().for_each(|walker| walker.network.forget_changed());
    }
}

/// What a kind of walker goes by.
pub struct WalkerNetwork {
    /// Which kind.
    pub profile: ProfileName,
    /// Streets, stops and feeds.
    pub network: Network,
    /// The origins on the streets.
    pub origins: Arc<Joined>,
    /// Each category's places together on the streets.
    pub categories: Arc<Joined>,
    /// The jobs on the streets.
    pub jobs: Option<Arc<Joined>>,
    /// The walks, once they are asked for; shared by all that have the same.
    survey: Arc<OnceLock<Arc<Survey>>>,
}

/// The points that join the streets.
#[derive(Clone, Copy)]
pub struct WorldPoints<'a> {
    /// Where people are.
    pub origins: &'a Origins,
    /// Each category's places.
    pub places: &'a [Vec<CategoryPlace>],
    /// Where the jobs are.
    pub jobs: Option<&'a [LonLat]>,
}

impl WalkerNetwork {
    /// A network with all points joined to its streets.
    pub fn join(profile: ProfileName, network: Network, points: &WorldPoints) -> WalkerNetwork {
        let origins = Arc::new(join_origins(&network, points.origins));
        let categories = Arc::new(network.join_places(&together(points.places)));
        let jobs =
            points.jobs.map(|at| Arc::new(network.join(at.iter().map(std::slice::from_ref))));
        WalkerNetwork { profile, network, origins, categories, jobs, survey: Arc::default() }
    }

    /// The walks from all origins. `jobs` are those that stand at the joined points.
    pub fn survey(&self, jobs: Option<&Opportunities>) -> &Arc<Survey> {
        self.survey.get_or_init(|| {
            let jobs = jobs.cloned().zip(self.jobs.as_deref());
            Arc::new(Survey::new(&self.network, &self.origins, &self.categories, jobs))
        })
    }

    /// Whether all walks are those of another: from the same origins to the same places, stops and
    /// jobs on the same streets.
    pub fn has_walks_of(&self, other: &WalkerNetwork) -> bool {
        Arc::ptr_eq(&self.survey, &other.survey)
            && Arc::ptr_eq(&self.origins, &other.origins)
            && self.network.has_walks_of(&other.network)
    }

    /// The same on another network: where `rejoin` says that the streets are others everything joins
    /// them anew, and where the places are others they do.
    fn on(&self, network: Network, points: &WorldPoints, rejoin: bool, other_places: bool) -> Self {
        if rejoin {
            return WalkerNetwork::join(self.profile, network, points);
        }
        let categories = match other_places {
            true => Arc::new(network.join_places(&together(points.places))),
            false => self.categories.clone(),
        };
        // A walk to a stop is another where stops are.
        let alike = !other_places && self.network.has_stops_of(&network.feeds);
        WalkerNetwork {
            profile: self.profile,
            network,
            origins: self.origins.clone(),
            categories,
            jobs: self.jobs.clone(),
            survey: if alike { self.survey.clone() } else { Arc::default() },
        }
    }

    /// The same streets and walks with other feeds that have the same stops.
    pub fn with_feeds_of(&self, network: &Network) -> WalkerNetwork {
        let aside = &mut crate::finding::Findings::new();
        WalkerNetwork {
            profile: self.profile,
            network: self.network.with_feeds(network.feeds.to_vec(), aside),
            origins: self.origins.clone(),
            categories: self.categories.clone(),
            jobs: self.jobs.clone(),
            survey: self.survey.clone(),
        }
    }
}

/// Origin points joined to the streets, in their order.
pub fn join_origins(network: &Network, origins: &Origins) -> Joined {
    network.join(origins.points.iter().map(|origin| std::slice::from_ref(&origin.point)))
}

/// The points of each category's places together: the nearest place is then the destination.
pub fn together(places: &[Vec<CategoryPlace>]) -> Vec<Entries> {
    let category = |places: &Vec<CategoryPlace>| places.iter().map(|place| &place.points).collect();
    places.iter().map(category).collect()
}
