//! The headings under which the helps list their options, in the words of the field.

/// What is read, and how strictly.
pub const INPUT: &str = "Input";
/// What a journey may be.
pub const JOURNEY: &str = "Journey";
/// From when to when people leave.
pub const DEPARTURES: &str = "Departures";
/// Questions about the way there and back.
pub const THERE_AND_BACK: &str = "There and back";
/// How an area is drawn.
pub const AREA: &str = "Area";
/// Which scenario is compared.
pub const SCENARIO_OPTIONS: &str = "Scenario";
/// Modifications of the timetable.
pub const CHANGES_TO_TRIPS: &str = "Changes to trips and stops";
/// Modifications of all else.
pub const CHANGES_TO_PLACES: &str = "Changes to places, streets and broadband";
/// Where the page is served.
#[cfg(feature = "serve")]
pub const SERVER: &str = "Server";
/// What is written, and where.
pub const OUTPUT: &str = "Output";
/// What every command takes; the last heading of each help.
pub const GLOBAL: &str = "Global options";
