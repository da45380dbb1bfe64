//! On which dates a rule holds.

use jiff::ToSpan;
use jiff::civil::{self, Weekday};
use opening_hours_syntax::rules::day::{
    Date, DateOffset, DaySelector, HolidayKind, MonthdayRange, WeekDayOffset, WeekDayRange,
    WeekRange, Weekday as Named, Year, YearRange,
};

use super::holidays::easter;
use super::rule_text::RuleJoint;

/// Whether a rule's days have a date among them, by what is taken for a holiday. Selectors of
/// different kinds are joined by *and*.
pub(super) fn hold(
    days: &DaySelector,
    joint: Option<RuleJoint>,
    date: civil::Date,
    is_holiday: impl Fn(HolidayKind, civil::Date) -> bool,
) -> bool {
    let weekday = |range: &&WeekDayRange| weekday(range, date, &is_holiday);
    let of_holidays = |range: &&WeekDayRange| matches!(range, WeekDayRange::Holiday { .. });
    let of_weekdays = |range: &&WeekDayRange| !of_holidays(range);
    let any_weekday = match joint {
        Some(RuleJoint::And) => {
            days.weekday.iter().filter(of_holidays).any(|range| weekday(&range))
                && days.weekday.iter().filter(of_weekdays).any(|range| weekday(&range))
        }
        _ => any(&days.weekday, |range| weekday(&range)),
    };
    any_weekday
        && any(&days.year, |range| year(range, date))
        && any(&days.monthday, |range| monthday(range, date))
        && any(&days.week, |range| week(range, date))
}

/// `2025 Nov-Feb` ends in 2026: a year before months that go on into the next names the year they
/// begin in.
pub(super) fn begun_in_their_year(mut days: DaySelector) -> DaySelector {
    if let ([years], [MonthdayRange::Month { range, year: year @ None }]) =
        (days.year.as_slice(), days.monthday.as_mut_slice())
    {
        let (years, _) = years.into_parts();
        if years.start() == years.end() && range.start() > range.end() {
            *year = Some(*years.start());
            days.year.clear();
        }
    }
    days
}

/// Whether a rule is for certain days of the year, not for those of every week.
pub(super) fn of_the_year(days: &DaySelector) -> bool {
    let holiday = |range: &WeekDayRange| matches!(range, WeekDayRange::Holiday { .. });
    !days.monthday.is_empty() || days.weekday.iter().any(holiday)
}

/// The holidays that decide whether a rule holds on a date.
pub(super) fn holidays_asked(
    days: &DaySelector,
    date: civil::Date,
) -> impl Iterator<Item = (HolidayKind, civil::Date)> + '_ {
    days.weekday.iter().filter_map(move |range| match range {
        WeekDayRange::Holiday { kind, offset } => {
            Some((*kind, shifted(date, -i32::from(*offset))?))
        }
        WeekDayRange::Fixed { .. } => None,
    })
}

fn any<T>(all: &[T], holds: impl Fn(&T) -> bool) -> bool {
    all.is_empty() || all.iter().any(holds)
}

fn shifted(date: civil::Date, days: i32) -> Option<civil::Date> {
    date.checked_add(days.days()).ok()
}

fn year(range: &YearRange, date: civil::Date) -> bool {
    let (years, step) = range.into_parts();
    let year = i32::from(date.year());
    (**years.start()..=**years.end()).contains(&year)
        && (year - **years.start()) % i32::from(step.max(1)) == 0
}

fn week(range: &WeekRange, date: civil::Date) -> bool {
    let (weeks, step) = range.into_parts();
    let week = date.iso_week_date().week().unsigned_abs();
    (**weeks.start()..=**weeks.end()).contains(&week)
        && (week - **weeks.start()).is_multiple_of(step.max(1))
}

