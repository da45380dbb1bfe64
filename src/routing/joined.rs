//! Points that have joined the streets.

use crate::geometry::{GroundOnMap, Projected};
use crate::network::streets::Snap;
use crate::routing::street::snap_report::SnapCounts;
use crate::routing::street::straight_walks::StraightEnds;

/// Points that have joined the streets.
#[derive(Clone, Debug, Default)]
pub struct Joined {
    /// Where each joins them; none where it is off the network. A thing of several points has one
    /// for each of them.
    pub snaps: Vec<Vec<Snap>>,
    /// The open grounds of each: whoever stands there is there. Empty where nothing has any.
    pub(super) grounds: Vec<Vec<GroundOnMap>>,
}

impl Joined {
    /// Things by where each joins the streets.
    pub fn at(snaps: Vec<Vec<Snap>>) -> Joined {
        Joined { snaps, grounds: Vec::new() }
    }

    /// Some of the things, by number. One that is not there joins nowhere.
    pub fn only(&self, numbers: impl IntoIterator<Item = usize>) -> Joined {
        let (snaps, grounds) = numbers
            .into_iter()
            .map(|n| {
                (
                    self.snaps.get(n).cloned().unwrap_or_default(),
                    self.grounds.get(n).cloned().unwrap_or_default(),
                )
            })
            .unzip();
        Joined { snaps, grounds }
    }

    /// Whether a point lies on the open ground of one of the things.
    pub fn is_on_ground_of(&self, thing: usize, at: Projected) -> bool {
        self.grounds
            .get(thing)
            .is_some_and(|grounds| grounds.iter().any(|ground| ground.contains(at)))
    }

    pub(super) fn standing(&self) -> StraightEnds<'_> {
        StraightEnds { snaps: &self.snaps, grounds: &self.grounds }
    }

    /// How many things join the streets, and how: each by its first point there.
    pub fn counts(&self) -> SnapCounts {
        SnapCounts::of(self.snaps.iter().map(|snaps| snaps.first()))
    }
}
