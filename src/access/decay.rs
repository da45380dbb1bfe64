//! Gravity: how much an opportunity counts at a travel time.
//!
//! The functions and their parameters are those of Conveyal R5 and of the R package
//! `accessibility`:
//!
//! | function | weight at *t* minutes |
//! |---|---|
//! | step | 1 if *t* ≤ *c*, else 0 |
//! | linear | 1 − *t*/*c*, at least 0 |
//! | exponential | 2^(−*t*/*h*), that is e^(−β*t*) with β = ln 2 / *h* |
//! | logistic | (1 + e^(−*c*π/(*s*√3))) / (1 + e^((*t* − *c*)π/(*s*√3))) |

use std::f64::consts::PI;

use crate::inputs::project::Decay;
use crate::units::Seconds;

/// The weight at a travel time, between 0 and 1; 1 at no distance.
pub fn weight(decay: &Decay, time: Seconds) -> f64 {
    let minutes = time.as_minutes();
    match *decay {
        Decay::Step { cutoff_min } => f64::from(minutes <= cutoff_min),
        Decay::Linear { cutoff_min } => (1.0 - minutes / cutoff_min).max(0.0),
        Decay::Exponential { half_life_min } => (-minutes / half_life_min).exp2(),
        Decay::Logistic { cutoff_min, sd_min } => {
            let slope = PI / (sd_min * 3.0_f64.sqrt());
            (1.0 + (-cutoff_min * slope).exp()) / (1.0 + ((minutes - cutoff_min) * slope).exp())
        }
    }
}

/// A decay's weight at each second up to the longest time that is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights(Vec<f64>);

impl Weights {
    /// Beyond `longest` nothing counts.
    pub fn up_to(decay: &Decay, longest: Seconds) -> Weights {
        Weights((0..=longest.get()).map(|second| weight(decay, Seconds::new(second))).collect())
    }

    /// The weight at a travel time.
    pub fn at(&self, time: Seconds) -> f64 {
        self.0.get(time.get() as usize).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(decay: Decay, minutes: u32) -> f64 {
        weight(&decay, Seconds::minutes(minutes))
    }

    #[test]
    fn each_function_at_times_worked_by_hand() {
        let step = Decay::Step { cutoff_min: 30.0 };
        assert_eq!([at(step, 0), at(step, 30), weight(&step, Seconds::new(1801))], [1.0, 1.0, 0.0]);
        let linear = Decay::Linear { cutoff_min: 40.0 };
        assert_eq!(
            [at(linear, 0), at(linear, 10), at(linear, 40), at(linear, 50)],
            [1.0, 0.75, 0.0, 0.0]
        );
        let half = Decay::Exponential { half_life_min: 20.0 };
        assert_eq!([at(half, 0), at(half, 20), at(half, 60)], [1.0, 0.5, 0.125]);
        let logistic = Decay::Logistic { cutoff_min: 30.0, sd_min: 10.0 };
        assert!((at(logistic, 0) - 1.0).abs() < 1e-12);
        // At the cut-off the denominator is 2: half of 1 + e^(-30 * 0.18138) = 1.004335.
        assert!((at(logistic, 30) - 0.502_167).abs() < 1e-6, "{}", at(logistic, 30));
        assert!(at(logistic, 29) > at(logistic, 31) && at(logistic, 120) < 1e-6);
    }
}
