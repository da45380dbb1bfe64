//! Isochrones against theory, and against the matrix: what is in an area is what the matrix reaches
//! in time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::journeys::study::{Study, Tables};
use crate::support::maps::{Map, real_data, spot};
use assert_cmd::cargo::cargo_bin_cmd;
use geo::{
    BooleanOps, BoundingRect, Contains, Distance, Euclidean, MultiPolygon, Point, Validation,
};
use geojson::{FeatureCollection, GeoJson};
use jiff::civil::date;
use lastmile::access::isochrone::{IsochroneQuery, isochrones};
use lastmile::geometry::cells::CellOutline;
use lastmile::geometry::{LonLat, Projected};
use lastmile::ids::Idx;
use lastmile::network::calendar::Clock;
use lastmile::network::streets::Streets;
use lastmile::routing::DepartureWindow;
use lastmile::routing::network::{Network, WalkSettings};
use lastmile::routing::street::isochrone_edges::{Arrivals, Reached};
use lastmile::units::{Metres, Seconds, ServiceTime};

fn minutes(minutes: u32) -> Seconds {
    Seconds::minutes(minutes)
}

fn asked(cutoffs: &[u32], cell: f64) -> IsochroneQuery {
    let cutoffs = cutoffs.iter().map(|cutoff| minutes(*cutoff)).collect();
    IsochroneQuery {
        cutoffs,
        percentiles: vec![50],
        margin: Metres::new(50.0),
        cell: Metres::new(cell),
    }
}

fn km2(outlines: &[CellOutline]) -> f64 {
    outlines.iter().map(CellOutline::area_m2).sum::<f64>() / 1e6
}

fn desert(streets: u32, apart: f64) -> Network {
    let mut findings = Default::default();
    let data = Map::grid(streets, apart).read(&[], &mut findings).expect("a sound map");
    Network::build(
        Streets::build(&data, &mut findings),
        Vec::new(),
        WalkSettings::default(),
        &mut findings,
    )
}

#[test]
fn on_a_grid_of_streets_a_walk_reaches_a_diamond() {
    let network = desert(41, 100.0);
    let middle = spot(2000.0, 2000.0);
    let joined = network.join([&[middle][..]]);
    // 80 m a minute; the crossings are 100 m apart.
    let found = isochrones(
        &network,
        &joined.snaps[0],
        &Arrivals::on_foot(),
        None,
        &asked(&[5, 10, 20], 5.0),
    )
    .expect("few cells");
    for (within, radius) in found[0].within.iter().zip([400.0, 800.0, 1600.0]) {
        assert_eq!((within.whole.len(), within.islands.len(), within.stops), (1, 0, 0));
        let (found, theory) = (km2(&within.whole), diamond_km2(radius));
        // To within half a cell along the outline.
        let outline_km = 4.0 * 2.0_f64.sqrt() * radius / 1000.0;
        assert!((found - theory).abs() < outline_km * 0.0025, "{found} for {theory} km²");
        assert!((theory / (2.0 * radius * radius / 1e6) - 1.0).abs() < 0.001, "{theory}");
    }
    let bands: f64 = found[0].within.iter().map(|within| km2(&within.band)).sum();
    assert!((bands / km2(&found[0].within[2].whole) - 1.0).abs() < 0.002);
}

/// The area of the points whose nearest place on the grid is so far from the crossing at the
/// origin, along the streets: in a quarter, by squares of a metre.
fn diamond_km2(radius: f64) -> f64 {
    let to_street = |v: f64| (v / 100.0).round() * 100.0;
    let reached = |x: f64, y: f64| {
        let (dx, dy) = ((to_street(x) - x).abs(), (to_street(y) - y).abs());
        let (x, y) = if dx < dy { (to_street(x), y) } else { (x, to_street(y)) };
        x + y <= radius
    };
    let metres = |to: f64| (0..).map(|n| f64::from(n) + 0.5).take_while(move |v| *v < to);
    let count =
        metres(radius + 60.0).map(|x| metres(radius + 60.0).filter(|y| reached(x, *y)).count());
    4.0 * count.sum::<usize>() as f64 / 1e6
}

