//! When the sun rises and sets at a place.

use chrono::NaiveDate;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use opening_hours_syntax::rules::time::TimeEvent;
use sunrise::{Coordinates, DawnType, SolarDay, SolarEvent};

use crate::geometry::LonLat;

/// The sun above a place, on the clock of its timezone.
#[derive(Clone, Debug)]
pub(super) struct Sunlight {
    at: Coordinates,
    zone: TimeZone,
}

impl Sunlight {
    pub(super) fn above(place: LonLat, zone: &TimeZone) -> Option<Sunlight> {
        Some(Sunlight { at: Coordinates::new(place.lat(), place.lon())?, zone: zone.clone() })
    }

    /// Seconds of the clock since a date's midnight (more than a day's where dusk comes after the
    /// next); `None` where the sun does not come so low or so high. Dawn and dusk are civil: the
    /// sun is six degrees below the horizon.
    pub(super) fn event(&self, event: TimeEvent, date: Date) -> Option<i32> {
        let event = match event {
            TimeEvent::Dawn => SolarEvent::Dawn(DawnType::Civil),
            TimeEvent::Sunrise => SolarEvent::Sunrise,
            TimeEvent::Sunset => SolarEvent::Sunset,
            TimeEvent::Dusk => SolarEvent::Dusk(DawnType::Civil),
        };
        let day = NaiveDate::from_ymd_opt(
            date.year().into(),
            date.month().unsigned_abs().into(),
            date.day().unsigned_abs().into(),
        )?;
        let moment = SolarDay::new(self.at, day).event_time(event)?;
        let moment = self.zone.to_datetime(Timestamp::from_second(moment.timestamp()).ok()?);
        let since = moment.duration_since(date.to_datetime(Time::midnight()));
        i32::try_from(since.as_secs()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newport, as HM Nautical Almanac Office's tables of the sun give it for 51°35' N 3° W, to the
    /// minute or two.
    #[test]
    fn the_sun_keeps_the_almanac() {
        let zone = TimeZone::get("Europe/London").expect("a timezone");
        let sky =
            Sunlight::above(LonLat::new(-3.0, 51.5833).expect("a point"), &zone).expect("a sky");
        let at = |event, date: &str| {
            let seconds = sky.event(event, date.parse().expect("a date")).expect("an event");
            (seconds + 30) / 60
        };
        let near = |is: i32, hours: i32, minutes: i32| (is - (hours * 60 + minutes)).abs() <= 3;
        assert!(
            near(at(TimeEvent::Sunrise, "2026-12-21"), 8, 16),
            "{}",
            at(TimeEvent::Sunrise, "2026-12-21")
        );
        assert!(
            near(at(TimeEvent::Sunset, "2026-12-21"), 16, 4),
            "{}",
            at(TimeEvent::Sunset, "2026-12-21")
        );
        assert!(
            near(at(TimeEvent::Sunrise, "2026-06-21"), 4, 54),
            "{}",
            at(TimeEvent::Sunrise, "2026-06-21")
        );
        assert!(
            near(at(TimeEvent::Sunset, "2026-06-21"), 21, 34),
            "{}",
            at(TimeEvent::Sunset, "2026-06-21")
        );
        assert!(at(TimeEvent::Dusk, "2026-12-21") > at(TimeEvent::Sunset, "2026-12-21") + 30);
        assert!(at(TimeEvent::Dawn, "2026-06-21") < at(TimeEvent::Sunrise, "2026-06-21") - 30);
    }

    #[test]
    fn where_it_does_not_set_there_is_no_dusk() {
        let zone = TimeZone::get("Europe/London").expect("a timezone");
        let unst =
            Sunlight::above(LonLat::new(-0.85, 60.84).expect("a point"), &zone).expect("a sky");
        assert_eq!(unst.event(TimeEvent::Dusk, "2026-06-21".parse().expect("a date")), None);
        assert!(unst.event(TimeEvent::Sunset, "2026-06-21".parse().expect("a date")).is_some());
    }
}
