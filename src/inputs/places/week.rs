//! Registers that tell opening hours by a column for each day, as the NHS does, in the language of
//! OpenStreetMap.

/// Spellings of the columns, Monday first.
pub(super) const DAYS: [&[&str]; 7] = [
    &["opening_hours_monday", "opening_times_monday", "monday_opening_hours", "monday", "mon"],
    &["opening_hours_tuesday", "opening_times_tuesday", "tuesday_opening_hours", "tuesday", "tue"],
    &[
        "opening_hours_wednesday",
        "opening_times_wednesday",
        "wednesday_opening_hours",
        "wednesday",
        "wed",
    ],
    &[
        "opening_hours_thursday",
        "opening_times_thursday",
        "thursday_opening_hours",
        "thursday",
        "thu",
    ],
    &["opening_hours_friday", "opening_times_friday", "friday_opening_hours", "friday", "fri"],
    &[
        "opening_hours_saturday",
        "opening_times_saturday",
        "saturday_opening_hours",
        "saturday",
        "sat",
    ],
    &["opening_hours_sunday", "opening_times_sunday", "sunday_opening_hours", "sunday", "sun"],
];
const NAMES: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// The expression of a week; `None` when no day tells anything. A day that does not is `unknown`.
pub(super) fn expression(days: &[Option<String>]) -> Option<String> {
    let told: Vec<Option<String>> = days.iter().map(|day| day.as_deref().and_then(spans)).collect();
    if told.iter().all(Option::is_none) {
        return None;
    }
    let rule = |(name, day): (&str, Option<String>)| match day {
        Some(spans) => format!("{name} {spans}"),
        None => format!("{name} 00:00-24:00 unknown"),
    };
    Some(NAMES.into_iter().zip(told).map(rule).collect::<Vec<_>>().join("; "))
}

/// `08:30-13:00,14:00-17:30` as it is, `CLOSED` as `off`; `None` for anything else.
fn spans(text: &str) -> Option<String> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| if c == '–' { '-' } else { c })
        .collect();
    if plain.eq_ignore_ascii_case("closed") {
        return Some("off".to_owned());
    }
    let clock = |t: &str| {
        let (hours, minutes) = t.split_once(':')?;
        let number = |t: &str| (t.len() == 2).then(|| t.parse::<u32>().ok()).flatten();
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(())
    };
    let span = |s: &str| {
        let (from, to) = s.split_once('-')?;
        clock(from).and(clock(to))
    };
    (plain.len() <= 200 && plain.split(',').all(|s| span(s).is_some())).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_of_columns_becomes_an_expression() {
        let week =
            |days: [&str; 7]| expression(&days.map(|d| (!d.is_empty()).then(|| d.to_owned())));
        assert_eq!(
            week([
                "08:30-13:00,14:00-17:30",
                "09:00 - 17:00",
                "CLOSED",
                "",
                "ask",
                "09:00-24:00",
                "9-5"
            ])
            .as_deref(),
            Some(
                "Mo 08:30-13:00,14:00-17:30; Tu 09:00-17:00; We off; Th 00:00-24:00 unknown; Fr 00:00-24:00 unknown; \
                 Sa 09:00-24:00; Su 00:00-24:00 unknown"
            )
        );
        assert_eq!(week(["", "", "", "", "", "", ""]), None);
        assert_eq!(week(["25:00-26:00", "", "", "", "", "", ""]), None);
    }

    #[cfg(feature = "opening-hours")]
    #[test]
    fn and_is_understood() {
        use crate::geometry::LonLat;
        use crate::inputs::hours::{OpenState, Opening};
        use crate::units::ServiceTime;
        let days = ["09:00-17:00", "CLOSED", "", "", "", "", ""]
            .map(|d| (!d.is_empty()).then(|| d.to_owned()));
        let hours = expression(&days);
        let on = |date: &str| {
            let date = date.parse().expect("a date");
            let (from, to) = (ServiceTime::hms(9, 0, 0), ServiceTime::hms(11, 0, 0));
            let zone = jiff::tz::TimeZone::UTC;
            let at = LonLat::new(-3.0, 51.6).expect("a point");
            Opening { date, from, to, zone, nation: None }.state(hours.as_deref(), at)
        };
        assert_eq!(on("2024-03-04"), OpenState::Open);
        assert_eq!(on("2024-03-05"), OpenState::Closed);
        assert_eq!(on("2024-03-06"), OpenState::Unknown);
    }
}
