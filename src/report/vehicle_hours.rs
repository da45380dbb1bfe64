//! The service clock: how many vehicles set out in each hour of a day.

use serde::Serialize;

use crate::outputs::class_breaks::thousands;

use crate::results::service_day::ServiceDay;

/// A day as bars.
#[derive(Debug, Serialize)]
pub(super) struct HourlyVehicles {
    day: String,
    bars: Vec<HourBar>,
    /// What a reader who sees no bars is told.
    says: String,
}

#[derive(Debug, Serialize)]
struct HourBar {
    x: usize,
    height: u32,
    /// The height of the outline of what was before.
    before: Option<u32>,
    /// The hour, at each third of them.
    label: Option<String>,
    title: String,
}

/// The height of the tallest bar, in the units of the drawing.
const TALLEST: u32 = 120;
/// From one bar to the next.
const STEP: usize = 20;

impl HourlyVehicles {
    /// All days on one scale, so that they can be held against each other.
    pub(super) fn all(days: &[ServiceDay]) -> Vec<HourlyVehicles> {
        let counts =
            days.iter().flat_map(|day| day.hours.iter().chain(day.before.iter().flatten()));
        let most = counts.copied().max().unwrap_or(0).max(1);
        days.iter().map(|day| HourlyVehicles::of(day, most)).collect()
    }

    fn of(day: &ServiceDay, most: u32) -> HourlyVehicles {
        let bars = day.hours.iter().enumerate().map(|(n, count)| {
            let before = day.before.as_ref().and_then(|before| before.get(n)).copied();
            let was =
                before.map_or_else(String::new, |before| format!(", before {}", number(before)));
            HourBar {
                x: n * STEP,
                height: (count * TALLEST).div_ceil(most),
                before: before.map(|before| (before * TALLEST).div_ceil(most)),
                label: n.is_multiple_of(3).then(|| format!("{:02}", (n + 4) % 24)),
                title: format!("{}: {}{was}", hour(n), number(*count)),
            }
        });
        HourlyVehicles { day: day.day.clone(), bars: bars.collect(), says: says(day) }
    }
}

fn says(day: &ServiceDay) -> String {
    let total = |hours: &[u32]| number(hours.iter().sum());
    let first = day.hours.iter().position(|count| *count > 0);
    let last = day.hours.iter().rposition(|count| *count > 0);
    let (Some(first), Some(last)) = (first, last) else {
        return "no vehicle sets out on this day".to_owned();
    };
    let busiest = (0..day.hours.len()).rev().max_by_key(|n| day.hours[*n]).unwrap_or(first);
    let before = day
        .before
        .as_deref()
        .map_or_else(String::new, |before| format!(" (before {})", total(before)));
    format!(
        "{} vehicles{before}, the first {}, the last {}, most ({}) {}",
        total(&day.hours),
        hour(first),
        hour(last),
        number(day.hours[busiest]),
        hour(busiest)
    )
}

fn hour(n: usize) -> String {
    format!("{:02}–{:02} h", (n + 4) % 24, (n + 5) % 24)
}

fn number(n: u32) -> String {
    thousands(&n.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(hours: Vec<u32>, before: Option<Vec<u32>>) -> ServiceDay {
        ServiceDay { day: "a day".into(), hours, before }
    }

    #[test]
    fn bars_share_a_scale_and_one_vehicle_is_seen() {
        let clocks =
            HourlyVehicles::all(&[day(vec![0, 1, 240], None), day(vec![120], Some(vec![60]))]);
        let heights: Vec<u32> = clocks[0].bars.iter().map(|bar| bar.height).collect();
        assert_eq!(heights, [0, 1, 120]);
        assert_eq!((clocks[1].bars[0].height, clocks[1].bars[0].before), (60, Some(30)));
        assert_eq!(
            clocks[0].says,
            "241 vehicles, the first 05–06 h, the last 06–07 h, most (240) 06–07 h"
        );
        assert_eq!(clocks[1].bars[0].title, "04–05 h: 120, before 60");
    }

    #[test]
    fn a_day_without_service_is_said_in_words() {
        assert_eq!(
            HourlyVehicles::all(&[day(vec![0; 24], None)])[0].says,
            "no vehicle sets out on this day"
        );
    }
}
