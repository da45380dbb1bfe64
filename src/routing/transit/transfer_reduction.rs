//! Which boardings are worth it.
//!
//! Somebody who gets off can walk to dozens of stops and board the next vehicle of each line there;
//! nearly all of that gains nothing. A boarding is worth it only if the ride leads to some stop
//! earlier than what is at hand anyway: riding on, or another boarding, with no more rides. This is
//! the reduction of transfers of trip-based routing (Witt, "Trip-based public transit routing", ESA
//! 2015, doi:10.1007/978-3-662-48350-3_85), held to arrivals *by vehicle* alone: a stop that one
//! may walk to in time is not the same as one where one gets off, for the walk that follows is
//! limited by itself.
//!
//! Why that changes no travel time, by induction over the rides a journey has left. Let a journey
//! stand in ride `r`, get off at an event, board `b`, get off that at stop `s` at time `t` and go
//! on from there, and let boarding `b` there be judged not worth it. Then somebody in `r` at that
//! event was already counted at `s` at `t` or before, and only by what is kept: by `r` itself at a
//! later event, by a ride boarded from this event or a later one of `r`, or by a ride one stays
//! seated for behind these. So there is a journey that is at `s` by vehicle no later and with no
//! more rides. What the first one does from there on (walk to the destination, or change) it can do
//! as well, since all it does next depends on the stop, or side of a stop, and the time alone; and
//! it has fewer rides left, for which the claim holds. Judging goes in one order, and what is
//! dropped was beaten by what was kept before it, so that no two boardings drop each other.
//!
//! The same serves an origin: leaving at each departure of the window, from the last on. There it
//! is also held against what leaves later, since who leaves earlier can wait. A boarding whose wait
//! and walk exceed the longest journey at the last departure that catches it is of no use at that
//! one nor at an earlier one; of later rides it tells nothing.

use rayon::prelude::*;

use crate::ids::{Csr, Idx, StopIdx};
use crate::routing::DepartureWindow;
use crate::routing::transit::access_egress::{SearchPatterns, StopWalk};
use crate::routing::transit::fifo_patterns::{FifoPatterns, TOO_LATE, number_of};
use crate::routing::transit::window_timetable::{EventIdx, Ride, Rides, StopEvent};
use crate::units::Seconds;

/// A call at which a series can be boarded after a walk.
#[derive(Clone, Copy, Debug)]
pub(in crate::routing) struct CatchableCall {
    series: u32,
    position: u32,
    /// Where the departures of the call stand, and how many there are.
    departures: u32,
    rides: u32,
    /// From here to being ready there.
    ready: u32,
}

/// The chances of walks, those dropped that another makes needless whatever the time is.
pub(in crate::routing) fn chances(
    lines: &SearchPatterns,
    series: &FifoPatterns,
    links: &[StopWalk],
    alighted_at: Option<(StopIdx, Seconds)>,
) -> Vec<CatchableCall> {
    let mut chances = Vec::new();
    for choice in lines.useful(links, alighted_at) {
        if choice.line.at() >= series.of_line.rows() {
            continue;
        }
        for series_of_line in &series.of_line[choice.line] {
            chances.push(CatchableCall {
                series: *series_of_line,
                position: choice.position,
                departures: series.departures_at(*series_of_line, choice.position),
                rides: series.len(*series_of_line),
                ready: choice.walk.get(),
            });
        }
    }
    chances.sort_by_key(|chance| chance.ready);
    chances
}

/// For each event, the rides worth boarding after getting off: the event that follows the boarding.
pub(in crate::routing) fn transfers(
    rides: &[Ride],
    events: &[StopEvent],
    series: &FifoPatterns,
    chances: &Csr<StopIdx, CatchableCall>,
) -> Csr<EventIdx, u32> {
    let found: Vec<(Vec<u32>, Vec<u32>)> = rides
        .par_iter()
        .enumerate()
        .map_init(
            || TransferReduction::new(rides, events, series, chances.rows()),
            |judge, (number, _)| judge.transfers(number, chances),
        )
        .collect();
    Csr::from_rows(found.iter().flat_map(|(ends, targets)| {
        let starts = std::iter::once(0).chain(ends.iter().copied());
        starts.zip(ends).map(|(start, end)| targets[start as usize..*end as usize].iter().copied())
    }))
}

