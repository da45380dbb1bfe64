//! For each origin the nearest places of each category, and the journey to them in figures.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rustc_hash::FxHashMap;

use super::network_query::{DepartureQuery, NetworkQuery};
use super::on_map::is_on_map;
use super::{AnalysisError, Observer};
use crate::access::last_home::{LastHome, last_home};
use crate::access::nearest::{NearestTimes, kth_walk, nearest_by_deadline, nearest_times};
use crate::access::round_trip::{RoundTripEnds, round_trips};
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::Entries;
use crate::ids::{Csr, Idx, OriginIdx, PlaceIdx};
use crate::inputs::osm::TagRule;
use crate::inputs::places::read_register;
use crate::inputs::tables::PointRow;
use crate::results::nearest::NearestRow;
use crate::routing::network::{Joined, Network};
use crate::routing::query::departure_window::Departures;
use crate::routing::query::journey::{Journeys, Leg, WalkEnd};
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::range::{self, Walks};
use crate::units::{Seconds, ServiceTime};

/// Until when the last way home is looked for: 04:00 of the night after.
const NIGHT_ENDS: ServiceTime = ServiceTime::hms(28, 0, 0);
/// From when.
const EVENING_BEGINS: ServiceTime = ServiceTime::hms(17, 0, 0);

/// What is asked of each origin and category.
#[derive(Clone, Debug)]
pub struct NearestQuery {
    /// How many places.
    pub k: usize,
    /// The departures.
    pub departure: DepartureQuery,
    /// Whether the last way home is looked for.
    pub last_home: bool,
    /// How long one stays, where the way there and back is looked for.
    pub stay: Option<Seconds>,
    /// Whether the hours with service are counted.
    pub service_hours: bool,
}

/// The rows of all origins, in their order, and of each origin by category in theirs.
///
/// # Errors
/// If a register cannot be used, or the timetable not be laid out.
pub fn nearest(
    query: &NetworkQuery,
    (origins, from): (&[PointRow], &Joined),
    (wanted, asked): (&[RequestedCategory], &NearestQuery),
    observer: &dyn Observer,
    findings: &mut Findings,
) -> Result<Vec<NearestRow>, AnalysisError> {
    let departures = query.departures(&asked.departure)?;
    let access = query.network.access(from);
    let mut rows: Vec<(usize, NearestRow)> = Vec::new();
    for category in wanted {
        let places = category.places(query, wanted, findings)?;
        tell_lost(&category.name, &places, query, observer, findings);
        let search = CategorySearch::new(query, origins, from, &access, &places);
        rows.extend(search.rows(category, departures.as_ref(), asked, observer)?);
    }
    if let Some(departures) = departures.as_ref().filter(|_| asked.service_hours) {
        let hours = departures.service_hours(&access)?;
        rows.iter_mut().for_each(|(origin, row)| row.service_hours = Some(hours[*origin]));
    }
    rows.sort_by_key(|(origin, _)| *origin);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// A category that is asked for: from the map by rules, or from a file.
pub struct RequestedCategory {
    /// Its name.
    pub name: String,
    /// The rules that pick its places of the map.
    pub rules: Vec<TagRule>,
    /// The register that holds its places.
    pub file: Option<PathBuf>,
}

/// A place of a category.
struct NearestPlace {
    id: String,
    name: String,
    points: Entries,
}

impl RequestedCategory {
    fn places(
        &self,
        query: &NetworkQuery,
        all: &[RequestedCategory],
        findings: &mut Findings,
    ) -> Result<Vec<NearestPlace>, AnalysisError> {
        if let Some(file) = &self.file {
            let register = read_register(file, None, None, query.area(), findings)?;
            return Ok(register
                .into_iter()
                .map(|p| NearestPlace { id: p.id, name: p.name, points: vec![p.point].into() })
                .collect());
        }
        let before: usize = all
            .iter()
            .take_while(|other| !std::ptr::eq(*other, self))
            .map(|other| other.rules.len())
            .sum();
        let mine = before..before + self.rules.len();
        let places = query
            .osm
            .places
            .iter()
            .filter(|place| place.rules.iter().any(|rule| mine.contains(rule)));
        Ok(places
            .map(|p| NearestPlace {
                id: p.id.clone(),
                name: p.name.clone(),
                points: p.points.clone(),
            })
            .collect())
    }
}

/// One category's places and the walks to them.
struct CategorySearch<'a> {
    query: &'a NetworkQuery,
    origins: &'a [PointRow],
    from: &'a Joined,
    access: &'a Csr<OriginIdx, StopWalk>,
    places: &'a [NearestPlace],
    /// Each place by itself.
    egress: Csr<PlaceIdx, StopWalk>,
    direct: Csr<OriginIdx, (PlaceIdx, Seconds)>,
    /// All places together: the nearest is the destination.
    together: Joined,
    any_egress: Csr<PlaceIdx, StopWalk>,
    any_direct: Csr<OriginIdx, (PlaceIdx, Seconds)>,
}

