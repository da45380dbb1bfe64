//! What is promised of a country: the same again from the same arguments, the proportions of Great
//! Britain, a part of any larger one.

use crate::{Counts, areas, lattice::Lattice, make, plan::Plan, town::OutputArea};
use std::{collections::BTreeMap, fs, path::PathBuf};

/// A folder that is gone with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let path = std::env::temp_dir().join(format!("country-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Scratch(path)
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        fs::read_dir(&self.0)
            .expect("the folder")
            .map(|entry| {
                let path = entry.expect("an entry").path();
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                (name, fs::read(&path).expect("a file"))
            })
            .collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn equal_arguments_give_equal_bytes_and_another_seed_does_not() {
    let made = |name: &str, seed: u64| {
        let scratch = Scratch::new(name);
        make(seed, 1.0 / 2000.0, &scratch.0).expect("a country");
        scratch.files()
    };
    let (one, again, other) = (made("one", 1), made("again", 1), made("other", 2));
    assert_eq!(one.len(), 13, "{:?}", one.keys());
    assert!(one.values().all(|bytes| !bytes.is_empty()));
    for (name, bytes) in &one {
        assert!(*bytes == again[name], "{name} differs");
    }
    for name in ["country.osm.pbf", "bus.gtfs.zip", "origins.csv"] {
        assert!(one[name] != other[name], "{name} does not depend on the seed");
    }
}

#[test]
fn a_country_has_the_proportions_of_great_britain() {
    let scratch = Scratch::new("proportions");
    let counts = make(1, 0.01, &scratch.0).expect("a country");
    let whole = [
        ("nodes", 159.0e6),
        ("ways", 24.9e6),
        ("relations", 234_520.0),
        ("output areas", 230_000.0),
        ("neighbourhoods", 41_700.0),
        ("places", 250_000.0),
        ("bus stops", 310_000.0),
        ("bus trips", 1.75e6),
        ("bus stop_times", 65.0e6),
    ];
    for (what, count) in whole {
        let made = count_of(&counts, what) as f64;
        let wanted = count * 0.01;
        assert!((made / wanted - 1.0).abs() < 0.1, "{what}: {made}, not some {wanted}");
    }
}

#[test]
fn a_smaller_country_is_the_first_settlements_of_a_larger() {
    let (small, large) = (Plan::draw(1, 0.003), Plan::draw(1, 0.02));
    let whole = small.settlements.len() - 1;
    assert!(whole > 50 && large.settlements.len() > 5 * whole);
    for (one, other) in small.settlements[..whole].iter().zip(&large.settlements) {
        assert_eq!((one.centre, one.output_areas), (other.centre, other.output_areas));
        assert_eq!(Lattice::of(1, one).blocks(), Lattice::of(1, other).blocks());
    }
    let before_last = |plan: &Plan| -> Vec<(usize, usize)> {
        let links = plan.links.iter().filter(|link| link.from < whole);
        links.map(|link| (link.from, link.to)).collect()
    };
    assert_eq!(before_last(&small), before_last(&large));
}

#[test]
fn no_settlement_stands_on_the_ground_of_another() {
    let plan = Plan::draw(1, 0.05);
    let squares: Vec<_> = plan.settlements.iter().map(|one| (one.corner, one.side)).collect();
    for (n, (a, side)) in squares.iter().enumerate() {
        for (b, other) in &squares[..n] {
            let apart = a.x >= b.x + other || b.x >= a.x + side;
            let above = a.y >= b.y + other || b.y >= a.y + side;
            assert!(apart || above, "settlement {n}");
        }
    }
}

#[test]
fn neighbourhoods_hold_every_output_area_once_and_cover_their_squares_once() {
    let scratch = Scratch::new("areas");
    let plan = Plan::draw(1, 0.004);
    let areas: Vec<OutputArea> = areas_of(&plan, &scratch);
    let cut = areas::cut(&areas);
    let mut listed: Vec<usize> = cut.iter().flat_map(|one| one.areas.clone()).collect();
    listed.sort_unstable();
    assert_eq!(listed, (0..areas.len()).collect::<Vec<usize>>());
    let square = 4 * 270_000_i128;
    let squares = cut.iter().map(|one| one.square_cm()).sum::<i128>();
    assert_eq!(squares % (square * square), 0, "whole squares are covered");
    for one in &cut {
        assert!(one.areas.iter().all(|&area| one.holds(areas[area].at)));
    }
}

fn areas_of(plan: &Plan, scratch: &Scratch) -> Vec<OutputArea> {
    let lattices: Vec<Lattice> =
        plan.settlements.iter().map(|settlement| Lattice::of(1, settlement)).collect();
    let tracks = crate::rail::Tracks::plan(plan);
    crate::write_map(plan, &lattices, &tracks, &scratch.0).expect("a map").areas
}

fn count_of(counts: &Counts, what: &str) -> u64 {
    counts.iter().find(|(name, _)| *name == what).expect("a count").1
}
