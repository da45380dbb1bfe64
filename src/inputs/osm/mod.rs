//! OpenStreetMap extracts → walkable ways, places and homes.
//!
//! A pbf file is read in three passes, each over its blobs in parallel and each giving its finds in
//! file order: ways and relations, the members of those relations, and last the nodes that any of
//! them needs. No pass trusts a byte: a damaged file is an error that names the place, a fault of
//! the map is a finding.

mod blob;
mod block;
mod duration;
mod edition;
mod error;
mod ferries;
mod homes;
mod merge;
mod names;
mod places;
mod read;
mod rings;
mod scan;
mod tags;
mod timed_ways;
pub mod walk_rules;
mod wire;

use std::path::PathBuf;

pub use error::OsmError;
pub use homes::{Home, HomeSource, Homes};
pub use names::WayNames;
pub use places::OsmPlace;
pub use read::read_osm;
pub use tags::{TagRule, TagRuleError, Tags};
pub use timed_ways::{TimedWays, WayHours};
use walk_rules::{NodeBarrier, WalkAccess};

use crate::geometry::{LonLat, MapExtent};
use crate::ids::{HoursIdx, IdxVec};

/// What was read from one or more extracts.
#[derive(Clone, Debug, Default)]
pub struct OsmData {
    /// The nodes of walkable ways.
    pub nodes: Vec<LonLat>,
    /// Walkable ways, by id; one with missing nodes stands here in several parts.
    pub ways: Vec<WalkWay>,
    /// The hours of ways and gates that are not open at all times, ascending.
    pub hours: IdxVec<HoursIdx, TimedWays>,
    /// Squares that may be crossed anywhere.
    pub squares: Vec<Square>,
    /// What walkable ways are called.
    pub names: WayNames,
    /// Nodes that stop people, or people with wheels, by node.
    pub node_barriers: Vec<(u32, NodeBarrier)>,
    /// Lines that a straight walk to the nearest street must not cross unseen.
    pub barriers: Vec<BarrierLine>,
    /// Places that a rule picked, by id.
    pub places: Vec<OsmPlace>,
    /// Where people live, as far as buildings and landuse tell.
    pub homes: Homes,
    /// How far the walkable ways without ferries reach.
    pub extent: MapExtent,
    /// The files that were read.
    pub files: Vec<OsmFile>,
}

/// One extract that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct OsmFile {
    /// Its path as it was given.
    pub path: PathBuf,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// The moment its data are of, in seconds since 1970, where it says so.
    pub replication_timestamp: Option<i64>,
    /// The south-west and north-east corners it claims, where it does.
    pub bbox: Option<[LonLat; 2]>,
    /// How many nodes, ways and relations it holds.
    pub counts: [u64; 3],
}

/// A way that may be walked, or an unbroken part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkWay {
    /// Its id in OpenStreetMap.
    pub id: i64,
    /// Its nodes in order, as positions in [`OsmData::nodes`].
    pub nodes: Vec<u32>,
    /// How it may be walked.
    pub access: WalkAccess,
}

/// A square that may be crossed anywhere, its holes left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Square {
    /// The ways that its outline and its holes are drawn with, ascending; none is empty.
    pub ways: Vec<i64>,
    /// How it may be crossed.
    pub access: WalkAccess,
    /// Its outlines and its holes, their first node not repeated, as positions in
    /// [`OsmData::nodes`].
    pub rings: Vec<Vec<u32>>,
}

/// What a line is that nobody walks across.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BarrierKind {
    /// A river, a canal or the shore of a lake or the sea; no pond.
    Water,
    /// A railway above ground; no siding, spur or yard.
    Railway,
    /// A motorway.
    Motorway,
}

/// A line that nobody walks across but by a bridge, tunnel or crossing.
#[derive(Clone, Debug, PartialEq)]
pub struct BarrierLine {
    /// What it is.
    pub kind: BarrierKind,
    /// Its course.
    pub line: Vec<LonLat>,
}
