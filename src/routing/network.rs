//! A study area made ready for queries: streets, stops, and the walks that join them.
//!
//! What does not depend on a date is computed once: where each stop joins the streets, and the walks between stops.
//! A date and a window then make a [`Rides`]; points make the walks to and from stops.

use super::changes::Changes;
use super::links::Link;
use super::rides::{Rides, WindowError};
use super::walk::{WalkGraph, WalkTargets, walk_table};
use super::{Limits, Window};
use crate::finding::{Findings, Outcome, Severity};
use crate::geometry::LonLat;
use crate::ids::{Csr, Idx, OriginIdx, PlaceIdx, StopIdx};
use crate::inputs::gtfs::Feed;
use crate::network::calendar::{CalendarError, Clock};
use crate::network::stops::Stops;
use crate::network::streets::{Snap, Streets, WalkProfile};
use crate::network::timetable::{Timetable, TimetableQuery};
use crate::units::{Metres, Seconds, ServiceTime};

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

impl Default for WalkSettings {
    /// 4.8 km/h, 30 min, 1,000 m, 300 m and 100 m (semantics: streets, travel time).
    fn default() -> WalkSettings {
        WalkSettings {
            profile: WalkProfile::walk(),
            max_walk: Seconds::minutes(30),
            max_transfer: Metres(1000.0),
            max_snap: Metres(300.0),
            max_snap_stop: Metres(100.0),
        }
    }
}

/// Streets, stops and feeds of a study area.
pub struct Network {
    /// The streets.
    pub streets: Streets,
    /// The feeds, as read.
    pub feeds: Vec<Feed>,
    /// The stops that are called at.
    pub stops: Stops,
    /// The streets as one walks them.
    pub graph: WalkGraph,
    settings: WalkSettings,
    stop_snaps: Vec<Vec<Snap>>,
    stop_targets: WalkTargets,
    footpaths: Csr<StopIdx, Link>,
}

/// Points that have joined the streets.
#[derive(Clone, Debug, Default)]
pub struct Joined {
    /// Where each joins them; none where it is off the network. A thing of several points has one for each of them.
    pub snaps: Vec<Vec<Snap>>,
}

