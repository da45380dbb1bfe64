//! A study area made ready for queries: streets, stops, and the walks that join them.
//!
//! What does not depend on a date is computed once: where each stop joins the streets, and the
//! walks between stops. A date and a window then make a [`Rides`]; points make the walks to and
//! from stops.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::{Entries, LonLat, OpenGround};
use crate::ids::{Csr, Idx, OriginIdx, PlaceIdx, StopIdx};
use crate::inputs::gtfs::Feed;
use crate::network::calendar::{CalendarError, Clock};
use crate::network::stops::Stops;
use crate::network::streets::{Snap, Streets, WalkProfile};
use crate::network::timetable::{Run, Timetable, TimetableQuery};
pub use crate::routing::joined::Joined;
use crate::routing::street::ferry_sailings::Sailings;
use crate::routing::street::snap_report::{SnapCounts, SnapNames};
use crate::routing::street::straight_walks::{StraightEnds, straight_path, with_straight_walks};
use crate::routing::street::{WalkGraph, WalkPath, WalkTargets, walk_table, walk_table_by_ferry};
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::remembered_timetables::RememberedTimetables;
use crate::routing::transit::stop_access::{StopStreetAccess, timed};
use crate::routing::transit::transfers::{Rules, Transfers};
use crate::routing::transit::window_timetable::{Rides, WindowError};
use crate::routing::{DepartureWindow, JourneyLimits};
use crate::units::{Metres, Seconds, ServiceTime};

mod in_window;

/// How stops and points join the streets, and how far one walks.
#[derive(Clone, Debug)]
pub struct WalkSettings {
    /// How one walks.
    pub profile: WalkProfile,
    /// The longest walk all the way, to the first stop and from the last, each by itself.
    pub max_walk: Seconds,
    /// The longest walk between two rides, at walking speed.
    pub max_transfer: Metres,
    /// How far a point may lie from a street.
    pub max_snap: Metres,
    /// How far a stop may lie from a street.
    pub max_snap_stop: Metres,
}

impl WalkSettings {
    /// How long a walk between two rides may take.
    pub fn longest_transfer(&self) -> Seconds {
        (self.max_transfer / self.profile.speed).ceil()
    }
}

impl Default for WalkSettings {
    /// 4.8 km/h, 30 min, 1,000 m, 300 m and 100 m (semantics: streets, travel time).
    fn default() -> WalkSettings {
        WalkSettings {
            profile: WalkProfile::walk(),
            max_walk: Seconds::minutes(30),
            max_transfer: Metres::new(1000.0),
            max_snap: Metres::new(300.0),
            max_snap_stop: Metres::new(100.0),
        }
    }
}

/// Streets, stops and feeds of a study area, as one kind of walker sees them.
pub struct Network {
    /// The streets.
    pub streets: Arc<Streets>,
    /// The feeds, as read.
    pub feeds: Arc<[Feed]>,
    /// The stops that are called at.
    pub stops: Arc<Stops>,
    /// The streets as one walks them.
    pub graph: Arc<WalkGraph>,
    settings: WalkSettings,
    sailings: Arc<Sailings>,
    at_stops: Arc<StopJoins>,
    /// What the feeds say of changing, once it has been asked for.
    rules: OnceLock<Arc<Rules>>,
    /// Timetables that are laid out once; `None`: each is laid out when it is asked for.
    remembered: Option<RememberedTimetables>,
}

/// The streets as one kind of walker sees them.
struct WalkedStreets {
    streets: Arc<Streets>,
    graph: Arc<WalkGraph>,
    sailings: Arc<Sailings>,
    settings: WalkSettings,
}

/// How stops join the streets and each other.
struct StopJoins {
    doors: Arc<StopStreetAccess>,
    to_stops: WalkTargets,
    /// Only where coming out of stops is another matter than going in.
    from_stops: Option<WalkTargets>,
    footpaths: Arc<Csr<StopIdx, StopWalk>>,
}

/// How a query looks at the timetable.
#[derive(Clone, Copy, Debug)]
pub struct ServiceQuery {
    /// Lets in calls that must be phoned for.
    pub phone_pickups: bool,
    /// Seeds the phases of headway services.
    pub seed: u64,
}

