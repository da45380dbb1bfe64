//! Range RAPTOR (Delling, Pajor and Werneck, Transportation Science 49, 2015).
//!
//! - [`range`]: backward from a block of destinations, for every departure of a window
//! - `rounds`: its rounds; `arrival_bound`, `block_bounds` and `locality_order` make them cheap
//! - `forward`: the same for a few departures, with sets of travellers in place of times

pub(in crate::routing) mod arrival_bound;
mod block_bounds;
pub(in crate::routing) mod forward;
mod locality_order;
pub mod range;
mod rounds;
