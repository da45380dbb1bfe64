//! Public transport accessibility level (PTAL), as Transport for London defines it.
//!
//! Transport for London, "Assessing transport connectivity in London" (2015), and "Measuring Public
//! Transport Accessibility Levels: PTALs summary" (2010): from a point one walks at 80 m/min to
//! stops within 640 m (buses) or 960 m (rail, underground, light rail, tram). Each route counts at
//! its nearest access point alone, and there in the direction that runs more often:
//!
//! | | |
//! |---|---|
//! | scheduled waiting time | SWT = 0.5 · 60 / *f*, for *f* vehicles between 08:15 and 09:15 |
//! | average waiting time | AWT = SWT + *K*, with *K* = 2 min for buses and trams, 0.75 min for rail and underground |
//! | total access time | TAT = walk + AWT |
//! | equivalent doorstep frequency | EDF = 30 / TAT |
//! | access index of a mode | the greatest EDF + 0.5 · the sum of the others |
//! | access index | the sum over the modes |
//! | level | 0, 1a to 2.5, 1b to 5, 2 to 10, 3 to 15, 4 to 20, 5 to 25, 6a to 40, 6b beyond |
//!
//! Sources differ on the tram's *K*; here it is the bus's. Coaches, boats, cable cars and
//! everything else do not count, as they do not in London. A station is one access point, whatever
//! its platforms.

mod services;

pub use services::{Hour, access_indices};

/// The modes that are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PtalMode {
    /// Buses and trolleybuses.
    Bus,
    /// Trams and light rail.
    Tram,
    /// Underground, metro.
    Metro,
    /// Rail.
    Rail,
}

impl PtalMode {
    /// The mode of a GTFS `route_type`, basic or extended; none for those that do not count.
    pub fn of(route_type: u16) -> Option<PtalMode> {
        match route_type {
            3 | 11 | 700..=799 | 800..=899 => Some(PtalMode::Bus),
            0 | 5 | 900..=999 => Some(PtalMode::Tram),
            1 | 12 | 400..=499 => Some(PtalMode::Metro),
            2 | 100..=199 => Some(PtalMode::Rail),
            _ => None,
        }
    }

    /// The longest walk, metres.
    pub fn reach_m(self) -> f64 {
        if self == PtalMode::Bus { 640.0 } else { 960.0 }
    }

    /// What is added to the wait because vehicles are not on time, minutes.
    fn unreliability_min(self) -> f64 {
        match self {
            PtalMode::Bus | PtalMode::Tram => 2.0,
            PtalMode::Metro | PtalMode::Rail => 0.75,
        }
    }
}

/// A route at its nearest access point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServiceNear {
    /// Its mode.
    pub mode: PtalMode,
    /// The walk there, metres.
    pub walk_m: f64,
    /// Vehicles an hour in the direction that runs more often; more than 0.
    pub per_hour: f64,
}

impl ServiceNear {
    /// Its equivalent doorstep frequency.
    pub fn doorstep_frequency(&self) -> f64 {
        let wait = 0.5 * 60.0 / self.per_hour + self.mode.unreliability_min();
        30.0 / (self.walk_m / 80.0 + wait)
    }
}

/// The access index of a point.
pub fn access_index(services: &[ServiceNear]) -> f64 {
    let of_mode = |mode: PtalMode| {
        let all = services
            .iter()
            .filter(|service| service.mode == mode)
            .map(ServiceNear::doorstep_frequency);
        let (sum, best) = all.fold((0.0, 0.0_f64), |(sum, best), edf| (sum + edf, best.max(edf)));
        best + 0.5 * (sum - best)
    };
    [PtalMode::Bus, PtalMode::Tram, PtalMode::Metro, PtalMode::Rail].map(of_mode).iter().sum()
}

/// The level of an access index.
pub fn level(access_index: f64) -> &'static str {
    let upper = [
        (0.0, "0"),
        (2.5, "1a"),
        (5.0, "1b"),
        (10.0, "2"),
        (15.0, "3"),
        (20.0, "4"),
        (25.0, "5"),
        (40.0, "6a"),
    ];
    upper.iter().find(|(upper, _)| access_index <= *upper).map_or("6b", |(_, level)| level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_worked_by_hand() {
        let near = |mode, walk_m, per_hour| ServiceNear { mode, walk_m, per_hour };
        // A bus each 10 min at 320 m: 4 min walk, 5 + 2 min wait, 30 / 11.
        let often = near(PtalMode::Bus, 320.0, 6.0);
        assert!((often.doorstep_frequency() - 30.0 / 11.0).abs() < 1e-12);
        // A bus each 30 min at 640 m: 8 + 15 + 2 = 25 min; a train each 15 min at 960 m: 12 + 7.5 +
        // 0.75.
        let seldom = near(PtalMode::Bus, 640.0, 2.0);
        let train = near(PtalMode::Rail, 960.0, 4.0);
        let index = access_index(&[seldom, often, train]);
        let wanted = 30.0 / 11.0 + 0.5 * 30.0 / 25.0 + 30.0 / 20.25;
        assert!((index - wanted).abs() < 1e-12, "{index} is not {wanted}");
        assert_eq!(level(index), "1b", "{index:.3} is 4.809");
        assert_eq!(access_index(&[]), 0.0);
    }

    #[test]
    fn levels_hold_their_upper_bound() {
        let of = [0.0, 0.01, 2.5, 2.51, 5.0, 10.0, 15.0, 20.0, 25.0, 40.0, 40.01].map(level);
        assert_eq!(of, ["0", "1a", "1a", "1b", "1b", "2", "3", "4", "5", "6a", "6b"]);
    }

    #[test]
    fn modes_are_told_by_their_route_type() {
        assert_eq!(
            [3, 704, 2, 109, 1, 401, 0, 900].map(PtalMode::of),
            [
                PtalMode::Bus,
                PtalMode::Bus,
                PtalMode::Rail,
                PtalMode::Rail,
                PtalMode::Metro,
                PtalMode::Metro,
                PtalMode::Tram,
                PtalMode::Tram
            ]
            .map(Some)
        );
        assert_eq!([4, 6, 7, 200, 1000, 1100].map(PtalMode::of), [None; 6]);
    }
}
