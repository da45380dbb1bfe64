//! Records → one compact, immutable network: streets, and the timetable of the service days asked for.

pub mod streets;
