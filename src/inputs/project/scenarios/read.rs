//! From the words of a modification to what it does.

use super::kinds::{
    CoveredPlaces, ModificationKind, NewCoverage, NewRoute, NewWayPace, PlaceChoice, Speed,
    StreetChoice, TripSelection, Vicinity,
};
use super::words::{BadWord, WordReader};
use crate::inputs::project::error::advice;
use crate::units::{Seconds, ServiceTime};

const CATEGORY: &str = "a category of the project, such as library";

/// Every kind with what it is called.
pub const KINDS: [&str; 18] = [
    "cut",
    "withdraw",
    "thin",
    "headway",
    "shorten",
    "skip",
    "slow",
    "speed",
    "reroute",
    "add_stop",
    "move_stop",
    "add_route",
    "close",
    "open",
    "close_street",
    "add_path",
    "add_broadband",
    "remove_broadband",
];

impl ModificationKind {
    pub(super) fn read(kind: &str, words: &mut WordReader) -> Result<ModificationKind, BadWord> {
        Ok(match kind {
            "cut" | "withdraw" => {
                let trips = TripSelection::read(words)?;
                if trips == TripSelection::default() {
                    return Err(BadWord::missing(
                        "route",
                        "which trips: route, route_id, operator, pattern, headsign, stop, direction, trip or feed, after, before, between, days",
                    ));
                }
                ModificationKind::Cut(trips)
            }
            "thin" => {
                let trips = TripSelection::read(words)?;
                let every = words.number(
                    "every",
                    2.0..=60.0,
                    "a whole number: 2 keeps each second trip",
                )?;
                ModificationKind::Thin { trips, every: whole(every.unwrap_or(2.0)) }
            }
            "headway" => {
                let trips = TripSelection::read(words)?;
                let wanted = "minutes between departures, from 1 to 240";
                let minutes = words.number("minutes", 1.0..=240.0, wanted)?;
                let minutes = minutes.ok_or_else(|| BadWord::missing("minutes", wanted))?;
                if trips.band.from.is_none() || trips.band.until.is_none() {
                    let wanted = "the band that the headway holds in, such as 09:00-16:00; what lies outside stays";
                    return Err(BadWord::missing("between", wanted));
                }
                ModificationKind::Headway { trips, headway: Seconds::new(whole(minutes * 60.0)) }
            }
            "shorten" => {
                let trips = TripSelection::read(words)?;
                let (from, to) = (words.text("from")?, words.text("to")?);
                if from.is_none() && to.is_none() {
                    let wanted = "the stop where the trips end, or `from`, where they begin";
                    return Err(BadWord::missing("to", wanted));
                }
                ModificationKind::Shorten { trips, from, to }
            }
            "skip" => {
                let trips = TripSelection::read(words)?;
                let stops = words.names("stops")?;
                if stops.is_empty() {
                    return Err(BadWord::missing(
                        "stops",
                        "stops' names or ids, with ; between them",
                    ));
                }
                ModificationKind::Skip { trips, stops }
            }
            "slow" | "speed" => {
                let trips = TripSelection::read(words)?;
                let wanted = "a number above 1, up to 5: 1.2 is a fifth more";
                let factor = words.number("factor", 1.000_001..=5.0, wanted)?;
                let factor = factor.ok_or_else(|| BadWord::missing("factor", wanted))?;
                let factor = if kind == "slow" { factor } else { 1.0 / factor };
                ModificationKind::Pace { trips, factor }
            }
            "reroute" => reroute(words)?,
            "add_stop" => add_stop(words)?,
            "move_stop" => {
                let mut trips = TripSelection::read(words)?;
                let to = words.point("to")?;
                let [stop] = trips.stops.as_slice() else {
                    return Err(BadWord::missing(
                        "stop",
                        "the one stop that is moved, by its name or id",
                    ));
                };
                let stop = stop.clone();
                let to =
                    to.ok_or_else(|| BadWord::missing("to", "where it will be, as \"LON LAT\""))?;
                trips.stops = vec![stop.clone()];
                ModificationKind::MoveStop { trips, stop, to }
            }
            "add_route" => ModificationKind::AddRoute(NewRoute::read(words)?),
            "close_street" => ModificationKind::CloseStreet(StreetChoice::read(words)?),
            "add_path" => {
                let line = words.line("line")?;
                let snap = words.number("snap", 0.0..=300.0, "metres, up to 300")?.unwrap_or(25.0);
                let steps = words.yes("steps")?;
                let line = line.ok_or_else(|| BadWord::missing("line", LINE))?;
                ModificationKind::AddPath { line, snap, steps }
            }
            "add_broadband" | "remove_broadband" => {
                ModificationKind::Broadband(NewCoverage::read(words, kind == "remove_broadband")?)
            }
            "close" => {
                let category = words.text("category")?;
                let (named, near, all) =
                    (words.names("place")?, words.point("near")?, words.yes("all")?);
                let category = category.ok_or_else(|| BadWord::missing("category", CATEGORY))?;
                let places = match (named.is_empty(), near, all) {
                    (false, None, false) => PlaceChoice::Named(named),
                    (true, Some(point), false) => PlaceChoice::Nearest(point),
                    (true, None, true) => PlaceChoice::All,
                    _ => {
                        let wanted =
                            "one of: place = a name or id, near = \"LON LAT\", or all = true";
                        return Err(BadWord::missing("place", wanted));
                    }
                };
                ModificationKind::Close { category, places }
            }
            "open" => {
                let (category, at) = (words.text("category")?, words.point("at")?);
                let category = category.ok_or_else(|| BadWord::missing("category", CATEGORY))?;
                let at = at.ok_or_else(|| BadWord::missing("at", "where, as \"LON LAT\""))?;
                ModificationKind::Open { category, at }
            }
            other => {
                return Err(BadWord::Unknown {
                    key: other.to_owned(),
                    advice: advice(other, &KINDS.map(str::to_owned)),
                });
            }
        })
    }
}

