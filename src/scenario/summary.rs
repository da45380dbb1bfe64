//! What modifications of the timetable come to, in words: how many vehicles of an ordinary day, of
//! which lines, at which hours, and how many of them run inside the windows.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::apply::{Applied, AppliedModification, ModificationSubject};
use super::route_names::LineNames;
use super::trip_selection::{ChosenTrip, by_trip, vehicles};
use crate::inputs::gtfs::{Feed, Frequency, TripChange};
use crate::inputs::project::scenarios::{Band, Days};
use crate::network::calendar::{CalendarError, Clock, ServiceByDate, weekday_name};
use crate::network::vehicles::Departing;
use crate::units::ServiceTime;

/// Lines that are named one by one; of more, how many there are.
const NAMED: usize = 8;

/// The days by which it is told.
pub struct ToldBy<'a> {
    /// What runs on each date, by the names of the feeds.
    pub services: &'a [(String, ServiceByDate)],
    /// The windows; the first one's date is the one that ordinary days are near.
    pub windows: Vec<ToldWindow<'a>>,
}

/// A window by which it is told.
pub struct ToldWindow<'a> {
    /// Its name in the project.
    pub name: &'a str,
    /// Its date and timezone.
    pub clock: &'a Clock,
    /// Its first departure.
    pub from: ServiceTime,
    /// Its end.
    pub until: ServiceTime,
    /// When the last journey that counts has ended.
    pub horizon: ServiceTime,
}

/// What is told of a scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScenarioSummary {
    /// A sentence for each modification that is about the timetable, with its place among the
    /// modifications.
    pub says: Vec<(usize, String)>,
    /// What a reader has to know before she quotes a number.
    pub warnings: Vec<String>,
}

impl Applied {
    /// Tells it.
    ///
    /// # Errors
    /// If a feed's timezone is unknown.
    pub fn told(&self, by: &ToldBy) -> Result<ScenarioSummary, CalendarError> {
        let mut told = ScenarioSummary::default();
        for done in &self.done {
            let (says, warning) = told_of(&self.feeds, done, by)?;
            told.says.push((done.number, says));
            told.warnings.extend(warning);
        }
        Ok(told)
    }
}

/// A kind of day, by the weekdays that are meant of it.
struct KindOfDay {
    named: String,
    weekdays: Vec<Weekday>,
}

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// Weekdays, Saturdays and Sundays, as far as they are meant.
fn kinds_of_day(days: Days) -> Vec<KindOfDay> {
    let meant = |from: usize, to: usize| -> Vec<Weekday> {
        (from..=to).filter(|day| days.0[*day]).map(|day| WEEK[day]).collect()
    };
    let kind = |weekdays: Vec<Weekday>| {
        let names: Vec<&str> = weekdays.iter().map(|day| weekday_name(*day)).collect();
        let named = if weekdays.len() == 5 { "weekday".to_owned() } else { names.join("/") };
        (!weekdays.is_empty()).then_some(KindOfDay { named, weekdays })
    };
    [meant(0, 4), meant(5, 5), meant(6, 6)].into_iter().filter_map(kind).collect()
}

/// How many vehicles of a line are meant, of how many.
#[derive(Clone, Copy, Default)]
struct Count {
    part: usize,
    whole: usize,
}

/// The vehicles of a line, by kind of day.
struct LineCounts {
    modes: BTreeSet<&'static str>,
    counts: Vec<Count>,
}

/// An operator and the name of its line.
type LineKey = (String, String);

struct SummaryWriter<'a> {
    feeds: &'a [Feed],
    names: LineNames,
    chosen: &'a [ChosenTrip],
    changes: &'a [BTreeMap<u32, TripChange>],
    added: &'a [Range<usize>],
    /// By feed: frequencies.txt by trip.
    frequencies: Vec<BTreeMap<u32, Vec<Frequency>>>,
    kinds: Vec<KindOfDay>,
    by: &'a ToldBy<'a>,
}