/// The boardings of an origin, the last departure first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::routing) struct Boardings {
    /// The event that follows each boarding.
    events: Vec<u32>,
    /// Where those of each departure end.
    ends: Vec<u32>,
}

impl Boardings {
    /// For each departure, from the last on, the rides that are boarded then but not later.
    pub fn backwards(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.events[start as usize..*end as usize])
    }
}

/// Of a ride what is asked for at every boarding, close together.
#[derive(Clone, Copy)]
struct RideSpan {
    /// The number that its event at position 0 would have.
    origin: u32,
    end: u32,
    /// Whether one may stay seated at its end.
    leads_on: bool,
}

impl RideSpan {
    fn of(ride: &Ride, events: &[StopEvent]) -> RideSpan {
        let first = &events[ride.events.start as usize];
        let origin = ride.events.start.wrapping_sub(first.position.into());
        RideSpan { origin, end: ride.events.end, leads_on: !ride.then.is_empty() }
    }

    fn event_at(self, position: u32) -> u32 {
        self.origin.wrapping_add(position)
    }
}

/// What is known of who may be where and when: scratch memory, one per thread.
pub(in crate::routing) struct TransferReduction<'a> {
    rides: &'a [Ride],
    events: &'a [StopEvent],
    series: &'a FifoPatterns,
    /// By stop, the earliest arrival by vehicle.
    arrival: Vec<u16>,
    /// By series, a ride that is at hand, by its place, and from which call on.
    at_hand: Vec<(u32, u32)>,
    /// By ride, the call from which on its arrivals are counted in; and the rides of which any are.
    ridden: Vec<u32>,
    touched: Vec<u32>,
    /// By ride.
    spans: Vec<RideSpan>,
    /// The options of an origin, in the order in which they are judged.
    options: Vec<CatchableRide>,
}

/// A ride that an origin can catch, in one number that sorts in the order of judging: the last
/// departure that will do, counted from the last one backwards (16 bits); the place of the ride in
/// its series (24); the number of the chance (24).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct CatchableRide(u64);

impl CatchableRide {
    fn new(backwards: u16, rank: u32, chance: u32) -> CatchableRide {
        debug_assert!(rank < 1 << 24 && chance < 1 << 24, "rides and chances are far fewer");
        CatchableRide(u64::from(backwards) << 48 | u64::from(rank) << 24 | u64::from(chance))
    }
    fn backwards(self) -> u64 {
        self.0 >> 48
    }
    fn rank(self) -> u32 {
        (self.0 >> 24 & 0xff_ffff) as u32
    }
    fn chance(self) -> usize {
        (self.0 & 0xff_ffff) as usize
    }
}

const NONE: u32 = u32::MAX;

impl<'a> TransferReduction<'a> {
    pub fn of(rides: &'a Rides) -> TransferReduction<'a> {
        TransferReduction::new(&rides.runs, &rides.events, &rides.series, rides.rows.rows())
    }

    fn new(
        rides: &'a [Ride],
        events: &'a [StopEvent],
        series: &'a FifoPatterns,
        stops: usize,
    ) -> TransferReduction<'a> {
        TransferReduction {
            rides,
            events,
            series,
            arrival: vec![u16::MAX; stops],
            at_hand: vec![(NONE, NONE); series.rides.len()],
            ridden: vec![NONE; rides.len()],
            touched: Vec::new(),
            spans: rides.iter().map(|ride| RideSpan::of(ride, events)).collect(),
            options: Vec::new(),
        }
    }

