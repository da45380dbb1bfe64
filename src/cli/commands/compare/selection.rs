//! Which scenarios are compared: those of the project file, or one made of the words of the
//! command.

use std::path::Path;

use crate::cli::args::CompareArgs;
use crate::cli::failure::Failure;
use crate::inputs::project::scenarios::BadWord;
use crate::inputs::project::{Modification, Project, Scenario};

/// What a scenario of the command line is called.
const NAME: &str = "changes";

/// The scenarios that were asked for; at least one.
///
/// # Errors
/// If one is not in the project file, a word is not understood, or there is none at all.
pub fn scenarios(args: &CompareArgs, project: &Project) -> Result<Vec<Scenario>, Failure> {
    let modifications = modifications(args)?;
    let mut scenarios = Vec::new();
    for name in &args.scenarios {
        scenarios.push(by_name(name, project)?.clone());
    }
    if args.scenarios.is_empty() && modifications.is_empty() {
        scenarios.clone_from(&project.scenarios);
    }
    if !modifications.is_empty() {
        let (name, label) = (NAME.to_owned(), "changes of the command line".to_owned());
        scenarios.push(Scenario { name, label, gtfs: None, date: None, modifications });
    }
    if scenarios.is_empty() {
        let file = args.project.display();
        return Err(Failure::Usage(format!(
            "nothing to compare with: {file} has no [scenarios.NAME], and no change is given, such as --cut 'route=12 after=19:00'"
        )));
    }
    for (n, scenario) in scenarios.iter().enumerate() {
        if scenarios[..n].iter().any(|other| other.name == scenario.name) {
            return Err(Failure::Usage(format!("the scenario `{}` is named twice", scenario.name)));
        }
    }
    Ok(scenarios)
}

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

/// A scenario of the project file.
///
/// # Errors
/// If it has none of that name.
pub fn by_name<'a>(name: &str, project: &'a Project) -> Result<&'a Scenario, Failure> {
    project
        .scenarios
        .iter()
        .find(|scenario| scenario.name == name)
        .ok_or_else(|| no_such(name, project))
}

fn no_such(name: &str, project: &Project) -> Failure {
    let known: Vec<&str> =
        project.scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    let advice = match crate::inputs::project::nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "it has none".to_owned(),
        None => format!("it has: {}", known.join(", ")),
    };
    Failure::Usage(format!("--scenario {name} is not in the project file; {advice}"))
}

fn modifications(args: &CompareArgs) -> Result<Vec<Modification>, Failure> {
    let said =
        |flag: &str, text: &str, bad: BadWord| Failure::Usage(format!("--{flag} '{text}': {bad}"));
    // Files lie beside the project file, here as there.
    let folder = args.project.parent().unwrap_or(Path::new(""));
    let read = |kind: &str, text: &str| Modification::from_words_in(kind, text, folder);
    let mut modifications = Vec::new();
    for text in &args.changes {
        let (kind, words) =
            text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
        modifications.push(read(kind, words).map_err(|bad| said("change", text, bad))?);
    }
    for (kind, flag, texts) in [
        ("cut", "cut", &args.cut),
        ("withdraw", "withdraw", &args.withdraw),
        ("thin", "thin", &args.thin),
        ("headway", "headway", &args.headway),
        ("shorten", "shorten", &args.shorten),
        ("skip", "skip", &args.skip),
        ("slow", "slow", &args.slow),
        ("speed", "speed", &args.speed),
        ("reroute", "reroute", &args.reroute),
        ("add_stop", "add-stop", &args.add_stop),
        ("move_stop", "move-stop", &args.move_stop),
        ("add_route", "add-route", &args.add_route),
        ("close", "close", &args.close),
        ("open", "open", &args.open),
        ("close_street", "close-street", &args.close_street),
        ("add_path", "add-path", &args.add_path),
        ("add_broadband", "add-broadband", &args.add_broadband),
        ("remove_broadband", "remove-broadband", &args.remove_broadband),
    ] {
        for text in texts {
            modifications.push(read(kind, text).map_err(|bad| said(flag, text, bad))?);
        }
    }
    Ok(modifications)
}
