//! Keeping a scenario in the project file.

use std::io::Write as _;
use std::path::Path;

use super::{ExplorerState, unfit};
use crate::inputs::project::scenarios::write::table;
use crate::inputs::project::{Project, Scenario};
use crate::outputs::OutputError;
use crate::outputs::input_files::InputFiles;
use crate::outputs::new_output::NewOutput;
use crate::sanitise::clean_text;
use crate::web::{KeptScenario, Refusal, ScenarioToKeep};

/// Longer than any name that can be read.
const LONGEST_NAME: usize = 60;
/// What is drafted.
const PROJECT: &str = "project file";

impl ExplorerState<'_> {
    /// Appends a scenario to the project file.
    pub(super) fn save(&mut self, named: &ScenarioToKeep) -> Result<KeptScenario, Refusal> {
        let scenario = self.named(named)?;
        if named.otherwise.scenario.is_some() {
            return Err(Refusal::Unfit("it is in the project file already".to_owned()));
        }
        self.project = append(self.file, &scenario).map_err(unfit)?;
        let says = format!("[scenarios.{}] is in {} now", scenario.name, self.file.display());
        self.observer.note(&says);
        Ok(KeptScenario { says, scenarios: self.scenarios() })
    }

    /// The scenario that is to be kept by this name.
    pub(super) fn named(&self, named: &ScenarioToKeep) -> Result<Scenario, Refusal> {
        let name = &named.name;
        let starts = name.chars().next().is_some_and(|c| c.is_ascii_lowercase());
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !starts || !name.chars().all(plain) || name.len() > LONGEST_NAME {
            let wanted = format!(
                "the name is a key of the project file: small letters, digits and _, a letter first, at most {LONGEST_NAME}"
            );
            return Err(Refusal::Unfit(wanted));
        }
        if *named.otherwise.scenario.as_ref().unwrap_or(name) != *name {
            return Err(Refusal::Unfit("a scenario of the project file keeps its name".to_owned()));
        }
        let (mut scenario, _) = self.scenario(&named.otherwise)?;
        if named.otherwise.scenario.is_none() {
            if self.project.scenarios.iter().any(|known| known.name == *name) {
                return Err(Refusal::Unfit(format!(
                    "the project file has a scenario `{name}` already"
                )));
            }
            let label = clean_text(named.label.trim()).into_owned();
            scenario.label = if label.is_empty() { name.replace('_', " ") } else { label };
            scenario.name.clone_from(name);
        }
        Ok(scenario)
    }
}

/// Appends a scenario to a project file and keeps every byte before it. The file with it is read
/// again before it takes the place of the old one: what it says must be what was meant, and nothing
/// else may have changed. Of what somebody else writes into the file meanwhile nothing is lost:
/// then it begins again.
///
/// # Errors
/// If the scenario stands in the file already, or the file cannot be read or written.
fn append(file: &Path, scenario: &Scenario) -> Result<Project, OutputError> {
    for _ in 0..20 {
        if let Some(project) = appended(file, scenario)? {
            return Ok(project);
        }
    }
    let why = "the file is changed all the time by somebody else; nothing was written";
    Err(OutputError::Unfit(format!("{}: {why}", file.display())))
}

