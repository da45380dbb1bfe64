//! The rounds of the search backwards: see [`crate::routing::profile`] for what they are.
//!
//! Which labels are left unread or unwritten, and why that changes no travel time. Write `best` for
//! the label of an event after some round, and call a time *useful* at an event if somebody aboard
//! there can still arrive then: at the latest `max_time` after the last departure of the window
//! that is not after the event, and no later than the horizon (see [`crate::routing::horizon`]).
//! Along a ride the latest useful time never falls, so what is useful at an event is useful at
//! every later one of the ride.
//!
//! 1. After every round, where `best` of an event is useful at the event before it, `best` of that
//!    one is no later: who is aboard there stays aboard. For a time is only written at an event as
//!    part of an offer that then comes to the event before, and it is only left unwritten there if
//!    it is no earlier than what is known or not useful.
//! 2. So an offer without a useful time earlier than `best` of its event lowers none before it, and
//!    is dropped.
//! 3. For the same reason a transfer is not taken if the ride it leads to offers no useful time
//!    earlier than `best` or than the offers taken already. That is judged by the strips of both
//!    rows, which can err only towards taking it.
//! 4. A ride that the last round did not improve offers what it had offered in the round before,
//!    and that was taken then. The same holds for each destination by itself, so that a transfer is
//!    judged by what the last round made earlier alone.

use crate::ids::{Csr, Idx, PlaceIdx, StopIdx};
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::arrival_bound::ArrivalBound;
use crate::routing::transit::raptor::block_bounds::{self, STRIPS, Strips, least, lowers};
use crate::routing::transit::window_timetable::{EventIdx, Rides, StopEvent};

/// Not reachable: sorts behind every time. Never leaves this room as a number.
pub(in crate::routing) const NEVER: u16 = u16::MAX;

/// The labels of every round of a search towards one destination: for each row the earliest arrival
/// with at most so many rides, seconds after the first departure.
pub(in crate::routing) struct Rounds(Vec<Vec<u16>>);

impl Rounds {
    pub fn towards(rides: &Rides, egress: &Csr<PlaceIdx, StopWalk>, place: PlaceIdx) -> Rounds {
        let mut rounds = Vec::new();
        RaptorSearch::<1>::new(rides).run(
            egress,
            &[place],
            ArrivalBound::of(rides).full(),
            |search| rounds.push(search.by_row()),
        );
        Rounds(rounds)
    }

    /// The labels of round `round`, from 0: with at most one ride more. Rounds after the last
    /// change nothing.
    pub fn get(&self, round: usize) -> Option<&[u16]> {
        self.0.get(round).map(Vec::as_slice)
    }

    /// The labels of the last round.
    pub fn last(&self) -> &[u16] {
        self.0.last().map_or(&[], Vec::as_slice)
    }

    /// The first round in which a row has an arrival that it has in the last.
    pub fn first_with(&self, row: u32, arrival: u16) -> usize {
        self.0.iter().position(|labels| labels[row as usize] == arrival).unwrap_or(self.0.len())
    }
}

/// The search of one block, round by round, and what it has found.
pub(in crate::routing) struct RaptorSearch<'a, const W: usize> {
    rides: &'a Rides,
    transfers: &'a Csr<EventIdx, u32>,
    /// The walk from each stop to each destination.
    egress: Vec<[u16; W]>,
    ends_at: Vec<bool>,
    /// The latest arrival that is looked for.
    horizon: u16,
    /// For who is aboard when the ride comes to an event: the earliest arrival.
    best: Vec<[u16; W]>,
    /// The earliest times of those labels by strip, and the latest.
    earliest: Vec<Strips>,
    latest: Vec<Strips>,
    /// The earliest of those times that the last round has lowered.
    fresh: Vec<Strips>,
    /// Events that it improved, one after the other and as a set.
    changed: Vec<u32>,
    is_changed: Bits,
    /// What this round improves. The others of the round must not see it yet.
    improved: Vec<u32>,
    labels: Vec<[u16; W]>,
    /// What staying seated from the ride before offers: for each ride that one can stay seated for.
    seated: Vec<Option<Box<RideOffer<W>>>>,
}

/// Labels that are looked at together.
const SIFTED: usize = 32;

/// What somebody aboard can reach, and whether that is anything new.
#[derive(Clone, Copy)]
struct RideOffer<const W: usize> {
    arrival: [u16; W],
    any: bool,
}

impl<const W: usize> RideOffer<W> {
    const NOTHING: RideOffer<W> = RideOffer { arrival: [NEVER; W], any: false };

    fn take(&mut self, other: &[u16; W]) {
        least(&mut self.arrival, other);
        self.any = true;
    }
}

