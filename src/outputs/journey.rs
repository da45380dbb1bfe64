//! A journey as GeoJSON: a line for each leg, with what it is and when.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::geometry::LonLat;
use crate::results::journey::ShownLeg;
use crate::sanitise::clean_text;

impl ShownLeg {
    fn properties(&self) -> Map<String, Value> {
        let text = |text: &Option<String>| text.as_ref().map(|text| clean_text(text).into_owned());
        let json = json!({
            "kind": self.kind,
            "begins": self.begins,
            "ends": self.ends,
            "seconds": self.seconds,
            "from": clean_text(&self.from),
            "to": clean_text(&self.to),
            "metres": self.metres.map(f64::round),
            "route": text(&self.route),
            "agency": text(&self.agency),
            "headsign": text(&self.headsign),
            "feed": self.trip.as_ref().map(|(feed, _)| clean_text(feed).into_owned()),
            "trip_id": self.trip.as_ref().map(|(_, trip)| clean_text(trip).into_owned()),
            "stay_seated": self.seated,
        });
        if let Value::Object(properties) = json { properties } else { Map::new() }
    }

    /// The leg as JSON, without its course.
    pub fn to_json(&self) -> Value {
        Value::Object(self.properties())
    }
}

/// Writes the legs of a journey as an RFC 7946 feature collection: lines, and points for waits.
///
/// # Errors
/// If writing fails.
pub fn write_journey(mut out: impl Write, legs: &[ShownLeg]) -> io::Result<()> {
    let features: Vec<Value> = legs
        .iter()
        .map(|leg| json!({"type": "Feature", "geometry": geometry(&leg.course), "properties": leg.properties()}))
        .collect();
    serde_json::to_writer_pretty(
        &mut out,
        &json!({"type": "FeatureCollection", "features": features}),
    )?;
    writeln!(out)
}

fn geometry(course: &[LonLat]) -> Value {
    let position = |point: &LonLat| json!([seven(point.lon()), seven(point.lat())]);
    match course {
        [] => Value::Null,
        [point] => json!({"type": "Point", "coordinates": position(point)}),
        line => {
            json!({"type": "LineString", "coordinates": line.iter().map(position).collect::<Vec<_>>()})
        }
    }
}

fn seven(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}
