//! `lastmile nearest`: for each origin the nearest places of each category, and the journey to them in figures.

use std::collections::BTreeMap;
use std::path::Path;

use rustc_hash::FxHashMap;

use crate::access::nearest::{kth_nearest, kth_walk};
use crate::access::round_trip::{Errand, round_trips};
use crate::cli::args::NearestArgs;
use crate::cli::failure::Failure;
use crate::cli::load::{Query, points, report_snaps, single};
use crate::cli::printer::Printer;
use crate::finding::Findings;
use crate::geometry::LonLat;
use crate::ids::{Csr, Idx, OriginIdx, PlaceIdx};
use crate::inputs::osm::{OsmData, TagRule};
use crate::inputs::places::read_register;
use crate::inputs::project::built_in_categories;
use crate::inputs::tables::PointRow;
use crate::outputs::nearest::{NearestRow, NearestTable};
use crate::routing::departures::Departures;
use crate::routing::journey::{End, Journeys, Leg};
use crate::routing::links::Link;
use crate::routing::network::{Joined, Network};
use crate::routing::percentile;
use crate::routing::profile::{self, Walks};
use crate::units::{Seconds, ServiceTime};

/// Until when the last way home is looked for: 04:00 of the night after.
const NIGHT_ENDS: ServiceTime = ServiceTime::hms(28, 0, 0);
/// From when.
const EVENING_BEGINS: ServiceTime = ServiceTime::hms(17, 0, 0);

/// Runs the command.
///
/// # Errors
/// If an input cannot be used or the output not be written.
pub fn nearest(args: &NearestArgs, printer: &Printer, findings: &mut Findings) -> Result<(), Failure> {
    if let Some(path) = args.out.as_ref().filter(|path| path.exists() && !args.force) {
        return Err(Failure::Usage(format!("{} exists already; --force replaces it", path.display())));
    }
    let wanted = wanted(&args.places)?;
    let rules: Vec<TagRule> = wanted.iter().flat_map(|category| category.rules.iter().cloned()).collect();
    let query = Query::read(&args.network, &rules, findings)?;
    query.warnings.iter().for_each(|warning| printer.warning(warning));
    let origins = points(&args.origins, findings)?;
    let from = query.network.join(origins.iter().map(single));
    report_snaps("origins", origins.iter().map(|row| row.id.as_str()), &from, findings);
    let departures = query.departures(&args.departure)?;
    let access = query.network.access(&from);
    let mut rows: Vec<(usize, NearestRow)> = Vec::new();
    for category in &wanted {
        let places = category.places(&query.osm, &wanted, findings)?;
        let search = Search::new(&query, &origins, &from, &access, &places);
        rows.extend(search.rows(category, departures.as_ref(), args, printer)?);
    }
    if let Some(departures) = departures.as_ref().filter(|_| args.service_hours) {
        let hours = departures.service_hours(&access)?;
        rows.iter_mut().for_each(|(origin, row)| row.service_hours = Some(hours[*origin]));
    }
    rows.sort_by_key(|(origin, _)| *origin);
    let rows: Vec<NearestRow> = rows.into_iter().map(|(_, row)| row).collect();
    let table = NearestTable {
        rows,
        percentiles: &args.departure.percentiles,
        seconds: args.seconds,
        last_home: args.last_home,
        round_trips: args.stay.is_some(),
        service_hours: args.service_hours,
        transit: departures.is_some(),
    };
    write(&table, args.out.as_deref(), printer)
}

fn write(table: &NearestTable, out: Option<&Path>, printer: &Printer) -> Result<(), Failure> {
    match out {
        None => table.write(printer.data()).map_err(Failure::Output),
        Some(path) => {
            let growing = path.with_extension("csv.tmp");
            let file = std::fs::File::create(&growing).map_err(Failure::file(&growing))?;
            table.write(file).and_then(|()| std::fs::rename(&growing, path)).map_err(Failure::file(path))
        }
    }
}

/// A category that is asked for: from the map by rules, or from a file.
struct Wanted {
    name: String,
    rules: Vec<TagRule>,
    file: Option<std::path::PathBuf>,
}

/// A place of a category.
struct Place {
    id: String,
    name: String,
    points: Vec<LonLat>,
}

