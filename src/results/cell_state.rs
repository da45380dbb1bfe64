//! What a cell says of its neighbourhood: a number, that it cannot be reached, or nothing.

use super::table::{Absence, Field, NeighbourhoodRow, NeighbourhoodTable, Value};
use crate::access::index::IndexReading;

/// From this share of its people off the map on nothing is known of a neighbourhood, per cent.
const OFF_MAP_PCT: f64 = 50.0;

/// A field's cells as readings, row by row; none when there is no such field.
///
/// An empty cell of a travel time is *unreached* only where something is known of the
/// neighbourhood: more than half of its people live on the map, and it has an origin point with
/// people.
pub fn readings(table: &NeighbourhoodTable, field: &str) -> Option<Vec<IndexReading>> {
    let at = table.position(field)?;
    let known = KnownColumns::of(table);
    Some(table.rows.iter().map(|row| known.reading(row, at, &table.fields[at])).collect())
}

/// The columns that tell whether anything is known of a neighbourhood.
struct KnownColumns {
    outside_map: Option<usize>,
    off_map: Option<usize>,
    off_network: Option<usize>,
}

impl KnownColumns {
    fn of(table: &NeighbourhoodTable) -> KnownColumns {
        let at = |field: &str| table.position(field);
        KnownColumns {
            outside_map: at("outside_map"),
            off_map: at("pct_off_map"),
            off_network: at("pct_off_network"),
        }
    }

    fn holds(&self, row: &NeighbourhoodRow) -> bool {
        let cell = |at: Option<usize>| at.and_then(|at| row.values.get(at));
        let on_map = match cell(self.off_map) {
            Some(share) => share.as_number().is_some_and(|percent| percent < OFF_MAP_PCT),
            None => true,
        };
        on_map
            && cell(self.outside_map) != Some(&Value::Flag(true))
            && cell(self.off_network) != Some(&Value::Missing)
    }

    fn reading(&self, row: &NeighbourhoodRow, at: usize, field: &Field) -> IndexReading {
        match (row.values.get(at).and_then(Value::as_number), field.absence) {
            (Some(number), _) => IndexReading::Measured(number),
            (None, Absence::Unreached) if self.holds(row) => IndexReading::Unreached,
            _ => IndexReading::Unknown,
        }
    }
}

/// Whether the number of people of any neighbourhood is known.
pub fn counts_people(table: &NeighbourhoodTable) -> bool {
    table
        .column("population")
        .is_some_and(|mut column| column.any(|value| value.as_number().is_some()))
}

/// How many people each neighbourhood counts for in a field: its population, or 1 each where no
/// population is known at all. `None` where it alone is not known. Of a field that comes from the
/// map these are its people on the map.
pub fn people(table: &NeighbourhoodTable, field: usize) -> Vec<Option<f64>> {
    let population = table.position("population").filter(|_| counts_people(table));
    let Some(population) = population else { return vec![Some(1.0); table.rows.len()] };
    let off_map =
        table.position("pct_off_map").filter(|_| comes_from_the_map(&table.fields[field]));
    let of = |row: &NeighbourhoodRow| {
        let off = off_map.and_then(|at| row.values[at].as_number()).unwrap_or(0.0);
        Some(row.values[population].as_number()? * (1.0 - off / 100.0))
    };
    table.rows.iter().map(of).collect()
}

/// A meaning told of points where nobody knows how many people live at them.
pub(super) fn of_points(meaning: &str) -> String {
    const WORDS: [(&str, &str); 5] = [
        ("population-weighted median", "median over its origin points"),
        ("its people who live", "its origin points that lie"),
        ("some of its people live", "some of its origin points lie"),
        ("the study's people", "the study's origin points"),
        ("its people", "its origin points"),
    ];
    WORDS.iter().fold(meaning.to_owned(), |said, (people, points)| said.replace(people, points))
}

/// Broadband and further tables say something of people off the map, too.
pub(super) fn comes_from_the_map(field: &Field) -> bool {
    field.source.contains("OpenStreetMap")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::table::tests::field;

    #[test]
    fn who_lives_off_the_map_is_known_to_have_broadband_and_to_no_travel_time() {
        let mut fields = vec![
            field("population", "people", 0),
            field("pct_off_map", "%", 1),
            field("gp_walk_min", "min", 1),
        ];
        fields[2].source = "OpenStreetMap".into();
        fields.push(field("broadband_superfast_pct", "%", 1));
        let row = |off: f64| NeighbourhoodRow {
            values: vec![
                Value::Number(200.0),
                Value::Number(off),
                Value::Missing,
                Value::Number(90.0),
            ],
            polygon: geo::MultiPolygon(vec![]),
        };
        let table =
            NeighbourhoodTable { fields, rows: vec![row(0.0), row(25.0), row(49.9), row(50.0)] };
        assert_eq!(people(&table, 2)[..2], [Some(200.0), Some(150.0)]);
        assert_eq!(people(&table, 3), [Some(200.0); 4]);
        use IndexReading::{Measured, Unknown, Unreached};
        let walks = readings(&table, "gp_walk_min").expect("a field");
        assert_eq!(walks, [Unreached, Unreached, Unreached, Unknown]);
        assert_eq!(
            readings(&table, "broadband_superfast_pct").expect("a field"),
            [Measured(90.0); 4]
        );
    }
}
