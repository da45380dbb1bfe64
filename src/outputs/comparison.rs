//! The other tables of a comparison: `feed_diff.csv`, `attribution.csv`, `journeys.csv`, and the
//! style of `change.geojson`.

use std::io::{self, Write};

use super::class_breaks::DIVERGING;
use super::qgis::Style;
use super::qgis::areas::{ChangeClasses, of_change};
use crate::results::change::{Story, minutes_of_change};
use crate::results::table::Value;
use crate::sanitise::csv_text;
use crate::scenario::attribution::{AttributionScope, ChangeEffect, ScenarioPart};
use crate::scenario::feed_diff::{DayDiff, RouteDiff, RouteFate};
use crate::scenario::restore::RouteName;

/// The upper ends of the classes of a change in minutes, but for the last: fixed, so that two maps
/// can be laid side by side.
pub const CHANGE_BREAKS: [f64; 6] = [-15.0, -5.0, -1.0, 1.0, 5.0, 15.0];
/// What the classes are called.
pub const CHANGE_LABELS: [&str; 7] = [
    "over 15 min shorter",
    "5 to 15 min shorter",
    "1 to 5 min shorter",
    "within 1 min",
    "1 to 5 min longer",
    "5 to 15 min longer",
    "over 15 min longer",
];
/// The class of what is out of reach now, with its colour.
pub const LOST: (&str, &str) = ("no longer in reach", "#2b0a00");
/// The class of what came into reach.
pub const GAINED: (&str, &str) = ("newly in reach", "#0b3d2e");

/// The class of a change, from 0: see [`CHANGE_LABELS`].
pub fn change_class(minutes: f64) -> usize {
    CHANGE_BREAKS.iter().filter(|upper| minutes > **upper).count()
}

fn writer<W: Write>(out: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out)
}

/// Writes `feed_diff.csv`: a row for each route, hour and stop of each pair of days, and one that
/// says how many routes are left out.
pub fn write_feed_diff(out: impl Write, diffs: &[DayDiff]) -> io::Result<()> {
    let mut csv = writer(out);
    csv.write_record([
        "date_before",
        "date_after",
        "what",
        "id",
        "name",
        "operator",
        "became",
        "before",
        "after",
        "same",
        "runs_as",
        "shares_trips_with",
    ])?;
    for diff in diffs {
        let dates = [diff.before.to_string(), diff.after.to_string()];
        let mut row = |cells: [&str; 10]| {
            let cells = cells.iter().map(|cell| csv_text(cell).into_owned());
            csv.write_record(dates.iter().cloned().chain(cells))
        };
        for route in &diff.routes {
            let (operator, name) = &route.route;
            let named = |(agency, name): &RouteName| format!("{name} ({agency})");
            let runs_as = route.now.as_ref().map_or_else(String::new, named);
            let shared: Vec<String> = route.shared.iter().map(named).collect();
            row([
                "route",
                "",
                name,
                operator,
                route.fate.name(),
                &route.before.to_string(),
                &route.after.to_string(),
                &route.same.to_string(),
                &runs_as,
                &shared.join("; "),
            ])?;
        }
        if !diff.off_map.is_empty() {
            let differ = diff.off_map.iter().filter(|route| route.fate != RouteFate::Same).count();
            let name = format!(
                "{} routes that call nowhere on the map, before or after: left out ({differ} of them differ)",
                diff.off_map.len()
            );
            let sum = |of: fn(&RouteDiff) -> usize| diff.off_map.iter().map(of).sum::<usize>();
            let (before, after) = (sum(|route| route.before), sum(|route| route.after));
            let (was, is) = (before.to_string(), after.to_string());
            row(["off_map", "", &name, "", became(before, after), &was, &is, "", "", ""])?;
        }
        for (hour, (before, after)) in &diff.hours {
            let hour = format!("{hour:02}:00");
            row([
                "hour",
                &hour,
                "trips that leave in this hour",
                "",
                became(*before, *after),
                &before.to_string(),
                &after.to_string(),
                "",
                "",
                "",
            ])?;
        }
        for stop in &diff.stops {
            row([
                "stop",
                &stop.id,
                &stop.name,
                "",
                became(stop.before, stop.after),
                &stop.before.to_string(),
                &stop.after.to_string(),
                "",
                "",
                "",
            ])?;
        }
    }
    csv.flush()
}

