//! Service days: when each begins, and whether the date asked for is an ordinary one.

mod nights;

use jiff::Zoned;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use serde::Serialize;

use super::vehicles::Courses;
use crate::inputs::gtfs::Feed;
use crate::units::ServiceTime;
pub use nights::runs_on_past_midnight;

/// Below this share of the median of the same weekdays a date is unusual (semantics: service time).
pub const ORDINARY_SHARE: f64 = 0.8;

/// The clock of an analysis: the date and timezone its times count in.
#[derive(Clone, Debug)]
pub struct Clock {
    date: Date,
    zone: TimeZone,
    zero: Zoned,
}

/// What is wrong with a date or timezone.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// The time zone database does not know the name.
    #[error(
        "unknown timezone `{0}`: use a name of the IANA time zone database such as Europe/London"
    )]
    Timezone(String),
    /// The date is at the end of the calendar.
    #[error("the date {0} cannot be used")]
    Date(Date),
    /// A feed does not reach to the date.
    #[error(
        "{feed} has no service on {date}: it runs from {first} to {last}, most on {busiest}; choose a date in that range (or --allow-unusual-date)"
    )]
    OutsideFeed {
        /// The feed's name.
        feed: String,
        /// The date asked for.
        date: Date,
        /// Its first service day.
        first: Date,
        /// Its last service day.
        last: Date,
        /// Its busiest dates with their trips.
        busiest: String,
    },
    /// The date is inside the range, but far fewer trips run than on other such weekdays.
    #[error(
        "{feed} runs {trips} trips on {date}, where {median} is usual on a {weekday}: is it a holiday? The nearest ordinary date is {nearest} (or --allow-unusual-date)"
    )]
    UnusualDate {
        /// The feed's name.
        feed: String,
        /// The date asked for.
        date: Date,
        /// Trips on that date.
        trips: u32,
        /// The median of the same weekdays in the feed's range.
        median: u32,
        /// The weekday's name.
        weekday: &'static str,
        /// The nearest date of the same weekday with ordinary service.
        nearest: String,
    },
    /// No feed has any service on the date.
    #[error("no trip of any feed runs on {date}: {ranges}")]
    NoService {
        /// The date asked for.
        date: Date,
        /// Each feed's range.
        ranges: String,
    },
    /// No date suits a day type.
    #[error("no {day} is inside every feed's range ({ranges}): name a date for the window instead")]
    NoSuchDay {
        /// `weekday`, `saturday`, `sunday`.
        day: &'static str,
        /// Each feed's range.
        ranges: String,
    },
}

impl Clock {
    /// The clock of a date in a timezone.
    ///
    /// # Errors
    /// If the timezone is unknown, or the date at the very end of the calendar.
    pub fn new(date: Date, timezone: &str) -> Result<Clock, CalendarError> {
        let zone =
            TimeZone::get(timezone).map_err(|_| CalendarError::Timezone(timezone.to_owned()))?;
        let zero = service_day_zero(date, &zone)?;
        Ok(Clock { date, zone, zero })
    }

    /// The date.
    pub fn date(&self) -> Date {
        self.date
    }

