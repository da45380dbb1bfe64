//! What tests share: maps, journeys, random feeds, copies of fixtures.

#[cfg(feature = "serve")]
pub mod fixture_copy;
pub mod journeys;
pub mod maps;
pub mod random_feeds;