fn became(before: usize, after: usize) -> &'static str {
    match (before, after) {
        (0, 1..) => "new",
        (1.., 0) => "withdrawn",
        (before, after) if after < before => "fewer",
        (before, after) if after > before => "more",
        _ => "as_many",
    }
}

/// Writes `attribution.csv`: for each window and category what the whole did, what would be spared
/// without each part, and what of the whole that does not add up to.
pub fn write_attribution(
    out: impl Write,
    effects: &[ChangeEffect],
    looked_at: AttributionScope,
    windows: &[&str],
    categories: &[&str],
) -> io::Result<()> {
    let mut csv = writer(out);
    csv.write_record([
        "window",
        "category",
        "by",
        "what",
        "operator",
        "people_lost",
        "people_gained",
        "people_longer",
        "people_longer_5min",
        "people_longer_15min",
        "people_shorter",
        "people_minutes",
    ])?;
    for (window, window_name) in windows.iter().enumerate() {
        for (category, category_name) in categories.iter().enumerate() {
            let here: Vec<&ChangeEffect> = effects
                .iter()
                .filter(|effect| (effect.window, effect.category) == (window, category))
                .collect();
            let mut row = |by: &str, what: &str, operator: &str, counts: [f64; 7]| {
                let text = [window_name, category_name, by, what, operator]
                    .map(|text| csv_text(text).into_owned());
                csv.write_record(text.into_iter().chain(counts.map(whole)))
            };
            for effect in &here {
                let counts = counts(effect);
                match &effect.of {
                    ScenarioPart::Whole => row("whole", "", "", counts)?,
                    ScenarioPart::Route(operator, name) => row("route", name, operator, counts)?,
                    ScenarioPart::Modification(words) => row("modification", words, "", counts)?,
                }
            }
            let parts = [
                ("route", is_route as fn(&ScenarioPart) -> bool, looked_at.routes),
                ("modification", is_modification, looked_at.modifications),
            ];
            for (by, is, _) in parts.into_iter().filter(|(.., looked_at)| *looked_at) {
                if let Some(rest) = interaction(&here, is) {
                    row(&format!("interaction of {by}s"), "", "", rest)?;
                }
            }
        }
    }
    csv.flush()
}

fn is_route(part: &ScenarioPart) -> bool {
    matches!(part, ScenarioPart::Route(..))
}

fn is_modification(part: &ScenarioPart) -> bool {
    matches!(part, ScenarioPart::Modification(_))
}

fn counts(effect: &ChangeEffect) -> [f64; 7] {
    let tally = &effect.tally;
    [
        tally.lost,
        tally.gained,
        tally.worse,
        tally.longer[0],
        tally.longer[1],
        tally.better,
        tally.people_seconds / 60.0,
    ]
}

/// What the parts do not add up to of the whole: all of it where none of them alone spares
/// anything. `None` where there is no effect.
fn interaction(here: &[&ChangeEffect], is: fn(&ScenarioPart) -> bool) -> Option<[f64; 7]> {
    let whole =
        here.iter().find(|effect| effect.of == ScenarioPart::Whole).map(|effect| counts(effect));
    let parts: Vec<_> = here.iter().filter(|effect| is(&effect.of)).collect();
    let mut rest = whole.or_else(|| (!parts.is_empty()).then_some([0.0; 7]))?;
    parts
        .iter()
        .for_each(|part| rest.iter_mut().zip(counts(part)).for_each(|(rest, part)| *rest -= part));
    Some(rest)
}

/// A count without decimals, and without a minus before nought.
fn whole(count: f64) -> String {
    Value::number(count).plain(0).unwrap_or_default()
}

