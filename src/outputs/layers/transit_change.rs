//! Stops and routes before and after: what a scenario does to the timetable, on the map.

use std::borrow::Cow;

use super::{LayerColumn, LayerContent};
use crate::access::supply::BANDS;
use crate::outputs::gpkg::{GeometryKind, LayerFeature, LayerShape};
use crate::outputs::qgis::{DrawingRule, NamedStyle, Shade, Style, Symbol, column};
use crate::results::table::{Field, Value};
use crate::results::transit_change::{Both, RouteChange, StopChange, TransitChange};
use crate::scenario::feed_diff::RouteFate;

const GTFS: &str = "GTFS";

/// What became of a route on a date, as `state_…` has it; nothing if it runs on neither side.
fn state(((before, after), alike): (Both, RouteFate)) -> Option<&'static str> {
    let fate = match (before, after) {
        (0, 0) => return None,
        (_, 0) => RouteFate::Withdrawn,
        (0, _) => RouteFate::New,
        _ if after < before => RouteFate::Fewer,
        _ if after > before => RouteFate::More,
        _ => alike,
    };
    Some(fate.name())
}

/// Three columns: what was, what is, and the difference.
fn three(name: &str, meaning: &str, when: Option<&str>) -> [Field; 3] {
    [("before", "before"), ("after", "after"), ("change", "after less before")].map(
        |(what, says)| {
            let column =
                LayerColumn::new(format!("{name}_{what}"), "count", format!("{meaning}: {says}"));
            LayerColumn { window: when, ..column }.of(GTFS).field()
        },
    )
}

fn values((before, after): Both) -> [Value; 3] {
    [i64::from(before), i64::from(after), i64::from(after) - i64::from(before)].map(Value::Integer)
}

/// What is counted at stops.
pub fn stop_change_fields(dates: &[(String, String)]) -> Vec<Field> {
    let meaning = "vehicles that can be boarded at the stop in the service of the date, the night after included";
    dates
        .iter()
        .flat_map(|(name, when)| three(&format!("departures_{name}"), meaning, Some(when)))
        .collect()
}

/// What is counted of routes.
pub fn route_change_fields(dates: &[(String, String)]) -> Vec<Field> {
    let first = dates.first().map(|(_, when)| when.as_str());
    let bands = BANDS.iter().flat_map(|(name, _, hours)| {
        let meaning =
            format!("trips of the route in both directions that first take people on {hours}");
        three(&format!("band_{name}_trips"), &meaning, first)
    });
    let mut fields: Vec<Field> = bands.collect();
    for (name, when) in dates {
        let meaning = "trips of the route in both directions in the service of the date";
        fields.extend(three(&format!("trips_{name}"), meaning, Some(when)));
        let states = "what becomes of the route on the date: withdrawn, new, fewer or more trips; as many, but retimed or renamed; same; empty: runs on neither side";
        let state = LayerColumn::new(format!("state_{name}"), "", states);
        fields.push(LayerColumn { window: Some(when), ..state }.of(GTFS).field());
    }
    fields
}

/// The stops with their departures before and after. `name` is that of the layer, `of` the
/// scenario's label.
pub fn stops_change<'a>(change: &'a TransitChange, name: String, of: &str) -> LayerContent<'a> {
    let text = |name, meaning| LayerColumn::new(name, "", meaning).of(GTFS).field();
    let mut fields =
        vec![text("id", "stop_id, that of before if it was there"), text("name", "its name")];
    fields.extend(stop_change_fields(&change.dates));
    let feature = |row: &StopChange| {
        let mut cells = vec![Value::Text(row.id.clone()), Value::Text(row.name.clone())];
        cells.extend(row.departures.iter().flat_map(|both| values(*both)));
        LayerFeature {
            shape: row.point.map_or(LayerShape::None, LayerShape::Point),
            values: Cow::Owned(cells),
        }
    };
    let styles = change.dates.iter().map(|(date, when)| NamedStyle {
        name: format!("departures {date}"),
        description: format!("change of departures: {when}"),
        style: Style { rules: stop_rules(date), label: Some("name".to_owned()), layered: true },
    });
    LayerContent {
        name,
        title: format!("{of}: departures at stops"),
        description: "Stops with how many vehicles can be boarded before and after".to_owned(),
        geometry: GeometryKind::Point,
        features: change.stops.iter().map(feature).collect(),
        styles: styles.collect(),
        fields,
        shown: false,
    }
}

