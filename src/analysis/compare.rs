//! Before and after: what scenarios do to a study.

pub mod attribution;
pub mod journey_stories;
pub mod service_span;
#[cfg(feature = "gpkg")]
pub mod transit;

use std::sync::Arc;

use rayon::prelude::*;

#[cfg(feature = "gpkg")]
use super::run::transit as transit_of_run;
use super::run::{
    BaselineResults, ProfileNetwork, ProfileResults, RunResults, RunTable, clock, indicators,
    service_day,
};
use super::study::{DatedWindow, Study};
use super::world::{ScenarioWorld, WalkerNetwork};

use super::{AnalysisError, Lenient, Observer};
use crate::access::boarded::DateVehicles;
use crate::access::residents::Residents;
#[cfg(feature = "gpkg")]
use crate::access::supply::DaySupply;
use crate::finding::Findings;
use crate::ids::{Idx, OriginIdx};
use crate::inputs::project::Project;
use crate::results::change::{ChangeTableInput, NamedChange, NamedDay, Story};
use crate::results::groups::members;
use crate::results::indicators::WindowResults;
use crate::results::service_day::ServiceDay;
use crate::results::table::NeighbourhoodTable;
#[cfg(feature = "gpkg")]
use crate::results::transit_change::TransitChange;
use crate::routing::network::{Joined, Network};
use crate::routing::query::departure_window::Departures;
use crate::scenario::comparison::{ComparedGroup, SideResults, WindowChange};
use crate::scenario::feed_diff::{DayDiff, DayTimetable, ListedRoutes, diff};
use crate::scenario::guard::{GuardedNumbers, as_it_may};
use crate::scenario::service_day::DayChange;
use attribution::{Attribution, attribute};
use service_span::BaselineDays;

/// The baseline, with what every scenario is held against.
pub struct Comparison<'a> {
    /// The study.
    pub study: &'a Study,
    /// Its windows with their dates.
    pub windows: &'a [DatedWindow],
    /// For each kind of walker.
    pub before: &'a [ProfileResults<'a>],
    /// For each kind of walker, what was found of each date.
    pub(crate) days: Vec<BaselineDays>,
    /// What runs on each date.
    pub(crate) dates: Vec<DateOfSide<'a>>,
    /// Where it goes.
    #[cfg(feature = "gpkg")]
    pub(crate) transit: transit::TimetableSide<'a>,
    /// Whose changes are counted.
    pub residents: &'a Residents,
    /// Every indicator.
    pub table: NeighbourhoodTable,
    /// All neighbourhoods, then the project's groups.
    pub groups: Vec<ComparedGroup>,
    /// The vehicles of each hour, for each date.
    pub service_days: Vec<ServiceDay>,
}

/// A scenario with what was found.
pub struct ComparedScenario<'a> {
    /// What was searched.
    pub side: &'a ScenarioWorld<'a>,
    /// For each kind of walker.
    pub after: Vec<ProfileResults<'a>>,
    /// Every indicator.
    pub table: NeighbourhoodTable,
    /// The windows, for each kind of walker in turn.
    pub changes: Vec<NamedChange>,
    /// The dates, likewise.
    pub days: Vec<NamedDay>,
    /// What differs between the timetables, once for each pair of dates.
    pub diffs: Vec<DayDiff>,
    /// What each part of it does.
    pub attribution: Attribution,
    /// Journeys before and after, in words.
    pub stories: Vec<Story>,
    /// What becomes of stops and routes.
    #[cfg(feature = "gpkg")]
    pub transit: TransitChange,
}

/// What runs on a date of one side.
pub(crate) struct DateOfSide<'a> {
    timetable: DayTimetable<'a>,
    #[cfg(feature = "gpkg")]
    supply: DaySupply,
}

