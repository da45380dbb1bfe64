//! What is asked of a search, and what its answer means: departures, percentiles, journeys,
//! reasons.

pub mod algorithm_choice;
pub mod arrive_by;
pub mod departure_window;
pub mod journey;
pub mod percentile;
pub mod unreachable;
