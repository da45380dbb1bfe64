//! `lastmile compare`: before and after.

mod attribution;
mod evidence;
mod journey_stories;
pub(super) mod scenario_network;
pub(super) mod selection;
mod service_span;
mod summary;
#[cfg(feature = "gpkg")]
mod transit;
mod write;

use std::path::Path;

use rayon::prelude::*;

use super::run::{self, BaselineResults, ProfileNetwork, ProfileResults};
use crate::access::boarded::DateVehicles;
use crate::access::residents::Residents;
#[cfg(feature = "gpkg")]
use crate::access::supply::DaySupply;
use crate::cli::args::{CompareArgs, Lenient};
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::cli::study::{DatedWindow, Study};
use crate::finding::Findings;
use crate::ids::{Idx, OriginIdx};
use crate::inputs::project::{Project, Scenario};
use crate::outputs::change::{NamedChange, NamedDay, Story};
use crate::outputs::comparison::change_style;
use crate::outputs::folder::OutputFolder;
use crate::outputs::groups::members;
use crate::outputs::indicators::WindowResults;
#[cfg(feature = "gpkg")]
use crate::outputs::layers::TransitChange;
use crate::outputs::scenarios::{NamedScenario, write_scenarios};
use crate::outputs::table::NeighbourhoodTable;
use crate::report::{MapStreets, ServiceDay};
use crate::routing::network::{Joined, Network};
use crate::routing::query::departure_window::Departures;
use crate::scenario::comparison::{ComparedGroup, SideResults, WindowChange};
use crate::scenario::feed_diff::{DayDiff, DayTimetable, ListedRoutes, diff};
use crate::scenario::guard::{GuardedNumbers, as_it_may};
use crate::scenario::service_day::DayChange;
use attribution::{Attribution, attribute};
use scenario_network::ScenarioNetwork;
use service_span::BaselineDays;

/// Runs the command.
///
/// # Errors
/// If an input cannot be used, a scenario does not fit the data, or the output not be written.
pub fn compare(
    args: &CompareArgs,
    printer: &Printer,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let project = Project::read(&args.project)?;
    let scenarios = selection::scenarios(args, &project)?;
    let asked = CompareRequest {
        file: &args.project,
        scenarios,
        out: &args.out,
        force: args.force,
        pictures: run::Pictures::asked(args.png)?,
        lenient: args.lenient,
    };
    write_comparison(&asked, printer, findings)
}

/// What is compared, and where it is written.
pub(super) struct CompareRequest<'a> {
    /// The project file.
    pub file: &'a Path,
    /// At least one.
    pub scenarios: Vec<Scenario>,
    /// The folder.
    pub out: &'a Path,
    /// Whether an earlier result may be replaced.
    pub force: bool,
    /// Whether the maps are written as pictures, too.
    pub pictures: run::Pictures,
    /// What is let pass.
    pub lenient: Lenient,
}

