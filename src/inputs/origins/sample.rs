//! A few homes that stand for all of a neighbourhood's.
//!
//! Systematic sampling along a space-filling curve: the homes are put in the order of a Hilbert
//! curve, and from a random start every step of equal cumulated weight takes the home it falls on.
//! Each home is taken with a chance proportional to its weight (unbiased), and neighbours on the
//! curve are neighbours on the ground, so that the points are spread. (D. L. Stevens and A. R.
//! Olsen, "Spatially balanced sampling of natural resources", JASA 99, 2004, is the idea; the order
//! on the curve takes the place of their hierarchical randomisation.)

use crate::geometry::LonLat;
use crate::ids::{Idx, NeighbourhoodIdx};
use crate::inputs::crs::Bounds;
use crate::inputs::neighbourhoods::{NeighbourhoodLocator, Neighbourhoods};
use crate::random::of_name;

use super::OriginPoint;

/// Levels of the curve: a neighbourhood 6 km wide is ordered to within 10 cm.
const LEVELS: u32 = 16;

/// At most `per_zone` homes for each neighbourhood, each standing for an equal part of its
/// population (or of 1, where that is unknown). The choice depends on the seed, the neighbourhood's
/// code and its own homes alone: not on their order, nor on any other neighbourhood. Homes whose
/// weight is not more than 0 are passed over.
pub fn sample_homes(
    homes: &[(LonLat, f64)],
    neighbourhoods: &Neighbourhoods,
    locator: &NeighbourhoodLocator<'_>,
    seed: u64,
    per_zone: usize,
) -> Vec<Vec<OriginPoint>> {
    let mut inside: Vec<Vec<(LonLat, f64)>> = vec![Vec::new(); neighbourhoods.zones.len()];
    for &(point, weight) in homes {
        if weight > 0.0
            && weight.is_finite()
            && let Some(zone) = locator.zone_of(point)
        {
            inside[zone.at()].push((point, weight));
        }
    }
    let one = |(zone, homes): (NeighbourhoodIdx, Vec<(LonLat, f64)>)| {
        let neighbourhood = &neighbourhoods.zones[zone];
        let taken = systematic(homes, of_name(seed, &neighbourhood.id), per_zone);
        #[expect(clippy::cast_precision_loss, reason = "a handful of points")]
        let weight = neighbourhood.population.unwrap_or(1.0) / taken.len().max(1) as f64;
        let named = |(n, point)| OriginPoint {
            id: format!("{}-{n}", neighbourhood.id),
            point,
            weight,
            zone: Some(zone),
        };
        (1..).zip(taken).map(named).collect()
    };
    neighbourhoods.zones.indices().zip(inside).map(one).collect()
}

/// Takes a home at each of `n` equal steps of cumulated weight, the first at `start` (0 to 1) of a
/// step. A home heavier than a step is taken as often as steps fall on it, so that equal shares
/// stay right.
fn systematic(mut homes: Vec<(LonLat, f64)>, start: f64, n: usize) -> Vec<LonLat> {
    let Some(bounds) = Bounds::about(homes.iter().map(|(p, _)| *p)) else { return Vec::new() };
    homes.sort_by(|(a, wa), (b, wb)| {
        let order = hilbert(*a, bounds).cmp(&hilbert(*b, bounds));
        order
            .then(a.lon().total_cmp(&b.lon()))
            .then(a.lat().total_cmp(&b.lat()))
            .then(wa.total_cmp(wb))
    });
    if homes.len() <= n && homes.windows(2).all(|pair| matches!(pair, [(_, a), (_, b)] if a == b)) {
        return homes.into_iter().map(|(p, _)| p).collect();
    }
    let total: f64 = homes.iter().map(|(_, w)| w).sum();
    #[expect(clippy::cast_precision_loss, reason = "a handful of points")]
    let step = total / n as f64;
    let (mut taken, mut next, mut sum) = (Vec::with_capacity(n), start * step, 0.0);
    for (point, weight) in homes {
        sum += weight;
        while taken.len() < n && next < sum {
            taken.push(point);
            next += step;
        }
    }
    taken
}

