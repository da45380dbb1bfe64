//! Two timetables of one town held against each other: which homes get to the libraries later, sooner
//! or not at all by the second.
//!
//! `cargo run --example compare`

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;

use lastmile::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    write_changes(Path::new("fixtures/town"), &mut io::stdout().lock())
}

/// Writes how many pairs of home and library are in each state.
pub fn write_changes(town: &Path, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut findings = Findings::new();
    let map = read_osm(&[town.join("town.osm.pbf")], &[], &mut findings)?;
    let before = read_feed(&town.join("gtfs-before"), "before", &mut findings)?;
    let after = read_feed(&town.join("gtfs-after"), "after", &mut findings)?;
    let streets = Streets::build(&map, &mut findings);
    let before = Network::build(streets, vec![before], WalkSettings::default(), &mut findings);
    let after = before.with_feeds(vec![after], &mut findings);

    let wanted = PointsWanted { id: &["id"], ..PointsWanted::default() };
    let homes = read_points(&town.join("origins.csv"), &wanted, &mut findings)?.points;
    let libraries = read_points(&town.join("libraries.csv"), &wanted, &mut findings)?.points;
    let evening = |network: &Network| -> Result<Vec<Option<Seconds>>, Box<dyn Error>> {
        let clock = Clock::new("2026-03-10".parse()?, &network.feeds[0].timezone)?;
        let (from, to) = (ServiceTime::hms(19, 0, 0), ServiceTime::hms(22, 0, 0));
        let window = DepartureWindow::new(clock.wall(from)?, clock.wall(to)?, Seconds::minutes(1))
            .ok_or("empty")?;
        let at = |rows: &[PointRow]| {
            network.join(rows.iter().map(|row| std::slice::from_ref(&row.point)))
        };
        let departures = Departures::of(
            network,
            &clock,
            window,
            JourneyLimits::default(),
            ServiceQuery::default(),
        )?;
        let times = departures.times_at(50, &at(&homes), &at(&libraries))?;
        Ok(times.iter().flat_map(|times| times.iter().copied()).collect())
    };
    let pairs: Vec<_> = evening(&before)?.into_iter().zip(evening(&after)?).collect();
    let mut state = |name: &str, is: fn(&(Option<Seconds>, Option<Seconds>)) -> bool| {
        writeln!(out, "{name}: {}", pairs.iter().filter(|pair| is(pair)).count())
    };
    state("lost", |pair| matches!(pair, (Some(_), None)))?;
    state("gained", |pair| matches!(pair, (None, Some(_))))?;
    state("longer", |pair| matches!(pair, (Some(before), Some(after)) if after > before))?;
    state("shorter", |pair| matches!(pair, (Some(before), Some(after)) if after < before))?;
    state("same", |pair| matches!(pair, (Some(before), Some(after)) if after == before))?;
    state("never", |pair| matches!(pair, (None, None)))?;
    Ok(())
}
