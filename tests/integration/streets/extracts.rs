//! Extracts as they are written and joined: places on ways, other compression, several dates of one
//! area.

use std::path::PathBuf;

use crate::support::maps::{Map, Pairs, file_of, real_data};
use lastmile::finding::Findings;
use lastmile::inputs::osm::{OsmData, OsmError, read_osm};
use lastmile::network::streets::Streets;

const STREET: Pairs<'_> = &[("highway", "residential")];
const RULES: [&str; 2] = ["amenity=library", "leisure=park"];

/// Maps read as one, and how many elements are said to stand in them in different versions.
fn read(maps: &[Map]) -> (OsmData, u64) {
    let files: Vec<_> = maps.iter().map(Map::file).collect();
    let paths: Vec<PathBuf> = files.iter().map(|file| file.path().to_owned()).collect();
    let rules: Vec<_> = RULES.iter().map(|rule| rule.parse().expect("a rule")).collect();
    let mut findings = Findings::new();
    let data = read_osm(&paths, &rules, &mut findings).expect("sound maps");
    (data, findings.total("osm_versions_differ"))
}

fn way_ids(data: &OsmData) -> Vec<i64> {
    data.ways.iter().map(|way| way.id).collect()
}

fn town() -> Map {
    Map::drawn("A  B  C\n\nD L E\n\nF  G  H")
        .node('L', &[("amenity", "library")])
        .node('B', &[("barrier", "gate"), ("locked", "yes")])
        .way("ABC", STREET)
        .way("BE", STREET)
        .way("FGHEF", &[("leisure", "park")])
        .way("DE", &[("waterway", "river")])
}

#[test]
fn a_file_with_places_on_its_ways_is_the_same_map() {
    let (plain, _) = read(&[town()]);
    let (other, _) = read(&[town().with_places_on_ways()]);
    assert_eq!(plain.nodes, other.nodes);
    assert_eq!((&plain.ways, &plain.node_barriers), (&other.ways, &other.node_barriers));
    assert_eq!((&plain.places, &plain.barriers), (&other.places, &other.barriers));
    assert_eq!(other.files[0].counts[0], 2, "the nodes with tags are left");
    let required = town().with_places_on_ways().requires("LocationsOnWays");
    assert_eq!(read(&[required]).0.nodes, plain.nodes);
}

#[test]
fn a_node_whose_place_no_way_knows_is_missing() {
    let map = Map::drawn("A B C D")
        .without('C')
        .way("ABCD", STREET)
        .way("AB", STREET)
        .with_places_on_ways();
    let mut findings = Findings::new();
    let data = map.read(&[], &mut findings).expect("a sound map");
    assert_eq!(findings.total("osm_missing_nodes"), 1);
    let plain = Map::drawn("A B C D").without('C').way("ABCD", STREET).way("AB", STREET);
    let plain = plain.read(&[], &mut Findings::new()).expect("a sound map");
    assert_eq!((&data.nodes, &data.ways), (&plain.nodes, &plain.ways));
}

#[test]
fn newport_with_places_on_its_ways_is_newport() {
    let Some(path) = real_data("newport/newport-2023-06-13.osm.pbf") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("places.osm.pbf");
    let made = std::process::Command::new("osmium")
        .args(["add-locations-to-ways".as_ref(), path.as_os_str(), "-o".as_ref(), out.as_os_str()])
        .output();
    if !made.is_ok_and(|made| made.status.success()) {
        skipped("osmium-tool is not installed");
        return;
    }
    let rules: Vec<_> = RULES.iter().map(|rule| rule.parse().expect("a rule")).collect();
    let read =
        |path: PathBuf| read_osm(&[path], &rules, &mut Findings::new()).expect("a sound map");
    let (plain, other) = (read(path), read(out));
    assert_eq!((plain.nodes, plain.ways), (other.nodes, other.ways));
    assert_eq!((plain.places, plain.barriers), (other.places, other.barriers));
}

#[expect(clippy::print_stderr, reason = "a skipped check must be seen")]
fn skipped(why: &str) {
    eprintln!("SKIPPED: {why}");
}

#[test]
fn compression_that_is_not_known_is_named() {
    // A header blob whose data stand in the field of each kind of compression, and in one of a
    // later format.
    for (number, name) in
        [(4_u8, "lzma"), (5, "bzip2"), (6, "lz4"), (7, "zstd"), (9, "number 9 of the format")]
    {
        let data = [number << 3 | 2, 3, 1, 2, 3, 2 << 3, 3];
        let kind = b"OSMHeader";
        let size = u8::try_from(data.len()).expect("short");
        let header = [&[1 << 3 | 2, 9][..], kind, &[3 << 3, size]].concat();
        let bytes =
            [&[0, 0, 0, u8::try_from(header.len()).expect("short")][..], &header, &data].concat();
        let file = file_of(&bytes);
        let error =
            read_osm(&[file.path().to_owned()], &[], &mut Findings::new()).expect_err("packed");
        assert!(
            matches!(&error, OsmError::Compression { method, .. } if method == name),
            "{error}"
        );
        assert!(error.to_string().contains("osmium cat"), "{error}");
    }
}

