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
    let mut lines = ShapeLines::of(wanted);
    if !archive.has(SHAPES.table) || wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut page = ledger.page(archive.written(SHAPES.table));
    let Some(mut table) = GtfsTable::open(&mut archive, &SHAPES, &mut page)? else {
        return Ok(BTreeMap::new());
    };
    while let Some(row) = table.next(&mut page)? {
        let Some(line) = lines.line(&row.text("shape_id")) else { continue };
        let number = |column| row.text(column).parse::<f64>().ok();
        let point = number("shape_pt_lon")
            .zip(number("shape_pt_lat"))
            .and_then(|(lon, lat)| LonLat::new(lon, lat));
        match row.text("shape_pt_sequence").parse().ok().zip(point) {
            Some(point) => line.push(point),
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
    let in_sequence = |(id, mut points): (String, Vec<ShapePoint>)| {
        points.sort_by_key(|(sequence, _)| *sequence);
        (id, points.into_iter().map(|(_, p)| p).collect())
    };
    lines.put_away();
    Ok(lines.shapes.into_iter().map(in_sequence).collect())
}

/// A point of a shape, with its `shape_pt_sequence`.
type ShapePoint = (u64, LonLat);

/// The points of wanted shapes, as they are read. Nearly always a row is of the shape of the row
/// before, which is then not looked up again.
struct ShapeLines<'a> {
    wanted: &'a FxHashSet<String>,
    /// The shape of the row before, and whether it is wanted.
    id: String,
    is_wanted: bool,
    /// Its points since the last row of another shape.
    points: Vec<ShapePoint>,
    shapes: BTreeMap<String, Vec<ShapePoint>>,
}

impl ShapeLines<'_> {
    fn of(wanted: &FxHashSet<String>) -> ShapeLines<'_> {
        let (id, points, shapes) = (String::new(), Vec::new(), BTreeMap::new());
        ShapeLines { wanted, is_wanted: wanted.contains(&id), id, points, shapes }
    }

    /// Where points of a shape go, if it is wanted.
    fn line(&mut self, id: &str) -> Option<&mut Vec<ShapePoint>> {
        if self.id != id {
            self.put_away();
            self.is_wanted = self.wanted.contains(id);
            id.clone_into(&mut self.id);
        }
        self.is_wanted.then_some(&mut self.points)
    }

    fn put_away(&mut self) {
        if !self.points.is_empty() {
            self.shapes.entry(self.id.clone()).or_default().append(&mut self.points);
        }
    }
}
