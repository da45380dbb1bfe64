//! Stops that a modification names, found in the feeds or made.

use super::error::{ScenarioError, advice};
use super::trip_selection::same;
use crate::geometry::{LonLat, Projection};
use crate::inputs::gtfs::{Feed, Stop, StopKind};
use crate::inputs::project::scenarios::point;

/// The position in a feed of a stop that is named, or of a new one at a place: one of the feed's
/// own if it has one, else a copy of another feed's; of several with a name the one nearest to
/// `near`.
pub(super) fn in_feed(
    feeds: &mut [Feed],
    feed: usize,
    name: &str,
    near: Option<LonLat>,
    modification: &str,
) -> Result<u32, ScenarioError> {
    let stop = match point(name) {
        Some(at) => new_stop(name, at),
        None => {
            let own = &feeds[feed];
            let fits = (0u32..).zip(&own.stops).filter(|(_, stop)| is_named(stop, name));
            let nearest =
                fits.min_by(|(_, a), (_, b)| far(near, a.point).total_cmp(&far(near, b.point)));
            if let Some((number, _)) = nearest {
                return Ok(number);
            }
            copy_of(feeds, name, near, modification)?
        }
    };
    Ok(push(&mut feeds[feed], stop))
}

/// Copies of the stops that are named, each nearest to the one before, and new ones at places.
pub(super) fn copies(
    feeds: &[Feed],
    names: &[String],
    modification: &str,
) -> Result<Vec<Stop>, ScenarioError> {
    let mut stops: Vec<Stop> = Vec::new();
    for name in names {
        let stop = match point(name) {
            Some(at) => new_stop(name, at),
            None => copy_of(feeds, name, stops.last().and_then(|stop| stop.point), modification)?,
        };
        stops.push(stop);
    }
    Ok(stops)
}

/// A stop at a place, in the feed's stops; the one that an earlier modification put there, if it is
/// the same.
pub(super) fn push(feed: &mut Feed, stop: Stop) -> u32 {
    let number = feed.stops.iter().position(|other| *other == stop).unwrap_or_else(|| {
        feed.stops.push(stop);
        feed.stops.len() - 1
    });
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A stop that is not in any feed.
pub(super) fn new_stop(name: &str, at: LonLat) -> Stop {
    Stop {
        id: format!("at {name}"),
        name: format!("new stop at {name}"),
        platform: None,
        kind: StopKind::Platform,
        parent: None,
        point: Some(at),
        wheelchair: None,
        access: None,
        level: None,
    }
}

/// Metres between two places; nought if one is not known.
pub(super) fn far(from: Option<LonLat>, to: Option<LonLat>) -> f64 {
    from.zip(to).map_or(0.0, |(from, to)| {
        let projection = Projection::about(from);
        projection.project(from).distance(projection.project(to)).get()
    })
}

/// Seconds for a distance, above nought.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a distance at a speed, both above 0"
)]
pub(super) fn running_time(metres: f64, speed_kmh: f64) -> u32 {
    (metres / (speed_kmh / 3.6)).ceil().max(1.0) as u32
}

fn is_named(stop: &Stop, name: &str) -> bool {
    let boards = matches!(stop.kind, StopKind::Platform | StopKind::Station);
    boards && stop.point.is_some() && (stop.id == name || same(&stop.name, name))
}

fn copy_of(
    feeds: &[Feed],
    name: &str,
    near: Option<LonLat>,
    modification: &str,
) -> Result<Stop, ScenarioError> {
    let all = || feeds.iter().flat_map(|feed| &feed.stops).filter(|stop| stop.point.is_some());
    let fits = all().filter(|stop| is_named(stop, name));
    let nearest = fits.min_by(|a, b| far(near, a.point).total_cmp(&far(near, b.point)));
    let found = nearest.ok_or_else(|| ScenarioError::NoSuch {
        modification: modification.to_owned(),
        what: "stop",
        name: name.to_owned(),
        place: "the feeds".to_owned(),
        advice: advice(name, all().map(|stop| stop.name.clone())),
    })?;
    Ok(Stop { kind: StopKind::Platform, parent: None, access: None, ..found.clone() })
}
