//! Is a journey one that somebody could make, and does it add up?

use lastmile::ids::{Idx, OriginIdx, PlaceIdx, RunIdx};
use lastmile::network::timetable::Timetable;
use lastmile::routing::query::journey::{Journey, Journeys, Leg, WalkEnd};
use lastmile::routing::transit::window_timetable::Rides;

use super::engine::{Engine, Times};
use super::model::At;
use super::slow::{self, Slow, change};

/// Holds every journey of a world to its travel time and, leg by leg, to the model.
pub fn check(engine: &Engine, times: &Times) {
    let (world, departures) = (engine.world, engine.world.query.departures);
    let spans: Vec<_> = if world.has_headways() {
        (0..departures).map(|n| (n..n + 1, u32::try_from(n).expect("few"))).collect()
    } else {
        vec![(0..departures, 0)]
    };
    for (span, draw) in spans {
        let (timetable, rides) = engine.rides(span.clone(), draw);
        let slow = Slow::new(world, draw);
        for place in 0..world.egress.len() {
            check_place(engine, &timetable, &rides, &slow, place, span.clone(), times);
        }
    }
}

fn check_place(
    engine: &Engine,
    timetable: &Timetable,
    rides: &Rides,
    slow: &Slow,
    place: usize,
    span: std::ops::Range<i64>,
    times: &Times,
) {
    let journeys = Journeys::towards(rides, engine.walks(), PlaceIdx::new(place));
    for (origin, times) in times.iter().enumerate() {
        for departure in span.clone() {
            let number = u16::try_from(departure - span.start).expect("few");
            let journey = journeys.from(OriginIdx::new(origin), number);
            let time = times[usize::try_from(departure).expect("few")][place];
            assert_eq!(journey.as_ref().map(|j| i64::from(j.travel_time().get())), time);
            let Some(journey) = journey else { continue };
            assert_eq!(journey.arrival.since(journey.departure), Some(journey.travel_time()));
            assert_eq!(i64::from(journey.departure.get()), engine.world.departure(departure));
            let leaves = i64::from(journey.departure.get());
            if departure == span.start && (origin + place).is_multiple_of(3) {
                is_preferred(engine, slow, (origin, place), &journey);
            }
            Traveller { engine, timetable, slow, origin, place, leaves }.makes(&journey);
        }
    }
}

/// Of the journeys with the earliest arrival it is the one that leaves last, then that with the
/// fewest rides, then that with the least walking. Where a row of transfers.txt makes a short walk
/// take long, the search may have kept another.
fn is_preferred(engine: &Engine, slow: &Slow, (origin, place): (usize, usize), journey: &Journey) {
    let (departure, arrival) =
        (i64::from(journey.departure.get()), i64::from(journey.arrival.get()));
    let best = slow.preferred(origin, departure, place, arrival).expect("a journey");
    let ours = slow::Preferred {
        leave: std::cmp::Reverse(arrival - i64::from(journey.planned_time().get())),
        rides: i64::try_from(journey.boardings()).expect("few"),
        walking: i64::from(journey.walking().get()),
    };
    let ruled =
        engine.world.feeds.iter().any(|feed| feed.transfers.iter().any(|row| row.kind <= 3));
    assert!(
        ours == best
            || ruled && ours > best && (ours.leave, ours.rides) == (best.leave, best.rides),
        "{ours:?}, not {best:?}: {journey:#?}"
    );
}

/// A feed, a stop and a trip of it.
type Seat = (usize, usize, usize);

struct Ride {
    run: RunIdx,
    /// The positions of the calls where one gets on and off.
    from: usize,
    to: usize,
}

struct Traveller<'a> {
    engine: &'a Engine<'a>,
    timetable: &'a Timetable,
    slow: &'a Slow<'a>,
    origin: usize,
    place: usize,
    leaves: i64,
}

/// Where somebody is.
struct Here {
    clock: i64,
    at: Option<At>,
    off: Off,
    /// The walk since then.
    walked: i64,
    arrived: bool,
}

/// What was last got off.
#[derive(Clone, Copy)]
enum Off {
    Home,
    Vehicle { run: RunIdx, seat: Seat, at: i64 },
}

