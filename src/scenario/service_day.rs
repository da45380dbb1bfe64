//! The day before and after: the first vehicle, the last one, and until when one gets home.
//!
//! A neighbourhood has what half of its people have, or better: the first vehicle leaves so early
//! or earlier for half of them, the last one so late or later.

use crate::access::last_home::LastHome;
use crate::access::residents::Residents;
use crate::access::rollup::half_reach;
use crate::ids::{Idx, OriginIdx};
use crate::routing::query::arrive_by::DayAtStop;
use crate::units::ServiceTime;

/// What was found of a date for each origin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OriginDays {
    /// By origin: the first and last vehicles at the stops within its longest walk.
    pub at_stops: Vec<DayAtStop>,
    /// By category, then origin: until when one gets home.
    pub home: Vec<Vec<LastHome>>,
}

/// A moment of the day on both sides.
pub type Moments = (LastHome, LastHome);

/// A date's changes, by neighbourhood; `None` where nothing is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DayChange {
    /// The first departure.
    pub first: Vec<Option<Moments>>,
    /// The last departure.
    pub last: Vec<Option<Moments>>,
    /// The last arrival.
    pub last_arrival: Vec<Option<Moments>>,
    /// By category: the last moment to leave any of its places and get home.
    pub home: Vec<Vec<Option<Moments>>>,
}

impl DayChange {
    /// Of what was found before and after.
    pub fn of(residents: &Residents, before: &OriginDays, after: &OriginDays) -> DayChange {
        let at_stops = |get: fn(&DayAtStop) -> Option<ServiceTime>, early: bool| {
            let side = |found: &OriginDays| {
                let moment =
                    |day: &DayAtStop| get(day).map_or(LastHome::Never, LastHome::Departure);
                found.at_stops.iter().map(moment).collect::<Vec<_>>()
            };
            zones(residents, &side(before), &side(after), early)
        };
        DayChange {
            first: at_stops(|day| day.first, true),
            last: at_stops(|day| day.last, false),
            last_arrival: at_stops(|day| day.last_arrival, false),
            home: before
                .home
                .iter()
                .zip(&after.home)
                .map(|(b, a)| zones(residents, b, a, false))
                .collect(),
        }
    }
}

fn zones(
    residents: &Residents,
    before: &[LastHome],
    after: &[LastHome],
    early: bool,
) -> Vec<Option<Moments>> {
    let one = |origins: &[OriginIdx]| {
        let moments = |side: &[LastHome]| -> Vec<(LastHome, f64)> {
            origins.iter().map(|origin| (side[origin.at()], residents.weight(*origin))).collect()
        };
        let half = |side: &[LastHome]| half_have(moments(side).into_iter(), early);
        half(before).zip(half(after))
    };
    residents.by_zone().map(|origins| one(origins?)).collect()
}

/// What half of the people have, or better; better is early or late. None without people.
fn half_have(moments: impl Iterator<Item = (LastHome, f64)>, early: bool) -> Option<LastHome> {
    let sign = if early { -1.0 } else { 1.0 };
    let rank = |moment: LastHome| match moment {
        LastHome::Never => f64::NEG_INFINITY,
        LastHome::Departure(time) => sign * f64::from(time.get()),
        LastHome::OnFoot => f64::INFINITY,
    };
    let half = half_reach(moments.map(|(moment, people)| (rank(moment), people)))?;
    #[expect(clippy::cast_possible_truncation, reason = "it was made from such a number")]
    Some(match half {
        f64::NEG_INFINITY => LastHome::Never,
        f64::INFINITY => LastHome::OnFoot,
        seconds => LastHome::Departure(ServiceTime::new((sign * seconds) as i32)),
    })
}

/// After less before in seconds, where there is a moment on both sides.
pub fn shift((before, after): Moments) -> Option<i64> {
    match (before, after) {
        (LastHome::Departure(before), LastHome::Departure(after)) => {
            Some(i64::from(after.get()) - i64::from(before.get()))
        }
        (LastHome::OnFoot, LastHome::OnFoot) => Some(0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_people_have_it_or_better() {
        let at = |hour| LastHome::Departure(ServiceTime::hms(hour, 0, 0));
        let moments = [(at(6), 1.0), (at(7), 1.0), (at(9), 1.0), (LastHome::Never, 1.0)];
        assert_eq!(
            half_have(moments.into_iter(), true),
            Some(at(7)),
            "the first bus is not later for half"
        );
        assert_eq!(
            half_have(moments.into_iter(), false),
            Some(at(7)),
            "the last bus is not earlier for half"
        );
        let mostly = [(at(22), 1.0), (LastHome::Never, 1.5)];
        assert_eq!(half_have(mostly.into_iter(), false), Some(LastHome::Never));
        assert_eq!(
            half_have([(LastHome::OnFoot, 2.0), (at(23), 1.0)].into_iter(), false),
            Some(LastHome::OnFoot)
        );
        assert_eq!(half_have(std::iter::empty(), true), None);
    }

    #[test]
    fn what_is_gone_has_no_change_in_minutes() {
        let at = |hour| LastHome::Departure(ServiceTime::hms(hour, 0, 0));
        assert_eq!(shift((at(23), at(19))), Some(-4 * 3600));
        assert_eq!(shift((at(23), LastHome::Never)), None);
        assert_eq!(shift((LastHome::OnFoot, LastHome::OnFoot)), Some(0));
    }
}
