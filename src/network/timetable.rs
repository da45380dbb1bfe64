//! The timetable of a query: the trips that run on its service days, on one time axis.
//!
//! A *run* is a trip on a date, its times counted in seconds of the query's [`Clock`]: runs of the
//! day before that are still under way, and runs of the next day that a late journey can reach,
//! stand beside those of the day itself. Runs with the same stops and rules make a *pattern*.
//! Nothing here assumes that trips of a pattern keep their order: each run is routed by its own
//! times, so an overtaking trip is as exact as any other.

mod duplicates;
mod overlay;
mod stay_seated;
#[cfg(test)]
mod tests;

use jiff::ToSpan;
use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::calendar::{CalendarError, Clock};
use super::stops::Stops;
use crate::geometry::LonLat;
use crate::ids::{FeedIdx, Idx, IdxVec, PatternIdx, RunIdx, StopIdx};
use crate::inputs::gtfs::{Call, CallRule, Feed, Frequency};
use crate::random::MurmurMix;
use crate::units::{Seconds, ServiceTime};

/// Trips of one block are ridden through only if the next begins this near to where the one before
/// ended.
const SAME_PLACE_M: f64 = 100.0;

/// What to take from the feeds.
#[derive(Clone, Debug)]
pub struct TimetableQuery<'a> {
    /// The date and timezone its times count in.
    pub clock: &'a Clock,
    /// Runs that are over before this are left out.
    pub from: ServiceTime,
    /// Runs that begin after this are left out.
    pub until: ServiceTime,
    /// Lets in calls that must be phoned for.
    pub phone_pickups: bool,
    /// Leaves out trips that take no wheelchair, and calls at stops where none can get on or off.
    pub step_free: bool,
    /// Seeds the phases of headway services (frequencies.txt with exact_times=0).
    pub seed: u64,
    /// Which draw of phases: each departure of a window has its own.
    pub draw: u32,
}

/// The runs of a query. Equal inputs give an equal timetable.
#[derive(Clone, Debug, Default)]
pub struct Timetable {
    /// In the order of their first departure; among equals, by feed, date and trip.
    pub runs: IdxVec<RunIdx, Run>,
    /// The calls of all runs.
    pub calls: Vec<RunCall>,
    /// How many patterns there are.
    pub patterns: usize,
    /// How many stops the network has.
    pub stops: usize,
    /// Whether any run's phase was drawn: then each departure needs a timetable of its own.
    pub has_headways: bool,
}

/// A trip on a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The feed.
    pub feed: FeedIdx,
    /// The position in that feed's trips.
    pub trip: u32,
    /// The position in that feed's routes.
    pub route: u32,
    /// The service date.
    pub date: Date,
    /// Runs of one pattern have the same stops and rules in the same order.
    pub pattern: PatternIdx,
    /// Its calls, a span of [`Timetable::calls`].
    pub calls: std::ops::Range<u32>,
    /// Where one may stay seated at its end.
    pub then: Vec<RunIdx>,
}

/// A vehicle's call at a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunCall {
    /// The stop.
    pub stop: StopIdx,
    /// Arrival.
    pub arrival: ServiceTime,
    /// Departure.
    pub departure: ServiceTime,
    /// May one get on?
    pub board: bool,
    /// May one get off?
    pub alight: bool,
}

impl Timetable {
    /// The runs of a query.
    ///
    /// # Errors
    /// If a feed's timezone is unknown.
    pub fn build(
        feeds: &[Feed],
        stops: &Stops,
        query: &TimetableQuery,
    ) -> Result<Timetable, CalendarError> {
        let published = Timetable::published(feeds, stops, query)?;
        Ok(published.changed(feeds, query.clock)?.unwrap_or(published))
    }

