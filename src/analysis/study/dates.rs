//! Which date each window is on.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};

use super::Study;
use super::places::{open_in, open_states};
use crate::analysis::AnalysisError;
use crate::analysis::Lenient;
use crate::analysis::editions::{editions, with_editions};
use crate::analysis::feeds::{accept_date, report_copies};
use crate::finding::Findings;
use crate::geometry::Entries;
use crate::inputs::hours::{Nation, OpenState, Opening, YEARS, nation_at};
use crate::inputs::places::{CategoryPlace, HolidaysUsed, HoursCount};
use crate::inputs::project::{self, WindowDay};
use crate::network::calendar::{Clock, ServiceByDate, resolve_day, weekday_name};
use crate::routing::DepartureWindow;
use crate::units::Seconds;

/// A window with the date that was taken for it.
#[derive(Clone, Debug)]
pub struct DatedWindow {
    /// As the project names it.
    pub window: project::Window,
    /// The date and timezone its times count in.
    pub clock: Clock,
    /// Its departures.
    pub departures: DepartureWindow,
    /// Why this date.
    pub why: String,
    /// What is unusual about the date.
    pub warnings: Vec<String>,
}

impl DatedWindow {
    /// The window, to ask opening hours about; `nation` is the project's word on whose public
    /// holidays hold.
    pub fn opening(&self, nation: Option<Nation>) -> Opening {
        Opening {
            date: self.clock.date(),
            from: self.window.from,
            to: self.window.to,
            zone: self.clock.zone().clone(),
            nation,
        }
    }
}

impl Study {
    /// The project's windows, each on its date. None without a timetable.
    ///
    /// # Errors
    /// If a date is unusual, or none suits a day type.
    pub fn windows(&self, lenient: Lenient) -> Result<Vec<DatedWindow>, AnalysisError> {
        self.each_window(lenient).map(|(_, dated)| dated).collect()
    }

    /// The name of each window, and the window on its date or why it has none. None without a
    /// timetable.
    pub fn each_window(
        &self,
        lenient: Lenient,
    ) -> impl Iterator<Item = (&str, Result<DatedWindow, AnalysisError>)> {
        let windows =
            if self.world.network().feeds.is_empty() { &[][..] } else { &self.project.windows };
        windows.iter().map(move |window| {
            let dated = self
                .dated(window, lenient)
                .map_err(|failure| with_editions(failure, &self.world.network().feeds));
            (window.name.as_str(), dated)
        })
    }

    /// Tells what of the timetables on the windows' dates is published twice.
    pub fn report_copies(&self, windows: &[DatedWindow], findings: &mut Findings) {
        report_copies(&self.services, windows.iter().map(|window| window.clock.date()), findings);
    }

    /// What a reader has to know of feeds that may be editions of each other.
    pub fn editions(&self, windows: &[DatedWindow]) -> Vec<String> {
        editions(&self.world.network().feeds, windows.iter().map(|window| window.clock.date()))
    }

    /// How many places are open in a window, and the points of those that count; `None` where no
    /// category asks.
    pub fn open_in(&self, window: &DatedWindow) -> Option<(Vec<HoursCount>, Vec<Entries>)> {
        let opening = window.opening(self.project.public_holidays);
        open_in(&self.project.categories, &self.world.places, &window.window.name, &opening)
    }

    /// By category: whether each of its places is open in a window; `None` for a category that does
    /// not ask.
    pub fn open_states(&self, window: &DatedWindow) -> Vec<Option<Vec<OpenState>>> {
        open_states(
            &self.project.categories,
            &self.world.places,
            &window.opening(self.project.public_holidays),
        )
    }

    /// Whose public holidays hold at each place of a category, by its number; `None` for one that
    /// does not look at hours.
    pub fn nations(&self, category: usize) -> Option<Vec<Option<Nation>>> {
        let asks = self.project.categories.get(category)?.opening_hours;
        let of =
            |place: &CategoryPlace| nation_at(*place.points.first()?, self.project.public_holidays);
        asks.then(|| self.world.places[category].iter().map(of).collect())
    }

    /// The same, counted; the most first.
    pub fn holidays_used(&self) -> Vec<HolidaysUsed> {
        let mut places: BTreeMap<Option<Nation>, u64> = BTreeMap::new();
        for nation in (0..self.project.categories.len()).filter_map(|at| self.nations(at)).flatten()
        {
            *places.entry(nation).or_default() += 1;
        }
        let used = |(nation, places): (Option<Nation>, u64)| HolidaysUsed {
            nation,
            first_year: nation.map(|_| *YEARS.start()),
            last_year: nation.map(|_| *YEARS.end()),
            places,
        };
        let mut used: Vec<HolidaysUsed> = places.into_iter().map(used).collect();
        used.sort_by_key(|used| std::cmp::Reverse(used.places));
        used
    }

    /// The timezone of the windows, and of the places' opening hours.
    pub fn timezone(&self) -> &str {
        let of_feed = || self.world.network().feeds.first().map_or("", |feed| &feed.timezone);
        self.project.timezone.as_deref().unwrap_or_else(of_feed)
    }

    fn dated(
        &self,
        window: &project::Window,
        lenient: Lenient,
    ) -> Result<DatedWindow, AnalysisError> {
        let near = self.project.date.or_else(|| middle_of(&self.services)).ok_or_else(|| {
            AnalysisError::Usage(
                "no trip of any feed ever runs: check the feeds with `lastmile check`".into(),
            )
        })?;
        let resolve =
            |day, suits: fn(Weekday) -> bool| resolve_day(day, suits, near, &self.services);
        let (date, why) = match window.day {
            WindowDay::Date(date) => (date, "given in the project file".to_owned()),
            WindowDay::Weekday => {
                let date =
                    resolve("weekday", |d| !matches!(d, Weekday::Saturday | Weekday::Sunday))?;
                (date, nearest_why("weekday", near))
            }
            WindowDay::Saturday => {
                (resolve("saturday", |d| d == Weekday::Saturday)?, nearest_why("Saturday", near))
            }
            WindowDay::Sunday => {
                (resolve("sunday", |d| d == Weekday::Sunday)?, nearest_why("Sunday", near))
            }
        };
        let warnings = accept_date(date, &self.world.network().feeds, &self.services, lenient)?;
        let clock = Clock::new(date, self.timezone())?;
        let (from, to) = (clock.wall(window.from)?, clock.wall(window.to)?);
        let departures = DepartureWindow::new(from, to, Seconds::new(60)).ok_or_else(|| {
            AnalysisError::Usage(format!("windows.{}: it holds no departure", window.name))
        })?;
        let why = format!("{why} ({})", weekday_name(date.weekday()));
        Ok(DatedWindow { window: window.clone(), clock, departures, why, warnings })
    }
}

/// The dates of windows.
pub fn dates(windows: &[DatedWindow]) -> Vec<Date> {
    windows.iter().map(|window| window.clock.date()).collect()
}

fn nearest_why(day: &str, near: Date) -> String {
    format!("the ordinary {day} nearest {near} inside every feed's range")
}

/// Where nobody names a date: the middle of the range that all feeds share.
fn middle_of(services: &[(String, ServiceByDate)]) -> Option<Date> {
    let first = services.iter().map(|(_, service)| service.first).max()?;
    let last = services.iter().map(|(_, service)| service.last).min()?;
    let days = (last - first).get_days() / 2;
    first.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}
