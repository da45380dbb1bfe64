//! Quantities with their unit in the type, and only the arithmetic that means something.
//!
//! Times are whole seconds; distances are metres. A time of day and a length of time are different
//! types: a time minus a time is a length, and no two times can be added.

use std::fmt;
use std::ops::{Add, AddAssign, Div, Mul, Sub};

use serde::{Deserialize, Serialize};

/// A length of time in whole seconds.
///
/// ```
/// use lastmile::units::Seconds;
///
/// let walk = Seconds::minutes(5) + Seconds::new(35);
/// assert_eq!(walk.to_string(), "5:35");
/// assert_eq!(Seconds::new(90).as_minutes(), 1.5);
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seconds(u32);

impl Seconds {
    /// A length in seconds.
    pub const fn new(seconds: u32) -> Seconds {
        Seconds(seconds)
    }

    /// The length in seconds.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// No time at all.
    pub const ZERO: Seconds = Seconds(0);

    /// A length given in minutes.
    pub const fn minutes(minutes: u32) -> Seconds {
        Seconds(minutes * 60)
    }

    /// The length in minutes, exact.
    pub fn as_minutes(self) -> f64 {
        f64::from(self.0) / 60.0
    }

    /// This length less another, or none if the other is longer.
    pub fn saturating_sub(self, other: Seconds) -> Seconds {
        Seconds(self.0.saturating_sub(other.0))
    }
}

impl Add for Seconds {
    type Output = Seconds;
    fn add(self, other: Seconds) -> Seconds {
        Seconds(self.0 + other.0)
    }
}

impl AddAssign for Seconds {
    fn add_assign(&mut self, other: Seconds) {
        *self = *self + other;
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// Seconds after noon minus 12 h of a service day (the GTFS "Time"): may pass 24:00, and lies below
/// zero for a moment of the day before.
///
/// ```
/// use lastmile::units::{Seconds, ServiceTime};
///
/// let night_bus = ServiceTime::hms(25, 10, 0);
/// assert_eq!((night_bus + Seconds::minutes(20)).to_string(), "25:30:00");
/// assert_eq!(night_bus.since(ServiceTime::hms(24, 0, 0)), Some(Seconds::new(4200)));
/// assert_eq!(ServiceTime::hms(24, 0, 0).since(night_bus), None);
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct ServiceTime(i32);

impl ServiceTime {
    /// Seconds after the service day's zero.
    pub const fn new(seconds: i32) -> ServiceTime {
        ServiceTime(seconds)
    }

    /// The seconds after the service day's zero.
    pub const fn get(self) -> i32 {
        self.0
    }

    /// A time of day by the clock of the service day.
    pub const fn hms(hours: i32, minutes: i32, seconds: i32) -> ServiceTime {
        ServiceTime(hours * 3600 + minutes * 60 + seconds)
    }

    /// How long from `earlier` to this time; `None` if it lies before.
    pub fn since(self, earlier: ServiceTime) -> Option<Seconds> {
        u32::try_from(self.0 - earlier.0).ok().map(Seconds)
    }
}

impl Add<Seconds> for ServiceTime {
    type Output = ServiceTime;
    #[expect(clippy::cast_possible_wrap, reason = "a length of time is far below 68 years")]
    fn add(self, length: Seconds) -> ServiceTime {
        ServiceTime(self.0 + length.0 as i32)
    }
}

impl Sub<Seconds> for ServiceTime {
    type Output = ServiceTime;
    #[expect(clippy::cast_possible_wrap, reason = "a length of time is far below 68 years")]
    fn sub(self, length: Seconds) -> ServiceTime {
        ServiceTime(self.0 - length.0 as i32)
    }
}

impl fmt::Display for ServiceTime {
    /// `HH:MM:SS`, with hours past 24 as GTFS writes them and a minus sign before the day's zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let s = self.0.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
    }
}

/// A distance in metres. Divided by a speed it is a time.
///
/// ```
/// use lastmile::units::{Metres, MetresPerSecond, Seconds};
///
/// let walk = Metres::new(400.0) / MetresPerSecond::kmh(4.8);
/// assert_eq!(walk.ceil(), Seconds::new(300));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metres(f64);

impl Metres {
    /// A distance in metres.
    pub const fn new(metres: f64) -> Metres {
        Metres(metres)
    }

    /// The distance in metres.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl Add for Metres {
    type Output = Metres;
    fn add(self, other: Metres) -> Metres {
        Metres(self.0 + other.0)
    }
}

impl Sub for Metres {
    type Output = Metres;
    fn sub(self, other: Metres) -> Metres {
        Metres(self.0 - other.0)
    }
}

impl Mul<f64> for Metres {
    type Output = Metres;
    fn mul(self, factor: f64) -> Metres {
        Metres(self.0 * factor)
    }
}

impl fmt::Display for Metres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} m", self.0)
    }
}

/// A speed.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MetresPerSecond(f64);

impl MetresPerSecond {
    /// A speed in metres a second.
    pub const fn new(speed: f64) -> MetresPerSecond {
        MetresPerSecond(speed)
    }

    /// The speed in metres a second.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// A speed given in kilometres per hour.
    pub const fn kmh(kmh: f64) -> MetresPerSecond {
        MetresPerSecond(kmh / 3.6)
    }

    /// The speed in kilometres per hour.
    pub fn as_kmh(self) -> f64 {
        self.0 * 3.6
    }
}

impl Div<MetresPerSecond> for Metres {
    type Output = Millis;
    /// The time a distance takes, to the nearest thousandth of a second.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "distances are finite and not negative"
    )]
    fn div(self, speed: MetresPerSecond) -> Millis {
        Millis((self.0 / speed.0 * 1000.0).round() as u32)
    }
}

/// A length of time in thousandths of a second: what walking along an edge costs, so that sums over
/// many short edges lose nothing. Turned into [`Seconds`] once, at the end of a walk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub u32);

impl Millis {
    /// Whole seconds, rounded up: a walk is never said to be shorter than it is.
    pub const fn ceil(self) -> Seconds {
        Seconds(self.0.div_ceil(1000))
    }
}

impl From<Seconds> for Millis {
    fn from(s: Seconds) -> Millis {
        Millis(s.0 * 1000)
    }
}

impl Add for Millis {
    type Output = Millis;
    fn add(self, other: Millis) -> Millis {
        Millis(self.0 + other.0)
    }
}

/// A share between 0 and 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Share(pub f64);

impl Share {
    /// `part` of `whole`; `None` when the whole is nothing.
    pub fn of(part: f64, whole: f64) -> Option<Share> {
        (whole > 0.0).then(|| Share(part / whole))
    }

    /// The share as a percentage.
    pub fn percent(self) -> f64 {
        self.0 * 100.0
    }
}