fn told_of(
    feeds: &[Feed],
    done: &AppliedModification,
    by: &ToldBy,
) -> Result<(String, Option<String>), CalendarError> {
    let ModificationSubject::Trips { chosen, band, days, changes, added } = &done.about else {
        return Ok((done.verb.clone(), None));
    };
    let (names, kinds) = (LineNames::of(feeds), kinds_of_day(*days));
    let frequencies = feeds.iter().map(by_trip).collect();
    let teller = SummaryWriter { feeds, names, chosen, changes, added, frequencies, kinds, by };
    let lines = teller.lines();
    let mut says = format!("{} {}", teller.counted(&lines), done.verb);
    if let Some(those) = those(*band) {
        says.push_str(&format!(": {those}"));
    }
    says.push_str(&teller.added());
    let inside = teller.inside()?;
    let each: Vec<String> = by
        .windows
        .iter()
        .zip(&inside)
        .map(|(window, (n, _))| format!("{n} in {}", window.name))
        .collect();
    let mut warning = None;
    if !each.is_empty() {
        says.push_str(&format!("; of these run inside the windows: {}", each.join(", ")));
        if inside.iter().all(|(_, in_reach)| *in_reach == 0) {
            warning = Some(format!(
                "`{}`: none of the vehicles that it is about runs inside a window, or within the longest journey behind it, so that no travel time can show it: name a window when they run",
                done.words
            ));
        }
    }
    says.push_str(&teller.dates(&lines));
    Ok((says, warning))
}

