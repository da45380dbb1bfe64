//! How far ranks move when the weights do.
//!
//! In each draw every weight, of domains and of indicators, is multiplied by a number drawn evenly
//! from 1 − `by` to 1 + `by`, and all is ranked anew. The interval is the least and the greatest
//! rank of all draws and of the weights as they are: it says how much of a rank is a matter of
//! opinion about weights, not how exact the data are.

use crate::random::SplitMix64;
use rayon::prelude::*;

use super::ranks::{Transformed, mean_ranks_of};
use super::{IndexDomain, IndexScores};

/// How weights are varied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightVariation {
    /// 0.2 for a fifth up or down.
    pub by: f64,
    /// How often.
    pub draws: u32,
    /// Equal seeds draw equal weights.
    pub seed: u64,
}

/// The ranks that a neighbourhood takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankInterval {
    /// The least: greatest need.
    pub low: f64,
    /// The greatest.
    pub high: f64,
}

/// The interval of each neighbourhood that has a rank.
pub fn intervals(
    domains: &[IndexDomain],
    scores: &IndexScores,
    vary: &WeightVariation,
) -> Vec<Option<RankInterval>> {
    let known: Vec<usize> =
        (0..scores.ranks.len()).filter(|at| scores.ranks[*at].is_some()).collect();
    let parts: Vec<DomainDraw> = domains
        .iter()
        .zip(&scores.domains)
        .map(|(of, is)| DomainDraw::of(of, &is.scores, &known))
        .collect();
    let as_they_are = || -> Vec<RankInterval> {
        let ranks = known.iter().filter_map(|at| scores.ranks[*at]);
        ranks.map(|rank| RankInterval { low: rank, high: rank }).collect()
    };
    let widest = (0..vary.draws)
        .into_par_iter()
        .fold(as_they_are, |mut widest, draw| {
            let ranks = drawn_ranks(&parts, vary, draw, known.len());
            widest.iter_mut().zip(ranks).for_each(|(widest, rank)| widest.take(rank, rank));
            widest
        })
        .reduce(as_they_are, |mut a, b| {
            a.iter_mut().zip(b).for_each(|(a, b)| a.take(b.low, b.high));
            a
        });
    let mut all = vec![None; scores.ranks.len()];
    known.iter().zip(widest).for_each(|(at, interval)| all[*at] = Some(interval));
    all
}

impl RankInterval {
    fn take(&mut self, low: f64, high: f64) {
        self.low = self.low.min(low);
        self.high = self.high.max(high);
    }
}

/// A domain as a draw sees it.
struct DomainDraw {
    weight: f64,
    /// Of several indicators: each one's weight and scores, of all neighbourhoods whose domain is
    /// known.
    indicators: Vec<(f64, Vec<f64>)>,
    /// Of a single one, whose weight changes nothing: the domain's scores.
    fixed: Vec<f64>,
    /// Where each neighbourhood of the index stands among those.
    place: Vec<usize>,
    /// The scores of their ranks.
    transformed: Transformed,
}

impl DomainDraw {
    fn of(domain: &IndexDomain, scores: &[Option<f64>], known: &[usize]) -> DomainDraw {
        let has: Vec<usize> = (0..scores.len()).filter(|at| scores[*at].is_some()).collect();
        let place = known.iter().map(|at| has.binary_search(at).unwrap_or(0)).collect();
        let of = |scores: &[Option<f64>]| has.iter().filter_map(|at| scores[*at]).collect();
        let several = domain.indicators.len() > 1;
        let indicators = domain.indicators.iter().filter(|_| several);
        let indicators =
            indicators.map(|indicator| (indicator.weight, of(&indicator.scores()))).collect();
        let transformed = Transformed::among(has.len());
        DomainDraw { weight: domain.weight, indicators, fixed: of(scores), place, transformed }
    }
}

fn drawn_ranks(parts: &[DomainDraw], vary: &WeightVariation, draw: u32, n: usize) -> Vec<f64> {
    let mut lot = SplitMix64::new(vary.seed ^ (u64::from(draw) << 32));
    let mut order = Vec::new();
    let mut sums = vec![0.0; n];
    for part in parts {
        let weight = part.weight * factor(&mut lot, vary.by);
        let mut drawn = Vec::new();
        if !part.indicators.is_empty() {
            let mut of_domain = vec![0.0; part.fixed.len()];
            for (weight, scores) in &part.indicators {
                let weight = weight * factor(&mut lot, vary.by);
                of_domain.iter_mut().zip(scores).for_each(|(sum, score)| *sum += weight * score);
            }
            drawn = vec![0.0; of_domain.len()];
            mean_ranks_of(&of_domain, &mut order, &mut drawn);
            drawn.iter_mut().for_each(|rank| *rank = part.transformed.of(*rank));
        }
        let scores = if part.indicators.is_empty() { &part.fixed } else { &drawn };
        sums.iter_mut().zip(&part.place).for_each(|(sum, place)| *sum += weight * scores[*place]);
    }
    let mut ranks = vec![0.0; n];
    mean_ranks_of(&sums, &mut order, &mut ranks);
    ranks
}

/// Even between 1 − `by` and 1 + `by`.
fn factor(lot: &mut SplitMix64, by: f64) -> f64 {
    1.0 + by * (2.0 * lot.even() - 1.0)
}
