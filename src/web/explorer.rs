//! The answers of the explorer: what is read once, and what each question searches.

mod areas;
mod change_map;
mod from_point;
mod lines;
mod measures;
mod overview;
mod packs;
mod save_scenario;
mod scenario_cache;

use std::fmt::Display;
use std::io;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::access::origin_accessibility::{OriginWindow, Survey};
use crate::analysis::compare;
use crate::analysis::run::{WindowStreets, clock, indicators};
use crate::analysis::study::{DatedWindow, Study};
use crate::analysis::{AnalysisError, Lenient, Observer};
use crate::ids::{Csr, PlaceIdx};
use crate::inputs::project::Project;
use crate::outputs::geojson;
use crate::results::change::ChangeTableInput;
use crate::results::groups::add_fields;
use crate::results::table::NeighbourhoodTable;
use crate::routing::network::Network;
use crate::routing::query::departure_window::Departures;
use crate::routing::transit::access_egress::StopWalk;
use crate::scenario::comparison::ComparedGroup;
use crate::web::{Answer, Explorer, Question, Refusal, Server, backdrop, points};
use lines::CutLine;
use packs::Packs;
use scenario_cache::ReadyScenario;

const GEOJSON: &str = "application/geo+json";

/// What the explorer answers about.
pub struct ExplorerInputs<'a> {
    /// The project file, in which scenarios are kept.
    pub file: &'a Path,
    /// The folder for evidence packs.
    pub out: &'a Path,
    /// What is let pass.
    pub lenient: Lenient,
    /// Where map tiles come from, if from anywhere.
    pub tiles: Option<super::TileSource>,
    /// Who hears of packs that are written meanwhile.
    pub observer: Arc<dyn Observer + Send + Sync>,
    /// The project's data.
    pub study: &'a Study,
    /// Its windows with their dates.
    pub windows: &'a [DatedWindow],
}

/// Gives the server the layers that never change, and makes ready to answer.
///
/// # Errors
/// If the layers cannot be put together.
pub fn explorer<'a>(
    server: &mut Server,
    inputs: ExplorerInputs<'a>,
) -> Result<impl Explorer + use<'a>, AnalysisError> {
    let ExplorerInputs { file, out, lenient, tiles, observer, study, windows } = inputs;
    let lines =
        lines::lines(study.world.network(), windows.first().map(|window| window.clock.date()));
    server.add("map/backdrop", GEOJSON, backdrop(&study.world.network().streets, &study.barriers));
    server.add(
        "map/origins",
        GEOJSON,
        points(study.origins.points.iter().map(|origin| origin.point)),
    );
    let outlines = neighbourhoods(study).map_err(AnalysisError::file(file))?;
    server.add("map/neighbourhoods", GEOJSON, outlines);
    Ok(ExplorerState {
        file,
        out,
        lenient,
        observer,
        project: study.project.clone(),
        windows,
        survey: Survey::new(
            study.world.network(),
            &study.world.first().origins,
            &study.world.first().categories,
            None,
        ),
        groups: groups(study, windows)?,
        tiles,
        lines,
        at_hours: streets_of(windows),
        before: vec![None; windows.len() + 1],
        after: Vec::new(),
        to_origins: None,
        tables: vec![None; windows.len() + 1],
        packs: Packs::default(),
        study,
    })
}

/// The outlines, without any number.
fn neighbourhoods(study: &Study) -> io::Result<Vec<u8>> {
    let project = &study.project;
    let table = ChangeTableInput {
        zones: &study.zones,
        categories: &project.categories,
        percentiles: &project.percentiles,
        cutoffs_min: project.cutoffs_ridden(),
        residents: &study.residents,
        windows: &[],
        days: &[],
        before: &NeighbourhoodTable::default(),
        after: &NeighbourhoodTable::default(),
    };
    let mut bytes = Vec::new();
    geojson::write_neighbourhoods(&mut bytes, &table.table())?;
    Ok(bytes)
}

/// The groups of the project that need no search: those of tables and of deprivation.
fn groups(study: &Study, windows: &[DatedWindow]) -> Result<Vec<ComparedGroup>, AnalysisError> {
    let mut table = indicators(study, &study.world, &[], windows, &[])?;
    add_fields(&mut table, &study.project.groups, &study.attributes);
    Ok(compare::groups(study, &table))
}

/// The streets of a window, found once they are asked for; `None` where they are those of no
/// window.
type StreetsOfWindow = OnceLock<Option<Arc<WindowStreets>>>;

