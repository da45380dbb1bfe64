//! Which route's change did what: the searches behind it.

use std::collections::{BTreeMap, BTreeSet};

use super::{ComparedScenario, Comparison, ScenarioNetwork};
use crate::access::origin_accessibility::{OriginWindow, Survey};
use crate::analysis::AnalysisError;
use crate::analysis::Lenient;
use crate::analysis::Observer;
use crate::analysis::study::DatedWindow;
use crate::finding::Findings;
use crate::ids::{Idx, OriginIdx};
use crate::inputs::gtfs::Feed;
use crate::inputs::project::Scenario;
use crate::routing::network::{Joined, Network};
use crate::scenario::ScenarioError;
use crate::scenario::attribution::{
    AttributionScope, ChangeEffect, Medians, ScenarioPart, changed_origins, effects,
};
use crate::scenario::feed_diff::{DayDiff, RouteFate};
use crate::scenario::restore::{self, RouteName};

/// Routes that are left out one by one, those with most changed trips first; more are counted.
const ROUTES: usize = 40;

/// What was found out.
#[derive(Default)]
pub struct Attribution {
    /// The effects: of the whole, then of each part.
    pub effects: Vec<ChangeEffect>,
    /// Which parts were left out at all.
    pub looked_at: AttributionScope,
    /// Changed routes that were not looked at by themselves.
    pub left_out: usize,
    /// Modifications without which the others cannot be applied.
    pub inseparable: Vec<String>,
}

/// Leaves out each changed route and each modification, one at a time, and searches from those
/// origins alone whose times changed.
///
/// # Errors
/// If a network cannot be made.
pub fn attribute(
    comparison: &Comparison,
    one: &ComparedScenario,
    diffs: &[DayDiff],
    lenient: Lenient,
    observer: &dyn Observer,
) -> Result<Attribution, AnalysisError> {
    let medians =
        |windows: &mut dyn Iterator<Item = &Vec<OriginWindow>>| -> Vec<Vec<Vec<Option<_>>>> {
            windows
                .map(|window| window.iter().map(|found| found.median.clone()).collect())
                .collect()
        };
    let before = medians(&mut comparison.before[0].windows.iter().map(|window| &window.origins));
    let after = medians(&mut one.after[0].windows.iter().map(|window| &window.origins));
    let origins: Vec<OriginIdx> = changed_origins(&before, &after)
        .into_iter()
        .filter(|origin| comparison.is_known(*origin))
        .collect();
    let mut found = Attribution::default();
    if origins.is_empty() {
        return Ok(found);
    }
    let some = |all: &[Vec<Option<_>>]| -> Medians {
        origins.iter().map(|origin| all[origin.at()].clone()).collect()
    };
    let changed: Vec<usize> =
        (0..before.len()).filter(|window| before[*window] != after[*window]).collect();
    let parts = AttributedParts {
        comparison,
        one,
        people: origins.iter().map(|origin| comparison.residents.counts()[*origin]).collect(),
        origins: origins.clone(),
        joined: chosen(&origins, comparison.origins(one.side)),
        whole: after.iter().map(|all| some(all)).collect(),
        changed,
    };
    for window in &parts.changed {
        let without = some(&before[*window]);
        found.effects.extend(parts.effects(&ScenarioPart::Whole, *window, &without));
    }
    let (routes, left_out) = changed_routes(diffs);
    found.left_out = left_out;
    found.looked_at.routes = !routes.is_empty();
    let modifications = &one.side.scenario.modifications;
    let progress = observer.stage("attribution", Some((routes.len() + modifications.len()) as u64));
    match &one.side.other_feeds {
        Some(_) => parts.of_swap(&routes, &mut found, &|| progress.tick(1))?,
        None => parts.of_routes(&routes, &mut found, &|| progress.tick(1))?,
    }
    if modifications.len() + usize::from(one.side.other_feeds.is_some()) > 1 {
        found.looked_at.modifications = true;
        parts.of_modifications(lenient, &mut found)?;
    }
    Ok(found)
}

/// A route of which some trip differs.
struct ChangedRoute {
    /// Its operator and name, those before.
    route: RouteName,
    /// Those after, where they are others.
    now: Vec<RouteName>,
}

/// The routes of which any trip differs on any day, and how many more there are.
fn changed_routes(diffs: &[DayDiff]) -> (Vec<ChangedRoute>, usize) {
    let mut sizes: BTreeMap<&RouteName, (BTreeSet<&RouteName>, usize)> = BTreeMap::new();
    for route in
        diffs.iter().flat_map(|diff| &diff.routes).filter(|route| route.fate != RouteFate::Same)
    {
        let (now, size) = sizes.entry(&route.route).or_default();
        now.extend(&route.now);
        *size += route.before + route.after - 2 * route.same;
    }
    // Where nothing but the name is other nobody is affected.
    let mut routes: Vec<_> = sizes.into_iter().filter(|(_, (_, size))| *size > 0).collect();
    routes.sort_by_key(|(name, (_, size))| (std::cmp::Reverse(*size), *name));
    let left_out = routes.len().saturating_sub(ROUTES);
    let changed = |(name, (now, _)): (&RouteName, (BTreeSet<&RouteName>, usize))| ChangedRoute {
        route: name.clone(),
        now: now.into_iter().cloned().collect(),
    };
    (routes.into_iter().take(ROUTES).map(changed).collect(), left_out)
}

/// Some of the origins.
fn chosen(origins: &[OriginIdx], all: &Joined) -> Joined {
    all.only(origins.iter().map(|origin| origin.at()))
}

