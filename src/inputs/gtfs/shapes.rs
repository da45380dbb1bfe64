//! shapes.txt: the lines that vehicles follow, read only for the journeys that are drawn.

use std::collections::BTreeMap;
use std::path::Path;

use rustc_hash::FxHashSet;

use super::archive::Archive;
use super::error::GtfsError;
use super::ledger::Ledger;
use super::policy;
use super::table::{GtfsTable, WantedColumns};
use crate::finding::Findings;
use crate::geometry::LonLat;

const SHAPES: WantedColumns = WantedColumns {
    table: "shapes.txt",
    required: &["shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"],
    optional: &[],
    beside: &[],
};

/// Reads the wanted shapes of a feed, by `shape_id`, each in the order of `shape_pt_sequence`. A
/// shape that the feed does not have is not there; points that cannot be read are skipped and
/// noted.
pub fn read_shapes(
    path: &Path,
    name: &str,
    wanted: &FxHashSet<String>,
    findings: &mut Findings,
) -> Result<BTreeMap<String, Vec<LonLat>>, GtfsError> {
    let mut ledger = Ledger::new(name, findings);
    // Whatever is wrong with the archive was noted when the feed was read.
    let mut unused = Findings::new();
    let mut archive = Archive::open(path, &mut Ledger::new(name, &mut unused))?;
    let mut shapes: BTreeMap<String, Vec<(u64, LonLat)>> = BTreeMap::new();
    if !archive.has(SHAPES.table) || wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut page = ledger.page(archive.written(SHAPES.table));
    let Some(mut table) = GtfsTable::open(&mut archive, &SHAPES, &mut page)? else {
        return Ok(BTreeMap::new());
    };
    while let Some(row) = table.next(&mut page)? {
        let id = row.text("shape_id");
        if !wanted.contains(id.as_ref()) {
            continue;
        }
        let number = |column| row.text(column).parse::<f64>().ok();
        let point = number("shape_pt_lon")
            .zip(number("shape_pt_lat"))
            .and_then(|(lon, lat)| LonLat::new(lon, lat));
        match row.text("shape_pt_sequence").parse().ok().zip(point) {
            Some(point) => shapes.entry(id.into_owned()).or_default().push(point),
            None => {
                let columns = ["shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"];
                page.at(
                    &policy::BAD_SHAPE_POINT,
                    row.line,
                    columns.map(|column| row.show(column)).join(", "),
                );
            }
        }
    }
    drop(table);
    page.close()?;
    for points in shapes.values_mut() {
        points.sort_by_key(|(sequence, _)| *sequence);
    }
    let without_sequence = |(id, points): (String, Vec<(u64, LonLat)>)| {
        (id, points.into_iter().map(|(_, p)| p).collect())
    };
    Ok(shapes.into_iter().map(without_sequence).collect())
}
