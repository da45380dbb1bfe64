//! Whole networks of streets and random feeds: departures of a window with and without drawn
//! phases, arriving by a time, there and back, the last way home, hours with service. Each is held
//! to a slow router that is asked departure by departure.
//!
//! The walks are the network's own (other tests are about them); what is done with them is worked
//! out anew.

use std::collections::BTreeSet;

use crate::support::random_feeds::engine::{date, length, time};
use crate::support::random_feeds::model::{
    At, Call, Feed, Frequency, Query, Stop, Trip, World, Written, Zone,
};
use crate::support::random_feeds::seeded::Dice;
use crate::support::random_feeds::slow::Slow;
use crate::support::random_feeds::{cases, draw, folder, model, text};
use lastmile::access::last_home::{LastHome, last_home};
use lastmile::access::nearest::{nearest_by_deadline, nearest_times};
use lastmile::access::round_trip::{RoundTripEnds, round_trips};
use lastmile::finding::Findings;
use lastmile::geometry::LonLat;
use lastmile::ids::{Csr, Idx, OriginIdx, PlaceIdx, StopIdx};
use lastmile::inputs::gtfs::{self, read_feed};
use lastmile::inputs::osm::walk_rules::WalkAccess;
use lastmile::inputs::osm::{OsmData, WalkWay};
use lastmile::network::calendar::Clock;
use lastmile::network::streets::Streets;
use lastmile::network::timetable::phase;
use lastmile::routing::network::{Joined, Network, ServiceQuery, WalkSettings};
use lastmile::routing::query::arrive_by::before_deadline;
use lastmile::routing::query::departure_window::Departures;
use lastmile::routing::transit::access_egress::StopWalk;
use lastmile::routing::transit::raptor::range::Walks;
use lastmile::routing::{DepartureWindow, JourneyLimits};
use lastmile::units::{Metres, Seconds, ServiceTime};

const HOUR: i64 = 3600;

/// A world laid on streets: one feed, homes and places.
struct Town {
    network: Network,
    clock: Clock,
    homes: Joined,
    places: Joined,
    /// From homes to places, with the network's walks.
    there: World,
    /// From places to homes.
    back: World,
}

impl Town {
    /// Three homes and three places somewhere on the streets.
    fn of(mut world: World, dice: &mut Dice) -> Town {
        world.feeds.truncate(1);
        // Rules of changing would be in the network's changes already.
        world.feeds[0].transfers.retain(|row| row.kind > 3);
        let folder = folder();
        let paths = text::write(&world, folder.path(), None);
        let mut findings = Findings::new();
        let mut feed = read_feed(&paths[0], "feed", &mut findings).expect("a feed");
        for trip in &mut feed.trips {
            let known = world.feeds[0].trips.iter().find(|known| known.id == trip.id);
            trip.withdrawn = known.expect("the trip").withdrawn;
        }
        let streets = Streets::build(&grid(), &mut findings);
        let settings = WalkSettings {
            max_walk: Seconds::new(400),
            max_transfer: Metres::new(400.0),
            ..WalkSettings::default()
        };
        let network = Network::build(streets, vec![feed], settings, &mut findings);
        let mut points = || -> Vec<LonLat> {
            (0..3).map(|_| at(dice.between(-50, 700), dice.pick(&[0, 300, 600]))).collect()
        };
        let join = |points: Vec<LonLat>| network.join(points.iter().map(std::slice::from_ref));
        let (homes, places) = (join(points()), join(points()));
        let clock = Clock::new(date(world.query.day), world.query.zone.name()).expect("a clock");
        world.footpaths = footpaths(&network, &world);
        let there = walked(&network, &world, &homes, &places);
        let back = walked(&network, &world, &places, &homes);
        Town { network, clock, homes, places, there, back }
    }

    fn limits(&self) -> JourneyLimits {
        let query = &self.there.query;
        JourneyLimits {
            max_rides: u8::try_from(query.max_rides).expect("few rides"),
            max_time: length(query.max_time),
            board_slack: length(query.slack),
        }
    }

