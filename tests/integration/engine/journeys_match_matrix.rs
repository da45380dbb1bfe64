//! Every travel time has a journey that takes just as long and is possible by the feeds' own rows.

use std::path::Path;

use crate::support::journeys::possible::Ground;
use crate::support::journeys::study::{Study, Tables, points};
use crate::support::maps::real_data;
use jiff::civil::{Date, date};
use lastmile::geometry::LonLat;
use lastmile::ids::{Idx, OriginIdx, PlaceIdx};
use lastmile::network::calendar::Clock;
use lastmile::routing::DepartureWindow;
use lastmile::routing::query::journey::{Journeys, Leg};
use lastmile::units::{Seconds, ServiceTime};
use rayon::prelude::*;

#[test]
fn every_number_of_newport_is_its_journey() {
    let file = |name: &str| real_data(&format!("newport/{name}"));
    let (Some(osm), Some(bus), Some(rail), Some(areas), Some(shops)) = (
        file("newport-2023-06-13.osm.pbf"),
        file("bus-2024-03-05.gtfs.zip"),
        file("rail-2024-03-05.gtfs.zip"),
        file("oa_pwc_covered.csv"),
        file("supermarkets.csv"),
    ) else {
        return;
    };
    let study = Study::read(&osm, &[&bus, &rail]);
    let shops = points(&[&shops]);
    let joined = study.network.join(shops.iter().map(|(_, point)| std::slice::from_ref(point)));
    let on_map = shops.iter().zip(&joined.snaps).filter(|(_, snaps)| !snaps.is_empty());
    let shops: Vec<LonLat> = on_map.map(|((_, point), _)| *point).take(16).collect();
    assert!(shops.len() >= 12, "{}", shops.len());
    let homes: Vec<LonLat> = points(&[&areas]).into_iter().map(|(_, point)| point).collect();
    let seen = hold(&study, date(2024, 3, 5), ServiceTime::hms(8, 0, 0), &homes, &shops);
    assert!(seen.cells == 380 * shops.len() * 60 && seen.reached > 200_000, "{seen:?}");
    assert!(seen.walked > 10_000 && seen.rides[1] > 50_000 && seen.rides[2] > 10_000, "{seen:?}");
}

#[test]
fn every_number_of_the_town_is_its_journey() {
    let town = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/town");
    let study = Study::read(&town.join("town.osm.pbf"), &[&town.join("gtfs-before")]);
    let homes: Vec<LonLat> =
        points(&[&town.join("origins.csv")]).into_iter().map(|(_, point)| point).collect();
    let libraries = points(&[&town.join("libraries.csv")]).into_iter().map(|(_, point)| point);
    let places: Vec<LonLat> = libraries.chain(homes.iter().copied().step_by(5)).collect();
    let school_run = hold(&study, date(2026, 3, 10), ServiceTime::hms(7, 30, 0), &homes, &places);
    assert!(school_run.reached > 20_000 && school_run.seated > 0, "{school_run:?}");
    // Out of Northmoor the last buses have gone: what is left is walking and the night bus of
    // Saturday.
    let night = hold(&study, date(2026, 3, 15), ServiceTime::hms(0, 0, 0), &homes, &places);
    assert!(night.of_yesterday > 0 && night.reached < school_run.reached, "{night:?}");
    let sunday = hold(&study, date(2026, 3, 15), ServiceTime::hms(11, 0, 0), &homes, &places);
    assert!(sunday.rides[1] > 0 && sunday.reached < school_run.reached, "{sunday:?}");
}

/// What was met on the way: a check that meets nothing checks nothing.
#[derive(Debug, Default)]
struct Seen {
    cells: usize,
    reached: usize,
    walked: usize,
    rides: [usize; 5],
    seated: usize,
    of_yesterday: usize,
}

#[expect(clippy::print_stderr, reason = "the figures are for those who read the test's output")]
/// An hour's departures from all origins to all places.
fn hold(study: &Study, day: Date, first: ServiceTime, from: &[LonLat], to: &[LonLat]) -> Seen {
    const DEPARTURES: u16 = 60;
    let clock = Clock::new(day, "Europe/London").expect("a date");
    let departures = study.departures(
        &clock,
        DepartureWindow { first, step: Seconds::new(60), departures: DEPARTURES },
    );
    let tables = Tables::of(&study.network, from, to);
    let lane = to.len() * usize::from(DEPARTURES);
    let mut numbers: Vec<Vec<Option<Seconds>>> = vec![vec![None; lane]; from.len()];
    departures
        .travel_times(&tables.walks(), &mut numbers, &|_| (), |_, numbers, times| {
            for departure in 0..times.departures() {
                for (nth, place) in times.places().iter().enumerate() {
                    numbers[departure * to.len() + place.at()] = times.at(departure, nth);
                }
            }
        })
        .expect("a timetable");
    let changes = study.network.changes(departures.limits().board_slack);
    let seen = departures.look(0, |at| {
        let runs = study.run_rows(at.timetable, day);
        let ground =
            Ground { runs, tables: &tables, changes: &changes, limits: departures.limits() };
        let each = (0..to.len()).into_par_iter().map(|place| {
            let place = PlaceIdx::new(place);
            let journeys = Journeys::towards(at.rides, tables.walks(), place);
            let mut seen = Seen::default();
            for (origin, numbers) in numbers.iter().enumerate() {
                for departure in 0..DEPARTURES {
                    let number = numbers[usize::from(departure) * to.len() + place.at()];
                    let journey = journeys.from(OriginIdx::new(origin), departure);
                    let cell =
                        || format!("origin {origin}, place {}, departure {departure}", place.at());
                    let time = journey.as_ref().map(|journey| journey.travel_time());
                    assert_eq!(number, time, "{}: {journey:?}", cell());
                    seen.cells += 1;
                    let Some(journey) = journey else { continue };
                    assert_eq!(
                        journey.departure,
                        departures.window().departure(departure),
                        "{}",
                        cell()
                    );
                    let fault = ground.fault(OriginIdx::new(origin), place, &journey);
                    assert!(fault.is_none(), "{}: {fault:?} {journey:?}", cell());
                    seen.note(&journey.legs, |run| ground.runs[run].date < day);
                }
            }
            seen
        });
        each.reduce(Seen::default, Seen::add)
    });
    let seen = seen.expect("a timetable");
    eprintln!("{day} {first}: {seen:?}");
    seen
}

impl Seen {
    fn note(&mut self, legs: &[Leg], of_yesterday: impl Fn(usize) -> bool) {
        let ride = |leg: &&Leg| matches!(leg, Leg::Ride { seated: false, .. });
        let rides = legs.iter().filter(ride).count();
        self.reached += 1;
        self.walked += usize::from(rides == 0);
        self.rides[rides] += 1;
        self.seated +=
            usize::from(legs.iter().any(|leg| matches!(leg, Leg::Ride { seated: true, .. })));
        let yesterday = |leg: &Leg| matches!(leg, Leg::Ride { run, .. } if of_yesterday(run.at()));
        self.of_yesterday += usize::from(legs.iter().any(yesterday));
    }

    fn add(self, other: Seen) -> Seen {
        let rides = std::array::from_fn(|n| self.rides[n] + other.rides[n]);
        Seen {
            cells: self.cells + other.cells,
            reached: self.reached + other.reached,
            walked: self.walked + other.walked,
            rides,
            seated: self.seated + other.seated,
            of_yesterday: self.of_yesterday + other.of_yesterday,
        }
    }
}
