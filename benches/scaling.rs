//! How the cost of a window grows, as rows of a Markdown table: `cargo bench --bench scaling`.
//!
//! Each row is a made-up city searched from all origins to 400 destinations, 60 departures, the
//! median of each pair; CPU seconds of the whole process as the kernel counts them, the least of
//! some runs, so that other work on the machine does not show. A second argument, as in `--
//! "trips"`, asks for the rows that begin so; `-- nearest` for the second table, `-- rules` for the
//! third: what it costs that a feed says who may stay seated and how one changes.
//!
//! With more trips more of them are worth boarding from each call, up to what the lines around
//! allow: that is told beside.

mod city;

use std::ops::Range;
use std::time::Instant;

use city::{City, Ready};
use lastmile::geometry::LonLat;
use lastmile::ids::Csr;
use lastmile::inputs::gtfs::{Feed, TransferKind, TransferRow};
use lastmile::network::calendar::Clock;
use lastmile::network::stops::Stops;
use lastmile::network::timetable::{Timetable, TimetableQuery};
use lastmile::routing::transit::transfers::Transfers;
use lastmile::routing::transit::window_timetable::Rides;
use lastmile::routing::{DepartureWindow, JourneyLimits};
use lastmile::units::{Seconds, ServiceTime};

const BASE: City = City { streets: 61, headway_s: 1200 };

#[expect(clippy::print_stdout, reason = "the table is what this is for")]
fn main() {
    println!(
        "| what | trips a day | boarded, of each call | origins | threads | lay out, CPU s | search, CPU s | wall s |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let rows = [
        ("the base", BASE, 20, 1),
        ("origins ×4", BASE, 40, 1),
        ("origins ×16", BASE, 80, 1),
        ("trips ×4", City { headway_s: 300, ..BASE }, 20, 1),
        ("trips ×16", City { headway_s: 75, ..BASE }, 20, 1),
        ("area ×4", City { streets: 121, ..BASE }, 20, 1),
        ("area ×16", City { streets: 241, ..BASE }, 20, 1),
        ("origins ×16, two threads", BASE, 80, 2),
    ];
    let only =
        std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    for (name, city, each_way, threads) in rows.into_iter().filter(|row| row.0.starts_with(&only)) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let (worth_it, row) = pool.install(|| measure(city, each_way));
        let (trips, origins) = (city.feed().trips.len(), each_way * each_way);
        println!("| {name} | {trips} | {worth_it:.1} | {origins} | {threads} | {row} |");
    }
    if "rules".starts_with(only.as_str()) {
        rules();
    }
    if !"nearest".starts_with(only.as_str()) {
        return;
    }
    let (all, nearest) = (search_all(), search_nearest());
    println!("\nTwo hours of departures from 1,600 origins, one thread, search alone:\n");
    println!("| what | CPU s | of the matrix |");
    println!("|---|---|---|");
    println!("| to each of 1,600 destinations | {all:.3} | 1 |");
    println!("| to the nearest of each of 12 categories | {nearest:.3} | 1/{:.0} |", all / nearest);
}

/// Whole days of cities, without more and with all trips in one block; and an hour with rows about
/// pairs of trips.
#[expect(clippy::print_stdout, reason = "the table is what this is for")]
fn rules() {
    println!(
        "\n| trips a day | the day, CPU s | all in one block | rows about pairs of trips | the hour, CPU s |"
    );
    println!("|---|---|---|---|---|");
    for headway_s in [1200, 300, 75] {
        let mut feed = City { headway_s, ..BASE }.feed();
        let trips = feed.trips.len();
        let whole_day = |feed: &Feed| least(|| drop(std::hint::black_box(timetable(feed, 0..24))));
        let without = whole_day(&feed);
        feed.trips.iter_mut().for_each(|trip| trip.block = Some(0));
        let within = whole_day(&feed);
        feed.trips.iter_mut().for_each(|trip| trip.block = None);
        let rows = 40 * trips;
        feed.transfers = about_pairs(&feed, rows).into();
        let hour = least(|| drop(std::hint::black_box(laid_out(&feed))));
        println!("| {trips} | {without:.3} | {within:.3} | {rows} | {hour:.3} |");
    }
}

/// The least CPU seconds of some runs.
fn least(run: impl Fn()) -> f64 {
    let once = || {
        let start = cpu_seconds();
        run();
        cpu_seconds() - start
    };
    (0..3).map(|_| once()).fold(f64::MAX, f64::min)
}

