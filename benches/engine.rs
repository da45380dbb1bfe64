//! What each stage takes on a made-up city: `cargo bench --bench engine`.

mod city;

use city::{City, Ready};
use divan::{Bencher, black_box};
use lastmile::finding::Findings;
use lastmile::geometry::LonLat;
use lastmile::inputs::gtfs::read_feed;
use lastmile::inputs::osm::read_osm;
use lastmile::network::streets::Streets;
use lastmile::outputs::input_files::InputFiles;
use lastmile::outputs::matrix::{MatrixFormat, MatrixMeasure, MatrixWriter, TimeUnit};
use lastmile::outputs::new_output::NewOutput;
use lastmile::routing::network::{Network, WalkSettings};
use lastmile::routing::query::algorithm_choice::SearchDirection;
use lastmile::units::Seconds;

fn main() {
    divan::main();
}

/// 6 km each way, a vehicle every 10 minutes, 400 origins.
const TOWN: City = City { streets: 61, headway_s: 600 };

fn each_alone(points: Vec<LonLat>) -> Vec<Vec<LonLat>> {
    points.into_iter().map(|point| vec![point]).collect()
}

fn town() -> Ready {
    Ready::new(TOWN, &TOWN.points(20), &each_alone(TOWN.points(20)))
}

/// Reading the timetable of the made-up city: every tenth minute, then every fifth.
#[divan::bench(args = [600, 300], sample_count = 5)]
fn parse_gtfs(bencher: Bencher, headway_s: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    City { headway_s, ..TOWN }.write_feed(folder.path()).expect("written");
    bencher.bench(|| read_feed(folder.path(), "city", &mut Findings::new()).expect("a sound feed"));
}

/// Reading a real extract: only where LASTMILE_DATA names the data.
#[divan::bench(sample_count = 3)]
fn parse_osm(bencher: Bencher) {
    let Some(data) = std::env::var_os("LASTMILE_DATA") else {
        note("parse_osm skipped: LASTMILE_DATA is not set");
        return bencher.bench(|| ());
    };
    let file = std::path::PathBuf::from(data).join("porto-alegre/poa_osm.pbf");
    bencher.bench(|| {
        read_osm(std::slice::from_ref(&file), &[], &mut Findings::new()).expect("a sound map")
    });
}

#[expect(clippy::print_stderr, reason = "a skipped bench must be seen")]
fn note(text: &str) {
    eprintln!("{text}");
}

/// From records to streets, and on to a network that is ready.
#[divan::bench(sample_count = 5)]
fn build(bencher: Bencher) {
    bencher.with_inputs(|| (TOWN.osm(), vec![TOWN.feed()])).bench_values(|(osm, feeds)| {
        let mut findings = Findings::new();
        let streets = Streets::build(&osm, &mut findings);
        Network::build(streets, feeds, WalkSettings::default(), &mut findings)
    });
}

/// All walks of up to 30 minutes among 400 points.
#[divan::bench(sample_count = 5)]
fn walk(bencher: Bencher) {
    let town = town();
    let points = TOWN.points(20);
    let joined = town.network.join(points.iter().map(std::slice::from_ref));
    bencher.bench(|| town.network.direct(&joined, &joined));
}

/// The rides of a window, laid out.
#[divan::bench(args = [1, 120], sample_count = 5)]
fn lay_out(bencher: Bencher, departures: u16) {
    let town = town();
    bencher.bench(|| black_box(town.departures(departures).window()));
}

/// 400 origins to 400 destinations.
#[divan::bench(args = [1, 120], sample_count = 5)]
fn matrix(bencher: Bencher, departures: u16) {
    let town = town();
    let departures = town.departures(departures);
    bencher.bench(|| town.medians(&departures));
}

/// The same without the percentiles: what the sorting takes is the difference.
#[divan::bench(args = [120], sample_count = 5)]
fn matrix_unsorted(bencher: Bencher, departures: u16) {
    let town = town();
    let departures = town.departures(departures);
    bencher.bench(|| town.first_departure(&departures));
}

/// A single departure, and five at once, in either direction: where the one overtakes the other.
#[divan::bench(args = [1, 5], consts = [true, false], sample_count = 5)]
fn few_departures<const FORWARDS: bool>(bencher: Bencher, departures: u16) {
    let town = town();
    let departures = town.departures(departures);
    let direction = if FORWARDS { SearchDirection::Forwards } else { SearchDirection::Backwards };
    bencher.bench(|| town.first_departure_found(&departures, direction));
}

/// 400 origins to the nearest of each of twelve categories, ten places each: the same search with
/// twelve destinations.
#[divan::bench(args = [1, 120], sample_count = 5)]
fn nearest(bencher: Bencher, departures: u16) {
    let places = TOWN.points(11);
    let categories: Vec<Vec<LonLat>> =
        (0..12).map(|n| places.iter().copied().skip(n).step_by(12).take(10).collect()).collect();
    let town = Ready::new(TOWN, &TOWN.points(20), &categories);
    let departures = town.departures(departures);
    bencher.bench(|| town.medians(&departures));
}

/// A million and a half rows of five percentiles, written to a file.
#[divan::bench(args = ["matrix.csv", "matrix.parquet"], sample_count = 3)]
fn write_matrix(bencher: Bencher, name: &str) {
    let ids: Vec<String> = (0..1224).map(|n| format!("8{n:014x}")).collect();
    let times: Vec<[Option<Seconds>; 5]> = (0..1224_u32)
        .map(|n| [1, 2, 3, 4, 5].map(|p| (n % 9 != p).then_some(Seconds::new(n * 5 + p))))
        .collect();
    let folder = tempfile::tempdir().expect("a folder");
    bencher.bench(|| {
        let path = folder.path().join(name);
        let format = MatrixFormat::of(&path, false).expect("a name that says");
        let target = NewOutput::create(&path, true, &InputFiles::default()).expect("begins");
        let percentiles = [5, 25, 50, 75, 95].map(MatrixMeasure::Percentile);
        let mut matrix =
            MatrixWriter::create(target, format, &percentiles, TimeUnit::Minutes).expect("opens");
        for from in &ids {
            let rows = ids.iter().zip(&times).map(|(to, times)| (to.as_str(), &times[..]));
            matrix.write_origin(from, rows).expect("writes");
        }
        matrix.finish().expect("ends");
    });
}