impl Default for ServiceQuery {
    /// No stops that must be phoned for; the seed that the commands use.
    fn default() -> ServiceQuery {
        ServiceQuery { phone_pickups: false, seed: 1 }
    }
}

/// Why there are no rides for a query.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// The date or a timezone.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The window.
    #[error(transparent)]
    Window(#[from] WindowError),
}

impl Network {
    /// Joins stops to streets and finds the walks between them. Stops off the network stay: a
    /// vehicle can be ridden past them.
    ///
    /// ```
    /// use lastmile::prelude::*;
    ///
    /// let mut findings = Findings::new();
    /// let map = read_osm(&["fixtures/town/town.osm.pbf".into()], &[], &mut findings)?;
    /// let streets = Streets::build(&map, &mut findings);
    /// let feed = read_feed("fixtures/town/gtfs-before".as_ref(), "before", &mut findings)?;
    /// let network = Network::build(streets, vec![feed], WalkSettings::default(), &mut findings);
    /// assert!(network.can_board());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn build(
        streets: Streets,
        mut feeds: Vec<Feed>,
        settings: WalkSettings,
        findings: &mut Findings,
    ) -> Network {
        timed::only_near(&mut feeds, &streets, &settings, findings);
        let stops = Stops::number(&feeds);
        let sailings = Arc::new(Sailings::of(&feeds, &streets.projection));
        let graph = Arc::new(sailings.graph(&streets, &settings.profile, findings));
        let walked = WalkedStreets { streets: Arc::new(streets), graph, sailings, settings };
        Network::of(walked, feeds.into(), Arc::new(stops), findings)
    }

    /// The same streets, feeds and stops for another kind of walker.
    pub fn walked_by(&self, settings: WalkSettings, findings: &mut Findings) -> Network {
        let (streets, sailings) = (self.streets.clone(), self.sailings.clone());
        let graph = Arc::new(sailings.graph(&streets, &settings.profile, findings));
        let walked = WalkedStreets { streets, graph, sailings, settings };
        Network::of(walked, self.feeds.clone(), self.stops.clone(), findings)
    }

    /// Other feeds on the same streets for the same walker. Where the stops that are called at are
    /// the same ones, so are the walks to, from and between them, and nothing is searched again.
    /// The streets stay the same: of the map's ferries those that the first feeds sail are not
    /// taken, whatever the others sail.
    pub fn with_feeds(&self, feeds: Vec<Feed>, findings: &mut Findings) -> Network {
        let (streets, graph, settings) =
            (self.streets.clone(), self.graph.clone(), self.settings.clone());
        let sailings = self.sailings.clone();
        if self.has_stops_of(&feeds) {
            let (stops, at_stops) = (self.stops.clone(), self.at_stops.clone());
            let same_tables = self.has_tables_of(&feeds);
            let rules = if same_tables { self.rules.clone() } else { OnceLock::new() };
            let remembered = self.remembered.as_ref().map(|known| {
                if same_tables { known.with_changes() } else { RememberedTimetables::new() }
            });
            let feeds = feeds.into();
            return Network {
                streets,
                feeds,
                stops,
                graph,
                settings,
                sailings,
                at_stops,
                rules,
                remembered,
            };
        }
        let stops = Stops::number(&feeds);
        Network::of(
            WalkedStreets { streets, graph, sailings, settings },
            feeds.into(),
            Arc::new(stops),
            findings,
        )
    }

    /// Other feeds on other streets for the same walker: how stops join them, and all walks, are
    /// found anew.
    pub fn with_streets(
        &self,
        streets: Streets,
        feeds: Vec<Feed>,
        findings: &mut Findings,
    ) -> Network {
        let (stops, settings) = (Stops::number(&feeds), self.settings.clone());
        let sailings = self.sailings.clone();
        let graph = Arc::new(sailings.graph(&streets, &settings.profile, findings));
        let walked = WalkedStreets { streets: Arc::new(streets), graph, sailings, settings };
        Network::of(walked, feeds.into(), Arc::new(stops), findings)
    }

    /// From now on each timetable is laid out once and kept. Worth it where several
    /// things are asked of a window, or several scenarios of one baseline.
    pub fn remember_timetables(&mut self) {
        self.remembered = Some(RememberedTimetables::new());
    }

    /// Forgets the timetables that its feeds' changes touch; those as published stay.
    pub fn forget_changed(&self) {
        self.remembered.iter().for_each(RememberedTimetables::forget_changed);
    }

    /// Whether stops join the very same streets in both networks, so that walks to, from and
    /// between them are the same.
    pub fn has_walks_of(&self, other: &Network) -> bool {
        Arc::ptr_eq(&self.at_stops, &other.at_stops)
    }

    /// Whether feeds differ from this network's by changes of trips alone: then they share their
    /// tables, and the timetables as published.
    fn has_tables_of(&self, feeds: &[Feed]) -> bool {
        let same = |a: &Feed, b: &Feed| {
            a.stops.is_same(&b.stops)
                && a.routes.is_same(&b.routes)
                && a.services.is_same(&b.services)
                && a.trips.is_same(&b.trips)
                && a.calls.is_same(&b.calls)
                && a.frequencies.is_same(&b.frequencies)
                && a.transfers.is_same(&b.transfers)
                && a.pathways.is_same(&b.pathways)
                && a.timezone == b.timezone
        };
        feeds.len() == self.feeds.len()
            && feeds.iter().zip(self.feeds.iter()).all(|(a, b)| same(a, b))
    }

    /// Whether both networks number the very same rows of stops.txt alike.
    pub fn has_stop_rows_of(&self, other: &Network) -> bool {
        let mut feeds = self.feeds.iter().zip(other.feeds.iter());
        Arc::ptr_eq(&self.stops, &other.stops) && feeds.all(|(a, b)| a.stops.is_same(&b.stops))
    }

    /// Whether feeds have this network's very stops, rules of changing and stations.
    pub fn has_stops_of(&self, feeds: &[Feed]) -> bool {
        if self.has_tables_of(feeds) {
            return true;
        }
        let alike = |a: &Feed, b: &Feed| a.stops == b.stops && a.pathways == b.pathways;
        feeds.len() == self.feeds.len()
            && feeds.iter().zip(self.feeds.iter()).all(|(a, b)| alike(a, b))
            && Stops::number(feeds) == *self.stops
    }

    fn of(
        walked: WalkedStreets,
        feeds: Arc<[Feed]>,
        stops: Arc<Stops>,
        findings: &mut Findings,
    ) -> Network {
        let WalkedStreets { streets, graph, sailings, settings } = walked;
        let doors = StopStreetAccess::find(&streets, &feeds, &stops, &settings, findings);
        let to_stops = WalkTargets::new(&graph, doors.board());
        let from_stops = doors.differ().then(|| WalkTargets::new(&graph, doors.alight()));
        let longest = settings.longest_transfer();
        let on_streets = walk_table(&graph, doors.alight(), &to_stops, longest, false);
        let (from, to) = (StraightEnds::at(doors.alight()), StraightEnds::at(doors.board()));
        let on_streets = with_straight_walks(on_streets, (&streets, &graph), longest, from, to);
        let footpaths = doors.footpaths(&on_streets, &feeds, &stops, findings);
        let footpaths =
            timed::with_straight_walks(&footpaths, &feeds, &stops, &streets, &settings, findings);
        report_snaps(&feeds, &stops, &doors, findings);
        if settings.profile.step_free {
            feeds.iter().for_each(|feed| report_unsaid(feed, findings));
        }
        let footpaths = Arc::new(footpaths);
        let doors = Arc::new(doors);
        let at_stops = Arc::new(StopJoins { doors, to_stops, from_stops, footpaths });
        Network {
            streets,
            feeds,
            stops,
            graph,
            settings,
            sailings,
            at_stops,
            rules: OnceLock::new(),
            remembered: None,
        }
    }

    /// Whether public transport can be used at all: some stop joins the streets, or there is no
    /// timetable to use.
    pub fn can_board(&self) -> bool {
        self.feeds.is_empty() || self.stops.indices().any(|stop| !self.board_snaps(stop).is_empty())
    }

    /// The settings it was built with.
    pub fn settings(&self) -> &WalkSettings {
        &self.settings
    }

    /// Where things, each of one or more points, join the streets.
    pub fn join<'a>(&self, things: impl IntoIterator<Item = &'a [LonLat]>) -> Joined {
        let mut joined = Joined::default();
        for points in things {
            let (mut snaps, mut apart) = (Vec::new(), Vec::new());
            for at in points.iter().map(|point| self.streets.project(*point)) {
                match self.streets.snap(at, self.settings.max_snap, &self.settings.profile) {
                    Some(snap) => snaps.push(snap),
                    None => apart.push(at),
                }
            }
            joined.snaps.push(snaps);
            joined.apart.push(apart);
        }
        joined
    }

    /// The same of places, some of which may be open ground.
    pub fn join_places<'a>(&self, places: impl IntoIterator<Item = &'a Entries> + Clone) -> Joined {
        let ground = |ground: &OpenGround| ground.on(&self.streets.projection);
        let grounds =
            places.clone().into_iter().map(|place| place.grounds().iter().map(ground).collect());
        Joined {
            grounds: grounds.collect(),
            ..self.join(places.into_iter().map(|place| &place[..]))
        }
    }

    /// The walks from origins to stops.
    pub fn access(&self, origins: &Joined) -> Csr<OriginIdx, StopWalk> {
        let (targets, stops) =
            (&self.at_stops.to_stops, StraightEnds::at(self.at_stops.doors.board()));
        links(&self.walks(origins.standing(), targets, stops, false))
    }

    /// The walks from stops to destinations.
    pub fn egress(&self, places: &Joined) -> Csr<PlaceIdx, StopWalk> {
        let from_stops = self.at_stops.from_stops.as_ref().unwrap_or(&self.at_stops.to_stops);
        let stops = StraightEnds::at(self.at_stops.doors.alight());
        links(&self.walks(places.standing(), from_stops, stops, true))
    }

    /// [`Network::egress`] and [`Network::direct`] of the same origins and places. Of fewer places
    /// than origins, each place is searched from once for both.
    pub fn egress_and_direct(
        &self,
        origins: &Joined,
        places: &Joined,
    ) -> (Csr<PlaceIdx, StopWalk>, Csr<OriginIdx, (PlaceIdx, Seconds)>) {
        let (from, to) = (origins.standing(), places.standing());
        if to.snaps.len() >= from.snaps.len() {
            return (self.egress(places), self.direct(origins, places));
        }
        let (graph, longest) = (&*self.graph, self.settings.max_walk);
        let stops = StraightEnds::at(self.at_stops.doors.alight());
        let targets = WalkTargets::of_both(graph, [stops.snaps, from.snaps]);
        let both: Csr<PlaceIdx, (u32, Seconds)> =
            walk_table_by_ferry(graph, to.snaps, &targets, longest, true);
        let [to_stops, to_origins] = split(&both, stops.snaps.len());
        let straight = |table: Csr<PlaceIdx, _>, targets| {
            with_straight_walks(table, (&self.streets, graph), longest, to, targets)
        };
        (links(&straight(to_stops, stops)), turned(&straight(to_origins, from), from.snaps.len()))
    }

    /// Walks from things to others, or with `reverse` from others to things: by ferry too, and
    /// straight where no street is needed.
    fn walks<I: Idx>(
        &self,
        from: StraightEnds,
        targets: &WalkTargets,
        to: StraightEnds,
        reverse: bool,
    ) -> Csr<I, (u32, Seconds)> {
        let (graph, longest) = (&*self.graph, self.settings.max_walk);
        let table = walk_table_by_ferry(graph, from.snaps, targets, longest, reverse);
        with_straight_walks(table, (&self.streets, graph), longest, from, to)
    }

    /// The walks all the way. Searched from the fewer ends: a walk takes as long found from either.
    pub fn direct(&self, origins: &Joined, places: &Joined) -> Csr<OriginIdx, (PlaceIdx, Seconds)> {
        let (from, to) = (origins.standing(), places.standing());
        if to.snaps.len() < from.snaps.len() {
            let targets = WalkTargets::new(&self.graph, from.snaps);
            return turned(&self.walks(to, &targets, from, true), from.snaps.len());
        }
        let targets = WalkTargets::new(&self.graph, to.snaps);
        let table: Csr<OriginIdx, _> = self.walks(from, &targets, to, false);
        Csr::from_rows(
            (0..table.rows()).map(|row| {
                table[OriginIdx::new(row)].iter().map(|(to, walk)| (PlaceIdx(*to), *walk))
            }),
        )
    }

    /// The very walk behind a time from one point to another, each by where it joins the streets.
    /// Between two rides no ferry is taken.
    pub fn path(&self, from: &[Snap], to: &[Snap], between_rides: bool) -> Option<WalkPath> {
        let (graph, streets) = (&*self.graph, &*self.streets);
        let over_streets = if between_rides {
            graph.path(streets, from, to, self.settings.longest_transfer())
        } else {
            graph.path_by_ferry(streets, from, to, self.settings.max_walk)
        };
        let straight = straight_path((streets, graph), from, to);
        straight.into_iter().chain(over_streets).min_by_key(|path| path.time)
    }

    /// From where on the streets a stop is come to; from nowhere if it is off the network.
    pub fn board_snaps(&self, stop: StopIdx) -> &[Snap] {
        &self.at_stops.doors.board()[stop.at()]
    }

    /// Where on the streets one comes out who gets off at a stop; nowhere if it is off the network.
    pub fn alight_snaps(&self, stop: StopIdx) -> &[Snap] {
        &self.at_stops.doors.alight()[stop.at()]
    }

    /// The straight way from a stop, or from its station's entrance that is nearest to a street, to
    /// that street.
    pub fn nearest_street(&self, stop: StopIdx) -> Option<&Snap> {
        self.at_stops.doors.nearest(stop)
    }

    /// How many stops join the streets, and how.
    pub fn stop_counts(&self) -> SnapCounts {
        SnapCounts::of(self.stops.indices().map(|stop| self.nearest_street(stop)))
    }

    /// A stop's name and position, as its feed has them.
    pub fn stop(&self, stop: StopIdx) -> &crate::inputs::gtfs::Stop {
        let at = self.stops.source(stop);
        &self.feeds[at.feed.at()].stops[at.stop as usize]
    }

    /// The runs of a date that a window can use.
    ///
    /// # Errors
    /// If a feed's timezone is unknown.
    pub fn timetable(
        &self,
        clock: &Clock,
        window: &DepartureWindow,
        limits: &JourneyLimits,
        service: &ServiceQuery,
        draw: u32,
    ) -> Result<Arc<Timetable>, CalendarError> {
        self.runs_between(clock, window.first, window.horizon(limits), service, draw)
    }

    /// Whether a window's timetable may differ from another network's. Where both networks' feeds
    /// share their tables it cannot, unless a run of the window is of a trip that they change in
    /// different ways.
    ///
    /// # Errors
    /// If a feed's timezone is unknown.
    pub fn may_differ_in(
        &self,
        other: &Network,
        (clock, window): (&Clock, &DepartureWindow),
        limits: &JourneyLimits,
        service: &ServiceQuery,
    ) -> Result<bool, CalendarError> {
        let Some(known) = self.remembered.as_ref() else { return Ok(true) };
        if !self.has_tables_of(&other.feeds) {
            return Ok(true);
        }
        let (phone_pickups, seed) = (service.phone_pickups, service.seed);
        let step_free = self.settings.profile.step_free;
        let (from, until) = (window.first, window.horizon(limits));
        let query = TimetableQuery { clock, from, until, phone_pickups, step_free, seed, draw: 0 };
        let published = known.published(&self.feeds, &self.stops, &query)?;
        let differs = |run: &Run| {
            let feed = run.feed.at();
            self.feeds[feed].changes.get(&run.trip) != other.feeds[feed].changes.get(&run.trip)
        };
        Ok(published.has_headways || published.runs.iter().any(differs))
    }

    /// The runs under way between two times.
    ///
    /// # Errors
    /// If a feed's timezone is unknown.
    pub fn runs_between(
        &self,
        clock: &Clock,
        from: ServiceTime,
        until: ServiceTime,
        service: &ServiceQuery,
        draw: u32,
    ) -> Result<Arc<Timetable>, CalendarError> {
        let (phone_pickups, seed) = (service.phone_pickups, service.seed);
        let step_free = self.settings.profile.step_free;
        let query = TimetableQuery { clock, from, until, phone_pickups, step_free, seed, draw };
        match self.remembered.as_ref().filter(|_| draw == 0) {
            Some(known) => known.timetable(&self.feeds, &self.stops, &query),
            None => Timetable::build(&self.feeds, &self.stops, &query).map(Arc::new),
        }
    }

    /// The runs and rides of a window, with the phases of headway services as one draw has them.
    ///
    /// # Errors
    /// If a feed's timezone is unknown or the window too long.
    pub fn rides(
        &self,
        clock: &Clock,
        window: DepartureWindow,
        limits: JourneyLimits,
        service: &ServiceQuery,
        draw: u32,
    ) -> Result<(Arc<Timetable>, Arc<Rides>), NetworkError> {
        let timetable = self.timetable(clock, &window, &limits, service, draw)?;
        let transfers = || self.changes(limits.board_slack);
        let lay_out = || Rides::lay_out(&timetable, transfers(), window, limits);
        let rides = match self.remembered.as_ref().filter(|_| draw == 0) {
            Some(known) => known.rides(&timetable, (window, limits), lay_out)?,
            None => Arc::new(lay_out()?),
        };
        Ok((timetable, rides))
    }

    /// Where one can change, with the feeds' own rules.
    pub fn changes(&self, board_slack: Seconds) -> Transfers {
        let read = || Arc::new(Rules::of(&self.feeds, &self.stops, self.stops.len()));
        Transfers::of(
            self.rules.get_or_init(read).clone(),
            self.at_stops.footpaths.clone(),
            board_slack,
        )
    }
}