fn streets_of(windows: &[DatedWindow]) -> Vec<StreetsOfWindow> {
    windows.iter().map(|_| StreetsOfWindow::new()).collect()
}

/// What is known, and what has been found so far.
struct ExplorerState<'a> {
    file: &'a Path,
    out: &'a Path,
    lenient: Lenient,
    observer: Arc<dyn Observer + Send + Sync>,
    /// The project as its file is now, with what has been saved.
    project: Project,
    study: &'a Study,
    windows: &'a [DatedWindow],
    /// Without the jobs, which only [`Desk::measures`] asks about.
    survey: Survey,
    groups: Vec<ComparedGroup>,
    lines: Vec<CutLine>,
    tiles: Option<crate::web::TileSource>,
    /// By window: its streets, where ways and gates are otherwise then.
    at_hours: Vec<StreetsOfWindow>,
    /// By window, the walk alone last.
    before: Vec<Option<Vec<OriginWindow>>>,
    /// The last few scenarios that were asked about, the newest last.
    after: Vec<ReadyScenario>,
    /// The walks from stops to each origin point, as destinations.
    to_origins: Option<Csr<PlaceIdx, StopWalk>>,
    /// By window, the walk alone last: every indicator.
    tables: Vec<Option<NeighbourhoodTable>>,
    packs: Packs,
}

impl Explorer for ExplorerState<'_> {
    fn answer(
        &mut self,
        question: Question,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<Answer, Refusal> {
        Ok(match question {
            Question::Study => Answer::Study(Box::new(self.overview())),
            Question::Change(asked) => Answer::Change(Box::new(self.changed(&asked, is_stale)?)),
            Question::Here(from) => Answer::Here(Box::new(self.here(&from)?)),
            Question::Reach(from) => Answer::Reach(self.reach(&from)?),
            Question::Areas(from) => Answer::Areas(Box::new(self.areas(&from)?)),
            Question::Measures(asked) => Answer::Measures(Box::new(self.measures(&asked)?)),
            Question::Journey(asked) => Answer::Journey(Box::new(self.journeys(&asked)?)),
            Question::Save(named) => Answer::Kept(self.save(&named)?),
            Question::Evidence(named) => self.evidence(&named)?,
            Question::Pack => Answer::Pack(self.packs.newest()),
            Question::Table(asked) => self.table(&asked)?,
            Question::Report(number) => self.report(number)?,
        })
    }
}

impl ExplorerState<'_> {
    /// The streets of a window before, where they are others than those of no window.
    fn streets_before(&self, window: usize) -> Option<&WindowStreets> {
        let study = self.study;
        let find = || {
            let at = &self.windows[window];
            WindowStreets::of(study, study.world.first(), &study.world.places, false, at, None)
        };
        self.at_hours[window].get_or_init(find).as_deref()
    }

    /// The same of a scenario.
    fn streets_after<'b>(
        &self,
        after: &'b ReadyScenario,
        window: usize,
    ) -> Option<&'b WindowStreets> {
        let places = &after.world.places;
        let find = || {
            let at = &after.windows[window];
            WindowStreets::of(self.study, after.world.first(), places, false, at, None)
        };
        after.at_hours[window].get_or_init(find).as_deref()
    }

    fn departures<'b>(
        &self,
        network: &'b Network,
        window: &'b DatedWindow,
    ) -> Result<Departures<'b>, Refusal> {
        let limits = self.study.limits();
        Departures::of(network, &window.clock, window.departures, limits, self.study.service())
            .map_err(failed)
    }

    /// The window of this name; none: on foot.
    fn window(&self, name: Option<&str>) -> Result<Option<usize>, Refusal> {
        let Some(name) = name else { return Ok(None) };
        let found = self.windows.iter().position(|window| window.window.name == name);
        found.map(Some).ok_or_else(|| Refusal::Unfit("there is no such window".to_owned()))
    }
}

fn failed(error: impl Display) -> Refusal {
    Refusal::Failed(error.to_string())
}

fn unfit(error: impl Display) -> Refusal {
    Refusal::Unfit(error.to_string())
}

/// When a window is.
fn when(window: &DatedWindow) -> String {
    let (from, to) = (clock(window.window.from.get()), clock(window.window.to.get()));
    let day = crate::network::calendar::weekday_name(window.clock.date().weekday());
    format!("{}: {day} {}, leaving {from} to {to}", window.window.name, window.clock.date())
}
