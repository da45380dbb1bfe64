//! Stops, and lines with the courses that their vehicles take.

use crate::{
    lattice::{Axis, Corner},
    plane::Point,
};
use std::collections::HashMap;

/// Where a stop belongs; each has one stop.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum StopKey {
    /// In the middle of a settlement, at a bay.
    Centre(usize, usize),
    /// On a main street from a corner, with or against its axis.
    Street(usize, Corner, Axis, bool),
    /// On a road, at a step of its course, outwards or back.
    Road(usize, usize, bool),
    /// A platform of a settlement's station.
    Platform(usize, usize),
}

/// Where vehicles call.
pub struct Stop {
    /// Where it is.
    pub at: Point,
    /// The settlement that it is named after.
    pub settlement: usize,
    /// The settlement whose station it is a platform of.
    pub station: Option<usize>,
}

/// A course and its calls.
#[derive(Default)]
pub struct Pattern {
    /// The stops, by number, and how far each is along the course, in metres.
    pub calls: Vec<(u32, f32)>,
    /// Points in degrees × 10⁷ and how far each is along; none where a publisher gives none.
    pub shape: Vec<((i32, i32), f32)>,
    /// Where it goes.
    pub to: usize,
    /// Whether it goes back.
    pub back: bool,
    /// Of ten vehicles of its direction, how many take it.
    pub tenths: usize,
}

/// A line of one operator.
pub struct Line {
    /// Its number in its feed, from 0.
    pub number: usize,
    /// What passengers call it.
    pub name: String,
    /// Its ends.
    pub ends: (usize, usize),
    /// Whose it is.
    pub operator: usize,
    /// GTFS `route_type`.
    pub route_type: u16,
    /// Courses, those outwards first.
    pub patterns: Vec<Pattern>,
    /// Minutes between departures on a weekday.
    pub headway: f64,
    /// Whether it runs after seven in the evening.
    pub evening: bool,
    /// Whether it runs on Sundays.
    pub sunday: bool,
}

/// Stops by number, found again by where they belong.
#[derive(Default)]
pub struct StopBook {
    /// By number.
    pub stops: Vec<Stop>,
    numbers: HashMap<StopKey, u32>,
}

impl StopBook {
    /// The number of the stop that belongs there; made where it is new.
    pub fn number(&mut self, key: StopKey, make: impl FnOnce() -> Stop) -> u32 {
        let next = self.stops.len() as u32;
        *self.numbers.entry(key).or_insert_with(|| {
            self.stops.push(make());
            next
        })
    }
}

/// A course under way.
#[derive(Default)]
pub struct Course {
    last: Option<Point>,
    metres: f64,
    calls: Vec<(u32, f32)>,
    shape: Vec<((i32, i32), f32)>,
}

impl Course {
    /// Goes on to a point.
    pub fn go(&mut self, at: Point) {
        self.metres += self.last.map_or(0.0, |last| last.metres(at));
        self.last = Some(at);
        self.shape.push((at.degrees_e7(), self.metres as f32));
    }

    /// Calls at a stop where it is now, unless it did so just before.
    pub fn call(&mut self, stop: u32) {
        if self.calls.last().is_none_or(|last| last.0 != stop) {
            self.calls.push((stop, self.metres as f32));
        }
    }

    /// The pattern of this course.
    pub fn pattern(self, to: usize, back: bool, tenths: usize, with_shape: bool) -> Pattern {
        let shape = if with_shape { self.shape } else { Vec::new() };
        Pattern { calls: self.calls, shape, to, back, tenths }
    }
}
