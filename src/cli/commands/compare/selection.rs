//! Which scenarios are compared: those of the project file, or one made of the words of the
//! command.

use std::path::Path;

use crate::analysis::scenarios::by_name;
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
