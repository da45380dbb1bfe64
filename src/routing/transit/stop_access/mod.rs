//! Stations: how one gets from the streets to a platform and back, and from platform to platform.
//!
//! A stop that belongs to no station joins the streets where it is. One whose pathways lead to
//! entrances joins them at those entrances, after the time that the pathways take; gates that open
//! one way only make the way in another than the way out. In a station without pathways the way
//! between entrance and platform is the straight line. Where no entrance is near a street the
//! stop's own place is taken, and at last its station's.
//!
//! A stop may say otherwise (`stop_access`): that it is reached straight from the street, whatever
//! its station has; or never so, and then its station's place stands for a door where the station
//! has none near a street.

mod pathways;
#[cfg(test)]
mod tests;
pub(in crate::routing) mod timed;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Findings, Outcome, Severity};
use crate::ids::{Csr, FeedIdx, Idx, StopIdx};
use crate::inputs::gtfs::{Feed, StopAccess, StopKind};
use crate::network::stops::Stops;
use crate::network::streets::{Snap, Streets};
use crate::routing::network::WalkSettings;
use crate::routing::transit::access_egress::StopWalk;
use crate::units::{Metres, Millis, Seconds};
use pathways::{PathwayDirection, StationPaths, at};

/// From a boarding area over its platform to the station: no chain of parents is longer.
const LONGEST_CHAIN: usize = 4;

/// Where stops join the streets. A walk inside a station is part of the gap of its snap, as the
/// metres that are walked in its time.
#[derive(Clone, Debug)]
pub struct StopStreetAccess {
    board: Vec<Vec<Snap>>,
    /// Only if any differs from where one boards.
    alight: Option<Vec<Vec<Snap>>>,
    /// The street itself, as the nearest door has it, without any walk inside.
    nearest: Vec<Option<Snap>>,
    /// Walks from stop to stop along pathways.
    inside: Csr<StopIdx, StopWalk>,
    /// Stops of one station that no pathway joins, with the time of the straight line between them.
    straight: Csr<StopIdx, Straight>,
}

impl StopStreetAccess {
    /// Where each stop joins the streets.
    pub fn find(
        streets: &Streets,
        feeds: &[Feed],
        stops: &Stops,
        settings: &WalkSettings,
        findings: &mut Findings,
    ) -> StopStreetAccess {
        let each = (0..).map(FeedIdx::new).zip(feeds);
        let mut houses: Vec<FeedStations> = each
            .map(|(number, feed)| FeedStations::new(feed, number, streets, stops, settings))
            .collect();
        let sources = || stops.indices().map(|stop| stops.source(stop));
        let found: Vec<StreetJoin> =
            sources().map(|source| houses[source.feed.at()].doors(source.stop)).collect();
        houses.iter().for_each(|house| house.report(findings));
        let inside =
            Csr::from_rows(sources().map(|at| houses[at.feed.at()].along_pathways(at.stop)));
        let straight =
            Csr::from_rows(sources().map(|at| houses[at.feed.at()].straight_across(at.stop)));
        let nearest = found.iter().map(|found| found.nearest).collect();
        let differ = found.iter().any(|found| found.board != found.alight);
        let alight = differ.then(|| found.iter().map(|found| found.alight.clone()).collect());
        let board = found.into_iter().map(|found| found.board).collect();
        StopStreetAccess { board, alight, nearest, inside, straight }
    }

    /// From where on the streets each stop is come to.
    pub fn board(&self) -> &[Vec<Snap>] {
        &self.board
    }

    /// Where on the streets one comes out from each stop.
    pub fn alight(&self) -> &[Vec<Snap>] {
        self.alight.as_ref().unwrap_or(&self.board)
    }

    /// Whether coming out is anywhere another matter than going in.
    pub fn differ(&self) -> bool {
        self.alight.is_some()
    }

    /// The straight way from a stop, or from its door that is nearest to a street, to that street.
    /// A walk inside a station is not in its gap.
    pub fn nearest(&self, stop: StopIdx) -> Option<&Snap> {
        self.nearest.get(stop.at())?.as_ref()
    }

