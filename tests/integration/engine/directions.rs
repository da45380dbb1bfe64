//! On real data the search forwards and the scan find what the search backwards finds, in every
//! cell and to the second.

use crate::support::journeys::study::{Study, Tables, points};
use crate::support::maps::real_data;
use jiff::civil::{Date, date};
use lastmile::geometry::LonLat;
use lastmile::network::calendar::Clock;
use lastmile::routing::network::ServiceQuery;
use lastmile::routing::query::algorithm_choice::SearchDirection;
use lastmile::routing::transit::window_timetable::Rides;
use lastmile::routing::{DepartureWindow, JourneyLimits};
use lastmile::units::{Seconds, ServiceTime};

#[test]
#[expect(clippy::print_stderr, reason = "the figures are for those who read the test's output")]
fn both_directions_agree_on_every_cell_of_newport() {
    let file = |name: &str| real_data(&format!("newport/{name}"));
    let (Some(osm), Some(bus), Some(rail), Some(areas)) = (
        file("newport-2023-06-13.osm.pbf"),
        file("bus-2024-03-05.gtfs.zip"),
        file("rail-2024-03-05.gtfs.zip"),
        file("oa_pwc_covered.csv"),
    ) else {
        return;
    };
    let study = Study::read(&osm, &[&bus, &rail]);
    let areas: Vec<LonLat> = points(&[&areas]).into_iter().map(|(_, point)| point).collect();
    let tables = Tables::of(&study.network, &areas, &areas);
    let tuesday = date(2024, 3, 5);
    let usual = JourneyLimits::default();
    let agree = |first, step, departures, limits| {
        let window = DepartureWindow { first, step: Seconds::new(step), departures };
        agree(&study, &tables, tuesday, window, limits)
    };
    let morning = agree(ServiceTime::hms(8, 0, 0), 60, 1, usual);
    assert!(morning > 60_000, "{morning} of {} cells reached", 380 * 380);
    // Who may do more reaches as much.
    let many = JourneyLimits {
        max_rides: 12,
        max_time: Seconds::minutes(180),
        board_slack: Seconds::new(17),
    };
    let more = agree(ServiceTime::hms(8, 0, 0), 60, 1, many);
    assert!(more >= morning, "{more} of {morning}");
    // Off the minute, one ride, no slack, a short time that is no whole minute either.
    let odd =
        JourneyLimits { max_rides: 1, max_time: Seconds::new(2345), board_slack: Seconds::ZERO };
    let few = agree(ServiceTime::hms(8, 13, 29), 60, 1, odd);
    assert!(few > 5_000 && few < morning, "{few} of {morning}");
    // A window, its departures a quarter of an hour apart; then into the night, from before
    // midnight to after it.
    let window = agree(ServiceTime::hms(9, 3, 0), 900, 7, usual);
    let night = agree(ServiceTime::hms(23, 31, 0), 601, 5, usual);
    let after = agree(ServiceTime::hms(0, 20, 0), 60, 3, usual);
    eprintln!("reached: {morning}, {more}, {few}, {window} of 7, {night} of 5, {after} of 3");
    assert!(window > 5 * 60_000 && night > 30_000 && after > 10_000, "{window} {night} {after}");
}

/// Holds the two searches to each other; tells how many cells are reached.
fn agree(
    study: &Study,
    tables: &Tables,
    day: Date,
    window: DepartureWindow,
    limits: JourneyLimits,
) -> usize {
    let clock = Clock::new(day, "Europe/London").expect("a date");
    let service = ServiceQuery { phone_pickups: false, seed: 1 };
    let (_, rides) = study.network.rides(&clock, window, limits, &service, 0).expect("a timetable");
    let backwards = times(&rides, tables, SearchDirection::Backwards);
    for direction in [SearchDirection::Forwards, SearchDirection::Scanned] {
        let found = times(&rides, tables, direction);
        for (origin, (found, backwards)) in found.iter().zip(&backwards).enumerate() {
            assert!(
                found == backwards,
                "{direction:?} {day} {window:?} {limits:?}: origin {origin} differs"
            );
        }
    }
    backwards.iter().flatten().flatten().count()
}

fn times(rides: &Rides, tables: &Tables, direction: SearchDirection) -> Vec<Vec<Option<Seconds>>> {
    let places = tables.to.snaps.len();
    let mut all = vec![Vec::new(); tables.from.snaps.len()];
    rides.travel_times_found(direction, &tables.walks(), &mut all, &|_| (), |_, row, found| {
        row.resize(places * found.departures(), None);
        for departure in 0..found.departures() {
            for (nth, place) in found.places().iter().enumerate() {
                row[departure * places + place.0 as usize] = found.at(departure, nth);
            }
        }
    });
    all
}