    fn service(&self) -> ServiceQuery {
        ServiceQuery { phone_pickups: self.there.query.phone, seed: self.there.query.seed }
    }

    fn departures(&self) -> Departures<'_> {
        let query = &self.there.query;
        let departures = u16::try_from(query.departures).expect("few");
        let window =
            DepartureWindow { first: time(query.first), step: length(query.step), departures };
        Departures::of(&self.network, &self.clock, window, self.limits(), self.service())
            .expect("a window")
    }

    fn with_walks<R>(&self, from: &Joined, to: &Joined, with: impl FnOnce(&Walks) -> R) -> R {
        let (access, egress) = (self.network.access(from), self.network.egress(to));
        let direct = self.network.direct(from, to);
        with(&Walks { access: &access, egress: &egress, direct: &direct })
    }
}

/// Where a stop of a world with these metres lies.
fn at(x: i64, y: i64) -> LonLat {
    let (lat, lon) =
        text::place(&Stop { id: String::new(), is_station: false, parent: None, x, y });
    LonLat::new(lon.parse().expect("degrees"), lat.parse().expect("degrees")).expect("on the globe")
}

/// Three streets from west to east, through all the stops that worlds have, and one across them.
fn grid() -> OsmData {
    let mut nodes = Vec::new();
    let mut ways = Vec::new();
    let mut crossing = Vec::new();
    for (id, y) in (1..).zip([0, 300, 600]) {
        let first = u32::try_from(nodes.len()).expect("few");
        nodes.extend([-100, 130, 800].map(|x| at(x, y)));
        crossing.push(first + 1);
        ways.push(WalkWay {
            id,
            nodes: (first..first + 3).collect(),
            access: WalkAccess::default(),
        });
    }
    ways.push(WalkWay { id: 9, nodes: crossing, access: WalkAccess::default() });
    OsmData { nodes, ways, ..OsmData::default() }
}

fn known(network: &Network, world: &World, stop: StopIdx) -> At {
    let id = &network.stop(stop).id;
    (0, world.feeds[0].stops.iter().position(|known| known.id == *id).expect("the stop"))
}

fn footpaths(network: &Network, world: &World) -> std::collections::BTreeMap<(At, At), i64> {
    let changes = network.changes(Seconds::ZERO);
    let of = |from: StopIdx| {
        let others = changes.from(from).into_iter().filter(move |change| change.stop != from);
        others.map(move |change| {
            (
                (known(network, world, from), known(network, world, change.stop)),
                i64::from(change.walk.get()),
            )
        })
    };
    network.stops.indices().flat_map(of).collect()
}

/// The world with the network's walks from some points to others.
fn walked(network: &Network, world: &World, from: &Joined, to: &Joined) -> World {
    let links = |row: &[StopWalk]| -> Vec<(At, i64)> {
        row.iter()
            .map(|link| (known(network, world, link.stop), i64::from(link.walk.get())))
            .collect()
    };
    let (access, egress, direct) =
        (network.access(from), network.egress(to), network.direct(from, to));
    let mut world = world.clone();
    world.access = (0..access.rows()).map(|n| links(&access[OriginIdx::new(n)])).collect();
    world.egress = (0..egress.rows()).map(|n| links(&egress[PlaceIdx::new(n)])).collect();
    let on_foot = |n: usize| {
        let row = direct[OriginIdx::new(n)].iter();
        row.map(|(to, walk)| (to.at(), i64::from(walk.get()))).collect()
    };
    world.direct = (0..direct.rows()).map(on_foot).collect();
    world
}

/// A random town by day, whose clocks are not put forward or back.
fn town(seed: u64, headways: bool) -> Option<Town> {
    let mut world = draw::world(seed);
    if !headways {
        world.feeds.iter_mut().flat_map(|feed| &mut feed.frequencies).for_each(|f| f.exact = true);
    }
    world.query.max_time = world.query.max_time.min(7200);
    world.query.departures = world.query.departures.min(8);
    let plain = world.query.day < 75;
    plain.then(|| Town::of(world, &mut Dice::new(seed)))
}

