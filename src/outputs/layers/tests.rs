use super::*;
use crate::access::supply::BANDS;
use crate::geometry::LonLat;
use crate::outputs::gpkg::LayerShape;
use crate::outputs::qgis::column;
use crate::results::table::Value;
use crate::results::transit_change::{RouteChange, StopChange, TransitChange};
use crate::scenario::feed_diff::RouteFate;

fn dates() -> Vec<(String, String)> {
    vec![("am".into(), "2026-03-10".into()), ("sunday".into(), "2026-03-15".into())]
}

fn at(lon: f64) -> LonLat {
    LonLat::new(lon, 52.0).expect("on the globe")
}

/// The values of a feature by the names of their fields.
fn row<'a>(content: &'a LayerContent, nth: usize) -> impl Fn(&str) -> &'a Value {
    let values = &content.features[nth].values;
    assert_eq!(values.len(), content.fields.len(), "a value for each column");
    move |name| {
        let at = content.fields.iter().position(|field| field.name == name);
        &values[at.unwrap_or_else(|| panic!("no column {name}"))]
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn change() -> TransitChange {
    let stop = |id: &str, departures| StopChange {
        id: id.into(),
        name: format!("Stop {id}"),
        point: Some(at(0.0)),
        departures,
    };
    let route = |name: &str, now: Option<&str>, trips| RouteChange {
        operator: "Bloggs".into(),
        name: name.into(),
        now: now.map(str::to_owned),
        mode: "bus".into(),
        bands: std::array::from_fn(|band| if band == 4 { (9, 0) } else { (2, 2) }),
        trips,
        ways: vec![vec![at(0.0), at(0.1)].into()],
        follows_roads: true,
    };
    TransitChange {
        dates: dates(),
        stops: vec![stop("a", vec![(20, 12), (0, 0)]), stop("b", vec![(0, 3), (5, 0)])],
        routes: vec![
            route("1", None, vec![((30, 21), RouteFate::Same), ((0, 0), RouteFate::Same)]),
            route(
                "2",
                Some("2A (Bloggs)"),
                vec![((8, 8), RouteFate::Renamed), ((0, 4), RouteFate::Same)],
            ),
            route("7", None, vec![((8, 0), RouteFate::Same), ((1, 2), RouteFate::Same)]),
        ],
    }
}

#[test]
fn stops_have_both_sides_and_what_is_between_them() {
    let change = change();
    let layer = stops_change(&change, "stops_change".into(), "No evenings");
    let first = row(&layer, 0);
    assert_eq!((first("id"), first("departures_am_before")), (&text("a"), &Value::Integer(20)));
    assert_eq!(first("departures_am_after"), &Value::Integer(12));
    assert_eq!(first("departures_am_change"), &Value::Integer(-8), "fewer is below nought");
    let second = row(&layer, 1);
    assert_eq!(second("departures_am_change"), &Value::Integer(3));
    assert_eq!(second("departures_sunday_change"), &Value::Integer(-5));
    assert!(matches!(layer.features[0].shape, LayerShape::Point(_)));
    assert_eq!(layer.styles.len(), 2, "one for each date");
}

#[test]
fn routes_say_what_becomes_of_them_on_each_date() {
    let change = change();
    let layer = routes_change(&change, "routes_change".into(), "No evenings");
    let states = |date: &str| -> Vec<&Value> {
        (0..3).map(|nth| row(&layer, nth)(&format!("state_{date}"))).collect()
    };
    assert_eq!(states("am"), [&text("fewer"), &text("renamed"), &text("withdrawn")]);
    assert_eq!(states("sunday"), [&Value::Missing, &text("new"), &text("more")]);
    let first = row(&layer, 0);
    assert_eq!(first("band_evening_trips_change"), &Value::Integer(-9));
    assert_eq!(
        (first("band_am_trips_before"), first("band_am_trips_change")),
        (&Value::Integer(2), &Value::Integer(0))
    );
    assert_eq!(first("trips_am_change"), &Value::Integer(-9));
    assert_eq!(
        (first("name_after"), row(&layer, 1)("name_after")),
        (&Value::Missing, &text("2A (Bloggs)"))
    );
}

#[test]
fn every_state_of_a_route_is_drawn_once_and_each_style_reads_a_column_that_is_there() {
    let change = change();
    let routes = routes_change(&change, "routes_change".into(), "x");
    let filters: Vec<&str> =
        routes.styles[0].style.rules.iter().map(|rule| rule.filter.as_str()).collect();
    for state in ["withdrawn", "new", "fewer", "more", "same", "retimed", "renamed"] {
        let drawn = filters.iter().filter(|filter| filter.contains(&format!("'{state}'"))).count();
        assert_eq!(drawn, 1, "{state}: {filters:?}");
    }
    for layer in [&routes, &stops_change(&change, "stops_change".into(), "x")] {
        for rule in layer.styles.iter().flat_map(|style| &style.style.rules) {
            let read =
                layer.fields.iter().filter(|field| rule.filter.contains(&column(&field.name)));
            assert!(read.count() > 0, "{}: {}", layer.name, rule.filter);
        }
    }
}

#[test]
fn the_dictionary_has_each_counted_column_with_its_date() {
    let (stops, routes) = (stop_change_fields(&dates()), route_change_fields(&dates()));
    assert_eq!(stops.len(), 2 * 3);
    assert_eq!(routes.len(), BANDS.len() * 3 + 2 * 4);
    assert!(
        stops.iter().chain(&routes).all(|field| field.window.is_some() && field.source == "GTFS")
    );
    assert_eq!(stops[5].window.as_deref(), Some("2026-03-15"));
}

#[test]
fn stops_and_routes_of_one_side_have_a_value_for_each_column() {
    let stop = StopRow {
        feed: "bus.zip",
        id: "a",
        name: "A",
        point: Some(at(0.0)),
        on_streets: true,
        departures: vec![7, 0],
    };
    let rows = [stop];
    let layer = stops(&rows, &dates());
    let first = row(&layer, 0);
    assert_eq!(
        (first("departures_am"), first("departures_sunday")),
        (&Value::Integer(7), &Value::Integer(0))
    );
    let routes_of = [RouteRow {
        feed: "bus.zip",
        id: "r",
        name: "1",
        long_name: "",
        operator: "Bloggs",
        mode: "bus",
        bands: [1, 2, 3, 4, 5, 6],
        trips: vec![21, 0],
        ways: vec![vec![at(0.0), at(0.1)].into()],
        follows_roads: false,
    }];
    let layer = routes(&routes_of, &dates());
    let first = row(&layer, 0);
    assert_eq!(
        (first("band_night_trips"), first("trips_am")),
        (&Value::Integer(6), &Value::Integer(21))
    );
    assert_eq!(first("long_name"), &Value::Missing, "what a feed leaves empty is not said");
}
