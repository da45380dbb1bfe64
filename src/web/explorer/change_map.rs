//! What the map and its table show: times before and after, and who is the worse for it.

use super::scenario_cache::ReadyScenario;
use super::{ExplorerState, failed, when};
use crate::access::origin_accessibility::{OriginWindow, Survey};
use crate::analysis::run::WindowStreets;
use crate::analysis::study::DatedWindow;
use crate::analysis::world::WalkerNetwork;
use crate::ids::{CategoryIdx, Idx, OriginIdx};
use crate::inputs::project::scenarios::Acts;
use crate::outputs::tables;
use crate::results::change::{ChangeTableInput, NamedChange, minutes_of_change};
use crate::results::table::{NeighbourhoodTable, Value};
use crate::routing::network::{Joined, Network};
use crate::scenario::comparison::{ComparedGroup, SideResults, WindowChange};
use crate::scenario::differences::{CategoryChange, PeopleTally};
use crate::scenario::guard::{GuardedNumbers, as_it_may};
use crate::units::Seconds;
use crate::web::{Answer, ChangedMap, ExplorerCategoryChange, ExplorerQuery, GroupChange, Refusal};

impl ExplorerState<'_> {
    /// What the map shows in a window.
    pub(super) fn changed(
        &mut self,
        asked: &ExplorerQuery,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<ChangedMap, Refusal> {
        let (window, change) = self.compared(asked, is_stale)?;
        let (said, after_at) = match self.made_ready(&asked.otherwise)? {
            None => ((Vec::new(), Vec::new(), Vec::new()), None),
            Some(after) => (
                (after.says.clone(), after.idle.clone(), after.warnings.clone()),
                window.map(|at| after.windows[at].clone()),
            ),
        };
        let (says, idle, warnings) = said;
        let cutoffs = self.cutoffs(window).len();
        let categories =
            (0..change.categories.len()).map(|nth| self.category(&change, nth, cutoffs));
        let categories = categories.collect();
        Ok(ChangedMap {
            when: self.when(window, after_at.as_ref()),
            says,
            idle,
            warnings,
            categories,
        })
    }

    /// The same for all categories as a file.
    pub(super) fn table(&mut self, asked: &ExplorerQuery) -> Result<Answer, Refusal> {
        let (window, change) = self.compared(asked, &|| false)?;
        let name = asked.window.clone().unwrap_or_else(|| "walk".to_owned());
        let when = self.when(window, None);
        let windows = [NamedChange {
            name,
            when,
            walker: self.study.project.walk.profiles[0].name(),
            suffix: String::new(),
            says: "",
            change,
        }];
        let nothing = NeighbourhoodTable::default();
        let project = &self.study.project;
        let changes = ChangeTableInput {
            zones: &self.study.zones,
            categories: &project.categories,
            percentiles: if window.is_some() { &project.percentiles } else { &[50] },
            cutoffs_min: self.cutoffs(window),
            residents: &self.study.residents,
            windows: &windows,
            days: &[],
            before: &nothing,
            after: &nothing,
        };
        let mut bytes = Vec::new();
        tables::write_neighbourhoods(&mut bytes, &changes.table())
            .map_err(|error| Refusal::Failed(error.to_string()))?;
        Ok(Answer::File { name: "change.csv".to_owned(), kind: "text/csv; charset=utf-8", bytes })
    }

    pub(super) fn when(&self, window: Option<usize>, after: Option<&DatedWindow>) -> String {
        let Some(at) = window else { return "on foot, at any time".to_owned() };
        let (before, says) = (&self.windows[at], when(&self.windows[at]));
        match after.filter(|after| after.clock.date() != before.clock.date()) {
            Some(after) => format!("{says}; after the change on {}", after.clock.date()),
            None => says,
        }
    }

    fn compared(
        &mut self,
        asked: &ExplorerQuery,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<(Option<usize>, WindowChange), Refusal> {
        let window = self.window(asked.window.as_deref())?;
        self.find_before(window)?;
        if is_stale() {
            return Err(Refusal::Stale);
        }
        self.made_ready(&asked.otherwise)?;
        let slot = window.unwrap_or(self.windows.len());
        let mut after = self.after.pop_if(|after| after.otherwise == asked.otherwise);
        let found = match &mut after {
            None => Ok(()),
            Some(_) if is_stale() => Err(Refusal::Stale),
            Some(after) => self.find_after(after, window),
        };
        let before = self.before[slot].as_deref().unwrap_or_default();
        let side = after.as_ref().and_then(|after| after.found[slot].as_deref()).unwrap_or(before);
        let cutoffs = self.cutoffs(window);
        let change = WindowChange::of(&self.study.residents, times(before), times(side), cutoffs);
        self.after.extend(after);
        found.map(|()| (window, change))
    }

    /// Finds the times before in a window, unless they are known.
    pub(super) fn find_before(&mut self, window: Option<usize>) -> Result<(), Refusal> {
        let slot = window.unwrap_or(self.windows.len());
        if self.before[slot].is_none() {
            let found = match window {
                Some(at) => {
                    let usual = (self.study.world.first(), &self.survey);
                    let side = self.streets_before(at).map_or(usual, at_hours);
                    self.in_window(side, &self.windows[at])?
                }
                None => self.on_foot(&self.survey),
            };
            self.before[slot] = Some(found);
        }
        Ok(())
    }

    fn find_after(&self, after: &mut ReadyScenario, window: Option<usize>) -> Result<(), Refusal> {
        let slot = window.unwrap_or(self.windows.len());
        if after.found[slot].is_some() {
            return Ok(());
        }
        let found = match window {
            Some(at) => {
                let survey = after.survey.as_ref().unwrap_or(&self.survey);
                let usual = (after.world.first(), survey);
                let side = self.streets_after(after, at).map_or(usual, at_hours);
                self.in_window(side, &after.windows[at])?
            }
            None => self.on_foot(after.survey.as_ref().unwrap_or(&self.survey)),
        };
        let before = self.before[slot].as_deref().unwrap_or_default();
        self.moves_as_it_may(after.acts, before, &found)?;
        after.found[slot] = Some(found);
        Ok(())
    }

    fn in_window(
        &self,
        (on, survey): (&WalkerNetwork, &Survey),
        window: &DatedWindow,
    ) -> Result<Vec<OriginWindow>, Refusal> {
        let departures = self.departures(&on.network, window)?;
        let open = self.open_in(&on.network, window);
        let open = open.map(|open| survey.among(&on.network, &on.origins, &open));
        let survey = open.as_ref().unwrap_or(survey);
        survey.in_window(&departures, &self.study.project.percentiles, &|_| ()).map_err(failed)
    }

    /// The places that are open in a window, where hours are looked at.
    pub(super) fn open_in(&self, network: &Network, window: &DatedWindow) -> Option<Joined> {
        let (_, points) = self.study.open_in(window)?;
        Some(network.join_places(&points))
    }

    /// The walks, as if each departure took as long.
    fn on_foot(&self, survey: &Survey) -> Vec<OriginWindow> {
        let categories = self.study.project.categories.len();
        let of = |origin: usize| {
            let walk = |category| survey.walk(OriginIdx::new(origin), CategoryIdx::new(category));
            let median: Vec<Option<Seconds>> = (0..categories).map(walk).collect();
            OriginWindow {
                nearest: median.iter().map(|walk| vec![*walk]).collect(),
                median,
                jobs: None,
            }
        };
        (0..self.study.origins.points.len()).map(of).collect()
    }

    fn moves_as_it_may(
        &self,
        acts: Acts,
        before: &[OriginWindow],
        after: &[OriginWindow],
    ) -> Result<(), Refusal> {
        let study = self.study;
        let categories: Vec<&str> =
            study.project.categories.iter().map(|c| c.name.as_str()).collect();
        let origin = |number: usize| {
            let origin = &study.origins.points[OriginIdx::new(number)];
            let zone = origin.zone.map(|zone| study.zones.zones[zone].name.clone());
            (origin.id.clone(), zone.unwrap_or_else(|| "no neighbourhood".to_owned()))
        };
        let about = GuardedNumbers {
            scenario: super::scenario_cache::UNSAVED,
            window: "shown",
            categories: &categories,
            percentiles: &study.project.percentiles,
            origin: &origin,
        };
        as_it_may(&about, acts, before, after).map_err(failed)
    }

    /// The cut-offs that were searched up to in a window; on foot these are fewer.
    fn cutoffs(&self, window: Option<usize>) -> &'_ [u32] {
        let project = &self.study.project;
        if window.is_some() { project.cutoffs_ridden() } else { project.cutoffs_on_foot() }
    }

    fn category(
        &self,
        change: &WindowChange,
        category: usize,
        cutoffs: usize,
    ) -> ExplorerCategoryChange {
        let zones = &change.categories[category];
        let each = |get: &dyn Fn(&CategoryChange) -> Option<f64>| -> Vec<Option<f64>> {
            zones.iter().map(|change| change.as_ref().and_then(get)).collect()
        };
        let count = |get: &dyn Fn(&PeopleTally) -> f64| -> Vec<f64> {
            zones
                .iter()
                .map(|change| change.as_ref().map_or(0.0, |change| get(&change.tally)))
                .collect()
        };
        let state = |change: &Option<CategoryChange>| Some(change.as_ref()?.median.state().name());
        ExplorerCategoryChange {
            before: each(&|change| minutes(change.median.before)),
            after: each(&|change| minutes(change.median.after)),
            change: each(&|change| minutes_of_change(change.median).as_number()),
            state: zones.iter().map(state).collect(),
            lost: count(&|tally| tally.lost),
            longer: count(&|tally| tally.longer[0]),
            groups: self
                .groups
                .iter()
                .map(|group| of_group(group, &change.sum(category, &group.zones, cutoffs)))
                .collect(),
        }
    }
}

fn at_hours(own: &WindowStreets) -> (&WalkerNetwork, &Survey) {
    (&own.on, &own.survey)
}

/// What was found of the nearest places; the page counts none.
fn times(origins: &[OriginWindow]) -> SideResults<'_> {
    SideResults { origins, each: &[] }
}

/// Minutes as every output has them.
pub(super) fn minutes(time: Option<Seconds>) -> Option<f64> {
    Value::minutes(time).as_number()
}

fn of_group(group: &ComparedGroup, tally: &PeopleTally) -> GroupChange {
    GroupChange {
        by: if group.by == "all" { group.by.clone() } else { group.label.clone() },
        name: group.name.clone(),
        people: tally.people,
        lost: tally.lost,
        longer: tally.longer,
        worse: tally.worse,
        better: tally.better,
        gained: tally.gained,
        mean: tally.mean_minutes(),
    }
}