fn some(times: &[Option<Seconds>]) -> Vec<Option<i64>> {
    times.iter().map(|time| time.map(|time| i64::from(time.get()))).collect()
}

#[test]
fn the_departures_of_a_window_are_those_of_the_slow_router_with_drawn_phases_too() {
    let (mut ridden, mut drawn) = (0, 0);
    for town in cases(300).filter_map(|seed| town(seed, true)) {
        let departures = town.departures();
        assert_eq!(departures.drawn(), town.there.has_headways());
        drawn += u64::from(departures.drawn());
        let mut found = vec![vec![vec![None; 3]; usize::from(departures.window().departures)]; 3];
        town.with_walks(&town.homes, &town.places, |walks| {
            let take =
                |_, rows: &mut Vec<Vec<Option<i64>>>, times: &mut lastmile::routing::transit::raptor::range::TravelTimes| {
                    for (number, row) in rows.iter_mut().enumerate() {
                        for (nth, place) in times.places().iter().enumerate() {
                            row[place.at()] = times.at(number, nth).map(|time| i64::from(time.get()));
                        }
                    }
                };
            departures.travel_times(walks, &mut found, &|_| (), take).expect("times");
            let nearest =
                nearest_times(&departures, walks, 2, &[25, 50, 100], &|_| ()).expect("times");
            for (home, nearest) in nearest.iter().enumerate() {
                // For each departure the first and the second of the places; then by nearest rank,
                // what is not reached last.
                let kth = |k: usize| -> Vec<Option<i64>> {
                    let least = |row: &Vec<Option<i64>>| {
                        let mut row: Vec<i64> = row.iter().copied().flatten().collect();
                        row.sort_unstable();
                        row.get(k).copied()
                    };
                    found[home].iter().map(least).collect()
                };
                for (k, percentiles) in nearest.percentiles.iter().enumerate() {
                    let mut times = kth(k);
                    times.sort_by_key(|time| (time.is_none(), *time));
                    let rank =
                        |percent: usize| times[(percent * times.len()).div_ceil(100).max(1) - 1];
                    assert_eq!(some(percentiles), [25, 50, 100].map(rank));
                }
                // The journey that is told is that of the first departure with the median.
                let first = kth(0);
                let median = some(&nearest.percentiles[0])[1];
                let told = first.iter().position(|time| *time == median);
                assert_eq!(Some(usize::from(nearest.median_departure)), told);
            }
        });
        for number in 0..town.there.query.departures {
            let draw = if departures.drawn() { u32::try_from(number).expect("few") } else { 0 };
            let slow = Slow::new(&town.there, draw);
            for (home, found) in found.iter().enumerate() {
                let times = slow.travel_times(home, town.there.departure(number));
                let row = &found[usize::try_from(number).expect("few")];
                assert_eq!(
                    *row,
                    times,
                    "home {home}, departure {number}: {}",
                    text::show(&town.there)
                );
                let on_foot = |place: usize| town.there.direct[home].get(&place).copied();
                ridden += times
                    .iter()
                    .enumerate()
                    .filter(|(n, time)| time.is_some() && **time != on_foot(*n))
                    .count();
            }
        }
    }
    assert!(ridden > 200 && drawn > 10, "{ridden} ridden, {drawn} with drawn phases");
}