/// Compares a project with scenarios and writes the evidence.
///
/// # Errors
/// As [`compare`].
pub(super) fn write_comparison(
    asked: &CompareRequest,
    printer: &Printer,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let CompareRequest { file, scenarios, out, force, pictures, lenient } = asked;
    let project = Project::read(file)?;
    let text = std::fs::read_to_string(file).map_err(Failure::file(file))?;
    let mut all = project.clone();
    all.scenarios.extend(scenarios.iter().cloned());
    let folder = OutputFolder::create(out, *force, &run::input_files(&all, file))?;
    let mut study = printer.during("reading", || Study::read(file, *lenient, findings))?;
    study.remember_timetables();
    let study = study;
    let windows = study.windows(*lenient)?;
    study.report_copies(&windows, findings);
    if windows.is_empty() {
        let why = "there is no timetable or no window to compare: name `gtfs` in the project file";
        return Err(Failure::Usage(why.into()));
    }
    // What does not fit is said before anything long begins.
    let sides = printer.during("changing the data", || {
        let side = |scenario| ScenarioNetwork::of(&study, scenario, &windows, *lenient, findings);
        scenarios.iter().map(side).collect::<Result<Vec<_>, _>>()
    })?;
    let mut before = vec![ProfileResults::of_the_first(&study, &windows, printer, findings)?];
    for walked in &study.further {
        before.push(ProfileResults::of_another(
            &study,
            walked,
            &windows,
            printer,
            &mut Findings::new(),
        )?);
    }
    let mut days = Vec::new();
    for (nth, found) in before.iter().enumerate() {
        let days_before = || service_span::before(&study, &windows, nth, &found.survey);
        days.push(printer.during("first and last of the day", days_before)?);
    }
    let dates = dates(&study, &study.network, (&windows, &windows))?;
    let mut comparison = Comparison {
        #[cfg(feature = "gpkg")]
        transit: transit::before(&study, &dates)?,
        dates,
        study: &study,
        windows: &windows,
        before: &before,
        days,
        residents: &study.residents,
        table: NeighbourhoodTable::default(),
        groups: Vec::new(),
        streets: run::service_day::map_streets(&study),
        service_days: run::service_day::days(&study, &study.network, &windows)?,
    };
    let compared = printer.during(comparing(&sides), || {
        let compared = sides.par_iter().map(|side| comparison.with(side, *lenient, printer));
        compared.collect::<Result<Vec<_>, Failure>>()
    })?;
    let sums = || run::manifest(&study, &windows, &run::input_paths(&project, file));
    let mut manifest = printer.during("reading sums", sums)?;
    summary::into_manifest(&mut manifest, &comparison, &compared)?;
    let said = (&*findings, printer);
    let whole = printer
        .during("summing up", || run::WholeColumns::of(&study, &windows, &before, printer))?;
    comparison.groups = groups(&study, &whole.table);
    comparison.table = whole.table.clone();
    let maps = comparison.maps(&compared)?;
    let (pictures, fgb) = (*pictures, run::FlatGeobuf::No);
    let before_page = run::Pages {
        report: "before.html",
        streets: &comparison.streets,
        pictures,
        fgb,
        neighbourhoods: &[],
    };
    let pages = (before_page, &maps[..]);
    let _writing = printer.progress().stage("writing", None);
    let manifest =
        run::write_all(&folder, &study, &windows, (&before, &whole), manifest, said, pages)?;
    for one in &compared {
        let below =
            if compared.len() > 1 { format!("{}/", one.side.scenario.name) } else { String::new() };
        comparison.write((&folder, &below, pictures), one, &manifest, findings, &text)?;
        printer.note(&summary::in_words(&comparison, one));
    }
    if compared.len() > 1 {
        let named = compared.iter().map(|one| NamedScenario {
            name: &one.side.scenario.name,
            label: &one.side.scenario.label,
            says: one.side.says_in_words(),
            changes: comparison.tables(one),
        });
        let named: Vec<NamedScenario> = named.collect();
        folder.write("scenarios.csv", |out| write_scenarios(out, &named))?;
    }
    let target = folder.target().to_owned();
    folder.publish(&manifest)?;
    printer.note(&format!("wrote {} scenarios to {}", compared.len(), target.display()));
    printer.json(&manifest).map_err(Failure::Output)
}

/// What is being done, for whoever waits.
fn comparing(sides: &[ScenarioNetwork]) -> String {
    match sides {
        [one] => format!("comparing {}", one.scenario.name),
        _ => format!("comparing {} scenarios", sides.len()),
    }
}

/// The baseline, with what every scenario is held against.
struct Comparison<'a> {
    study: &'a Study,
    windows: &'a [DatedWindow],
    /// For each kind of walker.
    before: &'a [ProfileResults<'a>],
    /// For each kind of walker, what was found of each date.
    days: Vec<BaselineDays>,
    /// What runs on each date.
    dates: Vec<DateOfSide<'a>>,
    /// Where it goes.
    #[cfg(feature = "gpkg")]
    transit: transit::TimetableSide<'a>,
    /// Whose changes are counted.
    residents: &'a Residents,
    /// Every indicator.
    table: NeighbourhoodTable,
    /// All neighbourhoods, then the project's groups.
    groups: Vec<ComparedGroup>,
    /// The streets of all maps.
    streets: MapStreets,
    /// The vehicles of each hour, for each date.
    service_days: Vec<ServiceDay>,
}

