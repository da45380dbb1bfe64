//! The domains that an index has when the project names none: those of the fields that there are.

use crate::inputs::project::{CategoryGroup, DomainInput, IndicatorInput, Project, WorseValues};
use crate::results::table::{NeighbourhoodTable, Value};

/// Civic assets; physical connectedness; digital connectedness. All weights are 1.
pub(super) fn domains(project: &Project, table: &NeighbourhoodTable) -> Vec<DomainInput> {
    let has = |field: &str| {
        table.column(field).is_some_and(|mut column| column.any(|value| *value != Value::Missing))
    };
    let of = |name: &str, label: &str, fields: Vec<(String, WorseValues)>| DomainInput {
        name: name.to_owned(),
        label: label.to_owned(),
        weight: 1.0,
        indicators: fields
            .into_iter()
            .filter(|(field, _)| has(field))
            .map(|(field, worse)| IndicatorInput { field, worse, weight: 1.0 })
            .collect(),
    };
    let domains = [
        of("civic", "civic assets", civic(project)),
        of("physical", "connectedness, physical", physical(project)),
        of("digital", "connectedness, digital", digital()),
    ];
    domains.into_iter().filter(|domain| !domain.indicators.is_empty()).collect()
}

/// Meeting places near by for each 1,000 people, and the walk to the nearest of each kind.
fn civic(project: &Project) -> Vec<(String, WorseValues)> {
    let mut fields = vec![(nearby("meeting", project), WorseValues::Low)];
    let meeting =
        project.categories.iter().filter(|category| category.group == CategoryGroup::Meeting);
    fields
        .extend(meeting.map(|category| (format!("{}_walk_min", category.name), WorseValues::High)));
    fields
}

/// Times to services, jobs within 45 minutes, and what runs in the evening and on Sundays.
fn physical(project: &Project) -> Vec<(String, WorseValues)> {
    let Some(window) = project.windows.first().map(|window| &window.name) else {
        return Vec::new();
    };
    let middle = project.percentiles.get(project.percentiles.len() / 2).copied().unwrap_or(50);
    let services =
        project.categories.iter().filter(|category| category.group == CategoryGroup::Service);
    let mut fields: Vec<(String, WorseValues)> = services
        .map(|category| {
            (format!("{}_transit_{window}_p{middle}_min", category.name), WorseValues::High)
        })
        .collect();
    let cutoff = project
        .cutoffs_ridden()
        .iter()
        .min_by_key(|cutoff| cutoff.abs_diff(45))
        .copied()
        .unwrap_or(45);
    fields.push((format!("jobs_transit_{window}_{cutoff}min_of_p50"), WorseValues::Low));
    fields.extend(
        project
            .measures
            .loss_windows
            .iter()
            .map(|window| (format!("departures_per_hour_{window}"), WorseValues::Low)),
    );
    if let Some(window) = &project.measures.dependency {
        fields.push((format!("jobs_dependency_{window}_pct"), WorseValues::High));
    }
    fields
}

fn digital() -> Vec<(String, WorseValues)> {
    [
        ("broadband_superfast_pct", WorseValues::Low),
        ("broadband_below_decent_pct", WorseValues::High),
        ("broadband_gigabit_pct", WorseValues::Low),
    ]
    .map(|(field, worse)| (field.to_owned(), worse))
    .to_vec()
}

/// The field of places near by.
pub(in crate::results) fn nearby(of: &str, project: &Project) -> String {
    format!("{of}_{}_per_1000", super::super::indicators::distance(project.measures.nearby))
}
