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
    /// The points of each that join no street. Whoever stands at one is there all the same.
    pub(super) apart: Vec<Vec<Projected>>,
    /// The open grounds of each: whoever stands there is there. Empty where nothing has any.
    pub(super) grounds: Vec<Vec<GroundOnMap>>,
}

impl Joined {
    /// Things by where each joins the streets.
    pub fn at(snaps: Vec<Vec<Snap>>) -> Joined {
        Joined { snaps, ..Joined::default() }
    }

    /// Some of the things, by number. One that is not there joins nowhere.
    pub fn only(&self, numbers: impl IntoIterator<Item = usize>) -> Joined {
        let mut only = Joined::default();
        for number in numbers {
            only.snaps.push(self.snaps.get(number).cloned().unwrap_or_default());
            only.apart.push(self.apart.get(number).cloned().unwrap_or_default());
            only.grounds.push(self.grounds.get(number).cloned().unwrap_or_default());
        }
        only
    }

    /// The things that are kept; of the others nothing is known.
    #[must_use]
    pub fn keep(mut self, kept: &[bool]) -> Joined {
        for (number, _) in kept.iter().enumerate().filter(|(_, kept)| !**kept) {
            self.snaps.get_mut(number).into_iter().for_each(Vec::clear);
            self.apart.get_mut(number).into_iter().for_each(Vec::clear);
            self.grounds.get_mut(number).into_iter().for_each(Vec::clear);
        }
        self
    }

    /// Whether a point lies on the open ground of one of the things.
    pub fn is_on_ground_of(&self, thing: usize, at: Projected) -> bool {
        self.grounds
            .get(thing)
            .is_some_and(|grounds| grounds.iter().any(|ground| ground.contains(at)))
    }

    /// Whether a point that joins no street is one of the thing's, or lies on its open ground.
    pub fn is_there(&self, thing: usize, apart: Projected) -> bool {
        self.is_on_ground_of(thing, apart)
            || self.apart.get(thing).is_some_and(|own| own.contains(&apart))
    }

    /// The points of a thing that join no street.
    pub fn apart(&self, thing: usize) -> &[Projected] {
        self.apart.get(thing).map_or(&[], Vec::as_slice)
    }

    pub(super) fn standing(&self) -> StraightEnds<'_> {
        StraightEnds { snaps: &self.snaps, apart: &self.apart, grounds: &self.grounds }
    }

    /// How many things join the streets, and how: each by its first point there.
    pub fn counts(&self) -> SnapCounts {
        SnapCounts::of(self.snaps.iter().map(|snaps| snaps.first()))
    }
}
