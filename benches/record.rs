//! What the record of a nation's neighbourhoods takes: every LSOA of England, made up. `cargo bench
//! --bench record`.

use std::path::{Path, PathBuf};

use divan::{Bencher, black_box};
use lastmile::access::index::{
    IndexDomain, IndexIndicator, IndexReading, WeightVariation, intervals, score,
};
use lastmile::finding::Findings;
use lastmile::inputs::attributes::AttributeTable;
use lastmile::inputs::broadband::Broadband;
use lastmile::inputs::neighbourhoods::{NamedProperties, Neighbourhoods};
use lastmile::inputs::origins::{Origins, OriginsFrom};
use lastmile::inputs::project::{Project, WorseValues};

fn main() {
    divan::main();
}

/// LSOAs of England in 2021.
const AREAS: usize = 33_755;
/// Output areas in each: 178,605 in England.
const OUTPUT_AREAS: usize = 5;

/// Codes have gaps, where areas were split.
fn code(n: usize) -> String {
    format!("E01{:06}", n + n / 40 + 1)
}

/// Drawn without a generator: the same each time.
fn dice(n: usize, of: usize) -> f64 {
    let mixed = (n as u64).wrapping_mul(6_364_136_223_846_793_005).wrapping_add(of as u64) >> 33;
    (mixed.wrapping_mul(2_654_435_761) % 10_000) as f64 / 100.0
}

/// Squares of some 100 m, side by side.
fn boundaries() -> String {
    let square = |n: usize| {
        let (x, y) = (-5.0 + (n % 200) as f64 * 0.03, 50.0 + (n / 200) as f64 * 0.03);
        let (right, top) = (x + 0.02, y + 0.02);
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"LSOA21CD\":\"{}\",\"LSOA21NM\":\"Area {n}\",\"population\":{}}},\"geometry\":\
             {{\"type\":\"Polygon\",\"coordinates\":[[[{x:.2},{y:.2}],[{right:.2},{y:.2}],[{right:.2},{top:.2}],[{x:.2},{top:.2}],[{x:.2},{y:.2}]]]}}}}",
            code(n),
            1_000 + n % 2_000
        )
    };
    let all: Vec<String> = (0..AREAS).map(square).collect();
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", all.join(","))
}

fn neighbourhoods(text: &str) -> Neighbourhoods {
    Neighbourhoods::parse("n", text.as_bytes(), &NamedProperties::default(), &mut Findings::new())
        .expect("sound")
}

fn write(folder: &Path, name: &str, text: String) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("written");
    path
}

fn project(folder: &Path, more: &str) -> Project {
    let text = format!("osm = [\"x\"]\n[neighbourhoods]\nfile = \"x\"\n{more}\n");
    Project::parse(&text, "p", folder).expect("valid")
}

/// Boundaries of all.
#[divan::bench(sample_count = 3)]
fn read_neighbourhoods(bencher: Bencher) {
    let text = boundaries();
    bencher.bench(|| neighbourhoods(black_box(&text)).zones.len());
}

/// A table of 24 columns, as the indices of deprivation have them, joined by code.
#[divan::bench(sample_count = 3)]
fn join_a_table(bencher: Bencher) {
    let folder = tempfile::tempdir().expect("a folder");
    let zones = neighbourhoods(&boundaries());
    let origins = Origins::of(&OriginsFrom::default(), &zones, &mut Findings::new()).expect("made");
    let names: Vec<String> = (0..24).map(|column| format!("Domain {column} score")).collect();
    let row = |n: usize| {
        let cells: Vec<String> = (0..24).map(|column| dice(n, column).to_string()).collect();
        format!("{},{}\n", code(AREAS - 1 - n), cells.join(","))
    };
    let text = format!("LSOA21CD,{}\n{}", names.join(","), (0..AREAS).map(row).collect::<String>());
    write(folder.path(), "t.csv", text);
    let project = project(folder.path(), "[tables.t]\nfile = \"t.csv\"");
    bencher.bench(|| {
        let table =
            AttributeTable::read(&project.tables[0], &zones, &origins, &mut Findings::new());
        let join = table.expect("joined").join.expect("by code");
        assert_eq!((join.matched, join.total), (AREAS as u64, AREAS as u64));
    });
}

/// Broadband by output area, with the lookup to neighbourhoods.
#[divan::bench(sample_count = 3)]
fn join_broadband(bencher: Bencher) {
    let folder = tempfile::tempdir().expect("a folder");
    let zones = neighbourhoods(&boundaries());
    let areas = || (0..AREAS * OUTPUT_AREAS).map(|n| (format!("E00{n:06}"), n));
    let coverage = areas().map(|(area, n)| {
        let most = 100 + n % 80;
        format!(
            "{area},{most},{most},{},{},{},{},{}\n",
            most - n % 7,
            most - n % 9 - 7,
            most / 2,
            most / 3,
            n % 4
        )
    });
    let header = "output_area,All Premises,All Matched Premises,Number of premises with SFBB availability,\
                  Number of premises with UFBB (100Mbit/s) availability,Number of premises with UFBB availability,\
                  Number of premises with Gigabit availability,Number of premises below the USO\n";
    write(
        folder.path(),
        "202501_fixed_oa_coverage_r01.csv",
        header.to_owned() + &coverage.collect::<String>(),
    );
    let lookup = areas().map(|(area, n)| format!("{area},{}\n", code(n / OUTPUT_AREAS)));
    write(
        folder.path(),
        "lookup.csv",
        "OA21CD,LSOA21CD\n".to_owned() + &lookup.collect::<String>(),
    );
    let more =
        "[broadband]\nfiles = [\"202501_fixed_oa_coverage_r01.csv\"]\nlookup = \"lookup.csv\"";
    let input = project(folder.path(), more).broadband.expect("given");
    bencher.bench(|| {
        let found = Broadband::read(&input, &zones, &mut Findings::new()).expect("joined");
        assert!(found.zones.iter().all(Option::is_some));
    });
}

/// Three domains of eight indicators each; one reading in twenty is unreached.
fn domains() -> Vec<IndexDomain> {
    let reading = |n: usize, of: usize| match dice(n, of + 100) {
        d if d < 5.0 => IndexReading::Unreached,
        _ => IndexReading::Measured(dice(n, of).floor()),
    };
    let indicator = |of: usize| IndexIndicator {
        weight: 1.0,
        worse: if of.is_multiple_of(2) { WorseValues::High } else { WorseValues::Low },
        readings: (0..AREAS).map(|n| reading(n, of)).collect(),
    };
    let domain = |d: usize| IndexDomain {
        weight: 1.0,
        indicators: (0..8).map(|i| indicator(d * 8 + i)).collect(),
    };
    (0..3).map(domain).collect()
}

/// The index itself.
#[divan::bench(sample_count = 3)]
fn index(bencher: Bencher) {
    let domains = domains();
    bencher.bench(|| score(black_box(&domains), AREAS).ranks.len());
}

/// The intervals that ranks move in, of a thousand draws.
#[divan::bench(sample_count = 3)]
fn index_intervals(bencher: Bencher) {
    let domains = domains();
    let scores = score(&domains, AREAS);
    let vary = WeightVariation { by: 0.2, draws: 1_000, seed: 1 };
    bencher.bench(|| intervals(black_box(&domains), &scores, &vary).len());
}