#[test]
fn arriving_by_a_time_is_leaving_at_the_last_second_that_is_in_time() {
    let mut found_any = 0;
    for seed in cases(300) {
        let Some(town) = town(seed, false) else { continue };
        let query = &town.there.query;
        let deadline = query.first + Dice::new(seed).between(600, query.max_time);
        let departures = Departures::before(
            &town.network,
            &town.clock,
            time(deadline),
            town.limits(),
            town.service(),
        );
        let departures = departures.expect("a window");
        let slow = Slow::new(&town.there, 0);
        town.with_walks(&town.homes, &town.places, |walks| {
            let mut found = vec![vec![None; 3]; 3];
            let take =
                |_, row: &mut Vec<Option<Seconds>>, times: &mut lastmile::routing::transit::raptor::range::TravelTimes| {
                    before_deadline(times).for_each(|(place, before)| row[place.at()] = before);
                };
            departures.travel_times(walks, &mut found, &|_| (), take).expect("times");
            let nearest =
                nearest_by_deadline(&departures, walks, 2, &|_| ()).expect("times");
            let second: Vec<Option<Seconds>> = nearest.iter().map(|times| times[1]).collect();
            for home in 0..3 {
                let latest: Vec<Option<i64>> =
                    (0..3).map(|place| latest(&town.there, &slow, home, place, deadline)).collect();
                let wanted: Vec<Option<i64>> =
                    latest.iter().map(|latest| latest.map(|latest| deadline - latest)).collect();
                assert_eq!(
                    some(&found[home]),
                    wanted,
                    "seed {seed}, home {home}: {}",
                    text::show(&town.there)
                );
                let mut in_order: Vec<i64> = wanted.into_iter().flatten().collect();
                in_order.sort_unstable();
                assert_eq!(second[home].map(|time| i64::from(time.get())), in_order.get(1).copied());
                found_any += in_order.len();
            }
        });
    }
    assert!(found_any > 100, "{found_any}");
}

/// The latest leaving that is in time, of all that can be one: a walk that ends at the deadline, or
/// the last moment to board something. Every other moment is as good as the next of these.
fn latest(world: &World, slow: &Slow, home: usize, place: usize, deadline: i64) -> Option<i64> {
    let query = &world.query;
    let boardings = slow.runs.iter().flat_map(|run| {
        let calls = &world.feeds[run.feed].trips[run.trip].calls;
        calls.iter().zip(&run.times).flat_map(move |(call, (_, departure))| {
            let access =
                world.access[home].iter().filter(move |(at, _)| *at == (run.feed, call.stop));
            access.map(move |(_, walk)| departure - walk - query.slack)
        })
    });
    let on_foot = world.direct[home].get(&place).map(|walk| deadline - walk);
    let mut moments: Vec<i64> = boardings.chain(on_foot).collect();
    moments.retain(|leave| (deadline - query.max_time..=deadline).contains(leave));
    moments.sort_unstable();
    moments.dedup();
    let in_time = |leave: &i64| {
        slow.travel_times(home, *leave)[place].is_some_and(|time| leave + time <= deadline)
    };
    moments.into_iter().rev().find(in_time)
}

#[test]
fn there_and_back_is_there_a_stay_and_back() {
    let (mut possible, mut impossible) = (0, 0);
    for seed in cases(150) {
        let Some(mut town) = town(seed, false) else { continue };
        // By day, on full minutes of the way back: a window from 05:00 on.
        let first = town.there.query.first.clamp(5 * HOUR, 25 * HOUR);
        (town.there.query.first, town.back.query.first) = (first, first);
        let mut dice = Dice::new(seed ^ 77);
        let stay = dice.between(0, 60) * 60;
        let departures = town.departures();
        let back = departures.after(length(stay), ServiceTime::hms(28, 0, 0)).expect("a window");
        let place_of = [Some(0), Some(dice.at(3)), None];
        let errand = RoundTripEnds {
            homes: &town.homes,
            places: &town.places,
            place_of: &place_of,
            stay: length(stay),
        };
        let trips = round_trips(&town.network, &departures, &back, &errand).expect("trips");
        let (out, home_again) = (Slow::new(&town.there, 0), Slow::new(&town.back, 0));
        let query = &town.there.query;
        // As long as both the way back and its longest journey are searched at once, and not after
        // 04:00.
        let night = (28 * HOUR).min(first + stay + 65_000 - query.max_time);
        for home in 0..3 {
            let away = |number: i64| -> Option<i64> {
                let leaves = town.there.departure(number);
                let place = place_of[home]?;
                let free = leaves + out.travel_times(home, leaves)[place]? + stay;
                let minutes = (free - first - stay + 59) / 60;
                let starts = first + stay + 60 * minutes;
                let way = home_again.travel_times(place, starts)[home];
                way.filter(|_| starts < night.max(first + stay + 60))
                    .map(|way| starts + way - leaves)
            };
            let mut all: Vec<Option<i64>> = (0..query.departures).map(away).collect();
            let made = all.iter().flatten().count();
            all.sort_by_key(|time| (time.is_none(), *time));
            let median = all[all.len().div_ceil(2) - 1];
            #[expect(clippy::cast_precision_loss, reason = "few departures")]
            let share = 100.0 * made as f64 / all.len() as f64;
            let ours = trips[home];
            assert_eq!(
                ours.away.map(|away| i64::from(away.get())),
                median,
                "seed {seed}: {}",
                text::show(&town.there)
            );
            assert!(
                (ours.possible.percent() - share).abs() < 1e-9,
                "seed {seed}: {ours:?}, {share}"
            );
            possible += made;
            impossible += all.len() - made;
        }
    }
    assert!(possible > 100 && impossible > 100, "{possible} possible, {impossible} not");
}

