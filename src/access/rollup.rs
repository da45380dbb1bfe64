//! From the points where people live to their neighbourhood.

use crate::units::{Seconds, Share};

/// The times of a neighbourhood's origin points, each with the people who live there.
#[derive(Clone, Debug, Default)]
pub struct WeightedTimes {
    points: Vec<(Option<Seconds>, f64)>,
}

impl WeightedTimes {
    /// Adds a point's time (`None`: not reachable) and its people.
    pub fn add(&mut self, time: Option<Seconds>, people: f64) {
        if people > 0.0 {
            self.points.push((time, people));
        }
    }

    /// The population-weighted median: the least time within which half of the people are.
    /// Unreachable sorts last; if it is the median, there is none.
    pub fn median(&self) -> Option<Seconds> {
        let mut sorted = self.points.clone();
        sorted.sort_by_key(|(time, _)| time.map_or(u32::MAX, |t| t.get()));
        let half = self.people() / 2.0;
        let mut sum = 0.0;
        for (time, people) in sorted {
            sum += people;
            if sum >= half {
                return time;
            }
        }
        None
    }

    /// The share of the people who are there within a cut-off, itself included. `None` without
    /// people.
    pub fn within(&self, cutoff: Seconds) -> Option<Share> {
        let reached =
            self.points.iter().filter(|(time, _)| time.is_some_and(|time| time <= cutoff));
        Share::of(reached.map(|(_, people)| people).sum(), self.people())
    }

    /// The share of the people who do not get there at all. `None` without people.
    pub fn unreached(&self) -> Option<Share> {
        let unreached = self.points.iter().filter(|(time, _)| time.is_none());
        Share::of(unreached.map(|(_, people)| people).sum(), self.people())
    }

    /// The least time of any point.
    pub fn least(&self) -> Option<Seconds> {
        self.points.iter().filter_map(|(time, _)| *time).min()
    }

    /// The greatest time of any point; `None` if any point is unreached, for then there is no
    /// greatest.
    pub fn greatest(&self) -> Option<Seconds> {
        self.points.iter().map(|(time, _)| *time).collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// All people.
    pub fn people(&self) -> f64 {
        self.points.iter().map(|(_, people)| people).sum()
    }
}

/// What half of the people reach, or more: the greatest count that points with half of the weight
/// come up to. `None` without people.
pub fn half_reach(points: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let mut points: Vec<(f64, f64)> = points.filter(|(_, people)| *people > 0.0).collect();
    points.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let half = points.iter().map(|(_, people)| people).sum::<f64>() / 2.0;
    let mut sum = 0.0;
    points.into_iter().find_map(|(count, people)| {
        sum += people;
        (sum >= half).then_some(count)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighted(points: &[(Option<u32>, f64)]) -> WeightedTimes {
        let mut weighted = WeightedTimes::default();
        points.iter().for_each(|(time, people)| weighted.add(time.map(Seconds::new), *people));
        weighted
    }

    #[test]
    fn the_median_is_where_half_of_the_people_are_reached() {
        assert_eq!(
            weighted(&[(Some(600), 10.0), (Some(300), 9.0), (Some(900), 2.0)]).median(),
            Some(Seconds::new(600))
        );
        assert_eq!(
            weighted(&[(Some(300), 5.0), (Some(900), 5.0)]).median(),
            Some(Seconds::new(300))
        );
    }

    #[test]
    fn a_neighbourhood_whose_majority_is_unreached_has_no_median() {
        let zone = weighted(&[(Some(300), 4.0), (None, 6.0)]);
        assert_eq!(zone.median(), None);
        assert_eq!(zone.within(Seconds::new(300)), Some(Share(0.4)));
        assert_eq!(zone.unreached(), Some(Share(0.6)));
        assert_eq!((zone.least(), zone.greatest()), (Some(Seconds::new(300)), None));
    }

    #[test]
    fn half_of_the_people_reach_at_least_the_half_reach() {
        let points = [(100.0, 3.0), (400.0, 2.0), (700.0, 1.0)];
        assert_eq!(half_reach(points.into_iter()), Some(400.0));
        assert_eq!(half_reach([(0.0, 6.0), (500.0, 5.0)].into_iter()), Some(0.0));
        assert_eq!(half_reach([(5.0, 0.0)].into_iter()), None);
    }

    #[test]
    fn points_without_people_count_for_nothing_and_no_people_give_no_share() {
        assert_eq!(weighted(&[(Some(60), 0.0)]).within(Seconds::new(60)), None);
    }
}
