//! Random networks, on which the router must find what the slow one finds, to the second.

mod last_departures;

use super::*;
use crate::ids::{Csr, FeedIdx, Idx, IdxVec, OriginIdx, PatternIdx, PlaceIdx, RunIdx, StopIdx};
use crate::network::timetable::{Run, RunCall, Timetable};
use crate::routing::query::algorithm_choice::SearchDirection;
use crate::routing::query::journey::{Journey, Journeys, Leg, WalkEnd};
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::arrival_bound::ArrivalBound;
use crate::routing::transit::raptor::range::{TravelTimes, Walks};
use crate::routing::transit::transfers::Transfers;
use crate::routing::transit::window_timetable::Rides;
use crate::routing::{DepartureWindow, JourneyLimits};
use crate::units::{Seconds, ServiceTime};

/// A small linear congruential generator (Knuth's MMIX constants), so that a case is its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
    fn one_in(&mut self, n: u64) -> bool {
        self.roll(n) == 0
    }
    fn time(&mut self, most: u64) -> i64 {
        i64::try_from(self.roll(most)).expect("small")
    }
    fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.roll(len as u64)).expect("small")
    }
}

/// A town of a few stops and trips with everything that trips a router: overtaking, loops,
/// zero-second hops, dwell, boarding and alighting forbidden, staying seated, one-way footpaths,
/// equal times, trips under way at the start.
struct Case {
    world: ReferenceNetwork,
    timetable: Timetable,
    window: DepartureWindow,
    origins: usize,
    access: Vec<Vec<(usize, i64)>>,
    direct: Vec<Vec<(usize, i64)>>,
}

fn case(seed: u64) -> Case {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    for _ in 0..4 {
        dice.roll(2);
    }
    let stops = 2 + dice.index(7);
    let most = if dice.one_in(8) { 30 } else { 4 };
    let destinations = 1 + dice.index(most);
    let origins = 1 + dice.index(3);
    let mut runs: Vec<(usize, Vec<Stopping>)> = Vec::new();
    for line in 0..1 + dice.index(5) {
        let length = 2 + dice.index(5);
        let way: Vec<(usize, bool, bool)> =
            (0..length).map(|_| (dice.index(stops), !dice.one_in(6), !dice.one_in(6))).collect();
        for _ in 0..1 + dice.index(4) {
            let mut clock = dice.time(3600) - 600;
            let calls = way.iter().enumerate().map(|(position, (stop, board, alight))| {
                let arrival = clock;
                clock += if dice.one_in(3) { dice.time(90) } else { 0 };
                let departure = clock;
                clock += if dice.one_in(5) { 0 } else { 10 + dice.time(500) };
                let (board, alight) = (*board && position + 1 < length, *alight && position > 0);
                Stopping { stop: *stop, arrival, departure, board, alight }
            });
            runs.push((line, calls.collect()));
        }
    }
    runs.sort_by_key(|(_, calls)| calls[0].departure);
    let mut links: Vec<(usize, usize)> = Vec::new();
    for a in 0..runs.len() {
        for b in a + 1..runs.len() {
            if dice.one_in(6) && runs[b].1[0].departure >= runs[a].1.last().expect("calls").arrival
            {
                links.push((a, b));
            }
        }
    }
    let pairs = |dice: &mut Dice, n: usize, from: usize, to: usize| -> Vec<(usize, usize, i64)> {
        (0..n).map(|_| (dice.index(from), dice.index(to), dice.time(700))).collect()
    };
    let footpaths =
        pairs(&mut dice, stops, stops, stops).into_iter().filter(|(a, b, _)| a != b).collect();
    let egress = pairs(&mut dice, destinations + 1, stops, destinations);
    let access: Vec<Vec<(usize, i64)>> = (0..origins)
        .map(|_| {
            pairs(&mut dice, 2, stops, stops)
                .into_iter()
                .map(|(_, stop, walk)| (stop, walk))
                .collect()
        })
        .collect();
    let direct = (0..origins)
        .map(|_| (0..dice.roll(2)).map(|_| (dice.index(destinations), dice.time(3000))).collect())
        .collect();
    let slack = if dice.one_in(3) { 0 } else { 60 };
    let max_rides = 1 + dice.index(4);
    let max_time = 600 + dice.time(3000);
    let step = [60, 60, 7, 300][dice.index(4)];
    let departures = 1 + dice.index(20);
    let first = dice.time(1200);
    let window = DepartureWindow {
        first: ServiceTime::new(i32::try_from(first).expect("small")),
        step: Seconds::new(step),
        departures: u16::try_from(departures).expect("small"),
    };
    let world = ReferenceNetwork {
        trips: chains(&runs, &links),
        footpaths,
        egress,
        stops,
        destinations,
        slack,
        max_rides,
        max_time,
        ..ReferenceNetwork::default()
    };
    Case { timetable: timetable(&runs, &links, stops), world, window, origins, access, direct }
}