impl Traveller<'_> {
    fn makes(&self, journey: &Journey) {
        let clock = i64::from(journey.departure.get());
        let mut here = Here { clock, at: None, off: Off::Home, walked: 0, arrived: false };
        let stays = |number: usize| {
            matches!(journey.legs.get(number + 1), Some(Leg::Ride { seated: true, .. }))
        };
        for (number, leg) in journey.legs.iter().enumerate() {
            assert!(!here.arrived, "{journey:#?}");
            match leg {
                Leg::Wait { at, time } => {
                    assert_eq!(self.stop(*at), here.at, "{journey:#?}");
                    here.clock += i64::from(time.get());
                }
                Leg::Walk { from, to, time } => {
                    assert_eq!(self.stop(*from), here.at, "{journey:#?}");
                    here.clock += i64::from(time.get());
                    here.walked += i64::from(time.get());
                    assert!(self.may_walk(&here, *to), "no such walk: {journey:#?}");
                    here.arrived = *to == WalkEnd::Destination;
                    here.at = self.stop(*to);
                }
                Leg::Ride { run, from, to, seated, .. } => {
                    let ride = Ride { run: *run, from: usize::from(*from), to: usize::from(*to) };
                    assert!(
                        self.may_ride(&here, &ride, *seated),
                        "no such ride: {leg:?} in {journey:#?}"
                    );
                    here = self.ride(&ride);
                    assert!(stays(number) || self.call(&ride, ride.to).2, "{journey:#?}");
                }
            }
        }
        assert!(here.arrived && here.clock == i64::from(journey.arrival.get()), "{journey:#?}");
        let rides = i64::try_from(journey.boardings()).expect("few");
        assert!(rides <= self.engine.world.query.max_rides, "{journey:#?}");
    }

    fn stop(&self, end: WalkEnd) -> Option<At> {
        match end {
            WalkEnd::Stop(stop) => Some(self.engine.at(stop)),
            WalkEnd::Origin | WalkEnd::Destination => None,
        }
    }

    fn may_walk(&self, here: &Here, to: WalkEnd) -> bool {
        let world = self.engine.world;
        match (here.at, self.stop(to)) {
            (None, Some(stop)) => world.access[self.origin].contains(&(stop, here.walked)),
            (None, None) => world.direct[self.origin].get(&self.place) == Some(&here.walked),
            (Some(stop), None) => world.egress[self.place].contains(&(stop, here.walked)),
            // Held to the rules of changing when the next vehicle is boarded.
            (Some(_), Some(_)) => matches!(here.off, Off::Vehicle { .. }),
        }
    }

    fn may_ride(&self, here: &Here, ride: &Ride, seated: bool) -> bool {
        let (departure, may_board, _) = self.call(ride, ride.from);
        let on = self.seat(ride, ride.from);
        if seated {
            let Off::Vehicle { run, .. } = here.off else { return false };
            return self.timetable.runs[run].then.contains(&ride.run) && departure.1 >= here.clock;
        }
        let in_time = match here.off {
            Off::Home => here.clock >= self.leaves + here.walked + self.engine.world.query.slack,
            Off::Vehicle { seat, at, .. } => change(self.engine.world, seat, on)
                .is_some_and(|(walk, ready)| walk == here.walked && at + ready <= departure.1),
        };
        may_board && in_time && departure.1 == here.clock && here.at == Some((on.0, on.1))
    }

    fn ride(&self, ride: &Ride) -> Here {
        let ((arrival, _), ..) = self.call(ride, ride.to);
        let seat = self.seat(ride, ride.to);
        let off = Off::Vehicle { run: ride.run, seat, at: arrival };
        Here { clock: arrival, at: Some((seat.0, seat.1)), off, walked: 0, arrived: false }
    }

    /// A call's times, and whether the model lets one get on and off there.
    fn call(&self, ride: &Ride, position: usize) -> ((i64, i64), bool, bool) {
        let (feed, _, trip) = self.seat(ride, position);
        let times: Vec<(i64, i64)> = self
            .timetable
            .calls_of(ride.run)
            .iter()
            .map(|call| (i64::from(call.arrival.get()), i64::from(call.departure.get())))
            .collect();
        let known = |run: &slow::Run| (run.feed, run.trip) == (feed, trip) && run.times == times;
        assert!(self.slow.runs.iter().any(known), "no such run: {:?}", ride.run);
        let call = &self.engine.world.feeds[feed].trips[trip].calls[position];
        let may = |rule: u8| rule == 0 || rule == 3 || (rule == 2 && self.engine.world.query.phone);
        (times[position], may(call.pickup), may(call.drop_off))
    }

    fn seat(&self, ride: &Ride, position: usize) -> Seat {
        let row = &self.timetable.runs[ride.run];
        let feed = row.feed.at();
        let id = &self.engine.feeds[feed].trips[row.trip as usize].id;
        let trips = &self.engine.world.feeds[feed].trips;
        let trip = trips.iter().position(|trip| trip.id == *id).expect("the trip");
        (feed, trips[trip].calls[position].stop, trip)
    }
}
