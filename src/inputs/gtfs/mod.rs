//! GTFS feeds → plain records, with ids resolved within the feed.

mod records;

pub use records::*;