fn timetable(feed: &Feed, hours: Range<i32>) -> Timetable {
    let clock = Clock::new(city::DAY, "Europe/London").expect("a known zone");
    let query = TimetableQuery {
        clock: &clock,
        from: ServiceTime::hms(hours.start, 0, 0),
        until: ServiceTime::hms(hours.end, 0, 0),
        phone_pickups: false,
        step_free: false,
        seed: 1,
        draw: 0,
    };
    let feeds = std::slice::from_ref(feed);
    Timetable::build(feeds, &Stops::number(feeds), &query).expect("a timetable")
}

/// The rides of an hour, with what the feed says of changes and no walks.
fn laid_out(feed: &Feed) -> Rides {
    let (timetable, feeds) = (timetable(feed, 8..10), std::slice::from_ref(feed));
    let stops = Stops::number(feeds);
    let changes = Transfers::build(
        feeds,
        &stops,
        &Csr::from_pairs(stops.len(), Vec::new()),
        Seconds::new(60),
    );
    let window = DepartureWindow {
        first: ServiceTime::hms(8, 0, 0),
        step: Seconds::new(60),
        departures: 60,
    };
    let limits = JourneyLimits {
        max_rides: 4,
        max_time: Seconds::minutes(60),
        board_slack: Seconds::new(60),
    };
    Rides::lay_out(&timetable, changes, window, limits).expect("a short window")
}

/// Rows of a minimum time, each from a call of one trip to a call of another, spread evenly.
fn about_pairs(feed: &Feed, rows: usize) -> Vec<TransferRow> {
    let trips = feed.trips.len();
    let call = |trip: usize, nth: usize| {
        let calls = feed.trips[trip].calls.clone();
        feed.calls[calls.start as usize + nth % calls.len()].stop
    };
    let number = |trip: usize| u32::try_from(trip).expect("few");
    let row = |n: usize| {
        let (from, to) = (n % trips, (n * 7919 + n / trips) % trips);
        TransferRow {
            from_stop: Some(call(from, n / trips)),
            to_stop: Some(call(to, n / 3)),
            from_route: None,
            to_route: None,
            from_trip: Some(number(from)),
            to_trip: Some(number(to)),
            kind: TransferKind::MinimumTime(Seconds::new(300)),
            line: 0,
        }
    };
    (0..rows).map(row).collect()
}

/// What the whole matrix takes, CPU seconds.
fn search_all() -> f64 {
    search_towards(&BASE.points(40).into_iter().map(|point| vec![point]).collect::<Vec<_>>())
}

/// What the nearest of twelve categories of ten places take.
fn search_nearest() -> f64 {
    let places = BASE.points(11);
    let of_category = |n: usize| places.iter().copied().skip(n).step_by(12).take(10).collect();
    search_towards(&(0..12).map(of_category).collect::<Vec<_>>())
}

fn search_towards(places: &[Vec<LonLat>]) -> f64 {
    let ready = Ready::new(BASE, &BASE.points(40), places);
    let departures = ready.departures(120);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let run = || {
        let start = cpu_seconds();
        pool.install(|| std::hint::black_box(ready.medians(&departures)));
        cpu_seconds() - start
    };
    (0..RUNS).map(|_| run()).fold(f64::MAX, f64::min)
}

/// Runs of a row, and for how many CPU seconds one of the first table is run again.
const RUNS: usize = 10;
const ENOUGH_S: f64 = 5.0;

/// How many rides are worth boarding from a call; and the row's figures.
fn measure(city: City, each_way: usize) -> (f64, String) {
    let places: Vec<Vec<LonLat>> = city.points(20).into_iter().map(|point| vec![point]).collect();
    let ready = Ready::new(city, &city.points(each_way), &places);
    let (mut laid_out, mut searched, mut wall, mut worth_it) = (f64::MAX, f64::MAX, f64::MAX, 0.0);
    let begin = cpu_seconds();
    for _ in 0..RUNS {
        let start = cpu_seconds();
        let departures = ready.departures(60);
        let (middle, began) = (cpu_seconds(), Instant::now());
        std::hint::black_box(ready.medians(&departures));
        let end = cpu_seconds();
        (laid_out, searched) = (laid_out.min(middle - start), searched.min(end - middle));
        wall = wall.min(began.elapsed().as_secs_f64());
        worth_it = ready.boarded_of_each_call(&departures);
        if end - begin > ENOUGH_S {
            break;
        }
    }
    (worth_it, format!("{laid_out:.3} | {searched:.3} | {wall:.3}"))
}

/// What the threads of this process have had of the processors: nanoseconds, the first field of
/// /proc/self/task/*/schedstat (the kernel's Documentation/scheduler/sched-stats.rst).
fn cpu_seconds() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").expect("Linux keeps count");
    let of_task = |task: std::io::Result<std::fs::DirEntry>| {
        let text = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    };
    tasks.filter_map(of_task).sum::<f64>() / 1e9
}