impl<'a> CategorySearch<'a> {
    fn new(
        query: &'a NetworkQuery,
        origins: &'a [PointRow],
        from: &'a Joined,
        access: &'a Csr<OriginIdx, StopWalk>,
        places: &'a [NearestPlace],
    ) -> Self {
        let network: &Network = &query.network;
        let each = network.join_places(places.iter().map(|place| &place.points));
        let all: Entries = places.iter().map(|place| &place.points).collect();
        let together = network.join_places([&all]);
        let (egress, direct) = (network.egress(&each), network.direct(from, &each));
        let (any_egress, any_direct) = (network.egress(&together), network.direct(from, &together));
        CategorySearch {
            query,
            origins,
            from,
            access,
            places,
            egress,
            direct,
            together,
            any_egress,
            any_direct,
        }
    }

    fn rows(
        &self,
        category: &RequestedCategory,
        departures: Option<&Departures>,
        asked: &NearestQuery,
        observer: &dyn Observer,
    ) -> Result<Vec<(usize, NearestRow)>, AnalysisError> {
        let stage = observer.stage(
            &category.name,
            Some((self.origins.len() * range::blocks(self.places.len()).max(1)) as u64),
        );
        let times = departures
            .map(|departures| self.times(departures, asked, &|n| stage.tick(n)))
            .transpose()?;
        let mut rows = Vec::new();
        for k in 1..=asked.k {
            for (number, origin) in self.origins.iter().enumerate() {
                let walk = kth_walk(&self.direct, OriginIdx::new(number), k);
                let place = walk.map(|(place, _)| &self.places[place.at()]);
                let mut row =
                    NearestRow::new(&origin.id, &category.name, k, walk.map(|(_, walk)| walk));
                row.times = times
                    .as_ref()
                    .map_or_else(Vec::new, |times| times[number].percentiles[k - 1].clone());
                row.name_place(place.map(|place| (place.id.as_str(), place.name.as_str())));
                rows.push((number, row));
            }
        }
        if let Some((departures, times)) = departures.zip(times) {
            let numbers = match asked.departure.arrive_by {
                Some(_) => in_time(departures, &rows, self.origins.len()),
                None => times.iter().map(|times| Some(times.median_departure)).collect(),
            };
            self.journeys(departures, &numbers, &mut rows)?;
            if asked.last_home {
                self.last_home(departures, &mut rows)?;
            }
            if let Some(stay) = asked.stay {
                self.round_trips(departures, stay, &mut rows)?;
            }
        }
        Ok(rows)
    }