impl TripSelection {
    fn read(words: &mut WordReader) -> Result<TripSelection, BadWord> {
        Ok(TripSelection {
            routes: words.list("route")?,
            route_ids: words.list("route_id")?,
            operators: words.names("operator")?,
            trips: words.list("trip")?,
            feed: words.text("feed")?,
            direction: words.number("direction", 0.0..=1.0, "0 or 1")?.map(|n| n > 0.5),
            headsigns: words.names("headsign")?,
            stops: words.names("stop")?,
            pattern: words.pattern()?,
            band: words.band()?,
            days: words.days()?,
        })
    }
}

const LINE: &str = "a GeoJSON file of one line, or points as \"LON LAT; LON LAT\"";

fn reroute(words: &mut WordReader) -> Result<ModificationKind, BadWord> {
    let trips = TripSelection::read(words)?;
    let (from, to) = (words.text("from")?, words.text("to")?);
    let via = words.names("via")?;
    let minutes = words.list("minutes")?;
    let along = "km/h in a straight line from stop to stop, from 1 to 150";
    let speed = words.number("speed", 1.0..=150.0, along)?;
    let from =
        from.ok_or_else(|| BadWord::missing("from", "the last stop before the way changes"))?;
    let to = to.ok_or_else(|| BadWord::missing("to", "the first stop behind the new way"))?;
    let pace = match (minutes.as_slice(), speed) {
        ([], speed) => NewWayPace::Speed(speed.unwrap_or(15.0)),
        (legs, None) => {
            let read = |leg: &String| leg.parse::<f64>().ok().filter(|m| (0.1..=240.0).contains(m));
            let read: Option<Vec<f64>> = legs.iter().map(read).collect();
            let read = read.filter(|legs| legs.len() == via.len() + 1).ok_or_else(|| {
                let wanted = format!(
                    "minutes from each stop to the next, with commas between them: {} for {} stops between",
                    via.len() + 1,
                    via.len()
                );
                BadWord::value("minutes", &minutes.join(","), &wanted)
            })?;
            NewWayPace::Legs(read.into_iter().map(|leg| Seconds::new(whole(leg * 60.0))).collect())
        }
        (_, Some(_)) => {
            let wanted = "either `minutes` or `speed`";
            return Err(BadWord::value("minutes", &minutes.join(","), wanted));
        }
    };
    Ok(ModificationKind::Reroute { trips, from, to, via, pace })
}

fn add_stop(words: &mut WordReader) -> Result<ModificationKind, BadWord> {
    let mut trips = TripSelection::read(words)?;
    let behind = words.text("behind")?;
    let dwell = words.number("dwell", 0.0..=600.0, "seconds, up to 600")?.unwrap_or(20.0);
    let adds = words
        .number("adds", 0.0..=60.0, "minutes of driving that it adds, up to 60")?
        .unwrap_or(0.0);
    // Here `stop` is the one that they do not call at yet.
    let stop = match std::mem::take(&mut trips.stops).as_slice() {
        [stop] => stop.clone(),
        _ => {
            return Err(BadWord::missing("stop", "the one new stop: a name, an id or \"LON LAT\""));
        }
    };
    let (dwell, adds) = (Seconds::new(whole(dwell)), Seconds::new(whole(adds * 60.0)));
    Ok(ModificationKind::AddStop { trips, stop, behind, dwell, adds })
}

