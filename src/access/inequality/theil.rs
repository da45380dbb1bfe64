//! Theil's T, and how much of it lies between groups.

use std::collections::BTreeMap;

use super::{Access, mean, sums};

/// Theil's T: 0 if all have the same, the logarithm of their number if one has all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theil {
    /// All of it.
    pub total: f64,
    /// What would be left if all of a group had the group's mean.
    pub between: f64,
    /// The groups' own, weighted by their share of all access.
    pub within: f64,
}

/// Access of people, with the group they belong to. *T* = Σ *w* (*a*/μ) ln(*a*/μ), where *w* is the
/// share of the people and nothing times its logarithm is nothing, as its limit is (the R package
/// gives no number then). `None` if nobody has anything.
pub fn theil<G: Ord + Copy>(all: &[(Access, G)]) -> Option<Theil> {
    let mut groups: BTreeMap<G, Vec<Access>> = BTreeMap::new();
    all.iter().for_each(|(access, group)| groups.entry(*group).or_default().push(*access));
    let everybody: Vec<Access> = all.iter().map(|(access, _)| *access).collect();
    let (people, total) = sums(&everybody);
    let mean_of_all = mean(&everybody).filter(|mean| *mean > 0.0)?;
    let mut between = 0.0;
    let mut within = 0.0;
    for group in groups.values() {
        let (in_group, of_group) = sums(group);
        let Some(mean) = mean(group).filter(|mean| *mean > 0.0) else { continue };
        between += in_group / people * term(mean / mean_of_all);
        let own: f64 = group.iter().map(|a| a.people / in_group * term(a.amount / mean)).sum();
        within += of_group / total * own;
    }
    Some(Theil { total: between + within, between, within })
}

fn term(ratio: f64) -> f64 {
    if ratio > 0.0 { ratio * ratio.ln() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(rows: &[(f64, f64, u8)]) -> Vec<(Access, u8)> {
        rows.iter()
            .map(|(amount, people, group)| (Access { amount: *amount, people: *people }, *group))
            .collect()
    }

    #[test]
    fn one_who_has_all_gives_the_logarithm_of_the_number() {
        let all = theil(&each(&[(8.0, 1.0, 1), (0.0, 3.0, 1)])).expect("known");
        assert!((all.total - 4.0_f64.ln()).abs() < 1e-12 && all.between.abs() < 1e-12, "{all:?}");
        let even = theil(&each(&[(5.0, 1.0, 1), (5.0, 3.0, 2)])).expect("known");
        assert!(even.total.abs() < 1e-12);
        assert_eq!(theil(&each(&[(0.0, 3.0, 1)])), None);
    }

    #[test]
    fn the_parts_add_up_to_the_whole() {
        let rows = [(1.0, 2.0, 1), (3.0, 1.0, 1), (10.0, 4.0, 2), (6.0, 1.0, 2), (0.0, 1.0, 3)];
        let parted = theil(&each(&rows)).expect("known");
        let whole =
            theil(&each(&rows.map(|(amount, people, _)| (amount, people, 0)))).expect("known");
        assert!((parted.total - whole.total).abs() < 1e-12, "{parted:?} {whole:?}");
        // Groups of means 5/3 (3 people), 46/5 (5) and 0 (1); all together 51/9.
        let ratio = [(3.0, 5.0 / 3.0), (5.0, 9.2)]
            .map(|(people, mean): (f64, f64)| (people / 9.0, mean / (51.0 / 9.0)));
        let between: f64 = ratio.iter().map(|(share, ratio)| share * ratio * ratio.ln()).sum();
        assert!((parted.between - between).abs() < 1e-12, "{parted:?}");
    }
}