/// What runs on each date of the windows, in the order of [`service_span::first_of_dates`] of the
/// baseline's.
fn dates<'b>(
    study: &Study,
    network: &'b Network,
    (baseline, windows): (&[DatedWindow], &[DatedWindow]),
) -> Result<Vec<DateOfSide<'b>>, AnalysisError> {
    let date = |nth: usize| -> Result<DateOfSide<'b>, AnalysisError> {
        let of_date = DateVehicles::of(network, &windows[nth].clock, &study.service())?;
        Ok(DateOfSide {
            timetable: DayTimetable::of(network, &of_date),
            #[cfg(feature = "gpkg")]
            supply: transit_of_run::supply_of(network, &of_date),
        })
    };
    service_span::first_of_dates(baseline).into_iter().map(date).collect()
}

impl ComparedScenario<'_> {
    /// The windows as the first kind of walker finds them.
    pub fn of_the_first_walker(&self) -> &[NamedChange] {
        &self.changes[..self.side.windows.len()]
    }

    /// What people call a category, with what is special about the walker of a window.
    pub fn label(&self, comparison: &Comparison, window: usize, category: usize) -> String {
        let category = &comparison.study.project.categories[category];
        format!("{}{}", category.label, self.changes[window].says)
    }
}

impl<'a> Comparison<'a> {
    /// The baseline, with all that scenarios are held against.
    ///
    /// # Errors
    /// If a timetable cannot be laid out.
    pub fn of(
        results: &'a RunResults<'a>,
        run: &RunTable,
        observer: &dyn Observer,
    ) -> Result<Comparison<'a>, AnalysisError> {
        let RunResults { study, windows, profiles } = results;
        let mut days = Vec::new();
        for (nth, found) in profiles.iter().enumerate() {
            let days_before = || service_span::before(study, windows, nth, &found.survey);
            days.push(observer.during("first and last of the day", days_before)?);
        }
        let dates = dates(study, study.world.network(), (windows, windows))?;
        Ok(Comparison {
            #[cfg(feature = "gpkg")]
            transit: transit::before(study, &dates)?,
            dates,
            study,
            windows,
            before: profiles,
            days,
            residents: &study.residents,
            table: run.table.clone(),
            groups: groups(study, &run.table),
            service_days: service_day::days(study, study.world.network(), windows)?,
        })
    }

    /// All scenarios, side by side.
    ///
    /// # Errors
    /// If one moves numbers as its modifications cannot, or a timetable cannot be laid out.
    pub fn with_all(
        &self,
        sides: &'a [ScenarioWorld<'a>],
        lenient: Lenient,
        observer: &dyn Observer,
    ) -> Result<Vec<ComparedScenario<'a>>, AnalysisError> {
        observer.during(&comparing(sides), || {
            sides.par_iter().map(|side| self.with(side, lenient, observer)).collect()
        })
    }

    /// What the tables of a scenario are made from.
    pub fn tables<'b>(&'b self, compared: &'b ComparedScenario) -> ChangeTableInput<'b> {
        let project = &self.study.project;
        ChangeTableInput {
            zones: &self.study.zones,
            categories: &project.categories,
            percentiles: &project.percentiles,
            cutoffs_min: project.cutoffs_ridden(),
            residents: self.residents,
            windows: &compared.changes,
            days: &compared.days,
            before: &self.table,
            after: &compared.table,
        }
    }

    /// One scenario.
    ///
    /// # Errors
    /// As [`Comparison::with_all`].
    pub fn with(
        &self,
        side: &'a ScenarioWorld<'a>,
        lenient: Lenient,
        observer: &dyn Observer,
    ) -> Result<ComparedScenario<'a>, AnalysisError> {
        let study = self.study;
        let mut after = Vec::new();
        for nth in 0..self.before.len() {
            let on = &side.world.walkers[nth];
            let baseline = self.baseline(side, nth);
            let searched = ProfileNetwork {
                nth,
                on,
                places: &side.world.places,
                survey: on.survey(study.jobs.as_ref()).clone(),
                baseline: baseline.as_ref(),
            };
            after.push(ProfileResults::on(
                study,
                searched,
                &side.windows,
                observer,
                &mut Findings::new(),
            )?);
        }
        for (before, after) in self.before.iter().zip(&after) {
            self.moved_as_it_may(side, before, after)?;
        }
        let table = indicators(study, &side.world, &after, &side.windows, &[])?;
        let dates = dates(study, side.world.network(), (self.windows, &side.windows))?;
        let diffs = self.diffs(side, &dates);
        let mut one = ComparedScenario {
            #[cfg(feature = "gpkg")]
            transit: transit::changes(self, side, &dates, &diffs)?,
            side,
            changes: self.changes(side, &after),
            days: self.days(side, &after)?,
            after,
            table,
            diffs,
            attribution: Attribution::default(),
            stories: Vec::new(),
        };
        one.attribution = attribute(self, &one, &one.diffs, lenient, observer)?;
        one.stories = journey_stories::stories(self, &one)?;
        side.world.forget_timetables();
        one.after.iter().for_each(ProfileResults::forget_timetables);
        Ok(one)
    }

    /// The baseline of one kind of walker, where a scenario leaves origins, places and walks as
    /// they are.
    pub(crate) fn baseline(&self, side: &ScenarioWorld, nth: usize) -> Option<BaselineResults<'a>> {
        let (on, baseline) = (&side.world.walkers[nth], &self.study.world.walkers[nth]);
        let same_places = Arc::ptr_eq(&side.world.places, &self.study.world.places);
        (same_places && on.has_walks_of(baseline)).then_some(BaselineResults {
            network: &baseline.network,
            windows: self.windows,
            results: &self.before[nth],
        })
    }

    fn changes(&self, side: &ScenarioWorld, after: &[ProfileResults]) -> Vec<NamedChange> {
        let project = &self.study.project;
        let mut changes = Vec::new();
        for (nth, (before, after)) in self.before.iter().zip(after).enumerate() {
            let dates = self.windows.iter().zip(&side.windows);
            for ((old, new), dates) in before.windows.iter().zip(&after.windows).zip(dates) {
                changes.push(NamedChange {
                    name: old.name.clone(),
                    when: when(dates.0, dates.1),
                    walker: self.study.project.walk.profiles[nth].name(),
                    suffix: before.suffix.clone(),
                    says: before.says(),
                    change: WindowChange::of(
                        self.residents,
                        in_window(project, old),
                        in_window(project, new),
                        project.cutoffs_ridden(),
                    ),
                });
            }
        }
        changes
    }

    fn days(
        &self,
        side: &ScenarioWorld,
        after: &[ProfileResults],
    ) -> Result<Vec<NamedDay>, AnalysisError> {
        let mut days = Vec::new();
        for (nth, (before, after)) in self.before.iter().zip(after).enumerate() {
            let found = &self.days[nth];
            let each = service_span::first_of_dates(self.windows).into_iter().zip(&found.days);
            let same_walks = self.baseline(side, nth).is_some();
            for (window, old) in each {
                let (at_before, at_after) = (&self.windows[window], &side.windows[window]);
                let known = same_walks.then_some((found, old, at_before));
                let walker = (self.study, nth);
                let new = service_span::after(walker, side, &after.survey, at_after, known)?;
                days.push(NamedDay {
                    name: at_before.window.name.clone(),
                    when: service_span::when(at_before, at_after),
                    suffix: before.suffix.clone(),
                    says: before.says(),
                    change: DayChange::of(self.residents, old, &new),
                });
            }
        }
        Ok(days)
    }

    /// The departures of a window on a network, with the limits that hold on both sides.
    pub(crate) fn departures<'b>(
        &self,
        network: &'b Network,
        window: &'b DatedWindow,
    ) -> Result<Departures<'b>, AnalysisError> {
        let limits = self.study.limits();
        Ok(Departures::of(network, &window.clock, window.departures, limits, self.study.service())?)
    }

    /// The places that are open in a window, where hours are looked at.
    pub(crate) fn open_in(&self, network: &Network, window: &DatedWindow) -> Option<Joined> {
        let (_, points) = self.study.open_in(window)?;
        Some(network.join_places(&points))
    }

    /// What the first kind of walker goes by in a window, before and after: ways and gates are as
    /// they are at its hours.
    fn in_window<'b>(&'b self, one: &'b ComparedScenario, window: usize) -> [&'b WalkerNetwork; 2] {
        let own = |found: &'b ProfileResults| found.at_hours(window).map(|own| &own.on);
        [
            own(&self.before[0]).unwrap_or(self.study.world.first()),
            own(&one.after[0]).unwrap_or(one.side.world.first()),
        ]
    }

    /// Whether an origin is in the sums: it is on the map, in a neighbourhood of which something is
    /// known.
    pub(crate) fn is_known(&self, origin: OriginIdx) -> bool {
        let zone = self.study.origins.points[origin].zone.and_then(|zone| self.residents.of(zone));
        zone.is_some() && self.residents.place(origin).is_on_map()
    }

    pub(crate) fn diffs(&self, side: &ScenarioWorld, after: &[DateOfSide]) -> Vec<DayDiff> {
        let told =
            if side.other_feeds.is_some() { ListedRoutes::OnTheMap } else { ListedRoutes::All };
        let both = self.dates.iter().zip(after);
        both.map(|(before, after)| diff(&before.timetable, &after.timetable, told)).collect()
    }

    fn moved_as_it_may(
        &self,
        side: &ScenarioWorld,
        before: &ProfileResults,
        after: &ProfileResults,
    ) -> Result<(), AnalysisError> {
        let study = self.study;
        let categories: Vec<&str> =
            study.project.categories.iter().map(|c| c.name.as_str()).collect();
        let origin = |number: usize| {
            let origin = &study.origins.points[OriginIdx::new(number)];
            let zone = origin.zone.map(|zone| study.zones.zones[zone].name.clone());
            (origin.id.clone(), zone.unwrap_or_else(|| "no neighbourhood".to_owned()))
        };
        for (before, after) in before.windows.iter().zip(&after.windows) {
            let about = GuardedNumbers {
                scenario: &side.scenario.name,
                window: &before.name,
                categories: &categories,
                percentiles: &study.project.percentiles,
                origin: &origin,
            };
            as_it_may(&about, side.acts, &before.origins, &after.origins)?;
        }
        Ok(())
    }
}

