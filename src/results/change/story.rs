//! Journeys before and after, in words.

use crate::scenario::differences::{ChangeState, TimeShift};

/// The journeys of one point before and after, leaving at the same time of day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// The neighbourhood's name.
    pub neighbourhood: String,
    /// Its code.
    pub id: String,
    /// The window.
    pub window: String,
    /// What the way leads to.
    pub category: String,
    /// When they leave.
    pub leave: String,
    /// The journey before, in words.
    pub before: String,
    /// The journey after.
    pub after: String,
    /// How long both take.
    pub times: TimeShift,
    /// The median over the window's departures, for the same point.
    pub median: TimeShift,
}

impl Story {
    /// How much later one arrives, in words.
    pub fn later(&self) -> String {
        match (self.times.state(), self.times.seconds()) {
            (ChangeState::Lost, _) => "no longer in reach".to_owned(),
            (ChangeState::Gained, _) => "newly in reach".to_owned(),
            (_, Some(seconds)) if seconds > 0 => format!("{} min later", (seconds + 30) / 60),
            (_, Some(seconds)) if seconds < 0 => format!("{} min earlier", (30 - seconds) / 60),
            (ChangeState::Never, _) => "in reach neither before nor after".to_owned(),
            _ => "at the same time".to_owned(),
        }
    }
}
