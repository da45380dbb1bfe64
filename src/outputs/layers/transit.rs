//! Stops with their departures, and routes with their trips.

use std::borrow::Cow;
use std::sync::Arc;

use super::{LayerColumn, LayerContent};
use crate::access::supply::BANDS;
use crate::geometry::LonLat;
use crate::outputs::gpkg::{GeometryKind, LayerFeature, LayerShape};
use crate::outputs::qgis::{DrawingRule, NamedStyle, Shade, Style, Symbol, column};
use crate::results::table::Value;

const GTFS: &str = "GTFS";

/// A stop.
#[derive(Clone, Debug)]
pub struct StopRow<'a> {
    /// Its feed.
    pub feed: &'a str,
    /// Its id in that feed.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Where it lies.
    pub point: Option<LonLat>,
    /// Whether it joins the streets.
    pub on_streets: bool,
    /// By date: vehicles that can be boarded.
    pub departures: Vec<u32>,
}

/// A route.
#[derive(Clone, Debug)]
pub struct RouteRow<'a> {
    /// Its feed.
    pub feed: &'a str,
    /// Its id in that feed.
    pub id: &'a str,
    /// What vehicles show.
    pub name: &'a str,
    /// Where it goes, in words.
    pub long_name: &'a str,
    /// Who runs it.
    pub operator: &'a str,
    /// `bus`, `rail` and so on.
    pub mode: &'a str,
    /// Trips by [`BANDS`] on the first date.
    pub bands: [u32; BANDS.len()],
    /// By date: trips.
    pub trips: Vec<u32>,
    /// Its ways, each once.
    pub ways: Vec<Arc<Vec<LonLat>>>,
    /// Whether these follow the roads, as far as the feed says; else they go straight from stop to
    /// stop.
    pub follows_roads: bool,
}

/// The stops that something calls at. `dates` has a name for each date, that of its first window,
/// and the date in words.
pub fn stops<'a>(rows: &'a [StopRow], dates: &[(String, String)]) -> LayerContent<'a> {
    let text = |name, meaning| LayerColumn::new(name, "", meaning).of(GTFS).field();
    let mut fields = vec![
        text("feed", "the feed that it is in"),
        text("id", "stop_id in that feed"),
        text("name", "its name"),
        LayerColumn::new(
            "on_streets",
            "",
            "whether it joins a street within the longest way to one: else nobody gets on or off",
        )
        .of("OpenStreetMap, GTFS")
        .field(),
    ];
    fields.extend(dates.iter().map(|(name, when)| {
        let meaning =
            "vehicles that can be boarded there in the service of the date, the night after included";
        LayerColumn { window: Some(when), ..LayerColumn::new(format!("departures_{name}"), "count", meaning) }
            .of(GTFS)
            .field()
    }));
    let feature = |row: &StopRow| {
        let text = |text: &str| Value::Text(text.to_owned());
        let mut values =
            vec![text(row.feed), text(row.id), text(row.name), Value::Flag(row.on_streets)];
        values.extend(row.departures.iter().map(|count| Value::Integer(i64::from(*count))));
        let shape = row.point.map_or(LayerShape::None, LayerShape::Point);
        LayerFeature { shape, values: Cow::Owned(values) }
    };
    let styles = dates.iter().map(|(name, when)| NamedStyle {
        name: format!("departures {name}"),
        description: format!("departures: {when}"),
        style: Style {
            rules: stop_rules(&column(&format!("departures_{name}"))),
            label: Some("name".to_owned()),
            layered: true,
        },
    });
    LayerContent {
        name: "stops".to_owned(),
        title: "Stops by departures a day".to_owned(),
        description: "Stops that vehicles call at, with how many can be boarded".to_owned(),
        geometry: GeometryKind::Point,
        features: rows.iter().map(feature).collect(),
        styles: styles.collect(),
        fields,
        shown: false,
    }
}

