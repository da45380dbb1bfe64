//! Scenarios written as they are read.

use crate::inputs::project::{Project, Scenario};

/// A project file that has the scenario: the one that was read, with the scenario behind it where
/// it is not in there. Paths in it are relative to where that file lies.
pub fn reproducing(text: &str, project: &Project, scenario: &Scenario) -> String {
    let mut whole = String::from(
        "# To reproduce the comparison put this file beside the project file that it was made from, and run\n",
    );
    whole.push_str(&format!("#   lastmile compare FILE --scenario {}\n", scenario.name));
    whole.push_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    if project.scenarios.iter().all(|known| known.name != scenario.name) {
        whole.push('\n');
        whole.push_str(&table(scenario));
    }
    whole
}

/// A scenario of modifications as a table of a project file.
pub fn table(scenario: &Scenario) -> String {
    let label = toml::Value::String(scenario.label.clone());
    let modifications = scenario.modifications.iter().map(|one| format!("  {},\n", one.to_toml()));
    let modifications: String = modifications.collect();
    format!("[scenarios.{}]\nlabel = {label}\nmodifications = [\n{modifications}]\n", scenario.name)
}
