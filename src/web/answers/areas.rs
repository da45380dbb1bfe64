//! How far one gets from a point.

use serde::Serialize;

/// The areas that are reached from a point within each cut-off, at the median of the departures.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ReachedAreas {
    /// Minutes, rising.
    pub cutoffs_min: Vec<u32>,
    /// The longest walk there is, minutes: on foot alone, longer cut-offs reach no farther.
    pub max_walk_min: u32,
    /// The side of the cells that the areas are made of, metres.
    pub cell_m: f64,
    /// On foot alone, before, without shapes; empty where the window is on foot itself.
    pub on_foot: Vec<ReachedArea>,
    /// Before, by cut-off.
    pub before: Vec<ReachedArea>,
    /// After; none where nothing is otherwise.
    pub after: Option<Vec<ReachedArea>>,
}

/// What is reached within a cut-off.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ReachedArea {
    /// How large it is, to three decimals.
    pub km2: f64,
    /// How many live at points that are reached.
    pub people: f64,
    /// Stops one can get off at.
    pub stops: usize,
    /// For each piece that hangs together without the point, the stop that one gets off at; the
    /// largest first.
    pub islands: Vec<String>,
    /// Polygons of rings of degrees, to five decimals, which is a metre; the first ring of each is
    /// the outer one.
    pub shape: Vec<Vec<Vec<[f64; 2]>>>,
}
