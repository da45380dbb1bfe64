//! The legs of a journey with names, times and courses.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::finding::Findings;
use crate::geometry::{Entries, LonLat};
use crate::ids::{Idx, OriginIdx, RunIdx};
use crate::inputs::gtfs::{Feed, read_shapes};
use crate::network::calendar::Clock;
use crate::network::streets::Snap;
use crate::network::timetable::Timetable;
use crate::results::journey::ShownLeg;
use crate::routing::network::{Joined, Network};
use crate::routing::query::journey::{Journey, Leg, WalkEnd};
use crate::routing::street::{PathPart, WalkPath};
use crate::units::{Seconds, ServiceTime};

/// What a journey is told on.
#[derive(Clone, Copy)]
pub struct JourneyContext<'a> {
    /// Streets, stops and feeds.
    pub network: &'a Network,
    /// The date and timezone; none on foot.
    pub clock: Option<&'a Clock>,
    /// The feeds' files, in the order of the network's feeds: for the courses of rides.
    pub gtfs: &'a [PathBuf],
    /// Whether the limits were given as flags, which a reason then names.
    pub flags: bool,
}

/// A named place with the points at which it is reached.
pub struct NamedPlace {
    /// What it is called.
    pub name: String,
    /// Where it is reached.
    pub points: Entries,
}

/// Both ends of a journey: an origin, and one or more places of which the nearest is the
/// destination.
pub struct JourneyEnds {
    from: Vec<NamedPlace>,
    to: Vec<NamedPlace>,
    origin: Joined,
    destination: Joined,
    each: Joined,
}

impl JourneyEnds {
    /// Joins both ends to the streets.
    pub fn join(network: &Network, from: Vec<NamedPlace>, to: Vec<NamedPlace>) -> JourneyEnds {
        let together: Entries = to.iter().map(|thing| &thing.points).collect();
        JourneyEnds {
            origin: network.join_places(from.iter().map(|thing| &thing.points)),
            destination: network.join_places([&together]),
            each: network.join_places(to.iter().map(|thing| &thing.points)),
            from,
            to,
        }
    }

    /// The same, with a destination that has joined the streets already.
    pub fn towards(
        network: &Network,
        from: NamedPlace,
        name: &str,
        destination: Joined,
    ) -> JourneyEnds {
        let to = vec![NamedPlace { name: name.to_owned(), points: Entries::default() }];
        let origin = network.join_places([&from.points]);
        JourneyEnds { origin, each: destination.clone(), destination, from: vec![from], to }
    }

    /// Where the journey starts.
    pub fn origin(&self) -> &Joined {
        &self.origin
    }

    /// All places together: reaching any of them is arriving.
    pub fn destination(&self) -> &Joined {
        &self.destination
    }
}

/// The legs with names, times by the clock, and courses.
pub fn show(
    ground: &JourneyContext,
    timetable: &Timetable,
    ends: &JourneyEnds,
    journey: &Journey,
) -> Vec<ShownLeg> {
    let mut clock = journey.departure;
    let mut shown = Vec::new();
    for leg in &journey.legs {
        let begins = clock;
        clock = clock + leg.time();
        let parts = match leg {
            Leg::Walk { from, to, time } => walk(ground, ends, *from, *to, *time),
            Leg::Wait { at, time } => vec![(wait(ground, ends, *at), *time)],
            Leg::Ride { run, from, to, seated, time } => {
                vec![(ride(ground, timetable, *run, (*from, *to), *seated), *time)]
            }
        };
        let mut at = begins;
        for (mut leg, time) in parts {
            leg.begins = on_the_wall(ground, at);
            at = at + time;
            leg.ends = on_the_wall(ground, at);
            leg.seconds = time.get();
            shown.push(leg);
        }
    }
    shown
}

fn on_the_wall(ground: &JourneyContext, time: ServiceTime) -> String {
    ground.clock.map_or_else(|| time.to_string(), |clock| clock.on_the_wall(time))
}

fn leg(kind: &'static str, from: String, to: String) -> ShownLeg {
    let (begins, ends, seconds) = (String::new(), String::new(), 0);
    let (metres, route, agency, headsign, trip) = (None, None, None, None, None);
    ShownLeg {
        kind,
        begins,
        ends,
        seconds,
        from,
        to,
        metres,
        route,
        agency,
        headsign,
        trip,
        seated: false,
        course: Vec::new(),
    }
}

