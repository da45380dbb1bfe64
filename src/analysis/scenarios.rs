//! Which scenario is meant.

use super::AnalysisError;
use crate::inputs::project::{Project, Scenario};

/// A scenario of the project file.
///
/// # Errors
/// If it has none of that name.
pub fn by_name<'a>(name: &str, project: &'a Project) -> Result<&'a Scenario, AnalysisError> {
    project
        .scenarios
        .iter()
        .find(|scenario| scenario.name == name)
        .ok_or_else(|| no_such(name, project))
}

fn no_such(name: &str, project: &Project) -> AnalysisError {
    let known: Vec<&str> =
        project.scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    let advice = match crate::inputs::project::nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "it has none".to_owned(),
        None => format!("it has: {}", known.join(", ")),
    };
    AnalysisError::Usage(format!("--scenario {name} is not in the project file; {advice}"))
}
