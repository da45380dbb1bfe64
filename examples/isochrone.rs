//! How large the areas are that can be reached from a library within 15, 30 and 45 minutes.
//!
//! `cargo run --example isochrone`

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;

use lastmile::access::isochrone::{CELL_M, IsochroneQuery, MARGIN_M, isochrones};
use lastmile::geometry::cells::CellOutline;
use lastmile::prelude::*;
use lastmile::routing::street::isochrone_edges::Arrivals;

fn main() -> Result<(), Box<dyn Error>> {
    write_areas(Path::new("fixtures/town"), &mut io::stdout().lock())
}

/// Writes the square kilometres within each cut-off, at the median of an hour's departures.
pub fn write_areas(town: &Path, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut findings = Findings::new();
    let map = read_osm(&[town.join("town.osm.pbf")], &[], &mut findings)?;
    let feed = read_feed(&town.join("gtfs-before"), "gtfs-before", &mut findings)?;
    let clock = Clock::new("2026-03-10".parse()?, &feed.timezone)?;
    let streets = Streets::build(&map, &mut findings);
    let network = Network::build(streets, vec![feed], WalkSettings::default(), &mut findings);

    let (from, to) =
        (clock.wall(ServiceTime::hms(8, 0, 0))?, clock.wall(ServiceTime::hms(9, 0, 0))?);
    let window =
        DepartureWindow::new(from, to, Seconds::minutes(1)).ok_or("the window is empty")?;
    let departures = Departures::of(
        &network,
        &clock,
        window,
        JourneyLimits::default(),
        ServiceQuery::default(),
    )?;

    let library = LonLat::new(-1.893100, 52.202267).ok_or("is not on the globe")?;
    let joined = network.join([&[library][..]]);
    let arrivals = Arrivals::of(&network, &departures, &joined)?;
    let asked = IsochroneQuery {
        cutoffs: [15, 30, 45].map(Seconds::minutes).to_vec(),
        percentiles: vec![50],
        margin: Metres::new(MARGIN_M),
        cell: Metres::new(CELL_M),
    };
    let areas = isochrones(&network, &joined.snaps[0], &arrivals[0], None, &asked)
        .ok_or("the map has too many cells")?;
    // The bands of the cut-offs do not overlap: their sizes add up.
    let mut km2 = 0.0;
    for (cutoff, within) in asked.cutoffs.iter().zip(&areas[0].within) {
        km2 += within.band.iter().map(CellOutline::area_m2).sum::<f64>() / 1e6;
        writeln!(out, "{} min: {km2:.3} km²", cutoff.as_minutes())?;
    }
    Ok(())
}