    /// The runs of a query as the feeds publish them, whatever a scenario does to them.
    ///
    /// # Errors
    /// If a feed's timezone is unknown.
    pub fn published(
        feeds: &[Feed],
        stops: &Stops,
        query: &TimetableQuery,
    ) -> Result<Timetable, CalendarError> {
        let mut instances = Vec::new();
        let mut has_headways = false;
        for (number, feed) in feeds.iter().enumerate() {
            let frequencies = TripFrequencies::of(feed);
            has_headways |= frequencies.has_headways;
            for days in days_in_play(feed, query) {
                let Ok(date) = query.clock.date().checked_add(days.days()) else { continue };
                let day_begins = query.clock.day_begins(date, &feed.timezone)?;
                let running: Vec<bool> =
                    feed.services.iter().map(|service| service.runs_on(date)).collect();
                for (trip, row) in (0u32..).zip(&feed.trips) {
                    let left_out =
                        row.withdrawn || query.step_free && row.wheelchair == Some(false);
                    // In its block it keeps its place; elsewhere it is nothing.
                    if !running[row.service as usize] || left_out && row.block.is_none() {
                        continue;
                    }
                    frequencies.departures(trip, feed, date, query, |shift| {
                        let begins = day_begins.get() + shift;
                        let calls = &feed.calls[row.calls.start as usize..row.calls.end as usize];
                        let first = ServiceTime::new(calls[0].departure.get() + begins);
                        let last = ServiceTime::new(calls[calls.len() - 1].arrival.get() + begins);
                        if last >= query.from && first <= query.until {
                            instances.push(TripInstance {
                                feed: FeedIdx::new(number),
                                date,
                                trip,
                                day_begins: day_begins.get(),
                                begins,
                                first,
                                last,
                                left_out,
                            });
                        }
                    });
                }
            }
        }
        instances.sort_by_key(|i| (i.first, i.feed, i.date, i.trip, i.begins));
        let mut timetable = Timetable { stops: stops.len(), has_headways, ..Timetable::default() };
        let links = stay_seated::links(feeds, &instances);
        timetable.lay_out(feeds, stops, &instances, &links, query);
        Ok(timetable)
    }

    /// The calls of a run.
    pub fn calls_of(&self, run: RunIdx) -> &[RunCall] {
        let span = &self.runs[run].calls;
        &self.calls[span.start as usize..span.end as usize]
    }

    fn lay_out(
        &mut self,
        feeds: &[Feed],
        stops: &Stops,
        instances: &[TripInstance],
        links: &[stay_seated::SeatLink],
        query: &TimetableQuery,
    ) {
        let mut run_of = vec![None; instances.len()];
        let mut patterns: FxHashMap<Vec<(StopIdx, bool, bool)>, PatternIdx> = FxHashMap::default();
        let mut pattern_of_trip: FxHashMap<(FeedIdx, u32), PatternIdx> = FxHashMap::default();
        for (number, instance) in
            instances.iter().enumerate().filter(|(_, instance)| !instance.left_out)
        {
            let feed = &feeds[instance.feed.at()];
            let row = &feed.trips[instance.trip as usize];
            let calls = &feed.calls[row.calls.start as usize..row.calls.end as usize];
            let start = self.calls.len();
            for (position, call) in calls.iter().enumerate() {
                let Some(stop) = stops.find(instance.feed, call.stop) else { continue };
                let mut laid =
                    instance.call(call, stop, position, calls.len(), query.phone_pickups);
                if query.step_free && feed.stops[call.stop as usize].wheelchair == Some(false) {
                    (laid.board, laid.alight) = (false, false);
                }
                self.calls.push(laid);
            }
            let pattern =
                *pattern_of_trip.entry((instance.feed, instance.trip)).or_insert_with(|| {
                    let key =
                        self.calls[start..].iter().map(|c| (c.stop, c.board, c.alight)).collect();
                    let next = PatternIdx::new(patterns.len());
                    *patterns.entry(key).or_insert(next)
                });
            #[expect(clippy::cast_possible_truncation, reason = "fewer than 2^32 calls are loaded")]
            let calls = start as u32..self.calls.len() as u32;
            let (feed, trip, route, date) =
                (instance.feed, instance.trip, row.route, instance.date);
            run_of[number] = Some(RunIdx::new(self.runs.len()));
            self.runs.push(Run { feed, trip, route, date, pattern, calls, then: Vec::new() });
        }
        self.patterns = patterns.len();
        for (a, b) in links {
            if let (Some(a), Some(b)) = (run_of[*a], run_of[*b]) {
                self.runs[a].then.push(b);
            }
        }
    }
}

/// A trip set on a date, before its calls are laid out.
struct TripInstance {
    feed: FeedIdx,
    date: Date,
    trip: u32,
    /// When its service day begins,
    day_begins: i32,
    /// and by how much its departure is later than the trip's own times.
    begins: i32,
    /// The first departure.
    first: ServiceTime,
    /// The last arrival.
    last: ServiceTime,
    /// It does not run in this query, and only keeps its place in its block.
    left_out: bool,
}

