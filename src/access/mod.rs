//! Travel times and opportunities → indicators of neighbourhoods.
//!
//! Nothing is stored that is only summed: each origin's travel times are folded into its indicators
//! as they are found.

pub mod boarded;
pub mod catchment;
pub mod decay;
pub mod dependency;
pub mod distribution;
pub mod frequency;
pub mod index;
pub mod inequality;
pub mod isochrone;
pub mod last_home;
pub mod line_status;
pub mod map_edge;
pub mod nearby;
pub mod nearest;
pub mod opportunities;
pub mod origin_accessibility;
pub mod per_place;
pub mod ptal;
pub mod residents;
pub mod rollup;
pub mod round_trip;
pub mod service_loss;
pub mod supply;