    fn any(&self) -> Walks<'_> {
        Walks { access: self.access, egress: &self.any_egress, direct: &self.any_direct }
    }

    fn each(&self) -> Walks<'_> {
        Walks { access: self.access, egress: &self.egress, direct: &self.direct }
    }

    /// The times to the nearest places, found in one search: to all of them together where one is
    /// asked for.
    fn times(
        &self,
        departures: &Departures,
        asked: &NearestQuery,
        tick: &(dyn Fn(u64) + Sync),
    ) -> Result<Vec<NearestTimes>, AnalysisError> {
        let walks = if asked.k == 1 { self.any() } else { self.each() };
        if asked.departure.arrive_by.is_none() {
            let percents = &asked.departure.percentiles;
            return Ok(nearest_times(departures, &walks, asked.k, percents, tick)?);
        }
        let before = nearest_by_deadline(departures, &walks, asked.k, tick)?;
        let found = |times: Vec<Option<Seconds>>| NearestTimes {
            percentiles: times.into_iter().map(|time| vec![time]).collect(),
            median_departure: 0,
        };
        Ok(before.into_iter().map(found).collect())
    }

    /// The journeys at some departures to the nearest place: which place it is, and their parts.
    fn journeys(
        &self,
        departures: &Departures,
        numbers: &[Option<u16>],
        rows: &mut [(usize, NearestRow)],
    ) -> Result<(), AnalysisError> {
        let walks = self.any();
        let mut by_draw: BTreeMap<u16, Vec<(&mut NearestRow, usize, u16)>> = BTreeMap::new();
        for (origin, row) in rows.iter_mut().filter(|(_, row)| row.k == 1) {
            let Some(number) = numbers[*origin] else { continue };
            let draw = if departures.drawn() { number } else { 0 };
            by_draw.entry(draw).or_default().push((row, *origin, number));
        }
        for (draw, rows) in by_draw {
            departures.look(draw, |at| {
                let journeys = Journeys::towards(at.rides, walks, PlaceIdx(0));
                for (row, origin, number) in rows {
                    let Some(journey) =
                        journeys.from(OriginIdx::new(origin), at.number + number - draw)
                    else {
                        continue;
                    };
                    row.planned = Some(journey.planned_time());
                    row.boardings = Some(journey.boardings());
                    row.walking = Some(journey.walking());
                    row.waiting = Some(journey.waiting());
                    let place = self.reached(OriginIdx::new(origin), journey.legs.last());
                    let place = place.map(|place| &self.places[place.at()]);
                    row.name_place(place.map(|place| (place.id.as_str(), place.name.as_str())));
                }
            })?;
        }
        Ok(())
    }

    /// The place that a journey's last walk leads to: with several, the first in their order.
    fn reached(&self, origin: OriginIdx, last: Option<&Leg>) -> Option<PlaceIdx> {
        let Some(Leg::Walk { from, time, .. }) = last else { return None };
        let places = || (0..self.places.len()).map(PlaceIdx::new);
        match from {
            WalkEnd::Stop(stop) => places()
                .find(|place| self.egress[*place].contains(&StopWalk { stop: *stop, walk: *time })),
            _ => places().find(|place| self.direct[origin].contains(&(*place, *time))),
        }
    }

    /// To the place of the median journey, a stay, and back from that place.
    fn round_trips(
        &self,
        there: &Departures,
        stay: Seconds,
        rows: &mut [(usize, NearestRow)],
    ) -> Result<(), AnalysisError> {
        let numbers: FxHashMap<&str, usize> =
            (0..self.places.len()).map(|n| (self.places[n].id.as_str(), n)).collect();
        let mut place_of = vec![None; self.origins.len()];
        for (origin, row) in rows.iter().filter(|(_, row)| row.k == 1) {
            place_of[*origin] = row.place_id().and_then(|id| numbers.get(id).copied());
        }
        let places = self.query.network.join_places(self.places.iter().map(|place| &place.points));
        let errand = RoundTripEnds { homes: self.from, places: &places, place_of: &place_of, stay };
        let back = there.after(stay, NIGHT_ENDS)?;
        let trips = round_trips(&self.query.network, there, &back, &errand)?;
        for (origin, row) in rows.iter_mut().filter(|(_, row)| row.k == 1) {
            row.round_trips = Some(trips[*origin]);
        }
        Ok(())
    }

    /// The last departure from any of the places that still reaches each origin in the night.
    fn last_home(
        &self,
        departures: &Departures,
        rows: &mut [(usize, NearestRow)],
    ) -> Result<(), AnalysisError> {
        let network = &self.query.network;
        let night = departures.over(EVENING_BEGINS, NIGHT_ENDS)?;
        let (access, egress) = (network.access(&self.together), network.egress(self.from));
        let direct = network.direct(&self.together, self.from);
        let walks = Walks { access: &access, egress: &egress, direct: &direct };
        let last = last_home(&night, &walks)?.remove(0);
        for (origin, row) in rows.iter_mut().filter(|(_, row)| row.k == 1) {
            row.last_home = match last[*origin] {
                LastHome::OnFoot => Some("on foot at any time".to_owned()),
                LastHome::Departure(leave) => Some(night.clock().on_the_wall(leave)),
                LastHome::Never => None,
            };
        }
        Ok(())
    }
}

/// The departures, of those each second before a deadline, that are the latest in time for the
/// nearest place.
fn in_time(
    departures: &Departures,
    rows: &[(usize, NearestRow)],
    origins: usize,
) -> Vec<Option<u16>> {
    let mut numbers = vec![None; origins];
    for (origin, row) in rows.iter().filter(|(_, row)| row.k == 1) {
        let before = row.times.first().copied().flatten();
        let number = before.and_then(|before| u16::try_from(before.get()).ok());
        numbers[*origin] = number.map(|before| departures.window().departures - 1 - before);
    }
    numbers
}

/// Tells of the places that nobody can get to: those that join no street, and those off the map.
fn tell_lost(
    name: &str,
    places: &[NearestPlace],
    query: &NetworkQuery,
    observer: &dyn Observer,
    findings: &mut Findings,
) {
    let coverage = query.coverage();
    let joined = query.network.join_places(places.iter().map(|place| &place.points));
    let mut found = places.len();
    for (place, _) in places.iter().zip(&joined.snaps).filter(|(_, snaps)| snaps.is_empty()) {
        found -= 1;
        let (code, why) = if is_on_map(&coverage, &place.points) {
            ("place_off_network", "joins no street")
        } else {
            ("place_off_map", "lies off the map")
        };
        let who = if place.name.is_empty() {
            place.id.clone()
        } else {
            format!("{} ({})", place.name, place.id)
        };
        let what = format!("`{name}`: {who} {why}: nobody gets there");
        findings.count(Severity::Warning, code, Outcome::Kept, "places", 1, what);
    }
    if found == 0 {
        let of = match places.len() {
            0 => "there is no place of it".to_owned(),
            all => format!("none of its {all} places can be got to"),
        };
        observer.warning(&format!(
            "{name}: {of} on this map; that says nothing of the world beyond it"
        ));
    }
}