/// How a query looks at the timetable.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// Lets in calls that must be phoned for.
    pub phone_pickups: bool,
    /// Seeds the phases of headway services.
    pub seed: u64,
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
    /// Joins stops to streets and finds the walks between them. Stops off the network stay: a vehicle can be ridden past
    /// them.
    pub fn build(
        streets: Streets,
        feeds: Vec<Feed>,
        settings: WalkSettings,
        findings: &mut Findings,
    ) -> Network {
        let graph = WalkGraph::new(&streets, &settings.profile);
        let stops = Stops::number(&feeds);
        let stop_snaps: Vec<Vec<Snap>> = stops
            .indices()
            .map(|stop| {
                let at = stops.source(stop);
                let point = feeds[at.feed.at()].stops[at.stop as usize].point;
                let snap = point.and_then(|point| {
                    streets.snap(streets.project(point), settings.max_snap_stop, &settings.profile)
                });
                snap.into_iter().collect()
            })
            .collect();
        let stop_targets = WalkTargets::new(&graph, &stop_snaps);
        let limit = (settings.max_transfer / settings.profile.speed).ceil();
        let table: Csr<StopIdx, (u32, Seconds)> =
            walk_table(&graph, &stop_snaps, &stop_targets, limit, false);
        let footpaths = Csr::from_rows(stops.indices().map(|stop| {
            let row = table[stop].iter().map(|(to, walk)| Link { stop: StopIdx(*to), walk: *walk });
            row.filter(move |link| link.stop != stop)
        }));
        report_unjoined(&feeds, &stops, &stop_snaps, findings);
        Network { streets, feeds, stops, graph, settings, stop_snaps, stop_targets, footpaths }
    }

    /// Whether public transport can be used at all: some stop joins the streets, or there is no timetable to use.
    pub fn can_board(&self) -> bool {
        self.feeds.is_empty() || self.stops.indices().any(|stop| !self.stop_snaps(stop).is_empty())
    }

    /// The settings it was built with.
    pub fn settings(&self) -> &WalkSettings {
        &self.settings
    }

    /// Where things, each of one or more points, join the streets.
    pub fn join<'a>(&self, things: impl IntoIterator<Item = &'a [LonLat]>) -> Joined {
        let one = |point: &LonLat| {
            self.streets.snap(self.streets.project(*point), self.settings.max_snap, &self.settings.profile)
        };
        Joined { snaps: things.into_iter().map(|points| points.iter().filter_map(one).collect()).collect() }
    }

    /// The walks from origins to stops.
    pub fn access(&self, origins: &Joined) -> Csr<OriginIdx, Link> {
        links(&walk_table(&self.graph, &origins.snaps, &self.stop_targets, self.settings.max_walk, false))
    }

    /// The walks from stops to destinations.
    pub fn egress(&self, places: &Joined) -> Csr<PlaceIdx, Link> {
        links(&walk_table(&self.graph, &places.snaps, &self.stop_targets, self.settings.max_walk, true))
    }

    /// The walks all the way.
    pub fn direct(&self, origins: &Joined, places: &Joined) -> Csr<OriginIdx, (PlaceIdx, Seconds)> {
        let targets = WalkTargets::new(&self.graph, &places.snaps);
        let table: Csr<OriginIdx, _> =
            walk_table(&self.graph, &origins.snaps, &targets, self.settings.max_walk, false);
        Csr::from_rows(
            (0..table.rows())
                .map(|row| table[OriginIdx::new(row)].iter().map(|(to, walk)| (PlaceIdx(*to), *walk))),
        )
    }

    /// Where a stop joins the streets; nowhere if it is off the network.
    pub fn stop_snaps(&self, stop: StopIdx) -> &[Snap] {
        &self.stop_snaps[stop.at()]
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
        window: &Window,
        limits: &Limits,
        service: &Service,
        draw: u32,
    ) -> Result<Timetable, CalendarError> {
        let (from, until) = (window.first, window.horizon(limits));
        let (phone_pickups, seed) = (service.phone_pickups, service.seed);
        Timetable::build(
            &self.feeds,
            &self.stops,
            &TimetableQuery { clock, from, until, phone_pickups, seed, draw },
        )
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
        service: &Service,
    ) -> Result<Timetable, CalendarError> {
        let (phone_pickups, seed) = (service.phone_pickups, service.seed);
        let query = TimetableQuery { clock, from, until, phone_pickups, seed, draw: 0 };
        Timetable::build(&self.feeds, &self.stops, &query)
    }

    /// The runs and rides of a window, with the phases of headway services as one draw has them.
    ///
    /// # Errors
    /// If a feed's timezone is unknown or the window too long.
    pub fn rides(
        &self,
        clock: &Clock,
        window: Window,
        limits: Limits,
        service: &Service,
        draw: u32,
    ) -> Result<(Timetable, Rides), NetworkError> {
        let timetable = self.timetable(clock, &window, &limits, service, draw)?;
        let rides = Rides::lay_out(&timetable, self.changes(limits.board_slack), window, limits)?;
        Ok((timetable, rides))
    }

    /// Where one can change, with the feeds' own rules.
    pub fn changes(&self, board_slack: Seconds) -> Changes {
        Changes::build(&self.feeds, &self.stops, &self.footpaths, board_slack)
    }
}

fn links<I: Idx>(table: &Csr<I, (u32, Seconds)>) -> Csr<I, Link> {
    Csr::from_rows(
        (0..table.rows()).map(|row| {
            table[I::new(row)].iter().map(|(stop, walk)| Link { stop: StopIdx(*stop), walk: *walk })
        }),
    )
}

fn report_unjoined(feeds: &[Feed], stops: &Stops, snaps: &[Vec<Snap>], findings: &mut Findings) {
    let mut off = vec![(0u64, 0u64); feeds.len()];
    for (stop, snap) in stops.indices().zip(snaps) {
        let of_feed = &mut off[stops.source(stop).feed.at()];
        of_feed.0 += u64::from(snap.is_empty());
        of_feed.1 += 1;
    }
    for (feed, (off, all)) in feeds.iter().zip(off) {
        findings.count(
            Severity::Warning,
            "stop_off_network",
            Outcome::Kept,
            feed.name.as_str(),
            off,
            format!("{off} of {all} stops with service lie too far from any street of the extract to be walked to: nobody gets on or off there"),
        );
    }
}
