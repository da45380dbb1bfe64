//! `lastmile nearest`: for each origin the nearest places of each category, and the journey to them
//! in figures.

use std::collections::BTreeMap;
use std::path::Path;

use rustc_hash::FxHashMap;

use super::matrix::measures;
use crate::access::last_home::{LastHome, last_home};
use crate::access::nearest::{kth_by_deadline, kth_nearest, kth_walk};
use crate::access::round_trip::{RoundTripEnds, round_trips};
use crate::cli::args::NearestArgs;
use crate::cli::failure::Failure;
use crate::cli::load::FlagQuery;
use crate::cli::on_map::{is_on_map, on_map};
use crate::cli::output::output;
use crate::cli::printer::Printer;
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::Entries;
use crate::ids::{Csr, Idx, OriginIdx, PlaceIdx};
use crate::inputs::osm::TagRule;
use crate::inputs::places::read_register;
use crate::inputs::project::built_in_categories;
use crate::inputs::tables::PointRow;
use crate::outputs::nearest::{NearestRow, NearestTable};
use crate::outputs::new_output::NewOutput;
use crate::routing::network::{Joined, Network};
use crate::routing::query::departure_window::Departures;
use crate::routing::query::journey::{Journeys, Leg, WalkEnd};
use crate::routing::query::percentile;
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::range::{self, Walks};
use crate::units::{Seconds, ServiceTime};

/// Until when the last way home is looked for: 04:00 of the night after.
const NIGHT_ENDS: ServiceTime = ServiceTime::hms(28, 0, 0);
/// From when.
const EVENING_BEGINS: ServiceTime = ServiceTime::hms(17, 0, 0);

/// Runs the command.
///
/// # Errors
/// If an input cannot be used or the output not be written.
pub fn nearest(
    args: &NearestArgs,
    printer: &Printer,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let wanted = wanted(&args.places)?;
    let out = begin(args, &wanted, printer)?;
    let rules: Vec<TagRule> =
        wanted.iter().flat_map(|category| category.rules.iter().cloned()).collect();
    let query = printer.during("reading", || FlagQuery::read(&args.network, &rules, findings))?;
    let query = query.at(&args.departure, findings);
    query.warnings.iter().for_each(|warning| printer.warning(warning));
    let origins = query.points(&args.origins, findings)?;
    let from = on_map(&query, "origins", &origins, printer, findings)?;
    let departures = query.departures(&args.departure)?;
    let access = query.network.access(&from);
    let mut rows: Vec<(usize, NearestRow)> = Vec::new();
    for category in &wanted {
        let places = category.places(&query, &wanted, findings)?;
        tell_lost(&category.name, &places, &query, printer, findings);
        let search = CategorySearch::new(&query, &origins, &from, &access, &places);
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
        measures: &measures(&args.departure),
        seconds: args.seconds,
        last_home: args.last_home,
        round_trips: args.stay.is_some(),
        service_hours: args.service_hours,
        transit: departures.is_some(),
    };
    Ok(out.write_whole(|out| table.write(out))?)
}

/// Tells of the places that nobody can get to: those that join no street, and those off the map.
fn tell_lost(
    name: &str,
    places: &[NearestPlace],
    query: &FlagQuery,
    printer: &Printer,
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
        printer.warning(&format!(
            "{name}: {of} on this map; that says nothing of the world beyond it"
        ));
    }
}

/// Begins the table, which is CSV.
fn begin(
    args: &NearestArgs,
    wanted: &[RequestedCategory],
    printer: &Printer,
) -> Result<NewOutput, Failure> {
    let registers = wanted.iter().filter_map(|category| category.file.as_ref());
    let inputs = args.network.input_files(registers.chain([&args.origins]));
    let out = output(args.out.as_deref(), args.force, &inputs, printer)?;
    let is_csv = |path: &Path| path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("csv"));
    match args.out.as_deref().filter(|path| !out.is_stream() && !is_csv(path)) {
        Some(path) => {
            Err(Failure::Usage(format!("{} cannot be written: name the file .csv", path.display())))
        }
        None => Ok(out),
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
        let number = before.and_then(|before| u16::try_from(before.0).ok());
        numbers[*origin] = number.map(|before| departures.window().departures - 1 - before);
    }
    numbers
}

/// A category that is asked for: from the map by rules, or from a file.
struct RequestedCategory {
    name: String,
    rules: Vec<TagRule>,
    file: Option<std::path::PathBuf>,
}

/// A place of a category.
struct NearestPlace {
    id: String,
    name: String,
    points: Entries,
}

