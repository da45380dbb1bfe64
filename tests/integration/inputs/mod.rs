//! Files as they are published, and files as nobody should publish them.

mod bad_gtfs;
mod bad_pbf;
mod real_feeds;
mod real_tables;
mod tabular_inputs;