impl TripInstance {
    /// The first call's arrival and the last call's departure lead nowhere: nobody alights at the
    /// first or boards at the last, unless staying seated, which is a link of runs.
    fn call(&self, call: &Call, stop: StopIdx, position: usize, of: usize, phone: bool) -> RunCall {
        let may = |rule: CallRule| match rule {
            CallRule::Regular | CallRule::Driver => true,
            CallRule::Phone => phone,
            CallRule::Never => false,
        };
        RunCall {
            stop,
            arrival: ServiceTime::new(call.arrival.get() + self.begins),
            departure: ServiceTime::new(call.departure.get() + self.begins),
            board: position + 1 < of && may(call.pickup),
            alight: position > 0 && may(call.drop_off),
        }
    }
}

/// The service dates, counted from the query's own, whose trips can be under way in its time. A
/// trip may run for days, and a feed's timezone be most of a day away.
fn days_in_play(feed: &Feed, query: &TimetableQuery) -> std::ops::RangeInclusive<i64> {
    const DAY: i32 = 86_400;
    let latest_call = feed.calls.iter().map(|call| call.departure.get()).max().unwrap_or(0);
    let latest_start = feed.frequencies.iter().map(|row| row.end.get()).max().unwrap_or(0);
    let earliest = (query.from.get() - latest_call - latest_start).div_euclid(DAY) - 1;
    i64::from(earliest)..=i64::from(query.until.get().div_euclid(DAY) + 1)
}

/// Whether two points lie within [`SAME_PLACE_M`].
fn near(a: LonLat, b: LonLat) -> bool {
    metres_between(a, b) <= SAME_PLACE_M
}

/// How far two near points are from each other, by the length of a degree there.
pub(super) fn metres_between(a: LonLat, b: LonLat) -> f64 {
    const METRES_PER_DEGREE: f64 = 111_320.0;
    let north = (a.lat() - b.lat()) * METRES_PER_DEGREE;
    let east = (a.lon() - b.lon()) * METRES_PER_DEGREE * a.lat().to_radians().cos();
    north.hypot(east)
}

/// frequencies.txt by trip.
struct TripFrequencies {
    rows: Vec<(u32, usize)>,
    has_headways: bool,
}

impl TripFrequencies {
    fn of(feed: &Feed) -> TripFrequencies {
        let mut rows: Vec<(u32, usize)> =
            feed.frequencies.iter().enumerate().map(|(n, f)| (f.trip, n)).collect();
        rows.sort_unstable();
        TripFrequencies { rows, has_headways: feed.frequencies.iter().any(|f| !f.exact) }
    }

    /// Tells by how much each departure of a trip is shifted against its own times; a trip that
    /// frequencies.txt does not name departs once, as it stands.
    fn departures(
        &self,
        trip: u32,
        feed: &Feed,
        date: Date,
        query: &TimetableQuery,
        mut each: impl FnMut(i32),
    ) {
        let begin = self.rows.partition_point(|(t, _)| *t < trip);
        let rows = self.rows[begin..].iter().take_while(|(t, _)| *t == trip);
        let mut named = false;
        for (_, row) in rows {
            named = true;
            let frequency = &feed.frequencies[*row];
            let row_of_trip = &feed.trips[trip as usize];
            let own = feed.calls[row_of_trip.calls.start as usize].departure;
            let phase = if frequency.exact {
                Seconds::ZERO
            } else {
                phase((query.seed, query.draw), &row_of_trip.id, date, frequency)
            };
            let mut departure = frequency.start + phase;
            while departure < frequency.end {
                each(departure.get() - own.get());
                departure = departure + frequency.headway;
            }
        }
        if !named {
            each(0);
        }
    }
}

/// By how much the departures of a headway service are behind its start in one draw of a seed: even
/// over the headway, and the same whatever else the feeds hold, since nothing but the seed, the
/// draw, the trip's id, the date and the row's start goes into it.
pub fn phase((seed, draw): (u64, u32), trip_id: &str, date: Date, service: &Frequency) -> Seconds {
    let mut mix = MurmurMix::new(seed);
    trip_id.bytes().for_each(|byte| mix.add(u64::from(byte)));
    for part in [
        i64::from(date.year()),
        i64::from(date.month()),
        i64::from(date.day()),
        i64::from(service.start.get()),
        i64::from(draw),
    ] {
        mix.add(part.cast_unsigned());
    }
    Seconds::new(mix.below(service.headway.get()))
}