fn wanted(words: &[String]) -> Result<Vec<Wanted>, Failure> {
    if words.is_empty() {
        return built_in_categories()
            .into_iter()
            .map(|category| {
                let rules = category.osm.iter().map(|rule| rule.parse()).collect::<Result<_, _>>()?;
                Ok(Wanted { name: category.name, rules, file: None })
            })
            .collect();
    }
    words
        .iter()
        .map(|word| {
            let (name, what) = word
                .split_once('=')
                .ok_or_else(|| Failure::Usage(format!("--place {word}: write NAME=RULE or NAME=FILE")))?;
            let is_file = Path::new(what).exists();
            let rules = if is_file {
                Vec::new()
            } else {
                vec![what.parse().map_err(|error| {
                    Failure::Usage(format!("--place {word}: no such file, and no rule: {error}"))
                })?]
            };
            Ok(Wanted { name: name.to_owned(), rules, file: is_file.then(|| what.into()) })
        })
        .collect()
}

impl Wanted {
    fn places(&self, osm: &OsmData, all: &[Wanted], findings: &mut Findings) -> Result<Vec<Place>, Failure> {
        if let Some(file) = &self.file {
            let register = read_register(file, None, None, None, findings)?;
            return Ok(register
                .into_iter()
                .map(|p| Place { id: p.id, name: p.name, points: vec![p.point] })
                .collect());
        }
        let before: usize =
            all.iter().take_while(|other| !std::ptr::eq(*other, self)).map(|other| other.rules.len()).sum();
        let mine = before..before + self.rules.len();
        let places = osm.places.iter().filter(|place| place.rules.iter().any(|rule| mine.contains(rule)));
        Ok(places
            .map(|p| Place { id: p.id.clone(), name: p.name.clone(), points: p.points.clone() })
            .collect())
    }
}

/// One category's places and the walks to them.
struct Search<'a> {
    query: &'a Query,
    origins: &'a [PointRow],
    from: &'a Joined,
    access: &'a Csr<OriginIdx, Link>,
    places: &'a [Place],
    /// Each place by itself.
    egress: Csr<PlaceIdx, Link>,
    direct: Csr<OriginIdx, (PlaceIdx, Seconds)>,
    /// All places together: the nearest is the destination.
    together: Joined,
    any_egress: Csr<PlaceIdx, Link>,
    any_direct: Csr<OriginIdx, (PlaceIdx, Seconds)>,
}

impl<'a> Search<'a> {
    fn new(
        query: &'a Query,
        origins: &'a [PointRow],
        from: &'a Joined,
        access: &'a Csr<OriginIdx, Link>,
        places: &'a [Place],
    ) -> Self {
        let network: &Network = &query.network;
        let each = network.join(places.iter().map(|place| place.points.as_slice()));
        let all: Vec<LonLat> = places.iter().flat_map(|place| place.points.iter().copied()).collect();
        let together = network.join([all.as_slice()]);
        let (egress, direct) = (network.egress(&each), network.direct(from, &each));
        let (any_egress, any_direct) = (network.egress(&together), network.direct(from, &together));
        Search { query, origins, from, access, places, egress, direct, together, any_egress, any_direct }
    }