/// The walks of each place to origins as those of each origin to places.
fn turned(
    table: &Csr<PlaceIdx, (u32, Seconds)>,
    origins: usize,
) -> Csr<OriginIdx, (PlaceIdx, Seconds)> {
    let of_place = |place: PlaceIdx| {
        table[place].iter().map(move |(from, walk)| (OriginIdx(*from), (place, *walk)))
    };
    let pairs = (0..table.rows()).map(PlaceIdx::new).flat_map(of_place);
    Csr::from_pairs(origins, pairs.collect())
}

/// A table as two: of the targets below a number, and of those from it on, numbered from 0.
fn split<I: Idx>(table: &Csr<I, (u32, Seconds)>, first: usize) -> [Csr<I, (u32, Seconds)>; 2] {
    let first = u32::try_from(first).expect("targets are numbered in 32 bits");
    let rows = || {
        (0..table.rows()).map(|row| {
            let row = &table[I::new(row)];
            row.split_at(row.partition_point(|(target, _)| *target < first))
        })
    };
    let later = |(target, walk): &(u32, Seconds)| (target - first, *walk);
    [
        Csr::from_rows(rows().map(|(row, _)| row.iter().copied())),
        Csr::from_rows(rows().map(|(_, row)| row.iter().map(later))),
    ]
}

