//! `change.csv` and `change.geojson`: what became of each neighbourhood; and of groups of them.
//!
//! Names are those of the other outputs with `_before`, `_after` and `_change` behind the measure,
//! and before `_min`. Minutes of change are made from seconds and rounded once, so that they may
//! differ by a tenth from the difference of the two that are rounded each.
//! [`ChangeTableInput::table`] is the one table of all this, with its dictionary: every file is
//! written from it.

pub(crate) mod counts;
mod day;
pub(crate) mod measures;
mod story;
mod times;

use super::cell_state::of_points;
use super::table::{Absence, Field, NeighbourhoodRow, NeighbourhoodTable, Value};
use crate::access::residents::{ResidentUnit, Residents};
use crate::inputs::neighbourhoods::Neighbourhoods;
use crate::inputs::project::Category;
use crate::scenario::comparison::WindowChange;
use crate::scenario::service_day::DayChange;

pub use story::Story;
pub use times::minutes_of_change;

/// What the tables are made from.
pub struct ChangeTableInput<'a> {
    /// The neighbourhoods.
    pub zones: &'a Neighbourhoods,
    /// The categories of places.
    pub categories: &'a [Category],
    /// Percentiles of travel times.
    pub percentiles: &'a [u8],
    /// Cut-offs, minutes.
    pub cutoffs_min: &'a [u32],
    /// Whose changes are counted.
    pub residents: &'a Residents,
    /// The windows, for each kind of walker in turn; the first one's fields have the plain names.
    pub windows: &'a [NamedChange],
    /// The dates, likewise.
    pub days: &'a [NamedDay],
    /// Every indicator before.
    pub before: &'a NeighbourhoodTable,
    /// And after.
    pub after: &'a NeighbourhoodTable,
}

/// A window's changes with its name and dates.
pub struct NamedChange {
    /// Its name in the project.
    pub name: String,
    /// When it is, before and after.
    pub when: String,
    /// The kind of walker, as the project names it.
    pub walker: &'static str,
    /// The part of field names that tells the walker from the first one; nothing for the first.
    pub suffix: String,
    /// How the meaning of a field tells what is special about the walker; nothing for the first.
    pub says: &'static str,
    /// What changed.
    pub change: WindowChange,
}

/// A date's changes, told by the first window on that date.
pub struct NamedDay {
    /// The window's name in the project.
    pub name: String,
    /// The dates, before and after.
    pub when: String,
    /// As [`NamedChange::suffix`].
    pub suffix: String,
    /// As [`NamedChange::says`].
    pub says: &'static str,
    /// What changed.
    pub change: DayChange,
}

struct ChangeColumns<'a> {
    fields: Vec<Field>,
    values: Vec<Vec<Value>>,
    window: Option<&'a str>,
}

impl ChangeColumns<'_> {
    fn add(
        &mut self,
        name: String,
        unit: &'static str,
        decimals: u8,
        meaning: String,
        values: impl Iterator<Item = Value>,
    ) {
        let absence = if unit == "min" { Absence::Unreached } else { Absence::Unknown };
        self.push(name, unit, decimals, meaning, absence, values);
    }

    /// An empty cell of a difference does not say that anything is far.
    fn add_difference(
        &mut self,
        name: String,
        unit: &'static str,
        decimals: u8,
        meaning: String,
        values: impl Iterator<Item = Value>,
    ) {
        self.push(name, unit, decimals, meaning, Absence::Unknown, values);
    }

    fn push(
        &mut self,
        name: String,
        unit: &'static str,
        decimals: u8,
        meaning: String,
        absence: Absence,
        values: impl Iterator<Item = Value>,
    ) {
        let window = self.window.map(str::to_owned);
        let source =
            if window.is_some() { "OpenStreetMap, GTFS" } else { "neighbourhoods" }.to_owned();
        self.fields.push(Field { name, unit, meaning, window, source, decimals, absence });
        self.values.push(values.collect());
    }
}

impl ChangeTableInput<'_> {
    /// The table of all neighbourhoods.
    pub fn table(&self) -> NeighbourhoodTable {
        let mut columns = ChangeColumns { fields: Vec::new(), values: Vec::new(), window: None };
        self.who(&mut columns);
        for window in self.windows {
            columns.window = Some(&window.when);
            for (category, changes) in self.categories.iter().zip(&window.change.categories) {
                self.category(category, window, changes, &mut columns);
            }
            self.counts(window, &mut columns);
        }
        for day in self.days {
            columns.window = Some(&day.when);
            self.day(day, &mut columns);
        }
        self.measures(&mut columns);
        if self.residents.counted() == ResidentUnit::Points {
            columns.fields.iter_mut().for_each(|field| field.meaning = of_points(&field.meaning));
        }
        let mut values: Vec<_> = columns.values.into_iter().map(Vec::into_iter).collect();
        let rows = self.zones.zones.iter().map(|zone| NeighbourhoodRow {
            values: values
                .iter_mut()
                .map(|column| column.next().unwrap_or(Value::Missing))
                .collect(),
            polygon: zone.polygon.clone(),
        });
        NeighbourhoodTable { rows: rows.collect(), fields: columns.fields }
    }

    fn who(&self, columns: &mut ChangeColumns) {
        let zones = || self.zones.zones.iter();
        let mut text = |name: &str, meaning: &str, values: Vec<Value>| {
            columns.add(name.to_owned(), "", 0, meaning.to_owned(), values.into_iter());
        };
        text(
            "id",
            "code of the neighbourhood",
            zones().map(|z| Value::Text(z.id.clone())).collect(),
        );
        text(
            "name",
            "name of the neighbourhood",
            zones().map(|z| Value::Text(z.name.clone())).collect(),
        );
        let key = &self.zones.key_column;
        if !["id", "name"].iter().any(|taken| key.eq_ignore_ascii_case(taken)) {
            let values = zones().map(|z| Value::Text(z.id.clone())).collect();
            text(key, "the source's own key, to join by", values);
        }
        let people = zones().map(|z| z.population.map_or(Value::Missing, Value::number));
        columns.add("population".into(), "people", 0, "people who live there".into(), people);
        let off_map =
            self.zones.zones.indices().map(|zone| Value::percent(self.residents.off_map(zone)));
        let meaning = "share of its people who live off the map and are in no other number; at half or more nothing is known";
        columns.add("pct_off_map".into(), "%", 1, meaning.to_owned(), off_map);
        if zones().any(|z| z.deprivation.is_some()) {
            let decile = zones().map(|z| {
                let decile = z.deprivation.as_ref().and_then(|deprivation| deprivation.decile);
                decile.map_or(Value::Missing, |decile| Value::Integer(decile.into()))
            });
            let meaning = "decile of deprivation, 1 is the most deprived tenth".to_owned();
            columns.add("deprivation_decile".into(), "", 0, meaning, decile);
        }
    }

    /// Who is counted, and the unit of that.
    pub fn who_is_counted(&self) -> (&'static str, &'static str) {
        let counted = self.residents.counted();
        (counted.name(), counted.unit())
    }
}
