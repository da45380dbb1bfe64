//! Each place, and how many of the study's people reach it.

use crate::access::residents::ResidentUnit;
use crate::geometry::LonLat;
use crate::inputs::hours::YEARS;
use crate::results::table::{Absence, Field, Value};

/// All places, with what was found of them.
#[derive(Clone, Debug, Default)]
pub struct PlacesTable<'a> {
    /// What was found, a column each, besides what is known of the places.
    pub columns: Vec<Field>,
    /// The places.
    pub rows: Vec<PlaceRow<'a>>,
}

/// A place and its people.
#[derive(Clone, Debug)]
pub struct PlaceRow<'a> {
    /// Its category's key.
    pub category: &'a str,
    /// Its id, as the data has it.
    pub id: &'a str,
    /// Its name, possibly empty.
    pub name: &'a str,
    /// Where it lies, or its first entrance.
    pub point: Option<LonLat>,
    /// How many it serves, where that is known.
    pub capacity: Option<f64>,
    /// A value for each column.
    pub found: Vec<Value>,
}

/// What is known of each place: column, unit, meaning.
pub(crate) const KNOWN: [(&str, &str, &str); 6] = [
    ("category", "", "the category it is a place of; a place of two categories has two rows"),
    (
        "id",
        "",
        "its id in the register, else its element of the map (n: node, w: way, r: relation)",
    ),
    ("name", "", "its name, where it has one"),
    (
        "lon",
        "degrees",
        "longitude of where it is reached; of its first entrance, if it has several",
    ),
    ("lat", "degrees", "latitude likewise"),
    ("capacity", "", "how many it serves, where a register says"),
];

/// The column of whose public holidays a place keeps.
pub fn holidays_column() -> Field {
    let (first, last) = (YEARS.start(), YEARS.end());
    Field {
        name: "public_holidays".to_owned(),
        unit: "",
        meaning: format!(
            "whose public holidays `PH` in its opening hours stands for, {first} to {last}; empty: its hours are not looked at"
        ),
        window: None,
        source: "OpenStreetMap".to_owned(),
        decimals: 0,
        absence: Absence::Unknown,
    }
}

/// A column of people within a cut-off, or of points where no number of people is known: on foot
/// without a window.
pub fn people_column(minutes: u32, window: Option<(&str, &str)>, counted: ResidentUnit) -> Field {
    let (who, key) = (counted.name(), counted.key());
    let (name, how) = match window {
        Some((name, _)) => {
            let how =
                "whose median time to it over the departures, by public transport or on foot, is";
            (format!("{key}_transit_{name}_{minutes}min"), how)
        }
        None => (format!("{key}_walk_{minutes}min"), "whose walk to it is"),
    };
    let closed = if window.is_some() { "; empty: closed in the window" } else { "" };
    Field {
        name,
        unit: counted.unit(),
        meaning: format!("{who} of the study {how} within {minutes} min{closed}"),
        window: window.map(|(_, when)| when.to_owned()),
        source: if window.is_some() { "OpenStreetMap, GTFS" } else { "OpenStreetMap" }.to_owned(),
        decimals: 0,
        absence: Absence::Unknown,
    }
}

/// The column that tells whether a place is open in a window.
pub fn open_column(window: &str, when: &str) -> Field {
    Field {
        name: format!("open_{window}"),
        unit: "",
        meaning: "open, closed, or unknown, for half an hour of the window in one piece; what is closed is left out of every field of the window; empty: its category does not look at opening hours".into(),
        window: Some(when.to_owned()),
        source: "OpenStreetMap, registers".into(),
        decimals: 0,
        absence: Absence::Unknown,
    }
}

/// Rows of the data dictionary, each named by the file and its column.
pub fn dictionary(places: &PlacesTable) -> Vec<Field> {
    let of_file = |name: &str| format!("places.csv:{name}");
    let known = KNOWN.iter().map(|(name, unit, meaning)| Field {
        name: of_file(name),
        unit,
        meaning: (*meaning).to_owned(),
        window: None,
        source: "OpenStreetMap, registers".into(),
        decimals: 0,
        absence: Absence::Unknown,
    });
    let found =
        places.columns.iter().map(|column| Field { name: of_file(&column.name), ..column.clone() });
    known.chain(found).collect()
}
