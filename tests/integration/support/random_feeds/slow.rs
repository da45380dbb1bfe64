//! The slow router. It knows events alone: a trip on a date at a call. Somebody can be getting off
//! at an event with so many rides, or cannot; round after round every event that can be boarded is
//! tried against every event got off at. No patterns, no rows, no sides, no sharing between
//! departures, no search backwards.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use lastmile::inputs::gtfs;
use lastmile::network::timetable::phase;
use lastmile::units::{Seconds, ServiceTime};

use super::model::{At, Feed, Frequency, Transfer, World, month_and_day};

pub struct Slow<'w> {
    world: &'w World,
    pub runs: Vec<Run>,
    events: Vec<Event>,
    /// The events at which one can get off who has boarded at an event.
    ahead: Vec<Vec<usize>>,
    /// From getting off at one slot to getting on at another, the walk and the whole; a slot is a
    /// trip at a stop.
    ready: Vec<Vec<Option<(i64, i64)>>>,
}

/// A trip on a date, times on the query's clock.
#[derive(Clone, Debug)]
pub struct Run {
    pub feed: usize,
    pub trip: usize,
    pub day: i64,
    /// Arrivals and departures.
    pub times: Vec<(i64, i64)>,
    /// Where one may stay seated.
    pub then: Vec<usize>,
}

struct Event {
    at: At,
    arrival: i64,
    departure: i64,
    board: bool,
    alight: bool,
    slot: usize,
}

impl<'w> Slow<'w> {
    /// With the phases of one draw.
    pub fn new(world: &'w World, draw: u32) -> Slow<'w> {
        let mut runs = runs(world, draw);
        stay_seated(world, &mut runs);
        // Only now: a trip that is taken out leaves a gap in its block.
        let gone: Vec<bool> =
            runs.iter().map(|r| world.feeds[r.feed].trips[r.trip].withdrawn).collect();
        runs.iter_mut().for_each(|run| run.then.retain(|then| !gone[*then]));
        let mut slots: BTreeMap<(usize, usize, usize), usize> = BTreeMap::new();
        let (mut events, mut first) = (Vec::new(), Vec::new());
        for (run, gone) in runs.iter().zip(&gone) {
            first.push(events.len());
            let calls = &world.feeds[run.feed].trips[run.trip].calls;
            for (position, (call, (arrival, departure))) in calls.iter().zip(&run.times).enumerate()
            {
                let allowed = |rule| rule == 0 || rule == 3 || (rule == 2 && world.query.phone);
                let next = slots.len();
                events.push(Event {
                    at: (run.feed, call.stop),
                    arrival: *arrival,
                    departure: *departure,
                    board: allowed(call.pickup) && position + 1 < calls.len() && !gone,
                    alight: allowed(call.drop_off) && position > 0 && !gone,
                    slot: *slots.entry((run.feed, call.stop, run.trip)).or_insert(next),
                });
            }
        }
        let ahead = runs.iter().enumerate().flat_map(|(number, run)| {
            (0..run.times.len())
                .map(|p| ahead(&runs, &first, &events, number, p))
                .collect::<Vec<_>>()
        });
        let ahead = ahead.collect();
        let mut seats: Vec<_> = slots.into_iter().collect();
        seats.sort_by_key(|(_, slot)| *slot);
        let change =
            |from: &(usize, usize, usize), to: &(usize, usize, usize)| change(world, *from, *to);
        let ready = seats
            .iter()
            .map(|(from, _)| seats.iter().map(|(to, _)| change(from, to)).collect())
            .collect();
        Slow { world, runs, events, ahead, ready }
    }

    /// The travel time from an origin to each place for who leaves at `departure`.
    pub fn travel_times(&self, origin: usize, departure: i64) -> Vec<Option<i64>> {
        let (world, query) = (self.world, &self.world.query);
        let latest = departure + query.max_time;
        let in_time = |e: &&usize| (departure..=latest).contains(&self.events[**e].departure);
        let all: Vec<usize> = (0..self.events.len()).collect();
        let boardings: Vec<usize> =
            all.iter().filter(in_time).copied().filter(|e| self.events[*e].board).collect();
        let mut reached = vec![false; self.events.len()];
        let mut newly: Vec<usize> = Vec::new();
        for ride in 1..=query.max_rides {
            let mut next = Vec::new();
            for boarding in &boardings {
                let on = &self.events[*boarding];
                let can = if ride == 1 {
                    let mut access = world.access[origin].iter();
                    access.any(|(at, walk)| {
                        *at == on.at && departure + walk + query.slack <= on.departure
                    })
                } else {
                    newly.iter().any(|off| {
                        let off = &self.events[*off];
                        let ready = self.ready[off.slot][on.slot];
                        ready.is_some_and(|(_, ready)| off.arrival + ready <= on.departure)
                    })
                };
                for off in self.ahead[*boarding].iter().filter(|_| can) {
                    if !std::mem::replace(&mut reached[*off], true) {
                        next.push(*off);
                    }
                }
            }
            newly = next;
        }
        let by_vehicle = |place: usize| {
            let off = self.events.iter().zip(&reached).filter(|(_, reached)| **reached);
            off.flat_map(|(off, _)| {
                let egress = world.egress[place].iter().filter(|(at, _)| *at == off.at);
                egress.map(|(_, walk)| off.arrival + walk - departure)
            })
            .min()
        };
        let best = |place: usize| {
            let walk = world.direct[origin].get(&place).copied();
            [walk, by_vehicle(place)]
                .into_iter()
                .flatten()
                .min()
                .filter(|time| *time <= query.max_time)
        };
        (0..world.egress.len()).map(best).collect()
    }
}

/// When one leaves, how many rides one takes, and how long one walks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Preferred {
    /// The latest leaving comes first.
    pub leave: std::cmp::Reverse<i64>,
    pub rides: i64,
    pub walking: i64,
}

