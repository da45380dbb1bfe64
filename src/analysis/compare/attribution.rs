//! Which route's change did what: the searches behind it.

use std::collections::{BTreeMap, BTreeSet};

use super::{ComparedScenario, Comparison};
use crate::access::origin_accessibility::{OriginWindow, Survey};
use crate::analysis::AnalysisError;
use crate::analysis::Lenient;
use crate::analysis::Observer;
use crate::analysis::study::DatedWindow;
use crate::analysis::world::{ScenarioWorld, WalkerNetwork, together};
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
    let grounds = ground_of_windows(comparison, one, &changed, &origins);
    let parts = AttributedParts {
        comparison,
        one,
        grounds,
        people: origins.iter().map(|origin| comparison.residents.counts()[*origin]).collect(),
        origins: origins.clone(),
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

/// Windows whose streets are the same ones, with the origins that are looked at on them.
struct AttributedGround<'a> {
    windows: Vec<usize>,
    on: &'a WalkerNetwork,
    joined: Joined,
}

/// What the first kind of walker goes by in each window after the change.
fn ground_of_windows<'a>(
    comparison: &'a Comparison,
    one: &'a ComparedScenario,
    windows: &[usize],
    origins: &[OriginIdx],
) -> Vec<AttributedGround<'a>> {
    let mut grounds: Vec<AttributedGround> = Vec::new();
    for window in windows {
        let [_, on] = comparison.in_window(one, *window);
        match grounds.iter_mut().find(|known| std::ptr::eq(known.on, on)) {
            Some(known) => known.windows.push(*window),
            None => {
                let joined = chosen(origins, &on.origins);
                grounds.push(AttributedGround { windows: vec![*window], on, joined });
            }
        }
    }
    grounds
}

struct AttributedParts<'a> {
    comparison: &'a Comparison<'a>,
    one: &'a ComparedScenario<'a>,
    people: Vec<f64>,
    origins: Vec<OriginIdx>,
    /// By window: its streets, and those origins on them.
    grounds: Vec<AttributedGround<'a>>,
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
        let published = &study.world.network().feeds;
        let surveys: Vec<Survey> = self.grounds.iter().map(AttributedGround::survey).collect();
        for ChangedRoute { route, .. } in routes {
            for (ground, survey) in self.grounds.iter().zip(&surveys) {
                let usual = &ground.on.network;
                let feeds = restore::with_route_as_before(&usual.feeds, published, route);
                let network = usual.with_feeds(feeds, &mut Findings::new());
                for window in &ground.windows {
                    let at = &side.windows[*window];
                    let times = (&at.clock, &at.departures);
                    let (limits, service) = (study.limits(), study.service());
                    // Where the timetable is the scenario's own, so are all times.
                    if !network.may_differ_in(usual, times, &limits, &service)? {
                        continue;
                    }
                    let without = self.search(&network, (survey, &ground.joined), at)?;
                    let part = ScenarioPart::Route(route.0.clone(), route.1.clone());
                    found.effects.extend(self.effects(&part, *window, &without));
                }
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
        for (ground, days, windows) in self.shifts() {
            let usual = &ground.on.network;
            let both: Vec<Feed> =
                restore::side_by_side(&usual.feeds, &study.world.network().feeds, days);
            let both = usual.with_feeds(both, &mut Findings::new());
            let survey = Survey::new(&both, &ground.joined, &ground.on.categories, None);
            for ChangedRoute { route, now } in routes {
                let feeds = restore::with_route_of_before(
                    &both.feeds,
                    side.world.network().feeds.len(),
                    route,
                    now,
                );
                let network = both.with_feeds(feeds, &mut Findings::new());
                for window in &windows {
                    let without =
                        self.search(&network, (&survey, &ground.joined), &side.windows[*window])?;
                    let part = ScenarioPart::Route(route.0.clone(), route.1.clone());
                    found.effects.extend(self.effects(&part, *window, &without));
                }
                tick();
            }
        }
        Ok(())
    }

    /// The windows by their streets, and by how many days after the date before theirs is.
    fn shifts(&self) -> Vec<(&AttributedGround<'_>, i32, Vec<usize>)> {
        let mut shifts: Vec<(&AttributedGround, i32, Vec<usize>)> = Vec::new();
        let each = self
            .grounds
            .iter()
            .flat_map(|ground| ground.windows.iter().map(move |window| (ground, *window)));
        for (ground, window) in each {
            let dates = [&self.comparison.windows[window], &self.one.side.windows[window]];
            let [before, after] = dates.map(|window| window.clock.date());
            let days = (after - before).get_days();
            let same = |known: &&mut (&AttributedGround, i32, _)| {
                std::ptr::eq(known.0, ground) && known.1 == days
            };
            match shifts.iter_mut().find(same) {
                Some((.., windows)) => windows.push(window),
                None => shifts.push((ground, days, vec![window])),
            }
        }
        shifts
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
            let without = ScenarioWorld::of(
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
            for ground in &self.grounds {
                let first = &without.windows[ground.windows[0]];
                let own = self.at_hours(&without, first);
                let joined = own.as_ref().map_or_else(
                    || chosen(&self.origins, &without.world.first().origins),
                    |(_, joined, _)| joined.clone(),
                );
                let usual = || &*without.world.first().categories;
                let (network, categories) = own.as_ref().map_or_else(
                    || (without.world.network(), usual()),
                    |(network, _, categories)| (network, categories),
                );
                let survey = Survey::new(network, &joined, categories, None);
                for window in &ground.windows {
                    let at = &without.windows[*window];
                    let times = self.search(network, (&survey, &joined), at)?;
                    let part = ScenarioPart::Modification(modification.to_string());
                    found.effects.extend(self.effects(&part, *window, &times));
                }
            }
        }
        Ok(())
    }
    /// A scenario's streets at the hours of a window, with the origins and places on them, where
    /// they are others than those of no window.
    fn at_hours(
        &self,
        side: &ScenarioWorld,
        window: &DatedWindow,
    ) -> Option<(Network, Joined, Joined)> {
        let study = self.comparison.study;
        let network =
            side.world.network().in_window(&window.opening(study.project.public_holidays))?;
        let point = |origin: &OriginIdx| std::slice::from_ref(&study.origins.points[*origin].point);
        let origins = network.join(self.origins.iter().map(point));
        let places = &side.world.places;
        let categories = network.join_places(&together(places));
        Some((network, origins, categories))
    }
}

impl AttributedGround<'_> {
    fn survey(&self) -> Survey {
        Survey::new(&self.on.network, &self.joined, &self.on.categories, None)
    }
}