#[test]
fn the_last_way_home_is_the_last_minute_from_which_one_gets_there() {
    let (mut late, mut never, mut on_foot) = (0, 0, 0);
    for seed in cases(60) {
        let Some(mut town) = town(seed, false) else { continue };
        // What runs in the morning is moved to the evening.
        let shift = (21 * HOUR - town.there.query.first).div_euclid(60) * 60;
        let mut world = town.there.clone();
        for call in world.feeds[0].trips.iter_mut().flat_map(|trip| &mut trip.calls) {
            (call.arrival, call.departure) = (call.arrival + shift, call.departure + shift);
        }
        for frequency in &mut world.feeds[0].frequencies {
            (frequency.start, frequency.end) = (frequency.start + shift, frequency.end + shift);
        }
        if world.feeds[0].trips.iter().any(|trip| trip.calls[0].arrival < 0)
            || world.feeds[0].frequencies.iter().any(|f| f.start < 0)
        {
            continue;
        }
        world.query.first = 17 * HOUR;
        world.query.departures = 1;
        town = Town::of(world, &mut Dice::new(seed));
        let night = town.departures().over(ServiceTime::hms(17, 0, 0), ServiceTime::hms(28, 0, 0));
        let night = night.expect("a window");
        let one = town.places.only([0]);
        let found =
            town.with_walks(&one, &town.homes, |walks| last_home(&night, walks).expect("ways"));
        let slow = Slow::new(&town.back, 0);
        for (home, found) in found[0].iter().copied().enumerate() {
            let can_walk = town.back.direct[0].contains_key(&home);
            let leaves = (0..11 * 60).rev().map(|minute| 17 * HOUR + 60 * minute);
            let last =
                leaves.into_iter().find(|leave| slow.travel_times(0, *leave)[home].is_some());
            let wanted = match (can_walk, last) {
                (true, _) => LastHome::OnFoot,
                (false, Some(leave)) => LastHome::Departure(time(leave)),
                (false, None) => LastHome::Never,
            };
            assert_eq!(found, wanted, "seed {seed}, home {home}: {}", text::show(&town.back));
            late += u64::from(matches!(found, LastHome::Departure(_)));
            never += u64::from(found == LastHome::Never);
            on_foot += u64::from(found == LastHome::OnFoot);
        }
    }
    assert!(late > 5 && never > 5 && on_foot > 5, "{late} late, {never} never, {on_foot} on foot");
}

