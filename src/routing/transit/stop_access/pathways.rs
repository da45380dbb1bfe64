//! pathways.txt as one kind of walker sees it: what each way inside a station costs, and where it
//! leads.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::geometry::Projected;
use crate::inputs::gtfs::{Feed, Pathway, StopKind};
use crate::network::streets::{Streets, WalkProfile};
use crate::units::{Metres, Millis, Seconds};

/// `pathway_mode`: stairs.
const STAIRS: u8 = 2;
/// `pathway_mode`: escalator; wheels cannot use it, as on the streets.
const ESCALATOR: u8 = 4;
/// `pathway_mode`: lift.
const LIFT: u8 = 5;

/// How far a single step leads: between the 250 mm and the 400 mm that Approved Document K of the
/// Building Regulations for England (2013, table 1.1) lets a stair for everybody have.
const STEP: Metres = Metres::new(0.3);
/// The steps of a floor, where only levels are known (GTFS reference, pathways.txt, `stair_count`).
const STEPS_OF_A_FLOOR: f64 = 15.0;
/// How long it takes to get on a lift, and to be carried by a floor, where nothing is said: the
/// defaults of OpenTripPlanner (documentation of its router, `elevator`: `boardTime`, `hopTime`).
const LIFT_BOARDED: Seconds = Seconds::new(90);
const LIFT_BY_A_FLOOR: Seconds = Seconds::new(20);
/// No station has more.
const MOST_FLOORS: f64 = 200.0;

/// Which way a search goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PathwayDirection {
    /// From the platform out.
    Out,
    /// To the platform, found backwards from it.
    In,
}

/// The ways inside the stations of one feed. Nodes are positions in the feed's stops.
#[derive(Clone, Debug, Default)]
pub(super) struct StationPaths {
    out: BTreeMap<u32, Vec<(u32, Millis)>>,
    into: BTreeMap<u32, Vec<(u32, Millis)>>,
    /// What hangs together, whoever may walk there and whichever way: for each node the least of
    /// its group.
    groups: BTreeMap<u32, u32>,
    /// The nodes of each group, by its least.
    members: BTreeMap<u32, Vec<u32>>,
    /// Pathways whose time was taken from the straight line,
    pub(super) guessed: u64,
    /// from their steps or levels,
    pub(super) by_steps: u64,
    /// and lifts whose time was assumed.
    pub(super) lifts: u64,
}

impl StationPaths {
    /// The pathways of a feed. A boarding area is where its platform is: there is no way between
    /// the two to be walked.
    pub(super) fn of(feed: &Feed, streets: &Streets, profile: &WalkProfile) -> StationPaths {
        let mut inside = StationPaths::default();
        if feed.pathways.is_empty() {
            return inside;
        }
        for pathway in &feed.pathways {
            inside.join(pathway.from, pathway.to);
            inside.count(PathwayTime::by(pathway, feed));
            if profile.step_free && matches!(pathway.mode, STAIRS | ESCALATOR) {
                continue;
            }
            let cost = cost(pathway, feed, streets, profile);
            inside.link(pathway.from, pathway.to, cost);
            if pathway.both_ways {
                inside.link(pathway.to, pathway.from, cost);
            }
        }
        for (area, stop) in (0_u32..).zip(&feed.stops) {
            let platform = stop.parent.filter(|_| stop.kind == StopKind::BoardingArea);
            if let Some(platform) = platform.filter(|platform| is_platform(feed, *platform)) {
                inside.join(area, platform);
                inside.link(area, platform, Millis(0));
                inside.link(platform, area, Millis(0));
            }
        }
        inside.number_groups();
        inside
    }

    /// What can be walked to from a node, or with [`Way::In`] from where it can be walked to,
    /// within a limit, by node.
    pub(super) fn reach(
        &self,
        start: u32,
        way: PathwayDirection,
        limit: Seconds,
    ) -> BTreeMap<u32, Millis> {
        let arcs = match way {
            PathwayDirection::Out => &self.out,
            PathwayDirection::In => &self.into,
        };
        let (mut settled, mut queue) =
            (BTreeMap::new(), BinaryHeap::from([Reverse((Millis(0), start))]));
        while let Some(Reverse((cost, node))) = queue.pop() {
            if settled.contains_key(&node) || cost.ceil() > limit {
                continue;
            }
            settled.insert(node, cost);
            for (next, more) in arcs.get(&node).into_iter().flatten() {
                queue.push(Reverse((Millis(cost.0.saturating_add(more.0)), *next)));
            }
        }
        settled
    }

    /// Whether pathways join two nodes at all, be it by stairs or the other way only.
    pub(super) fn joins(&self, a: u32, b: u32) -> bool {
        self.groups.get(&a).is_some_and(|group| self.groups.get(&b) == Some(group))
    }

