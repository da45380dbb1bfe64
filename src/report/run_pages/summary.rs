//! What the report says first: the figures to quote, the maps, and who is farthest away.

use crate::access::residents::Residents;
use crate::ids::{Idx, NeighbourhoodIdx};
use crate::inputs::project::{Category, Project};
use crate::report::{CurveChart, CurveLine, ExtremeNeighbourhoods, KeyFigure, ListEnd};
use crate::results::table::NeighbourhoodTable;

/// Maps on the page, at most.
const MAPS: usize = 8;
/// Lines of a figure, at most.
const LINES: usize = 7;

/// The figures, maps and lists of the report.
pub fn summary(
    project: &Project,
    residents: &Residents,
    table: &NeighbourhoodTable,
) -> (Vec<KeyFigure>, Vec<String>, Vec<ExtremeNeighbourhoods>) {
    let middle = project.percentiles.get(project.percentiles.len() / 2).copied().unwrap_or(50);
    let mut fields: Vec<String> = Vec::new();
    if let Some(window) = project.windows.first() {
        let of = |category: &str| format!("{category}_transit_{}_p{middle}_min", window.name);
        fields.extend(project.categories.iter().map(|category| of(&category.name)));
        if let (Some(cutoff), true) =
            (project.cutoffs_ridden().iter().find(|cutoff| **cutoff >= 45), project.jobs.is_some())
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
        fields.extend(
            project.categories.iter().map(|category| format!("{}_walk_min", category.name)),
        );
    }
    fields.push("broadband_below_decent_pct".to_owned());
    fields.insert(0, "index_score".to_owned());
    fields.retain(|field| has_numbers(table, field));
    let extremes = fields.iter().take(4).map(|field| ExtremeNeighbourhoods {
        field: field.clone(),
        end: if field.starts_with("jobs") { ListEnd::Lowest } else { ListEnd::Highest },
    });
    let extremes = extremes.collect();
    let figures = key_figures(project, residents, table);
    fields.truncate(MAPS);
    (figures, fields, extremes)
}

/// For each category a figure with a line for each window, and one for walking: seven lines at
/// most.
pub fn curves(project: &Project, table: &NeighbourhoodTable) -> Vec<CurveChart> {
    let middle = project.percentiles.get(project.percentiles.len() / 2).copied().unwrap_or(50);
    let of = |category: &crate::inputs::project::Category| {
        let (on_foot, ridden) =
            (project.walk.max_walk.get() / 60, project.transit.max_time.get() / 60);
        let walk = ("on foot".to_owned(), format!("{}_walk_min", category.name), on_foot);
        let windows = project.windows.iter().map(|window| {
            let field = format!("{}_transit_{}_p{middle}_min", category.name, window.name);
            (window.name.clone(), field, ridden)
        });
        let lines = windows
            .take(LINES - 1)
            .chain([walk])
            .filter(|(_, field, _)| table.position(field).is_some());
        let line = |(label, field, searched_min)| CurveLine {
            label,
            field,
            state: None,
            was: false,
            searched_min,
        };
        CurveChart { title: category.label.clone(), lines: lines.map(line).collect() }
    };
    project.categories.iter().map(of).collect()
}

fn has_numbers(table: &NeighbourhoodTable, field: &str) -> bool {
    table.column(field).is_some_and(|mut column| column.any(|value| value.as_number().is_some()))
}

/// For each category and the first window, the share of all people beyond the middle cut-off; on
/// foot beyond the last that walks were searched up to, if that is less.
fn key_figures(
    project: &Project,
    residents: &Residents,
    table: &NeighbourhoodTable,
) -> Vec<KeyFigure> {
    let Some(middle) = project.cutoffs_min.get(project.cutoffs_min.len() / 2).copied() else {
        return Vec::new();
    };
    let up_to_middle =
        |cutoffs: &[u32]| cutoffs.iter().rev().copied().find(|cutoff| *cutoff <= middle);
    let who = residents.counted().name();
    let figure =
        |category: &Category, base: String, cutoff: u32, how: &str, window: Option<String>| {
            let share = share_within(residents, table, &format!("{base}_pct_{cutoff}min"))?;
            let label = category.label.to_lowercase();
            let says = format!(
                "of {who} are not within {cutoff} minutes {how} of the nearest of: {label}"
            );
            Some(KeyFigure { figure: percent(100.0 - share), says, window })
        };
    let mut figures = Vec::new();
    for category in &project.categories {
        let transit = project.windows.first().zip(up_to_middle(project.cutoffs_ridden()));
        let transit = transit.and_then(|(window, cutoff)| {
            let base = format!("{}_transit_{}", category.name, window.name);
            let how = "by public transport or on foot";
            figure(category, base, cutoff, how, Some(window.name.clone()))
        });
        let walk = || {
            let cutoff = up_to_middle(project.cutoffs_on_foot())?;
            figure(category, format!("{}_walk", category.name), cutoff, "on foot", None)
        };
        figures.extend(transit.or_else(walk));
    }
    figures
}

/// A share of a few is not nought.
fn percent(share: f64) -> String {
    if share > 0.0 && share < 1.0 { format!("{share:.1} %") } else { format!("{share:.0} %") }
}

/// The share of all residents of whom it is known, per cent: each neighbourhood by those who live
/// on the map.
fn share_within(residents: &Residents, table: &NeighbourhoodTable, field: &str) -> Option<f64> {
    let on_map = |zone: usize| -> f64 {
        let points = residents.on_map(NeighbourhoodIdx::new(zone)).iter();
        points.map(|origin| residents.counts()[*origin]).sum()
    };
    let shares = table.column(field)?.enumerate();
    let known = shares.filter_map(|(zone, share)| Some((share.as_number()?, on_map(zone))));
    let (sum, all) =
        known.fold((0.0, 0.0), |(sum, all), (share, count)| (sum + share * count, all + count));
    (all > 0.0).then(|| sum / all)
}
