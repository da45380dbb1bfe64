//! The clock of a feed: `h:mm:ss` or `hh:mm:ss`, past 24 hours for a trip that runs on after
//! midnight.

use crate::units::ServiceTime;

/// No vehicle runs for more than ten days.
const MOST_HOURS: i32 = 240;

/// Reads a time; the error says what is wrong with it.
pub fn parse(cell: &[u8]) -> Result<ServiceTime, &'static str> {
    let [hours @ .., b':', m1, m2, b':', s1, s2] = cell else {
        return Err(if cell.first() == Some(&b'-') { "is negative" } else { "is not h:mm:ss" });
    };
    if hours.first() == Some(&b'-') {
        return Err("is negative");
    }
    let (Some(minutes), Some(seconds)) = (number(&[*m1, *m2]), number(&[*s1, *s2])) else {
        return Err("is not h:mm:ss");
    };
    let hours = match hours {
        [] => return Err("is not h:mm:ss"),
        [_] | [_, _] | [_, _, _] => number(hours).ok_or("is not h:mm:ss")?,
        _ => return Err("has more than 240 hours"),
    };
    if hours > MOST_HOURS {
        return Err("has more than 240 hours");
    }
    if minutes > 59 {
        return Err("has more than 59 minutes");
    }
    if seconds > 59 {
        return Err("has more than 59 seconds");
    }
    Ok(ServiceTime::hms(hours, minutes, seconds))
}

/// At most three digits.
fn number(digits: &[u8]) -> Option<i32> {
    digits.iter().try_fold(0, |n, d| d.is_ascii_digit().then(|| n * 10 + i32::from(d - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_gtfs_writes_them() {
        for (text, seconds) in [
            ("08:00:00", 28_800),
            ("8:00:01", 28_801),
            ("25:35:00", 92_100),
            ("0:00:00", 0),
            ("240:59:59", 867_599),
        ] {
            assert_eq!(parse(text.as_bytes()), Ok(ServiceTime::new(seconds)), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused_with_its_reason() {
        for (text, why) in [
            ("", "is not h:mm:ss"),
            ("8:00", "is not h:mm:ss"),
            (":00:00", "is not h:mm:ss"),
            ("8:0:00", "is not h:mm:ss"),
            ("+8:00:00", "is not h:mm:ss"),
            ("8:00:0é", "is not h:mm:ss"),
            ("14h00", "is not h:mm:ss"),
            ("-1:00:00", "is negative"),
            ("-9:0", "is negative"),
            ("25:61:00", "has more than 59 minutes"),
            ("25:00:60", "has more than 59 seconds"),
            ("241:00:00", "has more than 240 hours"),
            ("9999999:00:00", "has more than 240 hours"),
        ] {
            assert_eq!(parse(text.as_bytes()), Err(why), "{text}");
        }
    }
}
