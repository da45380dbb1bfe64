//! Places near each neighbourhood, for each 1,000 of its people.

use super::columns::{ColumnMeaning, IndicatorColumns};
use super::{Indicators, MAP, distance};
use crate::results::table::Value;

/// Places near by of a category, or of several together.
pub struct Nearby {
    /// How the field's name begins.
    pub name: String,
    /// What people call them.
    pub label: String,
    /// By neighbourhood: how many lie in it or near it.
    pub places: Vec<u32>,
}

impl Indicators<'_> {
    pub(super) fn nearby(&self, columns: &mut IndicatorColumns) {
        let within = self.project.measures.nearby;
        for Nearby { name, label, places } in self.nearby {
            let says = ColumnMeaning {
                unit: "per 1,000",
                decimals: 2,
                meaning: format!(
                    "places inside the neighbourhood or within {within} of its boundary, in a straight line, for each 1,000 of its people: {label}"
                ),
                window: None,
                source: MAP,
            };
            let rate = |(n, zone): (&u32, &crate::inputs::neighbourhoods::Neighbourhood)| {
                let people = zone.population.filter(|people| *people > 0.0);
                people
                    .map_or(Value::Missing, |people| Value::number(f64::from(*n) * 1000.0 / people))
            };
            let rates =
                places.iter().zip(self.zones.zones.iter()).map(rate).zip(self.residents.by_zone());
            let rates =
                rates.map(|(rate, known)| if known.is_some() { rate } else { Value::Missing });
            columns.add(&format!("{name}_{}_per_1000", distance(within)), says, rates);
        }
    }
}
