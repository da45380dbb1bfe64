//! A query without a project: files, a date and limits, and the points that are asked about.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::editions::{editions, with_editions};
use super::feeds::{
    accept_date, check_boarding, note_periods, read_feeds, report_copies, report_shut, services,
};
use super::{AnalysisError, Lenient};
use crate::finding::Findings;
use crate::inputs::crs::Bounds;
use crate::inputs::gtfs::Feed;
use crate::inputs::hours::Opening;
use crate::inputs::osm::{OsmData, TagRule, read_osm};
use crate::inputs::tables::{PointRow, PointsWanted, read_points};
use crate::network::calendar::{Clock, ranges};
use crate::network::streets::Streets;
use crate::routing::network::{Network, ServiceQuery, WalkSettings};
use crate::routing::query::departure_window::{Departures, LONGEST_BEFORE};
use crate::routing::{DepartureWindow, JourneyLimits};
use crate::units::{Seconds, ServiceTime};

/// What is read, and how one may travel.
#[derive(Clone, Debug)]
pub struct NetworkInputs {
    /// OpenStreetMap extracts.
    pub osm: Vec<PathBuf>,
    /// GTFS feeds; none to go on foot.
    pub gtfs: Vec<PathBuf>,
    /// The date of travel, which feeds need.
    pub date: Option<Date>,
    /// The timezone of date and times; none for that of the first feed.
    pub timezone: Option<String>,
    /// What is let pass.
    pub lenient: Lenient,
    /// How far and how fast one walks.
    pub walk: WalkSettings,
    /// What a journey may be.
    pub limits: JourneyLimits,
    /// How the timetable is looked at.
    pub service: ServiceQuery,
}

/// Which departures are asked about.
#[derive(Clone, Debug)]
pub struct DepartureQuery {
    /// The first, by the clock.
    pub first: ServiceTime,
    /// The length of the window.
    pub window: Seconds,
    /// From one departure to the next.
    pub step: Seconds,
    /// Percentiles of the travel time over the departures.
    pub percentiles: Vec<u8>,
    /// When to be there, by the clock, in place of a window.
    pub arrive_by: Option<ServiceTime>,
}

/// A query without a project: the network, and the departures if there is public transport in it.
pub struct NetworkQuery {
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

impl NetworkQuery {
    /// Reads and checks what is named.
    ///
    /// # Errors
    /// If a file cannot be used, or the date is outside a feed's range or unusual.
    pub fn read(
        inputs: &NetworkInputs,
        rules: &[TagRule],
        findings: &mut Findings,
    ) -> Result<NetworkQuery, AnalysisError> {
        let gtfs = inputs.gtfs.clone();
        let mut own = Findings::new();
        let (osm, feeds) = rayon::join(
            || read_osm(&inputs.osm, rules, &mut own),
            || {
                let mut findings = Findings::new();
                read_feeds(&gtfs, &mut findings).map(|feeds| (feeds, findings))
            },
        );
        let (osm, (feeds, feed_findings)) = (osm?, feeds?);
        findings.append(own);
        findings.append(feed_findings);
        let (clock, warnings) = if !gtfs.is_empty() {
            let date = inputs.date.ok_or_else(|| no_date(&feeds, findings))?;
            let services = services(&feeds, findings);
            let mut warnings = accept_date(date, &feeds, &services, inputs.lenient)
                .map_err(|failure| with_editions(failure, &feeds))?;
            warnings.extend(editions(&feeds, [date]));
            report_copies(&services, [date], findings);
            note_periods(&[date], &feeds, findings);
            let timezone = inputs.timezone.clone().unwrap_or_else(|| feeds[0].timezone.clone());
            (Some(Clock::new(date, &timezone)?), warnings)
        } else {
            (None, Vec::new())
        };
        let streets = Streets::build(&osm, findings);
        let network = Network::build(streets, feeds, inputs.walk.clone(), findings);
        check_boarding(&network)?;
        let (limits, service) = (inputs.limits, inputs.service);
        Ok(NetworkQuery { network, osm, clock, gtfs, warnings, limits, service })
    }

    /// The same with ways and gates that have hours as they are throughout the departures.
    #[must_use]
    pub fn at(mut self, departure: &DepartureQuery, findings: &mut Findings) -> NetworkQuery {
        let Some(clock) = &self.clock else { return self };
        let (from, to) = match departure.arrive_by {
            Some(deadline) => (deadline - self.limits.max_time, deadline),
            None => (departure.first, departure.first + departure.window),
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
    pub fn departures(
        &self,
        departure: &DepartureQuery,
    ) -> Result<Option<Departures<'_>>, AnalysisError> {
        let Some(clock) = &self.clock else { return Ok(None) };
        if let Some(deadline) = departure.arrive_by {
            let deadline = clock.wall(deadline)?;
            if self.limits.max_time > LONGEST_BEFORE {
                let most = LONGEST_BEFORE.get() / 60;
                return Err(AnalysisError::Usage(format!(
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
        deadline: ServiceTime,
    ) -> Result<Option<(Departures<'_>, ServiceTime)>, AnalysisError> {
        let Some(clock) = &self.clock else { return Ok(None) };
        let deadline = clock.wall(deadline)?;
        let window = DepartureWindow {
            first: deadline - self.limits.max_time,
            step: Seconds::new(60),
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
    pub fn points(
        &self,
        path: &Path,
        findings: &mut Findings,
    ) -> Result<Vec<PointRow>, AnalysisError> {
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

fn window(clock: &Clock, asked: &DepartureQuery) -> Result<DepartureWindow, AnalysisError> {
    let from = clock.wall(asked.first)?;
    DepartureWindow::new(from, from + asked.window, asked.step).ok_or_else(|| {
        AnalysisError::Usage(
            "the window holds no departure: give --window and --step in minutes".into(),
        )
    })
}

fn no_date(feeds: &[Feed], findings: &mut Findings) -> AnalysisError {
    let services = services(feeds, findings);
    AnalysisError::Usage(format!("--date is needed with --gtfs: {}", ranges(&services)))
}

/// Reads points to start from or to reach.
///
/// # Errors
/// If the file cannot be used or holds no point.
pub fn points(path: &Path, findings: &mut Findings) -> Result<Vec<PointRow>, AnalysisError> {
    points_about(path, None, findings)
}

/// The same, with the surroundings in which they should lie: whose coordinates are exchanged is
/// told.
fn points_about(
    path: &Path,
    area: Option<Bounds>,
    findings: &mut Findings,
) -> Result<Vec<PointRow>, AnalysisError> {
    const ID: [&str; 8] = ["id", "from_id", "to_id", "uid", "uprn", "ref", "reference", "code"];
    let wanted = PointsWanted { id: &ID, id_by_area: true, area, ..PointsWanted::default() };
    let points = read_points(path, &wanted, findings)?.points;
    if points.is_empty() {
        return Err(AnalysisError::Usage(format!(
            "{} holds no point that can be used",
            path.display()
        )));
    }
    Ok(points)
}
