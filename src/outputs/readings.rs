//! What a cell says of its neighbourhood: a number, that it cannot be reached, or nothing.

use super::table::{Absence, NeighbourhoodTable, Value};
use crate::access::index::Reading;

/// A field's cells as readings, row by row; none when there is no such field.
///
/// An empty cell of a travel time is *unreached* only where something is known of the neighbourhood: it lies on the map, and
/// has an origin point with people.
pub fn readings(table: &NeighbourhoodTable, field: &str) -> Option<Vec<Reading>> {
    let at = table.position(field)?;
    let absence = table.fields[at].absence;
    let (outside, people) = (table.position("outside_map"), table.position("pct_off_network"));
    let reading = |values: &[Value]| {
        let cell = |at: Option<usize>| at.and_then(|at| values.get(at));
        let known = cell(outside) != Some(&Value::Flag(true)) && cell(people) != Some(&Value::Missing);
        match (values.get(at).and_then(Value::as_number), absence) {
            (Some(number), _) => Reading::Measured(number),
            (None, Absence::Unreached) if known => Reading::Unreached,
            _ => Reading::Unknown,
        }
    };
    Some(table.rows.iter().map(|row| reading(&row.values)).collect())
}

/// How many people each neighbourhood counts for: its population, or 1 each where no population is known at all. `None`
/// where it alone is not known.
pub fn people(table: &NeighbourhoodTable) -> Vec<Option<f64>> {
    let known: Vec<Option<f64>> =
        table.column("population").map(|column| column.map(Value::as_number).collect()).unwrap_or_default();
    if known.iter().all(Option::is_none) { vec![Some(1.0); table.rows.len()] } else { known }
}