impl SummaryWriter<'_> {
    /// An ordinary date of a feed for a kind of day: a window's own if there is one, else the
    /// nearest to the first window's.
    fn date(&self, feed: &Feed, kind: &KindOfDay) -> Option<Date> {
        let suits = |date: Date| kind.weekdays.contains(&date.weekday());
        let of_windows = || self.by.windows.iter().map(|window| window.clock.date());
        let Some((_, service)) = self.by.services.iter().find(|(name, _)| *name == feed.name)
        else {
            return of_windows().find(|date| suits(*date));
        };
        let own = of_windows().find(|date| suits(*date) && service.is_ordinary(*date));
        own.or_else(|| service.nearest_ordinary(of_windows().next()?, suits))
    }

    /// By line: its vehicles that are meant, and all that it has as published.
    fn lines(&self) -> BTreeMap<LineKey, LineCounts> {
        let mut routes: BTreeMap<usize, BTreeSet<u32>> = BTreeMap::new();
        for one in self.chosen {
            routes
                .entry(one.feed)
                .or_default()
                .insert(self.feeds[one.feed].trips[one.trip as usize].route);
        }
        let mut lines: BTreeMap<LineKey, LineCounts> = BTreeMap::new();
        for (feed, routes) in &routes {
            for route in routes.iter().map(|route| &self.feeds[*feed].routes[*route as usize]) {
                let counts = vec![Count::default(); self.kinds.len()];
                let key = (route.agency.clone(), self.names.name(route).to_owned());
                let empty = LineCounts { modes: BTreeSet::new(), counts };
                lines.entry(key).or_insert(empty).modes.insert(route.mode());
            }
        }
        for (nth, kind) in self.kinds.iter().enumerate() {
            let (mut part, mut whole) = (Vec::new(), Vec::new());
            for one in self.chosen {
                if let Some(date) = self.date(&self.feeds[one.feed], kind) {
                    part.extend(
                        self.departing(one.feed, one.trip, date)
                            .filter(|at| self.is_meant(one, at)),
                    );
                }
            }
            for (number, routes) in &routes {
                let feed = &self.feeds[*number];
                let Some(date) = self.date(feed, kind) else { continue };
                let published = (0u32..).zip(&feed.trips).filter(|(trip, row)| {
                    let stands_in =
                        feed.changes.get(trip).is_some_and(|change| change.stands_in.is_some());
                    routes.contains(&row.route)
                        && (*trip as usize) < self.added[*number].start
                        && !stands_in
                });
                for (trip, _) in published {
                    whole.extend(self.departing(*number, trip, date));
                }
            }
            for (departing, is_part) in [(part, true), (whole, false)] {
                for vehicle in vehicles(self.feeds, &departing) {
                    let Some(count) =
                        vehicle.first().and_then(|one| lines.get_mut(&self.line(one)))
                    else {
                        continue;
                    };
                    let count = &mut count.counts[nth];
                    *(if is_part { &mut count.part } else { &mut count.whole }) += 1;
                }
            }
        }
        lines
    }

    fn line(&self, one: &Departing) -> LineKey {
        let feed = &self.feeds[one.feed];
        let route = &feed.routes[feed.trips[one.trip as usize].route as usize];
        (route.agency.clone(), self.names.name(route).to_owned())
    }

    /// The departures of a trip on a date, if it runs then as published; those of a headway service
    /// at its headway.
    fn departing(&self, number: usize, trip: u32, date: Date) -> impl Iterator<Item = Departing> {
        let feed = &self.feeds[number];
        let row = &feed.trips[trip as usize];
        let own = feed.calls[row.calls.start as usize].departure;
        let mut times: Vec<ServiceTime> = Vec::new();
        if feed.services[row.service as usize].runs_on(date) {
            let rows = self.frequencies[number].get(&trip);
            if rows.is_none() {
                times.push(own);
            }
            for row in rows.into_iter().flatten() {
                let mut at = row.start;
                while at < row.end {
                    times.push(at);
                    at = at + row.headway;
                }
            }
        }
        times.into_iter().map(move |at| Departing { feed: number, trip, date, at })
    }

    /// Whether a departure is one that the modification is about, and had not been taken out
    /// before.
    fn is_meant(&self, one: &ChosenTrip, at: &Departing) -> bool {
        let before = self.changes.get(one.feed).and_then(|changes| changes.get(&one.trip));
        one.when.hold(at.date, at.at) && before.is_none_or(|change| change.runs(at.date, at.at))
    }

    /// `19 of the 60 weekday buses of line 1 (Bloggs)`.
    fn counted(&self, lines: &BTreeMap<LineKey, LineCounts>) -> String {
        if lines.len() <= NAMED {
            let each = lines.iter().map(|((agency, name), line)| {
                let by = if agency.is_empty() { String::new() } else { format!(" ({agency})") };
                format!("{} of line {name}{by}", self.counts(&line.counts, &line.modes))
            });
            return each.collect::<Vec<_>>().join("; ");
        }
        let mut all = vec![Count::default(); self.kinds.len()];
        for line in lines.values() {
            for (sum, count) in all.iter_mut().zip(&line.counts) {
                sum.part += count.part;
                sum.whole += count.whole;
            }
        }
        let modes = lines.values().flat_map(|line| line.modes.iter().copied()).collect();
        let operators: BTreeSet<&str> = lines.keys().map(|(agency, _)| agency.as_str()).collect();
        let operators = operators.into_iter().collect::<Vec<_>>().join(", ");
        format!("{} of {} lines ({operators})", self.counts(&all, &modes), lines.len())
    }

    fn counts(&self, counts: &[Count], modes: &BTreeSet<&str>) -> String {
        let one = if modes.len() == 1 { modes.first().copied().unwrap_or_default() } else { "" };
        let called = called(one);
        let any = counts.iter().any(|count| count.part > 0);
        let told = |count: &Count| if any { count.part > 0 } else { count.whole > 0 };
        let each = self.kinds.iter().zip(counts).filter(|(_, count)| told(count));
        let each: Vec<String> = each
            .map(|(kind, Count { part, whole })| match part {
                0 => format!("none of the {whole} {} {called}", kind.named),
                1 if *whole == 1 => format!("the only {} {}", kind.named, singular(called)),
                part if part == whole => format!("all {whole} {} {called}", kind.named),
                part => format!("{part} of the {whole} {} {called}", kind.named),
            })
            .collect();
        match each.as_slice() {
            [] => {
                let trips = self.chosen.len();
                format!("{trips} trips that run on no ordinary day near the windows' date")
            }
            [one] => one.clone(),
            [most @ .., last] => format!("{} and {last}", most.join(", ")),
        }
    }

    /// What runs in their place on each kind of day, where trips were added.
    fn added(&self) -> String {
        let mut added = Vec::new();
        for kind in &self.kinds {
            let on_day = |(number, feed): (usize, &Feed)| {
                let (Some(date), Some(added)) = (self.date(feed, kind), self.added.get(number))
                else {
                    return 0;
                };
                let new = (0u32..).zip(&feed.trips).take(added.end).skip(added.start).filter(
                    |(trip, row)| {
                        let stands_in =
                            feed.changes.get(trip).is_some_and(|change| change.stands_in.is_some());
                        !stands_in && feed.services[row.service as usize].runs_on(date)
                    },
                );
                new.count()
            };
            let count: usize = self.feeds.iter().enumerate().map(on_day).sum();
            if count > 0 {
                added.push(format!("{count} on a {}", kind.named));
            }
        }
        if added.is_empty() { String::new() } else { format!(" (new: {})", added.join(", ")) }
    }

    /// By window: how many of the vehicles are under way inside it, and how many from its beginning
    /// to the end of its last journey.
    fn inside(&self) -> Result<Vec<(usize, usize)>, CalendarError> {
        let mut inside = Vec::new();
        for window in &self.by.windows {
            let mut running: Vec<Departing> = Vec::new();
            let mut in_reach: Vec<Departing> = Vec::new();
            let mut begins: BTreeMap<(usize, Date), ServiceTime> = BTreeMap::new();
            for days in -1..=1 {
                let Ok(date) = window.clock.date().checked_add(days.days()) else { continue };
                for one in self.chosen {
                    let feed = &self.feeds[one.feed];
                    let begins = match begins.get(&(one.feed, date)) {
                        Some(begins) => *begins,
                        None => {
                            let known = window.clock.day_begins(date, &feed.timezone)?;
                            *begins.entry((one.feed, date)).or_insert(known)
                        }
                    };
                    let calls = feed.trips[one.trip as usize].calls.clone();
                    let calls = &feed.calls[calls.start as usize..calls.end as usize];
                    let takes = calls[calls.len() - 1].arrival.get() - calls[0].departure.get();
                    let meant = self
                        .departing(one.feed, one.trip, date)
                        .filter(|at| self.is_meant(one, at));
                    let by_clock = meant.map(|at| Departing {
                        at: ServiceTime::new(at.at.get() + begins.get()),
                        ..at
                    });
                    for one in by_clock.filter(|one| one.at.get() + takes >= window.from.get()) {
                        running.extend((one.at < window.until).then_some(one));
                        in_reach.extend((one.at <= window.horizon).then_some(one));
                    }
                }
            }
            inside.push((
                vehicles(self.feeds, &running).len(),
                vehicles(self.feeds, &in_reach).len(),
            ));
        }
        Ok(inside)
    }

    /// On which dates the vehicles were counted that are told of.
    fn dates(&self, lines: &BTreeMap<LineKey, LineCounts>) -> String {
        let any = lines.values().flat_map(|line| &line.counts).any(|count| count.part > 0);
        let is_told = |nth: &usize| {
            let mut counts = lines.values().map(|line| &line.counts[*nth]);
            counts.any(|count| if any { count.part > 0 } else { count.whole > 0 })
        };
        let kinds = || self.kinds.iter().enumerate().filter(|(nth, _)| is_told(nth));
        let mut dates: BTreeSet<Date> = BTreeSet::new();
        for feed in self.chosen.iter().map(|one| one.feed).collect::<BTreeSet<usize>>() {
            dates.extend(kinds().filter_map(|(_, kind)| self.date(&self.feeds[feed], kind)));
        }
        let named = dates.iter().map(|date| format!("{} {date}", weekday_name(date.weekday())));
        let named: Vec<String> = named.collect();
        if named.is_empty() { String::new() } else { format!(" (counted on {})", named.join(", ")) }
    }
}

