//! Public transport: one window's timetable laid out for the search, and the algorithms over it.
//!
//! - [`window_timetable`]: stop events and departures of a window, in flat arrays
//! - [`access_egress`]: the walks to and from stops that can matter
//! - [`transfers`]: the rules of `transfers.txt`
//! - [`fifo_patterns`] and `transfer_reduction`: which transfers can matter
//! - [`stop_access`]: where stops join the streets, through stations and pathways
//! - [`raptor`]: range RAPTOR, backward over destinations and forward over departures
//! - [`connection_scan`]: the same answers for few destinations

pub mod access_egress;
mod connection_scan;
mod fifo_patterns;
pub mod raptor;
pub mod stop_access;
mod transfer_reduction;
pub mod transfers;
pub mod window_timetable;
