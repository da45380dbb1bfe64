//! Worlds by the roll of dice, with everything that trips a router.

use std::collections::BTreeMap;

use super::model::{
    At, BACK, Call, FORWARD, Feed, Frequency, Query, Service, Stop, Transfer, Trip, World, Written,
    Zone,
};
use super::seeded::Dice;
use super::text;

const DAY: i64 = 86_400;

/// The world of a seed.
pub fn world(seed: u64) -> World {
    let mut dice = Dice::new(seed.wrapping_mul(0xd134_2543_de82_ef95));
    let query = query(&mut dice);
    let mut feeds = vec![feed(&mut dice, &query, query.zone)];
    if dice.one_in(3) {
        let zone = dice.pick(&[Zone::London, Zone::Paris]);
        feeds.push(if dice.one_in(3) { feeds[0].clone() } else { feed(&mut dice, &query, zone) });
    }
    let stops: Vec<At> = feeds
        .iter()
        .enumerate()
        .flat_map(|(f, feed)| platforms(feed).map(move |s| (f, s)))
        .collect();
    let mut footpaths = BTreeMap::new();
    for _ in 0..dice.at(2 * stops.len()) {
        let (from, to) = (dice.pick(&stops), dice.pick(&stops));
        if from != to {
            footpaths.insert((from, to), dice.roll(700));
        }
    }
    let some = |dice: &mut Dice, most: i64| -> Vec<(At, i64)> {
        let links: BTreeMap<At, i64> =
            (0..dice.between(1, most)).map(|_| (dice.pick(&stops), dice.roll(600))).collect();
        links.into_iter().collect()
    };
    // Every stop is a place, and there are some that several stops lead to.
    let mut egress: Vec<Vec<(At, i64)>> =
        stops.iter().map(|at| vec![(*at, dice.roll(3) * 50)]).collect();
    let more = if dice.one_in(200) { 300 } else { dice.pick(&[2, 2, 2, 2, 2, 2, 2, 20]) };
    egress.extend((0..dice.roll(more)).map(|_| some(&mut dice, 3)).collect::<Vec<_>>());
    let origins = dice.between(1, 3);
    let access = (0..origins).map(|_| some(&mut dice, 3)).collect();
    let direct = (0..origins)
        .map(|_| (0..dice.roll(3)).map(|_| (dice.at(egress.len()), dice.roll(4000))).collect())
        .collect();
    let mut world = World { feeds, footpaths, access, egress, direct, query };
    if world.has_headways() {
        world.query.departures = world.query.departures.min(3);
    }
    // With dice of its own: the worlds without cuts stay as they were.
    let mut cut = Dice::new(seed ^ 0x5eed_c0de);
    if cut.one_in(2) {
        world.feeds.iter_mut().for_each(|feed| withdraw(&mut cut, feed));
    }
    world
}

/// Takes some trips out, mostly from between two others of their block.
fn withdraw(dice: &mut Dice, feed: &mut Feed) {
    let block_of = |trip: &Trip| trip.block.clone().filter(|_| trip.calls.len() > 1);
    let between = |trip: &usize| {
        let this = &feed.trips[*trip];
        let start = |other: &Trip| other.calls[0].departure - this.calls[0].departure;
        let mates = || {
            feed.trips.iter().filter(|other| block_of(other).is_some() && other.block == this.block)
        };
        mates().any(|other| start(other) < 0) && mates().any(|other| start(other) > 0)
    };
    let middle: Vec<usize> = (0..feed.trips.len()).filter(between).collect();
    if !middle.is_empty() {
        feed.trips[dice.pick(&middle)].withdrawn = true;
    }
    for trip in &mut feed.trips {
        trip.withdrawn |= dice.one_in(20);
    }
}

fn query(dice: &mut Dice) -> Query {
    let day = match dice.roll(4) {
        0 => FORWARD + dice.between(-1, 1),
        1 => BACK + dice.between(-1, 1),
        _ => 60 + dice.roll(14),
    };
    let hour = 3600;
    let first = match dice.roll(6) {
        0 => dice.between(-hour, 3 * hour),
        1 => dice.between(22 * hour, 24 * hour),
        2 => dice.between(24 * hour, 27 * hour),
        _ => dice.between(5 * hour, 20 * hour),
    };
    let (step, departures) =
        if dice.one_in(20) { (3600, 4) } else { (dice.pick(&[60, 60, 7, 1, 300, 600]), 12) };
    let longest = if dice.one_in(20) { 50_000 } else { 7200 };
    Query {
        day,
        zone: if dice.one_in(5) { Zone::Paris } else { Zone::London },
        first: if dice.one_in(2) { first / 60 * 60 } else { first },
        step,
        departures: dice.between(1, departures),
        max_rides: dice.between(1, 5),
        max_time: dice.between(600, longest),
        slack: dice.pick(&[0, 60, 60, 90]),
        phone: dice.one_in(4),
        seed: dice.roll(1000).unsigned_abs(),
    }
}