/// Every trip, and every sequence of trips ridden without getting off, as one long trip.
fn chains(runs: &[(usize, Vec<Stopping>)], links: &[(usize, usize)]) -> Vec<ReferenceTrip> {
    let mut trips = Vec::new();
    let mut open: Vec<(usize, Vec<Stopping>)> =
        (0..runs.len()).map(|n| (n, runs[n].1.clone())).collect();
    while let Some((last, calls)) = open.pop() {
        for (_, next) in links.iter().filter(|(from, _)| *from == last) {
            open.push((*next, calls.iter().chain(&runs[*next].1).copied().collect()));
        }
        trips.push(ReferenceTrip(calls));
    }
    trips
}

fn timetable(runs: &[(usize, Vec<Stopping>)], links: &[(usize, usize)], stops: usize) -> Timetable {
    let mut timetable = Timetable {
        stops,
        patterns: 1 + runs.iter().map(|(line, _)| *line).max().unwrap_or(0),
        ..Timetable::default()
    };
    let time = |t: i64| ServiceTime::new(i32::try_from(t).expect("small"));
    let mut rows: IdxVec<RunIdx, Run> = IdxVec::new();
    for (number, (line, calls)) in runs.iter().enumerate() {
        let start = u32::try_from(timetable.calls.len()).expect("small");
        timetable.calls.extend(calls.iter().map(|c| RunCall {
            stop: StopIdx::new(c.stop),
            arrival: time(c.arrival),
            departure: time(c.departure),
            board: c.board,
            alight: c.alight,
        }));
        rows.push(Run {
            feed: FeedIdx(0),
            trip: u32::try_from(number).expect("small"),
            route: u32::try_from(*line).expect("small"),
            date: jiff::civil::date(2026, 3, 10),
            pattern: PatternIdx::new(*line),
            calls: start..u32::try_from(timetable.calls.len()).expect("small"),
            then: links
                .iter()
                .filter(|(a, _)| *a == number)
                .map(|(_, b)| RunIdx::new(*b))
                .collect(),
        });
    }
    timetable.runs = rows;
    timetable
}

fn link((stop, walk): (usize, i64)) -> StopWalk {
    StopWalk {
        stop: StopIdx::new(stop),
        walk: Seconds::new(u32::try_from(walk).expect("not negative")),
    }
}

fn limits(world: &ReferenceNetwork) -> JourneyLimits {
    JourneyLimits {
        max_rides: u8::try_from(world.max_rides).expect("small"),
        max_time: Seconds::new(u32::try_from(world.max_time).expect("small")),
        board_slack: Seconds::new(u32::try_from(world.slack).expect("small")),
    }
}

fn with_walks<R>(case: &Case, each: impl FnOnce(&Rides, &Walks) -> R) -> R {
    let world = &case.world;
    let footpaths = Csr::from_pairs(
        world.stops,
        world
            .footpaths
            .iter()
            .map(|(from, to, walk)| (StopIdx::new(*from), link((*to, *walk))))
            .collect(),
    );
    let limits = limits(world);
    let changes = Transfers::on_foot(&footpaths, limits.board_slack);
    let rides =
        Rides::lay_out(&case.timetable, changes, case.window, limits).expect("a short window");
    let access = Csr::from_rows(case.access.iter().map(|row| row.iter().copied().map(link)));
    let egress = world
        .egress
        .iter()
        .map(|(stop, place, walk)| (PlaceIdx::new(*place), link((*stop, *walk))));
    let egress = Csr::from_pairs(world.destinations, egress.collect());
    let direct: Csr<OriginIdx, _> = Csr::from_rows(case.direct.iter().map(|row| {
        row.iter().map(|(place, walk)| {
            (PlaceIdx::new(*place), Seconds::new(u32::try_from(*walk).expect("small")))
        })
    }));
    each(&rides, &Walks { access: &access, egress: &egress, direct: &direct })
}

/// By origin, departure and destination.
type TimesByDeparture = Vec<Vec<Vec<Option<i64>>>>;

fn fast(case: &Case, direction: SearchDirection) -> TimesByDeparture {
    let mut times = nothing(case);
    with_walks(case, |rides, walks| {
        rides.travel_times_found(direction, walks, &mut times, &|_| (), |_, times, found| {
            take(times, found)
        });
    });
    times
}

