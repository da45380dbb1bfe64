//! What a world has of all that trips a router. A class counts only where it can matter: in runs of
//! the query's time.

use std::collections::BTreeSet;

use super::model::{BACK, FORWARD, Feed, Transfer, World, Written};
use super::slow::{Run, Slow, change, rank, stations};

/// The classes that the random worlds must show, every one of them.
pub const CLASSES: &[&str] = &[
    "added and removed on one date",
    "added on a date",
    "alike in two feeds",
    "blank time",
    "blocked seat",
    "call of no pickup",
    "call of no drop-off",
    "call to phone for",
    "call to ask for",
    "change by a route's row",
    "change by a row without a walk",
    "change by a station's row",
    "change by a trip's row",
    "change by rows of two ranks",
    "change by rows of one rank",
    "change by a platform's row and its station's",
    "change forbidden",
    "change recommended",
    "change timed",
    "change with a least time",
    "clocks go back tonight",
    "clocks go forward tonight",
    "dates alone",
    "departing as another arrives",
    "dwell",
    "exact frequency",
    "gap in a block",
    "headway",
    "hop of no time",
    "later than 24:00",
    "loop",
    "one time written",
    "overtaking",
    "removed on a date",
    "run of the day before",
    "run of two days before",
    "run of three days before",
    "run of the next day",
    "seat by block",
    "seat in spite of a block",
    "seat on the next day",
    "seat by type 4",
    "two feeds with the same ids",
    "two zones",
];

pub fn classes(world: &World) -> BTreeSet<&'static str> {
    let slow = Slow::new(world, 0);
    let latest = world.departure(world.query.departures - 1) + world.query.max_time;
    let in_time = |run: &&Run| {
        run.times.iter().any(|(_, departure)| (world.query.first..=latest).contains(departure))
    };
    let runs_at_all = |run: &&Run| !world.feeds[run.feed].trips[run.trip].withdrawn;
    let runs: Vec<&Run> = slow.runs.iter().filter(in_time).filter(runs_at_all).collect();
    let mut found = BTreeSet::new();
    found.extend(is_gap(world, &slow).then_some("gap in a block"));
    of_query(world, &mut found);
    for run in &runs {
        of_run(world, run, &mut found);
        of_seats(world, &slow, run, &mut found);
    }
    for a in &runs {
        for b in &runs {
            of_two(world, a, b, &mut found);
        }
    }
    found
}

/// Whether a trip that was taken out stands between two of its block that would be neighbours
/// without it.
fn is_gap(world: &World, slow: &Slow) -> bool {
    let mut without = world.clone();
    for trip in
        without.feeds.iter_mut().flat_map(|feed| &mut feed.trips).filter(|trip| trip.withdrawn)
    {
        trip.block = None;
    }
    let links = |slow: &Slow| slow.runs.iter().map(|run| run.then.len()).sum::<usize>();
    links(&Slow::new(&without, 0)) > links(slow)
}

fn of_query(world: &World, found: &mut BTreeSet<&'static str>) {
    let night = (-3600..4 * 3600).contains(&world.query.first);
    let to_night = world.query.first > 20 * 3600;
    let tonight =
        |day: i64| (world.query.day == day && night) || (world.query.day == day - 1 && to_night);
    found.extend(tonight(FORWARD).then_some("clocks go forward tonight"));
    found.extend(tonight(BACK).then_some("clocks go back tonight"));
    found.extend((world.feeds.len() > 1).then_some("two feeds with the same ids"));
    found.extend(
        world.feeds.windows(2).any(|pair| pair[0].zone != pair[1].zone).then_some("two zones"),
    );
}

fn of_run(world: &World, run: &Run, found: &mut BTreeSet<&'static str>) {
    let feed = &world.feeds[run.feed];
    let trip = &feed.trips[run.trip];
    let service = &feed.services[trip.service];
    let days = [
        (-1, "run of the day before"),
        (-2, "run of two days before"),
        (-3, "run of three days before"),
        (1, "run of the next day"),
    ];
    found.extend(
        days.iter().filter(|(day, _)| run.day == world.query.day + day).map(|(_, name)| *name),
    );
    found.extend(service.weekly.is_none().then_some("dates alone"));
    found.extend(service.added.contains(&run.day).then_some("added on a date"));
    found.extend((!service.removed.is_empty()).then_some("removed on a date"));
    let both = service.added.iter().any(|day| service.removed.contains(day));
    found.extend(both.then_some("added and removed on one date"));
    for frequency in feed.frequencies.iter().filter(|f| f.trip == run.trip) {
        found.insert(if frequency.exact { "exact frequency" } else { "headway" });
    }
    let calls = &trip.calls;
    for (number, call) in calls.iter().enumerate() {
        found.extend((call.arrival > 86_400).then_some("later than 24:00"));
        found.extend((call.arrival < call.departure).then_some("dwell"));
        found.extend((call.pickup == 1).then_some("call of no pickup"));
        found.extend((call.drop_off == 1).then_some("call of no drop-off"));
        found.extend((call.pickup == 2).then_some("call to phone for"));
        found.extend((call.pickup == 3).then_some("call to ask for"));
        found.extend((call.written == Written::Blank).then_some("blank time"));
        let one = matches!(call.written, Written::ArrivalAlone | Written::DepartureAlone);
        found.extend(one.then_some("one time written"));
        let again = calls[number + 1..].iter().any(|later| later.stop == call.stop);
        found.extend(again.then_some("loop"));
    }
    let no_time = calls.windows(2).any(|pair| pair[0].departure == pair[1].arrival);
    found.extend(no_time.then_some("hop of no time"));
}

