//! Random scenarios on random feeds. Each kind whose effect on a timetable can be told in the model
//! of the feeds is made there too, and the search on the changed feeds held to the slow router,
//! which knows the changed model alone. And whatever a scenario does: if it only takes away, no
//! time of anybody to anywhere is shorter, and if it only adds, none is longer.

use std::collections::BTreeMap;

use crate::support::random_feeds::engine::{Engine, Times};
use crate::support::random_feeds::model::{At, Call, Feed, Service, Stop, Trip, World, Written};
use crate::support::random_feeds::seeded::Dice;
use crate::support::random_feeds::slow::Slow;
use crate::support::random_feeds::{cases, draw, folder, text};
use lastmile::geometry::{LonLat, Projection};
use lastmile::inputs::project::Modification;
use lastmile::scenario::ScenarioError;
use lastmile::scenario::apply::apply;

/// A scenario in words and, where the model can tell it, the world as it leaves it.
struct Change {
    kind: &'static str,
    words: String,
    world: World,
}

/// The kinds that the model can tell.
const TOLD: [&str; 8] =
    ["cut", "skip", "shorten", "slow", "reroute", "add_stop", "move_stop", "add_route"];

#[test]
fn the_search_on_changed_feeds_is_the_slow_routers_on_the_changed_world() {
    let folder = folder();
    let cases = cases(1500);
    let (mut applied, mut moved): (BTreeMap<&str, u64>, BTreeMap<&str, u64>) = Default::default();
    for seed in cases.clone() {
        let mut world = draw::world(seed);
        plain(&mut world);
        let mut dice = Dice::new(seed ^ 0xc4a9_6e5e);
        let Some(change) = told(&mut dice, &world) else { continue };
        let feeds = Engine::read(&world, folder.path(), None).feeds;
        let modification =
            Modification::from_words(change.kind, &change.words).expect("known words");
        let changed = match apply(&feeds, std::slice::from_ref(&modification)) {
            Ok(applied) => applied.feeds,
            Err(ScenarioError::NothingChanged { .. } | ScenarioError::NoSuch { .. }) => {
                let same = slow_times(&change.world) == slow_times(&world);
                assert!(
                    same,
                    "seed {seed}: `{modification}` was refused, but would change something"
                );
                continue;
            }
            // In two feeds a stop of that name may lie in two places.
            Err(ScenarioError::Unfit { .. }) if change.kind == "move_stop" => continue,
            Err(error) => panic!("seed {seed}: `{modification}`: {error}"),
        };
        *applied.entry(change.kind).or_default() += 1;
        let fast = Engine::of(&change.world, changed).times();
        let slow = slow_times(&change.world);
        assert!(
            fast == slow,
            "seed {seed}: `{modification}`\n{}\n{}",
            text::show(&world),
            differences(&fast, &slow)
        );
        let before = Engine::read(&world, folder.path(), None).times();
        *moved.entry(change.kind).or_default() += u64::from(before != fast);
    }
    let wanted = (cases.end - cases.start) / 100;
    for kind in TOLD {
        let (applied, moved) = (applied.get(kind).unwrap_or(&0), moved.get(kind).unwrap_or(&0));
        assert!(
            *moved > wanted / 4 && *applied > wanted,
            "{kind}: {applied} applied, {moved} of them moved a time"
        );
    }
}

