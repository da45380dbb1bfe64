//! Walks that need no street: between points nearer to each other than either is to its street, and
//! onto open ground that one stands on.
//!
//! The way from a point to its street and back is never longer than the straight line between two
//! points, where the gaps of both exceed that line and it crosses no river, railway or motorway. A
//! walk inside a station is added to it. A point that joins no street is reached from itself alone.

use rayon::prelude::*;
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};
use rustc_hash::FxHashMap;

use crate::geometry::{GroundOnMap, Projected};
use crate::ids::{Csr, Idx};
use crate::network::streets::{Snap, Streets};
use crate::routing::street::{PathPart, WalkGraph, WalkPath};
use crate::units::{Metres, Seconds};

/// Things at one end of walks: where each joins the streets, its points that join none, and its
/// open grounds (of either for all things, or none is given).
#[derive(Clone, Copy)]
pub(in crate::routing) struct StraightEnds<'a> {
    pub snaps: &'a [Vec<Snap>],
    pub apart: &'a [Vec<Projected>],
    pub grounds: &'a [Vec<GroundOnMap>],
}

/// Things that may be nearer to a point than its street is.
pub(in crate::routing) struct StraightLines {
    tree: RTree<GeomWithData<[f64; 2], (u32, Snap)>>,
}

impl StraightLines {
    /// Lines to things, by where each joins the streets.
    pub(in crate::routing) fn to<'a>(
        things: impl IntoIterator<Item = &'a [Snap]>,
    ) -> StraightLines {
        let each = (0_u32..).zip(things).flat_map(|(number, snaps)| {
            let off_street = snaps.iter().filter(|snap| snap.straight() > Metres::new(0.0));
            off_street
                .map(move |snap| GeomWithData::new([snap.point.x, snap.point.y], (number, *snap)))
        });
        StraightLines { tree: RTree::bulk_load(each.collect()) }
    }

    /// The things that are come to straight from where a point lies, each with the point there and
    /// the way, walks inside stations counted.
    pub(in crate::routing) fn from<'a>(
        &'a self,
        streets: &'a Streets,
        from: &'a Snap,
    ) -> impl Iterator<Item = (u32, Projected, Metres)> + 'a {
        let (at, reach) = (from.point, from.straight());
        let around = AABB::from_corners(
            [at.x - reach.get(), at.y - reach.get()],
            [at.x + reach.get(), at.y + reach.get()],
        );
        self.tree.locate_in_envelope(&around).filter_map(move |found| {
            let (number, to) = &found.data;
            let line = at.distance(to.point);
            let straight =
                line < reach && line < to.straight() && streets.crossed(at, to.point).is_none();
            straight.then(|| (*number, to.point, from.inside() + line + to.inside()))
        })
    }
}

/// Things by the very places of their points that join no street.
struct AtPoints(FxHashMap<[u64; 2], Vec<u32>>);

impl AtPoints {
    fn of(things: &[Vec<Projected>]) -> AtPoints {
        let mut at_points: FxHashMap<_, Vec<u32>> = FxHashMap::default();
        for (thing, points) in (0..).zip(things) {
            points.iter().for_each(|at| at_points.entry(key(*at)).or_default().push(thing));
        }
        AtPoints(at_points)
    }

    fn things(&self, at: Projected) -> &[u32] {
        self.0.get(&key(at)).map_or(&[], Vec::as_slice)
    }
}

fn key(at: Projected) -> [u64; 2] {
    [at.x.to_bits(), at.y.to_bits()]
}

/// A table of walks within `limit`, with those that need no street.
pub(in crate::routing) fn with_straight_walks<I: Idx>(
    table: Csr<I, (u32, Seconds)>,
    (streets, graph): (&Streets, &WalkGraph),
    limit: Seconds,
    rows: StraightEnds,
    targets: StraightEnds,
) -> Csr<I, (u32, Seconds)> {
    let lines = StraightLines::to(targets.snaps.iter().map(Vec::as_slice));
    let grounds: Vec<(u32, &GroundOnMap)> = (0..)
        .zip(targets.grounds)
        .flat_map(|(n, grounds)| grounds.iter().map(move |g| (n, g)))
        .collect();
    let at_points = AtPoints::of(targets.apart);
    let speed = graph.profile().speed;
    let found = |(row, snaps): (usize, &Vec<Snap>)| {
        let mut found: Vec<(u32, Seconds)> = Vec::new();
        let mut add = |target: u32, way: Metres| {
            let time = (way / speed).ceil();
            if time <= limit {
                found.push((target, time));
            }
        };
        for snap in snaps {
            lines.from(streets, snap).for_each(|(target, _, way)| add(target, way));
            let here = grounds.iter().filter(|(_, ground)| ground.contains(snap.point));
            here.for_each(|(target, _)| add(*target, snap.inside()));
        }
        for at in rows.apart.get(row).into_iter().flatten() {
            at_points.things(*at).iter().for_each(|target| add(*target, Metres::new(0.0)));
            let here = grounds.iter().filter(|(_, ground)| ground.contains(*at));
            here.for_each(|(target, _)| add(*target, Metres::new(0.0)));
        }
        for ground in rows.grounds.get(row).into_iter().flatten() {
            for (target, snaps) in (0..).zip(targets.snaps) {
                let there = snaps.iter().filter(|snap| ground.contains(snap.point));
                there.for_each(|snap| add(target, snap.inside()));
            }
            for (target, apart) in (0..).zip(targets.apart) {
                let there = apart.iter().filter(|at| ground.contains(**at));
                there.for_each(|_| add(target, Metres::new(0.0)));
            }
        }
        found
    };
    let found: Vec<_> = rows.snaps.par_iter().enumerate().map(found).collect();
    if found.iter().all(Vec::is_empty) {
        return table;
    }
    Csr::from_rows(found.into_iter().enumerate().map(|(row, found)| {
        let mut row: Vec<(u32, Seconds)> =
            table[I::new(row)].iter().copied().chain(found).collect();
        row.sort_unstable();
        row.dedup_by_key(|(target, _)| *target);
        row
    }))
}

/// The straight walk from one point to another, if they are nearer to each other than to any
/// street.
pub(in crate::routing) fn straight_path(
    (streets, graph): (&Streets, &WalkGraph),
    from: &[Snap],
    to: &[Snap],
) -> Option<WalkPath> {
    let lines = StraightLines::to([to]);
    let ways = from.iter().flat_map(|snap| lines.from(streets, snap).map(move |way| (snap, way)));
    let (snap, (_, end, length)) =
        ways.min_by(|(_, (.., a)), (_, (.., b))| a.get().total_cmp(&b.get()))?;
    let (time, course) = ((length / graph.profile().speed).ceil(), vec![snap.point, end]);
    let part = PathPart { aboard: false, time, length, course: course.clone() };
    Some(WalkPath { time, length, course, edges: Vec::new(), parts: vec![part] })
}

impl Snap {
    /// The straight way from the point itself, or from the entrance of its station, to the street.
    pub(in crate::routing) fn straight(&self) -> Metres {
        self.point.distance(self.at)
    }

    /// The walk inside a station, as the metres that are walked in its time.
    pub(in crate::routing) fn inside(&self) -> Metres {
        Metres::new((self.gap.get() - self.straight().get()).max(0.0))
    }
}

impl StraightEnds<'_> {
    /// Things without open ground.
    pub(in crate::routing) fn at(snaps: &[Vec<Snap>]) -> StraightEnds<'_> {
        StraightEnds { snaps, apart: &[], grounds: &[] }
    }
}