/// A walk, in parts where a ferry is taken on the way, each with its time.
fn walk(
    ground: &JourneyContext,
    ends: &JourneyEnds,
    from: WalkEnd,
    to: WalkEnd,
    time: Seconds,
) -> Vec<(ShownLeg, Seconds)> {
    let network = ground.network;
    let start = snaps(network, ends, from, true);
    let between_rides = matches!((from, to), (WalkEnd::Stop(_), WalkEnd::Stop(_)));
    let path = |snaps: &[Snap]| {
        network.path(&start, snaps, between_rides).filter(|path| path.time == time)
    };
    let (name, path) = match to {
        WalkEnd::Destination => {
            let setting_out = SettingOut { from, start: &start, time };
            nearest(network, ends, &setting_out, path)
        }
        _ => (name(network, ends, to), path(&snaps(network, ends, to, false))),
    };
    let begins = self::name(network, ends, from);
    let ends = [point(network, ends, from), point(network, ends, to)];
    let Some(path) = path else {
        // A way inside a station, onto ground one stands on, or one that transfers.txt grants
        // without a way on the map.
        let course = ends.into_iter().flatten().collect();
        return vec![(ShownLeg { course, ..leg("walk", begins, name) }, time)];
    };
    let last = path.parts.len().saturating_sub(1);
    let landing =
        |n: usize| format!("the landing{}", if last > 2 { format!(" {n}") } else { String::new() });
    let part = |(n, part): (usize, PathPart)| {
        let kind = if part.aboard { "ferry" } else { "walk" };
        let (from, to) = (if n == 0 { begins.clone() } else { landing(n) }, landing(n + 1));
        let mut leg = leg(kind, from, if n == last { name.clone() } else { to });
        let course = part.course.iter().map(|at| network.streets.projection.unproject(*at));
        let (first, end) = (ends[0].filter(|_| n == 0), ends[1].filter(|_| n == last));
        leg.course = first.into_iter().chain(course).chain(end).collect();
        leg.metres = Some(part.length.get()).filter(|_| !part.aboard);
        (leg, part.time)
    };
    if path.parts.is_empty() {
        let course = ends.into_iter().flatten().collect();
        return vec![(ShownLeg { course, metres: Some(0.0), ..leg("walk", begins, name) }, time)];
    }
    path.parts.into_iter().enumerate().map(part).collect()
}

/// Where a walk to the destination begins, and how long it takes.
struct SettingOut<'a> {
    from: WalkEnd,
    start: &'a [Snap],
    time: Seconds,
}

/// The place that this very walk leads to: with several, the first in their order. Whoever stands
/// on its ground is there.
fn nearest(
    network: &Network,
    ends: &JourneyEnds,
    walk: &SettingOut,
    path: impl Fn(&[Snap]) -> Option<WalkPath>,
) -> (String, Option<WalkPath>) {
    let SettingOut { from, start, time } = *walk;
    let apart = if matches!(from, WalkEnd::Origin) { ends.origin.apart(0) } else { &[] };
    let on_ground = |thing: usize| {
        start.iter().any(|snap| ends.each.is_on_ground_of(thing, snap.point))
            || apart.iter().any(|at| ends.each.is_there(thing, *at))
    };
    if let Some(thing) = (0..ends.to.len()).find(|thing| on_ground(*thing)) {
        return (ends.to[thing].name.clone(), None);
    }
    // One search tells which places are as far; a walk is followed to these alone, for it takes a
    // table as large as the graph.
    let walks = network.direct(&Joined::at(vec![start.to_vec()]), &ends.each);
    let as_far = walks[OriginIdx(0)].iter().filter(|(_, walk)| *walk == time);
    let mut as_far: Vec<usize> = as_far.map(|(thing, _)| thing.at()).collect();
    as_far.sort_unstable();
    let others = (0..ends.to.len()).filter(|thing| as_far.binary_search(thing).is_err());
    let found = as_far
        .iter()
        .copied()
        .chain(others)
        .find_map(|thing| Some((ends.to[thing].name.clone(), path(&ends.each.snaps[thing])?)));
    found.map_or_else(|| ("the destination".to_owned(), None), |(name, path)| (name, Some(path)))
}

fn wait(ground: &JourneyContext, ends: &JourneyEnds, at: WalkEnd) -> ShownLeg {
    let name = name(ground.network, ends, at);
    let mut leg = leg("wait", name.clone(), name);
    leg.course = point(ground.network, ends, at).into_iter().collect();
    leg
}

