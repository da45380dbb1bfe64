//! Where and when vehicles can be boarded, each once, however many trips it is published as.

use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use crate::ids::{IdxVec, RunIdx, StopIdx};
use crate::inputs::gtfs::{Feed, Trip};
use crate::network::calendar::{CalendarError, Clock};
use crate::network::timetable::{RunCall, Timetable};
use crate::routing::network::{Network, ServiceQuery};
use crate::units::ServiceTime;

/// From when on the trips of a date, and those of the days before, are looked at,
const EARLIEST: ServiceTime = ServiceTime::hms(-12, 0, 0);
/// and until when.
const LATEST: ServiceTime = ServiceTime::hms(96, 0, 0);

/// All that runs about a date, and the vehicles that it is: for whatever counts the whole date.
pub struct DateVehicles {
    /// The service date.
    pub date: Date,
    /// All trips of it that set out before midnight four days later, and whatever else is under way
    /// from noon of the day before until the last of them sets out: what could be the same vehicle
    /// as one of them sets out when it does.
    pub timetable: Arc<Timetable>,
    /// See [`Timetable::counted_as`].
    pub counted_as: IdxVec<RunIdx, RunIdx>,
    /// See [`first_boardings`]; at any stop.
    pub first: IdxVec<RunIdx, Option<ServiceTime>>,
}

impl DateVehicles {
    /// Of a network on a clock's date.
    ///
    /// # Errors
    /// If a feed's timezone is unknown.
    pub fn of(
        network: &Network,
        clock: &Clock,
        service: &ServiceQuery,
    ) -> Result<DateVehicles, CalendarError> {
        let mut until = EARLIEST;
        for feed in network.feeds.iter() {
            let begins = clock.day_begins(clock.date(), &feed.timezone)?;
            until =
                until.max(ServiceTime::new(begins.get().saturating_add(latest_start(feed).get())));
        }
        DateVehicles::until(until.min(LATEST), network, clock, service)
    }

    fn until(
        until: ServiceTime,
        network: &Network,
        clock: &Clock,
        service: &ServiceQuery,
    ) -> Result<DateVehicles, CalendarError> {
        let timetable = network.runs_between(clock, EARLIEST, until, service, 0)?;
        let counted_as = timetable.counted_as(&network.feeds);
        let first = first_boardings(&timetable, &counted_as, |_| true);
        Ok(DateVehicles { date: clock.date(), timetable, counted_as, first })
    }
}

/// The boardings of a timetable. Of a vehicle that is published more than once one may board where
/// any of its trips says so.
pub struct Boarded<'a> {
    timetable: &'a Timetable,
    /// Calls, by their run and position, that an earlier run of the same vehicle has.
    again: FxHashSet<(RunIdx, usize)>,
}

impl<'a> Boarded<'a> {
    /// Of runs that are counted as these.
    pub fn of(timetable: &'a Timetable, counted_as: &IdxVec<RunIdx, RunIdx>) -> Boarded<'a> {
        let copies = || counted_as.enumerate().filter(|(run, vehicle)| run != *vehicle);
        let several: FxHashSet<RunIdx> =
            copies().flat_map(|(run, vehicle)| [run, *vehicle]).collect();
        let mut seen: FxHashSet<(RunIdx, StopIdx, ServiceTime)> = FxHashSet::default();
        let mut again = FxHashSet::default();
        for run in timetable.runs.indices().filter(|run| several.contains(run)) {
            for (position, call) in
                timetable.calls_of(run).iter().enumerate().filter(|(_, call)| call.board)
            {
                if !seen.insert((counted_as[run], call.stop, call.departure)) {
                    again.insert((run, position));
                }
            }
        }
        Boarded { timetable, again }
    }

    /// The calls at which a run can be boarded, but for those that an earlier run of the same
    /// vehicle has.
    pub fn calls(&self, run: RunIdx) -> impl Iterator<Item = &'a RunCall> {
        let calls = self.timetable.calls_of(run).iter().enumerate();
        calls
            .filter(move |(position, call)| call.board && !self.again.contains(&(run, *position)))
            .map(|(_, call)| call)
    }
}

/// The latest time of a service day at which any trip of a feed leaves its first stop.
fn latest_start(feed: &Feed) -> ServiceTime {
    let first = |trip: &Trip| feed.calls[trip.calls.start as usize].departure;
    let by_headway = feed.frequencies.iter().map(|row| row.end);
    feed.trips.iter().map(first).chain(by_headway).max().unwrap_or_default()
}

/// By run that counts: when the first of the runs that are counted as it can be boarded, at a stop
/// where that is of interest.
pub fn first_boardings(
    timetable: &Timetable,
    counted_as: &IdxVec<RunIdx, RunIdx>,
    at: impl Fn(StopIdx) -> bool,
) -> IdxVec<RunIdx, Option<ServiceTime>> {
    let mut first: IdxVec<RunIdx, Option<ServiceTime>> =
        timetable.runs.indices().map(|_| None).collect();
    for run in timetable.runs.indices() {
        let boarded = timetable.calls_of(run).iter().find(|call| call.board && at(call.stop));
        if let Some(call) = boarded {
            let known = &mut first[counted_as[run]];
            *known = Some(known.map_or(call.departure, |known| known.min(call.departure)));
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::supply;
    use crate::finding::Findings;
    use crate::inputs::gtfs::read_feed;
    use crate::inputs::osm::read_osm;
    use crate::network::streets::Streets;
    use crate::routing::network::WalkSettings;

    #[test]
    fn what_sets_out_after_the_last_trip_of_a_date_is_no_matter() {
        let mut findings = Findings::new();
        let map =
            read_osm(&["fixtures/town/town.osm.pbf".into()], &[], &mut findings).expect("a map");
        // Most trips of the one feed are vehicles of the other, too.
        let feeds = ["gtfs-before", "gtfs-after"].map(|name| {
            let path = format!("fixtures/town/{name}");
            read_feed(path.as_ref(), name, &mut findings).expect("a feed")
        });
        let date = feeds[0].services.iter().flat_map(|service| &service.dates).min();
        let clock =
            Clock::new(*date.expect("a date"), &feeds[0].timezone).expect("a known timezone");
        let streets = Streets::build(&map, &mut findings);
        let network =
            Network::build(streets, feeds.to_vec(), WalkSettings::default(), &mut findings);
        let service = ServiceQuery::default();
        let few = DateVehicles::of(&network, &clock, &service).expect("few runs");
        let all = DateVehicles::until(LATEST, &network, &clock, &service).expect("all runs");
        assert!(few.timetable.runs.len() * 2 < all.timetable.runs.len());
        let supply = |of_date: &DateVehicles| {
            supply::of_date(of_date, |run| {
                let row = &of_date.timetable.runs[run];
                (row.feed, row.route, row.trip)
            })
        };
        assert!(supply(&few).departures.iter().sum::<u32>() > 0);
        assert_eq!(supply(&few), supply(&all));
    }
}
