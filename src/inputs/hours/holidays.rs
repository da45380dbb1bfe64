//! Public holidays of the nations of the United Kingdom and of Ireland, made by rule where there is
//! a rule.
//!
//! Sources: Banking and Financial Dealings Act 1971, schedule 1, and the proclamations under it, as
//! listed on <https://www.gov.uk/bank-holidays> (Scotland's too; St Andrew's Day Bank Holiday
//! (Scotland) Act 2007); Organisation of Working Time Act 1997 of Ireland, schedule 2, with S.I.
//! 50/2022 (18 March 2022) and S.I. 615/2022 (St Brigid's Day).

use std::ops::RangeInclusive;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// The years that are covered: before and after them no holiday is known. One-off days are
/// proclaimed a year or two ahead, so a later year is not added before its days are published.
pub const YEARS: RangeInclusive<i16> = 2010..=2028;

/// A nation whose public holidays are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nation {
    /// England and Wales, which have the same.
    EnglandAndWales,
    /// Scotland.
    Scotland,
    /// Northern Ireland.
    NorthernIreland,
    /// The Republic of Ireland.
    Ireland,
}

impl Nation {
    /// All of them.
    pub const ALL: [Nation; 4] =
        [Nation::EnglandAndWales, Nation::Scotland, Nation::NorthernIreland, Nation::Ireland];

    /// Its key in project files.
    pub fn key(self) -> &'static str {
        match self {
            Nation::EnglandAndWales => "england_and_wales",
            Nation::Scotland => "scotland",
            Nation::NorthernIreland => "northern_ireland",
            Nation::Ireland => "ireland",
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Nation::EnglandAndWales => "England and Wales",
            Nation::Scotland => "Scotland",
            Nation::NorthernIreland => "Northern Ireland",
            Nation::Ireland => "Ireland",
        }
    }

    /// Whether a date is a public holiday or the substitute of one; `None` where that is not known.
    ///
    /// Irish law knows no substitute days, yet many keep them: the weekday that follows is not
    /// known.
    pub fn is_holiday(self, date: Date) -> Option<bool> {
        if !YEARS.contains(&date.year()) {
            return None;
        }
        let days = self.days(date.year());
        if days.contains(&date) {
            return Some(true);
        }
        let substitute = substitutes(&days).contains(&date);
        if substitute && self == Nation::Ireland { None } else { Some(substitute) }
    }

    /// The holidays of a year themselves, in order.
    fn days(self, year: i16) -> Vec<Date> {
        use Nation::{EnglandAndWales, Ireland, NorthernIreland, Scotland};
        use Weekday::Monday;
        let on = |month, day| Date::new(year, month, day).ok();
        let nth = |month, nth| on(month, 1)?.nth_weekday_of_month(nth, Monday).ok();
        let easter = |offset: i32| easter(year)?.checked_add(offset.days()).ok();
        let with = |nations: &[Nation], day: Option<Date>| {
            nations.contains(&self).then_some(day).flatten()
        };
        const UK: [Nation; 3] = [EnglandAndWales, Scotland, NorthernIreland];
        const NOT_SCOTLAND: [Nation; 3] = [EnglandAndWales, NorthernIreland, Ireland];
        let early_may = if year == 2020 && self != Ireland { on(5, 8) } else { nth(5, 1) };
        // Moved for the jubilees of 2012 and 2022.
        let spring = match year {
            2012 => on(6, 4),
            2022 => on(6, 2),
            _ => nth(5, -1),
        };
        // On the first of February where that is a Friday.
        let brigid = on(2, 1).filter(|day| day.weekday() == Weekday::Friday).or(nth(2, 1));
        let of_rule = [
            on(1, 1),
            with(&[Scotland], on(1, 2)),
            with(&[Ireland], brigid.filter(|_| year >= 2023)),
            with(&[NorthernIreland, Ireland], on(3, 17)),
            with(&UK, easter(-2)),
            with(&NOT_SCOTLAND, easter(1)),
            early_may,
            with(&UK, spring),
            with(&[Ireland], nth(6, 1)),
            with(&[NorthernIreland], on(7, 12)),
            with(&[Scotland, Ireland], nth(8, 1)),
            with(&[EnglandAndWales, NorthernIreland], nth(8, -1)),
            with(&[Ireland], nth(10, -1)),
            with(&[Scotland], on(11, 30)),
            on(12, 25),
            on(12, 26),
        ];
        let once =
            ONCE.iter().filter(|(of, ..)| *of == year).filter_map(|(_, month, day, nations)| {
                nations.contains(&self).then(|| on(*month, *day)).flatten()
            });
        let mut days: Vec<Date> = of_rule.into_iter().flatten().chain(once).collect();
        days.sort_unstable();
        days
    }
}

