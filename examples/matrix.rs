//! Travel times from the homes of a town to its libraries: the median over two hours of departures.
//! It writes what `lastmile matrix --seconds` writes.
//!
//! `cargo run --example matrix`

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;

use lastmile::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    write_matrix(Path::new("fixtures/town"), &mut io::stdout().lock())
}

/// Writes the seconds of the pairs that are reached.
pub fn write_matrix(town: &Path, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut findings = Findings::new();
    let map = read_osm(&[town.join("town.osm.pbf")], &[], &mut findings)?;
    let feed = read_feed(&town.join("gtfs-before"), "gtfs-before", &mut findings)?;
    let clock = Clock::new("2026-03-10".parse()?, &feed.timezone)?;
    let streets = Streets::build(&map, &mut findings);
    let network = Network::build(streets, vec![feed], WalkSettings::default(), &mut findings);

    let (from, to) =
        (clock.wall(ServiceTime::hms(7, 0, 0))?, clock.wall(ServiceTime::hms(9, 0, 0))?);
    let window =
        DepartureWindow::new(from, to, Seconds::minutes(1)).ok_or("the window is empty")?;
    // Streets and gates with hours are as they are throughout the window.
    let hours = Opening { date: clock.date(), from, to, zone: clock.zone().clone(), nation: None };
    let network = network.in_window(&hours).unwrap_or(network);
    let departures = Departures::of(
        &network,
        &clock,
        window,
        JourneyLimits::default(),
        ServiceQuery::default(),
    )?;

    let wanted = PointsWanted { id: &["id"], ..PointsWanted::default() };
    let homes = read_points(&town.join("origins.csv"), &wanted, &mut findings)?.points;
    let libraries = read_points(&town.join("libraries.csv"), &wanted, &mut findings)?.points;
    let joined =
        |rows: &[PointRow]| network.join(rows.iter().map(|row| std::slice::from_ref(&row.point)));
    let times = departures.times_at(50, &joined(&homes), &joined(&libraries))?;

    writeln!(out, "from_id,to_id,travel_time_s_p50")?;
    for (home, times) in homes.iter().zip(times.iter()) {
        for (library, time) in libraries.iter().zip(times.iter()) {
            if let Some(time) = time {
                writeln!(out, "{},{},{}", home.id, library.id, time.get())?;
            }
        }
    }
    Ok(())
}