    /// The timezone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The timezone's name, as it was given.
    pub fn timezone(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// When the service day `date` of a feed in `timezone` begins, in this clock's seconds.
    ///
    /// # Errors
    /// If the timezone is unknown, or the date at the very end of the calendar.
    pub fn day_begins(&self, date: Date, timezone: &str) -> Result<ServiceTime, CalendarError> {
        let zone =
            TimeZone::get(timezone).map_err(|_| CalendarError::Timezone(timezone.to_owned()))?;
        let zero = service_day_zero(date, &zone)?;
        Ok(self.seconds(&zero))
    }

    /// What a clock on the wall means: `time` past midnight of the date by the hands, hours past 24
    /// on the next date. On the day the clocks change this differs from the service time before
    /// noon.
    ///
    /// # Errors
    /// If the date is at the very end of the calendar.
    pub fn wall(&self, time: ServiceTime) -> Result<ServiceTime, CalendarError> {
        let days = time.get().div_euclid(86_400);
        let seconds = time.get().rem_euclid(86_400);
        let moment = self.date.checked_add(days.days()).ok();
        let moment = moment
            .and_then(|date| date.at(0, 0, 0, 0).checked_add(i64::from(seconds).seconds()).ok());
        let moment = moment.and_then(|moment| moment.to_zoned(self.zone.clone()).ok());
        Ok(self.seconds(&moment.ok_or(CalendarError::Date(self.date))?))
    }

    /// A moment by the hands of a clock on the wall, with the date where it is not the query's own.
    pub fn on_the_wall(&self, time: ServiceTime) -> String {
        let moment = self.zero.checked_add(SignedDuration::from_secs(time.get().into()));
        match moment {
            Ok(moment) if moment.date() == self.date => moment.strftime("%H:%M:%S").to_string(),
            Ok(moment) => moment.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            Err(_) => time.to_string(),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "dates of one analysis are days apart")]
    fn seconds(&self, moment: &Zoned) -> ServiceTime {
        ServiceTime::new(moment.duration_since(&self.zero).as_secs() as i32)
    }
}

/// Noon minus 12 h: midnight, except on the day the clocks change.
fn service_day_zero(date: Date, zone: &TimeZone) -> Result<Zoned, CalendarError> {
    let noon =
        date.at(12, 0, 0, 0).to_zoned(zone.clone()).map_err(|_| CalendarError::Date(date))?;
    noon.checked_sub(SignedDuration::from_hours(12)).map_err(|_| CalendarError::Date(date))
}

/// How many vehicles' trips of a feed run on each date of its range.
#[derive(Clone, Debug, Serialize)]
pub struct ServiceByDate {
    /// The first date with a trip.
    pub first: Date,
    /// The last date with a trip.
    pub last: Date,
    /// Trips on each date from `first` to `last`. One that is published twice counts once: see
    /// [`vehicles`](super::vehicles).
    pub trips: Vec<u32>,
    /// On each date, how many more are published: copies of one of `trips`.
    pub copies: Vec<u32>,
}

impl ServiceByDate {
    /// Counts a feed's trips; `None` if no trip ever runs. A trip of frequencies.txt counts once
    /// for each departure, and one that is published twice once on each date on which both run.
    pub fn count(feed: &Feed) -> Option<ServiceByDate> {
        let mut departures = vec![1u32; feed.trips.len()];
        for frequency in &feed.frequencies {
            departures[frequency.trip as usize] = 0;
        }
        for frequency in &feed.frequencies {
            let span = frequency.end.since(frequency.start).map_or(0, |s| s.get());
            departures[frequency.trip as usize] += span.div_ceil(frequency.headway.get().max(1));
        }
        let mut per_service = vec![0u32; feed.services.len()];
        for (trip, departures) in feed.trips.iter().zip(departures) {
            per_service[trip.service as usize] += departures;
        }
        let running = || feed.services.iter().zip(&per_service).filter(|(_, trips)| **trips > 0);
        let first = running().filter_map(|(service, _)| service.dates.first()).min().copied()?;
        let last = running().filter_map(|(service, _)| service.dates.last()).max().copied()?;
        let mut trips = vec![0u32; day_number(first, last) + 1];
        for (service, count) in running() {
            for date in &service.dates {
                trips[day_number(first, *date)] += count;
            }
        }
        let mut copies = vec![0; trips.len()];
        for (date, surplus) in Courses::of(feed).copies_by_date(feed) {
            let day = day_number(first, date);
            trips[day] -= surplus;
            copies[day] = surplus;
        }
        Some(ServiceByDate { first, last, trips, copies })
    }

    /// Trips that are published on a date besides those that count; none outside the range.
    pub fn copies_on(&self, date: Date) -> u32 {
        if date < self.first || date > self.last {
            0
        } else {
            self.copies[day_number(self.first, date)]
        }
    }

    /// Trips on a date; none outside the range.
    pub fn on(&self, date: Date) -> u32 {
        if date < self.first || date > self.last {
            0
        } else {
            self.trips[day_number(self.first, date)]
        }
    }

    /// The first of the dates with the most copies; none where there is no copy on any.
    pub fn most_copies(&self) -> Option<Date> {
        let dates = self.dates().zip(&self.copies).filter(|(_, copies)| **copies > 0);
        dates
            .max_by_key(|((date, _), copies)| (**copies, std::cmp::Reverse(*date)))
            .map(|((date, _), _)| date)
    }

    /// The median over the range's dates with the same weekday; of those with any service, if most
    /// have none.
    pub fn usual(&self, weekday: Weekday) -> u32 {
        let mut same: Vec<u32> = self
            .dates()
            .filter(|(date, _)| date.weekday() == weekday)
            .map(|(_, trips)| trips)
            .collect();
        same.sort_unstable();
        same.get(same.len() / 2).copied().unwrap_or(0)
    }

    /// Whether the date is in range and has at least [`ORDINARY_SHARE`] of what is usual on its
    /// weekday.
    pub fn is_ordinary(&self, date: Date) -> bool {
        date >= self.first
            && date <= self.last
            && f64::from(self.on(date)) >= ORDINARY_SHARE * f64::from(self.usual(date.weekday()))
    }

