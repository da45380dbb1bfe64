//! From the words of a command to data that is read and a network that is ready.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, Weekday};

use super::args::{ClockTime, DepartureArgs, JourneyArgs, Lenient, NetworkArgs, TravelMode};
use super::editions::{editions, with_editions};
use super::failure::Failure;
use crate::finding::{Findings, Outcome, Severity};
use crate::inputs::crs::Bounds;
use crate::inputs::gtfs::{Feed, FeedPeriod, read_feed};
use crate::inputs::hours::Opening;
use crate::inputs::osm::{OsmData, TagRule, read_osm};
use crate::inputs::tables::{PointRow, PointsWanted, read_points};
use crate::network::calendar::{
    Clock, ServiceByDate, check_date, ranges, resolve_day, runs_on_past_midnight, weekday_name,
};
use crate::network::streets::{ShutCount, Streets, WalkProfile};
use crate::routing::network::{Network, ServiceQuery, WalkSettings};
use crate::routing::query::departure_window::{Departures, LONGEST_BEFORE};
use crate::routing::{DepartureWindow, JourneyLimits};
use crate::units::{Metres, MetresPerSecond, Seconds, ServiceTime};

/// A feed's name as messages show it: the file or folder without its path.
pub fn base_name(path: &Path) -> String {
    path.file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// Reads feeds in the order they were named.
///
/// # Errors
/// If one cannot be used.
pub fn read_feeds(paths: &[PathBuf], findings: &mut Findings) -> Result<Vec<Feed>, Failure> {
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
) -> Result<Vec<String>, Failure> {
    let mut warnings = Vec::new();
    if services.is_empty() {
        return Err(Failure::Usage(
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

/// How far and how fast one walks, from flags.
pub fn walk_settings(args: &JourneyArgs) -> WalkSettings {
    let speed = MetresPerSecond::kmh(args.walk_speed);
    let steps_speed = args.steps_speed.map_or(MetresPerSecond(speed.0 / 2.0), MetresPerSecond::kmh);
    let base = if args.step_free { WalkProfile::step_free() } else { WalkProfile::walk() };
    WalkSettings {
        profile: WalkProfile { speed, steps_speed, ..base },
        max_walk: Seconds::minutes(args.max_walk),
        max_transfer: Metres(args.max_transfer),
        max_snap: Metres(args.max_snap),
        max_snap_stop: Metres(args.max_snap_stop),
    }
}

/// What a journey may be, from flags.
pub fn limits(args: &JourneyArgs) -> JourneyLimits {
    JourneyLimits {
        max_rides: args.max_rides,
        max_time: Seconds::minutes(args.max_time),
        board_slack: Seconds(args.board_slack),
    }
}

/// A query from flags alone: the network, and the departures if there is public transport in it.
pub struct FlagQuery {
    /// Streets, stops and feeds.
    pub network: Network,
    /// The map's places, if rules were given.
    pub osm: OsmData,
    /// Its date and timezone; none on foot.
    pub clock: Option<Clock>,
    /// The feeds' files, in the order of the network's feeds.
    pub gtfs: Vec<PathBuf>,
    /// What a reader has to know before she quotes a number.
    pub warnings: Vec<String>,
    limits: JourneyLimits,
    service: ServiceQuery,
}

impl FlagQuery {
    /// Reads and checks what the flags name.
    ///
    /// # Errors
    /// If a file cannot be used, or the date is outside a feed's range or unusual.
    pub fn read(
        args: &NetworkArgs,
        rules: &[TagRule],
        findings: &mut Findings,
    ) -> Result<FlagQuery, Failure> {
        let mode = args.modes.unwrap_or(if args.gtfs.is_empty() {
            TravelMode::Walk
        } else {
            TravelMode::Transit
        });
        if mode == TravelMode::Transit && args.gtfs.is_empty() {
            return Err(Failure::Usage(
                "--modes transit needs a timetable: name one with --gtfs".into(),
            ));
        }
        let gtfs = if mode == TravelMode::Transit { args.gtfs.clone() } else { Vec::new() };
        let mut own = Findings::new();
        let (osm, feeds) = rayon::join(
            || read_osm(&args.osm, rules, &mut own),
            || {
                let mut findings = Findings::new();
                read_feeds(&gtfs, &mut findings).map(|feeds| (feeds, findings))
            },
        );
        let (osm, (feeds, feed_findings)) = (osm?, feeds?);
        findings.append(own);
        findings.append(feed_findings);
        let (clock, warnings) = if mode == TravelMode::Transit {
            let date = args.date.ok_or_else(|| no_date(&feeds, findings))?;
            let services = services(&feeds, findings);
            let mut warnings = accept_date(date, &feeds, &services, args.lenient)
                .map_err(|failure| with_editions(failure, &feeds))?;
            warnings.extend(editions(&feeds, [date]));
            report_copies(&services, [date], findings);
            note_periods(&[date], &feeds, findings);
            let timezone = args.timezone.clone().unwrap_or_else(|| feeds[0].timezone.clone());
            (Some(Clock::new(date, &timezone)?), warnings)
        } else {
            (None, Vec::new())
        };
        let streets = Streets::build(&osm, findings);
        let network = Network::build(streets, feeds, walk_settings(&args.journey), findings);
        check_boarding(&network)?;
        let service = ServiceQuery { phone_pickups: args.journey.phone_pickups, seed: args.seed };
        let limits = limits(&args.journey);
        Ok(FlagQuery { network, osm, clock, gtfs, warnings, limits, service })
    }

    /// The same with ways and gates that have hours as they are throughout the departures.
    #[must_use]
    pub fn at(mut self, departure: &DepartureArgs, findings: &mut Findings) -> FlagQuery {
        let Some(clock) = &self.clock else { return self };
        let minutes = |minutes: u32| Seconds::minutes(minutes);
        let first = ServiceTime(0) + minutes(departure.depart.0);
        let (from, to) = match departure.arrive_by {
            Some(deadline) => {
                let to = ServiceTime(0) + minutes(deadline.0);
                (to - self.limits.max_time, to)
            }
            None => (first, first + minutes(departure.window)),
        };
        let zone = clock.zone().clone();
        let window = Opening { date: clock.date(), from, to, zone, nation: None };
        if let Some(network) = self.network.in_window(&window) {
            report_shut(&network, "the departures", findings);
            self.network = network;
        }
        self
    }

    /// The departures of a window, or those before a deadline; `None` on foot.
    ///
    /// # Errors
    /// If the window is too long for its journeys.
    pub fn departures(&self, departure: &DepartureArgs) -> Result<Option<Departures<'_>>, Failure> {
        let Some(clock) = &self.clock else { return Ok(None) };
        if let Some(deadline) = departure.arrive_by {
            let deadline = at(clock, deadline)?;
            if self.limits.max_time > LONGEST_BEFORE {
                let most = LONGEST_BEFORE.0 / 60;
                return Err(Failure::Usage(format!(
                    "--arrive-by looks for journeys of at most {most} min: give a --max-time of {most} or less"
                )));
            }
            return Ok(Some(Departures::before(
                &self.network,
                clock,
                deadline,
                self.limits,
                self.service,
            )?));
        }
        let window = window(clock, departure)?;
        Ok(Some(Departures::of(&self.network, clock, window, self.limits, self.service)?))
    }

    /// The one departure from which every journey that arrives by a deadline is in the window, with
    /// the deadline; `None` on foot.
    ///
    /// # Errors
    /// If the longest journey is too long to be searched.
    pub fn before(
        &self,
        deadline: ClockTime,
    ) -> Result<Option<(Departures<'_>, ServiceTime)>, Failure> {
        let Some(clock) = &self.clock else { return Ok(None) };
        let deadline = at(clock, deadline)?;
        let window = DepartureWindow {
            first: deadline - self.limits.max_time,
            step: Seconds(60),
            departures: 1,
        };
        Ok(Some((
            Departures::of(&self.network, clock, window, self.limits, self.service)?,
            deadline,
        )))
    }

    /// Reads points to start from or to reach, which should lie about the map.
    ///
    /// # Errors
    /// If the file cannot be used or holds no point.
    pub fn points(&self, path: &Path, findings: &mut Findings) -> Result<Vec<PointRow>, Failure> {
        points_about(path, self.area(), findings)
    }

    /// The surroundings of the map.
    pub fn area(&self) -> Option<Bounds> {
        Bounds::about(self.osm.extent.corners().into_iter().flatten())
            .map(|bounds| bounds.grown(1.0))
    }

    /// What a journey may be.
    pub fn limits(&self) -> JourneyLimits {
        self.limits
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

#[expect(clippy::cast_possible_wrap, reason = "a clock time is below 48 hours")]
fn at(clock: &Clock, time: ClockTime) -> Result<ServiceTime, Failure> {
    Ok(clock.wall(ServiceTime(time.0 as i32 * 60))?)
}

fn window(clock: &Clock, args: &DepartureArgs) -> Result<DepartureWindow, Failure> {
    let from = at(clock, args.depart)?;
    let to = from + Seconds::minutes(args.window);
    DepartureWindow::new(from, to, Seconds::minutes(args.step)).ok_or_else(|| {
        Failure::Usage("the window holds no departure: give --window and --step in minutes".into())
    })
}

fn no_date(feeds: &[Feed], findings: &mut Findings) -> Failure {
    let services = services(feeds, findings);
    Failure::Usage(format!("--date is needed with --gtfs: {}", ranges(&services)))
}

/// Reads points to start from or to reach.
///
/// # Errors
/// If the file cannot be used or holds no point.
pub fn points(path: &Path, findings: &mut Findings) -> Result<Vec<PointRow>, Failure> {
    points_about(path, None, findings)
}

/// The same, with the surroundings in which they should lie: whose coordinates are exchanged is
/// told.
fn points_about(
    path: &Path,
    area: Option<Bounds>,
    findings: &mut Findings,
) -> Result<Vec<PointRow>, Failure> {
    const ID: [&str; 8] = ["id", "from_id", "to_id", "uid", "uprn", "ref", "reference", "code"];
    let wanted = PointsWanted { id: &ID, id_by_area: true, area, ..PointsWanted::default() };
    let points = read_points(path, &wanted, findings)?.points;
    if points.is_empty() {
        return Err(Failure::Usage(format!("{} holds no point that can be used", path.display())));
    }
    Ok(points)
}

/// Walking only is never a silent answer.
///
/// # Errors
/// If there is a timetable, but no stop of it can be walked to.
pub fn check_boarding(network: &Network) -> Result<(), Failure> {
    if network.can_board() {
        return Ok(());
    }
    let feeds: Vec<&str> = network.feeds.iter().map(|feed| feed.name.as_str()).collect();
    Err(Failure::Usage(format!(
        "no stop of {} lies near a street of the map, so that nobody could board anything: check that the extract covers the feed's area and that stops.txt has stop_lat and stop_lon",
        feeds.join(", ")
    )))
}
