//! What the report shows beside the table: the vehicles of each hour, and the streets of its maps.

use crate::access::frequency::by_hour;
use crate::cli::failure::Failure;
use crate::cli::study::{DatedWindow, Study};
use crate::network::calendar::weekday_name;
use crate::report::{MapStreets, ServiceDay};
use crate::routing::network::Network;
use crate::units::ServiceTime;

/// The vehicles of each hour on a network, from 04:00 to 04:00, on each date of the windows.
pub fn days(
    study: &Study,
    network: &Network,
    windows: &[DatedWindow],
) -> Result<Vec<ServiceDay>, Failure> {
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

/// The streets of the maps.
pub fn map_streets(study: &Study) -> MapStreets {
    let streets = &study.network.streets;
    let drawn = streets.edges.enumerate().filter(|(_, edge)| edge.can_be_joined());
    let course =
        |edge| streets.courses[edge].iter().map(|at| streets.projection.unproject(*at)).collect();
    MapStreets::new(drawn.map(|(edge, _)| course(edge)).collect())
}