/// Backwards, after a block of which it was learnt that nobody who leaves last travels longer than
/// so many seconds; and the horizon before and after.
fn fast_up_to(case: &Case, longest: u16) -> (TimesByDeparture, [ArrivalBound; 2]) {
    let mut times = nothing(case);
    let horizons = with_walks(case, |rides, walks| {
        let mut horizon = ArrivalBound::of(rides);
        horizon.learn(horizon.after(longest));
        let before = horizon;
        rides.travel_times_backwards(
            &mut horizon,
            walks,
            &mut times,
            &|_| (),
            |_, times, found| take(times, found),
        );
        [before, horizon]
    });
    (times, horizons)
}

fn nothing(case: &Case) -> TimesByDeparture {
    vec![
        vec![vec![None; case.world.destinations]; usize::from(case.window.departures)];
        case.origins
    ]
}

fn take(times: &mut [Vec<Option<i64>>], found: &TravelTimes) {
    for (departure, row) in times.iter_mut().enumerate() {
        for (nth, place) in found.places().iter().enumerate() {
            row[place.at()] = found.at(departure, nth).map(|time| i64::from(time.get()));
        }
    }
}

fn can_be_scanned(case: &Case) -> bool {
    with_walks(case, |rides, _| rides.can_be_scanned(case.world.destinations))
}

/// Every journey's arrival is the travel time's, its legs add up to it, and each of them can be
/// travelled.
fn check_journeys(case: &Case, times: &[Vec<Vec<Option<i64>>>]) {
    with_walks(case, |rides, walks| {
        for place in (0..case.world.destinations).map(PlaceIdx::new) {
            let journeys = Journeys::towards(rides, *walks, place);
            for (origin, times) in times.iter().enumerate() {
                for departure in 0..case.window.departures {
                    let journey = journeys.from(OriginIdx::new(origin), departure);
                    let time = times[usize::from(departure)][place.at()];
                    let told = journey.as_ref().map(|j| i64::from(j.travel_time().get()));
                    assert_eq!(
                        told, time,
                        "{journey:#?} {:#?} {:?} access {:?}",
                        case.world, case.window, case.access
                    );
                    check_plan(case, origin, place.at(), departure, &journeys, time);
                    if let Some(journey) = journey {
                        assert_eq!(
                            journey.arrival.since(journey.departure),
                            Some(journey.travel_time())
                        );
                        check_legs(case, &case.access[origin], &journey, place.at());
                    }
                }
            }
        }
    });
}

/// Leaving as planned arrives as early; leaving a second later does not. And the latest leaving for
/// a deadline is the last second from which the reference makes it.
fn check_plan(
    case: &Case,
    origin: usize,
    place: usize,
    departure: u16,
    journeys: &Journeys,
    time: Option<i64>,
) {
    let mut world = case.world.clone();
    world.access.clone_from(&case.access[origin]);
    world.direct.clone_from(&case.direct[origin]);
    let ready = i64::from(case.window.departure(departure).get());
    let plan = journeys.plan(OriginIdx::new(origin), departure);
    assert_eq!(plan.map(|plan| i64::from(plan.arrive.get()) - ready), time);
    let Some(plan) = plan else { return };
    let (leave, arrive) = (i64::from(plan.leave.get()), i64::from(plan.arrive.get()));
    world.max_time = 100_000;
    assert_eq!(world.travel_times(leave)[place], Some(arrive - leave));
    assert!(world.travel_times(leave + 1)[place].is_none_or(|time| leave + 1 + time > arrive));
    world.max_time = case.world.max_time;
    let horizon = case.window.horizon(&limits(&case.world));
    let deadline = horizon.min(ServiceTime::new(plan.arrive.get() + 30));
    let latest = journeys.arrive_by(OriginIdx::new(origin), deadline).expect("the plan makes it");
    let last = i64::from(latest.leave.get());
    assert!(last >= leave && latest.arrive <= deadline);
    assert!(
        world.travel_times(last + 1)[place]
            .is_none_or(|time| last + 1 + time > i64::from(deadline.get()))
    );
}

fn check_legs(case: &Case, access: &[(usize, i64)], journey: &Journey, place: usize) {
    let world = &case.world;
    let mut clock = i64::from(journey.departure.get());
    let mut here = WalkEnd::Origin;
    let mut slack_since = clock;
    for leg in &journey.legs {
        let time = i64::from(leg.time().get());
        match leg {
            Leg::Wait { at, .. } => assert_eq!(*at, here),
            Leg::Walk { from, to, .. } => {
                assert_eq!(*from, here);
                let known = match (from, to) {
                    (WalkEnd::Origin, WalkEnd::Stop(stop)) => access.contains(&(stop.at(), time)),
                    (WalkEnd::Stop(a), WalkEnd::Stop(b)) => {
                        world.footpaths.contains(&(a.at(), b.at(), time))
                    }
                    (WalkEnd::Stop(a), WalkEnd::Destination) => {
                        world.egress.contains(&(a.at(), place, time))
                    }
                    _ => true,
                };
                assert!(known, "{leg:?} is no walk of the world");
                here = *to;
                slack_since = clock + time;
            }
            Leg::Ride { run, from, to, seated, .. } => {
                let calls = case.timetable.calls_of(*run);
                let (from, to) = (&calls[usize::from(*from)], &calls[usize::from(*to)]);
                assert!(
                    *seated
                        || (from.board
                            && clock >= slack_since + world.slack
                            && i64::from(from.departure.get()) == clock)
                );
                assert_eq!(clock + time, i64::from(to.arrival.get()));
                assert!(*seated || here == WalkEnd::Stop(from.stop), "{journey:?}");
                here = WalkEnd::Stop(to.stop);
                slack_since = clock + time;
            }
        }
        clock += time;
    }
    assert_eq!(here, WalkEnd::Destination);
    assert!(journey.boardings() <= world.max_rides);
}

