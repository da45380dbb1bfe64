//! What the report says first: the figures to quote, the maps, and who is farthest away.

use crate::inputs::project::Project;
use crate::outputs::table::{NeighbourhoodTable, Value};
use crate::report::{Curve, CurveLine, End, Extreme, KeyFigure};

/// Maps on the page, at most.
const MAPS: usize = 8;
/// Lines of a figure, at most.
const LINES: usize = 7;

/// The figures, maps and lists of the report.
pub fn summary(project: &Project, table: &NeighbourhoodTable) -> (Vec<KeyFigure>, Vec<String>, Vec<Extreme>) {
    let middle = project.percentiles.get(project.percentiles.len() / 2).copied().unwrap_or(50);
    let mut fields: Vec<String> = Vec::new();
    if let Some(window) = project.windows.first() {
        let of = |category: &str| format!("{category}_transit_{}_p{middle}_min", window.name);
        fields.extend(project.categories.iter().map(|category| of(&category.name)));
        if let (Some(cutoff), true) =
            (project.cutoffs_min.iter().find(|cutoff| **cutoff >= 45), project.jobs.is_some())
        {
            fields.push(format!("jobs_transit_{}_{cutoff}min_of_p50", window.name));
        }
    }
    if let (Some(category), Some(window)) =
        (project.categories.first(), project.windows.iter().find(|w| w.name.contains("even")))
    {
        fields.push(format!("{}_transit_{}_p{middle}_min", category.name, window.name));
    }
    if fields.iter().all(|field| !has_numbers(table, field)) {
        fields.extend(project.categories.iter().map(|category| format!("{}_walk_min", category.name)));
    }
    fields.push("broadband_below_decent_pct".to_owned());
    fields.insert(0, "index_score".to_owned());
    fields.retain(|field| has_numbers(table, field));
    let extremes = fields.iter().take(4).map(|field| Extreme {
        field: field.clone(),
        end: if field.starts_with("jobs") { End::Lowest } else { End::Highest },
    });
    let extremes = extremes.collect();
    let figures = key_figures(project, table);
    fields.truncate(MAPS);
    (figures, fields, extremes)
}

/// For each category a figure with a line for each window, and one for walking: seven lines at most.
pub fn curves(project: &Project, table: &NeighbourhoodTable) -> Vec<Curve> {
    let middle = project.percentiles.get(project.percentiles.len() / 2).copied().unwrap_or(50);
    let of = |category: &crate::inputs::project::Category| {
        let walk = ("on foot".to_owned(), format!("{}_walk_min", category.name));
        let windows = project.windows.iter().map(|window| {
            (window.name.clone(), format!("{}_transit_{}_p{middle}_min", category.name, window.name))
        });
        let lines =
            windows.take(LINES - 1).chain([walk]).filter(|(_, field)| table.position(field).is_some());
        let line = |(label, field)| CurveLine { label, field, state: None, was: false };
        Curve { title: category.label.clone(), lines: lines.map(line).collect() }
    };
    project.categories.iter().map(of).collect()
}

fn has_numbers(table: &NeighbourhoodTable, field: &str) -> bool {
    table.column(field).is_some_and(|mut column| column.any(|value| value.as_number().is_some()))
}

/// For each category and the first window, the share of all people beyond the middle cut-off.
fn key_figures(project: &Project, table: &NeighbourhoodTable) -> Vec<KeyFigure> {
    let Some(cutoff) = project.cutoffs_min.get(project.cutoffs_min.len() / 2) else { return Vec::new() };
    let figure =
        |category: &crate::inputs::project::Category, base: String, how: &str, window: Option<String>| {
            let share = people_within(table, &format!("{base}_pct_{cutoff}min"))?;
            let label = category.label.to_lowercase();
            let says = format!("of people are not within {cutoff} minutes {how} of the nearest of: {label}");
            Some(KeyFigure { figure: format!("{:.0} %", 100.0 - share), says, window })
        };
    let mut figures = Vec::new();
    for category in &project.categories {
        let transit = project.windows.first().and_then(|window| {
            let base = format!("{}_transit_{}", category.name, window.name);
            figure(category, base, "by public transport or on foot", Some(window.name.clone()))
        });
        let walk = || figure(category, format!("{}_walk", category.name), "on foot", None);
        figures.extend(transit.or_else(walk));
    }
    figures
}

/// The share of all people, over the neighbourhoods where it is known, weighted by population.
fn people_within(table: &NeighbourhoodTable, field: &str) -> Option<f64> {
    let shares = table.column(field)?;
    let people = table.column("population")?;
    let known = shares.zip(people).filter_map(|(share, people)| Some((share.as_number()?, weight(people))));
    let (sum, all) =
        known.fold((0.0, 0.0), |(sum, all), (share, people)| (sum + share * people, all + people));
    (all > 0.0).then(|| sum / all)
}

/// Neighbourhoods whose population is not known count alike.
fn weight(people: &Value) -> f64 {
    people.as_number().unwrap_or(1.0)
}