fn platforms(feed: &Feed) -> impl Iterator<Item = usize> {
    (0..feed.stops.len()).filter(|stop| !feed.stops[*stop].is_station)
}

fn feed(dice: &mut Dice, query: &Query, zone: Zone) -> Feed {
    let mut feed = Feed { zone: Some(zone), ..Feed::default() };
    stops(dice, &mut feed);
    feed.routes = (0..dice.between(1, 3)).map(|n| format!("r{n}")).collect();
    feed.services = (0..dice.between(1, 3)).map(|n| service(dice, query, n)).collect();
    let ahead = (query.zone.day_begins(query.day) - zone.day_begins(query.day)) + query.first;
    let most = dice.between(2, 12);
    let chained = dice.one_in(3);
    while i64::try_from(feed.trips.len()).expect("few") < most {
        line(dice, &mut feed, ahead, chained);
    }
    feed.trips.truncate(usize::try_from(most).expect("few"));
    dice.shuffle(&mut feed.trips);
    for (number, trip) in feed.trips.iter_mut().enumerate() {
        trip.id = format!("t{number}");
    }
    write_less(dice, &mut feed);
    if dice.one_in(3) {
        frequencies(dice, &mut feed, ahead);
    }
    if dice.one_in(2) {
        transfers(dice, &mut feed);
    }
    if chained {
        seats(dice, &mut feed);
    }
    feed
}

fn stops(dice: &mut Dice, feed: &mut Feed) {
    let platforms = dice.between(2, 6);
    let stations = dice.at(3);
    for n in 0..platforms {
        // One of nine cells, in its corner or 40 m beside it.
        let (x, y) = (dice.roll(3) * 300 + dice.roll(2) * 40, dice.roll(3) * 300);
        feed.stops.push(Stop { id: n.to_string(), is_station: false, parent: None, x, y });
    }
    for n in 0..stations {
        let (x, y) = (dice.roll(3) * 300, dice.roll(3) * 300);
        let number = feed.stops.len();
        feed.stops.push(Stop { id: format!("s{n}"), is_station: true, parent: None, x, y });
        for stop in feed.stops.iter_mut().filter(|stop| !stop.is_station) {
            if dice.one_in(3) {
                stop.parent = Some(number);
            }
        }
    }
}

fn service(dice: &mut Dice, query: &Query, number: i64) -> Service {
    let near = |dice: &mut Dice| query.day + dice.between(-3, 1);
    let weekly = (!dice.one_in(4)).then(|| {
        let all = dice.one_in(2);
        let days = std::array::from_fn(|_| all || !dice.one_in(3));
        let narrow = dice.one_in(4);
        let (before, after) = if narrow { (dice.roll(3), dice.roll(2)) } else { (20, 20) };
        (query.day - before, query.day + after, days)
    });
    let mut added: Vec<i64> = if weekly.is_none() { vec![query.day] } else { Vec::new() };
    added.extend((0..dice.at(3)).map(|_| near(dice)));
    let mut removed: Vec<i64> = if dice.one_in(4) { vec![near(dice)] } else { Vec::new() };
    for dates in [&mut added, &mut removed] {
        dates.sort_unstable();
        dates.dedup();
    }
    Service { id: format!("w{number}"), weekly, added, removed }
}

/// Some trips along one way, begun around `ahead`; on a chained feed others that the same vehicle
/// may go on with.
fn line(dice: &mut Dice, feed: &mut Feed, ahead: i64, chained: bool) {
    let way = way(dice, feed);
    let even = dice.one_in(2);
    let (route, service) = (dice.at(feed.routes.len()), dice.at(feed.services.len()));
    for _ in 0..dice.between(1, 4) {
        let service = if dice.one_in(4) { dice.at(feed.services.len()) } else { service };
        let days = dice.pick(&[0, 0, 0, 0, 0, 0, 1, 1, 2, 3, -1, -1]);
        let mut begin = ahead + dice.between(-900, 5400) + days * DAY;
        while begin < 0 {
            begin += DAY;
        }
        let calls = calls(dice, &way, begin, even);
        let block = (chained && !dice.one_in(3)).then(|| format!("b{}", dice.roll(3)));
        let trip = Trip { id: String::new(), route, service, block, calls, withdrawn: false };
        let next = (chained && !dice.one_in(3)).then(|| continued(dice, feed, &trip, even));
        feed.trips.push(trip);
        feed.trips.extend(next);
    }
}