#[test]
fn what_only_takes_away_makes_nothing_shorter_and_what_only_adds_nothing_longer() {
    let folder = folder();
    let cases = cases(3000);
    let (mut longer, mut shorter, mut asserted) = (0, 0, 0);
    for seed in cases.clone() {
        let world = draw::world(seed);
        let mut dice = Dice::new(seed ^ 0x9a4d_0b57);
        let engine = Engine::read(&world, folder.path(), None);
        let before = engine.times();
        let mut feeds = engine.feeds.clone();
        let mut done: Vec<Modification> = Vec::new();
        let only_adds = dice.one_in(3);
        for _ in 0..dice.between(1, 3) {
            let (kind, words) =
                if only_adds { adding(&mut dice, &world) } else { any(&mut dice, &world) };
            let modification = Modification::from_words(kind, &words).expect("known words");
            if let Ok(applied) = apply(&feeds, std::slice::from_ref(&modification)) {
                feeds = applied.feeds;
                done.push(modification);
            }
        }
        if done.is_empty() {
            continue;
        }
        // All of them at once make the same feeds as one after the other.
        let at_once = apply(&engine.feeds, &done).expect("each could be applied").feeds;
        let mut other = world.clone();
        if let Some(added) = feeds.get(world.feeds.len()) {
            other.feeds.push(known(added));
            let number = world.feeds.len();
            (0..added.stops.len()).for_each(|stop| walks_to(&mut dice, &mut other, (number, stop)));
        }
        let after = Engine::of(&other, feeds).times();
        assert!(after == Engine::of(&other, at_once).times(), "seed {seed}");
        let may = |way: fn(&Modification) -> bool| done.iter().any(way);
        let (may_lengthen, may_shorten) =
            (may(|one| one.acts().longer), may(|one| one.acts().shorter));
        let said: Vec<String> = done.iter().map(Modification::to_string).collect();
        for ((origin, departure, place), (before, after)) in each(&before, &after) {
            let key = |time: Option<i64>| time.unwrap_or(i64::MAX);
            let at =
                format!("seed {seed}, from {origin} to {place}, departure {departure}: {said:?}");
            assert!(may_shorten || key(after) >= key(before), "{at}: {before:?} became {after:?}");
            assert!(may_lengthen || key(after) <= key(before), "{at}: {before:?} became {after:?}");
            longer += u64::from(key(after) > key(before) && !may_shorten);
            shorter += u64::from(key(after) < key(before) && !may_lengthen);
        }
        asserted += u64::from(!may_lengthen || !may_shorten);
    }
    let all = cases.end - cases.start;
    assert!(
        asserted * 3 > all && longer > all && shorter * 4 > all,
        "{asserted}: {longer} longer, {shorter} shorter"
    );
}

/// Origin, departure and place, with the times before and after.
type Cell = ((usize, usize, usize), (Option<i64>, Option<i64>));

fn each(before: &Times, after: &Times) -> impl Iterator<Item = Cell> {
    before.iter().zip(after).enumerate().flat_map(|(origin, (before, after))| {
        before.iter().zip(after).enumerate().flat_map(move |(departure, (before, after))| {
            let cells = before.iter().zip(after).enumerate();
            cells.map(move |(place, (b, a))| ((origin, departure, place), (*b, *a)))
        })
    })
}

fn differences(fast: &Times, slow: &Times) -> String {
    let cells = each(fast, slow).filter(|(_, (fast, slow))| fast != slow);
    cells.map(|(at, (fast, slow))| format!("{at:?}: {fast:?}, not {slow:?}\n")).collect()
}

fn slow_times(world: &World) -> Times {
    let draws: Vec<Slow> = if world.has_headways() {
        (0..world.query.departures)
            .map(|n| Slow::new(world, u32::try_from(n).expect("few")))
            .collect()
    } else {
        vec![Slow::new(world, 0)]
    };
    let at = |origin: usize, n: i64| {
        let slow = &draws[usize::try_from(n).expect("few") % draws.len()];
        slow.travel_times(origin, world.departure(n))
    };
    let departures = world.query.departures;
    (0..world.access.len()).map(|origin| (0..departures).map(|n| at(origin, n)).collect()).collect()
}

/// A world without what hangs on the feed as published: seats, and trips that are out already.
fn plain(world: &mut World) {
    for feed in &mut world.feeds {
        feed.transfers.retain(|row| row.kind < 4);
        feed.trips.iter_mut().for_each(|trip| (trip.block, trip.withdrawn) = (None, false));
    }
}

/// Enough of a feed for its stops to be found.
fn known(feed: &lastmile::inputs::gtfs::Feed) -> Feed {
    let stop = |stop: &lastmile::inputs::gtfs::Stop| Stop {
        id: stop.id.clone(),
        is_station: false,
        parent: None,
        x: 0,
        y: 0,
    };
    Feed { stops: feed.stops.iter().map(stop).collect(), ..Feed::default() }
}

