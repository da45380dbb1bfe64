//! How unevenly access is spread over people.
//!
//! The definitions are those of the R package `accessibility` 1.5 (R. Pereira, D. Herszenhut and
//! others, Ipea), so that its users find their numbers again: [`gini`], [`palma`],
//! [`concentration`] (standard, and corrected after Erreygers 2009), [`theil`] and [`poverty`]
//! (Foster, Greer and Thorbecke 1984). All are for an amount of access, of which more is better,
//! such as jobs within reach; a travel time is none, and an unreachable place has no place in them.

mod concentration;
mod poverty;
mod theil;

pub use concentration::{Concentration, concentration, palma};
pub use poverty::{Poverty, poverty};
pub use theil::{Theil, theil};

/// Access of some people who are alike in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Access {
    /// How much each of them has, at least 0.
    pub amount: f64,
    /// How many they are.
    pub people: f64,
}

/// The Gini index: 0 if all have the same, near 1 if one has all. One minus twice the area under
/// the Lorenz curve, by trapezoids. `None` if nobody has anything.
pub fn gini(all: &[Access]) -> Option<f64> {
    let mut sorted = all.to_vec();
    sorted.sort_by(|a, b| a.amount.total_cmp(&b.amount));
    let (people, total) = sums(all);
    let mut below = 0.0;
    let mut area = 0.0;
    for Access { amount, people } in sorted {
        let upper = below + amount * people;
        area += (below + upper) / 2.0 * people;
        below = upper;
    }
    (total > 0.0).then(|| 1.0 - 2.0 * area / (people * total))
}

/// People, and all that they have together.
fn sums(all: &[Access]) -> (f64, f64) {
    all.iter()
        .fold((0.0, 0.0), |(people, total), a| (people + a.people, total + a.amount * a.people))
}

/// The mean over the people; `None` without any.
fn mean(all: &[Access]) -> Option<f64> {
    let (people, total) = sums(all);
    (people > 0.0).then(|| total / people)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(pairs: &[(f64, f64)]) -> Vec<Access> {
        pairs.iter().map(|(amount, people)| Access { amount: *amount, people: *people }).collect()
    }

    #[test]
    fn gini_of_hand_made_worlds() {
        let near = |all: &[(f64, f64)], wanted: f64| {
            let is = gini(&each(all)).expect("somebody has something");
            assert!((is - wanted).abs() < 1e-12, "{is} is not {wanted}");
        };
        near(&[(7.0, 3.0), (7.0, 1.0)], 0.0);
        // One of four has all: the curve is flat for three quarters, then a triangle of area 1/8.
        near(&[(8.0, 1.0), (0.0, 3.0)], 0.75);
        // 1, 2, 3, 4: the areas are 1, 4, 9 and 16 halves less the steps: 1 - 2 * (0.05 + 0.2 +
        // 0.45 + 0.8) / 4 = 0.25.
        near(&[(4.0, 1.0), (1.0, 1.0), (3.0, 1.0), (2.0, 1.0)], 0.25);
        // Ten times the people, the same spread.
        near(&[(4.0, 10.0), (1.0, 10.0), (3.0, 10.0), (2.0, 10.0)], 0.25);
        assert_eq!(gini(&each(&[(0.0, 5.0)])), None);
        assert_eq!(gini(&[]), None);
    }
}
