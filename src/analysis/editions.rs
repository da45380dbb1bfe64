//! What is said of feeds that may be two editions of one timetable.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::analysis::AnalysisError;
use crate::inputs::gtfs::Feed;
use crate::network::editions::SameLines;

/// Operators named one by one.
const NAMED: usize = 5;

/// Pairs of feeds that may be two editions of one timetable: on one of the dates both run the same
/// operators' lines in the same area, and not all of that is the same to the second, so that their
/// vehicles add up.
pub fn editions(feeds: &[Feed], dates: impl IntoIterator<Item = Date>) -> Vec<String> {
    let dates: BTreeSet<Date> = dates.into_iter().collect();
    pairs(feeds).filter_map(|pair| dates.iter().find_map(|date| told(feeds, pair, *date))).collect()
}

/// Why there is no date: two editions hardly ever share one.
pub fn with_editions(failure: AnalysisError, feeds: &[Feed]) -> AnalysisError {
    let AnalysisError::Calendar(error) = &failure else { return failure };
    let Some((shared, one, other)) = pairs(feeds)
        .find_map(|(one, other)| Some((SameLines::of(feeds, (one, other), None)?, one, other)))
    else {
        return failure;
    };
    let (one, other) = (&feeds[one].name, &feeds[other].name);
    AnalysisError::Usage(format!(
        "{error}. {one} and {other} have {} of the same operators: if one is a newer edition of the other name one alone, and hold the other against it (compare, [scenarios] with gtfs)",
        lines(&shared)
    ))
}

fn pairs(feeds: &[Feed]) -> impl Iterator<Item = (usize, usize)> + use<> {
    let all = feeds.len();
    (0..all).flat_map(move |one| (one + 1..all).map(move |other| (one, other)))
}

fn lines(shared: &SameLines) -> String {
    match shared.lines() {
        1 => "one line".to_owned(),
        more => format!("{more} lines"),
    }
}

fn told(feeds: &[Feed], pair: (usize, usize), date: Date) -> Option<String> {
    let shared = SameLines::of(feeds, pair, Some(date))?;
    let vehicles = shared.vehicles(feeds, date);
    if vehicles.same == vehicles.other || vehicles.same == vehicles.one {
        return None;
    }
    let (one, other) = (&feeds[pair.0].name, &feeds[pair.1].name);
    let mut operators: Vec<&str> =
        shared.operators.iter().map(String::as_str).take(NAMED).collect();
    if shared.operators.len() > NAMED {
        operators.push("…");
    }
    let both = format!(
        "{one} and {other} both run {} of the same operators ({}) in the same area on {date}",
        lines(&shared),
        operators.join(", ")
    );
    let counts = format!(
        "{} vehicles of these lines in the one and {} in the other, of which {} are the same and count once, and the rest adds up",
        vehicles.one, vehicles.other, vehicles.same
    );
    Some(format!(
        "{both}: {counts}. If one is a newer edition of the other name one alone, and hold the other against it (compare, [scenarios] with gtfs)"
    ))
}
