//! Feeds that are read, their days, and what is said of both.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::civil::{Date, Weekday};

use crate::analysis::AnalysisError;
use crate::analysis::Lenient;
use crate::finding::base_name;
use crate::finding::{Findings, Outcome, Severity};
use crate::inputs::gtfs::{Feed, FeedPeriod, read_feed};
use crate::network::calendar::{
    ServiceByDate, check_date, ranges, resolve_day, runs_on_past_midnight, weekday_name,
};
use crate::network::streets::ShutCount;
use crate::routing::network::Network;

/// Reads feeds in the order they were named.
///
/// # Errors
/// If one cannot be used.
pub fn read_feeds(paths: &[PathBuf], findings: &mut Findings) -> Result<Vec<Feed>, AnalysisError> {
    use rayon::prelude::*;
    let read: Vec<_> = paths
        .par_iter()
        .map(|path| {
            let mut own = Findings::new();
            read_feed(path, &base_name(path), &mut own).map(|feed| (feed, own))
        })
        .collect();
    read.into_iter()
        .map(|feed| {
            let (feed, own) = feed?;
            findings.append(own);
            Ok(feed)
        })
        .collect()
}

/// Each feed's trips by date; feeds in which nothing ever runs are left out, with a finding.
pub fn services(feeds: &[Feed], findings: &mut Findings) -> Vec<(String, ServiceByDate)> {
    let mut services = Vec::new();
    for feed in feeds {
        match ServiceByDate::count(feed) {
            Some(service) => services.push((feed.name.clone(), service)),
            None => findings.count(
                Severity::Error,
                "no_service_dates",
                Outcome::Dropped,
                feed.name.as_str(),
                1,
                "no trip of this feed ever runs",
            ),
        }
    }
    services
}

/// The ordinary weekday in the middle of the range that all feeds share.
pub fn ordinary_weekday(services: &[(String, ServiceByDate)]) -> Option<Date> {
    let first = services.iter().map(|(_, service)| service.first).max()?;
    let last = services.iter().map(|(_, service)| service.last).min()?;
    let middle =
        first.checked_add(jiff::Span::new().try_days((last - first).get_days() / 2).ok()?).ok()?;
    resolve_day(
        "weekday",
        |day| !matches!(day, Weekday::Saturday | Weekday::Sunday),
        middle,
        services,
    )
    .ok()
}

/// Tells how many trips of each feed are copies of another on each of the dates that are asked
/// about, once for each date.
pub fn report_copies(
    services: &[(String, ServiceByDate)],
    dates: impl IntoIterator<Item = Date>,
    findings: &mut Findings,
) {
    let dates: BTreeSet<Date> = dates.into_iter().collect();
    for (date, (name, service)) in
        dates.iter().flat_map(|date| services.iter().map(move |of| (*date, of)))
    {
        let copies = service.copies_on(date);
        let published = service.on(date) + copies;
        let what = format!(
            "{date}: {copies} of {published} trips are copies of another with the same route, stops and times: each vehicle counts once"
        );
        let (feed, copies) = (name.as_str(), u64::from(copies));
        findings.count(Severity::Info, "duplicate_trip", Outcome::Kept, feed, copies, what);
    }
}

/// Checks a date against the feeds, and tells what is unusual about it.
///
/// # Errors
/// As [`check_date`], unless that is allowed; then it is a warning.
pub fn accept_date(
    date: Date,
    feeds: &[Feed],
    services: &[(String, ServiceByDate)],
    lenient: Lenient,
) -> Result<Vec<String>, AnalysisError> {
    let mut warnings = Vec::new();
    if services.is_empty() {
        return Err(AnalysisError::Usage(
            "no trip of any feed ever runs: check the feeds' calendars with `lastmile check`"
                .into(),
        ));
    }
    if let Err(error) = check_date(date, services) {
        if !lenient.allow_unusual_date {
            return Err(error.into());
        }
        warnings.push(format!("unusual date allowed: {error}"));
    }
    warnings.extend(feeds.iter().filter_map(|feed| beyond_period(date, feed)));
    let by_night = |name: &str| {
        feeds.iter().any(|feed| feed.name == name && runs_on_past_midnight(feed, date))
    };
    let idle = services.iter().filter(|(_, service)| service.on(date) == 0);
    for (name, service) in idle {
        let day = weekday_name(date.weekday());
        if service.usual(date.weekday()) == 0 {
            let what = if by_night(name) {
                "sets out on it, but trips of the day before run on past midnight"
            } else {
                "runs on it"
            };
            warnings.push(format!("{name} has no {day} service ({date}): nothing of it {what}"));
        }
    }
    if services.iter().all(|(_, service)| service.on(date) == 0) {
        let ranges = ranges(services);
        warnings.push(if services.iter().any(|(name, _)| by_night(name)) {
            format!("nothing sets out on {date}: all that runs is trips of the day before, past midnight ({ranges})")
        } else {
            format!("no public transport runs on {date} at all: every time is on foot, but for journeys that go on into the next day ({ranges})")
        });
    }
    Ok(warnings)
}

/// What is to be said of a date for which a feed does not answer.
fn beyond_period(date: Date, feed: &Feed) -> Option<String> {
    let (name, FeedPeriod { first, last }) = (&feed.name, feed.period);
    let after = last.filter(|last| date > *last).map(|last| {
        format!("{date} lies beyond the feed_end_date of {name}, {last}: what it says of later days may be incomplete")
    });
    let before = || {
        first.filter(|first| date < *first).map(|first| {
            format!("{date} lies before the feed_start_date of {name}, {first}: what it says of earlier days may be incomplete")
        })
    };
    after.or_else(before)
}

/// Notes the dates for which feeds do not answer.
pub fn note_periods(dates: &[Date], feeds: &[Feed], findings: &mut Findings) {
    for feed in feeds {
        let said: BTreeSet<String> =
            dates.iter().filter_map(|date| beyond_period(*date, feed)).collect();
        for what in said {
            let (severity, outcome) = (Severity::Warning, Outcome::Kept);
            findings.count(
                severity,
                "date_beyond_feed_period",
                outcome,
                feed.name.as_str(),
                1,
                what,
            );
        }
    }
}

/// Says how many ways and gates are not open to everybody throughout a window.
pub fn report_shut(network: &Network, window: &str, findings: &mut Findings) {
    let ShutCount { ways, gates, .. } = network.streets.shut_count();
    let what = format!(
        "{window}: {ways} ways and {gates} gates with hours or conditions are not open throughout: nobody passes, or those who belong there"
    );
    findings.count(
        Severity::Info,
        "streets_shut_in_window",
        Outcome::Kept,
        "streets",
        ways + gates,
        what,
    );
}

/// Walking only is never a silent answer.
///
/// # Errors
/// If there is a timetable, but no stop of it can be walked to.
pub fn check_boarding(network: &Network) -> Result<(), AnalysisError> {
    if network.can_board() {
        return Ok(());
    }
    let feeds: Vec<&str> = network.feeds.iter().map(|feed| feed.name.as_str()).collect();
    Err(AnalysisError::Usage(format!(
        "no stop of {} lies near a street of the map, so that nobody could board anything: check that the extract covers the feed's area and that stops.txt has stop_lat and stop_lon",
        feeds.join(", ")
    )))
}