/// All neighbourhoods, and the groups of the project's groupings.
pub(crate) fn groups(study: &Study, table: &NeighbourhoodTable) -> Vec<ComparedGroup> {
    let all = (0..study.zones.zones.len()).collect();
    let (by, label, name) = ("all".into(), "All".into(), "all neighbourhoods".into());
    let mut groups = vec![ComparedGroup { by, label, name, zones: all }];
    for (grouping, members) in members(&study.project, table) {
        let one = |(name, zones)| ComparedGroup {
            by: grouping.name.clone(),
            label: grouping.label.clone(),
            name,
            zones,
        };
        groups.extend(members.into_iter().map(one));
    }
    groups
}

/// Places are counted where the project asks for counts of them.
fn in_window<'a>(project: &Project, found: &'a WindowResults) -> SideResults<'a> {
    SideResults {
        origins: &found.origins,
        each: if project.measures.counts { &found.each } else { &[] },
    }
}

/// A window's dates and times on both sides.
fn when(before: &DatedWindow, after: &DatedWindow) -> String {
    let (from, to) = (clock(before.window.from.get()), clock(before.window.to.get()));
    let name = &before.window.name;
    match (before.clock.date(), after.clock.date()) {
        (a, b) if a == b => format!("{name} {a}, {from} to {to}"),
        (a, b) => format!("{name} {a} before and {b} after, {from} to {to}"),
    }
}

/// What is being done, for whoever waits.
fn comparing(sides: &[ScenarioWorld]) -> String {
    match sides {
        [one] => format!("comparing {}", one.scenario.name),
        _ => format!("comparing {} scenarios", sides.len()),
    }
}