fn stop_rules(field: &str) -> Vec<DrawingRule> {
    let marker = |colour, size| Symbol::Marker {
        shape: "circle",
        colour: Shade(colour, 255),
        outline: Shade("#ffffff", 255),
        size,
    };
    let none = Symbol::Marker {
        shape: "cross2",
        colour: Shade("#8c2d04", 255),
        outline: Shade("#8c2d04", 255),
        size: 1.8,
    };
    vec![
        DrawingRule::new("none to board", format!("{field} = 0"), none),
        DrawingRule::new(
            "1 to 9",
            format!("{field} >= 1 AND {field} <= 9"),
            marker("#bdbdbd", 1.4),
        ),
        DrawingRule::new(
            "10 to 29",
            format!("{field} >= 10 AND {field} <= 29"),
            marker("#9e9ac8", 1.8),
        ),
        DrawingRule::new(
            "30 to 99",
            format!("{field} >= 30 AND {field} <= 99"),
            marker("#756bb1", 2.3),
        ),
        DrawingRule::new("100 and more", format!("{field} >= 100"), marker("#3f007d", 2.9)),
    ]
}

/// The routes that run on any of the dates.
pub fn routes<'a>(rows: &'a [RouteRow], dates: &[(String, String)]) -> LayerContent<'a> {
    let text = |name, meaning| LayerColumn::new(name, "", meaning).of(GTFS).field();
    let mut fields = vec![
        text("feed", "the feed that it is in"),
        text("id", "route_id in that feed"),
        text("name", "what its vehicles show"),
        text("long_name", "where it goes, as the feed says"),
        text("operator", "who runs it"),
        text("mode", "bus, rail, tram …"),
        text(
            "follows_roads",
            "whether the lines follow the roads, as the feed's shapes do; else they go straight from stop to stop",
        ),
    ];
    let first = dates.first().map(|(_, when)| when.as_str());
    fields.extend(BANDS.iter().map(|(name, _, hours)| {
        let meaning = format!("trips in both directions that first take people on {hours}");
        LayerColumn {
            window: first,
            ..LayerColumn::new(format!("band_{name}_trips"), "count", meaning)
        }
        .of(GTFS)
        .field()
    }));
    fields.extend(dates.iter().map(|(name, when)| {
        let meaning = "trips in both directions in the service of the date";
        LayerColumn {
            window: Some(when),
            ..LayerColumn::new(format!("trips_{name}"), "count", meaning)
        }
        .of(GTFS)
        .field()
    }));
    let feature = |row: &'a RouteRow| {
        let texts = [row.feed, row.id, row.name, row.long_name, row.operator, row.mode];
        let mut values =
            texts.map(|text| Value::text(Some(text).filter(|text| !text.is_empty()))).to_vec();
        values.push(Value::Flag(row.follows_roads));
        values.extend(
            row.bands.iter().chain(&row.trips).map(|count| Value::Integer(i64::from(*count))),
        );
        LayerFeature { shape: LayerShape::Lines(&row.ways), values: Cow::Owned(values) }
    };
    let style = |name: String, description: String, field: String| NamedStyle {
        name,
        description,
        style: Style {
            rules: route_rules(&column(&field)),
            label: Some("name".to_owned()),
            layered: true,
        },
    };
    let whole = dates.iter().map(|(name, when)| {
        style(format!("trips {name}"), format!("trips: {when}"), format!("trips_{name}"))
    });
    let bands = BANDS.iter().map(|(name, _, hours)| {
        style(format!("trips {hours}"), format!("trips {hours}"), format!("band_{name}_trips"))
    });
    LayerContent {
        name: "routes".to_owned(),
        title: "Routes by trips a day".to_owned(),
        description: "Routes with their trips by time of day, both directions together".to_owned(),
        geometry: GeometryKind::Lines,
        features: rows.iter().map(feature).collect(),
        styles: whole.chain(bands).collect(),
        fields,
        shown: false,
    }
}

/// Broken where little runs, and what runs most above all else: roads are shared.
fn route_rules(field: &str) -> Vec<DrawingRule> {
    let line = |colour, width, dashed| Symbol::Line {
        colour: Shade(colour, 255),
        width,
        casing: if dashed { 0.0 } else { 0.15 },
        dashed,
    };
    vec![
        DrawingRule::new(
            "1 to 9",
            format!("{field} >= 1 AND {field} <= 9"),
            line("#8c8c8c", 0.2, true),
        ),
        DrawingRule::new(
            "10 to 29",
            format!("{field} >= 10 AND {field} <= 29"),
            line("#9e9ac8", 0.25, false),
        ),
        DrawingRule::new(
            "30 to 59",
            format!("{field} >= 30 AND {field} <= 59"),
            line("#756bb1", 0.45, false),
        ),
        DrawingRule::new("60 and more", format!("{field} >= 60"), line("#3f007d", 0.7, false)),
    ]
}