    /// The walks between stops: the shorter of that on the streets and that inside the station.
    /// Between platforms of one station without pathways it is the straight line, which is counted,
    /// if both are reached over the station's doors or no street joins them.
    pub fn footpaths(
        &self,
        on_streets: &Csr<StopIdx, (u32, Seconds)>,
        feeds: &[Feed],
        stops: &Stops,
        findings: &mut Findings,
    ) -> Csr<StopIdx, StopWalk> {
        let mut assumed = vec![0_u64; feeds.len()];
        let footpaths = Csr::from_rows(stops.indices().map(|stop| {
            let streets = on_streets[stop]
                .iter()
                .map(|(to, walk)| StopWalk { stop: StopIdx(*to), walk: *walk });
            let mut row: Vec<StopWalk> = streets.chain(self.inside[stop].iter().copied()).collect();
            for Straight { link, indoors } in &self.straight[stop] {
                if *indoors || row.iter().all(|known| known.stop != link.stop) {
                    assumed[stops.source(stop).feed.at()] += 1;
                    row.push(*link);
                }
            }
            row.retain(|link| link.stop != stop);
            row.sort_unstable();
            row.dedup_by_key(|link| link.stop);
            row
        }));
        for (feed, pairs) in feeds.iter().zip(assumed) {
            findings.count(
                Severity::Warning,
                "straight_transfer",
                Outcome::Repaired,
                feed.name.as_str(),
                pairs,
                format!("between {pairs} pairs of platforms of one station no pathway is given: the straight line is walked"),
            );
        }
        footpaths
    }
}

/// The straight way to another stop of the same station.
#[derive(Clone, Copy, Debug)]
struct Straight {
    link: StopWalk,
    /// Both stops are reached over the station's doors: to change one does not walk out and in
    /// again.
    indoors: bool,
}

/// Where one stop joins the streets.
#[derive(Clone, Debug, Default)]
struct StreetJoin {
    board: Vec<Snap>,
    alight: Vec<Snap>,
    nearest: Option<Snap>,
}

/// A feed's stations.
struct FeedStations<'a> {
    feed: &'a Feed,
    number: FeedIdx,
    streets: &'a Streets,
    stops: &'a Stops,
    settings: &'a WalkSettings,
    inside: StationPaths,
    /// By station: its entrances.
    entrances: BTreeMap<u32, Vec<u32>>,
    /// By station: its stops with service.
    called: BTreeMap<u32, Vec<u32>>,
    /// Stations that pathways are in.
    with_pathways: BTreeSet<u32>,
    /// Stops that are reached straight from the doors of their station.
    indoors: BTreeSet<u32>,
    /// The nearest streets that have been looked for.
    snaps: BTreeMap<u32, Option<Snap>>,
    counts: StopAccessCounts,
}

/// Stops of a feed's stations of which something is to be said.
#[derive(Clone, Copy, Debug, Default)]
struct StopAccessCounts {
    unlinked: u64,
    entrances_off: u64,
    shut: u64,
    at_station: u64,
    street_off: u64,
    no_way_in: u64,
}

impl<'a> FeedStations<'a> {
    fn new(
        feed: &'a Feed,
        number: FeedIdx,
        streets: &'a Streets,
        stops: &'a Stops,
        settings: &'a WalkSettings,
    ) -> Self {
        let (mut entrances, mut called) =
            (BTreeMap::<_, Vec<u32>>::new(), BTreeMap::<_, Vec<u32>>::new());
        for (position, stop) in (0_u32..).zip(&feed.stops) {
            let Some(station) = station(feed, position) else { continue };
            if stop.kind == StopKind::Entrance {
                entrances.entry(station).or_default().push(position);
            }
            if stops.find(number, position).is_some() {
                called.entry(station).or_default().push(position);
            }
        }
        let ends = feed.pathways.iter().flat_map(|pathway| [pathway.from, pathway.to]);
        let with_pathways = ends.filter_map(|end| station(feed, end)).collect();
        let inside = StationPaths::of(feed, streets, &settings.profile);
        let (indoors, snaps, counts) =
            (BTreeSet::new(), BTreeMap::new(), StopAccessCounts::default());
        FeedStations {
            feed,
            number,
            streets,
            stops,
            settings,
            inside,
            entrances,
            called,
            with_pathways,
            indoors,
            snaps,
            counts,
        }
    }

    fn doors(&mut self, stop: u32) -> StreetJoin {
        if self.access(stop) == Some(StopAccess::FromStreet) {
            if let Some(snap) = self.snap(stop) {
                return StreetJoin { board: vec![snap], alight: vec![snap], nearest: Some(snap) };
            }
            self.counts.street_off += 1;
        }
        if self.inside.together_with(stop).iter().any(|node| self.is_entrance(*node)) {
            return self.by_pathways(stop);
        }
        let station = station(self.feed, stop);
        self.counts.unlinked +=
            u64::from(station.is_some_and(|at| self.with_pathways.contains(&at)));
        let mut entrances =
            station.and_then(|at| self.entrances.get(&at)).cloned().unwrap_or_default();
        entrances.retain(|door| self.is_open(*door));
        let across = self.straight_from(stop, &entrances);
        if across.nearest.is_some() {
            self.indoors.insert(stop);
            return across;
        }
        self.counts.entrances_off += u64::from(!entrances.is_empty());
        self.at_its_own_place(stop)
    }