/// The way BC, which led elsewhere before, and what beside it has changed.
fn before_and_after() -> [Map; 2] {
    let drawing = "A  B  C\n   L  D\nP  Q\nR  S";
    let before = Map::drawn(drawing)
        .node('L', &[("amenity", "library")])
        .node('B', &[("barrier", "gate"), ("locked", "yes")])
        .way_numbered(1, "AB", STREET)
        .way_numbered(2, "BC", STREET)
        .way_numbered(3, "CD", STREET)
        .way_numbered(4, "PQSRP", &[("leisure", "park")]);
    let after = Map::drawn(drawing)
        .way_numbered(1, "AB", STREET)
        .way_numbered(2, "BD", STREET)
        .way_numbered(3, "CD", &[("railway", "abandoned")])
        .way_numbered(4, "PQSRP", &[("landuse", "meadow")]);
    [before, after]
}

#[track_caller]
fn is_after(maps: [Map; 2]) {
    let (data, differ) = read(&maps);
    let streets = Streets::build(&data, &mut Findings::new());
    assert_eq!((way_ids(&data), streets.edges.len()), (vec![1, 2], 1), "A, B and D in one row");
    assert!(
        data.node_barriers.is_empty() && data.places.is_empty(),
        "gate, library and park are gone"
    );
    assert!(differ > 0, "it is said");
}

#[track_caller]
fn is_before(maps: [Map; 2]) {
    let (data, _) = read(&maps);
    assert_eq!(way_ids(&data), [1, 2, 3]);
    assert_eq!((data.node_barriers.len(), data.places.len()), (1, 2));
}

#[test]
fn of_an_element_in_two_extracts_the_greater_version_counts() {
    let [before, after] = before_and_after();
    is_after([before.edition(1, 900).dated(900), after.edition(2, 100).dated(100)]);
    let [before, after] = before_and_after();
    is_after([after.edition(10, 0), before.edition(9, 0)]);
}

#[test]
fn without_versions_the_later_time_counts_and_without_times_the_later_extract() {
    let [before, after] = before_and_after();
    is_after([before.edition(0, 100).dated(900), after.edition(0, 200).dated(100)]);
    let [before, after] = before_and_after();
    is_after([before.dated(100), after.dated(200)]);
    let [before, after] = before_and_after();
    is_after([after.dated(200), before.dated(100)]);
    let [before, after] = before_and_after();
    is_after([before.edition(7, 100).dated(100), after.dated(200)]);
}

#[test]
fn where_nothing_tells_the_first_counts() {
    let [before, after] = before_and_after();
    is_after([after, before]);
    let [before, after] = before_and_after();
    is_before([before, after]);
}

#[test]
fn a_later_extract_with_places_on_its_ways_moves_the_streets() {
    let before = Map::drawn("A  B").way_numbered(1, "AB", STREET).dated(100);
    let after =
        Map::drawn("A     B").way_numbered(1, "AB", STREET).with_places_on_ways().dated(200);
    let (alone, _) = read(&[Map::drawn("A     B").way_numbered(1, "AB", STREET)]);
    for maps in [[before, after], {
        let before = Map::drawn("A  B").way_numbered(1, "AB", STREET).dated(100);
        let after =
            Map::drawn("A     B").way_numbered(1, "AB", STREET).with_places_on_ways().dated(200);
        [after, before]
    }] {
        assert_eq!(read(&maps).0.nodes, alone.nodes);
    }
}

#[test]
fn extracts_of_one_version_say_nothing() {
    let same = || town().edition(3, 100);
    assert_eq!(read(&[same(), same()]).1, 0);
    assert_eq!(way_ids(&read(&[same(), same()]).0), [1, 2]);
}

#[test]
fn two_years_of_rutland_are_no_more_islands_than_the_later_one() {
    let paths = ["2021", "2022"].map(|year| real_data(&format!("rutland/rutland-{year}.osm.pbf")));
    let [Some(before), Some(after)] = paths else { return };
    let islands = |paths: &[PathBuf]| {
        let mut findings = Findings::new();
        let data = read_osm(paths, &[], &mut findings).expect("sound extracts");
        Streets::build(&data, &mut findings);
        (findings.total("streets_islands"), findings.total("osm_versions_differ"))
    };
    let (alone, _) = islands(std::slice::from_ref(&after));
    let (both, differ) = islands(&[before.clone(), after.clone()]);
    assert_eq!((alone, both), (97, 97));
    assert_eq!(both, islands(&[after, before]).0, "whichever is named first");
    assert!(differ > 1000, "{differ} elements were edited in between");
}
