//! The neutral result: a row for each neighbourhood, a field for each indicator, and what each
//! field means.

use geo::MultiPolygon;
use thiserror::Error;

use crate::units::{Seconds, Share};

/// What a column of the result is: a row of the data dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The column's name, such as `library_transit_am_p50_min`.
    pub name: String,
    /// `min`, `%`, `people`, `jobs`, `count`, or empty for text and flags.
    pub unit: &'static str,
    /// What the number says, in a sentence.
    pub meaning: String,
    /// The departure window it was computed for; none where the timetable plays no part.
    pub window: Option<String>,
    /// The data it was made from.
    pub source: String,
    /// Digits behind the decimal point of a [`Value::Number`].
    pub decimals: u8,
    /// What an empty cell says.
    pub absence: Absence,
}

/// What an empty cell of a column says of a neighbourhood on the map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Absence {
    /// Nothing is known.
    #[default]
    Unknown,
    /// It cannot be reached: worse than any number.
    Unreached,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A measured number, finite: see [`Value::number`].
    Number(f64),
    /// A whole number: a count, a rank.
    Integer(i64),
    /// A name or a code, as the data has it.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// Unreachable, or not known: null in GeoJSON, empty in CSV, never a number.
    Missing,
}

impl Value {
    /// A finite number. Infinity and NaN are bugs of whoever computed them: a panic in debug
    /// builds, and [`Value::Missing`] in others, so that they are never published as a number.
    pub fn number(number: f64) -> Value {
        debug_assert!(number.is_finite(), "{number} is not a result");
        if number.is_finite() { Value::Number(number) } else { Value::Missing }
    }

    /// A travel time in minutes, rounded once, half up, to a tenth: the same figure the matrix
    /// writes.
    pub fn minutes(time: Option<Seconds>) -> Value {
        time.map_or(Value::Missing, |time| Value::Number(f64::from(tenths_of_minutes(time)) / 10.0))
    }

    /// A share in per cent.
    pub fn percent(share: Option<Share>) -> Value {
        share.map_or(Value::Missing, |share| Value::number(share.percent()))
    }

    /// A text, or none.
    pub fn text(text: Option<impl Into<String>>) -> Value {
        text.map_or(Value::Missing, |text| Value::Text(text.into()))
    }

    /// The value as a number, where it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Number(number) if number.is_finite() => Some(*number),
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
            Value::Integer(number) => Some(*number as f64),
            _ => None,
        }
    }

    /// The value as a number with as many decimals as every other file has.
    pub fn rounded(&self, decimals: u8) -> Option<f64> {
        match self {
            Value::Number(_) => self.plain(decimals)?.parse().ok(),
            other => other.as_number(),
        }
    }

    /// The value as plain characters, with the decimals of its field; `None` when missing. Text is
    /// given as it is: it still has to be cleaned for where it goes.
    pub fn plain(&self, decimals: u8) -> Option<String> {
        match self {
            Value::Number(number) if number.is_finite() => Some(decimal(*number, decimals)),
            Value::Number(_) | Value::Missing => None,
            Value::Integer(number) => Some(number.to_string()),
            Value::Text(text) => Some(text.clone()),
            Value::Flag(flag) => Some(flag.to_string()),
        }
    }
}

/// What the values of a column are, where a column has to be of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Text, and whatever is mixed.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Yes or no.
    Flag,
}

impl ValueKind {
    /// As the values say; without any, as the unit says.
    pub fn of<'a>(field: &Field, values: impl Iterator<Item = &'a Value>) -> ValueKind {
        let mut kind = None;
        for value in values {
            kind = match (value, kind) {
                (Value::Missing, kind) => kind,
                (Value::Flag(_), None | Some(ValueKind::Flag)) => Some(ValueKind::Flag),
                (Value::Integer(_), None | Some(ValueKind::Integer)) => Some(ValueKind::Integer),
                (
                    Value::Number(_) | Value::Integer(_),
                    None | Some(ValueKind::Integer | ValueKind::Number),
                ) => Some(ValueKind::Number),
                _ => Some(ValueKind::Text),
            };
        }
        kind.unwrap_or(if field.unit.is_empty() { ValueKind::Text } else { ValueKind::Number })
    }
}

