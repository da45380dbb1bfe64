//! The search: against theory, slow references, other routers, and itself asked otherwise.

mod desert_grid;
mod directions;
mod isochrones;
mod journeys_match_matrix;
mod metamorphic;
mod reference_feeds;
mod regressions;
mod relations;
mod round_trips;
mod scenarios;
mod taken_over;
mod timetable_rules;
mod town_journeys;
mod vulture_oracle;