    /// Along the pathways, each entrance with its own time. Whom they do not let in is not let in
    /// by another way.
    fn by_pathways(&mut self, stop: u32) -> StreetJoin {
        let mut found = StreetJoin::default();
        let (mut shut, mut off, mut own) = (false, false, None::<StreetJoin>);
        for way in [PathwayDirection::In, PathwayDirection::Out] {
            let reached = self.inside.reach(stop, way, self.settings.max_walk);
            let doors: Vec<(u32, Millis)> = reached
                .into_iter()
                .filter(|(node, _)| self.is_entrance(*node) && self.is_open(*node))
                .collect();
            let mut snaps = Vec::new();
            for (door, inside) in &doors {
                if let Some(snap) = self.snap(*door) {
                    found.nearest = nearer(found.nearest, snap);
                    snaps.push(self.behind(snap, *inside));
                }
            }
            shut |= doors.is_empty();
            if snaps.is_empty() && !doors.is_empty() {
                off = true;
                let of_both_ways = own.take().unwrap_or_else(|| self.at_its_own_place(stop));
                found.nearest = found.nearest.or(of_both_ways.nearest);
                snaps.clone_from(&of_both_ways.board);
                own = Some(of_both_ways);
            }
            match way {
                PathwayDirection::In => found.board = snaps,
                PathwayDirection::Out => found.alight = snaps,
            }
        }
        self.counts.shut += u64::from(shut);
        self.counts.entrances_off += u64::from(off);
        found
    }

    /// From other points of the station that are near a street, straight to the stop.
    fn straight_from(&mut self, stop: u32, doors: &[u32]) -> StreetJoin {
        let Some(here) = at(self.feed, self.streets, stop) else { return StreetJoin::default() };
        let (mut snaps, mut nearest) = (Vec::new(), None);
        for door in doors {
            let (there, snap) = (at(self.feed, self.streets, *door), self.snap(*door));
            if let Some((there, snap)) = there.zip(snap) {
                nearest = nearer(nearest, snap);
                snaps.push(self.behind(snap, here.distance(there) / self.settings.profile.speed));
            }
        }
        StreetJoin { board: snaps.clone(), alight: snaps, nearest }
    }

    /// The street nearest the stop itself, unless no street leads straight to it; if there is none,
    /// that of its station.
    fn at_its_own_place(&mut self, stop: u32) -> StreetJoin {
        let only_through_station = self.access(stop) == Some(StopAccess::ThroughStation);
        if let Some(snap) = self.snap(stop).filter(|_| !only_through_station) {
            return StreetJoin { board: vec![snap], alight: vec![snap], nearest: Some(snap) };
        }
        let station = station(self.feed, stop).filter(|station| *station != stop);
        let found = self.straight_from(stop, station.as_slice());
        if only_through_station {
            self.counts.no_way_in += u64::from(found.nearest.is_none());
        } else {
            self.counts.at_station += u64::from(found.nearest.is_some());
        }
        found
    }

    /// What is said of how the street leads to a stop; of a boarding area its platform says it.
    fn access(&self, stop: u32) -> Option<StopAccess> {
        let here = self.feed.stops.get(stop as usize)?;
        let platform = here.parent.filter(|_| here.kind == StopKind::BoardingArea);
        here.access.or_else(|| self.feed.stops.get(platform? as usize)?.access)
    }

    /// The other stops with service that pathways lead to.
    fn along_pathways(&self, stop: u32) -> Vec<StopWalk> {
        let reached = self.inside.reach(stop, PathwayDirection::Out, self.longest_transfer());
        let links = reached.into_iter().filter(|(to, _)| *to != stop).filter_map(|(to, cost)| {
            Some(StopWalk { stop: self.stops.find(self.number, to)?, walk: cost.ceil() })
        });
        links.collect()
    }

