//! Whole cities with real data; skipped aloud where it is not at hand.

mod newport;
mod newport_cut;
mod newport_journeys;
mod r5_transit;
mod r5_walk;
mod vehicles;
