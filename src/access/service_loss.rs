//! What is lost in the evening or on a Sunday against a weekday morning.
//!
//! Each origin point is compared with itself. Who got there and no longer does has *lost* it, which
//! is a state of its own and no number of minutes; who only now gets there has *gained* it.

use crate::units::{Seconds, Share};

/// How the times of a neighbourhood's points differ from those of the base window.
#[derive(Clone, Debug, Default)]
pub struct Loss {
    /// Minutes' worth of seconds later, for those who get there in both; negative is sooner.
    both: Vec<(i64, f64)>,
    lost: f64,
    gained: f64,
    people: f64,
}

impl Loss {
    /// Adds a point with its people: its time in the base window, and in the other.
    pub fn add(&mut self, base: Option<Seconds>, other: Option<Seconds>, people: f64) {
        if people <= 0.0 {
            return;
        }
        self.people += people;
        match (base, other) {
            (Some(base), Some(other)) => {
                self.both.push((i64::from(other.get()) - i64::from(base.get()), people))
            }
            (Some(_), None) => self.lost += people,
            (None, Some(_)) => self.gained += people,
            (None, None) => {}
        }
    }

    /// The population-weighted median of the differences, in seconds, over those who get there in
    /// both windows. `None` if nobody does.
    pub fn median_s(&self) -> Option<i64> {
        let mut sorted = self.both.clone();
        sorted.sort_unstable_by_key(|(difference, _)| *difference);
        let half = sorted.iter().map(|(_, people)| people).sum::<f64>() / 2.0;
        let mut sum = 0.0;
        sorted.into_iter().find_map(|(difference, people)| {
            sum += people;
            (sum >= half).then_some(difference)
        })
    }

    /// The share of the people who got there in the base window and do not in the other. `None`
    /// without people.
    pub fn lost(&self) -> Option<Share> {
        Share::of(self.lost, self.people)
    }

    /// The share of the people who get there in the other window alone. `None` without people.
    pub fn gained(&self) -> Option<Share> {
        Share::of(self.gained, self.people)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_is_a_state_and_no_number() {
        let mut loss = Loss::default();
        let minutes = |m| Some(Seconds::minutes(m));
        loss.add(minutes(10), minutes(25), 30.0);
        loss.add(minutes(10), minutes(8), 10.0);
        loss.add(minutes(20), None, 50.0);
        loss.add(None, minutes(40), 6.0);
        loss.add(None, None, 4.0);
        loss.add(minutes(1), minutes(100), 0.0);
        assert_eq!(
            loss.median_s(),
            Some(900),
            "of the 40 who get there in both, 30 take 15 min more"
        );
        assert_eq!((loss.lost(), loss.gained()), (Some(Share(0.5)), Some(Share(0.06))));
        let mut gone = Loss::default();
        gone.add(minutes(5), None, 1.0);
        assert_eq!((gone.median_s(), gone.lost()), (None, Some(Share(1.0))));
        assert_eq!(Loss::default().lost(), None);
    }
}
