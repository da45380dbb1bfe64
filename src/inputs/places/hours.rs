//! Whether a place is open in a window, as far as its `opening_hours` tell.
//!
//! A place counts in a window if it is open for half an hour of it in one piece (for all of a window that is shorter): so
//! long that one can go in and do what one came for. A library that closes at 18:15 is not open from 18:00 to 20:00; a pub
//! that opens at 19:00 is. Where hours are not known, not written in OpenStreetMap's language for them, or say `unknown`
//! themselves, the state is unknown: such a place counts, and is counted.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::units::ServiceTime;

/// Half an hour, in seconds.
const LONG_ENOUGH: i32 = 30 * 60;
/// No honest expression is longer; OpenStreetMap's values end at 255 letters.
#[cfg(feature = "opening-hours")]
const LONGEST: usize = 1024;

/// Whether a place is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenState {
    /// For half an hour of the window or more.
    Open,
    /// Not, or for less.
    Closed,
    /// Nobody says.
    Unknown,
}

/// How much of a window some hours hold in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// All of it.
    Throughout,
    /// A part of it.
    InPart,
    /// None of it.
    Never,
}

/// How many places of a category are open in a window; stands in `run.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursCount {
    /// The category.
    pub category: String,
    /// The window.
    pub window: String,
    /// Known to be open.
    pub open: u64,
    /// Known to be closed: left out in this window.
    pub closed: u64,
    /// Not known, and counted as open.
    pub unknown: u64,
}

/// A window on its date, to ask opening hours about.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    /// The date the window begins on.
    pub date: Date,
    /// Its beginning on the clock of that date.
    pub from: ServiceTime,
    /// Its end, past 24:00 for a window through midnight.
    pub to: ServiceTime,
    /// Whether `PH` means the bank holidays of the United Kingdom; else no public holiday is known.
    pub british: bool,
}

impl Opening {
    /// The state of a place with these opening hours.
    pub fn state(&self, hours: Option<&str>) -> OpenState {
        let Some(hours) = hours.map(str::trim).filter(|hours| !hours.is_empty()) else {
            return OpenState::Unknown;
        };
        let Some(spans) = self.spans(hours) else { return OpenState::Unknown };
        let wanted = LONG_ENOUGH.min(self.to.0 - self.from.0);
        let longest = |counts: fn(OpenState) -> bool| {
            let (mut longest, mut run, mut end) = (0, 0, i32::MIN);
            for (from, to, _) in spans.iter().filter(|(.., state)| counts(*state)) {
                run = if *from == end { run + (to - from) } else { to - from };
                (longest, end) = (longest.max(run), *to);
            }
            longest
        };
        if longest(|state| state == OpenState::Open) >= wanted {
            OpenState::Open
        } else if longest(|state| state != OpenState::Closed) >= wanted {
            OpenState::Unknown
        } else {
            OpenState::Closed
        }
    }

    /// How much of the window opening hours, or a condition written like them, hold in; `None` where nobody can say.
    pub fn holds(&self, hours: &str) -> Option<Holds> {
        let spans = self.spans(hours.trim())?;
        let length = |wanted: OpenState| -> i32 {
            spans.iter().filter(|(.., state)| *state == wanted).map(|(from, to, _)| to - from).sum()
        };
        if length(OpenState::Unknown) > 0 {
            return None;
        }
        Some(match length(OpenState::Open) {
            0 => Holds::Never,
            open if open >= self.to.0 - self.from.0 => Holds::Throughout,
            _ => Holds::InPart,
        })
    }

    /// The states within the window, in seconds of its day; `None` where the text is no expression.
    #[cfg(feature = "opening-hours")]
    fn spans(&self, hours: &str) -> Option<Vec<(i32, i32, OpenState)>> {
        use chrono::{NaiveDate, TimeDelta};
        use opening_hours::localization::Country;
        use opening_hours::{Context, OpeningHours, RuleKind};

        if hours.len() > LONGEST {
            return None;
        }
        let date = NaiveDate::from_ymd_opt(
            i32::from(self.date.year()),
            self.date.month().unsigned_abs().into(),
            self.date.day().unsigned_abs().into(),
        )?;
        let midnight = date.and_hms_opt(0, 0, 0)?;
        let at = |time: ServiceTime| midnight.checked_add_signed(TimeDelta::seconds(time.0.into()));
        // Without a bound the end of "always open" would be looked for day by day, for thousands of years.
        let context = Context::default().approx_bound_interval_size(TimeDelta::days(3));
        let context = if self.british { context.with_holidays(Country::GB.holidays()) } else { context };
        let expression = hours.parse::<OpeningHours>().ok()?.with_context(context);
        let mut spans = Vec::new();
        for span in expression.iter_range(at(self.from)?, at(self.to)?) {
            let seconds = |at: chrono::NaiveDateTime| i32::try_from((at - midnight).num_seconds()).ok();
            let state = match span.kind {
                RuleKind::Open => OpenState::Open,
                RuleKind::Closed => OpenState::Closed,
                RuleKind::Unknown => OpenState::Unknown,
            };
            spans.push((seconds(span.range.start)?, seconds(span.range.end)?, state));
        }
        Some(spans)
    }

