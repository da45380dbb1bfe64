//! The same world through the real reader and the real search.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;
use lastmile::finding::{Findings, Outcome};
use lastmile::ids::{Csr, FeedIdx, Idx, OriginIdx, PlaceIdx, StopIdx};
use lastmile::inputs::gtfs::{Feed, read_feed};
use lastmile::network::calendar::Clock;
use lastmile::network::stops::Stops;
use lastmile::network::timetable::{Timetable, TimetableQuery};
use lastmile::routing::query::algorithm_choice::SearchDirection;
use lastmile::routing::transit::access_egress::StopWalk;
use lastmile::routing::transit::raptor::range::{TravelTimes, Walks};
use lastmile::routing::transit::transfers::Transfers;
use lastmile::routing::transit::window_timetable::Rides;
use lastmile::routing::{DepartureWindow, JourneyLimits};
use lastmile::units::{Seconds, ServiceTime};

use super::model::{At, Transfer, World, month_and_day};
use super::seeded::Dice;
use super::text;

/// By origin, departure and place.
pub type Times = Vec<Vec<Vec<Option<i64>>>>;

/// A world as the engine sees it.
pub struct Engine<'w> {
    pub world: &'w World,
    pub feeds: Vec<Feed>,
    pub stops: Stops,
    clock: Clock,
    footpaths: Csr<StopIdx, StopWalk>,
    access: Csr<OriginIdx, StopWalk>,
    egress: Csr<PlaceIdx, StopWalk>,
    direct: Csr<OriginIdx, (PlaceIdx, Seconds)>,
}