fn slow(case: &Case) -> Vec<Vec<Vec<Option<i64>>>> {
    let of_origin = |origin: usize| {
        let mut world = case.world.clone();
        world.access.clone_from(&case.access[origin]);
        world.direct.clone_from(&case.direct[origin]);
        let departures =
            (0..case.window.departures).map(|n| i64::from(case.window.departure(n).get()));
        departures.map(|departure| world.travel_times(departure)).collect()
    };
    (0..case.origins).map(of_origin).collect()
}

#[test]
fn every_travel_time_is_the_reference_routers_to_the_second() {
    let cases = std::env::var("LASTMILE_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let (mut reached, mut scanned, mut nearer, mut again) = (0, 0, 0, 0);
    let first = std::env::var("LASTMILE_FIRST_CASE").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    for seed in first..first + cases {
        let case = case(seed);
        scanned += u64::from(can_be_scanned(&case));
        let slow = slow(&case);
        if seed % 10 == 0 {
            check_journeys(&case, &slow);
        }
        reached += slow.iter().flatten().flatten().flatten().count();
        for direction in
            [SearchDirection::Backwards, SearchDirection::Forwards, SearchDirection::Scanned]
        {
            assert_eq!(
                fast(&case, direction),
                slow,
                "seed {seed}, {direction:?}: {:#?} {:?} access {:?}",
                case.world,
                case.window,
                case.access
            );
        }
        let mut dice = Dice(seed);
        let (times, [before, after]) =
            fast_up_to(&case, u16::try_from(dice.time(2400)).expect("small"));
        assert_eq!(times, slow, "seed {seed}, from {before:?} to {after:?}");
        nearer += u64::from(after.guess() < after.full() && after == before);
        again += u64::from(before.may_be_nearer() && after.guess() > before.guess());
    }
    assert!(nearer > cases / 100, "a nearer horizon must do at times: {nearer}");
    assert!(again > cases / 10, "and not at others: {again}");
    assert!(reached as u64 > cases * 2, "the cases must reach something: {reached}");
    assert!(
        scanned > cases / 2 && scanned < cases,
        "with and without an order for the scan: {scanned}"
    );
}

/// In this town two walks lead from one stop to another, and the longer one is listed first.
#[test]
fn of_two_walks_between_the_same_stops_the_journey_tells_the_one_that_makes_the_arrival() {
    let case = case(35_830);
    check_journeys(&case, &slow(&case));
}

/// In this town one stays seated for a ride where nobody may get on or off, and then for another.
#[test]
fn a_ride_where_nobody_gets_on_or_off_is_sat_through() {
    let case = case(345_388);
    assert_eq!(fast(&case, SearchDirection::Scanned), slow(&case));
}

/// The same towns with more destinations than a block holds: rows of every strip, and blocks that
/// are not full.
#[test]
fn many_destinations_are_searched_in_blocks_without_a_difference() {
    for seed in 0..400 {
        let mut case = case(seed);
        let mut dice = Dice(seed);
        case.world.destinations += 17 + dice.index(170);
        for place in 0..case.world.destinations {
            case.world.egress.push((dice.index(case.world.stops), place, dice.time(900)));
        }
        assert_eq!(fast(&case, SearchDirection::Backwards), slow(&case), "seed {seed}");
    }
}

#[test]
fn origins_of_several_blocks_have_each_their_own_times() {
    for seed in 0..50 {
        let mut case = case(seed);
        let few = fast(&case, SearchDirection::Backwards);
        case.origins = 600;
        case.access = case.access.iter().cycle().take(600).cloned().collect();
        case.direct = case.direct.iter().cycle().take(600).cloned().collect();
        let many: Vec<_> = few.iter().cycle().take(600).cloned().collect();
        assert_eq!(fast(&case, SearchDirection::Forwards), many, "seed {seed}");
    }
}