    /// The ordinary date in range nearest to another that suits; of two as near, the later.
    pub fn nearest_ordinary(&self, near: Date, suits: impl Fn(Date) -> bool) -> Option<Date> {
        nearest(near, self.first, self.last, |date| suits(date) && self.is_ordinary(date))
    }

    /// Dates and trips, in order.
    pub fn dates(&self) -> impl Iterator<Item = (Date, u32)> + '_ {
        self.first.series(1.day()).zip(self.trips.iter().copied())
    }

    /// The busiest dates with their trips, at most `n`.
    pub fn busiest(&self, n: usize) -> Vec<(Date, u32)> {
        let mut dates: Vec<_> = self.dates().collect();
        dates.sort_by_key(|(date, trips)| (std::cmp::Reverse(*trips), *date));
        dates.truncate(n);
        dates
    }
}

/// Checks a date against every feed: in range, and with ordinary service for its weekday.
///
/// A weekday that a feed never serves is a fact, not an error.
///
/// # Errors
/// [`CalendarError::OutsideFeed`] and [`CalendarError::UnusualDate`], the first that applies;
/// [`CalendarError::NoService`] if nothing at all runs on a date although something does on others
/// of its weekday.
pub fn check_date(date: Date, feeds: &[(String, ServiceByDate)]) -> Result<(), CalendarError> {
    for (name, service) in feeds {
        if date < service.first || date > service.last {
            let busiest = service
                .busiest(3)
                .iter()
                .map(|(d, n)| format!("{d} ({n} trips)"))
                .collect::<Vec<_>>()
                .join(", ");
            let (first, last) = (service.first, service.last);
            return Err(CalendarError::OutsideFeed {
                feed: name.clone(),
                date,
                first,
                last,
                busiest,
            });
        }
        if !service.is_ordinary(date) {
            let nearest = nearest(date, service.first, service.last, |d| {
                d.weekday() == date.weekday() && service.is_ordinary(d)
            });
            return Err(CalendarError::UnusualDate {
                feed: name.clone(),
                date,
                trips: service.on(date),
                median: service.usual(date.weekday()),
                weekday: weekday_name(date.weekday()),
                nearest: nearest.map_or_else(|| "not in this feed".to_owned(), |d| d.to_string()),
            });
        }
    }
    Ok(())
}

/// The ordinary date of a day type nearest the project's date, inside every feed's range.
///
/// `suits` tells the weekdays of the day type; the day types' own name is for the message.
///
/// # Errors
/// [`CalendarError::NoSuchDay`] if there is none.
pub fn resolve_day(
    day: &'static str,
    suits: impl Fn(Weekday) -> bool,
    near: Date,
    feeds: &[(String, ServiceByDate)],
) -> Result<Date, CalendarError> {
    let first = feeds.iter().map(|(_, service)| service.first).max().unwrap_or(near);
    let last = feeds.iter().map(|(_, service)| service.last).min().unwrap_or(near);
    let ordinary = |date: Date| {
        suits(date.weekday()) && feeds.iter().all(|(_, service)| service.is_ordinary(date))
    };
    let found = if feeds.is_empty() {
        nearest(near, near - 7.days(), near + 7.days(), ordinary)
    } else {
        nearest(near, first, last, ordinary)
    };
    found.ok_or_else(|| CalendarError::NoSuchDay { day, ranges: ranges(feeds) })
}

/// Each feed's range, for messages.
pub fn ranges(feeds: &[(String, ServiceByDate)]) -> String {
    feeds
        .iter()
        .map(|(name, s)| format!("{name} runs from {} to {}", s.first, s.last))
        .collect::<Vec<_>>()
        .join("; ")
}

/// The weekday's English name.
pub fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// The date in `first..=last` nearest to `near` that suits; of two as near, the later.
fn nearest(near: Date, first: Date, last: Date, suits: impl Fn(Date) -> bool) -> Option<Date> {
    let in_range = |date: Date| date >= first && date <= last && suits(date);
    let furthest = day_distance(near, first).max(day_distance(near, last));
    (0..=furthest).find_map(|days| {
        let (later, earlier) = (near.checked_add(days.days()), near.checked_sub(days.days()));
        [later, earlier].into_iter().flatten().find(|date| in_range(*date))
    })
}

fn day_distance(a: Date, b: Date) -> i64 {
    (b - a).get_days().abs().into()
}

fn day_number(first: Date, date: Date) -> usize {
    usize::try_from((date - first).get_days()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