/// Where along the Hilbert curve over the box a point lies.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 2^16")]
fn hilbert(point: LonLat, bounds: Bounds) -> u64 {
    let side = f64::from((1_u32 << LEVELS) - 1);
    let cell = |v: f64, (low, high): (f64, f64)| {
        if high > low { ((v - low) / (high - low) * side) as u32 } else { 0 }
    };
    let (mut x, mut y) = (cell(point.lon(), bounds.lon), cell(point.lat(), bounds.lat));
    let mut along = 0_u64;
    for level in (0..LEVELS).rev() {
        let s = 1_u32 << level;
        let (right, up) = (u32::from(x & s > 0), u32::from(y & s > 0));
        along += u64::from(s) * u64::from(s) * u64::from((3 * right) ^ up);
        if up == 0 {
            if right == 1 {
                (x, y) = ((s - 1).wrapping_sub(x & (s - 1)), (s - 1).wrapping_sub(y & (s - 1)));
            }
            (x, y) = (y, x);
        }
    }
    along
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).expect("in range")
    }

    fn grid(side: u32) -> Vec<(LonLat, f64)> {
        let cell = |n| (at(f64::from(n % side), f64::from(n / side)), 1.0);
        (0..side * side).map(cell).collect()
    }

    #[test]
    fn the_curve_goes_from_neighbour_to_neighbour() {
        let bounds = Bounds {
            lon: (0.0, f64::from((1_u32 << LEVELS) - 1)),
            lat: (0.0, f64::from((1_u32 << LEVELS) - 1)),
        };
        let mut cells: Vec<(u64, u32, u32)> = Vec::new();
        for x in 0..16 {
            for y in 0..16 {
                // The corner of the curve's box, read as degrees, is 16 cells wide.
                cells.push((hilbert_cells(x, y, bounds), x, y));
            }
        }
        cells.sort_unstable();
        for pair in cells.windows(2) {
            let [(a, ax, ay), (b, bx, by)] = pair else { continue };
            assert_eq!(b - a, 1);
            assert_eq!(ax.abs_diff(*bx) + ay.abs_diff(*by), 1, "{pair:?}");
        }
    }

    fn hilbert_cells(x: u32, y: u32, bounds: Bounds) -> u64 {
        hilbert(at(f64::from(x) + 1e-6, f64::from(y) + 1e-6), bounds)
    }

    #[test]
    fn each_home_is_taken_as_often_as_its_weight_says() {
        // Ten homes, one of them five times as heavy: over 14,000 starts it should be taken 5/14 of
        // 3 times each.
        let mut homes = grid(4);
        homes.truncate(10);
        homes[3].1 = 5.0;
        let heavy = homes[3].0;
        let starts = 14_000;
        let mut times = 0;
        for start in 0..starts {
            let taken = systematic(homes.clone(), (f64::from(start) + 0.5) / f64::from(starts), 3);
            assert_eq!(taken.len(), 3);
            times += taken.iter().filter(|p| **p == heavy).count();
        }
        let wanted = 3 * starts as usize * 5 / 14;
        assert!(times.abs_diff(wanted) <= 3, "{times} instead of {wanted}");
    }

    #[test]
    fn the_sample_is_spread_and_does_not_depend_on_the_order() {
        let homes = grid(16);
        let taken = systematic(homes.clone(), 0.5, 4);
        let quarter = |p: &LonLat| (p.lon() >= 8.0, p.lat() >= 8.0);
        let mut quarters: Vec<_> = taken.iter().map(quarter).collect();
        quarters.sort_unstable();
        quarters.dedup();
        assert_eq!(quarters.len(), 4, "one of each quarter: {taken:?}");
        let mut turned = homes;
        turned.reverse();
        assert_eq!(systematic(turned, 0.5, 4), taken);
    }

    #[test]
    fn few_homes_are_all_taken() {
        assert_eq!(systematic(grid(2), 0.9, 10).len(), 4);
        assert_eq!(systematic(Vec::new(), 0.9, 10), []);
    }
}