impl Slow<'_> {
    /// Of all journeys that are at a place at `arrival`, which is the earliest, and leave at
    /// `departure` or later: the one that leaves last, of those the one with the fewest rides, of
    /// those the one with the least walking.
    pub fn preferred(
        &self,
        origin: usize,
        departure: i64,
        place: usize,
        arrival: i64,
    ) -> Option<Preferred> {
        let (world, query) = (self.world, &self.world.query);
        let on_foot = world.direct[origin].get(&place).filter(|walk| departure + **walk == arrival);
        let on_foot = on_foot.map(|walk| Preferred {
            leave: std::cmp::Reverse(departure),
            rides: 0,
            walking: *walk,
        });
        let egress = |off: &Event| {
            let walks = world.egress[place]
                .iter()
                .filter(|(at, walk)| *at == off.at && off.arrival + walk == arrival);
            walks.map(|(_, walk)| *walk).min().filter(|_| off.alight)
        };
        // The walking after getting off at each event, with so many rides more.
        let mut after: Vec<Option<i64>> = self.events.iter().map(egress).collect();
        let mut best = on_foot;
        for rides in 1..=query.max_rides {
            let aboard: Vec<Option<i64>> = (0..self.events.len())
                .map(|on| self.ahead[on].iter().filter_map(|off| after[*off]).min())
                .collect();
            let boardings = || self.events.iter().zip(&aboard).filter(|(on, _)| on.board);
            for (at, walk) in &world.access[origin] {
                for (on, walking) in boardings().filter(|(on, _)| on.at == *at) {
                    let leave = on.departure - walk - query.slack;
                    let Some(walking) = walking.filter(|_| leave >= departure) else { continue };
                    let this = Preferred {
                        leave: std::cmp::Reverse(leave),
                        rides,
                        walking: walk + walking,
                    };
                    best = Some(best.map_or(this, |best| best.min(this)));
                }
            }
            let change = |off: &Event| {
                let on = boardings().filter_map(|(on, walking)| {
                    let (walk, ready) = self.ready[off.slot][on.slot]?;
                    Some(walk + (*walking)?).filter(|_| off.arrival + ready <= on.departure)
                });
                on.min().filter(|_| off.alight)
            };
            after = self.events.iter().map(change).collect();
        }
        best
    }
}

/// The walk and the least time from getting off a trip at a stop to getting on one at another;
/// `None` if one cannot.
pub fn change(
    world: &World,
    (feed, from, from_trip): (usize, usize, usize),
    (to_feed, to, to_trip): (usize, usize, usize),
) -> Option<(i64, i64)> {
    let here = (feed, from) == (to_feed, to);
    let walk =
        if here { Some(0) } else { world.footpaths.get(&((feed, from), (to_feed, to))).copied() };
    let said = if feed == to_feed {
        rule(&world.feeds[feed], (from, from_trip), (to, to_trip))
    } else {
        None
    };
    let slack = world.query.slack;
    let on_foot = walk.map(|walk| (walk, walk + slack));
    match said {
        None => on_foot,
        Some(Transfer { kind: 3, .. }) => None,
        Some(Transfer { kind: 1, .. }) => Some((walk.unwrap_or(0), walk.unwrap_or(0))),
        Some(Transfer { kind: 2, least: Some(least), .. }) => match on_foot {
            Some((walk, ready)) => Some((walk, ready.max(*least))),
            None => Some((*least, *least)),
        },
        Some(_) => on_foot,
    }
}