impl StreetChoice {
    fn read(words: &mut WordReader) -> Result<StreetChoice, BadWord> {
        const WHICH: &str = "one of: way = ids of OpenStreetMap, name = \"High Street\" with box or near, or area or line = a GeoJSON file";
        let (ways, names) = (words.list("way")?, words.names("name")?);
        let (area, lines) = (words.area("area")?, words.lines("line")?);
        let (corners, near) = (words.corners("box")?, words.point("near")?);
        let within = words.number("within", 1.0..=20_000.0, "metres, from 1 to 20000")?;
        let place = match (corners, near) {
            (Some(corners), None) => Some(Vicinity::Box(corners)),
            (None, Some(point)) => Some(Vicinity::Point(point, within.unwrap_or(500.0))),
            _ => None,
        };
        match (ways.is_empty(), names.is_empty(), area, lines, place) {
            (false, true, None, None, None) => {
                let id = |way: &String| {
                    let wanted =
                        "ids of OpenStreetMap ways, whole numbers with commas between them";
                    way.parse::<i64>().map_err(|_| BadWord::value("way", way, wanted))
                };
                Ok(StreetChoice::Ways(ways.iter().map(id).collect::<Result<_, _>>()?))
            }
            (true, false, None, None, Some(place)) => Ok(StreetChoice::Named { names, place }),
            (true, false, None, None, None) => {
                let wanted = "where: box = \"WEST SOUTH EAST NORTH\", or near = \"LON LAT\" with within = metres; a name is used in many towns";
                Err(BadWord::missing("near", wanted))
            }
            (true, true, Some(area), None, None) => Ok(StreetChoice::Within(area)),
            (true, true, None, Some(lines), None) => {
                Ok(StreetChoice::Along { lines, within: within.unwrap_or(10.0) })
            }
            _ => Err(BadWord::missing("way", WHICH)),
        }
    }
}

impl NewCoverage {
    fn read(words: &mut WordReader, at_most: bool) -> Result<NewCoverage, BadWord> {
        let (speed, codes) = (words.text("speed")?, words.list("code")?);
        let area = words.area("area")?;
        let share = words.number("share", 0.0..=100.0, "percent of premises, from 0 to 100")?;
        let named = || Speed::NAMED.map(|(name, _)| name).join(", ");
        let speed =
            speed.ok_or_else(|| BadWord::missing("speed", &format!("one of: {}", named())))?;
        let found = Speed::NAMED.iter().find(|(name, _)| *name == speed);
        let (_, speed) = *found
            .ok_or_else(|| BadWord::value("speed", &speed, &format!("one of: {}", named())))?;
        let places = match (codes.is_empty(), area) {
            (false, None) => CoveredPlaces::Codes(codes),
            (true, Some(area)) => CoveredPlaces::Within(area),
            _ => {
                let wanted = "either codes of neighbourhoods, with commas between them, or area = a GeoJSON file";
                return Err(BadWord::missing("code", wanted));
            }
        };
        let share_pct = share.unwrap_or(if at_most { 0.0 } else { 100.0 });
        Ok(NewCoverage { speed, share_pct, at_most, places })
    }
}

impl NewRoute {
    fn read(words: &mut WordReader) -> Result<NewRoute, BadWord> {
        let stops = words.names("stops")?;
        let course = words.line("line")?;
        let spacing =
            words.number("spacing", 50.0..=20_000.0, "metres between stops, from 50 to 20000")?;
        let every = "minutes between departures, from 1 to 240";
        let headway = words.number("headway", 1.0..=240.0, every)?;
        let along = "km/h along the line, or straight from stop to stop, from 1 to 150";
        let speed_kmh = words.number("speed", 1.0..=150.0, along)?;
        let (name, band) = (words.text("name")?, words.band()?);
        let (days, one_way) = (words.days()?, words.yes("one_way")?);
        let spaced = stops.is_empty() && course.is_some() && spacing.is_some();
        if !spaced && (stops.len() < 2 || spacing.is_some()) {
            let wanted = "two stops or more, names, ids or \"LON LAT\", with ; between them; or a line with spacing = metres between stops";
            return Err(BadWord::missing("stops", wanted));
        }
        let headway = headway.ok_or_else(|| BadWord::missing("headway", every))?;
        Ok(NewRoute {
            name: name.unwrap_or_else(|| "new".to_owned()),
            stops,
            course,
            spacing,
            headway: Seconds::new(whole(headway * 60.0)),
            speed_kmh: speed_kmh.unwrap_or(15.0),
            band: (
                band.from.unwrap_or(ServiceTime::hms(6, 0, 0)),
                band.until.unwrap_or(ServiceTime::hms(23, 0, 0)),
            ),
            days,
            one_way,
        })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be a small number above 0"
)]
fn whole(number: f64) -> u32 {
    number.round() as u32
}
