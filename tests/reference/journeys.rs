//! Is a journey one that somebody could make, and does it add up?

use lastmile::ids::{Idx, OriginIdx, PlaceIdx};
use lastmile::network::timetable::Timetable;
use lastmile::routing::journey::{End, Journey, Journeys, Leg};
use lastmile::routing::rides::Rides;

use super::engine::{Engine, Times};
use super::model::At;
use super::slow::{Slow, change};

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
            assert_eq!(journey.as_ref().map(|j| i64::from(j.travel_time().0)), time);
            let Some(journey) = journey else { continue };
            assert_eq!(journey.arrival.since(journey.departure), Some(journey.travel_time()));
            assert_eq!(i64::from(journey.departure.0), engine.world.departure(departure));
            Traveller { engine, timetable, slow, origin, place }.makes(&journey);
        }
    }
}

struct Traveller<'a> {
    engine: &'a Engine<'a>,
    timetable: &'a Timetable,
    slow: &'a Slow<'a>,
    origin: usize,
    place: usize,
}

/// Where somebody is, and since when.
struct Here {
    clock: i64,
    at: Option<At>,
    /// The trip last got off, with its stop and when; `None` before the first ride.
    off: Option<(usize, usize, i64)>,
    /// The walk since then.
    walked: i64,
    done: bool,
    /// The run last ridden.
    run: Option<usize>,
}

impl Traveller<'_> {
    fn makes(&self, journey: &Journey) {
        let world = self.engine.world;
        let clock = i64::from(journey.departure.0);
        let mut here = Here { clock, at: None, off: None, walked: 0, done: false, run: None };
        for leg in &journey.legs {
            assert!(!here.done, "{journey:#?}");
            match leg {
                Leg::Wait { at, .. } => assert_eq!(self.stop(*at), here.at, "{journey:#?}"),
                Leg::Walk { from, to, time } => {
                    assert_eq!(self.stop(*from), here.at);
                    here.walked += i64::from(time.0);
                    self.may_walk(&here, *to, journey);
                    here.done = *to == End::Destination;
                    here.at = self.stop(*to);
                }
                Leg::Ride { run, from, to, seated, .. } => {
                    let calls = (usize::from(*from), usize::from(*to));
                    self.rides(&mut here, run.at(), calls, *seated, journey);
                }
            }
            if !matches!(leg, Leg::Ride { .. }) {
                here.clock += i64::from(leg.time().0);
            }
        }
        assert!(here.done && here.clock == i64::from(journey.arrival.0), "{journey:#?}");
        assert!(i64::try_from(journey.boardings()).expect("few") <= world.query.max_rides);
    }

    fn stop(&self, end: End) -> Option<At> {
        match end {
            End::Stop(stop) => Some(self.engine.at(stop)),
            End::Origin | End::Destination => None,
        }
    }

    fn may_walk(&self, here: &Here, to: End, journey: &Journey) {
        let world = self.engine.world;
        let walk = here.walked;
        let may = match (here.at, self.stop(to)) {
            (None, Some(stop)) => world.access[self.origin].contains(&(stop, walk)),
            (None, None) => world.direct[self.origin].get(&self.place) == Some(&walk),
            (Some(stop), None) => world.egress[self.place].contains(&(stop, walk)),
            // Held to the rules of changing when the next vehicle is boarded.
            (Some(_), Some(_)) => here.off.is_some(),
        };
        assert!(may, "no such walk: {journey:#?}");
    }

    fn rides(
        &self,
        here: &mut Here,
        run: usize,
        (from, to): (usize, usize),
        seated: bool,
        journey: &Journey,
    ) {
        let world = self.engine.world;
        let row = &self.timetable.runs[lastmile::ids::RunIdx::new(run)];
        let feed = row.feed.at();
        let id = &self.engine.feeds[feed].trips[row.trip as usize].id;
        let trip = world.feeds[feed].trips.iter().position(|trip| trip.id == *id).expect("the trip");
        let times: Vec<(i64, i64)> = self
            .timetable
            .calls_of(lastmile::ids::RunIdx::new(run))
            .iter()
            .map(|call| (i64::from(call.arrival.0), i64::from(call.departure.0)))
            .collect();
        let known = |r: &&super::slow::Run| (r.feed, r.trip) == (feed, trip) && r.times == times;
        assert!(self.slow.runs.iter().any(|r| known(&&r)), "no such run: {journey:#?}");
        let calls = &world.feeds[feed].trips[trip].calls;
        let may = |rule: u8| rule == 0 || rule == 3 || (rule == 2 && world.query.phone);
        let departure = times[from].1;
        if seated {
            let before = here.run.expect("a ride before");
            let then = &self.timetable.runs[lastmile::ids::RunIdx::new(before)].then;
            assert!(then.iter().any(|then| then.at() == run) && departure >= here.clock, "{journey:#?}");
        } else {
            assert!(may(calls[from].pickup) && departure == here.clock, "{journey:#?}");
            let on = (feed, calls[from].stop);
            assert_eq!(here.at, Some(on), "{journey:#?}");
            match here.off {
                None => {
                    assert!(i64::from(journey.departure.0) + here.walked + world.query.slack <= departure)
                }
                Some((off_trip, off_stop, at)) => {
                    let off_feed = off_stop / 1000;
                    let allowed = change(world, (off_feed, off_stop % 1000, off_trip), (on.0, on.1, trip));
                    let (walk, ready) = allowed.unwrap_or_else(|| panic!("no such change: {journey:#?}"));
                    assert!(walk == here.walked && at + ready <= departure, "{journey:#?}");
                }
            }
        }
        here.clock = times[to].0;
        here.at = Some((feed, calls[to].stop));
        here.off = Some((trip, feed * 1000 + calls[to].stop, here.clock));
        here.walked = 0;
        here.run = Some(run);
        let goes_on = journey
            .legs
            .iter()
            .any(|leg| matches!(leg, Leg::Ride { run: next, seated: true, .. } if next.at() > run));
        assert!(goes_on || may(calls[to].drop_off), "{journey:#?}");
    }
}
