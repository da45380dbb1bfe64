//! Feeds as a scenario has them.

use std::collections::BTreeMap;
use std::ops::Range;

use super::error::ScenarioError;
use super::reroute::{self, ExtraStop, NewWay};
use super::trip_selection::ChosenTrip;
use super::{add, alter, cut, new_route, summary};
use crate::inputs::gtfs::{Feed, TripChange};
use crate::inputs::project::scenarios::{Band, Days, Modification, ModificationKind};

/// Feeds with modifications applied to them, and what that took.
pub struct Applied {
    /// The feeds: the same ones in the same order, and one more where a line is added.
    pub feeds: Vec<Feed>,
    /// What each modification that is about the timetable did: see [`told`](super::told).
    pub(super) done: Vec<AppliedModification>,
}

/// What a modification did.
pub(super) struct AppliedModification {
    /// Its place among the modifications.
    pub number: usize,
    /// As it was asked for.
    pub words: String,
    /// What becomes of the trips that it is about.
    pub verb: String,
    /// What it is about.
    pub about: ModificationSubject,
}

/// What a modification is about.
pub(super) enum ModificationSubject {
    /// Trips of the feeds.
    Trips {
        /// Which.
        chosen: Vec<ChosenTrip>,
        /// When those leave that are meant.
        band: Band,
        /// On which days of the week.
        days: Days,
        /// By feed: what was done to trips before.
        changes: Vec<BTreeMap<u32, TripChange>>,
        /// By feed: the positions of the trips that it puts there.
        added: Vec<Range<usize>>,
    },
    /// A line of its own; the verb says all.
    NewLine,
}

/// Applies modifications in order; those about places or streets are left to others.
///
/// # Errors
/// If one names what is not there or may mean several operators' routes, or changes nothing.
pub fn apply(feeds: &[Feed], modifications: &[Modification]) -> Result<Applied, ScenarioError> {
    let mut applied = Applied { feeds: feeds.to_vec(), done: Vec::new() };
    for (number, modification) in modifications.iter().enumerate() {
        let words = modification.to_string();
        let feeds = &mut applied.feeds;
        let changes = feeds.iter().map(|feed| feed.changes.clone()).collect();
        let known: Vec<usize> = feeds.iter().map(|feed| feed.trips.len()).collect();
        let (verb, chosen) = match &modification.what {
            ModificationKind::Cut(trips) => {
                ("withdrawn".to_owned(), cut::cut(feeds, trips, &words)?)
            }
            ModificationKind::Thin { trips, every } => (
                format!("withdrawn, each {} stays", nth(*every)),
                cut::thin(feeds, trips, *every, &words)?,
            ),
            ModificationKind::Headway { trips, headway } => {
                let minutes = headway.get() / 60;
                let verb = format!("withdrawn, in their place one each {minutes} min");
                (verb, add::headway(feeds, trips, *headway, &words)?)
            }
            ModificationKind::Shorten { trips, from, to } => {
                let ends = (from.as_deref(), to.as_deref());
                let says = match ends {
                    (Some(from), Some(to)) => format!("run from {from} to {to} only"),
                    (Some(from), None) => format!("begin at {from}"),
                    (None, to) => format!("end at {}", to.unwrap_or_default()),
                };
                (says, alter::shorten(feeds, trips, ends, &words)?)
            }
            ModificationKind::Skip { trips, stops } => {
                (format!("pass {}", stops.join(", ")), alter::skip(feeds, trips, stops, &words)?)
            }
            ModificationKind::Pace { trips, factor } => {
                let says = format!("take {factor:.2} times as long");
                (says, alter::pace(feeds, trips, *factor, &words)?)
            }
            ModificationKind::Reroute { trips, from, to, via, pace } => {
                let over = if via.is_empty() {
                    String::new()
                } else {
                    format!(" over {}", via.join(", "))
                };
                let way = NewWay { from, to, via, pace };
                (
                    format!("go from {from}{over} to {to}"),
                    reroute::reroute(feeds, trips, &way, &words)?,
                )
            }
            ModificationKind::AddStop { trips, stop, behind, dwell, adds } => {
                let later = match dwell.get() + adds.get() {
                    0 => "no later".to_owned(),
                    seconds => format!("{seconds} s later"),
                };
                let extra =
                    ExtraStop { stop, behind: behind.as_deref(), dwell: *dwell, adds: *adds };
                let says = format!("call at {stop} too, and are {later} behind it");
                (says, reroute::add_stop(feeds, trips, &extra, &words)?)
            }
            ModificationKind::MoveStop { trips, stop, to } => {
                let says = format!("call at {} {} in the place of {stop}", to.lon(), to.lat());
                (says, reroute::move_stop(feeds, trips, (stop, *to), &words)?)
            }
            ModificationKind::AddRoute(new) => {
                let added = new_route::route(feeds, new, &words)?;
                let verb = format!(
                    "a new route {} of {} stops, {} trips a day",
                    new.name, added.stops, added.trips
                );
                let (band, days) =
                    (summary::hours(new.band.0, new.band.1), summary::days_in_words(new.days));
                let verb = format!("{verb}: {band}, {days}");
                applied.done.push(AppliedModification {
                    number,
                    words,
                    verb,
                    about: ModificationSubject::NewLine,
                });
                continue;
            }
            _ => continue,
        };
        let (band, days) =
            modification.trips().map_or_else(Default::default, |trips| (trips.band, trips.days));
        let added =
            known.into_iter().zip(&*feeds).map(|(known, feed)| known..feed.trips.len()).collect();
        let about = ModificationSubject::Trips { chosen, band, days, changes, added };
        applied.done.push(AppliedModification { number, words, verb, about });
    }
    Ok(applied)
}

fn nth(number: u32) -> String {
    match number {
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        number => format!("{number}th"),
    }
}