/// A trip that sets out where and when another has ended, or nearly so.
fn continued(dice: &mut Dice, feed: &Feed, trip: &Trip, even: bool) -> Trip {
    let last = trip.calls.last().expect("calls");
    let mut way = way(dice, feed);
    if !dice.one_in(4) {
        way[0].0 = last.stop;
    }
    let begin = (last.arrival + dice.pick(&[0, 0, 30, 300])).max(0);
    let service = if dice.one_in(5) { dice.at(feed.services.len()) } else { trip.service };
    let calls = calls(dice, &way, begin, even);
    Trip {
        id: String::new(),
        route: dice.at(feed.routes.len()),
        service,
        block: trip.block.clone(),
        calls,
        withdrawn: false,
    }
}

/// Stops with their pick-up and drop-off rules: anywhere, round a loop, or out and back.
fn way(dice: &mut Dice, feed: &Feed) -> Vec<(usize, u8, u8)> {
    let stops: Vec<usize> = platforms(feed).collect();
    let mut way: Vec<usize> = (0..dice.between(2, 5)).map(|_| dice.pick(&stops)).collect();
    match dice.roll(5) {
        0 => way.push(way[0]),
        1 => way.extend(way.clone().iter().rev().skip(1).take(2)),
        _ => {}
    }
    let rule = |dice: &mut Dice| dice.pick(&[0, 0, 0, 0, 0, 0, 0, 1, 2, 3]);
    way.into_iter().map(|stop| (stop, rule(dice), rule(dice))).collect()
}

/// The calls of a trip; each trip has its own pace, so that one may overtake another.
fn calls(dice: &mut Dice, way: &[(usize, u8, u8)], begin: i64, even: bool) -> Vec<Call> {
    let unit = if even { 60 } else { 1 };
    let mut clock = begin / unit * unit;
    let mut calls = Vec::new();
    for (stop, pickup, drop_off) in way {
        let arrival = clock;
        clock += if dice.one_in(3) { dice.roll(120) / unit * unit } else { 0 };
        let departure = clock;
        clock += if dice.one_in(5) { 0 } else { dice.roll(600) / unit * unit };
        // Now and then a night train, or one that stands until the next day.
        clock += if dice.one_in(150) { dice.between(1, 15) * 7200 } else { 0 };
        let (pickup, drop_off) = (*pickup, *drop_off);
        calls.push(Call {
            stop: *stop,
            arrival,
            departure,
            pickup,
            drop_off,
            along: None,
            written: Written::Both,
        });
    }
    // No vehicle is everywhere at once.
    if calls[0].departure == calls[calls.len() - 1].arrival
        && let Some(last) = calls.last_mut()
    {
        last.arrival += 60;
        last.departure += 60;
    }
    calls
}

/// Leaves times of some calls to be copied or filled in by who reads them.
fn write_less(dice: &mut Dice, feed: &mut Feed) {
    let stops = feed.stops.clone();
    for trip in &mut feed.trips {
        if dice.one_in(3) {
            let mut along = 0;
            for call in &mut trip.calls {
                call.along = Some(along);
                along += dice.roll(40);
            }
        }
        for call in &mut trip.calls {
            if call.arrival == call.departure && dice.one_in(6) {
                call.written = dice.pick(&[Written::ArrivalAlone, Written::DepartureAlone]);
            }
        }
        if dice.one_in(3) && trip.calls.len() > 2 {
            let from = dice.at(trip.calls.len() - 2);
            let to = from + 2 + dice.at(trip.calls.len() - from - 2);
            fill(&mut trip.calls[from..=to], &stops);
        }
    }
}

/// Blanks the calls between the two ends and sets them in proportion to the way; none if a half
/// second could fall either way.
fn fill(stretch: &mut [Call], stops: &[Stop]) {
    let steps = steps(stretch, stops);
    let whole: f64 = steps.iter().sum();
    let (start, last) = (stretch[0].departure, stretch.len() - 1);
    #[expect(clippy::cast_precision_loss, reason = "minutes")]
    let span = (stretch[last].arrival - start) as f64;
    let mut filled = Vec::new();
    for inner in 1..last {
        #[expect(clippy::cast_precision_loss, reason = "few calls")]
        let share = if whole > 0.0 {
            steps[..inner].iter().sum::<f64>() / whole
        } else {
            inner as f64 / last as f64
        };
        let time = span * share;
        if (time.fract() - 0.5).abs() < 0.01 {
            return;
        }
        #[expect(clippy::cast_possible_truncation, reason = "minutes")]
        filled.push(start + time.round() as i64);
    }
    for (call, time) in stretch[1..last].iter_mut().zip(filled) {
        *call = Call { arrival: time, departure: time, written: Written::Blank, ..*call };
    }
}