impl<'a, const W: usize> RaptorSearch<'a, W> {
    pub fn new(rides: &'a Rides) -> Self {
        let (stops, events) = (rides.rows.rows(), rides.events.len());
        let mut seated: Vec<Option<Box<RideOffer<W>>>> = vec![None; rides.runs.len()];
        for then in rides.runs.iter().flat_map(|ride| &ride.then) {
            seated[*then as usize] = Some(Box::new(RideOffer::NOTHING));
        }
        RaptorSearch {
            rides,
            transfers: rides.transfers(),
            egress: vec![[NEVER; W]; stops],
            ends_at: vec![false; stops],
            horizon: NEVER - 1,
            best: vec![[NEVER; W]; events],
            earliest: vec![[NEVER; STRIPS]; events],
            latest: vec![[NEVER; STRIPS]; events],
            fresh: vec![[NEVER; STRIPS]; events],
            improved: Vec::new(),
            labels: Vec::new(),
            changed: Vec::new(),
            is_changed: Bits::new(events),
            seated,
        }
    }

    /// The memory of a search, in bytes.
    pub fn bytes(rides: &Rides) -> usize {
        let (stops, events) = (rides.rows.rows(), rides.events.len());
        let label = W * size_of::<u16>();
        events * (2 * label + 3 * size_of::<Strips>() + 2 * size_of::<u32>()) + stops * label
    }

    /// Runs all rounds for arrivals up to the horizon; `each` sees the search after every one.
    pub fn run(
        &mut self,
        egress: &Csr<PlaceIdx, StopWalk>,
        places: &[PlaceIdx],
        horizon: u16,
        mut each: impl FnMut(&Self),
    ) {
        self.begin(egress, places);
        self.horizon = horizon;
        self.first_round();
        each(self);
        for _ in 1..self.rides.limits.max_rides {
            if self.changed.is_empty() {
                break;
            }
            self.further_round();
            each(self);
        }
    }

    /// Takes up the walks to the destinations. Lanes past the last destination repeat others of
    /// their strips, so that they tell nothing else.
    fn begin(&mut self, egress: &Csr<PlaceIdx, StopWalk>, places: &[PlaceIdx]) {
        self.best.fill([NEVER; W]);
        self.earliest.fill([NEVER; STRIPS]);
        self.latest.fill([NEVER; STRIPS]);
        self.forget_changes();
        self.egress.fill([NEVER; W]);
        self.ends_at.fill(false);
        for lane in 0..W {
            let known = if lane < places.len() { lane } else { lane % STRIPS % places.len() };
            for link in &egress[places[known]] {
                for side in self.rides.changes.sides(link.stop) {
                    let walk = &mut self.egress[side.at()][lane];
                    *walk = u16::try_from(link.walk.get()).unwrap_or(NEVER).min(*walk);
                    self.ends_at[side.at()] = true;
                }
            }
        }
    }

    /// Rides every run from its end to its beginning: off at an event, and on foot to the
    /// destinations.
    fn first_round(&mut self) {
        let rides = self.rides;
        for (number, ride) in rides.runs.iter().enumerate().rev() {
            let mut offer = self.stay_seated(&ride.then);
            for number in ride.events.clone().rev() {
                let event = &rides.events[number as usize];
                if event.alight && self.ends_at[event.stop.at()] {
                    for (best, walk) in offer.arrival.iter_mut().zip(&self.egress[event.stop.at()])
                    {
                        *best = walk.saturating_add(event.arrival).min(*best);
                    }
                    offer.any = true;
                }
                offer.any =
                    offer.any && lowers(&offer.arrival, &[NEVER; W], self.latest_useful(event));
                if offer.any {
                    self.write(number, &offer.arrival);
                } else {
                    offer = RideOffer::NOTHING;
                }
            }
            if let Some(seat) = &mut self.seated[number] {
                **seat = offer;
            }
        }
    }

    /// Rides every run again: off at an event, and on to rides that the last round improved.
    fn further_round(&mut self) {
        let rides = self.rides;
        let dense = 4 * self.changed.len() > 3 * self.best.len();
        let (mut improved, mut labels) =
            (std::mem::take(&mut self.improved), std::mem::take(&mut self.labels));
        for (number, ride) in rides.runs.iter().enumerate().rev() {
            let mut offer = self.stay_seated(&ride.then);
            for number in ride.events.clone().rev() {
                let event = &rides.events[number as usize];
                self.change(number, event, dense, &mut offer);
                if offer.any {
                    if lowers(
                        &offer.arrival,
                        &self.best[number as usize],
                        self.latest_useful(event),
                    ) {
                        improved.push(number);
                        labels.push(offer.arrival);
                    } else {
                        offer.any = false;
                    }
                }
            }
            if let Some(seat) = &mut self.seated[number] {
                **seat = offer;
            }
        }
        self.forget_changes();
        improved
            .drain(..)
            .zip(labels.drain(..))
            .for_each(|(event, label)| self.write(event, &label));
        (self.improved, self.labels) = (improved, labels);
    }

    fn stay_seated(&self, then: &[u32]) -> RideOffer<W> {
        let mut offer = RideOffer::NOTHING;
        for then in then {
            if let Some(seat) = self.seated[*then as usize].as_ref().filter(|seat| seat.any) {
                offer.take(&seat.arrival);
            }
        }
        offer
    }