/// One neighbourhood.
#[derive(Clone, Debug, PartialEq)]
pub struct NeighbourhoodRow {
    /// A value for each field, in the fields' order.
    pub values: Vec<Value>,
    /// Its outline in degrees of WGS 84.
    pub polygon: MultiPolygon<f64>,
}

/// All neighbourhoods with all their indicators.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NeighbourhoodTable {
    /// The columns; the one called `id` names the neighbourhood, the one called `name` is read by
    /// people.
    pub fields: Vec<Field>,
    /// The neighbourhoods, in the order they are written.
    pub rows: Vec<NeighbourhoodRow>,
}

/// A table that cannot be published.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResultTableError {
    /// Two columns that a reader could not tell apart.
    #[error(
        "two result fields are called `{0}` (upper and lower case count as the same); rename the column of the input"
    )]
    SameName(String),
    /// A row with too many or too few values.
    #[error("row {row} of the result has {values} values for {fields} fields")]
    Length {
        /// The row, from 1.
        row: usize,
        /// How many values it has.
        values: usize,
        /// How many it should have.
        fields: usize,
    },
    /// A number that came past [`Value::number`] and is none.
    #[error(
        "row {row} of the result has {number} for `{field}`, which is not a number; this is a bug in lastmile"
    )]
    NotFinite {
        /// The row, from 1.
        row: usize,
        /// The field's name.
        field: String,
        /// `NaN` or an infinity.
        number: String,
    },
    /// A field that should be drawn or sorted holds text or flags.
    #[error("the field `{0}` holds no numbers: it cannot be drawn as a map or sorted")]
    NoNumbers(String),
}

impl NeighbourhoodTable {
    /// Whether every row has a value for each field, every number is finite and no two fields share
    /// a name: what every writer asks first.
    pub fn check(&self) -> Result<(), ResultTableError> {
        names_differ(&self.fields)?;
        let fields = self.fields.len();
        for (row, n) in self.rows.iter().zip(1..) {
            if row.values.len() != fields {
                return Err(ResultTableError::Length { row: n, values: row.values.len(), fields });
            }
            for (value, field) in row.values.iter().zip(&self.fields) {
                if let Value::Number(number) = value
                    && !number.is_finite()
                {
                    let (field, number) = (field.name.clone(), number.to_string());
                    return Err(ResultTableError::NotFinite { row: n, field, number });
                }
            }
        }
        Ok(())
    }

    /// Where a field of numbers stands; `None` when there is no such field.
    pub fn numeric(&self, name: &str) -> Result<Option<usize>, ResultTableError> {
        let text = |value: &Value| matches!(value, Value::Text(_) | Value::Flag(_));
        if self.column(name).is_some_and(|mut column| column.any(text)) {
            return Err(ResultTableError::NoNumbers(name.into()));
        }
        Ok(self.position(name))
    }

    /// Where a field stands.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// A field's values, row by row; none when there is no such field.
    pub fn column(&self, name: &str) -> Option<impl Iterator<Item = &Value>> {
        let at = self.position(name)?;
        Some(self.rows.iter().filter_map(move |row| row.values.get(at)))
    }
}

/// Whether a reader can tell the columns apart: databases take upper and lower case for the same.
pub fn names_differ(fields: &[Field]) -> Result<(), ResultTableError> {
    let mut names: Vec<String> = fields.iter().map(|field| field.name.to_lowercase()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(ResultTableError::SameName(pair[0].clone())),
        None => Ok(()),
    }
}

/// Tenths of a minute, rounded half up from whole seconds.
pub(crate) fn tenths_of_minutes(time: Seconds) -> u32 {
    // 36 s are 6 tenths: a tenth of a minute is 6 s, and half of that rounds up.
    time.get() / 6 + u32::from(time.get() % 6 >= 3)
}

