//! The places of all categories.

use std::borrow::Cow;

use super::{LayerColumn, LayerContent};
use crate::inputs::places::{CategoryPlace, PlaceSource};
use crate::inputs::project::Category;
use crate::outputs::gpkg::{GeometryKind, LayerFeature, LayerShape};
use crate::outputs::qgis::{DrawingRule, NamedStyle, Shade, Style, Symbol, column};
use crate::results::places::PlacesTable;
use crate::results::table::{Field, Value};

/// Eight shapes and seven colours: no two of the first 56 categories look alike.
const SHAPES: [&str; 8] =
    ["circle", "square", "triangle", "diamond", "pentagon", "star", "hexagon", "cross_fill"];
/// Of Okabe and Ito (2008), told apart by the colour-blind.
const COLOURS: [&str; 7] =
    ["#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

/// Each place of each category, at its first entrance. `people` tells who reaches it, where that
/// was counted: in the same order. At first the places of `first`, a category's key, are seen;
/// others are to be ticked in the legend.
pub fn places<'a>(
    categories: &[Category],
    places: &'a [Vec<CategoryPlace>],
    people: Option<&PlacesTable>,
    first: Option<&str>,
) -> LayerContent<'a> {
    let mut fields = fields();
    fields.extend(people.iter().flat_map(|people| people.columns.iter().cloned()));
    let mut reached = people.iter().flat_map(|people| &people.rows);
    let mut features = Vec::new();
    for (category, places) in categories.iter().zip(places) {
        for place in places {
            let mut values = values(category, place);
            values.extend(reached.next().iter().flat_map(|place| place.found.iter().cloned()));
            let shape =
                place.points.first().map_or(LayerShape::None, |point| LayerShape::Point(*point));
            features.push(LayerFeature { shape, values: Cow::Owned(values) });
        }
    }
    let style =
        Style { rules: rules(categories, first), label: Some("name".to_owned()), layered: false };
    let description = "by category".to_owned();
    LayerContent {
        name: "places".to_owned(),
        title: "Places".to_owned(),
        description: "The places of all categories, each at its first entrance".to_owned(),
        geometry: GeometryKind::Point,
        fields,
        features,
        styles: vec![NamedStyle { name: "by category".to_owned(), description, style }],
        shown: true,
    }
}

fn fields() -> Vec<Field> {
    let text =
        |name, meaning| LayerColumn::new(name, "", meaning).of("OpenStreetMap, registers").field();
    vec![
        text("category", "key of its category, as in the names of columns"),
        text("category_label", "name of its category"),
        text("id", "its id in the register, else on the map"),
        text("name", "its name, where it has one"),
        LayerColumn::new("capacity", "", "how many it serves, where a register says")
            .of("registers")
            .field(),
        text("opening_hours", "when it is open, as OpenStreetMap writes it, where that is known"),
        text("known_by", "who knows it: the map, a register, both, or the jobs"),
    ]
}

fn values(category: &Category, place: &CategoryPlace) -> Vec<Value> {
    let known_by = match place.source {
        PlaceSource::Osm => "map",
        PlaceSource::Register => "register",
        PlaceSource::Both => "map and register",
        PlaceSource::Jobs => "jobs",
    };
    vec![
        Value::Text(category.name.clone()),
        Value::Text(category.label.clone()),
        Value::Text(place.id.clone()),
        Value::text(Some(&place.name).filter(|name| !name.is_empty()).cloned()),
        place.capacity.map_or(Value::Missing, Value::number),
        Value::text(place.opening_hours.clone()),
        Value::Text(known_by.to_owned()),
    ]
}

fn rules(categories: &[Category], first: Option<&str>) -> Vec<DrawingRule> {
    let rule = |(nth, category): (usize, &Category)| {
        let (shape, colour) = (SHAPES[nth % SHAPES.len()], COLOURS[nth % COLOURS.len()]);
        let symbol = Symbol::Marker {
            shape,
            colour: Shade(colour, 255),
            outline: Shade("#ffffff", 255),
            size: 2.6,
        };
        let filter = format!("{} = '{}'", column("category"), category.name.replace('\'', "''"));
        let shown = first.is_none_or(|first| first == category.name);
        DrawingRule { shown, ..DrawingRule::new(category.label.clone(), filter, symbol) }
    };
    categories.iter().enumerate().map(rule).collect()
}
