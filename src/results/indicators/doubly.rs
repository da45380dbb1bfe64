//! Doubly cut off: far from help at a counter, and without the broadband to do without it.
//!
//! Who is far is known by origin point, and broadband by neighbourhood alone, so that nobody knows
//! how many are both. The bounds are Fréchet's: at least *a* + *b* − 1 and at most the smaller of
//! both shares.

use super::columns::{ColumnMeaning, IndicatorColumns, percent};
use super::{Indicators, ProfileIndicators};
use crate::ids::{CategoryIdx, Idx, OriginIdx};
use crate::results::table::Value;

/// The least and the most that two shares, in per cent, can have in common.
fn in_common(a: f64, b: f64) -> (f64, f64) {
    ((a + b - 100.0).max(0.0), a.min(b))
}

impl Indicators<'_> {
    pub(super) fn doubly_cut_off(
        &self,
        walker: &ProfileIndicators,
        columns: &mut IndicatorColumns,
    ) {
        let (Some(doubly), Some(broadband)) = (&self.project.doubly_cut_off, self.broadband) else {
            return;
        };
        let window = doubly.window.as_ref();
        let window =
            window.and_then(|name| walker.windows.iter().find(|window| window.name == *name));
        let longest = if window.is_some() {
            self.project.transit.max_time
        } else {
            self.project.walk.max_walk
        };
        if doubly.beyond > longest {
            return;
        }
        let of: Vec<usize> = (0..self.categories.len())
            .filter(|at| doubly.categories.contains(&self.categories[*at].name))
            .collect();
        let time = |origin: OriginIdx, at: usize| match window {
            Some(window) => window.origins[origin.at()].median[at],
            None => walker.survey.walk(origin, CategoryIdx::new(at)),
        };
        let far = self.share(|origin| {
            !of.iter().any(|at| time(origin, *at).is_some_and(|time| time <= doubly.beyond))
        });
        let below = broadband
            .zones
            .iter()
            .map(|zone| zone.as_ref().and_then(|zone| zone.shares.below_decent));
        let both: Vec<Option<(f64, f64)>> = far
            .iter()
            .zip(below)
            .map(|(far, below)| Some((far.as_number()?, below?.percent())))
            .collect();
        let labels: Vec<&str> = of.iter().map(|at| self.categories[*at].label.as_str()).collect();
        let (labels, minutes) = (labels.join(" or "), doubly.beyond.as_minutes());
        let how = if window.is_some() { "" } else { "' walk" };
        let when = window.map(|window| window.when.as_str());
        let source = "OpenStreetMap, GTFS, Ofcom Connected Nations";
        let says = ColumnMeaning {
            unit: "",
            decimals: 0,
            meaning: format!(
                "half of its people or more are farther than {minutes} min{how} from the nearest of: {labels}, and {} % of its premises or more cannot have decent broadband",
                doubly.premises_pct
            ),
            window: when,
            source,
        };
        let flag = |both: &Option<(f64, f64)>| {
            both.map_or(Value::Missing, |(far, below)| {
                Value::Flag(far >= 50.0 && below >= doubly.premises_pct)
            })
        };
        columns.add("doubly_cut_off", says, both.iter().map(flag));
        let bound = |which: &str| {
            percent(
                format!(
                    "share of its people who are {which} both, if people are spread over premises: farther than {minutes} min{how} from the nearest of: {labels}, and without decent broadband; broadband is not known by household"
                ),
                when,
                source,
            )
        };
        let common = |both: &Option<(f64, f64)>| both.map(|(far, below)| in_common(far, below));
        columns.add(
            "doubly_cut_off_pct_least",
            bound("at least"),
            both.iter()
                .map(|b| common(b).map_or(Value::Missing, |(least, _)| Value::number(least))),
        );
        columns.add(
            "doubly_cut_off_pct_most",
            bound("at most"),
            both.iter().map(|b| common(b).map_or(Value::Missing, |(_, most)| Value::number(most))),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::in_common;

    #[test]
    fn bounds_of_what_two_shares_have_in_common() {
        assert_eq!(in_common(70.0, 40.0), (10.0, 40.0));
        assert_eq!(in_common(20.0, 30.0), (0.0, 20.0));
        assert_eq!(in_common(100.0, 12.0), (12.0, 12.0));
    }
}