fn weekday(
    range: &WeekDayRange,
    date: civil::Date,
    is_holiday: impl Fn(HolidayKind, civil::Date) -> bool,
) -> bool {
    match range {
        WeekDayRange::Holiday { kind, offset } => {
            shifted(date, -i32::from(*offset)).is_some_and(|date| is_holiday(*kind, date))
        }
        WeekDayRange::Fixed { range, offset, nth_from_start, nth_from_end } => {
            let Some(date) = shifted(date, -i32::from(*offset)) else { return false };
            let (from, to) =
                (range.start().num_days_from_monday(), range.end().num_days_from_monday());
            let day = u32::from(date.weekday().to_monday_zero_offset().unsigned_abs());
            let within =
                if from <= to { (from..=to).contains(&day) } else { day >= from || day <= to };
            let nth = |days: i8, nths: &[bool; 5]| {
                nths.get(usize::from(days.unsigned_abs()) / 7).is_some_and(|nth| *nth)
            };
            within
                && (nth(date.day() - 1, nth_from_start)
                    || nth(date.days_in_month() - date.day(), nth_from_end))
        }
    }
}

fn monthday(range: &MonthdayRange, date: civil::Date) -> bool {
    match range {
        MonthdayRange::Month { range, year } => {
            let (from, to) = (*range.start() as i8, *range.end() as i8);
            let month = date.month();
            let is = |wanted: i32| year.is_none_or(|year| *year == wanted);
            let this = i32::from(date.year());
            if from <= to {
                is(this) && (from..=to).contains(&month)
            } else {
                // From one year into the next: the year that is named is the first.
                (month >= from && is(this)) || (month <= to && is(this - 1))
            }
        }
        MonthdayRange::Date { start, end } => between(start, end, date),
    }
}

type Bound = (Date, DateOffset);

fn between(start: &Bound, end: &Bound, date: civil::Date) -> bool {
    let this = date.year();
    let named =
        |bound: &Bound| bound.0.year().map(|Year(year)| i16::try_from(year).unwrap_or(i16::MAX));
    if start == end {
        let years = named(start).map_or(this - 1..=this + 1, |year| year..=year);
        return years.into_iter().any(|year| on_year(start, year, MissingDay::Left) == Some(date));
    }
    let years = match (named(start), named(end)) {
        (Some(year), _) => year..=year,
        (None, Some(year)) => year.saturating_sub(1)..=year,
        (None, None) => this - 1..=this + 1,
    };
    years.into_iter().any(|year| {
        let Some(first) = on_year(start, year, MissingDay::After) else { return false };
        let last = match named(end) {
            Some(year) => on_year(end, year, MissingDay::Before),
            None => on_year(end, year, MissingDay::Before)
                .filter(|last| *last >= first)
                .or_else(|| on_year(end, year.checked_add(1)?, MissingDay::Before)),
        };
        last.is_some_and(|last| (first..=last).contains(&date))
    })
}

/// What stands for a day that a month has not, such as 29 February.
#[derive(Clone, Copy)]
enum MissingDay {
    /// Nothing.
    Left,
    /// The last day of the month.
    Before,
    /// The first day of the next.
    After,
}

fn on_year((date, offset): &Bound, year: i16, missing: MissingDay) -> Option<civil::Date> {
    let day = match date {
        Date::Easter { .. } => easter(year),
        Date::Fixed { month, day, .. } => {
            let (month, day) = (*month as i8, i8::try_from(*day).ok()?);
            civil::Date::new(year, month, day).ok().or_else(|| {
                let last = civil::Date::new(year, month, 1).ok()?.last_of_month();
                match missing {
                    MissingDay::Left => None,
                    MissingDay::Before => Some(last),
                    MissingDay::After => last.tomorrow().ok(),
                }
            })
        }
        Date::Weekday { month, wday, nth, .. } => {
            let first = civil::Date::new(year, *month as i8, 1).ok()?;
            first.nth_weekday_of_month(*nth, weekday_of(*wday)?).ok()
        }
    }?;
    let day = shifted(day, i32::from(offset.day_offset))?;
    match offset.wday_offset {
        WeekDayOffset::None => Some(day),
        WeekDayOffset::Next(wanted) => {
            shifted(day, weekday_of(wanted)?.since(day.weekday()).into())
        }
        WeekDayOffset::Prev(wanted) => {
            shifted(day, -i32::from(day.weekday().since(weekday_of(wanted)?)))
        }
    }
}

fn weekday_of(day: Named) -> Option<Weekday> {
    Weekday::from_monday_zero_offset(i8::try_from(day.num_days_from_monday()).ok()?).ok()
}