/// Orange is less and purple more, as on the map of times orange is longer; what changes most lies
/// above.
fn stop_rules(date: &str) -> Vec<DrawingRule> {
    let field = |what: &str| column(&format!("departures_{date}_{what}"));
    let (before, after, change) = (field("before"), field("after"), field("change"));
    let dot = |colour, size| marker("circle", colour, "#ffffff", size);
    let served = format!("{before} > 0 AND {after} > 0");
    vec![
        DrawingRule::new("as many", format!("{served} AND {change} = 0"), dot("#bdbdbd", 1.2)),
        DrawingRule::new(
            "1 to 9 more",
            format!("{served} AND {change} >= 1 AND {change} <= 9"),
            dot("#998ec3", 1.8),
        ),
        DrawingRule::new(
            "over 9 more",
            format!("{served} AND {change} >= 10"),
            dot("#542788", 2.4),
        ),
        DrawingRule::new(
            "1 to 9 fewer",
            format!("{served} AND {change} <= -1 AND {change} >= -9"),
            dot("#f1a340", 1.8),
        ),
        DrawingRule::new(
            "over 9 fewer",
            format!("{served} AND {change} <= -10"),
            dot("#b35806", 2.4),
        ),
        DrawingRule::new(
            "served anew",
            format!("{before} = 0 AND {after} > 0"),
            marker("star", "#542788", "#ffffff", 3.4),
        ),
        DrawingRule::new(
            "no longer served",
            format!("{before} > 0 AND {after} = 0"),
            marker("cross2", "#8c2d04", "#8c2d04", 2.6),
        ),
    ]
}

fn marker(shape: &'static str, colour: &'static str, outline: &'static str, size: f64) -> Symbol {
    Symbol::Marker { shape, colour: Shade(colour, 255), outline: Shade(outline, 255), size }
}

/// The routes with their trips before and after, by time of day and date. `name` is that of the
/// layer, `of` the scenario's label.
pub fn routes_change<'a>(change: &'a TransitChange, name: String, of: &str) -> LayerContent<'a> {
    let text = |name, meaning| LayerColumn::new(name, "", meaning).of(GTFS).field();
    let mut fields = vec![
        text("operator", "who runs it, before if it ran"),
        text("name", "what vehicles show, before if it ran"),
        text("name_after", "name and operator after, where it runs on under others"),
        text("mode", "bus, rail, tram and so on"),
        text(
            "follows_roads",
            "whether its ways follow the roads as far as the feed says; else straight from stop to stop",
        ),
    ];
    fields.extend(route_change_fields(&change.dates));
    let feature = |row: &'a RouteChange| {
        let known = |text: &str| Value::text(Some(text).filter(|text| !text.is_empty()));
        let mut cells =
            vec![known(&row.operator), known(&row.name), Value::text(row.now.as_deref())];
        cells.extend([known(&row.mode), Value::Flag(row.follows_roads)]);
        cells.extend(row.bands.iter().flat_map(|both| values(*both)));
        for day in &row.trips {
            cells.extend(values(day.0));
            cells.push(Value::text(state(*day)));
        }
        LayerFeature { shape: LayerShape::Lines(&row.ways), values: Cow::Owned(cells) }
    };
    let styles = change.dates.iter().map(|(date, when)| NamedStyle {
        name: format!("routes {date}"),
        description: format!("what becomes of routes: {when}"),
        style: Style { rules: route_rules(date), label: Some("name".to_owned()), layered: true },
    });
    LayerContent {
        name,
        title: format!("{of}: routes"),
        description: "Routes with their trips before and after, both directions together"
            .to_owned(),
        geometry: GeometryKind::Lines,
        features: change.routes.iter().map(feature).collect(),
        styles: styles.collect(),
        fields,
        shown: false,
    }
}

/// What vanishes is broken and lies above all else.
fn route_rules(date: &str) -> Vec<DrawingRule> {
    let state = column(&format!("state_{date}"));
    let line = |colour, width, dashed| Symbol::Line {
        colour: Shade(colour, 255),
        width,
        casing: if dashed { 0.0 } else { 0.15 },
        dashed,
    };
    let is = |word: &str| format!("{state} = '{word}'");
    let alike = format!("{state} IN ('same', 'retimed', 'renamed')");
    vec![
        DrawingRule::new("as many trips", alike, line("#bdbdbd", 0.25, false)),
        DrawingRule::new("more trips", is("more"), line("#998ec3", 0.5, false)),
        DrawingRule::new("fewer trips", is("fewer"), line("#f1a340", 0.5, false)),
        DrawingRule::new("new", is("new"), line("#542788", 0.8, false)),
        DrawingRule::new("withdrawn", is("withdrawn"), line("#b35806", 0.8, true)),
    ]
}
