//! Makes a country up: `lastmile-country FRACTION FOLDER [SEED]`.
//!
//! It has the structure of Great Britain, at any fraction of its size, and everything that
//! lastmile reads: a map, timetables, neighbourhoods, people, places and tables. Nothing in it is
//! real. Equal arguments give equal bytes.

mod areas;
mod buses;
mod dice;
mod gtfs;
mod lattice;
mod network;
mod pbf;
mod places;
mod plan;
mod plane;
mod project;
mod rail;
mod roads;
mod tables;
#[cfg(test)]
mod tests;
mod timetable;
mod town;

use lattice::Lattice;
use pbf::OsmWriter;
use plan::Plan;
use std::{io, path::Path, process::ExitCode};
use tables::{Tables, file};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let fraction = arguments.first().and_then(|text| text.parse::<f64>().ok());
    let seed = arguments.get(2).map_or(Some(1), |text| text.parse().ok());
    let (Some(fraction), Some(folder), Some(seed)) = (fraction, arguments.get(1), seed) else {
        eprintln!("usage: lastmile-country FRACTION FOLDER [SEED]");
        return ExitCode::from(2);
    };
    if !(fraction > 0.0 && fraction <= 1.0) {
        eprintln!("FRACTION is {fraction}; it must be more than 0 and at most 1");
        return ExitCode::from(2);
    }
    match make(seed, fraction, Path::new(folder)) {
        Ok(counts) => {
            counts.iter().for_each(|(what, count)| println!("{what}\t{count}"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{folder}: {error}");
            ExitCode::from(74)
        }
    }
}

/// How many there are of what.
type Counts = Vec<(&'static str, u64)>;

/// Writes the country into a folder and tells how much it has of what.
fn make(seed: u64, fraction: f64, folder: &Path) -> io::Result<Counts> {
    std::fs::create_dir_all(folder)?;
    let plan = Plan::draw(seed, fraction);
    let lattices: Vec<Lattice> =
        plan.settlements.iter().map(|settlement| Lattice::of(seed, settlement)).collect();

    let tracks = rail::Tracks::plan(&plan);
    let map = write_map(&plan, &lattices, &tracks, folder)?;
    let neighbourhoods = areas::cut(&map.areas);
    let out = &mut file(folder, "neighbourhoods.geojson")?;
    areas::write_boundaries(out, &neighbourhoods, &map.areas)?;
    let tables = Tables {
        plan: &plan,
        areas: &map.areas,
        neighbourhoods: &neighbourhoods,
        places: &map.places,
    };
    tables.write(folder)?;

    let (lines, book) = buses::lines(&plan, &lattices);
    let feed = gtfs::Feed { plan: &plan, lines: &lines, stops: &book.stops, prefix: 1 };
    let bus = feed.write(&folder.join("bus.gtfs.zip"))?;
    let (trains, book) = tracks.lines(&plan);
    let feed = gtfs::Feed { plan: &plan, lines: &trains, stops: &book.stops, prefix: 9 };
    let rail = feed.write(&folder.join("rail.gtfs.zip"))?;
    project::write(file(folder, "lastmile.toml")?, fraction, !trains.is_empty())?;
    Ok(vec![
        ("settlements", plan.settlements.len() as u64),
        ("nodes", map.written.nodes as u64),
        ("ways", map.written.ways as u64),
        ("relations", map.written.relations as u64),
        ("output areas", map.areas.len() as u64),
        ("neighbourhoods", neighbourhoods.len() as u64),
        ("places", map.places.len() as u64),
        ("bus lines", lines.len() as u64),
        ("bus stops", bus.stops),
        ("bus trips", bus.trips),
        ("bus stop_times", bus.calls),
        ("shape points", bus.shape_points),
        ("rail trips", rail.trips),
        ("rail stop_times", rail.calls),
    ])
}

/// What writing the map found.
struct Drawn {
    written: pbf::Written,
    areas: Vec<town::OutputArea>,
    places: Vec<town::Place>,
}

fn write_map(
    plan: &Plan,
    lattices: &[Lattice],
    tracks: &rail::Tracks,
    folder: &Path,
) -> io::Result<Drawn> {
    let (south_west, north_east) = plan.corners();
    let mut osm = OsmWriter::create(&folder.join("country.osm.pbf"), south_west, north_east)?;
    let (mut areas, mut places, mut mains) = (Vec::new(), Vec::new(), Vec::new());
    let mut links = plan.links.iter().peekable();
    for (settlement, lattice) in plan.settlements.iter().zip(lattices) {
        let town = town::write_town(plan.seed, settlement, lattice, areas.len(), &mut osm)?;
        areas.extend(town.areas);
        places.extend(town.places);
        mains.push(town.mains);
        while let Some(link) = links.next_if(|link| link.from == settlement.number) {
            let road = roads::course(plan, lattices, link);
            let ends = (mains[link.from][&road.from_gate], mains[link.to][&road.to_gate]);
            roads::write_road(plan, link, &road, ends, &mut osm)?;
        }
    }
    tracks.write(plan, &mut osm)?;
    Ok(Drawn { written: osm.finish()?, areas, places })
}
