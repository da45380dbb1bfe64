//! The labels of a scan.
//!
//! A label holds, for each number of rides up to the limit, the earliest arrival at each
//! destination: first all those with one ride, then all those with at most two, and so on. Who gets
//! off and boards again has used up a ride, so that a row's label is taken over one number of rides
//! further on.

use super::events::{ScanEvent, ScanOrder};
use super::{Lanes, note};
use crate::ids::{Csr, Idx, PlaceIdx, StopIdx};
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::range::{NARROW, NEVER};
use crate::routing::transit::window_timetable::{Rides, StopEvent};

/// A row that leads somewhere earlier than the next one of its stop.
pub(super) struct ScanBoarding {
    pub departure: u16,
    /// The earliest arrival at each destination for who is there in time, with all the rides that
    /// are allowed.
    pub arrival: Lanes,
}

/// A walk after getting off, as far as the scan has come.
struct ScanWalk {
    /// The first row that can be caught over it: the rows from here on are taken in.
    row: u32,
    /// Where the stop's rows begin.
    first: u32,
    /// From getting off to being ready.
    ready: u32,
    /// The latest arrival from which the row before can be caught as well; below all times if there
    /// is none.
    catches: i32,
}

/// What a scan has found.
pub(super) struct Labels<'a> {
    rides: &'a Rides,
    /// How many destinations there are, and how many numbers of rides.
    places: usize,
    levels: usize,
    /// The lanes that one takes over who boards: all but those of the highest number of rides;
    /// whole vectors.
    over: usize,
    /// By stop, the walk to each destination.
    egress: Vec<Lanes>,
    ends_at: Vec<bool>,
    /// By ride, what is known of who is aboard where the scan has come to; nothing before that.
    aboard: Vec<u16>,
    begun: Vec<bool>,
    /// By row, what boarding it or a later one of its stop leads to.
    rows: Vec<u16>,
    /// By row, in which parts of the label that is earlier than what the next row leads to.
    news: Vec<LabelParts>,
    /// The same with all rides that are allowed, and whether it is earlier than what the next row
    /// leads to.
    best: Vec<Lanes>,
    earlier: Vec<bool>,
    /// By stop, what getting off there and boarding again leads to; and the walks there.
    onward: Vec<u16>,
    walks: Csr<StopIdx, ScanWalk>,
}

impl<'a> Labels<'a> {
    /// Scans the window for some destinations, at most [`NARROW`].
    pub fn find(
        rides: &'a Rides,
        order: &ScanOrder,
        egress: &Csr<PlaceIdx, StopWalk>,
        places: &[PlaceIdx],
    ) -> Self {
        let mut labels = Labels::new(rides, places.len());
        labels.take_up(egress, places);
        for happening in &order.0 {
            labels.begin(happening.ride);
            let event = &rides.events[happening.event() as usize];
            if happening.gets_on() {
                labels.get_on(*happening, event);
            } else {
                labels.get_off(*happening, event);
            }
        }
        labels
    }

    /// The rows of each stop that lead somewhere earlier than the next.
    pub fn into_boardings(self) -> Csr<StopIdx, ScanBoarding> {
        let rows = &self.rides.rows;
        let of_stop = |stop: StopIdx| {
            rows.span(stop)
                .filter(|row| self.earlier[*row])
                .map(|row| ScanBoarding { departure: rows.items()[row], arrival: self.best[row] })
        };
        Csr::from_rows((0..rows.rows()).map(StopIdx::new).map(of_stop))
    }

    fn new(rides: &'a Rides, places: usize) -> Self {
        let (stops, rows) = (rides.rows.rows(), rides.row_event.len());
        let levels = usize::from(rides.limits.max_rides).max(1);
        let over = over(places, levels);
        let walk = |link: &StopWalk| {
            let span = rides.rows.span(link.stop);
            let mut walk = ScanWalk {
                row: number(span.end),
                first: number(span.start),
                ready: link.walk.get(),
                catches: -1,
            };
            walk.look_before(rides);
            walk
        };
        Labels {
            rides,
            places,
            levels,
            over,
            egress: vec![[NEVER; NARROW]; stops],
            ends_at: vec![false; stops],
            aboard: vec![NEVER; rides.runs.len() * (over + NARROW)],
            begun: vec![false; rides.runs.len()],
            rows: vec![NEVER; rows * over],
            news: vec![LabelParts::NONE; rows],
            best: vec![[NEVER; NARROW]; rows],
            earlier: vec![false; rows],
            onward: vec![NEVER; stops * over],
            walks: Csr::from_rows(
                (0..stops).map(|stop| rides.walks_on(StopIdx::new(stop)).iter().map(walk)),
            ),
        }
    }

    /// Takes up the walks to the destinations.
    fn take_up(&mut self, egress: &Csr<PlaceIdx, StopWalk>, places: &[PlaceIdx]) {
        for (lane, place) in places.iter().enumerate() {
            for link in &egress[*place] {
                for side in self.rides.changes.sides(link.stop) {
                    let walk = &mut self.egress[side.at()][lane];
                    *walk = u16::try_from(link.walk.get()).unwrap_or(NEVER).min(*walk);
                    self.ends_at[side.at()] = true;
                }
            }
        }
    }

