//! Which share of people get there within how many minutes: a rising line for each time of day, or
//! for before and after.

use std::fmt::Write;

use serde::Serialize;

use super::ReportError;
use super::page;
use super::people_shares::{PeopleShares, percent};
use crate::results::table::NeighbourhoodTable;

/// The drawing, in its units.
const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 120.0;
/// The minutes at which shares are told: the breaks of the maps.
const TOLD: [f64; 4] = [15.0, 30.0, 45.0, 60.0];
/// What stands in the place of a share within more minutes than were searched.
const NOT_SEARCHED: &str = "–";

/// Lines on one axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurveChart {
    /// What they are about.
    pub title: String,
    /// At most seven can be told apart.
    pub lines: Vec<CurveLine>,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurveLine {
    /// What it is called.
    pub label: String,
    /// The field, in minutes.
    pub field: String,
    /// The field that says what became of each neighbourhood, where there is one.
    pub state: Option<String>,
    /// Whether it is what was, before a change.
    pub was: bool,
    /// How far was searched, minutes: beyond it nothing is said.
    pub searched_min: u32,
}

/// A figure.
#[derive(Debug, Serialize)]
pub(super) struct CurveFigure {
    title: String,
    lines: Vec<DrawnLine>,
    /// Where the axis is labelled.
    ticks: Vec<(i32, &'static str, String)>,
    told: Vec<String>,
    who: &'static str,
    says: String,
}

#[derive(Debug, Serialize)]
struct DrawnLine {
    label: String,
    class: String,
    path: String,
    /// At each of the minutes told, and at all.
    shares: Vec<String>,
}

/// The figure; `None` where nothing is known on any line.
///
/// # Errors
/// If a field is not in the table.
pub(super) fn drawn(
    curve: &CurveChart,
    table: &NeighbourhoodTable,
) -> Result<Option<CurveFigure>, ReportError> {
    let mut all = Vec::new();
    for line in &curve.lines {
        let state = line.state.as_ref().and_then(|state| table.position(state));
        all.push((line, PeopleShares::of(table, page::index(table, &line.field)?, state)));
    }
    all.retain(|(_, shares)| shares.all() > 0.0);
    let Some(who) = all.first().map(|(_, shares)| shares.who) else { return Ok(None) };
    let longest =
        all.iter().filter_map(|(_, shares)| shares.known.last()).map(|(minutes, _)| *minutes);
    let limit = (longest.fold(0.0, f64::max) / 30.0).ceil().max(2.0) * 30.0;
    let lines: Vec<DrawnLine> = all
        .iter()
        .enumerate()
        .map(|(nth, (line, shares))| DrawnLine {
            label: line.label.clone(),
            class: if line.was { "was".to_owned() } else { format!("l{}", nth % 7) },
            path: path(shares, limit, line.searched_min),
            shares: told(shares, line.searched_min).collect(),
        })
        .collect();
    let says = lines.iter().map(|line| {
        let at = TOLD.iter().zip(&line.shares).filter(|(_, share)| *share != NOT_SEARCHED);
        let at = at.map(|(minutes, share)| format!("{share} within {minutes} min"));
        format!("{}: {}", line.label, at.collect::<Vec<_>>().join(", "))
    });
    let step = if limit > 60.0 { 30.0 } else { 15.0 };
    let ticks = (0_u8..).map(|nth| f64::from(nth) * step).take_while(|minutes| *minutes <= limit);
    let ticks = ticks.map(|minutes| {
        let anchor = match minutes {
            0.0 => "start",
            minutes if minutes >= limit => "end",
            _ => "middle",
        };
        (whole(minutes / limit * WIDTH), anchor, minutes.to_string())
    });
    Ok(Some(CurveFigure {
        title: curve.title.clone(),
        ticks: ticks.collect(),
        told: TOLD.iter().map(|minutes| format!("{minutes} min")).collect(),
        who,
        says: says.collect::<Vec<_>>().join("; "),
        lines,
    }))
}

/// The shares within each of the minutes told, and as far as was searched.
fn told(shares: &PeopleShares, searched_min: u32) -> impl Iterator<Item = String> {
    let within = move |minutes: f64| {
        let searched = minutes <= f64::from(searched_min);
        if searched { percent(shares.within(minutes)) } else { NOT_SEARCHED.to_owned() }
    };
    TOLD.into_iter()
        .map(within)
        .chain([format!("{} in {searched_min} min", percent(shares.within(f64::INFINITY)))])
}

/// A step up at each number that somebody has; those who do not get there keep it below the top. It
/// ends where the search did.
fn path(shares: &PeopleShares, limit: f64, searched_min: u32) -> String {
    let (all, mut sum) = (shares.all(), 0.0);
    let mut path = format!("M0 {HEIGHT}");
    for same in shares.known.chunk_by(|a, b| a.0 == b.0) {
        sum += same.iter().map(|(_, people)| people).sum::<f64>();
        let (x, y) = (same[0].0 / limit * WIDTH, HEIGHT - sum / all * HEIGHT);
        // Writing to a string cannot fail.
        let _ = write!(path, "H{}V{}", whole(x), whole(y));
    }
    let end = (f64::from(searched_min) / limit).min(1.0) * WIDTH;
    let _ = write!(path, "H{}", whole(end));
    path
}

#[expect(clippy::cast_possible_truncation, reason = "a drawing is a few hundred units wide")]
fn whole(units: f64) -> i32 {
    units.round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::table::tests::field;
    use crate::results::table::{Absence, Field, NeighbourhoodRow, Value};

    fn curve(fields: &[&str]) -> CurveChart {
        let line = |(nth, field): (usize, &&str)| CurveLine {
            label: (*field).to_owned(),
            field: (*field).to_owned(),
            state: None,
            was: nth == 1,
            searched_min: 120,
        };
        CurveChart {
            title: "Libraries".into(),
            lines: fields.iter().enumerate().map(line).collect(),
        }
    }

    fn table() -> NeighbourhoodTable {
        let time = |name| Field { absence: Absence::Unreached, ..field(name, "min", 1) };
        let row = |a, b, people| NeighbourhoodRow {
            values: vec![a, b, Value::Integer(people)],
            polygon: geo::MultiPolygon(vec![]),
        };
        let n = Value::Number;
        let rows = vec![
            row(n(30.0), Value::Missing, 250),
            row(n(15.0), n(90.0), 500),
            row(Value::Missing, Value::Missing, 250),
        ];
        NeighbourhoodTable {
            fields: vec![time("am"), time("night"), field("population", "people", 0)],
            rows,
        }
    }

    #[test]
    fn it_rises_where_people_get_there_and_stays_below_the_top_for_those_who_do_not() {
        let drawn = drawn(&curve(&["am", "night"]), &table()).expect("fields").expect("people");
        // The axis ends at 90 min: 480 units.
        assert_eq!(drawn.lines[0].path, "M0 120H80V60H160V30H480");
        assert_eq!(drawn.lines[1].path, "M0 120H480V60H480");
        assert_eq!(drawn.lines[0].shares, ["50 %", "75 %", "75 %", "75 %", "75 % in 120 min"]);
        assert_eq!(drawn.lines[1].shares, ["0 %", "0 %", "0 %", "0 %", "50 % in 120 min"]);
        assert_eq!((drawn.lines[0].class.as_str(), drawn.lines[1].class.as_str()), ("l0", "was"));
        assert!(
            drawn.says.starts_with("am: 50 % within 15 min, 75 % within 30 min"),
            "{}",
            drawn.says
        );
        let ticks: Vec<(i32, &str)> =
            drawn.ticks.iter().map(|(x, _, text)| (*x, text.as_str())).collect();
        assert_eq!(ticks, [(0, "0"), (160, "30"), (320, "60"), (480, "90")]);
    }

    #[test]
    fn no_share_is_told_beyond_what_was_searched() {
        let mut curve = curve(&["am", "night"]);
        curve.lines[0].searched_min = 30;
        let drawn = drawn(&curve, &table()).expect("fields").expect("people");
        assert_eq!(drawn.lines[0].shares, ["50 %", "75 %", "–", "–", "75 % in 30 min"]);
        assert_eq!(drawn.lines[0].path, "M0 120H80V60H160V30H160", "the axis ends at 90 min");
        assert!(
            drawn.says.starts_with("am: 50 % within 15 min, 75 % within 30 min; night"),
            "{}",
            drawn.says
        );
    }

    #[test]
    fn nothing_known_is_no_figure_and_no_field_an_error() {
        let empty = NeighbourhoodTable { rows: vec![], ..table() };
        assert!(super::drawn(&curve(&["am"]), &empty).expect("fields").is_none());
        assert!(matches!(super::drawn(&curve(&["pm"]), &table()), Err(ReportError::NoField(_))));
    }
}
