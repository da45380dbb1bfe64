//! The legs of a journey with names, times and courses.

use crate::geometry::LonLat;
use crate::sanitise::clean_text;

/// A leg ready to be shown: names, times and course.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownLeg {
    /// `walk`, `wait`, `ride`, or `ferry` for one of the map, whose wait is not known.
    pub kind: &'static str,
    /// When it begins, by the clock.
    pub begins: String,
    /// When it ends, by the clock.
    pub ends: String,
    /// How long it takes, seconds.
    pub seconds: u32,
    /// Where it begins.
    pub from: String,
    /// Where it ends.
    pub to: String,
    /// How far one walks, metres.
    pub metres: Option<f64>,
    /// The route's name.
    pub route: Option<String>,
    /// The operator.
    pub agency: Option<String>,
    /// The vehicle's headsign.
    pub headsign: Option<String>,
    /// The feed's name and its `trip_id`.
    pub trip: Option<(String, String)>,
    /// Whether one has stayed seated from the leg before.
    pub seated: bool,
    /// Its course, as far as it is known; for a wait the place.
    pub course: Vec<LonLat>,
}

impl ShownLeg {
    /// A leg in words.
    pub fn in_words(&self) -> String {
        let text = |text: &str| clean_text(text).into_owned();
        match self.kind {
            "walk" => {
                // Not known inside a station, where a time is all that is said.
                let metres =
                    self.metres.map_or_else(String::new, |metres| format!(" {metres:.0} m"));
                format!("walk{metres} from {} to {}", text(&self.from), text(&self.to))
            }
            "ferry" => format!(
                "ferry from {} to {} (of the map: how long one waits for it is not known and not counted)",
                text(&self.from),
                text(&self.to)
            ),
            "wait" => format!("wait at {}", text(&self.from)),
            _ => {
                let seated = if self.seated { "stay seated, " } else { "" };
                let towards = self
                    .headsign
                    .as_ref()
                    .map_or_else(String::new, |h| format!(" towards {}", text(h)));
                let trip = self.trip.as_ref().map_or_else(String::new, |(feed, trip)| {
                    format!(" [{} trip {}]", text(feed), text(trip))
                });
                let route = text(self.route.as_deref().unwrap_or("?"));
                let agency = text(self.agency.as_deref().unwrap_or(""));
                format!(
                    "{seated}ride {route} ({agency}){towards} from {} to {}{trip}",
                    text(&self.from),
                    text(&self.to)
                )
            }
        }
    }
}