/// Writes `journeys.csv`: why it changed, for the neighbourhoods that are hit worst.
pub fn write_journeys(out: impl Write, stories: &[Story]) -> io::Result<()> {
    let mut csv = writer(out);
    csv.write_record([
        "id",
        "neighbourhood",
        "window",
        "category",
        "leave",
        "before",
        "after",
        "what_changed",
        "median_before_min",
        "median_after_min",
        "median_change_min",
    ])?;
    for story in stories {
        let minutes = |value: Value| value.plain(1).unwrap_or_default();
        let texts = [
            &story.id,
            &story.neighbourhood,
            &story.window,
            &story.category,
            &story.leave,
            &story.before,
            &story.after,
            &story.later(),
        ];
        let numbers = [
            minutes(Value::minutes(story.median.before)),
            minutes(Value::minutes(story.median.after)),
            minutes(minutes_of_change(story.median)),
        ];
        csv.write_record(texts.map(|text| csv_text(text).into_owned()).into_iter().chain(numbers))?;
    }
    csv.flush()
}

/// How QGIS draws a change in minutes: seven classes around nought, and one each for what is lost,
/// gained or in reach neither before nor after. `state` is the field that tells.
pub fn change_style(change: &str, state: &str) -> Style {
    let classes = ChangeClasses {
        breaks: &CHANGE_BREAKS,
        labels: &CHANGE_LABELS,
        colours: &DIVERGING,
        lost: LOST,
        gained: GAINED,
    };
    of_change(change, state, &classes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::differences::{PeopleTally, TimeShift};
    use crate::units::Seconds;

    fn effect(of: ScenarioPart, lost: f64, minutes: f64) -> ChangeEffect {
        let tally = PeopleTally { lost, people_seconds: minutes * 60.0, ..PeopleTally::new(0) };
        ChangeEffect { of, window: 0, category: 0, tally }
    }

    #[test]
    fn what_does_not_add_up_is_the_interaction() {
        let route = |name: &str| ScenarioPart::Route("Bloggs".into(), name.into());
        let effects = [
            effect(ScenarioPart::Whole, 100.0, 50.0),
            effect(route("1"), 30.0, 20.0),
            effect(route("2"), 40.0, 45.0),
        ];
        let mut bytes = Vec::new();
        let routes = AttributionScope { routes: true, modifications: false };
        write_attribution(&mut bytes, &effects, routes, &["am"], &["library"])
            .expect("writes to memory");
        let text = String::from_utf8(bytes).expect("text");
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "am,library,whole,,,100,0,0,0,0,0,50",
                "am,library,route,1,Bloggs,30,0,0,0,0,0,20",
                "am,library,route,2,Bloggs,40,0,0,0,0,0,45",
                "am,library,interaction of routes,,,30,0,0,0,0,0,-15",
            ]
        );
    }

    #[test]
    fn classes_lie_around_nought() {
        let classes = [-16.0, -15.0, -1.0, -0.9, 0.0, 1.0, 1.1, 15.0, 15.1].map(change_class);
        assert_eq!(classes, [0, 0, 2, 3, 3, 3, 4, 5, 6]);
        let style = change_style("gp_change_min", "gp_state").to_qml(&[]);
        assert_eq!(
            (style.matches("<rule ").count(), style.matches("<symbol type=\"fill\"").count()),
            (11, 11)
        );
        let filter = "&quot;gp_change_min&quot; &gt; -1 AND &quot;gp_change_min&quot; &lt;= 1";
        assert!(style.contains(&format!("label=\"within 1 min\" filter=\"coalesce(&quot;gp_state&quot;, '') NOT IN ('lost', 'gained') AND {filter}\"")), "{style}");
        assert!(style.contains("filter=\"&quot;gp_state&quot; = 'lost'\""));
    }

    #[test]
    fn later_is_said_in_words() {
        let story = |before: Option<u32>, after: Option<u32>| {
            let times =
                TimeShift { before: before.map(Seconds::new), after: after.map(Seconds::new) };
            let text = String::new;
            Story {
                neighbourhood: text(),
                id: text(),
                window: text(),
                category: text(),
                leave: text(),
                before: text(),
                after: text(),
                times,
                median: times,
            }
            .later()
        };
        assert_eq!(story(Some(600), Some(3540)), "49 min later");
        assert_eq!(story(Some(600), Some(300)), "5 min earlier");
        assert_eq!(story(Some(600), None), "no longer in reach");
        assert_eq!(story(Some(600), Some(600)), "at the same time");
    }
}