#[test]
fn a_walk_longer_than_the_longest_reaches_no_farther() {
    let network = desert(71, 100.0);
    let joined = network.join([&[spot(3500.0, 3500.0)][..]]);
    let found =
        isochrones(&network, &joined.snaps[0], &Arrivals::on_foot(), None, &asked(&[30, 45], 20.0))
            .expect("few cells");
    assert!(found[0].within[1].band.is_empty());
    assert_eq!(found[0].within[0].whole, found[0].within[1].whole);
}

#[test]
fn who_is_off_the_network_reaches_nothing() {
    let network = desert(3, 100.0);
    let found = isochrones(&network, &[], &Arrivals::on_foot(), None, &asked(&[15, 30], 20.0))
        .expect("no cells");
    assert!(found[0].within.iter().all(|within| within.whole.is_empty() && within.band.is_empty()));
}

/// Places all along the streets, so far apart: those that join the street they are on, and not the
/// main network beside an island.
fn places(streets: &Streets, apart: f64) -> Vec<LonLat> {
    standing(streets, apart).0
}

/// Places along every street that a point there joins, and those along bridges, tunnels and
/// arcades, where it joins another.
fn standing(streets: &Streets, apart: f64) -> (Vec<LonLat>, Vec<LonLat>) {
    let settings = WalkSettings::default();
    let joins = |at: &Projected| {
        let snap = streets.snap(*at, settings.max_snap, &settings.profile);
        snap.is_some_and(|snap| snap.gap < Metres::new(0.01))
    };
    let (mut places, mut others) = (Vec::new(), Vec::new());
    for (number, edge) in streets.edges.enumerate().filter(|(_, edge)| edge.can_be_joined()) {
        let parts = (edge.length.get() / apart).ceil().max(1.0);
        let mut n = 0.5;
        while n < parts {
            let along = edge.length * (n / parts);
            let at = streets.course_between(number, along, along);
            if let Some(at) = at.first() {
                let list = if joins(at) { &mut places } else { &mut others };
                list.push(streets.projection.unproject(*at));
            }
            n += 1.0;
        }
    }
    (places, others)
}

fn town() -> Study {
    let town = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/town");
    Study::read(&town.join("town.osm.pbf"), &[&town.join("gtfs-before")])
}

#[test]
fn a_place_is_reached_within_a_cut_off_if_and_only_if_the_matrix_says_so() {
    let study = town();
    let network = &study.network;
    let clock = Clock::new(date(2026, 3, 10), "Europe/London").expect("a clock");
    let at = |hour, minute| clock.wall(ServiceTime::hms(hour, minute, 0)).expect("a time");
    let window = DepartureWindow::new(at(17, 30), at(18, 30), Seconds::new(60)).expect("a window");
    let departures = study.departures(&clock, window);
    let from: Vec<LonLat> = [(-1.8931, 52.202_267), (-1.8702, 52.2302)]
        .into_iter()
        .filter_map(|(lon, lat)| LonLat::new(lon, lat))
        .collect();
    let to = places(&network.streets, 150.0);
    let tables = Tables::of(network, &from, &to);
    let percentiles = [5, 50, 95];
    let mut times: Vec<Vec<[Option<Seconds>; 3]>> = vec![vec![[None; 3]; to.len()]; from.len()];
    departures
        .travel_times(&tables.walks(), &mut times, &|_| (), |_, times, found| {
            found.percentiles(&percentiles, |place, each| times[place.at()].copy_from_slice(each));
        })
        .expect("travel times");
    let arrivals = Arrivals::of(network, &departures, &tables.from).expect("arrivals");
    let (mut inside, mut outside) = (0, 0);
    for (origin, times) in times.iter().enumerate() {
        for cutoff in [5, 12, 20, 33, 47].map(minutes) {
            let reached =
                Reached::within(network, &tables.from.snaps[origin], &arrivals[origin], cutoff);
            for (place, times) in times.iter().enumerate() {
                for (percent, time) in percentiles.iter().zip(times) {
                    let expected = time.is_some_and(|time| time <= cutoff);
                    assert_eq!(
                        reached.holds(&tables.to.snaps[place], *percent),
                        expected,
                        "{:?} within {cutoff} at p{percent}: {time:?}",
                        to[place]
                    );
                    *(if expected { &mut inside } else { &mut outside }) += 1;
                }
            }
        }
    }
    assert!(inside > 500 && outside > 500, "{inside} {outside}");
}

