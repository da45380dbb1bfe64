//! When vehicles leave: the published trips of a line, from its headway and its days.

use crate::{
    dice::Dice,
    network::{Line, Pattern},
};

const HOUR: f64 = 3600.0;

/// Days on which trips run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Days {
    /// Monday to Friday.
    Weekdays,
    /// Saturdays.
    Saturdays,
    /// Sundays and public holidays.
    Sundays,
    /// Weekdays on which schools are open.
    School,
    /// Weekdays, in the second registration of the same vehicles.
    WeekdaysAgain,
    /// Tuesdays and Wednesdays.
    Market,
}

/// All kinds of days.
pub const ALL_DAYS: [Days; 6] = [
    Days::Weekdays,
    Days::Saturdays,
    Days::Sundays,
    Days::School,
    Days::WeekdaysAgain,
    Days::Market,
];

/// How a publisher writes times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// To the second, reckoned between timing points.
    Seconds,
    /// To the minute: calls close to each other have equal times.
    Minutes,
    /// At timing points alone.
    TimingPoints,
}

/// A published trip.
#[derive(Clone, Debug)]
pub struct Trip {
    /// Its number among those of its line, which its id is made of.
    pub number: usize,
    /// Its pattern, by number.
    pub pattern: usize,
    /// When it runs.
    pub days: Days,
    /// Seconds after midnight of its first departure.
    pub departs: u32,
    /// The vehicle's number, where it is published.
    pub block: Option<usize>,
}

/// The published trips of a line, each days' sorted by departure.
pub fn trips(seed: u64, line: &Line) -> Vec<Trip> {
    let mut trips = Vec::new();
    for days in days_of(line) {
        let from = trips.len();
        for back in [false, true] {
            for (n, departs) in departures(line, days, back).into_iter().enumerate() {
                if let Some(pattern) = pattern_of(line, back, n) {
                    trips.push(Trip { number: 0, pattern, days, departs, block: None });
                }
            }
        }
        trips[from..].sort_by_key(|trip| (trip.departs, trip.pattern));
        if line.number % 7 == 3 {
            give_blocks(line, &mut trips[from..]);
        }
    }
    let mut dice = Dice::of(&[seed, 14, line.number as u64, line.route_type.into()]);
    for n in 0..trips.len() {
        // The same vehicle, published twice.
        if line.route_type != 2 && dice.chance(0.08) {
            let days = trips[n].days;
            let again = if days == Days::Weekdays { Days::WeekdaysAgain } else { days };
            trips.push(Trip { days: again, block: None, ..trips[n].clone() });
        }
    }
    for (number, trip) in trips.iter_mut().enumerate() {
        trip.number = number;
    }
    trips
}

/// Seconds from the first departure to each call.
pub fn call_times(line: &Line, pattern: &Pattern, departs: u32) -> Vec<u32> {
    let busy = (7 * 3600..9 * 3600).contains(&departs) || (16 * 3600..18 * 3600).contains(&departs);
    let slower = if busy { 1.15 } else { 1.0 };
    let (mut time, mut before) = (0.0, pattern.calls[0].1);
    let mut times = Vec::with_capacity(pattern.calls.len());
    for &(_, along) in &pattern.calls {
        let metres = f64::from(along - before);
        let (speed, dwell) = match line.route_type {
            2 => (25.0, 55.0),
            _ if metres < 700.0 => (6.5, 14.0),
            _ => (12.0, 14.0),
        };
        if metres > 0.0 {
            time += metres / speed * slower + dwell;
        }
        before = along;
        times.push(time as u32);
    }
    times
}

/// How the publisher of a line writes times.
pub fn times_of(line: &Line) -> Times {
    match line.operator % 10 {
        _ if line.route_type == 2 => Times::Minutes,
        2 | 7 => Times::Minutes,
        4 => Times::TimingPoints,
        _ => Times::Seconds,
    }
}

/// Whether a call is a timing point.
pub fn is_timing_point(call: usize, calls: usize) -> bool {
    call.is_multiple_of(7) || call + 1 == calls
}

fn days_of(line: &Line) -> Vec<Days> {
    if line.headway > 200.0 && line.number.is_multiple_of(5) {
        return vec![Days::Market];
    }
    let mut days = vec![Days::Weekdays, Days::Saturdays];
    if line.sunday {
        days.push(Days::Sundays);
    }
    if line.route_type != 2 && line.number % 25 == 11 {
        days.push(Days::School);
    }
    days
}

fn departures(line: &Line, days: Days, back: bool) -> Vec<u32> {
    if days == Days::School {
        return vec![if back { 15 * 3600 + 2100 } else { 7 * 3600 + 3000 }];
    }
    let day = match days {
        Days::Sundays => 2.0,
        Days::Saturdays => 1.15,
        _ => 1.0,
    } * line.headway
        * 60.0;
    let first = match days {
        Days::Sundays => 8.5,
        Days::Saturdays => 6.5,
        _ if line.headway > 100.0 => 7.0,
        _ => 5.5,
    } * HOUR;
    let last = match (line.evening, days) {
        (true, Days::Sundays) => 22.5,
        (true, _) if line.number % 12 == 5 && line.headway < 25.0 => 25.5,
        (true, _) => 23.5,
        (false, _) => 18.75,
    } * HOUR;
    let shift = if back { 0.4 } else { 0.0 } + (line.number % 10) as f64 / 17.0;
    let mut time = first + day * shift.fract();
    let mut departures = Vec::new();
    while time < last {
        departures.push((time / 60.0) as u32 * 60);
        let thin = !(7.0 * HOUR..=19.0 * HOUR).contains(&time);
        time += if thin { day * 2.0 } else { day };
    }
    departures
}

fn pattern_of(line: &Line, back: bool, n: usize) -> Option<usize> {
    let mut mark = (n * 7 + 3) % 10;
    let of_direction =
        || line.patterns.iter().enumerate().filter(move |(_, pattern)| pattern.back == back);
    for (at, pattern) in of_direction() {
        if mark < pattern.tenths {
            return Some(at);
        }
        mark -= pattern.tenths;
    }
    of_direction().next().map(|(at, _)| at)
}

/// Lets vehicles go on with the next trip from where they are.
fn give_blocks(line: &Line, trips: &mut [Trip]) {
    let full = |pattern: usize| line.patterns[pattern].tenths > 5;
    let mut waiting: Vec<(u32, bool, usize)> = Vec::new();
    let mut blocks = 0;
    for trip in trips.iter_mut().filter(|trip| full(trip.pattern)) {
        let pattern = &line.patterns[trip.pattern];
        let length = call_times(line, pattern, trip.departs).pop().unwrap_or(0);
        let found = waiting
            .iter()
            .position(|&(from, back, _)| back == pattern.back && from + 240 <= trip.departs);
        let block = found.map_or_else(
            || {
                blocks += 1;
                blocks
            },
            |at| waiting.remove(at).2,
        );
        trip.block = Some(block);
        waiting.push((trip.departs + length, !pattern.back, block));
    }
}