fn decimal(number: f64, decimals: u8) -> String {
    let text = format!("{number:.*}", usize::from(decimals));
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|b| matches!(b, b'0' | b'.')) => rest.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use geo::polygon;

    use super::*;

    pub(crate) fn field(name: &str, unit: &'static str, decimals: u8) -> Field {
        let (meaning, source) = (format!("what {name} says"), "a test".into());
        let absence = if unit == "min" { Absence::Unreached } else { Absence::Unknown };
        Field { name: name.into(), unit, meaning, window: None, source, decimals, absence }
    }

    pub(crate) fn square(lon: f64, lat: f64, side: f64) -> MultiPolygon<f64> {
        // Clockwise, as a shapefile has it.
        MultiPolygon(vec![polygon![
            (x: lon, y: lat), (x: lon, y: lat + side), (x: lon + side, y: lat + side), (x: lon + side, y: lat)
        ]])
    }

    #[test]
    fn minutes_are_rounded_half_up_to_a_tenth() {
        for (seconds, text) in [
            (0, "0.0"),
            (2, "0.0"),
            (3, "0.1"),
            (9, "0.2"),
            (59, "1.0"),
            (897, "15.0"),
            (903, "15.1"),
        ] {
            let value = Value::minutes(Some(Seconds::new(seconds)));
            assert_eq!(value.plain(1).as_deref(), Some(text), "{seconds} s");
            assert_eq!(tenths_of_minutes(Seconds::new(seconds)), (seconds * 10 + 30) / 60);
        }
        assert_eq!(Value::minutes(None), Value::Missing);
    }

    #[test]
    fn missing_is_never_a_number_and_no_number_is_minus_nothing() {
        assert_eq!(Value::Missing.plain(1), None);
        assert_eq!(Value::Missing.as_number(), None);
        assert_eq!(Value::Number(f64::NAN).plain(1), None);
        assert_eq!(Value::Number(f64::INFINITY).as_number(), None);
        assert_eq!(Value::Number(-0.04).plain(1).as_deref(), Some("0.0"));
        assert_eq!(Value::Number(-0.06).plain(1).as_deref(), Some("-0.1"));
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "is not a result")]
    fn a_number_that_is_none_is_a_bug() {
        let _ = Value::number(f64::NAN);
    }

    #[test]
    fn names_differ_and_rows_are_full() {
        let mut table = NeighbourhoodTable {
            fields: vec![field("id", "", 0), field("ID", "", 0)],
            rows: vec![],
        };
        assert_eq!(table.check(), Err(ResultTableError::SameName("id".into())));
        table.fields.pop();
        table.rows.push(NeighbourhoodRow { values: vec![], polygon: square(0.0, 0.0, 1.0) });
        assert_eq!(table.check(), Err(ResultTableError::Length { row: 1, values: 0, fields: 1 }));
    }

    #[test]
    fn what_is_not_finite_is_not_published() {
        let row = |number| NeighbourhoodRow {
            values: vec![Value::Number(number)],
            polygon: square(0.0, 0.0, 1.0),
        };
        let rows = vec![row(1.0), row(f64::NAN)];
        let table = NeighbourhoodTable { fields: vec![field("gp_walk_min", "min", 1)], rows };
        let (field, number) = ("gp_walk_min".into(), "NaN".into());
        assert_eq!(table.check(), Err(ResultTableError::NotFinite { row: 2, field, number }));
    }

    #[test]
    fn only_numbers_are_drawn() {
        let values = vec![Value::Flag(false), Value::Missing];
        let fields = vec![field("edge_affected", "", 0), field("gp_walk_min", "min", 1)];
        let table = NeighbourhoodTable {
            fields,
            rows: vec![NeighbourhoodRow { values, polygon: square(0.0, 0.0, 1.0) }],
        };
        assert_eq!(
            table.numeric("edge_affected"),
            Err(ResultTableError::NoNumbers("edge_affected".into()))
        );
        assert_eq!((table.numeric("gp_walk_min"), table.numeric("nope")), (Ok(Some(1)), Ok(None)));
    }
}