/// How far it is from call to call: as the feed says, else as the crow flies (the haversine).
fn steps(stretch: &[Call], stops: &[Stop]) -> Vec<f64> {
    #[expect(clippy::cast_precision_loss, reason = "small")]
    let said: Option<Vec<f64>> =
        stretch.windows(2).map(|pair| Some((pair[1].along? - pair[0].along?) as f64)).collect();
    let crow = || {
        let place = |call: &Call| {
            let (lat, lon) = text::place(&stops[call.stop]);
            let radians = |text: String| text.parse::<f64>().expect("degrees").to_radians();
            (radians(lat), radians(lon))
        };
        let step = |pair: &[Call]| {
            let ((lat_a, lon_a), (lat_b, lon_b)) = (place(&pair[0]), place(&pair[1]));
            let half = |x: f64| (x / 2.0).sin().powi(2);
            2.0 * (half(lat_b - lat_a) + lat_a.cos() * lat_b.cos() * half(lon_b - lon_a))
                .sqrt()
                .asin()
        };
        stretch.windows(2).map(step).collect()
    };
    said.filter(|steps| steps.iter().sum::<f64>() > 0.0).unwrap_or_else(crow)
}

/// Lets some trips run by frequencies, exact or not.
fn frequencies(dice: &mut Dice, feed: &mut Feed, ahead: i64) {
    let headways = dice.one_in(2);
    for trip in 0..feed.trips.len() {
        if !dice.one_in(4) {
            continue;
        }
        let mut start = ahead + dice.between(-1800, 3600) + dice.pick(&[0, 0, 0, DAY]);
        while start < 0 {
            start += DAY;
        }
        for _ in 0..dice.between(1, 2) {
            let end = start + dice.between(60, 3000);
            let headway = dice.pick(&[300, 420, 600, 1200, 3600]);
            feed.frequencies.push(Frequency {
                trip,
                start,
                end,
                headway,
                exact: !(headways && dice.one_in(2)),
            });
            start = end + dice.pick(&[0, 0, 600]);
        }
    }
}

/// Rows about changing, often several about the same stops, and mostly about routes and trips that
/// call there.
fn transfers(dice: &mut Dice, feed: &mut Feed) {
    for _ in 0..dice.between(1, 9) {
        let stops = (dice.at(feed.stops.len()), dice.at(feed.stops.len()));
        let (from, to) = match feed.transfers.last() {
            Some(last) if dice.one_in(2) => last.from_stop.zip(last.to_stop).unwrap_or(stops),
            _ if dice.one_in(3) => (stops.0, stops.0),
            _ => stops,
        };
        let (from_route, from_trip) = vehicles(dice, feed, from);
        let (to_route, to_trip) = vehicles(dice, feed, to);
        let kind = dice.pick(&[0, 1, 2, 2, 2, 3, 3]);
        let row = Transfer {
            from_stop: Some(from),
            to_stop: Some(to),
            from_route,
            to_route,
            from_trip,
            to_trip,
            kind,
            least: (kind == 2 && !dice.one_in(8) || dice.one_in(8)).then(|| dice.roll(900)),
        };
        feed.transfers.push(row);
    }
}

/// The vehicles that a row is about: all of them, those of a route, or a trip.
fn vehicles(dice: &mut Dice, feed: &Feed, at: usize) -> (Option<usize>, Option<usize>) {
    let calls_there = |trip: &usize| {
        let stops = feed.trips[*trip].calls.iter().map(|call| call.stop);
        stops.into_iter().any(|stop| stop == at || feed.stops[stop].parent == Some(at))
    };
    let mut trips: Vec<usize> = (0..feed.trips.len()).filter(calls_there).collect();
    if trips.is_empty() || dice.one_in(6) {
        trips = (0..feed.trips.len()).collect();
    }
    let trip = dice.pick(&trips);
    let route = dice.one_in(4).then_some(feed.trips[trip].route);
    let other = if dice.one_in(6) { dice.pick(&trips) } else { trip };
    (route, dice.one_in(4).then_some(other))
}

/// Rows that make riders of one trip stay seated for another, or forbid it.
fn seats(dice: &mut Dice, feed: &mut Feed) {
    let mut rows = Vec::new();
    for (from, a) in feed.trips.iter().enumerate() {
        for (to, b) in feed.trips.iter().enumerate() {
            let wait = b.calls[0].departure - a.calls[a.calls.len() - 1].arrival;
            // A trip that seems to leave before the other has come is one of the next service day.
            let follows = from != to
                && (wait >= 0 && dice.one_in(8) || (-DAY..2 * 3600 - DAY).contains(&wait));
            if follows {
                rows.push(Transfer {
                    from_stop: dice.one_in(2).then(|| a.calls[a.calls.len() - 1].stop),
                    to_stop: dice.one_in(2).then(|| b.calls[0].stop),
                    from_trip: Some(from),
                    to_trip: Some(to),
                    kind: dice.pick(&[4, 4, 5]),
                    ..Transfer::default()
                });
            }
        }
    }
    for row in rows {
        feed.transfers.insert(dice.at(feed.transfers.len() + 1), row);
    }
}
