//! Evidence packs, written beside what the page asks meanwhile.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{ExplorerState, failed};
use crate::analysis::{AnalysisError, Lenient, Observer};
use crate::finding::Findings;
use crate::inputs::project::Scenario;
use crate::report::comparison_folder::{CompareRequest, write_comparison};
use crate::report::run_pages::Pictures;
use crate::web::{Answer, Pack, PackState, Refusal, ScenarioToKeep};

/// The packs that were asked for since the page is open.
#[derive(Clone, Default)]
pub(super) struct Packs(Arc<Mutex<Vec<PackRequest>>>);

/// A pack with what was asked.
struct PackRequest {
    scenario: Scenario,
    out: PathBuf,
    pack: Pack,
}

/// All that is needed to write one.
struct PackTask {
    file: PathBuf,
    lenient: Lenient,
    observer: Arc<dyn Observer + Send + Sync>,
    scenario: Scenario,
    out: PathBuf,
}

impl ExplorerState<'_> {
    /// Begins to write what `compare` writes into a new folder. One pack is written at a time, and
    /// none twice.
    pub(super) fn evidence(&mut self, named: &ScenarioToKeep) -> Result<Answer, Refusal> {
        let scenario = self.named(named)?;
        let out = self.out.join(&scenario.name);
        let mut packs = self.packs.all();
        if let Some(last) = packs.last().filter(|last| last.pack.state == PackState::Writing) {
            if last.scenario == scenario {
                return Ok(Answer::Pack(Some(last.pack.clone())));
            }
            let why = format!(
                "the evidence pack `{}` is being written: wait until it is there",
                last.pack.name
            );
            return Err(Refusal::Unfit(why));
        }
        if out.exists() {
            let why = format!(
                "{} is there already, and no pack is written over another: give another name",
                out.display()
            );
            return Err(Refusal::Unfit(why));
        }
        let number = packs.len();
        let (name, says) = (scenario.name.clone(), "the evidence pack is being written".to_owned());
        let pack = Pack { number, name, state: PackState::Writing, says };
        let job = PackTask {
            file: self.file.to_owned(),
            lenient: self.lenient,
            observer: self.observer.clone(),
            scenario: scenario.clone(),
            out: out.clone(),
        };
        let beside = self.packs.clone();
        std::thread::Builder::new()
            .name("evidence".to_owned())
            .spawn(move || beside.finish(number, job.write()))
            .map_err(|error| Refusal::Failed(format!("cannot begin to write the pack: {error}")))?;
        packs.push(PackRequest { scenario, out, pack: pack.clone() });
        Ok(Answer::Pack(Some(pack)))
    }

    /// The report of a pack that was written since the page is open.
    pub(super) fn report(&self, number: usize) -> Result<Answer, Refusal> {
        let written = |asking: &&PackRequest| asking.pack.state == PackState::Written;
        let folder = self.packs.all().get(number).filter(written).map(|asking| asking.out.clone());
        let folder = folder.ok_or_else(|| Refusal::Unfit("there is no such pack".to_owned()))?;
        let path = folder.join("report.html");
        let bytes = std::fs::read(&path).map_err(AnalysisError::file(&path)).map_err(failed)?;
        let name =
            folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Ok(Answer::File { name: format!("{name}.html"), kind: "text/html; charset=utf-8", bytes })
    }
}

impl Packs {
    /// The newest.
    pub(super) fn newest(&self) -> Option<Pack> {
        self.all().last().map(|asking| asking.pack.clone())
    }

    fn all(&self) -> MutexGuard<'_, Vec<PackRequest>> {
        // Every change is a single assignment: what a thread that ended left is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn finish(&self, number: usize, written: Result<String, String>) {
        if let Some(asking) = self.all().get_mut(number) {
            (asking.pack.state, asking.pack.says) = match written {
                Ok(says) => (PackState::Written, says),
                Err(why) => (PackState::Failed, why),
            };
        }
    }
}

impl PackTask {
    /// Writes the pack and says where it is, or why there is none.
    fn write(self) -> Result<String, String> {
        let bug = |_| {
            Err("the program failed while it wrote the pack; its messages say where".to_owned())
        };
        let written = catch_unwind(AssertUnwindSafe(|| self.written())).unwrap_or_else(bug);
        match &written {
            Ok(says) => self.observer.note(says),
            Err(why) => self.observer.warning(&format!("the evidence pack was not written: {why}")),
        }
        written
    }

    fn written(&self) -> Result<String, String> {
        // Threads of its own, one fewer than there are: questions of the page need not wait behind
        // its work.
        let threads = rayon::current_num_threads().saturating_sub(1).max(1);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.map_err(|error| error.to_string())?;
        let out: &Path = &self.out;
        let scenarios = vec![self.scenario.clone()];
        let asked = CompareRequest {
            file: &self.file,
            scenarios,
            out,
            force: false,
            pictures: Pictures::No,
            lenient: self.lenient,
        };
        let write = || write_comparison(&asked, self.observer.as_ref(), &mut Findings::new());
        pool.install(write).map_err(|failure| failure.to_string())?;
        Ok(format!("the evidence is in {}", out.display()))
    }
}