fn links<I: Idx>(table: &Csr<I, (u32, Seconds)>) -> Csr<I, StopWalk> {
    Csr::from_rows((0..table.rows()).map(|row| {
        table[I::new(row)].iter().map(|(stop, walk)| StopWalk { stop: StopIdx(*stop), walk: *walk })
    }))
}

/// What is let in because nothing is said against it.
fn report_unsaid(feed: &Feed, findings: &mut Findings) {
    let called: BTreeSet<u32> = feed.calls.iter().map(|call| call.stop).collect();
    let stops =
        called.iter().filter(|stop| feed.stops[**stop as usize].wheelchair.is_none()).count();
    let trips = feed.trips.iter().filter(|trip| trip.wheelchair.is_none()).count();
    findings.count(
        Severity::Warning,
        "wheelchair_unknown",
        Outcome::Kept,
        feed.name.as_str(),
        (stops + trips) as u64,
        format!(
            "{stops} of {} stops with service and {trips} of {} trips do not say whether wheelchairs can use them: they are let in",
            called.len(),
            feed.trips.len()
        ),
    );
}

fn report_snaps(feeds: &[Feed], stops: &Stops, doors: &StopStreetAccess, findings: &mut Findings) {
    let mut each: Vec<Vec<(String, Option<&Snap>)>> = vec![Vec::new(); feeds.len()];
    for stop in stops.indices() {
        let source = stops.source(stop);
        let row = &feeds[source.feed.at()].stops[source.stop as usize];
        each[source.feed.at()].push((format!("{} ({})", row.name, row.id), doors.nearest(stop)));
    }
    for (feed, each) in feeds.iter().zip(each) {
        SnapNames::stops(&feed.name).report(&each, findings);
    }
}