/// Several vehicles of a mode.
fn called(mode: &str) -> &'static str {
    match mode {
        "bus" => "buses",
        "trolleybus" => "trolleybuses",
        "coach" => "coaches",
        "tram" | "cable tram" => "trams",
        "rail" | "underground" | "monorail" => "trains",
        "ferry" => "ferries",
        _ => "vehicles",
    }
}

fn singular(several: &str) -> &str {
    match several {
        "buses" | "trolleybuses" | "coaches" => &several[..several.len() - 2],
        "ferries" => "ferry",
        several => several.strip_suffix('s').unwrap_or(several),
    }
}

/// Which of them, by when they leave their first stop.
fn those(band: Band) -> Option<String> {
    match (band.from, band.until) {
        (None, None) => None,
        (Some(from), None) => Some(format!("those after {}", clock(from))),
        (None, Some(until)) => Some(format!("those before {}", clock(until))),
        (Some(from), Some(until)) => Some(format!("those {}", hours(from, until))),
    }
}

/// `between 09:00 and 16:00`.
pub(super) fn hours(from: ServiceTime, until: ServiceTime) -> String {
    format!("between {} and {}", clock(from), clock(until))
}

/// `daily`, or the days by their names.
pub(super) fn days_in_words(days: Days) -> String {
    if days.0.iter().all(|day| *day) {
        return "daily".to_owned();
    }
    let kinds = kinds_of_day(days);
    kinds
        .iter()
        .map(|kind| format!("{}s", kind.named.replace('/', "s, ")))
        .collect::<Vec<_>>()
        .join(", ")
}

fn clock(time: ServiceTime) -> String {
    let text = time.to_string();
    text.get(..5).unwrap_or(&text).to_owned()
}
