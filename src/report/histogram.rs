//! How a field is spread over people: a histogram in the colours of its map.

use serde::Serialize;

use super::page::{shown, with_unit};
use super::people_shares::{PeopleShares, percent};
use crate::outputs::class_breaks::{Classes, thousands};
use crate::results::table::{NeighbourhoodTable, Value};

/// The height of the tallest bar and the width of the drawing, in its units.
const TALLEST: f64 = 120.0;
const WIDTH: f64 = 480.0;
/// The most bars there are.
const BARS: f64 = 24.0;

/// A histogram of a field.
#[derive(Debug, Serialize)]
pub(super) struct FieldHistogram {
    bars: Vec<HistogramBar>,
    /// Where the axis is labelled.
    labels: Vec<(i32, &'static str, String)>,
    /// The same in words.
    says: String,
}

#[derive(Debug, Serialize)]
struct HistogramBar {
    x: i32,
    width: i32,
    height: i32,
    colour: &'static str,
    title: String,
}

impl FieldHistogram {
    /// The spread of a field over the people of the neighbourhoods, or over the neighbourhoods
    /// where there are no people in the table. `None` for fewer than two values, or values that are
    /// all the same.
    pub(super) fn of(
        table: &NeighbourhoodTable,
        at: usize,
        classes: &Classes,
        state: Option<usize>,
    ) -> Option<FieldHistogram> {
        let field = &table.fields[at];
        let shares = PeopleShares::of(table, at, state);
        let (low, high) = (shares.known.first()?.0, shares.known.last()?.0);
        let total: f64 = shares.known.iter().map(|(_, weight)| weight).sum();
        if high <= low || total <= 0.0 {
            return None;
        }
        let step = round_step(field.unit, (high - low.min(0.0)) / BARS);
        let (first, last) = (bin(low.min(0.0), step), bin(high, step));
        let count = f64::from(last - first + 1);
        let mut weights = vec![0.0; usize::try_from(last - first + 1).ok()?];
        for (value, weight) in &shares.known {
            weights[usize::try_from(bin(*value, step) - first).ok()?] += weight;
        }
        let most = weights.iter().copied().fold(0.0, f64::max);
        let of = shares.who;
        let on_axis = |bars: i32| whole(f64::from(bars) * WIDTH / count);
        let text = |value: f64| with_unit(&Value::Number(value), field);
        let bars = (0..).zip(&weights).map(|(n, weight)| {
            let upper = f64::from(first + n + 1) * step;
            HistogramBar {
                x: on_axis(n),
                width: on_axis(n + 1) - on_axis(n) - 1,
                height: whole((weight / most * TALLEST).ceil()),
                colour: classes.colour(classes.class(upper)),
                title: format!(
                    "{} to {}: {} {of}",
                    shown(&Value::Number(upper - step), field),
                    text(upper),
                    number(*weight)
                ),
            }
        });
        let bars = bars.collect();
        let every = ((last - first + 1) / 5).max(1);
        let anchor = |n: i32| match n {
            0 => "start",
            n if n == last - first + 1 => "end",
            _ => "middle",
        };
        let labels = (0..=last - first + 1)
            .filter(|n| n % every == 0)
            .map(|n| (on_axis(n), anchor(n), short(f64::from(first + n) * step)))
            .collect();
        let says = says(&shares, text);
        Some(FieldHistogram { bars, labels, says })
    }
}

/// The bar of a value: a value on its upper end belongs to it, as a cut-off is inclusive.
#[expect(clippy::cast_possible_truncation, reason = "there are few bars")]
fn bin(value: f64, step: f64) -> i32 {
    if value == 0.0 { 0 } else { (value / step).ceil() as i32 - 1 }
}

/// The middle of all and of the far tenth, where those who do not get there are beyond every
/// number.
fn says(shares: &PeopleShares, text: impl Fn(f64) -> String) -> String {
    let (of, lost) = (shares.who, shares.unreached);
    let lost = (lost > 0.0).then(|| {
        format!(
            "{} {of} ({}) do not get there in the time that was searched",
            number(lost),
            percent(lost / shares.all())
        )
    });
    let mut says = match (shares.quantile(0.5), shares.quantile(0.9)) {
        (Some(half), Some(most)) => {
            let beyond =
                lost.map_or_else(String::new, |lost| format!("; {lost}, counted as beyond"));
            format!(
                "Half of the {of} up to {}, nine tenths up to {}{beyond}",
                text(half),
                text(most)
            )
        }
        (Some(half), None) => {
            let beyond =
                lost.map_or_else(String::new, |lost| format!("; nine tenths do not: {lost}"));
            format!("Half of the {of} up to {}{beyond}", text(half))
        }
        (None, _) => {
            format!("Not even half of the {of} get there: {}", lost.unwrap_or_default())
        }
    };
    if shares.unknown > 0.0 {
        says.push_str(&format!(
            "; {} {of} of whom nothing is known are left out",
            number(shares.unknown)
        ));
    }
    says
}

/// A round length of a bar, at least so much: 1, 2, 2.5 or 5 with noughts; of minutes one that the
/// breaks of the map are multiples of, so that no bar is of two colours.
fn round_step(unit: &str, least: f64) -> f64 {
    const MINUTES: [f64; 5] = [0.5, 1.0, 2.5, 5.0, 15.0];
    if let Some(step) = MINUTES.into_iter().find(|step| unit == "min" && *step >= least) {
        return step;
    }
    let power = 10_f64.powf(least.log10().floor());
    [1.0, 2.0, 2.5, 5.0]
        .map(|n| n * power)
        .into_iter()
        .find(|step| *step >= least)
        .unwrap_or(power * 10.0)
}

/// A number on the axis, without noughts behind the point.
fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("−", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", thousands(whole))
}

fn number(weight: f64) -> String {
    thousands(&format!("{weight:.0}"))
}

#[expect(clippy::cast_possible_truncation, reason = "a drawing is a few hundred units wide")]
fn whole(units: f64) -> i32 {
    units.round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::table::tests::field;
    use crate::results::table::{Absence, Field, NeighbourhoodRow};

    fn spread(values: &[(Value, i64)]) -> Option<FieldHistogram> {
        let time = Field { absence: Absence::Unreached, ..field("x_min", "min", 1) };
        let fields = vec![time, field("population", "people", 0)];
        let rows = values.iter().map(|(value, people)| NeighbourhoodRow {
            values: vec![value.clone(), Value::Integer(*people)],
            polygon: geo::MultiPolygon(vec![]),
        });
        let table = NeighbourhoodTable { fields, rows: rows.collect() };
        let classes = Classes::of("min", table.rows.iter().map(|row| &row.values[0]));
        FieldHistogram::of(&table, 0, &classes, None)
    }

    #[test]
    fn people_stand_in_the_bar_of_their_value_and_none_is_lost() {
        let n = Value::Number;
        let spread = spread(&[(n(5.0), 100), (n(5.1), 200), (n(48.0), 700), (Value::Missing, 50)])
            .expect("bars");
        // 48 minutes in at most 24 bars: 2.5 minutes each. Bars end where they say, the end
        // included.
        assert_eq!(spread.bars.len(), 20);
        let heights: Vec<i32> = spread.bars.iter().map(|bar| bar.height).collect();
        assert_eq!((heights[1], heights[2], heights[19]), (18, 35, 120));
        assert_eq!(heights.iter().sum::<i32>(), 173);
        assert_eq!(spread.bars[2].title, "5.0 to 7.5 min: 200 people");
        assert_eq!(
            spread.says,
            "Half of the people up to 48.0 min, nine tenths up to 48.0 min; 50 people (5 %) do not get there in the time that was searched, counted as beyond"
        );
        assert_eq!((spread.bars[2].colour, spread.bars[19].colour), ("#ffffcc", "#2c7fb8"));
    }

    #[test]
    fn those_who_do_not_get_there_move_the_middle_and_may_be_most() {
        let n = Value::Number;
        let says = |lost| {
            spread(&[(n(5.0), 100), (n(20.0), 100), (Value::Missing, lost)])
                .expect("two values")
                .says
        };
        assert_eq!(says(0), "Half of the people up to 5.0 min, nine tenths up to 20.0 min");
        assert_eq!(
            says(100),
            "Half of the people up to 20.0 min; nine tenths do not: 100 people (33 %) do not get there in the time that was searched"
        );
        assert_eq!(
            says(300),
            "Not even half of the people get there: 300 people (60 %) do not get there in the time that was searched"
        );
    }

    #[test]
    fn one_value_has_no_spread() {
        assert!(spread(&[(Value::Number(5.0), 1), (Value::Number(5.0), 1)]).is_none());
        assert!(spread(&[(Value::Missing, 1)]).is_none());
        assert!(spread(&[(Value::Number(-3.0), 1), (Value::Number(3.0), 1)]).is_some());
    }

    #[test]
    fn bars_end_at_round_numbers_and_at_the_breaks_of_minutes() {
        assert_eq!(
            [0.3, 0.9, 2.0, 3.0, 8.0, 20.0].map(|least| round_step("min", least)),
            [0.5, 1.0, 2.5, 5.0, 15.0, 20.0]
        );
        assert_eq!(
            [0.3, 9.0, 21.0, 600.0].map(|least| round_step("jobs", least)),
            [0.5, 10.0, 25.0, 1000.0]
        );
        assert_eq!([0.0, 2.5, 1000.0, -7.25].map(short), ["0", "2.5", "1,000", "−7.25"]);
    }
}