    /// The boardings for an origin with these chances; if `judged`, only those worth it. To judge
    /// takes longer than to look all of them up for a few destinations (which are scanned instead
    /// wherever they can be: [`crate::routing::scan`]).
    pub fn boardings(
        &mut self,
        chances: &[CatchableCall],
        window: &DepartureWindow,
        max: u32,
        judged: bool,
    ) -> Boardings {
        let (departures, step) = (window.departures, window.step.get());
        self.reset();
        let mut options = std::mem::take(&mut self.options);
        options.clear();
        let last = departures.saturating_sub(1);
        for (number, chance) in (0u32..).zip(chances) {
            self.catch_each(chance, last, step, max, |backwards, rank| {
                options.push(CatchableRide::new(backwards, rank, number));
            });
        }
        options.sort_unstable();
        let mut found = Boardings::default();
        let mut left = options.iter().peekable();
        for departure in 0..departures {
            while let Some(choice) =
                left.next_if(|choice| choice.backwards() == u64::from(departure))
            {
                let (chance, rank) = (&chances[choice.chance()], choice.rank());
                let event =
                    if judged { self.board(chance, rank) } else { Some(self.behind(chance, rank)) };
                found.events.extend(event);
            }
            found.ends.push(u32::try_from(found.events.len()).unwrap_or(NONE));
        }
        found.events.shrink_to_fit();
        self.options = options;
        found
    }

    /// For each departure from which a chance catches another ride than from the next one: that
    /// ride.
    fn catch_each(
        &self,
        chance: &CatchableCall,
        last: u16,
        step: u32,
        max: u32,
        mut each: impl FnMut(u16, u32),
    ) {
        let departures = self.departures(chance);
        let first = departures.partition_point(|one_more| u32::from(*one_more) <= chance.ready);
        let mut before = None;
        for (rank, one_more) in (0u32..).zip(departures).skip(first) {
            let spare = u32::from(*one_more) - 1 - chance.ready;
            let departure = u16::try_from(spare / step).unwrap_or(last).min(last);
            let ride = u32::from(*one_more) - 1 - u32::from(departure) * step;
            if *one_more == TOO_LATE {
                break;
            }
            // Too long a wait for this departure says nothing of a later ride at a later one.
            if ride <= max && before != Some(departure) {
                each(last - departure, rank);
            }
            before = Some(departure);
            if departure == last {
                break;
            }
        }
    }

    /// The transfers of a ride: where those of each event end, and the targets.
    fn transfers(
        &mut self,
        number: usize,
        chances: &Csr<StopIdx, CatchableCall>,
    ) -> (Vec<u32>, Vec<u32>) {
        let (ride, own) = (&self.rides[number], number_of(number));
        self.reset();
        self.stay_seated(own);
        let (series, rank) = self.series.of_ride[number];
        let (mut starts, mut targets) = (Vec::with_capacity(ride.events.len()), Vec::new());
        for event in ride.events.clone().rev() {
            starts.push(targets.len());
            let event = self.events[event as usize];
            if !event.alight {
                continue;
            }
            self.improve(&event);
            self.ride(own, event.position.into());
            self.take_note(series, rank, u32::from(event.position));
            for chance in &chances[event.stop] {
                let rank = self.catch(chance, u32::from(event.arrival) + chance.ready);
                targets.extend(rank.and_then(|rank| self.board(chance, rank)));
            }
        }
        // Found from the last event to the first; handed over from the first to the last.
        targets.reverse();
        let all = targets.len();
        let ends = starts.iter().rev().map(|start| u32::try_from(all - start).unwrap_or(NONE));
        (ends.collect(), targets)
    }

    fn reset(&mut self) {
        self.arrival.fill(u16::MAX);
        self.at_hand.fill((NONE, NONE));
        self.touched.drain(..).for_each(|ride| self.ridden[ride as usize] = NONE);
    }

