//! `places.csv`: each place, and how many of the study's people reach it.

use std::io::{self, Write};

use super::sanitise::csv_text;
use super::table::{Absence, Field, Value};
use crate::access::residents::ResidentUnit;
use crate::geometry::LonLat;
use crate::inputs::hours::YEARS;

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
const KNOWN: [(&str, &str, &str); 6] = [
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

/// Writes the file.
pub fn write_places(out: impl Write, places: &PlacesTable) -> io::Result<()> {
    let mut csv =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out);
    let found = places.columns.iter().map(|column| column.name.as_str());
    csv.write_record(KNOWN.iter().map(|(name, ..)| *name).chain(found))?;
    for place in &places.rows {
        let degrees = |of: fn(LonLat) -> f64| {
            place.point.map_or_else(String::new, |point| format!("{:.6}", of(point)))
        };
        let mut cells = vec![
            place.category.to_owned(),
            csv_text(place.id).into_owned(),
            csv_text(place.name).into_owned(),
            degrees(LonLat::lon),
            degrees(LonLat::lat),
            place.capacity.map_or_else(String::new, |capacity| capacity.to_string()),
        ];
        let found = place.found.iter().zip(&places.columns);
        cells.extend(found.map(|(value, column)| value.plain(column.decimals).unwrap_or_default()));
        csv.write_record(cells)?;
    }
    csv.flush()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_the_file_has_a_row_in_the_dictionary() {
        let am = Some(("am", "am 2026-03-10, 07:00 to 09:00"));
        let column = |minutes, window| people_column(minutes, window, ResidentUnit::People);
        let columns = vec![column(15, None), open_column("am", "am"), column(30, am)];
        assert_eq!(people_column(15, None, ResidentUnit::Points).name, "origin_points_walk_15min");
        let place = |found| PlaceRow {
            category: "pub",
            id: "=1",
            name: "The \"Ship\"",
            point: LonLat::new(-3.0, 51.5),
            capacity: None,
            found,
        };
        let open = vec![Value::Number(12.6), Value::Text("open".into()), Value::Number(0.0)];
        let closed = vec![Value::Number(7.0), Value::Text("closed".into()), Value::Missing];
        let places = PlacesTable { columns, rows: vec![place(open), place(closed)] };
        let mut bytes = Vec::new();
        write_places(&mut bytes, &places).expect("writes");
        let text = String::from_utf8_lossy(&bytes);
        let header = text.lines().next().unwrap_or_default();
        assert_eq!(
            text,
            "category,id,name,lon,lat,capacity,people_walk_15min,open_am,people_transit_am_30min\n\
             pub,'=1,\"The \"\"Ship\"\"\",-3.000000,51.500000,,13,open,0\n\
             pub,'=1,\"The \"\"Ship\"\"\",-3.000000,51.500000,,7,closed,\n"
        );
        let names: Vec<String> = dictionary(&places).into_iter().map(|field| field.name).collect();
        let wanted: Vec<String> =
            header.split(',').map(|name| format!("places.csv:{name}")).collect();
        assert_eq!(names, wanted);
    }
}