/// A scenario with what was found.
struct ComparedScenario<'a> {
    side: &'a ScenarioNetwork<'a>,
    /// For each kind of walker.
    after: Vec<ProfileResults<'a>>,
    /// Every indicator.
    table: NeighbourhoodTable,
    /// The windows, for each kind of walker in turn.
    changes: Vec<NamedChange>,
    /// The dates, likewise.
    days: Vec<NamedDay>,
    /// What differs between the timetables, once for each pair of dates.
    diffs: Vec<DayDiff>,
    attribution: Attribution,
    stories: Vec<Story>,
    #[cfg(feature = "gpkg")]
    transit: TransitChange,
}

/// What runs on a date of one side.
struct DateOfSide<'a> {
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
) -> Result<Vec<DateOfSide<'b>>, Failure> {
    let date = |nth: usize| -> Result<DateOfSide<'b>, Failure> {
        let of_date = DateVehicles::of(network, &windows[nth].clock, &study.service())?;
        Ok(DateOfSide {
            timetable: DayTimetable::of(network, &of_date),
            #[cfg(feature = "gpkg")]
            supply: run::transit::supply_of(network, &of_date),
        })
    };
    service_span::first_of_dates(baseline).into_iter().map(date).collect()
}

impl ComparedScenario<'_> {
    /// The windows as the first kind of walker finds them.
    fn of_the_first_walker(&self) -> &[NamedChange] {
        &self.changes[..self.side.windows.len()]
    }

    /// What people call a category, with what is special about the walker of a window.
    fn label(&self, comparison: &Comparison, window: usize, category: usize) -> String {
        let category = &comparison.study.project.categories[category];
        format!("{}{}", category.label, self.changes[window].says)
    }
}

