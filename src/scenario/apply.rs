//! Feeds as a scenario has them.

use std::collections::{BTreeMap, BTreeSet};

use super::choose::Chosen;
use super::error::ScenarioError;
use super::reroute::{self, Extra, Way};
use super::{add, alter, cut, new_route};
use crate::inputs::gtfs::Feed;
use crate::inputs::project::scenarios::{Kind, Modification};

/// Feeds with modifications applied to them, and what that was in words.
pub struct Applied {
    /// The feeds: the same ones in the same order.
    pub feeds: Vec<Feed>,
    /// A sentence for each modification that is about the timetable, with its place among the modifications.
    pub says: Vec<(usize, String)>,
    /// What a reader has to know before she quotes a number.
    pub warnings: Vec<String>,
}

/// Applies modifications in order; those about places or streets are left to others.
///
/// # Errors
/// If one names what is not there, or changes nothing.
pub fn apply(feeds: &[Feed], modifications: &[Modification]) -> Result<Applied, ScenarioError> {
    let mut applied = Applied { feeds: feeds.to_vec(), says: Vec::new(), warnings: Vec::new() };
    for (number, modification) in modifications.iter().enumerate() {
        let words = modification.to_string();
        let feeds = &mut applied.feeds;
        let (verb, chosen) = match &modification.what {
            Kind::Cut(trips) => ("withdrawn".to_owned(), cut::cut(feeds, trips, &words)?),
            Kind::Thin { trips, every } => ("withdrawn".to_owned(), cut::thin(feeds, trips, *every, &words)?),
            Kind::Headway { trips, headway } => {
                let (chosen, added) = add::headway(feeds, trips, *headway, &words)?;
                let minutes = headway.0 / 60;
                (format!("withdrawn; in their place {added} new ones, one each {minutes} min"), chosen)
            }
            Kind::Shorten { trips, from, to } => {
                let ends = (from.as_deref(), to.as_deref());
                let says = match ends {
                    (Some(from), Some(to)) => format!("run from {from} to {to} only"),
                    (Some(from), None) => format!("begin at {from}"),
                    (None, to) => format!("end at {}", to.unwrap_or_default()),
                };
                (says, alter::shorten(feeds, trips, ends, &words)?)
            }
            Kind::Skip { trips, stops } => {
                (format!("pass {}", stops.join(", ")), alter::skip(feeds, trips, stops, &words)?)
            }
            Kind::Pace { trips, factor } => {
                let says = format!("take {factor:.2} times as long");
                (says, alter::pace(feeds, trips, *factor, &words)?)
            }
            Kind::Reroute { trips, from, to, via, pace } => {
                let over = if via.is_empty() { String::new() } else { format!(" over {}", via.join(", ")) };
                let way = Way { from, to, via, pace };
                (format!("go from {from}{over} to {to}"), reroute::reroute(feeds, trips, &way, &words)?)
            }
            Kind::AddStop { trips, stop, behind, dwell, adds } => {
                let later = match dwell.0 + adds.0 {
                    0 => "no later".to_owned(),
                    seconds => format!("{seconds} s later"),
                };
                let extra = Extra { stop, behind: behind.as_deref(), dwell: *dwell, adds: *adds };
                let says = format!("call at {stop} too, and are {later} behind it");
                (says, reroute::add_stop(feeds, trips, &extra, &words)?)
            }
            Kind::MoveStop { trips, stop, to } => {
                let says = format!("call at {} {} in the place of {stop}", to.lon(), to.lat());
                (says, reroute::move_stop(feeds, trips, (stop, *to), &words)?)
            }
            Kind::AddRoute(new) => {
                let added = new_route::route(feeds, new, &words)?;
                let says =
                    format!("a new route {} of {} stops, {} trips a day", new.name, added.stops, added.trips);
                applied.says.push((number, says));
                continue;
            }
            _ => continue,
        };
        applied.says.push((number, says(&applied.feeds, &verb, &chosen)));
        let operators: BTreeSet<&str> = chosen.iter().map(|one| route(&applied.feeds, one).2).collect();
        let wanted = modification.trips();
        if operators.len() > 1
            && wanted.is_some_and(|trips| trips.operators.is_empty() && !trips.routes.is_empty())
        {
            let operators = operators.into_iter().collect::<Vec<_>>().join(", ");
            let warning = format!(
                "`{words}` means routes of several operators: {operators}; name one with operator= if that is not meant"
            );
            applied.warnings.push(warning);
        }
    }
    Ok(applied)
}

fn route<'a>(feeds: &'a [Feed], one: &Chosen) -> (usize, &'a str, &'a str) {
    let feed = &feeds[one.feed];
    let route = &feed.routes[feed.trips[one.trip as usize].route as usize];
    (one.feed, &route.name, &route.agency)
}

/// How many trips of which routes, such as `12 of 40 trips of route 1 (Wenbury Buses) are withdrawn`.
fn says(feeds: &[Feed], verb: &str, chosen: &[Chosen]) -> String {
    /// Routes named one by one; of more, how many there are.
    const NAMED: usize = 8;
    let mut routes: BTreeMap<(&str, &str), BTreeSet<(usize, u32)>> = BTreeMap::new();
    for one in chosen {
        let (_, name, agency) = route(feeds, one);
        routes.entry((agency, name)).or_default().insert((one.feed, one.trip));
    }
    let all = |agency: &str, name: &str| {
        let of_feed = |feed: &Feed| {
            let route = |trip: u32| &feed.routes[feed.trips[trip as usize].route as usize];
            let published = (0u32..).zip(&feed.trips).filter(|(trip, _)| {
                let change = feed.changes.get(trip);
                change.is_none_or(|change| change.stands_in.is_none())
                    && (route(*trip).agency.as_str(), route(*trip).name.as_str()) == (agency, name)
            });
            published.count()
        };
        feeds.iter().map(of_feed).sum::<usize>()
    };
    let count: usize = routes.values().map(BTreeSet::len).sum();
    if routes.len() > NAMED {
        let operators: BTreeSet<&str> = routes.keys().map(|(agency, _)| *agency).collect();
        let operators = operators.into_iter().collect::<Vec<_>>().join(", ");
        return format!("{count} trips of {} routes ({operators}) {verb}", routes.len());
    }
    let each = routes.iter().map(|((agency, name), trips)| {
        let by = if agency.is_empty() { String::new() } else { format!(" ({agency})") };
        format!("{} of {} trips of route {name}{by}", trips.len(), all(agency, name))
    });
    format!("{} {verb}", each.collect::<Vec<_>>().join(", "))
}
