//! The comparison in a few lines.

use std::fmt::Write as _;

use super::{ComparedScenario, Comparison};
use crate::cli::failure::Failure;
use crate::inputs::gtfs::Feed;
use crate::inputs::project::ProjectPath;
use crate::network::calendar::ServiceByDate;
use crate::outputs::manifest::{Input, Manifest};
use crate::scenario::differences::PeopleTally;

/// Adds what the scenarios are to the manifest.
///
/// # Errors
/// If a file that a scenario names can no longer be read.
pub fn into_manifest(
    manifest: &mut Manifest,
    comparison: &Comparison,
    compared: &[ComparedScenario],
) -> Result<(), Failure> {
    let all: Vec<serde_json::Value> = compared
        .iter()
        .map(|one| {
            let side = one.side;
            let windows = comparison.windows.iter().zip(&side.windows).map(|(before, after)| {
                serde_json::json!({
                    "name": before.window.name,
                    "date_before": before.clock.date().to_string(),
                    "date_after": after.clock.date().to_string(),
                    "why_after": after.why,
                })
            });
            serde_json::json!({
                "name": side.scenario.name,
                "label": side.scenario.label,
                "modifications": side.scenario.modifications,
                "means": side.says_in_words(),
                "only_removes": !side.acts.shorter,
                "only_adds": !side.acts.longer,
                "windows": windows.collect::<Vec<_>>(),
            })
        })
        .collect();
    if let Some(settings) = manifest.settings.as_object_mut() {
        settings.insert("compared".to_owned(), all.into());
    }
    for one in compared {
        let name = &one.side.scenario.name;
        manifest.inputs.extend(inputs(one));
        let whose = one.side.broadband.as_ref().map(|broadband| broadband.whose.to_owned());
        manifest.attribution.extend(whose.filter(|line| !manifest.attribution.contains(line)));
        for file in one.side.scenario.files() {
            let role = format!("geometry of scenario {name}");
            manifest.inputs.push(Input::describe(&role, file).map_err(Failure::file(file))?);
        }
        manifest
            .warnings
            .extend(one.side.warnings.iter().map(|warning| format!("scenario {name}: {warning}")));
        if one.changes.iter().all(|window| !window.change.changed()) {
            let warning =
                format!("scenario {name}: no time and no count of jobs differs in any window");
            manifest.warnings.push(warning);
        }
    }
    Ok(())
}

/// The feeds that a scenario puts in the place of the project's. They were hashed when they were
/// read.
fn inputs(one: &ComparedScenario) -> Vec<Input> {
    let paths = one.side.scenario.gtfs.iter().flatten();
    let describe = |(feed, path): (&Feed, &ProjectPath)| {
        let path: &std::path::Path = path;
        let bytes =
            std::fs::metadata(path).ok().filter(|meta| meta.is_file()).map_or(0, |meta| meta.len());
        let (role, sha256) =
            (format!("gtfs of scenario {}", one.side.scenario.name), feed.sha256.clone());
        let input =
            Input { role, file: feed.name.clone(), bytes, sha256, details: Default::default() };
        let range = ServiceByDate::count(feed)
            .map(|service| format!("{} to {}", service.first, service.last));
        input
            .with("feed_version", feed.version.clone())
            .with("service", range)
            .with("timezone", feed.timezone.clone())
    };
    one.side.other_feeds.iter().flatten().zip(paths).map(describe).collect()
}

/// What a scenario does, for the terminal.
pub fn in_words(comparison: &Comparison, one: &ComparedScenario) -> String {
    let mut text = format!("{}: {}", one.side.scenario.name, one.side.says_in_words().join("; "));
    if let Some(off) = super::evidence::off_map(one) {
        let _ = write!(text, "\n  {off}");
    }
    let who = comparison.residents.counted().name();
    let project = &comparison.study.project;
    for window in &one.changes {
        let mut parts = Vec::new();
        for (number, category) in project.categories.iter().enumerate() {
            let all = &comparison.groups[0].zones;
            let tally = window.change.sum(number, all, project.cutoffs_ridden().len());
            if let Some(says) = category_in_words(&tally) {
                parts.push(format!("{} {says}", category.name));
            }
        }
        let says = if parts.is_empty() { "nothing changes".to_owned() } else { parts.join("; ") };
        let _ = write!(text, "\n  {}{} ({who}): {says}", window.name, window.says);
    }
    text
}

fn category_in_words(tally: &PeopleTally) -> Option<String> {
    let counts = [
        (tally.lost, "lose it"),
        (tally.worse, "longer"),
        (tally.longer[0], "of these 5 min or more"),
        (tally.better, "shorter"),
        (tally.gained, "gain it"),
    ];
    let said: Vec<String> = counts
        .iter()
        .filter(|(people, _)| *people > 0.0)
        .map(|(people, what)| format!("{people:.0} {what}"))
        .collect();
    (!said.is_empty()).then(|| said.join(", "))
}
