//! `places.csv`: each place, and how many of the study's people reach it.

use std::io::{self, Write};

use super::text::csv_text;
use crate::geometry::LonLat;

/// A place and its people.
#[derive(Clone, Debug)]
pub struct PlacePeople<'a> {
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
    /// The same columns for each place.
    pub within: Vec<PeopleWithin>,
}

/// People within a cut-off.
#[derive(Clone, Debug)]
pub struct PeopleWithin {
    /// The column, such as `people_transit_am_30min`: people whose median time to the place is within 30 min.
    pub name: String,
    /// How many.
    pub people: f64,
}

/// Writes the file.
pub fn write_places(out: impl Write, places: &[PlacePeople]) -> io::Result<()> {
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out);
    let mut header: Vec<&str> = vec!["category", "id", "name", "lon", "lat", "capacity"];
    header.extend(
        places.first().iter().flat_map(|place| place.within.iter().map(|within| within.name.as_str())),
    );
    csv.write_record(&header)?;
    for place in places {
        let degrees =
            |of: fn(LonLat) -> f64| place.point.map_or_else(String::new, |point| format!("{:.6}", of(point)));
        let mut cells = vec![
            place.category.to_owned(),
            csv_text(place.id).into_owned(),
            csv_text(place.name).into_owned(),
            degrees(LonLat::lon),
            degrees(LonLat::lat),
            place.capacity.map_or_else(String::new, |capacity| capacity.to_string()),
        ];
        cells.extend(place.within.iter().map(|within| format!("{:.0}", within.people)));
        csv.write_record(cells)?;
    }
    csv.flush()
}
