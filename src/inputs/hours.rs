//! Whether a place is open in a window, as far as its `opening_hours` tell; and whether a way or
//! gate is.
//!
//! A place counts in a window if it is open for half an hour of it in one piece (for all of a
//! window that is shorter): so long that one can go in and do what one came for. A library that
//! closes at 18:15 is not open from 18:00 to 20:00; a pub that opens at 19:00 is. A way counts if
//! it is open all the time. Where hours are not known, not written in OpenStreetMap's language for
//! them, say `unknown` themselves, or depend on holidays that are not known, the state is unknown.

#[cfg(feature = "opening-hours")]
mod days;
#[cfg(feature = "opening-hours")]
mod expression;
mod holidays;
#[cfg(feature = "opening-hours")]
mod outlines;
#[cfg(feature = "opening-hours")]
mod rule_text;
#[cfg(feature = "opening-hours")]
mod spans;
#[cfg(feature = "opening-hours")]
mod sunlight;
#[cfg(all(test, feature = "opening-hours"))]
mod tests;
#[cfg(feature = "opening-hours")]
mod timeline;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::geometry::LonLat;
use crate::units::ServiceTime;

pub use holidays::{Nation, YEARS};

/// Half an hour, in seconds.
const LONG_ENOUGH: i32 = 30 * 60;

/// Whether a place is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenState {
    /// It is, for as long as was asked.
    Open,
    /// Not, or for less.
    Closed,
    /// Nobody says.
    Unknown,
}

/// A state and for how long it lasts, on the clock of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenSpan {
    /// When it begins.
    pub from: ServiceTime,
    /// When it ends.
    pub to: ServiceTime,
    /// The state meanwhile.
    pub state: OpenState,
}

/// A window on its date, to ask opening hours about.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The date the window begins on.
    pub date: Date,
    /// Its beginning on the clock of that date.
    pub from: ServiceTime,
    /// Its end, past 24:00 for a window through midnight.
    pub to: ServiceTime,
    /// The timezone of that clock; it says when the sun rises.
    pub zone: TimeZone,
    /// Whose public holidays hold; `None`: those of the nation in which a place lies.
    pub nation: Option<Nation>,
}

/// Whose public holidays hold at a point: those of the nation that is `told`, else of that in which
/// it lies; `None` where they are not known.
pub fn nation_at(point: LonLat, told: Option<Nation>) -> Option<Nation> {
    #[cfg(feature = "opening-hours")]
    return told.or_else(|| outlines::nation_at(point));
    #[cfg(not(feature = "opening-hours"))]
    {
        let _ = point;
        told
    }
}

impl Opening {
    /// The state of a place with these opening hours: open if it is for half an hour in one piece.
    pub fn state(&self, hours: Option<&str>, at: LonLat) -> OpenState {
        let hours = hours.map(str::trim).filter(|hours| !hours.is_empty());
        let wanted = LONG_ENOUGH.min(self.to.get() - self.from.get());
        self.long_enough(hours.and_then(|hours| self.spans(hours, at)), wanted)
    }

    /// When within the window opening hours, or a condition written like them, hold, in order;
    /// `None` where nobody can say.
    pub fn times(&self, hours: &str, at: LonLat) -> Option<Vec<(ServiceTime, ServiceTime)>> {
        let spans = self.states(hours.trim(), at)?;
        if spans.iter().any(|span| span.state == OpenState::Unknown) {
            return None;
        }
        let open = spans.into_iter().filter(|span| span.state == OpenState::Open);
        Some(open.map(|span| (span.from, span.to)).collect())
    }

    /// All states within the window, in order; `None` where the text is no expression, or too much
    /// is unknown.
    pub fn states(&self, hours: &str, at: LonLat) -> Option<Vec<OpenSpan>> {
        let span = |(from, to, state)| OpenSpan {
            from: ServiceTime::new(from),
            to: ServiceTime::new(to),
            state,
        };
        Some(self.spans(hours, at)?.into_iter().map(span).collect())
    }

    fn long_enough(&self, spans: Option<Vec<(i32, i32, OpenState)>>, wanted: i32) -> OpenState {
        let Some(spans) = spans else { return OpenState::Unknown };
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

    /// The states within the window, in seconds of its day; `None` where the text is no expression.
    #[cfg(feature = "opening-hours")]
    fn spans(&self, hours: &str, at: LonLat) -> Option<Vec<(i32, i32, OpenState)>> {
        let sky = sunlight::Sunlight::above(at, &self.zone)?;
        let around = expression::HoursContext { sky: &sky, nation: nation_at(at, self.nation) };
        expression::Expression::read(hours)?.states(
            self.date,
            self.from.get(),
            self.to.get(),
            &around,
        )
    }

    #[cfg(not(feature = "opening-hours"))]
    fn spans(&self, _: &str, _: LonLat) -> Option<Vec<(i32, i32, OpenState)>> {
        None
    }
}
