//! Neighbourhoods that lie on each other, which no statistical areas do: two editions in one file,
//! or lines drawn by hand.

use geo::{Area, BooleanOps, BoundingRect};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use rustc_hash::FxHashMap;

use super::{Neighbourhood, NeighbourhoodLocator, Neighbourhoods};
use crate::finding::{Findings, Outcome, Severity};
use crate::ids::{Idx, IdxVec, NeighbourhoodIdx, OriginIdx};
use crate::inputs::origins::OriginPoint;

/// A smaller share of the smaller neighbourhood is what rounding leaves between neighbours.
const WORTH_TELLING: f64 = 0.01;

/// Two neighbourhoods on each other.
#[derive(Clone, Copy, Debug, Default)]
struct Overlap {
    /// The part of the smaller one that both hold, 0 to 1.
    share: f64,
    /// The points that both hold, and their people as far as these are known.
    points: u64,
    people: f64,
    unknown: bool,
}

/// Tells which neighbourhoods overlap, and how many people start from points that both hold.
pub(in crate::inputs) fn tell(
    file: &str,
    neighbourhoods: &Neighbourhoods,
    locator: &NeighbourhoodLocator<'_>,
    points: &IdxVec<OriginIdx, OriginPoint>,
    findings: &mut Findings,
) {
    let mut pairs: FxHashMap<(NeighbourhoodIdx, NeighbourhoodIdx), Overlap> = FxHashMap::default();
    for (pair, share) in shares(neighbourhoods) {
        pairs.entry(pair).or_default().share = share;
    }
    let mut totals: IdxVec<NeighbourhoodIdx, f64> =
        neighbourhoods.zones.iter().map(|_| 0.0).collect();
    for (zone, weight) in points.iter().filter_map(|p| Some((p.zone?, p.weight))) {
        totals[zone] += weight;
    }
    let people_of = |origin: &OriginPoint| {
        let zone = origin.zone?;
        let total = totals[zone];
        neighbourhoods.zones[zone]
            .population
            .filter(|_| total > 0.0)
            .map(|n| n * origin.weight / total)
    };
    for origin in points.iter() {
        let zones = locator.zones_of(origin.point);
        for (n, a) in zones.iter().enumerate() {
            for b in zones.iter().skip(n + 1) {
                let pair = pairs.entry((*a.min(b), *a.max(b))).or_default();
                pair.points += 1;
                match people_of(origin) {
                    Some(people) => pair.people += people,
                    None => pair.unknown = true,
                }
            }
        }
    }
    let id = |zone: NeighbourhoodIdx| neighbourhoods.zones[zone].id.as_str();
    let named =
        pairs.into_iter().map(|((a, b), overlap)| ((id(a).min(id(b)), id(a).max(id(b))), overlap));
    let mut named: Vec<_> = named.collect();
    named.sort_by_key(|(ids, _)| *ids);
    for ((a, b), Overlap { share, points, people, unknown }) in named {
        let held = match unknown {
            true => format!("{points} points"),
            false => format!("{people:.0} people (at {points} points)"),
        };
        let what = format!(
            "neighbourhoods {a} and {b} overlap, by {:.1} % of the smaller: both hold {held}, who count for the smaller \
             alone (of equal ones, for that with the lesser code); give neighbourhoods that do not overlap",
            share * 100.0
        );
        findings.count(Severity::Error, "overlapping_neighbourhoods", Outcome::Kept, file, 1, what);
    }
}

type Pair = (NeighbourhoodIdx, NeighbourhoodIdx);

/// The pairs that share ground, with the share of the smaller that both hold.
fn shares(neighbourhoods: &Neighbourhoods) -> Vec<(Pair, f64)> {
    let zones: Vec<&Neighbourhood> = neighbourhoods.zones.iter().collect();
    let boxed = |(n, zone): (usize, &&Neighbourhood)| {
        let r = zone.polygon.bounding_rect().filter(|_| zone.point.is_none())?;
        Some(GeomWithData::new(
            Rectangle::from_corners([r.min().x, r.min().y], [r.max().x, r.max().y]),
            n,
        ))
    };
    let boxes: Vec<_> = zones.iter().enumerate().filter_map(boxed).collect();
    let tree = RTree::bulk_load(boxes.clone());
    let near = |a: &GeomWithData<Rectangle<[f64; 2]>, usize>| {
        let envelope = AABB::from_corners(a.geom().lower(), a.geom().upper());
        let after =
            tree.locate_in_envelope_intersecting(&envelope).map(|b| b.data).filter(|b| *b > a.data);
        after.map(|b| (a.data, b)).collect::<Vec<_>>()
    };
    let mut pairs: Vec<(usize, usize)> = boxes.iter().flat_map(near).collect();
    pairs.sort_unstable();
    let share = |(a, b): (usize, usize)| {
        let (one, other) = (&zones.get(a)?.polygon, &zones.get(b)?.polygon);
        let least = one.unsigned_area().min(other.unsigned_area());
        let share = one.intersection(other).unsigned_area() / least;
        (share > WORTH_TELLING)
            .then(|| ((NeighbourhoodIdx::new(a), NeighbourhoodIdx::new(b)), share))
    };
    pairs.into_par_iter().filter_map(share).collect()
}