    /// The other stops with service of its station that no pathway joins to it, by the straight
    /// line. Nothing says that such a line is free of steps.
    fn straight_across(&self, stop: u32) -> Vec<Straight> {
        let Some(here) =
            at(self.feed, self.streets, stop).filter(|_| !self.settings.profile.step_free)
        else {
            return Vec::new();
        };
        let others = station(self.feed, stop).and_then(|station| self.called.get(&station));
        let others = others
            .into_iter()
            .flatten()
            .filter(|to| **to != stop && !self.inside.joins(stop, **to));
        let straight = others.filter_map(|to| {
            let walk =
                here.distance(at(self.feed, self.streets, *to)?) / self.settings.profile.speed;
            let link = StopWalk { stop: self.stops.find(self.number, *to)?, walk: walk.ceil() };
            let indoors = self.indoors.contains(&stop) && self.indoors.contains(to);
            Some(Straight { link, indoors })
        });
        straight.filter(|straight| straight.link.walk <= self.longest_transfer()).collect()
    }

    fn longest_transfer(&self) -> Seconds {
        self.settings.longest_transfer()
    }

    fn is_entrance(&self, stop: u32) -> bool {
        self.feed.stops.get(stop as usize).is_some_and(|stop| stop.kind == StopKind::Entrance)
    }

    /// Whether this walker can go through a door.
    fn is_open(&self, door: u32) -> bool {
        let says_no =
            self.feed.stops.get(door as usize).is_some_and(|door| door.wheelchair == Some(false));
        !(self.settings.profile.step_free && says_no)
    }

    fn snap(&mut self, stop: u32) -> Option<Snap> {
        let (feed, streets, settings) = (self.feed, self.streets, self.settings);
        let look = || {
            streets.snap_stop(at(feed, streets, stop)?, settings.max_snap_stop, &settings.profile)
        };
        *self.snaps.entry(stop).or_insert_with(look)
    }

    /// A door's snap with the walk inside the station behind it.
    fn behind(&self, snap: Snap, inside: Millis) -> Snap {
        let metres = Metres::new(self.settings.profile.speed.get() * f64::from(inside.0) / 1000.0);
        Snap { gap: snap.gap + metres, ..snap }
    }

    fn report(&self, findings: &mut Findings) {
        let StopAccessCounts { unlinked, entrances_off, shut, at_station, street_off, no_way_in } =
            self.counts;
        let StationPaths { guessed, by_steps, lifts, .. } = self.inside;
        let who =
            if self.settings.profile.step_free { " for people who cannot use steps" } else { "" };
        let said = [
            ("platform_without_pathways", Outcome::Kept, Severity::Warning, unlinked, "stops with service in stations with pathways that none joins to an entrance: the straight line is walked".to_owned()),
            ("entrances_off_network", Outcome::Repaired, Severity::Warning, entrances_off, format!("stops with service whose station's entrances lie too far from any street{who}: the stop's own place is taken")),
            ("pathways_shut", Outcome::Kept, Severity::Warning, shut, format!("stops with service that pathways do not let in to, or out of, from any entrance{who}: nobody gets on, or off, there on foot")),
            ("stop_at_station", Outcome::Repaired, Severity::Info, at_station, "stops with service too far from any street: they are reached over the place of their station".to_owned()),
            ("stop_access_off_network", Outcome::Repaired, Severity::Warning, street_off, "stops with service say to be reached straight from the street (stop_access=1), but lie too far from any: they are reached as if they said nothing".to_owned()),
            ("stop_access_shut", Outcome::Kept, Severity::Warning, no_way_in, "stops with service say to be reached only through their station (stop_access=0), which has neither an entrance nor a place near a street: nobody gets on or off there on foot".to_owned()),
            ("pathway_time_assumed", Outcome::Repaired, Severity::Info, guessed, "pathways with neither time nor length: the straight line is walked".to_owned()),
            ("pathway_time_by_steps", Outcome::Repaired, Severity::Info, by_steps, "stairs or escalators with neither time nor length: their steps tell it, 0.3 m each, 15 for a floor where levels alone are known".to_owned()),
            ("lift_time_assumed", Outcome::Repaired, Severity::Info, lifts, "lifts without a time: 90 s to get on, and 20 s for each floor, one where levels are not known".to_owned()),
        ];
        for (code, outcome, severity, count, what) in said {
            findings.count(
                severity,
                code,
                outcome,
                self.feed.name.as_str(),
                count,
                format!("{count} {what}"),
            );
        }
    }
}

/// The station that a stop is, or belongs to.
fn station(feed: &Feed, stop: u32) -> Option<u32> {
    let mut at = stop;
    for _ in 0..LONGEST_CHAIN {
        let here = feed.stops.get(at as usize)?;
        if here.kind == StopKind::Station {
            return Some(at);
        }
        at = here.parent?;
    }
    None
}

/// The one of two snaps with the shorter way.
fn nearer(known: Option<Snap>, other: Snap) -> Option<Snap> {
    known.filter(|known| known.gap <= other.gap).or(Some(other))
}
