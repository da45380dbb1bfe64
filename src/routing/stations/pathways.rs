//! pathways.txt as one kind of walker sees it: what each way inside a station costs, and where it leads.

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

/// Which way a search goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// From the platform out.
    Out,
    /// To the platform, found backwards from it.
    In,
}

/// The ways inside the stations of one feed. Nodes are positions in the feed's stops.
#[derive(Clone, Debug, Default)]
pub(super) struct Inside {
    out: BTreeMap<u32, Vec<(u32, Millis)>>,
    into: BTreeMap<u32, Vec<(u32, Millis)>>,
    /// What hangs together, whoever may walk there and whichever way: for each node the least of its group.
    groups: BTreeMap<u32, u32>,
    /// The nodes of each group, by its least.
    members: BTreeMap<u32, Vec<u32>>,
    /// Pathways whose time was taken from the straight line.
    pub(super) guessed: u64,
}

impl Inside {
    /// The pathways of a feed. A boarding area is where its platform is: there is no way between the two to be walked.
    pub(super) fn of(feed: &Feed, streets: &Streets, profile: &WalkProfile) -> Inside {
        let mut inside = Inside::default();
        if feed.pathways.is_empty() {
            return inside;
        }
        for pathway in &feed.pathways {
            inside.join(pathway.from, pathway.to);
            inside.guessed += u64::from(pathway.time.is_none() && pathway.length.is_none());
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

    /// What can be walked to from a node, or with [`Way::In`] from where it can be walked to, within a limit, by node.
    pub(super) fn reach(&self, start: u32, way: Way, limit: Seconds) -> BTreeMap<u32, Millis> {
        let arcs = match way {
            Way::Out => &self.out,
            Way::In => &self.into,
        };
        let (mut settled, mut queue) = (BTreeMap::new(), BinaryHeap::from([Reverse((Millis(0), start))]));
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

/// The time the feed says; else its length, else the straight line, at walking speed or that of steps. A gate or lift
/// that says neither time nor length takes what its straight line takes, which is little.
fn cost(pathway: &Pathway, feed: &Feed, streets: &Streets, profile: &WalkProfile) -> Millis {
    if let Some(time) = pathway.time {
        return Millis::from(time);
    }
    let speed = if pathway.mode == STAIRS { profile.steps_speed } else { profile.speed };
    let straight = || {
        let ends = at(feed, streets, pathway.from).zip(at(feed, streets, pathway.to));
        ends.map_or(Metres(0.0), |(from, to)| from.distance(to))
    };
    pathway.length.unwrap_or_else(straight) / speed
}

/// Where a stop of a feed is on the map.
pub(super) fn at(feed: &Feed, streets: &Streets, stop: u32) -> Option<Projected> {
    feed.stops.get(stop as usize)?.point.map(|point| streets.project(point))
}
