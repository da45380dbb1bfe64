//! The departures of a window, whether they share a timetable or each has its own.
//!
//! With a timetable alone, all departures share one [`Rides`]. A headway service (frequencies.txt
//! with exact_times=0) promises no times: each departure of the window then draws its own phases
//! and is searched by itself, which costs as many searches as there are departures. A window of 120
//! departures so has 120 draws; the draws depend on the seed, the trip and the departure alone.

use std::sync::Arc;

use rayon::prelude::*;

use crate::ids::{Csr, Idx, IdxVec, OriginIdx, PlaceIdx};
use crate::network::calendar::Clock;
use crate::network::timetable::Timetable;
use crate::routing::network::{Joined, Network, NetworkError, ServiceQuery};
use crate::routing::query::arrive_by::{DayAtStop, day_at_stops, hours_with_service};
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::range::{NARROW, TravelTimes, Walks, blocks};
use crate::routing::transit::window_timetable::{LONGEST_SPAN, Rides};
use crate::routing::{DepartureWindow, JourneyLimits};
use crate::units::{Seconds, ServiceTime};

/// The longest journey that can be looked for before a deadline.
pub const LONGEST_BEFORE: Seconds = Seconds::new(LONGEST_SPAN.get() / 2);

/// Memory for the times of drawn departures, bytes.
const DRAWN_BYTES: usize = 128 << 20;

/// The departures of a window, ready to be searched.
pub struct Departures<'a> {
    network: &'a Network,
    clock: &'a Clock,
    window: DepartureWindow,
    limits: JourneyLimits,
    service: ServiceQuery,
    shared: Option<(Arc<Timetable>, Arc<Rides>)>,
    /// The draw of the first departure.
    first_draw: u32,
}

/// One departure with the timetable it sees.
pub struct Departure<'a> {
    /// The runs.
    pub timetable: &'a Timetable,
    /// The rides.
    pub rides: &'a Rides,
    /// Its number among the departures of those rides.
    pub number: u16,
}

