//! Where the things of a folder lie, as far as a look at each tells.

use std::io::Read;
use std::path::Path;

use rustc_hash::FxHashSet;

use super::recognise::Polygons;
use crate::finding::Findings;
use crate::geometry::LonLat;
use crate::inputs::crs::Bounds;
use crate::inputs::neighbourhoods::{NeighbourhoodLocator, Neighbourhoods};
use crate::inputs::project::{NeighbourhoodsInput, ProjectPath};
use crate::inputs::tables::{
    AreaKind, Duplicates, InputTable, PointsWanted, TableRow, area_columns, postcode_key,
    read_points,
};

/// Rows of a table that are looked at: a country's output areas, not all its postcodes.
const ROWS: usize = 400_000;

/// Degrees by which a study reaches beyond its neighbourhoods: what people go to may lie there.
const AROUND: f64 = 0.3;

/// The neighbourhoods that a project is proposed for.
pub(super) struct ProposedNeighbourhoods {
    all: Neighbourhoods,
    codes: FxHashSet<String>,
    bounds: Bounds,
}

/// How much of something there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CountOf {
    /// So many.
    pub of: usize,
    /// Of so many.
    pub all: usize,
}

/// A column of area codes.
#[derive(Clone, Debug)]
pub(super) struct CodeColumn {
    /// What its areas are; none for postcodes.
    pub kind: Option<AreaKind>,
    /// The neighbourhoods whose code stands in it.
    pub zones: CountOf,
    /// All its codes.
    pub codes: FxHashSet<String>,
    /// Whether a code stands in several rows.
    pub repeated: bool,
}

/// The columns of codes of a table, and whether all its rows were looked at.
pub(super) struct CodeColumns {
    /// The columns.
    pub columns: Vec<CodeColumn>,
    /// Whether there are no more rows than were looked at.
    pub whole: bool,
}

impl CountOf {
    /// Whether it is so much that a join goes through.
    pub fn is_nearly_all(self) -> bool {
        self.of * 100 >= self.all * 98
    }
}