impl<'w> Engine<'w> {
    /// Writes the feeds below `folder`, their rows shuffled if dice are given, and reads them.
    pub fn read(world: &'w World, folder: &Path, shuffle: Option<Dice>) -> Engine<'w> {
        let mut findings = Findings::new();
        let paths = text::write(world, folder, shuffle);
        let mut feeds: Vec<Feed> = paths
            .iter()
            .map(|path| read_feed(path, "feed", &mut findings).expect("a feed"))
            .collect();
        let lost: Vec<_> =
            findings.iter().filter(|finding| finding.outcome == Outcome::Dropped).collect();
        assert!(lost.is_empty(), "nothing of the world is lost: {lost:#?}");
        for (read, written) in feeds.iter().zip(&world.feeds) {
            assert_eq!(read.trips.len(), written.trips.len());
            // Of rows about the same change one is left.
            let changes: BTreeSet<_> = written.transfers.iter().map(Transfer::about).collect();
            assert_eq!(read.transfers.len(), changes.len());
            assert_eq!(read.frequencies.len(), written.frequencies.len());
        }
        for (read, written) in feeds.iter_mut().zip(&world.feeds) {
            for trip in written.trips.iter().filter(|trip| trip.withdrawn) {
                let found = read.trips.iter_mut().find(|read| read.id == trip.id);
                found.expect("the trip").withdrawn = true;
            }
        }
        Engine::of(world, feeds)
    }

    /// The same walks and query on feeds that a scenario made; its new stops stand behind the
    /// others, as in the world.
    pub fn of(world: &'w World, feeds: Vec<Feed>) -> Engine<'w> {
        let stops = Stops::number(&feeds);
        let find = |at: At| {
            let feed = feeds.get(at.0)?;
            let is = |stop: &lastmile::inputs::gtfs::Stop| stop.id == world.stop_id(at);
            let in_place = feed.stops.get(at.1).filter(|stop| is(stop)).map(|_| at.1);
            let read = in_place.or_else(|| feed.stops.iter().position(is));
            let read = u32::try_from(read.expect("the stop")).expect("few stops");
            stops.find(FeedIdx::new(at.0), read)
        };
        let link =
            |(at, walk): &(At, i64)| Some(StopWalk { stop: find(*at)?, walk: length(*walk) });
        let footpaths = world
            .footpaths
            .iter()
            .filter_map(|((from, to), walk)| Some((find(*from)?, link(&(*to, *walk))?)));
        let footpaths = Csr::from_pairs(stops.len(), footpaths.collect());
        let access = Csr::from_rows(world.access.iter().map(|row| row.iter().filter_map(link)));
        let egress = Csr::from_rows(world.egress.iter().map(|row| row.iter().filter_map(link)));
        let direct = Csr::from_rows(
            world
                .direct
                .iter()
                .map(|row| row.iter().map(|(to, walk)| (PlaceIdx::new(*to), length(*walk)))),
        );
        let clock = Clock::new(date(world.query.day), world.query.zone.name()).expect("a clock");
        Engine { world, feeds, stops, clock, footpaths, access, egress, direct }
    }

    pub fn walks(&self) -> Walks<'_> {
        Walks { access: &self.access, egress: &self.egress, direct: &self.direct }
    }

    /// The rides of departures from one number to another, with the phases of one draw.
    pub fn rides(&self, departures: std::ops::Range<i64>, draw: u32) -> (Timetable, Rides) {
        let query = &self.world.query;
        let limits = JourneyLimits {
            max_rides: u8::try_from(query.max_rides).expect("few rides"),
            max_time: length(query.max_time),
            board_slack: length(query.slack),
        };
        let window = DepartureWindow {
            first: time(self.world.departure(departures.start)),
            step: length(query.step),
            departures: u16::try_from(departures.end - departures.start).expect("few departures"),
        };
        let from_feeds = TimetableQuery {
            clock: &self.clock,
            from: window.first,
            until: window.horizon(&limits),
            step_free: false,
            phone_pickups: query.phone,
            seed: query.seed,
            draw,
        };
        let timetable =
            Timetable::build(&self.feeds, &self.stops, &from_feeds).expect("a timetable");
        let changes =
            Transfers::build(&self.feeds, &self.stops, &self.footpaths, limits.board_slack);
        let rides = Rides::lay_out(&timetable, changes, window, limits).expect("a short window");
        (timetable, rides)
    }

    /// All travel times. With headway services each departure has a draw of its own.
    pub fn times(&self) -> Times {
        self.times_found(SearchDirection::Backwards)
    }

    /// The same, searched one way or the other.
    pub fn times_found(&self, direction: SearchDirection) -> Times {
        let (world, departures) = (self.world, self.world.query.departures);
        let mut times = vec![Vec::new(); world.access.len()];
        let spans = if world.has_headways() {
            (0..departures).map(|n| (n..n + 1, u32::try_from(n).expect("few"))).collect()
        } else {
            vec![(0..departures, 0)]
        };
        for (span, draw) in spans {
            let (timetable, rides) = self.rides(span, draw);
            assert_eq!(timetable.has_headways, world.has_headways());
            let take = |_, rows: &mut Vec<_>, found: &mut TravelTimes| {
                take(rows, found, draw as usize, world.egress.len());
            };
            rides.travel_times_found(direction, &self.walks(), &mut times, &|_| (), take);
        }
        times
    }

    /// The stop of the world behind a number.
    pub fn at(&self, stop: StopIdx) -> At {
        let source = self.stops.source(stop);
        let feed = source.feed.at();
        let id = &self.feeds[feed].stops[source.stop as usize].id;
        let known = self.world.feeds[feed].stops.iter().position(|stop| stop.id == *id);
        (feed, known.expect("the stop"))
    }
}

fn take(rows: &mut Vec<Vec<Option<i64>>>, found: &TravelTimes, first: usize, places: usize) {
    for departure in 0..found.departures() {
        if rows.len() <= first + departure {
            rows.push(vec![None; places]);
        }
        for (nth, place) in found.places().iter().enumerate() {
            rows[first + departure][place.at()] =
                found.at(departure, nth).map(|time| i64::from(time.get()));
        }
    }
}

pub fn date(day: i64) -> Date {
    let (month, day) = month_and_day(day);
    Date::new(2026, i8::try_from(month).expect("a month"), i8::try_from(day).expect("a day"))
        .expect("a date")
}

pub fn time(seconds: i64) -> ServiceTime {
    ServiceTime::new(i32::try_from(seconds).expect("a time"))
}

pub fn length(seconds: i64) -> Seconds {
    Seconds::new(u32::try_from(seconds).expect("a length of time"))
}
