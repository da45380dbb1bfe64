//! How long a ferry takes: the values of `duration`.
//!
//! Minutes, `h:mm`, `hh:mm:ss` (wiki.openstreetmap.org "Key:duration"), numbers with a unit as
//! people write them (`20 min`, `1 h 30 min`, `90 minutes`), or a duration of ISO 8601 in any of
//! its forms: with designators (`PT1H25M`, `P1DT2H`, `P1W`, a fraction in the last
//! number, behind a point or comma), and the alternative ones (`P0000-00-00T01:25:00`, `PT012500`).
//! Years and months have no length; nothing longer than a week is believed.

use crate::units::Seconds;

const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;
const WEEK: f64 = 7.0 * DAY;

/// The duration that a value says; `None` if it says none, or none that can be.
pub(super) fn duration(text: &str) -> Option<Seconds> {
    let text = text.trim().to_ascii_uppercase();
    let seconds = match text.strip_prefix('P') {
        Some(iso) => iso_8601(iso)?,
        None if text.contains(':') => clock(&text)?,
        None => whole(&text).map_or_else(|| in_words(&text), |minutes| Some(minutes * MINUTE))?,
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "known to be within a week"
    )]
    (1.0..=WEEK).contains(&seconds).then(|| Seconds::new(seconds.round() as u32))
}

fn iso_8601(text: &str) -> Option<f64> {
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let days = match date {
        "" => 0.0,
        date if date.contains('-') => {
            calendar(date.split('-').collect::<Vec<_>>().try_into().ok()?)?
        }
        date if date.len() == 8 && is_whole(date) => {
            calendar([&date[..4], &date[4..6], &date[6..]])?
        }
        date => designated(date, &[('Y', None), ('M', None), ('W', Some(WEEK)), ('D', Some(DAY))])?,
    };
    let time = match time {
        None if date.is_empty() => return None,
        None => 0.0,
        Some(time) if time.contains(':') => clock(time)?,
        Some(time) if time.len() == 6 && is_whole(time) => {
            whole(&time[..2])? * HOUR + whole(&time[2..4])? * MINUTE + whole(&time[4..])?
        }
        Some(time) => {
            designated(time, &[('H', Some(HOUR)), ('M', Some(MINUTE)), ('S', Some(1.0))])?
        }
    };
    Some(days + time)
}

/// `h:mm` or `hh:mm:ss`.
fn clock(text: &str) -> Option<f64> {
    match text.split(':').map(whole).collect::<Option<Vec<f64>>>()?[..] {
        [hours, minutes] => Some(hours * HOUR + minutes * MINUTE),
        [hours, minutes, seconds] => Some(hours * HOUR + minutes * MINUTE + seconds),
        _ => None,
    }
}

/// Numbers each with a unit, the larger first; hours and minutes alone are written like this.
fn in_words(text: &str) -> Option<f64> {
    let units = [
        (HOUR, ["H", "HR", "HRS", "HOUR", "HOURS"]),
        (MINUTE, ["M", "MIN", "MINS", "MINUTE", "MINUTES"]),
    ];
    let (mut sum, mut next, mut rest) = (0.0, 0, text.trim());
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number = whole(&rest[..digits])?;
        let word = rest[digits..].trim_start();
        let end = word.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(word.len());
        let unit = units.iter().position(|(_, names)| names.contains(&&word[..end]))?;
        if unit < next {
            return None;
        }
        sum += number * units[unit].0;
        next = unit + 1;
        rest = word[end..].trim_start_matches('.').trim_start();
    }
    (next > 0).then_some(sum)
}

/// Years, months and days, of which the first two must be none.
fn calendar([years, months, days]: [&str; 3]) -> Option<f64> {
    (whole(years)? + whole(months)? == 0.0).then_some(whole(days)? * DAY)
}

/// Numbers each with a letter that says what of, in this order; one without a length must be 0.
fn designated(mut text: &str, units: &[(char, Option<f64>)]) -> Option<f64> {
    let (mut sum, mut next) = (0.0, 0);
    if text.is_empty() {
        return None;
    }
    while !text.is_empty() {
        let end = text.find(|c: char| c.is_ascii_alphabetic())?;
        let (number, rest) = text.split_at(end);
        let number: f64 = number.replace(',', ".").parse().ok().filter(|n: &f64| *n >= 0.0)?;
        let letter = rest.chars().next()?;
        let unit = next + units[next..].iter().position(|(own, _)| *own == letter)?;
        match units[unit].1 {
            Some(length) => sum += number * length,
            None if number > 0.0 => return None,
            None => {}
        }
        next = unit + 1;
        text = &rest[1..];
    }
    Some(sum)
}

fn is_whole(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn whole(text: &str) -> Option<f64> {
    is_whole(text).then(|| text.parse::<u32>().ok()).flatten().map(f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_read_in_all_its_forms() {
        let minutes = |text| duration(text).map(|seconds| f64::from(seconds.get()) / 60.0);
        for text in [
            "25",
            "0:25",
            "00:25",
            "00:25:00",
            "PT25M",
            "pt25m",
            " PT25M ",
            "PT0H25M",
            "P0DT25M",
            "P0Y0M0DT0H25M0S",
            "PT1500S",
            "25 min",
            "25min.",
            "25 Minutes",
            "0 h 25 min",
            "0h25m",
            "PT0,416666667H",
            "PT25.0M",
            "P0000-00-00T00:25:00",
            "PT00:25:00",
            "PT002500",
            "P00000000T002500",
        ] {
            assert_eq!(minutes(text), Some(25.0), "{text}");
        }
        assert_eq!(minutes("2 h"), Some(120.0));
        assert_eq!(minutes("1 h 30 min"), Some(90.0));
        assert_eq!(minutes("1:05"), Some(65.0));
        assert_eq!(minutes("1:05:30"), Some(65.5));
        assert_eq!(minutes("PT1H25M"), Some(85.0));
        assert_eq!(minutes("P1DT2H"), Some(26.0 * 60.0));
        assert_eq!(minutes("P1W"), Some(7.0 * 24.0 * 60.0));
    }

    #[test]
    fn what_is_no_duration_is_none() {
        for odd in [
            "",
            "soon",
            "-5",
            "0",
            "99999999999",
            "4294967295",
            "1:2:3:4",
            "P",
            "PT",
            "P25M",
            "P1Y",
            "PT5",
            "PTM",
            "PT25M5H",
            "PT-5M",
            "P8D",
            "2 min 1 h",
            "5 apples",
            "20 min 20",
            "1 h 30",
            "é:05",
            "PTé5M",
            "00:00",
            "P0000-01-00T00:00:00",
            "PTNANM",
            "PTINFM",
        ] {
            assert_eq!(duration(odd), None, "{odd}");
        }
    }
}
