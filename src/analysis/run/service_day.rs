//! What the report shows beside the table: the vehicles of each hour.

use crate::access::frequency::by_hour;
use crate::analysis::AnalysisError;
use crate::analysis::study::{DatedWindow, Study};
use crate::network::calendar::weekday_name;
use crate::results::service_day::ServiceDay;
use crate::routing::network::Network;
use crate::units::ServiceTime;

/// The vehicles of each hour on a network, from 04:00 to 04:00, on each date of the windows.
pub fn days(
    study: &Study,
    network: &Network,
    windows: &[DatedWindow],
) -> Result<Vec<ServiceDay>, AnalysisError> {
    let service = study.service();
    let mut days: Vec<ServiceDay> = Vec::new();
    for window in windows {
        let date = window.clock.date();
        let day = format!("{}, {date}", weekday_name(date.weekday()));
        if days.iter().any(|known| known.day == day) {
            continue;
        }
        let hours = (4..=28).map(|hour| window.clock.wall(ServiceTime::hms(hour, 0, 0)));
        let hours = hours.collect::<Result<Vec<_>, _>>()?;
        let timetable = network.runs_between(&window.clock, hours[0], hours[24], &service, 0)?;
        let counted_as = timetable.counted_as(&network.feeds);
        let on_map = |stop| !network.board_snaps(stop).is_empty();
        days.push(ServiceDay {
            day,
            hours: by_hour(&timetable, &counted_as, on_map, &hours),
            before: None,
        });
    }
    Ok(days)
}
