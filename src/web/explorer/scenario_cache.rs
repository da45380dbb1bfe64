//! What would be otherwise, made ready to be searched, and kept for a while.

use super::{ExplorerState, StreetsOfWindow, streets_of, unfit};
use crate::access::origin_accessibility::{OriginWindow, Survey};
use crate::analysis::study::DatedWindow;
use crate::analysis::world::{ScenarioWorld, World};
use crate::finding::Findings;
use crate::inputs::project::scenarios::Acts;
use crate::inputs::project::{Modification, Scenario};
use crate::results::table::NeighbourhoodTable;
use crate::scenario::ScenarioError;
use crate::scenario::apply::apply;
use crate::web::{ExplorerScenario, Refusal};

/// Scenarios that are remembered with what was found.
const KEPT: usize = 4;

/// What an unsaved scenario is called.
pub(super) const UNSAVED: &str = "changes";

/// A scenario made ready.
pub(super) struct ReadyScenario {
    /// What was asked.
    pub otherwise: ExplorerScenario,
    /// Its networks, places and broadband.
    pub world: World,
    /// Its walks, where they are not the baseline's; without the jobs.
    pub survey: Option<Survey>,
    /// Its windows, in the order of the baseline's.
    pub windows: Vec<DatedWindow>,
    /// What it changes, a sentence each.
    pub says: Vec<String>,
    /// Cuts that take nothing away, and why.
    pub idle: Vec<String>,
    /// What a reader has to know.
    pub warnings: Vec<String>,
    /// Which way it may act on travel times.
    pub acts: Acts,
    /// By window: its streets, where ways and gates are otherwise then.
    pub at_hours: Vec<StreetsOfWindow>,
    /// By window, the walk alone last.
    pub found: Vec<Option<Vec<OriginWindow>>>,
    /// By window, the walk alone last: every indicator.
    pub tables: Vec<Option<NeighbourhoodTable>>,
}

impl ExplorerState<'_> {
    /// Makes a scenario ready, or finds it where it was kept; none where nothing is otherwise.
    pub(super) fn made_ready(
        &mut self,
        otherwise: &ExplorerScenario,
    ) -> Result<Option<&mut ReadyScenario>, Refusal> {
        if *otherwise == ExplorerScenario::default() {
            return Ok(None);
        }
        if let Some(at) = self.after.iter().position(|after| after.otherwise == *otherwise) {
            let again = self.after.remove(at);
            self.after.push(again);
            return Ok(self.after.last_mut());
        }
        let (scenario, idle) = self.scenario(otherwise)?;
        let mut aside = Findings::new();
        let side = ScenarioWorld::of(self.study, &scenario, self.windows, self.lenient, &mut aside)
            .map_err(unfit)?;
        let says = side.says_in_words();
        let ScenarioWorld { world, windows, warnings, acts, .. } = side;
        let on = world.first();
        let survey = (!on.has_walks_of(self.study.world.first()))
            .then(|| Survey::new(&on.network, &on.origins, &on.categories, None));
        let (found, tables) =
            (vec![None; self.windows.len() + 1], vec![None; self.windows.len() + 1]);
        let otherwise = otherwise.clone();
        if self.after.len() == KEPT {
            self.after.remove(0);
        }
        self.after.push(ReadyScenario {
            otherwise,
            world,
            survey,
            at_hours: streets_of(&windows),
            windows,
            says,
            idle,
            warnings,
            acts,
            found,
            tables,
        });
        Ok(self.after.last_mut())
    }

    /// The scenario that is meant, and what of it takes nothing away.
    pub(super) fn scenario(
        &self,
        otherwise: &ExplorerScenario,
    ) -> Result<(Scenario, Vec<String>), Refusal> {
        if let Some(name) = &otherwise.scenario {
            if !otherwise.cuts.is_empty() {
                let why = "a scenario of the project file cannot be cut further here: clear one or the other";
                return Err(Refusal::Unfit(why.to_owned()));
            }
            let known = self.project.scenarios.iter().find(|known| known.name == *name);
            let known = known
                .cloned()
                .ok_or_else(|| Refusal::Unfit("there is no such scenario".to_owned()))?;
            return Ok((known, Vec::new()));
        }
        let asked = super::lines::modifications(&self.lines, &otherwise.cuts)?;
        let (modifications, idle) = self.that_take_away(asked)?;
        let (name, label) = (UNSAVED.to_owned(), "changes tried in the explorer".to_owned());
        Ok((Scenario { name, label, gtfs: None, date: None, modifications }, idle))
    }

    /// Sets aside the cuts that nothing fits, with the reason. One at least has to take something
    /// away.
    fn that_take_away(
        &self,
        mut asked: Vec<Modification>,
    ) -> Result<(Vec<Modification>, Vec<String>), Refusal> {
        if asked.is_empty() {
            return Err(Refusal::Unfit(
                "nothing is cut: say which trips, by lines, hours or days".to_owned(),
            ));
        }
        let mut idle = Vec::new();
        while !asked.is_empty() {
            match apply(&self.study.world.network().feeds, &asked) {
                Err(ScenarioError::NothingChanged { modification, why }) => {
                    let at = asked.iter().rposition(|one| one.to_string() == modification);
                    idle.push(format!("`{modification}` takes nothing away: {why}"));
                    asked.remove(at.unwrap_or(0));
                }
                Err(error) => return Err(unfit(error)),
                Ok(_) => return Ok((asked, idle)),
            }
        }
        Err(Refusal::Unfit(idle.join("; ")))
    }
}
