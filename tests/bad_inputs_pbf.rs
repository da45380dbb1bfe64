//! Damaged and odd pbf files: each is read as it should be, or refused with an error that says what is wrong. The files
//! are made for this project and found through `LASTMILE_DATA`; without them the check is skipped aloud.

use std::path::PathBuf;

use lastmile::finding::Findings;
use lastmile::inputs::osm::{OsmData, read_osm};

/// What must come of a file.
enum Outcome {
    /// It is read, with this many elements.
    Read([u64; 3]),
    /// An error whose text holds this.
    Refused(&'static str),
}
use Outcome::{Read, Refused};

const TABLE: &[(&str, Outcome)] = &[
    ("coord_mul_overflow", Refused("off the globe")),
    ("datasize_2g", Refused("2147483647 bytes")),
    ("datasize_neg", Refused("-1 bytes")),
    ("delta_overflow", Refused("running sum overflows")),
    ("dense_kv_unterminated", Refused("tags of a dense node have no end")),
    ("dense_len_mismatch", Refused("more ids than coordinates, or fewer")),
    ("empty", Refused("it is empty")),
    ("gran_neg", Refused("granularity")),
    ("gran_zero", Refused("granularity")),
    ("hdr_size_4g", Refused("blob header")),
    ("header_only", Refused("no walkable street")),
    ("html", Refused("web page")),
    ("id_overflow", Refused("running sum overflows")),
    ("kv_len_mismatch", Refused("more keys than values, or fewer")),
    ("no_header", Refused("does not begin with an OSMHeader")),
    ("ok", Read([5, 1, 1])),
    ("self_loop_way", Read([5, 1, 0])),
    ("self_ref_relation", Read([5, 1, 1])),
    ("st_10M_empty", Refused("more than a million strings")),
    ("st_oob", Refused("outside the string table")),
    ("st_oob_neg", Refused("outside the string table")),
    ("trunc_at_blob_boundary", Refused("no walkable street")),
    ("trunc_mid_header", Refused("cut short")),
    ("unknown_blob_type", Read([5, 1, 1])),
    ("way_2M_refs", Read([5, 1, 0])),
    ("ways_before_nodes", Read([5, 1, 0])),
    ("xml", Refused("osmium cat")),
    ("zlib_bomb_1g", Refused("32 MiB")),
    ("zlib_bomb_31m", Refused("")),
    ("zlib_corrupt", Refused("cannot be inflated")),
];

#[test]
fn every_damaged_extract_is_read_or_refused_as_it_should_be() {
    let Some(folder) = folder() else { return };
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

fn fault(folder: &std::path::Path, name: &str, wanted: &Outcome) -> Option<String> {
    let path = folder.join(format!("{name}.osm.pbf"));
    let found = read_osm(&[path.clone()], &[], &mut Findings::new());
    let counts = |data: &OsmData| data.files.iter().map(|file| file.counts).collect::<Vec<_>>();
    match (found, wanted) {
        (Ok(data), Read(wanted)) if counts(&data) == [*wanted] => None,
        (Ok(data), _) => Some(format!("{name}: read, with {:?}", counts(&data))),
        (Err(error), Refused(text)) => {
            let message = error.to_string();
            let whole = message.contains(text) && message.contains(&path.display().to_string());
            (!whole).then(|| format!("{name}: {message}"))
        }
        (Err(error), Read(_)) => Some(format!("{name}: refused: {error}")),
    }
}

#[expect(clippy::print_stderr, reason = "a skipped check must be seen")]
fn folder() -> Option<PathBuf> {
    let data = std::env::var_os("LASTMILE_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let folder = data.join("bad-inputs/pbf");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: no damaged pbf files in {}; set LASTMILE_DATA", folder.display());
    None
}
