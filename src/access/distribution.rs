//! How a measure is spread over people.

/// Values of people, each with how many have it; `None` is unreachable, and worse than any value.
#[derive(Clone, Debug, Default)]
pub struct Distribution {
    /// Ascending, `None` last.
    sorted: Vec<(Option<f64>, f64)>,
    people: f64,
}

impl Distribution {
    /// Of values with their people; who has none, or whose value is nobody's, is left out.
    pub fn of(values: impl IntoIterator<Item = (Option<f64>, f64)>) -> Distribution {
        let mut sorted: Vec<(Option<f64>, f64)> =
            values.into_iter().filter(|(_, people)| *people > 0.0).collect();
        sorted.sort_by(|(a, _), (b, _)| {
            a.is_none().cmp(&b.is_none()).then(a.unwrap_or(0.0).total_cmp(&b.unwrap_or(0.0)))
        });
        let people = sorted.iter().fold(0.0, |sum, (_, people)| sum + people);
        Distribution { sorted, people }
    }

    /// All people.
    pub fn people(&self) -> f64 {
        self.people
    }

    /// The least value that `percent` of the people have, or less: the population-weighted
    /// quantile, the median at 50. `None` if there is nobody, or if that person's value is
    /// unreachable.
    pub fn quantile(&self, percent: f64) -> Option<f64> {
        let wanted = self.people * percent / 100.0;
        let mut sum = 0.0;
        for (value, people) in &self.sorted {
            sum += people;
            // A hair's breadth for the sum's rounding.
            if sum >= wanted * (1.0 - 1e-12) {
                return *value;
            }
        }
        None
    }

    /// The mean over the people; `None` if there is nobody or any value is unreachable.
    pub fn mean(&self) -> Option<f64> {
        let sum: Option<f64> =
            self.sorted.iter().map(|(value, people)| Some((*value)? * people)).sum();
        Some(sum? / self.people).filter(|mean| mean.is_finite())
    }

    /// The share of the people for whom it is unreachable, of 1.
    pub fn unreached(&self) -> Option<f64> {
        let people: f64 =
            self.sorted.iter().filter(|(value, _)| value.is_none()).map(|(_, people)| people).sum();
        (self.people > 0.0).then(|| people / self.people)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_count_people_and_the_unreached_come_last() {
        let all = Distribution::of([
            (Some(30.0), 1.0),
            (None, 2.0),
            (Some(10.0), 5.0),
            (Some(9.0), 0.0),
            (Some(20.0), 2.0),
        ]);
        assert_eq!(all.people(), 10.0);
        assert_eq!(
            [10.0, 50.0, 51.0, 80.0, 81.0].map(|p| all.quantile(p)),
            [Some(10.0), Some(10.0), Some(20.0), Some(30.0), None]
        );
        assert_eq!((all.mean(), all.unreached()), (None, Some(0.2)));
        let reached = Distribution::of([(Some(30.0), 1.0), (Some(10.0), 3.0)]);
        assert_eq!((reached.mean(), reached.unreached()), (Some(15.0), Some(0.0)));
    }

    #[test]
    fn of_nobody_nothing_is_said() {
        let nobody = Distribution::of([(Some(1.0), 0.0)]);
        assert_eq!((nobody.quantile(50.0), nobody.mean(), nobody.unreached()), (None, None, None));
    }
}
