//! What runs on a date: departures at each stop, and the trips of each route by time of day. Counts
//! of the timetable alone, whoever lives near it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::boarded::{Boarded, DateVehicles};
use crate::ids::{FeedIdx, Idx, RunIdx, StopIdx};

/// Times of day by the hour in which a trip first takes people on: the first hour of each, from 0
/// to the night after. The service of a date goes past midnight.
pub const BANDS: [(&str, i32, &str); 6] = [
    ("early", i32::MIN, "before 07:00"),
    ("am", 7, "07:00 to 09:00"),
    ("day", 9, "09:00 to 16:00"),
    ("pm", 16, "16:00 to 19:00"),
    ("evening", 19, "19:00 to 22:00"),
    ("night", 22, "from 22:00"),
];

/// The service of one date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DaySupply {
    /// The date.
    pub date: Date,
    /// By stop: vehicles that can be boarded there.
    pub departures: Vec<u32>,
    /// The routes that run, by feed and position in its routes.
    pub routes: BTreeMap<(FeedIdx, u32), RouteDay>,
}

/// A route on a date.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RouteDay {
    /// Trips by [`BANDS`], both directions together.
    pub trips: [u32; BANDS.len()],
    /// The trips of the feed that stand for the ways it takes: the first of each sequence of stops
    /// and shape.
    pub ways: BTreeSet<u32>,
}

impl RouteDay {
    /// Trips of the whole date.
    pub fn all(&self) -> u32 {
        self.trips.iter().sum()
    }
}

/// Counts what runs on a date, of a timetable that holds all of it. A vehicle that is published
/// more than once counts once: at each stop, and of the routes for the one that it is counted as
/// ([`DateVehicles::counted_as`]), whose feed is the first that has it.
///
/// `way` tells of a trip by which way it goes, so that each way is kept once.
pub fn of_date<W: Ord>(of_date: &DateVehicles, way: impl Fn(RunIdx) -> W) -> DaySupply {
    let DateVehicles { date, timetable, counted_as, first } = of_date;
    let mut supply =
        DaySupply { date: *date, departures: vec![0; timetable.stops], routes: BTreeMap::new() };
    let boarded = Boarded::of(timetable, counted_as);
    let mut ways: BTreeSet<W> = BTreeSet::new();
    for (run, row) in timetable.runs.enumerate().filter(|(_, row)| row.date == *date) {
        boarded.calls(run).for_each(|call| supply.departures[call.stop.at()] += 1);
        let vehicle = counted_as[run];
        // Another feed's vehicle is on that feed's route.
        let own = timetable.runs[vehicle].feed == row.feed;
        let Some(first) = first[vehicle].filter(|_| own) else { continue };
        let route = supply.routes.entry((row.feed, row.route)).or_default();
        if vehicle == run {
            let hour = first.get().div_euclid(3600);
            route.trips
                [BANDS.iter().rposition(|(_, from, _)| *from <= hour).unwrap_or_default()] += 1;
        }
        if ways.insert(way(run)) {
            route.ways.insert(row.trip);
        }
    }
    supply
}

impl DaySupply {
    /// Vehicles that can be boarded at a stop.
    pub fn at(&self, stop: StopIdx) -> u32 {
        self.departures[stop.at()]
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::boarded::first_boardings;
    use super::*;
    use crate::ids::IdxVec;
    use crate::ids::PatternIdx;
    use crate::network::timetable::{Run, RunCall, Timetable};
    use crate::units::ServiceTime;

    #[test]
    fn trips_count_on_their_date_in_the_band_in_which_they_take_people_on() {
        let day = Date::constant(2026, 3, 10);
        let mut timetable = Timetable { stops: 2, ..Timetable::default() };
        // Route, trip, first departure in minutes after midnight, and whether it is of the date.
        let runs = [
            (0, 0, 359, true),
            (0, 1, 420, true),
            (0, 2, 25 * 60, true),
            (1, 3, 539, true),
            (1, 4, 540, true),
            (1, 5, 420, false),
        ];
        for (route, trip, minutes, today) in runs {
            let begin = u32::try_from(timetable.calls.len()).expect("few");
            for stop in 0..2 {
                let time = ServiceTime::new(minutes * 60 + if stop == 0 { 0 } else { 60 });
                let (board, alight) = (stop == 0, stop == 1);
                let stop = StopIdx(stop);
                timetable.calls.push(RunCall {
                    stop,
                    arrival: time,
                    departure: time,
                    board,
                    alight,
                });
            }
            let date = if today { day } else { Date::constant(2026, 3, 9) };
            let (feed, pattern) = (FeedIdx(0), PatternIdx(0));
            let calls = begin..begin + 2;
            timetable.runs.push(Run { feed, trip, route, date, pattern, calls, then: Vec::new() });
        }
        let counted_as: IdxVec<RunIdx, RunIdx> = timetable.runs.indices().collect();
        let first = first_boardings(&timetable, &counted_as, |_| true);
        let timetable = Arc::new(timetable);
        let date = DateVehicles { date: day, timetable: timetable.clone(), counted_as, first };
        let supply = of_date(&date, |run| timetable.runs[run].route);
        assert_eq!(supply.departures, [5, 0]);
        let first = &supply.routes[&(FeedIdx(0), 0)];
        assert_eq!((first.trips, first.all()), ([1, 1, 0, 0, 0, 1], 3));
        assert_eq!(supply.routes[&(FeedIdx(0), 1)].trips, [0, 1, 1, 0, 0, 0]);
        assert_eq!(
            first.ways.iter().copied().collect::<Vec<_>>(),
            [0],
            "one way, one trip that stands for it"
        );
    }
}