    #[cfg(not(feature = "opening-hours"))]
    fn spans(&self, _: &str) -> Option<Vec<(i32, i32, OpenState)>> {
        None
    }
}

#[cfg(all(test, feature = "opening-hours"))]
mod tests {
    use super::*;
    use OpenState::{Closed, Open, Unknown};

    /// Tuesday 2024-03-05 unless told otherwise.
    fn state(hours: &str, date: &str, from: (i32, i32), to: (i32, i32)) -> OpenState {
        let time = |(h, m)| ServiceTime::hms(h, m, 0);
        let date = date.parse().expect("a date");
        Opening { date, from: time(from), to: time(to), british: true }.state(Some(hours))
    }

    fn evening(hours: &str) -> OpenState {
        state(hours, "2024-03-05", (18, 0), (20, 0))
    }

    #[test]
    fn half_an_hour_of_the_window_is_enough() {
        assert_eq!(evening("Mo-Fr 09:00-18:15"), Closed);
        assert_eq!(evening("Mo-Fr 09:00-18:30"), Open);
        assert_eq!(evening("Mo-Fr 19:30-23:00"), Open);
        assert_eq!(evening("Mo-Fr 19:31-23:00"), Closed);
        assert_eq!(evening("Mo-Fr 18:00-18:20,18:40-19:00"), Closed, "two bits are not one piece");
        assert_eq!(evening("24/7"), Open);
        assert_eq!(evening("Mo-Su 00:00-24:00"), Open);
        assert_eq!(evening("off"), Closed);
        assert_eq!(state("Tu 10:00-10:20", "2024-03-05", (10, 0), (10, 20)), Open, "all of a shorter window");
    }

    #[test]
    fn days_nights_and_holidays_are_told_apart() {
        assert_eq!(evening("Mo,We-Su 09:00-22:00"), Closed, "a Tuesday");
        assert_eq!(state("Su 10:00-16:00", "2024-03-10", (10, 0), (12, 0)), Open);
        // A window through midnight, and a bar that keeps open through it.
        assert_eq!(state("Tu 20:00-02:00", "2024-03-05", (23, 0), (25, 0)), Open);
        assert_eq!(state("Mo 20:00-02:00", "2024-03-05", (0, 0), (2, 0)), Open, "since the evening before");
        assert_eq!(state("Tu 20:00-23:00", "2024-03-05", (23, 0), (25, 0)), Closed);
        // Good Friday 2024.
        assert_eq!(state("Mo-Fr 09:00-17:00; PH off", "2024-03-29", (9, 0), (11, 0)), Closed);
        assert_eq!(state("Mo-Fr 09:00-17:00; PH off", "2024-03-22", (9, 0), (11, 0)), Open);
    }

    #[test]
    fn what_is_not_known_is_unknown() {
        for hours in
            ["", "  ", "by appointment", "ring the bell", "Mo-Fr 9 til late", "unknown", &"Mo ".repeat(2000)]
        {
            assert_eq!(evening(hours), Unknown, "{hours:.40}");
        }
        let opening = Opening {
            date: "2024-03-05".parse().expect("a date"),
            from: ServiceTime::hms(18, 0, 0),
            to: ServiceTime::hms(20, 0, 0),
            british: false,
        };
        assert_eq!(opening.state(None), Unknown);
    }

    #[test]
    fn no_text_brings_it_down() {
        let seeds = [
            "Mo-Fr 09:00-17:30; Sa 10:00-16:00; PH off",
            "Apr-Sep Mo[1] 10:00+",
            "week 1-53/2 sunrise-sunset",
            "2024 Mar 05-2030 \"x\"",
        ];
        let mut state = 7_u64;
        let mut next = |n: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap_or(0) % n
        };
        for _ in 0..3000 {
            let mut text: Vec<u8> = seeds[next(seeds.len())].bytes().collect();
            for _ in 0..=next(4) {
                let at = next(text.len());
                match next(3) {
                    0 => text[at] = b" 09:-,;[]+\"MoSuPH/"[next(18)],
                    1 => drop(text.remove(at)),
                    _ => text.insert(at, b"0123456789:-;,["[next(15)]),
                }
            }
            evening(&String::from_utf8_lossy(&text));
        }
    }
}
