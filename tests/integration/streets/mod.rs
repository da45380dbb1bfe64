//! Maps of letters, written as real pbf bytes and read by the real reader.

mod access_and_snapping;
mod extracts;
mod ferries;
mod osm_places;
mod points_without_streets;
mod street_edges;
mod street_hours;
mod street_rules;
