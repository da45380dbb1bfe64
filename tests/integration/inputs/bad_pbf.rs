//! Damaged and odd pbf files: each is read as it should be, or refused with an error that says what
//! is wrong. The files are made for this project and found through `LASTMILE_DATA`; without them
//! the check is skipped aloud.

use std::path::Path;

use crate::support::maps::{Map, file_of, one_street, real_data};
use lastmile::finding::Findings;
use lastmile::inputs::osm::read_osm;
use lastmile::network::streets::Streets;
use proptest::prelude::*;

/// What must come of a file, read beside one that is sound.
enum Outcome {
    /// It is read, with this many nodes, ways and relations, and found to have no street that may
    /// be walked.
    Bare([u64; 3]),
    /// It is read, with this many elements, and has a street.
    Read([u64; 3]),
    /// An error whose text holds this.
    Refused(&'static str),
}
use Outcome::{Bare, Read, Refused};

const TABLE: &[(&str, Outcome)] = &[
    ("coord_mul_overflow", Refused("off the globe")),
    ("datasize_2g", Refused("2147483647 bytes")),
    ("datasize_neg", Refused("-1 bytes")),
    ("delta_overflow", Refused("id of an element is out of range")),
    ("dense_kv_unterminated", Refused("tags of a dense node have no end")),
    ("dense_len_mismatch", Refused("more ids than coordinates, or fewer")),
    ("empty", Refused("it is empty")),
    ("gran_neg", Refused("granularity")),
    ("gran_zero", Refused("granularity")),
    ("hdr_size_4g", Refused("blob header")),
    ("header_only", Bare([0, 0, 0])),
    ("html", Refused("web page")),
    ("id_overflow", Refused("id of an element is out of range")),
    ("kv_len_mismatch", Refused("more keys than values, or fewer")),
    ("no_header", Refused("does not begin with an OSMHeader")),
    // Its way is access=private: open at the ends of a journey.
    ("ok", Read([5, 1, 1])),
    ("self_loop_way", Read([5, 1, 0])),
    ("self_ref_relation", Read([5, 1, 1])),
    ("st_10M_empty", Refused("more than a million strings")),
    ("st_oob", Refused("outside the string table")),
    ("st_oob_neg", Refused("outside the string table")),
    ("trunc_at_blob_boundary", Bare([5, 0, 0])),
    ("trunc_mid_header", Refused("blob header cannot be read")),
    ("unknown_blob_type", Read([5, 1, 1])),
    ("way_2M_refs", Read([5, 1, 0])),
    ("ways_before_nodes", Read([5, 1, 0])),
    ("xml", Refused("osmium cat")),
    ("zlib_bomb_1g", Refused("32 MiB")),
    ("zlib_bomb_31m", Bare([0, 0, 0])),
    ("zlib_corrupt", Refused("cannot be inflated")),
];

#[test]
fn every_damaged_extract_is_read_or_refused_as_it_should_be() {
    let Some(folder) = real_data("bad-inputs/pbf") else { return };
    let mut unlisted: Vec<String> = std::fs::read_dir(&folder)
        .expect("the folder")
        .filter_map(|entry| entry.expect("an entry").file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".osm.pbf").map(str::to_owned))
        .collect();
    unlisted.retain(|name| !TABLE.iter().any(|(listed, _)| listed == name));
    assert!(unlisted.is_empty(), "files that the table does not name: {unlisted:?}");
    let faults: Vec<String> =
        TABLE.iter().filter_map(|(name, wanted)| fault(&folder, name, wanted)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn fault(folder: &Path, name: &str, wanted: &Outcome) -> Option<String> {
    let (path, sound, mut findings) =
        (folder.join(format!("{name}.osm.pbf")), one_street(), Findings::new());
    let found = read_osm(&[path.clone(), sound.path().to_owned()], &[], &mut findings);
    let bare = findings.total("osm_no_streets") == 1;
    match (found, wanted) {
        (Ok(data), Read(wanted)) if data.files[0].counts == *wanted && !bare => None,
        (Ok(data), Bare(wanted)) if data.files[0].counts == *wanted && bare => None,
        (Ok(data), _) => {
            Some(format!("{name}: read, with {:?}, bare: {bare}", data.files[0].counts))
        }
        (Err(error), Refused(text)) => {
            let message = error.to_string();
            let whole = message.contains(text) && message.contains(&path.display().to_string());
            (!whole).then(|| format!("{name}: {message}"))
        }
        (Err(error), _) => Some(format!("{name}: refused: {error}")),
    }
}

#[test]
fn files_without_any_street_are_refused_together() {
    let Some(folder) = real_data("bad-inputs/pbf") else { return };
    let error = read_osm(&[folder.join("zlib_bomb_31m.osm.pbf")], &[], &mut Findings::new())
        .expect_err("no street");
    assert!(error.to_string().contains("no walkable street"), "{error}");
}

#[test]
fn a_history_file_is_refused() {
    let map = Map::drawn("A B")
        .way("AB", &[("highway", "residential")])
        .requires("HistoricalInformation");
    let error = map.read(&[], &mut Findings::new()).expect_err("history");
    assert!(error.to_string().contains("`HistoricalInformation`"), "{error}");
}

fn sound_map() -> Map {
    Map::drawn("A    B    C\n  L\nD    E    F\n\nX    Y")
        .node('B', &[("barrier", "gate"), ("locked", "yes")])
        .node('L', &[("amenity", "library"), ("name", "Central")])
        .way("ABC", &[("highway", "residential")])
        .way("ADEB", &[("highway", "pedestrian"), ("area", "yes")])
        .way("ABEDA", &[("leisure", "park"), ("name", "The Green")])
        .way("XY", &[("waterway", "river")])
        .way("CF", &[("route", "ferry"), ("duration", "00:10")])
        .relation(
            &[(1, 3, "outer"), (0, 65, "entrance"), (2, 1, "")],
            &[("type", "multipolygon"), ("amenity", "library")],
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Flipped bytes make an error or another map, never a panic.
    #[test]
    fn no_damage_makes_it_panic(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = sound_map().bytes();
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let file = file_of(&bytes);
        let rules = ["amenity=library", "leisure=park"].map(|rule| rule.parse().expect("a rule"));
        let mut findings = Findings::new();
        if let Ok(data) = read_osm(&[file.path().to_owned()], &rules, &mut findings) {
            prop_assert!(!Streets::build(&data, &mut findings).edges.is_empty());
        }
    }
}
