//! From a point to the street nearest to it.

use super::{EdgeTraits, Piece, Streets};
use crate::geometry::{Projected, Segment, SegmentIndex};
use crate::ids::{ComponentIdx, EdgeIdx};
use crate::inputs::osm::BarrierKind;
use crate::inputs::osm::walk_rules::{Direction, WayKind};
use crate::units::{Metres, MetresPerSecond, Millis};

/// Someone's way of walking.
#[derive(Clone, Debug, PartialEq)]
pub struct WalkProfile {
    /// What outputs call it.
    pub name: String,
    /// On streets, and straight to and from them.
    pub speed: MetresPerSecond,
    /// On steps.
    pub steps_speed: MetresPerSecond,
    /// Whether only ways without steps, stiles, steep slopes and rough ground will do.
    pub step_free: bool,
}

/// A ferry that does not say how long it takes.
const FERRY: MetresPerSecond = MetresPerSecond::kmh(10.0);

impl WalkProfile {
    /// Everyone: 4.8 km/h, the usual setting of the Journey Time Statistics (DfT), and half of it on steps.
    pub fn walk() -> WalkProfile {
        let speed = MetresPerSecond::kmh(4.8);
        WalkProfile {
            name: "walk".into(),
            speed,
            steps_speed: MetresPerSecond(speed.0 / 2.0),
            step_free: false,
        }
    }

    /// As [`WalkProfile::walk`], but without steps.
    pub fn step_free() -> WalkProfile {
        WalkProfile { name: "step_free".into(), step_free: true, ..WalkProfile::walk() }
    }

    /// Whether an edge can be walked at all.
    pub fn takes(&self, traits: EdgeTraits) -> bool {
        traits.step_free || !self.step_free
    }

    /// How long a distance along an edge of this kind and full length takes.
    pub(crate) fn cost(&self, kind: WayKind, distance: Metres, length: Metres) -> Millis {
        match kind {
            WayKind::Street => distance / self.speed,
            WayKind::Steps => distance / self.steps_speed,
            WayKind::Ferry(None) => distance / FERRY,
            WayKind::Ferry(Some(duration)) => {
                let share = if length.0 > 0.0 { distance.0 / length.0 } else { 1.0 };
                Metres(f64::from(duration.0) * share) / MetresPerSecond(1.0)
            }
        }
    }
}

/// Where a point joins the network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snap {
    /// The street it joins.
    pub edge: EdgeIdx,
    /// How far along that street, from its `from` node.
    pub along: Metres,
    /// The straight way from the point to the street.
    pub gap: Metres,
    /// Where it joins.
    pub at: Projected,
    /// The point itself: of a stop inside a station, the entrance.
    pub point: Projected,
    /// What that straight way crosses, if anything: no other street within reach could be had without.
    pub crosses: Option<BarrierKind>,
    /// Whether the street is on an island: no street of the main network was within reach.
    pub island: bool,
    /// How near the nearest street is that this walker can use. Less than the gap where that one was passed over, being
    /// on an island or beyond a barrier: at the edge of an extract that may be a whole estate.
    pub nearest: Metres,
}

impl Streets {
    /// Where a point joins the network: the nearest street within `max` that this walker can use, on the main network if
    /// there is one, and without crossing a river, railway or motorway if there is one. Streets equally near go by
    /// their number. `None` is "off the network".
    pub fn snap(&self, at: Projected, max: Metres, profile: &WalkProfile) -> Option<Snap> {
        // Who has a street keeps it: a new path near by is come to over the streets.
        self.nearest(&self.segments, at, max, profile)
            .or_else(|| self.nearest(&self.added, at, max, profile).filter(|_| !self.added.is_empty()))
    }

    fn nearest(
        &self,
        segments: &SegmentIndex<Piece>,
        at: Projected,
        max: Metres,
        profile: &WalkProfile,
    ) -> Option<Snap> {
        let mut best: Option<(Rank, Snap)> = None;
        let components = if profile.step_free { &self.step_free_components } else { &self.components };
        for (segment, gap) in segments.near(at, max) {
            // Candidates come nearest first: once the best kind is found, only ties are of interest.
            if best
                .as_ref()
                .is_some_and(|(rank, _)| *rank == Rank::BEST && gap > best.as_ref().map_or(gap, |b| b.1.gap))
            {
                break;
            }
            let edge = &self.edges[segment.of.edge];
            if !profile.takes(edge.traits) {
                continue;
            }
            let island = components[edge.from] != ComponentIdx(0);
            let foot = segment.nearest_to(at);
            let crosses = self.crossed(at, foot);
            let rank = Rank { island, crosses: crosses.is_some() };
            let nearest = best.as_ref().map_or(gap, |(_, found)| found.nearest);
            let snap = Snap {
                edge: segment.of.edge,
                along: Metres(0.0),
                gap,
                at: foot,
                point: at,
                crosses,
                island,
                nearest,
            };
            let better = best.as_ref().is_none_or(|(other, found)| {
                (rank, gap.0, segment.of.edge).partial_cmp(&(*other, found.gap.0, found.edge))
                    == Some(std::cmp::Ordering::Less)
            });
            if better {
                best = Some((rank, Snap { along: self.along(segment, foot), ..snap }));
            }
        }
        best.map(|(_, snap)| snap)
    }

    /// The gravest thing that a straight line crosses.
    pub(crate) fn crossed(&self, from: Projected, to: Projected) -> Option<BarrierKind> {
        let crossing =
            self.barriers.about(from, to, Metres(0.0)).filter(|barrier| barrier.meets(from, to).is_some());
        crossing.map(|barrier| barrier.of).min()
    }

    pub(super) fn along(&self, segment: &Segment<Piece>, foot: Projected) -> Metres {
        let Piece { edge, number } = segment.of;
        let course = &self.courses[edge];
        let before =
            course[..=number as usize].windows(2).map(|pair| pair[0].distance(pair[1]).0).sum::<f64>();
        Metres((before + segment.from.distance(foot).0).min(self.edges[edge].length.0))
    }
}

/// What is preferred before nearness: the main network first, then a way that crosses nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    island: bool,
    crosses: bool,
}

impl Rank {
    const BEST: Rank = Rank { island: false, crosses: false };
}

impl EdgeTraits {
    /// Whether it may be walked from its first node to its last.
    pub(crate) fn forward(self) -> bool {
        self.direction != Direction::Against
    }

    /// Whether it may be walked from its last node to its first.
    pub(crate) fn backward(self) -> bool {
        self.direction != Direction::Along
    }
}