/// Days that were holidays in one year only.
const ONCE: [(i16, i8, i8, &[Nation]); 7] = {
    use Nation::{EnglandAndWales, Ireland, NorthernIreland, Scotland};
    const UK: &[Nation] = &[EnglandAndWales, Scotland, NorthernIreland];
    [
        (2011, 4, 29, UK),          // a royal wedding
        (2012, 6, 5, UK),           // Diamond Jubilee
        (2022, 3, 18, &[Ireland]),  // remembrance and recognition
        (2022, 6, 3, UK),           // Platinum Jubilee
        (2022, 9, 19, UK),          // a state funeral
        (2023, 5, 8, UK),           // a coronation
        (2026, 6, 15, &[Scotland]), // the World Cup
    ]
};

/// For each day at a weekend the next weekday that is no holiday and no other's substitute.
fn substitutes(days: &[Date]) -> Vec<Date> {
    let weekend = |day: &Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let mut found: Vec<Date> = Vec::new();
    for day in days.iter().filter(|day| weekend(day)) {
        let free = |next: &Date| !weekend(next) && !days.contains(next) && !found.contains(next);
        found.extend((1..=7).filter_map(|n: i32| day.checked_add(n.days()).ok()).find(free));
    }
    found
}

/// Easter Sunday of the Gregorian calendar ("Anonymous Gregorian algorithm": Nature, 20 April
/// 1876).
pub(super) fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (b - (b + 8) / 25 + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let days = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holidays(nation: Nation, year: i16) -> String {
        let start = Date::constant(year, 1, 1);
        let all = start.series(1.day()).take_while(|day| day.year() == year);
        let all = all.filter(|day| nation.is_holiday(*day) == Some(true));
        all.map(|day| day.strftime("%m-%d").to_string()).collect::<Vec<_>>().join(" ")
    }

    /// As gov.uk/bank-holidays and citizensinformation.ie list them, with the days that have a
    /// substitute.
    #[test]
    fn the_holidays_of_the_nations() {
        use Nation::{EnglandAndWales, Ireland, NorthernIreland, Scotland};
        let said = [
            (EnglandAndWales, 2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28"),
            (
                EnglandAndWales,
                2022,
                "01-01 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-25 12-26 12-27",
            ),
            (EnglandAndWales, 2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-26 12-28"),
            (EnglandAndWales, 2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-25 12-26 12-27 12-28"),
            (EnglandAndWales, 2012, "01-01 01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26"),
            (EnglandAndWales, 2023, "01-01 01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"),
            (Scotland, 2026, "01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-26 12-28"),
            (
                Scotland,
                2022,
                "01-01 01-02 01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-25 12-26 12-27",
            ),
            (Scotland, 2023, "01-01 01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26"),
            (
                NorthernIreland,
                2026,
                "01-01 03-17 04-03 04-06 05-04 05-25 07-12 07-13 08-31 12-25 12-26 12-28",
            ),
            (Ireland, 2022, "01-01 03-17 03-18 04-18 05-02 06-06 08-01 10-31 12-25 12-26"),
            (Ireland, 2024, "01-01 02-05 03-17 04-01 05-06 06-03 08-05 10-28 12-25 12-26"),
        ];
        for (nation, year, days) in said {
            assert_eq!(holidays(nation, year), days, "{} {year}", nation.name());
        }
    }

    #[test]
    fn what_no_law_says_is_unknown() {
        let on = |date: &str, nation: Nation| nation.is_holiday(date.parse().expect("a date"));
        assert_eq!(on("2026-12-28", Nation::Ireland), None, "26 December is a Saturday");
        assert_eq!(on("2026-12-29", Nation::Ireland), Some(false));
        assert_eq!(on("2009-12-25", Nation::Scotland), None);
        assert_eq!(on("2029-01-01", Nation::Scotland), None);
    }

    /// The dates of tables of Easter, the earliest and the latest possible among them.
    #[test]
    fn easter_is_found() {
        for date in
            ["1818-03-22", "1943-04-25", "2000-04-23", "2024-03-31", "2026-04-05", "2038-04-25"]
        {
            let date: Date = date.parse().expect("a date");
            assert_eq!(easter(date.year()), Some(date));
        }
    }
}
