//! On real data the search forwards finds what the search backwards finds, in every cell and to the second.

mod journey_support;
mod osm_support;

use jiff::civil::{Date, date};
use journey_support::study::{Study, Tables, points};
use lastmile::geometry::LonLat;
use lastmile::network::calendar::Clock;
use lastmile::routing::direction::Direction;
use lastmile::routing::network::Service;
use lastmile::routing::rides::Rides;
use lastmile::routing::{Limits, Window};
use lastmile::units::{Seconds, ServiceTime};
use osm_support::real_data;

#[test]
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
    let usual = Limits::default();
    let agree = |day, first, step, departures, limits| {
        let window = Window { first, step: Seconds(step), departures };
        agree(&study, &tables, day, window, limits)
    };
    let morning = agree(tuesday, ServiceTime::hms(8, 0, 0), 60, 1, usual);
    assert!(morning > 60_000, "{morning} of {} cells reached", 380 * 380);
    // Off the minute, with other limits: no slack, one ride, a short day.
    let odd = Limits { max_rides: 1, max_time: Seconds(2345), board_slack: Seconds::ZERO };
    let few = agree(tuesday, ServiceTime::hms(8, 13, 29), 60, 1, odd);
    assert!(few > 5_000 && few < morning, "{few}");
    let many = Limits { max_rides: 12, max_time: Seconds::minutes(180), board_slack: Seconds(17) };
    assert!(agree(tuesday, ServiceTime::hms(17, 42, 7), 60, 1, many) > morning);
    // A window, its departures a quarter of an hour apart; then into the night, from before midnight to after it.
    assert!(agree(tuesday, ServiceTime::hms(9, 3, 0), 900, 7, usual) > 5 * 60_000);
    let night = agree(tuesday, ServiceTime::hms(23, 31, 0), 601, 5, usual);
    assert!(night > 30_000, "{night}");
    assert!(agree(tuesday, ServiceTime::hms(0, 20, 0), 60, 3, usual) > 10_000);
}

/// Holds the two searches to each other; tells how many cells are reached.
fn agree(study: &Study, tables: &Tables, day: Date, window: Window, limits: Limits) -> usize {
    let clock = Clock::new(day, "Europe/London").expect("a date");
    let service = Service { phone_pickups: false, seed: 1 };
    let (_, rides) = study.network.rides(&clock, window, limits, &service, 0).expect("a timetable");
    let backwards = times(&rides, tables, Direction::Backwards);
    let forwards = times(&rides, tables, Direction::Forwards);
    for (origin, (forwards, backwards)) in forwards.iter().zip(&backwards).enumerate() {
        assert!(forwards == backwards, "{day} {window:?} {limits:?}: origin {origin} differs");
    }
    backwards.iter().flatten().flatten().count()
}

fn times(rides: &Rides, tables: &Tables, direction: Direction) -> Vec<Vec<Option<Seconds>>> {
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