struct AttributedParts<'a> {
    comparison: &'a Comparison<'a>,
    one: &'a ComparedScenario<'a>,
    people: Vec<f64>,
    origins: Vec<OriginIdx>,
    /// Those origins on the streets of the scenario.
    joined: Joined,
    /// By window: the times of the whole scenario.
    whole: Vec<Medians>,
    /// Windows in which anything differs.
    changed: Vec<usize>,
}

impl AttributedParts<'_> {
    fn effects(&self, part: &ScenarioPart, window: usize, without: &Medians) -> Vec<ChangeEffect> {
        let cutoffs = self.comparison.study.project.cutoffs_ridden();
        effects(part, window, &self.people, without, &self.whole[window], cutoffs)
    }

    fn survey(&self, network: &Network, side: &ScenarioNetwork, joined: &Joined) -> Survey {
        let categories =
            side.categories.as_ref().unwrap_or(&self.comparison.study.categories_joined);
        Survey::new(network, joined, categories, None)
    }

    fn search(
        &self,
        network: &Network,
        (survey, joined): (&Survey, &Joined),
        window: &DatedWindow,
    ) -> Result<Medians, AnalysisError> {
        let departures = self.comparison.departures(network, window)?;
        let open = self.comparison.open_in(network, window);
        let open = open.map(|open| survey.among(network, joined, &open));
        let survey = open.as_ref().unwrap_or(survey);
        let found = survey.in_window(&departures, &[50], &|_| ())?;
        Ok(found.into_iter().map(|found| found.median).collect())
    }

    fn of_routes(
        &self,
        routes: &[ChangedRoute],
        found: &mut Attribution,
        tick: &dyn Fn(),
    ) -> Result<(), AnalysisError> {
        let (side, study) = (self.one.side, self.comparison.study);
        let published = &study.network.feeds;
        let survey = self.survey(&side.network, side, &self.joined);
        for ChangedRoute { route, .. } in routes {
            let feeds = restore::with_route_as_before(&side.network.feeds, published, route);
            let network = side.network.with_feeds(feeds, &mut Findings::new());
            for window in &self.changed {
                let at = &side.windows[*window];
                let times = (&at.clock, &at.departures);
                let (limits, service) = (study.limits(), study.service());
                // Where the timetable is the scenario's own, so are all times: nothing is spared.
                if !network.may_differ_in(&side.network, times, &limits, &service)? {
                    continue;
                }
                let without = self.search(&network, (&survey, &self.joined), at)?;
                let part = ScenarioPart::Route(route.0.clone(), route.1.clone());
                found.effects.extend(self.effects(&part, *window, &without));
            }
            tick();
        }
        Ok(())
    }

    /// With another timetable a route as it was before has to run on the date after: both
    /// timetables stand side by side.
    fn of_swap(
        &self,
        routes: &[ChangedRoute],
        found: &mut Attribution,
        tick: &dyn Fn(),
    ) -> Result<(), AnalysisError> {
        let (side, study) = (self.one.side, self.comparison.study);
        let mut shifts: Vec<(i32, Vec<usize>)> = Vec::new();
        for window in &self.changed {
            let dates = (&self.comparison.windows[*window].clock, &side.windows[*window].clock);
            let days = (dates.1.date() - dates.0.date()).get_days();
            match shifts.iter_mut().find(|(other, _)| *other == days) {
                Some((_, windows)) => windows.push(*window),
                None => shifts.push((days, vec![*window])),
            }
        }
        for (days, windows) in shifts {
            let both: Vec<Feed> =
                restore::side_by_side(&side.network.feeds, &study.network.feeds, days);
            let both = side.network.with_feeds(both, &mut Findings::new());
            let survey = self.survey(&both, side, &self.joined);
            for ChangedRoute { route, now } in routes {
                let feeds = restore::with_route_of_before(
                    &both.feeds,
                    side.network.feeds.len(),
                    route,
                    now,
                );
                let network = both.with_feeds(feeds, &mut Findings::new());
                for window in &windows {
                    let without =
                        self.search(&network, (&survey, &self.joined), &side.windows[*window])?;
                    let part = ScenarioPart::Route(route.0.clone(), route.1.clone());
                    found.effects.extend(self.effects(&part, *window, &without));
                }
                tick();
            }
        }
        Ok(())
    }

    fn of_modifications(
        &self,
        lenient: Lenient,
        found: &mut Attribution,
    ) -> Result<(), AnalysisError> {
        let (side, comparison) = (self.one.side, self.comparison);
        for (number, modification) in side.scenario.modifications.iter().enumerate() {
            let mut others = side.scenario.modifications.clone();
            others.remove(number);
            let scenario = Scenario { modifications: others, ..side.scenario.clone() };
            let windows = comparison.windows;
            let without = ScenarioNetwork::of(
                comparison.study,
                &scenario,
                windows,
                lenient,
                &mut Findings::new(),
            );
            let without = match without {
                Ok(side) => side,
                Err(AnalysisError::Scenario(
                    ScenarioError::NothingChanged { .. }
                    | ScenarioError::NoSuch { .. }
                    | ScenarioError::Unfit { .. },
                )) => {
                    found.inseparable.push(modification.to_string());
                    continue;
                }
                Err(failure) => return Err(failure),
            };
            let joined = chosen(&self.origins, comparison.origins(&without));
            let survey = self.survey(&without.network, &without, &joined);
            for window in &self.changed {
                let times =
                    self.search(&without.network, (&survey, &joined), &without.windows[*window])?;
                let part = ScenarioPart::Modification(modification.to_string());
                found.effects.extend(self.effects(&part, *window, &times));
            }
        }
        Ok(())
    }
}
