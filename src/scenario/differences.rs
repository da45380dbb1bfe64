//! What changed for people: origin by origin, then summed over neighbourhoods and groups.
//!
//! Everything is counted at the origin points: half of a neighbourhood may lose its bus while its
//! median stays. A neighbourhood's own times before and after are its people's medians, as in any
//! other output.

use crate::access::rollup::WeightedTimes;
use crate::ids::{IdxVec, OriginIdx};
use crate::units::Seconds;

/// Changes of at least so many minutes are counted, each way.
pub const THRESHOLDS_MIN: [u32; 3] = [5, 15, 30];

/// A time before and after; `None` is not reachable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeShift {
    /// Before.
    pub before: Option<Seconds>,
    /// After.
    pub after: Option<Seconds>,
}

/// What a change is, apart from its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeState {
    /// Reachable before, not after.
    Lost,
    /// It takes longer.
    Longer,
    /// The same, to the second.
    Same,
    /// It takes less time.
    Shorter,
    /// Reachable after, not before.
    Gained,
    /// Not reachable before nor after.
    Never,
}

impl ChangeState {
    /// As outputs spell it.
    pub fn name(self) -> &'static str {
        match self {
            ChangeState::Lost => "lost",
            ChangeState::Longer => "longer",
            ChangeState::Same => "same",
            ChangeState::Shorter => "shorter",
            ChangeState::Gained => "gained",
            ChangeState::Never => "never",
        }
    }
}

impl TimeShift {
    /// What the change is.
    pub fn state(self) -> ChangeState {
        match (self.before, self.after) {
            (Some(before), Some(after)) => match after.cmp(&before) {
                std::cmp::Ordering::Less => ChangeState::Shorter,
                std::cmp::Ordering::Equal => ChangeState::Same,
                std::cmp::Ordering::Greater => ChangeState::Longer,
            },
            (Some(_), None) => ChangeState::Lost,
            (None, Some(_)) => ChangeState::Gained,
            (None, None) => ChangeState::Never,
        }
    }

    /// After less before, in seconds; only where both are reachable.
    pub fn seconds(self) -> Option<i64> {
        Some(i64::from(self.after?.get()) - i64::from(self.before?.get()))
    }

    /// Whether anything changed.
    pub fn changed(self) -> bool {
        self.before != self.after
    }
}

/// People counted by what became of them. They add up over neighbourhoods.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeopleTally {
    /// All of them.
    pub people: f64,
    /// For whom it is out of reach now.
    pub lost: f64,
    /// For whom it came into reach.
    pub gained: f64,
    /// For whom it takes longer, by a second or more.
    pub worse: f64,
    /// For whom it takes less time.
    pub better: f64,
    /// Whose time is longer by a threshold or more, by [`THRESHOLDS_MIN`]; those who lost it are
    /// not among them.
    pub longer: [f64; THRESHOLDS_MIN.len()],
    /// The same, shorter.
    pub shorter: [f64; THRESHOLDS_MIN.len()],
    /// By cut-off: who was within it and is no longer, those who lost it among them.
    pub no_longer_within: Vec<f64>,
    /// By cut-off: who was not within it and is now.
    pub newly_within: Vec<f64>,
    /// Those with a time before and after.
    pub with_both: f64,
    /// Their changes in seconds, each times the people.
    pub people_seconds: f64,
}

impl PeopleTally {
    /// Nobody yet.
    pub fn new(cutoffs: usize) -> PeopleTally {
        PeopleTally {
            no_longer_within: vec![0.0; cutoffs],
            newly_within: vec![0.0; cutoffs],
            ..PeopleTally::default()
        }
    }

    /// Adds the people of an origin.
    pub fn add(&mut self, shift: TimeShift, people: f64, cutoffs_min: &[u32]) {
        self.people += people;
        match shift.state() {
            ChangeState::Lost => self.lost += people,
            ChangeState::Gained => self.gained += people,
            ChangeState::Longer => self.worse += people,
            ChangeState::Shorter => self.better += people,
            _ => {}
        }
        if let Some(seconds) = shift.seconds() {
            self.with_both += people;
            #[expect(clippy::cast_precision_loss, reason = "at most hours")]
            let seconds_f = seconds as f64;
            self.people_seconds += seconds_f * people;
            for (nth, threshold) in THRESHOLDS_MIN.iter().enumerate() {
                let threshold = i64::from(*threshold) * 60;
                self.longer[nth] += if seconds >= threshold { people } else { 0.0 };
                self.shorter[nth] += if seconds <= -threshold { people } else { 0.0 };
            }
        }
        for (nth, cutoff) in cutoffs_min.iter().enumerate() {
            let within =
                |time: Option<Seconds>| time.is_some_and(|time| time <= Seconds::minutes(*cutoff));
            match (within(shift.before), within(shift.after)) {
                (true, false) => self.no_longer_within[nth] += people,
                (false, true) => self.newly_within[nth] += people,
                _ => {}
            }
        }
    }

    /// Adds all that another has counted.
    pub fn join(&mut self, other: &PeopleTally) {
        let add = |sum: &mut f64, more: &f64| *sum += more;
        for (sum, more) in [
            (&mut self.people, &other.people),
            (&mut self.lost, &other.lost),
            (&mut self.gained, &other.gained),
            (&mut self.worse, &other.worse),
            (&mut self.better, &other.better),
            (&mut self.with_both, &other.with_both),
            (&mut self.people_seconds, &other.people_seconds),
        ] {
            add(sum, more);
        }
        self.longer.iter_mut().zip(&other.longer).for_each(|(sum, more)| add(sum, more));
        self.shorter.iter_mut().zip(&other.shorter).for_each(|(sum, more)| add(sum, more));
        self.no_longer_within
            .iter_mut()
            .zip(&other.no_longer_within)
            .for_each(|(sum, more)| add(sum, more));
        self.newly_within
            .iter_mut()
            .zip(&other.newly_within)
            .for_each(|(sum, more)| add(sum, more));
    }