fn wanted(words: &[String]) -> Result<Vec<RequestedCategory>, Failure> {
    if words.is_empty() {
        return built_in_categories()
            .into_iter()
            .map(|category| {
                let rules =
                    category.osm.iter().map(|rule| rule.parse()).collect::<Result<_, _>>()?;
                Ok(RequestedCategory { name: category.name, rules, file: None })
            })
            .collect();
    }
    words
        .iter()
        .map(|word| {
            let (name, what) = word.split_once('=').ok_or_else(|| {
                Failure::Usage(format!("--place {word}: write NAME=RULE or NAME=FILE"))
            })?;
            let is_file = Path::new(what).exists();
            let rules = if is_file {
                Vec::new()
            } else {
                vec![what.parse().map_err(|error| {
                    Failure::Usage(format!("--place {word}: no such file, and no rule: {error}"))
                })?]
            };
            Ok(RequestedCategory {
                name: name.to_owned(),
                rules,
                file: is_file.then(|| what.into()),
            })
        })
        .collect()
}

impl RequestedCategory {
    fn places(
        &self,
        query: &FlagQuery,
        all: &[RequestedCategory],
        findings: &mut Findings,
    ) -> Result<Vec<NearestPlace>, Failure> {
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
    query: &'a FlagQuery,
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
        query: &'a FlagQuery,
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
        args: &NearestArgs,
        printer: &Printer,
    ) -> Result<Vec<(usize, NearestRow)>, Failure> {
        let stage = printer.progress().stage(
            category.name.clone(),
            Some((self.origins.len() * range::blocks(self.places.len()).max(1)) as u64),
        );
        let mut rows = Vec::new();
        for k in 1..=usize::from(args.k) {
            let times = departures.map(|departures| {
                let walks = if k == 1 { self.any() } else { self.each() };
                if args.departure.arrive_by.is_some() {
                    let before = kth_by_deadline(departures, &walks, k, &|n| stage.tick(n));
                    return before
                        .map(|all| all.into_iter().map(|time| vec![time]).collect::<Vec<_>>());
                }
                kth_nearest(departures, &walks, k, &args.departure.percentiles, &|n| stage.tick(n))
            });
            let times = times.transpose()?;
            for (number, origin) in self.origins.iter().enumerate() {
                let walk = kth_walk(&self.direct, OriginIdx::new(number), k);
                let place = walk.map(|(place, _)| &self.places[place.at()]);
                let mut row =
                    NearestRow::new(&origin.id, &category.name, k, walk.map(|(_, walk)| walk));
                row.times = times.as_ref().map_or_else(Vec::new, |times| times[number].clone());
                row.name_place(place.map(|place| (place.id.as_str(), place.name.as_str())));
                rows.push((number, row));
            }
        }
        if let Some(departures) = departures {
            let numbers = match args.departure.arrive_by {
                Some(_) => in_time(departures, &rows, self.origins.len()),
                None => self.at_the_median(departures)?,
            };
            self.journeys(departures, &numbers, &mut rows)?;
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

    /// Of each origin the departure whose time to the nearest place is the median: the first of
    /// those with that time.
    fn at_the_median(&self, departures: &Departures) -> Result<Vec<Option<u16>>, Failure> {
        let all = departures.window().departures;
        let walks = self.any();
        let mut found: Vec<Vec<(Option<Seconds>, u16)>> = vec![Vec::new(); self.origins.len()];
        let (draws, of_each) = if departures.drawn() { (all, 1) } else { (1, all) };
        for draw in 0..draws {
            departures.look(draw, |at| {
                let journeys = Journeys::towards(at.rides, walks, PlaceIdx(0));
                for (origin, times) in found.iter_mut().enumerate() {
                    let time = |n| journeys.travel_time(OriginIdx::new(origin), at.number + n);
                    times.extend((0..of_each).map(|n| (time(n), draw + n)));
                }
            })?;
        }
        let median = |mut times: Vec<(Option<Seconds>, u16)>| {
            times.sort_by_key(|(time, number)| (time.is_none(), *time, *number));
            let (time, _) = times[percentile::rank(50, times.len())];
            times.iter().find(|(other, _)| *other == time).map(|(_, number)| *number)
        };
        Ok(found.into_iter().map(median).collect())
    }

    /// The journeys at some departures to the nearest place: which place it is, and their parts.
    fn journeys(
        &self,
        departures: &Departures,
        numbers: &[Option<u16>],
        rows: &mut [(usize, NearestRow)],
    ) -> Result<(), Failure> {
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
    ) -> Result<(), Failure> {
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
    ) -> Result<(), Failure> {
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
