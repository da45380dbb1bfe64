//! The origin points with their times, and those among them that something cannot be reached from.

use std::borrow::Cow;

use super::{LayerColumn, LayerContent};
use crate::geometry::LonLat;
use crate::inputs::project::Category;
use crate::outputs::gpkg::{GeometryKind, LayerFeature, LayerShape};
use crate::outputs::qgis::{DrawingRule, NamedStyle, Shade, Style, Symbol, column};
use crate::results::table::{Field, Value};
use crate::units::{Metres, Seconds};

/// An origin point.
#[derive(Clone, Debug)]
pub struct OriginRow<'a> {
    /// Its id.
    pub id: &'a str,
    /// The code of its neighbourhood.
    pub zone: Option<&'a str>,
    /// What its neighbourhood's points are: given, homes or centroid.
    pub source: Option<&'static str>,
    /// Where it lies.
    pub point: LonLat,
    /// How many people it stands for.
    pub people: f64,
    /// The straight way to its street; none if it joins none.
    pub snap: Option<Metres>,
    /// Whether it lies on the map; else nothing is known of it.
    pub is_on_map: bool,
    /// By category: the walk to the nearest place.
    pub walks: Vec<Option<Seconds>>,
    /// By window and category: the median time.
    pub medians: Vec<Vec<Option<Seconds>>>,
}

/// A window's name, and when it is.
pub type LayerWindow<'a> = (&'a str, &'a str);

const BOTH: &str = "OpenStreetMap, GTFS";

fn who() -> Vec<Field> {
    let text = |name, meaning| LayerColumn::new(name, "", meaning).of("origins").field();
    vec![
        text("id", "id of the point"),
        text("neighbourhood", "code of the neighbourhood that it lies in"),
        text(
            "origin_source",
            "what the points of its neighbourhood are: given by the user, homes sampled from the map, or its centroid",
        ),
        LayerColumn {
            decimals: 1,
            ..LayerColumn::new(
                "people",
                "people",
                "people it counts for in sums: none off the map; 1 where no number of people is known",
            )
        }
        .of("origins, population")
        .field(),
        LayerColumn::new(
            "off_map",
            "",
            "it lies off the map: what is reached from it is unknown, and it is in no sum",
        )
        .of("OpenStreetMap")
        .field(),
        LayerColumn::new("snap_m", "m", "straight way to the street that it joins; empty: it joins none")
            .of("OpenStreetMap")
            .field(),
    ]
}

fn who_is(row: &OriginRow) -> Vec<Value> {
    let text = |text: Option<&str>| Value::text(text);
    vec![
        Value::Text(row.id.to_owned()),
        text(row.zone),
        text(row.source),
        Value::number(row.people),
        Value::Flag(!row.is_on_map),
        row.snap.map_or(Value::Missing, |gap| Value::number(gap.get())),
    ]
}

/// All origin points with the walk and the median times to the nearest place of each category.
pub fn origins<'a>(
    rows: &[OriginRow],
    categories: &[Category],
    windows: &[LayerWindow],
) -> LayerContent<'a> {
    let mut fields = who();
    for category in categories {
        let about = format!("to the nearest of: {}", category.label);
        let walk = format!("walk {about}; empty: longer than the longest walk");
        fields.push(
            LayerColumn::new(format!("{}_walk_min", category.name), "min", walk)
                .of("OpenStreetMap")
                .field(),
        );
        for (window, when) in windows {
            let name = format!("{}_transit_{window}_p50_min", category.name);
            let meaning = format!(
                "median time {about}, over the departures of the window; empty: not reached"
            );
            fields.push(
                LayerColumn { window: Some(when), ..LayerColumn::new(name, "min", meaning) }
                    .of(BOTH)
                    .field(),
            );
        }
    }
    let feature = |row: &OriginRow| {
        let mut values = who_is(row);
        for category in 0..categories.len() {
            values.push(Value::minutes(row.walks.get(category).copied().flatten()));
            values.extend(
                row.medians.iter().map(|of| Value::minutes(of.get(category).copied().flatten())),
            );
        }
        LayerFeature { shape: LayerShape::Point(row.point), values: Cow::Owned(values) }
    };
    let (off_map, snap) = (format!("coalesce({}, false)", column("off_map")), column("snap_m"));
    let on_map = |filter: &str| format!("NOT {off_map} AND {snap} {filter}");
    let rules = vec![
        DrawingRule::new("joins a street", on_map("IS NOT NULL"), dot("#4d4d4d", 1.2)),
        DrawingRule::new("joins no street", on_map("IS NULL"), cross()),
        DrawingRule::new("off the map: nothing is known", off_map.clone(), dot("#d5d5d5", 1.2)),
    ];
    let style = Style { rules, label: Some("id".to_owned()), layered: true };
    LayerContent {
        name: "origins".to_owned(),
        title: "Origin points".to_owned(),
        description: "The points that stand for people, with their times".to_owned(),
        geometry: GeometryKind::Point,
        fields,
        features: rows.iter().map(feature).collect(),
        styles: vec![NamedStyle {
            name: "origin points".to_owned(),
            description: String::new(),
            style,
        }],
        shown: false,
    }
}