    fn of_ride(&self, ride: u32) -> std::ops::Range<usize> {
        let width = self.over + NARROW;
        let start = ride as usize * width;
        start..start + width
    }

    /// Who is aboard to the end may stay seated. A ride that has not begun by then is one where
    /// nobody gets on or off; who sits through it may stay seated at its end as well.
    fn begin(&mut self, ride: u32) {
        if std::mem::replace(&mut self.begun[ride as usize], true) {
            return;
        }
        let (rides, own) = (self.rides, self.of_ride(ride));
        for then in &rides.runs[ride as usize].then {
            self.begin(*then);
            let next = self.of_ride(*then);
            let (before, after) = self.aboard.split_at_mut(next.start);
            lower(&mut before[own.clone()], &after[..next.len()]);
        }
    }

    /// Off here: on foot to the destinations, or to what can be caught.
    fn get_off(&mut self, happening: ScanEvent, event: &StopEvent) {
        let own = self.of_ride(happening.ride);
        let aboard = &mut self.aboard[own];
        if self.ends_at[event.stop.at()] {
            let there = self.egress[event.stop.at()].map(|walk| walk.saturating_add(event.arrival));
            for level in aboard[..self.places * self.levels].chunks_mut(self.places) {
                lower(level, &there[..level.len()]);
            }
        }
        let onward = &mut self.onward[event.stop.at() * self.over..][..self.over];
        let span = self.walks.span(event.stop);
        for walk in &mut self.walks.items_mut()[span] {
            let mut news = LabelParts::NONE;
            while i32::from(event.arrival) <= walk.catches {
                walk.row -= 1;
                news.add(self.news[walk.row as usize]);
                walk.look_before(self.rides);
            }
            if news != LabelParts::NONE {
                news.lower(onward, &self.rows[walk.row as usize * self.over..][..self.over]);
            }
        }
        lower(&mut aboard[self.places..][..self.over], onward);
    }

    /// On here: what is known of who is aboard from here on, or of a later row.
    fn get_on(&mut self, happening: ScanEvent, event: &StopEvent) {
        let (row, over) = (event.row as usize, self.over);
        let aboard = &self.aboard[self.of_ride(happening.ride)];
        let last = &aboard[self.places * (self.levels - 1)..][..self.places];
        self.best[row][..self.places].copy_from_slice(last);
        let (own, later) = self.rows[row * over..].split_at_mut(over);
        own.copy_from_slice(&aboard[..over]);
        if row + 1 < self.rides.rows.span(event.stop).end {
            let later = &later[..over];
            self.news[row] = LabelParts::lower_in(own, later);
            lower(own, later);
            let later = self.best[row + 1];
            self.earlier[row] = lowers(&self.best[row], &later);
            note(&mut self.best[row], &later);
        } else {
            (self.news[row], self.earlier[row]) = (LabelParts::ALL, true);
        }
    }
}

/// The lanes that are taken over at a boarding.
pub(super) fn over(places: usize, levels: usize) -> usize {
    (places * levels.saturating_sub(1)).next_multiple_of(NARROW)
}

/// Parts of a label, each [`NARROW`] lanes: a bit for each.
#[derive(Clone, Copy, PartialEq, Eq)]
struct LabelParts(u16);

/// The widest label there are bits for, in lanes.
pub(super) const WIDEST: usize = u16::BITS as usize * NARROW;

impl LabelParts {
    const NONE: LabelParts = LabelParts(0);
    const ALL: LabelParts = LabelParts(u16::MAX);

    /// The parts in which a label has an earlier time than another.
    fn lower_in(label: &[u16], other: &[u16]) -> LabelParts {
        let (label, other) = (label.as_chunks::<NARROW>().0, other.as_chunks::<NARROW>().0);
        let parts = label.iter().zip(other).enumerate();
        LabelParts(
            parts.fold(0, |parts, (n, (part, other))| parts | u16::from(lowers(part, other)) << n),
        )
    }

    fn add(&mut self, other: LabelParts) {
        self.0 |= other.0;
    }

    /// Lowers these parts of a label to another's.
    fn lower(self, label: &mut [u16], other: &[u16]) {
        let (label, other) = (label.as_chunks_mut::<NARROW>().0, other.as_chunks::<NARROW>().0);
        for (n, (label, other)) in label.iter_mut().zip(other).enumerate() {
            if self.0 & 1 << n != 0 {
                note(label, other);
            }
        }
    }
}

impl ScanWalk {
    fn look_before(&mut self, rides: &Rides) {
        let before = (self.row > self.first)
            .then(|| i64::from(rides.departure(self.row - 1)) - i64::from(self.ready));
        self.catches = before.and_then(|latest| i32::try_from(latest).ok()).unwrap_or(-1);
    }
}

/// Lowers each time to the other's.
#[inline]
fn lower(times: &mut [u16], other: &[u16]) {
    for (time, other) in times.iter_mut().zip(other) {
        *time = (*time).min(*other);
    }
}

/// Whether any time is earlier than the other.
#[inline]
fn lowers(times: &Lanes, other: &Lanes) -> bool {
    times.iter().zip(other).fold(0, |gain, (time, other)| gain | other.saturating_sub(*time)) != 0
}

#[expect(clippy::cast_possible_truncation, reason = "rows are numbered in u32")]
fn number(n: usize) -> u32 {
    n as u32
}