impl<'a> Comparison<'a> {
    fn with(
        &self,
        side: &'a ScenarioNetwork<'a>,
        lenient: Lenient,
        printer: &Printer,
    ) -> Result<ComparedScenario<'a>, Failure> {
        let study = self.study;
        let mut after = Vec::new();
        for (nth, before) in self.before.iter().enumerate() {
            let on = side.walker(study, nth);
            let survey = on.survey.unwrap_or(&before.survey).clone();
            let baseline = self.baseline(side, nth);
            let ground = ProfileNetwork {
                nth,
                network: on.network,
                joined: on.origins,
                places: side.places.as_ref().unwrap_or(&study.places),
                survey,
                baseline: baseline.as_ref(),
            };
            after.push(ProfileResults::on(
                study,
                ground,
                &side.windows,
                printer,
                &mut Findings::new(),
            )?);
        }
        for (before, after) in self.before.iter().zip(&after) {
            self.moved_as_it_may(side, before, after)?;
        }
        let facts = run::TableFacts {
            network: &side.network,
            places: side.places.as_ref().unwrap_or(&study.places),
            broadband: side.broadband.as_ref().or(study.broadband.as_ref()),
        };
        let table = run::indicators(study, &facts, &after, &side.windows, &[])?;
        let dates = dates(study, &side.network, (self.windows, &side.windows))?;
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
        one.attribution = attribute(self, &one, &one.diffs, lenient, printer)?;
        one.stories = journey_stories::stories(self, &one)?;
        side.forget_timetables();
        one.after.iter().for_each(ProfileResults::forget_timetables);
        Ok(one)
    }

    /// The baseline of one kind of walker, where a scenario leaves origins, places and walks as
    /// they are.
    fn baseline(&self, side: &ScenarioNetwork, nth: usize) -> Option<BaselineResults<'a>> {
        let on = side.walker(self.study, nth);
        let network = self.study.network_of(nth);
        let same_walks = on.survey.is_none() && on.network.has_walks_of(network);
        (same_walks && side.origins.is_none() && side.places.is_none()).then_some(BaselineResults {
            network,
            windows: self.windows,
            results: &self.before[nth],
        })
    }

    fn changes(&self, side: &ScenarioNetwork, after: &[ProfileResults]) -> Vec<NamedChange> {
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
        side: &ScenarioNetwork,
        after: &[ProfileResults],
    ) -> Result<Vec<NamedDay>, Failure> {
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
    fn departures<'b>(
        &self,
        network: &'b Network,
        window: &'b DatedWindow,
    ) -> Result<Departures<'b>, Failure> {
        let limits = self.study.limits();
        Ok(Departures::of(network, &window.clock, window.departures, limits, self.study.service())?)
    }

    /// The places that are open in a window, where hours are looked at.
    fn open_in(&self, network: &Network, window: &DatedWindow) -> Option<Joined> {
        let (_, points) = self.study.open_in(window)?;
        Some(network.join_places(&points))
    }

    /// What the first kind of walker goes by in a window, before and after.
    fn grounds<'b>(&'b self, one: &'b ComparedScenario, window: usize) -> [WindowGround<'b>; 2] {
        let (study, side) = (self.study, one.side);
        let before = WindowGround {
            network: &study.network,
            origins: &study.origins_joined,
            categories: &study.categories_joined,
        };
        let after = WindowGround {
            network: &side.network,
            origins: self.origins(side),
            categories: side.categories.as_ref().unwrap_or(&study.categories_joined),
        };
        [before.at_hours(&self.before[0], window), after.at_hours(&one.after[0], window)]
    }

    /// The origins on the streets of a scenario.
    fn origins<'b>(&'b self, side: &'b ScenarioNetwork) -> &'b Joined {
        side.origins.as_ref().unwrap_or(&self.study.origins_joined)
    }

    /// Whether an origin is in the sums: it is on the map, in a neighbourhood of which something is
    /// known.
    fn is_known(&self, origin: OriginIdx) -> bool {
        let zone = self.study.origins.points[origin].zone.and_then(|zone| self.residents.of(zone));
        zone.is_some() && self.residents.place(origin).is_on_map()
    }

    fn diffs(&self, side: &ScenarioNetwork, after: &[DateOfSide]) -> Vec<DayDiff> {
        let told =
            if side.other_feeds.is_some() { ListedRoutes::OnTheMap } else { ListedRoutes::All };
        let both = self.dates.iter().zip(after);
        both.map(|(before, after)| diff(&before.timetable, &after.timetable, told)).collect()
    }

    fn moved_as_it_may(
        &self,
        side: &ScenarioNetwork,
        before: &ProfileResults,
        after: &ProfileResults,
    ) -> Result<(), Failure> {
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

    /// What changes as layers, under the scenario's name where it is one of several.
    fn maps(&self, compared: &[ComparedScenario]) -> Result<Vec<run::ChangeLayer>, Failure> {
        let mut maps = Vec::new();
        for one in compared {
            let Scenario { name, label, .. } = one.side.scenario;
            let label = if label.is_empty() { name } else { label };
            let shown = evidence::main_map(self, one);
            let about = shown
                .as_ref()
                .map_or_else(String::new, |(_, map)| format!(", minutes: {}", map.caption));
            maps.push(run::ChangeLayer {
                label: label.clone(),
                #[cfg(feature = "gpkg")]
                transit: one.transit.clone(),
                name: if compared.len() > 1 {
                    format!("change_{name}")
                } else {
                    "change".to_owned()
                },
                title: format!("{label}{about}"),
                category: shown.as_ref().map(|(category, _)| category.name.clone()),
                table: self.tables(one).table(),
                style: shown.map(|(_, map)| change_style(&map.change, &map.state)),
            });
        }
        Ok(maps)
    }
}

/// All neighbourhoods, and the groups of the project's groupings.
pub(super) fn groups(study: &Study, table: &NeighbourhoodTable) -> Vec<ComparedGroup> {
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

/// What a kind of walker goes by in a window: ways and gates are as they are at its hours.
#[derive(Clone, Copy)]
struct WindowGround<'a> {
    network: &'a Network,
    origins: &'a Joined,
    categories: &'a Joined,
}

impl<'a> WindowGround<'a> {
    /// The window's own, where it has one.
    fn at_hours(self, found: &'a ProfileResults, window: usize) -> WindowGround<'a> {
        found.at_hours(window).map_or(self, |own| WindowGround {
            network: &own.network,
            origins: &own.origins,
            categories: &own.categories,
        })
    }
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
    let (from, to) = (run::clock(before.window.from.0), run::clock(before.window.to.0));
    let name = &before.window.name;
    match (before.clock.date(), after.clock.date()) {
        (a, b) if a == b => format!("{name} {a}, {from} to {to}"),
        (a, b) => format!("{name} {a} before and {b} after, {from} to {to}"),
    }
}