/// `None` if the file changed meanwhile.
fn appended(file: &Path, scenario: &Scenario) -> Result<Option<Project>, OutputError> {
    let old = std::fs::read(file).map_err(OutputError::file(file))?;
    let before = Project::read(file)?;
    let name = &scenario.name;
    if before.scenarios.iter().any(|known| known.name == *name) {
        let why = format!("{} has a scenario `{name}` already; give another name", file.display());
        return Err(OutputError::Unfit(why));
    }
    let mut bytes = old.clone();
    let line = if bytes.windows(2).any(|pair| pair == b"\r\n") { "\r\n" } else { "\n" };
    let gap =
        if bytes.is_empty() || bytes.ends_with(b"\n") { line.to_owned() } else { line.repeat(2) };
    bytes.extend_from_slice(format!("{gap}{}", table(scenario).replace('\n', line)).as_bytes());
    let mut draft = NewOutput::create_database(file, true, &InputFiles::default(), PROJECT)?;
    draft.write_all(&bytes).and_then(|()| draft.flush()).map_err(OutputError::file(file))?;
    let after = Project::read(draft.temporary_path(PROJECT)?)?;
    let others = Project { scenarios: before.scenarios.clone(), ..after.clone() };
    let known = after.scenarios.strip_prefix(before.scenarios.as_slice());
    let same = |read: &Scenario| {
        read.label == scenario.label && read.modifications == scenario.modifications
    };
    if others != before || !matches!(known, Some([read]) if read.name == *name && same(read)) {
        let why = "the scenario does not read as it was meant once it is in the file; nothing was written";
        return Err(OutputError::Unfit(format!("{}: {why}", file.display())));
    }
    if std::fs::read(file).map_err(OutputError::file(file))? != old {
        return Ok(None);
    }
    draft.publish()?;
    Ok(Some(after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::project::Modification;

    const PLAIN: &str = "osm = [\"a.pbf\"] # streets\ngtfs = [\"b\"]\n\n[neighbourhoods]\nfile = \"n.geojson\" # no more";

    fn evening(name: &str) -> Scenario {
        let cut = Modification::from_words("cut", "route=1;2 operator=Bloggs after=19:00 days=sun")
            .expect("words");
        let label = "After \"seven\" [x] \\ ''' é".to_owned();
        Scenario { name: name.to_owned(), label, gtfs: None, date: None, modifications: vec![cut] }
    }

    fn appended(text: &str) -> (Vec<u8>, Result<Project, OutputError>, Vec<u8>) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("lastmile.toml");
        std::fs::write(&file, text).expect("written");
        let result = append(&file, &evening("evening"));
        let left: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").collect();
        assert_eq!(left.len(), 1, "no draft is left behind");
        (text.as_bytes().to_vec(), result, std::fs::read(&file).expect("a file"))
    }

    #[test]
    fn whatever_the_file_looks_like_its_bytes_stay() {
        let scenario = "\n[scenarios.late]\nmodifications = [{ cut = { route = \"9\" } }]\n";
        for text in [
            PLAIN.to_owned(),
            format!("{PLAIN}\n"),
            format!("{PLAIN}\n").replace('\n', "\r\n"),
            format!("\u{feff}{PLAIN}\n# é\n"),
            format!("{PLAIN}\n{scenario}"),
        ] {
            let (before, project, after) = appended(&text);
            let project = project.expect("saved");
            assert!(after.starts_with(&before), "{text}");
            assert_eq!(
                project.scenarios.last().map(|one| one.label.clone()),
                Some(evening("evening").label)
            );
            let added = String::from_utf8_lossy(&after[before.len()..]).into_owned();
            assert_eq!(text.contains('\r'), added.contains("\r\n"), "{added:?}");
            assert!(!added.replace("\r\n", "").contains('\r'), "{added:?}");
        }
    }

    #[test]
    fn a_file_that_cannot_take_it_is_left_as_it_was() {
        let inline = "scenarios = { late = { modifications = [{ cut = { route = \"9\" } }] } }\n";
        let (taken, broken) =
            ("[scenarios.evening]\nmodifications = [{ cut = { route = \"9\" } }]", "[[");
        for text in [
            format!("{inline}{PLAIN}\n"),
            format!("{PLAIN}\n{taken}\n"),
            format!("{PLAIN}\n{broken}"),
        ] {
            let (before, project, after) = appended(&text);
            assert!(project.is_err(), "{text}");
            assert_eq!(after, before);
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_link_stays_a_link_and_the_rights_stay() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("own.toml"), folder.path().join("lastmile.toml"));
        std::fs::write(&file, PLAIN).expect("written");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).expect("set");
        std::os::unix::fs::symlink(&file, &link).expect("linked");
        append(&link, &evening("evening")).expect("saved");
        assert!(std::fs::symlink_metadata(&link).expect("there").is_symlink());
        assert_eq!(std::fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o640);
        assert!(append(&link, &evening("evening")).is_err(), "once");
    }
}