#[test]
fn an_hour_with_service_is_one_in_which_something_can_be_boarded_nearby() {
    let mut hours_seen = BTreeSet::new();
    for town in cases(300).filter_map(|seed| town(seed, true)) {
        let access = town.network.access(&town.homes);
        let found = town.departures().service_hours(&access).expect("hours");
        let slow = Slow::new(&town.there, 0);
        for (home, found) in found.into_iter().enumerate() {
            let mut hours = BTreeSet::new();
            for run in &slow.runs {
                let trip = &town.there.feeds[0].trips[run.trip];
                let calls = trip.calls.iter().zip(&run.times).take(trip.calls.len() - 1);
                for (call, (_, departure)) in calls.filter(|_| !trip.withdrawn) {
                    let boards =
                        matches!(call.pickup, 0 | 3) || call.pickup == 2 && town.there.query.phone;
                    let near = town.there.access[home].iter().any(|(at, _)| *at == (0, call.stop));
                    if boards && near && (4 * HOUR..28 * HOUR).contains(departure) {
                        hours.insert(departure / HOUR);
                    }
                }
            }
            assert_eq!(found as usize, hours.len(), "home {home}: {}", text::show(&town.there));
            hours_seen.insert(found);
        }
    }
    assert!(hours_seen.len() > 2 && hours_seen.contains(&0), "{hours_seen:?}");
}

/// One line from the first stop to the second, 600 m on, by the rows of frequencies.txt; and, if
/// asked for, another line somewhere else.
fn line(frequencies: Vec<Frequency>, other: Option<i64>, seed: u64) -> Town {
    let stop =
        |n: usize, x, y| Stop { id: format!("stop{n}"), is_station: false, parent: None, x, y };
    let call = |stop, time| Call {
        stop,
        arrival: time,
        departure: time,
        pickup: 0,
        drop_off: 0,
        along: None,
        written: Written::Both,
    };
    let trip = |id: &str, route, stops: [usize; 2], first| Trip {
        id: id.into(),
        route,
        service: 0,
        block: None,
        calls: vec![call(stops[0], first), call(stops[1], first + 120)],
        withdrawn: false,
    };
    let mut feed = Feed {
        zone: Some(Zone::London),
        stops: vec![stop(0, 0, 0), stop(1, 600, 0), stop(2, 0, 600), stop(3, 600, 600)],
        routes: vec!["one".into(), "other".into()],
        services: vec![model::Service {
            id: "daily".into(),
            weekly: Some((60, 80, [true; 7])),
            ..Default::default()
        }],
        trips: vec![trip("line", 0, [0, 1], 6 * HOUR)],
        frequencies,
        ..Feed::default()
    };
    if let Some(headway) = other {
        feed.trips.insert(0, trip("other", 1, [2, 3], 6 * HOUR));
        feed.frequencies.iter_mut().for_each(|frequency| frequency.trip = 1);
        feed.frequencies.insert(0, frequency(headway, false));
    }
    let query = Query {
        day: 68,
        zone: Zone::London,
        first: 8 * HOUR,
        step: 60,
        departures: 120,
        max_rides: 4,
        max_time: 2 * HOUR,
        slack: 60,
        phone: false,
        seed,
    };
    let world = World {
        feeds: vec![feed],
        footpaths: Default::default(),
        access: Vec::new(),
        egress: Vec::new(),
        direct: Vec::new(),
        query,
    };
    let mut town = Town::of(world, &mut Dice::new(1));
    // Each 30 m from its stop, 22.5 s: 23 s.
    town.homes = town.network.join([&[at(-30, 0)][..]]);
    town.places = town.network.join([&[at(630, 0)][..]]);
    town
}

fn frequency(headway: i64, exact: bool) -> Frequency {
    Frequency { trip: 0, start: 6 * HOUR, end: 22 * HOUR, headway, exact }
}

/// The travel times of a window from the one home to the one place.
fn times(town: &Town) -> Vec<i64> {
    let mut found = vec![Vec::new()];
    let without_a_walk: Csr<OriginIdx, (PlaceIdx, Seconds)> = Csr::from_rows([[]; 1]);
    let (access, egress) = (town.network.access(&town.homes), town.network.egress(&town.places));
    let walks = Walks { access: &access, egress: &egress, direct: &without_a_walk };
    let departures = town.departures();
    let take = |_,
                row: &mut Vec<i64>,
                times: &mut lastmile::routing::transit::raptor::range::TravelTimes| {
        row.extend(
            (0..times.departures()).map(|n| i64::from(times.at(n, 0).expect("a bus").get())),
        );
    };
    departures.travel_times(&walks, &mut found, &|_| (), take).expect("times");
    found.remove(0)
}

