//! crs
