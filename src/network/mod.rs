//! Records → one compact, immutable network: streets, stops, and the timetable of the service days
//! asked for.

pub mod calendar;
pub mod editions;
pub mod stops;
pub mod streets;
pub mod timetable;
pub mod vehicles;