/// The walks, the slack and the ride.
const REST: i64 = 23 + 60 + 120 + 23;

/// With exact times the wait is to the next of them.
#[test]
fn exact_times_are_waited_for_to_the_second() {
    let times = times(&line(vec![frequency(600, true)], None, 1));
    let wait = |n: i64| (600 - (n * 60 + 83) % 600) % 600;
    assert_eq!(times, (0..120).map(|n| REST + wait(n)).collect::<Vec<_>>());
}

/// Without exact times each departure of the window draws a phase of its own: the wait is to the
/// next departure at that phase.
#[test]
fn a_headway_is_waited_for_by_the_phase_that_each_departure_draws() {
    let row = gtfs::Frequency {
        trip: 0,
        start: ServiceTime::hms(6, 0, 0),
        end: ServiceTime::hms(22, 0, 0),
        headway: Seconds::new(600),
        exact: false,
    };
    for seed in 1..4 {
        let wait = |n: i64| {
            let drawn = phase((seed, u32::try_from(n).expect("few")), "line", date(68), &row);
            (i64::from(drawn.get()) - (2 * HOUR + n * 60 + 83)).rem_euclid(600)
        };
        let wanted: Vec<i64> = (0..120).map(|n| REST + wait(n)).collect();
        assert_eq!(times(&line(vec![frequency(600, false)], None, seed)), wanted);
    }
}

/// A wait is even over the headway, so its mean is half of it. By Hoeffding's inequality (JASA 58,
/// 1963, doi:10.1080/01621459.1963.10500830) the mean of n such waits lies further than e from it
/// with a probability of at most 2·exp(−2·n·e²/headway²): of 1,200 waits for 600 s further than 42
/// s with 1 in 64,000. The seeds are fixed.
#[test]
fn the_mean_wait_for_a_headway_is_half_of_it() {
    for headway in [600, 1200] {
        let waits: Vec<i64> = (1..=10)
            .flat_map(|seed| times(&line(vec![frequency(headway, false)], None, seed)))
            .map(|time| time - REST)
            .collect();
        assert_eq!(waits.len(), 1200);
        assert!(waits.iter().all(|wait| (0..headway).contains(wait)));
        #[expect(clippy::cast_precision_loss, reason = "small")]
        let (mean, half) = (waits.iter().sum::<i64>() as f64 / 1200.0, (headway - 1) as f64 / 2.0);
        #[expect(clippy::cast_precision_loss, reason = "small")]
        let allowed = 0.07 * headway as f64;
        assert!((mean - half).abs() < allowed, "{mean}, not {half}");
    }
}

#[test]
fn another_route_s_headway_moves_no_draw() {
    let alone = times(&line(vec![frequency(600, false)], None, 5));
    for other in [300, 420] {
        assert_eq!(times(&line(vec![frequency(600, false)], Some(other), 5)), alone);
    }
    assert_ne!(
        times(&line(vec![frequency(600, false)], None, 6)),
        alone,
        "another seed is another draw"
    );
}

/// Some hours by exact times, the others by a headway.
#[test]
fn exact_times_and_a_headway_stand_beside_each_other() {
    let until_nine = Frequency { end: 9 * HOUR, ..frequency(600, true) };
    let from_nine = Frequency { start: 9 * HOUR, ..frequency(600, false) };
    let times = times(&line(vec![until_nine, from_nine], None, 1));
    let wait = |n: i64| (600 - (n * 60 + 83) % 600) % 600;
    // The last of the exact ones leaves at 08:50; who leaves at 08:48 is ready for it at 08:49:23.
    let by_the_clock: Vec<i64> = (0..49).map(|n| REST + wait(n)).collect();
    assert_eq!(times[..49], by_the_clock);
    assert_ne!(times[49..], (49..120).map(|n| REST + wait(n)).collect::<Vec<_>>());
    assert!(times[60..].iter().all(|time| (REST..REST + 600).contains(time)), "{times:?}");
}
