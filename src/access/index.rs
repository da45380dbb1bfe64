//! The index: ranks of indicators, transformed and added up to domains, and those to one score.
//!
//! As for the English indices of deprivation: among *N* neighbourhoods the one in greatest need has
//! rank 1; *R* = (*N* − rank + 1) / *N*; *X* = −23 · ln(1 − *R* · (1 − e^(−100/23))), which goes
//! from near 0 to 100 and stretches the needy end, so that a bad rank in one domain is not
//! cancelled by a good one in another; then the weighted sum. (Ministry of Housing, Communities and
//! Local Government: English Indices of Deprivation 2019, Technical Report, chapter 3 and appendix
//! on the exponential transformation.) The domains of the Community Needs Index (OCSI, for Local
//! Trust) add up in the same way with weights of 1, and its published scores come out of its
//! published domain ranks by this code. Within a domain the indicators are joined as the domains
//! are in the index; how the Community Needs Index does that is not published.
//!
//! A neighbourhood of which an indicator is not known has no rank: it is never taken for one that
//! does well.

mod draws;
mod ranks;

use crate::inputs::project::WorseValues;

pub use draws::{RankInterval, WeightVariation, intervals};
pub use ranks::{exponential, mean_ranks};

/// What is known of a neighbourhood's indicator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum IndexReading {
    /// A number.
    Measured(f64),
    /// Not reachable at all: worse than any number.
    Unreached,
    /// Not known.
    Unknown,
}

/// One indicator of a domain.
#[derive(Clone, Debug)]
pub struct IndexIndicator {
    /// Its weight in the domain's sum.
    pub weight: f64,
    /// Which end is the worse one.
    pub worse: WorseValues,
    /// Of each neighbourhood.
    pub readings: Vec<IndexReading>,
}

/// One domain.
#[derive(Clone, Debug)]
pub struct IndexDomain {
    /// Its weight in the index's sum.
    pub weight: f64,
    /// What it is made of.
    pub indicators: Vec<IndexIndicator>,
}

/// Ranks and transformed ranks of a domain, by neighbourhood.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainScores {
    /// 1 is the greatest need; ties share the mean. `None` if an indicator is not known.
    pub ranks: Vec<Option<f64>>,
    /// The ranks after the exponential transformation, 0 to 100.
    pub scores: Vec<Option<f64>>,
}

/// The index, by neighbourhood.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexScores {
    /// In the order given.
    pub domains: Vec<DomainScores>,
    /// The weighted sum of the domains' scores: higher is greater need.
    pub scores: Vec<Option<f64>>,
    /// 1 is the greatest need; ties share the mean.
    pub ranks: Vec<Option<f64>>,
}

/// Scores and ranks of `n` neighbourhoods.
pub fn score(domains: &[IndexDomain], n: usize) -> IndexScores {
    let domains_scored: Vec<DomainScores> =
        domains.iter().map(|domain| of_domain(domain, n)).collect();
    let parts: Vec<(f64, &[Option<f64>])> = domains
        .iter()
        .zip(&domains_scored)
        .map(|(of, scored)| (of.weight, scored.scores.as_slice()))
        .collect();
    let scores = weighted_sum(&parts, n);
    let ranks = mean_ranks(&scores);
    IndexScores { domains: domains_scored, scores, ranks }
}

fn of_domain(domain: &IndexDomain, n: usize) -> DomainScores {
    let scores: Vec<Vec<Option<f64>>> =
        domain.indicators.iter().map(IndexIndicator::scores).collect();
    let parts: Vec<(f64, &[Option<f64>])> = domain
        .indicators
        .iter()
        .zip(&scores)
        .map(|(of, scores)| (of.weight, scores.as_slice()))
        .collect();
    let ranks = mean_ranks(&weighted_sum(&parts, n));
    DomainScores { scores: transformed(&ranks), ranks }
}

impl IndexIndicator {
    /// Its ranks after the transformation.
    fn scores(&self) -> Vec<Option<f64>> {
        let need = |reading: &IndexReading| match (reading, self.worse) {
            (IndexReading::Unknown, _) => None,
            (IndexReading::Unreached, _) => Some(f64::INFINITY),
            (IndexReading::Measured(number), WorseValues::High) => Some(*number),
            (IndexReading::Measured(number), WorseValues::Low) => Some(-*number),
        };
        let needs: Vec<Option<f64>> = self.readings.iter().map(need).collect();
        transformed(&mean_ranks(&needs))
    }
}

fn transformed(ranks: &[Option<f64>]) -> Vec<Option<f64>> {
    let known = ranks.iter().flatten().count();
    ranks.iter().map(|rank| rank.map(|rank| exponential(rank, known))).collect()
}

/// Of each neighbourhood whose parts are all known. Nothing adds up to nothing known.
fn weighted_sum(parts: &[(f64, &[Option<f64>])], n: usize) -> Vec<Option<f64>> {
    let sum = |at: usize| {
        let terms =
            parts.iter().map(|(weight, scores)| Some(weight * scores.get(at).copied().flatten()?));
        terms.sum::<Option<f64>>()
    };
    if parts.is_empty() { vec![None; n] } else { (0..n).map(sum).collect() }
}

#[cfg(test)]
mod tests;