fn of_seats(world: &World, slow: &Slow, run: &Run, found: &mut BTreeSet<&'static str>) {
    let feed = &world.feeds[run.feed];
    let rows = |kind, to: usize| {
        feed.transfers
            .iter()
            .any(|t| t.kind == kind && (t.from_trip, t.to_trip) == (Some(run.trip), Some(to)))
    };
    for then in &run.then {
        let named = rows(4, slow.runs[*then].trip);
        found.insert(if named { "seat by type 4" } else { "seat by block" });
        found.extend((slow.runs[*then].day > run.day).then_some("seat on the next day"));
        let block = &feed.trips[run.trip].block;
        let others = |trip: &super::model::Trip| block.is_some() && trip.block == *block;
        let mates = feed.trips.iter().filter(|trip| others(trip)).count();
        found.extend((named && mates > 1).then_some("seat in spite of a block"));
    }
    let block = &feed.trips[run.trip].block;
    let blocked = |to: usize| block.is_some() && *block == feed.trips[to].block && rows(5, to);
    found.extend((0..feed.trips.len()).any(blocked).then_some("blocked seat"));
}

fn of_two(world: &World, a: &Run, b: &Run, found: &mut BTreeSet<&'static str>) {
    let stops = |run: &Run| -> Vec<usize> {
        world.feeds[run.feed].trips[run.trip].calls.iter().map(|call| call.stop).collect()
    };
    let same_way = a.feed == b.feed && stops(a) == stops(b);
    let end = a.times.len() - 1;
    let overtakes = same_way && a.times[0].1 < b.times[0].1 && a.times[end].0 > b.times[end].0;
    found.extend(overtakes.then_some("overtaking"));
    let alike = a.feed < b.feed && stops(a) == stops(b) && a.times == b.times;
    found.extend(alike.then_some("alike in two feeds"));
    for (off, (arrival, _)) in stops(a).into_iter().zip(&a.times).skip(1) {
        for (on, (_, departure)) in stops(b).into_iter().zip(&b.times) {
            let together = (a.feed, a.trip) < (b.feed, b.trip) && off == on && arrival == departure;
            found.extend(together.then_some("departing as another arrives"));
            if a.feed == b.feed && (*arrival..arrival + 1800).contains(departure) {
                of_change(world, (a.feed, off, a.trip), (b.feed, on, b.trip), found);
            }
        }
    }
}

type Seat = (usize, usize, usize);

fn of_change(world: &World, from: Seat, to: Seat, found: &mut BTreeSet<&'static str>) {
    let feed: &Feed = &world.feeds[from.0];
    let rows: Vec<_> = super::slow::fitting(feed, (from.1, from.2), (to.1, to.2)).collect();
    let least = |row: &&Transfer| (rank(row), stations(feed, row));
    let Some(row) = rows.iter().copied().min_by_key(least) else { return };
    let above =
        |other: &Transfer| rank(other) == rank(row) && stations(feed, other) > stations(feed, row);
    found.extend(
        rows.iter()
            .any(|other| above(other))
            .then_some("change by a platform's row and its station's"),
    );
    found.insert(match row.kind {
        0 => "change recommended",
        1 => "change timed",
        2 => "change with a least time",
        _ => "change forbidden",
    });
    let station = |stop: Option<usize>| stop.is_some_and(|stop| feed.stops[stop].is_station);
    found.extend(
        (station(row.from_stop) || station(row.to_stop)).then_some("change by a station's row"),
    );
    found.extend((rank(row) <= 3).then_some("change by a trip's row"));
    found.extend(matches!(rank(row), 2 | 4 | 5).then_some("change by a route's row"));
    found.extend(
        rows.iter().any(|other| rank(other) > rank(row)).then_some("change by rows of two ranks"),
    );
    let as_specific = rows.iter().copied().filter(|other| least(other) == least(&row)).count();
    found.extend((as_specific > 1).then_some("change by rows of one rank"));
    let walked = (from.0, from.1) == (to.0, to.1)
        || world.footpaths.contains_key(&((from.0, from.1), (to.0, to.1)));
    let made = !walked && change(world, from, to).is_some();
    found.extend(made.then_some("change by a row without a walk"));
}