/// The most specific of the rows that fit; of those as specific the strictest, wherever they stand.
fn rule(feed: &Feed, from: (usize, usize), to: (usize, usize)) -> Option<&Transfer> {
    fitting(feed, from, to)
        .min_by_key(|row| (rank(row), stations(feed, row), Reverse(strictness(row))))
}

/// At how many of its ends a row names a station in place of its platforms.
pub fn stations(feed: &Feed, row: &Transfer) -> usize {
    [row.from_stop, row.to_stop]
        .iter()
        .flatten()
        .filter(|stop| feed.stops[**stop].is_station)
        .count()
}

/// No change, then the longest time, then any change, then one that waits.
pub fn strictness(row: &Transfer) -> (u8, i64) {
    match (row.kind, row.least) {
        (3, _) => (3, 0),
        (2, Some(least)) => (2, least),
        (1, _) => (0, 0),
        _ => (1, 0),
    }
}

/// The rows about getting off a trip at a stop and getting on another at another. A trip that a row
/// names is more specific than a route beside it.
pub fn fitting(
    feed: &Feed,
    (from, from_trip): (usize, usize),
    (to, to_trip): (usize, usize),
) -> impl Iterator<Item = &Transfer> {
    let at = |named: Option<usize>, stop: usize| {
        named.is_some_and(|named| named == stop || Some(named) == feed.stops[stop].parent)
    };
    feed.transfers.iter().filter(move |row| {
        row.kind <= 3
            && at(row.from_stop, from)
            && at(row.to_stop, to)
            && row.from_trip.is_none_or(|trip| trip == from_trip)
            && row.to_trip.is_none_or(|trip| trip == to_trip)
            && (row.from_trip.is_some()
                || row.from_route.is_none_or(|route| route == feed.trips[from_trip].route))
            && (row.to_trip.is_some()
                || row.to_route.is_none_or(|route| route == feed.trips[to_trip].route))
    })
}

/// How specific a row is: 1 for the most.
pub fn rank(row: &Transfer) -> u8 {
    match (row.from_trip, row.to_trip, row.from_route, row.to_route) {
        (Some(_), Some(_), ..) => 1,
        (Some(_), None, _, Some(_)) | (None, Some(_), Some(_), _) => 2,
        (Some(_), None, _, None) | (None, Some(_), None, _) => 3,
        (None, None, Some(_), Some(_)) => 4,
        (None, None, Some(_), None) | (None, None, None, Some(_)) => 5,
        (None, None, None, None) => 6,
    }
}

fn runs(world: &World, draw: u32) -> Vec<Run> {
    let query = &world.query;
    let zero = query.zone.day_begins(query.day);
    let mut runs = Vec::new();
    for (number, feed) in world.feeds.iter().enumerate() {
        for day in query.day - 12..=query.day + 3 {
            let begins = feed.zone.expect("a zone").day_begins(day) - zero;
            for (trip, row) in feed.trips.iter().enumerate() {
                if !feed.services[row.service].runs_on(day) {
                    continue;
                }
                for shift in shifts(world, feed, trip, day, draw) {
                    let times = row.calls.iter().map(|call| {
                        (begins + shift + call.arrival, begins + shift + call.departure)
                    });
                    runs.push(Run {
                        feed: number,
                        trip,
                        day,
                        times: times.collect(),
                        then: Vec::new(),
                    });
                }
            }
        }
    }
    runs
}

/// By how much each departure of a trip is shifted against its own times.
fn shifts(world: &World, feed: &Feed, trip: usize, day: i64, draw: u32) -> Vec<i64> {
    let rows: Vec<&Frequency> = feed.frequencies.iter().filter(|f| f.trip == trip).collect();
    if rows.is_empty() {
        return vec![0];
    }
    let own = feed.trips[trip].calls[0].departure;
    let mut shifts = Vec::new();
    for row in rows {
        let phase =
            if row.exact { 0 } else { drawn_phase(world, &feed.trips[trip].id, day, row, draw) };
        let mut departure = row.start + phase;
        while departure < row.end {
            shifts.push(departure - own);
            departure += row.headway;
        }
    }
    shifts
}

/// A drawn phase is nobody's truth but the draw's: it is asked for, and held to be one.
fn drawn_phase(world: &World, trip: &str, day: i64, row: &Frequency, draw: u32) -> i64 {
    let (month, day) = month_and_day(day);
    let date =
        Date::new(2026, i8::try_from(month).expect("a month"), i8::try_from(day).expect("a day"));
    let time = |seconds| ServiceTime::new(i32::try_from(seconds).expect("a time"));
    let service = gtfs::Frequency {
        trip: 0,
        start: time(row.start),
        end: time(row.end),
        headway: Seconds::new(u32::try_from(row.headway).expect("a headway")),
        exact: false,
    };
    let phase =
        i64::from(phase((world.query.seed, draw), trip, date.expect("a date"), &service).get());
    assert!(
        (0..row.headway).contains(&phase),
        "a phase of {phase} in a headway of {}",
        row.headway
    );
    phase
}

