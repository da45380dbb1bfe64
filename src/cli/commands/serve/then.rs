//! Streets at the hours of a window, where other ways and gates are open than usual.

use std::cell::OnceCell;
use std::rc::Rc;

use super::ExplorerState;
use super::scenario_cache::ReadyScenario;
use crate::access::origin_accessibility::Survey;
use crate::cli::study::{Study, together};
use crate::finding::Findings;
use crate::ids::{Csr, PlaceIdx};
use crate::inputs::places::CategoryPlace;
use crate::routing::network::{Joined, Network};
use crate::routing::transit::access_egress::StopWalk;

/// The walks from stops to each origin point, as destinations, once they were asked for.
pub(super) type ToOrigins = OnceCell<Csr<PlaceIdx, StopWalk>>;

/// The streets of a window, by its position; `None` where they are those of no window.
pub(super) type ByWindow = Vec<OnceCell<Option<StreetsThen>>>;

/// Nothing is known yet of so many windows.
pub(super) fn by_window(windows: usize) -> ByWindow {
    (0..windows).map(|_| OnceCell::new()).collect()
}

/// Streets at the hours of a window.
pub(super) struct StreetsThen {
    pub network: Network,
    pub joins: Rc<Joins>,
}

/// What joins them, and the walks there, without those to jobs.
pub(super) struct Joins {
    pub origins: Joined,
    pub categories: Joined,
    pub survey: Survey,
    pub to_origins: ToOrigins,
}

impl StreetsThen {
    fn of(study: &Study, network: Network, places: &[Vec<CategoryPlace>]) -> StreetsThen {
        let origins = network
            .join(study.origins.points.iter().map(|origin| std::slice::from_ref(&origin.point)));
        let categories = network.join_places(&together(places));
        let survey = Survey::new(&network, &origins, &categories, None);
        let joins = Joins { origins, categories, survey, to_origins: OnceCell::new() };
        StreetsThen { network, joins: Rc::new(joins) }
    }
}

impl ExplorerState<'_> {
    /// The baseline's streets in a window, if they are not the usual ones.
    pub(super) fn then(&self, window: usize) -> Option<&StreetsThen> {
        let study = self.study;
        let found = self.then.get(window)?.get_or_init(|| {
            let opening = self.windows[window].opening(study.project.public_holidays);
            Some(StreetsThen::of(study, study.network.in_window(&opening)?, &study.places))
        });
        found.as_ref()
    }

    /// The same of a scenario. Where nothing but its timetable is another, the walks are those of
    /// the baseline.
    pub(super) fn then_after<'b>(
        &self,
        after: &'b ReadyScenario,
        window: usize,
    ) -> Option<&'b StreetsThen> {
        let study = self.study;
        let found = after.then.get(window)?.get_or_init(|| {
            let opening = after.windows[window].opening(study.project.public_holidays);
            if !after.network.is_other_in(&opening) {
                return None;
            }
            let alike = self
                .then(window)
                .filter(|before| after.survey.is_none() && !before.network.is_other_in(&opening));
            if let Some(before) = alike {
                let feeds = after.network.feeds.to_vec();
                let network = before.network.with_feeds(feeds, &mut Findings::new());
                return Some(StreetsThen { network, joins: before.joins.clone() });
            }
            let places = after.places.as_ref().unwrap_or(&study.places);
            Some(StreetsThen::of(study, after.network.in_window(&opening)?, places))
        });
        found.as_ref()
    }
}