/// What the command made, with the flags it was given.
struct Made {
    folder: tempfile::TempDir,
    flags: Vec<String>,
}

impl Made {
    fn of(flags: &[&str]) -> Made {
        let flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
        Made { folder: tempfile::tempdir().expect("a folder"), flags }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn isochrones(&self, from: &str, name: &str, more: &[&str]) -> FeatureCollection {
        let mut command = cargo_bin_cmd!("lastmile");
        command.arg("isochrone").args(&self.flags).args(["--from", from]).args(more);
        command.arg("--out").arg(self.path(name)).assert().success();
        read(&self.path(name))
    }

    /// Seconds from a point to each place that is reached.
    fn matrix(&self, from: &str, to: &[LonLat]) -> BTreeMap<usize, u32> {
        let origin = format!("id,lon,lat\no,{from}\n");
        let rows =
            to.iter().enumerate().map(|(n, at)| format!("{n},{:.7},{:.7}\n", at.lon(), at.lat()));
        std::fs::write(self.path("o.csv"), origin).expect("written");
        std::fs::write(self.path("d.csv"), format!("id,lon,lat\n{}", rows.collect::<String>()))
            .expect("written");
        let mut command = cargo_bin_cmd!("lastmile");
        command
            .arg("matrix")
            .args(&self.flags)
            .arg("--seconds")
            .arg("--origins")
            .arg(self.path("o.csv"));
        command.arg("--destinations").arg(self.path("d.csv")).arg("--out").arg(self.path("m.csv"));
        command.assert().success();
        let mut reader = csv::Reader::from_path(self.path("m.csv")).expect("a matrix");
        let rows = reader.deserialize::<(String, usize, u32)>();
        rows.map(|row| row.expect("a row")).map(|(_, place, time)| (place, time)).collect()
    }
}

fn read(path: &Path) -> FeatureCollection {
    match std::fs::read_to_string(path).expect("written").parse().expect("GeoJSON") {
        GeoJson::FeatureCollection(collection) => collection,
        other => panic!("not a collection: {other}"),
    }
}

/// In metres, near enough for distances of some metres.
fn shapes(
    collection: &FeatureCollection,
    to_metres: impl Fn(f64, f64) -> (f64, f64) + Copy,
) -> Vec<MultiPolygon> {
    use geo::MapCoords;
    let shape = |feature: &geojson::Feature| -> MultiPolygon {
        let shape = feature.geometry.clone().expect("a shape");
        let shape: MultiPolygon = shape.try_into().expect("areas");
        assert!(shape.is_valid(), "{:?}", shape.validation_errors());
        shape.map_coords(|c| to_metres(c.x, c.y).into())
    };
    collection.features.iter().map(shape).collect()
}

/// Holds the areas of the command to its matrix: each place reached in time is inside, and each
/// place inside is reached in time or within a cell of one that is.
fn agree(made: &Made, streets: &Streets, from: &str, apart: f64) {
    // Half the diagonal of a cell from the place to the middle of its cell, and as much from there
    // to the street.
    let cell = 20.0 * 2.0_f64.sqrt();
    let (to, others) = standing(streets, apart);
    let times = made.matrix(from, &to);
    let collection = made.isochrones(from, "whole.geojson", &["--cumulative"]);
    let metres = |lon: f64, lat: f64| {
        let at = streets.project(LonLat::new(lon, lat).expect("on the globe"));
        (at.x, at.y)
    };
    let point = |at: &LonLat| Point::from(metres(at.lon(), at.lat()));
    let at: Vec<Point> = to.iter().map(point).collect();
    // The matrix knows nothing of a bridge; the area along it also covers what lies below.
    let others: Vec<Point> = others.iter().map(point).collect();
    let mut seen = 0;
    for (feature, shape) in collection.features.iter().zip(shapes(&collection, metres)) {
        let cutoff =
            feature.property("cutoff_min").and_then(|v| v.as_f64()).expect("a cut-off") * 60.0;
        let in_time: Vec<bool> = (0..to.len())
            .map(|n| times.get(&n).is_some_and(|time| f64::from(*time) <= cutoff))
            .collect();
        let bounds = shape.bounding_rect().expect("an area");
        let near: Vec<Point> =
            at.iter().zip(&in_time).filter(|(_, in_time)| **in_time).map(|(at, _)| *at).collect();
        for (at, in_time) in at.iter().zip(&in_time) {
            let inside = bounds.contains(at) && shape.contains(at);
            if *in_time && !inside {
                let gap = Euclidean.distance(at, &shape);
                // A corner that is cut takes away less than a quarter of a diagonal.
                assert!(
                    gap <= cell / 4.0,
                    "{at:?} is reached in {cutoff} s and lies {gap} m outside"
                );
            }
            if inside && !in_time {
                let beside = near
                    .iter()
                    .chain(&others)
                    .any(|near| Euclidean.distance(at, near) <= cell + apart);
                assert!(beside, "{at:?} is inside but nothing near it is reached in {cutoff} s");
            }
            seen += usize::from(inside);
        }
    }
    assert!(seen > 500, "{seen} places inside");
    bands_add_up(made, from, metres, &shapes(&collection, metres));
}

fn bands_add_up(
    made: &Made,
    from: &str,
    metres: impl Fn(f64, f64) -> (f64, f64) + Copy,
    whole: &[MultiPolygon],
) {
    use geo::Area;
    let collection = made.isochrones(from, "bands.geojson", &[]);
    let bands = shapes(&collection, metres);
    for (n, band) in bands.iter().enumerate() {
        for other in &bands[..n] {
            let both = band.intersection(other).unsigned_area();
            // Corners are rounded to a centimetre, along kilometres of outline.
            assert!(both < 1e-4 * other.unsigned_area(), "bands overlap by {both} m²");
        }
        let number = |name: &str| {
            collection.features[n].property(name).and_then(|v| v.as_f64()).expect("a number")
        };
        assert!((number("area_km2") - band.unsigned_area() / 1e6).abs() < 0.001);
        // The largest of the cumulative file come first.
        let within = whole[whole.len() - 1 - n].unsigned_area() / 1e6;
        assert!(
            (number("within_km2") / within - 1.0).abs() < 0.01,
            "{} {within}",
            number("within_km2")
        );
        let text = collection.features[n]
            .property("island_stops")
            .and_then(|v| v.as_str())
            .expect("a text");
        let islands =
            collection.features[n].property("islands").and_then(|v| v.as_u64()).expect("a count");
        let named = text.split("; ").filter(|name| !name.is_empty()).count() as u64;
        assert_eq!(named, islands, "each island is explained: {text}");
        assert!(!text.contains("on foot"), "{text}");
    }
}

#[test]
fn in_the_town_areas_agree_with_the_matrix() {
    let town = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/town");
    let (osm, gtfs) = (
        town.join("town.osm.pbf").display().to_string(),
        town.join("gtfs-before").display().to_string(),
    );
    let made = Made::of(&[
        "--osm",
        &osm,
        "--gtfs",
        &gtfs,
        "--date",
        "2026-03-10",
        "--depart",
        "08:00",
        "--window",
        "60",
    ]);
    agree(&made, &town_streets(), "-1.8931,52.202267", 10.0);
    let on_foot = Made::of(&["--osm", &osm, "--max-walk", "60"]);
    agree(&on_foot, &town_streets(), "-1.8858,52.1973", 10.0);
    assert_eq!(
        on_foot.isochrones("-1.8858,52.1973", "p.geojson", &[]).features[0].property("percentile"),
        Some(&serde_json::Value::Null)
    );
}

fn town_streets() -> Streets {
    (*town().network.streets).clone()
}

#[test]
fn in_newport_areas_agree_with_the_matrix() {
    let Some(osm) = real_data("newport/newport-2023-06-13.osm.pbf") else { return };
    let data = osm.parent().expect("a folder");
    let path = |name: &str| data.join(name).display().to_string();
    let (bus, rail) = (path("bus-2024-03-05.gtfs.zip"), path("rail-2024-03-05.gtfs.zip"));
    let osm_flag = osm.display().to_string();
    let made = Made::of(&[
        "--osm",
        &osm_flag,
        "--gtfs",
        &bus,
        &rail,
        "--timezone",
        "Europe/London",
        "--date",
        "2024-03-05",
        "--depart",
        "07:00",
        "--window",
        "30",
    ]);
    let mut findings = Default::default();
    let read = lastmile::inputs::osm::read_osm(&[osm], &[], &mut findings).expect("an extract");
    agree(&made, &Streets::build(&read, &mut findings), "-2.9966,51.5884", 25.0);
}

#[test]
fn another_number_of_threads_gives_the_same_bytes_and_gdal_finds_the_areas_valid() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/town/lastmile.toml");
    let project = project.display().to_string();
    let made = Made::of(&[&project, "--percentiles", "25,75"]);
    let bytes = |threads: &str, name: &str| {
        made.isochrones("-1.8931,52.202267", name, &["--threads", threads]);
        std::fs::read(made.path(name)).expect("written")
    };
    assert_eq!(bytes("1", "one.geojson"), bytes("2", "two.geojson"));
    assert!(made.path("one.qml").exists());
    let collection = read(&made.path("one.geojson"));
    assert_eq!(collection.features.len(), 8);
    let people = |n: usize| {
        collection.features[n].property("people_within").and_then(|v| v.as_f64()).expect("people")
    };
    // The quick quarter of the departures reaches at least whom three quarters of them reach.
    assert!((0..4).all(|n| people(n) >= people(n + 4) && people(n) > 0.0));
    let sql = "SELECT COUNT(*) AS n FROM one WHERE ST_IsValid(geometry) = 1";
    let ogrinfo = std::process::Command::new("ogrinfo")
        .arg(made.path("one.geojson"))
        .args(["-q", "-dialect", "sqlite", "-sql", sql])
        .output();
    match ogrinfo {
        Ok(said) => {
            let said = String::from_utf8_lossy(&said.stdout).into_owned();
            assert!(said.contains("n (Integer) = 8"), "{said}");
        }
        Err(_) => {
            #[expect(clippy::print_stderr, reason = "a skipped check must be seen")]
            {
                eprintln!("SKIPPED: no ogrinfo (gdal-bin) on this machine");
            }
        }
    }
}

#[test]
fn what_is_wrong_is_said() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/town/lastmile.toml");
    let said = |args: &[&str]| {
        let output = cargo_bin_cmd!("lastmile")
            .arg("isochrone")
            .args(args)
            .assert()
            .code(2)
            .get_output()
            .clone();
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let project = project.display().to_string();
    for (args, expected) in [
        (vec!["--from", "-1.89,52.2"], "--osm"),
        (vec![&project], "--from"),
        (vec![&project, "--from", "here"], "`here` is no LON,LAT"),
        (vec![&project, "--from", "-1.89,52.2", "--depart", "09:00"], "--depart"),
        (
            vec![&project, "--from", "-1.89,52.2", "--project-window", "noon"],
            "it has am, midday, evening",
        ),
        (vec![&project, "--from", "-1.89,52.2", "--cutoffs", "30,180"], "180 min is longer than"),
        (
            vec![&project, "--from", "-1.89,52.2", "--out", "areas.shp"],
            "name the file .geojson or .gpkg",
        ),
    ] {
        let said = said(&args);
        assert!(said.contains(expected), "{args:?}: {said}");
    }
}