/// Where one may stay seated: for the trip that a row of type 4 names, its first departure that
/// follows on the same day, or on the next day if its own clock shows less there than the other's
/// on arriving; and in a block from the trip that has come last to the one that goes next, where
/// that begins where the other ends, unless a row of type 4 says where the trip goes on. A row of
/// type 5 forbids it, whatever else is said.
fn stay_seated(world: &World, runs: &mut [Run]) {
    let order = |run: &Run| (run.times[0].1, run.feed, run.day, run.trip);
    let arrived = |run: &Run| run.times[run.times.len() - 1].0;
    let behind = |a: &Run, b: &Run| order(b) > order(a) && b.times[0].1 >= arrived(a);
    let follows = |a: &Run, b: &Run| (a.feed, a.day) == (b.feed, b.day) && behind(a, b);
    let zero = world.query.zone.day_begins(world.query.day);
    let own_clock = |run: &Run, time: i64| {
        time - (world.feeds[run.feed].zone.expect("a zone").day_begins(run.day) - zero)
    };
    let is_next_day = |a: &Run, b: &Run| {
        b.day == a.day + 1 && behind(a, b) && own_clock(b, b.times[0].1) < own_clock(a, arrived(a))
    };
    let mut links = BTreeSet::new();
    for (from, a) in runs.iter().enumerate() {
        let feed = &world.feeds[a.feed];
        let said = |to: usize| {
            let about =
                |t: &&Transfer| t.from_trip == Some(a.trip) && t.to_trip == Some(to) && t.kind > 3;
            feed.transfers.iter().filter(about).map(|t| t.kind).max()
        };
        let goes_on = |trip: &usize| {
            let (calls, next) = (&feed.trips[a.trip].calls, &feed.trips[*trip]);
            let same_day = next.calls[0].departure >= calls[calls.len() - 1].arrival;
            said(*trip) == Some(4)
                && feed.services[next.service].runs_on(a.day + i64::from(!same_day))
        };
        let named = (0..feed.trips.len()).any(|trip| goes_on(&trip));
        for trip in (0..feed.trips.len()).filter(|trip| said(*trip) == Some(4)) {
            let first = |suits: &dyn Fn(&Run) -> bool| {
                let suiting = runs
                    .iter()
                    .enumerate()
                    .filter(|(_, b)| (b.feed, b.trip) == (a.feed, trip) && suits(b));
                suiting.min_by_key(|(to, b)| (b.times[0].1, *to)).map(|(to, _)| to)
            };
            if let Some(to) = first(&|b| follows(a, b)).or_else(|| first(&|b| is_next_day(a, b))) {
                links.insert((from, to));
            }
        }
        let Some(block) = feed.trips[a.trip].block.as_ref().filter(|_| !named) else { continue };
        let in_block =
            |b: &Run| b.feed == a.feed && feed.trips[b.trip].block.as_ref() == Some(block);
        let first =
            runs.iter().filter(|b| in_block(b) && follows(a, b)).map(|b| b.times[0].1).min();
        for (to, b) in runs.iter().enumerate().filter(|(_, b)| in_block(b) && follows(a, b)) {
            let last = runs.iter().filter(|a| in_block(a) && follows(a, b)).map(arrived).max();
            let is_next = Some(b.times[0].1) == first && Some(arrived(a)) == last;
            if is_next && same_place(feed, a.trip, b.trip) && said(b.trip) != Some(5) {
                links.insert((from, to));
            }
        }
    }
    for (from, to) in links {
        runs[from].then.push(to);
    }
}

fn same_place(feed: &Feed, a: usize, b: usize) -> bool {
    let (a, b) = (feed.trips[a].calls.last().expect("calls").stop, feed.trips[b].calls[0].stop);
    let (end, start) = (&feed.stops[a], &feed.stops[b]);
    let (dx, dy) = (end.x - start.x, end.y - start.y);
    a == b || (end.parent.is_some() && end.parent == start.parent) || dx * dx + dy * dy <= 100 * 100
}

fn ahead(
    runs: &[Run],
    first: &[usize],
    events: &[Event],
    run: usize,
    position: usize,
) -> Vec<usize> {
    let calls = first[run] + position + 1..first[run] + runs[run].times.len();
    let mut found: Vec<usize> = calls.filter(|event| events[*event].alight).collect();
    for then in &runs[run].then {
        found.extend(ahead(runs, first, events, *then, 0));
    }
    found.sort_unstable();
    found.dedup();
    found
}
