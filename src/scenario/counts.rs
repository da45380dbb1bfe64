//! What can be reached of something that is counted, before and after: places, jobs.

use crate::access::rollup::half_reach;
use crate::ids::{IdxVec, OriginIdx};

/// A count of what is within reach of a neighbourhood's people. Sums are over people: what each
/// reaches, times the people.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CountChange {
    /// What half of them reach, or more, before and after.
    pub half: Option<(f64, f64)>,
    /// The people.
    pub people: f64,
    /// The sum before.
    pub before: f64,
    /// The sum after.
    pub after: f64,
    /// What those lose who reach fewer; who reaches more does not make up for it.
    pub lost: f64,
    /// What those gain who reach more.
    pub gained: f64,
}

impl CountChange {
    /// Of the counts of some origins, before and after.
    pub fn of(
        origins: &[OriginIdx],
        weights: &IdxVec<OriginIdx, f64>,
        people: &IdxVec<OriginIdx, f64>,
        count: impl Fn(OriginIdx) -> Option<(f64, f64)>,
    ) -> CountChange {
        let mut sum = CountChange::default();
        let mut sides = [Vec::new(), Vec::new()];
        for &origin in origins {
            let Some((before, after)) = count(origin) else { continue };
            sides[0].push((before, weights[origin]));
            sides[1].push((after, weights[origin]));
            sum.join(&CountChange {
                half: None,
                people: people[origin],
                before: before * people[origin],
                after: after * people[origin],
                lost: (before - after).max(0.0) * people[origin],
                gained: (after - before).max(0.0) * people[origin],
            });
        }
        let [before, after] = sides.map(|side| half_reach(side.into_iter()));
        CountChange { half: before.zip(after), ..sum }
    }

    /// Adds another's people. What half of both reach is not known from their halves.
    pub fn join(&mut self, other: &CountChange) {
        self.half = None;
        self.people += other.people;
        self.before += other.before;
        self.after += other.after;
        self.lost += other.lost;
        self.gained += other.gained;
    }

    /// Means over the people: before, after, lost and gained. None without people.
    pub fn means(&self) -> Option<[f64; 4]> {
        let mean = |sum: f64| sum / self.people;
        (self.people > 0.0).then(|| [self.before, self.after, self.lost, self.gained].map(mean))
    }

    /// Whether anybody reaches more or fewer.
    pub fn changed(&self) -> bool {
        self.lost > 0.0 || self.gained > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_gains_does_not_make_up_for_who_loses() {
        let weights: IdxVec<OriginIdx, f64> = vec![1.0, 2.0, 1.0].into();
        let people: IdxVec<OriginIdx, f64> = vec![100.0, 200.0, 100.0].into();
        let counts = [(10.0, 4.0), (5.0, 5.0), (0.0, 6.0)];
        let all: Vec<OriginIdx> = (0..3).map(OriginIdx).collect();
        let change =
            CountChange::of(&all, &weights, &people, |origin| Some(counts[origin.0 as usize]));
        // Half of the weight has 5 or more before (1 of 10 and 2 of 5), and after (1 of 6, 2 of 5).
        assert_eq!(change.half, Some((5.0, 5.0)));
        assert_eq!(change.means(), Some([5.0, 5.0, 1.5, 1.5]));
        let back = CountChange::of(&all, &weights, &people, |origin| {
            let (before, after) = counts[origin.0 as usize];
            Some((after, before))
        });
        assert_eq!(
            (back.lost, back.gained, back.before),
            (change.gained, change.lost, change.after)
        );
    }
}