fn a_trip<'w>(dice: &mut Dice, world: &'w World) -> &'w Trip {
    let feed = &world.feeds[dice.at(world.feeds.len())];
    &feed.trips[dice.at(feed.trips.len())]
}

fn stop_of<'w>(world: &'w World, trip: &Trip, call: usize) -> &'w str {
    let feed =
        world.feeds.iter().find(|feed| feed.trips.iter().any(|other| std::ptr::eq(other, trip)));
    &feed.expect("its feed").stops[trip.calls[call].stop].id
}

/// Which trips, at random.
fn trips(dice: &mut Dice, world: &World) -> String {
    let trip = a_trip(dice, world);
    let which = match dice.roll(5) {
        0 => format!("trip={}", trip.id),
        1 => format!("route={}", world.feeds[0].routes[0]),
        2 => format!("stop={}", stop_of(world, trip, 0)),
        3 => format!(
            "pattern={} > {}",
            stop_of(world, trip, 0),
            stop_of(world, trip, trip.calls.len() - 1)
        ),
        _ => "operator=Buses".to_owned(),
    };
    let first = trip.calls[0].departure.clamp(0, 46 * 3600);
    let clock = |seconds: i64| format!("{:02}:{:02}", seconds / 3600, seconds % 3600 / 60);
    let band = match dice.roll(5) {
        0 => format!(" after={}", clock(first)),
        1 => format!(" before={}", clock(first + 600)),
        2 => format!(" between={}-{}", clock(first), clock(first + 3600)),
        _ => String::new(),
    };
    let days = if dice.one_in(4) { " days=mon-thu" } else { "" };
    format!("{which}{band}{days}")
}

/// Any kind that is about the timetable.
fn any(dice: &mut Dice, world: &World) -> (&'static str, String) {
    let trip = a_trip(dice, world);
    let (a, b) = (dice.at(trip.calls.len()), dice.at(trip.calls.len()));
    let (a, b) = (stop_of(world, trip, a.min(b)), stop_of(world, trip, a.max(b)));
    let id = &trip.id;
    match dice.roll(10) {
        0 => ("cut", trips(dice, world)),
        1 => ("thin", trips(dice, world)),
        2 => {
            let begin = trip.calls[0].departure.clamp(0, 40 * 3600) / 3600;
            let minutes = dice.pick(&[7, 20, 45]);
            (
                "headway",
                format!(
                    "{} minutes={minutes} between={begin:02}:00-{:02}:00",
                    id_alone(id),
                    begin + 2
                ),
            )
        }
        3 => ("shorten", format!("{} to={b}", trips(dice, world))),
        4 => ("shorten", format!("{} from={a}", trips(dice, world))),
        5 => ("skip", format!("{} stops={a}", trips(dice, world))),
        6 => (dice.pick(&["slow", "speed"]), format!("{} factor=1.3", trips(dice, world))),
        7 => ("reroute", format!("{} from={a} to={b} minutes=4", id_alone(id))),
        8 => ("add_stop", format!("{} stop={b} dwell={}", id_alone(id), dice.pick(&[0, 0, 30]))),
        _ => adding(dice, world),
    }
}

/// A kind that only adds.
fn adding(dice: &mut Dice, world: &World) -> (&'static str, String) {
    let trip = a_trip(dice, world);
    let (a, b) = (dice.at(trip.calls.len()), dice.at(trip.calls.len()));
    let (a, b) = (stop_of(world, trip, a.min(b)), stop_of(world, trip, a.max(b)));
    if dice.one_in(2) {
        let (which, stop) = (trips(dice, world), platform(&world.feeds[0], dice));
        let which = if which.contains("stop=") { id_alone(&trip.id) } else { which };
        return ("add_stop", format!("{which} stop={stop} dwell=0"));
    }
    let hour = world.query.first.clamp(0, 44 * 3600) / 3600;
    let times = format!("headway={} between={hour:02}:00-{:02}:00", dice.pick(&[6, 15]), hour + 2);
    ("add_route", format!("stops={a};{b} speed=20 {times}"))
}