    /// The nodes that pathways join to one, itself among them; none for a node without pathways.
    pub(super) fn together_with(&self, node: u32) -> &[u32] {
        let group = self.groups.get(&node).and_then(|group| self.members.get(group));
        group.map_or(&[], Vec::as_slice)
    }

    fn link(&mut self, from: u32, to: u32, cost: Millis) {
        self.out.entry(from).or_default().push((to, cost));
        self.into.entry(to).or_default().push((from, cost));
    }

    fn count(&mut self, told: PathwayTime) {
        match told {
            PathwayTime::Time(_) | PathwayTime::Length(_) => {}
            PathwayTime::Steps(_) => self.by_steps += 1,
            PathwayTime::Lift(_) => self.lifts += 1,
            PathwayTime::Nothing => self.guessed += 1,
        }
    }

    /// The least node known of a node's group.
    fn root(&self, node: u32) -> u32 {
        let mut at = node;
        while let Some(next) = self.groups.get(&at).filter(|next| **next != at) {
            at = *next;
        }
        at
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.groups.insert(a, a.min(b));
        self.groups.insert(b, a.min(b));
    }

    fn number_groups(&mut self) {
        let nodes: Vec<u32> = self.groups.keys().copied().collect();
        // In rising order: the node that one points to is lower, and points to its root already.
        for node in nodes {
            let root = self.root(node);
            self.groups.insert(node, root);
            self.members.entry(root).or_default().push(node);
        }
    }
}

/// Whether a position is that of a platform.
fn is_platform(feed: &Feed, stop: u32) -> bool {
    feed.stops.get(stop as usize).is_some_and(|stop| stop.kind == StopKind::Platform)
}

/// What a pathway tells of how long it takes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum PathwayTime {
    /// The time itself.
    Time(Seconds),
    /// How far it is.
    Length(Metres),
    /// How many steps stairs have, by their count or the floors between their ends.
    Steps(f64),
    /// By how many floors a lift goes.
    Lift(f64),
    /// Nothing: the straight line is taken. For a gate that is little.
    Nothing,
}

impl PathwayTime {
    /// A time before a length, a length before steps. Stairs of no length have one: it is not
    /// known.
    fn by(pathway: &Pathway, feed: &Feed) -> PathwayTime {
        if let Some(time) = pathway.time {
            return PathwayTime::Time(time);
        }
        if pathway.mode == LIFT {
            return PathwayTime::Lift(floors(pathway, feed).unwrap_or(1.0));
        }
        let climbs = matches!(pathway.mode, STAIRS | ESCALATOR);
        let steps = pathway.stairs.map(|stairs| f64::from(stairs.0));
        let by_floors = || floors(pathway, feed).map(|floors| floors * STEPS_OF_A_FLOOR);
        match pathway.length.filter(|length| !climbs || length.get() > 0.0) {
            Some(length) => PathwayTime::Length(length),
            None if climbs => {
                steps.or_else(by_floors).map_or(PathwayTime::Nothing, PathwayTime::Steps)
            }
            None => PathwayTime::Nothing,
        }
    }
}

/// The floors between the ends of a pathway, if it leads to another level.
fn floors(pathway: &Pathway, feed: &Feed) -> Option<f64> {
    let level = |stop: u32| feed.stops.get(stop as usize).and_then(|stop| stop.level);
    let (from, to) = level(pathway.from).zip(level(pathway.to))?;
    Some((from.0 - to.0).abs().min(MOST_FLOORS)).filter(|floors| *floors > 0.0)
}

/// How long a pathway takes this walker.
fn cost(pathway: &Pathway, feed: &Feed, streets: &Streets, profile: &WalkProfile) -> Millis {
    let speed = if pathway.mode == STAIRS { profile.steps_speed } else { profile.speed };
    match PathwayTime::by(pathway, feed) {
        PathwayTime::Time(time) => Millis::from(time),
        PathwayTime::Length(length) => length / speed,
        PathwayTime::Steps(steps) => Metres::new(steps * STEP.get()) / profile.steps_speed,
        PathwayTime::Lift(floors) => {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "few floors"
            )]
            let carried = (floors * f64::from(LIFT_BY_A_FLOOR.get())).round() as u32;
            Millis::from(LIFT_BOARDED + Seconds::new(carried))
        }
        PathwayTime::Nothing => {
            let ends = at(feed, streets, pathway.from).zip(at(feed, streets, pathway.to));
            ends.map_or(Metres::new(0.0), |(from, to)| from.distance(to)) / speed
        }
    }
}

/// Where a stop of a feed is on the map.
pub(super) fn at(feed: &Feed, streets: &Streets, stop: u32) -> Option<Projected> {
    feed.stops.get(stop as usize)?.point.map(|point| streets.project(point))
}
