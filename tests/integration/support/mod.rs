//! What tests share: maps, journeys, random feeds, copies of fixtures.

pub mod fixture_copy;
pub mod journeys;
pub mod maps;
pub mod random_feeds;