fn id_alone(id: &str) -> String {
    format!("trip={id}")
}

/// A change with the world as it leaves it.
fn told(dice: &mut Dice, world: &World) -> Option<Change> {
    let trip = a_trip(dice, world);
    let id = trip.id.clone();
    let (a, b) = (dice.at(trip.calls.len()), dice.at(trip.calls.len()));
    let (a, b) =
        (stop_of(world, trip, a.min(b)).to_owned(), stop_of(world, trip, a.max(b)).to_owned());
    let mut other = world.clone();
    let kind = dice.pick(&TOLD);
    let words = match kind {
        "cut" => {
            trips_of(&mut other, &id).for_each(|(trip, _)| trip.withdrawn = true);
            format!("trip={id}")
        }
        "skip" => {
            for (trip, stops) in trips_of(&mut other, &id) {
                trip.calls.iter_mut().filter(|call| stops[call.stop].id == a).for_each(close);
            }
            format!("trip={id} stops={a}")
        }
        "shorten" => {
            let (from, to) = if dice.one_in(2) { (Some(a), None) } else { (None, Some(b)) };
            for (trip, stops) in trips_of(&mut other, &id) {
                shorten(trip, stops, from.as_deref(), to.as_deref());
            }
            let end = from.map_or_else(
                || to.map(|to| format!("to={to}")),
                |from| Some(format!("from={from}")),
            );
            format!("trip={id} {}", end.expect("an end"))
        }
        "slow" => {
            trips_of(&mut other, &id).for_each(|(trip, _)| slower(trip, 1.3));
            format!("trip={id} factor=1.3")
        }
        "reroute" => reroute(dice, &mut other, (&id, &a, &b)),
        "add_stop" => add_stop(dice, &mut other, (&id, &a, &b))?,
        "move_stop" => move_stop(dice, &mut other, &a),
        _ => add_route(dice, &mut other, (&a, &b))?,
    };
    Some(Change { kind, words, world: other })
}

fn trips_of<'w>(
    world: &'w mut World,
    id: &str,
) -> impl Iterator<Item = (&'w mut Trip, &'w [Stop])> {
    world.feeds.iter_mut().flat_map(move |feed| {
        let stops: &[Stop] = &feed.stops;
        feed.trips.iter_mut().filter(move |trip| trip.id == id).map(move |trip| (trip, stops))
    })
}

fn close(call: &mut Call) {
    (call.pickup, call.drop_off) = (1, 1);
}

fn is_open(call: &Call) -> bool {
    call.pickup != 1 || call.drop_off != 1
}

fn shorten(trip: &mut Trip, stops: &[Stop], from: Option<&str>, to: Option<&str>) {
    let last = trip.calls.len() - 1;
    let at =
        |name: &str, begin: usize| (begin..=last).find(|n| stops[trip.calls[*n].stop].id == name);
    let Some(begin) = from.map_or(Some(0), |from| at(from, 0)) else { return };
    let Some(end) = to.map_or(Some(last), |to| at(to, begin + 1)) else { return };
    for (number, call) in trip.calls.iter_mut().enumerate() {
        if number < begin || number > end {
            close(call);
        } else if number == begin && begin > 0 {
            call.drop_off = 1;
        } else if number == end && end < last {
            call.pickup = 1;
        }
    }
}

fn slower(trip: &mut Trip, factor: f64) {
    let first = trip.calls[0].departure;
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "days at most"
    )]
    let scaled = |time: i64| first + ((time - first) as f64 * factor).round() as i64;
    for call in &mut trip.calls {
        call.departure = scaled(call.departure);
        call.arrival = scaled(call.arrival).min(call.departure);
    }
}

fn call(stop: usize, arrival: i64, departure: i64) -> Call {
    Call { stop, arrival, departure, pickup: 0, drop_off: 0, along: None, written: Written::Both }
}

fn later(call: &Call, by: i64) -> Call {
    Call { arrival: call.arrival + by, departure: call.departure + by, ..*call }
}

