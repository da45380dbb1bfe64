//! `places.csv`: each place, and how many of the study's people reach it.

use std::io::{self, Write};

use crate::geometry::LonLat;
use crate::results::places::{KNOWN, PlacesTable};
use crate::sanitise::csv_text;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::residents::ResidentUnit;
    use crate::results::places::{PlaceRow, dictionary, open_column, people_column};
    use crate::results::table::Value;

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