impl<'a> Departures<'a> {
    /// Makes a window ready.
    ///
    /// # Errors
    /// If a feed's timezone is unknown or the window too long.
    pub fn of(
        network: &'a Network,
        clock: &'a Clock,
        window: DepartureWindow,
        limits: JourneyLimits,
        service: ServiceQuery,
    ) -> Result<Departures<'a>, NetworkError> {
        let (timetable, rides) = network.rides(clock, window, limits, &service, 0)?;
        let shared = (!timetable.has_headways).then_some((timetable, rides));
        Ok(Departures { network, clock, window, limits, service, shared, first_draw: 0 })
    }

    /// A departure every second, from the longest journey before a deadline to the deadline itself:
    /// among them is the latest departure that arrives in time. They share one draw of headway
    /// services' phases, the first.
    ///
    /// # Errors
    /// If a feed's timezone is unknown, or the longest journey longer than [`LONGEST_BEFORE`].
    pub fn before(
        network: &'a Network,
        clock: &'a Clock,
        deadline: ServiceTime,
        limits: JourneyLimits,
        service: ServiceQuery,
    ) -> Result<Departures<'a>, NetworkError> {
        let departures = u16::try_from(limits.max_time.get()).unwrap_or(u16::MAX).saturating_add(1);
        let window = DepartureWindow {
            first: deadline - limits.max_time,
            step: Seconds::new(1),
            departures,
        };
        let (timetable, rides) = network.rides(clock, window, limits, &service, 0)?;
        Ok(Departures {
            network,
            clock,
            window,
            limits,
            service,
            shared: Some((timetable, rides)),
            first_draw: 0,
        })
    }

    /// The window.
    pub fn window(&self) -> DepartureWindow {
        self.window
    }

    /// What a journey may be.
    pub fn limits(&self) -> JourneyLimits {
        self.limits
    }

    /// One of the departures by itself, with other limits.
    ///
    /// # Errors
    /// As [`Departures::of`].
    pub fn alone(
        &self,
        departure: u16,
        limits: JourneyLimits,
    ) -> Result<Departures<'a>, NetworkError> {
        let window = DepartureWindow {
            first: self.window.departure(departure),
            departures: 1,
            ..self.window
        };
        let first_draw = if self.drawn() { self.first_draw + u32::from(departure) } else { 0 };
        let (network, clock, service) = (self.network, self.clock, self.service);
        let (timetable, rides) = network.rides(clock, window, limits, &service, first_draw)?;
        Ok(Departures {
            network,
            clock,
            window,
            limits,
            service,
            shared: Some((timetable, rides)),
            first_draw,
        })
    }

    /// The clock its times count in.
    pub fn clock(&self) -> &Clock {
        self.clock
    }

    /// A single departure at another time.
    ///
    /// # Errors
    /// As [`Departures::of`].
    pub fn leaving_at(&self, time: ServiceTime) -> Result<Departures<'a>, NetworkError> {
        let window = DepartureWindow { first: time, departures: 1, ..self.window };
        Departures::of(self.network, self.clock, window, self.limits, self.service)
    }

    /// In how many hours of the date, from 04:00 to 04:00, a vehicle can be boarded at one of the
    /// stops.
    ///
    /// # Errors
    /// As [`Departures::of`].
    pub fn service_hours(
        &self,
        access: &Csr<OriginIdx, StopWalk>,
    ) -> Result<Vec<u32>, NetworkError> {
        let (timetable, from, until) = self.of_the_date()?;
        let hours = hours_with_service(&timetable, from, until);
        let any = |origin: usize| {
            access[OriginIdx::new(origin)]
                .iter()
                .fold(0u64, |set, link| set | hours[link.stop.at()])
        };
        Ok((0..access.rows()).map(|origin| any(origin).count_ones()).collect())
    }

    /// The first and the last vehicle of the date, from 04:00 to 04:00, at the stops that each
    /// origin can walk to.
    ///
    /// # Errors
    /// As [`Departures::of`].
    pub fn service_day(
        &self,
        access: &Csr<OriginIdx, StopWalk>,
    ) -> Result<Vec<DayAtStop>, NetworkError> {
        let (timetable, from, until) = self.of_the_date()?;
        let days = day_at_stops(&timetable, from, until);
        let near = |origin: usize| {
            let links = access[OriginIdx::new(origin)].iter();
            links.fold(DayAtStop::default(), |day, link| day.with(days[link.stop.at()]))
        };
        Ok((0..access.rows()).map(near).collect())
    }

    /// Whether others search the very same timetable over the same window. Then they find the same
    /// over the same walks: all that a search reads of a feed is its timetable and its rules of
    /// changing, and networks that share a timetable share those. Drawn phases are never the same.
    pub fn has_timetable_of(&self, other: &Departures) -> bool {
        let same = |((mine, _), (others, _)): (&(_, _), &(_, _))| Arc::ptr_eq(mine, others);
        self.window == other.window
            && self.limits == other.limits
            && self.shared.as_ref().zip(other.shared.as_ref()).is_some_and(same)
    }

    /// The same of what [`Departures::service_hours`] and [`Departures::service_day`] read.
    ///
    /// # Errors
    /// As [`Departures::of`].
    pub fn has_date_of(&self, other: &Departures) -> Result<bool, NetworkError> {
        Ok(Arc::ptr_eq(&self.of_the_date()?.0, &other.of_the_date()?.0))
    }

    /// What runs on the date from 04:00 to 04:00, and these two times.
    fn of_the_date(&self) -> Result<(Arc<Timetable>, ServiceTime, ServiceTime), NetworkError> {
        let from = self.clock.wall(ServiceTime::hms(4, 0, 0))?;
        let until = self.clock.wall(ServiceTime::hms(28, 0, 0))?;
        let timetable = self.network.runs_between(self.clock, from, until, &self.service, 0)?;
        Ok((timetable, from, until))
    }

    /// A departure in each minute from one time to another of the same date, by the clock.
    ///
    /// # Errors
    /// As [`Departures::of`].
    pub fn over(&self, from: ServiceTime, to: ServiceTime) -> Result<Departures<'a>, NetworkError> {
        let (from, to) = (self.clock.wall(from)?, self.clock.wall(to)?);
        let window = DepartureWindow::new(from, to, Seconds::new(60)).unwrap_or(self.window);
        Departures::of(self.network, self.clock, window, self.limits, self.service)
    }

    /// The departures of a way back: a minute each, from `stay` after this window's first until a
    /// time of the night, or as long as can be searched at once.
    ///
    /// # Errors
    /// As [`Departures::of`].
    pub fn after(&self, stay: Seconds, until: ServiceTime) -> Result<Departures<'a>, NetworkError> {
        let from = self.window.first + stay;
        let longest = from + LONGEST_SPAN.saturating_sub(self.limits.max_time);
        let until = self.clock.wall(until)?.min(longest);
        let window = DepartureWindow::new(from, until, Seconds::new(60))
            .unwrap_or(DepartureWindow { first: from, departures: 1, ..self.window });
        Departures::of(self.network, self.clock, window, self.limits, self.service)
    }

    /// The runs in play; with drawn phases, those of the first draw over the whole window.
    ///
    /// # Errors
    /// As [`Departures::of`].
    pub fn timetable(&self) -> Result<Arc<Timetable>, NetworkError> {
        if let Some((timetable, _)) = &self.shared {
            return Ok(timetable.clone());
        }
        let (clock, window) = (self.clock, &self.window);
        Ok(self.network.timetable(clock, window, &self.limits, &self.service, 0)?)
    }

    /// Whether each departure draws its own phases.
    pub fn drawn(&self) -> bool {
        self.shared.is_none()
    }

    /// Runs in play at all; with drawn phases, at the first departure.
    ///
    /// # Errors
    /// As [`Departures::of`].
    pub fn look<R>(
        &self,
        departure: u16,
        with: impl FnOnce(Departure) -> R,
    ) -> Result<R, NetworkError> {
        match &self.shared {
            Some((timetable, rides)) => Ok(with(Departure { timetable, rides, number: departure })),
            None => {
                let (timetable, rides) = self.draw(departure)?;
                Ok(with(Departure { timetable: &timetable, rides: &rides, number: 0 }))
            }
        }
    }

    /// All travel times: see [`Rides::travel_times`].
    ///
    /// # Errors
    /// As [`Departures::of`].
    pub fn travel_times<R: Send>(
        &self,
        walks: &Walks,
        results: &mut [R],
        tick: &(dyn Fn(u64) + Sync),
        visit: impl Fn(OriginIdx, &mut R, &mut TravelTimes) + Sync,
    ) -> Result<(), NetworkError> {
        if let Some((_, rides)) = &self.shared {
            rides.travel_times(walks, results, tick, visit);
            return Ok(());
        }
        let departures = usize::from(self.window.departures);
        let wide = DRAWN_BYTES / (2 * departures * results.len().max(1));
        let places: Vec<PlaceIdx> = (0..walks.egress.rows()).map(PlaceIdx::new).collect();
        for block in places.chunks(wide.max(16)) {
            let width = block.len().next_multiple_of(crate::routing::query::percentile::COLUMNS);
            let mut lanes =
                vec![
                    vec![crate::routing::transit::raptor::range::NEVER; departures * width];
                    results.len()
                ];
            let egress =
                Csr::from_rows(block.iter().map(|place| walks.egress[*place].iter().copied()));
            let part = Walks { egress: &egress, direct: &only(walks.direct, block), ..*walks };
            for departure in 0..self.window.departures {
                let (_, rides) = self.draw(departure)?;
                let lane = usize::from(departure) * width;
                rides.travel_times(&part, &mut lanes, &|_| (), |_, lanes: &mut Vec<u16>, times| {
                    for (nth, place) in times.places().iter().enumerate() {
                        lanes[lane + place.at()] = times.raw(0, nth);
                    }
                });
            }
            results.par_iter_mut().zip(lanes).enumerate().for_each(
                |(origin, (result, mut lanes))| {
                    visit(
                        OriginIdx::new(origin),
                        result,
                        &mut TravelTimes::new(&mut lanes, width, block),
                    );
                    tick(1);
                },
            );
        }
        Ok(())
    }

    /// The travel times at one percentile of the departures, from each origin to each destination;
    /// `None` where the destination is not reached at that percentile.
    ///
    /// The table is held in memory as a whole. [`Departures::travel_times`] visits it origin by
    /// origin, at several percentiles.
    ///
    /// # Errors
    /// As [`Departures::of`].
    pub fn times_at(
        &self,
        percentile: u8,
        origins: &Joined,
        destinations: &Joined,
    ) -> Result<IdxVec<OriginIdx, IdxVec<PlaceIdx, Option<Seconds>>>, NetworkError> {
        let (access, egress) = (self.network.access(origins), self.network.egress(destinations));
        let direct = self.network.direct(origins, destinations);
        let walks = Walks { access: &access, egress: &egress, direct: &direct };
        let unreached = IdxVec::from(vec![None; destinations.snaps.len()]);
        let mut table = vec![unreached; origins.snaps.len()];
        self.travel_times(&walks, &mut table, &|_| (), |_, row, times| {
            times.percentiles(&[percentile], |place, time| row[place] = time[0]);
        })?;
        Ok(table.into())
    }

    /// From each origin, the last departure from which each destination is reached: by its number,
    /// `None` if there is none.
    ///
    /// # Errors
    /// As [`Departures::of`].
    pub fn last_departures(&self, walks: &Walks) -> Result<Vec<Vec<Option<u16>>>, NetworkError> {
        let (origins, homes) = (walks.access.rows(), walks.egress.rows());
        let few = few_origins(origins, homes);
        let scanned = self.shared.as_ref().filter(|_| few).and_then(|(_, rides)| {
            let mut last = rides.last_departures_scanned(walks.access, walks.egress)?;
            self.walk_at_any_time(walks, &mut last);
            Some(last)
        });
        scanned.map_or_else(|| self.last_departures_by_travel_time(walks), Ok)
    }

    /// Who can walk all the way gets there from the last departure.
    fn walk_at_any_time(&self, walks: &Walks, last: &mut [Vec<Option<u16>>]) {
        for (origin, last) in last.iter_mut().enumerate() {
            let walks = walks.direct[OriginIdx::new(origin)].iter();
            for (place, _) in walks.filter(|(_, walk)| *walk <= self.limits.max_time) {
                last[place.at()] = self.window.departures.checked_sub(1);
            }
        }
    }

    /// [`Departures::last_departures`] read off all travel times.
    ///
    /// # Errors
    /// As [`Departures::of`].
    pub fn last_departures_by_travel_time(
        &self,
        walks: &Walks,
    ) -> Result<Vec<Vec<Option<u16>>>, NetworkError> {
        let mut all = vec![vec![None; walks.egress.rows()]; walks.access.rows()];
        self.travel_times(walks, &mut all, &|_| (), |_, last, times| {
            for (nth, place) in times.places().iter().enumerate() {
                let reached = |n: &u16| times.at(usize::from(*n), nth).is_some();
                last[place.at()] = (0..self.window.departures).rev().find(reached);
            }
        })?;
        Ok(all)
    }

    fn draw(&self, departure: u16) -> Result<(Arc<Timetable>, Arc<Rides>), NetworkError> {
        let window = DepartureWindow {
            first: self.window.departure(departure),
            departures: 1,
            ..self.window
        };
        let draw = self.first_draw + u32::from(departure);
        self.network.rides(self.clock, window, self.limits, &self.service, draw)
    }
}

/// Whether to scan from the origins rather than to search from the destinations: a scan takes less
/// than a block of destinations does.
fn few_origins(origins: usize, destinations: usize) -> bool {
    origins.div_ceil(NARROW) <= blocks(destinations)
}

/// The walks to some of the destinations, numbered as they stand in the block.
fn only(
    direct: &Csr<OriginIdx, (PlaceIdx, Seconds)>,
    block: &[PlaceIdx],
) -> Csr<OriginIdx, (PlaceIdx, Seconds)> {
    let first = block.first().map_or(0, |place| place.at());
    let inside = first..first + block.len();
    Csr::from_rows((0..direct.rows()).map(|origin| {
        let row =
            direct[OriginIdx::new(origin)].iter().filter(|(place, _)| inside.contains(&place.at()));
        row.map(|(place, walk)| (PlaceIdx::new(place.at() - first), *walk)).collect::<Vec<_>>()
    }))
}
