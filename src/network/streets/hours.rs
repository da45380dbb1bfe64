//! Streets at the hours of a window: which ways and gates are open throughout.

use super::enclosed::{disclose, enclose};
use super::{Edge, Streets};
use crate::geometry::LonLat;
use crate::ids::{EdgeIdx, HoursIdx, IdxVec};
use crate::inputs::hours::Opening;
use crate::inputs::osm::TimedWays;
use crate::inputs::osm::walk_rules::Permission;

/// How many of the ways and gates with hours are not open to everybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShutCount {
    /// Ways.
    pub ways: u64,
    /// Gates.
    pub gates: u64,
    /// Ways and gates with hours, open or not.
    pub all: u64,
}

impl Streets {
    /// The streets as they are throughout a window; `None` where they are these very ones. Islands
    /// are those of these streets.
    pub fn in_window(&self, window: &Opening) -> Option<Streets> {
        let state = self.state_in(window);
        if state == self.state {
            return None;
        }
        let mut streets = self.clone();
        // What lies behind private gates is private as long as these are.
        let has_private = |state: &IdxVec<HoursIdx, Permission>| {
            state.iter().any(|who| *who == Permission::Private)
        };
        let encloses = has_private(&state) || has_private(&self.state);
        if encloses {
            disclose(&mut streets.edges);
        }
        settle(&mut streets.edges, &state);
        if encloses {
            enclose(&mut streets.edges, streets.nodes.len());
        }
        streets.state = state;
        Some(streets)
    }

    /// Whether other ways and gates are open throughout a window than in these streets.
    pub fn is_other_in(&self, window: &Opening) -> bool {
        self.state_in(window) != self.state
    }

    fn state_in(&self, window: &Opening) -> IdxVec<HoursIdx, Permission> {
        let middle = self.projection.centre();
        self.timed.iter().map(|timed| timed.hours.throughout(window, middle)).collect()
    }

    /// How many ways and gates with hours are not open to everybody at the hours that these streets
    /// are of.
    pub fn shut_count(&self) -> ShutCount {
        let mut count = ShutCount::default();
        for (timed, permission) in self.timed.iter().zip(self.state.iter()) {
            count.all += timed.ways + timed.gates;
            if *permission != Permission::Open {
                count.ways += timed.ways;
                count.gates += timed.gates;
            }
        }
        count
    }
}

/// Where there is no window: open, unless a way is never open in the daytime.
pub(super) fn in_daytime(
    timed: &IdxVec<HoursIdx, TimedWays>,
    middle: LonLat,
) -> IdxVec<HoursIdx, Permission> {
    timed.iter().map(|timed| timed.hours.in_daytime(middle)).collect()
}

/// Opens, shuts and makes private what has hours.
pub(super) fn settle(edges: &mut IdxVec<EdgeIdx, Edge>, state: &IdxVec<HoursIdx, Permission>) {
    for edge in edges.iter_mut() {
        if let Some(hours) = edge.traits.hours {
            edge.traits.private = state[hours] == Permission::Private;
            edge.traits.shut = state[hours] == Permission::Shut;
        }
    }
}
