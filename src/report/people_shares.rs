//! How people share a field: who has which number, who does not get there, of whom nothing is
//! known.

use crate::access::index::IndexReading;
use crate::results::cell_state::{counts_people, people, readings};
use crate::results::table::{NeighbourhoodTable, Value};

/// The people of a table by their neighbourhood's number; the neighbourhoods, where no number of
/// people is known.
#[derive(Clone, Debug, Default)]
pub(super) struct PeopleShares {
    /// Numbers with the people who have them, rising.
    pub known: Vec<(f64, f64)>,
    /// People who do not get there: beyond every number.
    pub unreached: f64,
    /// People of whom nothing is known; they are in no share.
    pub unknown: f64,
    /// `people` or `neighbourhoods`.
    pub who: &'static str,
}

impl PeopleShares {
    /// Of the field at `at`. Where a field `state` says what became of each neighbourhood, nothing
    /// is known of those of which it says nothing; else [`readings`] tells.
    pub fn of(table: &NeighbourhoodTable, at: usize, state: Option<usize>) -> PeopleShares {
        let who = if counts_people(table) { "people" } else { "neighbourhoods" };
        let mut shares = PeopleShares { who, ..PeopleShares::default() };
        let readings = readings(table, &table.fields[at].name).unwrap_or_default();
        for ((reading, people), row) in readings.into_iter().zip(people(table, at)).zip(&table.rows)
        {
            let people = people.unwrap_or(0.0);
            let silent = state.is_some_and(|state| row.values[state] == Value::Missing);
            match reading {
                IndexReading::Measured(number) => shares.known.push((number, people)),
                IndexReading::Unreached if !silent => shares.unreached += people,
                _ => shares.unknown += people,
            }
        }
        shares.known.sort_by(|a, b| a.0.total_cmp(&b.0));
        shares
    }

    /// All of whom something is known.
    pub fn all(&self) -> f64 {
        self.known.iter().map(|(_, people)| people).sum::<f64>() + self.unreached
    }

    /// The number that this share of all have or less; `None` if fewer get there.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let wanted = share * self.all() - 1e-9;
        let mut sum = 0.0;
        let reached = |(_, people): &&(f64, f64)| {
            sum += people;
            sum >= wanted
        };
        self.known.iter().find(reached).map(|(number, _)| *number)
    }

    /// The share of all who have this number or less.
    pub fn within(&self, number: f64) -> f64 {
        let within = self.known.iter().take_while(|(known, _)| *known <= number);
        let all = self.all();
        // A sum of nothing is minus nought.
        if all > 0.0 { within.fold(0.0, |sum, (_, people)| sum + people) / all } else { 0.0 }
    }
}

/// A share in per cent; one of a few is not nought, and one of all but a few is not all.
pub(super) fn percent(share: f64) -> String {
    match share * 100.0 {
        percent if percent > 0.0 && percent < 1.0 => "under 1 %".to_owned(),
        percent if percent > 99.0 && percent < 100.0 - 1e-9 => "over 99 %".to_owned(),
        percent => format!("{percent:.0} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::table::tests::field;
    use crate::results::table::{Absence, Field, NeighbourhoodRow};

    fn table(rows: &[(Value, i64, &str)]) -> NeighbourhoodTable {
        let time = Field { absence: Absence::Unreached, ..field("x_min", "min", 1) };
        let rows = rows.iter().map(|(time, people, state)| NeighbourhoodRow {
            values: vec![
                time.clone(),
                Value::Integer(*people),
                Value::text(Some(*state).filter(|state| !state.is_empty())),
            ],
            polygon: geo::MultiPolygon(vec![]),
        });
        let rows = rows.collect();
        NeighbourhoodTable {
            fields: vec![time, field("population", "people", 0), field("state", "", 0)],
            rows,
        }
    }

    #[test]
    fn who_does_not_get_there_is_beyond_every_number() {
        let n = Value::Number;
        let table = table(&[
            (n(30.0), 200, "same"),
            (n(10.0), 300, "same"),
            (Value::Missing, 500, "never"),
        ]);
        let shares = PeopleShares::of(&table, 0, None);
        assert_eq!((shares.all(), shares.unreached, shares.who), (1000.0, 500.0, "people"));
        assert_eq!(shares.quantile(0.3), Some(10.0));
        assert_eq!((shares.quantile(0.5), shares.quantile(0.51)), (Some(30.0), None));
        assert_eq!((shares.within(9.9), shares.within(10.0), shares.within(1e9)), (0.0, 0.3, 0.5));
    }

    #[test]
    fn of_whom_nothing_is_known_is_in_no_share() {
        let table = table(&[(Value::Number(30.0), 200, "same"), (Value::Missing, 800, "")]);
        let state = table.position("state");
        let shares = PeopleShares::of(&table, 0, state);
        assert_eq!(
            (shares.all(), shares.unknown, shares.quantile(0.9)),
            (200.0, 800.0, Some(30.0))
        );
        assert_eq!(
            PeopleShares::of(&table, 0, None).quantile(0.9),
            None,
            "a travel time that is empty is out of reach"
        );
    }

    #[test]
    fn a_share_of_a_few_is_not_nought() {
        assert_eq!(
            [0.0, 0.004, 0.5, 0.995, 1.0].map(percent),
            ["0 %", "under 1 %", "50 %", "over 99 %", "100 %"]
        );
    }
}