/// The points on the map, of neighbourhoods, from which the nearest place of some category is not
/// reached in some window: on foot, where there is no timetable.
pub fn unreached<'a>(
    rows: &[OriginRow],
    categories: &[Category],
    windows: &[LayerWindow],
) -> LayerContent<'a> {
    let mut fields = who();
    let asked: Vec<LayerWindow> =
        if windows.is_empty() { vec![("on_foot", "")] } else { windows.to_vec() };
    for (window, when) in &asked {
        let window_of = |column: LayerColumn| {
            let when = Some(*when).filter(|when| !when.is_empty());
            let (name, unit, meaning) = (column.name, column.unit, column.meaning);
            LayerColumn { window: when, ..LayerColumn::new(name, unit, meaning) }.of(BOTH).field()
        };
        let count = "categories of which no place is reached by half of the departures or more";
        fields.push(window_of(LayerColumn::new(format!("unreached_{window}"), "count", count)));
        let which = "which categories these are, by their keys";
        fields.push(window_of(LayerColumn::new(format!("which_{window}"), "", which)));
    }
    let mut features = Vec::new();
    for row in rows.iter().filter(|row| row.is_on_map && row.zone.is_some()) {
        let times =
            if windows.is_empty() { std::slice::from_ref(&row.walks) } else { &row.medians };
        let missing = times.iter().map(|times| {
            let without = categories.iter().zip(times).filter(|(_, time)| time.is_none());
            without.map(|(category, _)| category.name.as_str()).collect::<Vec<_>>()
        });
        let missing: Vec<Vec<&str>> = missing.collect();
        if missing.iter().all(Vec::is_empty) {
            continue;
        }
        let mut values = who_is(row);
        for which in missing {
            values.push(Value::Integer(i64::try_from(which.len()).unwrap_or(i64::MAX)));
            values.push(Value::text(Some(which.join(", ")).filter(|which| !which.is_empty())));
        }
        features
            .push(LayerFeature { shape: LayerShape::Point(row.point), values: Cow::Owned(values) });
    }
    let styles = asked.iter().map(|(window, when)| {
        let count = column(&format!("unreached_{window}"));
        let rules = vec![
            DrawingRule::new("joins no street", format!("{} IS NULL", column("snap_m")), cross()),
            some("1 category", format!("{count} = 1"), 2.0),
            some("2 to 4 categories", format!("{count} >= 2 AND {count} <= 4"), 2.8),
            some("5 categories and more", format!("{count} >= 5"), 3.6),
        ];
        let style = Style { rules, label: Some(format!("which_{window}")), layered: true };
        NamedStyle { name: format!("not reached {window}"), description: (*when).to_owned(), style }
    });
    LayerContent {
        name: "unreached".to_owned(),
        title: "Points that something is not reached from".to_owned(),
        description:
            "Origin points from which the nearest place of some category is not reached, with which"
                .to_owned(),
        geometry: GeometryKind::Point,
        fields,
        features,
        styles: styles.collect(),
        shown: false,
    }
}

fn some(label: &str, filter: String, size: f64) -> DrawingRule {
    let filter = format!("{} IS NOT NULL AND {filter}", column("snap_m"));
    DrawingRule::new(label, filter, dot("#b35806", size))
}

fn dot(colour: &'static str, size: f64) -> Symbol {
    Symbol::Marker {
        shape: "circle",
        colour: Shade(colour, 255),
        outline: Shade("#ffffff", 255),
        size,
    }
}

fn cross() -> Symbol {
    let colour = Shade("#8c2d04", 255);
    Symbol::Marker { shape: "cross2", colour, outline: colour, size: 2.4 }
}
