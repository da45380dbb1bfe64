//! Poverty in access: how many are below a line, how far, and how unevenly.

use super::Access;

/// The measures of Foster, Greer and Thorbecke (Econometrica 52, 1984), each 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Poverty {
    /// FGT0, the share of the people below the line.
    pub extent: f64,
    /// FGT1, the mean gap to the line as a share of it; those above it have none.
    pub gap: f64,
    /// FGT2, the mean of the gap's square: a great gap counts for more than two of half the size.
    pub severity: f64,
}

/// Who has less than `line`, which is above 0, is poor. `None` without people.
pub fn poverty(all: &[Access], line: f64) -> Option<Poverty> {
    let people: f64 = all.iter().map(|access| access.people).sum();
    let gap = |access: &Access| ((line - access.amount) / line).max(0.0);
    let mean =
        |of: &dyn Fn(f64) -> f64| all.iter().map(|a| a.people * of(gap(a))).sum::<f64>() / people;
    let below = |gap: f64| if gap > 0.0 { 1.0 } else { 0.0 };
    (people > 0.0 && line > 0.0).then(|| Poverty {
        extent: mean(&below),
        gap: mean(&|gap| gap),
        severity: mean(&|gap| gap * gap),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_shares_of_the_line() {
        let all = [(100.0, 5.0), (50.0, 3.0), (0.0, 2.0)]
            .map(|(amount, people)| Access { amount, people });
        // Below 100: the three with half the line, the two with nothing.
        let poor = poverty(&all, 100.0).expect("people");
        assert!((poor.extent - 0.5).abs() < 1e-12, "who has just the line is not poor");
        assert!((poor.gap - (3.0 * 0.5 + 2.0) / 10.0).abs() < 1e-12);
        assert!((poor.severity - (3.0 * 0.25 + 2.0) / 10.0).abs() < 1e-12);
        assert_eq!(poverty(&[], 100.0), None);
    }
}
