//! The columns of the table while they are filled.

use crate::access::residents::ResidentUnit;
use crate::inputs::neighbourhoods::Neighbourhoods;
use crate::results::cell_state::of_points;
use crate::results::table::{Absence, Field, NeighbourhoodRow, NeighbourhoodTable, Value};

/// The columns as they are filled, each with a value for every neighbourhood.
#[derive(Default)]
pub(super) struct IndicatorColumns {
    fields: Vec<Field>,
    values: Vec<Vec<Value>>,
}

/// What a column says, besides its name.
pub(super) struct ColumnMeaning<'a> {
    pub unit: &'static str,
    pub decimals: u8,
    pub meaning: String,
    pub window: Option<&'a str>,
    pub source: &'a str,
}

impl IndicatorColumns {
    pub(super) fn add(
        &mut self,
        name: &str,
        says: ColumnMeaning,
        values: impl IntoIterator<Item = Value>,
    ) {
        let absence = if says.unit == "min" { Absence::Unreached } else { Absence::Unknown };
        self.add_with(absence, name, says, values);
    }

    /// A difference of times: an empty cell does not say that anything is far.
    pub(super) fn add_difference(
        &mut self,
        name: &str,
        says: ColumnMeaning,
        values: impl IntoIterator<Item = Value>,
    ) {
        self.add_with(Absence::Unknown, name, says, values);
    }

    fn add_with(
        &mut self,
        absence: Absence,
        name: &str,
        says: ColumnMeaning,
        values: impl IntoIterator<Item = Value>,
    ) {
        let ColumnMeaning { unit, decimals, meaning, window, source } = says;
        let (name, window, source) =
            (name.to_owned(), window.map(str::to_owned), source.to_owned());
        self.fields.push(Field { name, unit, meaning, window, source, decimals, absence });
        self.values.push(values.into_iter().collect());
    }

    /// `counted` says whose shares and medians these are: the dictionary speaks of people only
    /// where somebody counted them.
    pub(super) fn into_table(
        mut self,
        zones: &Neighbourhoods,
        counted: ResidentUnit,
    ) -> NeighbourhoodTable {
        if counted == ResidentUnit::Points {
            self.fields.iter_mut().for_each(|field| field.meaning = of_points(&field.meaning));
        }
        let mut columns: Vec<_> = self.values.into_iter().map(Vec::into_iter).collect();
        let rows = zones.zones.iter().map(|zone| NeighbourhoodRow {
            values: columns
                .iter_mut()
                .map(|column| column.next().unwrap_or(Value::Missing))
                .collect(),
            polygon: zone.polygon.clone(),
        });
        NeighbourhoodTable { rows: rows.collect(), fields: self.fields }
    }
}

pub(super) fn text<'a>(meaning: &str, source: &'a str) -> ColumnMeaning<'a> {
    ColumnMeaning { unit: "", decimals: 0, meaning: meaning.to_owned(), window: None, source }
}

pub(super) fn minutes<'a>(
    meaning: String,
    window: Option<&'a str>,
    source: &'a str,
) -> ColumnMeaning<'a> {
    ColumnMeaning { unit: "min", decimals: 1, meaning, window, source }
}

pub(super) fn percent<'a>(
    meaning: String,
    window: Option<&'a str>,
    source: &'a str,
) -> ColumnMeaning<'a> {
    ColumnMeaning { unit: "%", decimals: 1, meaning, window, source }
}

pub(super) fn integer(n: usize) -> Value {
    Value::Integer(i64::try_from(n).unwrap_or(i64::MAX))
}