    fn forget_changes(&mut self) {
        self.changed.drain(..).for_each(|event| self.fresh[event as usize] = [NEVER; STRIPS]);
        self.is_changed.clear();
    }

    fn write(&mut self, event: u32, label: &[u16; W]) {
        let there = event as usize;
        self.fresh[there] =
            block_bounds::earliest(&block_bounds::lowered(label, &self.best[there]));
        self.best[there] = *label;
        self.earliest[there] = block_bounds::earliest(label);
        self.latest[there] = block_bounds::latest(label, NEVER);
        self.changed.push(event);
        self.is_changed.set(event);
    }

    /// Adds to an offer what is known at an event, and what getting off there and changing offers
    /// beyond that. Where the last round has changed nearly all (`dense`), an event is not asked
    /// whether it has.
    fn change(&self, number: u32, event: &StopEvent, dense: bool, offer: &mut RideOffer<W>) {
        let (known, limit) = (number as usize, self.latest_useful(event) + 1);
        let mut latest = if offer.any {
            least(&mut offer.arrival, &self.best[known]);
            block_bounds::latest(&offer.arrival, limit)
        } else {
            let mut latest = self.latest[known];
            least(&mut latest, &[limit; STRIPS]);
            latest
        };
        for targets in self.transfers[EventIdx(number)].chunks(SIFTED) {
            let (found, count) = if dense {
                Self::sift(&self.fresh, targets, &latest, |_| true)
            } else {
                Self::sift(&self.fresh, targets, &latest, |target| self.is_changed.get(target))
            };
            if count > 0 {
                if !offer.any {
                    *offer = RideOffer { arrival: self.best[known], any: true };
                }
                latest = self.lower_to(&found[..count], &mut offer.arrival, limit);
            }
        }
    }

    /// Of up to [`SIFTED`] events those whose labels may lower a row with these latest times, and
    /// how many there are. All are looked at before any label is read: so the processor waits for
    /// many of them at once and never for one alone.
    #[inline]
    fn sift(
        earliest: &[Strips],
        events: &[u32],
        latest: &Strips,
        wanted: impl Fn(u32) -> bool,
    ) -> ([u32; SIFTED], usize) {
        let (mut found, mut count) = ([0; SIFTED], 0);
        for event in events.iter().filter(|event| wanted(**event)) {
            found[count % SIFTED] = *event;
            count += usize::from(block_bounds::may_lower(&earliest[*event as usize], latest));
        }
        (found, count)
    }

    /// The latest useful time at an event, at most the horizon.
    fn latest_useful(&self, event: &StopEvent) -> u16 {
        let (rides, now) = (self.rides, event.arrival.max(event.departure));
        let latest = u32::from(now).min(rides.window.length().get()) + rides.limits.max_time.get();
        u16::try_from(latest).map_or(self.horizon, |latest| latest.min(self.horizon))
    }

    /// Lowers `arrival` to what the rides behind these events lead to; what is later than `limit`
    /// counts no more than that.
    pub fn board(&self, events: &[u32], arrival: &mut [u16; W], latest: &mut Strips, limit: u16) {
        least(latest, &[limit; STRIPS]);
        for events in events.chunks(SIFTED) {
            let (found, count) = Self::sift(&self.earliest, events, latest, |_| true);
            if count > 0 {
                *latest = self.lower_to(&found[..count], arrival, limit);
            }
        }
    }

    /// Lowers `arrival` to the labels of these events; gives its latest times, but none after
    /// `limit`.
    ///
    /// Whether a label can still lower anything after the ones before it is not asked: 19 in 20
    /// can.
    fn lower_to(&self, events: &[u32], arrival: &mut [u16; W], limit: u16) -> Strips {
        for event in events {
            least(arrival, &self.best[*event as usize]);
        }
        block_bounds::latest(arrival, limit)
    }
}

impl RaptorSearch<'_, 1> {
    /// The label of each row: for who can board it, or wait for a later one of its stop.
    fn by_row(&self) -> Vec<u16> {
        let mut labels: Vec<u16> = vec![NEVER; self.rides.row_event.len()];
        for stop in (0..self.rides.rows.rows()).map(StopIdx::new) {
            let mut waiting = NEVER;
            for row in self.rides.rows.span(stop).rev() {
                let behind = self.rides.row_event[row] as usize + 1;
                waiting = waiting.min(self.best.get(behind).map_or(NEVER, |[arrival]| *arrival));
                labels[row] = waiting;
            }
        }
        labels
    }
}

/// A set of events.
struct Bits(Vec<u64>);

impl Bits {
    fn new(len: usize) -> Bits {
        Bits(vec![0; len.div_ceil(64)])
    }
    fn set(&mut self, n: u32) {
        self.0[n as usize / 64] |= 1 << (n % 64);
    }
    fn get(&self, n: u32) -> bool {
        self.0[n as usize / 64] & 1 << (n % 64) != 0
    }
    fn clear(&mut self) {
        self.0.fill(0);
    }
}