/// From `a` to `b` over a stop of the first feed that is at the end of its list, or straight.
fn reroute(dice: &mut Dice, world: &mut World, (id, a, b): (&str, &str, &str)) -> String {
    let over = dice.one_in(2);
    let legs: Vec<i64> = (0..1 + i64::from(over)).map(|_| dice.between(1, 9)).collect();
    let via = platform(&world.feeds[0], dice);
    for feed in &mut world.feeds {
        // A stop of another feed is copied; a stop of both feeds is the feed's own.
        let own = feed.stops.iter().position(|stop| stop.id == via);
        let chosen = feed.trips.iter().any(|trip| trip.id == id);
        if own.is_none() && over && chosen {
            feed.stops.push(Stop { id: via.clone(), is_station: false, parent: None, x: 0, y: 0 });
        }
        let via = own.unwrap_or(feed.stops.len() - 1);
        let stops = feed.stops.clone();
        for trip in feed.trips.iter_mut().filter(|trip| trip.id == id) {
            let at = |name: &str, begin: usize| {
                (begin..trip.calls.len())
                    .find(|n| is_open(&trip.calls[*n]) && stops[trip.calls[*n].stop].id == name)
            };
            let Some(begin) = at(a, 0) else { continue };
            let Some(end) = at(b, begin + 1) else { continue };
            let mut calls = trip.calls[..=begin].to_vec();
            let mut time = calls[begin].departure;
            for (nth, leg) in legs.iter().enumerate() {
                time += leg * 60;
                if over && nth == 0 {
                    calls.push(call(via, time, time));
                }
            }
            let by = time - trip.calls[end].arrival;
            calls.extend(trip.calls[end..].iter().map(|call| later(call, by)));
            trip.calls = calls;
        }
    }
    let minutes: Vec<String> = legs.iter().map(i64::to_string).collect();
    let over = if over { format!(" via={via}") } else { String::new() };
    format!("trip={id} from={a} to={b}{over} minutes={}", minutes.join(","))
}

/// A platform of a feed that is not far from its others.
fn platform(feed: &Feed, dice: &mut Dice) -> String {
    let platforms: Vec<&Stop> = feed.stops.iter().filter(|stop| !stop.is_station).collect();
    platforms[dice.at(platforms.len())].id.clone()
}

fn add_stop(
    dice: &mut Dice,
    world: &mut World,
    (id, behind, _): (&str, &str, &str),
) -> Option<String> {
    let (dwell, adds) = (dice.roll(60), dice.roll(5));
    let stop = platform(&world.feeds[0], dice);
    for feed in &mut world.feeds {
        if feed.trips.iter().all(|trip| trip.id != id) {
            continue;
        }
        // What is a copy lies where the other feed's stop does: told only where the feed has it.
        let stop = feed.stops.iter().position(|own| own.id == stop)?;
        let stops = feed.stops.clone();
        for trip in feed.trips.iter_mut().filter(|trip| trip.id == id) {
            if trip.calls.iter().any(|call| call.stop == stop && is_open(call)) {
                continue;
            }
            let last = trip.calls.len() - 1;
            let at = (0..last)
                .find(|n| is_open(&trip.calls[*n]) && stops[trip.calls[*n].stop].id == behind);
            let Some(at) = at else { continue };
            let metres = |a: usize, b: usize| far(&stops[a], &stops[b]);
            let to = metres(trip.calls[at].stop, stop);
            let from = metres(stop, trip.calls[at + 1].stop);
            let share = if to + from > 0.0 { to / (to + from) } else { 0.5 };
            let driving = trip.calls[at + 1].arrival - trip.calls[at].departure + adds * 60;
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                reason = "minutes"
            )]
            let arrival = trip.calls[at].departure + (driving as f64 * share).round() as i64;
            let mut calls = trip.calls[..=at].to_vec();
            calls.push(call(stop, arrival, arrival + dwell));
            calls.extend(trip.calls[at + 1..].iter().map(|call| later(call, adds * 60 + dwell)));
            trip.calls = calls;
        }
    }
    Some(format!("trip={id} stop={stop} behind={behind} dwell={dwell} adds={adds}"))
}

