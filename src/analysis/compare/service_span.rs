//! The first and last vehicles of each date, and the last way home.

use crate::access::last_home::last_home;
use crate::access::origin_accessibility::Survey;
use crate::analysis::AnalysisError;
use crate::analysis::study::{DatedWindow, Study};
use crate::analysis::world::{ScenarioWorld, WalkerNetwork};
use crate::ids::{Csr, OriginIdx, PlaceIdx};
use crate::routing::network::Network;
use crate::routing::query::departure_window::Departures;
use crate::routing::transit::access_egress::StopWalk;
use crate::routing::transit::raptor::range::Walks;
use crate::scenario::service_day::OriginDays;
use crate::units::{Seconds, ServiceTime};

/// From when the last way home is looked for.
const EVENING_BEGINS: ServiceTime = ServiceTime::hms(17, 0, 0);
/// Until when: 04:00 of the night after.
const NIGHT_ENDS: ServiceTime = ServiceTime::hms(28, 0, 0);

/// The windows that are the first on their date, by their positions.
pub fn first_of_dates(windows: &[DatedWindow]) -> Vec<usize> {
    let date = |nth: usize| windows[nth].clock.date();
    (0..windows.len()).filter(|nth| (0..*nth).all(|earlier| date(earlier) != date(*nth))).collect()
}

/// The walks of a way home: from each category's places, to each origin, and all the way.
pub struct WalksHome {
    access: Csr<OriginIdx, StopWalk>,
    egress: Csr<PlaceIdx, StopWalk>,
    direct: Csr<OriginIdx, (PlaceIdx, Seconds)>,
}

impl WalksHome {
    fn of(on: &WalkerNetwork) -> WalksHome {
        let (network, origins, categories) = (&on.network, &on.origins, &on.categories);
        WalksHome {
            access: network.access(categories),
            egress: network.egress(origins),
            direct: network.direct(categories, origins),
        }
    }

    fn walks(&self) -> Walks<'_> {
        Walks { access: &self.access, egress: &self.egress, direct: &self.direct }
    }
}

/// What one kind of walker finds of the dates of the baseline.
pub struct BaselineDays {
    walks: WalksHome,
    /// In the order of [`first_of_dates`].
    pub days: Vec<OriginDays>,
}

/// What a kind of walker finds of each date of the baseline.
///
/// # Errors
/// If a timetable cannot be laid out.
pub fn before(
    study: &Study,
    windows: &[DatedWindow],
    nth: usize,
    survey: &Survey,
) -> Result<BaselineDays, AnalysisError> {
    let on = &study.world.walkers[nth];
    let (network, walks) = (&on.network, WalksHome::of(on));
    let day = |at: usize| SearchedDate::of(study, network, &windows[at])?.found(survey, &walks);
    let days = first_of_dates(windows).into_iter().map(day).collect::<Result<_, _>>()?;
    Ok(BaselineDays { walks, days })
}

/// What it finds of a date of a scenario. `before` are what it found on the baseline and the window
/// there, where all walks are the baseline's: then what is read off the same timetable is the same.
///
/// # Errors
/// If a timetable cannot be laid out.
pub fn after(
    (study, nth): (&Study, usize),
    side: &ScenarioWorld,
    survey: &Survey,
    window: &DatedWindow,
    before: Option<(&BaselineDays, &OriginDays, &DatedWindow)>,
) -> Result<OriginDays, AnalysisError> {
    let on = &side.world.walkers[nth];
    let day = SearchedDate::of(study, &on.network, window)?;
    let Some((baseline, found, old_window)) = before else {
        return day.found(survey, &WalksHome::of(on));
    };
    let old = SearchedDate::of(study, &study.world.walkers[nth].network, old_window)?;
    let same_date = day.window.has_date_of(&old.window)?;
    let same_night = day.night.has_timetable_of(&old.night);
    Ok(OriginDays {
        at_stops: match same_date {
            true => found.at_stops.clone(),
            false => day.window.service_day(&survey.access)?,
        },
        home: match same_night {
            true => found.home.clone(),
            false => last_home(&day.night, &baseline.walks.walks())?,
        },
    })
}

/// A date: the departures of its window, and those of the evening and night.
struct SearchedDate<'a> {
    window: Departures<'a>,
    night: Departures<'a>,
}

impl<'a> SearchedDate<'a> {
    fn of(
        study: &Study,
        network: &'a Network,
        window: &'a DatedWindow,
    ) -> Result<SearchedDate<'a>, AnalysisError> {
        let (limits, service) = (study.limits(), study.service());
        let window = Departures::of(network, &window.clock, window.departures, limits, service)?;
        let night = window.over(EVENING_BEGINS, NIGHT_ENDS)?;
        Ok(SearchedDate { window, night })
    }

    fn found(&self, survey: &Survey, walks: &WalksHome) -> Result<OriginDays, AnalysisError> {
        let at_stops = self.window.service_day(&survey.access)?;
        Ok(OriginDays { at_stops, home: last_home(&self.night, &walks.walks())? })
    }
}

/// The dates on both sides.
pub fn when(before: &DatedWindow, after: &DatedWindow) -> String {
    match (before.clock.date(), after.clock.date()) {
        (a, b) if a == b => a.to_string(),
        (a, b) => format!("{a} before and {b} after"),
    }
}