    /// The mean change in minutes of those with a time before and after.
    pub fn mean_minutes(&self) -> Option<f64> {
        (self.with_both > 0.0).then(|| self.people_seconds / self.with_both / 60.0)
    }
}

/// A neighbourhood's change to one category in one window.
#[derive(Clone, Debug, PartialEq)]
pub struct CategoryChange {
    /// By percentile: the medians over its people.
    pub times: Vec<TimeShift>,
    /// The same of the median over the departures.
    pub median: TimeShift,
    /// Its people, by the median over the departures.
    pub tally: PeopleTally,
}

/// The times of one origin to one category: the percentiles asked for, and the median.
pub struct OriginTimes<'a> {
    /// The percentiles.
    pub percentiles: &'a [Option<Seconds>],
    /// The median over the departures.
    pub median: Option<Seconds>,
}

impl CategoryChange {
    /// Of the origins of a neighbourhood, with their people and what was found about each before
    /// and after.
    pub fn of<'a>(
        origins: &[OriginIdx],
        weights: &IdxVec<OriginIdx, f64>,
        people: &IdxVec<OriginIdx, f64>,
        cutoffs_min: &[u32],
        before: impl Fn(OriginIdx) -> OriginTimes<'a>,
        after: impl Fn(OriginIdx) -> OriginTimes<'a>,
    ) -> CategoryChange {
        let mut tally = PeopleTally::new(cutoffs_min.len());
        let mut medians = [WeightedTimes::default(), WeightedTimes::default()];
        let mut times: Vec<[WeightedTimes; 2]> = Vec::new();
        for &origin in origins {
            let sides = [before(origin), after(origin)];
            let shift = TimeShift { before: sides[0].median, after: sides[1].median };
            tally.add(shift, people[origin], cutoffs_min);
            times.resize_with(sides[0].percentiles.len(), Default::default);
            for (side, found) in sides.iter().enumerate() {
                medians[side].add(found.median, weights[origin]);
                for (nth, time) in found.percentiles.iter().enumerate() {
                    times[nth][side].add(*time, weights[origin]);
                }
            }
        }
        let shift = |[before, after]: &[WeightedTimes; 2]| TimeShift {
            before: before.median(),
            after: after.median(),
        };
        CategoryChange { times: times.iter().map(shift).collect(), median: shift(&medians), tally }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Idx;

    fn shift(before: Option<u32>, after: Option<u32>) -> TimeShift {
        TimeShift { before: before.map(Seconds::new), after: after.map(Seconds::new) }
    }

    #[test]
    fn lost_and_gained_are_no_minutes() {
        for (before, after, state, seconds) in [
            (Some(600), Some(900), ChangeState::Longer, Some(300)),
            (Some(900), Some(600), ChangeState::Shorter, Some(-300)),
            (Some(600), Some(600), ChangeState::Same, Some(0)),
            (Some(600), None, ChangeState::Lost, None),
            (None, Some(600), ChangeState::Gained, None),
            (None, None, ChangeState::Never, None),
        ] {
            let shift = shift(before, after);
            assert_eq!((shift.state(), shift.seconds()), (state, seconds));
        }
    }

    #[test]
    fn people_are_counted_where_they_live() {
        let mut tally = PeopleTally::new(1);
        tally.add(shift(Some(1700), Some(2000)), 10.0, &[30]); // 5 min longer, and out of the 30
        tally.add(shift(Some(1800), Some(1800)), 20.0, &[30]); // on the cut-off, both times
        tally.add(shift(Some(1800), None), 40.0, &[30]);
        tally.add(shift(None, Some(1801)), 80.0, &[30]);
        tally.add(shift(Some(2000), Some(1100)), 160.0, &[30]); // 15 min shorter
        assert_eq!((tally.people, tally.lost, tally.gained), (310.0, 40.0, 80.0));
        assert_eq!((tally.longer, tally.shorter), ([10.0, 0.0, 0.0], [160.0, 160.0, 0.0]));
        assert_eq!(
            (tally.no_longer_within.clone(), tally.newly_within.clone()),
            (vec![50.0], vec![160.0])
        );
        // (300·10 + 0·20 − 900·160) / 190 / 60
        let mean = tally.mean_minutes().expect("some have both");
        assert!((mean - (-141_000.0 / 190.0 / 60.0)).abs() < 1e-9, "{mean}");
    }

    #[test]
    fn a_median_may_stay_while_people_lose() {
        static TIMES: [[Option<Seconds>; 1]; 3] =
            [[Some(Seconds::new(600))], [Some(Seconds::new(660))], [None]];
        let of = |pick: [usize; 2]| {
            move |origin: OriginIdx| {
                let percentiles = &TIMES[pick[origin.at()]][..];
                OriginTimes { percentiles, median: percentiles[0] }
            }
        };
        let people: IdxVec<OriginIdx, f64> = vec![100.0, 60.0].into();
        let origins = [OriginIdx(0), OriginIdx(1)];
        let change = CategoryChange::of(&origins, &people, &people, &[15], of([0, 1]), of([0, 2]));
        assert_eq!(change.median.state(), ChangeState::Same);
        assert_eq!((change.tally.lost, change.tally.no_longer_within[0]), (60.0, 60.0));
    }
}
