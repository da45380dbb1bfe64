//! The walking network: junctions and the streets between them.
//!
//! Ways are cut at junctions only; a chain of ways without a choice is one edge, with its length
//! and its course. Nodes and edges are numbered along a Hilbert curve, so that neighbours on the
//! map are neighbours in memory. Every island is kept.

mod build;
mod components;
mod enclosed;
mod hours;
mod junctions;
mod modified;
mod snap;
mod square;

pub use hours::ShutCount;
pub use modified::{Joins, RemovedStreets, StreetSpot};
pub use snap::{Snap, WalkProfile};

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::geometry::{LonLat, Projected, Projection, SegmentIndex};
use crate::ids::{ComponentIdx, Csr, EdgeIdx, HoursIdx, IdxVec, NodeIdx};
use crate::inputs::osm::walk_rules::{Permission, Setting, WalkDirection, WayKind};
use crate::inputs::osm::{BarrierKind, TimedWays, WayNames};
use crate::units::Metres;

/// The walkable streets of the study area. Immutable once built; a clone shares all but the edges.
#[derive(Clone, Debug)]
pub struct Streets {
    /// The flat map that all its points lie on, about the middle of the network.
    pub projection: Projection,
    /// Where each node is.
    pub nodes: Arc<IdxVec<NodeIdx, Projected>>,
    /// The edges.
    pub edges: IdxVec<EdgeIdx, Edge>,
    /// The course of each edge, from its first node to its last.
    pub courses: Arc<Csr<EdgeIdx, Projected>>,
    /// Which island each node is on; 0 is the one with the most nodes.
    pub components: Arc<IdxVec<NodeIdx, ComponentIdx>>,
    /// The same for people who cannot use steps.
    pub step_free_components: Arc<IdxVec<NodeIdx, ComponentIdx>>,
    segments: SegmentIndex<CourseSegment>,
    /// Edges from this number on are paths that a scenario adds. Points join them only where there
    /// is nothing else.
    originals: usize,
    added: SegmentIndex<CourseSegment>,
    names: Arc<WayNames>,
    /// The ways that do not run in the open.
    settings: Arc<Settings>,
    /// Which ways are not open at all times, and whom each lets in at the hours that these streets
    /// are of.
    timed: Arc<IdxVec<HoursIdx, TimedWays>>,
    state: IdxVec<HoursIdx, Permission>,
    ways: Arc<MoreWays>,
    barriers: SegmentIndex<BarrierKind>,
}

/// A street between two nodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// Where its course begins.
    pub from: NodeIdx,
    /// Where its course ends.
    pub to: NodeIdx,
    /// How long its course is.
    pub length: Metres,
    /// Where on a longer edge it begins, of which a scenario left this part: what its parts cost
    /// adds up to what that one did.
    pub begins: Metres,
    /// What it is made of.
    pub traits: EdgeTraits,
    /// The OpenStreetMap way that its course begins with; 0 for the passage of a stile or the like,
    /// −1 for a path that a scenario adds.
    pub way: i64,
}

/// Of edges whose course goes on along further ways: from which point of the course, and along
/// which.
type MoreWays = Vec<(EdgeIdx, Box<[(u32, i64)]>)>;

/// The ways that do not run in the open, by id.
type Settings = BTreeMap<i64, Setting>;

/// What matters of a street to those who walk it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EdgeTraits {
    /// Street, steps or ferry.
    pub kind: WayKind,
    /// One way or both, seen along its course.
    pub direction: WalkDirection,
    /// Whether people with wheels can use it.
    pub step_free: bool,
    /// Whether it is walked at the two ends of a journey only, being private or behind private
    /// ways.
    pub private: bool,
    /// Whether it is private for being behind private ways alone.
    pub enclosed: bool,
    /// Its hours, where it is not open at all times.
    pub hours: Option<HoursIdx>,
    /// Whether nobody walks it at the hours that these streets are of.
    pub shut: bool,
}

/// A straight piece of an edge's course: the edge, the number of the piece, and whether it can be
/// stepped onto.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct CourseSegment {
    edge: EdgeIdx,
    number: u32,
    setting: Setting,
}

impl Edge {
    /// Whether points can join it: neither on a ferry nor in the passage of a stile or gate.
    pub fn can_be_joined(&self) -> bool {
        !matches!(self.traits.kind, WayKind::Ferry(_)) && self.way != 0
    }
}

impl Streets {
    /// A point on this network's flat map.
    pub fn project(&self, point: LonLat) -> Projected {
        self.projection.project(point)
    }

    /// Whether any street that can be joined, of the map as it was read, is within a distance.
    pub fn has_way_within(&self, at: Projected, distance: Metres) -> bool {
        self.segments.near(at, distance).next().is_some()
    }

    /// The course of a part of an edge, from one distance along it to another (backwards if the
    /// second is less).
    pub fn course_between(&self, edge: EdgeIdx, from: Metres, to: Metres) -> Vec<Projected> {
        let (low, high) = (from.get().min(to.get()), from.get().max(to.get()));
        let (mut part, mut walked) = (Vec::new(), 0.0);
        for pair in self.courses[edge].windows(2) {
            let length = pair[0].distance(pair[1]).get();
            let at = |along: f64| {
                if length > 0.0 {
                    pair[0].towards(pair[1], (along - walked) / length)
                } else {
                    pair[0]
                }
            };
            if part.is_empty() && low <= walked + length {
                part.push(at(low));
            }
            if !part.is_empty() && high <= walked + length {
                part.push(at(high));
                break;
            }
            walked += length;
            if !part.is_empty() {
                part.push(pair[1]);
            }
        }
        part.dedup();
        if from > to {
            part.reverse();
        }
        part
    }
}