/// As the crow flies: where stops lie is no matter of scenarios.
fn far(a: &Stop, b: &Stop) -> f64 {
    let place = |stop: &Stop| {
        let (lat, lon) = text::place(stop);
        LonLat::new(lon.parse().expect("degrees"), lat.parse().expect("degrees"))
            .expect("on the globe")
    };
    let projection = Projection::about(place(a));
    projection.project(place(a)).distance(projection.project(place(b))).get()
}

/// Puts a stop elsewhere, with walks of its own.
fn move_stop(dice: &mut Dice, world: &mut World, stop: &str) -> String {
    for number in 0..world.feeds.len() {
        let feed = &mut world.feeds[number];
        let Some(old) = feed.stops.iter().position(|own| own.id == stop) else { continue };
        let new = feed.stops.len();
        feed.stops.push(Stop {
            id: stop.to_owned(),
            is_station: false,
            parent: None,
            x: 5000,
            y: 5000,
        });
        for call in
            feed.trips.iter_mut().flat_map(|trip| &mut trip.calls).filter(|call| is_open(call))
        {
            if call.stop == old {
                call.stop = new;
            }
        }
        walks_to(dice, world, (number, new));
    }
    format!("stop={stop} to=-0.03 51.55")
}

/// Walks to and from a stop that is new.
fn walks_to(dice: &mut Dice, world: &mut World, new: At) {
    let (origin, place) = (dice.at(world.access.len()), dice.at(world.egress.len()));
    world.access[origin].push((new, dice.roll(600)));
    world.egress[place].push((new, dice.roll(300)));
    let other = (0, dice.at(world.feeds[0].stops.len()));
    if other != new && !world.feeds[0].stops[other.1].is_station {
        world.footpaths.insert((new, other), dice.roll(300));
        world.footpaths.insert((other, new), dice.roll(300));
    }
}

/// A new line between two stops, in a feed of its own.
fn add_route(dice: &mut Dice, world: &mut World, (a, b): (&str, &str)) -> Option<String> {
    let (day, zone) = (world.query.day, world.feeds[0].zone);
    let runs: Vec<i64> = (day - 100..day + 100)
        .filter(|day| {
            world.feeds.iter().flat_map(|feed| &feed.services).any(|one| one.runs_on(*day))
        })
        .collect();
    let (first, last) = (*runs.first()?, *runs.last()?);
    // Of stops with a name in both feeds the first feed's is taken, and then the one nearest to it.
    let find = |name: &str| world.feeds[0].stops.iter().find(|stop| stop.id == name);
    let (from, to) = (find(a)?.clone(), find(b)?.clone());
    let only = |name: &str| {
        world.feeds[1..].iter().all(|feed| feed.stops.iter().all(|stop| stop.id != name))
    };
    if !only(a) || !only(b) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "minutes")]
    let leg = (far(&from, &to) / (20.0 / 3.6)).ceil().max(1.0) as i64;
    let (hour, headway) = (world.query.first.clamp(0, 44 * 3600) / 3600, dice.pick(&[6, 15, 40]));
    let plain = |stop: &Stop| Stop { parent: None, ..stop.clone() };
    let mut feed = Feed {
        zone,
        stops: vec![plain(&from), plain(&to)],
        routes: vec!["new".into()],
        services: vec![Service {
            id: "new".into(),
            weekly: Some((first, last, [true; 7])),
            ..Service::default()
        }],
        ..Feed::default()
    };
    for (from, to) in [(0, 1), (1, 0)] {
        for time in (hour * 3600..(hour + 2) * 3600)
            .step_by(usize::try_from(headway * 60).expect("above 0"))
        {
            let calls = vec![call(from, time, time), call(to, time + leg, time + leg)];
            let id = format!("{from}-{time}");
            feed.trips.push(Trip {
                id,
                route: 0,
                service: 0,
                block: None,
                calls,
                withdrawn: false,
            });
        }
    }
    let number = world.feeds.len();
    world.feeds.push(feed);
    walks_to(dice, world, (number, 0));
    walks_to(dice, world, (number, 1));
    Some(format!(
        "stops={a};{b} speed=20 headway={headway} between={hour:02}:00-{:02}:00",
        hour + 2
    ))
}
