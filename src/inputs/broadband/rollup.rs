//! From output areas, postcodes or blocks to neighbourhoods.

use super::lookup::Lookup;
use super::{CoverageBasis, CoverageMeasures, CoverageRelease, NeighbourhoodBroadband, Weighting};
use crate::ids::{Idx, IdxVec, NeighbourhoodIdx};
use crate::units::Share;

/// A measure's sum of weighted values and of the weights of the areas that have one.
type Sums = (f64, f64);

/// The coverage of neighbourhoods, and what had to be left out.
pub(super) struct CoverageSum {
    pub zones: IdxVec<NeighbourhoodIdx, Option<NeighbourhoodBroadband>>,
    pub weighting: Weighting,
    pub unweighed: u64,
    pub unknown: u64,
}

pub(super) fn sum_up(coverage: &CoverageRelease, lookup: &Lookup, zones: usize) -> CoverageSum {
    let placed = || {
        coverage
            .areas
            .iter()
            .filter_map(|a| lookup.zone_of(&a.code).map(|(zone, weight)| (a, zone, weight)))
    };
    let weighed = placed().any(|(a, _, weight)| a.premises.or(weight).is_some());
    let weighting = if weighed { Weighting::Premises } else { Weighting::Unweighted };
    let mut sums = vec![(CoverageMeasures::<Sums>::default(), 0.0, 0_u32); zones];
    let (mut unweighed, mut unknown) = (0, 0);
    for (area, zone, weight) in placed() {
        let weight = if weighed { area.premises.or(weight) } else { Some(1.0) };
        let (Some(weight), Some(sum)) = (weight, sums.get_mut(zone.at())) else {
            unweighed += 1;
            continue;
        };
        let (measures, premises, areas) = sum;
        *premises += weight;
        *areas += 1;
        unknown += coverage.layout.unknown_in(&area.values);
        *measures = measures.zip(area.values).map(|((part, whole), value)| {
            match (value, coverage.layout.basis) {
                (None, _) => (part, whole),
                (Some(n), CoverageBasis::Counts) => (part + n, whole + weight),
                (Some(n), CoverageBasis::Percent) => (part + n / 100.0 * weight, whole + weight),
            }
        });
    }
    let of_zone = |(measures, premises, areas): (CoverageMeasures<Sums>, f64, u32)| {
        let shares = measures.map(|(part, whole)| Share::of(part, whole));
        (areas > 0).then_some(NeighbourhoodBroadband {
            shares,
            premises: weighed.then_some(premises),
            areas,
        })
    };
    CoverageSum { zones: sums.into_iter().map(of_zone).collect(), weighting, unweighed, unknown }
}
