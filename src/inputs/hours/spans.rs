//! At what times of its days a rule holds.

use jiff::civil::Date;
use opening_hours_syntax::ExtendedTime;
use opening_hours_syntax::rules::time::{Time, TimeSpan};

use super::OpenState;
use super::sunlight::Sunlight;

/// A day, in seconds.
pub(super) const DAY: i32 = 24 * 60 * 60;
/// A span that depends on the sun and ends before it begins by less than this is empty on that day
/// (`dusk-22:00` in June); it was not meant to last until the next.
const TURNED: i32 = 6 * 60 * 60;

/// From and to, in seconds of a day, and the state meanwhile.
pub(super) type HoursSpan = (i32, i32, OpenState);

/// The spans that begin on a date; those past midnight end after 24:00.
pub(super) fn spans(
    times: &[TimeSpan],
    state: OpenState,
    date: Date,
    sky: &Sunlight,
) -> Vec<HoursSpan> {
    times.iter().flat_map(|span| one(span, state, date, sky)).flatten().collect()
}

/// Whether the times are those of the whole day.
pub(super) fn whole_day(times: &[TimeSpan]) -> bool {
    let all = TimeSpan::fixed_range(ExtendedTime::MIDNIGHT_00, ExtendedTime::MIDNIGHT_24);
    times.contains(&all)
}

fn one(span: &TimeSpan, state: OpenState, date: Date, sky: &Sunlight) -> [Option<HoursSpan>; 2] {
    let (Some(from), Some(to)) =
        (moment(span.range.start, date, sky), moment(span.range.end, date, sky))
    else {
        // The sun does not rise, or does not set.
        return [Some((0, DAY, OpenState::Unknown)), None];
    };
    let unsure = if state == OpenState::Closed { state } else { OpenState::Unknown };
    if span.open_end {
        let told = span.range.end != Time::Fixed(ExtendedTime::MIDNIGHT_24);
        let end = if told { after(from, to) } else { from };
        return [told.then_some((from, end, state)), Some((end, guessed_end(end), unsure))];
    }
    // Points in time: nobody says for how long.
    let state = if span.repeats.is_some() { unsure } else { state };
    if to > from {
        return [Some((from, to, state)), None];
    }
    let (start, end) = (span.range.start.as_time_event(), span.range.end.as_time_event());
    let night = matches!((start, end), (Some(start), Some(end)) if start > end);
    let by_sun = start.is_some() || end.is_some();
    if by_sun && !night && from - to < TURNED {
        return [None, None];
    }
    let next = date.tomorrow().ok().filter(|_| end.is_some());
    let to = next.and_then(|next| moment(span.range.end, next, sky)).unwrap_or(to) + DAY;
    [Some((from, to, state)), None]
}

fn after(from: i32, to: i32) -> i32 {
    if to > from { to } else { to + DAY }
}

/// `18:00+` tells no end. opening_hours.js guesses: midnight, or ten hours from 17:00 on, or eight
/// from 22:00 on.
fn guessed_end(from: i32) -> i32 {
    match from / 3600 {
        ..17 => DAY,
        17..22 => from + 10 * 3600,
        _ => from + 8 * 3600,
    }
}

fn moment(time: Time, date: Date, sky: &Sunlight) -> Option<i32> {
    match time {
        Time::Fixed(time) => Some(i32::from(time.mins_from_midnight()) * 60),
        Time::Variable(time) => Some(sky.event(time.event, date)? + i32::from(time.offset) * 60),
    }
}