    fn departures(&self, chance: &CatchableCall) -> &'a [u16] {
        self.series.departures(chance.departures, chance.rides)
    }

    /// The first ride of a series that can be caught, unless it is seen at once that it is at hand
    /// already. Mostly it is the one that was caught last.
    fn catch(&self, chance: &CatchableCall, ready: u32) -> Option<u32> {
        let departures = self.departures(chance);
        let (known, position) = self.at_hand[chance.series as usize];
        if known != NONE {
            let leaves = |rank: u32| u32::from(departures[rank as usize]) <= ready;
            let none_before = known == 0 || leaves(known - 1);
            if none_before && position <= chance.position {
                return None;
            }
            if none_before && !leaves(known) {
                return (departures[known as usize] != TOO_LATE).then_some(known);
            }
        }
        let rank = departures.partition_point(|one_more| u32::from(*one_more) <= ready);
        let caught = departures.get(rank).is_some_and(|one_more| *one_more != TOO_LATE);
        #[expect(clippy::cast_possible_truncation, reason = "places of rides are numbered in u32")]
        caught.then_some(rank as u32)
    }

    /// The event behind a boarding.
    fn behind(&self, chance: &CatchableCall, rank: u32) -> u32 {
        let number = self.series.rides[chance.series as usize][rank as usize];
        self.spans[number as usize].event_at(chance.position) + 1
    }

    /// Boards a ride if that is worth it: the event behind the boarding.
    fn board(&mut self, chance: &CatchableCall, rank: u32) -> Option<u32> {
        let (known, position) = self.at_hand[chance.series as usize];
        if position <= chance.position && known <= rank {
            return None;
        }
        let number = self.series.rides[chance.series as usize][rank as usize];
        let ridden = self.ridden[number as usize];
        if ridden <= chance.position {
            return None;
        }
        self.ride(number, chance.position);
        let span = self.spans[number as usize];
        let behind = span.event_at(chance.position) + 1;
        let worth_it = if ridden == NONE {
            self.arrive(behind..span.end) | (span.leads_on && self.stay_seated(number))
        } else {
            self.arrive(behind..span.event_at(ridden) + 1)
        };
        self.take_note(chance.series, rank, chance.position);
        worth_it.then_some(behind)
    }

    /// Of two rides of a series at hand, neither of which makes the other needless, the first is
    /// kept in mind.
    fn take_note(&mut self, series: u32, rank: u32, position: u32) {
        let at_hand = &mut self.at_hand[series as usize];
        if rank <= at_hand.0 {
            *at_hand = (rank, position);
        }
    }

    /// Rides on where one may stay seated at the end; tells whether any stop is reached earlier.
    fn stay_seated(&mut self, ride: u32) -> bool {
        let rides = self.rides;
        let mut earlier = false;
        for then in &rides[ride as usize].then {
            let next = &rides[*then as usize];
            let first = u32::from(self.events[next.events.start as usize].position);
            if self.ridden[*then as usize] != first {
                self.ride(*then, first);
                earlier |= self.arrive(next.events.clone()) | self.stay_seated(*then);
            }
        }
        earlier
    }

    /// A ride's arrivals are counted in from a call on.
    fn ride(&mut self, ride: u32, position: u32) {
        if std::mem::replace(&mut self.ridden[ride as usize], position) == NONE {
            self.touched.push(ride);
        }
    }

    fn arrive(&mut self, events: std::ops::Range<u32>) -> bool {
        let all = self.events;
        let events = &all[events.start as usize..events.end as usize];
        events.iter().fold(false, |earlier, event| self.improve(event) | earlier)
    }

    fn improve(&mut self, event: &StopEvent) -> bool {
        let known = &mut self.arrival[event.stop.at()];
        let earlier = event.alight && event.arrival < *known;
        if earlier {
            *known = event.arrival;
        }
        earlier
    }
}
