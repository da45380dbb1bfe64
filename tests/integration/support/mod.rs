//! What tests share: maps, journeys, random feeds, copies of fixtures.

#[cfg(feature = "serve")]
pub mod fixture_copy;
#[cfg(feature = "opening-hours")]
pub mod gated_town;
pub mod journeys;
pub mod maps;
pub mod random_feeds;
