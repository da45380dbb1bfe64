//! Whether those who are better off have more access: the concentration index and the Palma ratio.

use super::{Access, mean};

/// The concentration index, between −1 and 1: positive if access goes to those who are better off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Concentration {
    /// The standard relative index.
    pub standard: f64,
    /// Corrected after Erreygers (Journal of Health Economics 28, 2009), with the least and the
    /// greatest access that anybody has for bounds; `None` if all have the same.
    pub erreygers: Option<f64>,
}

/// Access of people with how well off they are; on any scale, for only its order counts.
///
/// *C* = 2/μ · Σ *w* (*a* − μ)(*r* − ½), where *w* is the share of the people and *r* their
/// fractional rank: the share of those who are worse off, and half of their own. People equally
/// well off share the mean of their ranks (the R package ranks them by their number instead). *E* =
/// 4 μ *C* / (*max* − *min*). `None` if nobody has anything.
pub fn concentration(all: &[(Access, f64)]) -> Option<Concentration> {
    let mut sorted: Vec<(Access, f64)> =
        all.iter().filter(|(access, _)| access.people > 0.0).copied().collect();
    sorted.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    let plain: Vec<Access> = sorted.iter().map(|(access, _)| *access).collect();
    let mean = mean(&plain).filter(|mean| *mean > 0.0)?;
    let people: f64 = plain.iter().map(|access| access.people).sum();
    let mut below = 0.0;
    let mut sum = 0.0;
    for equal in sorted.chunk_by(|(_, a), (_, b)| a == b) {
        let share = equal.iter().map(|(access, _)| access.people).sum::<f64>() / people;
        let rank = below + share / 2.0 - 0.5;
        sum += equal
            .iter()
            .map(|(access, _)| access.people / people * (access.amount - mean) * rank)
            .sum::<f64>();
        below += share;
    }
    let (least, most) =
        plain.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), a| {
            (least.min(a.amount), most.max(a.amount))
        });
    let erreygers = (most > least).then(|| 8.0 * sum / (most - least));
    Some(Concentration { standard: 2.0 * sum / mean, erreygers })
}

/// The Palma ratio: the mean access of the tenth who are best off by that of the four tenths who
/// are worst off.
///
/// Best off are those above the ninth decile, worst off those up to the fourth, which are quantiles
/// over people as those of `Hmisc::wtd.quantile`. `None` if either group is empty or the worst off
/// have nothing.
pub fn palma(all: &[(Access, f64)]) -> Option<f64> {
    let mut by_wealth: Vec<(f64, f64)> = all
        .iter()
        .filter(|(access, _)| access.people > 0.0)
        .map(|(access, wealth)| (*wealth, access.people))
        .collect();
    by_wealth.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let (fourth, ninth) = (quantile(&by_wealth, 0.4)?, quantile(&by_wealth, 0.9)?);
    let of = |wanted: &dyn Fn(f64) -> bool| -> Option<f64> {
        let group: Vec<Access> =
            all.iter().filter(|(_, wealth)| wanted(*wealth)).map(|(access, _)| *access).collect();
        mean(&group)
    };
    let (rich, poor) = (of(&|wealth| wealth > ninth)?, of(&|wealth| wealth <= fourth)?);
    (poor > 0.0).then(|| rich / poor)
}

/// Between the people on both sides of the place 1 + (people − 1) · share, in proportion.
fn quantile(sorted: &[(f64, f64)], share: f64) -> Option<f64> {
    let people: f64 = sorted.iter().map(|(_, people)| people).sum();
    let place = 1.0 + (people - 1.0) * share;
    let low = place.floor().max(1.0);
    let high = (low + 1.0).min(people);
    let person = |wanted: f64| {
        let mut sum = 0.0;
        let found = sorted.iter().find(|(_, people)| {
            sum += people;
            sum >= wanted
        });
        found.or(sorted.last()).map(|(value, _)| *value)
    };
    let (below, above) = (person(low)?, person(high)?);
    let part = place - place.floor();
    Some((1.0 - part) * below + part * above)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(rows: &[(f64, f64, f64)]) -> Vec<(Access, f64)> {
        rows.iter()
            .map(|(amount, people, wealth)| (Access { amount: *amount, people: *people }, *wealth))
            .collect()
    }

    #[test]
    fn access_that_grows_with_wealth_is_concentrated_among_the_rich() {
        // Amounts 1, 2, 3 at ranks 1/6, 3/6, 5/6: the sum is 1/3 * (1/3 + 1/3) = 2/9, the mean 2.
        let up = concentration(&each(&[(1.0, 1.0, 10.0), (2.0, 1.0, 20.0), (3.0, 1.0, 30.0)]))
            .expect("known");
        assert!((up.standard - 2.0 / 9.0).abs() < 1e-12, "{up:?}");
        // 4 * 2 * (2/9) / (3 - 1) = 8/9.
        assert!((up.erreygers.expect("they differ") - 8.0 / 9.0).abs() < 1e-12, "{up:?}");
        let down = concentration(&each(&[(3.0, 1.0, 1.0), (2.0, 1.0, 2.0), (1.0, 1.0, 3.0)]))
            .expect("known");
        assert!((down.standard + 2.0 / 9.0).abs() < 1e-12);
        let even = concentration(&each(&[(5.0, 2.0, 1.0), (5.0, 1.0, 2.0)])).expect("known");
        assert_eq!(even, Concentration { standard: 0.0, erreygers: None });
        assert_eq!(concentration(&each(&[(0.0, 2.0, 1.0)])), None);
    }

    #[test]
    fn people_who_are_equally_well_off_have_no_order() {
        let one = concentration(&each(&[(1.0, 1.0, 5.0), (9.0, 1.0, 5.0), (2.0, 2.0, 7.0)]));
        let other = concentration(&each(&[(9.0, 1.0, 5.0), (1.0, 1.0, 5.0), (2.0, 2.0, 7.0)]));
        assert_eq!(one, other);
        // Mean 3.5; the four ranks are 1/4, 1/4, 3/4, 3/4: 1/4 (-2.5 + 5.5)(-1/4) + 1/2 (-1.5)(1/4)
        // = -3/8; twice that by 3.5.
        assert!((one.expect("known").standard + 0.75 / 3.5).abs() < 1e-12);
    }

    #[test]
    fn palma_compares_the_best_off_tenth_with_the_worst_off_four() {
        // Ten people of wealth 1 to 10, each with as many jobs as wealth: 10 by the mean of 1 to 4.
        let people: Vec<(f64, f64, f64)> =
            (1..=10).map(|n| (f64::from(n), 1.0, f64::from(n))).collect();
        assert_eq!(palma(&each(&people)), Some(4.0));
        // The same people counted by tens.
        let tens: Vec<(f64, f64, f64)> =
            (1..=10).map(|n| (f64::from(n), 10.0, f64::from(n))).collect();
        assert_eq!(palma(&each(&tens)), Some(4.0));
        assert_eq!(palma(&each(&[(1.0, 5.0, 3.0)])), None, "nobody is above the ninth decile");
    }
}
