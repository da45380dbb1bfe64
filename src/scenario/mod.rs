//! What would be otherwise: a network changed by a scenario, and what the change does to people.
//!
//! What comes in are feeds as read, the modifications of a project file, and what was found about
//! each origin before and after; what goes out are the feeds of the scenario, changes of each
//! origin, neighbourhood and group, and what differs between two timetables. Every modification is
//! resolved against the data first: what it names has to be there, and what changes nothing is an
//! error. Differences are `after − before`: positive minutes are worse. Lost and gained are states,
//! never large minutes.

mod add;
mod alter;
pub mod apply;
pub mod attribution;
pub mod broadband;
pub mod comparison;
pub mod counts;
mod cut;
pub mod differences;
mod error;
pub mod feed_diff;
pub mod guard;
mod new_route;
mod patterns;
pub mod places;
mod reroute;
pub mod restore;
pub mod route_names;
pub mod service_day;
mod stops;
pub mod streets;
pub mod summary;
mod trip_selection;

pub use error::{BetterTime, ScenarioError};
pub use trip_selection::fits_route;
