//! What a program that builds on the crate needs first: `use lastmile::prelude::*;`.
//!
//! The names follow the pipeline: read files, build a network, search a window of departures.

pub use crate::finding::{Finding, Findings, Severity};
pub use crate::geometry::LonLat;
pub use crate::ids::{Idx, IdxVec, OriginIdx, PlaceIdx, StopIdx};
pub use crate::inputs::gtfs::{Feed, read_feed};
pub use crate::inputs::hours::Opening;
pub use crate::inputs::osm::{OsmData, TagRule, read_osm};
pub use crate::inputs::tables::{PointRow, PointsWanted, read_points};
pub use crate::network::calendar::Clock;
pub use crate::network::streets::{Streets, WalkProfile};
pub use crate::routing::network::{Joined, Network, ServiceQuery, WalkSettings};
pub use crate::routing::query::departure_window::Departures;
pub use crate::routing::{DepartureWindow, JourneyLimits};
pub use crate::units::{Metres, MetresPerSecond, Seconds, ServiceTime};
