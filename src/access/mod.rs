//! Travel times and opportunities → indicators of neighbourhoods.
pub mod rollup;
