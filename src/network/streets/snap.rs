//! From a point to the street nearest to it.

use super::{CourseSegment, EdgeTraits, Streets};
use crate::geometry::{Projected, Segment, SegmentIndex};
use crate::ids::{ComponentIdx, EdgeIdx};
use crate::inputs::osm::BarrierKind;
use crate::inputs::osm::walk_rules::{Setting, WalkDirection, WayKind};
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
    /// Everyone: 4.8 km/h, the usual setting of the Journey Time Statistics (DfT), and half of it
    /// on steps.
    pub fn walk() -> WalkProfile {
        let speed = MetresPerSecond::kmh(4.8);
        WalkProfile {
            name: "walk".into(),
            speed,
            steps_speed: MetresPerSecond::new(speed.get() / 2.0),
            step_free: false,
        }
    }

    /// As [`WalkProfile::walk`], but without steps.
    pub fn step_free() -> WalkProfile {
        WalkProfile { name: "step_free".into(), step_free: true, ..WalkProfile::walk() }
    }

    /// Whether an edge can be walked at all.
    pub fn takes(&self, traits: EdgeTraits) -> bool {
        !traits.shut && (traits.step_free || !self.step_free)
    }

    /// How long a distance along an edge of this kind and full length takes.
    pub(crate) fn cost(&self, kind: WayKind, distance: Metres, length: Metres) -> Millis {
        match kind {
            WayKind::Street => distance / self.speed,
            WayKind::Steps => distance / self.steps_speed,
            WayKind::Ferry(None) => distance / FERRY,
            WayKind::Ferry(Some(duration)) => {
                let share = if length.get() > 0.0 { distance.get() / length.get() } else { 1.0 };
                Metres::new(f64::from(duration.get()) * share) / MetresPerSecond::new(1.0)
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
    /// What that straight way crosses, if anything: no other such street within reach could be had
    /// without.
    pub crosses: Option<BarrierKind>,
    /// Whether the street is on an island: no street of the main network was within reach.
    pub island: bool,
    /// How near the nearest street is that this walker can use. Less than the gap where that one
    /// was passed over, being on an island, in a tunnel, on a bridge or beyond a barrier: at the
    /// edge of an extract that may be a whole estate.
    pub nearest: Metres,
}

/// A stop that stands so near a street under the sky is not one of the tunnel below.
const BESIDE: Metres = Metres::new(15.0);
/// Who stands so near a bridge may stand on it: bridges are drawn as lines, and are as wide as this
/// from the middle at most.
const ON_BRIDGE: Metres = Metres::new(15.0);
/// Coordinates of the map are right to a centimetre: what is less than this nearer is as near.
const SAME_PLACE: Metres = Metres::new(0.05);

impl Streets {
    /// Where a point joins the network: the nearest street within `max` that this walker can use,
    /// on the main network if there is one, neither in a tunnel, under a roof nor on a bridge if
    /// there is one, and without crossing a river, railway or motorway if there is one. Where every
    /// such street is across one of these, the point stands on the bridge that is beside it, if
    /// there is one. Private ways are joined like others. Streets equally near go by their number.
    /// `None` is "off the network".
    pub fn snap(&self, at: Projected, max: Metres, profile: &WalkProfile) -> Option<Snap> {
        self.join_one(
            at,
            max,
            &SnapFilter { profile, avoids: |setting| setting != Setting::Open, takes: |_, _| true },
        )
    }

    /// Where a stop joins the network. It belongs to the bridge or tunnel that is nearest, unless a
    /// street under the sky is beside it: what that bridge leads across does not lie between them.
    /// And it is no part of private grounds where another street is within `max`: whoever changes
    /// there walks on over open streets.
    pub fn snap_stop(&self, at: Projected, max: Metres, profile: &WalkProfile) -> Option<Snap> {
        let nearest = |max, takes: fn(EdgeTraits, Setting) -> bool| {
            self.join_one(at, max, &SnapFilter { profile, avoids: |_| false, takes })
        };
        let under_the_sky =
            |traits: EdgeTraits, setting| !traits.private && setting != Setting::Covered;
        let found =
            nearest(max, |traits, _| !traits.private).or_else(|| nearest(max, |_, _| true))?;
        let beside = || {
            nearest(Metres::new(BESIDE.get().min(max.get())), under_the_sky)
                .filter(|other| other.island == found.island)
        };
        Some(if under_the_sky(self.edges[found.edge].traits, self.setting_at(&found)) {
            found
        } else {
            beside().unwrap_or(found)
        })
    }

    fn join_one(&self, at: Projected, max: Metres, wanted: &SnapFilter<'_>) -> Option<Snap> {
        // Who has a street keeps it: a new path near by is come to over the streets.
        self.nearest(&self.segments, at, max, wanted).or_else(|| {
            self.nearest(&self.added, at, max, wanted).filter(|_| !self.added.is_empty())
        })
    }

    fn nearest(
        &self,
        segments: &SegmentIndex<CourseSegment>,
        at: Projected,
        max: Metres,
        wanted: &SnapFilter<'_>,
    ) -> Option<Snap> {
        let SnapFilter { profile, avoids, takes } = wanted;
        let mut best: Option<(Rank, Snap)> = None;
        let components =
            if profile.step_free { &self.step_free_components } else { &self.components };
        for (segment, gap) in segments.near(at, max) {
            // Candidates come nearest first: once the best kind is found, only ties are of
            // interest.
            let known = best.as_ref();
            if known
                .is_some_and(|(rank, found)| *rank == Rank::BEST && gap > found.gap + SAME_PLACE)
            {
                break;
            }
            let (edge, setting) = (&self.edges[segment.of.edge], segment.of.setting);
            if !profile.takes(edge.traits) || !takes(edge.traits, setting) {
                continue;
            }
            let island = components[edge.from] != ComponentIdx(0);
            let foot = segment.nearest_to(at);
            // The river under a bridge is not between the bridge and who stands on it.
            let stands_on = setting == Setting::Bridge && gap <= ON_BRIDGE;
            let crosses = self.crossed(at, foot).filter(|_| !stands_on);
            let rank =
                Rank { island, way: WayTo::of(avoids(setting), stands_on, crosses.is_some()) };
            let nearest = best.as_ref().map_or(gap, |(_, found)| found.nearest);
            let snap = Snap {
                edge: segment.of.edge,
                along: Metres::new(0.0),
                gap,
                at: foot,
                point: at,
                crosses,
                island,
                nearest,
            };
            let better = best.as_ref().is_none_or(|(other, found)| {
                // Where a private way meets an open one, a point is on the open one.
                let tie = (gap.get() - found.gap.get()).abs() <= SAME_PLACE.get();
                let [here, there] =
                    [edge, &self.edges[found.edge]].map(|edge| tie && edge.traits.private);
                (rank, here, gap.get(), segment.of.edge).partial_cmp(&(
                    *other,
                    there,
                    found.gap.get(),
                    found.edge,
                )) == Some(std::cmp::Ordering::Less)
            });
            if better {
                best = Some((rank, Snap { along: self.along(segment, foot), ..snap }));
            }
        }
        best.map(|(_, snap)| snap)
    }

    /// The gravest thing that a straight line crosses.
    pub(crate) fn crossed(&self, from: Projected, to: Projected) -> Option<BarrierKind> {
        let crossing = self
            .barriers
            .about(from, to, Metres::new(0.0))
            .filter(|barrier| barrier.meets(from, to).is_some());
        crossing.map(|barrier| barrier.of).min()
    }

    /// Where the street runs that a snap has joined.
    fn setting_at(&self, snap: &Snap) -> Setting {
        let pieces = [&self.segments, &self.added]
            .into_iter()
            .flat_map(|index| index.near(snap.at, Metres::new(0.01)));
        pieces
            .filter(|(piece, _)| piece.of.edge == snap.edge)
            .map(|(piece, _)| piece.of.setting)
            .min()
            .unwrap_or_default()
    }

    pub(super) fn along(&self, segment: &Segment<CourseSegment>, foot: Projected) -> Metres {
        let CourseSegment { edge, number, .. } = segment.of;
        let course = &self.courses[edge];
        let before = course[..=number as usize]
            .windows(2)
            .map(|pair| pair[0].distance(pair[1]).get())
            .sum::<f64>();
        Metres::new((before + segment.from.distance(foot).get()).min(self.edges[edge].length.get()))
    }
}

/// Which streets are looked for: those this walker can use and `takes` picks, and among them rather
/// those that are not to be avoided for where they run.
struct SnapFilter<'a> {
    profile: &'a WalkProfile,
    avoids: fn(Setting) -> bool,
    takes: fn(EdgeTraits, Setting) -> bool,
}

/// What is preferred before nearness: the main network first, then a street that can be stepped
/// onto, then a way to it that crosses nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    island: bool,
    way: WayTo,
}

/// How a street is come to, the better before the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum WayTo {
    Free,
    /// It is the bridge on which one may stand.
    OnBridge,
    /// Across a river, railway or motorway.
    Across,
    /// From above, below or outside.
    Off,
    OffAcross,
}

impl Rank {
    const BEST: Rank = Rank { island: false, way: WayTo::Free };
}

impl WayTo {
    fn of(avoided: bool, stands_on: bool, crosses: bool) -> WayTo {
        match (avoided, crosses) {
            (true, _) if stands_on => WayTo::OnBridge,
            (true, true) => WayTo::OffAcross,
            (true, false) => WayTo::Off,
            (false, true) => WayTo::Across,
            (false, false) => WayTo::Free,
        }
    }
}

impl EdgeTraits {
    /// Whether it may be walked from its first node to its last.
    pub(crate) fn forward(self) -> bool {
        self.direction != WalkDirection::Against
    }

    /// Whether it may be walked from its last node to its first.
    pub(crate) fn backward(self) -> bool {
        self.direction != WalkDirection::Along
    }
}