fn ride(
    ground: &JourneyContext,
    timetable: &Timetable,
    run: RunIdx,
    (from, to): (u16, u16),
    seated: bool,
) -> ShownLeg {
    let network = ground.network;
    let row = &timetable.runs[run];
    let feed = &network.feeds[row.feed.at()];
    let (trip, route) = (&feed.trips[row.trip as usize], &feed.routes[row.route as usize]);
    let calls = &timetable.calls_of(run)[usize::from(from)..=usize::from(to)];
    let stop = |n: usize| network.stop(calls[n].stop);
    let last = calls.len() - 1;
    let mut leg = leg("ride", stop_name(stop(0)), stop_name(stop(last)));
    leg.route = Some(route.name.clone());
    leg.agency = Some(route.agency.clone());
    leg.headsign.clone_from(&trip.headsign);
    leg.trip = Some((feed.name.clone(), trip.id.clone()));
    leg.seated = seated;
    let straight: Vec<LonLat> = (0..=last).filter_map(|n| stop(n).point).collect();
    let shape =
        ground.gtfs.get(row.feed.at()).and_then(|path| shape_of(path, feed, trip.shape.as_ref()?));
    leg.course = shape.and_then(|shape| cut(network, &shape, &straight)).unwrap_or(straight);
    leg
}

fn shape_of(path: &Path, feed: &Feed, id: &str) -> Option<Vec<LonLat>> {
    let wanted: FxHashSet<String> = std::iter::once(id.to_owned()).collect();
    read_shapes(path, &feed.name, &wanted, &mut Findings::new()).ok()?.remove(id)
}

/// The part of a shape from the first stop to the last: from the point nearest the one to the point
/// nearest the other behind it. A shape that does not come near them is not theirs.
fn cut(network: &Network, shape: &[LonLat], stops: &[LonLat]) -> Option<Vec<LonLat>> {
    const NEAR_M: f64 = 200.0;
    let project = |point: &LonLat| network.streets.project(*point);
    let (first, last) = (project(stops.first()?), project(stops.last()?));
    let nearest = |points: &[LonLat], stop: crate::geometry::Projected| {
        let distances = points.iter().map(|point| project(point).distance(stop).get());
        distances
            .enumerate()
            .min_by(|(_, a), (_, b)| a.total_cmp(b))
            .filter(|(_, metres)| *metres < NEAR_M)
    };
    let (begin, _) = nearest(shape, first)?;
    let (length, _) = nearest(&shape[begin..], last)?;
    let mut course = vec![*stops.first()?];
    course.extend_from_slice(&shape[begin..=begin + length]);
    course.push(*stops.last()?);
    Some(course)
}

/// Where one end of a walk is on the streets, for who sets out there or for who gets there.
fn snaps(network: &Network, ends: &JourneyEnds, end: WalkEnd, sets_out: bool) -> Vec<Snap> {
    match end {
        WalkEnd::Origin => ends.origin.snaps.first().cloned().unwrap_or_default(),
        WalkEnd::Destination => ends.destination.snaps.first().cloned().unwrap_or_default(),
        WalkEnd::Stop(stop) if sets_out => network.alight_snaps(stop).to_vec(),
        WalkEnd::Stop(stop) => network.board_snaps(stop).to_vec(),
    }
}

fn name(network: &Network, ends: &JourneyEnds, end: WalkEnd) -> String {
    match end {
        WalkEnd::Origin => ends.from.first().map_or_else(String::new, |thing| thing.name.clone()),
        WalkEnd::Destination => "the destination".to_owned(),
        WalkEnd::Stop(stop) => stop_name(network.stop(stop)),
    }
}

fn stop_name(stop: &crate::inputs::gtfs::Stop) -> String {
    let platform = stop
        .platform
        .as_ref()
        .map_or_else(String::new, |platform| format!(", platform {platform}"));
    format!("{}{platform} [{}]", stop.name, stop.id)
}

fn point(network: &Network, ends: &JourneyEnds, end: WalkEnd) -> Option<LonLat> {
    match end {
        WalkEnd::Origin => ends.from.first()?.points.first().copied(),
        WalkEnd::Destination => match ends.to.as_slice() {
            [only] if only.points.len() == 1 => only.points.first().copied(),
            _ => None,
        },
        WalkEnd::Stop(stop) => network.stop(stop).point,
    }
}