impl ProposedNeighbourhoods {
    /// Reads the neighbourhoods of a file; `None` if they cannot be used.
    pub fn read(dir: &Path, polygons: &Polygons) -> Option<ProposedNeighbourhoods> {
        let input = NeighbourhoodsInput {
            file: ProjectPath::new(&polygons.file, dir),
            layer: None,
            id: Some(polygons.id.clone()),
            name: None,
            population: None,
            population_file: None,
            deprivation_file: None,
            allow_unmatched: true,
        };
        let all = Neighbourhoods::read(&input, &mut Findings::new()).ok()?;
        let bounds = all.bounds()?;
        let codes = all.zones.iter().map(|zone| zone.id.clone()).collect();
        Some(ProposedNeighbourhoods { all, codes, bounds })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether a box comes near them.
    pub fn meet(&self, other: Bounds) -> bool {
        let near = self.bounds.grown(AROUND);
        let meet = |a: (f64, f64), b: (f64, f64)| a.0 <= b.1 && b.0 <= a.1;
        meet(near.lon, other.lon) && meet(near.lat, other.lat)
    }

    /// How many of them have one of the points.
    pub fn with_a_point(&self, points: &[LonLat]) -> CountOf {
        let locator = NeighbourhoodLocator::new(&self.all);
        let met: FxHashSet<_> = points.iter().filter_map(|point| locator.zone_of(*point)).collect();
        CountOf { of: met.len(), all: self.len() }
    }

    /// How many of the points lie in or near them.
    pub fn near(&self, points: &[LonLat]) -> CountOf {
        let near = self.bounds.grown(AROUND);
        let inside = points.iter().filter(|point| near.holds(point.lon(), point.lat()));
        CountOf { of: inside.count(), all: points.len() }
    }

    /// The columns of codes of a table; `None` if it cannot be read.
    pub fn columns_of(&self, path: &Path) -> Option<CodeColumns> {
        let mut table = InputTable::open_attributes(path, None).ok()?;
        let areas =
            area_columns(table.header()).into_iter().map(|(column, kind, _)| (column, Some(kind)));
        let postcode = ["pcds", "postcode_space", "postcode", "pcd", "pcd7", "pcd8"];
        let postcode =
            postcode.iter().find_map(|name| table.header().find(name)).map(|column| (column, None));
        let found: Vec<_> = areas.chain(postcode).collect();
        let mut codes = vec![(FxHashSet::default(), false); found.len()];
        let (mut row, mut rows) = (TableRow::default(), 0);
        let mut whole = false;
        while rows < ROWS {
            if !table.next(&mut row, &mut Findings::new()).ok()? {
                whole = true;
                break;
            }
            rows += 1;
            for ((column, kind), (codes, repeated)) in found.iter().zip(&mut codes) {
                let Some(code) = row.code(*column) else { continue };
                let new = codes.insert(if kind.is_none() {
                    postcode_key(&code)
                } else {
                    code.into_owned()
                });
                *repeated |= !new;
            }
        }
        let column =
            |((_, kind), (codes, repeated)): ((_, Option<AreaKind>), (FxHashSet<String>, bool))| {
                let of = self.codes.iter().filter(|code| codes.contains(*code)).count();
                CodeColumn { kind, zones: CountOf { of, all: self.len() }, codes, repeated }
            };
        Some(CodeColumns { columns: found.into_iter().zip(codes).map(column).collect(), whole })
    }
}

/// The points of a file, whatever else stands in it; none if it has none that can be read.
pub(super) fn points(path: &Path) -> Option<Vec<LonLat>> {
    let wanted = PointsWanted {
        id_by_area: true,
        duplicates: Duplicates::Number,
        ..PointsWanted::default()
    };
    let read = read_points(path, &wanted, &mut Findings::new()).ok()?;
    Some(read.points.into_iter().map(|row| row.point).collect())
}

/// The box about the stops of a feed; `None` if they cannot be told.
pub(super) fn stops(path: &Path) -> Option<Bounds> {
    let mut bytes = Vec::new();
    if path.is_dir() {
        bytes = std::fs::read(path.join("stops.txt")).ok()?;
    } else {
        let mut zip = zip::ZipArchive::new(std::fs::File::open(path).ok()?).ok()?;
        let name =
            zip.file_names().find(|name| name.rsplit('/').next() == Some("stops.txt"))?.to_owned();
        zip.by_name(&name).ok()?.take(1 << 28).read_to_end(&mut bytes).ok()?;
    }
    let mut table = InputTable::from_bytes("stops.txt", bytes).ok()?;
    let (lon, lat) = (table.header().find("stop_lon")?, table.header().find("stop_lat")?);
    let (mut row, mut at) = (TableRow::default(), Vec::new());
    while table.next(&mut row, &mut Findings::new()).ok()? {
        let number = |column| row.number(column).ok().flatten();
        let point = number(lon).zip(number(lat)).and_then(|(lon, lat)| LonLat::new(lon, lat));
        // Null Island is nobody's stop.
        at.extend(point.filter(|point| point.lon().abs() + point.lat().abs() > 0.01));
    }
    Bounds::about(at)
}

/// What an extract says of itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extract {
    /// The area that it was cut to.
    pub bounds: Option<Bounds>,
    /// When its data was taken, seconds since 1970.
    pub taken: Option<i64>,
}

/// Reads the head of an extract; where that does not say which area it is, its first nodes.
pub(super) fn extract(path: &Path) -> Option<Extract> {
    let mut blobs = osmpbf::BlobReader::from_path(path).ok()?;
    let osmpbf::BlobDecode::OsmHeader(header) = blobs.next()?.ok()?.decode().ok()? else {
        return None;
    };
    let bounds = header.bbox().map(|b| Bounds { lon: (b.left, b.right), lat: (b.bottom, b.top) });
    let taken = header.osmosis_replication_timestamp();
    Some(Extract { bounds: bounds.or_else(|| first_nodes(blobs)), taken })
}

fn first_nodes(mut blobs: impl Iterator<Item = osmpbf::Result<osmpbf::Blob>>) -> Option<Bounds> {
    let osmpbf::BlobDecode::OsmData(block) = blobs.next()?.ok()?.decode().ok()? else {
        return None;
    };
    let mut at = Vec::new();
    block.for_each_element(|element| {
        at.extend(match element {
            osmpbf::Element::Node(node) => LonLat::new(node.lon(), node.lat()),
            osmpbf::Element::DenseNode(node) => LonLat::new(node.lon(), node.lat()),
            _ => None,
        });
    });
    Bounds::about(at)
}