    fn rows(
        &self,
        category: &Wanted,
        departures: Option<&Departures>,
        args: &NearestArgs,
        printer: &Printer,
    ) -> Result<Vec<(usize, NearestRow)>, Failure> {
        let stage = printer.progress().stage(
            category.name.clone(),
            Some((self.origins.len() * profile::blocks(self.places.len()).max(1)) as u64),
        );
        let mut rows = Vec::new();
        for k in 1..=usize::from(args.k) {
            let times = departures.map(|departures| {
                let walks = if k == 1 { self.any() } else { self.each() };
                kth_nearest(departures, &walks, k, &args.departure.percentiles, &|n| stage.tick(n))
            });
            let times = times.transpose()?;
            for (number, origin) in self.origins.iter().enumerate() {
                let walk = kth_walk(&self.direct, OriginIdx::new(number), k);
                let place = walk.map(|(place, _)| &self.places[place.at()]);
                let mut row = NearestRow::new(&origin.id, &category.name, k, walk.map(|(_, walk)| walk));
                row.times = times.as_ref().map_or_else(Vec::new, |times| times[number].clone());
                row.name_place(place.map(|place| (place.id.as_str(), place.name.as_str())));
                rows.push((number, row));
            }
        }
        if let Some(departures) = departures {
            self.journeys(departures, &mut rows)?;
            if args.last_home {
                self.last_home(departures, &mut rows)?;
            }
            if let Some(stay) = args.stay {
                self.round_trips(departures, Seconds::minutes(stay), &mut rows)?;
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

    /// The journey at the median departure to the nearest place: which place it is, and its parts.
    fn journeys(&self, departures: &Departures, rows: &mut [(usize, NearestRow)]) -> Result<(), Failure> {
        let all = departures.window().departures;
        let walks = self.any();
        let nearest = |row: &&mut (usize, NearestRow)| row.1.k == 1;
        let mut found: Vec<Vec<(Option<Seconds>, u16)>> = vec![Vec::new(); self.origins.len()];
        let each_draw = if departures.drawn() { all } else { 1 };
        let mut journeys_of = |first: u16, count: u16| {
            departures.look(first, |at| {
                let journeys = Journeys::towards(at.rides, walks, PlaceIdx(0));
                for (origin, times) in found.iter_mut().enumerate() {
                    times.extend((0..count).map(|n| {
                        (
                            journeys.from(OriginIdx::new(origin), at.number + n).map(|j| j.travel_time()),
                            first + n,
                        )
                    }));
                }
            })
        };
        for draw in 0..each_draw {
            journeys_of(draw, if departures.drawn() { 1 } else { all })?;
        }
        let mut by_draw: BTreeMap<u16, Vec<(&mut NearestRow, usize, u16)>> = BTreeMap::new();
        for (origin, row) in rows.iter_mut().filter(nearest) {
            let times = &mut found[*origin];
            times.sort_by_key(|(time, number)| (time.is_none(), *time, *number));
            let (_, number) = times[percentile::rank(50, times.len())];
            by_draw
                .entry(if departures.drawn() { number } else { 0 })
                .or_default()
                .push((row, *origin, number));
        }
        for (draw, rows) in by_draw {
            departures.look(draw, |at| {
                let journeys = Journeys::towards(at.rides, walks, PlaceIdx(0));
                for (row, origin, number) in rows {
                    let Some(journey) = journeys.from(OriginIdx::new(origin), at.number + number - draw)
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
            End::Stop(stop) => {
                places().find(|place| self.egress[*place].contains(&Link { stop: *stop, walk: *time }))
            }
            _ => places().find(|place| self.direct[origin].contains(&(*place, *time))),
        }
    }

    /// To the place of the median journey, a stay, and back from that place.
    fn round_trips(
        &self,
        there: &Departures,
        stay: Seconds,
        rows: &mut [(usize, NearestRow)],
    ) -> Result<(), Failure> {
        let numbers: FxHashMap<&str, usize> =
            (0..self.places.len()).map(|n| (self.places[n].id.as_str(), n)).collect();
        let mut place_of = vec![None; self.origins.len()];
        for (origin, row) in rows.iter().filter(|(_, row)| row.k == 1) {
            place_of[*origin] = row.place_id().and_then(|id| numbers.get(id).copied());
        }
        let places = self.query.network.join(self.places.iter().map(|place| place.points.as_slice()));
        let errand = Errand { homes: self.from, places: &places, place_of: &place_of, stay };
        let back = there.after(stay, NIGHT_ENDS)?;
        let trips = round_trips(&self.query.network, there, &back, &errand)?;
        for (origin, row) in rows.iter_mut().filter(|(_, row)| row.k == 1) {
            row.round_trips = Some(trips[*origin]);
        }
        Ok(())
    }

    /// The last departure from any of the places that still reaches each origin in the night.
    fn last_home(&self, departures: &Departures, rows: &mut [(usize, NearestRow)]) -> Result<(), Failure> {
        let network = &self.query.network;
        let night = departures.over(EVENING_BEGINS, NIGHT_ENDS)?;
        let (access, egress) = (network.access(&self.together), network.egress(self.from));
        let direct = network.direct(&self.together, self.from);
        let walks = Walks { access: &access, egress: &egress, direct: &direct };
        let mut last = vec![vec![None; self.origins.len()]];
        night.travel_times(&walks, &mut last, &|_| (), |_, last, times| {
            for (nth, home) in times.places().iter().enumerate() {
                last[home.at()] =
                    (0..times.departures()).rev().find(|departure| times.at(*departure, nth).is_some());
            }
        })?;
        let walk_home: Vec<bool> = (0..self.origins.len())
            .map(|home| direct[OriginIdx(0)].iter().any(|(to, _)| to.at() == home))
            .collect();
        for (origin, row) in rows.iter_mut().filter(|(_, row)| row.k == 1) {
            let leave = last[0][*origin]
                .and_then(|departure| u16::try_from(departure).ok())
                .map(|n| night.window().departure(n));
            row.last_home = match (walk_home[*origin], leave) {
                (true, _) => Some("on foot at any time".to_owned()),
                (false, leave) => leave.map(|leave| night.clock().on_the_wall(leave)),
            };
        }
        Ok(())
    }
}
